//! Tests of the reader: what is wrong in a file is told by line, key, and what was expected.

use rstest::rstest;
use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    thing: Vec<Located<Thing>>,
    #[expect(dead_code, reason = "what it is read to is not looked at")]
    law: Option<Law>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "what it is read to is not looked at")]
struct Thing {
    name: String,
    flag: Option<bool>,
    words: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
#[expect(dead_code, reason = "what it is read to is not looked at")]
enum Law {
    Order { by: String },
    Sum,
}

#[rstest]
#[case(
    "a = ",
    "1: this is not TOML: string values must be quoted, expected literal string"
)]
#[case(
    "[[thing]]\nname = 's'\n[[thin]]",
    "3: there is no key `thin` (did you mean `thing`?)"
)]
#[case(
    "[[thing]]\nname = 's'\n\nflg = true",
    "4: `[[thing]]` has no key `flg` (did you mean `flag`?)"
)]
#[case(
    "[[thing]]\nname = 5",
    "2: `name` in `[[thing]]` is the number 5 (it takes a text)"
)]
#[case(
    "[[thing]]\nname = 2026-01-01",
    "2: `name` in `[[thing]]` is a time (it takes a text)"
)]
#[case("[[thing]]\n\nflag = true", "1: `[[thing]]` has no `name`")]
#[case(
    "[[thing]]\nname = 's'\nflag = 'yes'",
    "3: `flag` in `[[thing]]` is a text that does not fit (it takes true or false)"
)]
#[case(
    "[[thing]]\nname = 's'\nwords = ['a',\n 5]",
    "4: `words` in `[[thing]]` is the number 5 (it takes a text)"
)]
#[case("thing = 5", "1: `thing` is the number 5 (it takes an array)")]
#[case(
    "[law]\nkind = 'ordr'",
    "2: `kind` in `[law]` is none of its words (did you mean `order`? There are: order, sum)"
)]
#[case(
    "[law]\nkind = 'order'\nby = 'x'\nup = 1",
    "1: `[law]` has no key `up` (there are: by)"
)]
#[case("[law]\nby = 'x'", "1: `[law]` has no `kind`")]
#[case(
    "[law]\nkind = 'order'\nby = 5",
    "1: a value in `[law]` does not fit (it takes a text)"
)]
#[case(
    "[[thing]]\nname = { a = 's' }",
    "2: `name` in `[[thing]]` is a table (it takes a text)"
)]
fn a_problem_says_line_key_and_what_was_expected(#[case] text: &str, #[case] expected: &str) {
    let problems = read::<File>(text).problems;
    let [problem] = problems.as_slice() else {
        panic!("{problems:?}");
    };
    let hint = problem
        .hint()
        .map(|hint| format!(" ({hint})"))
        .unwrap_or_default();
    let seen = format!("{}: {}{hint}", problem.line, problem.message());
    assert_eq!(seen, expected);
}

#[test]
fn all_problems_are_found_at_once_and_the_rest_is_read() {
    let text =
        "[[thing]]\nname = 's'\nflag = 5\nwords = 5\n[[thing]]\nnam = 's'\n[[thing]]\nname = 't'\n";
    let read = read::<File>(text);
    let found: Vec<usize> = read.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(found, [3, 4, 6]);
    let lines = read.lines;
    let names: Vec<(String, usize)> = read
        .value
        .unwrap()
        .thing
        .into_iter()
        .map(|thing| (thing.value.name, lines.of(thing.at)))
        .collect();
    assert_eq!(names, [("s".to_owned(), 1), ("t".to_owned(), 7)]);
}

#[test]
fn no_text_of_the_file_is_repeated() {
    for text in [
        "name = 's3cret'\n",
        "[thing]\nx = 's3cret'",
        "thing = 's3cret'",
        "law = 's3cret'",
    ] {
        for problem in read::<File>(text).problems {
            let seen = format!("{} {:?}", problem.message(), problem.hint());
            assert!(!seen.contains("s3cret"), "{seen}");
        }
    }
}
