//! What a body may hold, told in a line a field.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A field: its name, what it may be, and whether it has to be there.
pub struct Field(pub &'static str, pub Is, pub bool);

/// What a value may be.
pub enum Is {
    /// A text of so many characters.
    Text(usize, usize),
    /// A whole number within bounds, however it is written.
    Whole(i64, i64),
    /// A number within bounds.
    Number(f64, f64),
    OneOf(&'static [&'static str]),
    /// Either of both.
    Flag,
    /// So many items at the most.
    Many(usize, &'static Is),
    Object(&'static [Field]),
    /// A text that this function takes.
    Like(fn(&str) -> bool),
    Any,
}

/// Whether the fields of an object are there and fit.
pub fn fits(object: &Map<String, Value>, fields: &[Field]) -> bool {
    fields
        .iter()
        .all(|Field(name, is, mandatory)| match object.get(*name) {
            Some(value) => is.fits(value),
            None => !mandatory,
        })
}

impl Is {
    pub fn fits(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Any, _) | (Self::Flag, Value::Bool(_)) => true,
            (Self::Text(least, most), Value::String(text)) => {
                (*least..=*most).contains(&text.chars().count())
            }
            (Self::OneOf(words), Value::String(text)) => words.contains(&text.as_str()),
            (Self::Like(is_like), Value::String(text)) => is_like(text),
            (Self::Whole(least, most), Value::Number(number)) => {
                whole(number).is_some_and(|number| (*least..=*most).contains(&number))
            }
            (Self::Number(least, most), Value::Number(number)) => number
                .as_f64()
                .is_some_and(|number| (*least..=*most).contains(&number)),
            (Self::Many(most, is), Value::Array(items)) => {
                items.len() <= *most && items.iter().all(|item| is.fits(item))
            }
            (Self::Object(fields), Value::Object(object)) => fits(object, fields),
            _ => false,
        }
    }
}

/// A whole number, also one that is written with a point: 20.0 is 20.
pub fn whole(number: &Number) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it has no fraction and is below 2^53"
    )]
    let written_with_a_point = || {
        let number = number.as_f64()?;
        (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
    };
    number.as_i64().or_else(written_with_a_point)
}

/// Reads a body as one JSON object in which no name stands twice.
pub fn object(bytes: &[u8]) -> Option<Map<String, Value>> {
    match value(bytes) {
        Some(Value::Object(map)) => Some(map),
        _ => None,
    }
}

/// Reads a body as JSON in which no name stands twice in an object.
pub fn value(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok().map(|Once(value)| value)
}

/// A JSON value that says everything once.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Once(Value::Null))
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value that says everything once")
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(Self(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self, E> {
        Ok(Self(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self, E> {
        Ok(Self(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self, E> {
        Ok(Self(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self, E> {
        Ok(Self(value.into()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self, E> {
        Ok(Self(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        let mut list = Vec::new();
        while let Some(Self(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Self(list.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self, A::Error> {
        let (mut names, mut map) = (HashSet::new(), Map::new());
        while let Some((name, Self(value))) = entries.next_entry::<String, Self>()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom("a name stands twice"));
            }
            map.insert(name, value);
        }
        Ok(Self(map.into()))
    }
}
