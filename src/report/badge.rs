//! Badges: an SVG image, and the JSON from which shields.io draws one.

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::text::counted;

use super::markdown::html;
use super::result::{Outcome, Report};

/// What stands on the left.
const LABEL: &str = "docproof";

/// What stands on the right, with the name and the value of its colour.
fn message(report: &Report) -> (String, &'static str, &'static str) {
    let percent = report.coverage.total.percent;
    match report.summary.outcome {
        Outcome::Findings => (
            counted(report.summary.findings, "finding"),
            "red",
            "#c0392b",
        ),
        Outcome::KnownFindings => (
            "known findings: entries need attention".to_owned(),
            "orange",
            "#b45309",
        ),
        Outcome::AsKnown => (
            format!("known findings, {percent:.0} %"),
            "green",
            "#15803d",
        ),
        Outcome::LittleDecided => (
            format!("little decided, {percent:.0} %"),
            "lightgrey",
            "#6b7280",
        ),
        Outcome::NothingTested => ("not tested".to_owned(), "lightgrey", "#6b7280"),
        Outcome::Incomplete => (format!("incomplete, {percent:.0} %"), "yellow", "#a16207"),
        Outcome::AsDocumented => (
            format!("as documented, {percent:.0} %"),
            "brightgreen",
            "#15803d",
        ),
    }
}

/// The JSON that shields.io's endpoint badge reads.
pub(super) fn shields(report: &Report) -> Result<String, serde_json::Error> {
    let (message, colour, _) = message(report);
    let badge = json!({
        "schemaVersion": 1,
        "label": LABEL,
        "message": message,
        "color": colour,
        "isError": report.summary.outcome == Outcome::Findings,
    });
    let mut text = serde_json::to_string_pretty(&badge)?;
    text.push('\n');
    Ok(text)
}

/// The badge as SVG.
pub(super) fn badge(report: &Report) -> String {
    let (message, _, colour) = message(report);
    let (left, right) = (room(LABEL), room(&message));
    let (width, text) = (left + right, html(&message));
    let (middle_left, middle_right) = (left / 2, left + right / 2);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{LABEL}: {text}">
<title>{LABEL}: {text}</title>
<clipPath id="round"><rect width="{width}" height="20" rx="3"/></clipPath>
<g clip-path="url(#round)"><rect width="{left}" height="20" fill="#374151"/><rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="{middle_left}" y="14">{LABEL}</text><text x="{middle_right}" y="14">{text}</text></g>
</svg>
"##
    )
}

/// The width of a text with its margins, in pixels: eleven-pixel Verdana takes about seven for a
/// character.
fn room(text: &str) -> usize {
    text.width() * 7 + 12
}
