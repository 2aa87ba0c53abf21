//! OpenAPI documents that cannot be used: what is wrong, where, and what to do, within bounds of
//! time and memory.

use std::time::{Duration, Instant};

use rstest::rstest;

use super::support::{Told, docproof};

/// A document of one operation whose answer has a schema.
const DOCUMENT: &str = "\
openapi: 3.0.3
info: { title: Doors, version: '1' }
paths:
  /doors:
    get:
      operationId: listDoors
      responses:
        '200':
          description: All
          content:
            application/json:
              schema: {}
";

/// The longest that a refusal may take, on a busy machine and without optimisation.
const LONGEST: Duration = Duration::from_secs(30);

const SCHEMA: &str = "/paths/~1doors/get/responses/200/content/application~1json/schema";

const BY_REFERENCE: &str = "hint: a `$ref` leads to a place of the document, or to a file in its folder or below; nothing is \
                            fetched: lay the file beside the document";
const BY_ROUND: &str =
    "hint: let one of the schemas or parts on the way say what it is, instead of referring on";
const BY_TEXT: &str = "hint: mend the text; a JSON or YAML checker shows the place too";
const BY_VERSION: &str = "hint: read are OpenAPI 3.0, 3.1 and 3.2 (`openapi: 3.1.0`) and Swagger 2.0 (`swagger: \"2.0\"`)";
const BY_FORM: &str = "hint: correct the document; a validator of OpenAPI shows the place too";
const BY_PATHS: &str = "hint: an operation is a method, such as `get`, below a path of `paths`";
const BY_ID: &str = "hint: give each operation an `operationId` of its own";
const BY_SIZE: &str = "hint: make one document of each service, or split it by `$ref`";

/// Every command that takes a document, on one of this text.
fn lint(name: &str, text: &[u8]) -> Told {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    let start = Instant::now();
    let told = docproof(folder.path(), ["lint", name]);
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
    told
}

fn refused(name: &str, text: &str, message: &str, hint: &str) {
    let told = lint(name, text.as_bytes());
    let expected = format!("error: `{name}`{message}\n\n{hint}\n");
    assert_eq!((told.code, told.err.as_str()), (2, expected.as_str()));
    assert_eq!(told.out, "");
}

#[rstest]
#[case::list_not_closed(
    "operationId: listDoors",
    "operationId: [listDoors",
    ", line 7: is no YAML that is read: illegal placement of ':' indicator"
)]
#[case::tab(
    "    get:",
    "\tget:",
    ", line 5: is no YAML that is read: tabs disallowed within this context (block indentation)"
)]
#[case::key_twice(
    "      operationId: listDoors",
    "      operationId: a\n      operationId: b",
    ", line 7, at `/paths/~1doors/get/operationId`: is no YAML that is read: the key `operationId` stands twice"
)]
fn a_text_that_is_no_yaml_is_refused(#[case] from: &str, #[case] to: &str, #[case] message: &str) {
    refused(
        "openapi.yaml",
        &DOCUMENT.replacen(from, to, 1),
        message,
        BY_TEXT,
    );
}

#[rstest]
#[case::comma(
    "{\n  \"openapi\": \"3.0.3\",\n  \"paths\": {\n  },\n}\n",
    ", line 5: is not well-formed JSON: trailing comma at line 5 column 1"
)]
#[case::cut(
    "{\n  \"openapi\": \"3.0.3\",\n  \"paths\": {\n",
    ", line 4: is not well-formed JSON: EOF while parsing an object at line 4 column 0"
)]
#[case::key_twice(
    "{\n  \"openapi\": \"3.0.3\",\n  \"paths\": {},\n  \"paths\": {}\n}\n",
    ", line 4, at `/paths`: has the key `paths` twice in one object"
)]
fn a_text_that_is_no_json_is_refused(#[case] text: &str, #[case] message: &str) {
    refused("openapi.json", text, message, BY_TEXT);
}

#[rstest]
#[case::dangling(
    "#/components/schemas/Door",
    "$ref",
    "refers to `#/components/schemas/Door`, which is not there"
)]
#[case::remote(
    "https://example.com/door.yaml#/Door",
    "$ref",
    "refers to `https://example.com/door.yaml#/Door`, which is not in the document's folder"
)]
#[case::without_scheme(
    "//example.com/door.yaml",
    "$ref",
    "refers to `//example.com/door.yaml`, which is not in the document's folder"
)]
#[case::outside(
    "../door.yaml#/Door",
    "$ref",
    "refers to `../door.yaml#/Door`, outside the document's folder"
)]
#[case::absolute(
    "/etc/hostname",
    "$ref",
    "refers to `/etc/hostname`, outside the document's folder"
)]
#[case::absent(
    "parts/door.yaml",
    "$ref",
    "refers to `parts/door.yaml`: no file `parts/door.yaml` in the document's folder"
)]
#[case::itself("#/components/schemas/A", "", "a `$ref` that leads back to itself")]
fn a_reference_that_leads_nowhere_is_refused(
    #[case] reference: &str,
    #[case] below: &str,
    #[case] message: &str,
) {
    let text = DOCUMENT.replace("schema: {}", &format!("schema: {{ $ref: '{reference}' }}"))
        + "components:\n  schemas:\n    A: { $ref: '#/components/schemas/B' }\n    B: { $ref: \
           '#/components/schemas/A' }\n";
    let below = if below.is_empty() {
        String::new()
    } else {
        format!("/{below}")
    };
    let is_own = reference == "#/components/schemas/A";
    let hint = if is_own { BY_ROUND } else { BY_REFERENCE };
    let message = format!(", line 12, at `{SCHEMA}{below}`: {message}");
    refused("openapi.yaml", &text, &message, hint);
}

#[rstest]
#[case::future(
    "openapi: 4.0.0\n",
    ", line 1, at `/openapi`: OpenAPI `4.0.0` is no version that is read"
)]
#[case::past(
    "swagger: '1.2'\n",
    ", line 1, at `/swagger`: Swagger `1.2` is no version that is read"
)]
#[case::none("info: {}\n", ", line 1, at `/`: has neither `openapi` nor `swagger`")]
#[case::asynchronous("asyncapi: 3.0.0\n", ", line 1, at `/`: is an AsyncAPI document")]
#[case::list(
    "- openapi: 3.0.3\n",
    ", line 1, at `/`: is no object, so it has neither `openapi` nor `swagger`"
)]
#[case::text(
    "openapi\n",
    ", line 1, at `/`: is no object, so it has neither `openapi` nor `swagger`"
)]
#[case::nothing("", ", line 1, at `/`: holds nothing")]
fn what_is_no_document_of_a_known_version_is_refused(#[case] text: &str, #[case] message: &str) {
    refused("openapi.yaml", text, message, BY_VERSION);
}

#[rstest]
#[case::no_path(
    "paths: {}\n",
    ", line 2, at `/paths`: describes no operation",
    BY_PATHS
)]
#[case::no_paths("info: {}\n", ", line 1, at `/`: describes no operation", BY_PATHS)]
#[case::list(
    "paths: [a]\n",
    ", line 2, at `/paths`: is no object of paths",
    BY_FORM
)]
#[case::no_methods(
    "paths:\n  /a: 1\n",
    ", line 3, at `/paths/~1a`: is no object of methods",
    BY_FORM
)]
#[case::no_operation(
    "paths:\n  /a:\n    get: [x]\n",
    ", line 4, at `/paths/~1a/get`: is no object, so it is no operation",
    BY_FORM
)]
#[case::id_twice(
    "paths:\n  /a:\n    get: { operationId: x }\n  /b:\n    get: { operationId: x }\n",
    ", line 6, at `/paths/~1b/get/operationId`: `x` is the `operationId` of `/paths/~1a/get` too",
    BY_ID
)]
fn what_has_no_operations_to_tell_apart_is_refused(
    #[case] rest: &str,
    #[case] message: &str,
    #[case] hint: &str,
) {
    refused(
        "openapi.yaml",
        &format!("openapi: 3.0.3\n{rest}"),
        message,
        hint,
    );
}

#[test]
fn of_two_paths_that_are_one_on_the_wire_the_first_is_read() {
    let text = "openapi: 3.0.3\npaths:\n  /doors/{a}:\n    parameters: [{ name: a, in: path, \
                required: true, schema: { type: string } }]\n    get: { responses: {} }\n  \
                /doors/{b}:\n    parameters: [{ name: b, in: path, required: true, schema: { \
                type: string } }]\n    get: { responses: {} }\n";
    let told = lint("openapi.yaml", text.as_bytes());
    assert_eq!(told.code, 1, "{}", told.text());
    for part in [
        "openapi.yaml:8: should GET /doors/{b} is not read: line 5 at `/paths/~1doors~1{a}/get` \
         has its method and path",
        "row `/paths/~1doors~1{b}/get`",
        "note: `openapi.yaml` documents 2 operations, 1 read; not read: GET /doors/{b} (line 8)",
    ] {
        assert!(told.text().contains(part), "no {part} in {}", told.text());
    }
}

#[test]
fn a_document_larger_than_is_read_is_refused() {
    let mut text = "openapi: 3.0.3\npaths:\n".to_owned();
    let filler = "x".repeat(1_000);
    for number in 0..50_000 {
        text += &format!("  /doors{number}:\n    get: {{ description: {filler} }}\n");
    }
    assert!(text.len() > 50_000_000);
    refused("openapi.yaml", &text, ": larger than 32 MiB", BY_SIZE);
    refused("openapi.json", &text, ": larger than 32 MiB", BY_SIZE);
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = "openapi: 3.0.3\nx-0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for number in 1..10 {
        let aliases = vec![format!("*a{}", number - 1); 9].join(", ");
        text += &format!("x-{number}: &a{number} [{aliases}]\n");
    }
    let message = ", line 7: is no YAML that is read: aliases repeat more than 500000 values";
    refused("openapi.yaml", &(text + "paths: {}\n"), message, BY_TEXT);
}

#[rstest]
#[case::yaml(
    "openapi.yaml",
    "openapi: 3.0.3\nx:\n  ",
    ", line 3: is no YAML that is read: recursion limit exceeded"
)]
#[case::json(
    "openapi.json",
    "{\"openapi\": \"3.0.3\",\n\"x\":\n",
    ", line 3: nests deeper than 512 levels, and was not read to its end"
)]
fn what_nests_without_end_is_refused(
    #[case] name: &str,
    #[case] head: &str,
    #[case] message: &str,
) {
    let text = format!("{head}{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let end = if name.ends_with("json") { "}" } else { "\n" };
    refused(name, &(text + end), message, BY_TEXT);
}

#[test]
fn what_is_not_utf_8_is_refused_with_its_line() {
    let text = [DOCUMENT.as_bytes(), b"# \xe9\xff\n"].concat();
    let told = lint("openapi.yaml", &text);
    assert_eq!(told.code, 2);
    assert!(
        told.err.contains("`openapi.yaml`, line 13: is not UTF-8"),
        "{}",
        told.err
    );
}
