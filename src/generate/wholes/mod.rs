//! Rules of a value as a whole, such as `not`, `if`, `dependentRequired` and `contains`: values that
//! break one and nothing else, and values that keep it where it asks for something. Candidates come
//! from the keyword; which side each is on, the class of the request says.

use serde_json::{Map, Value, json};

use crate::contract::{Facet, Keyword, Operation, Place as Where, Rule, Schema, Step};

use super::case::{Expectation, PlannedCase};
use super::convention::refusal;
use super::local::Base;
use super::oracle::Validity;
use super::sample::sample;
use super::slot::{Labelled, Slot, slot};
use super::violate;

mod fit;
mod objects;

use self::fit::{Place, fitting, unfitting, with_item, without};
use self::objects::{of_either, of_names, of_needed, of_patterns, of_schemas, too_few, too_many};

/// The rules that are tried.
const TRIED: [Keyword; 15] = [
    Keyword::AdditionalProperties,
    Keyword::AnyOf,
    Keyword::Contains,
    Keyword::DependentRequired,
    Keyword::DependentSchemas,
    Keyword::If,
    Keyword::MaxContains,
    Keyword::MaxProperties,
    Keyword::MinContains,
    Keyword::MinProperties,
    Keyword::Not,
    Keyword::OneOf,
    Keyword::PatternProperties,
    Keyword::PrefixItems,
    Keyword::PropertyNames,
];

/// What a field more breaks, where the kind that it stands in takes no others.
const MORE: Facet = Facet::Keyword(Keyword::AdditionalProperties);

/// A field that no source describes.
const UNKNOWN: &str = "docproof_unknown";

/// The most requests of one side of a rule.
const MOST: usize = 6;

/// The most requests of one side where each of the first items has a schema of its own.
const MOST_OF_FIRST: usize = 24;

/// The most values for each of the first items that it does not take.
const MOST_OF_ONE: usize = 6;

/// More fields are not added to an object for it to have too many.
const MOST_FIELDS: usize = 1_000;

/// The cases of both sides of a rule.
#[derive(Debug, Default)]
pub struct WholeCases {
    /// Requests that keep it.
    pub accepted: Vec<PlannedCase>,
    /// Requests that break it and nothing else.
    pub rejected: Vec<PlannedCase>,
}

/// Whether a rule is one of a value as a whole that is tried.
pub fn is_of_whole(rule: &Rule) -> bool {
    if is_of_entry(rule) {
        return violate::FACETS.contains(&rule.facet);
    }
    let Facet::Keyword(keyword) = rule.facet else {
        return false;
    };
    let is_value = matches!(rule.place, Where::Request | Where::Query | Where::Header);
    is_value && TRIED.contains(&keyword)
}

/// Whether a rule is of the values of a map in a body, whatever their names are.
fn is_of_entry(rule: &Rule) -> bool {
    let steps = rule.field.steps();
    let entries = steps.iter().filter(|step| **step == Step::Entry);
    rule.place == Where::Request && steps.last() == Some(&Step::Entry) && entries.count() == 1
}

/// Whether a node states a condition of its own.
pub fn states_condition(schema: &Schema, node: &Value) -> bool {
    !holders(schema, node, Keyword::If, 0).is_empty()
}

/// The field that a rule is about, where it stands in a JSON text: a body, or a parameter that is
/// one. A value of a map has a name that nobody documents, and a form has no place for most of it.
fn slot_of<'o>(operation: &'o Operation, rule: &Rule) -> Option<Slot<'o>> {
    if rule.field.has_entry() {
        return None;
    }
    if rule.place != Where::Request {
        return slot(operation, rule.place, &rule.field).filter(|slot| !slot.is_text);
    }
    let body = operation.request_body.as_ref()?;
    let field = body.schema.field(&rule.field)?;
    let is_tried = body.media.is_json() && !body.schema.is_read_only(&rule.field);
    is_tried.then(|| Slot {
        place: Where::Request,
        field: rule.field.clone(),
        schema: &body.schema,
        node: field.node,
        required: field.required,
        facts: field.facts,
        is_text: false,
    })
}

/// The cases of a rule of a value in a JSON text, made from a request.
pub fn whole_cases(operation: &Operation, base: &Base, rule: &Rule) -> WholeCases {
    let mut found = WholeCases::default();
    if !is_of_whole(rule) {
        return found;
    }
    let map = is_of_entry(rule).then(|| rule.field.parent()).flatten();
    let about = Rule {
        field: map.clone().unwrap_or_else(|| rule.field.clone()),
        ..rule.clone()
    };
    let Some(slot) = slot_of(operation, &about) else {
        return found;
    };
    let sent = base.request.get(slot.place, &slot.field);
    let value = sent.unwrap_or_else(|| sample(slot.schema, slot.node, 0));
    let entry = map.and_then(|_| entry_slot(&slot, rule));
    let tried = match (rule.facet, &entry) {
        (facet, Some(entry)) => of_entry(&slot, entry, facet, &value),
        (Facet::Keyword(keyword), None) => candidates(&slot, keyword, &value),
        (_, None) => Vec::new(),
    };
    let local = base.local(operation, &slot);
    let is_it = |broken: &[Rule]| match broken {
        // A value of a map stands under a name of its own.
        [one] if about.field != rule.field => {
            one.place == rule.place
                && one.facet == rule.facet
                && one.field.parent().as_ref() == Some(&about.field)
        }
        // What fits none of several kinds is told as one thing, whichever word lists them.
        [one] if is_union(rule.facet) => {
            one.place == rule.place
                && one.field == rule.field
                && (is_union(one.facet) || matches!(one.facet, Facet::Enum | MORE))
        }
        // After the documented items nothing fits.
        [one] if one.facet == Facet::Keyword(Keyword::FalseSchema) => {
            one.place == rule.place
                && one.field.parent().as_ref() == Some(&rule.field)
                && rule.facet == Facet::Keyword(Keyword::PrefixItems)
        }
        [one] => one == rule,
        _ => false,
    };
    let most = match rule.facet {
        Facet::Keyword(Keyword::PrefixItems) => MOST_OF_FIRST,
        _ => MOST,
    };
    for (label, candidate) in tried {
        match local.class(Some(&candidate)) {
            // What is of some kind after all was made for something else.
            Validity::Valid if is_union(rule.facet) => {}
            Validity::Valid if found.accepted.len() < most => {
                let case = local.case(Some(candidate), label, Expectation::Success);
                found.accepted.push(case);
            }
            Validity::Invalid(broken) if found.rejected.len() < most && is_it(&broken) => {
                let name = broken.first().and_then(|one| one.field.last_name());
                // What stands for a value of the documented kind is met as it is of a field.
                let expectation = match (&entry, name) {
                    (Some(entry), Some(name)) => {
                        refusal(entry.node, candidate.get(name), rule.facet)
                    }
                    _ => Expectation::Refusal,
                };
                found
                    .rejected
                    .push(local.case(Some(candidate), label, expectation));
            }
            Validity::Valid | Validity::Invalid(_) | Validity::Unspecified(_) => {}
        }
    }
    found
}

/// A map with values that break a rule of its values. Whether a name is taken that nobody shows is
/// not known, so none is expected to be.
fn of_entry(slot: &Slot<'_>, entry: &Slot<'_>, facet: Facet, value: &Value) -> Vec<Labelled> {
    let Value::Object(map) = value else {
        return Vec::new();
    };
    let names = slot.node.get("propertyNames");
    let named = names.map(|names| sample(slot.schema, names, 0));
    let named = named.and_then(|name| name.as_str().map(str::to_owned));
    let known = map.keys().next().cloned();
    let name = known.or(named).unwrap_or_else(|| "docproof".to_owned());
    let broken = violate::violations(entry, facet, None).into_iter();
    broken
        .map(|(label, value)| (format!("`{name}`: {label}"), with(map, &name, value)))
        .collect()
}

/// The values of a map, as a field of its own.
fn entry_slot<'o>(slot: &Slot<'o>, rule: &Rule) -> Option<Slot<'o>> {
    let field = slot.schema.field(&rule.field)?;
    Some(Slot {
        field: rule.field.clone(),
        node: slot.schema.follow(field.node),
        required: false,
        facts: field.facts,
        ..slot.clone()
    })
}

/// Values for both sides of a keyword, made from one.
fn candidates(slot: &Slot<'_>, keyword: Keyword, value: &Value) -> Vec<Labelled> {
    let place = Place::of(slot.schema, slot.node);
    let mut found = Vec::new();
    for holder in holders(slot.schema, slot.node, keyword, 0) {
        let Some(stated) = holder.get(keyword.as_str()) else {
            continue;
        };
        found.extend(match (keyword, value) {
            (Keyword::Not, value) => {
                let denied = fitting(place, stated, value);
                let kept = [("nothing that `not` rules out".to_owned(), value.clone())];
                told("what `not` rules out", denied)
                    .chain(kept)
                    .collect::<Vec<Labelled>>()
            }
            (Keyword::If, value) => of_condition(place, holder, value),
            (Keyword::OneOf | Keyword::AnyOf, value) => of_none(slot, stated)
                .into_iter()
                .chain(of_either(slot, stated, value))
                .collect(),
            (Keyword::DependentRequired, Value::Object(map)) => of_needed(place, stated, map),
            (Keyword::DependentSchemas, Value::Object(map)) => of_schemas(place, stated, map),
            (Keyword::PrefixItems, Value::Array(items)) => of_first(place, holder, items),
            (
                Keyword::Contains | Keyword::MinContains | Keyword::MaxContains,
                Value::Array(items),
            ) => of_held(place, holder, items),
            (Keyword::PropertyNames, Value::Object(map)) => of_names(slot, stated, map),
            (Keyword::PatternProperties, Value::Object(map)) => of_patterns(slot, stated, map),
            (Keyword::MinProperties, Value::Object(map)) => too_few(slot, map),
            (Keyword::MaxProperties, Value::Object(map)) => too_many(slot, map),
            (Keyword::AdditionalProperties, Value::Object(map)) => {
                let label = "a field more than the documented ones";
                let patterns = holder.get("patternProperties").and_then(Value::as_object);
                // Of the kind that named fields have: any other might be refused for that.
                let alike = patterns.into_iter().flatten().map(|(_, node)| node);
                let alike = alike.map(|node| sample(slot.schema, node, 0));
                let more = alike.take(1).chain([Value::from("docproof")]);
                told(label, more.map(|value| with(map, UNKNOWN, value)).collect()).collect()
            }
            _ => Vec::new(),
        });
    }
    found
}

/// What a node says, and what is joined to it, where it has a keyword.
fn holders<'s>(
    schema: &'s Schema,
    node: &'s Value,
    keyword: Keyword,
    depth: usize,
) -> Vec<&'s Value> {
    const DEPTH: usize = 4;
    let word = match keyword {
        Keyword::MinContains | Keyword::MaxContains => "contains",
        other => other.as_str(),
    };
    let mut found: Vec<&Value> = Some(node)
        .filter(|node| node.get(word).is_some())
        .into_iter()
        .collect();
    let joined = node.get("allOf").and_then(Value::as_array);
    for branch in joined.into_iter().flatten().filter(|_| depth < DEPTH) {
        found.extend(holders(schema, schema.follow(branch), keyword, depth + 1));
    }
    found
}

fn told(label: &str, values: Vec<Value>) -> impl Iterator<Item = Labelled> {
    let label = label.to_owned();
    values.into_iter().map(move |value| (label.clone(), value))
}

fn with(map: &Map<String, Value>, name: &str, value: Value) -> Value {
    let mut map = map.clone();
    map.insert(name.to_owned(), value);
    Value::Object(map)
}

/// Whether a facet lists the kinds of which a value is one.
fn is_union(facet: Facet) -> bool {
    matches!(facet, Facet::Keyword(Keyword::OneOf | Keyword::AnyOf))
}

/// Values that are of none of several kinds: each kind that takes no other fields with one, and a text
/// where no kind is one.
fn of_none(slot: &Slot<'_>, kinds: &Value) -> Vec<Labelled> {
    let kinds = kinds.as_array().into_iter().flatten();
    let mut found: Vec<Labelled> = Vec::new();
    for (index, kind) in kinds.enumerate() {
        let kind = slot.schema.follow(kind);
        let value = sample(slot.schema, kind, 0);
        if let Value::Object(map) = &value {
            let label = format!(
                "kind {} with a field more than the documented ones",
                index + 1
            );
            found.push((label, with(map, UNKNOWN, Value::from("docproof"))));
        }
    }
    found.push(("a text that is of no kind".to_owned(), Value::from(UNKNOWN)));
    found
}

/// Both ways of a condition, each kept and broken.
fn of_condition(place: Place<'_>, rule: &Value, value: &Value) -> Vec<Labelled> {
    let Some(condition) = rule.get("if") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (word, is_met) in [("then", true), ("else", false)] {
        let Some(asked) = rule.get(word) else {
            continue;
        };
        let state = if is_met { "holds" } else { "does not hold" };
        let cases = if is_met {
            fitting(place, condition, value)
        } else {
            unfitting(place, condition, value)
        };
        for case in cases.into_iter().take(MOST) {
            let kept = fitting(place, asked, &case);
            found.extend(told(&format!("`if` {state}, and `{word}` with it"), kept));
            let broken = unfitting(place, asked, &case);
            found.extend(told(&format!("`if` {state}, and not its `{word}`"), broken));
        }
    }
    found
}

/// The first items as documented, and each of another kind.
fn of_first(place: Place<'_>, node: &Value, items: &[Value]) -> Vec<Labelled> {
    let first = node.get("prefixItems").and_then(Value::as_array);
    let first = first.map(Vec::as_slice).unwrap_or_default();
    let mut whole = items.to_vec();
    for schema in first.iter().skip(whole.len()) {
        whole.push(sample(place.schema, schema, 0));
    }
    let mut found = vec![("each item of its kind".to_owned(), json!(whole))];
    for (index, (schema, item)) in first.iter().zip(&whole).enumerate() {
        let of_item = Place::of(place.schema, schema);
        let others = unfitting(of_item, schema, item);
        let others = others.into_iter().take(MOST_OF_ONE);
        let label = format!("item {} with a value that it does not take", index + 1);
        found.extend(others.map(|other| (label.clone(), with_item(&whole, index, other))));
    }
    if let (Some(Value::Bool(false)), Some(last)) = (node.get("items"), whole.last().cloned()) {
        let label = "an item more than the documented ones".to_owned();
        whole.push(last);
        found.push((label, json!(whole)));
    }
    found
}

/// Lists with as many of what they contain as there have to be, with fewer and with more.
fn of_held(place: Place<'_>, node: &Value, items: &[Value]) -> Vec<Labelled> {
    const MOST_HELD: usize = 100;
    let Some(held) = node.get("contains") else {
        return Vec::new();
    };
    let count = |word: &str| {
        let count = node.get(word).and_then(Value::as_u64)?;
        usize::try_from(count)
            .ok()
            .filter(|count| *count < MOST_HELD)
    };
    let least = count("minContains").unwrap_or(1);
    let Some(Value::Array(none)) = without(place, held, items) else {
        return Vec::new();
    };
    let own = items
        .first()
        .cloned()
        .unwrap_or_else(|| place.sample_of("0", None));
    let fits = fitting(Place::of(place.schema, held), held, &own);
    let of = |wanted: usize| {
        let made = (0..wanted).map(|turn| {
            let fit = fits.get(turn % fits.len().max(1))?;
            let other = sample(place.schema, held, turn);
            Some(if turn < fits.len() {
                fit.clone()
            } else {
                other
            })
        });
        let made = made.collect::<Option<Vec<Value>>>()?;
        let rest = none.iter().skip(wanted).cloned();
        Some(Value::Array(made.into_iter().chain(rest).collect()))
    };
    let label = |count: usize| format!("{count} items of what it contains");
    let mut counts = vec![least];
    counts.extend(least.checked_sub(1));
    counts.extend(
        count("maxContains")
            .into_iter()
            .flat_map(|most| [most, most + 1]),
    );
    counts
        .into_iter()
        .filter_map(|count| Some((label(count), of(count)?)))
        .collect()
}
