//! Verification of signed requests (`SDK-HMAC-SHA256`), from what arrived: request line, headers,
//! bytes. It is a second reading of the signing rules, on purpose: it shares no code with the
//! client's signer (`exchange/sign.rs`), so that a mistake in either shows as a refusal. Both are
//! held against the same vectors.

use std::borrow::Cow;

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit, Mac};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "SDK-HMAC-SHA256";
const DATE: &str = "x-sdk-date";
const CONTENT_HASH: &str = "x-sdk-content-sha256";
const SECURITY_TOKEN: &str = "x-security-token";

/// How far a request's date may be from now, either way.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(15);

/// Everything but the unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The pair of keys whose signatures a mock accepts.
#[derive(Clone)]
pub struct MockKeys {
    /// The access key.
    pub access_key: String,
    /// The secret key.
    pub secret_key: String,
    /// The token that has to come beside the signature; any or none does, if absent.
    pub security_token: Option<String>,
}

impl std::fmt::Debug for MockKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MockKeys([redacted])")
    }
}

/// A request as it arrived.
#[derive(Clone, Copy)]
pub(super) struct Arrived<'r> {
    pub(super) method: &'r str,
    pub(super) path: &'r str,
    pub(super) query: &'r str,
    pub(super) headers: &'r HeaderMap,
    pub(super) body: &'r [u8],
}

/// Why a request is refused. The sentences repeat nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the request is not signed")]
    Unsigned,
    #[error(
        "the Authorization header is not `SDK-HMAC-SHA256 Access=..., SignedHeaders=..., Signature=...`"
    )]
    Malformed,
    #[error("the access key is not known")]
    UnknownKey,
    #[error("the security token is missing or not valid")]
    SecurityToken,
    #[error("a header that is said to be signed is not there")]
    HeaderAbsent,
    #[error("x-sdk-date has to be there once, in the form YYYYMMDDTHHMMSSZ, and signed")]
    Date,
    #[error("x-sdk-date is more than 15 minutes off")]
    Stale,
    #[error("the signature does not match the request")]
    Mismatch,
}

impl MockKeys {
    /// Whether a request is signed by these keys, now.
    pub(super) fn verify(&self, arrived: &Arrived<'_>, now: Timestamp) -> Result<(), Refusal> {
        let authorization = single(arrived.headers, "authorization")
            .map_err(|_| Refusal::Malformed)?
            .filter(|value| !value.trim().is_empty())
            .ok_or(Refusal::Unsigned)?;
        let claim = Claim::read(&authorization).ok_or(Refusal::Malformed)?;
        if claim.access != self.access_key {
            return Err(Refusal::UnknownKey);
        }
        if let Some(token) = &self.security_token
            && single(arrived.headers, SECURITY_TOKEN) != Ok(Some(Cow::Borrowed(token)))
        {
            return Err(Refusal::SecurityToken);
        }
        let date = single(arrived.headers, DATE)
            .ok()
            .flatten()
            .filter(|_| claim.signed.iter().any(|name| name == DATE))
            .ok_or(Refusal::Date)?;
        let moment = DateTime::strptime("%Y%m%dT%H%M%SZ", date.trim())
            .ok()
            .and_then(|moment| moment.to_zoned(TimeZone::UTC).ok())
            .ok_or(Refusal::Date)?
            .timestamp();
        if moment.duration_since(now).abs() > TOLERANCE {
            return Err(Refusal::Stale);
        }
        let canonical = claim.canonical(arrived)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret_key.as_bytes())
            .map_err(|_| Refusal::Mismatch)?;
        mac.update(format!("{ALGORITHM}\n{}\n", date.trim()).as_bytes());
        mac.update(lower_hex(&Sha256::digest(canonical)).as_bytes());
        mac.verify_slice(&claim.signature)
            .map_err(|_| Refusal::Mismatch)
    }
}

/// What an `Authorization` header claims.
struct Claim {
    access: String,
    signed: Vec<String>,
    signature: Vec<u8>,
}

impl Claim {
    fn read(header: &str) -> Option<Self> {
        let fields = header.trim().strip_prefix(ALGORITHM)?.strip_prefix(' ')?;
        let (mut access, mut signed, mut signature) = (None, None, None);
        for field in fields.split(',') {
            let (name, value) = field.trim().split_once('=')?;
            let slot = match name {
                "Access" => &mut access,
                "SignedHeaders" => &mut signed,
                "Signature" => &mut signature,
                _ => return None,
            };
            if slot.replace(value).is_some() {
                return None;
            }
        }
        let mut signed: Vec<String> = signed?.split(';').map(str::to_ascii_lowercase).collect();
        signed.sort();
        Some(Self {
            access: access?.to_owned(),
            signed,
            signature: bytes_of(signature?)?,
        })
    }

    /// The canonical request.
    fn canonical(&self, arrived: &Arrived<'_>) -> Result<String, Refusal> {
        let mut text = arrived.method.to_ascii_uppercase();
        text.push('\n');
        let path = percent_decode_str(arrived.path).decode_utf8_lossy();
        for (index, segment) in path.split('/').enumerate() {
            if index > 0 {
                text.push('/');
            }
            text.extend(utf8_percent_encode(segment, RESERVED));
        }
        if !text.ends_with('/') {
            text.push('/');
        }
        text.push('\n');
        let decoded = |part| percent_decode_str(part).decode_utf8_lossy();
        let mut pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = arrived
            .query
            .split('&')
            .filter(|piece| !piece.is_empty())
            .map(|piece| piece.split_once('=').unwrap_or((piece, "")))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect();
        pairs.sort();
        for (index, (name, value)) in pairs.iter().enumerate() {
            if index > 0 {
                text.push('&');
            }
            text.extend(utf8_percent_encode(name, RESERVED));
            text.push('=');
            text.extend(utf8_percent_encode(value, RESERVED));
        }
        text.push('\n');
        for name in &self.signed {
            let value = arrived
                .headers
                .get_all(name)
                .iter()
                .next_back()
                .ok_or(Refusal::HeaderAbsent)?;
            text.push_str(name);
            text.push(':');
            text.push_str(String::from_utf8_lossy(value.as_bytes()).trim());
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.signed.join(";"));
        text.push('\n');
        text.push_str(&payload(arrived, &self.signed));
        Ok(text)
    }
}

/// The hash of the body, or what a signed header states in its place, unverified: so are the rules.
/// A header that is not signed states nothing.
fn payload(arrived: &Arrived<'_>, signed: &[String]) -> String {
    let stated = arrived
        .headers
        .get(CONTENT_HASH)
        .filter(|_| signed.iter().any(|name| name == CONTENT_HASH))
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .filter(|stated| !stated.is_empty());
    match stated {
        Some(stated) if !arrived.body.is_empty() => stated.into_owned(),
        _ => lower_hex(&Sha256::digest(arrived.body)),
    }
}

/// A header stands twice where it may stand once.
#[derive(Debug, PartialEq, Eq)]
struct Repeated;

/// The value of a header that may stand once.
fn single<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<Cow<'h, str>>, Repeated> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(Repeated);
    }
    Ok(first.map(|value| String::from_utf8_lossy(value.as_bytes())))
}

fn lower_hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| DIGITS.get(usize::from(digit)))
        .collect()
}

/// Bytes from lower-case hexadecimal digits.
fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    if hex.is_empty()
        || !hex.len().is_multiple_of(2)
        || hex.bytes().any(|byte| byte.is_ascii_uppercase())
    {
        return None;
    }
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};
    use serde_json::Value;

    /// The vectors hold header values as Python's HTTP library takes them: each character stands
    /// for one byte.
    fn to_wire(value: &str) -> Vec<u8> {
        value
            .chars()
            .map(|c| u8::try_from(u32::from(c)))
            .collect::<Result<_, _>>()
            .unwrap_or_else(|_| value.as_bytes().to_vec())
    }

    fn headers(list: &[(String, String)]) -> HeaderMap {
        list.iter()
            .map(|(name, value)| {
                (
                    HeaderName::try_from(name).unwrap(),
                    HeaderValue::from_bytes(&to_wire(value)).unwrap(),
                )
            })
            .collect()
    }

    #[test]
    #[cfg_attr(
        not(real_pages),
        ignore = "the vectors stand beside the repository, in `../shared`"
    )]
    fn the_vectors_are_verified_from_the_wire() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../shared/signing_vectors.json"
        );
        let document: Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let vectors = document["vectors"].as_array().unwrap();
        assert!(vectors.len() >= 13, "{}", vectors.len());
        for vector in vectors {
            let name = vector["name"].as_str().unwrap();
            let keys = MockKeys {
                access_key: vector["ak"].as_str().unwrap().to_owned(),
                secret_key: vector["sk"].as_str().unwrap().to_owned(),
                security_token: None,
            };
            let list: Vec<(String, String)> = vector["headers_after_signing"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                .collect();
            let headers = headers(&list);
            let (path, query) = vector["wire_uri"]
                .as_str()
                .map(|uri| uri.split_once('?').unwrap_or((uri, "")))
                .unwrap();
            let body = bytes_of(vector["input"]["body_hex"].as_str().unwrap()).unwrap_or_default();
            let arrived = Arrived {
                method: vector["input"]["method"].as_str().unwrap(),
                path,
                query,
                headers: &headers,
                body: &body,
            };
            let date = vector["string_to_sign"].as_str().unwrap().lines().nth(1);
            let now = DateTime::strptime("%Y%m%dT%H%M%SZ", date.unwrap())
                .unwrap()
                .to_zoned(TimeZone::UTC)
                .unwrap()
                .timestamp();
            assert_eq!(keys.verify(&arrived, now), Ok(()), "{name}");
            for (off, expected) in [
                (SignedDuration::from_mins(15), Ok(())),
                (SignedDuration::from_secs(901), Err(Refusal::Stale)),
                (SignedDuration::from_secs(-901), Err(Refusal::Stale)),
            ] {
                assert_eq!(keys.verify(&arrived, now + off), expected, "{name}");
            }
            let altered = Arrived {
                query: "altered=1",
                ..arrived
            };
            assert_eq!(keys.verify(&altered, now), Err(Refusal::Mismatch), "{name}");
            let altered = Arrived {
                method: if arrived.method.eq_ignore_ascii_case("PUT") {
                    "POST"
                } else {
                    "PUT"
                },
                ..arrived
            };
            assert_eq!(keys.verify(&altered, now), Err(Refusal::Mismatch), "{name}");
            let other = MockKeys {
                secret_key: "another".to_owned(),
                ..keys
            };
            assert_eq!(
                other.verify(&arrived, now),
                Err(Refusal::Mismatch),
                "{name}"
            );
        }
    }

    #[test]
    fn only_whole_claims_are_read() {
        let read = |header: &str| Claim::read(header).is_some();
        assert!(read(
            "SDK-HMAC-SHA256 Access=a, SignedHeaders=host;x-sdk-date, Signature=0aff"
        ));
        assert!(read(
            "SDK-HMAC-SHA256 Signature=0aff,Access=a,SignedHeaders=x-sdk-date"
        ));
        for header in [
            "",
            "Basic eDp5",
            "SDK-HMAC-SHA256",
            "SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date",
            "SDK-HMAC-SHA256 Access=a, Access=b, SignedHeaders=x-sdk-date, Signature=0a",
            "SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date, Signature=xyz0",
            "SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date, Signature=0AFF",
            "SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date, Signature=",
            "SDK-HMAC-SHA512 Access=a, SignedHeaders=x-sdk-date, Signature=0a",
            "SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date, Signature=é0",
        ] {
            assert!(!read(header), "{header}");
        }
    }
}
