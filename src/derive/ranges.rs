//! The ends of a range that a list is cut down to: which end a parameter is, as its name tells, and
//! whether its text says that an item of exactly that value is within.

use crate::contract::{HIGH, LOW, Meaning, words};

pattern! {
    /// A value is not below the end.
    static NOT_BELOW = r"(?i)\b(?:on|at) or (?:after|later than)\b|\b(?:not|no|never) (?:before|earlier than|older than|less than|lower than|smaller than|below)\b|\b(?:greater|more|higher|larger|later|newer) than or (?:equal|the same|at)\b|\bat least\b|\bor (?:later|newer|more|higher|above|greater)\b|>=|≥";

    /// A value is not above the end.
    static NOT_ABOVE = r"(?i)\b(?:on|at) or (?:before|earlier than)\b|\b(?:not|no|never) (?:after|later than|newer than|more than|higher than|larger than|greater than|above)\b|\b(?:less|lower|smaller|earlier|older) than or (?:equal|the same|at)\b|\bat most\b|\bup to and including\b|\bor (?:earlier|older|less|lower|below|smaller)\b|<=|≤";

    /// The end is within.
    static INCLUSIVE = r"(?i)\binclusive(?:ly)?\b|\b(?:is|are|itself) included\b|\bincluding (?:this|that|the) (?:day|date|time|value|end)\b";

    /// It is not, or it is said of one end alone, or nobody knows of which.
    static EXCLUSIVE = r"(?i)\bexclusive(?:ly)?\b|\bexclud(?:ed|ing|es)\b|\bnot (?:included|including|inclusive)\b|\bnon-?inclusive\b|\bstrictly\b";

    /// Words of a lower end.
    static LOWER = r"(?i)\b(?:after|since|from|start(?:ing|s)?|begin(?:ning|s)?|earliest|lower|min(?:imum)?|later than|newer than|(?:greater|more|higher|larger) than|above)\b";

    /// Words of an upper end.
    static UPPER = r"(?i)\b(?:before|until|till|up to|end(?:ing|s)?|latest|upper|max(?:imum)?|earlier than|older than|(?:less|lower|smaller|fewer) than|below)\b";

    /// What is counted, or cut, is no value of an item; and what moves an end is no end.
    static OTHER = r"(?i)\b(?:number of|how many|page|pages|offset|relative|default(?:s|ed)?|if (?:omitted|not)|when (?:omitted|not)|bucket|interval|histogram|cursor|token|marker)\b";
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
