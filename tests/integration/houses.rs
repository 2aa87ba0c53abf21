//! Pages in the manner of further houses: where method and path stand, and which table is whose.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

fn derived(name: &str, text: &str) -> Derived {
    let page = page::read(name, text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

const ROWS: &str = "| Name | Type | Required |\n|---|---|---|\n";

#[rstest]
#[case::a_label_each_in_a_language(
    "p.md",
    "# ルール作成\n\n## リクエスト\n\n### リクエストURL\n\n```\n{StoreURL}rules\n```\n\n### メソッド\n\nPOST\n\n### リクエストボディ\n\n|項目名|有効値|必須|\n|---|---|---|\n|Name|任意|〇|\n|Note|任意|×|\n",
    &["POST /rules", "request.Name* any", "request.Note any"]
)]
#[case::method_and_request(
    "p.rst",
    "====\nDrop\n====\n\n------\nMethod\n------\n  Delete\n\n-------\nRequest\n-------\n  http://[host]:[port]/api/parts/{part}\n",
    &["DELETE /api/parts/{part}", "path.part* string"]
)]
#[case::method_in_the_heading(
    "p.md",
    "# Parts\n\n### GET - Part\n\nShows one.\n\nSyntax: `http://<server>:[<port>]/part/<name>`\n\n### POST - Part\n\nMakes one.\n\nSyntax: `http://<server>:[<port>]/part/<name>/<kind>`\n",
    &[
        "GET /part/{name}",
        "path.name* string",
        "POST /part/{name}/{kind}",
        "path.name* string",
        "path.kind* string",
    ]
)]
#[case::verbs_below_a_path(
    "p.rst",
    "/api/hint\n=========\n\nVerbs\n-----\n\n* GET - Ask\n* POST - Ask at length\n\nRequests\n--------\n\n.. csv-table::\n   :header: \"Name\", \"Data Type\", \"Required\", \"Description\"\n\n   \"kind\", \"String\", \"Required\", \"The kind.\"\n   \"max\", \"Integer\", \"Optional\", \"How many.\"\n",
    &[
        "GET /api/hint",
        "query.kind* string",
        "query.max integer",
        "POST /api/hint",
        "request.kind* string",
        "request.max integer",
    ]
)]
#[case::a_word_for_the_request_between(
    "p.rst",
    "Show\n----\n\n``GET`` -Request sent: ``/api/v1/roles/{id}``\n",
    &["GET /api/v1/roles/{id}", "path.id* string"]
)]
#[case::method_and_address_on_two_lines(
    "p.md",
    "# Report\n\n**Method and URI** :\n\nPOST  \nhttps://a.example/reports/{kind}?offset={offset}\n",
    &["POST /reports/{kind}", "path.kind* string"]
)]
#[case::remarks_behind_targets(
    "p.md",
    "# Keys\n\n## Request\n\n```bash\n# The usual ones\nGET /boxes/:box/keys      # all of them\nPUT /boxes/:box/keys/:key # one\n```\n",
    &[
        "GET /boxes/{box}/keys",
        "path.box* string",
        "PUT /boxes/{box}/keys/{key}",
        "path.box* string",
        "path.key* string",
    ]
)]
#[case::no_slash_before_the_path(
    "p.md",
    "# Update a label\n\n    PUT shops/:shop_id/labels/:label_id\n\n## Body Parameters\n\nField | Data Type | Required\n--- | --- | ---\nname | string | Y\n\n## Example\n### Request\n\n    PUT https://a.example/v1/shops/a7/labels/b9\n",
    &[
        "PUT /shops/{shop_id}/labels/{label_id}",
        "path.shop_id* string",
        "path.label_id* string",
        "request.name* string",
    ]
)]
#[case::names_in_capitals(
    "p.md",
    "# Keys\n\n`GET /clients/CLIENT/keys/KEY`\n\n## 示例代码\n\n```http\nGET https://a.example/clients/$CLIENT/keys/$KEY\n```\n",
    &[
        "GET /clients/{CLIENT}/keys/{KEY}",
        "path.CLIENT* string",
        "path.KEY* string",
    ]
)]
#[case::names_that_look_like_tags(
    "p.md",
    "# Zones\n\nGET /zones/<zoneName>/checks/<version>\n",
    &[
        "GET /zones/{zoneName}/checks/{version}",
        "path.zoneName* string",
        "path.version* string",
    ]
)]
fn a_target_is_found(#[case] name: &str, #[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!(fields(&derived(name, text)), expected);
}

#[rstest]
#[case::a_table_of_operations_told_apart_below(
    "# Trade\n\n| Method | Path |\n|---|---|\n| GET | /holdings |\n| POST | /orders |\n\n## Holdings\n\n**Request Parameters**\n\nROWS| kind | string | no |\n\n## Orders\n\n**Request Parameters**\n\nROWS| price | string | yes |\n",
    &["GET /holdings", "POST /orders"]
)]
#[case::a_table_of_two_columns_each(
    "# Trade\n\n| Method | Relative URL |\n|---|---|\n| GET | `/holdings` |\n| POST | `/orders` |\n\n## All of it\n\n| What | Details |\n|---|---|\n| Relative URL | `/holdings` |\n| Method | GET |\n\n### Request Parameters\n\nROWS| kind | string | no |\n\n## A new order\n\n| What | Details |\n|---|---|\n| Relative URL | `/orders` |\n| Method | POST |\n\n### Request Parameters\n\nROWS| price | string | yes |\n",
    &[
        "GET /holdings",
        "query.kind string",
        "POST /orders",
        "request.price* string",
    ]
)]
#[case::calls_below_a_table(
    "# Pictures\n\n| Path | Method |\n|---|---|\n| /pictures | GET |\n| /pictures/check | POST |\n\nAsk for one:\n\n```sh\ncurl 'https://a.example/pictures?size=4'\n```\n\nROWS| size | number | no |\n\nThen check it:\n\n```sh\ncurl -X POST -d '{\"code\": \"0\"}' https://a.example/pictures/check\n```\n\nROWS| code | string | yes |\n",
    &[
        "GET /pictures",
        "query.size number",
        "POST /pictures/check",
        "request.code* string",
    ]
)]
#[case::labels_of_method_and_path(
    "# 退款\n\n**请求URL：**\n\n* /api/refund\n\n**请求方式：**\n\n* POST\n\n**参数：**\n\nROWS| content | string | 是 |\n\n**返回参数说明**\n\n| 参数名 | 类型 |\n|---|---|\n| trade | string |\n",
    &["POST /api/refund", "request.content* string", "2XX.trade string"]
)]
#[case::parameters_of_the_address_in_another_case(
    "# Set\n\n## URL\n\n### Structure\n\n    PATCH https://a.example/v2/servers/{accountAlias}/{serverId}\n\n## Request\n\n### URI Parameters\n\nROWS| AccountAlias | string | Yes |\n| ServerId | string | Yes |\n| verbose | string | No |\n\n### Content Properties\n\nROWS| note | string | Yes |\n",
    &[
        "PATCH /v2/servers/{accountAlias}/{serverId}",
        "path.accountAlias* string",
        "path.serverId* string",
        "query.verbose string",
        "request.note* string",
    ]
)]
#[case::labels_that_begin_what_they_say(
    "# Check\n\nPOST /zones/{zone}/checks\n\n**Parameters** : None\n\n**Body** : None\n\n**Response** : If it is valid, status code 202 is returned with a report.\n\nReport\n\nField | Description | Type\n---|---|---\nversion | The version. | String\n",
    &["POST /zones/{zone}/checks", "path.zone* string", "2XX.version string"]
)]
#[case::what_a_get_is_asked_with(
    "# Groups\n\n## List groups\n\n```\ncurl https://a.example/groups/\n```\n\nThe above command returns JSON structured in the following way:\n\n```json\n{\"count\": 1}\n```\n\nThese available filter parameters should be provided as `GET` arguments:\n\n- `state` (Possible values: `new`, `old`)\n- `team` (The team)\n\n**HTTP request**\n\n`GET /groups/`\n",
    &[
        "GET /groups/",
        "query.state any enum=[\"new\",\"old\"]",
        "query.team any",
        "2XX.count integer",
    ]
)]
#[case::a_table_that_is_indented(
    "# Rooms\n\n`GET /rooms`\n\n### Query Parameters\n\n    Parameter | Type | Description\n    --- | --- | ---\n    *[queue](#queues)* | `String` | Those of this queue (Required)\n    *place* | `String` | Those at this place, optional.\n",
    &["GET /rooms", "query.queue* string", "query.place string"]
)]
#[case::names_with_a_value(
    "# Stats\n\n`GET /stats`\n\nQuery parameters:\n\n- `format=json`: As JSON.\n- `format=text`: As text.\n- `n=3`: How many.\n",
    &["GET /stats", "query.format any", "query.n any"]
)]
#[case::parameters_below_the_answer(
    "# 合約\n\n`GET /history`\n\n### 回應數據\n\n```json\n{\"code\": \"0\", \"open\": \"2\"}\n```\n\n**Parameters:**\n\nROWS| market | string | YES |\n| span | integer | NO |\n",
    &[
        "GET /history",
        "query.market* string",
        "query.span integer",
        "2XX.code string",
        "2XX.open string",
    ]
)]
#[case::fields_of_the_answer_below_it(
    "# 合約\n\n`GET /history`\n\n### 回應數據\n\n```json\n{\"code\": \"0\", \"open\": \"2\"}\n```\n\n**Parameters:**\n\nROWS| code | string | YES |\n| open | string | NO |\n",
    &["GET /history", "2XX.code* string", "2XX.open string"]
)]
#[case::a_failure_is_no_answer(
    "# Drop\n\n`DELETE /parts/{part}`\n\n## Response\n\n*Success*\n\nThe response will be 204 NO CONTENT with no body.\n\n*Failure*\n\nThe response will be 400 Bad Request if it is not valid.\n\n```json\n{\"errors\": [\"a\"]}\n```\n",
    &["DELETE /parts/{part}", "path.part* string"]
)]
fn a_field_is_that_of_its_own_operation(#[case] text: &str, #[case] expected: &[&str]) {
    let text = text.replace("ROWS", ROWS);
    assert_eq!(fields(&derived("p.md", &text)), expected);
}

#[rstest]
#[case::in_one_case_alone(
    "POST /items",
    "ROWS| key | String | true | 键名，不超过128个字符。非文本格式，键名固定为`content` |\n| kind | String | true | 类型固定为`content` |\n",
    &["request.key* string maxLength=128", "request.kind* string enum=[\"content\"]"]
)]
#[case::of_a_list_that_the_type_links_to(
    "POST /sessions",
    "ROWS| kind | [session kind](#session-kind) | yes | The kind. |\n\n## Session Kind\n\n| Value | Description |\n|---|---|\n| spark | One. |\n| py | Another. |\n",
    &["request.kind* string enum=[\"spark\",\"py\"]"]
)]
#[case::with_a_remark_behind_the_type(
    "POST /notes",
    "#### Request\n\n##### Body parameters\n\ntext\n: String. The note.\n\npolicy\n: String (Enumerable, oneOf). Who may see it.\n",
    &["request.text string", "request.policy string"]
)]
fn a_value_is_what_the_row_says(
    #[case] target: &str,
    #[case] below: &str,
    #[case] expected: &[&str],
) {
    let rows = "| Name | Type | Required | Description |\n|---|---|---|---|\n";
    let text = format!("# One\n\n`{target}`\n\n{}", below.replace("ROWS", rows));
    let found = fields(&derived("p.md", &text));
    assert_eq!(found[1..], *expected);
}

/// Fields in paragraphs of their own, each with its type in code marks.
#[rstest]
#[case::below_a_heading("### Parameters", "### Returns")]
#[case::below_a_word_set_off("**Parameters**", "**Returns**")]
fn a_paragraph_with_a_name_and_a_type_is_a_field(#[case] label: &str, #[case] end: &str) {
    let text = format!(
        "# Create\n\n`POST /tickets`\n\n{label}\n\n**title** `string` **REQUIRED**\nThe title.\n\n**priority** `enum` optional\nOne of `low` or `high`.\n\n**assignee** `nullable string` optional\nThe address.\n\n**due** `some moment` optional\nFormatted as `YYYY-MM-DD`.\n\n**points** `integer` optional\nFrom 0 to 100.\n\n{end}\n\nReturns the ticket.\n"
    );
    let expected = [
        "POST /tickets",
        "request.title* string",
        "request.priority string enum=[\"low\",\"high\"]",
        "request.assignee [\"string\",\"null\"]",
        "request.points integer minimum=0 maximum=100",
    ];
    let derived = derived("p.md", &text);
    let found: Vec<String> = fields(&derived)
        .into_iter()
        .filter(|own| !own.starts_with("request.due "))
        .collect();
    assert_eq!(found, expected);
}

/// HTML of a template, whose lines are indented: Markdown takes those behind an empty line for code.
#[test]
fn html_within_html_is_no_code() {
    let text = "# Things\n\n<section>\n\t<div>\n\t\t<h2>List things</h2>\n\n\t\t<h3>Definition</h3>\n\n\t\t<code>GET /things</code>\n\n\t\t<h3>Example Request</h3>\n\n\t\t<code>$ curl https://a.example/things</code>\n\t</div>\n\t<div>\n\t\t<h3>Arguments</h3>\n\t<table>\n\t\t<tr><td>\n\t\t\t<code>context</code><br />\n\t\t</td><td>\n\t\t\t<p>Of what.</p>\n\t\t\t<p>Default: <code>view</code></p>\n\t\t\t<p>One of: <code>view</code>, <code>edit</code></p>\n\t\t</td></tr>\n\t</table>\n\n\t</div>\n</section>\n<section>\n\t<div>\n\t\t<h2>Create a thing</h2>\n\t\t<h3>Arguments</h3>\n\t<table>\n\t\t<tr><td>\n\t\t\t<code><a href=\"#name\">name</a></code><br />\n\t\t</td><td>\n\t\t\t<p>The name.</p>\n\n\t\t\t<p class=\"required\">Required: 1</p>\n\t\t</td></tr>\n\t</table>\n\n\t</div>\n\t<div>\n\t\t<h3>Definition</h3>\n\n\t\t<code>POST /things</code>\n\t</div>\n</section>\n";
    let expected = [
        "GET /things",
        "query.context any enum=[\"view\",\"edit\"] default=\"view\"",
        "POST /things",
        "request.name* any",
    ];
    assert_eq!(fields(&derived("p.md", text)), expected);
}
