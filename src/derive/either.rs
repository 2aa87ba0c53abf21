//! Tables that may be of the request or of the answer, where the method sends no body and nothing
//! says that a field is sent. A sentence that names the success, or a value that may be null, tells
//! that they are of the answer; below a label such as `Attributes` they stay unread, and are reported.

use super::labels::tells_no_side;
use super::outline::{Item, ItemKind};
use super::parameters::takes_body;
use super::path::{RequestTarget, path_names};
use super::rows::FieldRow;
use super::section::Section;
use super::stated::first_success;
use super::tables::{FieldTable, Role, Tables, names_parameters, tells_of_request};

/// Places the tables that may be of either side, or takes them for objects: only what refers to one
/// places it then.
pub(super) fn settle_sides(tables: &mut Tables, targets: &[RequestTarget], items: &[Item<'_>]) {
    let sends_body = |target: &RequestTarget| takes_body(&target.method);
    if targets.iter().any(sends_body) {
        return;
    }
    let mut known: Vec<Option<u16>> = Vec::new();
    let mut of_path = Vec::new();
    for table in &mut tables.fields {
        if let Some(answer) = answered(table, targets, items, known.is_empty())
            && !known.contains(&answer.status)
        {
            of_path.extend(rows_of_path(table, targets));
            (table.role, table.section) = (Role::ResponseBody, Section::Response);
            table.status = answer.status;
        }
        if table.role == Role::ResponseBody {
            known.push(table.status);
        }
        let is_of_either = table.role == Role::Parameters
            && table.section == Section::Operation
            && tells_no_side(&table.label)
            && !table
                .rows
                .iter()
                .any(|row| is_sent(row, targets) || is_in_query(&row.name, items));
        if is_of_either {
            table.role = Role::Object;
        }
    }
    tables.fields.extend(of_path);
}

/// The rows of an answer's table that name places of the path, as a table of the path's own: the id
/// that is answered is the one that was asked for, so that it has the same type.
fn rows_of_path(table: &FieldTable, targets: &[RequestTarget]) -> Option<FieldTable> {
    let is_own = |row: &&FieldRow| is_in_path(row, targets);
    let rows: Vec<FieldRow> = table.rows.iter().filter(is_own).cloned().collect();
    (!rows.is_empty()).then(|| FieldTable {
        rows,
        section: Section::Uri,
        ..table.clone()
    })
}

/// So many fields beside the names of a path are hardly all of a query.
const MANY: usize = 3;

/// Whether a row has the name of a place of the path.
fn is_in_path(row: &FieldRow, targets: &[RequestTarget]) -> bool {
    let mut all = targets.iter();
    all.any(|target| path_names(&target.path).contains(&row.name.as_str()))
}

/// An answer that a table describes.
struct Answer {
    /// Its status, where one is named.
    status: Option<u16>,
}

/// The answer that a table describes by what stands above it: `Answers 200, or 404 if there is none.`
/// The first may do so by a value that may be null, for of a URL few are. None of a table of
/// parameters, or of what is sent.
fn answered(
    table: &FieldTable,
    targets: &[RequestTarget],
    items: &[Item<'_>],
    is_first: bool,
) -> Option<Answer> {
    if table.role != Role::Parameters
        || table.section != Section::Operation
        || table.name.is_some()
        || table
            .rows
            .iter()
            .any(|row| !is_in_path(row, targets) && is_sent(row, targets))
        || table.rows.iter().any(|row| is_in_query(&row.name, items))
    {
        return None;
    }
    let is_own =
        |item: &Item<'_>| matches!(item.kind, ItemKind::Table(_)) && item.line == table.site.line;
    let at = items.iter().position(is_own)?;
    let ItemKind::Table(own) = items.get(at)?.kind else {
        return None;
    };
    if names_parameters(own) {
        return None;
    }
    let said = match items.get(at.checked_sub(1)?)?.kind {
        ItemKind::Paragraph(text) if !tells_of_request(&text.plain) => first_success(&text.plain),
        ItemKind::Paragraph(_) => return None,
        _ => None,
    };
    let is_null = is_first && table.rows.iter().any(|row| row.is_nullable);
    // What repeats a name of the path may describe that, unless there is much beside it.
    let (named, others): (Vec<_>, Vec<_>) =
        table.rows.iter().partition(|row| is_in_path(row, targets));
    if !named.is_empty() && (!is_null || others.len() < MANY) {
        return None;
    }
    (said.is_some() || is_null).then_some(Answer { status: said })
}

/// Whether a row says that its field is one of a request.
fn is_sent(row: &FieldRow, targets: &[RequestTarget]) -> bool {
    let is_named = |target: &RequestTarget| {
        path_names(&target.path).contains(&row.name.as_str()) || target.query.contains(&row.name)
    };
    row.mandatory.is_some()
        || row.mark.is_some()
        || row.implied.is_some()
        || row.location.is_some()
        || targets.iter().any(is_named)
}

/// Whether the page shows a request with a name in its query.
fn is_in_query(name: &str, items: &[Item<'_>]) -> bool {
    items.iter().any(|item| {
        let text = match item.kind {
            ItemKind::Code(text) => text,
            ItemKind::Paragraph(text) => text.plain.as_str(),
            _ => return false,
        };
        ["?", "&"].iter().any(|before| {
            text.match_indices(before).any(|(at, _)| {
                text.get(at + 1..)
                    .and_then(|rest| rest.strip_prefix(name))
                    .is_some_and(|rest| rest.starts_with('='))
            })
        })
    })
}
