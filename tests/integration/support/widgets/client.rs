//! What a person would send to the server of widgets by hand.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::Widgets;

/// Someone who uses a server by hand.
pub struct Client<'s> {
    pub server: &'s Widgets,
}

impl Client<'_> {
    /// Sends a request, with a body unless it is null: the status and the body of the answer.
    pub fn send(&self, method: &str, target: &str, body: &Value) -> (u16, Value) {
        let text = body.to_string();
        let body = Some(("application/json", text.as_str())).filter(|_| !body.is_null());
        let (status, _, answer) = ask(self.server.url(), method, target, body);
        (status, answer)
    }

    /// Creates a widget of a name of its own that begins with a word.
    pub fn create(&self, word: &str) -> Value {
        let number = self.server.seen().len();
        self.make(&format!("{word}-{number}"))
    }

    /// Creates a widget with a value in every field, none of them a default.
    pub fn make(&self, name: &str) -> Value {
        let (status, answer) = self.send("POST", "/v1/widgets", &full(name));
        assert_eq!(status, 201, "{answer}");
        answer
    }

    /// Shows a widget.
    pub fn show(&self, widget: &Value) -> Value {
        self.send("GET", &path(widget), &Value::Null).1
    }

    /// The status that a request about a widget, without a body, is answered with.
    pub fn status(&self, method: &str, widget: &Value) -> u16 {
        self.send(method, &path(widget), &Value::Null).0
    }

    /// A page of the list.
    pub fn list(&self, query: &str) -> Value {
        let (status, answer) = self.send("GET", &format!("/v1/widgets?{query}"), &Value::Null);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// The whole list, in pages of some size; nothing if it does not end.
    pub fn walk(&self, limit: usize) -> Vec<Value> {
        let mut all = Vec::new();
        let mut query = format!("limit={limit}");
        for _ in 0..40 {
            let page = self.list(&query);
            all.extend(page["widgets"].as_array().unwrap().iter().cloned());
            match page["next_marker"].as_str() {
                Some(marker) => query = format!("limit={limit}&marker={marker}"),
                None => return all,
            }
        }
        Vec::new()
    }
}

/// A body with a value in every field.
pub fn full(name: &str) -> Value {
    json!({
        "name": name,
        "note": " with blanks ",
        "serial": 9_007_199_254_740_993_i64,
        "ratio": 0.1,
        "active": false,
        "size": { "width": 7, "depth": { "min": 1, "max": 2 } },
        "labels": ["a", " "],
    })
}

/// The path of a widget.
pub fn path(widget: &Value) -> String {
    format!("/v1/widgets/{}", widget["id"].as_str().unwrap())
}

/// Sends one request and reads the answer: its status, its headers and its body, null where there
/// is none.
pub fn ask(
    url: &str,
    method: &str,
    target: &str,
    body: Option<(&str, &str)>,
) -> (u16, String, Value) {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    let (kind, text) = body.unwrap_or_default();
    let length = text.len();
    let mut message = format!("{method} {target} HTTP/1.1\r\ncontent-length: {length}\r\n");
    if body.is_some() {
        message.push_str(&format!("content-type: {kind}\r\n"));
    }
    stream
        .write_all(format!("{message}\r\n{text}").as_bytes())
        .unwrap();
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "{head}");
    }
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .filter(|_| method != "HEAD")
        .map_or(0, |length| length.parse().unwrap());
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).unwrap();
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    (status, head, body)
}
