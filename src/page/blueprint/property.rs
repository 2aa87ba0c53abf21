//! A field in MSON, the notation that API Blueprints describe data in:
//! `name: sample (type, required) - what it is`.

use super::item::Item;

/// A field, or what stands behind `Attributes`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Property {
    pub name: String,
    /// The value behind the name: a sample, but for a fixed one.
    pub value: Option<String>,
    /// The type, as written: `array[Task]`.
    pub kind: Option<String>,
    pub marks: Vec<Mark>,
    pub description: String,
}

/// What is said of a field beside its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Required,
    Optional,
    Nullable,
    /// It has the value behind its name, and no other.
    Fixed,
    /// The value behind its name is the default.
    Default,
}

/// How the marks are written between the brackets behind a name.
const MARKS: [(&str, Mark); 5] = [
    ("required", Mark::Required),
    ("optional", Mark::Optional),
    ("nullable", Mark::Nullable),
    ("fixed", Mark::Fixed),
    ("default", Mark::Default),
];

/// What stands there too, and says nothing of a contract's: that items have the listed types alone,
/// that the value is a sample.
const REMARKS: [&str; 2] = ["fixed-type", "sample"];

impl Property {
    /// Reads the text of an item.
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim();
        let mut own = Self::default();
        let (name, rest) = match text.strip_prefix('`').and_then(|rest| rest.split_once('`')) {
            Some((name, rest)) => (name, rest),
            None => text.split_at(end_of_name(text)),
        };
        name.trim().clone_into(&mut own.name);
        let rest = rest.trim_start();
        let is_assigned = rest.starts_with('=');
        let (head, said) = description(rest);
        let (valued, marks) = marks(head);
        if let Some(value) = valued.trim().strip_prefix([':', '=']) {
            let value = value.trim().trim_matches('`');
            own.value = (!value.is_empty()).then(|| value.to_owned());
            own.marks.extend(is_assigned.then_some(Mark::Default));
        }
        own.take_marks(marks);
        said.trim().clone_into(&mut own.description);
        own
    }

    /// Reads what stands in the brackets.
    fn take_marks(&mut self, marks: &str) {
        for mark in parts(marks) {
            let mark = mark.trim();
            let word = mark.to_ascii_lowercase();
            if let Some((_, known)) = MARKS.iter().find(|(own, _)| *own == word) {
                self.marks.push(*known);
            } else if !mark.is_empty()
                && !mark.starts_with('`')
                && !REMARKS.contains(&word.as_str())
                && self.kind.is_none()
            {
                self.kind = Some(mark.to_owned());
            }
        }
    }

    /// Whether a mark is said of it.
    pub(super) fn is(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }

    /// The type, taken apart: the outer one, and what it is of (`array`, `Task`).
    pub(super) fn types(&self) -> (String, Option<String>) {
        types(self.kind.as_deref().unwrap_or_default())
    }
}

/// A type, taken apart: `array[Task]` is `array` of `Task`.
pub(super) fn types(kind: &str) -> (String, Option<String>) {
    match kind.split_once('[') {
        Some((outer, inner)) => {
            let inner = inner.strip_suffix(']').unwrap_or(inner).trim();
            // Of several, each is one that may stand there: nothing simple is said.
            let is_one = !inner.is_empty() && !inner.contains(',');
            (outer.trim().to_owned(), is_one.then(|| inner.to_owned()))
        }
        None => (kind.trim().to_owned(), None),
    }
}

/// Where a name without marks ends.
fn end_of_name(text: &str) -> usize {
    [":", "=", " (", " - ", " ...", " – ", " — "]
        .iter()
        .filter_map(|sign| text.find(sign))
        .min()
        .unwrap_or(text.len())
}

/// What stands before the description of a field, and the description. A dash within a value begins
/// none where brackets follow.
fn description(text: &str) -> (&str, &str) {
    let signs = [" - ", " ... ", " – ", " — "];
    let mut ends: Vec<(usize, usize)> = signs
        .iter()
        .flat_map(|sign| text.match_indices(sign).map(|(at, sign)| (at, sign.len())))
        .collect();
    ends.sort_unstable();
    let before = |(at, _): &&(usize, usize)| {
        let head = text.get(..*at).unwrap_or_default();
        head.trim_end().ends_with(')')
    };
    let is_marked = text.trim_end().ends_with(')');
    let end = ends.iter().find(before);
    match end.or(ends.first().filter(|_| !is_marked)) {
        Some((at, length)) => (
            text.get(..*at).unwrap_or_default(),
            text.get(at + length..).unwrap_or_default(),
        ),
        None => (text.trim_end_matches(" ..."), ""),
    }
}

/// What stands before the last brackets of a text, and what stands in them. Brackets that are never
/// closed end with the line.
fn marks(text: &str) -> (&str, &str) {
    let text = text.trim_end();
    let inner = text.strip_suffix(')');
    let mut depth = 0_usize;
    for (at, sign) in inner.unwrap_or(text).char_indices().rev() {
        match sign {
            ')' => depth += 1,
            '(' if depth == 0 => {
                let head = text.get(..at).unwrap_or_default();
                let marks = inner.unwrap_or(text).get(at + 1..);
                return (head, marks.unwrap_or_default());
            }
            '(' => depth -= 1,
            _ => {}
        }
    }
    (text, "")
}

/// The parts between commas that stand in no brackets.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, sign) in text.char_indices() {
        match sign {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    parts
}

/// The values that the items of a list give (`+ Members`, `+ Default: x`): each may have a
/// description, which is none of it.
pub(super) fn values(list: &Item) -> Vec<String> {
    let each = list.items.iter().map(|item| Property::of(&item.text));
    each.map(|own| own.name)
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{MARKS, Property};
    use rstest::rstest;

    #[rstest]
    #[case("`id`: `086` (required, string)", "id|086|string|required|")]
    #[case("id (string) ... The id of it", "id||string||The id of it")]
    #[case(
        "limit = `20` (optional, number, `50`) ... At most",
        "limit|20|number|optional default|At most"
    )]
    #[case(
        "title: Buy (milk) (string, required) - The title",
        "title|Buy (milk)|string|required|The title"
    )]
    #[case("next (number, nullable)", "next||number|nullable|")]
    #[case(
        "results (required, array[Task, Job], fixed-type)",
        "results||array[Task, Job]|required|"
    )]
    #[case("low", "low||||")]
    #[case(
        "created: 1415203908 (number) - Time stamp",
        "created|1415203908|number||Time stamp"
    )]
    #[case("kind: card (string, fixed)", "kind|card|string|fixed|")]
    #[case("open (object", "open||object||")]
    fn a_field_is_taken_apart(#[case] text: &str, #[case] expected: &str) {
        let own = Property::of(text);
        let marks = MARKS.iter().filter(|(_, mark)| own.is(*mark));
        let marks: Vec<&str> = marks.map(|(word, _)| *word).collect();
        let told = [
            own.name.as_str(),
            own.value.as_deref().unwrap_or_default(),
            own.kind.as_deref().unwrap_or_default(),
            &marks.join(" "),
            &own.description,
        ];
        assert_eq!(told.join("|"), expected);
    }
}
