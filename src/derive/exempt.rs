//! What a text allows in spite of the limits that it states: a value beside a range (`1 to 100; -1 for
//! no end`), and values beyond a bound that are taken for the bound (`larger ones are capped at 50`).

use super::statement::{Constraint, Kind};

phrases! {
    Exempt:

    /// Words by which a value beyond the greatest is taken for the greatest.
    static CAPPED;

    /// Words that may mean so, or that what is greater is refused.
    static PERHAPS_CAPPED;

    /// The same below the least.
    static RAISED;

    /// A text that is too long is cut.
    static CUT;

    /// A number that begins a part of a sentence, with what it means.
    static SPECIAL;
}

/// Whether a text may mean that what is beyond the greatest is taken for the greatest, or refused.
pub(super) fn may_cap(text: &str) -> bool {
    PERHAPS_CAPPED.is_match(text)
}

/// Takes out of the limits what a text allows in spite of them; whether the text then says more of
/// the value than they do.
pub(super) fn exempt(text: &str, kind: Kind, limits: &mut Vec<Constraint>) -> Option<Constraint> {
    let before = limits.len();
    match kind {
        Kind::String if CUT.is_match(text) => {
            limits.retain(|limit| !matches!(limit, Constraint::MaxLength(_)));
        }
        Kind::Integer | Kind::Number => {
            if CAPPED.is_match(text) {
                limits.retain(|limit| !is_most(limit));
            }
            if RAISED.is_match(text) {
                limits.retain(|limit| !is_least(limit));
            }
        }
        _ => {}
    }
    let is_bent = limits.len() < before;
    if !kind.is_number() {
        return is_bent.then_some(Constraint::Remark);
    }
    let mut is_open = false;
    for captures in SPECIAL.all(text) {
        let number = captures.name("n").and_then(|own| own.as_str().parse().ok());
        let Some(number) = number else { continue };
        is_open |= allow(number, kind, limits);
    }
    if is_open {
        Some(Constraint::Prose)
    } else {
        is_bent.then_some(Constraint::Remark)
    }
}

/// Lets the limits have a number: a range of whole numbers that it stands next to is longer by it, any
/// other loses its bound, and the text says more than what is left. Whether it does.
fn allow(number: f64, kind: Kind, limits: &mut Vec<Constraint>) -> bool {
    let mut is_open = false;
    limits.retain_mut(|limit| {
        let is_out = match limit {
            Constraint::Minimum(least) => number < *least,
            Constraint::ExclusiveMinimum(least) => number <= *least,
            Constraint::Maximum(most) => number > *most,
            Constraint::ExclusiveMaximum(most) => number >= *most,
            _ => false,
        };
        match limit {
            Constraint::Minimum(least) if kind == Kind::Integer && is_next(number, *least) => {
                *least = number;
                true
            }
            Constraint::Maximum(most) if kind == Kind::Integer && is_next(*most, number) => {
                *most = number;
                true
            }
            _ => {
                is_open |= is_out;
                !is_out
            }
        }
    });
    is_open
}

/// Whether a whole number comes right before another.
fn is_next(number: f64, other: f64) -> bool {
    (number + 1.0).total_cmp(&other).is_eq()
}

fn is_most(limit: &Constraint) -> bool {
    matches!(
        limit,
        Constraint::Maximum(_) | Constraint::ExclusiveMaximum(_)
    )
}

fn is_least(limit: &Constraint) -> bool {
    matches!(
        limit,
        Constraint::Minimum(_) | Constraint::ExclusiveMinimum(_)
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const RANGE: [Constraint; 2] = [Constraint::Minimum(0.0), Constraint::Maximum(50.0)];

    #[rstest]
    #[case::next_to_it("0 to 50; -1 if there is no end", &[Constraint::Minimum(-1.0), Constraint::Maximum(50.0)], None)]
    #[case::elsewhere("0 to 50, or 99 for all", &[Constraint::Minimum(0.0)], Some(Constraint::Prose))]
    #[case::chinese("取值范围0~50，-1表示不限制", &[Constraint::Minimum(-1.0), Constraint::Maximum(50.0)], None)]
    #[case::capped("0 to 50. Values above 50 are treated as 50.", &[Constraint::Minimum(0.0)], Some(Constraint::Remark))]
    #[case::capped_otherwise("0 to 50, larger values are capped at 50", &[Constraint::Minimum(0.0)], Some(Constraint::Remark))]
    #[case::raised("0 to 50. Values below 0 are taken for 0.", &[Constraint::Maximum(50.0)], Some(Constraint::Remark))]
    #[case::the_ends("0 (off) to 50 (full)", &RANGE, None)]
    #[case::a_value_of_it("0 to 50; 0 means none", &RANGE, None)]
    #[case::refused("0 to 50. Larger values are refused.", &RANGE, None)]
    fn a_text_allows_more_than_its_range(
        #[case] text: &str,
        #[case] expected: &[Constraint],
        #[case] rest: Option<Constraint>,
    ) {
        let mut limits = RANGE.to_vec();
        assert_eq!(exempt(text, Kind::Integer, &mut limits), rest);
        assert_eq!(limits, expected);
    }

    #[rstest]
    #[case("At most 10 characters; longer names are cut.", true)]
    #[case("At most 10 characters; longer names are refused.", false)]
    fn a_text_that_is_too_long_is_cut(#[case] text: &str, #[case] expected: bool) {
        let mut limits = vec![Constraint::MaxLength(10)];
        exempt(text, Kind::String, &mut limits);
        assert_eq!(limits.is_empty(), expected);
    }
}
