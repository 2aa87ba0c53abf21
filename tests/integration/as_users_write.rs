//! What a newcomer's own pages say otherwise than vendors' do: the table of an answer without a
//! label, a format chosen by name, creates whose status nobody names, bodies told by their answers.

use std::collections::BTreeMap;
use std::sync::Mutex;

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::small::{Answer, run};
use crate::support::{Received, Reply, docproof};
use crate::tools::fields;

fn derived(text: &str) -> Derived {
    let page = page::read("p.md", text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

const JOB: &str = "# Jobs\n\n## Poll a job\n\n`GET /jobs/{job_id}`\n\nSAYS\n\n| NAME | Type | Description |\n|---|---|---|\n| `scene` | string | As submitted |\n| `progress` | integer | 0–100 |\n| `ended_at` | TIME | When it ended |\n";

/// A table below a target that sends nothing is of the answer where the sentence above it names the
/// success, or where a value may be null, which nothing of a URL is.
#[rstest]
#[case::success("Answers `200`, or `404` if there is none.", "Field", "string", "200")]
#[case::null("It is read as often as you like.", "Field", "string or null", "2XX")]
#[case::null_in_words(
    "It is read as often as you like.",
    "Name",
    "string, may be null",
    "2XX"
)]
#[case::parameters(
    "Answers `200`, or `404` if there is none.",
    "Parameter",
    "string",
    "query"
)]
#[case::request("Answers `200`. The query has:", "Field", "string", "query")]
#[case::neither("It is read as often as you like.", "Name", "string", "query")]
fn a_table_without_a_label_is_of_the_side_that_is_told(
    #[case] says: &str,
    #[case] name: &str,
    #[case] time: &str,
    #[case] side: &str,
) {
    let page = JOB
        .replace("SAYS", says)
        .replace("NAME", name)
        .replace("TIME", time);
    let found = fields(&derived(&page));
    let own = found.iter().find(|line| line.contains(".progress"));
    assert!(own.unwrap().starts_with(side), "{found:?}");
}

const SAMPLES: &str = "# Rooms\n\n## Book a room\n\n`POST /bookings`\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n| `room` | string | yes | The room. |\n| `seats` | array of string | no | The seats. |\n| `currency` | string | yes | `EUR` or `CHF`. |\n\nReturns `201`:\n\n```json\n{\"id\": 7, \"room\": \"R-101\", \"seats\": [\"A1\"], \"currency\": \"EUR\"}\n```\n";

#[test]
fn values_of_the_answer_are_sent_where_no_request_is_shown() {
    let examples = |page: &str| {
        let found = derived(page);
        let service = &found.services[0];
        let schema = service.schemas.values().find(|schema| {
            schema["properties"]["seats"].is_object() && schema["required"].is_array()
        });
        let schema = schema.unwrap().clone();
        (
            schema["properties"]["room"]["examples"].clone(),
            schema["properties"]["seats"]["items"]["examples"].clone(),
            schema["properties"]["currency"]["examples"].clone(),
        )
    };
    let (room, seat, currency) = examples(SAMPLES);
    assert_eq!((room, seat), (json!(["R-101"]), json!(["A1"])));
    assert_eq!(currency, Value::Null, "listed values need none");
    let shown = SAMPLES.replace(
        "Returns `201`:",
        "Request body:\n\n```json\n{\"room\": \"R-1\", \"currency\": \"CHF\"}\n```\n\nReturns `201`:",
    );
    assert_eq!(examples(&shown).0, Value::Null);
}

const STATIONS: &str = "# Stations\n\n## Read the observations\n\n`GET /observations`\n\n| Parameter | Type | Required | Description |\n|---|---|---|---|\n| `format` | string | no | `json` (default) or `csv`. |\n\n### 200\n\n| Field | Type | Description |\n|---|---|---|\n| `total` | integer | How many there are. |\n";

/// What is asked for by its name may come, and nothing else in its place.
#[rstest]
#[case::as_asked("csv", 0)]
#[case::never("", 0)]
#[case::whatever_is_asked("json", 1)]
fn an_answer_may_have_the_format_that_is_asked_for(#[case] of: &'static str, #[case] code: i32) {
    let answer: Answer = Box::new(move |request: &Received| {
        let asked = request
            .target
            .split_once("format=")
            .map_or("", |(_, own)| own);
        if !request.target.starts_with("/observations") {
            return Reply::json(404, &json!({}));
        }
        if request.method != "GET" {
            return Reply::json(405, &json!({}));
        }
        if !["", "json", "csv"].contains(&asked) {
            return Reply::json(400, &json!({}));
        }
        if !of.is_empty() && asked == of {
            return Reply {
                status: 200,
                headers: vec![("Content-Type".to_owned(), "text/csv".to_owned())],
                body: b"total\n7\n".to_vec(),
                reset: false,
            };
        }
        Reply::json(200, &json!({ "total": 7 }))
    });
    let (seen, text, _) = run(STATIONS, answer);
    assert_eq!(seen, code, "{text}");
}

/// A service of notes, which keeps what it is sent.
fn notes() -> Answer {
    let kept = Mutex::new(std::collections::BTreeMap::<usize, Value>::new());
    let made = Mutex::new(0_usize);
    Box::new(move |request: &Received| {
        let mut kept = kept.lock().unwrap();
        let path = request.target.split('?').next().unwrap_or_default();
        let refused = |status| Reply::json(status, &json!({ "error": "no" }));
        if path == "/notes" {
            if request.method != "POST" {
                return refused(405);
            }
            let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let Some(text) = sent["text"]
                .as_str()
                .filter(|text| text.chars().count() <= 100)
            else {
                return refused(400);
            };
            let mut made = made.lock().unwrap();
            *made += 1;
            let note = json!({ "id": *made, "text": text });
            kept.insert(*made, note.clone());
            return Reply::json(201, &note);
        }
        let id = path.strip_prefix("/notes/").and_then(|id| id.parse().ok());
        let Some(note) = id.and_then(|id| Some((id, kept.get(&id)?.clone()))) else {
            return refused(404);
        };
        match request.method.as_str() {
            "GET" => Reply::json(200, &note.1),
            "DELETE" => {
                kept.remove(&note.0);
                Reply::json(204, &Value::Null)
            }
            _ => refused(405),
        }
    })
}

const NOTES: &str = "# Notes\n\n## Create\n\n`POST /notes`\n\nBODY\n\n## Read\n\n`GET /notes/{id}`\n\nReturns `200`, or `404`.\n\n## Remove\n\n`DELETE /notes/{id}`\n\nReturns `204`, or `404`.\n";

/// What a create makes is found and removed, though no page names its status or shows its answer.
#[test]
fn what_is_made_is_removed_though_nothing_tells_of_the_answer() {
    let body = "| Field | Type | Required | Description |\n|---|---|---|---|\n| `text` | string | yes | At most 100 characters. |";
    let (code, text, received) = run(&NOTES.replace("BODY", body), notes());
    assert_eq!(code, 0, "{text}");
    assert!(!text.contains("left behind"), "{text}");
    assert!(received.iter().any(|own| own.method == "DELETE"), "{text}");
}

/// A page that tells of a create and of no body of it has one that is not read: its refusal is held
/// against nobody.
#[test]
fn a_create_of_whose_body_no_page_tells_is_not_held_against_the_service() {
    let page = NOTES.replace("BODY", "Makes a note.");
    let (code, text, _) = run(&page, notes());
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("no finding, but little was decided"),
        "{text}"
    );
}

/// A page of a list whose example is of the only page, so that there is no next one.
#[test]
fn a_next_cursor_that_is_shown_as_null_is_one() {
    let page = "# Notes\n\n## List\n\n`GET /notes`\n\n| Parameter | Type | Required | Description |\n|---|---|---|---|\n| `limit` | integer | no | 1–100. Default 20 |\n| `cursor` | string | no | The `next_cursor` of the previous page |\n\nReturns `200`:\n\n```json\n{\"data\": [{\"id\": \"n1\", \"text\": \"Milk\"}], \"next_cursor\": null}\n```\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let listed = docproof(folder.path(), ["run", "page.md", "--list"]).text();
    let made = docproof(folder.path(), ["init", "suite", "page.md"]);
    assert_eq!(made.code, 0, "{}", made.text());
    let relations = std::fs::read_to_string(folder.path().join("suite/cases/api/relations.toml"));
    let relations = relations.unwrap_or_default();
    assert!(listed.contains("pagination::marker"), "{listed}");
    assert!(relations.contains("next_cursor"), "{relations}");
}

/// A name of the path among others may be described with them; beside much else, of which a value
/// may be null, it is a field of the answer.
#[rstest]
#[case::beside_much(
    "| title | string | The title |\n| points | integer | 0 to 100 |\n| at | string or null | When |\n",
    "2XX.title"
)]
#[case::beside_little("| at | string or null | The time to look at |\n", "query.at")]
#[case::without_null(
    "| title | string | The title |\n| points | integer | 0 to 100 |\n| at | string | When |\n",
    "query.title"
)]
fn a_table_that_repeats_a_name_of_the_path_is_of_the_side_that_the_rest_tells(
    #[case] rows: &str,
    #[case] expected: &str,
) {
    let page = format!(
        "# Tickets\n\n## Get a ticket\n\n`GET /tickets/{{id}}`\n\nFetches one.\n\n| Name | Type | Description |\n|---|---|---|\n| id | integer | The ticket |\n{rows}"
    );
    let found = fields(&derived(&page));
    let has = found.iter().any(|line| line.starts_with(expected));
    assert!(has, "{found:?}");
    let typed = found
        .iter()
        .any(|line| line.starts_with("path.id") && line.contains("integer"));
    assert!(typed, "{found:?}");
}

const PEOPLE: &str = "# People\n\n## List the people\n\n`GET /people`\n\n| Parameter | Type | Required | Description |\n|---|---|---|---|\n| `email` | string | no | E-mail address; only who has it. |\n\nReturns `200`:\n\n```json\n{\"people\": [{\"id\": 1, \"email\": \"ann@example.org\"}]}\n```\n";

/// Nobody has what is no address: the list is empty, and is right unless the page names the refusal.
#[rstest]
#[case::silent("", 0)]
#[case::named("\nA bad address gets `400`.\n", 1)]
fn a_filter_by_what_nobody_has_finds_nobody(#[case] more: &str, #[case] code: i32) {
    let answer: Answer = Box::new(|request: &Received| {
        if !request.target.starts_with("/people") {
            return Reply::json(404, &json!({}));
        }
        if request.method != "GET" {
            return Reply::json(405, &json!({}));
        }
        let asked = request.target.split_once("email=").map(|(_, own)| own);
        let ann = json!({ "id": 1, "email": "ann@example.org" });
        let is_ann = asked.is_none_or(|own| own.replace("%40", "@") == "ann@example.org");
        let people: Vec<Value> = is_ann.then_some(ann).into_iter().collect();
        Reply::json(200, &json!({ "people": people }))
    });
    let (seen, text, _) = run(&format!("{PEOPLE}{more}"), answer);
    assert_eq!(seen, code, "{text}");
}

const ITEMS: &str = "# Items\n\n## List the items\n\n`GET /items`\n\nSAYS\n\nReturns `200`:\n\n```json\n[{\"id\": 1, \"name\": \"a\", \"state\": \"draft\"}]\n```\n\n## Create an item\n\n`POST /items`\n\n### Request body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| name | string | yes | The name, 1 to 40 characters. |\n\nReturns `201`, or `400`:\n\n```json\n{\"id\": 1, \"name\": \"a\", \"state\": \"draft\"}\n```\n\n## Get an item\n\n`GET /items/{id}`\n\nReturns `200`, or `404`:\n\n```json\n{\"id\": 1, \"name\": \"a\", \"state\": \"draft\"}\n```\n\n## Delete an item\n\n`DELETE /items/{id}`\n\nReturns `204`, or `404`.\n";

/// What a list is said to leave out, or to have later, is not missed in it.
#[rstest]
#[case::all("Lists the items.", 1)]
#[case::some("Lists the published items. Drafts are not listed.", 0)]
#[case::later("The list is cached: changes can take up to five seconds to show.", 0)]
fn a_list_may_have_some_alone(#[case] says: &str, #[case] code: i32) {
    let kept = Mutex::new((0, BTreeMap::new()));
    let answer: Answer = Box::new(move |request: &Received| {
        let (last, items) = &mut *kept.lock().unwrap();
        let id = request.target.strip_prefix("/items/");
        match (request.method.as_str(), id.map(str::parse::<i64>)) {
            ("GET", None) if request.target == "/items" => Reply::json(200, &json!([])),
            ("POST", None) if request.target == "/items" => {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let name = body["name"].as_str().unwrap_or_default();
                if !(1..=40).contains(&name.chars().count()) {
                    return Reply::json(400, &json!({}));
                }
                *last += 1;
                let item = json!({ "id": *last, "name": name, "state": "draft" });
                items.insert(*last, item.clone());
                Reply::json(201, &item)
            }
            ("GET", Some(Ok(id))) => match items.get(&id) {
                Some(item) => Reply::json(200, item),
                None => Reply::json(404, &json!({})),
            },
            ("DELETE", Some(Ok(id))) if items.remove(&id).is_some() => Reply::json(204, &json!({})),
            ("GET" | "DELETE", Some(_)) => Reply::json(404, &json!({})),
            _ => Reply::json(405, &json!({})),
        }
    });
    let (seen, text, _) = run(&ITEMS.replace("SAYS", says), answer);
    assert_eq!(seen, code, "{text}");
}
