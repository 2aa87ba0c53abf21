//! The path of a field within its place, and its one spelling: `backups[].size`; and the tokens of
//! JSON pointers (RFC 6901).

use std::fmt;

use serde_json::Value;

/// One step of a field's path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The property or parameter of a name.
    Name(String),
    /// Any item of an array: `[]`.
    Item,
    /// Any value of a map: `*`.
    Entry,
}

/// The path of a field within its place: `backups[].size`; empty for the place itself. A name that
/// itself holds `.`, `[]`, `::` or a backslash is written with backslashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FieldPath(pub(super) Vec<Step>);

impl FieldPath {
    /// The place itself.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// The property or parameter of a name, directly below the place.
    pub fn name(name: impl Into<String>) -> Self {
        Self(vec![Step::Name(name.into())])
    }

    /// The path with one step more.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// The path with a property more.
    #[must_use]
    pub fn child(&self, name: impl Into<String>) -> Self {
        self.join(Step::Name(name.into()))
    }

    /// The path of the array's items.
    #[must_use]
    pub fn item(&self) -> Self {
        self.join(Step::Item)
    }

    /// The path of the map's values.
    #[must_use]
    pub fn entry(&self) -> Self {
        self.join(Step::Entry)
    }

    /// This path followed by another.
    #[must_use]
    pub fn followed_by(&self, other: &Self) -> Self {
        Self(self.0.iter().chain(&other.0).cloned().collect())
    }

    /// Adds a step.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Takes the last step away.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// The steps from the place inwards.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether it is the place itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path of what holds the field; none of the place itself.
    pub fn parent(&self) -> Option<Self> {
        let (_, parents) = self.0.split_last()?;
        Some(Self(parents.to_vec()))
    }

    /// The name of the first step: the parameter, or the property at the top of the body.
    pub fn top(&self) -> Option<&str> {
        match self.0.first()? {
            Step::Name(name) => Some(name),
            Step::Item | Step::Entry => None,
        }
    }

    /// The last step's name; none for an item, a map's value, or the place itself.
    pub fn last_name(&self) -> Option<&str> {
        match self.0.last()? {
            Step::Name(name) => Some(name),
            Step::Item | Step::Entry => None,
        }
    }

    /// Whether a path lies below this one, or is this one.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// Whether the path leads through the values of a map.
    pub fn has_entry(&self) -> bool {
        self.0.contains(&Step::Entry)
    }

    /// Whether the path leads through the items of an array.
    pub fn has_item(&self) -> bool {
        self.0.contains(&Step::Item)
    }

    /// The JSON pointer (RFC 6901) of the field in a value: an array's first item stands for all,
    /// and a map's value has the name `*`.
    pub fn to_pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.0 {
            pointer.push('/');
            match step {
                Step::Name(name) => pointer.push_str(&escape_token(name)),
                Step::Item => pointer.push('0'),
                Step::Entry => pointer.push('*'),
            }
        }
        pointer
    }
}

/// A reference token of a JSON pointer (RFC 6901, section 3): `~` and `/` are escaped.
pub fn escape_token(name: &str) -> String {
    // Few names have either.
    if !name.contains(['~', '/']) {
        return name.to_owned();
    }
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that a reference token stands for.
pub fn unescape_token(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// The value at a JSON pointer. [`Value::pointer`] makes two texts of each token; most tokens have
/// nothing to unescape, and the schema of each answer is walked by pointers.
pub(super) fn value_at<'v>(root: &'v Value, pointer: &str) -> Option<&'v Value> {
    if pointer.contains('~') {
        return root.pointer(pointer);
    }
    let mut tokens = pointer.split('/');
    if tokens.next() != Some("") {
        return None;
    }
    tokens.try_fold(root, |value, token| match value {
        Value::Object(map) => map.get(token),
        Value::Array(items) => {
            let is_index = token == "0" || !token.starts_with(['0', '+']);
            items.get(token.parse::<usize>().ok().filter(|_| is_index)?)
        }
        _ => None,
    })
}

impl fmt::Display for FieldPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Item => formatter.write_str("[]")?,
                Step::Entry if index == 0 => formatter.write_str("*")?,
                Step::Entry => formatter.write_str(".*")?,
                Step::Name(name) => {
                    if index > 0 {
                        formatter.write_str(".")?;
                    }
                    write_name(name, formatter)?;
                }
            }
        }
        Ok(())
    }
}

/// Writes a name with a backslash before what would be read as something else; an empty name is
/// `\\e`.
fn write_name(name: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    match name {
        "" => return formatter.write_str("\\e"),
        "*" => return formatter.write_str("\\*"),
        _ => {}
    }
    for (at, character) in name.char_indices() {
        let is_item = name.get(at..).is_some_and(|rest| rest.starts_with("[]"));
        let is_divider = character == ':' && name.get(..at).is_some_and(|head| head.ends_with(':'));
        if matches!(character, '\\' | '.') || is_item || is_divider {
            formatter.write_str("\\")?;
        }
        write!(formatter, "{character}")?;
    }
    Ok(())
}

/// A name while it is read: its text, and whether every character of it stands unescaped.
struct Name {
    text: String,
    is_plain: bool,
}

impl From<&str> for FieldPath {
    /// Reads a path as it is displayed; every text is one.
    fn from(text: &str) -> Self {
        let mut path = Self::root();
        let mut name: Option<Name> = None;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            if character == '.' {
                path.close(name.take());
            } else if character == '[' && characters.peek() == Some(&']') {
                characters.next();
                path.close(name.take());
                path.push(Step::Item);
            } else {
                let name = name.get_or_insert_with(|| Name {
                    text: String::new(),
                    is_plain: true,
                });
                if character == '\\' {
                    name.is_plain = false;
                    // `\e` is no character at all.
                    name.text
                        .extend(characters.next().filter(|next| *next != 'e'));
                } else {
                    name.text.push(character);
                }
            }
        }
        path.close(name);
        path
    }
}

impl FieldPath {
    /// Adds a name that was read, if there is one.
    fn close(&mut self, name: Option<Name>) {
        match name {
            Some(name) if name.is_plain && name.text == "*" => self.push(Step::Entry),
            Some(name) => self.push(Step::Name(name.text)),
            None => {}
        }
    }
}
