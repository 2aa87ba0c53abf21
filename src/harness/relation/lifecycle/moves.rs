//! What a page says that a change does to fields which it does not name: one goes up by one, one is
//! the time of the change, and one stays for ever.

use std::time::Duration;

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{Facet, FieldPath, Meaning, Operation, Place, Schema};
use crate::exchange::Exchange;
use crate::generate::{Request, Validity, classify};

use super::record::{is_same, value_at};
use super::times::moment;
use super::update::other_value;
use super::{Life, Outcome, Seen};

/// How much longer than its text can tell a time is waited for.
const SLACK: Duration = Duration::from_millis(40);

/// The longest that a time is waited for: one in minutes or days is not.
const LONGEST: i128 = 1_000_000_000;

/// A change that was made, and what was shown before and after it.
pub(super) struct Change<'c> {
    pub(super) id: &'c Value,
    /// What shows it.
    pub(super) show: &'c Operation,
    pub(super) request: &'c Request,
    /// The field that it changed.
    pub(super) field: &'c FieldPath,
    pub(super) before: &'c Seen,
    pub(super) after: &'c Seen,
}

/// The fields of which an answer of either operation says so, and that both may show.
fn stated(operations: [&Operation; 2], shown: &Schema, meaning: Meaning) -> Vec<FieldPath> {
    let facet = Facet::Meaning(meaning);
    let mut found: Vec<FieldPath> = Vec::new();
    for schema in operations.into_iter().filter_map(Operation::answer) {
        let own = schema.fields();
        let own = own.filter(|field| field.facts.iter().any(|fact| fact.facet == facet));
        for path in own.map(|field| field.path) {
            if !path.has_item() && shown.field(path).is_some() && !found.contains(path) {
                found.push(path.clone());
            }
        }
    }
    found
}

/// Holds what is shown after a change against what the page says of its fields.
pub(super) async fn hold(
    life: &Life<'_>,
    change: &Change<'_>,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let operations = [life.law.operation, change.show];
    let Some(shown) = change.show.answer() else {
        return Ok(());
    };
    let of = |meaning| stated(operations, shown, meaning);
    let values = |path: &FieldPath| {
        let before = value_at(&change.before.body, path)?;
        Some((before.clone(), value_at(&change.after.body, path)?.clone()))
    };
    let exchange = &change.after.exchange;
    for path in of(Meaning::Fixed) {
        if let Some((old, now)) = values(&path).filter(|(old, now)| !is_same(old, now)) {
            let message = format!("`{path}` was {old}, and is {now} after a change");
            broken(life, outcome, exchange, (&path, message));
            return Ok(());
        }
    }
    for path in of(Meaning::Rises) {
        let Some((old, now)) = values(&path) else {
            continue;
        };
        let step = old.as_i64().zip(now.as_i64()).map(|(old, now)| now - old);
        if step.is_some_and(|step| step != 1) {
            let message = format!(
                "`{path}` was {old}, and is {now} after one change: it goes up by one with each"
            );
            broken(life, outcome, exchange, (&path, message));
            return Ok(());
        }
    }
    for path in of(Meaning::Touched) {
        let Some((old, now)) = values(&path).filter(|(old, now)| is_same(old, now)) else {
            continue;
        };
        if let Some(seen) = once_more(life, change, &path, &now).await? {
            let message =
                format!("`{path}` is {old} still after a change: it is the time of the last one");
            broken(life, outcome, &seen.exchange, (&path, message));
            return Ok(());
        }
    }
    Ok(())
}

/// Another change, so much later that its time has another text: what is shown after it where the
/// field is still the same.
async fn once_more(
    life: &Life<'_>,
    change: &Change<'_>,
    path: &FieldPath,
    now: &Value,
) -> Result<Option<Seen>, String> {
    let Some((_, fine)) = moment(now).filter(|(_, fine)| *fine <= LONGEST) else {
        return Ok(None);
    };
    let operation = life.law.operation;
    let sent = change.request.get(Place::Request, change.field);
    let Some(value) = other_value(operation, change.field, sent.as_ref()) else {
        return Ok(None);
    };
    let mut request = change.request.clone();
    request.set(Place::Request, change.field, Some(value));
    if classify(operation, &request) != Validity::Valid {
        return Ok(None);
    }
    let wait = Duration::from_nanos(u64::try_from(fine).unwrap_or_default());
    tokio::time::sleep(wait + SLACK).await;
    let seen = life
        .ask_patiently(operation, &request, "a later change")
        .await?;
    if !seen.is_success() || seen.status == 202 {
        return Ok(None);
    }
    let Some(after) = life.show(change.id).await?.filter(Seen::is_success) else {
        return Ok(None);
    };
    let is_still = value_at(&after.body, path).is_some_and(|own| is_same(own, now));
    Ok(is_still.then_some(after))
}

fn broken(
    life: &Life<'_>,
    outcome: &mut Outcome,
    exchange: &Exchange,
    (path, message): (&FieldPath, String),
) {
    let field = path.to_string();
    life.broken(outcome, exchange, Breach::ChangedBeside { field }, message);
}
