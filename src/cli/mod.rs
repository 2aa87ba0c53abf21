//! The command line: one file a subcommand. The only place that prints.

#[macro_use]
mod output;

mod completions;
mod derive;
mod diff;
mod export;
mod first_look;
mod init;
mod known_findings;
mod libtest;
mod lint;
mod merge;
mod mock;
mod numbers;
mod outcome;
mod progress;
mod replay;
mod run;
mod run_arguments;
mod schema;
mod selftest;
mod settings;
mod sign;
mod snapshots;
mod targets;

use std::process::Termination;
use std::sync::OnceLock;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use run_arguments::RunArguments;

use crate::contract::Suite;
pub(crate) use crate::error::Error as CliError;
use crate::exchange::{Client, Redactor};
use crate::exit_code::ExitCode;
use crate::nearest::nearest;

pub(crate) use settings::ConnectionArguments;

/// Proves that an HTTP endpoint does what its documentation says
#[derive(Debug, Parser)]
#[command(name = "docproof", version, about, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try an endpoint, or the embedded mock, on what is documented
    Run(Box<RunArguments>),
    /// Derive a contract (OpenAPI 3.1, JSON Schemas) from pages
    Derive(derive::DeriveArguments),
    /// Make a suite from pages or an OpenAPI document
    ///
    /// It takes the pages, and writes schemas, `docproof.toml` and the first `cases/`, with bindings
    /// and suggested relations. With `--endpoint`, what only reads is tried there, and a run in the
    /// suite's folder is against it.
    Init(Box<init::InitArguments>),
    /// Find what pages contradict or leave open, offline
    Lint(lint::LintArguments),
    /// Compare two contracts: breaking, compatible, clarified
    ///
    /// Or what two sets of pages give; pages and a document are held against each other.
    Diff(diff::DiffArguments),
    /// Print a service's OpenAPI or JSON Schema, for other tools
    ///
    /// One bundled file: OpenAPI 3.1, or JSON Schema 2020-12.
    Export(export::ExportArguments),
    /// Print the JSON Schema of what docproof writes
    Schema(schema::SchemaArguments),
    /// Check the suite itself: is each fault caught?
    ///
    /// Every injected fault must be caught, and every legal variation must pass.
    Selftest(selftest::SelftestArguments),
    /// Show the targets of `docproof.toml` as `run` uses them
    ///
    /// And where each value comes from.
    Targets(Box<targets::TargetsArguments>),
    /// Sign a request anew and print it for `curl -K -`
    Sign(sign::SignArguments),
    /// Try again what failed in a report, from the recorded cases
    Replay(Box<replay::ReplayArguments>),
    /// Merge the reports of a partitioned run into one
    Merge(merge::MergeArguments),
    /// Review, accept or reject changed response snapshots
    Snapshots(snapshots::SnapshotsArguments),
    /// Write entries of known findings from a report
    #[command(alias = "deviations")]
    KnownFindings(known_findings::KnownFindingsArguments),
    /// Serve the contract: a mock that validates and remembers
    Mock(mock::MockArguments),
    /// Print what completes commands in a shell
    Completions(completions::CompletionsArguments),
    /// Print the man page, or write one for each command
    Man(completions::ManArguments),
}

impl Command {
    /// What a subcommand that connects to something is told about it.
    fn connection(&mut self) -> Option<&mut settings::ConnectionArguments> {
        match self {
            Self::Run(arguments) => Some(&mut arguments.connection),
            Self::Targets(arguments) => Some(&mut arguments.connection),
            Self::Replay(arguments) => Some(&mut arguments.connection),
            Self::Init(arguments) => Some(&mut arguments.connection),
            _ => None,
        }
    }
}

/// What knows the credentials of the run, for what is said of a bug.
static REDACTOR: OnceLock<Redactor> = OnceLock::new();

/// A panic is a bug of ours, and said so in one sentence.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.to_string();
        let message = match REDACTOR.get() {
            Some(redactor) => redactor.redact(&message),
            None => message,
        };
        errln!(
            "error: a bug in docproof: {}",
            crate::exchange::printable(&message)
        );
    }));
}

/// From here on, what is said of a bug shows none of this client's credentials. The first client is
/// the run's.
fn redact_bugs(client: &Client) {
    let _ = REDACTOR.set(client.redactor());
}

/// Says a line on standard error.
fn tell(line: String) {
    errln!("{}", progress::folded(line, true));
}

/// Prints an error on standard error.
fn print(error: &CliError) {
    let shown = error.clone();
    let shown = match REDACTOR.get() {
        Some(redactor) => shown.redacted(redactor),
        None => shown,
    };
    tell(format!("error: {shown}"));
}

/// The suite in a folder, what a page or document gives by itself, or the bundled suite.
fn load_suite(given: Option<&std::path::Path>) -> Result<Suite, CliError> {
    crate::session::load_suite(given, &tell)
}

/// The same; where nothing is given, the suite of the folder that the program runs in.
fn load_suite_here(given: Option<&std::path::Path>) -> Result<Suite, CliError> {
    match given {
        Some(given) => load_suite(Some(given)),
        None => load_suite(settings::suite_here()?.as_deref()),
    }
}

/// What the command line takes. In the short help, what environment variables and values an option
/// knows is left to `--help`.
fn command(arguments: &[std::ffi::OsString]) -> clap::Command {
    let command = Cli::command();
    let mut options = arguments.iter().take_while(|argument| *argument != "--");
    if options.any(|argument| argument == "-h") {
        brief(command)
    } else {
        command
    }
}

/// An error about a word that is no subcommand, with the one that is probably meant: clap by itself
/// finds none where letters are transposed.
fn with_nearest(mut error: clap::Error, arguments: &[std::ffi::OsString]) -> clap::Error {
    if error.kind() != ErrorKind::InvalidSubcommand
        || error.get(ContextKind::SuggestedSubcommand).is_some()
    {
        return error;
    }
    let command = Cli::command();
    let names = command.get_subcommands().map(clap::Command::get_name);
    let given = arguments.get(1).and_then(|given| given.to_str());
    if let Some(near) = given.and_then(|given| nearest(given, names)) {
        let near = ContextValue::Strings(vec![near.to_owned()]);
        error.insert(ContextKind::SuggestedSubcommand, near);
    }
    error
}

fn brief(command: clap::Command) -> clap::Command {
    command
        .mut_args(|argument| {
            let argument = argument.hide_env(true);
            let takes_values = argument.get_action().takes_values();
            if takes_values && argument.get_long().is_some() {
                argument.hide_possible_values(true)
            } else {
                argument
            }
        })
        .mut_subcommands(brief)
}

/// Runs the program with the process's arguments.
pub fn main() -> std::process::ExitCode {
    quiet_panics();
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let read = settings::parse(command(&arguments), &arguments).and_then(|parsed| {
        let mut cli = Cli::from_arg_matches(&parsed.matches)?;
        if let Some(connection) = cli.command.connection() {
            connection.chosen = parsed.chosen;
            connection.configuration = parsed.configuration;
        }
        Ok(cli)
    });
    let cli = match read {
        Ok(cli) => cli,
        Err(settings::ParseError::Configuration(error)) => {
            print(&error);
            return error.code.report();
        }
        Err(settings::ParseError::Arguments(error)) => {
            if error.use_stderr() {
                let _ = with_nearest(error, &arguments).print();
                return ExitCode::Usage.report();
            }
            output::write(|| error.print());
            return end(Ok(ExitCode::Success));
        }
    };
    let outcome = match cli.command {
        Command::Run(arguments) => run::run(*arguments),
        Command::Derive(arguments) => derive::derive(&arguments),
        Command::Init(arguments) => init::init(&arguments),
        Command::Lint(arguments) => lint::lint(&arguments),
        Command::Diff(arguments) => diff::diff(&arguments),
        Command::Export(arguments) => export::export(&arguments),
        Command::Replay(arguments) => replay::replay(*arguments),
        Command::Merge(arguments) => merge::merge(&arguments),
        Command::Snapshots(arguments) => snapshots::snapshots(&arguments),
        Command::KnownFindings(arguments) => known_findings::known_findings(&arguments),
        Command::Mock(arguments) => mock::mock(arguments),
        Command::Schema(arguments) => schema::schema(&arguments),
        Command::Targets(arguments) => targets::targets(&arguments),
        Command::Sign(arguments) => sign::sign(&arguments),
        Command::Selftest(arguments) => selftest::selftest(&arguments),
        Command::Completions(arguments) => Ok(completions::completions(&arguments)),
        Command::Man(arguments) => completions::man(&arguments),
    };
    end(outcome)
}

/// Says what went wrong, and how the program ends.
fn end(outcome: Result<ExitCode, CliError>) -> std::process::ExitCode {
    let code = outcome.unwrap_or_else(|error| {
        print(&error);
        error.code
    });
    match output::failure() {
        Some(error) => {
            print(&error);
            error.code.report()
        }
        None => code.report(),
    }
}
