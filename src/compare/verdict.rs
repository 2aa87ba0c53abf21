//! The table of verdicts: what a change of one aspect means to whoever relies on the old
//! documentation.
//!
//! The writer of requests relies on what is accepted: it is hurt where less is. The reader of
//! answers relies on what can come: it is hurt where more can. What the old documentation was
//! silent about was promised to nobody; a statement in its place only hurts where it narrows what
//! may be sent.

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

const LESS_ACCEPTED: &str = "requests that were documented as valid may be refused";
const MORE_ACCEPTED: &str = "what was sent before is still valid";
const MORE_ANSWERED: &str = "a reader may meet what was documented not to come";
const LESS_ANSWERED: &str = "a reader that copes with the old answers copes with the new";
const WAS_SILENT: &str = "the old documentation was silent";
const PROMISE_GONE: &str = "a documented promise about the answer is gone";
const ONLY_WORDS: &str = "what may be sent and what may come are the same";

/// What a change means, and why.
pub fn verdict(
    aspect: Aspect,
    direction: Direction,
    alteration: Alteration,
) -> (Verdict, &'static str) {
    use Alteration::{Added, AddedMandatory, Narrowed, Removed, Replaced, Widened};
    use Aspect::{
        Body, Bound, Default, Example, Failure, Field, Operation, Prose, Required, Shape, Source,
        Success, Type, Values,
    };
    use Direction::{Request, Response};
    use Verdict::{Breaking, Clarified, Compatible};

    match (aspect, direction, alteration) {
        (Example | Prose | Source, _, _) | (Default, Response, _) => (Clarified, ONLY_WORDS),
        (Operation, _, Added | AddedMandatory | Widened) => (Compatible, "nobody calls it yet"),
        (Operation, _, Removed | Narrowed | Replaced) => {
            (Breaking, "its callers have nothing to call")
        }
        (Default, Request, Removed) => (Breaking, "who leaves the field out relied on its default"),
        (Default, Request, Widened | Narrowed | Replaced) => {
            (Breaking, "who leaves the field out gets something else")
        }
        (Failure, _, Removed) => (Compatible, "any failure of its class is met as before"),
        (Failure, _, Widened | Replaced) => {
            (Compatible, "a caller copes with any failure of its class")
        }
        (Field, Response, Added | AddedMandatory) => {
            (Compatible, "readers pass over fields that they do not know")
        }
        (Body | Field, Request, Added | Widened)
        | (Required | Type | Values | Bound | Shape, Request, Removed | Widened) => {
            (Compatible, MORE_ACCEPTED)
        }
        (Body | Field, Request, AddedMandatory | Removed | Narrowed | Replaced)
        | (
            Required | Type | Values | Bound | Shape,
            Request,
            Added | AddedMandatory | Narrowed | Replaced,
        ) => (Breaking, LESS_ACCEPTED),
        (Default, Request, Added | AddedMandatory)
        | (Body | Type | Values | Bound | Shape, Response, Added | AddedMandatory)
        | (Success | Failure, _, Added | AddedMandatory) => (Clarified, WAS_SILENT),
        (Required, Response, Added | AddedMandatory)
        | (Body | Field | Required | Type | Values | Bound | Shape, Response, Narrowed)
        | (Success | Failure, _, Narrowed) => (Compatible, LESS_ANSWERED),
        (Body | Field | Required | Type | Values | Bound | Shape, Response, Removed)
        | (Required, Response, Widened)
        | (Success, _, Removed) => (Breaking, PROMISE_GONE),
        (Body | Field | Type | Values | Bound | Shape, Response, Widened | Replaced)
        | (Required, Response, Replaced)
        | (Success, _, Widened | Replaced) => (Breaking, MORE_ANSWERED),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// What widens for one side narrows for nobody: no widening hurts a writer, no narrowing a
    /// reader.
    #[rstest]
    fn each_direction_is_hurt_by_the_other_way_only(
        #[values(
            Aspect::Body,
            Aspect::Field,
            Aspect::Required,
            Aspect::Type,
            Aspect::Values,
            Aspect::Bound,
            Aspect::Shape
        )]
        aspect: Aspect,
    ) {
        let is_breaking =
            |direction, alteration| verdict(aspect, direction, alteration).0 == Verdict::Breaking;
        assert!(!is_breaking(Direction::Request, Alteration::Widened));
        assert!(is_breaking(Direction::Request, Alteration::Narrowed));
        assert!(is_breaking(Direction::Response, Alteration::Widened));
        assert!(!is_breaking(Direction::Response, Alteration::Narrowed));
    }
}
