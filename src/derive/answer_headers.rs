//! Which headers each answer has where a row describes them, and which only some have: by their names,
//! whatever a row leaves open.

use super::mandatory::Said;
use super::rows::FieldRow;

/// Headers of answers that depend on what was asked, on the way, or on the version of HTTP: their
/// rows say what they mean, not that each service sends them.
const OF_SOME_ANSWERS: &[&str] = &[
    "accept-ranges",
    "age",
    "allow",
    "alt-svc",
    "cache-control",
    "connection",
    "date",
    "deprecation",
    "etag",
    "expires",
    "keep-alive",
    "last-modified",
    "link",
    "location",
    "pragma",
    "refresh",
    "retry-after",
    "server",
    "set-cookie",
    "strict-transport-security",
    "sunset",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
    "via",
    "warning",
    "www-authenticate",
];

/// The same by how they begin.
const BEGINNINGS: &[&str] = &[
    "access-control-",
    "content-",
    "proxy-",
    "x-cache",
    "x-amz-",
    "x-powered",
];

/// Those of them that the service itself sets: a column that calls one mandatory is kept to. The
/// others come from the way and from HTTP's version, whatever a page says.
const OF_SERVICE: &[&str] = &[
    "accept-ranges",
    "allow",
    "cache-control",
    "content-disposition",
    "content-language",
    "content-range",
    "etag",
    "last-modified",
    "link",
    "location",
    "retry-after",
    "set-cookie",
    "www-authenticate",
];

/// Whether a header is one that only some answers have, by its name.
pub(super) fn is_of_some(row: &FieldRow) -> bool {
    let name = row.name.to_lowercase();
    if row.mandatory == Some(Said::Mandatory) && OF_SERVICE.contains(&name.as_str()) {
        return false;
    }
    OF_SOME_ANSWERS.contains(&name.as_str())
        || BEGINNINGS
            .iter()
            .any(|beginning| name.starts_with(beginning))
}

/// Whether a header by its name is one that each answer of a status has where its service knows it
/// at all: the version of what it shows, the place of what it made.
pub(super) fn is_of_answer(name: &str, status: &str) -> bool {
    let name = name.to_lowercase();
    match name.as_str() {
        "etag" => status.starts_with('2'),
        "location" => matches!(status, "201" | "202") || status.starts_with('3'),
        "content-range" => status == "206",
        "content-language" | "accept-ranges" => status == "200",
        _ => false,
    }
}
