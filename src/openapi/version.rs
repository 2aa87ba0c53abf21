//! The versions of OpenAPI, and what a text has to say to be a document of one.

use serde_json::Value;

use super::error::{OpenApiError, Problem};
use super::spot::Spot;

/// A version of OpenAPI, as far as versions differ in what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// Swagger 2.0.
    Swagger,
    /// OpenAPI 3.0: schemas of a dialect of its own.
    V30,
    /// OpenAPI 3.1 and 3.2: JSON Schema 2020-12.
    V31,
}

impl Version {
    /// The version that a document states.
    pub(super) fn of(document: &Spot<'_>) -> Result<Self, OpenApiError> {
        let stated = |key: &str| {
            document.get(key).map(|spot| {
                let text = match spot.value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                (spot, text)
            })
        };
        if let Some((spot, text)) = stated("openapi") {
            let mut numbers = text.split('.');
            return match (numbers.next(), numbers.next()) {
                (Some("3"), Some("0")) => Ok(Self::V30),
                (Some("3"), Some("1" | "2")) => Ok(Self::V31),
                _ => Err(spot.error(
                    Problem::Version,
                    format!("OpenAPI `{text}` is no version that is read"),
                )),
            };
        }
        match stated("swagger") {
            Some((_, text)) if text.starts_with('2') => Ok(Self::Swagger),
            Some((spot, text)) => Err(spot.error(
                Problem::Version,
                format!("Swagger `{text}` is no version that is read"),
            )),
            None => {
                let what = match document.value {
                    Value::Object(map) if map.contains_key("asyncapi") => "is an AsyncAPI document",
                    Value::Object(_) => "has neither `openapi` nor `swagger`",
                    Value::Null => "holds nothing",
                    _ => "is no object, so it has neither `openapi` nor `swagger`",
                };
                Err(document.error(Problem::Version, what))
            }
        }
    }

    /// Whether schemas are of OpenAPI's own dialect, in which `$ref` has no siblings and
    /// `exclusiveMinimum` is a word beside `minimum`.
    pub(super) fn is_own_dialect(self) -> bool {
        match self {
            Self::Swagger | Self::V30 => true,
            Self::V31 => false,
        }
    }
}

/// Whether a text looks like a document: its first level has `openapi` or `swagger`. Only the
/// beginning of a line, or of a JSON object, is looked at.
pub(super) fn is_document(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let keys = ["openapi", "swagger"];
    if text.trim_start().starts_with('{') {
        return keys.iter().any(|key| {
            text.match_indices(&format!("\"{key}\"")).any(|(at, key)| {
                let after = text.get(at + key.len()..).unwrap_or_default();
                let value = after.trim_start().strip_prefix(':').map(str::trim_start);
                let is_version =
                    |text: &str| text.starts_with(|c: char| c == '"' || c.is_ascii_digit());
                value.is_some_and(is_version) && depth(text.get(..at).unwrap_or_default()) == 1
            })
        });
    }
    text.lines().any(|line| {
        let bare = line.trim_start_matches(['"', '\'']);
        keys.iter().any(|key| {
            bare.strip_prefix(key)
                .map(|rest| rest.trim_start_matches(['"', '\'']).trim_start())
                .and_then(|rest| rest.strip_prefix(':'))
                .map(|rest| rest.trim_start().trim_start_matches(['"', '\'']))
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        })
    })
}

/// How many brackets of a JSON text's beginning are open.
fn depth(text: &str) -> usize {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'{' | b'[') => depth += 1,
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("openapi: 3.1.0\ninfo: {}\n", true)]
    #[case("info: {}\n'swagger': '2.0'\n", true)]
    #[case("\u{feff}{ \"openapi\": \"3.0.0\" }", true)]
    #[case("{ \"info\": { \"x\": [1] }, \"swagger\" : \"2.0\" }", true)]
    #[case("{ \"a\": { \"openapi\": \"3.0.0\" } }", false)]
    #[case("{ \"a\": \"openapi\" }", false)]
    #[case("# GET /v1/items\n\nopenapi is a word.\n", false)]
    #[case("  openapi: 3.1.0\n", false)]
    fn a_document_says_its_version(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_document(text.as_bytes()), expected);
    }
}
