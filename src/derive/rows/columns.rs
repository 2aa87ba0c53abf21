//! What the columns of a table of parameters or fields hold, told by their headers and cells.

use std::collections::BTreeSet;

use super::name::{clean_name, is_no_status};
use crate::derive::description::is_silence;
use crate::derive::mandatory;
use crate::derive::tables::status_of_row;
use crate::page::words::{self, Column, TypeName};
use crate::page::{Block, BlockKind, Cell, Table};

phrases! {
    ValueColumns:

    /// The header of a column of values.
    static VALUES;
}

/// What the columns of a table hold.
pub(in crate::derive) fn columns(table: &Table) -> Vec<Option<Column>> {
    let mut columns: Vec<Option<Column>> = table
        .header
        .iter()
        .map(|cell| words::header(cell))
        .collect();
    if table.header.iter().all(|header| header.trim().is_empty()) {
        return by_cells(table);
    }
    let cells = |at: usize| {
        let cells = table.rows.iter().filter_map(move |row| row.cells.get(at));
        cells.map(Cell::plain).filter(|text| !is_silence(text))
    };
    let place = |columns: &[Option<Column>], wanted: Column| {
        columns.iter().position(|column| *column == Some(wanted))
    };
    // `Type` beside `Data type` may say which fields must be sent.
    if let Some(at) = place(&columns, Column::Type)
        && columns
            .iter()
            .filter(|own| **own == Some(Column::Type))
            .count()
            > 1
        && place(&columns, Column::Mandatory).is_none()
        && cells(at).next().is_some()
        && cells(at).all(|cell| words::mandatory(&cell).is_some())
        && let Some(column) = columns.get_mut(at)
    {
        *column = Some(Column::Mandatory);
    }
    // `Parameter type` may be where the parameter is sent.
    if let Some(at) = place(&columns, Column::Type)
        && place(&columns, Column::Location).is_none()
        && cells(at).next().is_some()
        && cells(at).all(|cell| words::parse_type(&cell).is_none() && is_place(&cell))
        && let Some(column) = columns.get_mut(at)
    {
        *column = Some(Column::Location);
    }
    // Numbers of which some are no statuses are the codes of a service's own.
    let says_http = |at: usize| {
        let header = table.header.get(at).map(|header| header.to_lowercase());
        header.is_some_and(|header| header.contains("http"))
    };
    if let Some(at) = place(&columns, Column::Status)
        && !says_http(at)
        && cells(at).any(|cell| is_no_status(&cell))
        && let Some(column) = columns.get_mut(at)
    {
        *column = Some(Column::ErrorCode);
    }
    // `Schema` is the type where no other column is.
    if place(&columns, Column::Type).is_none()
        && place(&columns, Column::Name).is_some()
        && let Some(at) = table
            .header
            .iter()
            .position(|header| header.trim().eq_ignore_ascii_case("schema"))
        && let Some(column) = columns.get_mut(at).filter(|column| column.is_none())
    {
        *column = Some(Column::Type);
    }
    // Where no cell is a place the column tells of something else.
    if let Some(at) = place(&columns, Column::Location)
        && cells(at).all(|cell| words::place(&cell).is_none())
        && let Some(column) = columns.get_mut(at)
    {
        *column = None;
    }
    // So may be a kind.
    let kind = table.header.iter().position(|header| {
        let header = header.trim().to_lowercase();
        matches!(header.as_str(), "kind" | "param kind" | "parameter kind")
    });
    if let Some(at) = kind
        && place(&columns, Column::Location).is_none()
        && cells(at).next().is_some()
        && cells(at).all(|cell| is_place(&cell))
        && let Some(column) = columns.get_mut(at)
    {
        *column = Some(Column::Location);
    }
    // So is a column of another header whose cells are the words for places, and nothing else.
    if place(&columns, Column::Location).is_none() && place(&columns, Column::Name).is_some() {
        let found = (0..columns.len()).find(|at| {
            columns.get(*at).is_some_and(Option::is_none)
                && cells(*at).next().is_some()
                && cells(*at).all(|cell| is_word_for_place(&cell))
        });
        if let Some(column) = found.and_then(|at| columns.get_mut(at)) {
            *column = Some(Column::Location);
        }
    }
    // A column without a known header, or one that says where fields are sent, holds types where
    // each of its cells is one.
    if place(&columns, Column::Type).is_none() && place(&columns, Column::Name).is_some() {
        let may_be = |column: &Option<Column>| matches!(column, None | Some(Column::Location));
        let found = (0..columns.len()).find(|at| {
            columns.get(*at).is_some_and(may_be)
                && cells(*at).any(|cell| is_sure_type(&cell))
                && cells(*at).all(|cell| words::parse_type(&cell).is_some())
        });
        if let Some(column) = found.and_then(|at| columns.get_mut(at)) {
            *column = Some(Column::Type);
        }
    }
    // Names before types are those of fields, whatever they are called.
    let has = |wanted: Column| columns.contains(&Some(wanted));
    if !has(Column::Name)
        && !has(Column::Status)
        && !has(Column::ErrorCode)
        && let Some(types) = place(&columns, Column::Type)
        && columns.first().is_some_and(Option::is_none)
        && cells(0).next().is_some()
        && cells(0).all(|cell| clean_name(mandatory::of_name(&cell).0).is_some())
        && cells(types).any(|cell| is_sure_type(&cell))
        && let Some(column) = columns.first_mut()
    {
        *column = Some(Column::Name);
    }
    // Codes of which none is a status are those of errors.
    if let Some(at) = place(&columns, Column::Status)
        && place(&columns, Column::Name).is_none()
        && place(&columns, Column::ErrorCode).is_none()
        && cells(at).next().is_some()
        && !table
            .rows
            .iter()
            .any(|row| status_of_row(row, at).is_some())
        && let Some(column) = columns.get_mut(at)
    {
        *column = Some(Column::ErrorCode);
    }
    // One column has the names: what another of such a header holds is not known. Titles in words may
    // stand before them.
    let is_named = |at: usize| cells(at).all(|cell| is_identifier(&cell));
    let names = |at: &usize| columns.get(*at) == Some(&Some(Column::Name));
    let first = (0..columns.len())
        .filter(names)
        .find(|at| cells(*at).next().is_some() && is_named(*at))
        .or_else(|| place(&columns, Column::Name));
    for (at, column) in columns.iter_mut().enumerate() {
        if *column == Some(Column::Name) && first.is_some_and(|first| at != first) {
            *column = None;
        }
    }
    // A value's column may hold its type, or what it may be.
    let value = table
        .header
        .iter()
        .position(|header| VALUES.is_match(header));
    if let Some(at) = value
        && columns.contains(&Some(Column::Name))
        && columns.get(at).is_some_and(Option::is_none)
    {
        let types = cells(at)
            .filter(|cell| words::parse_type(cell).is_some())
            .count();
        let is_described = columns_hold_descriptions(table);
        let wanted = if 2 * types > table.rows.len() || is_described && names_types(table, at) {
            Column::Type
        } else if is_filled_in(table, &columns, at) {
            Column::Example
        } else {
            Column::Range
        };
        if let Some(column) = columns.get_mut(at) {
            *column = Some(wanted);
        }
    }
    columns
}

/// What the columns of a table hold whose header is empty: its cells tell, where the first of each
/// row is a name in code marks, and others are types.
fn by_cells(table: &Table) -> Vec<Option<Column>> {
    let mut columns = vec![None; table.header.len()];
    let cells = |at: usize| table.rows.iter().filter_map(move |row| row.cells.get(at));
    let is_name = |cell: &Cell| match cell.blocks.as_slice() {
        [
            Block {
                kind: BlockKind::Paragraph(text),
                ..
            },
        ] => text.marked > 0 && clean_name(mandatory::of_name(&text.plain).0).is_some(),
        _ => false,
    };
    let is_type = |cell: &Cell| words::parse_type(&cell.plain()).is_some();
    let types = (1..columns.len()).find(|at| cells(*at).all(is_type));
    if table.rows.is_empty() || !cells(0).all(is_name) || types.is_none() {
        return columns;
    }
    let description = (1..columns.len()).rfind(|at| Some(*at) != types);
    for (at, column) in columns.iter_mut().enumerate() {
        *column = match at {
            0 => Some(Column::Name),
            _ if Some(at) == types => Some(Column::Type),
            _ if Some(at) == description => Some(Column::Description),
            _ => None,
        };
    }
    columns
}

/// Whether a column of a table describes its fields.
fn columns_hold_descriptions(table: &Table) -> bool {
    let mut headers = table.header.iter().map(|header| words::header(header));
    headers.any(|column| column == Some(Column::Description))
}

/// Whether each cell of a column is one word that is neither quoted nor marked as code, or a link:
/// the name of a type, as nobody writes the values of a field.
fn names_types(table: &Table, at: usize) -> bool {
    let mut cells = table.rows.iter().filter_map(|row| row.cells.get(at));
    cells.all(|cell| match cell.blocks.as_slice() {
        [] => true,
        [block] => match &block.kind {
            BlockKind::Paragraph(text) => {
                let plain = text.plain.trim();
                let is_link = matches!(text.links.as_slice(), [link] if link.text.trim() == plain);
                let is_word = plain.chars().all(char::is_alphabetic) && !is_constant(plain);
                words::parse_type(plain).is_some() || is_link || text.codes.is_empty() && is_word
            }
            _ => false,
        },
        _ => false,
    })
}

/// Whether a word is a value that no type is called by.
fn is_constant(word: &str) -> bool {
    let word = word.to_lowercase();
    matches!(
        word.as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "none"
    )
}

/// Whether a table only fills in parameters: one word for each name, which is a value among others.
fn is_filled_in(table: &Table, columns: &[Option<Column>], value: usize) -> bool {
    let cells = |at: usize| table.rows.iter().filter_map(move |row| row.cells.get(at));
    let name = columns
        .iter()
        .position(|column| *column == Some(Column::Name));
    let names: BTreeSet<String> = name.into_iter().flat_map(cells).map(Cell::plain).collect();
    names.len() == table.rows.len() && cells(value).all(|cell| is_one_value(cell.plain().trim()))
}

/// Whether a text is one value: a word, a media type, or a credential with its scheme before it.
fn is_one_value(text: &str) -> bool {
    let schemes = ["Bearer ", "Basic ", "Token ", "Digest "];
    let mut schemes = schemes.iter();
    let text = schemes
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    let kinds = [
        "application/",
        "text/",
        "multipart/",
        "image/",
        "audio/",
        "video/",
    ];
    let is_media = kinds.iter().any(|kind| text.starts_with(kind));
    let parts = |c: char| {
        c.is_whitespace() || matches!(c, ',' | '|' | '，' | '、' | '或') || c == '/' && !is_media
    };
    !text.contains(parts)
}

/// Whether a cell is a type, and nothing else that is written in one word: `file`, `date` and `text`
/// are kinds of other things too.
fn is_sure_type(cell: &str) -> bool {
    let kind = words::parse_type(cell);
    let is_text = || matches!(cell.trim().to_lowercase().as_str(), "string" | "str");
    match kind {
        Some(TypeName::String) => is_text(),
        Some(TypeName::File | TypeName::Any) | None => false,
        Some(_) => true,
    }
}

/// Whether a cell is a name as programs have them, perhaps with marks of nesting.
fn is_identifier(cell: &str) -> bool {
    let name = clean_name(mandatory::of_name(cell).0);
    name.is_some_and(|name| name.is_ascii() && !name.contains(char::is_whitespace))
}

/// Whether a cell is nothing but a place that a field is sent in.
fn is_place(cell: &str) -> bool {
    cell.chars().count() <= 20 && words::place(cell).is_some()
}

/// Whether a cell is the word for a place as generators write it.
fn is_word_for_place(cell: &str) -> bool {
    let words = [
        "path", "query", "header", "cookie", "body", "form", "formdata",
    ];
    words.contains(&cell.trim().trim_matches('`').to_lowercase().as_str())
}
