//! Tokens from a command: a program with its arguments, started without a shell, bounded in time
//! and output. What it prints is a token, or a JSON object with `token` and, where it is known,
//! `expires_at` (RFC 3339) or `expires_in` (seconds). No error repeats what it printed.

use std::fmt;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// The longest that a command may take.
const LONGEST: Duration = Duration::from_secs(30);

/// The most bytes that a command may print.
const MOST: u64 = 64 * 1024;

/// How often it is looked whether a command has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// A token is renewed when this much of its life is left, or a tenth of it where that is less.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// A command that prints a token.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenCommand {
    /// The program: a name that is looked for in `PATH`, or a path.
    pub program: PathBuf,
    /// Its arguments, as they are.
    pub arguments: Vec<String>,
    /// The folder that it runs in; that of the program itself if absent.
    pub folder: Option<PathBuf>,
}

impl fmt::Debug for TokenCommand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Arguments may hold what is secret.
        write!(formatter, "TokenCommand({})", self.program.display())
    }
}

/// A token as a command printed it.
#[derive(Clone, PartialEq, Eq)]
pub struct FreshToken {
    /// The token.
    pub text: String,
    /// When it has to be renewed, where its expiry is known.
    pub renew: Option<Timestamp>,
}

impl fmt::Debug for FreshToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "FreshToken(renew: {:?})", self.renew)
    }
}

/// Why a command gave no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenCommandError {
    /// It cannot be started.
    #[error("the token command `{program}` cannot be started: {source}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: std::io::Error,
    },
    /// It did not end in time.
    #[error("the token command `{0}` did not end within {LONGEST:?}")]
    Slow(String),
    /// It ended with an error.
    #[error("the token command `{0}` failed ({1})")]
    Failed(String, std::process::ExitStatus),
    /// It printed more than any token.
    #[error("the token command `{0}` printed more than {MOST} bytes")]
    Long(String),
    /// What it printed is no token.
    #[error("the token command `{0}` printed {1}")]
    Unusable(String, String),
}

impl TokenCommand {
    /// Runs the command and reads the token that it prints.
    pub fn run(&self) -> Result<FreshToken, TokenCommandError> {
        self.run_within(LONGEST)
    }

    fn run_within(&self, longest: Duration) -> Result<FreshToken, TokenCommandError> {
        let name = self.program.display().to_string();
        let start = |source| TokenCommandError::Start {
            program: name.clone(),
            source,
        };
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // What a failing command says may hold what is secret: its own terminal is the place to
            // read it.
            .stderr(Stdio::null());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        let mut child = command.spawn().map_err(start)?;
        let (sender, receiver) = mpsc::channel();
        if let Some(output) = child.stdout.take() {
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                let outcome = output.take(MOST + 1).read_to_end(&mut bytes);
                // Nobody listens any more where the time was up.
                let _ = sender.send(outcome.map(|_| bytes));
            });
        }
        let started = Instant::now();
        let status = loop {
            match child.try_wait().map_err(start)? {
                Some(status) => break status,
                None if started.elapsed() >= longest => {
                    // It may have ended just now; either way it is waited for, so that nothing is
                    // left of it.
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(TokenCommandError::Slow(name));
                }
                None => std::thread::sleep(PAUSE),
            }
        };
        // A child of the command may hold the pipe open for longer than the command lives.
        let left = longest.saturating_sub(started.elapsed()).max(PAUSE);
        let bytes = receiver
            .recv_timeout(left)
            .map_err(|_| TokenCommandError::Slow(name.clone()))?
            .map_err(start)?;
        if bytes.len() as u64 > MOST {
            return Err(TokenCommandError::Long(name));
        }
        if !status.success() {
            return Err(TokenCommandError::Failed(name, status));
        }
        read(&bytes, Timestamp::now()).map_err(|what| TokenCommandError::Unusable(name, what))
    }
}

/// What a command may print instead of a plain token.
#[derive(Deserialize)]
struct Printed {
    #[serde(alias = "access_token")]
    token: String,
    expires_at: Option<String>,
    expires_in: Option<f64>,
}

/// Reads what a command printed; the error says what it is instead of a token.
fn read(bytes: &[u8], now: Timestamp) -> Result<FreshToken, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| "bytes that are no text".to_owned())?
        .trim();
    let (token, expires) = if text.starts_with('{') {
        let printed: Printed = serde_json::from_str(text).map_err(|_| {
            "JSON that is not {\"token\": \"...\", \"expires_at\": \"...\"}".to_owned()
        })?;
        let expires = match (&printed.expires_at, printed.expires_in) {
            (Some(moment), _) => Some(
                moment
                    .parse::<Timestamp>()
                    .map_err(|_| "an `expires_at` that is no RFC 3339 time".to_owned())?,
            ),
            (None, Some(seconds)) => Some(
                SignedDuration::try_from_secs_f64(seconds)
                    .ok()
                    .and_then(|life| now.checked_add(life).ok())
                    .ok_or_else(|| "an `expires_in` that is no number of seconds".to_owned())?,
            ),
            (None, None) => None,
        };
        (printed.token, expires)
    } else {
        (text.to_owned(), None)
    };
    if token.is_empty() {
        return Err("no token".to_owned());
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("more than a token: there are spaces, several lines, or characters that no header takes".to_owned());
    }
    let renew = match expires {
        Some(expires) if expires <= now => return Err("a token that has expired".to_owned()),
        Some(expires) => Some(renewal(now, now.duration_until(expires))),
        None => None,
    };
    Ok(FreshToken { text: token, renew })
}

/// When a token has to be renewed that lives so long from now on.
pub(super) fn renewal(now: Timestamp, life: SignedDuration) -> Timestamp {
    let left = life - MARGIN.min(life / 10);
    now.checked_add(left).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const NOW: &str = "2026-01-02T03:00:00Z";

    #[rstest]
    #[case::plain("abc.def-1==\n", "abc.def-1==", None)]
    #[case::json(r#"{"token":"abc"}"#, "abc", None)]
    #[case::more_keys(r#"{"token":"abc","user":{"id":1}}"#, "abc", None)]
    #[case::moment(
        r#"{"token":"abc","expires_at":"2026-01-03T03:00:00Z"}"#,
        "abc",
        Some("2026-01-03T02:59:00Z")
    )]
    #[case::seconds(
        r#"{"token":"abc","expires_in":100}"#,
        "abc",
        Some("2026-01-02T03:01:30Z")
    )]
    fn tokens_are_read_plain_or_as_json(
        #[case] printed: &str,
        #[case] token: &str,
        #[case] renew: Option<&str>,
    ) {
        let fresh = read(printed.as_bytes(), NOW.parse().unwrap()).unwrap();
        assert_eq!(fresh.text, token);
        assert_eq!(fresh.renew, renew.map(|moment| moment.parse().unwrap()));
    }

    #[rstest]
    #[case::nothing(" \n")]
    #[case::several_lines("s3cret\nmore")]
    #[case::words("error: s3cret is wrong")]
    #[case::not_ascii("s3crét")]
    #[case::not_text("s3cret\u{0}")]
    #[case::json_without_token(r#"{"access":"s3cret"}"#)]
    #[case::broken_json(r#"{"token":"s3cret""#)]
    #[case::expired(r#"{"token":"s3cret","expires_at":"2026-01-02T02:00:00Z"}"#)]
    #[case::no_moment(r#"{"token":"s3cret","expires_at":"tomorrow"}"#)]
    #[case::no_number(r#"{"token":"s3cret","expires_in":1e300}"#)]
    fn what_is_no_token_is_said_without_repeating_it(#[case] printed: &str) {
        let message = read(printed.as_bytes(), NOW.parse().unwrap()).unwrap_err();
        assert!(!message.contains("s3cr"), "{message}");
    }

    fn shell(script: &str) -> TokenCommand {
        TokenCommand {
            program: "sh".into(),
            arguments: vec!["-c".to_owned(), script.to_owned()],
            folder: None,
        }
    }

    #[test]
    fn a_command_is_bounded_in_time_and_output() {
        let within = Duration::from_millis(300);
        let failure = |script: &str| shell(script).run_within(within).unwrap_err();
        assert_eq!(shell("printf abc").run().unwrap().text, "abc");
        assert!(matches!(failure("sleep 60"), TokenCommandError::Slow(_)));
        // The command ends, its child keeps the pipe.
        assert!(matches!(
            failure("sleep 2 & echo abc"),
            TokenCommandError::Slow(_)
        ));
        assert!(matches!(
            failure("echo s3cret; exit 3"),
            TokenCommandError::Failed(..)
        ));
        let long = shell("head -c 70000 /dev/zero | tr '\\0' x")
            .run()
            .unwrap_err();
        assert!(matches!(long, TokenCommandError::Long(_)), "{long}");
        let missing = TokenCommand {
            program: "no-such-program-of-ours".into(),
            arguments: Vec::new(),
            folder: None,
        };
        assert!(matches!(
            missing.run().unwrap_err(),
            TokenCommandError::Start { .. }
        ));
    }
}
