//! Filters of a list: every item that a filtered list has fits, none of the whole list that fits is
//! missing, and the total is that of what fits.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{
    Facet, FieldPath, Listing, Location, Meaning, Operation, Parameter, Place, enum_values,
    types_of,
};
use crate::generate::{Request, Validity, classify};

use super::list::{self, Page, of_law};
use super::{Law, Outcome};

/// The most values of one parameter that a list is filtered by.
const VALUES: usize = 6;

/// The most parameters that a list is filtered by.
const PARAMETERS: usize = 8;

/// Words of a query that ask for everything.
const EVERYTHING: [&str; 4] = ["all", "any", "both", "*"];

/// A parameter with a value, and the field that it is about.
struct Filter<'f> {
    parameter: &'f str,
    field: &'f str,
    /// The value as the query has it.
    text: String,
    /// Whether items may fit that have the text in theirs: no page says how it is compared.
    is_loose: bool,
    /// Whether it asks for what is not so: then it may well be as if it were not sent.
    is_negative: bool,
}

pub(super) async fn hold(
    law: &Law<'_>,
    listing: &Listing,
    by: &BTreeMap<String, String>,
    name: &str,
) -> Outcome {
    for attempt in 0..list::TRIES {
        let mut outcome = Outcome::default();
        let Some(before) = of_law(law, listing, &[], &mut outcome).await else {
            return outcome;
        };
        let filters = filters(law, by, &before);
        if filters.is_empty() {
            return Outcome::undecided("no value that the list can be filtered by is known");
        }
        let mut problem = None;
        for filter in &filters {
            problem = probe(law, listing, filter, name, &before, &mut outcome).await;
            if problem.is_some() || !outcome.is_open() {
                break;
            }
        }
        let Some((page, breach, message)) = problem else {
            return outcome;
        };
        // What changed meanwhile may well have changed on the way between two readings.
        let after = law.read_again(listing).await;
        let told = |page: &Page| page.told(by.values().map(String::as_str));
        if after.is_some_and(|after| told(&after) == told(&before)) {
            law.broken(&mut outcome, &page.exchange, breach, message);
            return outcome;
        }
        list::settle(attempt).await;
    }
    Outcome::undecided("the list is moving")
}

/// The values that the list is filtered by: those that are documented, and those that it shows.
fn filters<'f>(law: &Law<'_>, by: &'f BTreeMap<String, String>, before: &Page) -> Vec<Filter<'f>> {
    let mut filters = Vec::new();
    for (parameter, field) in by.iter().take(PARAMETERS) {
        let listed = law
            .operation
            .parameter(Location::Query, parameter)
            .map(|known| chosen(known.schema.follow(&known.schema.root)))
            .unwrap_or_default();
        let shown = before.items.iter().filter_map(|item| item.pointer(field));
        let mut texts: Vec<String> = Vec::new();
        for value in listed.iter().chain(shown) {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                Value::Null | Value::Array(_) | Value::Object(_) => continue,
            };
            let is_everything = EVERYTHING
                .iter()
                .any(|word| text.eq_ignore_ascii_case(word));
            if texts.len() < VALUES
                && !is_everything
                && !text.contains([',', '|'])
                && !texts.contains(&text)
                && is_asked(law, parameter, &text)
            {
                texts.push(text);
            }
        }
        let known = law.operation.parameter(Location::Query, parameter);
        let is_told = known.is_some_and(|known| {
            let facts = known.schema.own_facts();
            let told = Facet::Meaning(Meaning::Filter);
            facts.iter().any(|fact| fact.facet == told)
        });
        let is_loose = !is_told && listed.is_empty() && parameter.ends_with(']');
        let is_truth = before
            .items
            .iter()
            .any(|item| item.pointer(field).is_some_and(Value::is_boolean));
        filters.extend(texts.into_iter().map(|text| Filter {
            parameter,
            field,
            is_negative: is_truth && text == "false",
            text,
            is_loose,
        }));
    }
    filters
}

/// Whether the list can be asked for by a value: a request with it is documented-valid, or the value
/// is one of several that the row says may be sent.
fn is_asked(law: &Law<'_>, parameter: &str, text: &str) -> bool {
    let mut request = law.baseline.clone();
    let field = FieldPath::name(parameter);
    request.set(Place::Query, &field, Some(Value::from(text)));
    let known = law.operation.parameter(Location::Query, parameter);
    match classify(law.operation, &request) {
        Validity::Valid => true,
        Validity::Unspecified(_) => known.is_some_and(Parameter::is_parted),
        Validity::Invalid(_) => false,
    }
}

/// The values that a parameter lists, and both truths.
fn chosen(node: &Value) -> Vec<Value> {
    let listed = enum_values(node);
    if listed.is_empty() && types_of(node).contains(&"boolean") {
        return vec![Value::from(true), Value::from(false)];
    }
    listed
}

/// Whether a request with a filter is documented-valid.
pub(super) fn is_valid(
    operation: &Operation,
    baseline: &Request,
    parameter: &str,
    text: &str,
) -> bool {
    let mut request = baseline.clone();
    let field = FieldPath::name(parameter);
    request.set(Place::Query, &field, Some(Value::from(text)));
    classify(operation, &request) == Validity::Valid
}

/// Whether a field has the value that a query spells; none where the field is not there, or is
/// null: a service may well not know.
fn fits(item: &Value, filter: &Filter<'_>, is_loose: bool) -> Option<bool> {
    match item.pointer(filter.field)? {
        Value::String(text) if is_loose => {
            Some(text.to_lowercase().contains(&filter.text.to_lowercase()))
        }
        Value::String(text) => Some(*text == filter.text),
        Value::Bool(seen) => Some(seen.to_string() == filter.text),
        Value::Number(seen) => {
            let is_equal = seen.to_string() == filter.text;
            Some(is_equal || filter.text.parse::<f64>().ok() == seen.as_f64())
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What is wrong with the list by one filter, and the answer that shows it.
async fn probe(
    law: &Law<'_>,
    listing: &Listing,
    filter: &Filter<'_>,
    name: &str,
    before: &Page,
    outcome: &mut Outcome,
) -> Option<(Page, Breach, String)> {
    let query = [(filter.parameter, filter.text.clone())];
    let page = of_law(law, listing, &query, outcome).await?;
    let asked = format!("`{}={}`", filter.parameter, filter.text);
    let parameter = filter.parameter.to_owned();
    let count = page.items.len();
    let is_so = |item: &Value| item.pointer(filter.field) == Some(&Value::Bool(true));
    match name {
        // Only what is so, where the opposite was asked for: no reading of it is right.
        "fits" if filter.is_negative => {
            let is_turned = count > 0 && !page.is_cut && page.items.iter().all(is_so);
            let message = format!("{asked} lists items alone whose `{}` is true", filter.field);
            (is_turned && before.items.iter().any(|item| !is_so(item))).then_some((
                page,
                Breach::DoesNotFit { parameter },
                message,
            ))
        }
        _ if filter.is_negative => None,
        "fits" => {
            let other = page
                .items
                .iter()
                .find(|item| fits(item, filter, filter.is_loose) == Some(false))?;
            let seen = other.pointer(filter.field).cloned().unwrap_or_default();
            let message = format!(
                "{asked} lists an item (`{}`) whose `{}` is {seen}",
                list::id(listing, other),
                filter.field
            );
            Some((page, Breach::DoesNotFit { parameter }, message))
        }
        "whole" => {
            if page.is_cut {
                return None;
            }
            let missing = before.items.iter().find(|item| {
                fits(item, filter, false) == Some(true)
                    && !page.ids.contains(&list::id(listing, item))
            })?;
            let message = format!(
                "{asked} leaves out the item `{}`, whose `{}` is that in the whole list",
                list::id(listing, missing),
                filter.field
            );
            Some((page, Breach::FilteredOut { parameter }, message))
        }
        _ => {
            let total = page.total?;
            let is_right = page.is_cut || usize::try_from(total) == Ok(count);
            let message = format!("{asked} lists {count} items, and the total is {total}");
            (!is_right).then_some((page, Breach::WrongTotal, message))
        }
    }
}
