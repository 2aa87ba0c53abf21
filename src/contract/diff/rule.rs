//! The table of verdicts: what a change of one aspect means to whoever relies on the old documentation.
//!
//! The writer of requests relies on what is accepted: it is hurt where less is. The reader of answers relies on what can come: it is hurt
//! where more can. What the old documentation was silent about was promised to nobody; a statement in its place only hurts where it narrows
//! what may be sent.

use serde::Serialize;

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the caller to the service.
    Request,
    /// From the service to the caller.
    Response,
}

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Aspect {
    /// A whole operation.
    Operation,
    /// The body of a request or of an answer.
    Body,
    /// A parameter or a field.
    Field,
    /// Whether a field is mandatory.
    Required,
    /// The types of a field.
    Type,
    /// The values of a field.
    Values,
    /// A bound: of a length, a number, a count.
    Bound,
    /// What a text looks like: pattern and format.
    Shape,
    /// The default.
    Default,
    /// The statuses of success.
    Success,
    /// The statuses of failure.
    Failure,
    /// A constraint in prose.
    Prose,
    /// The examples.
    Example,
    /// Where a fact is stated, and how strongly.
    Source,
}

/// How an aspect changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alteration {
    /// Stated where nothing was.
    Added,
    /// The same, and it has to be sent.
    AddedMandatory,
    /// No longer stated.
    Removed,
    /// Allows everything that it did, and more.
    Widened,
    /// Allows less.
    Narrowed,
    /// Allows something else.
    Replaced,
}

/// What a change means. Ordered: a whole comparison takes the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The documentation says more, or says it elsewhere; nothing that it said before has changed.
    Clarified,
    /// Whoever relied on the old documentation need not care.
    Compatible,
    /// Who relied on the old documentation may fail.
    Breaking,
}

impl Verdict {
    /// The verdict's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clarified => "clarified",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What changed.
    pub aspect: Aspect,
    /// Which way the message goes.
    pub direction: Direction,
    /// How it changed.
    pub alteration: Alteration,
    /// What that means.
    pub verdict: Verdict,
    /// Why.
    pub because: &'static str,
}

const fn rule(
    aspect: Aspect,
    direction: Direction,
    alteration: Alteration,
    verdict: Verdict,
    because: &'static str,
) -> Rule {
    Rule {
        aspect,
        direction,
        alteration,
        verdict,
        because,
    }
}

use Alteration::{Added, AddedMandatory, Narrowed, Removed, Replaced, Widened};
use Direction::{Request, Response};
use Verdict::{Breaking, Clarified, Compatible};

const LESS_ACCEPTED: &str = "requests that were documented as valid may be refused";
const MORE_ACCEPTED: &str = "what was sent before is still valid";
const MORE_ANSWERED: &str = "a reader may meet what was documented not to come";
const LESS_ANSWERED: &str = "a reader that copes with the old answers copes with the new";
const WAS_SILENT: &str = "the old documentation was silent";
const PROMISE_GONE: &str = "a documented promise about the answer is gone";
const ONLY_WORDS: &str = "what may be sent and what may come are the same";

/// The rules that hold for one aspect alone.
const RULES: &[Rule] = &[
    rule(
        Aspect::Operation,
        Request,
        Added,
        Compatible,
        "nobody calls it yet",
    ),
    rule(
        Aspect::Operation,
        Request,
        Removed,
        Breaking,
        "its callers have nothing to call",
    ),
    rule(Aspect::Body, Request, Added, Compatible, MORE_ACCEPTED),
    rule(
        Aspect::Body,
        Request,
        AddedMandatory,
        Breaking,
        LESS_ACCEPTED,
    ),
    rule(Aspect::Body, Request, Removed, Breaking, LESS_ACCEPTED),
    rule(Aspect::Body, Response, Added, Clarified, WAS_SILENT),
    rule(Aspect::Body, Response, Removed, Breaking, PROMISE_GONE),
    rule(Aspect::Field, Request, Added, Compatible, MORE_ACCEPTED),
    rule(
        Aspect::Field,
        Request,
        AddedMandatory,
        Breaking,
        LESS_ACCEPTED,
    ),
    rule(Aspect::Field, Request, Removed, Breaking, LESS_ACCEPTED),
    rule(
        Aspect::Field,
        Response,
        Added,
        Compatible,
        "readers pass over fields that they do not know",
    ),
    rule(Aspect::Field, Response, Removed, Breaking, PROMISE_GONE),
    rule(Aspect::Required, Request, Narrowed, Breaking, LESS_ACCEPTED),
    rule(
        Aspect::Required,
        Request,
        Widened,
        Compatible,
        MORE_ACCEPTED,
    ),
    rule(
        Aspect::Required,
        Response,
        Narrowed,
        Compatible,
        LESS_ANSWERED,
    ),
    rule(Aspect::Required, Response, Widened, Breaking, PROMISE_GONE),
    rule(Aspect::Default, Request, Added, Clarified, WAS_SILENT),
    rule(
        Aspect::Default,
        Request,
        Removed,
        Breaking,
        "who leaves the field out relied on its default",
    ),
    rule(
        Aspect::Default,
        Request,
        Replaced,
        Breaking,
        "who leaves the field out gets something else",
    ),
    rule(Aspect::Default, Response, Added, Clarified, ONLY_WORDS),
    rule(Aspect::Default, Response, Removed, Clarified, ONLY_WORDS),
    rule(Aspect::Default, Response, Replaced, Clarified, ONLY_WORDS),
    rule(Aspect::Success, Response, Added, Clarified, WAS_SILENT),
    rule(Aspect::Success, Response, Removed, Breaking, PROMISE_GONE),
    rule(Aspect::Success, Response, Widened, Breaking, MORE_ANSWERED),
    rule(
        Aspect::Success,
        Response,
        Narrowed,
        Compatible,
        LESS_ANSWERED,
    ),
    rule(Aspect::Success, Response, Replaced, Breaking, MORE_ANSWERED),
    rule(Aspect::Failure, Response, Added, Clarified, WAS_SILENT),
    rule(
        Aspect::Failure,
        Response,
        Removed,
        Compatible,
        "any failure of its class is met as before",
    ),
    rule(
        Aspect::Failure,
        Response,
        Widened,
        Compatible,
        "a caller copes with any failure of its class",
    ),
    rule(
        Aspect::Failure,
        Response,
        Narrowed,
        Compatible,
        LESS_ANSWERED,
    ),
    rule(
        Aspect::Failure,
        Response,
        Replaced,
        Compatible,
        "a caller copes with any failure of its class",
    ),
    rule(Aspect::Prose, Request, Added, Clarified, ONLY_WORDS),
    rule(Aspect::Prose, Request, Removed, Clarified, ONLY_WORDS),
    rule(Aspect::Prose, Response, Added, Clarified, ONLY_WORDS),
    rule(Aspect::Prose, Response, Removed, Clarified, ONLY_WORDS),
    rule(Aspect::Example, Request, Added, Clarified, ONLY_WORDS),
    rule(Aspect::Example, Request, Removed, Clarified, ONLY_WORDS),
    rule(Aspect::Example, Request, Replaced, Clarified, ONLY_WORDS),
    rule(Aspect::Example, Response, Added, Clarified, ONLY_WORDS),
    rule(Aspect::Example, Response, Removed, Clarified, ONLY_WORDS),
    rule(Aspect::Example, Response, Replaced, Clarified, ONLY_WORDS),
    rule(Aspect::Source, Request, Replaced, Clarified, ONLY_WORDS),
    rule(Aspect::Source, Response, Replaced, Clarified, ONLY_WORDS),
];

/// The aspects that bound what is allowed.
const BOUNDING: [Aspect; 4] = [Aspect::Type, Aspect::Values, Aspect::Bound, Aspect::Shape];

/// The rules of each of them, its own name left out.
const OF_BOUNDING: [(Direction, Alteration, Verdict, &str); 10] = [
    (Request, Added, Breaking, LESS_ACCEPTED),
    (Request, Removed, Compatible, MORE_ACCEPTED),
    (Request, Widened, Compatible, MORE_ACCEPTED),
    (Request, Narrowed, Breaking, LESS_ACCEPTED),
    (Request, Replaced, Breaking, LESS_ACCEPTED),
    (Response, Added, Clarified, WAS_SILENT),
    (Response, Removed, Breaking, PROMISE_GONE),
    (Response, Widened, Breaking, MORE_ANSWERED),
    (Response, Narrowed, Compatible, LESS_ANSWERED),
    (Response, Replaced, Breaking, MORE_ANSWERED),
];

/// Every rule.
pub fn rules() -> impl Iterator<Item = Rule> {
    let bounding = BOUNDING.into_iter().flat_map(|aspect| {
        OF_BOUNDING.map(|(direction, alteration, verdict, because)| {
            rule(aspect, direction, alteration, verdict, because)
        })
    });
    RULES.iter().copied().chain(bounding)
}

/// The rule for a change. What has to be sent is the same as any other to whoever reads answers.
pub fn rule_of(aspect: Aspect, direction: Direction, alteration: Alteration) -> Option<Rule> {
    let alteration = match (direction, alteration) {
        (Response, AddedMandatory) => Added,
        (_, other) => other,
    };
    rules().find(|rule| {
        rule.aspect == aspect && rule.direction == direction && rule.alteration == alteration
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_rules_are_about_the_same() {
        let all: BTreeSet<_> = rules()
            .map(|rule| (rule.aspect, rule.direction, rule.alteration))
            .collect();
        assert_eq!(all.len(), rules().count());
    }

    /// What widens for one side narrows for nobody: no widening hurts a writer, no narrowing a reader.
    #[test]
    fn each_direction_is_hurt_by_the_other_way_only() {
        for rule in rules() {
            match (rule.direction, rule.alteration) {
                (Request, Widened) | (Response, Narrowed) => {
                    assert_ne!(rule.verdict, Breaking, "{rule:?}");
                }
                (Request, Narrowed) => assert_eq!(rule.verdict, Breaking, "{rule:?}"),
                (Response, Widened) if rule.aspect != Aspect::Failure => {
                    assert_eq!(rule.verdict, Breaking, "{rule:?}");
                }
                _ => {}
            }
        }
    }
}
