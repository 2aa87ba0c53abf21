//! The whole program from outside: exit code, standard output and standard error together, as
//! snapshots.

use std::path::Path;

use rstest::rstest;

use crate::support;

use crate::support::Endpoint;

/// Runs `docproof` in a folder and renders what a person would see.
fn docproof(folder: &Path, arguments: &[&str]) -> String {
    support::docproof(folder, arguments).seen()
}

/// Snapshots with what changes from run to run replaced.
fn assert_seen(name: &str, seen: &str) {
    insta::with_settings!({
        filters => vec![
            (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
            (r"in \d+\.\d+ ?s", "in [time]"),
            (r"\d+ requests", "[n] requests"),
            (r"\d+ filtered out", "[n] filtered out"),
        ],
        omit_expression => true,
        prepend_module_to_snapshot => false,
    }, { insta::assert_snapshot!(name, seen) });
}

#[test]
fn a_wrong_flag_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    assert_seen(
        "wrong-flag",
        &docproof(folder.path(), &["run", "--endpont", "http://x"]),
    );
}

#[test]
fn a_dead_endpoint_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    // Nothing listens on port 9 of the loopback interface.
    let arguments = [
        "run",
        "--endpoint",
        "http://127.0.0.1:9",
        "--set",
        "project_id=p",
        "--set",
        "dcs.instance_id=i",
    ];
    let seen = docproof(folder.path(), &arguments);
    assert!(seen.starts_with("exit: 3\n"), "{seen}");
    assert!(seen.contains("cannot reach http://127.0.0.1:9"), "{seen}");
    assert!(seen.contains("hint: "), "{seen}");
}

#[test]
fn an_endpoint_that_refuses_the_credential_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    let mut arguments: Vec<String> = vec!["run".to_owned()];
    arguments.extend(endpoint.arguments());
    let arguments: Vec<&str> = arguments
        .iter()
        .map(|text| {
            if text == support::TOKEN {
                "another-token"
            } else {
                text.as_str()
            }
        })
        .collect();
    assert_seen("refused-credential", &docproof(folder.path(), &arguments));
}

#[test]
fn arguments_that_make_no_sense_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [&[&str]; 11] = [
        &["run", "--endpoint", "localhost:80"],
        &["run", "--endpoint", "http://user:secret@localhost"],
        &["run", "--endpoint", "http://localhost/?x=1"],
        &["run", "--rate", "-1"],
        &["run", "--list", "--plan"],
        &["run", "--endpoint", "dsc=http://localhost"],
        &["run", "--set", "instance_id=x"],
        &["run", "--set", "project_id"],
        &["run", "--report", "json=missing/folder/report.json"],
        &["run", "--report", "pdf=report.pdf"],
        &["run", "--timeout", "0"],
    ];
    let seen: Vec<String> = cases
        .iter()
        .map(|arguments| {
            format!(
                "$ docproof {}\n{}",
                arguments.join(" "),
                docproof(folder.path(), arguments)
            )
        })
        .collect();
    assert_seen("senseless-arguments", &seen.join("\n"));
}

#[test]
fn pages_that_cannot_be_read_are_named_with_the_reason_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("empty.md", b"");
    write("binary.md", b"\x7fELF\x02\x01\x00\xff\xfe");
    write("letter.md", b"# Dear reader\n\nThis is a letter.\n");
    std::fs::create_dir(folder.path().join("nothing")).unwrap();
    let mut seen = Vec::new();
    for page in [
        "empty.md",
        "binary.md",
        "letter.md",
        "nothing",
        "missing.md",
    ] {
        seen.push(format!(
            "$ docproof derive {page} --out out\n{}",
            docproof(folder.path(), &["derive", page, "--out", "out"])
        ));
    }
    assert_seen("unreadable-pages", &seen.join("\n"));
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_finding_names_the_row_what_was_seen_and_a_curl_line() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("name-65");
    // One at a time: the order of the dots is part of what is seen.
    let arguments = ["request.name::maxLength", "-j", "1", "--format", "terse"];
    let seen = support::run(folder.path(), &endpoint, arguments).seen();
    assert_seen("finding", &seen);
}

#[test]
fn a_service_without_endpoint_and_a_trial_without_resource_are_skipped_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    let url = format!("dcs={}", endpoint.url());
    let arguments = [
        "run",
        "::example",
        "--endpoint",
        &url,
        "--token",
        support::TOKEN,
        "--set",
        &format!("project_id={}", support::PROJECT),
        "--set",
        &format!("dcs.instance_id={}", support::INSTANCE),
    ];
    let seen = docproof(folder.path(), &arguments);
    assert!(seen.contains("no endpoint for `gaussdb`"), "{seen}");
    let arguments = [
        "run",
        "::request::example",
        "--endpoint",
        endpoint.url(),
        "--token",
        support::TOKEN,
        "--set",
        "project_id=p",
    ];
    let seen = docproof(folder.path(), &arguments);
    assert!(
        seen.contains("no resource `dcs.instance_id`: give `--set dcs.instance_id=VALUE`"),
        "{seen}"
    );
    assert!(seen.starts_with("exit: 4\n"), "{seen}");
}

#[test]
fn derive_check_tells_a_changed_file() {
    let folder = tempfile::tempdir().unwrap();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let cases = cases.to_str().unwrap();
    assert!(
        docproof(folder.path(), &["derive", cases, "--out", "schemas"]).starts_with("exit: 0\n")
    );
    assert!(
        docproof(
            folder.path(),
            &["derive", cases, "--out", "schemas", "--check"]
        )
        .starts_with("exit: 0\n")
    );
    let changed = folder.path().join("schemas/dcs/CopyInstance/request.json");
    std::fs::write(&changed, "{}\n").unwrap();
    assert_seen(
        "derive-check",
        &docproof(
            folder.path(),
            &["derive", cases, "--out", "schemas", "--check"],
        ),
    );
}

const PAGE: &str = "# Listing things\n\n## URI\n\nGET /v1/things\n\nTable 1 Query parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| state | No | String | The state.<br>Enumeration values:<br>- on<br>- off |\n\n## Response parameters\n\nStatus code: 200\n\nTable 2 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| count | Integer | How many. |\n\nStatus code: 400\n\nTable 3 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| error_code | String | The code. |\n";

/// Derives a suite from the page.
fn derive_suite(folder: &Path) {
    std::fs::write(folder.join("list-things.md"), PAGE).unwrap();
    let arguments = [
        "derive",
        "list-things.md",
        "--service",
        "things",
        "--out",
        "suite/schemas",
    ];
    assert!(docproof(folder, &arguments).starts_with("exit: 0\n"));
}

#[test]
fn a_derived_folder_is_a_suite() {
    let folder = tempfile::tempdir().unwrap();
    derive_suite(folder.path());
    assert_seen(
        "derived-suite",
        &docproof(folder.path(), &["run", "--suite", "suite", "-j", "1"]),
    );
}

#[test]
fn a_suite_that_is_wrong_is_told_by_line_with_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    derive_suite(folder.path());
    let cases = folder.path().join("suite/cases/things");
    std::fs::create_dir_all(&cases).unwrap();
    let run = || docproof(folder.path(), &["run", "--suite", "suite"]);
    let mut all = String::new();
    for text in [
        "bindigns = 1",
        "[operations.ListThings]\n\nbnd = {}",
        "[operations.ListThings]\nbind = 5",
        "[operations.ListThing]\nbind = {}",
        "[operations.ListThings]\nbind = { \"query.stat\" = \"things.state\" }",
        "[[relations]]\nkind = \"paginaton\"",
        "[[relations]]\nkind = \"echo\"\noperation = \"ListThings\"\nsame = {}\ncreatd = \"/id\"",
        "[[relations]]\nkind = \"echo\"\nsame = {}",
        "[[relations]]\nkind = \"echo\"\noperation = \"ListThing\"\nsame = {}",
        "[operations",
    ] {
        std::fs::write(cases.join("bindings.toml"), text).unwrap();
        all.push_str(&format!("{text}\n--\n{}\n=====\n", run()));
    }
    std::fs::write(cases.join("bindings.toml"), "").unwrap();
    let document = folder.path().join("suite/schemas/things/openapi.json");
    std::fs::write(&document, "{").unwrap();
    all.push_str(&run());
    std::fs::remove_file(&document).unwrap();
    all.push_str(&run());
    assert_seen("wrong-suites", &all);
}

#[test]
fn a_port_in_use_is_an_error_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let seen = docproof(folder.path(), &["mock", "--port", &port]);
    assert!(
        seen.starts_with("exit: 2\n") && seen.contains("is in use"),
        "{seen}"
    );
}

#[test]
fn a_reader_that_goes_away_ends_the_program_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = support::program(folder.path())
        .args(["run", "--list"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn what_is_not_there_is_said_before_the_first_request() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let endpoint = Endpoint::start("");
    let url = endpoint.url();
    let cases: [&[&str]; 7] = [
        &["run", "nosuchtrial"],
        &["run", "CopyInstnce", "minlength"],
        &["run", "--exact", "CopyInstance"],
        &["run", "--plan", "nosuchtrial"],
        &["run", "--snapshots", "file"],
        &["run", "--snapshots", "file/below", "snapshot::"],
        &["export", "nosuch"],
    ];
    let seen: Vec<String> = cases
        .iter()
        .map(|&arguments| {
            let told = if arguments.first() == Some(&"run") {
                let more = [arguments, &["--endpoint", url, "--set", "project_id=p"][..]];
                docproof(folder.path(), &more.concat())
            } else {
                docproof(folder.path(), arguments)
            };
            format!("$ docproof {}\n{told}", arguments.join(" "))
        })
        .collect();
    // The preflight of a run would be a request too.
    assert!(endpoint.received().is_empty());
    assert_seen("not-there", &seen.join("\n"));
}

#[test]
fn a_folder_of_snapshots_is_made_where_there_is_none_and_listing_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("new/answers");
    let arguments = ["run", "snapshot::auth", "--snapshots", "new/answers"];
    docproof(folder.path(), &[&arguments[..], &["--plan"]].concat());
    docproof(folder.path(), &[&arguments[..], &["--list"]].concat());
    assert!(!place.exists());
    docproof(folder.path(), &arguments);
    let names: Vec<_> = std::fs::read_dir(&place)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(!names.is_empty());
    assert!(
        names.iter().all(|name| name.ends_with(".snap.new")),
        "{names:?}"
    );
}

/// What a run says that its budget cut short: the exit code, how many trials were not run, and
/// everything.
fn cut_short(folder: &Path, arguments: &[&str]) -> (i32, usize, String) {
    let told = support::docproof(folder, arguments);
    let text = told.text();
    assert!(
        text.contains("ended early: the budget of 400ms was used up"),
        "{text}"
    );
    let (_, rest) = text.split_once("\nnot run   ").unwrap();
    let (count, rest) = rest.split_once(" trial").unwrap();
    // They are named.
    assert!(rest.contains("gaussdb::CreateManualBackup::"), "{text}");
    (told.code, count.parse().unwrap(), text)
}

#[test]
fn a_run_that_its_budget_cuts_short_says_which_trials_were_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let run = |url: &str, more: &[&str]| {
        let instance = format!("gaussdb.instance_id={}", support::DATABASE);
        let project = format!("project_id={}", support::PROJECT);
        let mut all = vec!["run", "--endpoint", url, "--token", support::TOKEN];
        all.extend(["--set", &project, "--set", &instance, "-j", "1"]);
        all.extend(["--budget", "0.4", "--rate", "8"]);
        all.extend(more);
        cut_short(folder.path(), &all)
    };
    // What was tried was as documented: so says the exit code, and the coverage says how much that
    // was.
    let endpoint = Endpoint::start("");
    let (code, count, text) = run(endpoint.url(), &["CreateManualBackup"]);
    assert_eq!(code, 0, "{text}");
    assert!(count > 40, "{text}");
    let (code, _, text) = run(
        endpoint.url(),
        &["CreateManualBackup", "--min-coverage", "90"],
    );
    assert_eq!(code, 1, "{text}");
    // Nothing was gone through: the first trial needs more requests than there is time for.
    let (code, _, text) = run(endpoint.url(), &["request.name::pattern"]);
    assert_eq!(code, 4, "{text}");
    // What was found until then counts.
    let broken = support::Recorder::start(|_| (500, serde_json::json!({})));
    let (code, _, text) = run(broken.url(), &["CreateManualBackup::request"]);
    assert_eq!(code, 1, "{text}");
}

#[rstest]
#[case::one("1", 1, "a trial failed, and no more was asked for")]
#[case::three("3", 3, "3 trials failed, and no more was asked for")]
fn a_run_ends_after_as_many_failures_as_are_asked_for(
    #[case] most: &str,
    #[case] number: u64,
    #[case] why: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let broken = support::Recorder::start(|_| (500, serde_json::json!({})));
    let arguments = ["run", "--endpoint", broken.url(), "--token", support::TOKEN];
    let instance = format!("gaussdb.instance_id={}", support::DATABASE);
    let project = format!("project_id={}", support::PROJECT);
    let more = ["--set", &project, "--set", &instance, "-j", "1"];
    let chosen = ["--max-failures", most, "--report", "json=report.json"];
    let told = support::docproof(
        folder.path(),
        [&arguments[..], &more, &chosen, &["CreateManualBackup"]].concat(),
    );
    assert_eq!(told.code, 1, "{}", told.text());
    let ended = format!("(ended early: {why})");
    assert!(told.text().contains(&ended), "{}", told.text());
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    // What has one cause with another failure is told with it.
    let failed = report["summary"]["failed"].as_u64().unwrap();
    assert!((1..=number).contains(&failed), "{}", told.text());
    assert!(report["summary"]["requests"].as_u64().unwrap() < 20);
    assert_eq!(report["configuration"]["max_failures"], number);
}

#[test]
fn a_run_without_a_failure_is_not_ended_by_the_number_that_may_fail() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["run", "--max-failures", "1", "ListBackupRecords::query"];
    let told = support::docproof(folder.path(), arguments);
    assert_eq!(told.code, 0, "{}", told.text());
    assert!(!told.text().contains("ended early"), "{}", told.text());
}

/// How many trials a plan tells of.
fn planned(text: &str) -> usize {
    text.lines()
        .filter_map(|line| line.split_once(": ")?.1.split_once(" trials: "))
        .map(|(count, _)| count.parse::<usize>().unwrap())
        .sum()
}

#[test]
fn a_plan_is_of_the_trials_that_would_be_run() {
    let folder = tempfile::tempdir().unwrap();
    let plan = |more: &[&str]| {
        let told = support::docproof(folder.path(), [&["run", "--plan"][..], more].concat());
        assert_eq!(told.code, 0, "{told:?}");
        told.out
    };
    let whole = planned(&plan(&[]));
    assert!(whole > 200, "{whole}");
    let parts = ["1/3", "2/3", "3/3"].map(|part| planned(&plan(&["--partition", part])));
    assert!(parts.iter().all(|part| *part > 20), "{parts:?}");
    assert_eq!(parts.iter().sum::<usize>(), whole);
    let some = plan(&["request.name::", "--skip", "pattern"]);
    assert_eq!(planned(&some), 8, "{some}");
    assert!(!some.contains("dcs::"), "{some}");
}
