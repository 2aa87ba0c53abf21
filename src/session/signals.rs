//! Signals: Ctrl-C, SIGTERM and SIGHUP end a run in good order. A second one ends what it still
//! waits for, so that what is left behind is told at once; a third ends the program.

use std::sync::Arc;

use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::harness::{AbortHandle, AbortReason};

/// A switch that Ctrl-C, SIGTERM and SIGHUP throw.
pub(crate) fn interruptible(handle: &tokio::runtime::Handle) -> Result<Arc<AbortHandle>, Error> {
    let abort = Arc::new(AbortHandle::default());
    let thrown = Arc::clone(&abort);
    let _entered = handle.enter();
    let failed = |error: std::io::Error| Error::usage(format!("cannot start: {error}"));
    #[cfg(unix)]
    let (mut interruptions, mut terminations, mut hang_ups) = {
        use tokio::signal::unix::{SignalKind, signal};
        (
            signal(SignalKind::interrupt()).map_err(failed)?,
            signal(SignalKind::terminate()).map_err(failed)?,
            signal(SignalKind::hangup()).map_err(failed)?,
        )
    };
    handle.spawn(async move {
        for number in 1.. {
            #[cfg(unix)]
            tokio::select! {
                _ = interruptions.recv() => {}
                _ = terminations.recv() => {}
                _ = hang_ups.recv() => {}
            }
            #[cfg(not(unix))]
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            match number {
                1 => thrown.abort(AbortReason::Interrupted),
                2 => thrown.hurry(),
                _ => quit(),
            }
        }
    });
    Ok(abort)
}

/// Ends the program without waiting for anything.
#[expect(clippy::exit, reason = "a third interruption asks for just that")]
fn quit() -> ! {
    std::process::exit(i32::from(ExitCode::Interrupted.number()))
}
