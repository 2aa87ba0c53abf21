//! Inline markup: roles, links, emphasis, literals and escapes become plain text with links.

use super::super::block::{Link, Text};

/// The longest name of a role.
const LONGEST_ROLE: usize = 40;

/// Plain text and links of a run of inline markup; white space is folded.
pub(super) fn inline(source: &str) -> Text {
    let mut reader = Inline {
        rest: source,
        text: Text::default(),
        fresh: false,
    };
    reader.read();
    let mut text = reader.text;
    fold(&mut text);
    text.marked = text.marked.min(text.plain.len());
    text
}

/// Folds the white space of a text: what is code stays so.
fn fold(text: &mut Text) {
    let mut folded = String::with_capacity(text.plain.len());
    let mut codes = text.codes.iter_mut().peekable();
    let mut is_apart = false;
    for (at, character) in text.plain.char_indices() {
        if character.is_whitespace() {
            is_apart = !folded.is_empty();
        } else {
            if std::mem::take(&mut is_apart) {
                folded.push(' ');
            }
            folded.push(character);
        }
        // A code that begins here begins behind the space before it.
        while let Some(code) = codes.next_if(|code| code.end <= at + character.len_utf8()) {
            let inner = code.len();
            code.end = folded.len();
            code.start = code.end.saturating_sub(inner);
        }
    }
    text.plain = folded;
}

struct Inline<'s> {
    rest: &'s str,
    text: Text,
    /// An escaped space parts a word from markup that follows it.
    fresh: bool,
}

impl Inline<'_> {
    fn read(&mut self) {
        while let Some(character) = self.rest.chars().next() {
            let taken = match character {
                '\\' => self.escape(),
                '`' => self.literal() || self.interpreted(None),
                ':' => self.role(),
                '*' => self.emphasis(),
                '|' => self.substitution(),
                _ => false,
            };
            if !taken {
                self.text.plain.push(character);
                self.skip(character.len_utf8());
            }
            self.fresh &= character == '\\';
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// Whether markup may start here: after white space or an opening sign.
    fn may_start(&self) -> bool {
        self.fresh
            || self
                .text
                .plain
                .chars()
                .next_back()
                .is_none_or(|before| !before.is_ascii_alphanumeric())
    }

    /// `\*` is `*`; an escaped space is nothing.
    fn escape(&mut self) -> bool {
        let mut characters = self.rest.chars();
        characters.next();
        match characters.next() {
            Some(next) if next.is_whitespace() => self.fresh = true,
            Some(next) => self.text.plain.push(next),
            None => {}
        }
        self.rest = characters.as_str();
        true
    }

    /// ` ``text`` `: nothing inside is markup.
    fn literal(&mut self) -> bool {
        let Some(inner) = self.rest.strip_prefix("``") else {
            return false;
        };
        let Some(end) = inner.find("``").filter(|end| *end > 0) else {
            return false;
        };
        let words = inner.get(..end).unwrap_or_default();
        if self.text.plain.is_empty() {
            self.text.marked = words.len();
        }
        let start = self.text.plain.len();
        self.text.plain.push_str(words);
        if !words.contains(char::is_whitespace) {
            self.text.codes.push(start..self.text.plain.len());
        }
        self.rest = inner.get(end + 2..).unwrap_or_default();
        true
    }

    /// ``:ref:`text <target>` ``; a role may belong to a domain: ``:http:statuscode:`200` ``.
    fn role(&mut self) -> bool {
        if !self.may_start() {
            return false;
        }
        let inner = self.rest.get(1..).unwrap_or_default();
        let mut marks = inner.as_bytes().windows(2).take(LONGEST_ROLE);
        let Some(end) = marks.position(|two| two == b":`") else {
            return false;
        };
        let is_name = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        let name = inner.get(..end).unwrap_or_default();
        if !name.split(':').all(is_name) {
            return false;
        }
        let name = name.rsplit(':').next().unwrap_or_default();
        let before = self.rest;
        self.rest = inner.get(end + 1..).unwrap_or_default();
        if self.interpreted(Some(name)) {
            return true;
        }
        self.rest = before;
        false
    }

    /// `` `text <target>`__ ``, `` `text`_ ``, or the text of a role.
    fn interpreted(&mut self, role: Option<&str>) -> bool {
        let inner = self.rest.get(1..).unwrap_or_default();
        let Some(end) = inner.find('`').filter(|end| *end > 0) else {
            return false;
        };
        let content = inner.get(..end).unwrap_or_default();
        let after = inner.get(end + 1..).unwrap_or_default();
        self.rest = after.trim_start_matches('_');
        let is_link = self.rest.len() < after.len();
        match content
            .trim()
            .strip_suffix('>')
            .and_then(|content| content.rsplit_once('<'))
        {
            Some((words, target)) => {
                let words = words.trim();
                let words = if words.is_empty() { target } else { words };
                let target = match role {
                    Some("ref" | "numref" | "doc") => format!("#{target}"),
                    _ => target.to_owned(),
                };
                self.link(words, target);
            }
            None if matches!(role, Some("ref" | "numref")) || (is_link && role.is_none()) => {
                self.link(content, format!("#{content}"));
            }
            None => self.text.plain.push_str(content),
        }
        true
    }

    fn link(&mut self, words: &str, target: String) {
        let words = words.replace(['*', '\\'], "");
        self.text.plain.push_str(&words);
        self.text.links.push(Link {
            text: words,
            target,
        });
    }

    /// `**strong**`, `*emphasis*`: the marks go, the words stay.
    fn emphasis(&mut self) -> bool {
        if !self.may_start() {
            return false;
        }
        for mark in ["**", "*"] {
            let Some(inner) = self.rest.strip_prefix(mark) else {
                continue;
            };
            if inner.starts_with(char::is_whitespace) {
                continue;
            }
            let Some(end) = inner.find(mark).filter(|end| *end > 0) else {
                continue;
            };
            let words = inner.get(..end).unwrap_or_default();
            if words.ends_with(char::is_whitespace) {
                continue;
            }
            let mut nested = Inline {
                rest: words,
                text: Text::default(),
                fresh: false,
            };
            // Emphasis does not nest; what stands inside is escapes and, against the rules, roles.
            nested.flat();
            if mark == "**" && self.text.plain.is_empty() {
                self.text.marked = nested.text.plain.len();
            }
            self.text.plain.push_str(&nested.text.plain);
            self.text.links.append(&mut nested.text.links);
            self.rest = inner.get(end + mark.len()..).unwrap_or_default();
            return true;
        }
        false
    }

    fn flat(&mut self) {
        while let Some(character) = self.rest.chars().next() {
            let taken = match character {
                '\\' => self.escape(),
                ':' => self.role(),
                _ => false,
            };
            if !taken {
                self.text.plain.push(character);
                self.skip(character.len_utf8());
            }
        }
    }

    /// `|name|` stands for a replacement, mostly an image: nothing is left of it.
    fn substitution(&mut self) -> bool {
        if !self.may_start() {
            return false;
        }
        let inner = self.rest.get(1..).unwrap_or_default();
        let Some(end) = inner.bytes().take(60).position(|byte| byte == b'|') else {
            return false;
        };
        let name = inner.get(..end).unwrap_or_default();
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if is_name {
            self.rest = inner.get(end + 1..).unwrap_or_default();
        }
        is_name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("**a_b** or *c*", "a_b or c")]
    #[case("``a\\b``", "a\\b")]
    #[case("GET /v1/{project\\_id}", "GET /v1/{project_id}")]
    #[case("see :ref:`Table 3 <x__table3>`.", "see Table 3.")]
    #[case(
        "a :http:statuscode:`200` with a :std:ref:`Tag <page__tag>`",
        "a 200 with a Tag"
    )]
    #[case("at 10:30:`x`", "at 10:30:x")]
    #[case("2 * 3 and 4*5", "2 * 3 and 4*5")]
    #[case("`site <https://example.com>`__ now", "site now")]
    #[case("characters (!\\@#$%^&\\*)", "characters (!@#$%^&*)")]
    #[case("2017-03-31\\ *T*\\ 12:24", "2017-03-31T12:24")]
    #[case("**", "**")]
    fn markup_leaves_its_words(#[case] source: &str, #[case] plain: &str) {
        assert_eq!(inline(source).plain, plain);
    }

    #[test]
    fn links_keep_their_target() {
        let text = inline("Array of :ref:`Tag <page__tag>` objects");
        assert_eq!(text.links[0].target, "#page__tag");
        assert_eq!(text.links[0].text, "Tag");
    }
}
