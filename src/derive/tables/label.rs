//! What stands before a table and says what it holds.

use crate::derive::outline::{Item, ItemKind};
use crate::derive::{labels, rows};
use crate::page::words::{self, Column, Place};
use crate::page::{Table, caption};

phrases! {
    Objects:

    /// Titles that name the field or object whose structure the table tells.
    static OBJECT;

    /// A sentence that leads to the fields of a thing.
    static LED;
}

/// The header of a table's column of names, where it says of what the fields are.
pub(super) fn telling_header<'t>(
    table: &'t Table,
    columns: &[Option<Column>],
) -> Option<(&'t str, Place)> {
    let mut names = columns.iter().zip(&table.header);
    names
        .find(|(column, _)| **column == Some(Column::Name))
        .and_then(|(_, header)| Some((header.as_str(), words::header_place(header)?)))
}

/// Whether the header of a table's column of names says that they are names of parameters.
pub(in crate::derive) fn names_parameters(table: &Table) -> bool {
    let columns = rows::columns(table);
    let mut names = columns.iter().zip(&table.header);
    let header = names.find(|(column, _)| **column == Some(Column::Name));
    header.is_some_and(|(_, header)| labels::is_of_sent(header))
}

/// The number that a caption has.
pub(in crate::derive) fn number_of(caption: &str) -> Option<u32> {
    caption::parts(caption)?.0
}

/// The name of the object that a title names.
pub(in crate::derive) fn object_name(title: &str) -> Option<String> {
    let captures = OBJECT.captures(title)?;
    Some(captures.name("name")?.as_str().to_owned())
}

/// The name of the object whose fields a sentence leads to: `A post:`.
pub(in crate::derive) fn led_name(lead: &str) -> Option<String> {
    let captures = LED.captures(lead.trim())?;
    Some(captures.name("name")?.as_str().to_lowercase())
}

/// What stands right before a table as a label: a paragraph with a colon at its end, or a short one
/// that is set off as a whole.
pub(super) fn lead<'p>(before: &Item<'p>) -> Option<&'p str> {
    let ItemKind::Paragraph(text) = before.kind else {
        return None;
    };
    let plain = text.plain.trim();
    let last = plain.rsplit(". ").next().unwrap_or(plain);
    let is_set_off = text.marked > 0
        && !plain.contains('/')
        && text.marked >= text.plain.trim_end().len()
        && plain.chars().count() <= LONGEST_LABEL;
    (is_set_off || last.ends_with([':', '：'])).then_some(last)
}

/// What stands right before a table without a caption and says what it holds: a heading, or a short
/// paragraph that introduces it.
pub(super) fn label<'p>(before: &Item<'p>) -> Option<&'p str> {
    let text = match before.kind {
        ItemKind::Heading(text) => text.plain.as_str(),
        ItemKind::Paragraph(text) => {
            let plain = text.plain.trim();
            let is_label = plain.ends_with([':', '：']) || !plain.ends_with(['.', '。']);
            is_label.then_some(plain)?
        }
        ItemKind::List(_)
        | ItemKind::Table(_)
        | ItemKind::Code(_)
        | ItemKind::Target { .. }
        | ItemKind::Unread(_) => return None,
    };
    (text.chars().count() <= LONGEST_LABEL).then_some(text)
}

/// The sentence right before a table.
pub(super) fn introduction<'p>(before: &Item<'p>) -> Option<&'p str> {
    let ItemKind::Paragraph(text) = before.kind else {
        return None;
    };
    let plain = text.plain.trim();
    let last = plain.rsplit(". ").next().unwrap_or(plain);
    (last.chars().count() <= 200).then_some(last)
}

/// The longest label of a table, in characters.
const LONGEST_LABEL: usize = 60;
