//! Where snapshots are: one file for each, in insta's form. What differs is left beside it as
//! `.snap.new`, until a person accepts or rejects it.

use std::path::{Path, PathBuf};

use insta::Snapshot;

use super::difference::unified;

/// A folder of snapshots.
#[derive(Debug, Clone)]
pub struct Store {
    /// The folder.
    pub folder: PathBuf,
    /// What the answers come from, in words.
    pub target: String,
    /// The day.
    pub today: String,
    /// Whether a snapshot that agrees is noted as confirmed today. The embedded mock confirms
    /// nothing: it is made from the contract.
    pub confirms: bool,
}

/// Why a snapshot cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{what} `{}`: {message}", path.display())]
pub struct StoreError {
    what: &'static str,
    path: PathBuf,
    message: String,
}

/// What holding a text against its snapshot gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// It agrees.
    Agrees,
    /// There is no reviewed snapshot yet.
    New {
        /// The file that waits for a review.
        pending: PathBuf,
    },
    /// It differs.
    Differs {
        /// The file that waits for a review.
        pending: PathBuf,
        /// The changed lines.
        changes: Vec<String>,
    },
}

/// A file that waits for a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The file.
    pub path: PathBuf,
    /// The snapshot that it is to replace, whether there is one yet or not.
    pub accepted: PathBuf,
}

fn error(what: &'static str, path: &Path, message: impl ToString) -> StoreError {
    StoreError {
        what,
        path: path.to_owned(),
        message: message.to_string(),
    }
}

impl Store {
    /// Whether the folder can be written to; it is made where there is none.
    pub fn probe(&self) -> Result<(), StoreError> {
        let probe = self.folder.join(".docproof");
        std::fs::create_dir_all(&self.folder)
            .and_then(|()| std::fs::write(&probe, ""))
            .and_then(|()| std::fs::remove_file(&probe))
            .map_err(|reason| error("cannot write snapshots to", &self.folder, reason))
    }

    /// Holds a text against the snapshot of a name. What it is about stands in its head.
    pub fn hold(&self, name: &str, description: &str, text: &str) -> Result<Held, StoreError> {
        let path = self.folder.join(format!("{}.snap", file_name(name)));
        let pending = path.with_extension("snap.new");
        let whole = self.whole(description, text);
        let write = |place: &Path, text: &str| {
            std::fs::create_dir_all(&self.folder)
                .and_then(|()| std::fs::write(place, text))
                .map_err(|reason| error("cannot write", place, reason))
        };
        if !path.exists() {
            write(&pending, &whole)?;
            return Ok(Held::New { pending });
        }
        let known = contents_of(&path)?;
        if known.trim_end() != text.trim_end() {
            write(&pending, &whole)?;
            return Ok(Held::Differs {
                pending,
                // What is read back ends with a line, what is rendered does not.
                changes: unified(known.trim_end(), text.trim_end()),
            });
        }
        if pending.exists() {
            // What waited for a review is no longer what is answered.
            std::fs::remove_file(&pending)
                .map_err(|reason| error("cannot remove", &pending, reason))?;
        }
        if self.confirms {
            let before = std::fs::read_to_string(&path)
                .map_err(|reason| error("cannot read", &path, reason))?;
            if before != whole {
                write(&path, &whole)?;
            }
        }
        Ok(Held::Agrees)
    }

    fn whole(&self, description: &str, text: &str) -> String {
        // Quoted as JSON, which YAML reads alike.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        format!(
            "---\nsource: docproof\ndescription: {}\ninfo:\n  confirmed: {}\n  target: {}\n---\n{}\n",
            quoted(description),
            quoted(&self.today),
            quoted(&self.target),
            text.trim_end()
        )
    }
}

/// A name as a file's: what no folder takes is left out.
fn file_name(name: &str) -> String {
    name.replace("::", "__")
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') {
                c
            } else {
                '_'
            }
        })
        .collect()
}

/// The text of a snapshot, without its head.
pub fn contents_of(path: &Path) -> Result<String, StoreError> {
    let snapshot =
        Snapshot::from_file(path).map_err(|reason| error("cannot read", path, reason))?;
    snapshot
        .as_text()
        .map(|text| format!("{text}\n"))
        .ok_or_else(|| error("cannot read", path, "it holds no text"))
}

/// When and against what a snapshot was confirmed, in words; empty where its head does not say.
pub fn note_of(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let value = |key: &str| {
        text.lines()
            .skip(1)
            .take_while(|line| *line != "---")
            .find_map(|line| line.trim().strip_prefix(key)?.strip_prefix(": "))
            .map(|value| value.trim_matches('"').to_owned())
    };
    match (value("confirmed"), value("target")) {
        (Some(day), Some(target)) => format!("confirmed {day} against {target}"),
        _ => String::new(),
    }
}

/// Every file below a folder that waits for a review, by name.
pub fn pending(folder: &Path) -> Result<Vec<Pending>, StoreError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .map_err(|reason| error("cannot read the folder", &folder, reason))?;
        for entry in entries {
            let entry = entry.map_err(|reason| error("cannot read the folder", &folder, reason))?;
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "new")
                && path
                    .with_extension("")
                    .extension()
                    .is_some_and(|extension| extension == "snap")
            {
                found.push(Pending {
                    accepted: path.with_extension(""),
                    path,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Puts a file that waited into the place of its snapshot.
pub fn accept(pending: &Pending) -> Result<(), StoreError> {
    std::fs::rename(&pending.path, &pending.accepted)
        .map_err(|reason| error("cannot accept", &pending.path, reason))
}

/// Removes a file that waited.
pub fn reject(pending: &Pending) -> Result<(), StoreError> {
    std::fs::remove_file(&pending.path)
        .map_err(|reason| error("cannot remove", &pending.path, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(folder: &Path, confirms: bool, today: &str) -> Store {
        Store {
            folder: folder.to_owned(),
            target: "http://127.0.0.1:1".to_owned(),
            today: today.to_owned(),
            confirms,
        }
    }

    #[test]
    fn a_snapshot_is_new_then_agrees_then_differs() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path(), false, "2026-11-21");
        let first = store
            .hold("a::b", "what it is: \"quoted\"", "one\ntwo\n")
            .unwrap();
        let waiting = pending(folder.path()).unwrap();
        assert_eq!(
            first,
            Held::New {
                pending: waiting[0].path.clone()
            }
        );
        // insta reads what waits, so its own tool can review it.
        let read = Snapshot::from_file(&waiting[0].path).unwrap();
        assert_eq!(
            read.metadata().description(),
            Some("what it is: \"quoted\"")
        );
        assert_eq!(read.metadata().source(), Some("docproof"));
        assert_eq!(contents_of(&waiting[0].path).unwrap(), "one\ntwo\n");
        accept(&waiting[0]).unwrap();
        assert_eq!(store.hold("a::b", "x", "one\ntwo").unwrap(), Held::Agrees);
        assert!(pending(folder.path()).unwrap().is_empty());
        let Held::Differs { changes, .. } = store.hold("a::b", "x", "one\n2\n").unwrap() else {
            panic!("it agrees");
        };
        assert_eq!(changes, [" one", "-two", "+2"]);
        // What agrees again no longer waits.
        assert_eq!(store.hold("a::b", "x", "one\ntwo\n").unwrap(), Held::Agrees);
        assert!(pending(folder.path()).unwrap().is_empty());
    }

    #[test]
    fn a_snapshot_notes_when_and_against_what_it_was_confirmed() {
        let folder = tempfile::tempdir().unwrap();
        store(folder.path(), false, "2026-11-20")
            .hold("a", "x", "one")
            .unwrap();
        let waiting = pending(folder.path()).unwrap();
        accept(&waiting[0]).unwrap();
        let note = || note_of(&waiting[0].accepted);
        store(folder.path(), false, "2026-11-21")
            .hold("a", "x", "one")
            .unwrap();
        assert_eq!(note(), "confirmed 2026-11-20 against http://127.0.0.1:1");
        store(folder.path(), true, "2026-11-21")
            .hold("a", "x", "one")
            .unwrap();
        assert_eq!(note(), "confirmed 2026-11-21 against http://127.0.0.1:1");
    }

    #[test]
    fn names_stay_in_the_folder() {
        assert_eq!(
            file_name("s::O::snapshot::example"),
            "s__O__snapshot__example"
        );
        assert_eq!(file_name("../a/b"), ".._a_b");
    }
}
