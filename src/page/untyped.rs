//! Tables of fields without a column of types, whose descriptions begin with them: `*integer,
//! optional* – How many.` What is said there becomes columns.

use super::block::{Block, BlockKind, Cell, Table};
use super::definitions::of_description;
use super::words::{self, Column};

/// Gives such tables the columns.
pub(super) fn read(blocks: &mut [Block]) {
    for block in blocks {
        if let BlockKind::Table(table) = &mut block.kind {
            add_columns(table);
        }
    }
}

fn add_columns(table: &mut Table) {
    let columns: Vec<Option<Column>> = table
        .header
        .iter()
        .map(|header| words::header(header))
        .collect();
    let place = |wanted: Column| columns.iter().position(|own| *own == Some(wanted));
    let Some(described) = place(Column::Description) else {
        return;
    };
    let is_typed = place(Column::Type).is_some() || place(Column::Status).is_some();
    if place(Column::Name).is_none() || is_typed || table.subject.is_some() {
        return;
    }
    let said: Vec<_> = table
        .rows
        .iter()
        .map(|row| of_description(&row.cells.get(described)?.blocks))
        .collect();
    let typed = said.iter().flatten().count();
    // One description of several may begin with a word for a type by chance.
    if typed < 2 && typed < said.len() || typed == 0 {
        return;
    }
    let says_required = said.iter().flatten().any(|own| own.is_required.is_some());
    let adds_required = says_required && place(Column::Mandatory).is_none();
    let width = table.header.len();
    table.header.push("Type".to_owned());
    if adds_required {
        table.header.push("Mandatory".to_owned());
    }
    for (row, said) in table.rows.iter_mut().zip(said) {
        row.cells.resize_with(width, Cell::default);
        let line = row.line;
        let required = said.as_ref().and_then(|own| own.is_required);
        let kind = said.as_ref().map_or("", |own| own.kind.as_str());
        row.cells.push(Cell::of(line, kind));
        if adds_required {
            let word = match required {
                Some(true) => "Yes",
                Some(false) => "No",
                None => "",
            };
            row.cells.push(Cell::of(line, word));
        }
        if let Some(own) = said
            && (adds_required || own.is_required.is_none())
            && let Some(cell) = row.cells.get_mut(described)
        {
            cell.blocks = own.rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::described::sketch;

    #[test]
    fn types_before_descriptions_are_a_column() {
        let text = "\
# T

| Name | Description |
|---|---|
| b | *integer, optional* — B, default `5` |
| c | `string` C. Either `x` or `y`. |
| d | (boolean) D |
| e | String to look for. |

| Name | Description |
|---|---|
| a | Date of it. |
| b | Text. |
| c | The number. |
";
        insta::assert_snapshot!(sketch(&super::super::read("p.md", text).unwrap().blocks));
    }
}
