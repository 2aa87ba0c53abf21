//! Faults of state: what is created, listed, paged and filtered. They are found by the shape of the contract (a default, a pair of
//! times, an offset, a list), for operations whose state the mock keeps. Their facts are the laws that they break: `pagination`,
//! `time-window`, `ordering`, `monotonic-status`, `created-appears`, `echo`, `scope`.

use serde_json::Value;

use crate::contract::{
    Field, FieldPath, Location, Operation, Relation, ResourceExpectation, enum_values, types_of,
};

use super::super::answer::Answer;
use super::super::backend;
use super::super::pages::{Pages, marked};
use super::super::resource::Ids;
use super::{Alter, Behaviour, Effect, FaultKind, Maker};

impl Maker<'_> {
    /// Adds the faults of the operation's state.
    pub(super) fn behaviours(&mut self) {
        self.marked_pages();
        if !backend::keeps_state(self.operation) {
            return;
        }
        let Some(fields) = success_fields(self.operation) else {
            return;
        };
        self.echoes(&fields);
        if self.operation.writes() {
            self.creations(&fields);
        }
        let list = fields
            .iter()
            .find(|field| types_of(field.node).contains(&"array") && !field.path.has_item());
        if let Some(list) = list
            && !self.operation.writes()
        {
            self.lists(list.name, &fields);
        }
    }

    /// Pages that a marker finds.
    fn marked_pages(&mut self) {
        let answer = Answer::new(self.operation, &Ids::default());
        let Some(list) = marked(self.suite, self.operation).cloned() else {
            return;
        };
        let (Some(limit), Some(marker)) = (list.limit.clone(), list.marker.clone()) else {
            return;
        };
        if Pages::new(self.suite, self.operation, &answer).is_none() {
            let fact = format!("{}::pagination", self.operation.name());
            let reason = "the mock cannot make items that are told apart within the contract";
            self.skip(FaultKind::Behaviour, fact, "marker-included", reason);
            return;
        }
        for (way, what, add) in [("one-more", "one more", 1), ("one-less", "one less", -1)] {
            let what = format!("takes {limit} for {what}");
            let name = limit.clone();
            let way = format!("{limit}-{way}");
            self.behave("pagination", &way, what, Behaviour::Count { name, add });
        }
        for name in [limit, marker.clone()] {
            let way = format!("{name}-ignored");
            let what = format!("ignores {name}");
            self.behave("pagination", &way, what, Behaviour::Ignored { name });
        }
        let what = format!("a page begins with the item that {marker} names, once more");
        let list = Box::new(list);
        let again = Behaviour::Again { list: list.clone() };
        self.behave("pagination", "marker-included", what, again);
        let what = format!("a page leaves out the item after {marker}");
        self.behave(
            "pagination",
            "item-skipped",
            what,
            Behaviour::Skips { list },
        );
    }

    fn behave(&mut self, law: &str, way: &str, what: String, behaviour: Behaviour) {
        let fact = format!("{}::{law}", self.operation.name());
        self.breaks(law, fact, way, what, Effect::Behave(behaviour));
    }

    fn breaks(&mut self, law: &str, fact: String, way: &str, what: String, effect: Effect) {
        self.add(FaultKind::Behaviour, fact, way, what, effect);
        if let Some(fault) = self.faults.last_mut() {
            fault.relations = relations_of(law);
        }
    }

    fn echoes(&mut self, fields: &[Field<'_>]) {
        let Some(body) = &self.operation.request_body else {
            return;
        };
        for sent in body.schema.fields() {
            let name = sent.name;
            let told = fields
                .iter()
                .find(|field| !name.is_empty() && field.name.rsplit('.').next() == Some(name));
            if let Some(told) = told.filter(|told| types_of(told.node).contains(&"string")) {
                let path = told.name.to_owned();
                let what = format!("tells another {name} than it was given");
                self.behave(
                    "echo",
                    &format!("{name}-changed"),
                    what,
                    Behaviour::Echo { path },
                );
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
                _ => false,
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
            let name = field.name.rsplit('.').next().unwrap_or_default();
            let is_sent = operation
                .parameters
                .iter()
                .any(|parameter| parameter.name == name)
                || body.schema.field(&FieldPath::name(name)).is_some();
            !is_sent && (name == "id" || name.ends_with("_id"))
        });
        if let Some(id) = id.filter(|_| !self.looks_at_creations()) {
            let fact = format!("{}::created-appears", operation.name());
            let reason = format!("no relation of the suite looks at {}", id.name);
            self.skip(FaultKind::Behaviour, fact, "same-id", &reason);
        } else if let Some(id) = id {
            let path = id.name.to_owned();
            let what = format!("gives everything the same {path}");
            self.behave(
                "created-appears",
                "same-id",
                what,
                Behaviour::SameId { path },
            );
        }
        if !is_read_back {
            let fact = format!("{}::created-appears", operation.name());
            let reason = "no operation tells what was created";
            self.skip(FaultKind::Behaviour, fact, "absent", reason);
            return;
        }
        for sent in body.schema.fields() {
            let values: Vec<Value> = match enum_values(sent.node) {
                listed if !listed.is_empty() => listed,
                _ if types_of(sent.node).contains(&"string") => vec![Value::from("something else")],
                _ => continue,
            };
            let field = sent.name.to_owned();
            if let Some(default) = sent.node.get("default")
                && let Some(value) = values.iter().find(|value| *value != default)
            {
                let fact = operation.fact("request", &field, "default");
                let effect = Effect::Behave(Behaviour::Default {
                    field: field.clone(),
                    value: value.clone(),
                });
                let what = format!("{field} is {value} where it is not sent");
                self.breaks("default", fact, "not-applied", what, effect);
            }
            let what = format!("keeps another {field} than it was given");
            let way = format!("{field}-changed");
            self.behave(
                "created-appears",
                &way,
                what,
                Behaviour::Kept { field, values },
            );
        }
        if let Some(place) = self.innermost() {
            let what = "does not keep what it creates".to_owned();
            self.behave("created-appears", "absent", what, Behaviour::Lost { place });
        }
    }

    fn lists(&mut self, items: &str, fields: &[Field<'_>]) {
        let items = items.to_owned();
        let operation = self.operation;
        for parameter in operation.parameters_in(Location::Query) {
            let name = parameter.name.clone();
            let kinds = types_of(&parameter.schema.root);
            if kinds.contains(&"integer") {
                for (way, what, add) in [("one-more", "one more", 1), ("one-less", "one less", -1)]
                {
                    let way = format!("{name}-{way}");
                    let what = format!("takes {name} for {what}");
                    let name = name.clone();
                    self.behave("pagination", &way, what, Behaviour::Count { name, add });
                }
                let what = format!("ignores {name}");
                let way = format!("{name}-ignored");
                self.behave("pagination", &way, what, Behaviour::Ignored { name });
            } else if parameter.schema.root.get("format").is_some() {
                let is_end = name.contains("end") || name.contains("until");
                let seconds = if is_end { -1 } else { 1 };
                let what = format!("leaves out what is exactly at {name}");
                let way = format!("{name}-exclusive");
                let shifted = Behaviour::Shifted {
                    name: name.clone(),
                    seconds,
                };
                self.behave("time-window", &way, what, shifted);
                let what = format!("ignores {name}");
                let way = format!("{name}-ignored");
                self.behave("time-window", &way, what, Behaviour::Ignored { name });
            }
        }
        let total = fields.iter().find(|field| {
            types_of(field.node).contains(&"integer")
                && (field.name.contains("total") || field.name.contains("count"))
        });
        if let Some(total) = total {
            let behaviour = Behaviour::PageTotal {
                total: total.name.to_owned(),
                items: items.clone(),
            };
            let what = format!("{} counts the page", total.name);
            self.behave("pagination", "total-of-page", what, behaviour);
        }
        let what = "the order changes from call to call".to_owned();
        let unstable = Behaviour::Order {
            items: items.clone(),
        };
        self.behave("ordering", "unstable", what, unstable);
        let what = "the oldest come first".to_owned();
        let reversed = Behaviour::Reversed {
            items: items.clone(),
        };
        self.behave("ordering", "reversed", what, reversed);
        let prefix = format!("{items}[].");
        let status = fields.iter().find_map(|field| {
            let name = field.name.strip_prefix(&prefix)?;
            (name == "status").then_some((name, enum_values(field.node)))
        });
        if let Some((field, values)) = status
            && let Some(value) = values.first()
        {
            let wavers = Behaviour::Wavers {
                items,
                field: field.to_owned(),
                value: value.clone(),
            };
            let what = format!("{field} goes back to {value}");
            self.behave("monotonic-status", "goes-back", what, wavers);
        }
        self.scope();
        let bodyless = operation
            .successes()
            .find(|response| response.is_bodyless());
        let full = operation
            .successes()
            .find(|response| response.schema.is_some());
        if let (Some(bodyless), Some(full)) = (bodyless, full) {
            let fact = format!("{}::scope", operation.name());
            let status = bodyless.status.parse().unwrap_or(204);
            let effect = Effect::Answer {
                status: full.status.clone(),
                alter: Alter::EmptyStatus(status),
            };
            let what = format!("answers {status} though there are records");
            self.breaks("scope", fact, "nothing-told", what, effect);
        }
    }

    /// Another resource's records are told.
    fn scope(&mut self) {
        let Some(place) = self.innermost() else {
            return;
        };
        let own = self.suite.bindings(self.operation).get(&place).cloned();
        let other = self
            .suite
            .operations
            .iter()
            .filter(|other| other.service == self.operation.service)
            .flat_map(|other| self.suite.cases_of(other).resources)
            .filter(|case| case.expect == ResourceExpectation::Success)
            .find_map(|case| case.bind.get(&place).cloned())
            .filter(|key| Some(key) != own.as_ref());
        if let Some(key) = other {
            let what = "tells another resource's records".to_owned();
            self.behave("scope", "foreign", what, Behaviour::Foreign { place, key });
        }
    }

    /// The last parameter of the path that names a resource.
    fn innermost(&self) -> Option<String> {
        self.operation
            .parameters_in(Location::Path)
            .filter(|parameter| parameter.name != "project_id")
            .max_by_key(|parameter| self.operation.path.find(&format!("{{{}}}", parameter.name)))
            .map(|parameter| format!("path.{}", parameter.name))
    }
}

/// The kinds of relations whose laws say what a law of the faults says.
fn relations_of(law: &str) -> &'static [&'static str] {
    match law {
        "pagination" | "ordering" => &["pagination"],
        "time-window" => &["time-window"],
        "echo" => &["echo"],
        "created-appears" => &["created-appears", "echo"],
        "default" | "monotonic-status" => &["created-appears"],
        "scope" => &["items", "created-appears"],
        _ => &[],
    }
}

fn success_fields(operation: &Operation) -> Option<Vec<Field<'_>>> {
    operation
        .successes()
        .find_map(|response| response.schema.as_ref())
        .map(|schema| schema.fields().collect())
}
