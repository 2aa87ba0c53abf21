//! What pages and an OpenAPI document say differently, operation by operation: text, JSON,
//! Markdown.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::compare::{Disagreement, Disagreements};
use crate::contract::Fact;
use crate::exchange::printable;
use crate::text::counted;

use super::place;
use super::view::escaped_cell;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// A comparison of pages with a document.
#[derive(Debug, Serialize)]
pub struct DisagreementReport {
    /// How many operations both have.
    pub compared: usize,
    /// In how many of them nothing differs.
    pub agreeing: usize,
    /// How many constraints only one of the two states.
    pub only_one: usize,
    /// What differs.
    pub disagreements: Vec<Disagreement>,
}

impl DisagreementReport {
    /// A report of what differs.
    pub fn new(found: Disagreements) -> Self {
        Self {
            compared: found.compared,
            agreeing: found.agreeing,
            only_one: found.silences.len(),
            disagreements: found.found,
        }
    }

    fn totals(&self) -> String {
        let compared = counted(self.compared, "operation");
        if self.disagreements.is_empty() {
            return format!("pages and document agree in {compared}");
        }
        format!(
            "{}; of {compared} in both, {} in all",
            counted(self.disagreements.len(), "disagreement"),
            if self.agreeing == 1 {
                "1 agrees".to_owned()
            } else {
                format!("{} agree", self.agreeing)
            }
        )
    }

    fn silences(&self) -> Option<String> {
        let (states, are) = match self.only_one {
            0 => return None,
            1 => ("constraint is", "it is"),
            _ => ("constraints are", "they are"),
        };
        Some(format!(
            "{} {states} stated in one of the two alone, which contradicts nothing; {are} shown by \
             `docproof lint` with both and `--level may`",
            self.only_one
        ))
    }

    /// What a person reads on a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut last = None;
        for one in &self.disagreements {
            let head = heading(one);
            if last.as_ref() != Some(&head) {
                let _ = writeln!(out, "{BOLD}{}{BOLD:#}", printable(&head));
                last = Some(head);
            }
            let _ = writeln!(out, "  {RED}differs{RED:#}  {}", printable(&one.message));
            for (word, rows) in sides(one) {
                if let Some(row) = rows.first() {
                    let _ = writeln!(out, "     {DIM}{word}: {}{DIM:#}", place(row));
                }
            }
        }
        let style = if self.disagreements.is_empty() {
            GREEN
        } else {
            out.push('\n');
            RED
        };
        let _ = writeln!(out, "{style}{}{style:#}", self.totals());
        if let Some(silences) = self.silences() {
            let _ = writeln!(out, "{silences}");
        }
        out
    }

    /// For the description of a pull request.
    pub fn markdown(&self) -> String {
        let mut out = format!("## Pages and document: {}\n", self.totals());
        let mut last = None;
        for one in &self.disagreements {
            let head = heading(one);
            if last.as_ref() != Some(&head) {
                let _ = write!(
                    out,
                    "\n### {}\n\n| differs | pages | document |\n|---|---|---|\n",
                    escaped_cell(&head)
                );
                last = Some(head);
            }
            let [pages, document] = sides(one).map(|(_, rows)| {
                let row = rows.first();
                row.map(|row| escaped_cell(&place(row))).unwrap_or_default()
            });
            let message = escaped_cell(&one.message);
            let _ = writeln!(out, "| {message} | {pages} | {document} |");
        }
        if let Some(silences) = self.silences() {
            let _ = writeln!(out, "\n{silences}");
        }
        out
    }
}

/// The operation of a disagreement.
fn heading(one: &Disagreement) -> String {
    format!(
        "{} {} ({}::{})",
        one.method, one.path, one.service, one.operation
    )
}

fn sides(one: &Disagreement) -> [(&'static str, &[Fact]); 2] {
    [("pages", &one.pages), ("document", &one.document)]
}
