//! Examples that a person writes in `cases/` of what a request may have: values that a service takes
//! and that no page shows, such as the name of a host or an expression in a language of its own.

use std::collections::BTreeMap;

use serde_json::Value;

use super::field_path::FieldPath;
use super::message::Location;
use super::operation::Operation;
use super::rule::{Place, Row};

impl Operation {
    /// Takes the examples that a person wrote, by their places: `request` for the whole body, or
    /// `path.NAME`, `query.NAME`, `header.NAME`, `cookie.NAME`. The error says what is wrong with one.
    pub(super) fn take_examples(
        &mut self,
        examples: BTreeMap<String, Value>,
    ) -> Result<(), String> {
        for (place, value) in examples {
            let row = self.row_of_example(&place)?;
            let broken = if row.place == Place::Request {
                let body = self.request_body.as_mut();
                let body =
                    body.ok_or_else(|| format!("`{place}`: no request body is documented"))?;
                let broken = body.schema.violations(&value);
                // It comes before those of the source: whoever wrote it knows the server.
                body.examples.insert(0, value.clone());
                broken
            } else {
                let mut parameters = self.parameters.iter();
                let own = parameters.find(|own| {
                    own.location.place() == row.place && row.field == FieldPath::name(&own.name)
                });
                own.map(|own| own.schema.violations(&value))
                    .unwrap_or_default()
            };
            if let Some(violation) = broken.first() {
                let within = &violation.pointer;
                return Err(format!("`{place}{within}`: {}", violation.message));
            }
            self.examples.insert(row, value);
        }
        Ok(())
    }

    /// The example that a person wrote of a parameter.
    pub fn example_of(&self, place: Place, field: &FieldPath) -> Option<&Value> {
        let row = Row {
            place,
            field: field.clone(),
        };
        self.examples.get(&row)
    }

    fn row_of_example(&self, place: &str) -> Result<Row, String> {
        let unknown = || format!("`{place}` is no place that the contract has");
        if place == "request" {
            return Ok(Row {
                place: Place::Request,
                field: FieldPath::root(),
            });
        }
        let (head, name) = place.split_once('.').ok_or_else(unknown)?;
        let location = match head {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            "cookie" => Location::Cookie,
            _ => return Err(unknown()),
        };
        self.parameter(location, name).ok_or_else(unknown)?;
        Ok(Row {
            place: location.place(),
            field: FieldPath::name(name),
        })
    }
}
