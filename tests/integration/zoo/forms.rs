//! Services that differ in the forms of single values: numbers as texts, words as numbers, encoded
//! texts, and collections of them.

use serde_json::{Value, json};

use super::body::{Field, Is};
use super::frame::{PLAIN, Service, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[
    TEXT_NUMBERS,
    ENCODED,
    NUMBER_ENUMS,
    TAGS,
    MATRIX,
    KINDS,
    CHOICES,
    URN_IDS,
    REQUEST_ID,
];

/// Whether a text is an amount with two decimals.
fn is_amount(text: &str) -> bool {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(whole, cents)| {
        (1..=7).contains(&whole.len()) && cents.len() == 2 && is_number(whole) && is_number(cents)
    })
}

/// Writes numbers as texts.
const TEXT_NUMBERS: Service = Service {
    name: "text-numbers",
    paths: &[("/v1/payments", "POST"), ("/v1/payments/*", "GET DELETE")],
    serve: |state, ask| {
        let fields = &[
            Field("amount", Is::Like(is_amount), true),
            Field("currency", Is::OneOf(&["EUR", "SEK"]), true),
        ];
        match (ask.method.as_str(), ask.fields(fields)) {
            ("POST", Some(mut payment)) => {
                let number = 9_007_199_254_740_993 + state.count("payments");
                let sequence = if state.is("number") {
                    json!(number)
                } else {
                    json!(number.to_string())
                };
                payment.insert("sequence".to_owned(), sequence);
                payment.insert("id".to_owned(), json!((number * 111).to_string()));
                state.shelf("payments").put(payment.clone());
                say(201, payment)
            }
            _ => state.kept(ask, "payments", fields),
        }
    },
    breaches: &[("number", "sequence::type")],
    ..PLAIN
};

/// Texts that are something else in writing.
const ENCODED: Service = Service {
    name: "encoded",
    paths: &[("/device", "GET")],
    serve: |state, _| {
        let mut device = json!({
            "key": "MCowBQYDK2VwAyEA/w==", "uptime": "P3DT4H30M2.5S", "address": "2001:db8::17",
            "owner": "ida+lab@example.co.uk", "home": "https://devices.example:8443/17?tab=all#top",
            "version": "1.4.0-rc.1+build.5", "checked": "28/02/2025", "opens": "23:59",
        });
        for (field, wrong) in [("checked", json!("02/28/2025")), ("opens", json!("24:30"))] {
            if state.is(field) {
                device[field] = wrong;
            }
        }
        say(200, device)
    },
    breaches: &[("checked", "checked"), ("opens", "opens")],
    ..PLAIN
};

/// Numbers for words.
const NUMBER_ENUMS: Service = Service {
    name: "number-enums",
    paths: &[("/v1/heater", "GET PUT")],
    arguments: &["--allow-changes", "SetHeater"],
    serve: |state, ask| {
        let fields = &[
            Field(
                "level",
                Is::Whole(0, if state.is("three") { 3 } else { 2 }),
                true,
            ),
            Field("locked", Is::Whole(0, 1), false),
        ];
        match (ask.method.as_str(), ask.fields(fields)) {
            ("PUT", None) => refuse(400, "not as documented"),
            ("PUT", Some(mut heater)) => {
                heater.entry("locked").or_insert(json!(0));
                *state.shelf("heater") = super::frame::Shelf::default();
                state.shelf("heater").put(heater.clone());
                say(200, heater)
            }
            _ => match state.shelf("heater").all().next() {
                None => say(200, json!({ "level": 1, "locked": 0 })),
                Some(heater) => say(200, heater.clone()),
            },
        }
    },
    breaches: &[("three", "level::enum")],
    ..PLAIN
};

/// An object whose names are the user's.
const TAGS: Service = Service {
    name: "tags",
    paths: &[("/v1/assets", "POST"), ("/v1/assets/*", "GET DELETE")],
    serve: |state, ask| {
        let fields = &[
            Field("name", Is::Text(1, 30), true),
            Field("tags", Is::Object(&[]), false),
        ];
        let body = ask.fields(fields).filter(|body| {
            let tags = body.get("tags").and_then(Value::as_object);
            tags.is_none_or(|tags| tags.values().all(Value::is_string))
        });
        match (ask.method.as_str(), body) {
            ("POST", None) => refuse(400, "not as documented"),
            ("POST", Some(mut asset)) => {
                asset.entry("tags").or_insert(json!({}));
                if state.is("list") {
                    asset.insert("tags".to_owned(), json!(["dock"]));
                }
                say(201, state.add("assets", asset))
            }
            _ => state.kept(ask, "assets", fields),
        }
    },
    breaches: &[("list", "tags::type")],
    ..PLAIN
};

/// Lists in lists.
const MATRIX: Service = Service {
    name: "matrix",
    paths: &[("/v1/invert", "POST")],
    serve: |state, ask| {
        const ROW: Is = Is::Many(2, &Is::Number(-1e9, 1e9));
        let body = ask.fields(&[Field("matrix", Is::Many(2, &ROW), true)]);
        let Some(body) = body else {
            return refuse(400, "not as documented");
        };
        let at = |row: usize, column: usize| body["matrix"][row][column].as_f64();
        let (Some(a), Some(b), Some(c), Some(d)) = (at(0, 0), at(0, 1), at(1, 0), at(1, 1)) else {
            return refuse(400, "it has not two rows of two");
        };
        let determinant = a * d - b * c;
        if determinant == 0.0 {
            return refuse(400, "there is no inverse");
        }
        let first = if state.is("flat") {
            json!(d / determinant)
        } else {
            json!([d / determinant, -b / determinant])
        };
        let inverse = json!([first, [-c / determinant, a / determinant]]);
        say(
            200,
            json!({ "matrix": inverse, "determinant": determinant }),
        )
    },
    breaches: &[("flat", "matrix")],
    ..PLAIN
};

/// Items of several kinds, each with fields of its own.
const KINDS: Service = Service {
    name: "kinds",
    paths: &[("/v1/shapes", "GET")],
    serve: |state, _| {
        let side = if state.is("side") { 0 } else { 2 };
        let kind = if state.is("kind") { "oval" } else { "circle" };
        say(
            200,
            json!({ "shapes": [
                { "kind": kind, "radius": 1.5 },
                { "kind": "square", "side": side },
                { "kind": "square", "side": 0.5 },
            ] }),
        )
    },
    breaches: &[("side", "side"), ("kind", "kind::enum")],
    ..PLAIN
};

/// A list of words, each once.
const CHOICES: Service = Service {
    name: "choices",
    paths: &[("/v1/shifts", "POST"), ("/v1/shifts/*", "GET DELETE")],
    serve: |state, ask| {
        const DAY: Is = Is::OneOf(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
        const ANY: Is = Is::Text(1, 100);
        let days = if state.is("any") {
            Is::Many(7, &ANY)
        } else {
            Is::Many(7, &DAY)
        };
        let fields = &[Field("days", days, true)];
        let fits = ask.fields(fields).is_some_and(|body| {
            let days = body["days"].as_array().cloned().unwrap_or_default();
            let is_once = |day: &Value| days.iter().filter(|other| *other == day).count() == 1;
            !days.is_empty() && days.iter().all(is_once)
        });
        match ask.method.as_str() {
            "POST" if !fits => refuse(400, "not as documented"),
            _ => state.kept(ask, "shifts", fields),
        }
    },
    breaches: &[("any", "days")],
    ..PLAIN
};

/// Ids with signs in them.
const URN_IDS: Service = Service {
    name: "urn-ids",
    paths: &[("/v1/books/*", "GET")],
    arguments: &["--set", "shelf.urn=urn:isbn:9780140328721"],
    serve: |state, ask| match ask.id(0) {
        urn @ "urn:isbn:9780140328721" => {
            let title = if state.is("title") {
                json!(7)
            } else {
                json!("Boats")
            };
            say(200, json!({ "urn": urn, "title": title }))
        }
        _ => refuse(404, "no such book"),
    },
    breaches: &[("title", "title::type")],
    ..PLAIN
};

/// Gives back the id that a request says it has.
const REQUEST_ID: Service = Service {
    name: "request-id",
    paths: &[("/v1/ping", "GET")],
    serve: |state, ask| {
        let sent = ask.header("x-request-id");
        if sent.is_some_and(|id| !(1..=64).contains(&id.chars().count())) {
            return refuse(400, "the id is too long");
        }
        let id = sent.unwrap_or("made-by-the-service");
        let pong = if state.is("text") {
            json!("true")
        } else {
            json!(true)
        };
        say(200, json!({ "pong": pong, "request_id": id })).with("X-Request-Id", "r")
    },
    breaches: &[("text", "pong::type")],
    ..PLAIN
};
