//! Services that differ in how an answer travels: its framing, its headers, the order and the
//! number of its fields.

use serde_json::{Map, Value, json};

use super::body::{Field, Is};
use super::frame::{Ask, Framing, PLAIN, Reply, Service, State, empty, raw, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[
    LOWER_CASE,
    OTHER_ORDER,
    CHUNKED,
    GZIP,
    VENDOR_JSON,
    CLOSES,
    ADDS_FIELDS,
    OMITS_NULLS,
];

/// An answer's headers in lower case.
const LOWER_CASE: Service = Service {
    name: "lower-case",
    paths: &[("/v1/gauges/current", "GET")],
    serve: |_, _| {
        say(200, json!({ "level": 42, "unit": "mm" }))
            .with("X-Gauge-Serial", "GS-00417")
            .with("X-Request-Id", "5b0f2c9e41d84a7c")
    },
    dress: |state, _, mut reply| {
        for (name, _) in &mut reply.headers {
            name.make_ascii_lowercase();
        }
        reply
            .headers
            .retain(|(name, _)| !(state.is("loses-header") && name == "x-gauge-serial"));
        reply
    },
    breaches: &[("loses-header", "X-Gauge-Serial")],
    ..PLAIN
};

/// Fields in another order than the page has them.
const OTHER_ORDER: Service = Service {
    name: "other-order",
    paths: &[("/api/lamps/front", "GET")],
    serve: |state, _| {
        let level = if state.is("out-of-range") { 101 } else { 80 };
        raw(
            200,
            format!(
                r#"{{"room":{{"floor":2,"name":"Hall"}},"level":{level},"colour":"warm","id":"front"}}"#
            ),
        )
    },
    breaches: &[("out-of-range", "level::maximum")],
    ..PLAIN
};

/// Answers in chunks.
const CHUNKED: Service = Service {
    name: "chunked",
    paths: &[("/v2/readings", "GET")],
    serve: |_, ask| match ask.number("limit", 1, 20, 3) {
        Err(_) => refuse(400, "limit"),
        Ok(limit) => {
            let readings: Vec<Value> = (0..limit.min(6))
                .map(|hour| json!({ "hour": hour, "celsius": 11.5 }))
                .collect();
            say(200, json!({ "readings": readings }))
        }
    },
    dress: |state, _, mut reply| {
        reply.framing = Framing::Chunked;
        if state.is("cut") && reply.status == 200 {
            reply.body.truncate(reply.body.len() - 4);
        }
        reply
    },
    breaches: &[("cut", "ListReadings")],
    ..PLAIN
};

/// Answers packed with gzip for who takes it.
const GZIP: Service = Service {
    name: "gzip",
    paths: &[("/v1/glossary", "GET")],
    serve: |state, _| {
        let term = json!({ "term": "weir", "meaning": "A low dam across a river." });
        let term = if state.is("no-term") {
            json!({ "meaning": "Nothing." })
        } else {
            term
        };
        say(200, json!({ "terms": [term, term] }))
    },
    dress: |state, ask, mut reply| {
        let takes = ask.header("accept-encoding").unwrap_or_default();
        if reply.status == 200 && takes.contains("gzip") {
            reply.body = gzip(&reply.body);
            if state.is("damaged") {
                reply.body.truncate(12);
            }
            return reply
                .with("Content-Encoding", "gzip")
                .with("Vary", "Accept-Encoding");
        }
        reply
    },
    breaches: &[("damaged", "ShowGlossary"), ("no-term", "terms[].term")],
    ..PLAIN
};

/// Packs bytes as gzip does, without making them fewer (RFC 1952, with a stored block).
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
        }
    }
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    packed.extend(length.to_le_bytes());
    packed.extend((!length).to_le_bytes());
    packed.extend(bytes);
    packed.extend((!crc).to_le_bytes());
    packed.extend(u32::from(length).to_le_bytes());
    packed
}

/// A media type of its own that is JSON by its suffix.
const VENDOR_JSON: Service = Service {
    name: "vendor-json",
    paths: &[("/meters", "POST"), ("/meters/*", "GET DELETE")],
    serve: |state, ask| {
        let place = Field("place", Is::Text(1, 40), true);
        let unit = Field("unit", Is::OneOf(&["kWh", "m3"]), true);
        let reply = state.kept(ask, "meters", &[place, unit]);
        if state.is("html") && ask.method == "GET" {
            return reply.of_type("text/html");
        }
        reply
    },
    dress: |state, ask, reply| {
        let is_plain = reply.status == 204 || state.is("html") && ask.method == "GET";
        if is_plain {
            reply
        } else {
            reply.of_type("application/vnd.waterworks.meter+json; charset=utf-8")
        }
    },
    breaches: &[("html", "ShowMeter")],
    ..PLAIN
};

/// A connection that ends with each answer.
const CLOSES: Service = Service {
    name: "closes",
    paths: &[("/v1/tides", "GET")],
    serve: |state, ask| match ask.param("port") {
        Ok(Some(port @ ("Leith" | "Dover" | "Cork"))) => say(
            200,
            json!({ "port": port, "high_water": "06:42", "height": 4.1 }),
        ),
        _ if state.is("bare") => say(400, json!({ "error_msg": "port" })),
        _ => refuse(400, "port"),
    },
    dress: |state, _, mut reply| {
        reply.close = true;
        if state.is("less-than-said") {
            let length = reply.body.len() + 3;
            reply = reply.with("Content-Length", length);
        }
        reply
    },
    breaches: &[
        ("less-than-said", "ShowTide"),
        ("bare", "response-400.error_code"),
    ],
    ..PLAIN
};

/// Fields that no page names, beside the documented ones.
const ADDS_FIELDS: Service = Service {
    name: "adds-fields",
    paths: &[("/v1/vessels", "GET"), ("/v1/vessels/*", "GET")],
    arguments: &["--set", "harbour.vessel_id=v-17"],
    serve: |state, ask| {
        let vessel = |id: &str, flag: Value| {
            json!({
                "id": id, "name": "Aurora", "flag": flag, "_links": { "self": "/v1/vessels" },
                "x_internal": [1, 2], "etag": null,
            })
        };
        let flag = if state.is("flag") {
            json!(["NO"])
        } else {
            json!("NO")
        };
        match (ask.at, ask.id(0)) {
            ("/v1/vessels", _) => {
                let vessels = json!([vessel("v-17", flag), vessel("v-18", json!("SE"))]);
                say(
                    200,
                    json!({ "vessels": vessels, "took_ms": 3, "_meta": {} }),
                )
            }
            (_, id @ ("v-17" | "v-18")) => say(200, vessel(id, flag)),
            _ => refuse(404, "no such vessel"),
        }
    },
    breaches: &[("flag", "flag::type")],
    ..PLAIN
};

/// What has no value is left out.
const OMITS_NULLS: Service = Service {
    name: "omits-nulls",
    paths: &[
        ("/v1/parcels", "POST GET"),
        ("/v1/parcels/*", "GET DELETE PATCH"),
    ],
    serve: omits_nulls,
    breaches: &[
        ("number", "note::type"),
        ("forgets", "CreateParcel::relation::echo"),
    ],
    ..PLAIN
};

fn omits_nulls(state: &mut State, ask: &Ask) -> Reply {
    let fields = |is_new| {
        [
            Field("receiver", Is::Text(1, 40), is_new),
            Field("note", Is::Text(0, 80), false),
            Field("weight", Is::Number(0.1, 30.0), false),
        ]
    };
    let (forgets, number) = (state.is("forgets"), state.is("number"));
    let shown = |parcel: &Map<String, Value>| {
        let mut parcel = parcel.clone();
        if forgets {
            parcel.remove("note");
        }
        if number && parcel.contains_key("note") {
            parcel.insert("note".to_owned(), json!(7));
        }
        parcel
    };
    match (ask.method.as_str(), ask.at) {
        ("POST", _) => match ask.fields(&fields(true)) {
            None => refuse(400, "the parcel is not as documented"),
            Some(body) => {
                let parcel = state.add("parcels", body);
                say(201, shown(&parcel))
            }
        },
        ("GET", "/v1/parcels") => {
            let parcels: Vec<Value> = state
                .shelf("parcels")
                .all()
                .map(|parcel| shown(parcel).into())
                .collect();
            say(200, json!({ "parcels": parcels }))
        }
        ("DELETE", _) if state.shelf("parcels").remove(ask.id(0)) => empty(204),
        ("PATCH", _) => match (
            state.shelf("parcels").find(ask.id(0)),
            ask.fields(&fields(false)),
        ) {
            (None, _) => refuse(404, "no such parcel"),
            (_, None) => refuse(400, "the change is not as documented"),
            (Some(parcel), Some(body)) => {
                parcel.extend(body);
                say(200, shown(parcel))
            }
        },
        _ => match state.shelf("parcels").find(ask.id(0)) {
            Some(parcel) if ask.method == "GET" => say(200, shown(parcel)),
            _ => refuse(404, "no such parcel"),
        },
    }
}
