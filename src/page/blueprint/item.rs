//! The nested lists of an API Blueprint: each item is a section (`+ Response 200`), a field of an
//! object or of the URI, or a value.

/// An item of a list, and what stands in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Item {
    /// The line that it begins on, from 1 on.
    pub line: usize,
    /// What stands behind its sign.
    pub text: String,
    /// The items in it.
    pub items: Vec<Item>,
    /// Its other lines: where they stand, and their text as written.
    pub lines: Vec<(usize, String)>,
}

/// A list that is not there.
pub(super) static NO_LIST: Item = Item {
    line: 0,
    text: String::new(),
    items: Vec::new(),
    lines: Vec::new(),
};

/// How many columns a tab takes.
const TAB: usize = 4;
/// How far the content of an item is indented.
const STEP: usize = 4;
/// How deep items are nested.
const DEPTH: usize = 24;

/// A line, taken apart.
struct Line<'l> {
    number: usize,
    indent: usize,
    /// Without its indentation.
    text: &'l str,
    whole: &'l str,
}

impl<'l> Line<'l> {
    fn of(number: usize, whole: &'l str) -> Self {
        let text = whole.trim_start();
        let blank = whole.get(..whole.len() - text.len()).unwrap_or_default();
        let columns = blank.chars().map(|c| if c == '\t' { TAB } else { 1 });
        Self {
            number,
            indent: columns.sum(),
            text: text.trim_end(),
            whole,
        }
    }

    /// What stands behind the sign of an item.
    fn item(&self) -> Option<&'l str> {
        let rest = self.text.strip_prefix(['+', '-', '*'])?;
        rest.starts_with([' ', '\t']).then(|| rest.trim())
    }
}

/// Whether a line begins a list at the margin.
pub(super) fn begins(line: &str) -> bool {
    let line = Line::of(0, line);
    line.indent < 2 && line.item().is_some()
}

/// Whether the lines of an item are a text of its own rather than items: a body, a schema.
fn is_verbatim(text: &str) -> bool {
    let word = text.split([' ', '(']).next().unwrap_or_default();
    ["Body", "Schema", "Headers"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(word))
}

/// Whether an item is a message, whose body may stand right in it.
fn is_message(text: &str) -> bool {
    let word = text.split([' ', '(']).next().unwrap_or_default();
    ["Request", "Response", "Model"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(word))
}

/// The list whose lines these are: number and text. It is an item that holds the others.
pub(super) fn read(line: usize, lines: &[(usize, &str)]) -> Item {
    let mut root = Item {
        line,
        ..Item::default()
    };
    // The indentation of each open item, from the outermost on.
    let mut open: Vec<usize> = Vec::new();
    let mut fence: Option<&str> = None;
    for (number, whole) in lines {
        let line = Line::of(*number, whole);
        if line.text.is_empty() {
            innermost(&mut root, open.len())
                .lines
                .push((line.number, String::new()));
            continue;
        }
        if let Some(mark) = super::super::fence::mark(line.text)
            && fence.is_none_or(|known| known == mark)
        {
            fence = fence.is_none().then_some(mark);
            innermost(&mut root, open.len())
                .lines
                .push((line.number, line.whole.to_owned()));
            continue;
        }
        let item = line.item().filter(|_| fence.is_none());
        if let Some(text) = item {
            let mut depth = open.iter().filter(|indent| **indent < line.indent).count();
            let parents = open.get(..depth).unwrap_or_default();
            if is_within(&mut root, parents, &line) {
                innermost(&mut root, depth)
                    .lines
                    .push((line.number, line.whole.to_owned()));
                continue;
            }
            depth = depth.min(DEPTH);
            open.truncate(depth);
            innermost(&mut root, depth).items.push(Item {
                line: line.number,
                text: text.to_owned(),
                ..Item::default()
            });
            open.push(line.indent);
            continue;
        }
        // A line that is indented less than an item is none of its.
        if fence.is_none() {
            let kept = open.iter().filter(|indent| **indent < line.indent).count();
            open.truncate(kept.max(1));
        }
        innermost(&mut root, open.len())
            .lines
            .push((line.number, line.whole.to_owned()));
    }
    root
}

/// Whether a line that looks like an item is one of the text of the item that it stands in.
fn is_within(root: &mut Item, parents: &[usize], line: &Line<'_>) -> bool {
    let Some(indent) = parents.last() else {
        return false;
    };
    let parent = innermost(root, parents.len());
    is_verbatim(&parent.text) || (is_message(&parent.text) && line.indent >= indent + 2 * STEP)
}

/// The last item at a depth; the root at none.
fn innermost(root: &mut Item, depth: usize) -> &mut Item {
    let mut item = root;
    for _ in 0..depth {
        if item.items.is_empty() {
            break;
        }
        let last = item.items.len() - 1;
        item = &mut item.items[last];
    }
    item
}

impl Item {
    /// The item in it that a word begins, and what stands behind the word.
    pub(super) fn part(&self, word: &str) -> Option<&Self> {
        self.items.iter().find(|item| item.begins_with(word))
    }

    /// Whether a word begins it.
    pub(super) fn begins_with(&self, word: &str) -> bool {
        self.behind(word).is_some()
    }

    /// What stands behind the word that begins it.
    pub(super) fn behind(&self, word: &str) -> Option<&str> {
        let start = self.text.get(..word.len())?;
        let rest = self.text.get(word.len()..)?;
        let ends = rest.is_empty() || rest.starts_with([' ', '(', ':', '\t']);
        (start.eq_ignore_ascii_case(word) && ends).then(|| rest.trim())
    }

    /// Its own lines as one text, without empty lines around it.
    pub(super) fn prose(&self) -> String {
        let lines: Vec<&str> = (self.lines.iter())
            .map(|(_, line)| line.trim())
            .filter(|line| !line.is_empty())
            .collect();
        lines.join(" ")
    }

    /// The lines of the text that stands in it as code, without the indentation that all have:
    /// where it begins, and the lines.
    pub(super) fn verbatim(&self) -> Option<(usize, Vec<String>)> {
        let filled = |(_, line): &&(usize, String)| !line.trim().is_empty();
        let first = self.lines.iter().position(|line| filled(&line))?;
        let last = self.lines.iter().rposition(|line| filled(&line))?;
        let lines = self.lines.get(first..=last)?;
        let start = lines.first()?.0;
        let lines: Vec<&String> = lines
            .iter()
            .map(|(_, line)| line)
            .filter(|line| super::super::fence::mark(line.trim()).is_none())
            .collect();
        let indent = lines
            .iter()
            .filter(|line| !line.trim().is_empty())
            .map(|line| line.len() - line.trim_start().len())
            .min()?;
        let cut = |line: &&String| line.get(indent..).unwrap_or_default().to_owned();
        Some((start, lines.iter().map(cut).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(items: &[Item], depth: usize, out: &mut String) {
        for item in items {
            let prose = item.prose();
            out.push_str(&format!(
                "{}{} {} | {prose}\n",
                "  ".repeat(depth),
                item.line,
                item.text
            ));
            sketch(&item.items, depth + 1, out);
        }
    }

    #[test]
    fn items_nest_by_their_indentation() {
        let text = "\
+ Parameters
    + `id` (required, number)
        Which
        one.
        + Default: 1
+ Response 200 (application/json)
    + Attributes
        + a (string)
    + Body

            {\"b\": [
              - 1
            ]}
+ Request

        - no item
";
        let lines: Vec<(usize, &str)> = text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
            .collect();
        let mut out = String::new();
        sketch(&read(1, &lines).items, 0, &mut out);
        insta::assert_snapshot!(out);
    }
}
