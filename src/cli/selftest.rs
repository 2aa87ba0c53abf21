//! `docproof selftest`: the mutation test of a suite.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;

use crate::exit_code::ExitCode;
use crate::harness::{self, Omission, SelftestOptions};

use super::CliError;

/// What `selftest` is told.
#[derive(Debug, Args)]
pub(super) struct SelftestArguments {
    /// The suite's folder
    ///
    /// If absent that of `docproof.toml`, else the bundled suite.
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
    /// Write the kill matrix as JSON
    #[arg(long, value_name = "FILE")]
    matrix: Option<PathBuf>,
    /// Write the kill matrix as a self-contained HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// How many faults are served at once
    #[arg(short, long, value_name = "N", default_value_t = 6)]
    jobs: usize,
    /// Only faults whose id contains one of these
    #[arg(long, value_name = "TEXT")]
    fault: Vec<String>,
    /// Leave out a check or a kind of violation
    ///
    /// What is then no longer tested is what it is for.
    #[arg(long, value_name = "NAME", value_parser = omission)]
    omit: Option<Omission>,
    /// Only every Nth fault and variation
    #[arg(long, value_name = "N", default_value_t = 1)]
    sample: usize,
}

/// Runs the selftest and prints what it came to.
pub(super) fn selftest(arguments: &SelftestArguments) -> Result<ExitCode, CliError> {
    let suite = Arc::new(super::load_suite_here(arguments.suite.as_deref())?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| CliError::usage(format!("cannot start: {error}")))?;
    let shown = std::io::stderr().is_terminal();
    let progress = |done: usize, all: usize| {
        if shown {
            err!("\r{done} of {all}");
        } else if done.is_multiple_of(100) {
            errln!("{done} of {all}");
        }
    };
    let options = SelftestOptions {
        jobs: arguments.jobs,
        only: arguments.fault.clone(),
        sample: arguments.sample,
        omission: arguments.omit.unwrap_or_default(),
    };
    let started = Instant::now();
    let matrix = harness::selftest(&suite, runtime.handle(), &options, &progress)
        .map_err(|error| CliError::usage(error.to_string()))?;
    if shown {
        err!("\r");
    }
    if let Some(path) = &arguments.matrix {
        let text = serde_json::to_string_pretty(&matrix)
            .map_err(|error| CliError::usage(error.to_string()))?;
        write(path, &(text + "\n"))?;
    }
    if matrix.faults.is_empty() && matrix.variations.is_empty() {
        return Err(
            CliError::usage("there is no fault whose id contains what `--fault` asks for")
                .with_hint("`docproof mock --list-faults` lists them"),
        );
    }
    if let Some(path) = &arguments.html {
        let page = crate::report::matrix_page(&matrix)
            .map_err(|error| CliError::usage(format!("cannot make the page: {error}")))?;
        write(path, &page)?;
    }
    for kill in matrix.missed() {
        outln!(
            "missed: {} ({}); found instead: {}",
            kill.id,
            kill.kind,
            list(&kill.found)
        );
    }
    for kill in matrix.alarms() {
        outln!("false alarm: {}: {}", kill.id, list(&kill.found));
    }
    for name in &matrix.idle {
        outln!("idle: {name} catches no fault");
    }
    let inapplicable = matrix
        .faults
        .iter()
        .filter(|kill| kill.inapplicable.is_some())
        .count();
    let applicable = matrix.faults.len() - inapplicable;
    outln!(
        "{} of {applicable} faults caught, {inapplicable} not applicable; {} of {} variations silent; {} of {} trials idle; {:.0} s",
        applicable - matrix.missed().count(),
        matrix.variations.len() - matrix.alarms().count(),
        matrix.variations.len(),
        matrix.idle.len(),
        matrix.trials,
        started.elapsed().as_secs_f64(),
    );
    let (missed, alarms) = (matrix.missed().count(), matrix.alarms().count());
    if missed > 0 {
        super::tell(
            "hint: a missed fault is a rule of the sources that no trial of this suite can show to \
             be broken: mostly of a field that only some answers have. A page that says that the \
             field is always there, an example that shows it, a law in `relations.toml` or a value \
             in `bindings.toml` gives it a trial (docs/mock.md). `docproof mock --fault ID` serves \
             one fault"
                .to_owned(),
        );
    }
    if alarms > 0 {
        super::tell(
            "hint: a false alarm is a mistake of docproof, which takes a legal answer for a wrong \
             one: please report it with the page"
                .to_owned(),
        );
    }
    Ok(if matrix.is_sound() {
        ExitCode::Success
    } else {
        ExitCode::Findings
    })
}

/// Writes a file, or says why not.
fn write(path: &std::path::Path, text: &str) -> Result<(), CliError> {
    std::fs::write(path, text).map_err(|error| {
        CliError::usage(format!("cannot write `{}`: {error}", path.display()))
            .with_hint("give a file in a folder that is there and can be written to")
    })
}

/// An omission by the name of its check or violation.
fn omission(name: &str) -> Result<Omission, String> {
    Omission::each()
        .into_iter()
        .find(|omission| omission.name() == Some(name))
        .ok_or_else(|| {
            let names: Vec<&str> = Omission::each()
                .into_iter()
                .filter_map(Omission::name)
                .collect();
            format!(
                "there is no check or violation of that name; there are {}",
                names.join(", ")
            )
        })
}

fn list(facts: &[String]) -> String {
    if facts.is_empty() {
        "nothing".to_owned()
    } else {
        facts.join(", ")
    }
}
