//! Times whose type does not say how they are written: `timestamp` may be a text or a number. The row
//! may tell: what counts the seconds since 1970 is a whole number.

use crate::page::words::TypeName;

phrases! {
    Moments:

    /// Types that say no more than that a value is a time.
    static OF_TIME;

    /// Words by which a time is the number of seconds, or parts of them, since 1970.
    static COUNTED;

    /// Words by which a time is a text.
    static WRITTEN;
}

/// What a row that says `text` means by its type, which may be that of a time.
pub(super) fn meant(kind: Option<TypeName>, spelled: &str, text: &str) -> Option<TypeName> {
    let is_open = matches!(&kind, None | Some(TypeName::String | TypeName::OneOf(_)));
    if !is_open || !OF_TIME.is_match(spelled) || WRITTEN.is_match(text) {
        return kind;
    }
    if COUNTED.is_match(text) {
        return Some(TypeName::Integer);
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::seconds(
        "timestamp",
        "Measured in seconds since the Unix epoch.",
        Some(TypeName::Integer)
    )]
    #[case::unix("date", "Creation time (Unix time).", Some(TypeName::Integer))]
    #[case::year("datetime", "Seconds since 1970-01-01.", Some(TypeName::Integer))]
    #[case::of_its_own("Timestamp (ms)", "Timestamp (ms) When.", Some(TypeName::Integer))]
    #[case::silent("timestamp", "When it was made.", Some(TypeName::String))]
    #[case::written("timestamp", "When it was made, as ISO 8601.", Some(TypeName::String))]
    #[case::both(
        "timestamp",
        "A Unix timestamp or an RFC 3339 date.",
        Some(TypeName::String)
    )]
    #[case::date("date", "When it was made.", Some(TypeName::String))]
    #[case::text("string", "Seconds since the epoch.", Some(TypeName::String))]
    #[case::number("number", "Seconds since the epoch.", Some(TypeName::Number))]
    #[case::chinese("时间戳", "创建时间，Unix时间戳，单位：秒", Some(TypeName::Integer))]
    fn a_time_is_a_number_where_its_row_says_so(
        #[case] spelled: &str,
        #[case] text: &str,
        #[case] expected: Option<TypeName>,
    ) {
        let kind = crate::page::words::parse_type(spelled);
        assert_eq!(meant(kind, spelled, text), expected);
    }
}
