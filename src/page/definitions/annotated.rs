//! What stands in brackets behind the name of a field besides its type and whether it must be sent:
//! a default, bounds, the values that it may have. `(integer, default 10, max 100)`.

use super::super::block::Text;
use super::super::words;

phrases! {
    Annotations:

    /// Words behind which brackets list the values.
    static LISTED;

    /// What stands between the values there.
    static BETWEEN;

    /// A default.
    static DEFAULT;

    /// The greatest value, or the greatest length.
    static MOST;

    /// The least.
    static LEAST;

    /// Both; the group `unit` where characters are counted.
    static RANGE;
}

pattern! {
    static VALUE = r"^[\w.+-]{1,40}$";
    static SIZED = r"(?i)^(?P<kind>(?:an?\s+)?[a-z]+(?:\s+[a-z]+)?)\s+(?:of|with|having|from)\s+(?P<note>[^,;]*\d[^,;]*)$";
    static FILLED = r"^(?P<kind>[A-Za-z][\w ]*?)\s*=\s*(?P<value>\S+)$";
}

/// What brackets say besides the type, taken out of them.
#[derive(Debug, Default)]
pub(super) struct Annotated {
    /// What is left: the type, and whether the field must be sent.
    pub rest: String,
    pub default: Option<String>,
    /// What else is said, as sentences.
    pub notes: Vec<Text>,
}

/// Takes apart what brackets say.
pub(super) fn annotated(inner: &str) -> Annotated {
    let mut found = Annotated::default();
    let is_quoted = inner.contains(['<', '"', '\'', '{', '[']);
    if is_quoted {
        inner.clone_into(&mut found.rest);
        return found;
    }
    let mut rest = inner.to_owned();
    if let Some(captures) = LISTED.captures(inner)
        && let (Some(whole), Some(values)) = (captures.get(0), captures.name("values"))
    {
        let is_enum = captures["kind"].to_lowercase().starts_with("enum");
        let (note, said) = listed(values.as_str());
        found.notes.push(note);
        let before = inner.get(..whole.start()).unwrap_or_default();
        let parts = [
            before,
            if is_enum { "enum" } else { "" },
            said.unwrap_or(""),
        ];
        let parts = parts.iter().filter(|part| !part.trim().is_empty());
        rest = parts.copied().collect::<Vec<_>>().join(", ");
    }
    let mut kept: Vec<String> = Vec::new();
    for (at, part) in rest.split([',', ';']).map(str::trim).enumerate() {
        if let Some(captures) = DEFAULT.captures(part) {
            found.default = captures.name("value").map(|value| bare(value.as_str()));
        } else if let Some(captures) = MOST.captures(part) {
            found
                .notes
                .push(Text::of(format!("Max: {}", &captures["n"])));
        } else if let Some(captures) = LEAST.captures(part) {
            found
                .notes
                .push(Text::of(format!("Min: {}", &captures["n"])));
        } else if let Some(captures) = RANGE.captures(part) {
            let unit = captures.name("unit").map_or("", |unit| unit.as_str());
            let (min, max) = (&captures["min"], &captures["max"]);
            found
                .notes
                .push(Text::of(format!("Range: {min}-{max}{unit}")));
        } else if let Some(captures) = FILLED.captures(part).filter(|_| at == 0) {
            found.default = Some(bare(&captures["value"]));
            kept.push(captures["kind"].to_owned());
        } else if let Some(captures) = SIZED
            .captures(part)
            .filter(|own| at == 0 && super::kind::kind_of(&own["kind"]).is_some())
        {
            // `a string of at most 30 characters`
            found.notes.push(Text::of(&captures["note"]));
            kept.push(captures["kind"].to_owned());
        } else if at > 0 && says_more(part) && !kept.iter().any(|own| own.contains(':')) {
            found.notes.push(Text::of(part));
        } else {
            kept.push(part.to_owned());
        }
    }
    // What was not taken apart stays as it is written.
    found.rest = if found.default.is_none() && found.notes.is_empty() && !rest.contains(';') {
        rest
    } else {
        kept.join(", ")
    };
    found
}

/// Whether a part of the brackets restricts the value, in words that other readers know.
fn says_more(part: &str) -> bool {
    !part.contains(':')
        && part.contains(|c: char| c.is_ascii_digit() || matches!(c, '≥' | '≤' | '>' | '<'))
        && part.contains([' ', '≥', '≤', '>', '<'])
        && super::kind::kind_of(part).is_none()
}

fn bare(value: &str) -> String {
    value.trim().trim_matches(['`', '"', '\'', '.']).to_owned()
}

/// The sentence of values that brackets list, and the word behind them that says whether the field
/// must be sent.
fn listed(values: &str) -> (Text, Option<&str>) {
    let mut all: Vec<&str> = BETWEEN
        .pattern()
        .split(values)
        .map(|value| value.trim_matches('`'))
        .collect();
    let says = |word: &&str| word.len() > 3 && words::mandatory(word).is_some();
    let said = all.last().copied().filter(says);
    if said.is_some() {
        all.pop();
    }
    if !all.iter().all(|value| VALUE.is_match(value)) {
        return (Text::of(format!("One of {values}.")), None);
    }
    let mut text = Text::of("Possible values: ");
    for (at, value) in all.iter().enumerate() {
        if at > 0 {
            text.plain.push_str(", ");
        }
        let start = text.plain.len();
        text.plain.push_str(value);
        text.codes.push(start..text.plain.len());
    }
    (text, said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("integer, optional, default 10, max 100", "integer, optional", "10", &["Max: 100"])]
    #[case("integer, default=10, min=1, max=100", "integer", "10", &["Min: 1", "Max: 100"])]
    #[case("string, one of x|y", "string", "", &["Possible values: x, y"])]
    #[case("string, one of Y, N", "string", "", &["Possible values: Y, N"])]
    #[case("string, one of a, b, optional", "string, optional", "", &["Possible values: a, b"])]
    #[case("enum: a, b", "enum", "", &["Possible values: a, b"])]
    #[case("string, 1-20 chars", "string", "", &["Range: 1-20 chars"])]
    #[case("integer, 1..100", "integer", "", &["Range: 1-100"])]
    #[case("integer, >= 1", "integer", "", &[">= 1"])]
    #[case("a string of at most 30 characters, required", "a string, required", "", &["at most 30 characters"])]
    #[case("string; required", "string, required", "", &[])]
    #[case("integer = 5", "integer", "5", &[])]
    #[case("string: <required>", "string: <required>", "", &[])]
    #[case("map<string, string>", "map<string, string>", "", &[])]
    #[case("int, string: 0", "int, string: 0", "", &[])]
    fn brackets_say_more_than_the_type(
        #[case] inner: &str,
        #[case] rest: &str,
        #[case] default: &str,
        #[case] notes: &[&str],
    ) {
        let found = annotated(inner);
        let said: Vec<&str> = found.notes.iter().map(|note| note.plain.as_str()).collect();
        assert_eq!(
            (
                found.rest.as_str(),
                found.default.as_deref().unwrap_or(""),
                said.as_slice()
            ),
            (rest, default, notes)
        );
    }
}
