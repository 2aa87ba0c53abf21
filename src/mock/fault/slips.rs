//! Faults of answers that no row is about: what they give away, errors that say nothing, lengths that contradict each other.

use serde_json::Value;

use crate::contract::{Response, Schema, enum_values, types_of};

use super::{Alter, FaultKind, Maker};

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
        let place = format!("response-{}", response.status);
        if response.class() == Some(2) {
            let fact = self.operation.fact(&place, "", "contentLength");
            let what = "states a length beside a transfer encoding".to_owned();
            self.slip(response, fact, "beside-encoding", what, Alter::TwoLengths);
        }
        if response.class() != Some(4) {
            return;
        }
        let texts: Vec<String> = schema
            .fields()
            .filter(|field| {
                field.required
                    && field.path.steps().len() == 1
                    && field.path.top().is_some()
                    && types_of(field.node).contains(&"string")
                    && enum_values(field.node).is_empty()
            })
            .map(|field| field.name.to_owned())
            .collect();
        let saying = texts.iter().filter(|name| {
            let name = name.to_ascii_lowercase();
            ["code", "msg", "message"]
                .iter()
                .any(|end| name.ends_with(end))
        });
        for name in saying {
            let fact = self.operation.fact(&place, name, "required");
            let alter = Alter::Set(name.clone(), Value::from(""));
            self.slip(response, fact, "empty", format!("{name} is empty"), alter);
        }
        if let Some(name) = texts.last() {
            // Who is refused for lack of a credential has sent none that could be given away.
            let has_credential = !["401", "403"].contains(&response.status.as_str());
            let leaks = LEAKS
                .into_iter()
                .filter(|(_, _, told)| has_credential || *told != Told::Credential);
            for (way, what, told) in leaks {
                let fact = self.operation.fact(&place, "", "leak");
                let alter = Alter::Tell(name.clone(), told);
                self.slip(response, fact, way, what.to_owned(), alter);
            }
        }
    }

    fn slip(&mut self, response: &Response, fact: String, way: &str, what: String, alter: Alter) {
        let effect = super::Effect::Answer {
            status: response.status.clone(),
            alter,
        };
        self.add(FaultKind::Answer, fact, way, what, effect);
    }
}
