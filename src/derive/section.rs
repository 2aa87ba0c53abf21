//! The sections of a page, and the headings and labels that open them.

use super::versions;
use crate::vocabulary;

/// What a section of a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Uri,
    /// What follows a target before any heading or label says what it is about.
    Operation,
    Request,
    RequestExample,
    Response,
    AbnormalResponse,
    ResponseExample,
    /// `Example`, which of the two is not said.
    Example,
    StatusCodes,
    ErrorCodes,
    Other,
}

phrases! {
    SectionWords:

    /// A heading that is a status and its name: `201 Created`, `HTTP 201`, `Response (200)`.
    static STATUS_ALONE;
}

pattern! {
    static STATUS = format!(
        r"(?i)^\s*\**\s*{}\s*\**\s*[:：]?\s*\**\s*([1-5]\d\d)(?:\W|$)",
        vocabulary::before_status()
    );
}

/// The section that a heading opens, if its words are known.
pub(super) fn section_of(heading: &str) -> Option<Section> {
    // The versions that it holds for are told from each other elsewhere.
    let heading = versions::of_heading(heading).map_or(heading, |(stem, _)| stem);
    let folded = heading
        .trim()
        .trim_end_matches([':', '：', '.', '。'])
        .trim()
        .to_lowercase();
    if folded.chars().count() > 40 {
        return None;
    }
    vocabulary::heading(&folded)
        .or_else(|| vocabulary::section(heading))
        .map(of_words)
}

/// The section of the vocabulary as ours: it has further ones, of which nothing is read.
fn of_words(section: vocabulary::Section) -> Section {
    match section {
        vocabulary::Section::Uri => Section::Uri,
        vocabulary::Section::RequestParameters => Section::Request,
        vocabulary::Section::ResponseParameters => Section::Response,
        vocabulary::Section::AbnormalResponse => Section::AbnormalResponse,
        vocabulary::Section::ExampleRequest => Section::RequestExample,
        vocabulary::Section::ExampleResponse => Section::ResponseExample,
        vocabulary::Section::Example => Section::Example,
        vocabulary::Section::StatusCodes => Section::StatusCodes,
        vocabulary::Section::ErrorCodes => Section::ErrorCodes,
        vocabulary::Section::Function
        | vocabulary::Section::SampleCode
        | vocabulary::Section::Other => Section::Other,
    }
}

/// The status code that a caption such as `Status code: 200` names.
pub(super) fn status_of(text: &str) -> Option<u16> {
    if text.chars().count() > 60 {
        return None;
    }
    STATUS.captures(text)?.get(1)?.as_str().parse().ok()
}

/// The status code that a heading is about, where it is nothing else.
pub(super) fn status_alone(text: &str) -> Option<u16> {
    if text.chars().count() > 60 {
        return None;
    }
    STATUS_ALONE
        .captures(text)?
        .name("status")?
        .as_str()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Example Requests", Some(Section::RequestExample))]
    #[case("Example request 2:", Some(Section::RequestExample))]
    #[case("请求示例（第二种）", Some(Section::RequestExample))]
    #[case("Example response", Some(Section::ResponseExample))]
    #[case("Example abnormal response", Some(Section::AbnormalResponse))]
    #[case("异常响应样例", Some(Section::AbnormalResponse))]
    #[case(
        "Response Example (microversions 1.38 - )",
        Some(Section::ResponseExample)
    )]
    #[case(
        "Request example (microversions 1.0 - 1.18)",
        Some(Section::RequestExample)
    )]
    #[case("URI format", Some(Section::Uri))]
    #[case("An example of a request is below", None)]
    fn headings_open_sections(#[case] heading: &str, #[case] expected: Option<Section>) {
        assert_eq!(section_of(heading), expected);
    }
}
