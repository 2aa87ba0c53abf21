//! What leaves no value: a least above the most, a step that meets none of the numbers between, a
//! listed value that is outside. A contract with all of it would have neither a request nor an
//! answer, so it has the first alone.

use serde_json::{Map, Value};

use super::Schemas;
use super::keywords::facet;
use super::shown::allows;
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
        if has_no_multiple(&out.map) {
            out.map.shift_remove("multipleOf");
            out.facts.retain(|fact| fact.facet != facet("multipleOf"));
            let message = "no multiple of `multipleOf` is within `minimum` and `maximum`";
            for spot in parts.iter().filter_map(|part| part.get("multipleOf")) {
                self.differs(&spot, message, out);
            }
        }
        self.listed(parts, out);
    }

    /// Notes each listed value that the other keywords do not allow.
    fn listed(&mut self, parts: &[Spot<'l>], out: &mut Written) {
        let lists = parts.iter().filter_map(|part| part.get("enum"));
        let known = out.map.get("enum").and_then(Value::as_array).cloned();
        let Some(known) = known else { return };
        let is_none_allowed = !known.iter().any(|value| allows(&out.map, value, &["enum"]));
        if is_none_allowed {
            // Of the two, the list is what says more of no value.
            out.map.shift_remove("enum");
            out.facts.retain(|fact| fact.facet != facet("enum"));
            let message = "no listed value is what the rest of the schema allows";
            for list in parts.iter().filter_map(|part| part.get("enum")) {
                self.differs(&list, message, out);
            }
            return;
        }
        for item in lists.flat_map(|list| list.items().collect::<Vec<_>>()) {
            // A value that is spelled as the type wants it is told of by nobody.
            if known.contains(item.value) && !allows(&out.map, item.value, &["enum"]) {
                let message = format!(
                    "the listed value {} is not what the rest of the schema allows",
                    item.value
                );
                let kind = DocumentationKind::PageDiffersFromItself;
                self.notes.add(kind, &item, message);
            }
        }
    }

    /// Notes that something contradicts what stands beside it and is not read.
    pub(super) fn differs(&mut self, spot: &Spot<'l>, message: &str, out: &mut Written) {
        let kind = DocumentationKind::PageDiffersFromItself;
        self.notes.add(kind, spot, message);
        out.facts.push(unread(spot));
    }
}

/// Whether no number between the bounds of a schema is a multiple of its step.
fn has_no_multiple(map: &Map<String, Value>) -> bool {
    let number = |word: &str| map.get(word).and_then(Value::as_f64);
    match (number("multipleOf"), number("minimum"), number("maximum")) {
        // A number of the wire is a little less exact than what is written.
        (Some(step), Some(least), Some(most)) => (least / step).ceil() > (most / step) + 1e-9,
        _ => false,
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
