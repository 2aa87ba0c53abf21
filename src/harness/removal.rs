//! What a run created is removed again, where the contract documents how: a `DELETE` on the path of the create and one parameter more, which takes
//! an id that the create's answer tells. What stays behind is in the report.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Duration;

use crate::contract::{Operation, Suite};
use crate::generate::{Case, Expectation, Request, baseline};

use super::created::Created;
use super::sandbox::{creates, noun};
use super::shared::Shared;
use super::stop::Halt;

/// How long a removal that is refused waits before it is tried again: what is still being made can often not be removed yet.
const WAITS: [u64; 5] = [100, 300, 600, 1_200, 2_400];

/// How many writes are kept back for the removal of what a write creates: one, and one more where that meets a conflict.
pub(super) const KEPT_BACK: u64 = 2;

/// The longest that all removals may take.
const LONGEST: Duration = Duration::from_mins(1);

/// The longest that they may take when somebody wants the program to end.
const LONGEST_INTERRUPTED: Duration = Duration::from_secs(5);

/// How something that was created is removed.
#[derive(Debug)]
pub(super) struct Leftover {
    /// Its place among what was created.
    created: usize,
    /// The delete, as a place among the suite's operations.
    delete: usize,
    request: Request,
}

/// The documented delete of what an operation creates, as a place among the suite's operations, and the parameter that takes the id.
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

/// Whether a field of the create's answer tells what a parameter of the delete takes: `backup_id`, `backup.id` and `id` for `backup_id`.
fn tells(field: &str, parameter: &str, noun: &str) -> bool {
    let (parent, last) = field.rsplit_once('.').unwrap_or(("", field));
    let own = parent.is_empty() || parent == noun;
    own && (last == parameter
        || (last == "id" && (parameter == "id" || parameter == format!("{noun}_id"))))
}

impl Shared {
    /// Takes note of how to remove what a write created; `first` is the place of its first id among what was created. Gives how many there are.
    pub(super) fn note_leftovers(
        &self,
        operation: &Operation,
        request: &Request,
        found: &mut [Created],
        first: usize,
    ) -> usize {
        let Some((delete, parameter)) = removal(&self.suite, operation) else {
            return 0;
        };
        let Some(deleting) = self.suite.operations.get(delete) else {
            return 0;
        };
        let noun = noun(operation);
        let bindings: BTreeMap<String, String> = self
            .suite
            .bindings(deleting)
            .into_iter()
            .filter(|(place, _)| !place.starts_with("path."))
            .collect();
        let mut leftovers = Vec::new();
        for (index, one) in found.iter_mut().enumerate() {
            // A delete with nothing in the place of the id, or with a step upwards, might be one of the whole collection.
            if matches!(one.id.as_str(), "" | "." | "..") || !tells(&one.field, parameter, &noun) {
                continue;
            }
            one.removed = Some(false);
            let Ok(mut removing) = baseline(deleting, &bindings, &self.target.resources) else {
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
        let count = leftovers.len();
        self.leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .append(&mut leftovers);
        count
    }

    /// Removes what can be removed, the last first: what was made later may hang on what was made earlier.
    pub(super) async fn clean_up(&self) {
        let longest = match self.stop.reason() {
            Some(Halt::Interrupted) => LONGEST_INTERRUPTED,
            // Nobody is there to ask.
            Some(
                Halt::Gone { .. }
                | Halt::Silent { .. }
                | Halt::Refused { .. }
                | Halt::Credential { .. },
            ) => return,
            _ => LONGEST,
        };
        // Whatever takes longer is left behind, and the report says so.
        let _ = tokio::time::timeout(longest, self.remove_all()).await;
    }

    /// Removes everything once, then what was refused once more, and so on.
    async fn remove_all(&self) {
        let mut left = std::mem::take(
            &mut *self
                .leftovers
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        self.release_reserved();
        for wait in [0].into_iter().chain(WAITS) {
            if left.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(wait)).await;
            let mut refused = Vec::new();
            for leftover in left.into_iter().rev() {
                if self.count_writes(1).is_err() {
                    return;
                }
                match self.remove(&leftover).await {
                    Some(200..300) => {
                        let mut created =
                            self.created.lock().unwrap_or_else(PoisonError::into_inner);
                        if let Some(one) = created.get_mut(leftover.created) {
                            one.removed = Some(true);
                        }
                    }
                    // A conflict passes; what else is refused stays so.
                    Some(400 | 409 | 423 | 425) => refused.push(leftover),
                    _ => {}
                }
            }
            refused.reverse();
            left = refused;
        }
    }

    /// Asks for the removal of one thing; gives the answer's status.
    async fn remove(&self, leftover: &Leftover) -> Option<u16> {
        let operation = self.suite.operations.get(leftover.delete)?;
        let case = Case {
            label: "what the run created is removed".to_owned(),
            request: leftover.request.clone(),
            expectation: Expectation::Success,
        };
        let exchange = self.send_anyway(operation, &case).await;
        exchange.outcome.ok().map(|answer| answer.status)
    }
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
