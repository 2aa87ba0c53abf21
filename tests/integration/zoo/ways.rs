//! Services that differ in how things are made, changed, looked for and deleted: in the background,
//! several at once, not for good, and under other methods.

use serde_json::{Map, Value, json};

use super::body::{Field, Is, whole};
use super::frame::{Ask, PLAIN, Reply, Service, State, at, empty, now, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[
    SOFT_DELETE,
    SLOW_DELETE,
    BULK,
    ID_ONLY,
    MERGE,
    REVISIONS,
    POST_SEARCH,
    COPIES,
    EVERY_METHOD,
    NO_405,
    DEFAULTS,
    LIST_ONLY,
];

/// Marks as deleted, shows it still, and lists it no more.
const SOFT_DELETE: Service = Service {
    name: "soft-delete",
    paths: &[("/v1/memos", "POST GET"), ("/v1/memos/*", "GET DELETE")],
    serve: |state, ask| {
        let title = &[Field("title", Is::Text(1, 40), true)];
        let is_forgotten = state.is("forgotten");
        match (ask.method.as_str(), ask.ids.is_empty()) {
            ("POST", _) => match ask.fields(title) {
                None => refuse(400, "not as documented"),
                Some(mut memo) => {
                    memo.insert("deleted".to_owned(), json!(false));
                    say(201, state.add("memos", memo))
                }
            },
            ("GET", true) => {
                let memos = state.shelf("memos").all();
                let memos = memos.filter(|memo| memo["deleted"] == false);
                let memos: Vec<Value> = memos.cloned().map(Value::from).collect();
                say(200, json!({ "memos": memos }))
            }
            ("DELETE", _) => match state.shelf("memos").find(ask.id(0)) {
                None => refuse(404, "there is none"),
                Some(memo) => {
                    memo.insert("deleted".to_owned(), json!(!is_forgotten));
                    empty(204)
                }
            },
            _ => state.kept(ask, "memos", title),
        }
    },
    breaches: &[("forgotten", "DeleteMemo")],
    ..PLAIN
};

/// Deletes in the background.
const SLOW_DELETE: Service = Service {
    name: "slow-delete",
    paths: &[("/v1/volumes", "POST"), ("/v1/volumes/*", "GET DELETE")],
    serve: |state, ask| {
        let label = &[Field("label", Is::Text(1, 30), true)];
        let word = if state.is("word") {
            "removing"
        } else {
            "deleting"
        };
        let volume = state.shelf("volumes").find(ask.id(0));
        let left = volume
            .as_ref()
            .and_then(|volume| at(volume, "left").as_i64());
        match (ask.method.as_str(), volume, left) {
            ("DELETE", Some(_), Some(_)) => refuse(409, "it is being deleted"),
            ("DELETE", Some(volume), None) => {
                volume.insert("left".to_owned(), json!(2));
                empty(202)
            }
            ("GET", Some(_), Some(0)) => {
                state.shelf("volumes").remove(ask.id(0));
                refuse(404, "there is none")
            }
            ("GET", Some(volume), left) => {
                if let Some(left) = left {
                    volume.insert("left".to_owned(), json!((left - 1).max(0)));
                }
                let status = if left.is_some() { word } else { "ready" };
                let (id, label) = (&volume["id"], &volume["label"]);
                say(200, json!({ "id": id, "label": label, "status": status }))
            }
            _ => {
                let mut reply = state.kept(ask, "volumes", label);
                let mut volume = reply.value();
                if reply.status == 201 {
                    volume["status"] = json!("ready");
                    reply = say(201, volume);
                }
                reply
            }
        }
    },
    breaches: &[("word", "status::enum")],
    ..PLAIN
};

/// Makes several at once, each with a result of its own.
const BULK: Service = Service {
    name: "bulk",
    paths: &[("/v1/labels/batch", "POST")],
    serve: |state, ask| {
        const LABEL: Is = Is::Object(&[Field("name", Is::Text(1, 20), true)]);
        let fields = &[Field("labels", Is::Many(10, &LABEL), true)];
        let Some(body) = ask.fields(fields) else {
            return refuse(400, "not as documented");
        };
        let labels = body["labels"].as_array().cloned().unwrap_or_default();
        if labels.is_empty() {
            return refuse(400, "there is none to make");
        }
        let mut results = Vec::new();
        for label in labels {
            let name = label["name"].as_str().unwrap_or_default().to_owned();
            let is_taken = state.shelf("labels").find_by("name", &name).is_some();
            results.push(if is_taken {
                json!({ "name": name, "status": 409 })
            } else {
                {
                    let made =
                        state.add("labels", Map::from_iter([("name".to_owned(), json!(name))]));
                    let status = if state.is("text") {
                        json!("201")
                    } else {
                        json!(201)
                    };
                    json!({ "name": name, "status": status, "id": made["id"] })
                }
            });
        }
        say(207, json!({ "results": results }))
    },
    breaches: &[("text", "results[].status")],
    ..PLAIN
};

/// Answers the id alone to who creates, and nothing to who changes.
const ID_ONLY: Service = Service {
    name: "id-only",
    paths: &[("/v1/tanks", "POST"), ("/v1/tanks/*", "GET PATCH DELETE")],
    serve: |state, ask| {
        let fields = |is_new| {
            let name = Field("name", Is::Text(1, 30), is_new);
            [name, Field("size", Is::Whole(1, 500), is_new)]
        };
        let resets = state.is("resets");
        match (ask.method.as_str(), state.shelf("tanks").find(ask.id(0))) {
            ("PATCH", None) => refuse(404, "there is none"),
            ("PATCH", Some(tank)) => match ask.fields(&fields(false)) {
                None => refuse(400, "not as documented"),
                Some(change) => {
                    if resets {
                        tank.insert("size".to_owned(), json!(1));
                    }
                    tank.extend(change);
                    empty(204)
                }
            },
            _ => {
                let reply = state.kept(ask, "tanks", &fields(true));
                match reply.status {
                    201 => say(200, json!({ "id": reply.value()["id"] })),
                    _ => reply,
                }
            }
        }
    },
    breaches: &[("resets", "update-changes-this-alone")],
    ..PLAIN
};

/// Changes a field of an object in it, and leaves the others of that object alone.
const MERGE: Service = Service {
    name: "merge",
    paths: &[("/v1/shops", "POST"), ("/v1/shops/*", "GET PATCH DELETE")],
    serve: |state, ask| {
        const MAIL: Is = Is::Text(5, 60);
        const CITY: Is = Is::Text(1, 40);
        const NEW: Is = Is::Object(&[Field("mail", MAIL, true), Field("city", CITY, true)]);
        const CHANGE: Is = Is::Object(&[Field("mail", MAIL, false), Field("city", CITY, false)]);
        let fields = |is_new| {
            let contact = if is_new { NEW } else { CHANGE };
            let name = Field("name", Is::Text(1, 40), is_new);
            [name, Field("contact", contact, is_new)]
        };
        let replaces = state.is("replaces");
        match (ask.method.as_str(), state.shelf("shops").find(ask.id(0))) {
            ("PATCH", None) => refuse(404, "there is none"),
            ("PATCH", Some(shop)) => match ask.fields(&fields(false)) {
                None => refuse(400, "not as documented"),
                Some(change) => {
                    merge(shop, change, replaces);
                    say(200, shop.clone())
                }
            },
            _ => state.kept(ask, "shops", &fields(true)),
        }
    },
    breaches: &[("replaces", "update-changes-this-alone")],
    ..PLAIN
};

/// Puts a change into a record; into the objects in it, unless they are replaced.
fn merge(record: &mut Map<String, Value>, change: Map<String, Value>, replaces: bool) {
    for (name, value) in change {
        match (record.get_mut(&name), value) {
            (Some(Value::Object(old)), Value::Object(new)) if !replaces => old.extend(new),
            (Some(Value::Object(old)), Value::Object(new)) => {
                let mail = new
                    .get("mail")
                    .cloned()
                    .unwrap_or(json!("nobody@example.com"));
                let city = new.get("city").cloned().unwrap_or(json!("nowhere"));
                *old = Map::from_iter([("mail".to_owned(), mail), ("city".to_owned(), city)]);
            }
            (_, value) => {
                record.insert(name, value);
            }
        }
    }
}

/// Counts changes, and says when the last one was.
const REVISIONS: Service = Service {
    name: "revisions",
    paths: &[("/v1/drafts", "POST"), ("/v1/drafts/*", "GET PUT DELETE")],
    serve: |state, ask| {
        let text = &[Field("text", Is::Text(1, 100), true)];
        let is_stuck = state.is("text");
        match (ask.method.as_str(), ask.fields(text)) {
            ("POST", None) => refuse(400, "not as documented"),
            ("POST", Some(mut draft)) => {
                draft.insert("revision".to_owned(), json!(1));
                draft.insert("created_at".to_owned(), json!(now()));
                draft.insert("updated_at".to_owned(), json!(now()));
                say(201, state.add("drafts", draft))
            }
            ("PUT", change) => match (state.shelf("drafts").find(ask.id(0)), change) {
                (None, _) => refuse(404, "there is none"),
                (_, None) => refuse(400, "not as documented"),
                (Some(draft), Some(change)) => {
                    let revision = draft["revision"].as_i64().unwrap_or(0) + 1;
                    if !is_stuck {
                        draft.extend(change);
                    }
                    draft.insert("revision".to_owned(), json!(revision));
                    draft.insert("updated_at".to_owned(), json!(now()));
                    say(200, draft.clone())
                }
            },
            _ => state.kept(ask, "drafts", text),
        }
    },
    breaches: &[("text", "UpdateDraft")],
    ..PLAIN
};

/// Searches by a body.
const POST_SEARCH: Service = Service {
    name: "post-search",
    paths: &[("/v1/birds/search", "POST")],
    serve: |state, ask| {
        let fields = &[
            Field("colour", Is::OneOf(&["grey", "white"]), false),
            Field("min_span", Is::Whole(0, 400), false),
            Field("limit", Is::Whole(1, 20), false),
        ];
        let Some(body) = ask.fields(fields) else {
            return refuse(400, "not as documented");
        };
        let number = |name: &str| body.get(name).and_then(Value::as_number).and_then(whole);
        let black = if state.is("black") { "black" } else { "white" };
        let birds = [
            ("Heron", "grey", 180),
            ("Gull", "white", 130),
            ("Egret", black, 95),
        ];
        let fits = |bird: &&(&str, &str, i64)| {
            let colour = body.get("colour").and_then(Value::as_str);
            let is_of_colour = colour.is_none_or(|colour| colour == bird.1);
            is_of_colour && number("min_span").is_none_or(|span| bird.2 >= span)
        };
        let birds: Vec<Value> = birds
            .iter()
            .filter(fits)
            .map(|(name, colour, span)| json!({ "name": name, "colour": colour, "span": span }))
            .collect();
        let total = birds.len();
        let limit = number("limit").unwrap_or(10);
        let limit = if state.is("limit") {
            20
        } else {
            usize::try_from(limit).unwrap()
        };
        let birds: Vec<Value> = birds.into_iter().take(limit).collect();
        say(200, json!({ "birds": birds, "total": total }))
    },
    breaches: &[("black", "colour::enum")],
    ..PLAIN
};

/// Makes one of another.
const COPIES: Service = Service {
    name: "copies",
    paths: &[
        ("/v1/songs", "POST"),
        ("/v1/songs/*", "GET DELETE"),
        ("/v1/songs/*/copy", "POST"),
    ],
    serve: |state, ask| {
        let title = &[Field("title", Is::Text(1, 60), true)];
        if ask.at.ends_with("copy") {
            let Some(song) = state.shelf("songs").find(ask.id(0)).cloned() else {
                return refuse(404, "there is none");
            };
            let mut copy = song.clone();
            copy.remove("id");
            copy.insert("copied_from".to_owned(), song["id"].clone());
            if state.is("number") {
                copy.insert("title".to_owned(), json!(2));
            }
            return say(201, state.add("songs", copy));
        }
        match (ask.method.as_str(), ask.fields(title)) {
            ("POST", Some(mut song)) => {
                song.insert("copied_from".to_owned(), Value::Null);
                say(201, state.add("songs", song))
            }
            _ => state.kept(ask, "songs", title),
        }
    },
    breaches: &[("number", "CopySong")],
    ..PLAIN
};

/// Answers HEAD and OPTIONS wherever it answers GET.
const EVERY_METHOD: Service = Service {
    name: "every-method",
    paths: &[("/weather", "GET HEAD OPTIONS")],
    serve: |state, ask| match ask.method.as_str() {
        "OPTIONS" => empty(204).with("Allow", "GET, HEAD, OPTIONS"),
        _ if state.is("text") => say(200, json!({ "summary": "rain", "celsius": "7.5" })),
        _ => say(200, json!({ "summary": "rain", "celsius": 7.5 })),
    },
    breaches: &[("text", "celsius::type")],
    ..PLAIN
};

/// Says of other methods that there is nothing.
const NO_405: Service = Service {
    name: "no-405",
    paths: &[("/moon", "GET POST PUT PATCH DELETE")],
    arguments: &["--allow-changes", "ShowMoon"],
    serve: |state, ask| match ask.method.as_str() {
        "GET" => say(200, json!({ "phase": "full", "age": 14 })),
        "POST" if state.is("breaks") => refuse(500, "what is that?"),
        _ => refuse(404, "there is nothing here"),
    },
    breaches: &[("breaks", "ShowMoon")],
    ..PLAIN
};

/// Shows the default of what is left out.
const DEFAULTS: Service = Service {
    name: "defaults",
    paths: &[("/v1/brews", "POST"), ("/v1/brews/*", "GET DELETE")],
    serve: |state, ask| {
        let fields = &[
            Field("cups", Is::Whole(1, 12), true),
            Field("strength", Is::OneOf(&["mild", "strong"]), false),
            Field("timer", Is::Flag, false),
        ];
        match (ask.method.as_str(), ask.fields(fields)) {
            ("POST", Some(mut brew)) => {
                let strength = if state.is("strong") { "strong" } else { "mild" };
                brew.entry("strength").or_insert(json!(strength));
                brew.entry("timer").or_insert(json!(false));
                say(201, state.add("brews", brew))
            }
            _ => state.kept(ask, "brews", fields),
        }
    },
    breaches: &[("strong", "echo::same")],
    ..PLAIN
};

/// Shows what it keeps in a list alone.
const LIST_ONLY: Service = Service {
    name: "list-only",
    paths: &[("/v1/peers", "POST GET"), ("/v1/peers/*", "DELETE")],
    serve: list_only,
    breaches: &[("stays", "delete-then-gone"), ("host", "AddPeer")],
    ..PLAIN
};

fn list_only(state: &mut State, ask: &Ask) -> Reply {
    let fields = &[
        Field("host", Is::Text(1, 60), true),
        Field("port", Is::Whole(1, 65535), true),
    ];
    match ask.method.as_str() {
        "POST" => match ask.fields(fields) {
            None => refuse(400, "not as documented"),
            Some(mut peer) => {
                let number = state.count("peers");
                peer.insert("id".to_owned(), json!(number));
                let told = peer.clone();
                if state.is("host") {
                    peer.insert("host".to_owned(), json!("localhost"));
                }
                state.shelf("peers").put(peer);
                say(201, told)
            }
        },
        "GET" => {
            let peers = state.shelf("peers").all();
            let peers: Vec<Value> = peers.cloned().map(Value::from).collect();
            say(200, json!({ "peers": peers }))
        }
        _ => {
            let id = ask.id(0).parse::<u64>().ok();
            let is_other =
                |peer: &Map<String, Value>| Some(&peer["id"]) != id.map(Value::from).as_ref();
            let is_there = state.shelf("peers").all().any(|peer| !is_other(peer));
            let stays = state.is("stays");
            if is_there && !stays {
                state.shelf("peers").keep(is_other);
            }
            if is_there {
                empty(204)
            } else {
                refuse(404, "there is none")
            }
        }
    }
}
