//! The ends of a range that a list is cut down to: which end a parameter is, as its name tells, and
//! whether its text says that an item of exactly that value is within.

use crate::contract::{HIGH, LOW, Meaning, words};

phrases! {
    Ranges:

    /// A value is not below the end.
    static NOT_BELOW;

    /// A value is not above the end.
    static NOT_ABOVE;

    /// The end is within.
    static INCLUSIVE;

    /// It is not, or it is said of one end alone, or nobody knows of which.
    static EXCLUSIVE;

    /// Words of a lower end.
    static LOWER;

    /// Words of an upper end.
    static UPPER;

    /// What is counted, or cut, is no value of an item; and what moves an end is no end.
    static OTHER;
}

/// Which end of a range a parameter of a query is by its name and its text; none where either tells
/// of none, or they tell of two.
pub(super) fn end(name: &str, text: &str) -> Option<Meaning> {
    let names = words(name);
    let has = |known: &[&str]| names.iter().any(|word| known.contains(&word.as_str()));
    let is_low = match (has(&LOW), has(&HIGH)) {
        (true, false) => true,
        (false, true) => false,
        _ => return None,
    };
    let (own, other) = if is_low {
        (&*NOT_BELOW, &*NOT_ABOVE)
    } else {
        (&*NOT_ABOVE, &*NOT_BELOW)
    };
    let (side, contrary) = if is_low {
        (&*LOWER, &*UPPER)
    } else {
        (&*UPPER, &*LOWER)
    };
    if OTHER.is_match(text) || other.is_match(text) {
        return None;
    }
    let is_exclusive = EXCLUSIVE.is_match(text);
    let is_within = (own.is_match(text) || INCLUSIVE.is_match(text)) && !is_exclusive;
    let is_told = own.is_match(text) || side.is_match(text) && !contrary.is_match(text);
    let meaning = match (is_low, is_within) {
        (true, true) => Meaning::NotBelow,
        (true, false) => Meaning::Above,
        (false, true) => Meaning::NotAbove,
        (false, false) => Meaning::Below,
    };
    is_told.then_some(meaning)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "from",
        "Only events on or after this date (inclusive).",
        Some(Meaning::NotBelow)
    )]
    #[case("to", "Only events on or before this date.", Some(Meaning::NotAbove))]
    #[case("from", "Start date (inclusive).", Some(Meaning::NotBelow))]
    #[case("end_date", "End date, inclusive.", Some(Meaning::NotAbove))]
    #[case(
        "created_after",
        "Events created after this time.",
        Some(Meaning::Above)
    )]
    #[case("before", "Events before this time, exclusive.", Some(Meaning::Below))]
    #[case(
        "min_price",
        "The lowest price: at least that.",
        Some(Meaning::NotBelow)
    )]
    #[case("priceMax", "Maximum price (inclusive)", Some(Meaning::NotAbove))]
    #[case::two_ends("from_to", "At least this.", None)]
    #[case::no_end("state", "At least this.", None)]
    #[case::contrary("from", "Only events on or before this date.", None)]
    #[case::a_default("from", "Start date (inclusive), defaults to a week ago.", None)]
    #[case::of_a_page(
        "start",
        "The number of items that are passed over from the start.",
        None
    )]
    #[case::nothing_said("from", "A date.", None)]
    fn a_parameter_is_an_end_of_a_range(
        #[case] name: &str,
        #[case] text: &str,
        #[case] expected: Option<Meaning>,
    ) {
        assert_eq!(end(name, text), expected);
    }
}
