//! From a request's bytes to an answer: routing, authentication, validation, the answer, in this order.

use axum::http::{HeaderMap, Method, Uri};

use crate::contract::Suite;

use super::MockOptions;
use super::auth::Auth;
use super::backend::{self, Backend};
use super::breach::{Breach, Reason};
use super::layer::Layer;
use super::reply::{ErrorShape, Reply};
use super::resource::{Ids, Resources};
use super::route::{Route, Routes};
use super::served::Served;
use super::validate::{self, Incoming};

/// The longest URI that is read.
const LONGEST_URI: usize = 8 * 1024;

/// The most bytes of headers that are read.
const LONGEST_HEADERS: usize = 16 * 1024;

/// The longest body that is read.
pub(super) const LONGEST_BODY: usize = 1024 * 1024;

/// A suite being served.
#[derive(Debug)]
pub(super) struct App {
    routes: Routes,
    operations: Vec<Endpoint>,
    auth: Auth,
    layer: Option<Box<dyn Layer>>,
    unknown: ErrorShape,
}

/// An operation, and who keeps its state.
#[derive(Debug)]
struct Endpoint {
    served: Served,
    backend: Option<Box<dyn Backend>>,
}

/// A body as it arrived.
pub(super) enum Received {
    /// All of it.
    Whole(axum::body::Bytes),
    /// More than is read.
    TooLong,
    /// Cut off.
    Broken,
}

impl App {
    /// Makes a suite ready.
    pub(super) fn new(
        suite: &Suite,
        resources: &Resources,
        options: &MockOptions,
        layer: Option<Box<dyn Layer>>,
    ) -> Self {
        let ids = Ids::default();
        let mut backends = backend::Backends::new(options.step, &ids);
        let mut routes = Routes::default();
        let mut operations = Vec::new();
        for (index, operation) in suite.operations.iter().enumerate() {
            routes.add(&operation.path, &operation.method, index);
            let served = Served::new(suite, operation, resources, &ids);
            let backend = backends.of(operation, &served, resources);
            operations.push(Endpoint { served, backend });
        }
        Self {
            routes,
            operations,
            auth: Auth::new(options.token.clone()),
            layer,
            unknown: ErrorShape::plain("APIG", Reason::Path.status()),
        }
    }

    /// Answers a request.
    pub(super) fn answer(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &Received,
    ) -> Reply {
        let (endpoint, path) = match self.routes.find(method.as_str(), uri.path()) {
            Route::Operation(index, captured) => match self.operations.get(index) {
                Some(endpoint) => (endpoint, captured),
                None => return self.unknown(),
            },
            Route::Method(allowed, index) => {
                let Some(endpoint) = self.operations.get(index) else {
                    return self.unknown();
                };
                match self.captured_anyway(endpoint, method, uri) {
                    Some(captured) => (endpoint, captured),
                    None => return refuse_method(endpoint, &allowed),
                }
            }
            Route::Unknown => return self.unknown(),
            Route::Broken => {
                return ErrorShape::plain("APIG", 400).reply(
                    Reason::Malformed,
                    "the request is malformed: the path has a broken escape",
                );
            }
        };
        let served = &endpoint.served;
        if let Some(reason) = too_long(uri, headers, body) {
            return served.refuse(&Breach::new("request", "", "length", reason));
        }
        let body: &[u8] = match body {
            Received::Whole(bytes) => bytes,
            _ => &[],
        };
        let incoming = Incoming {
            path,
            query: uri.query().unwrap_or_default(),
            headers,
            body,
        };
        let (mut call, found) = validate::read(served, &incoming);
        let mut breaches = Vec::new();
        if !self.auth.admits(headers, served.token_required) {
            breaches.push(Breach::new("auth", "", "auth", Reason::Credentials));
        }
        breaches.extend(found);
        if breaches.is_empty()
            && let Some(backend) = &endpoint.backend
        {
            breaches.extend(backend.check(&call));
        }
        if let Some(layer) = &self.layer {
            layer.judge(&call, &mut breaches);
        }
        let accepted = breaches.is_empty();
        let mut reply = if let Some(breach) = breaches.first() {
            served.refuse(breach)
        } else {
            if let Some(layer) = &self.layer {
                layer.rewrite(&mut call);
            }
            match &endpoint.backend {
                Some(backend) => backend.answer(&call),
                None => served.answer.reply(&call),
            }
        };
        if let Some(layer) = &self.layer {
            layer.reply(&call, accepted, &mut reply);
        }
        reply
    }

    fn unknown(&self) -> Reply {
        self.unknown.reply(
            Reason::Path,
            &Breach::new("path", "", "path", Reason::Path).message(),
        )
    }

    /// The path of an operation under another method, when a layer serves that.
    fn captured_anyway<'u>(
        &'u self,
        endpoint: &Endpoint,
        method: &Method,
        uri: &'u Uri,
    ) -> Option<Vec<std::borrow::Cow<'u, str>>> {
        self.layer
            .as_ref()
            .filter(|layer| layer.serves_method(&endpoint.served, method.as_str()))?;
        match self.routes.find(&endpoint.served.method, uri.path()) {
            Route::Operation(_, captured) => Some(captured),
            _ => None,
        }
    }
}

fn refuse_method(endpoint: &Endpoint, allowed: &[&str]) -> Reply {
    let breach = Breach::new("operation", "", "method", Reason::Method);
    let mut reply = endpoint.served.refuse(&breach);
    reply.headers.push(("allow", allowed.join(", ")));
    reply
}

fn too_long(uri: &Uri, headers: &HeaderMap, body: &Received) -> Option<Reason> {
    let uri_length = uri.path().len() + uri.query().map_or(0, str::len);
    let header_length: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    match body {
        _ if uri_length > LONGEST_URI => Some(Reason::LongUri),
        _ if header_length > LONGEST_HEADERS => Some(Reason::LongHeaders),
        Received::TooLong => Some(Reason::LongBody),
        Received::Broken => Some(Reason::Malformed),
        Received::Whole(_) => None,
    }
}
