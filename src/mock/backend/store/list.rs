//! Lists of a store: which records a request asks for, cut into pages by a limit and an offset, a
//! page number or a marker.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::contract::{
    Collection, Facet, FieldPath, Listing, Location, Operation, RangeEnd, Relation, Schema, Suite,
    is_called, types_of,
};
use crate::generate::size;
use crate::recognise::{self, Sorting};

use super::super::super::answer::Answer;
use super::super::super::call::Call;
use super::super::super::reply::{Body, Reply};
use super::super::super::resource::{is_asked_for, text_of};
use super::super::super::sorting;
use super::shape::Shape;
use super::state::{Scope, Shelf};

/// Names of a query parameter that bounds a page.
const LIMITS: [&str; 6] = [
    "limit",
    "page_size",
    "per_page",
    "max_results",
    "max_items",
    "max_keys",
];

/// Names of a query parameter that passes items over.
const OFFSETS: [&str; 2] = ["offset", "skip"];

/// Names of a query parameter that numbers pages, from one unless the contract says otherwise.
const PAGES: [&str; 4] = ["page", "page_no", "page_number", "page_num"];

/// Names of a query parameter that says after which item a page begins.
const MARKERS: [&str; 6] = [
    "marker",
    "page_token",
    "next_token",
    "cursor",
    "start_after",
    "after",
];

/// Names of what tells the marker of the next page.
pub(super) const NEXTS: [&str; 6] = [
    "next_marker",
    "next_page_token",
    "next_token",
    "next_cursor",
    "next",
    "marker",
];

/// Names of the number of all that match.
const TOTALS: [&str; 6] = [
    "total",
    "total_count",
    "total_num",
    "total_number",
    "total_size",
    "total_results",
];

/// Names of the number of items of a page, or of all where nothing else tells that.
const COUNTS: [&str; 4] = ["count", "current_count", "size", "num"];

/// Names of what tells whether there is more.
const MORES: [&str; 4] = ["has_more", "has_next", "truncated", "is_truncated"];

/// How many items a page has whose size neither the request nor the contract says.
const PAGE: usize = 20;

/// A query parameter that only lets through items whose field has its value.
#[derive(Debug)]
struct Filter {
    parameter: String,
    /// The pointer to the field, within an item.
    field: String,
    /// What the field may be in an item.
    schema: Option<Schema>,
}

/// How an operation lists the records of a resource.
#[derive(Debug)]
pub(super) struct List {
    items: String,
    /// How many items an answer has at least.
    least: usize,
    shape: Shape,
    limit: Option<String>,
    offset: Option<String>,
    page: Option<String>,
    /// The number of the first page.
    first_page: usize,
    marker: Option<String>,
    default_limit: Option<usize>,
    /// Pointers into an answer.
    next: Option<String>,
    totals: Vec<String>,
    total_header: Option<String>,
    counts: Vec<String>,
    mores: Vec<String>,
    lasts: Vec<String>,
    filters: Vec<Filter>,
    /// The ends of ranges, by their query parameters.
    ranges: BTreeMap<String, RangeEnd>,
    /// The query parameters that search for a text.
    searches: Vec<String>,
    /// How a request chooses the order.
    sorting: Option<Sorting>,
    /// The order where a request chooses none: the pointer to a field, and whether the greatest
    /// comes first.
    order: Option<(String, bool)>,
    /// The query parameters of paging that an answer repeats, and where.
    told: BTreeMap<String, String>,
}

impl List {
    /// Reads how an operation lists from its parameters and its answer; what a relation of the suite
    /// says of it comes first.
    pub(super) fn new(
        suite: &Suite,
        operation: &Operation,
        collection: &Collection,
        answer: &Answer,
        outer: &[String],
    ) -> Option<Self> {
        let schema = answer.schema.as_deref()?;
        let items = collection.items.to_pointer();
        let first = format!("{items}/0");
        let shape = Shape::new(answer, &first, Some(collection.id.clone()), outer)?;
        // What the laws of pages are tried by is what a page is cut by.
        let known = recognise::List::among(&suite.operations, operation);
        let known = known.filter(|list| list.listing(false).items == items);
        let read = known.as_ref().map(|list| list.listing(true));
        let said = listing(suite, operation).or(read.as_ref());
        let query = |names: &[&str]| -> Option<String> {
            let mut parameters = operation.parameters_in(Location::Query);
            let found = parameters.find(|one| names.iter().any(|name| is_called(&one.name, name)));
            found.map(|one| one.name.clone())
        };
        let of = |said: Option<&Option<String>>, names: &[&str]| {
            said.cloned().flatten().or_else(|| query(names))
        };
        let limit = of(said.map(|list| &list.limit), &LIMITS);
        let default_limit = limit
            .as_deref()
            .and_then(|name| operation.parameter(Location::Query, name))
            .and_then(|one| one.schema.root.get(Facet::Default.as_str())?.as_u64())
            .and_then(|number| usize::try_from(number).ok());
        let mut list = Self {
            offset: of(said.map(|list| &list.offset), &OFFSETS),
            page: of(said.map(|list| &list.page), &PAGES),
            first_page: said.and_then(|list| list.first_page).unwrap_or(1),
            marker: of(said.map(|list| &list.marker), &MARKERS),
            default_limit,
            next: said
                .and_then(|list| list.next.clone())
                .or_else(|| outside(schema, &NEXTS, "string").into_iter().next()),
            totals: outside(schema, &TOTALS, "integer"),
            total_header: said.and_then(|list| list.total_header.clone()),
            counts: outside(schema, &COUNTS, "integer"),
            mores: outside(schema, &MORES, "boolean"),
            lasts: said
                .and_then(|list| list.last.clone())
                .into_iter()
                .collect(),
            filters: Vec::new(),
            ranges: known
                .as_ref()
                .map(recognise::List::ranges)
                .unwrap_or_default(),
            searches: known
                .as_ref()
                .map(recognise::List::searches)
                .unwrap_or_default(),
            sorting: known.as_ref().and_then(recognise::List::sorting),
            order: stated_order(suite, operation)
                .or_else(|| known.as_ref().and_then(recognise::List::sorted)),
            told: said.map(|list| list.told.clone()).unwrap_or_default(),
            limit,
            shape,
            least: schema
                .node(&items)
                .and_then(|node| size(node, Facet::MinItems))
                .unwrap_or(0),
            items,
        };
        list.totals.extend(said.and_then(|list| list.total.clone()));
        list.mores.extend(said.and_then(|list| list.more.clone()));
        list.counts.retain(|count| !list.totals.contains(count));
        if list.totals.is_empty() && list.counts.len() == 1 {
            list.totals.append(&mut list.counts);
        }
        list.filters = list.filtering(operation, known.as_ref());
        Some(list)
    }

    /// The query parameters that are called as a scalar field of an item is, or of its attributes.
    fn filtering(&self, operation: &Operation, known: Option<&recognise::List<'_>>) -> Vec<Filter> {
        let paging = [&self.limit, &self.offset, &self.page, &self.marker];
        let names = self.shape.described.names();
        let known = known.map(|list| list.filters(false)).unwrap_or_default();
        operation
            .parameters_in(Location::Query)
            .filter(|one| !paging.contains(&&Some(one.name.clone())))
            .filter(|one| !self.searches.contains(&one.name))
            .filter(|one| !self.ranges.contains_key(&one.name))
            .filter_map(|one| {
                let own = names.iter().find(|name| is_called(name, &one.name));
                let Some(field) = own else {
                    let field = known.get(&one.name)?.clone();
                    return Some(Filter {
                        parameter: one.name.clone(),
                        field,
                        schema: None,
                    });
                };
                let (schema, node) = self.shape.described.field(field)?;
                let types = types_of(node);
                let is_scalar = !types.contains(&"object") && !types.contains(&"array");
                is_scalar.then(|| Filter {
                    parameter: one.name.clone(),
                    field: FieldPath::name(field).to_pointer(),
                    schema: schema.part(node),
                })
            })
            .collect()
    }

    /// The record that an item is.
    pub(super) fn into_shape(self) -> Shape {
        self.shape
    }

    /// Whether an item has what the request filters by, and is within its ranges.
    fn fits(&self, call: &Call<'_>, item: &Map<String, Value>) -> bool {
        let is_within = |(parameter, end): (&String, &RangeEnd)| {
            sorting::is_within(call, parameter, end, at(item, &end.field))
        };
        self.ranges.iter().all(is_within)
            && self.filters.iter().all(|filter| {
                let wanted = call.parameter(Location::Query, &filter.parameter);
                let shown = self.shown(item, filter);
                let has = |wanted: &Value| {
                    shown.is_some_and(|value| !value.is_null() && text_of(value) == text_of(wanted))
                };
                match wanted {
                    None => true,
                    Some(Value::Array(wanted)) => wanted.iter().any(has),
                    Some(wanted) => {
                        shown.is_some_and(|own| !own.is_null() && is_asked_for(own, wanted))
                    }
                }
            })
    }

    /// A field of an item as the answer will show it: what an item may not have there is what the
    /// documented answer has.
    fn shown<'i>(&'i self, item: &'i Map<String, Value>, filter: &Filter) -> Option<&'i Value> {
        let value = at(item, &filter.field)?;
        let schema = filter.schema.as_ref();
        if schema.is_none_or(|schema| schema.is_valid(value)) {
            Some(value)
        } else {
            at(&self.shape.template, &filter.field)
        }
    }

    /// Answers with the records of a scope.
    pub(super) fn reply(
        &self,
        answer: &Answer,
        call: &Call<'_>,
        shelf: &Shelf,
        scope: &Scope,
        sayable: &[String],
    ) -> Reply {
        let number = |name: &Option<String>| {
            let value = call.parameter(Location::Query, name.as_deref()?)?;
            text_of(value).parse::<usize>().ok()
        };
        let of_page = number(&self.page).map(|_| PAGE);
        let size = number(&self.limit).or(self.default_limit).or(of_page);
        let most = size.unwrap_or(usize::MAX);
        let pages = number(&self.page).map_or(0, |page| page.saturating_sub(self.first_page));
        let offset =
            number(&self.offset).unwrap_or_else(|| pages.saturating_mul(size.unwrap_or(0)));
        let after = self
            .marker
            .as_deref()
            .and_then(|name| call.parameter(Location::Query, name))
            .map(text_of)
            .filter(|marker| !marker.is_empty())
            // Nothing stands after what was never there.
            .map(|marker| shelf.last_place(&marker).unwrap_or(0));
        let sorting = self.sorting.as_ref();
        let asked = sorting.and_then(|sorting| sorting::asked(sorting, call));
        let stated = self.order.as_ref();
        let order = asked.or_else(|| stated.map(|(by, descends)| (by.as_str(), *descends)));
        let (mut total, mut passed, mut page, mut is_more) = (0_usize, 0_usize, Vec::new(), false);
        let mut others = Vec::new();
        let mut is_empty = true;
        let mut fitting = Vec::new();
        for (place, record) in shelf.newest_first(scope) {
            if !record.is_listed {
                continue;
            }
            is_empty = false;
            let mut item = self.shape.template.clone();
            self.shape.tell(record, sayable, &mut item);
            let is_found = || {
                let item = Value::Object(item.clone());
                sorting::is_found(&self.searches, call, &item)
            };
            if self.fits(call, &item) && (self.searches.is_empty() || is_found()) {
                fitting.push((place, record, item));
            }
        }
        if let Some((pointer, descends)) = order {
            fitting.sort_by(|(_, _, one), (_, _, other)| {
                sorting::order(at(one, pointer), at(other, pointer), descends)
            });
        }
        // In another order than that of places, what comes after one comes after it there.
        let marked = fitting.iter().position(|(place, ..)| Some(*place) == after);
        for (number, (place, record, item)) in fitting.into_iter().enumerate() {
            total += 1;
            let is_passed = match (order, marked) {
                (Some(_), Some(marked)) => number <= marked,
                _ => after.is_some_and(|after| place >= after),
            };
            if is_passed {
                others.push((record.id.clone(), item));
            } else if passed < offset {
                passed += 1;
                others.push((record.id.clone(), item));
            } else if page.len() < most {
                page.push((record.id.clone(), item));
            } else {
                is_more = true;
            }
        }
        // Where a page has to have items, one of others is better than none.
        let lacking = self.least.saturating_sub(page.len());
        page.extend(others.into_iter().take(lacking));
        if is_empty && let Some(status) = answer.empty_status {
            return Reply::empty(status);
        }
        let mut reply = answer.reply(call);
        if let Body::Json(body) = &mut reply.body {
            for (parameter, pointer) in &self.told {
                // A page that nobody asked for is the first.
                let is_page = self.page.as_ref() == Some(parameter);
                let least = if is_page { self.first_page } else { 0 };
                let told = number(&Some(parameter.clone())).unwrap_or(least);
                if let Some(slot) = body.pointer_mut(pointer) {
                    *slot = Value::from(told);
                }
            }
            self.fill(answer, body, total, page, is_more);
        }
        let header = self.total_header.clone();
        reply
            .headers
            .extend(header.map(|name| (name.into(), total.to_string())));
        reply
    }

    /// Writes a page into a body.
    fn fill(
        &self,
        answer: &Answer,
        body: &mut Value,
        total: usize,
        page: Vec<(String, Map<String, Value>)>,
        is_more: bool,
    ) {
        let last = page.last().map(|(id, _)| id.clone()).filter(|_| is_more);
        let count = page.len();
        if let Some(items) = body.pointer_mut(&self.items)
            && count >= self.least
        {
            *items = page
                .into_iter()
                .map(|(_, item)| Value::Object(item))
                .collect();
        }
        let mut set = |pointers: &[String], value: Value| {
            for pointer in pointers {
                if let Some(slot) = body.pointer_mut(pointer) {
                    *slot = value.clone();
                }
            }
        };
        set(&self.totals, Value::from(total));
        set(&self.counts, Value::from(count));
        set(&self.mores, Value::from(is_more));
        set(&self.lasts, Value::from(!is_more));
        let records: Vec<String> = (0..count)
            .map(|index| format!("{}/{index}", self.items))
            .collect();
        self.shape.mend(answer.schema.as_ref(), body, &records);
        if let Some(pointer) = &self.next {
            point(answer, body, pointer, last);
        }
    }
}

/// The value at a pointer within an item.
fn at<'i>(item: &'i Map<String, Value>, pointer: &str) -> Option<&'i Value> {
    let pointer = pointer.strip_prefix('/')?;
    let (name, rest) = match pointer.split_once('/') {
        Some((name, rest)) => (name, format!("/{rest}")),
        None => (pointer, String::new()),
    };
    let value = item.get(&crate::contract::unescape_token(name))?;
    value.pointer(&rest)
}

/// Says where the next page begins; at the end null, nothing, or an empty text, whichever the
/// contract allows first.
fn point(answer: &Answer, body: &mut Value, pointer: &str, next: Option<String>) {
    if let Some(next) = next {
        if let Some(slot) = body.pointer_mut(pointer) {
            *slot = Value::from(next);
        }
        return;
    }
    let (outer, name) = pointer.rsplit_once('/').unwrap_or_default();
    let name = crate::contract::unescape_token(name);
    for end in [Some(Value::Null), None, Some(Value::from(""))] {
        let mut ended = body.clone();
        if let Some(Value::Object(object)) = ended.pointer_mut(outer) {
            match end {
                Some(value) => object.insert(name.clone(), value),
                None => object.shift_remove(&name),
            };
        }
        if answer.allows(&ended) {
            *body = ended;
            return;
        }
    }
}

/// What a relation of the suite says of how an operation lists.
fn listing<'s>(suite: &'s Suite, operation: &Operation) -> Option<&'s Listing> {
    let relations = &suite.cases.get(&operation.service)?.relations;
    relations.iter().find_map(|relation| match relation {
        Relation::Pagination { list }
        | Relation::Filter { list, .. }
        | Relation::Several { list, .. } => {
            Some(list).filter(|list| list.operation == operation.id)
        }
        Relation::TimeWindow { .. }
        | Relation::Items { .. }
        | Relation::CreatedAppears { .. }
        | Relation::Sorted { .. }
        | Relation::SortBy { .. }
        | Relation::Range { .. }
        | Relation::Search { .. }
        | Relation::Omitted { .. }
        | Relation::Repeated { .. }
        | Relation::Echo { .. }
        | Relation::EntityTag { .. } => None,
    })
}

/// The order that a relation of the suite says an operation lists in.
fn stated_order(suite: &Suite, operation: &Operation) -> Option<(String, bool)> {
    let relations = &suite.cases.get(&operation.service)?.relations;
    relations.iter().find_map(|relation| match relation {
        Relation::Sorted {
            list,
            by,
            descending,
        } if list.operation == operation.id => Some((by.clone(), *descending)),
        _ => None,
    })
}

/// The pointers to fields of some names and a type that stand outside of lists.
fn outside(schema: &Schema, names: &[&str], kind: &str) -> Vec<String> {
    let mut found: Vec<(usize, String)> = schema
        .fields()
        .filter(|field| !field.path.has_item() && types_of(field.node).contains(&kind))
        .filter_map(|field| {
            let own = field.path.last_name()?;
            let rank = names.iter().position(|name| is_called(own, name))?;
            Some((rank, field.path.to_pointer()))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, pointer)| pointer).collect()
}
