//! Metamorphic relations: laws between the answers of several requests, declared by kind over JSON
//! pointers in `cases/`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// How an operation lists things.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// The operation that lists.
    pub operation: String,
    /// The pointer to the array of items.
    pub items: String,
    /// The pointer to an item's identity, within the item.
    pub id: String,
    /// The query parameter that says how many items a page has.
    pub limit: Option<String>,
    /// The query parameter that says how many items are passed over.
    pub offset: Option<String>,
    /// The query parameter that says which page is wanted.
    pub page: Option<String>,
    /// The number of the first page; none where no source says it, and the answers have to.
    #[serde(default = "one")]
    pub first_page: Option<usize>,
    /// The query parameter that says after which item a page begins.
    pub marker: Option<String>,
    /// The pointer to the marker of the next page, in an answer; without it that is the last item's
    /// identity.
    pub next: Option<String>,
    /// The pointer to the total.
    pub total: Option<String>,
    /// The header that has the total, where the answer is nothing but the items.
    pub total_header: Option<String>,
    /// How many items a page has where nobody asks for a size.
    pub default: Option<usize>,
    /// The pointer to what is true where a page follows.
    pub more: Option<String>,
    /// The pointer to what is true on the last page.
    pub last: Option<String>,
    /// The header that has links to other pages (RFC 8288).
    pub links: Option<String>,
    /// The query parameters by which pages are counted that an answer repeats, and the pointers to
    /// them.
    #[serde(default)]
    pub told: BTreeMap<String, String>,
}

/// Whoever writes a relation by hand numbers pages from 1, unless it says otherwise.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the default of a field is of its type"
)]
fn one() -> Option<usize> {
    Some(1)
}

impl Listing {
    /// Whether pages are found by a number of items, or by their own.
    pub fn is_counted(&self) -> bool {
        self.offset.is_some() || self.page.is_some()
    }

    /// Whether an answer has the total of the list.
    pub fn has_total(&self) -> bool {
        self.total.is_some() || self.total_header.is_some()
    }

    /// The name of what has the total.
    pub fn total_name(&self) -> Option<&str> {
        let field = self.total.as_deref();
        field
            .and_then(|pointer| pointer.rsplit('/').next())
            .or(self.total_header.as_deref())
    }
}

/// A relation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Relation {
    /// Pages of a list: the limit is honoured, the offset shifts, a page begins after its marker,
    /// pages neither overlap nor skip, the total does not depend on the page, the order holds
    /// between calls.
    Pagination {
        /// The list.
        list: Listing,
    },
    /// A time window over a list: both bounds are honoured and inclusive, windows partition the
    /// list, and begin after end is refused.
    TimeWindow {
        /// The list.
        list: Listing,
        /// The query parameter of the begin.
        begin: String,
        /// The query parameter of the end.
        end: String,
        /// The pointer to an item's time (RFC 3339), within the item.
        time: String,
    },
    /// Query parameters that cut a list down to the items whose field has the value: every item
    /// fits, and none that fits is missing.
    Filter {
        /// The list.
        list: Listing,
        /// Query parameter -> pointer to the field, within the item.
        by: BTreeMap<String, String>,
    },
    /// Query parameters that cut a list down to the items whose field is on one side of the value.
    Range {
        /// The list.
        list: Listing,
        /// Query parameter -> the end that it is.
        by: BTreeMap<String, RangeEnd>,
    },
    /// Query parameters that take several values, each of which counts: what a list has by two is
    /// not what it has by one of them.
    Several {
        /// The list.
        list: Listing,
        /// Query parameter -> pointer to the field, within the item.
        by: BTreeMap<String, String>,
    },
    /// A list is in the order of a field, as its page says.
    Sorted {
        /// The list.
        list: Listing,
        /// The pointer to the field, within the item.
        by: String,
        /// Whether the greatest comes first.
        #[serde(default)]
        descending: bool,
    },
    /// A list is in the order of the field that a query parameter names.
    SortBy {
        /// The list.
        list: Listing,
        /// The query parameter.
        by: String,
        /// Its values -> pointer to the field, within the item.
        fields: BTreeMap<String, String>,
        /// The query parameter that says which end comes first, by words for ascending and
        /// descending.
        direction: Option<String>,
    },
    /// Query parameters that cut a list down to the items in which a text stands.
    Search {
        /// The list.
        list: Listing,
        /// The query parameters.
        by: Vec<String>,
    },
    /// Query parameters that may be left out: the list is then that of their default.
    Omitted {
        /// The list.
        list: Listing,
        /// Query parameter -> its default, as a query spells it.
        by: BTreeMap<String, String>,
    },
    /// A create that is sent again with its key makes nothing new.
    Repeated {
        /// The operation.
        operation: String,
        /// The header of the key.
        key: String,
        /// The pointer to the new identity in the answer.
        created: String,
        /// Whether the key with another body is refused.
        #[serde(default)]
        other_body: bool,
    },
    /// Every item is sound in itself: identities are unique, and each belongs to what was asked
    /// for.
    Items {
        /// The list.
        list: Listing,
        /// The pointer to the field that must be the path parameter's value, and that parameter.
        owner: Option<Owner>,
        /// The pointers to two times of which the second is not before the first.
        not_before: Option<[String; 2]>,
    },
    /// What was created appears in the list as it was asked for, moves through its statuses in
    /// order, and nothing of a refused request appears.
    CreatedAppears {
        /// The operation that creates.
        create: String,
        /// The pointer to the new identity in the create's answer.
        created: String,
        /// The list.
        list: Listing,
        /// Fields of the request that must stand in the item: request field -> pointer within the
        /// item.
        same: BTreeMap<String, String>,
        /// The pointer to the field that must be the path parameter's value, and that parameter.
        owner: Option<Owner>,
        /// Values that a new item must have: pointer within the item -> value.
        #[serde(default)]
        constant: BTreeMap<String, String>,
        /// The pointer to the item's status, within the item.
        status: Option<String>,
        /// The statuses in the order that they are passed through; several at one step exclude each
        /// other.
        #[serde(default)]
        order: Vec<Vec<String>>,
        /// The pointer to a progress in percent, within the item.
        progress: Option<String>,
    },
    /// An answer repeats what the request said.
    Echo {
        /// The operation.
        operation: String,
        /// Request field -> pointer in the answer.
        same: BTreeMap<String, String>,
        /// The pointer to the new identity in the answer, where the operation creates something: no
        /// two answers have the same.
        created: Option<String>,
    },
    /// Answers have entity tags (RFC 9110, section 8.8.3): whoever holds the newest copy is told so
    /// without a body, and a change that rests on another copy is refused.
    EntityTag {
        /// The operation.
        operation: String,
        /// The header of a request that names the copies which the caller holds.
        if_none_match: Option<String>,
        /// The header that names the copy which a change rests on.
        if_match: Option<String>,
    },
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeEnd {
    /// The pointer to the field, within the item.
    pub field: String,
    /// Whether it is the lower end.
    pub low: bool,
    /// Whether an item of exactly the value is within.
    #[serde(default)]
    pub inclusive: bool,
}

/// Which path parameter an item's field must be equal to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// The pointer within the item.
    pub field: String,
    /// The path parameter.
    pub parameter: String,
}

impl Relation {
    /// The kinds of relations as `cases/` spell them.
    pub const KINDS: &'static [&'static str] = &[
        "pagination",
        "time-window",
        "filter",
        "range",
        "several",
        "sorted",
        "sort-by",
        "search",
        "omitted",
        "repeated",
        "items",
        "created-appears",
        "echo",
        "entity-tag",
    ];

    /// The operation that its trials are named after.
    pub fn subject(&self) -> &str {
        match self {
            Self::Pagination { list }
            | Self::TimeWindow { list, .. }
            | Self::Filter { list, .. }
            | Self::Range { list, .. }
            | Self::Several { list, .. }
            | Self::Sorted { list, .. }
            | Self::SortBy { list, .. }
            | Self::Search { list, .. }
            | Self::Omitted { list, .. }
            | Self::Items { list, .. } => &list.operation,
            Self::CreatedAppears { create, .. } => create,
            Self::Echo { operation, .. }
            | Self::Repeated { operation, .. }
            | Self::EntityTag { operation, .. } => operation,
        }
    }

    /// The relation's kind as `cases/` spell it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Pagination { .. } => "pagination",
            Self::TimeWindow { .. } => "time-window",
            Self::Filter { .. } => "filter",
            Self::Range { .. } => "range",
            Self::Several { .. } => "several",
            Self::Sorted { .. } => "sorted",
            Self::SortBy { .. } => "sort-by",
            Self::Search { .. } => "search",
            Self::Omitted { .. } => "omitted",
            Self::Repeated { .. } => "repeated",
            Self::Items { .. } => "items",
            Self::CreatedAppears { .. } => "created-appears",
            Self::Echo { .. } => "echo",
            Self::EntityTag { .. } => "entity-tag",
        }
    }

    /// The operations that the relation names; the first is the one that its trials are named
    /// after.
    pub fn operations(&self) -> Vec<&str> {
        match self {
            Self::Pagination { list }
            | Self::TimeWindow { list, .. }
            | Self::Filter { list, .. }
            | Self::Range { list, .. }
            | Self::Several { list, .. }
            | Self::Sorted { list, .. }
            | Self::SortBy { list, .. }
            | Self::Search { list, .. }
            | Self::Omitted { list, .. }
            | Self::Items { list, .. } => vec![&list.operation],
            Self::CreatedAppears { create, list, .. } => vec![create, &list.operation],
            Self::Echo { operation, .. }
            | Self::Repeated { operation, .. }
            | Self::EntityTag { operation, .. } => vec![operation],
        }
    }

    /// The laws that the relation consists of: one trial each.
    pub fn laws(&self) -> Vec<&'static str> {
        match self {
            Self::Pagination { list } => {
                let has_way = list.offset.is_some() || list.page.is_some() || list.marker.is_some();
                // A list that is only cut may be in any order.
                let mut laws = if has_way { vec!["order"] } else { Vec::new() };
                if list.limit.is_some() {
                    laws.push("limit");
                }
                if list.limit.is_some() && list.offset.is_some() {
                    laws.extend(["offset", "pages", "beyond-end"]);
                } else if list.limit.is_some() && list.page.is_some() {
                    laws.extend(["pages", "beyond-end"]);
                } else if list.marker.is_some() {
                    if list.limit.is_some() {
                        laws.push("marker");
                    }
                    laws.push("pages");
                    if list.next.is_some() {
                        laws.push("end");
                    }
                }
                if list.has_total() {
                    laws.push("total");
                }
                if list.limit.is_some() && list.default.is_some() {
                    laws.push("default");
                }
                if list.limit.is_some() && !list.told.is_empty() {
                    laws.push("told");
                }
                let next = list.next.clone().filter(|_| list.is_counted());
                let tells = [&list.more, &list.last, &list.links, &next];
                if list.limit.is_some() && tells.iter().any(|own| own.is_some()) {
                    laws.push("more");
                }
                laws
            }
            Self::TimeWindow { .. } => vec!["begin", "end", "partition", "begin-after-end"],
            Self::Range { by, .. } => {
                let mut laws = vec!["within"];
                laws.extend(by.values().any(|end| end.inclusive).then_some("ends"));
                laws
            }
            Self::Filter { list, .. } => {
                let mut laws = vec!["fits", "whole"];
                if list.has_total() {
                    laws.push("total");
                }
                laws
            }
            Self::Several { .. } => vec!["each-counts"],
            Self::Sorted { .. } => vec!["sorted"],
            Self::SortBy {
                fields, direction, ..
            } => {
                let mut laws = vec!["by"];
                let is_told = |value: &String| sort_order(value).1.is_some();
                if direction.is_some() || fields.keys().any(is_told) {
                    laws.push("direction");
                }
                laws
            }
            Self::Search { .. } => vec!["fits"],
            Self::Omitted { .. } => vec!["default"],
            Self::Repeated { other_body, .. } => {
                let mut laws = vec!["same"];
                laws.extend(other_body.then_some("other-body"));
                laws
            }
            Self::Items {
                owner, not_before, ..
            } => {
                let mut laws = vec!["unique"];
                if owner.is_some() {
                    laws.push("owner");
                }
                if not_before.is_some() {
                    laws.push("not-before");
                }
                laws
            }
            Self::CreatedAppears { status, .. } => {
                let mut laws = vec!["same", "default", "refused"];
                if status.is_some() {
                    laws.push("status");
                }
                laws
            }
            Self::Echo { created, .. } => {
                let mut laws = vec!["same"];
                if created.is_some() {
                    laws.push("unique");
                }
                laws
            }
            Self::EntityTag {
                if_none_match,
                if_match,
                ..
            } => {
                let not_modified = if_none_match.as_ref().map(|_| "not-modified");
                let precondition = if_match.as_ref().map(|_| "precondition");
                not_modified.into_iter().chain(precondition).collect()
            }
        }
    }
}

/// Whether a word asks for the greatest first, or for the least; none where it does neither.
pub fn is_descending(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "asc" | "ascending" | "ascend" => Some(false),
        "desc" | "descending" | "descend" => Some(true),
        _ => None,
    }
}

/// The field that a value of a sorting parameter names, and whether it asks for the greatest first
/// where it says so: `-size`, `size:desc`, `size_asc`.
pub fn sort_order(value: &str) -> (&str, Option<bool>) {
    if let Some(name) = value.strip_prefix('-') {
        return (name, Some(true));
    }
    if let Some(name) = value.strip_prefix('+') {
        return (name, Some(false));
    }
    let parted = value.rsplit_once([':', ' ', '.', ',', '_', '-']);
    match parted.map(|(name, word)| (name, is_descending(word))) {
        Some((name, Some(order))) => (name, Some(order)),
        _ => (value, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("size", ("size", None))]
    #[case("created_at", ("created_at", None))]
    #[case("-size", ("size", Some(true)))]
    #[case("+size", ("size", Some(false)))]
    #[case("created_at:desc", ("created_at", Some(true)))]
    #[case("size_asc", ("size", Some(false)))]
    fn a_value_of_a_sorting_parameter_names_a_field(
        #[case] value: &str,
        #[case] expected: (&str, Option<bool>),
    ) {
        assert_eq!(sort_order(value), expected);
    }
}
