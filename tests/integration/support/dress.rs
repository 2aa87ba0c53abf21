//! What concerns every answer, whatever it says: order and notation of JSON, headers, framing,
//! hostile text.

use serde_json::{Value, json};

use super::{Received, Reply, State};

/// What no report may take for anything but text.
pub const HOSTILE: &str = "</script><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">\u{0}\u{1b}[31m\u{b}\u{ffff}]]>\n::error::pwned\r\n````\n| a | ${{ x }} {{ 7*7 }} {% x %}";

/// Puts hostile text into every text of an answer, and a hostile name into every object.
fn poison(value: &mut Value) {
    match value {
        Value::String(text) => HOSTILE.clone_into(text),
        Value::Array(values) => values.iter_mut().for_each(poison),
        Value::Object(map) => {
            map.values_mut().for_each(poison);
            map.insert(HOSTILE.to_owned(), json!(1));
        }
        _ => {}
    }
}

/// What concerns every answer: order and notation of JSON, headers, framing.
pub(super) fn dress(state: &State, request: &Received, call: u64, reply: &mut Reply) {
    if reply.status == 204 {
        return;
    }
    if let Ok(mut value) = serde_json::from_slice::<Value>(&reply.body) {
        if state.is("extra-fields") {
            add_fields(&mut value);
        }
        if state.is("hostile") {
            poison(&mut value);
        }
        if state.is("shuffled") {
            shuffle(&mut value);
        }
        reply.body = if state.is("pretty") {
            serde_json::to_vec_pretty(&value).unwrap()
        } else {
            value.to_string().into_bytes()
        };
        if state.is("escaped") {
            let text: String = value
                .to_string()
                .chars()
                .map(|c| {
                    if c.is_ascii() {
                        c.to_string()
                    } else {
                        escape(c)
                    }
                })
                .collect();
            reply.body = text.into_bytes();
        }
    }
    if state.is("hostile") {
        reply.headers.push((
            "X-Hostile".to_owned(),
            "<script>document.title='pwned'</script>".to_owned(),
        ));
    }
    let is_success = reply.status < 300;
    for word in state.words() {
        let kind = match word {
            "duplicate-key" if is_success => {
                reply.body = replace_start(&reply.body, b"{\"twice\":1,\"twice\":2,");
                continue;
            }
            "byte-order-mark" if is_success => {
                reply.body.splice(0..0, *b"\xef\xbb\xbf").for_each(drop);
                continue;
            }
            "truncated" if is_success => {
                reply.body.pop();
                continue;
            }
            "trailing-garbage" if is_success => {
                reply.body.extend_from_slice(b" garbage");
                continue;
            }
            "charset" => "application/json; charset=UTF-8",
            "upper-case-type" => "Application/JSON;charset=utf-8",
            "html-type" => "text/html",
            _ => continue,
        };
        kind.clone_into(&mut reply.headers[0].1);
    }
    if state.is("no-type") {
        reply.headers.remove(0);
    }
    if state.is("extra-headers") {
        reply
            .headers
            .push(("X-Request-Id".to_owned(), format!("{call}")));
        reply
            .headers
            .push(("Server".to_owned(), "api-gateway".to_owned()));
    }
    if state.is("close") || (state.is("close-after-5") && call % 5 == 4) {
        reply
            .headers
            .push(("Connection".to_owned(), "close".to_owned()));
    }
    if state.is("closed-early") && request.method == "GET" && call % 7 == 3 {
        reply
            .headers
            .push(("Connection".to_owned(), "close".to_owned()));
    }
    if state.is("chunked") {
        reply
            .headers
            .push(("Transfer-Encoding".to_owned(), "chunked".to_owned()));
        let mut framed = format!("{:x}\r\n", reply.body.len()).into_bytes();
        framed.extend_from_slice(&reply.body);
        framed.extend_from_slice(b"\r\n0\r\n\r\n");
        reply.body = framed;
    } else {
        reply
            .headers
            .push(("Content-Length".to_owned(), reply.body.len().to_string()));
    }
}

fn replace_start(body: &[u8], start: &[u8]) -> Vec<u8> {
    [start, body.get(1..).unwrap_or_default()].concat()
}

fn escape(c: char) -> String {
    let mut units = [0; 2];
    c.encode_utf16(&mut units)
        .iter()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect()
}

fn add_fields(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut()
                .filter(|value| value.as_object().is_none_or(|inner| !inner.is_empty()))
                .for_each(add_fields);
            map.insert("undocumented".to_owned(), json!({ "a": [1, null] }));
        }
        Value::Array(items) => items.iter_mut().for_each(add_fields),
        _ => {}
    }
}

fn shuffle(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(shuffle);
            *map = std::mem::take(map).into_iter().rev().collect();
        }
        Value::Array(items) => items.iter_mut().for_each(shuffle),
        _ => {}
    }
}
