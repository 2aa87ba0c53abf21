//! What the mode of a run allows to be sent, and how many writes are left.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use serde_json::Value;

use super::super::removal::{KEPT_BACK, removal};
use super::super::target::Mode;
use super::Sender;
use super::belongings::rows_outside_path;
use crate::contract::{Operation, Place, Row};
use crate::generate::{Body, Request};

impl Sender {
    /// Gives the writes free that were kept back for so many removals.
    pub(super) fn give_back(&self, removals: u64) {
        if self.target.mode == Mode::Sandbox {
            self.reserved
                .fetch_sub(removals * KEPT_BACK, Ordering::SeqCst);
            self.writes
                .fetch_sub(removals * KEPT_BACK, Ordering::SeqCst);
        }
    }

    /// How many writes a request is counted as, in the sandbox mode: what a documented delete can
    /// remove is removed again.
    pub(super) fn cost(&self, operation: &Operation, request: &Request) -> u64 {
        let creates = request.method == operation.method
            && self.target.mode == Mode::Sandbox
            && removal(&self.suite, self.index_of(operation)).is_some();
        if creates { 1 + KEPT_BACK } else { 1 }
    }

    /// Counts writes, where there are so many left.
    pub(in crate::harness) fn count_writes(&self, count: u64) -> Result<(), String> {
        if self.target.mode != Mode::Sandbox {
            return Ok(());
        }
        let most = self.target.max_writes;
        self.writes
            .try_update(Ordering::SeqCst, Ordering::SeqCst, |sent| {
                sent.checked_add(count).filter(|sent| *sent <= most)
            })
            .map(|_| ())
            .map_err(|_| {
                if count == 1 {
                    format!("`--max-writes {most}` was used up")
                } else {
                    format!("`--max-writes {most}` leaves no room for a create and its removal")
                }
            })
    }

    /// Whether the mode allows a request now. A write that is allowed is counted.
    pub(super) fn may_send(&self, operation: &Operation, request: &Request) -> Result<(), String> {
        if let Some(reason) = self.abort.reason() {
            return Err(reason.to_string());
        }
        let gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = request.path.values().find(|id| gone.contains(*id)) {
            return Err(format!("`{id}` was given, and this run has deleted it"));
        }
        drop(gone);
        self.names_what_it_changes(operation, request)?;
        if request.is_safe() {
            return Ok(());
        }
        match self.target.mode {
            Mode::Full => Ok(()),
            Mode::ReadOnly => Err("read-only mode: the request could write".to_owned()),
            Mode::Sandbox => self.count_writes(self.cost(operation, request)),
        }
    }

    /// What names the one that it changes in its body or query has to name one: without an id, an
    /// endpoint may take it for all of them.
    fn names_what_it_changes(
        &self,
        operation: &Operation,
        request: &Request,
    ) -> Result<(), String> {
        let index = self.index_of(operation);
        let mut resources = self.suite.resources.iter();
        let Some(resource) = resources.find(|own| own.is_changed_by(index)) else {
            return Ok(());
        };
        let mut rows = rows_outside_path(&self.suite, operation, &resource.key);
        // Without its model, a version's number may be that of one of each model.
        if resource.delete != Some(index) {
            rows.truncate(1);
        }
        let is_named = |row: &Row| match (&request.body, request.get(row.place, &row.field)) {
            (_, Some(Value::String(text))) => !text.trim().is_empty(),
            (_, Some(Value::Number(_))) => true,
            // What bytes say is not known, but for the name in them.
            (Body::Raw(bytes), None) if row.place == Place::Request => {
                let name = row.field.last_name().unwrap_or_default();
                !name.is_empty() && String::from_utf8_lossy(bytes).contains(name)
            }
            _ => false,
        };
        let Some(row) = rows.iter().find(|row| !is_named(row)) else {
            return Ok(());
        };
        if self.supplies.may_change(operation, &resource.key) {
            return Ok(());
        }
        Err(format!(
            "not sent: without `{row}` it may change more than this run made; \
             `--allow-changes {}` permits that",
            operation.id
        ))
    }
}
