//! READMEs that state their operations by nothing but calls with values in them: each below a
//! heading or a sentence, with the status and the answer in comments behind it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use docproof::internal::derive::{DeriveError, Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::small::{Answer, Small};
use crate::support::{Received, Reply, docproof};

const README: &str = r#"# flags

A small service that keeps flags.

## HTTP API

All calls need the header `X-Flags-Token`. Without it you get a 401.

Create a flag:

```bash
curl -X POST http://localhost:8090/flags -H "X-Flags-Token: $TOKEN" -d '{"key": "new-button", "rollout": 25}'
# 201
# {"key": "new-button", "rollout": 25, "version": 1}
```

If the key exists already you get a 409. If something in the body is wrong you get a 400:

```json
{"error": "rollout must be between 0 and 100"}
```

Get one:

```bash
curl -H "X-Flags-Token: $TOKEN" http://localhost:8090/flags/new-button
# 200
# {"key": "new-button", "rollout": 25, "version": 1}
```

404 if there is none.

List all:

```bash
curl -H "X-Flags-Token: $TOKEN" http://localhost:8090/flags
# 200
# [{"key": "new-button", "rollout": 25, "version": 1}]
```

Delete one:

```bash
curl -X DELETE -H "X-Flags-Token: $TOKEN" http://localhost:8090/flags/new-button
# 204
```

## Development

Run the tests, please.
"#;

fn pages(texts: &[(&str, &str)]) -> Result<Derived, DeriveError> {
    let all: Vec<page::Page> = texts
        .iter()
        .map(|(name, text)| page::read(name, text).unwrap())
        .collect();
    derive(&all, &Options::default())
}

/// The operations of a page: method, path, statuses, and whether a body is known to be sent.
fn told(text: &str) -> Vec<String> {
    let Ok(found) = pages(&[("README.md", text)]) else {
        return Vec::new();
    };
    let paths = found.services[0].document["paths"].as_object().unwrap();
    let mut all = Vec::new();
    for (path, methods) in paths {
        for (method, own) in methods.as_object().unwrap() {
            let statuses: Vec<&String> = own["responses"].as_object().unwrap().keys().collect();
            let sends = if own["requestBody"].is_object() {
                " body"
            } else {
                ""
            };
            all.push(format!("{method} {path} {statuses:?}{sends}").replace('"', ""));
        }
    }
    all
}

#[test]
fn calls_alone_state_the_operations_of_a_readme() {
    let expected = [
        "get /flags [200]",
        "post /flags [201, 400, 409, 4XX] body",
        "delete /flags/{key} [204]",
        "get /flags/{key} [200, 404, 4XX]",
    ];
    assert_eq!(told(README), expected);
    let found = pages(&[("README.md", README)]).unwrap();
    let document = &found.services[0].document;
    let create = &document["paths"]["/flags"]["post"];
    let example =
        |own: &Value| own["content"]["application/json"]["examples"]["1"]["value"].clone();
    assert_eq!(
        example(&create["requestBody"]),
        json!({"key": "new-button", "rollout": 25})
    );
    let error = json!({"error": "rollout must be between 0 and 100"});
    assert_eq!(example(&create["responses"]["400"]), error);
    let version = example(&create["responses"]["201"])["version"].clone();
    assert_eq!(version, json!(1));
    assert_eq!(create["security"], json!([{ "header-X-Flags-Token": [] }]));
}

/// What a value is, and whether a page is of calls at all.
#[rstest]
#[case::numbers(
    "Get one:\n\n```\ncurl http://h/v1/jobs/17\n# 200\n```\n\nStop it:\n\n```\ncurl -X POST http://h/v1/jobs/17/stop\n# 204\n```\n",
    &["get /v1/jobs/{job_id} [200]", "post /v1/jobs/{job_id}/stop [204]"]
)]
#[case::words_that_are_no_ids(
    "All:\n\n```\ncurl http://h/jobs\n# [{\"id\": 1, \"state\": \"active\"}]\n```\n\nActive ones:\n\n```\ncurl http://h/jobs/active\n# [{\"id\": 1, \"state\": \"active\"}]\n```\n",
    &["get /jobs [2XX]", "get /jobs/active [2XX]"]
)]
#[case::changes_of_what_is_made(
    "Make one:\n\n```\ncurl -X POST http://h/jobs -d '{\"a\": 1}'\n# 201\n```\n\nDrop one:\n\n```\ncurl -X DELETE http://h/jobs/nightly\n# 204\n```\n",
    &["post /jobs [201] body", "delete /jobs/{job_id} [204]"]
)]
#[case::a_host_to_be_filled_in(
    "All:\n\n```\ncurl $API/jobs\n# 200\n```\n\nMake one:\n\n```\ncurl -X POST $API/jobs -d '{\"a\": 1}'\n# 201\n```\n",
    &["get /jobs [200]", "post /jobs [201] body"]
)]
#[case::steps_of_several_services(
    "A token:\n\n```\ncurl -X POST http://auth/token\n# 200\n```\n\nAll:\n\n```\ncurl http://h/jobs\n# 200\n```\n",
    &[]
)]
#[case::one_behind_another(
    "All:\n\n```\ncurl http://h/jobs\n# 200\n```\n\n```\ncurl http://h/teams\n# 200\n```\n",
    &[]
)]
#[case::without_an_answer(
    "Try it:\n\n```\ncurl http://h/jobs\n```\n\nAnd this:\n\n```\ncurl http://h/teams\n```\n",
    &[]
)]
fn only_calls_that_stand_alone_are_operations(#[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!(told(&format!("# Jobs\n\n{text}")), expected);
}

#[test]
fn calls_are_examples_beside_pages_that_state_operations() {
    let other = "# Flags\n\n## List\n\n`GET /flags`\n\nReturns 200.\n";
    let found = pages(&[("guide.md", README), ("flags.md", other)]).unwrap();
    let paths = found.services[0].document["paths"].as_object().unwrap();
    assert_eq!(paths.keys().collect::<Vec<_>>(), ["/flags"]);
    assert_eq!(found.skipped.len(), 1, "{:?}", found.skipped);
    assert!(found.skipped[0].to_string().contains("calls with values"));
}

/// A call that is refused shows no request that is taken.
#[test]
fn what_a_refused_call_sends_is_no_example() {
    let text = "# Jobs\n\n## Check a job\n\n`POST /jobs/check`\n\n```\ncurl -X POST https://h/jobs/check -d '{\"size\": \"x\"}'\nHTTP/1.1 400 Bad Request\n\n{\"error\": \"no size\"}\n```\n";
    let found = pages(&[("jobs.md", text)]).unwrap();
    let own = &found.services[0].document["paths"]["/jobs/check"]["post"];
    assert_eq!(own["requestBody"], Value::Null, "{own}");
    let error = &own["responses"]["400"]["content"]["application/json"]["examples"]["1"]["value"];
    assert_eq!(*error, json!({"error": "no size"}));
}

/// A server of the flags; `secret` is whether it asks for the token.
fn flags(asks: bool) -> Answer {
    let known = Mutex::new(BTreeMap::<String, Value>::new());
    Box::new(move |request: &Received| {
        let mut known = known.lock().unwrap();
        let path = request.target.split('?').next().unwrap_or_default();
        let reply = |status: u16, body: &Value| Reply::json(status, body);
        let refused = |status| reply(status, &json!({"error": "no"}));
        if asks && request.header("x-flags-token") != Some("sesame") {
            return refused(401);
        }
        if path == "/flags" {
            return match request.method.as_str() {
                "GET" => reply(200, &json!(known.values().collect::<Vec<_>>())),
                "POST" => {
                    let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                    let (Some(key), Some(rollout)) =
                        (sent["key"].as_str(), sent["rollout"].as_i64())
                    else {
                        return refused(400);
                    };
                    if known.contains_key(key) {
                        return refused(409);
                    }
                    let made = json!({"key": key, "rollout": rollout, "version": 1});
                    known.insert(key.to_owned(), made.clone());
                    reply(201, &made)
                }
                _ => refused(405),
            };
        }
        let Some(key) = path
            .strip_prefix("/flags/")
            .filter(|key| !key.contains('/'))
        else {
            return refused(404);
        };
        match request.method.as_str() {
            "GET" => known
                .get(key)
                .map_or_else(|| refused(404), |own| reply(200, own)),
            "DELETE" => match known.remove(key) {
                Some(_) => reply(204, &Value::Null),
                None => refused(404),
            },
            _ => refused(405),
        }
    })
}

/// A right server is as documented, and one that lets anybody in is found.
#[rstest]
#[case::right(true, 0)]
#[case::open(false, 1)]
fn a_readme_of_calls_is_tested(#[case] asks: bool, #[case] code: i32) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("README.md"), README).unwrap();
    let server = Small::start(flags(asks));
    let url = server.url.as_str();
    let key = "X-Flags-Token=sesame";
    let told = docproof(
        folder.path(),
        ["run", "README.md", "--endpoint", url, "--api-key", key],
    );
    assert_eq!(told.code, code, "{}", told.text());
    assert_eq!(told.text().contains("auth"), !asks, "{}", told.text());
}

#[test]
fn a_page_of_other_calls_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let page = "# Start\n\nTry it:\n\n```\ncurl http://h.example/jobs\n```\n";
    std::fs::write(folder.path().join("start.md"), page).unwrap();
    let told = docproof(folder.path(), ["derive", "start.md", "--out", "out"]);
    assert_eq!(told.code, 2, "{}", told.text());
    assert!(
        told.text()
            .contains("stand alone below a heading or a sentence"),
        "{}",
        told.text()
    );
    assert!(
        told.text().contains("or show each by one `curl` call"),
        "{}",
        told.text()
    );
}
