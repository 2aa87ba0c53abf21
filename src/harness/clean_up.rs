//! What a run created is removed again at its end, the last first. What stays behind is in the
//! report.

use std::time::Duration;

use crate::generate::{Case, Expectation};

use super::abort::AbortReason;
use super::basis::Values;
use super::created::Leftover;
use super::sender::Sender;

/// How long a removal that is refused waits before it is tried again: what is still being made can
/// often not be removed yet.
const WAITS: [u64; 5] = [100, 300, 600, 1_200, 2_400];

/// The longest that all removals may take.
const LONGEST: Duration = Duration::from_mins(1);

/// The longest that they may take when somebody wants the program to end.
const LONGEST_INTERRUPTED: Duration = Duration::from_secs(5);

/// Removes what can be removed, the last first: what was made later may hang on what was made
/// earlier.
pub(super) async fn clean_up(sender: &Sender) {
    let longest = match sender.abort.reason() {
        // An endpoint that was lost may be there again; nobody waits long for that.
        Some(
            AbortReason::Interrupted
            | AbortReason::Gone { .. }
            | AbortReason::Silent { .. }
            | AbortReason::Refused { .. }
            | AbortReason::Credential { .. },
        ) => LONGEST_INTERRUPTED,
        Some(
            AbortReason::Budget { .. }
            | AbortReason::Enough { .. }
            | AbortReason::Throttled { .. }
            | AbortReason::Slow { .. },
        )
        | None => LONGEST,
    };
    // Whatever takes longer is left behind, and the report says so.
    tokio::select! {
        _ = tokio::time::timeout(longest, remove_all(sender)) => {}
        () = sender.abort.hurried() => {}
    }
}

/// Removes everything once, then what was refused once more, and so on.
async fn remove_all(sender: &Sender) {
    let mut left = sender.take_leftovers();
    for wait in [0].into_iter().chain(WAITS) {
        if left.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let mut refused = Vec::new();
        for leftover in left.into_iter().rev() {
            if sender.count_writes(1).is_err() {
                return;
            }
            match remove(sender, &leftover).await {
                Some(status) if is_removed(&leftover, status) => sender.note_removed(&leftover),
                // A conflict passes; what else is refused stays so.
                Some(400 | 404 | 409 | 410 | 423 | 425) => refused.push(leftover),
                Some(_) | None => {}
            }
        }
        refused.reverse();
        left = refused;
    }
}

/// Removes what a trial made, the last first. What is refused now is tried again at the end of the
/// run; so is everything once the run is to end.
pub(super) async fn remove_scope(sender: &Sender, scope: u64) {
    let left = sender.take_leftovers_of(scope);
    for leftover in left.into_iter().rev() {
        // What was only promised may not be there yet: it is looked after at the end of the run.
        let is_over = leftover.is_promised
            || sender.abort.reason().is_some()
            || sender.count_writes(1).is_err();
        let status = if is_over {
            None
        } else {
            remove(sender, &leftover).await
        };
        match status {
            Some(status) if is_removed(&leftover, status) => sender.note_removed(&leftover),
            Some(_) | None => sender.put_back(leftover),
        }
    }
}

/// Whether the answer to a removal says that nothing is left: what is not there any more needs no
/// removal, what is not there yet does.
fn is_removed(leftover: &Leftover, status: u16) -> bool {
    match status {
        200..300 => true,
        404 | 410 => !leftover.is_promised,
        _ => false,
    }
}

/// Asks for the removal of one thing; gives the answer's status.
async fn remove(sender: &Sender, leftover: &Leftover) -> Option<u16> {
    let operation = sender.suite.operations.get(leftover.delete)?;
    let resting = sender
        .with_basis(operation, &leftover.request, &Values::Meant)
        .await;
    let case = Case {
        label: "what the run created is removed".to_owned(),
        request: resting.unwrap_or_else(|| leftover.request.clone()),
        expectation: Expectation::Success,
    };
    let exchange = sender.send_anyway(operation, &case).await;
    exchange.outcome.ok().map(|answer| answer.status)
}
