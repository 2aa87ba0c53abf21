//! Request signing by a pair of keys, `SDK-HMAC-SHA256`: the canonical form of a request, and what
//! is signed of it. Pure: no clock, no network. The mock verifies signatures by a reading of its
//! own (`mock/signature.rs`), from the wire and not from parts, and shares nothing with this one.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The name of the algorithm, as it stands in the `Authorization` header and in what is signed.
pub const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// What stands for the hash of a body that is not signed.
pub const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

const DATE_HEADER: &str = "X-Sdk-Date";
const CONTENT_HASH_HEADER: &str = "X-Sdk-Content-Sha256";

/// A pair of keys, with the token of temporary ones.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// Says who signs; it is sent.
    pub access_key: String,
    /// Signs; it never leaves the program.
    pub secret_key: String,
    /// Sent as `X-Security-Token` beside the signature, where the keys are temporary.
    pub security_token: Option<String>,
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyPair([redacted])")
    }
}

/// A request as far as it is signed.
#[derive(Debug, Clone, Copy)]
pub struct Signable<'r> {
    /// The method, in any case.
    pub method: &'r str,
    /// The path as it stands on the request line, without the query.
    pub path: &'r str,
    /// The query's names and values, decoded.
    pub query: &'r [(String, String)],
    /// The headers that are there already.
    pub headers: &'r [(String, String)],
    /// The body; empty for none.
    pub body: &'r [u8],
}

impl Signable<'_> {
    /// The canonical form: six parts, one a line; the headers have a line each and an empty one
    /// after them.
    pub fn canonical(&self) -> String {
        let names = signed_names(self.headers);
        let mut headers = String::new();
        for name in &names {
            // Of two spellings of one name the last one counts, for both.
            let value = last(self.headers, name).unwrap_or_default();
            headers.push_str(name);
            headers.push(':');
            headers.push_str(value.trim());
            headers.push('\n');
        }
        [
            self.method.to_uppercase(),
            canonical_path(self.path),
            canonical_query(self.query),
            headers,
            names.join(";"),
            self.body_hash(),
        ]
        .join("\n")
    }

    /// The hash of the body: of the body itself, unless a header says what to take for it. Nothing
    /// is nothing, whatever a header says.
    fn body_hash(&self) -> String {
        let stated = first(self.headers, CONTENT_HASH_HEADER).filter(|value| !value.is_empty());
        match stated {
            Some(stated) if !self.body.is_empty() => stated.to_owned(),
            _ => hex(&Sha256::digest(self.body)),
        }
    }

    /// All headers of the signed request, in order: those that are there, those that signing adds,
    /// and the signature. `now` is the time in the form of `X-Sdk-Date`, for a request without one;
    /// `host` the endpoint's authority as written, for a request without `Host`. A request that
    /// brings its own `Authorization` is left as it is. Values lose their outer white space: what
    /// is signed is what is sent.
    pub fn sign(&self, keys: &KeyPair, host: &str, now: &str) -> Vec<(String, String)> {
        let mut headers = self.headers.to_vec();
        // A header of the very same spelling is replaced, as in a map.
        let mut add =
            |name: &str, value: &str| match headers.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => value.clone_into(known),
                None => headers.push((name.to_owned(), value.to_owned())),
            };
        if let Some(token) = &keys.security_token
            && first(self.headers, "X-Security-Token").is_none()
        {
            add("X-Security-Token", token);
        }
        let spelled = |name: &str| self.headers.iter().find(|(known, _)| known == name);
        if spelled("Authorization").is_some() {
            return headers;
        }
        if let Some((_, kind)) = spelled("Content-Type")
            && !kind.is_empty()
            && !["application/json", "application/bson"]
                .iter()
                .any(|hashed| kind.starts_with(hashed))
        {
            add(CONTENT_HASH_HEADER, UNSIGNED_PAYLOAD);
        }
        let given = first(self.headers, DATE_HEADER);
        let date = given.unwrap_or(now).to_owned();
        if given.is_none() {
            add(DATE_HEADER, now);
        }
        if first(self.headers, "Host").is_none() {
            add("Host", host);
        }
        for (_, value) in &mut headers {
            *value = value.trim().to_owned();
        }
        let canonical = Signable {
            headers: &headers,
            ..*self
        }
        .canonical();
        let value = format!(
            "{ALGORITHM} Access={}, SignedHeaders={}, Signature={}",
            keys.access_key,
            signed_names(&headers).join(";"),
            signature(&keys.secret_key, &string_to_sign(&date, &canonical)),
        );
        headers.push(("Authorization".to_owned(), value));
        headers
    }
}

/// What the signature is of.
pub fn string_to_sign(date: &str, canonical: &str) -> String {
    format!(
        "{ALGORITHM}\n{date}\n{}",
        hex(&Sha256::digest(canonical.as_bytes()))
    )
}

/// The signature, in hexadecimal digits.
pub fn signature(secret_key: &str, string_to_sign: &str) -> String {
    // HMAC takes a key of any length: there is no failure to report.
    Hmac::<Sha256>::new_from_slice(secret_key.as_bytes())
        .map(|mut mac| {
            mac.update(string_to_sign.as_bytes());
            hex(&mac.finalize().into_bytes())
        })
        .unwrap_or_default()
}

/// The names and values of a query as it stands on the request line. A plus is a plus.
pub fn query_pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Every header's name in lower case, sorted; names with an underscore are not signed, gateways
/// drop them.
fn signed_names(headers: &[(String, String)]) -> Vec<String> {
    let mut names: Vec<String> = headers
        .iter()
        .filter(|(name, _)| !name.contains('_'))
        .map(|(name, _)| name.to_lowercase())
        .collect();
    names.sort();
    names
}

/// The value of a header, whatever the case of its name; the first of several spellings.
fn first<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// The same, by a name in lower case; the last of several spellings.
fn last<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers
        .iter()
        .rev()
        .find(|(known, _)| known.to_lowercase() == name)
        .map(|(_, value)| value.as_str())
}

/// Decoded once as a whole, split, each segment encoded; it ends in a slash, whether the path does
/// or not.
fn canonical_path(path: &str) -> String {
    let decoded = decode(path);
    let mut canonical = decoded.split('/').map(encode).collect::<Vec<_>>().join("/");
    if !canonical.ends_with('/') {
        canonical.push('/');
    }
    canonical
}

/// Sorted by the decoded names, then by the decoded values, by code point; which is the order of
/// UTF-8, and of `str`.
fn canonical_query(pairs: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = pairs.iter().collect();
    sorted.sort();
    sorted
        .into_iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// Percent-encodes everything but the unreserved characters.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Percent-decodes once. An escape that is none stays as it is, bytes that are not UTF-8 are
/// replaced.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%')
            .then(|| {
                let digit = |offset: usize| {
                    bytes
                        .get(at + offset)
                        .and_then(|digit| char::from(*digit).to_digit(16))
                };
                u8::try_from(digit(1)? * 16 + digit(2)?).ok()
            })
            .flatten();
        out.push(escaped.unwrap_or(*byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn keys() -> KeyPair {
        KeyPair {
            access_key: "OURKEY".to_owned(),
            secret_key: "our secret".to_owned(),
            security_token: None,
        }
    }

    #[rstest]
    #[case::nothing("", "/")]
    #[case::root("/", "/")]
    #[case::slash_is_added("/v1/a", "/v1/a/")]
    #[case::slash_is_kept("/v1/a/", "/v1/a/")]
    #[case::an_escaped_slash_is_a_slash("/a%2Fb", "/a/b/")]
    #[case::decoded_once("/a%2520b", "/a%2520b/")]
    #[case::lower_case_escapes("/%e5%a4%87", "/%E5%A4%87/")]
    #[case::broken_escapes("/%zz/%2", "/%25zz/%252/")]
    #[case::not_utf8("/%ff", "/%EF%BF%BD/")]
    #[case::plus("/a+b", "/a%2Bb/")]
    #[case::dots_and_slashes_stay("/a/../b//c/.", "/a/../b//c/./")]
    #[case::unreserved("/-._~*", "/-._~%2A/")]
    fn paths_have_a_canonical_form(#[case] path: &str, #[case] expected: &str) {
        assert_eq!(canonical_path(path), expected);
    }

    #[rstest]
    #[case::nothing(&[], "")]
    #[case::names(&[("b", "1"), ("a", "2")], "a=2&b=1")]
    #[case::values(&[("a", "2"), ("a", "10"), ("a", "")], "a=&a=10&a=2")]
    #[case::decoded_order(&[("a/", "1"), ("a.", "2")], "a.=2&a%2F=1")]
    #[case::capitals_first(&[("a", "1"), ("B", "2")], "B=2&a=1")]
    #[case::code_points_not_units(&[("\u{1F600}", "1"), ("\u{FF5E}", "2")], "%EF%BD%9E=2&%F0%9F%98%80=1")]
    #[case::a_prefix_is_first(&[("ab", "1"), ("a", "2"), ("a-", "3")], "a=2&a-=3&ab=1")]
    #[case::reserved(&[("q", "a b+c=d&e")], "q=a%20b%2Bc%3Dd%26e")]
    fn queries_have_a_canonical_form(#[case] query: &[(&str, &str)], #[case] expected: &str) {
        assert_eq!(canonical_query(&pairs(query)), expected);
    }

    #[test]
    fn a_query_is_read_from_the_request_line() {
        assert_eq!(
            query_pairs("b=1+2&a&c=%2B&d=x%3Dy=z&e=%"),
            pairs(&[
                ("b", "1+2"),
                ("a", ""),
                ("c", "+"),
                ("d", "x=y=z"),
                ("e", "%")
            ])
        );
    }

    #[test]
    fn headers_are_sorted_trimmed_and_named() {
        let headers = pairs(&[
            ("X-Zeta", "  two  words "),
            ("Content-Type", "application/json"),
            ("x-empty", ""),
            ("X_Dropped", "never"),
        ]);
        let request = Signable {
            method: "get",
            path: "/",
            query: &[],
            headers: &headers,
            body: b"",
        };
        assert_eq!(
            request.canonical(),
            format!(
                "GET\n/\n\ncontent-type:application/json\nx-empty:\nx-zeta:two  words\n\ncontent-type;x-empty;x-zeta\n{EMPTY}"
            )
        );
    }

    #[rstest]
    #[case::absent(&[], b"", EMPTY)]
    #[case::empty_whatever_is_said(&[("X-Sdk-Content-Sha256", "abc")], b"", EMPTY)]
    #[case::said(&[("x-sdk-content-sha256", "abc")], b"body", "abc")]
    #[case::said_by_nothing(&[("X-Sdk-Content-Sha256", "")], b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    fn the_body_is_hashed_unless_a_header_says_otherwise(
        #[case] headers: &[(&str, &str)],
        #[case] body: &[u8],
        #[case] expected: &str,
    ) {
        let headers = pairs(headers);
        let request = Signable {
            method: "POST",
            path: "/",
            query: &[],
            headers: &headers,
            body,
        };
        assert_eq!(request.body_hash(), expected);
    }

    #[rstest]
    #[case::json(&[("Content-Type", "application/json;charset=utf-8")], false)]
    #[case::patch(&[("Content-Type", "application/json-patch+json")], false)]
    #[case::bson(&[("Content-Type", "application/bson")], false)]
    #[case::capitals(&[("Content-Type", "Application/JSON")], true)]
    #[case::text(&[("Content-Type", "text/plain")], true)]
    #[case::another_spelling(&[("content-type", "text/plain")], false)]
    #[case::empty(&[("Content-Type", "")], false)]
    #[case::said_already(&[("Content-Type", "text/plain"), ("X-Sdk-Content-Sha256", "abc")], true)]
    fn bodies_that_are_no_json_are_not_signed(
        #[case] headers: &[(&str, &str)],
        #[case] unsigned: bool,
    ) {
        let headers = pairs(headers);
        let request = Signable {
            method: "POST",
            path: "/",
            query: &[],
            headers: &headers,
            body: b"x",
        };
        let signed = request.sign(&keys(), "h", "20260102T030405Z");
        assert_eq!(
            signed.contains(&(CONTENT_HASH_HEADER.to_owned(), UNSIGNED_PAYLOAD.to_owned())),
            unsigned
        );
    }

    #[test]
    fn what_is_there_is_kept_and_what_is_missing_is_added() {
        let request = |headers| Signable {
            method: "GET",
            path: "/",
            query: &[],
            headers,
            body: b"",
        };
        let keys = KeyPair {
            security_token: Some("t".to_owned()),
            ..keys()
        };
        let own = pairs(&[("host", "other:1"), ("x-sdk-date", "20250101T000000Z")]);
        let signed = request(&own).sign(&keys, "h:8", "20260102T030405Z");
        let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["host", "x-sdk-date", "X-Security-Token", "Authorization"]
        );
        let signed = request(&[]).sign(&keys, "h:8", "20260102T030405Z");
        assert!(signed.contains(&("Host".to_owned(), "h:8".to_owned())));
        assert!(signed.contains(&("X-Sdk-Date".to_owned(), "20260102T030405Z".to_owned())));
        let (_, value) = signed.last().unwrap();
        assert!(
            value.starts_with("SDK-HMAC-SHA256 Access=OURKEY, SignedHeaders=host;x-sdk-date;x-security-token, Signature="),
            "{value}"
        );
        let authorised = pairs(&[("Authorization", "Basic eDp5")]);
        let left = request(&authorised).sign(
            &KeyPair {
                security_token: None,
                ..keys
            },
            "h",
            "x",
        );
        assert_eq!(left, authorised);
    }

    #[test]
    fn the_signature_is_the_published_hmac() {
        // RFC 4231, test case 2.
        assert_eq!(
            signature("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
