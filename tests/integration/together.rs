//! One suite from pages and an OpenAPI document of the same operations: silence contradicts
//! nothing, the looser of two statements holds, and each difference is a finding with both places.

use std::path::Path;

use rstest::rstest;
use serde_json::{Value, json};

use super::support::{Told, docproof};

const PAGE: &str = include_str!("../fixtures/beside/parcels.md");
const DOCUMENT: &str = include_str!("../fixtures/beside/openapi.yaml");

/// A folder with the page and the document, each after some replacements.
fn folder(of_page: &[(&str, &str)], of_document: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, changes) in [
        ("parcels.md", PAGE, of_page),
        ("openapi.yaml", DOCUMENT, of_document),
    ] {
        let mut text = text.to_owned();
        for (from, to) in changes {
            assert!(text.contains(from), "no {from}");
            text = text.replace(from, to);
        }
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// What a call has to end well with.
fn well<'a>(folder: &Path, arguments: impl AsRef<[&'a str]>) -> Told {
    let told = docproof(folder, arguments.as_ref());
    assert_eq!(told.code, 0, "{}", told.text());
    told
}

fn json(folder: &Path, file: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Without provenance.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(key, _)| *key != "x-docproof");
            kept.map(|(key, value)| (key.clone(), plain(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}

/// The lines of a node's facts of a facet, with their levels.
fn facts(node: &Value, facet: &str) -> Vec<(String, String)> {
    let all = node["x-docproof"]["facts"].as_array().unwrap();
    all.iter()
        .filter(|fact| fact["facet"] == facet)
        .map(|fact| {
            let source = fact.get("page").or(fact.get("document")).unwrap();
            let level = fact
                .get("level")
                .map_or("must", |one| one.as_str().unwrap());
            (source.as_str().unwrap().to_owned(), level.to_owned())
        })
        .collect()
}

#[test]
fn pages_and_a_document_make_one_suite() {
    let folder = folder(&[], &[]);
    let folder = folder.path();
    let told = well(folder, ["init", "suite", "parcels.md", "openapi.yaml"]);
    assert!(
        told.out.contains("6 operations, from 2 pages"),
        "{}",
        told.out
    );
    // The pages name no service, the document does; they name the operations.
    assert!(
        told.out
            .contains("depot-api::CreateParcel  POST /v1/parcels")
    );
    assert!(
        told.out
            .contains("depot-api::SendParcel  POST /v1/parcels/{parcel_id}/send")
    );
    well(folder, ["run", "--suite", "suite"]);
    let arguments = ["derive", "suite/cases", "--out", "suite/schemas", "--check"];
    well(folder, arguments);
    // The order in which they are given does not matter, and no suite is needed.
    let told = well(folder, ["run", "openapi.yaml", "parcels.md"]);
    assert!(told.out.contains("OK: as documented"), "{}", told.out);
    let label = json(folder, "suite/schemas/depot-api/CreateParcel/request.json");
    let label = &label["properties"]["label"];
    let both = ["parcels.md", "openapi.yaml"].map(|source| (source.to_owned(), "must".to_owned()));
    assert_eq!(facts(label, "maxLength"), both);
}

/// A change of the document, the field that it is about, and what holds then.
#[rstest]
#[case::longer("maxLength: 40, description", "maxLength: 64, description", "label", json!({"type": "string", "minLength": 1, "maxLength": 64}))]
#[case::shorter("maxLength: 40, description", "maxLength: 20, description", "label", json!({"type": "string", "minLength": 1, "maxLength": 40}))]
#[case::exclusive("exclusiveMinimum: true, minimum: 0", "exclusiveMinimum: true, minimum: 4", "weight", json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 30000}))]
#[case::greater("maximum: 30000", "maximum: 40000", "weight", json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 40000}))]
#[case::number("type: integer, format: int32", "type: number", "weight", json!({"type": "number", "maximum": 30000, "exclusiveMinimum": 0}))]
#[case::values("enum: [fast, slow]", "enum: [slow, now]", "speed", json!({"type": "string", "enum": ["slow", "fast", "now"], "default": "slow"}))]
#[case::default("default: slow", "default: fast", "speed", json!({"type": "string", "enum": ["slow", "fast"]}))]
#[case::null("fragile: { type: boolean, nullable: true }", "fragile: { type: boolean }", "fragile", json!({"type": "boolean"}))]
#[case::nullable("fragile: { type: boolean, nullable: true }", "fragile: { type: boolean, nullable: true }", "fragile", json!({"type": ["boolean", "null"]}))]
#[case::pattern("maxLength: 40, description", "maxLength: 40, pattern: '^[a-z]+$', description", "label", json!({"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[a-z]+$"}))]
#[case::other_type("type: integer, format: int32, exclusiveMinimum: true, minimum: 0, maximum: 30000", "type: string", "weight", json!({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 30000}, {"type": "string"}]}))]
#[case::new("fragile: { type: boolean, nullable: true }", "fragile: { type: boolean, nullable: true }\n                note: { type: string }", "note", json!({"type": "string"}))]
fn the_looser_holds(
    #[case] from: &str,
    #[case] to: &str,
    #[case] field: &str,
    #[case] expected: Value,
) {
    let folder = folder(&[], &[(from, to)]);
    let folder = folder.path();
    well(folder, ["init", "suite", "parcels.md", "openapi.yaml"]);
    let request = json(folder, "suite/schemas/depot-api/CreateParcel/request.json");
    assert_eq!(plain(&request["properties"][field]), expected);
    well(folder, ["run", "--suite", "suite", "CreateParcel"]);
    assert_eq!(request["required"], json!(["label", "weight"]));
}

#[test]
fn what_one_of_them_calls_optional_is_optional() {
    let folder = folder(&[], &[("required: [label, weight]", "required: [label]")]);
    let folder = folder.path();
    well(folder, ["init", "suite", "parcels.md", "openapi.yaml"]);
    let request = json(folder, "suite/schemas/depot-api/CreateParcel/request.json");
    assert_eq!(request["required"], json!(["label"]));
    let document = json(folder, "suite/schemas/depot-api/openapi.json");
    let findings = document["x-docproof"]["documentation"].as_array().unwrap();
    let found = findings
        .iter()
        .find(|one| one["kind"] == "document-differs")
        .unwrap();
    assert_eq!(
        found["message"],
        "`weight` is mandatory in the pages and optional in the document"
    );
    assert_eq!(found["rows"][0]["page"], "parcels.md");
    assert_eq!(found["rows"][1]["document"], "openapi.yaml");
}

#[test]
fn what_one_of_them_alone_states_is_a_should() {
    let folder = folder(&[], &[("maxLength: 40, description", "description")]);
    let folder = folder.path();
    well(folder, ["init", "suite", "parcels.md", "openapi.yaml"]);
    let request = json(folder, "suite/schemas/depot-api/CreateParcel/request.json");
    let label = &request["properties"]["label"];
    assert_eq!(label["maxLength"], 40);
    let only = [("parcels.md".to_owned(), "should".to_owned())];
    assert_eq!(facts(label, "maxLength"), only);
    assert!(
        facts(label, "minLength")
            .iter()
            .all(|(_, level)| level == "must")
    );
}

#[test]
fn an_operation_of_one_of_them_stands_with_the_names_of_the_pages() {
    let folder = folder(
        &[],
        &[(
            "    delete:\n      operationId: deleteParcel",
            "    put:\n      operationId: replaceParcel",
        )],
    );
    let folder = folder.path();
    let told = well(folder, ["init", "suite", "parcels.md", "openapi.yaml"]);
    for operation in [
        "depot-api::DeleteParcel  DELETE /v1/parcels/{parcel_id}",
        "depot-api::replaceParcel  PUT /v1/parcels/{parcel_id}",
    ] {
        assert!(told.out.contains(operation), "{}", told.out);
    }
    well(folder, ["run", "--suite", "suite"]);
}

#[rstest]
#[case::of_the_document(&[("/v1/parcels", "/parcels")], &[])]
#[case::of_the_pages(&[], &[("https://depot.example.com/v1", "https://depot.example.com")])]
fn a_base_of_one_of_them_holds_for_both(
    #[case] of_page: &[(&str, &str)],
    #[case] of_document: &[(&str, &str)],
) {
    let folder = folder(of_page, of_document);
    let told = well(
        folder.path(),
        ["init", "suite", "parcels.md", "openapi.yaml"],
    );
    let below = told.out.matches(" /v1/parcels").count();
    assert_eq!(below, 6, "{}", told.out);
}

#[test]
fn a_document_of_something_else_stays_by_itself() {
    let folder = folder(&[], &[("  /parcels", "  /letters")]);
    let told = well(
        folder.path(),
        ["init", "suite", "parcels.md", "openapi.yaml"],
    );
    for operation in [
        "api::CreateParcel  POST /v1/parcels",
        "depot-api::createParcel  POST /v1/letters",
    ] {
        assert!(told.out.contains(operation), "{}", told.out);
    }
}

/// A folder among the filters is never taken for the name of a trial: the bundled suite would pass
/// in its place.
#[test]
fn a_folder_is_no_filter() {
    let folder = folder(&[], &[]);
    for given in [".", "./"] {
        let told = docproof(folder.path(), ["run", given, "--list"]);
        assert_eq!(told.code, 0, "{}", told.text());
        assert!(told.out.contains("CreateParcel"), "{given}: {}", told.out);
        assert!(!told.out.contains("CopyInstance"), "{given}: {}", told.out);
    }
    let told = docproof(folder.path(), ["run", "nowhere/"]);
    assert_eq!(told.code, 2, "{}", told.text());
    assert!(told.err.contains("no such file or folder"), "{}", told.err);
}
