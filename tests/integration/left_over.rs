//! What a run has left behind is told without a report too: by its id, and where no answer told an
//! id, as so many of the operation.

use rstest::rstest;
use serde_json::{Value, json};

use super::support::{Recorder, docproof};

const PAGE: &str = "# Notes

## Add a note

`POST /v1/notes`

Request body:

| Field | Type | Required | Description |
|---|---|---|---|
| text | string | yes | 1 to 20 characters |

```json
{ \"text\": \"hello\" }
```

Returns `201 Created`, or `400` where the text is wrong.
";

/// Runs the page against a service that keeps each note and answers as told.
fn run(answer: fn(u64) -> Value) -> (String, Value, u64) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.md"), PAGE).unwrap();
    let kept = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let count = std::sync::Arc::clone(&kept);
    let server = Recorder::start(move |request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let length = body["text"].as_str().map_or(0, |text| text.chars().count());
        if request.target != "/v1/notes" {
            (404, json!({}))
        } else if request.method != "POST" {
            (405, json!({}))
        } else if (1..=20).contains(&length) {
            let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            (201, answer(number))
        } else {
            (400, json!({}))
        }
    });
    let arguments = ["run", "notes.md", "--endpoint", server.url()];
    let told = docproof(
        folder.path(),
        arguments
            .into_iter()
            .chain(["--report", "json=report.json"]),
    );
    let report = std::fs::read(folder.path().join("report.json")).unwrap();
    let report = serde_json::from_slice(&report).unwrap();
    let kept = kept.load(std::sync::atomic::Ordering::SeqCst);
    (told.text(), report, kept)
}

#[rstest]
#[case::untold(|_| json!({ "ok": true }), "`api::AddNote` {kept} whose id no answer told")]
#[case::told(|number| json!({ "id": format!("note-{number}") }), "`api::AddNote` note-")]
fn what_is_left_behind_is_told(#[case] answer: fn(u64) -> Value, #[case] expected: &str) {
    let (text, report, kept) = run(answer);
    assert!(kept > 2, "{text}");
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let count = format!("created {kept} resources left behind by this run: ");
    let expected = expected.replace("{kept}", &kept.to_string());
    assert!(flat.contains(&(count + &expected)), "{text}");
    let untold = &report["created_untold"]["api::AddNote"];
    let told = report["created"].as_array().unwrap().len();
    assert_eq!(untold.as_u64().unwrap_or(0) + told as u64, kept, "{text}");
}
