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

/// The statuses of the first operation of a page.
fn statuses(page: &str) -> Vec<String> {
    let found = derived("p.md", page);
    let paths = found.services[0].document["paths"].as_object().unwrap();
    let methods = paths.values().next().unwrap().as_object().unwrap();
    let responses = methods.values().next().unwrap()["responses"].as_object();
    responses.unwrap().keys().cloned().collect()
}

const SIDE: &str = "# Queues\n\n## Create a queue\n\n`POST /queues`\n\n### Request body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| name | string | yes | The name. |\n\nSAYS\n";

/// Answers of two statuses, each below what calls it by its status.
#[rstest]
#[case::details(
    "<details><summary>201 Created</summary>\n\n```json\n{\"id\": 1}\n```\n\n</details>\n<details><summary>422</summary>\n\n```json\n{\"error\": \"x\"}\n```\n\n</details>"
)]
#[case::signs(
    "### Response\n\n✅ 201\n\n```json\n{\"id\": 1}\n```\n\n❌ 422\n\n```json\n{\"error\": \"x\"}\n```"
)]
#[case::brackets(
    "**Success (201)**\n\n```json\n{\"id\": 1}\n```\n\n**Error (422)**\n\n```json\n{\"error\": \"x\"}\n```"
)]
#[case::lines("### Response\n\n201: the [queue](#queue)\n\n422: Invalid")]
#[case::cases("### Response\n\n201 - the queue\n\n422 (the name is taken)")]
fn statuses_stand_side_by_side(#[case] says: &str) {
    assert_eq!(statuses(&SIDE.replace("SAYS", says)), ["201", "422"]);
}

#[rstest]
#[case("### Returns\n\nHTTP 201 with the new queue.")]
#[case(
    "### Example response\n\n```\n< HTTP/1.1 201 Created\n< Content-Type: application/json\n<\n{\"id\": 1}\n```"
)]
fn a_status_is_told_by_what_is_received(#[case] says: &str) {
    assert_eq!(statuses(&SIDE.replace("SAYS", says)), ["201"]);
}

/// A field may be called as labels are.
#[rstest]
#[case("attributes")]
#[case("parameters")]
#[case("fields")]
fn fields_are_called_as_labels_are(#[case] name: &str) {
    let page = format!(
        "# CreateTable\n\nAdds a table.\n\n## Request Syntax\n\n```\nPOST /2024-01-01/tables HTTP/1.1\nContent-type: application/json\n```\n\n## Request Body\n\nThe request accepts the following data in JSON format.\n\n**[name](#x)**\n\nThe name.\n\nType: String\n\nRequired: Yes\n\n**[{name}](#x)**\n\nWhat it has.\n\nType: String to string map\n\nKey Length Constraints: Minimum length of 1. Maximum length of 128.\n\nRequired: Yes\n\n**[size](#x)**\n\nThe size.\n\nType: Integer\n\nRequired: No\n"
    );
    assert_eq!(field(&page, name), "object");
    assert_eq!(field(&page, "size"), "integer");
}

/// A table with a column of another kind, and what it says of the field.
fn column(header: &str, cell: &str, kind: &str) -> String {
    let page = format!(
        "# Jobs\n\n## Make a job\n\n`POST /jobs`\n\n### Request body\n\n| Name | {header} | Type | Description |\n|---|---|---|---|\n| own | {cell} | {kind} | The own. |\n| other | | string | The other. |\n"
    );
    let found = fields(&derived("p.md", &page));
    let own = found.iter().filter(|line| line.contains(".own"));
    own.cloned().collect::<Vec<_>>().join("; ")
}

#[rstest]
#[case("Card.", "1", "string", "request.own* string")]
#[case("Occurrence", "0..1", "string", "request.own string")]
#[case(
    "Cardinality",
    "0..n",
    "string",
    "request.own array; request.own[] string"
)]
#[case("Length", "64", "string", "request.own string maxLength=64")]
#[case(
    "Length",
    "1-64",
    "string",
    "request.own string minLength=1 maxLength=64"
)]
#[case("Access", "read-only", "string", "request.own string readOnly=true")]
#[case("R/W", "RW", "string", "request.own string")]
fn columns_say_more_of_fields(
    #[case] header: &str,
    #[case] cell: &str,
    #[case] kind: &str,
    #[case] expected: &str,
) {
    assert_eq!(column(header, cell, kind), expected);
}

/// Values in a cell, each on a line of its own.
#[rstest]
#[case("string", "`low`<br>`high`", "string enum=[\"low\",\"high\"]")]
#[case(
    "string",
    "Allowed:<br>`low`<br>`high`",
    "string enum=[\"low\",\"high\"]"
)]
#[case("string", "The name.<br>It is shown.", "string")]
fn values_stand_on_lines_of_a_cell(#[case] kind: &str, #[case] says: &str, #[case] expected: &str) {
    assert_eq!(row(kind, says), expected);
}

/// What a row says by the name of another row, or by a form of its own.
#[rstest]
#[case("Defaults to `name`.", "string")]
#[case("Defaults to other.", "string default=\"other\"")]
#[case(
    "One of `name`, `size`. Defaults to `name`.",
    "string enum=[\"name\",\"size\"] default=\"name\""
)]
#[case(
    "This is a timestamp in ISO 8601 format: `YYYY-MM-DDTHH:MM:SSZ`.",
    "string format=\"YYYY-MM-DDTHH:MM:SS[Z]\""
)]
fn rows_speak_of_others_and_of_forms(#[case] says: &str, #[case] expected: &str) {
    let words = |text: &str| {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        words.sort();
        words
    };
    assert_eq!(words(&row("string", says)), words(expected));
}

/// Credentials that sentences and rows tell of.
#[rstest]
#[case(
    "An `X-Auth` header with your token is needed for all calls.",
    "X-Auth"
)]
fn sentences_tell_of_credentials(#[case] says: &str, #[case] expected: &str) {
    let page = format!(
        "# Jobs\n\n{says}\n\n## List jobs\n\n`GET /jobs`\n\n### Response 200\n\n| Name | Type | Description |\n|---|---|---|\n| jobs | array | The jobs. |\n\n## Get a job\n\n`GET /jobs/{{id}}`\n\n### Response 200\n\n| Name | Type | Description |\n|---|---|---|\n| id | string | The id. |\n"
    );
    let found = derived("p.md", &page);
    let schemes = found.services[0].document["components"]["securitySchemes"].to_string();
    assert!(schemes.contains(expected), "{schemes}");
}

#[test]
fn a_token_that_stands_in_its_header_is_no_field_of_the_body() {
    let page = "# Say\n\n## Say something\n\n`POST /say`\n\n### Request body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| token | string | yes | A token. Tokens should be passed as an HTTP Authorization header. |\n| text | string | yes | The text. |\n";
    let found = fields(&derived("p.md", page));
    assert!(
        !found.iter().any(|line| line.contains("token")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|line| line.starts_with("request.text*")),
        "{found:?}"
    );
}

#[test]
fn names_in_brackets_count_as_others_do() {
    let page = "# Jobs\n\n## List jobs\n\n`GET /jobs`\n\n### Query parameters\n\n| Name | Description |\n|---|---|\n| `page[size]` | Jobs a page, 1–50. Default: 20 |\n| `page[number]` | Which page. |\n";
    let found = fields(&derived("p.md", page));
    let size = found
        .iter()
        .find(|line| line.contains("page[size]"))
        .unwrap();
    assert!(size.contains("maximum=50"), "{size}");
    assert!(size.contains("default=20"), "{size}");
}
