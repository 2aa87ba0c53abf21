//! Names of fields as cells spell them.

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
