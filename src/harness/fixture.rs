//! Fixtures: the resources that a run creates for its trials. A request that borrows one gets its
//! id when it is sent; what a trial changes or deletes was made for that trial, and what a trial
//! made is removed when it ends.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::OnceCell;

use crate::check::Observation;
use crate::contract::{
    Facet, FactId, FieldPath, Identity, Operation, Place, Resource, Row, Rule, parameters_of_path,
};
use crate::exchange::Exchange;
use crate::generate::{
    Borrowed, Case, Expectation, Request, Whose, stand_in, text_of, with_one_more,
};

use super::basis::Values;
use super::created::id_of;
use super::finding::Finding;
use super::run_context::RunContext;
use super::sender::not_sent;
use super::stock::{Variety, part_by_order, vary};
use super::witness::{Making, Witness};

/// Resources by their keys; each is made once.
#[derive(Debug, Default)]
pub(super) struct Leases(Mutex<HashMap<String, Lease>>);

/// A resource that is made by whoever needs it first.
type Lease = Arc<OnceCell<Result<Value, String>>>;

impl Leases {
    fn of(&self, key: &str) -> Lease {
        let mut leases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(leases.entry(key.to_owned()).or_default())
    }

    /// The id of a resource that is there already.
    fn known(&self, key: &str) -> Option<Value> {
        let leases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        leases.get(key)?.get()?.as_ref().ok().cloned()
    }

    /// Forgets a resource: the next one that is needed is another.
    fn forget(&self, key: &str) {
        let mut leases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        leases.remove(key);
    }

    /// The request with the ids of resources that are there already; none where one is not.
    pub(super) fn fill(&self, request: &Request) -> Option<Request> {
        let mut filled = request.clone();
        for borrowed in request.borrowed.iter() {
            if request.lacks(borrowed) {
                filled.lend(borrowed, &self.known(&borrowed.key)?);
            }
        }
        Some(filled)
    }
}

/// What one trial works with: the run, and the resources that were made for the trial.
pub(super) struct TrialContext {
    run: Arc<RunContext>,
    /// Tells what this trial made from what others did.
    pub(super) scope: u64,
    own: Leases,
    /// How many requests were sent for it.
    requests: AtomicU64,
    /// What was made for it.
    made: Mutex<Vec<Making>>,
}

impl Deref for TrialContext {
    type Target = RunContext;

    fn deref(&self) -> &RunContext {
        &self.run
    }
}

/// The scope of what is made for the whole run.
pub(super) const WHOLE_RUN: u64 = 0;

/// How long a new resource is waited for that its create has only promised (202).
pub(super) const APPEARS: [u64; 7] = [20, 50, 100, 200, 400, 800, 1_600];

/// The most fields that are tried in turn where a create that says nothing is refused.
const MOST_FIELDS: usize = 4;

/// How often a resource is tried to be made in a run before it is given up.
const MOST_FAILURES: u32 = 3;

/// From so many drawn characters on an id is nobody's; of fewer, it may be somebody's.
const SURE: usize = 6;

impl TrialContext {
    /// A context for one trial, or for something else that sends requests.
    pub(super) fn new(run: &Arc<RunContext>) -> Arc<Self> {
        Arc::new(Self {
            run: Arc::clone(run),
            scope: run.next_scope(),
            own: Leases::default(),
            requests: AtomicU64::new(0),
            made: Mutex::default(),
        })
    }

    /// Sends a case: what it borrows is lent to it, and made before where it has to be.
    pub(super) async fn send(&self, operation: &Operation, case: &Case) -> Exchange {
        self.send_out(operation, case, &Values::Meant, self.scope)
            .await
    }

    /// Sends a case as it is, with the keys that it had before.
    pub(super) async fn send_again(&self, operation: &Operation, case: &Case) -> Exchange {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let sender = &self.sender;
        sender
            .send(operation, case, &case.request, self.scope)
            .await
    }

    /// The same, where what it makes belongs to another scope, and the case is about a row.
    pub(super) async fn send_about(
        &self,
        operation: &Operation,
        case: &Case,
        about: Option<&Row>,
        scope: u64,
    ) -> Exchange {
        self.send_out(operation, case, &Values::Drawn(about), scope)
            .await
    }

    async fn send_out(
        &self,
        operation: &Operation,
        case: &Case,
        values: &Values<'_>,
        scope: u64,
    ) -> Exchange {
        let about = values.about();
        let request = match self.lend(operation, &case.request).await {
            Ok(request) => request,
            Err(reason) => return not_sent(&case.request, reason),
        };
        self.requests.fetch_add(1, Ordering::Relaxed);
        let resting = self.sender.with_basis(operation, &request, values).await;
        let request = resting.unwrap_or(request);
        let request = self
            .sender
            .with_fresh_keys(operation, case, &request, about);
        let exchange = self
            .send_without_authors(operation, case, &request, about, scope)
            .await;
        self.note_deleted(case, &exchange);
        exchange
    }

    /// The request with the ids of what it borrows.
    async fn lend(&self, operation: &Operation, request: &Request) -> Result<Request, String> {
        let mut lent = request.clone();
        for borrowed in request.borrowed.iter() {
            if request.lacks(borrowed) {
                let id = match borrowed.whose {
                    Whose::Everybodys => self.hold(&borrowed.key, false).await?,
                    Whose::Own => self.hold(&borrowed.key, true).await?,
                    Whose::Nobodys => {
                        let id = self.fresh_id(operation, borrowed);
                        self.claim(operation, borrowed, &id).await?;
                        id
                    }
                };
                lent.lend(borrowed, &id);
            }
        }
        Ok(lent)
    }

    /// The id of the resource of a key: the trial's own where it has one or needs one, else the
    /// one that all trials read.
    pub(super) async fn hold(&self, key: &str, is_own: bool) -> Result<Value, String> {
        if is_own || self.own.known(key).is_some() {
            let lease = self.own.of(key);
            let made = lease.get_or_init(|| self.make(key, self.scope)).await;
            if made.is_err() {
                // A later request of the trial may have more luck.
                self.own.forget(key);
            }
            made.clone()
        } else {
            let lease = self.sender.shared.of(key);
            let made = lease.get_or_init(|| self.make(key, WHOLE_RUN)).await;
            if made.is_err() {
                self.sender.shared.forget(key);
            }
            made.clone()
        }
    }

    /// Makes one resource more of a kind, for the trial alone.
    pub(super) async fn one_more(&self, key: &str) -> Result<Value, String> {
        self.own.forget(key);
        self.hold(key, true).await
    }

    /// Makes a resource, and gives its id.
    async fn make(&self, key: &str, scope: u64) -> Result<Value, String> {
        if let Some(reason) = self.sender.memory.cannot_make(key, MOST_FAILURES) {
            return Err(reason);
        }
        let variety = Variety {
            number: 1,
            order: None,
        };
        let made = Box::pin(self.try_to_make(key, scope, variety)).await;
        self.sender.memory.note_made(key, made.as_ref().err());
        made
    }

    /// Makes a resource of a variety, and gives its id, or why there is none.
    pub(super) async fn try_to_make(
        &self,
        key: &str,
        scope: u64,
        variety: Variety<'_>,
    ) -> Result<Value, String> {
        let suite = &self.sender.suite;
        let nothing = || format!("nothing creates `{key}`: give `--set {key}=VALUE`");
        let resource = self.resource(key).ok_or_else(nothing)?;
        let create = resource.create.as_ref().ok_or_else(nothing)?;
        let operation = suite.operations.get(create.operation).ok_or_else(nothing)?;
        let mut request = self
            .sender
            .baseline(create.operation)
            .map_err(|lack| lack.to_string())?;
        let fact = plain_fact(operation);
        self.mark(operation, &fact, &mut request);
        self.choose(operation, resource, &create.identity, &mut request);
        self.claim_place(operation, &request).await?;
        let mut case = Case {
            label: format!("a `{}` for a trial", resource.noun),
            request,
            expectation: Expectation::Success,
        };
        // What a run makes for itself has a name of its own: that of the page's example may be
        // somebody's. A service that does not take one gets the example's.
        let plain = case.request.clone();
        if variety.number > 0 && variety.order.is_none() {
            self.rename(operation, &mut case.request);
        }
        if variety.number > 1 {
            let list = resource.list.as_ref();
            let list = list.and_then(|list| suite.operations.get(list.operation));
            vary(operation, variety.number, list, &mut case.request);
        }
        part_by_order(operation, variety, &mut case.request);
        let mut exchange = self.send_unique(operation, &case, &fact, scope).await.1;
        let is_not_taken = |exchange: &Exchange| {
            let answer = exchange.outcome.as_ref();
            answer.is_ok_and(|answer| matches!(answer.status, 400 | 404 | 422 | 500))
        };
        if is_not_taken(&exchange) && case.request != plain {
            case.request = plain;
            exchange = self.send_unique(operation, &case, &fact, scope).await.1;
        }
        if is_not_taken(&exchange) {
            let bindings = suite.bindings(operation);
            let more = with_one_more(operation, &bindings, &case.request);
            for request in more.into_iter().take(MOST_FIELDS) {
                case.request = request;
                exchange = self.send_unique(operation, &case, &fact, scope).await.1;
                if !is_not_taken(&exchange) {
                    break;
                }
            }
        }
        let status = match &exchange.outcome {
            Ok(answer) if self.sender.has_made(operation, &exchange) => answer.status,
            Ok(answer) => {
                return Err(format!(
                    "`{key}` could not be created: {} answered {} to its documented request",
                    operation.id, answer.status
                ));
            }
            Err(error) => {
                return Err(format!("`{key}` could not be created: {error}"));
            }
        };
        let id = id_of(&create.identity, &resource.parameter, &exchange).ok_or_else(|| {
            format!(
                "`{key}` was created, and the answer of {} ({status}) does not tell its id",
                operation.id
            )
        })?;
        if self.sender.is_others(&text_of(&id)) {
            return Err(format!(
                "`{key}` could not be created: {} answers with {id}, which was there before",
                operation.id
            ));
        }
        let making = Making::of(resource, &id, &exchange, &self.sender.redactor);
        if scope == WHOLE_RUN {
            self.sender.note_making(making);
        } else {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            made.push(making);
        }
        if status == 202 {
            self.wait_for(resource, &id).await;
        }
        Ok(id)
    }

    /// Puts an id that nobody has yet where a create chooses it.
    pub(super) fn choose_id(
        &self,
        operation: &Operation,
        resource: &Resource,
        request: &mut Request,
    ) {
        if let Some(create) = &resource.create {
            self.choose(operation, resource, &create.identity, request);
        }
    }

    /// An id that nobody has, for the place where an operation names the resource of a key, or else
    /// a parameter of its path.
    pub(super) fn unknown_id(
        &self,
        operation: &Operation,
        key: Option<&str>,
        parameter: &str,
    ) -> Value {
        let bindings = self.sender.suite.bindings(operation);
        let mut bound = bindings.iter().filter(|(_, own)| Some(own.as_str()) == key);
        let row = bound.find_map(|(place, _)| place.parse::<Row>().ok());
        let row = row.unwrap_or_else(|| Row {
            place: Place::Path,
            field: FieldPath::name(parameter),
        });
        let borrowed = Borrowed {
            stand_in: stand_in(operation, &row),
            row,
            key: String::new(),
            whose: Whose::Nobodys,
        };
        self.fresh_id(operation, &borrowed)
    }

    /// Puts an id that nobody has yet where the request chooses it.
    fn choose(
        &self,
        operation: &Operation,
        resource: &Resource,
        identity: &Identity,
        request: &mut Request,
    ) {
        match identity {
            Identity::Chosen => {
                let borrowed = Arc::clone(&request.borrowed);
                for borrowed in borrowed.iter().filter(|one| one.key == resource.key) {
                    let id = self.fresh_id(operation, borrowed);
                    request.lend(borrowed, &id);
                }
            }
            Identity::Sent(field) => {
                self.freshen_field(operation, field, request);
            }
            Identity::Answered(_) | Identity::Located => {}
        }
    }

    /// Takes the place of a request that makes something under an id which it says itself for the
    /// run's own; an error where somebody may have it.
    pub(super) async fn claim_place(
        &self,
        operation: &Operation,
        request: &Request,
    ) -> Result<(), String> {
        for borrowed in request.borrowed.iter() {
            let id = borrowed
                .row
                .field
                .top()
                .and_then(|name| request.path.get(name));
            if let Some(id) = id.filter(|_| borrowed.row.place == Place::Path) {
                self.claim(operation, borrowed, &Value::from(id.as_str()))
                    .await?;
            }
        }
        Ok(())
    }

    /// The same of one place. An id that is drawn anew, and long enough, nobody has; any other is
    /// asked for first, for what stands under it is replaced and later removed.
    async fn claim(
        &self,
        operation: &Operation,
        borrowed: &Borrowed,
        id: &Value,
    ) -> Result<(), String> {
        let index = self.sender.index_of(operation);
        let Some(resource) = self
            .resource(&borrowed.key)
            .filter(|own| own.is_chosen_by(index) && operation.writes())
        else {
            return Ok(());
        };
        let text = text_of(id);
        let memory = &self.sender.memory;
        if memory.is_chosen(&text) {
            return Ok(());
        }
        let is_drawn = drawn(&text_of(&borrowed.stand_in), &text) >= SURE;
        let is_free = is_drawn
            || match resource.show {
                Some(show) => {
                    Box::pin(self.is_shown_by(show, &resource.key, id)).await == Some(false)
                }
                None => false,
            };
        if !is_free {
            return Err(format!(
                "`{text}` may be there already: what the run did not make is not replaced"
            ));
        }
        memory.choose(&text);
        Ok(())
    }

    /// Waits, within a bound, until what was only promised is shown.
    pub(super) async fn wait_for(&self, resource: &Resource, id: &Value) {
        let Some(show) = resource.show else { return };
        for wait in APPEARS {
            if self.is_shown_by(show, &resource.key, id).await == Some(true) {
                self.sender.note_shown(id);
                return;
            }
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
    }

    /// Whether an operation shows the resource of a key and id; none where that cannot be told.
    async fn is_shown_by(&self, show: usize, key: &str, id: &Value) -> Option<bool> {
        let operation = self.sender.suite.operations.get(show)?;
        let exchange = self.ask_for(show, key, id).await?;
        let answer = exchange.outcome.as_ref().ok()?;
        match answer.status {
            200..300 => Some(!answer.refuses),
            404 | 410 => Some(false),
            // These are about the request or the moment, not about what it asks for.
            401 | 403 | 408 | 409 | 412 | 423 | 425 | 429 => None,
            400..500 if operation.is_documented(answer.status) => Some(false),
            _ => None,
        }
    }

    /// The answer of an operation that reads the resource of a key and id.
    pub(super) async fn ask_for(&self, show: usize, key: &str, id: &Value) -> Option<Exchange> {
        let operation = self.sender.suite.operations.get(show)?;
        let mut request = self.sender.baseline_of_id(show, key, id).ok()?;
        if !request.is_safe() {
            return None;
        }
        request = self.lend(operation, &request).await.ok()?;
        let case = Case {
            label: "whether it is there".to_owned(),
            request,
            expectation: Expectation::Success,
        };
        Some(
            self.sender
                .send(operation, &case, &case.request, self.scope)
                .await,
        )
    }

    /// Whether what an operation is about is there now: the given or lent resource of the
    /// innermost place that names one. None where the contract has no way to tell.
    pub(super) async fn is_there(&self, operation: &Operation, request: &Request) -> Option<bool> {
        let suite = &self.sender.suite;
        let index = self.sender.index_of(operation);
        if !operation.writes() {
            let case = self.sender.samples.documented(index)?;
            return Some(self.send(operation, case).await.is_success());
        }
        let bindings = suite.bindings(operation);
        let (parameter, key) =
            parameters_of_path(operation)
                .into_iter()
                .rev()
                .find_map(|name| {
                    let key = bindings.get(&format!("path.{name}"))?;
                    self.resource(key)
                        .and_then(|resource| resource.show)
                        .map(|_| (name, key.clone()))
                })?;
        let show = self.resource(&key)?.show?;
        let lent = self.lend(operation, request).await.ok()?;
        let id = Value::from(lent.path.get(parameter)?.as_str());
        self.is_shown_by(show, &key, &id).await
    }

    /// The resource of a key.
    pub(super) fn resource(&self, key: &str) -> Option<&Resource> {
        let mut resources = self.sender.suite.resources.iter();
        resources.find(|resource| resource.key == key)
    }

    /// Takes note of what a request deleted: the next request of the trial gets another.
    fn note_deleted(&self, case: &Case, exchange: &Exchange) {
        // A delete takes its resource away, and so may what names one elsewhere than in its path.
        let takes = |borrowed: &&Borrowed| {
            borrowed.whose == Whose::Own
                && (case.request.method == "DELETE" || borrowed.row.place != Place::Path)
        };
        let is_gone = match &exchange.outcome {
            Ok(answer) => answer.is_success(),
            // Nobody knows.
            Err(_) => !exchange.url.is_empty(),
        };
        if !is_gone {
            return;
        }
        for borrowed in case.request.borrowed.iter().filter(takes) {
            if case.request.lacks(borrowed) {
                self.own.forget(&borrowed.key);
            }
        }
    }

    /// A finding about an exchange, with the requests that made what it is about.
    pub(super) fn finding(
        &self,
        observation: Observation,
        case: &Case,
        exchange: &Exchange,
    ) -> Finding {
        let finding = Finding::new(observation, case, exchange, &self.sender.redactor);
        if exchange.request.borrowed.is_empty() {
            return finding;
        }
        let mut witness = self.witness_of(&exchange.request);
        if !witness.is_empty() {
            witness.step(exchange.recorded_request(&self.sender.redactor), false);
        }
        finding.witnessed(witness)
    }

    /// The resource that an exchange has made, and its id.
    pub(super) fn made_by(&self, exchange: &Exchange) -> Option<(&Resource, Value)> {
        if !exchange.is_success() {
            return None;
        }
        let suite = &self.sender.suite;
        suite.resources.iter().find_map(|resource| {
            let create = resource.create.as_ref()?;
            let operation = suite.operations.get(create.operation)?;
            let is_its = operation.method == exchange.request.method
                && operation.path == exchange.request.template;
            let id = id_of(&create.identity, &resource.parameter, exchange);
            id.filter(|_| is_its).map(|id| (resource, id))
        })
    }

    /// The requests that made what a request is about.
    fn witness_of(&self, request: &Request) -> Witness {
        let mut witness = Witness::default();
        for making in self.makings_of(request) {
            witness.made(&making);
        }
        witness
    }

    /// How what a request borrows was made.
    pub(super) fn makings_of(&self, request: &Request) -> Vec<Making> {
        let mut found = Vec::new();
        let ids: Vec<Value> = request
            .borrowed
            .iter()
            .filter_map(|borrowed| request.get(borrowed.row.place, &borrowed.row.field))
            .collect();
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        self.sender.with_makings(|shared| {
            for making in shared.iter().chain(made.iter()) {
                if ids.contains(&making.id) {
                    found.push(making.clone());
                }
            }
        });
        found
    }

    /// How many requests were sent, those that made something for it included.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// What is made belongs to this scope.
    pub(super) fn scope(&self) -> u64 {
        self.scope
    }

    /// Removes what the trial made, the last first. What cannot be removed now is tried again at
    /// the end of the run.
    pub(super) async fn release(&self) {
        super::clean_up::remove_scope(&self.sender, self.scope).await;
    }
}

/// What a request that is about no rule in particular is about.
pub(super) fn plain_fact(operation: &Operation) -> FactId {
    operation.fact_id(Rule::of_place(Place::Operation, Facet::Method))
}

/// How many characters of an id were surely drawn: those between what it begins and ends with as the
/// value that it was made from does.
fn drawn(from: &str, id: &str) -> usize {
    let alike = |(one, other): &(char, char)| one == other;
    let before = from.chars().zip(id.chars()).take_while(alike).count();
    let rest = |text: &str| text.chars().count().saturating_sub(before);
    let ends = from.chars().rev().zip(id.chars().rev());
    let behind = ends.take(rest(from).min(rest(id)));
    rest(id) - behind.take_while(alike).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::behind("abcdefgh", "abcdefgh-k3x9qa", 7)]
    #[case::one_of_many("server1", "server7", 1)]
    #[case::host("ns.example.org", "ns-k3x9qa.example.org", 7)]
    #[case::mail("a@example.org", "aqwerty@example.org", 6)]
    #[case::same("server1", "server1", 0)]
    #[case::other("1", "1912345678", 9)]
    #[case::repeated("aa", "aaa", 1)]
    #[case::shorter("server12", "server", 0)]
    fn what_was_drawn_is_what_differs(#[case] from: &str, #[case] id: &str, #[case] count: usize) {
        assert_eq!(drawn(from, id), count);
    }
}
