//! Signs that a text speaks of: `.` in code, "<" in quotation marks, (-) in brackets. As what they are
//! they would end sentences and part lists; marked, they are letters like others.

use std::borrow::Cow;

/// Where the letters begin that stand for signs.
const FROM: u32 = 0xE000;

/// How many bytes such a letter has.
pub(super) const WIDTH: usize = 3;

/// Signs that are spoken of where they stand alone between spaces or commas. A dash there goes on with
/// the sentence, and a slash parts words.
const ALONE: &str = "._@+~!#$%*";

/// The most signs between two marks.
const MOST: usize = 3;

/// What closes behind a mark that opens.
fn closing(mark: char) -> Option<char> {
    match mark {
        '`' | '"' | '\'' => Some(mark),
        '“' => Some('”'),
        '‘' => Some('’'),
        '「' => Some('」'),
        '『' => Some('』'),
        '(' => Some(')'),
        '（' => Some('）'),
        _ => None,
    }
}

/// The letter that stands for a sign.
fn letter(sign: char) -> char {
    char::from_u32(FROM + u32::from(sign)).unwrap_or(sign)
}

/// The sign that a letter stands for.
pub(super) fn sign(letter: char) -> Option<char> {
    let code = u32::from(letter).checked_sub(FROM)?;
    char::from_u32(code).filter(char::is_ascii_punctuation)
}

/// The text without marks of code, with letters in place of the signs that it speaks of. Brackets
/// stay around theirs: they may repeat what a word before them says.
pub(super) fn marked(text: &str) -> Cow<'_, str> {
    let characters: Vec<char> = text.chars().collect();
    let at = |index: usize| characters.get(index).copied();
    let mut marked = String::with_capacity(text.len());
    let mut index = 0;
    while let Some(own) = at(index) {
        let between = closing(own).and_then(|close| {
            let inner: Vec<char> = characters
                .iter()
                .skip(index + 1)
                .take(MOST + 1)
                .take_while(|inner| **inner != close)
                .copied()
                .collect();
            let is_closed = at(index + inner.len() + 1) == Some(close);
            let are_signs = inner
                .iter()
                .all(|sign| sign.is_ascii_punctuation() && *sign != '`');
            (is_closed && are_signs && (1..=MOST).contains(&inner.len())).then_some(inner)
        });
        if let Some(inner) = between {
            let is_bracket = matches!(own, '(' | '（');
            marked.extend(is_bracket.then_some('('));
            marked.extend(inner.iter().copied().map(letter));
            marked.extend(is_bracket.then_some(')'));
            index += inner.len() + 2;
            continue;
        }
        let is_gap = |other: Option<char>| {
            other.is_some_and(|other| other.is_whitespace() || matches!(other, ',' | '，' | '、'))
        };
        let before = index.checked_sub(1).and_then(at);
        // The last stop of all ends a sentence.
        let next = at(index + 1);
        let is_closed = is_gap(next) || matches!(next, Some(';' | '；' | '.' | '。'));
        let is_alone = ALONE.contains(own)
            && is_gap(before)
            && is_closed
            && (own != '.' || at(index + 2).is_some());
        // Of other code the words count.
        if own != '`' {
            marked.push(if is_alone { letter(own) } else { own });
        }
        index += 1;
    }
    if marked == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(marked)
    }
}

/// The text as it was written, but for the marks.
pub(super) fn unmarked(text: &str) -> String {
    text.chars().map(|own| sign(own).unwrap_or(own)).collect()
}

/// The signs alone that a text speaks of.
pub(super) fn alone(text: &str) -> String {
    text.chars().filter_map(sign).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("digits, `.` and `_`", "._")]
    #[case("不能包含“<”和“>”", "<>")]
    #[case("dots (.), underscores (_) and hyphens (-)", "._-")]
    #[case("digits, . and _; more", "._")]
    #[case("digits - and letters", "")]
    #[case("letters. And digits.", "")]
    #[case("`a-z` and `\"`", "\"")]
    #[case("a (b) and 'c'", "")]
    fn signs_are_told_from_words(#[case] text: &str, #[case] expected: &str) {
        let marked = marked(text);
        assert_eq!(alone(&marked), expected);
        assert!(
            marked
                .chars()
                .all(|own| sign(own).is_none() || own.len_utf8() == WIDTH)
        );
    }
}
