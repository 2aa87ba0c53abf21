//! Keys of any name: a service whose page names its own header, parameter or cookie is tried by one
//! flag, and is met by silence where it looks at its key, by one finding where it does not.

use rstest::rstest;
use serde_json::json;

use crate::support::small::{Ran, try_page};
use crate::support::{Received, Reply};

const SECRET: &str = "zK8-qTr3mPw9-LvXd";

/// Where the service looks for its key.
#[derive(Debug, Clone, Copy)]
enum At {
    Header(&'static str),
    Query(&'static str),
    Cookie(&'static str),
}

impl At {
    fn shown(self, request: &Received) -> Option<String> {
        match self {
            Self::Header(name) => request.header(&name.to_lowercase()).map(str::to_owned),
            Self::Query(name) => {
                let (_, query) = request.target.split_once('?')?;
                let mut pairs = url::form_urlencoded::parse(query.as_bytes());
                let (_, value) = pairs.find(|(own, _)| own == name)?;
                Some(value.into_owned())
            }
            Self::Cookie(name) => {
                let mut cookies = request.header("cookie")?.split(';');
                cookies.find_map(|pair| {
                    let (own, value) = pair.trim().split_once('=')?;
                    (own == name).then(|| value.to_owned())
                })
            }
        }
    }
}

fn page(sentence: &str, row: &str) -> String {
    let operation = |title: &str, path: &str| {
        format!(
            "## {title}\n\n`GET {path}`\n\n### Query parameters\n\n\
             | Name | Type | Required | Description |\n|---|---|---|---|\n\
             | limit | integer | no | 1 to 50. |\n{row}\n### Response\n\n`200 OK`\n\n\
             | Field | Type | Description |\n|---|---|---|\n| total | integer | How many. |\n\n\
             ```json\n{{ \"total\": 3 }}\n```\n\n\
             | Status | Meaning |\n|---|---|\n| 400 | A parameter is wrong. |\n\
             | 401 | The key is missing or wrong. |\n\n"
        )
    };
    let (parcels, racks) = (
        operation("List parcels", "/v1/parcels"),
        operation("List racks", "/v1/racks"),
    );
    format!("# Depot\n\n{sentence}\n\n{parcels}{racks}")
}

/// Runs the page against a service that takes keys as told.
fn run(page: &str, flags: &[&str], at: At, takes: fn(Option<&str>) -> bool) -> Ran {
    let answer = move |request: &Received| -> Reply {
        let path = request.target.split('?').next().unwrap_or_default();
        let pairs: Vec<(String, String)> =
            request
                .target
                .split_once('?')
                .map_or_else(Vec::new, |(_, query)| {
                    let pairs = url::form_urlencoded::parse(query.as_bytes());
                    pairs.into_owned().collect()
                });
        if !matches!(path, "/v1/parcels" | "/v1/racks") {
            return Reply::json(404, &json!({}));
        }
        if request.method != "GET" {
            return Reply::json(405, &json!({})).with("Allow", "GET");
        }
        if !takes(at.shown(request).as_deref()) {
            return Reply::json(401, &json!({})).with("WWW-Authenticate", "Basic");
        }
        let limit = pairs.iter().find(|(name, _)| name == "limit");
        let is_right = limit.is_none_or(|(_, value)| {
            value.bytes().all(|byte| byte.is_ascii_digit())
                && value
                    .parse()
                    .is_ok_and(|limit: u32| (1..=50).contains(&limit))
        });
        if is_right {
            Reply::json(200, &json!({ "total": 3 }))
        } else {
            Reply::json(400, &json!({}))
        }
    };
    // What guards the door is tried alone.
    let all = [flags, &["auth", "401", "required", "example"]].concat();
    try_page(page, &all, Box::new(answer))
}

const ROW: &str = "| depot_key | string | yes | Your API key. |\n";

#[rstest]
#[case::header(
    "Pass your API key in the `X-Depot-Key` header.",
    "",
    "--api-key",
    "X-Depot-Key=",
    At::Header("X-Depot-Key")
)]
#[case::any_header(
    "Every request must carry `X-Depot-Key: <key>`.",
    "",
    "--header",
    "X-Depot-Key: ",
    At::Header("X-Depot-Key")
)]
#[case::query(
    "The key is sent in the query parameter `api_key`.",
    "",
    "--api-key",
    "api_key=",
    At::Query("api_key")
)]
#[case::any_query(
    "Pass your API key in the query parameter `depot`.",
    "",
    "--api-key",
    "depot=",
    At::Query("depot")
)]
#[case::row(
    "Every request needs an API key.",
    ROW,
    "--api-key",
    "depot_key=",
    At::Query("depot_key")
)]
#[case::unsaid_row(
    "Every request needs an API key.",
    "| who | string | yes | Who asks. |\n",
    "--api-key",
    "who=",
    At::Query("who")
)]
#[case::cookie(
    "Authenticate with the cookie `depot_sid`.",
    "",
    "--cookie",
    "depot_sid=",
    At::Cookie("depot_sid")
)]
fn a_key_of_any_name_is_given_by_one_flag(
    #[case] sentence: &str,
    #[case] row: &str,
    #[case] flag: &str,
    #[case] name: &str,
    #[case] at: At,
) {
    let page = page(sentence, row);
    let given = format!("{name}{SECRET}");
    let flags = [flag, given.as_str()];
    let right = run(&page, &flags, at, |shown| shown == Some(SECRET));
    assert_eq!((right.code, right.broken()), (0, vec![]), "{}", right.text);
    let auth = right.report["trials"].as_array().unwrap().iter();
    let mut auth = auth.filter(|trial| trial["kind"] == "auth");
    assert!(
        auth.any(|trial| trial["verdict"] == "passed"),
        "{}",
        right.text
    );
    assert!(!right.report.to_string().contains(SECRET));
    // Any key at all is one cause, whatever it is seen by.
    let any = run(&page, &flags, at, |shown| {
        shown.is_some_and(|key| !key.is_empty())
    });
    assert_eq!((any.code, any.broken().len()), (1, 1), "{}", any.text);
    let none = run(&page, &flags, at, |_| true);
    assert_eq!((none.code, none.broken().len()), (1, 1), "{}", none.text);
    // What is told first is no detail of it.
    assert!(!none.text.contains("under another scheme"), "{}", none.text);
}

/// Some directories take a user without a password for a guest.
#[test]
fn the_user_with_an_empty_password_is_tried() {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let page = page("Every request needs HTTP Basic authentication.", "");
    let flags = ["--basic", "mona:zK8-qTr3mPw9-LvXd"];
    let takes = |shown: Option<&str>| {
        let pair = shown.and_then(|shown| shown.strip_prefix("Basic "));
        let pair = pair.and_then(|pair| STANDARD.decode(pair).ok());
        let pair = pair.and_then(|pair| String::from_utf8(pair).ok());
        matches!(pair.as_deref(), Some("mona:" | "mona:zK8-qTr3mPw9-LvXd"))
    };
    let ran = run(&page, &flags, At::Header("Authorization"), takes);
    assert_eq!(ran.code, 1, "{}", ran.text);
    assert!(
        ran.text.contains("the user with an empty password"),
        "{}",
        ran.text
    );
}

/// Of two that a sentence asks for at once, each is left out by itself.
#[rstest]
#[case::right(|token: bool, key: bool| token && key, 0)]
#[case::token_alone(|token: bool, _| token, 1)]
#[case::key_alone(|_, key: bool| key, 1)]
fn both_of_two_that_a_sentence_asks_for(#[case] takes: fn(bool, bool) -> bool, #[case] code: i32) {
    let sentence = "Send your access token as `Authorization: Bearer <token>` and your API key as \
                    `X-Api-Key: <key>`. Both are required.";
    let answer = move |request: &Received| -> Reply {
        let token = request.header("authorization") == Some("Bearer a-token-012345");
        let key = request.header("x-api-key") == Some(SECRET);
        let path = request.target.split('?').next().unwrap_or_default();
        if !matches!(path, "/v1/parcels" | "/v1/racks") {
            Reply::json(404, &json!({}))
        } else if request.method != "GET" {
            Reply::json(405, &json!({})).with("Allow", "GET")
        } else if !takes(token, key) {
            Reply::json(401, &json!({})).with("WWW-Authenticate", "Bearer")
        } else {
            Reply::json(200, &json!({ "total": 3 }))
        }
    };
    let key = format!("X-Api-Key={SECRET}");
    let flags = [
        "--bearer",
        "a-token-012345",
        "--api-key",
        key.as_str(),
        "auth",
    ];
    let ran = try_page(&page(sentence, ""), &flags, Box::new(answer));
    assert_eq!(ran.code, code, "{}", ran.text);
}

/// A document that says of an operation that anybody may call it is believed, whatever else its
/// generator lists.
#[test]
fn what_a_document_leaves_open_need_not_be_guarded() {
    let folder = tempfile::tempdir().unwrap();
    let responses = json!({
        "200": { "description": "-", "content": { "application/json": { "schema": { "type": "object" } } } },
        "401": { "description": "-" },
    });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Depot", "version": "1" },
        "security": [{ "bearer": [] }],
        "paths": {
            "/parcels": { "get": { "operationId": "listParcels", "security": [], "responses": responses } },
            "/racks": { "get": { "operationId": "listRacks", "responses": responses } },
        },
        "components": { "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } } },
    });
    std::fs::write(folder.path().join("depot.json"), document.to_string()).unwrap();
    let server = crate::support::small::Small::start(Box::new(|request: &Received| {
        let has_token = request.header("authorization") == Some("Bearer a-token-012345");
        match (request.target.as_str(), request.method.as_str()) {
            ("/parcels", "GET") => Reply::json(200, &json!({})),
            ("/racks", "GET") if has_token => Reply::json(200, &json!({})),
            ("/racks", "GET") => Reply::json(401, &json!({})).with("WWW-Authenticate", "Bearer"),
            ("/parcels" | "/racks", _) => Reply::json(405, &json!({})).with("Allow", "GET"),
            _ => Reply::json(404, &json!({})),
        }
    }));
    let arguments = ["run", "depot.json", "--endpoint", server.url.as_str()];
    let told = crate::support::docproof(
        folder.path(),
        arguments.into_iter().chain(["--bearer", "a-token-012345"]),
    );
    assert_eq!(told.code, 0, "{}", told.text());
    assert!(
        !told.text().contains("listParcels::auth"),
        "{}",
        told.text()
    );
}

/// What may be a body and was not read makes the refusal of a request without one say nothing.
#[test]
fn a_body_that_was_not_read_is_no_fault_of_the_server() {
    let page = "# Labels\n\n## Patch a label\n\n`PATCH /v1/label`\n\n\
                ### Details\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n\
                | op | string | yes | The operation. |\n| path | string | yes | The path. |\n\n\
                ### Response 200\n\n| Field | Type | Description |\n|---|---|---|\n\
                | colour | string | The colour. |\n\n\
                | Status | Meaning |\n|---|---|\n| 400 | The body is wrong. |\n";
    let answer = |request: &Received| match (request.target.as_str(), request.method.as_str()) {
        ("/v1/label", "PATCH") => Reply::json(400, &json!({})),
        ("/v1/label", _) => Reply::json(405, &json!({})).with("Allow", "PATCH"),
        _ => Reply::json(404, &json!({})),
    };
    let ran = try_page(page, &["--allow-changes", "Labels"], Box::new(answer));
    assert_eq!(ran.broken(), Vec::<String>::new(), "{}", ran.text);
    assert!(ran.text.contains("was not read"), "{}", ran.text);
}

/// A sentence below the target names the media type of the body.
#[test]
fn a_sentence_below_the_target_names_the_media_type() {
    let page = "# Desk\n\n## Change the desk\n\n`PATCH /desk`\n\n\
                The body is a JSON Merge Patch (`Content-Type: application/merge-patch+json`).\n\n\
                Request body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n\
                | motto | string | no | At most 30 characters. |\n\n### Response 200\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("desk.md"), page).unwrap();
    let told = crate::support::docproof(folder.path(), ["derive", "desk.md", "--out", "schemas"]);
    assert_eq!(told.code, 0, "{}", told.text());
    let made = std::fs::read_dir(folder.path().join("schemas"))
        .unwrap()
        .next();
    let document = made.unwrap().unwrap().path().join("openapi.json");
    let document = std::fs::read_to_string(document).unwrap();
    assert!(
        document.contains("application/merge-patch+json"),
        "{document}"
    );
}

/// A table of headers that stands before the operations is of every request.
#[test]
fn headers_that_stand_before_the_operations_are_of_each() {
    let table = "## Common request headers\n\n| Name | Type | Required | Description |\n\
                 |---|---|---|---|\n| Depot-Version | string | yes | Fixed value: `2`. |";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("depot.md"), page(table, "")).unwrap();
    let told = crate::support::docproof(folder.path(), ["derive", "depot.md", "--out", "schemas"]);
    assert_eq!(told.code, 0, "{}", told.text());
    let made = std::fs::read_dir(folder.path().join("schemas"))
        .unwrap()
        .next();
    let document = made.unwrap().unwrap().path().join("openapi.json");
    let document = std::fs::read_to_string(document).unwrap();
    assert_eq!(
        document.matches("\"name\": \"Depot-Version\"").count(),
        2,
        "{document}"
    );
}
