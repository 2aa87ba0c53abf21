//! Requests about resources that are not there.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::contract::{EVERYWHERE, FieldPath, Location, Operation, Place, Row, is_scope, types_of};

use super::super::case::{Edit, Expectation, PlannedCase};
use super::super::request::Request;

/// An id that nobody has: one that looks made up, such as a row of zeros or a single letter, may
/// well be somebody's where ids are names.
const UNKNOWN_ID: &str = "7d0c3f5e-2b64-4e8a-9f17-c6a85d3b9e42";

/// An id of another form than most have, and a name that nobody has.
const NOBODY: &str = "nobody-9f3ac2e1b7";

/// A number that no resource has.
const UNKNOWN_NUMBER: &str = "2147480000";

/// A request about a resource that is not there.
#[derive(Debug)]
pub struct UnknownResource {
    /// Where the id stands.
    pub row: Row,
    /// A word for the trial's name.
    pub kind: &'static str,
    /// The case.
    pub case: PlannedCase,
}

/// Requests about resources that are not there: the path's parameters, and each other place that is
/// bound to a resource, take ids that nobody has, well-formed and not.
pub fn unknown_resources(
    operation: &Operation,
    baseline: &Arc<Request>,
    bindings: &BTreeMap<String, String>,
) -> Vec<UnknownResource> {
    let in_path = rows_of_path(operation);
    let innermost = in_path.first().cloned();
    let elsewhere = rows_elsewhere(baseline, bindings);
    let ids = ids(operation);
    let mut unknown = Vec::new();
    for row in in_path.into_iter().chain(elsewhere) {
        // An empty part of a path is another path; of the outer parts, one unknown id is enough.
        let is_in_path = row.place == Place::Path;
        let is_outer = is_in_path && Some(&row) != innermost.as_ref();
        let is_tried =
            |id: &&Id| !(is_in_path && id.value.is_empty() || is_outer && id.kind != "unknown");
        for id in ids.iter().filter(is_tried) {
            let value = match id.kind {
                "unknown" => id_of_nobody(operation, &row),
                _ => &id.value,
            };
            let expectation = expectation(operation, &row, id.expectation);
            let case = PlannedCase::of(baseline, id.label, expectation).with(Edit::Set {
                place: row.place,
                field: row.field.clone(),
                value: Some(Arc::new(Value::from(value))),
            });
            unknown.push(UnknownResource {
                row: row.clone(),
                kind: id.kind,
                case,
            });
        }
    }
    unknown
}

/// The id that stands for one that nobody has.
pub fn id_of_nobody(operation: &Operation, row: &Row) -> &'static str {
    if is_number(operation, row) {
        UNKNOWN_NUMBER
    } else {
        UNKNOWN_ID
    }
}

/// An id that nobody has.
struct Id {
    /// A word for the trial's name.
    kind: &'static str,
    label: &'static str,
    value: String,
    /// What a request about it has to be answered, where nothing else is known.
    expectation: Expectation,
}

/// Ids that nobody has, of several forms.
fn ids(operation: &Operation) -> [Id; 6] {
    let unknown = |kind, label, value: String| Id {
        kind,
        label,
        value,
        expectation: Expectation::UnknownResource,
    };
    // What a database takes for a condition that always holds is for requests that change nothing.
    let quote = if operation.writes() {
        format!("{NOBODY}'")
    } else {
        format!("{NOBODY}' OR '1'='1")
    };
    [
        unknown("unknown", "an id that nobody has", UNKNOWN_ID.to_owned()),
        unknown("malformed", "an id of another form", NOBODY.to_owned()),
        unknown("quote", "an id with a quotation mark", quote),
        unknown(
            "not-ascii",
            "an id that is not ASCII",
            format!("{NOBODY}-экземпляр"),
        ),
        unknown("empty", "an empty id", String::new()),
        Id {
            expectation: Expectation::TooLarge,
            ..unknown("over-long", "an id of 6,000 characters", "x".repeat(6_000))
        },
    ]
}

/// The parameters of the path, the innermost first.
fn rows_of_path(operation: &Operation) -> Vec<Row> {
    // A project stands for the credential's scope: asking for another is a matter of authorisation,
    // which no page describes.
    let mut names: Vec<&str> = operation
        .parameters_in(Location::Path)
        .map(|parameter| parameter.name.as_str())
        .filter(|name| !is_scope(name))
        .collect();
    names.sort_by_key(|name| std::cmp::Reverse(operation.path.find(&format!("{{{name}}}"))));
    let rows = names.into_iter().map(|name| Row {
        place: Place::Path,
        field: FieldPath::name(name),
    });
    rows.collect()
}

/// The places beside the path that are bound to a resource, and that the request has.
fn rows_elsewhere(baseline: &Request, bindings: &BTreeMap<String, String>) -> Vec<Row> {
    let rows = bindings
        .iter()
        // What goes with every request names no resource.
        .filter(|(_, key)| !key.starts_with(EVERYWHERE))
        .filter_map(|(place, key)| Some((place.parse::<Row>().ok()?, key)))
        // What the path names already, a body only repeats: many services look at the path alone.
        .filter(|(row, key)| !repeats_path(bindings, row, key))
        .map(|(row, _)| row)
        .filter(|row| row.place != Place::Path)
        // One of a list that nobody has may be left out, or made.
        .filter(|row| !row.field.has_item())
        .filter(|row| baseline.get(row.place, &row.field).is_some());
    rows.collect()
}

/// What a request about a resource that is not there has to be answered, by where its id stands.
fn expectation(operation: &Operation, row: &Row, usual: Expectation) -> Expectation {
    let is_silent_read = !operation.writes() && !operation.names(404);
    // A read whose query names what nobody has may find nothing, where no page says that it is
    // refused for that.
    let finds_nothing = row.place == Place::Query && is_silent_read;
    let may_be_gone = operation.may_take_unknown() || finds_nothing;
    match usual {
        Expectation::UnknownResource | Expectation::TooLarge if may_be_gone => {
            Expectation::AbsentResource
        }
        // So may one whose path does: an id that is too long is one more that nobody has.
        Expectation::TooLarge if row.place == Place::Path && is_silent_read => {
            Expectation::AbsentResource
        }
        other => other,
    }
}

/// The same of a part of the path that is no id at all.
pub(super) fn expectation_in_path(operation: &Operation, name: &str) -> Expectation {
    let row = Row {
        place: Place::Path,
        field: FieldPath::name(name),
    };
    expectation(operation, &row, Expectation::UnknownResource)
}

/// Whether a parameter takes whole numbers.
fn is_number(operation: &Operation, row: &Row) -> bool {
    operation.parameters.iter().any(|parameter| {
        parameter.location.place() == row.place
            && row.field.top() == Some(parameter.name.as_str())
            && types_of(&parameter.schema.root).contains(&"integer")
    })
}

/// Whether a place of a body only repeats which resource of a key the path names.
fn repeats_path(bindings: &BTreeMap<String, String>, row: &Row, key: &str) -> bool {
    let name = row.field.last_name().unwrap_or_default();
    let mut of_key = bindings.iter().filter(|(_, own)| *own == key);
    of_key.any(|(place, _)| {
        let in_path = place.strip_prefix("path.");
        // The `name` of what `{property_name}` names is a new one, and not another's.
        let is_its_name = |own: &str| name == "name" && own.to_lowercase().ends_with(name);
        in_path.is_some_and(|own| {
            own == name || matches!(name, "id" | "uuid" | "uid") || is_its_name(own)
        })
    })
}
