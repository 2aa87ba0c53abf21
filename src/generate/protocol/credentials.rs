//! Requests without a credential, and with wrong ones.

use std::sync::Arc;

use crate::contract::{Security, SecurityScheme};

use super::super::case::{Edit, Expectation, PlannedCase};
use super::super::request::{Credential, Request};
use super::super::scheme::Scheme;

/// What the request without a credential is called.
pub const NO_CREDENTIAL: &str = "no credential";

/// Requests without a credential, with an empty and with a wrong one, and with the right one but
/// for its end: whoever compares the beginning alone takes it. A signature and a password are wrong
/// in two ways; the right token or password under another scheme of `Authorization` is wrong too.
/// Where several credentials are asked for at once, each is left out and wrong by itself.
pub fn auth(
    baseline: &Arc<Request>,
    scheme: &Scheme,
    security: Option<&Security>,
) -> Vec<(&'static str, Vec<PlannedCase>)> {
    let has = |wanted: &SecurityScheme| scheme.schemes().contains(wanted);
    // A certificate is shown, another is, or none.
    let is_text = *scheme == Scheme::Signature
        || scheme.schemes().is_empty()
        || scheme
            .schemes()
            .iter()
            .any(|one| *one != SecurityScheme::Certificate);
    let wrong: &[(&str, Credential)] = match scheme {
        Scheme::Signature => &[
            ("a signature by another secret", Credential::Wrong),
            ("a signature by an unknown key", Credential::UnknownKey),
        ],
        Scheme::Carried(_) if has(&SecurityScheme::Basic) => &[
            ("a wrong password", Credential::Wrong),
            ("the password of an unknown user", Credential::UnknownKey),
        ],
        Scheme::None | Scheme::Carried(_) => &[("a wrong credential", Credential::Wrong)],
    };
    let empty: &[(&str, Credential)] = if has(&SecurityScheme::Basic) {
        &[
            ("an empty credential", Credential::Empty),
            ("the user with an empty password", Credential::EmptyPassword),
        ]
    } else {
        &[("an empty credential", Credential::Empty)]
    };
    let mut trials: Vec<(&'static str, &[(&str, Credential)])> =
        vec![("absent", &[(NO_CREDENTIAL, Credential::Absent)])];
    if is_text {
        trials.extend([
            ("empty", empty),
            (
                "cut",
                &[("the credential without its last character", Credential::Cut)],
            ),
            (
                "extended",
                &[(
                    "the credential with a character after it",
                    Credential::Extended,
                )],
            ),
            ("wrong", wrong),
        ]);
    }
    if !is_text {
        trials.push((
            "wrong",
            &[(
                "a certificate that nobody has issued but its holder",
                Credential::Wrong,
            )],
        ));
    }
    // The others stay as they are, and one of them may be enough.
    let needed = security.map(|security| security.indispensable(scheme.schemes()));
    let needed = needed.unwrap_or_default();
    let counts =
        |one: &SecurityScheme| has(one) && (scheme.schemes().len() == 1 || needed.contains(&one));
    if counts(&SecurityScheme::Bearer) || counts(&SecurityScheme::Basic) {
        let case: &[(&str, Credential)] = &[(
            "the credential under another scheme of `Authorization`",
            Credential::OtherScheme,
        )];
        trials.push(("other-scheme", case));
    }
    let of_all = trials.into_iter().map(|(name, cases)| {
        let cases = cases
            .iter()
            .map(|(label, credential)| {
                PlannedCase::of(baseline, *label, Expectation::Unauthorised)
                    .with(Edit::Credential(*credential))
            })
            .collect();
        (name, cases)
    });
    let one = |wrong: Credential, what: &str| -> Vec<PlannedCase> {
        let cases = needed.iter().map(|one| {
            let label = format!("{what} {}", one.in_words());
            PlannedCase::of(baseline, label, Expectation::Unauthorised)
                .with(Edit::CredentialOf((*one).clone(), wrong))
        });
        cases.collect()
    };
    let of_one = [
        ("one-absent", one(Credential::Absent, "without")),
        ("one-wrong", one(Credential::Wrong, "a wrong value of")),
    ];
    let of_one = of_one.into_iter().filter(|(_, cases)| !cases.is_empty());
    of_all.chain(of_one).collect()
}

/// The documented request without a credential, where none is needed.
pub fn open(baseline: &Arc<Request>) -> PlannedCase {
    PlannedCase::of(baseline, NO_CREDENTIAL, Expectation::Success)
        .with(Edit::Credential(Credential::Absent))
}
