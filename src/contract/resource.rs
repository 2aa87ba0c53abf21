//! Resources: which operations create, show, change, delete, list and act on one thing, recognised
//! from paths, methods and ids alone. What is not sure is left out: a run creates and removes by
//! these.
//!
//! A resource has an item path, `/v1/widgets/{widget_id}`: its methods show (`GET`), replace
//! (`PUT`), change (`PATCH`) and delete it. The path before the last parameter is its collection,
//! which lists (`GET`) and creates (`POST`). Paths below the item are resources of their own, or
//! act on it.

use std::collections::BTreeMap;

use super::field_path::{FieldPath, Step};
use super::operation::{Location, Operation, Parameter};
use super::schema::{Schema, enum_values, types_of};

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
    /// Whether an operation makes one of an id that its request chooses: there is no unknown one.
    pub fn is_chosen_by(&self, operation: usize) -> bool {
        self.create.as_ref().is_some_and(|create| {
            create.operation == operation && create.identity == Identity::Chosen
        })
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
const GENERAL: [&str; 10] = [
    "id",
    "pk",
    "uuid",
    "uid",
    "name",
    "key",
    "slug",
    "code",
    "number",
    "identifier",
];

/// What is called so tells how far something is that was started.
const JOBS: [&str; 4] = ["job", "task", "operation", "execution"];

/// What an answer may put its one resource into, beside an object of the resource's own name.
const WRAPPERS: [&str; 4] = ["data", "result", "item", "response"];

/// A collection's name as that of one of its items: `backups` -> `backup`.
pub fn singular(name: &str) -> String {
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
pub fn key_of(operation: &Operation, parameter: &str) -> String {
    if matches!(parameter, "project_id" | "tenant_id") {
        return parameter.to_owned();
    }
    let collection = GENERAL
        .contains(&parameter)
        .then(|| {
            let before = operation.path.split(&format!("/{{{parameter}}}")).next()?;
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

/// A part of a path's template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'p> {
    /// A part that stands there as it is.
    Fixed(&'p str),
    /// One that a parameter fills.
    Parameter,
}

/// A path without the names of its parameters, and the name of each.
fn parts(path: &str) -> (Vec<Part<'_>>, Vec<Option<&str>>) {
    path.trim_matches('/')
        .split('/')
        .map(|part| {
            let name = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'));
            match name.filter(|name| !name.contains(['{', '}'])) {
                Some(name) => (Part::Parameter, Some(name)),
                None => (Part::Fixed(part), None),
            }
        })
        .unzip()
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
        let mut resource = Resource {
            service: (*service).to_owned(),
            noun: noun(collection_name),
            key: key(operation, parameter),
            parameter: parameter.to_owned(),
            parent: None,
            create: None,
            show: paths.only(service, path, "GET"),
            replace: paths.only(service, path, "PUT"),
            change: paths.only(service, path, "PATCH"),
            delete: paths.only(service, path, "DELETE"),
            list: None,
            acts: own
                .iter()
                .copied()
                .filter(|index| {
                    operations
                        .get(*index)
                        .is_some_and(|operation| operation.method == "POST")
                })
                .collect(),
        };
        resource.create = paths.creation(&resource, collection);
        resource.list = paths
            .only(service, collection, "GET")
            .and_then(|index| collection_of(operations.get(index)?, index, &resource));
        found.push((service, path.clone(), resource));
    }
    // The paths that say what each belongs to: their own, or where they are made.
    let mut homes: Vec<Vec<Part<'_>>> = found.iter().map(|(_, path, _)| path.clone()).collect();
    for ((service, _, own), home) in found.iter_mut().zip(&mut homes) {
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
        let acts = paths.acts(service, path, &found);
        if let Some((_, _, resource)) = found.get_mut(index) {
            resource.parent = parent;
            resource.acts.extend(acts);
        }
    }
    found.into_iter().map(|(_, _, resource)| resource).collect()
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

/// The operations by service and path, names of parameters aside.
struct Paths<'o> {
    operations: &'o [Operation],
    by_path: BTreeMap<(&'o str, Vec<Part<'o>>), Vec<usize>>,
}

impl<'o> Paths<'o> {
    fn of(operations: &'o [Operation]) -> Self {
        let mut by_path: BTreeMap<(&str, Vec<Part<'_>>), Vec<usize>> = BTreeMap::new();
        for (index, operation) in operations.iter().enumerate() {
            let key = (operation.service.as_str(), parts(&operation.path).0);
            by_path.entry(key).or_default().push(index);
        }
        Self {
            operations,
            by_path,
        }
    }

    /// The one operation of a method on a path: where there are two, which does it is not sure.
    fn only(&self, service: &str, path: &[Part<'o>], method: &str) -> Option<usize> {
        let own = self
            .by_path
            .iter()
            .find(|((of, known), _)| *of == service && known == path)?
            .1;
        let mut same = own.iter().copied().filter(|index| {
            self.operations
                .get(*index)
                .is_some_and(|operation| operation.method == method)
        });
        same.next().filter(|_| same.next().is_none())
    }

    /// How a resource of a collection is made.
    fn creation(&self, resource: &Resource, collection: &[Part<'o>]) -> Option<Creation> {
        if let Some(index) = self.only(&resource.service, collection, "POST") {
            let identity = identity(self.operations.get(index)?, resource)?;
            return Some(Creation {
                operation: index,
                identity,
            });
        }
        let index = resource.replace?;
        // A page that says that a `PUT` makes something says so by its 201; and what is put below
        // another, is not made otherwise and can be taken away again, is a membership of it.
        let is_below = collection.contains(&Part::Parameter) && resource.delete.is_some();
        let makes = is_below || self.operations.get(index)?.names(201);
        makes.then_some(Creation {
            operation: index,
            identity: Identity::Chosen,
        })
    }

    /// Finds how a resource is made, and perhaps listed, below another, where its own path is not
    /// below that: `POST /boards/{board_id}/cards` of `/cards/{card_id}`. The path that it would
    /// have there.
    fn made_below(&self, service: &str, own: &mut Resource) -> Option<Vec<Part<'o>>> {
        let below = |path: &[Part<'o>]| match path {
            [_, .., Part::Parameter, Part::Fixed(last)] => noun(last) == own.noun,
            _ => false,
        };
        let mut homes = self
            .by_path
            .keys()
            .filter(|(of, path)| *of == service && below(path))
            .filter_map(|(_, path)| {
                let index = self.only(service, path, "POST")?;
                let identity = identity(self.operations.get(index)?, own)?;
                let create = Creation {
                    operation: index,
                    identity,
                };
                Some((path, create))
            });
        // Where two make one, what it belongs to is not sure.
        let (path, create) = homes.next().filter(|_| homes.next().is_none())?;
        drop(homes);
        own.create = Some(create);
        if own.list.is_none() {
            own.list = self
                .only(service, path, "GET")
                .and_then(|index| collection_of(self.operations.get(index)?, index, own));
        }
        let mut home = path.clone();
        home.push(Part::Parameter);
        Some(home)
    }

    /// How a job is started: by the operation elsewhere whose answer tells its id, of several the
    /// one that needs the least.
    fn start_of(&self, service: &str, own: &Resource) -> Option<Creation> {
        let wanted = [own.parameter.clone(), format!("{}_id", own.noun)];
        let starts = self.operations.iter().enumerate().filter(|(_, operation)| {
            operation.service == service && operation.method == "POST" && own.tells_of(operation)
        });
        let told = starts.filter_map(|(index, operation)| {
            let mut ids = scalars(answer(operation)?).filter(|(path, _)| {
                let name = path.last_name().unwrap_or_default();
                wanted.iter().any(|wanted| is_called(name, wanted))
            });
            let (path, _) = ids.next()?;
            let needed = parameters_of_path(operation).len();
            Some((needed, index, path.clone()))
        });
        let (_, operation, path) = told.min_by_key(|(needed, index, _)| (*needed, *index))?;
        Some(Creation {
            operation,
            identity: Identity::Answered(path),
        })
    }

    /// Collections below what can be made that have no path for one item: what they list and create
    /// comes and goes with what it belongs to.
    fn collections_below(
        &self,
        found: &[(&'o str, Vec<Part<'o>>, Resource)],
    ) -> Vec<(&'o str, Vec<Part<'o>>, Resource)> {
        let mut below = Vec::new();
        for (service, collection) in self.by_path.keys() {
            let Some((Part::Fixed(last), outer)) = collection.split_last() else {
                continue;
            };
            let is_made = |(of, path, resource): &(&str, Vec<Part<'_>>, Resource)| {
                of == service && path == outer && resource.create.is_some()
            };
            let has_items = |(of, path, _): &(&str, Vec<Part<'_>>, Resource)| {
                of == service && path.split_last().is_some_and(|(_, own)| own == collection)
            };
            if !found.iter().any(is_made) || found.iter().any(has_items) {
                continue;
            }
            let is_known = |resource: &Resource| {
                let create = |own: &Resource| own.create.as_ref().map(|create| create.operation);
                found
                    .iter()
                    .any(|(_, _, own)| create(own) == create(resource))
            };
            if let Some(resource) = self
                .without_items(service, collection, last)
                .filter(|resource| !is_known(resource))
            {
                let mut path = collection.clone();
                path.push(Part::Parameter);
                below.push((*service, path, resource));
            }
        }
        below
    }

    /// What a collection without a path for one item creates and lists; `last` is what it is called.
    fn without_items(&self, service: &str, path: &[Part<'o>], last: &str) -> Option<Resource> {
        let noun = noun(last);
        let mut resource = Resource {
            service: service.to_owned(),
            key: format!("{service}.{noun}_id"),
            parameter: format!("{noun}_id"),
            noun,
            parent: None,
            create: None,
            show: None,
            replace: None,
            change: None,
            delete: None,
            list: None,
            acts: Vec::new(),
        };
        resource.create = Some(self.creation(&resource, path)?);
        let list = self.only(service, path, "GET")?;
        resource.list = Some(collection_of(self.operations.get(list)?, list, &resource)?);
        Some(resource)
    }

    /// What changes a resource by a path below its own, that of no other resource and of nothing
    /// that is made there.
    fn acts(
        &self,
        service: &str,
        path: &[Part<'o>],
        found: &[(&str, Vec<Part<'o>>, Resource)],
    ) -> Vec<usize> {
        let is_collection = |below: &[Part<'_>]| {
            found.iter().any(|(of, item, _)| {
                *of == service && item.split_last().is_some_and(|(_, outer)| outer == below)
            })
        };
        self.by_path
            .iter()
            .filter(|((of, below), _)| {
                *of == service && below.len() > path.len() && below.starts_with(path)
            })
            .filter(|((_, below), _)| {
                let rest = below.get(path.len()..).unwrap_or_default();
                !rest.contains(&Part::Parameter) && !is_collection(below)
            })
            .flat_map(|(_, own)| own)
            .copied()
            .filter(|index| {
                self.operations.get(*index).is_some_and(|operation| {
                    operation.writes() && !(operation.method == "POST" && makes(operation))
                })
            })
            .collect()
    }
}

/// The last part of an operation's path.
fn end_of(operation: &Operation) -> &str {
    let path = operation.path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or_default()
}

/// Whether a `POST` makes something below what its path names: its answer tells an id of what the
/// path ends in, or that end is a plural.
pub fn makes(operation: &Operation) -> bool {
    let last = end_of(operation);
    let noun = noun(last);
    let own = format!("{noun}_id");
    let told = answer(operation).is_some_and(|answer| {
        scalars(answer).any(|(path, _)| {
            path.last_name().is_some_and(|name| {
                is_called(name, &own) || matches!(path.steps(), [_]) && name == "id"
            })
        })
    });
    told || (noun != last && operation.names(201))
}

/// Where the id of what a `POST` makes comes from.
fn identity(operation: &Operation, resource: &Resource) -> Option<Identity> {
    let names = names(resource);
    let answered = answer(operation).and_then(|answer| {
        let is_own = |path: &FieldPath| match path.steps() {
            [Step::Name(_)] => true,
            [Step::Name(outer), Step::Name(_)] => {
                is_called(outer, &resource.noun) || WRAPPERS.contains(&outer.as_str())
            }
            _ => false,
        };
        names.iter().find_map(|wanted| {
            scalars(answer)
                .filter(|(path, _)| is_own(path))
                .find(|(path, _)| path.last_name().is_some_and(|name| is_called(name, wanted)))
                .map(|(path, _)| path.clone())
        })
    });
    let sent = operation.request_body.as_ref().and_then(|body| {
        let wanted = &resource.parameter;
        let noun = resource.noun.as_str();
        let own = [
            FieldPath::name(wanted),
            FieldPath::name(noun).child(wanted),
            FieldPath::name(wanted.strip_prefix(&format!("{noun}_")).unwrap_or(wanted)),
        ];
        own.into_iter().find(|path| {
            body.schema
                .field(path)
                .is_some_and(|field| field.required && types_of(field.node).contains(&"string"))
        })
    });
    let chosen = match (answered, sent) {
        // An answer that repeats the id that it was sent has not made it.
        (Some(answered), Some(sent)) if answered.last_name() == sent.last_name() => {
            Some(Identity::Sent(sent))
        }
        (Some(answered), _) => Some(Identity::Answered(answered)),
        (None, sent) => sent.map(Identity::Sent),
    };
    if chosen.is_some() {
        return chosen;
    }
    let is_located = operation.names(201)
        && operation
            .response(201)
            .is_some_and(|created| created.schema.is_none());
    is_located.then_some(Identity::Located)
}

/// What the id of a resource may be called, the likeliest first.
fn names(resource: &Resource) -> Vec<String> {
    let noun = &resource.noun;
    let mut names = vec![resource.parameter.clone(), format!("{noun}_id")];
    let ends = |end: &str| resource.parameter.to_ascii_lowercase().ends_with(end);
    if ends("id") || GENERAL.contains(&resource.parameter.as_str()) {
        names.extend(["id".to_owned(), "uuid".to_owned(), format!("{noun}_uuid")]);
    }
    if let Some(own) = resource.parameter.strip_prefix(&format!("{noun}_")) {
        names.push(own.to_owned());
    }
    names
}

/// Whether two names are one but for the way that their words are joined: `widget_id`, `widgetId`,
/// `widget-id`.
fn is_called(name: &str, wanted: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|letter| !matches!(letter, '_' | '-'))
            .flat_map(char::to_lowercase)
            .collect()
    };
    plain(name) == plain(wanted)
}

/// The list that an operation on a collection answers with.
fn collection_of(operation: &Operation, index: usize, resource: &Resource) -> Option<Collection> {
    let answer = answer(operation)?;
    let names = names(resource);
    answer.fields().find_map(|array| {
        let Some(Step::Item) = array.path.steps().last() else {
            return None;
        };
        let items = array.path.parent()?;
        if items.has_item() || !types_of(array.node).contains(&"object") {
            return None;
        }
        let own: Vec<&str> = answer
            .fields()
            .filter(|field| field.path.parent().as_ref() == Some(array.path))
            .filter(|field| is_scalar(field.node))
            .filter_map(|field| field.path.last_name())
            .collect();
        let id = names
            .iter()
            .find_map(|wanted| own.iter().find(|name| is_called(name, wanted)))?;
        Some(Collection {
            operation: index,
            items,
            id: (*id).to_owned(),
        })
    })
}

/// The body of the documented success.
fn answer(operation: &Operation) -> Option<&Schema> {
    operation
        .successes()
        .find_map(|response| response.schema.as_deref())
}

/// The texts and numbers of a body that stand in it once.
fn scalars(schema: &Schema) -> impl Iterator<Item = (&FieldPath, &serde_json::Value)> {
    schema
        .fields()
        .filter(|field| is_scalar(field.node) && !field.path.has_item() && !field.path.has_entry())
        .map(|field| (field.path, field.node))
}

/// Whether a node is that of a text or a whole number: what an id can be.
fn is_scalar(node: &serde_json::Value) -> bool {
    let types = types_of(node);
    types.contains(&"string") || types.contains(&"integer")
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
    fn a_collection_is_called_after_its_items(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(singular(name), expected);
    }

    #[rstest]
    #[case("widget_id", "widgetId", true)]
    #[case("widget-id", "WIDGET_ID", true)]
    #[case("widget", "widgets", false)]
    fn names_are_one_whatever_joins_their_words(
        #[case] one: &str,
        #[case] other: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(is_called(one, other), expected);
    }
}
