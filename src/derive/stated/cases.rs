//! Lines of the answer's section that begin with a status, and go on with the case that it is for:
//! `409: the name is taken`, `422 - Invalid`, `200 (the queue): OK`.

use super::{is_named, number};

/// The longest such line.
const LONGEST: usize = 120;

pattern! {
    /// A status and what parts it from its case; without a sign a few words that begin as a name does.
    static CASE = r"^\W*(?:(?:HTTP|Status)\s+)?(?P<status>[1-5]\d\d)\b\s*(?:[:：]|[-–—]\s|\([^()]{1,40}\)(?:\s*[:：]|\W*$)|\p{Lu}[\w'-]*(?: [\w'-]+){0,3}$)";
}

/// The status that such a line begins with.
pub(super) fn of_case(text: &str) -> Option<u16> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let found = CASE.captures(text)?.name("status")?;
    number(found.as_str()).filter(|status| is_named(*status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("409: name is taken", Some(409))]
    #[case("409: Conflict: a queue of this name exists", Some(409))]
    #[case("422 - Invalid", Some(422))]
    #[case("422 Invalid", Some(422))]
    #[case("200 (Queue): OK", Some(200))]
    #[case("401 (Unauthorized)", Some(401))]
    #[case("200 items are listed.", None)]
    #[case("200-300 items", None)]
    #[case("299: none has this number", None)]
    #[case("The 404: none", None)]
    fn a_line_begins_with_a_status(#[case] text: &str, #[case] expected: Option<u16>) {
        assert_eq!(of_case(text), expected);
    }
}
