//! The sections of a page, and the headings and labels that open them.

use regex::Regex;

use crate::page::words;
use crate::pattern::compile;

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

/// The headings of sections: what a heading's words, lower case and without punctuation, must
/// match. The first match wins.
const HEADINGS: &[(&str, Section)] = &[
    (
        r"^(example|sample) (http )?requests?(\W.*)?$|^requests? (message )?(examples?|samples?)( ?\d+)?$|^请求(消息)?(示例|样例|举例)(\d|[（(].*)?$",
        Section::RequestExample,
    ),
    (
        r"^(example|sample) (normal |success(ful)? )?responses?(\W.*)?$|^(normal )?response (message )?(examples?|samples?)( ?\d+)?$|^(正常)?响应(消息)?(示例|样例|举例)(\d|[（(].*)?$|^返回示例$",
        Section::ResponseExample,
    ),
    (
        r"^(abnormal|exception|error) (responses?|return)( message)?( examples?)?$|^(example|sample) (abnormal|exception|error) responses?$|^异常(响应|返回)(消息)?(示例|样例)?$",
        Section::AbnormalResponse,
    ),
    (r"^examples?$|^示例$|^样例$", Section::Example),
    (
        r"^(return(ed)? )?status codes?$|^returned values?$|^return values?$|^状态码$|^返回值$|^返回码$",
        Section::StatusCodes,
    ),
    (r"^error codes?$|^错误码$", Section::ErrorCodes),
    (
        r"^(request )?ur[il]s?( format)?$|^ur[il]格式$|^请求ur[il]$|^ur[il]参数$",
        Section::Uri,
    ),
    (
        r"^requests?( (body )?(parameters?|messages?|body|header)s?)?$|^请求(参数|消息|体|头)?$|^(request )?parameters?$",
        Section::Request,
    ),
    (
        r"^(normal )?(responses?|responses? (body )?(parameters?|messages?|body)s?)$|^(正常)?响应(参数|消息|体)?$|^返回(参数|消息)?$",
        Section::Response,
    ),
    (
        r"^(function|functions|function description|constraints|restrictions|notes?|precautions|debugging|calling method|authorization information|sdk sample code|feedback|prerequisites?|description|scenarios?)$|^(功能介绍|调试|调用方法|约束限制|约束与限制|使用说明|接口约束|注意事项|sdk代码示例|前提条件|授权信息)$",
        Section::Other,
    ),
];

pattern! {
    static COMPILED: Vec<(Regex, Section)> = HEADINGS
        .iter()
        .map(|(text, section)| (compile(text), *section))
        .collect();
}

pattern! {
    static STATUS =
        r"(?i)^\s*\**\s*(?:status\s*code|http status code|状态码|código de (?:status|estado)|statuscode|code d'état)\s*\**\s*[:：]?\s*\**\s*([1-5]\d\d)(?:\W|$)";

    /// A heading that is a status and its name: `201 Created`, `HTTP 201`, `Response (200)`.
    static STATUS_ALONE =
        r"(?i)^\W*(?:https?\b|status\b|responses?\b|code\b|返回|响应|[\s:：(/.\d])*?\b(?P<status>[1-5]\d\d)\b\)?(?:\s*[-–—:：(]?\s*[A-Za-z][A-Za-z '-]{0,40}\)?)?\W*$";
}

/// The section that a heading opens, if its words are known.
pub(super) fn section_of(heading: &str) -> Option<Section> {
    let folded = heading
        .trim()
        .trim_end_matches([':', '：', '.', '。'])
        .trim()
        .to_lowercase();
    if folded.chars().count() > 40 {
        return None;
    }
    COMPILED
        .iter()
        .find(|(pattern, _)| pattern.is_match(&folded))
        .map(|(_, section)| *section)
        .or_else(|| words::section(heading).map(of_words))
}

/// The readers' section as ours: they need fewer distinctions.
fn of_words(section: words::Section) -> Section {
    match section {
        words::Section::Uri => Section::Uri,
        words::Section::RequestParameters => Section::Request,
        words::Section::ResponseParameters => Section::Response,
        words::Section::ExampleRequest => Section::RequestExample,
        words::Section::ExampleResponse => Section::ResponseExample,
        words::Section::StatusCodes => Section::StatusCodes,
        words::Section::ErrorCodes => Section::ErrorCodes,
        words::Section::Function | words::Section::SampleCode | words::Section::Other => {
            Section::Other
        }
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
    #[case("URI format", Some(Section::Uri))]
    #[case("An example of a request is below", None)]
    fn headings_open_sections(#[case] heading: &str, #[case] expected: Option<Section>) {
        assert_eq!(section_of(heading), expected);
    }
}
