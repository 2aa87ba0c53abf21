//! The reports of whole runs, from outside: each format is well-formed whatever the endpoint
//! answers, and says what the run found.

use crate::support;
use std::path::Path;

use crate::support::{Endpoint, Told, docproof};
use serde_json::Value;

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// Runs the suite against an endpoint that answers hostile text, and writes every report.
fn hostile(folder: &Path) -> Told {
    let endpoint = Endpoint::start("hostile");
    run(
        folder,
        &endpoint,
        "--cases 2 --report json=r.json --report html=r.html --report junit=r.xml --report markdown=r.md --report github=r.txt --report sarif=r.sarif --report badge=r.svg --report shields=r.shields",
    )
}

/// Runs the suite against an endpoint, with more arguments.
fn run(folder: &Path, endpoint: &Endpoint, more: &str) -> Told {
    support::run(folder, endpoint, words(more))
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What the report's own schema says against it.
fn schema_errors(report: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let printed = docproof(folder.path(), words("schema report"));
    let schema: Value = serde_json::from_str(&printed.out).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    validator
        .iter_errors(report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_json_report_obeys_its_schema() {
    let folder = tempfile::tempdir().unwrap();
    for (behaviour, code) in [("", 0), ("status-success", 1)] {
        let endpoint = Endpoint::start(behaviour);
        let output = run(
            folder.path(),
            &endpoint,
            "--cases 4 --report json=report.json",
        );
        let report = read_json(&folder.path().join("report.json"));
        assert_eq!(schema_errors(&report), Vec::<String>::new());
        assert_eq!(output.code, code, "{report:#}");
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    assert!(!schema_errors(&serde_json::json!({ "version": 3 })).is_empty());
}

#[test]
fn the_schema_knows_every_field_of_a_report_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("name-65");
    run(
        folder.path(),
        &endpoint,
        "request.name --cases 2 --report json=report.json",
    );
    let report = read_json(&folder.path().join("report.json"));
    assert_eq!(schema_errors(&report), Vec::<String>::new());
    for place in [
        "",
        "/summary",
        "/findings/0",
        "/findings/0/rows/0",
        "/findings/0/again",
        "/findings/0/exchange",
        "/findings/0/exchange/request",
        "/findings/0/exchange/request/body",
        "/trials/0",
        "/trials/0/claims/0",
        "/left_out/0",
        "/ledger/0",
        "/ledger/0/rows/0",
        "/coverage",
        "/coverage/total",
        "/coverage/operations/0",
        "/coverage/operations/0/tally",
        "/undocumented/0",
        "/latency/0",
        "/latency/0/buckets/0",
        "/documentation/0",
        "/created/0",
    ] {
        let mut other = report.clone();
        let object = other.pointer_mut(place).and_then(Value::as_object_mut);
        let object = object.unwrap_or_else(|| panic!("{place} is no object"));
        object.insert("unknown".to_owned(), Value::Null);
        assert!(!schema_errors(&other).is_empty(), "{place}");
    }
    let mut older = report.clone();
    older["version"] = Value::from(1);
    assert!(!schema_errors(&older).is_empty());
}

#[test]
fn a_finding_stands_once_in_a_report_and_its_request_once_in_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("name-65");
    run(
        folder.path(),
        &endpoint,
        "request.name --cases 2 --report json=report.json",
    );
    let text = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1);
    let name = &findings[0]["exchange"]["request"]["body"]["json"]["name"];
    assert_eq!(name.as_str().unwrap().chars().count(), 65);
    let requests = text.matches(&format!("\"name\": {name}")).count();
    assert_eq!(requests, 1);
    // A trial says which finding it shows, and the finding which trials show it.
    let trials = report["trials"].as_array().unwrap().iter();
    let showing: Vec<&Value> = trials
        .filter(|trial| trial["findings"][0]["finding"] == 0)
        .map(|trial| &trial["name"])
        .collect();
    assert_eq!(
        showing,
        findings[0]["trials"]
            .as_array()
            .unwrap()
            .iter()
            .collect::<Vec<_>>()
    );
}

#[test]
fn nothing_is_proven_from_one_side_or_unseen() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    // Only what is accepted is tried: the other side is not.
    run(
        folder.path(),
        &endpoint,
        "request.name::maxLength::accepts --report json=report.json",
    );
    let report = read_json(&folder.path().join("report.json"));
    let line = |fact: &str| {
        report["ledger"]
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["fact"] == fact)
            .unwrap()
            .clone()
    };
    let name = line("gaussdb::CreateManualBackup::request.name::maxLength");
    assert_eq!(name["state"], "not-tested", "{name}");
    let reason = name["reason"].as_str().unwrap();
    assert!(reason.contains("in one direction only"), "{reason}");
    assert!(reason.contains("maxLength::rejects"), "{reason}");
    // The answers of that one trial passed every check all the same.
    let id = line("gaussdb::CreateManualBackup::response-2XX.backup.id::type");
    assert_eq!(id["state"], "proven", "{id}");
    assert!(id["shown"].as_u64().unwrap() > 0, "{id}");
    let list = line("dcs::ListBackupRecords::response-200.total_num::type");
    assert_eq!(list["state"], "not-tested", "{list}");
}

#[test]
fn a_coverage_below_what_was_asked_for_fails_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let output = docproof(folder.path(), words("run maxLength --min-coverage 90"));
    assert_eq!(output.code, 1);
    let said = output.err;
    assert!(
        said.contains("below the 90 % of `--min-coverage`"),
        "{said}"
    );
    let output = docproof(folder.path(), words("run maxLength --min-coverage 1"));
    assert_eq!(output.code, 0);
    let output = docproof(folder.path(), words("run --min-coverage 101"));
    assert_eq!(output.code, 2);
}

#[test]
fn every_report_stays_what_it_is_whatever_an_endpoint_sends() {
    let folder = tempfile::tempdir().unwrap();
    let output = hostile(folder.path());
    assert_eq!(output.code, 1);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let report = read_json(&folder.path().join("r.json"));
    assert_eq!(schema_errors(&report), Vec::<String>::new());
    let findings = usize::try_from(report["summary"]["findings"].as_u64().unwrap()).unwrap();
    assert!(findings > 5, "{findings}");

    // The terminal: no control character, and no line that begins as a command of a CI system does.
    let seen = output.out;
    assert!(!seen.chars().any(|c| c.is_control() && c != '\n'));
    assert!(!seen.lines().any(|line| line.trim_start().starts_with("::")));

    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let xml = read("r.xml");
    assert!(xml.chars().all(allowed));
    let junit = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert_eq!(
        Some(junit.tests as u64),
        report["summary"]["trials"].as_u64()
    );
    assert_eq!(
        Some(junit.failures as u64),
        report["summary"]["failed"].as_u64()
    );

    let annotations = read("r.txt");
    assert_eq!(annotations.matches("\n::error ").count() + 1, findings);
    assert!(annotations.lines().all(|line| {
        ["::error ", "::notice ", "::warning "]
            .iter()
            .any(|kind| line.starts_with(kind))
    }));

    // In Markdown it stands in fences and spans only, and no fence ends early.
    let markdown = read("r.md");
    let mut fence = String::new();
    for line in markdown.lines() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        if fence.is_empty() && ticks.len() > 2 {
            fence = ticks;
        } else if !fence.is_empty() && line == fence {
            fence.clear();
        } else if fence.is_empty() {
            assert!(
                !line.contains("<script") || line.starts_with("- "),
                "{line}"
            );
        }
    }
    assert!(fence.is_empty());

    let svg = read("r.svg");
    assert!(svg.contains(&format!("{findings} findings")), "{svg}");
    let shields = read_json(&folder.path().join("r.shields"));
    assert_eq!(shields["schemaVersion"], 1);
    assert_eq!(shields["message"], format!("{findings} findings"));

    let html = scraper::Html::parse_document(&read("r.html"));
    let count = |selector: &str| {
        html.select(&scraper::Selector::parse(selector).unwrap())
            .count()
    };
    assert_eq!(count("script"), 1);
    assert_eq!(count("img"), 0);
    assert_eq!(count("details.finding.new"), findings);
    assert!(count("mark") >= findings / 2);
    assert_eq!(count("a.cell"), report["ledger"].as_array().unwrap().len());
}

#[test]
fn sarif_points_at_the_row_that_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("name-65");
    run(
        folder.path(),
        &endpoint,
        "request.name --report sarif=r.sarif",
    );
    let sarif = read_json(&folder.path().join("r.sarif"));
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let finding = results
        .iter()
        .find(|result| result["level"] == "error")
        .unwrap();
    let place = &finding["locations"][0]["physicalLocation"];
    let page = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(place["artifactLocation"]["uri"].as_str().unwrap());
    let line = usize::try_from(place["region"]["startLine"].as_u64().unwrap()).unwrap();
    let text = std::fs::read_to_string(page).unwrap();
    let row = text.lines().nth(line - 1).unwrap();
    assert!(row.contains("name") && row.contains("64"), "{row}");
    // Every rule is defined once, and each result names its own.
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn a_report_that_cannot_be_written_ends_the_run_before_its_first_request() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    for path in ["missing/r.html", ".", "junit"] {
        if path == "junit" {
            std::fs::create_dir(folder.path().join(path)).unwrap();
        }
        let output = run(
            folder.path(),
            &endpoint,
            &format!("--report json=r.json --report html={path}"),
        );
        assert_eq!(output.code, 2, "{path}");
    }
    assert!(endpoint.received().is_empty());
    assert!(!folder.path().join("r.json").exists());
}

#[test]
fn github_gets_annotations_on_standard_output_and_a_step_summary() {
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    std::fs::write(&summary, "before\n").unwrap();
    let endpoint = Endpoint::start("name-65");
    let output = support::told(
        support::program(folder.path())
            .arg("run")
            .args(endpoint.arguments())
            .args(["request.name", "--cases", "2", "--report", "github"])
            .env("GITHUB_STEP_SUMMARY", &summary),
    );
    let commands = output.out;
    assert!(
        commands.starts_with("::error file=cases/gaussdb/pages/create-manual-backup.md,line="),
        "{commands}"
    );
    assert!(commands.lines().all(|line| line.starts_with("::")));
    // What people read goes the other way.
    assert!(output.err.contains("FAILED: 1 finding. "));
    let summary = std::fs::read_to_string(summary).unwrap();
    assert!(summary.starts_with("before\n## docproof: "), "{summary}");
}
