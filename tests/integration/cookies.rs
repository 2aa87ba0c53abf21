//! Cookies as parameters: they are sent beside the cookie that carries the credential, their rules are
//! tried, and what a server hands out is not made up.

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// The cookies of a request, which stand in one header.
fn cookies(request: &Received) -> Vec<(String, String)> {
    let pairs = request.header("cookie").unwrap_or_default().split("; ");
    pairs
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn document() -> Value {
    let cookie = |name: &str, required: bool, schema: &Value| json!({ "name": name, "in": "cookie", "required": required, "schema": schema });
    let message = json!({ "description": "No.", "content": { "application/json": { "schema": {
        "type": "object", "required": ["message"], "properties": { "message": { "type": "string" } } } } } });
    let map = json!({ "type": "object", "required": ["tiles"], "properties": { "tiles": { "type": "integer" } } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Maps", "version": "1" },
        "security": [{ "session": [] }],
        "components": { "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": "sid" } } },
        "paths": { "/map": { "get": {
            "operationId": "showMap",
            "parameters": [
                cookie("units", true, &json!({ "type": "string", "enum": ["m", "ft"] })),
                cookie("zoom", false, &json!({ "type": "integer", "minimum": 1, "maximum": 9 })),
                cookie("csrftoken", false, &json!({ "type": "string" })),
            ],
            "responses": {
                "200": { "description": "A map.", "content": { "application/json": { "schema": map } } },
                "400": message, "401": message,
            },
        } } },
    })
}

#[rstest]
#[case::right("", 0)]
#[case::any_zoom("zoom", 1)]
#[case::any_units("units", 1)]
#[case::no_credential("sid", 1)]
fn rules_of_cookies_are_tried(#[case] open: &'static str, #[case] code: i32) {
    let server = Small::start(Box::new(move |request: &Received| {
        let no = |status| Reply::json(status, &json!({ "message": "no" }));
        let sent = cookies(request);
        let all = |name: &str| -> Vec<&str> {
            let own = sent.iter().filter(|(known, _)| known == name);
            own.map(|(_, value)| value.as_str()).collect()
        };
        assert!(all("csrftoken").is_empty(), "{sent:?}");
        if request.target != "/map" {
            return no(404);
        }
        if open != "sid" && all("sid") != ["secret"] {
            return no(401);
        }
        if request.method != "GET" {
            return no(405).with("Allow", "GET");
        }
        let is_unit = open == "units" || matches!(all("units").as_slice(), ["m" | "ft"]);
        let is_zoom = open == "zoom"
            || all("zoom")
                .iter()
                .all(|zoom| matches!(zoom.parse::<u8>(), Ok(1..=9)));
        if is_unit && is_zoom {
            Reply::json(200, &json!({ "tiles": 4 }))
        } else {
            no(400)
        }
    }));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document().to_string()).unwrap();
    let told = docproof(
        folder.path(),
        [
            "run",
            "api.json",
            "--endpoint",
            &server.url,
            "--cookie",
            "sid=secret",
        ],
    );
    let text = told.text();
    assert_eq!(told.code, code, "{text}");
    assert!(!text.contains("secret"), "{text}");
    if code == 0 {
        assert!(!text.contains("little was decided"), "{text}");
    } else {
        assert!(
            text.contains(if open == "sid" { "credential" } else { open }),
            "{text}"
        );
    }
}
