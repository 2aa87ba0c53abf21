//! The first look of `init` at an endpoint: one plain request to each operation that only reads,
//! so that a person knows what a run can do there before it is started.

use std::path::Path;

use std::sync::Arc;

use crate::exchange::printable;
use crate::harness::{Kind, Mode, RunOptions, Silent, Trial, Verdict};
use crate::session::{Connection, Order, Session, interruptible};

use super::settings::ConnectionArguments;
use super::{CliError, load_suite};

/// What became of one operation that reads.
struct Tried {
    operation: String,
    came: String,
}

/// Tries the operations of a new suite that only read, and says what came of each. The suite is
/// made whatever comes: what keeps it from being tried is told, and is no error.
pub(super) fn tell(folder: &Path, connection: &ConnectionArguments) {
    outln!("\ntried, with one request to each operation that only reads:");
    match look(folder, connection) {
        Ok(tried) if tried.is_empty() => outln!("  none: no operation only reads"),
        Ok(tried) => {
            for Tried { operation, came } in tried {
                outln!("  {}  {}", printable(&operation), printable(&came));
            }
        }
        Err(error) => {
            outln!("  none: {}", printable(&error.message));
            if let Some(hint) = error.hint {
                outln!("  hint: {}", printable(&hint));
            }
        }
    }
}

/// What comes of a plain request to each operation that only reads.
fn look(folder: &Path, connection: &ConnectionArguments) -> Result<Vec<Tried>, CliError> {
    let suite = load_suite(Some(folder))?;
    let connection = Connection::new(&suite, connection)?;
    let order = Order {
        suite: Some(folder.to_owned()),
        mode: Some(Mode::ReadOnly),
        ..Order::default()
    };
    let mut session = Session::open(suite, connection, order)?;
    super::redact_bugs(session.client());
    session.prepare()?;
    session.find_ids(None);
    let abort = interruptible(session.handle())?;
    let mut trials = session.plan(&abort)?;
    let suite = Arc::clone(session.suite());
    let read = |trial: &Trial| {
        let operation = suite.operations.get(trial.operation)?;
        let is_read = trial.kind == Kind::Example && !operation.writes();
        is_read.then(|| format!("{} {}", operation.method, operation.path))
    };
    trials.retain(|trial| read(trial).is_some());
    if trials.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<(String, String)> = trials
        .iter()
        .filter_map(|trial| Some((trial.name.clone(), read(trial)?)))
        .collect();
    let options = RunOptions {
        abort,
        watcher: Some(Arc::new(Silent)),
        ..RunOptions::default()
    };
    let ran = session.run(trials, options);
    if let Some(error) = ran.unusable {
        return Err(error);
    }
    let report = &ran.report;
    let came = |name: &str| {
        let trial = report.trials.iter().find(|trial| trial.name == name)?;
        let came = match trial.verdict {
            Verdict::Passed | Verdict::Known => "as documented".to_owned(),
            Verdict::Skipped | Verdict::Blocked => {
                let reason = trial
                    .reason
                    .as_deref()
                    .unwrap_or("its answer decides nothing");
                format!("not tried: {reason}")
            }
            Verdict::Failed => {
                let first = trial.findings.first();
                let finding = first.and_then(|first| report.findings.get(first.finding));
                let message = finding.map_or("a finding", |finding| &finding.message);
                format!("not as documented: {message}")
            }
        };
        Some((weight(trial.verdict), came))
    };
    // Of the requests of one operation the one tells most that is not as documented.
    let mut tried: Vec<(u8, Tried)> = Vec::new();
    for (name, operation) in names {
        let Some((own, came)) = came(&name) else {
            continue;
        };
        match tried
            .iter_mut()
            .find(|(_, known)| known.operation == operation)
        {
            Some((known, tried)) if *known < own => (*known, tried.came) = (own, came),
            Some(_) => {}
            None => tried.push((own, Tried { operation, came })),
        }
    }
    Ok(tried.into_iter().map(|(_, tried)| tried).collect())
}

/// How much a verdict tells of an operation.
fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Skipped | Verdict::Blocked => 0,
        Verdict::Passed | Verdict::Known => 1,
        Verdict::Failed => 2,
    }
}
