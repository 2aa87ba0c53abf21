//! Bounds that leave no value: a least above the most. A contract with both would have neither a
//! request nor an answer, so it has none of them.

use serde_json::{Map, Value};

use super::Schemas;
use super::keywords::facet;
use super::write::Written;
use crate::contract::DocumentationKind;
use crate::openapi::notes::unread;
use crate::openapi::spot::Spot;

/// The least and the most of the same thing, and whether a value may be both.
const PAIRS: [(&str, &str, bool); 7] = [
    ("minimum", "maximum", true),
    ("minimum", "exclusiveMaximum", false),
    ("exclusiveMinimum", "maximum", false),
    ("exclusiveMinimum", "exclusiveMaximum", false),
    ("minLength", "maxLength", true),
    ("minItems", "maxItems", true),
    ("minProperties", "maxProperties", true),
];

impl<'l> Schemas<'l> {
    /// Takes out bounds between which nothing is, with a note and as facts that are not tried.
    pub(super) fn bounds(&mut self, parts: &[Spot<'l>], out: &mut Written) {
        for (least, most, together) in PAIRS {
            if !leave_none(&out.map, least, most, together) {
                continue;
            }
            let spots: Vec<Spot<'l>> = [least, most]
                .into_iter()
                .flat_map(|word| parts.iter().filter_map(move |part| part.get(word)))
                .collect();
            for word in [least, most] {
                out.map.shift_remove(word);
                out.facts.retain(|fact| fact.facet != facet(word));
            }
            if let Some(spot) = spots.first() {
                let message = format!("no value is within both `{least}` and `{most}`");
                let kind = DocumentationKind::PageDiffersFromItself;
                self.notes.add(kind, spot, message);
            }
            out.facts.extend(spots.iter().map(unread));
        }
    }
}

/// Whether no value is between two bounds of a schema.
fn leave_none(map: &Map<String, Value>, least: &str, most: &str, together: bool) -> bool {
    let number = |word: &str| map.get(word).and_then(Value::as_f64);
    match (number(least), number(most)) {
        (Some(least), Some(most)) => least > most || !together && least >= most,
        _ => false,
    }
}
