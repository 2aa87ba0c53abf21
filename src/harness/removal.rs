//! How what a run created can be removed again, where the contract documents it: by a `DELETE` on
//! the path of the create and one parameter more, which takes an id that the create's answer tells.

use std::collections::BTreeMap;

use crate::contract::{Operation, Suite};
use crate::generate::{Request, baseline};

use super::created::{Created, Leftover};
use super::sandbox::{creates, noun};

/// How many writes are kept back for the removal of what a write creates: one, and one more where
/// that meets a conflict.
pub(super) const KEPT_BACK: u64 = 2;

/// The documented delete of what an operation creates, as a place among the suite's operations, and
/// the parameter that takes the id.
pub(super) fn removal<'s>(suite: &'s Suite, create: &Operation) -> Option<(usize, &'s str)> {
    if !creates(create) {
        return None;
    }
    let collection = create.path.trim_end_matches('/');
    suite
        .operations
        .iter()
        .enumerate()
        .filter(|(_, operation)| {
            operation.method == "DELETE" && operation.service == create.service
        })
        .find_map(|(index, operation)| {
            let parameter = operation
                .path
                .trim_end_matches('/')
                .strip_prefix(collection)?
                .strip_prefix("/{")?
                .strip_suffix('}')?;
            (!parameter.contains(['{', '/'])).then_some((index, parameter))
        })
}

/// Whether a field of the create's answer tells what a parameter of the delete takes: `backup_id`,
/// `backup.id` and `id` for `backup_id`.
fn tells(field: &str, parameter: &str, noun: &str) -> bool {
    let (parent, last) = field.rsplit_once('.').unwrap_or(("", field));
    let own = parent.is_empty() || parent == noun;
    own && (last == parameter
        || (last == "id" && (parameter == "id" || parameter == format!("{noun}_id"))))
}

/// How what a write created is removed, and marks it as something that can be; `first` is the place
/// of its first id among what was created.
pub(super) fn leftovers(
    suite: &Suite,
    resources: &BTreeMap<String, String>,
    (operation, request): (&Operation, &Request),
    found: &mut [Created],
    first: usize,
) -> Vec<Leftover> {
    let Some((delete, parameter)) = removal(suite, operation) else {
        return Vec::new();
    };
    let Some(deleting) = suite.operations.get(delete) else {
        return Vec::new();
    };
    let noun = noun(operation);
    let bindings: BTreeMap<String, String> = suite
        .bindings(deleting)
        .into_iter()
        .filter(|(place, _)| !place.starts_with("path."))
        .collect();
    let mut leftovers = Vec::new();
    for (index, one) in found.iter_mut().enumerate() {
        // A delete with nothing in the place of the id, or with a step upwards, might be one of the
        // whole collection.
        if matches!(one.id.as_str(), "" | "." | "..") || !tells(&one.field, parameter, &noun) {
            continue;
        }
        one.removed = Some(false);
        let Ok(mut removing) = baseline(deleting, &bindings, resources) else {
            continue;
        };
        removing.path.clone_from(&request.path);
        removing.path.insert(parameter.to_owned(), one.id.clone());
        leftovers.push(Leftover {
            created: first + index,
            delete,
            request: removing,
        });
    }
    leftovers
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("id", "note_id", true)]
    #[case("note_id", "note_id", true)]
    #[case("note.id", "note_id", true)]
    #[case("note.id", "id", true)]
    #[case("note.note_id", "note_id", true)]
    #[case("job_id", "note_id", false)]
    #[case("owner.id", "note_id", false)]
    #[case("owner.id", "id", false)]
    #[case("owner.note_id", "note_id", false)]
    #[case("id", "owner_id", false)]
    fn only_an_id_of_what_was_created_is_removed(
        #[case] field: &str,
        #[case] parameter: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(tells(field, parameter, "note"), expected);
    }

    #[test]
    fn the_delete_is_that_of_the_collection() {
        let create = || {
            let mut operations = Suite::bundled().unwrap().operations;
            operations.retain(|operation| operation.id == "CreateManualBackup");
            operations.remove(0)
        };
        let mut suite = Suite::bundled().unwrap();
        assert_eq!(removal(&suite, &create()), None);
        for path in [
            "/v3/{project_id}/backups",
            "/v3/{project_id}/backups/{backup_id}/files",
            "/v3/{project_id}/backups/{backup_id}/{file}",
            "/v3/{project_id}/backups/all",
            "/v3/{project_id}/backups/{backup_id}",
        ] {
            let mut delete = create();
            "DELETE".clone_into(&mut delete.method);
            path.clone_into(&mut delete.path);
            suite.operations.push(delete);
        }
        let (index, parameter) = removal(&suite, &create()).unwrap();
        assert_eq!(index, suite.operations.len() - 1);
        assert_eq!(parameter, "backup_id");
    }
}
