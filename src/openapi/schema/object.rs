//! What objects and lists hold, as the parts of a schema state it together.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::described::{depends_on_others, describe, ignored};
use super::write::Written;
use super::{Schemas, Side, add_facts};
use crate::contract::{DocumentationKind, Facet, Keyword, Level, Meaning};
use crate::openapi::error::OpenApiError;
use crate::openapi::notes::unread;
use crate::openapi::spot::Spot;

impl<'l> Schemas<'l> {
    /// Writes what objects and lists hold.
    pub(super) fn object(
        &mut self,
        parts: &[Spot<'l>],
        side: Side,
        out: &mut Written,
    ) -> Result<(), OpenApiError> {
        let mut properties: IndexMap<String, Vec<Spot<'l>>> = IndexMap::new();
        let mut required: IndexMap<String, Spot<'l>> = IndexMap::new();
        let mut is_unread = false;
        for part in parts {
            if let Some(fields) = part.get("properties").filter(|own| !own.value.is_object()) {
                self.misformed(&fields, "an object of schemas", out);
            }
            for member in part.get("properties").iter().flat_map(Spot::members) {
                properties.entry(member.key()).or_default().push(member);
            }
            if let Some(list) = part.get("required") {
                if !list.value.is_array() && !list.value.is_boolean() {
                    self.misformed(&list, "a list of names", out);
                    is_unread = true;
                }
                for item in list.items() {
                    if let Some(name) = item.value.as_str() {
                        required.entry(name.to_owned()).or_insert(item);
                    }
                }
            }
        }
        let lists: Vec<Spot<'l>> = parts
            .iter()
            .filter_map(|part| part.get("required"))
            .filter(|list| list.value.is_array())
            .collect();
        let mut written = Map::new();
        let closed = closed(parts);
        for (name, spots) in properties {
            let kept = self.is_kept_from(&spots, side);
            if let Some(kept) = kept {
                required.shift_remove(&name);
                // No request has what the service alone sets; no answer has what is only sent.
                if side == Side::Request {
                    let mut schema = self.schema(spots.clone(), side)?;
                    let mut facts = vec![kept.fact(Facet::Meaning(Meaning::ReadOnly), Level::Must)];
                    facts.extend(ignored(&name, &spots, &schema, &kept));
                    add_facts(&mut schema, facts, true);
                    if let Value::Object(map) = &mut schema {
                        map.insert("readOnly".to_owned(), Value::Bool(true));
                    }
                    written.insert(name, schema);
                }
                continue;
            }
            let presence = match (required.get(&name), side) {
                (Some(item), _) => Some(item.fact(Facet::Required, Level::Must)),
                // The list of what is required says of each other field that it may be left out. So
                // does its absence, where the document has such lists; one that has none says nothing.
                // Nor can a list say of a field that it may be left out which itself says the contrary.
                // Nor does a list that is not read. What others decide, its description says.
                (None, Side::Request)
                    if self.is_called_required(&spots)
                        || is_unread
                        || depends_on_others(&spots) =>
                {
                    None
                }
                (None, Side::Request) => lists
                    .first()
                    .or(spots.first().filter(|_| self.library.lists_required()))
                    .map(|spot| spot.fact(Facet::Required, Level::Must)),
                (None, Side::Parameter | Side::Response) => None,
            };
            let is_required = required.contains_key(&name);
            let hidden = self.is_kept_from(&spots, Side::Response);
            let hidden = hidden.filter(|_| side == Side::Request);
            let hidden = hidden.map(|at| at.fact(Facet::Meaning(Meaning::Hidden), Level::Must));
            let mut schema = self.schema(spots.clone(), side)?;
            add_facts(&mut schema, hidden.into_iter().collect(), true);
            add_facts(&mut schema, presence.into_iter().collect(), true);
            // By the letter another of the joined schemas forbids the field; few mean it so.
            let forbids = |own: &&Spot<'l>| {
                let fields = own.get("properties");
                let known = fields.and_then(|fields| fields.get(&name));
                side == Side::Request && known.is_none()
            };
            let forbidden = closed.iter().find(forbids).map(unread);
            add_facts(&mut schema, forbidden.into_iter().collect(), false);
            describe(
                &mut self.readings,
                &name,
                &spots,
                side,
                is_required,
                &mut schema,
            );
            written.insert(name, schema);
        }
        if !written.is_empty() {
            out.map
                .insert("properties".to_owned(), Value::Object(written));
        }
        if !required.is_empty() {
            let names: Vec<String> = required.into_keys().collect();
            out.map.insert("required".to_owned(), Value::from(names));
        }
        let items: Vec<Spot<'l>> = parts.iter().filter_map(|part| part.get("items")).collect();
        if items.iter().any(|spot| spot.value.is_array()) {
            for spot in items {
                self.misformed(&spot, "a schema", out);
            }
        } else if !items.is_empty() {
            let schema = self.schema(items, side)?;
            out.map.insert("items".to_owned(), schema);
        }
        self.further(parts, side, out)
    }

    /// Whether a field says of itself that it is required, which JSON Schema knows no word for: it is
    /// noted, and nothing is read of it.
    fn is_called_required(&mut self, spots: &[Spot<'l>]) -> bool {
        let is_true = |spot: &Spot<'l>| {
            spot.get("required")
                .filter(|own| *own.value == Value::Bool(true))
        };
        let Some(own) = spots.iter().find_map(is_true) else {
            return false;
        };
        let message = "`required: true` of a field is not read: it stands in the list `required` \
                       of its object";
        self.notes
            .add(DocumentationKind::PartNotRead, &own, message);
        true
    }

    /// Writes what is said of fields without a name of their own. Where schemas are joined, each
    /// would forbid the fields of the others: then only what all of them forbid is forbidden.
    fn further(
        &mut self,
        parts: &[Spot<'l>],
        side: Side,
        out: &mut Written,
    ) -> Result<(), OpenApiError> {
        let with_fields = parts.iter().filter(|part| part.get("properties").is_some());
        let count = with_fields.count();
        let stated: Vec<Spot<'l>> = parts
            .iter()
            .filter_map(|part| {
                let unevaluated = || part.get("unevaluatedProperties");
                part.get("additionalProperties").or_else(unevaluated)
            })
            .collect();
        let (closed, open): (Vec<_>, Vec<_>) = stated
            .into_iter()
            .partition(|spot| *spot.value == Value::Bool(false));
        if let Some(spot) = closed.first() {
            let word = spot.key();
            if closed.len() >= count || word == "unevaluatedProperties" {
                out.state(spot, Facet::Keyword(Keyword::AdditionalProperties));
                let word = "additionalProperties".to_owned();
                out.map.insert(word, Value::Bool(false));
                return Ok(());
            }
            let message = "fields without a name are forbidden by one of several joined schemas, \
                           which would forbid the fields of the others";
            self.notes
                .add(DocumentationKind::PartNotRead, spot, message);
            out.facts.push(unread(spot));
        }
        for spot in &open {
            if !spot.value.is_object() && !spot.value.is_boolean() {
                self.misformed(spot, "a schema, or `true` or `false`", out);
            }
        }
        let schemas: Vec<Spot<'l>> = open
            .into_iter()
            .filter(|spot| spot.value.as_object().is_some_and(|map| !map.is_empty()))
            .collect();
        if !schemas.is_empty() {
            let schema = self.schema(schemas, side)?;
            out.map.insert("additionalProperties".to_owned(), schema);
        }
        Ok(())
    }
}

/// The joined schemas that forbid fields other than their own.
fn closed<'l>(parts: &[Spot<'l>]) -> Vec<Spot<'l>> {
    let forbids = |part: &&Spot<'l>| part.value.get("additionalProperties") == Some(&json!(false));
    parts.iter().filter(forbids).cloned().collect()
}
