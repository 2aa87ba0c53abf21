//! What somebody met who did not know the program: pages of a part of an API, ids that are numbers and
//! have no row, and a listed value that several operations refuse.

use rstest::rstest;
use serde_json::{Value, json};

use super::by_the_letter::refusal;
use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// What a server answers.
type Act = Box<dyn Fn(&Received) -> Reply + Send + Sync>;

/// Runs a page, against a server where one is given: the exit code, the facts that fail, and what is
/// told.
fn run(page: &str, act: Option<Act>) -> (i32, Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let server = act.map(Small::start);
    let mut command = vec!["run", "page.md", "--report", "json=report.json"];
    if let Some(server) = &server {
        command.extend(["--endpoint", &server.url]);
    }
    let told = docproof(folder.path(), command);
    let report = std::fs::read(folder.path().join("report.json")).unwrap_or_default();
    let report: Value = serde_json::from_slice(&report).unwrap_or_default();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let failing = findings.iter().filter(|finding| finding["level"] != "may");
    let facts = failing.map(|finding| finding["fact"].as_str().unwrap().to_owned());
    (told.code, facts.collect(), told.text())
}

/// A page with a create, whose id is a number that no row of the read describes, and the read.
const TICKETS: &str = "\
# Tickets

## Create a ticket

`POST /tickets`

### Request body

| Field | Type | Required | Description |
|---|---|---|---|
| name | string | yes | 1 to 20 characters. |

### Response 201

| Field | Type | Description |
|---|---|---|
| id | integer | The id. |
| name | string | The name. |

## Get a ticket

`GET /tickets/{id}`

### Response 200

| Field | Type | Description |
|---|---|---|
| id | integer | The id. |
| name | string | The name. |

### Response 404

No such ticket.
";

#[test]
fn an_id_of_the_mock_is_as_answers_tell_it() {
    let (code, _, text) = run(TICKETS, None);
    assert_eq!(code, 0, "{text}");
}

/// The server of the page, which deletes too.
fn tickets(request: &Received) -> Reply {
    static KEPT: std::sync::Mutex<Vec<Value>> = std::sync::Mutex::new(Vec::new());
    let mut kept = KEPT.lock().unwrap();
    let path = request.target.split('?').next().unwrap_or_default();
    let id = path.strip_prefix("/tickets/").map(str::parse::<usize>);
    let known = id.map(|id| id.ok().and_then(|id| Some((id, kept.get(id)?.clone()))));
    match (request.method.as_str(), known) {
        ("POST", None) if path == "/tickets" => {
            let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let name = sent["name"]
                .as_str()
                .filter(|name| (1..=20).contains(&name.chars().count()));
            let Some(name) = name else {
                return refusal(400);
            };
            let ticket = json!({ "id": kept.len(), "name": name });
            kept.push(ticket.clone());
            Reply::json(201, &ticket)
        }
        ("GET", Some(Some((_, ticket)))) => Reply::json(200, &ticket),
        ("DELETE", Some(Some(_))) => Reply::json(204, &Value::Null),
        ("GET" | "DELETE", Some(None)) => refusal(404),
        (_, Some(_)) => refusal(405).with("Allow", "GET, DELETE"),
        (_, None) if path == "/tickets" => refusal(405).with("Allow", "POST"),
        _ => refusal(404),
    }
}

/// What else a path takes of which pages describe nothing but how it is read may stand elsewhere,
/// unless they say that other methods are refused.
#[rstest]
#[case::a_part_of_an_api("", &[])]
#[case::refused("\n### Response 405\n\nAny other method.\n", &["page::GetTicket::method"])]
fn a_page_of_a_part_of_an_api_says_nothing_of_other_methods(
    #[case] more: &str,
    #[case] expected: &[&str],
) {
    let page = format!("{TICKETS}{more}");
    let (_, facts, text) = run(&page, Some(Box::new(tickets)));
    let methods = facts.iter().filter(|fact| fact.ends_with("::method"));
    let methods: Vec<&str> = methods
        .map(|fact| fact.rsplit_once("::").map_or("", |(_, end)| end))
        .collect();
    assert_eq!(methods.len(), expected.len(), "{text}");
}

/// A listed value that two operations refuse is one finding, of the list.
#[test]
fn a_listed_value_that_is_refused_is_told_once() {
    let fields = "\
| Field | Type | Required | Description |
|---|---|---|---|
| course | string | yes | One of `starter`, `main`, `dessert`. |
";
    let answer = "\n### Response 200\n\n| Field | Type | Description |\n|---|---|---|\n| course | string | The course. |\n";
    let operation = |name: &str| {
        format!(
            "## {name} a meal\n\n`POST /{name}`\n\n### Request body\n\n{fields}{answer}\n### Response 400\n\nNot so.\n\n"
        )
    };
    let page = format!("# Meals\n\n{}{}", operation("plan"), operation("order"));
    let act = |request: &Received| {
        let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match (request.method.as_str(), sent["course"].as_str()) {
            _ if !["/plan", "/order"].contains(&request.target.as_str()) => refusal(404),
            ("POST", Some("starter" | "main")) => {
                Reply::json(200, &json!({ "course": sent["course"] }))
            }
            ("POST", _) => refusal(400),
            _ => refusal(405).with("Allow", "POST"),
        }
    };
    let (_, facts, text) = run(&page, Some(Box::new(act)));
    assert_eq!(facts.len(), 1, "{text}");
    assert!(facts[0].ends_with("request.course::enum"), "{text}");
}
