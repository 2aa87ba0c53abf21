//! The difference of two snapshots, as people read it.

use similar::{ChangeTag, TextDiff};

/// How many lines stand around a change.
const CONTEXT: usize = 3;

/// The changed lines with those around them: removed ones begin with `-`, new ones with `+`, others
/// with a space; `...` stands between what is far apart.
pub fn unified(old: &str, new: &str) -> Vec<String> {
    let difference = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    for (index, group) in difference.grouped_ops(CONTEXT).iter().enumerate() {
        if index > 0 {
            lines.push("...".to_owned());
        }
        for change in group.iter().flat_map(|op| difference.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            lines.push(format!("{sign}{}", change.value().trim_end_matches('\n')));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_stand_in_their_surroundings() {
        let old = "a\nb\nc\nd\ne\nf\n";
        let new = "a\nb\nc\nd\nE\nf\n";
        assert_eq!(unified(old, new), [" b", " c", " d", "-e", "+E", " f"]);
        assert!(unified(old, old).is_empty());
    }
}
