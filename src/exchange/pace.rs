//! Pace: so many requests a second and no more, and patience where the endpoint asks for it (429,
//! 503 with `Retry-After`), within a bound.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::answer::Answer;

/// How often one request is sent again because the endpoint asked for patience.
pub(super) const PATIENCE: u32 = 6;

/// The longest that one `Retry-After` is waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The longest that a run waits because it was asked to, but for what it has earned since.
const LONGEST_PATIENCE: Duration = Duration::from_secs(45);

/// What each request earns of it again: a run of millions meets more short waits than a short one.
const EARNED: Duration = Duration::from_millis(1);

/// The first wait after a 429 that does not say how long; each further one is twice as long.
const FIRST_BACK_OFF: Duration = Duration::from_millis(100);

/// When the next request may go.
#[derive(Debug)]
pub(super) struct Pace {
    interval: Option<Duration>,
    state: Mutex<State>,
}

/// What a request waits for.
enum Wait {
    /// Nothing.
    None,
    /// Its own turn, which is its own then.
    Turn(Duration),
    /// The end of a pause that the endpoint asked for; then it is looked again.
    Pause(Duration),
}

#[derive(Debug)]
struct State {
    /// No request goes before this.
    next: Instant,
    /// All requests wait until this: the endpoint asked for it.
    paused: Instant,
    /// How much waiting is left.
    patience: Duration,
}

impl Pace {
    /// A pace of at most `rate` requests a second, or none.
    pub(super) fn new(rate: Option<f64>) -> Self {
        let now = Instant::now();
        Self {
            interval: rate
                .filter(|rate| *rate > 0.0)
                .and_then(|rate| Duration::try_from_secs_f64(1.0 / rate).ok()),
            state: Mutex::new(State {
                next: now,
                paused: now,
                patience: LONGEST_PATIENCE,
            }),
        }
    }

    /// Waits for this request's turn.
    pub(super) async fn turn(&self) {
        loop {
            match self.wait() {
                Wait::None => return,
                Wait::Turn(wait) => return tokio::time::sleep(wait).await,
                Wait::Pause(wait) => tokio::time::sleep(wait).await,
            }
        }
    }

    /// How long to wait, and for what. A turn is taken when it is told.
    fn wait(&self) -> Wait {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if state.paused > now {
            return Wait::Pause(state.paused.duration_since(now));
        }
        state.patience = LONGEST_PATIENCE.min(state.patience + EARNED);
        let Some(interval) = self.interval else {
            return Wait::None;
        };
        let mine = state.next.max(now);
        state.next = mine + interval;
        Wait::Turn(mine.duration_since(now))
    }

    /// Has everybody wait, where an answer asks for it and there is patience left; whether the
    /// request may be sent again. `attempt` counts from 1.
    pub(super) fn asked(&self, answer: &Answer, attempt: u32) -> bool {
        let Some(wait) = asks_for(answer, attempt) else {
            return false;
        };
        if attempt > PATIENCE || wait > LONGEST_WAIT {
            return false;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let until = now + wait;
        let start = state.paused.max(now);
        let more = until.saturating_duration_since(start);
        if more > state.patience {
            return false;
        }
        state.patience = state.patience.saturating_sub(more);
        state.paused = state.paused.max(until);
        true
    }
}

/// Whether an answer says nothing but "later": 429, or 503 with `Retry-After`.
pub fn asks_for_patience(answer: &Answer) -> bool {
    asks_for(answer, 1).is_some()
}

/// How long an answer asks to wait: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); for a
/// 429 without one, a back-off.
fn asks_for(answer: &Answer, attempt: u32) -> Option<Duration> {
    let stated = answer.header("retry-after").map(str::trim);
    let wait = match (answer.status, stated) {
        (429 | 503, Some(text)) => text
            .parse::<u64>()
            .map(Duration::from_secs)
            .ok()
            .or_else(|| until(text))
            .or_else(|| (answer.status == 429).then(|| back_off(attempt)))?,
        (429, None) => back_off(attempt),
        _ => return None,
    };
    Some(wait.max(Duration::from_millis(50)))
}

fn back_off(attempt: u32) -> Duration {
    FIRST_BACK_OFF.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1).min(6)))
}

/// The time until an HTTP date.
fn until(text: &str) -> Option<Duration> {
    let date = jiff::fmt::rfc2822::DateTimeParser::new()
        .relaxed_weekday(true)
        .parse_timestamp(text)
        .ok()?;
    let span = date.duration_since(jiff::Timestamp::now());
    Some(Duration::try_from(span).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn answer(status: u16, retry_after: Option<&str>) -> Answer {
        Answer {
            status,
            headers: retry_after
                .map(|value| ("retry-after".to_owned(), value.to_owned()))
                .into_iter()
                .collect(),
            body: Vec::new().into(),
            refuses: false,
        }
    }

    #[rstest]
    #[case(429, Some("2"), 1, Some(2_000))]
    #[case(429, Some("0"), 1, Some(50))]
    #[case(503, Some("1"), 1, Some(1_000))]
    #[case(429, None, 1, Some(100))]
    #[case(429, None, 3, Some(400))]
    #[case(429, Some("soon"), 1, Some(100))]
    #[case(429, Some("Thu, 01 Jan 1970 00:00:00 GMT"), 1, Some(50))]
    #[case(503, None, 1, None)]
    #[case(503, Some("soon"), 1, None)]
    #[case(200, Some("2"), 1, None)]
    fn waits_are_read_from_the_answer(
        #[case] status: u16,
        #[case] retry_after: Option<&str>,
        #[case] attempt: u32,
        #[case] expected: Option<u64>,
    ) {
        assert_eq!(
            asks_for(&answer(status, retry_after), attempt),
            expected.map(Duration::from_millis)
        );
    }

    #[test]
    fn patience_has_an_end() {
        let pace = Pace::new(None);
        let asked = (0..100)
            .filter(|_| pace.asked(&answer(429, Some("30")), 1))
            .count();
        assert!(asked > 0, "a wait within the bound is granted");
        // Waits that overlap are one wait: all of them end at the same time.
        let apart = Pace::new(None);
        assert!(!apart.asked(&answer(429, Some("31")), 1));
        assert!(!apart.asked(&answer(429, Some("1")), PATIENCE + 1));
    }

    #[tokio::test]
    async fn requests_earn_patience_again() {
        let pace = Pace::new(None);
        let long = answer(503, Some("30"));
        assert!(pace.asked(&long, 1));
        // The pause is over, and has taken two thirds of what there was.
        let over = || pace.state.lock().unwrap().paused = Instant::now();
        over();
        assert!(!pace.asked(&long, 1));
        for _ in 0..20_000 {
            pace.turn().await;
        }
        assert!(pace.asked(&long, 1));
    }

    #[tokio::test]
    async fn requests_keep_their_distance() {
        let pace = Pace::new(Some(200.0));
        let started = Instant::now();
        for _ in 0..5 {
            pace.turn().await;
        }
        assert!(started.elapsed() >= Duration::from_millis(20));
    }
}
