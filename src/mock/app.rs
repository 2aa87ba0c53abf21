//! From a request's bytes to an answer: routing, authentication, validation, the answer, in this
//! order.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::header::HOST;
use axum::http::{HeaderMap, Method, Uri};

use crate::contract::{Place, SecurityScheme, Suite};
use crate::recognise::Laws;

use super::MockOptions;
use super::auth::Auth;
use super::backend::{Backend, Backends, Store};
use super::call::Call;
use super::layer::{Answered, Layer};
use super::operation::MockOperation;
use super::rejection::{Cause, Rejection, Unreadable};
use super::reply::{ErrorShape, Reply};
use super::resource::{Ids, Resources};
use super::route::{Route, Routes};
use super::signature::Arrived;
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
    layers: Vec<Box<dyn Layer>>,
}

/// An operation, and who keeps its state.
#[derive(Debug)]
struct Endpoint {
    operation: MockOperation,
    backend: Option<Box<dyn Backend>>,
    /// What is kept of its service.
    store: Option<Arc<Store>>,
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
        layers: Vec<Box<dyn Layer>>,
    ) -> Self {
        let ids = Ids::default();
        let laws = Laws::new(suite);
        let mocked: Vec<MockOperation> = suite
            .operations
            .iter()
            .map(|operation| MockOperation::new(suite, &laws, operation, resources, &ids))
            .collect();
        let beside = mocked.iter().flat_map(|one| &one.credentials.beside);
        let beside: Vec<SecurityScheme> = beside.cloned().collect();
        let mut backends = Backends::new(suite, &mocked, resources, options, &ids);
        let mut routes = Routes::default();
        let mut operations = Vec::new();
        for (index, (operation, mocked)) in suite.operations.iter().zip(mocked).enumerate() {
            routes.add(&operation.path, &operation.method, index);
            operations.push(Endpoint {
                backend: backends.of(suite, index, &mocked, resources),
                store: backends.store(&operation.service),
                operation: mocked,
            });
        }
        Self {
            routes,
            operations,
            auth: Auth::new(
                suite.security_scheme(),
                options.token.clone(),
                options.keys.clone(),
                beside,
            ),
            layers,
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
        let query = uri.query().unwrap_or_default();
        let takes = |index: usize, way: &[Cow<'_, str>]| {
            self.operations.get(index).is_some_and(|endpoint| {
                validate::takes_path(&endpoint.operation, endpoint.store.as_deref(), way)
            })
        };
        match self.routes.find(method.as_str(), uri.path(), query, &takes) {
            Route::Operation(index, captured) => self.operations.get(index).map_or_else(
                || self.refuse_path(Cause::Path, headers),
                |endpoint| self.serve(endpoint, captured, method, uri, headers, body),
            ),
            Route::Method(allowed, operations) => {
                let endpoints = || {
                    operations
                        .iter()
                        .filter_map(|index| self.operations.get(*index))
                };
                let anyway = endpoints().find(|one| {
                    self.layers
                        .iter()
                        .any(|layer| layer.serves_method(&one.operation))
                });
                let served_anyway = anyway.and_then(|endpoint| {
                    let own = &endpoint.operation.method;
                    match self.routes.find(own, uri.path(), query, &takes) {
                        Route::Operation(_, captured) => Some((endpoint, captured)),
                        _ => None,
                    }
                });
                match (served_anyway, endpoints().next()) {
                    (Some((endpoint, captured)), _) => {
                        self.serve(endpoint, captured, method, uri, headers, body)
                    }
                    (None, Some(endpoint)) => self.refuse_method(endpoint, &allowed, headers),
                    (None, None) => self.refuse_path(Cause::Path, headers),
                }
            }
            Route::Unknown => self.refuse_path(Cause::Path, headers),
            Route::Broken => self.refuse_path(Cause::Unreadable(Unreadable::Path), headers),
        }
    }

    /// Answers a request to an operation.
    fn serve(
        &self,
        endpoint: &Endpoint,
        path: Vec<Cow<'_, str>>,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &Received,
    ) -> Reply {
        let operation = &endpoint.operation;
        if let Some(cause) = too_long(uri, headers, body) {
            let rejection = Rejection::of_place(Place::Request, cause);
            return self.finish(
                Some(operation),
                None,
                Some(&rejection),
                headers,
                operation.refuse(&rejection),
            );
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
        let (mut call, found) = validate::read(operation, endpoint.store.as_deref(), &incoming);
        let mut rejections = Vec::new();
        let arrived = Arrived {
            method: method.as_str(),
            path: uri.path(),
            query: uri.query().unwrap_or_default(),
            headers,
            body,
        };
        if let Err(denied) = self.auth.admit(&arrived, &operation.credentials) {
            let mut rejection =
                Rejection::of_place(Place::Operation, Cause::Credential(denied.flaw));
            rejection.detail = denied.reason;
            rejections.push(rejection);
        }
        rejections.extend(found);
        if rejections.is_empty()
            && let Some(backend) = &endpoint.backend
        {
            rejections.extend(backend.check(&call));
        }
        for layer in &self.layers {
            layer.judge(operation, &call, &mut rejections);
        }
        let rejection = rejections.first();
        let reply = if let Some(rejection) = rejection {
            if let Some(backend) = &endpoint.backend {
                backend.refused(&call, rejection);
            }
            operation.refuse(rejection)
        } else {
            for layer in &self.layers {
                layer.rewrite(operation, &mut call);
            }
            call.default_query();
            for (field, value) in operation.body.iter().flat_map(|body| &body.defaults) {
                call.default(field, value);
            }
            let repeats = operation.repeats.as_ref();
            let mismatch = operation.tags.as_ref().and_then(|tags| tags.refuse(&call));
            let known = repeats.and_then(|repeats| {
                let other = Rejection::of_place(Place::Header, Cause::Repeated);
                let refused = repeats.refuses(&call).then(|| operation.refuse(&other));
                refused.or_else(|| repeats.known(&call))
            });
            if let Some(reply) = mismatch.or(known) {
                reply
            } else {
                let reply = if let Some(backend) = &endpoint.backend {
                    backend.answer(&call)
                } else {
                    let mut reply = operation.answer.reply(&call);
                    if let Some(pages) = &operation.pages {
                        pages.turn(&call, &operation.answer, &mut reply);
                    }
                    reply
                };
                if let Some(repeats) = repeats {
                    repeats.keep(&call, &reply);
                }
                reply
            }
        };
        self.finish(Some(operation), Some(&call), rejection, headers, reply)
    }

    fn refuse_path(&self, cause: Cause, headers: &HeaderMap) -> Reply {
        let rejection = Rejection::of_place(Place::Path, cause);
        let reason = rejection.reason();
        let reply = ErrorShape::plain("APIG", reason.status()).reply(reason, &rejection.message());
        self.finish(None, None, Some(&rejection), headers, reply)
    }

    fn refuse_method(&self, endpoint: &Endpoint, allowed: &[&str], headers: &HeaderMap) -> Reply {
        let rejection = Rejection::of_place(Place::Operation, Cause::Method);
        let mut reply = endpoint.operation.refuse(&rejection);
        reply.headers.push(("allow".into(), allowed.join(", ")));
        self.finish(
            Some(&endpoint.operation),
            None,
            Some(&rejection),
            headers,
            reply,
        )
    }

    /// Lets the layer have the last word.
    fn finish(
        &self,
        operation: Option<&MockOperation>,
        call: Option<&Call<'_>>,
        rejection: Option<&Rejection>,
        headers: &HeaderMap,
        mut reply: Reply,
    ) -> Reply {
        if let Some(operation) = operation {
            operation.settle(&mut reply);
            operation.add_headers(&mut reply);
            let host = headers.get(HOST).and_then(|host| host.to_str().ok());
            operation.complete_place(host.unwrap_or("localhost"), &mut reply);
            // Some document the status of another method for what is wrong with a request.
            let is_told = |(name, _): &(_, _)| *name == "allow";
            if reply.status == 405 && !reply.headers.iter().any(is_told) {
                let own = operation.method.clone();
                reply.headers.push(("allow".into(), own));
            }
            if let (Some(tags), Some(call)) = (&operation.tags, call) {
                tags.settle(call, &mut reply);
            }
        }
        let answered = Answered {
            operation,
            call,
            rejection,
            headers,
        };
        for layer in &self.layers {
            layer.reply(&answered, &mut reply);
        }
        reply
    }
}

fn too_long(uri: &Uri, headers: &HeaderMap, body: &Received) -> Option<Cause> {
    let uri_length = uri.path().len() + uri.query().map_or(0, str::len);
    let header_length: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    match body {
        _ if uri_length > LONGEST_URI => Some(Cause::LongUri),
        _ if header_length > LONGEST_HEADERS => Some(Cause::LongHeaders),
        Received::TooLong => Some(Cause::LongBody),
        Received::Broken => Some(Cause::Unreadable(Unreadable::Length)),
        Received::Whole(_) => None,
    }
}
