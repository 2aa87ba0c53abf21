//! Rules of a value as a whole, such as `not`, `if`, `dependentRequired` and `contains`: values that
//! break one and nothing else, and values that keep it where it asks for something. Candidates come
//! from the keyword; which side each is on, the class of the request says.

use serde_json::{Map, Value, json};

use crate::contract::{Facet, Keyword, Operation, Place as Where, Rule, Schema, Step};

use super::case::{Expectation, PlannedCase};
use super::convention::refusal;
use super::local::Base;
use super::oracle::Validity;
use super::sample::{sample, size};
use super::slot::{Labelled, Slot, slot};
use super::text::text_of_length;
use super::violate;

mod fit;

use self::fit::{Place, fitting, unfitting, with_item, without};

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
        [one] => one == rule,
        _ => false,
    };
    for (label, candidate) in tried {
        match local.class(Some(&candidate)) {
            // What is of some kind after all was made for something else.
            Validity::Valid if is_union(rule.facet) => {}
            Validity::Valid if found.accepted.len() < MOST => {
                let case = local.case(Some(candidate), label, Expectation::Success);
                found.accepted.push(case);
            }
            Validity::Invalid(broken) if found.rejected.len() < MOST && is_it(&broken) => {
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
            (Keyword::OneOf | Keyword::AnyOf, _) => of_none(slot, stated),
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
                let label = "a field more than the documented ones".to_owned();
                vec![(label, with(map, UNKNOWN, Value::from("docproof")))]
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

/// A field with and without those that it needs.
fn of_needed(place: Place<'_>, stated: &Value, map: &Map<String, Value>) -> Vec<Labelled> {
    let mut found = Vec::new();
    for (name, needed) in stated.as_object().into_iter().flatten() {
        let needed: Vec<&str> = needed
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut whole = map.clone();
        for name in needed.iter().copied().chain([name.as_str()]) {
            if !whole.contains_key(name) {
                whole.insert(name.to_owned(), place.sample_of(name, None));
            }
        }
        for other in &needed {
            let mut cut = whole.clone();
            cut.shift_remove(*other);
            found.push((format!("`{name}` without `{other}`"), Value::Object(cut)));
        }
        found.push((
            format!("`{name}` with all that it needs"),
            Value::Object(whole),
        ));
    }
    found
}

/// A field with what it asks of the object, and without.
fn of_schemas(place: Place<'_>, stated: &Value, map: &Map<String, Value>) -> Vec<Labelled> {
    let mut found = Vec::new();
    for (name, asked) in stated.as_object().into_iter().flatten() {
        let whole = match map.get(name) {
            Some(_) => Value::Object(map.clone()),
            None => with(map, name, place.sample_of(name, None)),
        };
        let kept = fitting(place, asked, &whole);
        found.extend(told(&format!("`{name}` with what it asks for"), kept));
        let broken = unfitting(place, asked, &whole);
        found.extend(told(&format!("`{name}` without what it asks for"), broken));
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
        let others = unfitting(of_item, schema, item).into_iter().take(2);
        let label = format!("item {} of another kind", index + 1);
        found.extend(others.map(|other| (label.clone(), with_item(&whole, index, other))));
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

/// Objects with a name as it may be, and with one as it may not.
fn of_names(slot: &Slot<'_>, names: &Value, map: &Map<String, Value>) -> Vec<Labelled> {
    let text = json!({ "type": "string" });
    let place = Place::of(slot.schema, &text);
    let own = map
        .keys()
        .next()
        .cloned()
        .unwrap_or_else(|| "docproof".to_owned());
    let own = Value::from(own);
    let entry = entry_of(slot);
    let bad = unfitting(place, names, &own);
    let good = fitting(place, names, &own);
    // What is put there beside the fields of the object, or in place of all of them.
    let of = |label: &str, values: Vec<Value>| {
        let names: Vec<String> = values
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        let label = label.to_owned();
        let entry = entry.clone();
        let map = map.clone();
        names.into_iter().take(MOST).map(move |name| {
            (
                format!("{label}: `{name}`"),
                with(&map, &name, entry.clone()),
            )
        })
    };
    of("a name that no field may have", bad)
        .chain(of("a name that a field may have", good))
        .collect()
}

/// A plain value of a field without a name of its own.
fn entry_of(slot: &Slot<'_>) -> Value {
    let others = slot.node.get("additionalProperties");
    let anything = json!({ "type": "string" });
    let node = others.filter(|node| node.is_object()).unwrap_or(&anything);
    sample(slot.schema, node, 0)
}

/// Objects with a field of a documented pattern, of its kind and of another.
fn of_patterns(slot: &Slot<'_>, stated: &Value, map: &Map<String, Value>) -> Vec<Labelled> {
    let mut found = Vec::new();
    for (pattern, node) in stated.as_object().into_iter().flatten() {
        let named = (1..=32).find_map(|length| text_of_length(Some(pattern), length, 0));
        let Some(name) = named else { continue };
        let own = sample(slot.schema, node, 0);
        let others = unfitting(Place::of(slot.schema, node), node, &own);
        let label = format!("`{name}` of another kind than `{pattern}` says");
        found.extend(
            others
                .into_iter()
                .map(|other| (label.clone(), with(map, &name, other))),
        );
        found.push((
            format!("`{name}`, as `{pattern}` says"),
            with(map, &name, own),
        ));
    }
    found
}

/// An object with as few fields as it may have, and with one less.
fn too_few(slot: &Slot<'_>, map: &Map<String, Value>) -> Vec<Labelled> {
    let Some(least) = count_of(slot, Keyword::MinProperties) else {
        return Vec::new();
    };
    let required = slot.node.get("required").and_then(Value::as_array);
    let is_required =
        |name: &String| required.is_some_and(|all| all.iter().any(|one| *one == **name));
    // What must be there stays as long as there is something else to leave out.
    let mut kept: Vec<(&String, &Value)> = map.iter().collect();
    kept.sort_by_key(|(name, _)| !is_required(name));
    let of = |count: usize| {
        let few = kept.iter().take(count);
        let few = few.map(|(name, value)| ((*name).clone(), (*value).clone()));
        (format!("{count} fields"), Value::Object(few.collect()))
    };
    let mut found = vec![of(least)];
    found.extend(least.checked_sub(1).map(of));
    found
}

/// An object with as many fields as it may have, and with one more.
fn too_many(slot: &Slot<'_>, map: &Map<String, Value>) -> Vec<Labelled> {
    let Some(most) = count_of(slot, Keyword::MaxProperties) else {
        return Vec::new();
    };
    let properties = slot.node.get("properties").and_then(Value::as_object);
    let mut whole = map.clone();
    for (name, child) in properties.into_iter().flatten() {
        let is_kept_out = super::together::is_kept_out(child);
        if !is_kept_out && !whole.contains_key(name) {
            whole.insert(name.clone(), sample(slot.schema, child, 0));
        }
    }
    let entry = entry_of(slot);
    let names = slot.node.get("propertyNames");
    for number in 0..=most {
        let name = match names {
            Some(names) => sample(slot.schema, names, number)
                .as_str()
                .map(str::to_owned),
            None => Some(format!("key{}", number + 1)),
        };
        let Some(name) = name.filter(|_| whole.len() <= most) else {
            break;
        };
        whole.entry(name).or_insert_with(|| entry.clone());
    }
    let of = |count: usize| {
        let some = whole.iter().take(count);
        let some: Map<String, Value> = some
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        (some.len() == count).then(|| (format!("{count} fields"), Value::Object(some)))
    };
    of(most).into_iter().chain(of(most + 1)).collect()
}

fn count_of(slot: &Slot<'_>, keyword: Keyword) -> Option<usize> {
    size(slot.node, Facet::Keyword(keyword)).filter(|count| *count <= MOST_FIELDS)
}
