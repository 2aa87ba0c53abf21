//! Characters that nobody sees: web sites put them where a long name may be broken, and a name that
//! is copied from there has them still. No name of an API has.

use super::block::Text;

/// A place to break a word, a hyphen that shows only there, and what keeps words together.
pub(super) const INVISIBLE: [char; 4] = ['\u{200b}', '\u{ad}', '\u{2060}', '\u{feff}'];

/// Takes them out of a text.
pub(super) fn strip_text(text: &mut Text) {
    for link in &mut text.links {
        strip(&mut link.text);
    }
    if !text.plain.contains(INVISIBLE) {
        return;
    }
    let plain = std::mem::take(&mut text.plain);
    // How many bytes stand before a place, without those that are taken out.
    let place = |at: usize| {
        let before = plain.char_indices().take_while(|(start, _)| *start < at);
        let kept = before.filter(|(_, c)| !INVISIBLE.contains(c));
        kept.map(|(_, c)| c.len_utf8()).sum::<usize>()
    };
    text.marked = place(text.marked);
    for code in &mut text.codes {
        *code = place(code.start)..place(code.end);
    }
    text.plain = plain.replace(INVISIBLE, "");
}

/// Takes them out of a word.
pub(super) fn strip(word: &mut String) {
    if word.contains(INVISIBLE) {
        *word = word.replace(INVISIBLE, "");
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::read;
    use super::*;

    #[test]
    fn what_is_marked_stays_marked() {
        let mut text = Text {
            plain: "in\u{200b}stance\u{ad}Id, a te\u{200b}xt".to_owned(),
            marked: 16,
            codes: vec![0..2, 5..15],
            ..Text::default()
        };
        strip_text(&mut text);
        assert_eq!(text.plain, "instanceId, a text");
        assert_eq!((text.marked, text.codes), (11, vec![0..2, 2..10]));
    }

    #[rstest]
    #[case::markdown(
        "# T\n\n`GET /v1/th\u{200b}ings`\n\n| Na\u{200b}me | Type |\n|---|---|\n| to\u{200b}tal | int |\n"
    )]
    #[case::html(
        "<h1>T</h1><p><code>GET /v1/th&#8203;ings</code></p><table><tr><th>Na&#8203;me</th><th>Type</th></tr><tr><td>to&#8203;tal</td><td>int</td></tr></table>"
    )]
    fn no_name_has_them(#[case] page: &str) {
        let read = format!("{:?}", read("page", page).unwrap());
        assert!(read.contains("total") && read.contains("Name"), "{read}");
        assert!(read.contains("/v1/things"), "{read}");
    }
}
