//! Reading changes nothing (RFC 9110, section 9.2.1).

use serde_json::Value;

use crate::check::Breach;

use super::record::{is_same, value_at};
use super::update::settable;
use super::{Life, Outcome, text_of, times};

/// What is shown stays the same however often the law's own operation is asked.
pub(super) async fn is_safe(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let made = life.make(&life.plain_create()?).await?;
    let reads_one = life.resource.show.is_some_and(|show| {
        life.operation(show)
            .is_ok_and(|operation| std::ptr::eq(operation, life.law.operation))
    });
    let before = look(life, &made.id).await?;
    for _ in 0..2 {
        if reads_one {
            life.show(&made.id).await?;
        } else {
            life.listed().await?;
        }
    }
    let after = look(life, &made.id).await?;
    for (path, value) in &before.0 {
        let now = value_at(&after.1, path).cloned().unwrap_or_default();
        if is_same(value, &now) {
            continue;
        }
        let message = format!(
            "`{path}` of `{}` was {value}, and is {now} after nothing but reading",
            text_of(&made.id)
        );
        let breach = Breach::ChangedByReading {
            field: path.to_string(),
        };
        life.broken(&mut outcome, &after.2, breach, message);
    }
    if before.3 && !after.3 {
        let message = format!("`{}` is gone after nothing but reading", text_of(&made.id));
        life.broken(&mut outcome, &after.2, Breach::Gone, message);
    }
    if outcome.findings.is_empty() {
        times::stay_in_reading(life, &made.id, reads_one, &mut outcome).await?;
    }
    Ok(outcome)
}

/// The steady fields of a record with their values, the record, the exchange that showed it, and
/// whether it was there.
type Look = (
    Vec<(crate::contract::FieldPath, Value)>,
    Value,
    crate::exchange::Exchange,
    bool,
);

/// What is shown, or listed, of an id now.
async fn look(life: &Life<'_>, id: &Value) -> Result<Look, String> {
    if let Some(show) = life.resource.show {
        let seen = life.shown_new(id).await?.ok_or("nothing shows one")?;
        // What the service counts or measures may change with every look.
        let schema = life.operation(show)?.answer();
        let fields = schema.map_or_else(Vec::new, |schema| settable(life, schema, &[]));
        let values = fields
            .into_iter()
            .map(|path| {
                let value = value_at(&seen.body, &path).cloned().unwrap_or_default();
                (path, value)
            })
            .collect();
        let is_there = seen.is_success();
        return Ok((values, seen.body, seen.exchange, is_there));
    }
    let listed = life.listed().await?.ok_or("nothing shows one")?;
    let wanted = text_of(id);
    let at = listed.ids.iter().position(|known| *known == wanted);
    let item = at.and_then(|at| listed.items.get(at)).cloned();
    let collection = life.resource.list.as_ref().ok_or("nothing lists them")?;
    let part = life
        .operation(collection.operation)?
        .answer()
        .and_then(|schema| {
            let item = schema.field(&collection.items.item())?;
            schema.part_of(&item)
        });
    let fields = part.map_or_else(Vec::new, |part| settable(life, &part, &[]));
    let told = item.clone().unwrap_or_default();
    let values = fields
        .into_iter()
        .map(|path| {
            let value = value_at(&told, &path).cloned().unwrap_or_default();
            (path, value)
        })
        .collect();
    let is_there = item.is_some();
    Ok((values, item.unwrap_or_default(), listed.exchange, is_there))
}
