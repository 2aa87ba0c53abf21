//! The ledger: every documented row x facet with its state after the run. Nothing documented is silently skipped, and nothing is called proven that was
//! tried from one of its two sides only, or that no answer showed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contract::{Fact, NamedFact, Operation, Relation, Suite, types_of};
use crate::generate::{is_protocol_header, limit, slots};

use super::observed::Seen;
use super::run::RunResult;
use super::trial::{Kind, TrialResult, Verdict};

/// The state of a fact after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Tried, from both sides where it has two, and held.
    Proven,
    /// Broken in at least one case.
    Contradicted,
    /// Not tried, with the reason.
    NotTested,
    /// Prose that no test can be made of.
    NotTestable,
}

impl State {
    /// The state's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Contradicted => "contradicted",
            Self::NotTested => "not-tested",
            Self::NotTestable => "not-testable",
        }
    }

    /// The state in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Contradicted => "contradicted",
            Self::NotTested => "not tested",
            Self::NotTestable => "not testable",
        }
    }
}

/// A line of the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LedgerLine {
    /// The fact.
    pub fact: String,
    /// Its state.
    pub state: State,
    /// Why it was not tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the state rests on: the trials that were run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// How many answers showed a value for it; only for facts of answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<u64>,
    /// The rows that state it.
    pub rows: Vec<Fact>,
}

/// The ledger of a run.
pub fn ledger(suite: &Suite, result: &RunResult) -> Vec<LedgerLine> {
    let mut books = Books {
        suite,
        result,
        by_fact: BTreeMap::new(),
        contradicted: BTreeMap::new(),
    };
    for trial in &result.trials {
        let trials = books.by_fact.entry(trial.fact.as_str()).or_default();
        trials.push(trial);
        for finding in &trial.findings {
            books
                .contradicted
                .entry(finding.fact.as_str())
                .or_default()
                .push(trial.name.clone());
        }
    }
    let mut lines = Vec::new();
    for operation in &suite.operations {
        for fact in operation.facts() {
            let judged = books.judge(operation, fact);
            lines.push(LedgerLine {
                shown: fact
                    .place
                    .starts_with("response-")
                    .then(|| books.seen(operation, &fact.place, &fact.field).values),
                fact: fact.name.clone(),
                state: judged.state,
                reason: judged.reason,
                evidence: judged.evidence,
                rows: fact.rows.clone(),
            });
        }
    }
    lines
}

/// What a ledger is made from.
struct Books<'r> {
    suite: &'r Suite,
    result: &'r RunResult,
    by_fact: BTreeMap<&'r str, Vec<&'r TrialResult>>,
    /// The trials that contradict each fact.
    contradicted: BTreeMap<&'r str, Vec<String>>,
}

struct Judged {
    state: State,
    reason: Option<String>,
    evidence: Vec<String>,
}

impl Judged {
    fn proven(trials: &[&TrialResult]) -> Self {
        Self {
            state: State::Proven,
            reason: None,
            evidence: names(trials),
        }
    }

    fn not_tested(reason: impl Into<String>, trials: &[&TrialResult]) -> Self {
        Self {
            state: State::NotTested,
            reason: Some(reason.into()),
            evidence: names(trials),
        }
    }
}

fn names(trials: &[&TrialResult]) -> Vec<String> {
    let unique: BTreeSet<&String> = trials.iter().map(|trial| &trial.name).collect();
    unique.into_iter().cloned().collect()
}

/// Whether a trial tried something and it held. A trial whose answers break another fact has shown its own all the same, where the status alone decides.
fn held(trial: &TrialResult) -> bool {
    let by_status = matches!(
        trial.kind,
        Kind::Example
            | Kind::Accepts
            | Kind::Rejects
            | Kind::Auth
            | Kind::Method
            | Kind::Malformed
            | Kind::Resource
    );
    let own = || {
        trial.findings.iter().any(|finding| {
            finding.fact == trial.fact || matches!(finding.check.as_str(), "status" | "transport")
        })
    };
    trial.requests > 0
        && match trial.verdict {
            Verdict::Passed => true,
            Verdict::Failed | Verdict::Expected => by_status && trial.reason.is_none() && !own(),
            Verdict::Skipped | Verdict::Blocked => false,
        }
}

impl<'r> Books<'r> {
    fn judge(&self, operation: &Operation, fact: &NamedFact) -> Judged {
        if let Some(trials) = self.contradicted.get(fact.name.as_str()) {
            return Judged {
                state: State::Contradicted,
                reason: None,
                evidence: trials.clone(),
            };
        }
        if fact.facet == "prose" {
            return Judged {
                state: State::NotTestable,
                reason: None,
                evidence: Vec::new(),
            };
        }
        let answer = fact.place.starts_with("response-");
        match (fact.place.as_str(), fact.facet.as_str()) {
            _ if answer => self.answer(operation, fact),
            ("operation", "method") => self.method(operation),
            ("operation", _) => self.served(operation),
            ("path", facet) => self.path(operation, fact, facet),
            ("header", facet) if is_protocol_header(&fact.field) => {
                self.credential(operation, fact, facet)
            }
            (_, "default") => self.default(operation, fact),
            ("request", "emptyBody") => self.one(
                &format!("{}::request::malformed::empty-body", operation.name()),
                fact,
            ),
            _ => self.sides(operation, fact),
        }
    }

    /// The trials about a fact.
    fn about(&self, fact: &str) -> &[&'r TrialResult] {
        self.by_fact
            .get(fact)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The trial of a name.
    fn named(&self, name: &str) -> Option<&'r TrialResult> {
        self.result.trials.iter().find(|trial| trial.name == name)
    }

    /// The documented request of an operation, where it was served.
    fn example(&self, operation: &Operation) -> Option<&'r TrialResult> {
        self.named(&operation.fact("request", "", "example"))
            .filter(|trial| held(trial))
    }

    /// What one trial says, which is named after something else than the fact.
    fn one(&self, name: &str, fact: &NamedFact) -> Judged {
        match self.named(name) {
            Some(trial)
                if trial
                    .findings
                    .iter()
                    .any(|finding| finding.fact == trial.fact) =>
            {
                Judged {
                    state: State::Contradicted,
                    reason: None,
                    evidence: names(&[trial]),
                }
            }
            Some(trial) if held(trial) => Judged::proven(&[trial]),
            Some(trial) => Judged::not_tested(why_not(trial), &[trial]),
            None => Judged::not_tested(self.why_none(&fact.name, name), &[]),
        }
    }

    /// A fact that any served request shows.
    fn served(&self, operation: &Operation) -> Judged {
        match self.example(operation) {
            Some(trial) => Judged::proven(&[trial]),
            None => Judged::not_tested("the documented request was not served", &[]),
        }
    }

    /// The method: the documented one is served, others are refused.
    fn method(&self, operation: &Operation) -> Judged {
        let Some(example) = self.example(operation) else {
            return Judged::not_tested("the documented request was not served", &[]);
        };
        // One operation of a path stands for all of them.
        let shared: Vec<String> = self
            .suite
            .operations
            .iter()
            .filter(|other| other.service == operation.service && other.path == operation.path)
            .map(|other| format!("{}::method", other.name()))
            .collect();
        let refused: Vec<&TrialResult> = shared
            .iter()
            .flat_map(|fact| self.about(fact))
            .filter(|trial| trial.kind == Kind::Method && held(trial))
            .copied()
            .collect();
        if refused.is_empty() {
            return Judged::not_tested(
                "the documented method is served; no other method was seen to be refused",
                &[example],
            );
        }
        Judged::proven(&[&[example], refused.as_slice()].concat())
    }

    /// A path parameter: it cannot be left out, and any text is one; what else is documented of it can only be tried from outside.
    fn path(&self, operation: &Operation, fact: &NamedFact, facet: &str) -> Judged {
        let text = operation
            .parameters
            .iter()
            .find(|parameter| parameter.location.as_str() == "path" && parameter.name == fact.field)
            .is_none_or(|parameter| {
                let types = types_of(&parameter.schema.root);
                types.is_empty() || types.contains(&"string")
            });
        if facet == "required" || facet == "name" || facet == "type" && text {
            return self.served(operation);
        }
        Judged::not_tested(
            "only one side was tried: a value that breaks it names no resource, and may be refused for that",
            &self.example(operation).into_iter().collect::<Vec<_>>(),
        )
    }

    /// The header of the credential: it is taken, and its absence is refused. Other headers of the protocol are always sent.
    fn credential(&self, operation: &Operation, fact: &NamedFact, facet: &str) -> Judged {
        let Some(example) = self.example(operation) else {
            return Judged::not_tested("the documented request was not served", &[]);
        };
        let is_credential = matches!(
            fact.field.to_ascii_lowercase().as_str(),
            "x-auth-token" | "authorization"
        );
        match facet {
            "type" => Judged::proven(&[example]),
            "required" if is_credential => {
                match self.named(&format!("{}::auth::absent", operation.name())) {
                    Some(trial) if held(trial) => Judged::proven(&[example, trial]),
                    Some(trial) => Judged::not_tested(
                        format!("only one side was tried: {}", why_not(trial)),
                        &[example, trial],
                    ),
                    None => Judged::not_tested(
                        "only one side was tried: no request without a credential",
                        &[example],
                    ),
                }
            }
            _ => Judged::not_tested(
                "only one side was tried: the client sends this header by itself, with every request",
                &[example],
            ),
        }
    }

    /// A default: that absence is accepted does not show what is taken instead; a law between answers does.
    fn default(&self, operation: &Operation, fact: &NamedFact) -> Judged {
        let shows = |relation: &Relation| {
            let fields: Vec<&String> = match relation {
                Relation::CreatedAppears { create, same, .. } if *create == operation.id => {
                    same.keys().collect()
                }
                _ => Vec::new(),
            };
            fact.place == "request" && fields.contains(&&fact.field)
        };
        let relation = self
            .suite
            .cases
            .get(&operation.service)
            .into_iter()
            .flat_map(|cases| &cases.relations)
            .find(|relation| shows(relation));
        match relation {
            Some(relation) => self.one(
                &format!(
                    "{}::relation::{}::default",
                    operation.name(),
                    relation.kind()
                ),
                fact,
            ),
            None => Judged::not_tested(
                "absence can be sent, and no relation in `cases/` shows which value is taken then",
                self.about(&fact.name),
            ),
        }
    }

    /// A fact of a request: accepted on one side, refused on the other, where it has two.
    fn sides(&self, operation: &Operation, fact: &NamedFact) -> Judged {
        let about = self.about(&fact.name);
        let side = |kind: Kind| about.iter().find(|trial| trial.kind == kind).copied();
        let (accepts, rejects) = (side(Kind::Accepts), side(Kind::Rejects));
        let tried: Vec<&TrialResult> = accepts.into_iter().chain(rejects).collect();
        if tried.is_empty() {
            return Judged::not_tested(self.why_none(&fact.name, &fact.name), about);
        }
        if let Some(trial) = tried.iter().find(|trial| !held(trial)) {
            return Judged::not_tested(why_not(trial), &tried);
        }
        let slot = slots(operation)
            .into_iter()
            .find(|slot| slot.place == fact.place && slot.field == fact.field);
        let optional = fact.facet == "required" && slot.as_ref().is_some_and(|slot| !slot.required);
        if optional {
            // Present is the other side: any accepted value of the field shows it.
            let present = self
                .about(&operation.fact(&fact.place, &fact.field, "type"))
                .iter()
                .find(|trial| trial.kind == Kind::Accepts && held(trial))
                .copied();
            return match (accepts, present) {
                (Some(absent), Some(present)) => Judged::proven(&[absent, present]),
                (_, None) => Judged::not_tested(
                    "only one side was tried: no value of it was seen to be accepted",
                    &tried,
                ),
                (None, _) => Judged::not_tested("only one side was tried: never absent", &tried),
            };
        }
        let one_sided = match fact.facet.as_str() {
            "nullable" | "items" | "name" | "example" => true,
            // No text is shorter than empty.
            "minLength" => slot
                .as_ref()
                .is_some_and(|slot| limit(slot.node, "minLength") == Some(0)),
            // Any text in a query or a header is a text.
            "type" => {
                fact.place != "request"
                    && slot.as_ref().is_some_and(|slot| {
                        let types = types_of(slot.node);
                        types.is_empty() || types.contains(&"string")
                    })
            }
            _ => false,
        };
        match (accepts, rejects) {
            (Some(_), Some(_)) => Judged::proven(&tried),
            _ if one_sided => Judged::proven(&tried),
            (Some(_), None) => Judged::not_tested(
                format!(
                    "only one side was tried: {}",
                    self.left_out(&fact.name, "rejects").unwrap_or_else(|| {
                        "no request can be made that breaks this and nothing else".to_owned()
                    })
                ),
                &tried,
            ),
            (None, _) => Judged::not_tested(
                format!(
                    "only one side was tried: {}",
                    self.left_out(&fact.name, "accepts").unwrap_or_else(|| {
                        "no accepted value can be made that shows it".to_owned()
                    })
                ),
                &tried,
            ),
        }
    }

    /// A fact of an answer: every answer passes every check, so it holds where an answer showed it.
    fn answer(&self, operation: &Operation, fact: &NamedFact) -> Judged {
        let seen = |field: &str| self.seen(operation, &fact.place, field);
        let about = self.about(&fact.name);
        let answers = seen("").values;
        let status = fact.place.trim_start_matches("response-");
        if answers == 0 {
            let reason = if status.starts_with('5') {
                "no request brings about a server error".to_owned()
            } else {
                about
                    .iter()
                    .find_map(|trial| trial.reason.clone())
                    .or_else(|| self.left_out(&fact.name, "answers"))
                    .unwrap_or_else(|| format!("no answer was a {status}"))
            };
            return Judged::not_tested(reason, about);
        }
        let own = seen(&fact.field);
        let parent = fact.field.rsplit_once('.').map_or_else(
            || fact.field.strip_suffix("[]").unwrap_or_default(),
            |(parent, _)| parent,
        );
        let shown = match fact.facet.as_str() {
            "nullable" => own.nulls,
            "required" if parent.is_empty() => self.seen_fields(operation, &fact.place),
            "required" => seen(parent).values,
            "default" => 0,
            _ => own.values,
        };
        if shown > 0 {
            return Judged::proven(about);
        }
        let reason = match fact.facet.as_str() {
            "nullable" => "it allows, and no answer made use of it".to_owned(),
            "default" => "that an answer has a value does not show that it is a default".to_owned(),
            "required" => format!("no {status} had the object that it belongs to"),
            _ if own.nulls > 0 => format!("it was null in every {status}"),
            _ => format!("no {status} had a value there"),
        };
        Judged::not_tested(reason, about)
    }

    /// How often a row of an answer had a value.
    fn seen(&self, operation: &Operation, place: &str, field: &str) -> Seen {
        let rows = &self.result.observed.rows;
        rows.get(&operation.row(place, field))
            .copied()
            .unwrap_or_default()
    }

    /// How many bodies of an answer had the field that most of them had: a body that is no JSON, or no object, has none.
    fn seen_fields(&self, operation: &Operation, place: &str) -> u64 {
        let own = format!("{}.", operation.row(place, ""));
        let fields = self.result.observed.rows.range(own.clone()..);
        fields
            .take_while(|(row, _)| row.starts_with(&own))
            .map(|(_, seen)| seen.values + seen.nulls)
            .max()
            .unwrap_or(0)
    }

    /// Why there is no trial about a fact.
    fn why_none(&self, fact: &str, trial: &str) -> String {
        self.left_out(fact, "")
            .or_else(|| {
                self.result
                    .left_out
                    .iter()
                    .find(|(_, name)| name == trial)
                    .map(|(_, name)| format!("`{name}` was not selected"))
            })
            .unwrap_or_else(|| "no case can be made of it".to_owned())
    }

    /// The trial of a fact that was not run.
    fn left_out(&self, fact: &str, side: &str) -> Option<String> {
        self.result
            .left_out
            .iter()
            .find(|(about, name)| about == fact && name.ends_with(side))
            .map(|(_, name)| format!("`{name}` was not selected"))
    }
}

/// Why a trial proves nothing.
fn why_not(trial: &TrialResult) -> String {
    match (&trial.reason, trial.findings.first()) {
        (Some(reason), _) => reason.clone(),
        (None, Some(finding)) => format!("the trial failed on another fact: {}", finding.fact),
        (None, None) => "nothing was sent".to_owned(),
    }
}
