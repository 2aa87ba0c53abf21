//! Requests signed as AWS does it (Signature Version 4), against a service that verifies them by its
//! own reading of what AWS documents.

use hmac::{Hmac, KeyInit, Mac};
use rstest::rstest;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::doors::{list, list_page, refuse};
use crate::support::small::{Answer, Ran, Small, run_page};
use crate::support::{Received, Reply};

const AK: &str = "AKEXAMPLEOFATEST77";
const SK: &str = "sk/Example+OfATest0123456789abcdef";
const TEMPORARY: &str = "TemporaryTokenOfATest==";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The signature that a request has to have, of the headers that it says to sign.
fn signature(request: &Received, scope: &str, names: &str) -> Option<String> {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let mut pairs: Vec<String> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| format!("{}={}", encoded(&name), encoded(&value)))
        .collect();
    pairs.sort();
    let mut headers = String::new();
    for name in names.split(';') {
        headers.push_str(&format!("{name}:{}\n", request.header(name)?.trim()));
    }
    let canonical = format!(
        "{}\n{path}\n{}\n{headers}\n{names}\n{}",
        request.method,
        pairs.join("&"),
        hex(&Sha256::digest(&request.body))
    );
    let date = request.header("x-amz-date")?;
    let text = format!(
        "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
        hex(&Sha256::digest(canonical))
    );
    let start = format!("AWS4{SK}").into_bytes();
    let key = scope.split('/').fold(start, |key, part| mac(&key, part));
    Some(hex(&mac(&key, &text)))
}

fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let mut all = String::new();
    for byte in text.bytes() {
        if is_plain(byte) {
            all.push(char::from(byte));
        } else {
            all.push_str(&format!("%{byte:02X}"));
        }
    }
    all
}

/// Whether a request is signed by the keys, for the region and service.
fn is_signed(request: &Received) -> Option<bool> {
    let value = request.header("authorization")?;
    let rest = value.strip_prefix("AWS4-HMAC-SHA256 Credential=")?;
    let (credential, rest) = rest.split_once(", SignedHeaders=")?;
    let (names, shown) = rest.split_once(", Signature=")?;
    let (key, scope) = credential.split_once('/')?;
    let is_there = key == AK
        && scope.ends_with("/eu-west-3/execute-api/aws4_request")
        && names.split(';').any(|name| name == "host")
        && request.header("x-amz-security-token") == Some(TEMPORARY);
    Some(is_there && signature(request, scope, names)? == shown)
}

/// A service that lists notes; `verifies` says how it looks at a signature.
fn service(verifies: fn(&Received) -> bool) -> Answer {
    Box::new(move |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        match (path, request.method.as_str()) {
            ("/v1/notes", _) if !verifies(request) => refuse(403, "who are you?"),
            ("/v1/notes", "GET") => list(request),
            ("/v1/notes", _) => refuse(405, "not so").with("Allow", "GET"),
            _ => Reply::json(404, &json!({ "error_code": "N.404", "error_msg": "no" })),
        }
    })
}

fn run(verifies: fn(&Received) -> bool, envs: &[(&str, &str)], flags: &[&str]) -> Ran {
    let sentence = "Every request must be signed with AWS Signature Version 4.";
    let page = list_page(sentence, "").replace("| 401 |", "| 403 |");
    let folder = tempfile::tempdir().unwrap();
    let server = Small::start(service(verifies));
    let flags = [
        flags,
        &["--report", "json=again.json", "--journal", "j.ndjson"],
    ]
    .concat();
    let mut ran = run_page(folder.path(), &page, &server.url, &flags, envs);
    for file in ["again.json", "j.ndjson"] {
        ran.text += &std::fs::read_to_string(folder.path().join(file)).unwrap_or_default();
    }
    for secret in [SK, TEMPORARY] {
        assert!(!ran.text.contains(secret), "{}", ran.text);
    }
    ran
}

const OF_DOCPROOF: [(&str, &str); 3] = [
    ("DOCPROOF_AK", AK),
    ("DOCPROOF_SK", SK),
    ("DOCPROOF_SECURITY_TOKEN", TEMPORARY),
];
const OF_AWS: [(&str, &str); 3] = [
    ("AWS_ACCESS_KEY_ID", AK),
    ("AWS_SECRET_ACCESS_KEY", SK),
    ("AWS_SESSION_TOKEN", TEMPORARY),
];

#[rstest]
#[case::own_variables(&OF_DOCPROOF)]
#[case::those_of_aws(&OF_AWS)]
fn a_service_that_verifies_is_met_by_silence(#[case] envs: &[(&str, &str)]) {
    let flags = ["--aws", "eu-west-3/execute-api", "--verbose"];
    let ran = run(|request| is_signed(request) == Some(true), envs, &flags);
    assert_eq!(ran.code, 0, "{}", ran.text);
    for trial in ["auth::absent", "auth::wrong", "auth::cut", "auth::extended"] {
        let mut lines = ran.text.lines();
        let held = lines.find(|line| line.contains(trial));
        assert!(
            held.is_some_and(|line| line.starts_with("passed")),
            "{}",
            ran.text
        );
    }
}

#[test]
fn a_service_that_does_not_verify_is_found() {
    let flags = ["--aws", "eu-west-3/execute-api"];
    let ran = run(|request| is_signed(request).is_some(), &OF_DOCPROOF, &flags);
    assert_eq!(ran.code, 1, "{}", ran.text);
    assert!(
        ran.text.contains("a signature by another secret"),
        "{}",
        ran.text
    );
    // The line that shows it again signs anew, for the same region and service.
    assert!(
        ran.text.contains(" --aws eu-west-3/execute-api"),
        "{}",
        ran.text
    );
}

#[rstest]
#[case::no_scope(&["--aws", "eu-west-3"], 2, "it is not `REGION/SERVICE`")]
#[case::of_another_region(&["--aws", "eu-west-1/execute-api"], 3, "answers 403")]
#[case::nothing(&[], 3, "`--aws REGION/SERVICE` with `--ak AK --sk SK`")]
fn what_is_wrong_is_said(#[case] flags: &[&str], #[case] code: i32, #[case] said: &str) {
    let envs: &[(&str, &str)] = if flags.is_empty() { &[] } else { &OF_DOCPROOF };
    let ran = run(|request| is_signed(request) == Some(true), envs, flags);
    assert_eq!(ran.code, code, "{}", ran.text);
    assert!(ran.text.contains(said), "{}", ran.text);
}

#[test]
fn a_region_without_keys_is_an_error() {
    let ran = run(|_| true, &[], &["--aws", "eu-west-3/execute-api"]);
    assert_eq!(ran.code, 2, "{}", ran.text);
    assert!(ran.text.contains("AWS_ACCESS_KEY_ID"), "{}", ran.text);
}
