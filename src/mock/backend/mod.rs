//! Stateful backends: the only place of the program that knows operations by name. Everything else
//! is served generically.

mod dcs;
mod gaussdb;

use std::sync::Arc;
use std::time::Duration;

use crate::contract::Operation;

use super::call::Call;
use super::operation::MockOperation;
use super::rejection::Rejection;
use super::reply::Reply;
use super::resource::{Ids, Resources};

/// Keeps the state behind one operation.
pub(super) trait Backend: std::fmt::Debug + Send + Sync {
    /// What an otherwise valid request breaks that no single field shows.
    fn check(&self, call: &Call<'_>) -> Option<Rejection>;

    /// Answers an accepted request; total, whatever a layer let through.
    fn answer(&self, call: &Call<'_>) -> Reply;
}

/// Makes the backends of a mock; those of one service share its state.
#[derive(Debug)]
pub(super) struct Backends {
    step: Duration,
    ids: Ids,
    dcs: Option<Arc<dcs::Instances>>,
}

impl Backends {
    /// `step`: how long something that is being done stays in each status.
    pub(super) fn new(step: Duration, ids: &Ids) -> Self {
        Self {
            step,
            ids: ids.clone(),
            dcs: None,
        }
    }

    /// The backend of an operation, if it has one.
    pub(super) fn of(
        &mut self,
        operation: &Operation,
        mocked: &MockOperation,
        resources: &Resources,
    ) -> Option<Box<dyn Backend>> {
        match (operation.service.as_str(), operation.id.as_str()) {
            ("dcs", "CopyInstance") => Some(Box::new(dcs::Create::new(
                self.instances(resources),
                mocked,
            ))),
            ("dcs", "ListBackupRecords") => Some(Box::new(dcs::List::new(
                self.instances(resources),
                operation,
                mocked,
            ))),
            ("gaussdb", "CreateManualBackup") => {
                Some(Box::new(gaussdb::Create::new(mocked, &self.ids)))
            }
            _ => None,
        }
    }

    fn instances(&mut self, resources: &Resources) -> Arc<dcs::Instances> {
        let (step, ids) = (self.step, self.ids.clone());
        Arc::clone(
            self.dcs
                .get_or_insert_with(|| Arc::new(dcs::Instances::new(resources, step, ids))),
        )
    }
}

/// Whether the state behind an operation is kept.
pub(super) fn keeps_state(operation: &Operation) -> bool {
    matches!(
        (operation.service.as_str(), operation.id.as_str()),
        ("dcs", "CopyInstance" | "ListBackupRecords") | ("gaussdb", "CreateManualBackup")
    )
}
