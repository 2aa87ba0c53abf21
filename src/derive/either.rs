//! Tables that may be of the request or of the answer: below a label such as `Attributes`, where
//! the method sends no body and nothing says that a field is sent. They stay unread, and are
//! reported.

use super::labels::tells_no_side;
use super::outline::{Item, ItemKind};
use super::parameters::takes_body;
use super::path::{RequestTarget, path_names};
use super::rows::FieldRow;
use super::section::Section;
use super::tables::{Role, Tables};

/// Takes the tables that may be of either side for objects: only what refers to one places it.
pub(super) fn leave_unplaced(tables: &mut Tables, targets: &[RequestTarget], items: &[Item<'_>]) {
    let sends_body = |target: &RequestTarget| takes_body(&target.method);
    if targets.iter().any(sends_body) {
        return;
    }
    for table in &mut tables.fields {
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
