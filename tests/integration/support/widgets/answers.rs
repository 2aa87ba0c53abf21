//! Requests become calls of the store: paths, methods, sizes, content types and queries, strictly
//! as documented or as HTTP has them.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::super::Received;
use super::fields;
use super::store::{Refusal, Store, Wanted};

/// The longest target, header and body that the server takes, in bytes.
const LONGEST_TARGET: usize = 8 * 1024;
const LONGEST_HEADER: usize = 16 * 1024;
const LONGEST_BODY: usize = 256 * 1024;

/// What is answered.
pub(super) struct Answer {
    pub status: u16,
    pub allow: Option<&'static str>,
    pub body: Value,
}

fn answer(status: u16, body: Value) -> Answer {
    Answer {
        status,
        allow: None,
        body,
    }
}

fn refuse(status: u16, why: &str) -> Answer {
    let body = json!({ "error_code": format!("W.{status:04}"), "error_msg": why });
    answer(status, body)
}

/// What a path is about.
enum Target {
    Widgets,
    Widget(String),
    Parts(String),
}

fn target(path: &str) -> Option<Target> {
    let segments: Option<Vec<String>> = path
        .strip_prefix("/v1/")?
        .split('/')
        .map(|part| Some(percent_decode_str(part).decode_utf8().ok()?.into_owned()))
        .collect();
    let mut segments = segments?.into_iter();
    let target = match (segments.next()?.as_str(), segments.next(), segments.next()) {
        ("widgets", None, None) => Target::Widgets,
        ("widgets", Some(id), None) => Target::Widget(id),
        ("widgets", Some(id), Some(parts)) if parts == "parts" => Target::Parts(id),
        _ => return None,
    };
    segments.next().is_none().then_some(target)
}

/// Answers one request.
pub(super) fn reply(store: &mut Store, token: Option<&str>, request: &Received) -> Answer {
    if request.target.len() > LONGEST_TARGET {
        return refuse(414, "the target is too long");
    }
    if request
        .headers
        .iter()
        .any(|(_, value)| value.len() > LONGEST_HEADER)
    {
        return refuse(431, "a header is too long");
    }
    if request.body.len() > LONGEST_BODY {
        return refuse(413, "the body is too long");
    }
    if token.is_some() && request.header("x-auth-token") != token {
        return refuse(401, "no valid token");
    }
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let Some(target) = target(path) else {
        return refuse(404, "there is nothing here");
    };
    let outcome = match (request.method.as_str(), &target) {
        ("GET" | "HEAD", Target::Widgets) => match wanted(query) {
            Some(wanted) => Ok(answer(200, store.list(&wanted))),
            None => Ok(refuse(400, "the query is not as documented")),
        },
        ("GET" | "HEAD", Target::Widget(id)) => store.show(id).map(|shown| answer(200, shown)),
        ("GET" | "HEAD", Target::Parts(id)) => match window(query) {
            Some((limit, offset)) => store
                .parts(id, limit, offset)
                .map(|parts| answer(200, parts)),
            None => Ok(refuse(400, "the query is not as documented")),
        },
        ("DELETE", Target::Widget(id)) => store.delete(id).map(|()| answer(204, Value::Null)),
        ("POST", Target::Widgets | Target::Parts(_)) | ("PUT" | "PATCH", Target::Widget(_)) => {
            write(store, request, &target)
        }
        (_, target) => Ok(Answer {
            allow: Some(match target {
                Target::Widgets | Target::Parts(_) => "GET, HEAD, POST",
                Target::Widget(_) => "DELETE, GET, HEAD, PATCH, PUT",
            }),
            ..refuse(405, "no such method here")
        }),
    };
    outcome.unwrap_or_else(|refusal| match refusal {
        Refusal::Unknown => refuse(404, "there is no such widget"),
        Refusal::NameTaken => refuse(409, "a widget of this name exists already"),
    })
}

/// Answers a request with a body.
fn write(store: &mut Store, request: &Received, target: &Target) -> Result<Answer, Refusal> {
    let kind = request.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Ok(refuse(415, "the body is not of the type application/json"));
    }
    let Some(body) = fields::object(&request.body) else {
        return Ok(refuse(400, "the body is no JSON object"));
    };
    if let Target::Parts(id) = target {
        let (given, problem) = fields::part(&body);
        return match problem {
            Some(problem) => Ok(refuse(400, &problem)),
            None => store.add_part(id, &given).map(|part| answer(201, part)),
        };
    }
    let (given, problem) = fields::widget(&body, request.method != "PATCH");
    match (target, problem) {
        (Target::Widget(id), Some(problem)) => {
            store.refused_change(id, &given);
            Ok(refuse(400, &problem))
        }
        (_, Some(problem)) => {
            store.refused_create(&given);
            Ok(refuse(400, &problem))
        }
        (Target::Widget(id), None) if request.method == "PUT" => {
            store.replace(id, &given).map(|widget| answer(200, widget))
        }
        (Target::Widget(id), None) => store.change(id, &given).map(|widget| answer(200, widget)),
        (_, None) => store.create(&given).map(|widget| answer(201, widget)),
    }
}

/// A parameter of a query, decoded; an error where it stands twice.
fn parameter(query: &str, name: &str) -> Result<Option<String>, ()> {
    let mut values = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned());
    let value = values.next();
    if values.next().is_some() {
        Err(())
    } else {
        Ok(value)
    }
}

/// A whole number of a query, or its default.
fn number(query: &str, name: &str, default: u64, least: u64, most: u64) -> Option<usize> {
    let value = match parameter(query, name).ok()? {
        None => default,
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok()?,
        Some(_) => return None,
    };
    (least..=most)
        .contains(&value)
        .then(|| usize::try_from(value).ok())?
}

fn window(query: &str) -> Option<(usize, usize)> {
    let most = u64::try_from(i64::MAX).ok()?;
    Some((
        number(query, "limit", 10, 1, 50)?,
        number(query, "offset", 0, 0, most)?,
    ))
}

/// Reads what a list of widgets is asked for.
fn wanted(query: &str) -> Option<Wanted> {
    let marker = match parameter(query, "marker").ok()? {
        None => None,
        Some(text) => Some(text.strip_prefix('m')?.parse().ok()?),
    };
    let state = parameter(query, "state").ok()?;
    let is_state = |state: &String| ["building", "ready", "failed"].contains(&state.as_str());
    let name = parameter(query, "name").ok()?;
    let is_name = |name: &String| (1..=32).contains(&name.chars().count());
    (state.as_ref().is_none_or(is_state) && name.as_ref().is_none_or(is_name)).then_some(Wanted {
        limit: number(query, "limit", 10, 1, 50)?,
        marker,
        state,
        name,
    })
}
