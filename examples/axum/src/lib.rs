//! Notes over HTTP, as `openapi.yaml` documents them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

/// The token that opens the router.
pub const TOKEN: &str = "secret";

/// The colours of a note; the last is that of one that names none.
const COLORS: [&str; 3] = ["red", "green", "blue"];

/// The longest title, in characters.
const LONGEST_TITLE: usize = 40;

/// The notes by id, and the number of the next.
#[derive(Default)]
struct Notes {
    notes: BTreeMap<String, Value>,
    next: u64,
}

type Shared = Arc<Mutex<Notes>>;

/// The router, without a note.
pub fn router() -> Router {
    Router::new()
        .route("/notes", get(list).post(create))
        .route("/notes/{id}", get(show).delete(delete))
        .layer(from_fn(authenticate))
        .with_state(Shared::default())
}

async fn authenticate(headers: HeaderMap, request: Request, next: Next) -> Response {
    let expected = format!("Bearer {TOKEN}");
    match headers.get(header::AUTHORIZATION) {
        Some(given) if given.as_bytes() == expected.as_bytes() => next.run(request).await,
        _ => refuse(StatusCode::UNAUTHORIZED, "a token is needed"),
    }
}

async fn list(State(notes): State<Shared>) -> Response {
    let notes: Vec<Value> = lock(&notes).notes.values().cloned().collect();
    answer(StatusCode::OK, &json!({ "notes": notes }))
}

async fn create(State(notes): State<Shared>, body: Bytes) -> Response {
    let given: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(title) = given["title"].as_str() else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "a note has a title, which is a text",
        );
    };
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        return refuse(StatusCode::BAD_REQUEST, "a title has 1 to 40 characters");
    }
    let color = match given.get("color") {
        None => "blue",
        Some(color) => match COLORS.iter().find(|known| color == **known) {
            Some(known) => known,
            None => return refuse(StatusCode::BAD_REQUEST, "a note is red, green or blue"),
        },
    };
    let mut notes = lock(&notes);
    notes.next += 1;
    let id = format!("n{}", notes.next);
    let note = json!({ "id": id, "title": title, "color": color });
    notes.notes.insert(id, note.clone());
    answer(StatusCode::CREATED, &note)
}

async fn show(State(notes): State<Shared>, Path(id): Path<String>) -> Response {
    match lock(&notes).notes.get(&id) {
        Some(note) => answer(StatusCode::OK, note),
        None => refuse(StatusCode::NOT_FOUND, "there is no such note"),
    }
}

async fn delete(State(notes): State<Shared>, Path(id): Path<String>) -> Response {
    match lock(&notes).notes.remove(&id) {
        Some(_) => StatusCode::NO_CONTENT.into_response(),
        None => refuse(StatusCode::NOT_FOUND, "there is no such note"),
    }
}

fn lock(notes: &Shared) -> MutexGuard<'_, Notes> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (status, json, body.to_string()).into_response()
}

fn refuse(status: StatusCode, message: &str) -> Response {
    answer(status, &json!({ "message": message }))
}
