//! `deviations.toml`: read with the line of everything, so that whoever has to mend an entry finds it. All problems are told at once.

use jiff::civil::Date;
use toml_edit::{Document, Item, Table, Value};

use super::facts::{KnownFacts, nearest};
use super::{Deviation, Deviations};

/// The keys of an entry.
const KEYS: &[&str] = &[
    "fact",
    "observed",
    "reason",
    "ticket",
    "owner",
    "expires",
    "sometimes",
    "trial",
];

/// Something in the file that has to be mended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct Problem {
    /// Where: `deviations.toml:12`.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

/// Reads a file. `name` is what places are called by.
pub fn parse(
    name: &str,
    text: &str,
    known: &KnownFacts,
    today: Date,
) -> Result<Deviations, Vec<Problem>> {
    let mut reader = Reader {
        name,
        text,
        known,
        today,
        problems: Vec::new(),
        entries: Vec::new(),
    };
    match Document::parse(text) {
        Ok(document) => reader.document(document.as_table()),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let message = format!("not TOML: {}", error.message().trim_end());
            reader.problem(at, message, None);
        }
    }
    if reader.problems.is_empty() {
        Ok(Deviations {
            entries: reader.entries,
        })
    } else {
        Err(reader.problems)
    }
}

struct Reader<'r> {
    name: &'r str,
    text: &'r str,
    known: &'r KnownFacts,
    today: Date,
    problems: Vec<Problem>,
    entries: Vec<Deviation>,
}

impl Reader<'_> {
    fn place(&self, at: usize) -> String {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        format!("{}:{line}", self.name)
    }

    fn problem(&mut self, at: usize, message: String, hint: Option<String>) {
        let place = self.place(at);
        self.problems.push(Problem {
            place,
            message,
            hint,
        });
    }

    fn document(&mut self, document: &Table) {
        for (key, item) in document {
            let at = key_start(document, key);
            if key != "deviations" {
                let hint = "entries are written as `[[deviations]]`".to_owned();
                self.problem(at, format!("unknown key `{key}`"), Some(hint));
            } else if let Some(tables) = item.as_array_of_tables() {
                for table in tables {
                    self.entry(table);
                }
            } else {
                let hint = "write every entry under a `[[deviations]]` of its own".to_owned();
                self.problem(
                    at,
                    "`deviations` is no list of tables".to_owned(),
                    Some(hint),
                );
            }
        }
    }

    fn entry(&mut self, table: &Table) {
        let start = table.span().map_or(0, |span| span.start);
        let problems = self.problems.len();
        for (key, _) in table {
            if !KEYS.contains(&key) {
                let hint = match nearest(key, KEYS.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("keys: {}", KEYS.join(", ")),
                };
                self.problem(
                    key_start(table, key),
                    format!("unknown key `{key}`"),
                    Some(hint),
                );
            }
        }
        let fact = self.needed(table, "fact", start);
        let observed = self.needed(table, "observed", start);
        let reason = self.needed(table, "reason", start);
        let [ticket, owner, trial] = ["ticket", "owner", "trial"].map(|key| self.text(table, key));
        let sometimes = self.flag(table, "sometimes");
        let expires = self.date(table, "expires");
        if let Some(fact) = &fact
            && !self.known.has(fact)
        {
            let hint = self.known.nearest(fact).map_or_else(
                || "the contract has changed, or it is misspelt: remove the entry, or give the fact as a report spells it".to_owned(),
                |meant| format!("did you mean `{meant}`?"),
            );
            self.problem(
                key_start(table, "fact"),
                format!("the contract has no fact `{fact}`"),
                Some(hint),
            );
        }
        let (Some(fact), Some(observed), Some(reason)) = (fact, observed, reason) else {
            return;
        };
        if let Some(first) = self
            .entries
            .iter()
            .find(|entry| entry.fact == fact && entry.observed == observed)
        {
            let message = format!("`{fact}` stands at {} already, observed alike", first.place);
            self.problem(start, message, Some("remove one of the two".to_owned()));
        }
        if self.problems.len() == problems {
            self.entries.push(Deviation {
                has_expired: expires.is_some_and(|date| date < self.today),
                place: self.place(start),
                fact,
                observed,
                reason,
                ticket,
                owner,
                expires,
                sometimes,
                trial,
            });
        }
    }

    /// A text that has to be there and to say something.
    fn needed(&mut self, table: &Table, key: &str, start: usize) -> Option<String> {
        let hint = match key {
            "reason" => "say why this is accepted: an entry without a reason accepts nothing",
            "observed" => {
                "`docproof deviations propose REPORT.json` writes it as findings spell it"
            }
            _ => {
                "give the fact as a report spells it, such as `dcs::CopyInstance::request.remark::maxLength`"
            }
        };
        if !table.contains_key(key) {
            self.problem(
                start,
                format!("an entry without `{key}`"),
                Some(hint.to_owned()),
            );
            return None;
        }
        let text = self.text(table, key)?;
        if text.trim().is_empty() {
            let at = key_start(table, key);
            self.problem(at, format!("`{key}` is empty"), Some(hint.to_owned()));
            return None;
        }
        Some(text)
    }

    fn text(&mut self, table: &Table, key: &str) -> Option<String> {
        let item = table.get(key)?;
        let text = item.as_str().map(str::to_owned);
        if text.is_none() {
            self.problem(
                start_of(table, key, item),
                format!("`{key}` is no text"),
                None,
            );
        }
        text
    }

    fn flag(&mut self, table: &Table, key: &str) -> bool {
        let Some(item) = table.get(key) else {
            return false;
        };
        item.as_bool().unwrap_or_else(|| {
            let message = format!("`{key}` is neither true nor false");
            self.problem(start_of(table, key, item), message, None);
            false
        })
    }

    fn date(&mut self, table: &Table, key: &str) -> Option<Date> {
        let item = table.get(key)?;
        let written = match item.as_value() {
            Some(Value::Datetime(date)) => date.value().to_string(),
            Some(Value::String(text)) => text.value().clone(),
            _ => String::new(),
        };
        let date = written.parse::<Date>().ok();
        if date.is_none() || written.len() != "2026-01-31".len() {
            let hint = "write a day, such as `expires = 2026-12-31`".to_owned();
            self.problem(
                start_of(table, key, item),
                format!("`{key}` is no date"),
                Some(hint),
            );
            return None;
        }
        date
    }
}

fn key_start(table: &Table, key: &str) -> usize {
    table
        .key(key)
        .and_then(toml_edit::Key::span)
        .or_else(|| table.get(key).and_then(Item::span))
        .or_else(|| table.span())
        .map_or(0, |span| span.start)
}

fn start_of(table: &Table, key: &str, item: &Item) -> usize {
    item.span()
        .map_or_else(|| key_start(table, key), |span| span.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Suite;
    use jiff::civil::date;
    use rstest::rstest;

    const FACT: &str = "fact = \"dcs::CopyInstance::request.remark::maxLength\"\n";

    fn read(text: &str) -> Result<Deviations, Vec<String>> {
        let known = KnownFacts::new(&Suite::bundled().unwrap());
        parse("d.toml", text, &known, date(2026, 11, 21)).map_err(|problems| {
            problems
                .into_iter()
                .map(|problem| match &problem.hint {
                    Some(hint) => format!("{problem} ({hint})"),
                    None => problem.to_string(),
                })
                .collect()
        })
    }

    #[test]
    fn an_entry_has_its_place_and_its_last_day() {
        let text = format!(
            "# known\n\n[[deviations]]\n{FACT}observed = \"answered 200\"\nreason = \"old clients\"\nexpires = 2026-11-21\nowner = \"team\"\n\n[[deviations]]\n{FACT}observed = \"answered 500\"\nreason = \"r\"\nexpires = \"2026-11-20\"\n"
        );
        let entries = read(&text).unwrap().entries;
        assert_eq!(
            entries
                .iter()
                .map(|entry| (entry.place.as_str(), entry.has_expired))
                .collect::<Vec<_>>(),
            [("d.toml:3", false), ("d.toml:10", true)]
        );
        assert_eq!(entries[0].owner.as_deref(), Some("team"));
    }

    #[test]
    fn an_empty_file_accepts_nothing() {
        assert!(read("# none\n").unwrap().entries.is_empty());
    }

    #[rstest]
    #[case::broken("[[deviations]\n", "d.toml:1: not TOML")]
    #[case::without_reason(
        "[[deviations]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\n",
        "d.toml:1: an entry without `reason` (say why"
    )]
    #[case::unfinished(
        "[[deviations]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \" \"\n",
        "d.toml:4: `reason` is empty (say why"
    )]
    #[case::misspelt_key(
        "[[deviations]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \"r\"\nexpire = 2026-12-01\n",
        "d.toml:5: unknown key `expire` (did you mean `expires`?)"
    )]
    #[case::no_date(
        "[[deviations]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \"r\"\nexpires = \"soon\"\n",
        "d.toml:5: `expires` is no date (write a day"
    )]
    #[case::moment(
        "[[deviations]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \"r\"\nexpires = 2026-12-01T10:00:00Z\n",
        "d.toml:5: `expires` is no date (write a day"
    )]
    #[case::number(
        "[[deviations]]\nfact = 5\nobserved = \"x\"\nreason = \"r\"\n",
        "d.toml:2: `fact` is no text"
    )]
    #[case::stale(
        "[[deviations]]\nfact = \"dcs::CopyInstance::request.backup_fromat::enum\"\nobserved = \"x\"\nreason = \"r\"\n",
        "d.toml:2: the contract has no fact `dcs::CopyInstance::request.backup_fromat::enum` (did you mean `dcs::CopyInstance::request.backup_format::enum`?)"
    )]
    #[case::twice(
        "[[deviations]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \"r\"\n[[deviations]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \"q\"\n",
        "d.toml:5: `dcs::CopyInstance::auth` stands at d.toml:1 already"
    )]
    #[case::one_table("[deviations]\nfact = \"x\"\n", "`deviations` is no list of tables")]
    #[case::other("[[deviation]]\nfact = \"x\"\n", "d.toml:1: unknown key `deviation`")]
    fn what_is_wrong_is_told_with_its_line(#[case] text: &str, #[case] expected: &str) {
        let problems = read(text).unwrap_err();
        assert!(
            problems.iter().any(|problem| problem.contains(expected)),
            "{problems:?}"
        );
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let text = "[[deviations]]\nfact = \"a\"\nobserved = \"x\"\n\n[[deviations]]\nfact = \"b\"\nreason = \"r\"\n";
        assert_eq!(read(text).unwrap_err().len(), 4);
    }
}
