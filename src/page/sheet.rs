//! An operation's properties in a table of two columns: its header is the path with the method, its
//! rows are labels and what they label. They are read as if they stood below each other.
//!
//! ```text
//! | /users/:user (PUT) |                                  |
//! | description        | Creates or changes a user.       |
//! | example url        | https://h.example/api/users/ann  |
//! | response codes     | Success: 201 (Created)           |
//! ```

use super::block::{Block, BlockKind, Cell, Row, Table, Text};

pattern! {
    static HEAD = r"^(?:(?P<path>/\S*)\s*\((?P<method>GET|HEAD|POST|PUT|PATCH|DELETE)\)|(?P<before>GET|HEAD|POST|PUT|PATCH|DELETE)\s+(?P<behind>/\S*))$";

    /// The path of an address.
    static ADDRESS = r"https?://[^/\s]+(?P<path>/[^\s?#`]*)";
}

phrases! {
    Sheets:

    /// The label of a row that shows an address as one that is called.
    static ADDRESSED;

    /// The label of a row that says in words what the operation does.
    static DESCRIBED;
}

/// Puts what such tables hold in their places.
pub(super) fn unfold(blocks: &mut Vec<Block>) {
    let is_sheet =
        |block: &Block| matches!(&block.kind, BlockKind::Table(own) if head(own).is_some());
    if !blocks.iter().any(is_sheet) {
        return;
    }
    let whole = std::mem::take(blocks);
    for block in whole {
        match block.kind {
            BlockKind::Table(table) => match head(&table) {
                Some((method, path)) => blocks.extend(unfolded(block.line, &method, &path, table)),
                None => blocks.push(Block::new(block.line, BlockKind::Table(table))),
            },
            _ => blocks.push(block),
        }
    }
}

/// The method and the path that are the header of a table of properties.
fn head(table: &Table) -> Option<(String, String)> {
    let [head, beside] = table.header.as_slice() else {
        return None;
    };
    if !beside.trim().is_empty() {
        return None;
    }
    let found = HEAD.captures(head.trim().trim_matches('`'))?;
    let part = |one: &str, other: &str| {
        let own = found.name(one).or_else(|| found.name(other))?;
        Some(own.as_str().to_owned())
    };
    Some((part("method", "before")?, part("path", "behind")?))
}

fn unfolded(line: usize, method: &str, path: &str, table: Table) -> Vec<Block> {
    let label_of = |row: &Row| row.cells.first().map(Cell::plain).unwrap_or_default();
    let said = |row: &Row| row.cells.get(1).map(Cell::plain).unwrap_or_default();
    let mut addresses = table
        .rows
        .iter()
        .filter(|row| ADDRESSED.is_match(&label_of(row)));
    let base = addresses.find_map(|row| {
        let said = said(row);
        let address = ADDRESS.captures(&said)?;
        base(address.name("path")?.as_str(), path).map(str::to_owned)
    });
    let mut found = vec![Block::new(
        line,
        BlockKind::Target {
            method: method.to_owned(),
            path: format!("{}{path}", base.unwrap_or_default()),
        },
    )];
    for row in table.rows {
        let label = label_of(&row);
        if ADDRESSED.is_match(&label) {
            continue;
        }
        if !DESCRIBED.is_match(&label) {
            let label = Text::of(format!("{}:", label.trim()));
            found.push(Block::new(row.line, BlockKind::Paragraph(label)));
        }
        let beside = row.cells.into_iter().skip(1);
        found.extend(beside.flat_map(|cell| cell.blocks));
    }
    found
}

/// What stands before a path in an address of it.
fn base<'a>(address: &'a str, path: &str) -> Option<&'a str> {
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').skip(1).collect();
    let mut rest = address.trim_end_matches('/');
    for part in parts.iter().rev() {
        let (before, own) = rest.rsplit_once('/')?;
        if !part.starts_with([':', '{', '<']) && own != *part {
            return None;
        }
        rest = before;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::super::block::plain;
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/api/core/users/ann", "/users/:user", Some("/api/core"))]
    #[case("/users", "/users", Some(""))]
    #[case("/api/people", "/users", None)]
    #[case("/users", "/api/users", None)]
    fn an_address_tells_what_stands_before_the_path(
        #[case] address: &str,
        #[case] path: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(base(address, path), expected);
    }

    #[test]
    fn a_table_of_properties_is_unfolded() {
        let page = super::super::read(
            "a.md",
            "# Users\n\n## Change\n\n/users/:user (PUT) |\n---|---\ndescription | Changes a user.\nexample URL | http://h.example/api/users/ann\nresponse codes | <ul><li>**Success**: 201 (Created)</li></ul>\n\n| a | b |\n|---|---|\n| c | d |\n",
        )
        .unwrap();
        let target = |block: &Block| match &block.kind {
            BlockKind::Target { method, path } => Some(format!("{method} {path}")),
            _ => None,
        };
        let targets: Vec<String> = page.blocks.iter().filter_map(target).collect();
        assert_eq!(targets, ["PUT /api/users/:user"]);
        let text = plain(&page.blocks);
        assert!(text.contains("Changes a user."), "{text}");
        assert!(text.contains("response codes:"), "{text}");
        let tables = page.blocks.iter();
        let tables = tables.filter(|block| matches!(block.kind, BlockKind::Table(_)));
        assert_eq!(tables.count(), 1);
    }
}
