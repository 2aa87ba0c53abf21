//! KnownFindings on the terminal: those that a person has to act on with their place, the others as
//! a count and a line each.

use anstyle::{AnsiColor, Style};

use crate::exchange::printable;
use crate::harness::known_findings::{KnownFindingLine, KnownFindingState};

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// What to do about a known finding in a state.
fn advice(state: KnownFindingState) -> &'static str {
    match state {
        KnownFindingState::UnexpectedlyFixed => {
            "remove the entry, so that the finding is new if it comes back"
        }
        KnownFindingState::Expired => "mend the endpoint, or decide anew until when it is accepted",
        KnownFindingState::Known | KnownFindingState::NotSeen | KnownFindingState::Changed => "",
    }
}

/// Renders the known findings of a run; nothing where there are none.
pub(super) fn render(lines: &[KnownFindingLine]) -> String {
    let mut out = String::new();
    for line in lines {
        let style = match line.state {
            KnownFindingState::UnexpectedlyFixed | KnownFindingState::Expired => RED,
            KnownFindingState::Changed => YELLOW,
            KnownFindingState::Known | KnownFindingState::NotSeen => DIM,
        };
        out.push_str(&format!(
            "{style}{}{style:#}: {}: {}\n",
            line.state.words(),
            printable(&line.fact.to_string()),
            printable(&line.observed)
        ));
        let mut known = vec![line.entry.place.clone(), line.entry.reason.clone()];
        known.extend(line.entry.ticket.clone());
        known.extend(
            line.entry
                .owner
                .as_ref()
                .map(|owner| format!("owner {owner}")),
        );
        known.extend(line.entry.expires.as_ref().map(|day| match line.state {
            KnownFindingState::Expired => format!("expired after {day}"),
            _ => format!("until {day}"),
        }));
        known.extend(line.note.clone());
        out.push_str(&format!("   {}\n", printable(&known.join("; "))));
        let advice = advice(line.state);
        if !advice.is_empty() {
            out.push_str(&format!("   {advice}\n"));
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}
