//! The suite against an endpoint written by hand: silent about every legal variation, and every
//! fault found, with the row that it breaks.

use crate::support;
use crate::support::{Endpoint, FAULTS, VARIATIONS};
use rstest::rstest;
use serde_json::Value;

/// Runs the trials whose names contain a word against a behaviour: exit code, report, output.
fn run(behaviour: &str, word: &str) -> (i32, Value, String) {
    run_with(behaviour, &[word])
}

/// Runs with further arguments, which stand above those of the endpoint.
fn run_with(behaviour: &str, more: &[&str]) -> (i32, Value, String) {
    let endpoint = Endpoint::start(behaviour);
    let folder = tempfile::tempdir().unwrap();
    let some = "--cases 8 --report json=report.json --format terse --allow-changes dcs --allow-changes gaussdb";
    let some = some.split(' ').chain(more.iter().copied());
    let told = support::run(folder.path(), &endpoint, some);
    let report = std::fs::read(folder.path().join("report.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or(Value::Null);
    (told.code, report, told.text())
}

/// A part of the names of the trials that are nearest to a fact: those of its own row; for a fact
/// of answers, those that send the documented request and malformed ones.
fn near(fact: &str) -> String {
    let parts: Vec<&str> = fact.split("::").collect();
    match parts.as_slice() {
        [
            "CopyInstance" | "ListBackupRecords" | "CreateManualBackup",
            row,
            ..,
        ] if !row.starts_with("response-") => {
            format!("{}::{row}", parts[0])
        }
        [
            "CopyInstance" | "ListBackupRecords" | "CreateManualBackup",
            ..,
        ] => {
            format!("{}::request::", parts[0])
        }
        ["", "auth" | "method"] | ["request", "malformed"] | ["property", _] => fact.to_owned(),
        _ => "::request::".to_owned(),
    }
}

/// The faults, those of requests in groups of at most one for an operation: no other fault of a
/// group can be found under the fact of one.
fn together() -> Vec<String> {
    let of_requests = |fact: &str| {
        let (operation, row) = fact.split_once("::")?;
        let is_of_request = ["request.", "query.", "path."]
            .iter()
            .any(|place| row.starts_with(place));
        is_of_request.then(|| operation.to_owned())
    };
    let mut groups: Vec<(Vec<String>, String)> = Vec::new();
    for (fault, fact) in FAULTS {
        let operation = of_requests(fact);
        let group = operation.as_ref().and_then(|operation| {
            groups
                .iter_mut()
                .find(|(taken, _)| !taken.is_empty() && !taken.contains(operation))
        });
        match group {
            Some((taken, words)) => {
                taken.extend(operation);
                words.push_str(&format!(",{fault}"));
            }
            None => groups.push((operation.into_iter().collect(), (*fault).to_owned())),
        }
    }
    groups.into_iter().map(|(_, words)| words).collect()
}

/// What is wrong with a run that has to find a fact broken.
fn missed((code, report, text): &(i32, Value, String), fact: &str) -> Option<String> {
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let named = findings.iter().find(|finding| {
        finding["fact"]
            .as_str()
            .is_some_and(|name| name.contains(fact))
    });
    // Each finding's request is kept as it was sent, or as a line that sends it.
    let again = |finding: &Value| {
        let request = &finding["exchange"]["request"];
        let is_line = |curl: &str| curl.starts_with("curl ") || curl.starts_with("printf ");
        request["template"].is_string() || request["curl"].as_str().is_some_and(is_line)
    };
    match named {
        _ if *code != 1 => Some(format!(
            "exit {code}: {}",
            text.lines().last().unwrap_or_default()
        )),
        None => Some(format!("{fact} is not among {:?}", facts(report))),
        Some(finding) if finding["rows"].as_array().is_none_or(Vec::is_empty) => {
            Some("the finding cites no row".to_owned())
        }
        Some(finding) if !again(finding) => Some("the finding has no request".to_owned()),
        Some(_) => None,
    }
}

/// Runs many behaviours at once, a few at a time, and gathers what is wrong with each.
fn all(behaviours: &[&str], judge: impl Fn(&str) -> Option<String> + Sync) -> Vec<String> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let wrong = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while let Some(behaviour) =
                    behaviours.get(next.fetch_add(1, std::sync::atomic::Ordering::SeqCst))
                {
                    if let Some(message) = judge(behaviour) {
                        wrong
                            .lock()
                            .unwrap()
                            .push(format!("{behaviour}: {message}"));
                    }
                }
            });
        }
    });
    wrong.into_inner().unwrap()
}

fn facts(report: &Value) -> Vec<String> {
    report["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|finding| {
            format!(
                "{} ({}): {}",
                finding["fact"].as_str().unwrap(),
                finding["level"].as_str().unwrap(),
                finding["message"].as_str().unwrap()
            )
        })
        .collect()
}

/// What is found in a legal variation, which is too much.
fn alarm(behaviour: &str) -> Option<String> {
    let (code, report, text) = run(behaviour, "");
    // That bytes which are no text are refused is convention, whose breach fails nothing.
    let is_convention = |found: &String| found.contains("::request::malformed (may)");
    let found = facts(&report).into_iter();
    let found: Vec<String> = found.filter(|found| !is_convention(found)).collect();
    let blocked = trials(&report, "blocked");
    // What is busy may leave a trial undecided; nothing else may.
    if code == 0 && found.is_empty() && (blocked.is_empty() || behaviour.contains("busy")) {
        return None;
    }
    Some(if found.is_empty() {
        format!("{text}{blocked:?}")
    } else {
        found.join("; ")
    })
}

#[test]
fn legal_variations_have_no_finding() {
    let groups: Vec<String> = VARIATIONS.iter().map(|group| group.join(",")).collect();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    let wrong = all(&groups, |group| {
        let together = alarm(group)?;
        // Which of them it is, each alone tells.
        let alone = group.split(',').find_map(|word| Some((word, alarm(word)?)));
        Some(alone.map_or(together, |(word, found)| format!("{word} alone: {found}")))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fault_is_found_with_the_fact_that_it_breaks_and_a_row() {
    let groups = together();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    let wrong = all(&groups, |group| {
        let faults: Vec<(&str, &str)> = group
            .split(',')
            .filter_map(|word| FAULTS.iter().find(|(known, _)| *known == word).copied())
            .collect();
        let words: Vec<String> = faults.iter().map(|(_, fact)| near(fact)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let shown = run_with(group, &words);
        let wrong: Vec<String> = faults
            .iter()
            .filter_map(|(fault, fact)| {
                // What the nearest trials do not find, all of them have to, with nothing else
                // broken.
                missed(&shown, fact).and_then(|_| missed(&run(fault, ""), fact))
            })
            .collect();
        (!wrong.is_empty()).then(|| wrong.join("; "))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_credential_is_in_no_output() {
    for behaviour in ["", "token-echoed", "error-500"] {
        let (_, report, text) = run(behaviour, "CopyInstance");
        assert_eq!(report["version"], 3, "{text}");
        assert!(!text.contains(support::TOKEN), "{text}");
        assert!(!report.to_string().contains(support::TOKEN), "{behaviour}");
    }
}

#[test]
fn read_only_mode_sends_nothing_that_writes() {
    let endpoint = Endpoint::start("");
    let folder = tempfile::tempdir().unwrap();
    let more = ["--mode", "read-only", "--format", "terse"];
    let told = support::run(folder.path(), &endpoint, more);
    assert_eq!(told.code, 0, "{}", told.out);
    let received = endpoint.received();
    assert!(!received.is_empty());
    assert!(
        received.iter().all(|request| request.method == "GET"),
        "{received:?}"
    );
}

#[test]
fn one_seed_sends_the_same_generated_requests() {
    let sent = |seed: &str| {
        let endpoint = Endpoint::start("");
        let folder = tempfile::tempdir().unwrap();
        let more = ["::property::", "--seed", seed, "--format", "terse"];
        let told = support::run(folder.path(), &endpoint, more);
        assert_eq!(told.code, 0, "{}", told.out);
        let mut sent: Vec<(String, String, Vec<u8>)> = endpoint
            .received()
            .into_iter()
            .map(|request| (request.method, request.target, request.body))
            .collect();
        sent.sort();
        sent
    };
    let first = sent("7");
    assert!(first.len() > 200, "{}", first.len());
    assert_eq!(first, sent("7"));
    assert_ne!(first, sent("8"));
}

const COPY: &str = "dcs::CopyInstance::request::example";
const LIST: &str = "dcs::ListBackupRecords::request::example";
const MANUAL: &str = "gaussdb::CreateManualBackup::request::example";

/// The facts of the findings, without what is said of them.
fn broken(report: &Value) -> Vec<&str> {
    report["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|finding| finding["fact"].as_str())
        .collect()
}

fn trials<'r>(report: &'r Value, verdict: &str) -> Vec<&'r str> {
    report["trials"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|trial| trial["verdict"] == verdict)
        .filter_map(|trial| trial["name"].as_str())
        .collect()
}

#[test]
fn resources_that_are_not_there_are_said_once_for_an_operation_and_prove_nothing() {
    let nobody = [
        "--set",
        "dcs.instance_id=00000000-0000-4000-8000-000000000000",
        "--set",
        "gaussdb.instance_id=00000000000000000000000000000000in14",
    ];
    let (code, report, text) = run_with("", &nobody);
    assert_eq!(code, 1, "{text}");
    assert_eq!(broken(&report), [COPY, LIST, MANUAL]);
    let proven: Vec<&str> = trials(&report, "passed")
        .into_iter()
        .filter(|name| name.ends_with("::rejects"))
        .collect();
    assert!(proven.is_empty(), "{proven:?}");
    // Alone too, where nothing else of the operation is sent.
    let rule = "CopyInstance::request.backup_format::enum::rejects";
    let alone: Vec<&str> = nobody.into_iter().chain([rule]).collect();
    let (code, report, text) = run_with("", &alone);
    assert_eq!(code, 4, "{text}");
    assert_eq!(trials(&report, "blocked").len(), 1, "{text}");
}

#[rstest]
#[case::nothing_there("nowhere", &[COPY, LIST, MANUAL])]
#[case::no_such_method("writes-unknown", &[COPY, MANUAL])]
fn an_operation_that_serves_nothing_has_one_finding(
    #[case] behaviour: &str,
    #[case] expected: &[&str],
) {
    let (code, report, text) = run(behaviour, "");
    assert_eq!(code, 1, "{text}");
    assert_eq!(broken(&report), expected, "{text}");
}

/// What sends every request to another host is no API, and is said once.
#[test]
fn an_endpoint_that_has_moved_is_named() {
    let (code, report, text) = run("moved", "");
    assert_eq!(code, 3, "{text}");
    assert!(facts(&report).is_empty(), "{:?}", facts(&report));
    assert!(text.contains("with `Location: "), "{text}");
}

/// What other answers say stands where the documented request was not tried, and where it fails in
/// another way.
#[rstest]
#[case::not_tried("copies-crash", &["CopyInstance", "--skip", "request::example"], "CopyInstance::property::valid")]
#[case::a_field_alone("copies-crash", &["CopyInstance::request.remark::type"], "CopyInstance::request.remark::type")]
#[case::generated("copies-crash", &["CopyInstance::property::valid"], "CopyInstance::property::valid")]
#[case::another_answer("copies-refused", &["CopyInstance"], "CopyInstance::response-400::contentType")]
#[case::another_path("copies-refused", &["CopyInstance"], "CopyInstance::path.instance_id")]
fn what_one_cause_does_not_explain_is_found(
    #[case] behaviour: &str,
    #[case] arguments: &[&str],
    #[case] fact: &str,
) {
    let (code, report, text) = run_with(behaviour, arguments);
    assert_eq!(code, 1, "{text}");
    let broken = broken(&report);
    assert!(broken.iter().any(|name| name.contains(fact)), "{broken:?}");
}

/// Other resources of the target may be out of reach while the credential is good.
#[test]
fn a_resource_that_is_forbidden_does_not_end_the_run() {
    let (code, report, text) = run("cluster-forbidden", "");
    assert_eq!(code, 1, "{text}");
    assert_eq!(report["halted"], Value::Null, "{text}");
    assert!(
        broken(&report)
            .iter()
            .all(|fact| fact.contains("path.instance_id")),
        "{:?}",
        facts(&report)
    );
}

#[test]
fn a_credential_that_is_good_for_some_operations_is_not_blamed() {
    let (code, report, text) = run("reads-forbidden", "");
    assert_eq!(code, 0, "{text}");
    // It may lack the right to read: that is told, and nothing else of the operation is held.
    let name = "dcs::ListBackupRecords::request::example";
    assert!(trials(&report, "blocked").contains(&name), "{text}");
    assert!(
        text.contains("answered 403 to the credential that was given"),
        "{text}"
    );
    let passed = trials(&report, "passed");
    let name = "dcs::CopyInstance::request::example";
    assert!(passed.contains(&name), "{passed:?}");
}

#[test]
fn a_default_that_a_law_finds_broken_is_contradicted_in_the_ledger() {
    let law = ["CopyInstance::relation::created-appears::default"];
    let (code, report, text) = run_with("default-aof", &law);
    assert_eq!(code, 1, "{text}");
    let line = report["ledger"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["fact"] == "dcs::CopyInstance::request.backup_format::default")
        .unwrap();
    assert_eq!(line["state"], "contradicted");
}
