//! What was made: it is shown and listed as it was asked for, near the clock, and under its own
//! parent alone.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::check::Breach;
use crate::contract::{
    Facet, FieldPath, Location, Operation, Place, Schema, enum_values, types_of,
};
use crate::exchange::Exchange;
use crate::generate::{Request, Validity, classify, plain_requests};

use super::super::list::is_usual_size;
use super::super::listing_of;
use super::record::{is_kept_in, mirrored, value_at};
use super::{Life, Made, Outcome, location, text_of, unsaid};

/// How far a new time may be from the clock.
const NEAR: Duration = Duration::from_mins(5);

/// How many fields are given each of their listed values, and how many of them.
const FIELDS: usize = 3;
const VALUES: usize = 6;

/// How long a new one may take to appear in the list.
const APPEARS: [u64; 6] = [50, 100, 200, 400, 800, 1_600];

/// What was created is shown as it was asked for.
pub(super) async fn is_shown(life: &Life<'_>) -> Result<Outcome, String> {
    let (_, operation) = life.create()?;
    let plain = life.plain_create()?;
    let mut outcome = Outcome::default();
    let mut is_tried = false;
    let mut failure = None;
    // The documented request, the barest and the fullest.
    for case in with_plain(operation, &plain) {
        let made = match life.make(&case).await {
            Ok(made) => made,
            Err(reason) => {
                failure.get_or_insert(reason);
                continue;
            }
        };
        is_tried = true;
        compare(life, &made, &mut outcome).await?;
        if outcome.findings.is_empty() {
            location::leads_there(life, &made, &mut outcome).await?;
        }
        if !outcome.findings.is_empty() {
            return Ok(outcome);
        }
    }
    match failure {
        Some(reason) if !is_tried => Err(reason),
        Some(_) | None => {
            each_value(life, &plain, &mut outcome).await?;
            Ok(outcome)
        }
    }
}

/// Makes one with each listed value of its fields: what the create takes and tells, a read shows.
async fn each_value(life: &Life<'_>, plain: &Request, outcome: &mut Outcome) -> Result<(), String> {
    let (_, create) = life.create()?;
    let show = life.operation(life.resource.show.ok_or("nothing shows one")?)?;
    let (Some(body), Some(shown)) = (&create.request_body, show.answer()) else {
        return Ok(());
    };
    let listed = |path: &FieldPath| {
        let known = body.schema.field(path);
        known.map_or(Vec::new(), |field| enum_values(field.node))
    };
    let fields = mirrored(&body.schema, shown).into_iter();
    let fields = fields.map(|field| (listed(&field.sent), field));
    let fields = fields.filter(|(values, _)| values.len() > 1).take(FIELDS);
    for (values, field) in fields {
        let others = values.into_iter().filter(|value| !value.is_null());
        for value in others.take(VALUES) {
            let mut request = plain.clone();
            request.set(Place::Request, &field.sent, Some(value.clone()));
            if classify(create, &request) != Validity::Valid {
                continue;
            }
            // Whether it is taken is for the trials of the field to show.
            let Ok(made) = life.make(&request).await else {
                continue;
            };
            let told = value_at(&made.seen.body, &field.shown);
            if told.is_none_or(|told| is_kept_in(&value, told)) {
                compare(life, &made, outcome).await?;
            }
            if !outcome.findings.is_empty() {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn with_plain(operation: &Operation, plain: &Request) -> Vec<Request> {
    let mut requests = vec![plain.clone()];
    for case in plain_requests(operation, plain) {
        if !requests.contains(&case.request) {
            requests.push(case.request);
        }
    }
    requests
}

/// Holds what is shown of a new one against what was asked for.
async fn compare(life: &Life<'_>, made: &Made, outcome: &mut Outcome) -> Result<(), String> {
    let (_, create) = life.create()?;
    let show = life.operation(life.resource.show.ok_or("nothing shows one")?)?;
    let Some(seen) = life.shown_new(&made.id).await? else {
        return Ok(());
    };
    let id = text_of(&made.id);
    if matches!(seen.status, 404 | 410) {
        let message = format!(
            "`{id}` was created, and {} answers {} for it",
            show.id, seen.status
        );
        life.broken(outcome, &seen.exchange, Breach::NotShown, message);
        return Ok(());
    }
    if !seen.is_success() {
        return Err(format!("{} answered {}", show.id, seen.status));
    }
    let (Some(body), Some(shown)) = (&create.request_body, show.answer()) else {
        return Ok(());
    };
    for field in life.repeated(&body.schema, shown) {
        let Some(sent) = made
            .request
            .get(Place::Request, &field.sent)
            .filter(|value| !value.is_null())
        else {
            continue;
        };
        let now = value_at(&seen.body, &field.shown);
        if now.is_some_and(|now| is_kept_in(&sent, now)) {
            continue;
        }
        let told = match now {
            Some(now) => now.to_string(),
            None => format!("no `{}`", field.shown),
        };
        let message = format!(
            "created with `{}` {sent}, and {} shows {told}",
            field.sent, show.id
        );
        let breach = Breach::ShownOtherwise {
            field: field.sent.to_string(),
        };
        life.broken(outcome, &seen.exchange, breach, message);
    }
    if outcome.findings.is_empty() {
        unsaid::shows_no_secret(life, made, (&seen.body, &seen.exchange), outcome)?;
    }
    if outcome.findings.is_empty() {
        unsaid::hold(life, made, &seen, outcome).await?;
    }
    Ok(())
}

/// What was created is in the list.
pub(super) async fn is_listed(life: &Life<'_>) -> Result<Outcome, String> {
    let collection = life.resource.list.as_ref().ok_or("nothing lists them")?;
    let list = life.operation(collection.operation)?;
    if list.lists_some() {
        return Err("the list is said to have some alone, or to have them later".to_owned());
    }
    if is_filtered(list) {
        return Err("the list shows but a part unless it is asked for another".to_owned());
    }
    let mut outcome = Outcome::default();
    let made = life.make(&life.plain_create()?).await?;
    let id = text_of(&made.id);
    let mut last = None;
    for wait in APPEARS {
        let Some(listed) = life.listed().await? else {
            return Ok(outcome);
        };
        let count = listed.ids.iter().filter(|known| **known == id).count();
        if count > 1 {
            let message = format!("`{id}` was created once and is in the list {count} times");
            life.broken(
                &mut outcome,
                &listed.exchange,
                Breach::MoreThanOnce,
                message,
            );
        }
        if let Some(item) = listed
            .ids
            .iter()
            .position(|known| *known == id)
            .and_then(|at| listed.items.get(at))
        {
            compare_item(life, &made, item, &listed.exchange, &mut outcome)?;
            unsaid::shows_no_secret(life, &made, (item, &listed.exchange), &mut outcome)?;
            list_the_fullest(life).await;
            return Ok(outcome);
        }
        // Of a list of which no way to another page is known, all may be the first page.
        let may_go_on = || {
            let listing = listing_of(list, collection);
            listing.limit.is_none() && listing.marker.is_none() && is_usual_size(listed.ids.len())
        };
        if listed.is_cut || may_go_on() {
            return Err("the list is longer than what is read of one".to_owned());
        }
        last = Some(listed);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    if let Some(listed) = last {
        let message = format!("`{id}` was created, and is not in the list");
        life.broken(
            &mut outcome,
            &listed.exchange,
            Breach::NotInTheList,
            message,
        );
    }
    Ok(outcome)
}

/// Lets the list show one that has every field, so that the run sees there what may be left out.
/// Whether it can be made, and is shown as it was asked for, is for another law.
async fn list_the_fullest(life: &Life<'_>) {
    let (Ok((_, operation)), Ok(plain)) = (life.create(), life.plain_create()) else {
        return;
    };
    let fullest = with_plain(operation, &plain).pop();
    if let Some(fullest) = fullest.filter(|request| *request != plain)
        && life.make(&fullest).await.is_ok()
    {
        // The answer is noted as it comes.
        let _ = life.listed().await;
    }
}

/// Whether an id is in the list, now or soon; false too where there is no list.
pub(super) async fn appears_in_list(life: &Life<'_>, id: &str) -> Result<bool, String> {
    for wait in APPEARS {
        match life.listed().await? {
            Some(listed) if listed.ids.iter().any(|known| known == id) => return Ok(true),
            Some(listed) if listed.is_cut => return Ok(false),
            Some(_) => tokio::time::sleep(Duration::from_millis(wait)).await,
            None => return Ok(false),
        }
    }
    Ok(false)
}

/// Whether a list documents a default of a parameter that chooses some of its items by a listed
/// value.
fn is_filtered(list: &Operation) -> bool {
    list.parameters_in(Location::Query).any(|parameter| {
        let node = &parameter.schema.root;
        let name = parameter.name.to_lowercase();
        let is_order = ["sort", "order", "dir"]
            .iter()
            .any(|word| name.contains(word));
        !is_order && node.get(Facet::Default.as_str()).is_some() && !enum_values(node).is_empty()
    })
}

/// Holds an item of the list against what was asked for.
fn compare_item(
    life: &Life<'_>,
    made: &Made,
    item: &Value,
    exchange: &Exchange,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let (_, create) = life.create()?;
    let collection = life.resource.list.as_ref().ok_or("nothing lists them")?;
    let schema = life.operation(collection.operation)?.answer();
    let (Some(body), Some(schema)) = (&create.request_body, schema) else {
        return Ok(());
    };
    let Some(part) = schema
        .field(&collection.items.item())
        .and_then(|field| schema.part_of(&field))
    else {
        return Ok(());
    };
    for field in mirrored(&body.schema, &part) {
        let sent = made.request.get(Place::Request, &field.sent);
        let Some(sent) = sent.filter(|value| !value.is_null()) else {
            continue;
        };
        let now = value_at(item, &field.shown);
        if now.is_some_and(|now| is_kept_in(&sent, now)) {
            continue;
        }
        let told = match now {
            Some(now) => now.to_string(),
            None => format!("no `{}`", field.shown),
        };
        let message = format!(
            "created with `{}` {sent}, and the list has {told}",
            field.sent
        );
        let breach = Breach::NotKept {
            field: field.sent.to_string(),
        };
        life.broken(outcome, exchange, breach, message);
    }
    Ok(())
}

/// Names of the time at which something was made.
const TIMES: [&str; 8] = [
    "created_at",
    "createdat",
    "created",
    "create_time",
    "createtime",
    "creation_time",
    "created_time",
    "creationtime",
];

/// The texts of an operation's answer that say when something was made.
pub(super) fn times(operation: &Operation) -> impl Iterator<Item = FieldPath> {
    let answer = operation.answer();
    let fields = answer.into_iter().flat_map(Schema::fields);
    fields
        .filter(move |field| {
            let name = field.path.last_name().unwrap_or_default().to_lowercase();
            !field.path.has_item()
                && TIMES.contains(&name.as_str())
                && types_of(field.node).contains(&"string")
                && !answer.is_some_and(|answer| is_of_another(answer, field.path))
        })
        .map(|field| field.path.clone())
}

/// Whether a field is one of another thing than what an answer tells of: an object that has an id of
/// its own, within one that has an id too.
fn is_of_another(answer: &Schema, field: &FieldPath) -> bool {
    let has_id = |object: &FieldPath| {
        let ids = ["id", "uuid", "guid"];
        ids.iter()
            .any(|id| answer.field(&object.child(*id)).is_some())
    };
    let mut around = std::iter::successors(field.parent(), FieldPath::parent);
    around.any(|object| {
        let mut outer = std::iter::successors(object.parent(), FieldPath::parent);
        has_id(&object) && outer.any(|outer| has_id(&outer))
    })
}

/// The times of what was created are near the clock: that of the answer, or this machine's.
pub(super) async fn is_timed(life: &Life<'_>) -> Result<Outcome, String> {
    let (_, operation) = life.create()?;
    let mut outcome = Outcome::default();
    let made = life.make(&life.plain_create()?).await?;
    let clock = clock(&made);
    for path in times(operation) {
        let Some(Value::String(text)) = value_at(&made.seen.body, &path) else {
            continue;
        };
        // A time without its zone is in a zone that nobody knows.
        let Ok(time) = text.parse::<Timestamp>() else {
            continue;
        };
        let is_near = |now: Timestamp| now.duration_since(time).unsigned_abs() <= NEAR;
        if is_near(clock) || is_near(Timestamp::now()) {
            continue;
        }
        let message = format!(
            "`{path}` of what was created at {clock} is {text}: {}",
            far(clock, time)
        );
        let breach = Breach::FarFromTheClock {
            field: path.to_string(),
        };
        life.broken(&mut outcome, &made.seen.exchange, breach, message);
    }
    Ok(outcome)
}

/// How far a time is from the clock, in words; whole quarters of an hour are those of a time zone.
fn far(clock: Timestamp, time: Timestamp) -> String {
    let seconds = time.duration_since(clock).as_secs();
    let quarters = (seconds + 450 * seconds.signum()) / 900;
    let rest = (seconds - quarters * 900).abs();
    if rest < 60 && quarters != 0 && quarters.abs() <= 14 * 4 {
        format!(
            "a local time, {} minutes off, that says it is none",
            quarters * 15
        )
    } else {
        format!("{seconds} seconds off")
    }
}

/// When an answer was sent, by its `Date` (RFC 9110, section 6.6.1), else now.
fn clock(made: &Made) -> Timestamp {
    let answer = made.seen.exchange.outcome.as_ref().ok();
    let date = answer.and_then(|answer| {
        let mut headers = answer.headers.iter();
        headers
            .find(|(name, _)| name == "date")
            .map(|(_, value)| value)
    });
    date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok())
        .map_or_else(Timestamp::now, |date| date.timestamp())
}

/// What is made under one parent is not shown under another.
pub(super) async fn is_isolated(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let context = life.law.context;
    let parent = life
        .resource
        .parent
        .and_then(|parent| context.sender.suite.resources.get(parent))
        .ok_or("nothing is above it")?;
    if context.sender.supplies.creatable(&parent.key).is_none() {
        return Err(format!(
            "only one `{}` is known, and nothing creates another",
            parent.key
        ));
    }
    // The first parent is this law's own, so that what is made now is made there.
    context.hold(&parent.key, true).await?;
    let made = life.make(&life.plain_create()?).await?;
    let id = text_of(&made.id);
    let other = context.one_more(&parent.key).await?;
    // Where a given parent stands in the path, another was not asked about.
    let asks_about_other = |exchange: &Exchange| {
        let other = text_of(&other);
        exchange.request.path.values().any(|id| *id == other)
    };
    if life.resource.list.is_some()
        && let Some(listed) = life.listed().await?
        && asks_about_other(&listed.exchange)
        && listed.ids.contains(&id)
    {
        let message = format!(
            "`{id}` was made under one `{}`, and is in the list of another, `{}`",
            parent.noun,
            text_of(&other)
        );
        life.broken(
            &mut outcome,
            &listed.exchange,
            Breach::ShownElsewhere,
            message,
        );
    }
    if let Some(seen) = life.show(&made.id).await?
        && asks_about_other(&seen.exchange)
        && seen.is_success()
    {
        let message = format!(
            "`{id}` was made under one `{}`, and is shown under another, `{}`",
            parent.noun,
            text_of(&other)
        );
        life.broken(
            &mut outcome,
            &seen.exchange,
            Breach::ShownElsewhere,
            message,
        );
    }
    Ok(outcome)
}
