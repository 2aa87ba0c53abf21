//! What HTTP itself says of answers: which have no body, which redirect, how deep JSON may nest.

use rstest::rstest;
use serde_json::{Value, json};

use super::support::small::{Answer, try_page};
use super::support::{Received, Reply};

/// A page of one operation.
fn page(target: &str, rest: &str) -> String {
    format!(
        "---\nservice: shop\noperation: Try\nedition: 2025-03-01\n---\n\n# Try it\n\n## URI\n\n`{target}`\n\n{rest}"
    )
}

const ERRORS: &str = "\n### Status code: 404\n\nTable 9 Response body parameters\n\n\
    | Parameter | Type | Description |\n|---|---|---|\n| code | String | The code. |\n";

fn not_found() -> Reply {
    Reply::json(404, &json!({"code": "none"}))
}

fn statuses(rows: &str) -> String {
    format!("\n## Status codes\n\n| Status code | Description |\n|---|---|\n{rows}\n")
}

/// A service, right or wrong: its page, and what answers.
type Service = (String, fn(&Received, bool) -> Reply);

/// An answer to HEAD has the length of what GET would answer.
fn of_head() -> Service {
    let page = page(
        "HEAD /v1/door",
        &statuses("| 200 | It is there. |\n| 404 | It is not. |"),
    );
    (page, |request, is_wrong| match request.method.as_str() {
        "HEAD" if request.target == "/v1/door" => {
            let status = if is_wrong { 503 } else { 200 };
            Reply::json(status, &json!({"length": "of what GET answers"}))
                .with("Content-Length", "34")
        }
        "GET" if request.target == "/v1/door" => Reply::json(200, &json!({"length": 1})),
        "HEAD" => Reply::json(404, &Value::Null),
        _ => Reply::json(405, &json!({})).with("Allow", "HEAD"),
    })
}

/// A 204 has no body, whatever its headers say of a type.
fn of_no_content() -> Service {
    let page = page("GET /v1/door", &statuses("| 204 | Nothing. |"));
    (page, |request, is_wrong| match request.method.as_str() {
        "GET" if request.target == "/v1/door" && is_wrong => {
            Reply::json(204, &Value::Null).with("Content-Length", "7")
        }
        "GET" if request.target == "/v1/door" => {
            Reply::json(204, &Value::Null).with("Content-Type", "application/json")
        }
        _ => Reply::json(405, &json!({})).with("Allow", "GET"),
    })
}

/// An object holds others of its own kind.
fn of_folders() -> Service {
    let page = page(
        "GET /v1/tree",
        "## Response parameters\n\n### Status code: 200\n\nTable 1 Response body parameters\n\n\
         | Parameter | Type | Description |\n|---|---|---|\n| top | Folder object | The top. |\n\n\
         Table 2 Folder\n\n| Parameter | Type | Description |\n|---|---|---|\n\
         | name | String | The name. It contains 1 to 4 characters. |\n\
         | folders | Array of Folder objects | Those within. |\n",
    );
    (page, |request, is_wrong| {
        if request.method != "GET" || !request.target.ends_with("/tree") {
            return not_found();
        }
        let name = if is_wrong { "folder" } else { "f" };
        let mut folder = json!({"name": name, "folders": []});
        for _ in 0..250 {
            folder = json!({"name": "f", "folders": [folder]});
        }
        Reply::json(200, &json!({"top": folder}))
    })
}

/// What a table says of the headers of an answer: which are always there, and what they hold.
fn of_headers() -> Service {
    let page = page(
        "GET /v1/door",
        "## Response parameters\n\n### Status code: 200\n\nTable 1 Response header parameters\n\n\
         | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
         | Content-Type | Yes | String | The value is fixed to application/json. |\n\
         | X-Colour | Yes | String | The colour.<br>Enumeration values:<br>- red<br>- blue |\n\
         | X-Left | No | Integer | How many are left. Value range: 0 to 9 |\n\
         | X-Moved | Yes | String | Where it went. Only returned when it was moved. |\n\n\
         Table 2 Response body parameters\n\n\
         | Parameter | Type | Description |\n|---|---|---|\n| code | String | The code. |\n",
    );
    (page, |request, is_wrong| {
        if request.method != "GET" || !request.target.ends_with("/door") {
            return not_found();
        }
        let mut reply = Reply::json(200, &json!({"code": "c"}));
        reply.headers.clear();
        reply
            .with("content-type", "application/json; charset=utf-8")
            .with("x-colour", if is_wrong { "green" } else { "blue" })
            .with("x-left", "9")
    })
}

/// A redirection says where it leads.
fn of_redirection() -> Service {
    let page = page("GET /v1/door", &statuses("| 303 | It is elsewhere. |"));
    (page, |request, is_wrong| {
        if request.method != "GET" || !request.target.ends_with("/door") {
            return not_found();
        }
        let reply = Reply::json(303, &Value::Null);
        if is_wrong {
            reply
        } else {
            reply.with("Location", "/v1/gate")
        }
    })
}

#[rstest]
#[case::headers(of_headers(), "response-200.header.X-Colour::enum")]
#[case::redirection(of_redirection(), "response-303.header.Location::required")]
#[case::head(of_head(), "request::example")]
#[case::no_content(of_no_content(), "response-204::body")]
#[case::recursion(of_folders(), "response-200.top.name::maxLength")]
fn a_right_server_has_no_finding_and_a_wrong_one_has_the_one_meant(
    #[case] (page, answer): Service,
    #[case] broken: &str,
) {
    let answering = |is_wrong| -> Answer { Box::new(move |request| answer(request, is_wrong)) };
    let right = try_page(&page, &[], answering(false));
    assert_eq!(
        (right.code, right.broken()),
        (0, Vec::new()),
        "{}",
        right.text
    );
    let wrong = try_page(&page, &[], answering(true));
    assert_eq!(wrong.broken(), [broken], "{}", wrong.text);
    assert_eq!(wrong.code, 1);
}

#[test]
fn an_answer_that_nests_without_end_is_not_called_malformed() {
    let (page, _) = of_folders();
    let endless = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let ran = try_page(
        &page,
        &[],
        Box::new(move |_| {
            let mut reply = Reply::json(200, &json!([]));
            reply.body = endless.clone().into_bytes();
            reply
        }),
    );
    assert_eq!(ran.broken(), Vec::<String>::new(), "{}", ran.text);
    assert!(ran.text.contains("was not read to its end"), "{}", ran.text);
}

#[test]
fn a_head_is_shown_again_without_waiting_for_a_body() {
    let (page, answer) = of_head();
    let wrong = try_page(&page, &[], Box::new(move |request| answer(request, true)));
    assert!(
        wrong.text.contains("curl -sS --head 'http"),
        "{}",
        wrong.text
    );
}

#[rstest]
#[case::header(
    "| Content-Type | Yes | String | Fixed: application/x-www-form-urlencoded |",
    "Form parameters",
    "x-www-form-urlencoded"
)]
#[case::title(
    "| X-Colour | No | String | Any. |",
    "FormData parameters",
    "multipart/form-data"
)]
#[case::parts(
    "| Content-Type | Yes | String | multipart/form-data |",
    "Request body parameters",
    "multipart/form-data"
)]
fn a_form_is_not_sent_as_json(#[case] header: &str, #[case] title: &str, #[case] media: &str) {
    let page = page(
        "POST /v1/pictures",
        &format!(
            "## Request parameters\n\nTable 1 Request header parameters\n\n\
             | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n{header}\n\n\
             Table 2 {title}\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
             | name | Yes | String | The name. It contains 1 to 4 characters. |\n{ERRORS}"
        ),
    );
    let ran = try_page(
        &page,
        &[],
        Box::new(|request| match request.method.as_str() {
            "GET" => not_found(),
            _ => Reply::json(415, &json!({"code": "form"})),
        }),
    );
    assert_eq!((ran.code, ran.broken()), (0, Vec::new()), "{}", ran.text);
    assert!(
        ran.text.contains(&format!(
            "not sent: the body is {}",
            if media.starts_with('m') {
                media.to_owned()
            } else {
                format!("application/{media}")
            }
        )),
        "{}",
        ran.text
    );
    assert!(ran.received.iter().all(|request| request.method != "POST"));
}
