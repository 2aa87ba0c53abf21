//! Services that guard what they keep: against a request sent twice, a change of nothing, a copy that
//! is not the newest, and against whoever touches what is not his.

use serde_json::{Map, Value, json};

use super::body::{Field, Is};
use super::frame::{Ask, PLAIN, Reply, Service, State, at, empty, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[
    REPLAYS,
    CLIENT_TOKEN,
    SOME_FIELD,
    NO_CHANGE,
    WISHES,
    REVOKED,
    LETTERS,
    TIDIES,
    NOT_OURS,
    LEFT_OUT,
];

/// Answers a key that it knows as it did the first time, whatever else is sent.
const REPLAYS: Service = Service {
    name: "replays",
    paths: &[("/v1/meals", "POST"), ("/v1/meals/*", "GET DELETE")],
    serve: |state, ask| {
        let longest = if state.is("long") { 900 } else { 40 };
        let dish = &[Field("dish", Is::Text(1, longest), true)];
        if ask.method != "POST" {
            return state.kept(ask, "meals", dish);
        }
        let key = ask.header("idempotency-key").unwrap_or_default();
        if !(1..=64).contains(&key.len()) {
            return refuse(400, "there is no such key");
        }
        if let Some(known) = state.shelf("keys").find(key) {
            let status = at(known, "status").as_u64().unwrap();
            return say(u16::try_from(status).unwrap(), known["answer"].clone());
        }
        let reply = state.kept(ask, "meals", dish);
        let known = json!({ "id": key, "status": reply.status, "answer": reply.value() });
        state.shelf("keys").put(known.as_object().unwrap().clone());
        reply
    },
    breaches: &[("long", "dish::maxLength")],
    ..PLAIN
};

/// Refuses a known text of a request with another body.
const CLIENT_TOKEN: Service = Service {
    name: "client-token",
    paths: &[("/v1/rides", "POST"), ("/v1/rides/*", "GET DELETE")],
    serve: |state, ask| {
        let fields = &[
            Field("route", Is::Text(1, 40), true),
            Field("booking", Is::Text(1, 64), true),
        ];
        if ask.method != "POST" {
            return state.kept(ask, "rides", fields);
        }
        let Some(mut body) = ask.fields(fields) else {
            return refuse(400, "not as documented");
        };
        let booking = body.remove("booking").unwrap();
        let booking = booking.as_str().unwrap().to_owned();
        let known = state.shelf("bookings").find(&booking).cloned();
        match known {
            Some(known) if known["route"] != body["route"] => refuse(422, "it is another ride"),
            Some(known) => say(201, json!({ "id": known["ride"], "route": known["route"] })),
            None => {
                let ride = state.add("rides", body);
                let known = json!({ "id": booking, "ride": ride["id"], "route": ride["route"] });
                state
                    .shelf("bookings")
                    .put(known.as_object().unwrap().clone());
                if state.is("nameless") {
                    return say(201, json!({ "id": ride["id"], "route": "away" }));
                }
                say(201, ride)
            }
        }
    },
    breaches: &[("nameless", "echo::same")],
    ..PLAIN
};

/// Creates, shows, deletes, and changes what has this text and this flag.
fn bell(
    state: &mut State,
    ask: &Ask,
    shelf: &'static str,
    (text, flag): (&'static str, &'static str),
    takes_nothing: bool,
) -> Reply {
    let fields = |is_new| {
        [
            Field(text, Is::Text(1, 20), is_new),
            Field(flag, Is::Flag, false),
        ]
    };
    if ask.method != "PATCH" {
        let reply = state.kept(ask, shelf, &fields(true));
        if reply.status != 201 {
            return reply;
        }
        let id = reply.value()["id"].as_str().unwrap().to_owned();
        let bell = state.shelf(shelf).find(&id).unwrap();
        bell.entry(flag).or_insert(json!(false));
        return say(201, bell.clone());
    }
    let Some(bell) = state.shelf(shelf).find(ask.id(0)) else {
        return refuse(404, "there is none");
    };
    match ask.fields(&fields(false)) {
        Some(change) if takes_nothing || !change.is_empty() => {
            bell.extend(change);
            say(200, bell.clone())
        }
        Some(_) | None => refuse(400, "nothing to change"),
    }
}

/// Changes something or refuses, as its page says.
const SOME_FIELD: Service = Service {
    name: "some-field",
    paths: &[("/v1/bells", "POST"), ("/v1/bells/*", "GET PATCH DELETE")],
    serve: |state, ask| {
        let takes_nothing = state.is("nothing");
        bell(state, ask, "bells", ("tone", "loud"), takes_nothing)
    },
    breaches: &[("nothing", "::if")],
    ..PLAIN
};

/// Refuses a change of nothing, of which its page does not speak.
const NO_CHANGE: Service = Service {
    name: "no-change",
    paths: &[("/v1/flags", "POST"), ("/v1/flags/*", "GET PATCH DELETE")],
    serve: |state, ask| {
        let mut reply = bell(state, ask, "flags", ("hue", "wide"), false);
        if state.is("forgets") && ask.method == "PATCH" && reply.status == 200 {
            let flag = state.shelf("flags").find(ask.id(0)).unwrap();
            flag.insert("wide".to_owned(), json!(null));
            reply = say(200, flag.clone());
        }
        reply
    },
    breaches: &[("forgets", "ChangeFlag")],
    ..PLAIN
};

/// Passes over a language that it does not know, and knows those it knows in any case.
const WISHES: Service = Service {
    name: "wishes",
    paths: &[("/v1/tide", "GET")],
    serve: |state, ask| {
        let words = ask.header("accept-language").unwrap_or("en").to_lowercase();
        if state.is("no-french") && words == "fr" {
            return refuse(400, "nobody knows that");
        }
        let words = if words == "fr" { "haute" } else { "high" };
        let phase = if state.is("half") { "half" } else { "new" };
        let moon = json!({ "phase": phase, "days": [1, 29] });
        let stations = json!([{ "place": "pier" }]);
        say(
            200,
            json!({ "height": 2.5, "words": words, "moon": moon, "stations": stations }),
        )
    },
    breaches: &[
        ("no-french", "Accept-Language::enum"),
        ("half", "moon.phase::enum"),
    ],
    ..PLAIN
};

/// Keeps what is deleted, and calls it revoked.
const REVOKED: Service = Service {
    name: "revoked",
    paths: &[("/v1/badges", "POST"), ("/v1/badges/*", "GET DELETE")],
    serve: |state, ask| {
        let keeps = state.is("keeps");
        if ask.method == "DELETE" {
            let Some(badge) = state.shelf("badges").find(ask.id(0)) else {
                return refuse(404, "there is none");
            };
            let mut revoked = badge.clone();
            revoked.insert("status".to_owned(), json!("revoked"));
            if !keeps {
                badge.clone_from(&revoked);
            }
            return say(200, revoked);
        }
        let reply = state.kept(ask, "badges", &[Field("owner", Is::Text(1, 30), true)]);
        if reply.status != 201 {
            return reply;
        }
        let id = reply.value()["id"].as_str().unwrap().to_owned();
        let badge = state.shelf("badges").find(&id).unwrap();
        badge.insert("status".to_owned(), json!("active"));
        say(201, badge.clone())
    },
    breaches: &[("keeps", "delete-then-gone")],
    ..PLAIN
};

/// Takes names of small letters alone.
const LETTERS: Service = Service {
    name: "letters",
    paths: &[("/v1/boxes/*", "PUT GET DELETE")],
    serve: |state, ask| {
        let name = ask.id(0).to_owned();
        let is_name =
            (3..=12).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase());
        let grows = state.is("grows");
        let shelf = state.shelf("boxes");
        match ask.method.as_str() {
            "PUT" => match ask.fields(&[Field("size", Is::Whole(1, 9), true)]) {
                Some(body) if is_name => {
                    let is_new = !shelf.keep(|known| known["box_name"] != name);
                    let mut made = Map::from_iter([("box_name".to_owned(), json!(name))]);
                    made.extend(body);
                    let answer = made.clone();
                    if grows {
                        made.insert("size".to_owned(), json!(8));
                    }
                    shelf.put(made);
                    say(if is_new { 201 } else { 200 }, answer)
                }
                Some(_) | None => refuse(400, "not as documented"),
            },
            "GET" => match shelf.find_by("box_name", &name) {
                Some(known) => say(200, known.clone()),
                None => refuse(404, "there is none"),
            },
            _ if shelf.keep(|known| known["box_name"] != name) => empty(204),
            _ => refuse(404, "there is none"),
        }
    },
    breaches: &[("grows", "PutBox")],
    ..PLAIN
};

/// Removes blanks, and sorts.
const TIDIES: Service = Service {
    name: "tidies",
    paths: &[("/v1/words", "POST"), ("/v1/words/*", "GET DELETE")],
    serve: |state, ask| {
        const USE: Is = Is::Text(0, 900);
        let fields = &[
            Field("word", Is::Text(1, 40), true),
            Field("uses", Is::Many(100, &USE), false),
        ];
        if ask.method != "POST" {
            return state.kept(ask, "words", fields);
        }
        let Some(mut body) = ask.fields(fields) else {
            return refuse(400, "not as documented");
        };
        let word = at(&body, "word").as_str().unwrap().trim().to_owned();
        let uses = at(&body, "uses").as_array().cloned().unwrap_or_default();
        let mut uses: Vec<String> = uses.iter().map(Value::to_string).collect();
        uses.sort();
        uses.dedup();
        let uses: Vec<Value> = uses.iter().map(|one| one.parse().unwrap()).collect();
        body.insert("word".to_owned(), json!(word));
        body.insert("uses".to_owned(), json!(uses));
        let added = state.add("words", body);
        if state.is("numbers") {
            return say(201, json!({ "id": added["id"], "word": 7, "uses": uses }));
        }
        say(201, added)
    },
    breaches: &[("numbers", "word::type")],
    ..PLAIN
};

/// Breaks where somebody touches what is not his: the hours, and lamps that he did not hang.
const NOT_OURS: Service = Service {
    name: "not-ours",
    paths: &[
        ("/v1/hours", "GET POST PUT"),
        ("/v1/lamps", "POST"),
        ("/v1/lamps/off", "POST"),
        ("/v1/lamps/merge", "POST"),
        ("/v1/lamps/search", "POST"),
        ("/v1/lamps/*", "GET DELETE"),
    ],
    arguments: &[
        "--set",
        "api.from_lamp_id=l1",
        "--set",
        "api.into_lamp_id=l2",
    ],
    serve: |state, ask| {
        const ID: Is = Is::Text(1, 900);
        let ids = &[Field("lamp_ids", Is::Many(9, &ID), true)];
        match (ask.at, ask.method.as_str()) {
            ("/v1/hours", "GET") => say(200, json!({ "opens": 9 })),
            ("/v1/lamps/search", _) => match ask.fields(ids) {
                Some(body) if body["lamp_ids"] != json!([]) => say(200, json!({ "found": 2 })),
                Some(_) | None if state.is("crashes") => refuse(500, "oh"),
                Some(_) | None => refuse(400, "not as documented"),
            },
            ("/v1/hours" | "/v1/lamps/off" | "/v1/lamps/merge", _) => {
                refuse(500, "that was not yours to touch")
            }
            _ => {
                let reply = state.kept(ask, "lamps", &[Field("label", Is::Text(1, 30), true)]);
                let mut lamp = reply.value();
                if reply.status < 300 && lamp.is_object() {
                    lamp["on"] = json!(true);
                    return say(reply.status, lamp);
                }
                reply
            }
        }
    },
    breaches: &[("crashes", "SearchLamps")],
    ..PLAIN
};

/// Shows nothing of a field that was not sent, and refuses what is no JSON by another status.
const LEFT_OUT: Service = Service {
    name: "left-out",
    paths: &[("/v1/books", "POST GET"), ("/v1/books/*", "GET DELETE")],
    serve: |state, ask| {
        let fields = &[
            Field("title", Is::Text(1, 40), true),
            Field("shelf", Is::Whole(1, 99), false),
        ];
        let retitles = state.is("retitles");
        match (ask.method.as_str(), ask.at) {
            ("POST", _) if serde_json::from_slice::<Value>(&ask.body).is_err() => {
                refuse(400, "it is no JSON")
            }
            ("POST", _) => match ask.fields(fields) {
                Some(book) => say(201, json!({ "id": state.add("books", book)["id"] })),
                None => refuse(422, "not as documented"),
            },
            ("GET", "/v1/books") => {
                let mut books: Vec<Map<String, Value>> =
                    state.shelf("books").all().cloned().collect();
                if retitles {
                    for book in &mut books {
                        book.insert("title".to_owned(), json!("Land"));
                    }
                }
                say(200, json!({ "books": books }))
            }
            _ => state.kept(ask, "books", fields),
        }
    },
    breaches: &[("retitles", "create-then-list")],
    ..PLAIN
};
