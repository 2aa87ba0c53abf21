//! The JSON report.

use std::path::Path;

use super::result::Report;

/// Writes the report to a file; whole or not at all.
pub fn write_json(report: &Report, path: &Path) -> std::io::Result<()> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    std::fs::write(path, text)
}
