//! What the description of a field says of its presence: that it is optional or required, or there
//! under a condition, or only since some version. What it says of the value is read elsewhere.

use regex::Regex;

use super::rows::sentences;
use crate::pattern::compile;

/// What a description says of a field's presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Presence {
    /// It is required.
    Required,
    /// It is optional.
    Optional,
    /// It is there under a condition.
    Conditional,
}

/// One wording.
struct Wording {
    says: Presence,
    pattern: &'static str,
    /// A sentence that has it.
    #[cfg_attr(not(test), expect(dead_code, reason = "each wording is tested by it"))]
    example: &'static str,
}

const fn wording(says: Presence, pattern: &'static str, example: &'static str) -> Wording {
    Wording {
        says,
        pattern,
        example,
    }
}

/// Words for a field that an answer has.
macro_rules! is_there {
    () => {
        r"(?:returned|present|available|included|shown|displayed|provided|populated|reported|contained|visible|there|exists?)"
    };
}

/// Every wording. The first that a sentence has counts.
const WORDINGS: &[Wording] = &[
    wording(
        Presence::Conditional,
        concat!(
            r"(?i)\b",
            is_there!(),
            r"\s+(?:only|if|when|where|unless|once|after|while|in case)\b"
        ),
        "It is returned only when the backup is incremental.",
    ),
    wording(
        Presence::Conditional,
        concat!(r"(?i)\b(?:only|exclusively)\s+", is_there!(), r"\b"),
        "Only returned when the task has ended.",
    ),
    wording(
        Presence::Conditional,
        concat!(
            r"(?i)\b(?:is|are|be) (?:only|exclusively)\s+(?:set|given|",
            is_there!(),
            r")\b"
        ),
        "It is only set for snapshots.",
    ),
    wording(
        Presence::Conditional,
        r"(?i)^\s*\(?(?:only|present|set|given|returned)\s+(?:if|when|where|for|in|with|on|once|after|while|by)\b",
        "Only for replicas.",
    ),
    wording(
        Presence::Conditional,
        concat!(r"(?i)\b(?:not|never)\s+(?:be\s+)?", is_there!(), r"\b"),
        "It is not returned for a single node.",
    ),
    wording(
        Presence::Conditional,
        r"(?i)\b(?:is|are|be)\s+(?:absent|missing|omitted|left out|left blank|left empty)\b|^\s*(?:absent|missing|omitted|left out)\b",
        "It is left out where nobody owns it.",
    ),
    wording(
        Presence::Conditional,
        r"(?i)\b(?:if|where|when|unless)\s+(?:any\b|applicable|available|present|known|there\s+(?:is|are|was|were|has)\b|it\s+(?:has|had|exists)\b|one\s+(?:is|was|exists)\b)",
        "The parent, if there is one.",
    ),
    wording(
        Presence::Conditional,
        r"(?i)\b(?:empty|blank|null|absent)\b[^.;]{0,40}\bmeans\b",
        "An empty token means that no more are available.",
    ),
    wording(
        Presence::Conditional,
        r"(?i)\b(?:new|added|introduced|available|deprecated|removed)\s+(?:in|since|from|with|as of)\s+(?:the\s+)?(?:api\s+)?(?:(?:micro)?version\s+|release\s+|v\.?\s*)?\d",
        "New in version 1.29.",
    ),
    wording(
        Presence::Conditional,
        r"(?i)\b(?:since|as of|starting (?:with|from|in)|until|up to)\s+(?:api\s+)?(?:(?:micro)?version\s+\d|release\s+\d|v\.?\s*\d|\d+\.\d)",
        "The owner (Since 3.10).",
    ),
    wording(
        Presence::Conditional,
        r"(?:仅|只)(?:当|在|有|针对|对)?[^。；;]{0,30}(?:返回|显示|存在|有值)|时(?:才|会|不)?(?:返回|显示|有值|存在)|(?:不|未|才)(?:会)?返回",
        "仅当实例为集群时返回。",
    ),
    wording(
        Presence::Conditional,
        r"(?:如果|若)(?:有|存在|没有|不存在)|(?:自|从)\s*v?\d[\d.]*\s*版本|版本(?:起|新增|开始)",
        "如果有父节点，则为其ID。",
    ),
    wording(
        Presence::Optional,
        r"(?i)^\s*[\[(]?optional[\])]?\s*(?:[.,:;!)\]—–-]|$)|[\[(]optional[\])]",
        "Optional. The name of the owner.",
    ),
    wording(
        Presence::Optional,
        r"(?i)\b(?:this|the|it|which)\b[^.;]{0,24}\b(?:is|are)\s+optional\s*(?:[.,;)]|$)",
        "This field is optional.",
    ),
    wording(
        Presence::Optional,
        r"^\s*[（(]?(?:可选|选填|非必填|非必选)(?:参数|字段)?\s*[）)]?\s*(?:[。，,;；：:.]|$)",
        "可选。备注。",
    ),
    wording(
        Presence::Required,
        r"(?i)^\s*[\[(]?(?:required|mandatory)[\])]?\s*(?:[.:;!)\]—–-]|$)",
        "Required. The name.",
    ),
    wording(
        Presence::Required,
        r"(?i)\b(?:this|the|it)\b(?:\s+(?:field|parameter|attribute|value|property|key|header|argument))?\s+(?:is|are)\s+(?:always\s+)?(?:required|mandatory)\s*(?:[.;!)]|$)",
        "This field is required.",
    ),
    wording(
        Presence::Required,
        r"(?i)^\s*(?:it\s+)?must\s+(?:always\s+)?be\s+(?:provided|specified|given|present|set|included|supplied|sent)\s*(?:[.;!]|$)",
        "Must be provided.",
    ),
    wording(
        Presence::Required,
        r"^\s*[（(]?(?:必填|必选)(?:参数|字段)?\s*[）)]?\s*(?:[。，,;；：:.]|$)",
        "必填。名称。",
    ),
];

pattern! {
    static COMPILED: Vec<(Regex, Presence)> = WORDINGS
        .iter()
        .map(|wording| (compile(wording.pattern), wording.says))
        .collect();
}

/// What a description says of its field's presence; the weaker of two statements holds.
pub(super) fn presence(text: &str) -> Option<Presence> {
    sentences(text)
        .iter()
        .filter_map(|sentence| says(sentence))
        .max()
}

fn says(sentence: &str) -> Option<Presence> {
    COMPILED
        .iter()
        .find(|(pattern, _)| pattern.is_match(sentence))
        .map(|(_, says)| *says)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn each_wording_reads_its_example() {
        for (wording, (pattern, _)) in WORDINGS.iter().zip(COMPILED.iter()) {
            assert!(pattern.is_match(wording.example), "{}", wording.example);
            assert_eq!(
                presence(wording.example),
                Some(wording.says),
                "{}",
                wording.example
            );
        }
    }

    #[rstest]
    #[case("The owner. Optional.", Some(Presence::Optional))]
    #[case("(optional) The owner.", Some(Presence::Optional))]
    #[case("The owner. This parameter is optional.", Some(Presence::Optional))]
    #[case("The name. This field is required.", Some(Presence::Required))]
    #[case("Mandatory. The name.", Some(Presence::Required))]
    #[case("Why it failed. Only for failed tasks.", Some(Presence::Conditional))]
    #[case("Present if the task has failed.", Some(Presence::Conditional))]
    #[case(
        "The next page. Not returned on the last page.",
        Some(Presence::Conditional)
    )]
    #[case("The next page, if any.", Some(Presence::Conditional))]
    #[case("It is omitted when empty.", Some(Presence::Conditional))]
    #[case("Added in v2.", Some(Presence::Conditional))]
    #[case("Required. New in version 1.29.", Some(Presence::Conditional))]
    #[case("该字段仅在失败时返回。", Some(Presence::Conditional))]
    #[case("This parameter is mandatory when kind is set to http.", None)]
    #[case("Required if name is included.", None)]
    #[case("The time at which it was made.", None)]
    #[case("Options for the next run.", None)]
    #[case("How many there are.", None)]
    #[case("The time since 2024 in seconds.", None)]
    #[case("How often it may be tried, up to 10.", None)]
    #[case("The permission that is required.", None)]
    fn a_description_tells_of_presence(#[case] text: &str, #[case] expected: Option<Presence>) {
        assert_eq!(presence(text), expected);
    }
}
