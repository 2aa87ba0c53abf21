//! One line that is a field: its name, its type, whether it must be sent, and its description.

use super::super::super::block::{Block, BlockKind, Text};
use super::super::super::words;
use super::super::head::{Head, bracketed, head, name_of, parted};

/// The most words that a type has.
const TYPE_WORDS: usize = 5;

pattern! {
    /// A name as programs have them, which no sentence begins with.
    static NAME = r"^[a-z_$][A-Za-z0-9_$.-]*(?:\[\])?$";
    /// What parts the columns of lines of code.
    static COLUMNS = r"\s{2,}|\t+";
    /// What may stand between what is said of a field.
    static BETWEEN = r"^\s*(?:[,·•|;]|[-–—]+\s)?\s*";
}

/// What a line says of a field.
pub(super) struct Told {
    pub name: String,
    /// The type, and whether it must be sent, as brackets have them.
    pub said: String,
    pub rest: Text,
}

impl Told {
    /// Whether the line describes its field too.
    pub(super) fn is_described(&self) -> bool {
        !self.rest.plain.trim().is_empty()
    }
}

/// Whether words are a type.
fn is_type(words: &str) -> bool {
    Head::of("", 0).take_type(words)
}

/// Whether a word says whether a field must be sent.
fn tells_presence(word: &str) -> Option<&'static str> {
    let word = word.trim_matches(['(', ')', '*', '_', '.', ',', ':', ';']);
    // Short signs of columns are no words of a line.
    let said = words::mandatory(word).filter(|_| word.chars().count() > 3)?;
    Some(if said { "required" } else { "optional" })
}

/// How many bytes of a text are a type: the most words that are one, up to a sign that parts them.
fn type_length(text: &str) -> Option<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut depth = 0_usize;
    let mut is_cut = false;
    for (at, sign) in text.char_indices() {
        match sign {
            '<' | '[' | '(' => depth += 1,
            '>' | ']' | ')' => depth = depth.saturating_sub(1),
            ',' | '.' | ';' | ':' if depth == 0 => {
                ends.push(at);
                is_cut = true;
            }
            _ if sign.is_whitespace() && depth == 0 => ends.push(at),
            _ => {}
        }
        is_cut |= ends.len() == TYPE_WORDS;
        if is_cut {
            break;
        }
    }
    if !is_cut {
        ends.push(text.len());
    }
    let mut ends = ends.into_iter().rev();
    ends.find(|end| text.get(..*end).is_some_and(is_type))
}

/// The type that a text begins with, and what is said of the field behind it, as brackets have them;
/// and where the rest begins. None where the words go on as those of a sentence do.
fn said(text: &str) -> Option<(String, usize)> {
    let mut at = text.len() - text.trim_start().len();
    let mut kind = "";
    let mut presence = None;
    let mut is_parted = false;
    for _ in 0..4 {
        let rest = text.get(at..)?;
        let gap = BETWEEN.find(rest).map_or(0, |found| found.end());
        let next = rest.get(gap..)?;
        let word = next.split_whitespace().next().unwrap_or_default();
        is_parted = gap > 0
            && rest
                .get(..gap)?
                .contains(['\n', ',', '-', '–', '—', '·', '•']);
        if let Some(own) = tells_presence(word).filter(|_| presence.is_none()) {
            presence = Some(own);
            at += gap + word.len();
        } else if kind.is_empty()
            && let Some(length) = type_length(next)
        {
            kind = next.get(..length)?;
            at += gap + length;
        } else if !kind.is_empty() && word.eq_ignore_ascii_case("enum") {
            at += gap + word.len();
        } else {
            break;
        }
    }
    let rest = text.get(at..)?;
    let own = rest.trim_start_matches(['.', ',', ':', ';', ' ']);
    let is_one_of = own.starts_with("or ") || rest.trim_start().starts_with(['|', '/']);
    let is_another = is_parted && type_length(own).is_some();
    if kind.is_empty() || is_one_of || is_another {
        return None;
    }
    let is_apart = rest.starts_with(['.', ':']) || is_parted || presence.is_some();
    let begins = own.chars().next().is_none_or(|sign| {
        sign.is_uppercase() || !sign.is_alphabetic() || !sign.is_ascii() || sign == '`'
    });
    if !is_apart && !begins {
        return None;
    }
    let said = match presence {
        Some(presence) => format!("{kind}, {presence}"),
        None => kind.to_owned(),
    };
    Some((said, at))
}

/// The name that a text begins with, and what stands behind it.
fn named(text: &Text) -> Option<(&str, &str)> {
    if text.marked > 0 {
        let (name, rest) = text.plain.split_at_checked(text.marked)?;
        return Some((name_of(name.trim().trim_end_matches([':', '*']))?, rest));
    }
    let plain = text.plain.trim_start();
    let end = plain.find(|sign: char| sign.is_whitespace() || sign == ':');
    let (name, rest) = plain.split_at(end.unwrap_or(plain.len()));
    Some((Some(name).filter(|name| NAME.is_match(name))?, rest))
}

/// The field that a line is.
pub(super) fn of_line(text: &Text) -> Option<Told> {
    let (name, behind) = named(text)?;
    // A star behind a name that is set off goes with it.
    let starred = behind.strip_prefix('*').filter(|_| text.marked > 0);
    let star = if starred.is_some() { "*" } else { "" };
    let behind = starred.unwrap_or(behind);
    // Columns that blanks part are rows of a table, whose header says what they hold.
    if text.marked == 0 && COLUMNS.is_match(text.plain.trim()) {
        return None;
    }
    let after = behind
        .trim_start()
        .trim_start_matches([':', '–', '—', '-'])
        .trim_start();
    let (said, rest) = if let Some((inner, rest)) = bracketed(after) {
        let bare = Text {
            plain: format!("{name} ({inner})"),
            marked: name.len(),
            ..Text::default()
        };
        let item = [Block::new(0, BlockKind::Paragraph(bare))];
        head(&item).filter(|own| own.is_typed && own.place.is_empty())?;
        (inner.to_owned(), rest)
    } else {
        let (said, at) = said(after)?;
        // Without a mark more must tell that the first word is a name.
        let is_sure = text.marked > 0 || said.contains(',') || starts_sentence(after.get(at..)?);
        (Some(said).filter(|_| is_sure)?, after.get(at..)?)
    };
    let rest = parted(rest.trim_start_matches(['.', ',', ';', ' ', '\n'])).trim();
    Some(Told {
        name: format!("{name}{star}"),
        said,
        rest: shown(text, rest),
    })
}

/// Whether what stands behind a type is a sentence of its own, or nothing.
fn starts_sentence(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['.', ',', ':', ' ', '\n']);
    rest.is_empty() || rest.starts_with(char::is_uppercase)
}

/// A part of a text, with a stop behind what limits the value where the next sentence begins without
/// any: `1 to 100 The discount.`
fn shown(text: &Text, part: &str) -> Text {
    let own = text.part(part);
    let is_limit = part.starts_with("Default")
        || part.starts_with(|sign: char| sign.is_ascii_digit() || "[<>≥≤".contains(sign))
        || part.starts_with(char::is_lowercase);
    let end = part
        .char_indices()
        .zip(part.chars().skip(1))
        .find(|((_, sign), next)| *sign == ' ' && next.is_uppercase())
        .map(|((at, _), _)| at);
    match end.filter(|_| is_limit && own.codes.is_empty()) {
        Some(end)
            if part
                .get(..end)
                .is_some_and(|head| !head.ends_with(['.', ':', ','])) =>
        {
            let (head, tail) = part.split_at(end);
            Text {
                plain: format!("{head}.{tail}"),
                ..own
            }
        }
        _ => own,
    }
}

/// The name that a text is, and the word beside it for whether the field must be sent.
pub(super) fn name_alone(text: &Text) -> Option<(&str, Option<&'static str>)> {
    let (name, behind) = named(text)?;
    let behind = behind.trim();
    if behind.is_empty() {
        return Some((name, None));
    }
    Some((name, Some(tells_presence(behind)?)))
}

/// What a paragraph below a name says of it: its type, and the rest.
pub(super) fn of_type(text: &Text) -> Option<(String, Text)> {
    if text.plain.len() > 300 {
        return None;
    }
    let (own, at) = said(&text.plain)?;
    let rest = text.plain.get(at..)?;
    let rest = rest.trim_start_matches(['.', ',', ' ', '\n']).trim();
    Some((own, shown(text, rest)))
}

/// Whether a paragraph seems to be a field: a name that is set off, with a type right behind it.
pub(super) fn seems_field(text: &Text) -> bool {
    let Some((_, behind)) = named(text).filter(|_| text.marked > 0) else {
        return false;
    };
    let behind = behind.trim_start_matches([' ', '(', ':']);
    let word = behind
        .split([' ', ',', ')', '\n'])
        .next()
        .unwrap_or_default();
    behind.len() > word.len()
        && matches!(
            word,
            "string" | "integer" | "number" | "boolean" | "array" | "object"
        )
}

/// The fields of a block of code whose lines each have a name, a type and more in columns.
pub(super) fn of_columns(code: &str) -> Option<Vec<Told>> {
    let lines = code.lines().filter(|line| !line.trim().is_empty());
    let each: Option<Vec<Told>> = lines
        .map(|line| {
            let mut parts = COLUMNS.splitn(line.trim_end(), 4);
            let name = parts.next().filter(|name| NAME.is_match(name))?;
            let kind = parts.next().filter(|kind| is_type(kind))?;
            let more: Vec<&str> = parts.collect();
            let (presence, rest) = match more.split_first() {
                Some((word, rest)) if tells_presence(word).is_some() => {
                    (tells_presence(word), rest.join(" "))
                }
                _ => (None, more.join(" ")),
            };
            let said = match presence {
                Some(presence) => format!("{kind}, {presence}"),
                None => kind.to_owned(),
            };
            Some(Told {
                name: name.to_owned(),
                said,
                rest: Text::of(rest),
            })
        })
        .collect();
    each.filter(|all| all.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("integer, default: 25 The size", Some(("integer", ", default: 25 The size")))]
    #[case("string required The name", Some(("string, required", " The name")))]
    #[case("string enum Defaults to once", Some(("string enum", " Defaults to once")))]
    #[case("int32 ≥ 1 How often", Some(("int32", " ≥ 1 How often")))]
    #[case("required · array of strings", Some(("array of strings, required", "")))]
    #[case("string of letters", None)]
    #[case("string, number or null", None)]
    fn what_is_said_of_a_field(#[case] text: &str, #[case] expected: Option<(&str, &str)>) {
        let found = said(text);
        let found = found.as_ref().map(|(own, at)| (own.as_str(), &text[*at..]));
        assert_eq!(found, expected);
    }
}
