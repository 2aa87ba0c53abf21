//! The way of a new user: one page of six operations, a server behind a bearer token whose names are
//! unique, two commands and no edit. The right server is silent, and each of ten seeded breaches is
//! found.

use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Map, Value, json};

use crate::pages::sample;
use crate::support::small::{Answer, Small};
use crate::support::{Received, Reply, docproof, program, told};

const TOKEN: &str = "walk-through-token-0123";

/// What the server does wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Breach {
    Nothing,
    LongNames,
    AnyState,
    AnyLimit,
    NoFilter,
    ForgetsNotes,
    KeepsDeleted,
    ServesUnknown,
    LosesNames,
    OpenDoor,
    CrashesWithoutName,
}

/// The sample page of the guide, of a service that wants a bearer token and unique names.
fn page() -> String {
    let page = sample().replace(
        "Each request carries a token in the header `X-Auth-Token`.",
        "Every request must carry `Authorization: Bearer <token>`.",
    );
    let error = "\n| Name | Type | Description |\n|---|---|---|\n\
                 | code | string | The code of the error. |\n| message | string | What is wrong. |\n";
    let taken = format!("\n### Status code: 409\n\nAnother widget has the name.\n{error}");
    let mut out = String::new();
    for (index, part) in page.split("\n## ").enumerate() {
        if index > 0 {
            out.push_str("\n## ");
        }
        out.push_str(part);
        if part.starts_with("Create") || part.starts_with("Replace") {
            out.push_str(&taken);
        }
    }
    assert_eq!(out.matches("409").count(), 2, "{out}");
    assert!(out.contains("Bearer"), "{out}");
    out
}

fn refuse(status: u16, message: &str) -> Reply {
    Reply::json(
        status,
        &json!({ "code": format!("W.{status}"), "message": message }),
    )
}

/// The widgets of the server, in the order in which they were made.
#[derive(Default)]
struct Store {
    made: u32,
    widgets: Vec<Map<String, Value>>,
}

/// A value of a query that stands there once at the most.
fn value(request: &Received, name: &str) -> Result<Option<String>, Reply> {
    let query = request
        .target
        .split_once('?')
        .map_or("", |(_, query)| query);
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let mut values = pairs.filter(|(known, _)| known == name);
    match (values.next(), values.next()) {
        (first, None) => Ok(first.map(|(_, value)| value.into_owned())),
        _ => Err(refuse(400, "said twice")),
    }
}

fn is_state(text: &str) -> bool {
    matches!(text, "new" | "used")
}

/// The fields of a body, as far as the page describes them.
fn fields(request: &Received, names: &[&str], breach: Breach) -> Result<Map<String, Value>, Reply> {
    let kind = request.header("content-type").unwrap_or_default();
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let Some(body) = body
        .as_object()
        .filter(|_| kind.starts_with("application/json"))
    else {
        return Err(refuse(400, "no object of JSON"));
    };
    let mut fields = Map::new();
    for name in names {
        let Some(value) = body.get(*name) else {
            continue;
        };
        let most = if *name == "note" { 200 } else { 40 };
        let is_right = match value {
            Value::Null => *name == "note",
            Value::String(text) if *name == "state" => breach == Breach::AnyState || is_state(text),
            Value::String(text) => {
                let count = text.chars().count();
                let is_short = count <= most || *name == "name" && breach == Breach::LongNames;
                is_short && (count > 0 || *name == "note")
            }
            _ => false,
        };
        if !is_right {
            return Err(refuse(400, name));
        }
        fields.insert((*name).to_owned(), value.clone());
    }
    Ok(fields)
}

impl Store {
    fn is_taken(&self, name: &Value, but: Option<usize>) -> bool {
        let mut others = self.widgets.iter().enumerate();
        others.any(|(index, widget)| Some(index) != but && widget["name"] == *name)
    }

    fn list(&self, request: &Received, breach: Breach) -> Result<Reply, Reply> {
        let state = value(request, "state")?;
        if !state.as_deref().is_none_or(is_state) {
            return Err(refuse(400, "state"));
        }
        let most = match value(request, "limit")? {
            None => 50,
            Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                let limit: usize = text.parse().map_err(|_| refuse(400, "limit"))?;
                if !(1..=100).contains(&limit) && breach != Breach::AnyLimit {
                    return Err(refuse(400, "limit"));
                }
                limit
            }
            Some(_) => return Err(refuse(400, "limit")),
        };
        let fits = |widget: &&Map<String, Value>| {
            let is_asked = |state: &String| widget["state"] == *state;
            breach == Breach::NoFilter || state.as_ref().is_none_or(is_asked)
        };
        let widgets: Vec<_> = self.widgets.iter().filter(fits).take(most).collect();
        Ok(Reply::json(200, &json!({ "widgets": widgets })))
    }

    fn create(&mut self, request: &Received, breach: Breach) -> Result<Reply, Reply> {
        let fields = fields(request, &["name", "state", "note"], breach)?;
        let Some(name) = fields.get("name") else {
            let status = if breach == Breach::CrashesWithoutName {
                500
            } else {
                400
            };
            return Err(refuse(status, "name"));
        };
        if self.is_taken(name, None) {
            return Err(refuse(409, "name"));
        }
        self.made += 1;
        let mut widget = Map::new();
        widget.insert("id".to_owned(), json!(format!("w-{}", self.made)));
        widget.insert("state".to_owned(), json!("new"));
        widget.insert("note".to_owned(), Value::Null);
        widget.extend(fields);
        if breach == Breach::ForgetsNotes {
            widget.insert("note".to_owned(), Value::Null);
        }
        self.widgets.push(widget.clone());
        Ok(Reply::json(201, &json!({ "widget": widget })))
    }

    fn one(&mut self, request: &Received, id: &str, breach: Breach) -> Result<Reply, Reply> {
        let found = self.widgets.iter().position(|widget| widget["id"] == *id);
        let found = match found {
            None if breach == Breach::ServesUnknown && request.method == "GET" => {
                self.widgets.len().checked_sub(1)
            }
            found => found,
        };
        let index = found.ok_or_else(|| refuse(404, "no such widget"))?;
        match request.method.as_str() {
            "GET" => {}
            "DELETE" => {
                if breach != Breach::KeepsDeleted {
                    self.widgets.remove(index);
                }
                return Ok(Reply::json(204, &Value::Null));
            }
            "PATCH" => {
                let changed = fields(request, &["note"], breach)?;
                self.widgets[index].extend(changed);
                if breach == Breach::LosesNames {
                    let name = format!("lost-{}", self.made);
                    self.widgets[index].insert("name".to_owned(), json!(name));
                }
            }
            _ => {
                let changed = fields(request, &["name", "state", "note"], breach)?;
                let (Some(name), true) = (changed.get("name"), changed.contains_key("state"))
                else {
                    return Err(refuse(400, "name or state"));
                };
                if self.is_taken(name, Some(index)) {
                    return Err(refuse(409, "name"));
                }
                self.widgets[index].insert("note".to_owned(), Value::Null);
                self.widgets[index].extend(changed);
            }
        }
        Ok(Reply::json(200, &json!({ "widget": self.widgets[index] })))
    }
}

fn server(breach: Breach) -> Answer {
    let store = Mutex::new(Store::default());
    Box::new(move |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let allowed: &[&str] = match path.strip_prefix("/v1/widgets") {
            Some("") => &["GET", "POST"],
            Some(id) if id.len() > 1 && id.starts_with('/') && !id[1..].contains('/') => {
                &["GET", "PATCH", "PUT", "DELETE"]
            }
            _ => return refuse(404, "no such path"),
        };
        if !allowed.contains(&request.method.as_str()) {
            return refuse(405, "no such method").with("Allow", &allowed.join(", "));
        }
        let is_known = request.header("authorization") == Some(&format!("Bearer {TOKEN}"));
        if !is_known && breach != Breach::OpenDoor {
            return refuse(401, "who are you?");
        }
        let mut store = store.lock().unwrap();
        let answer = match (request.method.as_str(), path.rsplit_once('/')) {
            ("GET", Some((_, "widgets"))) => store.list(request, breach),
            ("POST", _) => store.create(request, breach),
            (_, Some((_, id))) => store.one(request, id, breach),
            (_, None) => Err(refuse(404, "no such path")),
        };
        answer.unwrap_or_else(|refusal| refusal)
    })
}

#[rstest]
#[case::nothing(Breach::Nothing, "")]
#[case::long_names(Breach::LongNames, "request.name::maxLength")]
#[case::any_state(Breach::AnyState, "request.state::enum")]
#[case::any_limit(Breach::AnyLimit, "query.limit::maximum")]
#[case::no_filter(Breach::NoFilter, "filter")]
#[case::forgets_notes(Breach::ForgetsNotes, "relation::echo")]
#[case::keeps_deleted(Breach::KeepsDeleted, "delete-then-gone")]
#[case::serves_unknown(Breach::ServesUnknown, "ShowWidget::response-404")]
#[case::loses_names(Breach::LosesNames, "update-changes-this-alone")]
#[case::open_door(Breach::OpenDoor, "auth")]
#[case::crashes_without_name(Breach::CrashesWithoutName, "request.name::required")]
fn from_a_page_to_a_verdict_in_two_commands(#[case] breach: Breach, #[case] found: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("widgets.md"), page()).unwrap();
    let server = Small::start(server(breach));
    let made = docproof(
        folder.path(),
        ["init", "shop", "widgets.md", "--endpoint", &server.url],
    );
    assert_eq!(made.code, 0, "{}", made.text());
    let mut run = program(&folder.path().join("shop"));
    run.args(["run", "--report", "json=report.json"]);
    let ran = told(run.env("DOCPROOF_BEARER", TOKEN));
    let text = ran.text();
    let report = std::fs::read(folder.path().join("shop/report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let named = |finding: &Value| {
        let mut all = vec![finding["fact"].as_str().unwrap_or_default().to_owned()];
        all.push(finding["trial"].to_string());
        all.join(" ")
    };
    let findings = report["findings"].as_array().unwrap();
    if breach == Breach::Nothing {
        assert_eq!(ran.code, 0, "{text}");
        assert!(text.contains("\nOK: as documented. "), "{text}");
        let percent = report["coverage"]["total"]["percent"].as_f64().unwrap();
        assert!(percent > 80.0, "{percent}: {text}");
    } else {
        assert_eq!(ran.code, 1, "{text}");
        assert!(text.contains("\nFAILED: "), "{text}");
        let mut findings = findings.iter().map(named);
        assert!(findings.any(|name| name.contains(found)), "{text}");
    }
    assert!(!text.contains(TOKEN), "{text}");
}

#[rstest]
#[case::the_mock(false)]
#[case::the_service(true)]
fn accepted_snapshots_come_to_rest(#[case] is_service: bool) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("widgets.md"), page()).unwrap();
    let server = Small::start(server(Breach::Nothing));
    let run = || {
        let mut run = program(folder.path());
        run.args(["run", "widgets.md", "--snapshots", "answers"]);
        if is_service {
            run.args(["--endpoint", &server.url, "--bearer", TOKEN]);
        }
        told(&mut run)
    };
    let first = run();
    assert_eq!(first.code, 1, "{}", first.text());
    assert!(
        first.text().contains("no reviewed snapshot"),
        "{}",
        first.text()
    );
    let accepted = docproof(folder.path(), ["snapshots", "accept", "--dir", "answers"]);
    assert_eq!(accepted.code, 0, "{}", accepted.text());
    let again = run();
    assert_eq!(again.code, 0, "{}", again.text());
    // The widget of a change has a name of its own, which is told as the page has it.
    let change = folder
        .path()
        .join("answers/api__ChangeWidget__snapshot__example.snap");
    let change = std::fs::read_to_string(change).unwrap();
    assert!(change.contains("\"name\": \"lever\""), "{change}");
}
