//! JSON read strictly: duplicate keys, byte order marks and trailing text are errors. How deep a
//! value may nest is bounded, so that no stack ends, and what is deeper is said to be just that.
//! What is sent, what is answered and what the mock receives are all read by this.

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

/// What keeps a text from being one well-formed JSON value (RFC 8259), or from meaning one thing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// A byte order mark (RFC 8259, 8.1 forbids it).
    #[error("begins with a byte order mark")]
    ByteOrderMark,
    /// Not UTF-8.
    #[error("is not UTF-8 (byte {0})")]
    NotUtf8(usize),
    /// Not JSON.
    #[error("is not well-formed JSON: {0}")]
    Syntax(String),
    /// Something follows the value.
    #[error("is not well-formed JSON: {0}")]
    Trailing(String),
    /// It nests deeper than is read, which no standard forbids.
    #[error("nests deeper than {0} levels, and was not read to its end")]
    TooDeep(usize),
    /// A key stands twice in one object.
    #[error("has the key `{0}` twice in one object")]
    DuplicateKey(String),
}

/// How deep arrays and objects that are read may nest. Whoever walks a value does so on the stack.
const DEEPEST: usize = 512;

/// Whether a JSON text nests deeper than is read.
pub fn is_too_deep(bytes: &[u8]) -> bool {
    too_deep_from(bytes).is_some()
}

/// The byte from which a JSON text nests deeper than is read: told from its brackets, outside texts.
pub fn too_deep_from(bytes: &[u8]) -> Option<usize> {
    // Most answers have fewer brackets than that, which is quickly told.
    let brackets = bytes
        .iter()
        .map(|byte| usize::from(matches!(byte, b'[' | b'{')));
    if bytes.len() <= DEEPEST || brackets.sum::<usize>() <= DEEPEST {
        return None;
    }
    let (mut in_text, mut escaped, mut depth) = (false, false, 0_usize);
    for (at, byte) in bytes.iter().enumerate() {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'[' | b'{') => {
                depth += 1;
                if depth > DEEPEST {
                    return Some(at);
                }
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// What bytes are, read as JSON: their value, with what is wrong with it all the same.
#[derive(Debug)]
pub struct Reading(Result<(Value, Option<Malformed>), Malformed>);

impl Reading {
    /// Reads bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let duplicate = |key: Option<String>| key.map(Malformed::DuplicateKey);
        Self(read(bytes).map(|(value, key)| (value, duplicate(key))))
    }

    /// The value, where nothing is wrong.
    pub fn strict(&self) -> Result<&Value, &Malformed> {
        match &self.0 {
            Ok((value, None)) => Ok(value),
            Ok((_, Some(malformed))) | Err(malformed) => Err(malformed),
        }
    }

    /// The value as lenient readers take it: of a key that stands twice in one object, the last.
    pub fn value(&self) -> Option<&Value> {
        self.0.as_ref().ok().map(|(value, _)| value)
    }
}

/// Parses bytes strictly.
pub fn parse_strict(bytes: &[u8]) -> Result<Value, Malformed> {
    match read(bytes)? {
        (_, Some(key)) => Err(Malformed::DuplicateKey(key)),
        (value, None) => Ok(value),
    }
}

/// The value of some bytes, and the first key that stands twice in one object.
fn read(bytes: &[u8]) -> Result<(Value, Option<String>), Malformed> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Malformed::ByteOrderMark);
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| Malformed::NotUtf8(error.valid_up_to() + 1))?;
    if is_too_deep(bytes) {
        return Err(Malformed::TooDeep(DEEPEST));
    }
    let mut duplicate = None;
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let value = Strict {
        duplicate: &mut duplicate,
    }
    .deserialize(&mut reader)
    .map_err(|error| Malformed::Syntax(error.to_string()))?;
    reader
        .end()
        .map_err(|error| Malformed::Trailing(error.to_string()))?;
    Ok((value, duplicate))
}

struct Strict<'d> {
    duplicate: &'d mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(Strict {
            duplicate: &mut *self.duplicate,
        })? {
            items.push(item);
        }
        items.shrink_to_fit();
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = access.next_value_seed(Strict {
                duplicate: &mut *self.duplicate,
            })?;
            entries.push((key, value));
        }
        // A map that grows has room for up to twice as many.
        let mut map = Map::with_capacity(entries.len());
        for (key, value) in entries {
            match map.entry(key) {
                Entry::Vacant(place) => {
                    place.insert(value);
                }
                Entry::Occupied(mut place) => {
                    self.duplicate.get_or_insert_with(|| place.key().clone());
                    place.insert(value);
                }
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(br#"{"a":1,"b":[1.5,null,true,"x"]}"#.as_slice(), None)]
    #[case(br#"{"a":1,"a":2}"#.as_slice(), Some(Malformed::DuplicateKey("a".to_owned())))]
    #[case(br#"{"x":{"a":1,"a":2}}"#.as_slice(), Some(Malformed::DuplicateKey("a".to_owned())))]
    #[case(br#"{"x":{"a":1,"\u0061":2}}"#.as_slice(), Some(Malformed::DuplicateKey("a".to_owned())))]
    #[case(b"\xef\xbb\xbf{}".as_slice(), Some(Malformed::ByteOrderMark))]
    #[case(b"\"\xff\"".as_slice(), Some(Malformed::NotUtf8(2)))]
    fn strict_reading_tells_what_is_wrong(
        #[case] bytes: &[u8],
        #[case] expected: Option<Malformed>,
    ) {
        assert_eq!(parse_strict(bytes).err(), expected);
    }

    #[rstest]
    #[case("{\"a\":[1,-2,0.5,1e3,true,null,\"x\"]}")]
    #[case(" {} \n")]
    fn json_is_read(#[case] text: &str) {
        assert_eq!(
            parse_strict(text.as_bytes()).unwrap(),
            serde_json::from_str::<Value>(text).unwrap()
        );
    }

    #[rstest]
    #[case("{\"a\":NaN}")]
    #[case("{'a':1}")]
    #[case("{\"a\":1")]
    #[case("{")]
    #[case("")]
    fn what_is_no_json_is_refused(#[case] text: &str) {
        assert!(matches!(
            parse_strict(text.as_bytes()),
            Err(Malformed::Syntax(_))
        ));
    }

    #[rstest]
    #[case("{} x")]
    #[case("{}{}")]
    #[case("{\"a\":1,\"a\":1}]")]
    fn what_follows_the_value_is_refused(#[case] text: &str) {
        assert!(matches!(
            parse_strict(text.as_bytes()),
            Err(Malformed::Trailing(_))
        ));
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse_strict(nested(DEEPEST).as_bytes()).is_ok());
        for depth in [DEEPEST + 1, 200_000] {
            let read = parse_strict(nested(depth).as_bytes());
            assert_eq!(read.err(), Some(Malformed::TooDeep(DEEPEST)));
        }
        let text = format!("[\"{}\"]", "[".repeat(2 * DEEPEST));
        assert!(parse_strict(text.as_bytes()).is_ok());
    }
}
