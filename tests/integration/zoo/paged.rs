//! Services that differ in how the pages of a list follow each other, and in what is told of them.

use serde_json::{Value, json};

use super::frame::{Ask, PLAIN, Reply, Service, State, Wrong, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[
    HAS_MORE,
    NEXT_URL,
    MARKER,
    BEYOND_404,
    SINCE,
    SORT,
    QUOTA_HEADERS,
    TOTAL_HEADER,
];

/// A service that answers a list, or refuses a query that is not as documented.
macro_rules! list {
    ($function:ident) => {
        |state, ask| $function(state, ask).unwrap_or_else(|Wrong| refuse(400, "a parameter"))
    };
}

/// Pages begin behind an item, and say whether there are more.
const HAS_MORE: Service = Service {
    name: "has-more",
    paths: &[("/v1/charges", "GET")],
    serve: list!(charges),
    breaches: &[("again", "ListCharges"), ("amount", "amount")],
    ..PLAIN
};

/// The place behind the item with an id, of items that are numbered down from a first one.
fn behind(ask: &Ask, name: &str, prefix: &str, first: usize) -> Result<usize, Wrong> {
    match ask.param(name)? {
        None => Ok(0),
        Some(id) => {
            let number = id
                .strip_prefix(prefix)
                .and_then(|id| id.parse::<usize>().ok());
            let place = number.and_then(|number| first.checked_sub(number));
            place
                .filter(|place| *place < first)
                .map(|place| place + 1)
                .ok_or(Wrong)
        }
    }
}

fn charges(state: &mut State, ask: &Ask) -> Result<Reply, Wrong> {
    let limit = ask.number("limit", 1, 100, 10)?;
    let mut begin = behind(ask, "starting_after", "ch_", 23)?;
    if state.is("again") {
        begin = begin.saturating_sub(1);
    }
    let charge = |place: usize| {
        let number = 23 - place;
        let amount = if state.is("amount") && number == 9 {
            0
        } else {
            number * 50
        };
        let created = 1_740_817_876 + number * 60;
        json!({ "id": format!("ch_{number}"), "object": "charge", "amount": amount, "created": created })
    };
    let data: Vec<Value> = (begin..23).take(limit).map(charge).collect();
    let has_more = begin + limit < 23;
    Ok(say(
        200,
        json!({ "object": "list", "data": data, "has_more": has_more }),
    ))
}

/// Tells the address of the next page.
const NEXT_URL: Service = Service {
    name: "next-url",
    paths: &[("/mails", "GET")],
    serve: list!(mails),
    breaches: &[("number", "next"), ("text", "unread::type")],
    ..PLAIN
};

fn mails(state: &mut State, ask: &Ask) -> Result<Reply, Wrong> {
    let size = ask.number("page_size", 1, 20, 5)?;
    let begin = match ask.param("page_token")? {
        None => 0,
        Some(token) => {
            let number = token
                .strip_prefix("t-")
                .and_then(|token| token.parse::<usize>().ok());
            number.filter(|number| *number < 12).ok_or(Wrong)?
        }
    };
    let unread = if state.is("text") {
        json!("no")
    } else {
        json!(false)
    };
    let subject = |number: usize| if number == 4 { "" } else { "Tides" };
    let mail = |number: usize| json!({ "id": format!("m-{number}"), "subject": subject(number), "unread": unread });
    let mails: Vec<Value> = (begin..12).take(size).map(mail).collect();
    let end = begin + size;
    let next = (end < 12).then(|| format!("/mails?page_size={size}&page_token=t-{end}"));
    let next = if state.is("number") {
        json!(end)
    } else {
        json!(next)
    };
    Ok(say(
        200,
        json!({ "mails": mails, "next": next, "size_estimate": 12 }),
    ))
}

/// Pages begin behind a marker: an id.
const MARKER: Service = Service {
    name: "marker",
    paths: &[("/v2/images", "GET")],
    serve: list!(images),
    breaches: &[("included", "pagination"), ("limit", "ListImages")],
    ..PLAIN
};

fn images(state: &mut State, ask: &Ask) -> Result<Reply, Wrong> {
    let limit = ask.number("limit", 1, 100, 20)?;
    let limit = if state.is("limit") { limit + 1 } else { limit };
    let mut begin = behind(ask, "marker", "img-", 9)?;
    if state.is("included") {
        begin = begin.saturating_sub(1);
    }
    let image = |place: usize| {
        let number = 9 - place;
        json!({ "id": format!("img-{number}"), "name": "debian", "min_disk": 4 })
    };
    let images: Vec<Value> = (begin..9).take(limit).map(image).collect();
    Ok(say(200, json!({ "images": images })))
}

/// Has no page behind the last one.
const BEYOND_404: Service = Service {
    name: "beyond-404",
    paths: &[("/hikes", "GET")],
    serve: list!(hikes),
    breaches: &[("total", "ListHikes"), ("size", "ListHikes")],
    ..PLAIN
};

fn hikes(state: &mut State, ask: &Ask) -> Result<Reply, Wrong> {
    let page = ask.number("page", 1, usize::MAX, 1)?;
    let size = ask.number("size", 1, 50, 4)?;
    let pages = 10_usize.div_ceil(size);
    if page > pages {
        return Ok(refuse(404, "there is no such page"));
    }
    let more = usize::from(state.is("size"));
    let hike = |number: usize| json!({ "id": number + 1, "name": format!("Hike {number}"), "km": number + 1 });
    let hikes: Vec<Value> = (0..10)
        .skip((page - 1) * size)
        .take(size + more)
        .map(hike)
        .collect();
    let total = if state.is("total") { hikes.len() } else { 10 };
    let last = page == pages;
    Ok(say(
        200,
        json!({ "content": hikes, "totalElements": total, "totalPages": pages, "last": last }),
    ))
}

/// Cuts a list by times in seconds.
const SINCE: Service = Service {
    name: "since",
    paths: &[("/v1/pings", "GET")],
    serve: list!(pings),
    breaches: &[("millis", "millis::type")],
    ..PLAIN
};

fn pings(state: &mut State, ask: &Ask) -> Result<Reply, Wrong> {
    let from = ask.number("from", 0, usize::MAX, 0)?;
    let to = ask.number("to", 0, usize::MAX, usize::MAX)?;
    let limit = ask.number("limit", 1, 100, 50)?;
    let ping = |number: usize| {
        let millis = if number.is_multiple_of(4) { -1 } else { 17 };
        let millis = if state.is("millis") {
            json!("17")
        } else {
            json!(millis)
        };
        json!({ "id": format!("p-{}", 9 - number), "host": "a.example", "at": 1_740_817_876 - number * 30, "millis": millis })
    };
    let is_within = |ping: &Value| {
        let at = ping["at"].as_u64().and_then(|at| usize::try_from(at).ok());
        at.is_some_and(|at| (from..=to).contains(&at))
    };
    let pings: Vec<Value> = (0..8).map(ping).filter(is_within).take(limit).collect();
    Ok(say(200, json!({ "pings": pings })))
}

/// Sorts as it is told to.
const SORT: Service = Service {
    name: "sort",
    paths: &[("/v1/peaks", "GET")],
    serve: list!(peaks),
    breaches: &[("height", "height::type"), ("zero", "min_height")],
    ..PLAIN
};

fn peaks(state: &mut State, ask: &Ask) -> Result<Reply, Wrong> {
    let key = ask.param("sort_key")?.unwrap_or("name");
    let direction = ask.param("sort_dir")?.unwrap_or("asc");
    if !["name", "height"].contains(&key) || !["asc", "desc"].contains(&direction) {
        return Err(Wrong);
    }
    let most = if state.is("zero") { 9001 } else { 9000 };
    let least = ask.number("min_height", 0, most, 0)?;
    let mut peaks = vec![
        ("Aiguille", 3842),
        ("Dent", 4357),
        ("Eiger", 3967),
        ("Rigi", 1797),
    ];
    peaks.retain(|(_, height)| *height >= least);
    if key == "height" {
        peaks.sort_by_key(|(_, height)| *height);
    }
    if direction == "desc" {
        peaks.reverse();
    }
    let height = |height: &usize| {
        if state.is("height") {
            json!(height.to_string())
        } else {
            json!(height)
        }
    };
    let peak = |(name, metres): &(&str, usize)| json!({ "name": name, "height": height(metres) });
    let peaks: Vec<Value> = peaks.iter().map(peak).collect();
    Ok(say(200, json!({ "peaks": peaks })))
}

/// Tells in headers how many requests are left.
const QUOTA_HEADERS: Service = Service {
    name: "quota-headers",
    paths: &[("/v1/quotes/*", "GET")],
    arguments: &["--set", "bourse.quote_id=ACME"],
    serve: |state, ask| {
        let left = 60 - state.count("requests").min(60);
        let left = if state.is("left") { 61 } else { left };
        let reply = match ask.id(0) {
            symbol @ ("ACME" | "VOLT") => say(200, json!({ "symbol": symbol, "price": 12.5 })),
            _ => refuse(404, "no such symbol"),
        };
        reply
            .with("X-RateLimit-Limit", 60)
            .with("X-RateLimit-Remaining", left)
            .with("X-RateLimit-Reset", 1_740_817_876)
    },
    breaches: &[("left", "X-RateLimit-Remaining")],
    ..PLAIN
};

/// Tells in a header how long a list is.
const TOTAL_HEADER: Service = Service {
    name: "total-header",
    paths: &[("/v1/cards", "GET")],
    serve: list!(cards),
    breaches: &[("none", "X-Total-Count"), ("offset", "ListCards")],
    ..PLAIN
};

fn cards(state: &mut State, ask: &Ask) -> Result<Reply, Wrong> {
    let offset = ask.number("offset", 0, usize::MAX, 0)?;
    let limit = ask.number("limit", 1, 50, 20)?;
    let offset = if state.is("offset") {
        offset / 2
    } else {
        offset
    };
    let card = |number: usize| {
        let suit = if number.is_multiple_of(2) {
            "clubs"
        } else {
            "hearts"
        };
        json!({ "id": format!("c-{number}"), "suit": suit })
    };
    let cards: Vec<Value> = (0..26).skip(offset).take(limit).map(card).collect();
    let reply = say(200, json!({ "cards": cards }));
    Ok(if state.is("none") {
        reply
    } else {
        reply.with("X-Total-Count", 26)
    })
}
