//! Values with a rule of their own, such as a number above zero.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error};

/// What a value has to be.
pub(crate) trait Rule {
    /// What it is read to.
    type Value;

    /// What a value has to be, in words.
    const TAKES: &'static str;

    /// Reads a value, where it fits.
    fn read(value: toml::Value) -> Option<Self::Value>;

    /// The rule as JSON Schema.
    fn schema() -> Schema;
}

/// A value that keeps a rule.
#[derive(Debug, Clone)]
pub(crate) struct Checked<R: Rule>(pub(crate) R::Value);

impl<'de, R: Rule> Deserialize<'de> for Checked<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer).ok();
        value
            .and_then(R::read)
            .map(Self)
            .ok_or_else(|| D::Error::custom(R::TAKES))
    }
}

impl<R: Rule> JsonSchema for Checked<R> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        std::any::type_name::<R>().into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        R::schema()
    }
}

impl<R: Rule<Value: fmt::Display>> fmt::Display for Checked<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
