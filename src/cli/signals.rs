//! Signals: Ctrl-C and SIGTERM end a run in good order, and a second one at once.

use std::sync::Arc;

use crate::exit_code::ExitCode;
use crate::harness::{AbortHandle, AbortReason};

use super::CliError;

/// A switch that Ctrl-C and SIGTERM throw. The second signal ends the program at once.
pub(super) fn interruptible(handle: &tokio::runtime::Handle) -> Result<Arc<AbortHandle>, CliError> {
    let abort = Arc::new(AbortHandle::default());
    let thrown = Arc::clone(&abort);
    let _entered = handle.enter();
    let failed = |error: std::io::Error| CliError::usage(format!("cannot start: {error}"));
    #[cfg(unix)]
    let mut terminations =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            .map_err(failed)?;
    #[cfg(unix)]
    let mut interruptions =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())
            .map_err(failed)?;
    handle.spawn(async move {
        let mut seen = false;
        loop {
            #[cfg(unix)]
            tokio::select! {
                _ = interruptions.recv() => {}
                _ = terminations.recv() => {}
            }
            #[cfg(not(unix))]
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            if seen {
                quit();
            }
            seen = true;
            thrown.abort(AbortReason::Interrupted);
        }
    });
    Ok(abort)
}

/// Ends the program without waiting for anything.
#[expect(clippy::exit, reason = "a second interruption asks for just that")]
fn quit() -> ! {
    std::process::exit(i32::from(ExitCode::Interrupted.number()))
}
