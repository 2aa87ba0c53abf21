//! What the endpoint answers: the three operations as the pages have them, each variation and fault
//! at the place where it belongs.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::creates::{copy, manual};
use super::dress::dress;
use super::records::list;
use super::{DATABASE, PROJECT, Received, Reply, State, TOKEN};

/// Answers one request.
pub fn answer(state: &State, request: &Received) -> Reply {
    let call = state.calls.fetch_add(1, Ordering::SeqCst);
    if state.is("slow") {
        std::thread::sleep(Duration::from_millis(10));
    }
    let is_large = request.body.len() > 1_000_000
        || request.target.len() > 10_000
        || request
            .headers
            .iter()
            .any(|(_, value)| value.len() > 10_000);
    if is_large {
        if state.is("dies-of-size") {
            state.dead.store(true, Ordering::SeqCst);
        }
        if state.is("dies-of-size") || state.is("closes-on-size") {
            return Reply::reset();
        }
    }
    if state.dead.load(Ordering::SeqCst) {
        return Reply::reset();
    }
    let patience = |status| {
        let mut reply = error(state, status, "slow down");
        reply
            .headers
            .push(("Retry-After".to_owned(), "0".to_owned()));
        reply
    };
    let mut reply = match call {
        3 | 7 if state.is("429-twice") => patience(429),
        5 if state.is("503-once") => patience(503),
        _ => route(state, request),
    };
    dress(state, request, call, &mut reply);
    // What was asked is done; nobody hears of it.
    let is_lost = state.is("loses-answers") && call % 23 == 11
        || state.is("loses-answers-of-copies") && request.method == "POST";
    if is_lost {
        return Reply::reset();
    }
    reply
}

fn route(state: &State, request: &Received) -> Reply {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    match request.header("x-auth-token") {
        None if !state.is("token-absent") => return error(state, 401, "no token"),
        Some("") if !state.is("token-empty") => return error(state, 401, "an empty token"),
        Some(token) if !token.is_empty() && token != TOKEN && !state.is("token-wrong") => {
            return error(
                state,
                if state.is("wrong-token-403") {
                    403
                } else {
                    401
                },
                "a wrong token",
            );
        }
        _ => {}
    }
    if state.is("reads-forbidden") && request.method == "GET" {
        return error(state, 403, "not for you");
    }
    if state.is("nowhere") {
        return error(state, 404, "no such path");
    }
    if state.is("moved") {
        return Reply {
            headers: vec![("Location".to_owned(), "https://example.invalid/".to_owned())],
            body: Vec::new(),
            ..error(state, 301, "moved")
        };
    }
    if state.is("writes-unknown") && request.method == "POST" {
        return error(state, 501, "no such method");
    }
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (request.method.as_str(), parts.as_slice()) {
        ("POST", ["v2", PROJECT, "instances", instance, "backups"]) => {
            copy(state, instance, request)
        }
        ("GET", ["v2", PROJECT, "instances", instance, "backups"]) => list(state, instance, query),
        ("POST", ["v3", PROJECT, "backups"]) => manual(state, request),
        ("DELETE", _) if state.is("delete-accepted") => json_reply(200, &json!({})),
        (_, ["v2" | "v3", PROJECT, ..]) => {
            let status = if state.is("501-method") {
                501
            } else if state.is("404-method") {
                404
            } else {
                405
            };
            let mut reply = error(state, status, "no such method");
            reply
                .headers
                .push(("Allow".to_owned(), "GET, POST".to_owned()));
            reply
        }
        _ => error(state, 404, "no such path"),
    }
}

pub(super) fn invalid(state: &State, message: &str) -> Reply {
    if state.is("error-422") {
        return error(state, 422, message);
    }
    if state.is("error-500") {
        return error(state, 500, message);
    }
    if state.is("error-200") {
        return error(state, 200, message);
    }
    error(state, 400, message)
}

/// The answer about an instance that is not there.
pub(super) fn unknown(state: &State) -> Reply {
    let status = if state.is("404-unknown") { 404 } else { 400 };
    error(state, status, "no such instance")
}

/// The body as a JSON object, or the refusal.
pub(super) fn object(state: &State, request: &Received) -> Result<Map<String, Value>, Reply> {
    let body = if state.is("accepts-not-utf-8") {
        String::from_utf8_lossy(&request.body)
            .into_owned()
            .into_bytes()
    } else {
        request.body.clone()
    };
    if !request
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/json"))
    {
        return Err(if state.is("415-type") {
            error(state, 415, "not JSON")
        } else {
            invalid(state, "not JSON")
        });
    }
    match serde_json::from_slice::<Value>(&body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(Value::Array(items)) if state.is("accepts-array") => Ok(items
            .first()
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()),
        Err(_) if state.is("accepts-broken-json") => Ok(Map::from_iter([
            ("instance_id".to_owned(), json!(DATABASE)),
            ("name".to_owned(), json!("backup")),
        ])),
        _ => Err(invalid(state, "the body is no JSON object")),
    }
}

pub(super) fn error(state: &State, status: u16, message: &str) -> Reply {
    let code = if state.is("code-of-9") {
        "DCS.40012"
    } else if state.is("code-of-10") {
        "DCS.400123"
    } else {
        "DCS.4001"
    };
    let mut body = json!({ "error_code": code, "error_msg": message, "error_ext_msg": null });
    for word in state.words() {
        match word {
            "message-of-1024" => body["error_msg"] = json!("é".repeat(1024)),
            "message-of-1025" => body["error_msg"] = json!("é".repeat(1025)),
            "message-empty" => body["error_msg"] = json!(""),
            "stack-trace" => {
                body["error_msg"] = json!(
                    "java.lang.NullPointerException at com.example.Backup.run(Backup.java:12)"
                );
            }
            "sql-error" => {
                body["error_msg"] = json!("You have an error in your SQL syntax near 'x'");
            }
            "token-echoed" => {
                body["error_msg"] = json!(format!("the token {TOKEN} may not do this"));
            }
            "ext-msg-absent" => drop(body.as_object_mut().unwrap().shift_remove("error_ext_msg")),
            "ext-msg-text" => body["error_ext_msg"] = json!("more"),
            "code-absent" => drop(body.as_object_mut().unwrap().shift_remove("error_code")),
            "code-number" => body["error_code"] = json!(4001),
            _ => {}
        }
    }
    let mut reply = json_reply(status, &body);
    if state.is("error-text") {
        reply.body = b"Bad Request".to_vec();
    }
    reply
}

pub(super) fn json_reply(status: u16, value: &Value) -> Reply {
    Reply {
        status,
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: value.to_string().into_bytes(),
        reset: false,
    }
}
