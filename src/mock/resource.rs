//! The mock's own resources: one id for each key of `--set`, valid wherever the suite binds it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use crate::contract::{
    FieldPath, Identity, Location, Operation, Place, Resource, ResourceExpectation, Row, Schema,
    Suite,
};
use crate::generate::sample;

/// The keys of the instances that the backend of DCS keeps.
pub(super) const MASTER_STANDBY: &str = "dcs.instance_id";
pub(super) const CLUSTER: &str = "dcs.cluster_instance_id";
pub(super) const EMPTY: &str = "dcs.empty_instance_id";
pub(super) const SINGLE_NODE: &str = "dcs.single_node_instance_id";

/// The ids of resources that a backend knows by key; they look as those of the real service do.
const KNOWN_IDS: [(&str, &str); 6] = [
    ("project_id", "5f2c0e9ab1d84c76a3e0917d4bb86e12"),
    (MASTER_STANDBY, "0d7a1c52-6f3e-4b8a-9c41-2e5d8f60a7b3"),
    (CLUSTER, "71c9e4b6-08d2-4f5a-b3e7-9a1f64c2d805"),
    (EMPTY, "c35f8d10-9b7e-4a26-8e64-d01b27fa5963"),
    (SINGLE_NODE, "e8240b9f-5c61-4d37-a9f2-6b83c7150e4d"),
    (
        "gaussdb.instance_id",
        "3b9f6d2c81e047aa95c07f1e6d84b2f3in14",
    ),
];

/// The ids of a suite's resources by key.
#[derive(Debug, Clone)]
pub(super) struct Resources {
    ids: BTreeMap<String, String>,
    /// The keys that the operations of a service bind to fields of a name, whatever their place.
    of_fields: BTreeMap<(String, FieldPath), Vec<String>>,
}

/// A place of an operation that names a resource, and the ids that exist there.
#[derive(Debug)]
pub(super) struct Bound {
    /// `path.instance_id`, `request.instance_id`.
    pub(super) row: Row,
    /// The resource key that it is bound to.
    pub(super) key: String,
    /// Known ids, and what is documented for each on this operation.
    pub(super) known: Vec<(String, ResourceExpectation)>,
}

impl Resources {
    /// Makes an id for each key that the suite binds.
    pub(super) fn new(suite: &Suite) -> Self {
        let mut schemas_of: BTreeMap<String, Vec<(&Schema, &Value)>> = BTreeMap::new();
        let mut of_fields: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for operation in &suite.operations {
            for (row, key) in all_bindings(suite, operation) {
                let schemas = schemas_of.entry(key.clone()).or_default();
                schemas.extend(schema_at(operation, &row));
                let of_field = (operation.service.clone(), row.field);
                let keys = of_fields.entry(of_field).or_default();
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        let asked: BTreeMap<String, usize> = schemas_of
            .iter()
            .map(|(key, schemas)| (key.clone(), schemas.len()))
            .collect();
        // An id is as what makes, shows or lists it tells it, too.
        for resource in &suite.resources {
            let schemas = schemas_of.entry(resource.key.clone()).or_default();
            schemas.extend(told_by(suite, resource));
        }
        let ids = suite
            .resource_keys()
            .into_iter()
            .enumerate()
            .map(|(index, key)| {
                let schemas = schemas_of.remove(&key).unwrap_or_default();
                let all = candidates(&key, index, &schemas);
                let fit = |own: &[(&Schema, &Value)]| {
                    let fits =
                        |id: &&String| own.iter().all(|(schema, node)| allows(schema, node, id));
                    all.iter().find(fits).cloned()
                };
                // Where answers tell it otherwise, it is as requests name it.
                let asked = asked.get(&key).copied().unwrap_or_default();
                let id = fit(&schemas)
                    .or_else(|| fit(schemas.get(..asked)?))
                    .unwrap_or_else(|| uuid(hash(&key)));
                (key, id)
            })
            .collect();
        Self { ids, of_fields }
    }

    /// Keys and ids.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        self.ids
            .iter()
            .map(|(key, id)| (key.clone(), id.clone()))
            .collect()
    }

    /// The id of a key.
    pub(super) fn id(&self, key: &str) -> Option<&str> {
        self.ids.get(key).map(String::as_str)
    }

    /// The places of an operation that name resources. A place knows every id that any operation of
    /// the service binds to a parameter of that name: a cluster that can be backed up can be listed
    /// too.
    pub(super) fn bound(&self, suite: &Suite, operation: &Operation) -> Vec<Bound> {
        let own = suite.bindings(operation);
        let cases = suite.cases_of(operation).resources;
        own.iter()
            .filter_map(|(place, key)| {
                let row = row_of(place)?;
                let mut known: Vec<(String, ResourceExpectation)> = Vec::new();
                for case in &cases {
                    if let Some(id) = case.bind.get(place).and_then(|key| self.id(key))
                        && !known.iter().any(|(seen, _)| seen == id)
                    {
                        known.push((id.to_owned(), case.expect));
                    }
                }
                let of_cases = known.len();
                let of_field = (operation.service.clone(), row.field.clone());
                for key in self.of_fields.get(&of_field).into_iter().flatten() {
                    if let Some(id) = self.id(key)
                        && !known.iter().take(of_cases).any(|(seen, _)| seen == id)
                    {
                        known.push((id.to_owned(), ResourceExpectation::Success));
                    }
                }
                let key = key.clone();
                Some(Bound { row, key, known })
            })
            .collect()
    }
}

/// The place and field that a binding names: `path.instance_id`, `request.instance_id`.
pub(super) fn row_of(bound: &str) -> Option<Row> {
    let (place, field) = bound.split_once('.')?;
    let place: Place = place.parse().ok()?;
    let field = match place {
        Place::Path | Place::Query | Place::Header | Place::Cookie => FieldPath::name(field),
        Place::Request => FieldPath::from(field),
        Place::Operation | Place::Response(_) | Place::ResponseHeader(_) => {
            return None;
        }
    };
    Some(Row { place, field })
}

/// What an operation binds, also where it is tried on further resources.
fn all_bindings(suite: &Suite, operation: &Operation) -> Vec<(Row, String)> {
    let further = suite.cases_of(operation).resources;
    std::iter::once(suite.bindings(operation))
        .chain(further.into_iter().map(|case| case.bind))
        .flatten()
        .filter_map(|(place, key)| Some((row_of(&place)?, key)))
        .collect()
}

fn schema_at<'s>(operation: &'s Operation, row: &Row) -> Option<(&'s Schema, &'s Value)> {
    let location = match row.place {
        Place::Path => Location::Path,
        Place::Query => Location::Query,
        Place::Header => Location::Header,
        Place::Cookie => Location::Cookie,
        Place::Request => {
            let schema: &Schema = &operation.request_body.as_ref()?.schema;
            let node = schema.node(&row.field.to_pointer())?;
            return Some((schema, node));
        }
        Place::Operation | Place::Response(_) | Place::ResponseHeader(_) => {
            return None;
        }
    };
    let schema: &Schema = &operation.parameter(location, row.field.top()?)?.schema;
    Some((schema, schema.follow(&schema.root)))
}

/// Where the answers of a resource tell its id.
fn told_by<'s>(suite: &'s Suite, resource: &Resource) -> Vec<(&'s Schema, &'s Value)> {
    let answer = |index: usize| suite.operations.get(index).and_then(Operation::answer);
    let created = resource.create.as_ref().and_then(|create| {
        let Identity::Answered(path) = &create.identity else {
            return None;
        };
        let schema = answer(create.operation)?;
        Some((schema, schema.field(path)?.node))
    });
    let listed = resource.list.as_ref().and_then(|list| {
        let schema = answer(list.operation)?;
        Some((
            schema,
            schema.field(&list.items.item().child(&list.id))?.node,
        ))
    });
    created.into_iter().chain(listed).collect()
}

/// Ids to try, the preferred first.
fn candidates(key: &str, index: usize, schemas: &[(&Schema, &Value)]) -> Vec<String> {
    let seed = hash(key);
    let plain = uuid(seed).replace('-', "");
    let mut all: Vec<String> = KNOWN_IDS
        .iter()
        .filter(|(known, _)| *known == key)
        .map(|(_, id)| (*id).to_owned())
        .collect();
    all.push(if key.ends_with("project_id") {
        plain.clone()
    } else {
        uuid(seed)
    });
    all.push(plain);
    for (schema, node) in schemas {
        // Samples of other varieties, so that two keys of one kind get two ids.
        all.extend((0..8).map(|more| text_of(&sample(schema, node, index + more * 31))));
    }
    // A number on one page can be a text of some digits on another.
    let number = (seed % 1_000_000_000 + 1_000_000_000).to_string();
    all.extend((1..=number.len()).filter_map(|digits| number.get(..digits).map(str::to_owned)));
    all
}

/// Whether a node allows an id, sent as text.
fn allows(schema: &Schema, node: &Value, id: &str) -> bool {
    let Some(compiled) = schema.part(node) else {
        return true;
    };
    compiled.is_valid(&Value::from(id))
        || id
            .parse::<i64>()
            .is_ok_and(|number| compiled.is_valid(&Value::from(number)))
}

/// Whether a field has a value that a query asks for: itself, or one of several with commas between
/// them.
pub(super) fn is_asked_for(own: &Value, asked: &Value) -> bool {
    let (own, asked) = (text_of(own), text_of(asked));
    own == asked || asked.split(',').any(|one| one.trim() == own)
}

/// A value as the text that a path or a `--set` carries.
pub(super) fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Fresh ids: unique within a mock, the same from start to start.
#[derive(Debug, Clone, Default)]
pub(super) struct Ids(Arc<AtomicU64>);

impl Ids {
    /// A new id in the form of a UUID.
    pub(super) fn uuid(&self) -> String {
        uuid(mix(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

/// A UUID of version 4 from a number.
fn uuid(seed: u64) -> String {
    let (high, low) = (mix(seed), mix(seed ^ 0x5851_f42d_4c95_7f2d));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

/// splitmix64: different numbers for different numbers, without a pattern to the eye.
fn mix(seed: u64) -> u64 {
    let mut value = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn fresh_ids_are_unique_and_well_formed() {
        let ids = Ids::default();
        let all: BTreeSet<String> = (0..10_000).map(|_| ids.uuid()).collect();
        assert_eq!(all.len(), 10_000);
        let schema =
            Schema::compile(serde_json::json!({"type": "string", "format": "uuid"})).unwrap();
        assert!(
            all.iter()
                .all(|id| schema.is_valid(&Value::from(id.as_str())))
        );
    }
}
