//! Cases about HTTP itself rather than a documented field: credentials, methods, malformed bodies, unknown resources.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::{Location, Operation, types_of};

use super::body::Body;
use super::boundary::slots;
use super::case::{Case, Expectation};
use super::class::{Class, classify};
use super::request::{Credential, Request, Scheme};

/// The methods that are tried where no page documents them. `HEAD` and `OPTIONS` are left out: servers answer them by themselves, rightly.
pub const UNDOCUMENTED_METHODS: [&str; 5] = ["DELETE", "GET", "PATCH", "POST", "PUT"];

/// Requests without a credential, with an empty and with a wrong one; a signature is wrong in two ways.
pub fn auth(baseline: &Request, scheme: Scheme) -> Vec<(&'static str, Vec<Case>)> {
    let wrong: &[(&str, Credential)] = match scheme {
        Scheme::None | Scheme::Token => &[("a wrong credential", Credential::Wrong)],
        Scheme::Signature => &[
            ("a signature by another secret", Credential::Wrong),
            ("a signature by an unknown key", Credential::UnknownKey),
        ],
    };
    let trials: [(&'static str, &[(&str, Credential)]); 3] = [
        ("absent", &[("no credential", Credential::Absent)]),
        ("empty", &[("an empty credential", Credential::Empty)]),
        ("wrong", wrong),
    ];
    trials
        .into_iter()
        .map(|(name, cases)| {
            let cases = cases
                .iter()
                .map(|(label, credential)| Case {
                    label: (*label).to_owned(),
                    request: Request {
                        credential: *credential,
                        ..baseline.clone()
                    },
                    expectation: Expectation::Unauthorised,
                })
                .collect();
            (name, cases)
        })
        .collect()
}

/// A request with a method that no operation documents on the path.
pub fn method(baseline: &Request, method: &str) -> Case {
    let mut request = baseline.clone();
    method.clone_into(&mut request.method);
    if method == "GET" {
        request.body = Body::Absent;
        request.content_type = None;
    } else if matches!(request.body, Body::Absent) && method != "DELETE" {
        request.body = Body::Json(Value::Object(serde_json::Map::new()));
        request.content_type = Some("application/json".to_owned());
    }
    Case {
        label: method.to_owned(),
        request,
        expectation: Expectation::UndocumentedMethod,
    }
}

/// Bodies that are no JSON object, by kind.
pub fn malformed(
    operation: &Operation,
    baseline: &Request,
    bound: &dyn Fn(&str, &str) -> bool,
    omitted: Option<&str>,
) -> Vec<(&'static str, Case)> {
    if operation.request_body.is_none() || omitted == Some("malformed") {
        return Vec::new();
    }
    let Some(valid) = baseline.body_bytes() else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&valid).into_owned();
    let truncated = valid
        .get(..valid.len().saturating_sub(1))
        .unwrap_or_default()
        .to_vec();
    let kinds: Vec<(&'static str, &str, Vec<u8>)> = vec![
        (
            "broken-json",
            "a JSON object without quotes",
            b"{backup: yes".to_vec(),
        ),
        (
            "truncated-json",
            "the body without its last byte",
            truncated,
        ),
        (
            "trailing-text",
            "the body, then more text",
            format!("{text} x").into_bytes(),
        ),
        (
            "two-values",
            "the body twice",
            format!("{text}{text}").into_bytes(),
        ),
        (
            "not-utf-8",
            "a byte that is not UTF-8",
            not_utf8(operation, baseline, bound),
        ),
        (
            "array",
            "an array around the body",
            format!("[{text}]").into_bytes(),
        ),
        (
            "text",
            "a JSON text instead of an object",
            b"\"text\"".to_vec(),
        ),
        (
            "number",
            "a JSON number instead of an object",
            b"12".to_vec(),
        ),
        ("plain-text", "words that are no JSON", b"hello".to_vec()),
    ];
    let mut cases: Vec<(&'static str, Case)> = kinds
        .into_iter()
        .map(|(name, label, bytes)| {
            let request = Request {
                body: Body::Raw(bytes),
                ..baseline.clone()
            };
            (
                name,
                Case {
                    label: label.to_owned(),
                    request,
                    expectation: Expectation::Malformed,
                },
            )
        })
        .collect();
    // Which content types an endpoint forgives, no page says: it must not break on one.
    for (name, label, kind) in [
        ("plain-type", "the body as text/plain", Some("text/plain")),
        (
            "xml-type",
            "the body as application/xml",
            Some("application/xml"),
        ),
        ("no-type", "the body without a content type", None),
    ] {
        let request = Request {
            content_type: kind.map(str::to_owned),
            ..baseline.clone()
        };
        cases.push((
            name,
            Case {
                label: label.to_owned(),
                request,
                expectation: Expectation::Unspecified,
            },
        ));
    }
    for (name, label, body) in [
        ("empty-body", "no body at all", Body::Absent),
        (
            "empty-object",
            "an empty object",
            Body::Json(Value::Object(serde_json::Map::new())),
        ),
    ] {
        // The content type stays: an endpoint may look at it first, and it is not what the case is about.
        let request = Request {
            body,
            ..baseline.clone()
        };
        // Whether nothing is enough is for the contract to say.
        let expectation = match classify(operation, &request) {
            Class::Valid => Expectation::Success,
            Class::Invalid(_) => Expectation::Refusal,
            Class::Unspecified(_) => Expectation::Unspecified,
        };
        cases.push((
            name,
            Case {
                label: label.to_owned(),
                request,
                expectation,
            },
        ));
    }
    cases
}

/// The body with a byte in it that is not UTF-8: within a text that takes any character, if there is one, for there it breaks nothing else.
fn not_utf8(
    operation: &Operation,
    baseline: &Request,
    bound: &dyn Fn(&str, &str) -> bool,
) -> Vec<u8> {
    const SAYING: [&str; 4] = ["pattern", "format", "enum", "const"];
    const MARK: &str = "\u{10fffd}";
    let marked = slots(operation)
        .into_iter()
        .filter(|slot| {
            slot.place == "request"
                && types_of(slot.node).contains(&"string")
                && SAYING
                    .iter()
                    .all(|keyword| slot.node.get(keyword).is_none())
                && !bound(slot.place, &slot.field)
                && !slot.field.contains('[')
        })
        .find_map(|slot| {
            let mut request = baseline.clone();
            request.set("request", &slot.field, Some(Value::from(MARK)));
            let bytes = request.body_bytes()?;
            let at = bytes
                .windows(MARK.len())
                .position(|window| window == MARK.as_bytes())?;
            Some([bytes.get(..at)?, &[0xff], bytes.get(at + MARK.len()..)?].concat())
        });
    marked.unwrap_or_else(|| {
        let mut bytes = baseline.body_bytes().unwrap_or_default();
        // In front of the last quote: inside the last text of the body.
        if let Some(at) = bytes.iter().rposition(|byte| *byte == b'"') {
            bytes.insert(at, 0xff);
        }
        bytes
    })
}

/// How long a URI, a header and a body are that no page shows, in bytes: beyond what common servers take by default.
const LONG_URI: usize = 16 * 1024;
const LONG_HEADER: usize = 32 * 1024;
const LONG_BODY: usize = 1_200_000;

/// The documented request made very long in one way, by kind: with what no page documents in the query or a header, or with white space after the body,
/// which is a part of JSON (RFC 8259, section 2).
pub fn oversized(baseline: &Request) -> Vec<(&'static str, Case)> {
    let zeros = |length: usize| "0".repeat(length);
    let mut uri = baseline.clone();
    uri.query.push(("padding".to_owned(), zeros(LONG_URI)));
    let mut header = baseline.clone();
    header
        .headers
        .push(("X-Docproof-Padding".to_owned(), zeros(LONG_HEADER)));
    let mut requests = vec![
        ("uri", format!("a URI of over {LONG_URI} bytes"), uri),
        ("header", format!("a header of {LONG_HEADER} bytes"), header),
    ];
    if let Body::Json(value) = &baseline.body {
        let mut bytes = value.to_string().into_bytes();
        bytes.resize(bytes.len() + LONG_BODY, b' ');
        let body = Request {
            body: Body::Raw(bytes),
            ..baseline.clone()
        };
        let label = format!("a body with {LONG_BODY} blanks after it");
        requests.push(("body", label, body));
    }
    requests
        .into_iter()
        .map(|(kind, label, request)| {
            let case = Case {
                label,
                request,
                expectation: Expectation::Oversized,
            };
            (kind, case)
        })
        .collect()
}

/// A number that no resource has.
const UNKNOWN_NUMBER: &str = "2147480000";

/// A request about a resource that is not there.
#[derive(Debug)]
pub struct UnknownResource {
    /// Where the id stands: `path`, `query`, `header` or `request`.
    pub place: String,
    /// The parameter or field.
    pub field: String,
    /// A word for the trial's name.
    pub kind: &'static str,
    /// The case.
    pub case: Case,
}

/// Requests about resources that are not there: the path's parameters, and each other place that is bound to a resource, take ids that nobody has,
/// well-formed and not.
pub fn unknown_resources(
    operation: &Operation,
    baseline: &Request,
    bindings: &BTreeMap<String, String>,
) -> Vec<UnknownResource> {
    // A project stands for the credential's scope: asking for another is a matter of authorisation, which no page describes.
    let mut path: Vec<&str> = operation
        .parameters_in(Location::Path)
        .map(|parameter| parameter.name.as_str())
        .filter(|name| *name != "project_id")
        .collect();
    path.sort_by_key(|name| std::cmp::Reverse(operation.path.find(&format!("{{{name}}}"))));
    let innermost = path.first().copied().unwrap_or_default();
    let places: Vec<(&str, &str)> = path
        .iter()
        .map(|name| ("path", *name))
        .chain(
            bindings
                .keys()
                .filter_map(|place| place.split_once('.'))
                .filter(|(place, field)| *place != "path" && baseline.get(place, field).is_some()),
        )
        .collect();
    let ids: [(&'static str, &str, String, Expectation); 6] = [
        (
            "unknown",
            "an id that nobody has",
            "00000000-0000-4000-8000-000000000000".to_owned(),
            Expectation::UnknownResource,
        ),
        (
            "malformed",
            "an id of one letter",
            "x".to_owned(),
            Expectation::UnknownResource,
        ),
        (
            "quote",
            "an id with a quotation mark",
            "x' OR '1'='1".to_owned(),
            Expectation::UnknownResource,
        ),
        (
            "not-ascii",
            "an id that is not ASCII",
            "экземпляр".to_owned(),
            Expectation::UnknownResource,
        ),
        (
            "empty",
            "an empty id",
            String::new(),
            Expectation::UnknownResource,
        ),
        (
            "over-long",
            "an id of 6,000 characters",
            "x".repeat(6_000),
            Expectation::TooLarge,
        ),
    ];
    let mut unknown = Vec::new();
    for (place, field) in places {
        for (kind, label, id, expectation) in &ids {
            // An empty part of a path is another path; of the outer parts, one unknown id is enough.
            let is_outer = place == "path" && field != innermost;
            if place == "path" && id.is_empty() || is_outer && *kind != "unknown" {
                continue;
            }
            let mut request = baseline.clone();
            let is_number = operation
                .parameters
                .iter()
                .find(|parameter| parameter.location.as_str() == place && parameter.name == field)
                .is_some_and(|parameter| types_of(&parameter.schema.root).contains(&"integer"));
            let id = match *kind {
                "unknown" if is_number => UNKNOWN_NUMBER,
                _ => id.as_str(),
            };
            request.set(place, field, Some(Value::from(id)));
            unknown.push(UnknownResource {
                place: place.to_owned(),
                field: field.to_owned(),
                kind,
                case: Case {
                    label: (*label).to_owned(),
                    request,
                    expectation: *expectation,
                },
            });
        }
    }
    unknown
}
