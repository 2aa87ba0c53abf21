//! Links that lead to the very place where they stand: publishing tools put one behind each heading
//! and caption, with a sign as its text.

use super::block::Text;

/// The signs.
const SIGNS: &[char] = &['¶', '#', '§', '🔗', '\u{200b}', '\u{f0c1}'];

/// Signs that say nothing else behind a heading, whether they are a link or not.
const SURE: &[char] = &['¶', '🔗', '\u{200b}', '\u{f0c1}'];

/// The classes of such links in HTML.
const CLASSES: &[&str] = &[
    "headerlink",
    "header-anchor",
    "header-link",
    "headeranchor-link",
    "hash-link",
    "anchor-link",
    "anchorjs-link",
    "heading-anchor",
];

/// Whether a class of a link says that it is one.
pub(super) fn is_class(class: &str) -> bool {
    CLASSES.contains(&class)
}

/// Whether a tag of HTML opens such a link.
pub(super) fn opens(tag: &str) -> bool {
    let classes = tag
        .get(..2)
        .filter(|start| start.eq_ignore_ascii_case("<a"))
        .and_then(|_| tag.split_once("class=\""))
        .and_then(|(_, rest)| rest.split('"').next());
    classes.is_some_and(|classes| classes.split_whitespace().any(is_class))
}

/// Whether the text of a link is nothing but a sign.
pub(super) fn is_sign(text: &str) -> bool {
    let mut signs = text.trim().chars();
    signs.next().is_some_and(|sign| SIGNS.contains(&sign)) && signs.next().is_none()
}

/// Takes such links from the end of a heading or a caption.
pub(super) fn strip(text: &mut Text) {
    strip_link(text);
    // The tag of a link that goes on below the line of its heading is text for Markdown.
    if let Some((words, tag)) = text.plain.rsplit_once("<a ")
        && !tag.contains('>')
    {
        let end = words.trim_end().len();
        text.plain.truncate(end);
    }
    let bare = text
        .plain
        .trim_end_matches(|c: char| c.is_whitespace() || SURE.contains(&c));
    text.plain.truncate(bare.len());
}

/// Takes such a link from the end of any text.
pub(super) fn strip_link(text: &mut Text) {
    while let Some(link) = text
        .links
        .last()
        .filter(|link| link.target.contains('#') && is_sign(&link.text))
    {
        let Some(bare) = text.plain.trim_end().strip_suffix(link.text.trim()) else {
            break;
        };
        let end = bare.trim_end().len();
        text.plain.truncate(end);
        text.links.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::Link;
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::sphinx("Request¶", "¶", "Request")]
    #[case::vitepress("Request #", "#", "Request")]
    #[case::docusaurus("Request\u{200b}", "\u{200b}", "Request")]
    #[case::no_link("Request¶", "", "Request")]
    #[case::torn_tag("Request<a href=\"#request\" class=\"headerlink\"", "", "Request")]
    #[case::no_sign("The language C#", "", "The language C#")]
    #[case::a_link_of_words("The language", "language", "The language")]
    fn a_heading_keeps_its_words(#[case] heading: &str, #[case] link: &str, #[case] bare: &str) {
        let mut text = Text::of(heading);
        if !link.is_empty() {
            text.links.push(Link {
                text: link.to_owned(),
                target: "#request".to_owned(),
            });
        }
        strip(&mut text);
        assert_eq!(text.plain, bare);
    }
}
