//! The witness of a finding: the requests that show it, in their order, those that made what the
//! last one is about included. The ids of what was made are new each time: lines for a shell take
//! them from the answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{Identity, Resource};
use crate::exchange::{Exchange, RecordedRequest, Redactor};
use crate::generate::text_of;

/// An id that a step's answer tells, and that the steps after it use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Capture {
    /// The step, counted from 0.
    pub step: usize,
    /// The variable of the shell that keeps it: `WIDGET_ID`.
    pub variable: String,
    /// The JSON pointer (RFC 6901) to the id in the answer.
    pub pointer: String,
    /// The id as it was.
    pub id: String,
}

/// A resource that was made, and how that is had again.
#[derive(Debug, Clone)]
pub(super) struct Making {
    /// Its id.
    pub(super) id: Value,
    /// The request that made it.
    request: RecordedRequest,
    variable: String,
    /// Where the answer tells the id; none where the request says it.
    pointer: Option<String>,
}

impl Making {
    /// What an exchange has made.
    pub(super) fn of(
        resource: &Resource,
        id: &Value,
        exchange: &Exchange,
        redactor: &Redactor,
    ) -> Self {
        let pointer = match resource.create.as_ref().map(|create| &create.identity) {
            Some(Identity::Answered(path)) => Some(path.to_pointer()),
            Some(Identity::Sent(_) | Identity::Chosen | Identity::Located) | None => None,
        };
        let words: String = resource
            .noun
            .chars()
            .map(|letter| {
                if letter.is_ascii_alphanumeric() {
                    letter.to_ascii_uppercase()
                } else {
                    '_'
                }
            })
            .collect();
        Self {
            id: id.clone(),
            request: exchange.recorded_request(redactor),
            variable: format!("{words}_ID"),
            pointer,
        }
    }

    fn text(&self) -> String {
        text_of(&self.id)
    }
}

/// The steps of a finding while they are gathered.
#[derive(Debug, Default, Clone)]
pub(super) struct Witness {
    steps: Vec<RecordedRequest>,
    captures: Vec<Capture>,
}

impl Witness {
    /// Adds what was made before, if it is no step yet.
    pub(super) fn made(&mut self, making: &Making) {
        let id = making.text();
        let is_known = |capture: &Capture| capture.id == id;
        if self.captures.iter().any(is_known) || self.steps.contains(&making.request) {
            return;
        }
        self.steps.push(making.request.clone());
        self.capture(making, self.steps.len() - 1);
    }

    fn capture(&mut self, making: &Making, step: usize) {
        let Some(pointer) = &making.pointer else {
            return;
        };
        let same = self
            .captures
            .iter()
            .filter(|known| known.variable.starts_with(&making.variable))
            .count();
        let variable = if same == 0 {
            making.variable.clone()
        } else {
            format!("{}_{}", making.variable, same + 1)
        };
        self.captures.push(Capture {
            step,
            variable,
            pointer: pointer.clone(),
            id: making.text(),
        });
    }

    /// Adds a request, unless it is the same read as the last.
    pub(super) fn step(&mut self, request: RecordedRequest, is_safe: bool) {
        let is_same = |last: &RecordedRequest| last.curl() == request.curl();
        if !(is_safe && self.steps.last().is_some_and(is_same)) {
            self.steps.push(request);
        }
    }

    /// Takes note that the last step made something.
    pub(super) fn last_made(&mut self, making: &Making) {
        if let Some(last) = self.steps.len().checked_sub(1) {
            self.capture(making, last);
        }
    }

    /// Whether there is any.
    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps, no more than so many: those that made what the later ones use stay, and of the
    /// others the last.
    pub(super) fn into_parts(mut self, most: usize) -> (Vec<RecordedRequest>, Vec<Capture>) {
        // What no later step uses needs no variable.
        let lines: Vec<String> = self.steps.iter().map(RecordedRequest::curl).collect();
        self.captures.retain(|capture| {
            let mut later = lines.iter().skip(capture.step + 1);
            later.any(|line| line.contains(&capture.id))
        });
        while self.steps.len() > most {
            let makes = |step: usize| self.captures.iter().any(|capture| capture.step == step);
            let Some(first) = (0..self.steps.len()).find(|step| !makes(*step)) else {
                break;
            };
            self.steps.remove(first);
            for capture in &mut self.captures {
                if capture.step > first {
                    capture.step -= 1;
                }
            }
        }
        (self.steps, self.captures)
    }
}

/// The lines for a shell that show a finding again.
pub(super) fn lines(steps: &[RecordedRequest], captures: &[Capture]) -> Vec<String> {
    steps
        .iter()
        .enumerate()
        .map(|(step, request)| {
            let mut line = request.curl();
            for capture in captures.iter().filter(|capture| capture.step < step) {
                // A variable stands outside of single quotes.
                let variable = format!("'\"${}\"'", capture.variable);
                line = line.replace(&capture.id, &variable);
            }
            for capture in captures.iter().filter(|capture| capture.step == step) {
                let plain = line.replacen("curl -sS -i ", "curl -sS ", 1);
                let path = jq_path(&capture.pointer);
                line = format!("{}=$({plain} | jq -r '{path}')", capture.variable);
            }
            line
        })
        .collect()
}

/// A JSON pointer as jq writes paths.
fn jq_path(pointer: &str) -> String {
    let mut path = String::new();
    for token in pointer.split('/').skip(1) {
        let name = crate::contract::unescape_token(token);
        path.push_str(&format!(".[{}]", Value::from(name.as_str())));
    }
    let is_plain = |token: &str| {
        !token.is_empty()
            && token
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !token.starts_with(|first: char| first.is_ascii_digit())
    };
    if pointer.split('/').skip(1).all(is_plain) {
        pointer.replace('/', ".")
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/id", ".id")]
    #[case("/widget/id", ".widget.id")]
    #[case("/a-b/id", ".[\"a-b\"].[\"id\"]")]
    fn a_pointer_is_a_path_of_jq(#[case] pointer: &str, #[case] expected: &str) {
        assert_eq!(jq_path(pointer), expected);
    }
}
