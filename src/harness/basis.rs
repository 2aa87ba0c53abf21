//! What a change rests on: a request that names the copy which it changes gets what is there now,
//! from the operation that shows it. The copy is named by its entity tag (RFC 9110, section 13.1.1),
//! or by fields of the body that the service alone sets: a version, a generation, the id that the
//! path has too. A value that is made up is that of no copy.

use serde_json::Value;

use crate::contract::{
    FieldPath, Location, Operation, Place, Resource, Row, Suite, enum_values, parameters_of_path,
    types_of, words,
};
use crate::exchange::Answer;
use crate::generate::{Case, Expectation, Request, Validity, classify, is_bound, slots};

use super::sender::Sender;

/// The header that names the copy which a change rests on.
const IF_MATCH: &str = "if-match";

/// How fields that count the copies of a thing end.
const COUNTS: [&str; 6] = ["version", "generation", "revision", "rev", "etag", "lock"];

/// What the id of a thing is called in its body.
const IDS: [&str; 3] = ["id", "uuid", "uid"];

/// How the values of a request came to be.
#[derive(Debug)]
pub(super) enum Values<'r> {
    /// What differs from the plain request is meant to.
    Meant,
    /// They were drawn for a trial about this row.
    Drawn(Option<&'r Row>),
}

impl<'r> Values<'r> {
    /// The row that the request is tried for.
    pub(super) fn about(&self) -> Option<&'r Row> {
        match self {
            Self::Meant => None,
            Self::Drawn(about) => *about,
        }
    }
}

/// What the requests of one operation rest on.
#[derive(Debug)]
struct Basis {
    /// The header that takes the entity tag: one that is needed by its own words, or because the
    /// operation documents how a request without it is refused (RFC 6585, section 3).
    tag: Option<FieldPath>,
    /// The fields of the body that the shown copy has too.
    fields: Vec<FieldPath>,
    /// The operation that shows the copy, as its place in the suite.
    show: usize,
    /// The key of the resource.
    key: String,
    /// The parameter of the path that takes its id.
    parameter: String,
    /// What tells the fields where there is no copy yet.
    around: Option<Around>,
}

/// The list that an item stands in, whose answer tells the copy of the whole.
#[derive(Debug)]
struct Around {
    /// The operation, as its place in the suite.
    show: usize,
    /// The key of what the list belongs to.
    key: String,
    /// The parameter of the path that takes its id.
    parameter: String,
}

/// What changes rest on, by the suite's operations.
#[derive(Debug, Default)]
pub(super) struct Bases(Vec<Option<Basis>>);

impl Bases {
    /// Those of a suite.
    pub(super) fn of(suite: &Suite) -> Self {
        let operations = suite.operations.iter().enumerate();
        Self(
            operations
                .map(|(index, operation)| basis(suite, index, operation))
                .collect(),
        )
    }

    /// Whether a field of an operation's body names the copy that a change rests on: its answer tells
    /// of the copy after that.
    pub(super) fn names(&self, index: usize, field: &FieldPath) -> bool {
        let basis = self.0.get(index).and_then(Option::as_ref);
        basis.is_some_and(|basis| basis.fields.contains(field))
    }
}

/// What the requests of an operation rest on, where something shows it.
fn basis(suite: &Suite, index: usize, operation: &Operation) -> Option<Basis> {
    if !operation.writes() {
        return None;
    }
    let parameter = parameters_of_path(operation).pop()?.to_owned();
    let key = suite
        .bindings(operation)
        .remove(&format!("path.{parameter}"))?;
    let tag = operation
        .parameters_in(Location::Header)
        .filter(|header| header.required || operation.names(428))
        .find(|header| header.name.eq_ignore_ascii_case(IF_MATCH))
        .map(|header| FieldPath::name(&header.name));
    let reads_it = |other: &Operation| {
        other.method == "GET" && other.service == operation.service && other.path == operation.path
    };
    let beside = suite.operations.iter().position(reads_it);
    let of_resource = || {
        let mut resources = suite.resources.iter();
        resources.find(|resource| resource.key == key)?.show
    };
    let show = beside.or_else(of_resource)?;
    let fields = fields(suite, index, show)?;
    let around = around(suite, operation, &fields);
    (tag.is_some() || !fields.is_empty()).then_some(Basis {
        tag,
        fields,
        show,
        key,
        parameter,
        around,
    })
}

/// The list that the item of an operation's path stands in, where its answer has the fields that
/// name a copy beside its items.
fn around(suite: &Suite, operation: &Operation, fields: &[FieldPath]) -> Option<Around> {
    let (collection, _) = operation.path.trim_end_matches('/').rsplit_once("/{")?;
    let show = suite.operations.iter().position(|other| {
        other.method == "GET"
            && other.service == operation.service
            && other.path.trim_end_matches('/') == collection
    })?;
    let listing = suite.operations.get(show)?;
    let answer = listing.answer()?;
    let has_all = fields.iter().all(|field| answer.field(field).is_some());
    let parameter = parameters_of_path(listing).pop()?.to_owned();
    let key = suite
        .bindings(listing)
        .remove(&format!("path.{parameter}"))?;
    (has_all && !fields.is_empty()).then_some(Around {
        show,
        key,
        parameter,
    })
}

/// The fields of a change's body that name the copy which it rests on: those that are called so,
/// that the shown copy has, and that no create takes from its caller.
fn fields(suite: &Suite, index: usize, show: usize) -> Option<Vec<FieldPath>> {
    let operation = suite.operations.get(index)?;
    let showing = suite.operations.get(show)?;
    let creates_by = |resource: &Resource| Some(resource.create.as_ref()?.operation);
    // An act may be about another copy on purpose: the version to go back to, or to go on with.
    let replaces = matches!(operation.method.as_str(), "PUT" | "PATCH");
    if !replaces || showing.path != operation.path {
        return Some(Vec::new());
    }
    let made_here = suite
        .resources
        .iter()
        .find(|resource| creates_by(resource) == Some(index));
    if made_here.is_some_and(|made| !made.is_chosen_by(index)) {
        return Some(Vec::new());
    }
    let is_shown = |field: &FieldPath| {
        let mut bodies = showing
            .successes()
            .filter_map(|answer| answer.schema.as_ref());
        bodies.any(|schema| schema.field(field).is_some())
    };
    let is_its =
        |resource: &&Resource| resource.is_changed_by(index) || resource.show == Some(show);
    let creates: Vec<&Operation> = suite
        .resources
        .iter()
        .filter(is_its)
        .filter_map(creates_by)
        .filter(|create| *create != index)
        .filter_map(|create| suite.operations.get(create))
        .collect();
    // An id that a create is sent is a field of its body too.
    let is_taken = |field: &FieldPath| {
        let mut bodies = creates
            .iter()
            .filter_map(|create| create.request_body.as_ref());
        bodies.any(|body| body.schema.field(field).is_some())
    };
    let bindings = suite.bindings(operation);
    let fields = slots(operation).into_iter().filter(|slot| {
        let kinds = types_of(slot.node);
        slot.place == Place::Request
            && !slot.field.has_item()
            && !slot.field.has_entry()
            && names_a_copy(&slot.field, made_here.is_some())
            && (kinds.contains(&"string") || kinds.contains(&"integer"))
            && enum_values(slot.node).is_empty()
            && !is_bound(&bindings, slot.place, &slot.field)
            && is_shown(&slot.field)
            && !is_taken(&slot.field)
    });
    Some(fields.map(|slot| slot.field).collect())
}

/// Whether a field is called after what tells one copy from another: `version`,
/// `resource_provider_generation`, and the `id` of the body or of the one object in it. The version
/// of what a request may make is its caller's.
fn names_a_copy(field: &FieldPath, makes: bool) -> bool {
    let name = field.last_name().unwrap_or_default();
    if IDS.contains(&name) {
        return field.steps().len() <= 2;
    }
    let last = words(name).pop().unwrap_or_default();
    COUNTS.contains(&last.as_str()) && !(makes && last == "version")
}

impl Sender {
    /// The request with what names the copy that it changes, where it has to name one. What is
    /// meant to name another, or is itself what is tried, stays as it is.
    pub(super) async fn with_basis(
        &self,
        operation: &Operation,
        request: &Request,
        values: &Values<'_>,
    ) -> Option<Request> {
        let index = self.index_of(operation);
        let basis = self.bases.0.get(index)?.as_ref()?;
        let plain = self.baseline(index).ok()?;
        let is_plain = |place: Place, field: &FieldPath| {
            let own = request.get(place, field);
            own.is_some() && own == plain.get(place, field)
        };
        let takes = |field: &FieldPath| match values {
            Values::Meant => is_plain(Place::Request, field),
            Values::Drawn(about) => about.is_none_or(|row| row.field != *field),
        };
        let is_tag = |tag: &&FieldPath| {
            let own = request.get(Place::Header, tag);
            let is_about = |row: &Row| row.place == Place::Header && row.field == **tag;
            own == plain.get(Place::Header, tag)
                && own != Some("*".into())
                && !(own.is_none() && values.about().is_some_and(is_about))
        };
        let tag = basis.tag.as_ref().filter(is_tag);
        let fields: Vec<(&FieldPath, Value)> = basis
            .fields
            .iter()
            .filter(|field| takes(field))
            .filter_map(|field| Some((field, request.get(Place::Request, field)?)))
            .collect();
        if tag.is_none() && fields.is_empty() {
            return None;
        }
        let shown = self
            .copy(request, (basis.show, &basis.key, &basis.parameter))
            .await?;
        // What is made now has none: the whole that it is made in may have one.
        let answer = match (&basis.around, shown.status) {
            (_, 200..300) => shown,
            (Some(around), 404) => {
                let whole = (around.show, around.key.as_str(), around.parameter.as_str());
                let answer = self.copy(request, whole).await?;
                (200..300).contains(&answer.status).then_some(answer)?
            }
            _ => return None,
        };
        let mut lent = request.clone();
        if let Some((tag, value)) = tag.zip(answer.header("etag")) {
            lent.set(Place::Header, tag, Some(value.trim().into()));
        }
        for (field, own) in fields {
            let now = answer.body.at(&field.to_pointer());
            let is_alike = |now: &&Value| {
                now.is_string() && own.is_string() || now.is_number() && own.is_number()
            };
            if let Some(now) = now.filter(is_alike) {
                let mut changed = lent.clone();
                changed.set(Place::Request, field, Some(now.clone()));
                // A value that breaks a rule is what is tried, whatever the trial is about. What is
                // shown there may be a value of which no rule tells, such as zero.
                let is_broken = |validity: &Validity| matches!(validity, Validity::Invalid(_));
                let (told, before) = (classify(operation, &changed), classify(operation, &lent));
                if told == before || !is_broken(&told) && !is_broken(&before) {
                    lent = changed;
                }
            }
        }
        (lent != *request).then_some(lent)
    }

    /// The answer of what shows the copy that a request changes: the operation, the key, and the
    /// parameter of the path that takes its id.
    async fn copy(
        &self,
        request: &Request,
        (show, key, parameter): (usize, &str, &str),
    ) -> Option<Answer> {
        let showing = self.suite.operations.get(show)?;
        let id = request.path.get(parameter)?;
        let mut asking = self.baseline_of_id(show, key, &id.as_str().into()).ok()?;
        for (name, value) in &mut asking.path {
            if let Some(own) = request.path.get(name) {
                value.clone_from(own);
            }
        }
        let case = Case {
            label: "the copy that a change rests on".to_owned(),
            request: asking,
            expectation: Expectation::Success,
        };
        self.send_anyway(showing, &case).await.outcome.ok()
    }
}
