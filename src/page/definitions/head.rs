//! The beginning of a bullet that defines a field: its name, and what is said of it before the
//! description.

use super::super::block::{Block, BlockKind, Text};
use super::super::words::{self, parse_type};

/// The longest name of a field.
const LONGEST_NAME: usize = 80;

/// Types as bullets spell them: spelling, and what tables call it.
const SPELLINGS: [(&str, &str); 6] = [
    ("map", "object"),
    ("key-value map", "object"),
    ("key/value map", "object"),
    ("slice", "array"),
    ("comma-separated string", "string"),
    ("comma separated string", "string"),
];

pattern! {
    /// `string array`, `list(string)`
    static ITEMS = r"(?i)^(?:(?P<before>\w+) (?:arrays?|slices?|lists?)|(?:list|array|set)\((?P<inner>\w+)\))$";

    /// `map[string]string`
    static MAP = r"(?i)^map\[\w+\]\S+$";

    /// Words that may be a type that is not known.
    static SOME_TYPE = r"^[\pL][\w\[\]<>|/, -]{0,40}$";

    /// What stands between a name and what is said of it.
    static SEPARATOR = r"^\s*[:：–—-]+(?:\s+|$)";

    /// A type with what may be said before it.
    static ARTICLE = r"(?i)^(?:an?|the|positive|non-negative|unsigned|json|utf-8)\s+";

    static NULLABLE = r"(?i)^(?P<kind>.+?)\s+or\s+null$";

    static REPRESENTING = r"(?i)^string\s+(?:representing|containing|holding)\s.*$";
}

/// A text without the sign that parts it from the name before it.
pub(super) fn parted(text: &str) -> &str {
    let end = SEPARATOR.find(text).map_or(0, |found| found.end());
    text.get(end..).unwrap_or_default()
}

/// The text that a bullet begins with.
pub(super) fn first_text(item: &[Block]) -> Option<(&Block, &Text)> {
    let first = item.first()?;
    match &first.kind {
        BlockKind::Paragraph(text) => Some((first, text)),
        _ => None,
    }
}

/// Whether a bullet begins with what is marked as code.
pub(super) fn is_coded(item: &[Block]) -> bool {
    first_text(item).is_some_and(|(_, text)| text.marked > 0)
}

/// The code that a text begins with, and what follows.
pub(super) fn coded(text: &Text) -> Option<(&str, &str)> {
    if text.marked == 0 {
        return None;
    }
    let (code, rest) = text.plain.split_at_checked(text.marked)?;
    Some((code.trim(), rest))
}

/// What the beginning of a bullet says.
pub(super) struct Head<'t> {
    pub line: usize,
    pub name: &'t str,
    pub kind: String,
    pub is_nullable: bool,
    pub is_required: Option<bool>,
    /// Whether a condition stands where it is said whether the field is required.
    pub is_conditional: bool,
    pub default: String,
    /// Whether the bullet says what kind of thing it names.
    pub is_typed: bool,
    /// The text behind all that.
    pub rest: String,
}

/// What the beginning of a bullet says, if it defines a field.
pub(super) fn head(item: &[Block]) -> Option<Head<'_>> {
    let (first, text) = first_text(item)?;
    let is_coded = text.marked > 0;
    let (name, rest) = if is_coded {
        coded(text)?
    } else {
        // Without a mark it is a name only where brackets say of what kind.
        text.plain
            .split_once(' ')
            .filter(|(_, rest)| rest.starts_with('('))?
    };
    let is_name = name.chars().count() <= LONGEST_NAME
        && name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '@'))
        && name.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '$' | '@' | '{' | '}')
        });
    if !is_name {
        return None;
    }
    let mut head = Head {
        line: first.line,
        name,
        kind: String::new(),
        is_nullable: false,
        is_required: None,
        is_conditional: false,
        default: String::new(),
        is_typed: false,
        rest: String::new(),
    };
    let rest = rest.trim_start();
    if let Some((inner, after)) = bracketed(rest) {
        head.annotate(inner);
        parted(after).trim().clone_into(&mut head.rest);
        return (is_coded || head.is_typed).then_some(head);
    }
    let separated = SEPARATOR.find(rest);
    if !rest.is_empty() && separated.is_none() {
        return None;
    }
    let said = rest
        .get(separated.map_or(0, |found| found.end())..)
        .unwrap_or_default()
        .trim();
    let taken = head.opening(said);
    let rest = said.get(taken..).unwrap_or_default();
    parted(rest)
        .trim_start_matches(['.', ',', ' '])
        .trim()
        .clone_into(&mut head.rest);
    Some(head)
}

/// What stands in the brackets that a text begins with, and what follows them.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some((text.get(1..at)?, text.get(at + 1..)?));
                }
            }
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

impl Head<'_> {
    /// Takes a type; whether the words are one.
    fn take_type(&mut self, words: &str) -> bool {
        let mut words = words.trim().trim_matches(['`', '*']);
        if let Some(kind) = NULLABLE
            .captures(words)
            .and_then(|captures| captures.name("kind"))
        {
            self.is_nullable = true;
            words = kind.as_str();
        }
        let is_known = kind_of(words).map(|kind| self.kind = kind).is_some();
        self.is_nullable &= is_known;
        self.is_typed |= is_known;
        is_known
    }

    /// What brackets say: `string: <required>`, `int: 0`, `string, optional`, `required`.
    fn annotate(&mut self, inner: &str) {
        let (kind, value) = inner.split_once(':').unwrap_or((inner, ""));
        let mut parts = kind.split(',').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let mut words: Vec<&str> = parts.collect();
        if !self.take_type(first) && kind_of(kind).is_some() {
            // A type that has a comma in it (`map<string, string>`).
            self.take_type(kind);
            words.clear();
        } else if self.kind.is_empty() {
            words.push(first);
        }
        if words.iter().any(|word| kind_of(word).is_some()) {
            // One of several types.
            self.kind.clear();
        }
        for word in words {
            if let Some(is_required) = words::mandatory(word) {
                self.is_required = Some(is_required);
                self.is_typed = true;
            }
        }
        let value = value.trim().trim_matches('`');
        let lower = value.to_lowercase();
        if lower == "<required>" || lower == "required" {
            self.is_required = Some(true);
        } else if lower == "<optional>" || lower == "optional" {
            self.is_required = Some(false);
        } else if lower.contains("required") {
            // `<required - if generate is true>`
            self.is_conditional = true;
        } else if !lower.is_empty() && (!self.kind.is_empty() || SOME_TYPE.is_match(kind)) {
            self.is_required = Some(false);
            let is_unset = ["nil", "null", "none", "\"\"", "''", "[]", "{}", "unset"]
                .contains(&lower.as_str());
            if !is_unset && !self.kind.is_empty() && !value.contains(['<', '>']) {
                value
                    .trim_matches(['"', '\''])
                    .clone_into(&mut self.default);
            }
        }
    }

    /// What the first words of a description say (`string, optional, defaults to 3.`): how many
    /// bytes they take.
    fn opening(&mut self, said: &str) -> usize {
        let mut taken = 0;
        for _ in 0..3 {
            let rest = said.get(taken..).unwrap_or_default();
            let skipped = rest.len() - rest.trim_start_matches([',', ' ']).len();
            let words = rest.get(skipped..).unwrap_or_default();
            let end = words_end(words);
            let part = words.get(..end).unwrap_or_default();
            let is_first = taken == 0;
            let is_known = if is_first && self.take_type(part) {
                true
            } else if let Some(is_required) =
                words::mandatory(part).filter(|_| part.to_lowercase().ends_with(['d', 'l', 'y']))
            {
                self.is_required = Some(is_required);
                self.is_typed = true;
                true
            } else {
                false
            };
            if !is_known {
                break;
            }
            taken += skipped + end;
        }
        taken
    }
}

/// Where the first words of a text end: before a comma, a stop or a dash.
fn words_end(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '<' | '[' | '(' => depth += 1,
            '>' | ']' | ')' => depth = depth.saturating_sub(1),
            ',' | '.' | ';' | ':' | '，' | '。' if depth == 0 => return at,
            '-' | '–' | '—' if depth == 0 && text.get(..at).is_some_and(|t| t.ends_with(' ')) =>
            {
                return at;
            }
            _ => {}
        }
    }
    text.len()
}

/// A type as the readers of tables know it; none for words that are none.
fn kind_of(words: &str) -> Option<String> {
    let mut words = words.trim();
    while let Some(found) = ARTICLE.find(words) {
        words = words.get(found.end()..)?;
    }
    if REPRESENTING.is_match(words) {
        return Some("string".to_owned());
    }
    if let Some((_, kind)) = SPELLINGS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(words))
    {
        return Some((*kind).to_owned());
    }
    if let Some(found) = ITEMS.captures(words) {
        let items = found.name("before").or_else(|| found.name("inner"))?;
        let items = kind_of(items.as_str())?;
        return Some(format!("Array of {items}"));
    }
    if MAP.is_match(words) {
        return Some("object".to_owned());
    }
    if let Some(items) = words.strip_prefix("[]") {
        let items = kind_of(items)?;
        return Some(format!("Array of {items}"));
    }
    let words = if words.to_lowercase().starts_with("map<") {
        words.replace('|', ",")
    } else {
        words.to_owned()
    };
    parse_type(&words).is_some().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::list("list of strings", Some("Array of strings"))]
    #[case::go_array("[]string", Some("Array of string"))]
    #[case::items_before("string slice", Some("Array of string"))]
    #[case::items_inside("list(int)", Some("Array of int"))]
    #[case::map_of_go("map[string]string", Some("object"))]
    #[case::pairs("key-value map", Some("object"))]
    #[case::joined("comma-separated string", Some("string"))]
    #[case::article("a positive integer", Some("integer"))]
    #[case::words("see below", None)]
    #[case::unknown_items("list(thing)", None)]
    fn kinds_are_read_as_bullets_spell_them(#[case] words: &str, #[case] expected: Option<&str>) {
        let kind = kind_of(words);
        assert_eq!(
            kind.as_deref().and_then(parse_type),
            expected.and_then(parse_type),
            "{kind:?}"
        );
    }

    #[rstest]
    #[case::default("(int: 3) - How many.", ("int", Some(false), "3"))]
    #[case::required("(string: <required>) - T.", ("string", Some(true), ""))]
    #[case::required_without_type("(required) - T.", ("", Some(true), ""))]
    #[case::unknown_type("(span of time: \"\") - T.", ("", Some(false), ""))]
    #[case::several_types("(int, string: 0) - T.", ("", Some(false), ""))]
    #[case::condition("(string: <required - if a is set>) - T.", ("string", None, ""))]
    #[case::unset("(bool: nil) - T.", ("bool", Some(false), ""))]
    #[case::reference("(string: <the name>) - T.", ("string", Some(false), ""))]
    fn brackets_say_type_requiredness_and_default(
        #[case] text: &str,
        #[case] (kind, is_required, default): (&str, Option<bool>, &str),
    ) {
        let text = Text {
            plain: format!("a {text}"),
            marked: 1,
            ..Text::default()
        };
        let item = [Block::new(1, BlockKind::Paragraph(text))];
        let head = head(&item).unwrap();
        assert_eq!(
            (head.kind.as_str(), head.is_required, head.default.as_str()),
            (kind, is_required, default)
        );
    }
}
