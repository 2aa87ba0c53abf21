//! Known findings: findings that people accept for a while, each with its reason. They are still
//! tested and are reported separately, and they do not fail a run. An entry is about one fact,
//! broken in one way that one check saw: anything else is a new finding.

mod facts;
mod file;
mod propose;
mod settle;
mod superseded;

use jiff::civil::Date;

pub use facts::KnownFacts;
pub use file::parse;
pub use propose::propose;
pub use settle::{KnownFindingLine, KnownFindingState, Planned, settle};

use crate::check::{Check, Seen};
use crate::contract::FactId;

use super::finding::{Finding, KnownEntry};

/// What people wrote in one file.
#[derive(Debug, Clone, Default)]
pub struct KnownFindings {
    /// The entries, in the order of the file.
    pub entries: Vec<KnownFinding>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFinding {
    /// The fact that is broken.
    pub fact: FactId,
    /// In which way.
    pub accepted: Accepted,
    /// Why it is accepted.
    pub reason: String,
    /// Where it is followed up.
    pub ticket: Option<String>,
    /// Who looks after it.
    pub owner: Option<String>,
    /// The last day on which it is accepted.
    pub expires: Option<Date>,
    /// Whether it does not always show: then its absence says nothing.
    pub sometimes: bool,
    /// The trial that shows it, where it is not the one named by the fact.
    pub trial: Option<String>,
    /// Where it stands: `known-findings.toml:12`.
    pub place: String,
    /// Whether its last day has passed.
    pub has_expired: bool,
}

/// The way of breaking a fact that an entry accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// What a check sees.
    Seen {
        /// The check.
        check: Check,
        /// The finding's fingerprint.
        fingerprint: Seen,
    },
    /// What was observed, in the words of docproof 0.1: read for one version.
    Words(String),
}

impl std::fmt::Display for Accepted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Seen { fingerprint, .. } => write!(formatter, "{fingerprint}"),
            Self::Words(words) => formatter.write_str(words),
        }
    }
}

impl KnownFindings {
    /// The entry that accepts a finding. One whose last day has passed accepts nothing.
    pub fn accepts(&self, finding: &Finding) -> Option<&KnownFinding> {
        self.entries
            .iter()
            .find(|entry| !entry.has_expired && entry.is_about(finding))
    }

    /// The entries in words, which have to be renewed.
    pub fn superseded(&self) -> impl Iterator<Item = &KnownFinding> {
        self.entries
            .iter()
            .filter(|entry| matches!(entry.accepted, Accepted::Words(_)))
    }

    /// Marks the findings that are accepted.
    pub fn mark(&self, findings: &mut [Finding]) {
        for finding in findings {
            finding.known = self.accepts(finding).map(KnownFinding::entry);
        }
    }
}

impl KnownFinding {
    /// Whether a finding is the one that the entry speaks of.
    pub(super) fn is_about(&self, finding: &Finding) -> bool {
        self.fact == finding.fact
            && match &self.accepted {
                Accepted::Seen { check, fingerprint } => {
                    *check == finding.check && *fingerprint == finding.fingerprint
                }
                Accepted::Words(words) => superseded::is_seen_in(words, finding),
            }
    }

    fn entry(&self) -> KnownEntry {
        KnownEntry {
            reason: self.reason.clone(),
            ticket: self.ticket.clone(),
            owner: self.owner.clone(),
            expires: self.expires.map(|date| date.to_string()),
            place: self.place.clone(),
        }
    }
}

/// Today, where nobody is nearer to it than UTC.
pub fn today() -> Date {
    jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
}
