//! What the keys of a target take.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use toml::Value;
use url::Url;

use crate::exchange::AwsScope;
use crate::toml_reader::{Checked, Located, Rule};

/// An endpoint.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Endpoint;

impl Rule for Endpoint {
    type Value = String;
    const TAKES: &'static str = "a URL such as `https://HOST`: scheme, host, port and path only";

    fn read(value: Value) -> Option<String> {
        Text::read(value).filter(|text| endpoint_problem(text).is_none())
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^https?://[^/?#@]+(/[^?#]*)?$" })
    }
}

/// What an endpoint has to be, where a text is none.
pub(in crate::cli) fn endpoint_problem(text: &str) -> Option<&'static str> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    match url {
        None => Some("a URL such as `https://HOST`"),
        Some(url) if !url.username().is_empty() || url.password().is_some() => {
            Some("scheme, host, port and path only")
        }
        Some(url) if url.query().is_some() => {
            Some("scheme, host, port and path only, and no query (`?...`)")
        }
        Some(url) if url.fragment().is_some() => {
            Some("scheme, host, port and path only, and no fragment (`#...`)")
        }
        Some(_) => None,
    }
}

/// A text that says something.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Text;

impl Rule for Text {
    type Value = String;
    const TAKES: &'static str = "a text";

    fn read(value: Value) -> Option<String> {
        match value {
            Value::String(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }
}

/// A region and a service of AWS.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Scope;

impl Rule for Scope {
    type Value = AwsScope;
    const TAKES: &'static str = "a region and a service, such as \"eu-central-1/execute-api\"";

    fn read(value: Value) -> Option<AwsScope> {
        Text::read(value)?.parse().ok()
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9-]+/[A-Za-z0-9-]+$" })
    }
}

/// A proxy, without who asks it: a password has no place in the file.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Proxy;

impl Rule for Proxy {
    type Value = String;
    const TAKES: &'static str = "a URL such as `http://HOST:PORT`; one with a user and a password \
                                 is given by the environment variable DOCPROOF_PROXY";

    fn read(value: Value) -> Option<String> {
        let text = Text::read(value)?;
        let is_bare = |url: &Url| url.username().is_empty() && url.password().is_none();
        let is_known = Url::parse(&text).is_ok_and(|url| url.has_host() && is_bare(&url));
        is_known.then_some(text)
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^https?://[^/?#@]+/?$" })
    }
}

/// A number above zero.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Rate;

impl Rule for Rate {
    type Value = f64;
    const TAKES: &'static str = "a number above zero";

    fn read(value: Value) -> Option<f64> {
        number(value)
    }

    fn schema() -> Schema {
        json_schema!({ "type": "number", "exclusiveMinimum": 0 })
    }
}

/// A length of time, as an option of `run` takes it: a number is so many times `UNIT`
/// milliseconds; a text has a unit of its own.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Duration<const UNIT: u16>;

/// In seconds.
pub(super) type Seconds = Duration<1_000>;

/// In milliseconds.
pub(super) type Milliseconds = Duration<1>;

impl<const UNIT: u16> Rule for Duration<UNIT> {
    type Value = f64;

    const TAKES: &'static str = if UNIT == 1 {
        "a number of milliseconds, or a text such as \"500ms\", \"30s\", \"2m\", \"1h\""
    } else {
        "a number of seconds, or a text such as \"500ms\", \"30s\", \"2m\", \"1h\""
    };

    fn read(value: Value) -> Option<f64> {
        let length = match value {
            Value::String(text) => milliseconds(&text)? / f64::from(UNIT),
            other => number(other)?,
        };
        // The option takes whole milliseconds.
        Some(if UNIT == 1 {
            length.max(1.0).round()
        } else {
            length
        })
    }

    fn schema() -> Schema {
        json_schema!({ "anyOf": [
            { "type": "number", "exclusiveMinimum": 0 },
            { "type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?(ms|s|m|h)$" },
        ] })
    }
}

/// A length of time in milliseconds, above zero: a number with `ms`, `s`, `m` or `h`.
fn milliseconds(text: &str) -> Option<f64> {
    let units = [
        ("ms", 1.0),
        ("s", 1_000.0),
        ("m", 60_000.0),
        ("h", 3_600_000.0),
    ];
    let (number, factor) = units
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    let is_digit = |c: char| c.is_ascii_digit();
    let is_number = number.starts_with(is_digit)
        && number.ends_with(is_digit)
        && number.chars().all(|c| is_digit(c) || c == '.');
    let length = number.parse::<f64>().ok()? * factor;
    (is_number && length > 0.0 && length.is_finite()).then_some(length)
}

/// A number above zero.
fn number(value: Value) -> Option<f64> {
    let number: f64 = value.try_into().ok()?;
    (number > 0.0 && number.is_finite()).then_some(number)
}

/// The name of a variable of the environment. What looks like a credential is none.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Variable;

impl Rule for Variable {
    type Value = String;
    const TAKES: &'static str =
        "the name of an environment variable, such as \"STAGING_KEY\", never its value";

    fn read(value: Value) -> Option<String> {
        Text::read(value).filter(|name| is_variable_name(name))
    }

    fn schema() -> Schema {
        let pattern = "^(?=.{0,19}$|.*_)[A-Za-z_][A-Za-z0-9_]{0,63}$";
        json_schema!({ "type": "string", "pattern": pattern })
    }
}

fn is_variable_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && text.len() <= 64
        && (text.contains('_') || text.len() < 20)
}

/// A program and its arguments.
#[derive(Debug, Clone)]
pub(in crate::cli) struct ProgramAndArguments;

impl Rule for ProgramAndArguments {
    type Value = Vec<String>;
    const TAKES: &'static str = "an array of texts, the program and its arguments (no shell takes \
                                 part): `[\"PROGRAM\", \"ARGUMENT\"]`";

    fn read(value: Value) -> Option<Vec<String>> {
        let words: Vec<String> = value.try_into().ok()?;
        words.first().filter(|program| !program.is_empty())?;
        Some(words)
    }

    fn schema() -> Schema {
        json_schema!({ "type": "array", "minItems": 1, "items": { "type": "string" } })
    }
}

/// One value, or a table of several.
#[derive(Debug, Clone)]
pub(in crate::cli) enum OneOrTable<R: Rule> {
    /// One.
    One(R::Value),
    /// Several by name.
    Table(BTreeMap<String, Located<Checked<R>>>),
}

impl<'de, R: Rule> Deserialize<'de> for OneOrTable<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrTableVisitor(PhantomData))
    }
}

struct OneOrTableVisitor<R>(PhantomData<R>);

impl<'de, R: Rule> Visitor<'de> for OneOrTableVisitor<R> {
    type Value = OneOrTable<R>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, or a table of such", R::TAKES)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        R::read(Value::String(text.to_owned()))
            .map(OneOrTable::One)
            .ok_or_else(|| E::custom(R::TAKES))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let table = BTreeMap::deserialize(MapAccessDeserializer::new(map))?;
        if table.is_empty() {
            return Err(A::Error::invalid_length(0, &self));
        }
        Ok(OneOrTable::Table(table))
    }
}

impl<R: Rule> JsonSchema for OneOrTable<R> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Checked::<R>::schema_name()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let one = R::schema();
        json_schema!({ "anyOf": [
            one,
            { "type": "object", "additionalProperties": one, "minProperties": 1 },
        ] })
    }
}
