//! Services that differ in what they refuse and how: forms of errors, orders of looking, conflicts,
//! and refusals for a moment.

use serde_json::{Value, json};

use super::body::{Field, Is, value};
use super::frame::{Ask, PLAIN, Reply, Service, State, raw, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[
    PROBLEM_JSON,
    HIDDEN_FIRST,
    TOKEN_FIRST,
    UNIQUE_NAMES,
    UNPROCESSABLE,
    ENVELOPE,
    RATE_LIMIT,
    BUSY,
    PUBLIC,
];

/// Errors as RFC 9457 has them.
const PROBLEM_JSON: Service = Service {
    name: "problem-json",
    paths: &[("/bookings", "POST"), ("/bookings/*", "GET DELETE")],
    serve: |state, ask| {
        let fields = &[
            Field("room", Is::OneOf(&["Blue", "Green", "Red"]), true),
            Field("seats", Is::Whole(1, 12), true),
        ];
        refused_as(problem, state.kept(ask, "kept", fields))
    },
    refuse: problem,
    dress: |state, _, reply| {
        let mut value = reply.value();
        if reply.status == 400 && state.is("no-title") {
            value.as_object_mut().unwrap().remove("title");
            return say(400, value).of_type("application/problem+json");
        }
        if reply.status == 404 && state.is("status-as-text") {
            value["status"] = json!("404");
            return say(404, value).of_type("application/problem+json");
        }
        reply
    },
    breaches: &[
        ("no-title", "response-400.title"),
        ("status-as-text", "response-404.status"),
    ],
    ..PLAIN
};

fn problem(status: u16, why: &str) -> Reply {
    let kind = "https://rooms.example/problems/any";
    let problem = json!({ "type": kind, "title": "Not possible", "status": status, "detail": why });
    say(status, problem).of_type("application/problem+json")
}

/// An answer; a refusal in the words of this service.
fn refused_as(refuse: fn(u16, &str) -> Reply, reply: Reply) -> Reply {
    match reply.status {
        400.. => refuse(reply.status, "this cannot be done"),
        _ => reply,
    }
}

/// The token that services with a lock take.
const TOKEN: &str = "zoo-token-7f3c";

fn is_known(ask: &Ask) -> bool {
    ask.header("x-auth-token") == Some(TOKEN)
}

/// What is not there is told before the token is looked at.
const HIDDEN_FIRST: Service = Service {
    name: "hidden-first",
    paths: &[("/v1/secrets", "POST"), ("/v1/secrets/*", "GET DELETE")],
    arguments: &["--token", TOKEN],
    serve: |state, ask| {
        let is_there = ask.method == "POST" || state.shelf("kept").find(ask.id(0)).is_some();
        if !is_there {
            return refuse(404, "there is none");
        }
        let is_open = state.is("open") && ask.method == "GET";
        locked(state, ask, is_open)
    },
    breaches: &[("open", "ShowSecret::response-401::status")],
    ..PLAIN
};

/// The token is looked at before all else.
const TOKEN_FIRST: Service = Service {
    name: "token-first",
    paths: &[("/v1/keys", "POST"), ("/v1/keys/*", "GET DELETE")],
    arguments: &["--token", TOKEN],
    serve: |state, ask| {
        let given = ask.header("x-auth-token").unwrap_or_default();
        let is_open = state.is("prefix") && given.starts_with(&TOKEN[..8]);
        locked(state, ask, is_open)
    },
    breaches: &[("prefix", "::auth")],
    ..PLAIN
};

fn locked(state: &mut State, ask: &Ask, is_open: bool) -> Reply {
    if !is_open && !is_known(ask) {
        return refuse(401, "no valid token");
    }
    let mut reply = state.kept(ask, "kept", &[Field("label", Is::Text(1, 24), true)]);
    if reply.status < 300 && reply.status != 204 {
        let mut record = reply.value();
        record["rotations"] = json!(0);
        reply = say(reply.status, record);
    }
    reply
}

/// No two have one name.
const UNIQUE_NAMES: Service = Service {
    name: "unique-names",
    paths: &[("/v1/groups", "POST"), ("/v1/groups/*", "GET DELETE")],
    serve: |state, ask| {
        let fields = &[
            Field("name", Is::Text(1, 32), true),
            Field("policy", Is::OneOf(&["spread", "pack"]), true),
        ];
        let body = ask.fields(fields);
        let name = body.as_ref().and_then(|body| body["name"].as_str());
        if let Some(name) = name.filter(|_| ask.method == "POST") {
            let is_taken = state.shelf("kept").find_by("name", name).is_some();
            if is_taken && state.is("crashes") {
                return refuse(500, "the index is unique");
            }
            if is_taken {
                return refuse(409, "the name is taken");
            }
        }
        if ask.method == "POST" && body.is_none() && state.is("bad-request-as-conflict") {
            return say(409, json!("the name is taken"));
        }
        state.kept(ask, "kept", fields)
    },
    breaches: &[
        ("crashes", "CreateGroup"),
        ("bad-request-as-conflict", "response-409"),
    ],
    ..PLAIN
};

/// 400 for what cannot be read, 422 for values that do not fit.
const UNPROCESSABLE: Service = Service {
    name: "unprocessable",
    paths: &[("/reviews", "POST")],
    serve: |state, ask| {
        let title = Field("title", Is::Text(3, 60), true);
        let most = if state.is("six-stars") { 6 } else { 5 };
        match (
            value(&ask.body),
            ask.fields(&[title, Field("stars", Is::Whole(1, most), true)]),
        ) {
            (_, Some(body)) => {
                let mut review = json!({ "id": state.new_id() });
                review.as_object_mut().unwrap().extend(body);
                say(200, review)
            }
            (Some(Value::Object(_)), None) => refuse(422, "a value does not fit"),
            _ => refuse(400, "no JSON object"),
        }
    },
    dress: |state, _, reply| match reply.status {
        422 if state.is("bare") => raw(422, "{}"),
        _ => reply,
    },
    breaches: &[("six-stars", "stars::maximum"), ("bare", "response-422")],
    ..PLAIN
};

/// Everything in an envelope with a code.
const ENVELOPE: Service = Service {
    name: "envelope",
    paths: &[
        ("/api/v1/tickets", "POST"),
        ("/api/v1/tickets/*", "GET DELETE"),
    ],
    serve: |state, ask| {
        let reply = state.kept(ask, "kept", &[Field("seat", Is::Text(2, 4), true)]);
        match reply.status {
            204 => say(200, json!({ "code": 0, "message": "ok" })),
            200 | 201 => {
                let mut data = reply.value();
                if state.is("seat") && ask.method == "GET" {
                    data["seat"] = json!(12);
                }
                let code = if state.is("code") {
                    json!("0")
                } else {
                    json!(0)
                };
                say(200, json!({ "code": code, "message": "ok", "data": data }))
            }
            _ => refused_as(failed, reply),
        }
    },
    refuse: failed,
    breaches: &[("seat", "data.seat"), ("code", "response-200.code")],
    ..PLAIN
};

fn failed(status: u16, why: &str) -> Reply {
    let code = u32::from(status) * 100 + 1;
    say(status, json!({ "code": code, "message": why }))
}

/// Asks for patience, every few requests.
const RATE_LIMIT: Service = Service {
    name: "rate-limit",
    paths: &[("/v1/rates/*", "GET")],
    serve: |state, ask| {
        if state.count("requests").is_multiple_of(5) {
            let after = if state.is("far") { 61 } else { 0 };
            return refuse(429, "too many requests").with("Retry-After", after);
        }
        let rate = match ask.id(0) {
            "EUR" => 1.17,
            "SEK" => 13.37,
            "CHF" => 1.09,
            _ => return refuse(404, "no such currency"),
        };
        let rate = if state.is("text") {
            json!("1.17")
        } else {
            json!(rate)
        };
        say(200, json!({ "currency": ask.id(0), "rate": rate }))
    },
    breaches: &[("text", "rate::type"), ("far", "Retry-After")],
    ..PLAIN
};

/// Is away for a moment now and then.
const BUSY: Service = Service {
    name: "busy",
    paths: &[("/v1/queue", "GET")],
    serve: |state, _| {
        if state.count("requests") % 7 == 3 {
            let status = if state.is("crashes") { 500 } else { 503 };
            return refuse(status, "starting anew").with("Retry-After", 0);
        }
        say(200, json!({ "waiting": 3, "open": true }))
    },
    breaches: &[("crashes", "ShowQueue")],
    ..PLAIN
};

/// One operation for everybody, others for who has a token.
const PUBLIC: Service = Service {
    name: "public",
    paths: &[
        ("/v1/menu", "GET"),
        ("/v1/orders", "POST"),
        ("/v1/orders/*", "DELETE"),
    ],
    arguments: &["--token", TOKEN],
    serve: |state, ask| {
        if ask.at == "/v1/menu" {
            return match ask.param("day") {
                Ok(None | Some("mon" | "wed" | "fri")) => {
                    say(200, json!({ "dishes": ["Lentil soup", "Plum tart"] }))
                }
                _ => refuse(400, "no such day"),
            };
        }
        let is_open = state.is("open") && ask.method == "POST";
        if !is_open && !is_known(ask) {
            return refuse(401, "no valid token");
        }
        let fields = &[
            Field("dish", Is::Text(1, 30), true),
            Field("count", Is::Whole(1, 20), true),
        ];
        state.kept(ask, "kept", fields)
    },
    breaches: &[("open", "CreateOrder::response-401::status")],
    ..PLAIN
};
