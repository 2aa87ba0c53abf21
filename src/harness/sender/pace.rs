//! How many requests to one operation are on their way at once. Many an operation answers one after
//! another: of sixteen requests that take a second each, the last would not be answered in time, for
//! no other reason than the fifteen before it.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

/// The turns of all operations of a run.
#[derive(Debug)]
pub(super) struct Pace {
    /// How long the requests that are on their way may take, one after another.
    longest: Duration,
    lanes: Vec<Lane>,
    left: Notify,
}

/// The requests of one operation.
#[derive(Debug, Default)]
struct Lane {
    /// How many are on their way.
    out: AtomicUsize,
    /// The longest time that one took for itself, in microseconds; zero where nothing came of any
    /// yet. Those that take less make it less by and by.
    longest: AtomicU64,
}

/// The turn of a request; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Turn<'p> {
    lane: &'p Lane,
    left: &'p Notify,
    /// How many were on their way, this one among them.
    out: usize,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.lane.out.fetch_sub(1, Ordering::AcqRel);
        self.left.notify_waiters();
    }
}

impl Pace {
    /// The pace of so many operations of an endpoint whose answers are waited for so long.
    pub(super) fn new(operations: usize, timeout: Duration) -> Self {
        Self {
            longest: timeout / 2,
            lanes: (0..operations).map(|_| Lane::default()).collect(),
            left: Notify::new(),
        }
    }

    /// Waits for the turn of a request to an operation, by its index in the suite.
    pub(super) async fn turn(&self, index: usize) -> Option<Turn<'_>> {
        let lane = self.lanes.get(index)?;
        let left = &self.left;
        let enter = || {
            let out = lane.enter(self.longest)?;
            Some(Turn { lane, left, out })
        };
        loop {
            if let Some(turn) = enter() {
                return Some(turn);
            }
            let mut leaves = std::pin::pin!(left.notified());
            // Whoever leaves from now on is heard of.
            leaves.as_mut().enable();
            if let Some(turn) = enter() {
                return Some(turn);
            }
            leaves.await;
        }
    }
}

impl Turn<'_> {
    /// Takes note of how long the answer took; none where there was none, of which others need not
    /// wait for each other to find out the same.
    pub(super) fn note(&self, elapsed: Option<Duration>) {
        self.lane.note(self.out, elapsed);
    }
}

impl Lane {
    /// Counts one more request, where those that are on their way leave it the time; gives how many
    /// there are then.
    fn enter(&self, longest: Duration) -> Option<usize> {
        let most = match self.longest.load(Ordering::Relaxed) {
            // The first one tells how long the others take.
            0 => 1,
            own => {
                let longest = u64::try_from(longest.as_micros()).unwrap_or(u64::MAX);
                usize::try_from(longest / own).unwrap_or(usize::MAX).max(1)
            }
        };
        let one_more = |out: usize| (out < most).then_some(out + 1);
        self.out
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more)
            .map(|before| before + 1)
            .ok()
    }

    /// Takes note of how long an answer took with so many requests on their way.
    fn note(&self, out: usize, elapsed: Option<Duration>) {
        let known = self.longest.load(Ordering::Relaxed);
        let own = elapsed.map(|elapsed| {
            let all = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
            all / u64::try_from(out).unwrap_or(u64::MAX).max(1)
        });
        // What comes at the same time may be lost: the next answer says it again.
        let now = own.map_or(known, |own| own.max(known - known / 16));
        self.longest.store(now.max(1), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nobody_knows(&[], 1)]
    #[case::quick(&[(1, Some(2))], 16)]
    #[case::slow(&[(1, Some(1_200))], 4)]
    #[case::one_after_another(&[(1, Some(1_200)), (4, Some(4_800))], 4)]
    #[case::side_by_side(&[(8, Some(1_200))], 16)]
    #[case::too_slow(&[(1, Some(9_000))], 1)]
    #[case::silent(&[(1, None)], 16)]
    #[case::silent_later(&[(1, Some(1_200)), (1, None)], 4)]
    #[case::a_quick_refusal(&[(1, Some(1_200)), (1, Some(1))], 4)]
    fn as_many_are_out_as_may_wait_for_each_other(
        #[case] took: &[(usize, Option<u64>)],
        #[case] count: usize,
    ) {
        let lane = Lane::default();
        for (out, took) in took {
            lane.note(*out, took.map(Duration::from_millis));
        }
        let longest = Duration::from_secs(5);
        let entered = (0..16).filter(|_| lane.enter(longest).is_some()).count();
        assert_eq!(entered, count);
    }

    #[tokio::test]
    async fn who_waits_is_let_in_when_another_leaves() {
        let pace = Pace::new(1, Duration::from_secs(10));
        pace.lanes[0].note(1, Some(Duration::from_secs(9)));
        let first = pace.turn(0).await;
        let late = tokio::time::timeout(Duration::from_millis(5), pace.turn(0)).await;
        assert!(late.is_err());
        let (second, ()) = tokio::join!(pace.turn(0), async { drop(first) });
        assert!(second.is_some());
    }
}
