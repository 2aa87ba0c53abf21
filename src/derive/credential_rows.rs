//! Rows of tables that describe a credential: those of the headers of all requests, and those of an
//! operation's own parameters.

use std::collections::BTreeMap;

use super::outline::{Item, ItemKind};
use super::rows::FieldRow;
use super::schemes::{OF_KEY, schemes};
use super::tables::FieldTable;
use crate::contract::{SecurityScheme, carries_credential, may_carry_credential, words};
use crate::page::{Block, BlockKind, Table, plain};

phrases! {
    CredentialRows:

    /// The column of a table that has names of headers.
    static HEADER_COLUMN;

    /// Words by which a table is one of answers.
    static OF_ANSWERS;

    /// Headings of what lets somebody in.
    static ABOUT_ACCESS;

    /// A cell by which a row is mandatory.
    static MANDATORY_CELL;

    /// A cell that is a type alone.
    static TYPE_CELL;

    /// Words for a key that lets its user in, in the row of a parameter of any name.
    pub(super) static OF_API_KEY;

    /// Names of query parameters that may be keys, without what joins their words.
    static KEY_NAME;
}

/// The credentials among the headers that a table of all requests has, each with whether it is
/// called mandatory. Such a table says that it is one of headers, or stands below a heading that
/// speaks of access.
pub(super) fn of_tables(blocks: &[&Block]) -> Vec<(SecurityScheme, bool)> {
    let mut found = Vec::new();
    let (mut heading, mut before) = ("", "");
    for block in blocks {
        match &block.kind {
            BlockKind::Heading { text, .. } => {
                heading = &text.plain;
                before = "";
            }
            BlockKind::Paragraph(text) => before = &text.plain,
            BlockKind::Table(table) => {
                let caption = table.caption.as_ref().map_or("", |caption| &caption.plain);
                if [heading, before, caption]
                    .iter()
                    .any(|said| OF_ANSWERS.is_match(said))
                {
                    continue;
                }
                let first = table.header.first().map_or("", |cell| cell.trim());
                if !HEADER_COLUMN.is_match(first) && !ABOUT_ACCESS.is_match(heading) {
                    continue;
                }
                for row in &table.rows {
                    let cells = row.cells.iter().map(|cell| plain(&cell.blocks));
                    let cells: Vec<String> = cells.collect();
                    let Some((name, rest)) = cells.split_first() else {
                        continue;
                    };
                    let name = name.trim().trim_matches('`');
                    let is_mandatory = rest.iter().any(|cell| MANDATORY_CELL.is_match(cell));
                    let is_said = |cell: &&String| {
                        !MANDATORY_CELL.is_match(cell) && !TYPE_CELL.is_match(cell)
                    };
                    let said = rest.iter().filter(is_said);
                    let said = said.map(|cell| cell.trim()).collect::<Vec<_>>().join(" ");
                    if name.eq_ignore_ascii_case("authorization") {
                        let schemes = schemes(&format!("Authorization: {said}")).into_iter();
                        found.extend(schemes.map(|scheme| (scheme, is_mandatory)));
                    } else if carries_header(name, &said) {
                        found.push((SecurityScheme::Header(name.to_owned()), is_mandatory));
                    }
                }
            }
            BlockKind::List(_)
            | BlockKind::Code { .. }
            | BlockKind::Target { .. }
            | BlockKind::Unread(_) => {}
        }
    }
    found
}

/// Whether each row of a table that no operation has is a credential, which is read from it.
pub(super) fn is_of_credentials(table: &FieldTable) -> bool {
    let is_read = |row: &FieldRow| {
        let said = format!("Authorization: {}", row.text);
        row.name.eq_ignore_ascii_case("authorization") && !schemes(&said).is_empty()
            || carries_header(&row.name, &row.text)
    };
    ABOUT_ACCESS.is_match(&table.label) && table.rows.iter().all(is_read)
}

/// Whether a row describes a header that carries a credential.
fn carries_header(name: &str, said: &str) -> bool {
    name.contains('-')
        && (carries_credential(name)
            || may_carry_credential(name) && OF_KEY.is_match(said)
            || OF_API_KEY.is_match(said))
}

/// Whether a parameter is called a key of any kind, which its description has to name.
pub(super) fn is_called_key(name: &str) -> bool {
    words(name).last().is_some_and(|word| word == "key") && may_carry_credential(name)
}

/// Whether a query parameter may be a key by its name.
pub(super) fn is_key(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    KEY_NAME.is_match(&plain)
}

/// What the rows of tables say, by their first cell.
pub(super) fn descriptions(items: &[Item<'_>]) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for item in items {
        let ItemKind::Table(Table { rows, .. }) = item.kind else {
            continue;
        };
        for row in rows {
            let cells: Vec<String> = row.cells.iter().map(|cell| plain(&cell.blocks)).collect();
            if let Some((name, rest)) = cells.split_first() {
                let name = name.trim().trim_matches('`').to_owned();
                all.entry(name).or_insert_with(|| rest.join(" "));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "| Header | Value |\n|---|---|\n| Authorization | Bearer <token> |",
        "bearer"
    )]
    #[case(
        "| Header | Required | Description |\n|---|---|---|\n| `Authorization` | yes | Bearer token. |",
        "bearer!"
    )]
    #[case(
        "| Name | Type | Required | Description |\n|---|---|---|---|\n| X-Depot-Key | string | yes | Your API key. |",
        "header:X-Depot-Key!"
    )]
    #[case(
        "| Header | Required | Description |\n|---|---|---|\n| X-Kiln-Access | yes | The access key that you have. |",
        "header:X-Kiln-Access!"
    )]
    #[case("| Header | Value |\n|---|---|\n| X-Request-Id | An id |", "")]
    #[case("| Header | Value |\n|---|---|\n| Idempotency-Key | Your key. |", "")]
    #[case(
        "The response has:\n\n| Header | Value |\n|---|---|\n| X-Auth-Token | A token |",
        ""
    )]
    fn a_table_of_all_requests_names_schemes(#[case] table: &str, #[case] expected: &str) {
        let page = format!("# Depot\n\n## Authentication\n\n{table}\n");
        let page = crate::page::read("things.md", &page).unwrap();
        let flat: Vec<&Block> = page.blocks.iter().collect();
        let found = of_tables(&flat).into_iter();
        let found = found.map(|(scheme, is_mandatory)| {
            format!("{scheme}{}", if is_mandatory { "!" } else { "" })
        });
        assert_eq!(found.collect::<Vec<_>>().join(" "), expected);
    }
}
