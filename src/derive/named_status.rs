//! Titles that say of which status they speak: `Response body parameters (400)`, `Parameters in the
//! response body when the status code is 400`, `状态码为400时的响应参数`.

use std::sync::LazyLock;

use super::labels::{Label, label};
use super::section::{Section, section_of};
use crate::vocabulary::Phrase;

/// The longest title that is looked at.
const LONGEST: usize = 160;

phrases! {
    Refusals:

    /// An answer of any other status, as OpenAPI calls it, or of any that refuses.
    static OF_REFUSALS;

    /// The status of a title, in brackets.
    static BRACKETED;

    /// The same in its words.
    static TOLD;

    /// The same behind a sign.
    static BEHIND;

    /// The same before the words for an answer, which its group `what` begins with.
    static LEADING;

    /// The same in the middle of a title.
    static BEFORE_ANSWER;
}

/// The forms in which a title names a status, in the order in which they are looked for.
static FORMS: [&LazyLock<Phrase>; 5] = [&BRACKETED, &TOLD, &BEHIND, &LEADING, &BEFORE_ANSWER];

/// The status that a title names, and the title without it.
pub(super) fn named_status(title: &str) -> Option<(u16, String)> {
    if title.len() > LONGEST {
        return None;
    }
    let mut found = FORMS.iter().flat_map(|form| form.each(title));
    found.find_map(|found| {
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
