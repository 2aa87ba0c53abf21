//! Readers and writers of the target's resources: trials that change a resource run apart from
//! those that need it to hold still.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

/// A lock for each resource, made when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Locks {
    locks: Mutex<HashMap<String, Arc<RwLock<()>>>>,
}

/// A held lock; given back when it is dropped.
#[derive(Debug)]
pub(super) enum Guard {
    /// Shared with other readers.
    Shared(#[expect(dead_code, reason = "held for its drop")] OwnedRwLockReadGuard<()>),
    /// For one trial alone.
    Exclusive(#[expect(dead_code, reason = "held for its drop")] OwnedRwLockWriteGuard<()>),
}

impl Locks {
    /// Waits for a resource.
    pub(super) async fn acquire(&self, resource: &str, exclusive: bool) -> Guard {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            locks.entry(resource.to_owned()).or_default().clone()
        };
        if exclusive {
            Guard::Exclusive(lock.write_owned().await)
        } else {
            Guard::Shared(lock.read_owned().await)
        }
    }
}
