//! What calls of an example show: the bodies that they send, and the answers below them.

use super::{Examples, Origin, RequestLine, Shown, line_at, parse};
use crate::derive::curl;
use crate::derive::foreign::fits;
use crate::derive::outline::Item;
use crate::derive::path::RequestTarget;
use crate::derive::section::Section;

/// The methods of calls that send no body.
const READS: [&str; 3] = ["GET", "HEAD", "DELETE"];

/// What is known of the call right above a block of code.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallAbove {
    /// Whether it asks for the operation.
    is_own: bool,
    /// Whether it sends something from a file, which the block below may be.
    has_file: bool,
    does: Does,
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Does {
    /// It is by a method that sends no body.
    Reads,
    /// It is a command that may send one.
    Sends,
    /// It is no command.
    Else,
}

impl CallAbove {
    pub(super) fn of(text: &str, methods: &[&str]) -> Self {
        let does = if curl::of_other_methods(text, &READS).is_empty() {
            Does::Reads
        } else if curl::commands(text).next().is_some() {
            Does::Sends
        } else {
            Does::Else
        };
        Self {
            is_own: !curl::calls(text, methods).is_empty(),
            has_file: text.contains('@'),
            does,
        }
    }

    /// Whether what stands below it, without a label of its own, answers it.
    pub(super) fn is_answered(self, section: Section) -> bool {
        let is_answer = match section {
            Section::Operation => true,
            Section::Request | Section::RequestExample => self.does != Does::Else,
            _ => false,
        };
        self.is_own && !self.has_file && is_answer
    }

    /// Whether that answers a call of another operation.
    pub(super) fn is_of_another(self, section: Section) -> bool {
        let is_of_request = matches!(section, Section::Request | Section::RequestExample);
        is_of_request && self.does == Does::Reads && !self.is_own
    }
}

impl Examples {
    /// Adds what a call shows: the query of its URL, the bodies that it sends, and the answer below
    /// it.
    pub(super) fn call(
        &mut self,
        item: &Item<'_>,
        text: &str,
        targets: &[RequestTarget],
        is_refused: bool,
    ) {
        let methods: Vec<&str> = targets.iter().map(|own| own.method.as_str()).collect();
        let methods = methods.as_slice();
        for (method, at) in curl::of_other_methods(text, methods) {
            let why = format!("a call by `{method}` shows another operation, and is not read");
            self.passed_over.push((line_at(item.line, text, at), why));
        }
        for call in curl::calls(text, methods) {
            let line = |at: usize| line_at(item.line, text, at);
            let asked = call.path;
            let is_own = asked.is_some_and(|path| targets.iter().any(|own| fits(path, &own.path)));
            let status = call.status.map(|(status, _)| status);
            if let Some((status, at)) = call.status.filter(|(status, _)| is_own && *status < 400) {
                self.statuses.push((status, line(at)));
            }
            let is_refused = is_refused || status.is_some_and(|status| status >= 400);
            if is_refused && let Some((_, at)) = call.bodies.first() {
                let why = "a call is shown that is refused: what it sends is not read";
                self.passed_over.push((line(*at), why.to_owned()));
            }
            for (value, at) in call.bodies.iter().filter(|_| !is_refused) {
                self.requests.push(Shown {
                    value: value.clone(),
                    line: line(*at),
                    status: None,
                    refusal: false,
                    is_of_either: false,
                    is_own,
                    origin: Origin::Call,
                });
            }
            if let Some((url, at)) = call.url.filter(|_| call.bodies.is_empty()) {
                self.request_lines.push(RequestLine {
                    url: url.to_owned(),
                    line: line(at),
                    has_body: false,
                });
            }
            if let Some((value, at)) = call.answer {
                self.responses.push(Shown {
                    value: Some(value),
                    line: line(at),
                    status: status.filter(|_| is_own).or(item.status),
                    refusal: status.is_some_and(|status| status >= 400),
                    is_of_either: false,
                    is_own: true,
                    origin: Origin::Page,
                });
            }
        }
    }

    /// Adds the answer that stands right below a call, where no label says of what it is.
    pub(super) fn below_call(&mut self, item: &Item<'_>, text: &str) {
        let shown = text.trim_start();
        let value = shown.starts_with(['{', '[']).then(|| parse(shown));
        if let Some(value) = value.flatten() {
            self.responses.push(Shown {
                value: Some(value),
                line: line_at(item.line, text, text.len() - shown.len()),
                status: item.status,
                refusal: false,
                is_of_either: false,
                is_own: true,
                origin: Origin::Page,
            });
        }
    }
}
