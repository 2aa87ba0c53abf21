//! Lists of operations whose state nobody keeps: the same items on every call, cut to those that fit
//! the filters of the request, and to the page that it asks for.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::{
    Facet, FieldPath, Listing, Location, Operation, RangeEnd, Relation, ResourceExpectation,
    Schema, enum_values, types_of, unescape_token,
};
use crate::generate::sample;
use crate::recognise::{Laws, Sorting};

use super::answer::Answer;
use super::call::Call;
use super::reply::{Body, Reply};
use super::resource::{Ids, is_asked_for, text_of};
use super::sorting;

/// How many items such a list has: enough for three pages, and for one in the middle.
const ITEMS: usize = 7;

/// How many items a page has whose size nobody can choose.
const PAGE: usize = 3;

/// How many values a field has that the list is filtered by.
const VALUES: usize = 3;

/// The list of one operation.
#[derive(Debug)]
pub(super) struct Pages {
    pub(super) listing: Listing,
    /// The filters: query parameter -> pointer to the field, within an item.
    pub(super) by: BTreeMap<String, String>,
    /// The ends of ranges, by their query parameters.
    pub(super) ranges: BTreeMap<String, RangeEnd>,
    /// The query parameters that search for a text.
    searches: Vec<String>,
    /// How a request chooses the order.
    pub(super) sorting: Option<Sorting>,
    /// What is another value in each item: pointers and values, for each item in order.
    items: Vec<Vec<(String, Value)>>,
}

/// What laws of the suite look at of the list of an operation.
#[derive(Default)]
struct Seen {
    listing: Option<Listing>,
    filters: BTreeMap<String, String>,
    ranges: BTreeMap<String, RangeEnd>,
    searches: Vec<String>,
    sorting: Option<Sorting>,
}

/// The list of an operation that laws of the suite look at, and its filters.
fn looked_at(laws: &Laws, operation: &Operation) -> Seen {
    let mut seen = Seen::default();
    let Seen {
        listing,
        filters,
        ranges,
        searches,
        sorting,
    } = &mut seen;
    for relation in laws.of(operation) {
        match relation {
            Relation::Pagination { list } => *listing = Some(list.clone()),
            Relation::Filter { list, by } | Relation::Several { list, by } => {
                listing.get_or_insert_with(|| list.clone());
                filters.extend(by.clone());
            }
            Relation::Range { list, by } => {
                listing.get_or_insert_with(|| list.clone());
                ranges.clone_from(by);
            }
            Relation::Search { list, by } => {
                listing.get_or_insert_with(|| list.clone());
                searches.clone_from(by);
            }
            Relation::Omitted { list, .. } => {
                listing.get_or_insert_with(|| list.clone());
            }
            Relation::SortBy {
                list,
                by,
                fields,
                direction,
            } => {
                listing.get_or_insert_with(|| list.clone());
                *sorting = Some(Sorting {
                    by: by.clone(),
                    fields: fields.clone(),
                    direction: direction.clone(),
                });
            }
            Relation::TimeWindow { .. }
            | Relation::Sorted { .. }
            | Relation::Repeated { .. }
            | Relation::Items { .. }
            | Relation::CreatedAppears { .. }
            | Relation::Echo { .. }
            | Relation::EntityTag { .. } => {}
        }
    }
    seen
}

/// The parameters that a law of the suite says to be taken for their defaults where they are left out.
pub(super) fn omitted(laws: &Laws, operation: &Operation) -> Vec<(String, Value)> {
    let own = laws.of(operation).iter().filter_map(|law| match law {
        Relation::Omitted { by, .. } => Some(by.keys()),
        _ => None,
    });
    own.flatten()
        .filter_map(|name| {
            let known = operation.parameter(Location::Query, name)?;
            let node = known.schema.follow(&known.schema.root);
            let default = node.get(Facet::Default.as_str())?;
            Some((name.clone(), default.clone()))
        })
        .collect()
}

impl Pages {
    /// The list of an operation; `None` where no law looks at it, or its items cannot be told apart
    /// within the contract.
    pub(super) fn new(laws: &Laws, operation: &Operation, answer: &Answer) -> Option<Self> {
        let seen = looked_at(laws, operation);
        let by = seen.filters;
        let mut pages = Self {
            listing: seen.listing?,
            by: BTreeMap::new(),
            ranges: BTreeMap::new(),
            searches: seen.searches,
            sorting: seen.sorting,
            items: Vec::new(),
        };
        let template = answer.template.as_ref()?;
        let schema = answer.schema.as_ref()?;
        let item = below(&FieldPath::root(), &pages.listing.items).item();
        let node = schema.field(&below(&item, &pages.listing.id))?.node;
        let made = Ids::default();
        for variety in 0..8 * ITEMS {
            let candidates = [
                Value::from(made.uuid()),
                sample(schema, node, variety),
                Value::from(variety),
            ];
            let id = candidates.into_iter().find(|id| {
                let one = vec![(pages.listing.id.clone(), id.clone())];
                !pages.items.contains(&one) && pages.is_allowed(template, answer, &[&one])
            });
            pages
                .items
                .extend(id.map(|id| vec![(pages.listing.id.clone(), id)]));
            if pages.items.len() == ITEMS {
                break;
            }
        }
        let ranged = seen.ranges.iter();
        let ranged = ranged.map(|(name, end)| (name.clone(), end.field.clone()));
        for (parameter, pointer) in by.into_iter().chain(ranged) {
            let is_told = pages.items.iter().flatten().any(|(own, _)| *own == pointer);
            if is_told && let Some(end) = seen.ranges.get(&parameter) {
                pages.ranges.insert(parameter, end.clone());
                continue;
            }
            if pointer == pages.listing.id && !seen.ranges.contains_key(&parameter) {
                // Items differ in it as they are.
                pages.by.insert(parameter, pointer);
                continue;
            }
            let field = schema.field(&below(&item, &pointer));
            let values = field.map(|field| values(operation, &parameter, schema, field.node));
            let mut values = values.unwrap_or_default();
            values.retain(|value| {
                let one = vec![(pointer.clone(), value.clone())];
                pages.is_allowed(template, answer, &[&one])
            });
            if values.len() < 2 || pointer == pages.listing.id {
                continue;
            }
            for (own, value) in pages.items.iter_mut().zip(values.into_iter().cycle()) {
                own.push((pointer.clone(), value));
            }
            match seen.ranges.get(&parameter) {
                Some(end) => pages.ranges.insert(parameter, end.clone()).is_some(),
                None => pages.by.insert(parameter, pointer).is_some(),
            };
        }
        let all: Vec<&Vec<(String, Value)>> = pages.items.iter().collect();
        let is_whole = all.len() == ITEMS && pages.is_allowed(template, answer, &all);
        is_whole.then_some(pages)
    }

    fn is_allowed(
        &self,
        template: &Value,
        answer: &Answer,
        items: &[&Vec<(String, Value)>],
    ) -> bool {
        let mut body = template.clone();
        self.put(&mut body, items, ITEMS).is_some() && answer.allows(&body)
    }

    /// Cuts an answer to what was asked for.
    pub(super) fn turn(&self, call: &Call<'_>, answer: &Answer, reply: &mut Reply) {
        let Body::Json(body) = &mut reply.body else {
            return;
        };
        if call.expectation == ResourceExpectation::Empty {
            return;
        }
        let asked = |name: &Option<String>| {
            let value = call.parameter(Location::Query, name.as_deref()?)?;
            Some(text_of(value)).filter(|text| !text.is_empty())
        };
        let first = body.pointer(&self.listing.items).and_then(|all| all.get(0));
        let first = first.cloned().unwrap_or_default();
        let mut fitting: Vec<&Vec<(String, Value)>> = self
            .items
            .iter()
            .filter(|item| self.fits(call, item) && self.is_found(call, &first, item))
            .collect();
        let order = self.sorting.as_ref();
        if let Some((pointer, descends)) = order.and_then(|order| sorting::asked(order, call)) {
            let value = |item: &[(String, Value)]| {
                let own = item.iter().find(|(known, _)| known == pointer);
                own.map(|(_, value)| value.clone())
            };
            fitting.sort_by(|one, other| {
                sorting::order(value(one).as_ref(), value(other).as_ref(), descends)
            });
        }
        let count = |name| asked(name).and_then(|text| text.parse::<usize>().ok());
        // A page by its number begins after the pages before it.
        let of_pages = || {
            let first = self.listing.first_page.unwrap_or(1);
            let before = count(&self.listing.page)?.saturating_sub(first);
            let size = count(&self.listing.limit).or(self.listing.default);
            Some(before.saturating_mul(size.unwrap_or(PAGE)))
        };
        let passed = count(&self.listing.offset).or_else(of_pages);
        let start = match (asked(&self.listing.marker), passed) {
            (Some(marker), _) => fitting
                .iter()
                .position(|item| self.id_of(item).as_deref() == Some(marker.as_str()))
                .map_or(fitting.len(), |at| at + 1),
            (None, offset) => offset.unwrap_or(0).min(fitting.len()),
        };
        let own = match (&self.listing.limit, &self.listing.marker) {
            (None, Some(_)) => PAGE,
            _ => self.listing.default.unwrap_or(fitting.len()),
        };
        let size = count(&self.listing.limit).unwrap_or(own);
        let end = start.saturating_add(size).min(fitting.len());
        let page = fitting.get(start..end).unwrap_or_default();
        let mut turned = body.clone();
        for (parameter, pointer) in &self.listing.told {
            // A page that nobody asked for is the first.
            let is_page = self.listing.page.as_ref() == Some(parameter);
            let first = self.listing.first_page.filter(|_| is_page);
            let least = first.unwrap_or(usize::from(is_page));
            let asked = call.parameter(Location::Query, parameter).map(text_of);
            let told = asked.and_then(|text| text.parse().ok()).unwrap_or(least);
            if let Some(slot) = turned.pointer_mut(pointer) {
                *slot = Value::from(told);
            }
        }
        let is_more = end < fitting.len();
        for (pointer, truth) in [
            (&self.listing.more, is_more),
            (&self.listing.last, !is_more),
        ] {
            let slot = pointer.as_ref().and_then(|own| turned.pointer_mut(own));
            if let Some(slot) = slot {
                *slot = Value::from(truth);
            }
        }
        if self.put(&mut turned, page, fitting.len()).is_none() {
            return;
        }
        if let Some(name) = &self.listing.total_header {
            reply
                .headers
                .push((name.clone().into(), fitting.len().to_string()));
        }
        let next = page
            .last()
            .filter(|_| end < fitting.len())
            .and_then(|item| self.id_of(item))
            .map(Value::from);
        for next in [next.unwrap_or(Value::Null), Value::from("")] {
            let mut whole = turned.clone();
            if let Some(slot) = self
                .listing
                .next
                .as_ref()
                .and_then(|pointer| whole.pointer_mut(pointer))
            {
                *slot = next;
            }
            if answer.allows(&whole) {
                *body = whole;
                return;
            }
        }
    }

    /// Whether the texts that are searched for stand in an item: in what is its own, or in what all
    /// have.
    fn is_found(&self, call: &Call<'_>, first: &Value, item: &[(String, Value)]) -> bool {
        let mut whole = first.clone();
        for (pointer, value) in item {
            if let Some(slot) = whole.pointer_mut(pointer) {
                *slot = value.clone();
            }
        }
        sorting::is_found(&self.searches, call, &whole)
    }

    /// Whether an item has the values of every filter that is sent, and is within every range.
    fn fits(&self, call: &Call<'_>, item: &[(String, Value)]) -> bool {
        let own = |pointer: &String| {
            let known = item.iter().find(|(known, _)| known == pointer);
            known.map(|(_, value)| value)
        };
        let is_within = |(parameter, end): (&String, &RangeEnd)| {
            sorting::is_within(call, parameter, end, own(&end.field))
        };
        self.ranges.iter().all(is_within)
            && self.by.iter().all(|(parameter, pointer)| {
                let Some(asked) = call.parameter(Location::Query, parameter) else {
                    return true;
                };
                let Some((_, own)) = item.iter().find(|(known, _)| known == pointer) else {
                    return true;
                };
                match asked {
                    Value::Array(several) => several.iter().any(|one| text_of(own) == text_of(one)),
                    one => is_asked_for(own, one),
                }
            })
    }

    fn id_of(&self, item: &[(String, Value)]) -> Option<String> {
        let id = item.iter().find(|(known, _)| *known == self.listing.id);
        id.map(|(_, id)| text_of(id))
    }

    /// Puts items into a body, copies of its first with their own values, and how many fit.
    fn put(&self, body: &mut Value, items: &[&Vec<(String, Value)>], total: usize) -> Option<()> {
        let list = body.pointer_mut(&self.listing.items)?.as_array_mut()?;
        let first = list.first()?.clone();
        list.clear();
        for own in items {
            let mut item = first.clone();
            for (pointer, value) in *own {
                *item.pointer_mut(pointer)? = value.clone();
            }
            list.push(item);
        }
        if let Some(pointer) = &self.listing.total
            && let Some(slot) = body.pointer_mut(pointer)
        {
            *slot = Value::from(total);
        }
        Some(())
    }
}

/// Values that a field of an item can have and that a parameter can ask for.
fn values(operation: &Operation, parameter: &str, schema: &Schema, node: &Value) -> Vec<Value> {
    let Some(asked) = operation.parameter(Location::Query, parameter) else {
        return Vec::new();
    };
    let asked = &asked.schema;
    let told = schema.follow(node);
    // Of what takes several values, one is what an item has.
    let root = asked.follow(&asked.root);
    let items = root.get("items").map(|items| asked.follow(items));
    let one = items.unwrap_or(root);
    let is_valid = |value: &Value| match items {
        Some(_) => asked.is_valid(&Value::from(vec![value.clone()])),
        None => asked.is_valid(value),
    };
    let mut candidates = enum_values(told);
    candidates.extend(enum_values(one));
    if types_of(told).contains(&"boolean") {
        candidates.extend([Value::from(true), Value::from(false)]);
    }
    if candidates.is_empty() {
        for variety in 1..4 * VALUES {
            candidates.push(sample(schema, told, variety));
            candidates.push(sample(asked, one, variety));
        }
    }
    let mut values: Vec<Value> = Vec::new();
    for value in candidates {
        let is_new = !value.is_null() && !values.contains(&value);
        if values.len() < VALUES && is_new && is_valid(&value) {
            values.push(value);
        }
    }
    values
}

/// The path of what a pointer leads to from a field; its tokens are names.
fn below(field: &FieldPath, pointer: &str) -> FieldPath {
    pointer
        .split('/')
        .skip(1)
        .fold(field.clone(), |path, token| {
            path.child(unescape_token(token))
        })
}
