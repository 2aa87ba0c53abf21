//! Tables of what each item of a body has: `Provide an array of objects with the following
//! parameters:`. The body is an array, and the rows are fields of its items.

use serde_json::Value;

use super::examples::{Examples, Shown};
use super::outline::{Item, ItemKind};
use super::root::OF_ITEM;
use super::tables::{FieldTable, Role, Tables};

phrases! {
    OfItems:

    /// A sentence that calls the whole body an array of what the table below it describes.
    static SENT;

    /// The same of an answer, whose list may not stand within anything else.
    static ANSWERED;
}

/// Names the rows of such tables as fields of the items of a body.
pub(super) fn name_rows(
    tables: &mut Tables,
    items: &[Item<'_>],
    shown: &Examples,
    sends_body: bool,
) {
    for table in &mut tables.fields {
        let (pattern, examples) = match table.role {
            Role::RequestBody => (&*SENT, &shown.requests),
            Role::Parameters if sends_body => (&*SENT, &shown.requests),
            Role::ResponseBody => (&*ANSWERED, &shown.responses),
            _ => continue,
        };
        let says_so = sentence_above(table, items).is_some_and(|text| pattern.is_match(text));
        let is_open = table.rows.iter().all(|row| row.location.is_none());
        if says_so && is_open && !shows_another(table, examples) {
            for row in &mut table.rows {
                row.name.insert_str(0, OF_ITEM);
            }
        }
    }
}

/// The last sentence that stands right above a table.
fn sentence_above<'p>(table: &FieldTable, items: &[Item<'p>]) -> Option<&'p str> {
    let is_own =
        |item: &Item<'_>| matches!(item.kind, ItemKind::Table(_)) && item.line == table.site.line;
    let at = items.iter().position(is_own)?.checked_sub(1)?;
    let ItemKind::Paragraph(text) = items.get(at)?.kind else {
        return None;
    };
    text.plain.trim().rsplit(". ").next()
}

/// Whether an example of such a body is no array.
fn shows_another(table: &FieldTable, examples: &[Shown]) -> bool {
    let is_own =
        |shown: &&Shown| !shown.refusal && (shown.status == table.status || table.status.is_none());
    let mut values = examples
        .iter()
        .filter(is_own)
        .filter_map(|own| own.value.as_ref());
    values.any(|value| !matches!(value, Value::Array(_)))
}
