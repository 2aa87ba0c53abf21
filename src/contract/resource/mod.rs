//! Resources: which operations create, show, change, delete, list and act on one thing, recognised
//! from paths, methods and ids alone. What is not sure is left out: a run creates and removes by
//! these.
//!
//! A resource has an item path, `/v1/widgets/{widget_id}`: its methods show (`GET`), replace
//! (`PUT`), change (`PATCH`) and delete it. The path before the last parameter is its collection,
//! which lists (`GET`) and creates (`POST`). Paths below the item are resources of their own, or
//! act on it. Where paths have no ids and end in verbs, [`verbs`] tells what they make.

use super::field_path::{FieldPath, Step};
use super::message::{Location, Parameter};
use super::operation::Operation;
use super::schema::enum_values;

mod acted_on;
mod identity;
mod keys;
mod paths;
mod template;
mod verbs;

use self::identity::{collection_of, scalars};
use self::paths::Paths;
use self::template::{Part, parts, without_format};
use super::naming::{is_called, is_scope};

pub(crate) use self::identity::self_link;
pub use self::keys::ItemKeys;
pub use self::verbs::changes_by_verb;

/// One kind of thing that a service keeps. Operations are places among those it was recognised
/// from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The service.
    pub service: String,
    /// What one is called, in the singular: `widget`.
    pub noun: String,
    /// The resource key that its id is given by: `widgets.widget_id`.
    pub key: String,
    /// The parameter of the path that takes its id.
    pub parameter: String,
    /// The resource that it belongs to, as a place among the resources.
    pub parent: Option<usize>,
    /// How one is made, where that is sure.
    pub create: Option<Creation>,
    /// Shows one.
    pub show: Option<usize>,
    /// Replaces one: what is left out goes back to what it is by default.
    pub replace: Option<usize>,
    /// Changes a part of one.
    pub change: Option<usize>,
    /// Deletes one.
    pub delete: Option<usize>,
    /// Lists them.
    pub list: Option<Collection>,
    /// What else changes one: `POST /v1/widgets/{widget_id}/restart`.
    pub acts: Vec<usize>,
}

/// How a resource is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    /// The operation.
    pub operation: usize,
    /// Where its id comes from.
    pub identity: Identity,
}

/// Where the id of a new resource comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// The answer tells it at this path.
    Answered(FieldPath),
    /// The request said it in this field of its body.
    Sent(FieldPath),
    /// The request chose it: `PUT` of an id that nobody had.
    Chosen,
    /// The last part of the answer's `Location` (RFC 9110, section 10.2.2).
    Located,
}

/// How resources are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// The operation.
    pub operation: usize,
    /// The path of the array in its answer; the root where the answer is the array.
    pub items: FieldPath,
    /// The name of the id within an item.
    pub id: String,
}

impl Resource {
    /// One that no operation is known of yet.
    pub(in crate::contract) fn bare(
        service: &str,
        noun: String,
        key: String,
        parameter: &str,
    ) -> Self {
        Self {
            service: service.to_owned(),
            noun,
            key,
            parameter: parameter.to_owned(),
            parent: None,
            create: None,
            show: None,
            replace: None,
            change: None,
            delete: None,
            list: None,
            acts: Vec::new(),
        }
    }

    /// Whether an operation makes one of an id that its request chooses: there is no unknown one.
    pub fn is_chosen_by(&self, operation: usize) -> bool {
        self.create.as_ref().is_some_and(|create| {
            create.operation == operation && create.identity == Identity::Chosen
        })
    }

    /// Whether an operation may make one of an id that its request names: a `PUT` that documents a
    /// 201 does, however else they are made, and so does a `POST` to the item itself.
    pub fn may_be_made_by(&self, index: usize, operation: &Operation) -> bool {
        let is_to_item = || operation.path.trim_end_matches('/').ends_with('}');
        let may = match operation.method.as_str() {
            "PUT" => self.replace == Some(index),
            "POST" => self.acts.contains(&index) && is_to_item(),
            _ => false,
        };
        may && operation.names(201)
    }

    /// Whether it only tells how far something is that an operation elsewhere has started: a job.
    pub fn tells_of(&self, operation: &Operation) -> bool {
        JOBS.contains(&self.noun.as_str()) && noun(end_of(operation)) != self.noun
    }

    /// Whether an operation replaces, changes, deletes or acts on one.
    pub fn is_changed_by(&self, operation: usize) -> bool {
        [self.replace, self.change, self.delete].contains(&Some(operation))
            || self.acts.contains(&operation)
    }
}

/// Names of parameters and fields that say nothing of what they are the id of.
const GENERAL: [&str; 12] = [
    "id",
    "pk",
    "uuid",
    "uid",
    "sid",
    "guid",
    "name",
    "key",
    "slug",
    "code",
    "number",
    "identifier",
];

/// Those of them that are of ids alone.
const IDS: [&str; 6] = ["id", "uuid", "guid", "uid", "sid", "identifier"];

/// Whether a name says nothing of what it is the id of, in whichever case.
fn is_general(name: &str) -> bool {
    GENERAL.contains(&name.to_ascii_lowercase().as_str())
}

/// What is called so tells how far something is that was started.
const JOBS: [&str; 4] = ["job", "task", "operation", "execution"];

/// Words that end like plurals.
const NO_PLURALS: [&str; 16] = [
    "status", "alias", "bonus", "canvas", "census", "corpus", "focus", "radius", "virus", "bus",
    "analysis", "basis", "axis", "lens", "news", "dns",
];

/// A collection's name as that of one of its items: `backups` -> `backup`.
pub fn singular(name: &str) -> String {
    let last = name.rsplit(['-', '_']).next().unwrap_or_default();
    if NO_PLURALS.contains(&last) {
        return name.to_owned();
    }
    for (plural, single) in [("ies", "y"), ("sses", "ss"), ("xes", "x"), ("s", "")] {
        if let Some(stem) = name.strip_suffix(plural)
            && !stem.is_empty()
            && !stem.ends_with('s')
        {
            return format!("{stem}{single}");
        }
    }
    name.to_owned()
}

/// The key that gives a parameter of the path its value where nobody bound it. A parameter with a
/// general name is called after the collection before it, so that `/traits/{name}` and
/// `/classes/{name}` are two.
fn key_of(operation: &Operation, parameter: &str) -> String {
    if is_scope(parameter) {
        return parameter.to_owned();
    }
    let collection = is_general(parameter)
        .then(|| {
            let before = operation.path.split(&format!("{{{parameter}}}")).next()?;
            let before = before.trim_end_matches('\'').strip_suffix(['/', '('])?;
            before.rsplit('/').next()
        })
        .flatten()
        .filter(|part| !part.is_empty() && !part.contains('{'));
    match collection {
        Some(collection) => format!("{}.{}_{parameter}", operation.service, noun(collection)),
        None => format!("{}.{parameter}", operation.service),
    }
}

/// What an item of a collection is called: `read-replicas` -> `read_replica`.
fn noun(collection: &str) -> String {
    singular(collection).replace('-', "_")
}

/// The resources of a suite's operations. `key` gives the resource key that a parameter of an
/// operation's path is bound to.
pub fn resources(
    operations: &[Operation],
    key: &dyn Fn(&Operation, &str) -> String,
) -> Vec<Resource> {
    let paths = Paths::of(operations);
    let mut found: Vec<(&str, Vec<Part<'_>>, Resource)> = Vec::new();
    for ((service, path), own) in &paths.by_path {
        let Some((Part::Parameter, collection)) = path.split_last() else {
            continue;
        };
        let Some((operation, parameter)) = own.first().and_then(|index| {
            let operation = operations.get(*index)?;
            let name = (*parts(&operation.path).1.last()?)?;
            let parameter = operation.parameter(Location::Path, name);
            parameter.is_none_or(takes_id).then_some((operation, name))
        }) else {
            continue;
        };
        let collection_name = collection
            .iter()
            .rev()
            .find_map(|part| match part {
                Part::Fixed(name) => Some(*name),
                Part::Parameter => None,
            })
            .unwrap_or_default();
        // What stands in the same place under another name may be something else: the digest of what
        // an attestation is about, where the id of one is a number.
        let own_key = key(operation, parameter);
        let is_it = |index: &usize| {
            operations.get(*index).is_some_and(|operation| {
                let name = parts(&operation.path).1.last().copied().flatten();
                name.is_some_and(|name| key(operation, name) == own_key)
            })
        };
        let only = |method: &str| paths.only(service, path, method).filter(is_it);
        let mut resource = Resource {
            show: only("GET"),
            replace: only("PUT"),
            change: only("PATCH"),
            delete: only("DELETE"),
            acts: own
                .iter()
                .copied()
                .filter(is_it)
                .filter(|index| {
                    operations
                        .get(*index)
                        .is_some_and(|operation| operation.method == "POST")
                })
                .collect(),
            ..Resource::bare(service, noun(collection_name), own_key.clone(), parameter)
        };
        let collection = paths.home_of(service, collection);
        resource.create = paths.creation(&resource, collection);
        // What makes one does nothing to one that is there.
        let made_by = resource.create.as_ref().map(|create| create.operation);
        resource.acts.retain(|act| Some(*act) != made_by);
        let listed = paths.only(service, collection, "GET");
        let listed = listed.or_else(|| {
            let below = [collection, &[Part::Fixed("list")]].concat();
            paths.only(service, &below, "GET")
        });
        resource.list =
            listed.and_then(|index| collection_of(operations.get(index)?, index, &resource));
        found.push((service, path.clone(), resource));
    }
    found.extend(paths.acted_on(key));
    // The paths that say what each belongs to: their own, or where they are made.
    let mut homes: Vec<Vec<Part<'_>>> = found.iter().map(|(_, path, _)| path.clone()).collect();
    for ((service, item, own), home) in found.iter_mut().zip(&mut homes) {
        // A link may say otherwise where the id is told, and what makes what no name says is made.
        if let Some((create, path)) = paths.linked(service, item)
            && (own.create.as_ref()).is_none_or(|known| known.operation == create.operation)
        {
            own.create = Some(create);
            *home = path;
        }
        if own.create.is_none()
            && let Some(path) = paths.made_below(service, own)
        {
            *home = path;
        }
    }
    for (service, _, own) in &mut found {
        if own.create.is_none() && own.show.is_some() && own.delete.is_none() {
            own.create = paths.start_of(service, own);
        }
    }
    for (service, path, resource) in paths.collections_below(&found) {
        homes.push(path.clone());
        found.push((service, path, resource));
    }
    for (index, home) in homes.iter().enumerate() {
        let Some((service, path, _)) = found.get(index) else {
            continue;
        };
        let parent = found
            .iter()
            .enumerate()
            .filter(|(_, (other, outer, _))| {
                other == service && outer.len() < home.len() && home.starts_with(outer)
            })
            .max_by_key(|(_, (_, outer, _))| outer.len())
            .map(|(parent, _)| parent);
        let mut acts = paths.acts(service, path, &found);
        if let Some((_, _, resource)) = found.get_mut(index) {
            resource.parent = parent;
            // `POST /queues/{id}/delete`: where nothing else does, it takes one away.
            if resource.delete.is_none()
                && let Some(delete) = paths.takes_away(&acts)
            {
                resource.delete = Some(delete);
                acts.retain(|act| *act != delete);
            }
            resource.acts.extend(acts);
        }
    }
    let mut found: Vec<Resource> = found.into_iter().map(|(_, _, resource)| resource).collect();
    let all: Vec<&Operation> = operations.iter().collect();
    for spoken in verbs::spoken(&all) {
        let is_known = found.iter().any(|known| {
            known.key == spoken.resource.key
                || known.create.as_ref().map(|create| create.operation) == spoken.create()
        });
        if !is_known {
            found.push(spoken.resource);
        }
    }
    found
}

/// Collections whose items have no path of their own: a `POST` makes one and a `GET` lists them, and
/// nothing shows or removes one. They are no fixtures; `known` are the resources that are.
pub fn collections(operations: &[Operation], known: &[Resource]) -> Vec<Resource> {
    let paths = Paths::of(operations);
    let of_path = paths.by_path.keys().filter_map(|(service, path)| {
        let Some(Part::Fixed(last)) = path.last() else {
            return None;
        };
        paths.without_items(service, path, last)
    });
    of_path
        .filter(|resource| {
            let Some(create) = &resource.create else {
                return false;
            };
            let is_known = known.iter().any(|known| {
                let creation = known.create.as_ref().map(|known| known.operation);
                creation == Some(create.operation) || known.is_changed_by(create.operation)
            });
            !is_known && operations.get(create.operation).is_some_and(makes)
        })
        .collect()
}

/// The last part of an operation's path.
fn end_of(operation: &Operation) -> &str {
    let path = without_format(operation.path.trim_end_matches('/'));
    path.rsplit('/').next().unwrap_or_default()
}

/// Whether an operation stands below the path of one item.
fn last_is_below(operation: &Operation) -> bool {
    let path = without_format(operation.path.trim_end_matches('/'));
    path.rsplit_once('/')
        .is_some_and(|(item, _)| item.ends_with('}'))
}

/// Whether a `POST` makes something below what its path names: its answer tells an id of what the
/// path ends in (`backup_id`, or the `id` of a `backup`), or is a 201 and that end a plural; an `id`
/// alone counts where either is so, as what acts on a resource may well show it.
pub fn makes(operation: &Operation) -> bool {
    let last = end_of(operation);
    let noun = noun(last);
    let own = format!("{noun}_id");
    let is_plural = noun != last;
    let told = operation.answer().is_some_and(|answer| {
        scalars(answer).any(|(path, _)| {
            let is_its_own = match path.steps() {
                [_] => is_plural || operation.names(201) || !last_is_below(operation),
                [Step::Name(of), _] => is_called(of, &noun),
                _ => false,
            };
            path.last_name()
                .is_some_and(|name| is_called(name, &own) || is_its_own && name == "id")
        })
    });
    told || (is_plural && operation.names(201))
}

/// Whether a parameter of a path takes the id of a resource: one whose values the contract lists
/// takes those, as in `/{resource_type}/tags`.
pub fn takes_id(parameter: &Parameter) -> bool {
    enum_values(parameter.schema.follow(&parameter.schema.root)).is_empty()
}

/// The parameters of a path that name resources, the innermost last.
pub fn parameters_of_path(operation: &Operation) -> Vec<&str> {
    let (_, names) = parts(&operation.path);
    names
        .into_iter()
        .flatten()
        .filter(|name| {
            operation
                .parameter(Location::Path, name)
                .is_some_and(takes_id)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("backups", "backup")]
    #[case("policies", "policy")]
    #[case("address", "address")]
    #[case("addresses", "address")]
    #[case("boxes", "box")]
    #[case("quota", "quota")]
    #[case("s", "s")]
    #[case("status", "status")]
    #[case("job-status", "job-status")]
    fn a_collection_is_called_after_its_items(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(singular(name), expected);
    }
}
