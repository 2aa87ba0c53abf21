//! Pages of a small API as an engineer writes them by hand: sentences in place of headings and
//! labels, bullets right below the request, one body told by another.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::support::small::Small;
use crate::support::{Received, Reply, docproof};
use crate::tools::fields;

fn derived(text: &str) -> Derived {
    let page = page::read("p.md", text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

/// The statuses that are named of each operation, as `POST /notes 201 400`.
fn statuses(derived: &Derived) -> Vec<String> {
    let document = &derived.services[0].document;
    let paths = document["paths"].as_object().unwrap();
    let mut found = Vec::new();
    for (path, operations) in paths {
        for (method, own) in operations.as_object().unwrap() {
            let Some(responses) = own["responses"].as_object() else {
                continue;
            };
            let statuses: Vec<&str> = responses
                .keys()
                .map(String::as_str)
                .filter(|own| *own != "4XX")
                .collect();
            found.push(format!(
                "{} {path} {}",
                method.to_uppercase(),
                statuses.join(" ")
            ));
        }
    }
    found
}

/// Whether an example of a request of `POST /notes` was read.
fn shows_request(derived: &Derived) -> bool {
    let document = &derived.services[0].document;
    let body = &document["paths"]["/notes"]["post"]["requestBody"];
    !body["content"]["application/json"]["examples"].is_null()
}

const NOTES: &str = "# Notes\n\n### Create a note\n\n**POST** `/notes`\n\nABOVE- `text` (string, required): 1-500 characters\n- `color` (string, optional): `red` or `blue`\n\nReturns `201 Created` and the note:\n\n```json\n{ \"id\": 17, \"text\": \"Milk\", \"color\": \"red\" }\n```\n\nA bad field gets `400 Bad Request`.\n";

#[rstest]
#[case::alone("")]
#[case::below_its_example("```json\n{ \"text\": \"Milk\", \"color\": \"red\" }\n```\n\n")]
#[case::below_a_sentence(
    "Send JSON:\n\n```json\n{ \"text\": \"Milk\", \"color\": \"red\" }\n```\n\n"
)]
#[case::below_a_label("Request body:\n\n```json\n{ \"text\": \"Milk\" }\n```\n\n")]
fn bullets_that_say_what_must_be_sent_need_no_label(#[case] above: &str) {
    let found = derived(&NOTES.replace("ABOVE", above));
    let expected = [
        "POST /notes",
        "request.text* string minLength=1 maxLength=500",
        "request.color string enum=[\"red\",\"blue\"]",
        "201.id integer",
        "201.text string",
        "201.color string",
    ];
    assert_eq!(fields(&found), expected);
    assert_eq!(statuses(&found), ["POST /notes 201 400"]);
    assert_eq!(shows_request(&found), !above.is_empty(), "examples");
}

#[test]
fn of_two_shown_bodies_without_a_label_the_first_is_sent_where_the_answer_is_announced() {
    let text = "# Notes\n\n### Create a note\n\n`POST /notes`\n\n```json\n{ \"text\": \"Milk\" }\n```\n\nReturns `201`:\n\n```json\n{ \"id\": 17 }\n```\n";
    assert!(shows_request(&derived(text)));
    // What is refused may be shown alone: then nobody tells whose body stands above it.
    let refused = text.replace("Returns `201`:", "Returns `404` if there is none:");
    assert!(!shows_request(&derived(&refused)));
}

/// What a page says of a change by referring to the create above it.
#[rstest]
#[case::all_optional("PATCH", "Takes the fields of [Create a note](#create-a-note), all of them optional.", &["request.text string maxLength=9", "request.kind string"])]
#[case::the_same("PUT", "The same body as for [creating one](#create-a-note).", &["request.text* string maxLength=9", "request.kind string"])]
#[case::by_its_request("PUT", "Body: the same as for `POST /notes`.", &["request.text* string maxLength=9", "request.kind string"])]
#[case::by_names("PATCH", "Takes `text` and `kind`, all optional, as above.", &["request.text string maxLength=9", "request.kind string"])]
#[case::by_names_of_nothing("PATCH", "Takes `text` and `size`, as above.", &[])]
#[case::of_the_answer("POST", "No body. The response has the same fields as [Create a note](#create-a-note).", &[])]
#[case::on_another_page("PUT", "The same body as for [creating one](create.md#create-a-note).", &[])]
#[case::but_for_some("PUT", "The same body as for [creating one](#create-a-note), except `kind`.", &[])]
#[case::of_nothing("PUT", "The same body as for [creating one](#make-a-note).", &[])]
fn a_body_is_told_by_another(#[case] method: &str, #[case] says: &str, #[case] sent: &[&str]) {
    let text = format!(
        "# Notes\n\n## Create a note\n\n`POST /notes`\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n| text | string | yes | At most 9 characters. |\n| kind | string | no | The kind. Default: `a`. |\n\nAnswers `201`.\n\n## Change a note\n\n`{method} /notes/{{id}}`\n\n{says} Answers `200`.\n"
    );
    let found = derived(&text);
    let all = fields(&found);
    let own = all
        .iter()
        .rposition(|line| line.starts_with(method))
        .unwrap();
    let body: Vec<&String> = all[own + 1..]
        .iter()
        .take_while(|line| line.contains('.'))
        .filter(|line| line.starts_with("request."))
        .collect();
    assert_eq!(body, sent);
    let told = found.services[0]
        .documentation()
        .iter()
        .any(|own| own.message.contains("described elsewhere"));
    let is_sent = !says.contains("response");
    assert_eq!(told, sent.is_empty() && is_sent, "what is not read is told");
    let statuses = statuses(&found);
    assert!(
        statuses.contains(&"POST /notes 201".to_owned()),
        "{statuses:?}"
    );
}

#[test]
fn an_answer_that_is_called_what_another_shows_is_that() {
    let text = NOTES.replace("ABOVE", "")
        + "\n### Get a note\n\n**GET** `/notes/{id}`\n\nReturns `200 OK` and the note, or `404 Not Found`.\n\n### Count\n\n**GET** `/count`\n\nReturns `200 OK` and the count.\n";
    let found = derived(&text);
    let all = fields(&found);
    for line in ["200.id integer", "200.text string", "200.color string"] {
        assert!(all.iter().any(|own| own == line), "{line}: {all:?}");
    }
    assert_eq!(all.iter().filter(|own| own.starts_with("200.")).count(), 3);
}

#[rstest]
#[case::led_to("A post:", "Response `200`: the post. `404` if there is none.", true)]
#[case::with_a_verb(
    "Each post has these fields:",
    "Returns `200` and the post, or `404`.",
    true
)]
#[case::of_something_else(
    "A comment:",
    "Response `200`: the post. `404` if there is none.",
    false
)]
fn an_answer_is_the_thing_that_a_table_above_describes(
    #[case] lead: &str,
    #[case] says: &str,
    #[case] is_it: bool,
) {
    let text = format!(
        "# Posts\n\n{lead}\n\n| Attribute | Type | Description |\n|---|---|---|\n| title | string | 1-100 characters. |\n\n## List posts\n\n`GET /posts`\n\nReturns `200`.\n\n## Show a post\n\n`GET /posts/{{slug}}`\n\n{says}\n"
    );
    let found = derived(&text);
    let title = "200.title string minLength=1 maxLength=100".to_owned();
    assert_eq!(fields(&found).contains(&title), is_it);
    assert_eq!(
        statuses(&found),
        ["GET /posts 200", "GET /posts/{slug} 200 404"]
    );
}

#[test]
fn an_object_is_linked_to_in_the_midst_of_a_paragraph() {
    let text = "# Notes\n\n## The note object\n\n| Field | Type | Description |\n|---|---|---|\n| text | string | The text. |\n\n## Show a note\n\n`GET /notes/{id}`\n\nIt never changes. Answers `200` with the [note](#the-note-object). Errors: `404`.\n\n## List notes\n\n`GET /notes`\n\nAnswers `200` with:\n\n| Field | Type | Description |\n|---|---|---|\n| notes | array of [note](#the-note-object) | The notes. |\n";
    let found = derived(text);
    let all = fields(&found);
    assert!(all.contains(&"200.text string".to_owned()), "{all:?}");
    assert!(
        all.contains(&"200.notes[].text string".to_owned()),
        "{all:?}"
    );
    assert_eq!(
        statuses(&found),
        ["GET /notes 200", "GET /notes/{id} 200 404"]
    );
}

#[rstest]
#[case::as_shown("application/json", "{\"error\": \"none\"}", 0)]
#[case::as_text("text/html", "not found", 1)]
fn an_error_that_an_example_shows_as_json_is_that(
    #[case] media: &'static str,
    #[case] body: &'static str,
    #[case] code: i32,
) {
    let text = "# Notes\n\nErrors look like this:\n\n```json\n{ \"error\": \"note not found\" }\n```\n\n## Get a note\n\n`GET /notes/{id}`\n\nReturns `200 OK` with:\n\n| Field | Type | Description |\n|---|---|---|\n| text | string | The text. |\n\nReturns `404` if there is none.\n\n## Count\n\n`GET /count`\n\nReturns `200`.\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("p.md"), text).unwrap();
    let act = move |request: &Received| {
        let refusal = |status| Reply {
            status,
            headers: vec![("Content-Type".to_owned(), media.to_owned())],
            body: body.as_bytes().to_vec(),
            reset: false,
        };
        let target = request.target.as_str();
        match request.method.as_str() {
            "GET" if target == "/notes/1" => Reply::json(200, &serde_json::json!({ "text": "a" })),
            "GET" if target == "/count" => Reply::json(200, &serde_json::json!(1)),
            "GET" => refusal(404),
            _ => refusal(405).with("Allow", "GET"),
        }
    };
    let server = Small::start(Box::new(act));
    let run = docproof(
        folder.path(),
        [
            "run",
            "p.md",
            "--endpoint",
            &server.url,
            "--set",
            "api.note_id=1",
        ],
    );
    assert_eq!(run.code, code, "{}", run.text());
}

#[test]
fn such_a_page_passes_its_own_mock() {
    let folder = tempfile::tempdir().unwrap();
    let text = NOTES.replace("ABOVE", "")
        + "\n### Get a note\n\n**GET** `/notes/{id}`\n\nReturns `200 OK` and the note, or `404 Not Found`.\n\n### Change a note\n\n**PUT** `/notes/{id}`\n\nThe same body as for [creating one](#create-a-note). Returns `200 OK` and the note, or `404`.\n\n### Delete a note\n\n**DELETE** `/notes/{id}`\n\nReturns `204`, or `404`.\n";
    std::fs::write(folder.path().join("p.md"), text).unwrap();
    let run = docproof(folder.path(), ["run", "p.md"]);
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(run.text().contains("0 blocked"), "{}", run.text());
}
