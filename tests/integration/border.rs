//! The border of the contract's JSON: what is unknown, wrong or missing in a file ends the program,
//! and nothing is dropped silently.

use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Told, docproof};

/// The contract of the bundled suite in a folder of its own.
fn suite() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let schemas = folder.path().join("suite/schemas");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas"),
        &schemas,
    );
    (folder, schemas)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn list(folder: &Path) -> Told {
    docproof(folder, ["run", "--suite", "suite", "--list"])
}

/// One file, one value in it by its pointer (nothing: the value is removed), where the error is
/// said to stand, and what it says.
#[rstest]
#[case::unknown_key_in_a_fact(
    "dcs/CopyInstance/request.json",
    "/properties/remark/x-docproof/facts/1/anchor",
    Some(json!("a")),
    "`dcs/CopyInstance/request.json`, at `/properties/remark/x-docproof/facts/1",
    "unknown field `anchor`, expected one of `facet`, `page`"
)]
#[case::line_as_text(
    "dcs/CopyInstance/request.json",
    "/properties/remark/x-docproof/facts/1/line",
    Some(json!("28")),
    "`dcs/CopyInstance/request.json`, at `/properties/remark/x-docproof/facts/1",
    "expected the number of a line, found \"28\""
)]
#[case::unknown_facet(
    "dcs/CopyInstance/request.json",
    "/properties/remark/x-docproof/facts/1/facet",
    Some(json!("lenght")),
    "`dcs/CopyInstance/request.json`, at `/properties/remark/x-docproof/facts/1",
    "`lenght` is no facet"
)]
#[case::unknown_key_beside_facts(
    "dcs/CopyInstance/request.json",
    "/properties/remark/x-docproof/note",
    Some(json!("a")),
    "`dcs/CopyInstance/request.json`, at `/properties/remark/x-docproof",
    "unknown field `note`, expected `facts`"
)]
#[case::misspelled_keyword(
    "dcs/CopyInstance/request.json",
    "/properties/remark/maxLenght",
    Some(json!(3)),
    "`dcs/CopyInstance/request.json`, at `/properties/remark/maxLenght`",
    "expected a keyword of JSON Schema"
)]
#[case::required_that_is_no_list(
    "dcs/CopyInstance/request.json",
    "/required",
    Some(json!("remark")),
    "`dcs/CopyInstance/request.json`, at `/required`",
    "\"remark\" is not of type \"array\""
)]
#[case::reference_within_the_file(
    "dcs/CopyInstance/request.json",
    "/properties/remark/$ref",
    Some(json!("#/$defs/Remark")),
    "`dcs/CopyInstance/request.json`, at `/properties/remark/$ref`",
    "refers to `#/$defs/Remark`, which is not part of the contract"
)]
#[case::reference_to_a_missing_file(
    "dcs/CopyInstance/request.json",
    "/properties/remark/$ref",
    Some(json!("../objects/Remark.json")),
    "`dcs/CopyInstance/request.json`, at `/properties/remark/$ref`",
    "refers to `../objects/Remark.json`, which is not part of the contract"
)]
#[case::unknown_key_in_a_documentation_finding(
    "dcs/openapi.json",
    "/x-docproof/documentation/0/anchor",
    Some(json!("a")),
    "`dcs/openapi.json`, at `/x-docproof/documentation/0",
    "unknown field `anchor`, expected one of `kind`, `operation`"
)]
#[case::unknown_key_of_the_document(
    "dcs/openapi.json",
    "/x-docproof/anchor",
    Some(json!("a")),
    "`dcs/openapi.json`, at `/x-docproof",
    "unknown field `anchor`, expected one of `service`, `pages`"
)]
#[case::parameter_without_a_name(
    "dcs/openapi.json",
    "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get/parameters/0/name",
    None,
    "at `/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get/parameters/0`",
    "missing field `name`"
)]
#[case::parameter_in_an_unknown_place(
    "dcs/openapi.json",
    "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get/parameters/0/in",
    Some(json!("fragment")),
    "backups/get/parameters/0/in",
    "unknown variant `fragment`, expected one of `path`, `query`, `header`, `cookie`"
)]
#[case::requiredness_as_text(
    "dcs/openapi.json",
    "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get/parameters/0/required",
    Some(json!("true")),
    "backups/get/parameters/0/required`",
    "expected a boolean"
)]
#[case::operation_without_an_id(
    "dcs/openapi.json",
    "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get/operationId",
    None,
    "`dcs/openapi.json`, at `/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get`",
    "missing field `operationId`"
)]
#[case::two_operations_of_one_id(
    "dcs/openapi.json",
    "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get/operationId",
    Some(json!("CopyInstance")),
    "/operationId`",
    "`CopyInstance` is the `operationId` of"
)]
#[case::response_without_a_status(
    "dcs/openapi.json",
    "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get/responses/2000",
    Some(json!({ "description": "OK" })),
    "backups/get/responses",
    "`2000` is no status: expected three digits"
)]
#[case::parameters_of_a_path(
    "dcs/openapi.json",
    "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/parameters",
    Some(json!([])),
    "`dcs/openapi.json`, at `/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups",
    "`parameters` is not read here: expected a method"
)]
fn what_is_wrong_in_a_contract_is_said_with_its_place(
    #[case] file: &str,
    #[case] pointer: &str,
    #[case] value: Option<Value>,
    #[case] place: &str,
    #[case] message: &str,
) {
    let (folder, schemas) = suite();
    assert_eq!(list(folder.path()).code, 0);
    let path = schemas.join(file);
    let mut json: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = json.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => parent.insert(key.to_owned(), value),
        None => parent.remove(key),
    };
    std::fs::write(&path, json.to_string()).unwrap();
    let told = list(folder.path());
    assert_eq!(told.code, 2, "{}", told.text());
    assert!(told.err.contains(place), "{}", told.err);
    assert!(told.err.contains(message), "{}", told.err);
    assert!(told.err.contains("hint: mend the file"), "{}", told.err);
}

/// A file that is gone: a schema that is referred to, or the document beside its schemas.
#[rstest]
#[case(
    "dcs/CopyInstance/request.json",
    "refers to `CopyInstance/request.json`"
)]
#[case("dcs/openapi.json", "`dcs/openapi.json` is missing")]
fn a_missing_file_is_named(#[case] file: &str, #[case] message: &str) {
    let (folder, schemas) = suite();
    std::fs::remove_file(schemas.join(file)).unwrap();
    let told = list(folder.path());
    assert_eq!(told.code, 2, "{}", told.text());
    assert!(told.err.contains(message), "{}", told.err);
}

#[rstest]
#[case(
    json!({ "openapi": "3.1.0", "info": { "title": "x", "version": "1" }, "paths": {} }),
    "an OpenAPI 3.1.0 document without docproof's provenance"
)]
#[case(json!({ "openapi": "3.0.3", "paths": {} }), "an OpenAPI 3.0.3 document")]
#[case(json!({ "swagger": "2.0", "paths": {} }), "a Swagger 2.0 document")]
#[case(json!({ "$schema": "https://json-schema.org/draft/2020-12/schema" }), "a JSON Schema")]
#[case(json!({ "name": "x" }), "JSON without the key `openapi`")]
#[case(json!([]), "JSON, and no object")]
fn a_document_that_is_no_contract_is_called_what_it_is(
    #[case] document: Value,
    #[case] expected: &str,
) {
    let (folder, schemas) = suite();
    std::fs::write(schemas.join("dcs/openapi.json"), document.to_string()).unwrap();
    let told = list(folder.path());
    assert_eq!(told.code, 2, "{}", told.text());
    let expected = format!("error: `dcs/openapi.json` is {expected}");
    assert!(told.err.starts_with(&expected), "{}", told.err);
    assert!(
        told.err
            .contains("reads contracts that `docproof derive` wrote")
    );
    assert!(told.err.contains("hint: `docproof derive PAGE"));
}

#[test]
fn a_key_that_stands_twice_is_an_error() {
    let (folder, schemas) = suite();
    let path = schemas.join("dcs/CopyInstance/request.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen('{', r#"{ "type": "array","#, 1)).unwrap();
    let told = list(folder.path());
    assert_eq!(told.code, 2, "{}", told.text());
    let expected = "`dcs/CopyInstance/request.json` has the key `type` twice in one object";
    assert!(told.err.contains(expected), "{}", told.err);
}
