//! What pages of vendors say in forms of their own: calls of HTTPie, forms that a shell quotes, several
//! ways of one call, statuses in lists of cases, tables of an operation's properties; and what a right
//! service refuses though no page forbids it: sizes, names, words that are no values.

use std::sync::atomic::{AtomicU64, Ordering};

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::small::{Answer, run};
use crate::support::{Received, Reply};
use crate::tools::fields;

fn derived(text: &str) -> Derived {
    let page = page::read("p.md", text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

/// The paths that are derived of a page, each with its methods.
fn targets(derived: &Derived) -> Vec<String> {
    let paths = &derived.services[0].document["paths"];
    let paths = paths.as_object().unwrap().iter();
    paths
        .flat_map(|(path, own)| {
            let own = own.as_object().unwrap().keys();
            own.map(move |method| format!("{method} {path}"))
        })
        .collect()
}

const CALLS: &str = "# Pots\n\n## Pay into a pot\n\n```shell\nCALL\n```\n\n##### Request arguments\n\n| Parameter | Description |\n|---|---|\n| `source` | Where from. |\n| `amount` | How much. |\n";

#[rstest]
#[case::form(
    "$ http --form PUT \"https://h.example/pots/$pot_id/pay\" \\\n    \"source=acc\" \"amount=5\"",
    "application/x-www-form-urlencoded"
)]
#[case::json(
    "http PUT https://h.example/pots/$pot_id/pay source=acc amount:=5",
    "application/json"
)]
#[case::curl(
    "curl -X PUT 'https://h.example/pots/{pot_id}/pay' -d source=\"acc 1\" -d amount=5",
    "application/x-www-form-urlencoded"
)]
fn a_call_states_its_target_and_the_media_type_of_its_body(
    #[case] call: &str,
    #[case] media: &str,
) {
    let found = derived(&CALLS.replace("CALL", call));
    assert_eq!(targets(&found), ["put /pots/{pot_id}/pay"]);
    let body = &found.services[0].document["paths"]["/pots/{pot_id}/pay"]["put"]["requestBody"];
    assert!(body["content"][media].is_object(), "{body}");
}

#[test]
fn several_calls_below_a_heading_are_ways_of_one_operation() {
    let page = "# Files\n\n## List files\n\n```bash\ncurl -X GET \"https://h.example/jobs/{job.id}/files\"\n```\n\nOr by the build:\n\n```bash\ncurl -X GET \"https://h.example/builds/{build.id}/jobs/{job.id}/files\"\n```\n\n| Parameter | Description |\n|---|---|\n| `state` | Which files. |\n\n## Delete a file\n\n```bash\ncurl -X DELETE \"https://h.example/jobs/{job.id}/files/{id}\"\n```\n";
    let mut found = targets(&derived(page));
    found.sort();
    let expected = [
        "delete /jobs/{job.id}/files/{id}",
        "get /builds/{build.id}/jobs/{job.id}/files",
        "get /jobs/{job.id}/files",
    ];
    assert_eq!(found, expected);
}

const MAKE: &str = "# Jobs\n\n## Make a job\n\n`POST /jobs`\n\n| Parameter | Required | Type | Description |\n|---|---|---|---|\n| name | yes | String | The name. |\n\nSAYS\n";

#[rstest]
#[case("**Response**\n\n- On success: `201`\n- If the name is taken: `409`")]
#[case("**Response**\n\n- `201` on success\n- `409` for a name that is taken")]
#[case("**Response codes:** 201 (created), 409 (taken)")]
#[case("Status: 201 | 409")]
#[case("**响应信息**\n\n- 创建成功：返回 `201`\n- 名称已存在：返回 `409`")]
#[case("Response codes:\n\n- **Success**: 201 (Created)\n- **Taken**: 409 (Conflict)")]
fn lists_of_cases_tell_statuses(#[case] says: &str) {
    let found = derived(&MAKE.replace("SAYS", says));
    let answers = &found.services[0].document["paths"]["/jobs"]["post"]["responses"];
    let answers = answers.as_object().unwrap();
    assert!(answers.contains_key("201"), "{answers:?}");
    assert!(answers.contains_key("409"), "{answers:?}");
}

#[test]
fn below_a_call_that_sends_a_body_stands_its_answer() {
    let page = "# Queues\n\n## Create a queue\n\n`POST /queues`\n\n### Request body parameters\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| name | string | yes | The name. |\n\n```bash\ncurl -X POST https://h.example/queues -H 'Content-Type: application/json' -d '{\"name\": \"a\"}'\n```\n\n```json\n{\"id\": 7, \"name\": \"a\"}\n```\n";
    let found = fields(&derived(page));
    assert!(
        found.iter().any(|line| line.starts_with("2XX.id")),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|line| line.starts_with("body.id")),
        "{found:?}"
    );
}

#[test]
fn an_operations_properties_may_stand_in_a_table() {
    let page = "# Users\n\n## Change a user\n\n/users/:user (PUT) |\n---|---\ndescription | Changes a user.\nexample URL | http://h.example/api/users/ann\nresponse codes | <ul><li>**Success**: 201 (Created)</li><li>**Missing**: 404 (Not Found)</li></ul>\n";
    let found = derived(page);
    assert_eq!(targets(&found), ["put /api/users/{user}"]);
    let answers = &found.services[0].document["paths"]["/api/users/{user}"]["put"]["responses"];
    assert!(
        answers["201"].is_object() && answers["404"].is_object(),
        "{answers}"
    );
}

/// Fields whose rows have words where others have values: none of them is one.
#[rstest]
#[case("string", "Team. Default: none", "default")]
#[case("string", "Team. Defaults to everybody.", "default")]
#[case("enum<http-method>", "The method.", "enum")]
#[case(
    "integer",
    "A value that is no positive integer is ignored.",
    "minimum"
)]
fn words_are_no_values(#[case] kind: &str, #[case] text: &str, #[case] rule: &str) {
    let page = format!(
        "# Jobs\n\n## Make a job\n\n`POST /jobs`\n\n| Parameter | Required | Type | Description |\n|---|---|---|---|\n| team | no | {kind} | {text} |\n"
    );
    let found = fields(&derived(&page));
    let own = found.iter().find(|line| line.contains(".team")).unwrap();
    assert!(!own.contains(rule), "{own}");
}

#[test]
fn rules_of_validators_are_no_values() {
    let page = "# Jobs\n\n## Make a job\n\n`POST /jobs`\n\n| Parameter | Type | Required | Description | Constraints |\n|---|---|---|---|---|\n| team | String | yes | The team. | NotNull, NotBlank |\n";
    let found = fields(&derived(page));
    let own = found.iter().find(|line| line.contains(".team")).unwrap();
    assert!(!own.contains("enum"), "{own}");
}

/// A service of jobs: a create that asks for a field of a form that no page tells, and a list that
/// gives no more than a page of fifty.
fn jobs(takes: fn(&str) -> bool) -> Answer {
    let made = AtomicU64::new(1);
    Box::new(move |request: &Received| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match (request.method.as_str(), path) {
            ("POST", "/jobs") => match body["owner"].as_str() {
                Some(owner) if owner.chars().count() <= 40 && takes(owner) => {
                    let id = made.fetch_add(1, Ordering::Relaxed);
                    Reply::json(201, &json!({ "id": id, "owner": owner }))
                }
                _ => Reply::json(400, &json!({ "error": "owner" })),
            },
            ("GET", "/jobs") => {
                let asked = query.strip_prefix("limit=").map(str::parse::<i64>);
                match asked {
                    None | Some(Ok(0..=50)) => {
                        Reply::json(200, &json!([{ "id": 1, "owner": "owner-1" }]))
                    }
                    _ => Reply::json(400, &json!({ "error": "limit" })),
                }
            }
            (_, "/jobs") => Reply::json(405, &json!({})),
            _ => Reply::json(404, &json!({})),
        }
    })
}

const JOBS: &str = "# Jobs\n\n## Make a job\n\n`POST /jobs`\n\n### Request body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| owner | string | yes | The owner. At most 40 characters. |\n\n```json\n{\"owner\": \"owner-1\"}\n```\n\n### Response 201\n\n```json\n{\"id\": 1, \"owner\": \"owner-1\"}\n```\n\n### Response 400\n\n```json\n{\"error\": \"owner\"}\n```\n\n## List jobs\n\n`GET /jobs`\n\n### Query parameters\n\n| Name | Type | Description |\n|---|---|---|\n| limit | integer | How many are listed. |\n\n### Response 200\n\n```json\n[{\"id\": 1, \"owner\": \"owner-1\"}]\n```\n\n### Response 400\n\n```json\n{\"error\": \"limit\"}\n```\n";

/// A stated length makes no text the name of somebody, and no page size is valid of which nothing is
/// said; but a text that is as long as the page allows has to be taken where others are.
#[rstest]
#[case::a_name_that_is_known(|owner: &str| owner.starts_with("owner-"), 0)]
#[case::any_text(|_: &str| true, 0)]
#[case::shorter_than_the_page_says(|owner: &str| owner.chars().count() <= 30, 1)]
fn made_up_texts_and_sizes_may_be_refused(#[case] takes: fn(&str) -> bool, #[case] code: i32) {
    let (seen, text, _) = run(JOBS, jobs(takes));
    assert_eq!(seen, code, "{text}");
}

const SAY: &str = "# Say\n\nEvery response is HTTP 200 with a JSON object.\n\n## Say something\n\n`POST /say`\n\n### Request body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| text | string | yes | The text. At most 300 characters. |\n\n```json\n{\"text\": \"eat a banana\"}\n```\n\n### Example response\n\n```json\n{\"ok\": true, \"text\": \"eat a banana\"}\n```\n\nMORE\n";

/// Where no refusal has a status of its own, the field that says `ok` says whether it is one.
#[rstest]
#[case::refused("", false, 0)]
#[case::taken("", true, 1)]
#[case::with_a_status_of_its_own(
    "### Response 400\n\n```json\n{\"error\": \"text\"}\n```",
    false,
    1
)]
fn a_refusal_may_be_told_in_the_body(#[case] more: &str, #[case] takes: bool, #[case] code: i32) {
    let answer: Answer = Box::new(move |request: &Received| {
        if request.target != "/say" {
            return Reply::json(404, &json!({ "ok": false }));
        }
        if request.method != "POST" {
            return Reply::json(405, &json!({ "ok": false }));
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match body["text"].as_str() {
            Some(text) if takes || text.chars().count() <= 300 => {
                Reply::json(200, &json!({ "ok": true, "text": text }))
            }
            _ => Reply::json(200, &json!({ "ok": false, "error": "text" })),
        }
    });
    let (seen, text, _) = run(&SAY.replace("MORE", more), answer);
    assert_eq!(seen, code, "{text}");
}

/// A list at its greatest length has an item of each name once.
#[test]
fn items_of_a_full_list_have_names_of_their_own() {
    let page = "# Orders\n\n## Make an order\n\n`POST /orders`\n\n### Request body\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| tags | Array of [Tag](#tag) objects | no | At most 10 tags. |\n\n```json\n{\"tags\": [{\"key\": \"k\"}]}\n```\n\n### Response 201\n\n```json\n{\"id\": 1, \"tags\": [{\"key\": \"k\"}]}\n```\n\n### Response 400\n\n```json\n{\"error\": \"tags\"}\n```\n\n## Tag\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n| key | string | yes | The key, 1 to 36 characters. |\n";
    let answer: Answer = Box::new(|request: &Received| {
        if request.target != "/orders" {
            return Reply::json(404, &json!({}));
        }
        if request.method != "POST" {
            return Reply::json(405, &json!({}));
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let Some(tags) = body["tags"].as_array() else {
            return match body.get("tags") {
                None if body.is_object() => Reply::json(201, &json!({ "id": 1, "tags": [] })),
                _ => Reply::json(400, &json!({ "error": "tags" })),
            };
        };
        let keys: Vec<&str> = tags.iter().filter_map(|tag| tag["key"].as_str()).collect();
        let is_right = |key: &&str| (1..=36).contains(&key.chars().count());
        let mut unique = keys.clone();
        unique.sort_unstable();
        unique.dedup();
        if keys.len() == tags.len()
            && keys.len() <= 10
            && unique.len() == keys.len()
            && keys.iter().all(is_right)
        {
            Reply::json(201, &json!({ "id": 1, "tags": tags }))
        } else {
            Reply::json(400, &json!({ "error": "tags" }))
        }
    });
    let (seen, text, _) = run(page, answer);
    assert_eq!(seen, 0, "{text}");
}
