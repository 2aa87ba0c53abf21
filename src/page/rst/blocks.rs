//! Body elements: paragraphs, headings, lists, literal blocks. Directives are in
//! [`super::directive`], tables in their own modules.

use super::super::beside::Beside;
use super::super::block::{Block, BlockKind, Text, plain};
use super::fields::entry;
use super::inline::inline;
use super::line_block::line_block;
use super::openstack::Files;
use super::sense::Sense;
use super::{DEPTH, Line, dedent, grid, simple, verbatim};

/// What a page has shown so far.
#[derive(Default)]
pub(super) struct Reader {
    /// The files beside the page.
    pub beside: Beside,
    /// Those of them that describe fields, as far as they were read.
    pub files: Files,
    /// What the arrows of field lists mean.
    pub sense: Sense,
    /// The method and the paths of the directive that the lines stand in, if it is an operation's.
    pub operation: Option<(String, String)>,
    /// Whether the last heading that names a side names the answer.
    pub is_response: bool,
    /// How many files are open within each other.
    pub included: usize,
    /// The styles of headings in the order of their first use: the sign, and whether a line of it
    /// stands above too.
    pub styles: Vec<(char, bool)>,
    /// Anchors that wait for the block that they name.
    pub anchors: Vec<String>,
}

impl Reader {
    /// Reads lines that have no common indentation.
    pub(super) fn blocks(&mut self, lines: &[Line<'_>], depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        if depth > DEPTH {
            for line in lines.iter().filter(|line| !line.is_blank()) {
                blocks.push(paragraph(line.number, Text::of(line.text.trim())));
            }
            return blocks;
        }
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            if line.is_blank() {
                at += 1;
                continue;
            }
            // Each step takes one line at least.
            let next = self.element(lines, at, depth, &mut blocks);
            at = next.max(at + 1);
        }
        blocks
    }

    /// Reads the element that starts at a line; the line after it.
    fn element(
        &mut self,
        lines: &[Line<'_>],
        at: usize,
        depth: usize,
        blocks: &mut Vec<Block>,
    ) -> usize {
        let Some(line) = lines.get(at) else {
            return at;
        };
        if line.indent() > 0 {
            let end = indented(lines, at);
            blocks.extend(self.blocks(&dedent(lines.get(at..end).unwrap_or_default()), depth + 1));
            return end;
        }
        if line.text.starts_with(".. ") || line.text == ".." {
            if let Some(end) = self.own_fields(lines, at, depth, blocks) {
                return end;
            }
            let end = explicit(lines, at);
            self.directive(lines.get(at..end).unwrap_or_default(), depth, blocks);
            return end;
        }
        if let Some(end) = self.heading(lines, at, blocks) {
            return end;
        }
        if let Some((table, end)) = grid::table(self, lines, at, depth) {
            self.push_table(table, line.number, blocks);
            return end;
        }
        if let Some((table, end)) = simple::table(self, lines, at, depth) {
            self.push_table(table, line.number, blocks);
            return end;
        }
        if let Some((own, end)) = line_block(lines, at) {
            blocks.extend(own);
            return end;
        }
        if is_rule(line.text) && line.text.len() >= 4 {
            return at + 1;
        }
        if let Some(kind) = marker(lines, at) {
            return self.list(lines, at, kind, depth, blocks);
        }
        if self.operation.is_some() && entry(line.text).is_some() {
            return self.field_list(lines, at, depth, blocks);
        }
        if let Some(end) = self.named_fields(lines, at, blocks) {
            return end;
        }
        if is_field(line.text) {
            return self.field(lines, at, depth, blocks);
        }
        if let Some(end) = self.definition_list(lines, at, depth, blocks) {
            return end;
        }
        self.paragraph(lines, at, depth, blocks)
    }

    /// A field list below a heading whose names are written as programs have them, as the list of
    /// bullets that it stands for; what it describes is told by the words around.
    fn named_fields(
        &self,
        lines: &[Line<'_>],
        at: usize,
        blocks: &mut Vec<Block>,
    ) -> Option<usize> {
        // What stands before the first heading is about the page.
        if self.styles.is_empty() {
            return None;
        }
        let first = lines.get(at)?.number;
        let mut items = Vec::new();
        let mut next = at;
        while let Some(line) = lines.get(next) {
            if line.is_blank() {
                next += 1;
                continue;
            }
            let Some((name, rest)) = named_field(line.text).filter(|_| entry(line.text).is_none())
            else {
                break;
            };
            let end = explicit(lines, next);
            let below = lines.get(next + 1..end).unwrap_or_default();
            // What holds more than text is read elsewhere.
            if below.iter().any(Line::is_blank)
                && below.iter().rposition(|own| !own.is_blank())
                    > below.iter().position(Line::is_blank)
            {
                return None;
            }
            let texts = below.iter().map(|own| own.text.trim());
            let texts: Vec<&str> = std::iter::once(rest)
                .chain(texts.filter(|own| !own.is_empty()))
                .collect();
            let said = texts.join(" ");
            let sign = if said.starts_with('(') { "" } else { ":" };
            let text = inline(&format!("**{name}**{sign} {said}"));
            items.push(vec![paragraph(line.number, text)]);
            next = end;
        }
        if items.is_empty() {
            return None;
        }
        blocks.push(Block::new(first, BlockKind::List(items)));
        Some(next)
    }

    /// A field of a list that describes no operation's fields: the line after it. Where it holds more
    /// than text, or its name is written as a label is, the name is the label of what it holds.
    fn field(
        &mut self,
        lines: &[Line<'_>],
        at: usize,
        depth: usize,
        blocks: &mut Vec<Block>,
    ) -> usize {
        let end = explicit(lines, at);
        let Some((line, (name, rest))) = lines.get(at).and_then(|line| {
            let parted = line.text.strip_prefix(':')?.split_once(':')?;
            Some((line, parted))
        }) else {
            return end;
        };
        let mut body = vec![Line {
            number: line.number,
            text: rest.trim_start(),
        }];
        body.extend(dedent(lines.get(at + 1..end).unwrap_or_default()));
        let held = self.blocks(&body, depth + 1);
        let is_text = |block: &Block| matches!(block.kind, BlockKind::Paragraph(_));
        let is_label = name.starts_with(char::is_uppercase);
        if held.iter().all(is_text) {
            if is_label {
                let said = format!("{name}: {}", plain(&held));
                blocks.push(paragraph(line.number, inline(said.trim())));
            }
            return end;
        }
        blocks.push(paragraph(line.number, Text::of(format!("{name}:"))));
        blocks.extend(held);
        end
    }

    fn push_table(
        &mut self,
        mut table: super::super::block::Table,
        line: usize,
        blocks: &mut Vec<Block>,
    ) {
        table
            .anchors
            .splice(0..0, std::mem::take(&mut self.anchors));
        blocks.push(Block::new(line, BlockKind::Table(table)));
    }

    /// A title with a line of signs below, or above and below.
    fn heading(&mut self, lines: &[Line<'_>], at: usize, blocks: &mut Vec<Block>) -> Option<usize> {
        let line = lines.get(at)?;
        let (title, sign, over, end) = if is_rule(line.text) {
            let below = lines.get(at + 2)?;
            let title = lines.get(at + 1)?;
            let fits = !title.is_blank() && !is_rule(title.text) && below.text == line.text;
            fits.then(|| (title, line.text.chars().next(), true, at + 3))?
        } else {
            let below = lines.get(at + 1)?;
            // A shorter line is a mistake that renderers bear with from four signs on.
            let fits = is_rule(below.text)
                && (below.text.chars().count() >= line.text.chars().count().min(4));
            fits.then(|| (line, below.text.chars().next(), false, at + 2))?
        };
        let style = (sign?, over);
        let place = self
            .styles
            .iter()
            .position(|known| *known == style)
            .unwrap_or_else(|| {
                self.styles.push(style);
                self.styles.len() - 1
            });
        let mut text = inline(title.text);
        let words = text.plain.to_lowercase();
        if words.starts_with("response") || words.starts_with("request") {
            self.is_response = words.starts_with("response");
        }
        text.anchors = std::mem::take(&mut self.anchors);
        blocks.push(Block::new(
            title.number,
            BlockKind::Heading {
                level: u8::try_from(place + 1).unwrap_or(6).min(6),
                text,
            },
        ));
        Some(end)
    }

    /// A list of one kind of marker: each item is what is indented below it.
    fn list(
        &mut self,
        lines: &[Line<'_>],
        at: usize,
        kind: Marker,
        depth: usize,
        blocks: &mut Vec<Block>,
    ) -> usize {
        let first = lines.get(at).map_or(0, |line| line.number);
        let place = blocks.len();
        let mut items = Vec::new();
        let mut next = at;
        while let Some(line) = lines.get(next) {
            if line.is_blank() {
                next += 1;
                continue;
            }
            let Some(own) = marker(lines, next).filter(|own| own.sign == kind.sign) else {
                break;
            };
            let mut end = next + 1;
            while lines
                .get(end)
                .is_some_and(|line| line.is_blank() || line.indent() > 0)
            {
                end += 1;
            }
            let mut item = vec![Line {
                number: line.number,
                text: line.text.get(own.width..).unwrap_or_default().trim_start(),
            }];
            item.extend(dedent(lines.get(next + 1..end).unwrap_or_default()));
            items.push(self.blocks(&item, depth + 1));
            next = end;
        }
        blocks.insert(place, Block::new(first, BlockKind::List(items)));
        next
    }

    /// A paragraph, with the literal block or the definition that follows it.
    fn paragraph(
        &mut self,
        lines: &[Line<'_>],
        at: usize,
        depth: usize,
        blocks: &mut Vec<Block>,
    ) -> usize {
        let first = lines.get(at).map_or(0, |line| line.number);
        let mut end = at;
        while let Some(line) = lines.get(end) {
            let ends = line.is_blank()
                || line.indent() > 0
                || (end > at && (line.text.starts_with(".. ") || marker_in_text(lines, end)));
            if ends {
                break;
            }
            end += 1;
        }
        let joined = lines
            .get(at..end)
            .unwrap_or_default()
            .iter()
            .map(|line| line.text.strip_prefix("| ").unwrap_or(line.text))
            .collect::<Vec<_>>()
            .join(" ");
        let literal = joined.strip_suffix("::");
        let words = match literal {
            Some(words) if words.ends_with(char::is_whitespace) || words.is_empty() => {
                words.trim().to_owned()
            }
            Some(words) => format!("{words}:"),
            None => joined.clone(),
        };
        let mut text = inline(&words);
        text.anchors = std::mem::take(&mut self.anchors);
        if !text.plain.is_empty() || !text.anchors.is_empty() {
            blocks.push(paragraph(first, text));
        }
        if literal.is_none() {
            return end;
        }
        let mut start = end;
        while lines.get(start).is_some_and(Line::is_blank) {
            start += 1;
        }
        if lines.get(start).is_none_or(|line| line.indent() == 0) || depth > DEPTH {
            return end;
        }
        let stop = indented(lines, start);
        let body = dedent(lines.get(start..stop).unwrap_or_default());
        blocks.push(Block::new(
            lines.get(start).map_or(first, |line| line.number),
            BlockKind::Code {
                language: None,
                text: verbatim(&body),
            },
        ));
        stop
    }
}

pub(super) fn paragraph(line: usize, text: Text) -> Block {
    Block::new(line, BlockKind::Paragraph(text))
}

/// The name and the text of a field whose name is written as programs have them.
fn named_field(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.strip_prefix(':')?.split_once(": ")?;
    let is_name = name.starts_with(|sign: char| sign.is_ascii_lowercase())
        && name
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '.'));
    (is_name && !rest.trim().is_empty()).then_some((name, rest.trim()))
}

/// The line after a run of indented and blank lines.
pub(super) fn indented(lines: &[Line<'_>], at: usize) -> usize {
    let mut end = at;
    while lines
        .get(end)
        .is_some_and(|line| line.is_blank() || line.indent() > 0)
    {
        end += 1;
    }
    end
}

/// The line after an explicit block: its first line and all that is indented below.
pub(super) fn explicit(lines: &[Line<'_>], at: usize) -> usize {
    indented(lines, at + 1)
}

/// Whether a line is made of one sign repeated, as headings and transitions are marked with.
fn is_rule(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| {
        first.is_ascii_punctuation()
            && text.len() >= 2
            && characters.all(|character| character == first)
            && !text.starts_with("..")
            && !text.starts_with("::")
    })
}

/// Whether a line opens a field list (`:original_name: x.html`).
fn is_field(text: &str) -> bool {
    let Some(inner) = text.strip_prefix(':') else {
        return false;
    };
    inner.split_once(':').is_some_and(|(name, rest)| {
        !name.is_empty()
            && name.len() <= 40
            && !name.contains('`')
            && (rest.is_empty() || rest.starts_with(' '))
    })
}

/// A list item's marker: its sign and how many bytes it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marker {
    sign: char,
    width: usize,
}

/// The marker of the list item that a line is.
fn marker(lines: &[Line<'_>], at: usize) -> Option<Marker> {
    let text = lines.get(at)?.text;
    let first = text.chars().next()?;
    if matches!(first, '-' | '*' | '+' | '•' | '‣' | '⁃') {
        let rest = text.get(first.len_utf8()..)?;
        return (rest.is_empty() || rest.starts_with(' ')).then_some(Marker {
            sign: first,
            width: first.len_utf8(),
        });
    }
    let open = usize::from(first == '(');
    let digits = text
        .get(open..)?
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let word = if digits > 0 && digits <= 3 {
        digits
    } else {
        // `a.`, `#.`
        usize::from(
            text.get(open..)?
                .starts_with(|c: char| c == '#' || c.is_ascii_alphabetic()),
        )
    };
    let close = text.get(open + word..)?;
    let sign = close.chars().next()?;
    let rest = close.get(1..).unwrap_or_default();
    let is_item = word > 0
        && (sign == ')' || (sign == '.' && open == 0))
        && (rest.is_empty() || rest.starts_with(' '));
    // What follows on the next line must be indented, else the line only begins with a number.
    let alone = lines
        .get(at + 1)
        .is_none_or(|next| next.is_blank() || next.indent() > 0 || next.text.contains([')', '.']));
    (is_item && alone).then_some(Marker {
        sign,
        width: open + word + 1,
    })
}

/// Whether a line inside a run of text starts a bulleted list: pages forget the blank line before
/// it.
fn marker_in_text(lines: &[Line<'_>], at: usize) -> bool {
    lines
        .get(at)
        .is_some_and(|line| line.text.starts_with("-  ") || line.text.starts_with("•"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    #[test]
    fn lists_hold_what_is_indented_below_their_items() {
        let blocks = read("- one\n\n  more\n\n  - inner\n- two\n\n1. first\n2. second\n");
        let BlockKind::List(items) = &blocks[0].kind else {
            panic!("{blocks:#?}")
        };
        assert_eq!(items.len(), 2);
        assert_eq!(items[0].len(), 3, "{items:#?}");
        assert!(matches!(&blocks[1].kind, BlockKind::List(items) if items.len() == 2));
    }

    #[test]
    fn a_double_colon_announces_a_literal_block() {
        let blocks = read("Shown here::\n\n   {\n     \"a\": 1\n   }\n\nafter\n");
        assert!(
            matches!(&blocks[0].kind, BlockKind::Paragraph(text) if text.plain == "Shown here:")
        );
        assert!(
            matches!(&blocks[1].kind, BlockKind::Code { text, .. } if text.starts_with("{\n  \"a\""))
        );
        assert_eq!(blocks[1].line, 3);
        assert_eq!(blocks.len(), 3);
    }

    #[test]
    fn a_field_that_holds_a_table_labels_it() {
        let blocks = read(
            ":orphan:\n\n:Query Parameters:\n\n   ==== ======\n   Name Type\n   ==== ======\n   a    string\n   ==== ======\n\n:Method: GET\n",
        );
        let told: Vec<String> = blocks
            .iter()
            .map(|block| match &block.kind {
                BlockKind::Paragraph(text) => text.plain.clone(),
                BlockKind::Table(_) => "table".to_owned(),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(told, ["Query Parameters:", "table", "Method: GET"]);
    }

    #[test]
    fn deep_nesting_ends() {
        let source = "- ".repeat(50_000);
        assert!(!read(&source).is_empty());
        let mut stairs = String::new();
        for depth in 0..600 {
            stairs.push_str(&" ".repeat(depth));
            stairs.push_str("x\n\n");
        }
        assert!(!read(&stairs).is_empty());
    }
}
