//! What the answers of a run held, whatever the trial: which documented fields had values, and what
//! was there that no page documents. Without it a fact could be called proven that no answer ever
//! showed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{Facet, FieldPath, Operation, OperationId, Place, Row, Rule, Step, Suite};
use crate::exchange::{Exchange, Redactor};

use super::latency::{Latency, Times};
use super::repeats::Repeat;

mod node;

use self::node::{Look, Node, gather};

/// How many different statuses are kept of one operation.
const MOST_STATUSES: usize = 64;

/// The longest name or value that is kept, in characters.
const LONGEST: usize = 120;

/// What the answers of a run held.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// How often each documented row had a value, by the row's name: a fact's name without its
    /// facet.
    pub rows: BTreeMap<String, Seen>,
    /// What no page documents.
    pub undocumented: Vec<Undocumented>,
    /// How long the answers took.
    pub latency: Vec<Latency>,
    /// How many answers of each documented response no check has looked at, by the row's name: a
    /// valid request was refused, as all others were, or the request only made sure of another.
    pub unjudged: BTreeMap<String, u64>,
}

impl Observed {
    /// How often a row of an answer had a value.
    pub(super) fn seen(&self, operation: &OperationId, row: &Row) -> Seen {
        let seen = self.rows.get(&format!("{operation}::{row}"));
        seen.copied().unwrap_or_default()
    }

    /// How many answers there were that a rule of answers is about, whatever they held.
    pub(super) fn answers(&self, operation: &OperationId, rule: &Rule) -> u64 {
        self.seen(operation, &root(rule)).values
    }

    /// How many answers no check has looked at that a rule of answers is about.
    pub(super) fn unjudged(&self, operation: &OperationId, rule: &Rule) -> u64 {
        let unjudged = self.unjudged.get(&format!("{operation}::{}", root(rule)));
        unjudged.copied().unwrap_or_default()
    }

    /// How often answers showed what a rule of answers says. That a value is a default, none shows.
    pub(super) fn shown(&self, operation: &OperationId, rule: &Rule) -> u64 {
        let own = self.seen(operation, &rule.row());
        match rule.facet {
            Facet::Nullable => own.nulls,
            Facet::Default => 0,
            // Null is there too.
            Facet::Required => own.values + own.nulls,
            Facet::Type
            | Facet::Enum
            | Facet::Const
            | Facet::MinLength
            | Facet::MaxLength
            | Facet::Pattern
            | Facet::Format
            | Facet::Minimum
            | Facet::ExclusiveMinimum
            | Facet::Maximum
            | Facet::ExclusiveMaximum
            | Facet::MultipleOf
            | Facet::MinItems
            | Facet::MaxItems
            | Facet::UniqueItems
            | Facet::Items
            | Facet::Example
            | Facet::Status
            | Facet::Body
            | Facet::EmptyBody
            | Facet::Method
            | Facet::Name
            | Facet::Prose
            | Facet::Meaning(_)
            | Facet::Keyword(_)
            | Facet::Wire(_) => own.values,
        }
    }
}

/// The row of the answer itself that a rule is about.
fn root(rule: &Rule) -> Row {
    let place = rule.place.answered().map_or(rule.place, Place::Response);
    Row {
        place,
        field: FieldPath::root(),
    }
}

/// How often a row had a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Seen {
    /// Values that are not null.
    pub values: u64,
    /// Nulls.
    pub nulls: u64,
}

/// Something that was observed and that no page documents. It breaks nothing: it is what the
/// documentation could say, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Undocumented {
    /// `service::Operation`.
    pub operation: String,
    /// What it is.
    pub kind: UndocumentedKind,
    /// Where it was seen: `response-200.backups[].colour`.
    pub place: String,
    /// The status, the error code or the value; for a field, a value that it had.
    pub value: String,
    /// How often.
    pub seen: u64,
}

/// The kinds of undocumented things.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum UndocumentedKind {
    /// A status.
    Status,
    /// A field of an answer.
    Field,
    /// An error code that no page lists.
    ErrorCode,
    /// A value that is not in the documented list.
    EnumValue,
}

impl UndocumentedKind {
    /// The kind in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Field => "field",
            Self::ErrorCode => "error code",
            Self::EnumValue => "value",
        }
    }
}

/// Collects what answers hold, from all threads of a run.
#[derive(Debug)]
pub(super) struct Recorder(Vec<Mutex<Record>>);

#[derive(Debug)]
struct Record {
    times: Times,
    statuses: BTreeMap<u16, Status>,
}

#[derive(Debug, Default)]
struct Status {
    /// How many answers came, whatever they were asked for.
    came: u64,
    /// How many of them every check looked at.
    seen: u64,
    /// How many of these had each documented header.
    headers: BTreeMap<String, u64>,
    body: Node,
}

impl Record {
    /// What is known of a status, unless there are too many.
    fn status(&mut self, status: u16) -> Option<&mut Status> {
        let is_full = self.statuses.len() >= MOST_STATUSES;
        match self.statuses.entry(status) {
            Entry::Vacant(_) if is_full => None,
            entry => Some(entry.or_default()),
        }
    }
}

impl Status {
    /// Looks at a body of an operation's answer of a status that came so often.
    fn look(
        &mut self,
        (operation, status): (&Operation, u16),
        body: &Value,
        times: u64,
        redactor: &Redactor,
    ) {
        let documented = operation.response(status);
        let Some(schema) = documented.and_then(|response| response.schema.as_deref()) else {
            return;
        };
        let look = Look {
            schema,
            is_error: status >= 400,
            redactor,
            times,
        };
        look.at(&mut self.body, Some(schema.follow(&schema.root)), body, 0);
    }
}

/// Whether an exchange is one of the operation: of its method, on its path.
pub(super) fn is_of(operation: &Operation, exchange: &Exchange) -> bool {
    let request = &exchange.request;
    request.method == operation.method && request.template == operation.path
}

impl Recorder {
    /// A recorder for so many operations.
    pub(super) fn new(operations: usize) -> Self {
        let record = || Record {
            times: Times::new(),
            statuses: BTreeMap::new(),
        };
        Self((0..operations).map(|_| Mutex::new(record())).collect())
    }

    /// Counts an answer to a request of the operation at an index, whether a check will look at it
    /// or not. Answers to methods and paths that no page documents say nothing of the operation.
    pub(super) fn count(&self, index: usize, operation: &Operation, exchange: &Exchange) {
        let (Some(record), Ok(answer)) = (self.0.get(index), &exchange.outcome) else {
            return;
        };
        if is_of(operation, exchange) {
            let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(status) = record.status(answer.status) {
                status.came += 1;
            }
        }
    }

    /// Records an exchange that every check has looked at.
    pub(super) fn record(
        &self,
        index: usize,
        operation: &Operation,
        exchange: &Exchange,
        body: Option<&Value>,
        redactor: &Redactor,
    ) {
        let (Some(record), Ok(answer)) = (self.0.get(index), &exchange.outcome) else {
            return;
        };
        if !is_of(operation, exchange) {
            return;
        }
        let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
        record.times.add(exchange.elapsed);
        let Some(status) = record.status(answer.status) else {
            return;
        };
        status.seen += 1;
        let documented = operation.response(answer.status);
        for header in documented
            .into_iter()
            .flat_map(|response| &response.headers)
        {
            if answer.header(&header.name.to_lowercase()).is_some() {
                *status.headers.entry(header.name.clone()).or_default() += 1;
            }
        }
        if let Some(body) = body {
            status.look((operation, answer.status), body, 1, redactor);
        }
    }

    /// Counts what a body holds as often as it came again, after it was recorded.
    pub(super) fn record_again(&self, repeat: &Repeat, operation: &Operation, redactor: &Redactor) {
        let (Some(record), Some(body)) = (self.0.get(repeat.index), repeat.content.value()) else {
            return;
        };
        let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(status) = record.status(repeat.status) {
            let of = (operation, repeat.status);
            status.look(of, body, repeat.times, redactor);
        }
    }

    /// What was recorded.
    pub(super) fn observed(&self, suite: &Suite, redactor: &Redactor) -> Observed {
        let mut observed = Observed::default();
        for (operation, record) in suite.operations.iter().zip(&self.0) {
            let record = record.lock().unwrap_or_else(PoisonError::into_inner);
            observed.latency.extend(record.times.of(&operation.name()));
            for (number, status) in &record.statuses {
                let Some(response) = operation.response(*number) else {
                    if status.seen > 0 {
                        observed.undocumented.push(Undocumented {
                            operation: operation.name(),
                            kind: UndocumentedKind::Status,
                            place: format!("response-{number}"),
                            value: number.to_string(),
                            seen: status.seen,
                        });
                    }
                    continue;
                };
                let row = Row {
                    place: Place::Response(response.status),
                    field: FieldPath::root(),
                };
                let name = format!("{}::{row}", operation.name());
                let unjudged = status.came.saturating_sub(status.seen);
                if unjudged > 0 {
                    *observed.unjudged.entry(name.clone()).or_default() += unjudged;
                }
                if status.seen > 0 {
                    observed.rows.entry(name).or_default().values += status.seen;
                    gather(&status.body, operation, &row, &mut observed);
                    for (header, seen) in &status.headers {
                        let row = Row {
                            place: Place::ResponseHeader(response.status),
                            field: FieldPath::name(header),
                        };
                        let name = format!("{}::{row}", operation.name());
                        observed.rows.entry(name).or_default().values += seen;
                    }
                }
            }
        }
        for undocumented in &mut observed.undocumented {
            let place = redactor.redact(&undocumented.place);
            undocumented.place = place.chars().take(2 * LONGEST).collect();
        }
        observed.undocumented.sort_by(|a, b| {
            (&a.operation, a.kind, &a.place).cmp(&(&b.operation, b.kind, &b.place))
        });
        observed
    }
}

/// Whether a value has anything but null at a place: in one item or entry, where there are several.
pub(super) fn has_value(value: &Value, steps: &[Step]) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        return !value.is_null();
    };
    match (step, value) {
        (Step::Item, Value::Array(items)) => items.iter().any(|item| has_value(item, rest)),
        (Step::Entry, Value::Object(map)) => map.values().any(|value| has_value(value, rest)),
        (Step::Name(name), Value::Object(map)) => {
            map.get(name).is_some_and(|value| has_value(value, rest))
        }
        (Step::Item | Step::Entry | Step::Name(_), _) => false,
    }
}
