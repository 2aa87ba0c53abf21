//! Labels right above a block of code that open no section: `**Failure**`, `Success:`,
//! `Webhook payload:`. They say of what the code below them is, and of nothing behind it.

use crate::page::Text;

/// The longest label.
const LONGEST: usize = 60;

/// What a label says of the code right below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Below<'p> {
    /// It is an answer.
    Answer,
    /// It is a refusal, of a status where the label is its name.
    Refusal(Option<u16>),
    /// The words are of something else, or not known.
    Unknown(&'p str),
}

phrases! {
    CodeLabels:

    /// What an API does not answer with, whatever else the label says.
    static ELSEWHERE;

    /// Words for an answer that refuses.
    static REFUSED;

    /// Words for an answer.
    static ANSWERED;

    /// Words for what is sent, which other readers know better.
    static SENT;

    /// Words for examples of either.
    static SHOWN;
}

/// What a paragraph says as a label of the code right below it; `None` for one that is no label: one
/// is set off whole, or ends in a colon.
pub(super) fn of(text: &Text) -> Option<Below<'_>> {
    let plain = text.plain.trim();
    let words = plain.trim_end_matches([':', '：', ' ']);
    let is_label = text.marked >= words.len() || words.len() < plain.len();
    is_label.then(|| of_words(plain)).flatten()
}

/// What the words of a heading or label say of the code right below it.
pub(super) fn of_words(label: &str) -> Option<Below<'_>> {
    let words = label.trim().trim_end_matches([':', '：', ' ']);
    if words.is_empty() || words.chars().count() > LONGEST {
        return None;
    }
    if let Some(status) = refusal_named(words) {
        return Some(Below::Refusal(Some(status)));
    }
    if ELSEWHERE.is_match(words) || is_of_refused(words) {
        return Some(Below::Unknown(words));
    }
    if REFUSED.is_match(words) {
        return Some(Below::Refusal(None));
    }
    if ANSWERED.is_match(words) && !SENT.is_match(words) {
        return Some(Below::Answer);
    }
    (!SENT.is_match(words) && !SHOWN.is_match(words)).then_some(Below::Unknown(words))
}

/// Whether a label is of what is sent in vain: `Invalid request`. It is no answer, and no request
/// that is documented to be taken.
pub(super) fn is_of_refused(words: &str) -> bool {
    REFUSED.is_match(words) && SENT.is_match(words)
}

/// The status of a refusal whose name a text is: `Not found`.
fn refusal_named(words: &str) -> Option<u16> {
    (400..600).find(|status| {
        let own = http::StatusCode::from_u16(*status).ok();
        let name = own.and_then(|own| own.canonical_reason());
        name.is_some_and(|name| name.eq_ignore_ascii_case(words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("**Failure Response**", Some(Below::Refusal(None)))]
    #[case("Error:", Some(Below::Refusal(None)))]
    #[case("错误返回：", Some(Below::Refusal(None)))]
    #[case("**Not found**", Some(Below::Refusal(Some(404))))]
    #[case("**Success Response**", Some(Below::Answer))]
    #[case("成功返回：", Some(Below::Answer))]
    #[case("返回示例如下：", Some(Below::Answer))]
    #[case("**Log output**", Some(Below::Unknown("Log output")))]
    #[case("Webhook payload:", Some(Below::Unknown("Webhook payload")))]
    #[case("**The pen object**", Some(Below::Unknown("The pen object")))]
    #[case("Invalid request:", Some(Below::Unknown("Invalid request")))]
    #[case("**Body**", None)]
    #[case("For example:", None)]
    #[case("This is sent when a pen is made.", None)]
    fn a_label_says_what_the_code_below_is(
        #[case] source: &str,
        #[case] expected: Option<Below<'_>>,
    ) {
        let page = crate::page::read("p.md", &format!("# T\n\n{source}\n")).unwrap();
        let text = page.blocks.iter().find_map(|block| match &block.kind {
            crate::page::BlockKind::Paragraph(text) => Some(text),
            _ => None,
        });
        assert_eq!(of(text.unwrap()), expected);
    }
}
