//! Targets that the rows of a table state.

use std::collections::BTreeSet;

use serde_json::Value;

use super::half::bare_method;
use super::{BETWEEN_METHODS, LONGEST, PATH, Stated, WHOLE_PATH, like, of_line};

use crate::derive::description::is_silence;
use crate::derive::examples::parse;
use crate::page::{BlockKind, Cell, Row, Table, words};
use crate::vocabulary::Phrase;

phrases! {
    TargetColumns:

    /// The header words of a table whose rows are targets.
    static METHOD_COLUMN;

    /// The same of paths.
    static PATH_COLUMN;

    /// The same of both.
    static BOTH_COLUMN;

    /// The same of bodies.
    static BODY_COLUMN;

    /// The same of statuses.
    static STATUS_COLUMN;

    /// A cell by which there is no body.
    static NO_BODY;

    /// Words of a row before what it sends.
    static SENDS;

    /// A word between the paths of one cell.
    static JOINS;
}

pattern! {
    static PATHS = PATH.as_str();

    /// What stands between the statuses of a cell.
    static BETWEEN_STATUSES = r"\s*(?:[,;/|、，；]|\bor\b|\band\b)\s*";
}

/// The targets that the rows of a table are, with the line of each, and whether it has a body
/// where a column tells. A path without a slash before it stands below the base.
pub(in crate::derive) fn of_table(table: &Table, base: &str) -> Vec<(usize, Stated, Option<bool>)> {
    let place = |pattern: &Phrase| {
        table
            .header
            .iter()
            .position(|header| pattern.is_match(header.trim()))
    };
    let named = place(&METHOD_COLUMN).zip(place(&PATH_COLUMN));
    let Some((method, path)) = named.or_else(|| columns_by_cells(table)) else {
        let marked = by_marks(table, base);
        if !marked.is_empty() {
            return marked;
        }
        let whole = of_column(table);
        return if whole.is_empty() {
            of_pairs(table)
        } else {
            whole
        };
    };
    let body = place(&BODY_COLUMN);
    let mut found = Vec::new();
    for row in &table.rows {
        let text = |place: usize| {
            row.cells
                .get(place)
                .map(|cell| cell.plain().trim().trim_matches(['`', '*']).to_owned())
                .unwrap_or_default()
        };
        let shown = text(path);
        let has_body = body.map(|place| !NO_BODY.is_match(&text(place)));
        let shown = paths(&shown, base);
        let methods = text(method).to_uppercase();
        let methods: Vec<&str> = BETWEEN_METHODS
            .split(&methods)
            .filter(|own| !own.is_empty())
            .collect();
        for shown in shown {
            for method in &methods {
                let stated = of_line(&format!("{method} {shown}"));
                found.extend(stated.into_iter().map(|own| (row.line, own, has_body)));
            }
        }
    }
    found
}

/// The targets of a table that has a column for each method, and in it a mark in the row of each path
/// that takes the method.
fn by_marks(table: &Table, base: &str) -> Vec<(usize, Stated, Option<bool>)> {
    let headers = || table.header.iter().map(|header| header.trim()).enumerate();
    let methods: Vec<(usize, String)> = headers()
        .filter_map(|(at, header)| Some((at, bare_method(&header.to_uppercase())?)))
        .collect();
    let mut places = headers().filter(|(_, header)| PATH_COLUMN.is_match(header));
    let (Some((path, _)), None, true) = (places.next(), places.next(), methods.len() > 1) else {
        return Vec::new();
    };
    let text = |row: &Row, at: usize| {
        let cell = row.cells.get(at).map(Cell::plain).unwrap_or_default();
        cell.trim().to_owned()
    };
    let marks: BTreeSet<String> = table
        .rows
        .iter()
        .flat_map(|row| methods.iter().map(|(at, _)| text(row, *at)))
        .filter(|mark| !is_silence(mark))
        .collect();
    // One sign is what marks; of several it must be known which does.
    let says = |mark: &str| match marks.len() {
        1 => Some(true),
        _ => words::mandatory(mark),
    };
    if marks.iter().any(|mark| says(mark).is_none()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for row in &table.rows {
        for shown in paths(&text(row, path), base) {
            for (at, method) in &methods {
                let mark = text(row, *at);
                if marks.contains(&mark) && says(&mark) == Some(true) {
                    let stated = of_line(&format!("{method} {shown}"));
                    found.extend(stated.into_iter().map(|own| (row.line, own, None)));
                }
            }
        }
    }
    found
}

/// The columns of methods and of paths, told by their cells: all in the one are methods, and all in
/// one other are paths.
fn columns_by_cells(table: &Table) -> Option<(usize, usize)> {
    let is_all = |at: usize, fits: &dyn Fn(&str) -> bool| {
        let mut cells = table.rows.iter().map(|row| row.cells.get(at));
        !table.rows.is_empty() && cells.all(|cell| cell.is_some_and(|cell| fits(&cell.plain())))
    };
    let is_method = |cell: &str| bare_method(cell.trim().trim_matches(['`', '*'])).is_some();
    let is_path = |cell: &str| WHOLE_PATH.is_match(cell.trim().trim_matches(['`', '*']));
    let only = |fits: &dyn Fn(&str) -> bool| {
        let mut found = (0..table.header.len()).filter(|at| is_all(*at, fits));
        found.next().filter(|_| found.next().is_none())
    };
    only(&is_method).zip(only(&is_path))
}

/// The paths that a cell names, and nothing else.
pub(super) fn paths(cell: &str, base: &str) -> Vec<String> {
    if cell.len() > LONGEST || !cell.contains('/') {
        return Vec::new();
    }
    // A host that is to be filled in stands before some: `{{BASE_URL}}/jobs`.
    let is_whole = WHOLE_PATH.is_match(cell.trim());
    let is_relative = !is_whole && !cell.starts_with('/') && !cell.contains("://");
    if is_relative {
        let is_one = !cell.contains(char::is_whitespace);
        return is_one
            .then(|| format!("{base}/{cell}"))
            .into_iter()
            .collect();
    }
    let between = PATHS.replace_all(cell, " ");
    let is_whole = between
        .split(|sign: char| !sign.is_alphanumeric())
        .all(|own| own.is_empty() || JOINS.is_match(own));
    if !is_whole {
        return Vec::new();
    }
    let found = PATHS.find_iter(cell);
    found
        .map(|own| own.as_str().trim_matches('*').to_owned())
        .collect()
}

/// The rows of a table of methods and paths that look like targets, and are none that can be read.
pub(in crate::derive) fn unread_rows(table: &Table) -> Vec<(usize, Stated)> {
    let place = |pattern: &Phrase| {
        let mut headers = table.header.iter();
        headers.position(|header| pattern.is_match(header.trim()))
    };
    let (Some(method), Some(path)) = (place(&METHOD_COLUMN), place(&PATH_COLUMN)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for row in &table.rows {
        let text = |place: usize| row.cells.get(place).map(Cell::plain).unwrap_or_default();
        let line = format!("{} {}", text(method).trim(), text(path).trim());
        if of_line(&line).is_empty() {
            found.extend(like(&line).map(|own| (row.line, own)));
        }
    }
    found
}

/// The targets that stand whole in one column of a table: `Method and path`.
fn of_column(table: &Table) -> Vec<(usize, Stated, Option<bool>)> {
    let place = table
        .header
        .iter()
        .position(|header| BOTH_COLUMN.is_match(header.trim()));
    let Some(place) = place.or_else(|| whole_column(table)) else {
        return Vec::new();
    };
    let cells = table
        .rows
        .iter()
        .filter_map(|row| Some((row.line, row.cells.get(place)?.plain())));
    cells
        .flat_map(|(line, text)| of_line(&text).into_iter().map(move |own| (line, own, None)))
        .collect()
}

/// The one column, of those that headers call by the method or the path, whose cells are all targets.
fn whole_column(table: &Table) -> Option<usize> {
    let is_whole = |at: usize| {
        let mut cells = table.rows.iter().map(|row| row.cells.get(at));
        cells.all(|cell| cell.is_some_and(|cell| !of_line(&cell.plain()).is_empty()))
    };
    let is_called = |header: &String| {
        let header = header.trim();
        METHOD_COLUMN.is_match(header) || PATH_COLUMN.is_match(header)
    };
    let headers = table.header.iter().enumerate();
    let mut found = headers.filter(|(at, header)| is_called(header) && is_whole(*at));
    let own = found.next().filter(|_| !table.rows.is_empty())?;
    found.next().is_none().then_some(own.0)
}

/// The statuses that the row of a line has in columns for them, and nothing else beside these.
pub(in crate::derive) fn statuses_of_row(table: &Table, line: usize) -> Vec<u16> {
    let row = table.rows.iter().find(|row| row.line == line);
    let mut found = Vec::new();
    for (header, cell) in table
        .header
        .iter()
        .zip(row.into_iter().flat_map(|row| &row.cells))
    {
        if STATUS_COLUMN.is_match(header.trim()) {
            let text = cell.plain();
            let parts = BETWEEN_STATUSES.split(text.trim());
            let own: Option<Vec<u16>> = parts.map(status_of).collect();
            found.extend(own.unwrap_or_default());
        }
    }
    found
}

/// The bodies that the cells of a line's row show as what is sent, with the line of each: JSON in
/// code below words that say so.
pub(in crate::derive) fn bodies_of_row(table: &Table, line: usize) -> Vec<(Value, usize)> {
    // Of several rows on one line nobody knows which is meant.
    let mut rows = table.rows.iter().filter(|row| row.line == line);
    let row = rows.next().filter(|_| rows.next().is_none());
    let mut found = Vec::new();
    for cell in row.into_iter().flat_map(|row| &row.cells) {
        let mut said = String::new();
        for block in &cell.blocks {
            match &block.kind {
                BlockKind::Paragraph(text) => said.clone_from(&text.plain),
                BlockKind::Code { text, .. } if SENDS.is_match(&said) => {
                    let body = parse(text.trim_start()).filter(|body| !body.is_string());
                    found.extend(body.map(|body| (body, block.line.max(line))));
                }
                _ => {}
            }
        }
    }
    found
}

/// The status that a part of a cell is, perhaps with its name.
fn status_of(part: &str) -> Option<u16> {
    let (number, name) = part.split_at_checked(3)?;
    let status = http::StatusCode::from_bytes(number.as_bytes()).ok()?;
    let reason = status.canonical_reason()?;
    let name = name.trim();
    (name.is_empty() || name.eq_ignore_ascii_case(reason)).then_some(status.as_u16())
}

/// The target that a table of two columns states: what is said in the first, and its value.
fn of_pairs(table: &Table) -> Vec<(usize, Stated, Option<bool>)> {
    let header = match table.header.as_slice() {
        [name, value] => Some((name.clone(), value.clone())),
        _ => None,
    };
    let line = table.rows.first().map_or(0, |row| row.line);
    let rows = table
        .rows
        .iter()
        .filter_map(|row| match row.cells.as_slice() {
            [name, value] => Some((name.plain(), value.plain())),
            _ => None,
        });
    let pairs: Vec<(String, String)> = header.into_iter().chain(rows).collect();
    let value = |pattern: &Phrase| {
        let mut own = pairs.iter().filter(|(name, _)| {
            pattern.is_match(name.trim().trim_end_matches([':', '：']).trim_matches('*'))
        });
        let first = own.next().map(|(_, value)| value.trim());
        first.filter(|_| own.next().is_none())
    };
    let (Some(method), Some(path)) = (value(&METHOD_COLUMN), value(&PATH_COLUMN)) else {
        return Vec::new();
    };
    let stated = of_line(&format!("{} {path}", method.to_uppercase()));
    stated.into_iter().map(|own| (line, own, None)).collect()
}
