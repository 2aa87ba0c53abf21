//! What a page says of all errors before or behind its operations holds for those of which it says
//! nothing else.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};

use super::support::small::try_page;
use super::support::{Received, Reply};

const ERRORS: &str = "## Errors

Every error has the same shape:

```json
{ \"error\": { \"code\": \"invalid\", \"message\": \"The name is too long.\" } }
```

| HTTP status | `code` | When |
|---|---|---|
| 400 | `bad_request` | The body is no JSON |
| 404 | `not_found` | There is no such box |
| 405 | `not_allowed` | The method is not allowed |
| 422 | `invalid` | A value is not allowed |

";

const OPERATIONS: &str = "## Boxes

### Create a box

`POST /boxes`

| Field | Type | Required | Description |
|---|---|---|---|
| `name` | string | yes | The name, 1 to 20 characters |

Returns `201 Created`:

| Field | Type | Description |
|---|---|---|
| `id` | string | The id |
| `name` | string | The name |

### Show a box

`GET /boxes/{box_id}`

Returns `200 OK`:

| Field | Type | Description |
|---|---|---|
| `id` | string | The id |
| `name` | string | The name |

### Delete a box

`DELETE /boxes/{box_id}`

Returns `204 No Content`.

";

/// The service: the names of the boxes, by their ids.
#[derive(Default)]
struct Boxes {
    is_wrong: bool,
    made: usize,
    names: BTreeMap<String, String>,
}

impl Boxes {
    fn no(&self, status: u16, code: &str) -> Reply {
        let code = if self.is_wrong {
            json!(status)
        } else {
            json!(code)
        };
        Reply::json(
            status,
            &json!({ "error": { "code": code, "message": "No." } }),
        )
    }

    fn answer(&mut self, request: &Received) -> Reply {
        let target = request.target.split('?').next().unwrap_or_default();
        let shown = |id: &str, name: &str| json!({ "id": id, "name": name });
        let method = request.method.as_str();
        let Some(id) = target.strip_prefix("/boxes/") else {
            return match method {
                _ if target != "/boxes" => self.no(404, "not_found"),
                "POST" => self.create(request),
                _ => self.no(405, "not_allowed").with("Allow", "POST"),
            };
        };
        match (method, self.names.get(id).cloned()) {
            ("GET", Some(name)) => Reply::json(200, &shown(id, &name)),
            ("DELETE", Some(_)) => {
                self.names.remove(id);
                Reply::json(204, &Value::Null)
            }
            ("GET" | "DELETE", None) => self.no(404, "not_found"),
            _ => self.no(405, "not_allowed").with("Allow", "GET, DELETE"),
        }
    }

    fn create(&mut self, request: &Received) -> Reply {
        let sent: Option<Value> = serde_json::from_slice(&request.body).ok();
        let is_json = request.header("content-type") == Some("application/json");
        let Some(sent) = sent.filter(|_| is_json) else {
            return self.no(400, "bad_request");
        };
        let name = sent.get("name").and_then(Value::as_str);
        let Some(name) = name.filter(|name| (1..=20).contains(&name.chars().count())) else {
            return self.no(422, "invalid");
        };
        self.made += 1;
        let id = format!("b-{}", self.made);
        self.names.insert(id.clone(), name.to_owned());
        Reply::json(201, &json!({ "id": id, "name": name }))
    }
}

/// Runs a page against the service: the facts that fail, and what is told.
fn run(page: &str, is_wrong: bool) -> (Vec<String>, String) {
    let boxes = Mutex::new(Boxes {
        is_wrong,
        ..Boxes::default()
    });
    let answer = move |request: &Received| boxes.lock().unwrap().answer(request);
    let ran = try_page(page, &[], Box::new(answer));
    (ran.broken(), ran.text)
}

#[rstest]
#[case::before(format!("# Boxes\n\n{ERRORS}{OPERATIONS}"))]
#[case::behind(format!("# Boxes\n\n{OPERATIONS}{ERRORS}"))]
fn errors_of_all_are_those_of_each(#[case] page: String) {
    let (broken, text) = run(&page, false);
    assert_eq!(broken, [""; 0], "{text}");
    let (broken, text) = run(&page, true);
    let is_told = |fact: &String| fact == "response-4XX.error.code::type";
    assert!(broken.iter().any(is_told), "{broken:?} {text}");
}
