//! A change is one of what was asked for: its answer names no other, and what was changed has
//! another entity tag afterwards.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Identity, Operation, Place};

use super::record::value_at;
use super::{Life, Outcome, Seen, text_of};

/// How many characters of a text that was sent tell that an id is made from it.
const TELLING: usize = 3;

/// Holds the id that a change's answer tells against that of what was changed: another one is a
/// breach where the old one is gone, or is told of it still. `field` is what was changed.
pub(super) async fn is_named(
    life: &Life<'_>,
    id: &Value,
    (change, field): (&Seen, &FieldPath),
    outcome: &mut Outcome,
) -> Result<(), String> {
    let Some(path) = told_id(life, life.law.operation, change.status) else {
        return Ok(());
    };
    let id_of = |seen: &Seen| value_at(&seen.body, &path).map(text_of);
    let known = text_of(id);
    let Some(told) = id_of(change).filter(|told| *told != known) else {
        return Ok(());
    };
    let sent = change.exchange.request.get(Place::Request, field);
    if change.status == 202 || sent.is_some_and(|sent| is_made_from(&told, &sent)) {
        return Ok(());
    }
    if life.law.operation.makes_anew() {
        return Err("a change makes another, as the source says".to_owned());
    }
    let Some(now) = life.show(id).await? else {
        return Ok(());
    };
    let is_it_still = now.is_success() && id_of(&now).as_ref() == Some(&known);
    if is_it_still || matches!(now.status, 404 | 410) {
        let message = format!(
            "`{field}` of `{known}` was changed, and the answer tells of `{told}`: `{known}` {}",
            if is_it_still {
                "is there still"
            } else {
                "is not there any more"
            }
        );
        life.broken(outcome, &change.exchange, Breach::NamesAnother, message);
    }
    Ok(())
}

/// Where the answer of an operation has the id of what the run made, as its create tells it.
fn told_id(life: &Life<'_>, operation: &Operation, status: u16) -> Option<FieldPath> {
    let create = life.resource.create.as_ref()?;
    let Identity::Answered(path) = &create.identity else {
        return None;
    };
    let schema = operation.response(status)?.schema.as_ref()?;
    schema.field(path).map(|_| path.clone())
}

/// Whether an id may be made from a value that was sent, as a slug is from a title.
fn is_made_from(id: &str, sent: &Value) -> bool {
    let plain = |text: &str| -> String {
        let own = text.chars().filter(|one| one.is_alphanumeric());
        own.flat_map(char::to_lowercase).collect()
    };
    let head: String = plain(&text_of(sent)).chars().take(TELLING).collect();
    head.is_empty() || plain(id).contains(&head)
}

/// Holds the entity tags of two answers that show something before and after a change: a strong tag
/// is another one where the body is (RFC 9110, section 8.8.1).
pub(super) fn tag_is_new(
    life: &Life<'_>,
    show: &Operation,
    (before, after): (&Seen, &Seen),
    outcome: &mut Outcome,
) {
    let is_told = show.response(after.status).is_some_and(|response| {
        let mut headers = response.headers.iter();
        headers.any(|header| header.name.eq_ignore_ascii_case("etag"))
    });
    let tag = |seen: &Seen| {
        let answer = seen.exchange.outcome.as_ref().ok()?;
        answer.header("etag").map(str::to_owned)
    };
    let (Some(old), Some(new)) = (tag(before), tag(after)) else {
        return;
    };
    if is_told && old.starts_with('"') && old == new && before.body != after.body {
        let message = format!("a change is shown, and the `ETag` is {new} still, as before it");
        life.broken(outcome, &after.exchange, Breach::SameTag, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("how-to-bake", json!("How to bake"), true)]
    #[case("b27c", json!("abcdefgh"), false)]
    #[case("17", json!(17), true)]
    #[case("b27c", json!(""), true)]
    fn an_id_may_be_made_from_what_was_sent(
        #[case] id: &str,
        #[case] sent: Value,
        #[case] expected: bool,
    ) {
        assert_eq!(is_made_from(id, &sent), expected);
    }
}
