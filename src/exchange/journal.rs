//! The journal: exchanges as they happen, one JSON value a line (NDJSON), so that an interrupted
//! run has lost nothing.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::redact::printable_json;

/// A journal file.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    failure: Option<String>,
}

impl Journal {
    /// Makes the file; one that is there is replaced, unless another run is writing it.
    pub fn create(path: &Path) -> std::io::Result<Self> {
        let file = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        // What is no plain file, and some file systems, have no locks: there is nothing to respect.
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(std::io::Error::new(
                std::io::ErrorKind::ResourceBusy,
                "another run writes it",
            ));
        }
        if file.metadata()?.is_file() {
            file.set_len(0)?;
        }
        Ok(Self {
            path: path.to_owned(),
            state: Mutex::new(State {
                file,
                failure: None,
            }),
        })
    }

    /// Writes one line. It is with the operating system when this returns; after a failure nothing
    /// more is written.
    pub fn write(&self, line: &Value) {
        let mut text = printable_json(line.to_string());
        text.push('\n');
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.failure.is_none()
            && let Err(error) = state.file.write_all(text.as_bytes())
        {
            state.failure = Some(error.to_string());
        }
    }

    /// What is wrong with the journal, if anything.
    pub fn failure(&self) -> Option<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state
            .failure
            .as_ref()
            .map(|failure| format!("cannot write `{}`: {failure}", self.path.display()))
    }
}
