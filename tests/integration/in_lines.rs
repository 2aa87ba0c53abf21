//! Pages that state operations and fields in lines and sentences: a target in prose or in small
//! letters, columns of methods, fields line by line, and requests that fill in a target of their
//! section.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

fn derived(name: &str, text: &str) -> Derived {
    let page = page::read(name, text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

/// The operations that are read, as `POST /keys`.
fn operations(derived: &Derived) -> Vec<String> {
    let mut found = Vec::new();
    for service in &derived.services {
        for (path, item) in service.document["paths"].as_object().unwrap() {
            let methods = item.as_object().unwrap().keys();
            found.extend(methods.map(|own| format!("{} {path}", own.to_uppercase())));
        }
    }
    found.sort();
    found
}

/// What `derive` tells of a page.
fn told(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("p.md"), text).unwrap();
    crate::support::docproof(folder.path(), ["derive", "p.md", "--out", "schemas"]).text()
}

const KEYS: &str = "# Keys\n\n## List keys\n\n`GET /v2/keys`\n\n```json\n{\"keys\": []}\n```\n\n## Create a key\n\nSAYS\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| name | string | yes | The name. |\n\n```json\n{\"key\": {\"id\": 1, \"name\": \"a\"}}\n```\n";

#[rstest]
#[case::send("To add a key, send a POST request to `/v2/keys`. Set the name.")]
#[case::use_it("Use `POST /v2/keys` to create a key.")]
#[case::gerund("Create a key by sending a POST request to `/v2/keys`.")]
fn a_sentence_states_the_operation_of_its_section(#[case] says: &str) {
    let found = derived("p.md", &KEYS.replace("SAYS", says));
    assert_eq!(operations(&found), ["GET /v2/keys", "POST /v2/keys"]);
    let found = fields(&found);
    assert!(
        found.contains(&"request.name* string".to_owned()),
        "{found:?}"
    );
}

/// What a sentence mentions is no operation.
#[rstest]
#[case::of_another(
    "## Limits\n\nSend a GET request to `/v2/keys` to see them.\n\n```json\n{}\n```\n"
)]
#[case::with_a_value(
    "## Pages\n\nSend a GET request to `/v2/other?page=2` for the rest.\n\n```json\n{}\n```\n"
)]
#[case::in_passing(
    "## Limits\n\nThe key that `POST /v2/other` made has no limit.\n\n```json\n{}\n```\n"
)]
fn a_mention_is_no_operation(#[case] section: &str) {
    let page = KEYS.replace("SAYS", "`POST /v2/keys`") + "\n" + section;
    let found = derived("p.md", &page);
    assert_eq!(operations(&found), ["GET /v2/keys", "POST /v2/keys"]);
}

#[rstest]
#[case::undocumented("## Health\n\nSend a GET request to `/v2/health` now and then.\n")]
#[case::of_several(
    "## Health\n\nSend a GET request to `/v2/health` to see it.\n\n### Of a part\n\nIt is one.\n\n### Of all\n\n```json\n{}\n```\n"
)]
#[case::two(
    "## Health\n\nSend a GET request to `/v2/health` to see it.\n\nSend a PUT request to `/v2/health` to change it.\n\n```json\n{}\n```\n"
)]
fn a_sentence_that_may_state_an_operation_is_told(#[case] section: &str) {
    let page = KEYS.replace("SAYS", "`POST /v2/keys`") + "\n" + section;
    assert_eq!(
        operations(&derived("p.md", &page)),
        ["GET /v2/keys", "POST /v2/keys"]
    );
    let told = told(&page);
    assert!(told.contains("GET /v2/health"), "{told}");
}

#[test]
fn a_portal_writes_its_method_small() {
    let page = "# Create a job\n\npost https://a.example/v1/jobs\n\n## Body Params\n\n**name** string required\nlength between 3 and 20\nThe name.\n\n**size** int32 ≥ 1\nHow large.\n\n# Show a job\n\nget https://a.example/v1/jobs/{job}\n";
    let found = derived("p.md", page);
    assert_eq!(operations(&found), ["GET /v1/jobs/{job}", "POST /v1/jobs"]);
    let found = fields(&found);
    assert!(
        found
            .iter()
            .any(|own| own.starts_with("request.name* string")
                && own.contains("minLength=3")
                && own.contains("maxLength=20")),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|own| own.starts_with("request.size integer") && own.contains("minimum=1")),
        "{found:?}"
    );
}

#[test]
fn a_table_has_a_column_for_each_method() {
    let page = "<h1>Queues</h1><table><tr><th>GET</th><th>PUT</th><th>DELETE</th><th>POST</th><th>Path</th><th>Description</th></tr><tr><td>X</td><td></td><td></td><td></td><td>/api/queues</td><td>All queues.</td></tr><tr><td>X</td><td>X</td><td>X</td><td></td><td>/api/queues/<i>vhost</i>/<i>name</i></td><td>One queue.</td></tr></table>";
    assert_eq!(
        operations(&derived("p.html", page)),
        [
            "DELETE /api/queues/{vhost}/{name}",
            "GET /api/queues",
            "GET /api/queues/{vhost}/{name}",
            "PUT /api/queues/{vhost}/{name}",
        ]
    );
    let marks = "# Jobs\n\n| Path | GET | POST |\n|---|---|---|\n| /jobs | ✓ | ✗ |\n| /jobs/{job}/logs | ✓ | ✓ |\n";
    assert_eq!(
        operations(&derived("p.md", marks)),
        ["GET /jobs", "GET /jobs/{job}/logs", "POST /jobs/{job}/logs"]
    );
}

/// A request with its body that fills in the target of its section is an example of it.
#[test]
fn a_request_before_its_target_is_an_example() {
    let page = "# Create a store\n\n```console\nPUT /_stores/my_store\n{\"type\": \"fs\"}\n```\n\n## Request [create-store-request]\n\n`PUT /_stores/<store>`\n\n## Query parameters [create-store-query]\n\n`verify`\n:   (Optional, Boolean) Whether to look.\n\n## Request body [create-store-body]\n\n`type`\n:   (Required, string) The type.\n";
    let found = derived("p.md", page);
    assert_eq!(operations(&found), ["PUT /_stores/{store}"]);
    let found = fields(&found);
    for own in ["query.verify boolean", "request.type* string"] {
        assert!(found.iter().any(|line| line.starts_with(own)), "{found:?}");
    }
}

#[test]
fn code_that_states_another_operation_stays_one() {
    let page = "# Jobs\n\n## Show a job\n\n`POST /jobs/{job}`\n\n## Search jobs\n\n```\nPOST /jobs/search\n{\"name\": \"a\"}\n```\n";
    assert_eq!(
        operations(&derived("p.md", page)),
        ["POST /jobs/search", "POST /jobs/{job}"]
    );
}

/// The answer that a sentence shows is that of the status it ends with.
#[test]
fn an_example_is_of_the_status_that_its_sentence_ends_with() {
    let page = "# Labels\n\n`POST /labels`\n\nIf successful, returns `201 Created`. If an attribute is missing, returns `400 Bad Request`. If the project already has a label of that name, returns `409 Conflict`:\n\n```json\n{\"message\": \"Label already exists\"}\n```\n";
    let found = fields(&derived("p.md", page));
    assert!(
        !found.iter().any(|own| own.starts_with("201.message")),
        "{found:?}"
    );
}

/// A Chinese page whose columns have a title in words before the name, and a Japanese one.
#[test]
fn names_stand_behind_their_titles() {
    let page = "# 券\n\n【通用规则】所有接口均需在请求头中携带 `Authorization: Bearer <token>`。\n\n## 创建\n\n**请求方式**：【POST】/v3/stocks\n\n### 请求参数\n\n**body 包体参数**\n\n| 名称 | 变量 | 类型 | 必填 | 描述 |\n|---|---|---|---|---|\n| 批次名称 | stock_name | string[1,21] | 是 | 批次名称。 |\n| 券类型 | stock_type | string | 是 | 批次类型：<br>NORMAL：满减券<br>DISCOUNT：折扣券<br>示例值：NORMAL |\n";
    let found = derived("p.md", page);
    assert_eq!(operations(&found), ["POST /v3/stocks"]);
    let operation = &found.services[0].document["paths"]["/v3/stocks"]["post"];
    assert!(operation["security"].is_array(), "{operation}");
    let found = fields(&found);
    assert!(
        found.contains(&"request.stock_type* string enum=[\"NORMAL\",\"DISCOUNT\"]".to_owned()),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|own| own.starts_with("request.stock_name* string")),
        "{found:?}"
    );
}

#[rstest]
#[case(
    "string",
    "状態。`todo`、`doing` のいずれか。",
    "string enum=[\"todo\",\"doing\"]"
)]
#[case("integer", "件数。1〜100 の整数。", "integer maximum=100 minimum=1")]
#[case("integer", "優先度。省略時は 3。", "integer default=3")]
fn japanese_rows_say_what_values_there_are(
    #[case] kind: &str,
    #[case] says: &str,
    #[case] expected: &str,
) {
    let page = format!(
        "# タスク\n\n`POST /v1/tasks`\n\n### リクエストボディ\n\n| パラメータ | 型 | 必須 | 説明 |\n|---|---|---|---|\n| f | {kind} | 任意 | {says} |\n"
    );
    let found = fields(&derived("p.md", &page));
    let own = found.iter().find(|own| own.starts_with("request.f "));
    let mut words: Vec<&str> = own.map_or(Vec::new(), |own| own.split(' ').skip(1).collect());
    words[1..].sort_unstable();
    assert_eq!(words.join(" "), expected, "{found:?}");
}
