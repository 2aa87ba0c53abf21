//! Line blocks: lines that begin with `| ` and are not joined. Converters write a line break in a
//! cell so, and lists that they cannot nest.

use super::super::block::{Block, BlockKind, Text};
use super::super::cell::bullet;
use super::Line;
use super::inline::inline;

/// The lines of the line block that starts at a line, each a paragraph or an item of a list, and
/// the line after it.
pub(super) fn line_block(lines: &[Line<'_>], at: usize) -> Option<(Vec<Block>, usize)> {
    if !starts(lines.get(at)?) {
        return None;
    }
    let mut end = at;
    let mut own: Vec<(usize, String)> = Vec::new();
    while let Some(line) = lines.get(end) {
        if starts(line) {
            let text = line.text.strip_prefix('|').unwrap_or_default().trim();
            own.push((line.number, text.to_owned()));
        } else if let Some((_, open)) = own.last_mut().filter(|_| line.indent() > 0) {
            // An indented line goes on with the one before it.
            open.push(' ');
            open.push_str(line.text.trim());
        } else {
            break;
        }
        end += 1;
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (number, text) in own {
        let mut text = inline(&text);
        if text.plain.is_empty() {
            continue;
        }
        let item = bullet(&text.plain).map(str::to_owned);
        let Some(item) = item else {
            blocks.push(Block::new(number, BlockKind::Paragraph(text)));
            continue;
        };
        text.plain = item;
        push_item(&mut blocks, number, text);
    }
    Some((blocks, end))
}

fn push_item(blocks: &mut Vec<Block>, line: usize, text: Text) {
    let item = vec![Block::new(line, BlockKind::Paragraph(text))];
    match blocks.last_mut() {
        Some(Block {
            kind: BlockKind::List(items),
            ..
        }) => items.push(item),
        _ => blocks.push(Block::new(line, BlockKind::List(vec![item]))),
    }
}

/// Whether a line begins one of a line block. What ends with a bar too is a row of a table.
fn starts(line: &Line<'_>) -> bool {
    line.text == "|" || (line.text.starts_with("| ") && !line.text.ends_with('|'))
}

#[cfg(test)]
mod tests {
    use super::super::super::beside::Beside;
    use super::super::read;
    use super::*;

    #[test]
    fn each_line_stands_for_itself_and_marks_make_a_list() {
        let blocks = read(
            "| A kind.\n  Values:\n| - fast\n| - slow\n  or slower\n\nafter\n",
            &Beside::default(),
        );
        let [head, list, after] = blocks.as_slice() else {
            panic!("{blocks:#?}")
        };
        assert!(
            matches!(&head.kind, BlockKind::Paragraph(text) if text.plain == "A kind. Values:"),
            "{head:?}"
        );
        let BlockKind::List(items) = &list.kind else {
            panic!("{list:?}")
        };
        let items: Vec<String> = items
            .iter()
            .map(|item| super::super::super::plain(item))
            .collect();
        assert_eq!(items, ["fast", "slow or slower"]);
        assert_eq!(after.line, 7);
    }
}
