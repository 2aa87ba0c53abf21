//! The laws between answers that people declared or that the contract proves to apply, and the rows
//! that they rest on.

use std::cell::LazyCell;
use std::sync::Arc;

use crate::check::Subject;
use crate::contract::{
    DocumentedRule, Facet, Fact, FieldPath, Level, Location, Meaning, Operation, Place, Relation,
    Resource, Rule, StatusRange, Topic,
};
use crate::generate::{Request, is_bound};
use crate::harness::claim::{Claim, Side};
use crate::harness::relation::lifecycle::{LifeLaw, is_seen, job_of, unsaid};
use crate::harness::target::Mode;
use crate::harness::trial::{Kind, Work};

use super::Planner;

impl<'s> Planner<'s> {
    /// The laws of the operation.
    pub(super) fn relations(&mut self) {
        let operation = self.operation;
        for relation in self.laws.of(operation) {
            let Ok(baseline) = self.baseline.clone() else {
                return;
            };
            for law in relation.laws() {
                let fact = operation.about(Topic::Law {
                    relation: relation.kind().to_owned(),
                    law: law.to_owned(),
                });
                let name = fact.to_string();
                let (rows, level) = self.ground_of(relation, law);
                let subject = Subject {
                    documented: format!("the law `{law}` of the relation `{}`", relation.kind()),
                    rows: if rows.is_empty() {
                        operation.facts.clone()
                    } else {
                        rows
                    },
                    fact,
                    level,
                };
                let work = Work::Relation {
                    relation: Box::new(relation.clone()),
                    law,
                    baseline: self.asked_as_shown(&baseline),
                };
                let claims = self.claims_of_law(relation, law);
                let index = self.index;
                let is_stocked = self.suite.resources.iter().any(|resource| {
                    let list = resource.list.as_ref();
                    list.is_some_and(|list| list.operation == index)
                });
                let trial = self.push(name, Kind::Relation, subject, work, true);
                trial.claims = claims;
                // Whoever makes what is to be listed disturbs who lists.
                if let (Some((_, exclusive)), true) = (&mut trial.lock, is_stocked) {
                    *exclusive = true;
                }
            }
        }
    }

    /// A request with what its source shows of the parameters of the query that it needs: a list by
    /// a made-up text may well be empty.
    fn asked_as_shown(&self, baseline: &Arc<Request>) -> Arc<Request> {
        let mut request = Arc::clone(baseline);
        for parameter in self.operation.parameters_in(Location::Query) {
            let field = FieldPath::name(&parameter.name);
            let is_bound = is_bound(&self.bindings, Place::Query, &field);
            let shown = parameter.example.as_ref().filter(|_| parameter.required);
            if let Some(shown) = shown.filter(|own| !is_bound && parameter.schema.is_valid(own)) {
                Arc::make_mut(&mut request).set(Place::Query, &field, Some(shown.clone()));
            }
        }
        request
    }

    /// The laws of the resources that the run can make.
    pub(super) fn lifecycle(&mut self) {
        let (suite, operation, index) = (self.suite, self.operation, self.index);
        for (place, resource) in suite.resources.iter().enumerate() {
            if resource.service != operation.service {
                continue;
            }
            let mut laws = LifeLaw::of(resource, index, &suite.operations);
            if LifeLaw::is_taken_along(resource, index, suite) {
                laws.push(LifeLaw::DeleteTakesBelow);
            }
            for law in laws {
                let work = match (&self.baseline, self.supplies.creatable(&resource.key)) {
                    (Ok(baseline), Some(_)) => Work::Lifecycle {
                        resource: Some(place),
                        law,
                        baseline: Arc::clone(baseline),
                    },
                    (Err(lack), _) => Work::Skip(lack.to_string()),
                    (Ok(_), None) if self.target.mode == Mode::ReadOnly => {
                        Work::Skip("read-only mode: the law needs what a run makes".to_owned())
                    }
                    (Ok(_), None) => Work::Skip(format!(
                        "what a new `{}` needs is not given: see `--plan`",
                        resource.noun
                    )),
                };
                self.law(law, Some(resource), work);
            }
        }
        if let (Some((place, _)), Ok(baseline)) = (job_of(suite, operation), &self.baseline) {
            let work = Work::Lifecycle {
                resource: Some(place),
                law: LifeLaw::JobAfter202,
                baseline: Arc::clone(baseline),
            };
            let work = match self.obstacle(operation.writes()) {
                Some(reason) => Work::Skip(reason),
                None => work,
            };
            self.law(LifeLaw::JobAfter202, None, work);
        }
        let makes_nothing = || {
            let own = suite.resources.iter().find(|own| own.is_changed_by(index));
            own.is_none_or(|own| self.supplies.creatable(&own.key).is_none())
        };
        if operation.method == "DELETE"
            && operation.path.trim_end_matches('/').ends_with('}')
            && makes_nothing()
            && let Ok(baseline) = self.supplies.of_nobody(suite, index)
        {
            let work = Work::Lifecycle {
                resource: None,
                law: LifeLaw::DeleteOfNothing,
                baseline: Arc::new(baseline),
            };
            self.law(LifeLaw::DeleteOfNothing, None, work);
        }
    }

    /// Plans the trial of a law of a resource.
    fn law(&mut self, law: LifeLaw, resource: Option<&Resource>, work: Work) {
        let stated = self.stated_of(law, resource);
        let fact = self.operation.about(Topic::Law {
            relation: "lifecycle".to_owned(),
            law: law.as_str().to_owned(),
        });
        let name = fact.to_string();
        // What is shown of a new one is more than the default, or the secret, that a row states.
        let is_one_of_many = |fact: &&&DocumentedRule| {
            law == LifeLaw::CreateThenRead || fact.rule.place.is_response()
        };
        let resting = stated.iter().filter(|fact| !is_one_of_many(fact));
        let rows: Vec<Fact> = resting.flat_map(|fact| fact.rows.clone()).collect();
        // What holds between answers is custom or our reading of a row, unless a sentence says it.
        let level = match law {
            LifeLaw::DeleteAgain
            | LifeLaw::DeleteTakesBelow
            | LifeLaw::ActAgain
            | LifeLaw::Unique
            | LifeLaw::NullTakesAway
            | LifeLaw::SetByService
                if !rows.is_empty() =>
            {
                rows.iter().map(|row| row.level).max().unwrap_or_default()
            }
            _ => Level::Should,
        };
        let subject = Subject {
            documented: law.says().to_owned(),
            rows: if rows.is_empty() {
                self.operation.facts.clone()
            } else {
                rows
            },
            fact,
            level,
        };
        let claims = stated
            .iter()
            .map(|fact| Claim::alone(self.operation.fact_id(fact.rule.clone()), Side::Shown))
            .collect();
        // Whoever makes something disturbs who lists.
        let trial = self.push_as(name, Kind::Relation, subject, work, true);
        trial.claims = claims;
    }

    /// The facts that a law of a resource shows.
    fn stated_of(&self, law: LifeLaw, resource: Option<&Resource>) -> Vec<&'s DocumentedRule> {
        let show = resource.and_then(|own| self.suite.operations.get(own.show?));
        let is_seen =
            |rule: &Rule| show.is_some_and(|show| is_seen(self.operation, show, &rule.field));
        // Schemas that lead to each other have thousands of facts.
        let told =
            LazyCell::new(|| show.map_or_else(Vec::new, |show| unsaid(self.operation, show)));
        let is_stated = |rule: &Rule| match law {
            LifeLaw::UpdateChangesThisAlone => {
                let moves = [Meaning::Fixed, Meaning::Touched, Meaning::Rises].map(Facet::Meaning);
                let is_kept = rule.facet == Facet::Meaning(Meaning::Kept) && is_seen(rule);
                is_kept || moves.contains(&rule.facet)
            }
            LifeLaw::ReplaceRestoresDefaults => {
                let has_default = || {
                    let default = rule.with(Facet::Default);
                    self.operation.documented(&default).is_some()
                };
                rule.facet == Facet::Meaning(Meaning::Reset) && has_default() && is_seen(rule)
            }
            LifeLaw::DeleteAgain => {
                rule.facet == Facet::Meaning(Meaning::GoneOnceDeleted)
                    || rule.facet == Facet::Meaning(Meaning::Repeatable)
                        && self.operation.repeatable().next().is_some()
            }
            LifeLaw::DeleteTakesBelow => rule.facet == Facet::Meaning(Meaning::Cascades),
            LifeLaw::ActAgain => rule.facet == Facet::Meaning(Meaning::NotAgain),
            LifeLaw::Unique => rule.facet == Facet::Meaning(Meaning::Unique),
            LifeLaw::NullTakesAway => rule.facet == Facet::Meaning(Meaning::Cleared),
            LifeLaw::SetByService => rule.facet == Facet::Meaning(Meaning::Ignored),
            LifeLaw::CreateThenRead => {
                rule.facet == Facet::Meaning(Meaning::ShownOnce)
                    || rule.facet == Facet::Default && told.contains(&rule.field)
            }
            LifeLaw::PutTells
            | LifeLaw::ActIsShown
            | LifeLaw::CreateThenList
            | LifeLaw::Clock
            | LifeLaw::Isolation
            | LifeLaw::DeleteThenGone
            | LifeLaw::DeleteOfNothing
            | LifeLaw::ReadIsSafe
            | LifeLaw::RefusedCreate
            | LifeLaw::RefusedUpdate
            | LifeLaw::JobAfter202 => false,
        };
        let facts = self.facts.iter();
        facts.filter(|fact| is_stated(&fact.rule)).collect()
    }

    /// The rows that a law rests on, and how grave its breach is: as grave as a sentence that states
    /// the law, or less where it is our reading of rows that say less.
    fn ground_of(&self, relation: &Relation, law: &str) -> (Vec<Fact>, Level) {
        let stated = self.stating(relation, law);
        let level = stated.iter().map(|fact| fact.level()).min();
        match level {
            Some(level) => {
                let rows = stated.iter().flat_map(|fact| fact.rows.clone());
                (rows.collect(), level)
            }
            None => (self.rows_of(relation, law), Level::Should),
        }
    }

    /// The facts of the operation that state a law.
    pub(super) fn stating(&self, relation: &Relation, law: &str) -> Vec<&DocumentedRule> {
        let is_stating = |rule: &Rule| match (relation, law, rule.facet) {
            (
                Relation::Filter { by, .. },
                "fits" | "whole",
                Facet::Meaning(Meaning::Filter | Meaning::SeveralOf),
            )
            | (Relation::Several { by, .. }, _, Facet::Meaning(Meaning::SeveralOf))
            | (Relation::Omitted { by, .. }, _, Facet::Default) => {
                let name = rule.field.last_name().unwrap_or_default();
                rule.place == Place::Query && by.contains_key(name)
            }
            (Relation::Pagination { list }, "end", Facet::Meaning(Meaning::LastPage)) => {
                let pointer = rule.field.to_pointer();
                rule.place.is_response() && list.next.as_ref() == Some(&pointer)
            }
            (Relation::Pagination { list }, "more", Facet::Meaning(meaning)) => {
                let told = match meaning {
                    Meaning::More => &list.more,
                    Meaning::Last => &list.last,
                    Meaning::LastPage if list.is_counted() => &list.next,
                    _ => &None,
                };
                let pointer = rule.field.to_pointer();
                rule.place.is_response() && told.as_ref() == Some(&pointer)
            }
            (Relation::Pagination { list }, "total", Facet::Meaning(Meaning::Total)) => {
                let pointer = rule.field.to_pointer();
                rule.place.is_response() && list.total.as_ref() == Some(&pointer)
            }
            (Relation::Pagination { list }, "default", Facet::Default) => {
                rule.place == Place::Query && rule.field.last_name() == list.limit.as_deref()
            }
            (
                Relation::Sorted { list, by, .. },
                _,
                Facet::Meaning(
                    Meaning::NewestFirst
                    | Meaning::OldestFirst
                    | Meaning::Ascending
                    | Meaning::Descending,
                ),
            ) => {
                let pointer = rule.field.to_pointer();
                let is_of_item = || {
                    rule.field
                        .parent()
                        .and_then(|item| item.parent())
                        .is_some_and(|items| items.to_pointer() == list.items)
                        && by.rsplit('/').next() == rule.field.last_name()
                };
                rule.place.is_response() && (pointer == list.items || is_of_item())
            }
            (
                Relation::Range { by, .. },
                _,
                Facet::Meaning(
                    Meaning::NotBelow | Meaning::NotAbove | Meaning::Above | Meaning::Below,
                ),
            ) => {
                let name = rule.field.last_name().unwrap_or_default();
                let end = by.get(name).filter(|_| rule.place == Place::Query);
                end.is_some_and(|end| law == "within" || end.inclusive)
            }
            (Relation::Search { by, .. }, _, Facet::Meaning(Meaning::Searched)) => {
                let name = rule.field.last_name().unwrap_or_default();
                rule.place == Place::Query && by.iter().any(|own| own == name)
            }
            (Relation::Repeated { key, .. }, _, Facet::Meaning(Meaning::Once)) => {
                law == "same" && rule.place == Place::Header && rule.field.last_name() == Some(key)
            }
            (Relation::Repeated { .. }, "other-body", Facet::Meaning(Meaning::OtherBody)) => true,
            (Relation::EntityTag { .. }, _, Facet::Status) => {
                let status = if law == "not-modified" { 304 } else { 412 };
                rule.place == Place::Response(StatusRange::Code(status))
            }
            _ => false,
        };
        let facts = self.facts.iter();
        facts.filter(|fact| is_stating(&fact.rule)).collect()
    }

    /// The rows that a law rests on where no sentence states it.
    fn rows_of(&self, relation: &Relation, law: &str) -> Vec<Fact> {
        let all = self
            .suite
            .operations
            .iter()
            .filter(|other| {
                other.service == self.operation.service
                    && relation.operations().contains(&other.id.as_str())
            })
            .flat_map(Operation::facts);
        let ends = |pointer: &str| pointer.rsplit('/').next().unwrap_or_default().to_owned();
        let fields: Vec<String> = match (relation, law) {
            (Relation::Pagination { list }, "limit" | "default") => {
                list.limit.iter().cloned().collect()
            }
            (Relation::Pagination { list }, "more") => {
                let next = list.next.iter().filter(|_| list.is_counted());
                let told = list.more.iter().chain(&list.last).chain(next);
                let told = told.map(|pointer| ends(pointer));
                told.chain(list.links.clone()).take(1).collect()
            }
            (Relation::Pagination { list }, "end") => {
                list.next.iter().map(|pointer| ends(pointer)).collect()
            }
            (Relation::Filter { list, .. } | Relation::Pagination { list }, "total") => {
                list.total_name().map(str::to_owned).into_iter().collect()
            }
            (Relation::Sorted { by, .. }, _) => vec![ends(by)],
            (Relation::SortBy { direction, .. }, "direction") if direction.is_some() => {
                direction.iter().cloned().collect()
            }
            (Relation::SortBy { by, .. }, _) => vec![by.clone()],
            (Relation::Search { by, .. }, _) => by.clone(),
            (Relation::Range { by, .. }, _) => by.keys().cloned().collect(),
            (Relation::Repeated { key, .. }, _) => vec![key.clone()],
            (Relation::Pagination { list }, "told") => list.told.keys().cloned().collect(),
            (
                Relation::Filter { by, .. }
                | Relation::Several { by, .. }
                | Relation::Omitted { by, .. },
                _,
            ) => by.keys().cloned().collect(),
            (Relation::Pagination { list }, "offset" | "marker" | "pages" | "beyond-end") => {
                let way = list.offset.iter().chain(&list.page).chain(&list.marker);
                way.take(1).cloned().collect()
            }
            (Relation::Pagination { list }, _) => vec![ends(&list.items)],
            (Relation::TimeWindow { begin, .. }, "begin") => vec![begin.clone()],
            (Relation::TimeWindow { end, .. }, "end") => vec![end.clone()],
            (Relation::TimeWindow { begin, end, .. }, _) => vec![begin.clone(), end.clone()],
            (
                Relation::Items {
                    owner: Some(owner), ..
                },
                "owner",
            ) => vec![ends(&owner.field)],
            (
                Relation::Items {
                    not_before: Some(times),
                    ..
                },
                "not-before",
            ) => times.iter().map(|pointer| ends(pointer)).collect(),
            (Relation::Items { list, .. }, _) => vec![ends(&list.id)],
            (
                Relation::CreatedAppears {
                    status: Some(status),
                    ..
                },
                "status",
            ) => vec![ends(status)],
            (
                Relation::Echo {
                    created: Some(created),
                    ..
                },
                "unique",
            ) => vec![ends(created)],
            (Relation::CreatedAppears { same, .. } | Relation::Echo { same, .. }, _) => {
                same.keys().cloned().collect()
            }
            (
                Relation::EntityTag {
                    if_none_match,
                    if_match,
                    ..
                },
                _,
            ) => if_none_match.iter().chain(if_match).cloned().collect(),
        };
        let wanted = if law == "default" {
            Facet::Default
        } else {
            Facet::Type
        };
        let mut rows: Vec<Fact> = Vec::new();
        for fact in all {
            let last = fact.rule.field.last_name().unwrap_or_default();
            if fact.rule.facet == wanted && fields.iter().any(|field| field == last) {
                rows.extend(fact.rows.iter().cloned());
            }
        }
        rows
    }
}
