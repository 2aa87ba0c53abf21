//! What a schema shows: its default and its examples.

use serde_json::{Map, Value};

use super::Schemas;
use super::write::Written;
use crate::contract::{DocumentationKind, Facet, Schema};
use crate::openapi::{examples, spot::Spot};

/// The keywords that a default or example is held against.
const HELD: [&str; 13] = [
    "type",
    "enum",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
];

impl<'l> Schemas<'l> {
    /// Writes the default and the examples, where the rest allows them.
    pub(super) fn shown(&mut self, parts: &[Spot<'l>], out: &mut Written) {
        let mut examples: Vec<Value> = Vec::new();
        for part in parts {
            if let Some(spot) = part.get("default")
                && self.is_allowed(part, &spot, out)
                && !out.map.contains_key("default")
            {
                out.state(&spot, Facet::Default);
                out.map.insert("default".to_owned(), spot.value.clone());
            }
            let one = part.get("example");
            let many = part.get("examples").filter(|spot| spot.value.is_array());
            let each = many.iter().flat_map(Spot::items);
            for spot in one.into_iter().chain(each) {
                let is_new = !examples.contains(spot.value) && !spot.value.is_null();
                if is_new && self.is_allowed(part, &spot, out) {
                    examples.push(spot.value.clone());
                }
            }
        }
        if !examples.is_empty() {
            out.map
                .insert("examples".to_owned(), Value::Array(examples));
        }
    }

    /// Whether the default or example of a part is what the whole schema's keywords allow; what is not
    /// shows nothing, and is noted unless its own part allows it: who narrows that part elsewhere
    /// leaves its example as it is.
    fn is_allowed(&mut self, part: &Spot<'l>, spot: &Spot<'l>, out: &Written) -> bool {
        let value = spot.value;
        let Some(schema) = held(&out.map, &[]) else {
            return true;
        };
        let broken = schema.violations(value);
        let Some(first) = broken.first() else {
            return true;
        };
        // `default: null` is how generators write that there is none.
        let is_default = spot.key() == "default";
        let is_held = |own: &Map<String, Value>| HELD.iter().any(|word| own.contains_key(*word));
        let own = part.value.as_object().filter(|own| is_held(own));
        if own.is_some_and(|own| allows(own, value, &[])) {
            return false;
        }
        if !(is_default && value.is_null()) {
            let kind = match (is_default, out.map.contains_key("enum")) {
                (true, true) => DocumentationKind::DefaultOutsideEnum,
                (false, true) => DocumentationKind::ExampleBreaksEnum,
                (_, false) => examples::kind(first.facet),
            };
            let what = if is_default {
                "the default"
            } else {
                "the example"
            };
            let message = format!("{what} {value} is not what the schema allows");
            self.notes.add(kind, spot, message);
        }
        false
    }
}

/// The keywords of a schema that values are held against, but for some of them.
fn held(map: &Map<String, Value>, but: &[&str]) -> Option<Schema> {
    let mut bare = Map::new();
    for word in HELD.iter().filter(|word| !but.contains(word)) {
        if let Some(known) = map.get(*word) {
            bare.insert((*word).to_owned(), known.clone());
        }
    }
    Schema::compile(Value::Object(bare)).ok()
}

/// Whether the keywords of a schema allow a value, but for some of them.
pub(super) fn allows(map: &Map<String, Value>, value: &Value, but: &[&str]) -> bool {
    held(map, but).is_none_or(|schema| schema.violations(value).is_empty())
}
