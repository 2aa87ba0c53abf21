//! What `export --plain` prints is taken without an error by the tools that people check OpenAPI
//! documents and JSON Schemas with.

use std::process::Command;

use crate::support::docproof;

/// The programs, where they are at hand.
const REDOCLY: Option<&str> = option_env!("REDOCLY");
const SPECTRAL: Option<&str> = option_env!("SPECTRAL");
const AJV: Option<&str> = option_env!("AJV");

/// Exports each bundled service and gives the file to a tool.
fn each_is_taken(program: Option<&str>, format: &str, before: &[&str]) {
    let program = program.unwrap();
    for service in ["dcs", "gaussdb"] {
        let folder = tempfile::tempdir().unwrap();
        let arguments = ["export", service, "--plain", "--format", format];
        let told = docproof(folder.path(), arguments);
        assert_eq!(told.code, 0, "{}", told.err);
        std::fs::write(folder.path().join("export.json"), told.out).unwrap();
        std::fs::write(
            folder.path().join("ruleset.yaml"),
            "extends: [\"spectral:oas\"]\n",
        )
        .unwrap();
        let output = Command::new(program)
            .args(before)
            .arg("export.json")
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(output.status.success(), "{service}: {said}");
    }
}

#[test]
#[cfg_attr(
    not(redocly),
    ignore = "no `redocly` in the path: set REDOCLY to one, and build again"
)]
fn redocly_lints_an_exported_document_without_an_error() {
    each_is_taken(REDOCLY, "openapi", &["lint"]);
}

#[test]
#[cfg_attr(
    not(spectral),
    ignore = "no `spectral` in the path: set SPECTRAL to one, and build again"
)]
fn spectral_lints_an_exported_document_without_an_error() {
    each_is_taken(SPECTRAL, "openapi", &["lint", "--ruleset", "ruleset.yaml"]);
}

#[test]
#[cfg_attr(
    not(ajv),
    ignore = "no `ajv` with formats in the path: set AJV to one, and build again"
)]
fn a_strict_validator_compiles_the_exported_schemas() {
    let strict = [
        "--spec=draft2020",
        "--strict=true",
        "-c",
        "ajv-formats",
        "-s",
    ];
    let before: Vec<&str> = ["compile"].into_iter().chain(strict).collect();
    each_is_taken(AJV, "json-schema", &before);
}
