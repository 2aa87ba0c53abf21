//! The headers that every request of a page has: those of a table that stands in no operation, and
//! those that a sentence there tells with their values.

use std::collections::BTreeSet;

use super::mandatory::Said;
use super::outline::{Item, ItemKind};
use super::rows::FieldRow;
use super::section::Section;
use super::statement::Site;
use super::tables::{FieldTable, Role, Tables};
use crate::contract::may_carry_credential;
use crate::page::Page;
use crate::page::words::TypeName;

phrases! {
    CommonHeaders:

    /// Headings of a table of headers that stands in no operation: every request has them.
    static COMMON_HEADERS;

    /// A sentence that tells of a header of all requests.
    static OF_ALL;

    /// A sentence that tells its reader to send one with all requests.
    static TOLD;

    /// Words beside a name by which it is that of a header.
    static BEFORE;

    /// The same behind it.
    static BEHIND;

    /// Words by which a value is one of many, or a request one of some.
    static OF_SOME;

    /// Values that stand for others, and what is no single value.
    static STANDS_FOR_ANOTHER;
}

pattern! {
    /// Headers of HTTP itself, which clients set.
    static OF_HTTP =
        r"(?i)^(?:content|accept|authorization|cookie|host|user-agent|connection|date|cache|if|expect|origin|referer|transfer)(?:-|$)|^x-(?:sdk-date|project-id|request-id|correlation-id)$";

    /// A media type of one service.
    static MEDIA_TYPE = r"(?i)^application/(?:vnd\.|[\w.-]+\+)[\w.+-]+$";
}

/// Takes the tables of headers that every request has out of those that stand in no operation.
pub(super) fn take_common(page: &Page, items: &[Item<'_>], found: &mut Tables) -> Vec<FieldTable> {
    let is_common = |table: &mut FieldTable| COMMON_HEADERS.is_match(table.label.trim());
    let mut common: Vec<FieldTable> = found.fields.extract_if(.., is_common).collect();
    for table in &mut common {
        table.role = Role::Header;
    }
    common.extend(items.iter().filter_map(|item| of_sentences(page, item)));
    common
}

/// The headers that the sentences of a paragraph tell of.
fn of_sentences(page: &Page, item: &Item<'_>) -> Option<FieldTable> {
    let ItemKind::Paragraph(text) = item.kind else {
        return None;
    };
    let site = Site {
        page: page.name.clone(),
        edition: page.edition.clone(),
        table: item.heading.to_owned(),
        row: String::new(),
        line: item.line,
    };
    let ticked = text.ticked();
    // A value may have a full stop in it, a sentence ends with one before a blank.
    let sentences = ticked.split_inclusive(". ").flat_map(str::lines);
    let rows: Vec<FieldRow> = sentences
        .filter_map(|sentence| {
            let told = OF_ALL
                .captures(sentence)
                .or_else(|| TOLD.captures(sentence))?;
            let part = |name: &str| told.name(name).map(|part| part.as_str());
            let (name, before, behind) = (part("name")?, part("before")?, part("behind")?);
            let value = part("value").or_else(|| part("shown"));
            // A version by its media type: what a client takes by itself is another.
            let is_media = name.eq_ignore_ascii_case("accept")
                && value.is_some_and(|value| MEDIA_TYPE.is_match(value));
            let is_header = is_media || BEFORE.is_match(before) || BEHIND.is_match(behind);
            let is_other = !is_media && OF_HTTP.is_match(name) || may_carry_credential(name);
            let rest = part("rest").unwrap_or_default();
            let is_of_some = [before, behind, rest]
                .iter()
                .any(|part| OF_SOME.is_match(part));
            let value = value.filter(|value| !STANDS_FOR_ANOTHER.is_match(value));
            (is_header && !is_other && !is_of_some).then(|| FieldRow {
                // Who leaves `Accept` out leaves the choice to the service.
                mandatory: Some(if is_media {
                    Said::Conditional
                } else {
                    Said::Mandatory
                }),
                // One of many: whoever documents a version or a tenant so takes others too.
                example: value.map(str::to_owned),
                text: value.filter(|_| is_media).unwrap_or_default().to_owned(),
                ..FieldRow::bare(name.to_owned(), TypeName::String, site.at(name, item.line))
            })
        })
        .collect();
    (!rows.is_empty()).then(|| FieldTable {
        role: Role::Header,
        section: Section::Request,
        label: site.table.clone(),
        status: None,
        number: None,
        name: None,
        anchors: Vec::new(),
        rows,
        site,
        is_shared: false,
    })
}

/// Adds the headers that every request has to an operation that does not describe them itself.
pub(super) fn add_common(tables: &mut Tables, common: &[FieldTable]) {
    let own = tables
        .fields
        .iter()
        .filter(|table| table.role == Role::Header);
    let mut known: BTreeSet<String> = own
        .flat_map(|table| &table.rows)
        .map(|row| row.name.to_lowercase())
        .collect();
    for table in common {
        let mut table = table.clone();
        table
            .rows
            .retain(|row| known.insert(row.name.to_lowercase()));
        tables
            .fields
            .extend((!table.rows.is_empty()).then_some(table));
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::page::read;

    #[rstest]
    #[case("Each request also needs the header `Depot-Version: 2`.", Some(("Depot-Version", "2")))]
    #[case("All requests must have a header `X-Api-Version: 2024-01-01`. Mind it.", Some(("X-Api-Version", "2024-01-01")))]
    #[case("Each request needs the header `Depot-Version: <version>`.", Some(("Depot-Version", "")))]
    #[case("Each request needs the header `Depot-Tenant: your-tenant`.", Some(("Depot-Tenant", "")))]
    #[case("All requests must include the header `X-Tenant: <tenant id>`.", Some(("X-Tenant", "")))]
    #[case("Every request must name its tenant in the header `X-Tenant`.", Some(("X-Tenant", "")))]
    #[case("Every call has to carry the `X-Tenant` header.", Some(("X-Tenant", "")))]
    #[case("Include an `Api-Version` header with each request, for example `Api-Version: 2024-01-01`.", Some(("Api-Version", "2024-01-01")))]
    #[case("Always send the header `X-Tenant: <tenant>` with every request.", Some(("X-Tenant", "")))]
    #[case(
        "Send the header `X-Trace: 1` with each request if you want a trace.",
        None
    )]
    #[case("Send `X-Trace: 1` with each request.", None)]
    #[case("All requests must carry an `X-Workshop` header with the id of your workshop.", Some(("X-Workshop", "")))]
    #[case("Every request must send `Accept: application/vnd.kiln.v1+json`.", Some(("Accept", "application/vnd.kiln.v1+json")))]
    #[case("Every request must send `Accept: application/json`.", None)]
    #[case("Each request must have the field `tenant`.", None)]
    #[case("Each request needs the header `X-Api-Key: 12ab`.", None)]
    #[case("Each request must have the header `Content-Type: text`.", None)]
    #[case(
        "Each request that changes something needs the header `Depot-Confirm: yes`.",
        None
    )]
    #[case("Each request may have the header `Depot-Version: 2`.", None)]
    #[case("Some requests need the header `Depot-Version: 2`.", None)]
    #[case("Each request needs a header such as `Depot-Version: 2`.", None)]
    fn a_sentence_tells_of_a_header_of_all_requests(
        #[case] sentence: &str,
        #[case] expected: Option<(&str, &str)>,
    ) {
        let text = format!(
            "# Depot\n\n## Access\n\n{sentence}\n\n## List\n\n`GET /racks`\n\n\
             ### Response 200\n\n| Name | Type |\n|---|---|\n| total | integer |\n\n\
             ## Show\n\n`GET /racks/{{id}}`\n\n### Response 200\n\n\
             | Name | Type |\n|---|---|\n| size | integer |\n"
        );
        let page = read("page.md", &text).unwrap();
        let read = crate::derive::operation::drafts(&page, &[]).unwrap();
        assert_eq!(read.drafts.len(), 2);
        for draft in &read.drafts {
            let headers = draft
                .parameters
                .iter()
                .filter(|one| one.location == crate::contract::Location::Header);
            let found: Vec<(&str, &str)> = headers
                .map(|one| {
                    let shown = one.example.as_ref().and_then(serde_json::Value::as_str);
                    (one.name.as_str(), shown.unwrap_or_default())
                })
                .collect();
            assert_eq!(found, Vec::from_iter(expected));
        }
    }
}
