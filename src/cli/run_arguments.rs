//! The arguments of `docproof run`, and their defaults.

use std::path::PathBuf;

use clap::Args;

use crate::contract::Level;
use crate::harness::{MAX_WRITES, Mode, Shard};
use crate::session::{CASES, TIMEOUT};

use super::numbers::{parse_partition, parse_percent, parse_rate, parse_seconds, parse_threads};
use super::settings::ConnectionArguments;

/// What `run` is told.
#[derive(Debug, Args)]
#[command(after_help = crate::exit_code::HELP)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(super) struct RunArguments {
    /// Run only trials whose name contains one of these; pages and OpenAPI documents among them,
    /// files and folders that end with `/`, are what is run, without a suite
    #[arg(value_name = "FILTER|FILE")]
    pub(super) filter: Vec<String>,
    /// The pages and documents among them
    #[arg(skip)]
    pub(super) sources: Vec<String>,
    /// What to connect to
    #[command(flatten)]
    pub(super) connection: ConnectionArguments,
    /// What may be sent; `read-only` where the endpoint is not on this machine, else `full`
    #[arg(long, value_enum, env = "DOCPROOF_MODE")]
    pub(super) mode: Option<Mode>,
    /// The lowest severity that fails the run
    #[arg(long, value_enum, default_value_t = Level::Should, env = "DOCPROOF_LEVEL")]
    pub(super) level: Level,
    /// How many requests each property trial draws
    #[arg(long, value_name = "N", default_value_t = CASES, value_parser = clap::value_parser!(u32).range(1..), env = "DOCPROOF_CASES")]
    pub(super) cases: u32,
    /// What generated requests are a function of: the same seed sends the same requests
    #[arg(long, value_name = "N", default_value_t = 0, env = "DOCPROOF_SEED")]
    pub(super) seed: u64,
    /// A finding for every answer that takes longer than this, in milliseconds
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..), env = "DOCPROOF_MAX_RESPONSE_TIME")]
    pub(super) max_response_time: Option<u64>,
    /// The most time for one request, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = TIMEOUT,
        value_parser = parse_seconds,
        env = "DOCPROOF_TIMEOUT"
    )]
    pub(super) timeout: f64,
    /// The most requests a second
    #[arg(long, value_name = "N", value_parser = parse_rate, env = "DOCPROOF_RATE")]
    pub(super) rate: Option<f64>,
    /// The most time for the run, in seconds; facts that no trial has tried come first
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds, env = "DOCPROOF_BUDGET")]
    pub(super) budget: Option<f64>,
    /// The most requests that could write, in the sandbox mode
    #[arg(long, value_name = "N", default_value_t = MAX_WRITES, env = "DOCPROOF_MAX_WRITES")]
    pub(super) max_writes: u64,
    /// Let the run change what it did not create: the resource that this key gives, or all that this
    /// operation or service changes
    #[arg(long, value_name = "KEY")]
    pub(super) allow_changes: Vec<String>,
    /// Write every exchange as it happens, one JSON value a line
    #[arg(long, value_name = "FILE")]
    pub(super) journal: Option<PathBuf>,
    /// Print what would be sent, and send nothing
    #[arg(long)]
    pub(super) plan: bool,
    /// Write a report, such as `json=FILE`
    #[arg(long, value_name = "KIND=FILE")]
    pub(super) report: Vec<String>,
    /// Fail if less than this percentage of testable facts was decided
    #[arg(long, value_name = "PERCENT", value_parser = parse_percent)]
    pub(super) min_coverage: Option<f64>,
    /// The file of known findings: they are still tested, reported separately, and do not fail the
    /// run
    #[arg(long, value_name = "FILE", alias = "deviations")]
    pub(super) known_findings: Option<PathBuf>,
    /// Hold the answers to a fixed set of requests against the reviewed snapshots of this folder
    #[arg(long, value_name = "DIR")]
    pub(super) snapshots: Option<PathBuf>,
    /// The suite's folder; if absent that of `docproof.toml`, else the bundled suite
    #[arg(long, value_name = "DIR")]
    pub(super) suite: Option<PathBuf>,
    /// Run only the K-th of N parts of the trials, or `ci` for the part of this CI job;
    /// `docproof merge` puts the reports together
    #[arg(long, value_name = "K/N", value_parser = parse_partition, env = "DOCPROOF_PARTITION")]
    pub(super) partition: Option<Shard>,
    /// How many trials run at once
    #[arg(
        short = 'j',
        long = "test-threads",
        value_name = "N",
        value_parser = parse_threads,
        env = "DOCPROOF_JOBS"
    )]
    pub(super) threads: Option<usize>,
    /// List the trials and run none
    #[arg(long)]
    pub(super) list: bool,
    /// A filter is a trial's whole name
    #[arg(long)]
    pub(super) exact: bool,
    /// Leave out trials whose name contains this
    #[arg(long, value_name = "FILTER")]
    pub(super) skip: Vec<String>,
    /// Run only ignored trials (there are none: a trial that cannot be run says why)
    #[arg(long)]
    pub(super) ignored: bool,
    /// Run ignored trials too
    #[arg(long)]
    pub(super) include_ignored: bool,
    /// Say how each trial ended
    #[arg(short, long)]
    pub(super) verbose: bool,
    /// Print trials as libtest does, instead of their progress
    #[arg(long, value_parser = ["pretty", "terse", "json"])]
    pub(super) format: Option<String>,
    /// When to use colour
    #[arg(long, value_parser = ["auto", "always", "never"], default_value = "auto")]
    pub(super) color: String,
}
