//! What a replacement leaves out goes back to its documented default, or to nothing.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{Facet, FieldPath, Operation, Place, Schema};
use crate::generate::{Validity, classify, is_in_words, is_opaque};

use super::left_out::{LeftOut, left_out};
use super::record::{Mirrored, is_same, mirrored, value_at};
use super::update::{barest, fullest, other_value, record};
use super::{Life, Outcome, Seen};

/// How many fields are looked at.
const MOST_CLEARED: usize = 4;

/// Whether something that need not be sent goes back to its documented default, or to nothing, in a
/// replacement without it.
pub(super) fn sets_back(operation: &Operation) -> bool {
    !defaults(operation).is_empty() || !emptied(operation).is_empty()
}

/// Whether a field that a replacement leaves out goes back to what it was in the beginning: where
/// the page says that it does, or the operation says by its name that it replaces. Many a `PUT`
/// changes but what it is given.
fn goes_back(operation: &Operation, body: &Schema, path: &FieldPath) -> bool {
    match left_out(body, path) {
        Some(LeftOut::Reset) => true,
        Some(LeftOut::Kept) => false,
        None => operation.id.to_lowercase().contains("replace"),
    }
}

/// The fields without a documented default that a replacement may leave out, and that are not what
/// they were then.
fn emptied(operation: &Operation) -> Vec<FieldPath> {
    let Some(body) = &operation.request_body else {
        return Vec::new();
    };
    body.schema
        .fields()
        .filter(|field| !field.required && field.path.steps().len() == 1)
        .filter(|field| !field.path.has_item() && !field.path.has_entry())
        .filter(|field| field.node.get(Facet::Default.as_str()).is_none())
        .filter(|field| !is_in_words(field.facts) && !is_opaque(field.facts))
        .filter(|field| goes_back(operation, &body.schema, field.path))
        .map(|field| field.path.clone())
        .collect()
}

/// The fields that a replacement may leave out, and that have their documented default then: many a
/// change copies the defaults of the create onto its page.
fn defaults(operation: &Operation) -> Vec<(FieldPath, Value)> {
    let Some(body) = &operation.request_body else {
        return Vec::new();
    };
    body.schema
        .fields()
        .filter(|field| !field.required && !field.path.has_item())
        .filter(|field| goes_back(operation, &body.schema, field.path))
        .filter_map(|field| {
            let default = field.node.get(Facet::Default.as_str())?;
            Some((field.path.clone(), default.clone()))
        })
        .collect()
}

/// A field that is left out of a replacement has its documented default.
pub(super) async fn restores_defaults(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let operation = life.law.operation;
    let index = life.law.context.sender.index_of(operation);
    let show = life.operation(life.resource.show.ok_or("nothing shows one")?)?;
    let (Some(body), Some(schema)) = (&operation.request_body, show.answer()) else {
        return Err("nothing of the replacement is shown".to_owned());
    };
    let fields = mirrored(&body.schema, schema);
    let made = fullest(life).await?;
    let plain = life.request_about(index, &made.id)?;
    let mut full = plain.clone();
    for field in &fields {
        let default = defaults(operation)
            .into_iter()
            .find(|(path, _)| *path == field.sent);
        let now = default.as_ref().map(|(_, default)| default);
        let mut varied = full.clone();
        varied.set(
            Place::Request,
            &field.sent,
            other_value(operation, &field.sent, now),
        );
        if classify(operation, &varied) == Validity::Valid {
            full = varied;
        }
    }
    if !life
        .ask_patiently(operation, &full, "a replacement")
        .await?
        .is_success()
    {
        return Err("the fullest replacement was refused".to_owned());
    }
    let mut bare = plain;
    barest(operation, &mut bare);
    let seen = life
        .law
        .look(
            operation,
            &bare,
            "a replacement with the mandatory fields alone",
        )
        .await?;
    if !seen.is_success() {
        return Err(format!(
            "the barest replacement was answered {}",
            seen.status
        ));
    }
    let after = record(life, &made.id, show).await?;
    for (path, default) in defaults(operation) {
        let Some(field) = fields.iter().find(|field| field.sent == path) else {
            continue;
        };
        let now = value_at(&after.body, &field.shown)
            .cloned()
            .unwrap_or_default();
        if !is_same(&now, &default) {
            let message = format!(
                "`{path}` was left out of a replacement, and is {now} instead of {default}"
            );
            let breach = Breach::DefaultNotApplied {
                field: path.to_string(),
            };
            life.broken(&mut outcome, &after.exchange, breach, message);
        }
    }
    if outcome.findings.is_empty() {
        leaves_nothing(life, (&made.id, show), &fields, &mut outcome).await?;
    }
    Ok(outcome)
}

/// What a replacement leaves out is not what the one before it said: tried with two values of each
/// field, of which what it is in the beginning can be but one.
async fn leaves_nothing(
    life: &Life<'_>,
    (id, show): (&Value, &Operation),
    fields: &[Mirrored],
    outcome: &mut Outcome,
) -> Result<(), String> {
    let operation = life.law.operation;
    let plain = life.request_about(life.law.context.sender.index_of(operation), id)?;
    let emptied = emptied(operation);
    let own = fields.iter().filter(|field| emptied.contains(&field.sent));
    let mut own: Vec<&Mirrored> = own.take(MOST_CLEARED).collect();
    let mut last = None;
    for _ in 0..2 {
        let before = record(life, id, show).await?;
        let mut full = plain.clone();
        barest(operation, &mut full);
        let mut bare = full.clone();
        for field in fields {
            // What has to be sent stays: a service may well refuse another.
            if let Some(now) = value_at(&before.body, &field.shown)
                && bare.get(Place::Request, &field.sent).is_some()
            {
                full.set(Place::Request, &field.sent, Some(now.clone()));
                bare.set(Place::Request, &field.sent, Some(now.clone()));
            }
        }
        let mut sent = Vec::new();
        for field in &own {
            let now = value_at(&before.body, &field.shown);
            let Some(value) = other_value(operation, &field.sent, now) else {
                continue;
            };
            let mut varied = full.clone();
            varied.set(Place::Request, &field.sent, Some(value.clone()));
            if classify(operation, &varied) == Validity::Valid {
                full = varied;
                sent.push((*field, value));
            }
        }
        if sent.is_empty() || classify(operation, &bare) != Validity::Valid {
            return Ok(());
        }
        let label = "a replacement";
        if !life
            .ask_patiently(operation, &full, label)
            .await?
            .is_success()
        {
            return Ok(());
        }
        let told = record(life, id, show).await?;
        if !life
            .ask_patiently(operation, &bare, label)
            .await?
            .is_success()
        {
            return Ok(());
        }
        let after = record(life, id, show).await?;
        own.retain(|field| {
            let value = sent.iter().find(|(known, _)| known.sent == field.sent);
            let shows = |seen: &Seen, value: &Value| {
                value_at(&seen.body, &field.shown).is_some_and(|now| is_same(value, now))
            };
            value.is_some_and(|(_, value)| shows(&told, value) && shows(&after, value))
        });
        last = Some(after);
    }
    if let (Some(field), Some(after)) = (own.first(), last) {
        let path = &field.sent;
        let now = value_at(&after.body, &field.shown)
            .cloned()
            .unwrap_or_default();
        let message =
            format!("`{path}` was left out of a replacement, and is {now} still, as before it");
        let breach = Breach::ShownOtherwise {
            field: path.to_string(),
        };
        life.broken(outcome, &after.exchange, breach, message);
    }
    Ok(())
}
