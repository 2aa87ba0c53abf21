//! The ledger: every documented row x facet with its state after the run, which follows from the
//! verdicts of the trials and what each claims to decide. Nothing documented is silently skipped,
//! and nothing is called proven that was tried from one of its two sides only, or that no answer
//! showed.

use std::collections::{BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::{Check, Seen};
use crate::contract::{
    BETWEEN, DocumentedRule, Facet, Fact, FactId, FieldPath, Meaning, Operation, Place, Rule,
    StatusRange, Suite, untold,
};

use crate::generate::is_of_whole;

use super::answers::never_judged;
use super::claim::{Claim, Half, Side};
use super::finding::Finding;
use super::run::RunResult;
use super::trial::{Kind, TrialResult, Verdict};

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

/// Why no request tries what is said of a field, where its page says what keeps it from being made
/// up.
fn untried(
    operation: &Operation,
    rule: &Rule,
    claims: &[Claimed<'_>],
    left_out: &[(&Claim, &str)],
) -> Option<&'static str> {
    if !claims.is_empty() {
        return None;
    }
    let says = |field: &FieldPath, meaning: Meaning| {
        let said = Rule::new(rule.place, field.clone(), Facet::Meaning(meaning));
        operation.documented(&said).is_some()
    };
    if says(&rule.field, Meaning::Opaque) {
        Some("its values come from answers: none is made up")
    } else if says(&rule.field, Meaning::Conditional) {
        Some("when it may be sent depends on others, in words that are not understood")
    } else if is_of_whole(rule) && left_out.is_empty() {
        Some("no request can be made that breaks this and nothing else")
    } else if rule.facet == Facet::Required && operation.documented(&rule.with(BETWEEN)).is_some() {
        Some("whether it must be sent depends on other fields: its rule `if` is tried instead")
    } else {
        None
    }
}

/// Whether the service sets a field of a request, or what it stands in: no request has it.
fn is_read_only(operation: &Operation, rule: &Rule) -> bool {
    let mut above = std::iter::successors(Some(rule.field.clone()), FieldPath::parent);
    above.any(|field| {
        let said = Rule::new(rule.place, field, Facet::Meaning(Meaning::ReadOnly));
        operation.documented(&said).is_some()
    })
}

/// What a sentence says beyond a schema: decided by a law between answers, where there is one.
fn of_meaning(
    meaning: Meaning,
    rule: &Rule,
    claims: &[Claimed<'_>],
    left_out: &[(&Claim, &str)],
) -> Judged {
    if !claims.is_empty() || !left_out.is_empty() {
        return request(rule, claims, left_out);
    }
    match meaning {
        // They keep a value from being tried, and state nothing that could be.
        Meaning::Opaque
        | Meaning::PageNumber
        | Meaning::OfService
        | Meaning::Signed
        | Meaning::ReadOnly
        | Meaning::Conditional
        | Meaning::Blank
        | Meaning::AnyCase
        | Meaning::Once
        | Meaning::Widened
        | Meaning::EmptyForUnknown
        | Meaning::Unsent
        | Meaning::Creates
        | Meaning::Before
        | Meaning::OfMalformed
        | Meaning::OfInvalid
        | Meaning::OfUnacceptable
        | Meaning::Ranked => Judged::new(State::NotTestable, []),
        Meaning::Filter
        | Meaning::SeveralOf
        | Meaning::Searched
        | Meaning::NotBelow
        | Meaning::NotAbove
        | Meaning::Above
        | Meaning::Below
        | Meaning::LastPage
        | Meaning::More
        | Meaning::Last
        | Meaning::Total
        | Meaning::NewestFirst
        | Meaning::OldestFirst
        | Meaning::Ascending
        | Meaning::Descending => Judged::not_tested(
            "nothing in the documented answers shows it by itself; a relation in `cases/` may",
            &[],
        ),
        Meaning::Unique => Judged::not_tested(
            "no second create with the same value is documented to be refused, or nothing is made",
            &[],
        ),
        Meaning::Cleared | Meaning::Ignored => Judged::not_tested(
            "no resource that a run makes shows what becomes of it in a request",
            &[],
        ),
        Meaning::SomeAlone => Judged::not_tested(
            "which things a list has, and when, is told in words that are not read",
            &[],
        ),
        Meaning::Unlisted | Meaning::GoneOnceDeleted => Judged::not_tested(
            "nothing that a run makes can be deleted and looked for",
            &[],
        ),
        Meaning::Fixed | Meaning::Touched | Meaning::Rises => Judged::not_tested(
            "no change that a run can make was seen to be shown with it",
            &[],
        ),
        Meaning::OtherBody => Judged::not_tested(
            "no create that a run can send with a key of its own, and then with another body",
            &[],
        ),
        Meaning::NullIfNone => Judged::not_tested(
            "nothing that a run makes without the value shows what is there instead",
            &[],
        ),
        Meaning::ShownOnce => Judged::not_tested("nothing shows again what a run has made", &[]),
        Meaning::Counts => Judged::not_tested("no answer showed the list that it counts", &[]),
        Meaning::Grows => Judged::not_tested(
            "no two creates of the run were answered with such a number",
            &[],
        ),
        Meaning::Computed => {
            Judged::not_tested("no answer showed the numbers that it is computed from", &[])
        }
        Meaning::Hidden => Judged::not_tested("no request that was taken had it", &[]),
        Meaning::OfFailure => {
            Judged::not_tested("no answer showed it beside a documented state", &[])
        }
        Meaning::Kept => Judged::not_tested(
            "no resource that a run makes shows what becomes of it in a change",
            &[],
        ),
        Meaning::Reset => Judged::not_tested(
            "no resource that a run makes shows what becomes of it in a change, or no default of \
             it is documented",
            &[],
        ),
        Meaning::Repeatable => {
            Judged::not_tested("no resource that a run makes can be deleted twice", &[])
        }
        Meaning::NotAgain => {
            Judged::not_tested("nothing that a run makes can be asked to do it twice", &[])
        }
    }
}

/// A fact of a request: decided where both of its sides held.
fn request(rule: &Rule, claims: &[Claimed<'_>], left_out: &[(&Claim, &str)]) -> Judged {
    if let Some(claimed) = claims.iter().find(|claimed| claimed.contradicts()) {
        return Judged::new(State::Contradicted, [claimed.trial]);
    }
    let held: Vec<Claimed<'_>> = claims
        .iter()
        .filter(|claimed| claimed.holds())
        .copied()
        .collect();
    let is_open = |half: &Half| !held.iter().any(|claimed| claimed.claim.covers(*half));
    let open: Vec<Half> = [Half::Inner, Half::Outer]
        .into_iter()
        .filter(is_open)
        .collect();
    if open.is_empty() {
        return Judged::new(State::Proven, held.iter().map(|claimed| claimed.trial));
    }
    let is_planned = |side: Side| {
        let run = claims.iter().map(|claimed| claimed.claim);
        let mut all = run.chain(left_out.iter().map(|(claim, _)| *claim));
        all.any(|claim| claim.side == side)
    };
    // That a value of the field is accepted shows nothing of its absence.
    let tried: Vec<Claimed<'_>> = claims
        .iter()
        .filter(|claimed| claimed.claim.side != Side::Present)
        .copied()
        .collect();
    let not_selected = || {
        left_out
            .iter()
            .find(|(claim, _)| open.iter().any(|half| claim.covers(*half)))
            .map(|(_, name)| format!("`{name}` was not selected"))
    };
    let is_served = is_planned(Side::Served);
    if is_served && open.contains(&Half::Inner) {
        // A part of a run may leave out each trial that the request would be served in.
        let is_sent = claims.iter().any(|it| it.claim.side == Side::Served);
        let why = (!is_sent).then(not_selected).flatten();
        let unserved = || "the documented request was not served".to_owned();
        return Judged::not_tested(why.unwrap_or_else(unserved), &[]);
    }
    if rule.facet == Facet::Method {
        return Judged::not_tested(
            "the documented method is served; no other method was seen to be refused",
            &held,
        );
    }
    // That absence is accepted does not show what is taken instead; a law between answers does.
    if !is_served && rule.facet == Facet::Default && !is_planned(Side::Shown) {
        return Judged::not_tested(
            "it may be left out, and no documented answer shows which value is taken then",
            &tried,
        );
    }
    let one_side = |reason: String| format!("tested in one direction only: {reason}");
    if let Some(failed) = tried.iter().find(|claimed| !claimed.holds()) {
        let why = why_not(failed.trial);
        return Judged::not_tested(if is_served { one_side(why) } else { why }, &tried);
    }
    let Some(shown) = tried.first() else {
        let why = not_selected().unwrap_or_else(|| "no test value exists".to_owned());
        return Judged::not_tested(why, &[]);
    };
    let why = not_selected().unwrap_or_else(|| lacking(rule, shown.claim.side).to_owned());
    Judged::not_tested(one_side(why), &tried)
}

/// Why nothing was planned that tries the other side of a fact than the one that held.
fn lacking(rule: &Rule, held: Side) -> &'static str {
    match held {
        Side::Served if rule.place == Place::Path => {
            "a value that breaks it names no resource, and may be refused for that"
        }
        Side::Served => "the client sends this header by itself, with every request",
        Side::Absent => "no value of it was seen to be accepted",
        Side::Accepts | Side::Present => "no request can be made that breaks this and nothing else",
        Side::Rejects | Side::Shown => "no accepted value can be made that shows it",
    }
}

fn not_selected(trial: &str) -> String {
    format!("`{trial}` was not selected")
}

/// Why a trial proves nothing.
fn why_not(trial: &TrialResult) -> String {
    match (&trial.reason, trial.findings.first()) {
        (Some(reason), _) => reason.clone(),
        (None, Some(finding)) => format!("the trial failed on another fact: {}", finding.fact),
        (None, None) => "nothing was sent".to_owned(),
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
