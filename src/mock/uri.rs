//! Paths and query strings as they stand in a request line: splitting and percent-decoding (RFC
//! 3986, and the `+` of forms in a query).

use std::borrow::Cow;

/// Decodes one path segment; `None` when an escape is broken or the bytes are not UTF-8.
pub(super) fn segment(text: &str) -> Option<Cow<'_, str>> {
    decode(text, false)
}

/// The pairs of a query string in order; `None` when an escape is broken or the bytes are not
/// UTF-8. A piece without `=` has an empty value; empty pieces are skipped.
pub(super) fn query(text: &str) -> Option<Vec<(Cow<'_, str>, Cow<'_, str>)>> {
    text.split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            Some((decode(name, true)?, decode(value, true)?))
        })
        .collect()
}

fn decode(text: &str, plus_is_space: bool) -> Option<Cow<'_, str>> {
    let escaped = |byte: u8| byte == b'%' || (plus_is_space && byte == b'+');
    if !text.bytes().any(escaped) {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex(rest.next()?)? * 16 + hex(rest.next()?)?,
            b'+' if plus_is_space => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("plain", Some("plain"))]
    #[case("a%2Fb", Some("a/b"))]
    #[case("a+b", Some("a+b"))]
    #[case("%E5%A4%87", Some("备"))]
    #[case("%zz", None)]
    #[case("%2", None)]
    #[case("%FF", None)]
    fn segments_are_decoded(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(segment(text).as_deref(), expected);
    }

    #[test]
    fn a_query_keeps_order_and_repetition() {
        let pairs = query("a=1&b=x+y&&a=%2B2&c").unwrap();
        let plain: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (&**n, &**v)).collect();
        assert_eq!(plain, [("a", "1"), ("b", "x y"), ("a", "+2"), ("c", "")]);
        assert!(query("a=%").is_none());
    }
}
