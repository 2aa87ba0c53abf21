//! Ids for requests that only read, where nobody gave them: those that a list shows, and the values
//! that the source shows of a parameter. One counts where a plain documented request with it was
//! answered by a documented success. Nothing is changed by what was found: it is somebody's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::contract::{Facet, Location, Operation, Suite, is_scope, types_of, words};
use crate::exchange::{Answer, Client, Journal};
use crate::generate::text_of;

use super::changes::{destroys, is_destroying};
use super::sender::common_headers::with_common_headers;
use super::supply::Supplies;
use super::target::Target;

/// The most values that are tried for one key.
const MOST_VALUES: usize = 4;

/// The most requests that are sent to find ids.
const MOST_REQUESTS: usize = 60;

/// The longest time that is taken to find ids.
const LONGEST: Duration = Duration::from_secs(15);

/// An id that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The key of `--set`.
    pub key: String,
    /// The path that it was found for, up to the parameter that takes it: keys are shared by names.
    pub below: String,
    /// The id.
    pub id: String,
    /// The operation that lists it; none where the source shows it.
    pub listed_by: Option<String>,
}

/// Why the refusal of an operation's plainest request says nothing, if so: it is about an id that was
/// found, of which only another read is known to be served.
pub(super) fn may_lack_what_is_asked(
    target: &Target,
    bindings: &BTreeMap<String, String>,
    operation: &Operation,
    status: u16,
) -> Option<String> {
    let is_of = |found: &&Found| {
        found.below != operation.path && bindings.values().any(|key| found.serves(operation, key))
    };
    let found = target.found.iter().find(is_of)?;
    matches!(status, 403 | 404 | 410).then(|| {
        format!(
            "answered {status} for an id that nobody gave: what is asked for of it may not be there; \
             give `--set {}=ID`",
            found.key
        )
    })
}

impl Found {
    /// Whether an operation takes it for a key.
    pub(super) fn serves(&self, operation: &Operation, key: &str) -> bool {
        let rest = operation.path.strip_prefix(&self.below);
        self.key == key
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            && !acts(operation)
    }
}

/// An id that reads lack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Lacking {
    /// The key of `--set`.
    key: String,
    /// The path up to the parameter that takes it.
    below: String,
    /// The parameter.
    parameter: String,
}

/// What looks for ids.
struct Search<'s> {
    suite: &'s Suite,
    client: &'s Client,
    journal: Option<&'s Journal>,
    begun: Instant,
    sent: usize,
    /// Whether the endpoint cannot be asked at all.
    is_over: bool,
}

/// Finds ids for what the requests that only read still lack, and puts them among those that the
/// target knows for reading alone.
pub(crate) async fn find_ids(
    suite: &Suite,
    target: &mut Target,
    client: &Client,
    journal: Option<&Journal>,
) {
    let mut search = Search {
        suite,
        client,
        journal,
        begun: Instant::now(),
        sent: 0,
        is_over: false,
    };
    let mut tried = BTreeSet::new();
    // What one id shows may list those of what belongs to it.
    loop {
        let supplies = Supplies::of(suite, target);
        let before = target.found.len();
        for (lacking, index) in lacking(suite, target, &supplies) {
            if tried.contains(&lacking) {
                continue;
            }
            let values = search.values(target, &supplies, &lacking, index).await;
            if !values.is_empty() {
                tried.insert(lacking.clone());
            }
            for (id, listed_by) in values.into_iter().take(MOST_VALUES) {
                let found = Found {
                    key: lacking.key.clone(),
                    below: lacking.below.clone(),
                    id,
                    listed_by,
                };
                let supplies = supplies.with_found(found.clone());
                if search.is_served(target, &supplies, index).await {
                    target.found.push(found);
                    break;
                }
            }
            if search.is_over {
                return;
            }
        }
        if target.found.len() == before {
            return;
        }
    }
}

/// The ids that reads lack, each with an operation that takes it: one whose path ends there, if there
/// is one.
fn lacking(suite: &Suite, target: &Target, supplies: &Supplies) -> BTreeMap<Lacking, usize> {
    let mut lacking = BTreeMap::new();
    for (index, operation) in suite.operations.iter().enumerate() {
        if operation.writes() || acts(operation) || target.endpoint(&operation.service).is_none() {
            continue;
        }
        let bindings = suite.bindings(operation);
        let is_missing = |key: &String| {
            !target.resources.contains_key(key)
                && !target
                    .found
                    .iter()
                    .any(|found| found.serves(operation, key))
                && supplies.creatable(key).is_none()
        };
        let mut missing = bindings.iter().filter(|(_, key)| is_missing(key));
        let (Some((place, key)), None) = (missing.next(), missing.next()) else {
            continue;
        };
        let Some(parameter) = place.strip_prefix("path.").filter(|_| !is_scope(key)) else {
            continue;
        };
        let name = format!("{{{parameter}}}");
        let Some(at) = operation.path.find(&name) else {
            continue;
        };
        let (below, rest) = operation.path.split_at(at + name.len());
        // A part of a path that holds more than the id names something else by it.
        if !(rest.is_empty() || rest.starts_with('/')) {
            continue;
        }
        let lacks = Lacking {
            key: key.clone(),
            below: below.to_owned(),
            parameter: parameter.to_owned(),
        };
        if rest.is_empty() {
            lacking.insert(lacks, index);
        } else {
            lacking.entry(lacks).or_insert(index);
        }
    }
    lacking
}

impl Search<'_> {
    /// The values that may be the id of a key, each with the operation that lists it.
    async fn values(
        &mut self,
        target: &Target,
        supplies: &Supplies,
        lacking: &Lacking,
        index: usize,
    ) -> Vec<(String, Option<String>)> {
        let mut values = Vec::new();
        let mut resources = self.suite.resources.iter();
        let list = resources
            .find(|resource| resource.key == lacking.key)
            .and_then(|resource| resource.list.as_ref());
        if let Some(list) = list
            && let Some(operation) = self.suite.operations.get(list.operation)
            && !operation.writes()
            && !acts(operation)
            && let Some(answer) = self.ask(target, supplies, list.operation).await
            && operation.is_documented_success(answer.status)
        {
            let items = answer.body.at(&list.items.to_pointer());
            let items = items.and_then(Value::as_array).into_iter().flatten();
            let ids = items
                .filter_map(|item| item.get(&list.id))
                .filter(|id| id.is_string() || id.is_number())
                .map(text_of)
                .filter(|id| !id.is_empty());
            values.extend(
                ids.map(|id| (id, Some(operation.id.clone())))
                    .take(MOST_VALUES),
            );
        }
        let operation = self.suite.operations.get(index);
        let shown = operation.map(|operation| shown(operation, &lacking.parameter));
        values.extend(shown.into_iter().flatten().map(|value| (value, None)));
        values
    }

    /// Whether the plainest request of an operation that reads is served.
    async fn is_served(&mut self, target: &Target, supplies: &Supplies, index: usize) -> bool {
        let answer = self.ask(target, supplies, index).await;
        answer
            .zip(self.suite.operations.get(index))
            .is_some_and(|(answer, operation)| operation.is_documented_success(answer.status))
    }

    /// What the plainest request of an operation that reads is answered.
    async fn ask(&mut self, target: &Target, supplies: &Supplies, index: usize) -> Option<Answer> {
        let request = supplies.baseline(self.suite, index).ok()?;
        // What the run will create is not there yet.
        if !request.is_safe() || !request.borrowed.is_empty() {
            return None;
        }
        let operation = self.suite.operations.get(index)?;
        let endpoint = target.endpoint(&operation.service)?;
        if self.sent >= MOST_REQUESTS || self.begun.elapsed() > LONGEST {
            self.is_over = true;
            return None;
        }
        self.sent += 1;
        let request = with_common_headers(self.suite, target, operation, &request);
        let exchange = self
            .client
            .send(endpoint, &request, &AtomicBool::new(false))
            .await;
        if let Some(journal) = self.journal {
            journal.write(&json!({
                "operation": operation.name(),
                "case": "looks for an id to read by",
                "exchange": exchange.shown(&self.client.redactor()),
            }));
        }
        // An endpoint that cannot be reached is told of before the first trial.
        exchange.outcome.inspect_err(|_| self.is_over = true).ok()
    }
}

/// Whether an operation that reads by its method does something by its name all the same: a part of
/// its path, or the first word of its id, is a verb of that.
fn acts(operation: &Operation) -> bool {
    const VERBS: [&str; 32] = [
        "accept",
        "activate",
        "add",
        "approve",
        "archive",
        "cancel",
        "confirm",
        "create",
        "deactivate",
        "edit",
        "enable",
        "execute",
        "lock",
        "mark",
        "move",
        "pause",
        "publish",
        "reject",
        "rename",
        "renew",
        "restore",
        "resume",
        "rotate",
        "run",
        "send",
        "set",
        "start",
        "stop",
        "trigger",
        "unlock",
        "unpublish",
        "update",
    ];
    let is_verb = |word: &str| VERBS.contains(&word);
    let first = words(&operation.id).into_iter().next();
    let mut parts = operation.path.split('/');
    destroys(operation)
        || first.is_some_and(|first| is_verb(&first))
        || parts.any(|part| is_verb(part) || is_destroying(part))
}

/// The values that a source shows of a parameter of a path: examples, its default, and of a number
/// its least value or 1.
fn shown(operation: &Operation, parameter: &str) -> Vec<String> {
    let Some(parameter) = operation.parameter(Location::Path, parameter) else {
        return Vec::new();
    };
    let node = parameter.schema.follow(&parameter.schema.root);
    let examples = node.get("examples").and_then(Value::as_array);
    let least = node.get(Facet::Minimum.as_str()).cloned();
    let kinds = types_of(node);
    let number = ["integer", "number"]
        .iter()
        .any(|kind| kinds.contains(kind))
        .then(|| least.unwrap_or(Value::from(1)));
    let default = node.get(Facet::Default.as_str());
    let mut all: Vec<String> = parameter
        .example
        .iter()
        .chain(examples.into_iter().flatten())
        .chain(default)
        .chain(&number)
        .filter(|value| value.is_string() || value.is_number())
        .map(text_of)
        .filter(|value| !value.is_empty())
        .collect();
    all.dedup();
    all
}
