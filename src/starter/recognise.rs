//! What the operations of a contract look like from their names: lists, identities, times, totals,
//! and what one message shares with another.

use std::collections::BTreeMap;

use super::singular;
use crate::contract::{Field, FieldPath, Listing, Location, Operation, Schema, Step, types_of};

/// Names of a query parameter that bounds a page.
const LIMITS: &[&str] = &["limit", "page_size", "pageSize", "per_page"];

/// Names of a query parameter that passes items over.
const OFFSETS: &[&str] = &["offset"];

/// Names of a total, whichever page is asked for.
const TOTALS: &[&str] = &[
    "total",
    "total_count",
    "total_num",
    "total_number",
    "totalCount",
];

/// Names of the two ends of a time window.
const WINDOWS: &[(&str, &str)] = &[
    ("begin_time", "end_time"),
    ("start_time", "end_time"),
    ("begin_at", "end_at"),
    ("start_at", "end_at"),
    ("start_date", "end_date"),
    ("beginTime", "endTime"),
    ("startTime", "endTime"),
    ("from", "to"),
];

/// Names of the parameter that says after which item a page begins.
const MARKERS: &[&str] = &[
    "marker",
    "page_token",
    "pageToken",
    "next_token",
    "cursor",
    "start_after",
];

/// Names of what tells the marker of the next page.
const NEXTS: &[&str] = &[
    "next_marker",
    "nextMarker",
    "next_page_token",
    "nextPageToken",
    "next_token",
    "next_cursor",
    "next",
];

/// Names of an item's time, the likeliest first.
const TIMES: &[&str] = &[
    "created_at",
    "create_time",
    "created",
    "createTime",
    "begin_time",
    "start_time",
    "time",
];

/// Names of two times of which the second is not before the first.
const ORDERED: &[(&str, &str)] = &[
    ("created_at", "updated_at"),
    ("create_time", "update_time"),
    ("created", "updated"),
    ("begin_time", "end_time"),
    ("start_time", "end_time"),
];

/// A list, as the contract shows it.
pub(crate) struct List<'o> {
    pub(super) operation: &'o Operation,
    /// The path of the array.
    items: FieldPath,
    /// The scalar fields of an item.
    pub(super) fields: Vec<String>,
    /// The name of the identity, within an item.
    pub(super) id: String,
    pub(super) limit: Option<String>,
    pub(super) offset: Option<String>,
    pub(super) marker: Option<String>,
    /// The pointer to the next page's marker.
    next: Option<String>,
    total: Option<String>,
}

impl<'o> List<'o> {
    /// The list that an operation answers with, if it does.
    pub(crate) fn of(operation: &'o Operation) -> Option<Self> {
        if operation.method != "GET" {
            return None;
        }
        let answer = answer(operation)?;
        let fields = || answer.fields();
        let (items, known, id) = fields().find_map(|array| {
            let items = match array.path.steps().split_last() {
                Some((Step::Item, _)) => array.path.parent()?,
                _ => return None,
            };
            if items.has_item() || !types_of(array.node).contains(&"object") {
                return None;
            }
            let known: Vec<String> = scalars(answer)
                .filter(|field| field.path.parent().as_ref() == Some(array.path))
                .filter_map(|field| field.path.last_name().map(str::to_owned))
                .collect();
            let id = identity(operation, &items, &known)?;
            Some((items, known, id))
        })?;
        let query = |names: &[&str]| {
            names
                .iter()
                .find(|name| operation.parameter(Location::Query, name).is_some())
                .map(|name| (*name).to_owned())
        };
        let called = |names: &[&str], kind: &str| {
            fields()
                .filter(|field| !field.path.has_item() && types_of(field.node).contains(&kind))
                .find(|field| {
                    field
                        .path
                        .last_name()
                        .is_some_and(|name| names.contains(&name))
                })
                .map(|field| field.path.to_pointer())
        };
        let total = called(TOTALS, "integer");
        let next = called(NEXTS, "string");
        Some(Self {
            operation,
            items,
            fields: known,
            id,
            limit: query(LIMITS),
            offset: query(OFFSETS),
            marker: query(MARKERS),
            next,
            total,
        })
    }

    /// How the list is read.
    pub(crate) fn listing(&self) -> Listing {
        let has_marker = self.offset.is_none() && self.limit.is_some() && self.marker.is_some();
        Listing {
            operation: self.operation.id.clone(),
            items: self.items.to_pointer(),
            id: pointer(&self.id),
            limit: self.limit.clone(),
            offset: self.offset.clone(),
            marker: self.marker.clone().filter(|_| has_marker),
            next: self.next.clone().filter(|_| has_marker),
            total: self.total.clone(),
        }
    }

    /// The list in TOML.
    pub(super) fn toml(&self, whole: bool) -> String {
        let mut pairs = vec![
            ("operation", self.operation.id.clone()),
            ("items", self.items.to_pointer()),
            ("id", pointer(&self.id)),
        ];
        pairs.extend(self.limit.clone().map(|name| ("limit", name)));
        pairs.extend(self.offset.clone().map(|name| ("offset", name)));
        if self.offset.is_none() && self.limit.is_some() && self.marker.is_some() {
            pairs.extend(self.marker.clone().map(|name| ("marker", name)));
            pairs.extend(self.next.clone().map(|pointer| ("next", pointer)));
        }
        if whole {
            pairs.extend(self.total.clone().map(|pointer| ("total", pointer)));
        }
        super::inline(pairs)
    }

    /// The two ends of a time window, and the time of an item.
    pub(super) fn window(&self) -> Option<(&'static str, &'static str, String)> {
        let has = |name: &str| self.operation.parameter(Location::Query, name).is_some();
        let (begin, end) = WINDOWS.iter().find(|(begin, end)| has(begin) && has(end))?;
        let time = TIMES.iter().find(|name| self.has(name))?;
        Some((begin, end, pointer(time)))
    }

    /// The path parameter that an item repeats: the nearest to the list.
    pub(super) fn owner(&self) -> Option<&'o str> {
        self.operation
            .parameters_in(Location::Path)
            .filter(|parameter| self.has(&parameter.name))
            .max_by_key(|parameter| self.operation.path.find(&format!("{{{}}}", parameter.name)))
            .map(|parameter| parameter.name.as_str())
    }

    /// Two times of an item that are in order.
    pub(super) fn ordered(&self) -> Option<(String, String)> {
        ORDERED
            .iter()
            .find(|(first, second)| self.has(first) && self.has(second))
            .map(|(first, second)| (pointer(first), pointer(second)))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field == name)
    }
}

/// What an item is told apart by: its `id`, the id of what the list is called after, or the one id
/// that is not of the list's own path.
fn identity(operation: &Operation, items: &FieldPath, fields: &[String]) -> Option<String> {
    let collection = operation
        .path
        .rsplit('/')
        .find(|part| !part.is_empty() && !part.starts_with('{'))
        .unwrap_or_default();
    let mut names = vec!["id".to_owned()];
    for name in [collection, items.last_name().unwrap_or_default()] {
        names.push(format!("{}_id", singular(name)));
    }
    names.push("uuid".to_owned());
    names
        .into_iter()
        .find(|name| fields.contains(name))
        .or_else(|| {
            let mut others = fields.iter().filter(|name| {
                name.ends_with("_id") && !operation.path.contains(&format!("{{{name}}}"))
            });
            others.next().filter(|_| others.next().is_none()).cloned()
        })
}

/// The pointer to the identity of what an operation made, in its answer.
pub(super) fn created(operation: &Operation, id: Option<&str>) -> Option<String> {
    if operation.method != "POST" {
        return None;
    }
    let collection = operation.path.rsplit('/').next().unwrap_or_default();
    let own = format!("{}_id", singular(collection));
    let known = outside_lists(answer(operation)?);
    [Some(own.as_str()), id, Some("id")]
        .into_iter()
        .flatten()
        .find_map(|name| known.iter().find(|path| path.last_name() == Some(name)))
        .map(|path| path.to_pointer())
}

/// The fields of the request that stand in the answer under the same name: request field ->
/// pointer.
pub(super) fn repeated(operation: &Operation) -> BTreeMap<String, String> {
    let answered = answer(operation).map(outside_lists).unwrap_or_default();
    asked(operation)
        .into_iter()
        .filter_map(|path| {
            let mut same = answered
                .iter()
                .filter(|other| other.last_name() == path.last_name());
            // A name that stands twice says nothing.
            let only = same.next().filter(|_| same.next().is_none())?;
            Some((path.to_string(), only.to_pointer()))
        })
        .collect()
}

/// The fields of the request that an item of a list repeats: request field -> pointer within the
/// item.
pub(super) fn listed(operation: &Operation, list: &List<'_>) -> BTreeMap<String, String> {
    asked(operation)
        .into_iter()
        .filter_map(|path| {
            let name = path.last_name().filter(|name| list.has(name))?;
            Some((path.to_string(), pointer(name)))
        })
        .collect()
}

/// The scalar fields that a request sends.
fn asked(operation: &Operation) -> Vec<&FieldPath> {
    operation
        .request_body
        .as_ref()
        .map(|body| outside_lists(&body.schema))
        .unwrap_or_default()
}

/// The body of the documented success.
fn answer(operation: &Operation) -> Option<&Schema> {
    operation
        .responses
        .iter()
        .filter(|response| response.class() == Some(2))
        .find_map(|response| response.schema.as_deref())
}

fn scalars(schema: &Schema) -> impl Iterator<Item = Field<'_>> {
    schema.fields().filter(|field| {
        let types = types_of(field.node);
        !field.path.is_root()
            && !types.is_empty()
            && !types.contains(&"object")
            && !types.contains(&"array")
    })
}

/// The paths of the scalar fields that stand once in a body.
fn outside_lists(schema: &Schema) -> Vec<&FieldPath> {
    scalars(schema)
        .map(|field| field.path)
        .filter(|path| !path.has_item())
        .collect()
}

/// The JSON pointer of a field at the top of what it stands in.
fn pointer(name: &str) -> String {
    FieldPath::name(name).to_pointer()
}
