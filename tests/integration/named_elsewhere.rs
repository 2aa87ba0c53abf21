//! A field of a body that names what another path has: a run straight from a document makes one of
//! those first, as a suite that `init` makes of it does.

use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// How a service spells what it says of authors in its books.
#[derive(Debug, Clone, Copy)]
struct Spelling {
    /// The field of a book.
    field: &'static str,
    /// Whether ids are numbers.
    numbers: bool,
}

impl Spelling {
    fn id(self) -> Value {
        if self.numbers {
            json!({ "type": "integer" })
        } else {
            json!({ "type": "string", "format": "uuid" })
        }
    }

    fn document(self) -> Value {
        let text = json!({ "type": "string", "minLength": 1, "maxLength": 40 });
        let author = json!({
            "type": "object", "required": ["name"], "properties": { "name": text }
        });
        let book = json!({
            "type": "object",
            "required": ["title", self.field],
            "properties": { "title": text, self.field: self.id() }
        });
        let mut paths = json!({});
        for (name, sent) in [("authors", author), ("books", book)] {
            let mut shown = sent.clone();
            shown["properties"]["id"] = self.id();
            shown["required"].as_array_mut().unwrap().push(json!("id"));
            let content =
                |schema: &Value| json!({ "application/json": { "schema": schema.clone() } });
            let refusal = json!({ "description": "No." });
            let id = json!([{ "name": "id", "in": "path", "required": true, "schema": self.id() }]);
            paths[format!("/{name}")] = json!({ "post": {
                "operationId": format!("create-{name}"),
                "requestBody": { "required": true, "content": content(&sent) },
                "responses": {
                    "201": { "description": "Made.", "content": content(&shown) },
                    "400": refusal, "422": refusal
                }
            } });
            paths[format!("/{name}/{{id}}")] = json!({
                "parameters": id,
                "get": {
                    "operationId": format!("show-{name}"),
                    "responses": {
                        "200": { "description": "One.", "content": content(&shown) },
                        "400": refusal, "404": refusal
                    }
                },
                "delete": {
                    "operationId": format!("delete-{name}"),
                    "responses": {
                        "204": { "description": "Gone." }, "400": refusal, "404": refusal
                    }
                }
            });
        }
        json!({
            "openapi": "3.1.0", "info": { "title": "Library", "version": "1" }, "paths": paths
        })
    }

    /// A server that knows no book of an unknown author; `breach` is a title that it keeps wrongly.
    fn serve(self, is_wrong: bool) -> Small {
        let kept: Mutex<Vec<(String, Value)>> = Mutex::default();
        Small::start(Box::new(move |request: &Received| {
            let empty = |status: u16| Reply::json(status, &Value::Null);
            let mut kept = kept.lock().unwrap();
            let path = request.target.split('?').next().unwrap_or_default();
            let target = path.trim_start_matches('/').to_owned();
            let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let (collection, id) = target.split_once('/').unwrap_or((&target, ""));
            let is_text = |name: &str| {
                let length = body[name].as_str().map(|text| text.chars().count());
                length.is_some_and(|length| (1..=40).contains(&length))
            };
            let is_id = |text: &str| {
                if self.numbers {
                    text.parse::<u64>().is_ok()
                } else {
                    text.len() == 36
                }
            };
            let named =
                |value: &Value| value.as_str().map_or_else(|| value.to_string(), Into::into);
            let at = kept.iter().position(|(path, _)| *path == target);
            match (request.method.as_str(), collection, at) {
                ("POST", "authors" | "books", _) if id.is_empty() => {
                    let is_book = collection == "books";
                    let author = format!("authors/{}", named(&body[self.field]));
                    let is_known = kept.iter().any(|(path, _)| *path == author);
                    if !is_text(if is_book { "title" } else { "name" }) {
                        return empty(400);
                    }
                    if is_book && (!is_known || body[self.field].is_string() == self.numbers) {
                        return empty(422);
                    }
                    let number = kept.len() + 1;
                    let id = if self.numbers {
                        json!(number)
                    } else {
                        json!(format!("6f1e2d3c-0000-4000-8000-{number:012}"))
                    };
                    let mut made = body.clone();
                    made["id"] = id.clone();
                    kept.push((format!("{collection}/{}", named(&id)), made.clone()));
                    if is_wrong && is_book {
                        made["title"] = json!(7);
                    }
                    Reply::json(201, &made)
                }
                ("GET" | "DELETE", "authors" | "books", _) if !id.is_empty() && !is_id(id) => {
                    empty(400)
                }
                ("GET", _, Some(at)) => Reply::json(200, &kept[at].1),
                ("DELETE", _, Some(at)) => {
                    // A place is kept, so that no number is given twice.
                    kept[at].0 = String::new();
                    empty(204)
                }
                ("GET" | "DELETE", _, None) => empty(404),
                _ => empty(405),
            }
        }))
    }
}

#[rstest]
#[case::id("author_id", true)]
#[case::id_as_text("author_id", false)]
#[case::one_word("authorId", true)]
#[case::the_thing_itself("author", true)]
#[case::the_thing_itself_as_text("author", false)]
fn what_a_body_names_is_made_first(
    #[case] field: &'static str,
    #[case] numbers: bool,
    #[values(false, true)] is_wrong: bool,
    #[values(false, true)] from_a_suite: bool,
) {
    let spelling = Spelling { field, numbers };
    let folder = tempfile::tempdir().unwrap();
    let document = spelling.document().to_string();
    std::fs::write(folder.path().join("api.json"), document).unwrap();
    let server = spelling.serve(is_wrong);
    let source: &[&str] = if from_a_suite {
        let made = docproof(folder.path(), ["init", "suite", "api.json"]);
        assert_eq!(made.code, 0, "{}", made.text());
        &["--suite", "suite"]
    } else {
        &["api.json"]
    };
    let arguments = [
        "run",
        "--endpoint",
        &server.url,
        "--seed",
        "1",
        "--cases",
        "5",
    ];
    let told = docproof(folder.path(), arguments.iter().chain(source));
    assert_eq!(told.code == 1, is_wrong, "{}", told.text());
    if is_wrong {
        assert!(told.text().contains("create-books::"), "{}", told.text());
    } else {
        assert!(told.text().contains(" 0 blocked"), "{}", told.text());
    }
}

#[rstest]
#[case::made_up(&[], "")]
#[case::given(&["--set", "library.author_id=7"], r#""author_id":7"#)]
fn what_nothing_creates_is_made_up_unless_it_is_given(#[case] set: &[&str], #[case] sent: &str) {
    let spelling = Spelling {
        field: "author_id",
        numbers: true,
    };
    let mut document = spelling.document();
    let paths = document["paths"].as_object_mut().unwrap();
    paths.remove("/authors");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let server = spelling.serve(false);
    let arguments = ["run", "api.json", "--endpoint", &server.url, "create-books"];
    let told = docproof(folder.path(), arguments.iter().chain(set));
    let received = server.received();
    let mut books = received.iter().filter(|one| one.target == "/books");
    let is_sent = books.any(|one| {
        let body = String::from_utf8_lossy(&one.body);
        !body.is_empty() && body.contains(sent)
    });
    assert!(is_sent, "{}", told.text());
}
