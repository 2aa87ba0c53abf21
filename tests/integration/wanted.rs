//! Headers that a service wants on every request: told by a sentence with one of its values, with
//! none, or by a table.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Received, Recorder, Told, docproof};

const HEADER: &str = "## Common request headers\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n\
| X-Tenant | string | yes | The tenant. |";

/// A page of parcels, and what it says of every request.
fn page(said: &str) -> String {
    format!(
        "# Parcels\n\n{said}\n\n## Send a parcel\n\n`POST /v1/parcels`\n\nRequest body\n\n\
         | Name | Type | Required | Description |\n|---|---|---|---|\n\
         | label | string | yes | 1 to 20 characters |\n\n\
         Response 201\n\n| Name | Type | Description |\n|---|---|---|\n| id | integer | The id |\n| label | string | The label |\n\n\
         Response 400: the request is not valid.\n\n\
         ## Show a parcel\n\n`GET /v1/parcels/{{id}}`\n\n\
         | Name | In | Type | Required | Description |\n|---|---|---|---|---|\n| id | path | integer | yes | The id |\n\n\
         Response 200\n\n| Name | Type | Description |\n|---|---|---|\n| id | integer | The id |\n| label | string | The label |\n\n\
         Response 404: there is none.\n\n\
         ## Drop a parcel\n\n`DELETE /v1/parcels/{{id}}`\n\n\
         | Name | In | Type | Required | Description |\n|---|---|---|---|---|\n| id | path | integer | yes | The id |\n\n\
         Response 204: it is gone.\n\nResponse 404: there is none.\n"
    )
}

/// A run against a server of parcels, which takes requests with a header that it likes.
fn run(said: &str, likes: fn(Option<&str>) -> bool, more: &[&str]) -> Told {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("parcels.md"), page(said)).unwrap();
    let mut kept: Vec<Option<Value>> = Vec::new();
    let server = Recorder::start(move |request: &Received| {
        let refused = |status: u16| (status, json!({ "error": "refused" }));
        if !likes(request.header("x-tenant")) {
            return refused(400);
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let label = body["label"].as_str().map(|label| label.chars().count());
        if request.target == "/v1/parcels" {
            return match (request.method.as_str(), label) {
                ("POST", Some(1..=20)) => {
                    let parcel = json!({ "id": kept.len(), "label": body["label"] });
                    kept.push(Some(parcel.clone()));
                    (201, parcel)
                }
                ("POST", _) => refused(400),
                _ => refused(405),
            };
        }
        let id = request.target.strip_prefix("/v1/parcels/");
        let Some(id) = id.and_then(|id| id.parse::<usize>().ok()) else {
            return refused(404);
        };
        let Some(parcel) = kept.get_mut(id).filter(|parcel| parcel.is_some()) else {
            return refused(404);
        };
        match request.method.as_str() {
            "GET" => (200, parcel.clone().unwrap_or_default()),
            "DELETE" => {
                *parcel = None;
                (204, Value::Null)
            }
            _ => refused(405),
        }
    });
    let mut arguments = vec!["run", "parcels.md", "--endpoint", server.url()];
    arguments.extend(more);
    docproof(folder.path(), arguments)
}

fn any(value: Option<&str>) -> bool {
    value.is_some_and(|value| !value.is_empty())
}

fn one(value: Option<&str>) -> bool {
    value == Some("acme")
}

fn umbrella(value: Option<&str>) -> bool {
    value == Some("umbrella")
}

fn whatever(_: Option<&str>) -> bool {
    true
}

const SHOWN: &str = "Each request also needs the header `X-Tenant: acme`.";
const UNSAID: &str = "All requests must include the header `X-Tenant: <tenant id>`.";

#[rstest]
#[case::shown_one_of_many(SHOWN, any, &[], 0, true)]
// That no other is taken may be so.
#[case::shown_the_only_one(SHOWN, one, &[], 0, false)]
#[case::shown_another_given(SHOWN, umbrella, &["--header", "X-Tenant: umbrella"], 0, true)]
#[case::unsaid_any(UNSAID, any, &[], 0, true)]
#[case::unsaid_one(UNSAID, one, &[], 0, false)]
#[case::unsaid_given(UNSAID, one, &["--header", "X-Tenant: acme"], 0, true)]
#[case::of_a_table_any(HEADER, any, &[], 0, true)]
#[case::of_a_table_one(HEADER, one, &[], 0, false)]
#[case::of_a_table_given(HEADER, one, &["--header", "X-Tenant: acme"], 0, true)]
#[case::not_looked_at(SHOWN, whatever, &[], 1, true)]
fn a_header_that_every_request_wants(
    #[case] said: &str,
    #[case] likes: fn(Option<&str>) -> bool,
    #[case] more: &[&str],
    #[case] code: i32,
    #[case] is_decided: bool,
) {
    let run = run(said, likes, more);
    let text = run.text();
    assert_eq!(run.code, code, "{text}");
    assert_eq!(
        text.contains("--header 'X-Tenant: VALUE'"),
        !is_decided,
        "{text}"
    );
    assert_eq!(
        text.contains("header.X-Tenant::required"),
        code == 1,
        "{text}"
    );
}

/// Two headers that are called tokens: one that every operation wants, and one that tells a single
/// operation what to look at.
#[test]
fn a_token_goes_into_the_header_that_most_operations_have() {
    let rows = |subject: bool| {
        let subject = if subject {
            "| X-Subject-Token | string | yes | The token to be looked at. |\n"
        } else {
            ""
        };
        format!(
            "### Request headers\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n\
             {subject}| X-Auth-Token | string | yes | A token. |\n\n### Status codes\n\n\
             | Status | Meaning |\n|---|---|\n| 200 | Found. |\n| 401 | No token. |\n\n"
        )
    };
    let page = format!(
        "# Tokens\n\n## Look at a token\n\n`GET /tokens`\n\n{}## List users\n\n`GET /users`\n\n{}",
        rows(true),
        rows(false)
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tokens.md"), page).unwrap();
    let server = Recorder::start(|request: &Received| {
        let is_known = request.header("x-auth-token") == Some("zK8-qTr3mPw9-LvXd");
        match request.target.as_str() {
            "/tokens" | "/users" if !is_known => (401, json!({})),
            "/tokens" if request.header("x-subject-token").is_none() => (401, json!({})),
            "/tokens" | "/users" if request.method != "GET" => (405, json!({})),
            "/tokens" | "/users" => (200, json!({})),
            _ => (404, json!({})),
        }
    });
    let arguments = ["run", "tokens.md", "--endpoint", server.url()];
    let told = docproof(
        folder.path(),
        arguments
            .into_iter()
            .chain(["--token", "zK8-qTr3mPw9-LvXd"]),
    );
    assert_eq!(told.code, 0, "{}", told.text());
}
