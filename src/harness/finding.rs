//! A finding: a failed check with its evidence. Findings of one fact and one check are one finding, however many cases show it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::Observation;
use crate::contract::{Fact, Level};
use crate::exchange::{Exchange, Redactor, curl_line};
use crate::generate::Case;

/// A finding.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Finding {
    /// The documented fact that is broken: `dcs::CopyInstance::request.backup_format::enum`.
    pub fact: String,
    /// The check that failed.
    pub check: String,
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
    /// The exchange that shows it, credentials redacted; null for what is found offline.
    pub exchange: Value,
    /// A curl line that shows it again; empty for what is found offline.
    pub curl: String,
    /// In how many cases it was seen.
    pub seen: u64,
}

impl Finding {
    /// A finding from an exchange.
    pub fn new(
        observation: Observation,
        case: &Case,
        exchange: &Exchange,
        redactor: &Redactor,
    ) -> Self {
        Self {
            fact: observation.fact,
            check: observation.check.to_owned(),
            level: observation.level,
            message: redactor.redact(&observation.message),
            documented: observation.documented,
            rows: observation.rows,
            case: case.label.clone(),
            exchange: exchange.to_json(redactor),
            curl: redactor.redact(&curl_line(&case.request, &exchange.url)),
            seen: 1,
        }
    }

    /// Whether two findings are one: the same fact broken, seen by the same check.
    pub fn is_same(&self, other: &Self) -> bool {
        self.fact == other.fact && self.check == other.check
    }

    /// Whether the answer that shows it refuses the credential that was given.
    pub(super) fn is_refused_credential(&self) -> bool {
        let status = self
            .exchange
            .pointer("/response/status")
            .and_then(Value::as_u64);
        let given = self
            .exchange
            .pointer("/request/headers/X-Auth-Token")
            .and_then(Value::as_str)
            == Some("[redacted]");
        given && matches!(status, Some(401 | 403))
    }

    /// Adds a finding to a list, or counts it where the list has it.
    pub fn add(self, findings: &mut Vec<Self>) {
        match findings.iter_mut().find(|known| known.is_same(&self)) {
            Some(known) => known.seen += self.seen,
            None => findings.push(self),
        }
    }
}
