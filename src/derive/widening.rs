//! Sentences that widen what a type or a table says: that any other value is taken for something,
//! or that who asks for what is not there gets an empty answer. They win over the type.

use super::behaviour::told;
use super::draft::Draft;
use super::outline::{Item, ItemKind};
use super::section::Section;
use super::sentences::sentences;
use super::statement::Site;
use crate::contract::{Facet, Level, Meaning};

phrases! {
    Widening:

    /// Words by which values that the type does not have are taken.
    static WIDENS;

    /// Words by which what is not there is answered with nothing in it.
    static EMPTY_ANSWER;

    /// Words by which something has no body.
    static NO_BODY;

    /// Words for an answer.
    static ANSWER;
}

/// Whether a sentence says that the answers of an operation have no body.
pub(super) fn says_bodyless(items: &[Item<'_>]) -> bool {
    items.iter().any(|item| {
        let ItemKind::Paragraph(text) = item.kind else {
            return false;
        };
        let is_of_answer = item.section == Section::Response;
        let own = sentences(&text.plain);
        own.iter()
            .any(|sentence| is_bodyless(sentence, is_of_answer))
    })
}

/// Whether a sentence says so; `is_of_answer`: whether it stands among what is said of answers.
fn is_bodyless(sentence: &str, is_of_answer: bool) -> bool {
    NO_BODY.is_match(sentence) && (is_of_answer || ANSWER.is_match(sentence))
}

/// Whether a description widens what its type allows.
pub(super) fn widens(text: &str) -> bool {
    sentences(text)
        .iter()
        .any(|sentence| WIDENS.is_match(sentence))
}

/// Reads that who asks for what is not there gets an empty answer.
pub(super) fn read_empty_answers(draft: &mut Draft, items: &[Item<'_>], site: &Site) {
    for (sentence, line, heading) in told(items) {
        if EMPTY_ANSWER.is_match(&sentence) {
            let site = site.below(heading, "sentence", line);
            let meaning = Facet::Meaning(Meaning::EmptyForUnknown);
            draft.facts.push(site.fact(meaning, Level::Must));
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "Any value other than 0 (including no value) will be interpreted as true.",
        true
    )]
    #[case("0 means false. Any other value is interpreted as true.", true)]
    #[case("Whether to list all. Unknown values are ignored.", true)]
    #[case("其他值视为true。", true)]
    #[case("Any value is allowed.", false)]
    #[case("The other value is read from the list.", false)]
    #[case("The value cannot be empty.", false)]
    fn some_sentences_widen_a_type(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(widens(text), expected);
    }

    #[rstest]
    #[case("A consumer without allocations gets an empty dict.", true)]
    #[case("An empty object is returned if the consumer does not exist.", true)]
    #[case("A request for an unknown consumer returns an empty list.", true)]
    #[case(
        "For a cart that has no lines an object with an empty value is returned.",
        true
    )]
    #[case("The list is empty on the last page.", false)]
    #[case("A consumer that does not exist is answered with 404.", false)]
    fn some_sentences_promise_an_empty_answer(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(EMPTY_ANSWER.is_match(text), expected);
    }

    #[rstest]
    #[case("The answer has no body.", true)]
    #[case("This operation does not return a response body.", true)]
    #[case("The response body is empty.", true)]
    #[case("No content is returned.", true)]
    #[case("No body content is returned on a successful POST.", true)]
    #[case("A delete is answered without a body.", true)]
    #[case("响应体为空。", true)]
    #[case("The request has no body.", false)]
    #[case("The answer has no content rating.", false)]
    #[case("The response body is a list.", false)]
    fn some_sentences_say_that_an_answer_has_no_body(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_bodyless(text, false), expected);
    }
}
