//! Status codes that a paragraph lists: `Normal response codes: 200, 204`, `Error response codes:
//! badRequest(400), conflict(409)`.

use super::versions::Versions;

/// The longest paragraph that is a list of status codes.
const LONGEST: usize = 600;

phrases! {
    StatusLists:

    /// What announces status codes, and what stands behind: codes, their names, and brackets.
    static LIST;
}

pattern! {
    static CODE =
        r"(?:^|[\s,;(])(?P<code>[1-5]\d\d)(?:\s*\((?P<aside>[^()]*)\)|[\s,;).]|$)";
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
    let mut found: Vec<u16> = Vec::new();
    let mut past: Vec<u16> = Vec::new();
    // Two codes may share the sign between them.
    let mut at = 0;
    while let Some(captures) = codes
        .as_str()
        .get(at..)
        .and_then(|rest| CODE.captures(rest))
    {
        let Some(code) = captures.name("code") else {
            break;
        };
        at += code.end();
        let Ok(status) = code.as_str().parse() else {
            continue;
        };
        let of_old = captures
            .name("aside")
            .and_then(|aside| Versions::of(aside.as_str()))
            .is_some_and(|versions| versions.are_past());
        let list = if of_old { &mut past } else { &mut found };
        if !list.contains(&status) {
            list.push(status);
        }
    }
    // The status of a version that has a newer one beside it is not the newest's.
    if found.is_empty() { past } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::normal("Normal response codes: 200, 204", &[200, 204])]
    #[case::named("Error response codes: badRequest(400), itemNotFound(404), conflict(409)", &[400, 404, 409])]
    #[case::versions("Normal Response Codes: 201 (microversions 1.0 - 1.19), 200 (microversions 1.20 - )", &[200])]
    #[case::old_alone("Normal response codes: 201 (microversions 1.0 - 1.19)", &[201])]
    #[case::shared_sign("Success status codes: 200 204", &[200, 204])]
    #[case::left_open("Error response codes:204,", &[204])]
    #[case::one("Normal response code: 202.", &[202])]
    #[case::bold("**Normal Response Codes**: 200", &[200])]
    #[case::sentence("The response code is 200.", &[])]
    #[case::other_numbers("Error response codes: see chapter 4 of 1200 pages", &[])]
    #[case::no_label("200, 204", &[])]
    fn codes_are_read_out_of_a_sentence(#[case] text: &str, #[case] expected: &[u16]) {
        assert_eq!(listed(text), expected);
    }
}
