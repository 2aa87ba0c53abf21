//! The JSON report, and the JSON Schema that it obeys.

use std::path::{Path, PathBuf};

use super::result::{Report, VERSION};

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
    /// Another version, or no report at all.
    #[error("`{}` is no report of docproof: {message}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
}

/// The JSON Schema of the report.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// The report as JSON.
pub(super) fn json(report: &Report) -> Result<String, serde_json::Error> {
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
    let value: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| foreign(format!("not JSON: {error}")))?;
    match value.get("version").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(VERSION) => {}
        Some(version) => {
            return Err(foreign(format!(
                "its version is {version}, this program reads {VERSION}"
            )));
        }
        None => return Err(foreign("it has no `version`".to_owned())),
    }
    serde_json::from_value(value).map_err(|error| foreign(error.to_string()))
}
