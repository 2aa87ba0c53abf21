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

/// A body that is an array, whose row has no name of its own.
fn of_array() -> Service {
    let page = page(
        "GET /v1/zones",
        "## Response parameters\n\n### Status code: 200\n\nTable 1 Response body parameters\n\n\
         | Parameter | Type | Description |\n|---|---|---|\n\
         | [items] | Array of Zone objects | The zones. |\n\n\
         Table 2 Zone\n\n| Parameter | Type | Description |\n|---|---|---|\n\
         | state | String | The state.<br>Enumeration values:<br>- up<br>- down |\n",
    );
    (page, |request, is_wrong| {
        if request.method != "GET" || !request.target.ends_with("/zones") {
            return not_found();
        }
        let state = if is_wrong { "sideways" } else { "up" };
        Reply::json(200, &json!([{"state": "down"}, {"state": state}]))
    })
}

/// A request whose body is an array.
fn of_sent_array() -> Service {
    let page = page(
        "POST /v1/zones",
        "## Request parameters\n\nTable 1 Request body parameters\n\n\
         | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
         | state | Yes | String | The state.<br>Enumeration values:<br>- up<br>- down |\n\n\
         ## Example request\n\n```\nPOST https://{endpoint}/v1/zones\n\n[ { \"state\" : \"up\" } ]\n```\n\n\
         ## Response parameters\n\n### Status code: 400\n\nTable 2 Response body parameters\n\n\
         | Parameter | Type | Description |\n|---|---|---|\n| code | String | The code. |\n\n\
         ## Status codes\n\n| Status code | Description |\n|---|---|\n| 204 | Done. |\n| 400 | Refused. |\n",
    );
    (page, |request, is_wrong| {
        let refused = || Reply::json(400, &json!({"code": "no"}));
        if request.method != "POST" || !request.target.ends_with("/zones") {
            return not_found();
        }
        let Ok(Value::Array(zones)) = serde_json::from_slice(&request.body) else {
            return refused();
        };
        let is_right = |zone: &Value| {
            let state = zone["state"].as_str();
            state.is_some_and(|state| is_wrong || matches!(state, "up" | "down"))
        };
        if zones.iter().all(is_right) {
            Reply::json(204, &Value::Null)
        } else {
            refused()
        }
    })
}

/// An entity tag names the newest copy, which is not sent again.
fn of_tags() -> Service {
    let page = page(
        "GET /v1/door",
        &format!(
            "## Request parameters\n\nTable 1 Request header parameters\n\n\
             | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
             | If-None-Match | No | String | The tag of the caller's copy. |\n{}",
            statuses("| 200 | The door. |\n| 304 | The copy is the newest. |")
        ),
    );
    (page, |request, is_wrong| {
        if request.method != "GET" || !request.target.ends_with("/door") {
            return not_found();
        }
        let held = request.header("if-none-match").unwrap_or_default();
        if !held.is_empty() && !held.starts_with('"') && !held.starts_with("W/") {
            return Reply::json(400, &json!({"code": "no tag"}));
        }
        let status = if held == "\"v7\"" && !is_wrong {
            304
        } else {
            200
        };
        Reply::json(status, &Value::Null).with("ETag", "\"v7\"")
    })
}

/// A change that rests on another copy than the newest is refused.
fn of_preconditions() -> Service {
    let page = page(
        "PUT /v1/door",
        &format!(
            "## Request parameters\n\nTable 1 Request header parameters\n\n\
             | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
             | If-Match | No | String | The tag of the copy that is replaced. |\n{}",
            statuses("| 204 | Done. |\n| 412 | The copy is not the newest. |")
        ),
    );
    (page, |request, is_wrong| {
        let path = request.target.split('?').next();
        if request.method != "PUT" || path != Some("/v1/door") {
            return not_found();
        }
        let held = request.header("if-match").unwrap_or("*");
        let is_newest = is_wrong || matches!(held, "*" | "\"v7\"");
        Reply::json(if is_newest { 204 } else { 412 }, &Value::Null)
    })
}

/// Parameters of several values, each written in its own way.
fn of_lists() -> Service {
    let page = page(
        "GET /v1/logs",
        &format!(
            "## Request parameters\n\nTable 1 Query parameters\n\n\
             | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
             | level | No | Array of strings | The levels. Repeat the parameter for several.\
             <br>Enumeration values:<br>- info<br>- warn |\n\
             | tags | No | Array of strings | Labels, separated by commas.<br>Array length: 1 to 3 |\n\
             | sizes | No | Array of integers | The sizes, such as sizes[]=1&sizes[]=2. |\n\n\
             ## Response parameters\n\n### Status code: 400\n\nTable 2 Response body parameters\n\n\
             | Parameter | Type | Description |\n|---|---|---|\n| code | String | The code. |\n{}",
            statuses("| 204 | Nothing. |\n| 400 | Refused. |")
        ),
    );
    (page, |request, is_wrong| {
        let refused = || Reply::json(400, &json!({"code": "no"}));
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        if request.method != "GET" || !path.ends_with("/logs") {
            return not_found();
        }
        let values = |name: &str| -> Vec<&str> {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .filter(|(known, _)| *known == name)
                .map(|(_, value)| value)
                .collect()
        };
        let levels = values("level");
        let sizes = values("sizes%5B%5D");
        let (tags, most) = (values("tags"), if is_wrong { 9 } else { 3 });
        if levels
            .iter()
            .any(|level| !matches!(*level, "info" | "warn"))
            || sizes.iter().any(|size| size.parse::<i64>().is_err())
            || tags.len() > 1
            || tags.iter().any(|tags| tags.split(',').count() > most)
        {
            return refused();
        }
        Reply::json(204, &Value::Null)
    })
}

#[rstest]
#[case::array(of_array(), "response-200[].state::enum")]
#[case::sent_array(of_sent_array(), "request[].state::enum")]
#[case::tags(of_tags(), "relation::entity-tag::not-modified")]
#[case::preconditions(of_preconditions(), "relation::entity-tag::precondition")]
#[case::lists(of_lists(), "query.tags::maxItems")]
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
    // Nothing that the run made is changed where the page makes nothing.
    let more: &[&str] = if page.contains("`GET ") || page.contains("`HEAD ") {
        &[]
    } else {
        &["--allow-changes", "Try"]
    };
    let right = try_page(&page, more, answering(false));
    assert_eq!(
        (right.code, right.broken()),
        (0, Vec::new()),
        "{}",
        right.text
    );
    let wrong = try_page(&page, more, answering(true));
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
fn a_form_is_sent_as_the_form_that_it_is(
    #[case] header: &str,
    #[case] title: &str,
    #[case] media: &str,
) {
    let page = page(
        "POST /v1/pictures",
        &format!(
            "## Request parameters\n\nTable 1 Request header parameters\n\n\
             | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n{header}\n\n\
             Table 2 {title}\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
             | name | Yes | String | The name. It contains 1 to 4 characters. |\n{ERRORS}"
        ),
    );
    let ran = try_page(&page, &[], Box::new(|_| not_found()));
    let is_form = |request: &Received| {
        let kind = request.header("content-type").unwrap_or_default();
        let body = String::from_utf8_lossy(&request.body).into_owned();
        kind.contains(media) && body.contains("name") && !body.contains('{')
    };
    let mut posts = ran.received.iter().filter(|one| one.method == "POST");
    assert!(posts.any(is_form), "{}", ran.text);
}

#[test]
fn several_values_are_sent_as_the_page_writes_them() {
    let (page, answer) = of_lists();
    let ran = try_page(&page, &[], Box::new(move |request| answer(request, false)));
    for sent in ["?level=info", "?level=warn", "sizes%5B%5D="] {
        let is_sent = |request: &Received| request.target.contains(sent);
        assert!(ran.received.iter().any(is_sent), "{sent}");
    }
    let of_three = |request: &Received| {
        let tags = request.target.split_once("tags=");
        tags.is_some_and(|(_, tags)| {
            tags.split('&')
                .next()
                .unwrap_or_default()
                .split(',')
                .count()
                == 3
        })
    };
    assert!(ran.received.iter().any(of_three));
}

/// A create whose answer documents a header by a row.
fn creates(row: &str) -> String {
    format!(
        "# Talks\n\n## Create a talk\n\n`POST /talks`\n\n### Request body\n\n\
         | Field | Type | Required | Description |\n|---|---|---|---|\n\
         | title | string | Yes | The title. |\n\n### 201 Created\n\nResponse headers\n\n\
         | Header | Type | Required | Description |\n|---|---|---|---|\n{row}\n"
    )
}

#[rstest]
#[case::mandatory("| Location | string | Yes | The URL of the new talk. |", true)]
#[case::another("| ETag | string | Yes | The version. |", true)]
#[case::conditional("| Location | string | Yes | Only if the talk is public. |", false)]
#[case::optional("| Location | string | No | The URL of the new talk. |", false)]
#[case::of_the_way("| Connection | string | Yes | How the connection goes on. |", false)]
fn a_header_that_a_column_calls_mandatory_is_missed(#[case] row: &str, #[case] missed: bool) {
    let answer = |request: &Received| {
        let body = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
        let status = if body["title"].is_string() { 201 } else { 400 };
        Reply::json(status, &json!({}))
    };
    let ran = try_page(&creates(row), &["::example", "header"], Box::new(answer));
    let name = row.split(' ').nth(1).unwrap();
    let is_missed = ran.broken().iter().any(|fact| fact.contains(name));
    assert_eq!(is_missed, missed, "{}", ran.text);
}
