//! Types that are their values: `"a" | "b"`, `a`, `b` in code marks, `enum(a, b)`.

use crate::page::Cell;
use crate::page::words::parse_type;

phrases! {
    Literals:

    /// Words by which there are more values than those that are listed.
    static OPEN;

    /// What stands between two values.
    static OR;

    /// An enumeration with its values behind it.
    static NAMED;

    /// A text or a whole number with its values behind it.
    static TYPED;
}

pattern! {
    static VALUE = r"^[A-Za-z0-9_][A-Za-z0-9_.+/-]*$";

    /// A name as objects have it.
    static OBJECT = r"^[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*$";
}

/// How a value is set off.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    Quotes,
    Code,
    None,
}

/// The values that the cell of a type spells out; `None` for one that names a type.
pub(super) fn literals(cell: &Cell) -> Option<Vec<String>> {
    let text = cell.paragraph()?;
    if !text.links.is_empty() || text.plain.len() > 200 {
        return None;
    }
    let ticked = text.ticked();
    // One mark around all of it.
    let spelled = ticked
        .strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'))
        .filter(|inner| !inner.contains('`'))
        .unwrap_or(&ticked)
        .trim();
    let named = NAMED
        .captures(spelled)
        .and_then(|found| found.name("list"))
        .map(|list| list.as_str());
    let typed = || {
        let found = TYPED.captures(spelled)?;
        let list = found.name("list").or_else(|| found.name("inner"))?;
        Some(list.as_str())
    };
    let (list, is_named) = match named {
        Some(list) => (list, true),
        None => (typed().unwrap_or(spelled), false),
    };
    values(list, is_named)
}

/// The values that a description is made of, as one has them whose type says that they follow: `a, b,
/// c` below `enum`. Numbers may be sent as numbers, which the type does not tell.
pub(super) fn described(cell: &Cell) -> Option<Vec<String>> {
    let text = cell.paragraph()?;
    // What is set off as code is read as a list elsewhere.
    let is_plain = text.links.is_empty() && text.codes.is_empty();
    if !is_plain || text.plain.len() > 200 || OPEN.is_match(&text.plain) {
        return None;
    }
    let plain = text.plain.trim().trim_end_matches(['.', '。']);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let is_quoted = |word: &&str| unmarked(word).0 == Marks::Quotes;
    // `"a" "b"`, as generators write them.
    let all = match words.as_slice() {
        words if words.iter().all(is_quoted) => values(&words.join("|"), true)?,
        _ => values(plain, true)?,
    };
    let is_number = |value: &String| value.parse::<f64>().is_ok();
    (all.len() > 1 && !all.iter().any(is_number)).then_some(all)
}

/// The values of a list, where each is set off as a value, or a word says that they are values.
fn values(list: &str, is_named: bool) -> Option<Vec<String>> {
    let parted = OR.replace_all(list, "|");
    let has_bars = parted.contains('|');
    let mut all = Vec::new();
    let mut least = Marks::Quotes;
    for part in parted.split(['|', ',', '，', '、', '/']) {
        let part = part.trim();
        let (marks, value) = unmarked(part);
        if value.is_empty() && !part.is_empty() || part.is_empty() && all.is_empty() {
            return None;
        }
        if part.is_empty() || value == "null" {
            continue;
        }
        // A name in code marks or bare may be that of a type.
        let may_be_type = parse_type(value).is_some() || OBJECT.is_match(value);
        if marks != Marks::Quotes && may_be_type && !is_named || !VALUE.is_match(value) {
            return None;
        }
        if marks == Marks::None || marks == Marks::Code && least == Marks::Quotes {
            least = marks;
        }
        all.push(value.to_owned());
    }
    let is_sure = match least {
        Marks::Quotes => true,
        Marks::Code => all.len() > 1,
        // Bare words are values where bars part them, as no page parts names of objects.
        Marks::None => {
            // One word is the name of the enumeration, or of what it lists.
            let is_name = all.len() == 1;
            is_named && !all.is_empty() && !is_name || has_bars && all.len() > 1
        }
    };
    (is_sure && !all.is_empty()).then_some(all)
}

/// A value without its marks.
fn unmarked(part: &str) -> (Marks, &str) {
    let inside = |mark: char| part.strip_prefix(mark)?.strip_suffix(mark);
    let code = inside('`');
    let part = code.unwrap_or(part);
    let quoted = ['"', '\'']
        .into_iter()
        .find_map(|mark| part.strip_prefix(mark)?.strip_suffix(mark));
    match (quoted, code) {
        (Some(value), _) => (Marks::Quotes, value),
        (None, Some(value)) => (Marks::Code, value),
        (None, None) => (Marks::None, part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::BlockKind;
    use rstest::rstest;

    fn of(source: &str) -> Option<String> {
        let page = crate::page::read(
            "p.md",
            &format!("# T\n\n| Name | Type |\n|---|---|\n| a | {source} |\n"),
        )
        .unwrap();
        let BlockKind::Table(table) = &page.blocks[1].kind else {
            panic!("{page:?}");
        };
        literals(&table.rows[0].cells[1]).map(|values| values.join(" "))
    }

    #[rstest]
    #[case(r"`open` \| `closed`", "open closed")]
    #[case("`open`, `closed`", "open closed")]
    #[case(r#""open" \| "closed""#, "open closed")]
    #[case(r#"`"open" \| "closed"`"#, "open closed")]
    #[case(r"'open' \| 'closed'", "open closed")]
    #[case(r"open \| closed", "open closed")]
    #[case(r#""widget""#, "widget")]
    #[case("enum(open, closed)", "open closed")]
    #[case("enum: open, closed", "open closed")]
    #[case("string enum (open, closed)", "open closed")]
    #[case("string: `open` or `closed`", "open closed")]
    #[case(r"`1` \| `2`", "1 2")]
    #[case(r#""open" \| null"#, "open")]
    fn a_type_may_be_its_values(#[case] source: &str, #[case] expected: &str) {
        assert_eq!(of(source).as_deref(), Some(expected), "{source}");
    }

    #[rstest]
    #[case("string")]
    #[case("`string`")]
    #[case(r"string \| null")]
    #[case(r"integer \| string")]
    #[case(r"Widget \| Gadget")]
    #[case(r"`Widget` \| `Gadget`")]
    #[case("`Widget`")]
    #[case("widget")]
    #[case("`widget`")]
    #[case("string(64)")]
    #[case("string (date-time)")]
    #[case("enum")]
    #[case("enum State")]
    #[case("array of strings")]
    #[case(r"[open](#open) \| [closed](#closed)")]
    #[case("")]
    fn the_name_of_a_type_is_no_value(#[case] source: &str) {
        assert_eq!(of(source), None, "{source}");
    }
}
