//! Titles that say of which status they speak: `Response body parameters (400)`, `Parameters in the
//! response body when the status code is 400`, `状态码为400时的响应参数`.

use regex::Regex;

use super::labels::{Label, label};
use super::section::{Section, section_of};
use crate::pattern::compile;

/// The longest title that is looked at.
const LONGEST: usize = 160;

/// What stands before the number: `HTTP`, `the status code is`, `状态码为`.
const WORDS: &str = r"(?i:(?:the\s+|an?\s+)?(?:https?\b\s*)?(?:(?:response|return)\s+)?(?:status\s*codes?|status|code)?\s*(?:is\b|=|:)?|(?:返回|响应|http)?状态码\s*(?:为|是|[:：=])?)\s*";

/// The number, and the name of the status behind it, whose words have capitals.
const STATUS: &str =
    r"(?P<status>[1-5]\d\d)\b(?:\s*[-–—:：]?\s*[A-Z][A-Za-z]*\b(?:[ -][A-Z][a-z]+\b)*)?";

phrases! {
    Refusals:

    /// An answer of any other status, as OpenAPI calls it, or of any that refuses.
    static OF_REFUSALS;
}

pattern! {
    /// The status in its words, each form with what stands around it in a title.
    static NAMED: Vec<Regex> = [
        format!(r"\s*[(（\[](?i:(?:for|with|when|if)\s+)?{WORDS}{STATUS}[)）\]]"),
        format!(r"(?i:[,，]?\s*\b(?:for|with|of|when|where|if|at|in case of)\s+){WORDS}{STATUS}$"),
        r"[当若在]?(?:返回|响应|HTTP)?状态码\s*(?:为|是|[:：=])?\s*(?P<status>[1-5]\d\d)时?[的,，:：]?\s*".to_owned(),
        format!(r"\s*[-–—:：]\s*{WORDS}{STATUS}\s*$"),
        r"^\s*(?i:https?\s*|status\s*(?:code\s*)?)?(?P<status>[1-5]\d\d)\s+[^()]{0,30}?\b(?P<what>(?i:response|return|响应|返回))".to_owned(),
        r"\s(?P<status>[1-5]\d\d)\s+(?P<what>(?i:responses?)\W*)$".to_owned(),
    ]
    .iter()
    .map(String::as_str)
    .map(compile)
    .collect();
}

/// The status that a title names, and the title without it.
pub(super) fn named_status(title: &str) -> Option<(u16, String)> {
    if title.len() > LONGEST {
        return None;
    }
    NAMED.iter().find_map(|pattern| {
        let found = pattern.captures(title)?;
        let status = found.name("status")?.as_str().parse().ok()?;
        let whole = found.get(0)?;
        let end = found.name("what").map_or(whole.end(), |what| what.start());
        let (before, after) = (title.get(..whole.start())?, title.get(end..)?);
        let rest = format!("{before} {after}").trim().to_owned();
        (!rest.is_empty()).then_some((status, rest))
    })
}

/// Whether a heading is of the answers to whatever is refused: `Response (default)`, `Responses 4XX`.
fn is_of_refusals(text: &str) -> bool {
    OF_REFUSALS.is_match(text)
}

/// What a text says as a label, and the status of the answer that it speaks of.
pub(super) fn label_with_status(text: &str) -> Option<(Label, Option<u16>)> {
    if is_of_refusals(text) {
        return Some((Label::Of(Section::AbnormalResponse, None), None));
    }
    if let Some((status, rest)) = named_status(text)
        && let Some(said @ Label::Of(Section::Response, _)) = label(&rest)
    {
        return Some((said, Some(status)));
    }
    label(text).map(|said| (said, None))
}

/// The section that a heading opens, and the status of the answer that it speaks of.
pub(super) fn section_with_status(text: &str) -> Option<(Section, Option<u16>)> {
    if is_of_refusals(text) {
        return Some((Section::AbnormalResponse, None));
    }
    if let Some(section) = section_of(text) {
        return Some((section, None));
    }
    let (status, rest) = named_status(text)?;
    let section = section_of(&rest)?;
    let is_of_answer = matches!(
        section,
        Section::Response | Section::AbnormalResponse | Section::ResponseExample
    );
    is_of_answer.then_some((section, Some(status)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Response body parameters (200)", 200, "Response body parameters")]
    #[case(
        "Response body parameters (400 Bad Request)",
        400,
        "Response body parameters"
    )]
    #[case("Response parameters (status code: 404)", 404, "Response parameters")]
    #[case("响应Body参数（200）", 200, "响应Body参数")]
    #[case("响应Body参数（状态码为400）", 400, "响应Body参数")]
    #[case("状态码为400时的响应Body参数", 400, "响应Body参数")]
    #[case("Response body parameters - 202", 202, "Response body parameters")]
    #[case("Response: 201 Created", 201, "Response")]
    #[case("Response body for status code 404", 404, "Response body")]
    #[case("Response body when the status is 409", 409, "Response body")]
    #[case(
        "Parameters of the response with HTTP 422",
        422,
        "Parameters of the response"
    )]
    #[case("400 response body parameters", 400, "response body parameters")]
    #[case("404 Not Found response", 404, "response")]
    fn a_title_names_its_status(#[case] title: &str, #[case] status: u16, #[case] rest: &str) {
        assert_eq!(named_status(title), Some((status, rest.to_owned())));
    }

    #[rstest]
    #[case("Response body parameters")]
    #[case("Response body parameters (200 records at most)")]
    #[case("Room 404")]
    #[case("Model X500 response")]
    #[case("Response (2025)")]
    #[case("(200)")]
    fn other_numbers_are_no_status(#[case] title: &str) {
        assert_eq!(named_status(title), None);
    }
}
