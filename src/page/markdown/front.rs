//! Front matter: what a page says of itself before its text.

/// The most lines of front matter.
const FRONT: usize = 200;

/// Splits off the front matter (`---`, YAML, `---`) and says how many lines it took. Of its values
/// only those on the line of their key are read.
pub(in crate::page) fn front_matter(source: &str) -> (Vec<(String, String)>, usize) {
    let mut lines = source.lines();
    if lines.next().map(str::trim_end) != Some("---") {
        return (Vec::new(), 0);
    }
    let mut metadata = Vec::new();
    let mut is_begun = false;
    for (index, line) in lines.take(FRONT).enumerate() {
        if line.trim_end() == "---" {
            return (metadata, index + 2);
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let pair = line.split_once(':').filter(|(key, _)| is_key(key));
        match pair {
            Some((key, value)) => {
                let value = value.trim().trim_matches(['"', '\'']);
                metadata.push((key.to_owned(), value.to_owned()));
            }
            // What goes on below a key: an item, a bracket, text of several lines.
            None if is_begun => {}
            None => break,
        }
        is_begun = true;
    }
    (Vec::new(), 0)
}

/// Whether a text is a key of front matter, at the beginning of its line.
fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_read() {
        let (metadata, lines) = front_matter("---\nservice: dcs\nedition: 2025-08-05\n---\n# T\n");
        assert_eq!(
            metadata,
            [
                ("service".to_owned(), "dcs".to_owned()),
                ("edition".to_owned(), "2025-08-05".to_owned())
            ]
        );
        assert_eq!(lines, 4);
    }
}
