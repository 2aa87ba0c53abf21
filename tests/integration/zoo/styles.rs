//! Services that differ in how they name and wrap what they send: envelopes, links, lists at the
//! top, answers with nothing in them, and forms of refusals.

use serde_json::{Map, Value, json};

use super::body::{Field, Is};
use super::frame::{Ask, PLAIN, Reply, Service, State, at, empty, now, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[
    CAMEL,
    DATA_ENVELOPE,
    HAL,
    WRAPPED,
    ERRORS_ARRAY,
    ERROR_OBJECT,
    TOP_ARRAY,
    EMPTY_200,
    DELETED_SHOWN,
    TRAILING_SLASH,
    PLAIN_TEXT,
];

/// Keeps records by whole numbers, which count from a first one on.
fn numbered(
    state: &mut State,
    ask: &Ask,
    (shelf, key, first): (&'static str, &str, u64),
    fields: &[Field],
) -> Reply {
    let number = ask.id(0).parse::<u64>().ok();
    match ask.method.as_str() {
        "POST" => match ask.fields(fields) {
            None => refuse(400, "the body is not as documented"),
            Some(mut body) => {
                let number = first + state.count(shelf);
                body.insert(key.to_owned(), json!(number));
                body.insert("id".to_owned(), json!(number.to_string()));
                state.shelf(shelf).put(body.clone());
                say(201, body)
            }
        },
        "GET" => match number.and_then(|id| state.shelf(shelf).find(&id.to_string())) {
            Some(record) => say(200, record.clone()),
            None => refuse(404, "there is none"),
        },
        _ if number.is_some_and(|id| state.shelf(shelf).remove(&id.to_string())) => empty(204),
        _ => refuse(404, "there is none"),
    }
}

/// Changes the object of an answer that is a success.
fn with_object(reply: Reply, change: impl FnOnce(&mut Map<String, Value>)) -> Reply {
    let mut value = reply.value();
    match value.as_object_mut().filter(|_| reply.status < 300) {
        None => reply,
        Some(object) => {
            change(object);
            say(reply.status, value)
        }
    }
}

/// Names in camel case, and numbers for ids.
const CAMEL: Service = Service {
    name: "camel",
    paths: &[("/api/orders", "POST"), ("/api/orders/*", "GET DELETE")],
    serve: |state, ask| {
        let fields = &[
            Field("customerName", Is::Text(1, 40), true),
            Field("itemCount", Is::Whole(1, 99), true),
        ];
        let reply = numbered(state, ask, ("orders", "orderId", 1000), fields);
        let is_text = state.is("text-id");
        with_object(reply, |order| {
            order.remove("id");
            order.insert("createdAt".to_owned(), json!(now()));
            if is_text {
                let number = order["orderId"].to_string();
                order.insert("orderId".to_owned(), json!(number));
            }
        })
    },
    dress: |_, _, reply| camel_errors(reply),
    breaches: &[("text-id", "orderId::type")],
    ..PLAIN
};

fn camel_errors(reply: Reply) -> Reply {
    if reply.status < 400 {
        return reply;
    }
    let old = reply.value();
    let new = json!({ "errorCode": old["error_code"], "errorMessage": old["error_msg"] });
    let allow = reply
        .headers
        .into_iter()
        .filter(|(name, _)| name == "Allow");
    allow.fold(say(reply.status, new), |reply, (name, value)| {
        reply.with(&name, value)
    })
}

/// All that is sent stands in `data`, both ways.
const DATA_ENVELOPE: Service = Service {
    name: "data-envelope",
    paths: &[("/v1/plans", "POST"), ("/v1/plans/*", "GET DELETE")],
    serve: |state, ask| {
        const PLAN: Is = Is::Object(&[
            Field("title", Is::Text(1, 50), true),
            Field("public", Is::Flag, false),
        ]);
        let fields = &[Field("data", PLAN, true)];
        let forgets = state.is("forgets");
        let reply = state.kept(ask, "plans", fields);
        with_object(reply, |plan| {
            let id = plan.remove("id").unwrap_or_default();
            let data = &mut plan["data"];
            let public = data["public"].as_bool().unwrap_or(false) && !forgets;
            *data = json!({ "id": id, "title": data["title"], "public": public });
        })
    },
    breaches: &[("forgets", "CreatePlan")],
    ..PLAIN
};

/// Links beside what they are of, as HAL has them.
const HAL: Service = Service {
    name: "hal",
    paths: &[("/routes", "GET")],
    serve: |state, ask| {
        let Ok(page) = ask.number("page", 1, 1000, 1) else {
            return refuse(400, "page");
        };
        let stops = |number: usize| match number {
            2 if state.is("stops") => json!(0),
            _ => json!(number + 5),
        };
        let route = |number: usize| {
            let link = json!({ "self": { "href": format!("/routes/R{number}") } });
            json!({ "id": format!("r-{number}"), "code": format!("R{number}"), "stops": stops(number), "_links": link })
        };
        let routes: Vec<Value> = (1..=7).skip((page - 1) * 3).take(3).map(route).collect();
        let mut links = json!({ "self": { "href": format!("/routes?page={page}") } });
        if page < 3 {
            let next = format!("/routes?page={}", page + 1);
            links["next"] = json!({ "href": next });
        }
        let total = if state.is("total") {
            "7".into()
        } else {
            json!(7)
        };
        let embedded = json!({ "routes": routes });
        say(
            200,
            json!({ "_embedded": embedded, "_links": links, "total": total }),
        )
    },
    dress: |_, _, reply| match reply.status {
        200 => reply.of_type("application/hal+json"),
        _ => reply,
    },
    breaches: &[("stops", "stops"), ("total", "total::type")],
    ..PLAIN
};

/// One in an object of its name, several in a list of it; a field that no page names beside them.
const WRAPPED: Service = Service {
    name: "wrapped",
    paths: &[
        ("/v2.1/servers", "POST GET"),
        ("/v2.1/servers/*", "GET DELETE"),
    ],
    serve: |state, ask| match (ask.method.as_str(), ask.at) {
        ("POST", _) => {
            const SERVER: Is = Is::Object(&[Field("name", Is::Text(1, 64), true)]);
            match ask.fields(&[Field("server", SERVER, true)]) {
                None => refuse(400, "not as documented"),
                Some(body) => {
                    let mut server = Map::new();
                    server.insert("name".to_owned(), body["server"]["name"].clone());
                    server.insert("status".to_owned(), json!("BUILD"));
                    say(202, json!({ "server": state.add("servers", server) }))
                }
            }
        }
        ("GET", "/v2.1/servers") => {
            let wanted = ask.params("name").next().unwrap_or_default();
            let is_all = wanted.is_empty() || state.is("all");
            let servers = state.shelf("servers").all();
            let servers = servers.filter(|server| is_all || at(server, "name") == wanted);
            let servers: Vec<Value> = servers.cloned().map(Value::from).collect();
            say(200, json!({ "servers": servers, "servers_links": [] }))
        }
        _ => {
            let reply = state.kept(ask, "servers", &[]);
            if let Some(server) = state.shelf("servers").find(ask.id(0)) {
                server.insert("status".to_owned(), json!("ACTIVE"));
            }
            match reply.status {
                200 => say(200, json!({ "server": reply.value() })),
                _ => reply,
            }
        }
    },
    breaches: &[("all", "ListServers")],
    ..PLAIN
};

/// Several errors in a list, each with where it is.
const ERRORS_ARRAY: Service = Service {
    name: "errors-array",
    paths: &[("/v1/polls", "POST"), ("/v1/polls/*", "GET DELETE")],
    serve: |state, ask| state.kept(ask, "polls", &[Field("question", Is::Text(1, 80), true)]),
    dress: |state, ask, reply| {
        if reply.status < 400 {
            return reply;
        }
        let mut error = json!({ "code": "P-1", "title": reply.value()["error_msg"] });
        if reply.status == 400 && ask.open(&[]).is_some() {
            error["source"] = json!({ "pointer": "/question" });
        }
        if state.is("number") && reply.status == 404 {
            error["code"] = json!(404);
        }
        let errors = json!({ "errors": if state.is("none") { json!([]) } else { json!([error]) } });
        in_other_words(reply, errors)
    },
    breaches: &[("number", "errors[].code")],
    ..PLAIN
};

/// A refusal with another body.
fn in_other_words(reply: Reply, body: Value) -> Reply {
    let said = say(reply.status, body);
    let kept = reply.headers.into_iter();
    let kept = kept.filter(|(name, _)| name == "Allow");
    kept.fold(said, |said, (name, value)| said.with(&name, value))
}

/// An error is an object of its own, and its message repeats what was sent.
const ERROR_OBJECT: Service = Service {
    name: "error-object",
    paths: &[("/convert", "POST")],
    serve: |state, ask| {
        let units = &["foot", "yard", "mile"];
        let fields = &[
            Field("metres", Is::Number(0.0, 1000.0), true),
            Field("unit", Is::OneOf(units), true),
        ];
        let Some(body) = ask.fields(fields) else {
            let unit = ask.open(&[]).map(|body| at(&body, "unit").to_string());
            let unit = unit.unwrap_or_else(|| "nothing".to_owned());
            return refuse(
                400,
                &format!("no unit is called {unit}, or the length is none"),
            );
        };
        let metres = body["metres"].as_f64().unwrap_or_default();
        let unit = if state.is("foot") {
            json!("feet")
        } else {
            body["unit"].clone()
        };
        say(200, json!({ "value": metres * 3.28, "unit": unit }))
    },
    dress: |state, _, reply| {
        if reply.status < 400 {
            return reply;
        }
        let mut error =
            json!({ "code": "bad", "message": reply.value()["error_msg"], "details": [] });
        if state.is("no-code") {
            error["code"] = json!(17);
        }
        in_other_words(reply, json!({ "error": error }))
    },
    breaches: &[("foot", "unit"), ("no-code", "error.code")],
    ..PLAIN
};

/// A list that stands in nothing.
const TOP_ARRAY: Service = Service {
    name: "top-array",
    paths: &[("/v1/berths", "GET")],
    serve: |state, ask| {
        let is_free = match ask.param("free") {
            Ok(None | Some("false")) => false,
            Ok(Some("true")) => true,
            _ => return refuse(400, "free"),
        };
        let length = if state.is("long") { 60.5 } else { 60.0 };
        let berths = json!([
            { "name": "A1", "length": 12.5, "free": true },
            { "name": "A2", "length": length, "free": false },
            { "name": "B1", "length": 1, "free": true },
        ]);
        let mut berths = berths.as_array().cloned().unwrap_or_default();
        berths.retain(|berth| !is_free || berth["free"] == true);
        say(200, berths)
    },
    breaches: &[("long", "length::maximum")],
    ..PLAIN
};

/// Answers 200 with nothing in it.
const EMPTY_200: Service = Service {
    name: "empty-200",
    paths: &[("/v1/alarms", "POST"), ("/v1/alarms/*", "GET PUT DELETE")],
    serve: |state, ask| {
        let hour = &[Field("hour", Is::Whole(0, 23), true)];
        let is_lost = state.is("lost");
        match (ask.method.as_str(), state.shelf("alarms").find(ask.id(0))) {
            ("PUT", None) => refuse(404, "there is none"),
            ("PUT", Some(alarm)) => match ask.fields(hour) {
                None => refuse(400, "not as documented"),
                Some(_) if is_lost => empty(200),
                Some(body) => {
                    alarm.extend(body);
                    empty(200)
                }
            },
            _ => {
                let reply = state.kept(ask, "alarms", hour);
                match reply.status {
                    204 => empty(200),
                    _ => reply,
                }
            }
        }
    },
    breaches: &[("lost", "update-changes-this-alone")],
    ..PLAIN
};

/// Shows what is deleted a last time.
const DELETED_SHOWN: Service = Service {
    name: "deleted-shown",
    paths: &[("/v1/quotes", "POST"), ("/v1/quotes/*", "GET DELETE")],
    serve: |state, ask| {
        let quote = state.shelf("quotes").find(ask.id(0)).cloned();
        let text = &[Field("text", Is::Text(1, 90), true)];
        match (ask.method.as_str(), quote) {
            ("DELETE", Some(mut quote)) => {
                state.shelf("quotes").remove(ask.id(0));
                if state.is("no-text") {
                    quote.remove("text");
                }
                say(200, quote)
            }
            _ => state.kept(ask, "quotes", text),
        }
    },
    breaches: &[("no-text", "DeleteQuote::response-200.text")],
    ..PLAIN
};

/// Paths end with a slash, and are not there without it.
const TRAILING_SLASH: Service = Service {
    name: "trailing-slash",
    paths: &[
        ("/api/stalls/", "POST GET"),
        ("/api/stalls/*/", "GET DELETE"),
    ],
    serve: |state, ask| {
        if ask.method == "GET" && ask.ids.is_empty() {
            let hidden = usize::MAX * usize::from(state.is("hidden"));
            let stalls = state.shelf("stalls").all().skip(hidden);
            let stalls = stalls.map(|stall| json!({ "id": stall["pk"], "name": stall["name"] }));
            let stalls: Vec<Value> = stalls.collect();
            let count = stalls.len();
            return say(200, json!({ "count": count, "results": stalls }));
        }
        let name = &[Field("name", Is::Text(1, 30), true)];
        let reply = numbered(state, ask, ("stalls", "pk", 0), name);
        with_object(reply, |stall| {
            let number = stall.remove("pk").unwrap_or_default();
            stall.insert("id".to_owned(), number);
        })
    },
    breaches: &[("hidden", "create-then-list")],
    ..PLAIN
};

/// Answers in plain text.
const PLAIN_TEXT: Service = Service {
    name: "plain-text",
    paths: &[("/version", "GET")],
    serve: |state, _| {
        if state.is("crashes") {
            refuse(500, "no version")
        } else {
            let mut reply = empty(200).with("Content-Type", "text/plain; charset=utf-8");
            reply.body = b"4.11.0\n".to_vec();
            reply
        }
    },
    breaches: &[("crashes", "ShowVersion")],
    ..PLAIN
};
