//! Resources of services whose paths end in verbs: `POST /users/create`, `GET /users/get?user_id=`,
//! `POST /users.delete`, `POST /createUser`, `/?Action=CreateUser`. One is recognised only where the
//! contract proves it: what shows or deletes one needs a single value, and what makes one answers
//! that value or is sent it.

use std::collections::{BTreeMap, BTreeSet};

mod of_two;

use super::identity::{collection_of, identity, scalars};
use super::{Creation, GENERAL, Identity, Resource, noun};
use crate::contract::action::Action;
use crate::contract::field_path::FieldPath;
use crate::contract::message::Location;
use crate::contract::naming::{is_called, words};
use crate::contract::operation::Operation;
use crate::contract::rule::{Place, Row};
use crate::contract::schema::{enum_values, types_of};

/// Verbs that make one, the likeliest first.
const CREATE: [&str; 5] = ["create", "new", "add", "insert", "register"];

/// Verbs that show one.
const SHOW: [&str; 8] = [
    "get", "show", "describe", "read", "retrieve", "fetch", "info", "view",
];

/// Verbs that list them.
const LIST: [&str; 4] = ["list", "search", "find", "query"];

/// Verbs that take one away.
pub(super) const DELETE: [&str; 3] = ["delete", "remove", "destroy"];

/// Verbs of which it is only sure that they change one. Whether a part that is left out stays as it
/// was, only the method says.
const CHANGE: [&str; 4] = ["update", "patch", "edit", "modify"];

/// Verbs that change the name alone.
const RENAME: [&str; 1] = ["rename"];

/// Words that names of ids end with.
const IDS: [&str; 11] = [
    "id", "uuid", "guid", "key", "name", "number", "no", "code", "slug", "handle", "arn",
];

/// A resource that verbs make and show.
#[derive(Debug)]
pub(super) struct Spoken {
    pub(super) resource: Resource,
    /// Where operations name one, outside their paths: `request.user_id`, by their places.
    pub(super) places: Vec<(usize, String)>,
}

/// An operation as its path tells it.
#[derive(Debug, Clone, Copy)]
struct Told<'o> {
    index: usize,
    operation: &'o Operation,
}

/// What is done to things of one noun, by the verb; an empty verb is any other.
type Deeds<'o> = BTreeMap<String, Vec<Told<'o>>>;

impl Spoken {
    /// The operation that makes one.
    pub(super) fn create(&self) -> Option<usize> {
        let create = self.resource.create.as_ref()?;
        Some(create.operation)
    }
}

/// The resources that the verbs of operations make.
pub(super) fn spoken(operations: &[&Operation]) -> Vec<Spoken> {
    let mut groups: BTreeMap<(&str, String, String), Deeds<'_>> = BTreeMap::new();
    for (index, operation) in operations.iter().copied().enumerate() {
        for (home, noun, verb) in readings(&operation.path) {
            let deeds = groups.entry((&operation.service, home, noun)).or_default();
            deeds
                .entry(verb)
                .or_default()
                .push(Told { index, operation });
        }
    }
    let mut found: Vec<Spoken> = Vec::new();
    for ((service, _, noun), deeds) in &groups {
        let is_free = |told: &Told<'_>| !found.iter().any(|one| one.create() == Some(told.index));
        found.extend(of_group(service, noun, deeds, &is_free));
    }
    // An id that another noun goes by too is that of something that was there before.
    let keys: Vec<String> = found.iter().map(|one| one.resource.key.clone()).collect();
    let is_made = |one: &Spoken| {
        let create = one.resource.create.as_ref();
        create.is_some_and(|create| matches!(create.identity, Identity::Answered(_)))
    };
    found.retain(|one| {
        let same = keys.iter().filter(|key| **key == one.resource.key).count();
        same == 1 || is_made(one)
    });
    let mut known = BTreeSet::new();
    found.retain(|one| known.insert(one.resource.key.clone()));
    for ((service, _, noun), deeds) in &groups {
        if let Some(mut two) = of_two::of_two(service, noun, deeds, &found)
            && known.insert(two.own.resource.key.clone())
        {
            bind_below(operations, &found, &mut two);
            if let Some(other) = found.get_mut(two.other) {
                other.places.extend(two.places);
            }
            found.push(two.own);
        }
    }
    bind_others(operations, &mut found);
    found
}

/// How a path may be read: what stands before the noun and the verb, the noun in the singular, and
/// the verb, empty where it is none of those that are known.
fn readings(path: &str) -> Vec<(String, String, String)> {
    let (home, name) = match Action::of(path) {
        Some(action) => (path.split('?').next().unwrap_or_default(), action.name),
        None => path
            .trim_end_matches('/')
            .rsplit_once('/')
            .unwrap_or_default(),
    };
    // What belongs to something else is recognised by the path of that.
    if name.is_empty() || path.contains('{') {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some((things, verb)) = name.rsplit_once('.') {
        found.push((format!("{home}/{things}"), noun(things), known(verb)));
        return found;
    }
    let spoken = words(name);
    if Action::of(path).is_none()
        && let Some((_, things)) = home.rsplit_once('/')
        && !things.is_empty()
    {
        let verb = match spoken.as_slice() {
            [verb] => known(verb),
            _ => String::new(),
        };
        found.push((home.to_owned(), noun(things), verb));
    }
    if let [verb, things @ ..] = spoken.as_slice()
        && !things.is_empty()
    {
        let things = things.join("_");
        let single = noun(&things);
        // `getUsers` lists what `getUser` shows.
        let verb = match known(verb) {
            verb if SHOW.contains(&verb.as_str()) && single != things => "list".to_owned(),
            verb => verb,
        };
        found.push((format!("{home}?"), single, verb));
    }
    found
}

/// Whether an operation says by the verb that its path ends in that it changes something.
pub fn changes_by_verb(operation: &Operation) -> bool {
    is_of_verb(operation, &CHANGE) || is_of_verb(operation, &RENAME)
}

/// Whether the verb that an operation's path ends in is one of some.
fn is_of_verb(operation: &Operation, verbs: &[&str]) -> bool {
    let mut readings = readings(&operation.path).into_iter();
    operation.writes() && readings.any(|(_, _, verb)| verbs.contains(&verb.as_str()))
}

/// A verb, where it is one of those that are known.
fn known(verb: &str) -> String {
    let verb = verb.to_lowercase();
    let mut all = CREATE
        .iter()
        .chain(&SHOW)
        .chain(&LIST)
        .chain(&DELETE)
        .chain(&CHANGE)
        .chain(&RENAME);
    if all.any(|known| *known == verb) {
        verb
    } else {
        String::new()
    }
}

/// The one operation of the likeliest of some verbs that fits: where there are two, which does it is
/// not sure.
fn only<'o>(
    deeds: &Deeds<'o>,
    verbs: &[&str],
    fits: impl Fn(&Told<'o>) -> bool,
) -> Option<Told<'o>> {
    verbs.iter().find_map(|verb| {
        let mut fitting = deeds.get(*verb)?.iter().filter(|told| fits(told));
        fitting.next().copied().filter(|_| fitting.next().is_none())
    })
}

/// Whether an operation may make something.
fn makes(told: &Told<'_>) -> bool {
    let is_sent = matches!(told.operation.method.as_str(), "POST" | "PUT");
    (is_sent || Action::of(&told.operation.path).is_some()) && told.operation.writes()
}

/// The resource of one noun, where its id is proven.
fn of_group(
    service: &str,
    noun: &str,
    deeds: &Deeds<'_>,
    is_free: &dyn Fn(&Told<'_>) -> bool,
) -> Option<Spoken> {
    let create = only(deeds, &CREATE, makes).filter(is_free)?;
    let show = only(deeds, &SHOW, |told| !told.operation.writes());
    let delete = only(deeds, &DELETE, |told| told.operation.writes());
    let named = |told: Option<Told<'_>>| told.and_then(|told| needed(told.operation));
    let parameter = named(show).or_else(|| named(delete))?;
    if !names_one(&parameter, noun) {
        return None;
    }
    let is_general = GENERAL.contains(&parameter.as_str()) || is_called(&parameter, noun);
    let key = if is_general {
        format!("{service}.{noun}_{parameter}")
    } else {
        format!("{service}.{parameter}")
    };
    let takes_it = |told: &Told<'_>| place_of(told.operation, &parameter).is_some();
    let is_by_it = |told: &Told<'_>| needed(told.operation).as_ref() == Some(&parameter);
    let show = show.filter(is_by_it);
    let delete = delete.filter(is_by_it);
    let change = only(deeds, &CHANGE, |told| told.operation.method == "PATCH").filter(takes_it);
    let mut resource = Resource {
        show: show.map(|told| told.index),
        change: change.map(|told| told.index),
        delete: delete.map(|told| told.index),
        ..Resource::bare(service, noun.to_owned(), key, &parameter)
    };
    resource.create = Some(Creation {
        operation: create.index,
        identity: identity_of(create.operation, &resource, is_general)?,
    });
    resource.list = only(deeds, &LIST, |told| !told.operation.writes())
        .and_then(|told| collection_of(told.operation, told.index, &resource));
    let others = deeds.values().flatten().filter(|told| {
        told.operation.writes()
            && ![Some(create.index), resource.delete, resource.change].contains(&Some(told.index))
            && takes_it(told)
            && is_free(told)
    });
    resource.acts = others.map(|told| told.index).collect();
    let own = [show, delete, change].into_iter().flatten();
    // What only reads and needs it is about one that is there.
    let asks =
        |told: &Told<'_>| !told.operation.writes() && of_two::needs(told.operation, &parameter);
    let others = deeds.iter().filter(|(verb, _)| verb.is_empty());
    let acts = others.flat_map(|(_, told)| told).filter(|told| asks(told));
    let acts = acts.chain(
        deeds
            .values()
            .flatten()
            .filter(|told| resource.acts.contains(&told.index)),
    );
    let places = own
        .chain(acts.copied())
        .filter_map(|told| Some((told.index, place_of(told.operation, &parameter)?)))
        .collect();
    Some(Spoken { resource, places })
}

/// Whether a value is called as what names one thing: who asks for a comment's removal names none.
fn names_one(parameter: &str, noun: &str) -> bool {
    let spoken = words(parameter);
    let last = spoken.last();
    GENERAL.contains(&parameter)
        || is_called(parameter, noun)
        || last.is_some_and(|last| IDS.contains(&last.as_str()))
}

/// Where the id of what a create makes comes from. A name that says of what it is the id may stand
/// anywhere in the answer, but where the request says it too.
fn identity_of(create: &Operation, resource: &Resource, is_general: bool) -> Option<Identity> {
    let parameter = &resource.parameter;
    let anywhere = || {
        let mut told = scalars(create.answer()?);
        let (path, _) = told.find(|(path, _)| path.last_name() == Some(parameter))?;
        let is_sure = !is_general && place_of(create, parameter).is_none();
        is_sure.then(|| Identity::Answered(path.clone()))
    };
    let own = identity(create, resource).filter(|own| match own {
        Identity::Answered(_) | Identity::Sent(_) => true,
        Identity::Chosen | Identity::Located => false,
    });
    own.or_else(anywhere)
}

/// The fields outside its path by which an operation may name something, and whether each has to be
/// there: texts and numbers whose values nobody lists.
fn fields(operation: &Operation) -> Vec<(Place, String, bool)> {
    let is_plain = |node: &serde_json::Value| {
        let types = types_of(node);
        let is_scalar = types.is_empty() || types.contains(&"string") || types.contains(&"integer");
        is_scalar && enum_values(node).is_empty()
    };
    let action = Action::of(&operation.path).map(|action| action.parameter);
    let query = operation.parameters_in(Location::Query).filter(|own| {
        let node = own.schema.follow(&own.schema.root);
        let is_credential = operation.is_credential(Location::Query, &own.name);
        Some(own.name.as_str()) != action && !is_credential && is_plain(node)
    });
    let query = query.map(|own| (Place::Query, own.name.clone(), own.required));
    let body = operation.request_body.iter();
    let body = body.flat_map(|body| {
        let top = body
            .schema
            .fields()
            .filter(|field| field.path.steps().len() == 1);
        top.filter(|field| is_plain(field.node))
            .filter_map(|field| {
                let name = field.path.last_name()?.to_owned();
                Some((Place::Request, name, field.required))
            })
    });
    query.chain(body).collect()
}

/// The one value that an operation needs outside its path; where it is not said what it needs, the
/// one that it takes at all.
fn needed(operation: &Operation) -> Option<String> {
    let all = fields(operation);
    let mut needed: Vec<&String> = all.iter().filter(|own| own.2).map(|own| &own.1).collect();
    if needed.is_empty() {
        needed = all.iter().map(|own| &own.1).collect();
    }
    match needed.as_slice() {
        [one] => Some((*one).clone()),
        _ => None,
    }
}

/// Where an operation takes a value outside its path.
fn place_of(operation: &Operation, name: &str) -> Option<String> {
    let all = fields(operation);
    let (place, name, _) = all.into_iter().find(|own| own.1 == name)?;
    let field = FieldPath::name(&name);
    Some(Row { place, field }.to_string())
}

/// Binds what acts on a resource and needs the name of one that belongs to it: the `version` that an
/// alias of a model is put on.
fn bind_below(operations: &[&Operation], found: &[Spoken], two: &mut of_two::OfTwo) {
    let Some(other) = found.get(two.other) else {
        return;
    };
    for (index, _) in &other.places {
        let name = &two.own.resource.parameter;
        if let Some(operation) = operations.get(*index)
            && of_two::needs(operation, name)
            && let Some(place) = place_of(operation, name)
        {
            two.own.places.push((*index, place));
        }
    }
}

/// Binds what a create may be told of another such thing, though it need not be: without it, many
/// refuse. Two that name one another are left alone.
fn bind_others(operations: &[&Operation], found: &mut [Spoken]) {
    let creates: Vec<(usize, Option<String>)> = operations
        .iter()
        .enumerate()
        .filter(|(_, operation)| is_of_verb(operation, &CREATE))
        .map(|(index, _)| {
            let made = found.iter().find(|one| one.create() == Some(index));
            (index, made.map(|one| one.resource.parameter.clone()))
        })
        .collect();
    let place = |create: usize, parameter: &str| place_of(operations.get(create)?, parameter);
    for one in found {
        let Resource {
            service,
            key,
            parameter,
            ..
        } = &one.resource;
        let Some(own) = one.create() else {
            continue;
        };
        // A general name says nothing of what it is the id of.
        if *key != format!("{service}.{parameter}") {
            continue;
        }
        for (other, others) in &creates {
            let is_own_service = operations
                .get(*other)
                .is_some_and(|operation| operation.service == *service);
            let is_told = others
                .as_ref()
                .is_some_and(|name| place(own, name).is_some());
            if *other != own
                && is_own_service
                && !is_told
                && let Some(place) = place(*other, parameter)
            {
                one.places.push((*other, place));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("user_id", "user", true)]
    #[case("experimentId", "experiment", true)]
    #[case("id", "user", true)]
    #[case("name", "user", true)]
    #[case("user", "user", true)]
    #[case("author", "comment", false)]
    #[case("reason", "user", false)]
    fn what_names_one_thing_is_called_so(
        #[case] parameter: &str,
        #[case] noun: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(names_one(parameter, noun), expected);
    }

    #[rstest]
    #[case::slash("/v1/users/create", &[("/v1/users", "user", "create")])]
    #[case::two_words("/v1/users/log-out", &[("/v1/users", "user", ""), ("/v1/users?", "out", "")])]
    #[case::dot("/v1/users.delete", &[("/v1/users", "user", "delete")])]
    #[case::joined("/createUser", &[("?", "user", "create")])]
    #[case::several("/v1/getUsers", &[("/v1", "v1", ""), ("/v1?", "user", "list")])]
    #[case::action("/?Action=DescribeDiskImage", &[("/?", "disk_image", "describe")])]
    #[case::below_an_item("/users/{user_id}/delete", &[])]
    #[case::plain("/users", &[])]
    fn a_path_is_read_as_noun_and_verb(
        #[case] path: &str,
        #[case] expected: &[(&str, &str, &str)],
    ) {
        let found = readings(path);
        let found: Vec<(&str, &str, &str)> = found
            .iter()
            .map(|(home, noun, verb)| (home.as_str(), noun.as_str(), verb.as_str()))
            .collect();
        assert_eq!(found, expected);
    }
}
