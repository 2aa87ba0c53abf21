//! Targets that a sentence of prose states, with more in it: ``To add a key, send a `POST` request to
//! `/keys` with its name.`` They are those of operations only where nothing else is.

use super::words::{GOES_ON, OPENS_SENTENCE, REQUEST_BETWEEN};
use super::{LONGEST, METHODS, PATH, Stated, all, has_value};
use crate::derive::sentences::sentences;

/// The longest sentence that is looked at.
const LONGEST_SENTENCE: usize = 300;

pattern! {
    /// A method and a path that a sentence binds together, and what stands before and behind.
    static BOUND = format!(
        r#"^(?P<before>[^/]{{0,160}}?)["'(]?\b(?P<methods>{METHODS})\b["')]?(?:{}|\s*[:：]?)\s+["'(]?{}["')]?(?P<behind>.*)$"#,
        REQUEST_BETWEEN.part(),
        *PATH
    );
    /// A method as a word of its own.
    static METHOD = format!(r"\b(?:{METHODS})\b");
    /// What may stand behind the path.
    static BEHIND = r"^(?:$|[\s.,;:!?)，。；])";
    /// A target that is a line of its own, with its method in small letters and a host.
    static SMALL = format!(
        r"^\s*(?P<methods>get|post|put|delete|patch|head|options)\s+(?P<host>https?://[^/\s`]+){}\s*$",
        r"(?P<path>/[^\s`,;]*)"
    );
}

/// The one target that the sentences of a paragraph state: none where they name another method too.
pub(in crate::derive) fn of_prose(text: &str) -> Option<Stated> {
    if text.len() > LONGEST || METHOD.find_iter(text).count() != 1 {
        return None;
    }
    let all_sentences = sentences(text);
    let own = all_sentences.iter().find(|own| METHOD.is_match(own))?;
    if own.len() > LONGEST_SENTENCE {
        return None;
    }
    let found = BOUND.captures(own.trim())?;
    let before = found.name("before").map_or("", |own| own.as_str());
    let behind = found.name("behind").map_or("", |own| own.as_str());
    let is_whole = BEHIND.is_match(behind) && !GOES_ON.is_match(behind);
    if !OPENS_SENTENCE.is_match(before) || !is_whole {
        return None;
    }
    let [stated] = <[Stated; 1]>::try_from(all(&found)).ok()?;
    // A host in a sentence is no sign of an example.
    (!has_value(&stated.path)).then_some(Stated {
        has_host: false,
        ..stated
    })
}

/// The target that a line is whose method stands in small letters before a host, as portals show it.
pub(in crate::derive) fn in_small_letters(text: &str) -> Vec<Stated> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let found = SMALL.captures(text);
    found.map(|found| all(&found)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "To add a key, send a POST request to /v2/keys. Set the name.",
        Some("POST /v2/keys")
    )]
    #[case(
        "To add a key, send a POST request to /v2/keys with the name in the body.",
        Some("POST /v2/keys")
    )]
    #[case(
        "Adds a key. Send a POST request to the /v2/keys endpoint.",
        Some("POST /v2/keys")
    )]
    #[case(
        "Send a POST request to https://a.example/v2/keys to create a key.",
        Some("POST /v2/keys")
    )]
    #[case(
        "Create a key by sending a POST request to /v2/keys.",
        Some("POST /v2/keys")
    )]
    #[case(
        "Creating keys is done with a POST to /v2/keys.",
        Some("POST /v2/keys")
    )]
    #[case("Use POST /v2/keys to create a key.", Some("POST /v2/keys"))]
    #[case("POST to /v2/keys with JSON.", Some("POST /v2/keys"))]
    #[case(
        "Make a DELETE call to the /v2/keys/{id} endpoint.",
        Some("DELETE /v2/keys/{id}")
    )]
    #[case("To add a key, POST it to /v2/keys.", Some("POST /v2/keys"))]
    #[case("Calling POST /v2/keys adds a key.", Some("POST /v2/keys"))]
    #[case("A POST to /v2/keys creates a key.", Some("POST /v2/keys"))]
    #[case("The key that POST /v2/keys made is shown.", None)]
    #[case("Use GET /v2/keys instead of POST /v2/keys.", None)]
    #[case("Send a GET request to /v2/keys/17.", None)]
    #[case("Send a GET request to /v2/keys?page=2 for the rest.", None)]
    #[case("It works as GET /v2/keys does.", None)]
    #[case("If you call GET /v2/keys again, the key is gone.", None)]
    #[case("Do not use POST /v2/keys.", None)]
    #[case("Send a GET request to /v2/files and add the name of the key.", None)]
    fn a_sentence_may_state_a_target(#[case] text: &str, #[case] expected: Option<&str>) {
        let found = of_prose(text).map(|own| format!("{} {}", own.method, own.path));
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[rstest]
    #[case("post https://a.example/v1/jobs", Some("POST /v1/jobs"))]
    #[case("get https://a.example/v1/jobs/{job}", Some("GET /v1/jobs/{job}"))]
    #[case("get https://a.example/v1/jobs to see them", None)]
    #[case("get /v1/jobs", None)]
    fn a_portal_writes_its_methods_small(#[case] text: &str, #[case] expected: Option<&str>) {
        let found = in_small_letters(text);
        let found = found
            .first()
            .map(|own| format!("{} {}", own.method, own.path));
        assert_eq!(found.as_deref(), expected, "{text}");
    }
}
