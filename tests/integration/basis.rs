//! Changes that have to name the copy that they rest on: by a version, or by the id in their body.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Received, Recorder, docproof};

/// A page of notes, whose replacement has to tell the version that it rests on, and the id again.
const NOTES: &str = "# Notes

## Make a note

`POST /v1/notes`

Request body

| Name | Type | Required | Description |
|---|---|---|---|
| title | string | yes | The title. 1 to 20 characters. |

Response 201

| Name | Type | Description |
|---|---|---|
| id | integer | The id |
| title | string | The title |
| version | integer | How often it was changed |

Response 400: the request is not valid.

## Show a note

`GET /v1/notes/{id}`

| Name | In | Type | Required | Description |
|---|---|---|---|---|
| id | path | integer | yes | The id |

Response 200

| Name | Type | Description |
|---|---|---|
| id | integer | The id |
| title | string | The title |
| version | integer | How often it was changed |

Response 404: there is no such note.

## Replace a note

`PUT /v1/notes/{id}`

| Name | In | Type | Required | Description |
|---|---|---|---|---|
| id | path | integer | yes | The id |

Request body

| Name | Type | Required | Description |
|---|---|---|---|
| id | integer | yes | The id, as in the path |
| title | string | yes | The title. 1 to 20 characters. |
| version | integer | yes | The version that the change rests on |

Response 200

| Name | Type | Description |
|---|---|---|
| id | integer | The id |
| title | string | The title |
| version | integer | How often it was changed |

Response 400: the request is not valid.

Response 404: there is no such note.

Response 409: the note has changed since, or is another.

## Go back to a version

`POST /v1/notes/{id}/rollback`

| Name | In | Type | Required | Description |
|---|---|---|---|---|
| id | path | integer | yes | The id |

Request body

| Name | Type | Required | Description |
|---|---|---|---|
| version | integer | yes | The version to go back to, 1 or 2 |

```json
{ \"version\": 1 }
```

Response 204: it is as it was.

Response 400: the request is not valid.

Response 404: there is no such note.

## Delete a note

`DELETE /v1/notes/{id}`

| Name | In | Type | Required | Description |
|---|---|---|---|---|
| id | path | integer | yes | The id |

Response 204: it is gone.

Response 404: there is no such note.
";

/// A server of notes; `longest` is how many characters a title that replaces another may have.
fn notes(longest: usize) -> impl FnMut(&Received) -> (u16, Value) {
    let mut kept: BTreeMap<u64, Value> = BTreeMap::new();
    let mut last = 40;
    move |request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let title = body["title"].as_str().map(|title| title.chars().count());
        let fits = |most: usize| title.is_some_and(|count| (1..=most).contains(&count));
        let refused = |status: u16| (status, json!({ "error": "refused" }));
        if request.target == "/v1/notes" {
            return match request.method.as_str() {
                "POST" if fits(20) => {
                    last += 1;
                    let note = json!({ "id": last, "title": body["title"], "version": 3 });
                    kept.insert(last, note.clone());
                    (201, note)
                }
                "POST" => refused(400),
                _ => refused(405),
            };
        }
        let id = request.target.strip_prefix("/v1/notes/");
        let acts_on = id.and_then(|id| id.strip_suffix("/rollback"));
        if let Some(id) = acts_on {
            // Nobody goes back to what is there.
            let is_older = matches!(body["version"].as_u64(), Some(1 | 2));
            let is_there = id.parse().is_ok_and(|id: u64| kept.contains_key(&id));
            return match request.method.as_str() {
                "POST" if !is_there => refused(404),
                "POST" if is_older => (204, Value::Null),
                "POST" => refused(400),
                _ => refused(405),
            };
        }
        let id: Option<u64> = id.and_then(|id| id.parse().ok());
        let Some((id, note)) = id.and_then(|id| Some((id, kept.get_mut(&id)?))) else {
            return refused(404);
        };
        match request.method.as_str() {
            "GET" => (200, note.clone()),
            "PUT" if !fits(longest) || !body["version"].is_u64() || !body["id"].is_u64() => {
                refused(400)
            }
            "PUT" if body["version"] != note["version"] || body["id"] != id => refused(409),
            "PUT" => {
                note["title"] = body["title"].clone();
                note["version"] = json!(note["version"].as_u64().unwrap_or(0) + 1);
                (200, note.clone())
            }
            "DELETE" => {
                kept.remove(&id);
                (204, Value::Null)
            }
            _ => refused(405),
        }
    }
}

#[rstest]
#[case::right(20, 0)]
#[case::too_short(19, 1)]
#[case::too_long(30, 1)]
fn a_change_rests_on_the_copy_that_is_there(#[case] longest: usize, #[case] code: i32) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.md"), NOTES).unwrap();
    let server = Recorder::start(notes(longest));
    let run = docproof(
        folder.path(),
        ["run", "notes.md", "--endpoint", server.url()],
    );
    let text = run.text();
    assert_eq!(run.code, code, "{text}");
    assert!(!text.contains("the request of"), "{text}");
    // No other version is known to be taken, and what was sent is what is judged.
    let is_told = text.contains("`version` has to be that of what is there");
    assert!(is_told, "{text}");
    assert_eq!(
        text.contains("request.title::maxLength"),
        code == 1,
        "{text}"
    );
}
