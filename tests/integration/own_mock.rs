//! Documents of which the embedded mock once was no right server, or a run judged it wrongly: what is
//! made from a document does what the document says.

use rstest::rstest;
use serde_json::{Value, json};

use super::by_the_letter::{answer, document, refused};
use super::support::docproof;

fn thing(fields: &Value) -> Value {
    json!({ "type": "object", "required": ["id"], "properties": fields })
}

fn sends(media: &str, schema: &Value) -> Value {
    json!({ "content": { media: { "schema": schema } } })
}

fn in_path(name: &str) -> Value {
    json!([{ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }])
}

/// A password within an object that is sent is in no answer.
fn hidden_within() -> Value {
    let owner = json!({
        "type": "object", "required": ["email", "password"],
        "properties": {
            "email": { "type": "string", "format": "email" },
            "password": { "type": "string", "writeOnly": true },
        },
    });
    let id = json!({ "type": "integer", "readOnly": true });
    let star = thing(&json!({ "id": id, "name": { "type": "string" }, "owner": owner }));
    json!({
        "/stars": { "post": {
            "operationId": "addStar", "requestBody": sends("application/json", &star),
            "responses": { "201": answer(&star), "4XX": refused() },
        } },
        "/stars/{star_id}": {
            "parameters": [{ "name": "star_id", "in": "path", "required": true, "schema": { "type": "integer" } }],
            "get": { "operationId": "getStar", "responses": { "200": answer(&star), "4XX": refused() } },
            "delete": { "operationId": "dropStar", "responses": { "204": { "description": "" }, "4XX": refused() } },
        },
    })
}

/// A list is filtered by what its items are told apart by.
fn filtered_by_id() -> Value {
    let game = thing(&json!({ "id": { "type": "integer" }, "venue": { "type": "string" } }));
    let by = json!({
        "name": "id", "in": "query", "description": "Only the game of this id.",
        "schema": { "type": "integer" },
    });
    json!({ "/games": { "get": {
        "operationId": "listGames", "parameters": [by],
        "responses": { "200": answer(&json!({ "type": "array", "items": game })), "4XX": refused() },
    } } })
}

/// A form that need not be sent, of one field that it must have: without the field it is no body.
fn form_of_one_field() -> Value {
    let form = json!({ "type": "object", "required": ["Data"], "properties": { "Data": {} } });
    json!({ "/notes": { "post": {
        "operationId": "addNote",
        "requestBody": sends("application/x-www-form-urlencoded", &form),
        "responses": { "201": answer(&thing(&json!({ "id": { "type": "string" } }))), "4XX": refused() },
    } } })
}

/// Things of several collections are named by one word.
fn one_word_for_all() -> Value {
    let kept = json!({
        "type": "object", "required": ["sid"], "properties": { "sid": { "type": "string" } },
    });
    let mut paths = json!({});
    for name in ["Lists", "Maps"] {
        paths[format!("/{name}")] = json!({ "post": {
            "operationId": format!("add{name}"),
            "responses": { "201": answer(&kept), "4XX": refused() },
        } });
        paths[format!("/{name}/{{Sid}}")] = json!({ "parameters": in_path("Sid"), "get": {
            "operationId": format!("get{name}"),
            "responses": { "200": answer(&kept), "4XX": refused() },
        } });
    }
    paths
}

/// A change that documents refusals alone, of a thing whose body has an id beside its name.
fn refusals_alone() -> Value {
    let user = json!({ "type": "object", "properties": {
        "id": { "type": "integer", "format": "int64" }, "username": { "type": "string" },
        "status": { "type": "integer", "format": "int32" },
    } });
    let bare = |text: &str| json!({ "description": text });
    let body = sends("application/json", &user);
    json!({
        "/user": { "post": {
            "operationId": "addUser", "requestBody": body, "responses": { "default": answer(&user) },
        } },
        "/user/{username}": {
            "parameters": in_path("username"),
            "get": { "operationId": "getUser", "responses": {
                "200": answer(&user), "400": bare("Not so."), "404": bare("None."),
            } },
            "put": { "operationId": "putUser", "requestBody": body, "responses": {
                "400": bare("Not so."), "404": bare("None."),
            } },
        },
    })
}

/// What is sent in a list may lack what the list has in answers: the text beside it is told all the same.
fn lists_of_more() -> Value {
    let text = json!({ "type": "string", "nullable": true });
    let step = |required: &Value| {
        json!({ "type": "array", "items": {
            "type": "object", "required": required,
            "properties": { "title": { "type": "string" }, "body": { "type": "string" } },
        } })
    };
    let recipe = |required: &Value| {
        json!({ "type": "object", "required": ["id", "content"], "properties": {
            "id": { "type": "string", "readOnly": true },
            "content": { "type": "object", "required": ["text", "steps"], "properties": {
                "steps": step(required), "text": text,
            } },
        } })
    };
    let (sent, told) = (recipe(&json!([])), recipe(&json!(["title", "body"])));
    json!({
        "/recipes": { "post": {
            "operationId": "addRecipe", "requestBody": sends("application/json", &sent),
            "responses": { "201": answer(&told), "4XX": refused() },
        } },
        "/recipes/{recipe_id}": {
            "parameters": in_path("recipe_id"),
            "get": { "operationId": "getRecipe", "responses": { "200": answer(&told), "4XX": refused() } },
        },
    })
}

fn named(name: &str, kind: &Value) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": kind })
}

/// Things of two collections are named by one word, and their ids are of two types.
fn one_word_for_two_types() -> Value {
    let kept = |id: &Value| {
        json!({
            "type": "object", "required": ["id"], "properties": { "id": id, "note": { "type": "string" } },
        })
    };
    let of = |collection: &str, id: &Value| {
        let answer = answer(&kept(id));
        let read = json!({ "200": answer, "4XX": refused() });
        let made = json!({ "201": answer, "4XX": refused() });
        json!({
            (format!("/{collection}")): { "post": {
                "operationId": format!("add-{collection}"), "responses": made,
            } },
            (format!("/{collection}/{{move_id}}")): {
                "parameters": [named("move_id", id)],
                "get": { "operationId": format!("get-{collection}"), "responses": read },
            },
        })
    };
    let mut paths = of("live-moves", &json!({ "type": "string", "format": "uuid" }));
    let others = of("moves", &json!({ "type": "integer" }));
    paths
        .as_object_mut()
        .unwrap()
        .extend(others.as_object().unwrap().clone());
    paths
}

/// Each of two owners makes hooks of its own, which one name is given to.
fn one_word_under_two_owners() -> Value {
    let kept = thing(&json!({ "id": { "type": "integer" }, "url": { "type": "string" } }));
    let read = json!({ "200": answer(&kept), "4XX": refused() });
    let made = json!({ "201": answer(&kept), "4XX": refused() });
    let mut paths = json!({});
    for owner in ["clubs", "yards"] {
        let parameters = json!([named("name", &json!({ "type": "string" }))]);
        paths[format!("/{owner}")] = json!({ "post": {
            "operationId": format!("add-{owner}"),
            "requestBody": sends("application/json", &json!({
                "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } },
            })),
            "responses": { "201": answer(&json!({
                "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } },
            })), "4XX": refused() },
        } });
        paths[format!("/{owner}/{{name}}/hooks")] = json!({ "parameters": parameters, "post": {
            "operationId": format!("hook-{owner}"), "responses": made,
        } });
        paths[format!("/{owner}/{{name}}/hooks/{{hook_id}}")] = json!({
            "parameters": [parameters[0], named("hook_id", &json!({ "type": "integer" }))],
            "get": { "operationId": format!("get-hook-{owner}"), "responses": read },
        });
    }
    paths
}

/// What is there already is added to a list of another, by its id.
fn added_by_id() -> Value {
    let task = thing(&json!({ "id": { "type": "integer" }, "number": { "type": "integer" } }));
    let number = named("task_number", &json!({ "type": "integer" }));
    let id = named("task_id", &json!({ "type": "integer" }));
    let adds = sends(
        "application/json",
        &json!({
            "type": "object", "required": ["task_id"], "properties": { "task_id": { "type": "integer" } },
        }),
    );
    json!({
        "/tasks": {
            "get": { "operationId": "listTasks", "responses": {
                "200": answer(&json!({ "type": "array", "items": task })), "4XX": refused(),
            } },
            "post": { "operationId": "addTask", "responses": { "201": answer(&task), "4XX": refused() } },
        },
        "/tasks/{task_number}": {
            "parameters": [number],
            "get": { "operationId": "getTask", "responses": { "200": answer(&task), "4XX": refused() } },
        },
        "/tasks/{task_number}/blocked_by": { "parameters": [number], "post": {
            "operationId": "block", "requestBody": adds,
            "responses": { "201": answer(&task), "4XX": refused() },
        } },
        "/tasks/{task_number}/blocked_by/{task_id}": { "parameters": [number, id], "delete": {
            "operationId": "unblock", "responses": { "200": answer(&task), "4XX": refused() },
        } },
    })
}

/// A remark is made below what it is about and shown by a path of its own, which `Location` tells.
fn shown_elsewhere() -> Value {
    let remark = thing(&json!({ "id": { "type": "integer" }, "text": { "type": "string" } }));
    let mut made = answer(&remark);
    made["headers"] = json!({ "Location": { "schema": { "type": "string" } } });
    let id = |name: &str| named(name, &json!({ "type": "integer" }));
    json!({
        "/posts": { "post": { "operationId": "addPost", "responses": {
            "201": answer(&thing(&json!({ "id": { "type": "integer" } }))), "4XX": refused(),
        } } },
        "/posts/{post_id}/remarks": { "parameters": [id("post_id")], "post": {
            "operationId": "addRemark", "responses": { "201": made, "4XX": refused() },
        } },
        "/posts/remarks/{remark_id}": { "parameters": [id("remark_id")], "get": {
            "operationId": "getRemark", "responses": { "200": answer(&remark), "4XX": refused() },
        } },
    })
}

/// What is read by one name is not what another name of the same place takes away.
fn read_by_another_name() -> Value {
    let proof = thing(&json!({ "id": { "type": "integer" } }));
    let parameter = |name: &str, kind: &str| json!([named(name, &json!({ "type": kind }))]);
    json!({
        "/proofs": { "post": { "operationId": "addProof", "responses": {
            "201": answer(&proof), "4XX": refused(),
        } } },
        "/proofs/{proof_id}": { "delete": {
            "operationId": "dropProof", "parameters": parameter("proof_id", "integer"),
            "responses": { "204": { "description": "Gone." }, "4XX": refused() },
        } },
        "/proofs/{digest}": { "get": {
            "operationId": "getProofs", "parameters": parameter("digest", "string"),
            "responses": { "200": answer(&json!({ "type": "array", "items": proof })), "4XX": refused() },
        } },
    })
}

/// A page is known by the name that its create says, which the answer repeats within an object.
fn named_by_its_create() -> Value {
    let slug = json!({ "type": "string", "pattern": "^[a-z0-9-]+$" });
    let page = json!({ "type": "object", "required": ["slug"], "properties": {
        "slug": slug, "title": { "type": "string" } } });
    let told = json!({ "type": "object", "required": ["data"], "properties": { "data": page } });
    let makes =
        json!({ "type": "object", "properties": { "slug": slug, "title": { "type": "string" } } });
    let by = json!([named("slug", &slug)]);
    json!({
        "/pages": { "post": {
            "operationId": "addPage", "requestBody": sends("application/json", &makes),
            "responses": { "201": answer(&told), "4XX": refused() },
        } },
        "/pages/{slug}": {
            "parameters": by,
            "get": { "operationId": "getPage", "responses": { "200": answer(&told), "4XX": refused() } },
            "delete": { "operationId": "dropPage", "responses": {
                "204": { "description": "Gone." }, "4XX": refused() } },
        },
    })
}

/// Two credentials that one header would have to carry: no request has both.
#[rstest]
#[case::at_once(json!([{ "token": [], "password": [] }]))]
#[case::or_one(json!([{ "token": [], "password": [] }, { "token": [] }]))]
fn what_asks_for_two_credentials_in_one_header_is_not_called(#[case] security: Value) {
    let mut document = document(&json!({ "/both": { "post": {
        "operationId": "both", "security": security,
        "responses": { "200": answer(&thing(&json!({ "id": { "type": "string" } }))),
            "401": refused() },
    } }, "/one": { "get": {
        "operationId": "one", "security": [{ "token": [] }],
        "responses": { "200": answer(&thing(&json!({ "id": { "type": "string" } }))),
            "401": refused() },
    } } }));
    document["components"] = json!({ "securitySchemes": {
        "token": { "type": "http", "scheme": "bearer" },
        "password": { "type": "http", "scheme": "basic" },
    } });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let told = docproof(folder.path(), ["run", "api.json"]);
    assert_eq!(told.code, 0, "{}", told.text());
}

/// A read that needs no credential beside one that does.
#[test]
fn what_needs_no_credential_is_served_without_one_by_the_mock() {
    let read = |id: &str, security: &Value| {
        json!({ "get": {
            "operationId": id, "security": security,
            "responses": { "200": answer(&thing(&json!({ "id": { "type": "string" } }))) },
        } })
    };
    let mut document = document(&json!({
        "/closed": read("getClosed", &json!([{ "key": [] }])), "/open": read("getOpen", &json!([{}])),
    }));
    document["components"] =
        json!({ "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } } });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let told = docproof(folder.path(), ["run", "api.json"]);
    assert_eq!(told.code, 0, "{}", told.text());
}

#[rstest]
#[case::lists_of_more(lists_of_more())]
#[case::hidden_within(hidden_within())]
#[case::filtered_by_id(filtered_by_id())]
#[case::form_of_one_field(form_of_one_field())]
#[case::one_word_for_all(one_word_for_all())]
#[case::refusals_alone(refusals_alone())]
#[case::one_word_for_two_types(one_word_for_two_types())]
#[case::one_word_under_two_owners(one_word_under_two_owners())]
#[case::added_by_id(added_by_id())]
#[case::shown_elsewhere(shown_elsewhere())]
#[case::read_by_another_name(read_by_another_name())]
#[case::named_by_its_create(named_by_its_create())]
fn the_mock_of_a_document_has_no_finding(#[case] paths: Value) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document(&paths).to_string()).unwrap();
    let told = docproof(folder.path(), ["run", "api.json"]);
    assert_eq!(told.code, 0, "{}", told.text());
}
