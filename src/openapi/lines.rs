//! The lines of a document's values: a tree beside the values, from which each pointer has its line.

use std::collections::HashMap;

use crate::contract::escape_token;

/// The line of a value, and those of what stands in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    /// The 1-based line of the value: of its name, where it has one.
    pub(super) line: usize,
    below: Below,
}

#[derive(Debug, Clone, Default)]
enum Below {
    #[default]
    Nothing,
    Items(Vec<Lines>),
    Named(HashMap<String, Lines>),
}

impl Lines {
    /// A value with nothing in it.
    pub(super) fn leaf(line: usize) -> Self {
        Self {
            line,
            below: Below::Nothing,
        }
    }

    /// A list.
    pub(super) fn list(line: usize, items: Vec<Self>) -> Self {
        Self {
            line,
            below: Below::Items(items),
        }
    }

    /// An object.
    pub(super) fn object(line: usize, named: HashMap<String, Self>) -> Self {
        Self {
            line,
            below: Below::Named(named),
        }
    }

    /// The same at another line: that of the value's name.
    #[must_use]
    pub(super) fn at(self, line: usize) -> Self {
        Self { line, ..self }
    }

    /// The lines of the member of a name.
    pub(super) fn named(&self, name: &str) -> Option<&Self> {
        match &self.below {
            Below::Named(named) => named.get(name),
            Below::Nothing | Below::Items(_) => None,
        }
    }

    /// The lines of an item.
    pub(super) fn item(&self, index: usize) -> Option<&Self> {
        match &self.below {
            Below::Items(items) => items.get(index),
            Below::Nothing | Below::Named(_) => None,
        }
    }
}

/// The lines of a JSON text, which is known to be well-formed.
pub(super) fn of_json(text: &str) -> Lines {
    let mut scan = Scan::of(text);
    scan.value()
}

/// The line and the pointer of the first name that stands twice in one object of a JSON text, which
/// is known to be well-formed.
pub(super) fn twice_in_json(text: &str) -> Option<(usize, String)> {
    let mut scan = Scan::of(text);
    scan.value();
    scan.twice
}

/// A walk over well-formed JSON that counts lines.
struct Scan<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    /// The line and the pointer of the first name that stood twice in one object.
    twice: Option<(usize, String)>,
    /// The pointer of what is walked over.
    pointer: String,
}

impl<'t> Scan<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            twice: None,
            pointer: String::new(),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes to the next byte that is no white space.
    fn next(&mut self) -> Option<u8> {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => return Some(byte),
            }
            self.at += 1;
        }
        None
    }

    /// Steps over a text; gives what stands between its quotes.
    fn text(&mut self) -> &str {
        self.at += 1;
        let start = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        let end = self.at.min(self.text.len());
        self.at += 1;
        self.text.get(start..end).unwrap_or_default()
    }

    /// The name of a member, its escapes read.
    fn name(&mut self) -> String {
        let raw = self.text();
        if raw.contains('\\') {
            serde_json::from_str(&format!("\"{raw}\"")).unwrap_or_default()
        } else {
            raw.to_owned()
        }
    }

    /// A value within another, under a token of a pointer.
    fn below(&mut self, token: &str) -> Lines {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(token);
        let value = self.value();
        self.pointer.truncate(length);
        value
    }

    fn value(&mut self) -> Lines {
        let first = self.next();
        let line = self.line;
        match first {
            Some(b'{') => {
                let mut named = HashMap::new();
                self.at += 1;
                while self.next() == Some(b'"') {
                    let line = self.line;
                    let name = self.name();
                    // The colon.
                    self.next();
                    self.at += 1;
                    let value = self.below(&escape_token(&name)).at(line);
                    let twice = || format!("{}/{}", self.pointer, escape_token(&name));
                    if self.twice.is_none() && named.contains_key(&name) {
                        self.twice = Some((line, twice()));
                    }
                    named.insert(name, value);
                    if self.next() == Some(b',') {
                        self.at += 1;
                    }
                }
                self.at += 1;
                Lines::object(line, named)
            }
            Some(b'[') => {
                let mut items = Vec::new();
                self.at += 1;
                while !matches!(self.next(), None | Some(b']')) {
                    items.push(self.below(&items.len().to_string()));
                    if self.next() == Some(b',') {
                        self.at += 1;
                    }
                }
                self.at += 1;
                Lines::list(line, items)
            }
            Some(b'"') => {
                self.text();
                Lines::leaf(line)
            }
            _ => {
                let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
                while self.peek().is_some_and(is_part) {
                    self.at += 1;
                }
                Lines::leaf(line)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_the_line_of_its_name() {
        let text = "{\n \"a\": [1,\n  {\"b\\u0041\\\"\": null}],\n\n \"c\":\n  -1.5e3, \"d\": {},\
                    \"e\": \"x\\\"{\"\n}";
        let lines = of_json(text);
        let of = |name: &str| lines.named(name).unwrap();
        assert_eq!((of("a").line, of("c").line, of("d").line), (2, 5, 6));
        assert_eq!(of("e").line, 6);
        assert_eq!(of("a").item(0).unwrap().line, 2);
        assert_eq!(of("a").item(1).unwrap().named("bA\"").unwrap().line, 3);
        assert!(of("a").item(2).is_none() && lines.named("x").is_none());
    }
}
