//! Faults of answers that no row is about: what they give away, errors that say nothing, lengths
//! that contradict each other.

use serde_json::Value;

use crate::contract::{
    Facet, FieldPath, Place, Response, Rule, Schema, StatusRange, Step, Wire, enum_values, types_of,
};

use super::{Alter, Maker};

/// What an error body tells that it should not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// A text.
    Text(&'static str),
    /// The token of the request.
    Credential,
}

/// Name, what it is, and what is told.
const LEAKS: [(&str, &str, Told); 3] = [
    (
        "stack-trace",
        "an error shows a stack trace",
        Told::Text("java.lang.NullPointerException at a.B.c(B.java:7)"),
    ),
    (
        "sql-error",
        "an error shows what the database said",
        Told::Text("ORA-00942: table or view does not exist"),
    ),
    (
        "credential",
        "an error repeats the credential",
        Told::Credential,
    ),
];

impl Maker<'_> {
    /// Adds the faults of a response that has a body.
    pub(super) fn slips(&mut self, response: &Response, schema: &Schema) {
        let place = Place::Response(response.status);
        let of_answer = |wire| Rule::of_place(place, Facet::Wire(wire));
        if response.class() == Some(2) {
            let rule = of_answer(Wire::ContentLength);
            let what = "states a length beside a transfer encoding".to_owned();
            self.alter(response, rule, "beside-encoding", what, Alter::TwoLengths);
        }
        if response.class() != Some(4) {
            return;
        }
        let texts: Vec<&FieldPath> = schema
            .fields()
            .filter(|field| {
                field.expected().is_some()
                    && matches!(field.path.steps(), [Step::Name(_)])
                    && types_of(field.node).contains(&"string")
                    && enum_values(field.node).is_empty()
            })
            .map(|field| field.path)
            .collect();
        let saying = texts.iter().filter(|field| {
            let name = field.to_string().to_ascii_lowercase();
            ["code", "msg", "message"]
                .iter()
                .any(|end| name.ends_with(end))
        });
        for field in saying {
            let rule = Rule::new(place, (*field).clone(), Facet::Required);
            let alter = Alter::Set((*field).clone(), Value::from(""));
            self.alter(response, rule, "empty", format!("{field} is empty"), alter);
        }
        if let Some(field) = texts.last() {
            // Who is refused for lack of a credential has sent none that could be given away.
            let has_credential = !matches!(response.status, StatusRange::Code(401 | 403));
            let leaks = LEAKS
                .into_iter()
                .filter(|(_, _, told)| has_credential || *told != Told::Credential);
            for (way, what, told) in leaks {
                let alter = Alter::Tell((*field).clone(), told);
                let rule = of_answer(Wire::Leak);
                self.alter(response, rule, way, what.to_owned(), alter);
            }
        }
    }
}
