//! Labels: headings and short sentences that say what the fields below them are of, made of words
//! of the vocabulary: `Path parameters`, `The following fields are returned:`, `请求参数`.
//!
//! A text is a label only where each of its words is known, so that a sentence about something
//! else opens nothing.

use super::section::Section;
use super::tables::Role;
use crate::vocabulary::{LabelWord as Word, label_word, longest_label_word};

phrases! {
    LabelsOfParts:

    /// Words for what is sent, in a label in lower case.
    static SENT;

    /// Words for the fields of whatever is spoken of.
    static OF_ANYTHING;

    /// Words for a form.
    static OF_FORM;

    /// Words for any body.
    static OF_BODY;
}

/// The longest label.
const LONGEST: usize = 160;

/// What a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// What the tables below describe.
    Of(Section, Option<Role>),
    /// Fields of whatever is spoken of: the section stays that it stands in.
    Neutral(Option<Role>),
}

/// What a text says as a label; `None` for one that is none.
pub(super) fn label(text: &str) -> Option<Label> {
    if text.len() > LONGEST {
        return None;
    }
    let words = words(text)?;
    let has = |wanted: Word| words.contains(&wanted);
    let places: Vec<Word> = [Word::Path, Word::Url, Word::Query, Word::Header, Word::Body]
        .into_iter()
        .filter(|place| has(*place))
        .collect();
    let one = match places.as_slice() {
        [place] => Some(*place),
        // `fields of the JSON response body`, `query string parameters in the URL`
        [Word::Url, Word::Query] => Some(Word::Query),
        [Word::Path, Word::Url] => Some(Word::Path),
        _ => None,
    };
    if has(Word::Response) {
        if has(Word::Request) {
            return None;
        }
        let role = match one {
            Some(Word::Header) => Some(Role::ResponseHeader),
            Some(Word::Body) => Some(Role::ResponseBody),
            _ => None,
        };
        return Some(Label::Of(Section::Response, role));
    }
    let role = match one {
        Some(Word::Path) => Some(Role::Path),
        Some(Word::Query) => Some(Role::Query),
        Some(Word::Header) => Some(Role::Header),
        Some(Word::Body) => Some(Role::RequestBody),
        _ => None,
    };
    if one == Some(Word::Url) && has(Word::Fields) {
        return Some(Label::Of(Section::Uri, None));
    }
    if has(Word::Request) || role == Some(Role::RequestBody) && is_form(text) {
        return Some(Label::Of(Section::Request, role));
    }
    match one {
        // A path or a URL without a word for fields is the target's own.
        Some(Word::Url) => None,
        Some(Word::Path) if !has(Word::Fields) => None,
        Some(Word::Path | Word::Query) => Some(Label::Of(Section::Request, role)),
        // Answers have headers and bodies too.
        Some(_) => Some(Label::Neutral(role)),
        None if has(Word::Fields) || has(Word::Structure) => Some(Label::Neutral(None)),
        None => None,
    }
}

/// Whether a text labels fields by words that pages have for those of answers as well as for those
/// of requests: `Attributes`, `Fields`. Parameters and arguments are sent.
pub(super) fn tells_no_side(text: &str) -> bool {
    if label(text) != Some(Label::Neutral(None)) {
        return false;
    }
    let lower = text.to_lowercase();
    let words = words(text).unwrap_or_default();
    !words.contains(&Word::Fields) || OF_ANYTHING.is_match(&lower) && !SENT.is_match(&lower)
}

/// Whether a text has a word for what is sent: `Arguments`, `参数`.
pub(super) fn is_of_sent(text: &str) -> bool {
    SENT.is_match(&text.to_lowercase())
}

/// Whether a text labels what the request is made of, by a word for the parts of an object, which a
/// URL has none of: `Request Structure`.
pub(super) fn names_parts_of_request(text: &str) -> bool {
    let words = words(text).unwrap_or_default();
    let has = |wanted: Word| words.contains(&wanted);
    has(Word::Request) && has(Word::Structure) && !has(Word::Fields)
}

/// Whether a text speaks of forms alone, which only requests carry.
fn is_form(text: &str) -> bool {
    OF_FORM.is_match(text) && !OF_BODY.is_match(text)
}

/// The words of a text, if each is known and one means something.
fn words(text: &str) -> Option<Vec<Word>> {
    let text = text.trim().trim_end_matches([':', '：', '.', '。']).trim();
    let text = text
        .strip_suffix([')', '）'])
        .and_then(|inner| inner.rsplit_once(['(', '（']))
        .map_or(text, |(head, _)| head.trim());
    let text = text
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '、' | ')' | ' '));
    let lower = text.to_lowercase();
    let mut words = Vec::new();
    let mut parts = lower.split(|c: char| !c.is_alphanumeric()).peekable();
    while let Some(part) = parts.next() {
        // What a `GET` has are the arguments of its query.
        if part == "get" && parts.peek().is_some_and(|next| SENT.is_match(next)) {
            words.push(Word::Query);
            continue;
        }
        // A word of an alphabet may have letters beyond ASCII's.
        if let Some(word) = label_word(part) {
            words.push(word);
            continue;
        }
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let cut = if first.is_ascii() {
                rest.find(|c: char| !c.is_ascii()).unwrap_or(rest.len())
            } else {
                longest_label_word(rest)?
            };
            words.push(label_word(rest.get(..cut)?)?);
            rest = rest.get(cut..)?;
        }
    }
    words
        .iter()
        .any(|word| *word != Word::Filler)
        .then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Attributes", true)]
    #[case("Fields", true)]
    #[case("属性", true)]
    #[case("Supported attributes:", true)]
    #[case("Parameters", false)]
    #[case("Arguments", false)]
    #[case("参数", false)]
    #[case("Query fields", false)]
    fn some_labels_tell_no_side(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(tells_no_side(text), expected);
    }

    #[rstest]
    #[case("Request Structure", true)]
    #[case("Request attributes", true)]
    #[case("Request parameters", false)]
    #[case("Attributes", false)]
    #[case("Response Structure", false)]
    fn some_labels_name_parts_of_the_request(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(names_parts_of_request(text), expected);
    }

    #[rstest]
    #[case("Path parameters", Some(Label::Of(Section::Request, Some(Role::Path))))]
    #[case(
        "Query String Params",
        Some(Label::Of(Section::Request, Some(Role::Query)))
    )]
    #[case(
        "The following query parameters are available:",
        Some(Label::Of(Section::Request, Some(Role::Query)))
    )]
    #[case(
        "The following parameters should be set in the URL:",
        Some(Label::Of(Section::Uri, None))
    )]
    #[case("URI Request Parameters", Some(Label::Of(Section::Uri, None)))]
    #[case("URL parameters", Some(Label::Of(Section::Uri, None)))]
    #[case("JSON/Form Params", Some(Label::Neutral(Some(Role::RequestBody))))]
    #[case(
        "Form parameters",
        Some(Label::Of(Section::Request, Some(Role::RequestBody)))
    )]
    #[case(
        "Form data",
        Some(Label::Of(Section::Request, Some(Role::RequestBody)))
    )]
    #[case("Payload", Some(Label::Neutral(Some(Role::RequestBody))))]
    #[case(
        "Request body",
        Some(Label::Of(Section::Request, Some(Role::RequestBody)))
    )]
    #[case(
        "Optional request headers",
        Some(Label::Of(Section::Request, Some(Role::Header)))
    )]
    #[case("Arguments", Some(Label::Neutral(None)))]
    #[case("Attributes", Some(Label::Neutral(None)))]
    #[case("Returns:", Some(Label::Of(Section::Response, None)))]
    #[case(
        "The following fields are returned in the JSON response body:",
        Some(Label::Of(Section::Response, Some(Role::ResponseBody)))
    )]
    #[case("2. 输入参数", Some(Label::Of(Section::Request, None)))]
    #[case("请求参数", Some(Label::Of(Section::Request, None)))]
    #[case("**参数:**", Some(Label::Neutral(None)))]
    #[case("返回参数说明", Some(Label::Of(Section::Response, None)))]
    #[case(
        "Request (microversions 1.19 - )",
        Some(Label::Of(Section::Request, None))
    )]
    #[case(
        "These available filter parameters should be provided as GET arguments:",
        Some(Label::Of(Section::Request, Some(Role::Query)))
    )]
    #[case("URI Parameters", Some(Label::Of(Section::Uri, None)))]
    #[case("Get", None)]
    #[case("Order book", None)]
    #[case("The parameters of a job are described elsewhere", None)]
    #[case("Request and response", None)]
    #[case("Path", None)]
    #[case("The following", None)]
    fn a_label_is_made_of_known_words(#[case] text: &str, #[case] expected: Option<Label>) {
        assert_eq!(label(text), expected);
    }
}
