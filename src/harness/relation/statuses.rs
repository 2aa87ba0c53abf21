//! The statuses of a new item: they only move forward, end where they may end, and the progress
//! fits them.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::check::Breach;

use super::creation::{Creation, find, make, wait_for};
use super::{Law, Outcome};

/// How long the statuses of a new item are watched.
const WATCHED: Duration = Duration::from_secs(3);

/// How often a status that is final is looked at again, and the pause before each look.
const FINAL_LOOKS: u32 = 5;
const FINAL_PAUSE: Duration = Duration::from_millis(30);

/// The pause between two looks at a status that is not final yet.
const PAUSE: Duration = Duration::from_millis(5);

/// What is watched.
struct Watch<'w> {
    order: &'w [Vec<String>],
    /// The step and the name of the last status.
    last: Option<(usize, String)>,
    /// The last progress, in percent.
    percent: Option<f64>,
}

/// Watches a new item: `pointer` leads to its status, `progress` to its progress in percent,
/// `order` has the statuses in the order they are passed through, the last of it what becomes of an
/// item long after.
pub(super) async fn hold(
    law: &Law<'_>,
    creation: &Creation<'_>,
    pointer: &str,
    order: &[Vec<String>],
    progress: Option<&str>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let Some((id, _)) = make(law, creation, &law.baseline, &mut outcome).await else {
        return outcome;
    };
    let Some((mut item, mut page)) = wait_for(law, creation, &id, &mut outcome).await else {
        return outcome;
    };
    let mut watch = Watch {
        order,
        last: None,
        percent: None,
    };
    let started = Instant::now();
    let mut looks = 0;
    loop {
        let status = item
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default();
        let percent = progress
            .and_then(|progress| item.pointer(progress))
            .and_then(Value::as_str)
            .and_then(|text| text.trim_end_matches('%').parse::<f64>().ok());
        match watch.look(status, percent) {
            Look::Unknown => return outcome,
            Look::Broken(breach, message) => {
                law.broken(&mut outcome, &page.exchange, breach, message);
                return outcome;
            }
            Look::Moving if started.elapsed() > WATCHED => return outcome,
            Look::Moving => tokio::time::sleep(PAUSE).await,
            Look::Final if looks >= FINAL_LOOKS => return outcome,
            Look::Final => {
                looks += 1;
                tokio::time::sleep(FINAL_PAUSE).await;
            }
        }
        let Some(next) = find(law, creation, &id, &mut outcome).await else {
            if outcome.is_open() {
                law.broken(
                    &mut outcome,
                    &page.exchange,
                    Breach::Gone,
                    format!("`{id}` was in the list and is gone"),
                );
            }
            return outcome;
        };
        (item, page) = next;
    }
}

/// What one look at an item shows.
#[derive(Debug, PartialEq)]
enum Look {
    /// A status that no step has: the enum's own trial says so.
    Unknown,
    /// The law is broken.
    Broken(Breach, String),
    /// More is to come.
    Moving,
    /// The status is final.
    Final,
}

impl Watch<'_> {
    fn look(&mut self, status: &str, percent: Option<f64>) -> Look {
        let Some(now) = self
            .order
            .iter()
            .position(|step| step.iter().any(|known| known == status))
        else {
            return Look::Unknown;
        };
        // The step before the last is where work ends, the last is what becomes of an item long
        // after.
        let end = self.order.len().saturating_sub(2);
        match &self.last {
            Some((before, name)) if now < *before || (now == *before && name != status) => {
                return Look::Broken(
                    Breach::StatusWentBack,
                    format!("the status went from `{name}` to `{status}`"),
                );
            }
            None if now > end => {
                return Look::Broken(
                    Breach::StatusOfAnOldItem,
                    format!("a new item has the status `{status}`"),
                );
            }
            _ => {}
        }
        if let Some(percent) = percent {
            let is_finished = status.starts_with("succe");
            let fits = (0.0..=100.0).contains(&percent)
                && (!is_finished || percent >= 100.0)
                && (now > 0 || percent < 100.0);
            if !fits {
                return Look::Broken(
                    Breach::ProgressDoesNotFit,
                    format!("the progress is {percent} while the status is `{status}`"),
                );
            }
            let is_same_step = self.last.as_ref().is_some_and(|(before, _)| *before == now);
            if let Some(before) = self
                .percent
                .filter(|before| is_same_step && percent < *before)
            {
                return Look::Broken(
                    Breach::ProgressWentBack,
                    format!("the progress went from {before} to {percent}"),
                );
            }
            self.percent = Some(percent);
        }
        self.last = Some((now, status.to_owned()));
        if now >= end {
            Look::Final
        } else {
            Look::Moving
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::forward(&[("waiting", 0.0), ("backuping", 10.0), ("succeed", 100.0)], false)]
    #[case::a_step_left_out(&[("waiting", 0.0), ("failed", 40.0)], false)]
    #[case::later(&[("succeed", 100.0), ("expired", 100.0)], false)]
    #[case::back(&[("succeed", 100.0), ("backuping", 50.0)], true)]
    #[case::from_failed_to_succeed(&[("failed", 50.0), ("succeed", 100.0)], true)]
    #[case::expired_when_new(&[("expired", 100.0)], true)]
    #[case::done_while_waiting(&[("waiting", 100.0)], true)]
    #[case::succeed_without_progress(&[("succeed", 99.0)], true)]
    #[case::progress_goes_down(&[("backuping", 60.0), ("backuping", 40.0)], true)]
    #[case::progress_starts_anew_with_the_step(&[("waiting", 50.0), ("backuping", 1.0)], false)]
    fn statuses_move_forward(#[case] seen: &[(&str, f64)], #[case] is_broken: bool) {
        let order: Vec<Vec<String>> = [
            vec!["waiting"],
            vec!["backuping"],
            vec!["succeed", "failed"],
            vec!["expired", "deleted"],
        ]
        .into_iter()
        .map(|step| step.into_iter().map(str::to_owned).collect())
        .collect();
        let mut watch = Watch {
            order: &order,
            last: None,
            percent: None,
        };
        let broken = seen.iter().any(|(status, percent)| {
            matches!(watch.look(status, Some(*percent)), Look::Broken(..))
        });
        assert_eq!(broken, is_broken);
    }
}
