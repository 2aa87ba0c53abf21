//! The parts of a schema as one schema of the contract, with the facts that state each keyword.

use serde_json::{Map, Number, Value, json};

use super::keywords::{self, PLAIN, Plain, facet, is_known_format};
use super::parts::{ABOUT, Parts};
use super::union::{Found, Union, unions};
use super::{Schemas, Side, add_facts};
use crate::contract::{DocumentationKind, Facet, Fact, Keyword, Level};
use crate::openapi::error::OpenApiError;
use crate::openapi::notes::unread;
use crate::openapi::spot::Spot;
use crate::openapi::version::Version;

/// The words of objects and lists, and those that join schemas.
const STRUCTURE: [&str; 25] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "discriminator",
    "else",
    "enum",
    "if",
    "items",
    "not",
    "nullable",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "then",
    "type",
    "writeOnly",
];

/// Words under which one schema stands.
const ONE: [(&str, Keyword); 4] = [
    ("not", Keyword::Not),
    ("contains", Keyword::Contains),
    ("propertyNames", Keyword::PropertyNames),
    ("unevaluatedItems", Keyword::UnevaluatedItems),
];

/// Words under which schemas stand by names.
const NAMED: [(&str, Keyword); 2] = [
    ("patternProperties", Keyword::PatternProperties),
    ("dependentSchemas", Keyword::DependentSchemas),
];

/// A schema while it is written.
#[derive(Default)]
pub(super) struct Written {
    pub(super) map: Map<String, Value>,
    pub(super) facts: Vec<Fact>,
    /// What holds besides, where a keyword is stated in several ways.
    pub(super) besides: Vec<Value>,
}

impl Written {
    /// Adds a fact that a spot states.
    pub(super) fn state(&mut self, spot: &Spot<'_>, facet: Facet) {
        self.facts.push(spot.fact(facet, Level::Must));
    }

    fn put(&mut self, word: &str, value: Value) {
        if self.map.contains_key(word) {
            self.besides.push(json!({ (word): value }));
        } else {
            self.map.insert(word.to_owned(), value);
        }
    }

    fn finish(mut self) -> Value {
        if !self.besides.is_empty() {
            let known = self.map.shift_remove("allOf");
            let mut all = match known {
                Some(Value::Array(known)) => known,
                _ => Vec::new(),
            };
            all.extend(self.besides);
            self.map.insert("allOf".to_owned(), Value::Array(all));
        }
        let mut schema = Value::Object(self.map);
        add_facts(&mut schema, self.facts, false);
        schema
    }
}

impl<'l> Schemas<'l> {
    /// Writes one schema that all parts state together.
    pub(super) fn write(&mut self, parts: Parts<'l>, side: Side) -> Result<Value, OpenApiError> {
        if parts
            .all
            .iter()
            .any(|part| *part.value == Value::Bool(false))
        {
            return Ok(Value::Bool(false));
        }
        let mut parts = parts;
        let mut joined: Vec<Found<'l>> = Vec::new();
        let mut null: Option<Spot<'l>> = None;
        // A union of one schema and null is that schema, whose own unions are looked at in turn.
        let mut at = 0;
        while let Some(part) = parts.all.get(at).cloned() {
            at += 1;
            for found in unions(&part) {
                // What a base lists its heirs by says nothing more of one of them.
                if self.lists_one_of(&found, &parts) {
                    continue;
                }
                let found = match side {
                    Side::Response => found,
                    Side::Request | Side::Parameter => found.without_spellings(),
                };
                null = null.or_else(|| found.null.clone());
                if let Union::One(one) = &found.union {
                    let mut above = self.above(&part, one)?;
                    self.take_apart(one.clone(), &mut above, &mut parts)?;
                } else {
                    joined.push(found);
                }
            }
        }
        let parts_are = parts.all.as_slice();
        let mut out = Written::default();
        let is_union_null = null.is_some();
        let nullable = parts.nullable.clone().or(null);
        let nullable = nullable.filter(|_| side != Side::Parameter);
        self.types(parts_are, &joined, nullable.as_ref(), side, &mut out);
        // Beside listed values of which null is none, `nullable` says two things: no request has null
        // for that, and an answer may.
        let null_is_listed = nullable.is_some() && (is_union_null || side == Side::Response);
        self.values(parts_are, &joined, null_is_listed, side, &mut out);
        for plain in &PLAIN {
            self.plain(plain, parts_are, &mut out);
        }
        self.bounds(parts_are, &mut out);
        self.shown(parts_are, &mut out);
        self.object(parts_are, side, &mut out)?;
        self.rest(parts_are, side, &mut out)?;
        for found in &joined {
            if let Union::Branches(branches) = &found.union {
                let facet =
                    self.branches(found, branches, (side, nullable.is_some()), &mut out.map)?;
                out.state(&found.spot, facet);
            }
        }
        if let Some(spot) = &nullable {
            out.state(spot, Facet::Nullable);
        }
        self.unknown_words(parts_are, &mut out);
        Ok(out.finish())
    }

    /// Writes the listed values.
    fn values(
        &mut self,
        parts: &[Spot<'l>],
        joined: &[Found<'l>],
        nullable: bool,
        side: Side,
        out: &mut Written,
    ) {
        let mut stated: Vec<(Vec<Value>, Spot<'l>)> = Vec::new();
        for part in parts {
            if let Some(spot) = part.get("enum") {
                match spot.value.as_array().filter(|values| !values.is_empty()) {
                    Some(values) => stated.push((values.clone(), spot)),
                    None => self.misformed(&spot, "a list of values", out),
                }
            }
            if let Some(spot) = part.get("const") {
                stated.push((vec![spot.value.clone()], spot));
            }
        }
        for found in joined {
            if let Union::Values(values) = &found.union {
                stated.push((values.clone(), found.spot.clone()));
            }
        }
        let mut listed: Option<Vec<Value>> = None;
        for (values, spot) in stated {
            let mut unique: Vec<Value> = Vec::new();
            for value in values {
                let value = spelled(value, out.map.get("type"));
                let is_null = value.is_null() && side == Side::Parameter;
                if !is_null && !unique.contains(&value) {
                    unique.push(value);
                }
            }
            if let Some(known) = &listed {
                unique.retain(|value| known.contains(value));
                if unique.is_empty() {
                    let message = "no value is in this list and in that beside it";
                    self.differs(&spot, message, out);
                    continue;
                }
            }
            out.state(&spot, Facet::Enum);
            listed = Some(unique);
        }
        let Some(mut listed) = listed.filter(|listed| !listed.is_empty()) else {
            return;
        };
        if nullable && !listed.contains(&Value::Null) {
            listed.push(Value::Null);
        }
        out.map.insert("enum".to_owned(), Value::Array(listed));
    }

    /// Writes a keyword that holds a plain value: the stricter where several are stated.
    fn plain(&mut self, plain: &Plain, parts: &[Spot<'l>], out: &mut Written) {
        let mut held: Option<(Value, Spot<'l>)> = None;
        let mut others: Vec<(Value, Spot<'l>)> = Vec::new();
        for part in parts {
            let Some((value, spot)) = bound(part, plain.word) else {
                continue;
            };
            if !plain.form.takes(&value) {
                let expected = match plain.form {
                    keywords::Form::Pattern => "a regular expression that is understood",
                    keywords::Form::Count => "a count",
                    keywords::Form::Number => "a number",
                    keywords::Form::Step => "a number above zero",
                    keywords::Form::Flag => "`true` or `false`",
                    keywords::Form::Text => "a text",
                };
                self.misformed(&spot, expected, out);
                continue;
            }
            held = Some(match held {
                None => (value, spot),
                Some(known) if known.0 == value => known,
                Some(known) => match plain.stricter.is_second(&known.0, &value) {
                    Some(true) => (value, spot),
                    Some(false) => known,
                    None => {
                        others.push((value, spot));
                        known
                    }
                },
            });
        }
        let is_meaningless = |value: &Value| *value == Value::Bool(false);
        for (value, spot) in held.into_iter().chain(others) {
            if is_meaningless(&value) {
                continue;
            }
            out.state(&spot, facet(plain.word));
            let is_open = plain.word == "format"
                && is_text(&out.map)
                && !value.as_str().is_some_and(is_known_format);
            if is_open {
                let kind = DocumentationKind::PartNotTried;
                let message = format!("of the format {value} it is not known which texts have it");
                self.notes.add(kind, &spot, message);
            }
            if is_open || plain.word == "contentEncoding" {
                out.facts.push(unread(&spot));
            }
            out.put(plain.word, whole(value));
        }
    }

    /// Writes the words that join schemas.
    fn rest(
        &mut self,
        parts: &[Spot<'l>],
        side: Side,
        out: &mut Written,
    ) -> Result<(), OpenApiError> {
        for part in parts {
            for (word, keyword) in ONE {
                if let Some(spot) = part.get(word) {
                    let schema = self.schema(vec![spot.clone()], side)?;
                    out.state(&spot, Facet::Keyword(keyword));
                    out.put(word, schema);
                }
            }
            for (word, keyword) in NAMED {
                if let Some(spot) = part.get(word) {
                    let mut schemas = Map::new();
                    for member in spot.members() {
                        let schema = self.schema(vec![member.clone()], side)?;
                        schemas.insert(member.key(), schema);
                    }
                    out.state(&spot, Facet::Keyword(keyword));
                    out.put(word, Value::Object(schemas));
                }
            }
            if let Some(spot) = part.get("prefixItems").filter(|spot| spot.value.is_array()) {
                let mut schemas = Vec::new();
                for item in spot.items() {
                    schemas.push(self.schema(vec![item], side)?);
                }
                out.state(&spot, Facet::Keyword(Keyword::PrefixItems));
                out.put("prefixItems", Value::Array(schemas));
            }
            if let Some(spot) = part.get("dependentRequired") {
                out.state(&spot, Facet::Keyword(Keyword::DependentRequired));
                out.put("dependentRequired", spot.value.clone());
            }
            if let Some(spot) = part.get("if") {
                let mut rule = Map::new();
                for word in ["if", "then", "else"] {
                    if let Some(spot) = part.get(word) {
                        rule.insert(word.to_owned(), self.schema(vec![spot], side)?);
                    }
                }
                out.state(&spot, Facet::Keyword(Keyword::If));
                out.besides.push(Value::Object(rule));
            }
        }
        Ok(())
    }

    /// Notes the words that nothing is known of.
    fn unknown_words(&mut self, parts: &[Spot<'l>], out: &mut Written) {
        // A parameter or header of Swagger 2.0 is a schema with a name; so is one of later versions
        // that has no `schema`.
        let of_parameter = [
            "name",
            "in",
            "allowEmptyValue",
            "allowReserved",
            "explode",
            "style",
        ];
        let is_parameter =
            |part: &Spot<'l>| part.text("name").is_some() && part.text("in").is_some();
        let is_named = self.version == Version::Swagger || parts.iter().any(is_parameter);
        for spot in parts.iter().flat_map(Spot::members) {
            let word = spot.key();
            let is_known = is_named && of_parameter.contains(&word.as_str())
                || STRUCTURE.contains(&word.as_str())
                || ABOUT.contains(&word.as_str())
                || PLAIN.iter().any(|plain| plain.word == word)
                || word.starts_with("x-")
                || matches!(
                    word.as_str(),
                    "unevaluatedItems" | "unevaluatedProperties" | "collectionFormat"
                );
            if !is_known {
                let message = format!("the word `{word}` of a schema is not read");
                self.notes
                    .add(DocumentationKind::PartNotRead, &spot, message);
                out.facts.push(unread(&spot));
            }
        }
    }

    /// Notes that a keyword has a value of another form.
    pub(super) fn misformed(&mut self, spot: &Spot<'l>, expected: &str, out: &mut Written) {
        let message = format!("`{}` is not read: expected {expected}", spot.key());
        self.notes
            .add(DocumentationKind::PartNotRead, spot, message);
        out.facts.push(unread(spot));
    }
}

/// The value of a keyword, and where it stands. `exclusiveMinimum: true` makes the bound beside it
/// exclusive.
fn bound<'l>(part: &Spot<'l>, word: &str) -> Option<(Value, Spot<'l>)> {
    let exclusive = match word {
        "minimum" => "exclusiveMinimum",
        "maximum" => "exclusiveMaximum",
        "exclusiveMinimum" | "exclusiveMaximum" => {
            let spot = part.get(word)?;
            if spot.value.is_boolean() {
                let beside = if word == "exclusiveMinimum" {
                    "minimum"
                } else {
                    "maximum"
                };
                let value = part.get(beside)?.value.clone();
                return part.is(word).then_some((value, spot));
            }
            return Some((spot.value.clone(), spot));
        }
        _ => {
            let spot = part.get(word)?;
            return Some((spot.value.clone(), spot));
        }
    };
    if part.is(exclusive) {
        return None;
    }
    let spot = part.get(word)?;
    Some((spot.value.clone(), spot))
}

/// Whether a schema's values are texts.
fn is_text(map: &Map<String, Value>) -> bool {
    let kinds = map.get("type");
    kinds.is_none_or(|kinds| {
        *kinds == "string"
            || kinds
                .as_array()
                .is_some_and(|all| all.contains(&json!("string")))
    })
}

/// A listed value as it is spelled: YAML reads `[1, 2]` as numbers where the type says texts.
fn spelled(value: Value, kinds: Option<&Value>) -> Value {
    let is_text =
        kinds.is_some_and(|kinds| *kinds == "string" || *kinds == json!(["string", "null"]));
    match value {
        Value::Number(number) if is_text => Value::from(number.to_string()),
        Value::Bool(flag) if is_text => Value::from(flag.to_string()),
        other => other,
    }
}

/// A number without a fraction as a whole one.
pub(super) fn whole(value: Value) -> Value {
    let whole = value
        .as_f64()
        .filter(|number| value.is_f64() && number.fract() == 0.0 && number.abs() < 9.0e15);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and within the range"
    )]
    whole.map_or(value.clone(), |number| {
        Value::Number(Number::from(number as i64))
    })
}
