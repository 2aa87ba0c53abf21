//! A finding: a failed check with its evidence. Findings of one fact, one check and one fingerprint
//! are one finding, however many cases show it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::{Check, Observation, Part, Seen};
use crate::contract::{Fact, FactId, Level};
use crate::exchange::{Answer, Exchange, RecordedExchange, RecordedRequest, Redactor};
use crate::generate::{Case, Credential, Expectation};
use crate::text::cut;

use super::witness::{self, Capture, Witness};

/// The entry that makes a finding a known one, as reports show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct KnownEntry {
    /// Why it is accepted.
    pub reason: String,
    /// Where it is followed up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The last day on which it is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Where it stands: `known-findings.toml:12`.
    pub place: String,
}

impl std::fmt::Display for KnownEntry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.place, self.reason)
    }
}

/// The most requests that show one finding together, those that made something aside.
const MOST_STEPS: usize = 8;

/// The longest observed value that is kept, in characters.
const LONGEST_VALUE: usize = 200;

/// The most values that are kept of what was observed, each another one.
const MOST_EXAMPLES: usize = 5;

/// How many bytes of a body are looked at for that.
const LONGEST_BEGINNING: usize = 16 * 1024;

/// The longest sentence about an answer, in characters: it may quote what the endpoint sent.
const LONGEST_SENTENCE: usize = 1_000;

/// Why a finding belongs to another: they have one cause.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// The same answers show it.
    SameAnswer,
    /// Another answer is broken alike.
    BrokenAlike,
    /// An answer to another trial shows what the request of this finding has stored.
    ShowsStored,
}

impl Because {
    /// The reason in words, before what is seen.
    pub fn words(self) -> &'static str {
        match self {
            Self::SameAnswer => "in the same answer",
            Self::BrokenAlike => "broken alike",
            Self::ShowsStored => "what it stored shows",
        }
    }
}

/// A finding that has the cause of another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Related {
    /// Why it belongs there.
    pub because: Because,
    /// The finding.
    pub finding: Finding,
}

/// How surely a finding shows again: how many of how many tries of one and the same request failed,
/// the first included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Reproducibility {
    /// The tries that failed.
    #[schemars(range(min = 1))]
    pub failed: u32,
    /// All tries.
    #[schemars(range(min = 1))]
    pub of: u32,
}

/// A finding.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Finding {
    /// The documented fact that is broken: `dcs::CopyInstance::request.backup_format::enum`.
    pub fact: FactId,
    /// The check that failed.
    pub check: Check,
    /// In which way the fact is broken: with the fact and the check, what identifies the finding
    /// from run to run.
    pub fingerprint: Seen,
    /// How grave it is.
    pub level: Level,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What is documented.
    pub documented: String,
    /// The rows that state it.
    pub rows: Vec<Fact>,
    /// What was sent, in a few words.
    pub case: String,
    /// What its answer may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expectation: Option<Expectation>,
    /// The exchange that shows it, credentials redacted; null for what is found offline.
    pub exchange: Option<RecordedExchange>,
    /// The requests that show it together, in their order, where it takes more than that of the
    /// exchange.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<RecordedRequest>,
    /// The ids that answers to steps tell and later steps use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captures: Vec<Capture>,
    /// In how many cases it was seen.
    pub seen: u64,
    /// The part of the answer that is at fault, where it is one part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Part>,
    /// What stands there, in a few words: the status, the header, or the JSON value, redacted and
    /// cut; empty where nothing does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub observed: String,
    /// The different values that were observed there, the first ones; only where there is more than
    /// one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// Whether the same request fails again, where it was tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Reproducibility>,
    /// The trials that show it; only in a list of distinct findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trials: Vec<String>,
    /// The entry that makes it a known finding; null where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownEntry>,
    /// What else has the same cause, each with its own evidence: it counts with this finding, not
    /// beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// Whether the answer that shows it refuses the credential that was given.
    #[serde(skip)]
    pub(super) refused_credential: bool,
}

impl Finding {
    /// A finding from an exchange.
    pub fn new(
        observation: Observation,
        case: &Case,
        exchange: &Exchange,
        redactor: &Redactor,
    ) -> Self {
        let redactor = &redactor.with(&exchange.authentication.secrets);
        // Of a long text no more is looked at than may be shown.
        let sentence = |text: &str| {
            let most = LONGEST_BEGINNING;
            let text = if text.len() > most {
                redactor.redact_beginning(
                    text.get(..text.floor_char_boundary(most))
                        .unwrap_or_default(),
                )
            } else {
                redactor.redact(text)
            };
            cut(&text, LONGEST_SENTENCE)
        };
        Self {
            fact: observation.fact,
            check: observation.check,
            fingerprint: observation.seen.redacted(|text| redactor.redact(text)),
            level: observation.level,
            message: sentence(&observation.message),
            documented: observation.documented,
            rows: observation.rows,
            case: sentence(&case.label),
            expectation: Some(case.expectation),
            exchange: Some(exchange.recorded(redactor)),
            steps: Vec::new(),
            captures: Vec::new(),
            seen: 1,
            observed: match (&observation.at, &exchange.outcome) {
                (Some(part), Ok(answer)) => {
                    let value = value_at(part, answer, exchange);
                    cut(&redactor.redact_beginning(&value), LONGEST_VALUE)
                }
                (_, Err(error)) => cut(&redactor.redact(&error.to_string()), LONGEST_VALUE),
                (None, Ok(_)) => String::new(),
            },
            examples: Vec::new(),
            at: observation.at,
            again: None,
            trials: Vec::new(),
            known: None,
            related: Vec::new(),
            refused_credential: case.request.credential == Credential::Given
                && exchange
                    .outcome
                    .as_ref()
                    .is_ok_and(|answer| matches!(answer.status, 401 | 403)),
        }
    }

    /// The same, with all requests that show it together.
    #[must_use]
    pub(super) fn witnessed(self, witness: Witness) -> Self {
        if witness.is_empty() {
            return self;
        }
        let (steps, captures) = witness.into_parts(MOST_STEPS);
        Self {
            steps,
            captures,
            ..self
        }
    }

    /// What an observation says of the answer that this one shows.
    #[must_use]
    pub(super) fn saying(self, observation: Observation) -> Self {
        Self {
            fact: observation.fact,
            check: observation.check,
            fingerprint: observation.seen,
            level: observation.level,
            message: observation.message,
            documented: observation.documented,
            rows: observation.rows,
            at: observation.at,
            ..self
        }
    }

    /// The status of the answer that shows it, where there is one.
    pub fn status(&self) -> Option<u16> {
        self.exchange.as_ref()?.status()
    }

    /// The case that shows it, to be sent again; `None` where its request is not kept as it was
    /// sent.
    pub(super) fn case_again(&self) -> Option<Case> {
        Some(Case {
            label: self.case.clone(),
            request: self.exchange.as_ref()?.request.sent()?.clone(),
            expectation: self.expectation?,
        })
    }

    /// A curl line that shows it again, or the lines of all requests that do, in their order; empty
    /// for what is found offline.
    pub fn curl(&self) -> String {
        let lines: Vec<String> = if self.steps.is_empty() {
            let request = self.exchange.iter().map(|exchange| &exchange.request);
            request.map(RecordedRequest::curl).collect()
        } else {
            witness::lines(&self.steps, &self.captures)
        };
        lines.join("\n")
    }

    /// A finding that no exchange shows.
    pub(super) fn of_no_exchange(
        fact: FactId,
        check: Check,
        fingerprint: Seen,
        level: Level,
        message: String,
    ) -> Self {
        Self {
            fact,
            check,
            fingerprint,
            level,
            message,
            documented: String::new(),
            rows: Vec::new(),
            case: String::new(),
            expectation: None,
            exchange: None,
            steps: Vec::new(),
            captures: Vec::new(),
            seen: 1,
            at: None,
            observed: String::new(),
            examples: Vec::new(),
            again: None,
            trials: Vec::new(),
            known: None,
            related: Vec::new(),
            refused_credential: false,
        }
    }

    /// Whether two findings are one: the same fact broken in the same way, seen by the same check.
    pub fn is_same(&self, other: &Self) -> bool {
        self.fact == other.fact
            && self.check == other.check
            && self.fingerprint == other.fingerprint
    }

    /// Whether it was seen once, and no more when the same request was sent again.
    pub fn comes_once(&self) -> bool {
        self.again
            .is_some_and(|again| again.of > 1 && again.failed == 1)
    }

    /// Whether it fails a trial: it is grave enough, and it is not known.
    pub fn fails(&self, level: Level) -> bool {
        self.level >= level && self.known.is_none()
    }

    /// The same, naming the trial that shows it.
    #[must_use]
    pub fn shown_by(self, trial: &str) -> Self {
        Self {
            trials: vec![trial.to_owned()],
            ..self
        }
    }

    /// Adds a finding to a list, or counts it where the list has it; gives its index there.
    pub fn add_to(mut self, findings: &mut Vec<Self>) -> usize {
        let known = findings
            .iter_mut()
            .enumerate()
            .find(|(_, known)| known.is_same(&self));
        if let Some((index, known)) = known {
            if self.level > known.level {
                // What is shown of the finding is what makes it as grave as it is.
                std::mem::swap(known, &mut self);
            }
            known.seen += self.seen;
            known.show_too(&self);
            // What an entry in words accepts hangs on the message.
            known.known = known.known.take().filter(|_| self.known.is_some());
            known.again = known.again.or(self.again);
            known.trials.extend(self.trials);
            for Related { because, finding } in self.related {
                known.relate(because, finding);
            }
            return index;
        }
        findings.push(self);
        findings.len() - 1
    }
}

impl Finding {
    /// Adds a finding that has the same cause, or counts it where it is there; gives its index
    /// among them.
    pub fn relate(&mut self, because: Because, finding: Self) -> usize {
        let known = self
            .related
            .iter_mut()
            .enumerate()
            .find(|(_, known)| known.because == because && known.finding.is_same(&finding));
        if let Some((index, known)) = known {
            known.finding.seen += finding.seen;
            known.finding.trials.extend(finding.trials);
            return index;
        }
        self.related.push(Related { because, finding });
        self.related.len() - 1
    }

    /// The finding itself, and all that has its cause.
    pub fn with_related(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.related.iter().map(|related| &related.finding))
    }

    /// Keeps what another finding observed beside what this one did.
    fn show_too(&mut self, other: &Self) {
        for value in std::iter::once(&other.observed).chain(&other.examples) {
            if value.is_empty() || *value == self.observed || self.examples.contains(value) {
                continue;
            }
            if self.examples.is_empty() && !self.observed.is_empty() {
                self.examples.push(self.observed.clone());
            }
            if self.examples.len() < MOST_EXAMPLES {
                self.examples.push(value.clone());
            }
        }
    }
}

/// What stands at a part of an answer.
fn value_at(part: &Part, answer: &Answer, exchange: &Exchange) -> String {
    match part {
        Part::Status => answer.status.to_string(),
        Part::Header(name) => answer.header(name).unwrap_or_default().to_owned(),
        Part::Time => format!("{} ms", exchange.elapsed.as_millis()),
        Part::Body(pointer) if pointer.is_empty() => {
            let beginning = answer.body.get(..LONGEST_BEGINNING).unwrap_or(&answer.body);
            String::from_utf8_lossy(beginning).into_owned()
        }
        Part::Body(pointer) => {
            let value = answer.body.value().and_then(|body| body.pointer(pointer));
            value.map(Value::to_string).unwrap_or_default()
        }
    }
}
