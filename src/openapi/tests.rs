//! Documents of a few lines, and the contracts that they give.

use rstest::rstest;
use serde_json::{Value, json};

use super::{Document, OpenApiError, Translated, service_name};
use crate::contract::{Facet, FieldPath, Meaning, Operation, Suite, compile, without_provenance};

fn read(text: &str) -> Result<Translated, OpenApiError> {
    Document::read("api.yaml", text.as_bytes(), None)?.translate(None)
}

/// A document with one schema, which is what `GET /x` answers and `POST /x` takes.
fn document(version: &str, schema: &Value) -> String {
    let body = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/X" } } });
    json!({
        "openapi": version,
        "info": { "title": "t", "version": "1" },
        "paths": { "/x": {
            "get": { "operationId": "get", "responses": { "200": { "description": "", "content": body } } },
            "post": {
                "operationId": "post",
                "requestBody": { "required": true, "content": body },
                "responses": { "204": { "description": "" } },
            },
        } },
        "components": { "schemas": {
            "X": schema,
            "Base": { "type": "object", "required": ["id"], "properties": { "id": { "type": "integer", "minimum": 1 } } },
            "Kind": { "type": "string", "enum": ["a", "b"] },
        } },
    })
    .to_string()
}

/// A schema file without provenance.
fn written(translated: &Translated, name: &str) -> Value {
    let file = &translated.service.schemas[&format!("objects/{name}.json")];
    let mut schema = without_provenance(file);
    schema.as_object_mut().unwrap().shift_remove("$schema");
    schema
}

#[rstest]
#[case::nullable("3.0.3", json!({ "type": "string", "nullable": true }), json!({ "type": ["string", "null"] }))]
#[case::null_type("3.1.0", json!({ "type": ["string", "null"] }), json!({ "type": ["string", "null"] }))]
#[case::null_branch("3.1.0", json!({ "anyOf": [{ "type": "string", "maxLength": 3 }, { "type": "null" }] }), json!({ "type": ["string", "null"], "maxLength": 3 }))]
#[case::null_among_values("3.0.3", json!({ "type": "string", "enum": ["a"], "nullable": true }), json!({ "type": ["string", "null"], "enum": ["a", null] }))]
#[case::exclusive_flag("3.0.3", json!({ "type": "number", "minimum": 1, "exclusiveMinimum": true, "maximum": 5, "exclusiveMaximum": false }), json!({ "type": "number", "exclusiveMinimum": 1, "maximum": 5 }))]
#[case::exclusive_bound("3.1.0", json!({ "type": "number", "exclusiveMinimum": 1 }), json!({ "type": "number", "exclusiveMinimum": 1 }))]
#[case::joined("3.1.0", json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }, { "type": "object", "required": ["n"], "properties": { "n": { "type": "string" }, "id": { "minimum": 3 } } }] }), json!({ "type": "object", "properties": { "id": { "type": "integer", "minimum": 3 }, "n": { "type": "string" } }, "required": ["id", "n"] }))]
#[case::one_of_values("3.1.0", json!({ "oneOf": [{ "const": "a", "title": "A" }, { "const": "b" }] }), json!({ "enum": ["a", "b"] }))]
#[case::one_of_types("3.1.0", json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] }), json!({ "type": ["string", "integer"] }))]
#[case::union("3.1.0", json!({ "oneOf": [{ "$ref": "#/components/schemas/Base" }, { "type": "string", "minLength": 2 }] }), json!({ "anyOf": [{ "$ref": "Base.json" }, { "type": "string", "minLength": 2 }] }))]
#[case::default_beside_a_reference("3.1.0", json!({ "type": "object", "properties": { "k": { "$ref": "#/components/schemas/Kind", "default": "a" } } }), json!({ "type": "object", "properties": { "k": { "type": "string", "enum": ["a", "b"], "default": "a" } } }))]
#[case::default_around_a_reference("3.0.3", json!({ "type": "object", "properties": { "k": { "allOf": [{ "$ref": "#/components/schemas/Kind" }], "default": "a" } } }), json!({ "type": "object", "properties": { "k": { "type": "string", "enum": ["a", "b"], "default": "a" } } }))]
#[case::default_that_3_0_ignores("3.0.3", json!({ "type": "object", "properties": { "k": { "$ref": "#/components/schemas/Kind", "default": "a" } } }), json!({ "type": "object", "properties": { "k": { "$ref": "Kind.json" } } }))]
#[case::reference_or_null("3.0.3", json!({ "type": "object", "properties": { "k": { "nullable": true, "allOf": [{ "$ref": "#/components/schemas/Kind" }] } } }), json!({ "type": "object", "properties": { "k": { "anyOf": [{ "$ref": "Kind.json" }, { "type": "null" }] } } }))]
#[case::written_only("3.1.0", json!({ "type": "object", "required": ["p"], "properties": { "p": { "type": "string", "writeOnly": true }, "q": { "type": "string" } } }), json!({ "type": "object", "properties": { "q": { "type": "string" } } }))]
#[case::texts_that_yaml_reads_as_numbers("3.1.0", json!({ "type": "string", "enum": [1, true, "x"] }), json!({ "type": "string", "enum": ["1", "true", "x"] }))]
#[case::recursive("3.1.0", json!({ "type": "object", "properties": { "next": { "$ref": "#/components/schemas/X" } } }), json!({ "type": "object", "properties": { "next": { "$ref": "X.json" } } }))]
#[case::pattern_of_another_dialect("3.1.0", json!({ "type": "string", "pattern": "(?<=" }), json!({ "type": "string" }))]
#[case::map("3.1.0", json!({ "type": "object", "additionalProperties": { "type": "integer" } }), json!({ "type": "object", "additionalProperties": { "type": "integer" } }))]
#[case::closed("3.1.0", json!({ "type": "object", "properties": { "a": { "type": "null" } }, "additionalProperties": false }), json!({ "type": "object", "properties": { "a": { "type": "null" } }, "additionalProperties": false }))]
fn a_schema_of_an_answer(#[case] version: &str, #[case] schema: Value, #[case] expected: Value) {
    let translated = read(&document(version, &schema)).unwrap();
    compile(&translated.service).unwrap();
    assert_eq!(written(&translated, "X"), expected);
}

#[test]
fn what_is_optional_is_a_fact_of_requests_alone() {
    let schema = json!({ "type": "object", "required": ["a"], "properties": {
        "a": { "type": "string" },
        "b": { "type": "string" },
        "c": { "type": "string", "readOnly": true },
    } });
    let translated = read(&document("3.1.0", &schema)).unwrap();
    let operations = compile(&translated.service).unwrap();
    let facts: Vec<String> = operations
        .iter()
        .flat_map(Operation::facts)
        .map(|fact| format!("{} line {}", fact.rule, fact.rows[0].line()))
        .collect();
    assert_eq!(
        facts,
        [
            "operation::method line 1",
            "response-200::status line 1",
            "response-200::type line 1",
            "response-200.a::required line 1",
            "response-200.a::type line 1",
            "response-200.b::type line 1",
            "response-200.c::type line 1",
            "operation::method line 1",
            "request::type line 1",
            "request.a::required line 1",
            "request.a::type line 1",
            "request.b::required line 1",
            "request.b::type line 1",
            "request.c::readOnly line 1",
            "request.c::ignored line 1",
            "request.c::type line 1",
            "response-204::status line 1",
            "response-204::body line 1",
        ]
    );
}

#[test]
fn what_the_service_sets_is_marked_where_it_is_required_too() {
    let schema = json!({ "type": "object", "required": ["a", "c"], "properties": {
        "a": { "type": "string" },
        "c": { "type": "string", "readOnly": true },
    } });
    let translated = read(&document("3.1.0", &schema)).unwrap();
    let operations = compile(&translated.service).unwrap();
    let mut bodies = operations
        .iter()
        .filter_map(|one| one.request_body.as_ref());
    let body = bodies.next().unwrap();
    let path = FieldPath::name("c");
    assert!(body.schema.is_read_only(&path));
    assert_eq!(body.schema.field(&path).unwrap().node["readOnly"], true);
    assert!(body.schema.is_valid(&json!({ "a": "b" })));
}

/// A document whose schema is taken up by its kinds, with the mapping of its discriminator.
fn of_kinds(mapping: &Value) -> String {
    let kind = |field: &str| {
        json!({ "allOf": [{ "$ref": "#/components/schemas/Pet" }, { "type": "object",
            "required": [field], "properties": { (field): { "type": "integer" } } }] })
    };
    let body = json!({ "content": { "application/json": {
        "schema": { "$ref": "#/components/schemas/Pet" } } } });
    let mut answer = body.clone();
    answer["description"] = json!("Made.");
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Pets", "version": "1" },
        "paths": { "/pets": { "post": { "requestBody": body, "responses": { "201": answer } } } },
        "components": { "schemas": {
            "Pet": { "type": "object", "required": ["type"],
                "discriminator": { "propertyName": "type", "mapping": mapping },
                "properties": { "type": { "type": "string" } } },
            "Dog": kind("barks"),
            "Cat": kind("lives"),
        } },
    })
    .to_string()
}

#[rstest]
#[case::mapped(json!({ "dog": "Dog", "cat": "#/components/schemas/Cat" }), "dog", "cat")]
#[case::by_name(json!({}), "Dog", "Cat")]
fn kinds_that_take_a_schema_up_are_its_union(
    #[case] mapping: Value,
    #[case] dog: &str,
    #[case] cat: &str,
) {
    let translated = read(&of_kinds(&mapping)).unwrap();
    let operations = compile(&translated.service).unwrap();
    let operation = operations.first().unwrap();
    let sent = &operation.request_body.as_ref().unwrap().schema;
    let shown = operation.responses.first().unwrap().schema.as_ref();
    let shown = shown.unwrap();
    for (body, may_be_sent, may_be_shown) in [
        (json!({ "type": dog, "barks": 3 }), true, true),
        (json!({ "type": cat, "lives": 9 }), true, true),
        (json!({ "type": cat, "barks": 3 }), false, false),
        (json!({ "type": dog, "barks": "3" }), false, false),
        // A kind of which the document does not know is what the schema itself says.
        (json!({ "type": "fish" }), false, true),
        (json!({ "barks": 3 }), false, false),
    ] {
        assert_eq!(sent.is_valid(&body), may_be_sent, "{body}");
        assert_eq!(shown.is_valid(&body), may_be_shown, "{body}");
    }
    assert!(sent.field(&FieldPath::name("lives")).is_some());
}

#[rstest]
#[case("Cats, sorted by name.", Some(Meaning::Ascending))]
#[case("The list is sorted by name.", Some(Meaning::Ascending))]
#[case("Cats, in descending order of name.", Some(Meaning::Descending))]
#[case("Cats, each with its name.", None)]
fn the_order_of_a_list_is_read_from_its_description(
    #[case] description: &str,
    #[case] expected: Option<Meaning>,
) {
    let cats = json!({ "type": "array", "items": { "type": "object", "properties": {
        "id": { "type": "string" }, "name": { "type": "string" } } } });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Cats", "version": "1" },
        "paths": { "/cats": { "get": { "description": description, "responses": { "200": {
            "description": "All.", "content": { "application/json": { "schema": cats } } } } } } },
    });
    let translated = read(&document.to_string()).unwrap();
    let operations = compile(&translated.service).unwrap();
    let schema = operations[0].responses[0].schema.as_ref().unwrap();
    let name = schema.field(&FieldPath::root().item().child("name"));
    let facts = name.unwrap().facts.iter().map(|fact| fact.facet);
    let orders = [Meaning::Ascending, Meaning::Descending].map(Facet::Meaning);
    let found: Vec<Facet> = facts.filter(|facet| orders.contains(facet)).collect();
    assert_eq!(found, Vec::from_iter(expected.map(Facet::Meaning)));
}

#[test]
fn files_of_schemas_are_told_apart_on_every_file_system() {
    let of = |name: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        json!({ "get": { "responses": { "200": { "description": "It.",
            "content": { "application/json": { "schema": schema } } } } } })
    };
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Pets", "version": "1" },
        "paths": { "/a": of("Cat"), "/b": of("cat"), "/c": of("Con") },
        "components": { "schemas": { "Cat": { "type": "object" }, "cat": { "type": "string" },
            "Con": { "type": "object" } } },
    });
    let translated = read(&document.to_string()).unwrap();
    let files: Vec<&String> = translated.service.schemas.keys().collect();
    assert_eq!(
        files,
        [
            "objects/Cat.json",
            "objects/Con-schema.json",
            "objects/cat-response.json"
        ]
    );
}

#[rstest]
#[case::without_a_slash("pets", "a path begins with `/`")]
#[case::with_a_fragment("/pets#all", "no request has what follows a `#`")]
fn a_path_that_no_request_has_is_told(#[case] path: &str, #[case] told: &str) {
    let answer = json!({ "200": { "description": "All." } });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Pets", "version": "1" },
        "paths": { (path): { "get": { "responses": answer } },
            "/other": { "get": { "responses": answer } } },
    });
    let translated = read(&document.to_string()).unwrap();
    assert_eq!(compile(&translated.service).unwrap().len(), 1);
    let documentation = translated.service.documentation().iter();
    let found: Vec<&str> = documentation.map(|one| one.message.as_str()).collect();
    assert!(found.iter().any(|one| one.contains(told)), "{found:?}");
}

#[rstest]
#[case::syntax(
    "openapi: 3.1.0\npaths: [\n",
    "`api.yaml`, line 2: is no YAML that is read"
)]
#[case::json(
    "{\n \"openapi\": \"3.1.0\",\n}",
    "`api.yaml`, line 3: is not well-formed JSON"
)]
#[case::comments(
    "\n// The pets.\n{ \"openapi\": \"3.1.0\" }\n",
    "`api.yaml`, line 2: is JSON with comments"
)]
#[case::version(
    "openapi: 4.0.0\n",
    "`api.yaml`, line 1, at `/openapi`: OpenAPI `4.0.0` is no version that is read"
)]
#[case::swagger_one(
    "swagger: '1.2'\n",
    "`api.yaml`, line 1, at `/swagger`: Swagger `1.2` is no version"
)]
#[case::nothing(
    "openapi: 3.1.0\ninfo: {}\n",
    "`api.yaml`, line 1, at `/`: describes no operation"
)]
#[case::dangling(
    "openapi: 3.1.0\npaths:\n  /x:\n    get:\n      responses:\n        '200':\n          $ref: '#/components/responses/R'\n",
    "`api.yaml`, line 7, at `/paths/~1x/get/responses/200/$ref`: refers to `#/components/responses/R`, which is not there"
)]
#[case::remote(
    "openapi: 3.1.0\npaths:\n  /x:\n    $ref: https://example.com/x.yaml\n",
    "`api.yaml`, line 4, at `/paths/~1x/$ref`: refers to `https://example.com/x.yaml`, which is not in the document's folder"
)]
#[case::outside(
    "openapi: 3.1.0\npaths:\n  /x:\n    $ref: ../x.yaml\n",
    "`api.yaml`, line 4, at `/paths/~1x/$ref`: refers to `../x.yaml`, outside the document's folder"
)]
#[case::cyclic(
    "openapi: 3.1.0\npaths:\n  /x:\n    get:\n      responses:\n        '200':\n          content:\n            application/json:\n              schema: { $ref: '#/components/schemas/A' }\ncomponents:\n  schemas:\n    A: { $ref: '#/components/schemas/B' }\n    B: { $ref: '#/components/schemas/A' }\n",
    "line 9, at `/paths/~1x/get/responses/200/content/application~1json/schema`: a `$ref` that leads back to itself"
)]
#[case::cyclic_join(
    "openapi: 3.1.0\npaths:\n  /x:\n    get:\n      responses:\n        '200':\n          content:\n            application/json:\n              schema: { $ref: '#/components/schemas/A' }\ncomponents:\n  schemas:\n    A: { allOf: [{ $ref: '#/components/schemas/A' }, { type: object }] }\n",
    "line 12, at `/components/schemas/A`: a `$ref` that leads back to itself"
)]
#[case::twice(
    "openapi: 3.1.0\npaths:\n  /x:\n    get: { operationId: a, responses: {} }\n    put: { operationId: a, responses: {} }\n",
    "line 5, at `/paths/~1x/put/operationId`: `a` is the `operationId` of `/paths/~1x/get` too"
)]
fn what_is_wrong_has_its_place(#[case] text: &str, #[case] expected: &str) {
    let error = read(text).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

#[rstest]
#[case::no_number(json!({ "type": "integer", "minimum": 9, "maximum": 3 }), "page-differs-from-itself", json!({ "type": "integer" }))]
#[case::no_length(json!({ "type": "string", "minLength": 5, "maxLength": 3 }), "page-differs-from-itself", json!({ "type": "string" }))]
#[case::none_between(json!({ "type": "number", "minimum": 3, "maximum": 3, "exclusiveMaximum": true }), "page-differs-from-itself", json!({ "type": "number" }))]
#[case::default(json!({ "type": "integer", "maximum": 3, "default": 10 }), "example-breaks-limit", json!({ "type": "integer", "maximum": 3 }))]
#[case::example(json!({ "type": "string", "pattern": "^a+$", "example": "b" }), "example-breaks-pattern", json!({ "type": "string", "pattern": "^a+$" }))]
#[case::no_multiple(json!({ "type": "integer", "minimum": 1, "maximum": 4, "multipleOf": 7 }), "page-differs-from-itself", json!({ "type": "integer", "minimum": 1, "maximum": 4 }))]
#[case::no_type(json!({ "allOf": [{ "type": "string" }, { "type": "integer" }] }), "page-differs-from-itself", json!({ "type": "string" }))]
#[case::no_value(json!({ "allOf": [{ "enum": ["a", "b"] }, { "enum": ["c"] }] }), "page-differs-from-itself", json!({ "enum": ["a", "b"] }))]
#[case::listed_value(json!({ "type": "integer", "enum": [1, 30], "maximum": 10 }), "page-differs-from-itself", json!({ "type": "integer", "enum": [1, 30], "maximum": 10 }))]
#[case::format(json!({ "type": "string", "format": "colour" }), "part-not-tried", json!({ "type": "string", "format": "colour" }))]
#[case::called_required(json!({ "type": "string", "required": true }), "part-not-read", json!({ "type": "string" }))]
fn what_contradicts_itself_is_told_and_left_out(
    #[case] field: Value,
    #[case] kind: &str,
    #[case] expected: Value,
) {
    let schema = json!({ "type": "object", "properties": { "a": field } });
    let translated = read(&document("3.0.3", &schema)).unwrap();
    let told = translated.service.documentation().iter();
    let kinds: Vec<&str> = told.map(|one| one.kind.as_str()).collect();
    assert!(
        !kinds.is_empty() && kinds.iter().all(|one| *one == kind),
        "{kinds:?}"
    );
    assert_eq!(written(&translated, "X")["properties"]["a"], expected);
    compile(&translated.service).unwrap();
}

#[test]
fn a_document_of_swagger_says_the_same() {
    let text = r"
swagger: '2.0'
info: { title: Shop, version: 1.0.0 }
basePath: /v1
consumes: [application/json]
paths:
  /items/{id}:
    parameters:
      - { name: id, in: path, required: true, type: string, maxLength: 8 }
    put:
      operationId: put
      parameters:
        - { name: dry, in: query, type: boolean }
        - { name: body, in: body, required: true, schema: { $ref: '#/definitions/Item' } }
      responses:
        '200': { description: ok, schema: { $ref: '#/definitions/Item' }, headers: { ETag: { type: string } } }
definitions:
  Item: { type: object, required: [n], properties: { n: { type: integer, maximum: 9 } } }
";
    let translated = read(text).unwrap();
    assert_eq!(translated.service.name, "shop");
    assert_eq!(translated.service.documentation(), []);
    let operations = compile(&translated.service).unwrap();
    let operation = &operations[0];
    assert_eq!(operation.path, "/v1/items/{id}");
    let names: Vec<&str> = operation
        .parameters
        .iter()
        .map(|parameter| parameter.name.as_str())
        .collect();
    assert_eq!(names, ["id", "dry"]);
    let body = operation.request_body.as_ref().unwrap();
    assert!(body.required && !body.schema.is_valid(&json!({ "n": 10 })));
    assert_eq!(operation.responses[0].headers[0].name, "ETag");
}

#[rstest]
#[case::commas_where_nothing_is_said("", "a=r%2Cw")]
#[case("collectionFormat: csv", "a=r%2Cw")]
#[case("collectionFormat: ssv", "a=r+w")]
#[case("collectionFormat: pipes", "a=r%7Cw")]
#[case("collectionFormat: multi", "a=r&a=w")]
fn a_list_of_a_form_is_written_as_swagger_says(#[case] format: &str, #[case] expected: &str) {
    let text = format!(
        r"
swagger: '2.0'
info: {{ title: Shop, version: 1.0.0 }}
consumes: [application/x-www-form-urlencoded]
paths:
  /x:
    post:
      parameters:
        - name: a
          in: formData
          type: array
          items: {{ type: string }}
          {format}
      responses: {{ '204': {{ description: ok }} }}
"
    );
    let operations = compile(&read(&text).unwrap().service).unwrap();
    let body = operations[0].request_body.as_ref().unwrap();
    let sent = body
        .form
        .as_ref()
        .unwrap()
        .write(&json!({ "a": ["r", "w"] }));
    assert_eq!(String::from_utf8(sent).unwrap(), expected);
}

#[test]
fn what_is_exported_is_read_back() {
    for service in Suite::bundled().unwrap().services {
        let export = crate::contract::render(&service.bundle().unwrap());
        let read = read(&export).unwrap().service;
        assert_eq!(read.files(), service.files());
    }
}

#[rstest]
#[case(
    "Swagger Petstore - OpenAPI 3.0",
    "x.json",
    "swagger-petstore-openapi-3-0"
)]
#[case("FastAPI", "openapi.json", "fastapi")]
#[case("备份", "backups.yaml", "backups")]
#[case("", "..yaml", "api")]
fn a_service_is_called_after_its_title(
    #[case] title: &str,
    #[case] file: &str,
    #[case] expected: &str,
) {
    assert_eq!(service_name(title, file), expected);
}

/// What an operation of Swagger 2.0 produces is what its answers are written in, where no JSON is
/// among it.
#[rstest]
#[case::json("[application/json]", "[application/json]", &["application/json"], true)]
#[case::text("[text/plain]", "[text/plain]", &["text/plain"], false)]
#[case::of_the_document("", "[text/csv]", &["text/csv"], false)]
#[case::own_before_the_document("[application/json]", "[text/csv]", &["application/json"], true)]
#[case::json_among_others("[application/xml, application/json]", "", &["application/json"], true)]
#[case::anything("['*/*']", "", &["application/json"], true)]
#[case::by_a_name_of_its_own("[application/vnd.x+json]", "", &["application/vnd.x+json"], true)]
fn what_is_produced_is_the_media_type_of_answers(
    #[case] own: &str,
    #[case] common: &str,
    #[case] expected: &[&str],
    #[case] has_schema: bool,
) {
    let line = |list: &str, indent: &str| match list {
        "" => String::new(),
        list => format!("{indent}produces: {list}\n"),
    };
    let text = format!(
        "swagger: '2.0'\ninfo: {{ title: t, version: '1' }}\n{}paths:\n  /x:\n    get:\n      \
         operationId: get\n{}      responses:\n        '200':\n          description: ''\n          \
         schema: {{ type: string }}\n        '400': {{ description: '', schema: {{ type: object }} }}\n",
        line(common, ""),
        line(own, "      "),
    );
    let operations = compile(&read(&text).unwrap().service).unwrap();
    let response = operations[0].response(200).unwrap();
    let media: Vec<String> = response.media.iter().map(ToString::to_string).collect();
    assert_eq!(media, expected);
    assert_eq!(response.schema.is_some(), has_schema);
    // What a refusal is then written in, nobody knows.
    let refusal = operations[0].response(400).unwrap();
    assert_eq!(refusal.schema.is_some(), has_schema);
}
