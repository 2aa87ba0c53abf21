//! Status codes that a paragraph lists: `Normal response codes: 200, 204`, `Error response codes:
//! badRequest(400), conflict(409)`.

/// The longest paragraph that is a list of status codes.
const LONGEST: usize = 600;

pattern! {
    /// What announces status codes, and what stands behind: codes, their names, and brackets.
    static LIST =
        r"(?i)^\W*(?:(?:normal|success(?:ful)?|error|failure|http|expected|possible)\s+)+(?:response|status|return)\s+codes?(?:\(s\))?\s*\**\s*[:：]\s*(?P<codes>[\w\s(),./;:\-–]*[\w)])\.?\s*$";

    static CODE = r"(?:^|[\s,;(])(?P<code>[1-5]\d\d)(?:[\s,;).]|$)";
}

/// The status codes that a paragraph lists, each once.
pub(super) fn listed(text: &str) -> Vec<u16> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let Some(codes) = LIST
        .captures(text)
        .and_then(|captures| captures.name("codes"))
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    // Two codes may share the sign between them.
    let mut at = 0;
    while let Some(code) = codes
        .as_str()
        .get(at..)
        .and_then(|rest| CODE.captures(rest))
        .and_then(|captures| captures.name("code"))
    {
        at += code.end();
        if let Ok(status) = code.as_str().parse()
            && !found.contains(&status)
        {
            found.push(status);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::normal("Normal response codes: 200, 204", &[200, 204])]
    #[case::named("Error response codes: badRequest(400), itemNotFound(404), conflict(409)", &[400, 404, 409])]
    #[case::versions("Normal Response Codes: 201 (microversions 1.0 - 1.19), 200 (microversions 1.20 - )", &[201, 200])]
    #[case::shared_sign("Success status codes: 200 204", &[200, 204])]
    #[case::one("Normal response code: 202.", &[202])]
    #[case::bold("**Normal Response Codes**: 200", &[200])]
    #[case::sentence("The response code is 200.", &[])]
    #[case::other_numbers("Error response codes: see chapter 4 of 1200 pages", &[])]
    #[case::no_label("200, 204", &[])]
    fn codes_are_read_out_of_a_sentence(#[case] text: &str, #[case] expected: &[u16]) {
        assert_eq!(listed(text), expected);
    }
}
