//! What a run leaves out on purpose: a selftest without one of the checks, or without one kind of
//! violation, has to notice.

use crate::check::{CHECKS, Check};
use crate::generate::ViolationKind;

/// What is left out. By default nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Omission {
    /// A check, one of [`CHECKS`].
    pub check: Option<Check>,
    /// A kind of violation.
    pub violation: Option<ViolationKind>,
}

impl Omission {
    /// The name of what is left out, if anything is.
    pub fn name(self) -> Option<&'static str> {
        self.check
            .map(Check::as_str)
            .or(self.violation.map(ViolationKind::as_str))
    }

    /// Every single check and every single kind of violation, left out.
    pub fn each() -> Vec<Self> {
        let checks = CHECKS.iter().map(|(check, _)| Self {
            check: Some(*check),
            violation: None,
        });
        let violations = ViolationKind::ALL.into_iter().map(|violation| Self {
            check: None,
            violation: Some(violation),
        });
        checks.chain(violations).collect()
    }
}
