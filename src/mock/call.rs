//! One request to a known operation, read by the declared types.

use serde_json::Value;

use crate::contract::{FieldPath, Location, Place, ResourceExpectation, Row, Step};

/// A request as the mock reads it: values by place and name, the body as JSON. Values that could
/// not be read stand as text.
#[derive(Debug)]
pub(super) struct Call<'s> {
    /// The parameters that were sent, typed.
    pub(super) parameters: Vec<(Location, &'s str, Value)>,
    /// The parameters of the query that a list takes for their defaults where they are not sent.
    pub(super) omitted: Vec<(&'s str, Value)>,
    /// The body, where one was sent and could be read.
    pub(super) body: Option<Value>,
    /// What is documented of the operation on the resource that was named.
    pub(super) expectation: ResourceExpectation,
}

impl Call<'_> {
    /// The value of a parameter.
    pub(super) fn parameter(&self, location: Location, name: &str) -> Option<&Value> {
        self.parameters
            .iter()
            .find(|(place, known, _)| *place == location && *known == name)
            .map(|(_, _, value)| value)
    }

    /// The text of a parameter; nothing when it was not sent, or is no text.
    pub(super) fn text(&self, location: Location, name: &str) -> Option<&str> {
        self.parameter(location, name).and_then(Value::as_str)
    }

    /// The whole number of a query parameter.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.parameter(Location::Query, name)
            .and_then(Value::as_i64)
    }

    /// A field of the body.
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        self.body.as_ref().and_then(|body| body.get(name))
    }

    /// The value at a place and field such as `path.instance_id` or `request.backup.name`.
    pub(super) fn at(&self, row: &Row) -> Option<&Value> {
        match row.place {
            Place::Path | Place::Query | Place::Header | Place::Cookie => {
                let index = self.index(row)?;
                self.parameters.get(index).map(|(_, _, value)| value)
            }
            Place::Request => self.body.as_ref()?.pointer(&row.field.to_pointer()),
            Place::Operation | Place::Response(_) | Place::ResponseHeader(_) => None,
        }
    }

    /// Gives a field of the body its default, where it was left out of an object that was sent.
    pub(super) fn default(&mut self, field: &FieldPath, value: &Value) {
        let object = field.parent().as_ref().map(FieldPath::to_pointer);
        let body = self.body.as_mut();
        let object = body
            .zip(object)
            .and_then(|(body, at)| body.pointer_mut(&at));
        if let (Some(Value::Object(object)), Some(name)) = (object, field.last_name()) {
            object
                .entry(name.to_owned())
                .or_insert_with(|| value.clone());
        }
    }

    /// Gives the parameters of the query that were not sent their defaults.
    pub(super) fn default_query(&mut self) {
        for (name, value) in std::mem::take(&mut self.omitted) {
            if self.parameter(Location::Query, name).is_none() {
                self.parameters.push((Location::Query, name, value));
            }
        }
    }

    /// Sets a parameter that was sent.
    pub(super) fn set(&mut self, row: &Row, value: Value) {
        if let Some(index) = self.index(row)
            && let Some((_, _, slot)) = self.parameters.get_mut(index)
        {
            *slot = value;
        }
    }

    fn index(&self, row: &Row) -> Option<usize> {
        let [Step::Name(name)] = row.field.steps() else {
            return None;
        };
        self.parameters
            .iter()
            .position(|(location, known, _)| location.place() == row.place && known == name)
    }
}
