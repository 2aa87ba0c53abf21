//! Credentials that are nearly the right ones.

use sha2::{Digest, Sha256};

/// What is added to a credential to make it a longer one: a digit of a signature too.
pub(super) const SUFFIX: char = '0';

/// A credential without its last character.
pub(super) fn cut(credential: &str) -> String {
    let mut shorter = credential.to_owned();
    shorter.pop();
    shorter
}

/// A credential of the same form that is not the right one, and tells nothing of it: letters and
/// digits are replaced by others of their kind, as a hash has it.
pub(super) fn counterfeit(credential: &str) -> String {
    let mut stream = Vec::new();
    let mut block = Sha256::digest(credential.as_bytes());
    while stream.len() < credential.len() {
        stream.extend_from_slice(&block);
        block = Sha256::digest(block);
    }
    let mut forged: String = credential
        .chars()
        .zip(stream)
        .map(|(c, byte)| match c {
            '0'..='9' => char::from(b'0' + byte % 10),
            'a'..='z' => char::from(b'a' + byte % 26),
            'A'..='Z' => char::from(b'A' + byte % 26),
            other => other,
        })
        .collect();
    if forged == credential {
        forged.push('0');
    }
    forged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counterfeit_has_the_form_and_nothing_else() {
        for credential in [
            "",
            "-",
            "7",
            "MIIabc-0123/+=ZZ",
            "SkExampleSecretKey0123456789",
        ] {
            let forged = counterfeit(credential);
            assert_ne!(forged, credential);
            assert_eq!(forged, counterfeit(credential));
            let kinds = |text: &str| -> Vec<(bool, bool, bool)> {
                text.chars()
                    .take(credential.len())
                    .map(|c| {
                        (
                            c.is_ascii_digit(),
                            c.is_ascii_lowercase(),
                            c.is_ascii_uppercase(),
                        )
                    })
                    .collect()
            };
            assert_eq!(kinds(&forged), kinds(credential));
        }
    }
}
