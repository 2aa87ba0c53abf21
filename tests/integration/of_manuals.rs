//! Pages of manuals and of the tools that make them: blocks between slashes, tables without a rule,
//! headings that are paths, answers below calls.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

fn derived(text: &str) -> Derived {
    let page = page::read("p.md", text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

/// What is read of a page.
fn read(text: &str) -> Vec<String> {
    fields(&derived(text))
}

/// A page with one operation that takes a body, of which the rows are told.
fn orders(header: &str, rows: &str) -> String {
    let rule = "---|".repeat(header.matches('|').count() - 1);
    format!(
        "# Orders\n\n## Make an order\n\n`POST /orders`\n\n### Parameters\n\n{header}\n|{rule}\n{rows}"
    )
}

/// A word in the column of defaults says whether a field has to be sent, or how old it is; quotes
/// around a default tell a text from a name.
#[rstest]
#[case("**REQUIRED**", "request.own* string")]
#[case("**DEPRECATED**", "request.own string")]
#[case("\"printer\"", "request.own string default=\"printer\"")]
#[case("`\"4:3\"`", "request.own string default=\"4:3\"")]
#[case("say \"no\"", "request.own string")]
fn a_default_is_a_value(#[case] cell: &str, #[case] expected: &str) {
    let row = format!("| own | string | {cell} | What it is. |\n");
    let found = read(&orders("| Name | Type | Default | Description |", &row));
    assert!(found.contains(&expected.to_owned()), "{found:?}");
}

const CAMS: &str = r#"# Cams

## Get a cam

```{.http .apirequest title="HTTP Request"}
GET /cams/item?uid=3
```

```{.json .apirequest title="JSON-RPC Request"}
{"jsonrpc": "2.0", "method": "cams.get", "params": {"uid": "3"}}
```

/// api-parameters
    open: True

| Name  |  Type  | Default      | Description             |
| ----- | :----: | ------------ | ----------------------- |
| `uid` | string | **REQUIRED** | The id of the cam, as   |
|       |        |              | a list of cams has it.  |^

///

/// collapse-code
```{.json .apiresponse title="Example Response"}
{"name": "door", "fps": 5}
```
///

/// api-response-spec
    open: True

| Field  |  Type  | Description                  |
| ------ | :----: | ---------------------------- |
| `name` | string | The name, which every cam    |
|        |        | has.                         |^
| `fps`  |  int   | How many pictures a second.  |

///

## Make a cam

```{.http .apirequest title="HTTP Request"}
POST /cams/item
Content-Type: application/json

{"name": "door"}
```

/// api-parameters
    open: True

| Name   |  Type  | Default      | Description |
| ------ | :----: | ------------ | ----------- |
| `name` | string | **REQUIRED** | The name.   |

///
"#;

#[test]
fn blocks_between_slashes_are_parts_of_the_text() {
    assert_eq!(
        read(CAMS),
        [
            "GET /cams/item",
            "query.uid* string",
            "2XX.name string",
            "2XX.fps integer",
            "POST /cams/item",
            "request.name* string",
        ]
    );
}

/// A table without the line below its header is read, its rows with their lines.
#[test]
fn a_table_needs_no_rule() {
    let page = "# Jobs\n\n## Make a job\n\n`POST /jobs`\n\n### Request body fields\n\n| Field | Data type | Description |\n| `name` | String | The name. |\n| `size` | Integer | How large. |\n";
    assert_eq!(
        read(page),
        ["POST /jobs", "request.name string", "request.size integer"]
    );
    let derived = derived(page);
    let schema = serde_json::to_value(&derived.services[0].schemas).unwrap();
    assert!(schema.to_string().contains("\"line\":11"), "{schema}");
}

/// Bullets that name the fields of an object are no values.
#[rstest]
#[case::told("Enter the following details for the object:", "x", "request.own any")]
#[case::an_object("An object that has:", "x", "request.own any")]
#[case::shown("The place:", "{ \"a\": 1 }", "request.own any")]
#[case::values("The side:", "x", "request.own any enum=[\"left\",\"right\"]")]
fn fields_in_bullets_are_no_values(
    #[case] says: &str,
    #[case] example: &str,
    #[case] expected: &str,
) {
    let page = format!(
        "# Orders\n\n## Make an order\n\n`POST /orders`\n\n### Body parameters\n\n<table><thead><tr><th>Key</th><th>Example value</th><th>Description</th></tr></thead><tbody><tr><td><code>own</code></td><td><code>{example}</code></td><td><p>{says}</p><ul><li><code>left</code>: What is at the left.</li><li><code>right</code>: What is at the right.</li></ul></td></tr></tbody></table>\n"
    );
    let found = read(&page);
    assert!(found.contains(&expected.to_owned()), "{found:?}");
}

const CODES: &str = "# 短信\n\n## 发送\n\n### 调用地址\n\n- POST https://api.example.com/v1/codes\n\n### 请求示例\n\n```\ncurl -X POST https://api.example.com/v1/codes -d '{\"mobile\":\"1\"}'\n```\n\n#### 参数\n\n|KEY|REQUIRE|DESCRIPTION|\n|----|----|----|\n|mobile|TRUE|手机号码|\n|temp_id|FALSE|模板|\n\n### 返回示例\n\n```\n{\"msg_id\": \"2\"}\n```\n\n## 验证\n\n### 调用地址\n\n- POST https://api.example.com/v1/codes/{msg_id}/valid NOTE\n\n### 返回示例\n\n```\n{\"is_valid\": true}\n```\n";

/// What stands in brackets behind a target says something of it.
#[test]
fn a_target_may_have_a_note() {
    let found = read(&CODES.replace("NOTE", "(注:msg_id为发送的返回值)"));
    assert_eq!(
        found,
        [
            "POST /v1/codes",
            "request.mobile* any",
            "request.temp_id any",
            "2XX.msg_id string",
            "POST /v1/codes/{msg_id}/valid",
            "path.msg_id* string",
            "2XX.is_valid boolean",
        ]
    );
}

/// What looks like a target and is none that can be read parts the operations all the same, and is
/// told: its answer is not that of the operation before.
#[test]
fn a_target_that_is_not_read_ends_the_one_before() {
    let page = CODES.replace(
        "POST https://api.example.com/v1/codes/{msg_id}/valid NOTE",
        "CHECK https://api.example.com/v1/codes/{msg_id}/valid (of a code that was sent)",
    );
    let derived = derived(&page);
    let found = fields(&derived);
    assert!(
        !found.iter().any(|own| own.contains("is_valid")),
        "{found:?}"
    );
    let mut told = derived.pages.iter().flat_map(|own| &own.not_read);
    assert!(told.any(|own| own.contains("CHECK")), "{:?}", derived.pages);
}

const PATHS: &str = "# RPC\n\n## /api/v0/jobs/add\n\nAdds a job.\n\n### Arguments\n\n- `dirs` [bool]: With empty ones. Default: `true`. Required: no.\n- `name` [string]: The name. Required: **yes**.\n\n### cURL example\n\n`curl -X POST \"http://127.0.0.1:5001/api/v0/jobs/add?dirs=true&name=<value>\"`\n\n## /api/v0/jobs/stop\n\nStops all jobs.\n\n### cURL example\n\n`curl -X POST \"http://127.0.0.1:5001/api/v0/jobs/stop\"`\n";

#[test]
fn headings_that_are_paths_have_the_method_of_the_call_below() {
    let found = read(PATHS);
    assert_eq!(found[0], "POST /api/v0/jobs/add");
    assert_eq!(found[3], "POST /api/v0/jobs/stop");
    assert!(found[1].contains("dirs boolean default=true"), "{found:?}");
    assert!(found[2].contains("name* string"), "{found:?}");
}

/// Below a call that reads stands its answer, also where the same section documents a `POST`.
#[test]
fn what_stands_below_a_call_that_reads_is_no_body() {
    let page = "# Query\n\n## Ask\n\n```\nGET /query\nPOST /query\n```\n\nURL query parameters:\n\n- `query` (string, required): What to ask.\n\nThis asks for `up`:\n\n```bash\ncurl 'http://localhost:9090/query?query=up'\n```\n\n```json\n{\"status\": \"success\"}\n```\n";
    let derived = derived(page);
    let paths = &derived.services[0].document["paths"]["/query"];
    assert!(paths["post"]["requestBody"].is_null(), "{paths}");
    let answers = paths["get"]["responses"].to_string();
    assert!(answers.contains("success"), "{answers}");
}

/// A label of parameters stands before the call that states the target, and a sentence names the
/// status.
#[test]
fn labels_may_stand_before_the_target() {
    let page = "# Tasks\n\n## Make a task\n\n_Optional parameters_:\n\n* `note` - what is to be known.\n* `done` - whether it is done.\n\nThis endpoint will return `201 Created` if it worked.\n\n### Copy as cURL\n\n```shell\ncurl -d '{\"note\":\"a\"}' https://api.example.com/$ACCOUNT/tasks.json\n```\n\n## List the tasks\n\n_Optional query parameters_:\n\nWithout any of them all tasks are listed.\n\n* `done` - whether they are done.\n\n### Copy as cURL\n\n```shell\ncurl https://api.example.com/$ACCOUNT/tasks.json\n```\n";
    let found = read(page);
    for own in ["request.note any", "request.done any", "query.done any"] {
        assert!(found.contains(&own.to_owned()), "{own}: {found:?}");
    }
    let derived = derived(page);
    let paths = derived.services[0].document["paths"].to_string();
    assert!(paths.contains("\"201\""), "{paths}");
}

/// Headings that say which fields must be sent, in another language than English.
#[test]
fn halves_of_the_fields_have_headings_of_their_own() {
    let page = "# Etiquetas\n\n## Criar\n\n`POST /etiquetas`\n\n## Atributos\n\n### Obrigatórios\n\n| Atributos | Tipo | Descrição |\n|---|---|---|\n| name | string | Nome. |\n\n### Opcionais\n\n| Atributos | Tipo | Descrição |\n|---|---|---|\n| color | number | Cor. |\n";
    assert_eq!(
        read(page),
        [
            "POST /etiquetas",
            "request.name* string",
            "request.color number"
        ]
    );
}

/// A number is a value also where the form of the answer stands behind it.
#[test]
fn a_value_may_have_a_form_behind_it() {
    let call = |line: &str| format!("```shell\ncurl {line}\n```\n");
    let page = format!(
        "# Tasks\n\n## Show a task\n\nAnswers with `200 OK`.\n\n{}\n## Finish a task\n\nAnswers with `204 No Content`.\n\n{}",
        call("https://api.example.com/tasks/2.json"),
        call("-X POST https://api.example.com/tasks/2/end.json"),
    );
    let found = read(&page);
    let own: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(
        own,
        [
            "GET /tasks/{task_id}.json",
            "path.task_id* string",
            "POST /tasks/{task_id}/end.json",
            "path.task_id* string",
        ]
    );
}

/// Of two fields that a column calls mandatory, the row of one says that either is enough.
#[test]
fn either_of_two_rows_is_enough() {
    let found = read(&orders(
        "| Parameter | Type | Required | Description |",
        "| session | string | Yes | The session. |\n| key | string | Yes | The key. Either `session` or `key` must be provided. |\n| name | string | Yes | The name. |\n",
    ));
    assert_eq!(
        found,
        [
            "POST /orders",
            "request.session string",
            "request.key string",
            "request.name* string",
        ]
    );
}
