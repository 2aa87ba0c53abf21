//! The JSON report, written and read.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::text::cut;

use super::result::{Report, VERSION};
use super::view::one_line;

/// How much is told of the name of the program that wrote a report.
const LONGEST_GENERATOR: usize = 60;

/// Why a file is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The report of another docproof.
    #[error(
        "`{}` is a report of version {found}, written by {generator}; \
         this program reads version {VERSION}",
        path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The program that wrote it.
        generator: String,
    },
    /// No report at all.
    #[error("`{}` is no report of docproof: {message}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
}

impl ReportError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Version { found, .. } if *found > u64::from(VERSION) => {
                "use the program that wrote it, or a newer one than this".to_owned()
            }
            Self::Version { .. } => {
                "run again with this program: `docproof run --report json=FILE` \
                 writes a report of its version"
                    .to_owned()
            }
            Self::Io { .. } | Self::Foreign { .. } => {
                "`docproof run --report json=FILE` writes a report".to_owned()
            }
        }
    }
}

/// The report as JSON.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}

/// Reads a report that was written by `run --report json=FILE`.
pub fn read_json(path: &Path) -> Result<Report, ReportError> {
    let foreign = |message: String| ReportError::Foreign {
        path: path.to_owned(),
        message,
    };
    let bytes = std::fs::read(path).map_err(|source| ReportError::Io {
        path: path.to_owned(),
        source,
    })?;
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| foreign(format!("not JSON: {error}")))?;
    match value.get("version").and_then(Value::as_u64) {
        Some(version) if version == u64::from(VERSION) => {}
        Some(found) => {
            let generator = value.get("generator").and_then(Value::as_str);
            return Err(ReportError::Version {
                path: path.to_owned(),
                found,
                generator: match generator {
                    Some(name) => format!("`{}`", cut(&one_line(name), LONGEST_GENERATOR)),
                    None => "another docproof".to_owned(),
                },
            });
        }
        None => return Err(foreign("it has no `version`".to_owned())),
    }
    let report: Report =
        serde_json::from_value(value).map_err(|error| foreign(error.to_string()))?;
    for trial in &report.trials {
        for reference in &trial.findings {
            let finding = report.findings.get(reference.finding);
            let is_there = finding.is_some_and(|finding| {
                reference
                    .related
                    .is_none_or(|related| related < finding.related.len())
            });
            if !is_there {
                return Err(foreign(format!(
                    "`{}` refers to the finding {}{}, which is not among the {}",
                    one_line(&trial.name),
                    reference.finding,
                    reference
                        .related
                        .map_or_else(String::new, |related| format!(".{related}")),
                    report.findings.len()
                )));
            }
        }
    }
    Ok(report)
}
