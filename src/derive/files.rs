//! What a row says of a file: how large it may be, and of which kinds.

use super::scope;
use super::sentences::sentences;
use super::statement::{Constraint, Kind};
use crate::contract::MediaType;
use crate::vocabulary::{Topic, Wordings};

phrases! {
    FileWords:

    /// A size, with the words around it by which it is a bound.
    static SIZE;
}

pattern! {
    /// Names of kinds of files, with the media type that each means.
    static KINDS: Wordings<String> = Wordings::of(Topic::FileKinds);
}

/// The kinds of files that a text names.
pub(super) fn kinds(text: &str) -> Vec<MediaType> {
    let named = KINDS.in_text(text);
    named
        .filter_map(|(_, media)| MediaType::read(media))
        .collect()
}

/// The statements of a row's text about its file. What restricts it in another way is prose.
pub(super) fn statements(text: &str) -> Vec<Constraint> {
    let mut found = Vec::new();
    for sentence in sentences(text) {
        let sizes = sizes(&sentence);
        let is_read = !sizes.is_empty() || !kinds(&sentence).is_empty();
        found.extend(sizes);
        if !is_read && scope::restricts(&sentence, Kind::String) {
            found.push(Constraint::Prose);
        }
    }
    found
}

/// The bounds of a size, in bytes. Whether a megabyte is 1,000,000 bytes or 1,048,576 no page says:
/// what is above both is too large.
fn sizes(sentence: &str) -> Vec<Constraint> {
    let bounds = SIZE.all(sentence).filter_map(|found| {
        let number: u64 = found
            .name("number")?
            .as_str()
            .replace(',', "")
            .parse()
            .ok()?;
        let unit = found.name("unit")?.as_str().to_lowercase();
        let scale = match unit.chars().next()? {
            'k' => 1 << 10,
            'm' => 1 << 20,
            'g' => 1 << 30,
            _ => 1,
        };
        let bytes = number.checked_mul(scale)?;
        if found.name("least").is_some() {
            return Some(Constraint::MinLength(bytes));
        }
        let is_most = found.name("most").is_some() || found.name("after").is_some();
        is_most.then_some(Constraint::MaxLength(bytes))
    });
    bounds.collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("The image, at most 1 MB.", &[Constraint::MaxLength(1 << 20)])]
    #[case("The file must not exceed 512 KiB.", &[Constraint::MaxLength(512 << 10)])]
    #[case("The file. Maximum size: 2,048 bytes.", &[Constraint::MaxLength(2_048)])]
    #[case("The file: 10 KB or less.", &[Constraint::MaxLength(10 << 10)])]
    #[case("At least 16 bytes, at most 64 bytes.", &[Constraint::MinLength(16), Constraint::MaxLength(64)])]
    #[case("文件，最大2MB。", &[Constraint::MaxLength(2 << 20)])]
    #[case("A file of about 3 MB.", &[])]
    #[case("A PNG or JPEG image.", &[])]
    #[case("The image.", &[])]
    fn the_size_of_a_file_is_read(#[case] text: &str, #[case] expected: &[Constraint]) {
        assert_eq!(statements(text), expected);
    }

    #[rstest]
    #[case("A PNG or JPEG image.", &["image/png", "image/jpeg"])]
    #[case("The rows, as CSV.", &["text/csv"])]
    #[case("Any kind of file.", &["application/octet-stream"])]
    #[case("The file.", &[])]
    fn the_kind_of_a_file_is_read(#[case] text: &str, #[case] expected: &[&str]) {
        let found = kinds(text);
        let names: Vec<&str> = found.iter().map(MediaType::as_str).collect();
        assert_eq!(names, expected);
    }
}
