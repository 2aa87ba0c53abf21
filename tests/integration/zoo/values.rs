//! Services that differ in how they write values: numbers, times, words, and the lack of them.

use serde_json::{Map, Value, json};

use super::body::{Field, Is};
use super::frame::{PLAIN, Service, now, raw, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[
    TRAILING_ZEROS,
    FRACTIONS,
    EPOCH,
    OTHER_CASE,
    BLANK,
    NULLABLE,
    BY_ID,
    LARGE_NUMBERS,
    RECURSION,
    NESTING,
    FAILED_ONLY,
    MANDATORY_WHEN,
    STRICT_EXTRA,
    LENIENT_EXTRA,
    MADE_UP,
    COERCES,
];

/// Whole numbers with a point and a zero.
const TRAILING_ZEROS: Service = Service {
    name: "trailing-zeros",
    paths: &[("/v1/till", "GET")],
    serve: |state, _| {
        let coins = if state.is("half") { "20.5" } else { "20.0" };
        raw(200, format!(r#"{{"coins":{coins},"sum":7,"share":1.000}}"#))
    },
    breaches: &[("half", "coins::type")],
    ..PLAIN
};

/// Times with fractions and with offsets.
const FRACTIONS: Service = Service {
    name: "fractions",
    paths: &[("/v1/runs/last", "GET")],
    serve: |state, _| {
        let began = if state.is("blank-between") {
            "2025-03-02 09:31:16"
        } else {
            "2025-03-02T09:31:16.123456789+01:00"
        };
        let day = if state.is("day") {
            "2025-02-30"
        } else {
            "2025-03-02"
        };
        say(
            200,
            json!({ "began_at": began, "ended_at": "2025-03-02T23:59:59.5-07:30", "day": day }),
        )
    },
    breaches: &[("blank-between", "began_at"), ("day", "day")],
    ..PLAIN
};

/// Times as numbers.
const EPOCH: Service = Service {
    name: "epoch",
    paths: &[("/v1/uptime", "GET")],
    serve: |state, _| {
        let time = jiff::Timestamp::now();
        let started = if state.is("text") {
            json!("1740817876")
        } else {
            json!(time.as_second() - 3600)
        };
        say(
            200,
            json!({ "started": started, "now_ms": time.as_millisecond() }),
        )
    },
    breaches: &[("text", "started::type")],
    ..PLAIN
};

/// Words in another case than the list has them, as the page allows.
const OTHER_CASE: Service = Service {
    name: "other-case",
    paths: &[("/v1/valve", "GET")],
    serve: |state, _| {
        let position = if state.is("ajar") { "Ajar" } else { "Closed" };
        say(200, json!({ "position": position, "mode": "MANUAL" }))
    },
    breaches: &[("ajar", "position::enum")],
    ..PLAIN
};

/// Blank texts for what is not known.
const BLANK: Service = Service {
    name: "blank",
    paths: &[("/v1/profile", "GET")],
    serve: |state, _| {
        let name = if state.is("name") { "" } else { "Ida" };
        let born = if state.is("born") { "unknown" } else { "" };
        say(200, json!({ "name": name, "mail": "", "born": born }))
    },
    breaches: &[("name", "name::minLength"), ("born", "born")],
    ..PLAIN
};

/// Null where the words of a row allow it.
const NULLABLE: Service = Service {
    name: "nullable",
    paths: &[("/v1/doors", "GET")],
    serve: |state, _| {
        let name = if state.is("name") {
            Value::Null
        } else {
            json!("back")
        };
        let full =
            json!({ "name": "front", "opened_at": now(), "opened_by": "ida", "battery": 88 });
        let bare = json!({ "name": name, "opened_at": null, "opened_by": null, "battery": null });
        say(200, json!({ "doors": [full, bare] }))
    },
    breaches: &[("name", "name::type")],
    ..PLAIN
};

/// Objects kept by their ids.
const BY_ID: Service = Service {
    name: "by-id",
    paths: &[("/v1/sensors", "GET")],
    serve: |state, _| {
        let kind = if state.is("kind") { "snow" } else { "wind" };
        let sensors = json!({
            "s-1": { "kind": "rain", "value": 0 }, "s-9": { "kind": kind, "value": 31 },
        });
        say(200, json!({ "sensors": sensors }))
    },
    breaches: &[("kind", "kind::enum")],
    ..PLAIN
};

/// Numbers that no double can hold.
const LARGE_NUMBERS: Service = Service {
    name: "large-numbers",
    paths: &[("/v1/counters", "POST"), ("/v1/counters/*", "DELETE")],
    serve: |state, ask| {
        let start = Field("start", Is::Whole(0, i64::MAX), true);
        let reply = state.kept(ask, "counters", &[start]);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what a double loses is the breach"
        )]
        if reply.status == 201 && state.is("double") {
            let mut counter = reply.value();
            counter["start"] = json!(counter["start"].as_f64().unwrap_or_default() as i64);
            return say(201, counter);
        }
        reply
    },
    breaches: &[("double", "echo::same")],
    ..PLAIN
};

/// Folders in folders.
const RECURSION: Service = Service {
    name: "recursion",
    paths: &[("/v1/folders", "GET")],
    serve: |state, _| {
        let deepest = if state.is("deep-name") {
            "a name that is too long"
        } else {
            "deepest"
        };
        let mut folder = json!({ "name": deepest, "folders": [] });
        for level in 0..20 {
            folder = json!({ "name": format!("level {level}"), "folders": [folder] });
        }
        say(200, json!({ "root": folder }))
    },
    breaches: &[("deep-name", "name")],
    ..PLAIN
};

/// Objects in objects, six deep.
const NESTING: Service = Service {
    name: "nesting",
    paths: &[("/v1/plant", "GET")],
    serve: |state, _| {
        let angle = if state.is("angle") { 360 } else { 0 };
        let joint = json!({ "joint": { "angle": angle } });
        say(
            200,
            json!({ "plant": { "hall": { "line": { "robot": { "arm": joint } } } } }),
        )
    },
    breaches: &[("angle", "angle::maximum")],
    ..PLAIN
};

/// Fields that only some records have.
const FAILED_ONLY: Service = Service {
    name: "failed-only",
    paths: &[("/v1/builds", "GET")],
    serve: |state, _| {
        let failed_code = if state.is("code") {
            json!(17)
        } else {
            json!("E17")
        };
        let mut passed =
            json!({ "id": "b-2", "state": "passed", "finished_at": "2025-03-01T08:30:00Z" });
        if state.is("passed-with-error") {
            passed["error_code"] = json!("E0");
        }
        let builds = json!([
            { "id": "b-1", "state": "failed", "error_code": failed_code, "finished_at": "2025-03-01T08:31:16Z" },
            passed,
            { "id": "b-3", "state": "running" },
        ]);
        say(200, json!({ "builds": builds }))
    },
    breaches: &[
        ("code", "error_code::type"),
        ("passed-with-error", "error_code"),
    ],
    ..PLAIN
};

/// A field that has to be there when another says so.
const MANDATORY_WHEN: Service = Service {
    name: "mandatory-when",
    paths: &[("/v1/alarms", "POST"), ("/v1/alarms/*", "DELETE")],
    serve: |state, ask| {
        let fields = &[
            Field("channel", Is::OneOf(&["mail", "call"]), true),
            Field("address", Is::Text(0, 60), false),
            Field("number", Is::Text(3, 15), false),
        ];
        let needed = |body: &Map<String, Value>| {
            if body["channel"] == "mail" {
                "address"
            } else {
                "number"
            }
        };
        let is_lax = state.is("lax");
        let fits = ask
            .fields(fields)
            .filter(|body| is_lax || body.contains_key(needed(body)));
        match fits {
            None if ask.method == "POST" => refuse(400, "not as documented"),
            _ => state.kept(ask, "kept", &[Field("channel", Is::Any, true)]),
        }
    },
    breaches: &[("lax", "CreateAlarm")],
    ..PLAIN
};

/// Refuses fields that no page names.
const STRICT_EXTRA: Service = Service {
    name: "strict-extra",
    paths: &[("/v1/locks", "POST"), ("/v1/locks/*", "DELETE")],
    serve: |state, ask| {
        let most = if state.is("long") { 17 } else { 16 };
        if ask.open(&[]).is_some_and(|body| body.len() > 1) {
            return refuse(400, "there is more than a name");
        }
        state.kept(ask, "locks", &[Field("name", Is::Text(1, most), true)])
    },
    breaches: &[("long", "name::maxLength")],
    ..PLAIN
};

/// Ignores fields that no page names.
const LENIENT_EXTRA: Service = Service {
    name: "lenient-extra",
    paths: &[("/v1/bells", "POST"), ("/v1/bells/*", "DELETE")],
    serve: |state, ask| {
        let has_more = ask.open(&[]).is_some_and(|all| all.len() > 1);
        if has_more && state.is("crashes") {
            return refuse(500, "no such column");
        }
        let reply = state.kept(ask, "bells", &[Field("name", Is::Text(1, 16), true)]);
        if reply.status == 201 && state.is("cuts") {
            let mut bell = reply.value();
            let name = bell["name"].as_str().unwrap_or_default();
            bell["name"] = json!(name.chars().take(8).collect::<String>());
            return say(201, bell);
        }
        reply
    },
    breaches: &[("crashes", "CreateBell"), ("cuts", "echo::same")],
    ..PLAIN
};

/// Refuses what nobody could know: only two stores exist.
const MADE_UP: Service = Service {
    name: "made-up",
    paths: &[("/v1/transfers", "POST")],
    serve: |state, ask| {
        let store = |text: &str| ["N7", "S2"].contains(&text);
        let fields = &[
            Field("from_store", Is::Like(store), true),
            Field("to_store", Is::Like(store), true),
            Field("pieces", Is::Whole(1, 100), true),
        ];
        match ask.fields(fields) {
            Some(_) => say(200, json!({ "accepted": true })),
            None if state.is("crashes") => refuse(500, "no such store"),
            None => refuse(400, "no such store, or too many pieces"),
        }
    },
    breaches: &[("crashes", "StartTransfer")],
    ..PLAIN
};

/// Takes numbers for texts and texts with blanks and zeros around them, and shows what it took each
/// for.
const COERCES: Service = Service {
    name: "coerces",
    paths: &[("/v1/offers", "POST"), ("/v1/offers/*", "GET DELETE")],
    serve: |state, ask| {
        if ask.method != "POST" {
            return state.kept(ask, "offers", &[]);
        }
        let sent = ask.open(&[]).unwrap_or_default();
        let text = |name: &str| match sent.get(name) {
            Some(Value::String(text)) => Some(text.trim().to_owned()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let length = 1..=20;
        let title = text("title").filter(|title| length.contains(&title.chars().count()));
        let price = text("price").and_then(|price| {
            let is_plain = price.chars().all(|c| c.is_ascii_digit() || c == '.');
            let price: f64 = price.parse().ok().filter(|_| is_plain)?;
            let cents = price * 100.0;
            (price < 10_000.0 && (cents - cents.round()).abs() < 1e-6)
                .then(|| format!("{price:.2}"))
        });
        let (Some(title), Some(price)) = (title, price) else {
            return refuse(400, "the body is not as documented");
        };
        let kept = match sent.get("title") {
            Some(raw) if state.is("raw") => raw.clone(),
            _ => json!(title),
        };
        let price = if state.is("cheaper") { "0.01" } else { &price };
        let fields = [("title", kept), ("price", json!(price))];
        let offer = fields.map(|(name, value)| (name.to_owned(), value));
        say(201, state.add("offers", Map::from_iter(offer)))
    },
    breaches: &[("raw", "title::type"), ("cheaper", "CreateOffer")],
    ..PLAIN
};
