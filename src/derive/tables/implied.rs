//! Requiredness that signs, marks and sentences beside a table imply.

use std::collections::BTreeMap;

use super::FieldTable;
use super::label::telling_header;
use super::role::Role;
use crate::derive::demand::Demands;
use crate::derive::description;
use crate::derive::mandatory::{self, BySign, Mark, Marks, Said, Signs};
use crate::derive::rows::FieldRow;
use crate::derive::section::Section;
use crate::page::Table;
use crate::page::words::{Column, Place};

/// The rows of a table whose column of names says where its fields are sent.
pub(super) fn placed(
    mut rows: Vec<FieldRow>,
    table: &Table,
    columns: &[Option<Column>],
) -> Vec<FieldRow> {
    let header = telling_header(table, columns)
        .filter(|(_, place)| *place != Place::Elsewhere)
        .map(|(header, _)| header.to_lowercase());
    if let Some(header) = header {
        for row in &mut rows {
            row.location.get_or_insert_with(|| header.clone());
        }
    }
    rows
}

/// The rows of a table whose column of requiredness has signs that mean something only beside each
/// other.
pub(super) fn beside_signs(
    mut rows: Vec<FieldRow>,
    table: &Table,
    columns: &[Option<Column>],
) -> Vec<FieldRow> {
    let at = columns
        .iter()
        .position(|column| *column == Some(Column::Mandatory));
    let Some(at) = at else {
        return rows;
    };
    let signs = Signs::of(table, at);
    let by_line: BTreeMap<usize, BySign> = table
        .rows
        .iter()
        .filter_map(|row| Some((row.line, signs.of_cell(&row.cells.get(at)?.plain())?)))
        .collect();
    for row in &mut rows {
        if let Some(said) = by_line.get(&row.site.line) {
            row.mandatory = said.said();
        }
    }
    rows
}

/// What a sentence or marks behind some names say of a request's fields: that all may be left out; a
/// star that a legend explains; or that those without a mark for what may be left out must be sent.
pub(super) fn imply(table: &mut FieldTable, marks: Marks, frees_all: bool, demands: &Demands<'_>) {
    let is_answer = matches!(
        table.section,
        Section::Response | Section::ResponseExample | Section::AbnormalResponse
    );
    if is_answer
        || matches!(
            table.role,
            Role::ResponseBody | Role::Object | Role::ResponseHeader
        )
    {
        return;
    }
    if let Some(said) = mandatory::of_label(&table.label) {
        for row in &mut table.rows {
            row.mandatory = row.mandatory.or(Some(said));
        }
        return;
    }
    if frees_all {
        for row in &mut table.rows {
            row.implied = Some(Said::Optional);
        }
        return;
    }
    let names: Vec<&str> = table.rows.iter().map(|row| row.name.as_str()).collect();
    let demanded = demands.named(&table.label, &names);
    let demands_all = demands.all(&table.label);
    for row in &mut table.rows {
        if demanded.contains(&row.name) {
            row.mandatory = row.mandatory.or(Some(Said::Mandatory));
        } else if demands_all && !row.text.to_lowercase().contains("optional") {
            row.implied = Some(Said::Mandatory);
        }
    }
    let is_starred = |row: &FieldRow| row.mark == Some(Mark::Star);
    if !marks.star && !marks.note {
        // Without a word about it a star has the meaning that most give it.
        for row in table.rows.iter_mut().filter(|row| is_starred(row)) {
            row.implied = Some(Said::Mandatory);
        }
    }
    if marks.star {
        for row in table
            .rows
            .iter_mut()
            .filter(|row| row.mark == Some(Mark::Star))
        {
            row.mandatory = row.mandatory.or(Some(Said::Mandatory));
        }
    }
    for row in &mut table.rows {
        // What has a default may be left out.
        let has_default = row
            .passages
            .iter()
            .any(|own| own.label == description::Label::Default);
        row.implied = row
            .implied
            .filter(|_| !has_default)
            .or(has_default.then_some(Said::Optional));
    }
    // A table with stars has its own way to mark, whatever others have.
    let has_stars = || table.rows.iter().any(|row| row.mark == Some(Mark::Star));
    let some_may_lack = table.marks_optional() || marks.question && !has_stars();
    for row in &mut table.rows {
        if some_may_lack && row.mandatory.is_none() {
            row.implied = row.implied.or(Some(Said::Mandatory));
        }
    }
}
