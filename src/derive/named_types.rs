//! Types that are the names of tables: `Widget` in a cell of the type, and the fields of a widget in
//! a table below the heading `Widget`.

use super::rows::FieldRow;
use super::tables::{FieldTable, Role, Tables};
use crate::page::words::{self, TypeName};

/// Gives rows whose type is the name of a table of fields that type.
pub(super) fn name_types(tables: &mut Tables, shared: &Tables) {
    let spelled: Vec<String> = tables
        .fields
        .iter()
        .flat_map(|table| &table.rows)
        .filter_map(|row| row.unknown_type.clone())
        .collect();
    if spelled.is_empty() {
        return;
    }
    for table in &mut tables.fields {
        // A type may be called by a word for an answer: `Result:` below a row of `array of Result`.
        let label = table.label.trim_end_matches([':', '：']);
        let is_one_word = label.starts_with(char::is_uppercase) && !label.contains(' ');
        let is_type = |text: &String| candidates(text).any(|word| word == label);
        let own = |row: &FieldRow| row.unknown_type.as_ref().is_some_and(is_type);
        if matches!(table.role, Role::ResponseBody | Role::Parameters)
            && is_one_word
            && spelled.iter().any(is_type)
            && !table.rows.iter().any(own)
        {
            table.name = Some(label.to_owned());
            table.role = Role::Object;
        }
    }
    let labels: Vec<String> = tables
        .fields
        .iter()
        .map(|table| table.label.clone())
        .collect();
    for table in &mut tables.fields {
        let is_alone = labels.iter().filter(|own| **own == table.label).count() == 1;
        let is_named = spelled.iter().any(|text| names(text, &table.label));
        if table.role == Role::Object && table.name.is_none() && is_alone && is_named {
            table.name = Some(table.label.clone());
        }
    }
    let known: Vec<String> = tables
        .fields
        .iter()
        .chain(&shared.fields)
        .filter_map(object)
        .collect();
    for row in tables.fields.iter_mut().flat_map(|table| &mut table.rows) {
        let Some(spelled) = &row.unknown_type else {
            continue;
        };
        let named = known.iter().find(|name| names(spelled, name));
        if let Some(kind) = named.and_then(|name| of(spelled, name)) {
            row.kind = Some(kind);
        }
    }
}

pattern! {
    /// A name of a value, as no field is called: `ACTIVE_ONLY`.
    static CONSTANT = r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$";
}

/// The values that a table lists which says nothing but what each of some names means.
pub(super) fn values_of(table: &FieldTable) -> Option<Vec<String>> {
    let is_value = |row: &FieldRow| {
        let says_more = row.kind.is_some()
            || row.unknown_type.is_some()
            || row.location.is_some()
            || row.mandatory.is_some();
        !says_more && row.name.len() > 1 && CONSTANT.is_match(&row.name)
    };
    let is_list = table.rows.len() > 1 && table.rows.iter().all(is_value);
    is_list.then(|| table.rows.iter().map(|row| row.name.clone()).collect())
}

/// The name of the object that a table describes.
fn object(table: &FieldTable) -> Option<String> {
    table.name.clone().filter(|_| table.role == Role::Object)
}

/// The words of a text that may be a name.
fn candidates(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
}

/// Whether a type is spelled with a name.
fn names(spelled: &str, name: &str) -> bool {
    !name.is_empty() && candidates(spelled).any(|word| word.eq_ignore_ascii_case(name))
}

/// The type that is spelled with the name of an object, if nothing else of it is unknown.
fn of(spelled: &str, name: &str) -> Option<TypeName> {
    let word = candidates(spelled).find(|word| word.eq_ignore_ascii_case(name))?;
    words::parse_type(&spelled.replacen(word, &format!("{word} object"), 1))
}
