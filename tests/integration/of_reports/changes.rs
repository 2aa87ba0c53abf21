//! Changes: what they answer is what is shown.

use rstest::rstest;
use serde_json::{Value, json};

use super::{Kept, assert_found, is_text, keep, keeping, new_id, refusal, sent};
use crate::support::{Received, Reply};

const SUBSCRIBERS: &str = "# Create a subscriber

`POST /subscribers`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| address | Yes | String | An e-mail address. |
| nickname | No | String | The nickname. It contains 1 to 20 characters. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| address | String | The address. |
| nickname | String | The nickname, or null. |
| verified | Boolean | Whether the address was verified. |

## Response 400

Something is wrong.

# Show a subscriber

`GET /subscribers/{subscriber_id}`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| address | String | The address. |
| nickname | String | The nickname, or null. |
| verified | Boolean | Whether the address was verified. |

## Response 404

There is no such subscriber.

# Verify a subscriber

`POST /subscribers/{subscriber_id}/verify`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| verified | Boolean | Whether the address was verified. |

## Response 404

There is no such subscriber.

# Change a subscriber

`PATCH /subscribers/{subscriber_id}`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| address | No | String | An e-mail address. |
| nickname | No | String | The nickname. It contains 1 to 20 characters. |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| address | String | The address. |
| nickname | String | The nickname, or null. |
| verified | Boolean | Whether the address was verified. |

## Response 400

Something is wrong.

## Response 404

There is no such subscriber.
";

fn subscribers(fault: &str, kept: &mut Kept, request: &Received, path: &[&str]) -> Reply {
    let is_address = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        text.split_once('@').is_some_and(|(name, host)| {
            let is_plain = |text: &str| !text.contains(['@', ' ']) && text.is_ascii();
            !name.is_empty() && host.contains('.') && is_plain(name) && is_plain(host)
        })
    };
    let read = |is_new: bool| {
        let own = sent(request)?;
        let address = own.get("address").map_or(!is_new, is_address);
        let nickname = own.get("nickname").is_none_or(|own| is_text(own, 20));
        (address && nickname).then_some(own)
    };
    match (request.method.as_str(), path) {
        ("POST", ["subscribers"]) => {
            let Some(own) = read(true) else {
                return refusal(400);
            };
            let id = new_id(kept);
            let nickname = own.get("nickname").cloned().unwrap_or_default();
            let made = json!({
                "id": id, "address": own["address"], "nickname": nickname, "verified": false
            });
            Reply::json(201, &keep(kept, &id, made))
        }
        ("GET" | "HEAD", ["subscribers", id]) => match kept.get(*id) {
            Some(own) => Reply::json(200, &json!(own)),
            None => refusal(404),
        },
        ("POST", ["subscribers", id, "verify"]) => match kept.get_mut(*id) {
            Some(own) => {
                own.insert("verified".to_owned(), json!(fault != "unverified"));
                Reply::json(200, &json!({ "id": id, "verified": true }))
            }
            None => refusal(404),
        },
        ("PATCH", ["subscribers", id]) => {
            let Some(own) = kept.get_mut(*id) else {
                return refusal(404);
            };
            let Some(change) = read(false) else {
                return refusal(400);
            };
            if fault == "drops" && change.contains_key("address") {
                own.insert("nickname".to_owned(), Value::Null);
            }
            own.extend(change);
            own.retain(|name, _| {
                ["id", "address", "nickname", "verified"].contains(&name.as_str())
            });
            Reply::json(200, &json!(own))
        }
        (_, ["subscribers"] | ["subscribers", _] | ["subscribers", _, "verify"]) => refusal(405),
        _ => refusal(404),
    }
}

#[rstest]
#[case::right("", &[])]
#[case::not_done("unverified", &["relation::lifecycle::act-is-shown"])]
#[case::beside_an_address("drops", &["relation::lifecycle::update-changes-this-alone"])]
fn what_is_verified_and_changed_is_shown(#[case] fault: &'static str, #[case] expected: &[&str]) {
    assert_found(SUBSCRIBERS, keeping(fault, subscribers), expected);
}

const DOCUMENTS: &str = "# Create a document

`POST /documents`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| title | Yes | String | The title. It contains 1 to 40 characters. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |

## Response 400

Something is wrong.

# Show a document

`GET /documents/{document_id}`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |

## Response 404

There is no such document.

# Patch a document

`PATCH /documents/{document_id}`

## Example request

```
PATCH /documents/{document_id}
Content-Type: application/json-patch+json

[{\"op\": \"replace\", \"path\": \"/title\", \"value\": \"Minutes of May\"}]
```

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |

## Response 400

The patch is not understood.

## Response 404

There is no such document.
";

fn documents(fault: &str, kept: &mut Kept, request: &Received, path: &[&str]) -> Reply {
    match (request.method.as_str(), path) {
        ("POST", ["documents"]) => {
            let title = sent(request).and_then(|own| own.get("title").cloned());
            let Some(title) = title.filter(|title| is_text(title, 40)) else {
                return refusal(400);
            };
            let id = new_id(kept);
            Reply::json(201, &keep(kept, &id, json!({ "id": id, "title": title })))
        }
        ("GET" | "HEAD", ["documents", id]) => match kept.get(*id) {
            Some(own) => Reply::json(200, &json!(own)),
            None => refusal(404),
        },
        ("PATCH", ["documents", id]) => {
            let Some(own) = kept.get_mut(*id) else {
                return refusal(404);
            };
            let steps = serde_json::from_slice::<Vec<Value>>(&request.body).ok();
            let titles = steps.and_then(|steps| {
                let title = |step: &Value| {
                    let is_of_title =
                        step["op"] == json!("replace") && step["path"] == json!("/title");
                    let title = step.get("value").filter(|title| is_text(title, 40));
                    title.filter(|_| is_of_title).cloned()
                };
                steps.iter().map(title).collect::<Option<Vec<Value>>>()
            });
            let Some(titles) = titles else {
                return refusal(400);
            };
            let mut changed = own.clone();
            changed.extend(titles.into_iter().map(|title| ("title".to_owned(), title)));
            if fault != "lost" {
                own.clone_from(&changed);
            }
            Reply::json(200, &json!(changed))
        }
        (_, ["documents"] | ["documents", _]) => refusal(405),
        _ => refusal(404),
    }
}

#[rstest]
#[case::right("", &[])]
#[case::lost("lost", &["relation::lifecycle::act-is-shown"])]
fn what_the_steps_of_a_patch_tell_is_shown(#[case] fault: &'static str, #[case] expected: &[&str]) {
    assert_found(DOCUMENTS, keeping(fault, documents), expected);
}
