//! One sentence of a page, and a service that breaks it: each kind is found where it is broken, and
//! where the page is kept to there is no finding.

use rstest::rstest;
use serde_json::{Value, json};

use super::by_the_letter::refusal;
use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// Runs a page against a server that breaks it as told: the facts that fail, and what is told.
fn run(
    page: &str,
    fault: &'static str,
    act: fn(&Received, &str) -> Reply,
) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let server = Small::start(Box::new(move |request: &Received| act(request, fault)));
    let command = [
        "run",
        "page.md",
        "--report",
        "json=report.json",
        "--endpoint",
        &server.url,
    ];
    let told = docproof(folder.path(), command);
    let report = std::fs::read(folder.path().join("report.json")).unwrap_or_default();
    let report: Value = serde_json::from_slice(&report).unwrap_or_default();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let failing = findings.iter().filter(|finding| finding["level"] != "may");
    let end = |finding: &Value| {
        let fact = finding["fact"].as_str().unwrap().to_owned();
        fact.split_once("::Op::")
            .map_or(fact.clone(), |(_, end)| end.to_owned())
    };
    (failing.map(end).collect(), told.text())
}

/// The parameter of the query of a request, as it stands there.
fn query<'r>(request: &'r Received, name: &str) -> Option<&'r str> {
    let (_, query) = request.target.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
}

/// The head of a page in the form of a portal.
const HEAD: &str =
    "---\nservice: shop\noperation: Op\nedition: 2025-03-01\n---\n\n# Op\n\n## URI\n\n";

/// A list whose items have no id.
const LIST: &str = "`GET /things`

Table 1 Query parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| level | No | String | Only things of this level are listed.<br>Enumeration values:<br>- low<br>- high |
| from | No | String | The first day, in the format YYYY-MM-DD. Only things of this day or later are listed. |
| limit | No | Integer | How many things are shown at most. The value ranges from 1 to 50. |

## Response parameters

### Status code: 200

Table 2 Response body parameters

| Parameter | Type | Description |
|---|---|---|
| things | Array of Thing objects | The things, newest first. |

Table 3 Thing

| Parameter | Type | Description |
|---|---|---|
| level | String | The level.<br>Enumeration values:<br>- low<br>- high |
| day | String | The day, in the format YYYY-MM-DD. |

### Status code: 400

Refused.
";

/// The server of the list.
fn list(request: &Received, fault: &str) -> Reply {
    let path = request.target.split('?').next().unwrap_or_default();
    if path != "/things" {
        return refusal(404);
    }
    if request.method != "GET" {
        return refusal(405).with("Allow", "GET");
    }
    let level = query(request, "level");
    let from = query(request, "from");
    let limit = query(request, "limit").map(str::parse::<usize>);
    let is_day = |text: &str| text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
    let is_limit = |limit: &Result<usize, _>| matches!(limit, Ok(1..=50));
    if level.is_some_and(|level| !["low", "high"].contains(&level))
        || from.is_some_and(|from| !is_day(from))
        || limit.as_ref().is_some_and(|limit| !is_limit(limit))
    {
        return refusal(400);
    }
    let mut things: Vec<(&str, String)> = (1..=9)
        .rev()
        .map(|day| {
            (
                if day % 2 == 0 { "low" } else { "high" },
                format!("2025-01-0{day}"),
            )
        })
        .collect();
    things.retain(|(own, day)| {
        let is_level = level.is_none_or(|level| level == *own) || fault == "unfiltered";
        let is_day = from.is_none_or(|from| match fault {
            "all days" => true,
            "not that day" => day.as_str() > from,
            _ => day.as_str() >= from,
        });
        is_level && is_day
    });
    let limit = limit.and_then(Result::ok).unwrap_or(50);
    things.truncate(limit + usize::from(fault == "one more"));
    if fault == "oldest first" {
        things.reverse();
    }
    let thing = |(level, day): &(&str, String)| json!({ "level": level, "day": day });
    let things: Vec<Value> = things.iter().map(thing).collect();
    Reply::json(200, &json!({ "things": things }))
}

#[rstest]
#[case::kept("", &[])]
#[case::filter("unfiltered", &["relation::filter::fits"])]
#[case::range("all days", &["relation::range::within"])]
#[case::end("not that day", &["relation::range::ends"])]
#[case::size("one more", &["relation::pagination::limit"])]
#[case::order("oldest first", &["relation::sorted::sorted"])]
fn a_list_without_ids_keeps_what_its_rows_say(
    #[case] fault: &'static str,
    #[case] expected: &[&str],
) {
    let (facts, text) = run(&format!("{HEAD}{LIST}"), fault, list);
    assert_eq!(facts, expected, "{text}");
}

/// What a table or a sentence says of the headers of an answer.
#[rstest]
#[case::kept("| Content-Disposition | Yes | String | The name. |", "", &[])]
#[case::of_the_service("| Content-Disposition | Yes | String | The name. |", "no name", &["response-200.header.Content-Disposition::required"])]
#[case::of_the_way("| Content-Encoding | Yes | String | The coding. |", "", &[])]
#[case::of_each_answer("| ETag |  | String | The version. |", "no tag", &["response-200.header.ETag::required"])]
#[case::of_some_answers("| ETag |  | String | The version, if it is known. |", "no tag", &[])]
fn a_header_that_answers_have_is_there(
    #[case] row: &str,
    #[case] fault: &'static str,
    #[case] expected: &[&str],
) {
    let page = format!(
        "{HEAD}`GET /report`\n\n## Response parameters\n\n### Status code: 200\n\nTable 1 Response header parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n{row}\n\nTable 2 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| rows | Integer | The rows. |\n"
    );
    let act = |request: &Received, fault: &str| {
        if request.target != "/report" {
            return refusal(404);
        }
        if request.method != "GET" {
            return refusal(405).with("Allow", "GET");
        }
        let mut reply = Reply::json(200, &json!({ "rows": 2 }));
        if fault != "no name" {
            reply = reply.with("Content-Disposition", "attachment");
        }
        if fault != "no tag" {
            reply = reply.with("ETag", "\"1\"");
        }
        reply
    };
    let (facts, text) = run(&page, fault, act);
    assert_eq!(facts, expected, "{text}");
}

#[rstest]
#[case::kept("", &[])]
#[case::another_form("always JSON", &["response-200::contentType"])]
#[case::any_form("never refused", &["request::malformed"])]
fn what_may_be_asked_for_is_what_comes(#[case] fault: &'static str, #[case] expected: &[&str]) {
    let page = format!(
        "{HEAD}`GET /rates`\n\nTable 1 Request header parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| Accept | No | String | The form of the answer.<br>Enumeration values:<br>- application/json<br>- text/csv |\n\n## Response parameters\n\n### Status code: 200\n\nTable 2 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| euro | Double | The rate. |\n\n### Status code: 406\n\nNo such form.\n"
    );
    let act = |request: &Received, fault: &str| {
        if request.target != "/rates" {
            return refusal(404);
        }
        if request.method != "GET" {
            return refusal(405).with("Allow", "GET");
        }
        let accept = request.header("accept").unwrap_or("*/*");
        let json = Reply::json(200, &json!({ "euro": 1.5 }));
        match accept.split([',', ';']).next() {
            Some("text/csv") if fault != "always JSON" => Reply {
                status: 200,
                headers: vec![("Content-Type".to_owned(), "text/csv".to_owned())],
                body: b"euro\r\n1.5\r\n".to_vec(),
                reset: false,
            },
            Some("text/csv" | "*/*" | "application/json" | "application/*") => json,
            _ if fault == "never refused" => json,
            _ => refusal(406),
        }
    };
    let (facts, text) = run(&page, fault, act);
    assert_eq!(facts, expected, "{text}");
}

/// Limits that rows state in a few words; a service that takes values beyond one.
#[rstest]
#[case::kept("", &[])]
#[case::both_ends_of_one_breath("ratio", &["request.ratio::exclusiveMinimum"])]
#[case::an_age("age", &["request.age::minimum"])]
#[case::cents("fee", &["request.fee::multipleOf"])]
#[case::twice("tags", &["request.tags::uniqueItems"])]
#[case::a_name("name", &["request.name::pattern"])]
fn a_value_beyond_a_limit_is_refused(#[case] fault: &'static str, #[case] expected: &[&str]) {
    let page = format!(
        "{HEAD}`POST /people`\n\n## Request parameters\n\nTable 1 Request body parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| name | Yes | String | It starts with a letter and contains 3 to 20 letters, digits and hyphens (-). |\n| ratio | No | Double | The ratio, greater than 0 and at most 3. |\n| age | No | Integer | The age, 18 or older, at most 120. |\n| fee | No | Double | The fee, a multiple of 0.01. The value ranges from 0 to 10. |\n| tags | No | Array of strings | The tags. 1 to 3 items, no duplicates. |\n\n## Response parameters\n\n### Status code: 201\n\nTable 2 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| id | String | The id. |\n\n### Status code: 400\n\nRefused.\n\n## Example request\n\n```\nPOST https://{{endpoint}}/people\n\n{{ \"name\" : \"ada\", \"ratio\" : 1.5, \"age\" : 36, \"fee\" : 0.58, \"tags\" : [ \"a\", \"b\" ] }}\n```\n"
    );
    let act = |request: &Received, fault: &str| {
        if request.target != "/people" {
            return refusal(404);
        }
        if request.method != "POST" {
            return refusal(405).with("Allow", "POST");
        }
        let Ok(Value::Object(sent)) = serde_json::from_slice(&request.body) else {
            return refusal(400);
        };
        let is_number = |value: &Value, low: f64, high: f64| {
            value
                .as_f64()
                .is_some_and(|own| (low..=high).contains(&own))
        };
        let is_good = |name: &str, value: &Value| match name {
            "name" => value.as_str().is_some_and(|own| {
                let begins = |c: char| c.is_ascii_alphabetic() || fault == "name" && c != ' ';
                (3..=20).contains(&own.chars().count())
                    && own.starts_with(begins)
                    && own.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            }),
            "ratio" => {
                is_number(value, 0.0, 3.0) && (value.as_f64() != Some(0.0) || fault == "ratio")
            }
            "age" => {
                let is_whole = value.as_f64().is_some_and(|own| own.fract() == 0.0);
                is_whole && is_number(value, if fault == "age" { 17.0 } else { 18.0 }, 120.0)
            }
            "fee" => {
                let cents = value.as_f64().unwrap_or_default() * 100.0;
                let is_whole = (cents - cents.round()).abs() < 1e-6;
                is_number(value, 0.0, 10.0) && (is_whole || fault == "fee")
            }
            "tags" => value.as_array().is_some_and(|own| {
                let is_twice = (1..own.len()).any(|at| own[..at].contains(&own[at]));
                (1..=3).contains(&own.len())
                    && own.iter().all(Value::is_string)
                    && (!is_twice || fault == "tags")
            }),
            _ => true,
        };
        if !sent.contains_key("name") || !sent.iter().all(|(name, value)| is_good(name, value)) {
            return refusal(400);
        }
        Reply::json(201, &json!({ "id": "p1" }))
    };
    let (facts, text) = run(&page, fault, act);
    assert_eq!(facts, expected, "{text}");
}

/// A sentence that says what an answer has needs no colon: the table below it is sent by nobody.
#[rstest]
#[case::without_a_colon("The answer is `201 Created`, and the body is", true)]
#[case::with_a_header(
    "The answer is `201 Created`. `Location` holds the address, and the body is",
    true
)]
#[case::of_the_request("The answer is `201 Created`. The request body is", false)]
fn a_table_below_its_answer_is_not_sent(#[case] lead: &str, #[case] is_answered: bool) {
    let page = format!(
        "# Notes\n\n## Create\n\n`POST /notes`\n\n{lead}\n\n| Field | Type | Description |\n|---|---|---|\n| id | string | The id. |\n"
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    docproof(folder.path(), ["derive", "page.md", "--out", "out"]);
    let operation = std::fs::read_dir(folder.path().join("out/api"))
        .unwrap()
        .flatten()
        .find(|entry| entry.path().is_dir())
        .unwrap();
    let is = |name: &str| operation.path().join(name).exists();
    assert_eq!(
        (is("response-201.json"), is("request.json")),
        (is_answered, !is_answered)
    );
}

/// Fields, values and media types that stand in a sentence and in no table; a service that takes or
/// answers something else.
#[rstest]
#[case::kept("", &[])]
#[case::a_value("root", &["response-201.role::enum"])]
#[case::a_state("running", &["response-201.state::enum"])]
#[case::a_media_type("plain", &["response-400::contentType"])]
#[case::a_long_text("long", &["request.text::maxLength"])]
#[case::a_missing_text("missing", &["request.text::required"])]
fn what_stands_in_a_sentence_is_kept_to(#[case] fault: &'static str, #[case] expected: &[&str]) {
    let page = "---\nservice: shop\noperation: Op\nedition: 2025-03-01\n---\n\n# Op\n\n`POST /notes`\n\nSend `text` (string, required, 1 to 20 characters) and `count` (integer, optional).\n\nResponse `201`: the note.\n\n| Field | Type | Description |\n|---|---|---|\n| id | string | The id. |\n| role | string | The role. |\n| state | string | Always `queued`. |\n\n`role` is one of `admin`, `member`.\n\nResponse `400`: a value is wrong. Errors are `application/problem+json`.\n\n| Field | Type | Description |\n|---|---|---|\n| title | string | The title. |\n";
    let act = |request: &Received, fault: &str| {
        if request.target != "/notes" {
            return refusal(404);
        }
        if request.method != "POST" {
            return refusal(405).with("Allow", "POST");
        }
        let kind = if fault == "plain" {
            "json"
        } else {
            "problem+json"
        };
        let refused = || Reply {
            status: 400,
            headers: vec![("Content-Type".to_owned(), format!("application/{kind}"))],
            body: b"{\"title\":\"wrong\"}".to_vec(),
            reset: false,
        };
        let Ok(Value::Object(sent)) = serde_json::from_slice(&request.body) else {
            return refused();
        };
        let longest = if fault == "long" { 500 } else { 20 };
        let is_good = |name: &str, value: &Value| match name {
            "text" => value
                .as_str()
                .is_some_and(|own| (1..=longest).contains(&own.chars().count())),
            "count" => value.as_f64().is_some_and(|own| own.fract() == 0.0),
            _ => true,
        };
        let has_text = sent.contains_key("text") || fault == "missing" && !sent.is_empty();
        if !has_text || !sent.iter().all(|(name, value)| is_good(name, value)) {
            return refused();
        }
        let role = if fault == "root" { "root" } else { "admin" };
        let state = if fault == "running" {
            "running"
        } else {
            "queued"
        };
        Reply::json(201, &json!({ "id": "n1", "role": role, "state": state }))
    };
    let (facts, text) = run(page, fault, act);
    assert_eq!(facts, expected, "{text}");
}

/// A value that a row shows of what its path needs is what reads are sent with.
#[rstest]
#[case::kept("", &[])]
#[case::another_type("number", &["response-200.lang::type"])]
fn a_read_is_sent_with_the_value_that_its_row_shows(
    #[case] fault: &'static str,
    #[case] expected: &[&str],
) {
    let page = format!(
        "{HEAD}`GET /words/{{word}}`\n\nTable 1 Path parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| word | Yes | String | The word, such as `apple` |\n\nTable 2 Query parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| lang | No | String | The language.<br>Enumeration values:<br>- en<br>- de |\n\n## Response parameters\n\n### Status code: 200\n\nTable 3 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| lang | String | The language. |\n\n### Status code: 400\n\nRefused.\n\n### Status code: 404\n\nThe word is not known.\n"
    );
    let act = |request: &Received, fault: &str| {
        if !request.target.starts_with("/words/apple") {
            return refusal(404);
        }
        if request.method != "GET" {
            return refusal(405).with("Allow", "GET");
        }
        match query(request, "lang").unwrap_or("en") {
            "en" | "de" if fault == "number" => Reply::json(200, &json!({ "lang": 1 })),
            lang @ ("en" | "de") => Reply::json(200, &json!({ "lang": lang })),
            _ => refusal(400),
        }
    };
    let (facts, text) = run(&page, fault, act);
    assert_eq!(facts, expected, "{text}");
}

/// An id that nobody has and that is answered as one is, however long it is: one finding.
#[rstest]
#[case::short("")]
#[case::of_any_length("long")]
fn an_answer_to_an_id_of_nobody_is_told_once(#[case] fault: &'static str) {
    let page = format!(
        "{HEAD}`GET /words/{{word_id}}`\n\nTable 1 Path parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| word_id | Yes | String | The word, such as `apple` |\n\n## Response parameters\n\n### Status code: 200\n\nTable 2 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| name | String | The name. |\n\n### Status code: 404\n\nThe word is not known.\n"
    );
    let act = |request: &Received, fault: &str| {
        let is_long = request.target.len() >= 100;
        let is_word = request.target.matches('/').count() == 2 && (fault == "long" || !is_long);
        if !is_word || !request.target.starts_with("/words/") {
            return refusal(404);
        }
        if request.method != "GET" {
            return refusal(405).with("Allow", "GET");
        }
        Reply::json(200, &json!({ "name": "apple" }))
    };
    let (facts, text) = run(&page, fault, act);
    assert_eq!(facts, ["response-404::status"], "{text}");
}

/// What a sentence says of a field that is known of nothing is told, with its line.
#[rstest]
#[case(
    "`role` is one of `admin`, `member`.",
    "p.md:5: should a sentence tells the values of `role`"
)]
#[case(
    "It has `tags` (list of strings).",
    "p.md:5: should a sentence speaks of the field `tags`"
)]
fn what_is_not_read_of_a_sentence_is_told(#[case] sentence: &str, #[case] expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    let page = format!("# Op\n\n`GET /things`\n\n{sentence}\n\nResponse 204.\n");
    std::fs::write(folder.path().join("p.md"), page).unwrap();
    let told = docproof(folder.path(), ["lint", "p.md"]).text();
    assert!(told.contains(expected), "{told}");
}
