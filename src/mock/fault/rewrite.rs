//! What a fault takes an accepted request for instead of what it says.

use serde_json::{Map, Value};

use crate::contract::formats::{DateParts, DateTemplate};
use crate::contract::{Facet, Location, Row};

use super::super::call::Call;
use super::super::operation::MockOperation;
use super::super::resource::Resources;

/// How a request is rewritten before it is answered; the backends know nothing of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Rewrite {
    /// A body's field that is not sent takes another value than the documented default.
    Default { field: String, value: Value },
    /// A body's field is kept as something else than what was sent.
    Kept { field: String, values: Vec<Value> },
    /// What is created is not kept.
    Lost { row: Row },
    /// A count in the query is taken for another one.
    Count { name: String, add: i64 },
    /// A parameter of the query or a header is ignored.
    Ignored { name: String },
    /// A parameter of the query that is not sent is taken for another value than its default.
    Omitted { name: String, value: Value },
    /// Of several values of a parameter of the query one alone counts: the last, or the first.
    OneAlone { name: String, is_last: bool },
    /// A time in the query is taken for one a second off.
    Shifted { name: String, seconds: i64 },
    /// Another resource's records are told.
    Foreign { row: Row, key: String },
}

impl Rewrite {
    /// Rewrites a request; `resources` are the mock's own.
    pub(super) fn apply(
        &self,
        resources: &Resources,
        operation: &MockOperation,
        call: &mut Call<'_>,
    ) {
        match self {
            Self::Default { field, value } => {
                let body = call.body.get_or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(map) = body {
                    map.entry(field.clone()).or_insert_with(|| value.clone());
                }
            }
            Self::Kept { field, values } => {
                if let Some(Value::Object(map)) = &mut call.body
                    && let Some(slot) = map.get_mut(field)
                    && let Some(other) = values.iter().find(|value| *value != slot)
                {
                    *slot = other.clone();
                }
            }
            Self::Lost { row } => call.set(row, Value::from("nowhere")),
            Self::Foreign { row, key } => {
                if let Some(id) = resources.id(key) {
                    call.set(row, Value::from(id));
                }
            }
            Self::Count { name, add } => {
                if let Some(value) = query(call, name)
                    && let Some(number) = value.as_i64()
                {
                    *value = Value::from(number.saturating_add(*add).max(0));
                }
            }
            Self::Ignored { name } => call
                .parameters
                .retain(|(location, known, _)| *location == Location::Path || known != name),
            Self::Omitted { name, value } => {
                for (known, own) in &mut call.omitted {
                    if known == name {
                        own.clone_from(value);
                    }
                }
            }
            Self::OneAlone { name, is_last } => match query(call, name) {
                Some(Value::Array(values)) => {
                    let one = if *is_last {
                        values.pop()
                    } else {
                        values.drain(..).next()
                    };
                    values.clear();
                    values.extend(one);
                }
                Some(Value::String(text)) => {
                    let mut values = text.split(',');
                    let one = if *is_last {
                        values.next_back()
                    } else {
                        values.next()
                    };
                    *text = one.unwrap_or_default().to_owned();
                }
                _ => {}
            },
            Self::Shifted { name, seconds } => {
                let format = operation
                    .query
                    .iter()
                    .find(|accepted| accepted.name == *name)
                    .and_then(|accepted| accepted.schema.root.get(Facet::Format.as_str()))
                    .and_then(Value::as_str)
                    .and_then(DateTemplate::parse);
                if let (Some(template), Some(value)) = (format, query(call, name))
                    && let Some(text) = value
                        .as_str()
                        .and_then(|text| shift(&template, text, *seconds))
                {
                    *value = Value::from(text);
                }
            }
        }
    }
}

fn query<'c>(call: &'c mut Call<'_>, name: &str) -> Option<&'c mut Value> {
    call.parameters
        .iter_mut()
        .find(|(location, known, _)| *location == Location::Query && *known == name)
        .map(|(_, _, value)| value)
}

/// A time some seconds later.
fn shift(template: &DateTemplate, text: &str, seconds: i64) -> Option<String> {
    let parts = template.read(text)?;
    let small = |number: u32| i8::try_from(number).ok();
    let time = jiff::civil::DateTime::new(
        i16::try_from(parts.year).ok()?,
        small(parts.month)?,
        small(parts.day)?,
        small(parts.hour)?,
        small(parts.minute)?,
        small(parts.second)?,
        0,
    )
    .ok()?
    .checked_add(jiff::SignedDuration::from_secs(seconds))
    .ok()?;
    let large = |number: i8| u32::try_from(number).ok();
    Some(template.write(DateParts {
        year: u32::try_from(time.year()).ok()?,
        month: large(time.month())?,
        day: large(time.day())?,
        hour: large(time.hour())?,
        minute: large(time.minute())?,
        second: large(time.second())?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shifted_over_midnight() {
        let template = DateTemplate::parse("yyyyMMddHHmmss").unwrap();
        assert_eq!(
            shift(&template, "20231231235959", 1).as_deref(),
            Some("20240101000000")
        );
    }
}
