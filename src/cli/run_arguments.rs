//! The arguments of `docproof run`, and their defaults.

use std::path::PathBuf;

use clap::Args;

use crate::contract::Level;
use crate::harness::{MAX_WRITES, Mode, Shard};
use crate::session::{CASES, TIMEOUT};

use super::numbers::{parse_partition, parse_percent, parse_rate, parse_seconds, parse_threads};
use super::settings::ConnectionArguments;

/// The headings of the options that say what is tried and what comes of it.
const TRIALS: &str = "Trials";
const VERDICT: &str = "Verdict and reports";

/// What `run -h` prints below its help.
const MORE: &str = "`docproof run --help` tells of all options, and of the exit codes.";

/// What `run` is told.
#[derive(Debug, Args)]
#[command(after_help = MORE, after_long_help = crate::exit_code::HELP)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(super) struct RunArguments {
    /// Trials by a part of their name, or pages to run
    ///
    /// Only trials whose name contains one of these are run. Pages and OpenAPI documents among them,
    /// files and folders, are what is run, without a suite. Beside a suite a folder ends with `/`.
    #[arg(value_name = "FILTER|FILE")]
    pub(super) filter: Vec<String>,
    /// The pages and documents among them
    #[arg(skip)]
    pub(super) sources: Vec<String>,
    /// What to connect to
    #[command(flatten)]
    pub(super) connection: ConnectionArguments,
    /// What may be sent: read-only, sandbox or full
    ///
    /// `read-only` where the endpoint is not on this machine, else `full`.
    #[arg(long, value_enum, env = "DOCPROOF_MODE", help_heading = TRIALS)]
    pub(super) mode: Option<Mode>,
    /// What the run may change without having made it
    ///
    /// The resource that this key gives, or all that this operation or service changes.
    #[arg(long, value_name = "KEY", help_heading = TRIALS)]
    pub(super) allow_changes: Vec<String>,
    /// The suite's folder
    ///
    /// If absent that of `docproof.toml`, else the bundled suite.
    #[arg(long, value_name = "DIR", help_heading = TRIALS)]
    pub(super) suite: Option<PathBuf>,
    /// Leave out trials whose name contains this
    #[arg(long, value_name = "FILTER", help_heading = TRIALS)]
    pub(super) skip: Vec<String>,
    /// A filter is a trial's whole name
    #[arg(long, help_heading = TRIALS, hide_short_help = true)]
    pub(super) exact: bool,
    /// List the trials and run none
    #[arg(long, help_heading = TRIALS)]
    pub(super) list: bool,
    /// Print what would be sent, and send nothing
    #[arg(long, conflicts_with = "list", help_heading = TRIALS)]
    pub(super) plan: bool,
    /// Run the K-th of N parts of the trials, or `ci`
    ///
    /// `ci` is the part of this CI job. `docproof merge` puts the reports together.
    #[arg(long, value_name = "K/N", value_parser = parse_partition, env = "DOCPROOF_PARTITION", help_heading = TRIALS)]
    pub(super) partition: Option<Shard>,
    /// Run only ignored trials (there are none: a trial that cannot be run says why)
    #[arg(long, help_heading = TRIALS, hide_short_help = true)]
    pub(super) ignored: bool,
    /// Run ignored trials too
    #[arg(long, help_heading = TRIALS, hide_short_help = true)]
    pub(super) include_ignored: bool,
    /// Requests that a property trial draws
    #[arg(long, value_name = "N", default_value_t = CASES, value_parser = clap::value_parser!(u32).range(1..), env = "DOCPROOF_CASES", help_heading = TRIALS)]
    pub(super) cases: u32,
    /// The same seed sends the same requests
    #[arg(long, value_name = "N", default_value_t = 0, env = "DOCPROOF_SEED", help_heading = TRIALS)]
    pub(super) seed: u64,
    /// How many trials run at once
    #[arg(
        short = 'j',
        long = "test-threads",
        value_name = "N",
        value_parser = parse_threads, allow_negative_numbers = true,
        env = "DOCPROOF_JOBS",
        help_heading = TRIALS
    )]
    pub(super) threads: Option<usize>,
    /// The most requests a second
    #[arg(long, value_name = "N", value_parser = parse_rate, allow_negative_numbers = true, env = "DOCPROOF_RATE", help_heading = TRIALS)]
    pub(super) rate: Option<f64>,
    /// The most seconds for the run
    ///
    /// Facts that no trial has tried come first.
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds, allow_negative_numbers = true, env = "DOCPROOF_BUDGET", help_heading = TRIALS)]
    pub(super) budget: Option<f64>,
    /// End the run after so many failed trials
    ///
    /// Facts that no trial has tried come first.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), env = "DOCPROOF_MAX_FAILURES", help_heading = TRIALS, hide_short_help = true)]
    pub(super) max_failures: Option<u32>,
    /// The most seconds for one request
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = TIMEOUT,
        value_parser = parse_seconds, allow_negative_numbers = true,
        env = "DOCPROOF_TIMEOUT",
        help_heading = TRIALS
    )]
    pub(super) timeout: f64,
    /// The most requests that could write, in the sandbox mode
    #[arg(long, value_name = "N", default_value_t = MAX_WRITES, env = "DOCPROOF_MAX_WRITES", help_heading = TRIALS, hide_short_help = true)]
    pub(super) max_writes: u64,
    /// Fail on may, should or must
    ///
    /// The lowest severity that fails the run.
    #[arg(long, value_enum, default_value_t = Level::Should, env = "DOCPROOF_LEVEL", help_heading = VERDICT)]
    pub(super) level: Level,
    /// The file of findings that fail no run
    ///
    /// Known findings are still tested, and reported separately.
    #[arg(long, value_name = "FILE", alias = "deviations", help_heading = VERDICT)]
    pub(super) known_findings: Option<PathBuf>,
    /// Fail if less of what can be tested was decided
    #[arg(long, value_name = "PERCENT", value_parser = parse_percent, allow_negative_numbers = true, help_heading = VERDICT)]
    pub(super) min_coverage: Option<f64>,
    /// A finding for every answer that takes longer than this, in milliseconds
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..), env = "DOCPROOF_MAX_RESPONSE_TIME", help_heading = VERDICT, hide_short_help = true)]
    pub(super) max_response_time: Option<u64>,
    /// Compare answers with reviewed snapshots
    ///
    /// The answers to a fixed set of requests are held against the snapshots of this folder.
    #[arg(long, value_name = "DIR", help_heading = VERDICT)]
    pub(super) snapshots: Option<PathBuf>,
    /// Write a report: json, html, junit, sarif, ...
    ///
    /// Such as `json=FILE`; `-` is standard output. A kind that is unknown is told with those that
    /// are known.
    #[arg(long, value_name = "KIND=FILE", help_heading = VERDICT)]
    pub(super) report: Vec<String>,
    /// Write every exchange as it happens
    ///
    /// One JSON value a line.
    #[arg(long, value_name = "FILE", help_heading = VERDICT)]
    pub(super) journal: Option<PathBuf>,
    /// Say how each trial ended
    #[arg(short, long, help_heading = VERDICT)]
    pub(super) verbose: bool,
    /// Print trials as libtest does, instead of their progress
    #[arg(long, value_parser = ["pretty", "terse", "json"], help_heading = VERDICT, hide_short_help = true)]
    pub(super) format: Option<String>,
    /// When to use colour
    #[arg(long, value_parser = ["auto", "always", "never"], default_value = "auto", help_heading = VERDICT, hide_short_help = true)]
    pub(super) color: String,
}
