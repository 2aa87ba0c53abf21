//! Redaction at the sink: no credential and no control character leaves the program.

use std::sync::{Arc, PoisonError, RwLock};

/// What stands for a credential.
const REPLACEMENT: &str = "[redacted]";

/// Shorter credentials are not searched for: they would match everywhere.
const SHORTEST: usize = 4;

/// Replaces credentials in whatever is about to be written. Clones share what they know: a token that is renewed is known to all.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    known: Arc<RwLock<Known>>,
    more: Vec<String>,
}

/// Credentials in every spelling that an answer may repeat them in, the longest first: one may be a part of another.
#[derive(Default)]
struct Known {
    secrets: Vec<String>,
    identifiers: Vec<String>,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Known({})", self.secrets.len())
    }
}

impl Redactor {
    /// A redactor of these credentials.
    pub fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        let redactor = Self::default();
        for secret in secrets {
            redactor.add_secret(&secret);
        }
        redactor
    }

    /// Adds what nobody may see: it is replaced, and an answer that shows it leaks.
    pub fn add_secret(&self, secret: &str) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        insert(&mut known.secrets, secret);
    }

    /// Adds what only names a credential, such as an access key: it is replaced, but an endpoint may well repeat it.
    pub fn add_identifier(&self, identifier: &str) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        insert(&mut known.identifiers, identifier);
    }

    /// The same with secrets of one exchange.
    #[must_use]
    pub fn with(&self, secrets: &[String]) -> Self {
        let mut redactor = self.clone();
        for secret in secrets {
            insert(&mut redactor.more, secret);
        }
        redactor
    }

    /// The text with every credential replaced.
    pub fn redact(&self, text: &str) -> String {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        [&self.more, &known.secrets, &known.identifiers]
            .into_iter()
            .flatten()
            .filter(|secret| text.contains(secret.as_str()))
            .fold(text.to_owned(), |text, secret| {
                text.replace(secret.as_str(), REPLACEMENT)
            })
    }

    /// Whether a text holds a secret.
    pub fn finds(&self, text: &str) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        self.more
            .iter()
            .chain(&known.secrets)
            .any(|secret| text.contains(secret.as_str()))
    }
}

/// Adds a credential to a list: as it is, percent-encoded, and as a JSON text with escaped slashes.
fn insert(list: &mut Vec<String>, secret: &str) {
    if secret.len() < SHORTEST {
        return;
    }
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    for spelling in [secret.to_owned(), encoded, secret.replace('/', "\\/")] {
        if !list.contains(&spelling) {
            list.push(spelling);
        }
    }
    list.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
}

/// A text that is safe on a terminal: control characters (C0, C1, DEL) and bidirectional overrides are written as `\u{..}`, line ends are kept.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let code = u32::from(c);
        let harmful = (c.is_control() && c != '\n')
            || (0x202A..=0x202E).contains(&code)
            || (0x2066..=0x2069).contains(&code);
        if harmful {
            out.push_str(&format!("\\u{{{code:x}}}"));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_redacted_wherever_they_stand() {
        let redactor = Redactor::new(["s3cret-token".to_owned()]);
        assert_eq!(
            redactor.redact("a s3cret-token b s3cret-token"),
            "a [redacted] b [redacted]"
        );
    }

    #[test]
    fn every_spelling_is_redacted_the_longest_first() {
        let redactor = Redactor::new(["abcd".to_owned(), "abcd/+ef".to_owned()]);
        let same = redactor.clone();
        same.add_identifier("ACCESS");
        assert_eq!(
            redactor
                .with(&["0123abcd".to_owned()])
                .redact("abcd/+ef abcd%2F%2Bef abcd\\/+ef ACCESS 0123abcd"),
            "[redacted] [redacted] [redacted] [redacted] [redacted]"
        );
        assert!(!redactor.finds("ACCESS"));
        assert!(redactor.finds("x%2Fabcd%2F%2Bef"));
    }

    #[test]
    fn control_characters_are_spelled_out() {
        assert_eq!(
            printable("a\u{1b}[31mb\u{202e}\n"),
            "a\\u{1b}[31mb\\u{202e}\n"
        );
    }
}
