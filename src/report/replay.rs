//! A replay on the terminal: one line for each finding that was tried again, what is seen now where
//! it still fails, and the totals.

use anstyle::{AnsiColor, Style};

use crate::exchange::printable;
use crate::harness::{Outcome, Replayed};
use crate::text::counted;

const RED: Style = AnsiColor::Red.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// Renders a replay.
pub fn render_replay(replayed: &[Replayed]) -> String {
    let mut out = String::new();
    let [mut fixed, mut failed, mut flaky, mut unknown] = [0_usize; 4];
    for one in replayed {
        let (style, word) = match &one.outcome {
            Outcome::Fixed => {
                fixed += 1;
                (GREEN, "fixed".to_owned())
            }
            Outcome::Failed => {
                failed += 1;
                (RED, "failed".to_owned())
            }
            Outcome::Flaky(again) => {
                flaky += 1;
                (YELLOW, format!("flaky {}/{}", again.failed, again.of))
            }
            Outcome::CannotReplay(reason) => {
                unknown += 1;
                (YELLOW, format!("cannot replay ({})", printable(reason)))
            }
        };
        out.push_str(&format!(
            "{style}{word}{style:#}: {}: {}\n",
            printable(&one.finding.fact.to_string()),
            printable(&one.finding.fingerprint.to_string())
        ));
        if let Some((message, curl)) = &one.now {
            out.push_str(&format!(
                "   {}\n   {DIM}{}{DIM:#}\n",
                printable(message),
                printable(curl)
            ));
        }
    }
    if !replayed.is_empty() {
        out.push('\n');
    }
    out.push_str(&format!(
        "{}: {fixed} fixed, {failed} failed, {flaky} flaky, {unknown} cannot be replayed\n",
        counted(replayed.len(), "finding")
    ));
    out
}
