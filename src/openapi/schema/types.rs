//! The types of a schema: those that its parts and unions state, in the words of JSON Schema or of
//! another language, and those that its other words mean.

use serde_json::Value;

use super::keywords::common;
use super::union::{Found, Union, listed_types};
use super::write::Written;
use super::{Schemas, Side};
use crate::contract::{DocumentationKind, Facet};
use crate::openapi::notes::unread;
use crate::openapi::spot::Spot;
use crate::page::words::{TypeName, parse_type};

/// The types of which schemas are meant that state none, by the words that restrict no other.
const MEANT: [(&str, &[&str]); 4] = [
    ("object", &["properties"]),
    ("array", &["items"]),
    (
        "number",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
    ),
    ("string", &["minLength", "maxLength", "pattern"]),
];

impl<'l> Schemas<'l> {
    /// The types that each part and each union of types states.
    fn stated_types(
        &mut self,
        parts: &[Spot<'l>],
        joined: &[Found<'l>],
        out: &mut Written,
    ) -> Vec<(Vec<String>, Spot<'l>)> {
        let mut all = Vec::new();
        for spot in parts.iter().filter_map(|part| part.get("type")) {
            let stated = match spot.value.as_str() {
                // Swagger's word for what is uploaded or downloaded.
                Some("file") => Some(vec!["string".to_owned()]),
                _ => listed_types(spot.value),
            };
            if let Some(stated) = stated {
                all.push((stated, spot));
                continue;
            }
            let kind = DocumentationKind::UnknownType;
            let message = format!("the type {} is none of JSON Schema's", spot.value);
            if let Some(meant) = spot.value.as_str().and_then(meant_type) {
                let message = format!("{message}, and read as `{meant}`");
                self.notes.add_read(kind, &spot, Facet::Type, message);
                all.push((vec![meant.to_owned()], spot));
                continue;
            }
            self.notes.add(kind, &spot, message);
            out.facts.push(unread(&spot));
        }
        all.extend(joined.iter().filter_map(|found| match &found.union {
            Union::Types(stated) => Some((stated.clone(), found.spot.clone())),
            _ => None,
        }));
        all
    }

    /// Writes the types.
    pub(super) fn types(
        &mut self,
        parts: &[Spot<'l>],
        joined: &[Found<'l>],
        nullable: Option<&Spot<'l>>,
        side: Side,
        out: &mut Written,
    ) {
        let mut types: Option<Vec<String>> = None;
        for (stated, spot) in self.stated_types(parts, joined, out) {
            let both = types.as_ref().map(|known| common(known, &stated));
            if both.as_ref().is_some_and(Vec::is_empty) {
                let message = "no value is of this type and of that beside it";
                self.differs(&spot, message, out);
                continue;
            }
            out.state(&spot, Facet::Type);
            types = Some(both.unwrap_or(stated));
        }
        let has = |word: &str| parts.iter().any(|part| part.get(word).is_some());
        if types.is_none() && side != Side::Response {
            // What has properties and no type is meant to be an object, and what has a least number
            // a number: that is what is sent.
            let is_meant = |words: &[&str]| words.iter().any(|word| has(word));
            let mut meant = MEANT.iter().filter(|(_, words)| is_meant(words));
            if let (Some((kind, _)), None) = (meant.next(), meant.next()) {
                types = Some(vec![(*kind).to_owned()]);
            }
        }
        let Some(mut types) = types else {
            return;
        };
        match (side, nullable) {
            (Side::Parameter, _) => types.retain(|kind| kind != "null"),
            (_, Some(_)) if !types.iter().any(|kind| kind == "null") => {
                types.push("null".to_owned());
            }
            _ => {}
        }
        let value = match types.as_slice() {
            [] => return,
            [one] => Value::from(one.as_str()),
            _ => Value::from(types),
        };
        out.map.insert("type".to_owned(), value);
    }
}

/// The type of JSON Schema that a word of another language means: `int`, `bool`, `float`, `str`.
fn meant_type(word: &str) -> Option<&'static str> {
    match parse_type(word)? {
        TypeName::String => Some("string"),
        TypeName::Integer | TypeName::Int32 | TypeName::Long => Some("integer"),
        TypeName::Number | TypeName::Float | TypeName::Double => Some("number"),
        TypeName::Boolean => Some("boolean"),
        TypeName::File
        | TypeName::Object(_)
        | TypeName::Array(_)
        | TypeName::Map(_)
        | TypeName::Any
        | TypeName::OneOf(_) => None,
    }
}
