//! What goes by two names where paths end in verbs: `GET /model-versions/get?name=&version=`, a
//! version by the name of its model and a number of its own. It belongs to a resource that is known:
//! the one name is that of the other, and what makes one needs it and answers the other name.

use super::super::identity::{collection_of, identity};
use super::super::{Creation, GENERAL, Identity, Resource};
use super::{
    CHANGE, CREATE, DELETE, Deeds, LIST, SHOW, Spoken, Told, fields, makes, names_one, only,
    place_of,
};
use crate::contract::naming::{is_called, words};
use crate::contract::operation::Operation;

/// The resource of one noun that goes by the name of another and its own, and the places of the
/// other, which is one of those that are known.
pub(super) struct OfTwo {
    pub(super) own: Spoken,
    /// The other, as a place among those that are known, and where operations name it.
    pub(super) other: usize,
    pub(super) places: Vec<(usize, String)>,
}

pub(super) fn of_two(
    service: &str,
    noun: &str,
    deeds: &Deeds<'_>,
    known: &[Spoken],
) -> Option<OfTwo> {
    let is_free = |told: &Told<'_>| !known.iter().any(|one| one.create() == Some(told.index));
    let create = only(deeds, &CREATE, makes).filter(is_free)?;
    let show = only(deeds, &SHOW, |told| !told.operation.writes());
    let delete = only(deeds, &DELETE, |told| told.operation.writes());
    let pair = |told: Option<Told<'_>>| told.and_then(|told| needed_two(told.operation));
    let (one, two) = pair(show).or_else(|| pair(delete))?;
    let (other, outer, own) =
        [(&one, &two), (&two, &one)]
            .into_iter()
            .find_map(|(outer, own)| {
                let belongs = |known: &Spoken| {
                    let known = &known.resource;
                    known.service == service
                        && known.parameter == *outer
                        && is_of(noun, known)
                        && needs(create.operation, outer)
                };
                let other = known.iter().position(belongs)?;
                let is_own = names_its_own(own, noun) && place_of(create.operation, own).is_none();
                is_own.then_some((other, outer.clone(), own.clone()))
            })?;
    let takes_both = |told: &Told<'_>| {
        [&outer, &own]
            .iter()
            .all(|name| place_of(told.operation, name).is_some())
    };
    let change = only(deeds, &CHANGE, |told| told.operation.method == "PATCH").filter(takes_both);
    let mut resource = Resource {
        show: show.filter(takes_both).map(|told| told.index),
        change: change.map(|told| told.index),
        delete: delete.filter(takes_both).map(|told| told.index),
        ..Resource::bare(service, noun.to_owned(), key(service, noun, &own), &own)
    };
    // What it is called is only sure where the answer says it.
    let identity = identity(create.operation, &resource)
        .filter(|identity| matches!(identity, Identity::Answered(_)))?;
    resource.create = Some(Creation {
        operation: create.index,
        identity,
    });
    resource.list = only(deeds, &LIST, |told| !told.operation.writes())
        .and_then(|told| collection_of(told.operation, told.index, &resource));
    let about: Vec<&Told<'_>> = deeds
        .values()
        .flatten()
        .filter(|told| told.index != create.index && takes_both(told) && is_free(told))
        .collect();
    let roles = [resource.show, resource.delete, resource.change];
    resource.acts = about
        .iter()
        .filter(|told| told.operation.writes() && !roles.contains(&Some(told.index)))
        .map(|told| told.index)
        .collect();
    let of = |name: &str, told: &[&Told<'_>]| -> Vec<(usize, String)> {
        told.iter()
            .filter_map(|told| Some((told.index, place_of(told.operation, name)?)))
            .collect()
    };
    let mut places = of(&outer, &[&create]);
    places.extend(of(&outer, &about));
    Some(OfTwo {
        places,
        other,
        own: Spoken {
            places: of(&own, &about),
            resource,
        },
    })
}

/// Whether a noun says that it is of a resource: the name of that says of what it is, or the noun
/// begins with the last word of what that is called: a `model_version` of a `registered_model`.
fn is_of(noun: &str, resource: &Resource) -> bool {
    let own = words(noun);
    let is_named = resource.key == format!("{}.{}", resource.service, resource.parameter);
    let begins = own.len() > 1 && words(&resource.noun).last() == own.first();
    resource.noun != noun && (is_named || begins)
}

/// Whether a value names one of a noun among those of another: it is called as ids are, or as the
/// noun ends.
fn names_its_own(name: &str, noun: &str) -> bool {
    names_one(name, noun) || is_last_of(name, noun)
}

fn is_last_of(name: &str, noun: &str) -> bool {
    words(noun).last().is_some_and(|last| is_called(name, last))
}

fn key(service: &str, noun: &str, name: &str) -> String {
    if is_last_of(name, noun) {
        format!("{service}.{noun}")
    } else if GENERAL.contains(&name) {
        format!("{service}.{noun}_{name}")
    } else {
        format!("{service}.{name}")
    }
}

/// The two values that an operation needs outside its path.
fn needed_two(operation: &Operation) -> Option<(String, String)> {
    let all = fields(operation);
    let needed: Vec<&String> = all.iter().filter(|own| own.2).map(|own| &own.1).collect();
    match needed.as_slice() {
        [one, two] => Some(((*one).clone(), (*two).clone())),
        _ => None,
    }
}

/// Whether an operation needs a value outside its path.
pub(super) fn needs(operation: &Operation, name: &str) -> bool {
    fields(operation)
        .iter()
        .any(|(_, own, is_needed)| own == name && *is_needed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("version", "model_version", true)]
    #[case("id", "model_version", true)]
    #[case("author", "comment", false)]
    #[case("stage", "model_version", false)]
    fn its_own_name_is_called_so(#[case] name: &str, #[case] noun: &str, #[case] expected: bool) {
        assert_eq!(names_its_own(name, noun), expected);
    }

    #[rstest]
    #[case("version", "shop.model_version")]
    #[case("number", "shop.model_version_number")]
    #[case("version_id", "shop.version_id")]
    fn its_key_says_of_what_it_is(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(key("shop", "model_version", name), expected);
    }
}
