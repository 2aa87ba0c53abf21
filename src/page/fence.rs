//! Lines that open or close a block of code in Markdown (CommonMark 0.31.2, section 4.5).

/// The marks of a fence.
const MARKS: [&str; 2] = ["```", "~~~"];

/// The mark that a line opens or closes a block of code with. What follows three backticks holds none:
/// with more of them on its line, it is code in a text.
pub(super) fn mark(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    let own = MARKS.into_iter().find(|mark| line.starts_with(mark))?;
    let behind = line.trim_start_matches('`');
    (own == "~~~" || !behind.contains('`')).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("```json", Some("```"))]
    #[case("  ````", Some("```"))]
    #[case("~~~ `sh`", Some("~~~"))]
    #[case("```name``` is optional.", None)]
    #[case("``name``", None)]
    fn fences_are_told_from_code_in_a_text(#[case] line: &str, #[case] expected: Option<&str>) {
        assert_eq!(mark(line), expected);
    }
}
