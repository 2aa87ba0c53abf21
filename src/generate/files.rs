//! The files of a form: small ones of each kind, and those of a documented size. Each character of
//! their text is a byte.

use serde_json::Value;

use crate::contract::{Facet, is_file};

use super::sample::size;
use super::slot::Labelled;

/// The largest file that is made.
const LARGEST: usize = 8 * 1024 * 1024;

/// A picture of one pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

/// The same in another format.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// An archive without files.
const ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// The beginning of a picture, and its end.
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9";

/// What a file of a media type holds at least.
fn beginning(media: &str) -> &'static [u8] {
    match media {
        "image/png" | "image/*" => PNG,
        "image/gif" => GIF,
        "image/jpeg" => JPEG,
        "application/zip" => ZIP,
        "application/pdf" => b"%PDF-1.4\n%%EOF\n",
        "application/json" => b"{}",
        "application/xml" | "text/xml" => b"<docproof/>",
        "text/csv" => b"name,count\ndocproof,1\n",
        _ => b"docproof\n",
    }
}

/// Whether a node is a file of a kind that not all bytes are of: a picture, an archive.
pub(super) fn has_kind(node: &Value) -> bool {
    let media = node.get("contentMediaType").and_then(Value::as_str);
    is_file(node)
        && !matches!(
            media,
            None | Some("text/plain" | "application/octet-stream")
        )
}

/// Whether a text begins as the files of a node do; of any bytes where those are of no kind.
pub(super) fn is_of_kind(node: &Value, text: &str) -> bool {
    let media = node.get("contentMediaType").and_then(Value::as_str);
    let mut wanted = beginning(media.unwrap_or_default()).iter().copied();
    let mut own = text.chars();
    !has_kind(node) || wanted.all(|byte| own.next() == Some(char::from(byte)))
}

/// A file of so many bytes; none where that is too few for its kind, or more than is made.
fn of_size(node: &Value, length: usize) -> Option<String> {
    let media = node.get("contentMediaType").and_then(Value::as_str);
    let bytes = beginning(media.unwrap_or_default());
    let is_plain = media.is_none_or(|media| media == "text/plain");
    // Of plain text any beginning is one.
    let bytes = if is_plain {
        bytes.get(..bytes.len().min(length))?
    } else {
        bytes
    };
    if length < bytes.len() || length > LARGEST {
        return None;
    }
    let mut text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    text.extend(std::iter::repeat_n(' ', length - bytes.len()));
    Some(text)
}

/// The smallest file that a node allows.
pub(super) fn sample(node: &Value) -> String {
    let least = size(node, Facet::MinLength).unwrap_or(0);
    let media = node.get("contentMediaType").and_then(Value::as_str);
    let own = beginning(media.unwrap_or_default()).len();
    let most = size(node, Facet::MaxLength).unwrap_or(usize::MAX);
    of_size(node, own.max(least).min(most)).unwrap_or_default()
}

/// Files at a bound. A megabyte may be 1,000,000 bytes or 1,048,576: at the lesser a file is
/// allowed.
pub(super) fn at_length(node: &Value, facet: Facet) -> Vec<Labelled> {
    let Some(length) = size(node, facet) else {
        return Vec::new();
    };
    let length = match facet {
        Facet::MaxLength => in_thousands(length),
        _ => length,
    };
    of_size(node, length)
        .into_iter()
        .map(|text| labelled(length, text))
        .collect()
}

/// Files larger than is allowed.
pub(super) fn too_long(node: &Value) -> Vec<Labelled> {
    let most = size(node, Facet::MaxLength);
    let lengths = most
        .into_iter()
        .flat_map(|most| [most.saturating_add(1), most.saturating_mul(2)]);
    lengths
        .filter_map(|length| Some(labelled(length, of_size(node, length)?)))
        .collect()
}

fn labelled(length: usize, text: String) -> Labelled {
    (format!("a file of {length} bytes"), Value::from(text))
}

/// A size that is told in units of 1,024, in those of 1,000.
fn in_thousands(length: usize) -> usize {
    let (mut rest, mut scale) = (length, 1);
    while rest >= 1_024 && rest.is_multiple_of(1_024) && scale < 1_000_000_000 {
        rest /= 1_024;
        scale *= 1_000;
    }
    rest.saturating_mul(scale)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({"format": "binary"}), 9)]
    #[case(json!({"format": "binary", "maxLength": 4}), 4)]
    #[case(json!({"format": "binary", "minLength": 40}), 40)]
    #[case(json!({"contentMediaType": "application/zip"}), 22)]
    fn a_file_is_of_its_size(#[case] node: Value, #[case] length: usize) {
        assert_eq!(sample(&node).chars().count(), length);
    }

    #[rstest]
    #[case(1_048_576, 1_000_000)]
    #[case(2_048, 2_000)]
    #[case(1_000, 1_000)]
    fn a_size_may_be_told_in_thousands(#[case] length: usize, #[case] expected: usize) {
        assert_eq!(in_thousands(length), expected);
    }

    #[test]
    fn a_file_too_large_is_one_byte_over() {
        let found = too_long(&json!({"format": "binary", "maxLength": 64}));
        let lengths: Vec<usize> = found
            .iter()
            .filter_map(|(_, value)| Some(value.as_str()?.chars().count()))
            .collect();
        assert_eq!(lengths, [65, 128]);
    }
}
