//! Bodies that are not what is documented: no JSON object, of another media type, empty, or larger
//! than any page shows.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::contract::{FieldPath, MediaType, Operation, Place};

use super::super::body::Body;
use super::super::case::{Edit, Expectation, PlannedCase};
use super::super::oracle::{Validity, classify};
use super::super::request::Request;
use super::super::slot::slots;

/// Bodies that are not what is documented, by kind: no JSON object, of another media type, empty.
pub fn malformed(
    operation: &Operation,
    baseline: &Arc<Request>,
    bound: &dyn Fn(Place, &FieldPath) -> bool,
) -> Vec<(&'static str, PlannedCase)> {
    let unacceptable = unacceptable(operation, baseline);
    let Some(body) = &operation.request_body else {
        let stray = stray_type(baseline).into_iter();
        return stray.chain(unacceptable).collect();
    };
    let Some(valid) = baseline.body_bytes() else {
        return unacceptable.into_iter().collect();
    };
    let mut cases = if body.form.is_some() {
        Vec::new()
    } else {
        no_json(operation, baseline, &valid, bound)
    };
    cases.extend(other_types(operation, baseline));
    let is_json = body.media.is_json();
    let nothing = baseline.body.with(Value::Object(Map::new()));
    let empty = PlannedCase::of(baseline, "", Expectation::Unspecified);
    let empty = empty.with(Edit::Body(nothing.clone()));
    let class = classify(operation, &empty.make().request);
    let is_emptiness_taken = !matches!(class, Validity::Invalid(_));
    for (name, label, body) in [
        ("empty-body", "no body at all", Body::Absent),
        ("empty-object", "an empty object", nothing),
    ] {
        if name == "empty-object" && body.bytes().is_none_or(|bytes| bytes.is_empty()) {
            continue;
        }
        // The content type stays: an endpoint may look at it first, and it is not what the case is
        // about.
        let mut case =
            PlannedCase::of(baseline, label, Expectation::Unspecified).with(Edit::Body(body));
        // Whether nothing is enough is for the contract to say.
        case.expectation = match classify(operation, &case.make().request) {
            Validity::Valid => Expectation::Success,
            // Many read no body as an empty object, and that may be all that is asked for.
            Validity::Invalid(_) if name == "empty-body" && is_emptiness_taken => {
                Expectation::LenientRefusal
            }
            // Nothing at all is no JSON either.
            Validity::Invalid(_) if name == "empty-body" && is_json => Expectation::Malformed,
            Validity::Invalid(_) => Expectation::Refusal,
            Validity::Unspecified(_) => Expectation::Unspecified,
        };
        cases.push((name, case));
    }
    cases.extend(unacceptable);
    cases
}

/// What a case is called that asks for a media type of nobody.
pub const UNACCEPTABLE: &str = "not-acceptable";

/// A media type that nothing is answered as.
const NO_TYPE: &str = "application/x-docproof-none";

/// An `Accept` that names no media type of the operation's successes, where its refusal is
/// documented.
fn unacceptable(
    operation: &Operation,
    baseline: &Arc<Request>,
) -> Option<(&'static str, PlannedCase)> {
    let wanted = MediaType::read(NO_TYPE)?;
    let mut offered = operation.successes().flat_map(|own| &own.media);
    let is_refused =
        operation.refuses_media_types() && !offered.any(|offered| offered.covers(&wanted));
    let case = PlannedCase::of(
        baseline,
        "an `Accept` of a media type that is not offered",
        Expectation::Refusal,
    );
    let accept = Edit::Set {
        place: Place::Header,
        field: FieldPath::name("Accept"),
        value: Some(Arc::new(Value::from(NO_TYPE))),
    };
    is_refused.then(|| (UNACCEPTABLE, case.with(accept)))
}

/// The content type of a form, and no body where none is documented: whoever reads forms looks for
/// the boundary of its parts.
fn stray_type(baseline: &Arc<Request>) -> Vec<(&'static str, PlannedCase)> {
    if !matches!(baseline.body, Body::Absent) {
        return Vec::new();
    }
    let label = "the content type of a form, without a body";
    let case = PlannedCase::of(baseline, label, Expectation::Unspecified);
    vec![(
        "stray-type",
        case.with(Edit::ContentType(Some("multipart/form-data"))),
    )]
}

/// The body as what it is not. Which content types an endpoint forgives, no page says, and it must
/// not break on one; whoever documents the refusal of a media type (RFC 9110, section 15.5.16)
/// refuses these.
fn other_types(operation: &Operation, baseline: &Arc<Request>) -> Vec<(&'static str, PlannedCase)> {
    let refused = if operation.names(415) {
        Expectation::Malformed
    } else {
        Expectation::Unspecified
    };
    let own = baseline.content_type.as_deref().and_then(MediaType::read);
    let kinds = [
        ("plain-type", "the body as text/plain", "text/plain"),
        ("xml-type", "the body as application/xml", "application/xml"),
        (
            "json-type",
            "the body as application/json",
            "application/json",
        ),
    ];
    let is_json = own.as_ref().is_none_or(MediaType::is_json);
    let others = kinds.into_iter().filter(|(_, _, kind)| {
        // Of JSON by another name nobody knows whether its own name is forgiven.
        MediaType::read(kind) != own && !(is_json && *kind == "application/json")
    });
    let case = |name: &'static str, label: &str, kind: Option<&'static str>, expected| {
        let case = PlannedCase::of(baseline, label, expected);
        (name, case.with(Edit::ContentType(kind)))
    };
    let none = (
        "no-type",
        "the body without a content type",
        None,
        Expectation::Unspecified,
    );
    others
        .map(|(name, label, kind)| (name, label, Some(kind), refused))
        .chain([none])
        .map(|(name, label, kind, expected)| case(name, label, kind, expected))
        .collect()
}

/// Bodies that are no JSON object, by kind.
fn no_json(
    operation: &Operation,
    baseline: &Arc<Request>,
    valid: &[u8],
    bound: &dyn Fn(Place, &FieldPath) -> bool,
) -> Vec<(&'static str, PlannedCase)> {
    let text = String::from_utf8_lossy(valid).into_owned();
    let truncated = valid
        .get(..valid.len().saturating_sub(1))
        .unwrap_or_default()
        .to_vec();
    let mut kinds: Vec<(&'static str, &str, Vec<u8>)> = vec![
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
    if let Some(bytes) = not_utf8(operation, baseline, bound) {
        kinds.insert(4, ("not-utf-8", "a byte that is not UTF-8", bytes));
    }
    // An array around an array has one item that is wrong, and may be told so of it alone.
    kinds.retain(|(name, ..)| *name != "array" || !text.trim_start().starts_with('['));
    // Where the body may be a text, a number or anything, some of these are bodies as documented.
    let is_documented = |bytes: &[u8]| {
        let value = serde_json::from_slice::<Value>(bytes).ok();
        let body = operation.request_body.as_ref();
        value.is_some_and(|value| body.is_some_and(|body| body.schema.is_valid(&value)))
    };
    kinds
        .into_iter()
        // Of a body of one byte nothing is left, which is no body at all.
        .filter(|(_, _, bytes)| !bytes.is_empty() && !is_documented(bytes))
        .map(|(name, label, bytes)| {
            let case = PlannedCase::of(baseline, label, Expectation::Malformed);
            (name, case.with(Edit::Body(Body::Raw(bytes))))
        })
        .collect()
}

/// The body with a byte in it that is not UTF-8: within a text that takes any character, if there
/// is one, for there it breaks nothing else. None where the body has no text at all.
fn not_utf8(
    operation: &Operation,
    baseline: &Request,
    bound: &dyn Fn(Place, &FieldPath) -> bool,
) -> Option<Vec<u8>> {
    const MARK: &str = "\u{10fffd}";
    let marked = slots(operation)
        .into_iter()
        .filter(|slot| {
            slot.is_free_text() && !bound(slot.place, &slot.field) && !slot.field.has_item()
        })
        .find_map(|slot| {
            let mut request = baseline.clone();
            request.set(slot.place, &slot.field, Some(Value::from(MARK)));
            let bytes = request.body_bytes()?;
            let at = bytes
                .windows(MARK.len())
                .position(|window| window == MARK.as_bytes())?;
            Some([bytes.get(..at)?, &[0xff], bytes.get(at + MARK.len()..)?].concat())
        });
    marked.or_else(|| {
        let mut bytes = baseline.body_bytes()?;
        // In front of the last quote: inside the last text of the body.
        let at = bytes.iter().rposition(|byte| *byte == b'"')?;
        bytes.insert(at, 0xff);
        Some(bytes)
    })
}

/// How long a URI, a header and a body are that no page shows, in bytes: beyond what common servers
/// take by default.
const LONG_URI: usize = 16 * 1024;
const LONG_HEADER: usize = 32 * 1024;
const LONG_BODY: usize = 1_200_000;

/// The documented request made very long in one way, by kind: with what no page documents in the
/// query or a header, or with white space after the body, which is a part of JSON (RFC 8259,
/// section 2).
pub fn oversized(baseline: &Arc<Request>) -> Vec<(&'static str, PlannedCase)> {
    let case = |label: String, edit: Edit| {
        PlannedCase::of(baseline, label, Expectation::Oversized).with(edit)
    };
    let uri = Edit::PadQuery("padding", LONG_URI);
    let header = Edit::PadHeader("X-Docproof-Padding", LONG_HEADER);
    let mut cases = vec![
        ("uri", case(format!("a URI of over {LONG_URI} bytes"), uri)),
        (
            "header",
            case(format!("a header of {LONG_HEADER} bytes"), header),
        ),
    ];
    if let Body::Json(_) = &baseline.body {
        let label = format!("a body with {LONG_BODY} blanks after it");
        cases.push(("body", case(label, Edit::Blanks(LONG_BODY))));
    }
    cases
}
