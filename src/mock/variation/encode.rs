//! Other ways to write the same JSON, and gzip without compression.

use serde_json::{Map, Value};

/// A value whose objects have their fields in the opposite order.
pub(super) fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .rev()
            .map(|(name, child)| (name.clone(), reversed(child)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

/// A value whose non-empty objects each have one more field. Empty ones stay: they may stand for a
/// value that there is not.
pub(super) fn with_extra_fields(value: &Value) -> Value {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let mut out: Map<String, Value> = map
                .iter()
                .map(|(name, child)| (name.clone(), with_extra_fields(child)))
                .collect();
            out.insert("x_undocumented".to_owned(), Value::from("extra"));
            Value::Object(out)
        }
        Value::Array(items) => items.iter().map(with_extra_fields).collect(),
        other => other.clone(),
    }
}

/// JSON text with everything beyond ASCII as `\u` escapes. Such characters stand only within
/// strings.
pub(super) fn escaped(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    let mut units = [0_u16; 2];
    for character in value.to_string().chars() {
        if character.is_ascii() {
            out.extend(u8::try_from(character));
        } else {
            for unit in character.encode_utf16(&mut units) {
                out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
            }
        }
    }
    out
}

/// Bytes as gzip (RFC 1952), in stored blocks (RFC 1951, 3.2.4): valid, and without a dependency.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut blocks = bytes.chunks(usize::from(u16::MAX)).peekable();
    if blocks.peek().is_none() {
        out.extend_from_slice(&[1, 0, 0, 0xff, 0xff]);
    }
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    out.extend_from_slice(&crc32(bytes).to_le_bytes());
    let length = u32::try_from(bytes.len() & 0xffff_ffff).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn escapes_read_back() {
        let value = json!({"a": "备份 é 😀 \" \\ \n"});
        let bytes = escaped(&value);
        assert!(bytes.is_ascii());
        assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), value);
    }

    #[test]
    fn the_checksum_is_that_of_gzip() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn fields_are_added_and_reversed_at_every_depth() {
        let value = json!({"a": [{"b": 1, "c": {}}], "d": 2});
        assert_eq!(
            reversed(&value).to_string(),
            r#"{"d":2,"a":[{"c":{},"b":1}]}"#
        );
        assert_eq!(
            with_extra_fields(&value),
            json!({"a": [{"b": 1, "c": {}, "x_undocumented": "extra"}], "d": 2, "x_undocumented": "extra"})
        );
    }
}
