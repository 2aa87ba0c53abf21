//! Exchange + contract -> observations: each check is one judgement of one response, in a file of
//! its own. Every answer passes every check.

mod allow;
mod asked_format;
mod breach;
mod cause;
mod computed;
mod content_type;
mod counts;
mod empty_body;
mod envelope;
mod error_body;
mod fingerprint;
mod headers;
mod hidden;
mod json;
mod kept;
mod leak;
mod length;
mod no_id;
mod observation;
mod partial;
mod schema;
mod shape;
mod state_tied;
mod status;

use serde_json::Value;

use crate::contract::{
    Facet, Level, Malformed, MediaType, Operation, Place, Response, Rule, StatusRange, Topic, Wire,
};
use crate::exchange::{Answer, Exchange, Redactor};
use crate::generate::{Case, Expectation};

pub use breach::Breach;
pub use envelope::refuses_in_body;
#[cfg(test)]
pub use fingerprint::LengthFault;
pub use fingerprint::{JsonType, Seen, TransportFailure};
pub use kept::is_kept;
#[cfg(test)]
pub use leak::Sign;
pub use observation::{Check, Observation, Part, Subject};
pub use shape::Shape;
pub use status::{asks_for_body, is_too_long_a_target};

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
    /// The body as JSON; `None` for no body.
    pub body: Option<Result<&'a Value, &'a Malformed>>,
    /// What is secret.
    pub redactor: &'a Redactor,
}

impl Context<'_> {
    /// The place of the answer in a fact: its status, or the class that the contract names.
    pub fn place(&self) -> Place {
        let documented = self.response.map(|response| response.status);
        Place::Response(documented.unwrap_or(StatusRange::Code(self.answer.status)))
    }

    /// What a check saw wrong with the answer as a whole.
    fn observe(
        &self,
        check: Check,
        facet: Facet,
        level: Level,
        seen: Seen,
        message: String,
        documented: &str,
    ) -> Observation {
        Observation {
            check,
            fact: self.operation.fact_id(Rule::of_place(self.place(), facet)),
            seen,
            level,
            message,
            documented: documented.to_owned(),
            rows: self
                .response
                .map(|response| response.facts.clone())
                .unwrap_or_default(),
            at: None,
        }
    }

    /// Whether the method of the request is one that the operation documents.
    pub fn is_documented_method(&self) -> bool {
        self.case.request.method == self.operation.method
    }
}

/// What judges an answer: what a check sees wrong in it.
pub type Judge = fn(&Context<'_>) -> Vec<Observation>;

/// The checks that look at an answer, in the order that findings are shown.
pub const CHECKS: [(Check, Judge); 11] = [
    (Check::Status, status::check),
    (Check::Status, cause::check),
    (Check::Allow, allow::check),
    (Check::EmptyBody, empty_body::check),
    (Check::ContentType, content_type::check),
    (Check::Headers, headers::check),
    (Check::Json, json::check),
    (Check::Schema, schema::check),
    (Check::ErrorBody, error_body::check),
    (Check::ContentLength, length::check),
    (Check::Leak, leak::check),
];

/// The checks that an answer has to pass whoever sent it, the endpoint or a gateway in front of it.
const OF_ANY_SENDER: [Check; 3] = [Check::Status, Check::ContentLength, Check::Leak];

/// The part of an answer that a check looks at, where it does not say more exactly what is at
/// fault.
fn part_of(check: Check) -> Part {
    match check {
        Check::Status => Part::Status,
        Check::Allow | Check::ContentType | Check::ContentLength => {
            Part::Header(check.as_str().to_owned())
        }
        Check::EmptyBody
        | Check::Headers
        | Check::Json
        | Check::Schema
        | Check::ErrorBody
        | Check::Leak
        | Check::Transport
        | Check::ResponseTime
        | Check::Relation
        | Check::Snapshot
        | Check::Example => Part::Body(String::new()),
    }
}

/// The answer came in time, where a time was asked for. That is about the operation, whatever was
/// asked of it.
pub fn in_time(
    operation: &Operation,
    exchange: &Exchange,
    most: std::time::Duration,
) -> Option<Observation> {
    (exchange.elapsed > most).then(|| {
        let message = format!(
            "the answer took {} ms, allowed {} ms",
            exchange.elapsed.as_millis(),
            most.as_millis()
        );
        let facet = Facet::Wire(Wire::ResponseTime);
        Observation {
            check: Check::ResponseTime,
            fact: operation.fact_id(Rule::of_place(Place::Operation, facet)),
            seen: Seen::Slow,
            level: Level::Must,
            message,
            documented: "--max-response-time".to_owned(),
            rows: operation.facts.clone(),
            at: Some(Part::Time),
        }
    })
}

/// What the checks say of an exchange.
#[derive(Debug, Default)]
pub struct Judgement<'e> {
    /// What is wrong.
    pub observations: Vec<Observation>,
    /// The body of the answer, where it is JSON.
    pub body: Option<&'e Value>,
}

/// Runs every check on an exchange. No answer at all is an observation too.
pub fn judge<'e>(
    operation: &Operation,
    case: &Case,
    subject: &Subject,
    exchange: &'e Exchange,
    redactor: &Redactor,
) -> Judgement<'e> {
    let answer = match &exchange.outcome {
        Ok(answer) => answer,
        Err(error) => {
            return Judgement {
                observations: vec![Observation::about(
                    subject,
                    Check::Transport,
                    Seen::Transport {
                        failure: error.into(),
                    },
                    format!("{}: {error}", case.label),
                )],
                body: None,
            };
        }
    };
    let response = operation
        .response(answer.status)
        .filter(|_| case.request.method == operation.method);
    // What is documented as another media type is no JSON, whatever its bytes are.
    let media = answer.header("content-type").and_then(MediaType::read);
    let others = response.into_iter().flat_map(|response| &response.media);
    let mut others = others.filter(|known| !known.is_json());
    let is_other = media.is_some_and(|media| others.any(|known| known.covers(&media)));
    let is_read = !answer.body.is_empty() && !is_other;
    let body = is_read.then(|| answer.body.strict());
    let context = Context {
        operation,
        case,
        subject,
        answer,
        response,
        body,
        redactor: &redactor.with(&exchange.authentication.secrets),
    };
    let mut observations = Vec::new();
    // What is too large is refused by whoever stands in front too, in a body of its own.
    let is_turned_away = match case.expectation {
        Expectation::Oversized | Expectation::TooLarge => answer.status / 100 == 4,
        // So is what is no id, by whoever looks for the operation of a path.
        Expectation::UnknownResource | Expectation::AbsentResource => {
            answer.status == 404 && no_id::is_in_path(operation, &case.request)
        }
        // Nothing is documented of what stands at another path.
        Expectation::UndocumentedPath => true,
        Expectation::Success
        | Expectation::Refusal
        | Expectation::ConventionalRefusal
        | Expectation::LenientRefusal
        | Expectation::Malformed
        | Expectation::Unspecified
        | Expectation::Unauthorised
        | Expectation::RefusedResource
        | Expectation::EmptyResource
        | Expectation::UndocumentedMethod => false,
    };
    for (check, judge) in CHECKS {
        if is_turned_away && !OF_ANY_SENDER.contains(&check) {
            continue;
        }
        // Nothing is documented of what a refusal has whose status is that of a success.
        if answer.refuses && !OF_ANY_SENDER.contains(&check) {
            continue;
        }
        for mut observation in judge(&context) {
            observation.at.get_or_insert_with(|| part_of(check));
            observations.push(observation);
        }
    }
    observations.retain(|observation| !is_read_leniently(&context, observation));
    if is_nothing_for_nobody(&context) {
        observations.retain(|observation| observation.check == Check::Status);
    }
    Judgement {
        observations,
        body: body.and_then(Result::ok),
    }
}

/// Whether null is what a success says of what nobody has: that it is one is told, and null is no
/// other breach beside it.
fn is_nothing_for_nobody(context: &Context<'_>) -> bool {
    let is_of_nobody = matches!(
        context.case.expectation,
        Expectation::UnknownResource | Expectation::AbsentResource
    );
    is_of_nobody && context.answer.status / 100 == 2 && context.body == Some(Ok(&Value::Null))
}

/// Whether an answer shows no more than the value that a lenient reader took, or the null of a
/// request: that it is none of the documented ones is told of the request already.
fn is_read_leniently(context: &Context<'_>, observation: &Observation) -> bool {
    let Topic::Rule(rule) = &context.subject.fact.topic else {
        return false;
    };
    let is_lenient = matches!(
        context.case.expectation,
        Expectation::LenientRefusal | Expectation::ConventionalRefusal
    );
    if !is_lenient || observation.check != Check::Schema {
        return false;
    }
    let (Some(Part::Body(pointer)), Some(Ok(body))) = (&observation.at, &context.body) else {
        return false;
    };
    let sent = context.case.request.get(rule.place, &rule.field);
    sent.is_some() && body.pointer(pointer) == sent.as_ref()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::contract::{Level, Service, compile};
    use crate::exchange::Authentication;
    use crate::generate::{Body, Credential, Expectation, Request};

    fn operation() -> Operation {
        let facts = |facet: &str| json!({ "facts": [{ "facet": facet, "page": "p.md", "table": "Table 1", "row": "r", "line": 1 }] });
        let document = json!({
            "openapi": "3.1.0",
            "info": { "title": "x", "version": "1" },
            "paths": { "/things": { "get": {
                "operationId": "ListThings",
                "x-docproof": facts("method"),
                "responses": {
                    "200": { "description": "OK", "x-docproof": facts("status"), "content": { "application/json": { "schema": {
                        "type": "object", "required": ["name"], "properties": { "name": { "type": "string", "maxLength": 4, "x-docproof": facts("maxLength") } }
                    } } } },
                    "204": { "description": "No Content", "x-docproof": facts("body") },
                    "302": { "description": "Found", "x-docproof": facts("status"), "headers": {
                        "Retry-After": { "required": false, "schema": { "type": "integer", "maximum": 9, "x-docproof": facts("maximum") } },
                        "X-Id": { "required": true, "schema": { "type": "string", "x-docproof": facts("required") } }
                    } },
                    "400": { "description": "Bad Request", "x-docproof": facts("status"), "content": { "application/json": { "schema": {
                        "type": "object", "required": ["error_code"], "properties": { "error_code": { "type": "string", "x-docproof": facts("type") } }
                    } } } }
                }
            } } },
            "x-docproof": { "service": "x", "pages": [], "documentation": [] }
        });
        let files = BTreeMap::from([("openapi.json".to_owned(), document.to_string())]);
        compile(&Service::from_files("x", files).unwrap())
            .unwrap()
            .remove(0)
    }

    /// The names of the checks that see something wrong in an answer.
    fn seen(
        expectation: Expectation,
        status: u16,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> BTreeSet<&'static str> {
        let operation = operation();
        let request = Request {
            method: "GET".to_owned(),
            template: "/things".to_owned(),
            path: BTreeMap::new(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Body::Absent,
            content_type: None,
            credential: Credential::Given,
            credential_of: None,
            borrowed: std::sync::Arc::default(),
            given: std::sync::Arc::default(),
            lists: std::sync::Arc::default(),
        };
        let case = Case {
            label: "a case".to_owned(),
            request: request.clone(),
            expectation,
        };
        let subject = Subject {
            fact: operation.about(Topic::Credential),
            rows: Vec::new(),
            level: Level::Must,
            documented: String::new(),
        };
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let answer = Answer {
            status,
            headers,
            body: body.to_vec().into(),
            refuses: false,
        };
        let exchange = Exchange {
            request,
            url: "http://x/things".to_owned(),
            authentication: Authentication::default(),
            connection: std::sync::Arc::default(),
            outcome: Ok(answer),
            elapsed: Duration::ZERO,
        };
        let redactor = Redactor::new(["s3cret-token".to_owned()]);
        judge(&operation, &case, &subject, &exchange, &redactor)
            .observations
            .into_iter()
            .map(|observation| observation.check.as_str())
            .collect()
    }

    const JSON: (&str, &str) = ("content-type", "application/json");

    /// An answer to a request of an expectation, and the checks that see something wrong in it.
    struct Judged {
        what: &'static str,
        expectation: Expectation,
        status: u16,
        headers: &'static [(&'static str, &'static str)],
        body: &'static str,
        seen: &'static [&'static str],
    }

    const fn judged(
        what: &'static str,
        expectation: Expectation,
        status: u16,
        headers: &'static [(&'static str, &'static str)],
        body: &'static str,
        seen: &'static [&'static str],
    ) -> Judged {
        Judged {
            what,
            expectation,
            status,
            headers,
            body,
            seen,
        }
    }

    #[rustfmt::skip]
    const CASES: &[Judged] = {
        use Expectation::*;
        &[
            judged("plain", Success, 200, &[JSON], r#"{"name":"abcd"}"#, &[]),
            judged("charset", Success, 200, &[("content-type", "application/json; charset=utf-8")], r#"{"name":"abcd"}"#, &[]),
            judged("four characters of many bytes", Success, 200, &[JSON], r#"{"name":"备份😀é"}"#, &[]),
            judged("extra field", Success, 200, &[JSON], r#"{"name":"a","more":1}"#, &[]),
            judged("no content", Success, 204, &[], "", &[]),
            judged("redirection", Success, 302, &[("location", "/a"), ("x-id", "a"), ("retry-after", "9")], "", &[]),
            judged("nowhere", Success, 302, &[("x-id", "a")], "", &["headers"]),
            judged("header beyond its range", Success, 302, &[("location", "/a"), ("x-id", "a"), ("retry-after", "10")], "", &["headers"]),
            judged("header of another type", Success, 302, &[("location", "/a"), ("x-id", "a"), ("retry-after", "soon")], "", &["headers"]),
            judged("header that is not there", Success, 302, &[("location", "/a")], "", &["headers"]),
            judged("undocumented redirection", Success, 301, &[("location", "/a")], "", &["status"]),
            judged("refusal", Refusal, 400, &[JSON], r#"{"error_code":"X.1"}"#, &[]),
            judged("unauthorised", Unauthorised, 401, &[("content-type", "text/html")], "<p>no</p>", &[]),
            judged("right length", Success, 200, &[JSON, ("content-length", "12")], r#"{"name":"a"}"#, &[]),
            judged("unspecified either way", Unspecified, 400, &[JSON], r#"{"error_code":"X.1"}"#, &[]),
            judged("too large", Oversized, 413, &[JSON], r#"{"error_code":"X.1"}"#, &[]),
            judged("too large for a gateway", Oversized, 400, &[("content-type", "text/html")], "<p>no</p>", &[]),
            judged("large and taken", Oversized, 200, &[JSON], r#"{"name":"a"}"#, &[]),
            judged("crash by size", Oversized, 500, &[JSON], r#"{"error_code":"X.1"}"#, &["status"]),
            judged("read leniently", LenientRefusal, 200, &[JSON], r#"{"name":"a"}"#, &["status"]),
            judged("taken by custom", ConventionalRefusal, 200, &[JSON], r#"{"name":"a"}"#, &["status"]),
            judged("undocumented success", Success, 201, &[JSON], "{}", &["status"]),
            judged("accepted what is invalid", Refusal, 200, &[JSON], r#"{"name":"a"}"#, &["status"]),
            judged("crash", Unspecified, 500, &[JSON], r#"{"error_code":"X.1"}"#, &["status"]),
            judged("other refusal", Refusal, 422, &[JSON], "{}", &["status"]),
            judged("body for 204", Success, 204, &[("content-length", "2")], "", &["empty-body"]),
            judged("no body", Success, 200, &[JSON], "", &["empty-body"]),
            judged("unauthorised without body", Unauthorised, 401, &[], "", &["empty-body"]),
            judged("html", Success, 200, &[("content-type", "text/html")], r#"{"name":"a"}"#, &["content-type"]),
            judged("no type", Success, 200, &[], r#"{"name":"a"}"#, &["content-type"]),
            judged("duplicate key", Success, 200, &[JSON], r#"{"name":"a","name":"b"}"#, &["json"]),
            judged("trailing", Success, 200, &[JSON], r#"{"name":"a"} x"#, &["json"]),
            judged("too long", Success, 200, &[JSON], r#"{"name":"abcde"}"#, &["schema"]),
            judged("absent", Success, 200, &[JSON], "{}", &["schema"]),
            judged("has records", EmptyResource, 200, &[JSON], r#"{"name":"a","list":[1]}"#, &["schema"]),
            judged("empty code", Refusal, 400, &[JSON], r#"{"error_code":" "}"#, &["error-body"]),
            judged("method", UndocumentedMethod, 405, &[JSON, ("allow", "GET")], "{}", &[]),
            judged("method not here", UndocumentedMethod, 404, &[], "", &[]),
            judged("method served", UndocumentedMethod, 200, &[JSON], r#"{"name":"a"}"#, &["status"]),
            judged("method without the others", UndocumentedMethod, 405, &[], "", &["allow"]),
            judged("no such path", UndocumentedPath, 404, &[], "", &[]),
            judged("path of a gateway", UndocumentedPath, 302, &[], "", &[]),
            judged("any path", UndocumentedPath, 200, &[("content-type", "text/html")], "<p>", &["status"]),
            judged("wrong length", Success, 200, &[JSON, ("content-length", "99")], r#"{"name":"a"}"#, &["content-length"]),
            judged("trace", Refusal, 400, &[JSON], r#"{"error_code":"java.lang.NullPointerException"}"#, &["leak"]),
            judged("escaped trace", Refusal, 400, &[JSON], r#"{"error_code":"X\n\tat a.b.C.d(C.java:7)"}"#, &["leak"]),
            judged("trace in a text that is JSON", Refusal, 400, &[JSON], r#"{"error_code":"{\"trace\":\"\\n\\tat a.b.C.d(C.java:7)\"}"}"#, &["leak"]),
            judged("escaped words", Refusal, 400, &[JSON], r#"{"error_code":"look\n\tat the \"list\""}"#, &[]),
            judged("escaped SQL", Refusal, 400, &[JSON], r#"{"error_code":"near \"SELEC\": syntax error"}"#, &["leak"]),
            judged("escaped credential", Refusal, 400, &[JSON], r#"{"error_code":"s3cret\u002dtoken"}"#, &["leak"]),
            judged("credential", Refusal, 400, &[JSON, ("x-debug", "s3cret-token")], r#"{"error_code":"X"}"#, &["leak"]),
        ]
    };

    #[test]
    fn checks_see_what_is_wrong_and_nothing_else() {
        for case in CASES {
            assert_eq!(
                seen(
                    case.expectation,
                    case.status,
                    case.headers,
                    case.body.as_bytes()
                ),
                case.seen.iter().copied().collect(),
                "{}",
                case.what
            );
        }
    }

    #[test]
    fn every_check_is_seen_to_fail_by_a_case_above() {
        let tried: BTreeSet<&str> = CASES.iter().flat_map(|case| case.seen).copied().collect();
        let all: BTreeSet<&str> = CHECKS.map(|(check, _)| check.as_str()).into();
        assert_eq!(tried, all);
    }
}
