//! Faults of answers that no row is about: what they give away, errors that say nothing, lengths
//! that contradict each other.

use serde_json::Value;

use crate::contract::{
    Facet, FieldPath, Place, Response, Rule, Schema, Step, Wire, enum_values, types_of,
};

use crate::generate::{Slot, is_opaque, size, slots};

use super::{Alter, Effect, FaultKind, Maker};

/// What an error body tells that it should not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// A text.
    Text(&'static str),
    /// The token of the request.
    Credential,
}

/// Name, what it is, and what is told.
const LEAKS: [(&str, &str, Told); 4] = [
    (
        "stack-trace",
        "an error shows a stack trace",
        Told::Text("java.lang.NullPointerException at a.B.c(B.java:7)"),
    ),
    (
        "escaped-stack-trace",
        "an error shows a stack trace of which only the escapes stand in its bytes",
        Told::Text("it failed\n\tat a.b.C.d(C.java:7)"),
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
        for field in &texts {
            self.repeats(response, schema, field);
        }
        if let Some(field) = texts.last() {
            for (way, what, told) in LEAKS {
                let alter = Alter::Tell((*field).clone(), told);
                let rule = of_answer(Wire::Leak);
                self.alter(response, rule, way, what.to_owned(), alter);
            }
        }
    }

    /// A text of an error repeats what was sent, however long that is.
    fn repeats(&mut self, response: &Response, schema: &Schema, field: &FieldPath) {
        let limited = schema
            .field(field)
            .is_some_and(|field| size(field.node, Facet::MaxLength).is_some());
        let breaks = |slot: &Slot<'_>| {
            let facets = [Facet::MaxLength, Facet::Enum, Facet::Format];
            let is_text = types_of(slot.node).contains(&"string");
            let is_ruled = facets
                .iter()
                .any(|facet| slot.node.get(facet.as_str()).is_some());
            is_text && is_ruled && slot.is_top() && !is_opaque(slot.facts)
        };
        if !limited || !slots(self.operation).iter().any(breaks) {
            return;
        }
        let place = Place::Response(response.status);
        let rule = Rule::new(place, field.clone(), Facet::MaxLength);
        let fact = self.operation.fact_id(rule);
        let what = format!("{field} repeats what was sent, however long that is");
        let effect = Effect::Repeats {
            status: response.status,
            field: field.clone(),
        };
        self.add(FaultKind::Answer, fact, "repeated", what, effect);
    }
}
