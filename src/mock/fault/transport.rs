//! Faults on the way: answers that come too late, broken, or not at all. They are about no row: whichever trial meets one names its own
//! fact, so the fault's is the operation itself.

use std::time::Duration;

use super::{Effect, FaultKind, Maker, Travel};

/// Longer than a run waits for one answer.
const LATE: Duration = Duration::from_mins(2);

/// Name, what it is, how often, and how.
const TRAVELS: [(&str, &str, u64, Travel); 9] = [
    (
        "server-error",
        "answers 500 every third time",
        3,
        Travel::ServerError(500),
    ),
    (
        "server-error-always",
        "answers 500",
        1,
        Travel::ServerError(500),
    ),
    (
        "bad-gateway",
        "answers 502 every fifth time",
        5,
        Travel::ServerError(502),
    ),
    ("redirect", "redirects", 1, Travel::Redirect),
    (
        "late",
        "answers later than anybody waits",
        1,
        Travel::Late(LATE),
    ),
    ("reset", "resets every third connection", 3, Travel::Reset),
    ("reset-always", "resets every connection", 1, Travel::Reset),
    (
        "cut",
        "breaks off in the middle of the body",
        1,
        Travel::Cut,
    ),
    (
        "not-http",
        "answers with something that is not HTTP",
        1,
        Travel::NotHttp,
    ),
];

impl Maker<'_> {
    /// Adds the faults on the way.
    pub(super) fn transport(&mut self) {
        for (way, what, every, how) in TRAVELS {
            let fact = format!("{}::transport", self.operation.name());
            if way == "reset" && !self.operation.writes() {
                let reason = "a safe request whose connection fails is sent again";
                self.skip(FaultKind::Transport, fact, way, reason);
                continue;
            }
            let effect = Effect::Travel { every, how };
            self.add(FaultKind::Transport, fact, way, what.to_owned(), effect);
        }
    }
}
