//! Every door that a service may have: each credential is given by one flag, a service that guards
//! its door is met by silence, and one whose door stands open, or takes a part of its credential, is
//! found.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use rstest::rstest;
use serde_json::json;

use crate::support::small::{Answer, Ran, try_page};
use crate::support::{Received, Reply};

/// A service by its door.
#[derive(Debug, Clone, Copy)]
enum Door {
    Bearer,
    Basic,
    Header,
    Query,
    Cookie,
}

/// How a service guards its door.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Guard {
    /// It takes its credential and nothing else.
    Right,
    /// It takes whoever shows nothing.
    Open,
    /// It takes a credential that lacks its end.
    Cut,
    /// It looks at nothing.
    Blind,
}

/// The credential of the services; Basic takes it as the password of a user.
const SECRET: &str = "s3cret-of-the-door-0123";
const USER: &str = "ann";

impl Door {
    /// The flag and its value.
    fn flag(self, secret: &str) -> [String; 2] {
        let (flag, value) = match self {
            Self::Bearer => ("--bearer", secret.to_owned()),
            Self::Basic => ("--basic", format!("{USER}:{secret}")),
            Self::Header => ("--api-key", format!("X-Api-Key={secret}")),
            Self::Query => ("--api-key", format!("api_key={secret}")),
            Self::Cookie => ("--cookie", format!("session={secret}")),
        };
        [flag.to_owned(), value]
    }

    /// What the page says of it: a sentence, and a row of the query.
    fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Bearer => (
                "Every request must carry `Authorization: Bearer <token>`.",
                "",
            ),
            Self::Basic => (
                "Every request must be authenticated by HTTP Basic authentication.",
                "",
            ),
            Self::Header => ("Every request must carry `X-Api-Key: <key>`.", ""),
            Self::Query => (
                "Every request needs the key in the query.",
                "| api_key | Yes | String | Your API key. |\n",
            ),
            Self::Cookie => ("Every request must carry `Cookie: session=<session>`.", ""),
        }
    }

    /// What a request shows at this door.
    fn shown(self, request: &Received) -> Option<String> {
        let authorization = |scheme: &str| {
            let (known, rest) = request.header("authorization")?.split_once(' ')?;
            known
                .eq_ignore_ascii_case(scheme)
                .then(|| rest.trim().to_owned())
        };
        match self {
            Self::Bearer => authorization("bearer"),
            Self::Basic => {
                let pair = STANDARD.decode(authorization("basic")?).ok()?;
                let pair = String::from_utf8(pair).ok()?;
                Some(pair.strip_prefix("ann:")?.to_owned())
            }
            Self::Header => request.header("x-api-key").map(str::to_owned),
            Self::Query => query(request)
                .into_iter()
                .find_map(|(name, value)| (name == "api_key").then_some(value)),
            Self::Cookie => request
                .header("cookie")?
                .split(';')
                .find_map(|pair| pair.trim().strip_prefix("session=").map(str::to_owned)),
        }
    }

    /// Whether a service takes what a request shows.
    fn takes(self, request: &Received, guard: Guard) -> bool {
        let shown = self.shown(request);
        match (guard, shown.as_deref()) {
            (Guard::Blind, _) | (Guard::Open, None) => true,
            (Guard::Cut, Some(shown)) => shown.len() > 8 && SECRET.starts_with(shown),
            (Guard::Right | Guard::Open, Some(shown)) => shown == SECRET,
            (Guard::Right | Guard::Cut, None) => false,
        }
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

fn query(request: &Received) -> Vec<(String, String)> {
    pairs(
        request
            .target
            .split_once('?')
            .map_or("", |(_, query)| query),
    )
}

pub(crate) fn refuse(status: u16, why: &str) -> Reply {
    Reply::json(status, &json!({ "error_code": "N.1", "error_msg": why }))
}

/// What the pages say of the answers that refuse.
const REFUSALS: &str = "
### Status code: 400

| Parameter | Type | Description |
|---|---|---|
| error_code | String | The code. |
| error_msg | String | The message. |

### Status code: 401

| Parameter | Type | Description |
|---|---|---|
| error_code | String | The code. |
| error_msg | String | The message. |

## Status codes

| Status code | Description |
|---|---|
| 200 | It is done. |
| 400 | The request is refused. |
| 401 | The credential is absent or wrong. |
";

/// The page of a service that lists notes, behind a door.
fn lists(door: Door) -> String {
    let (sentence, row) = door.said();
    list_page(sentence, row)
}

/// The page of a service that lists notes, with a sentence about its door and a row of its query.
pub(crate) fn list_page(sentence: &str, row: &str) -> String {
    format!(
        "---
service: notes
operation: ListNotes
edition: 2025-03-01
---

# List notes

{sentence}

## URI

`GET /v1/notes`

## Request parameters

Table 1 Query parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
{row}| limit | No | Integer | How many notes are listed. The value ranges from 1 to 10. |

## Response parameters

### Status code: 200

| Parameter | Type | Description |
|---|---|---|
| notes | Array of strings | The notes. |
{REFUSALS}"
    )
}

/// The page of a service that looks for notes by a form.
fn searches(door: Door) -> String {
    let (sentence, _) = door.said();
    format!(
        "---
service: notes
operation: SearchNotes
edition: 2025-03-01
---

# Search for notes

{sentence}

## URI

`POST /v1/notes/search`

## Request parameters

Table 1 Request header parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| Content-Type | Yes | String | Fixed: application/x-www-form-urlencoded |

Table 2 Form parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| word | Yes | String | The word.<br>Minimum length: 2<br>Maximum length: 12 |

## Response parameters

### Status code: 200

| Parameter | Type | Description |
|---|---|---|
| notes | Array of strings | The notes. |
{REFUSALS}"
    )
}

/// Answers a list of notes.
pub(crate) fn list(request: &Received) -> Reply {
    let limits: Vec<String> = query(request)
        .into_iter()
        .filter_map(|(name, value)| (name == "limit").then_some(value))
        .collect();
    let is_good = |text: &String| {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
        is_plain
            && text
                .parse()
                .is_ok_and(|limit: u32| (1..=10).contains(&limit))
    };
    if limits.len() < 2 && limits.iter().all(is_good) {
        Reply::json(200, &json!({ "notes": ["one", "two"] }))
    } else {
        refuse(400, "limit")
    }
}

/// Answers a search by a form.
fn search(request: &Received, longest: usize) -> Reply {
    let kind = request.header("content-type").unwrap_or_default();
    let is_form =
        kind.split(';').next().unwrap_or_default().trim() == "application/x-www-form-urlencoded";
    let text = String::from_utf8_lossy(&request.body);
    let is_text = percent_decode_str(&text.replace('+', " "))
        .decode_utf8()
        .is_ok();
    let words: Vec<String> = pairs(&text)
        .into_iter()
        .filter_map(|(name, value)| (name == "word").then_some(value))
        .collect();
    match words.as_slice() {
        [word] if is_form && is_text && (2..=longest).contains(&word.chars().count()) => {
            Reply::json(200, &json!({ "notes": [word] }))
        }
        _ => refuse(400, "word"),
    }
}

/// A service behind a door.
fn guarded(
    door: Door,
    guard: Guard,
    method: &'static str,
    path: &'static str,
    serve: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> Answer {
    Box::new(move |request| {
        let at = request.target.split('?').next().unwrap_or_default();
        if at != path {
            refuse(404, "nothing is here")
        } else if request.method != method {
            refuse(405, "not so").with("Allow", method)
        } else if !door.takes(request, guard) {
            refuse(401, "who are you?")
        } else {
            serve(request)
        }
    })
}

/// What a run with the one flag of a service comes to.
fn try_list(door: Door, guard: Guard) -> Ran {
    let flag = door.flag(SECRET);
    let flag: Vec<&str> = flag.iter().map(String::as_str).collect();
    let answer = guarded(door, guard, "GET", "/v1/notes", list);
    try_page(&lists(door), &flag, answer)
}

#[rstest]
fn a_guarded_door_is_met_by_silence_and_another_is_found(
    #[values(Door::Bearer, Door::Basic, Door::Header, Door::Query, Door::Cookie)] door: Door,
    #[values(Guard::Right, Guard::Open, Guard::Cut, Guard::Blind)] guard: Guard,
) {
    let ran = try_list(door, guard);
    let broken = ran.broken();
    match guard {
        Guard::Right => {
            assert_eq!(ran.code, 0, "{}", ran.text);
            assert_eq!(broken, Vec::<String>::new(), "{}", ran.text);
            // The refusals were asked for: silence is no want of trials.
            let refused = |request: &&Received| !door.takes(request, Guard::Right);
            assert!(
                ran.received.iter().filter(refused).count() >= 3,
                "{}",
                ran.text
            );
        }
        Guard::Open | Guard::Cut | Guard::Blind => {
            assert_eq!(ran.code, 1, "{}", ran.text);
            // The row of the refusal that does not come leads, where there is one.
            let is_auth = |fact: &String| fact.contains("auth") || fact.contains("response-401");
            assert!(broken.iter().any(is_auth), "{broken:?}\n{}", ran.text);
        }
    }
}

#[rstest]
#[case::right(Guard::Right, 12, None)]
#[case::open(Guard::Open, 12, Some("auth"))]
#[case::cut(Guard::Cut, 12, Some("auth"))]
#[case::too_long(Guard::Right, 13, Some("word::maxLength"))]
fn a_form_is_sent_by_one_flag(
    #[case] guard: Guard,
    #[case] longest: usize,
    #[case] found: Option<&str>,
) {
    let door = Door::Bearer;
    let [flag, value] = door.flag(SECRET);
    let answer = guarded(door, guard, "POST", "/v1/notes/search", move |request| {
        search(request, longest)
    });
    let ran = try_page(&searches(door), &[&flag, &value], answer);
    let broken = ran.broken();
    match found {
        None => assert_eq!(broken, Vec::<String>::new(), "{}", ran.text),
        Some(part) => {
            let is_it = |fact: &String| fact.contains(part);
            assert!(broken.iter().any(is_it), "{broken:?}\n{}", ran.text);
        }
    }
    assert_eq!(ran.code, i32::from(found.is_some()), "{}", ran.text);
}

#[rstest]
#[case::another_scheme(&["--basic", "ann:s3cret-0123"], &lists(Door::Bearer), &["`Authorization: Basic` with user and password was sent", "the source asks for `Authorization: Bearer TOKEN`"])]
#[case::another_header(&["--token", "s3cret-0123"], &lists(Door::Cookie), &["the cookie `session`"])]
#[case::nothing(&[], &lists(Door::Query), &["no credential was sent", "the query parameter `api_key`", "`--api-key api_key=VALUE`"])]
#[case::one_of_two(&["--bearer", "s3cret-0123"], &two_credentials(), &["the source asks for `Authorization: Bearer TOKEN` and the header `X-Api-Key`"])]
#[case::a_kind_of_its_own(&["--bearer", "s3cret-0123"], &list_page("Every request must carry `Authorization: Sesame <word>`.", ""), &["the scheme `Sesame` of `Authorization`"])]
fn a_credential_of_another_kind_is_named_beside_what_is_asked_for(
    #[case] flags: &[&str],
    #[case] page: &str,
    #[case] said: &[&str],
) {
    let ran = try_page(page, flags, Box::new(|_| refuse(401, "who are you?")));
    assert_eq!(ran.code, 3, "{}", ran.text);
    for text in said {
        assert!(ran.text.contains(text), "no `{text}` in {}", ran.text);
    }
    assert!(!ran.text.contains("s3cret-0123"), "{}", ran.text);
}

/// A page that asks for two credentials at once, each a row of its own.
fn two_credentials() -> String {
    let rows = "Table 1 Request header parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| Authorization | Yes | String | The access token: the word Bearer, a space, and the token. |
| X-Api-Key | Yes | String | The API key. |

Table 2 Query parameters";
    lists(Door::Header).replace("Table 1 Query parameters", rows)
}

#[rstest]
#[case::both_set(&["--set", "notes.authorization=Bearer a-token-0123", "--set", "notes.x_api_key=s3cret-of-the-door-0123"])]
#[case::one_given(&["--bearer", "a-token-0123", "--set", "notes.x_api_key=s3cret-of-the-door-0123"])]
fn every_credential_that_is_set_is_sent(#[case] arguments: &[&str]) {
    let door = Door::Header;
    let answer = guarded(
        door,
        Guard::Right,
        "GET",
        "/v1/notes",
        |request| match request.header("authorization") {
            Some("Bearer a-token-0123") => list(request),
            _ => refuse(401, "who are you?"),
        },
    );
    let mut arguments = arguments.to_vec();
    arguments.extend(["--report", "sarif=-"]);
    let ran = try_page(&two_credentials(), &arguments, answer);
    assert_eq!(ran.code, 0, "{}", ran.text);
    assert!(!ran.text.contains("a-token-0123"), "{}", ran.text);
    assert!(!ran.report.to_string().contains(SECRET), "{}", ran.text);
}

/// Which of two credentials a service takes: whether a request shows the token, and a key, which may
/// be the right one.
type Takes = fn(bool, Option<bool>) -> bool;

#[rstest]
#[case::both("Yes", |has_token, key| has_token && key == Some(true), None)]
#[case::any_key("Yes", |has_token, key: Option<bool>| has_token && key.is_some(), Some("a wrong value of the header `X-Api-Key`"))]
#[case::no_key("Yes", |has_token, _| has_token, Some("without the header `X-Api-Key`"))]
#[case::no_token("Yes", |_, key| key == Some(true), Some("without `Authorization: Bearer TOKEN`"))]
#[case::either("No", |has_token, key| has_token || key == Some(true), None)]
fn of_two_credentials_each_is_left_out_where_both_are_asked_for(
    #[case] mandatory: &str,
    #[case] takes: Takes,
    #[case] found: Option<&str>,
) {
    let page = two_credentials().replace("| Yes |", &format!("| {mandatory} |"));
    let answer: Answer = Box::new(move |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let has_token = request.header("authorization") == Some("Bearer a-token-0123");
        if path != "/v1/notes" {
            refuse(404, "nothing is here")
        } else if request.method != "GET" {
            refuse(405, "not so").with("Allow", "GET")
        } else if takes(
            has_token,
            request.header("x-api-key").map(|key| key == SECRET),
        ) {
            list(request)
        } else {
            refuse(401, "who are you?")
        }
    });
    let key = format!("X-Api-Key={SECRET}");
    let flags = ["--bearer", "a-token-0123", "--api-key", &key, "--verbose"];
    let ran = try_page(&page, &flags, answer);
    assert_eq!(ran.code, i32::from(found.is_some()), "{}", ran.text);
    assert_eq!(
        ran.text.contains("auth::one-absent"),
        mandatory == "Yes",
        "{}",
        ran.text
    );
    if let Some(case) = found {
        assert!(ran.broken().contains(&"auth".to_owned()), "{}", ran.text);
        assert!(ran.text.contains(case), "no `{case}` in {}", ran.text);
    }
}

#[test]
fn every_report_says_that_a_certificate_was_not_verified() {
    for (kind, said) in [
        ("sarif", "\"insecure\": true"),
        ("junit", "name=\"insecure\" value=\"true\""),
        ("markdown", "--insecure: its certificate was not verified"),
        (
            "github",
            "--insecure: the certificate of the endpoint was not verified",
        ),
    ] {
        let [flag, value] = Door::Bearer.flag(SECRET);
        let report = format!("{kind}=-");
        let arguments = [&flag, &value, "--insecure", "--report", report.as_str()];
        let answer = guarded(Door::Bearer, Guard::Right, "GET", "/v1/notes", list);
        let ran = try_page(&lists(Door::Bearer), &arguments, answer);
        assert!(ran.text.contains(said), "{}", ran.text);
    }
}

/// An empty credential is no credential in form: 400 says so as well as 401 (RFC 6750, section 3.1),
/// and a wrong one that has the form is refused as documented.
#[rstest]
#[case::malformed(true, 0)]
#[case::wrong_too(false, 1)]
fn a_credential_without_a_form_may_be_a_wrong_request(#[case] only_empty: bool, #[case] code: i32) {
    let page = "# Show me

`GET /v1/me`

Every request must carry `Authorization: Bearer <token>`.

| Status code | Description |
|---|---|
| 200 | It is shown. |
| 401 | The credential is absent or wrong. |
";
    let answer: Answer = Box::new(move |request| {
        let shown = request.header("authorization").unwrap_or_default().trim();
        match (request.method.as_str(), request.target.as_str()) {
            ("GET" | "HEAD", "/v1/me") if shown == format!("Bearer {SECRET}") => {
                Reply::json(200, &json!({ "name": "ann" }))
            }
            (_, "/v1/me") if shown == "Bearer" => refuse(400, "no token"),
            (_, "/v1/me") if shown.starts_with("Bearer ") && !only_empty => refuse(400, "token"),
            (_, "/v1/me") if shown != format!("Bearer {SECRET}") => refuse(401, "who?"),
            (_, "/v1/me") => refuse(405, "not so").with("Allow", "GET"),
            _ => refuse(404, "nothing is here"),
        }
    });
    let ran = try_page(page, &["--bearer", SECRET], answer);
    assert_eq!(ran.code, code, "{}", ran.text);
    let empty = ran.received.iter().any(|request| {
        request
            .header("authorization")
            .is_some_and(|own| own.trim() == "Bearer")
    });
    assert!(empty, "{}", ran.text);
}
