//! A time window over a list: both bounds honoured and inclusive, windows partition the list, begin
//! after end is refused.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::check::Breach;
use crate::contract::formats::{DateParts, DateTemplate};
use crate::contract::{FieldPath, Listing, Location, Place};
use crate::generate::Expectation;

use super::list::{self, Page};
use super::{Law, Outcome};

/// The query parameters of a window, and how they are written.
struct Window<'w> {
    begin: &'w str,
    end: &'w str,
    template: DateTemplate,
}

pub(super) async fn hold(
    law: &Law<'_>,
    listing: &Listing,
    begin: &str,
    end: &str,
    time: &str,
    name: &str,
) -> Outcome {
    let format = law
        .operation
        .parameter(Location::Query, begin)
        .and_then(|parameter| parameter.schema.root.get("format"))
        .and_then(Value::as_str)
        .and_then(DateTemplate::parse);
    let Some(template) = format else {
        return Outcome::undecided(format!("no page gives a format for `{begin}`"));
    };
    let window = Window {
        begin,
        end,
        template,
    };
    if name == "begin-after-end" {
        return begin_after_end(law, &window).await;
    }
    for attempt in 0..list::TRIES {
        let mut outcome = Outcome::default();
        let Some(before) = list::whole(
            law,
            law.operation,
            &law.baseline,
            listing,
            &[],
            &mut outcome,
        )
        .await
        else {
            return outcome;
        };
        if before.is_cut {
            // Which of the items that were not read are within the window, nobody knows.
            return Outcome::undecided("the list is longer than what is read of one");
        }
        let mut times: Vec<(String, Timestamp)> = Vec::new();
        for (item, id) in before.items.iter().zip(&before.ids) {
            let stated = item
                .pointer(time)
                .and_then(Value::as_str)
                .and_then(|text| text.parse::<Timestamp>().ok());
            let Some(stated) = stated else {
                return Outcome::undecided(format!("`{time}` of an item is no RFC 3339 time"));
            };
            times.push((id.clone(), stated));
        }
        times.sort_by_key(|(_, time)| *time);
        let seconds = telling_seconds(&times);
        if seconds.is_empty() {
            return Outcome::undecided("all items of the list have one time");
        }
        let mut problem = None;
        for second in seconds {
            problem = probe(law, listing, &window, name, &times, second, &mut outcome).await;
            if problem.is_some() {
                break;
            }
        }
        let after = law.read_again(listing).await;
        match (problem, after) {
            (None, _) => return outcome,
            (Some((page, breach, message)), Some(after)) if after.ids == before.ids => {
                law.broken(&mut outcome, &page.exchange, breach, message);
                return outcome;
            }
            _ => list::settle(attempt).await,
        }
    }
    Outcome::undecided("the list is moving")
}

/// Seconds that tell what a window does: one with items on both sides, as near to the middle as may
/// be, and one after noon, where clocks of twelve hours go wrong. A second at which an item stands
/// exactly is better than one within which it does: whether a bound is inclusive shows by it.
fn telling_seconds(times: &[(String, Timestamp)]) -> Vec<i64> {
    let mut distinct: Vec<i64> = times.iter().map(|(_, time)| time.as_second()).collect();
    distinct.dedup();
    let half = distinct.len() / 2;
    let inner = distinct.get(1..).unwrap_or_default();
    let is_exact = |second: i64| {
        times
            .iter()
            .any(|(_, time)| time.as_second() == second && time.subsec_nanosecond() == 0)
    };
    let nearest = |wanted: &dyn Fn(i64) -> bool| {
        inner
            .iter()
            .enumerate()
            .filter(|(_, second)| wanted(**second))
            .min_by_key(|(index, second)| (!is_exact(**second), (index + 1).abs_diff(half)))
            .map(|(_, second)| *second)
    };
    let is_after_noon = |second: i64| second.rem_euclid(86_400) >= 13 * 3_600;
    let mut seconds: Vec<i64> = nearest(&|_| true).into_iter().collect();
    if !seconds.iter().any(|second| is_after_noon(*second)) {
        seconds.extend(nearest(&is_after_noon));
    }
    seconds
}

async fn probe(
    law: &Law<'_>,
    listing: &Listing,
    window: &Window<'_>,
    name: &str,
    times: &[(String, Timestamp)],
    middle: i64,
    outcome: &mut Outcome,
) -> Option<(Page, Breach, String)> {
    let text = |second: i64| write(&window.template, second);
    let read = async |query: Vec<(&str, String)>, outcome: &mut Outcome| {
        list::whole(law, law.operation, &law.baseline, listing, &query, outcome).await
    };
    // An item within the bound's own second but after its start may stand on either side of an end.
    let whole_second = |time: &Timestamp| time.subsec_nanosecond() == 0;
    match name {
        "begin" => {
            // At the second of an item, and at the next: what is taken for another time shows at
            // one of the two.
            for bound in [middle, middle + 1] {
                let page = read(vec![(window.begin, text(bound))], outcome).await?;
                for (id, time) in times {
                    let inside = time.as_second() >= bound;
                    if inside != page.ids.contains(id) {
                        return Some(misplaced(page, window.begin, &text(bound), time, inside));
                    }
                }
            }
            None
        }
        "end" => {
            for bound in [middle, middle - 1, middle + 1] {
                let page = read(vec![(window.end, text(bound))], outcome).await?;
                for (id, time) in times {
                    if time.as_second() == bound && !whole_second(time) {
                        continue;
                    }
                    let inside = time.as_second() <= bound;
                    if inside != page.ids.contains(id) {
                        return Some(misplaced(page, window.end, &text(bound), time, inside));
                    }
                }
            }
            None
        }
        _ => {
            let early = read(vec![(window.end, text(middle - 1))], outcome).await?;
            let late = read(vec![(window.begin, text(middle))], outcome).await?;
            for (id, time) in times {
                if time.as_second() == middle - 1 && !whole_second(time) {
                    continue;
                }
                let found =
                    usize::from(early.ids.contains(id)) + usize::from(late.ids.contains(id));
                if found != 1 {
                    let message = format!(
                        "an item of {time} is in {found} of two windows that part the time at {}",
                        text(middle)
                    );
                    return Some((late, Breach::NotInOneOfTwo, message));
                }
            }
            let (begin, end) = (text(middle), text(middle + 1));
            let both = read(vec![(window.begin, begin), (window.end, end)], outcome).await?;
            for (id, time) in times {
                let is_at_end = time.as_second() == middle + 1;
                let is_within = time.as_second() == middle || is_at_end && whole_second(time);
                let is_there = both.ids.contains(id);
                if is_there != is_within && (!is_at_end || whole_second(time)) {
                    let verb = if is_there { "has" } else { "leaves out" };
                    let message = format!(
                        "a window of one second at {} {verb} an item of {time}",
                        text(middle)
                    );
                    let breach = if is_there {
                        Breach::FromOutside
                    } else {
                        Breach::LeftOut
                    };
                    return Some((both, breach, message));
                }
            }
            None
        }
    }
}

fn misplaced(
    page: Page,
    parameter: &str,
    bound: &str,
    time: &Timestamp,
    inside: bool,
) -> (Page, Breach, String) {
    let (breach, verb) = if inside {
        (Breach::LeftOut, "left out")
    } else {
        (Breach::FromOutside, "gave")
    };
    let message = format!("`{parameter}={bound}` {verb} an item of {time}");
    (page, breach, message)
}

async fn begin_after_end(law: &Law<'_>, window: &Window<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut request = law.baseline.clone();
    request.set(
        Place::Query,
        &FieldPath::name(window.begin),
        Some(Value::from(write(&window.template, 1_700_000_000))),
    );
    request.set(
        Place::Query,
        &FieldPath::name(window.end),
        Some(Value::from(write(&window.template, 1_600_000_000))),
    );
    law.ask(
        law.operation,
        &request,
        "a begin after the end",
        Expectation::Refusal,
        &mut outcome,
    )
    .await;
    outcome
}

fn write(template: &DateTemplate, second: i64) -> String {
    let time = Timestamp::from_second(second)
        .unwrap_or_default()
        .to_zoned(TimeZone::UTC);
    let part = |value: i8| u32::try_from(value).unwrap_or(0);
    template.write(DateParts {
        year: u32::try_from(time.year()).unwrap_or(0),
        month: part(time.month()),
        day: part(time.day()),
        hour: part(time.hour()),
        minute: part(time.minute()),
        second: part(time.second()),
    })
}
