//! Numbers as the command line takes them: times, rates, percentages.

use std::time::Duration;

use crate::harness::Shard;
use crate::session::variable;

/// The longest time that can be asked for: a day.
const LONGEST: Duration = Duration::from_hours(24);

/// A number of seconds above zero, and no more than a day.
pub(super) fn parse_seconds(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|given| {
            Duration::try_from_secs_f64(*given).is_ok_and(|time| !time.is_zero() && time <= LONGEST)
        })
        .ok_or_else(|| "a number of seconds above zero, and no more than a day".to_owned())
}

/// How many trials run at once.
pub(super) fn parse_threads(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|threads| *threads > 0)
        .ok_or_else(|| "a number from 1: at least one trial has to run at a time".to_owned())
}

/// A part of the trials, or the word for that of the CI job.
pub(super) fn parse_partition(text: &str) -> Result<Shard, String> {
    if text == "ci" {
        return Shard::of_job(variable);
    }
    text.parse()
}

/// A number of requests a second.
pub(super) fn parse_rate(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|rate| rate.is_finite() && *rate >= 0.001)
        .ok_or_else(|| "a number of requests a second, from 0.001".to_owned())
}

/// A percentage, with or without its sign.
pub(super) fn parse_percent(text: &str) -> Result<f64, String> {
    text.trim_end_matches('%')
        .parse()
        .ok()
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| "a percentage is a number from 0 to 100".to_owned())
}
