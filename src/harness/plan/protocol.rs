//! What is tried of the protocol: credentials, methods, paths and malformed bodies.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::check::Subject;
use crate::contract::{
    Action, Facet, FieldPath, Level, Operation, Place, Row, Rule, Security, Source, Topic, Wire,
};
use crate::generate::{
    self, Body, Credential, Edit, Request, Scheme, UNDOCUMENTED_METHODS, ViolationKind,
};
use crate::harness::cases::TrialCases;
use crate::harness::refusal::no_credential;
use crate::harness::supply::Lack;
use crate::harness::target::Mode;
use crate::harness::trial::{Kind, Work};

use super::Planner;

impl Planner<'_> {
    /// Credentials, methods and malformed bodies.
    pub(super) fn protocol(&mut self) {
        let operation = self.operation;
        self.methods();
        let Ok(baseline) = self.baseline.clone() else {
            return;
        };
        for (name, cases) in generate::auth(&baseline, &self.scheme, operation.security.as_ref()) {
            if self.omits(ViolationKind::Credential) {
                break;
            }
            let fact = operation.about(Topic::Credential);
            let subject = Subject {
                documented: "a credential is needed".to_owned(),
                ..self.subject(fact.clone(), Level::Should)
            };
            let mut edits = cases.iter().flat_map(|case| &case.edits);
            let is_absent = edits.all(|edit| matches!(edit, Edit::Credential(Credential::Absent)));
            let claims = if is_absent {
                self.claims_of_no_credential()
            } else {
                Vec::new()
            };
            let work = if !self.suite.asks_for_credential(operation) {
                // Of others of the same document it says which, and a 401 of this one asks for none.
                let is_spared = operation.asks_for_credential();
                let says_none = operation
                    .security
                    .as_ref()
                    .is_some_and(|own| !own.is_needed());
                let reason = if says_none || is_spared {
                    "the documentation does not say that a credential is needed here"
                } else {
                    "no page asks for a credential here, by 401, 403 or a header; `credential = true` in `cases/` does"
                };
                Work::Skip(reason.to_owned())
            } else if self.scheme == Scheme::None {
                Work::Skip(no_credential(self.operation))
            } else {
                Work::Cases(TrialCases::Listed(cases))
            };
            let work = match work {
                Work::Skip(_) if is_absent && self.is_open() => {
                    let case = generate::open(&baseline);
                    let subject = Subject {
                        documented: "no credential is needed".to_owned(),
                        ..subject
                    };
                    let name = format!("{fact}::open");
                    self.push(
                        name,
                        Kind::Auth,
                        subject,
                        Work::Cases(TrialCases::one(case)),
                        false,
                    );
                    continue;
                }
                other => other,
            };
            self.push(format!("{fact}::{name}"), Kind::Auth, subject, work, false)
                .claims = claims;
        }
        self.malformed(&baseline);
    }

    /// Whether a document says of a read that it is served without a credential, where others of the
    /// service need one, and lists no refusal for want of it.
    fn is_open(&self) -> bool {
        let operation = self.operation;
        let needs = |own: &Operation| own.security.as_ref().is_some_and(Security::is_needed);
        let mut others = self.suite.operations.iter();
        let is_refused = [401, 403].iter().any(|status| operation.names(*status));
        let mut facts = operation.facts.iter();
        let is_of_document = facts.all(|fact| matches!(fact.source, Source::Document(_)));
        operation.method == "GET"
            && self.scheme != Scheme::None
            && operation.security.is_some()
            && !needs(operation)
            && is_of_document
            && !is_refused
            && others.any(|other| other.service == operation.service && needs(other))
    }

    /// A path that no page documents: the first operation of a service stands for it.
    pub(super) fn undocumented_path(&mut self) {
        let operation = self.operation;
        let is_of_service = |other: &&Operation| other.service == operation.service;
        let mut own = self
            .suite
            .operations
            .iter()
            .filter(is_of_service)
            .peekable();
        let is_first = own.peek().is_some_and(|first| first.id == operation.id);
        if !is_first || self.omits(ViolationKind::Path) {
            return;
        }
        let own: Vec<&str> = own.map(|other| other.path.as_str()).collect();
        let endpoint = |service: &str| self.target.endpoint(service);
        let others = self
            .suite
            .operations
            .iter()
            .filter(|other| endpoint(&other.service) == endpoint(&operation.service));
        let all: Vec<&str> = others.map(|other| other.path.as_str()).collect();
        let Some(path) = generate::path_of_nobody(&own, &all) else {
            return;
        };
        // What could write is sent where undocumented methods are, and a service has such at all.
        let mut of_service = self.suite.operations.iter().filter(is_of_service);
        let may_post = self.target.mode == Mode::Full && of_service.any(|one| one.method == "POST");
        let methods: &[&'static str] = if may_post { &["GET", "POST"] } else { &["GET"] };
        let cases = generate::undocumented_path(&path, methods);
        let fact = operation.about(Topic::Behaviour("undocumented-path".to_owned()));
        let subject = Subject {
            documented: "no such path (RFC 9110, section 15.5.5)".to_owned(),
            ..self.subject(fact.clone(), Level::Should)
        };
        // Where nothing can be sent at all, it is better to say what is missing.
        let operations = self.suite.operations.iter().enumerate();
        let mut of_service = operations.filter(|(_, other)| is_of_service(other));
        let is_of_use =
            of_service.any(|(index, _)| self.supplies.baseline(self.suite, index).is_ok());
        let lack = self.baseline.as_ref().err().filter(|_| !is_of_use);
        let obstacle = self
            .obstacle_of_target(false)
            .or_else(|| lack.map(ToString::to_string));
        let work = match obstacle {
            Some(reason) => Work::Skip(reason),
            None => Work::Cases(TrialCases::Listed(cases)),
        };
        self.push_as(fact.to_string(), Kind::Resource, subject, work, false);
    }

    /// Malformed bodies, and requests of great size.
    fn malformed(&mut self, baseline: &Arc<Request>) {
        let operation = self.operation;
        let bindings = &self.bindings;
        let bound = |place: Place, field: &FieldPath| {
            bindings.contains_key(
                &Row {
                    place,
                    field: field.clone(),
                }
                .to_string(),
            )
        };
        let malformed = if self.omits(ViolationKind::Malformed) {
            Vec::new()
        } else {
            generate::malformed(operation, baseline, &bound)
        };
        for (name, case) in malformed {
            let rule = Rule::of_place(Place::Request, Facet::Wire(Wire::Malformed));
            let fact = operation.fact_id(rule);
            let subject = Subject {
                documented: if name == generate::UNACCEPTABLE {
                    "406 for a media type that is not offered".to_owned()
                } else if operation.request_body.is_some() {
                    "a JSON object".to_owned()
                } else {
                    "no body".to_owned()
                },
                // Who writes JSON writes UTF-8 (RFC 8259, section 8.1); whoever reads it may well put
                // another character for what is none.
                ..self.subject(
                    fact.clone(),
                    if name == "not-utf-8" {
                        Level::May
                    } else {
                        Level::Should
                    },
                )
            };
            // What may be taken may make something.
            let exclusive = !case.expectation.is_refusal();
            let claims = if matches!(case.edits.as_slice(), [Edit::Body(Body::Absent)]) {
                self.claims_of_empty_body()
            } else {
                Vec::new()
            };
            self.push(
                format!("{fact}::{name}"),
                Kind::Malformed,
                subject,
                Work::Cases(TrialCases::one(case)),
                exclusive,
            )
            .claims = claims;
        }
        for (kind, case) in generate::oversized(baseline) {
            if self.omits(ViolationKind::Oversized) {
                break;
            }
            let rule = Rule::of_place(Place::Request, Facet::Wire(Wire::Size));
            let fact = operation.fact_id(rule);
            let subject = Subject {
                documented: "no 5xx, whatever the size (RFC 9110, sections 15.5.14, 15.5.15; RFC 6585, section 5)"
                    .to_owned(),
                ..self.subject(fact.clone(), Level::Should)
            };
            let name = format!("{fact}::{kind}");
            self.push(
                name,
                Kind::Malformed,
                subject,
                Work::Cases(TrialCases::one(case)),
                true,
            );
        }
    }

    /// Methods that no page documents on the path, each without the body that the operation's own
    /// method carries where it carries none.
    fn methods(&mut self) {
        let operation = self.operation;
        if !matches!(self.baseline, Ok(_) | Err(Lack::Unwritten(_))) {
            return;
        }
        // What could write is the same request by whatever method that makes nothing, or makes it.
        let could_write: [OnceCell<Result<Arc<Request>, Lack>>; 2] = Default::default();
        for method in UNDOCUMENTED_METHODS {
            if self.omits(ViolationKind::Method) {
                break;
            }
            let documented = self.paths.document(self.target, operation, method);
            // Who names an action takes it by whatever method.
            let is_action = Action::of(&operation.path).is_some();
            // One operation of a path stands for it.
            let is_first = self.paths.is_first(operation, self.index);
            if documented || is_action || !is_first {
                continue;
            }
            let fact = operation.about(Topic::OtherMethods);
            // Many sources describe a part of what can be read: only one that documents the refusal
            // of other methods says that there are none. What writes is left out so only where nothing
            // that writes to the same thing is described.
            let is_part = operation.is_all_that_pages_tell_of_one(&self.suite.operations);
            let level = if operation.names(405) || method != "GET" && !is_part {
                Level::Should
            } else {
                Level::May
            };
            let subject = Subject {
                documented: format!("{} only", operation.method),
                ..self.subject(fact.clone(), level)
            };
            let of_method = || {
                let request = self.supplies.undocumented(self.suite, self.index, method);
                request.map(Arc::new)
            };
            let work = if self.target.mode != Mode::Full && method != "GET" {
                // An undocumented `DELETE` could do anything to a real resource.
                Work::Skip(format!(
                    "not sent: {method} is undocumented here and could write; use `--mode full`"
                ))
            } else {
                let [could_make, could_change] = &could_write;
                let request = match method {
                    "GET" => of_method(),
                    "DELETE" | "PATCH" => could_change.get_or_init(of_method).clone(),
                    _ => could_make.get_or_init(of_method).clone(),
                };
                match request {
                    Ok(request) => {
                        let cases = generate::method(&request, method);
                        Work::Cases(TrialCases::Listed(cases))
                    }
                    Err(Lack::Untold(key)) => Work::Skip(format!(
                        "not sent: {method} {} is undocumented and could change things; `--allow-changes {key}` permits that",
                        operation.path
                    )),
                    Err(lack) => Work::Skip(lack.to_string()),
                }
            };
            let claims = self.claims_of_method();
            let work = match self.obstacle_of_target(operation.writes()) {
                Some(reason) if !matches!(work, Work::Skip(_)) => Work::Skip(reason),
                _ => work,
            };
            let name = format!("{fact}::{method}");
            self.push_as(name, Kind::Method, subject, work, false)
                .claims = claims;
        }
    }
}
