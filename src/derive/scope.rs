//! Of what a limit is told: of the whole value and always, or of a part of it, or under a condition.
//! And whether a sentence restricts a value at all.

use std::ops::Range;

use super::statement::Kind;
use super::wordings::Limit;

phrases! {
    Scope:

    /// Conditions on the field itself: whoever sends it meets them.
    static OWN_CONDITION;

    /// A condition on something else.
    static CONDITION;

    /// What holds for some values, or in some versions.
    static SOME;

    /// Words for what lies between two times.
    static OF_SPAN;

    /// Units of time.
    static UNIT_OF_TIME;

    /// Words for a time that is a number.
    static OF_TIMESTAMP;

    /// What only shows a value.
    static SHOWN;

    /// Another value that is allowed beside those of the limit: `0 or at least 5`.
    static OR_ANOTHER;

    /// A part of the value, as the subject of a limit.
    static PART;

    /// What says nothing of the form of a value: whether it is there, whether there is another like
    /// it, whether letters of both cases are told apart.
    static ASIDE;

    /// Letters of both cases are alike.
    static ANY_CASE;

    /// Words by which a sentence restricts the form of a text.
    static RESTRICTS;

    /// Words by which a sentence speaks of the keys of a map.
    static OF_KEYS;

    /// Words of languages of which no limits are read, or few, beside a number.
    static RESTRICTS_ELSEWHERE;

    /// Words by which a sentence that has a limit says more of the form of a text: which characters it
    /// is made of, or which others it has to look like.
    static FORM;

    /// Signs that a text of a stated length must not have.
    static FORBIDS;

    /// Words by which a time has to lie before or after that of the request.
    static OF_NOW;

    /// Words by which of all dates or times of a form only some are meant.
    static OF_MOMENTS;

    /// A text that is called the name of a host.
    static OF_HOST;

    /// Words by which a sentence that has a limit says more of a number.
    static FORM_OF_NUMBER;

    /// Words by which a sentence restricts a number.
    static RESTRICTS_NUMBER;
}

pattern! {
    /// Words that are parted as values are, and nothing else in their sentence or behind its colon:
    /// `red, green or blue`, `Status: open/closed`, `Order (asc | desc)`; values with what each means,
    /// or in quotation marks.
    static LISTS = r"(?:^\s*|[:：]\s*|[(（])[A-Za-z0-9_-]+(?:\s*[|/]\s*[A-Za-z0-9_-]+)+\s*[)）]?[.;]?\s*$|(?:^\s*|[:：]\s*|[(（])[A-Za-z0-9_-]+(?:,\s*[A-Za-z0-9_-]+)*,?\s+or\s+[A-Za-z0-9_-]+\s*[)）]?[.;]?\s*$|[:：]\s*[A-Za-z0-9_-]+(?:,\s*[A-Za-z0-9_-]+)+\s*[.;]?\s*$|[(（][A-Za-z0-9_-]+(?:,\s*[A-Za-z0-9_-]+)+[)）]\s*[.;]?\s*$|^\s*[A-Za-z0-9_-]+\s*(?:\s[-–]|[:=])\s+[^,;:=]{1,40}(?:[,;]\s*(?:or\s+)?[A-Za-z0-9_-]+\s*(?:\s[-–]|[:=])\s+[^,;:=]{1,40})+$|^\s*[\x22'“‘][^\x22'”’]{1,40}[\x22'”’](?:\s*(?:,|/|\||\bor\b|\band\b)\s*)+[\x22'“‘]";
}

/// Whether a sentence says that letters of both cases are alike.
pub(super) fn takes_any_case(sentence: &str) -> bool {
    ANY_CASE.is_match(sentence)
}

/// Whether a limit that stands at this place of a text is one of the whole value, and holds always.
pub(super) fn is_of_the_whole(text: &str, span: &Range<usize>) -> bool {
    let (mut from, mut to) = (0, text.len());
    let mut at = 0;
    for sentence in super::sentences::sentences(text) {
        let end = at + sentence.len();
        if (at..end).contains(&span.start) {
            from = at;
        }
        if (at..=end).contains(&span.end) && at < span.end {
            to = end;
        }
        at = end;
    }
    let sentence = text.get(from..to.max(from)).unwrap_or(text);
    let before = text.get(from..span.start).unwrap_or_default();
    let rest = OWN_CONDITION.replace_all(sentence, " – ");
    let after = text.get(span.end..).unwrap_or_default();
    // A span of days is no bound of a time in milliseconds.
    let is_of_span =
        OF_SPAN.is_match(before) || UNIT_OF_TIME.is_match(after) && OF_TIMESTAMP.is_match(text);
    let is_shown = SHOWN.is_match(before) || OR_ANOTHER.is_match(before);
    !is_of_span
        && !is_shown
        && !CONDITION.is_match(&rest)
        && !SOME.is_match(sentence)
        && !PART.is_match(before)
}

/// A sentence without what says nothing of the form of a value.
fn without_asides(sentence: &str) -> String {
    ASIDE.replace_all(sentence, " – ").into_owned()
}

/// Whether a sentence says more of the form of a value than the limits that are read from it. Which
/// signs it must not have may be read as the pattern of its cell.
pub(super) fn restricts_beside(
    sentence: &str,
    limits: &[Limit],
    kind: Kind,
    has_pattern: bool,
) -> bool {
    let is_read = |at: usize| limits.iter().any(|limit| limit.span.contains(&at));
    let rest: String = sentence
        .char_indices()
        .filter(|(at, _)| !is_read(*at))
        .map(|(_, character)| character)
        .collect();
    let rest = without_asides(&rest);
    match kind {
        Kind::String => {
            FORM.is_match(&rest)
                || OF_HOST.is_match(&rest)
                || !has_pattern && FORBIDS.is_match(&rest)
        }
        Kind::Integer | Kind::Number => FORM_OF_NUMBER.is_match(&rest),
        Kind::Any | Kind::Array | Kind::Boolean | Kind::Object | Kind::Null => false,
    }
}

/// Whether a sentence says that a time has to lie before or after that of the request: which that is,
/// no form of it tells.
pub(super) fn is_of_now(sentence: &str) -> bool {
    OF_NOW.is_match(sentence)
}

/// Whether a text says that of all dates or times of a form only some are meant: those of a weekday,
/// those of whom is old enough.
pub(super) fn is_of_some_moments(text: &str) -> bool {
    OF_MOMENTS.is_match(text)
}

/// Whether a sentence restricts which values of a type are allowed.
pub(super) fn restricts(sentence: &str, kind: Kind) -> bool {
    let restricting = match kind {
        Kind::String | Kind::Any | Kind::Array => &RESTRICTS,
        Kind::Integer | Kind::Number => &RESTRICTS_NUMBER,
        // What an object has stands in its own rows, but for the keys of a map.
        Kind::Object if OF_KEYS.is_match(sentence) => &RESTRICTS,
        // Both values of a boolean are known.
        Kind::Boolean | Kind::Object | Kind::Null => return false,
    };
    let rest = without_asides(sentence);
    restricting.is_match(&rest)
        || rest.contains(|c: char| c.is_ascii_digit()) && RESTRICTS_ELSEWHERE.is_match(&rest)
        || matches!(kind, Kind::String | Kind::Any)
            && (rest.contains([',', ';', '|', '/']) || rest.contains(" or "))
            && LISTS.is_match(&rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("How many there are, at least 2.", "at least 2", true)]
    #[case("When the kind is a group, at least 2.", "at least 2", false)]
    #[case("At least 2 if the kind is a group.", "At least 2", false)]
    #[case("If it is set, at least 2.", "at least 2", true)]
    #[case("At least 2 if given.", "At least 2", true)]
    #[case("The suffix is a string of 1-64 characters.", "1-64 characters", false)]
    #[case("Each label has 1 to 63 characters.", "1 to 63 characters", false)]
    #[case("The name has 1 to 63 characters.", "1 to 63 characters", true)]
    #[case("当类型为组时，最小值：2。", "最小值：2", false)]
    #[case("For `x` at most 10 characters.", "at most 10 characters", false)]
    #[case("For guests, at most 5 characters.", "at most 5 characters", false)]
    #[case("In version 2, 1 to 64 characters.", "1 to 64 characters", false)]
    #[case("Length: 1-64 (names), 1-255 (paths).", "Length: 1-64", false)]
    #[case("Length: 1-64.", "Length: 1-64", true)]
    fn a_limit_is_of_the_whole_or_not(
        #[case] text: &str,
        #[case] limit: &str,
        #[case] expected: bool,
    ) {
        let start = text.find(limit).unwrap();
        assert_eq!(
            is_of_the_whole(text, &(start..start + limit.len())),
            expected
        );
    }

    #[rstest]
    #[case("The value is not case-sensitive.", true)]
    #[case("Case-insensitive.", true)]
    #[case("The mode, in upper or lower case.", true)]
    #[case("取值范围如下，不区分大小写", true)]
    #[case("The value is case-sensitive.", false)]
    #[case("In lower case.", false)]
    #[case("取值区分大小写", false)]
    fn both_cases_may_be_alike(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(takes_any_case(sentence), expected);
    }

    #[rstest]
    #[case("The tag: no blanks, 1 to 10 characters", Kind::String, true)]
    #[case("ASCII text of 1 to 10 characters", Kind::String, true)]
    #[case("A key in snake_case, at most 30 characters", Kind::String, true)]
    #[case("The DNS name, 1 to 63 characters", Kind::String, true)]
    #[case("The domain, at most 100 characters", Kind::String, true)]
    #[case("域名，长度不超过255个字符", Kind::String, true)]
    #[case("The title, 1 to 64 characters, case-sensitive", Kind::String, false)]
    #[case(
        "The name of the domain's owner, 1 to 64 characters",
        Kind::String,
        false
    )]
    #[case("名称，长度不超过64个字符", Kind::String, false)]
    #[case("取值范围：1~10000，步长为10", Kind::Integer, true)]
    #[case("A power of two, from 1 to 64", Kind::Integer, true)]
    #[case("Number of nodes; odd, 1 to 7", Kind::Integer, true)]
    #[case("The step of the query, 1 to 60", Kind::Integer, false)]
    #[case("From 1 to 10, even if it is shut", Kind::Integer, false)]
    fn a_sentence_says_more_than_its_limits(
        #[case] sentence: &str,
        #[case] kind: Kind,
        #[case] expected: bool,
    ) {
        let limits = crate::derive::wordings::limits(sentence, kind);
        assert_eq!(restricts_beside(sentence, &limits, kind, false), expected);
    }

    #[rstest]
    #[case("One of the colours of the team's palette.", true)]
    #[case("An ISO 3166 country code.", true)]
    #[case("It must be a palindrome.", true)]
    #[case("Words separated by commas.", true)]
    #[case("必须以字母开头。", true)]
    #[case("red, green or blue", true)]
    #[case("open or closed", true)]
    #[case("Status: open/closed", true)]
    #[case("Status (open, closed)", true)]
    #[case("Filter by status: open, closed, all", true)]
    #[case("The name or the title of the job.", false)]
    #[case("The name (optional).", false)]
    #[case("A name, a title or both.", false)]
    #[case("The name of the job.", false)]
    #[case("The name must be unique within the project.", false)]
    #[case("It is case-sensitive.", false)]
    #[case("This parameter is mandatory when kind is set to http.", false)]
    #[case("Only volumes of this name.", false)]
    #[case("The options of the job.", false)]
    #[case("It is available only when kind is function.", false)]
    #[case("The name cannot be changed later.", false)]
    #[case("名称，项目内唯一。", false)]
    #[case("a - first, b - second", true)]
    #[case("a: first, b: second", true)]
    #[case("'red' or 'dark blue'", true)]
    #[case("Note: it is slow, and so is the rest.", false)]
    #[case("每页最多50条。", true)]
    #[case("Höchstens 50 Einträge.", true)]
    #[case("Entre 1 et 50.", true)]
    #[case("Como máximo 50 elementos.", true)]
    #[case("No máximo 50 itens.", true)]
    #[case("От 1 до 50.", true)]
    #[case("50자 이하.", true)]
    #[case("50文字以内。", true)]
    #[case("Die Seite 2 der Liste.", false)]
    #[case("Der maximale Wert der Liste.", false)]
    fn a_sentence_restricts_or_describes(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(restricts(sentence, Kind::String), expected);
    }
}
