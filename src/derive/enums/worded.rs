//! Values with a word each and no sign between: `1 yes, 0 no`, `是否加急：1 是，0 否`.

use std::collections::BTreeSet;

use super::super::statement::Kind;
use super::super::wordings::UNIT;

phrases! {
    WordedValues:

    /// Chinese words that count.
    static COUNTS;
}

pattern! {
    /// A number and what it means.
    static NUMBER = r"^(?P<value>-?\d{1,3})\s+(?P<word>\p{Han}{1,12}|(?i:[a-z][a-z-]{1,20}(?: [a-z-]{1,20})?))$";
    /// A name and what it means, in signs that no name has.
    static NAME = r"^(?P<value>[A-Za-z][\w-]{0,30})\s+(?P<word>\p{Han}{1,12})$";
}

/// The most values of such a list.
const MOST: usize = 12;

/// The values of a text each of whose parts is one and what it means.
pub(super) fn worded(text: &str, kind: Kind) -> Option<Vec<String>> {
    let pattern = match kind {
        Kind::Integer => &*NUMBER,
        Kind::String => &*NAME,
        _ => return None,
    };
    let text = text.trim().trim_end_matches(['.', '。', ';', '；']);
    // The name of the whole may stand before the first.
    let list = text.split_once([':', '：']).map_or(text, |(_, list)| list);
    let parts: Vec<&str> = list.split([',', '，', ';', '；', '、']).collect();
    if !(2..=MOST).contains(&parts.len()) {
        return None;
    }
    let mut values = Vec::new();
    let mut words = BTreeSet::new();
    for part in parts {
        let found = pattern.captures(part.trim())?;
        let word = found["word"].to_lowercase();
        let first = word.split(' ').next().unwrap_or_default();
        if UNIT.is_match(first)
            || COUNTS.is_match(&word)
            || values.contains(&found["value"].to_owned())
        {
            return None;
        }
        values.push(found["value"].to_owned());
        words.insert(word);
    }
    // The ends of a scale have words as well: `1 worst, 5 best`.
    let is_scale = kind == Kind::Integer && has_gap(&values);
    (words.len() == values.len() && !is_scale).then_some(values)
}

/// Whether whole numbers do not follow one upon the other.
fn has_gap(values: &[String]) -> bool {
    let mut numbers: Vec<i64> = values.iter().filter_map(|own| own.parse().ok()).collect();
    numbers.sort_unstable();
    numbers
        .iter()
        .zip(numbers.iter().skip(1))
        .any(|(one, next)| next - one != 1)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1 yes, 0 no", Kind::Integer, Some(vec!["1", "0"]))]
    #[case("是否加急：1 是，0 否", Kind::Integer, Some(vec!["1", "0"]))]
    #[case("Priority: 1 high, 2 normal, 3 low.", Kind::Integer, Some(vec!["1", "2", "3"]))]
    #[case("类型：bug 缺陷；task 任务", Kind::String, Some(vec!["bug", "task"]))]
    #[case("1 day, 7 days", Kind::Integer, None)]
    #[case("最多 3 个，2 次", Kind::Integer, None)]
    #[case("时间：1 天，7 天", Kind::Integer, None)]
    #[case("1 item, 2 item", Kind::Integer, None)]
    #[case::scale("1 worst, 5 best", Kind::Integer, None)]
    #[case::share("0 none, 1 all", Kind::Number, None)]
    #[case("At most 3, 2 better", Kind::Integer, None)]
    #[case("1 yes", Kind::Integer, None)]
    #[case("the name, the alias", Kind::String, None)]
    #[case("1 yes, 0 no, otherwise it is kept as it was", Kind::Integer, None)]
    fn values_stand_before_their_words(
        #[case] text: &str,
        #[case] kind: Kind,
        #[case] expected: Option<Vec<&str>>,
    ) {
        let expected = expected.map(|all| all.into_iter().map(str::to_owned).collect());
        assert_eq!(worded(text, kind), expected);
    }
}
