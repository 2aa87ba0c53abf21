//! What libtest's printer writes, passed on to whoever prints: the printer itself panics where it
//! cannot write, and a reader that goes away (`| head`) must not end a run half-way.

use std::io;

/// What another writes into a file, passed on.
#[derive(Debug)]
pub(crate) struct Relay {
    #[cfg(unix)]
    end: io::PipeWriter,
    #[cfg(unix)]
    reader: std::thread::JoinHandle<()>,
}

impl Relay {
    /// Starts to pass on what is written into [`Relay::path`].
    #[cfg(unix)]
    pub(crate) fn start(mut pass_on: impl FnMut(&[u8]) + Send + 'static) -> io::Result<Self> {
        use std::io::Read;
        let (mut start, end) = io::pipe()?;
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 8192];
            // An error ends the printing, and nothing else.
            while let Ok(count @ 1..) = start.read(&mut bytes) {
                pass_on(bytes.get(..count).unwrap_or_default());
            }
        });
        Ok(Self { end, reader })
    }

    /// Where others have no such files, they print by themselves.
    #[cfg(not(unix))]
    pub(crate) fn start(_: impl FnMut(&[u8]) + Send + 'static) -> io::Result<Self> {
        Ok(Self {})
    }

    /// The file to write into.
    #[cfg(unix)]
    #[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
    pub(crate) fn path(&self) -> Option<String> {
        use std::os::fd::AsRawFd;
        Some(format!("/dev/fd/{}", self.end.as_raw_fd()))
    }

    /// The file to write into.
    #[cfg(not(unix))]
    pub(crate) fn path(&self) -> Option<String> {
        None
    }

    /// Passes on what is left.
    pub(crate) fn finish(self) {
        #[cfg(unix)]
        {
            drop(self.end);
            // A panic of the reader was said as it happened.
            let _ = self.reader.join();
        }
    }
}
