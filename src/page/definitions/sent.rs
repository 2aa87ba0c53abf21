//! Fields that a sentence defines: ``Send `text` (string, required) and `tags` (array of strings).``,
//! ``Answers 201 with `id` (string) and `size` (integer).`` They become the bullets that they stand
//! for, as those of a line do that lists them behind a label: ``Query parameters: `state`, `limit`
//! (default 25).``

use std::ops::Range;

use super::super::block::{Block, BlockKind, Subject, Text};
use super::head::{bracketed, head};
use super::kind::kind_of;
use super::{BETWEEN_FIELDS, ELSEWHERE, GIVES, LINE, OPTIONALLY, SENDS, WITHIN};

pattern! {
    /// The end of the sentence.
    static END = r"^\s*(?:\.(?:\s|$)|。|$)";

    /// A type behind a comma, up to the next sign: `, a string`.
    static BEHIND = r"^\s*,\s+(?P<kind>an?\s+[^;.,()]{1,60}?)\s*(?:[;.]|,\s+and\s|$)";

    /// The status of an answer.
    static STATUS = r"\b[2-5]\d\d\b";

    /// What stands between values that brackets list.
    static BETWEEN_VALUES = r"^\s*(?:[,|/]|,?\s*or\s)\s*$";
}

/// What a sentence defines.
pub(super) struct Sentence {
    pub subject: Subject,
    /// The status of the answer that it is about, where it names one.
    pub status: Option<String>,
    pub items: Vec<Vec<Block>>,
}

/// The bullets that stand for what a paragraph says is sent or answered: none where the sentence says
/// anything else beside fields whose brackets begin with a type.
pub(super) fn sentence(block: &Block) -> Option<Sentence> {
    let BlockKind::Paragraph(text) = &block.kind else {
        return None;
    };
    text.codes.iter().find_map(|code| {
        let before = text.plain.get(..code.start)?;
        if SENDS.is_match(before) {
            let items = items_at(text, code.start, block.line)?;
            return Some(Sentence {
                subject: Subject::Request,
                status: None,
                items,
            });
        }
        let gives = GIVES.find(before)?;
        if ELSEWHERE.is_match(before.get(gives.start()..)?) {
            return None;
        }
        let items = items_at(text, code.start, block.line)?;
        let own = before.get(gives.start()..)?;
        let status = STATUS.find_iter(own).last();
        Some(Sentence {
            subject: Subject::Response,
            status: status.map(|own| own.as_str().to_owned()),
            items,
        })
    })
}

/// The bullets that stand for the fields of each thing in a field: ``a list of objects, each with `id`
/// (string)``.
pub(super) fn within(text: &Text, line: usize) -> Option<Vec<Vec<Block>>> {
    text.codes.iter().find_map(|code| {
        let before = text.plain.get(..code.start)?;
        WITHIN
            .is_match(before)
            .then(|| items_at(text, code.start, line))?
    })
}

/// The bullets that stand for the fields from a place of a text to the end of the sentence.
fn items_at(text: &Text, start: usize, line: usize) -> Option<Vec<Vec<Block>>> {
    let mut found = Vec::new();
    let mut at = start;
    let mut is_optional = false;
    loop {
        let code = text.codes.iter().find(|code| code.start == at)?;
        let (said, end) = said(text, code)?;
        let name = text.plain.get(code.clone())?;
        let more = if is_optional { ", optional" } else { "" };
        let own = Text {
            plain: format!("{name} ({said}{more})"),
            marked: code.len(),
            ..Text::default()
        };
        let item = vec![Block::new(line, BlockKind::Paragraph(own))];
        if !head(&item)?.is_typed {
            return None;
        }
        found.push(item);
        if END.is_match(text.plain.get(end..)?) {
            return Some(found);
        }
        let next = text.codes.iter().find(|code| code.start >= end)?;
        let between = text.plain.get(end..next.start)?;
        if WITHIN.is_match(between) {
            // The fields of each thing in it end the sentence.
            let inner = items_at(text, next.start, line)?;
            let own = found.last_mut()?;
            own.push(Block::new(line, BlockKind::List(inner)));
            return Some(found);
        }
        is_optional = OPTIONALLY.is_match(between);
        if !is_optional && !BETWEEN_FIELDS.is_match(between) {
            return None;
        }
        at = next.start;
    }
}

/// What is said of a field behind its name, as brackets have it, and where that ends.
fn said(text: &Text, code: &Range<usize>) -> Option<(String, usize)> {
    let behind = text.plain.get(code.end..)?;
    if let Some((inner, after)) = bracketed(behind.trim_start()) {
        let end = text.plain.len() - after.len();
        let start = end - 1 - inner.len();
        let said = listed(text, start..end - 1).unwrap_or_else(|| inner.to_owned());
        return Some((said, end));
    }
    let kind = BEHIND.captures(behind)?.name("kind")?;
    kind_of(kind.as_str())?;
    Some((kind.as_str().to_owned(), code.end + kind.end()))
}

/// Brackets that hold values alone, in words: ``(`new` or `sent`)``.
fn listed(text: &Text, inner: Range<usize>) -> Option<String> {
    let is_in = |code: &&Range<usize>| code.start >= inner.start && code.end <= inner.end;
    let codes: Vec<&Range<usize>> = text.codes.iter().filter(is_in).collect();
    let (first, last) = (codes.first()?, codes.last()?);
    if codes.len() < 2 || first.start != inner.start || last.end != inner.end {
        return None;
    }
    let are_parted = codes.windows(2).all(|pair| {
        let between = text.plain.get(pair[0].end..pair[1].start);
        between.is_some_and(|own| BETWEEN_VALUES.is_match(own))
    });
    let values: Option<Vec<&str>> = codes
        .iter()
        .map(|own| text.plain.get((*own).clone()))
        .collect();
    are_parted.then(|| format!("string, one of {}", values.unwrap_or_default().join(", ")))
}

/// The label of a line that lists fields of a request, and the bullets that stand for these: none
/// where anything else stands in the line.
pub(super) fn line(block: &Block) -> Option<(Block, Vec<Vec<Block>>)> {
    let BlockKind::Paragraph(text) = &block.kind else {
        return None;
    };
    let start = text.codes.first()?.start;
    let label = text.plain.get(..start)?;
    if !LINE.is_match(label) {
        return None;
    }
    let mut found = Vec::new();
    let mut at = start;
    loop {
        let code = text.codes.iter().find(|code| code.start == at)?;
        let behind = text.plain.get(code.end..)?;
        let blank = behind.len() - behind.trim_start().len();
        let end = match bracketed(behind.trim_start()) {
            Some((inner, _)) => code.end + blank + inner.len() + 2,
            None => code.end,
        };
        let own = Text {
            marked: code.len(),
            ..text.part(text.plain.get(at..end)?)
        };
        let item = vec![Block::new(block.line, BlockKind::Paragraph(own))];
        head(&item)?;
        found.push(item);
        let after = text.plain.get(end..)?;
        if END.is_match(after) && after.trim().chars().count() <= 1 {
            let label = Text::of(label.trim());
            return Some((Block::new(block.line, BlockKind::Paragraph(label)), found));
        }
        let next = text.codes.iter().find(|code| code.start >= end)?;
        if !BETWEEN_FIELDS.is_match(text.plain.get(end..next.start)?) {
            return None;
        }
        at = next.start;
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::described::sketch;
    use rstest::rstest;

    #[rstest]
    #[case("Send `a` (string, required) and `b` (integer).", true)]
    #[case("Makes a note. It takes `a` (list of strings, optional).", true)]
    #[case("The body has `a` (string), `b` (integer), and `c` (boolean)", true)]
    #[case("The answer has `a` (string).", true)]
    #[case(
        "Answers `201` with the note: `a` (string) and `b` (integer, 1 to 5).",
        true
    )]
    #[case("Returns 200 and the note: `a`, a string; `b`, an integer.", true)]
    #[case(
        "The body is a JSON object with `a` (string, required) and, optionally, `b` (integer).",
        true
    )]
    #[case(
        "Send a JSON object with the members `a` (a string of at most 9 characters).",
        true
    )]
    #[case("The body has `a` (`new` or `sent`).", true)]
    #[case("Send `a` (array of objects, required), each with `b` (string).", true)]
    #[case("Returns the header `a` (string).", false)]
    #[case("Returns 400 if `a` (string) is missing.", false)]
    #[case("Send `a` (string) in the header.", false)]
    #[case("Send `a` (string) or `b` (string).", false)]
    #[case("Send `a` (see below).", false)]
    #[case("Send `a` and `b` (string).", false)]
    #[case("Send `a` (string):\n\n- `a`: string - The text.", true)]
    #[case("Send `a` (string):\n\nThe text.", false)]
    #[case("Query parameters: `a`, `b` (default 25, maximum 50), `c`.", true)]
    #[case("Parameters: `a` and `b`", true)]
    #[case("Optional query parameters: `a`.", true)]
    #[case("Query parameters: `a` sorts, `b` filters.", false)]
    #[case("Parameters: `a`, or a text.", false)]
    #[case("Fields: `a`, `b`", false)]
    #[case("Errors: `a`, `b`", false)]
    fn a_sentence_of_what_is_sent_is_a_table(#[case] text: &str, #[case] expected: bool) {
        let page = format!("# T\n\n`POST /notes`\n\n{text}\n");
        let page = super::super::super::read("p.md", &page).unwrap();
        let sketch = sketch(&page.blocks);
        assert_eq!(sketch.contains("table"), expected, "{sketch}");
    }
}
