//! Unions: `oneOf` and `anyOf`. Most stand for something simpler: a value or null, one of several
//! types, or one of several values, each with a title of its own.

use serde_json::{Map, Value, json};

use super::keywords::TYPES;
use super::parts::ABOUT;
use super::{Schemas, Side};
use crate::contract::{Facet, Keyword};
use crate::openapi::error::OpenApiError;
use crate::openapi::spot::Spot;

/// What a union stands for, null left out.
pub(super) enum Union<'l> {
    /// One schema.
    One(Spot<'l>),
    /// A value of one of these types.
    Types(Vec<String>),
    /// One of these values.
    Values(Vec<Value>),
    /// Schemas of which none is simpler than itself.
    Branches(Vec<Spot<'l>>),
    /// Nothing: the list is empty, or is none.
    Nothing,
}

/// A union of a schema.
pub(super) struct Found<'l> {
    /// `oneOf` or `anyOf`.
    pub(super) spot: Spot<'l>,
    pub(super) union: Union<'l>,
    /// The branch that is null.
    pub(super) null: Option<Spot<'l>>,
    /// The word `discriminator` beside it.
    discriminator: Option<Spot<'l>>,
}

/// The unions of a schema.
pub(super) fn unions<'l>(spot: &Spot<'l>) -> Vec<Found<'l>> {
    ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|word| spot.get(word))
        .map(|found| {
            let (null, others): (Vec<_>, Vec<_>) = found.items().partition(is_null);
            let discriminator = spot.get("discriminator");
            Found {
                union: reading(others),
                null: null.into_iter().next(),
                discriminator,
                spot: found,
            }
        })
        .collect()
}

/// Whether a schema allows null and nothing else.
fn is_null(spot: &Spot<'_>) -> bool {
    match restricting(spot).as_slice() {
        [("type", value)] => **value == json!("null") || **value == json!(["null"]),
        [("enum", value)] => **value == json!([null]),
        [("const", value)] => value.is_null(),
        _ => false,
    }
}

/// The words of a schema that restrict values.
fn restricting<'s>(spot: &Spot<'s>) -> Vec<(&'s str, &'s Value)> {
    let map = spot.value.as_object();
    map.into_iter()
        .flatten()
        .filter(|(word, _)| !ABOUT.contains(&word.as_str()) && !word.starts_with("x-"))
        .map(|(word, value)| (word.as_str(), value))
        .collect()
}

fn reading(branches: Vec<Spot<'_>>) -> Union<'_> {
    let types: Option<Vec<Vec<String>>> = branches
        .iter()
        .map(|branch| match restricting(branch).as_slice() {
            [("type", value)] => listed_types(value),
            _ => None,
        })
        .collect();
    let values: Option<Vec<Vec<Value>>> = branches.iter().map(listed_values).collect();
    match (branches.len(), types, values) {
        (0, _, _) => Union::Nothing,
        (1, _, _) => branches
            .into_iter()
            .next()
            .map_or(Union::Nothing, Union::One),
        (_, Some(types), _) => {
            let mut all: Vec<String> = Vec::new();
            for kind in types.into_iter().flatten() {
                if !all.contains(&kind) {
                    all.push(kind);
                }
            }
            Union::Types(all)
        }
        (_, None, Some(values)) => Union::Values(values.into_iter().flatten().collect()),
        (_, None, None) => Union::Branches(branches),
    }
}

/// The types that a word lists; none where one is unknown.
pub(super) fn listed_types(value: &Value) -> Option<Vec<String>> {
    let known = |value: &Value| {
        let text = value.as_str()?;
        TYPES.contains(&text).then(|| text.to_owned())
    };
    match value {
        Value::Array(many) => many.iter().map(known).collect(),
        one => Some(vec![known(one)?]),
    }
}

/// The values of a schema that lists its values and says nothing else but their type.
fn listed_values(spot: &Spot<'_>) -> Option<Vec<Value>> {
    let words = restricting(spot);
    if words
        .iter()
        .any(|(word, _)| !matches!(*word, "type" | "enum" | "const"))
    {
        return None;
    }
    words.iter().find_map(|(word, value)| match *word {
        "enum" => value.as_array().cloned(),
        "const" => Some(vec![(*value).clone()]),
        _ => None,
    })
}

impl<'l> Schemas<'l> {
    /// The named schema of which a schema is nothing but a union with null, and what lets null stand
    /// beside it.
    pub(super) fn optional_target(
        &self,
        spot: &Spot<'l>,
    ) -> Result<Option<(Spot<'l>, Option<Spot<'l>>)>, OpenApiError> {
        let words = restricting(spot);
        let is_alone = words
            .iter()
            .all(|(word, _)| matches!(*word, "oneOf" | "anyOf" | "nullable" | "x-nullable"));
        let mut found = unions(spot).into_iter();
        let (Some(only), None) = (found.next().filter(|_| is_alone), found.next()) else {
            return Ok(None);
        };
        let Union::One(one) = only.union else {
            return Ok(None);
        };
        let null = self.nullable_word(spot).or(only.null);
        let target = self.named_target(&one)?;
        Ok(target.map(|(target, beside)| (target, null.or(beside))))
    }

    /// Whether a schema has values that are lists or objects.
    pub(in crate::openapi) fn is_compound(&self, spot: &Spot<'l>) -> Result<bool, OpenApiError> {
        let mut parts = self.parts(vec![spot.clone()])?;
        let mut at = 0;
        while let Some(part) = parts.all.get(at).cloned() {
            at += 1;
            let kinds = part.get("type").and_then(|kinds| listed_types(kinds.value));
            let is_compound = |kind: &String| kind == "array" || kind == "object";
            if kinds.iter().flatten().any(is_compound) || part.get("properties").is_some() {
                return Ok(true);
            }
            for found in unions(&part) {
                let branches = match found.union {
                    Union::One(one) => vec![one],
                    Union::Branches(branches) => branches,
                    Union::Types(kinds) if kinds.iter().any(is_compound) => return Ok(true),
                    Union::Types(_) | Union::Values(_) | Union::Nothing => Vec::new(),
                };
                for branch in branches {
                    let mut above = self.above(&part, &branch)?;
                    self.take_apart(branch, &mut above, &mut parts)?;
                }
            }
        }
        Ok(false)
    }

    /// Whether a schema has values that are lists of plain values, and no others but null.
    pub(in crate::openapi) fn is_plain_list(&self, spot: &Spot<'l>) -> Result<bool, OpenApiError> {
        let mut parts = self.parts(vec![spot.clone()])?;
        let mut at = 0;
        let mut is_list = false;
        while let Some(part) = parts.all.get(at).cloned() {
            at += 1;
            let kinds = part.get("type").and_then(|kinds| listed_types(kinds.value));
            if kinds
                .iter()
                .flatten()
                .any(|kind| kind != "array" && kind != "null")
            {
                return Ok(false);
            }
            is_list |= kinds.is_some();
            if let Some(items) = part.get("items")
                && self.is_compound(&items)?
            {
                return Ok(false);
            }
            for found in unions(&part) {
                match found.union {
                    Union::One(one) => {
                        self.take_apart(one, &mut vec![part.id()], &mut parts)?;
                    }
                    Union::Nothing => {}
                    Union::Branches(_) | Union::Types(_) | Union::Values(_) => return Ok(false),
                }
            }
        }
        Ok(is_list)
    }

    /// Writes the branches of a union. An answer that is of two kinds at once breaks nothing that a
    /// reader relies on, so that there `oneOf` is as wide as `anyOf`; a request has to be of one.
    pub(super) fn branches(
        &mut self,
        found: &Found<'l>,
        branches: &[Spot<'l>],
        (side, is_nullable): (Side, bool),
        out: &mut Map<String, Value>,
    ) -> Result<Facet, OpenApiError> {
        let keyword = match found.spot.key().as_str() {
            "oneOf" => Keyword::OneOf,
            _ => Keyword::AnyOf,
        };
        let mut written = Vec::new();
        for branch in branches {
            let mut schema = self.schema(vec![branch.clone()], side)?;
            if side == Side::Request
                && let Some(kind) = found.kind_of(branch)
            {
                schema = json!({ "allOf": [schema, kind] });
            }
            written.push(schema);
        }
        if (is_nullable || found.null.is_some()) && side != Side::Parameter {
            written.push(json!({ "type": "null" }));
        }
        let word = match (keyword, side) {
            (Keyword::OneOf, Side::Request) => "oneOf",
            _ => "anyOf",
        };
        let free = if out.contains_key(word) {
            "allOf"
        } else {
            word
        };
        let value = if free == word {
            Value::Array(written)
        } else {
            json!([{ (word): written }])
        };
        out.insert(free.to_owned(), value);
        Ok(Facet::Keyword(keyword))
    }
}

/// Whether a schema is that of texts which spell a value of another type, which is not said in words
/// that are known: a format that is called like the type.
fn spells(spot: &Spot<'_>) -> Option<&'static [&'static str]> {
    let is_text = spot.text("type") == Some("string");
    match spot.text("format").filter(|_| is_text)? {
        "integer" | "number" | "numeric" => Some(&["integer", "number"]),
        "boolean" => Some(&["boolean"]),
        _ => None,
    }
}

impl<'l> Found<'l> {
    /// The same without branches that are spellings of another: nobody says which texts they are.
    pub(super) fn without_spellings(self) -> Self {
        let Union::Branches(branches) = &self.union else {
            return self;
        };
        let has = |kinds: &[&str]| {
            let types = branches.iter().filter_map(|branch| branch.text("type"));
            types.into_iter().any(|kind| kinds.contains(&kind))
        };
        let mut left = branches.clone();
        left.retain(|branch| spells(branch).is_none_or(|kinds| !has(kinds)));
        let union = match left.as_slice() {
            [one] => Union::One(one.clone()),
            _ => Union::Branches(left),
        };
        Self { union, ..self }
    }

    /// What the discriminator says of a branch: the values that its property has there.
    fn kind_of(&self, branch: &Spot<'l>) -> Option<Value> {
        let discriminator = self.discriminator.as_ref()?;
        let property = discriminator.text("propertyName")?;
        let target = branch.text("$ref")?;
        let name = target.rsplit('/').next().unwrap_or(target);
        let mapping = discriminator.get("mapping");
        let mut values: Vec<String> = mapping
            .iter()
            .flat_map(Spot::members)
            .filter(|member| {
                let to = member.value.as_str();
                to == Some(target) || to == Some(name)
            })
            .map(|member| member.key())
            .collect();
        if values.is_empty() {
            values.push(name.to_owned());
        }
        Some(json!({
            "properties": { (property): { "enum": values } },
            "required": [property],
        }))
    }
}
