//! Pages as anybody writes them, invented in the manner of many houses: what each says is read, and
//! what it does not say is not.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

fn derived(name: &str, text: &str) -> Derived {
    let page = page::read(name, text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

const ROWS: &str = "| Name | Type | Required | Description |\n|---|---|---|---|\n";

#[rstest]
#[case::when("#### When kind is http", "#### When kind is mail", true)]
#[case::for_each("#### For http", "#### Additional fields for mail", true)]
#[case::numbered("#### Option 1", "#### Option 2", true)]
#[case::chinese("#### 当类型为 http 时", "#### 类型为 mail 时", true)]
#[case::objects("#### Http", "#### Mail", false)]
fn fields_of_a_case_are_demanded_in_no_other(
    #[case] one: &str,
    #[case] other: &str,
    #[case] are_cases: bool,
) {
    let text = "# Jobs\n\n`POST /jobs`\n\n### Request body\n\nROWS| kind | string | yes | K |\n\nONE\n\nROWS| url | string | yes | U |\n| note | string | no | N |\n\nOTHER\n\nROWS| address | string | yes | A |\n";
    let text = text.replace("ROWS", ROWS);
    let text = text.replace("ONE", one).replace("OTHER", other);
    let mut expected = vec!["POST /jobs", "request.kind* string"];
    if are_cases {
        expected.extend([
            "request.url string",
            "request.note string",
            "request.address string",
        ]);
    }
    assert_eq!(fields(&derived("p.md", &text)), expected);
}

#[test]
fn the_first_of_several_cases_is_one_as_well() {
    let text = "# Jobs\n\n`POST /jobs`\n\n### Request body\n\n#### When kind is http\n\nROWS| kind | string | yes | K |\n| url | string | yes | U |\n\n#### When kind is mail\n\nROWS| kind | string | yes | K |\n| address | string | yes | A |\n";
    let derived = derived("p.md", &text.replace("ROWS", ROWS));
    let expected = [
        "POST /jobs",
        "request.kind* string",
        "request.url string",
        "request.address string",
    ];
    assert_eq!(fields(&derived), expected);
}

/// What is left out of a page, by the kind of the finding and its line.
fn left_out(derived: &Derived) -> Vec<String> {
    let findings = derived
        .services
        .iter()
        .flat_map(docproof::internal::contract::Service::documentation);
    let mut told: Vec<String> = findings
        .filter(|own| {
            let kind = own.kind.to_string();
            kind.contains("-not-") || kind.ends_with("-without-place")
        })
        .map(|own| {
            let line = own
                .rows
                .first()
                .map_or(0, docproof::internal::contract::Fact::line);
            format!("{line} {}", own.kind)
        })
        .collect();
    told.sort();
    told
}

#[rstest]
#[case::apidoc(
    "apidoc.html",
    "<html><body><h1>Make a user</h1><pre data-type=\"post\"><code>/users</code></pre><p>POST /users</p><h2>Request body</h2><table><thead><tr><th>Field</th><th>Type</th><th>Description</th></tr></thead><tbody><tr><td>name</td><td>String</td><td><p>Name. Size range: <code>2..20</code></p></td></tr><tr><td>note</td><td>String</td><td><p>Note. Size range: <code>..64</code></p></td></tr><tr><td>age</td><td>Number</td><td><p>Age. Size range: <code>1-120</code></p></td></tr></tbody></table></body></html>",
    &["POST /users", "request.name string minLength=2 maxLength=20", "request.note string maxLength=64", "request.age number minimum=1 maximum=120"],
    &[]
)]
#[case::types_in_code(
    "readme.md",
    "# Change a boat\n\n`PATCH /boats/{id}`\n\n## Path Params\n\n**id** `string` *required*\nThe id of the boat\n\n## Query Params\n\n**dryRun** `boolean` *Defaults to false*\nWhether only to check\n\n## Body Params\n\n**name** `string` *required*\nName of the boat\n\n**length** `float`\nLength in metres\n",
    &["PATCH /boats/{id}", "path.id* string", "query.dryRun boolean default=false", "request.name* string", "request.length number format=\"float\""],
    &[]
)]
#[case::bold_names(
    "bold.md",
    "# Pay\n\n`POST /pays`\n\n#### Parameters\n\n- **amount** `integer` **Required**\n  How much it is.\n\n- **note** `string`\n  What for.\n",
    &["POST /pays", "request.amount* integer", "request.note string"],
    &[]
)]
#[case::words_of_values(
    "worded.md",
    "# Make a job\n\n`POST /jobs`\n\n## Request body\n\n| Name | Type | Description |\n|---|---|---|\n| urgent | int | 是否加急：1 是，0 否 |\n| kind | string | 类型：bug 缺陷；task 任务 |\n| closed | int | 1 yes, 0 no |\n| wait | int | 1 day, 7 days |\n",
    &["POST /jobs", "request.urgent integer enum=[1,0]", "request.kind string enum=[\"bug\",\"task\"]", "request.closed integer enum=[1,0]", "request.wait integer"],
    &[]
)]
#[case::declarations(
    "ts.md",
    "# Notes\n\n## Make\n\n`POST /notes`\n\n### Request body\n\n```ts\ninterface Note {\n  title: string;\n}\n```\n\n## Change\n\n`PUT /notes/{id}`\n\n### Request body\n\n```yaml\ntitle: string # required\nlevel: integer\n```\n",
    &["POST /notes", "PUT /notes/{id}", "path.id* string"],
    &["21 example-not-read", "9 example-not-read"]
)]
#[case::a_column_of_another_name(
    "drf.md",
    "# Make an article\n\n`POST /articles`\n\n## Request body\n\n| Field | Type | Attributes | Description |\n|---|---|---|---|\n| title | string | required, max_length=100 | T |\n",
    &["POST /articles", "request.title string"],
    &["7 column-not-read", "9 requiredness-not-read"]
)]
#[case::statuses_of_each(
    "man.md",
    "# Endpoints\n\nPOST /lamps\n\nAdds a lamp. Returns 201.\n\nDELETE /lamps/{id}\n\nRemoves a lamp. Returns 204.\n",
    &["POST /lamps", "DELETE /lamps/{id}", "path.id* string"],
    &[]
)]
#[case::errors_of_the_page(
    "slate.md",
    "# Kites\n\n## Delete a kite\n\n`DELETE /kites/{id}`\n\n## Errors\n\n| Error Code | Meaning |\n|---|---|\n| 400 | Bad |\n| 401 | Who are you |\n",
    &["DELETE /kites/{id}", "path.id* string"],
    &["9 error-codes-not-tried"]
)]
#[case::names_in_one_cell(
    "names.md",
    "# Status\n\n`POST /status`\n\n## Request body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| `name` or `context` | string | yes | N |\n| lat, lng | number | no | L |\n",
    &["POST /status", "request.name string", "request.context string", "request.lat number", "request.lng number"],
    &[]
)]
#[case::statuses_in_lists(
    "dl.html",
    "<html><body><h2>Remove a lamp</h2><p>DELETE /lamps/{id}</p><h3>Responses</h3><dl><dt>204</dt><dd>Gone.</dd><dt>404</dt><dd>There is none.</dd></dl></body></html>",
    &["DELETE /lamps/{id}", "path.id* string"],
    &[]
)]
#[case::tabs(
    "tabs.mdx",
    "# Shelves\n\n## Create a shelf\n\n<Endpoint method=\"POST\" url=\"/shelves\" />\n\n<Tabs>\n<TabItem value=\"a\" label=\"Request\">\n\n| Field | Type | Required |\n|---|---|---|\n| name | string | yes |\n\n</TabItem>\n<TabItem value=\"b\" label=\"Response\">\n\n```json\n{\"id\": \"1\"}\n```\n\n</TabItem>\n</Tabs>\n",
    &["POST /shelves", "request.name* string", "2XX.id string"],
    &[]
)]
#[case::as_redoc_writes_it(
    "redoc.md",
    "# Recipes\n\n`POST /recipes`\n\n### Request body\n\n* **title** *required* — `string` `[1 .. 80] characters`\n\n  Title of the recipe.\n* **course** *required* — `string`, Enum: `\"starter\"` `\"main\"`\n* **kind** `string` Enum: \"a\" \"b\"\n* **servings** — `integer` `[1 .. 50]`, Default: `4`\n* **tags** — `Array of strings` `<= 5 items`\n* **rate** — `number` `( 0 .. 1 ]`\n* **state** `string` or `integer`\n",
    &["POST /recipes", "request.title* string minLength=1 maxLength=80", "request.course* string enum=[\"starter\",\"main\"]", "request.kind string enum=[\"a\",\"b\"]", "request.servings integer minimum=1 maximum=50 default=4", "request.tags array maxItems=5", "request.tags[] string", "request.rate number maximum=1 exclusiveMinimum=0", "request.state [\"string\",\"integer\"]"],
    &[]
)]
#[case::optional_for_some(
    "some.md",
    "# Stops\n\n`POST /stops`\n\n### Request body\n\n| Name | Type | Description |\n|---|---|---|\n| a | string | **Required.** The name. |\n| b | boolean | **Optional for hosts.** Whether all stop. Defaults to `false`. |\n| c | boolean | **Optional for hosts.** Whether all stop. |\n| d | number | **Required for flexible stops.** How long. |\n",
    &["POST /stops", "request.a* string", "request.b boolean default=false", "request.c boolean", "request.d number"],
    &[]
)]
#[case::between_colons(
    "vitepress.md",
    "# Lamps\n\n## Show\n\n<Badge type=\"info\" text=\"GET\" /> `/lamps`\n\n::: tip Notes\n- One\n- Two\n:::\n\nReturns 200.\n",
    &["GET /lamps"],
    &[]
)]
#[case::in_short(
    "short.md",
    "# Lamps\n\n`POST /lamps`\n\n### Request body\n\n| Name | Type | Description |\n|---|---|---|\n| a | integer | 1 ≤ a < 50 |\n| b | integer | 1 <= b <= 10^6 |\n| c | string | The name, len 1-80. |\n| d | string | 1 ≤ length ≤ 50 |\n| e | enum | on, off |\n| f | enum | 1, 2 |\n| g | enum | on, off, ... |\n| h | string | Kind: one of x, y or z |\n| i | string | Created, ISO 8601 in UTC. |\n| j | string | ISO 8601 |\n| k | string | A timestamp as ISO 8601 duration. |\n",
    &["POST /lamps", "request.a integer minimum=1 exclusiveMaximum=50", "request.b integer minimum=1", "request.c string minLength=1 maxLength=80", "request.d string minLength=1 maxLength=50", "request.e string enum=[\"on\",\"off\"]", "request.f string", "request.g string", "request.h string enum=[\"x\",\"y\",\"z\"]", "request.i string format=\"iso-8601\"", "request.j string", "request.k string"],
    &[]
)]
#[case::a_status_behind_an_arrow(
    "arrow.md",
    "# Orders\n\n**GET** `/orders/{id}` -> 200\n\n**PUT** `/orders/{id}` → `204 No Content`\n",
    &["GET /orders/{id}", "path.id* string", "PUT /orders/{id}", "path.id* string"],
    &[]
)]
#[case::names_in_bullets(
    "bullets.md",
    "# Orders\n\n**GET** `/orders`\n\n* `status` - `open` or `shut`\n* `from`, `to` - days\n",
    &["GET /orders"],
    &["5 table-without-place"]
)]
#[case::traditional_chinese(
    "tw.md",
    "# 查詢訂單\n\n`GET /orders/{order_id}`\n\n**Query 參數**\n\n| 名稱 | 型別 | 必填 | 說明 |\n|---|---|---|---|\n| lang | string | 是 | 語言 |\n\n**回應參數**\n\n| 欄位 | 型別 | 說明 |\n|---|---|---|\n| order_id | string | 訂單編號 |\n",
    &["GET /orders/{order_id}", "path.order_id* string", "query.lang* string", "2XX.order_id string"],
    &[]
)]
#[case::a_bound_beside_a_default(
    "bound.md",
    "# Boats\n\n`GET /boats`\n\n## Query parameters\n\n| Name | Type | Description |\n|---|---|---|\n| per_page | int | Up to 1,000, 20 by default |\n| width | number | 20 by default, up to 99.5 |\n| tries | int | Up to 3 tries, each of a second |\n",
    &["GET /boats", "query.per_page integer minimum=0 maximum=1000 default=20", "query.width number maximum=99.5 default=20", "query.tries integer"],
    &[]
)]
#[case::an_object_below_a_refusal(
    "refused.md",
    "# X\n\n## Get a ticket\n\n`GET /tickets/{id}`\n\n### Response 200\n\nReturns the [Ticket](#ticket).\n\n### Response 404\n\nNo such ticket. Returns an [Error](#error).\n\n## Delete a ticket\n\n`DELETE /tickets/{id}`\n\n### Response 204\n\nIt is gone.\n\n### Response 404\n\nReturns an [Error](#error).\n\n## Ticket\n\n| Field | Type | Description |\n|---|---|---|\n| id | integer | I |\n\n## Error\n\n| Field | Type | Description |\n|---|---|---|\n| message | string | M |\n",
    &["DELETE /tickets/{id}", "path.id* string", "404.message string", "GET /tickets/{id}", "path.id* string", "200.id integer", "404.message string"],
    &[]
)]
#[case::an_object_below_an_example(
    "below.md",
    "# Things\n\n## Create a thing\n\n`POST /things`\n\n| Field | Type | Required | Notes |\n|---|---|---|---|\n| name | string | yes | N |\n\nExample:\n\n```json\n{ \"name\": \"one\" }\n```\n\nReturns `201 Created` with the [thing](#thing).\n\n## Thing\n\n| Field | Type | Notes |\n|---|---|---|\n| id | integer | I |\n| name | string | N |\n",
    &["POST /things", "request.name* string", "201.id integer", "201.name string"],
    &[]
)]
#[case::exchanges_beside_a_target(
    "http.md",
    "# Recipes\n\n## Create a recipe\n\n```http\nPOST /recipes HTTP/1.1\nContent-Type: application/json\n\n{\"title\": \"Soup\"}\n```\n\n## Delete a recipe\n\n```http\nDELETE /recipes/{id} HTTP/1.1\n```\n\nReturns 204 No Content.\n",
    &["DELETE /recipes/{id}", "path.id* string"],
    &["5 operation-not-read"]
)]
#[case::bounds_in_signs(
    "signs.md",
    "# Boxes\n\n`POST /boxes`\n\n## Request body\n\n| Name | Type | Description |\n|---|---|---|\n| count | int | 1 ≤ n ≤ 50 |\n| name | string | len 1..80 |\n",
    &["POST /boxes", "request.count integer minimum=1 maximum=50", "request.name string minLength=1 maxLength=80"],
    &[]
)]
fn a_page_is_read_as_it_is_meant(
    #[case] name: &str,
    #[case] text: &str,
    #[case] expected: &[&str],
    #[case] findings: &[&str],
) {
    let derived = derived(name, text);
    assert_eq!(fields(&derived), expected);
    assert_eq!(left_out(&derived), findings);
}

#[rstest]
#[case::of_another("https://auth.example.com/token", "api")]
#[case::of_the_page("https://crates.example.com/v1/boxes", "crates")]
#[case::alone("https://crates.example.com", "crates")]
fn a_service_is_called_after_a_host_at_which_it_is_asked(#[case] url: &str, #[case] service: &str) {
    let text = format!(
        "# Boxes\n\n`POST /v1/boxes`\n\n## Request example\n\n```json\n{{\"callback\": \"{url}\"}}\n```\n"
    );
    let derived = derived("p.md", &text);
    assert_eq!(derived.services[0].name, service);
}

#[rstest]
#[case("All requests need an `Authorization: Bearer <token>` header; without one you get a 401.")]
#[case("Every request must carry a valid bearer token, otherwise the API responds with 401.")]
#[case("Requests without a token are rejected with 401.")]
#[case("Use your bearer token in the `Authorization` header (`Authorization: Bearer <token>`).")]
#[case("Pass your token in the `Authorization` header.")]
#[case("All requests must be authenticated.")]
#[case("All endpoints require authentication.")]
fn a_sentence_asks_every_operation_of_a_page_for_a_credential(#[case] sentence: &str) {
    let text = format!(
        "# Boxes\n\n{sentence}\n\n## List\n\n`GET /boxes`\n\n## Remove\n\n`DELETE /boxes/{{id}}`\n"
    );
    let derived = derived("p.md", &text);
    let paths = derived.services[0].document["paths"].as_object().unwrap();
    for operation in paths
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
    {
        let asks = operation["security"]
            .as_array()
            .is_some_and(|all| !all.is_empty());
        assert!(asks, "{sentence}: {operation}");
    }
}

#[rstest]
#[case("Lists the tickets, newest first.")]
#[case("Returns the tickets, oldest first.")]
fn an_order_may_be_told_below_the_target(#[case] sentence: &str) {
    let text = "# Tickets\n\n## List\n\n`GET /tickets`\n\nSENTENCE\n\n### Response 200\n\n| Name | Type | Description |\n|---|---|---|\n| data | [Ticket](#ticket)[] | D |\n\n## Ticket\n\n| Name | Type | Description |\n|---|---|---|\n| id | integer | I |\n| created_at | string (date-time) | C |\n";
    let with = format!(
        "{:?}",
        derived("p.md", &text.replace("SENTENCE", sentence)).services
    );
    let without = format!(
        "{:?}",
        derived("p.md", &text.replace("SENTENCE", "Lists them.")).services
    );
    assert_ne!(with, without, "{sentence}");
}

#[rstest]
#[case("All requests must be authenticated with your API key.")]
#[case("All requests must be authenticated. Log in first: the session is kept.")]
#[case("Every request may carry a token.")]
fn a_sentence_says_not_how_a_credential_is_carried(#[case] sentence: &str) {
    let text = format!(
        "# Boxes\n\n{sentence}\n\n## List\n\n`GET /boxes`\n\n## Remove\n\n`DELETE /boxes/{{id}}`\n"
    );
    let derived = derived("p.md", &text);
    let text = derived.services[0].document.to_string();
    assert!(!text.contains("Authorization"), "{sentence}: {text}");
}

#[rstest]
#[case::told("Returns the lamp. The `Location` header has its URL.", true)]
#[case::with("Returns 201 with a `Location` header.", true)]
#[case::sometimes("If it is new, the `Location` header has its URL.", false)]
#[case::asked("Follow the `Location` header to see it.", false)]
fn a_sentence_tells_of_a_header_of_the_answer(#[case] sentence: &str, #[case] is_told: bool) {
    let text = format!("# Lamps\n\n`POST /lamps`\n\n### Response 201\n\n{sentence}\n");
    let derived = derived("p.md", &text);
    let answer = &derived.services[0].document["paths"]["/lamps"]["post"]["responses"]["201"];
    assert_eq!(
        answer["headers"]["Location"].is_object(),
        is_told,
        "{answer}"
    );
}

#[test]
fn what_stands_in_html_has_its_own_line() {
    let text = "<html><body>\n<nav><a href=\"#show\">Show</a></nav>\n<h1>Lamps</h1>\n<h2 id=\"show\">Show</h2>\n<pre><code>GET /lamps/{id}</code></pre>\n<h3>Response 200</h3>\n<table>\n<tr><th>Name</th><th>Type</th></tr>\n<tr><td>id</td><td>string</td></tr>\n</table>\n<h2>Remove</h2>\n<p>\n  <code>DELETE /lamps/{id}</code></p>\n<p>Answers with\n  <b>204</b>.</p>\n</body></html>\n";
    let derived = derived("lamps.html", text);
    let item = &derived.services[0].document["paths"]["/lamps/{id}"];
    let line = |operation: &serde_json::Value| operation["x-docproof"]["facts"][0]["line"].clone();
    assert_eq!(line(&item["get"]), 5);
    assert_eq!(line(&item["delete"]), 13);
}

const ONE: &str = "# Users\n\n## Get a user\n\nThe call returns:\n\n```json\n{\"id\": \"u1\", \"email\": \"a@example.com\", \"role\": \"admin\"}\n```\n\n**HTTP request**\n\n`GET /users/<user_id>/`\n\n";

/// What one thing read by its path has, where no label says whose the rows are: those of the answer
/// that is shown, if it has all of them.
#[rstest]
#[case::of_the_answer("| `email` | The address. |\n| `role` | What it may do. |", &["2XX.email any", "2XX.role any"])]
#[case::others("| `expand` | What to show. |\n| `role` | What it may do. |", &["query.expand any", "query.role any", "2XX.id string", "2XX.email string", "2XX.role string"])]
fn rows_of_an_answer_are_no_query(#[case] rows: &str, #[case] expected: &[&str]) {
    let text = format!("{ONE}| Parameter | Description |\n|---|---|\n{rows}\n");
    let found = fields(&derived("p.md", &text));
    let found: Vec<&str> = found
        .iter()
        .map(String::as_str)
        .filter(|field| field.starts_with("query.") || field.starts_with("2XX."))
        .collect();
    assert_eq!(found, expected);
}

const LIST: &str = "# Jobs\n\n## List jobs\n\n`GET /jobs`\n\nResponse `200 OK`:\n\n```json\n{\"items\": [{\"id\": 1, \"created_at\": \"2026-01-01T00:00:00Z\"}], \"next\": \"abc\"}\n```\n\n";

/// Sentences below an answer that only an example shows.
#[test]
fn sentences_below_an_example_tell_of_its_fields() {
    let text = format!("{LIST}Newest first. `next` is null on the last page.\n");
    let derived = derived("p.md", &text);
    let found = fields(&derived);
    assert!(
        found.contains(&r#"200.next ["string","null"]"#.to_owned()),
        "{found:?}"
    );
    let schemas = &derived.services[0].schemas;
    let schema = schemas.values().next().unwrap();
    let facts = schema["properties"]["items"]["x-docproof"]["facts"].to_string();
    assert!(facts.contains("newestFirst"), "{facts}");
}

/// A refusal that a row tells of is one of the operation.
#[rstest]
#[case("Names must be unique, otherwise 409.", true)]
#[case("At most 409 of them.", false)]
fn a_row_tells_of_a_refusal(#[case] text: &str, #[case] is_told: bool) {
    let page = format!(
        "# Jobs\n\n`POST /jobs`\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| name | string | yes | {text} |\n\nReturns 201.\n"
    );
    let derived = derived("p.md", &page);
    let responses = &derived.services[0].document["paths"]["/jobs"]["post"]["responses"];
    assert_eq!(responses.get("409").is_some(), is_told);
}
