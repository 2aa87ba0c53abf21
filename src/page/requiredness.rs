//! Whether a description says that its field must be given: `Optional.`, `This field is
//! required.`, `*Required*`, a default. What depends on a condition says neither.

/// The longest description of which the first and the last sentences are looked at.
const LONGEST: usize = 20_000;

phrases! {
    DescribedRequiredness:

    /// A sentence, or a remark in brackets, that says nothing else.
    static WHOLE;

    /// The whole sentence in the passive voice.
    static GIVEN;

    /// The beginning of a description that says it and goes on about something else.
    static OPENING;

    /// What makes a condition of what stands before.
    static CONDITION;

    /// A default: the field may be left out.
    static DEFAULT;

    /// What it means to give nothing: the field may be left out.
    static IF_EMPTY;

    /// A word that may not stand near: the same text calls the field both.
    static CONDITIONAL;
}

/// Whether a description says that its field must be given or may be left out.
pub(super) fn requiredness(description: &str) -> Option<bool> {
    if description.len() > LONGEST || CONDITIONAL.is_match(description) {
        return None;
    }
    let mut said: Option<bool> = None;
    let mut add = |is_required: bool| -> bool {
        let agrees = said.is_none_or(|known| known == is_required);
        said = Some(is_required);
        agrees
    };
    if let Some(found) = OPENING.captures(description) {
        let is_conditional = found
            .name("rest")
            .is_some_and(|rest| CONDITION.is_match(rest.as_str()));
        if is_conditional {
            return None;
        }
        add(found.name("yes").is_some());
    }
    for sentence in description.split(['.', '。', ';', '(', ')', '\n']) {
        let sentence = sentence.trim().trim_matches(['*', '_', '`', ',', ' ']);
        let is_required = if GIVEN.is_match(sentence) {
            true
        } else if let Some(found) = WHOLE.captures(sentence) {
            found.name("yes").is_some()
        } else {
            continue;
        };
        if !add(is_required) {
            return None;
        }
    }
    // Where both are said, one of them is a mistake.
    let may_lack = DEFAULT.is_match(description) || IF_EMPTY.is_match(description);
    match (said, may_lack) {
        (Some(true), true) => None,
        (None, true) => Some(false),
        (said, _) => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::whole("The title. This field is required.", Some(true))]
    #[case::passive("The title. Must be provided.", Some(true))]
    #[case::mark("What to look for. *Required*", Some(true))]
    #[case::mark_without_emphasis("At most so many. Default is 25. Optional", Some(false))]
    #[case::brackets("The note (optional).", Some(false))]
    #[case::opening("Optional. The note.", Some(false))]
    #[case::bold("**Required.** The title.", Some(true))]
    #[case::adjective("Optional flag that filters.", Some(false))]
    #[case::relative("Is optional and filters the list.", Some(false))]
    #[case::relative_whole("Is optional. Filters the list.", Some(false))]
    #[case::condition("Required if `a` is given.", None)]
    #[case::condition_in_brackets("The note (required when a is given).", None)]
    #[case::optional_since("Optional since 2.0.", None)]
    #[case::both("Required. Is optional.", None)]
    #[case::verb("Required permissions of the role.", None)]
    #[case::either("Either a or b must be provided. Required.", None)]
    #[case::default("At most so many. Default is ``25``.", Some(false))]
    #[case::defaults_to("Defaults to `true`.", Some(false))]
    #[case::required_with_default("Required. Defaults to 3.", None)]
    #[case::default_of_another("The default branch.", None)]
    #[case::default_aside("The default, ``main_only``, returns the winner.", Some(false))]
    #[case::default_of_a_list("- **normal** At once. *Default.*\n- **long** Waits.", Some(false))]
    #[case::default_in_brackets("One of a (default) and b.", Some(false))]
    #[case::default_as_a_word("It is that of the default.", None)]
    #[case::if_empty("What to look for. All are shown if left empty.", Some(false))]
    #[case::if_omitted("When omitted, all are shown.", Some(false))]
    #[case::required_if_empty("Required. Fails if left empty.", None)]
    #[case::empty_of_another("Fails if the list is left empty by others.", None)]
    #[case::nothing("The title.", None)]
    #[case::negated("The title. Not required.", Some(false))]
    fn descriptions_say_whether_a_field_is_required(
        #[case] description: &str,
        #[case] expected: Option<bool>,
    ) {
        assert_eq!(requiredness(description), expected);
    }
}
