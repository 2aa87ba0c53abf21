//! Lists of terms, each with what is indented below it.

use super::super::block::{Block, BlockKind};
use super::super::term;
use super::blocks::{Reader, indented, paragraph};
use super::inline::inline;
use super::{Line, dedent};

impl Reader {
    /// A list of terms that begin with a literal, or are a name and its type, each with what is
    /// indented below it. Names alone are terms where two of them or more stand so.
    pub(super) fn definition_list(
        &mut self,
        lines: &[Line<'_>],
        at: usize,
        depth: usize,
        blocks: &mut Vec<Block>,
    ) -> Option<usize> {
        let first = lines.get(at)?.number;
        let are_names = bare_terms(lines, at) > 1;
        let mut items = Vec::new();
        let mut next = at;
        while let Some(line) = lines.get(next) {
            if line.is_blank() {
                next += 1;
                continue;
            }
            let bare =
                Some(line.text.trim_end()).filter(|text| are_names && term::is_bare_name(text));
            let typed = term::typed_name(line.text).or(bare);
            let is_term = (line.text.starts_with("``") || typed.is_some())
                && !line.text.ends_with("::")
                && lines
                    .get(next + 1)
                    .is_some_and(|below| !below.is_blank() && below.indent() > 0);
            if !is_term {
                break;
            }
            let end = indented(lines, next + 1);
            let mut head = inline(line.text);
            if let Some(name) = typed.filter(|name| head.plain.starts_with(name)) {
                head.marked = name.len();
            }
            let mut item = vec![paragraph(line.number, head)];
            let body = dedent(lines.get(next + 1..end).unwrap_or_default());
            item.extend(self.blocks(&body, depth + 1));
            items.push(item);
            next = end;
        }
        if items.is_empty() {
            return None;
        }
        blocks.push(Block::new(first, BlockKind::List(items)));
        Some(next)
    }
}

/// How many names alone stand from a line on, each with what is indented below it.
fn bare_terms(lines: &[Line<'_>], at: usize) -> usize {
    let mut next = at;
    let mut count = 0;
    while let Some(line) = lines.get(next) {
        if line.is_blank() {
            next += 1;
            continue;
        }
        let below = lines.get(next + 1);
        let is_held = below.is_some_and(|below| !below.is_blank() && below.indent() > 0);
        if !is_held || !term::is_bare_name(line.text.trim_end()) {
            break;
        }
        count += 1;
        next = indented(lines, next + 1);
    }
    count
}
