//! Services that differ in how they list, and in how a request says what of a list it wants.

use serde_json::{Value, json};

use super::body::{Field, Is, value};
use super::frame::{Ask, PLAIN, Reply, Service, State, Wrong, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[
    CURSOR_PAGES,
    OFFSET_PAGES,
    PAGE_NUMBERS,
    LINK_HEADERS,
    EMPTY_LIST,
    QUERY_REPEAT,
    QUERY_COMMA,
    ARRAY_BODY,
    EVERY_TAG,
    PREFERRED,
];

/// A service that answers a list, or refuses a query that is not as documented.
macro_rules! list {
    ($function:ident) => {
        |state, ask| $function(state, ask).unwrap_or_else(|Wrong| refuse(400, "a parameter"))
    };
}

/// Pages by an opaque cursor.
const CURSOR_PAGES: Service = Service {
    name: "cursor-pages",
    paths: &[("/v1/events", "GET")],
    serve: list!(events),
    breaches: &[("endless", "ListEvents"), ("overlap", "pagination")],
    ..PLAIN
};

fn events(state: &mut State, ask: &Ask) -> Result<Reply, Wrong> {
    let (limit, most) = (ask.number("limit", 1, 50, 4)?, 9);
    let begin: usize = match ask.param("cursor")? {
        None => 0,
        Some(text) => text
            .strip_prefix("c-")
            .and_then(|text| text.parse().ok())
            .ok_or(Wrong)?,
    };
    let end = most.min(begin + limit);
    let first = begin - usize::from(state.is("overlap") && begin > 0);
    let event = |number: usize| {
        let note = number.is_multiple_of(3).then(|| "watch".to_owned());
        json!({ "id": format!("ev-{number}"), "kind": "login", "note": note })
    };
    let is_last = end == most && !state.is("endless");
    let next = (!is_last).then(|| format!("c-{end}"));
    let events: Vec<Value> = (first..end).map(event).collect();
    Ok(say(200, json!({ "events": events, "next": next })))
}

/// Pages by an offset, with a total.
const OFFSET_PAGES: Service = Service {
    name: "offset-pages",
    paths: &[("/v1/stations", "GET")],
    serve: list!(stations),
    breaches: &[
        ("total", "pagination::total"),
        ("offset", "pagination"),
        ("limit", "limit"),
    ],
    ..PLAIN
};

fn stations(state: &mut State, ask: &Ask) -> Result<Reply, Wrong> {
    let most = if state.is("limit") { 200 } else { 100 };
    let limit = ask.number("limit", 1, most, 10)?;
    let offset = ask.number("offset", 0, 10_000, 0)?;
    let skipped = if state.is("offset") {
        offset / 2
    } else {
        offset
    };
    let station = |number: usize| json!({ "id": format!("st-{number}"), "name": format!("Station {number}"), "lines": 1 + number % 4 });
    let stations: Vec<Value> = (0..12).map(station).skip(skipped).take(limit).collect();
    let total = if state.is("total") {
        stations.len()
    } else {
        12
    };
    Ok(say(
        200,
        json!({ "stations": stations, "total_count": total }),
    ))
}

/// Pages by their numbers.
const PAGE_NUMBERS: Service = Service {
    name: "page-numbers",
    paths: &[("/api/books", "GET")],
    serve: list!(books),
    breaches: &[("zero", "page::minimum"), ("overfull", "ListBooks")],
    ..PLAIN
};

fn books(state: &mut State, ask: &Ask) -> Result<Reply, Wrong> {
    let least = usize::from(!state.is("zero"));
    let page = ask.number("page", least, 1000, 1)?;
    let of_page = ask.number("per_page", 1, 30, 5)?;
    let more = usize::from(state.is("overfull"));
    let books: Vec<Value> = (1..9)
        .map(|id| json!({ "id": id, "title": format!("Volume {id}") }))
        .skip(page.saturating_sub(1) * of_page)
        .take(of_page + more)
        .collect();
    let pages = 8_usize.div_ceil(of_page);
    Ok(say(
        200,
        json!({ "items": books, "page": page, "pages": pages, "total": 8 }),
    ))
}

/// Pages by links in a header.
const LINK_HEADERS: Service = Service {
    name: "link-headers",
    paths: &[("/commits", "GET")],
    serve: list!(commits),
    breaches: &[("sha", "sha"), ("size", "per_page")],
    ..PLAIN
};

fn commits(state: &mut State, ask: &Ask) -> Result<Reply, Wrong> {
    let page = ask.number("page", 1, usize::MAX, 1)?;
    let of_page = ask.number("per_page", 1, if state.is("size") { 99 } else { 20 }, 4)?;
    let before = (page - 1).saturating_mul(of_page);
    let digits = if state.is("sha") {
        "9e3779b97f4a7c15"
    } else {
        "9e3779b97f4a7c159e3779b97f4a7c159e3779b9"
    };
    let commits: Vec<Value> = (0..10)
        .map(|number| json!({ "sha": digits, "message": format!("Step {number}") }))
        .skip(before)
        .take(of_page)
        .collect();
    let reply = say(200, json!({ "commits": commits }));
    let next = format!(
        "</commits?page={}&per_page={of_page}>; rel=\"next\"",
        page.saturating_add(1)
    );
    let is_last = before.saturating_add(of_page) >= 10;
    Ok(if is_last {
        reply
    } else {
        reply.with("Link", next)
    })
}

/// A list that is empty today.
const EMPTY_LIST: Service = Service {
    name: "empty-list",
    paths: &[("/v1/alerts", "GET")],
    serve: |state, ask| match ask.param("severity") {
        Ok(None | Some("low" | "high")) => {
            let alerts = if state.is("text") {
                json!("none")
            } else {
                json!([])
            };
            say(200, json!({ "alerts": alerts, "count": 0 }))
        }
        _ => refuse(400, "no such severity"),
    },
    breaches: &[("text", "alerts::type")],
    ..PLAIN
};

/// A parameter that is repeated for several values.
const QUERY_REPEAT: Service = Service {
    name: "query-repeat",
    paths: &[("/v1/shoes", "GET")],
    serve: |state, ask| {
        let most = if state.is("giants") { 60 } else { 48 };
        let mut sizes: Vec<Option<u32>> =
            ask.params("size").map(|size| size.parse().ok()).collect();
        if state.is("last") {
            sizes = sizes.into_iter().next_back().into_iter().collect();
        }
        let fits = |size: &Option<u32>| size.is_some_and(|size| (36..=most).contains(&size));
        if !sizes.iter().all(fits) {
            return refuse(400, "no such size");
        }
        let shoes: Vec<Value> = [("Fell", 41), ("Marsh", 42), ("Crag", 44)]
            .into_iter()
            .filter(|(_, size)| sizes.is_empty() || sizes.contains(&Some(*size)))
            .map(|(name, size)| json!({ "name": name, "size": size }))
            .collect();
        say(200, json!({ "shoes": shoes }))
    },
    breaches: &[("giants", "query.size"), ("last", "several::each-counts")],
    ..PLAIN
};

/// A parameter with several values between commas.
const QUERY_COMMA: Service = Service {
    name: "query-comma",
    paths: &[("/v1/paints", "GET")],
    serve: |state, ask| {
        let Ok(given) = ask.param("colours") else {
            return refuse(400, "given twice");
        };
        let mut wanted: Vec<&str> = given
            .map(|text| text.split(',').collect())
            .unwrap_or_default();
        if state.is("first") {
            wanted.truncate(1);
        }
        let is_known = |colour: &&str| ["red", "blue", "white"].contains(colour);
        if !wanted.iter().all(is_known) && !state.is("any-colour") {
            return refuse(400, "no such colour");
        }
        let paints: Vec<Value> = [("Barn", "red"), ("Bay", "blue"), ("Chalk", "white")]
            .into_iter()
            .filter(|(_, colour)| wanted.is_empty() || wanted.contains(colour))
            .map(|(name, colour)| json!({ "name": name, "colour": colour }))
            .collect();
        say(200, json!({ "paints": paints }))
    },
    breaches: &[
        ("any-colour", "query.colours"),
        ("first", "several::each-counts"),
    ],
    ..PLAIN
};

/// A body that is an array.
const ARRAY_BODY: Service = Service {
    name: "array-body",
    paths: &[("/v1/words", "POST")],
    serve: |state, ask| {
        const WORD: Is = Is::Object(&[
            Field("word", Is::Text(1, 30), true),
            Field("language", Is::OneOf(&["en", "fi"]), false),
        ]);
        let most = if state.is("long") { 40 } else { 20 };
        let is_json = ask
            .header("content-type")
            .is_some_and(|kind| kind.contains("json"));
        match value(&ask.body).filter(|body| is_json && Is::Many(most, &WORD).fits(body)) {
            Some(Value::Array(words)) if !words.is_empty() || state.is("none") => {
                let added = if state.is("zero") { 0 } else { words.len() };
                say(200, json!({ "added": added }))
            }
            _ => refuse(400, "not as documented"),
        }
    },
    breaches: &[
        ("zero", "added::minimum"),
        ("long", "request::maxItems"),
        ("none", "request::minItems"),
    ],
    ..PLAIN
};

/// Lists what has every one of several values.
const EVERY_TAG: Service = Service {
    name: "every-tag",
    paths: &[("/v1/recipes", "GET")],
    serve: |state, ask| {
        let mut wanted: Vec<&str> = ask.params("tags[]").collect();
        if state.is("first") {
            wanted.truncate(1);
        }
        let recipes: Vec<Value> = [
            ("r-1", "Pea soup", &["vegan", "quick"][..]),
            ("r-2", "Rye bread", &["vegan", "cheap"]),
            ("r-3", "Omelette", &["quick", "cheap"]),
        ]
        .into_iter()
        .filter(|(_, _, tags)| wanted.iter().all(|wanted| tags.contains(wanted)))
        .map(|(id, title, tags)| json!({ "id": id, "title": title, "tags": tags }))
        .collect();
        say(200, json!({ "recipes": recipes }))
    },
    breaches: &[("first", "several::each-counts")],
    ..PLAIN
};

/// Lists in the first of several languages that it has anything in.
const PREFERRED: Service = Service {
    name: "preferred",
    paths: &[("/v1/greetings", "GET")],
    serve: |state, ask| {
        let Ok(given) = ask.param("language") else {
            return refuse(400, "given twice");
        };
        let known = [
            ("g-1", "en", "Hello"),
            ("g-2", "fi", "Moi"),
            ("g-3", "en", "Hi"),
        ];
        let asked = given.into_iter().flat_map(|given| given.split(','));
        let has = |language: &&str| known.iter().any(|(_, known, _)| known == language);
        if asked.clone().any(|language| language.chars().count() != 2) {
            return refuse(400, "no language");
        }
        let wanted = asked.clone().find(has);
        let is_free = given.is_none();
        let greetings: Vec<Value> = known
            .into_iter()
            .filter(|(_, language, _)| is_free || Some(*language) == wanted)
            .map(|(id, language, text)| {
                let language = if state.is("long") {
                    "english"
                } else {
                    language
                };
                json!({ "id": id, "language": language, "text": text })
            })
            .collect();
        say(200, json!({ "greetings": greetings }))
    },
    breaches: &[("long", "language")],
    ..PLAIN
};
