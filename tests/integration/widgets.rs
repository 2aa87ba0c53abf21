//! A correct server of widgets, and one that breaks a law of its pages: what docproof says of
//! each. That the server is what it is taken for is proven first, without docproof.

use serde_json::{Map, Value, json};

use crate::support::widgets::{BREACHES, Client, Options, SEEDED, Widgets, ask, full, path};

/// A widget without the time of its last change.
fn lasting(widget: &Value) -> Map<String, Value> {
    let mut fields = widget.as_object().cloned().unwrap_or_default();
    fields.remove("updated_at");
    fields
}

/// Whether a widget has the values of a body.
fn has(widget: &Value, body: &Value) -> bool {
    let mut fields = body.as_object().unwrap().iter();
    fields.all(|(name, value)| widget[name] == *value)
}

fn create_is_kept(client: &Client<'_>) -> bool {
    let body = full(&format!(" kept {} ", client.server.seen().len()));
    let (_, created) = client.send("POST", "/v1/widgets", &body);
    has(&created, &body) && has(&client.show(&created), &body)
}

fn create_is_listed(client: &Client<'_>) -> bool {
    let created = client.create("listed");
    client.walk(50).contains(&created)
}

fn ids_are_new(client: &Client<'_>) -> bool {
    client.create("one")["id"] != client.create("two")["id"]
}

fn patch_changes_this_alone(client: &Client<'_>) -> bool {
    let (before, this) = (client.create("before"), client.create("this"));
    let after = client.create("after");
    let (_, answer) = client.send("PATCH", &path(&this), &json!({ "note": "changed" }));
    let mut expected = lasting(&this);
    expected.insert("note".to_owned(), json!("changed"));
    lasting(&answer) == expected
        && lasting(&client.show(&this)) == expected
        && client.show(&before) == before
        && client.show(&after) == after
}

fn put_replaces(client: &Client<'_>) -> bool {
    let this = client.create("this");
    let body = json!({ "name": this["name"], "size": this["size"] });
    client.send("PUT", &path(&this), &body);
    let defaults =
        json!({ "note": null, "serial": 0, "ratio": null, "active": true, "labels": [] });
    let shown = client.show(&this);
    has(&shown, &body) && has(&shown, &defaults)
}

fn deleted_is_gone(client: &Client<'_>) -> bool {
    let this = client.create("gone");
    client.status("DELETE", &this) == 204
        && client.status("GET", &this) == 404
        && client
            .walk(50)
            .iter()
            .all(|widget| widget["id"] != this["id"])
}

fn delete_again_is_refused(client: &Client<'_>) -> bool {
    let this = client.create("gone");
    client.status("DELETE", &this) == 204 && client.status("DELETE", &this) == 404
}

fn reads_change_nothing(client: &Client<'_>) -> bool {
    let this = client.create("read");
    client.status("HEAD", &this);
    let shown = client.show(&this);
    client.list("");
    shown == this && client.show(&this) == this
}

fn refused_leaves_nothing(client: &Client<'_>) -> bool {
    let this = client.create("this");
    let before = client.walk(50);
    let bad = json!({ "name": "x".repeat(33), "note": "left", "size": this["size"] });
    let statuses = [
        client.send("POST", "/v1/widgets", &bad).0,
        client.send("PATCH", &path(&this), &bad).0,
        client.send("PUT", &path(&this), &bad).0,
    ];
    statuses == [400; 3] && client.walk(50) == before
}

fn parts_are_of_one(client: &Client<'_>) -> bool {
    let (one, other) = (client.create("one"), client.create("other"));
    let part = json!({ "title": "hinge", "weight": 3 });
    let (status, added) = client.send("POST", &format!("{}/parts", path(&one)), &part);
    let parts = |of| {
        client
            .send("GET", &format!("{}/parts", path(of)), &Value::Null)
            .1
    };
    status == 201
        && parts(&one) == json!({ "parts": [added], "total": 1 })
        && parts(&other) == json!({ "parts": [], "total": 0 })
}

fn filters_hold(client: &Client<'_>) -> bool {
    let one = client.create("one");
    let name = one["name"].as_str().unwrap();
    client.make(&format!("{name}-and-more"));
    let all = client.walk(50);
    let is_ready = |widget: &&Value| widget["state"] == "ready";
    let ready: Vec<&Value> = all.iter().filter(is_ready).collect();
    client.list("limit=50&state=failed")["widgets"]
        .as_array()
        .unwrap()
        .len()
        == all.len() - ready.len()
        && client.list("limit=50&state=ready")["widgets"] == json!(ready)
        && client.list(&format!("name={name}"))["widgets"] == json!([one])
}

fn total_counts_what_fits(client: &Client<'_>) -> bool {
    let one = client.create("one");
    client.create("two");
    let name = one["name"].as_str().unwrap();
    client.list("limit=1")["total"] == client.walk(50).len()
        && client.list(&format!("name={name}"))["total"] == 1
}

fn newest_come_first(client: &Client<'_>) -> bool {
    let (one, two) = (client.create("one"), client.create("two"));
    let ids: Vec<Value> = client
        .walk(50)
        .iter()
        .map(|widget| widget["id"].clone())
        .collect();
    let at = |widget: &Value| ids.iter().position(|id| *id == widget["id"]);
    at(&two) < at(&one)
}

fn pages_make_the_list(client: &Client<'_>) -> bool {
    for _ in 0..3 {
        client.create("page");
    }
    client.walk(2) == client.walk(50) && !client.walk(2).is_empty()
}

fn times_are_utc(client: &Client<'_>) -> bool {
    let created = client.create("timed");
    let time: jiff::Timestamp = created["created_at"].as_str().unwrap().parse().unwrap();
    (jiff::Timestamp::now().as_second() - time.as_second()).abs() <= 2
}

fn sizes_are_not_negative(client: &Client<'_>) -> bool {
    let created = client.create("sized");
    created["bytes"].as_i64() >= Some(0) && created["part_count"] == 0
}

fn error_codes_are_of_failed_ones(client: &Client<'_>) -> bool {
    client.create("ready");
    let all = client.walk(50);
    all.iter()
        .all(|widget| (widget["state"] == "failed") != widget["error_code"].is_null())
}

/// Whether a server keeps a law.
type Law = fn(&Client<'_>) -> bool;

/// Each law, and the breaches that break it.
const LAWS: &[(Law, &[&str])] = &[
    (
        create_is_kept,
        &[
            "create-forgets-note",
            "create-rounds-serial",
            "create-flips-active",
            "create-loses-nested",
            "create-is-not-shown",
        ],
    ),
    (
        create_is_listed,
        &["create-is-not-listed", "list-shows-otherwise"],
    ),
    (ids_are_new, &["ids-repeat"]),
    (
        patch_changes_this_alone,
        &[
            "patch-replaces",
            "patch-is-not-kept",
            "patch-changes-another-widget",
        ],
    ),
    (put_replaces, &["put-keeps-the-rest"]),
    (
        deleted_is_gone,
        &[
            "deleted-is-shown",
            "deleted-is-listed",
            "delete-does-nothing",
        ],
    ),
    (delete_again_is_refused, &["delete-again-is-204"]),
    (reads_change_nothing, &["show-changes", "list-changes"]),
    (
        refused_leaves_nothing,
        &["refused-create-stays", "refused-change-stays"],
    ),
    (parts_are_of_one, &["parts-of-all"]),
    (
        filters_hold,
        &[
            "filter-is-ignored",
            "filter-misses-some",
            "filter-by-prefix",
        ],
    ),
    (
        total_counts_what_fits,
        &["total-of-the-page", "total-ignores-filter"],
    ),
    (newest_come_first, &["oldest-first"]),
    (
        pages_make_the_list,
        &["pages-overlap", "pages-skip", "marker-never-ends"],
    ),
    (times_are_utc, &["created-at-in-local-time"]),
    (sizes_are_not_negative, &["negative-size", "negative-count"]),
    (error_codes_are_of_failed_ones, &["error-code-on-ready"]),
];

/// A server with widgets of somebody else.
fn start(breach: Option<&'static str>, unique: bool) -> Widgets {
    Widgets::start(Options {
        breach,
        unique,
        seeded: true,
        ..Options::default()
    })
}

#[test]
fn the_correct_server_keeps_every_law() {
    for unique in [false, true] {
        let server = start(None, unique);
        server.begin_run();
        for (law, breaches) in LAWS {
            assert!(
                law(&Client { server: &server }),
                "{breaches:?}, unique: {unique}"
            );
        }
        assert!(server.untouched());
        assert!(server.foreign_writes().is_empty());
    }
}

#[test]
fn each_breach_breaks_its_law() {
    let mut broken = Vec::new();
    for (law, breaches) in LAWS {
        for breach in *breaches {
            let server = start(Some(breach), false);
            assert!(!law(&Client { server: &server }), "{breach}");
            broken.push(*breach);
        }
    }
    for breach in BREACHES {
        assert!(
            broken.contains(&breach.name),
            "nothing shows {}",
            breach.name
        );
    }
}

/// What the server answers where no law is about the answer.
#[test]
fn the_server_is_strict() {
    let server = Widgets::start(Options {
        unique: true,
        seeded: true,
        ..Options::default()
    });
    let client = Client { server: &server };
    let widget = path(&client.make("strict"));
    let send = |method: &str, target: &str, kind: &str, body: &str| {
        let (status, _, answer) = ask(server.url(), method, target, Some((kind, body)));
        if status >= 400 {
            assert!(answer["error_code"].is_string() && answer["error_msg"].is_string());
        }
        status
    };
    let json = "application/json";
    let size = r#""size":{"width":1,"depth":{"min":0,"max":0}}"#;
    for (method, target, kind, body, expected) in [
        (
            "POST",
            "/v1/widgets",
            json,
            format!(r#"{{"name":"a",{size}}}"#),
            201,
        ),
        (
            "POST",
            "/v1/widgets",
            json,
            format!(r#"{{"name":"a",{size}}}"#),
            409,
        ),
        (
            "POST",
            "/v1/widgets",
            "Application/JSON; charset=utf-8",
            format!(r#"{{"name":"b",{size},"serial":20.0}}"#),
            201,
        ),
        (
            "POST",
            "/v1/widgets",
            "text/plain",
            format!(r#"{{"name":"c",{size}}}"#),
            415,
        ),
        (
            "POST",
            "/v1/widgets",
            json,
            format!(r#"{{"name":"c",{size},"name":"c"}}"#),
            400,
        ),
        (
            "POST",
            "/v1/widgets",
            json,
            format!(r#"{{"name":"c",{size}}} x"#),
            400,
        ),
        (
            "POST",
            "/v1/widgets",
            json,
            format!(r#"{{"name":"c",{size},"serial":9223372036854775808}}"#),
            400,
        ),
        (
            "POST",
            "/v1/widgets",
            json,
            format!(r#"{{"name":"c",{size},"active":"true"}}"#),
            400,
        ),
        (
            "POST",
            "/v1/widgets",
            json,
            format!(r#"{{"name":"c",{size},"note":null}}"#),
            400,
        ),
        ("POST", "/v1/widgets", json, format!("{{{size}}}"), 400),
        (
            "POST",
            "/v1/widgets",
            json,
            r#"{"name":"c"}"#.to_owned(),
            400,
        ),
        ("POST", "/v1/widgets", json, String::new(), 400),
        ("POST", "/v1/widgets", json, " ".repeat(300_000), 413),
        ("PATCH", &widget, json, "{}".to_owned(), 200),
        ("PATCH", &widget, json, r#"{"name":"a"}"#.to_owned(), 409),
        (
            "PUT",
            &widget,
            json,
            format!(r#"{{"name":"strict",{size}}}"#),
            200,
        ),
        (
            "PUT",
            "/v1/widgets/x",
            json,
            format!(r#"{{"name":"d",{size}}}"#),
            404,
        ),
        ("DELETE", "/v1/widgets", json, String::new(), 405),
        ("POST", &widget, json, "{}".to_owned(), 405),
        ("GET", "/v1/widgets/", json, String::new(), 404),
        ("GET", "/v1/others", json, String::new(), 404),
        ("GET", "/v1/widgets?limit=0", json, String::new(), 400),
        ("GET", "/v1/widgets?limit=+5", json, String::new(), 400),
        ("GET", "/v1/widgets?marker=x", json, String::new(), 400),
        ("GET", "/v1/widgets?state=lost", json, String::new(), 400),
        (
            "GET",
            "/v1/widgets?limit=1&limit=2",
            json,
            String::new(),
            400,
        ),
        (
            "GET",
            &format!("/v1/widgets?x={}", "0".repeat(9000)),
            json,
            String::new(),
            414,
        ),
    ] {
        assert_eq!(
            send(method, target, kind, &body),
            expected,
            "{method} {target} {body}"
        );
    }
    let (status, head, _) = ask(server.url(), "DELETE", "/v1/widgets", None);
    assert!(
        status == 405 && head.contains("allow: GET, HEAD, POST\r\n"),
        "{head}"
    );
}

/// The server tells what a run left behind, and what it touched that is not its own.
#[test]
fn the_server_knows_whose_a_widget_is() {
    let server = start(None, false);
    let client = Client { server: &server };
    server.begin_run();
    let first = client.create("first");
    client.send("PATCH", &path(&first), &json!({ "note": "own" }));
    client.send("DELETE", "/v1/widgets/nobody", &Value::Null);
    assert!(server.foreign_writes().is_empty());
    assert_eq!(server.left(), [first["id"].as_str().unwrap()]);
    server.begin_run();
    client.send(
        "PATCH",
        &path(&first),
        &json!({ "note": "of the run before" }),
    );
    assert_eq!(server.foreign_writes().len(), 1);
    assert!(server.untouched());
    let foreign = format!("/v1/widgets/{}", SEEDED[0]);
    client.send("PATCH", &foreign, &json!({ "note": "taken" }));
    assert_eq!(server.foreign_writes().len(), 2);
    assert!(!server.untouched());
}
