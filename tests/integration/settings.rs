//! `docproof.toml` from outside: what a run would use and where that comes from, and what is said
//! of a file that is wrong.

use crate::support;
use std::path::Path;

use crate::support::Endpoint;
use rstest::rstest;
use serde_json::Value;

/// Runs `docproof` in a folder with nothing of ours in the environment but these variables.
fn docproof(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = support::program(folder);
    support::told(command.args(arguments).envs(variables.iter().copied())).seen()
}

fn assert_seen(name: &str, seen: &str) {
    insta::with_settings!({
        filters => vec![(r"127\.0\.0\.1:\d+", "127.0.0.1:[port]")],
        omit_expression => true,
        prepend_module_to_snapshot => false,
    }, { insta::assert_snapshot!(name, seen) });
}

const FILE: &str = r#"[target.staging]
endpoint = { dcs = "https://dcs.example.com", gaussdb = "https://gaussdb.example.com:8443/base" }
project = "0483b6b16e954cb88930a360d2c4e663"
resources = { "dcs.instance_id" = "5560df16-cebf-4473-95c4-d1b573c16e79" }
auth = { ak_env = "STAGING_AK", sk_env = "STAGING_SK", security_token_env = "STAGING_TEMPORARY" }
mode = "sandbox"
max_writes = 20
rate = 2.5
timeout = "1500ms"
budget = "10m"

[target.minted]
endpoint = "http://127.0.0.1:9"
auth.token_command = ["mint-a-token", "--for", "s3cret-argument"]
resources.gaussdb.instance_id = "7e01ac5ac5274957ba506f3851d11d51in14"
jobs = 4
level = "must"
max_response_time = "2s"
cases = 8
seed = 7
"#;

const KEYS: [(&str, &str); 3] = [
    ("STAGING_AK", "AKISNOTSHOWN"),
    ("STAGING_SK", "sk-is-not-shown"),
    ("STAGING_TEMPORARY", "temporary-is-not-shown"),
];

#[test]
fn targets_are_shown_with_where_each_value_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("docproof.toml"), FILE).unwrap();
    let seen = docproof(folder.path(), &["targets"], &KEYS);
    for (_, secret) in KEYS.into_iter().chain([("", "s3cret-argument")]) {
        assert!(!seen.contains(secret), "{seen}");
    }
    assert_seen("targets", &seen);
}

#[test]
fn options_stand_above_the_environment_and_that_above_the_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("docproof.toml"), FILE).unwrap();
    let variables = [
        ("DOCPROOF_TARGET", "staging"),
        ("DOCPROOF_ENDPOINT", "https://environment.example.com"),
        ("DOCPROOF_RATE", "9"),
        ("DOCPROOF_TOKEN", "token-is-not-shown"),
    ];
    let mut seen = docproof(folder.path(), &["targets"], &variables);
    seen.push_str("\n=====\n");
    let more = [
        "targets",
        "--endpoint",
        "dcs=http://127.0.0.1:9",
        "--set",
        "project_id=p",
    ];
    seen.push_str(&docproof(folder.path(), &more, &variables));
    assert!(!seen.contains("is-not-shown"), "{seen}");
    assert_seen("targets-precedence", &seen);
}

#[test]
fn what_the_command_line_connects_with_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let authority = support::wire::Authority::new("a test");
    let issued = authority.issue(&["localhost"]);
    let own = issued.certificate + &issued.key;
    std::fs::write(folder.path().join("ca.pem"), authority.pem).unwrap();
    std::fs::write(folder.path().join("own.pem"), own).unwrap();
    std::fs::write(folder.path().join("docproof.toml"), FILE).unwrap();
    let given = ["--ca", "ca.pem", "--cert", "own.pem", "--insecure"];
    let all = ["targets", "--target", "minted"];
    let seen = docproof(folder.path(), &[&all[..], &given].concat(), &KEYS);
    let lines: Vec<Vec<&str>> = seen
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    for line in [
        ["ca", "ca.pem", "--ca"],
        ["cert", "own.pem", "--cert"],
        ["key", "none", "default"],
        ["insecure", "yes", "--insecure"],
    ] {
        assert!(lines.iter().any(|own| *own == line), "{line:?}: {seen}");
    }
}

#[test]
fn a_variable_that_is_not_set_is_named_and_nothing_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("docproof.toml"), FILE).unwrap();
    let other = [
        ("CLOUD_SDK_AK", "AKISNOTSHOWN"),
        ("CLOUD_SDK_SK", "sk-is-not-shown"),
    ];
    let mut seen = docproof(folder.path(), &["run", "--target", "staging"], &other);
    seen.push_str("\n=====\n");
    seen.push_str(&docproof(
        folder.path(),
        &["targets", "--target", "staging"],
        &other,
    ));
    assert!(
        !seen.contains("NOTSHOWN") && !seen.contains("not-shown"),
        "{seen}"
    );
    assert_seen("targets-unset-variable", &seen);
}

/// Files that are wrong, each in one way.
const WRONG: [&str; 31] = [
    "[target.a",
    "[target.a]\nendpoint = http://x",
    "x = 1",
    "[targets.a]\nendpoint = \"http://x\"",
    "target = 1",
    "[target.a]",
    "[target.a]\n\nendpont = \"http://x\"",
    "[target.a]\nendpoint = 5",
    "[target.a]\nendpoint = \"example.com\"",
    "[target.a]\nendpoint = \"https://user:s3cret@example.com\"",
    "[target.a]\nendpoint = { dcs = \"http://x\", gausdb = \"http://y\" }",
    "[target.a]\nendpoint = \"http://x\"\nmode = \"sandbx\"",
    "[target.a]\nendpoint = \"http://x\"\nmode = true",
    "[target.a]\nendpoint = \"http://x\"\ntimeout = -1",
    "[target.a]\nendpoint = \"http://x\"\nbudget = \"soon\"",
    "[target.a]\nendpoint = \"http://x\"\nrate = \"fast\"",
    "[target.a]\nendpoint = \"http://x\"\njobs = 0",
    "[target.a]\nendpoint = \"http://x\"\nproject = \"\"",
    "[target.a]\nendpoint = \"http://x\"\nresources = { \"dcs.instnce_id\" = \"i\" }",
    "[target.a]\nendpoint = \"http://x\"\nresources = { \"dcs.instance_id\" = 5 }",
    "[target.a]\nendpoint = \"http://x\"\ntoken = \"s3cret\"",
    "[target.a]\nendpoint = \"http://x\"\ntoken_env = \"T\"",
    "[target.a]\nendpoint = \"http://x\"\nauth = { sk = \"s3cret\" }",
    "[target.a]\nendpoint = \"http://x\"\nauth = { ak_env = \"A\" }",
    "[target.a]\nendpoint = \"http://x\"\nauth = { token_env = \"T\", token_command = [\"mint\"] }",
    "[target.a]\nendpoint = \"http://x\"\nauth = { token_command = \"mint --now\" }",
    "[target.a]\nendpoint = {}",
    "[target.a]\nendpoint = \"http://x\"\ncases = 0",
    "[target.a]\nendpoint = \"http://x\"\nauth = { token_env = \"s3cret-s3cret-s3cret-s3cret\" }",
    "[target.a]\nendpnt = \"http://x\"\nseed = -1\n[target.b]\n[target.c]\nendpoint = \"http://x\"\nauth.sk_env = \"B\"",
    "[target.a]\nendpoint = \"http://x\"\nproxy = \"http://user:s3cret@127.0.0.1:1\"",
];

#[test]
fn a_file_that_is_wrong_is_told_by_line_with_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = String::new();
    for text in WRONG {
        std::fs::write(folder.path().join("docproof.toml"), text).unwrap();
        let seen = docproof(folder.path(), &["run", "--target", "a"], &[]);
        let said = seen.split("----- stderr\n").nth(1).unwrap();
        assert!(seen.starts_with("exit: 2\n"), "{text}: {seen}");
        assert!(said.contains("`docproof.toml`, line "), "{text}: {seen}");
        assert!(
            said.contains("\nhint: ") && !said.contains("s3cret"),
            "{seen}"
        );
        all.push_str(&format!("{text}\n--\n{said}\n=====\n"));
    }
    assert_seen("wrong-files", &all);
}

#[test]
fn a_target_that_is_not_there_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = docproof(folder.path(), &["run", "--target", "a"], &[]);
    all.push_str(&docproof(
        folder.path(),
        &["run", "--config", "other.toml"],
        &[],
    ));
    std::fs::write(folder.path().join("docproof.toml"), FILE).unwrap();
    all.push_str(&docproof(
        folder.path(),
        &["run", "--target", "stagin"],
        &[],
    ));
    assert_seen("missing-target", &all);
}

#[test]
fn a_run_takes_what_the_target_says_and_an_option_stands_above_it() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    let file = format!(
        "[target.here]\nendpoint = \"{}\"\nproject = \"{}\"\nauth.token_env = \"HERE\"\ntimeout = 7\ncases = 3\n[target.here.resources]\n\"dcs.instance_id\" = \"{}\"\n",
        endpoint.url(),
        support::PROJECT,
        support::INSTANCE
    );
    std::fs::write(folder.path().join("here.toml"), file).unwrap();
    let arguments = [
        "run",
        "--config",
        "here.toml",
        "--target",
        "here",
        "--cases",
        "5",
        "--rate",
        "900",
        "--budget",
        "60",
        "--report",
        "json=report.json",
        "ListBackupRecords",
    ];
    let seen = docproof(folder.path(), &arguments, &[("HERE", support::TOKEN)]);
    assert!(seen.starts_with("exit: 0\n"), "{seen}");
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    assert!(!report.contains(support::TOKEN) && !seen.contains(support::TOKEN));
    let report: Value = serde_json::from_str(&report).unwrap();
    let configuration = &report["configuration"];
    assert_eq!(configuration["target"], "here");
    assert_eq!(configuration["timeout_s"], 7.0);
    assert_eq!(configuration["cases"], 5);
    assert_eq!(configuration["rate"], 900.0);
    assert_eq!(configuration["budget_s"], 60.0);
    assert_eq!(configuration["max_writes"], 100);
    assert!(report["summary"]["passed"].as_u64().unwrap() > 50, "{seen}");
}

#[test]
fn the_file_of_a_folder_above_is_found() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("docproof.toml"), FILE).unwrap();
    let below = folder.path().join("a").join("b");
    std::fs::create_dir_all(&below).unwrap();
    let seen = docproof(&below, &["targets"], &KEYS);
    assert!(
        seen.contains("staging") && seen.contains("minted"),
        "{seen}"
    );
    let nearer = "[target.near]\nendpoint = \"http://127.0.0.1:9\"\n";
    std::fs::write(folder.path().join("a").join("docproof.toml"), nearer).unwrap();
    let seen = docproof(&below, &["targets"], &[]);
    assert!(seen.contains("near") && !seen.contains("staging"), "{seen}");
}

/// The file's schema and the program have to agree on what is right.
#[rstest]
#[case::all_keys(FILE, true)]
#[case::nothing("", true)]
#[case::one("[target.a]\nendpoint = \"http://x\"", true)]
#[case::seconds(
    "[target.a]\nendpoint = \"http://x\"\ntimeout = 1.5\nbudget = 60",
    true
)]
#[case::no_endpoint(WRONG[5], false)]
#[case::misspelt(WRONG[6], false)]
#[case::number(WRONG[7], false)]
#[case::no_url(WRONG[8], false)]
#[case::user(WRONG[9], false)]
#[case::word(WRONG[11], false)]
#[case::negative(WRONG[13], false)]
#[case::no_duration(WRONG[14], false)]
#[case::no_number(WRONG[15], false)]
#[case::zero(WRONG[16], false)]
#[case::empty(WRONG[17], false)]
#[case::resource(WRONG[19], false)]
#[case::secret(WRONG[20], false)]
#[case::elsewhere(WRONG[21], false)]
#[case::half_a_pair(WRONG[23], false)]
#[case::two_credentials(WRONG[24], false)]
#[case::shell(WRONG[25], false)]
#[case::no_url_at_all(WRONG[26], false)]
#[case::no_case(WRONG[27], false)]
#[case::no_variable(WRONG[28], false)]
#[case::several(WRONG[29], false)]
#[case::user_of_a_proxy(WRONG[30], false)]
fn the_files_schema_and_the_program_agree(#[case] text: &str, #[case] right: bool) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("docproof.toml"), text).unwrap();
    let seen = docproof(folder.path(), &["targets"], &KEYS);
    assert_eq!(seen.starts_with("exit: 0\n"), right, "{seen}");
    let printed = docproof(folder.path(), &["targets", "--schema"], &[]);
    let schema = printed
        .split("----- stdout\n")
        .nth(1)
        .and_then(|rest| rest.split("----- stderr").next())
        .unwrap();
    let schema: Value = serde_json::from_str(schema).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let value = serde_json::to_value(table).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors.is_empty(), right, "{errors:?}");
}

#[test]
fn a_run_that_could_send_nothing_says_which_resources_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    let mut all = docproof(folder.path(), &["run", "--endpoint", endpoint.url()], &[]);
    let arguments = ["run", "--endpoint", endpoint.url(), "gaussdb::"];
    all.push_str(&docproof(folder.path(), &arguments, &[]));
    assert!(endpoint.received().is_empty());
    assert_seen("missing-resources", &all);
}

#[test]
fn a_variable_that_cannot_be_read_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = String::new();
    for (name, value) in [
        ("DOCPROOF_MODE", "fast"),
        ("DOCPROOF_LEVEL", "high"),
        ("DOCPROOF_CASES", "many"),
        ("DOCPROOF_TIMEOUT", "0"),
        ("DOCPROOF_RATE", "fast"),
        ("DOCPROOF_BUDGET", "10m"),
        ("DOCPROOF_MAX_WRITES", "-1"),
        ("DOCPROOF_PARTITION", "5/4"),
        ("DOCPROOF_JOBS", "0"),
        ("DOCPROOF_ENDPOINT", "localhost:80"),
        ("DOCPROOF_CONFIG", "nowhere.toml"),
        ("DOCPROOF_TARGET", "nobody"),
    ] {
        let seen = docproof(folder.path(), &["run"], &[(name, value)]);
        assert!(seen.starts_with("exit: 2\n"), "{seen}");
        all.push_str(&format!("$ {name}={value} docproof run\n{seen}\n"));
    }
    // What stands on the command line is not blamed on the environment, though it says the same.
    let same = [("DOCPROOF_MODE", "fast")];
    let seen = docproof(folder.path(), &["run", "--mode", "fast"], &same);
    all.push_str(&format!(
        "$ DOCPROOF_MODE=fast docproof run --mode fast\n{seen}"
    ));
    assert_seen("wrong-variables", &all);
}
