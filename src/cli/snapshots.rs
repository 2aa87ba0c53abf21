//! `docproof snapshots`: what waits for a review is shown, accepted or rejected; at a terminal one
//! after the other, else all at once.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use clap::{Args, Subcommand};

use crate::exchange::printable;
use crate::exit_code::ExitCode;
use crate::snapshot::{
    Pending, StoreError, accept, contents_of, note_of, pending, reject, unified,
};

use super::CliError;

const RED: Style = AnsiColor::Red.on_default();
const GREEN: Style = AnsiColor::Green.on_default();
const BOLD: Style = Style::new().bold();

/// What `snapshots` is told.
#[derive(Debug, Args)]
pub(super) struct SnapshotsArguments {
    #[command(subcommand)]
    command: SnapshotsCommand,
}

#[derive(Debug, Subcommand)]
enum SnapshotsCommand {
    /// Show what differs; at a terminal, ask what to do
    ///
    /// For each snapshot. Exits 1 while anything waits.
    Review(Selection),
    /// Accept what is answered now
    Accept(Selection),
    /// Remove what waits, and keep the snapshots as they are
    Reject(Selection),
}

#[derive(Debug, Args)]
struct Selection {
    /// Only snapshots whose file name contains one of these
    filter: Vec<String>,
    /// The folder of the snapshots
    ///
    /// The one that `docproof run --snapshots` was given.
    #[arg(long, value_name = "DIR", default_value = "snapshots")]
    dir: PathBuf,
}

impl Selection {
    fn pending(&self) -> Result<Vec<Pending>, CliError> {
        let mut found = pending(&self.dir).map_err(|error| {
            CliError::usage(error.to_string()).with_hint(
                "name the folder that `docproof run --snapshots DIR` was given: `--dir DIR`",
            )
        })?;
        found.retain(|one| {
            let name = one.accepted.display().to_string();
            self.filter.is_empty() || self.filter.iter().any(|filter| name.contains(filter))
        });
        Ok(found)
    }
}

fn failed(error: StoreError) -> CliError {
    CliError::usage(error.to_string())
}

/// Runs the subcommand.
pub(super) fn snapshots(arguments: &SnapshotsArguments) -> Result<ExitCode, CliError> {
    match &arguments.command {
        SnapshotsCommand::Review(selection) => {
            let found = selection.pending()?;
            if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
                return ask(&found, &mut std::io::stdin().lock());
            }
            for one in &found {
                out!("{}", shown(one)?);
            }
            outln!("{}", waiting(found.len()));
            Ok(code(found.len()))
        }
        SnapshotsCommand::Accept(selection) => settle(&selection.pending()?, "accepted", accept),
        SnapshotsCommand::Reject(selection) => settle(&selection.pending()?, "rejected", reject),
    }
}

fn settle(
    found: &[Pending],
    word: &str,
    act: impl Fn(&Pending) -> Result<(), StoreError>,
) -> Result<ExitCode, CliError> {
    for one in found {
        act(one).map_err(failed)?;
        outln!("{word} {}", printable(&one.accepted.display().to_string()));
    }
    if found.is_empty() {
        outln!("{}", waiting(0));
    }
    Ok(ExitCode::Success)
}

/// Asks for each what to do. What is skipped still waits.
fn ask(found: &[Pending], input: &mut dyn BufRead) -> Result<ExitCode, CliError> {
    let mut left = found.len();
    'all: for (index, one) in found.iter().enumerate() {
        out!("{}", shown(one)?);
        loop {
            out!(
                "{BOLD}{}/{}: (a)ccept, (r)eject, (s)kip, (q)uit?{BOLD:#} ",
                index + 1,
                found.len()
            );
            let flushed = anstream::stdout().flush();
            let mut line = String::new();
            let read = flushed.and_then(|()| input.read_line(&mut line));
            match (read, line.trim()) {
                (Ok(1..), "a" | "accept") => {
                    accept(one).map_err(failed)?;
                    left -= 1;
                    break;
                }
                (Ok(1..), "r" | "reject") => {
                    reject(one).map_err(failed)?;
                    left -= 1;
                    break;
                }
                (Ok(1..), "s" | "skip") => break,
                (Ok(0) | Err(_), _) | (_, "q" | "quit") => break 'all,
                _ => {}
            }
        }
    }
    outln!("{}", waiting(left));
    Ok(code(left))
}

fn code(left: usize) -> ExitCode {
    if left == 0 {
        ExitCode::Success
    } else {
        ExitCode::Findings
    }
}

fn waiting(count: usize) -> String {
    match count {
        0 => "nothing waits for a review".to_owned(),
        1 => "1 snapshot waits for a review".to_owned(),
        many => format!("{many} snapshots wait for a review"),
    }
}

/// A file that waits: its name, when the snapshot was last confirmed, and what differs; all of it
/// where there is no snapshot yet.
fn shown(one: &Pending) -> Result<String, CliError> {
    let is_known = one.accepted.exists();
    let old = if is_known {
        contents_of(&one.accepted).map_err(failed)?
    } else {
        String::new()
    };
    let new = contents_of(&one.path).map_err(failed)?;
    let name = printable(&one.accepted.display().to_string());
    let mut out = if is_known {
        format!(
            "{BOLD}{name}{BOLD:#}\n  {}\n",
            printable(&note_of(&one.accepted))
        )
    } else {
        format!("{BOLD}{name}{BOLD:#}\n  new\n")
    };
    out.push_str(&format!(
        "  now: {}\n",
        printable(&note_of(&one.path)).replace("confirmed ", "")
    ));
    for line in unified(&old, &new) {
        let line = printable(&line);
        match line.chars().next() {
            Some('-') => out.push_str(&format!("{RED}{line}{RED:#}\n")),
            Some('+') => out.push_str(&format!("{GREEN}{line}{GREEN:#}\n")),
            _ => out.push_str(&format!("{line}\n")),
        }
    }
    out.push('\n');
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::each("a\nr\ns\n", &["1"], 1)]
    #[case::nonsense("what\naccept\n\nreject\nskip\n", &["1"], 1)]
    #[case::quit("a\nq\n", &["1"], 2)]
    #[case::end("", &[], 3)]
    fn what_was_answered_is_done(
        #[case] answers: &str,
        #[case] accepted: &[&str],
        #[case] left: usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        for name in ["1", "2", "3"] {
            let text = format!("---\nsource: docproof\n---\n{name}\n");
            std::fs::write(folder.path().join(format!("{name}.snap.new")), text).unwrap();
        }
        let found = pending(folder.path()).unwrap();
        ask(&found, &mut answers.as_bytes()).unwrap();
        for name in ["1", "2", "3"] {
            let is_accepted = folder.path().join(format!("{name}.snap")).exists();
            assert_eq!(is_accepted, accepted.contains(&name), "{name}");
        }
        assert_eq!(pending(folder.path()).unwrap().len(), left);
    }
}
