//! Fields of a request that a sentence defines: ``Send `text` (string, required) and `tags` (array
//! of strings).`` They become the bullets that they stand for.

use super::super::block::{Block, BlockKind, Text};
use super::head::{bracketed, head};
use super::{BETWEEN_FIELDS, SENDS};

pattern! {
    /// The end of the sentence.
    static END = r"^\s*(?:\.(?:\s|$)|$)";
}

/// The bullets that stand for what a paragraph says is sent: none where the sentence says anything
/// else beside fields whose brackets begin with a type.
pub(super) fn bullets(block: &Block) -> Option<Vec<Vec<Block>>> {
    let BlockKind::Paragraph(text) = &block.kind else {
        return None;
    };
    let first = text.codes.iter().find(|code| {
        let before = text.plain.get(..code.start).unwrap_or_default();
        SENDS.is_match(before)
    })?;
    let mut found = Vec::new();
    let mut at = first.start;
    loop {
        let code = text.codes.iter().find(|code| code.start == at)?;
        let behind = text.plain.get(code.end..)?;
        let (_, after) = bracketed(behind.trim_start())?;
        let end = text.plain.len() - after.len();
        let own = Text {
            marked: code.len(),
            ..text.part(text.plain.get(at..end)?)
        };
        let item = vec![Block::new(block.line, BlockKind::Paragraph(own))];
        if !head(&item)?.is_typed {
            return None;
        }
        found.push(item);
        if END.is_match(after) {
            return Some(found);
        }
        let next = text.codes.iter().find(|code| code.start >= end)?;
        if !BETWEEN_FIELDS.is_match(text.plain.get(end..next.start)?) {
            return None;
        }
        at = next.start;
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::described::sketch;
    use rstest::rstest;

    #[rstest]
    #[case("Send `a` (string, required) and `b` (integer).", true)]
    #[case("Makes a note. It takes `a` (list of strings, optional).", true)]
    #[case("The body has `a` (string), `b` (integer), and `c` (boolean)", true)]
    #[case("The answer has `a` (string).", false)]
    #[case("Send `a` (string) in the header.", false)]
    #[case("Send `a` (string) or `b` (string).", false)]
    #[case("Send `a` (see below).", false)]
    #[case("Send `a` and `b` (string).", false)]
    #[case("Send `a` (string):\n\n- `a`: string - The text.", true)]
    #[case("Send `a` (string):\n\nThe text.", false)]
    fn a_sentence_of_what_is_sent_is_a_table(#[case] text: &str, #[case] expected: bool) {
        let page = format!("# T\n\n`POST /notes`\n\n{text}\n");
        let page = super::super::super::read("p.md", &page).unwrap();
        let sketch = sketch(&page.blocks);
        assert_eq!(sketch.contains("table"), expected, "{sketch}");
    }
}
