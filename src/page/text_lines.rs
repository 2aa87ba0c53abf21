//! The lines that the texts of an HTML page stand on. The parser keeps no positions; but it gives texts
//! in the order of the source, where they are found again between the tags.

/// How many texts of the source are looked through for one of the page.
const WINDOW: usize = 400;

/// The longest beginning of a text that is compared.
const LONGEST: usize = 32;

/// The beginning of a text between tags, and its line.
struct Piece {
    line: usize,
    start: String,
}

/// The texts of a source, up to the one that was last met.
pub(super) struct TextLines {
    pieces: Vec<Piece>,
    next: usize,
}

impl TextLines {
    /// Those of a source.
    pub(super) fn of(source: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = source;
        let mut line = 1;
        while !rest.is_empty() {
            let end = if rest.starts_with('<') {
                end_of_markup(rest)
            } else {
                rest.find('<').unwrap_or(rest.len())
            };
            // A sign `<` that opens no markup is text.
            let end = end.max(1);
            let Some((piece, behind)) = rest.split_at_checked(end) else {
                break;
            };
            let text = piece.trim_start();
            if !piece.starts_with('<') && !text.is_empty() {
                let blank = piece.get(..piece.len() - text.len()).unwrap_or_default();
                pieces.push(Piece {
                    line: line + blank.matches('\n').count(),
                    start: beginning(text),
                });
            }
            line += piece.matches('\n').count();
            rest = behind;
        }
        Self { pieces, next: 0 }
    }

    /// The line of a text of the page, which is the next that is met.
    pub(super) fn meet(&mut self, text: &str) -> Option<usize> {
        let at = self.find(text)?;
        self.next = at + 1;
        self.pieces.get(at).map(|piece| piece.line)
    }

    /// The line of a text that will be met.
    pub(super) fn line(&self, text: &str) -> Option<usize> {
        let at = self.find(text)?;
        self.pieces.get(at).map(|piece| piece.line)
    }

    fn find(&self, text: &str) -> Option<usize> {
        let own = text.trim_start();
        if own.is_empty() {
            return None;
        }
        let own = beginning(own);
        let pieces = self.pieces.iter().enumerate().skip(self.next).take(WINDOW);
        // What is written as a reference (`&lt;`) is compared up to it.
        let is_own = |piece: &Piece| match piece.start.split_once('&') {
            Some(("", _)) => own.starts_with(['<', '>', '&', '"', '\'', '\u{a0}']),
            Some((head, _)) => own.starts_with(head),
            None => own == piece.start,
        };
        let mut found = pieces.filter(|(_, piece)| is_own(piece));
        found.next().map(|(at, _)| at)
    }
}

/// The beginning of a text, in words that no line breaks.
fn beginning(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim_end();
    line.chars().take(LONGEST).collect()
}

/// Where a tag, a comment or an element whose content is no text ends.
fn end_of_markup(rest: &str) -> usize {
    let behind = |mark: &str| rest.find(mark).map_or(rest.len(), |at| at + mark.len());
    if rest.starts_with("<!--") {
        return behind("-->");
    }
    let opens = rest.get(1..).is_some_and(|inner| {
        inner
            .starts_with(|sign: char| sign.is_ascii_alphabetic() || matches!(sign, '/' | '!' | '?'))
    });
    if !opens {
        return 1;
    }
    for (name, end) in [("<script", "</script"), ("<style", "</style")] {
        let is_own = rest
            .get(..name.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(name));
        if is_own {
            return behind(end);
        }
    }
    behind(">")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_met_in_the_order_of_the_source() {
        let source = "<h1>A</h1>\n<script>x < 1;\n</script>\n<!-- A\n -->\n<p>Less\n&lt; more</p>\n\n<p>\n  A</p><p>&lt;id&gt;</p>";
        let mut lines = TextLines::of(source);
        assert_eq!(lines.meet("A"), Some(1));
        assert_eq!(lines.line("\n  A"), Some(10));
        assert_eq!(lines.meet("Less\n< more"), Some(6));
        assert_eq!(lines.meet("no such text"), None);
        assert_eq!(lines.meet("\n  A"), Some(10));
        assert_eq!(lines.meet("<id>"), Some(10));
    }
}
