//! A change of many fields at once: whether each of them is shown afterwards.

use serde_json::Value;

use crate::contract::{FieldPath, Operation, Place};

use super::left_out::without_kept;
use super::record::{Mirrored, value_at};
use super::update::{Varied, barest, compare, is_valid, other_value, record, repeat};
use super::{Life, Outcome};

/// Whether a change of several fields at once is taken and shows each of them, and nothing else is
/// another then. Where it is refused, or is no documented one, nothing is known of any.
pub(super) async fn are_kept(
    life: &Life<'_>,
    (id, show): (&Value, &Operation),
    (fields, kept): (&[Mirrored], &[FieldPath]),
    varied: &[Varied<'_>],
) -> Result<bool, String> {
    if varied.is_empty() {
        return Ok(true);
    }
    let operation = life.law.operation;
    let index = life.law.context.sender.index_of(operation);
    let before = record(life, id, show).await?;
    let mut request = life.request_about(index, id)?;
    if operation.method == "PUT" {
        repeat(operation, &mut request, fields, &before.body);
        if let Some(body) = &operation.request_body {
            without_kept(&body.schema, &mut request);
        }
    } else {
        barest(operation, &mut request);
    }
    let mut count = 0;
    for (field, shown, known) in varied {
        let now = shown.and_then(|shown| value_at(&before.body, shown));
        let value = known
            .cloned()
            .or_else(|| other_value(operation, field, now));
        let mut more = request.clone();
        more.set(Place::Request, field, value);
        if is_valid(operation, &more, fields, &before.body) {
            request = more;
            count += 1;
        }
    }
    if count == 0 {
        return Ok(false);
    }
    let seen = life.ask_patiently(operation, &request, "a change").await?;
    if !seen.is_success() {
        return Ok(false);
    }
    let sent = seen.exchange.request.clone();
    let after = record(life, id, show).await?;
    let mut outcome = Outcome::default();
    compare(life, &sent, fields, (&before, &after), kept, &mut outcome);
    Ok(outcome.findings.is_empty())
}
