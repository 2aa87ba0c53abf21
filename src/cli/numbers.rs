//! Numbers as the command line takes them: times, rates, percentages.

use std::time::Duration;

use super::CliError;

/// The most time for one request if not told, in seconds.
pub(super) const TIMEOUT: f64 = 10.0;

/// The longest time that can be asked for: a day.
const LONGEST: Duration = Duration::from_hours(24);

/// A number of seconds above zero, and no more than a day.
pub(super) fn seconds(flag: &str, given: f64) -> Result<Duration, CliError> {
    Duration::try_from_secs_f64(given)
        .ok()
        .filter(|time| !time.is_zero() && *time <= LONGEST)
        .ok_or_else(|| {
            CliError::usage(format!(
                "`{flag} {given}` is not a number of seconds above zero, and no more than a day"
            ))
        })
}

/// A number of requests a second.
pub(super) fn parse_rate(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|rate| rate.is_finite() && *rate >= 0.001)
        .ok_or_else(|| "a number from 0.001: so many requests a second".to_owned())
}

/// A percentage, with or without its sign.
pub(super) fn parse_percent(text: &str) -> Result<f64, String> {
    text.trim_end_matches('%')
        .parse()
        .ok()
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| "a percentage is a number from 0 to 100".to_owned())
}
