//! Times that a service sets itself: when something was made stays so in a change, and nothing but
//! a change moves the time of the last one.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Schema, types_of, words};

use super::record::value_at;
use super::{Life, Outcome, Seen, text_of};

/// How the time is called at which something was made, in words.
const MADE: [&[&str]; 12] = [
    &["created", "at"],
    &["created"],
    &["create", "time"],
    &["created", "time"],
    &["creation", "time"],
    &["created", "on"],
    &["created", "date"],
    &["date", "created"],
    &["create", "date"],
    &["creation", "date"],
    &["creation", "timestamp"],
    &["time", "created"],
];

/// The same of its last change.
const CHANGED: [&[&str]; 13] = [
    &["updated", "at"],
    &["updated"],
    &["update", "time"],
    &["updated", "time"],
    &["updated", "on"],
    &["last", "updated"],
    &["last", "update"],
    &["modified", "at"],
    &["modified"],
    &["modified", "on"],
    &["last", "modified"],
    &["last", "modified", "at"],
    &["last", "updated", "at"],
];

/// What tells one version of a record from another: each may well be made at a time of its own.
const VERSIONS: [&str; 6] = [
    "version",
    "revision",
    "generation",
    "etag",
    "rev",
    "sequence",
];

/// Pauses between looks at one record. None is a multiple of another, so that what ticks by itself
/// does not keep time with them.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(25),
    Duration::from_millis(140),
    Duration::from_millis(60),
    Duration::from_millis(95),
];

/// How long one look may take, so that it is told from the next.
const SLOW: Duration = Duration::from_millis(60);

/// How far two clocks may be apart about one pause.
const SLACK: i128 = 10_000_000;

/// The fields of an answer's record that are called so.
fn called(schema: &Schema, names: &[&[&str]]) -> Vec<FieldPath> {
    schema
        .fields()
        .filter(|field| !field.path.has_item() && !field.path.has_entry())
        .filter(|field| types_of(field.node).contains(&"string"))
        .filter(|field| {
            let words = words(field.path.last_name().unwrap_or_default());
            names.iter().any(|name| words == **name)
        })
        .map(|field| field.path.clone())
        .collect()
}

/// A moment in nanoseconds, and the shortest time that its text can tell. One without a zone is
/// taken for one of a zone that does not matter: only differences do.
pub(super) fn moment(value: &Value) -> Option<(i128, i128)> {
    let text = value.as_str()?.trim();
    let zoned = text.parse::<jiff::Timestamp>();
    let stamp = zoned.or_else(|_| {
        let local = text.parse::<jiff::civil::DateTime>()?;
        Ok::<_, jiff::Error>(local.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp())
    });
    let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    let digits = u32::try_from(digits.min(9)).unwrap_or(9);
    Some((stamp.ok()?.as_nanosecond(), 10_i128.pow(9 - digits)))
}

/// Whether two texts surely tell two moments: further apart than the coarser of them can tell.
fn differ(one: &Value, other: &Value) -> bool {
    match (moment(one), moment(other)) {
        (Some((one, fine)), Some((other, coarse))) => (one - other).abs() > fine.max(coarse),
        _ => false,
    }
}

/// Whether a record is another version of what it was, by what it tells of that.
fn is_another_version(before: &Value, after: &Value) -> bool {
    let fields = |body: &Value| -> Vec<(String, Value)> {
        let known = body.as_object().into_iter().flatten();
        let is_version = |name: &str| {
            let words = words(name);
            words.iter().any(|word| VERSIONS.contains(&word.as_str()))
        };
        known
            .filter(|(name, _)| is_version(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    };
    fields(before) != fields(after)
}

/// Holds the time at which something was made, after a change, against what it was before.
pub(super) async fn stay_in_a_change(
    life: &Life<'_>,
    id: &Value,
    schema: &Schema,
    (before, after): (&Seen, &Seen),
    outcome: &mut Outcome,
) -> Result<(), String> {
    // What is put in a place is made anew.
    let create = life.resource.create.as_ref().map(|create| create.operation);
    if create == life.resource.replace || is_another_version(&before.body, &after.body) {
        return Ok(());
    }
    for path in called(schema, &MADE) {
        let old = value_at(&before.body, &path);
        let Some((old, now)) = old.zip(value_at(&after.body, &path)) else {
            continue;
        };
        if differ(old, now) {
            // What each look moves is no doing of the change.
            let again = life.show(id).await?;
            let again = again.and_then(|seen| value_at(&seen.body, &path).cloned());
            if again.as_ref() != Some(now) {
                continue;
            }
            let message = format!("`{path}` was {old}, and is {now} after a change");
            let field = path.to_string();
            life.broken(
                outcome,
                &after.exchange,
                Breach::ChangedBeside { field },
                message,
            );
        }
    }
    Ok(())
}

/// A look at a record: when it began and ended, and what it showed.
struct Look {
    began: Instant,
    ended: Instant,
    seen: Seen,
}

/// Holds the times of a record against those of looks at it: a time that goes on as the looks do is
/// set by them.
pub(super) async fn stay_in_reading(
    life: &Life<'_>,
    id: &Value,
    reads_one: bool,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let Some(show) = life.resource.show else {
        return Ok(());
    };
    let Some(schema) = life.operation(show)?.answer() else {
        return Ok(());
    };
    let fields: Vec<FieldPath> = [called(schema, &MADE), called(schema, &CHANGED)].concat();
    if fields.is_empty() {
        return Ok(());
    }
    let mut looks = vec![look(life, id, reads_one).await?];
    for pause in PAUSES {
        // Two looks that show the same show that nothing moves.
        let is_still = looks.len() == 2 && !moves(&looks, &fields);
        if is_still {
            return Ok(());
        }
        tokio::time::sleep(pause).await;
        looks.push(look(life, id, reads_one).await?);
    }
    if !reads_one && shows_move(life, id, &fields).await? {
        // It is what shows one that moves them.
        return Ok(());
    }
    let found = fields.iter().find(|path| keeps_time(&looks, path));
    if let (Some(path), [first, .., last]) = (found, looks.as_slice()) {
        let value = |look: &Look| value_at(&look.seen.body, path).cloned().unwrap_or_default();
        let message = format!(
            "`{path}` of `{}` was {}, and is {} after nothing but reading",
            text_of(id),
            value(first),
            value(last)
        );
        let breach = Breach::ChangedByReading {
            field: path.to_string(),
        };
        life.broken(outcome, &last.seen.exchange, breach, message);
    }
    Ok(())
}

/// Reads with the law's own operation, and looks at the record.
async fn look(life: &Life<'_>, id: &Value, reads_one: bool) -> Result<Look, String> {
    let began = Instant::now();
    if !reads_one {
        life.listed().await?;
    }
    let read = Instant::now();
    let seen = life.show(id).await?.ok_or("nothing shows one")?;
    if !seen.is_success() {
        return Err(format!("it is answered {}", seen.status));
    }
    let ended = if reads_one { Instant::now() } else { read };
    Ok(Look { began, ended, seen })
}

/// Whether showing a record twice shows two times.
async fn shows_move(life: &Life<'_>, id: &Value, fields: &[FieldPath]) -> Result<bool, String> {
    let looks = vec![look(life, id, true).await?, look(life, id, true).await?];
    Ok(moves(&looks, fields))
}

/// Whether the last two looks show two times.
fn moves(looks: &[Look], fields: &[FieldPath]) -> bool {
    let [.., one, other] = looks else {
        return false;
    };
    fields.iter().any(|path| {
        let old = value_at(&one.seen.body, path);
        let now = value_at(&other.seen.body, path);
        old.zip(now).is_some_and(|(old, now)| old != now)
    })
}

/// Whether a field tells at each look the time of that look, or at each that of the one before.
fn keeps_time(looks: &[Look], path: &FieldPath) -> bool {
    let told: Option<Vec<(i128, i128)>> = looks
        .iter()
        .map(|look| moment(value_at(&look.seen.body, path)?))
        .collect();
    let Some(told) = told else { return false };
    let spans = || {
        let pairs = looks.iter().zip(looks.iter().skip(1));
        pairs.map(|(one, other)| {
            let least = other.began.saturating_duration_since(one.ended);
            let most = other.ended.saturating_duration_since(one.began);
            (nanoseconds(least), nanoseconds(most))
        })
    };
    let steps = told.iter().zip(told.iter().skip(1));
    let steps: Vec<i128> = steps.map(|((one, _), (other, _))| other - one).collect();
    let is_fine = told.iter().all(|(_, fine)| *fine <= 1_000_000);
    let is_quick = looks
        .iter()
        .all(|look| look.ended.saturating_duration_since(look.began) <= SLOW);
    let fits = |(step, (least, most)): (&i128, (i128, i128))| {
        *step > 0 && (least - SLACK..=most + SLACK).contains(step)
    };
    let follow = steps.iter().zip(spans()).all(fits);
    let lag = steps.iter().skip(1).zip(spans()).all(fits);
    is_fine && is_quick && (follow || lag)
}

fn nanoseconds(time: Duration) -> i128 {
    i128::try_from(time.as_nanos()).unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", false)]
    #[case("2024-01-01T00:00:00Z", "2024-01-01T00:00:00.250Z", false)]
    #[case("2024-01-01T00:00:00.100Z", "2024-01-01T00:00:00.250Z", true)]
    #[case("2024-01-01T00:00:00", "2024-01-01T00:00:03", true)]
    #[case("2024-01-01 00:00:00.5", "2024-01-01 00:00:00.75", true)]
    #[case("soon", "later", false)]
    fn moments_are_told_apart(#[case] one: &str, #[case] other: &str, #[case] expected: bool) {
        assert_eq!(differ(&json!(one), &json!(other)), expected);
    }

    #[rstest]
    #[case("created_at", true)]
    #[case("createdAt", true)]
    #[case("CreationTime", true)]
    #[case("created_by", false)]
    #[case("recreated_at", false)]
    fn the_time_of_a_creation_has_names(#[case] name: &str, #[case] expected: bool) {
        let body = json!({ "type": "object", "properties": { (name): { "type": "string" } } });
        let schema = Schema::compile(body).unwrap();
        assert_eq!(!called(&schema, &MADE).is_empty(), expected);
    }
}
