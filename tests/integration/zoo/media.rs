//! Services whose bodies are no JSON, or JSON by another name: forms in a line and in parts, texts,
//! patches, and downloads.

use serde_json::{Map, Value, json};

use super::body::object;
use super::frame::{Ask, PLAIN, Reply, Service, refuse, say};

/// Every service of this kind.
pub const ALL: &[Service] = &[SUBSCRIBE, LABELS, AVATARS, NOTES, SETTINGS, EXPORT];

/// The media type that a request says.
fn media(ask: &Ask) -> String {
    let kind = ask.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// The pairs of a form.
fn pairs(ask: &Ask) -> Option<Vec<(String, String)>> {
    let text = std::str::from_utf8(&ask.body).ok()?;
    let is_form = media(ask) == "application/x-www-form-urlencoded";
    is_form.then(|| {
        url::form_urlencoded::parse(text.as_bytes())
            .into_owned()
            .collect()
    })
}

/// The value of a field that stands there once at most.
fn once<'p>(pairs: &'p [(String, String)], name: &str) -> Result<Option<&'p str>, ()> {
    let mut own = pairs.iter().filter(|(known, _)| known == name);
    match (own.next(), own.next()) {
        (value, None) => Ok(value.map(|(_, text)| text.as_str())),
        (_, Some(_)) => Err(()),
    }
}

fn has(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.chars().count())
}

fn is_whole(text: &str, least: i64, most: i64) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        && text
            .parse()
            .is_ok_and(|number: i64| (least..=most).contains(&number))
}

/// A form whose list is a field that is repeated, and whose truth values are 0 and 1.
const SUBSCRIBE: Service = Service {
    name: "form-repeated",
    paths: &[("/v1/subscriptions", "POST")],
    serve: |state, ask| {
        let is_right = |pairs: &[(String, String)]| -> Result<bool, ()> {
            let email = once(pairs, "email")?.unwrap_or_default();
            let daily = once(pairs, "daily")?;
            let hour = once(pairs, "hour")?;
            let topics: Vec<&str> = pairs
                .iter()
                .filter(|(name, _)| name == "topics")
                .map(|(_, value)| value.as_str())
                .collect();
            let most = if state.is("many") { 9 } else { 3 };
            let last = if state.is("late") { 99 } else { 23 };
            Ok(has(email, 6, 40)
                && (1..=most).contains(&topics.len())
                && topics
                    .iter()
                    .all(|topic| state.is("any") || ["sport", "music", "news"].contains(topic))
                && daily.is_none_or(|daily| ["0", "1"].contains(&daily))
                && hour.is_none_or(|hour| is_whole(hour, 0, last)))
        };
        match pairs(ask).map(|pairs| is_right(&pairs)) {
            Some(Ok(true)) => say(201, json!({ "id": state.new_id() })),
            _ => refuse(422, "not as documented"),
        }
    },
    breaches: &[
        ("many", "topics"),
        ("any", "topics"),
        ("late", "hour::maximum"),
    ],
    ..PLAIN
};

/// A form whose list stands in one field, and that says when a body is no form.
const LABELS: Service = Service {
    name: "form-commas",
    paths: &[("/v1/labels", "POST")],
    serve: |state, ask| {
        if media(ask) != "application/x-www-form-urlencoded" && !state.is("any-type") {
            return refuse(415, "no form");
        }
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(&ask.body)
            .into_owned()
            .collect();
        let most = if state.is("long") { 99 } else { 8 };
        let is_right = || -> Result<bool, ()> {
            let labels = once(&pairs, "labels")?.unwrap_or_default();
            let public = once(&pairs, "public")?;
            Ok(labels.split(',').all(|label| has(label.trim(), 2, most))
                && public
                    .is_none_or(|public| state.is("truthy") || ["true", "false"].contains(&public)))
        };
        match is_right() {
            Ok(true) => say(200, json!({ "result": "set" })),
            _ => refuse(400, "not as documented"),
        }
    },
    breaches: &[
        ("any-type", "malformed"),
        ("long", "labels"),
        ("truthy", "public::type"),
    ],
    ..PLAIN
};

/// The parts of a form: name, whether it is a file, content.
fn parts(ask: &Ask) -> Option<Vec<(String, bool, Vec<u8>)>> {
    let kind = ask.header("content-type")?;
    let mark = kind.split_once("boundary=")?.1.trim_matches('"');
    // Each byte as a character, so that a text can be split.
    let text: String = ask.body.iter().map(|byte| char::from(*byte)).collect();
    let mut parts = Vec::new();
    for piece in text.split(&format!("--{mark}")).skip(1) {
        let Some(piece) = piece.strip_prefix("\r\n") else {
            return piece.starts_with("--").then_some(parts);
        };
        let (head, content) = piece.split_once("\r\n\r\n")?;
        let name = head.split_once("name=\"")?.1.split('"').next()?;
        let content = content.strip_suffix("\r\n")?;
        let bytes = content
            .chars()
            .filter_map(|c| u8::try_from(u32::from(c)).ok());
        parts.push((name.to_owned(), head.contains("filename="), bytes.collect()));
    }
    None
}

/// An upload: a picture of a documented kind and size, and texts beside it.
const AVATARS: Service = Service {
    name: "upload",
    paths: &[("/v1/avatars", "POST")],
    serve: |state, ask| {
        let Some(parts) = parts(ask).filter(|_| media(ask) == "multipart/form-data") else {
            return refuse(400, "no form");
        };
        let own = |name: &str| {
            let mut own = parts.iter().filter(|(known, ..)| known == name);
            own.next().filter(|_| own.next().is_none())
        };
        let picture = own("picture").filter(|(_, is_file, bytes)| {
            *is_file && bytes.starts_with(b"\x89PNG") && (state.is("huge") || bytes.len() <= 65_536)
        });
        let least = usize::from(!state.is("untitled"));
        let text = |(_, _, bytes): &(String, bool, Vec<u8>)| String::from_utf8(bytes.clone());
        let title = own("title").and_then(|part| text(part).ok());
        let is_ranked = parts
            .iter()
            .filter(|(name, ..)| name == "rank")
            .all(|part| text(part).is_ok_and(|rank| is_whole(&rank, 1, 5)));
        match (picture, title) {
            (Some((_, _, bytes)), Some(title)) if has(&title, least, 16) && is_ranked => {
                say(201, json!({ "id": state.new_id(), "size": bytes.len() }))
            }
            _ => refuse(400, "not as documented"),
        }
    },
    breaches: &[
        ("huge", "picture::maxLength"),
        ("untitled", "title::minLength"),
    ],
    ..PLAIN
};

/// A body that is a text.
const NOTES: Service = Service {
    name: "text-body",
    paths: &[("/v1/notes", "POST")],
    serve: |state, ask| {
        if media(ask) != "text/plain" && !state.is("any-type") {
            return refuse(415, "no text");
        }
        let most = if state.is("long") { 500 } else { 50 };
        match std::str::from_utf8(&ask.body) {
            Ok(text) if has(text, 3, most) => say(
                201,
                json!({ "id": state.new_id(), "length": text.chars().count() }),
            ),
            _ => refuse(400, "not as documented"),
        }
    },
    breaches: &[("any-type", "malformed"), ("long", "maxLength")],
    ..PLAIN
};

/// A merge patch: null takes a field away.
const SETTINGS: Service = Service {
    name: "merge-patch",
    paths: &[("/v1/settings", "PATCH")],
    arguments: &["--allow-changes", "ChangeSettings"],
    serve: |state, ask| {
        if media(ask) != "application/merge-patch+json" && !state.is("any-type") {
            return refuse(415, "no merge patch");
        }
        let Some(body) = object(&ask.body) else {
            return refuse(422, "no object");
        };
        let loudest = if state.is("loud") { 11 } else { 10 };
        let is_right = |name: &str, value: &Value| match (name, value) {
            ("nick", Value::Null) => !state.is("no-null"),
            (_, Value::Null) => true,
            ("theme", Value::String(theme)) => theme == "light" || theme == "dark",
            ("volume", Value::Number(volume)) => volume
                .as_i64()
                .is_some_and(|volume| (0..=loudest).contains(&volume)),
            ("nick", Value::String(nick)) => has(nick, 2, 12),
            ("theme" | "volume" | "nick", _) => false,
            _ => true,
        };
        if !body.iter().all(|(name, value)| is_right(name, value)) {
            return refuse(422, "not as documented");
        }
        let mut settings: Map<String, Value> = state
            .shelf("settings")
            .all()
            .next()
            .cloned()
            .unwrap_or_default();
        for (name, value) in body {
            match value {
                Value::Null => _ = settings.remove(&name),
                value if ["theme", "volume", "nick"].contains(&&*name) => {
                    settings.insert(name, value);
                }
                _ => {}
            }
        }
        state.shelf("settings").keep(|_| false);
        state.shelf("settings").put(settings.clone());
        settings.entry("volume").or_insert(json!(3));
        say(200, settings)
    },
    breaches: &[
        ("any-type", "malformed"),
        ("loud", "volume::maximum"),
        ("no-null", "nick"),
    ],
    ..PLAIN
};

/// A download, which is no JSON.
const EXPORT: Service = Service {
    name: "download",
    paths: &[("/v1/export", "GET")],
    serve: |state, ask| {
        if ask
            .number("limit", 1, if state.is("more") { 99 } else { 50 }, 10)
            .is_err()
        {
            return refuse(400, "not as documented");
        }
        let kind = if state.is("as-json") {
            "application/json"
        } else {
            "text/csv; charset=utf-8"
        };
        Reply {
            body: b"name,count\nlamp,3\n".to_vec(),
            ..say(200, json!({}))
        }
        .of_type(kind)
    },
    breaches: &[("more", "limit::maximum"), ("as-json", "contentType")],
    ..PLAIN
};
