//! Keys of the parameters of paths, so that one place in the paths of a service has one key:
//! `/tenants/{tenant_name}` and `/tenants/{tenant}/databases` are about one tenant.

use std::collections::{BTreeMap, BTreeSet};

use super::template::parts;
use super::{GENERAL, key_of, noun, verbs};
use crate::contract::message::Location;
use crate::contract::naming::{is_scope, words};
use crate::contract::operation::Operation;
use crate::contract::schema::types_of;

/// The keys of the items of a service, by where their parameter stands in a path.
#[derive(Debug, Default)]
pub struct ItemKeys {
    /// By service and by the path up to the parameter, without the names of parameters.
    of_places: BTreeMap<(String, String), ItemKey>,
    /// Where operations name what verbs make, by service and operation: the keys of places outside
    /// the path.
    of_verbs: BTreeMap<(String, String), BTreeMap<String, String>>,
}

/// What an item's own path takes.
#[derive(Debug)]
struct ItemKey {
    key: String,
    parameter: String,
    types: Vec<String>,
    /// The types of the id in what shows one.
    shown: Vec<String>,
}

impl ItemKeys {
    /// The keys of the items that operations show, change or delete by a path of their own.
    pub fn of<'o>(operations: impl IntoIterator<Item = &'o Operation>) -> Self {
        let operations: Vec<&Operation> = operations.into_iter().collect();
        let mut of_verbs: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for spoken in verbs::spoken(&operations) {
            for (index, place) in spoken.places {
                if let Some(operation) = operations.get(index) {
                    let own = (operation.service.clone(), operation.id.clone());
                    let places = of_verbs.entry(own).or_default();
                    places.insert(place, spoken.resource.key.clone());
                }
            }
        }
        let mut of_places = BTreeMap::new();
        let made = operations
            .iter()
            .filter(|operation| operation.method == "POST");
        let made: BTreeSet<(String, String)> = made
            .map(|operation| (operation.service.clone(), unnamed(&operation.path)))
            .collect();
        for operation in operations {
            let Some(parameter) = last_parameter(&operation.path) else {
                continue;
            };
            let Some((place, _)) = place_of(operation, parameter) else {
                continue;
            };
            let item = of_places
                .entry((operation.service.clone(), place))
                .or_insert_with(|| ItemKey {
                    key: key_of(operation, parameter),
                    parameter: parameter.to_owned(),
                    types: types(operation, parameter),
                    shown: Vec::new(),
                });
            if item.shown.is_empty() {
                item.shown = shown(operation, parameter);
            }
        }
        tell_apart(&mut of_places, &made);
        Self {
            of_places,
            of_verbs,
        }
    }

    /// The places outside its path by which an operation names what verbs make, and their keys.
    pub fn of_verbs(&self, operation: &Operation) -> BTreeMap<String, String> {
        let own = (operation.service.clone(), operation.id.clone());
        self.of_verbs.get(&own).cloned().unwrap_or_default()
    }

    /// The key of the one kind of item that a field outside the path names: `author_id` and
    /// `authorId` are the id of an author, and so is `author` where its values are `plain` ids.
    pub fn named(&self, service: &str, name: &str, types: &[&str], plain: bool) -> Option<&str> {
        let name = words(name);
        let is_named = |place: &str, item: &ItemKey| {
            let own = item.key.split_once('.').map_or(&*item.key, |(_, own)| own);
            let collection = place.rsplit('/').next().unwrap_or_default();
            words(own) == name || plain && words(&noun(collection)) == name
        };
        // What stands in a path is a text to a page that says nothing of it: the answer knows better.
        let fits = |item: &ItemKey| {
            let mut known = item.types.iter().chain(&item.shown);
            item.types.is_empty()
                || types.is_empty()
                || known.any(|known| types.contains(&known.as_str()))
        };
        let mut keys = self
            .of_places
            .iter()
            .filter(|((of, place), item)| of == service && is_named(place, item) && fits(item))
            .map(|(_, item)| item.key.as_str());
        let first = keys.next()?;
        keys.all(|key| key == first).then_some(first)
    }

    /// The key of the items of the one collection that a list is called after: `traits` names some of
    /// those of `/traits/{name}`.
    pub fn listed(&self, service: &str, list: &str, types: &[&str]) -> Option<&str> {
        let list = words(list);
        let is_called_after = |place: &str| {
            let collection = place.rsplit('/').next().unwrap_or_default();
            noun(collection) != collection && words(collection) == list
        };
        let fits = |item: &ItemKey| {
            item.types
                .iter()
                .any(|known| types.contains(&known.as_str()))
        };
        let mut keys = self
            .of_places
            .iter()
            .filter(|((of, place), item)| of == service && is_called_after(place) && fits(item))
            .map(|(_, item)| item.key.as_str());
        let first = keys.next()?;
        keys.all(|key| key == first).then_some(first)
    }

    /// The key that gives a parameter of the path its value where nobody bound it: that of the item
    /// whose path ends there, where both names can be those of one id.
    pub fn key_of(&self, operation: &Operation, parameter: &str) -> String {
        let of_item = || {
            place_of(operation, parameter).and_then(|(place, collection)| {
                let item = self.of_places.get(&(operation.service.clone(), place))?;
                let noun = noun(collection);
                let is_one = is_one_id(&noun, &item.parameter, parameter)
                    && item.types == types(operation, parameter);
                is_one.then(|| item.key.clone())
            })
        };
        self.key_of_owner(operation, parameter)
            .or_else(of_item)
            .unwrap_or_else(|| key_of(operation, parameter))
    }

    /// The key of what an item belongs to, for a parameter that is called the owner of the item that
    /// the next one names: `/shares/{owner}/{server_name}` has the user of
    /// `/users/{name}/servers/{server_name}`. A path that names a third thing may mean another.
    fn key_of_owner(&self, operation: &Operation, parameter: &str) -> Option<String> {
        let (_, names) = parts(&operation.path);
        let [owner, item] = names.into_iter().flatten().collect::<Vec<_>>()[..] else {
            return None;
        };
        let is_beside = operation.path.contains(&format!("{{{owner}}}/{{{item}}}"));
        let is_owner = owner == parameter && words(owner).first().is_some_and(|own| own == "owner");
        if !is_beside || !is_owner {
            return None;
        }
        let own = |((service, place), known): (&(String, String), &ItemKey)| {
            let is_it = *service == operation.service && known.parameter == item;
            let (of, _) = place.rsplit_once('/').filter(|_| is_it)?;
            Some((service.clone(), of.strip_suffix("/{}")?.to_owned()))
        };
        let mut owners = self.of_places.iter().filter_map(own);
        let only = owners.next().filter(|_| owners.next().is_none())?;
        let known = self.of_places.get(&only)?;
        (known.types == types(operation, parameter)).then(|| known.key.clone())
    }
}

/// The parameter that a path ends in.
fn last_parameter(path: &str) -> Option<&str> {
    let last = path.trim_end_matches('/').rsplit('/').next()?;
    last.strip_prefix('{')?.strip_suffix('}')
}

/// Where a parameter stands in the path of an operation, and the collection before it; nothing for
/// one that stands in none, or for that of a project, which all paths share.
fn place_of<'o>(operation: &'o Operation, parameter: &str) -> Option<(String, &'o str)> {
    if is_scope(parameter) {
        return None;
    }
    let (before, _) = operation.path.split_once(&format!("/{{{parameter}}}"))?;
    let collection = before.rsplit('/').next()?;
    if collection.is_empty() || collection.contains('{') {
        return None;
    }
    Some((unnamed(before), collection))
}

/// A path without the names of its parameters.
fn unnamed(path: &str) -> String {
    let parts = path.trim_end_matches('/').split('/');
    let parts = parts.map(|part| match part.strip_prefix('{') {
        Some(_) => "{}",
        None => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Gives items of several collections that have one key another one each: where their ids are of other
/// types, or each collection makes its own, they are no items of one kind. The collection that the
/// parameter is called after keeps the key, or else the one with the shortest path.
fn tell_apart(
    of_places: &mut BTreeMap<(String, String), ItemKey>,
    made: &BTreeSet<(String, String)>,
) {
    let mut by_key: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (place, item) in of_places.iter() {
        by_key
            .entry(item.key.clone())
            .or_default()
            .push(place.clone());
    }
    let mut taken: BTreeSet<String> = by_key.keys().cloned().collect();
    for mut places in by_key.into_values().filter(|places| places.len() > 1) {
        places.sort_by_key(|at| {
            let (_, place) = at;
            let is_called_after = of_places.get(at).is_some_and(|item| {
                let noun = noun(place.rsplit('/').next().unwrap_or_default());
                item.parameter.starts_with(&noun)
            });
            (!is_called_after, place.matches('/').count())
        });
        let mut places = places.into_iter();
        let first = places.next();
        let Some((first, types)) = first.and_then(|first| {
            let types = of_places.get(&first)?.types.clone();
            Some((first, types))
        }) else {
            continue;
        };
        for place in places {
            let Some(item) = of_places.get_mut(&place) else {
                continue;
            };
            let is_other = item.types != types || made.contains(&first) && made.contains(&place);
            if is_other {
                item.key = free_key(&place, &item.parameter, &first.1, &mut taken);
            }
        }
    }
}

/// A key that no other item has, called after what tells a place from another: the collection, or what
/// that belongs to.
fn free_key(
    (service, place): &(String, String),
    parameter: &str,
    other: &str,
    taken: &mut BTreeSet<String>,
) -> String {
    let fixed = |path: &str| -> Vec<String> {
        let parts = path
            .rsplit('/')
            .filter(|part| !part.is_empty() && *part != "{}");
        parts.map(noun).collect()
    };
    let others = fixed(other);
    let own = fixed(place);
    let telling = own
        .iter()
        .find(|name| !others.contains(name))
        .or(own.first());
    let stem = match telling {
        Some(name) => format!("{service}.{name}_{parameter}"),
        None => format!("{service}.{parameter}"),
    };
    let mut key = stem.clone();
    let mut number = 2;
    while !taken.insert(key.clone()) {
        key = format!("{stem}_{number}");
        number += 1;
    }
    key
}

/// The types of a parameter of the path.
fn types(operation: &Operation, parameter: &str) -> Vec<String> {
    let known = operation.parameter(Location::Path, parameter);
    let types = known.map(|known| types_of(&known.schema.root));
    types
        .unwrap_or_default()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// The types that the answer of what shows an item gives its id.
fn shown(operation: &Operation, parameter: &str) -> Vec<String> {
    let answer = operation.answer().filter(|_| operation.method == "GET");
    let Some(schema) = answer else {
        return Vec::new();
    };
    let id = [parameter, "id"].into_iter().find_map(|name| {
        let mut fields = schema.fields();
        fields.find(|field| field.path.steps().len() == 1 && field.path.top() == Some(name))
    });
    let types = id.map(|id| types_of(id.node)).unwrap_or_default();
    types.into_iter().map(str::to_owned).collect()
}

/// Whether two names of a parameter can be those of one id: they are one, or what each says beyond
/// the item's own name is, or one says nothing. A user's name is not a user's id.
fn is_one_id(noun: &str, one: &str, other: &str) -> bool {
    let beyond = |name: &str| -> Option<String> {
        let name = words(name).join("_");
        if name == noun {
            return Some(String::new());
        }
        let rest = name.strip_prefix(&format!("{noun}_")).unwrap_or(&name);
        GENERAL.contains(&rest).then(|| rest.to_owned())
    };
    one == other
        || match (beyond(one), beyond(other)) {
            (Some(one), Some(other)) => one.is_empty() || other.is_empty() || one == other,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("tenant", "tenant", "tenant_name", true)]
    #[case("tenant", "tenantName", "tenant", true)]
    #[case("bucket", "id", "bucket_id", true)]
    #[case("user", "username", "user_id", false)]
    #[case("user", "user_name", "user_id", false)]
    #[case("user", "name", "id", false)]
    #[case("board", "board_id", "card_id", false)]
    #[case("row", "index", "index", true)]
    fn names_of_one_id_are_told_from_others(
        #[case] noun: &str,
        #[case] one: &str,
        #[case] other: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(is_one_id(noun, one, other), expected);
        assert_eq!(is_one_id(noun, other, one), expected);
    }
}
