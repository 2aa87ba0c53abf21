//! The headers of a request that is signed by a pair of keys.

use std::time::SystemTime;

use jiff::Timestamp;
use url::Url;

use crate::generate::{Credential, Request, Scheme};

use super::authenticator::{Attached, Authentication};
use super::aws::AwsScope;
use super::forge::{SUFFIX, counterfeit, cut};
use super::sign::{self, KeyPair, Signable};

pub(super) const PROJECT_HEADER: &str = "X-Project-Id";

/// The headers of a request that is signed by a pair of keys, or by a wrong one; `aws` says where
/// the signature counts, where it is one of AWS.
///
/// # Errors
/// What is wrong with a request that cannot be signed.
pub(super) fn signed(
    keys: &KeyPair,
    project: Option<&str>,
    aws: Option<&AwsScope>,
    request: &Request,
    url: &Url,
    endpoint: &str,
) -> Result<Attached, String> {
    let mut given: Vec<(String, String)> = Vec::new();
    if let Some(kind) = &request.content_type {
        given.push(("Content-Type".to_owned(), kind.clone()));
    }
    let is_single = |name: &str| {
        request
            .headers
            .iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .count()
            == 1
    };
    // A header that stands twice has no one value to sign.
    given.extend(
        request
            .headers
            .iter()
            .filter(|(name, _)| is_single(name))
            .cloned(),
    );
    let mut headers: Vec<(String, String)> = project
        .filter(|_| aws.is_none())
        .map(|project| (PROJECT_HEADER.to_owned(), project.to_owned()))
        .into_iter()
        .collect();
    given.extend(headers.iter().cloned());
    let forged = match request.credential {
        Credential::Given
        | Credential::Absent
        | Credential::Empty
        | Credential::EmptyPassword
        | Credential::OtherScheme
        | Credential::Cut
        | Credential::Extended => keys.clone(),
        Credential::Wrong => KeyPair {
            secret_key: counterfeit(&keys.secret_key),
            ..keys.clone()
        },
        Credential::UnknownKey => KeyPair {
            access_key: counterfeit(&keys.access_key),
            ..keys.clone()
        },
    };
    match request.credential {
        Credential::Absent => {}
        Credential::Empty | Credential::EmptyPassword => {
            headers.push(("Authorization".to_owned(), String::new()));
        }
        Credential::Given
        | Credential::Wrong
        | Credential::UnknownKey
        | Credential::OtherScheme
        | Credential::Cut
        | Credential::Extended => {
            let body = request.body_bytes().unwrap_or_default();
            if let Some(scope) = aws {
                let now = SystemTime::now();
                headers.extend(scope.sign(&forged, &request.method, url, &given, &body, now)?);
                return Ok(shown(headers, &forged.access_key, request.credential));
            }
            let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
            let query = sign::query_pairs(url.query().unwrap_or_default());
            let signable = Signable {
                method: &request.method,
                path: url.path(),
                query: &query,
                headers: &given,
                body: &body,
            };
            headers.extend(
                signable
                    .sign(&forged, &authority(url, endpoint), &now)
                    .into_iter()
                    .skip(given.len()),
            );
        }
    }
    Ok(shown(headers, &forged.access_key, request.credential))
}

/// What is attached, and what of it may be shown.
fn shown(mut headers: Vec<(String, String)>, access_key: &str, credential: Credential) -> Attached {
    let is_signature = |name: &str| name.eq_ignore_ascii_case("authorization");
    for (name, value) in &mut headers {
        match credential {
            // A signature is the end of its header.
            Credential::Cut if is_signature(name) => *value = cut(value),
            Credential::Extended if is_signature(name) => value.push(SUFFIX),
            _ => {}
        }
    }
    let mut authentication = Authentication {
        scheme: Scheme::Signature,
        ..Authentication::default()
    };
    for (name, value) in &headers {
        match name.as_str() {
            name if is_signature(name) => {
                let (head, signature) = value.split_once("Signature=").unwrap_or((value, ""));
                let shown = if signature.is_empty() {
                    head.to_owned()
                } else {
                    authentication.secrets.push(signature.to_owned());
                    format!(
                        "{}Signature=[redacted]",
                        head.replace(access_key, "[redacted]")
                    )
                };
                authentication
                    .headers
                    .push(("Authorization".to_owned(), shown));
            }
            "X-Security-Token" | "x-amz-security-token" => authentication
                .headers
                .push((name.clone(), "[redacted]".to_owned())),
            "X-Sdk-Date"
            | "X-Sdk-Content-Sha256"
            | "x-amz-date"
            | "x-amz-content-sha256"
            | PROJECT_HEADER => {
                authentication.headers.push((name.clone(), value.clone()));
            }
            _ => {}
        }
    }
    Attached {
        headers,
        authentication,
        ..Attached::default()
    }
}

/// The authority of an endpoint: the host, and the port where the endpoint was written with one, be
/// it the scheme's own.
fn authority(url: &Url, endpoint: &str) -> String {
    let host = url.host_str().unwrap_or_default();
    let written = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, rest)| rest)
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) if url.port().is_some() || written.ends_with(&format!(":{port}")) => {
            format!("{host}:{port}")
        }
        _ => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("https://a.example", "a.example")]
    #[case("https://a.example:443", "a.example:443")]
    #[case("http://a.example:80/prefix", "a.example:80")]
    #[case("http://A.example:8080", "a.example:8080")]
    #[case("http://[::1]:9", "[::1]:9")]
    fn the_authority_is_the_endpoints(#[case] endpoint: &str, #[case] expected: &str) {
        let url = Url::parse(endpoint).unwrap();
        assert_eq!(authority(&url, endpoint), expected);
    }
}
