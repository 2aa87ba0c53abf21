//! What a security scheme makes of a credential on the wire, of a right one and of such that are
//! not to be taken.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::contract::SecurityScheme;
use crate::generate::{COOKIE, Credential};

use super::authenticator::Attached;
use super::connection::Showing;
use super::credential::{of_base64, unescaped};
use super::forge::{SUFFIX, counterfeit, cut};

/// The shortest text that tells anything of a credential.
const TELLING: usize = 4;

/// How a credential is shown that stands in an exchange.
pub(super) fn shown(credential: Credential) -> &'static str {
    match credential {
        Credential::Absent | Credential::Empty => "",
        Credential::Given => "[redacted]",
        Credential::EmptyPassword => "[the user, no password]",
        Credential::Wrong => "[wrong]",
        Credential::UnknownKey => "[unknown]",
        Credential::OtherScheme => "[redacted, under another scheme]",
        Credential::Cut => "[cut]",
        Credential::Extended => "[extended]",
    }
}

/// Adds what a scheme carries to a request.
pub(super) fn carry(
    scheme: &SecurityScheme,
    secret: &str,
    credential: Credential,
    attached: &mut Attached,
) {
    if *scheme == SecurityScheme::Certificate {
        // It is shown or not, or another is; what else is wrong with a credential is so of the text
        // beside it.
        attached.certificate = match credential {
            Credential::Absent => Showing::Nothing,
            Credential::Wrong => Showing::OwnMake,
            _ => Showing::Given,
        };
        return;
    }
    if credential == Credential::Absent {
        return;
    }
    let text = match scheme {
        SecurityScheme::Basic => STANDARD.encode(pair(secret, credential)),
        _ => changed(secret, credential),
    };
    // What is nearly the credential tells nearly all of it, and whoever repeats a wrong one repeats
    // what somebody took for a right one.
    let is_near = match credential {
        Credential::Given => false,
        // Without a password of its own the user is what is wrong, and is nearly the credential.
        Credential::EmptyPassword => secret.ends_with(':'),
        _ => true,
    };
    if is_near && text.len() >= TELLING {
        let secrets = &mut attached.authentication.secrets;
        secrets.push(text.clone());
        if *scheme == SecurityScheme::Basic {
            let pair = pair(secret, credential);
            // A service decodes it, and may say which password was wrong.
            let password = pair.split_once(':').map(|(_, password)| password);
            let telling = password.filter(|password| password.len() >= TELLING);
            secrets.extend(telling.map(str::to_owned));
            secrets.push(pair);
            // Whoever repeats it may leave the padding out (RFC 4648, section 3.2).
            secrets.push(text.trim_end_matches('=').to_owned());
        } else {
            secrets.extend(unescaped(&text));
            secrets.extend(of_base64(&text));
        }
    }
    let shown = shown(credential);
    let is_other = credential == Credential::OtherScheme;
    let mut header = |name: &str, value: String, shown: String| {
        attached.headers.push((name.to_owned(), value));
        attached
            .authentication
            .headers
            .push((name.to_owned(), shown));
    };
    let with = |word: &str| (format!("{word} {text}"), format!("{word} {shown}"));
    match scheme {
        SecurityScheme::Header(name) => header(name, text, shown.to_owned()),
        SecurityScheme::Query(name) => attached.query.push((name.clone(), text)),
        SecurityScheme::Cookie(name) => {
            // All cookies of a request stand in one header (RFC 6265, section 5.4).
            let (value, shown) = (format!("{name}={text}"), format!("{name}={shown}"));
            match attached.headers.iter_mut().find(|(name, _)| name == COOKIE) {
                Some((_, known)) => known.push_str(&format!("; {value}")),
                None => attached.headers.push((COOKIE.to_owned(), value)),
            }
            let known = &mut attached.authentication.headers;
            match known.iter_mut().find(|(name, _)| name == COOKIE) {
                Some((_, known)) => known.push_str(&format!("; {shown}")),
                None => known.push((COOKIE.to_owned(), shown)),
            }
        }
        SecurityScheme::Bearer | SecurityScheme::Basic | SecurityScheme::Http(_) => {
            let (value, shown) = with(&word(scheme, is_other));
            header("Authorization", value, shown);
        }
        SecurityScheme::Certificate => {}
    }
}

/// The word of a scheme of `Authorization`, or of another that does not carry such credentials.
pub(super) fn word(scheme: &SecurityScheme, is_other: bool) -> String {
    match (scheme, is_other) {
        (SecurityScheme::Basic, false) | (SecurityScheme::Bearer, true) => "Basic".to_owned(),
        (SecurityScheme::Http(name), false) => name.clone(),
        _ => "Bearer".to_owned(),
    }
}

/// A text as a trial has it.
fn changed(secret: &str, credential: Credential) -> String {
    match credential {
        Credential::Given | Credential::OtherScheme => secret.to_owned(),
        Credential::Absent | Credential::Empty | Credential::EmptyPassword => String::new(),
        Credential::Wrong | Credential::UnknownKey => counterfeit(secret),
        Credential::Cut => cut(secret),
        Credential::Extended => format!("{secret}{SUFFIX}"),
    }
}

/// A user and a password as a trial has them: what is wrong is the password, but for an unknown
/// user and for a user without a password.
fn pair(secret: &str, credential: Credential) -> String {
    let (user, password) = secret.split_once(':').unwrap_or((secret, ""));
    match credential {
        Credential::UnknownKey => format!("{}:{password}", counterfeit(user)),
        Credential::Absent | Credential::Empty => ":".to_owned(),
        // A key that stands in the user's place has no password: then the key is what is wrong.
        Credential::EmptyPassword | Credential::Wrong | Credential::Cut if password.is_empty() => {
            format!("{}:", counterfeit(user))
        }
        other => format!("{user}:{}", changed(password, other)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("bearer", "tok1", Credential::Given, "Authorization: Bearer tok1")]
    #[case("bearer", "tok1", Credential::Empty, "Authorization: Bearer ")]
    #[case("bearer", "tok1", Credential::Cut, "Authorization: Bearer tok")]
    #[case("bearer", "tok1", Credential::OtherScheme, "Authorization: Basic tok1")]
    #[case("basic", "u:pw", Credential::Given, "Authorization: Basic dTpwdw==")]
    #[case("basic", "u:pw", Credential::Empty, "Authorization: Basic Og==")]
    #[case(
        "basic",
        "u:pw",
        Credential::EmptyPassword,
        "Authorization: Basic dTo="
    )]
    #[case("basic", "u:pw", Credential::Cut, "Authorization: Basic dTpw")]
    #[case("basic", "u:pw", Credential::Extended, "Authorization: Basic dTpwdzA=")]
    #[case(
        "basic",
        "u:pw",
        Credential::OtherScheme,
        "Authorization: Bearer dTpwdw=="
    )]
    #[case("http:Key", "k", Credential::Given, "Authorization: Key k")]
    #[case("header:X-API-Key", "k1", Credential::Extended, "X-API-Key: k10")]
    #[case("cookie:sid", "c", Credential::Given, "Cookie: sid=c")]
    #[case("query:key", "q1", Credential::Cut, "?key=q")]
    #[case("query:key", "q1", Credential::Absent, "")]
    #[case("bearer", "tok1", Credential::Absent, "")]
    fn each_scheme_carries_each_credential(
        #[case] scheme: &str,
        #[case] secret: &str,
        #[case] credential: Credential,
        #[case] expected: &str,
    ) {
        let mut attached = Attached::default();
        carry(&scheme.parse().unwrap(), secret, credential, &mut attached);
        let headers = attached.headers.iter();
        let mut sent: Vec<String> = headers
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let query = attached.query.iter();
        sent.extend(query.map(|(name, value)| format!("?{name}={value}")));
        assert_eq!(sent.join("\n"), expected);
    }

    #[rstest]
    #[case(Credential::EmptyPassword)]
    #[case(Credential::Wrong)]
    #[case(Credential::Cut)]
    fn a_key_without_a_password_is_wrong_itself(#[case] credential: Credential) {
        let sent = |credential| {
            let mut attached = Attached::default();
            let scheme = SecurityScheme::Basic;
            carry(&scheme, "sk_live_1:", credential, &mut attached);
            attached.headers
        };
        assert_ne!(sent(credential), sent(Credential::Given));
    }

    #[test]
    fn a_wrong_password_is_kept_secret_without_its_padding_too() {
        let mut attached = Attached::default();
        let secret = "mona:a-long-password";
        carry(
            &SecurityScheme::Basic,
            secret,
            Credential::Cut,
            &mut attached,
        );
        let padded = STANDARD.encode("mona:a-long-passwor");
        assert!(padded.ends_with('='));
        let secrets = &attached.authentication.secrets;
        let is_secret = |text: &str| secrets.iter().any(|secret| secret == text);
        assert!(is_secret(&padded) && is_secret(padded.trim_end_matches('=')));
    }
}
