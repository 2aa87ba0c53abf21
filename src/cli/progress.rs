//! Progress: a bar where standard error is a terminal, else a plain line now and then. With
//! `--verbose`, a line for each trial as it ends.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::harness::{TrialResult, Verdict, Watcher};
use crate::report::trial_line;
use crate::text::fold;

/// How often a plain line is written.
const EVERY: Duration = Duration::from_secs(5);

/// How often the bar moves by itself, so that a slow endpoint does not look like a program that
/// hangs.
const TICK: Duration = Duration::from_millis(200);

/// The columns of a text that goes to a file or a pipe.
const PIPE_WIDTH: usize = 120;

/// The widest text of a terminal that is still easy to read.
const WIDEST: usize = 160;

/// Follows a run.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    is_terminal: bool,
    verbose: bool,
    /// Whether standard output belongs to a report.
    to_stderr: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    selected: usize,
    ended: usize,
    failed: usize,
    said: Instant,
}

impl Progress {
    /// Nothing is shown until the run begins.
    pub(super) fn new(verbose: bool, to_stderr: bool) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        Self {
            bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            is_terminal,
            verbose,
            to_stderr,
            state: Mutex::new(State {
                selected: 0,
                ended: 0,
                failed: 0,
                said: Instant::now(),
            }),
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watcher for Progress {
    fn begin(&self, trials: usize) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.selected = trials;
        state.said = Instant::now();
        if !self.is_terminal {
            return;
        }
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        self.bar
            .set_length(u64::try_from(trials).unwrap_or(u64::MAX));
        // The template is constant; were it wrong, the bar would have its own look.
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} trials, {msg}") {
            self.bar.set_style(style.progress_chars("=> "));
        }
        self.bar.set_message("0 failed");
        self.bar.enable_steady_tick(TICK);
    }

    fn ended(&self, result: &TrialResult, requests: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.ended += 1;
        state.failed += usize::from(result.verdict == Verdict::Failed);
        if self.verbose {
            let note = match (&result.reason, result.findings.first()) {
                (_, Some(finding)) if result.verdict == Verdict::Failed => finding.message.as_str(),
                (Some(reason), _) => reason.as_str(),
                _ => "",
            };
            let line = trial_line(&result.name, result.verdict, note);
            self.bar.suspend(|| {
                if self.to_stderr {
                    errln!("{line}");
                } else {
                    outln!("{line}");
                }
            });
        }
        let message = format!("{} failed, {requests} requests", state.failed);
        if self.is_terminal {
            self.bar.set_message(message);
            self.bar.inc(1);
        } else if state.said.elapsed() >= EVERY {
            state.said = Instant::now();
            errln!("{}/{} trials, {message}", state.ended, state.selected);
        }
    }
}

/// How many columns the text on standard output, or standard error, may take.
pub(super) fn width(to_stderr: bool) -> usize {
    columns(to_stderr).map_or(PIPE_WIDTH, |columns| columns.min(WIDEST))
}

/// How many columns the terminal on standard output, or standard error, has, where there is one.
fn columns(to_stderr: bool) -> Option<usize> {
    let size = if to_stderr {
        terminal_size::terminal_size_of(std::io::stderr())
    } else {
        terminal_size::terminal_size_of(std::io::stdout())
    };
    size.map(|(columns, _)| usize::from(columns.0))
}

/// Sentences for standard output, or standard error, folded for the terminal that is there.
pub(super) fn folded(text: String, to_stderr: bool) -> String {
    match columns(to_stderr) {
        Some(columns) => fold(&text, columns),
        None => text,
    }
}
