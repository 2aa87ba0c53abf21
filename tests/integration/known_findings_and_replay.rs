//! What one run leaves to the next, from outside: known findings, replays, snapshots. Exit code,
//! standard output and standard error together, as snapshots.

use crate::support;
use std::collections::BTreeSet;
use std::path::Path;

use crate::support::Endpoint;
use rstest::rstest;

/// Runs `docproof` in a folder and renders what a person would see.
fn docproof(folder: &Path, arguments: &[&str]) -> String {
    rendered(&support::docproof(folder, arguments))
}

/// What a person would see, without the lines of single trials: libtest's own come first, what
/// docproof says of them after its summary.
fn rendered(told: &support::Told) -> String {
    let out = told.out.split_once("filtered out;").map_or_else(
        || told.out.clone(),
        |(_, rest)| rest.split_once('\n').unwrap_or_default().1.to_owned(),
    );
    format!(
        "exit: {}\n----- stdout\n{}\n----- stderr\n{}",
        told.code,
        out.trim(),
        told.err
    )
}

/// A run against an endpoint, limited to some trials.
fn run(folder: &Path, endpoint: &Endpoint, arguments: &[&str]) -> String {
    rendered(&support::run(folder, endpoint, arguments))
}

/// Snapshots with what changes from run to run replaced.
fn assert_seen(name: &str, seen: &str) {
    insta::with_settings!({
        filters => vec![
            (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
            (r"in \d+\.\d+ ?s", "in [time]"),
            (r"`docproof \d+\.\d+\.\d+`", "`docproof [version]`"),
            (r"\d+ requests", "[n] requests"),
            // Progress, where a run takes long.
            (r"(?m)^\d+/\d+ trials,.*\n", ""),
            (r"(confirmed|now:) \d{4}-\d{2}-\d{2}", "$1 [day]"),
            // What the suite amounts to is another test's business.
            (r"\d+ trials: \d+ passed", "[n] trials: [n] passed"),
            (r"\d+ skipped", "[n] skipped"),
            (r"(?m)^(facts|  proven|  contradicted|  not test(ed|able)|skipped|observed|pages|created|not sent) +.*\n( {10}.*\n)*", ""),
            (r"(?m)^  not testable .*\n", ""),
            (r"e76112bfb2074871bf54\w+", "[id]"),
            (r"548ceeff-2cbb-47ab-9a1c-\w+", "[id]"),
            (r"e4733090-b2c8-4ea7-a33a-\w+", "[id]"),
        ],
        omit_expression => true,
        prepend_module_to_snapshot => false,
    }, { insta::assert_snapshot!(name, seen) });
}

/// Proposes entries for the findings of a report.
fn propose(folder: &Path) -> String {
    let arguments = "known-findings propose report.json --out known-findings.toml";
    docproof(folder, &arguments.split(' ').collect::<Vec<_>>())
}

/// Accepts every entry of a file that was proposed.
fn finish(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.replace("reason = \"\"", "reason = \"old clients need it\"");
    std::fs::write(path, text).unwrap();
}

const OPERATION: &str = "CreateManualBackup";
const NAME: &str = "gaussdb::CreateManualBackup::request.name::";
const FORMAT: &str = "dcs::CopyInstance::request.backup_format::enum";

#[test]
fn a_second_run_shows_exactly_the_finding_that_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let old = Endpoint::start("name-65");
    let first = run(path, &old, &[OPERATION, "--report", "json=report.json"]);
    assert!(first.starts_with("exit: 1\n"), "{first}");
    let mut seen = vec![propose(path)];
    seen.push(std::fs::read_to_string(path.join("known-findings.toml")).unwrap());
    // An entry that nobody finished is refused with its line.
    seen.push(run(
        path,
        &old,
        &[OPERATION, "--known-findings", "known-findings.toml"],
    ));
    finish(&path.join("known-findings.toml"));
    seen.push(run(
        path,
        &old,
        &[OPERATION, "--known-findings", "known-findings.toml"],
    ));
    drop(old);
    let new = Endpoint::start("name-65,description-257");
    seen.push(run(
        path,
        &new,
        &[OPERATION, "--known-findings", "known-findings.toml"],
    ));
    assert_seen("known-findings-new-finding", &seen.join("\n===== \n"));
}

#[test]
fn what_no_longer_occurs_is_unexpectedly_fixed_and_what_nobody_tried_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let broken = Endpoint::start("name-65");
    run(path, &broken, &[NAME, "--report", "json=report.json"]);
    propose(path);
    finish(&path.join("known-findings.toml"));
    drop(broken);
    let mended = Endpoint::start("");
    let seen = [
        run(
            path,
            &mended,
            &[NAME, "--known-findings", "known-findings.toml"],
        ),
        run(
            path,
            &mended,
            &[FORMAT, "--known-findings", "known-findings.toml"],
        ),
    ];
    assert_seen("known-findings-fixed", &seen.join("\n===== \n"));
}

#[test]
fn another_way_of_breaking_an_accepted_fact_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let broken = Endpoint::start("refuses-rdb");
    run(path, &broken, &[FORMAT, "--report", "json=report.json"]);
    propose(path);
    finish(&path.join("known-findings.toml"));
    drop(broken);
    let otherwise = Endpoint::start("accepts-any-enum");
    let seen = run(
        path,
        &otherwise,
        &[FORMAT, "--known-findings", "known-findings.toml"],
    );
    assert_seen("known-findings-changed", &seen);
}

#[test]
fn every_entry_that_has_to_be_mended_is_named_by_its_line_before_the_first_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let endpoint = Endpoint::start("");
    let text = "[[known_findings]]\nfact = \"dcs::CopyInstance::request.backup_formt::enum\"\ncheck = \"status\"\nfingerprint = { kind = \"status\", code = 200 }\nreason = \"known\"\n\n[[known_findings]]\nfact = \"dcs::CopyInstance::request.remark::maxLength\"\ncheck = \"status\"\nfingerprint = { kind = \"status\", code = 200 }\nreason = \" \"\nexpire = 2026-01-01\n";
    std::fs::write(path.join("known-findings.toml"), text).unwrap();
    let seen = run(
        path,
        &endpoint,
        &["--known-findings", "known-findings.toml"],
    );
    assert!(endpoint.received().is_empty());
    assert_seen("known-findings-unusable", &seen);
}

#[test]
fn an_expired_entry_accepts_nothing_and_fails_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let endpoint = Endpoint::start("name-65");
    let text = format!(
        "[[known_findings]]\nfact = \"{NAME}maxLength\"\ncheck = \"status\"\nfingerprint = {{ kind = \"status\", code = 200 }}\nreason = \"known\"\nowner = \"storage\"\nticket = \"T-17\"\nexpires = 2020-02-29\n"
    );
    std::fs::write(path.join("known-findings.toml"), text).unwrap();
    let seen = run(
        path,
        &endpoint,
        &[NAME, "--known-findings", "known-findings.toml"],
    );
    assert_seen("known-findings-expired", &seen);
}

/// Replays a report against an endpoint.
fn replay(folder: &Path, endpoint: &Endpoint, arguments: &[&str]) -> String {
    let mut all = vec!["replay", "report.json", "--endpoint", endpoint.url()];
    all.extend(["--token", support::TOKEN]);
    all.extend(arguments);
    docproof(folder, &all)
}

#[test]
fn a_replay_sends_what_failed_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let broken = Endpoint::start("name-65,copy-without-id");
    run(
        path,
        &broken,
        &["--cases", "8", "--report", "json=report.json"],
    );
    let mut seen = vec![replay(path, &broken, &[])];
    drop(broken);
    let half = Endpoint::start("name-65");
    seen.push(replay(path, &half, &[]));
    drop(half);
    let mended = Endpoint::start("");
    seen.push(replay(path, &mended, &[]));
    let sent = mended.received();
    assert!(sent.len() < 20, "{} requests", sent.len());
    drop(mended);
    // What may write is not sent where only reading is allowed.
    let guarded = Endpoint::start("name-65,copy-without-id");
    seen.push(replay(path, &guarded, &["--mode", "read-only"]));
    assert!(
        guarded
            .received()
            .iter()
            .all(|request| request.method == "GET")
    );
    assert_seen("replay", &seen.join("\n===== \n"));
}

#[test]
fn what_cannot_be_replayed_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let broken = Endpoint::start("name-65");
    run(path, &broken, &[NAME, "--report", "json=report.json"]);
    let text = std::fs::read_to_string(path.join("report.json")).unwrap();
    let changed = |name: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        std::fs::write(path.join(name), text.replace(from, to)).unwrap();
        docproof(
            path,
            &[
                "replay",
                name,
                "--endpoint",
                broken.url(),
                "--token",
                support::TOKEN,
            ],
        )
    };
    let seen = [
        changed("operation.json", "CreateManualBackup", "CreateBackup"),
        changed(
            "path.json",
            "\"template\": \"/",
            "\"template\": \"@elsewhere/",
        ),
        {
            // What is kept of a request that is too large, or holds a credential.
            let mut report: serde_json::Value = serde_json::from_str(&text).unwrap();
            for finding in report["findings"].as_array_mut().unwrap() {
                finding["exchange"]["request"] = serde_json::json!({
                    "method": "POST",
                    "url": "http://docproof.invalid/",
                    "headers": {},
                    "body": null,
                    "curl": "curl",
                });
            }
            let text = report.to_string();
            std::fs::write(path.join("case.json"), text).unwrap();
            docproof(
                path,
                &[
                    "replay",
                    "case.json",
                    "--endpoint",
                    broken.url(),
                    "--token",
                    support::TOKEN,
                ],
            )
        },
        changed("older.json", "\"version\": 3", "\"version\": 1"),
        changed("newer.json", "\"version\": 3", "\"version\": 99"),
        changed("finding.json", "\"finding\": 0", "\"finding\": 7"),
        // A credential is sent to an address because a person says so, not because a file does.
        {
            std::fs::write(
                path.join("address.json"),
                text.replace(broken.url(), "http://docproof.invalid"),
            )
            .unwrap();
            docproof(path, &["replay", "address.json", "--token", support::TOKEN])
        },
        // What a proxy elsewhere calls this machine is another.
        docproof(
            path,
            &[
                "replay",
                "report.json",
                "--token",
                support::TOKEN,
                "--proxy",
                "http://docproof.invalid:3128",
            ],
        ),
        docproof(path, &["replay", "missing.json"]),
    ];
    assert_seen("replay-impossible", &seen.join("\n===== \n"));
}

#[test]
fn snapshots_are_new_then_reviewed_then_held() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let held = ["snapshot::", "--snapshots", "answers"];
    let review = |arguments: &[&str]| {
        let mut all = vec!["snapshots"];
        all.extend(arguments);
        all.extend(["--dir", "answers"]);
        docproof(path, &all)
    };
    let plain = Endpoint::start("");
    let first = run(path, &plain, &held);
    assert!(first.starts_with("exit: 1\n"), "{first}");
    assert!(first.contains("there is no reviewed snapshot"), "{first}");
    let accepted = review(&["accept"]);
    assert!(accepted.starts_with("exit: 0\n"), "{accepted}");
    // The records that the first run left behind, and other ids and times, make no difference.
    let again = run(path, &plain, &held);
    assert!(again.starts_with("exit: 0\n"), "{again}");
    // Nor does another target.
    drop(plain);
    let other = Endpoint::start("");
    let again = run(path, &other, &held);
    assert!(again.starts_with("exit: 0\n"), "{again}");
    drop(other);
    let broken = Endpoint::start("name-65,copy-without-id");
    let differs = run(path, &broken, &held);
    let mut seen = vec![differs, review(&["review"])];
    // What is not accepted stays as it was.
    seen.push(review(&["accept", "CopyInstance"]));
    seen.push(review(&["reject"]));
    seen.push(review(&["review"]));
    assert_seen("snapshots", &seen.join("\n===== \n"));
}

/// The facts that a report's failing findings are about, each with how it is broken.
fn broken(path: &Path) -> BTreeSet<(String, String)> {
    let text = std::fs::read_to_string(path).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let level = report["summary"]["level"].as_str().unwrap();
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding.get("known").is_none())
        .filter(|finding| finding["level"] == "must" || finding["level"] == level)
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            (text("fact"), finding["fingerprint"].to_string())
        })
        .collect()
}

#[rstest]
#[case("name-65", "accepts-any-enum")]
#[case("accepts-any-enum", "name-65")]
#[case("copy-without-id", "description-257")]
#[case("copy-201", "name-dot")]
#[case("instance-optional", "single-accepted")]
fn what_is_new_is_what_the_new_fault_alone_shows(#[case] old: &str, #[case] new: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    // Laws between answers make half of a run, and are not what this is about.
    let few = "--cases 8 --skip ::relation:: --skip ListBackupRecords --report json=report.json";
    let few: Vec<&str> = few.split(' ').collect();
    let alone = Endpoint::start(new);
    run(path, &alone, &few);
    let alone = broken(&path.join("report.json"));
    assert!(!alone.is_empty());
    let before = Endpoint::start(old);
    run(path, &before, &few);
    let known = broken(&path.join("report.json"));
    propose(path);
    finish(&path.join("known-findings.toml"));
    drop(before);
    let both = Endpoint::start(&format!("{old},{new}"));
    let mut arguments = few.clone();
    arguments.extend(["--known-findings", "known-findings.toml"]);
    run(path, &both, &arguments);
    let shown = broken(&path.join("report.json"));
    assert!(shown.is_disjoint(&known), "{shown:?}");
    // A fault may hide another one: what is shown is of the new fault, and some of it is.
    assert!(shown.is_subset(&alone), "{shown:?} {alone:?}");
    assert!(!shown.is_empty());
}

/// The findings of a report about the form of a time, and how many findings fail.
fn times(path: &Path) -> (Vec<serde_json::Value>, usize) {
    let text = std::fs::read_to_string(path).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let all = report["findings"].as_array().unwrap();
    let about =
        |finding: &&serde_json::Value| finding["fact"].as_str().unwrap().contains(".begin_time::");
    (
        all.iter().filter(about).cloned().collect(),
        broken(path).len(),
    )
}

#[rstest]
#[case("rfc1123")]
#[case("months")]
#[case("epoch")]
#[case("number")]
#[case("fraction")]
#[case("id")]
fn what_varies_from_answer_to_answer_is_one_finding_and_stays_accepted(#[case] form: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let report = path.join("report.json");
    let arguments = [OPERATION, "--report", "json=report.json"];
    let endpoint = Endpoint::start(&format!("manual-time={form}"));
    run(path, &endpoint, &arguments);
    let (found, failing) = times(&report);
    assert_eq!((found.len(), failing), (1, 1), "{found:?}");
    assert!(found[0]["seen"].as_u64().unwrap() > 20, "{}", found[0]);
    let examples = found[0]["examples"].as_array().unwrap();
    let distinct: BTreeSet<String> = examples.iter().map(ToString::to_string).collect();
    assert_eq!((examples.len(), distinct.len()), (5, 5), "{}", found[0]);
    let proposed = propose(path);
    assert!(proposed.contains("1 new entry"), "{proposed}");
    finish(&path.join("known-findings.toml"));
    for seed in ["1", "2"] {
        let mut again = arguments.to_vec();
        again.extend(["--known-findings", "known-findings.toml", "--seed", seed]);
        let seen = run(path, &endpoint, &again);
        assert!(seen.starts_with("exit: 0\n"), "{seen}");
        let (found, failing) = times(&report);
        assert_eq!((found.len(), failing), (1, 0), "{found:?}");
    }
}

#[test]
fn laws_that_times_of_another_form_break_are_not_new_the_next_times() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let report = path.join("report.json");
    let arguments = [
        "ListBackupRecords",
        "--cases",
        "8",
        "--report",
        "json=report.json",
    ];
    let endpoint = Endpoint::start("record-time=rfc1123");
    run(path, &endpoint, &arguments);
    let found = broken(&report);
    assert!((1..8).contains(&found.len()), "{found:?}");
    propose(path);
    finish(&path.join("known-findings.toml"));
    for seed in ["1", "2"] {
        let mut again = arguments.to_vec();
        again.extend(["--known-findings", "known-findings.toml", "--seed", seed]);
        let seen = run(path, &endpoint, &again);
        assert!(seen.starts_with("exit: 0\n"), "{seen}");
        assert!(broken(&report).is_empty());
    }
}

#[test]
fn entries_in_words_are_read_with_a_warning_and_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let file = path.join("known-findings.toml");
    let begin = "gaussdb::CreateManualBackup::response-2XX.backup.begin_time::format";
    let written = |day: &str| {
        format!(
            "# {day}\n[[known_findings]]\nfact = \"{begin}\"\nobserved = \"of another form: \\\"{day}, 99 May 9999 99:99:99 GMT\\\"\"\nreason = \"known\"\nowner = \"storage\"\n\n"
        )
    };
    let name = format!(
        "[[known_findings]]\nfact = \"{NAME}maxLength\"\nobserved = \"answered 200\"\nreason = \"old clients\"\n"
    );
    std::fs::write(&file, format!("{}{}{name}", written("Fri"), written("Sat"))).unwrap();
    let endpoint = Endpoint::start("name-65,manual-time=rfc1123");
    let arguments = [
        OPERATION,
        "--known-findings",
        "known-findings.toml",
        "--report",
        "json=report.json",
    ];
    let mut seen = vec![run(path, &endpoint, &arguments)];
    seen.push(propose(path));
    seen.push(std::fs::read_to_string(&file).unwrap());
    // What was renewed accepts the same, without a warning.
    seen.push(run(path, &endpoint, &arguments));
    assert_seen("known-findings-renewed", &seen.join("\n===== \n"));
}
