//! Lists, as the paths and names of a contract show them: items and their identity, pages, totals,
//! windows, filters.

use std::collections::BTreeMap;

use serde_json::Value;

use super::identity::{collection, identity};
use super::message::{pointer, scalar_type, scalars};
use super::names::{
    AMOUNTS, ATTRIBUTES, COUNTS, IDS, LASTS, LIMITS, MARKERS, MORES, NEXTS, OFFSETS, ORDERED,
    PAGES, SIZES, STARTS, TIMES, TOTAL_HEADERS, TOTALS, WINDOWS, is_one_of, is_paging, tells_next,
};
use super::sorting::{Sorting, sorting};
use crate::contract::formats::DateTemplate;
use crate::contract::{
    Facet, Fact, FieldPath, Level, Listing, Location, Meaning, Operation, Parameter, Schema, Step,
    enum_values, is_called, types_of,
};

/// A list, as the contract shows it.
pub(crate) struct List<'o> {
    pub(crate) operation: &'o Operation,
    /// The body that has it.
    pub(super) answer: &'o Schema,
    /// The path of the array.
    pub(super) items: FieldPath,
    /// The names of the scalar fields of an item, and of those that its attributes are.
    fields: Vec<String>,
    /// The object of an item that holds its attributes.
    pub(super) attributes: Option<String>,
    /// The name of the identity, within an item; empty where only the whole item tells it.
    pub(crate) id: String,
    /// Whether that is an identity by its name alone.
    is_named_id: bool,
    limit: Option<String>,
    offset: Option<String>,
    page: Option<String>,
    marker: Option<String>,
    /// The pointer to the next page's marker.
    next: Option<String>,
    total: Option<String>,
    /// The header that has the total.
    total_header: Option<String>,
    /// The pointer to what is true where a page follows.
    more: Option<String>,
    /// The pointer to what is true on the last page.
    last: Option<String>,
}

/// The largest documented size of a page that a run makes more items than: beyond that the law of it
/// would cost more than it shows.
const LARGEST_DEFAULT: u64 = 25;

impl<'o> List<'o> {
    /// The list that an operation answers with, if it does. `below` is the parameter that stands
    /// alone below its path, where other operations have one: an item is read by it.
    pub(crate) fn of(operation: &'o Operation, below: Option<&str>) -> Option<Self> {
        if operation.method != "GET" {
            return None;
        }
        let answer = operation.answer()?;
        let fields = || answer.fields();
        let (items, known, (id, is_named_id)) = fields().find_map(|array| {
            let items = match array.path.steps().split_last() {
                Some((Step::Item, _)) => array.path.parent()?,
                _ => return None,
            };
            if items.has_item() || !answer.is_of_objects(array.node) {
                return None;
            }
            let known: Vec<String> = scalars(answer)
                .filter(|field| field.path.parent().as_ref() == Some(array.path))
                .filter_map(|field| field.path.last_name().map(str::to_owned))
                .collect();
            if known.is_empty() {
                return None;
            }
            let id = identity(operation, below, &items, &known);
            Some((items, known, id.unwrap_or_default()))
        })?;
        let (mut known, mut attributes) = (known, None);
        for name in ATTRIBUTES {
            let above = items.item().child(*name);
            let inner =
                scalars(answer).filter(|field| field.path.parent().as_ref() == Some(&above));
            let inner = inner.filter_map(|field| field.path.last_name().map(str::to_owned));
            let inner: Vec<String> = inner.filter(|name| !known.contains(name)).collect();
            if !inner.is_empty() {
                attributes = Some((*name).to_owned());
                known.extend(inner);
            }
        }
        let query = |names: &[&str]| {
            let called = |name: &&str| {
                let mut all = operation.parameters_in(Location::Query);
                let own = all.find(|own| is_one_of(&own.name, &[*name]) && !is_truth(own))?;
                Some(own.name.clone())
            };
            names.iter().find_map(called)
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
        let page = query(PAGES).or_else(|| query(OFFSETS).filter(|name| counts(operation, name)));
        let from_zero = || query(STARTS).filter(|name| begins_at_zero(operation, name));
        let offset = query(OFFSETS).or_else(from_zero).filter(|_| page.is_none());
        let is_sized = page.is_some() || offset.is_some();
        let limit = query(LIMITS).or_else(|| query(SIZES).filter(|_| is_sized));
        let marker = query(MARKERS).or_else(|| opaque(operation));
        let has_pages = limit.is_some()
            || offset.is_some()
            || page.is_some()
            || marker.is_some()
            || operation
                .parameters_in(Location::Query)
                .any(|parameter| is_paging(&parameter.name));
        let told = || {
            let mut known = fields().filter(|field| {
                let name = field.path.last_name().unwrap_or_default();
                !field.path.has_item()
                    && AMOUNTS.contains(&name)
                    && types_of(field.node).contains(&"integer")
                    && says(field.facts, Meaning::Total)
            });
            let only = known.next().filter(|_| known.next().is_none())?;
            Some(only.path.to_pointer())
        };
        let total = called(TOTALS, "integer").or_else(told).or_else(|| {
            // Beside the list alone: elsewhere it may count anything.
            let count = called(COUNTS, "integer").filter(|_| !has_pages)?;
            let beside = |pointer: &str| pointer.rsplit_once('/').map(|(head, _)| head.to_owned());
            (beside(&count) == beside(&items.to_pointer())).then_some(count)
        });
        let total_header = total_header(operation).filter(|_| total.is_none());
        // An example of the only page shows null there, and nothing of its type.
        let shown_null = || {
            let mut untyped = fields().filter(|field| {
                let name = field.path.last_name().unwrap_or_default();
                !field.path.has_item()
                    && name != "next"
                    && tells_next(name)
                    && matches!(types_of(field.node).as_slice(), [] | ["null"])
            });
            Some(untyped.next()?.path.to_pointer())
        };
        let next = called(NEXTS, "string").or_else(shown_null).or_else(|| {
            fields()
                .filter(|field| !field.path.has_item() && scalar_type(field.node) == Some("string"))
                .find(|field| says(field.facts, Meaning::LastPage))
                .map(|field| field.path.to_pointer())
        });
        let truth = |meaning: Meaning, names: &[&str]| {
            let truths = || {
                fields().filter(|field| {
                    let is_plain = !field.path.has_item() && !field.path.has_entry();
                    is_plain && types_of(field.node) == ["boolean"]
                })
            };
            let told = truths().find(|field| says(field.facts, meaning));
            let named = || {
                truths().find(|field| {
                    let own = field.path.last_name().unwrap_or_default();
                    names.iter().any(|name| is_called(own, name))
                })
            };
            let found = told.or_else(named)?;
            Some(found.path.to_pointer())
        };
        let more = truth(Meaning::More, MORES);
        let last = truth(Meaning::Last, LASTS);
        Some(Self {
            operation,
            answer,
            items,
            fields: known,
            attributes,
            id,
            is_named_id,
            limit,
            offset,
            page,
            marker,
            next,
            total,
            total_header,
            more,
            last,
        })
    }

    /// The list as a relation names it, with its total where that is wanted.
    pub(crate) fn listing(&self, with_total: bool) -> Listing {
        let by_marker = !self.is_counted() && self.marker.is_some();
        Listing {
            operation: self.operation.id.clone(),
            items: self.items.to_pointer(),
            id: if self.is_nameless() {
                String::new()
            } else {
                pointer(&self.id)
            },
            limit: self.limit.clone(),
            offset: self.offset.clone(),
            page: self.page.clone(),
            first_page: self.first_page(),
            marker: self.marker.clone().filter(|_| by_marker),
            next: self
                .next
                .clone()
                .filter(|next| by_marker || self.tells_end(next)),
            total: self.total.clone().filter(|_| with_total),
            total_header: self.total_header.clone().filter(|_| with_total),
            default: self.default(),
            more: self.more.clone(),
            last: self.last.clone(),
            links: self.links(),
            told: self.told(),
        }
    }

    /// Whether a page says what the field at a pointer is on the last page.
    fn tells_end(&self, pointer: &str) -> bool {
        let mut fields = self.answer.fields();
        let known = fields.find(|field| field.path.to_pointer() == pointer);
        known.is_some_and(|field| says(field.facts, Meaning::LastPage))
    }

    /// How many items a page has where nobody asks for a size, as the parameter of the size says.
    fn default(&self) -> Option<usize> {
        let parameter = self.query(self.limit.as_deref()?)?;
        let node = parameter.schema.follow(&parameter.schema.root);
        let default = node.get(Facet::Default.as_str())?.as_u64()?;
        let is_tried = (1..=LARGEST_DEFAULT).contains(&default);
        is_tried.then(|| usize::try_from(default).ok()).flatten()
    }

    /// The header of the answer that has links to other pages, where they are counted.
    fn links(&self) -> Option<String> {
        let successes = self.operation.successes();
        let mut headers = successes.flat_map(|response| &response.headers);
        let known = headers.find(|header| header.name.eq_ignore_ascii_case("link"))?;
        self.is_counted().then(|| known.name.clone())
    }

    /// The parameters that count items or pages to pass over and that the answer repeats beside its
    /// items, by a whole number of the same name (`current_page` for `page`).
    fn told(&self) -> BTreeMap<String, String> {
        let counting = self.offset.iter().chain(&self.page);
        counting
            .filter_map(|name| {
                let mut known = self.answer.fields().filter(|field| {
                    let own = field.path.last_name().unwrap_or_default();
                    let is_plain = !field.path.has_item() && !field.path.has_entry();
                    let is_it = is_called(own, name)
                        || self.page.as_ref() == Some(name)
                            && is_called(own, &format!("current_{name}"));
                    is_plain && is_it && types_of(field.node).contains(&"integer")
                });
                let only = known.next().filter(|_| known.next().is_none())?;
                Some((name.clone(), only.path.to_pointer()))
            })
            .collect()
    }

    /// How the order of the list is chosen: the parameter, its values with pointers to the fields
    /// that they name, and the parameter of the direction.
    pub(crate) fn sorting(&self) -> Option<Sorting> {
        let mut found = sorting(self.operation, &self.fields)?;
        for field in found.fields.values_mut() {
            *field = self.place_of(field);
        }
        Some(found)
    }

    /// The query parameters by whose text items are searched for, as their rows say.
    pub(crate) fn searches(&self) -> Vec<String> {
        let all = self.operation.parameters_in(Location::Query);
        all.filter(|own| says(own.schema.own_facts(), Meaning::Searched))
            .filter(|own| enum_values(own.schema.follow(&own.schema.root)).is_empty())
            .map(|own| own.name.clone())
            .collect()
    }

    /// The list of an operation among others.
    pub(crate) fn among(operations: &'o [Operation], operation: &'o Operation) -> Option<Self> {
        let path = operation.path.trim_end_matches('/');
        let below = operations.iter().filter_map(|other| {
            let rest = other.path.strip_prefix(path)?.trim_end_matches('/');
            let name = rest.strip_prefix("/{")?.strip_suffix('}')?;
            (!name.contains('/')).then_some(name)
        });
        Self::of(operation, below.last())
    }

    /// Whether pages are found by a number of items, or by their own.
    fn is_counted(&self) -> bool {
        self.offset.is_some() || self.page.is_some()
    }

    /// How pages are asked for, in words; none where they are not.
    pub(super) fn paging(&self) -> Option<String> {
        let id = &self.operation.id;
        let Some(limit) = &self.limit else {
            let (marker, _) = self.marker.as_ref().zip(self.next.as_ref())?;
            return Some(format!("`{id}` takes `{marker}`, which its answers tell"));
        };
        Some(
            match (self.offset.as_ref().or(self.page.as_ref()), &self.marker) {
                (Some(way), _) => format!("`{id}` takes `{limit}` and `{way}`"),
                (None, Some(marker)) => format!(
                    "`{id}` takes `{limit}` and `{marker}`: a page begins after the item, or by the answer's word, that its marker is"
                ),
                (None, None) => format!("`{id}` takes `{limit}`"),
            },
        )
    }

    /// Whether the contract leaves no doubt how the list is read by pages: a size, and a number of
    /// items to pass over, that of a page from 0 or 1 on, or a marker that the answer tells, in a word of
    /// its own or as the id of its last item.
    pub(super) fn is_surely_paged(&self) -> bool {
        // Whether a parameter takes these whole numbers, and counts items.
        let takes = |name: &Option<String>, numbers: &[u32]| {
            let parameter = self.query(name.as_deref()?)?;
            let node = parameter.schema.follow(&parameter.schema.root);
            let is_valid = |number: &u32| parameter.schema.is_valid(&Value::from(*number));
            Some(types_of(node) == ["integer"] && numbers.iter().all(is_valid))
        };
        let by_offset = || takes(&self.offset, &[0, 1, 2, 500]) == Some(true);
        // Which number the first page has the answers tell.
        let by_page = || takes(&self.page, &[1, 2, 500]) == Some(true);
        let by_marker = || {
            let is_told = self.next.is_some() || self.is_after_id();
            !self.is_counted() && self.marker.is_some() && is_told
        };
        let is_sized = takes(&self.limit, &[1, 2, 3]);
        (self.has_sure_identity() || self.is_nameless())
            && (is_sized == Some(true) && (by_offset() || by_page() || self.is_only_cut())
                || is_sized != Some(false) && by_marker())
    }

    /// Whether a list has a largest length and no way to what comes after.
    fn is_only_cut(&self) -> bool {
        let mut others = self.operation.parameters_in(Location::Query);
        !self.is_counted()
            && self.marker.is_none()
            && self.next.is_none()
            && !others.any(|own| Some(&own.name) != self.limit.as_ref() && is_paging(&own.name))
    }

    /// Whether a page begins after the item whose id is its marker: by the parameter's name, and
    /// because its page says that the value comes from a page before.
    fn is_after_id(&self) -> bool {
        self.marker.as_deref().is_some_and(|name| {
            let parameter = self.query(name);
            IDS.contains(&name)
                && parameter.is_some_and(|own| says(own.schema.own_facts(), Meaning::Opaque))
        })
    }

    /// The number of the first page as the contract says it: by the default, or by the least number
    /// that is valid. That no page is below zero is custom, and says of none that it is there.
    fn first_page(&self) -> Option<usize> {
        let parameter = self.query(self.page.as_deref()?)?;
        let node = parameter.schema.follow(&parameter.schema.root);
        let is_valid = |number: i64| parameter.schema.is_valid(&Value::from(number));
        let mut facts = parameter.schema.own_facts().iter();
        let mut is_stated =
            || !facts.any(|fact| fact.facet == Facet::Minimum && fact.level == Level::May);
        match node.get(Facet::Default.as_str()).and_then(Value::as_u64) {
            Some(0) => Some(0),
            Some(1) => Some(1),
            _ if !is_valid(0) => Some(1),
            _ if !is_valid(-1) && is_stated() => Some(0),
            _ => None,
        }
    }

    /// Whether no field tells items apart: then each is told by all that it has.
    pub(crate) fn is_nameless(&self) -> bool {
        self.id.is_empty()
    }

    /// Whether no two items may have one identity.
    pub(super) fn has_sure_identity(&self) -> bool {
        // Versions of one thing may well have its identity.
        let is_of_versions = collection(self.operation)
            .is_some_and(|name| ["versions", "revisions", "history"].contains(&name));
        self.is_named_id && !is_of_versions
    }

    /// Whether a row says of the items what their identity is, or the path is that of a collection:
    /// the list in an example of something else may be of anything.
    pub(super) fn is_of_its_own(&self) -> bool {
        let is_collection = !self.operation.path.ends_with('}');
        let id = self.items.item().child(&self.id);
        let mut facts = self.answer.field(&id).into_iter().flat_map(|own| own.facts);
        is_collection || facts.any(|fact| fact.facet == Facet::Type && fact.level == Level::Must)
    }

    /// The two ends of a time window, and the time of an item.
    pub(super) fn window(&self) -> Option<(&'static str, &'static str, String)> {
        let has = |name: &str| self.query(name).is_some();
        let (begin, end) = WINDOWS.iter().find(|(begin, end)| has(begin) && has(end))?;
        Some((begin, end, self.place_of(self.time()?)))
    }

    /// The scalar fields of an item, with their schemas.
    pub(super) fn scalar_fields(&self) -> Vec<(String, &'o Value)> {
        let node = |name: &String| {
            let field = self.answer.field(&self.path_of(name))?;
            Some((name.clone(), field.node))
        };
        self.fields.iter().filter_map(node).collect()
    }

    /// The time of an item: by its name, or because no other field is one.
    fn time(&self) -> Option<&str> {
        let named = TIMES.iter().find(|name| self.has(name)).copied();
        named.or_else(|| {
            let mut times = self.fields.iter().filter(|name| {
                let field = self.answer.field(&self.path_of(name));
                field.is_some_and(|field| is_time(field.node))
            });
            let only = times.next().filter(|_| times.next().is_none())?;
            Some(only.as_str())
        })
    }

    /// The path parameter that an item repeats: the nearest to the list.
    pub(super) fn owner(&self) -> Option<&'o str> {
        self.operation
            .parameters_in(Location::Path)
            .filter(|parameter| self.has(&parameter.name))
            .max_by_key(|parameter| self.operation.path.find(&format!("{{{}}}", parameter.name)))
            .map(|parameter| parameter.name.as_str())
    }

    /// The field that a page says the list is in the order of, as a pointer within an item, and
    /// whether the greatest comes first.
    pub(crate) fn sorted(&self) -> Option<(String, bool)> {
        let tells = |path: &FieldPath, meaning: Meaning| {
            let field = self.answer.field(path);
            field.is_some_and(|field| says(field.facts, meaning))
        };
        // Two orders of one list are none.
        let mut orders = Vec::new();
        for (meaning, descending) in [(Meaning::NewestFirst, true), (Meaning::OldestFirst, false)] {
            if tells(&self.items, meaning)
                && let Some(time) = self.time()
            {
                orders.push((self.place_of(time), descending));
            }
        }
        for name in &self.fields {
            let path = self.path_of(name);
            for (meaning, descending) in [(Meaning::Descending, true), (Meaning::Ascending, false)]
            {
                if tells(&path, meaning) {
                    orders.push((self.place_of(name), descending));
                }
            }
        }
        match orders.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }

    /// Two times of an item that are in order.
    pub(super) fn ordered(&self) -> Option<(String, String)> {
        ORDERED
            .iter()
            .find(|(first, second)| self.has(first) && self.has(second))
            .map(|(first, second)| (self.place_of(first), self.place_of(second)))
    }

    /// The path of a scalar field of an item.
    fn path_of(&self, name: &str) -> FieldPath {
        let item = self.items.item();
        let own = item.child(name);
        match &self.attributes {
            Some(attributes) if self.answer.field(&own).is_none() => {
                item.child(attributes).child(name)
            }
            _ => own,
        }
    }

    /// The pointer to a scalar field of an item, within the item.
    pub(super) fn place_of(&self, name: &str) -> String {
        self.within(&self.path_of(name))
    }

    /// The pointer to a field of an item, within the item.
    pub(super) fn within(&self, path: &FieldPath) -> String {
        let above = self.items.item().steps().len();
        let mut own = FieldPath::root();
        for step in path.steps().iter().skip(above) {
            own.push(step.clone());
        }
        own.to_pointer()
    }

    /// Whether an item has a scalar field of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field == name)
    }

    fn query(&self, name: &str) -> Option<&'o Parameter> {
        self.operation.parameter(Location::Query, name)
    }
}

/// Whether a text is a day or a moment by its format.
fn is_time(node: &Value) -> bool {
    let format = node.get(Facet::Format.as_str()).and_then(Value::as_str);
    format.is_some_and(|format| {
        matches!(format, "date" | "date-time") || DateTemplate::parse(format).is_some()
    })
}

/// The header of a success that has the total of a list.
fn total_header(operation: &Operation) -> Option<String> {
    let successes = operation.successes();
    let mut headers = successes.flat_map(|response| &response.headers);
    let is_total = |name: &str| {
        TOTAL_HEADERS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let known = headers.find(|header| is_total(&header.name))?;
    Some(known.name.clone())
}

/// The one query parameter whose values come from answers.
fn opaque(operation: &Operation) -> Option<String> {
    let mut known = operation
        .parameters_in(Location::Query)
        .filter(|parameter| says(parameter.schema.own_facts(), Meaning::Opaque));
    let only = known.next().filter(|_| known.next().is_none())?;
    Some(only.name.clone())
}

/// Whether a page says that a query parameter numbers pages.
fn counts(operation: &Operation, name: &str) -> bool {
    operation
        .parameter(Location::Query, name)
        .is_some_and(|parameter| says(parameter.schema.own_facts(), Meaning::PageNumber))
}

/// Whether a query parameter is a whole number from zero.
fn begins_at_zero(operation: &Operation, name: &str) -> bool {
    let parameter = operation.parameter(Location::Query, name);
    parameter.is_some_and(|parameter| {
        let node = parameter.schema.follow(&parameter.schema.root);
        let is_zero = |word: Facet| node.get(word.as_str()).and_then(Value::as_i64) == Some(0);
        types_of(node).contains(&"integer") && (is_zero(Facet::Minimum) || is_zero(Facet::Default))
    })
}

/// Whether a fact of a field says something beyond its schema.
pub(super) fn says(facts: &[Fact], meaning: Meaning) -> bool {
    let facet = Facet::Meaning(meaning);
    facts.iter().any(|fact| fact.facet == facet)
}

/// Whether a parameter takes truth values alone: `$count` asks for a total, and is no count.
fn is_truth(parameter: &Parameter) -> bool {
    types_of(parameter.schema.follow(&parameter.schema.root)) == ["boolean"]
}
