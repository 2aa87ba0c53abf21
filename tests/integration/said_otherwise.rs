//! The same things said in other forms: statuses by tabs, by columns and by sentences, objects in the
//! sections of other operations, fields in a line, credentials beside calls.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::small::{Answer, Small};
use crate::support::{Received, Reply, docproof};
use crate::tools::fields;

fn derived(name: &str, text: &str) -> Derived {
    let page = page::read(name, text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

/// The statuses of the first operation of a page, and the example of each.
fn answers(found: &Derived) -> Vec<(String, Value)> {
    let paths = found.services[0].document["paths"].as_object().unwrap();
    let methods = paths.values().next().unwrap().as_object().unwrap();
    let responses = methods.values().next().unwrap()["responses"].as_object();
    let shown = |own: &Value| own["content"]["application/json"]["examples"]["1"]["value"].clone();
    let all = responses.unwrap().iter();
    all.map(|(status, own)| (status.clone(), shown(own)))
        .collect()
}

/// A tab that is called by a status holds the answer of that status.
#[rstest]
#[case::docusaurus(
    "p.mdx",
    "import Tabs from '@theme/Tabs';\n\n# Stations\n\n## List\n\n`GET /stations`\n\n### Responses\n\n<Tabs>\n<TabItem value=\"200\" label=\"200\">\n\n```json\n{\"a\": 1}\n```\n\n</TabItem>\n<TabItem value=\"e\" label=\"400 Bad Request\">\n\n```json\n{\"b\": 1}\n```\n\n</TabItem>\n</Tabs>\n"
)]
#[case::over_lines(
    "p.mdx",
    "# Stations\n\n## List\n\n`GET /stations`\n\n### Responses\n\n<Tabs>\n<TabItem\n  value=\"200\"\n>\n\n```json\n{\"a\": 1}\n```\n\n</TabItem>\n<TabItem\n  value=\"400\"\n>\n\n```json\n{\"b\": 1}\n```\n\n</TabItem>\n</Tabs>\n"
)]
#[case::mintlify(
    "p.mdx",
    "# Stations\n\n## List\n\n`GET /stations`\n\n### Responses\n\n<Tabs>\n  <Tab title=\"200: OK\">\n\n```json\n{\"a\": 1}\n```\n\n  </Tab>\n  <Tab title=\"Bad request (400)\">\n\n```json\n{\"b\": 1}\n```\n\n  </Tab>\n</Tabs>\n"
)]
#[case::gitbook(
    "p.md",
    "# Stations\n\n## List\n\n`GET /stations`\n\n### Responses\n\n{% tabs %}\n{% tab title=\"200 OK\" %}\n```json\n{\"a\": 1}\n```\n{% endtab %}\n\n{% tab title=\"Error 400\" %}\n```json\n{\"b\": 1}\n```\n{% endtab %}\n{% endtabs %}\n"
)]
#[case::sphinx(
    "p.rst",
    "Stations\n========\n\nList\n----\n\n``GET /stations``\n\nResponses\n~~~~~~~~~\n\n.. tab-set::\n\n   .. tab-item:: 200\n\n      .. code-block:: json\n\n         {\"a\": 1}\n\n   .. tab-item:: 400 Bad Request\n\n      .. code-block:: json\n\n         {\"b\": 1}\n"
)]
fn a_tab_of_a_status_holds_its_answer(#[case] name: &str, #[case] text: &str) {
    let expected = [("200", json!({"a": 1})), ("400", json!({"b": 1}))];
    let expected = expected.map(|(status, body)| (status.to_owned(), body));
    assert_eq!(answers(&derived(name, text)), expected);
}

/// What stands below a sentence of several statuses is the answer that the sentence ends with, or the
/// refusal that the body tells itself to be.
#[rstest]
#[case::at_its_end(
    "Returns `200` with the station, or `404`:",
    "{\"error\": \"none\"}",
    "404"
)]
#[case::with_its_name("Returns 200, or 404 Not Found:", "{\"error\": \"none\"}", "404")]
#[case::by_itself(
    "Returns 200 with the station, or 404 if there is none:",
    "{\"status\": 404, \"title\": \"none\"}",
    "404"
)]
#[case::within(
    "Returns 200 with the station, or 404 if there is none:",
    "{\"error\": {\"code\": 404}}",
    "404"
)]
#[case::success(
    "Returns 200 with the station, or 404 if there is none:",
    "{\"id\": 404}",
    "200"
)]
fn a_body_is_of_the_status_that_is_told(
    #[case] sentence: &str,
    #[case] body: &str,
    #[case] status: &str,
) {
    let text = format!(
        "# Stations\n\n## Get\n\n`GET /stations/{{id}}`\n\n{sentence}\n\n```json\n{body}\n```\n"
    );
    let found = answers(&derived("p.md", &text));
    let shown = found.iter().filter(|(_, body)| !body.is_null());
    let own: Vec<&str> = shown.map(|(status, _)| status.as_str()).collect();
    assert_eq!(own, [status], "{found:?}");
    assert!(found.iter().any(|(status, _)| status == "200"), "{found:?}");
}

const JOBS: &str = "# Jobs\n\n## Show a job\n\n`GET /jobs/{id}`\n\n**Table 1** Response body parameters\n\n| Name | Type | Description |\n|---|---|---|\n| job | [Job](#job) object | The job. |\n\nOBJECT\n\n## List the jobs\n\n`GET /jobs`\n\n**Table 9** Response body parameters\n\n| Name | Type | Description |\n|---|---|---|\n| jobs | TYPE | The jobs. |\n";

/// An object is described where it comes first, and other operations refer to it.
#[rstest]
#[case::by_an_anchor(
    "<a id=\"job\"></a>\n**Table 2** Job",
    "Array of [Job](#job) objects",
    true
)]
#[case::by_its_name("**Table 2** Job", "Array of Job objects", true)]
#[case::below_a_heading("### Job", "Array of [Job](#job) objects", true)]
#[case::of_another_name("**Table 2** Task", "Array of Job objects", false)]
fn an_object_may_stand_in_the_section_of_another_operation(
    #[case] title: &str,
    #[case] kind: &str,
    #[case] expected: bool,
) {
    let object = format!(
        "{title}\n\n| Name | Type | Description |\n|---|---|---|\n| state | String | The state. |"
    );
    let page = JOBS.replace("OBJECT", &object).replace("TYPE", kind);
    let found = derived("p.md", &page);
    let of_list = |line: &&String| line.contains("jobs[].state");
    assert_eq!(
        fields(&found).iter().find(of_list).is_some(),
        expected,
        "{:?}",
        fields(&found)
    );
    let told = found.services[0].documentation().iter();
    let unused = told.filter(|own| own.message.contains("is not used"));
    assert_eq!(unused.count() == 0, expected);
}

/// The body of all errors, in a section of its own before the operations.
#[rstest]
#[case("公共错误响应", "请求失败时，返回如下结构：", true)]
#[case("说明", "调用接口失败时，将返回以下错误信息：", true)]
#[case("Common error response", "It is JSON.", true)]
#[case("Notes", "When a request fails, the answer is:", true)]
#[case(
    "Notes",
    "If something goes wrong, the API returns the following:",
    true
)]
#[case("Notes", "If the name is taken, the answer is:", false)]
#[case("说明", "请求失败时，请重试。", false)]
fn a_table_tells_of_all_errors(#[case] title: &str, #[case] lead: &str, #[case] expected: bool) {
    let page = format!(
        "# Jobs\n\n## {title}\n\n{lead}\n\n| Name | Type | Description |\n|---|---|---|\n| error_code | String | The code. |\n\n## Show\n\n`GET /jobs/{{id}}`\n\n| Status code | Description |\n|---|---|\n| 200 | OK. |\n| 404 | None. |\n\n## List\n\n`GET /jobs`\n\nReturns 200.\n"
    );
    let found = fields(&derived("p.md", &page));
    let is_told = found.iter().any(|line| line.starts_with("404.error_code"));
    assert_eq!(is_told, expected, "{found:?}");
}

/// A table whose one column has the targets may have their statuses beside them.
#[rstest]
#[case("Endpoint", "Success", "Errors")]
#[case("Route", "Status codes", "Error codes")]
#[case("接口地址", "成功", "错误码")]
fn a_table_of_targets_has_their_statuses(
    #[case] target: &str,
    #[case] success: &str,
    #[case] errors: &str,
) {
    let page = format!(
        "# Tickets\n\n| {target} | Description | {success} | {errors} |\n|---|---|---|---|\n| `GET /tickets` | All | 200 | 400, 401 |\n| `POST /tickets` | New | 201 Created | 400/409 |\n| `DELETE /tickets/{{id}}` | Gone | `204` | - |\n"
    );
    let found = derived("p.md", &page);
    let of = |path: &str, method: &str| {
        let responses = &found.services[0].document["paths"][path][method]["responses"];
        let all = responses.as_object().unwrap().keys();
        all.cloned().collect::<Vec<_>>()
    };
    assert_eq!(of("/tickets", "get"), ["200", "400", "401"]);
    assert_eq!(of("/tickets", "post"), ["201", "400", "409"]);
    assert_eq!(of("/tickets/{id}", "delete"), ["204"]);
}

#[rstest]
#[case("Creates a ticket and returns it with status 201.", &["201"])]
#[case("> The above command returns the new ticket with status 201:", &["201"])]
#[case("Response: `201` + Ticket", &["201"])]
#[case("Returns the ticket if the call succeeded (status `201`).", &["201"])]
#[case("Returns an error with status `400` if a field is invalid.", &["400", "4XX"])]
#[case("Closes a ticket; 409 if it is closed.", &["2XX", "409", "4XX"])]
#[case("Creates a ticket (201).", &["201"])]
#[case("Creates 201 tickets.", &["2XX"])]
fn a_sentence_names_the_status(#[case] sentence: &str, #[case] expected: &[&str]) {
    let text = format!("# Tickets\n\n## Create\n\n`POST /tickets`\n\n{sentence}\n");
    let mut found: Vec<String> = answers(&derived("p.md", &text))
        .into_iter()
        .map(|(status, _)| status)
        .collect();
    if !expected.contains(&"2XX") {
        found.retain(|status| status != "2XX");
    }
    assert_eq!(found, expected);
}

/// A credential that a sentence beside the operations names is needed, also in few words.
#[rstest]
#[case("Use `X-Api-Key`.", true)]
#[case("Key: header `X-Api-Key`.", true)]
#[case(
    "The API expects your key in a header that looks like the following:\n\n`X-Api-Key: meow`",
    true
)]
#[case("Use `X-Api-Key` if you want more requests a day.", false)]
#[case("You may want to log `X-Api-Key`.", false)]
fn a_sentence_asks_for_the_credential_of_the_calls(
    #[case] sentence: &str,
    #[case] is_needed: bool,
) {
    let page = format!(
        "# Tickets\n\n{sentence}\n\n## List\n\n`GET /tickets`\n\n```\ncurl -H 'X-Api-Key: k1' https://a.example/tickets\n```\n\nReturns 200.\n\n## Show\n\n`GET /tickets/{{id}}`\n\nReturns 200.\n"
    );
    let found = derived("p.md", &page);
    let own = &found.services[0].document["paths"]["/tickets"]["get"]["security"];
    let is_open = own.as_array().is_none_or(|all| all.contains(&json!({})));
    assert_eq!(!is_open, is_needed, "{own}");
}

#[rstest]
#[case(
    "Query parameters: `state`, `limit` (default 25, maximum 50), `offset`.",
    &["query.state string", "query.limit integer maximum=50 default=25", "query.offset integer"]
)]
#[case("Parameters: `state` and `limit`.", &["query.state string", "query.limit integer"])]
#[case("可选查询参数：`state`、`limit`。", &["query.state string", "query.limit integer"])]
fn parameters_may_stand_in_one_line(#[case] line: &str, #[case] expected: &[&str]) {
    let page = format!("# Tickets\n\n## List\n\n`GET /tickets`\n\n{line}\n\nReturns 200.\n");
    let names = |lines: &[&str]| -> Vec<String> {
        let own = lines.iter().filter(|line| line.starts_with("query."));
        own.map(|line| line.split(' ').next().unwrap().to_owned())
            .collect()
    };
    let found = fields(&derived("p.md", &page));
    let told: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(names(&told), names(expected), "{found:?}");
    for facet in expected.iter().flat_map(|line| line.split(' ').skip(2)) {
        assert!(
            found.iter().any(|line| line.contains(facet)),
            "{facet}: {found:?}"
        );
    }
}

/// Values behind words for those that have them, and bullets that call what an array holds.
#[test]
fn values_and_items_are_told_in_passing() {
    let rst = "Tickets\n=======\n\n.. http:get:: /tickets\n\n   :query string status: only tickets with this status, ``open`` or ``closed``\n   :status 200: fine\n";
    let found = fields(&derived("p.rst", rst));
    let expected = "query.status string enum=[\"open\",\"closed\"]".to_owned();
    assert!(found.contains(&expected), "{found:?}");
    let text = "# Tickets\n\n## List\n\n`GET /tickets`\n\nReturns 200 with\n\n- `items` – array of tickets (see [Ticket](#ticket))\n- `total` – how many there are\n\n## Ticket\n\n| Field | Type |\n|---|---|\n| id | integer |\n";
    let found = fields(&derived("p.md", text));
    assert!(
        found.iter().any(|line| line.starts_with("200.items[].id")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|line| line.starts_with("200.total")),
        "{found:?}"
    );
}

/// The fields below a label are those of the object that the heading above it names.
#[test]
fn a_heading_names_what_stands_below_a_label() {
    let text = "# The ticket object\n\n**Attributes**\n\n**id** `integer`\nThe id.\n\n**title** `string`\nThe title.\n\n# Show\n\n`GET /tickets/{id}`\n\nReturns `200` with the [ticket object](#the-ticket-object).\n\n# List\n\n`GET /tickets`\n\nReturns 200.\n";
    let found = fields(&derived("p.md", text));
    assert!(
        found.iter().any(|line| line.starts_with("200.title")),
        "{found:?}"
    );
}

/// A run that decides nothing of what is documented is no clean bill, and neither is one that decides
/// less than was asked for.
#[rstest]
#[case::nothing(&[], 401, 4, "nothing that is documented was tested")]
#[case::too_little(&["--min-coverage", "99.9"], 200, 1, "was decided")]
fn a_run_that_decides_too_little_is_not_ok(
    #[case] more: &[&str],
    #[case] status: u16,
    #[case] code: i32,
    #[case] said: &str,
) {
    let page = "# Tickets\n\nEvery request must carry the header `X-Api-Key`.\n\n## Ping\n\n`GET /health`\n\nNo token is needed.\n\n## Show\n\n`GET /tickets/{id}`\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| id | string | yes | The id. |\n\nReturns 200.\n\n### Status code: 200\n\n| Name | Type | Description |\n|---|---|---|\n| title | string | The title. |\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let answer: Answer = Box::new(move |request: &Received| match request.target.as_str() {
        "/health" if request.method == "GET" => Reply::json(200, &json!({})),
        "/health" => Reply::json(405, &json!({})),
        "/tickets/1" if request.header("x-api-key") != Some("sesame") => {
            Reply::json(401, &json!({}))
        }
        "/tickets/1" if request.method == "GET" => Reply::json(status, &json!({"title": "a"})),
        _ => Reply::json(404, &json!({})),
    });
    let server = Small::start(answer);
    let mut arguments = vec!["run", "page.md", "--endpoint", &server.url];
    arguments.extend(more);
    if status == 200 {
        arguments.extend(["--api-key", "X-Api-Key=sesame", "--set", "api.ticket_id=1"]);
    }
    let told = docproof(folder.path(), arguments);
    assert_eq!(told.code, code, "{}", told.text());
    assert!(told.text().contains(said), "{}", told.text());
    assert!(
        !told.text().contains("OK: as documented"),
        "{}",
        told.text()
    );
}

/// Names that stand alone above what is said of them are fields where they say whether they have to
/// be sent.
#[rstest]
#[case::terms(
    "title\n   Title of it. Required.\npoints\n   Integer between 0 and 100. Optional.\n",
    &["request.title*", "request.points"]
)]
#[case::bullets(
    "* ``title``: Title of it. Required.\n* ``points``: The points. Optional.\n",
    &["request.title*", "request.points"]
)]
#[case::words("note\n   It is slow.\n", &[])]
#[case::terms_that_say_nothing("title\n   Title of it.\npoints\n   The points.\n", &[])]
fn terms_below_a_target_are_fields(#[case] list: &str, #[case] expected: &[&str]) {
    let page = format!(
        "Tickets\n=======\n\nCreate\n------\n\n.. code-block:: text\n\n   POST /tickets\n\n{list}\nReturns 201.\n\nDrop\n----\n\n.. code-block:: text\n\n   DELETE /tickets/{{id}}\n\nReturns 204.\n"
    );
    let found = derived("p.rst", &page);
    let all = fields(&found);
    let sent = all.iter().filter(|line| line.starts_with("request."));
    let names: Vec<&str> = sent.map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(names, expected, "{all:?}");
    let mut told = found.services[0].documentation().iter();
    let is_told =
        told.any(|own| own.message.contains("not read") || own.message.contains("not used"));
    assert!(!expected.is_empty() || is_told || list.starts_with("note"));
}

/// Values of a parameter by which a list is sorted may be turned round, and several values may be
/// joined: none of it depends on other parameters.
#[rstest]
#[case(
    "`id` or `name`; with `-` in front in descending order. Default `id`.",
    "enum=[\"id\",\"name\",\"-id\",\"-name\"]"
)]
#[case(
    "One of `id`, `name`. Prefix with `-` for descending order.",
    "enum=[\"id\",\"name\",\"-id\",\"-name\"]"
)]
#[case("One of `id`, `name`.", "enum=[\"id\",\"name\"]")]
fn an_order_may_be_turned_round(#[case] says: &str, #[case] expected: &str) {
    let page = format!(
        "# Stations\n\n## List\n\n`GET /stations`\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| sort | string | no | {says} |\n\nReturns 200.\n"
    );
    let found = fields(&derived("p.md", &page));
    assert!(
        found.iter().any(|line| line.contains(expected)),
        "{found:?}"
    );
}

#[rstest]
#[case("One or more of `wind`, `rain`, separated by commas.", &json!(["wind", "rain", "wind,rain"]))]
#[case("Comma-separated list of fields to return, for example `id,name`.", &json!(["id,name"]))]
#[case("One of `wind`, `rain`.", &Value::Null)]
fn joined_values_are_shown(#[case] says: &str, #[case] expected: &Value) {
    let page = format!(
        "# Stations\n\n## List\n\n`GET /stations`\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| of | string | no | {says} |\n\nReturns 200.\n"
    );
    let found = derived("p.md", &page);
    let own = &found.services[0].document["paths"]["/stations"]["get"]["parameters"][0];
    assert_eq!(own["schema"]["examples"], *expected, "{own}");
    let mut told = found.services[0].documentation().iter();
    assert!(!told.any(|own| own.message.contains("depends")));
}

/// Null for a field that may be left out is a matter of taste where the page shows it so.
#[rstest]
#[case::shown("null", 0)]
#[case::never_shown("3", 1)]
fn null_that_a_page_shows_is_held_against_nobody(#[case] due: &str, #[case] code: i32) {
    let page = format!(
        "# Tickets\n\n## Create\n\n`POST /tickets`\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| title | string | yes | The title. |\n| note | string | no | A note, or `null`. |\n| points | integer | no | The points. |\n\n```json\n{{\"title\": \"a\"}}\n```\n\nReturns 201:\n\n```json\n{{\"id\": 1, \"title\": \"a\", \"points\": {due}}}\n```\n\nA bad field gets 400.\n"
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let last = std::sync::Mutex::new(0);
    let answer: Answer = Box::new(move |request: &Received| {
        if request.target != "/tickets" {
            return Reply::json(404, &json!({}));
        }
        if request.method != "POST" {
            return Reply::json(405, &json!({}));
        }
        let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let points = &sent["points"];
        let is_text = |own: &Value| own.is_null() || own.is_string();
        let is_number = points.is_null() || points.is_i64();
        if !sent["title"].is_string() || !is_text(&sent["note"]) || !is_number {
            return Reply::json(400, &json!({}));
        }
        let mut last = last.lock().unwrap();
        *last += 1;
        Reply::json(
            201,
            &json!({"id": *last, "title": sent["title"], "points": points}),
        )
    });
    let server = Small::start(answer);
    let told = docproof(folder.path(), ["run", "page.md", "--endpoint", &server.url]);
    let is_of_null = told.text().contains("request.points::type");
    assert_eq!(is_of_null, code == 1, "{}", told.text());
}

/// What a sentence says of values that somebody has already keeps no other from being tried.
#[rstest]
#[case("Must not be in use already (409).")]
#[case("Names cannot be reused, not even after the user was deleted.")]
#[case("If the name is taken, you get a `409`.")]
#[case("A name can be taken only once.")]
fn what_may_be_taken_is_made_anew(#[case] says: &str) {
    let page = format!(
        "# Users\n\n## Create\n\n`POST /users`\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| name | string | yes | 3 to 20 lower case letters. {says} |\n\n```json\n{{\"name\": \"ann\"}}\n```\n\nReturns 201:\n\n```json\n{{\"id\": 1, \"name\": \"ann\"}}\n```\n\nA bad field gets 400.\n"
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let known = std::sync::Mutex::new(std::collections::BTreeSet::new());
    let answer: Answer = Box::new(move |request: &Received| {
        if request.target != "/users" {
            return Reply::json(404, &json!({}));
        }
        if request.method != "POST" {
            return Reply::json(405, &json!({}));
        }
        let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let is_name = |own: &&str| {
            (3..=20).contains(&own.chars().count()) && own.chars().all(|c| c.is_ascii_lowercase())
        };
        let Some(name) = sent["name"].as_str().filter(is_name) else {
            return Reply::json(400, &json!({}));
        };
        let mut known = known.lock().unwrap();
        if !known.insert(name.to_owned()) {
            return Reply::json(409, &json!({}));
        }
        Reply::json(201, &json!({"id": known.len(), "name": name}))
    });
    let server = Small::start(answer);
    let told = docproof(folder.path(), ["run", "page.md", "--endpoint", &server.url]);
    assert_eq!(told.code, 0, "{}", told.text());
    assert!(told.text().contains("OK: as documented"), "{}", told.text());
    let sent: std::collections::BTreeSet<Vec<u8>> = server
        .received()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert!(sent.len() > 5, "{}", told.text());
}

/// A mistyped id is named where nothing is found by it.
#[test]
fn a_given_id_that_names_nothing_is_named() {
    let page = "# Tickets\n\n## Ping\n\n`GET /ping`\n\nReturns 200.\n\n## Show\n\n`GET /tickets/{id}`\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| id | string | yes | The id. |\n\n### Status code: 200\n\n| Name | Type | Description |\n|---|---|---|\n| title | string | The title. |\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let answer: Answer = Box::new(|request: &Received| match request.method.as_str() {
        "GET" if request.target == "/ping" => Reply::json(200, &json!({})),
        "GET" => Reply::json(404, &json!({})),
        _ => Reply::json(405, &json!({})),
    });
    let server = Small::start(answer);
    let set = ["--endpoint", &server.url, "--set", "api.ticket_id=nope"];
    let told = docproof(folder.path(), ["run", "page.md"].iter().chain(&set));
    assert!(
        told.text().contains("`--set api.ticket_id=...`"),
        "{}",
        told.text()
    );
}

#[rstest]
#[case::german(b"# Gr\xfc\xdfe\n\n`GET /a`\n", "iconv")]
#[case::chinese(b"# \xc8\xce\xce\xf1\n\n`GET /a`\n", "iconv -f GBK")]
#[case::binary(b"\x7fELF\x01\xff\x00", "cannot be read")]
fn a_page_in_another_encoding_is_told(#[case] bytes: &[u8], #[case] advice: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), bytes).unwrap();
    let told = docproof(folder.path(), ["derive", "page.md", "--out", "out"]);
    assert_eq!(told.code, 2, "{}", told.text());
    assert!(told.text().contains(advice), "{}", told.text());
}
