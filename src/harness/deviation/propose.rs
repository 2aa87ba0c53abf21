//! Entries for a person to finish: the findings of a report that no entry accepts yet, written after what stands in the file already. Comments,
//! order and formatting of what stands there are kept. The reason is left empty, and an entry without a reason is refused.

use std::collections::BTreeSet;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::exchange::printable;
use crate::harness::finding::Finding;
use crate::harness::trial::TrialResult;
use crate::text::cut;

/// The head of a new file.
const HEAD: &str = "# Known findings that are accepted for a while. Each entry accepts one fact, broken in one observed way, and needs a reason.\n# Optional keys: ticket, owner, expires (a day), sometimes (true where it does not always show).\n";

/// What was proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The whole file.
    pub text: String,
    /// How many entries are new.
    pub added: usize,
    /// How many findings had an entry.
    pub known: usize,
}

/// Proposes entries. `existing` is the file as it is.
pub fn propose<F>(
    existing: &str,
    findings: &[Finding],
    trials: &[TrialResult<F>],
) -> Result<Proposal, String> {
    let mut document: DocumentMut = existing
        .parse()
        .map_err(|error: toml_edit::TomlError| error.to_string().trim_end().to_owned())?;
    let Item::ArrayOfTables(tables) = document
        .entry("deviations")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
    else {
        return Err("`deviations` is no list of tables: write every entry under a `[[deviations]]` of its own".to_owned());
    };
    let text_of = |table: &Table, key: &str| {
        table
            .get(key)
            .and_then(Item::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut keys: BTreeSet<(String, String)> = tables
        .iter()
        .map(|table| (text_of(table, "fact"), text_of(table, "observed")))
        .collect();
    let (mut added, mut known) = (0, 0);
    for finding in findings {
        if !keys.insert((finding.fact.clone(), finding.behaviour.clone())) {
            known += 1;
            continue;
        }
        tables.push(entry(finding, trials));
        added += 1;
    }
    let text = if existing.trim().is_empty() {
        format!("{HEAD}{document}")
    } else {
        document.to_string()
    };
    Ok(Proposal { text, added, known })
}

fn entry<F>(finding: &Finding, trials: &[TrialResult<F>]) -> Table {
    let mut table = Table::new();
    let mut comment = "\n".to_owned();
    for line in [
        one_line(&finding.message),
        format!("documented: {}", one_line(&finding.documented)),
    ] {
        comment.push_str(&format!("# {line}\n"));
    }
    if let Some(row) = finding.rows.first() {
        comment.push_str(&format!(
            "# {}, {}, row `{}`, line {}\n",
            one_line(row.page()),
            one_line(row.table()),
            one_line(row.row()),
            row.line()
        ));
    }
    table.decor_mut().set_prefix(comment);
    table.insert("fact", value(&finding.fact));
    table.insert("observed", value(&finding.behaviour));
    table.insert("reason", value(""));
    let shows = |trial: &&TrialResult<F>| finding.trials.contains(&trial.name);
    let mut showing = trials.iter().filter(shows).peekable();
    // Where a trial is about the fact, its name follows from it.
    let is_own = showing.clone().any(|trial| trial.fact == finding.fact);
    if let Some(trial) = showing.peek()
        && !is_own
    {
        table.insert("trial", value(&trial.name));
    }
    table
}

/// A text on one line, cut to what fits into a comment; control characters spelled out.
fn one_line(text: &str) -> String {
    const MOST: usize = 160;
    cut(&printable(&text.replace(['\n', '\r'], " ")), MOST)
}
