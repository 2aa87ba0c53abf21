//! Every item of a list is sound in itself: identities unique, owner as asked for, times in order.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Listing, Owner, Place};

use super::{Law, Outcome, list};

pub(super) async fn hold(
    law: &Law<'_>,
    listing: &Listing,
    owner: Option<&Owner>,
    not_before: Option<&[String; 2]>,
    name: &str,
) -> Outcome {
    let mut outcome = Outcome::default();
    // Pages of a list that grows at its front overlap, so what stands twice must do so on one page.
    let query: Vec<(&str, String)> = listing
        .limit
        .iter()
        .map(|limit| {
            let size = list::page_size(law.operation, listing);
            (limit.as_str(), size.to_string())
        })
        .collect();
    let Some(page) = list::page(
        law,
        law.operation,
        &law.baseline,
        listing,
        &query,
        &mut outcome,
    )
    .await
    else {
        return outcome;
    };
    if page.items.is_empty() {
        return Outcome::undecided("the list is empty");
    }
    let problem = match (name, owner, not_before) {
        ("owner", Some(owner), _) => {
            let asked = law
                .baseline
                .get(Place::Path, &FieldPath::name(&owner.parameter))
                .unwrap_or_default();
            page.items.iter().find_map(|item| {
                let seen = item.pointer(&owner.field)?;
                (*seen != asked).then(|| {
                    let message = format!(
                        "asked for {asked}, and an item's `{}` is {seen}",
                        owner.field
                    );
                    (Breach::OtherOwner, message)
                })
            })
        }
        ("not-before", _, Some([earlier, later])) => page.items.iter().find_map(|item| {
            for pointer in [earlier, later] {
                let text = item.pointer(pointer).and_then(Value::as_str);
                if let Some(text) = text.filter(|text| !text.is_empty() && !is_time(text)) {
                    return Some((
                        Breach::NoTime,
                        format!("`{pointer}` is \"{text}\", which is no date and time"),
                    ));
                }
            }
            let time = |pointer: &str| {
                item.pointer(pointer)
                    .and_then(Value::as_str)
                    .and_then(|text| text.parse::<Timestamp>().ok())
            };
            let (first, second) = (time(earlier)?, time(later)?);
            (second < first).then(|| {
                (
                    Breach::TimesReversed,
                    format!("`{later}` is {second}, before `{earlier}`, {first}"),
                )
            })
        }),
        _ => {
            let mut seen = HashSet::new();
            page.ids
                .iter()
                .find(|id| !id.is_empty() && !seen.insert(*id))
                .map(|id| {
                    (
                        Breach::TwiceInAPage,
                        format!("two items of one page have the identity `{id}`"),
                    )
                })
        }
    };
    if let Some((breach, message)) = problem {
        law.broken(&mut outcome, &page.exchange, breach, message);
    }
    outcome
}

/// The notations of times that services use beside RFC 3339.
const NOTATIONS: [&str; 4] = [
    "%Y-%m-%dT%H:%M:%S%.f%z",
    "%Y-%m-%d %H:%M:%S%.f%z",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
];

/// Whether a text is a date and time, in whatever of the usual notations.
fn is_time(text: &str) -> bool {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        || text.parse::<Timestamp>().is_ok()
        || NOTATIONS
            .iter()
            .any(|notation| jiff::civil::DateTime::strptime(notation, text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2019-05-10T08:31:16.000Z", true)]
    #[case("2019-05-10T08:31:16Z", true)]
    #[case("2022-05-09T18:02:31+0800", true)]
    #[case("2022-05-09 18:02:31", true)]
    #[case("1557477076000", true)]
    #[case("yesterday", false)]
    #[case("2019-02-30T08:31:16Z", false)]
    #[case("2019-13-10T08:31:16.000Z", false)]
    #[case("2019-05-10T25:31:16Z", false)]
    fn times_are_told_from_words(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_time(text), expected);
    }
}
