//! Headers of answers that a sentence tells of: ``The `Location` header has its URL.``

use serde::Deserialize;

use super::mandatory::Said;
use super::outline::{Item, ItemKind};
use super::rows::FieldRow;
use super::section::Section;
use super::sentences::sentences;
use super::stated::first_success;
use super::statement::Site;
use super::tables::{FieldTable, Role, Tables};
use crate::contract::is_redirect;
use crate::page::words::TypeName;
use crate::vocabulary::{Topic, Wordings};

/// What a wording says; its group `name` is the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Says {
    /// The answer has the header.
    Answered,
}

phrases! {
    ToldHeaders:

    /// Words by which a sentence speaks of some answers, or of what a client does.
    static OF_SOME;

    /// A word for a header, without which no sentence tells of one.
    static HEADER;
}

pattern! {
    /// Every wording.
    static WORDINGS: Wordings<Says> = Wordings::of(Topic::Headers);
}

/// Adds a table of one header for each that a sentence tells of and that no table describes.
pub(super) fn read(tables: &mut Tables, items: &[Item<'_>], page: &Site) {
    for item in items {
        let ItemKind::Paragraph(text) = item.kind else {
            continue;
        };
        if !HEADER.is_match(&text.plain) {
            continue;
        }
        for sentence in sentences(&text.plain) {
            let Some(name) = told(&sentence) else {
                continue;
            };
            let Some(status) = status(tables, item, &sentence) else {
                continue;
            };
            let is_known = |table: &FieldTable| {
                table.role == Role::ResponseHeader
                    && table.status.is_none_or(|own| own == status)
                    && table
                        .rows
                        .iter()
                        .any(|row| row.name.eq_ignore_ascii_case(&name))
            };
            if tables.fields.iter().any(is_known) {
                continue;
            }
            let site = Site {
                table: item.heading.to_owned(),
                ..page.at(name.as_str(), item.line)
            };
            tables.fields.push(table(name, status, site));
        }
    }
}

/// The header that a sentence says an answer has.
fn told(sentence: &str) -> Option<String> {
    if OF_SOME.is_match(sentence) {
        return None;
    }
    WORDINGS.in_text(sentence).find_map(|(pattern, says)| {
        let captures = pattern.captures(sentence)?;
        let name = captures.name("name").filter(|_| *says == Says::Answered)?;
        Some(name.as_str().to_owned())
    })
}

/// The status of the answer that a sentence is about: the one that it or what stands above it names,
/// else the only success that the operation has.
fn status(tables: &Tables, item: &Item<'_>, sentence: &str) -> Option<u16> {
    let may_have = |status: &u16| (200..300).contains(status) || is_redirect(*status);
    let own = first_success(sentence).or(item.status);
    if own.is_some() {
        return own.filter(may_have);
    }
    let rows = tables.statuses.iter().map(|row| row.status);
    let labels = tables.fields.iter().filter_map(|table| table.status);
    let mut known: Vec<u16> = rows.chain(labels).filter(may_have).collect();
    known.sort_unstable();
    known.dedup();
    match known.as_slice() {
        [status] => Some(*status),
        _ => None,
    }
}

fn table(name: String, status: u16, site: Site) -> FieldTable {
    FieldTable {
        role: Role::ResponseHeader,
        section: Section::Response,
        label: site.table.clone(),
        status: Some(status),
        number: None,
        name: None,
        anchors: Vec::new(),
        rows: vec![FieldRow {
            mandatory: Some(Said::Mandatory),
            ..FieldRow::bare(name, TypeName::String, site.clone())
        }],
        site,
        is_shared: false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn each_example_is_read() {
        for (text, pattern, _) in WORDINGS.examples() {
            assert!(pattern.is_match(text), "{text}");
            assert!(told(text).is_some(), "{text}");
        }
    }

    #[rstest]
    #[case("The Location header has its URL.", Some("Location"))]
    #[case("The Location header may have its URL.", None)]
    #[case("If it is new, the Location header has its URL.", None)]
    #[case("Follow the Location header to see it.", None)]
    #[case("Send the location in the X-Location header.", None)]
    fn a_sentence_tells_of_a_header(#[case] sentence: &str, #[case] expected: Option<&str>) {
        assert_eq!(told(sentence).as_deref(), expected);
    }
}
