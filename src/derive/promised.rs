//! What sentences promise of a value that only several answers show: that no two have the same, that
//! null takes it away, that the service leaves aside what a request says, that no answer shows it.

use super::meanings::is_of_some;
use super::statement::Kind;
use crate::contract::Meaning;

pattern! {
    /// A word without which none of it is said: one look at a text tells that most have none.
    static HINT =
        r"(?i)unique|\bsame\b|\bnull\b|ignored|by the (?:service|server|system|back|platform|api)|\b(?:not|never) (?:be )?(?:shown|returned|echoed|displayed|exposed|revealed|sent|included)|write[- ]?only|重复|唯一";

    /// No two of a kind have the same value.
    static UNIQUE = [
        r"(?i)\b(?:must|has to|have to|needs to|shall|is|are|be)\s+(?:\w+ly )?unique\b",
        r"(?i)^\W*(?:a |an |the |its |your )?unique (?:\w+ )?(?:name|title|slug|label|code|e-?mail|address|login|username|handle|alias|sku|isbn|number)\b",
        r"(?i)\bno two\b[^.;]{0,40}\b(?:have|has|share|with)\b[^.;]{0,20}\bsame\b",
        r"(?i)\b(?:second|another|other)\b[^.;]{0,40}\b(?:of|with|by) (?:the|this|that) same\b[^.;]{0,30}\b(?:is|are|gets?) (?:refused|rejected|answered|an error)\b",
        r"不(?:能|可|可以|允许)重复|(?:必须|须|需|要求|保持)唯一",
    ];

    /// Something else is unique, or this sometimes.
    static NOT_UNIQUE =
        r"(?i)\b(?:not|never|unless|if|when|may|can|should|ids?|identifiers?|identif(?:y|ies)|uuids?|guids?|requests?|calls?|items?|elements?|entries|values in|(?:list|array|object|document|batch))\b|标识|请求|调用";

    /// Null takes a value away.
    static CLEARED = [
        r"(?i)\bnull\b[`'\x22*]*\s+(?:value )?(?:removes?|clears?|deletes?|unsets?|erases?|detaches)\b",
        r"(?i)\b(?:set|pass|send|use|give)s?\b[^.;]{0,30}\bnull\b[`'\x22*]*\s+(?:in order )?to (?:remove|clear|delete|unset|erase|detach)\b",
        r"(?i)\b(?:removed|cleared|unset|erased|deleted) (?:by|with|if it is|when it is)(?: (?:sending|setting|passing|giving))?(?: it)?(?: to)?(?: an?)?(?: explicit)?\s+[`'\x22*]*null\b",
        r"(?:为|传|设置为)\s*null\s*(?:时|则|，)?[^。；]{0,6}(?:清空|清除|删除|移除)",
    ];

    /// What a request says of the value is left aside.
    static IGNORED = [
        r"(?i)\bignored (?:in|on|by|if (?:it is )?(?:sent|set|given|specified|present) in|when (?:it is )?(?:sent|set|given|specified|present) in) (?:the |a |all |any )?(?:requests?(?: body| bodies)?|input|create|creation|writes?)\b",
        r"(?i)\b(?:values?|what (?:is|was) (?:sent|given)|anything|whatever)\b[^.;]{0,40}\b(?:in|by|from|with) (?:a |an |the |any )?(?:requests?|clients?|callers?|input)\b[^.;]{0,20}\b(?:is|are|will be|gets?) ignored\b",
        r"(?i)\b(?:set|generated|assigned|filled in|maintained|managed|computed|calculated|determined|chosen)\s+(?:only |automatically |solely )?by the (?:service|server|system|back-?end|platform|api)\b",
    ];

    /// The value is in no answer.
    static HIDDEN = [
        r"(?i)\b(?:never|not) (?:be )?(?:shown|returned|echoed|displayed|exposed|revealed|sent back|included in (?:any |the )?(?:responses?|answers?))\s*(?:in (?:any |the )?(?:responses?|answers?)|by the (?:server|service|api)|back)?\s*(?:[.;,)]|$)",
        r"(?i)^\W*write[- ]?only\W*$",
    ];

    /// It may be in some.
    static SEEN_ONCE =
        r"(?i)\b(?:again|after|afterwards|later|once|except|unless|if|when|while|by default|lists?|listed|in full|other)\b";
}

/// What the sentences of a row promise of a value of a request.
pub(super) fn promises(sentences: &[String], kind: Kind) -> Vec<Meaning> {
    let any = |patterns: &[regex::Regex], text: &str| patterns.iter().any(|one| one.is_match(text));
    let is_scalar = !matches!(
        kind,
        Kind::Array | Kind::Object | Kind::Boolean | Kind::Null
    );
    let is_text = matches!(kind, Kind::String | Kind::Integer | Kind::Any);
    let mut found = Vec::new();
    for sentence in sentences.iter().filter(|one| HINT.is_match(one)) {
        let mut add = |meaning: Meaning, holds: bool| {
            if holds && !found.contains(&meaning) {
                found.push(meaning);
            }
        };
        let is_unique = any(&UNIQUE, sentence) && !NOT_UNIQUE.is_match(sentence);
        add(Meaning::Unique, is_text && is_unique);
        add(Meaning::Cleared, any(&CLEARED, sentence));
        let is_ignored = any(&IGNORED, sentence) && !is_of_some(sentence);
        add(Meaning::Ignored, is_scalar && is_ignored);
        let is_hidden = any(&HIDDEN, sentence) && !SEEN_ONCE.is_match(sentence);
        add(Meaning::Hidden, is_scalar && is_hidden);
    }
    found
}

pattern! {
    /// True where a page follows.
    static MORE = [
        r"(?i)\b(?:whether|if|true (?:if|when|while|where|as long as))\b[^.;]{0,40}\b(?:more|further|another|next|additional)\b[^.;]{0,30}\b(?:rows?|items?|pages?|results?|records?|entries|elements?|objects?|data|there|available|follows?|exists?|left)\b",
        r"(?i)\bfalse (?:on|for|at) the (?:last|final) page\b",
        r"是否(?:还|仍)?(?:有|存在)(?:更多|下一页|后续)",
    ];

    /// True on the last page.
    static LAST = [
        r"(?i)\b(?:whether|if|true (?:if|when|where)|true (?:on|for|at))\b[^.;]{0,30}\b(?:last|final) page\b",
        r"(?i)\b(?:whether|if|true (?:if|when|where))\b[^.;]{0,20}\bno (?:more |further |other )?(?:record|item|row|page|result|entr|element|object)\w*\b[^.;]{0,24}\b(?:after|follow\w*|left|remain\w*|more)\b",
        r"是否(?:是|为)?最后一页",
    ];

    /// Words by which either says the contrary, or something of a page before.
    static DENIED = r"(?i)\b(?:not|previous|preceding|prior|earlier|unless)\b|上一页";
}

/// What the sentences of a truth value in an answer say of the pages of a list.
pub(super) fn of_pages(sentences: &[String], kind: Kind) -> Option<Meaning> {
    let any = |patterns: &[regex::Regex], text: &str| patterns.iter().any(|one| one.is_match(text));
    let of_truth = || sentences.iter().filter(|one| !DENIED.is_match(one));
    if kind != Kind::Boolean {
        return None;
    }
    if of_truth().any(|one| any(&LAST, one)) {
        return Some(Meaning::Last);
    }
    let denies = |one: &&String| {
        one.to_lowercase()
            .split_whitespace()
            .any(|word| word == "no")
    };
    of_truth()
        .any(|one| any(&MORE, one) && !denies(&one))
        .then_some(Meaning::More)
}

pattern! {
    /// A `PUT` makes what is not there.
    static CREATES = [
        r"(?i)^\W*(?:this (?:call|operation|request|method|endpoint) )?(?:creates?|registers?|adds?|stores?|defines?|inserts?)\b[^.;]{0,60}\bor (?:completely |fully )?(?:replaces?|updates?|changes?|overwrites?|modif(?:y|ies)|sets?)\b",
        r"(?i)\b(?:replaces?|updates?|changes?|overwrites?|sets?)\b[^.;]{0,60}\bor (?:creates?|registers?|adds?|inserts?)\b",
        r"(?i)\b(?:is|are|will be|gets?) (?:created|made|registered|added) (?:if|when|where) (?:it|they|there|none|no such|not)\b[^.;]{0,30}\b(?:not|no|none|new|missing|absent)\b",
        r"(?i)\bcreates? (?:it|one|them)\b[^.;]{0,10}\b(?:if|when|where)\b[^.;]{0,30}\b(?:not|no|none|new|missing|absent)\b",
    ];

    /// It does so for some, or does not.
    static NO_MAKER = r"(?i)\b(?:not created|does not create|never creates?|cannot|only if|fails?|unless)\b";
}

/// Whether a sentence about a `PUT` says that it makes what is not there.
pub(crate) fn creates(method: &str, sentence: &str) -> bool {
    method == "PUT"
        && CREATES.iter().any(|one| one.is_match(sentence))
        && !NO_MAKER.is_match(sentence)
}

#[cfg(test)]
mod tests {
    use super::super::sentences::sentences;
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("The name. It must be unique.", &[Meaning::Unique])]
    #[case("Must be unique within the project.", &[Meaning::Unique])]
    #[case("Unique name of the patient.", &[Meaning::Unique])]
    #[case("No two roles have the same name.", &[Meaning::Unique])]
    #[case("A second patient with the same name is refused with 409.", &[Meaning::Unique])]
    #[case("名称，不能重复。", &[Meaning::Unique])]
    #[case("The unique id of the user.", &[])]
    #[case("The name. It need not be unique.", &[])]
    #[case("A token that is unique for each request.", &[])]
    #[case("The items must be unique.", &[])]
    #[case("The template. `null` removes the template.", &[Meaning::Cleared])]
    #[case("Set it to null to clear the note.", &[Meaning::Cleared])]
    #[case("null if there is none.", &[])]
    #[case("The owner. A value in a request is ignored.", &[Meaning::Ignored])]
    #[case("Set by the server.", &[Meaning::Ignored])]
    #[case("Set by the server if it is left out.", &[])]
    #[case("8 to 64 characters. It is never shown.", &[Meaning::Hidden])]
    #[case("Write-only.", &[Meaning::Hidden])]
    #[case("It is never shown again.", &[])]
    #[case("It is not returned in lists.", &[])]
    fn a_row_promises(#[case] text: &str, #[case] expected: &[Meaning]) {
        assert_eq!(promises(&sentences(text), Kind::String), expected);
    }

    #[rstest]
    #[case("Whether there are more rows after this page.", Some(Meaning::More))]
    #[case("True if another page follows.", Some(Meaning::More))]
    #[case("是否还有更多。", Some(Meaning::More))]
    #[case("Whether no record comes after this page.", Some(Meaning::Last))]
    #[case("Whether this is the last page.", Some(Meaning::Last))]
    #[case("Whether there is a previous page.", None)]
    #[case("Whether there are no more rows.", None)]
    #[case("Whether the widget is more expensive.", None)]
    fn a_truth_tells_of_pages(#[case] text: &str, #[case] expected: Option<Meaning>) {
        assert_eq!(of_pages(&sentences(text), Kind::Boolean), expected);
        assert_eq!(of_pages(&sentences(text), Kind::String), None);
    }

    #[rstest]
    #[case("Registers a sensor or replaces what is known of it.", true)]
    #[case("Creates the key or changes its value.", true)]
    #[case("Replaces a sensor, or creates it.", true)]
    #[case("The key is created if it does not exist.", true)]
    #[case("Replaces a sensor.", false)]
    #[case("Updates a sensor; it is not created if it does not exist.", false)]
    fn a_put_makes_what_is_not_there(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(creates("PUT", sentence), expected);
        assert!(!creates("POST", sentence));
    }
}
