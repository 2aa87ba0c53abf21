//! A right server of tickets, and one that is wrong in one way, which several operations and laws
//! show: it is found once, by the row that it breaks.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Map, Value, json};

use crate::support::small::{Answer, Ran, try_page};
use crate::support::{Received, Reply};

const FIELDS: &str = "| Name | Type | Description |\n|---|---|---|\n\
| id | string | The id. |\n| name | string | The name. |\n| size | integer | The size. |\n";

const ERROR: &str =
    "| Name | Type | Description |\n|---|---|---|\n| message | string | What is wrong. |\n";

/// The page: create, list, show, change and replace.
fn page() -> String {
    let sent = |required: &str, default: &str| {
        format!(
            "| Name | Type | Required | Description |\n|---|---|---|---|\n\
             | name | string | {required} | 1 to 20 characters. |\n\
             | size | integer | no | 1 to 9.{default} |\n"
        )
    };
    let refusals = |statuses: &[u16]| -> String {
        let each = statuses.iter();
        each.map(|status| format!("\n### Status code: {status}\n\n{ERROR}"))
            .collect()
    };
    let example = "\n```json\n{ \"name\": \"a door\", \"size\": 3 }\n```\n";
    format!(
        "# Tickets\n\n## List tickets\n\n```\nGET /tickets\n```\n\n### Query parameters\n\n\
         | Name | Type | Required | Description |\n|---|---|---|---|\n\
         | limit | integer | no | How many at most, 1 to 50. Default 10. |\n\
         | offset | integer | no | How many are passed over, at least 0. Default 0. |\n\n\
         ### Status code: 200\n\n| Name | Type | Description |\n|---|---|---|\n\
         | tickets | [Ticket](#ticket)[] | The tickets. |\n{}\n\
         ## Create a ticket\n\n```\nPOST /tickets\n```\n\n### Request body\n\n{}{example}\n\
         ### Status code: 201\n\n{FIELDS}{}\n\
         ## Show a ticket\n\n```\nGET /tickets/{{id}}\n```\n\n### Status code: 200\n\n{FIELDS}{}\n\
         ## Change a ticket\n\n```\nPATCH /tickets/{{id}}\n```\n\n### Request body\n\n{}\n\
         ```json\n{{ \"size\": 4 }}\n```\n\n### Status code: 200\n\n{FIELDS}{}\n\
         ## Replace a ticket\n\n```\nPUT /tickets/{{id}}\n```\n\n### Request body\n\n{}{example}\n\
         ### Status code: 200\n\n{FIELDS}{}\n## Ticket\n\n{FIELDS}",
        refusals(&[400]),
        sent("yes", " Default 3."),
        refusals(&[400]),
        refusals(&[404]),
        sent("no", ""),
        refusals(&[400, 404]),
        sent("yes", " Default 3."),
        refusals(&[400, 404]),
    )
}

fn refuse(status: u16) -> Reply {
    Reply::json(status, &json!({ "message": "no" }))
}

/// An answer as the server sends it: the errors of one breach have another form.
fn sent(answer: Reply, breach: &str) -> Reply {
    if breach == "other errors" && answer.status >= 400 {
        let headers = answer.headers.clone();
        let answer = Reply::json(answer.status, &json!({ "fault": "no" }));
        return Reply { headers, ..answer };
    }
    answer
}

/// The fields of a body, as far as the page allows them.
fn fields(request: &Received, breach: &str) -> Result<Map<String, Value>, Reply> {
    let is_json = request.header("content-type") == Some("application/json");
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let mut body = body
        .as_object()
        .filter(|_| is_json)
        .cloned()
        .ok_or_else(|| refuse(400))?;
    body.retain(|name, _| name == "name" || name == "size");
    if let Some(name) = body.get("name") {
        let count = name.as_str().map_or(0, |name| name.chars().count());
        if breach == "breaks" && count > 18 {
            return Err(refuse(500));
        }
        let most = if breach == "long names" { 99 } else { 20 };
        if !(1..=most).contains(&count) {
            return Err(refuse(400));
        }
    }
    if let Some(size) = body.get("size") {
        let size = size.as_i64().filter(|_| size.is_i64() || size.is_u64());
        let is_any = breach == "any size";
        if !size.is_some_and(|size| is_any || (1..=9).contains(&size)) {
            return Err(refuse(400));
        }
    }
    Ok(body)
}

/// A ticket as an answer of a method shows it.
fn shown(ticket: &Map<String, Value>, method: &str, breach: &str) -> Reply {
    let mut ticket = ticket.clone();
    match (breach, method) {
        ("show without a name", "GET") | ("change without a name", "PATCH") => {
            ticket.remove("name");
        }
        ("show without a size", "GET") => {
            ticket.remove("size");
        }
        ("capitals", _) => {
            let name = ticket["name"].as_str().unwrap_or_default().to_uppercase();
            ticket.insert("name".to_owned(), name.into());
        }
        _ => {}
    }
    let status = if method == "POST" { 201 } else { 200 };
    Reply::json(status, &Value::Object(ticket))
}

fn list(request: &Received, tickets: &BTreeMap<String, Map<String, Value>>, breach: &str) -> Reply {
    let query = request.target.split_once('?');
    let query = query.map_or("", |(_, query)| query).as_bytes();
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query) {
        let is_digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let number = value.parse().ok().filter(|_| is_digits);
        let Some(number) = number.filter(|_| !asked.contains_key(&*name)) else {
            return refuse(400);
        };
        asked.insert(name.into_owned(), number);
    }
    let limit = asked.get("limit").copied().unwrap_or(10);
    let offset = asked.get("offset").copied().unwrap_or(0);
    if !(1..=50).contains(&limit) {
        return refuse(400);
    }
    let limit = if breach == "no limit" { 999 } else { limit };
    let all = tickets.values().skip(offset).take(limit);
    let mut all: Vec<Map<String, Value>> = all.cloned().collect();
    if breach == "capitals" {
        for ticket in &mut all {
            let name = ticket["name"].as_str().unwrap_or_default().to_uppercase();
            ticket.insert("name".to_owned(), name.into());
        }
    }
    Reply::json(200, &json!({ "tickets": all }))
}

fn server(breach: &'static str) -> Answer {
    let kept: Mutex<BTreeMap<String, Map<String, Value>>> = Mutex::default();
    Box::new(move |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let id = match path.strip_prefix("/tickets") {
            Some("") => None,
            Some(id) if id.len() > 1 && id.starts_with('/') => Some(&id[1..]),
            _ => return sent(refuse(404), breach),
        };
        let method = request.method.as_str();
        let mut kept = kept.lock().unwrap();
        let answer = || -> Result<Reply, Reply> {
            match (method, id) {
                ("GET", None) => Ok(list(request, &kept, breach)),
                ("POST", None) => {
                    let body = fields(request, breach)?;
                    if !body.contains_key("name") {
                        return Err(refuse(400));
                    }
                    let id = format!("t{:05}", kept.len() + 1);
                    let mut ticket = Map::new();
                    ticket.insert("id".to_owned(), id.as_str().into());
                    ticket.insert("size".to_owned(), 3.into());
                    ticket.extend(body);
                    kept.insert(id, ticket.clone());
                    Ok(shown(&ticket, method, breach))
                }
                ("GET" | "PATCH" | "PUT", Some(id)) => {
                    let ticket = kept.get_mut(id).ok_or_else(|| refuse(404))?;
                    let before = ticket.clone();
                    if method != "GET" {
                        let body = fields(request, breach)?;
                        if method == "PUT" {
                            if !body.contains_key("name") {
                                return Err(refuse(400));
                            }
                            ticket.insert("size".to_owned(), 3.into());
                        }
                        ticket.extend(body);
                    }
                    let is_stale = breach == "stale change" && method == "PATCH";
                    let ticket = if is_stale { &before } else { &*ticket };
                    Ok(shown(ticket, method, breach))
                }
                (_, None) => Ok(refuse(405).with("Allow", "GET, POST")),
                (_, Some(_)) => Ok(refuse(405).with("Allow", "GET, PATCH, PUT")),
            }
        };
        let answer: Result<Reply, Reply> = { answer }();
        sent(answer.unwrap_or_else(|refusal| refusal), breach)
    })
}

/// The labels of the rows that a finding cites.
fn rows(ran: &Ran) -> Vec<String> {
    let rows = ran.report["findings"][0]["rows"].as_array().cloned();
    let row = |row: &Value| row["row"].as_str().unwrap_or_default().to_owned();
    rows.unwrap_or_default().iter().map(row).collect()
}

#[rstest]
#[case::right("", &[], "")]
#[case::a_field_that_a_create_demands("show without a name", &["response-200.name::required"], "name")]
#[case::a_field_that_a_change_may_leave_out("change without a name", &["response-200.name::required"], "name")]
#[case::a_field_that_has_a_default("show without a size", &["response-200.size::required"], "size")]
#[case::a_change_that_tells_of_before("stale change", &["relation::lifecycle::update-changes-this-alone"], "")]
#[case::a_limit_of_three_requests("long names", &["request.name::maxLength"], "name")]
#[case::both_ends_of_a_range("any size", &["request.size::maximum"], "size")]
#[case::a_length_that_breaks_it("breaks", &["request.name::maxLength"], "name")]
#[case::a_value_that_is_told_otherwise("capitals", &["relation::echo::same"], "name")]
#[case::errors_of_another_form("other errors", &["response-400.message::required"], "message")]
#[case::pages_without_a_limit("no limit", &["relation::pagination::limit"], "limit")]
fn one_cause_is_one_finding(
    #[case] breach: &'static str,
    #[case] expected: &[&str],
    #[case] row: &str,
) {
    let ran = try_page(&page(), &[], server(breach));
    assert_eq!(ran.broken(), expected, "{}", ran.text);
    assert_eq!(ran.code, i32::from(!expected.is_empty()), "{}", ran.text);
    if !row.is_empty() {
        let rows = rows(&ran);
        assert!(
            rows.iter().all(|label| label == row),
            "{rows:?}\n{}",
            ran.text
        );
    }
}

/// Teams whose unique slug is their id.
const TEAMS: &str = "# Teams\n\n## Create a team\n\n`POST /teams`\n\n### Request body\n\n\
| Field | Type | Required | Description |\n|---|---|---|---|\n\
| slug | string | Yes | Lowercase letters, digits and hyphens, 3 to 30 characters. Must be unique. |\n\
| title | string | Yes | Up to 60 characters. |\n\n\
### Response 201\n\n| Field | Type | Description |\n|---|---|---|\n\
| slug | string | The slug. |\n| title | string | The title. |\n\n\
### Response 409\n\nThe slug is taken.\n\n### Response 422\n\nThe body is invalid.\n\n\
## Delete a team\n\n`DELETE /teams/{slug}`\n\n### Response 204\n\nGone.\n\n\
### Response 404\n\nNo such team.\n";

#[rstest]
#[case::refused("refused", &[])]
#[case::the_first_is_told("first", &[])]
#[case::overwritten("overwritten", &["relation::lifecycle::unique"])]
fn a_second_create_of_a_unique_id_takes_nothing_over(
    #[case] behaviour: &'static str,
    #[case] expected: &[&str],
) {
    let kept: Mutex<BTreeMap<String, Value>> = Mutex::default();
    let ran = try_page(
        TEAMS,
        &[],
        Box::new(move |request| {
            let mut kept = kept.lock().unwrap();
            let path = request.target.split('?').next().unwrap_or_default();
            let status = |status| Reply::json(status, &json!({}));
            match (request.method.as_str(), path.strip_prefix("/teams")) {
                ("POST", Some("")) => {
                    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                    let text = |name: &str| body[name].as_str().map(str::to_owned);
                    let is_sign = |sign: char| {
                        sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-'
                    };
                    let slug = text("slug")
                        .filter(|slug| (3..=30).contains(&slug.len()) && slug.chars().all(is_sign));
                    let title = text("title").filter(|title| title.chars().count() <= 60);
                    let is_json = request.header("content-type") == Some("application/json");
                    let (Some(slug), Some(title), true) = (slug, title, is_json) else {
                        return status(422);
                    };
                    let team = json!({ "slug": slug, "title": title });
                    match kept.get(&slug) {
                        Some(_) if behaviour == "refused" => return status(409),
                        Some(first) if behaviour == "first" => return Reply::json(201, first),
                        _ => {}
                    }
                    kept.insert(slug, team.clone());
                    Reply::json(201, &team)
                }
                ("DELETE", Some(slug)) if slug.len() > 1 => {
                    let known = kept.remove(&slug[1..]);
                    status(if known.is_some() { 204 } else { 404 })
                }
                (_, Some("")) => status(405).with("Allow", "POST"),
                (_, Some(slug)) if slug.starts_with('/') => status(405).with("Allow", "DELETE"),
                _ => status(404),
            }
        }),
    );
    assert_eq!(ran.broken(), expected, "{}", ran.text);
}
