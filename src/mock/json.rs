//! Request bodies, read strictly: UTF-8, one JSON value, nothing after it, no name twice in one object, nesting bounded.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a body is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is not UTF-8.
    Encoding,
    /// It is not JSON.
    Syntax,
    /// An object names a field twice.
    Duplicate,
    /// Something follows the JSON value.
    Trailing,
}

impl Unreadable {
    /// The word for it in the place of a facet.
    pub(super) fn facet(self) -> &'static str {
        match self {
            Self::Encoding => "encoding",
            Self::Syntax => "syntax",
            Self::Duplicate => "duplicate",
            Self::Trailing => "trailing",
        }
    }
}

/// Reads one JSON value.
pub(super) fn read(bytes: &[u8]) -> Result<Value, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::Encoding)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict.deserialize(&mut reader).map_err(|error| {
        if error.classify() == serde_json::error::Category::Data {
            Unreadable::Duplicate
        } else {
            Unreadable::Syntax
        }
    })?;
    reader.end().map_err(|_| Unreadable::Trailing)?;
    Ok(value)
}

/// Builds a [`Value`] as serde_json does, but refuses a repeated name. serde_json itself bounds the nesting.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(Strict)? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Strict)?;
            if map.insert(name, value).is_some() {
                return Err(A::Error::custom("repeated name"));
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
    #[case(b"{\"a\":[1,-2,0.5,true,null,\"x\"]}")]
    #[case(b" {} \n")]
    fn json_is_read(#[case] body: &[u8]) {
        assert_eq!(
            read(body).unwrap(),
            serde_json::from_slice::<Value>(body).unwrap()
        );
    }

    #[rstest]
    #[case(b"", Unreadable::Syntax)]
    #[case(b"{", Unreadable::Syntax)]
    #[case(b"{'a':1}", Unreadable::Syntax)]
    #[case(b"{} {}", Unreadable::Trailing)]
    #[case(b"{}x", Unreadable::Trailing)]
    #[case(b"{\"a\":1,\"a\":1}", Unreadable::Duplicate)]
    #[case(b"{\"b\":{\"a\":1,\"\\u0061\":1}}", Unreadable::Duplicate)]
    #[case(b"\xff", Unreadable::Encoding)]
    #[case(b"\xef\xbb\xbf{}", Unreadable::Syntax)]
    #[case(b"{\"a\":NaN}", Unreadable::Syntax)]
    fn anything_else_is_refused(#[case] body: &[u8], #[case] why: Unreadable) {
        assert_eq!(read(body), Err(why));
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "[".repeat(100_000);
        assert!(read(deep.as_bytes()).is_err());
    }
}
