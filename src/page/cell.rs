//! The inside of a table cell, and announced statuses: what the readers of text formats share.

use super::block::{Block, BlockKind, Cell, Text};
use super::words::{self, CellPart};
use crate::vocabulary;

/// Copies of merged cells, of which a page gets so much and no more: a cell may claim to cover a
/// whole table, and tables nest.
pub(super) struct Copies {
    left: usize,
}

impl Default for Copies {
    fn default() -> Self {
        Self { left: 500_000 }
    }
}

impl Copies {
    /// Copies in proportion to the text that asks for them.
    pub(super) fn for_text(source: &str) -> Self {
        Self {
            left: source.len().saturating_mul(16),
        }
    }

    /// A copy of a cell; empty when too much was copied before.
    pub(super) fn copy(&mut self, cell: &Cell) -> Cell {
        self.another(cell).unwrap_or_default()
    }

    /// A copy of a cell; none when too much was copied before.
    pub(super) fn another(&mut self, cell: &Cell) -> Option<Cell> {
        let cost = 64 + cell.plain().len();
        self.left = self.left.checked_sub(cost)?;
        Some(cell.clone())
    }
}

pattern! {
    /// The status that a line such as `Status code: 200` announces.
    static STATUS = format!(
        r"^\W*(?i:{}s?)\s*[:：]\s*\**\s*(\d{{3}})\W*$",
        vocabulary::before_status()
    );
}

pattern! {
    /// A text that announces a list, and a list on the same line.
    static INLINE_LIST =
        r"^(?P<head>[^*•+]*[:：])\s+(?P<list>(?:\*\s[^*]+){2,}|(?:•\s*[^•]+){2,}|(?:\+\s[^+]+){2,})$";
}

pattern! {
    /// The parts of a portal's cell on one line, each behind its word alone: what a tool makes of
    /// paragraphs in a cell.
    static ONE_LINE = format!(
        r"^\*{{0,2}}(?P<head>{})\*{{0,2}}(?P<gap>\s*)(?P<text>[^\p{{Ll}}\s:：].*?)(?:\*{{0,2}}(?P<limits>{})\*{{0,2}}\s*(?P<constraints>[^\p{{Ll}}\s:：].*?))?\*{{0,2}}(?P<values>{})\*{{0,2}}\s*(?P<range>|[^\p{{Ll}}\s:：].*?)(?:\*{{0,2}}(?P<preset>{})\*{{0,2}}\s*(?P<default>[^\s:：].*))?$",
        words::part_words(CellPart::Definition),
        words::part_words(CellPart::Constraints),
        words::part_words(CellPart::Range),
        words::part_words(CellPart::Default),
    );

    /// One word.
    static WORD = r"^[A-Za-z_]{2,}$";

    /// Bullets on one line.
    static ITEMS = r"(?:^|\s)[*•]\s+";
}

/// Sets the parts of a cell on one line each on a line of its own.
pub(super) fn part_lines(cell: &mut Cell) {
    let [
        Block {
            line,
            kind: BlockKind::Paragraph(text),
        },
    ] = cell.blocks.as_slice()
    else {
        return;
    };
    if let Some(parts) = parts_of(&text.plain) {
        let lines = parts.iter().map(|part| (*line, part.as_str()));
        cell.blocks = blocks_of_lines(lines.collect::<Vec<_>>());
    }
}

/// What the readers of cells take for a list that a tool ran together, before its values.
const RUN_TOGETHER: &str = "Values:";

/// The parts of a cell on one line, each on a line of its own; nothing for another text.
fn parts_of(text: &str) -> Option<Vec<String>> {
    let captures = ONE_LINE.captures(text.trim())?;
    let part = |name: &str| captures.name(name).map(|own| own.as_str());
    // Where a tool left no gap between paragraphs, there is none between values either.
    let is_glued = part("gap").is_some_and(str::is_empty);
    let mut lines = Vec::new();
    for (label, name) in [
        ("head", "text"),
        ("limits", "constraints"),
        ("values", "range"),
        ("preset", "default"),
    ] {
        let (Some(label), Some(own)) = (part(label), part(name)) else {
            continue;
        };
        lines.push(label.to_owned());
        if is_glued && name == "range" && WORD.is_match(own) {
            lines.push(format!("{RUN_TOGETHER}{own}"));
            continue;
        }
        let items = ITEMS.split(own).map(str::trim);
        let is_list = ITEMS.is_match(own);
        lines.extend(items.filter(|item| !item.is_empty()).map(|item| {
            if is_list {
                format!("* {item}")
            } else {
                item.to_owned()
            }
        }));
    }
    Some(lines)
}

/// The status that a line announces (`Status code: 200`).
pub fn announced_status(text: &str) -> Option<u16> {
    if text.len() > 60 {
        return None;
    }
    STATUS
        .captures(text)
        .and_then(|found| found.get(1)?.as_str().parse().ok())
}

/// The heading that a line without marks is: the first that is not the date of the edition is the
/// title, and known words open a section.
pub(super) fn heading(text: &str, titled: &mut bool) -> Option<BlockKind> {
    let level = if !*titled && super::edition_of_line(text).is_none() {
        *titled = true;
        1
    } else {
        words::section(text)?;
        2
    };
    Some(BlockKind::Heading {
        level,
        text: Text::of(text),
    })
}

/// The rest of a line that is a bullet.
pub fn bullet(text: &str) -> Option<&str> {
    let text = text.trim_start();
    // Alone it is a sign that says yes.
    if text.trim_end() == "●" {
        return None;
    }
    ["•", "●", "·", "▪", "◦", "- ", "* ", "– "]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
        .map(str::trim)
}

/// Blocks from lines of text: bullets become lists, every other line a paragraph.
pub fn blocks_of_lines<'t>(lines: impl IntoIterator<Item = (usize, &'t str)>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (line, text) in lines {
        let text_trimmed = text.trim();
        if text_trimmed.is_empty() {
            continue;
        }
        match bullet(text) {
            Some(item) => add_item(&mut blocks, line, item),
            None => match inline_list(text_trimmed) {
                Some((head, items)) => {
                    let head = BlockKind::Paragraph(Text::of(head));
                    blocks.push(Block::new(line, head));
                    for item in items {
                        add_item(&mut blocks, line, item);
                    }
                }
                None => blocks.push(Block::new(
                    line,
                    BlockKind::Paragraph(Text::of(text_trimmed)),
                )),
            },
        }
    }
    blocks
}

/// Blocks that all start on one line: that of the row which they stand in.
pub(super) fn at_line(mut blocks: Vec<Block>, line: usize) -> Vec<Block> {
    for block in &mut blocks {
        block.line = line;
        if let BlockKind::List(items) = &mut block.kind {
            for item in items {
                *item = at_line(std::mem::take(item), line);
            }
        }
    }
    blocks
}

/// Adds an item to the list that is the last block, or to a new one.
fn add_item(blocks: &mut Vec<Block>, line: usize, item: &str) {
    let item = vec![Block::new(line, BlockKind::Paragraph(Text::of(item)))];
    match blocks.last_mut() {
        Some(Block {
            kind: BlockKind::List(items),
            ..
        }) => items.push(item),
        _ => blocks.push(Block::new(line, BlockKind::List(vec![item]))),
    }
}

/// A list that a tool set on the line that announces it (`Values: * fast * slow`): what stands
/// before it, and its items. The first mark must follow a colon, so that a product is none.
fn inline_list(text: &str) -> Option<(&str, Vec<&str>)> {
    let captures = INLINE_LIST.captures(text)?;
    let (head, list) = (captures.name("head")?, captures.name("list")?);
    let mark = list.as_str().chars().next()?;
    let items: Vec<&str> = list
        .as_str()
        .split([mark])
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .collect();
    (items.len() > 1).then(|| (head.as_str().trim(), items))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("A kind. Values:   * fast * slow", &["A kind. Values:", "fast", "slow"])]
    #[case("Values: • fast • slow", &["Values:", "fast", "slow"])]
    #[case("Characters: *", &["Characters: *"])]
    #[case("The size: 2 * 3 * 4", &["The size: 2 * 3 * 4"])]
    #[case("Values: * fast", &["Values: * fast"])]
    fn a_list_on_one_line_is_read(#[case] text: &str, #[case] expected: &[&str]) {
        let blocks = blocks_of_lines([(1, text)]);
        let found: Vec<String> = blocks
            .iter()
            .flat_map(|block| match &block.kind {
                BlockKind::List(items) => {
                    items.iter().map(|item| super::super::plain(item)).collect()
                }
                _ => vec![super::super::plain(std::slice::from_ref(block))],
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case(
        "Definition How many. Constraints N/A Range 1 to 9 Default Value 5",
        &["Definition", "How many.", "Constraints", "N/A", "Range", "1 to 9", "Default Value", "5"]
    )]
    #[case(
        "DefinitionHow many.ConstraintsN/ARange1 to 9Default Value5",
        &["Definition", "How many.", "Constraints", "N/A", "Range", "1 to 9", "Default Value", "5"]
    )]
    #[case(
        "Definition State. Range * **UP**: on * **DOWN**: off Default Value N/A",
        &["Definition", "State.", "Range", "**UP**: on **DOWN**: off", "Default Value", "N/A"]
    )]
    #[case(
        "参数解释 数量。 约束限制 不涉及 取值范围 1到9 默认取值 5",
        &["参数解释", "数量。", "约束限制", "不涉及", "取值范围", "1到9", "默认取值", "5"]
    )]
    #[case(
        "**Definition** How many. **Range** 1 to 9",
        &["Definition", "How many.", "Range", "1 to 9"]
    )]
    #[case("**Definition**Its state.**Range**UPDOWN", &["Definition", "Its state.", "Range", "Values:UPDOWN"])]
    #[case("Definition State. Range Default Value N/A", &["Definition", "State.", "Range", "Default Value", "N/A"])]
    #[case("Definition of the range.", &["Definition of the range."])]
    #[case("Range 1 to 9", &["Range 1 to 9"])]
    fn a_cell_on_one_line_is_taken_apart(#[case] text: &str, #[case] expected: &[&str]) {
        let mut cell = Cell::of(1, text);
        part_lines(&mut cell);
        let found: Vec<String> = cell
            .blocks
            .iter()
            .map(|block| super::super::plain(std::slice::from_ref(block)))
            .collect();
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("Status code: 200", Some(200))]
    #[case("状态码： 400", Some(400))]
    #[case("Status code 200 means success", None)]
    fn announced_status_is_read(#[case] text: &str, #[case] expected: Option<u16>) {
        assert_eq!(announced_status(text), expected);
    }
}
