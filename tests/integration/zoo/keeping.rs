//! Services that keep things and have habits of their own: what is created twice, being built,
//! hidden, counted, moved by an act, or refused for want of room.

use serde_json::{Map, Value, json};

use super::body::{Field, Is};
use super::frame::{PLAIN, Reply, Service, at, empty, raw, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[
    CREATE_AGAIN,
    REFERENCES,
    BUILDING,
    PUT_KEEPS,
    MASKED,
    COUNTS_READS,
    NULL_CLEARS,
    IF_MATCH,
    ACTION,
    LOCATED,
    GONE,
    QUOTA,
];

/// Shows what has the name already, instead of creating it again.
const CREATE_AGAIN: Service = Service {
    name: "create-again",
    paths: &[("/v1/topics", "POST"), ("/v1/topics/*", "GET DELETE")],
    serve: |state, ask| {
        let name = &[Field("name", Is::Text(1, 40), true)];
        let given = ask.fields(name).filter(|_| ask.method == "POST");
        let given = given.and_then(|body| body["name"].as_str().map(str::to_owned));
        let known = given.and_then(|name| state.shelf("topics").find_by("name", &name).cloned());
        match known {
            Some(topic) if state.is("bare") => say(200, json!({ "name": topic["name"] })),
            Some(topic) => say(200, topic),
            None => {
                let reply = state.kept(ask, "topics", name);
                match reply.status {
                    201 if state.is("other") => {
                        let mut topic = reply.value();
                        topic["name"] = json!("another");
                        say(201, topic)
                    }
                    _ => reply,
                }
            }
        }
    },
    breaches: &[("other", "CreateTopic")],
    ..PLAIN
};

/// Takes only flavors that it lists.
const REFERENCES: Service = Service {
    name: "references",
    paths: &[
        ("/v1/instances", "POST"),
        ("/v1/instances/*", "GET PATCH DELETE"),
        ("/v1/flavors", "GET"),
    ],
    arguments: &["--set", "caches.flavor_id=fl-small"],
    serve: |state, ask| {
        let flavors = ["fl-small", "fl-large"];
        if ask.at == "/v1/flavors" {
            let memory = if state.is("memory") { 64 } else { 256 };
            let flavors = flavors.map(|id| json!({ "id": id, "memory": memory }));
            return say(200, json!({ "flavors": flavors }));
        }
        let is_flavor = |text: &str| ["fl-small", "fl-large"].contains(&text);
        let fields = |is_new| {
            let name = Field("name", Is::Text(1, 30), is_new);
            [name, Field("flavor_id", Is::Like(is_flavor), is_new)]
        };
        let resets = state.is("resets");
        if ask.method == "PATCH" {
            let change = ask.fields(&fields(false));
            return changed(
                state.shelf("instances").find(ask.id(0)),
                change,
                |instance| {
                    if resets {
                        instance.insert("flavor_id".to_owned(), json!("fl-large"));
                    }
                },
            );
        }
        state.kept(ask, "instances", &fields(true))
    },
    breaches: &[("memory", "memory"), ("resets", "UpdateInstance")],
    ..PLAIN
};

/// Changes a record as asked, after something else was done to it.
fn changed(
    record: Option<&mut Map<String, Value>>,
    change: Option<Map<String, Value>>,
    before: impl FnOnce(&mut Map<String, Value>),
) -> Reply {
    match (record, change) {
        (None, _) => refuse(404, "there is none"),
        (_, None) => refuse(400, "the change is not as documented"),
        (Some(record), Some(change)) => {
            before(record);
            record.extend(change);
            say(200, record.clone())
        }
    }
}

/// Takes a moment to build what is created, and changes nothing meanwhile.
const BUILDING: Service = Service {
    name: "building",
    paths: &[("/v1/ships", "POST"), ("/v1/ships/*", "GET PATCH DELETE")],
    serve: |state, ask| {
        let (is_lost, keeps) = (state.is("stays-old"), state.is("undead"));
        let name = |is_new| [Field("name", Is::Text(1, 30), is_new)];
        let mut ship = state.shelf("ships").find(ask.id(0));
        let is_new = ship.as_mut().is_some_and(|ship| look(ship) < 3);
        let mut reply = match (ask.method.as_str(), ship) {
            ("PATCH" | "DELETE", Some(_)) if is_new => refuse(409, "it is being built"),
            ("DELETE", Some(_)) if keeps => empty(204),
            ("PATCH", Some(ship)) if is_lost => say(200, ship.clone()),
            ("PATCH", ship) => changed(ship, ask.fields(&name(false)), |_| ()),
            _ => state.kept(ask, "ships", &name(true)),
        };
        let mut ship = reply.value();
        if reply.status < 300 && ship.is_object() {
            let looks = ship["looks"].as_i64().unwrap_or(0);
            ship.as_object_mut().unwrap().remove("looks");
            ship["status"] = json!(if looks < 3 { "building" } else { "ready" });
            reply = say(reply.status, ship);
        }
        reply
    },
    breaches: &[("stays-old", "UpdateShip"), ("undead", "delete-then-gone")],
    ..PLAIN
};

/// Counts how often a record was looked at.
fn look(record: &mut Map<String, Value>) -> i64 {
    let looks = at(record, "looks").as_i64().unwrap_or(0) + 1;
    record.insert("looks".to_owned(), json!(looks));
    looks
}

/// Changes by PUT, and keeps what is left out.
const PUT_KEEPS: Service = Service {
    name: "put-keeps",
    paths: &[("/v1/lamps", "POST"), ("/v1/lamps/*", "GET PUT DELETE")],
    serve: |state, ask| {
        let fields = |is_new| {
            let room = Field("room", Is::Text(1, 20), is_new);
            [room, Field("watts", Is::Whole(1, 100), false)]
        };
        let resets = state.is("resets");
        if ask.method == "PUT" {
            let change = ask.fields(&fields(false));
            return changed(state.shelf("lamps").find(ask.id(0)), change, |lamp| {
                if resets {
                    lamp.insert("watts".to_owned(), json!(40));
                }
            });
        }
        let mut reply = state.kept(ask, "lamps", &fields(true));
        if reply.status == 201 {
            let id = reply.value()["id"].as_str().unwrap().to_owned();
            let lamp = state.shelf("lamps").find(&id).unwrap();
            lamp.entry("watts").or_insert(json!(40));
            reply = say(201, lamp.clone());
        }
        reply
    },
    breaches: &[("resets", "update-changes-this-alone")],
    ..PLAIN
};

/// Shows no secret.
const MASKED: Service = Service {
    name: "masked",
    paths: &[("/v1/accounts", "POST"), ("/v1/accounts/*", "GET DELETE")],
    serve: |state, ask| {
        let is_pin = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        let fields = &[
            Field("user", Is::Text(1, 30), true),
            Field("password", Is::Text(8, 32), true),
            Field("pin", Is::Like(is_pin), true),
        ];
        let reply = state.kept(ask, "accounts", fields);
        let mut account = reply.value();
        if reply.status < 300 && account.is_object() {
            account["password"] = json!("******");
            account["pin"] = json!("****");
            if state.is("user") {
                account["user"] = json!("ida");
            }
            return say(reply.status, account);
        }
        reply
    },
    breaches: &[("user", "CreateAccount")],
    ..PLAIN
};

/// Counts how often something was shown, and derives a field from another.
const COUNTS_READS: Service = Service {
    name: "counts-reads",
    paths: &[("/v1/posts", "POST"), ("/v1/posts/*", "GET PATCH DELETE")],
    serve: |state, ask| {
        let title = &[Field("title", Is::Text(1, 60), true)];
        let renames = state.is("renames");
        let reply = match (ask.method.as_str(), state.shelf("posts").find(ask.id(0))) {
            ("PATCH", post) => changed(post, ask.fields(title), |_| ()),
            ("GET", Some(post)) => {
                let looks = look(post);
                if renames && looks > 1 {
                    post.insert("title".to_owned(), json!(format!("Seen {looks} times")));
                }
                say(200, post.clone())
            }
            _ => state.kept(ask, "posts", title),
        };
        let mut post = reply.value();
        if reply.status < 300 && post.is_object() {
            let title = post["title"].as_str().unwrap_or_default();
            post["slug"] = json!(title.to_lowercase().replace(' ', "-"));
            post["views"] = json!(post["looks"].as_i64().unwrap_or(0));
            post.as_object_mut().unwrap().remove("looks");
            return say(reply.status, post);
        }
        reply
    },
    breaches: &[("renames", "relation")],
    ..PLAIN
};

/// Takes null for what is to be removed.
const NULL_CLEARS: Service = Service {
    name: "null-clears",
    paths: &[
        ("/v1/contacts", "POST"),
        ("/v1/contacts/*", "GET PATCH DELETE"),
    ],
    serve: |state, ask| {
        let fields = |is_new| {
            let name = Field("name", Is::Text(1, 50), is_new);
            [name, Field("phone", Is::Text(3, 20), false)]
        };
        let loses = state.is("loses-name");
        let mut reply = if ask.method == "PATCH" {
            let all = ask.open(&[]).unwrap_or_default();
            let clears = all.get("phone").is_some_and(Value::is_null);
            let known = &fields(false)[..if clears { 1 } else { 2 }];
            changed(
                state.shelf("contacts").find(ask.id(0)),
                ask.fields(known),
                |contact| {
                    if clears {
                        contact.remove("phone");
                    }
                    if loses {
                        contact.insert("name".to_owned(), json!("nobody"));
                    }
                },
            )
        } else {
            state.kept(ask, "contacts", &fields(true))
        };
        let mut contact = reply.value();
        if reply.status < 300 && contact.is_object() {
            let phone = contact["phone"].clone();
            contact["phone"] = phone;
            reply = say(reply.status, contact);
        }
        reply
    },
    breaches: &[("loses-name", "update-changes-this-alone")],
    ..PLAIN
};

/// Changes nothing that is not what the caller saw.
const IF_MATCH: Service = Service {
    name: "if-match",
    paths: &[("/v1/pages", "POST"), ("/v1/pages/*", "GET PUT DELETE")],
    serve: |state, ask| {
        let text = &[Field("text", Is::Text(1, 200), true)];
        let tag = |page: &Map<String, Value>| format!("\"v{}\"", at(page, "looks"));
        let (crashes, stays) = (state.is("crashes"), state.is("stays"));
        let reply = match (ask.method.as_str(), state.shelf("pages").find(ask.id(0))) {
            ("PUT", Some(page)) => {
                if ask.header("if-match") != Some(&tag(page)) {
                    return refuse(if crashes { 500 } else { 412 }, "it is not what it was");
                }
                let change = ask.fields(text);
                let change = change.map(|change| if stays { Map::new() } else { change });
                changed(Some(page), change, |page| {
                    look(page);
                })
            }
            ("GET", Some(page)) => say(200, page.clone()).with("ETag", tag(page)),
            ("PUT", None) => refuse(404, "there is none"),
            _ => state.kept(ask, "pages", text),
        };
        let mut page = reply.value();
        match page.as_object_mut().filter(|_| reply.status < 300) {
            None => reply,
            Some(page) => {
                page.remove("looks");
                let body = page.clone();
                let headers = reply.headers.into_iter().filter(|(name, _)| name == "ETag");
                let shown = say(reply.status, body);
                headers.fold(shown, |shown, (name, tag)| shown.with(&name, tag))
            }
        }
    },
    breaches: &[("crashes", "UpdatePage"), ("stays", "echo::same")],
    ..PLAIN
};

/// Is moved by an act of its own.
const ACTION: Service = Service {
    name: "action",
    paths: &[
        ("/v1/pumps", "POST"),
        ("/v1/pumps/*", "GET DELETE"),
        ("/v1/pumps/*/start", "POST"),
    ],
    serve: |state, ask| {
        let place = &[Field("place", Is::Text(1, 30), true)];
        let status = if state.is("body") { 200 } else { 204 };
        if ask.at.ends_with("start") {
            return match state.shelf("pumps").find(ask.id(0)) {
                None => refuse(404, "there is none"),
                Some(pump) => {
                    pump.insert("running".to_owned(), json!(true));
                    empty(status)
                }
            };
        }
        let reply = state.kept(ask, "pumps", place);
        let mut pump = reply.value();
        if reply.status < 300 && pump.is_object() {
            pump["running"] = json!(pump["running"].as_bool().unwrap_or(false));
            return say(reply.status, pump);
        }
        reply
    },
    breaches: &[("body", "StartPump")],
    ..PLAIN
};

/// Tells by a header alone where what was created is.
const LOCATED: Service = Service {
    name: "located",
    paths: &[("/v1/notes", "POST"), ("/v1/notes/*", "GET DELETE")],
    serve: |state, ask| {
        let reply = state.kept(ask, "notes", &[Field("text", Is::Text(1, 100), true)]);
        let mut note = reply.value();
        let id = note["id"].as_str().unwrap_or_default().to_owned();
        match (ask.method.as_str(), reply.status) {
            ("POST", 201) => empty(201).with("Location", format!("/v1/notes/{id}")),
            ("GET", 200) => {
                note.as_object_mut().unwrap().remove("id");
                if state.is("forgets") {
                    note["text"] = json!("");
                }
                say(200, note)
            }
            _ => reply,
        }
    },
    breaches: &[("forgets", "create-then-read")],
    ..PLAIN
};

/// Remembers what it had.
const GONE: Service = Service {
    name: "gone",
    paths: &[("/v1/links", "POST"), ("/v1/links/*", "GET DELETE")],
    serve: |state, ask| {
        let reply = state.kept(ask, "links", &[Field("target", Is::Text(1, 80), true)]);
        if ask.method == "DELETE" && reply.status == 204 {
            let link = Map::from_iter([("id".to_owned(), json!(ask.id(0)))]);
            state.shelf("gone").put(link);
        }
        let is_gone = reply.status == 404 && state.shelf("gone").find(ask.id(0)).is_some();
        match is_gone {
            true if state.is("crashes") => refuse(500, "its row is gone"),
            true => refuse(410, "it has been deleted"),
            false => reply,
        }
    },
    breaches: &[("crashes", "Link")],
    ..PLAIN
};

/// Has room for some only.
const QUOTA: Service = Service {
    name: "quota",
    paths: &[("/v1/slots", "POST"), ("/v1/slots/*", "GET DELETE")],
    serve: |state, ask| {
        let owner = &[Field("owner", Is::Text(1, 30), true)];
        let is_full = state.shelf("slots").all().count() >= 20;
        if ask.method == "POST" && is_full && ask.fields(owner).is_some() {
            return refuse(403, "the quota of slots is used up");
        }
        let reply = state.kept(ask, "slots", owner);
        if reply.status == 400 && state.is("bare") {
            return raw(400, "{}");
        }
        reply
    },
    breaches: &[("bare", "response-400")],
    ..PLAIN
};
