//! What the trials of a run come to for a fact of a request, and why it is not proven.

use crate::contract::{BETWEEN, Facet, FieldPath, Meaning, Operation, Place, Rule};
use crate::generate::is_of_whole;
use crate::harness::claim::{Claim, Half, Side};
use crate::harness::trial::TrialResult;

use super::{Claimed, Judged, State};

/// Why no request tries what is said of a field, where its page says what keeps it from being made
/// up.
pub(super) fn untried(
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
pub(super) fn is_read_only(operation: &Operation, rule: &Rule) -> bool {
    let mut above = std::iter::successors(Some(rule.field.clone()), FieldPath::parent);
    above.any(|field| {
        let said = Rule::new(rule.place, field, Facet::Meaning(Meaning::ReadOnly));
        operation.documented(&said).is_some()
    })
}

/// What a sentence says beyond a schema: decided by a law between answers, where there is one.
pub(super) fn of_meaning(
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
        | Meaning::WhereSetUp
        | Meaning::Anew
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
        Meaning::Unlisted | Meaning::GoneOnceDeleted | Meaning::Cascades => Judged::not_tested(
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
pub(super) fn request(rule: &Rule, claims: &[Claimed<'_>], left_out: &[(&Claim, &str)]) -> Judged {
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

pub(super) fn not_selected(trial: &str) -> String {
    format!("`{trial}` was not selected")
}

/// Why a trial proves nothing.
pub(super) fn why_not(trial: &TrialResult) -> String {
    match (&trial.reason, trial.findings.first()) {
        (Some(reason), _) => reason.clone(),
        (None, Some(finding)) => format!("the trial failed on another fact: {}", finding.fact),
        (None, None) => "nothing was sent".to_owned(),
    }
}
