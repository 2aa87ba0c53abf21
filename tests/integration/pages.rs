//! The page that `docs/pages.md` shows is read whole, and a run against its own mock says nothing.

use std::fs;

use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::docproof;

/// The sample page of the guide.
fn sample() -> String {
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
