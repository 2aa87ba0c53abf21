//! Parameters of the request that stand below the answer.

use crate::derive::rows;
use crate::page::Table;
use crate::page::words::Column;

/// Whether a table below an answer that is shown is that of what is sent: it says of each field whether
/// that must be given, and the answer has none of them.
pub(super) fn is_sent(table: &Table, shown: &str) -> bool {
    let columns = rows::columns(table);
    let place = |wanted: Column| columns.iter().position(|own| *own == Some(wanted));
    let (Some(name), Some(_)) = (place(Column::Name), place(Column::Mandatory)) else {
        return false;
    };
    let mut names = table.rows.iter().filter_map(|row| row.cells.get(name));
    !table.rows.is_empty()
        && names.all(|cell| {
            let own = cell.plain();
            let own = own.trim().trim_matches(['`', '*']);
            !own.is_empty() && !shown.contains(&format!("\"{own}\""))
        })
}
