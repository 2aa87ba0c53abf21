//! What is printed. A reader that goes away (`| head`) or a full disk must not end a run half-way:
//! it goes on, takes away what it created and writes its reports, and prints no more. What could
//! not be printed for another reason than a gone reader is an error at the end.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, PoisonError};

use super::CliError;

/// Prints on standard output.
macro_rules! out {
    ($($told:tt)*) => { $crate::cli::output::put(&format_args!($($told)*)) };
}

/// Prints a line on standard output.
macro_rules! outln {
    () => { $crate::cli::output::put(&"\n") };
    ($($told:tt)*) => {
        $crate::cli::output::put(&format_args!("{}\n", format_args!($($told)*)))
    };
}

/// Prints on standard error.
macro_rules! err {
    ($($told:tt)*) => { $crate::cli::output::put_error(&format_args!($($told)*)) };
}

/// Prints a line on standard error.
macro_rules! errln {
    ($($told:tt)*) => {
        $crate::cli::output::put_error(&format_args!("{}\n", format_args!($($told)*)))
    };
}

/// Why standard output takes no more, once it does not.
static STOPPED: Mutex<Option<Stopped>> = Mutex::new(None);

#[derive(Debug)]
enum Stopped {
    /// Its reader has seen enough.
    Unread,
    /// It cannot be written.
    Failed(io::Error),
}

/// Prints on standard output, without colours where it is no terminal.
pub(super) fn put(text: &dyn Display) {
    write(|| {
        let mut output = anstream::stdout().lock();
        write!(output, "{text}")?;
        output.flush()
    });
}

/// Prints bytes on standard output as they are.
pub(super) fn put_bytes(bytes: &[u8]) {
    write(|| {
        let mut output = io::stdout().lock();
        output.write_all(bytes)?;
        output.flush()
    });
}

/// Prints on standard error; where that cannot be written, there is nobody left to tell.
pub(super) fn put_error(text: &dyn Display) {
    let mut output = anstream::stderr().lock();
    let _: Result<(), io::Error> = write!(output, "{text}");
}

/// Takes notice of what became of something that was printed by others.
pub(super) fn write(print: impl FnOnce() -> io::Result<()>) {
    let mut stopped = STOPPED.lock().unwrap_or_else(PoisonError::into_inner);
    if stopped.is_some() {
        return;
    }
    *stopped = match print() {
        Ok(()) => None,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Some(Stopped::Unread),
        Err(error) => Some(Stopped::Failed(error)),
    };
}

/// What went wrong with standard output.
pub(super) fn failure() -> Option<CliError> {
    let stopped = STOPPED.lock().unwrap_or_else(PoisonError::into_inner);
    match &*stopped {
        Some(Stopped::Failed(error)) => Some(
            CliError::usage(format!("cannot write to standard output: {error}"))
                .with_hint("what was printed is not whole; files that were asked for are"),
        ),
        Some(Stopped::Unread) | None => None,
    }
}

/// Whether standard output shows colours.
pub(super) fn is_coloured() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}
