//! Partitions and their merged report from outside: together they are the whole run.

use crate::support;
use std::collections::BTreeSet;
use std::path::Path;

use crate::support::docproof;
use serde_json::Value;

fn report(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap()
}

fn names(report: &Value) -> Vec<String> {
    report["trials"]
        .as_array()
        .unwrap()
        .iter()
        .map(|trial| trial["name"].as_str().unwrap().to_owned())
        .collect()
}

/// What a ledger says, without the number of answers that showed it, which hangs on how often
/// documented requests are sent.
fn states(report: &Value) -> Vec<(String, String, Value)> {
    report["ledger"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            (text("fact"), text("state"), line["evidence"].clone())
        })
        .collect()
}

#[test]
fn the_parts_together_are_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let whole = docproof(
        folder,
        ["run", "--cases", "4", "--report", "json=whole.json"],
    );
    assert_eq!(whole.code, 0);
    let mut seen = BTreeSet::new();
    for part in ["1/3", "2/3", "3/3"] {
        let file = format!("json={}.json", part.replace('/', "-"));
        let output = docproof(
            folder,
            [
                "run",
                "--cases",
                "4",
                "--partition",
                part,
                "--report",
                &file,
            ],
        );
        assert_eq!(output.code, 0, "{output:?}");
        for name in names(&report(folder, &format!("{}.json", part.replace('/', "-")))) {
            assert!(seen.insert(name.clone()), "{name} is in two parts");
        }
    }
    let merged = docproof(
        folder,
        [
            "merge",
            "1-3.json",
            "2-3.json",
            "3-3.json",
            "--report",
            "json=merged.json",
        ],
    );
    assert_eq!(merged.code, 0, "{merged:?}");
    let (whole, merged) = (report(folder, "whole.json"), report(folder, "merged.json"));
    assert_eq!(
        seen,
        names(&whole).into_iter().collect::<BTreeSet<String>>()
    );
    assert_eq!(names(&merged).len(), names(&whole).len());
    assert_eq!(states(&merged), states(&whole));
    assert_eq!(merged["coverage"], whole["coverage"]);
    assert_eq!(merged["summary"]["filtered_out"], 0);
    assert_eq!(merged["configuration"]["max_writes"], 100);
    assert_eq!(merged["configuration"]["rate"], Value::Null);
    assert_eq!(
        merged["configuration"]["partition"],
        serde_json::json!(["1/3", "2/3", "3/3"])
    );
}

#[test]
fn what_the_parts_found_is_found_once_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let endpoint = support::Endpoint::start("name-65,copy-without-id");
    let run = |more: &[&str]| support::run(folder, &endpoint, more);
    run(&["--cases", "2", "--report", "json=whole.json"]);
    for part in ["1", "2"] {
        let (partition, file) = (format!("{part}/2"), format!("json={part}.json"));
        run(&["--cases", "2", "--partition", &partition, "--report", &file]);
    }
    let merged = docproof(
        folder,
        ["merge", "1.json", "2.json", "--report", "json=merged.json"],
    );
    assert_eq!(merged.code, 1, "{merged:?}");
    let (whole, merged) = (report(folder, "whole.json"), report(folder, "merged.json"));
    let findings = |report: &Value| -> Vec<(Value, Value)> {
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .map(|finding| (finding["fact"].clone(), finding["behaviour"].clone()))
            .collect()
    };
    assert_eq!(findings(&merged), findings(&whole));
    // Each finding is seen as often as its trials say, and names the trials that refer to it.
    for (index, finding) in merged["findings"].as_array().unwrap().iter().enumerate() {
        let mut seen = 0;
        let mut names = Vec::new();
        for trial in merged["trials"].as_array().unwrap() {
            for reference in trial["findings"].as_array().unwrap() {
                if reference["finding"] == index {
                    seen += reference["seen"].as_u64().unwrap();
                    names.push(trial["name"].clone());
                }
            }
        }
        assert_eq!(finding["seen"], seen, "{finding}");
        let mut told = finding["trials"].as_array().unwrap().clone();
        names.sort_by_key(Value::to_string);
        told.sort_by_key(Value::to_string);
        assert_eq!(told, names, "{finding}");
    }
}

/// What is said of a command that exits 2.
fn refused(told: support::Told) -> String {
    assert_eq!(told.code, 2, "{told:?}");
    told.err
}

#[test]
fn what_is_missing_is_said_and_what_does_not_belong_together_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let run = |arguments: &[&str]| {
        let mut all = vec!["run", "--cases", "2"];
        all.extend(arguments);
        docproof(folder, all)
    };
    run(&["--partition", "1/2", "--report", "json=1.json"]);
    run(&[
        "--partition",
        "2/2",
        "--seed",
        "7",
        "--report",
        "json=2.json",
    ]);
    let text = refused(docproof(folder, ["merge", "1.json"]));
    assert!(text.contains("part 2/2 is missing"), "{text}");
    let text = refused(docproof(folder, ["merge", "1.json", "1.json"]));
    assert!(text.contains("part 1/2 is there twice"), "{text}");
    let text = refused(docproof(folder, ["merge", "1.json", "2.json"]));
    assert!(
        text.contains("`seed` is 0 in the first, and 7 in another"),
        "{text}"
    );
    let text = refused(docproof(folder, ["merge", "nowhere.json"]));
    assert!(text.contains("cannot read `nowhere.json`"), "{text}");
    let text = refused(docproof(folder, ["run", "--partition", "3/2"]));
    assert!(text.contains("K from 1 to N"), "{text}");
}

#[test]
fn reports_of_a_run_of_pages_are_merged_with_those_pages() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("docs")).unwrap();
    let page = "# Shelves\n\n## List shelves\n\n`GET /v1/shelves`\n\nReturns 200.\n";
    std::fs::write(folder.path().join("docs/shelves.md"), page).unwrap();
    let docproof = |arguments: &[&str]| crate::support::docproof(folder.path(), arguments);
    let ran = docproof(&["run", "./docs", "--report", "json=report.json"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    let without = docproof(&["merge", "report.json"]);
    assert_eq!(without.code, 2, "{}", without.text());
    assert!(
        without.text().contains("`--suite ./docs`"),
        "{}",
        without.text()
    );
    let merged = docproof(&["merge", "report.json", "--suite", "docs"]);
    assert_eq!(merged.code, 0, "{}", merged.text());
    // Without a suite, whose trials it could choose, a name alone is that of the folder.
    let named = docproof(&["run", "docs"]);
    assert_eq!(named.code, 0, "{}", named.text());
}
