//! Changes: what one is about, and how they are gathered.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::verdict::{Alteration, Aspect, Direction, Verdict, verdict};
use crate::contract::{Fact, Operation, Place, Rule};

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What it means.
    pub verdict: Verdict,
    /// The name of the fact: `dcs::CopyInstance::request.remark::maxLength`.
    pub fact: String,
    /// Which way the message goes.
    pub direction: Direction,
    /// What changed.
    pub aspect: Aspect,
    /// How.
    pub alteration: Alteration,
    /// What changed, in one clause.
    pub message: String,
    /// Why it means what it means.
    pub because: &'static str,
    /// What was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
    /// The rows that stated it.
    pub old_rows: Vec<Fact>,
    /// The rows that state it.
    pub new_rows: Vec<Fact>,
}

/// What a change is about, within its operation.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum About {
    /// A rule.
    Rule(Rule),
    /// The statuses of success or of failure.
    Statuses(&'static str),
    /// Where the facts of a place are stated.
    Source(Place),
}

impl fmt::Display for About {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => rule.fmt(formatter),
            Self::Statuses(word) => write!(formatter, "responses::{word}"),
            Self::Source(place) => write!(formatter, "{place}::source"),
        }
    }
}

/// One part of an operation, and the facts that state it on both sides.
pub(super) struct At<'p> {
    pub(super) operation: &'p Operation,
    pub(super) about: About,
    pub(super) rows: (Vec<Fact>, Vec<Fact>),
}

impl<'p> At<'p> {
    /// A rule that nothing states.
    pub(super) fn rule(operation: &'p Operation, rule: Rule) -> Self {
        Self {
            operation,
            about: About::Rule(rule),
            rows: (Vec::new(), Vec::new()),
        }
    }

    /// The same with the rows that stated it and state it.
    pub(super) fn rows(mut self, old: Vec<Fact>, new: Vec<Fact>) -> Self {
        self.rows = (old, new);
        self
    }

    pub(super) fn direction(&self) -> Direction {
        match &self.about {
            About::Rule(Rule { place, .. }) | About::Source(place) => direction(*place),
            About::Statuses(_) => Direction::Response,
        }
    }
}

/// Which way the message of a place goes.
pub(super) fn direction(place: Place) -> Direction {
    if place.is_response() {
        Direction::Response
    } else {
        Direction::Request
    }
}

/// The changes found so far.
#[derive(Default)]
pub(super) struct Changes(pub(super) Vec<Change>);

impl Changes {
    pub(super) fn add(
        &mut self,
        at: At<'_>,
        aspect: Aspect,
        alteration: Alteration,
        message: String,
        (old, new): (Option<Value>, Option<Value>),
    ) {
        let direction = at.direction();
        let (verdict, because) = verdict(aspect, direction, alteration);
        let (old_rows, new_rows) = at.rows;
        self.0.push(Change {
            verdict,
            fact: format!("{}::{}", at.operation.name(), at.about),
            direction,
            aspect,
            alteration,
            message,
            because,
            old,
            new,
            old_rows,
            new_rows,
        });
    }

    /// A change without values.
    pub(super) fn note(
        &mut self,
        at: At<'_>,
        aspect: Aspect,
        alteration: Alteration,
        message: String,
    ) {
        self.add(at, aspect, alteration, message, (None, None));
    }
}
