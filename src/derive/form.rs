//! Whether a page's request body is a form: told by the header that it fixes, by its example
//! request, or by how it calls the fields.

use super::draft::Draft;
use super::outline::{Item, ItemKind};
use super::rows::FieldRow;
use super::section::Section;
use super::tables::{FieldTable, Role, Tables};
use crate::contract::MediaType;
use crate::page::words::TypeName;

pattern! {
    /// The header line of an example request.
    static HEADER_LINE = r"(?im)^\s*content-type\s*:\s*(?P<media>[^\r\n]+)$";

    /// Titles and places of the fields of a form.
    static FORM = r"(?i)\bform[- ]?(?:data|param|field|url)|\bmultipart\b|x-www-form|^form$|表单";

    /// Those of a form of several parts.
    static PARTS = r"(?i)\bform[- ]?data|\bmultipart\b";
}

/// Notes the media type of a draft's request body, where the page says that it is a form.
pub(super) fn read_media(draft: &mut Draft, items: &[Item<'_>], tables: &Tables) {
    if draft.request.is_none() {
        return;
    }
    draft.media = named(items, tables)
        .or_else(|| called(tables))
        .unwrap_or_default();
}

/// The media type that a header's row or an example request names. Where JSON is named too, the body
/// may be sent as JSON.
fn named(items: &[Item<'_>], tables: &Tables) -> Option<MediaType> {
    let mut texts: Vec<&str> = tables
        .fields
        .iter()
        .filter(|table| !matches!(table.role, Role::ResponseBody | Role::Object))
        .flat_map(|table| &table.rows)
        .filter(|row| row.name.eq_ignore_ascii_case("content-type"))
        .map(|row| row.text.as_str())
        .collect();
    for item in items {
        let ItemKind::Code(text) = item.kind else {
            continue;
        };
        let is_request = matches!(
            item.section,
            Section::Request | Section::RequestExample | Section::Example
        );
        let lines = HEADER_LINE.captures_iter(text).filter(|_| is_request);
        texts.extend(lines.filter_map(|found| Some(found.name("media")?.as_str())));
    }
    let all = texts.join("\n").to_lowercase();
    if all.contains("json") {
        return Some(MediaType::Json);
    }
    [MediaType::Multipart, MediaType::Form]
        .into_iter()
        .find(|media| all.contains(media.as_str()))
}

/// The media type that follows from how the fields of the body are called.
fn called(tables: &Tables) -> Option<MediaType> {
    let is_body = |table: &&FieldTable| matches!(table.role, Role::RequestBody | Role::Parameters);
    let place = |row: &FieldRow| row.location.clone().unwrap_or_default();
    let mut media = None;
    for table in tables.fields.iter().filter(is_body) {
        let mut names: Vec<String> = table.rows.iter().map(place).collect();
        names.push(table.site.table.clone());
        let has_file = table.rows.iter().any(|row| {
            let is_file = |kind: &TypeName| match kind {
                TypeName::File => true,
                TypeName::Array(items) => **items == TypeName::File,
                _ => false,
            };
            row.kind.as_ref().is_some_and(is_file)
        });
        if has_file || names.iter().any(|name| PARTS.is_match(name)) {
            return Some(MediaType::Multipart);
        }
        if names.iter().any(|name| FORM.is_match(name)) {
            media = Some(MediaType::Form);
        }
    }
    media
}
