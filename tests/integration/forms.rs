//! Pages in forms that further tools and authors give them: what each states is read, in its place.

use docproof::internal::derive::{Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

#[rstest]
#[case::two_tables_of_arguments(
    "p.md",
    "# T\n\n`POST /v1/jobs`\n\n## Arguments\n\n### Required arguments\n\n| Name | Type | Description |\n|---|---|---|\n| title | string | The title. |\n\n### Optional arguments\n\n| Name | Type | Description |\n|---|---|---|\n| note | string | A note. |\n",
    &["POST /v1/jobs", "request.title* string", "request.note string"]
)]
#[case::two_tables_of_parameters(
    "p.md",
    "# T\n\n`GET /v1/jobs`\n\n必选参数：\n\n| 参数 | 类型 | 描述 |\n|---|---|---|\n| size | 字符串 | 大小。 |\n\n可选参数：\n\n| 参数 | 类型 | 描述 |\n|---|---|---|\n| note | 字符串 | 备注。 |\n",
    &["GET /v1/jobs", "query.size* string", "query.note string"]
)]
#[case::a_table_s_name_as_a_type(
    "p.md",
    "# T\n\n## Create a job\n\n`POST /v1/jobs`\n\n### Request body\n\n| Field | Type | Required |\n|---|---|---|\n| part | Widget | yes |\n| parts | array of Widget | no |\n\n### Widget\n\n| Field | Type | Required |\n|---|---|---|\n| id | string | yes |\n",
    &[
        "POST /v1/jobs",
        "request.part* object",
        "request.part.id* string",
        "request.parts array",
        "request.parts[] object",
        "request.parts[].id* string",
    ]
)]
#[case::items_in_brackets(
    "p.md",
    "# T\n\n`POST /jobs`\n\n### Parameters\n\n|Name|In|Type|Required|Description|\n|---|---|---|---|---|\n|body|body|object|true|none|\n|» tags|body|[string]|false|none|\n|» parts|body|[object]|false|none|\n|»» size|body|string|false|none|\n",
    &[
        "POST /jobs",
        "request.tags array",
        "request.tags[] string",
        "request.parts array",
        "request.parts[] object",
        "request.parts[].size string",
    ]
)]
#[case::the_method_in_an_attribute(
    "p.html",
    "<html><body><article><h1>Job - Create</h1><pre data-type=\"post\"><code>/v1/jobs/:id</code></pre><h2>Parameter</h2><table><thead><tr><th>Field</th><th>Type</th><th>Description</th></tr></thead><tbody><tr><td>id</td><td>String</td><td>The id.</td></tr></tbody></table><h2>Request Body</h2><table><thead><tr><th>Field</th><th>Type</th><th>Description</th></tr></thead><tbody><tr><td>title</td><td>String</td><td>The title.</td></tr><tr><td>note <span class=\"label\">optional</span></td><td>String</td><td>A note.</td></tr></tbody></table></article></body></html>",
    &[
        "POST /v1/jobs/{id}",
        "path.id* string",
        "request.title* string",
        "request.note string",
    ]
)]
#[case::a_badge_beside_its_path(
    "p.html",
    "<h2>Create a job</h2><h3>Parameters for \"Create a job\"</h3><table><caption>Body parameters</caption><thead><tr><th>Name, Type, Description</th></tr></thead><tbody><tr><td><div><code>title</code> <span>string</span> <span>Required</span></div><div><p>The title.</p></div></td></tr></tbody></table><h3>Code samples for \"Create a job\"</h3><div><span>post</span><span>/repos/{owner}/jobs</span></div><pre>curl -L -X POST https://api.example.com/repos/OWNER/jobs</pre>",
    &["POST /repos/{owner}/jobs", "path.owner* string", "request.title* string"]
)]
#[case::a_collection_with_the_method_in_a_heading(
    "p.md",
    "# Jobs\n\n## End-point: Get a job\n\n### Method: GET\n\n>```\n>{{baseUrl}}/v1/jobs/:id\n>```\n\n### Response: 200\n\n```json\n{\"id\": \"j1\"}\n```\n",
    &["GET /v1/jobs/{id}", "path.id* string", "200.id string"]
)]
#[case::a_name_in_the_query_of_some(
    "p.md",
    "# T\n\n## Plugins\n\n| Method | Path | Description |\n|---|---|---|\n| GET | /v1/plugins/list | A list. |\n| GET | /v1/plugins/{name}?kind=http | One. |\n\n### Request parameters\n\n| Name | Type | Required |\n|---|---|---|\n| kind | string | no |\n",
    &[
        "GET /v1/plugins/list",
        "GET /v1/plugins/{name}",
        "path.name* string",
        "query.kind string",
    ]
)]
#[case::the_syntax_as_a_request(
    "p.md",
    "# 创建任务\n\n**请求结构**\n\n```\nPOST /v1/job?clientToken={clientToken} HTTP/1.1\nHost: example.com\n\n{\n  \"title\": \"title\"\n}\n```\n\n**请求参数**\n\n| 参数名称 | 类型 | 是否必需 | 参数位置 |\n|---|---|---|---|\n| clientToken | String | 否 | Query参数 |\n| title | String | 是 | RequestBody参数 |\n",
    &["POST /v1/job", "query.clientToken string", "request.title* string"]
)]
#[case::converters_in_a_path(
    "p.rst",
    "Jobs\n====\n\n.. http:put:: /jobs/(string:job)/parts/(int:part)\n\n   Changes a part.\n\n   :param job: The job.\n   :param part: The part.\n   :param dry: Whether nothing is changed.\n   :json title: The title.\n   :status 204: Done.\n",
    &[
        "PUT /jobs/{job}/parts/{part}",
        "path.job* any",
        "path.part* integer",
        "query.dry any",
        "request.title any",
    ]
)]
#[case::names_as_the_path_has_them(
    "p.md",
    "# Teams\n\n## Add a job\n\n```\nPOST /:team/jobs\n```\n\n### Parameters\n\nName | Type | Description\n---|---|---\n`:team` | `integer` | The team.\n\n### Example\n\n```\ncurl -X POST https://example.com/7/jobs\n```\n\n### Input\n\nName | Type | Description\n---|---|---\n`title` | `string` | **Required**. The title.\n`note` | `string` | A note.\n",
    &["POST /{team}/jobs", "path.team* integer", "request.title* string", "request.note string"]
)]
#[case::front_matter_of_several_lines(
    "p.md",
    "---\ntitle: Jobs\ndescription: >-\n  All about the jobs of a team, and how they are begun\n  and ended.\naliases: [\n  \"/jobs\",\n]\n---\n\n## List jobs\n\n```\nGET /jobs\n```\n\n### Query parameters\n\n| Name | Type | Description |\n|---|---|---|\n| note | string | A note. |\n",
    &["GET /jobs", "query.note string"]
)]
#[case::variables_in_the_attributes_of_a_tag(
    "p.md",
    "# Parts\n\n<Endpoint path=\"/parts/reload\" method=\"post\">\nReloads all.\n</Endpoint>\n\n<Endpoint path=\"/parts/<part>/options\" method=\"post\">\nSets options.\n\n**Payload:**\n\n| key | type | description |\n|---|---|---|\n| boot | string | When it begins. |\n\n</Endpoint>\n",
    &[
        "POST /parts/reload",
        "POST /parts/{part}/options",
        "path.part* string",
        "request.boot string",
    ]
)]
#[case::around_the_fields_what_the_examples_show(
    "p.md",
    "# T\n\n## Create a job\n\n`POST /v1/jobs`\n\n### Request body\n\n| Name | Type | Required |\n|---|---|---|\n| title | string | yes |\n| note | string | no |\n\n```json\n{\"job\": {\"title\": \"a\"}}\n```\n\n### Response parameters\n\n| Name | Type |\n|---|---|\n| id | string |\n| title | string |\n\n### Example response\n\n```json\n{\"code\": 0, \"data\": {\"id\": \"1\", \"title\": \"a\"}, \"more\": {}}\n```\n",
    &["POST /v1/jobs", "request.job object", "request.job.title* string", "request.job.note string", "2XX.data object", "2XX.data.id string", "2XX.data.title string"]
)]
#[case::levels_by_angle_signs(
    "p.md",
    "# T\n\n`POST /v1/jobs`\n\n### Request Parameters\n\n| Parameter | Required | Type |\n|---|---|---|\n| kind | true | string |\n| request | true | array |\n| > title | true | string |\n| > owner | false | object |\n| >> id | true | string |\n| times | false | array |\n| > times[0]: begin | false | string |\n",
    &[
        "POST /v1/jobs",
        "request.kind* string",
        "request.request* array",
        "request.request[] object",
        "request.request[].title* string",
        "request.request[].owner object",
        "request.request[].owner.id* string",
        "request.times array",
        "request.times[] any",
    ]
)]
#[case::levels_by_drawn_branches(
    "p.md",
    "# T\n\n`POST /v1/jobs`\n\n### 请求参数\n\n| 参数 | 类型 | 必选 |\n|---|---|---|\n| job | object | 是 |\n| ├─ title | string | 是 |\n| └─ owner | object | 否 |\n| │  └─ id | string | 是 |\n",
    &[
        "POST /v1/jobs",
        "request.job* object",
        "request.job.title* string",
        "request.job.owner object",
        "request.job.owner.id* string",
    ]
)]
#[case::bullets_with_what_is_filled_in(
    "p.md",
    "# T\n\n## Query\n\n```\nGET /v1/query\n```\n\nURL query parameters:\n\n- `query=<string>`: What is asked.\n- `limit=<number>`: How many there are at most. Optional.\n- `time=<rfc3339 | unix_timestamp>`: When. Optional.\n- `match[]=<selector>`: Which. Optional.\n",
    &[
        "GET /v1/query",
        "query.query string",
        "query.limit number",
        "query.time any",
        "query.match[] any",
    ]
)]
#[case::a_bold_target_with_a_title_behind_it(
    "p.md",
    "# API\n\n**GET /items** – list items\n\nQuery:\n- `q` – search text (optional)\n- `page` – page number (optional, default 1)\n- `size` – how many\n\n**DELETE /items/{id}** – delete item\n\n→ `204`\n",
    &[
        "GET /items",
        "query.q any",
        "query.page integer minimum=0 default=1",
        "query.size any",
        "DELETE /items/{id}",
        "path.id* string",
    ]
)]
#[case::method_and_url_in_rows_of_a_table(
    "p.html",
    "<html><body><h1>Users</h1><h2>Create user</h2><table><tr><th>Method</th><td>POST</td></tr><tr><th>URL</th><td>/api/users</td></tr></table><p><strong>Request body</strong></p><table><tr><th>Field</th><th>Type</th><th>Mandatory</th></tr><tr><td>name</td><td>String</td><td>Y</td></tr></table></body></html>",
    &["POST /api/users", "request.name* string"]
)]
#[case::the_answer_of_a_command_before_the_target(
    "p.md",
    "# Kittens\n\n## Delete a kitten\n\n```shell\ncurl \"https://api.example/v1/kittens/2\" -X DELETE\n```\n\n> The above command returns JSON structured like this:\n\n```json\n{\"id\": 2}\n```\n\n### HTTP Request\n\n`DELETE https://api.example/v1/kittens/<id>`\n\n### URL Parameters\n\nParameter | Description\n--------- | -----------\nid | The kitten.\n",
    &["DELETE /v1/kittens/{id}", "path.id* any", "2XX.id integer"]
)]
#[case::values_in_bullets(
    "p.md",
    "# Orders\n\n## **POST /orders**\n\n**Body**\n\n- `kind` (string, required): `paid` or `free`\n- `note` (string, optional): max 200 chars\n",
    &["POST /orders", "request.kind* string enum=[\"paid\",\"free\"]", "request.note string maxLength=200"]
)]
#[case::return_values_that_are_fields(
    "p.md",
    "# 任务\n\n## 查询\n\n`GET /v1/jobs`\n\n### 请求参数\n\n| 参数 | 类型 | 含义 |\n|---|---|---|\n| size | String | 大小 |\n\n### 返回值\n\n| 字段 | 含义 |\n|---|---|\n| id | 任务ID |\n| title | 标题 |\n",
    &["GET /v1/jobs", "query.size string", "2XX.id any", "2XX.title any"]
)]
#[case::traditional_signs(
    "p.md",
    "# 任務\n\n## 查詢\n\n`GET /v1/jobs`\n\n### 請求參數\n\n| 參數 | 類型 | 是否必選 | 說明 |\n|---|---|---|---|\n| size | 整數 | 是 | 大小 |\n\n### 響應參數\n\n| 字段 | 類型 | 描述 |\n|---|---|---|\n| id | 字符串 | 任務ID |\n",
    &["GET /v1/jobs", "query.size* integer minimum=0", "2XX.id string"]
)]
fn each_form_gives_what_it_states(#[case] name: &str, #[case] text: &str, #[case] told: &[&str]) {
    let derived = derive(&[page::read(name, text).unwrap()], &Options::default()).unwrap();
    assert_eq!(fields(&derived), told);
}
