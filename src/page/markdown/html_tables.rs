//! HTML tables in Markdown, taken out before it is parsed.

/// Stands for an HTML table while Markdown is parsed: `MARK`, a number, `MARK`.
pub(super) const MARK: char = '\u{e000}';

/// Replaces every HTML table by a mark on a line of its own and as many line ends as it had, so
/// that lines keep their numbers.
pub(super) fn take_tables(source: &str) -> (String, Vec<(String, usize)>) {
    let lower = source.to_ascii_lowercase();
    let mut out = String::with_capacity(source.len());
    let mut tables = Vec::new();
    let mut at = 0;
    let mut fenced = false;
    let mut scanned = 0;
    let mut line = 1;
    for (start, end) in spans(&lower) {
        if start < at {
            // Inside a table that was taken whole.
            continue;
        }
        let between = lower.get(scanned..start).unwrap_or_default();
        fenced ^= between
            .lines()
            .filter(|line| super::super::fence::mark(line) == Some("```"))
            .count()
            % 2
            == 1;
        line += between.matches('\n').count();
        scanned = start;
        let Some(end) = end.filter(|_| !fenced) else {
            continue;
        };
        out.push_str(source.get(at..start).unwrap_or_default());
        let table = source.get(start..end).unwrap_or_default();
        // A mark on the line of an anchor (`<a name="x"></a><table>`) would stay inside that HTML
        // block.
        out.push_str(&format!("{MARK}{}{MARK}", tables.len()));
        out.extend(std::iter::repeat_n('\n', table.matches('\n').count()));
        tables.push((table.to_owned(), line));
        at = end;
    }
    out.push_str(source.get(at..).unwrap_or_default());
    (out, tables)
}

/// Where each table starts, in order, and where it ends if it does, nested ones counted.
fn spans(lower: &str) -> Vec<(usize, Option<usize>)> {
    const OPEN: &str = "<table";
    const CLOSE: &str = "</table>";
    let mut tags: Vec<(usize, bool)> = lower
        .match_indices(OPEN)
        .map(|(at, _)| (at, true))
        .chain(lower.match_indices(CLOSE).map(|(at, _)| (at, false)))
        .collect();
    tags.sort_unstable();
    let mut spans: Vec<(usize, Option<usize>)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, opens) in tags {
        if opens {
            open.push(spans.len());
            spans.push((at, None));
        } else if let Some((_, end)) = open.pop().and_then(|index| spans.get_mut(index)) {
            *end = Some(at + CLOSE.len());
        }
    }
    spans
}
