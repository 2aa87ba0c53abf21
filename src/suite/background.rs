//! A run beside the thread that asks for it: the runtime of a run must neither start nor end inside
//! another.

use std::any::Any;
use std::sync::Arc;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::oneshot;

use crate::error::Error;
use crate::harness::{AbortHandle, AbortReason};

use super::report::Report;

/// What to do where the server may wait for the thread that waits for the run.
const HELD: &str = "`run` holds the one thread of this runtime: if the server is in it, call `run_async().await`, or write `#[tokio::test(flavor = \"multi_thread\")]`";

/// Runs on a thread of its own, and waits for it.
pub(super) fn wait(run: impl FnOnce(Arc<AbortHandle>) -> Report + Send + 'static) -> Report {
    let around = Handle::try_current().map(|handle| handle.runtime_flavor());
    let ran = std::thread::spawn(move || run(Arc::default()));
    match around {
        Ok(RuntimeFlavor::CurrentThread) => {
            let report = finish(ran.join());
            if report.is_unreachable() {
                report.with_hint(HELD)
            } else {
                report
            }
        }
        // The other threads of the runtime take what this one would have done.
        Ok(_) => finish(tokio::task::block_in_place(|| ran.join())),
        Err(_) => finish(ran.join()),
    }
}

/// Runs on a thread of its own; the future ends with it.
pub(super) async fn follow(
    run: impl FnOnce(Arc<AbortHandle>) -> Report + Send + 'static,
) -> Report {
    let (done, ended) = oneshot::channel();
    let dropped = EndsWhenDropped(Arc::default());
    let abort = Arc::clone(&dropped.0);
    let ran = std::thread::spawn(move || {
        // Nobody waits any more where this cannot be told.
        let _ = done.send(run(abort));
    });
    match ended.await {
        Ok(report) => report,
        // The thread ended without a report: it panicked.
        Err(_) => match ran.join() {
            Ok(()) => Report::failed(Error::usage("the run ended without a report")),
            Err(panic) => std::panic::resume_unwind(panic),
        },
    }
}

/// The report of a thread; a panic goes on in the thread that waits.
fn finish(ended: Result<Report, Box<dyn Any + Send>>) -> Report {
    ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Ends a run that nobody waits for any more.
struct EndsWhenDropped(Arc<AbortHandle>);

impl Drop for EndsWhenDropped {
    fn drop(&mut self) {
        self.0.abort(AbortReason::Interrupted);
    }
}
