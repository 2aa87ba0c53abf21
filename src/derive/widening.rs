//! Sentences that widen what a type or a table says: that any other value is taken for something,
//! or that who asks for what is not there gets an empty answer. They win over the type.

use super::behaviour::told;
use super::draft::Draft;
use super::outline::Item;
use super::rows::sentences;
use super::statement::Site;
use crate::contract::{Facet, Level, Meaning};

pattern! {
    /// Words by which values that the type does not have are taken.
    static WIDENS =
        r"(?i)\b(?:any|every|all)\s+(?:other|others|non-?\w+)\b[^.;]{0,40}\b(?:is|are|will be|gets?)\s+(?:interpreted|treated|taken|regarded|considered|read|converted|seen)\b|\b(?:any|every)\s+(?:other )?values?\s+(?:other than|but|except)\b[^.;]{0,60}\b(?:is|are|will be)\s+(?:interpreted|treated|taken|regarded|considered|read)\b|\((?:including|or)\s+(?:no|an empty|the empty|a missing)\s+(?:value|string|text)s?\)|\b(?:invalid|unknown|unrecogni[sz]ed|malformed|bad|other)\s+values?\s+(?:is|are|will be)\s+(?:ignored|treated|taken|interpreted|replaced)\b|(?:其他|其它|任何|非法|无效)(?:的)?值[^。；;]{0,12}(?:视为|当作|忽略|按)";

    /// Words by which what is not there is answered with nothing in it.
    static EMPTY_ANSWER =
        r"(?i)\b(?:without|with no|has no|have no|does not exist|do not exist|not found|unknown|no such|nobody has)\b[^.;]{0,60}\b(?:gets?|gives?|returns?|receives?|yields?|results? in|is answered with|are answered with|leads to)\b[^.;]{0,20}\b(?:an? |the )?empty\b|\bempty (?:object|dict(?:ionary)?|list|array|map|set|answer|response|result|collection)\b[^.;]{0,40}\b(?:is|are|will be)?\s*(?:returned|given|answered|sent)\b[^.;]{0,60}\b(?:does not exist|do not exist|no such|unknown|without|has no|have no|not found)\b|不存在[^。；;]{0,16}返回空";
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
            let site = Site {
                table: heading.to_owned(),
                ..site.at("sentence", line)
            };
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
    #[case("The list is empty on the last page.", false)]
    #[case("A consumer that does not exist is answered with 404.", false)]
    fn some_sentences_promise_an_empty_answer(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(EMPTY_ANSWER.is_match(text), expected);
    }
}
