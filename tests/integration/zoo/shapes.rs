//! Services whose pages are of another form, or whose answers have an unusual size or make.

use serde_json::{Value, json};

use super::frame::{PLAIN, Service, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[LONG_LIST, NEWEST_FIRST, PLAIN_UUID, RST, HTML];

/// Answers thousands of items at once.
const LONG_LIST: Service = Service {
    name: "long-list",
    paths: &[("/v1/stars", "GET")],
    serve: |state, _| {
        let name = |id: u32| if id.is_multiple_of(97) { "Alya" } else { "" };
        let star = |id: u32| json!({ "id": id, "magnitude": 4.5, "name": name(id) });
        let mut stars: Vec<Value> = (1..=3000).map(star).collect();
        if state.is("last") {
            stars[2999]["magnitude"] = json!("bright");
        }
        say(200, json!({ "stars": stars, "count": 3000 }))
    },
    breaches: &[("last", "magnitude::type")],
    ..PLAIN
};

/// Lists the newest first, and some fields on demand.
const NEWEST_FIRST: Service = Service {
    name: "newest-first",
    paths: &[("/v1/trips", "GET")],
    serve: |state, ask| {
        let (Ok(wanted), Ok(with_stops)) = (ask.param("state"), ask.param("with_stops")) else {
            return refuse(400, "given twice");
        };
        let with_stops = match with_stops {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return refuse(400, "with_stops"),
        };
        if wanted.is_some_and(|state| !["planned", "done"].contains(&state)) {
            return refuse(400, "no such state");
        }
        let mut trips: Vec<Value> = (1..=6)
            .rev()
            .map(|day| {
                let state = if day > 3 { "planned" } else { "done" };
                let created = format!("2025-03-0{day}T08:00:00Z");
                let mut trip =
                    json!({ "id": format!("t-{day}"), "state": state, "created_at": created });
                if with_stops {
                    trip["stops"] = json!(["Cork", "Leith"]);
                }
                trip
            })
            .filter(|trip| state.is("all") || wanted.is_none_or(|state| trip["state"] == state))
            .collect();
        if state.is("oldest") {
            trips.reverse();
        }
        say(200, json!({ "trips": trips }))
    },
    breaches: &[("oldest", "sorted"), ("all", "filter")],
    ..PLAIN
};

/// A UUID without hyphens.
const PLAIN_UUID: Service = Service {
    name: "plain-uuid",
    paths: &[("/v1/tenant", "GET")],
    serve: |state, _| {
        let created = if state.is("time") {
            "2025-03-01 08:31:16"
        } else {
            "2025-03-01T08:31:16Z"
        };
        let uuid = "b975200f498d4d188e65d6c00ce6b1a3";
        say(
            200,
            json!({ "uuid": uuid, "name": "north", "created_at": created }),
        )
    },
    breaches: &[("time", "created_at")],
    ..PLAIN
};

/// A page in reStructuredText, with directives.
const RST: Service = Service {
    name: "rst",
    paths: &[("/v1/forecast", "GET")],
    serve: |state, ask| match ask.number("days", 1, 7, 3) {
        Err(_) => refuse(400, "days"),
        Ok(days) => {
            let days = if state.is("text") {
                json!(days.to_string())
            } else {
                json!(days)
            };
            say(
                200,
                json!({ "place": "Leith", "days": days, "summary": "rain" }),
            )
        }
    },
    breaches: &[("text", "days::type")],
    ..PLAIN
};

/// A page in HTML, as it is saved from a browser.
const HTML: Service = Service {
    name: "html",
    paths: &[("/v1/ferry", "GET")],
    serve: |state, _| {
        let years = if state.is("years") { 61 } else { 60 };
        let crew = json!([{ "name": "Ida", "years": years }, { "name": "Per", "years": 0 }]);
        say(
            200,
            json!({ "name": "Skua", "side": "between", "crew": crew }),
        )
    },
    breaches: &[("years", "years::maximum")],
    ..PLAIN
};
