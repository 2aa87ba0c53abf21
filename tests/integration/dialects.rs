//! Pages as further references are written: each operation is found, and its fields are its own.

use docproof::internal::contract::compile;
use docproof::internal::derive::{Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

#[rstest]
#[case::types_in_a_column_of_values(
    "# Check in\n\n## Request\n\n```http\nPOST /parts/{part}/checkin\n```\n\n### Optional request headers\n\n| Name | Value | Description |\n|---|---|---|\n| if-match | etag | Refused if it is another. |\n\n### Request body\n\n| Name | Value | Description |\n|---|---|---|\n| place | [Place](place.md) | Where it goes. |\n| note | string | A note. |\n",
    &[
        "POST /parts/{part}/checkin",
        "path.part* string",
        "header.if-match any",
        "request.place any",
        "request.note string",
    ]
)]
#[case::rows_below_their_parent(
    "# Rights\n\n```http\nPATCH /parts/{part}/rights\n```\n\n## Request body\n\n| Name | Type | Description |\n|---|---|---|\n| note | string | A note. |\n| read | parent element | Who reads it. |\n| users | [string] | (optional) The users. |\n| open | boolean | (optional) Whether all may. |\n",
    &[
        "PATCH /parts/{part}/rights",
        "path.part* string",
        "request.note string",
        "request.read object",
        "request.read.users array",
        "request.read.users[] string",
        "request.read.open boolean",
    ]
)]
#[case::values_in_a_column_of_values(
    "# Search\n\n```http\nGET /parts\n```\n\n| Option | Value | Description |\n|---|---|---|\n| order | `up` (default), `down` | The order. |\n| near | `true`, `false` (default), or Number | How near. |\n",
    &[
        "GET /parts",
        "query.order any enum=[\"up\",\"down\"] default=\"up\"",
        "query.near any",
    ]
)]
#[case::a_host_and_versions_beside_templates(
    "# Roads\n\n## All\n\n```\nGET /{service}/{version}/{points}\n```\n\n| Parameter | Description |\n|---|---|\n| service | One of them. |\n\n## Near\n\n```\nGET http://{server}/near/v1/{points}?number={number}\n```\n\n| Option | Description |\n|---|---|\n| number | How many. |\n\n## Post\n\n```\nPOST /{service}/{version}\nContent-Type: application/json\n```\n\n| Key | Type | Description |\n|---|---|---|\n| points | array | The points. |\n",
    &[
        "GET /near/v1/{points}",
        "path.points* string",
        "query.number any",
        "POST /{service}/{version}",
        "path.service* string",
        "path.version* string",
        "request.points array",
        "request.points[] any",
        "GET /{service}/{version}/{points}",
        "path.service* any",
        "path.version* string",
        "path.points* string",
    ]
)]
#[case::a_version_of_http_behind_most_targets(
    "# Media\n\n## Upload\n\n```http\nPOST /media HTTP/1.1\nContent-Type: application/json\n```\n\n### Request body\n\n| Name | Type |\n|---|---|\n| text | string |\n\n## Remove\n\n```http\nDELETE /media/:id\n```\n\n## Update\n\n```http\nPUT /media/:id HTTP/1.1\n```\n\n### Request body\n\n| Name | Type |\n|---|---|\n| note | string |\n",
    &[
        "POST /media",
        "request.text string",
        "DELETE /media/{id}",
        "path.id* string",
        "PUT /media/{id}",
        "path.id* string",
        "request.note string",
    ]
)]
#[case::several_blocks_below_one_heading(
    "# Documents\n\n## Endpoints\n\nTo have the whole of it:\n\n```\nGET /{index}/doc/{id}\n```\n\nTo see whether it is there:\n\n```\nHEAD /{index}/doc/{id}\n```\n\n## Query parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| fresh | boolean | Whether it is the newest. |\n",
    &[
        "GET /{index}/doc/{id}",
        "path.index* string",
        "path.id* string",
        "query.fresh boolean",
        "HEAD /{index}/doc/{id}",
        "path.index* string",
        "path.id* string",
        "query.fresh boolean",
    ]
)]
#[case::names_in_brackets(
    "# Blocks\n\n```\nPUT /{index}/block/{block}\n```\n\n## Path parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| `<block>` | Integer | Which. |\n| `{index}` | String | Where. |\n",
    &["PUT /{index}/block/{block}", "path.index* string", "path.block* integer"]
)]
#[case::variables_of_the_path_without_a_known_description(
    "# Rooms\n\n| HTTP Method | URL |\n|---|---|\n| GET | /rooms/:room |\n\n## Path Variables\n\n| Key | Example Value | Descripition |\n|---|---|---|\n| room | r7 | The room. |\n\n## Query Parameters\n\n| Key | Example Value | Descripition |\n|---|---|---|\n| token | t1 | The token. |\n",
    &["GET /rooms/{room}", "path.room* any", "query.token any"]
)]
#[case::values_that_may_be_joined(
    "# Blocks\n\n```\nGET /blocks\n```\n\n## Query parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| kinds | String | Takes comma-separated values, such as `a,b`. Valid values are `a`, `b` and `c`. |\n| kind | String | Valid values are `a`, `b` and `c`. |\n",
    &["GET /blocks", "query.kinds string", "query.kind string enum=[\"a\",\"b\",\"c\"]"]
)]
#[case::method_and_path_in_one_column(
    "# Jobs\n\n| Operation | Method and path |\n|---|---|\n| List | `GET https://a.example/accounts/{account}/jobs` |\n| Make | `POST https://a.example/accounts/{account}/jobs` |\n",
    &[
        "GET /accounts/{account}/jobs",
        "path.account* string",
        "POST /accounts/{account}/jobs",
        "path.account* string",
    ]
)]
#[case::two_braces_and_blocks_of_json(
    "# Jobs\n\n## Make one\n\n`POST https://a.example/teams/{{team}}/jobs`\n\n### Body Params\n\n[block:parameters]\n{\n  \"data\": {\n    \"h-0\": \"Parameter\",\n    \"h-1\": \"Type\",\n    \"h-2\": \"Description\",\n    \"0-0\": \"`title`\",\n    \"0-1\": \"string\",\n    \"0-2\": \"**Required**. The title.\"\n  },\n  \"cols\": 3,\n  \"rows\": 1\n}\n[/block]\n",
    &["POST /teams/{team}/jobs", "path.team* string", "request.title* string"]
)]
#[case::common_parameters_of_an_action(
    "# 停止任务 - StopJob\n\n## 定义\n\n### 公共参数\n\n| 参数名 | 类型 | 描述信息 | 必填 |\n|---|---|---|---|\n| **Action** | string | 指令名称，当前 API 为 `StopJob` | **Yes** |\n| **PublicKey** | string | 公钥 | **Yes** |\n\n### 请求参数\n\n| 参数名 | 类型 | 描述信息 | 必填 |\n|---|---|---|---|\n| **JobId** | string | 任务 | **Yes** |\n\n### 响应字段\n\n| 字段名 | 类型 | 描述信息 | 必填 |\n|---|---|---|---|\n| **RetCode** | int | 返回码 | **Yes** |\n| **Jobs** | array[[*JobInfo*](#JobInfo)] | 任务列表 | No |\n\n#### 数据模型\n\n#### JobInfo\n\n| 字段名 | 类型 | 描述信息 | 必填 |\n|---|---|---|---|\n| **Id** | string | 任务 | **Yes** |\n",
    &[
        "GET /?Action=StopJob",
        "query.Action string const=\"StopJob\"",
        "query.PublicKey* string",
        "query.JobId* string",
        "2XX.RetCode* integer",
        "2XX.Jobs array",
        "2XX.Jobs[] object",
        "2XX.Jobs[].Id* string",
    ]
)]
#[case::attributes_of_either_side_below_a_get(
    "# Status\n\n`GET /jobs/{id}/status`\n\n## Attributes\n\n| Attributes | Type | Description |\n|---|---|---|\n| connected | boolean | Whether it is. |\n",
    &["GET /jobs/{id}/status", "path.id* string"]
)]
#[case::attributes_that_a_request_shows(
    "# Jobs\n\n`GET /jobs`\n\n## Attributes\n\n| Attributes | Type | Description |\n|---|---|---|\n| page | integer | The page. |\n\n## Example request\n\n```\ncurl 'https://a.example/jobs?page=2'\n```\n",
    &["GET /jobs", "query.page integer minimum=0"]
)]
#[case::required_and_optional_below_a_label(
    "# Create\n\n## Method\n\n`POST /teams/TEAM_ID/jobs`\n\n## Attributes\n\n### Required\n\n| Attributes | Type | Description |\n|---|---|---|\n| name | string | Its name. |\n\n### Optionals\n\n| Attributes | Type | Description |\n|---|---|---|\n| note | string | A note. |\n\n## Response\n\n### 200\n\n| Attributes | Type | Description |\n|---|---|---|\n| id | string | Its id. |\n",
    &[
        "POST /teams/{TEAM_ID}/jobs",
        "path.TEAM_ID* string",
        "request.name* string",
        "request.note string",
        "200.id string",
    ]
)]
#[case::values_that_fill_in(
    "# Jobs\n\n`GET /jobs`\n\n#### Query params\n\n| key | value | description |\n|---|---|---|\n| state | done | |\n| page | 1 | |\n",
    &["GET /jobs", "query.state any", "query.page integer minimum=0"]
)]
#[case::components_of_fields(
    "---\ntitle: Create a job\napi: \"POST /v1/teams/{team}/jobs\"\n---\n\n### Path\n\n<ParamField path=\"team\" type=\"string\" required>\n  The team.\n</ParamField>\n\n### Query\n\n<ParamField query=\"dry\" type=\"boolean\" default=\"false\">\n  Only tries.\n</ParamField>\n\n### Body\n\n<ParamField body=\"title\" type=\"string\" required>\n  The title. 1 to 60 characters.\n</ParamField>\n\n<ParamField body=\"parts\" type=\"object[]\">\n  The parts.\n\n  <Expandable title=\"properties\">\n    <ParamField body=\"name\" type=\"string\" required>Its name.</ParamField>\n  </Expandable>\n</ParamField>\n\n### Response\n\n<ResponseField name=\"id\" type=\"string\" required>The id.</ResponseField>\n\n<ResponseExample>\n```json 200\n{\"id\": \"a\"}\n```\n</ResponseExample>\n",
    &[
        "POST /v1/teams/{team}/jobs",
        "path.team* string",
        "query.dry boolean default=false",
        "request.title* string minLength=1 maxLength=60",
        "request.parts array",
        "request.parts[] object",
        "request.parts[].name* string",
        "200.id string",
    ]
)]
#[case::badges(
    "# Jobs\n\n## List jobs\n\n<Badge text=\"GET\" /> `/jobs`\n\n| Parameter | Type | Required | Description |\n|---|---|---|---|\n| state | string | no | Filter. |\n",
    &["GET /jobs", "query.state string"]
)]
#[case::kinds_of_parameters(
    "# Tags\n\n`GET /v2/<name>/tags`\n\nThe following parameters should be specified on the request:\n\n| Name | Kind | Description |\n|---|---|---|\n| `Host` | header | The host. |\n| `name` | path | Its name. |\n| `n` | query | How many. |\n",
    &["GET /v2/{name}/tags", "path.name* any", "query.n any", "header.Host any"]
)]
#[case::an_array_of_a_name_in_code(
    "# Lines\n\n## All lines\n\n`GET /lines`\n\nReturns an array of `Line`.\n\n## One line\n\n`GET /lines/{no}`\n\nReturns a `Line` object.\n\n## Line\n\n| Field | Type | Description |\n|---|---|---|\n| no | integer | The number. |\n",
    &[
        "GET /lines",
        "2XX[] object",
        "2XX[].no integer",
        "GET /lines/{no}",
        "path.no* string",
        "2XX.no integer",
    ]
)]
#[case::calls_that_state_the_target(
    "# Agents\n\n## List agents\n\nAll of them.\n\n```bash\ncurl -H \"Authorization: Bearer $TOKEN\" \\\n  -X GET \"https://a.example/v2/teams/{team}/agents\"\n```\n\n```json\n[{\"id\": \"a\"}]\n```\n\nOptional query string parameters:\n\n<table>\n<tbody>\n  <tr><th><code>name</code></th><td>Its name.</td></tr>\n  <tr><th><code>host</code></th><td>Its host.</td></tr>\n</tbody>\n</table>\n\nSuccess response: `200 OK`\n\nError responses:\n\n<table>\n<tr><th><code>404 Not Found</code></th><td>None.</td></tr>\n</table>\n\n## Stop an agent\n\n```bash\ncurl -X PUT \"https://a.example/v2/teams/{team}/agents/{id}/stop\"\n```\n\nSuccess response: `204 No Content`\n",
    &[
        "GET /v2/teams/{team}/agents",
        "path.team* string",
        "query.name any",
        "query.host any",
        "200[] object",
        "200[].id string",
        "PUT /v2/teams/{team}/agents/{id}/stop",
        "path.team* string",
        "path.id* string",
    ]
)]
#[case::a_path_marked_up_as_a_heading(
    "# Coupons\n\n## List coupons\n\n### HTTP request\n\n<div class=\"endpoint\">\n\t<div>\n\t\t<i class=\"label\">GET</i>\n\t\t<h6>/v3/coupons</h6>\n\t</div>\n</div>\n\n#### Available parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| `page` | integer | The page. |\n\n## Delete a coupon\n\n### HTTP request\n\n<div class=\"endpoint\">\n\t<div>\n\t\t<i class=\"label\">DELETE</i>\n\t\t<h6>/v3/coupons/&lt;id&gt;</h6>\n\t</div>\n</div>\n",
    &[
        "GET /v3/coupons",
        "query.page integer minimum=0",
        "DELETE /v3/coupons/{id}",
        "path.id* string",
    ]
)]
#[case::fields_of_an_answer_below_a_get(
    "# Alerts\n\n## List alerts\n\n`GET /alerts`\n\nExample 200 response:\n\n```\n{\"items\": [{\"id\": \"a\"}]}\n```\n\nSee below for what is in the list.\n\n| Field | Description |\n|---|---|\n| id | Its id. |\n\n## Show an alert\n\n`GET /alerts/{id}`\n\nSee below for the details returned in the response body:\n\n| Field | Description |\n|---|---|\n| state | Its state. |\n",
    &[
        "GET /alerts",
        "200.items array",
        "200.items[] object",
        "200.items[].id string",
        "GET /alerts/{id}",
        "path.id* string",
        "2XX.state any",
    ]
)]
#[case::examples_of_all_targets_of_a_heading(
    "# Bounces\n\n`GET /bounces`\n\nLists them.\n\n`DELETE /bounces/{id}`\n\nRemoves one.\n\n## Examples\n\nAll of them:\n\n```json\n{\"total\": 1}\n```\n",
    &["GET /bounces", "DELETE /bounces/{id}", "path.id* string"]
)]
#[case::tags_over_lines_and_parameters_below_headings(
    "---\nid: sell\n---\n\n<Endpoint\n  url=\"/accounts/:id/sell\"\n  method=\"POST\"\n  may={\n    <>\n      <May title=\"Permission\" />\n    </>\n  }\n/>\n\nSells it.\n\n## Path parameter\n\n<ApiParam name='id' type='integer' required>\n    Its id.\n</ApiParam>\n\n## Body parameters\n\n<ApiParam name='parts' type='array[object]'>\n  The parts.\n  <CollapsibleNestedParams>\n    <ApiParam name='no'type='integer'>\n      Its number.\n    </ApiParam>\n  </CollapsibleNestedParams>\n</ApiParam>\n\n## Example request\n\n<Call method=\"POST\" endpoint=\"/accounts/32833909/sell\" />\n",
    &[
        "POST /accounts/{id}/sell",
        "path.id* integer",
        "request.parts array",
        "request.parts[] object",
        "request.parts[].no integer",
    ]
)]
fn each_operation_has_its_own_fields(#[case] text: &str, #[case] told: &[&str]) {
    let derived = derive(&[page::read("p.md", text).unwrap()], &Options::default()).unwrap();
    assert_eq!(fields(&derived), told);
}

/// Field lists of reStructuredText whose names are labels of what they hold.
#[rstest]
#[case::of_tables(
    "Jobs\n====\n\n``GET /jobs``\n\n:Query Parameters:\n\n   ===== ====== ===========\n   Name  Type   Description\n   ===== ====== ===========\n   state string Filter.\n   ===== ====== ===========\n",
    &["GET /jobs", "query.state string"]
)]
#[case::of_lists_in_a_directive(
    "Jobs\n====\n\n.. http:post:: /jobs\n\n   :Query Parameters:\n      * **dry** (*boolean*) -- Only tries.\n\n   :Request JSON Object:\n      * **title** (*string*) -- The title. (required)\n\n   :Status Codes:\n      * 201 -- Created.\n",
    &["POST /jobs", "query.dry boolean", "request.title* string"]
)]
#[case::parameters_of_one_command(
    "Jobs\n====\n\n.. http:post:: /jobs\n\n   Available commands are:\n\n   stop\n     Stops it.\n\n   copy\n     Copies it. Additional parameters are:\n\n     * ``place``: Where it goes. Mandatory.\n\n   :json string command: The command.\n",
    &["POST /jobs", "request.command string"]
)]
fn a_field_list_may_label_what_it_holds(#[case] text: &str, #[case] told: &[&str]) {
    let derived = derive(&[page::read("p.rst", text).unwrap()], &Options::default()).unwrap();
    assert_eq!(fields(&derived), told);
}

/// Statuses that stand before the operations are of none for sure, and are reported.
#[test]
fn statuses_outside_the_operations_are_reported() {
    let text = "# Jobs\n\n## Errors\n\n| Status | Meaning |\n|---|---|\n| 400 | Bad. |\n| 404 | None. |\n\n## List\n\n`GET /jobs`\n\n## Show\n\n`GET /jobs/{id}`\n";
    let derived = derive(&[page::read("p.md", text).unwrap()], &Options::default()).unwrap();
    let told: Vec<&str> = derived.services[0]
        .documentation()
        .iter()
        .map(|own| own.message.as_str())
        .filter(|message| message.contains("400, 404"))
        .collect();
    assert_eq!(
        told,
        [
            "`Errors`: 400, 404 stand outside the operations, and which of them answer so is not said"
        ]
    );
}

/// AsciiDoc has marks of its own for tables and blocks: it is refused with what to do.
#[test]
fn ascii_doc_is_refused() {
    let text = "= Jobs API\n\n[[jobs]]\n== List jobs\n\n[source,http]\n----\nGET /v1/jobs\n----\n\n[cols=\"1,1\", options=\"header\"]\n|===\n|Name |Type\n\n|state\n|string\n|===\n";
    assert_eq!(page::read("p.adoc", text), Err(page::PageError::AsciiDoc));
}

/// What a page of one operation says of an answer that it shows, announces or names.
#[rstest]
#[case::example_below_a_sentence(
    "# Projects\n\n## POST /projects\n\nBody:\n\n- `name` (string, required) - 1 to 60 characters.\n\nExample request:\n\n```json\n{\"name\": \"a\"}\n```\n\nReturns `201 Created` with the project.\n\n```json\n{\"id\": 1, \"name\": \"a\", \"cost\": 3}\n```\n",
    &["POST /projects", "request.name* string minLength=1 maxLength=60", "201.id integer", "201.name string", "201.cost number"]
)]
#[case::linked_object_of_one_operation(
    "# A\n\n## Show a part\n\n`GET /parts/{id}`\n\nReturns `200 OK` with a [Part](#part).\n\n## Part\n\n| Field | Type | Description |\n|---|---|---|\n| name | string | Name |\n| place | object | Where |\n| place.city | string | City |\n",
    &["GET /parts/{id}", "path.id* string", "200.name string", "200.place object", "200.place.city string"]
)]
#[case::object_called_by_its_name(
    "# A\n\n## Show a part\n\n`GET /parts/{id}`\n\nResponse `200 OK`: the part object.\n\n## The part object\n\n| Field | Type | Description |\n|---|---|---|\n| name | string | Name |\n",
    &["GET /parts/{id}", "path.id* string", "200.name string"]
)]
#[case::object_before_the_operation(
    "# A\n\n## Parts\n\n### The part object\n\n| Field | Type | Description |\n|---|---|---|\n| name | string | Name |\n| place | object or null | Where |\n| place.city | string | City |\n\n### List parts\n\n`GET /parts`\n\nResponse `200 OK`:\n\n| Field | Type | Description |\n|---|---|---|\n| data | Part[] | The page |\n",
    &[
        "GET /parts",
        "200.data array",
        "200.data[] object",
        "200.data[].name string",
        "200.data[].place [\"object\",\"null\"]",
        "200.data[].place.city string",
    ]
)]
#[case::limits_in_passing(
    "# A\n\n## List parts\n\n`GET /parts`\n\nQuery parameters:\n\n- `per_page` (integer, optional): number of parts on a page, 1 to 50 (default 20)\n- `rank` (integer, optional): from 1 (low) to 5 (high).\n- `page` (integer, optional): the page, starting at 1\n- `state` (string, optional): Only parts with this state: `new`, `old`\n- `due` (string, optional): the day it is due, `YYYY-MM-DD`\n",
    &[
        "GET /parts",
        "query.per_page integer minimum=1 maximum=50 default=20",
        "query.rank integer minimum=1 maximum=5",
        "query.page integer",
        "query.state string enum=[\"new\",\"old\"]",
        "query.due string format=\"YYYY-MM-DD\"",
    ]
)]
#[case::a_time_that_is_a_part(
    "# A\n\n## List parts\n\n`GET /parts`\n\nQuery parameters:\n\n- `due` (string, optional): An operator and a time, with a colon separating the two. Times are of the form `YYYY-MM-DD`.\n- `made` (string, optional): the day it was made, of the form `YYYY-MM-DD`\n",
    &[
        "GET /parts",
        "query.due string",
        "query.made string format=\"YYYY-MM-DD\"",
    ]
)]
fn an_answer_is_what_the_page_shows_and_names(#[case] text: &str, #[case] told: &[&str]) {
    let derived = derive(&[page::read("p.md", text).unwrap()], &Options::default()).unwrap();
    assert_eq!(fields(&derived), told);
}

/// An answer belongs to the request line above it, and that line to the operation that it asks.
#[rstest]
#[case::of_a_sibling(
    "# Get a box\n\n## Root\n\n`GET /boxes/root`\n\n## Of a team\n\n`GET /teams/{team}/boxes/root`\n\n## Example\n\n### Request\n\n```http\nGET /boxes/{box}\n```\n\n### Response\n\n```http\nHTTP/1.1 200 OK\n\n{\"id\": \"1\"}\n```\n",
    &["GET /boxes/root", "GET /teams/{team}/boxes/root", "path.team* string"],
    1
)]
#[case::of_another_method(
    "# Create a pen\n\n```\nPOST /pens\n```\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| color | string | yes | C |\n\n### Example\n\n```\nPOST /pens/\nContent-Type: application/json\n\n{\"color\": \"red\"}\n```\n\nThen fetch it:\n\n```\nGET /pens/42\n```\n\nResponse\n\n```\nHTTP/1.1 200 OK\n\n{\"id\": 42}\n```\n",
    &["POST /pens", "request.color* string"],
    1
)]
#[case::its_own_below_another_base(
    "# Get a pen\n\n```\nGET /pens/{pen}\n```\n\n### Example\n\n```\nGET https://a.example/api/v2/pens/42?full=1\n```\n\nResponse\n\n```\nHTTP/1.1 200 OK\n\n{\"id\": 42}\n```\n",
    &["GET /pens/{pen}", "path.pen* string", "200.id integer"],
    0
)]
fn examples_of_other_operations_are_left_out(
    #[case] text: &str,
    #[case] told: &[&str],
    #[case] left_out: usize,
) {
    let derived = derive(&[page::read("p.md", text).unwrap()], &Options::default()).unwrap();
    assert_eq!(fields(&derived), told);
    let findings = derived.services[0].documentation();
    let of_examples = findings
        .iter()
        .filter(|own| own.kind.to_string() == "example-not-read");
    assert_eq!(of_examples.count(), left_out);
}

#[test]
fn codes_of_errors_have_statuses() {
    let text = "# 查船\n\n`GET /ships/{id}`\n\n### 错误码\n\n| HTTP状态码 | 错误码 | 描述 |\n|---|---|---|\n| 400 | 1490001 | 参数无效 |\n| 403 | 1490203 | 无权 |\n";
    let derived = derive(&[page::read("p.md", text).unwrap()], &Options::default()).unwrap();
    let operations = compile(&derived.services[0]).unwrap();
    let answers = operations[0].responses.iter();
    let statuses: Vec<String> = answers.map(|own| own.status.to_string()).collect();
    assert_eq!(statuses, ["2XX", "400", "403", "4XX"]);
}

/// What is shown as a request's, and what is not.
#[rstest]
#[case::bullets_as_labels(
    "# A\n\n## Login\n\n`POST /login`\n\n- 请求参数：\n\n| 参数 | 类型 | 是否必填 | 说明 |\n|---|---|---|---|\n| name | string | 是 | N |\n\n- 返回结果：\n\n```json\n{\"code\": 0, \"token\": \"x\"}\n```\n",
    &["POST /login", "request.name* string", "2XX.code number", "2XX.token string"],
    0
)]
#[case::bodies_beside_each_other(
    "# A\n\n## Make\n\n`POST /boxes`\n\n### Request body (v1)\n\n| Name | Type | Required |\n|---|---|---|\n| kind | string | yes |\n| old | string | yes |\n\n### Request body (v2)\n\n| Name | Type | Required |\n|---|---|---|\n| kind | string | yes |\n| neu | string | yes |\n",
    &["POST /boxes", "request.kind* string", "request.old string", "request.neu string"],
    0
)]
#[case::a_schema(
    "# A\n\n## Turn\n\n`POST /turn`\n\n### Request body\n\n```json\n{\"type\": \"object\", \"properties\": {\"deg\": {\"type\": \"integer\"}}}\n```\n",
    &["POST /turn"],
    1
)]
#[case::a_part_of_a_sketch(
    "# A\n\n## Put\n\n`PUT /manifests`\n\n### Example request\n\n```\nPUT /manifests\nHost: a.example\n\n{\n   \"name\": <name>,\n   \"layers\": [\n      {\n         \"blob\": \"<digest>\"\n      },\n      ...\n   ]\n}\n```\n",
    &["PUT /manifests"],
    1
)]
fn what_is_shown_is_the_request_s_or_not(
    #[case] text: &str,
    #[case] told: &[&str],
    #[case] left_out: usize,
) {
    let derived = derive(&[page::read("p.md", text).unwrap()], &Options::default()).unwrap();
    assert_eq!(fields(&derived), told);
    let findings = derived.services[0].documentation();
    let of_examples = findings
        .iter()
        .filter(|own| own.kind.to_string() == "example-not-read");
    assert_eq!(of_examples.count(), left_out);
}

#[test]
fn a_body_that_cannot_be_read_is_a_body() {
    let text = "# Rights\n\n```http\nPUT /parts/{part}/rights\n```\n\n## Request body\n\n| Name | Type | Description |\n|---|---|---|\n| users | array | (optional) The users. |\n\n## Example request\n\n```\nPUT /parts/{part}/rights\nHeaders:\n    X-Auth-Token: {token}\n\nBody:\n{\n  \"users\": [{user_id}, ...]\n}\n```\n";
    let derived = derive(&[page::read("p.md", text).unwrap()], &Options::default()).unwrap();
    assert!(!format!("{derived:?}").contains("emptyBody"), "{text}");
}
