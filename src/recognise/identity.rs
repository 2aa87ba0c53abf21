//! What the items of a list are told apart by, as names show it.

use std::collections::BTreeMap;

use crate::contract::{FieldPath, Operation, is_called, singular};

/// The last part of an operation's path that is no parameter.
pub(super) fn collection(operation: &Operation) -> Option<&str> {
    operation
        .path
        .rsplit('/')
        .find(|part| !part.is_empty() && !part.starts_with('{'))
}

/// Names by which items are told apart where they have no id.
const NAMES: &[&str] = &["name", "key", "code"];

/// The parameters that stand alone below paths, by those paths.
pub(crate) fn below_paths<'o>(
    operations: impl Iterator<Item = &'o Operation>,
) -> BTreeMap<&'o str, &'o str> {
    let below = |operation: &'o Operation| {
        let (path, last) = operation.path.trim_end_matches('/').rsplit_once('/')?;
        Some((path, last.strip_prefix('{')?.strip_suffix('}')?))
    };
    operations.filter_map(below).collect()
}

/// What an item is told apart by: its `id`, the id of what the list is called after, what its own
/// path ends with, or the one id that is not of the list's own path. Whether its name alone makes
/// it an identity is told too.
pub(super) fn identity(
    operation: &Operation,
    below: Option<&str>,
    items: &FieldPath,
    fields: &[String],
) -> Option<(String, bool)> {
    let mut names = vec!["id".to_owned()];
    let nouns = [collection(operation), items.last_name()];
    let nouns = nouns.map(|name| singular(name.unwrap_or_default()));
    names.extend(nouns.iter().map(|noun| format!("{noun}_id")));
    names.push("uuid".to_owned());
    if let Some(below) = below {
        names.push(below.to_owned());
        let own = nouns.iter();
        names.extend(
            own.filter_map(|noun| Some(below.strip_prefix(&format!("{noun}_"))?.to_owned())),
        );
    }
    let own = |name: &String| {
        let exact = fields.iter().find(|field| *field == name);
        exact.or_else(|| fields.iter().find(|field| is_called(field, name)))
    };
    names
        .iter()
        .find_map(own)
        .map(|name| (name.clone(), true))
        .or_else(|| {
            let mut others = fields.iter().filter(|name| {
                name.ends_with("_id") && !operation.path.contains(&format!("{{{name}}}"))
            });
            let only = others.next().filter(|_| others.next().is_none());
            let named = || {
                NAMES
                    .iter()
                    .find(|name| fields.iter().any(|field| field == *name))
            };
            let name = only
                .cloned()
                .or_else(|| named().map(|name| (*name).to_owned()))?;
            Some((name, false))
        })
}
