//! Pages as people write them: ways to say of fields and answers what others say in tables of their
//! own.

use docproof::internal::contract::Service;
use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

fn derived(text: &str) -> Derived {
    let page = page::read("p.md", text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

/// How many parts of a page are told not to be read.
fn lost(derived: &Derived) -> usize {
    let findings = derived.services.iter().flat_map(Service::documentation);
    let kinds = findings.map(|own| own.kind.to_string());
    kinds
        .filter(|kind| kind.ends_with("-not-read") || kind.ends_with("-without-place"))
        .count()
}

/// Whether one of the statuses of the answers is documented.
fn has_status(derived: &Derived, path: &str, method: &str, status: &str) -> bool {
    let responses = &derived.services[0].document["paths"][path][method]["responses"];
    responses.get(status).is_some()
}

#[rstest]
#[case::no_value_in_other_languages("없음", "")]
#[case::nothing_yet("暂无", "")]
#[case::dash("—", "")]
#[case::required("**Required**", "")]
#[case::generated("系统生成", "")]
#[case::word_that_tells("auto", "")]
#[case::word_set_off("`auto`", " default=\"auto\"")]
#[case::word("blue", " default=\"blue\"")]
fn a_default_is_a_value(#[case] cell: &str, #[case] expected: &str) {
    let text = format!(
        "# X\n\n`POST /x`\n\n### Body\n\n| Name | Type | Required | Default | Description |\n\
         |---|---|---|---|---|\n| a | string | no | {cell} | A |\n"
    );
    assert_eq!(
        fields(&derived(&text)),
        ["POST /x".to_owned(), format!("request.a string{expected}")]
    );
}

#[rstest]
#[case("| *None* | | | This request takes no body |")]
#[case("| N/A | | | |")]
#[case("| 无 | | | |")]
fn a_row_may_say_that_there_is_nothing(#[case] row: &str) {
    let text = format!(
        "# X\n\n`POST /x`\n\n### Body\n\n| Name | Type | Required | Description |\n\
         |---|---|---|---|\n{row}\n"
    );
    let derived = derived(&text);
    assert_eq!(fields(&derived), ["POST /x"]);
    assert_eq!(lost(&derived), 0);
}

#[test]
fn a_link_leads_to_its_own_table() {
    let derived = derived(
        "# Items\n\n## Change an item\n\n### HTTP Request\n\n`PATCH /items/<ID>`\n\n\
         ### Parameters\n\nParameter | Type | Description\n--- | --- | ---\n\
         `metadata` | [Item Metadata](#item-metadata-parameters) Object (See Below) | M.\n\
         `tags` | Array of String | T.\n`chapters` | Array of [Chapter](#chapter-parameters) | C.\n\n\
         #### Item Metadata Parameters\n\nParameter | Type | Description\n--- | --- | ---\n\
         `title` | String | T.\n",
    );
    assert_eq!(
        fields(&derived),
        [
            "PATCH /items/{ID}",
            "path.ID* string",
            "request.metadata object",
            "request.metadata.title string",
            "request.tags array",
            "request.tags[] string",
            "request.chapters array",
            "request.chapters[] object",
        ]
    );
}

#[test]
fn a_body_may_be_called_an_array_of_what_its_table_describes() {
    let derived = derived(
        "# Boxes\n\n`POST /boxes/order`\n\n### Parameters\n\nProvide an array of objects with the \
         following parameters:\n\nParameter | Type | Default | Description\n--- | --- | --- | ---\n\
         `id` | String | **Required** | B.\n`at` | Integer | **Required** | A.\n",
    );
    assert_eq!(
        fields(&derived),
        [
            "POST /boxes/order",
            "request[] object",
            "request[].id* string",
            "request[].at* integer",
        ]
    );
}

#[test]
fn names_in_brackets_lead_into_the_body_that_an_example_shows() {
    let derived = derived(
        "# Docks\n\n## Make a dock\n\n`POST /docks`\n\n#### Parameters\n\n```json\n\
         {\"dock\": {\"title\": \"a\"}}\n```\n\n| Name | Description |\n|:--|:--|\n\
         | dock[title] *required* | Title |\n| dock[size] | Size |\n\n### Response\n\n```\n\
         Content-Type: application/json\n422 Unprocessable Entity\n```\n\n```json\n\
         {\"errors\": [{\"error\": \"bad\"}]}\n```\n",
    );
    assert_eq!(
        fields(&derived),
        [
            "POST /docks",
            "request.dock object",
            "request.dock.title* any",
            "request.dock.size any",
        ]
    );
    assert!(has_status(&derived, "/docks", "post", "422"));
}

#[rstest]
#[case::http("HTTP/1.1 204 OK\nContent-Type: application/json")]
#[case::bare("204 No Content")]
fn an_answer_without_a_body_has_none_whatever_is_shown(#[case] head: &str) {
    let derived = derived(&format!(
        "# Boxes\n\n```\nDELETE /boxes/:id\n```\n\n### Response\n\n```\n{head}\n```\n\n```json\n\
         {{}}\n```\n"
    ));
    assert_eq!(fields(&derived), ["DELETE /boxes/{id}", "path.id* string"]);
    assert!(has_status(&derived, "/boxes/{id}", "delete", "204"));
    assert!(!has_status(&derived, "/boxes/{id}", "delete", "2XX"));
}

#[rstest]
#[case(
    "`a` (integer, optional, default `10`, max `100`)",
    "a integer maximum=100 default=10"
)]
#[case("`a` (string, one of `x`|`y`)", "a string enum=[\"x\",\"y\"]")]
#[case("`a` (string, one of Y, N)", "a string enum=[\"Y\",\"N\"]")]
#[case("`a` (string; required)", "a* string")]
#[case("`a` (integer, >= 1)", "a integer minimum=1")]
#[case("`a` (integer = 5)", "a integer default=5")]
#[case("`a` (optional integer)", "a integer")]
fn brackets_behind_a_name_say_more_than_its_type(#[case] head: &str, #[case] expected: &str) {
    let text = format!(
        "# X\n\n`GET /x`\n\nQuery parameters:\n\n- {head} – how many\n- `z` (string) – Z\n"
    );
    let found = fields(&derived(&text));
    assert_eq!(
        found,
        [
            "GET /x".to_owned(),
            format!("query.{expected}"),
            "query.z string".to_owned()
        ]
    );
}

#[test]
fn of_several_of_which_one_is_sent_none_is_mandatory() {
    let derived = derived(
        "# Crates\n\n## Make\n\n`POST /crates`\n\n### Required attributes\n\n\
         Attribute | Type | Description\n--- | --- | ---\nmethod | String | The method.\n\
         shipping | Object | The shipping. You must provide either this or the `method` attribute, \
         but not both.\nname | String | N.\n\n## List\n\n`GET /crates`\n\n### Query parameters\n\n\
         | Name | Required | Type | Description |\n|---|---|---|---|\n\
         | hashes | true | string[] | H. |\n| ids | true | string[] | I. |\n\n\
         <aside class=\"notice\">\nOne of `hashes` or `ids` is required.\n</aside>\n",
    );
    let found = fields(&derived);
    let mandatory: Vec<&String> = found.iter().filter(|own| own.contains('*')).collect();
    assert_eq!(mandatory, ["request.name* string"]);
}

#[rstest]
#[case("`GET /notes/<int:id>`", "path.id* integer")]
#[case("`GET /notes/{id:[0-9]+}`", "path.id* integer")]
#[case(r"`GET /notes/:id(\d+)`", "path.id* integer")]
#[case("`GET /notes/<path:id>`", "path.id* string")]
fn a_path_says_what_its_values_are(#[case] target: &str, #[case] expected: &str) {
    let text = format!("# Notes\n\n## Show\n\n{target}\n");
    assert_eq!(fields(&derived(&text)), ["GET /notes/{id}", expected]);
}

#[test]
fn a_sketch_of_a_query_loses_no_operation() {
    let derived = derived(
        "# Grids\n\n## Grid\n\n```\nGET /grid/{points}?{sources}=[{elem}...];&mode={a|b|a,b}\n```\n\n\
         ## Near\n\n```\nGET /near/{points}\n```\n",
    );
    let found = fields(&derived);
    let operations: Vec<&String> = found.iter().filter(|own| own.starts_with("GET")).collect();
    assert_eq!(operations, ["GET /grid/{points}", "GET /near/{points}"]);
}

#[rstest]
#[case::postman(
    "## End-point: Make a ship\n### Method: POST\n>```\n>{{baseUrl}}/ships/:fleet?dry=true\n>```\n",
    &["POST /ships/{fleet}", "path.fleet* string"]
)]
#[case::type_of_request("## Make a ship\n\n**URL:** `/ships`\n\n**Type:** `POST`\n", &["POST /ships"])]
#[case::collapsible(
    "<details>\n<summary><code>POST</code> <code><b>/ships</b></code> <code>(makes one)</code>\
     </summary>\n\n##### Parameters\n\n> | name | type | data type | description |\n\
     > |---|---|---|---|\n> | a | required | integer | A |\n\n</details>\n",
    &["POST /ships", "request.a* integer"]
)]
fn targets_of_widespread_templates_are_read(#[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!(fields(&derived(&format!("# Ships\n\n{text}"))), expected);
}

#[rstest]
#[case::empty_header(
    "|  |  |  |\n| --- | --- | --- |\n| `name` | `String` | N |\n| `size` | `Integer` | S |\n",
    &["request.name string", "request.size integer"]
)]
#[case::drawn_to_the_name(
    "| name | type | desc |\n|---|---|---|\n| crew | array | C |\n\
     | &ensp;&ensp;&#124;─age | integer | A |\n",
    &["request.crew array", "request.crew[] object", "request.crew[].age integer"]
)]
#[case::torn_by_values(
    "- `name` (string): Can include:\n * `a`: A\n * `b`: B\n- `size` (integer): S\n",
    &["request.name string", "request.size integer"]
)]
fn tables_and_lists_are_read_as_tools_write_them(#[case] table: &str, #[case] expected: &[&str]) {
    let derived = derived(&format!("# X\n\n`POST /x`\n\n### Request body\n\n{table}"));
    assert_eq!(fields(&derived), [&["POST /x"], expected].concat());
    assert_eq!(lost(&derived), 0);
}

#[test]
fn a_table_above_its_target_is_of_it() {
    let derived = derived(
        "# Jobs\n\n## List all jobs\n\n##### Optional parameters:\n\n| Parameter | Description |\n\
         |---|---|\n| from | F |\n\n~~~\nGET /jobs\n~~~\n\n## Show a job\n\n~~~\nGET /jobs/<id>\n~~~\n",
    );
    let found = fields(&derived);
    assert_eq!(
        found.get(..2).unwrap_or_default(),
        ["GET /jobs", "query.from any"]
    );
    let list = &derived.services[0].document["paths"]["/jobs"]["get"];
    assert_eq!(list["operationId"], "ListAllJobs");
}

#[test]
fn a_path_parameter_may_have_a_blank_in_its_name() {
    let derived = derived(
        "# X\n\n## List floors\n\n### HTTP Request\n\n`GET /projects/<Project ID>/floors`\n\n\
         ### URL Parameters\n\nParameter | Type | Description\n--- | --- | ---\n\
         Project ID | integer | P\n",
    );
    assert_eq!(
        fields(&derived),
        [
            "GET /projects/{ProjectID}/floors",
            "path.ProjectID* integer"
        ]
    );
    assert_eq!(lost(&derived), 0);
}

#[test]
fn samples_may_be_what_a_page_is_about() {
    let derived = derived(
        "# Samples\n\n## GET /v1/samples\n\n| Name | Type |\n|---|---|\n| kind | string |\n",
    );
    assert_eq!(fields(&derived), ["GET /v1/samples", "query.kind string"]);
}

#[test]
fn a_sentence_about_the_answer_labels_the_table_below_it() {
    let derived = derived(
        "# Units\n\n`GET /units`\n\nReturns 200 with an object. `units` is always there.\n\n\
         | Field | Type | Description |\n|---|---|---|\n| units | string | U. Always present. |\n\
         | other | string | O. |\n",
    );
    assert_eq!(
        fields(&derived),
        ["GET /units", "200.units* string", "200.other string"]
    );
}

#[test]
fn the_answer_shown_for_one_of_several_methods_is_no_other_s() {
    let derived = derived(
        "# Boxes\n\n| Method | Path |\n|---|---|\n| GET | /boxes |\n| PUT | /boxes |\n\n\
         ```\nHTTP/1.1 200 OK\n\n{\"id\": 1}\n```\n",
    );
    assert_eq!(fields(&derived), ["GET /boxes", "PUT /boxes"]);
}

#[test]
fn a_row_of_a_body_with_a_type_of_its_own_is_the_body() {
    let derived = derived(
        "# T\n\n`POST /ships`\n\n**请求参数**\n\n\
         |参数名称|参数说明|请求类型|是否必须|数据类型|schema|\n|---|---|---|---|---|---|\n\
         |dry|试|query|false|boolean||\n|shipDto|船|body|true|ShipDto|ShipDto|\n\
         |&emsp;&emsp;name|船名||true|string||\n|&emsp;&emsp;crew|船员||false|array|Crew|\n\
         |&emsp;&emsp;&emsp;&emsp;age|年龄||false|integer||\n",
    );
    assert_eq!(
        fields(&derived),
        [
            "POST /ships",
            "query.dry boolean",
            "request.name* string",
            "request.crew array",
            "request.crew[] object",
            "request.crew[].age integer",
        ]
    );
}

#[test]
fn the_template_of_readmes_is_read() {
    let derived = derived(
        "**Show Ship**\n----\n  Returns json data about a ship.\n\n* **URL**\n\n  /ships/:id\n\n\
         * **Method:**\n\n  `GET`\n\n* **Success Response:**\n\n\
         \x20 * **Code:** 200 <br />\n    **Content:** `{ id : 12 }`\n\n* **Error Response:**\n\n\
         \x20 * **Code:** 404 NOT FOUND <br />\n    **Content:** `{ error : \"none\" }`\n",
    );
    assert_eq!(fields(&derived), ["GET /ships/{id}", "path.id* string"]);
    assert!(has_status(&derived, "/ships/{id}", "get", "200"));
    assert!(has_status(&derived, "/ships/{id}", "get", "404"));
}

#[test]
fn a_default_among_listed_values_needs_no_type() {
    let derived = derived(
        "# X\n\n`GET /x`\n\n### Query parameters\n\n| Option | Values | Description |\n\
         |---|---|---|\n| overview | `full`, `none` (default) | O |\n",
    );
    assert_eq!(
        fields(&derived),
        [
            "GET /x",
            "query.overview any enum=[\"full\",\"none\"] default=\"none\""
        ]
    );
}
