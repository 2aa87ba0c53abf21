//! Values that a page sets off as code: `a`, `b` or `c`. The marks tell them from words, so that a
//! list of them is read without a word that announces it, wherever it stands as a whole.

use super::super::sentences::sentences;
use super::super::statement::Kind;
use super::token::checked;

/// The longest text before a list of its sentence, and the longest value.
const LONGEST_HEAD: usize = 100;
const LONGEST_VALUE: usize = 60;

/// How many marks two values have.
const MARKS: usize = 4;

phrases! {
    MarkedValues:

    /// Words before a list by which it has all values.
    static CLOSED;

    /// Words before values that restrict nothing by them.
    static ASIDE;

    /// Words before a list by which it is none of all values: examples, defaults, names of other
    /// fields, conditions, and refusals.
    static OTHERWISE;

    /// Words before values by which one of them is meant: `with this status: ...`.
    static WITH;

    /// Words by which a field takes more than one of the listed values at once, or others.
    static OPEN;

    /// A sentence that is nothing but the one value: its group `value`.
    static FIXED;

    /// A list that a sentence begins with, or that words for values announce.
    static LIST;

    /// Numbers in code marks, each with its meaning behind it: `` `1` 干，`2` 湿 ``.
    static EXPLAINED;

    /// Values, one or the other of which is one.
    static SEVERAL;

    /// `default `a``, ``a` (default)`, ``a` by default`.
    static PRESET;
}

pattern! {
    static NUMBER = r"`(-?\d+)`";

    static ONE = r#"`["']?(?P<value>[^`"']+)["']?`(?:\s*\((?:[^()`]|`[^`]*`)*\))?"#;
}

/// The values that a text with code marks lists, and the sentence without the marks.
pub(super) fn listed(text: &str, kind: Kind) -> Option<(Vec<String>, String)> {
    if text.matches('`').count() < MARKS || OPEN.is_match(text) {
        return None;
    }
    sentences(text).into_iter().find_map(|sentence| {
        if sentence.matches('`').count() < MARKS {
            return None;
        }
        if let Some(list) = EXPLAINED
            .captures(&sentence)
            .and_then(|own| own.name("list"))
        {
            let numbers = NUMBER.captures_iter(list.as_str());
            let values = numbers.filter_map(|own| Some(own.get(1)?.as_str().to_owned()));
            let values = checked(values.collect(), kind, 2, true)?;
            return Some((values, sentence.replace('`', "")));
        }
        // Nothing but a space stands between values where words say that they are all.
        let parted = sentence.replace("` `", "`, `");
        let captures = LIST.captures(&parted)?;
        let head = captures.name("head").map_or("", |head| head.as_str());
        let is_with = WITH.is_match(head);
        let is_parted = parted.len() > sentence.len();
        if head.len() > LONGEST_HEAD
            || !is_with && OTHERWISE.is_match(head)
            || is_parted && !CLOSED.is_match(head)
        {
            return None;
        }
        let list = captures.name("list")?.as_str();
        let values: Vec<String> = ONE
            .captures_iter(list)
            .filter_map(|captures| Some(captures.name("value")?.as_str().trim().to_owned()))
            .filter(|value| value != "null")
            .collect();
        // A type among values leaves room for more, and a path or a template is no value.
        // Where the sentence says in so many words that they are all, a path is a value.
        let is_sure = CLOSED.is_match(head);
        let is_other = |value: &String| {
            value.len() > LONGEST_VALUE
                || value.contains(['{', '}', '<', '>', '*', '=', '[', ']'])
                || value.starts_with('/') && !is_sure
        };
        if values.iter().any(is_other) {
            return None;
        }
        let values = checked(values, kind, 2, true)?;
        Some((values, sentence.replace('`', "")))
    })
}

/// The one value that a text with code marks says there is, and its sentence without the marks: no
/// other value stands in the text.
pub(super) fn fixed(text: &str, kind: Kind) -> Option<(Vec<String>, String)> {
    if text.matches('`').count() != 2 {
        return None;
    }
    sentences(text).into_iter().find_map(|sentence| {
        let value = FIXED.captures(&sentence)?.name("value")?.as_str();
        let value = value.trim_matches(['"', '\'']);
        if value == "null" {
            return None;
        }
        let values = checked(vec![value.to_owned()], kind, 1, true)?;
        Some((values, sentence.replace('`', "")))
    })
}

/// Whether a text names several values in code marks, of which it is not sure that they are all:
/// neither as examples, nor in a condition.
pub(super) fn mentions(text: &str) -> bool {
    sentences(text).into_iter().any(|sentence| {
        sentence.matches('`').count() >= MARKS
            && SEVERAL.find(&sentence).is_some_and(|found| {
                let head = sentence.get(..found.start()).unwrap_or_default();
                !ASIDE.is_match(head)
            })
    })
}

/// The default that a text names in code marks, where no condition stands beside it.
pub(super) fn preset(text: &str) -> Option<String> {
    // Of several defaults each holds under a condition.
    let count = text.to_lowercase().matches("default").count();
    let found = (count == 1).then(|| PRESET.captures(text)).flatten()?;
    let value = found.name("before").or_else(|| found.name("after"))?;
    Some(value.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("`open`, `closed` or `all`", "open closed all")]
    #[case("`a`, `b` or `c`. The state of it.", "a b c")]
    #[case("`a`, `b`, or `c`; defaults to `a`", "a b c")]
    #[case("`a` | `b`", "a b")]
    #[case("`a` / `b`", "a b")]
    #[case("`a` (first), `b` (second)", "a b")]
    #[case("`a`, `b` (default `a`)", "a b")]
    #[case("`a` or `b`, default `a`", "a b")]
    #[case("Allowed: `a`, `b`", "a b")]
    #[case("Only jobs with this status: `a`, `b`, `c`", "a b c")]
    #[case("Allowed values: `a`, `b`.", "a b")]
    #[case("State: `a` or `b`", "a b")]
    #[case("The state (`a`, `b` or `c`)", "a b c")]
    #[case("The state, one of `a`, `b`, `c`", "a b c")]
    #[case("Sort order, `asc` or `desc`", "asc desc")]
    #[case("Sort order; `asc` or `desc`", "asc desc")]
    #[case("Must be `on` or `off`.", "on off")]
    #[case("The state. Either `a` or `b`.", "a b")]
    #[case("`a`, `b` or `null`", "a b")]
    #[case("Which. One of `/text`, `/colour`.", "/text /colour")]
    #[case("类型，`1` 干，`2` 湿，默认为 `1`", "1 2")]
    #[case("质量，`1` 流畅，`2` 正常，`3` 高", "1 2 3")]
    #[case("The path. Allowed values: `/text`, `/a/b`", "/text /a/b")]
    #[case("The way. Possible values: `a` `b` `c`", "a b c")]
    #[case("排序，`asc` 或 `desc`。", "asc desc")]
    fn values_in_code_marks_are_listed(#[case] text: &str, #[case] expected: &str) {
        let values = listed(text, Kind::String).map(|(values, _)| values.join(" "));
        assert_eq!(values.as_deref(), Some(expected), "{text}");
    }

    #[rstest]
    #[case("For example `a` or `b`.")]
    #[case("The name, e.g. `a` or `b`.")]
    #[case("Mandatory when `kind` is `a` or `b`.")]
    #[case("`a` and `b` are set together.")]
    #[case("`a` or `b` of the owner.")]
    #[case("Cannot be used with `a` or `b`.")]
    #[case("Comma-separated: `a`, `b`")]
    #[case("Fields to show: `a`, `b`")]
    #[case("`a`, `b` or a number of seconds")]
    #[case("`a`, `b`, ...")]
    #[case("Either `a` or any other name.")]
    #[case("`a`")]
    #[case("The default is `a`.")]
    #[case("Requires `a` or `b`.")]
    #[case("`GET /a`, `{id}` or `b`")]
    #[case("`true`, `false` or custom")]
    #[case("`/text`, `/colour`")]
    #[case("`a` `b` `c`")]
    #[case("The path: `/text` or `/colour`")]
    fn other_code_is_no_list(#[case] text: &str) {
        assert_eq!(listed(text, Kind::String), None, "{text}");
    }

    #[rstest]
    #[case("`a` or `b`, default `a`", Some("a"))]
    #[case("`a` (default), `b`", Some("a"))]
    #[case("`a`, `b` (default `b`)", Some("b"))]
    #[case("`b` by default.", Some("b"))]
    #[case("`a` or `b`", None)]
    #[case("Default `a` if `kind` is set.", None)]
    #[case("default `a`, default `b`", None)]
    fn a_default_stands_in_code_marks(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(preset(text).as_deref(), expected, "{text}");
    }

    #[rstest]
    #[case("Currently `red` or `green`", true)]
    #[case("Sort by `name`, `size` or `-name`", true)]
    #[case("`a`, `b` or another", true)]
    #[case("A name such as `a` or `b`.", false)]
    #[case("Ignored when `kind` is `a` or `b`.", false)]
    #[case("The name of `a`.", false)]
    #[case("`a` and `b` are set together.", false)]
    fn several_values_restrict_what_is_sent(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(mentions(text), expected, "{text}");
    }

    #[rstest]
    #[case("Always `queued`.", Some("queued"))]
    #[case("The state. It is always `queued`.", Some("queued"))]
    #[case("The value is always `v1`", Some("v1"))]
    #[case("Always `\"0\"`.", Some("0"))]
    #[case("Always `queued` at first.", None)]
    #[case("Always `queued`, later `done`.", None)]
    #[case("Always queued.", None)]
    #[case("Not always `queued`.", None)]
    #[case("Always `null`.", None)]
    fn one_value_stands_in_code_marks(#[case] text: &str, #[case] expected: Option<&str>) {
        let values = fixed(text, Kind::String).map(|(values, _)| values.join(" "));
        assert_eq!(values.as_deref(), expected, "{text}");
    }

    #[test]
    fn numbers_are_values_of_numbers_alone() {
        let values = |kind| listed("`0` or `1`", kind).map(|(values, _)| values.len());
        assert_eq!(values(Kind::Integer), Some(2));
        assert_eq!(listed("`a` or `1`", Kind::Integer), None);
    }
}
