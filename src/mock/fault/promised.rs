//! Faults of what pages promise: a value that is unique is given twice, null leaves a value as it
//! is, what the service alone sets is taken from a request, a `PUT` does not tell what it did, an
//! answer shows what none shows.

use crate::contract::{Facet, Field, Identity, Meaning, Operation, Place, Resource, Rule};

use super::super::backend::{Failing, documented_as, unique_fields};
use super::lifecycle::Found;
use super::{Effect, FaultKind, Maker, Misreport};

/// The faults of what an operation promises of a resource.
pub(super) fn of(
    resource: &Resource,
    operation: &Operation,
    is_create: bool,
    is_change: bool,
) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut push = |law: &'static str, way: &str, what: &str, failing: Option<Failing>| {
        found.push((law, way.to_owned(), what.to_owned(), failing));
    };
    let identity = resource.create.as_ref().map(|create| &create.identity);
    let is_chosen = identity == Some(&Identity::Chosen);
    if (is_create || is_change) && !is_chosen && !unique_fields(resource, operation).is_empty() {
        let what = "gives a value that is unique to a second one";
        push("unique", "twice", what, Some(Failing::TakenTwice));
    }
    let shown = |name: &str| {
        let answer = operation.answer();
        answer.is_some_and(|answer| {
            answer
                .fields()
                .any(|field| field.path.last_name() == Some(name))
        })
    };
    if is_change {
        for name in documented_as(resource, operation, Meaning::Cleared) {
            let what = format!("null leaves {name} as it is");
            let failing = Failing::NullKept(name.clone());
            push(
                "null-takes-away",
                &format!("{name}-kept"),
                &what,
                Some(failing),
            );
        }
    }
    if is_create || is_change {
        let own = documented_as(resource, operation, Meaning::Ignored);
        for name in own.into_iter().filter(|name| shown(name)) {
            let what = format!("takes {name} from the request");
            let failing = Failing::TakesOver(name.clone());
            push(
                "set-by-service",
                &format!("{name}-taken"),
                &what,
                Some(failing),
            );
        }
    }
    let tells = operation.names(201) && (operation.names(200) || operation.names(204));
    if is_create && is_chosen && tells && resource.show.is_some() {
        let what = "tells of what it makes as of what it replaces";
        push("put-tells", "replaced", what, Some(Failing::PutTellsAlike));
    }
    found
}

impl Maker<'_> {
    /// Adds the faults of what no answer shows.
    pub(super) fn hidden(&mut self) {
        let operation = self.operation;
        let facet = Facet::Meaning(Meaning::Hidden);
        let body = operation.request_body.iter();
        let fields = body.flat_map(|body| body.schema.record());
        let is_hidden = |field: &Field<'_>| field.facts.iter().any(|fact| fact.facet == facet);
        let has_body = operation.answer().is_some();
        for field in fields.filter(is_hidden).filter(|_| has_body) {
            let fact = operation.fact_id(Rule::new(Place::Request, field.path.clone(), facet));
            let what = format!("shows {} in its answer", field.path);
            let path = field.path.clone();
            let shows = Effect::Misreport(Misreport::Shows { field: path });
            self.add(FaultKind::Answer, fact, "shown", what, shows);
        }
    }
}
