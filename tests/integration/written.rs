//! Pages as tools and templates of references write them: what is read of each, and what is told.

use docproof::internal::derive::{Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

#[rstest]
#[case(
    "requests_of_the_service.md",
    "# Guide\n\n## Get\n\n`GET /v1/a`\n\n## Old\n\n~~`DELETE /v1/x`~~\n\n| Field | Type |\n|---|---|\n| q | string |\n\n## Webhooks\n\nWe send this to your server:\n\n```\nPOST /hook\n```\n\n| Field | Type | Description |\n|---|---|---|\n| event | string | E |\n\n## Create a webhook\n\nWe will then send events to your URL.\n\n`POST /webhooks`\n"
)]
#[case(
    "lists_that_types_link_to.md",
    "# Kinds\n\n## Create\n\n`POST /a`\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| kind | [Kind](#kind) | yes | K |\n| state | enum State | no | S |\n| tags | [Kind](#kind)[] | no | T |\n\n## Kind\n\n| Value | Description |\n|---|---|\n| a | A |\n| b | B |\n\n## State\n\n- `on`: On\n- `off`: Off\n"
)]
#[case(
    "names_that_are_indented.md",
    "# T\n\n## Create\n\n`POST /a`\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| owner | object | yes | O |\n| &nbsp;&nbsp;name | string | yes | N |\n| &nbsp;&nbsp;└ deep | `deep` | no | D |\n| &nbsp;&nbsp;&nbsp;&nbsp;└ x | string | yes | X |\n| - y | string | no | Y |\n| map | map | no | M |\n| map.{key} | string | no | K |\n| size<sup>1</sup> | integer | no | S |\n| o.* | string | no | O |\n| meta_{key} | string | no | O |\n"
)]
#[case(
    "answers_that_are_arrays.rst",
    "Users\n=====\n\n.. http:get:: /users/(int:user_id)/posts\n\n   :>jsonarr int post_id: The id\n   :>jsonarr string title: The title\n   :status 200: no error\n"
)]
#[case(
    "limits_of_some_values.md",
    "# X\n\n`POST /x`\n\n### Body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| a | int | N | 排序，分组时必须大于等于 2 |\n| b | int | N | 类型为 4 时，必须大于等于 2 |\n| d | int | N | 分组场景下最小值为2 |\n| f | int | N | 仅类型 4：最大值为 7 |\n| j | int | N | maximum: 20 (50 for admins) |\n| k | int | N | 同时最大值为 9 |\n"
)]
#[case(
    "bullets_that_run_together.md",
    "# X\n\n`POST /x`\n\n### Body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| k2 | string | no | Kind. Values:<br>- `sail`: with sails - `motor`: with a motor |\n| k3 | string | no | Kind. Possible values:<br>* sail - with sails * motor - with a motor |\n| k5 | string | no | Kind. Allowed values:<br>- `sail` (with sails), `motor` (with a motor) |\n| k6 | string | no | Kind. Allowed values:<br>- `sail`, `motor` |\n| k7 | int | no | 类型<br>**可选值有**：<br>- `1`: 员工 - `2`: 部门<br>**默认值**：`1` |\n| k8 | string[] | no | 标签<br>- 最大长度：`500` |\n"
)]
#[case(
    "a_request_below_a_sentence_of_its_answer.md",
    "# Send a card\n\n## HTTP request\n\n```http\nPOST /boxes/{box}/cards\n```\n\n## Request body\n\n| Parameter | Type | Description |\n|:--|:--|:--|\n| text | String | The text. |\n\n## Example\n\n### Request\n\nIf successful, this method returns `200 OK` and a card.\n\n```http\nPOST /boxes/{box}/cards\nContent-type: application/json\n\n{\"text\": \"Hello\"}\n```\n\n### Response\n\nThe response will be `201 Created` if a new one is made or `200 OK` if there is one already.\n\n```http\nHTTP/1.1 201 Created\n\n{\"id\": \"7\"}\n```\n"
)]
#[case(
    "labels_of_answers.md",
    "# Pens\n\n## Make\n\n`POST /pens`\n\n**Request Parameters**\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| name | string | yes | N |\n\n**Success Response**\n\n```json\n{\"id\": \"1\"}\n```\n\n## Take\n\n`POST /takes`\n\n**Request Parameters**\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| name | string | yes | N |\n\n**What you get back**\n\n```json\n{\"key\": \"1\"}\n```\n\n## Find\n\n`GET /finds`\n\n### Success 200\n\n| Field | Type | Description |\n|---|---|---|\n| first | String | F. |\n\n### Error 404\n\n| Field | Type | Description |\n|---|---|---|\n| code | String | C. |\n"
)]
#[case(
    "sentences_that_demand_fields.md",
    "# T\n\n## Five\n\n`POST /e`\n\n### Request body\n\n`title` and `kind` are required.\n\n| Name | Type | Description |\n|---|---|---|\n| title | string | T |\n| kind | string | N |\n| note | string | N |\n\n## Six\n\n`POST /f`\n\n### Request body\n\nAll fields are required unless noted.\n\n| Name | Type | Description |\n|---|---|---|\n| title | string | T |\n| note | string | Optional note. |\n"
)]
#[case(
    "places_in_a_column_of_types.md",
    "# Pets\n\n## Add\n\n`POST /pet`\n\n### Parameters\n\n|Type|Name|Description|Schema|\n|---|---|---|---|\n|**Query**|**status**  <br>*required*|Status|enum (available, sold)|\n|**Body**|**body**  <br>*required*|Pet object|[Pet](#pet)|\n\n### Responses\n\n|HTTP Code|Description|Schema|\n|---|---|---|\n|**200**|ok|[Pet](#pet)|\n|**405**|Invalid input|No Content|\n\n## Pet\n\n|Name|Description|Schema|\n|---|---|---|\n|**id**  <br>*optional*|The id|integer (int64)|\n|**name**  <br>*required*|The name|string|\n"
)]
#[case(
    "whole_requests.md",
    "# Pens\n\n## Create a pen\n\n```http\nPOST /pens HTTP/1.1\nHost: api.example.com\n\n{\n  \"color\": \"red\"\n}\n```\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| color | string | yes | C |\n\n## Get a pen\n\n```http\nGET /pens/{id} HTTP/1.1\nHost: api.example.com\n```\n"
)]
#[case(
    "blocks_of_a_book.md",
    "{% swagger method=\"get\" path=\"/pens/{id}\" baseUrl=\"https://api.example.com\" summary=\"Get a pen\" %}\n{% swagger-parameter in=\"path\" name=\"id\" type=\"string\" required=\"true\" %}\nThe id\n{% endswagger-parameter %}\n{% swagger-parameter in=\"query\" name=\"full\" type=\"boolean\" %}\nAll of it\n{% endswagger-parameter %}\n{% swagger-response status=\"200: OK\" description=\"Fine\" %}\n```json\n{\"id\": \"x\"}\n```\n{% endswagger-response %}\n{% endswagger %}\n"
)]
#[case(
    "examples_in_components.md",
    "---\ntitle: Pens\napi: \"GET /pens/{id}\"\n---\n\n<ParamField path=\"id\" type=\"string\" required>The id</ParamField>\n\n<ResponseExample>\n```json 200\n{\"id\": \"x\"}\n```\n```json 404\n{\"error\": \"x\"}\n```\n</ResponseExample>\n"
)]
#[case(
    "cases_of_errors.md",
    "### 1. Create order\n\n**URL** : `/api/orders/`\n\n**Method** : `POST`\n\n**Data example** All fields must be sent.\n\n```json\n{ \"name\": \"Build\" }\n```\n\n#### Success Response\n\n**Code** : `201 CREATED`\n\n#### Error Responses\n\n**Code** : `303 SEE OTHER`\n\n### Or\n\n**Code** : `400 BAD REQUEST`\n"
)]
#[case(
    "hosts_before_some_targets.md",
    "# Market\n\n## Currencies\n\n### HTTP Request\n\n`GET /v1/currencies`\n\n## Candles\n\n### HTTP Request\n\n`GET https://api.market.example/market/candles`\n\n### Request Parameters\n\n| Name | Required | Type | Description |\n|---|---|---|---|\n| period | true | string | P |\n\n## Tokens\n\n`POST https://tokens.example/tokens`\n\n| Name | Required | Type | Description |\n|---|---|---|---|\n| secret | true | string | S |\n"
)]
#[case(
    "examples_of_a_target.md",
    "# Refs\n\n## Get a ref\n\n    GET /repos/:owner/:repo/refs/:ref\n\nIf the `ref` doesn't match an existing one, a 404 will be returned.\n\n    GET /repos/:owner/:repo/refs/heads/gone\n\nFor example, a call to get the data for a branch named `feature` would return it.\n\n    GET /repos/:owner/:repo/refs/feature\n\n## Get all\n\n    GET /repos/:owner/:repo/refs\n\n    GET /repos/:owner/:repo/refs/all\n"
)]
#[case(
    "terms_with_marks.md",
    "## List jobs\n\n    GET /jobs\n\n### Parameters\n\nname\n: **string** (required). The name, max 20 chars.\n\n`limit`\n: *integer*. Default 10.\n"
)]
#[case(
    "the_root_of_a_service.md",
    "# Store\n\n### `GET https://<endpoint-url>/info`\n\nText.\n\n### `DELETE https://<endpoint-url>`\n\nDeletes all.\n"
)]
#[case(
    "statuses_in_blocks_of_code.md",
    "# Codes\n\n## Make\n\n`POST /codes`\n\n```\nStatus: 200 OK\n```\n\n```json\n{\"code\": \"x\"}\n```\n\nOr:\n\n```\nStatus: 404 Not Found\n```\n\n```json\n{\"message\": \"x\"}\n```\n"
)]
#[case(
    "ids_and_slashes.md",
    "# Docks\n\n## Change a dock\n\n### HTTP Request\n\n`PUT https://api.example.com/v2/harbours/YOUR_HARBOUR_ID/docks/DOCK_ID.json`\n\nParameters | Description | required? |\n--------- | ------- |------- |\ndata/attributes/title | name | true |\ndata/attributes/size | size | false |\n\n## Show a crate\n\n`GET https://api.example.com/v1/crates/3f1c939065cf58e7b9f0aea70640dffc`\n\n## Drop a crate\n\n`POST https://api.example.com/v1/crates/<crate_id>/drop`\n"
)]
#[case(
    "a_form_beside_json.md",
    "# Picture\n\n`POST http://abs.example.com/api/items/<ID>/cover`\n\n### Form Parameters\n\nParameter | Type | Description\n--------- | ---- | -----------\n`cover` | Image Binary Data | The cover.\n\n### JSON Parameters\n\nParameter | Type | Description\n--------- | ---- | -----------\n`url` | String | The URL.\n"
)]
#[case(
    "labels_in_bullets.md",
    "### 2.1 Create dependency\n\n* **Method:** `POST`\n* **Path:** `/api/dependencies`\n* **Body:**\n```json\n{\n  \"up\": \"task-002\"\n}\n```\n* **Success Response:** `201 Created`\n* **Conflict Response:** `409 Conflict`\n\n### 2.2 List\n\n- Endpoint: `GET /api/dependencies`\n- Query: `limit` (int), `offset` (int)\n- Response: 200 with list\n- Errors: 401, 403\n"
)]
#[case(
    "values_in_a_column.md",
    "# X\n\n`POST /x`\n\n### Body\n\n| Name | Type | Required | Allowed values | Description |\n|---|---|---|---|---|\n| a | string | yes | red, green | A |\n| b | string | yes | red \\| green | A |\n| e | integer | no | 1..5 | A |\n| d | integer | no | > 0 | A |\n| d2 | integer | no | >= 0 | A |\n| e2 | integer | no | 1-5 | A |\n| e3 | string | no | 1-64 | A |\n| f | string | no | any text | A |\n| g | string | no | red or green, see below | A |\n| h | integer | no | 5, 10, 20 | A |\n"
)]
#[case(
    "actions_with_values.md",
    "# 创建 - MakeShip\n\n### 请求参数\n\n| 参数名 | 类型 | 描述信息 | 必填 |\n|:---|:---|:---|:---|\n| **Action** | string | 对应的 API 指令名称，当前 API 为 `MakeShip` | **Yes** |\n| **Period** | int | 周期。0<时间范围<=1h——周期：1分钟，对应的枚举值为60、300；1天<时间范围<=30天——周期：1小时，对应的枚举值为3600 |No|\n| **Family** | string | 规格。当 Kind 为 \"O\" 时，支持以下取值：<br />- o1：一代 <br />- o2：二代 <br />默认值：o1 或 o2<br />当 Kind 为 \"M\" 时，支持以下取值：<br />- m1：一代 |No|\n| **Certs.N** | string | 证书ID。暂时只支持最大长度为1 |No|\n| **A1** | string | 是否加密。Yes：加密，No：不加密，默认值（No） |No|\n| **A2** | int | 端口。默认值80 |No|\n| **A3** | string | 机型。枚举值[\"N\", \"C\", \"G\"]。 |No|\n| **A5** | string | 方案。枚举值：<br /><br /> > NONE，无 <br /><br /> > SNAP，快照 <br /><br /> 默认值:NONE |No|\n| **A6** | string | 模式。Firewall：防火墙；SecGroup：安全组；默认值：Firewall。 |No|\n| **A7** | string | 特性。枚举值：Normal，不开启;  Super，开启；Ultra，开启 |No|\n| **A9** | boolean | 默认值为：false |No|\n| **B5** | boolean | True为开启，False为未开启，默认False。 |No|\n| **B7** | int | 默认:值 1。 |No|\n| **B8** | string | 计费模式. 枚举值: \"Traffic\", 流量; \"Share\",共享. 默认为 \"Traffic\" |No|\n| **B9** | int | 大小。默认0。范围 ：[20, 1000] |No|\n| **C1** | string | 可选 and（默认）或 or。 |No|\n| **C3** | string | 方法。只支持GET和HEAD。 |No|\n"
)]
#[case(
    "items_of_an_answer.md",
    "# 港口\n\n### 接口说明\n\n| 地址 | 请求方式 | 说明 |\n| ---- | -------- | ---- |\n| `/api/v3/dock/list` | GET | |\n\n### 参数列表\n\n| 参数名 | 类型 | 必传 | 参数区域 | 说明 |\n| ------ | ---- | ---- | -------- | ---- |\n| kind | int | 否 | GET | 类型，`1` 干，`2` 湿，默认为 `1` |\n| quality | string | 否 | GET | 质量，`1` 流畅，`2` 正常，`3` 高 |\n| slow | int | 否 | GET | 目前只支持这些值：0, 5000, 10000 |\n| flag | int | 否 | GET | 是否，默认为 0。1 是，0 否。 |\n\n### 返回参数说明\n\n| 参数名 | 类型 | 说明 |\n| ------ | ---- | ---- |\n| id | string | 编号 |\n| a_id/b_id | string | 其一 |\n\n### 返回示例\n\n```json\n{\"code\": 0, \"data\": {\"items\": [{\"id\": \"7\", \"a_id\": \"x\"}], \"meta\": {\"page\": 1}}}\n```\n"
)]
#[case(
    "answers_in_a_word.md",
    "# Bakery\n\n## List loaves\n\n`GET /loaves`\n\nResponse 200: an array of objects.\n\n| Field | Type | Description |\n|---|---|---|\n| `[].bread` | string | The bread. |\n| `[].cents` | integer | The price. |\n\n## List cakes\n\n`GET /cakes`\n\n| Field | Type | Description |\n|---|---|---|\n| `[].bread` | string | The bread. |\n\n## Kilns\n\n`GET /kilns`\n\n**200 OK**: an array of [kilns](#kiln).\n\n## Kiln\n\n| Field | Type | Description |\n|---|---|---|\n| id | string | The id. |\n"
)]
#[case(
    "captions_that_place.md",
    "# Bake\n\n## URI\n\n`POST /bake`\n\n## Request parameters\n\nHeader parameters\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| Authorization | string | Yes | The token. |\n| API-Version | string | Yes | The version. |\n\n**Query parameters**\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| dry | boolean | No | Try. |\n\nThe following request headers are needed:\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| Oven-Key | string | Yes | The key. |\n\nCookies:\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| sid | string | Yes | The session. |\n\nRequest body:\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| rye | string | Yes | The rye. |\n| note | string | | **Required** The note. |\n| more | string | | **Optional** The rest. |\n"
)]
#[case(
    "a_form_in_a_sentence.md",
    "# Orders\n\n## Order\n\n`POST /orders`\n\nThe request is sent as `application/x-www-form-urlencoded`.\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| bread | string | Yes | The bread. |\n| loaves | integer | Yes | How many. |\n\nExample:\n\n```\nbread=rye&loaves=2\n```\n\nResponse 201:\n\n| Field | Type | Description |\n|---|---|---|\n| id | string | The id. |\n"
)]
#[case(
    "requests_below_their_tables.md",
    "# Orders\n\n## Change\n\n`PATCH /orders/{id}`\n\nThe body is a JSON Patch (`application/json-patch+json`).\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n| op | string | Yes | The change. |\n| path | string | Yes | What. |\n| value | string | No | To what. |\n\n```json\n[{\"op\": \"replace\", \"path\": \"/bread\", \"value\": \"rye\"}]\n```\n\nResponse 200:\n\n```json\n{\"id\": \"1\"}\n```\n\n## Make\n\n`POST /orders`\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n| bread | string | Yes | The bread. |\n| note | string | No | The note. |\n\n```json\n{\"bread\": \"rye\"}\n```\n\nResponse 201:\n\n```json\n{\"id\": \"1\"}\n```\n"
)]
#[case(
    "queries_in_words.md",
    "# Session\n\n## Create Session\n\n| Method | Path              | Produces           |\n| ------ | ----------------- | ------------------ |\n| `PUT`  | `/session/create` | `application/json` |\n\n### Parameters\n\n- `dc` `(string: \"\")` - Specifies the datacenter to query. This will default to\n  the datacenter of the agent being queried. This is specified as part of the\n  URL as a query parameter. Using this across datacenters is not recommended.\n\n- `Node` `(string: \"<agent>\")` - Specifies the name of the node.\n\n### Sample Payload\n\n```json\n{\n  \"Node\": \"foobar\"\n}\n```\n\n### Sample Response\n\n```json\n{\n  \"ID\": \"adf4238a-882b-9ddc-4a9d-5b6758e4159e\"\n}\n```\n"
)]
#[case(
    "blocks_that_are_indented.md",
    "# Users\n\n## Get user\n\n`GET /users/{id}`\n\n??? note \"Parameters\"\n\n    | Name | In | Type | Required |\n    |---|---|---|---|\n    | id | path | string | Yes |\n    | full | query | boolean | No |\n\n=== \"200\"\n\n    | Field | Type |\n    |---|---|\n    | id | string |\n"
)]
#[case(
    "statuses_beside_each_other.md",
    "## Post\n\n`POST /b`\n\nReturns 201.\n\nPossible errors:\n\n* 400 – bad\n* 404/410 – gone\n* 422: `invalid_name`, `invalid_kind`\n\n### Body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| a | string¦null | no | A |\n"
)]
fn a_page_is_read_as_it_is_written(#[case] name: &str, #[case] source: &str) {
    let page = page::read(name, source).unwrap();
    let derived = derive(&[page], &Options::default()).unwrap();
    let service = &derived.services[0];
    let mut lines = fields(&derived);
    for (path, item) in service.document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap();
            let statuses: Vec<&str> = answers.keys().map(String::as_str).collect();
            lines.push(format!("{method} {path} -> {}", statuses.join(" ")));
        }
    }
    for finding in service.documentation() {
        let kind = finding.kind.to_string();
        if kind != "no-status" && kind != "path-parameter-without-row" {
            lines.push(format!("told: {kind}"));
        }
    }
    insta::assert_snapshot!(
        format!("written_{}", name.replace('.', "_")),
        lines.join("\n")
    );
}
