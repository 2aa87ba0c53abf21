//! The ledger: every documented row x facet with its state after the run, which follows from the
//! verdicts of the trials and what each claims to decide. Nothing documented is silently skipped,
//! and nothing is called proven that was tried from one of its two sides only, or that no answer
//! showed.

mod reasons;

use std::collections::{BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::{Check, Seen};
use crate::contract::{
    DocumentedRule, Facet, Fact, FactId, Operation, Place, Rule, StatusRange, Suite, untold,
};

use super::answers::never_judged;
use super::claim::{Claim, Side};
use super::finding::Finding;
use super::run::RunResult;
use super::trial::{Kind, TrialResult, Verdict};

use self::reasons::{is_read_only, not_selected, of_meaning, request, untried};

/// The state of a fact after a run.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Tried, from both sides where it has two, and held.
    Proven,
    /// Broken in at least one case.
    Contradicted,
    /// Not tried, with the reason.
    NotTested,
    /// Prose that no test can be made of; what is said of a server error that no answer was, for no
    /// request may bring one about; what is said of wrong requests, where nothing of one can be
    /// wrong and no answer was such; a field of a request that only the service sets.
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
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LedgerLine {
    /// The fact.
    pub fact: FactId,
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
    let books = Books::of(result);
    let mut lines = Vec::new();
    for operation in &suite.operations {
        let id = operation.operation_id();
        for fact in operation.facts() {
            let judged = books.judge(operation, fact);
            let is_of_answer = fact.rule.place.is_response();
            lines.push(LedgerLine {
                shown: is_of_answer.then(|| result.observed.seen(&id, &fact.rule.row()).values),
                fact: operation.fact_id(fact.rule.clone()),
                state: judged.state,
                reason: judged.reason,
                evidence: judged.evidence,
                rows: fact.rows.clone(),
            });
        }
        for (rule, all, told) in untold(operation) {
            lines.push(LedgerLine {
                shown: None,
                fact: operation.fact_id(rule),
                state: State::NotTested,
                reason: Some(format!(
                    "of its {all} fields, {told} are facts of their own: all operations together \
                     have too many; give a document of fewer operations"
                )),
                evidence: Vec::new(),
                rows: operation.facts.clone(),
            });
        }
    }
    lines
}

/// What a ledger is made from.
struct Books<'r> {
    result: &'r RunResult,
    /// What trials that were run say of each fact, in the order of the plan.
    claims: HashMap<&'r FactId, Vec<Claimed<'r>>>,
    /// What those that were not selected would say.
    left_out: HashMap<&'r FactId, Vec<(&'r Claim, &'r str)>>,
    /// The trials that contradict each fact.
    contradicted: HashMap<&'r FactId, Vec<&'r TrialResult>>,
}

/// A claim, and the trial that makes it.
#[derive(Clone, Copy)]
struct Claimed<'r> {
    claim: &'r Claim,
    trial: &'r TrialResult,
}

impl Claimed<'_> {
    /// Whether the trial tried something and it held. A trial whose answers break another fact has
    /// shown its own all the same, where the status alone decides.
    fn holds(&self) -> bool {
        let trial = self.trial;
        let by_status = match trial.kind {
            Kind::Example
            | Kind::Accepts
            | Kind::Rejects
            | Kind::Auth
            | Kind::Method
            | Kind::Malformed
            | Kind::Resource => true,
            Kind::Answers | Kind::Property | Kind::Relation | Kind::Snapshot => false,
        };
        let is_own = |finding: &Finding| {
            finding.fact == trial.fact || matches!(finding.check, Check::Status | Check::Transport)
        };
        trial.requests > 0
            && match trial.verdict {
                Verdict::Passed => true,
                Verdict::Failed | Verdict::Known => {
                    by_status && trial.reason.is_none() && !trial.findings.iter().any(is_own)
                }
                Verdict::Skipped | Verdict::Blocked => false,
            }
    }

    /// Whether the trial, which decides the fact alone, found what it is about broken.
    fn contradicts(&self) -> bool {
        self.claim.alone
            && self.claim.side != Side::Served
            && self
                .trial
                .findings
                .iter()
                .any(|finding| finding.fact == self.trial.fact)
    }
}

struct Judged {
    state: State,
    reason: Option<String>,
    evidence: Vec<String>,
}

impl Judged {
    fn new<'r>(state: State, trials: impl IntoIterator<Item = &'r TrialResult>) -> Self {
        let unique: BTreeSet<&String> = trials.into_iter().map(|trial| &trial.name).collect();
        Self {
            state,
            reason: None,
            evidence: unique.into_iter().cloned().collect(),
        }
    }

    fn not_tested(reason: impl Into<String>, claims: &[Claimed<'_>]) -> Self {
        Self {
            reason: Some(reason.into()),
            ..Self::new(State::NotTested, claims.iter().map(|claimed| claimed.trial))
        }
    }
}

impl<'r> Books<'r> {
    fn of(result: &'r RunResult) -> Self {
        let mut books = Self {
            result,
            claims: HashMap::new(),
            left_out: HashMap::new(),
            contradicted: HashMap::new(),
        };
        for trial in &result.trials {
            for claim in &trial.claims {
                let claims = books.claims.entry(&claim.fact).or_default();
                claims.push(Claimed { claim, trial });
            }
            // What is not always there contradicts nothing that a page says.
            let against = trial.findings.iter().flat_map(Finding::with_related);
            for finding in against.filter(|finding| finding.fingerprint != Seen::Sometimes) {
                let trials = books.contradicted.entry(&finding.fact);
                let trials = trials.or_default();
                if trials.last().is_none_or(|last| last.name != trial.name) {
                    trials.push(trial);
                }
            }
        }
        for trial in &result.left_out {
            for claim in &trial.claims {
                let claims = books.left_out.entry(&claim.fact).or_default();
                claims.push((claim, trial.name.as_str()));
            }
        }
        books
    }

    fn judge(&self, operation: &Operation, fact: &DocumentedRule) -> Judged {
        let id = operation.fact_id(fact.rule.clone());
        if let Some(trials) = self.contradicted.get(&id) {
            return Judged {
                state: State::Contradicted,
                reason: None,
                evidence: trials.iter().map(|trial| trial.name.clone()).collect(),
            };
        }
        if fact.rule.facet == Facet::Prose {
            return Judged::new(State::NotTestable, []);
        }
        let claims = self.claims.get(&id).map(Vec::as_slice).unwrap_or_default();
        let left_out = self
            .left_out
            .get(&id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        if let Facet::Meaning(meaning) = fact.rule.facet {
            return of_meaning(meaning, &fact.rule, claims, left_out);
        }
        match fact.rule.place {
            Place::Response(status) | Place::ResponseHeader(status) => {
                self.answer(operation, &fact.rule, status, claims, left_out)
            }
            Place::Operation
            | Place::Path
            | Place::Query
            | Place::Header
            | Place::Cookie
            | Place::Request => {
                if claims.is_empty() && left_out.is_empty() && is_read_only(operation, &fact.rule) {
                    return Judged::new(State::NotTestable, []);
                }
                let mut judged = request(&fact.rule, claims, left_out);
                if let Some(why) = untried(operation, &fact.rule, claims, left_out) {
                    judged.reason = judged.reason.map(|_| why.to_owned());
                }
                judged
            }
        }
    }

    /// A fact of an answer: every answer passes every check, so it holds where an answer showed it.
    fn answer(
        &self,
        operation: &Operation,
        rule: &Rule,
        status: StatusRange,
        claims: &[Claimed<'r>],
        left_out: &[(&Claim, &str)],
    ) -> Judged {
        let is_of_no_request =
            status.class() == Some(5) || operation.cannot_be_asked_wrongly(status);
        let (observed, operation) = (&self.result.observed, operation.operation_id());
        if observed.answers(&operation, rule) == 0 {
            let trials = || claims.iter().map(|claimed| claimed.trial);
            let told = || trials().find_map(|trial| trial.reason.clone());
            let not_selected = || left_out.first().map(|(_, name)| not_selected(name));
            let unjudged = observed.unjudged(&operation, rule);
            if unjudged == 0 && is_of_no_request {
                return Judged::new(State::NotTestable, []);
            }
            let reason = told().or_else(not_selected).unwrap_or_else(|| {
                if unjudged > 0 {
                    never_judged(status, unjudged)
                } else {
                    format!("no answer was a {status}")
                }
            });
            return Judged::not_tested(reason, claims);
        }
        if observed.shown(&operation, rule) > 0 {
            return Judged::new(State::Proven, claims.iter().map(|claimed| claimed.trial));
        }
        let reason = if rule.facet == Facet::Nullable {
            "it allows, and no answer made use of it".to_owned()
        } else if rule.facet == Facet::Default {
            "a value in a response does not prove the default".to_owned()
        } else if rule.facet == Facet::Required {
            format!("no {status} had it")
        } else if observed.seen(&operation, &rule.row()).nulls > 0 {
            format!("it was null in every {status}")
        } else {
            format!("no {status} had a value there")
        };
        Judged::not_tested(reason, claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn claim(fact: &str, side: Side, alone: bool) -> Claim {
        Claim {
            fact: fact.parse().unwrap(),
            side,
            alone,
        }
    }

    fn trial(name: &str, verdict: Verdict, reason: Option<&str>) -> TrialResult {
        TrialResult {
            name: name.to_owned(),
            kind: Kind::Accepts,
            fact: "s::Op::request.a::type".parse().unwrap(),
            claims: Vec::new(),
            verdict,
            reason: reason.map(str::to_owned),
            requests: 1,
            cases: 1,
            elapsed_ms: 0,
            findings: Vec::new(),
        }
    }

    use Side::{Absent, Accepts, Present, Rejects, Served, Shown};
    use Verdict::{Passed, Skipped};

    /// Each trial: its side, whether that is the only one, and its verdict; `None` for one that was
    /// not selected.
    type Given = (Side, bool, Option<Verdict>);

    #[rstest]
    #[case::both("request.a::maxLength", &[(Accepts, false, Some(Passed)), (Rejects, false, Some(Passed))], "proven")]
    #[case::one("request.a::maxLength", &[(Accepts, false, Some(Passed))], "tested in one direction only: no request can be made that breaks this and nothing else")]
    #[case::the_other("request.a::minimum", &[(Rejects, false, Some(Passed))], "tested in one direction only: no accepted value can be made that shows it")]
    #[case::one_skipped("request.a::maxLength", &[(Accepts, false, Some(Passed)), (Rejects, false, Some(Skipped))], "so it was")]
    #[case::not_selected("request.a::maxLength", &[(Accepts, false, Some(Passed)), (Rejects, false, None)], "tested in one direction only: `1` was not selected")]
    #[case::none_selected("request.a::maxLength", &[(Accepts, false, None), (Rejects, false, None)], "`0` was not selected")]
    #[case::no_trial("request.a::maxLength", &[], "no test value exists")]
    #[case::one_sided("request.a::nullable", &[(Accepts, true, Some(Passed))], "proven")]
    #[case::optional("request.a::required", &[(Absent, false, Some(Passed)), (Present, false, Some(Passed))], "proven")]
    #[case::never_present("request.a::required", &[(Absent, false, Some(Passed)), (Present, false, Some(Skipped))], "tested in one direction only: no value of it was seen to be accepted")]
    #[case::present_alone("request.a::required", &[(Present, false, Some(Passed))], "no test value exists")]
    #[case::served("path.a::required", &[(Served, true, Some(Passed))], "proven")]
    #[case::not_served("path.a::required", &[(Served, true, Some(Skipped))], "the documented request was not served")]
    #[case::elsewhere("path.a::required", &[(Served, true, None)], "`0` was not selected")]
    #[case::one_elsewhere("path.a::required", &[(Served, true, Some(Skipped)), (Served, true, None)], "the documented request was not served")]
    #[case::path("path.a::maxLength", &[(Served, false, Some(Passed))], "tested in one direction only: a value that breaks it names no resource, and may be refused for that")]
    #[case::method("operation::method", &[(Served, false, Some(Passed)), (Rejects, false, Some(Skipped)), (Rejects, false, Some(Passed))], "proven")]
    #[case::no_other_method("operation::method", &[(Served, false, Some(Passed))], "the documented method is served; no other method was seen to be refused")]
    #[case::no_credential("header.X-Auth-Token::required", &[(Served, false, Some(Passed)), (Rejects, false, Some(Skipped))], "tested in one direction only: so it was")]
    #[case::own_header("header.Content-Type::required", &[(Served, false, Some(Passed))], "tested in one direction only: the client sends this header by itself, with every request")]
    #[case::no_law("request.a::default", &[(Accepts, false, Some(Passed))], "it may be left out, and no documented answer shows which value is taken then")]
    #[case::law("request.a::default", &[(Shown, true, Some(Passed))], "proven")]
    fn a_fact_of_a_request_is_what_its_claims_come_to(
        #[case] rule: &str,
        #[case] given: &[Given],
        #[case] expected: &str,
    ) {
        let fact = format!("s::Op::{rule}");
        let made: Vec<(Claim, String, Option<TrialResult>)> = given
            .iter()
            .enumerate()
            .map(|(index, (side, alone, verdict))| {
                let name = index.to_string();
                let run = verdict.map(|verdict| {
                    let reason = (verdict == Skipped).then_some("so it was");
                    trial(&name, verdict, reason)
                });
                (claim(&fact, *side, *alone), name, run)
            })
            .collect();
        let claims: Vec<Claimed<'_>> = made
            .iter()
            .filter_map(|(claim, _, trial)| {
                let trial = trial.as_ref()?;
                Some(Claimed { claim, trial })
            })
            .collect();
        let left_out: Vec<(&Claim, &str)> = made
            .iter()
            .filter(|(_, _, trial)| trial.is_none())
            .map(|(claim, name, _)| (claim, name.as_str()))
            .collect();
        let judged = request(&rule.parse().unwrap(), &claims, &left_out);
        let told = judged.reason.as_deref();
        assert_eq!(told.unwrap_or(judged.state.as_str()), expected);
    }
}
