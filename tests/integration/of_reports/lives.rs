//! What a change makes anew, and what a delete takes along.

use rstest::rstest;
use serde_json::{Map, Value, json};

use super::{Kept, assert_found, is_text, keep, keeping, new_id, refusal, sent};
use crate::support::{Received, Reply};

const POLICIES: &str = "# Create a policy

`POST /policies`

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

# Show a policy

`GET /policies/{policy_id}`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |

## Response 404

There is no such policy.

# Change a policy

SENTENCE

`PATCH /policies/{policy_id}`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| title | Yes | String | The title. It contains 1 to 40 characters. |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |

## Response 400

Something is wrong.

## Response 404

There is no such policy.
";

/// A change makes another policy, and the old one is there still.
fn policies(_: &str, kept: &mut Kept, request: &Received, path: &[&str]) -> Reply {
    let title = || {
        let title = sent(request)?.get("title").cloned()?;
        Some(title).filter(|title| is_text(title, 40))
    };
    match (request.method.as_str(), path) {
        ("POST", ["policies"]) | ("PATCH", ["policies", _]) => {
            if let ["policies", id] = path
                && !kept.contains_key(*id)
            {
                return refusal(404);
            }
            let Some(title) = title() else {
                return refusal(400);
            };
            let id = new_id(kept);
            let made = keep(kept, &id, json!({ "id": id, "title": title }));
            Reply::json(if path.len() == 1 { 201 } else { 200 }, &made)
        }
        ("GET" | "HEAD", ["policies", id]) => match kept.get(*id) {
            Some(own) => Reply::json(200, &json!(own)),
            None => refusal(404),
        },
        (_, ["policies"] | ["policies", _]) => refusal(405),
        _ => refusal(404),
    }
}

#[rstest]
#[case::as_said("Makes a new revision and returns it.", &[])]
#[case::unsaid("", &["relation::lifecycle::update-changes-this-alone"])]
#[case::of_a_number("Gives it a new version number.", &["relation::lifecycle::update-changes-this-alone"])]
fn a_change_may_make_another(#[case] sentence: &str, #[case] expected: &[&str]) {
    let page = POLICIES.replace("SENTENCE", sentence);
    assert_found(&page, keeping("", policies), expected);
}

const BOARDS: &str = "# Create a board

`POST /boards`

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

# Delete a board

SENTENCE

`DELETE /boards/{board_id}`

## Response 204

It is gone.

## Response 404

There is no such board.

# Create a card

`POST /boards/{board_id}/cards`

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

## Response 404

There is no such board.

# Show a card

`GET /boards/{board_id}/cards/{card_id}`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |

## Response 404

There is no such card.
";

fn boards(fault: &str, kept: &mut Kept, request: &Received, path: &[&str]) -> Reply {
    let is_board = |kept: &Kept, id: &str| kept.get(id).is_some_and(|own| own["of"] == json!(""));
    let told = |own: &Map<String, Value>| json!({ "id": own["id"], "title": own["title"] });
    match (request.method.as_str(), path) {
        ("POST", ["boards", rest @ ..]) if matches!(rest, [] | [_, "cards"]) => {
            let of = rest.first().copied().unwrap_or_default();
            if !of.is_empty() && !is_board(kept, of) {
                return refusal(404);
            }
            let title = sent(request).and_then(|own| own.get("title").cloned());
            let Some(title) = title.filter(|title| is_text(title, 40)) else {
                return refusal(400);
            };
            let id = format!("{:08x}", kept.len() * 7_919 + 0x0d0f_0b05);
            keep(kept, &id, json!({ "id": id, "title": title, "of": of }));
            Reply::json(201, &told(&kept[&id]))
        }
        ("DELETE", ["boards", id]) => {
            if !is_board(kept, id) {
                return refusal(404);
            }
            // The place stays, so that no id is given twice.
            kept.get_mut(*id)
                .unwrap()
                .insert("of".to_owned(), json!("gone"));
            let cards = kept.values_mut().filter(|own| own["of"] == json!(id));
            for card in cards.filter(|_| fault != "stays") {
                card.insert("of".to_owned(), json!("gone"));
            }
            Reply::json(204, &Value::Null)
        }
        ("GET" | "HEAD", ["boards", of, "cards", id]) => match kept.get(*id) {
            Some(own) if own["of"] == json!(of) => Reply::json(200, &told(own)),
            _ => refusal(404),
        },
        (_, ["boards"] | ["boards", _] | ["boards", _, "cards"] | ["boards", _, "cards", _]) => {
            refusal(405)
        }
        _ => refusal(404),
    }
}

const TAKEN_ALONG: &str = "Deletes the board and all its cards.";

#[rstest]
#[case::right("", TAKEN_ALONG, &[])]
#[case::stays("stays", TAKEN_ALONG, &["relation::lifecycle::delete-takes-below"])]
#[case::unsaid("stays", "Deletes the board.", &[])]
fn what_belongs_to_what_is_deleted_is_gone_too(
    #[case] fault: &'static str,
    #[case] sentence: &str,
    #[case] expected: &[&str],
) {
    let page = BOARDS.replace("SENTENCE", sentence);
    assert_found(&page, keeping(fault, boards), expected);
}
