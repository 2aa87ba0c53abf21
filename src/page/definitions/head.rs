//! The beginning of a bullet that defines a field: its name, and what is said of it before the
//! description.

use super::super::block::{Block, BlockKind, Text, plain};
use super::super::words;
use super::kind::kind_of;

/// The longest name of a field.
const LONGEST_NAME: usize = 80;

/// The places that brackets may name.
const PLACES: [&str; 5] = ["path", "query", "header", "body", "form"];

phrases! {
    FieldPlaces:

    /// The place that a field is sent in, and nothing else.
    static PLACE;
}

pattern! {
    /// Words for a type which mean nothing else in brackets at the end of a description.
    static TYPE_AT_END = r"(?i)^(?:(?:array|list)\s+of\s+)?(?:strings?|integers?|int|numbers?|floats?|booleans?|bool|objects?|array)$";
    /// What stands between a name and what is said of it.
    static SEPARATOR = r"^\s*[:：–—-]+(?:\s+|$)";
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
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is said by a sign or a word of its own"
)]
pub(super) struct Head<'t> {
    pub line: usize,
    pub name: &'t str,
    /// Where the bullet says that the field is sent.
    pub place: &'static str,
    pub kind: String,
    pub is_nullable: bool,
    pub is_required: Option<bool>,
    /// Whether a condition stands where it is said whether the field is required.
    pub is_conditional: bool,
    pub default: String,
    /// What else the brackets say.
    pub notes: Vec<Text>,
    /// Whether a star stands behind the name, which marks what must be sent, or leads to a note.
    pub is_starred: bool,
    /// Whether the bullet says what kind of thing it names.
    pub is_typed: bool,
    /// Whether the type stands in code marks of its own right behind the name.
    pub is_coded: bool,
    /// The text behind all that.
    pub rest: String,
    /// What follows the first text, where something of the field was taken out of it.
    pub below: Option<Vec<Block>>,
}

impl<'t> Head<'t> {
    /// One of which only the name is known.
    pub(super) fn of(name: &'t str, line: usize) -> Self {
        Self {
            line,
            name,
            place: "",
            kind: String::new(),
            is_nullable: false,
            is_required: None,
            is_conditional: false,
            default: String::new(),
            notes: Vec::new(),
            is_starred: false,
            is_typed: false,
            is_coded: false,
            rest: String::new(),
            below: None,
        }
    }
}

/// What a description says of its field before it describes it.
pub(in crate::page) struct Said {
    pub kind: String,
    pub is_required: Option<bool>,
    /// What is left of the description.
    pub rest: Vec<Block>,
}

/// What a description begins with, if that is a type: conditions and defaults are read elsewhere.
pub(in crate::page) fn of_description(blocks: &[Block]) -> Option<Said> {
    // What stands in square brackets may be a list of it as well, and `The number.` describes.
    let text = plain(blocks).to_lowercase();
    if ["[", "the ", "a ", "an "]
        .iter()
        .any(|own| text.starts_with(own))
    {
        return None;
    }
    let mut head = Head::of("", 0);
    head.below(blocks);
    let is_plain = !head.is_conditional && !head.is_nullable && head.default.is_empty();
    let mut rest = head.below.unwrap_or_else(|| blocks.to_vec());
    // A word alone is the whole description.
    let is_typed = is_plain && !head.kind.is_empty() && !plain(&rest).trim().is_empty();
    let notes = head.notes.into_iter();
    rest.extend(notes.map(|note| Block::new(0, BlockKind::Paragraph(note))));
    is_typed.then_some(Said {
        kind: head.kind,
        is_required: head.is_required,
        rest,
    })
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
    let (name, filled) = filled(name);
    let bare = name.trim().trim_end_matches(['`', '\\']);
    let (name, rest, is_starred) = match (bare.strip_suffix('*'), rest.strip_prefix('*')) {
        (Some(name), _) if is_coded => (name.trim_end_matches('\\'), rest, true),
        (None, Some(rest)) if is_coded && !rest.starts_with('*') => (name, rest, true),
        _ => (name, rest, false),
    };
    let mut head = Head::of(name_of(name)?, first.line);
    head.is_starred = is_starred;
    if let Some(kind) = filled {
        head.take_type(kind);
        head.is_typed = true;
    }
    let mut rest = rest.trim_start();
    // `` `name` [string]: The name. ``
    if let Some((inner, after)) = rest.strip_prefix('[').and_then(|own| own.split_once(']'))
        && head.take_type(inner)
    {
        rest = after.trim_start();
    }
    if let Some((inner, after)) = bracketed(rest).filter(|(_, after)| !after.starts_with("[]")) {
        if let Some(place) = place_of(inner) {
            head.place = place;
            rest = after;
        } else {
            head.annotate(inner);
            parted(after).trim().clone_into(&mut head.rest);
            return (is_coded || head.is_typed).then_some(head);
        }
    }
    let separated = SEPARATOR.find(rest);
    let said = rest
        .get(separated.map_or(0, |found| found.end())..)
        .unwrap_or_default()
        .trim();
    let start = text.plain.trim_end().len().checked_sub(said.len())?;
    let taken = if separated.is_some() || said.is_empty() {
        match two_codes(text, start) {
            Some(code) => head.coded(said, code).unwrap_or_else(|| head.opening(said)),
            None => head.opening(said),
        }
    } else {
        let mut taken = head.bare(said).or_else(|| head.word(said)).unwrap_or(0);
        let code = text.codes.iter().find(|code| code.start == start + taken);
        if let Some(code) = code.filter(|_| head.kind.is_empty()) {
            let behind = said.get(taken..)?;
            taken += head.coded(behind, code.len()).unwrap_or(0);
        }
        if !head.is_typed {
            return None;
        }
        taken
    };
    let mut rest = said.get(taken..).unwrap_or_default();
    if let Some((before, inner)) = at_end(rest).filter(|_| head.kind.is_empty()) {
        head.annotate(inner);
        rest = before;
    }
    parted(rest)
        .trim_start_matches(['.', ',', ' '])
        .trim()
        .clone_into(&mut head.rest);
    if is_coded && rest.is_empty() {
        head.below(item.get(1..).unwrap_or_default());
    }
    Some(head)
}

/// A description without the brackets that it ends with, and what these say, where that is a type,
/// perhaps beside whether the field must be sent, and nothing else: `The name (string, required)`.
fn at_end(said: &str) -> Option<(&str, &str)> {
    let said = said.trim_end().trim_end_matches('.');
    let (before, inner) = said.strip_suffix(')')?.rsplit_once('(')?;
    let mut types = 0;
    let mut parts = inner.split([',', ';']).map(str::trim);
    let are_known = parts.all(|part| {
        let is_type = TYPE_AT_END.is_match(part) && kind_of(part).is_some();
        types += usize::from(is_type);
        is_type || part.len() > 3 && words::mandatory(part).is_some()
    });
    (are_known && types == 1 && !before.trim().is_empty()).then_some((before, inner))
}

/// How many bytes of code begin at a place, where more code follows it right behind a blank: a type,
/// and what limits its values (`` `string` `[1 .. 80] characters` ``).
fn two_codes(text: &Text, start: usize) -> Option<usize> {
    let at = text.codes.iter().position(|code| code.start == start)?;
    let (own, next) = (text.codes.get(at)?, text.codes.get(at + 1)?);
    let between = text.plain.get(own.end..next.start)?;
    (between == " ").then(|| own.len())
}

/// A name with what a request fills in behind it: `limit=<number>`.
fn filled(text: &str) -> (&str, Option<&str>) {
    let bare = text.trim().trim_matches('`');
    bare.split_once("=<")
        .and_then(|(name, inner)| Some((name, Some(inner.strip_suffix('>')?))))
        .or_else(|| {
            // A value that is shown says nothing of the others.
            let (name, value) = bare.split_once('=')?;
            let is_value = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
            let is_shown = !value.is_empty() && value.chars().all(is_value);
            is_shown.then_some((name, None))
        })
        .unwrap_or((text, None))
}

/// The name of a field, if a text is one: `:id` and `<id>` are names of a path's variable parts.
pub(super) fn name_of(text: &str) -> Option<&str> {
    let text = text.trim().trim_matches(['`', '"']);
    let name = text
        .strip_prefix('<')
        .and_then(|name| name.strip_suffix('>'))
        .unwrap_or(text);
    let name = name.strip_prefix(':').unwrap_or(name);
    let is_name = name.chars().count() <= LONGEST_NAME
        && name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '@'))
        && name.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '$' | '@' | '{' | '}')
        });
    is_name.then_some(name)
}

/// The place that brackets name, where they name nothing else: `in path`, `query parameter`.
pub(super) fn place_of(inner: &str) -> Option<&'static str> {
    let found = PLACE.captures(inner)?;
    let word = found.name("place")?.as_str().to_lowercase();
    PLACES.iter().find(|place| **place == word).copied()
}

/// What stands in the brackets that a text begins with, and what follows them.
pub(super) fn bracketed(text: &str) -> Option<(&str, &str)> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

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
