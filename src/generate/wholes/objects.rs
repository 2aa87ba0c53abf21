//! Objects that keep or break a rule of which fields they have: those that need each other, names,
//! patterns of names, and how many there are.

use serde_json::{Map, Value, json};

use super::super::sample::{sample, size};
use super::super::slot::{Labelled, Slot};
use super::super::text::text_of_length;
use super::fit::{Place, fitting, unfitting};
use super::{MOST, MOST_FIELDS, told, with};
use crate::contract::{Facet, Keyword};

/// An object with none of the fields of which kinds need one each, and with all of them.
pub(super) fn of_either(slot: &Slot<'_>, kinds: &Value, value: &Value) -> Vec<Labelled> {
    let Value::Object(map) = value else {
        return Vec::new();
    };
    let needed = |kind: &Value| -> Vec<String> {
        let own = slot.schema.follow(kind).get("required");
        let own = own.and_then(Value::as_array).into_iter().flatten();
        own.filter_map(|name| name.as_str().map(str::to_owned))
            .collect()
    };
    let kinds = kinds.as_array().into_iter().flatten();
    let asked: Vec<Vec<String>> = kinds.map(needed).collect();
    if asked.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let place = Place::of(slot.schema, slot.node);
    let (mut none, mut all) = (map.clone(), map.clone());
    for name in asked.iter().flatten() {
        none.shift_remove(name);
        let sampled = || place.sample_of(name, None);
        all.entry(name.clone()).or_insert_with(sampled);
    }
    let none_label = "none of the fields of which one is needed".to_owned();
    let all_label = "all of the fields of which one is needed".to_owned();
    vec![
        (none_label, Value::Object(none)),
        (all_label, Value::Object(all)),
    ]
}

/// A field with and without those that it needs.
pub(super) fn of_needed(
    place: Place<'_>,
    stated: &Value,
    map: &Map<String, Value>,
) -> Vec<Labelled> {
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
pub(super) fn of_schemas(
    place: Place<'_>,
    stated: &Value,
    map: &Map<String, Value>,
) -> Vec<Labelled> {
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

/// Objects with a name as it may be, and with one as it may not.
pub(super) fn of_names(slot: &Slot<'_>, names: &Value, map: &Map<String, Value>) -> Vec<Labelled> {
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
pub(super) fn entry_of(slot: &Slot<'_>) -> Value {
    let others = slot.node.get("additionalProperties");
    let anything = json!({ "type": "string" });
    let node = others.filter(|node| node.is_object()).unwrap_or(&anything);
    sample(slot.schema, node, 0)
}

/// Objects with a field of a documented pattern, of its kind and of another.
pub(super) fn of_patterns(
    slot: &Slot<'_>,
    stated: &Value,
    map: &Map<String, Value>,
) -> Vec<Labelled> {
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
pub(super) fn too_few(slot: &Slot<'_>, map: &Map<String, Value>) -> Vec<Labelled> {
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
pub(super) fn too_many(slot: &Slot<'_>, map: &Map<String, Value>) -> Vec<Labelled> {
    let Some(most) = count_of(slot, Keyword::MaxProperties) else {
        return Vec::new();
    };
    let properties = slot.node.get("properties").and_then(Value::as_object);
    let mut whole = map.clone();
    for (name, child) in properties.into_iter().flatten() {
        let is_kept_out = super::super::together::is_kept_out(child);
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

pub(super) fn count_of(slot: &Slot<'_>, keyword: Keyword) -> Option<usize> {
    size(slot.node, Facet::Keyword(keyword)).filter(|count| *count <= MOST_FIELDS)
}
