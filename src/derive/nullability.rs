//! Whether a value may be null, or empty: what types and sentences say of it. `Null if there is
//! none` states that it may be; `must not be null`, or null as the value of another field, does not.

use regex::Captures;

use super::statement::{Constraint, Kind};
use crate::contract::Meaning;

phrases! {
    Nullability:

    /// It is so in some cases.
    static SOMETIMES;

    /// A text is spoken of that has no characters.
    static BLANK;

    /// Nothing is put where a value could stand.
    static LEFT_BLANK;

    /// Words of Chinese for a text without characters, which may mean null as well.
    static EMPTY;

    /// An array of several kinds of items, of which null may be one: `array of "a" / "b"`.
    static LISTS_KINDS;

    /// Null is what the value is.
    static IS_NULL;

    /// The field itself, as the subject of a condition.
    static ITSELF;

    /// Words that only lead to null, at the end of a text.
    static JOINING;

    /// What only looks as if null were spoken of: where it is denied, where other values are null,
    /// and where the word means something else. A group `subject` has what a condition is about.
    static NOT_NULL;

    /// What only looks as if a text without characters were allowed.
    static NOT_BLANK;

    /// A type of which null is one of two: its group `type` has the other.
    static NULLABLE_TYPE;
}

pattern! {
    /// Null is spoken of.
    static NULL =
        r"(?i)(?:^|[^A-Za-z0-9_/.-])(?:null|nullable)(?:$|[^A-Za-z0-9_-])";
}

/// A type without what says that null is one too, and whether something does.
pub(super) fn of_type(spelled: &str) -> (&str, bool) {
    let plain = spelled.trim().trim_end_matches(['.', '。']);
    let bare = plain.trim_matches('`');
    let found = NULLABLE_TYPE
        .captures(bare)
        .and_then(|own| own.name("type"));
    match found {
        Some(found) if !LISTS_KINDS.is_match(found.as_str()) => (found.as_str().trim(), true),
        _ => (spelled, false),
    }
}

/// What a sentence says of the value before it says that null is one too: `E-mail address, or null`.
pub(super) fn beside_null(sentence: &str) -> Option<&str> {
    let at = NULL.find(sentence)?.start();
    let head = sentence.get(..at)?;
    let end = JOINING.find(head).map_or(head.len(), |found| found.start());
    head.get(..end)
}

/// What a sentence says: that a value of this type may be null, or a text without characters.
pub(super) fn says(sentence: &str, kind: Kind) -> Vec<Constraint> {
    let sentence = sentence.trim();
    let mut found = Vec::new();
    if NULL.is_match(&NOT_NULL.without(sentence, is_of_itself)) {
        let is_always = IS_NULL.is_match(sentence) && !SOMETIMES.is_match(sentence);
        found.push(if is_always {
            Constraint::IsNull
        } else {
            Constraint::Nullable
        });
    }
    let rest = NOT_BLANK.without(sentence, is_of_itself);
    let is_blank = BLANK.is_match(&rest);
    found.extend(match kind {
        // `Whether the list is empty` speaks of something else.
        Kind::Boolean | Kind::Null => None,
        // A number without digits is none at all.
        Kind::Integer | Kind::Number => {
            let is_left = LEFT_BLANK.is_match(&rest) || EMPTY.is_match(&rest);
            is_left.then_some(Constraint::Empty)
        }
        Kind::String | Kind::Any | Kind::Array | Kind::Object => {
            if EMPTY.is_match(&rest) {
                Some(Constraint::Empty)
            } else {
                is_blank.then_some(Constraint::Meaning(Meaning::Blank))
            }
        }
    });
    found
}

/// Whether a condition is one on the field itself: whoever says what is done with null takes it.
fn is_of_itself(condition: &Captures<'_>) -> bool {
    let subject = condition.name("subject");
    subject.is_some_and(|subject| ITSELF.is_match(subject.as_str().trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("The rack, or null if the host is in none.")]
    #[case("Null if it is not known.")]
    #[case("Null when the job is still running.")]
    #[case("The cursor; null on the last page.")]
    #[case("Nullable.")]
    #[case("If there is none, null is returned.")]
    #[case("Returns null for anonymous users.")]
    #[case("The link, `null` if there is none.")]
    #[case("Who has it; may be null.")]
    #[case("It can be null.")]
    #[case("Set to null when the owner leaves.")]
    #[case("The department above, null for the topmost.")]
    #[case("This value is null before the first check.")]
    #[case("Otherwise null.")]
    #[case("If it is null, the default is used.")]
    #[case("The time (null = never).")]
    #[case("Is `null` unless the backup has failed.")]
    #[case("A value of null means no limit.")]
    #[case("If the parent is null, this is null too.")]
    #[case("Not set: null.")]
    #[case("Kept for later use; until then it is set to null.")]
    #[case("or null if never")]
    #[case("A note, or null.")]
    #[case("Null for doors without a battery.")]
    #[case("没有时为null。")]
    #[case("暂未使用，赋值为null。")]
    #[case("返回 null 表示没有更多数据。")]
    #[case("可为null。")]
    fn null_is_allowed(#[case] sentence: &str) {
        let found = says(sentence, Kind::String);
        assert!(found.iter().any(Constraint::allows_null), "{found:?}");
    }

    #[rstest]
    #[case("Must not be null.")]
    #[case("It cannot be null or empty.")]
    #[case("The value is never null.")]
    #[case("A non-null text.")]
    #[case("Not nullable.")]
    #[case("Null is not allowed.")]
    #[case("Required if `parent` is null.")]
    #[case("Only returned when next_page is null.")]
    #[case("Whether null values are included.")]
    #[case("The file is written to /dev/null.")]
    #[case("What null_policy does.")]
    #[case("It must not contain null characters.")]
    #[case("不能为null。")]
    #[case("非null。")]
    #[case("The name.")]
    fn null_is_not_spoken_of(#[case] sentence: &str) {
        assert_eq!(says(sentence, Kind::String), []);
    }

    #[rstest]
    #[case("Left blank if none was given.", true)]
    #[case("Blank until the first check.", true)]
    #[case("Empty if there is none.", true)]
    #[case("The tag, empty for the root.", true)]
    #[case("It is empty when nothing is known.", true)]
    #[case("An empty string if the host is down.", true)]
    #[case("A tag or an empty string.", true)]
    #[case("May be blank.", true)]
    #[case("Leave blank to keep it.", true)]
    #[case("The value is left blank if there is none", true)]
    #[case("The day in the format yyyy-MM-dd, or empty if it is not known", true)]
    #[case("It cannot be left blank.", false)]
    #[case("Must not be empty.", false)]
    #[case("A non-empty text.", false)]
    #[case("Required if the name is empty.", false)]
    #[case("The blank disk that is attached.", false)]
    #[case("Whether the trash is emptied.", false)]
    fn an_empty_text_is_told(#[case] sentence: &str, #[case] expected: bool) {
        let blank = Constraint::Meaning(Meaning::Blank);
        assert_eq!(says(sentence, Kind::String).contains(&blank), expected);
    }

    #[rstest]
    #[case("没有时为空。", true)]
    #[case("可以为空。", true)]
    #[case("不能为空。", false)]
    #[case("非空，长度8~32个字符。", false)]
    #[case("当名称为空时必填。", false)]
    fn empty_in_chinese_may_be_null(#[case] sentence: &str, #[case] expected: bool) {
        let found = says(sentence, Kind::String);
        assert_eq!(found.contains(&Constraint::Empty), expected, "{found:?}");
    }

    #[rstest]
    #[case("string or null", Some("string"))]
    #[case("String | null", Some("String"))]
    #[case("null|string", Some("string"))]
    #[case("?string", Some("string"))]
    #[case("nullable string", Some("string"))]
    #[case("string?", Some("string"))]
    #[case("integer (nullable)", Some("integer"))]
    #[case("string, nullable", Some("string"))]
    #[case("Array of strings or null", Some("Array of strings"))]
    #[case("Owner object or null", Some("Owner object"))]
    #[case("Nullable<String>", Some("String"))]
    #[case("String/null", Some("String"))]
    #[case("String或null", Some("String"))]
    #[case("可空String", Some("String"))]
    #[case("String", None)]
    #[case("Null object", None)]
    fn null_is_read_from_types(#[case] spelled: &str, #[case] expected: Option<&str>) {
        let (rest, is_nullable) = of_type(spelled);
        assert_eq!(is_nullable.then_some(rest), expected);
    }
}
