//! The JSON report, and the JSON Schema that it obeys.

use super::result::Report;

/// The JSON Schema of the report.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// The report as JSON.
pub(super) fn json(report: &Report) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}
