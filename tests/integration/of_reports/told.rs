//! Services whose pages tell their fields in sentences and lines, and show what refusals look like.

use rstest::rstest;
use serde_json::{Value, json};

use super::{Kept, assert_found, is_text, keep, keeping, new_id, sent};
use crate::support::{Received, Reply};

const CRATES: &str = "# Create a crate

`POST /crates`

The body is a JSON object with `name` (string, required, 1 to 20 characters) and, optionally, `size` (integer, 1 to 50).

Answers `201` with the crate: `id` (string), `name` (string) and `size` (integer). The answer carries the header `X-Request-Id`.

A body that is not as described is refused with `400`. The body of a refusal is `application/problem+json`.

# Show a crate

`GET /crates/{crate_id}`

Returns `200` and the crate: `id`, a string; `name`, a string; `size`, an integer. Returns `404` if there is none.
";

fn problem(fault: &str, status: u16) -> Reply {
    let body = json!({ "title": "wrong", "status": status });
    let kind = match fault {
        "plain" => "application/json",
        _ => "application/problem+json",
    };
    Reply {
        status,
        headers: vec![("Content-Type".to_owned(), kind.to_owned())],
        body: body.to_string().into_bytes(),
        reset: false,
    }
}

fn crates(fault: &str, kept: &mut Kept, request: &Received, path: &[&str]) -> Reply {
    match (request.method.as_str(), path) {
        ("POST", ["crates"]) => {
            let most = if fault == "long" { 10_000 } else { 20 };
            let least = i64::from(fault != "small");
            let own = sent(request).filter(|own| {
                own.get("name").is_some_and(|name| is_text(name, most))
                    && own.get("size").is_none_or(|size| {
                        size.as_i64()
                            .is_some_and(|size| (least..=50).contains(&size))
                    })
            });
            let Some(own) = own else {
                return problem(fault, 400);
            };
            let id = new_id(kept);
            let size = own.get("size").cloned().unwrap_or_else(|| json!(1));
            let size = if fault == "text" { json!("one") } else { size };
            let made = json!({ "id": id, "name": own["name"], "size": size });
            let reply = Reply::json(201, &keep(kept, &id, made));
            match fault {
                "unnamed" => reply,
                _ => reply.with("X-Request-Id", "r1"),
            }
        }
        ("GET" | "HEAD", ["crates", id]) => match kept.get(*id) {
            Some(own) => Reply::json(200, &json!(own)),
            None => problem(fault, 404),
        },
        (_, ["crates"] | ["crates", _]) => problem("", 405).with("Allow", "GET, POST"),
        _ => problem("", 404),
    }
}

#[rstest]
#[case::right("", &[])]
#[case::long("long", &["request.name::maxLength"])]
#[case::small("small", &["request.size::minimum"])]
#[case::text("text", &["response-201.size::type"])]
#[case::plain("plain", &["response-400::contentType"])]
#[case::unnamed("unnamed", &["response-201.header.X-Request-Id::required"])]
fn a_sentence_tells_the_fields(#[case] fault: &'static str, #[case] expected: &[&str]) {
    assert_found(CRATES, keeping(fault, crates), expected);
}

const TAGS: &str = "# Create a tag

`POST /tags`

| Field | Type | Required | Description |
|---|---|---|---|
| label | string | yes | 1 to 12 characters |

Response `201`:

```json
{ \"id\": \"t1\", \"label\": \"red\" }
```

Response `400`:

```json
{ \"error\": { \"code\": \"invalid_label\", \"message\": \"label is too long\" } }
```
";

fn tags(fault: &str, kept: &mut Kept, request: &Received, path: &[&str]) -> Reply {
    let refused = |status: u16| {
        let body = match fault {
            "other" => json!({ "message": "wrong" }),
            "text" => json!({ "error": "wrong" }),
            "number" => json!({ "error": { "code": status, "message": "wrong" } }),
            "list" => json!(["wrong"]),
            _ => json!({ "error": { "code": "wrong", "message": "wrong" } }),
        };
        Reply::json(status, &body)
    };
    match (request.method.as_str(), path) {
        ("POST", ["tags"]) => {
            let own = sent(request);
            let label = own.and_then(|own| own.get("label").cloned());
            let Some(label) = label.filter(|label| is_text(label, 12)) else {
                return refused(400);
            };
            let id = new_id(kept);
            let made: Value = json!({ "id": id, "label": label });
            Reply::json(201, &keep(kept, &id, made))
        }
        (_, ["tags"]) => refused(405).with("Allow", "POST"),
        _ => refused(404),
    }
}

#[rstest]
#[case::right("", &[])]
#[case::other("other", &["response-400::example"])]
#[case::text("text", &["response-400::example"])]
#[case::number("number", &["response-400::example"])]
#[case::list("list", &["response-400::example"])]
fn a_refusal_is_like_the_one_that_is_shown(#[case] fault: &'static str, #[case] expected: &[&str]) {
    assert_found(TAGS, keeping(fault, tags), expected);
}

const PROFILES: &str = "# Create a profile

`POST /profiles`

| Field | Type | Required | Description |
|---|---|---|---|
| name | string | yes | 1 to 30 characters |
| bio | string | no | At most 100 characters |

Response `201`:

```json
{ \"id\": \"p1\", \"name\": \"Ann\", \"bio\": \"hello\" }
```

Response `400`: a field is not valid.

# Show a profile

`GET /profiles/{profile_id}`

Response `200`:

```json
{ \"id\": \"p1\", \"name\": \"Ann\", \"bio\": \"hello\" }
```

Response `404`: there is none.

# Change a profile

`PATCH /profiles/{profile_id}`

Fields that are left out stay as they are, and `null` removes a field.

| Field | Type | Required | Description |
|---|---|---|---|
| name | string | no | 1 to 30 characters |
| bio | string or null | no | At most 100 characters |

Response `200`:

```json
{ \"id\": \"p1\", \"name\": \"Ann\", \"bio\": \"hello\" }
```

Response `400`: a field is not valid.

Response `404`: there is none.
";

fn profiles(fault: &str, kept: &mut Kept, request: &Received, path: &[&str]) -> Reply {
    let read = |is_new: bool| {
        let own = sent(request)?;
        let name = own.get("name").map_or(!is_new, |name| is_text(name, 30));
        let bio = own.get("bio").is_none_or(|bio| {
            let is_short = |text: &str| text.chars().count() <= 100;
            bio.is_null() && !is_new || bio.as_str().is_some_and(is_short)
        });
        (name && bio).then_some(own)
    };
    match (request.method.as_str(), path) {
        ("POST", ["profiles"]) => {
            let Some(own) = read(true) else {
                return super::refusal(400);
            };
            let id = new_id(kept);
            let mut made = json!({ "id": id, "name": own["name"] });
            if let Some(bio) = own.get("bio") {
                made["bio"] = bio.clone();
            }
            Reply::json(201, &keep(kept, &id, made))
        }
        ("GET" | "HEAD", ["profiles", id]) => match kept.get(*id) {
            Some(own) => Reply::json(200, &json!(own)),
            None => super::refusal(404),
        },
        ("PATCH", ["profiles", id]) => {
            let Some(own) = kept.get_mut(*id) else {
                return super::refusal(404);
            };
            let Some(change) = read(false) else {
                return super::refusal(400);
            };
            for (name, value) in change {
                match name.as_str() {
                    "bio" if value.is_null() && fault == "kept" => {}
                    "bio" if value.is_null() => {
                        own.remove("bio");
                    }
                    "name" | "bio" => {
                        own.insert(name, value);
                    }
                    _ => {}
                }
            }
            Reply::json(200, &json!(own))
        }
        (_, ["profiles"] | ["profiles", _]) => super::refusal(405),
        _ => super::refusal(404),
    }
}

#[rstest]
#[case::right("", &[])]
#[case::kept("kept", &["relation::lifecycle::null-takes-away"])]
fn null_takes_away_whatever_field_has_it(#[case] fault: &'static str, #[case] expected: &[&str]) {
    assert_found(PROFILES, keeping(fault, profiles), expected);
}
