//! Lists that a list of another bullet tears apart: a bullet announces values, which stand below it
//! in bullets of another sign without being set in, and behind them the first list goes on.

use super::block::{Block, BlockKind, plain};

/// Puts lists that stand right behind the item that announces them into it, and joins the list
/// behind them to the one before.
pub(super) fn join(blocks: &mut Vec<Block>) {
    let mut joined: Vec<Block> = Vec::with_capacity(blocks.len());
    // Whether the list before has taken another, so that a further one goes on with it.
    let mut has_taken = false;
    for mut block in std::mem::take(blocks) {
        let last = joined.last_mut().map(|last| &mut last.kind);
        let (Some(BlockKind::List(before)), BlockKind::List(items)) = (last, &mut block.kind)
        else {
            has_taken = false;
            joined.push(block);
            continue;
        };
        if has_taken {
            before.append(items);
            has_taken = false;
        } else if let Some(item) = before.last_mut().filter(|item| announces(item)) {
            item.push(block);
            has_taken = true;
        } else {
            joined.push(block);
        }
    }
    *blocks = joined;
}

/// Whether an item of a list announces what stands below it.
fn announces(item: &[Block]) -> bool {
    let is_text = item
        .iter()
        .all(|block| matches!(block.kind, BlockKind::Paragraph(_)));
    is_text && plain(item).trim_end().ends_with([':', '：'])
}

#[cfg(test)]
mod tests {
    use super::super::block::BlockKind;
    use rstest::rstest;

    #[rstest]
    #[case::torn("- `a` (string): one of:\n* `x`: X\n* `y`: Y\n- `b` (string): B\n", &[2])]
    #[case::announced_last("- `a` (string): one of:\n* `x`: X\n", &[1])]
    #[case::of_two_things("- `a` (string): A\n* x\n", &[1, 1])]
    fn a_list_goes_on_behind_the_values_of_an_item(
        #[case] source: &str,
        #[case] expected: &[usize],
    ) {
        let page = crate::page::read("p.md", &format!("# T\n\nText\n\n{source}")).unwrap();
        let lists: Vec<usize> = page
            .blocks
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::List(items) => Some(items.len()),
                BlockKind::Table(table) => Some(table.rows.len()),
                _ => None,
            })
            .collect();
        assert_eq!(lists, expected);
    }
}
