//! What a page documents is read, or told of as not read: nothing is lost without a word.

use docproof::internal::contract::compile;
use docproof::internal::derive::{Options, derive};
use docproof::internal::page;
use rstest::rstest;

/// The operations of a page: method and path, parameters with their places, whether it has a body;
/// then the kinds of what is reported.
fn told(text: &str) -> (Vec<String>, Vec<String>) {
    let page = page::read("p.md", text).unwrap();
    let derived = derive(&[page], &Options::default()).unwrap();
    let service = &derived.services[0];
    let compiled = compile(service).unwrap();
    let operations = compiled.iter().map(|operation| {
        let mut sent: Vec<String> = operation
            .parameters
            .iter()
            .map(|own| format!("{}:{}", own.location.as_str(), own.name))
            .collect();
        let body = operation.request_body.iter();
        let fields = body.flat_map(|body| body.schema.fields().collect::<Vec<_>>());
        sent.extend(fields.filter_map(|own| Some(format!("body:{}", own.path.last_name()?))));
        format!("{} {} {}", operation.method, operation.path, sent.join(" "))
    });
    let operations = operations.collect();
    let mut kinds: Vec<String> = service
        .documentation()
        .iter()
        .map(|finding| finding.kind.to_string())
        .filter(|kind| kind != "no-status" && kind != "path-parameter-without-row")
        .collect();
    kinds.dedup();
    (operations, kinds)
}

#[rstest]
#[case::a_table_right_below_a_tag(
    "# T\n\n## A\n\n<Route method=\"GET\">/a/{id}</Route>\n<table><tr><th>Name</th><th>In</th><th>Type</th></tr><tr><td>id</td><td>path</td><td>string</td></tr><tr><td>deep</td><td>query</td><td>boolean</td></tr></table>\n",
    &["GET /a/{id} path:id query:deep"], &[]
)]
#[case::a_tag_with_its_path_and_text_beside_it(
    "# T\n\n## A\n\n<Endpoint method=\"GET\" path=\"/a\" /> lists them.\n\n| Name | In | Type |\n|---|---|---|\n| deep | query | boolean |\n",
    &["GET /a query:deep"], &[]
)]
#[case::tags_beside_fences(
    "# T\n\n## A\n\n<Route method=\"GET\">/a</Route>\n\n## B\n\n```\nPOST /b\n```\n\n| Name | Type |\n|---|---|\n| name | string |\n",
    &["GET /a ", "POST /b body:name"], &[]
)]
#[case::a_cookie(
    "# T\n\n```\nPOST /a\n```\n\n| Name | In | Type |\n|---|---|---|\n| sid | cookie | string |\n| name | body | string |\n",
    &["POST /a body:name"], &["field-not-tried"]
)]
#[case::the_column_outweighs_the_label(
    "# T\n\n```\nPOST /a\n```\n\n### Query parameters\n\n| Name | In | Type |\n|---|---|---|\n| why | body | string |\n| deep | query | boolean |\n\n### Request body\n\n| Name | In | Type |\n|---|---|---|\n| far | query | boolean |\n| size | body | integer |\n",
    &["POST /a query:deep query:far body:why body:size"], &[]
)]
#[case::a_part_that_may_be_left_out(
    "# T\n\n```\nPOST /a/{id}[/{event}]\n```\n",
    &["POST /a/{id} path:id", "POST /a/{id}/{event} path:id path:event"], &[]
)]
#[case::a_part_that_may_be_left_out_of_what_is_read(
    "# T\n\n```\nGET /a/{id}[/{event}]\n```\n",
    &["GET /a/{id} path:id"], &["optional-path-not-tried"]
)]
#[case::a_part_of_the_path_is_not_sent_in_the_body(
    "# T\n\n```\nPOST /a/{id}(/:event)\n```\n\n| Name | Type | Description |\n|---|---|---|\n| event | string | The event. |\n| name | string | The name. |\n",
    &["POST /a/{id} path:id body:name", "POST /a/{id}/{event} path:id path:event body:name"], &[]
)]
#[case::a_part_of_the_path_may_be_sent_in_the_body(
    "# T\n\n```\nPOST /a(/:event)\n```\n\n| Name | Type | Description |\n|---|---|---|\n| event | string | The event. This can also be part of the URL. |\n",
    &["POST /a body:event"], &["optional-path-not-tried"]
)]
#[case::a_table_below_a_sentence_about_the_answer(
    "# T\n\n## A\n\n`POST /a`\n\nOn success you get back:\n\n| Field | Type |\n|---|---|\n| id | string |\n",
    &["POST /a "], &[]
)]
#[case::a_table_of_something_else(
    "# T\n\n## A\n\n`POST /a`\n\nRequired permissions:\n\n| Field | Type |\n|---|---|\n| admin | string |\n",
    &["POST /a "], &["table-without-place"]
)]
#[case::a_table_below_a_label_of_something_else(
    "# T\n\n## A\n\n`GET /a`\n\n**Permissions**\n\n| Field | Type |\n|---|---|\n| admin | string |\n",
    &["GET /a "], &["table-without-place"]
)]
#[case::a_table_of_an_object(
    "# T\n\n## A\n\n`POST /a`\n\nA widget looks like this:\n\n| Field | Type |\n|---|---|\n| id | string |\n",
    &["POST /a "], &["table-without-place"]
)]
#[case::a_table_below_a_sentence_about_the_request(
    "# T\n\n## A\n\n`POST /a`\n\nThe following fields can be set:\n\n| Field | Type |\n|---|---|\n| id | string |\n",
    &["POST /a body:id"], &[]
)]
#[case::a_table_that_no_row_names(
    "# T\n\n## A\n\n`POST /a`\n\n### Request body\n\n| Name | Type |\n|---|---|\n| tags | array |\n\n### Webhook\n\n| Name | Type |\n|---|---|\n| event | string |\n",
    &["POST /a body:tags"], &["table-without-place"]
)]
#[case::a_table_whose_heading_names_a_row(
    "# T\n\n## A\n\n`POST /a`\n\n### Request body\n\n| Name | Type |\n|---|---|\n| tags | array |\n\n### Structure of a tag\n\n| Name | Type |\n|---|---|\n| event | string |\n",
    &["POST /a body:tags body:event"], &[]
)]
#[case::a_caption_that_is_the_answers(
    "<h1>T</h1><h2>A</h2><pre>GET /a</pre><table><caption>Query parameters</caption><tr><th>Name</th><th>Type</th></tr><tr><td>name</td><td>string</td></tr></table><table><caption>Table 2. Response</caption><tr><th>Name</th><th>Type</th></tr><tr><td>id</td><td>string</td></tr></table>",
    &["GET /a query:name"], &[]
)]
#[case::a_payload_that_is_answered(
    "# T\n\n## A\n\n`GET /a`\n\n#### Payload\n\n| key | type |\n|---|---|\n| items | list |\n\n**Example response:**\n\n```json\n{\"items\": []}\n```\n",
    &["GET /a "], &[]
)]
#[case::a_payload_of_neither_side(
    "# T\n\n## A\n\n`GET /a`\n\n#### Payload\n\n| key | type |\n|---|---|\n| items | list |\n",
    &["GET /a "], &["table-without-place"]
)]
#[case::an_object_that_a_section_links_to(
    "# T\n\n## A\n\n`GET /a`\n\n### Response body\n\nThe created [Task](#task).\n\n## Task\n\n| Name | Type |\n|---|---|\n| id | string |\n",
    &["GET /a "], &[]
)]
#[case::a_list_that_nothing_shows(
    "# T\n\n## A\n\n`GET /a`\n\nReturns a list of [Task](#task) objects.\n\n## Task\n\n| Name | Type |\n|---|---|\n| id | string |\n",
    &["GET /a "], &["section-without-table", "table-without-place"]
)]
#[case::a_list_that_an_example_shows(
    "# T\n\n## A\n\n`GET /a`\n\nReturns a list of [Task](#task) objects.\n\n### Response example\n\n```json\n[{\"id\": \"a\"}]\n```\n\n## Task\n\n| Name | Type |\n|---|---|\n| id | string |\n",
    &["GET /a "], &[]
)]
#[case::a_method_that_is_not_known(
    "# T\n\n## A\n\n`PURGE /a`\n\n| Name | Type |\n|---|---|\n| deep | string |\n\n## B\n\n`GET /b`\n",
    &["GET /b "], &["operation-not-read"]
)]
#[case::a_call_of_another_method(
    "# T\n\n## A\n\n`GET /a`\n\n```\ncurl -X PUT https://a.example/a -d '{}'\n```\n",
    &["GET /a "], &["example-not-read"]
)]
#[case::twice(
    "# T\n\n## A\n\n```\nPOST /a\n```\n\n| Name | Type |\n|---|---|\n| b | string |\n\n## C\n\n```\nPOST /a\n```\n\n| Name | Type |\n|---|---|\n| c | string |\n| d | string |\n",
    &["POST /a body:c body:d"], &["operation-not-read"]
)]
#[case::a_header_among_an_answers_fields(
    "# T\n\n```\nGET /a\n```\n\n### Response\n\n| Name | In | Type |\n|---|---|---|\n| Location | header | string |\n| id | body | string |\n",
    &["GET /a "], &[]
)]
fn nothing_of_a_page_is_lost_without_a_word(
    #[case] text: &str,
    #[case] operations: &[&str],
    #[case] kinds: &[&str],
) {
    let (found, reported) = told(text);
    assert_eq!(found, operations);
    assert_eq!(reported, kinds);
}
