//! Legal variations: what an endpoint may do differently from the mock and still be as documented.
//! A suite has to stay silent about each of them. They are derived from the contract; `serve` is
//! the layer that acts on them.

mod encode;
mod serve;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use crate::contract::{
    Operation, OperationId, Place, Relation, Response, Row, StatusRange, Suite, types_of,
};
use crate::recognise::Laws;

use super::rejection::Reason;

pub(super) use serve::VariationLayer;

/// One legal variation.
#[derive(Debug, Clone, PartialEq)]
pub struct Variation {
    /// A stable name (`extra-fields`, `dcs::ListBackupRecords::empty-list-for-204`).
    pub id: String,
    /// What the mock does differently, in one clause.
    pub what: String,
    effect: Effect,
}

impl Variation {
    /// Whether what is kept has unique names by it.
    pub(super) fn has_unique_names(&self) -> bool {
        self.effect == Effect::UniqueNames
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Effect {
    /// Every object of an answer has a field that no page knows.
    ExtraFields,
    /// The fields of every object come in another order.
    Shuffled,
    /// These fields of operations' answers are null.
    Null(Vec<(OperationId, Row)>),
    /// These fields of operations' answers are absent.
    Absent(Vec<(OperationId, Row)>),
    /// These fields of operations' answers are absent from some answers.
    Sometimes(Vec<(OperationId, Row)>),
    /// Bodies are indented.
    Pretty,
    /// Characters beyond ASCII are escaped.
    Escaped,
    /// An operation answers success with another status that counts as documented.
    Status { operation: OperationId, status: u16 },
    /// An operation answers with another of its documented successes.
    Success {
        operation: OperationId,
        status: StatusRange,
    },
    /// An operation answers an empty list where it could have answered without a body.
    EmptyList { operation: OperationId },
    /// Another spelling of the content type.
    ContentType(&'static str),
    /// Further headers.
    Headers,
    /// Bodies in pieces of this size, without an announced length.
    Chunked(usize),
    /// Compressed bodies, where the request accepts them.
    Gzip,
    /// Every answer is held back.
    Delayed(Duration),
    /// Every connection is closed after one answer.
    Closes,
    /// Every n-th request is put off with this status.
    Busy { every: u64, status: u16 },
    /// No two records have the same name.
    UniqueNames,
    /// A kind of refusal has another status.
    Refusal { reason: Reason, status: u16 },
}

/// Every legal variation of a suite, in a stable order.
pub fn variations(suite: &Suite) -> Vec<Variation> {
    let mut all: Vec<Variation> = general()
        .into_iter()
        .map(|(id, what, effect)| Variation {
            id: id.to_owned(),
            what: what.to_owned(),
            effect,
        })
        .collect();
    if super::backend::may_want_unique_names(suite) {
        all.push(Variation {
            id: "unique-names".to_owned(),
            what: "names are unique".to_owned(),
            effect: Effect::UniqueNames,
        });
    }
    let served = super::backend::served(suite);
    for (id, what, is_absent) in [
        ("nullable-null", "fields that may be null are", false),
        (
            "nullable-absent",
            "fields that may be null or absent are absent",
            true,
        ),
    ] {
        let fields = nullable(suite, &served, is_absent);
        if !fields.is_empty() {
            let effect = if is_absent {
                Effect::Absent(fields)
            } else {
                Effect::Null(fields)
            };
            all.push(Variation {
                id: id.to_owned(),
                what: what.to_owned(),
                effect,
            });
        }
    }
    let fields = shown_alone(suite, &served);
    if !fields.is_empty() {
        all.push(Variation {
            id: "shown-sometimes".to_owned(),
            what: "fields that no page calls mandatory are in some answers alone".to_owned(),
            effect: Effect::Sometimes(fields),
        });
    }
    for (at, operation) in suite.operations.iter().enumerate() {
        let is_kept = super::backend::keeps_state(operation) || served.contains_key(&at);
        of_operation(operation, is_kept, &mut all);
    }
    all
}

/// What any service may do.
fn general() -> Vec<(&'static str, &'static str, Effect)> {
    let refusal = |reason, status| Effect::Refusal { reason, status };
    vec![
        (
            "extra-fields",
            "answers have fields that no page knows",
            Effect::ExtraFields,
        ),
        ("shuffled", "fields come in another order", Effect::Shuffled),
        ("pretty", "bodies are indented", Effect::Pretty),
        (
            "escaped",
            "characters beyond ASCII are escaped",
            Effect::Escaped,
        ),
        (
            "content-type-charset",
            "the content type names UTF-8",
            Effect::ContentType("application/json; charset=utf-8"),
        ),
        (
            "content-type-spelling",
            "the content type is spelt in capitals, with a quoted parameter and no space",
            Effect::ContentType("Application/JSON;charset=\"UTF-8\""),
        ),
        ("headers", "answers have further headers", Effect::Headers),
        (
            "chunked",
            "bodies have no announced length",
            Effect::Chunked(usize::MAX),
        ),
        (
            "dribbled",
            "bodies come in small pieces",
            Effect::Chunked(7),
        ),
        (
            "gzip",
            "bodies are compressed where that is accepted",
            Effect::Gzip,
        ),
        (
            "delayed",
            "answers take a while",
            Effect::Delayed(Duration::from_millis(15)),
        ),
        (
            "closes",
            "connections are closed after each answer",
            Effect::Closes,
        ),
        (
            "busy-429",
            "some requests are put off with 429",
            Effect::Busy {
                every: 9,
                status: 429,
            },
        ),
        (
            "busy-503",
            "some requests are put off with 503",
            Effect::Busy {
                every: 11,
                status: 503,
            },
        ),
        (
            "auth-403",
            "wrong tokens are refused with 403",
            refusal(Reason::Credentials, 403),
        ),
        (
            "method-404",
            "other methods are refused with 404",
            refusal(Reason::Method, 404),
        ),
        (
            "method-501",
            "other methods are refused with 501",
            refusal(Reason::Method, 501),
        ),
        (
            "unknown-404",
            "unknown resources are refused with 404",
            refusal(Reason::Unknown, 404),
        ),
    ]
}

/// The fields of answers that may be null, but for those that say what requests said: a value that
/// is lost is no variation. `served` has these by operation.
fn nullable(
    suite: &Suite,
    served: &HashMap<usize, HashSet<String>>,
    absent: bool,
) -> Vec<(OperationId, Row)> {
    let mut fields = Vec::new();
    let laws = Laws::new(suite);
    for (at, operation) in suite.operations.iter().enumerate() {
        let told = told_by_laws(&laws, operation);
        for response in &operation.responses {
            for field in response.schema.iter().flat_map(|schema| schema.fields()) {
                let name = field.path.last_name().unwrap_or_default();
                let is_said = served.get(&at).is_some_and(|said| said.contains(name));
                let may = types_of(field.node).contains(&"null") && !field.path.is_root();
                let may = may && !is_said;
                if may
                    && !told.contains(&field.path.to_pointer())
                    && (!absent || field.expected().is_none())
                    && field.path.last_name().is_some()
                {
                    let row = Row {
                        place: Place::Response(response.status),
                        field: field.path.clone(),
                    };
                    fields.push((operation.operation_id(), row));
                }
            }
        }
    }
    fields
}

/// The fields of answers that are to be seen, though not in every answer: single values that say
/// nothing of requests, and by which nothing is told apart.
fn shown_alone(suite: &Suite, served: &HashMap<usize, HashSet<String>>) -> Vec<(OperationId, Row)> {
    let mut fields = Vec::new();
    let laws = Laws::new(suite);
    let bodies = || {
        suite
            .operations
            .iter()
            .filter_map(|one| one.request_body.as_ref())
    };
    let mut sent: HashSet<&str> = bodies()
        .flat_map(|body| body.schema.fields())
        .filter_map(|field| field.path.last_name())
        .collect();
    // What a person says of a new item is in it.
    for operation in &suite.operations {
        for relation in laws.of(operation) {
            if let Relation::CreatedAppears { constant, .. } = relation {
                sent.extend(
                    constant
                        .keys()
                        .filter_map(|pointer| pointer.rsplit('/').next()),
                );
            }
        }
    }
    for (at, operation) in suite.operations.iter().enumerate() {
        let told = told_by_laws(&laws, operation);
        for response in operation.successes() {
            for field in response.schema.iter().flat_map(|schema| schema.fields()) {
                let Some(name) = field.path.last_name() else {
                    continue;
                };
                let is_said = served.get(&at).is_some_and(|said| said.contains(name));
                let types = types_of(field.node);
                let is_single = !types.contains(&"array") && !types.contains(&"object");
                if is_single
                    && !field.required
                    && field.expected().is_some()
                    && !is_said
                    && !sent.contains(name)
                    && !name.to_ascii_lowercase().ends_with("id")
                    && !told.contains(&field.path.to_pointer())
                {
                    let row = Row {
                        place: Place::Response(response.status),
                        field: field.path.clone(),
                    };
                    fields.push((operation.operation_id(), row));
                }
            }
        }
    }
    fields
}

/// The pointers of an answer that a law says the value of: that may be null, and is not whenever it
/// could be.
fn told_by_laws(laws: &Laws, operation: &Operation) -> HashSet<String> {
    let mut told = HashSet::new();
    for relation in laws.of(operation) {
        match relation {
            Relation::Pagination { list }
            | Relation::Filter { list, .. }
            | Relation::Several { list, .. } => {
                told.extend(list.next.iter().chain(&list.total).cloned());
            }
            Relation::Echo { same, .. } => told.extend(same.values().cloned()),
            Relation::TimeWindow { .. }
            | Relation::Sorted { .. }
            | Relation::SortBy { .. }
            | Relation::Range { .. }
            | Relation::Search { .. }
            | Relation::Omitted { .. }
            | Relation::Repeated { .. }
            | Relation::Items { .. }
            | Relation::CreatedAppears { .. }
            | Relation::EntityTag { .. } => {}
        }
    }
    told
}

/// `is_kept`: whether the state behind the operation is, so that its answer says what it did.
fn of_operation(operation: &Operation, is_kept: bool, all: &mut Vec<Variation>) {
    let name = operation.operation_id();
    let mut add = |way: String, what: String, effect: Effect| {
        all.push(Variation {
            id: format!("{name}::{way}"),
            what,
            effect,
        });
    };
    let full = operation
        .successes()
        .find(|response| response.schema.is_some());
    let is_free = operation
        .successes()
        .any(|response| response.status.code().is_none());
    if is_free {
        for status in [201, 202] {
            let what = format!("success is {status}");
            let operation = name.clone();
            add(
                format!("status-{status}"),
                what,
                Effect::Status { operation, status },
            );
        }
    }
    let bodyless = operation.successes().any(Response::is_bodyless);
    if bodyless && full.is_some() {
        let what = "an empty list stands for 204".to_owned();
        let operation = name.clone();
        add(
            "empty-list-for-204".to_owned(),
            what,
            Effect::EmptyList { operation },
        );
    }
    if !is_kept {
        for response in operation.successes().skip(1) {
            let status = response.status;
            let what = format!("success is {status}");
            let operation = name.clone();
            add(
                format!("success-{status}"),
                what,
                Effect::Success { operation, status },
            );
        }
    }
}
