//! Entries for a person to finish: the findings of a report that no entry accepts yet, written
//! after what stands in the file already. Comments, order and formatting of what stands there are
//! kept; entries in words, as docproof 0.1 wrote them, are renewed. The reason of a new entry is
//! left empty, and an entry without a reason is refused.

use std::collections::BTreeMap;

use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

use crate::contract::Level;
use crate::exchange::printable;
use crate::harness::finding::Finding;
use crate::harness::trial::TrialResult;
use crate::text::cut;

use super::superseded;

/// The head of a new file.
const HEAD: &str = "# Known findings that are accepted for a while. Each entry accepts one fact, broken in one way that one check saw, and needs a reason.\n# Optional keys: ticket, owner, expires (a day), sometimes (true where it does not always show).\n";

/// What was proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The whole file.
    pub text: String,
    /// How many entries are new.
    pub added: usize,
    /// How many entries in words were renewed; several of them may have become one.
    pub renewed: usize,
    /// How many findings had an entry.
    pub known: usize,
}

impl Proposal {
    /// Whether the file is another one than before.
    pub fn changes(&self) -> bool {
        self.added + self.renewed > 0
    }
}

/// Proposes entries for the findings that fail a run at a level, and renews entries in words.
/// `existing` is the file as it is.
pub fn propose<F>(
    existing: &str,
    findings: &[Finding],
    trials: &[TrialResult<F>],
    level: Level,
) -> Result<Proposal, String> {
    let mut document: DocumentMut = existing
        .parse()
        .map_err(|error: toml_edit::TomlError| error.to_string().trim_end().to_owned())?;
    // The table's name in files of docproof 0.1.
    if let Some(entries) = document.remove("deviations") {
        document.insert("known_findings", entries);
    }
    let Item::ArrayOfTables(tables) = document
        .entry("known_findings")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
    else {
        return Err("`known_findings` is no list of tables: write every entry under a `[[known_findings]]` of its own".to_owned());
    };
    let (mut added, mut renewed, mut known) = (0, 0, 0);
    // Each has an identity of its own, whatever the cause.
    for finding in findings.iter().flat_map(Finding::with_related) {
        let identity = identity(finding)?;
        let mut has_entry = tables.iter().any(|table| identity.is_of(table));
        let words: Vec<usize> = tables
            .iter()
            .enumerate()
            .filter(|(_, table)| is_in_words(table, finding))
            .map(|(index, _)| index)
            .collect();
        renewed += words.len();
        // Several entries in words may be one now: the first of them stays.
        let keep = words.first().copied().filter(|_| !has_entry);
        for index in words.into_iter().rev() {
            if keep == Some(index) {
                if let Some(table) = tables.get_mut(index) {
                    renew(table, &identity);
                }
                has_entry = true;
            } else {
                tables.remove(index);
            }
        }
        if has_entry {
            known += 1;
        } else if finding.fails(level) {
            tables.push(entry(finding, &identity, trials));
            added += 1;
        }
    }
    let text = if existing.trim().is_empty() {
        format!("{HEAD}{document}")
    } else {
        document.to_string()
    };
    Ok(Proposal {
        text,
        added,
        renewed,
        known,
    })
}

/// What identifies a finding, as a file spells it.
struct Identity {
    fact: String,
    check: &'static str,
    fingerprint: InlineTable,
}

fn identity(finding: &Finding) -> Result<Identity, String> {
    let value = serde_json::to_value(&finding.fingerprint).map_err(|error| error.to_string())?;
    let fields = value.as_object().into_iter().flatten();
    Ok(Identity {
        fact: finding.fact.to_string(),
        check: finding.check.as_str(),
        fingerprint: fields
            .filter_map(|(key, value)| Some((key.as_str(), toml(value)?)))
            .collect(),
    })
}

/// A JSON value in TOML; none of null, which TOML does not have.
fn toml(value: &serde_json::Value) -> Option<Value> {
    use serde_json::Value as Json;
    Some(match value {
        Json::Null => return None,
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::from(number),
            None => Value::from(number.as_f64()?),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::Array(items.iter().filter_map(toml).collect()),
        Json::Object(fields) => Value::InlineTable(
            fields
                .iter()
                .filter_map(|(key, value)| Some((key.as_str(), toml(value)?)))
                .collect(),
        ),
    })
}

impl Identity {
    /// Whether an entry has it.
    fn is_of(&self, table: &Table) -> bool {
        let fields = |table: &dyn TableLike| -> BTreeMap<String, String> {
            let text = |item: &Item| match item.as_str() {
                Some(text) => text.to_owned(),
                None => item.to_string().trim().to_owned(),
            };
            table
                .iter()
                .map(|(key, item)| (key.to_owned(), text(item)))
                .collect()
        };
        text_of(table, "fact") == self.fact
            && text_of(table, "check") == self.check
            && table
                .get("fingerprint")
                .and_then(Item::as_table_like)
                .is_some_and(|known| fields(known) == fields(&self.fingerprint))
    }
}

fn text_of<'t>(table: &'t Table, key: &str) -> &'t str {
    table.get(key).and_then(Item::as_str).unwrap_or_default()
}

/// Whether an entry says in words what a finding saw.
fn is_in_words(table: &Table, finding: &Finding) -> bool {
    let words = text_of(table, "observed");
    let fact = superseded::fact(text_of(table, "fact"));
    !words.is_empty()
        && fact.as_ref() == Ok(&finding.fact)
        && superseded::is_seen_in(words, finding)
}

/// Gives an entry in words what identifies a finding instead; all else stays.
fn renew(table: &mut Table, identity: &Identity) {
    table.remove("observed");
    table.insert("fact", value(&identity.fact));
    table.insert("check", value(identity.check));
    table.insert("fingerprint", value(identity.fingerprint.clone()));
    table.sort_values_by(|a, _, b, _| place(a.get()).cmp(&place(b.get())));
}

/// Where a key stands in an entry.
fn place(key: &str) -> usize {
    ["fact", "check", "fingerprint", "reason"]
        .iter()
        .position(|known| *known == key)
        .unwrap_or(usize::MAX)
}

fn entry<F>(finding: &Finding, identity: &Identity, trials: &[TrialResult<F>]) -> Table {
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
    table.insert("fact", value(&identity.fact));
    table.insert("check", value(identity.check));
    table.insert("fingerprint", value(identity.fingerprint.clone()));
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
