//! Faults of what a store keeps: what is made is lost, a change does more or less than it says, what
//! is deleted stays. They follow from the suite's resources, and their facts are the laws that they
//! break.

use serde_json::Value;

use crate::contract::{
    Facet, Field, FieldPath, Identity, Meaning, Operation, Place, Resource, Row, Schema, Topic,
    is_secret, is_volatile, parameters_of_path, tells_a_state, types_of,
};

use super::super::backend::{self, Failing, StoreFault, record_in_answer, record_in_request};
use super::{Effect, FaultKind, Maker, promised};

impl Maker<'_> {
    /// Adds the faults of the resources that the operation is of.
    pub(super) fn lifecycles(&mut self) {
        let suite = self.suite;
        let is_own = |operation: &&Operation| std::ptr::eq(*operation, self.operation);
        let Some(at) = suite.operations.iter().position(|one| is_own(&one)) else {
            return;
        };
        self.of_delete_alone(at);
        for resource in &suite.resources {
            let creation = resource.create.as_ref();
            let create = creation.and_then(|create| suite.operations.get(create.operation));
            let Some(create) = create.filter(|create| !backend::keeps_state(create)) else {
                continue;
            };
            let mut faults = Faults {
                resource,
                shown: self.shown(resource),
                found: Vec::new(),
            };
            if std::ptr::eq(create, self.operation) {
                faults.of_create(create, self.parent_of(resource));
            }
            let is = |place: Option<usize>| place == Some(at);
            if is(resource.change) {
                faults.of_change(self.operation);
            }
            if is(resource.replace) {
                faults.of_replace(self.operation);
            }
            if is(resource.delete) {
                faults.of_delete(self.operation);
                let mut below = suite.resources.iter();
                let is_below = |own: &Resource| {
                    let parent = own.parent.and_then(|parent| suite.resources.get(parent));
                    parent.is_some_and(|parent| std::ptr::eq(parent, resource))
                        && own.create.is_some()
                        && own.show.is_some()
                };
                if self.operation.cascades() && below.any(is_below) {
                    let what = "keeps what belongs to what is deleted";
                    let law = "delete-takes-below";
                    faults.push(law, "stays", what, Failing::BelowStays);
                }
            }
            let is_changed = is(resource.change) || is(resource.replace);
            if is_changed && resource.show.is_some() && names_itself(resource, self.operation) {
                let what = "a change gives another id";
                let law = "update-changes-this-alone";
                faults.push(law, "moves", what, Failing::ChangeMoves);
            }
            if resource.acts.contains(&at) && self.operation.is_not_again() {
                let what = "does again what is done once";
                faults.push("act-again", "done", what, Failing::DoneAgain);
            }
            let show = resource.show.and_then(|show| suite.operations.get(show));
            let is_told = |show: &Operation| tells_a_state(self.operation, show);
            if resource.acts.contains(&at) && show.is_some_and(is_told) {
                let what = "answers what is done, and does not do it";
                faults.push("act-is-shown", "forgotten", what, Failing::ActForgotten);
            }
            let is_create = std::ptr::eq(create, self.operation);
            let is_change = is(resource.change) || is(resource.replace);
            let promised = promised::of(resource, self.operation, is_create, is_change);
            faults.found.extend(promised);
            let list = resource.list.as_ref().map(|list| list.operation);
            if is(resource.show) {
                faults.push(
                    "read-is-safe",
                    "changes",
                    "showing one changes it",
                    Failing::ShowChanges,
                );
            } else if is(list) {
                faults.push(
                    "read-is-safe",
                    "changes",
                    "listing them changes them",
                    Failing::ListChanges,
                );
            }
            let found = faults.found;
            for (law, way, what, failing) in found {
                self.fails(resource, law, &way, what, failing);
            }
        }
    }

    /// The delete of what nothing creates: an id that nobody has is told from one that was deleted.
    fn of_delete_alone(&mut self, at: usize) {
        let operation = self.operation;
        let mut known = self.suite.resources.iter();
        let own = known.find(|own| own.is_changed_by(at));
        let name = parameters_of_path(operation).pop();
        let is_last = operation.path.trim_end_matches('/').ends_with('}');
        let (Some(name), "DELETE", true) = (name, operation.method.as_str(), is_last) else {
            return;
        };
        if own.is_some_and(|own| own.create.is_some()) || backend::keeps_state(operation) {
            return;
        }
        let fact = operation.about(Topic::Law {
            relation: "lifecycle".to_owned(),
            law: "delete-of-nothing".to_owned(),
        });
        let row = Row {
            place: Place::Path,
            field: FieldPath::name(name),
        };
        let what = "takes the first delete of what nobody has, and refuses the second".to_owned();
        let effect = Effect::Once { row };
        self.add(FaultKind::Behaviour, fact, "remembered", what, effect);
    }

    fn fails(
        &mut self,
        resource: &Resource,
        law: &'static str,
        way: &str,
        what: String,
        failing: Option<Failing>,
    ) {
        let fact = self.operation.about(Topic::Law {
            relation: "lifecycle".to_owned(),
            law: law.to_owned(),
        });
        let Some(failing) = failing else {
            self.skip(FaultKind::Behaviour, fact, way, &what);
            return;
        };
        let effect = Effect::Store(StoreFault {
            resource: resource.key.clone(),
            failing,
        });
        if let Some(fault) = self.add(FaultKind::Behaviour, fact, way, what, effect) {
            // What is listed after a create is for a declared relation, too.
            fault.relations = match law {
                "create-then-list" => &["created-appears"],
                _ => &[],
            };
        }
    }

    /// The resource that another belongs to.
    fn parent_of(&self, resource: &Resource) -> Option<&Resource> {
        self.suite.resources.get(resource.parent?)
    }

    /// The fields that the operation that shows a resource tells, and their types.
    fn shown(&self, resource: &Resource) -> Vec<(String, Vec<String>)> {
        let show = resource
            .show
            .and_then(|show| self.suite.operations.get(show));
        let schema = show.and_then(|show| {
            let mut successes = show.successes();
            successes.find_map(|response| response.schema.as_ref())
        });
        schema.map_or_else(Vec::new, |schema| {
            let (at, _) = record_in_answer(resource, schema);
            fields_in(schema, &at)
        })
    }
}

/// Whether a change answers with the id of what was changed, as a text of no form of its own, and
/// makes no other.
fn names_itself(resource: &Resource, change: &Operation) -> bool {
    let create = resource.create.as_ref();
    let Some(Identity::Answered(path)) = create.map(|create| &create.identity) else {
        return false;
    };
    let told = change.answer().and_then(|answer| answer.field(path));
    let is_plain = |node: &Value| types_of(node) == ["string"] && node.get("format").is_none();
    !change.makes_anew() && told.is_some_and(|field| is_plain(field.node))
}

/// A fault: the law, the way, what it is, and what goes wrong; nothing does where nobody could
/// notice, and the text says why.
pub(super) type Found = (&'static str, String, String, Option<Failing>);

/// The faults of one resource at one operation.
struct Faults<'r> {
    resource: &'r Resource,
    shown: Vec<(String, Vec<String>)>,
    found: Vec<Found>,
}

impl Faults<'_> {
    fn push(&mut self, law: &'static str, way: &str, what: &str, failing: Failing) {
        self.found
            .push((law, way.to_owned(), what.to_owned(), Some(failing)));
    }

    fn skip(&mut self, law: &'static str, way: &str, reason: &str) {
        self.found
            .push((law, way.to_owned(), reason.to_owned(), None));
    }

    /// The fields that a request says and that are shown: those that no service changes by itself,
    /// nor hides.
    fn mirrored(&self, operation: &Operation) -> Vec<String> {
        let Some(body) = &operation.request_body else {
            return Vec::new();
        };
        let at = record_in_request(self.resource, &body.schema);
        fields_in(&body.schema, &at)
            .into_iter()
            .filter(|(name, types)| {
                let path = FieldPath::name(name);
                let is_told = self.shown.iter().any(|(shown, told)| {
                    shown == name
                        && types
                            .iter()
                            .any(|kind| kind != "null" && told.contains(kind))
                });
                let is_list = types.iter().any(|kind| kind == "array");
                let is_sent = !body.schema.is_read_only(&at.child(name));
                is_sent && is_told && !is_list && !is_volatile(&path) && !is_secret(&path)
            })
            .map(|(name, _)| name)
            .collect()
    }

    fn of_create(&mut self, create: &Operation, parent: Option<&Resource>) {
        let law = "create-then-read";
        if self.resource.show.is_some() {
            for field in self.mirrored(create) {
                let (lost, altered) = (
                    Failing::Loses(field.clone()),
                    Failing::Alters(field.clone()),
                );
                self.push(
                    law,
                    &format!("{field}-lost"),
                    &format!("loses {field}"),
                    lost,
                );
                let what = format!("keeps another {field} than it was given");
                self.push(law, &format!("{field}-changed"), &what, altered);
            }
            self.push(
                law,
                "not-shown",
                "does not show a new one",
                Failing::NotShown,
            );
        }
        let is_listed = self.resource.list.is_some();
        let is_read = is_listed || self.resource.show.is_some();
        if is_listed {
            let law = "create-then-list";
            self.push(
                law,
                "not-listed",
                "does not list a new one",
                Failing::NotListed,
            );
        }
        if is_read && backend::tells_when_made(create) {
            let what = "times are those of another zone";
            self.push("clock", "off", what, Failing::OffTheClock);
        }
        if is_listed && let Some(body) = &create.request_body {
            let law = "refused-leaves-nothing";
            if body
                .schema
                .fields()
                .any(|field| field.required && !field.path.is_root())
            {
                self.push(
                    law,
                    "made",
                    "makes what it refuses to",
                    Failing::RefusedMade,
                );
            } else {
                self.skip(law, "made", "no request surely breaks a rule");
            }
        }
        let law = "isolation";
        match parent.filter(|_| is_read) {
            None => {}
            Some(parent) if parent.create.is_none() => {
                self.skip(law, "foreign", "nothing creates another one to belong to");
            }
            Some(_) => {
                if is_listed {
                    let what = "lists what belongs to others";
                    self.push(law, "foreign-listed", what, Failing::ListsForeign);
                }
                if self.resource.show.is_some() {
                    let what = "shows what belongs to others";
                    self.push(law, "foreign-shown", what, Failing::ShowsForeign);
                }
            }
        }
    }

    fn of_change(&mut self, change: &Operation) {
        let law = "update-changes-this-alone";
        let fields = self.mirrored(change);
        if fields.is_empty() {
            self.skip(
                law,
                "any",
                "no documented answer shows the fields that it changes",
            );
            return;
        }
        self.push(
            law,
            "ignored",
            "does not do a change",
            Failing::ChangeIgnored,
        );
        if fields.len() > 1 {
            let what = "a change sets back what it leaves out";
            self.push(law, "sets-back", what, Failing::ChangeResets);
        }
        let what = "a change is done to all";
        self.push(law, "spreads", what, Failing::ChangeSpreads);
        let law = "refused-leaves-nothing";
        self.push(
            law,
            "done",
            "does a change that it refuses",
            Failing::RefusedDone,
        );
    }

    fn of_replace(&mut self, replace: &Operation) {
        let law = "update-changes-this-alone";
        let fields = self.mirrored(replace);
        if fields.is_empty() {
            self.skip(law, "any", "nothing of the replacement is shown");
            return;
        }
        let what = "does not do a replacement";
        self.push(law, "ignored", what, Failing::ReplaceIgnored);
        let what = "a replacement is done to all";
        self.push(law, "spreads", what, Failing::ReplaceSpreads);
        let law = "refused-leaves-nothing";
        let what = "does a replacement that it refuses";
        self.push(law, "done", what, Failing::RefusedReplaced);
        let told: Vec<Field<'_>> = replace
            .request_body
            .iter()
            .flat_map(|body| body.schema.fields())
            .filter(|field| {
                let name = field.path.last_name().unwrap_or_default();
                !field.required && fields.iter().any(|own| own == name)
            })
            .collect();
        let says = |field: &Field<'_>, facet| field.facts.iter().any(|fact| fact.facet == facet);
        if told
            .iter()
            .any(|field| says(field, Facet::Meaning(Meaning::Kept)))
            && fields.len() > 1
        {
            let law = "update-changes-this-alone";
            let what = "a replacement sets back what the page says is kept";
            self.push(law, "sets-back", what, Failing::ChangeResets);
        }
        let law = "replace-restores-defaults";
        let is_named = replace.id.to_lowercase().contains("replace");
        let is_default = |field: &&Field<'_>| {
            field.node.get(Facet::Default.as_str()).is_some()
                && !says(field, Facet::Meaning(Meaning::Kept))
        };
        let mut defaults = told.iter().filter(is_default).peekable();
        let has_default = defaults.peek().is_some();
        if has_default
            && !is_named
            && !defaults.any(|field| says(field, Facet::Meaning(Meaning::Reset)))
        {
            let reason = "whether it sets back what it leaves out, no page says";
            self.skip(law, "kept", reason);
        } else if has_default {
            let what = "a replacement keeps what it leaves out";
            self.push(law, "kept", what, Failing::ReplaceKeeps);
        }
    }

    fn of_delete(&mut self, delete: &Operation) {
        let law = "delete-then-gone";
        if self.resource.show.is_some() {
            self.push(law, "shown", "shows what was deleted", Failing::StillShown);
        }
        if self.resource.list.is_some() {
            self.push(
                law,
                "listed",
                "lists what was deleted",
                Failing::StillListed,
            );
        }
        let law = "delete-again";
        if delete.repeatable().next().is_some() {
            self.skip(
                law,
                "taken",
                "the page says that a second delete is no error",
            );
        } else if [404, 410].iter().any(|status| delete.names(*status)) {
            let what = "takes a second delete for a first";
            self.push(law, "taken", what, Failing::DeletesAgain);
        } else {
            self.skip(law, "taken", "no page says how a second delete is answered");
        }
    }
}

/// The fields of an object of a body, and their types.
fn fields_in(schema: &Schema, at: &FieldPath) -> Vec<(String, Vec<String>)> {
    schema
        .fields()
        .filter(|field| field.path.parent().as_ref() == Some(at))
        .filter_map(|field| {
            let types = types_of(field.node).into_iter().map(str::to_owned);
            Some((field.path.last_name()?.to_owned(), types.collect()))
        })
        .collect()
}
