//! Bodies of requests, read as the pages have them: well-formed JSON that says everything once, and
//! each field of its type and within its limits.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The nested numbers of a widget.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    pub width: i64,
    pub least: i64,
    pub greatest: i64,
}

/// The fields of a widget that a body gives. What breaks a limit is missing, or cut to fit.
#[derive(Debug, Clone, Default)]
pub(super) struct WidgetFields {
    pub name: Option<String>,
    pub note: Option<String>,
    pub serial: Option<i64>,
    pub ratio: Option<f64>,
    pub active: Option<bool>,
    pub size: Option<Size>,
    pub labels: Option<Vec<String>>,
}

/// The fields of a part that a body gives.
#[derive(Debug, Clone, Default)]
pub(super) struct PartFields {
    pub title: Option<String>,
    pub weight: Option<i64>,
}

/// A body being read: its fields, and the first that is not as documented.
struct Fields<'b> {
    body: &'b Map<String, Value>,
    problem: Option<String>,
}

/// Reads the fields of a widget; with `whole`, the mandatory ones have to be there. The second is
/// what is wrong with the body.
pub(super) fn widget(body: &Map<String, Value>, whole: bool) -> (WidgetFields, Option<String>) {
    let mut fields = Fields {
        body,
        problem: None,
    };
    let given = WidgetFields {
        name: fields.text("name", 1, 32),
        note: fields.text("note", 0, 64),
        serial: fields.integer("serial", 0, i64::MAX),
        ratio: fields.take("ratio", |value| {
            value
                .as_f64()
                .filter(|ratio| (0.0..=1000.0).contains(ratio))
        }),
        active: fields.take("active", Value::as_bool),
        size: fields.take("size", size),
        labels: fields.take("labels", |value| {
            let labels = value.as_array()?.iter();
            labels
                .map(|label| label.as_str().map(str::to_owned))
                .collect()
        }),
    };
    if whole {
        fields.need("name");
        fields.need("size");
    }
    (given, fields.problem)
}

/// Reads the fields of a part.
pub(super) fn part(body: &Map<String, Value>) -> (PartFields, Option<String>) {
    let mut fields = Fields {
        body,
        problem: None,
    };
    let given = PartFields {
        title: fields.text("title", 1, 32),
        weight: fields.integer("weight", 0, 1000),
    };
    fields.need("title");
    (given, fields.problem)
}

impl Fields<'_> {
    fn refuse(&mut self, name: &str) {
        self.problem
            .get_or_insert_with(|| format!("`{name}` is not as documented"));
    }

    fn need(&mut self, name: &str) {
        if !self.body.contains_key(name) {
            self.refuse(name);
        }
    }

    fn take<T>(&mut self, name: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = read(self.body.get(name)?);
        if value.is_none() {
            self.refuse(name);
        }
        value
    }

    fn text(&mut self, name: &str, least: usize, most: usize) -> Option<String> {
        let text = self.take(name, |value| value.as_str().map(str::to_owned))?;
        let length = text.chars().count();
        if !(least..=most).contains(&length) {
            self.refuse(name);
        }
        // What is too long is cut, as a careless database does; nobody sees it of a correct server.
        (length >= least).then(|| text.chars().take(most).collect())
    }

    fn integer(&mut self, name: &str, least: i64, most: i64) -> Option<i64> {
        self.take(name, |value| whole(value, least, most))
    }
}

fn size(value: &Value) -> Option<Size> {
    let of = |value: &Value, name: &str, least| whole(value.get(name)?, least, 1000);
    let depth = value.get("depth")?;
    Some(Size {
        width: of(value, "width", 1)?,
        least: of(depth, "min", 0)?,
        greatest: of(depth, "max", 0)?,
    })
}

/// A whole number within bounds, however it is written: 20.0 is 20.
fn whole(value: &Value, least: i64, most: i64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it has no fraction and is below 2^53"
    )]
    let written_with_a_point = || {
        let number = value.as_f64()?;
        (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
    };
    let number = value.as_i64().or_else(written_with_a_point)?;
    (least..=most).contains(&number).then_some(number)
}

/// Reads a body as one JSON object in which no name stands twice.
pub(super) fn object(bytes: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(bytes) {
        Ok(Once(Value::Object(map))) => Some(map),
        _ => None,
    }
}

/// A JSON value that says everything once.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor).map(Once)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value that says everything once")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value);
        number
            .map(Value::Number)
            .ok_or_else(|| E::custom("no number of JSON"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Once(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((name, Once(value))) = entries.next_entry::<String, Once>()? {
            if map.insert(name, value).is_some() {
                return Err(A::Error::custom("a name stands twice"));
            }
        }
        Ok(Value::Object(map))
    }
}
