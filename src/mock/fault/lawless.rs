//! Faults of lists and echoes that no backend keeps: what the laws of the suite look at is paged,
//! filtered or told in another way.

use crate::contract::{
    DocumentedRule, Facet, Field, FieldPath, Listing, Location, Meaning, Relation, Schema,
    enum_values, types_of, unescape_token,
};
use crate::generate::{is_in_words, is_opaque, limit, sample};

use super::super::answer::Answer;
use super::super::backend;
use super::super::pages::Pages;
use super::super::resource::Ids;
use super::behaviour::Law;
use super::{Effect, Maker, Misreport, Rewrite};

/// The first whole number that a double cannot hold.
const BEYOND_DOUBLE: i64 = 9_007_199_254_740_993;

/// How many values of a field are looked at until one is not the default.
const VARIETIES: usize = 4;

impl Maker<'_> {
    /// Adds the faults of what nobody keeps.
    pub(super) fn lawless(&mut self) {
        if backend::keeps_state(self.operation) {
            return;
        }
        let relations = self.laws.of(self.operation);
        let answer = Answer::new(self.operation, &Ids::default());
        let pages = Pages::new(self.laws, self.operation, &answer);
        for relation in relations {
            match relation {
                Relation::Pagination { list } => match &pages {
                    Some(_) => self.paged(list),
                    None => self.no_items(Law::Pagination),
                },
                Relation::Filter { list, by } => match &pages {
                    Some(pages) => {
                        for parameter in by.keys() {
                            self.filtered(list, parameter, pages.by.contains_key(parameter));
                        }
                    }
                    None => self.no_items(Law::Filter),
                },
                Relation::Several { by, .. } => match &pages {
                    Some(pages) => {
                        for parameter in by.keys() {
                            self.several(parameter, pages.by.contains_key(parameter));
                        }
                    }
                    None => self.no_items(Law::Several),
                },
                Relation::Range { by, .. } => {
                    for parameter in by.keys() {
                        let is_told = |pages: &Pages| pages.ranges.contains_key(parameter);
                        if pages.as_ref().is_some_and(is_told) && !self.is_stored() {
                            self.ignores(Law::Range, parameter);
                        } else {
                            let reason = "the mock keeps no items that surely differ in the field";
                            self.skip_law(Law::Range, &format!("{parameter}-ignored"), reason);
                        }
                    }
                }
                Relation::Search { by, .. } => {
                    for parameter in by {
                        self.ignores(Law::Search, parameter);
                    }
                }
                Relation::SortBy { by, fields, .. } => {
                    let is_told = |pages: &Pages| {
                        pages
                            .by
                            .values()
                            .any(|own| fields.values().any(|field| field == own))
                    };
                    if pages.as_ref().is_some_and(is_told) && !self.is_stored() {
                        self.ignores(Law::SortBy, by);
                    } else {
                        let reason = "the mock keeps no items that surely differ in the order";
                        self.skip_law(Law::SortBy, &format!("{by}-ignored"), reason);
                    }
                }
                Relation::Omitted { by, .. } => {
                    for (parameter, default) in by {
                        self.left_out(parameter, default, pages.as_ref());
                    }
                }
                Relation::Repeated { key, .. } => self.ignores(Law::Repeated, key),
                Relation::Echo { same, created, .. } => {
                    for (field, pointer) in same {
                        self.told(field, pointer);
                    }
                    if let Some(created) = created {
                        self.grown(created);
                    }
                }
                Relation::EntityTag {
                    if_none_match,
                    if_match,
                    ..
                } => {
                    for header in if_none_match.iter().chain(if_match) {
                        self.ignores(Law::EntityTag, header);
                    }
                }
                Relation::TimeWindow { .. }
                | Relation::Sorted { .. }
                | Relation::Items { .. }
                | Relation::CreatedAppears { .. } => {}
            }
        }
    }

    /// Whether the operation lists what creates have made.
    fn is_stored(&self) -> bool {
        let mut resources = self.suite.resources.iter();
        resources.any(|resource| {
            let list = resource.list.as_ref().map(|list| list.operation);
            let list = list.and_then(|list| self.suite.operations.get(list));
            list.is_some_and(|list| std::ptr::eq(list, self.operation))
        })
    }

    fn no_items(&mut self, law: Law) {
        let reason = "the mock cannot make items that are told apart within the contract";
        self.skip_law(law, "items", reason);
    }

    /// Pages.
    fn paged(&mut self, list: &Listing) {
        if let Some(limit) = &list.limit {
            self.counts(limit);
            self.ignores(Law::Pagination, limit);
        }
        if let Some(way) = list.offset.as_ref().or(list.page.as_ref()) {
            self.counts(way);
            self.ignores(Law::Pagination, way);
        } else if let Some(marker) = &list.marker {
            self.ignores(Law::Pagination, marker);
            let what = format!("a page begins with the item that {marker} names, once more");
            let list = Box::new(list.clone());
            let again = Effect::Misreport(Misreport::Again { list: list.clone() });
            self.breaks(Law::Pagination, "marker-included", what, again);
            if list.limit.is_some() {
                let what = format!("a page leaves out the item after {marker}");
                let skips = Effect::Misreport(Misreport::Skips { list: list.clone() });
                self.breaks(Law::Pagination, "item-skipped", what, skips);
            } else {
                let reason = "pages of one size alone show no item that is left out between them";
                self.skip_law(Law::Pagination, "item-skipped", reason);
            }
        }
        let is_stated =
            |fact: &DocumentedRule| fact.rule.facet == Facet::Meaning(Meaning::LastPage);
        let is_paged = list.is_counted() || list.marker.is_some();
        if is_paged && list.next.is_some() && self.operation.facts().iter().any(is_stated) {
            let what = "the pages never end".to_owned();
            let list = Box::new(list.clone());
            let endless = Effect::Misreport(Misreport::Endless { list });
            self.breaks(Law::Pagination, "endless", what, endless);
        }
        for pointer in list.more.iter().chain(&list.last) {
            let field = path_of(pointer);
            let what = format!("says by {field} the contrary of whether a page follows");
            let flips = Effect::Misreport(Misreport::Flips { field });
            self.breaks(Law::Pagination, "contrary-of-end", what, flips);
        }
        if let Some(total) = &list.total {
            let of_page = Effect::Misreport(Misreport::PageTotal {
                total: path_of(total),
                items: path_of(&list.items),
            });
            let what = "the total counts the page".to_owned();
            self.breaks(Law::Pagination, "total-of-page", what, of_page);
        }
    }

    /// A filter. `is_told`: whether the mock's items differ in the field.
    fn filtered(&mut self, list: &Listing, parameter: &str, is_told: bool) {
        if !is_told {
            let reason = "the mock has no two values of the field that can be asked for";
            self.skip_law(Law::Filter, &format!("{parameter}-ignored"), reason);
            return;
        }
        let name = parameter.to_owned();
        let what = format!("{parameter} filters nothing");
        let ignored = Effect::Rewrite(Rewrite::Ignored { name: name.clone() });
        self.breaks(Law::Filter, &format!("{parameter}-ignored"), what, ignored);
        let what = format!("the list that is filtered by {parameter} leaves out an item");
        let items = list.items.clone();
        let one = Effect::Misreport(Misreport::LeavesOut { name, items });
        self.breaks(Law::Filter, &format!("{parameter}-leaves-out"), what, one);
    }

    /// A parameter with several values. `is_told`: whether the mock's items differ in the field.
    fn several(&mut self, parameter: &str, is_told: bool) {
        for (word, is_last) in [("last", true), ("first", false)] {
            let way = format!("{parameter}-{word}-alone");
            if !is_told {
                let reason = "the mock has no two values of the field that can be asked for";
                self.skip_law(Law::Several, &way, reason);
                continue;
            }
            let what = format!("of several values of {parameter} the {word} alone counts");
            let name = parameter.to_owned();
            let alone = Effect::Rewrite(Rewrite::OneAlone { name, is_last });
            self.breaks(Law::Several, &way, what, alone);
        }
    }

    /// A parameter that is left out is another value than its default, where the mock's list is
    /// another by that.
    fn left_out(&mut self, parameter: &str, default: &str, pages: Option<&Pages>) {
        let way = format!("{parameter}-not-defaulted");
        let is_told = pages.is_some_and(|pages| {
            let sorting = pages.sorting.as_ref();
            pages.by.contains_key(parameter) || sorting.is_some_and(|own| own.by == parameter)
        });
        let known = self.operation.parameter(Location::Query, parameter);
        let node = known.map(|known| known.schema.follow(&known.schema.root));
        let mut values = node.map(enum_values).unwrap_or_default().into_iter();
        let other = values.find(|value| value.as_str().is_some_and(|text| text != default));
        if let Some(value) = other.filter(|_| is_told && !self.is_stored()) {
            let what = format!("{parameter} is {value} where it is left out");
            let name = parameter.to_owned();
            let effect = Effect::Rewrite(Rewrite::Omitted { name, value });
            self.breaks(Law::Omitted, &way, what, effect);
        } else {
            let reason = "the mock's list is the same by another value of it";
            self.skip_law(Law::Omitted, &way, reason);
        }
    }

    /// The number of what is made, where its page says that it grows from one to the next.
    fn grown(&mut self, created: &str) {
        let field = path_of(created);
        let answer = self.operation.answer();
        let own = answer.and_then(|schema| schema.field(&field));
        let grows = Facet::Meaning(Meaning::Grows);
        if own.is_some_and(|own| own.facts.iter().any(|fact| fact.facet == grows)) {
            let what = format!("gives each thing a lower {field} than the one before");
            let falls = Effect::Misreport(Misreport::Falls { field });
            self.breaks(Law::Echo, "falls", what, falls);
        }
    }

    /// A field that an answer repeats.
    fn told(&mut self, field: &str, pointer: &str) {
        let operation = self.operation;
        let Some(body) = &operation.request_body else {
            return;
        };
        let path = FieldPath::from(field);
        let answer = operation
            .successes()
            .find_map(|response| response.schema.as_ref());
        let told = answer.and_then(|schema| schema.field(&path_of(pointer)));
        let (Some(asked), Some(told)) = (body.schema.field(&path), told) else {
            return;
        };
        // A value that only a page shows is tried where the documented request has it.
        if is_in_words(asked.facts) {
            return;
        }
        self.defaulted(&body.schema, &asked);
        let types = types_of(asked.node);
        let way = |way: &str| format!("{field}-{way}");
        let field = told.path.clone();
        let is_listed = !enum_values(asked.node).is_empty();
        if types.contains(&"boolean") {
            let what = format!("tells the opposite of {path}");
            let effect = Effect::Misreport(Misreport::Flips { field });
            self.breaks(Law::Echo, &way("flipped"), what, effect);
        } else if types.contains(&"integer") && is_wide(&asked) && allows_wide(&told) && !is_listed
        {
            let what = format!("rounds {path} as a double does");
            let effect = Effect::Misreport(Misreport::Rounds { field });
            self.breaks(Law::Echo, &way("rounded"), what, effect);
        } else if types.contains(&"string") && !is_listed {
            let what = format!("tells another {path} than it was given");
            let echo = Effect::Misreport(Misreport::Echo { field });
            self.breaks(Law::Echo, &way("changed"), what, echo);
        }
    }
}

impl Maker<'_> {
    /// A field that is something else than its default where it is left out.
    fn defaulted(&mut self, schema: &Schema, asked: &Field<'_>) {
        let name = asked
            .path
            .top()
            .filter(|_| asked.path.steps().len() == 1 && !asked.required);
        let (Some(default), Some(name)) = (asked.node.get(Facet::Default.as_str()), name) else {
            return;
        };
        if self.operation.method != "POST" || default.is_null() || is_opaque(asked.facts) {
            return;
        }
        let values = enum_values(asked.node)
            .into_iter()
            .chain((0..VARIETIES).map(|variety| sample(schema, asked.node, variety)));
        let other = values.into_iter().find(|value| {
            value != default
                && !value.is_null()
                && schema
                    .part(asked.node)
                    .is_none_or(|part| part.is_valid(value))
        });
        let Some(value) = other else {
            return;
        };
        let what = format!("{name} is {value} where it is left out");
        let effect = Effect::Rewrite(Rewrite::Default {
            field: name.to_owned(),
            value,
        });
        self.breaks(Law::Echo, &format!("{name}-not-defaulted"), what, effect);
    }
}

/// Whether a field is documented to hold whole numbers that a double cannot.
fn is_wide(field: &Field<'_>) -> bool {
    let format = field.node.get(Facet::Format.as_str());
    let has_format = |word: &str| format.is_some_and(|format| format == word);
    let is_bounded = limit(field.node, Facet::Maximum).is_some();
    !has_format("int32") && (is_bounded || has_format("int64")) && allows_wide(field)
}

/// Whether the bounds of a field leave room for such a number.
fn allows_wide(field: &Field<'_>) -> bool {
    let bound = |facet| limit(field.node, facet);
    bound(Facet::Maximum).is_none_or(|most| most >= BEYOND_DOUBLE)
        && bound(Facet::Minimum).is_none_or(|least| least <= BEYOND_DOUBLE)
}

/// The field that a pointer leads to; its tokens are names.
fn path_of(pointer: &str) -> FieldPath {
    pointer
        .split('/')
        .skip(1)
        .fold(FieldPath::root(), |path, token| {
            path.child(unescape_token(token))
        })
}
