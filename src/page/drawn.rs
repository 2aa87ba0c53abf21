//! Tables that text browsers draw with lines, or with bars where a grid has corners, redrawn as the
//! grid that reStructuredText knows.

/// The text with its drawn tables as grids, line by line; none where it has none.
pub(super) fn redraw(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut out: Vec<String> = Vec::new();
    let mut is_redrawn = false;
    while let Some(line) = lines.get(out.len()) {
        if !is_rule(line) {
            out.push((*line).to_owned());
            continue;
        }
        let own: Vec<&str> = lines
            .iter()
            .skip(out.len())
            .take_while(|line| is_drawn(line))
            .copied()
            .collect();
        let is_table = is_drawn_table(&own);
        is_redrawn |= is_table;
        out.extend(own.into_iter().map(|line| {
            if is_table {
                as_grid(line)
            } else {
                line.to_owned()
            }
        }));
    }
    is_redrawn.then(|| out.join("\n"))
}

/// Whether lines are a drawn table, and no grid already.
fn is_drawn_table(lines: &[&str]) -> bool {
    let has_rows = lines.iter().any(|line| !is_rule(line));
    let is_grid = lines
        .iter()
        .all(|line| line.trim_end().is_ascii() && !is_barred_rule(line));
    lines.len() >= 3 && has_rows && !is_grid && !has_fence(lines)
}

/// Markdown parts its header with bars and hyphens too, without corners.
fn has_fence(lines: &[&str]) -> bool {
    lines.iter().any(|line| {
        let text = line.trim();
        text.contains("-|-") || text.contains("|:") || text.contains(":|")
    })
}

/// Whether a line begins and ends with a border.
fn is_drawn(line: &str) -> bool {
    let text = line.trim();
    let is_border = |sign: char| matches!(sign, '|' | '+') || corner(sign) || upright(sign);
    text.chars().count() >= 3 && text.starts_with(is_border) && text.ends_with(is_border)
}

/// Whether a line is drawn from side to side.
fn is_rule(line: &str) -> bool {
    let text = line.trim();
    is_drawn(text)
        && text
            .chars()
            .all(|sign| matches!(sign, '+' | '-' | '=' | '|') || corner(sign) || level(sign))
}

/// Whether a rule has bars at its ends: `|---+---|`.
fn is_barred_rule(line: &str) -> bool {
    let text = line.trim();
    is_rule(text) && text.starts_with('|') && text.contains('+')
}

fn as_grid(line: &str) -> String {
    let text = line.trim();
    let is_rule = is_rule(text);
    text.chars()
        .map(|sign| match sign {
            '|' if is_rule => '+',
            sign if corner(sign) => '+',
            sign if upright(sign) => '|',
            sign if level(sign) => '-',
            sign => sign,
        })
        .collect()
}

/// Whether a sign joins lines.
fn corner(sign: char) -> bool {
    ('\u{250c}'..='\u{254b}').contains(&sign) || ('\u{2552}'..='\u{256c}').contains(&sign)
}

/// Whether a sign is an upright line.
fn upright(sign: char) -> bool {
    matches!(sign, '│' | '┃' | '║' | '┆' | '┇' | '┊' | '┋')
}

/// Whether a sign is a level line.
fn level(sign: char) -> bool {
    matches!(sign, '─' | '━' | '═' | '┄' | '┅' | '┈' | '┉')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const GRID: &str =
        "+------+------+\n| Name | Type |\n+------+------+\n| a    | Long |\n+------+------+";

    #[rstest]
    #[case::lines(
        "┌──────┬──────┐\n│ Name │ Type │\n├──────┼──────┤\n│ a    │ Long │\n└──────┴──────┘"
    )]
    #[case::double(
        "╔══════╦══════╗\n║ Name ║ Type ║\n╠══════╬══════╣\n║ a    ║ Long ║\n╚══════╩══════╝"
    )]
    #[case::bars(
        "|------+------|\n| Name | Type |\n|------+------|\n| a    | Long |\n|------+------|"
    )]
    #[case::bars_inside(
        "+------+------+\n| Name | Type |\n|------+------|\n| a    | Long |\n+------+------+"
    )]
    fn a_drawn_table_becomes_a_grid(#[case] drawn: &str) {
        assert_eq!(
            redraw(&format!("a\n{drawn}\nb")).unwrap(),
            format!("a\n{GRID}\nb")
        );
    }

    #[rstest]
    #[case::grid(GRID)]
    #[case::markdown("| a | b |\n|---|---|\n| c | d |")]
    #[case::tree("├── a\n│   └── b\n└── c")]
    #[case::rule_alone("──────\na\n──────")]
    fn all_else_stays(#[case] text: &str) {
        assert_eq!(redraw(text), None);
    }
}
