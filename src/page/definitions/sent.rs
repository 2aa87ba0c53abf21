//! Fields of a request that a sentence defines: ``Send `text` (string, required) and `tags` (array
//! of strings).`` They become the bullets that they stand for, as those of a line do that lists them
//! behind a label: ``Query parameters: `state`, `limit` (default 25).``

use super::super::block::{Block, BlockKind, Text};
use super::head::{bracketed, head};
use super::{BETWEEN_FIELDS, LINE, SENDS};

pattern! {
    /// The end of the sentence.
    static END = r"^\s*(?:\.(?:\s|$)|。|$)";
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

/// The label of a line that lists fields of a request, and the bullets that stand for these: none
/// where anything else stands in the line.
pub(super) fn line(block: &Block) -> Option<(Block, Vec<Vec<Block>>)> {
    let BlockKind::Paragraph(text) = &block.kind else {
        return None;
    };
    let start = text.codes.first()?.start;
    let label = text.plain.get(..start)?;
    if !LINE.is_match(label) {
        return None;
    }
    let mut found = Vec::new();
    let mut at = start;
    loop {
        let code = text.codes.iter().find(|code| code.start == at)?;
        let behind = text.plain.get(code.end..)?;
        let blank = behind.len() - behind.trim_start().len();
        let end = match bracketed(behind.trim_start()) {
            Some((inner, _)) => code.end + blank + inner.len() + 2,
            None => code.end,
        };
        let own = Text {
            marked: code.len(),
            ..text.part(text.plain.get(at..end)?)
        };
        let item = vec![Block::new(block.line, BlockKind::Paragraph(own))];
        head(&item)?;
        found.push(item);
        let after = text.plain.get(end..)?;
        if END.is_match(after) && after.trim().chars().count() <= 1 {
            let label = Text::of(label.trim());
            return Some((Block::new(block.line, BlockKind::Paragraph(label)), found));
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
    #[case("Query parameters: `a`, `b` (default 25, maximum 50), `c`.", true)]
    #[case("Parameters: `a` and `b`", true)]
    #[case("Optional query parameters: `a`.", true)]
    #[case("Query parameters: `a` sorts, `b` filters.", false)]
    #[case("Parameters: `a`, or a text.", false)]
    #[case("Fields: `a`, `b`", false)]
    #[case("Errors: `a`, `b`", false)]
    fn a_sentence_of_what_is_sent_is_a_table(#[case] text: &str, #[case] expected: bool) {
        let page = format!("# T\n\n`POST /notes`\n\n{text}\n");
        let page = super::super::super::read("p.md", &page).unwrap();
        let sketch = sketch(&page.blocks);
        assert_eq!(sketch.contains("table"), expected, "{sketch}");
    }
}
