//! Laws of lists and of echoes on servers of a test's own: silent on the right one, and each breach
//! is found by the law that it breaks, though nobody declared any.

use std::path::Path;

use rstest::rstest;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::support::{Received, Recorder, docproof};

/// Two operations: a list with filters and pages by a marker, and a create whose answer repeats it.
const PAGES: [(&str, &str); 2] = [
    (
        "list.md",
        "---\nservice: tasks\noperation: ListTasks\n---\n\n# List tasks\n\nThe tasks come newest first.\n\n## URI\n\n`GET /v1/tasks`\n\nTable 1 Query parameters\n\n\
| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
| limit | No | Integer | How many tasks a page has. The value ranges from 1 to 4. |\n\
| page_token | No | String | The next_page_token of the previous page. |\n\
| state | No | String | Only tasks in this state. Enumeration values:<br>- open<br>- done |\n\
| urgent | No | Boolean | Filters the tasks by urgency. |\n\
| owner | No | String | Only tasks of this owner. Fuzzy match is supported. |\n\n\
## Response parameters\n\n### Status code: 200\n\nTable 2 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n\
| tasks | Array of Task objects | The tasks. |\n\
| next_page_token | String | The token of the next page. It is empty if there are no more tasks. |\n\
| total | Integer | How many tasks there are. |\n\n\
Table 3 Task\n\n| Parameter | Type | Description |\n|---|---|---|\n\
| id | String | The id. |\n| state | String | The state. Enumeration values:<br>- open<br>- done |\n\
| urgent | Boolean | Whether it is urgent. |\n| owner | String | Whose it is. |\n\
| size | Integer | Its size. |\n| created_at | String | When it was made. |\n\n\
### Status code: 400\n\nTable 4 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| error_code | String | The code. |\n| error_msg | String | The message. |\n",
    ),
    (
        "create.md",
        "---\nservice: tasks\noperation: CreateTask\n---\n\n# Create a task\n\n## URI\n\n`POST /v1/tasks`\n\n## Request parameters\n\nTable 1 Request body parameters\n\n\
| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
| title | Yes | String | The title. It contains 1 to 40 characters. |\n\
| effort | No | Long | The effort. |\n\
| urgent | No | Boolean | Whether it is urgent. |\n\
| kind | No | String | The kind. Enumeration values:<br>- bug<br>- idea |\n\
| code | No | String | The code. It contains 1 to 8 characters. It is converted to upper case. |\n\
| frame | No | Frame object | The frame. |\n\
| tags | No | Array of strings | The tags. |\n\n\
Table 2 Frame\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| width | Yes | Integer | The width. The value ranges from 1 to 900. |\n\n\
## Response parameters\n\n### Status code: 201\n\nTable 3 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n\
| id | String | The id. |\n| title | String | The title. |\n| effort | Long | The effort. |\n| urgent | Boolean | Whether it is urgent. |\n\
| kind | String | The kind. |\n| code | String | The code. |\n| frame | Frame object | The frame. |\n| tags | Array of strings | The tags. |\n\n\
Table 4 Frame\n\n| Parameter | Type | Description |\n|---|---|---|\n| width | Integer | The width. |\n\n\
### Status code: 400\n\nTable 5 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| error_code | String | The code. |\n| error_msg | String | The message. |\n\n\
## Example request\n\n```\nPOST https://tasks.example.com/v1/tasks\n\n{ \"title\" : \"tidy up\" }\n```\n",
    ),
];

/// A suite of the pages, as `init` makes it.
fn suite(folder: &Path) {
    for (name, text) in PAGES {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let told = docproof(folder, ["init", "suite", "list.md", "create.md"]);
    assert_eq!(told.code, 0, "{}", told.text());
}

/// The tasks of a server that is right but for one word.
struct Tasks {
    breach: &'static str,
    made: u64,
}

const COUNT: usize = 7;

fn refuse(what: &str) -> (u16, Value) {
    (400, json!({ "error_code": "T.1", "error_msg": what }))
}

fn task(number: usize, breach: &str) -> Value {
    let state = if number.is_multiple_of(2) {
        "open"
    } else {
        "done"
    };
    let day = if breach == "unsorted" {
        number + 1
    } else {
        28 - number
    };
    let size = if breach == "negative" && number == 3 {
        -4
    } else {
        4
    };
    json!({
        "id": format!("t-{number}"), "state": state, "urgent": number.is_multiple_of(3), "owner": "ann",
        "size": size, "created_at": format!("2024-03-{day:02}T10:00:00Z")
    })
}

impl Tasks {
    fn answer(&mut self, request: &Received) -> (u16, Value) {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        match (request.method.as_str(), path) {
            (_, path) if path != "/v1/tasks" => {
                (404, json!({ "error_code": "T.2", "error_msg": "no" }))
            }
            ("GET", _) => self.list(query),
            ("POST", _) => self.create(&request.body),
            _ => (405, json!({ "error_code": "T.3", "error_msg": "no" })),
        }
    }

    fn list(&self, query: &str) -> (u16, Value) {
        let given: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let mut names: Vec<&String> = given.iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        if names.len() < given.len() {
            return refuse("twice");
        }
        let of = |name: &str| {
            let found = given.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str())
        };
        let limit = match of("limit").map(str::parse::<usize>) {
            None => 3,
            Some(Ok(limit))
                if (1..=4).contains(&limit)
                    && !of("limit").is_some_and(|text| text.starts_with('+')) =>
            {
                limit
            }
            Some(_) => return refuse("limit"),
        };
        let begin = match of("page_token")
            .map(|token| token.strip_prefix("from-").map(str::parse::<usize>))
        {
            None => 0,
            Some(Some(Ok(begin))) => begin,
            Some(_) => return refuse("page_token"),
        };
        let mut fitting: Vec<Value> = (0..COUNT).map(|number| task(number, self.breach)).collect();
        if let Some(state) = of("state") {
            if !["open", "done"].contains(&state) {
                return refuse("state");
            }
            if self.breach != "state-ignored" {
                fitting.retain(|task| task["state"] == state);
            }
            if self.breach == "one-left-out" && !fitting.is_empty() {
                fitting.remove(1);
            }
        }
        if let Some(urgent) = of("urgent") {
            let Ok(urgent) = urgent.parse::<bool>() else {
                return refuse("urgent");
            };
            if self.breach != "urgent-ignored" {
                fitting.retain(|task| task["urgent"] == urgent);
            }
        }
        if let Some(owner) = of("owner") {
            // By a part of the name, as the page says.
            fitting.retain(|task| task["owner"].as_str().unwrap().contains(owner));
        }
        let count = fitting.len();
        let total = if self.breach == "total-of-all" {
            COUNT
        } else {
            count
        };
        let start = if self.breach == "repeats" {
            begin.saturating_sub(1)
        } else {
            begin
        };
        let start = if self.breach == "token-ignored" {
            0
        } else {
            start
        };
        let skip = usize::from(self.breach == "skips" && begin > 0);
        let page: Vec<Value> = fitting.into_iter().skip(start + skip).take(limit).collect();
        let end = begin + limit;
        let next = if end < count || self.breach == "endless" {
            format!("from-{}", end.min(count))
        } else {
            String::new()
        };
        (
            200,
            json!({ "tasks": page, "next_page_token": next, "total": total }),
        )
    }

    fn create(&mut self, body: &[u8]) -> (u16, Value) {
        let Ok(Value::Object(mut map)) = serde_json::from_slice::<Value>(body) else {
            return refuse("no object");
        };
        if self.breach == "takes-null" {
            map.retain(|name, value| name == "title" || !value.is_null());
        }
        let text = |name: &str, most: usize| {
            map.get(name).is_none_or(|value| {
                value
                    .as_str()
                    .is_some_and(|text| (1..=most).contains(&text.chars().count()))
            })
        };
        let right = map.contains_key("title")
            && text("title", 40)
            && text("code", 8)
            && map.get("effort").is_none_or(Value::is_i64)
            && map.get("urgent").is_none_or(Value::is_boolean)
            && map
                .get("kind")
                .is_none_or(|kind| ["bug", "idea"].contains(&kind.as_str().unwrap_or_default()))
            && map.get("tags").is_none_or(|tags| {
                tags.as_array()
                    .is_some_and(|tags| tags.iter().all(Value::is_string))
            })
            && map.get("frame").is_none_or(|frame| {
                frame["width"]
                    .as_i64()
                    .is_some_and(|width| (1..=900).contains(&width))
            });
        if !right {
            return refuse("not as documented");
        }
        self.made += 1;
        map.retain(|name, _| {
            ["title", "effort", "urgent", "kind", "code", "frame", "tags"].contains(&name.as_str())
        });
        if let Some(code) = map.get_mut("code") {
            *code = Value::from(code.as_str().unwrap().to_uppercase());
        }
        let mut body = json!({
            "effort": 0, "urgent": false, "kind": "bug", "code": "A", "frame": { "width": 1 }, "tags": []
        });
        body.as_object_mut().unwrap().extend(map);
        body["id"] = Value::from(format!("n-{}", self.made));
        match self.breach {
            "rounds" => {
                #[expect(clippy::cast_precision_loss, reason = "the loss is the breach")]
                let double = body["effort"].as_i64().unwrap() as f64;
                body["effort"] = Value::from(double);
            }
            "flips" => body["urgent"] = Value::from(true),
            "trims" => body["title"] = Value::from(body["title"].as_str().unwrap().trim()),
            "other-kind" => body["kind"] = Value::from("bug"),
            "other-width" => {
                let width = body["frame"]["width"].as_i64().unwrap();
                body["frame"]["width"] = Value::from(width.min(899));
            }
            "sorts" => {
                let mut tags: Vec<String> = serde_json::from_value(body["tags"].clone()).unwrap();
                tags.sort();
                body["tags"] = json!(tags);
            }
            _ => {}
        }
        (201, body)
    }
}

/// What a run says of a server with a breach.
fn tried(breach: &'static str, more: &[&str]) -> (i32, String, Vec<Received>) {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path());
    let mut tasks = Tasks { breach, made: 0 };
    let server = Recorder::start(move |request| tasks.answer(request));
    let mut arguments = vec!["run", "--suite", "suite", "--endpoint", server.url()];
    arguments.extend(more);
    let told = docproof(folder.path(), arguments);
    (told.code, told.text(), server.received())
}

/// Texts without the blanks around them, and lists as sets: no page says that either is kept; nor
/// that null is not taken for a field that is not there.
#[rstest]
#[case("trims")]
#[case("sorts")]
#[case("takes-null")]
fn what_no_page_promises_is_not_asked_for(#[case] habit: &'static str) {
    let (code, text, _) = tried(habit, &[]);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn the_right_server_gets_no_finding() {
    let (code, text, received) = tried("none", &[]);
    assert_eq!(code, 0, "{text}");
    let follows = |request: &&Received| request.target.contains("page_token=from-");
    assert!(received.iter().any(|request| follows(&request)));
}

#[rstest]
#[case("state-ignored", "ListTasks::relation::filter::fits")]
#[case("urgent-ignored", "ListTasks::relation::filter::fits")]
#[case("one-left-out", "ListTasks::relation::filter::whole")]
#[case("total-of-all", "ListTasks::relation::filter::total")]
#[case("repeats", "ListTasks::relation::pagination::marker")]
#[case("token-ignored", "ListTasks::relation::pagination::marker")]
#[case("skips", "ListTasks::relation::pagination::")]
#[case("endless", "ListTasks::relation::pagination::end")]
#[case("unsorted", "ListTasks::relation::sorted::sorted")]
#[case("negative", "ListTasks::response-200.tasks[].size::minimum")]
#[case("rounds", "CreateTask::relation::echo::same")]
#[case("flips", "CreateTask::relation::echo::same")]
#[case("other-kind", "CreateTask::relation::echo::same")]
#[case("other-width", "CreateTask::relation::echo::same")]
fn a_breach_is_found_by_the_law_that_it_breaks(#[case] breach: &'static str, #[case] law: &str) {
    let (code, text, _) = tried(breach, &[]);
    assert_eq!(code, 1, "{text}");
    let named = text.lines().filter(|line| line.contains(". tasks::"));
    let named: Vec<&str> = named.collect();
    assert!(
        named.iter().any(|line| line.contains(law)),
        "{law} in\n{text}"
    );
}

#[test]
fn the_request_at_fault_is_sent_again_last() {
    let (_, text, _) = tried("repeats", &["pagination::pages"]);
    let again = text.split("again").nth(1).unwrap();
    let curls: Vec<&str> = again
        .lines()
        .filter(|line| line.contains("curl "))
        .collect();
    let last = curls.last().unwrap();
    assert!(
        curls.len() > 1 && last.contains("page_token=from-"),
        "{text}"
    );
}

#[test]
fn a_law_is_switched_off_by_its_kind() {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path());
    let listed = || {
        let told = docproof(folder.path(), ["run", "--suite", "suite", "--list"]);
        assert_eq!(told.code, 0, "{}", told.text());
        told.text()
    };
    assert!(listed().contains("ListTasks::relation::filter::fits"));
    let file = folder.path().join("suite/cases/tasks/off.toml");
    std::fs::write(&file, "[operations.ListTasks]\nlaws_off = [\"filter\"]\n").unwrap();
    assert!(!listed().contains("ListTasks::relation::filter::fits"));
    assert!(listed().contains("ListTasks::relation::pagination::end"));
    std::fs::write(&file, "[operations.ListTasks]\nlaws_off = [\"filters\"]\n").unwrap();
    let told = docproof(folder.path(), ["run", "--suite", "suite", "--list"]);
    assert_eq!(told.code, 2);
    assert!(
        told.text().contains("did you mean `filter`"),
        "{}",
        told.text()
    );
}

#[test]
fn the_mock_holds_the_laws_and_each_fault_of_them_is_caught() {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path());
    let told = docproof(folder.path(), ["run", "--suite", "suite"]);
    assert_eq!(told.code, 0, "{}", told.text());
    for law in ["pagination", "filter", "echo"] {
        let told = docproof(
            folder.path(),
            ["selftest", "--suite", "suite", "--fault", law],
        );
        assert_eq!(told.code, 0, "{}", told.text());
    }
}
