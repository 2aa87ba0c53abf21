//! Kinds of pages that other projects publish: what each says, and nothing else, is read.

use docproof::internal::contract::Service;
use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

fn derived(text: &str) -> Derived {
    let page = page::read("p.md", text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

/// What is said of a page.
fn said(derived: &Derived) -> Vec<String> {
    let findings = derived.services.iter().flat_map(Service::documentation);
    findings.map(|own| own.message.clone()).collect()
}

#[test]
fn a_table_with_requiredness_behind_an_answer_is_of_the_request() {
    let text = "# Policies\n\n## Create a policy\n\n```shell\ncurl \"https://x.example/policies\" \
                --request POST --data '{\"chain\": \"F5\"}'\n```\n\nThe above command returns JSON \
                structured in the following way:\n\n```json\n{\"id\": \"E3\", \"chain\": \"F5\"}\n```\n\n\
                | Parameter | Required | Description |\n|---|---|---|\n| `chain` | Yes | The chain. |\n\
                | `note` | Optional | A note. |\n\n**HTTP request**\n\n`POST /policies`\n";
    assert_eq!(
        fields(&derived(text)),
        [
            "POST /policies",
            "request.chain* any",
            "request.note any",
            "2XX.id string",
            "2XX.chain string",
        ]
    );
}

#[test]
fn a_label_names_the_field_that_a_table_describes() {
    let head = "| key | type | optional |\n|---|---|---|\n";
    let text = format!(
        "# Network\n\n## POST /network\n\n**Payload:**\n\n{head}| ipv6 | dict | True |\n\
         | ipv4 | dict | True |\n\n**ipv6:**\n\n{head}| address | list | True |\n\n**ipv4:**\n\n\
         {head}| method | string | True |\n"
    );
    assert_eq!(
        fields(&derived(&text)),
        [
            "POST /network",
            "request.ipv6 object",
            "request.ipv6.address array",
            "request.ipv6.address[] any",
            "request.ipv4 object",
            "request.ipv4.method string",
        ]
    );
}

#[rstest]
#[case::sent("{\"labels\": [3, 4]}", &["id"])]
#[case::of_either("{\"id\": 3}", &["id"])]
fn an_example_before_the_answer_is_not_the_answer(
    #[case] example: &str,
    #[case] expected: &[&str],
) {
    let text = format!(
        "# Labels\n\n## Add a label\n\n```\nPOST /labels\n```\n\n### Example\n\n```json\n{example}\n\
         ```\n\n### Response\n\n```\nStatus: 200 OK\n```\n\n```json\n{{\"id\": 3}}\n```\n"
    );
    let found = fields(&derived(&text));
    let answered: Vec<&str> = found
        .iter()
        .filter_map(|line| line.strip_prefix("200."))
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(answered, expected, "{found:?}");
}

#[test]
fn a_label_of_an_answer_keeps_the_status_of_its_heading() {
    let text = "# Accounts\n\n```http\nGET /accounts HTTP/1.1\n```\n\n#### Response\n##### 200: OK\n\n\
                Sample output:\n\n```json\n[{\"id\": \"1\"}]\n```\n\n##### 401: Unauthorized\n\nSample \
                response for some:\n\n```json\n{\"error\": \"No.\"}\n```\n";
    let found = fields(&derived(text));
    let answered: Vec<&String> = found
        .iter()
        .filter(|line| line.starts_with("200"))
        .collect();
    assert_eq!(answered, ["200[] object", "200[].id string"], "{found:?}");
}

#[rstest]
#[case::examples("A code, e.g. `\"USD\"` or `\"EUR\"`.", false)]
#[case::examples_without_marks("A code, e.g. \"USD\" or \"EUR\".", false)]
#[case::units("A duration. Units can be `ms`, `s` or `m`.", false)]
#[case::signs(
    "Prepend with `-` to sort descending. Valid values are `created`, `name`.",
    true
)]
#[case::glued("Enumeration values:redgreen", false)]
#[case::listed("Enumeration values: red, green", true)]
fn some_values_are_not_all(#[case] description: &str, #[case] is_list: bool) {
    let text = format!(
        "# X\n\n`POST /x`\n\n### Body\n\n| Name | Type | Description |\n|---|---|---|\n\
         | a | string | {description} |\n"
    );
    let found = fields(&derived(&text));
    let field = found.iter().find(|line| line.starts_with("request.a"));
    assert_eq!(field.unwrap().contains("enum="), is_list, "{found:?}");
}

#[test]
fn values_of_a_list_are_its_items() {
    let text = "# X\n\n`POST /x`\n\n### Body\n\n| Name | Type | Description |\n|---|---|---|\n\
                | days | array of integers | The days. Valid values are `1` to `31`. |\n";
    let found = fields(&derived(text));
    assert!(!found.join(" ").contains("Items="), "{found:?}");
}

#[test]
fn the_type_of_a_bullet_may_be_a_link() {
    let text = "# Jobs\n\n`GET /jobs/{id}`\n\n### Response fields\n\n* `job` ([job](#the-job)) - \
                One.\n* `count` (integer) - How many.\n\n### The job\n\n| Field | Type |\n|---|---|\n\
                | name | string |\n";
    assert_eq!(
        fields(&derived(text)),
        [
            "GET /jobs/{id}",
            "path.id* string",
            "2XX.job object",
            "2XX.job.name string",
            "2XX.count integer",
        ]
    );
}

#[rstest]
#[case("The call takes one mandatory `folder` parameter.", &["folder"])]
#[case("Add the parameter `since=<id>` for those behind it.", &["since"])]
#[case("The `events` parameter is not used.", &[])]
#[case("The `id` parameter is that of the job.", &[])]
fn parameters_that_only_sentences_name_are_told(#[case] sentence: &str, #[case] expected: &[&str]) {
    let text = format!("# Jobs\n\n## GET /jobs/{{id}}\n\n{sentence}\n");
    let derived = derived(&text);
    let told: Vec<String> = said(&derived)
        .into_iter()
        .filter(|message| message.contains("speaks of the parameter"))
        .collect();
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for (message, name) in told.iter().zip(expected) {
        assert!(message.contains(&format!("`{name}`")), "{message}");
    }
}

#[test]
fn cells_that_a_converter_tore_are_put_together() {
    let text = "# X\n\n`GET /x`\n\n### Query parameters\n\n\
                Parameter| Mandatory| Type| Description\n---|---|---|---\n\
                mode| No| String| The mode. Values:\n\n  * fast\n  * slow\n\nDefault value: fast  \n\
                size| No| Integer| How large, from 1 to\n9.  \n";
    assert_eq!(
        fields(&derived(text)),
        [
            "GET /x",
            "query.mode string enum=[\"fast\",\"slow\"] default=\"fast\"",
            "query.size integer minimum=1 maximum=9",
        ]
    );
}
