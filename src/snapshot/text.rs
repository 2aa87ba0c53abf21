//! A snapshot's text: requests and answers one after the other, as people read them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::{Operation, sent_path};
use crate::exchange::{Exchange, Redactor, printable};
use crate::generate::{Body, Case, Request};

use super::drawn::Draws;
use super::redact::Redaction;

/// The longest text of a request that is shown whole, in characters.
const LONGEST: usize = 72;

/// The longest body that is no JSON that is shown, in characters.
const LONGEST_BODY: usize = 2_000;

/// One exchange of a snapshot.
#[derive(Debug)]
pub struct Part<'p> {
    /// What it is about.
    pub title: &'p str,
    /// The case.
    pub case: &'p Case,
    /// The exchange.
    pub exchange: &'p Exchange,
}

/// The text of a snapshot.
pub fn render(
    operation: &Operation,
    parts: &[Part<'_>],
    resources: &BTreeMap<String, String>,
    draws: &Draws,
    redactor: &Redactor,
) -> String {
    let mut redaction = Redaction::new(resources, draws);
    let mut out = String::new();
    for part in parts {
        out.push_str(&format!("# {}\n", part.title));
        out.push_str(&request(&mut redaction, &part.case.request));
        out.push('\n');
        out.push_str(&answer(&mut redaction, operation, part.exchange));
        out.push('\n');
    }
    let secrets: Vec<String> = parts
        .iter()
        .flat_map(|part| part.exchange.authentication.secrets.clone())
        .collect();
    let text = redactor.with(&secrets).redact(out.trim_end());
    text.lines()
        .map(|line| printable(line).trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

fn request(redaction: &mut Redaction<'_>, request: &Request) -> String {
    let mut target = sent_path(&request.template).to_owned();
    for (name, value) in &request.path {
        let shown = short(&redaction.parameter(name, value));
        target = target.replace(&format!("{{{name}}}"), &shown);
    }
    for (index, (name, value)) in request.pairs().enumerate() {
        target.push(if index == 0 { '?' } else { '&' });
        target.push_str(&format!(
            "{name}={}",
            short(&redaction.parameter(name, value))
        ));
    }
    let mut out = format!("{} {target}\n", request.method);
    for (name, value) in &request.headers {
        out.push_str(&format!(
            "{name}: {}\n",
            short(&redaction.parameter(name, value))
        ));
    }
    match &request.body {
        Body::Absent => {}
        Body::Json(value) | Body::Form(value, _) => {
            let value = redaction.sent("", value);
            out.push_str(&format!("{}\n", shortened(&value)));
        }
        Body::Raw(bytes) => {
            out.push_str(&format!("{}\n", short(&String::from_utf8_lossy(bytes))));
        }
    }
    out
}

fn answer(redaction: &mut Redaction<'_>, operation: &Operation, exchange: &Exchange) -> String {
    let answer = match &exchange.outcome {
        Ok(answer) => answer,
        Err(error) => return format!("no answer: {}\n", kind_of(error)),
    };
    let mut out = answer.status.to_string();
    if let Some(kind) = answer.header("content-type") {
        out.push_str(&format!(" {kind}"));
    }
    out.push('\n');
    if answer.body.is_empty() {
        return out;
    }
    if let Some(body) = answer.body.value() {
        let schema = operation
            .response(answer.status)
            .and_then(|response| response.schema.as_ref());
        let enumerated: Vec<String> = schema
            .map(|schema| {
                schema
                    .fields()
                    .filter(|field| field.node.get("enum").is_some())
                    .map(|field| field.path.to_string())
                    .collect()
            })
            .unwrap_or_default();
        let body = redaction.body(body, &|path| enumerated.iter().any(|one| one == path));
        let text = serde_json::to_string_pretty(&body).unwrap_or_else(|_| body.to_string());
        out.push_str(&format!("{text}\n"));
    } else {
        let text = redaction.parameter("", &String::from_utf8_lossy(&answer.body));
        out.push_str(&format!("{}\n", cut(&text, LONGEST_BODY)));
    }
    out
}

/// What kept an answer away, without its numbers.
fn kind_of(error: &crate::exchange::TransportError) -> &'static str {
    use crate::exchange::TransportError;
    match error {
        TransportError::Connect(_) => "no connection",
        TransportError::Timeout(_) => "not in time",
        TransportError::Broken(_) | TransportError::Cut(_) => "broken off, or not HTTP",
        TransportError::TooLarge(_) | TransportError::TooMany(_) => "too large",
        TransportError::Credential(_)
        | TransportError::Unsendable(_)
        | TransportError::NotSent(_) => "not sent",
    }
}

/// A value on one line, its long texts cut.
fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::from(short(text)),
        Value::Array(items) => items.iter().map(shortened).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (short(key), shortened(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn short(text: &str) -> String {
    cut(text, LONGEST)
}

fn cut(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most / 2).collect();
    format!("{head}... ({count} characters)")
}
