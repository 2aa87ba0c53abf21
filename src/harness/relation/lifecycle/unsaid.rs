//! What a read shows of what a create did not say: the documented default of a field that it left
//! out, or null where a row says so. And what it must not show: a value that the answer of the create
//! alone shows, or that none does.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{Facet, Fact, FieldPath, Meaning, Operation, Place, Schema};
use crate::exchange::Exchange;
use crate::generate::{Validity, classify, is_in_words, is_opaque};

use super::super::none;
use super::record::{is_same, mirrored, value_at};
use super::{Life, Made, Outcome, Seen};

/// The most fields that are left out.
const MOST: usize = 6;

/// The shortest text that is told from others: shorter ones may stand anywhere.
const SHORTEST: usize = 6;

/// The fields of a create whose documented default a read shows.
pub(in crate::harness) fn unsaid(create: &Operation, show: &Operation) -> Vec<FieldPath> {
    let all = defaults(create, show).into_iter();
    all.map(|own| own.field).collect()
}

/// A field of a create with its documented default, and where a read shows it.
struct Default {
    field: FieldPath,
    shown: FieldPath,
    value: Value,
}

/// The fields with a documented default that a read shows and the create's own answer does not.
fn defaults(create: &Operation, show: &Operation) -> Vec<Default> {
    let (Some(body), Some(shown)) = (&create.request_body, show.answer()) else {
        return Vec::new();
    };
    if create.method != "POST" {
        return Vec::new();
    }
    let told = create
        .answer()
        .map_or_else(Vec::new, |own| mirrored(&body.schema, own));
    let is_told = |field: &FieldPath| told.iter().any(|own| own.sent == *field);
    let all = mirrored(&body.schema, shown).into_iter();
    all.filter_map(|own| {
        let known = body.schema.field(&own.sent)?;
        let value = known.node.get(Facet::Default.as_str())?.clone();
        let is_plain = !known.required && !is_in_words(known.facts) && !is_opaque(known.facts);
        (is_plain && !value.is_null() && !is_told(&own.sent)).then_some(Default {
            field: own.sent,
            shown: own.shown,
            value,
        })
    })
    .take(MOST)
    .collect()
}

/// Holds what is shown of what a create left out: `made` is one that a read shows with `seen`.
pub(super) async fn hold(
    life: &Life<'_>,
    made: &Made,
    seen: &Seen,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let (_, create) = life.create()?;
    let show = life.operation(life.resource.show.ok_or("nothing shows one")?)?;
    let is_given = |field: &FieldPath| made.request.get(Place::Request, field).is_some();
    if let Some(shown) = show.answer() {
        for field in none::fields(create, shown) {
            if is_given(&field) {
                continue;
            }
            if let Some(message) = none::wrong(&seen.body, &field) {
                let field = field.to_string();
                life.broken(outcome, &seen.exchange, Breach::NotNull { field }, message);
                return Ok(());
            }
        }
    }
    for default in defaults(create, show) {
        let now = value_at(&seen.body, &default.shown);
        if is_given(&default.field) || now.is_some_and(|now| is_same(&default.value, now)) {
            continue;
        }
        let now = match now {
            Some(now) => now.to_string(),
            None => format!("no `{}`", default.shown),
        };
        if !is_shown_as_sent(life, made, &default).await {
            continue;
        }
        let (field, value) = (default.field.to_string(), &default.value);
        let message = format!(
            "created without `{field}`, documented default {value}, and {} shows {now}",
            show.id
        );
        let breach = Breach::DefaultNotApplied { field };
        life.broken(outcome, &seen.exchange, breach, message);
        return Ok(());
    }
    Ok(())
}

/// Whether the default is shown as it is documented where a create says it: what stands for something
/// else is shown as that.
async fn is_shown_as_sent(life: &Life<'_>, made: &Made, default: &Default) -> bool {
    let mut request = made.request.clone();
    request.set(Place::Request, &default.field, Some(default.value.clone()));
    let Ok((_, create)) = life.create() else {
        return false;
    };
    life.law.context.rename(create, &mut request);
    if classify(create, &request) != Validity::Valid {
        return false;
    }
    let Ok(other) = life.make(&request).await else {
        return false;
    };
    let Ok(Some(seen)) = life.shown_new(&other.id).await else {
        return false;
    };
    let told = value_at(&seen.body, &default.shown);
    told.is_some_and(|told| is_same(&default.value, told))
}

/// What of a new one no other answer shows: what the create's answer alone shows, and what none does;
/// each with its name.
fn secrets(create: &Operation, made: &Made) -> Vec<(FieldPath, Value)> {
    let states = |facts: &[Fact], meaning| {
        let stated = Facet::Meaning(meaning);
        facts.iter().any(|fact| fact.facet == stated)
    };
    let of = |schema: &Schema, meaning: Meaning| -> Vec<FieldPath> {
        let fields = schema.fields();
        let fields = fields.filter(|own| !own.path.has_item() && !own.path.has_entry());
        fields
            .filter(|own| states(own.facts, meaning))
            .map(|own| own.path.clone())
            .collect()
    };
    let answered = create.answer().map_or_else(Vec::new, |answer| {
        let once = of(answer, Meaning::ShownOnce).into_iter();
        once.filter_map(|path| Some((path.clone(), value_at(&made.seen.body, &path)?.clone())))
            .collect()
    });
    let sent = create.request_body.as_ref().map_or_else(Vec::new, |body| {
        let hidden = of(&body.schema, Meaning::Hidden).into_iter();
        hidden
            .filter_map(|path| Some((path.clone(), made.request.get(Place::Request, &path)?)))
            .collect()
    });
    let all: Vec<(FieldPath, Value)> = [answered, sent].concat();
    let is_telling = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        text.chars().count() >= SHORTEST
    };
    all.into_iter().filter(|own| is_telling(&own.1)).collect()
}

/// Whether a body has a text under a name, anywhere.
fn has(body: &Value, name: &str, text: &Value) -> bool {
    match body {
        Value::Object(map) => map
            .iter()
            .any(|(own, value)| own == name && value == text || has(value, name, text)),
        Value::Array(items) => items.iter().any(|item| has(item, name, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Holds an answer that came after the create to show none of what it must not show.
pub(super) fn shows_no_secret(
    life: &Life<'_>,
    made: &Made,
    (body, exchange): (&Value, &Exchange),
    outcome: &mut Outcome,
) -> Result<(), String> {
    let (_, create) = life.create()?;
    for (path, value) in secrets(create, made) {
        let name = path.last_name().unwrap_or_default();
        if has(body, name, &value) {
            let message =
                format!("`{path}` of what was created is shown again, which the page rules out");
            let field = path.to_string();
            life.broken(outcome, exchange, Breach::ShownAgain { field }, message);
            return Ok(());
        }
    }
    Ok(())
}
