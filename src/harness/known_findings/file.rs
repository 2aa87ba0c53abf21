//! `known-findings.toml`: read with the line of everything, so that whoever has to mend an entry
//! finds it. All problems are told at once.

use jiff::civil::Date;
use schemars::{Schema, json_schema};
use serde::Deserialize;

use crate::toml_reader::{self, Checked, Lines, Located, Mistake, Read, Rule};

use crate::check::{Check, Seen};
use crate::contract::FactId;

use super::facts::KnownFacts;
use super::{Accepted, KnownFinding, KnownFindings, superseded};

/// Who writes what identifies a finding.
const RENEW: &str = "`docproof known-findings propose REPORT.json` writes it as reports spell it";

/// Something in the file that has to be mended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct Problem {
    /// Where: `known-findings.toml:12`.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

/// What the file holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// `deviations` is what docproof 0.1 called it: read for one version.
    #[serde(default, alias = "deviations")]
    known_findings: Vec<Located<Entry>>,
}

/// One entry as it is written. What has to be there is looked for afterwards, so that an entry
/// that lacks something is checked in all else too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fact: Option<Located<String>>,
    check: Option<Located<Check>>,
    fingerprint: Option<Located<Checked<Fingerprint>>>,
    /// What docproof 0.1 wrote instead of a check and a fingerprint: read for one version.
    observed: Option<Located<String>>,
    reason: Option<Located<String>>,
    ticket: Option<String>,
    owner: Option<String>,
    expires: Option<Checked<Day>>,
    #[serde(default)]
    sometimes: bool,
    trial: Option<String>,
}

/// A fingerprint, as reports have it.
struct Fingerprint;

impl Rule for Fingerprint {
    type Value = Seen;
    const TAKES: &'static str =
        "a fingerprint as reports have it, such as `{ kind = \"status\", code = 200 }`";

    fn read(value: toml::Value) -> Option<Seen> {
        let seen: Seen = value.clone().try_into().ok()?;
        // What is not read would be accepted without a word: it has to be there again.
        (toml::Value::try_from(&seen) == Ok(value)).then_some(seen)
    }

    fn schema() -> Schema {
        json_schema!({ "type": "object", "required": ["kind"] })
    }
}

/// A day, as a date or a text.
struct Day;

impl Rule for Day {
    type Value = Date;
    const TAKES: &'static str = "a day, such as `2026-12-31`";

    fn read(value: toml::Value) -> Option<Date> {
        let written = match value {
            toml::Value::Datetime(date) => date.to_string(),
            toml::Value::String(text) => text,
            _ => return None,
        };
        let has_form = written.len() == "2026-01-31".len();
        written.parse().ok().filter(|_| has_form)
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

/// Reads a file. `name` is what places are called by.
pub fn parse(
    name: &str,
    text: &str,
    known: &KnownFacts,
    today: Date,
) -> Result<KnownFindings, Vec<Problem>> {
    let Read {
        value,
        problems,
        lines,
    } = toml_reader::read::<File>(text);
    let mut reader = Reader {
        name,
        known,
        lines,
        problems: Vec::new(),
    };
    for problem in &problems {
        let hint = match &problem.mistake {
            Mistake::Unfit { .. } if problem.path.len() <= 2 => {
                Some("write every entry under a `[[known_findings]]` of its own".to_owned())
            }
            _ => problem.hint(),
        };
        reader.problem(problem.line, problem.message(), hint);
    }
    let mut entries: Vec<KnownFinding> = Vec::new();
    let written = value.map(|file| file.known_findings).unwrap_or_default();
    for (index, entry) in written.into_iter().enumerate() {
        // A key that has to be there may be one of those that are wrong: one error is enough.
        let is_wrong = problems
            .iter()
            .any(|problem| problem.path.get(1) == Some(&format!("[{index}]")));
        let line = reader.lines.of(entry.at);
        let Some(entry) = reader.entry(entry, is_wrong, today) else {
            continue;
        };
        let is_same =
            |other: &&KnownFinding| other.fact == entry.fact && other.accepted == entry.accepted;
        if let Some(first) = entries.iter().find(is_same) {
            let (fact, first) = (&entry.fact, &first.place);
            let message = format!("`{fact}` stands at {first} already, observed alike");
            reader.problem(line, message, Some("remove one of the two".to_owned()));
        }
        entries.push(entry);
    }
    let mut problems = reader.problems;
    if problems.is_empty() {
        return Ok(KnownFindings { entries });
    }
    problems.sort_by_key(|(line, _)| *line);
    Err(problems.into_iter().map(|(_, problem)| problem).collect())
}

struct Reader<'r> {
    name: &'r str,
    known: &'r KnownFacts,
    lines: Lines,
    problems: Vec<(usize, Problem)>,
}

impl Reader<'_> {
    fn problem(&mut self, line: usize, message: String, hint: Option<String>) {
        let problem = Problem {
            place: format!("{}:{line}", self.name),
            message,
            hint,
        };
        self.problems.push((line, problem));
    }

    fn entry(
        &mut self,
        entry: Located<Entry>,
        is_wrong: bool,
        today: Date,
    ) -> Option<KnownFinding> {
        let line = self.lines.of(entry.at);
        let entry = entry.value;
        let in_words = entry.observed.is_some();
        let fact = self.needed(
            line,
            "fact",
            entry.fact,
            is_wrong,
            "give the fact as a report spells it, such as `dcs::CopyInstance::request.remark::maxLength`",
        );
        let fact = fact.and_then(|fact| self.fact(&fact, in_words));
        let accepted = match entry.observed {
            Some(observed) if entry.check.is_some() || entry.fingerprint.is_some() => {
                let message = "`observed` stands beside `check` and `fingerprint`".to_owned();
                let hint = Some("remove it".to_owned());
                self.problem(self.lines.of(observed.at), message, hint);
                None
            }
            Some(observed) => self
                .needed(line, "observed", Some(observed), is_wrong, RENEW)
                .map(|observed| Accepted::Words(observed.value)),
            None => {
                let check = self.there(line, "check", entry.check, is_wrong, RENEW);
                let seen = self.there(line, "fingerprint", entry.fingerprint, is_wrong, RENEW);
                check.zip(seen).map(|(check, seen)| Accepted::Seen {
                    check: check.value,
                    fingerprint: seen.value.0,
                })
            }
        };
        let reason = self.needed(
            line,
            "reason",
            entry.reason,
            is_wrong,
            "say why this is accepted: an entry without a reason accepts nothing",
        );
        let expires = entry.expires.map(|Checked(day)| day);
        Some(KnownFinding {
            has_expired: expires.is_some_and(|date| date < today),
            place: format!("{}:{line}", self.name),
            fact: fact?,
            accepted: accepted?,
            reason: reason?.value,
            ticket: entry.ticket,
            owner: entry.owner,
            expires,
            sometimes: entry.sometimes,
            trial: entry.trial,
        })
    }

    /// A fact of the contract.
    fn fact(&mut self, text: &Located<String>, in_words: bool) -> Option<FactId> {
        let fact = if in_words {
            superseded::fact(&text.value)
        } else {
            text.value.parse()
        };
        let known = fact.ok().filter(|fact| self.known.has(fact));
        if known.is_none() {
            let hint = self.known.nearest(&text.value).map_or_else(
                || "the contract has changed, or it is misspelt: remove the entry, or give the fact as a report spells it".to_owned(),
                |meant| format!("did you mean `{meant}`?"),
            );
            let message = format!("the contract has no fact `{}`", text.value);
            self.problem(self.lines.of(text.at), message, Some(hint));
        }
        known
    }

    /// A text that has to be there and to say something.
    fn needed(
        &mut self,
        entry: usize,
        key: &str,
        value: Option<Located<String>>,
        is_wrong: bool,
        hint: &str,
    ) -> Option<Located<String>> {
        let text = self.there(entry, key, value, is_wrong, hint)?;
        if !text.value.trim().is_empty() {
            return Some(text);
        }
        let message = format!("`{key}` is empty");
        self.problem(self.lines.of(text.at), message, Some(hint.to_owned()));
        None
    }

    /// A value that has to be there. One that is wrong has been told of.
    fn there<T>(
        &mut self,
        entry: usize,
        key: &str,
        value: Option<Located<T>>,
        is_wrong: bool,
        hint: &str,
    ) -> Option<Located<T>> {
        if value.is_none() && !is_wrong {
            let message = format!("an entry without `{key}`");
            self.problem(entry, message, Some(hint.to_owned()));
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Suite;
    use jiff::civil::date;
    use rstest::rstest;

    const FACT: &str = "fact = \"dcs::CopyInstance::request.remark::maxLength\"\n";

    fn read(text: &str) -> Result<KnownFindings, Vec<String>> {
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
            "# known\n\n[[known_findings]]\n{FACT}observed = \"answered 200\"\nreason = \"old clients\"\nexpires = 2026-11-21\nowner = \"team\"\n\n[[known_findings]]\n{FACT}observed = \"answered 500\"\nreason = \"r\"\nexpires = \"2026-11-20\"\n"
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
        assert_eq!(
            entries[0].accepted,
            Accepted::Words("answered 200".to_owned())
        );
    }

    #[test]
    fn an_entry_has_a_check_and_a_fingerprint() {
        let text = format!(
            "[[known_findings]]\n{FACT}check = \"relation\"\nfingerprint = {{ kind = \"law\", breach = \"not-kept\", field = \"name\" }}\nreason = \"r\"\n"
        );
        let entries = read(&text).unwrap().entries;
        assert_eq!(
            entries[0].accepted,
            Accepted::Seen {
                check: Check::Relation,
                fingerprint: Seen::Law(crate::check::Breach::NotKept {
                    field: "name".to_owned()
                }),
            }
        );
    }

    #[test]
    fn the_time_of_an_answer_was_written_behind_another_fact() {
        let text = "[[known_findings]]\nfact = \"dcs::CopyInstance::auth::responseTime\"\nobserved = \"slower than allowed\"\nreason = \"r\"\n";
        assert_eq!(
            read(text).unwrap().entries[0].fact.to_string(),
            "dcs::CopyInstance::operation::responseTime"
        );
    }

    #[test]
    fn an_empty_file_accepts_nothing() {
        assert!(read("# none\n").unwrap().entries.is_empty());
    }

    #[rstest]
    #[case::broken("[[known_findings]\n", "d.toml:1: this is not TOML")]
    #[case::without_reason(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\n",
        "d.toml:1: an entry without `reason` (say why"
    )]
    #[case::unfinished(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \" \"\n",
        "d.toml:4: `reason` is empty (say why"
    )]
    #[case::without_fingerprint(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\ncheck = \"status\"\nreason = \"r\"\n",
        "d.toml:1: an entry without `fingerprint` (`docproof known-findings propose"
    )]
    #[case::both(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\ncheck = \"status\"\nobserved = \"answered 200\"\nreason = \"r\"\n",
        "d.toml:4: `observed` stands beside"
    )]
    #[case::no_fingerprint(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\ncheck = \"status\"\nfingerprint = { kind = \"statuss\" }\nreason = \"r\"\n",
        "(it takes a fingerprint as reports have it"
    )]
    #[case::more_than_a_fingerprint(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\ncheck = \"schema\"\nfingerprint = { kind = \"absent\", of = 1 }\nreason = \"r\"\n",
        "(it takes a fingerprint as reports have it"
    )]
    #[case::no_check(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\ncheck = \"statuss\"\nfingerprint = { kind = \"absent\" }\nreason = \"r\"\n",
        "did you mean `status`?"
    )]
    #[case::misspelt_key(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \"r\"\nexpire = 2026-12-01\n",
        "d.toml:5: `[[known_findings]]` has no key `expire` (did you mean `expires`?)"
    )]
    #[case::no_date(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \"r\"\nexpires = \"soon\"\n",
        "d.toml:5: `expires` in `[[known_findings]]` is a text that does not fit (it takes a day"
    )]
    #[case::moment(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \"r\"\nexpires = 2026-12-01T10:00:00Z\n",
        "d.toml:5: `expires` in `[[known_findings]]` is a time (it takes a day"
    )]
    #[case::number(
        "[[known_findings]]\nfact = 5\nobserved = \"x\"\nreason = \"r\"\n",
        "d.toml:2: `fact` in `[[known_findings]]` is the number 5 (it takes a text)"
    )]
    #[case::stale(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::request.backup_fromat::enum\"\nobserved = \"x\"\nreason = \"r\"\n",
        "d.toml:2: the contract has no fact `dcs::CopyInstance::request.backup_fromat::enum` (did you mean `dcs::CopyInstance::request.backup_format::enum`?)"
    )]
    #[case::twice(
        "[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \"r\"\n[[known_findings]]\nfact = \"dcs::CopyInstance::auth\"\nobserved = \"x\"\nreason = \"q\"\n",
        "d.toml:5: `dcs::CopyInstance::auth` stands at d.toml:1 already"
    )]
    #[case::one_table(
        "[known_findings]\nfact = \"x\"\n",
        "d.toml:1: `known_findings` is a table (write every entry under a `[[known_findings]]`"
    )]
    #[case::other(
        "[[known_finding]]\nfact = \"x\"\n",
        "d.toml:1: there is no key `known_finding` (did you mean `known_findings`?)"
    )]
    fn what_is_wrong_is_told_with_its_line(#[case] text: &str, #[case] expected: &str) {
        let problems = read(text).unwrap_err();
        assert!(
            problems.iter().any(|problem| problem.contains(expected)),
            "{problems:?}"
        );
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let text = "[[known_findings]]\nfact = \"a\"\nobserved = \"x\"\n\n[[known_findings]]\nfact = \"b\"\nreason = \"r\"\n";
        assert_eq!(read(text).unwrap_err().len(), 5);
    }
}
