//! Where targets, labels and examples of a page belong: those of one operation, or of something that
//! is no request and no answer, say nothing of another.

use docproof::internal::contract::{Fact, Service};
use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

fn derived(text: &str) -> Derived {
    let page = page::read("p.md", text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

/// What is told of a page beside what is read of it, each with its line.
fn told(derived: &Derived) -> Vec<String> {
    let findings = derived.services.iter().flat_map(Service::documentation);
    let kinds = findings.filter(|own| {
        let kind = own.kind.to_string();
        kind.ends_with("-not-read") || kind.ends_with("-without-place")
    });
    let mut told: Vec<String> = kinds
        .map(|own| {
            let line = own.rows.first().map_or(0, Fact::line);
            format!("{line} {}", own.kind)
        })
        .collect();
    told.sort();
    told
}

const ROWS: &str = "| Name | Required | Type | Description |\n|---|---|---|---|\n";

#[rstest]
#[case::behind_its_example(
    "# Market\n\n## Coins\n\n- **GET** `/open/coins`\n\n## Depth\n\n> Response example\n\n```json\n{\"code\": 200}\n```\n\n- **GET** `/open/depth`\n\nRequest Parameters:\n\nROWS| depth | YES | integer | D |\n",
    &[
        "GET /open/coins",
        "GET /open/depth",
        "query.depth* integer",
        "2XX.code number",
    ],
    &[]
)]
fn a_target_opens_its_own_section(
    #[case] text: &str,
    #[case] expected: &[&str],
    #[case] findings: &[&str],
) {
    let derived = derived(&text.replace("ROWS", ROWS));
    assert_eq!(fields(&derived), expected);
    assert_eq!(told(&derived), findings);
}

/// The page on which each label stands, with what is below it.
const PENS: &str = "# Pens\n\n## Make\n\n`POST /pens`\n\n**Request Parameters**\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| name | string | yes | N |\n\nLABEL\n\n```json\nBELOW\n```\n";

#[rstest]
#[case::answer("Success Response", "{\"id\": \"1\"}", &["2XX.id string"], 0)]
#[case::answer_in_chinese("成功返回", "{\"id\": \"1\"}", &["2XX.id string"], 0)]
#[case::refusal("Failure Response", "{\"id\": \"1\"}", &[], 0)]
#[case::error("Error", "{\"id\": \"1\"}", &[], 0)]
#[case::named_status("Not found", "{\"id\": \"1\"}", &[], 0)]
#[case::something_else("Webhook payload", "{\"id\": \"1\"}", &[], 1)]
#[case::output_of_no_api("Log output", "{\"id\": \"1\"}", &[], 1)]
fn a_label_says_what_the_json_below_it_is(
    #[case] label: &str,
    #[case] below: &str,
    #[case] expected: &[&str],
    #[case] lost: usize,
    #[values("**LABEL**", "LABEL:", "### LABEL", "#### LABEL")] form: &str,
) {
    let label = form.replace("LABEL", label);
    let text = PENS.replace("LABEL", &label).replace("BELOW", below);
    let derived = derived(&text);
    let expected = [&["POST /pens", "request.name* string"], expected].concat();
    assert_eq!(fields(&derived), expected, "{label}");
    assert_eq!(told(&derived).len(), lost, "{label}");
}

#[rstest]
fn what_is_sent_is_shown_below_any_label(#[values("**With a name**", "With a name:")] label: &str) {
    let text = PENS
        .replace("LABEL", label)
        .replace("BELOW", "{\"name\": \"Bic\"}");
    let derived = derived(&text);
    assert_eq!(fields(&derived), ["POST /pens", "request.name* string"]);
    let body = &derived.services[0].document["paths"]["/pens"]["post"]["requestBody"];
    let examples = &body["content"]["application/json"]["examples"];
    assert!(examples.to_string().contains("Bic"), "{body}");
    assert_eq!(told(&derived).len(), 0);
}

#[rstest]
#[case::two_lengths(
    "| i | Y | String | 任务ID，最大长度为64字符。 |\n| m | Y | String | 任务ID，最小长度为3个字符。 |",
    &["request.i* string maxLength=64", "request.m* string minLength=3"]
)]
#[case::intervals(
    "| u | Y | integer | The port; must be greater than 0 and less than 65536. |\n| a | Y | integer | 次数，范围(0,100] |\n| b | Y | integer | range: [0, 100) |\n| c | Y | integer | 大于0 |",
    &[
        "request.u* integer exclusiveMinimum=0 exclusiveMaximum=65536",
        "request.a* integer maximum=100 exclusiveMinimum=0",
        "request.b* integer minimum=0 exclusiveMaximum=100",
        "request.c* integer exclusiveMinimum=0",
    ]
)]
#[case::types_of_other_tools(
    "| a | Y | timestamp | The time. |\n| b | Y | Collection(Edm.String) | B |\n| c | Y | Json | C |\n| d | Y | Edm.Boolean | D |",
    &[
        "request.a* string",
        "request.b* array",
        "request.b[] string",
        "request.c* any",
        "request.d* boolean",
    ]
)]
#[case::values_that_may_be_combined(
    "| a | Y | string | Valid value: red, blue; multiple inputs are allowed, separated by comma. |\n| b | Y | string | Status (valid value: open, closed; multiple inputs are allowed, separated by comma) |\n| c | Y | string | 取值：`red`、`blue`，可多选，逗号分隔。 |",
    &["request.a* string", "request.b* string", "request.c* string"]
)]
fn what_a_cell_says_of_values(#[case] rows: &str, #[case] expected: &[&str]) {
    let text = format!(
        "# Send\n\n`POST /tasks`\n\n### Body\n\n| Name | Required | Type | Description |\n|---|---|---|---|\n{rows}\n"
    );
    let found = fields(&derived(&text));
    assert_eq!(&found[1..], expected);
}

#[test]
fn numbers_that_are_no_statuses_are_codes_of_the_service() {
    let page = |rows: &str| {
        derived(&format!(
            "# Orders\n\n## Query\n\n`GET /orders`\n\n## Error code\n\n| Code | Description |\n|---|---|\n{rows}"
        ))
    };
    let statuses = |derived: &Derived| -> Vec<String> {
        let responses = &derived.services[0].document["paths"]["/orders"]["get"]["responses"];
        responses.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(
        statuses(&page("| 401 | No. |\n| 1001 | Not there. |\n")),
        ["2XX"]
    );
    assert_eq!(
        statuses(&page("| 401 | No. |\n| 404 | Not there. |\n")),
        ["2XX", "401", "404"]
    );
}

#[test]
fn a_table_of_methods_and_paths_needs_no_words_for_them() {
    let derived = derived(
        "# Orders\n\n| Type | APIs | Details |\n|---|---|---|\n| POST | {{BASE_URL}}/open/orders/place | Place Order submits one. |\n| GET | {{BASE_URL}}/open/orders/book | Order Book lists them. |\n\n## Place Order\n\n**Input parameters**\n\n| Field | Type | Criticality | Description |\n|---|---|---|---|\n| id | String | Required | I |\n",
    );
    let expected = [
        "GET /open/orders/book",
        "POST /open/orders/place",
        "request.id* string",
    ];
    assert_eq!(fields(&derived), expected);
}

#[test]
fn a_heading_for_the_request_makes_a_whole_one_the_target() {
    let derived = derived(
        "# Print\n\n## 请求方法\n\n```\nPOST /v1.0/prints/batch HTTP/1.1\nHost:api.example.com\nContent-Type:application/json\n\n{\n  \"url\" : \"String\",\n  \"size\" : Long\n}\n```\n\n## Body参数\n\n| 名称 | 类型 | 是否必填 | 描述 |\n| --- | --- | --- | --- |\n| url | String | 否 | 链接。 |\n",
    );
    assert_eq!(
        fields(&derived),
        ["POST /v1.0/prints/batch", "request.url string"]
    );
}

#[rstest]
#[case("GET", &["2XX.name string"], 0)]
#[case("PATCH", &[], 1)]
fn json_right_below_a_target_is_an_answer_or_told(
    #[case] method: &str,
    #[case] expected: &[&str],
    #[case] lost: usize,
) {
    let derived = derived(&format!(
        "# Accounts\n\n## Own\n\n`{method} /account`\n\n```json\n{{\"name\": \"a\"}}\n```\n"
    ));
    assert_eq!(&fields(&derived)[1..], expected);
    assert_eq!(told(&derived).len(), lost);
}

#[rstest]
#[case::circle("필수", "O", "request.name* string")]
#[case::letter("M/O", "O", "request.name string")]
#[case::either("Required", "O", "request.name string")]
fn a_lone_letter_is_read_as_its_header_is_written(
    #[case] header: &str,
    #[case] sign: &str,
    #[case] expected: &str,
) {
    let derived = derived(&format!(
        "# Ships\n\n`POST /ships`\n\n### Request body\n\n| Name | Type | {header} | Description |\n|---|---|---|---|\n| name | string | {sign} | N |\n"
    ));
    assert_eq!(fields(&derived), ["POST /ships", expected]);
    let kinds = derived.services[0].documentation();
    let is_told = |kind: &str| kinds.iter().any(|own| own.kind.to_string() == kind);
    assert_eq!(is_told("requiredness-not-read"), header == "Required");
}

#[rstest]
#[case("Max length", "string | yes | 20", "request.a* string maxLength=20")]
#[case("最大长度", "string | yes | 20", "request.a* string maxLength=20")]
#[case(
    "Max | Min",
    "integer | yes | 20 | 1",
    "request.a* integer minimum=1 maximum=20"
)]
fn a_column_of_bounds_is_read(#[case] header: &str, #[case] row: &str, #[case] expected: &str) {
    let line = "---|".repeat(header.split('|').count() + 3);
    let derived = derived(&format!(
        "# Ships\n\n`POST /ships`\n\n### Body\n\n| Name | Type | Required | {header} |\n|{line}\n| a | {row} |\n"
    ));
    assert_eq!(fields(&derived), ["POST /ships", expected]);
}

#[test]
fn a_table_of_method_and_path_parts_the_sections_around_it() {
    let derived = derived(
        "# 배\n\n## 배 만들기\n\n| Http method | URI |\n|---|---|\n| POST | /v1/ships |\n\n[Request body]\n\n| 값 | 타입 | 필수 | 설명 |\n|---|---|---|---|\n| name | String | O | 이름 |\n\n## 배 목록\n\n### 요청\n\n| 메서드 | URI |\n|---|---|\n| GET | /v1/ships |\n\n#### 요청 파라미터\n\n| 이름 | 타입 | 필수 | 설명 |\n|---|---|---|---|\n| limit | Integer | X | 개수 |\n",
    );
    let found = fields(&derived);
    assert!(
        found.contains(&"request.name* string".to_owned()),
        "{found:?}"
    );
    assert!(
        found.iter().any(|own| own.starts_with("query.limit")),
        "{found:?}"
    );
}

#[test]
fn an_error_among_the_examples_of_an_answer_is_a_refusal() {
    let derived = derived(
        "# Change a dock\n\n| Method | URL |\n|---|---|\n| `PUT` | `/v1/docks` |\n\n## Example Response\n\n### Success\n\n```json\n{\"id\": \"d1\"}\n```\n\n### Error\n\nWithout a right:\n\n```json\n{\"error\": \"no\"}\n```\n",
    );
    assert_eq!(fields(&derived), ["PUT /v1/docks", "2XX.id string"]);
}

#[test]
fn targets_in_bullets_below_their_heading_open_operations() {
    let derived = derived(
        "# Lists\n\n## Show\n\n### HTTP Request\n\n`GET /lists/<ID>`\n\n## Remove\n\n### HTTP Request\n\n* `DELETE /lists/<ID>/item/<Item>`\n* `DELETE /lists/<ID>/part/<Part>`\n",
    );
    let expected = [
        "GET /lists/{ID}",
        "path.ID* string",
        "DELETE /lists/{ID}/item/{Item}",
        "path.ID* string",
        "path.Item* string",
        "DELETE /lists/{ID}/part/{Part}",
        "path.ID* string",
        "path.Part* string",
    ];
    let mut found = fields(&derived);
    found.sort();
    let mut expected: Vec<String> = expected.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn headers_behind_a_target_are_no_fields_of_the_answer_shown_before_it() {
    let derived = derived(
        "# Docks\n\n> The above command returns JSON structured like this:\n\n```json\n[{\"id\": \"d1\"}]\n```\n\n### HTTP Request\n\n`GET /docks`\n\n### HTTP Request Headers\n\n| Parameter | Type | Description |\n|---|---|---|\n| api-key | string | K |\n\n### URL Parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| zone | string | Z |\n",
    );
    let expected = [
        "GET /docks",
        "query.zone string",
        "header.api-key string",
        "2XX[] object",
        "2XX[].id string",
    ];
    assert_eq!(fields(&derived), expected);
}

#[test]
fn a_place_named_above_a_heading_takes_nothing_with_it() {
    let derived = derived(
        "# Ships\n\n<div id=\"/list\"></div>\n## List ships\n\n```\nGET /ships\n```\n\n<div id=\"/make\"></div>\n## Make a ship\n\n```\nPOST /ships\n```\n\n| Name | Description |\n|---|---|\n| name | **Required.** The name |\n",
    );
    assert_eq!(
        fields(&derived),
        ["GET /ships", "POST /ships", "request.name* any"]
    );
}

#[test]
fn the_title_of_a_tab_is_no_note_of_a_star() {
    let derived = derived(
        "# Change a dock\n\n| Method | URL |\n|---|---|\n| `PUT` | `/v1/docks` |\n\n## Body Parameters\n\n| Key | Example Value | Description |\n|---|---|---|\n| `name`* | d1 | The name. |\n| `kind` | wet | The kind. |\n\n## Example Response\n\n{% tabs %}\n{% tab title=\" Authorization\" %}\n```javascript\n{\"success\": false}\n```\n{% endtab %}\n{% endtabs %}\n",
    );
    let found = fields(&derived);
    assert!(
        found.iter().any(|own| own.starts_with("request.name*")),
        "{found:?}"
    );
}

#[test]
fn a_status_behind_a_label_is_that_of_the_code_below() {
    let derived = derived(
        "# Accounts\n\n## Create an account\n\n```http\nPOST /accounts\n```\n\n\
         **Response** `201 Created`\n\n```json\n{\"id\": 12}\n```\n\n\
         **Response** `400 Bad Request`\n\n```json\n{\"code\": \"E400\"}\n```\n",
    );
    let operation = &derived.services[0].document["paths"]["/accounts"]["post"];
    let shown = |status: &str| {
        let media = &operation["responses"][status]["content"]["application/json"];
        let examples = media["examples"].as_object();
        let values = examples.into_iter().flat_map(|own| own.values());
        values
            .map(|own| own["value"].to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown("201"), [r#"{"id":12}"#]);
    assert_eq!(shown("400"), [r#"{"code":"E400"}"#]);
}

/// A number that its name says to be one is sent as the page's own call has it.
#[test]
fn what_a_call_shows_of_a_count_is_a_number() {
    let text = "# Rows\n\n`GET /rows`\n\n```\ncurl https://a.example/rows?limit=2\n```\n\n| Name | Description |\n|---|---|\n| limit | Only so many are shown. |\n\n### Status code: 200\n";
    let derived = derived(text);
    let operation = &derived.services[0].document["paths"]["/rows"]["get"];
    let limit = &operation["parameters"][0];
    assert_eq!(
        (&limit["name"], &limit["example"]),
        (&"limit".into(), &2.into()),
        "{operation}"
    );
}

/// A row of an object that stands for each entry of what another row describes is no field.
#[test]
fn a_name_for_each_entry_of_an_object_is_no_field() {
    let text = "# Profiles\n\n`GET /profile`\n\n## Response body\n\n| Name | Type | Description |\n|---|---|---|\n| profile | Object | See [Profile](#profile). |\n\n## Profile\n\n| Name | Type | Description |\n|---|---|---|\n| id | String | The id. |\n| axes | Object | The axes, one entry for each. |\n| axes.{axis}.speed | Integer | The speed. |\n";
    let derived = derived(text);
    let expected = [
        "GET /profile",
        "2XX.profile object",
        "2XX.profile.id string",
        "2XX.profile.axes object",
    ];
    assert_eq!(fields(&derived), expected);
    assert_eq!(told(&derived), ["17 row-without-place"]);
}

/// Rows of an answer without an example of its own stand in the object in which the request's example
/// has them.
#[test]
fn an_object_of_the_request_holds_its_rows_in_the_answer_too() {
    let text = "# Policies\n\n`POST /policies`\n\n## Request body\n\n| Name | Type | Description |\n|---|---|---|\n| policy | Object | The policy. |\n| kind | String | Its kind. |\n\n```json\n{\"policy\": {\"kind\": \"a\"}}\n```\n\n## Response body\n\n| Name | Type | Description |\n|---|---|---|\n| links | Object | Where it is. |\n| policy | Object | The policy. |\n| kind | String | Its kind. |\n";
    let derived = derived(text);
    let expected = [
        "POST /policies",
        "request.policy object",
        "request.policy.kind string",
        "2XX.policy object",
        "2XX.policy.links object",
        "2XX.policy.kind string",
    ];
    assert_eq!(fields(&derived), expected);
}
