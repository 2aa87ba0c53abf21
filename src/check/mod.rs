//! Exchange + contract -> observations: each check is one judgement of one response, in a file of its own. Every answer passes every check.

mod content_type;
mod empty_body;
mod error_body;
mod json;
mod leak;
mod length;
mod observation;
mod schema;
mod status;

use serde_json::Value;

use crate::contract::{Operation, Response};
use crate::exchange::{Answer, Exchange, Redactor};
use crate::generate::{Case, Malformed, parse_strict};

pub use observation::{Observation, Subject};

/// What a check may look at.
#[derive(Debug)]
pub struct Context<'a> {
    /// The operation that was asked.
    pub operation: &'a Operation,
    /// The case that was sent.
    pub case: &'a Case,
    /// The fact that the trial is about.
    pub subject: &'a Subject,
    /// The answer.
    pub answer: &'a Answer,
    /// The documented response for the answer's status, if there is one.
    pub response: Option<&'a Response>,
    /// The body, parsed once for all checks; `None` for no body.
    pub body: Option<Result<Value, Malformed>>,
    /// What is secret.
    pub redactor: &'a Redactor,
}

impl Context<'_> {
    /// The place of the answer in a fact's name: `response-200`, or the class that the contract names.
    pub fn place(&self) -> String {
        let status = self.response.map_or_else(
            || self.answer.status.to_string(),
            |response| response.status.clone(),
        );
        format!("response-{status}")
    }

    /// Whether the method of the request is one that the operation documents.
    pub fn is_documented_method(&self) -> bool {
        self.case.request.method == self.operation.method
    }
}

/// A check: what it sees wrong in an answer.
pub type Check = fn(&Context<'_>) -> Vec<Observation>;

/// All checks, by name, in the order that findings are shown.
pub const CHECKS: [(&str, Check); 8] = [
    ("status", status::check),
    ("empty-body", empty_body::check),
    ("content-type", content_type::check),
    ("json", json::check),
    ("schema", schema::check),
    ("error-body", error_body::check),
    ("content-length", length::check),
    ("leak", leak::check),
];

/// Runs every check on an exchange. No answer at all is an observation too.
pub fn judge(
    operation: &Operation,
    case: &Case,
    subject: &Subject,
    exchange: &Exchange,
    redactor: &Redactor,
) -> Vec<Observation> {
    let answer = match &exchange.outcome {
        Ok(answer) => answer,
        Err(error) => {
            return vec![Observation::about(
                subject,
                "transport",
                format!("{}: {error}", case.label),
            )];
        }
    };
    let response = operation
        .response(answer.status)
        .filter(|_| case.request.method == operation.method);
    let body = (!answer.body.is_empty()).then(|| parse_strict(&answer.body));
    let context = Context {
        operation,
        case,
        subject,
        answer,
        response,
        body,
        redactor,
    };
    let mut observations = Vec::new();
    for (name, check) in CHECKS {
        for mut observation in check(&context) {
            observation.check = name;
            observations.push(observation);
        }
    }
    observations
}
