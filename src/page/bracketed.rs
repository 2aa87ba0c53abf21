//! Tables whose brackets are the writer's: types each in brackets (`[string]`, `[array]`), and names
//! with the brackets of the list or object that the rows are in (`[{ id` to `state}]`).

use super::block::{Cell, Row, Table};
use super::generated::{WHOLE, place, text};
use super::words::{Column, TypeName, parse_type};

/// Takes the brackets off.
pub(super) fn unwrap(table: &mut Table) {
    types(table);
    names(table);
}

/// Takes brackets off the types where each stands in them, lists and objects too: `[array]` is no
/// list of lists. Such tables write what holds a field before its name: `crew>>age`.
fn types(table: &mut Table) {
    let (Some(names), Some(types)) = (place(table, Column::Name), place(table, Column::Type))
    else {
        return;
    };
    let inner = |row: &Row| -> Option<String> {
        let kind = text(row, types);
        let inner = kind.strip_prefix('[')?.strip_suffix(']')?;
        Some(inner.to_owned())
    };
    let Some(kinds) = table.rows.iter().map(inner).collect::<Option<Vec<_>>>() else {
        return;
    };
    let holds = |kind: &String| {
        let kind = parse_type(kind);
        matches!(kind, Some(TypeName::Array(_) | TypeName::Object(_)))
    };
    let is_nested = table.rows.iter().any(|row| text(row, names).contains(">>"));
    if !is_nested && !kinds.iter().any(holds) {
        return;
    }
    for (row, kind) in table.rows.iter_mut().zip(kinds) {
        let name = text(row, names).replace(">>", ".");
        set(row, types, &kind);
        set(row, names, &name);
    }
}

/// Takes brackets off the first and the last name of a table where they are those of the whole: of
/// an object, or of a list of objects.
fn names(table: &mut Table) {
    let Some(names) = place(table, Column::Name) else {
        return;
    };
    let (Some(first), Some(last)) = (table.rows.first(), table.rows.last()) else {
        return;
    };
    let (first, last) = (text(first, names), text(last, names));
    let is_sign = |c: char| matches!(c, '[' | ']' | '{' | '}' | ' ');
    let head = first.trim_start_matches(is_sign);
    let tail = last.trim_end_matches(is_sign);
    let signs = |text: &str| -> String { text.chars().filter(|c| *c != ' ').collect() };
    let opened = signs(first.get(..first.len() - head.len()).unwrap_or_default());
    let closed = signs(last.get(tail.len()..).unwrap_or_default());
    let is_list = match (opened.as_str(), closed.as_str()) {
        ("[{", "}]") => true,
        ("{", "}") => false,
        _ => return,
    };
    let count = table.rows.len();
    // A path writes its parameter so.
    if count < 2 || head.contains(is_sign) || tail.contains(is_sign) {
        return;
    }
    for (at, row) in table.rows.iter_mut().enumerate() {
        let name = text(row, names);
        let name = name.trim_matches(is_sign);
        if is_list {
            set(row, names, &format!("» {name}"));
        } else if at == 0 || at + 1 == count {
            set(row, names, name);
        }
    }
    if is_list {
        whole(table, names);
    }
}

/// Adds the row of the list that all others are in.
fn whole(table: &mut Table, names: usize) {
    let Some(first) = table.rows.first() else {
        return;
    };
    let line = first.line;
    let mut row = Row {
        cells: first.cells.iter().map(|_| Cell::of(line, "")).collect(),
        ..first.clone()
    };
    set(&mut row, names, WHOLE);
    if let Some(types) = place(table, Column::Type) {
        set(&mut row, types, "array");
    }
    if let Some(mandatory) = place(table, Column::Mandatory) {
        set(&mut row, mandatory, "-");
    }
    table.rows.insert(0, row);
}

/// Writes a cell anew.
fn set(row: &mut Row, at: usize, text: &str) {
    let line = row.line;
    if let Some(cell) = row.cells.get_mut(at) {
        *cell = Cell::of(line, text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::described::sketch;

    #[test]
    fn brackets_of_the_writer_are_taken_off() {
        let text = "\
# T

|参数名|说明|类型|
|---|---|---|
|name |船名 |[string] |
|crew |船员 |[array] |
|crew>>age |年龄 |[int] |

| Name | Type | Description |
|---|---|---|
| [{ id | string | A |
| symbol | string | B |
| state}] | string | C |

| Name | Type | Description |
|---|---|---|
| { id | string | A |
| state } | string | B |

| Name | Type | Description |
|---|---|---|
| tags | [string] | A |
| {id} | string | B |
";
        insta::assert_snapshot!(sketch(&super::super::read("p.md", text).unwrap().blocks));
    }
}
