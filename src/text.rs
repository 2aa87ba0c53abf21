//! Texts as every part of the program cuts, counts and compares them.

use jiff::civil::Time;
use unicode_width::UnicodeWidthStr;

/// The beginning of a text, of so many characters; what is cut off is said by three dots.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A text whose lines are no wider than so many columns, as far as its words are not: a terminal
/// would break them anywhere. What colours it has no width.
pub(crate) fn fold(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for line in text.split_inclusive('\n') {
        let mut used = 0;
        for (index, word) in line.split(' ').enumerate() {
            let width = visible(word);
            if index > 0 {
                let is_full = used + 1 + width > columns;
                out.push(if is_full { '\n' } else { ' ' });
                used = if is_full { 0 } else { used + 1 };
            }
            out.push_str(word);
            used += width;
        }
    }
    out
}

/// How many columns a text takes, without its escapes for colours.
fn visible(text: &str) -> usize {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().trim_end().width();
    let rest = parts.map(|part| {
        part.split_once('m')
            .map_or(0, |(_, rest)| rest.trim_end().width())
    });
    first + rest.sum::<usize>()
}

/// `1 trial`, `2 trials`.
pub(crate) fn counted(count: impl TryInto<u64>, word: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {word}{ending}")
}

/// Whether two texts say the same: blanks around them aside, one moment, one time of day with its
/// zone and without, one decimal number with zeros at its end (`1.5` and `1.50`) and without, or one
/// name of a host with the dot of the root and without.
pub(crate) fn says_the_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    let moment = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let time = |text: &str| text.trim_end_matches(['Z', 'z']).parse::<Time>().ok();
    one == other
        || is_some_and_same(moment(one), moment(other))
        || is_some_and_same(time(one), time(other))
        || is_some_and_same(decimal(one), decimal(other))
        || is_same_host(one, other)
}

/// Whether one of two texts is the other, a name of a host, with the dot of the root at its end (RFC
/// 1034, section 3.1). Words with blanks between them are none.
pub(crate) fn is_same_host(one: &str, other: &str) -> bool {
    let (relative, whole) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let is_label = |label: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        label == "*" || (1..=63).contains(&label.len()) && label.bytes().all(is_plain)
    };
    whole.strip_suffix('.') == Some(relative) && relative.split('.').all(is_label)
}

fn is_some_and_same<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
    one.is_some() && one == other
}

/// A decimal number as its sign, its whole part and its fraction, without the zeros that change
/// nothing. Zeros before a whole number are its own: a code that loses them is another.
fn decimal(text: &str) -> Option<(bool, &str, &str)> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole.trim_start_matches('0'), fraction),
        None => (unsigned, ""),
    };
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let has_digit = unsigned.bytes().any(|byte| byte.is_ascii_digit());
    (has_digit && is_number(whole) && is_number(fraction)).then(|| {
        let whole = if whole.is_empty() { "0" } else { whole };
        (text.starts_with('-'), whole, fraction.trim_end_matches('0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("a", " a ", true)]
    #[case("a", "b", false)]
    #[case("2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", true)]
    #[case("08:31:16Z", "08:31:16", true)]
    #[case("08:31", "08:31:00", true)]
    #[case("08:31:16", "08:31:17", false)]
    #[case("1", "1.00", true)]
    #[case(" -1.5", "-1.50", true)]
    #[case("1.5", "1.05", false)]
    #[case("007", "7", false)]
    #[case("0123.4", "123.40", true)]
    #[case("0", "0.00", true)]
    #[case(".5", "0.5", true)]
    #[case("-1", "1", false)]
    #[case("+1", "1", true)]
    #[case(".", "", false)]
    #[case("example.org", "example.org.", true)]
    #[case("*.a_b.example", "*.a_b.example.", true)]
    #[case("example", "example.", true)]
    #[case("example.org", "other.example.org.", false)]
    #[case("example.org.", "example.org..", false)]
    #[case("So it is. Well", "So it is. Well.", false)]
    fn texts_say_the_same(#[case] one: &str, #[case] other: &str, #[case] expected: bool) {
        assert_eq!(says_the_same(one, other), expected);
        assert_eq!(says_the_same(other, one), expected);
    }

    #[rstest]
    #[case("one two three\n", "one two\nthree\n")]
    #[case("one two\nthree", "one two\nthree")]
    #[case("an-endless-word so\n", "an-endless-word\nso\n")]
    #[case("\u{1b}[1mone\u{1b}[0m two three", "\u{1b}[1mone\u{1b}[0m two\nthree")]
    #[case("one 二二二", "one\n二二二")]
    fn lines_are_folded_at_blanks(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(fold(text, 9), expected);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("aé", 2), "aé");
        assert_eq!(cut("aéb", 2), "aé...");
        assert_eq!(cut("a", 0), "...");
    }

    #[test]
    fn one_is_told_from_many() {
        assert_eq!(counted(1_usize, "trial"), "1 trial");
        assert_eq!(counted(0_usize, "trial"), "0 trials");
        assert_eq!(counted(-1, "trial"), format!("{} trials", u64::MAX));
    }
}
