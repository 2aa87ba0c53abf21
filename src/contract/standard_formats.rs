//! Formats that JSON Schema names and that services write more freely than RFC 3339 has them.

pattern! {
    /// A date, a moment or a time of a day of ISO 8601, in its basic or its extended form, with as much
    /// of it as a service writes: a zone, parts of seconds, a blank for the `T`.
    static MOMENT =
        r"^(?:[+-]?\d{4,6}(?:-?(?:0[1-9]|1[0-2])(?:-?(?:0[1-9]|[12]\d|3[01]))?|-?\d{3}|-?W\d{2}(?:-?[1-7])?)?(?:[Tt ]|$))?(?:(?:[01]\d|2[0-4])(?::?[0-5]\d(?::?(?:[0-5]\d|60))?)?(?:[.,]\d+)? ?(?:[Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?$";
    /// A duration of ISO 8601.
    static DURATION =
        r"^-?P(?:\d+(?:[.,]\d+)?[YMWD])*(?:T(?:\d+(?:[.,]\d+)?[HMS])+)?$";
    /// A time of a day, with a zone or without.
    static TIME =
        r"^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$";
}

/// Whether a text is a duration of ISO 8601: any of its parts may be a fraction, as most libraries
/// write seconds.
pub(super) fn is_duration(text: &str) -> bool {
    DURATION.is_match(text) && text.contains(|c: char| c.is_ascii_digit())
}

/// Whether a text is a date, a moment or a time of a day of ISO 8601: pages that name the standard do
/// not say which of its forms a service writes.
pub(super) fn is_moment(text: &str) -> bool {
    MOMENT.is_match(text) && text.contains(|c: char| c.is_ascii_digit())
}

/// Whether a text is a time of a day: with a zone, as RFC 3339 has it, or without, as most write it.
pub(super) fn is_time(text: &str) -> bool {
    TIME.is_match(text)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("PT1.5S", true)]
    #[case("P1D", true)]
    #[case("P1Y2M3DT4H5M6S", true)]
    #[case("-P2W", true)]
    #[case("P", false)]
    #[case("P1DT", false)]
    #[case("1 day", false)]
    fn durations_may_be_fractions(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_duration(text), expected);
    }

    #[rstest]
    #[case("2024-05-09T08:31:16Z", true)]
    #[case("2024-05-09T08:31:16.250+0200", true)]
    #[case("20240509T083116Z", true)]
    #[case("2024-05-09T08:31:16", true)]
    #[case("2024-05-09 08:31:16", true)]
    #[case("2024-05-09T08:31Z", true)]
    #[case("2024-05-09", true)]
    #[case("2024-W19-4", true)]
    #[case("08:31:16Z", true)]
    #[case("yesterday", false)]
    #[case("2024-13-09T08:31:16Z", false)]
    #[case("2024-05-09T25:00:00Z", false)]
    #[case("9 May 2024", false)]
    #[case("1715243476000", false)]
    #[case("", false)]
    fn moments_are_written_in_many_ways(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_moment(text), expected);
    }

    #[rstest]
    #[case("08:31:16", true)]
    #[case("08:31:16.25Z", true)]
    #[case("23:59:60+01:00", true)]
    #[case("24:00:00", false)]
    #[case("08:31", false)]
    fn a_time_may_have_no_zone(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_time(text), expected);
    }
}
