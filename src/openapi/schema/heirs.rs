//! Schemas of kinds by inheritance: a schema that names by `discriminator` the field that tells its
//! kinds, and lists none of them. Those that take it up in their `allOf` are its kinds (OpenAPI 3.0,
//! "Composition and Inheritance"; the only way of Swagger 2.0).

use serde_json::{Map, Value, json};

use super::parts::Parts;
use super::union::Found;
use super::{Schemas, Side, add_facts};
use crate::contract::{DocumentationKind, Facet, Keyword, Level, enum_values, escape_token};
use crate::openapi::error::OpenApiError;
use crate::openapi::spot::Spot;

/// Where named schemas stand.
const HOMES: [&str; 2] = ["/components/schemas", "/definitions"];

/// The most kinds of one schema that are told apart.
const MOST: usize = 24;

/// A kind of a schema, and the values of the field that tell it.
struct Heir<'l> {
    spot: Spot<'l>,
    values: Vec<String>,
}

/// The field by which kinds are told: Swagger 2.0 has its name alone.
fn told_by<'l>(base: &Spot<'l>) -> Option<&'l str> {
    let lists = ["oneOf", "anyOf"]
        .iter()
        .any(|word| base.get(word).is_some());
    let own = base.get("discriminator").filter(|_| !lists)?;
    own.value.as_str().or_else(|| own.text("propertyName"))
}

impl<'l> Schemas<'l> {
    /// The union of the kinds of a schema; none where it has none, or it is not sure how they are
    /// told apart.
    pub(super) fn of_heirs(
        &mut self,
        spots: &[Spot<'l>],
        side: Side,
    ) -> Result<Option<Value>, OpenApiError> {
        let [spot] = spots else {
            return Ok(None);
        };
        let mut base = spot.clone();
        while let Some((reference, from)) = base.text("$ref").zip(base.get("$ref")) {
            base = self.library.target(&from, reference)?;
        }
        let (Some(field), None) = (told_by(&base), self.nullable_word(&base)) else {
            return Ok(None);
        };
        if side == Side::Parameter {
            return Ok(None);
        }
        let heirs = self.heirs(&base, field);
        let is_sure = heirs.len() <= MOST && !heirs.iter().any(|heir| heir.values.is_empty());
        if heirs.is_empty() || !is_sure {
            if let Some(stated) = base.get("discriminator").filter(|_| !heirs.is_empty()) {
                let message = "its kinds are not tried: they are too many, or which value of \
                               the field is which is not sure";
                let kind = DocumentationKind::PartNotTried;
                self.notes.add(kind, &stated, message);
            }
            return Ok(None);
        }
        let mut written = Vec::new();
        for heir in &heirs {
            let schema = self.whole(vec![heir.spot.clone()], side)?;
            written.push(json!({ "allOf": [schema, told(field, &heir.values)] }));
        }
        let word = if side == Side::Request {
            "oneOf"
        } else {
            // What is of none of them is what the schema itself says.
            let all: Vec<String> = heirs.iter().flat_map(|heir| heir.values.clone()).collect();
            let parts = self.parts(vec![base.clone()])?;
            let schema = self.write(parts, side)?;
            written.push(json!({ "allOf": [schema, { "not": told(field, &all) }] }));
            "anyOf"
        };
        let mut schema = Value::Object(Map::from_iter([(word.to_owned(), Value::Array(written))]));
        let stated = base.get("discriminator").unwrap_or_else(|| base.clone());
        let fact = stated.fact(Facet::Keyword(Keyword::OneOf), Level::Must);
        add_facts(&mut schema, vec![fact], true);
        Ok(Some(schema))
    }

    /// The kinds of a schema, each with the values that tell it; without any where those are not
    /// sure.
    fn heirs(&self, base: &Spot<'l>, field: &str) -> Vec<Heir<'l>> {
        let Some(document) = self.library.document() else {
            return Vec::new();
        };
        let homes = HOMES.iter().filter_map(|home| document.at(home));
        let all: Vec<Spot<'l>> = homes
            .flat_map(|home| home.members().collect::<Vec<_>>())
            .collect();
        let mut found: Vec<Heir<'l>> = Vec::new();
        let mut open = vec![base.clone()];
        while let Some(above) = open.pop() {
            for spot in &all {
                let is_known = found.iter().any(|heir| heir.spot.id() == spot.id());
                if is_known || spot.id() == base.id() || !self.takes_up(spot, &above) {
                    continue;
                }
                // Kinds of a kind that has a field of its own for that are its union's.
                if told_by(spot).is_none() {
                    open.push(spot.clone());
                }
                found.push(Heir {
                    spot: spot.clone(),
                    values: self.values_of(base, spot, field),
                });
            }
        }
        found
    }

    /// The values that tell a kind: those that it lists itself, else those that the mapping leads to
    /// it by, else its name; of those the schema above allows.
    fn values_of(&self, base: &Spot<'l>, heir: &Spot<'l>, field: &str) -> Vec<String> {
        let listed = |spot: &Spot<'_>| -> Vec<String> {
            let said = spot.at(&format!("/properties/{}", escape_token(field)));
            let said = said.iter();
            said.flat_map(|said| enum_values(said.value))
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect()
        };
        let parts = self.parts(vec![heir.clone()]);
        let parts = parts.iter().flat_map(|parts| &parts.all);
        let own: Vec<String> = parts
            .filter(|part| part.id() != base.id())
            .flat_map(listed)
            .collect();
        if !own.is_empty() {
            return own;
        }
        let named = mapped(base, heir);
        let allowed = listed(base);
        if allowed.is_empty() {
            return named;
        }
        let same = |value: &String| allowed.iter().find(|one| one.eq_ignore_ascii_case(value));
        named.iter().filter_map(same).cloned().collect()
    }

    /// Whether a union lists a schema that is among the parts of what is written: a base that lists
    /// its heirs, taken up by one of them.
    pub(super) fn lists_one_of(&self, found: &Found<'l>, parts: &Parts<'l>) -> bool {
        let branches = found.spot.items();
        let mut targets = branches.filter_map(|branch| {
            let (to, from) = branch.text("$ref").zip(branch.get("$ref"))?;
            self.library.target(&from, to).ok()
        });
        targets.any(|target| parts.all.iter().any(|part| part.id() == target.id()))
    }

    /// The schemas that a branch of a union must not lead back to: that with the union, unless the
    /// branch is an heir that takes it up.
    pub(super) fn above(
        &self,
        base: &Spot<'l>,
        branch: &Spot<'l>,
    ) -> Result<Vec<(String, String)>, OpenApiError> {
        let target = self.named_target(branch)?;
        let is_heir = target.is_some_and(|(target, _)| self.takes_up(&target, base));
        Ok(if is_heir { Vec::new() } else { vec![base.id()] })
    }

    /// Whether the `allOf` of a schema has a reference to another.
    fn takes_up(&self, spot: &Spot<'l>, other: &Spot<'l>) -> bool {
        let all = spot.get("allOf");
        let mut parts = all.iter().flat_map(Spot::items);
        parts.any(|part| {
            let target = part.text("$ref").zip(part.get("$ref"));
            // What leads nowhere is told of where it is needed.
            let target = target.and_then(|(to, from)| self.library.target(&from, to).ok());
            target.is_some_and(|target| target.id() == other.id())
        })
    }
}

/// What an object has whose field has one of some values.
fn told(field: &str, values: &[String]) -> Value {
    json!({ "properties": { (field): { "enum": values } }, "required": [field] })
}

/// The values that the mapping leads to a kind by; its name where there is none.
fn mapped(base: &Spot<'_>, heir: &Spot<'_>) -> Vec<String> {
    if let Some(own) = heir.text("x-ms-discriminator-value") {
        return vec![own.to_owned()];
    }
    let name = heir.key();
    let mapping = base.at("/discriminator/mapping");
    let members = mapping.iter().flat_map(Spot::members);
    let leads_here = |member: &Spot<'_>| {
        let to = member.value.as_str().unwrap_or_default();
        let last = to.rsplit('/').next().unwrap_or_default();
        last == name || last.split('.').next() == Some(name.as_str())
    };
    let mapped: Vec<String> = members
        .filter(leads_here)
        .map(|member| member.key())
        .collect();
    if mapped.is_empty() {
        vec![name]
    } else {
        mapped
    }
}
