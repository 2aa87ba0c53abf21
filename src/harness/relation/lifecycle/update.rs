//! A change is shown, and changes nothing else.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{
    Facet, Field, FieldPath, Identity, Keyword, Operation, Place, Rule, Schema, is_secret,
    is_volatile, types_of, words,
};
use crate::generate::{
    Request, Validity, classify, is_in_words, is_opaque, plain_requests, sample,
};

use super::at_once;
use super::left_out::{stays, without_kept};
use super::moves::{self, Change};
use super::record::{Mirrored, is_kept_in, is_same, mirrored, steady, value_at};
use super::several::Several;
use super::{Life, Made, Outcome, Seen, same_one, text_of, times};

/// How many fields are changed, one at a time.
const MOST: usize = 6;

/// How many more are changed, all at once.
const MOST_AT_ONCE: usize = 24;

/// A field that is changed, where it is shown, and the value where one is known.
pub(super) type Varied<'f> = (&'f FieldPath, Option<&'f FieldPath>, Option<&'f Value>);

/// How many fields are given null or an empty list.
const MOST_CLEARED: usize = 4;

/// How many values of a field are tried until one is another than before.
const VARIETIES: usize = 12;

/// A valid value of a field of a request's body that is not the one that is shown now.
pub(in crate::harness::relation) fn other_value(
    operation: &Operation,
    field: &FieldPath,
    now: Option<&Value>,
) -> Option<Value> {
    let schema = &operation.request_body.as_ref()?.schema;
    let known = schema.field(field)?;
    if is_in_words(known.facts) {
        return None;
    }
    (0..VARIETIES)
        .map(|variety| sample(schema, known.node, variety))
        .find(|value| !value.is_null() && now.is_none_or(|now| !is_same(value, now)))
}

/// What a change can set of which nobody knows how it is shown, and with what: fields that words
/// restrict, with what the source shows of them, else with null where that is documented.
fn beside(operation: &Operation, fields: &[Mirrored]) -> Vec<(FieldPath, Value)> {
    let Some(body) = &operation.request_body else {
        return Vec::new();
    };
    let value = |field: &Field<'_>| {
        let mut examples = body.examples.iter();
        let shown = examples.find_map(|example| value_at(example, field.path).cloned());
        let null = types_of(field.node)
            .contains(&"null")
            .then_some(Value::Null);
        shown.or(null)
    };
    body.schema
        .fields()
        .filter(|field| !field.required && field.path.steps().len() == 1)
        .filter(|field| is_in_words(field.facts) && !is_opaque(field.facts))
        .filter(|field| !is_volatile(field.path) && !is_secret(field.path))
        .filter(|field| !fields.iter().any(|known| known.sent == *field.path))
        .filter_map(|field| Some((field.path.clone(), value(&field)?)))
        .collect()
}

/// A change of one field is shown, all else stays as it is, and so does another resource.
pub(super) async fn changes_this_alone(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let operation = life.law.operation;
    let index = life.law.context.sender.index_of(operation);
    let show = life.operation(life.resource.show.ok_or("nothing shows one")?)?;
    let (Some(body), Some(schema)) = (&operation.request_body, show.answer()) else {
        return Err("no documented answer shows the fields that it changes".to_owned());
    };
    let fields = life.repeated(&body.schema, schema);
    if fields.is_empty() {
        return Err("no documented answer shows the fields that it changes".to_owned());
    }
    let kept = settable(life, schema, &fields);
    let made = fullest(life).await?;
    // Of one kind with the first, so that what is given to one is new to both.
    let other = fullest(life).await?;
    let other_before = record(life, &other.id, show).await?;
    let is_whole = operation.method == "PUT";
    let mut is_tried = false;
    let mut refused = None;
    let mut set: Vec<(FieldPath, Value)> = Vec::new();
    let told = fields
        .iter()
        .map(|field| (&field.sent, Some(&field.shown), None));
    let others = beside(operation, &fields);
    let others = others
        .iter()
        .map(|(field, value)| (field, None, Some(value)));
    let all: Vec<Varied<'_>> = told.chain(others).collect();
    let (alone, rest) = all.split_at(all.len().min(MOST));
    // What all the others come to together costs one change; where it goes wrong, each is changed
    // alone, as the first ones are.
    let rest = rest.get(..MOST_AT_ONCE).unwrap_or(rest);
    let is_kept = at_once::are_kept(life, (&made.id, show), (&fields, &kept), rest).await?;
    let rest = if is_kept { &[] } else { rest };
    for (field, shown, known) in alone.iter().chain(rest).copied() {
        let before = record(life, &made.id, show).await?;
        let now = shown.and_then(|shown| value_at(&before.body, shown));
        let value = known
            .cloned()
            .or_else(|| other_value(operation, field, now));
        let Some(value) = value else {
            continue;
        };
        let mut request = life.request_about(index, &made.id)?;
        if is_whole {
            // What a replacement leaves out need not stay, unless the page says so: all that is
            // shown now is sent again.
            repeat(operation, &mut request, &fields, &before.body);
            without_kept(&body.schema, &mut request);
        } else {
            barest(operation, &mut request);
        }
        request.set(Place::Request, field, Some(value));
        if !is_valid(operation, &request, &fields, &before.body) {
            continue;
        }
        let seen = life.ask_patiently(operation, &request, "a change").await?;
        if !seen.is_success() {
            refused.get_or_insert(seen.status);
            continue;
        }
        is_tried = true;
        let sent = seen.exchange.request.clone();
        same_one::is_named(life, &made.id, (&seen, field), &mut outcome).await?;
        if !outcome.findings.is_empty() {
            return Ok(outcome);
        }
        let after = record(life, &made.id, show).await?;
        set.extend(shown.and_then(|shown| {
            let now = value_at(&after.body, shown)?;
            Some((shown.clone(), now.clone()))
        }));
        compare(life, &sent, &fields, (&before, &after), &kept, &mut outcome);
        if let (Some(shown), true) = (shown, outcome.findings.is_empty()) {
            tells_what_is_now(life, &seen, (field, shown), (&before, &after), &mut outcome);
        }
        if outcome.findings.is_empty() {
            same_one::tag_is_new(life, show, (&before, &after), &mut outcome);
        }
        if outcome.findings.is_empty() {
            let seen = (&before, &after);
            times::stay_in_a_change(life, &made.id, schema, seen, &mut outcome).await?;
        }
        if outcome.findings.is_empty() {
            let change = Change {
                id: &made.id,
                show,
                request: &sent,
                field,
                before: &before,
                after: &after,
            };
            moves::hold(life, &change, &mut outcome).await?;
        }
        if !outcome.findings.is_empty() {
            return Ok(outcome);
        }
    }
    if !is_tried {
        return Err(match refused {
            Some(status) => format!("every change was refused ({status})"),
            None => "no field can be changed alone".to_owned(),
        });
    }
    if is_whole {
        clears(life, (&made.id, show), &fields, &kept, &mut outcome).await?;
        if !outcome.findings.is_empty() {
            return Ok(outcome);
        }
    }
    let other_after = record(life, &other.id, show).await?;
    // A service may take the second create for the first one again.
    let is_another = text_of(&other.id) != text_of(&made.id);
    for path in kept.iter().filter(|_| is_another) {
        let told = |body: &Value| value_at(body, path).cloned().unwrap_or_default();
        let (old, now) = (told(&other_before.body), told(&other_after.body));
        if !is_same(&old, &now) && (!is_of_all(path) || is_taken(&now, &set, path)) {
            let message = format!(
                "`{}` was changed, and `{path}` of another, `{}`, is {now} instead of {old}",
                text_of(&made.id),
                text_of(&other.id)
            );
            life.broken(
                &mut outcome,
                &other_after.exchange,
                Breach::AnotherChanged,
                message,
            );
            break;
        }
    }
    Ok(outcome)
}

/// Whether a change is one that the source allows.
pub(super) fn is_valid(
    operation: &Operation,
    request: &Request,
    fields: &[Mirrored],
    now: &Value,
) -> bool {
    classify(operation, request) == Validity::Valid
        || is_valid_part(operation, request, fields, now)
}

/// Whether all that a `PATCH` lacks to be valid is fields of which no page says whether they must be
/// sent: such a change is one of a part (RFC 5789). An endpoint may well refuse it, which says nothing.
fn is_valid_part(
    operation: &Operation,
    request: &Request,
    fields: &[Mirrored],
    now: &Value,
) -> bool {
    let Some(body) = operation.request_body.as_ref() else {
        return false;
    };
    let mut whole = request.clone();
    for own in body.schema.fields() {
        let is_open = !own.required
            && own.path.steps().len() == 1
            && request.get(Place::Request, own.path).is_none();
        if !is_open {
            continue;
        }
        let known = fields.iter().find(|field| field.sent == *own.path);
        let known = known.and_then(|field| value_at(now, &field.shown).cloned());
        let value = known.unwrap_or_else(|| sample(&body.schema, own.node, 0));
        whole.set(Place::Request, own.path, Some(value));
    }
    operation.method == "PATCH" && classify(operation, &whole) == Validity::Valid
}

/// What a change answers is what is there after it, not what was there before. `field` is sent, and
/// then shown.
fn tells_what_is_now(
    life: &Life<'_>,
    change: &Seen,
    (field, shown): (&FieldPath, &FieldPath),
    (before, after): (&Seen, &Seen),
    outcome: &mut Outcome,
) {
    let operation = life.law.operation;
    let response = operation.response(change.status);
    let schema = response.and_then(|response| response.schema.as_ref());
    let (Some(body), Some(schema)) = (&operation.request_body, schema) else {
        return;
    };
    // What was only promised (202) is not there yet, and what was there may be what is documented.
    if change.status == 202 || operation.answers_before() {
        return;
    }
    let fields = life.repeated(&body.schema, schema);
    let own = fields.iter().find(|own| own.sent == *field);
    let told = own.and_then(|own| value_at(&change.body, &own.shown));
    let (old, now) = (value_at(&before.body, shown), value_at(&after.body, shown));
    let (Some(told), Some(old), Some(now)) = (told, old, now) else {
        return;
    };
    let sent = change.exchange.request.get(Place::Request, field);
    let is_new = |value: &Value| sent.as_ref().is_some_and(|sent| is_kept_in(sent, value));
    if is_same(told, old) && is_new(now) && !is_new(told) {
        let message = format!(
            "the change of `{field}` from {old} to {now} is answered with {told}, as it was before"
        );
        let breach = Breach::ToldAsBefore {
            field: field.to_string(),
        };
        life.broken(outcome, &change.exchange, breach, message);
    }
}

/// A replacement with null for a field, or with an empty list, leaves nothing of the value that a
/// replacement before it gave. Many a change takes null for no change, a replacement does not, where
/// null is documented of what is sent and of what is shown.
async fn clears(
    life: &Life<'_>,
    (id, show): (&Value, &Operation),
    fields: &[Mirrored],
    kept: &[FieldPath],
    outcome: &mut Outcome,
) -> Result<(), String> {
    let operation = life.law.operation;
    let index = life.law.context.sender.index_of(operation);
    let (Some(body), Some(schema)) = (&operation.request_body, show.answer()) else {
        return Ok(());
    };
    let nothing_of = |field: &Mirrored| {
        let sent = body.schema.field(&field.sent)?;
        let shown = schema.field(&field.shown)?;
        let (sent, shown) = (types_of(sent.node), types_of(shown.node));
        if sent.contains(&"null") && shown.contains(&"null") {
            Some(Value::Null)
        } else if sent.contains(&"array") && shown.contains(&"array") {
            Some(Value::Array(Vec::new()))
        } else {
            None
        }
    };
    let own = fields.iter().filter(|field| kept.contains(&field.shown));
    let own = own.filter_map(|field| Some((field, nothing_of(field)?)));
    for (field, nothing) in own.take(MOST_CLEARED) {
        let mut value = None;
        let mut seen = record(life, id, show).await?;
        for is_cleared in [false, true] {
            let mut request = life.request_about(index, id)?;
            repeat(operation, &mut request, fields, &seen.body);
            without_kept(&body.schema, &mut request);
            if !is_cleared {
                let now = value_at(&seen.body, &field.shown);
                value = other_value(operation, &field.sent, now);
            }
            let sent = if is_cleared {
                Some(nothing.clone())
            } else {
                value.clone()
            };
            if sent.is_none() {
                break;
            }
            request.set(Place::Request, &field.sent, sent);
            if classify(operation, &request) != Validity::Valid {
                break;
            }
            let answer = life.ask_patiently(operation, &request, "a change").await?;
            if !answer.is_success() {
                break;
            }
            seen = record(life, id, show).await?;
            let now = value_at(&seen.body, &field.shown);
            let (Some(value), Some(now)) = (&value, now) else {
                break;
            };
            let is_there = is_kept_in(value, now) && *value != nothing;
            if !is_cleared && is_there {
                continue;
            }
            let default = body.schema.field(&field.sent);
            let default = default.and_then(|own| own.node.get(Facet::Default.as_str()));
            if is_cleared && is_there && default != Some(now) {
                let path = &field.shown;
                let message =
                    format!("`{path}` was changed to {nothing}, and is shown as {now} still");
                let field = path.to_string();
                let breach = Breach::ShownOtherwise { field };
                life.broken(outcome, &seen.exchange, breach, message);
                return Ok(());
            }
            break;
        }
    }
    Ok(())
}

/// Makes one with as many fields as can be: what has no value cannot be lost. Where the fullest is
/// refused, the plain one does.
pub(super) async fn fullest(life: &Life<'_>) -> Result<Made, String> {
    let (_, operation) = life.create()?;
    let plain = life.plain_create()?;
    let size = |request: &Request| request.body_bytes().map_or(0, |bytes| bytes.len());
    let full = plain_requests(operation, &plain)
        .into_iter()
        .max_by_key(|case| size(&case.request));
    if let Some(full) = full {
        let telling = telling(operation, &full.request);
        if telling != full.request
            && let Ok(made) = life.make(&telling).await
        {
            return Ok(made);
        }
        if let Ok(made) = life.make(&full.request).await {
            return Ok(made);
        }
    }
    life.make(&plain).await
}

/// The same request without values that a field may have by itself, where there are others: what
/// goes back to its default in a change was not the default before.
fn telling(operation: &Operation, request: &Request) -> Request {
    let mut telling = request.clone();
    let Some(body) = &operation.request_body else {
        return telling;
    };
    let known = body.schema.fields().filter(|field| {
        let path = field.path;
        !path.is_root()
            && !path.has_item()
            && !path.has_entry()
            && !is_volatile(path)
            && !is_secret(path)
            && !is_in_words(field.facts)
            && !is_opaque(field.facts)
    });
    for field in known {
        let now = telling.get(Place::Request, field.path);
        if !now.is_some_and(|now| comes_by_itself(field.node, &now)) {
            continue;
        }
        let mut values = (0..VARIETIES).map(|variety| sample(&body.schema, field.node, variety));
        let value = values.find(|value| !comes_by_itself(field.node, value));
        let mut varied = telling.clone();
        varied.set(Place::Request, field.path, value.clone());
        if value.is_some() && classify(operation, &varied) == Validity::Valid {
            telling = varied;
        }
    }
    telling
}

/// Whether a field has a value that nobody needs to send: its default, else what is empty or least.
fn comes_by_itself(node: &Value, value: &Value) -> bool {
    let default = node.get(Facet::Default.as_str());
    match value {
        Value::Null => true,
        Value::Bool(is_so) => default.map_or(!is_so, |default| default == value),
        Value::Number(_) => {
            let least = node.get(Facet::Minimum.as_str());
            let known = default.into_iter().chain(least);
            value.as_f64() == Some(0.0) || known.into_iter().any(|known| is_same(known, value))
        }
        Value::String(text) => text.is_empty() || default == Some(value),
        Value::Array(items) => items.is_empty() || default == Some(value),
        Value::Object(map) => map.is_empty() || default == Some(value),
    }
}

/// What is shown of an id, which has to be there.
pub(super) async fn record(life: &Life<'_>, id: &Value, show: &Operation) -> Result<Seen, String> {
    let seen = life.shown_new(id).await?.ok_or("nothing shows one")?;
    if seen.is_success() {
        Ok(seen)
    } else {
        Err(format!("{} answered {}", show.id, seen.status))
    }
}

/// Leaves nothing in a request's body but what is mandatory, or what the kind of it that is sent needs.
pub(super) fn barest(operation: &Operation, request: &mut Request) {
    let Some(body) = &operation.request_body else {
        return;
    };
    let paths: Vec<FieldPath> = body
        .schema
        .fields()
        .filter(|field| !field.path.is_root() && !field.path.has_item() && !field.required)
        .map(|field| field.path.clone())
        .collect();
    for path in paths.into_iter().rev() {
        if request.get(Place::Request, &path).is_none() {
            continue;
        }
        let was = classify(operation, request);
        let mut varied = request.clone();
        varied.set(Place::Request, &path, None);
        // That there has to be some field is met by the one that is changed.
        let is_few = |rule: &Rule| rule.facet == Facet::Keyword(Keyword::MinProperties);
        let is_needed = was == Validity::Valid
            && match classify(operation, &varied) {
                Validity::Invalid(broken) => !broken.iter().all(is_few),
                Validity::Valid | Validity::Unspecified(_) => false,
            };
        if !is_needed {
            *request = varied;
        }
    }
}

/// Puts what is shown now into a request's body, where the request is valid with it.
pub(super) fn repeat(
    operation: &Operation,
    request: &mut Request,
    fields: &[Mirrored],
    now: &Value,
) {
    for field in fields {
        let Some(value) = value_at(now, &field.shown) else {
            continue;
        };
        let mut varied = request.clone();
        varied.set(Place::Request, &field.sent, Some(value.clone()));
        if classify(operation, &varied) == Validity::Valid {
            *request = varied;
        }
    }
}

/// Holds what is shown after a change against what was sent and what was shown before.
pub(super) fn compare(
    life: &Life<'_>,
    sent: &Request,
    fields: &[Mirrored],
    (before, after): (&Seen, &Seen),
    kept: &[FieldPath],
    outcome: &mut Outcome,
) {
    let is_sent = |path: &FieldPath| {
        fields
            .iter()
            .find(|field| field.shown == *path)
            .and_then(|field| sent.get(Place::Request, &field.sent))
            .filter(|value| !value.is_null())
    };
    // One change that loses several fields, or takes them with it, is one thing that is wrong.
    let (mut lost, mut beside) = (Several::default(), Several::default());
    for path in kept {
        let shown = value_at(&after.body, path);
        let now = shown.cloned().unwrap_or_default();
        let told = super::super::told(shown);
        let old = value_at(&before.body, path).cloned().unwrap_or_default();
        match is_sent(path) {
            Some(wanted) if !is_kept_in(&wanted, &now) => lost.add(path, || {
                format!("`{path}` was changed to {wanted}, and is {told} after it")
            }),
            // What goes back to its default is for another law.
            None if (stays(life.law.operation, sent, fields, path) || names(life, path))
                && !is_same(&old, &now) =>
            {
                beside.add(path, || {
                    format!("`{path}` was {old} and not in the change, and is {told} after it")
                });
            }
            Some(_) | None => {}
        }
    }
    if let Some((field, message)) = lost.told() {
        let breach = Breach::ShownOtherwise { field };
        life.broken(outcome, &after.exchange, breach, message);
    }
    if let Some((field, message)) = beside.told() {
        let breach = Breach::ChangedBeside { field };
        life.broken(outcome, &after.exchange, breach, message);
    }
}

/// Whether a field is what the resource is known by: whatever is replaced, that names it.
fn names(life: &Life<'_>, path: &FieldPath) -> bool {
    let create = life.resource.create.as_ref();
    create.is_some_and(|create| create.identity == Identity::Answered(path.clone()))
}

/// The shown fields that stay as they are unless somebody says otherwise: the id, and what a create
/// or this change can set. What else is shown may follow from them.
pub(super) fn settable(life: &Life<'_>, schema: &Schema, fields: &[Mirrored]) -> Vec<FieldPath> {
    let created = life
        .create()
        .ok()
        .and_then(|(_, create)| create.request_body.as_ref())
        .map(|body| mirrored(&body.schema, schema))
        .unwrap_or_default();
    let is_set = |path: &FieldPath| {
        let name = path.last_name().unwrap_or_default();
        name == "id"
            || fields
                .iter()
                .chain(&created)
                .any(|field| field.shown == *path)
    };
    steady(schema).into_iter().filter(is_set).collect()
}

/// Whether a field may be set for one of all alone, or puts them in an order: to set it for one is
/// to change others.
fn is_of_all(path: &FieldPath) -> bool {
    const WORDS: [&str; 12] = [
        "default", "primary", "main", "current", "active", "position", "order", "ordering", "rank",
        "ranking", "priority", "index",
    ];
    let name = words(path.last_name().unwrap_or_default());
    name.iter().any(|word| WORDS.contains(&word.as_str()))
}

/// Whether another resource has the very value that one was given: to make room for one moves
/// others, and never to its own place. Of two truth values one alone is left for the others.
fn is_taken(now: &Value, set: &[(FieldPath, Value)], path: &FieldPath) -> bool {
    let mut given = set.iter().filter(|(known, _)| known == path);
    !now.is_null() && !now.is_boolean() && given.any(|(_, value)| is_same(value, now))
}
