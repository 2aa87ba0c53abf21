//! A curl line that shows an exchange again. The credential is taken from the environment, never
//! written.

use crate::contract::SecurityScheme;
use crate::generate::{Credential, Request, Scheme, TOKEN_HEADER};

use super::aws::AwsScope;
use super::carry::word;
use super::curl_form::form;
use super::recorded::Headers;
use super::signed::PROJECT_HEADER;

/// The line, for a POSIX shell; `shown` are the headers that carried the credential, as they may be
/// shown; `connection` are the options that say how the endpoint is connected to. A signature is
/// bound to a moment and to a secret: `docproof sign` makes a new one, and hands the request to curl.
pub(super) fn curl_line(
    request: &Request,
    url: &str,
    scheme: &Scheme,
    shown: &Headers,
    connection: &str,
) -> String {
    let signer = match (scheme, request.credential) {
        (Scheme::Signature, Credential::Wrong) => Some("DOCPROOF_SK=another-secret "),
        (Scheme::Signature, Credential::UnknownKey) => Some("DOCPROOF_AK=ANUNKNOWNKEY "),
        (
            Scheme::Signature,
            Credential::Given | Credential::OtherScheme | Credential::Cut | Credential::Extended,
        ) => Some(""),
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
    let scope = shown
        .get("Authorization")
        .and_then(|value| AwsScope::of_header(value));
    if let Some(scope) = scope.filter(|_| signer.is_some()) {
        line.push_str(&format!(" --aws {scope}"));
    }
    // A semicolon is how curl is told to send a header without a value.
    if *scheme == Scheme::Signature && request.credential == Credential::Empty {
        line.push_str(" -H 'Authorization;'");
    }
    // One variable holds one key: of several, each is named as what carries it.
    let keys = scheme.schemes().iter().filter(|one| variable(one) == KEY);
    let has_several = keys.count() > 1;
    for scheme in scheme.schemes() {
        let named = match scheme {
            SecurityScheme::Header(name) | SecurityScheme::Query(name)
                if has_several && variable(scheme) == KEY =>
            {
                in_capitals(name)
            }
            _ => variable(scheme).to_owned(),
        };
        line.push_str(&carried(scheme, request.credential_by(scheme), &named));
    }
    if signer.is_none() {
        line.push_str(connection);
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
    if let Some(cookies) = request.cookie_header(None) {
        line.push_str(&format!(" -b {}", quote(&cookies)));
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
        line.push_str(&format!(" | curl -sS -i{connection} -K -"));
    }
    line
}

/// The options of curl that carry a credential: the environment variable that gives it to docproof
/// has it.
fn carried(scheme: &SecurityScheme, credential: Credential, variable: &str) -> String {
    if credential == Credential::Absent {
        return String::new();
    }
    let value = match credential {
        Credential::Absent | Credential::Empty | Credential::EmptyPassword => String::new(),
        Credential::Given | Credential::OtherScheme => format!("${{{variable}#*=}}"),
        Credential::Cut => format!("$(printf %s \"${{{variable}#*=}}\" | sed 's/.$//')"),
        Credential::Extended => format!("${{{variable}#*=}}0"),
        Credential::Wrong | Credential::UnknownKey => "wrong-token".to_owned(),
    };
    // Only what is given as `NAME=VALUE` has a name in front.
    let is_named = match scheme {
        SecurityScheme::Header(_) | SecurityScheme::Query(_) => variable == KEY,
        SecurityScheme::Cookie(_) => true,
        SecurityScheme::Bearer
        | SecurityScheme::Basic
        | SecurityScheme::Http(_)
        | SecurityScheme::Certificate => false,
    };
    let value = if is_named {
        value
    } else {
        match credential {
            Credential::Cut => format!("${{{variable}%?}}"),
            Credential::Extended => format!("${{{variable}}}0"),
            _ => value.replace(&format!("${{{variable}#*=}}"), &format!("${variable}")),
        }
    };
    let is_other = credential == Credential::OtherScheme;
    match scheme {
        SecurityScheme::Header(name) if value.is_empty() => format!(" -H '{name};'"),
        SecurityScheme::Header(name) if value.starts_with("wrong") => {
            format!(" -H '{name}: {value}'")
        }
        SecurityScheme::Header(name) => format!(" -H \"{name}: {value}\""),
        SecurityScheme::Query(name) => format!(" --url-query \"{name}={value}\""),
        SecurityScheme::Cookie(name) => format!(" -b \"{name}={value}\""),
        SecurityScheme::Basic => match credential {
            Credential::Empty => " -u ':'".to_owned(),
            Credential::EmptyPassword => format!(" -u \"${{{variable}%%:*}}:\""),
            Credential::Wrong => format!(" -u \"${{{variable}%%:*}}:wrong-password\""),
            Credential::UnknownKey => format!(" -u \"nobody:${{{variable}#*:}}\""),
            Credential::OtherScheme => {
                format!(" -H \"Authorization: Bearer $(printf %s \"${variable}\" | base64 -w0)\"")
            }
            _ => format!(" -u \"{value}\""),
        },
        SecurityScheme::Bearer | SecurityScheme::Http(_) => {
            format!(" -H \"Authorization: {} {value}\"", word(scheme, is_other))
        }
        SecurityScheme::Certificate if credential == Credential::Wrong => {
            " --cert self-signed.pem --key self-signed.key".to_owned()
        }
        SecurityScheme::Certificate => format!(" --cert \"${variable}\" --key \"$DOCPROOF_KEY\""),
    }
}

/// The environment variable that holds a key with its name, `NAME=VALUE`.
const KEY: &str = "DOCPROOF_API_KEY";

/// A name as that of a variable of a shell.
fn in_capitals(name: &str) -> String {
    let sign = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    name.chars().map(sign).collect()
}

/// The environment variable that gives the credential of a scheme.
fn variable(scheme: &SecurityScheme) -> &'static str {
    match scheme {
        SecurityScheme::Header(name) if name.eq_ignore_ascii_case(TOKEN_HEADER) => "DOCPROOF_TOKEN",
        SecurityScheme::Header(_) | SecurityScheme::Query(_) => KEY,
        SecurityScheme::Cookie(_) => "DOCPROOF_COOKIE",
        SecurityScheme::Bearer => "DOCPROOF_BEARER",
        SecurityScheme::Basic => "DOCPROOF_BASIC",
        SecurityScheme::Http(_) => "DOCPROOF_TOKEN",
        SecurityScheme::Certificate => "DOCPROOF_CERT",
    }
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
