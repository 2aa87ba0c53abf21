//! Several values of one parameter: each counts. A list may have what fits any of them, or what
//! fits all of them; what it has by two values is not what it has by one of them, whichever stands
//! last or first.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Listing, Location, Parameter, Place, enum_values};
use crate::generate::{Request, Validity, classify, text_of};

use super::list::{self, Page};
use super::{Law, Outcome};

/// The most values of one parameter that a list is asked for by alone.
const VALUES: usize = 5;

/// The most parameters that are looked at.
const PARAMETERS: usize = 4;

/// A parameter and the field of an item that it is about.
struct Choice<'c> {
    parameter: &'c str,
    field: &'c str,
}

/// What a list has by one value alone, which every item of it has.
struct Alone {
    value: Value,
    items: BTreeSet<String>,
}

/// Which one of two values counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    First,
    Last,
}

impl Counts {
    fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Last => "last",
        }
    }
}

pub(super) async fn hold(
    law: &Law<'_>,
    listing: &Listing,
    by: &BTreeMap<String, String>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut is_tried = false;
    for (parameter, field) in by.iter().take(PARAMETERS) {
        let choice = Choice { parameter, field };
        for attempt in 0..list::TRIES {
            let Some(seen) = probe(law, listing, &choice, &mut outcome).await else {
                break;
            };
            is_tried = true;
            let Some((counts, page, pair)) = seen else {
                break;
            };
            // What changed meanwhile may well look so.
            let [first, last] = &pair;
            let mut again = Outcome::default();
            law.makes_sure.set(true);
            let is_still = [
                alone(law, listing, &choice, &first.value, &mut again).await,
                alone(law, listing, &choice, &last.value, &mut again).await,
            ];
            law.makes_sure.set(false);
            let before = [&first.items, &last.items];
            let mut both = is_still.iter().zip(before);
            let is_there = |(now, before): (&Option<Alone>, &BTreeSet<String>)| {
                now.as_ref()
                    .is_some_and(|now| now.items.is_superset(before))
            };
            if both.all(is_there) {
                let message = format!(
                    "`{parameter}` with the values {} and {} lists what the {} of them alone does, \
                     in either order",
                    first.value,
                    last.value,
                    counts.as_str()
                );
                let parameter = parameter.clone();
                law.broken(
                    &mut outcome,
                    &page.exchange,
                    Breach::OneAlone { parameter },
                    message,
                );
                return outcome;
            }
            list::settle(attempt).await;
        }
        if !outcome.is_open() {
            return outcome;
        }
    }
    if is_tried {
        return outcome;
    }
    outcome
        .undecided
        .get_or_insert_with(|| "no two values are known that list different items each".to_owned());
    outcome
}

/// Reads the list by these values of a parameter.
async fn read(
    law: &Law<'_>,
    listing: &Listing,
    choice: &Choice<'_>,
    values: &[&Value],
    outcome: &mut Outcome,
) -> Option<Page> {
    let mut request = law.baseline.clone();
    set(law, &mut request, choice.parameter, values);
    list::whole(law, law.operation, &request, listing, &[], outcome).await
}

/// Gives a parameter of the query these values: as a list, or as a text in which commas part them.
fn set(law: &Law<'_>, request: &mut Request, parameter: &str, values: &[&Value]) {
    let field = FieldPath::name(parameter);
    let known = law.operation.parameter(Location::Query, parameter);
    let is_list = known.is_some_and(|known| known.style.is_some());
    let value = if is_list {
        Value::Array(values.iter().map(|value| (*value).clone()).collect())
    } else {
        let texts: Vec<String> = values.iter().map(|value| text_of(value)).collect();
        Value::from(texts.join(","))
    };
    request.set(Place::Query, &field, (!values.is_empty()).then_some(value));
}

/// What the list has by one value; none where the answer does not show that it fits the value.
async fn alone(
    law: &Law<'_>,
    listing: &Listing,
    choice: &Choice<'_>,
    value: &Value,
    outcome: &mut Outcome,
) -> Option<Alone> {
    let page = read(law, listing, choice, &[value], outcome).await?;
    let is_shown = !page.is_cut
        && !page.items.is_empty()
        && page.items.iter().all(|item| has(item, choice.field, value))
        && page.ids.iter().all(|id| !id.is_empty());
    is_shown.then(|| Alone {
        value: value.clone(),
        items: page.ids.into_iter().collect(),
    })
}

/// Whether a field of an item is a value, or a list that has it.
fn has(item: &Value, field: &str, value: &Value) -> bool {
    match item.pointer(field) {
        Some(Value::Array(own)) => own.contains(value),
        Some(own) => own == value,
        None => false,
    }
}

/// The values that the list can be asked for by: those that are documented, and those that it shows.
async fn values(
    law: &Law<'_>,
    listing: &Listing,
    choice: &Choice<'_>,
    outcome: &mut Outcome,
) -> Option<Vec<Value>> {
    let parameter = law.operation.parameter(Location::Query, choice.parameter)?;
    let schema = &parameter.schema;
    // Who has to choose cannot ask for the whole list.
    let whole = if parameter.required {
        Vec::new()
    } else {
        read(law, listing, choice, &[], outcome).await?.items
    };
    let items = schema.follow(&schema.root).get("items");
    let listed = items.map(|items| enum_values(schema.follow(items)));
    let shown = whole.iter().filter_map(|item| item.pointer(choice.field));
    let shown = shown.flat_map(|value| match value {
        Value::Array(several) => several.clone(),
        one => vec![one.clone()],
    });
    let mut known: Vec<Value> = Vec::new();
    // What the list shows surely has items.
    for value in shown.chain(listed.into_iter().flatten()) {
        let is_sendable = match &value {
            Value::String(text) => !text.is_empty() && !text.contains([',', '|', ' ']),
            Value::Number(_) | Value::Bool(_) => true,
            Value::Null | Value::Array(_) | Value::Object(_) => false,
        };
        // What the parameter does not take is a value of another field.
        let is_taken = || {
            let mut asked = law.baseline.clone();
            set(law, &mut asked, choice.parameter, &[&value]);
            !matches!(classify(law.operation, &asked), Validity::Invalid(_))
        };
        if is_sendable && !known.contains(&value) && known.len() < VALUES && is_taken() {
            known.push(value);
        }
    }
    Some(known)
}

/// Asks for two values at once, in both orders. `None` where nothing can be shown; else which of
/// two alone counts, the answer that shows it and what each lists alone, where one alone does.
async fn probe(
    law: &Law<'_>,
    listing: &Listing,
    choice: &Choice<'_>,
    outcome: &mut Outcome,
) -> Option<Option<(Counts, Page, [Alone; 2])>> {
    let mut known: Vec<Alone> = Vec::new();
    for value in values(law, listing, choice, outcome).await? {
        let is_new = |one: &Alone| known.iter().all(|known| differ(&known.items, &one.items));
        let one = alone(law, listing, choice, &value, outcome).await;
        if !outcome.is_open() {
            return None;
        }
        known.extend(one.filter(is_new));
        if known.len() == 2 {
            break;
        }
    }
    let mut pair: [Alone; 2] = known.try_into().ok()?;
    let [one, other] = &pair.each_ref().map(|own| own.value.clone());
    let values = [one, other];
    let mut asked = law.baseline.clone();
    set(law, &mut asked, choice.parameter, &values);
    let known = law.operation.parameter(Location::Query, choice.parameter);
    let is_asked = match classify(law.operation, &asked) {
        Validity::Valid => true,
        // The list shows each of the values, and the row says that several may be sent.
        Validity::Unspecified(_) => known.is_some_and(Parameter::is_parted),
        Validity::Invalid(_) => false,
    };
    if !is_asked {
        return None;
    }
    let forth = read(law, listing, choice, &[one, other], outcome).await?;
    let back = read(law, listing, choice, &[other, one], outcome).await?;
    if forth.is_cut || back.is_cut {
        return None;
    }
    let (mut forth, mut all) = (ids(&forth), ids(&back));
    let mut counts = counting(&pair, &forth, &all);
    if counts.is_none() {
        // Others make and delete meanwhile: what was there before and is there after tells as well.
        let mut again = Outcome::default();
        for (own, value) in pair.iter_mut().zip(values) {
            let now = alone(law, listing, choice, value, &mut again).await?;
            own.items.retain(|id| now.items.contains(id));
        }
        let steady: BTreeSet<String> = pair.iter().flat_map(|own| own.items.clone()).collect();
        forth.retain(|id| steady.contains(id));
        all.retain(|id| steady.contains(id));
        let [one, other] = &pair;
        counts = differ(&one.items, &other.items)
            .then(|| counting(&pair, &forth, &all))
            .flatten();
    }
    Some(counts.map(|counts| (counts, back, pair)))
}

fn ids(page: &Page) -> BTreeSet<String> {
    page.ids.iter().cloned().collect()
}

/// Whether each of two lists has what the other has not: no reading of "any of them" or "all of
/// them" gives one of the two.
fn differ(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    !one.is_subset(other) && !other.is_subset(one)
}

/// Which value alone counts, by what a list has by two in one order and the other.
fn counting(
    [one, other]: &[Alone; 2],
    forth: &BTreeSet<String>,
    back: &BTreeSet<String>,
) -> Option<Counts> {
    match (forth, back) {
        (forth, back) if *forth == one.items && *back == other.items => Some(Counts::First),
        (forth, back) if *forth == other.items && *back == one.items => Some(Counts::Last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn set_of(text: &str) -> BTreeSet<String> {
        text.chars().map(String::from).collect()
    }

    #[rstest]
    #[case::any_of("abc", "abc", None)]
    #[case::all_of("b", "b", None)]
    #[case::nothing("", "", None)]
    #[case::first("ab", "bc", Some(Counts::First))]
    #[case::last("bc", "ab", Some(Counts::Last))]
    #[case::one_that_is_always_there("ab", "ab", None)]
    #[case::everything("abcd", "abcd", None)]
    fn one_of_two_values_counts(
        #[case] forth: &str,
        #[case] back: &str,
        #[case] expected: Option<Counts>,
    ) {
        let alone = |value: &str, items: &str| Alone {
            value: Value::from(value),
            items: set_of(items),
        };
        let pair = [alone("x", "ab"), alone("y", "bc")];
        assert_eq!(counting(&pair, &set_of(forth), &set_of(back)), expected);
    }
}
