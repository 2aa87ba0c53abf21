//! Redaction at the sink: no credential and no control character leaves the program.

/// Replaces credentials in whatever is about to be written.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    secrets: Vec<String>,
}

impl Redactor {
    /// A redactor of these credentials. Very short ones are not searched for: they would match everywhere.
    pub fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        Self {
            secrets: secrets
                .into_iter()
                .filter(|secret| secret.len() >= 4)
                .collect(),
        }
    }

    /// The text with every credential replaced.
    pub fn redact(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| {
            text.replace(secret.as_str(), "[redacted]")
        })
    }

    /// Whether a text holds a credential.
    pub fn finds(&self, text: &str) -> bool {
        self.secrets
            .iter()
            .any(|secret| text.contains(secret.as_str()))
    }
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
    fn control_characters_are_spelled_out() {
        assert_eq!(
            printable("a\u{1b}[31mb\u{202e}\n"),
            "a\\u{1b}[31mb\\u{202e}\n"
        );
    }
}
