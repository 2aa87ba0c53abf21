//! A new suite is run in its folder without arguments, and a first run on this machine says how
//! much it writes.

use std::path::Path;

use rstest::rstest;
use serde_json::json;

use crate::doors::{list, list_page, refuse};
use crate::support::small::{Answer, Small};
use crate::support::{Received, Reply, Told, docproof, program, told};

const TOKEN: &str = "t0ken-of-the-first-run";

const CREATES: &str = "---
service: notes
operation: CreateNote
edition: 2025-03-01
---

# Create a note

## URI

`POST /v1/shelves/{shelf_id}/notes`

## Request parameters

Table 1 Path parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| shelf_id | Yes | String | The shelf. |

Table 2 Request header parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| X-Api-Version | Yes | String | The version of the API, such as 2.1. |

Table 3 Request body parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| text | Yes | String | The text.<br>Maximum length: 20 |

## Response parameters

### Status code: 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id of the note. |

## Status codes

| Status code | Description |
|---|---|
| 200 | It is done. |
| 400 | The request is refused. |
";

/// A suite of one page in `shop`.
fn init(folder: &Path, page: &str, more: &[&str]) -> Told {
    std::fs::write(folder.join("page.md"), page).unwrap();
    let mut arguments = vec!["init", "shop", "page.md"];
    arguments.extend(more);
    let made = docproof(folder, arguments);
    assert_eq!(made.code, 0, "{}", made.text());
    made
}

fn bearer() -> String {
    list_page(
        "Every request must carry `Authorization: Bearer <token>`.",
        "",
    )
}

fn notes() -> Answer {
    Box::new(|request: &Received| {
        let path = request.target.split('?').next().unwrap_or_default();
        if path != "/v1/notes" {
            refuse(404, "nothing is here")
        } else if request.method != "GET" {
            refuse(405, "no").with("Allow", "GET")
        } else if request.header("authorization") == Some(&format!("Bearer {TOKEN}")) {
            list(request)
        } else {
            refuse(401, "who are you?")
        }
    })
}

/// A list that is not of texts.
fn list_of_numbers() -> Reply {
    Reply::json(200, &json!({ "notes": [1, 2] }))
}

fn run_in(folder: &Path, arguments: &[&str]) -> Told {
    let mut command = program(folder);
    told(command.args(arguments).env("DOCPROOF_BEARER", TOKEN))
}

#[rstest]
#[case::bearer("bearer", &bearer(), &[])]
#[case::given("endpoint", CREATES, &["--endpoint", "https://notes.example.com/base"])]
fn a_new_suite_has_a_configuration_with_comments(
    #[case] name: &str,
    #[case] page: &str,
    #[case] more: &[&str],
) {
    let folder = tempfile::tempdir().unwrap();
    let made = init(folder.path(), page, more);
    assert!(made.out.contains("shop/docproof.toml: "), "{}", made.out);
    let text = std::fs::read_to_string(folder.path().join("shop/docproof.toml")).unwrap();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(format!("configuration-{name}"), text);
    });
    // What is commented out is right as well.
    let is_key = |line: &str| {
        let line = line.trim_start_matches("# ");
        let (key, _) = line.split_once(" = ")?;
        (!key.contains(' ')).then(|| line.to_owned())
    };
    let mut seen = Vec::new();
    let live: Vec<String> = text
        .lines()
        .filter_map(|line| match is_key(line) {
            Some(live) => {
                let key = live.split(' ').next().unwrap().to_owned();
                let is_new = !seen.contains(&key) && key != "cert" && key != "ca";
                seen.push(key.clone());
                // A resource has to be one of the suite, a credential to be given.
                (is_new && key != "auth").then_some(live)
            }
            None => Some(line.to_owned()),
        })
        .collect();
    let path = folder.path().join("shop/docproof.toml");
    std::fs::write(&path, live.join("\n")).unwrap();
    let seen = run_in(&folder.path().join("shop"), &["targets"]);
    assert_eq!(seen.code, 0, "{}\n{}", seen.text(), live.join("\n"));
}

#[test]
fn a_run_without_arguments_is_of_the_suite_and_its_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    let server = Small::start(notes());
    init(folder.path(), &bearer(), &["--endpoint", &server.url]);
    for place in ["shop", "shop/cases/notes"] {
        let before = server.received().len();
        let ran = run_in(&folder.path().join(place), &["run"]);
        assert_eq!(ran.code, 0, "{}", ran.text());
        assert!(ran.out.contains(&server.url), "{}", ran.text());
        assert!(server.received().len() > before + 20, "{}", ran.text());
    }
    // The suite's own file counts where the suite is named too, and an endpoint takes its place.
    let before = server.received().len();
    let ran = run_in(folder.path(), &["run", "--suite", "shop"]);
    assert!(server.received().len() > before + 20, "{}", ran.text());
    let other = Small::start(notes());
    let before = server.received().len();
    let shop = folder.path().join("shop");
    let ran = run_in(&shop, &["run", "--endpoint", &other.url]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert_eq!(server.received().len(), before, "{}", ran.text());
    assert!(other.received().len() > 20, "{}", ran.text());
    // A page is run by itself, and what else takes a suite takes that of the folder.
    let ran = run_in(&shop, &["run", "../page.md"]);
    assert!(ran.out.contains("embedded mock"), "{}", ran.text());
    let listed = run_in(&shop, &["mock", "--list-faults"]);
    assert!(listed.out.contains("ListNotes"), "{}", listed.text());
    assert!(!listed.out.contains("CopyInstance"), "{}", listed.text());
}

#[rstest]
#[case::all_is_well(&["--bearer", TOKEN], "GET /v1/notes  as documented")]
#[case::no_credential(&[], "none: ")]
#[case::wrong_credential(&["--bearer", "another"], "answers 401")]
fn init_tries_what_only_reads(#[case] more: &[&str], #[case] said: &str) {
    let folder = tempfile::tempdir().unwrap();
    let server = Small::start(notes());
    let arguments = [&["--endpoint", server.url.as_str()], more].concat();
    let made = init(folder.path(), &bearer(), &arguments);
    assert!(made.out.contains("tried, with one request"), "{}", made.out);
    assert!(made.out.contains(said), "{}", made.out);
    let received = server.received();
    assert!(!received.is_empty());
    assert!(received.iter().all(|request| request.method == "GET"));
    // The credential stands in no file.
    let text = std::fs::read_to_string(folder.path().join("shop/docproof.toml")).unwrap();
    assert!(!text.contains(TOKEN), "{text}");
}

#[test]
fn init_says_where_an_endpoint_answers_otherwise_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let server = Small::start(Box::new(|_| list_of_numbers()));
    let arguments = ["--endpoint", &server.url, "--bearer", TOKEN];
    let made = init(folder.path(), &bearer(), &arguments);
    let said = "GET /v1/notes  not as documented: ";
    assert!(made.out.contains(said), "{}", made.out);

    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--endpoint", "http://127.0.0.1:9"];
    let made = init(folder.path(), &bearer(), &arguments);
    assert!(made.out.contains("none: "), "{}", made.out);
    assert!(folder.path().join("shop/docproof.toml").is_file());
}

#[test]
fn init_writes_nothing_for_what_is_no_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), bearer()).unwrap();
    for endpoint in [
        "nowhere",
        "http://127.0.0.1:9/?a=1",
        "notes=http://127.0.0.1:9",
    ] {
        let made = docproof(
            folder.path(),
            ["init", "shop", "page.md", "--endpoint", endpoint],
        );
        assert_eq!(made.code, 2, "{}", made.text());
        assert!(made.err.contains("it takes "), "{}", made.err);
        assert!(!folder.path().join("shop").exists());
    }
}

#[test]
fn without_an_endpoint_the_mock_is_tested() {
    let folder = tempfile::tempdir().unwrap();
    init(folder.path(), &bearer(), &[]);
    let ran = run_in(&folder.path().join("shop"), &["run"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.out.contains("embedded mock"), "{}", ran.text());
    // Who has written the endpoint into the file may take it for tested.
    let told = "note: this run tests the embedded mock: `docproof.toml` has no `default_target`. \
                `--target service` tests";
    assert!(ran.err.contains(told), "{}", ran.err);
    let targets = run_in(&folder.path().join("shop"), &["targets"]);
    let told = "not the `default_target`: a run is against it with `--target service`";
    assert!(targets.out.contains(told), "{}", targets.text());
    let page = run_in(folder.path(), &["run", "page.md"]);
    assert!(!page.err.contains("default_target"), "{}", page.err);
}

#[test]
fn a_run_fetches_the_page_that_it_is_of() {
    let folder = tempfile::tempdir().unwrap();
    let notes = notes();
    let server = Small::start(Box::new(move |request: &Received| {
        if request.target == "/docs/notes" {
            return Reply {
                headers: vec![("content-type".to_owned(), "text/markdown".to_owned())],
                body: bearer().into_bytes(),
                ..Reply::json(200, &json!(null))
            };
        }
        notes(request)
    }));
    let page = format!("{}/docs/notes", server.url);
    let ran = run_in(folder.path(), &["run", &page, "--endpoint", &server.url]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.out.contains("OK: as documented"), "{}", ran.text());
}

#[rstest]
#[case::transposed("rnu", "'run'")]
#[case::left_out("slftest", "'selftest'")]
fn a_misspelt_command_is_told_the_one_that_is_meant(#[case] given: &str, #[case] meant: &str) {
    let told = docproof(Path::new("."), [given]);
    assert_eq!(told.code, 2, "{}", told.text());
    let tip = format!("a similar subcommand exists: {meant}");
    assert!(told.err.contains(&tip), "{}", told.err);
}

#[test]
fn a_file_that_is_there_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let own = "# mine\n[target.mine]\nendpoint = \"http://127.0.0.1:9\"\n";
    std::fs::write(folder.path().join("docproof.toml"), own).unwrap();
    let made = init(folder.path(), &bearer(), &[]);
    assert!(made.out.contains("is left as it is"), "{}", made.out);
    let text = std::fs::read_to_string(folder.path().join("docproof.toml")).unwrap();
    assert_eq!(text, own);
    assert!(!folder.path().join("shop/docproof.toml").exists());
}

#[rstest]
#[case::no_such_target(
    "default_target = \"a\"\n[target.b]\nendpoint = \"http://x\"\n",
    "there is no `[target.a]`"
)]
#[case::no_such_suite("suite = \"nowhere\"\n", "nowhere")]
#[case::no_text("suite = 7\n", "suite")]
fn a_wrong_file_is_said(#[case] text: &str, #[case] said: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("docproof.toml"), text).unwrap();
    let ran = run_in(folder.path(), &["run"]);
    assert_eq!(ran.code, 2, "{}", ran.text());
    assert!(ran.text().contains(said), "{}", ran.text());
}

#[test]
fn a_run_that_nobody_allowed_to_write_says_how_much_it_writes() {
    let folder = tempfile::tempdir().unwrap();
    init(folder.path(), CREATES, &[]);
    let server = Small::start(Box::new(|_| refuse(400, "no")));
    let run = |more: &[&str]| {
        let mut arguments = vec!["run", "--suite", "shop", "--endpoint", &server.url];
        arguments.extend(["--set", "notes.shelf_id=s1"]);
        arguments.extend(more);
        run_in(folder.path(), &arguments).err
    };
    let said = run(&[]);
    assert!(said.contains("this run writes: at least "), "{said}");
    assert!(said.contains("--mode read-only"), "{said}");
    for more in [
        ["--mode", "full"],
        ["--mode", "sandbox"],
        ["--mode", "read-only"],
    ] {
        let said = run(&more);
        assert!(!said.contains("this run writes"), "{said}");
    }
    let plain = tempfile::tempdir().unwrap();
    let reading = Small::start(notes());
    init(plain.path(), &bearer(), &["--endpoint", &reading.url]);
    let ran = run_in(plain.path(), &["run", "--suite", "shop", "query"]);
    assert!(!ran.err.contains("this run writes"), "{}", ran.err);
}

#[rstest]
#[case::postman(
    "api.json",
    r#"{"info": {"schema": "https://schema.getpostman.com/x"}, "item": []}"#,
    "a Postman collection"
)]
#[case::raml("api.raml", "#%RAML 1.0\ntitle: Tasks\n", "a RAML document")]
#[case::proto("api.proto", "syntax = \"proto3\";\n", "gRPC")]
fn a_format_that_is_not_read_is_named(#[case] name: &str, #[case] text: &str, #[case] what: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    for command in ["run", "lint", "mock"] {
        let ran = run_in(folder.path(), &[command, name]);
        assert_eq!(ran.code, 2, "{command}: {}", ran.text());
        assert!(ran.err.contains(what), "{command}: {}", ran.err);
        assert!(ran.err.contains("hint:"), "{command}: {}", ran.err);
    }
}

#[rstest]
#[case::without_a_suite("", true)]
#[case::beside_a_suite("suite = \"shop\"\n", false)]
fn a_folder_of_pages_is_run_by_its_name(#[case] settings: &str, #[case] is_run: bool) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    init(folder, CREATES, &[]);
    std::fs::remove_file(folder.join("docproof.toml")).ok();
    if !settings.is_empty() {
        std::fs::write(folder.join("docproof.toml"), settings).unwrap();
    }
    std::fs::create_dir(folder.join("docs")).unwrap();
    std::fs::write(folder.join("docs/create.md"), CREATES).unwrap();
    let ran = run_in(folder, &["run", "docs", "--list"]);
    let lists = ran.out.contains("CreateNote::");
    assert_eq!(lists, is_run, "{}", ran.text());
    if !is_run {
        let ran = run_in(folder, &["run", "docs"]);
        assert!(ran.err.contains("`./docs` runs what"), "{}", ran.text());
    }
}
