//! `lint`, `diff`, `export` and `init` from outside, on the pages of a made-up shop; and pages that
//! are fetched.

use crate::support;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::{Value, json};

/// What `diff` says where nothing differs.
const UNCHANGED: &str = "no change\ntrials: 0 added, 0 changed, 0 dropped\n";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Runs `docproof` in a folder: its exit code and what it writes.
fn docproof(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let told = told(folder, arguments);
    (told.code, told.out, told.err)
}

fn seen(folder: &Path, arguments: &[&str]) -> String {
    told(folder, arguments).seen()
}

fn told(folder: &Path, arguments: &[&str]) -> support::Told {
    let mut command = support::program(folder);
    // Proxies of the environment are not used: with this one nothing would be reached.
    for proxy in ["http_proxy", "HTTP_PROXY", "ALL_PROXY"] {
        command.env(proxy, "http://127.0.0.1:9");
    }
    support::told(command.env("COLUMNS", "100").args(arguments))
}

fn assert_seen(name: &str, seen: &str) {
    insta::with_settings!({
        filters => vec![
            (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
            (r#""version": "\d+\.\d+\.\d+""#, r#""version": "[version]""#),
        ],
        omit_expression => true,
        prepend_module_to_snapshot => false,
    }, { insta::assert_snapshot!(name, seen) });
}

#[rstest]
#[case("text")]
#[case("json")]
#[case("sarif")]
#[case("github")]
fn lint_finds_each_mistake_of_a_page(#[case] format: &str) {
    let arguments = [
        "lint",
        "orders/faulty",
        "--level",
        "may",
        "--format",
        format,
    ];
    assert_seen(&format!("lint-{format}"), &seen(&fixtures(), &arguments));
}

#[test]
fn lint_is_silent_below_its_level_and_on_pages_without_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, _) = docproof(&fixtures(), &["lint", "orders/old"]);
    assert_eq!((code, out.as_str()), (0, "nothing to mend in 1 page\n"));
    let introduction = folder.path().join("docs");
    std::fs::create_dir(&introduction).unwrap();
    std::fs::write(introduction.join("about.md"), "# About\n\nA shop.\n").unwrap();
    std::fs::copy(
        fixtures().join("orders/old/create-order.md"),
        introduction.join("create-order.md"),
    )
    .unwrap();
    // What a folder holds beside API pages is said and passed over; a page that is named is meant.
    assert_seen("lint-introduction", &seen(folder.path(), &["lint", "docs"]));
    let (code, _, err) = docproof(folder.path(), &["lint", "docs/about.md"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("is not an API page"), "{err}");
}

#[test]
fn what_is_not_read_of_a_folder_is_told_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    std::fs::create_dir_all(docs.join("deep/.hidden")).unwrap();
    let operation = "# Jobs\n\n```\nGET /v1/jobs\n```\n\n### Status code: 204\n\nNothing.\n";
    for (name, text) in [
        ("jobs.mdx", operation.to_owned()),
        ("deep/tasks.inc", operation.replace("jobs", "tasks")),
        (
            "deep/TEAMS.HTM",
            "<html><h1>Teams</h1><pre>GET /v1/teams</pre><p>Status code: 204</p></html>".to_owned(),
        ),
        (
            "errors.md",
            "# Errors\n\n| Code | Text |\n|---|---|\n| A1 | Bad. |\n".to_owned(),
        ),
        (
            "example.md",
            "# Call\n\n## Example\n\n```\nPOST /v1/calls HTTP/1.1\nHost: a.example\n```\n"
                .to_owned(),
        ),
        ("schema.json", "{}".to_owned()),
        ("logo.png", "x".to_owned()),
        ("deep/other.png", "x".to_owned()),
        ("LICENSE", "x".to_owned()),
        ("deep/.hidden/x.md", operation.to_owned()),
    ] {
        std::fs::write(docs.join(name), text).unwrap();
    }
    let mut all = String::new();
    for arguments in [
        &["derive", "docs", "--out", "out"][..],
        &["lint", "docs/errors.md", "docs/example.md"],
    ] {
        all.push_str(&seen(folder.path(), arguments));
        all.push('\n');
    }
    assert_seen("not-read-of-a-folder", &all);
}

#[rstest]
#[case("text")]
#[case("json")]
#[case("markdown")]
fn diff_weighs_each_change_by_its_direction(#[case] format: &str) {
    let arguments = ["diff", "orders/old", "orders/new", "--format", format];
    assert_seen(&format!("diff-{format}"), &seen(&fixtures(), &arguments));
}

/// A document of one request, with its media type and what stands in its schema beside the name.
fn of_one_request(media: &str, more: &Value) -> String {
    let mut schema = json!({ "type": "object", "properties": {
        "name": { "type": "string" }, "note": { "type": "string" } } });
    if let (Some(schema), Some(more)) = (schema.as_object_mut(), more.as_object()) {
        schema.extend(more.clone());
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Shop", "version": "1" },
        "paths": { "/notes": { "post": { "operationId": "make",
            "requestBody": { "content": { (media): { "schema": schema } } },
            "responses": { "204": { "description": "Made." } } } } },
    })
    .to_string()
}

#[rstest]
#[case::another_media_type("application/xml", json!({}), "breaking")]
#[case::no_other_fields("application/json", json!({ "additionalProperties": false }), "breaking")]
#[case::set_by_the_service("application/json", json!({ "properties": {
    "name": { "type": "string" }, "note": { "type": "string", "readOnly": true } } }), "breaking")]
fn what_callers_may_send_no_longer_breaks_them(
    #[case] media: &str,
    #[case] more: Value,
    #[case] verdict: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    write("old.json", of_one_request("application/json", &json!({})));
    write("new.json", of_one_request(media, &more));
    let (code, out, _) = docproof(folder.path(), &["diff", "old.json", "new.json"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains(verdict), "{out}");
    let (_, out, _) = docproof(folder.path(), &["diff", "new.json", "old.json"]);
    assert!(out.contains("\n0 breaking"), "{out}");
}

#[test]
fn diff_of_a_documentation_with_itself_is_empty_whatever_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let suite = folder.path().join("suite");
    let suite = suite.to_str().unwrap();
    let (code, _, err) = docproof(&fixtures(), &["init", suite, "orders/new"]);
    assert_eq!(code, 0, "{err}");
    let schemas = format!("{suite}/schemas");
    let service = format!("{suite}/schemas/shop");
    for other in [suite, &schemas, &service, "orders/new"] {
        let (code, out, err) = docproof(&fixtures(), &["diff", "orders/new", other]);
        assert_eq!(code, 0, "{other}: {err}");
        assert_eq!(out, UNCHANGED, "{other}");
    }
    // The other way round, what broke is mended, and what was mended breaks.
    let (code, out, _) = docproof(&fixtures(), &["diff", "orders/new", "orders/old"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("breaking  shop::ListOrders::operation::method"),
        "{out}"
    );
    assert!(
        out.contains("compatible  shop::CreateOrder::request.gift::required"),
        "{out}"
    );
}

#[test]
fn init_makes_a_suite_that_runs_and_proves_itself_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pages = fixtures().join("orders/new");
    let pages = pages.to_str().unwrap();
    assert_seen("init", &seen(folder.path(), &["init", "shop", pages]));
    let text = |path: &str| std::fs::read_to_string(folder.path().join(path)).unwrap();
    assert_seen(
        "init-cases",
        &format!(
            "{}-----\n{}",
            text("shop/cases/shop/bindings.toml"),
            text("shop/cases/shop/relations.toml")
        ),
    );
    let (code, out, err) = docproof(folder.path(), &["run", "--suite", "shop"]);
    assert_eq!(code, 0, "{out}{err}");
    let (code, out, err) = docproof(
        folder.path(),
        &["selftest", "--suite", "shop", "--sample", "9"],
    );
    assert_eq!(code, 0, "{out}{err}");
    let check = ["derive", "shop/cases", "--out", "shop/schemas", "--check"];
    assert_eq!(docproof(folder.path(), &check).0, 0);
    // A suggestion is a comment; without the `#` it is a relation of the suite.
    let relations = text("shop/cases/shop/relations.toml");
    let taken: Vec<&str> = relations
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') => rest,
            _ => line,
        })
        .collect();
    std::fs::write(
        folder.path().join("shop/cases/shop/relations.toml"),
        taken.join("\n"),
    )
    .unwrap();
    let (code, out, err) = docproof(folder.path(), &["run", "--suite", "shop", "--list"]);
    assert_eq!(code, 0, "{err}");
    for law in [
        "ListOrders::relation::pagination::pages",
        "ListOrders::relation::time-window::partition",
        "ListOrders::relation::items::owner",
        "CreateOrder::relation::created-appears::same",
        "CreateOrder::relation::echo::same",
    ] {
        assert!(out.contains(law), "{law} in\n{out}");
    }
    // What is there is left alone.
    assert_seen("init-used", &seen(folder.path(), &["init", "shop", pages]));
}

#[test]
fn export_is_one_document_without_references_to_files() {
    for arguments in [
        &["export", "dcs"][..],
        &["export", "gaussdb", "--plain"],
        &["export", "dcs", "--format", "json-schema"],
    ] {
        let (code, out, err) = docproof(&fixtures(), arguments);
        assert_eq!(code, 0, "{err}");
        let document: Value = serde_json::from_str(&out).unwrap();
        let mut references = Vec::new();
        collect(&document, &mut references);
        assert!(!references.is_empty());
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        let is_plain = arguments.contains(&"--plain");
        assert_eq!(out.contains("x-docproof"), !is_plain);
    }
    assert_seen("export-which", &seen(&fixtures(), &["export"]));
}

fn collect(node: &Value, found: &mut Vec<String>) {
    match node {
        Value::Object(map) => {
            if let Some(Value::String(target)) = map.get("$ref") {
                found.push(target.clone());
            }
            map.values().for_each(|child| collect(child, found));
        }
        Value::Array(items) => items.iter().for_each(|child| collect(child, found)),
        _ => {}
    }
}

/// A server that answers each request by its path; its address.
fn server(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default();
            let _ = stream.write_all(&answer(path));
        }
    });
    address
}

fn found(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/markdown\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[test]
fn a_page_is_fetched_within_bounds_and_from_its_own_host_alone() {
    let folder = tempfile::tempdir().unwrap();
    let page = std::fs::read_to_string(fixtures().join("orders/old/create-order.md")).unwrap();
    let elsewhere = server(|_| found("# Elsewhere\n\n## URI\n\nGET /v1/x\n"));
    let other = elsewhere.clone();
    let address = server(move |path| {
        match path {
        "/docs/create-order" => found(&page),
        "/moved" => b"HTTP/1.1 302 Found\r\nlocation: /docs/create-order\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec(),
        "/away" => format!("HTTP/1.1 302 Found\r\nlocation: {other}/x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into_bytes(),
        "/loop" => b"HTTP/1.1 302 Found\r\nlocation: /loop\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec(),
        "/huge" => {
            let mut bytes = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n".to_vec();
            bytes.resize(bytes.len() + 20 * 1024 * 1024, b'x');
            bytes
        }
        "/cut" => b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\nconnection: close\r\n\r\nhalf".to_vec(),
        _ => b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec(),
    }
    });
    for (path, out) in [("/docs/create-order", "a"), ("/moved", "b")] {
        let url = format!("{address}{path}#part");
        let (code, _, err) = docproof(folder.path(), &["derive", &url, "--out", out]);
        assert_eq!(code, 0, "{err}");
        assert!(folder.path().join(out).join("shop/openapi.json").is_file());
    }
    // Found by redirection or not, it is one page.
    let (code, out, _) = docproof(folder.path(), &["diff", "a", "b"]);
    assert_eq!((code, out.as_str()), (0, UNCHANGED));
    let mut refused = Vec::new();
    for path in ["/away", "/loop", "/huge", "/cut", "/nothing"] {
        let url = format!("{address}{path}");
        refused.push(format!(
            "$ docproof derive {url} --out c\n{}",
            seen(folder.path(), &["derive", &url, "--out", "c"])
        ));
    }
    for url in ["https://user:secret@example.com/x", "https://"] {
        refused.push(format!(
            "$ docproof derive URL --out c\n{}",
            seen(folder.path(), &["derive", url, "--out", "c"])
        ));
    }
    let refused = refused.join("\n");
    assert!(!refused.contains("secret"), "{refused}");
    assert_seen("fetch-refused", &refused);
    assert!(!folder.path().join("c").exists());
    // A suite keeps the page that it was made from.
    let url = format!("{address}/docs/create-order");
    let (code, _, err) = docproof(folder.path(), &["init", "suite", &url]);
    assert_eq!(code, 0, "{err}");
    assert!(
        folder
            .path()
            .join("suite/cases/shop/pages/create-order.md")
            .is_file()
    );
}

#[rstest]
#[case("lint")]
#[case("diff")]
#[case("export")]
#[case("init")]
#[case("derive")]
fn help_shows_examples(#[case] command: &str) {
    assert_seen(
        &format!("help-{command}"),
        &seen(&fixtures(), &[command, "--help"]),
    );
}

/// A page of the shop with a request body that holds an object with an id.
const NESTED: &str = "# Binding an Address\n\n## URI\n\nPOST /v1/{shop_id}/actions\n\n## Request parameters\n\nTable 1 Request body parameters\n\n\
    | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| bindAddress | Yes | Object | For details, see Table 2. |\n\n\
    Table 2 bindAddress field description\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
    | action | Yes | String | What to do. |\n| addressId | Yes | String | The address. |\n";

#[test]
fn what_cannot_be_read_is_told_and_stands_in_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let page = format!(
        "{NESTED}\n## Response parameters\n\nTable 3 Response parameters\n\nid: the id; name: the name.\n\nTable 4 Sizes\n\n| Size | Sense |\n|---|---|\n| 1 | Small. |\n"
    );
    std::fs::write(folder.path().join("bind.md"), page).unwrap();
    let (code, out, _) = docproof(folder.path(), &["lint", "bind.md"]);
    assert_eq!(code, 1, "{out}");
    assert!(
        out.contains("bind.md:24: should `Table 3 Response parameters` announces a table"),
        "{out}"
    );
    assert!(
        out.contains(
            "bind.md:30: should `Table 4 Sizes`: the header `Size | Sense` is not understood"
        ),
        "{out}"
    );
    let (code, _, err) = docproof(folder.path(), &["derive", "bind.md", "--out", "schemas"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("warning: left out: bind.md:24: `Table 3 Response parameters` announces"),
        "{err}"
    );
    assert_eq!(docproof(folder.path(), &["init", "suite", "bind.md"]).0, 0);
    let run = ["run", "--suite", "suite", "--report", "json=report.json"];
    let (code, out, err) = docproof(folder.path(), &run);
    assert_eq!(code, 0, "{out}{err}");
    let text = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    let states: Vec<(&str, &str)> = report["ledger"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|line| Some((line["fact"].as_str()?, line["state"].as_str()?)))
        .filter(|(fact, _)| fact.ends_with("::prose"))
        .collect();
    assert_eq!(
        states,
        [
            (
                "api::BindAddress::operation.table-3-response-parameters::prose",
                "not-testable"
            ),
            (
                "api::BindAddress::operation.table-4-sizes::prose",
                "not-testable"
            ),
        ]
    );
}

#[test]
fn an_id_within_an_object_is_a_resource_of_the_target() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bind.md"), NESTED).unwrap();
    assert_eq!(docproof(folder.path(), &["init", "suite", "bind.md"]).0, 0);
    let bindings =
        std::fs::read_to_string(folder.path().join("suite/cases/api/bindings.toml")).unwrap();
    assert!(
        bindings.contains(r#""request.bindAddress.addressId" = "api.addressId""#),
        "{bindings}"
    );
    let (code, out, err) = docproof(folder.path(), &["run", "--suite", "suite"]);
    assert_eq!(code, 0, "{out}{err}");
}

/// A list that is read page by page by a marker, with a next page's marker in the answer or
/// without.
fn marked(next: bool) -> String {
    let (row, field) = if next {
        (
            "| next_marker | String | The marker of the next page, or null. |\n",
            ", \"next_marker\": null",
        )
    } else {
        ("", "")
    };
    format!(
        "# Listing Parcels\n\n## URI\n\nGET /v1/{{shop_id}}/parcels\n\nTable 1 Query parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
         | limit | No | Integer | The size of a page. Value range: 1 to 100 |\n| marker | No | String | Where the page begins. |\n\n\
         ## Response parameters\n\nStatus code: 200\n\nTable 2 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n\
         | parcels | Array of [Parcel](#parcel) objects | The parcels. |\n{row}\nTable 3 Parcel\n\n| Parameter | Type | Description |\n|---|---|---|\n\
         | id | String | The parcel. |\n| name | String | Its name. |\n\n## Example Responses\n\n```json\n{{\"parcels\": [{{\"id\": \"p-1\", \"name\": \"a\"}}]{field}}}\n```\n"
    )
}

#[rstest]
#[case::by_the_last_item(false)]
#[case::by_the_answer(true)]
fn pages_by_a_marker_are_followed_and_each_fault_of_them_is_caught(#[case] next: bool) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("list.md"), marked(next)).unwrap();
    assert_eq!(docproof(folder.path(), &["init", "suite", "list.md"]).0, 0);
    let relations = folder.path().join("suite/cases/api/relations.toml");
    let text = std::fs::read_to_string(&relations).unwrap();
    assert!(text.contains("marker = \"marker\""), "{text}");
    assert_eq!(text.contains("next = \"/next_marker\""), next, "{text}");
    std::fs::write(
        &relations,
        text.replace("\n#", "\n")
            .lines()
            .filter(|line| line.starts_with(['[', '#']) || line.contains(" = "))
            .collect::<Vec<_>>()
            .join("\n"),
    )
    .unwrap();
    let (code, out, err) = docproof(
        folder.path(),
        &[
            "run",
            "--suite",
            "suite",
            "--verbose",
            "relation::pagination",
        ],
    );
    assert_eq!(code, 0, "{out}{err}");
    for law in ["limit", "marker", "pages", "order"] {
        assert!(
            out.contains(&format!("ListParcels::relation::pagination::{law}")),
            "{law}: {out}"
        );
    }
    let (code, out, err) = docproof(
        folder.path(),
        &["selftest", "--suite", "suite", "--fault", "pagination"],
    );
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("6 of 6 faults caught"), "{out}{err}");
}
