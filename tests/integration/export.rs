//! What `export` prints is read back to the same, and what `export --plain` prints is taken without
//! an error by the tools that people check OpenAPI documents and JSON Schemas with.

use std::path::{Path, PathBuf};
use std::process::Command;

use rstest::rstest;

use crate::credentials::Mock;
use crate::support::docproof;

/// Exports a service, and what was exported once more: to the letter the same.
fn is_read_back(folder: &Path, suite: &[&str]) {
    let export = docproof(folder, [&["export"], suite].concat());
    assert_eq!(export.code, 0, "{suite:?}: {}", export.err);
    std::fs::write(folder.join("export.json"), &export.out).unwrap();
    let again = docproof(folder, ["export", "--suite", "export.json"]);
    assert_eq!(again.code, 0, "{suite:?}: {}", again.err);
    let mut lines = export.out.lines().zip(again.out.lines()).enumerate();
    let other = lines.find(|(_, (one, other))| one != other);
    assert!(again.out == export.out, "{suite:?}: {other:?}");
}

#[rstest]
#[case("dcs")]
#[case("gaussdb")]
fn the_export_of_a_bundled_service_is_read_back(#[case] service: &str) {
    let folder = tempfile::tempdir().unwrap();
    is_read_back(folder.path(), &[service]);
}

#[rstest]
fn the_export_of_a_document_is_read_back(#[files("tests/fixtures/odd/*.yaml")] document: PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    is_read_back(folder.path(), &["--suite", document.to_str().unwrap()]);
}

/// A suite of each family of real pages.
#[test]
#[cfg_attr(not(real_pages), ignore = "needs the pages of `../shared/wild`")]
fn the_export_of_real_pages_is_read_back() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/wild/pages");
    let mut services = 0;
    for family in std::fs::read_dir(pages).unwrap() {
        let family = family.unwrap().path();
        let folder = tempfile::tempdir().unwrap();
        let made = docproof(folder.path(), ["init", "suite", family.to_str().unwrap()]);
        assert_eq!(made.code, 0, "{}: {}", family.display(), made.text());
        for service in std::fs::read_dir(folder.path().join("suite/schemas")).unwrap() {
            let service = service.unwrap().file_name().into_string().unwrap();
            is_read_back(folder.path(), &[&service, "--suite", "suite"]);
            services += 1;
        }
    }
    assert!(services >= 12, "{services}");
}

/// The programs, where they are at hand.
const REDOCLY: Option<&str> = option_env!("REDOCLY");
const SPECTRAL: Option<&str> = option_env!("SPECTRAL");
const AJV: Option<&str> = option_env!("AJV");
const SCHEMATHESIS: Option<&str> = option_env!("SCHEMATHESIS");
const PYTHON: Option<&str> = option_env!("PYTHON");

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

/// What a tool says of the answers of the mock of a bundled service, held against its export.
fn of_the_mock(service: &str, ask: impl FnOnce(&Path, &str) -> Command) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let export = ["export", service, "--plain", "--format", "openapi"];
    let told = docproof(folder.path(), export);
    assert_eq!(told.code, 0, "{}", told.err);
    std::fs::write(folder.path().join("export.json"), told.out).unwrap();
    let mock = Mock::start(&["--token", "tok-12345"]);
    let asked = ask(folder.path(), &mock.url)
        .current_dir(folder.path())
        .output();
    let output = asked.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// Answers to requests that are made up, by their media types, headers and schemas.
#[rstest]
#[cfg_attr(
    not(schemathesis),
    ignore = "no `schemathesis` in the path: set SCHEMATHESIS to one, and build again"
)]
fn schemathesis_finds_no_answer_of_the_mock_that_breaks_the_export(
    #[values("dcs", "gaussdb")] service: &str,
) {
    let checks =
        "response_schema_conformance,content_type_conformance,response_headers_conformance";
    let (is_right, said) = of_the_mock(service, |_, url| {
        let mut command = Command::new(SCHEMATHESIS.unwrap());
        command.args([
            "run",
            "export.json",
            "--url",
            url,
            "--seed",
            "1",
            "-n",
            "20",
        ]);
        command.args(["-H", "X-Auth-Token: tok-12345", "--checks", checks]);
        command
    });
    assert!(is_right, "{said}");
}

/// Answers to the documented requests, as openapi-core reads them.
#[rstest]
#[cfg_attr(
    not(openapi_core),
    ignore = "no `openapi_core` in Python: set PYTHON to one that has it, and build again"
)]
fn openapi_core_reads_the_answers_of_the_mock_by_the_export(
    #[values("dcs", "gaussdb")] service: &str,
) {
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/answers_by_openapi_core.py");
    let (is_right, said) = of_the_mock(service, |_, url| {
        let mut command = Command::new(PYTHON.unwrap());
        command.arg(script).args(["export.json", url, "tok-12345"]);
        command
    });
    assert!(is_right, "{said}");
    assert!(said.contains("answers read"), "{said}");
}
