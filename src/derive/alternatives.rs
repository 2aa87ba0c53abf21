//! Bodies of one operation that stand beside each other: `Request body (v1)`, `Request body (v2)`. A
//! request has one of them, so that no field of only some must be there.

use std::collections::BTreeSet;

use super::mandatory::Said;
use super::section::Section;
use super::tables::{FieldTable, Role, Tables};

pattern! {
    /// A label of a body with what tells it from others behind it.
    static TOLD_APART = r"(?i)^(?P<label>.*\b(?:body|payload)\b|.*(?:请求体|消息体))\s*[(（\[:：–—-]+\s*\S+";
}

/// Takes what is said to be mandatory in some of several bodies for conditional.
pub(super) fn loosen(tables: &mut Tables) {
    let bodies: Vec<usize> = tables
        .fields
        .iter()
        .enumerate()
        .filter(|(_, table)| is_body(table) && TOLD_APART.is_match(&table.label))
        .map(|(at, _)| at)
        .collect();
    let own = || bodies.iter().filter_map(|at| tables.fields.get(*at));
    let labels: BTreeSet<&str> = own().map(|table| table.label.as_str()).collect();
    if labels.len() < 2 {
        return;
    }
    let demanded = |table: &FieldTable| -> BTreeSet<String> {
        let rows = table.rows.iter();
        rows.filter(|row| row.mandatory == Some(Said::Mandatory))
            .map(|row| row.name.clone())
            .collect()
    };
    let in_all = own()
        .map(demanded)
        .reduce(|all, other| &all & &other)
        .unwrap_or_default();
    for at in bodies {
        let rows = tables.fields.get_mut(at).map(|table| &mut table.rows);
        for row in rows.into_iter().flatten() {
            if row.mandatory == Some(Said::Mandatory) && !in_all.contains(&row.name) {
                row.mandatory = Some(Said::Conditional);
            }
        }
    }
}

/// Whether a table has the fields of a request's body.
fn is_body(table: &FieldTable) -> bool {
    table.section == Section::Request && matches!(table.role, Role::RequestBody | Role::Parameters)
}
