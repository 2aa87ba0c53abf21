//! A curl line that shows an exchange again. The credential is taken from the environment, never
//! written.

use crate::generate::{Credential, Request, Scheme};

use super::credential::PROJECT_HEADER;
use super::curl_form::form;
use super::recorded::Headers;

/// The line, for a POSIX shell; `shown` are the headers that carried the credential, as they may be
/// shown. A signature is bound to a moment and to a secret: `docproof sign` makes a new one, and
/// hands the request to curl.
pub(super) fn curl_line(request: &Request, url: &str, scheme: Scheme, shown: &Headers) -> String {
    let signer = match (scheme, request.credential) {
        (Scheme::Signature, Credential::Wrong) => Some("DOCPROOF_SK=another-secret "),
        (Scheme::Signature, Credential::UnknownKey) => Some("DOCPROOF_AK=ANUNKNOWNKEY "),
        (Scheme::Signature, Credential::Given | Credential::Cut | Credential::Extended) => Some(""),
        _ => None,
    };
    let mut line = match signer {
        Some(variables) => format!(
            "{variables}docproof sign -X {} {}",
            request.method,
            quote(url)
        ),
        // With `-X HEAD` curl waits for the body that the header announces.
        None if request.method == "HEAD" => format!("curl -sS --head {}", quote(url)),
        None => format!("curl -sS -i -X {} {}", request.method, quote(url)),
    };
    // A semicolon is how curl is told to send a header without a value.
    match (scheme, request.credential) {
        (Scheme::Signature, Credential::Empty) => line.push_str(" -H 'Authorization;'"),
        (Scheme::Signature, _) | (_, Credential::Absent) => {}
        (_, Credential::Given) => line.push_str(" -H \"X-Auth-Token: $DOCPROOF_TOKEN\""),
        (_, Credential::Empty) => line.push_str(" -H 'X-Auth-Token;'"),
        (_, Credential::Cut) => line.push_str(" -H \"X-Auth-Token: ${DOCPROOF_TOKEN%?}\""),
        (_, Credential::Extended) => line.push_str(" -H \"X-Auth-Token: ${DOCPROOF_TOKEN}0\""),
        (_, Credential::Wrong | Credential::UnknownKey) => {
            line.push_str(" -H 'X-Auth-Token: wrong-token'");
        }
    }
    if let Some(project) = shown.get(PROJECT_HEADER) {
        let header = format!("{PROJECT_HEADER}: {project}");
        line.push_str(&format!(" -H {}", quote(&header)));
    }
    // A signature is over the bytes that were sent.
    let form = form(request).filter(|_| signer.is_none());
    let names_type = form.as_ref().is_some_and(|form| form.names_type);
    if let Some(kind) = request.content_type.as_ref().filter(|_| !names_type) {
        line.push_str(&format!(" -H {}", quote(&format!("Content-Type: {kind}"))));
    }
    for (name, value) in &request.headers {
        line.push_str(&format!(" -H {}", quote(&format!("{name}: {value}"))));
    }
    if let Some(form) = form {
        return format!("{}{line}{}", form.before, form.options);
    }
    match request.body_bytes() {
        Some(bytes) => match (padded(&bytes), std::str::from_utf8(&bytes)) {
            (Some(printed), _) => line = format!("{printed} | {line} --data-binary @-"),
            (None, Ok(text)) => line.push_str(&format!(" --data-binary {}", quote(text))),
            (None, Err(_)) => {
                let octal = in_octal(&bytes);
                line = format!("printf '{octal}' | {line} --data-binary @-");
            }
        },
        None if request.method == "POST" || request.method == "PUT" => line.push_str(" -d ''"),
        None => {}
    }
    // The signature is changed on its way from the signer to curl.
    match (signer, request.credential) {
        (Some(_), Credential::Cut) => {
            line.push_str(" | sed 's/\\(Signature=[0-9a-f]*\\)[0-9a-f]/\\1/'");
        }
        (Some(_), Credential::Extended) => {
            line.push_str(" | sed 's/Signature=[0-9a-f]*/&0/'");
        }
        _ => {}
    }
    if signer.is_some() {
        line.push_str(" | curl -sS -i -K -");
    }
    line
}

/// So many of one character in a row are told by their number.
const LONG_RUN: usize = 1_024;

/// What prints bytes that end with many blanks; none where they do not.
pub(super) fn padded(bytes: &[u8]) -> Option<String> {
    let blanks = blanks(bytes);
    if blanks < LONG_RUN {
        return None;
    }
    let text = std::str::from_utf8(bytes.get(..bytes.len() - blanks)?).ok()?;
    Some(format!("printf '%s%*s' {} {blanks} ''", quote(text)))
}

/// Bytes in `printf`'s notation.
pub(super) fn in_octal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| escape_byte(*byte)).collect()
}

/// How many blanks a body ends with.
fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().rev().take_while(|byte| **byte == b' ').count()
}

/// A text in quotes in which a long run of zeros is told by its number; `None` where there is none.
fn with_zeros(text: &str) -> Option<String> {
    let run = "0".repeat(LONG_RUN);
    let at = text.find(&run)?;
    let (before, rest) = text.split_at(at);
    let after = rest.trim_start_matches('0');
    let count = rest.len() - after.len();
    let end = if after.is_empty() {
        String::new()
    } else {
        quote(after)
    };
    Some(format!(
        "{}\"$(printf '%0{count}d' 0)\"{end}",
        quote(before)
    ))
}

/// A byte in `printf`'s notation.
fn escape_byte(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b" {}[]\":,._-".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("\\{byte:03o}")
    }
}

/// Single quotes, and `$'..'` for what holds a line end or a control character.
pub(super) fn quote(text: &str) -> String {
    if let Some(text) = with_zeros(text) {
        return text;
    }
    if text.chars().any(char::is_control) {
        let escaped: String = text
            .chars()
            .map(|c| match c {
                '\\' => "\\\\".to_owned(),
                '\'' => "\\'".to_owned(),
                c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
                c => c.to_string(),
            })
            .collect();
        return format!("$'{escaped}'");
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("plain", "'plain'")]
    #[case("it's", "'it'\\''s'")]
    #[case("a\nb", "$'a\\u000ab'")]
    #[case(&format!("a={}b", "0".repeat(2_000)), "'a='\"$(printf '%02000d' 0)\"'b'")]
    fn words_are_quoted_for_a_shell(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(quote(text), expected);
    }
}
