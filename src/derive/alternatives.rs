//! Bodies of one operation that stand beside each other: `Request body (v1)`, `Request body (v2)`. A
//! request has one of them, so that no field of only some must be there.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::mandatory::Said;
use super::section::Section;
use super::tables::{FieldTable, Role, Tables};
use crate::contract::DocumentationKind;
use crate::vocabulary::Phrase;

phrases! {
    Alternatives:

    /// Labels of the fields of a form.
    static FORM;

    /// Labels of the fields of a body in JSON.
    static JSON;

    /// A label of a body with what tells it from others behind it.
    static TOLD_APART;
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

/// Leaves out the fields of a form beside those of a body in JSON: a request has one or the other.
pub(super) fn without_forms(tables: &mut Tables) -> Vec<Finding> {
    let is_of = |words: &Phrase, table: &FieldTable| is_body(table) && words.is_match(&table.label);
    if !tables.fields.iter().any(|table| is_of(&JSON, table)) {
        return Vec::new();
    }
    let all = std::mem::take(&mut tables.fields).into_iter();
    let is_form = |table: &FieldTable| is_of(&FORM, table) && !is_of(&JSON, table);
    let (forms, kept): (Vec<FieldTable>, _) = all.partition(is_form);
    tables.fields = kept;
    let told = |table: &FieldTable| {
        let message = format!(
            "`{}`: the body may be sent as a form too: only JSON is tried",
            table.label
        );
        Finding::left_out(DocumentationKind::PartNotTried, message, &table.site)
    };
    forms.iter().map(told).collect()
}

/// Whether a table has the fields of a request's body.
fn is_body(table: &FieldTable) -> bool {
    table.section == Section::Request && matches!(table.role, Role::RequestBody | Role::Parameters)
}
