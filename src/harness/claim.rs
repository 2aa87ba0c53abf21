//! Claims: what a trial says of documented facts where it holds. Whoever plans a trial knows which
//! facts it decides, and from which side; the ledger only counts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::FactId;

/// The side of a fact that a trial tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// What it allows is accepted.
    Accepts,
    /// What it rules out is refused.
    Rejects,
    /// Without the optional field that it is about, a request is accepted.
    Absent,
    /// With the optional field that it is about, a request is accepted.
    Present,
    /// The documented request, which has it, is served.
    Served,
    /// Answers show it.
    Shown,
}

/// Of the two sides that most facts have, the one that a request shows which is taken, and the
/// other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Inner,
    Outer,
}

impl Side {
    /// Which half of a fact it tries.
    pub(super) fn half(self) -> Half {
        match self {
            Self::Accepts | Self::Absent | Self::Served | Self::Shown => Half::Inner,
            Self::Rejects | Self::Present => Half::Outer,
        }
    }
}

/// That a trial decides one side of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Claim {
    /// The fact.
    pub fact: FactId,
    /// The side.
    pub side: Side,
    /// Whether this side is all that there is to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
}

impl Claim {
    /// One of two sides.
    pub(super) fn of(fact: FactId, side: Side) -> Self {
        Self {
            fact,
            side,
            alone: false,
        }
    }

    /// The only side.
    pub(super) fn alone(fact: FactId, side: Side) -> Self {
        Self {
            alone: true,
            ..Self::of(fact, side)
        }
    }

    /// Whether it tries this half of its fact.
    pub(super) fn covers(&self, half: Half) -> bool {
        self.alone || self.side.half() == half
    }
}

/// A trial that was planned and not selected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// The fact that it is about.
    pub fact: FactId,
    /// What it would have decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
}
