//! What a change of the program is seen by in review: the answers of the embedded mock, the plan of
//! the bundled suite, and what the derived schemas say. What differs is left beside the reviewed
//! file: `docproof snapshots review` or `cargo insta review` shows it.

use crate::support;
use std::path::{Path, PathBuf};

use crate::support::Told;
use rstest::rstest;
use serde_json::Value;

/// The reviewed files.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")
}

fn docproof(arguments: &[&str]) -> Told {
    support::docproof(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

fn text(told: Told) -> String {
    assert_eq!(told.code, 0, "{told:?}");
    told.out
}

/// Holds a text against a reviewed file.
fn assert_reviewed(name: &str, description: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => folder(),
        prepend_module_to_snapshot => false,
        omit_expression => true,
        description => description,
    }, { insta::assert_snapshot!(name, text) });
}

#[test]
fn the_embedded_mock_answers_as_reviewed() {
    let place = folder().join("mock");
    let output = docproof(&["run", "snapshot::", "--snapshots", place.to_str().unwrap()]);
    assert_eq!(
        output.code,
        0,
        "review it: `docproof snapshots review --dir snapshots/mock`\n{}",
        output.text()
    );
    let names: Vec<String> = std::fs::read_dir(&place)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    // A snapshot that no trial takes any more would be kept for nothing.
    let listed = text(docproof(&[
        "run",
        "snapshot::",
        "--snapshots",
        "x",
        "--list",
    ]));
    for name in names {
        let trial = name
            .trim_end_matches(".new")
            .trim_end_matches(".snap")
            .replace("__", "::");
        assert!(
            listed
                .lines()
                .any(|line| line.starts_with(&format!("{trial}: "))),
            "no trial takes `{name}`: remove it"
        );
    }
}

#[test]
fn the_plan_of_the_suite_is_as_reviewed() {
    let listed = text(docproof(&["run", "--list"]));
    let names: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .collect();
    assert!(!names.is_empty(), "{listed}");
    assert_reviewed(
        "plan",
        "every trial of the bundled suite",
        &names.join("\n"),
    );
}

#[rstest]
#[case("dcs")]
#[case("gaussdb")]
fn the_derived_schemas_are_as_reviewed(#[case] service: &str) {
    let exported: Value = serde_json::from_str(&text(docproof(&["export", service]))).unwrap();
    let mut lines = Vec::new();
    flatten("", &exported, &mut lines);
    assert_reviewed(
        &format!("schemas-{service}"),
        &format!("what the derived schemas of {service} say, one keyword a line"),
        &lines.join("\n"),
    );
}

/// One line for each value, by its JSON pointer; where a page states it is left out.
fn flatten(pointer: &str, value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                if key != "x-docproof" {
                    flatten(
                        &format!("{pointer}/{}", key.replace('/', "~1")),
                        value,
                        lines,
                    );
                }
            }
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            for (index, value) in items.iter().enumerate() {
                flatten(&format!("{pointer}/{index}"), value, lines);
            }
        }
        _ => lines.push(format!("{pointer} {value}")),
    }
}
