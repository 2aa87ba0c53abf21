//! Names of fields as cells spell them.

use crate::vocabulary::is_between_names;

/// The most names of one cell.
const MOST: usize = 4;

/// The names of a cell that has several: `name or alias`, `width, height`; none for any other.
pub(super) fn several(cell: &str) -> Vec<String> {
    let bare = cell.replace(['`', '*'], "");
    let bare = bare.trim();
    if bare.len() > 120 || bare.contains(['(', '（', '[', '{', '<', '=']) {
        return Vec::new();
    }
    let mut names: Vec<String> = Vec::new();
    // Whether a sign or a word parts what comes from what was there.
    let mut is_parted = true;
    for word in bare.split_whitespace().flat_map(signs) {
        if is_between_names(word) {
            if is_parted {
                return Vec::new();
            }
            is_parted = true;
        } else if is_parted && is_plain(word) {
            names.push(word.to_owned());
            is_parted = false;
        } else {
            return Vec::new();
        }
    }
    if is_parted || !(2..=MOST).contains(&names.len()) {
        return Vec::new();
    }
    names
}

/// A word and the signs at and in it that part names, each by itself. A slash within a word parts
/// none: `data/title` is a place in an object.
fn signs(word: &str) -> Vec<&str> {
    const SIGNS: [char; 4] = [',', '、', '，', '|'];
    word.split_inclusive(SIGNS)
        .flat_map(|part| {
            let end = part.trim_end_matches(SIGNS).len();
            let (name, sign) = part.split_at(end);
            [name, sign].into_iter().filter(|own| !own.is_empty())
        })
        .collect()
}

/// Whether a word is a name as programs have them.
fn is_plain(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.len() > 1
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// A field's name without marks of nesting or emphasis; `None` where the cell holds no name.
pub(super) fn clean_name(cell: &str) -> Option<String> {
    let name = cell
        .trim()
        .trim_matches(['*', '`', '"', '“', '”'])
        .trim_start_matches([
            '└', '├', '│', '─', '»', '›', '>', '↳', '∟', '﹂', '⌞', '╰', '⎿', '→', '▸', '▹', '‣',
            '⤷', '·', '•', ' ',
        ])
        .trim();
    let name = name
        .split_once(['(', '（'])
        .map_or(name, |(head, _)| head.trim());
    // As a path names its parameter: `:id`.
    let name = name
        .strip_prefix(':')
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        .unwrap_or(name);
    let name = bracketed(name).unwrap_or(name);
    let name = valued(name).map_or(name, |(name, _)| name);
    // Any name below another or with some beginning (`o.*`, `.v`) is none: its place is not told.
    if name.len() > 1
        && (name.starts_with(['.', '|', '+'])
            || name.starts_with("->")
            || name.ends_with(['.', '-', '=']))
    {
        return None;
    }
    // The whole of a body that is an array.
    if name == "[]" {
        return Some(name.to_owned());
    }
    if let Some(words) = name.strip_prefix('[').and_then(|own| own.strip_suffix(']')) {
        let is_word = |c: char| c.is_alphabetic() || c == ' ';
        if words.contains(' ') && words.chars().all(is_word) {
            return Some("[]".to_owned());
        }
    }
    let plain = !name.is_empty()
        && name.chars().count() <= 80
        && !name.chars().any(|c| c.is_whitespace() || c.is_control())
        && name
            .chars()
            .any(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '*'));
    plain.then(|| name.to_owned())
}

/// The name within the brackets or braces in which a path writes its parameter: `<id>`, `{id}`.
fn bracketed(name: &str) -> Option<&str> {
    let inner = name
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .or_else(|| {
            name.strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'))
        })?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (!inner.is_empty() && inner.chars().all(is_word)).then_some(inner)
}

/// Whether a text is a whole number that no status of HTTP is.
pub(super) fn is_no_status(text: &str) -> bool {
    let number = text.trim().trim_matches('`').parse::<i64>();
    number.is_ok_and(|number| !(100..600).contains(&number))
}

/// A name with the kind of its value behind it, as queries are written: `m=<int>`, `q={text}`.
pub(super) fn valued(name: &str) -> Option<(&str, &str)> {
    let (name, value) = name.split_once('=')?;
    let inner = value
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .or_else(|| value.strip_prefix('{')?.strip_suffix('}'))?;
    (!name.is_empty()).then_some((name, inner))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("`name` or `context`", &["name", "context"])]
    #[case("name / alias", &["name", "alias"])]
    #[case("data/attributes/title", &[])]
    #[case("lat, lng", &["lat", "lng"])]
    #[case("lat,lng", &["lat", "lng"])]
    #[case("name 或 alias", &["name", "alias"])]
    #[case("from and to", &["from", "to"])]
    #[case("name", &[])]
    #[case("two words", &[])]
    #[case("application/json", &[])]
    #[case("example.com/owner", &[])]
    #[case("name or", &[])]
    #[case("name (or alias)", &[])]
    #[case("name, the one of the job", &[])]
    #[case("tags[]", &[])]
    #[case("metadata/*", &[])]
    fn a_cell_may_have_several_names(#[case] cell: &str, #[case] expected: &[&str]) {
        assert_eq!(several(cell), expected);
    }
}
