//! The page that `docs/pages.md` shows is read whole, and a run against its own mock says nothing.

use std::fs;
use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::docproof;

/// The sample page of the guide.
pub(crate) fn sample() -> String {
    let guide = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/pages.md"));
    let (_, rest) = guide.split_once("````markdown\n").unwrap();
    let (page, _) = rest.split_once("````\n").unwrap();
    page.to_owned()
}

#[test]
fn the_page_of_six_operations_is_read_whole() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("widgets.md"), sample()).unwrap();
    let told = docproof(folder.path(), ["init", "suite", "widgets.md"]);
    assert_eq!(told.code, 0, "{}", told.seen());
    assert!(
        told.seen().contains("documents 6 operations, all read"),
        "{}",
        told.seen()
    );
    assert!(!told.seen().contains("left out"), "{}", told.seen());
    let told = docproof(folder.path(), ["lint", "widgets.md", "--level", "may"]);
    assert!(told.seen().contains("nothing to mend"), "{}", told.seen());
    let told = docproof(folder.path(), ["run", "--suite", "suite"]);
    assert_eq!(told.code, 0, "{}", told.seen());
    // Its first sentence asks for a token, and the trials of it are made.
    assert!(
        !told.seen().contains("asks for a credential"),
        "{}",
        told.seen()
    );
}

/// The document that a page derives to, and what was told of it.
fn derived(page: &str) -> (Value, String) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("widgets.md"), page).unwrap();
    let told = docproof(
        folder.path(),
        ["derive", "widgets.md", "--out", "schemas", "--service", "w"],
    );
    assert_eq!(told.code, 0, "{}", told.seen());
    let file = folder.path().join("schemas/w/openapi.json");
    let document = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    (document, told.seen())
}

#[test]
fn a_status_without_a_table_is_documented() {
    let (document, _) = derived(&sample());
    let answers = &document["paths"]["/v1/widgets/{widget_id}"]["delete"]["responses"];
    assert!(answers["204"].is_object(), "{answers}");
    assert!(answers["2XX"].is_null(), "{answers}");
}

/// Each form of an answer's announcement gives its table the status, and leaves the request alone.
#[rstest]
#[case::label("**Response** `200 OK`", "200")]
#[case::plain("Response: 201 Created", "201")]
#[case::sentence("Returns `200 OK` with:", "200")]
#[case::bold("**202 Accepted** - the widget", "202")]
fn a_table_belongs_to_the_status_announced_above(#[case] line: &str, #[case] status: &str) {
    let table = "| Name | Type | Description |\n|---|---|---|\n| id | string | The id. |\n";
    let page = format!("# Widgets\n\n## Show it\n\n```\nGET /v1/widget\n```\n\n{line}\n\n{table}");
    let (document, _) = derived(&page);
    let operation = &document["paths"]["/v1/widget"]["get"];
    assert!(operation["parameters"].is_null(), "{operation}");
    let body = &operation["responses"][status]["content"]["application/json"]["schema"];
    assert!(body.is_object(), "{operation}");
}

/// Errors that a page only mentions do not deny others.
#[rstest]
#[case::mentioned("Returns `404` if there is none.", &["404", "4XX"])]
#[case::listed_in_part("**Errors:** `404` not found, `409` in use", &["404", "409", "4XX"])]
#[case::listed("**Errors:** `400` bad input, `404` not found", &["400", "404"])]
#[case::bullets("### Errors\n\n- `400`: bad input\n- `404`: not found", &["400", "404"])]
fn errors_are_read_from_sentences_and_lists(#[case] line: &str, #[case] expected: &[&str]) {
    let page = format!("# Widgets\n\n## Show it\n\n```\nGET /v1/widget\n```\n\n{line}\n");
    let (document, _) = derived(&page);
    let answers = &document["paths"]["/v1/widget"]["get"]["responses"];
    let of_errors = answers.as_object().unwrap().keys();
    let of_errors: Vec<&String> = of_errors.filter(|status| status.starts_with('4')).collect();
    assert_eq!(of_errors, expected, "{answers}");
}

/// The schema of the field of a request's body that one row describes.
fn of_row(kind: &str, description: &str) -> (Value, String) {
    let folder = TempDir::new().unwrap();
    let page = format!(
        "# Widgets\n\n## Make one\n\n```\nPOST /v1/widgets\n```\n\n### Request body\n\n\
         | Name | Type | Required | Description |\n|---|---|---|---|\n\
         | field | {kind} | No | {description} |\n"
    );
    fs::write(folder.path().join("widgets.md"), page).unwrap();
    let arguments = ["derive", "widgets.md", "--out", "schemas", "--service", "w"];
    let told = docproof(folder.path(), arguments);
    assert_eq!(told.code, 0, "{}", told.seen());
    let folder = folder.path().join("schemas/w");
    let file = walk(&folder)
        .into_iter()
        .find(|name| name.ends_with("request.json"));
    let schema: Value = serde_json::from_slice(&fs::read(file.unwrap()).unwrap()).unwrap();
    let mut field = schema["properties"]["field"].clone();
    let provenance = field.as_object_mut().unwrap().remove("x-docproof");
    (field, provenance.unwrap_or_default().to_string())
}

/// The files below a folder.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[rstest]
#[case("integer", "1 (high) to 4 (low)", json!({"minimum": 1, "maximum": 4}))]
#[case("integer", "1 to 4, default 3", json!({"minimum": 1, "maximum": 4, "default": 3}))]
#[case("integer", "At least 1 and at most 99", json!({"minimum": 1, "maximum": 99}))]
#[case("integer", "min: 1, max: 99", json!({"minimum": 1, "maximum": 99}))]
#[case("string", "≤ 50 characters", json!({"maxLength": 50}))]
#[case("string", "max length 50", json!({"maxLength": 50}))]
#[case("string", "50 characters max", json!({"maxLength": 50}))]
#[case("string", "UUID", json!({"format": "uuid"}))]
#[case("string or null", "E-mail address, or `null` to unassign", json!({"type": ["string", "null"], "format": "email"}))]
#[case("string", "`open`, `shut` or `lost`. How it is.", json!({"enum": ["open", "shut", "lost"]}))]
#[case("string", "Allowed: `open`, `shut`", json!({"enum": ["open", "shut"]}))]
#[case("string", "`open` or `shut`, default `shut`", json!({"enum": ["open", "shut"], "default": "shut"}))]
#[case(r"`open` \| `shut`", "How it is.", json!({"type": "string", "enum": ["open", "shut"]}))]
#[case("enum(open, shut)", "How it is.", json!({"type": "string", "enum": ["open", "shut"]}))]
#[case("List<String>", "Names.", json!({"type": "array", "items": {"type": "string"}}))]
#[case("Set<String>", "Names.", json!({"type": "array", "items": {"type": "string"}}))]
#[case("Map<String, Boolean>", "Flags.", json!({"type": "object", "additionalProperties": {"type": "boolean"}}))]
fn a_row_says_what_its_words_mean(
    #[case] kind: &str,
    #[case] description: &str,
    #[case] expected: Value,
) {
    let (mut field, _) = of_row(kind, description);
    if let Some(items) = field.get_mut("items").and_then(Value::as_object_mut) {
        items.remove("x-docproof");
    }
    for (keyword, value) in expected.as_object().unwrap() {
        assert_eq!(field.get(keyword), Some(value), "{keyword} of {field}");
    }
}

/// Values that may not be all of them are no list, and none is made up beside them either.
#[rstest]
#[case("Currently `open` or `shut`")]
#[case("`open`, `shut` or any other word")]
#[case("How many are returned, up to 100")]
#[case("The state: open, shut")]
#[case("A word of the owner's dictionary, or null; it must be rare")]
fn what_is_not_understood_restricts_the_field(#[case] description: &str) {
    let kind = if description.ends_with("100") {
        "integer"
    } else {
        "string"
    };
    let (field, provenance) = of_row(kind, description);
    assert!(field.get("enum").is_none(), "{field}");
    assert!(provenance.contains("prose"), "{provenance}");
}

/// A page of a small company: a call over several lines, an object that sentences and statuses link
/// to, and an example before the fields.
/// What an example shows and is not taken is told, and stands in the ledger as prose.
#[test]
fn an_example_that_is_passed_over_is_told() {
    let page = "# Tasks\n\n## Create a task\n\n`POST /v1/tasks`\n\n\
        | Field | Type | Required | Description |\n|---|---|---|---|\n| title | string | yes | 1-100 characters |\n\n\
        Example request:\n\n```\ncurl -X POST https://h/v1/tasks -d '{\"title\": \"a\", \"colour\": \"red\"}'\n```\n\n\
        ### 201 Created\n\nExample response:\n\n```json\n{\"id\": <number>}\n```\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tasks.md"), page).unwrap();
    let told = docproof(folder.path(), ["lint", "tasks.md"]);
    let text = told.text();
    assert!(
        text.contains("a call sends `colour`, which no row describes"),
        "{text}"
    );
    assert!(text.contains("an example is a sketch"), "{text}");
    assert_eq!(text.matches("example-not-read").count(), 2, "{text}");
}

const TASKS: &str = r#"# Tasks

## Get a task

`GET /v1/tasks/{id}`

Returns a [Task](#task).

## Create a task

`POST /v1/tasks`

Example:

```
curl -X POST https://api.example/v1/tasks \
  -H 'Content-Type: application/json' \
  -d '{
    "title": "Buy milk"
  }'
```

| Field | Type | Required | Description |
|---|---|---|---|
| title | string | yes | 1-100 characters |

**Response** `201 Created` with the [Task](#task).

## Replace a task

`PUT /v1/tasks/{id}`

| Field | Type | Required | Description |
|---|---|---|---|
| title | string | yes | 1-100 characters |

Example:

```json
{"title": "Buy bread"}
```

| Status | Body | Description |
|---|---|---|
| 200 | [Task](#task) | The task. |
| 404 | [Problem](#problem) | There is none. |

## Task

| Field | Type | Description |
|---|---|---|
| id | string | The id. |
| title | string | The title. |

## Problem

| Field | Type | Description |
|---|---|---|
| code | string | What is wrong. |
"#;

#[test]
fn calls_and_links_tell_of_bodies() {
    let (document, told) = derived(TASKS);
    assert!(!told.contains("left out"), "{told}");
    let create = &document["paths"]["/v1/tasks"]["post"];
    let body = &create["requestBody"]["content"]["application/json"];
    assert_eq!(body["examples"]["1"]["value"], json!({"title": "Buy milk"}));
    assert!(body["schema"].is_object(), "{create}");
    let replace = &document["paths"]["/v1/tasks/{id}"]["put"];
    let body = &replace["requestBody"]["content"]["application/json"];
    assert_eq!(
        body["examples"]["1"]["value"],
        json!({"title": "Buy bread"})
    );
    let get = &document["paths"]["/v1/tasks/{id}"]["get"];
    let bodies = [
        (create, "201"),
        (get, "2XX"),
        (replace, "200"),
        (replace, "404"),
    ];
    for (operation, status) in bodies {
        let schema = &operation["responses"][status]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{status} of {operation}");
    }
}

/// The examples of a status, or of the request's query parameter `query`.
#[test]
fn a_call_with_its_answer_shows_both() {
    let page = "# Query\n\n## Ask\n\n```\nGET /v1/query\n```\n\nURL query parameters:\n\n\
                - `query=<string>`: What is asked.\n\nThe `data` section of the result has the \
                following format:\n\n```json\n{ \"type\": \"a\" | \"b\", \"result\": <value> }\n```\n\n\
                An example:\n\n```json\n$ curl 'http://localhost:9090/v1/query?query=up'\n\
                {\n  \"status\": \"success\"\n}\n```\n";
    let (document, told) = derived(page);
    // The sketch is no body of anybody's, and is told as what it is.
    let sketch = "an example is a sketch with words for values, and no JSON";
    assert_eq!(told.matches(sketch).count(), 1, "{told}");
    assert!(!told.contains("body is not JSON"), "{told}");
    let operation = &document["paths"]["/v1/query"]["get"];
    assert!(operation["requestBody"].is_null(), "{operation}");
    assert_eq!(
        operation["parameters"][0]["example"],
        json!("up"),
        "{operation}"
    );
    let answer = &operation["responses"]["2XX"]["content"]["application/json"]["examples"];
    assert_eq!(
        answer["1"]["value"],
        json!({"status": "success"}),
        "{operation}"
    );
}

/// The tabs of a page part the answers of statuses.
#[test]
fn tabs_name_the_statuses_of_answers() {
    let page = "# Notes\n\n## Create a note\n\n`POST /v1/notes`\n\n**Response**\n\n{% tabs %}\n\
                {% tab title=\"201\" %}\n```json\n{\"id\": \"a\"}\n```\n{% endtab %}\n\n\
                {% tab title=\"400\" %}\n```json\n{\"error\": \"b\"}\n```\n{% endtab %}\n{% endtabs %}\n";
    let (document, _) = derived(page);
    let answers = &document["paths"]["/v1/notes"]["post"]["responses"];
    let shown = |status: &str| {
        answers[status]["content"]["application/json"]["examples"]["1"]["value"].clone()
    };
    assert_eq!(shown("201"), json!({"id": "a"}), "{answers}");
    assert_eq!(shown("400"), json!({"error": "b"}), "{answers}");
}

/// Objects in objects are read to a depth; what stands deeper is told, and the rest is read.
#[test]
fn a_long_chain_of_objects_is_cut_and_told() {
    let header = "| Name | Type | Description |\n|---|---|---|\n";
    let mut page = format!("# T\n\n`POST /a`\n\n### Body\n\n{header}| f | [T0](#t0) | x |\n");
    for at in 0..14 {
        let next = at + 1;
        page.push_str(&format!(
            "\n### T{at}\n\n{header}| g | [T{next}](#t{next}) | x |\n"
        ));
    }
    page.push_str(&format!("\n### T14\n\n{header}| h | string | x |\n"));
    let (document, told) = derived(&page);
    assert!(document["paths"]["/a"]["post"].is_object(), "{told}");
    assert!(document.to_string().contains("too-many-fields"), "{told}");
}
