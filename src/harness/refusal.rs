//! What an answer that is no success says: no, not now, no room, not of this copy, or not here.

use std::borrow::Cow;

use crate::check::is_too_long_a_target;
use crate::contract::{FieldPath, Location, Operation, Place};
use crate::exchange::{Answer, Exchange, asks_for_patience, printable};
use crate::generate::Case;

use super::sender::Sender;

/// Whether an answer is a documented refusal that says that there is no room for more.
pub(super) fn tells_of_quota(operation: &Operation, answer: &Answer) -> bool {
    let is_of_kind =
        matches!(answer.status, 403 | 409 | 413 | 422) && operation.names(answer.status);
    is_of_kind && QUOTA.is_match(&text_of(answer))
}

phrases! {
    Refused:

    /// Words by which a service says that there is no room for more.
    static QUOTA;

    /// Words by which it says that it is not set up for what is asked.
    static OFF;

    /// Words by which it says that the credential lacks a right.
    static RIGHT;

    /// Words by which it says that something else has to be done first.
    static FIRST;

    /// Words by which it says that what was sent needs something beside it.
    static BESIDE;
}

/// The most characters that are told of what a service says.
const TOLD: usize = 160;

/// What an answer says that the service, or who asks, lacks for everything that the operation does:
/// a feature that is switched off, or a right of the credential.
pub(super) fn lacks(exchange: &Exchange) -> Option<String> {
    let answer = exchange.outcome.as_ref().ok()?;
    let text = text_of(answer);
    let is_off = matches!(answer.status, 400 | 403 | 404 | 405 | 409 | 422 | 501 | 503)
        && OFF.is_match(&text);
    let is_barred = answer.status == 403 && RIGHT.is_match(&text);
    (is_off || is_barred).then(|| {
        format!(
            "the service is not set up for it: answered {} `{}`",
            answer.status,
            told(&text)
        )
    })
}

/// What a documented refusal says, where it is that something else has to be done first.
pub(super) fn wants_another_first(operation: &Operation, exchange: &Exchange) -> Option<String> {
    let answer = exchange.outcome.as_ref().ok()?;
    let text = text_of(answer);
    let is_of_kind = matches!(answer.status, 400 | 403 | 409 | 412 | 422 | 423)
        && operation.names(answer.status);
    (is_of_kind && FIRST.is_match(&text)).then(|| told(&text))
}

/// What a documented refusal says, where it is that what was sent needs something beside it: the
/// answer names both, and the request has one of them alone.
pub(super) fn wants_another_beside(
    operation: &Operation,
    case: &Case,
    exchange: &Exchange,
) -> Option<String> {
    let answer = exchange.outcome.as_ref().ok()?;
    let is_of_kind = matches!(answer.status, 400 | 422) && operation.names(answer.status);
    let text = text_of(answer);
    if !is_of_kind || !BESIDE.is_match(&text) {
        return None;
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let is_named = |field: &FieldPath| {
        let name = field.last_name().unwrap_or_default();
        let mut words = text.split(|c| !is_part(c));
        !name.is_empty() && words.any(|word| word.trim_matches('.') == name)
    };
    let parameters = operation.parameters.iter();
    let parameters = parameters.map(|own| (own.location.place(), FieldPath::name(&own.name)));
    let body = operation.request_body.iter();
    let fields = body.flat_map(|body| body.schema.fields());
    let fields = fields.map(|field| (Place::Request, field.path.clone()));
    let (sent, lacking): (Vec<bool>, Vec<bool>) = parameters
        .chain(fields)
        .filter(|(_, field)| !field.has_item() && is_named(field))
        .map(|(place, field)| case.request.get(place, &field).is_some())
        .partition(|is_sent| *is_sent);
    (!sent.is_empty() && !lacking.is_empty()).then(|| told(&text))
}

/// The beginning of an answer's body as text.
fn text_of(answer: &Answer) -> Cow<'_, str> {
    let most = answer.body.len().min(4_096);
    String::from_utf8_lossy(answer.body.get(..most).unwrap_or_default())
}

/// What is told of what a service says.
fn told(text: &str) -> String {
    let said: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said: String = said.chars().take(TOLD).collect();
    printable(&said)
}

/// Why a resource may not be there for a request that names another of what its create takes too: a
/// header or a query parameter that says whose it is. It was made under the value of the create.
pub(super) fn is_made_elsewhere(
    sender: &Sender,
    operation: &Operation,
    case: &Case,
    exchange: &Exchange,
) -> Option<String> {
    let answer = exchange.outcome.as_ref().ok()?;
    if !matches!(answer.status, 403 | 404 | 410) || !operation.is_documented(answer.status) {
        return None;
    }
    let keys = sender.suite.bindings(operation);
    let resources = sender.suite.resources.iter();
    let mut creates = resources
        .filter(|resource| keys.values().any(|key| *key == resource.key))
        .filter_map(|resource| Some(resource.create.as_ref()?.operation));
    creates.find_map(|index| {
        let create = sender.suite.operations.get(index)?;
        let made = sender.baseline(index).ok()?;
        [Location::Header, Location::Query]
            .into_iter()
            .find_map(|location| {
                let mut shared = create.parameters_in(location);
                let other = shared.find(|own| {
                    let field = FieldPath::name(&own.name);
                    let place = location.place();
                    operation.parameter(location, &own.name).is_some()
                        && case.request.get(place, &field) != made.get(place, &field)
                })?;
                Some(format!(
                    "answered {}, which is documented, for another `{}` than the one that {} had",
                    answer.status, other.name, create.id
                ))
            })
    })
}

/// What an answer says of the request's form or of its headers, and nothing of its values: it is
/// longer than servers take, or a condition does not hold that a made-up tag or time states (RFC 9110,
/// section 15.5.13).
pub(super) fn unmet_form(case: &Case, exchange: &Exchange) -> Option<&'static str> {
    let status = exchange.outcome.as_ref().ok()?.status;
    if is_too_long_a_target(&case.request, status) {
        return Some("its path and query are longer than HTTP asks a server to take");
    }
    // Of several documented kinds a run asks for JSON, and a parameter may ask for another.
    if status == 406 && case.request.has_header(ACCEPT) {
        return Some("answered 406: there is nothing of the kinds that it asks for by its headers");
    }
    let is_unmet = status == 412
        && PRECONDITIONS
            .into_iter()
            .any(|own| case.request.has_header(own));
    is_unmet.then_some("answered 412: the copy that its headers name is none that is there")
}

/// Whether an answer says that there is nothing of the kind that docproof asks for by itself (RFC
/// 9110, section 15.5.7): no source names it.
pub(super) fn wants_another_kind(operation: &Operation, exchange: &Exchange) -> bool {
    let is_unacceptable = |answer: &Answer| answer.status == 406;
    exchange.outcome.as_ref().is_ok_and(is_unacceptable)
        && !exchange.request.has_header(ACCEPT)
        && !operation
            .parameters_in(Location::Header)
            .any(|parameter| parameter.name.eq_ignore_ascii_case(ACCEPT))
}

/// The header by which a client says what it takes.
pub(super) const ACCEPT: &str = "Accept";

/// The headers that state a condition (RFC 9110, section 13.1).
const PRECONDITIONS: [&str; 4] = [
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
];

/// Whether an answer says that the service cannot do what is asked, as the source says that it may
/// ([`Operation::may_be_unable`]).
pub(super) fn is_documented_inability(operation: &Operation, exchange: &Exchange) -> bool {
    let answer = exchange.outcome.as_ref();
    answer.is_ok_and(|answer| operation.may_be_unable(answer.status))
}

/// Whether a source speaks of a credential for an operation, be it in passing: a refusal for want of
/// one, a scheme, or a header that carries one.
pub(super) fn wants_credential(operation: &Operation) -> bool {
    operation.names(401)
        || operation.asks_for_credential()
        || !operation.security_schemes().is_empty()
}

/// What is missing where no credential was given: what the source asks for.
pub(super) fn no_credential(operation: &Operation) -> String {
    match operation.security_schemes().first() {
        Some(scheme) => format!(
            "no credential was given: the source asks for {}, which is `{}`",
            scheme.in_words(),
            scheme.option()
        ),
        None => "no credential was given: `--bearer`, `--basic`, `--api-key` and `--token` give \
                 one (docs/credentials.md has all ways)"
            .to_owned(),
    }
}

/// Whether an answer refuses the request.
pub(super) fn is_refusal(exchange: &Exchange) -> bool {
    exchange.outcome.as_ref().is_ok_and(|answer| {
        answer.refuses || (400..500).contains(&answer.status) && !asks_for_patience(answer)
    })
}
