//! Stateful backends: the only place of the program that knows operations by name, and the store for
//! all others that create, show, change, delete and list something. Everything else is served
//! generically.

mod dcs;
mod gaussdb;
mod store;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::contract::{Operation, Suite};

use super::MockOptions;
use super::call::Call;
use super::operation::MockOperation;
use super::rejection::Rejection;
use super::reply::Reply;
use super::resource::{Ids, Resources};

pub(super) use store::{
    Failing, Store, StoreFault, documented_as, may_want_unique_names, record_in_answer,
    record_in_request, served, tells_when_made, unique_fields,
};

/// Keeps the state behind one operation.
pub(super) trait Backend: std::fmt::Debug + Send + Sync {
    /// What an otherwise valid request breaks that no single field shows.
    fn check(&self, call: &Call<'_>) -> Option<Rejection>;

    /// Answers an accepted request; total, whatever a layer let through.
    fn answer(&self, call: &Call<'_>) -> Reply;

    /// Hears of a request that was refused: nothing comes of it, but by a fault.
    fn refused(&self, _call: &Call<'_>, _rejection: &Rejection) {}
}

/// Makes the backends of a mock; those of one service share its state.
#[derive(Debug)]
pub(super) struct Backends {
    step: Duration,
    ids: Ids,
    dcs: Option<Arc<dcs::Instances>>,
    stores: BTreeMap<String, Arc<Store>>,
}

impl Backends {
    /// `mocked`: the suite's operations, made ready.
    pub(super) fn new(
        suite: &Suite,
        mocked: &[MockOperation],
        resources: &Resources,
        options: &MockOptions,
        ids: &Ids,
    ) -> Self {
        let stores = suite.services.iter().filter_map(|service| {
            let store = Store::new(suite, &service.name, mocked, resources, options, ids)?;
            Some((service.name.clone(), Arc::new(store)))
        });
        Self {
            step: options.step,
            ids: ids.clone(),
            dcs: None,
            stores: stores.collect(),
        }
    }

    /// What is kept of a service.
    pub(super) fn store(&self, service: &str) -> Option<Arc<Store>> {
        self.stores.get(service).cloned()
    }

    /// The backend of an operation, by its place in the suite, if it has one.
    pub(super) fn of(
        &mut self,
        suite: &Suite,
        at: usize,
        mocked: &MockOperation,
        resources: &Resources,
    ) -> Option<Box<dyn Backend>> {
        match (mocked.id.service.as_str(), mocked.id.id.as_str()) {
            ("dcs", "CopyInstance") => Some(Box::new(dcs::Create::new(
                self.instances(resources),
                mocked,
            ))),
            ("dcs", "ListBackupRecords") => Some(Box::new(dcs::List::new(
                self.instances(resources),
                suite.operations.get(at)?,
                mocked,
            ))),
            ("gaussdb", "CreateManualBackup") => {
                Some(Box::new(gaussdb::Create::new(mocked, &self.ids)))
            }
            (service, _) => {
                let store = self.stores.get(service)?;
                let served = store::Served::new(suite, at, mocked, store)?;
                Some(Box::new(served))
            }
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

/// Whether the state behind an operation is kept by a backend of its own.
pub(super) fn keeps_state(operation: &Operation) -> bool {
    matches!(
        (operation.service.as_str(), operation.id.as_str()),
        ("dcs", "CopyInstance" | "ListBackupRecords") | ("gaussdb", "CreateManualBackup")
    )
}
