//! How long answers took: a histogram of fixed size, whatever the number of requests.

use std::time::Duration;

use hdrhistogram::Histogram;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest time that is told from a longer one, in microseconds: ten minutes.
const LONGEST: u64 = 600_000_000;

/// The upper end of the first bucket of a report, in microseconds, and by how much each next one is
/// wider.
const FIRST_BUCKET: u64 = 50;
const GROWTH: f64 = 1.5;

/// The times of one operation's answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Latency {
    /// `service::Operation`.
    pub operation: String,
    /// How many answers.
    pub count: u64,
    /// Half of them took at most this long, in microseconds.
    pub p50_us: u64,
    /// Nine of ten.
    pub p90_us: u64,
    /// Ninety-nine of a hundred.
    pub p99_us: u64,
    /// The longest.
    pub max_us: u64,
    /// The distribution.
    pub buckets: Vec<Bucket>,
}

/// A stretch of the distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Bucket {
    /// The longest time in the bucket, in microseconds.
    pub to_us: u64,
    /// How many answers it holds.
    pub count: u64,
}

/// Collects times.
#[derive(Debug)]
pub(super) struct Times(Option<Histogram<u64>>);

impl Times {
    /// No times yet.
    pub(super) fn new() -> Self {
        // Two digits are enough for a report, and the bounds are constant: there is always a
        // histogram.
        Self(Histogram::new_with_bounds(1, LONGEST, 2).ok())
    }

    /// Adds a time.
    pub(super) fn add(&mut self, elapsed: Duration) {
        if let Some(times) = &mut self.0 {
            let elapsed = u64::try_from(elapsed.as_micros()).unwrap_or(LONGEST);
            times.saturating_record(elapsed.max(1));
        }
    }

    /// The distribution; nothing where there are no times.
    pub(super) fn of(&self, operation: &str) -> Option<Latency> {
        let times = self.0.as_ref().filter(|times| !times.is_empty())?;
        let mut buckets: Vec<Bucket> = Vec::new();
        for step in times.iter_log(FIRST_BUCKET, GROWTH) {
            let bucket = Bucket {
                to_us: step.value_iterated_to(),
                count: step.count_since_last_iteration(),
            };
            if bucket.count > 0 || !buckets.is_empty() {
                buckets.push(bucket);
            }
        }
        Some(Latency {
            operation: operation.to_owned(),
            count: times.len(),
            p50_us: times.value_at_quantile(0.5),
            p90_us: times.value_at_quantile(0.9),
            p99_us: times.value_at_quantile(0.99),
            max_us: times.max(),
            buckets,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_stands_in_one_bucket() {
        let mut times = Times::new();
        for ms in [1, 1, 2, 400, 900_000] {
            times.add(Duration::from_millis(ms));
        }
        let latency = times.of("x::Y").unwrap();
        assert_eq!(latency.count, 5);
        assert_eq!(
            latency
                .buckets
                .iter()
                .map(|bucket| bucket.count)
                .sum::<u64>(),
            5
        );
        assert!((1_900..2_100).contains(&latency.p50_us), "{latency:?}");
        assert_eq!(Times::new().of("x::Y"), None);
    }
}
