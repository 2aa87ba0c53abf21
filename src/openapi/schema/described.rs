//! What descriptions say of values beyond their schema: the same sentences as in pages.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::write::whole;
use super::{Side, add_facts};
use crate::contract::{ANNOTATION, Facet, Fact, Level, Location, Meaning};
use crate::derive::said;
use crate::openapi::spot::Spot;

/// What descriptions were read as: documents say the same of many fields and parameters.
#[derive(Debug, Default)]
pub(in crate::openapi) struct Readings<'l> {
    fields: HashMap<(&'l str, String, bool), Vec<Meaning>>,
    parameters: HashMap<(String, &'l str, String, Location, bool), Vec<Meaning>>,
}

/// Words by which a schema restricts which values there are.
const FORM: [&str; 4] = ["enum", "const", "pattern", "default"];

/// The first type of a schema but null.
fn kind(schema: &Value) -> &str {
    let is_null = |kind: &&str| *kind == "null";
    match &schema["type"] {
        Value::String(one) => one.as_str(),
        Value::Array(many) => {
            let mut kinds = many.iter().filter_map(Value::as_str);
            kinds.find(|kind| !is_null(kind)).unwrap_or_default()
        }
        _ if schema.get("items").is_some() => "array",
        _ => "",
    }
}

/// Whether a schema restricts which values there are.
fn has_form(schema: &Value) -> bool {
    FORM.iter().any(|word| schema.get(word).is_some())
}

/// The description of the first spot that has one.
fn description<'l>(spots: &[Spot<'l>]) -> Option<(Spot<'l>, &'l str)> {
    spots.iter().find_map(|spot| {
        let at = spot.get("description")?;
        let text = at.value.as_str()?;
        Some((at, text))
    })
}

/// That what a request says of a field is left aside, as a fact: where its description says so, else
/// as the word `readOnly` has it, but for the id, which a request may well name.
pub(super) fn ignored<'l>(
    name: &str,
    spots: &[Spot<'l>],
    schema: &Value,
    kept: &Spot<'l>,
) -> Option<Fact> {
    let described = description(spots);
    let said = described
        .filter(|(_, text)| said::of_field(text, kind(schema), true).contains(&Meaning::Ignored));
    if let Some((at, _)) = said {
        return Some(stated(&at, Meaning::Ignored));
    }
    let is_told = matches!(kind(schema), "string" | "integer" | "number");
    (is_told && !said::is_reference(name) && name != "id")
        .then(|| kept.fact(Facet::Meaning(Meaning::Ignored), Level::Should))
}

/// That a request to one thing makes what is not there, where its description says so, as a fact.
pub(in crate::openapi) fn creates(operation: &Spot<'_>, path: &str) -> Option<Fact> {
    let method = operation.key().to_uppercase();
    let creates = |text: &str| said::creates(&method, path, text).then_some(());
    let (at, ()) = said_of(operation, creates)?;
    Some(stated(&at, Meaning::Creates))
}

/// That a list has some of the things alone, where its description says so, as a fact.
pub(in crate::openapi) fn lists_some(operation: &Spot<'_>) -> Option<Fact> {
    let method = operation.key().to_uppercase();
    let (at, ()) = said_of(operation, |text| {
        said::lists_some(&method, text).then_some(())
    })?;
    Some(stated(&at, Meaning::SomeAlone))
}

/// That an operation serves only where its service is set up for it, where its description says so, as
/// a fact.
pub(in crate::openapi) fn where_set_up(operation: &Spot<'_>) -> Option<Fact> {
    let says = |text: &str| said::serves_where_set_up(text).then_some(());
    let (at, ()) = said_of(operation, says)?;
    Some(stated(&at, Meaning::WhereSetUp))
}

/// That what an operation does is done once, where the description of its 409 says that it was done
/// already, as a fact. `answer` is that 409, its reference followed.
pub(in crate::openapi) fn not_again(operation: &Spot<'_>, answer: &Spot<'_>) -> Option<Fact> {
    let at = answer.get("description")?;
    let is_said = operation.key() == "post" && said::done_already(at.value.as_str()?);
    is_said.then(|| stated(&at, Meaning::NotAgain))
}

/// That a change is answered with what was there before it, where its description or that of a
/// success says so, as a fact.
pub(in crate::openapi) fn answers_before(operation: &Spot<'_>) -> Option<Fact> {
    let method = operation.key().to_uppercase();
    let says = |text: &str| said::answers_before(&method, text).then_some(());
    if let Some((at, ())) = said_of(operation, says) {
        return Some(stated(&at, Meaning::Before));
    }
    let answers = operation.get("responses")?;
    let mut successes = answers
        .members()
        .filter(|answer| answer.key().starts_with('2'));
    successes.find_map(|answer| {
        let at = answer.get("description")?;
        says(at.value.as_str()?)?;
        Some(stated(&at, Meaning::Before))
    })
}

/// Whether the description of a field ties whether it is there to others.
pub(super) fn depends_on_others(spots: &[Spot<'_>]) -> bool {
    description(spots).is_some_and(|(_, text)| said::depends_on_others(text))
}

/// That a delete takes away what belongs to what is deleted, where its description says so, as a fact.
pub(in crate::openapi) fn cascades(operation: &Spot<'_>) -> Option<Fact> {
    let method = operation.key().to_uppercase();
    let says = |text: &str| said::cascades(&method, text).then_some(());
    let (at, ()) = said_of(operation, says)?;
    Some(stated(&at, Meaning::Cascades))
}

/// That a change makes another thing, where its description says so, as a fact.
pub(in crate::openapi) fn makes_anew(operation: &Spot<'_>) -> Option<Fact> {
    let method = operation.key().to_uppercase();
    let says = |text: &str| said::makes_anew(&method, text).then_some(());
    let (at, ()) = said_of(operation, says)?;
    Some(stated(&at, Meaning::Anew))
}

fn stated(spot: &Spot<'_>, meaning: Meaning) -> Fact {
    spot.fact(Facet::Meaning(meaning), Level::Must)
}

/// Adds to the schema of a field what its description says of it.
pub(super) fn describe<'l>(
    readings: &mut Readings<'l>,
    name: &str,
    spots: &[Spot<'l>],
    side: Side,
    is_required: bool,
    schema: &mut Value,
) {
    let is_sent = match side {
        Side::Request => true,
        Side::Response => false,
        Side::Parameter => return,
    };
    let mut facts = Vec::new();
    if let Some((at, text)) = description(spots) {
        let is_listed = has_form(schema);
        let key = (text, kind(schema).to_owned(), is_sent);
        let known = readings.fields.entry(key);
        let said = known.or_insert_with(|| said::of_field(text, kind(schema), is_sent));
        let said = said.iter().copied().filter(|meaning| match meaning {
            // Whoever lists the values takes none of them from an answer.
            Meaning::Opaque => !is_listed && !is_required,
            // What has to be sent is not the service's to set.
            Meaning::ReadOnly | Meaning::Ignored => !is_required,
            _ => true,
        });
        facts.extend(said.map(|meaning| stated(&at, meaning)));
        let conditional = Facet::Meaning(Meaning::Conditional);
        let is_tied = is_sent && !is_required && said::depends_on_others(text);
        if is_tied && !facts.iter().any(|fact: &Fact| fact.facet == conditional) {
            facts.push(stated(&at, Meaning::Conditional));
        }
    }
    let opaque = Facet::Meaning(Meaning::Opaque);
    let is_told = facts.iter().any(|fact: &Fact| fact.facet == opaque);
    let is_id = matches!(kind(schema), "string" | "integer") && said::is_reference(name);
    if is_sent && !is_required && is_id && !has_form(schema) && !is_told {
        facts.extend(spots.first().map(|spot| stated(spot, Meaning::Opaque)));
    }
    let read_only = Facet::Meaning(Meaning::ReadOnly);
    if facts.iter().any(|fact| fact.facet == read_only)
        && let Value::Object(map) = schema
    {
        map.insert("readOnly".to_owned(), Value::Bool(true));
    }
    add_facts(schema, facts, false);
    if is_sent && let Some((at, text)) = description(spots) {
        bend(schema, &at, text);
    }
}

/// Takes from a schema the limits beyond which its description allows values, or takes them for the
/// limit: what is refused there nobody knows.
fn bend(schema: &mut Value, at: &Spot<'_>, text: &str) {
    let Some(bent) = said::bent(text, kind(schema), schema) else {
        return;
    };
    let Value::Object(map) = schema else { return };
    for (word, limit) in &bent.limits {
        match limit {
            Some(limit) => {
                map.insert((*word).to_owned(), whole(json!(limit)));
            }
            None => {
                map.shift_remove(*word);
            }
        }
    }
    let gone = |fact: &Value| {
        let mut gone = bent.limits.iter().filter(|(_, limit)| limit.is_none());
        gone.any(|(word, _)| fact["facet"] == *word)
    };
    let facts = map
        .get_mut(ANNOTATION)
        .and_then(|own| own["facts"].as_array_mut());
    for fact in facts.into_iter().flatten() {
        let is_gone = gone(fact);
        if is_gone || bent.doubted.iter().any(|word| fact["facet"] == **word) {
            fact["level"] = json!(Level::May);
        }
        if is_gone {
            fact["facet"] = json!(Facet::Prose);
        }
    }
    let level = if bent.restricts {
        Level::Must
    } else {
        Level::May
    };
    add_facts(schema, vec![at.fact(Facet::Prose, level)], false);
}

/// Adds to the schema of a parameter what its description and its name say of it.
pub(in crate::openapi) fn describe_parameter<'l>(
    readings: &mut Readings<'l>,
    name: &str,
    location: Location,
    spot: &Spot<'l>,
    schema: &mut Value,
) {
    let described = description(std::slice::from_ref(spot));
    let text = described.as_ref().map_or("", |(_, text)| *text);
    let is_formed = has_form(schema) || schema.get("format").is_some();
    let key = (
        name.to_owned(),
        text,
        kind(schema).to_owned(),
        location,
        is_formed,
    );
    let known = readings.parameters.entry(key);
    let said =
        known.or_insert_with(|| said::of_parameter(name, location, text, kind(schema), is_formed));
    let at = described.as_ref().map_or(spot, |(at, _)| at);
    let facts = said.iter().map(|meaning| stated(at, *meaning));
    add_facts(schema, facts.collect(), false);
    bend(schema, at, text);
}

/// What the description or the summary of an operation says, and where.
fn said_of<'l, T>(operation: &Spot<'l>, read: impl Fn(&str) -> Option<T>) -> Option<(Spot<'l>, T)> {
    ["description", "summary"].into_iter().find_map(|word| {
        let at = operation.get(word)?;
        let said = read(at.value.as_str()?)?;
        Some((at, said))
    })
}

/// The order of a list as a description says it.
pub(in crate::openapi) struct Order {
    fact: Fact,
    /// The field of an item that it is about; without one it is in time.
    pub(in crate::openapi) field: Option<String>,
}

/// The order of the list that an operation answers, where its description says so, or that of the
/// answer.
pub(in crate::openapi) fn order(operation: &Spot<'_>, answer: &Spot<'_>) -> Option<Order> {
    if operation.key() != "get" {
        return None;
    }
    let is_chosen = [operation, answer]
        .into_iter()
        .any(|place| said_of(place, |text| CHOSEN.is_match(text).then_some(())).is_some());
    order_of(operation, is_chosen).or_else(|| order_of(answer, is_chosen))
}

/// The order that one place tells. A list that a parameter sorts is in more than one order.
fn order_of(place: &Spot<'_>, is_chosen: bool) -> Option<Order> {
    if let Some((at, meaning)) = said_of(place, said::of_list) {
        let fact = stated(&at, meaning);
        return Some(Order { fact, field: None });
    }
    let sorted = |text: &str| said::sorted_by(text).filter(|_| !is_chosen);
    let (at, (name, is_descending)) = said_of(place, sorted)?;
    let meaning = if is_descending {
        Meaning::Descending
    } else {
        Meaning::Ascending
    };
    Some(Order {
        fact: stated(&at, meaning),
        field: Some(name),
    })
}

phrases! {
    Orders:

    /// An order that the caller chooses.
    static CHOSEN;
}

/// What becomes of the fields that a change leaves out, where its description says so, as a fact.
pub(in crate::openapi) fn left_out(operation: &Spot<'_>) -> Option<Fact> {
    let method = operation.key().to_uppercase();
    let (at, meaning) = said_of(operation, |text| said::of_change(&method, text))?;
    Some(stated(&at, meaning))
}

/// The fields that alone can be changed, where the description of a change says so, and where.
pub(in crate::openapi) fn alone<'l>(operation: &Spot<'l>) -> Option<(Spot<'l>, Vec<String>)> {
    let method = operation.key().to_uppercase();
    said_of(operation, |text| said::alone_changed(&method, text))
}

/// Where an operation says that nothing serves it.
pub(in crate::openapi) fn unserved<'l>(operation: &Spot<'l>) -> Option<Spot<'l>> {
    let (at, ()) = said_of(operation, |text| said::is_unserved(text).then_some(()))?;
    Some(at)
}

/// Marks the fields of a change that are not among those that alone can be changed.
pub(in crate::openapi) fn add_alone(schema: &mut Value, at: &Spot<'_>, alone: &[String]) {
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, field) in fields.into_iter().flatten() {
        if !alone.contains(name) {
            add_facts(field, vec![stated(at, Meaning::ReadOnly)], false);
        }
    }
}

/// That a delete may be repeated, where its description says so, as a fact.
pub(in crate::openapi) fn repeatable(operation: &Spot<'_>) -> Option<Fact> {
    let (at, level) = said_of(operation, said::of_delete)?;
    let meaning = Facet::Meaning(Meaning::Repeatable);
    (operation.key() == "delete").then(|| at.fact(meaning, level))
}

/// The first list of an answer.
pub(super) fn list_of(schema: &mut Value) -> Option<&mut Value> {
    if kind(schema) == "array" {
        return Some(schema);
    }
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    let mut fields = fields.into_iter().flat_map(serde_json::Map::values_mut);
    fields.find(|field| kind(field) == "array")
}

/// Adds a fact about the order of a list to the first list of an answer, or to the field of its
/// items that it is about.
pub(in crate::openapi) fn add_order(schema: &mut Value, order: &Order) {
    let facts = vec![order.fact.clone()];
    let Some(list) = list_of(schema) else { return };
    let Some(name) = &order.field else {
        add_facts(list, facts, false);
        return;
    };
    let field = list
        .get_mut("items")
        .and_then(|items| items.get_mut("properties"))
        .and_then(|fields| fields.get_mut(name));
    if let Some(field) = field {
        add_facts(field, facts, false);
    }
}

/// Adds a fact about what becomes of fields that are left out to those of which nothing is said.
pub(in crate::openapi) fn add_left_out(schema: &mut Value, fact: &Fact) {
    let required = schema["required"].clone();
    let is_required = |name: &str| {
        let mut all = required.as_array().into_iter().flatten();
        all.any(|one| one == name)
    };
    let is_told = |field: &Value| {
        let words = [Meaning::Kept, Meaning::Reset].map(|meaning| json!(Facet::Meaning(meaning)));
        let facts = field["x-docproof"]["facts"].as_array();
        let mut facts = facts.into_iter().flatten();
        facts.any(|fact| words.contains(&fact["facet"]))
    };
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, field) in fields.into_iter().flatten() {
        if !is_required(name) && !is_told(field) {
            add_facts(field, vec![fact.clone()], false);
        }
    }
}
