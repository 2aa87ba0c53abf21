//! An operation made ready to be served: what it accepts, which statuses its refusals have, what it
//! answers.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::contract::{
    Facet, Fact, FieldPath, Form, Keyword, ListStyle, Location, MediaType, Operation, OperationId,
    Parameter, ResourceExpectation, Response, Schema, Security, SecurityScheme, Source,
    StatusRange, Suite, Writing, is_redirect, is_scope, types_of,
};

use crate::generate::{is_protocol_header, sample, text_of};
use crate::recognise::Laws;

use super::answer::Answer;
use super::auth::Asked;
use super::follows::{self, Follows};
use super::pages::{Pages, omitted};
use super::rejection::{Reason, Rejection};
use super::repeats::Repeats;
use super::reply::{Body, ErrorShape, Reply};
use super::resource::{Bound, Ids, Resources};
use super::tags::Tags;

/// One operation, compiled for serving.
#[derive(Debug)]
pub(super) struct MockOperation {
    /// Whose requests it serves.
    pub(super) id: OperationId,
    /// The method in capitals.
    pub(super) method: String,
    /// Path parameters in the template's order.
    pub(super) path: Vec<Accepted>,
    /// Query parameters.
    pub(super) query: Vec<Accepted>,
    /// Header parameters, those of authentication and content type left out.
    pub(super) header: Vec<Accepted>,
    /// Cookie parameters, that of authentication left out.
    pub(super) cookie: Vec<Accepted>,
    /// The credentials that it asks for.
    pub(super) credentials: Asked,
    /// Which parameters of a place go together.
    pub(super) beside: Vec<(Location, Arc<Schema>)>,
    /// The body it accepts.
    pub(super) body: Option<AcceptedBody>,
    /// The headers of its answers: the statuses that have them, the name, the value.
    headers: Vec<(StatusRange, String, String)>,
    /// The statuses whose documented `Location` is a whole URL, and no path alone.
    whole_places: Vec<StatusRange>,
    /// The names of its own that JSON has in its answers, by their statuses; none where it is plain.
    json_names: Vec<(StatusRange, Option<String>)>,
    /// The numbers of its answers that follow from others in them.
    follows: Vec<Follows>,
    /// Which places name resources.
    pub(super) bound: Vec<Bound>,
    /// What it answers to an accepted request when nobody keeps its state.
    pub(super) answer: Answer,
    /// How its list is filtered and cut into pages.
    pub(super) pages: Option<Pages>,
    /// The parameters of its list that are taken for their defaults where they are left out.
    pub(super) omitted: Vec<(String, Value)>,
    /// How it takes entity tags.
    pub(super) tags: Option<Tags>,
    /// What it answered to creates with a key.
    pub(super) repeats: Option<Repeats>,
    /// The media types that it answers, where it refuses to answer by another.
    pub(super) offers: Vec<MediaType>,
    errors: HashMap<Reason, ErrorShape>,
    plain: ErrorShape,
}

/// A parameter that an operation accepts.
#[derive(Debug)]
pub(super) struct Accepted {
    /// Its name.
    pub(super) name: String,
    /// Where it stands.
    pub(super) location: Location,
    /// Whether it must be sent.
    pub(super) required: bool,
    /// The types it is read as, in the order they are tried.
    pub(super) kinds: Vec<Kind>,
    /// Whether its values are limited to 32 bits.
    pub(super) is_int32: bool,
    /// Its schema.
    pub(super) schema: Arc<Schema>,
    /// How several values are written, where a page says how.
    pub(super) style: Option<ListStyle>,
    /// Whether it is a JSON text.
    pub(super) is_json: bool,
    /// The type of each of several values.
    pub(super) items: Option<Kind>,
}

/// The types that a text can be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Several values.
    Array,
    /// A text as it is.
    Text,
}

/// A body that an operation accepts.
#[derive(Debug)]
pub(super) struct AcceptedBody {
    /// Whether a request without one is refused.
    pub(super) required: bool,
    /// Whether its top level has to be an object.
    pub(super) is_object: bool,
    /// Its media type.
    pub(super) media: MediaType,
    /// How it is written, where it is no JSON.
    pub(super) form: Option<Arc<Form>>,
    /// Its schema.
    pub(super) schema: Arc<Schema>,
    /// What fields are that a create leaves out.
    pub(super) defaults: Vec<(FieldPath, Value)>,
}

/// The documented defaults of what a create may leave out, objects before what is in them.
fn defaults(operation: &Operation, schema: &Schema) -> Vec<(FieldPath, Value)> {
    if operation.method != "POST" {
        return Vec::new();
    }
    schema
        .fields()
        .filter(|field| !field.required && !field.path.has_item() && !field.path.has_entry())
        .filter_map(|field| {
            let default = field.node.get(Facet::Default.as_str())?;
            Some((field.path.clone(), default.clone()))
        })
        .collect()
}

/// Whether a document says of an operation that it is served without a credential.
fn is_open(operation: &Operation) -> bool {
    let is_of_document = |fact: &Fact| matches!(fact.source, Source::Document(_));
    let security = operation.security.as_ref();
    security.is_some_and(|own| !own.is_needed()) && operation.facts.iter().all(is_of_document)
}

/// Every kind of refusal that belongs to an operation.
const REASONS: [Reason; 14] = [
    Reason::Value,
    Reason::Required,
    Reason::Malformed,
    Reason::MediaType,
    Reason::Accept,
    Reason::Unknown,
    Reason::Unsuitable,
    Reason::Taken,
    Reason::Credentials,
    Reason::Method,
    Reason::LongUri,
    Reason::LongHeaders,
    Reason::LongBody,
    Reason::Busy,
];

impl MockOperation {
    /// Compiles an operation.
    pub(super) fn new(
        suite: &Suite,
        laws: &Laws,
        operation: &Operation,
        resources: &Resources,
        ids: &Ids,
    ) -> Self {
        let accepted = |location: Location| -> Vec<Accepted> {
            operation
                .parameters_in(location)
                .map(Accepted::new)
                .collect()
        };
        let mut path = accepted(Location::Path);
        // Captured segments come in the template's order, which need not be the table's.
        let order = super::route::parameter_names(&operation.path);
        path.sort_by_key(|accepted| {
            order
                .iter()
                .position(|name| *name == accepted.name)
                .unwrap_or(usize::MAX)
        });
        let is_elsewhere = |name: &str| {
            name.eq_ignore_ascii_case("content-type")
                || operation.is_credential(Location::Header, name)
        };
        let mut header = accepted(Location::Header);
        let token_required = operation.security.as_ref().is_some_and(Security::is_needed)
            || header.iter().any(|accepted| {
                accepted.required && operation.is_credential(Location::Header, &accepted.name)
            });
        let all: Vec<SecurityScheme> = operation.security_schemes();
        let needed = operation.security.as_ref();
        let mut beside: Vec<SecurityScheme> = needed
            .map(|security| security.indispensable(&all).into_iter().cloned().collect())
            .unwrap_or_default();
        let first = suite.security_scheme();
        beside.retain(|scheme| *scheme != first && *scheme != SecurityScheme::Certificate);
        header.retain(|accepted| !is_elsewhere(&accepted.name));
        let mut query = accepted(Location::Query);
        query.retain(|accepted| !operation.is_credential(Location::Query, &accepted.name));
        let mut cookie = accepted(Location::Cookie);
        cookie.retain(|accepted| !operation.is_credential(Location::Cookie, &accepted.name));
        let answer = Answer::new(operation, ids);
        Self {
            id: operation.operation_id(),
            method: operation.method.clone(),
            path,
            query,
            header,
            cookie,
            credentials: Asked {
                required: token_required,
                is_open: is_open(operation),
                beside,
            },
            beside: operation.beside.clone(),
            // What is of no known kind is taken as it comes: nothing is read of it.
            body: operation
                .request_body
                .as_ref()
                .filter(|body| body.media.writing() != Writing::Unknown)
                .map(|body| AcceptedBody {
                    required: body.required && !body.empty_shown,
                    is_object: body.media.writing() != Writing::Text
                        && !types_of(&body.schema.root)
                            .iter()
                            .any(|kind| *kind != "object"),
                    media: body.media.clone(),
                    form: body.form.clone(),
                    schema: Arc::clone(&body.schema),
                    defaults: defaults(operation, &body.schema),
                }),
            headers: headers_of(operation),
            whole_places: whole_places(operation),
            json_names: json_names(operation),
            follows: follows::of(operation),
            bound: resources.bound(suite, operation),
            pages: Pages::new(laws, operation, &answer),
            omitted: omitted(laws, operation),
            tags: Tags::new(laws, operation),
            repeats: Repeats::new(laws, operation),
            answer,
            offers: operation
                .successes()
                .filter(|_| operation.refuses_media_types())
                .flat_map(|response| response.media.iter().cloned())
                .collect(),
            errors: REASONS
                .into_iter()
                .map(|reason| (reason, ErrorShape::of(operation, status(operation, reason))))
                .collect(),
            plain: ErrorShape::plain(&operation.service, 400),
        }
    }

    /// Sets the numbers of an answer that follow from others in it.
    pub(super) fn settle(&self, reply: &mut Reply) {
        follows::settle(&self.follows, reply);
    }

    /// Adds the documented headers to an answer, and where a redirection leads.
    pub(super) fn add_headers(&self, reply: &mut Reply) {
        let status = reply.status;
        let is_exact = |range: &StatusRange| range.code() == Some(status);
        let mut known = self.json_names.iter();
        let known = known.find(|(range, _)| is_exact(range)).or_else(|| {
            self.json_names
                .iter()
                .find(|(range, _)| range.covers(status))
        });
        if let (Some((_, Some(name))), Body::Json(_)) = (known, &reply.body) {
            reply.content_type = Some(name.clone().into());
        }
        let own = self
            .headers
            .iter()
            .filter(|(range, ..)| range.covers(status));
        for (range, name, value) in own {
            let is_later =
                !is_exact(range) && self.headers.iter().any(|(other, ..)| is_exact(other));
            if !is_later && !reply.headers.iter().any(|(known, _)| known_as(known, name)) {
                reply.headers.push((name.clone().into(), value.clone()));
            }
        }
        if is_redirect(status)
            && !reply
                .headers
                .iter()
                .any(|(name, _)| known_as(name, LOCATION))
        {
            reply.headers.push((LOCATION.into(), "/".to_owned()));
        }
    }

    /// Puts the endpoint before where an answer says that something is, where the contract wants a
    /// whole URL there.
    pub(super) fn complete_place(&self, host: &str, reply: &mut Reply) {
        let status = reply.status;
        if !self.whole_places.iter().any(|range| range.covers(status)) {
            return;
        }
        let places = reply.headers.iter_mut();
        for (_, place) in places.filter(|(name, _)| known_as(name, LOCATION)) {
            if place.starts_with('/') {
                *place = format!("http://{host}{place}");
            }
        }
    }

    /// The answer to a request that breaks something.
    pub(super) fn refuse(&self, rejection: &Rejection) -> Reply {
        self.errors
            .get(&rejection.reason())
            .unwrap_or(&self.plain)
            .reply(rejection.reason(), &rejection.message())
    }
}

/// The header of a redirection.
const LOCATION: &str = "location";

/// Whether a header is called so, in any case.
fn known_as(name: &str, wanted: &str) -> bool {
    name.eq_ignore_ascii_case(wanted)
}

/// The statuses whose documented `Location` is a whole URL, and no path alone.
fn whole_places(operation: &Operation) -> Vec<StatusRange> {
    let is_whole = |response: &&Response| {
        let mut headers = response.headers.iter();
        let place = headers.find(|header| known_as(&header.name, LOCATION));
        place.is_some_and(|place| {
            let takes = |text: &str| place.schema.is_valid(&Value::from(text));
            !takes("/a/1") && takes("http://localhost/a/1")
        })
    };
    let all = operation.responses.iter().filter(is_whole);
    all.map(|response| response.status).collect()
}

/// The names of its own that JSON has in an operation's answers.
fn json_names(operation: &Operation) -> Vec<(StatusRange, Option<String>)> {
    let name = |response: &Response| {
        let media = response.media.first()?;
        let is_named = response.is_json_by_name();
        is_named.then(|| media.as_str().to_owned())
    };
    let all = operation.responses.iter();
    all.map(|response| (response.status, name(response)))
        .collect()
}

/// The documented headers of an operation's answers, each with a value that its schema allows; the
/// content type is the body's.
fn headers_of(operation: &Operation) -> Vec<(StatusRange, String, String)> {
    let of_response = |response: &Response| {
        let status = response.status;
        let headers = response.headers.iter();
        let of_http = |name: &str| {
            [
                "content-type",
                "content-length",
                "transfer-encoding",
                "connection",
                "date",
            ]
            .iter()
            .any(|known| known_as(name, known))
        };
        let headers = headers.filter(|header| !of_http(&header.name));
        let valued = headers.map(|header| {
            let value = sample(&header.schema, &header.schema.root, 0);
            (status, header.name.clone(), text_of(&value))
        });
        valued.collect::<Vec<_>>()
    };
    operation.responses.iter().flat_map(of_response).collect()
}

/// Whether a mock without faults ever answers with a documented status.
pub(super) fn is_answered(
    suite: &Suite,
    laws: &Laws,
    operation: &Operation,
    response: &Response,
) -> bool {
    match response.class() {
        // A copy that the caller holds is not sent again.
        Some(3) if response.covers(304) => Tags::new(laws, operation).is_some(),
        Some(2 | 3) => {
            let answer = Answer::new(operation, &Ids::default());
            let has_empty = || {
                suite
                    .cases_of(operation)
                    .resources
                    .iter()
                    .any(|case| case.expect == ResourceExpectation::Empty)
            };
            response.covers(answer.status)
                || (answer
                    .empty_status
                    .is_some_and(|status| response.covers(status))
                    && has_empty())
        }
        Some(4) => REASONS
            .into_iter()
            .filter(|reason| is_given(suite, operation, *reason))
            .any(|reason| response.covers(status(operation, reason))),
        _ => false,
    }
}

/// Whether a parameter can be sent in a way that a page forbids.
fn is_ruled(operation: &Operation, parameter: &Parameter) -> bool {
    const RULES: [Facet; 6] = [
        Facet::Enum,
        Facet::Const,
        Facet::Pattern,
        Facet::Format,
        Facet::MinLength,
        Facet::MaxLength,
    ];
    let node = parameter.schema.follow(&parameter.schema.root);
    let types = types_of(node);
    let is_text = types.is_empty() || types.contains(&"string");
    let is_required = parameter.required && parameter.location != Location::Path;
    let is_protocol = parameter.location == Location::Header && is_protocol_header(&parameter.name);
    !is_protocol
        && !operation.is_credential(parameter.location, &parameter.name)
        && (is_required || !is_text || RULES.iter().any(|rule| node.get(rule.as_str()).is_some()))
}

/// Whether anything that can be sent to an operation is refused for a reason.
fn is_given(suite: &Suite, operation: &Operation, reason: Reason) -> bool {
    let is_refused = || {
        suite
            .cases_of(operation)
            .resources
            .iter()
            .any(|case| case.expect == ResourceExpectation::Refused)
    };
    match reason {
        Reason::Value | Reason::Required | Reason::Malformed => {
            operation.request_body.is_some()
                || operation
                    .parameters
                    .iter()
                    .filter(|parameter| !is_scope(&parameter.name))
                    .any(|parameter| is_ruled(operation, parameter))
        }
        Reason::MediaType => operation.request_body.is_some(),
        // A project stands for the credential's scope.
        Reason::Unknown => suite
            .bindings(operation)
            .keys()
            .any(|place| place != "path.project_id"),
        Reason::Unsuitable => is_refused(),
        // Nothing makes the mock busy, or names unique, but a variation.
        Reason::Busy | Reason::Taken => false,
        Reason::Accept => operation.refuses_media_types(),
        Reason::Credentials
        | Reason::Method
        | Reason::Path
        | Reason::LongUri
        | Reason::LongHeaders
        | Reason::LongBody => true,
    }
}

/// The status of a refusal: the usual one where it counts as documented, else the nearest that is.
fn status(operation: &Operation, reason: Reason) -> u16 {
    let usual = reason.status();
    let candidates: &[u16] = match reason {
        Reason::MediaType if operation.names(415) => return 415,
        Reason::Value | Reason::Required | Reason::Malformed | Reason::MediaType => &[400, 422],
        Reason::Unsuitable => &[400, 409, 422],
        Reason::Taken => &[409, 422, 400],
        Reason::Unknown => &[404, 400],
        // HTTP's own refusals: understood whatever a page says.
        Reason::Credentials
        | Reason::Accept
        | Reason::Method
        | Reason::Path
        | Reason::LongUri
        | Reason::LongHeaders
        | Reason::LongBody
        | Reason::Busy => return usual,
    };
    candidates
        .iter()
        .copied()
        .find(|status| operation.is_documented(*status))
        .or_else(|| {
            operation
                .responses
                .iter()
                .filter_map(|response| response.status.code())
                .find(|status| status / 100 == 4)
        })
        .unwrap_or(usual)
}

impl Accepted {
    fn new(parameter: &crate::contract::Parameter) -> Self {
        let node = parameter.schema.follow(&parameter.schema.root);
        let mut types = types_of(node);
        if types.is_empty() {
            types = [Keyword::AnyOf, Keyword::OneOf]
                .iter()
                .filter_map(|keyword| node.get(keyword.as_str()).and_then(Value::as_array))
                .flatten()
                .flat_map(|branch| types_of(parameter.schema.follow(branch)))
                .collect();
        }
        // Narrower readings first; text takes whatever is left.
        let items = parameter.schema.field(&FieldPath::root().item());
        let order = [
            ("integer", Kind::Integer),
            ("number", Kind::Number),
            ("boolean", Kind::Boolean),
            ("array", Kind::Array),
            ("string", Kind::Text),
        ];
        let mut kinds: Vec<Kind> = order
            .iter()
            .filter(|(word, _)| types.contains(word))
            .map(|(_, kind)| *kind)
            .collect();
        if kinds.is_empty() {
            kinds.push(Kind::Text);
        }
        Self {
            name: parameter.name.clone(),
            location: parameter.location,
            required: parameter.required,
            kinds,
            is_int32: node.get(Facet::Format.as_str()).and_then(Value::as_str) == Some("int32"),
            schema: Arc::clone(&parameter.schema),
            style: parameter.style,
            is_json: parameter.is_json,
            items: items.and_then(|items| {
                let types = types_of(items.node);
                let known = order.iter().find(|(word, _)| types.contains(word));
                known.map(|(_, kind)| *kind)
            }),
        }
    }
}
