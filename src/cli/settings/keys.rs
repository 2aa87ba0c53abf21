//! What `[target.NAME]` may hold: one table, from which the file is read, its JSON Schema is written, and options of `run` take their values.

use serde_json::{Map, Value, json};

/// A key.
pub(in crate::cli) struct Key {
    /// Its name.
    pub(in crate::cli) name: &'static str,
    /// What it takes.
    pub(in crate::cli) kind: Kind,
    /// The id of the option of `run` that it stands for.
    pub(in crate::cli) option: Option<&'static str>,
    /// What it is, for editors.
    pub(in crate::cli) about: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy)]
pub(in crate::cli) enum Kind {
    /// A URL, or a table of URLs by service.
    Endpoint,
    /// A text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number, from this one.
    Count(i64),
    /// A number above zero.
    Rate,
    /// A length of time: seconds, or a text with a unit. The option takes seconds.
    Seconds,
    /// The same; a number is milliseconds, and so is what the option takes.
    Milliseconds,
    /// The name of a variable of the environment.
    Variable,
    /// A program and its arguments.
    Command,
    /// A table with keys of its own.
    Table(&'static [Key]),
    /// A table of texts under any key.
    Resources,
}

/// The keys of a target.
pub(in crate::cli) const TARGET: &[Key] = &[
    Key {
        name: "endpoint",
        kind: Kind::Endpoint,
        option: None,
        about: "The URL of the endpoint, or a table with one for each service: { dcs = \"https://...\", gaussdb = \"https://...\" }",
    },
    Key {
        name: "project",
        kind: Kind::Text,
        option: None,
        about: "The project that the resources belong to: the resource `project_id`; sent as X-Project-Id where requests are signed",
    },
    Key {
        name: "resources",
        kind: Kind::Resources,
        option: None,
        about: "The resources of the target, by the keys of `--set`",
    },
    Key {
        name: "auth",
        kind: Kind::Table(AUTH),
        option: None,
        about: "Where the credentials come from: names of environment variables, or a command; never the credentials themselves",
    },
    Key {
        name: "mode",
        kind: Kind::Word(&["read-only", "sandbox", "full"]),
        option: Some("mode"),
        about: "What may be sent; read-only where the endpoint is not on this machine, else full",
    },
    Key {
        name: "max_writes",
        kind: Kind::Count(0),
        option: Some("max_writes"),
        about: "The most writes that a sandbox run sends",
    },
    Key {
        name: "rate",
        kind: Kind::Rate,
        option: Some("rate"),
        about: "The most requests a second",
    },
    Key {
        name: "timeout",
        kind: Kind::Seconds,
        option: Some("timeout"),
        about: "The most time for one request: seconds, or a text such as \"500ms\" or \"1m\"",
    },
    Key {
        name: "budget",
        kind: Kind::Seconds,
        option: Some("budget"),
        about: "The most time for the whole run: seconds, or a text such as \"90s\" or \"10m\"",
    },
    Key {
        name: "jobs",
        kind: Kind::Count(1),
        option: Some("threads"),
        about: "How many trials run at once",
    },
    Key {
        name: "level",
        kind: Kind::Word(&["must", "should", "may"]),
        option: Some("level"),
        about: "The least level of a finding that fails the run",
    },
    Key {
        name: "max_response_time",
        kind: Kind::Milliseconds,
        option: Some("max_response_time"),
        about: "A finding for every answer that takes longer: milliseconds, or a text such as \"2s\"",
    },
    Key {
        name: "cases",
        kind: Kind::Count(0),
        option: Some("cases"),
        about: "How many requests each property trial draws",
    },
    Key {
        name: "seed",
        kind: Kind::Count(0),
        option: Some("seed"),
        about: "What generated requests are a function of",
    },
];

/// The keys of `auth`.
pub(super) const AUTH: &[Key] = &[
    Key {
        name: "token_env",
        kind: Kind::Variable,
        option: None,
        about: "The environment variable that holds the token",
    },
    Key {
        name: "token_command",
        kind: Kind::Command,
        option: None,
        about: "A program and its arguments that print a token, or JSON with `token` and `expires_at` or `expires_in`; no shell takes part",
    },
    Key {
        name: "ak_env",
        kind: Kind::Variable,
        option: None,
        about: "The environment variable that holds the access key",
    },
    Key {
        name: "sk_env",
        kind: Kind::Variable,
        option: None,
        about: "The environment variable that holds the secret key",
    },
    Key {
        name: "security_token_env",
        kind: Kind::Variable,
        option: None,
        about: "The environment variable that holds the token of temporary keys",
    },
];

/// Names under which people put secrets, and what to write instead.
pub(super) const LITERALS: &[(&str, &str)] = &[
    ("token", "token_env"),
    ("x_auth_token", "token_env"),
    ("auth_token", "token_env"),
    ("ak", "ak_env"),
    ("access_key", "ak_env"),
    ("access_key_id", "ak_env"),
    ("sk", "sk_env"),
    ("secret", "sk_env"),
    ("secret_key", "sk_env"),
    ("secret_access_key", "sk_env"),
    ("security_token", "security_token_env"),
    ("password", "token_command"),
];

/// Whether a text can be the name of a variable, and is not a credential that looks like one.
pub(super) fn is_variable_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && text.len() <= 64
        && (text.contains('_') || text.len() < 20)
}

const VARIABLE_PATTERN: &str = "^(?=.{0,19}$|.*_)[A-Za-z_][A-Za-z0-9_]{0,63}$";

/// A length of time in milliseconds: a number with `ms`, `s`, `m` or `h`.
pub(super) fn milliseconds(text: &str) -> Option<f64> {
    let at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(at);
    let factor = match unit {
        "ms" => 1.0,
        "s" => 1_000.0,
        "m" => 60_000.0,
        "h" => 3_600_000.0,
        _ => return None,
    };
    if !number.starts_with(|c: char| c.is_ascii_digit())
        || !number.ends_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    number.parse::<f64>().ok().map(|number| number * factor)
}

const DURATION_PATTERN: &str = r"^[0-9]+(\.[0-9]+)?(ms|s|m|h)$";

/// The JSON Schema of `docproof.toml`.
pub(in crate::cli) fn schema() -> Value {
    let mut target = table(TARGET);
    if let Some(auth) = target.pointer_mut("/properties/auth") {
        auth["oneOf"] = json!([
            { "required": ["token_env"] },
            { "required": ["token_command"] },
            { "required": ["ak_env", "sk_env"] },
        ]);
        auth["dependentRequired"] = json!({
            "ak_env": ["sk_env"],
            "sk_env": ["ak_env"],
            "security_token_env": ["ak_env", "sk_env"],
        });
    }
    target["required"] = json!(["endpoint"]);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "docproof.toml",
        "description": "Targets of docproof: `docproof run --target NAME`",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "target": {
                "description": "Targets by name",
                "type": "object",
                "additionalProperties": target,
            },
        },
    })
}

fn table(keys: &[Key]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| {
            let mut schema = kind(key.kind);
            schema["description"] = Value::from(key.about);
            (key.name.to_owned(), schema)
        })
        .collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn kind(kind: Kind) -> Value {
    let duration = || {
        json!({ "anyOf": [
            { "type": "number", "exclusiveMinimum": 0 },
            { "type": "string", "pattern": DURATION_PATTERN },
        ] })
    };
    let url = || json!({ "type": "string", "pattern": "^https?://[^/?#@]+(/[^?#]*)?$" });
    match kind {
        Kind::Endpoint => json!({ "anyOf": [
            url(),
            { "type": "object", "additionalProperties": url(), "minProperties": 1 },
        ] }),
        Kind::Text => json!({ "type": "string", "minLength": 1 }),
        Kind::Word(words) => json!({ "enum": words }),
        Kind::Count(least) => json!({ "type": "integer", "minimum": least }),
        Kind::Rate => json!({ "type": "number", "exclusiveMinimum": 0 }),
        Kind::Seconds | Kind::Milliseconds => duration(),
        Kind::Variable => json!({ "type": "string", "pattern": VARIABLE_PATTERN }),
        Kind::Command => {
            json!({ "type": "array", "minItems": 1, "items": { "type": "string" } })
        }
        Kind::Table(keys) => table(keys),
        Kind::Resources => json!({
            "type": "object",
            "additionalProperties": { "anyOf": [
                { "type": "string", "minLength": 1 },
                { "type": "object", "additionalProperties": { "type": "string", "minLength": 1 } },
            ] },
        }),
    }
}
