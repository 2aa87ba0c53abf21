//! The known name that a misspelt one probably means.

/// The known name that is most like another one, where one is like it at all. Case and the two
/// ways to join words (`max-writes`, `max_writes`) make no difference.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    let name = plain(name);
    known
        .into_iter()
        .map(|one| (strsim::damerau_levenshtein(&name, &plain(one)), one))
        .filter(|(distance, one)| *distance <= (one.len() / 3).clamp(1, 3))
        .min()
        .map(|(_, one)| one)
}

/// A hint for a name that is not known: the nearest known one, and all that there are.
pub(crate) fn did_you_mean<K: AsRef<str>>(name: &str, known: &[K]) -> String {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    if known.is_empty() {
        return "there are none".to_owned();
    }
    let all = known.join(", ");
    match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`? There are: {all}"),
        None => format!("there are: {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("sandbx", Some("sandbox"))]
    #[case("Read_Only", Some("read-only"))]
    #[case("ful", Some("full"))]
    #[case("nothing", None)]
    fn a_misspelt_name_has_a_suggestion(#[case] name: &str, #[case] expected: Option<&str>) {
        assert_eq!(nearest(name, ["read-only", "sandbox", "full"]), expected);
    }
}
