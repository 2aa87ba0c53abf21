//! Faults of state: what is created, listed, paged and filtered. They are found by the shape of the
//! contract (a default, a pair of times, an offset, a list), for operations whose state the mock
//! keeps. Their facts are the laws that they break.

use serde_json::Value;

use crate::contract::{
    Facet, FactId, Field, FieldPath, Location, Operation, Place, Relation, ResourceExpectation,
    Row, Rule, Topic, enum_values, is_scope, types_of,
};

use super::super::backend;
use super::super::resource::row_of;
use super::{Alter, Effect, FaultKind, Maker, Meant, Misreport, Rewrite};

/// The laws that faults of state break.
#[derive(Debug, Clone, Copy)]
pub(super) enum Law {
    /// The pages of a list are the list.
    Pagination,
    /// A list between two times has what was made between them.
    TimeWindow,
    /// A list is in one order.
    Ordering,
    /// A status goes one way.
    MonotonicStatus,
    /// What was created is told as it was created.
    CreatedAppears,
    /// A filtered list has what fits, and all of it.
    Filter,
    /// A list between two ends has what is within.
    Range,
    /// Each of several values of a parameter counts.
    Several,
    /// A list is in the order that a parameter chooses.
    SortBy,
    /// A search lists what has the text.
    Search,
    /// A parameter that is left out is its default.
    Omitted,
    /// A create that is sent again with its key makes nothing new.
    Repeated,
    /// An answer repeats what was sent.
    Echo,
    /// A list has its own resource's records.
    Scope,
    /// A request that names a copy is answered by that.
    EntityTag,
}

impl Law {
    /// The law's word in the names of faults.
    fn as_str(self) -> &'static str {
        match self {
            Self::Pagination => "pagination",
            Self::TimeWindow => "time-window",
            Self::Ordering => "ordering",
            Self::MonotonicStatus => "monotonic-status",
            Self::CreatedAppears => "created-appears",
            Self::Filter => "filter",
            Self::Range => "range",
            Self::Several => "several",
            Self::SortBy => "sort-by",
            Self::Search => "search",
            Self::Omitted => "omitted",
            Self::Repeated => "repeated",
            Self::Echo => "echo",
            Self::Scope => "scope",
            Self::EntityTag => "entity-tag",
        }
    }

    /// The kinds of relations whose laws say what it says.
    fn relations(self) -> &'static [&'static str] {
        match self {
            Self::Pagination | Self::Ordering => &["pagination"],
            Self::TimeWindow => &["time-window"],
            Self::Filter => &["filter"],
            Self::Several => &["several"],
            Self::SortBy => &["sort-by"],
            Self::Range => &["range"],
            Self::Search => &["search"],
            Self::Omitted => &["omitted"],
            Self::Repeated => &["repeated"],
            Self::Echo => &["echo"],
            Self::CreatedAppears => &["created-appears", "echo"],
            Self::MonotonicStatus => &["created-appears"],
            Self::Scope => &["items", "created-appears"],
            Self::EntityTag => &["entity-tag"],
        }
    }

    /// The fact that it is of an operation.
    fn of(self, operation: &Operation) -> FactId {
        operation.about(Topic::Behaviour(self.as_str().to_owned()))
    }
}

impl Maker<'_> {
    /// Adds the faults of the operation's state.
    pub(super) fn behaviours(&mut self) {
        self.lawless();
        if !backend::keeps_state(self.operation) {
            return;
        }
        let Some(fields) = success_fields(self.operation) else {
            return;
        };
        self.echoes(&fields);
        if self.operation.writes() {
            self.creations(&fields);
            return;
        }
        let list = fields
            .iter()
            .find(|field| types_of(field.node).contains(&"array") && !field.path.has_item());
        if let Some(list) = list {
            self.lists(list.path, &fields);
        }
    }

    /// A parameter that counts is taken for one more and one less.
    pub(super) fn counts(&mut self, name: &str) {
        for (way, what, add) in [("one-more", "one more", 1), ("one-less", "one less", -1)] {
            let way = format!("{name}-{way}");
            let what = format!("takes {name} for {what}");
            let name = name.to_owned();
            let count = Effect::Rewrite(Rewrite::Count { name, add });
            self.breaks(Law::Pagination, &way, what, count);
        }
    }

    /// A parameter of the query is ignored.
    pub(super) fn ignores(&mut self, law: Law, name: &str) {
        let way = format!("{name}-ignored");
        let what = format!("ignores {name}");
        let name = name.to_owned();
        self.breaks(law, &way, what, Effect::Rewrite(Rewrite::Ignored { name }));
    }

    pub(super) fn breaks(&mut self, law: Law, way: &str, what: String, effect: Effect) {
        let fact = law.of(self.operation);
        if let Some(fault) = self.add(FaultKind::Behaviour, fact, way, what, effect) {
            fault.relations = law.relations();
        }
    }

    pub(super) fn skip_law(&mut self, law: Law, way: &str, reason: &str) {
        self.skip(FaultKind::Behaviour, law.of(self.operation), way, reason);
    }

    fn echoes(&mut self, fields: &[Field<'_>]) {
        let Some(body) = &self.operation.request_body else {
            return;
        };
        for sent in body.schema.fields() {
            let Some(name) = sent.path.top().filter(|_| sent.path.steps().len() == 1) else {
                continue;
            };
            let told = fields
                .iter()
                .find(|field| field.path.last_name() == Some(name));
            if let Some(told) = told.filter(|told| types_of(told.node).contains(&"string")) {
                let what = format!("tells another {name} than it was given");
                let way = format!("{name}-changed");
                let field = told.path.clone();
                let echo = Effect::Misreport(Misreport::Echo { field });
                self.breaks(Law::Echo, &way, what, echo);
            }
        }
    }

    /// Whether a relation of the suite holds what an operation makes against what it made before.
    fn looks_at_creations(&self) -> bool {
        let id = &self.operation.id;
        self.suite
            .cases
            .get(&self.operation.service)
            .into_iter()
            .flat_map(|cases| &cases.relations)
            .any(|relation| match relation {
                Relation::CreatedAppears { create, .. } => create == id,
                Relation::Echo {
                    operation, created, ..
                } => operation == id && created.is_some(),
                Relation::Pagination { .. }
                | Relation::TimeWindow { .. }
                | Relation::Filter { .. }
                | Relation::Several { .. }
                | Relation::Sorted { .. }
                | Relation::SortBy { .. }
                | Relation::Range { .. }
                | Relation::Search { .. }
                | Relation::Omitted { .. }
                | Relation::Repeated { .. }
                | Relation::Items { .. }
                | Relation::EntityTag { .. } => false,
            })
    }

    fn creations(&mut self, fields: &[Field<'_>]) {
        let operation = self.operation;
        let is_read_back = self
            .suite
            .operations
            .iter()
            .any(|other| other.path == operation.path && !other.writes());
        let Some(body) = &operation.request_body else {
            return;
        };
        let id = fields.iter().find(|field| {
            let name = field.path.last_name().unwrap_or_default();
            let is_sent = operation
                .parameters
                .iter()
                .any(|parameter| parameter.name == name)
                || body.schema.field(&FieldPath::name(name)).is_some();
            !is_sent && (name == "id" || name.ends_with("_id"))
        });
        if let Some(id) = id.filter(|_| !self.looks_at_creations()) {
            let reason = format!("no relation of the suite looks at {}", id.path);
            self.skip_law(Law::CreatedAppears, "same-id", &reason);
        } else if let Some(id) = id {
            let field = id.path.clone();
            let what = format!("gives everything the same {field}");
            let same = Effect::Misreport(Misreport::SameId { field });
            self.breaks(Law::CreatedAppears, "same-id", what, same);
        }
        if !is_read_back {
            let reason = "no operation tells what was created";
            self.skip_law(Law::CreatedAppears, "absent", reason);
            return;
        }
        for sent in body.schema.fields() {
            self.kept(&sent);
        }
        if let Some(row) = self.innermost() {
            let what = "does not keep what it creates".to_owned();
            let lost = Effect::Rewrite(Rewrite::Lost { row });
            self.breaks(Law::CreatedAppears, "absent", what, lost);
        }
    }

    /// A field is kept as something else than what was sent, or than its default.
    fn kept(&mut self, sent: &Field<'_>) {
        let values: Vec<Value> = match enum_values(sent.node) {
            listed if !listed.is_empty() => listed,
            _ if types_of(sent.node).contains(&"string") => vec![Value::from("something else")],
            _ => return,
        };
        let field = sent.path.to_string();
        if let Some(default) = sent.node.get(Facet::Default.as_str())
            && let Some(value) = values.iter().find(|value| *value != default)
        {
            let rule = Rule::new(Place::Request, sent.path.clone(), Facet::Default);
            let fact = self.operation.fact_id(rule);
            let effect = Effect::Rewrite(Rewrite::Default {
                field: field.clone(),
                value: value.clone(),
            });
            let what = format!("{field} is {value} where it is not sent");
            let fault = self.add(FaultKind::Behaviour, fact, "not-applied", what, effect);
            if let Some(fault) = fault {
                fault.relations = &["created-appears"];
            }
        }
        let what = format!("keeps another {field} than it was given");
        let way = format!("{field}-changed");
        let kept = Effect::Rewrite(Rewrite::Kept { field, values });
        self.breaks(Law::CreatedAppears, &way, what, kept);
    }

    fn lists(&mut self, items: &FieldPath, fields: &[Field<'_>]) {
        let operation = self.operation;
        for parameter in operation.parameters_in(Location::Query) {
            let name = parameter.name.clone();
            let node = &parameter.schema.root;
            if types_of(node).contains(&"integer") {
                self.counts(&name);
                self.ignores(Law::Pagination, &name);
            } else if node.get(Facet::Format.as_str()).is_some() {
                let is_end = name.contains("end") || name.contains("until");
                let seconds = if is_end { -1 } else { 1 };
                let what = format!("leaves out what is exactly at {name}");
                let way = format!("{name}-exclusive");
                let shifted = Effect::Rewrite(Rewrite::Shifted {
                    name: name.clone(),
                    seconds,
                });
                self.breaks(Law::TimeWindow, &way, what, shifted);
                self.ignores(Law::TimeWindow, &name);
            }
        }
        let total = fields.iter().find(|field| {
            let name = field.path.to_string();
            types_of(field.node).contains(&"integer")
                && (name.contains("total") || name.contains("count"))
        });
        if let Some(total) = total {
            let of_page = Effect::Misreport(Misreport::PageTotal {
                total: total.path.clone(),
                items: items.clone(),
            });
            let what = format!("{} counts the page", total.path);
            self.breaks(Law::Pagination, "total-of-page", what, of_page);
        }
        self.order(items);
        let field = items.item().child("status");
        let status = fields.iter().find(|known| *known.path == field);
        if let Some(value) = status.and_then(|status| enum_values(status.node).into_iter().next()) {
            let what = format!("status goes back to {value}");
            let wavers = Effect::Misreport(Misreport::Wavers { field, value });
            self.breaks(Law::MonotonicStatus, "goes-back", what, wavers);
        }
        self.scope();
        self.nothing_told();
    }

    fn order(&mut self, items: &FieldPath) {
        let what = "the order changes from call to call".to_owned();
        let items = items.clone();
        let unstable = Effect::Misreport(Misreport::Order {
            items: items.clone(),
        });
        self.breaks(Law::Ordering, "unstable", what, unstable);
        let what = "the oldest come first".to_owned();
        let reversed = Effect::Misreport(Misreport::Reversed { items });
        self.breaks(Law::Ordering, "reversed", what, reversed);
    }

    /// Another resource's records are told.
    fn scope(&mut self) {
        let Some(row) = self.innermost() else {
            return;
        };
        let bound = |bind: std::collections::BTreeMap<String, String>| {
            bind.into_iter()
                .find(|(place, _)| row_of(place).as_ref() == Some(&row))
                .map(|(_, key)| key)
        };
        let own = bound(self.suite.bindings(self.operation));
        let other = self
            .suite
            .operations
            .iter()
            .filter(|other| other.service == self.operation.service)
            .flat_map(|other| self.suite.cases_of(other).resources)
            .filter(|case| case.expect == ResourceExpectation::Success)
            .find_map(|case| bound(case.bind))
            .filter(|key| Some(key) != own.as_ref());
        if let Some(key) = other {
            let what = "tells another resource's records".to_owned();
            let foreign = Effect::Rewrite(Rewrite::Foreign { row, key });
            self.breaks(Law::Scope, "foreign", what, foreign);
        }
    }

    /// An empty answer stands for records.
    fn nothing_told(&mut self) {
        let operation = self.operation;
        let bodyless = operation
            .successes()
            .find(|response| response.is_bodyless());
        let full = operation
            .successes()
            .find(|response| response.schema.is_some());
        if let (Some(bodyless), Some(full)) = (bodyless, full) {
            let status = bodyless.status.code().unwrap_or(204);
            let effect = Effect::Answer {
                meant: Meant::Statuses(full.status),
                alter: Alter::EmptyStatus(status),
            };
            let what = format!("answers {status} though there are records");
            self.breaks(Law::Scope, "nothing-told", what, effect);
        }
    }

    /// The last parameter of the path that names a resource.
    fn innermost(&self) -> Option<Row> {
        self.operation
            .parameters_in(Location::Path)
            .filter(|parameter| !is_scope(&parameter.name))
            .max_by_key(|parameter| self.operation.path.find(&format!("{{{}}}", parameter.name)))
            .map(|parameter| Row {
                place: Place::Path,
                field: FieldPath::name(&parameter.name),
            })
    }
}

fn success_fields(operation: &Operation) -> Option<Vec<Field<'_>>> {
    operation
        .successes()
        .find_map(|response| response.schema.as_ref())
        .map(|schema| schema.fields().collect())
}
