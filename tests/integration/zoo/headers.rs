//! Services whose answers say most in their status and headers.

use serde_json::json;

use super::frame::{PLAIN, Service, empty, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[HEAD, NOT_MODIFIED, SEE_OTHER, ANSWER_HEADERS];

/// Tells by its status alone whether something is there.
const HEAD: Service = Service {
    name: "head",
    paths: &[("/v1/songs/*", "HEAD")],
    arguments: &["--set", "songs.song_id=anthem"],
    serve: |state, ask| match ask.id(0) {
        "anthem" if state.is("crashes") => refuse(500, "no"),
        // Of the length that the song itself would have.
        "anthem" => say(200, json!({ "title": "Anthem", "verses": 4 })),
        _ if state.is("all") => empty(200),
        _ => refuse(404, "there is none"),
    },
    breaches: &[("crashes", "CheckSong"), ("all", "CheckSong")],
    ..PLAIN
};

/// Says that a copy is the newest.
const NOT_MODIFIED: Service = Service {
    name: "not-modified",
    paths: &[("/v1/prices", "GET")],
    serve: |state, ask| {
        let tag = "\"prices-7\"";
        match ask.header("if-none-match") {
            Some(held) if held.contains(tag) && state.is("wrong-status") => refuse(412, "the same"),
            Some(held) if held.contains(tag) => empty(304).with("ETag", tag),
            _ => say(200, json!({ "version": 7, "tea": 2.4 })).with("ETag", tag),
        }
    },
    breaches: &[("wrong-status", "ShowPrices")],
    ..PLAIN
};

/// Sends elsewhere.
const SEE_OTHER: Service = Service {
    name: "see-other",
    paths: &[("/v1/photo", "GET"), ("/v1/deck/newest", "GET")],
    serve: |state, ask| {
        let (status, place) = match ask.at {
            "/v1/photo" => (302, "https://photos.example/2025-03-01.jpg"),
            _ => (303, "/v1/deck/9e3779b9"),
        };
        let reply = empty(status);
        if state.is("nowhere") {
            reply
        } else {
            reply.with("Location", place)
        }
    },
    breaches: &[("nowhere", "ocation")],
    ..PLAIN
};

/// Documented headers of an answer.
const ANSWER_HEADERS: Service = Service {
    name: "answer-headers",
    paths: &[("/v1/quote", "GET")],
    serve: |state, _| {
        let left = if state.is("range") { 1001 } else { 0 };
        let id = if state.is("id") {
            "none"
        } else {
            "5b0f2c9e41d84a7c"
        };
        say(200, json!({ "quote": "Haste makes waste." }))
            .with("X-Request-Id", id)
            .with("X-Quota-Left", left)
            .with("Cache-Control", "max-age=60")
    },
    breaches: &[("range", "X-Quota-Left"), ("id", "X-Request-Id")],
    ..PLAIN
};
