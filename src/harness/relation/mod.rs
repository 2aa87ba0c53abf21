//! Relations: each law sends several requests and compares their answers. A list that others change
//! meanwhile is read again, within a bound; if it never holds still, the law is not decided.

mod create;
mod creation;
mod defaults;
mod echo;
mod entity_tag;
mod filter;
mod items;
pub(super) mod lifecycle;
mod list;
mod more;
mod none;
mod omitted;
mod pagination;
mod range;
mod repeated;
mod search;
mod several;
mod sort_by;
mod sorted;
mod statuses;
mod texts;
mod values;
mod window;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::check::{Breach, Check, Observation, Seen, Subject};
use crate::contract::{
    Collection, DocumentedRule, Facet, Fact, FieldPath, Listing, Operation, Relation, Row, Rule,
};
use crate::exchange::Exchange;
use crate::generate::{Case, Expectation, Request};
use crate::recognise::List;

pub(super) use defaults::defaults;
pub(super) use echo::CREATIONS;
pub(super) use none::fields as null_if_none;
pub(super) use texts::ROUNDS;
pub(super) use values::values;

use super::attempt::attempt;
use super::finding::Finding;
use super::fixture::TrialContext;
use super::reproduce::reproduce;
use super::witness::{Making, Witness};

/// What a law came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What is wrong. The answers themselves are not kept: they may be large.
    pub findings: Vec<Finding>,
    /// Why it could not be decided.
    pub undecided: Option<String>,
}

impl Outcome {
    /// Whether nothing is found and nothing is in the way of a decision.
    fn is_open(&self) -> bool {
        self.findings.is_empty() && self.undecided.is_none()
    }

    fn undecided(reason: impl Into<String>) -> Self {
        Self {
            findings: Vec::new(),
            undecided: Some(reason.into()),
        }
    }
}

/// What a law works with.
pub(super) struct Law<'s> {
    pub context: &'s TrialContext,
    pub operation: &'s Operation,
    pub baseline: Request,
    pub subject: &'s Subject,
    pub requests: Cell<u64>,
    /// How its last requests are sent again, in their order.
    steps: RefCell<Witness>,
    /// Whether what is sent now only makes sure, and shows nothing.
    makes_sure: Cell<bool>,
}

impl<'s> Law<'s> {
    /// What a law of an operation works with.
    pub(super) fn new(
        context: &'s TrialContext,
        operation: &'s Operation,
        baseline: Request,
        subject: &'s Subject,
    ) -> Self {
        Self {
            context,
            operation,
            baseline,
            subject,
            requests: Cell::new(0),
            steps: RefCell::default(),
            makes_sure: Cell::new(false),
        }
    }

    /// Another operation of the service.
    fn sibling(&self, id: &str) -> Option<&'s Operation> {
        let operations = self.context.sender.suite.operations.iter();
        let mut own = operations.filter(|other| other.service == self.operation.service);
        own.find(|other| other.id == id)
    }

    /// Reads a list again to see whether it moved: that is no part of what is shown.
    async fn read_again(&self, listing: &Listing) -> Option<list::Page> {
        let mut outcome = Outcome::default();
        self.makes_sure.set(true);
        let page = list::whole(
            self,
            self.operation,
            &self.baseline,
            listing,
            &[],
            &mut outcome,
        )
        .await;
        self.makes_sure.set(false);
        page
    }

    /// Forgets what was sent so far: it is no part of what is shown.
    fn forget_steps(&self) {
        self.steps.take();
    }

    /// Takes note of how an exchange is had again.
    fn step(&self, exchange: &Exchange) {
        if self.makes_sure.get() {
            return;
        }
        let redactor = &self.context.sender.redactor;
        let mut steps = self.steps.borrow_mut();
        for making in self.context.makings_of(&exchange.request) {
            steps.made(&making);
        }
        let request = exchange.recorded_request(redactor);
        steps.step(request, exchange.request.is_safe());
        if let Some((resource, id)) = self.context.made_by(exchange) {
            steps.last_made(&Making::of(resource, &id, exchange, redactor));
        }
    }

    /// Sends a request of an operation, judges the answer by every check into `outcome`, and gives
    /// the JSON body (null for none) of a success.
    pub(super) async fn ask(
        &self,
        operation: &Operation,
        request: &Request,
        label: &str,
        expectation: Expectation,
        outcome: &mut Outcome,
    ) -> Option<(Value, Exchange)> {
        let case = Case {
            label: label.to_owned(),
            request: request.clone(),
            expectation,
        };
        let mut requests = 0;
        let mut blocked = None;
        let judged = attempt(
            self.context,
            operation,
            &case,
            self.subject,
            &mut requests,
            &mut blocked,
        )
        .await;
        self.requests.set(self.requests.get() + requests);
        if let Some(reason) = blocked {
            outcome.undecided = Some(reason);
            return None;
        }
        let failed = judged
            .observations
            .iter()
            .any(|observation| matches!(observation.check, Check::Status | Check::Transport));
        let exchange = judged.exchange;
        self.step(&exchange);
        let mut found = Vec::new();
        for observation in judged.observations {
            self.context
                .finding(observation, &judged.case, &exchange)
                .add_to(&mut found);
        }
        // A server that broke once says nothing of the law.
        if exchange
            .outcome
            .as_ref()
            .is_ok_and(|answer| answer.status >= 500)
        {
            let cases = [judged.case];
            let (context, subject) = (self.context, self.subject);
            let more = reproduce(context, operation, &cases, subject, &mut found).await;
            self.requests.set(self.requests.get() + more);
        }
        for finding in found {
            finding.add_to(&mut outcome.findings);
        }
        if failed {
            return None;
        }
        let body = exchange
            .outcome
            .as_ref()
            .ok()
            .map(|answer| answer.body.to_value().unwrap_or_default());
        body.map(|body| (body, exchange))
    }

    /// The rows of a field of the operation that the law is about, those of its request first.
    fn rows_of(&self, name: &str) -> Vec<Fact> {
        let is_own = |rule: &Rule| rule.field.last_name() == Some(name);
        let facts = self.operation.facts().iter();
        let mut own: Vec<&DocumentedRule> = facts.filter(|fact| is_own(&fact.rule)).collect();
        own.sort_by_key(|fact| {
            (
                fact.rule.place.is_response(),
                fact.rule.facet != Facet::Type,
            )
        });
        let mut rows: Vec<Fact> = Vec::new();
        let mut seen: Vec<Row> = Vec::new();
        // Each row once, by the first of its facts: its type, where it has one.
        for fact in own {
            if !seen.contains(&fact.rule.row()) {
                seen.push(fact.rule.row());
                rows.extend(fact.rows.iter().cloned());
            }
        }
        rows
    }

    /// Records that the law is broken, and in which way.
    pub(super) fn broken(
        &self,
        outcome: &mut Outcome,
        exchange: &Exchange,
        breach: Breach,
        message: String,
    ) {
        let case = Case {
            label: message.clone(),
            request: exchange.request.clone(),
            expectation: Expectation::Success,
        };
        let rows = breach.field_name().map(|name| self.rows_of(name));
        let mut observation =
            Observation::about(self.subject, Check::Relation, Seen::Law(breach), message);
        // A law is about several fields, and one of them is told wrongly.
        if let Some(rows) = rows.filter(|rows| !rows.is_empty()) {
            observation.rows = rows;
        }
        // A law is as grave as what it rests on: a sentence that states it, or custom.
        observation.level = observation.level.min(self.subject.level);
        let finding = Finding::new(observation, &case, exchange, &self.context.sender.redactor);
        // One answer alone shows nothing: all that was asked does.
        let witness = self.steps.borrow().clone();
        finding.witnessed(witness).add_to(&mut outcome.findings);
    }
}

/// A value that an answer has, in words; where the field is not there, that is said.
fn told(value: Option<&Value>) -> String {
    value.map_or_else(|| "not there".to_owned(), Value::to_string)
}

/// How a list of resources is read.
fn listing_of(operation: &Operation, collection: &Collection) -> Listing {
    let own = Listing {
        operation: operation.id.clone(),
        items: collection.items.to_pointer(),
        id: FieldPath::name(&collection.id).to_pointer(),
        limit: None,
        offset: None,
        page: None,
        first_page: None,
        marker: None,
        next: None,
        total: None,
        total_header: None,
        default: None,
        more: None,
        last: None,
        links: None,
        told: BTreeMap::new(),
    };
    match List::of(operation, Some(&collection.id)) {
        Some(list) => {
            let known = list.listing(true);
            Listing {
                items: own.items,
                id: own.id,
                ..known
            }
        }
        None => own,
    }
}

/// How many of what is listed are made, so that there is something to look at.
const A_FEW: usize = 3;

/// More than a second.
const A_SECOND: Duration = Duration::from_millis(1_050);

/// Tries one law of a relation.
pub(super) async fn hold(law: &Law<'_>, relation: &Relation, name: &str) -> Outcome {
    let index = law.context.sender.index_of(law.operation);
    match relation {
        // Times are often told in whole seconds.
        Relation::Sorted { by, .. } => {
            let order = by.rsplit('/').next();
            law.context.stock(index, A_FEW, A_SECOND, order).await;
        }
        // More than a page has where nobody asks for a size.
        Relation::Pagination { list } if name == "default" => {
            let more = list.default.map_or(0, |default| default + 1);
            law.context.stock(index, more, Duration::ZERO, None).await;
        }
        Relation::Pagination { .. }
        | Relation::Filter { .. }
        | Relation::Several { .. }
        | Relation::SortBy { .. }
        | Relation::Range { .. }
        | Relation::Search { .. }
        | Relation::Omitted { .. }
        | Relation::Items { .. } => {
            law.context.stock(index, A_FEW, Duration::ZERO, None).await;
        }
        Relation::TimeWindow { .. }
        | Relation::CreatedAppears { .. }
        | Relation::Echo { .. }
        | Relation::Repeated { .. }
        | Relation::EntityTag { .. } => {}
    }
    match relation {
        Relation::Pagination { list } => pagination::hold(law, list, name).await,
        Relation::TimeWindow {
            list,
            begin,
            end,
            time,
        } => window::hold(law, list, begin, end, time, name).await,
        Relation::Sorted {
            list,
            by,
            descending,
        } => sorted::hold(law, list, by, *descending).await,
        Relation::SortBy {
            list,
            by,
            fields,
            direction,
        } => {
            let sorting = sort_by::Sorting {
                by,
                fields,
                direction: direction.as_deref(),
            };
            sort_by::hold(law, list, &sorting, name).await
        }
        Relation::Range { list, by } => range::hold(law, list, by, name).await,
        Relation::Search { list, by } => search::hold(law, list, by).await,
        Relation::Omitted { list, by } => omitted::hold(law, list, by).await,
        Relation::Repeated { key, .. } if name == "other-body" => {
            repeated::with_another_body(law, key).await
        }
        Relation::Repeated { key, created, .. } => repeated::hold(law, key, created).await,
        Relation::Filter { list, by } => filter::hold(law, list, by, name).await,
        Relation::Several { list, by } => Box::pin(several::hold(law, list, by)).await,
        Relation::Items {
            list,
            owner,
            not_before,
        } => items::hold(law, list, owner.as_ref(), not_before.as_ref(), name).await,
        Relation::CreatedAppears { .. } => Box::pin(create::hold(law, relation, name)).await,
        Relation::Echo { same, created, .. } => match created {
            Some(created) if name == "unique" => echo::unique(law, same, created).await,
            _ => {
                let mut outcome = echo::hold(law, same).await;
                if outcome.is_open() {
                    outcome = defaults::hold(law, same, outcome).await;
                }
                if outcome.is_open() {
                    outcome = none::hold(law, outcome).await;
                }
                outcome
            }
        },
        Relation::EntityTag {
            if_none_match,
            if_match,
            ..
        } => match (if_none_match, if_match) {
            (Some(header), _) if name == "not-modified" => {
                entity_tag::not_modified(law, header).await
            }
            (_, Some(header)) => entity_tag::precondition(law, header).await,
            (_, None) => Outcome::default(),
        },
    }
}
