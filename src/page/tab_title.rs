//! What tabs are called: by the status of an answer (`400`, `201 Created`, `Not found (404)`), as a
//! part of a page is, or as anything else.

pattern! {
    static OF_STATUS = r"^\W*(?:[A-Za-z]+\W+){0,2}(?P<status>[1-5]\d\d)(?:\W+[A-Za-z]+){0,3}\W*$";
}

/// The status of the answer that a tab is called by.
fn status(title: &str) -> Option<&str> {
    let found = OF_STATUS.captures(title)?.name("status")?.as_str();
    let status = http::StatusCode::from_bytes(found.as_bytes()).ok()?;
    status.canonical_reason().is_some().then_some(found)
}

/// The label of what stands in a tab: the status alone where it is called by one, else its title.
pub(super) fn label(title: &str) -> &str {
    status(title).unwrap_or_else(|| title.trim())
}

/// Whether a tab is called by the status of an answer.
pub(super) fn is_of_status(title: &str) -> bool {
    status(title).is_some()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    #[rstest]
    #[case("400", "400")]
    #[case("201 Created", "201")]
    #[case("HTTP 404: Not found", "404")]
    #[case("Not found (404)", "404")]
    #[case(" cURL ", "cURL")]
    #[case("Python 3.11", "Python 3.11")]
    #[case("Model 299", "Model 299")]
    fn a_tab_of_a_status_is_called_by_it(#[case] title: &str, #[case] expected: &str) {
        assert_eq!(super::label(title), expected);
    }
}
