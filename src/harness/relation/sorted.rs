//! A list is in the order that its page states.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::check::Breach;
use crate::contract::Listing;

use super::{Law, Outcome, list};

pub(super) async fn hold(law: &Law<'_>, listing: &Listing, by: &str, descending: bool) -> Outcome {
    let mut outcome = Outcome::default();
    // One answer is in order in itself, however the list moves between two.
    let size = list::page_size(law.operation, listing);
    let query: Vec<(&str, String)> = listing
        .limit
        .iter()
        .map(|limit| (limit.as_str(), size.to_string()))
        .collect();
    let (operation, baseline) = (law.operation, &law.baseline);
    let page = list::page(law, operation, baseline, listing, &query, &mut outcome).await;
    let Some(page) = page else {
        return outcome;
    };
    let told: Vec<(&Value, &Value)> = page
        .items
        .iter()
        .filter_map(|item| Some((item, item.pointer(by).filter(|value| !value.is_null())?)))
        .collect();
    if told.len() < 2 {
        return Outcome::undecided(format!(
            "{} items of the list have `{by}`, too few to be out of order",
            told.len()
        ));
    }
    let differ = |pair: &[(&Value, &Value)]| match pair {
        [(_, one), (_, other)] => is_after(one, other) || is_after(other, one),
        _ => false,
    };
    if !told.windows(2).any(differ) {
        return Outcome::undecided(format!(
            "no two items of the list that follow each other surely differ in `{by}`"
        ));
    }
    let wrong = told.windows(2).find_map(|pair| {
        let [(_, first), (item, second)] = pair else {
            return None;
        };
        let (before, after) = if descending {
            (second, first)
        } else {
            (first, second)
        };
        is_after(before, after).then_some((*item, *first, *second))
    });
    if let Some((item, first, second)) = wrong {
        let order = if descending {
            "descending"
        } else {
            "ascending"
        };
        let message = format!(
            "the item `{}`, whose `{by}` is {second}, follows one of {first}: that is not {order}",
            list::id(listing, item)
        );
        law.broken(&mut outcome, &page.exchange, Breach::OutOfOrder, message);
    }
    outcome
}

/// Whether a value belongs after another, however they are compared: times as times, numbers as
/// numbers. Texts are compared by their bytes, without regard to case, by their numbers, or as a
/// language does: one is after another where they first differ in letters, and bytes say the same.
pub(super) fn is_after(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let order = one.as_f64().partial_cmp(&other.as_f64());
            order == Some(Ordering::Greater)
        }
        (Value::String(one), Value::String(other)) => {
            if let (Ok(one), Ok(other)) = (one.parse::<Timestamp>(), other.parse::<Timestamp>()) {
                return one > other;
            }
            if let (Some(one), Some(other)) = (day(one), day(other)) {
                return one > other;
            }
            let (left, right) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
            let mut pairs = left.bytes().zip(right.bytes());
            let is_letter = |byte: u8| byte.is_ascii_lowercase();
            let differing = pairs.find(|(left, right)| left != right);
            one.is_ascii()
                && other.is_ascii()
                && one > other
                && differing.is_some_and(|(left, right)| {
                    is_letter(left) && is_letter(right) && left > right
                })
        }
        _ => false,
    }
}

/// The day that a text is, and nothing else: `2024-01-31`.
fn day(text: &str) -> Option<Date> {
    let is_whole = text.len() == "2024-01-31".len();
    text.parse().ok().filter(|_| is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(json!(2), json!(1), true)]
    #[case(json!(1), json!(1.0), false)]
    #[case(json!("b"), json!("a"), true)]
    #[case(json!("B"), json!("a"), false)]
    #[case(json!("a"), json!("B"), false)]
    #[case(json!("item9"), json!("item10"), false)]
    #[case(json!("a-b"), json!("ab"), false)]
    #[case(json!("x-b"), json!("x-a"), true)]
    #[case(json!("ab"), json!("a"), false)]
    #[case(json!("é"), json!("e"), false)]
    #[case(json!("2024-01-01T01:00:00+01:00"), json!("2024-01-01T00:00:00Z"), false)]
    #[case(json!("2024-01-02T00:00:00Z"), json!("2024-01-01T23:00:00Z"), true)]
    #[case(json!("2024-02-01"), json!("2024-01-31"), true)]
    #[case(json!("2024-01-31"), json!("2024-01-31"), false)]
    #[case(json!("2024-01-31"), json!("2024-01"), false)]
    #[case(json!("2"), json!(1), false)]
    fn only_what_no_order_allows_is_out_of_order(
        #[case] one: Value,
        #[case] other: Value,
        #[case] expected: bool,
    ) {
        assert_eq!(is_after(&one, &other), expected);
    }
}
