//! The parts of a schema: what `$ref` and `allOf` join, taken apart into schemas that have neither.

use serde_json::{Map, Value};

use super::{Schemas, Side};
use crate::openapi::error::{OpenApiError, Problem};
use crate::openapi::spot::Spot;

/// Words that say something about a schema and restrict no value.
pub(super) const ABOUT: [&str; 16] = [
    "$comment",
    "$schema",
    "$id",
    "$anchor",
    "$defs",
    "$dynamicAnchor",
    "definitions",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "summary",
    "title",
    "xml",
];

/// The parts of a schema: the conjunction of them is the schema.
pub(in crate::openapi) struct Parts<'l> {
    /// Schemas whose `$ref` and `allOf` are in the list themselves.
    pub(in crate::openapi) all: Vec<Spot<'l>>,
    /// What says that null may stand in the place of a value, in OpenAPI's own dialect.
    pub(in crate::openapi) nullable: Option<Spot<'l>>,
}

impl<'l> Schemas<'l> {
    /// Whether a word beside a reference says nothing of values.
    pub(in crate::openapi) fn is_about(word: &str) -> bool {
        ABOUT.contains(&word)
            || word.starts_with("x-")
            || matches!(
                word,
                "readOnly" | "writeOnly" | "nullable" | "discriminator"
            )
    }

    /// The word that lets null stand beside, where it says so.
    pub(super) fn nullable_word(&self, spot: &Spot<'l>) -> Option<Spot<'l>> {
        let words = ["nullable", "x-nullable"];
        let is_read = self.version.is_own_dialect();
        let word = words.into_iter().find(|word| is_read && spot.is(word))?;
        spot.get(word)
    }

    /// The named schema that a schema is nothing but a reference to, and what lets null stand beside
    /// it. What one reference leads to may be a further one.
    pub(super) fn named_target(
        &self,
        spot: &Spot<'l>,
    ) -> Result<Option<(Spot<'l>, Option<Spot<'l>>)>, OpenApiError> {
        let mut at = spot.clone();
        let mut nullable = None;
        let mut found = None;
        let mut seen = vec![at.id()];
        while let Some(map) = at.value.as_object() {
            let next = if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                let is_alone = self.version.is_own_dialect()
                    || map
                        .keys()
                        .all(|word| word == "$ref" || Self::is_about(word));
                if !is_alone {
                    break;
                }
                let from = at.get("$ref").unwrap_or_else(|| at.clone());
                Some((self.library.target(&from, reference)?, Vec::new()))
            } else {
                single(&at, map)
            };
            let Some((next, beside)) = next else { break };
            nullable = nullable
                .or_else(|| self.nullable_word(&at))
                .or_else(|| beside.iter().find_map(|said| self.nullable_word(said)));
            if map.contains_key("$ref") {
                found = Some(next.clone());
            }
            if seen.contains(&next.id()) {
                return Err(cycle(spot));
            }
            seen.push(next.id());
            at = next;
        }
        Ok(found.map(|target| (target, nullable)))
    }

    /// Takes schemas apart.
    pub(in crate::openapi) fn parts(
        &self,
        spots: Vec<Spot<'l>>,
    ) -> Result<Parts<'l>, OpenApiError> {
        let mut parts = Parts {
            all: Vec::new(),
            nullable: None,
        };
        for spot in spots {
            self.take_apart(spot, &mut Vec::new(), &mut parts)?;
        }
        Ok(parts)
    }

    /// Takes a schema apart; `above` are those that it was found in.
    pub(super) fn take_apart(
        &self,
        spot: Spot<'l>,
        above: &mut Vec<(String, String)>,
        parts: &mut Parts<'l>,
    ) -> Result<(), OpenApiError> {
        if above.contains(&spot.id()) {
            return Err(cycle(&spot));
        }
        if parts.all.iter().any(|known| known.id() == spot.id()) {
            return Ok(());
        }
        above.push(spot.id());
        if parts.nullable.is_none() {
            parts.nullable = self.nullable_word(&spot);
        }
        let mut is_replaced = false;
        if let Some(reference) = spot.text("$ref") {
            let from = spot.get("$ref").unwrap_or_else(|| spot.clone());
            let target = self.library.target(&from, reference)?;
            self.take_apart(target, above, parts)?;
            is_replaced = self.version.is_own_dialect();
        } else if let Some(all) = spot.get("allOf") {
            for part in all.items() {
                self.take_apart(part, above, parts)?;
            }
        }
        above.pop();
        if !is_replaced {
            parts.all.push(spot);
        }
        Ok(())
    }

    /// Whether a schema says that its values are set by one side alone: `readOnly` or `writeOnly`,
    /// beside a reference or in what it leads to.
    pub(super) fn is_kept_from(&self, spots: &[Spot<'l>], side: Side) -> Option<Spot<'l>> {
        let word = match side {
            Side::Request => "readOnly",
            Side::Response => "writeOnly",
            Side::Parameter => return None,
        };
        let stated = |spot: &Spot<'l>| spot.is(word).then(|| spot.get(word)).flatten();
        spots.iter().find_map(stated).or_else(|| {
            let parts = self.parts(spots.to_vec()).ok()?;
            parts.all.iter().find_map(stated)
        })
    }
}

/// The one schema of an `allOf` beside which nothing restricts values, and those beside it that only
/// say something about it.
fn single<'l>(spot: &Spot<'l>, map: &Map<String, Value>) -> Option<(Spot<'l>, Vec<Spot<'l>>)> {
    let all = spot.get("allOf")?;
    let is_alone = map
        .keys()
        .all(|word| word == "allOf" || Schemas::is_about(word));
    let is_about = |item: &Spot<'l>| {
        let words = item.value.as_object();
        words.is_some_and(|words| words.keys().all(|word| Schemas::is_about(word)))
    };
    let (beside, mut others): (Vec<_>, Vec<_>) = all.items().partition(is_about);
    let first = others.pop().filter(|_| is_alone && others.is_empty())?;
    Some((first, beside))
}

fn cycle(spot: &Spot<'_>) -> OpenApiError {
    let message = "a `$ref` that leads back to itself";
    spot.error(Problem::Ring, message)
}
