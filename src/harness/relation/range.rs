//! Ranges of a list: no item that a list by one end has is beyond that end, and one of exactly its
//! value is there where the end is within.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{Listing, RangeEnd};
use crate::generate::text_of;
use crate::recognise::compared;

use super::filter::is_valid;
use super::list::{self, Page, of_law};
use super::{Law, Outcome};

/// The most values that one end is tried by.
const VALUES: usize = 3;

pub(super) async fn hold(
    law: &Law<'_>,
    listing: &Listing,
    by: &BTreeMap<String, RangeEnd>,
    name: &str,
) -> Outcome {
    for attempt in 0..list::TRIES {
        let mut outcome = Outcome::default();
        let Some(before) = of_law(law, listing, &[], &mut outcome).await else {
            return outcome;
        };
        let mut problem = None;
        let mut is_decided = false;
        for (parameter, end) in by
            .iter()
            .filter(|(_, end)| name == "within" || end.inclusive)
        {
            for value in values(&before, end) {
                let text = text_of(value);
                if problem.is_some() || !is_valid(law.operation, &law.baseline, parameter, &text) {
                    continue;
                }
                let query = [(parameter.as_str(), text.clone())];
                let Some(page) = of_law(law, listing, &query, &mut outcome).await else {
                    return outcome;
                };
                let asked = format!("`{parameter}={text}`");
                let found = if name == "within" {
                    is_decided |= before.items.iter().any(|item| is_beyond(item, end, value));
                    beyond(listing, parameter, end, value, &page, &asked)
                } else if is_told_exactly(value, end) && !page.is_cut {
                    is_decided = true;
                    missing(listing, parameter, end, value, (&before, &page), &asked)
                } else {
                    None
                };
                problem = found.map(|(breach, message)| (page, breach, message));
            }
        }
        let Some((page, breach, message)) = problem else {
            if !is_decided && outcome.is_open() {
                return Outcome::undecided("no item of the list shows what the range leaves out");
            }
            return outcome;
        };
        // What changed meanwhile may well have changed on the way between two readings.
        let told = |page: &Page| page.told(by.values().map(|end| end.field.as_str()));
        let after = law.read_again(listing).await;
        if after.is_some_and(|after| told(&after) == told(&before)) {
            law.broken(&mut outcome, &page.exchange, breach, message);
            return outcome;
        }
        list::settle(attempt).await;
    }
    Outcome::undecided("the list is moving")
}

/// Values of the field that the whole list shows: from its middle, and from its far end.
fn values<'p>(before: &'p Page, end: &RangeEnd) -> Vec<&'p Value> {
    let shown = before.items.iter();
    let mut shown: Vec<&Value> = shown
        .filter_map(|item| item.pointer(&end.field))
        .filter(|value| compared(value, value).is_some())
        .collect();
    shown.sort_by(|one, other| compared(one, other).unwrap_or(Ordering::Equal));
    shown.dedup_by(|one, other| compared(one, other) == Some(Ordering::Equal));
    if end.low {
        shown.reverse();
    }
    let middle = shown.len() / 2;
    let mut picked: Vec<&Value> = Vec::new();
    // The far end leaves out the most.
    for at in [0, middle, shown.len().saturating_sub(1)] {
        if let Some(value) = shown.get(at)
            && !picked.contains(value)
            && picked.len() < VALUES
        {
            picked.push(value);
        }
    }
    picked
}

/// Whether an item is surely outside: moments are often told in whole seconds, so that those of one
/// second are not told apart.
fn is_beyond(item: &Value, end: &RangeEnd, value: &Value) -> bool {
    let wanted = if end.low {
        Ordering::Less
    } else {
        Ordering::Greater
    };
    let own = item.pointer(&end.field);
    own.is_some_and(|own| compared(own, value) == Some(wanted))
}

/// Whether a value is kept as exactly as it is told: a moment may have parts of a second that are
/// not, and be after an upper end by them.
fn is_told_exactly(value: &Value, end: &RangeEnd) -> bool {
    let is_moment = value.as_str().is_some_and(|text| text.contains(':'));
    end.low || !is_moment
}

fn beyond(
    listing: &Listing,
    parameter: &str,
    end: &RangeEnd,
    value: &Value,
    page: &Page,
    asked: &str,
) -> Option<(Breach, String)> {
    let other = page.items.iter().find(|item| is_beyond(item, end, value))?;
    let seen = other.pointer(&end.field).cloned().unwrap_or_default();
    let message = format!(
        "{asked} lists an item (`{}`) whose `{}` is {seen}",
        list::id(listing, other),
        end.field
    );
    let parameter = parameter.to_owned();
    Some((Breach::DoesNotFit { parameter }, message))
}

fn missing(
    listing: &Listing,
    parameter: &str,
    end: &RangeEnd,
    value: &Value,
    (before, page): (&Page, &Page),
    asked: &str,
) -> Option<(Breach, String)> {
    let lost = before.items.iter().find(|item| {
        let own = item.pointer(&end.field);
        let is_equal = own.is_some_and(|own| compared(own, value) == Some(Ordering::Equal));
        is_equal && !page.ids.contains(&list::id(listing, item))
    })?;
    let message = format!(
        "{asked} leaves out the item `{}`, whose `{}` is exactly that: the end is documented as \
         within",
        list::id(listing, lost),
        end.field
    );
    let parameter = parameter.to_owned();
    Some((Breach::FilteredOut { parameter }, message))
}
