//! Tables, answers and lists that a sentence of a README leads to: what ends it with a colon, what it
//! links to, and words for some of several values.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::small::{Answer, Small};
use crate::support::{Received, Reply, docproof};
use crate::tools::fields;

fn derived(text: &str) -> Derived {
    let page = page::read("p.md", text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

const FLAG: &str = "# Flags\n\n## Evaluate a flag\n\n`METHOD /flags`\n\nLEAD\n\n| HEAD | type | required | description |\n|---|---|---|---|\n| user | string | yes | The user. |\n";

/// A table that says what has to be sent is of the request, unless the sentence above it says
/// otherwise.
#[rstest]
#[case::of_many_words("GET", "field", "Evaluate one for a user, 0 to 100:", &["query.user* string"])]
#[case::of_a_body("POST", "field", "Make one:", &["request.user* string"])]
#[case::parameters("GET", "parameter", "The same user always gets the same answer:", &["query.user* string"])]
#[case::answer("GET", "field", "The same user always gets the same answer:", &["2XX.user string"])]
#[case::answer_outright("GET", "parameter", "The response contains:", &["2XX.user string"])]
#[case::others("GET", "field", "The permissions of it:", &[])]
fn a_sentence_leads_to_a_table(
    #[case] method: &str,
    #[case] head: &str,
    #[case] lead: &str,
    #[case] expected: &[&str],
) {
    let page = FLAG
        .replace("METHOD", method)
        .replace("HEAD", head)
        .replace("LEAD", lead);
    let page = format!("{page}\n## Other\n\n`GET /others`\n\nReturns `200`.\n");
    let found: Vec<String> = fields(&derived(&page))
        .into_iter()
        .filter(|line| line.contains("user"))
        .map(|line| line.replace("2XX.user*", "2XX.user"))
        .collect();
    assert_eq!(found, expected);
}

#[rstest]
#[case(
    "If the key is taken you get a 409. If the body is wrong you get a 400:",
    "400", &["201", "400", "409", "4XX"]
)]
#[case("If the body is wrong you get a 400:", "400", &["201", "400", "4XX"])]
#[case("Returns 201. A name that is taken gets `409`:", "409", &["201", "409", "4XX"])]
fn the_last_sentence_says_of_which_answer_the_json_below_it_is(
    #[case] lead: &str,
    #[case] status: &str,
    #[case] statuses: &[&str],
) {
    let page = format!(
        "# Flags\n\n## Create a flag\n\n`POST /flags`\n\n| field | type | required | description |\n|---|---|---|---|\n| key | string | yes | The key. |\n\nReturns 201:\n\n```json\n{{\"key\": \"a\"}}\n```\n\n{lead}\n\n```json\n{{\"error\": \"no\"}}\n```\n"
    );
    let found = derived(&page);
    let responses = &found.services[0].document["paths"]["/flags"]["post"]["responses"];
    let shown = |status: &str| {
        responses[status]["content"]["application/json"]["examples"]["1"]["value"].clone()
    };
    assert_eq!(shown(status), json!({ "error": "no" }), "{responses}");
    assert_eq!(shown("201"), json!({ "key": "a" }), "{responses}");
    let known: Vec<&String> = responses.as_object().unwrap().keys().collect();
    assert_eq!(known, statuses, "{responses}");
}

/// The object that a sentence links to is the body of the answer.
#[rstest]
#[case::with_a_header(
    "Returns `201 Created` with the [project](#the-project-object) and a `Location` header with its URL."
)]
#[case::with_the_status_behind(
    "Returns the created [project object](#the-project-object) with status 201."
)]
#[case::as_a_label("Response: `201 Created`, the [project object](#the-project-object).")]
fn an_answer_links_to_its_object(#[case] sentence: &str) {
    let page = format!(
        "# Projects\n\n### The project object\n\n| Field | Type | Description |\n|---|---|---|\n| `id` | string | The id. |\n\n### Create a project\n\n`POST /projects`\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n| `name` | string | yes | The name. |\n\n{sentence}\n"
    );
    let found = fields(&derived(&page));
    assert!(
        found.iter().any(|line| line.starts_with("201.id")),
        "{found:?}"
    );
}

#[rstest]
#[case("One or more of `read`, `write`.", "minItems=1", true)]
#[case("One or more of read, write", "minItems=1", true)]
#[case("Any of `read`, `write`.", "", true)]
#[case("A subset of `read` and `write`", "", true)]
#[case("1 to 2 of `read`, `write`", "minItems=1 maxItems=2", true)]
#[case("At most 2, no duplicates", "maxItems=2 uniqueItems=true", false)]
#[case("可多选：`read`、`write`", "", true)]
#[case("One or more of the tags.", "", false)]
fn some_of_several_values_is_said_of_the_items(
    #[case] words: &str,
    #[case] of_list: &str,
    #[case] is_listed: bool,
) {
    let page = format!(
        "# Keys\n\n## Create a key\n\n`POST /keys`\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n| `scopes` | array of string | yes | {words} |\n"
    );
    let found = fields(&derived(&page));
    let list = format!("request.scopes* array {of_list}");
    assert!(found.contains(&list.trim().to_owned()), "{found:?}");
    let items = "request.scopes[] string enum=[\"read\",\"write\"]";
    assert_eq!(
        found.iter().any(|line| line == items),
        is_listed,
        "{found:?}"
    );
}

/// A service whose projects have slugs of their own, which those that were deleted keep.
fn projects() -> Answer {
    let taken = std::sync::Mutex::new(Vec::<String>::new());
    Box::new(move |request: &Received| {
        let mut taken = taken.lock().unwrap();
        let path = request.target.split('?').next().unwrap_or_default();
        let refused = |status| Reply::json(status, &json!({ "error": "no" }));
        if request.method != "POST" || path != "/projects" {
            return refused(if path == "/projects" { 405 } else { 404 });
        }
        let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let is_form = |own: &&str| {
            let is_sign = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            (3..=40).contains(&own.len()) && own.chars().all(is_sign)
        };
        let Some(slug) = sent["slug"].as_str().filter(is_form) else {
            return refused(400);
        };
        if taken.iter().any(|own| own == slug) {
            return refused(409);
        }
        taken.push(slug.to_owned());
        Reply::json(201, &json!({ "id": taken.len(), "slug": slug }))
    })
}

/// What a page says of a second one with the same value keeps no other value from being tried.
#[rstest]
#[case::alone("Must be unique")]
#[case::with_its_refusal(
    "Must be unique; a second project with the same slug is refused with `409`"
)]
#[case::in_other_words("No two projects have the same slug.")]
fn what_must_be_unique_is_made_anew(#[case] words: &str) {
    let page = format!(
        "# Projects\n\n## Create a project\n\n`POST /projects`\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n| `slug` | string | yes | 3–40 characters (`^[a-z0-9-]{{3,40}}$`). {words} |\n\n```bash\ncurl https://a.example/projects -d '{{\"slug\": \"apollo\"}}'\n```\n\nReturns `201 Created`:\n\n```json\n{{\"id\": 1, \"slug\": \"apollo\"}}\n```\n\nA bad field gets `400`.\n"
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let server = Small::start(projects());
    let command = [
        "run",
        "page.md",
        "--endpoint",
        &server.url,
        "--report",
        "json=report.json",
    ];
    let told = docproof(folder.path(), command);
    assert_eq!(told.code, 0, "{}", told.text());
    let made = server.received();
    let slugs: std::collections::BTreeSet<&[u8]> =
        made.iter().map(|request| request.body.as_slice()).collect();
    assert!(slugs.len() > 5, "{}", told.text());
    assert!(told.text().contains("OK: as documented"), "{}", told.text());
}
