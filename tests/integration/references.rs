//! Pages in the forms that generators of references give them, from page to contract: what each
//! documents, and nothing else.

use docproof::internal::contract::compile;
use docproof::internal::derive::{Options, derive};
use docproof::internal::page;
use rstest::rstest;

/// What a page documents: of each operation its parameters, the fields of its body and of each
/// answer, what must be sent with a star; then the kinds of what is left out.
fn told(name: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let page = page::read(name, text).unwrap();
    let derived = derive(&[page], &Options::default()).unwrap();
    let service = &derived.services[0];
    let star = |is_required: bool| if is_required { "*" } else { "" };
    let operations = compile(service).unwrap();
    let told = operations.iter().map(|operation| {
        let mut parts = vec![format!("{} {}", operation.method, operation.path)];
        parts.extend(operation.parameters.iter().map(|own| {
            let place = own.location.as_str();
            format!(
                "{place}:{}{}",
                own.name,
                star(own.required && place != "path")
            )
        }));
        let body = operation.request_body.iter();
        parts.extend(body.flat_map(|body| {
            let fields = body.schema.fields();
            fields
                .filter(|field| field.path.last_name().is_some())
                .map(|field| format!("body:{}{}", field.path, star(field.required)))
                .collect::<Vec<_>>()
        }));
        parts.extend(operation.responses.iter().map(|response| {
            let fields: Vec<String> = response
                .schema
                .iter()
                .flat_map(|schema| {
                    let fields = schema.fields();
                    fields
                        .filter(|field| field.path.last_name().is_some())
                        .map(|field| field.path.to_string())
                        .collect::<Vec<_>>()
                })
                .collect();
            format!("{}({})", response.status, fields.join(" "))
        }));
        parts.join(" ")
    });
    let told = told.collect();
    let mut kinds: Vec<String> = service
        .documentation()
        .iter()
        .filter(|finding| finding.is_left_out() || finding.kind.as_str() == "version-not-tried")
        .map(|finding| finding.kind.to_string())
        .collect();
    kinds.dedup();
    (told, kinds)
}

/// The head of an operation as os-api-ref renders it.
fn head(method: &str, path: &str, title: &str) -> String {
    format!(
        "<section class=\"detail-control\" id=\"o\"><div class=\"operation-grp\"><a name=\"o\" href=\"#o\"></a>\
         <span class=\"badge label-{method}\">{method}</span></div>\n<div class=\"endpoint-container\">\
         <div class=\"endpoint-url\">{path}</div><p class=\"url-subtitle\">{title}</p></div>\
         <button>detail</button></section>\n"
    )
}

/// A table of fields as Sphinx renders it: name, place, type, description.
fn fields(rows: &[[&str; 4]]) -> String {
    let cells = |row: &[&str; 4], tag: &str| {
        row.map(|cell| format!("<{tag}><p>{cell}</p></{tag}>"))
            .concat()
    };
    let header = cells(&["Name", "In", "Type", "Description"], "th");
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("<tr>{}</tr>\n", cells(row, "td")))
        .collect();
    format!(
        "<table><thead><tr>{header}</tr></thead>\n<tbody>{}</tbody></table>\n",
        rows.concat()
    )
}

#[test]
fn operations_of_rendered_references_are_read_each_with_its_own_parts() {
    let page = [
        "<html><body><h1>Racks</h1><h2>Shelves</h2><p>The body of a <code>PUT /racks/{rack}</code> is kept.</p>\n",
        &head("GET", "/shelves", "List shelves"),
        "<section class=\"api-detail\"><p>Lists them.</p><p>Normal response codes: 200</p><p>Error response codes: \
         badRequest(400)</p>\n<section><h3>Request</h3>",
        &fields(&[["rack", "query", "string", "The rack."], ["limit (Optional)", "query", "integer", "How many."]]),
        "</section><section><h3>Response</h3><section><h4>Parameters</h4>",
        &fields(&[
            ["shelves", "body", "array", "The shelves."],
            ["id", "body", "string", "The id."],
            ["note (Optional)", "body", "string", "A note."],
        ]),
        "</section><section><h4>Example</h4><pre>{\"shelves\": [{\"id\": \"s1\", \"note\": \"n\"}]}</pre></section></section></section>\n",
        &head("DELETE", "/shelves/{shelf}", "Delete a shelf"),
        "<section class=\"api-detail\"><p>Normal response codes: 202</p><section><h3>Request</h3>",
        &fields(&[["shelf", "path", "string", "The shelf."], ["reason", "body", "string", "Why."]]),
        "</section><section><h3>Response</h3><section><h4>Parameters</h4>",
        &fields(&[["Location", "header", "string", "Where."], ["task", "body", "string", "The task."]]),
        "</section></section></section></body></html>",
    ]
    .concat();
    let (operations, left_out) = told("p.html", &page);
    assert_eq!(
        operations,
        [
            "GET /shelves query:rack* query:limit 200(shelves shelves[].id shelves[].note) 400()",
            "DELETE /shelves/{shelf} path:shelf body:reason* 202(task)",
        ]
    );
    assert!(
        !left_out.contains(&"table-without-place".to_owned()),
        "{left_out:?}"
    );
}

#[rstest]
#[case::in_one_block(
    "<div><span class=\"verb\">GET</span><span>/racks</span></div><h3>Response</h3>",
    "GET /racks 200()"
)]
#[case::in_blocks_of_their_own(
    "<div><div>GET</div><div>/racks</div></div><h3>Response</h3>",
    "GET /racks 200()"
)]
fn method_and_path_in_neighbouring_elements_are_a_target(
    #[case] target: &str,
    #[case] expected: &str,
) {
    let page = format!(
        "<html><body><h1>Racks</h1><h2>List racks</h2>{target}<p>Normal response codes: 200</p></body></html>"
    );
    assert_eq!(told("p.html", &page).0, [expected]);
}

/// Grid tables as a generator of references writes them.
const GENERATED: &str = "\
====
Pots
====

The API is hosted under the ``/api`` route. For example, send a POST request to ``/api/1.0/pots/find``.

.. _potsCreate:

Create pot
==========

+-------------------+-------------+
|     Endpoint      | HTTP Method |
+===================+=============+
| ``1.0/pots/make`` | ``POST``    |
+-------------------+-------------+

Makes a pot.

Request Structure
-----------------

+------------+-----------------------+-------------------------+
| Field Name |         Type          |       Description       |
+============+=======================+=========================+
| name       | ``STRING``            | The name.               |
|            |                       | This field is required. |
+------------+-----------------------+-------------------------+

Response Structure
------------------

+------------+------------+-------------+
| Field Name |    Type    | Description |
+============+============+=============+
| pot_id     | ``STRING`` | The id.     |
+------------+------------+-------------+
";

#[test]
fn generated_grids_stand_below_the_base_that_the_page_states() {
    assert_eq!(
        told("p.rst", GENERATED).0,
        ["POST /api/1.0/pots/make body:name* 2XX(pot_id)"]
    );
}

/// Sections of attributes, and an exchange in one block.
const ATTRIBUTES: &str = "\
Lids
####

PUT /v1/lids/{id}
*****************

Request Attributes
==================

+----------------+--------+-----------------------+
| Attribute Name | Type   | Description           |
+================+========+=======================+
| lid            | object | The lid.              |
+----------------+--------+-----------------------+
| colour         | string | (optional) The colour |
+----------------+--------+-----------------------+

Request/Response:
=================

.. code-block:: javascript

   Request:

   PUT /v1/lids/7
   Headers:
       X-Trace: 1

   {\"lid\": {\"colour\": \"red\"}}

   Response:

   201 Created

   {\"lid\": {\"id\": \"7\"}}

Response Attributes
===================

+------+--------+-------------+
| Name | Type   | Description |
+======+========+=============+
| lid  | object | The lid.    |
+------+--------+-------------+
| id   | string | The id.     |
+------+--------+-------------+

HTTP Status Codes
=================

+------+-------------+
| Code | Description |
+======+=============+
| 201  | Made.       |
+------+-------------+
";

#[test]
fn both_sides_of_an_exchange_in_one_block_are_told_apart() {
    assert_eq!(
        told("p.rst", ATTRIBUTES).0,
        ["PUT /v1/lids/{id} path:id body:lid body:lid.colour 201(lid lid.id)"]
    );
}

/// A page of one operation with a flat request table and an example.
fn flat(rows: &[(&str, &str, &str)], example: &str) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|(name, kind, text)| format!("| {name} | {kind} | {text} |\n"))
        .collect();
    format!(
        "# Bags\n\n## Pack a bag\n\n```\nPOST /bags\n```\n\n### Request\n\n| Name | Type | Description |\n|---|---|---|\n{}\n\
         ### Request example\n\n```json\n{example}\n```\n\n### Response\n\nNormal response codes: 200\n",
        rows.concat()
    )
}

#[rstest]
#[case::an_object(
    &[("bag", "object", "The bag."), ("name", "string", "The name."), ("size", "integer", "How large.")],
    r#"{"bag": {"name": "b"}}"#,
    "body:bag body:bag.name body:bag.size", &[]
)]
#[case::a_list(
    &[("bags", "array", "The bags."), ("name", "string", "The name.")],
    r#"{"bags": [{"name": "b"}]}"#,
    "body:bags body:bags[].name", &[]
)]
#[case::keyed_by_an_id(
    &[("bags", "object", "The bags, keyed by their ids."), ("name", "string", "The name."), ("note", "string", "A note.")],
    r#"{"bags": {"red one": {"name": "b"}}, "note": "n"}"#,
    "body:bags body:note body:bags.*.name", &[]
)]
#[case::keys_that_are_ids(
    &[("bags", "object", "The bags."), ("name", "string", "The name.")],
    r#"{"bags": {"0a1b2c3d-0000-4000-8000-00000000000f": {"name": "b"}}}"#,
    "body:bags body:bags.*.name", &[]
)]
#[case::deeper_and_out_of_order(
    &[("name", "string", "The name."), ("owner", "object", "The owner."), ("bag", "object", "The bag.")],
    r#"{"bag": {"owner": {"name": "b"}}}"#,
    "body:bag body:bag.owner body:bag.owner.name", &[]
)]
#[case::as_flat_as_its_table(
    &[("name", "string", "The name."), ("labels", "object", "Labels."), ("size", "integer", "How large.")],
    r#"{"name": "b", "labels": {"a": "b"}, "size": 3}"#,
    "body:name body:labels body:size", &[]
)]
#[case::the_top_outweighs(
    &[("bag", "object", "The bag."), ("id", "string", "The id."), ("name", "string", "The name.")],
    r#"{"id": "i", "bag": {"id": "j", "name": "b"}}"#,
    "body:bag body:id body:bag.name", &[]
)]
#[case::in_two_places(
    &[("bag", "object", "The bag."), ("owner", "object", "The owner."), ("size", "integer", "How large."), ("id", "string", "The id.")],
    r#"{"bag": {"id": "j", "size": 1}, "owner": {"id": "k"}}"#,
    "body:bag body:owner body:bag.size", &["row-without-place"]
)]
#[case::a_text_holds_nothing(
    &[("bag", "string", "The bag."), ("name", "string", "The name.")],
    r#"{"bag": {"name": "b"}}"#,
    "body:bag body:name", &[]
)]
fn the_example_shows_where_rows_stand(
    #[case] rows: &[(&str, &str, &str)],
    #[case] example: &str,
    #[case] expected: &str,
    #[case] left_out: &[&str],
) {
    let (operations, kinds) = told("p.md", &flat(rows, example));
    let mut found: Vec<&str> = operations[0]
        .split(' ')
        .filter(|part| part.starts_with("body:"))
        .collect();
    let mut expected: Vec<&str> = expected.split(' ').collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(kinds, left_out);
}

#[test]
fn of_several_versions_the_newest_is_read() {
    let page = "# Hats\n\n## Rename a hat (versions 1.2 - 1.6)\n\n```\nPUT /hats/{hat}\n```\n\n### Request\n\n\
        | Name | In | Type | Description |\n|---|---|---|---|\n| name | body | string | The name. |\n| old | body | string | The old one. |\n\n\
        ## Make a hat\n\n```\nPUT /hats/{hat}\n```\n\n\
        Normal response codes: 200 (versions 1.7 - 1.19), 201 (versions 1.20 - )\n\n\
        ### Request\n\n| Name | In | Type | Description |\n|---|---|---|---|\n| hat | path | string | The hat. |\n\n\
        ### Response (versions 1.7 - 1.19)\n\n| Name | In | Type | Description |\n|---|---|---|---|\n| gone | body | string | No more. |\n\n\
        ### Response (versions 1.20 - )\n\n| Name | In | Type | Description |\n|---|---|---|---|\n| id | body | string | The id. |\n";
    let (operations, kinds) = told("p.md", page);
    assert_eq!(operations, ["PUT /hats/{hat} path:hat 201(id)"]);
    assert_eq!(kinds, ["version-not-tried", "operation-not-read"]);
}

/// A page of three operations, of which two say a sentence in place of a body.
fn said_of_the_body(put: &str, patch: &str) -> Vec<String> {
    let page = format!(
        "# Boats\n\n## Add a boat\n\n`POST /boats`\n\n| Body field | Type | Required |\n|---|---|---|\n\
         | name | string | yes |\n| berth | integer | no |\n\nReturns `201 Created`.\n\n\
         ## Replace a boat\n\n`PUT /boats/{{id}}`\n\n{put}\n\nReturns `204 No Content`.\n\n\
         ## Change a boat\n\n`PATCH /boats/{{id}}`\n\n{patch}\n\nReturns `204 No Content`.\n"
    );
    let (told, _) = told("p.md", &page);
    let bodies = told.iter().map(|one| {
        let fields = one.split(' ').filter(|part| part.starts_with("body:"));
        let method = one.split(' ').next().unwrap_or_default();
        let fields: Vec<&str> = fields.collect();
        format!("{method} {}", fields.join(" "))
    });
    bodies.collect()
}

#[rstest]
#[case::as_another(
    "Takes the same body as *Add a boat*; what is left out gets its default.",
    "The body is that of [Add a boat](#add-a-boat).",
    &["PATCH body:name body:berth", "POST body:name* body:berth", "PUT body:name* body:berth"]
)]
#[case::as_none_that_there_is("Takes the same body as *Add a ship*.", "", &["PATCH ", "POST body:name* body:berth", "PUT "])]
#[case::of_an_answer("Returns the same fields as Add a boat.", "", &["PATCH ", "POST body:name* body:berth", "PUT "])]
fn a_body_is_told_by_another_operation(
    #[case] put: &str,
    #[case] patch: &str,
    #[case] expected: &[&str],
) {
    let mut told = said_of_the_body(put, patch);
    told.sort();
    assert_eq!(told, expected);
}
