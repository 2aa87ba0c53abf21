//! Pages and an OpenAPI document of the same operations: where the two disagree.

use std::path::Path;

use rstest::rstest;
use serde_json::Value;

use super::support::{Told, docproof};

const PAGE: &str = include_str!("../fixtures/beside/parcels.md");
const DOCUMENT: &str = include_str!("../fixtures/beside/openapi.yaml");

/// A folder with the page, and the document after some replacements.
fn folder(changes: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut text = DOCUMENT.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "no {from}");
        text = text.replace(from, to);
    }
    std::fs::write(folder.path().join("parcels.md"), PAGE).unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), text).unwrap();
    folder
}

fn diff(folder: &Path, more: &[&str]) -> Told {
    docproof(
        folder,
        [&["diff", "parcels.md", "openapi.yaml"], more].concat(),
    )
}

/// One replacement for each kind of disagreement.
const SEEDS: &[(&str, &str)] = &[
    (
        "weight: { type: integer, format: int32",
        "weight: { type: string",
    ),
    ("enum: [fast, slow]", "enum: [fast, slow, now]"),
    ("maxLength: 40, description", "maxLength: 64, description"),
    ("required: [label, weight]", "required: [label]"),
    (
        "        - { name: offset, in: query, schema: { type: integer, minimum: 0 } }\n",
        "",
    ),
    ("'202':", "'200':"),
    (
        "    delete:\n      operationId: deleteParcel",
        "    put:\n      operationId: replaceParcel",
    ),
];

#[test]
fn pages_and_document_that_agree_in_other_words_agree() {
    let folder = folder(&[]);
    for arguments in [
        ["diff", "parcels.md", "openapi.yaml"],
        ["diff", "openapi.yaml", "parcels.md"],
        ["lint", "parcels.md", "openapi.yaml"],
    ] {
        let told = docproof(folder.path(), arguments);
        assert_eq!(told.code, 0, "{}", told.text());
    }
}

#[test]
fn each_disagreement_is_told_with_its_row_and_pointer() {
    let folder = folder(SEEDS);
    let told = diff(folder.path(), &[]);
    insta::assert_snapshot!("beside-diff", told.seen());
    let told = diff(folder.path(), &["--format", "markdown"]);
    insta::assert_snapshot!("beside-markdown", told.seen());
    let told = docproof(folder.path(), ["lint", "parcels.md", "openapi.yaml"]);
    insta::assert_snapshot!("beside-lint", told.seen());
}

#[rstest]
#[case::text_type(
    "express: { type: boolean }",
    "express: { type: string }",
    "`express`: type boolean in the pages, string in the document"
)]
#[case::number_type(
    "total: { type: integer }",
    "total: { type: number }",
    "`total` of the answer 200: type integer in the pages, number in the document"
)]
#[case::value_less(
    "enum: [fast, slow]",
    "enum: [slow]",
    "`speed`: value `fast` in the pages alone"
)]
#[case::value_other(
    "State: { type: string, enum: [open, sent, lost] }",
    "State: { type: string, enum: [open, sent, gone] }",
    "query parameter `state`: value `lost` in the pages alone, `gone` in the document alone"
)]
#[case::length(
    "maxLength: 200",
    "maxLength: 100",
    "`to`: maxLength 200 in the pages, 100 in the document"
)]
#[case::count(
    "maxItems: 5",
    "maxItems: 6",
    "`tags`: maxItems 5 in the pages, 6 in the document"
)]
#[case::bound(
    "maximum: 100, default",
    "maximum: 500, default",
    "query parameter `limit`: maximum 100 in the pages, 500 in the document"
)]
#[case::exclusive_bound(
    "exclusiveMinimum: true, minimum: 0",
    "exclusiveMinimum: true, minimum: 1",
    "`weight`: minimum 1 in the pages, 2 in the document"
)]
#[case::default(
    "default: slow",
    "default: fast",
    "`speed`: default slow in the pages, fast in the document"
)]
#[case::format(
    "format: date-time",
    "format: date",
    "`created_at` of the answer 201: format yyyy-MM-ddTHH:mm:ss[Z] in the pages, date in the document"
)]
#[case::mandatory(
    "required: [to]",
    "required: [to, express]",
    "`express` is optional in the pages and mandatory in the document"
)]
#[case::field(
    "                fragile: { type: boolean, nullable: true }\n",
    "",
    "`fragile` stands in the pages and not in the document"
)]
#[case::answered_field(
    "total: { type: integer }",
    "total: { type: integer }\n                  next: { type: string }",
    "`next` of the answer 200 stands in the document and not in the pages"
)]
#[case::parameter(
    "{ name: offset,",
    "{ name: skip,",
    "query parameter `skip` stands in the document and not in the pages"
)]
#[case::status(
    "        '409': { $ref: '#/components/responses/Refused' }\n",
    "",
    "status 409 stands in the pages and not in the document"
)]
#[case::operation_less(
    "    delete:\n      operationId: deleteParcel",
    "    x-delete:\n      operationId: deleteParcel",
    "DELETE /v1/parcels/{parcel_id} stands in the pages and not in the document"
)]
#[case::operation_more(
    "    delete:\n",
    "    put:\n      responses: { '204': { description: Done } }\n    delete:\n",
    "PUT /v1/parcels/{id} stands in the document and not in the pages"
)]
fn a_disagreement_of_each_kind_is_found(
    #[case] from: &str,
    #[case] to: &str,
    #[case] expected: &str,
) {
    let folder = folder(&[(from, to)]);
    let told = diff(folder.path(), &["--format", "json"]);
    assert_eq!(told.code, 1, "{}", told.text());
    let report: Value = serde_json::from_str(&told.out).unwrap();
    let found = report["disagreements"].as_array().unwrap();
    let messages: Vec<&str> = found
        .iter()
        .filter_map(|one| one["message"].as_str())
        .collect();
    assert!(messages.contains(&expected), "{messages:#?}");
    for one in found {
        let row = one["pages"][0]["line"].as_u64();
        let pointer = one["document"][0]["pointer"].as_str();
        assert!(row.is_some() || pointer.is_some(), "{one:#}");
    }
}

#[rstest]
#[case::no_bound("maxLength: 40, description", "description")]
#[case::no_values(
    "speed: { type: string, enum: [fast, slow], default: slow }",
    "speed: { type: string }"
)]
#[case::more_bound("to: { type: string,", "to: { type: string, pattern: '^.+$',")]
#[case::class(
    "        '404': { $ref: '#/components/responses/Refused' }\n    patch",
    "        4XX: { $ref: '#/components/responses/Refused' }\n    patch"
)]
#[case::failure_of_the_service(
    "        '204': { description: Gone }",
    "        '204': { description: Gone }\n        '500': { description: Broken }"
)]
#[case::null(
    "express: { type: boolean }",
    "express: { type: boolean, nullable: true }"
)]
#[case::width(
    "weight: { type: integer, format: int32",
    "weight: { type: integer, format: int64"
)]
#[case::base(
    "  - url: https://depot.example.com/v1",
    "  - url: https://depot.example.com/api/v1"
)]
fn what_only_one_of_them_says_is_no_disagreement(#[case] from: &str, #[case] to: &str) {
    let folder = folder(&[(from, to)]);
    let told = diff(folder.path(), &[]);
    assert_eq!(told.code, 0, "{}", told.text());
}

/// Each of the two tells when a parcel was made in the answer to the create alone: the mock's own
/// time has to be that of its clock.
#[rstest]
#[case("parcels.md")]
#[case("openapi.yaml")]
fn each_alone_makes_a_suite_that_its_own_mock_passes(#[case] source: &str) {
    let folder = folder(&[]);
    for arguments in [
        vec!["init", "suite", source],
        vec!["run", "--suite", "suite"],
    ] {
        let told = docproof(folder.path(), arguments);
        assert_eq!(told.code, 0, "{told:?}");
    }
}

/// A page without columns of types or presence, that tells one thing in a table and others in
/// sentences and an example.
const TERSE: &str = r#"# Books

Requests without a valid token are answered with 401.

## Create a book

`POST /books`

The header `X-Tenant` names the tenant.

Parameters:

| Field | Description |
|---|---|
| title | The title. |
| address.city | Where it is. |
| tags[] | Its tags. |

Example:

```json
{"title": "Emma", "price": 9.5, "shelf_mark": "E1"}
```

Response fields:

| Field | Description |
|---|---|
| id | The id. |
| title | The title. |

```json
{"id": 1, "title": "Emma"}
```

| Status | Meaning |
|---|---|
| 201 | Created |
| 422 | Invalid |

## Show a book

`GET /books/{book_id}`

| Status | Meaning |
|---|---|
| 200 | The book |
| 404 | No such book |
"#;

/// What a document says of the same.
const FULL: &str = r"openapi: 3.0.3
info: { title: books, version: '1' }
paths:
  /books:
    post:
      operationId: createBook
      parameters:
        - { name: X-Tenant, in: header, required: true, schema: { type: string } }
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [title, price]
              properties:
                title: { type: integer }
                price: { type: number }
                shelf_mark: { type: string }
                address: { type: object, properties: { city: { type: string } } }
                tags: { type: array, items: { type: string } }
      responses:
        '201':
          description: Made.
          content:
            application/json:
              schema:
                type: object
                required: [id, title]
                properties: { id: { type: integer }, title: { type: string } }
        '401': { description: No. }
        '422': { description: No. }
  /books/{book_id}:
    get:
      operationId: showBook
      parameters:
        - { name: book_id, in: path, required: true, schema: { type: integer } }
      responses:
        '200': { description: One. }
        '401': { description: No. }
        '404': { description: No. }
";

#[rstest]
#[case::as_it_is(("", ""), None)]
#[case::a_status_that_no_sentence_has(
    ("        '422': { description: No. }", "        '422': { description: No. }\n        '409': { description: No. }"),
    Some("status 409 stands in the document and not in the pages")
)]
#[case::a_field_that_no_example_has(
    ("shelf_mark:", "shelf_size:"),
    Some("`shelf_size` stands in the document and not in the pages")
)]
#[case::a_header_that_no_sentence_has(
    ("X-Tenant", "X-Owner"),
    Some("header parameter `X-Owner` stands in the document and not in the pages")
)]
fn only_what_a_page_states_is_compared(
    #[case] (from, to): (&str, &str),
    #[case] expected: Option<&str>,
) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("books.md"), TERSE).unwrap();
    std::fs::write(folder.path().join("books.yaml"), FULL.replacen(from, to, 1)).unwrap();
    let told = docproof(
        folder.path(),
        ["diff", "books.md", "books.yaml", "--format", "json"],
    );
    let report: Value = serde_json::from_str(&told.out).unwrap();
    let found = report["disagreements"].as_array().unwrap();
    let messages: Vec<&str> = found
        .iter()
        .filter_map(|one| one["message"].as_str())
        .collect();
    assert_eq!(messages, expected.into_iter().collect::<Vec<_>>());
}
