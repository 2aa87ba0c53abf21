//! A list is in the order of the field that a query parameter names, and begins with the end that is
//! asked for.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{Listing, Location, enum_values, is_descending, sort_order};

use super::sorted::is_after;
use super::{Law, Outcome, list};

/// The most values of the parameter that are tried.
const MOST: usize = 6;

/// How the order of a list is chosen.
pub(super) struct Sorting<'r> {
    /// The query parameter that names the field.
    pub(super) by: &'r str,
    /// Its values, and pointers to the fields that they name.
    pub(super) fields: &'r BTreeMap<String, String>,
    /// The query parameter that says which end comes first.
    pub(super) direction: Option<&'r str>,
}

pub(super) async fn hold(
    law: &Law<'_>,
    listing: &Listing,
    sorting: &Sorting<'_>,
    name: &str,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut is_decided = false;
    let by_direction = name == "direction";
    for (value, pointer) in sorting.fields.iter().take(MOST) {
        for (word, descending) in ways(law, sorting, value, by_direction) {
            // One answer is in order in itself, however the list moves between two.
            let mut query = vec![(sorting.by, value.clone())];
            query.extend(sorting.direction.zip(word.clone()));
            query.extend(list::sized(
                listing,
                list::page_size(law.operation, listing),
            ));
            let (operation, baseline) = (law.operation, &law.baseline);
            let page = list::page(law, operation, baseline, listing, &query, &mut outcome).await;
            let Some(page) = page else {
                return outcome;
            };
            let told: Vec<&Value> = page
                .items
                .iter()
                .filter_map(|item| item.pointer(pointer).filter(|value| !value.is_null()))
                .collect();
            let pairs = || told.iter().zip(told.iter().skip(1));
            let falls = pairs().find(|(one, other)| is_after(one, other));
            let rises = pairs().find(|(one, other)| is_after(other, one));
            is_decided |= falls.is_some() || rises.is_some();
            let asked = match (&word, sorting.direction) {
                (Some(word), Some(parameter)) => {
                    format!("`{}={value}` with `{parameter}={word}`", sorting.by)
                }
                _ => format!("`{}={value}`", sorting.by),
            };
            let shown = |(one, other): (&&Value, &&Value)| format!("{one} before {other}");
            let message = match (descending, falls, rises) {
                // What is in no order whichever end is asked for says nothing of the ends.
                (Some(_), Some(_), Some(_))
                    if told.len() > 2
                        && !is_ordered(law, listing, sorting, value, pointer).await =>
                {
                    continue;
                }
                (Some(false), Some(pair), _) => {
                    format!(
                        "{asked} lists `{pointer}` {}: that is not ascending",
                        shown(pair)
                    )
                }
                (Some(true), _, Some(pair)) => {
                    format!(
                        "{asked} lists `{pointer}` {}: that is not descending",
                        shown(pair)
                    )
                }
                (None, Some(one), Some(other)) => format!(
                    "{asked} lists `{pointer}` {} and {}: in no order",
                    shown(one),
                    shown(other)
                ),
                _ => continue,
            };
            law.broken(&mut outcome, &page.exchange, Breach::OutOfOrder, message);
            return outcome;
        }
    }
    if !is_decided && outcome.is_open() {
        return Outcome::undecided(
            "no two items of the list surely differ in what it is sorted by",
        );
    }
    outcome
}

/// Whether the list by a value is in either order where no end is asked for.
async fn is_ordered(
    law: &Law<'_>,
    listing: &Listing,
    sorting: &Sorting<'_>,
    value: &str,
    pointer: &str,
) -> bool {
    let mut query = vec![(sorting.by, value.to_owned())];
    query.extend(list::sized(
        listing,
        list::page_size(law.operation, listing),
    ));
    let mut outcome = Outcome::default();
    let (operation, baseline) = (law.operation, &law.baseline);
    let page = list::page(law, operation, baseline, listing, &query, &mut outcome).await;
    let Some(page) = page else { return true };
    let items = page.items.iter();
    let told: Vec<&Value> = items.filter_map(|item| item.pointer(pointer)).collect();
    let pairs = || told.iter().zip(told.iter().skip(1));
    let falls = pairs().any(|(one, other)| is_after(one, other));
    let rises = pairs().any(|(one, other)| is_after(other, one));
    !(falls && rises)
}

/// The words by which the direction is asked for, and whether the greatest comes first then.
fn ways(
    law: &Law<'_>,
    sorting: &Sorting<'_>,
    value: &str,
    by_direction: bool,
) -> Vec<(Option<String>, Option<bool>)> {
    let (_, own) = sort_order(value);
    if !by_direction {
        return vec![(None, None)];
    }
    let parameter = sorting
        .direction
        .and_then(|name| law.operation.parameter(Location::Query, name));
    match (own, parameter) {
        // Two words for one thing may contradict each other.
        (Some(_), _) => vec![(None, own)],
        (None, Some(parameter)) => {
            let schema = &parameter.schema;
            let words = enum_values(schema.follow(&schema.root));
            let words = words.iter().filter_map(|word| word.as_str());
            words
                .filter_map(|word| Some((Some(word.to_owned()), Some(is_descending(word)?))))
                .collect()
        }
        (None, None) => Vec::new(),
    }
}
