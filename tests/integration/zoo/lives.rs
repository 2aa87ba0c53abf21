//! Services that differ in what becomes of the things they keep: how these are made, changed, shown
//! and deleted.

use serde_json::{Map, Value, json};

use super::body::{Field, Is};
use super::frame::{Ask, PLAIN, Reply, Service, State, at, empty, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[
    DELETE_AGAIN_204,
    DELETE_AGAIN_404,
    JOB,
    UPSERT,
    MEMBERSHIPS,
    SHALLOW,
    READ_ONLY,
    NORMALISED,
    NO_CONTENT,
];

/// Deletes what is not there without a word.
const DELETE_AGAIN_204: Service = Service {
    name: "delete-again-204",
    paths: &[("/v1/snippets", "POST"), ("/v1/snippets/*", "GET DELETE")],
    serve: |state, ask| {
        let reply = state.kept(ask, "snippets", &[Field("text", Is::Text(1, 200), true)]);
        let is_again = ask.method == "DELETE" && reply.status == 404;
        if is_again && !state.is("again") {
            return empty(204);
        }
        reply
    },
    breaches: &[("again", "DeleteSnippet")],
    ..PLAIN
};

/// Says that what is deleted again is not there.
const DELETE_AGAIN_404: Service = Service {
    name: "delete-again-404",
    paths: &[("/v1/badges", "POST"), ("/v1/badges/*", "GET DELETE")],
    serve: |state, ask| {
        let is_delete = ask.method == "DELETE";
        if is_delete && state.is("undead") {
            let is_there = state.shelf("badges").find(ask.id(0)).is_some();
            return if is_there {
                empty(204)
            } else {
                refuse(404, "there is none")
            };
        }
        let reply = state.kept(ask, "badges", &[Field("owner", Is::Text(1, 50), true)]);
        if is_delete && reply.status == 404 && state.is("again") {
            return empty(204);
        }
        reply
    },
    breaches: &[("again", "delete-again"), ("undead", "delete-then-gone")],
    ..PLAIN
};

/// Works in the background, and tells how far it is.
const JOB: Service = Service {
    name: "job",
    paths: &[("/v1/exports", "POST"), ("/v1/jobs/*", "GET")],
    serve: job,
    breaches: &[("backwards", "job-after-202"), ("number", "url::type")],
    ..PLAIN
};

fn job(state: &mut State, ask: &Ask) -> Reply {
    let fields = &[
        Field("form", Is::OneOf(&["csv", "pdf"]), true),
        Field("rows", Is::Whole(1, 500), false),
    ];
    if ask.method == "POST" {
        if ask.fields(fields).is_none() {
            return refuse(400, "not as documented");
        }
        let job = state.add("jobs", Map::new());
        return say(202, json!({ "job_id": at(&job, "id") }));
    }
    let is_backwards = state.is("backwards");
    let url = if state.is("number") {
        json!(17)
    } else {
        json!("https://files.example/e/9e37.csv")
    };
    let Some(job) = state.shelf("jobs").find(ask.id(0)) else {
        return refuse(404, "no such job");
    };
    let seen = at(job, "seen").as_i64().unwrap_or(0);
    job.insert("seen".to_owned(), json!(seen + 1));
    let (status, progress) = match seen {
        0 => ("waiting", 0),
        1 => ("running", if is_backwards { 60 } else { 40 }),
        2 if is_backwards => ("running", 20),
        _ => ("done", 100),
    };
    let mut told = json!({ "job_id": at(job, "id"), "status": status, "progress": progress });
    if status == "done" {
        told["url"] = url;
    }
    say(200, told)
}

/// A name that is put is made, or replaced as a whole.
const UPSERT: Service = Service {
    name: "upsert",
    paths: &[("/v1/rules/*", "PUT GET DELETE")],
    serve: |state, ask| {
        let name = ask.id(0).to_owned();
        let fields = &[
            Field("pattern", Is::Text(1, 100), true),
            Field("priority", Is::Whole(0, 9), false),
        ];
        let keeps = state.is("keeps");
        match ask.method.as_str() {
            "PUT" => {
                let Some(body) = ask.fields(fields).filter(|_| name.chars().count() <= 20) else {
                    return refuse(400, "not as documented");
                };
                let old = state.shelf("rules").find_by("name", &name).cloned();
                let mut rule = Map::from_iter([("name".to_owned(), json!(name))]);
                rule.extend(body);
                let before = old.as_ref().filter(|_| keeps);
                let default = before.map_or(json!(5), |rule| rule["priority"].clone());
                rule.entry("priority").or_insert(default);
                state.shelf("rules").keep(|rule| rule["name"] != name);
                state.shelf("rules").put(rule.clone());
                say(if old.is_some() { 200 } else { 201 }, rule)
            }
            "GET" => match state.shelf("rules").find_by("name", &name) {
                None => refuse(404, "no such rule"),
                Some(rule) => say(200, rule.clone()),
            },
            _ if state.shelf("rules").keep(|rule| rule["name"] != name) => empty(204),
            _ => refuse(404, "no such rule"),
        }
    },
    breaches: &[("keeps", "PutRule")],
    ..PLAIN
};

/// Members of a club, which are put and taken away below it.
const MEMBERSHIPS: Service = Service {
    name: "memberships",
    paths: &[
        ("/v1/clubs", "POST"),
        ("/v1/clubs/*", "GET DELETE"),
        ("/v1/clubs/*/members", "GET"),
        ("/v1/clubs/*/members/*", "PUT DELETE"),
    ],
    serve: memberships,
    breaches: &[("stays", "delete-then-gone"), ("role", "echo::same")],
    ..PLAIN
};

fn memberships(state: &mut State, ask: &Ask) -> Reply {
    let (club, person) = (ask.id(0).to_owned(), ask.id(1).to_owned());
    if !ask.at.contains("members") {
        return state.kept(ask, "clubs", &[Field("title", Is::Text(1, 40), true)]);
    }
    if state.shelf("clubs").find(&club).is_none() {
        return refuse(404, "no such club");
    }
    let is_other =
        |member: &Map<String, Value>| member["club"] != club || member["person"] != person;
    let told = |member: &Value| json!({ "person": member["person"], "role": member["role"] });
    match ask.method.as_str() {
        "GET" => {
            let members = state.shelf("members").of("club", &club);
            let members: Vec<Value> = members.iter().map(told).collect();
            say(200, json!({ "members": members }))
        }
        "PUT" => {
            let roles = &[Field(
                "role",
                Is::OneOf(&["guest", "member", "chair"]),
                true,
            )];
            let Some(body) = ask.fields(roles) else {
                return refuse(400, "not as documented");
            };
            let role = if state.is("role") {
                json!("guest")
            } else {
                body["role"].clone()
            };
            let member = json!({ "club": club, "person": person, "role": role });
            state.shelf("members").keep(is_other);
            let told = told(&member);
            state
                .shelf("members")
                .put(member.as_object().cloned().unwrap());
            say(200, told)
        }
        _ => {
            let is_there = state.shelf("members").all().any(|member| !is_other(member));
            if !state.is("stays") {
                state.shelf("members").keep(is_other);
            }
            if is_there {
                empty(204)
            } else {
                refuse(404, "no such member")
            }
        }
    }
}

/// Cards are made and listed below their board, and shown by a path of their own.
const SHALLOW: Service = Service {
    name: "shallow",
    paths: &[
        ("/v1/boards", "POST"),
        ("/v1/boards/*", "GET DELETE"),
        ("/v1/boards/*/cards", "POST GET"),
        ("/v1/cards/*", "GET DELETE"),
    ],
    serve: |state, ask| {
        let board = ask.id(0).to_owned();
        let is_there = state.shelf("boards").find(&board).is_some();
        let card = &[Field("text", Is::Text(1, 99), true)];
        match (ask.method.as_str(), ask.at) {
            (_, "/v1/boards/*/cards") if !is_there => refuse(404, "no such board"),
            ("GET", "/v1/boards/*/cards") => {
                let mut cards = state.shelf("cards").of("board_id", &board);
                if state.is("others") {
                    cards = state
                        .shelf("cards")
                        .all()
                        .cloned()
                        .map(Value::from)
                        .collect();
                }
                say(200, json!({ "cards": cards }))
            }
            ("POST", "/v1/boards/*/cards") => match ask.fields(card) {
                None => refuse(400, "not as documented"),
                Some(mut body) => {
                    body.insert("board_id".to_owned(), json!(board));
                    say(201, state.add("cards", body))
                }
            },
            ("DELETE", "/v1/cards/*") if state.is("undead") => {
                let is_there = state.shelf("cards").find(ask.id(0)).is_some();
                if is_there {
                    empty(204)
                } else {
                    refuse(404, "there is none")
                }
            }
            (_, "/v1/cards/*") => state.kept(ask, "cards", card),
            _ => {
                if ask.method == "DELETE" {
                    state.shelf("cards").keep(|card| card["board_id"] != board);
                }
                state.kept(ask, "boards", &[Field("title", Is::Text(1, 40), true)])
            }
        }
    },
    breaches: &[("undead", "DeleteCard"), ("others", "isolation")],
    ..PLAIN
};

/// What only the service sets is taken in requests, and ignored.
const READ_ONLY: Service = Service {
    name: "read-only",
    paths: &[("/v1/disks", "POST"), ("/v1/disks/*", "GET DELETE")],
    serve: |state, ask| {
        let label = &[Field("label", Is::Text(1, 30), true)];
        match (ask.method.as_str(), ask.open(label)) {
            ("POST", Some(body)) => {
                let state_of = match at(&body, "state") {
                    given @ Value::String(_) if state.is("obeys") => given.clone(),
                    _ => json!("ready"),
                };
                let disk = json!({ "label": body["label"], "state": state_of, "revision": 1 });
                let mut disk = state.add("disks", disk.as_object().cloned().unwrap());
                if state.is("revision") {
                    disk.insert("revision".to_owned(), json!(0));
                }
                say(201, disk)
            }
            _ => state.kept(ask, "disks", label),
        }
    },
    breaches: &[("revision", "revision")],
    ..PLAIN
};

/// What is given is kept in a form of the service's own.
const NORMALISED: Service = Service {
    name: "normalised",
    paths: &[("/v1/tags", "POST"), ("/v1/tags/*", "GET DELETE")],
    serve: |state, ask| {
        let is_colour = |text: &str| {
            let digits = text.strip_prefix('#').unwrap_or_default();
            digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let fields = &[
            Field("name", Is::Text(1, 20), true),
            Field("colour", Is::Like(is_colour), false),
        ];
        match (ask.method.as_str(), ask.fields(fields)) {
            ("POST", Some(mut body)) => {
                for value in body.values_mut() {
                    let text = value.as_str().unwrap_or_default().to_lowercase();
                    *value = json!(text.trim());
                }
                let is_other = state.is("number");
                let mut tag = state.add("tags", body);
                if is_other {
                    tag.insert("name".to_owned(), json!(7));
                }
                say(201, tag)
            }
            _ => state.kept(ask, "tags", fields),
        }
    },
    breaches: &[("number", "name::type")],
    ..PLAIN
};

/// A success that has nothing to say, and says of which type it is all the same.
const NO_CONTENT: Service = Service {
    name: "no-content",
    paths: &[("/v1/display", "PUT GET")],
    arguments: &["--allow-changes", "SetDisplay"],
    serve: |state, ask| {
        let fields = &[
            Field("theme", Is::OneOf(&["light", "dark"]), true),
            Field("size", Is::Whole(8, 40), true),
        ];
        match (ask.method.as_str(), ask.fields(fields)) {
            ("PUT", None) => refuse(400, "not as documented"),
            ("PUT", Some(display)) => {
                *state.shelf("display") = super::frame::Shelf::default();
                state.shelf("display").put(display);
                let count = state.count("puts");
                let reply = empty(if state.is("undocumented") { 205 } else { 204 });
                if count.is_multiple_of(2) {
                    reply.of_type("application/json")
                } else {
                    reply
                }
            }
            _ => match state.shelf("display").all().next() {
                None => say(200, json!({ "theme": "light", "size": 12 })),
                Some(display) => say(200, display.clone()),
            },
        }
    },
    breaches: &[("undocumented", "SetDisplay")],
    ..PLAIN
};
