//! Names of parameters in which a letter stands for a number: `Tag.N.Key`, `file[n]`. What is sent
//! has the number.

use std::borrow::Cow;

/// Letters that stand for a number, where they are the whole of a part of a name.
const LETTERS: [&str; 2] = ["N", "n"];

/// Letters that do beside one of those.
const SECOND: [&str; 2] = ["M", "m"];

/// Letters in brackets that do.
const IN_BRACKETS: [&str; 5] = ["[N]", "[n]", "[i]", "[I]", "[index]"];

/// Whether a letter in a name stands for a number.
pub fn is_numbered(name: &str) -> bool {
    in_brackets(name).is_some() || name.split('.').skip(1).any(is_letter)
}

/// The name that is sent for the value of a place among several, counted from 0: dots have numbers
/// from 1, brackets indices from 0.
pub fn sent_name(name: &str, at: usize) -> Cow<'_, str> {
    if let Some((head, rest)) = in_brackets(name) {
        return Cow::Owned(format!("{head}[{at}]{rest}"));
    }
    if !is_numbered(name) {
        return Cow::Borrowed(name);
    }
    let parts: Vec<&str> = name.split('.').collect();
    let last = (1..parts.len()).rfind(|at| parts.get(*at).is_some_and(|part| is_open(part)));
    let parts = parts.iter().enumerate().map(|(index, part)| match *part {
        own if index == 0 || !is_open(own) => own.to_owned(),
        _ if Some(index) == last => (at + 1).to_string(),
        _ => "1".to_owned(),
    });
    Cow::Owned(parts.collect::<Vec<_>>().join("."))
}

/// Whether a name is sent as another: itself, or with a number in place of a letter.
pub fn is_sent_as(name: &str, sent: &str) -> bool {
    if name == sent {
        return true;
    }
    if let Some((head, rest)) = in_brackets(name) {
        let inner = sent
            .strip_prefix(head)
            .and_then(|sent| sent.strip_suffix(rest))
            .and_then(|sent| sent.strip_prefix('[')?.strip_suffix(']'));
        return inner.is_some_and(is_number);
    }
    let is_part = |(index, (own, sent)): (usize, (&str, &str))| {
        own == sent || index > 0 && is_open(own) && is_number(sent)
    };
    is_numbered(name)
        && name.split('.').count() == sent.split('.').count()
        && name
            .split('.')
            .zip(sent.split('.'))
            .enumerate()
            .all(is_part)
}

fn is_letter(part: &str) -> bool {
    LETTERS.contains(&part)
}

/// Whether a part of a name with such a letter is one, the first or another.
fn is_open(part: &str) -> bool {
    is_letter(part) || SECOND.contains(&part)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What stands before and behind a letter in brackets.
fn in_brackets(name: &str) -> Option<(&str, &str)> {
    // Few names have brackets at all.
    if !name.contains('[') {
        return None;
    }
    let mut found = IN_BRACKETS.iter();
    found
        .find_map(|letter| name.split_once(letter))
        .filter(|(head, _)| !head.is_empty())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Tag.N.Key", 0, "Tag.1.Key")]
    #[case("Tag.N.Key", 2, "Tag.3.Key")]
    #[case("Filter.N.Value.M", 1, "Filter.1.Value.2")]
    #[case("Ids.n", 0, "Ids.1")]
    #[case("file[n]", 0, "file[0]")]
    #[case("rows[i][id]", 1, "rows[1][id]")]
    #[case("name", 3, "name")]
    #[case("N", 0, "N")]
    #[case("a.b", 0, "a.b")]
    #[case("size.m", 0, "size.m")]
    #[case("tags[]", 0, "tags[]")]
    fn a_letter_is_sent_as_a_number(#[case] name: &str, #[case] at: usize, #[case] sent: &str) {
        assert_eq!(sent_name(name, at), sent);
        assert!(is_sent_as(name, sent));
        assert_eq!(is_numbered(name), name != sent);
    }

    #[rstest]
    #[case("Tag.N.Key", "Tag.x.Key")]
    #[case("Tag.N.Key", "Tag.1.Value")]
    #[case("Tag.N.Key", "Tag.1")]
    #[case("file[n]", "file[a]")]
    #[case("file[n]", "file")]
    #[case("a.b", "a.1")]
    #[case("name", "other")]
    fn another_name_is_not_it(#[case] name: &str, #[case] sent: &str) {
        assert!(!is_sent_as(name, sent));
    }
}
