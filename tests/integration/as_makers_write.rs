//! Pages as the makers of APIs write them: objects in sections of their own, times that are counted,
//! bounds in common sentences, values in lists below their field, paths that only a call shows.

use std::path::Path;

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::support::docproof;
use crate::tools::fields;

fn derived(name: &str, text: &str) -> Derived {
    let page = page::read(name, text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

/// What is read of a field: its type and what else is said of its values.
fn field(page: &str, name: &str) -> String {
    let found = fields(&derived("p.md", page));
    let own = found.iter().find_map(|line| {
        let (place, said) = line.split_once(' ')?;
        let place = place.trim_end_matches('*');
        let is_own = place.ends_with(&format!(".{name}"));
        is_own.then(|| said.to_owned())
    });
    own.unwrap_or_else(|| format!("nothing: {found:?}"))
}

/// The fixtures that are written for a page.
fn fixtures(folder: &Path, page: &str) -> String {
    std::fs::write(folder.join("page.md"), page).unwrap();
    let told = docproof(folder, ["init", "suite", "page.md"]);
    assert_eq!(told.code, 0, "{}", told.text());
    let cases = std::fs::read_dir(folder.join("suite/cases")).unwrap();
    let files = cases.map(|own| own.unwrap().path().join("fixtures.toml"));
    let files: Vec<_> = files.filter(|own| own.exists()).collect();
    files
        .iter()
        .map(|own| std::fs::read_to_string(own).unwrap())
        .collect()
}

const CARDS: &str = "# Cards\n\n## The Card object\n\nSAYS\n\n## Retrieve a card\n\n`GET /v1/cards/:id`\n\n### Returns\n\nReturns the [card](#the-card-object) object.\n";

/// The section of an object is what stands below its heading, whatever labels it there.
#[rstest]
#[case::attributes(
    "### Attributes\n\n- `id` (string)\n  The id.\n\n- `size` (integer)\n  The size.\n"
)]
#[case::properties(
    "### Properties\n\n| Name | Type | Description |\n|---|---|---|\n| id | string | The id. |\n| size | integer | How large. |\n"
)]
#[case::set_off(
    "**Attributes**\n\n| Name | Type | Description |\n|---|---|---|\n| id | string | The id. |\n| size | integer | How large. |\n"
)]
#[case::of_the_answer(
    "### Response fields\n\n| Name | Type | Description |\n|---|---|---|\n| id | string | The id. |\n| size | integer | How large. |\n"
)]
#[case::with_an_example(
    "A card of a customer.\n\n```json\n{\"id\": \"a\", \"size\": 1}\n```\n\n### Fields\n\n| Name | Type | Description |\n|---|---|---|\n| id | string | The id. |\n| size | integer | How large. |\n"
)]
#[case::the_example_alone("```json\n{\"id\": \"a\", \"size\": 1}\n```\n")]
#[case::the_example_below_a_label("### Example\n\n```json\n{\"id\": \"a\", \"size\": 1}\n```\n")]
fn an_object_is_what_its_section_holds(#[case] says: &str) {
    let page = CARDS.replace("SAYS", says);
    assert_eq!(field(&page, "size"), "integer");
}

#[test]
fn an_object_may_stand_behind_the_only_operation() {
    let page = "# Cards\n\n## Retrieve a card\n\n`GET /v1/cards/:id`\n\n### Returns\n\nReturns the [card](#the-card-object) object.\n\n## The Card object\n\n### Attributes\n\n- `id` (string)\n  The id.\n\n- `size` (integer)\n  The size.\n";
    let found = fields(&derived("p.md", page));
    assert_eq!(
        found,
        [
            "GET /v1/cards/{id}",
            "path.id* string",
            "2XX.id string",
            "2XX.size integer"
        ]
    );
}

const ROW: &str = "# Jobs\n\n## Make a job\n\n`POST /jobs`\n\n### Request body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| name | string | yes | The name. |\n| own | KIND | no | SAYS |\n\n### Response 201\n\n| Name | Type | Description |\n|---|---|---|\n| id | integer | The id. |\n";

/// What a row of a type says of its values.
fn row(kind: &str, says: &str) -> String {
    field(&ROW.replace("KIND", kind).replace("SAYS", says), "own")
}

/// A time that is the number of seconds since 1970 is a number, whatever its type is called.
#[rstest]
#[case("timestamp", "Measured in seconds since the Unix epoch.", "integer")]
#[case("date", "Unix time.", "integer")]
#[case("datetime", "Milliseconds since 1970-01-01.", "integer")]
#[case("unix timestamp", "When it was made.", "integer")]
#[case("Timestamp (ms)", "When it was made.", "integer")]
#[case("timestamp", "When it was made.", "string")]
#[case("timestamp", "An ISO 8601 timestamp.", "string format=\"iso-8601\"")]
#[case("string", "Seconds since the epoch.", "string")]
fn times_are_numbers_where_seconds_are_counted(
    #[case] kind: &str,
    #[case] says: &str,
    #[case] expected: &str,
) {
    assert_eq!(row(kind, says), expected);
}

/// Of the two lower ends that a row states, a number tells the end.
#[rstest]
#[case("A positive integer. Must be at least 50.", "integer minimum=50")]
#[case(
    "A positive integer in cents. The minimum amount is 50.",
    "integer minimum=50"
)]
#[case(
    "A positive integer that is charged. Minimum 50.",
    "integer minimum=50"
)]
#[case(
    "A positive integer no larger than 100.",
    "integer minimum=1 maximum=100"
)]
#[case(
    "The minimum is 50 and the maximum is 500.",
    "integer minimum=50 maximum=500"
)]
#[case("How many, cannot exceed 50.", "integer maximum=50")]
#[case(
    "From 1 up to 100; default 10.",
    "integer default=10 minimum=1 maximum=100"
)]
#[case(
    "1 to 100, with 10 as the default.",
    "integer default=10 minimum=1 maximum=100"
)]
#[case(
    "Number of items, 1-100, 10 by default.",
    "integer default=10 minimum=1 maximum=100"
)]
#[case("The minimum length is 50.", "integer")]
#[case("The minimum amount is 50 cents.", "integer")]
fn bounds_are_read_in_common_sentences(#[case] says: &str, #[case] expected: &str) {
    let found = row("integer", says);
    let sorted = |text: &str| {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        words.sort();
        words
    };
    assert_eq!(sorted(&found), sorted(expected));
}

const VALUES: &str = "# Cards\n\n## Create a card\n\n`POST /v1/cards`\n\n### Parameters\n\n- `amount` (integer, required)\n  The amount.\n\n- `delivery` (KIND)\nSAYS\n\n### Returns\n\nReturns `200`.\n";

/// Values below the field that has them, each with its meaning behind it or below.
#[rstest]
#[case::below(
    "enum",
    "  How.\n  - `email`\n    By mail.\n  - `print`\n    On paper.\n"
)]
#[case::announced(
    "enum",
    "  How. Possible enum values:\n  - `email`\n    By mail.\n  - `print`\n    On paper.\n"
)]
#[case::apart(
    "enum",
    "  How.\n\n  - `email`\n\n    By mail.\n\n  - `print`\n\n    On paper.\n"
)]
#[case::paragraphs(
    "enum",
    "\n  How.\n\n  Possible enum values\n\n  `email`\n\n  By mail.\n\n  `print`\n\n  On paper.\n"
)]
#[case::plain("string, enum", "  How.\n  * email\n  * print\n")]
fn values_stand_below_their_field(#[case] kind: &str, #[case] says: &str) {
    let page = VALUES.replace("KIND", kind).replace("SAYS", says);
    let found = field(&page, "delivery");
    assert!(found.ends_with("enum=[\"email\",\"print\"]"), "{found}");
    assert!(!found.contains("format"), "{found}");
}

/// A row says only that it is a list, and the example shows its items.
#[rstest]
#[case("array")]
#[case("array of objects")]
#[case("object[]")]
#[case("list")]
fn items_of_lists_are_those_of_the_example(#[case] kind: &str) {
    let page = format!(
        "# Marks\n\n## List marks\n\n`GET /marks`\n\n### Response 200\n\n| Name | Type | Description |\n|---|---|---|\n| count | integer | How many. |\n| results | {kind} | The marks. |\n\n```json\n{{\"count\": 1, \"results\": [{{\"id\": 12, \"note\": \"a\"}}]}}\n```\n"
    );
    assert_eq!(field(&page, "results[].id"), "integer");
    assert_eq!(field(&page, "results[].note"), "string");
}

const NOTE: &str = "<!DOCTYPE html><html><body><h1>Notes</h1><h2>Retrieve a note</h2>SAYS<table><caption class=\"title\">CAPTION</caption><thead><tr><th>Parameter</th><th>Description</th></tr></thead><tbody><tr><td><code>id</code></td><td>The id of the note.</td></tr></tbody></table><h4>HTTP request</h4><pre><code class=\"language-http\">GET /notes/1 HTTP/1.1\nHost: h.example\n\n</code></pre><h4>HTTP response</h4><pre><code class=\"language-http\">HTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"title\": \"a\"}</code></pre></body></html>";

/// A request with a value in its path shows an operation whose path is told elsewhere in its section.
#[rstest]
#[case::by_a_caption("", "Table 1. /notes/{id}")]
#[case::by_a_line("<p><code>/notes/{id}</code></p>", "Path parameters")]
#[case::by_its_rows("", "Path parameters")]
fn a_value_in_the_path_of_a_call_is_a_parameter(#[case] says: &str, #[case] caption: &str) {
    let page = NOTE.replace("SAYS", says).replace("CAPTION", caption);
    let found = fields(&derived("p.html", &page));
    assert_eq!(found.first().map(String::as_str), Some("GET /notes/{id}"));
}

const QUEUES: &str = "# Queues\n\n## Create a queue\n\n`POST /v1/queuesEND`\n\n### Request body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| name | string | yes | The name. |\n\n```json\n{\"name\": \"a\"}\n```\n\n### Response 201\n\n```json\n{\"KEY\": 7, \"title\": \"a\"}\n```\n\n## List queues\n\n`GET /v1/queuesEND`\n\n### Response 200\n\n```json\n{\"queues\": [{\"KEY\": 7, \"title\": \"a\"}]}\n```\n\n## Get a queue\n\n`GET /v1/queues/{PARAM}END`\n\n### Response 200\n\n```json\n{\"KEY\": 7, \"title\": \"a\"}\n```\n\n## Delete a queue\n\n`DROP`\n\n### Response 204\n";

/// The id of what is made may be a number under any of the names of ids, and the path of what has it
/// may end with a format or a word for taking it away.
#[rstest]
#[case::format("id", "id", ".json", "DELETE /v1/queues/{id}.json")]
#[case::number("number", "number", "", "DELETE /v1/queues/{number}")]
#[case::number_of_it("queue_number", "number", "", "DELETE /v1/queues/{queue_number}")]
#[case::key("pk", "pk", "", "DELETE /v1/queues/{pk}")]
#[case::posted("id", "id", "", "POST /v1/queues/{id}/delete")]
fn resources_are_recognised_by_their_ids(
    #[case] parameter: &str,
    #[case] key: &str,
    #[case] end: &str,
    #[case] drop: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let page = QUEUES
        .replace("PARAM", parameter)
        .replace("KEY", key)
        .replace("END", end)
        .replace("DROP", drop);
    let found = fixtures(folder.path(), &page);
    for line in [
        "create = \"CreateQueue\"",
        &format!("id = \"/{key}\""),
        "show = \"GetQueue\"",
        "delete = \"DeleteQueue\"",
        "list = \"ListQueues\"",
    ] {
        assert!(found.contains(line), "{line}: {found}");
    }
}
