//! What the description of a field says of its presence: that it is optional or required, or there
//! under a condition, or only since some version. What it says of the value is read elsewhere.

use serde::Deserialize;

use super::sentences::sentences;
use crate::vocabulary::{Topic, Wordings};

/// What a description says of a field's presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Presence {
    /// It is required.
    Required,
    /// It is optional.
    Optional,
    /// It is there under a condition.
    Conditional,
}

pattern! {
    /// Every wording. The first that a sentence has counts.
    static WORDINGS: Wordings<Presence> = Wordings::of(Topic::Presence);
}

/// What a description says of its field's presence; the weaker of two statements holds.
pub(super) fn presence(text: &str) -> Option<Presence> {
    sentences(text)
        .iter()
        .filter_map(|sentence| says(sentence))
        .max()
}

fn says(sentence: &str) -> Option<Presence> {
    WORDINGS.in_text(sentence).next().map(|(_, says)| *says)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn each_wording_reads_its_examples() {
        for (example, pattern, expected) in WORDINGS.examples() {
            assert!(pattern.is_match(example), "{example}");
            assert_eq!(presence(example), Some(*expected), "{example}");
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
    #[case("Details on `status`, if it is pending.", Some(Presence::Conditional))]
    #[case("Whether details are shown, if it is set.", None)]
    #[case("该字段仅在失败时返回。", Some(Presence::Conditional))]
    #[case("排序，必填", Some(Presence::Required))]
    #[case("除关闭策略外，必选。", None)]
    #[case("操作为修改，必填。", None)]
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
