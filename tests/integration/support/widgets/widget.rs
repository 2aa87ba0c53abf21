//! What the server keeps of a widget and of its parts.

use std::time::{Duration, Instant};

use super::fields::{Size, WidgetFields};

/// How long a new widget is being built where the server is started so.
pub(super) const BUILDING: Duration = Duration::from_millis(300);

/// A part of a widget.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub id: String,
    pub title: String,
    pub weight: i64,
    pub created: i64,
}

/// A widget.
#[derive(Debug, Clone)]
pub(super) struct Widget {
    /// Later widgets have greater ones.
    pub number: u64,
    pub id: String,
    pub name: String,
    pub note: Option<String>,
    pub serial: i64,
    pub ratio: Option<f64>,
    pub active: bool,
    pub size: Size,
    pub labels: Vec<String>,
    pub failure: Option<&'static str>,
    pub bytes: i64,
    pub parts: Vec<Part>,
    pub created: i64,
    pub updated: i64,
    /// When it is ready.
    pub ready: Instant,
    pub is_deleted: bool,
    pub is_seeded: bool,
}

/// The state of a widget at this moment.
pub(super) fn state_of(widget: &Widget) -> &'static str {
    match widget.failure {
        Some(_) => "failed",
        None if Instant::now() < widget.ready => "building",
        None => "ready",
    }
}

/// A widget with what is given instead of what it had.
pub(super) fn changed(widget: Widget, given: &WidgetFields) -> Widget {
    let given = given.clone();
    Widget {
        name: given.name.unwrap_or(widget.name),
        note: given.note.or(widget.note),
        serial: given.serial.unwrap_or(widget.serial),
        ratio: given.ratio.or(widget.ratio),
        active: given.active.unwrap_or(widget.active),
        size: given.size.unwrap_or(widget.size),
        labels: given.labels.unwrap_or(widget.labels),
        ..widget
    }
}

/// A number as it comes back from one that holds 53 bits.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "the loss is the breach"
)]
pub(super) fn rounded(number: i64) -> i64 {
    number as f64 as i64
}
