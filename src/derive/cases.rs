//! Fields of one body that stand in several tables, each below a heading that names its case: `When
//! the kind is http`. A request has the fields of one case, so that none of only some must be there.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::mandatory::Said;
use super::outline::{Item, ItemKind};
use super::proofread::slug;
use super::section::Section;
use super::tables::{FieldTable, Role, Tables};
use crate::vocabulary::{Topic, Wordings};

/// What a heading says of the fields below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Case {
    /// They are those of one case.
    OneOfSeveral,
}

pattern! {
    /// Headings that name a case.
    static HEADINGS: Wordings<Case> = Wordings::of(Topic::Cases);
}

/// The table below a heading that names a case.
struct Found<'p> {
    line: usize,
    /// The label that the heading stands under.
    label: &'p str,
    section: Section,
}

/// Takes the tables of cases for those of what their label is of, and what is said to be mandatory
/// in only some of them for conditional.
pub(super) fn read(tables: &mut Tables, items: &[Item<'_>]) {
    let found = found(tables, items);
    let labels: Vec<(&str, Section)> = found.iter().map(|own| (own.label, own.section)).collect();
    let mut known: Vec<(&str, Section)> = Vec::new();
    for (label, section) in labels {
        if known.contains(&(label, section)) {
            continue;
        }
        known.push((label, section));
        let lines: Vec<usize> = found
            .iter()
            .filter(|own| own.label == label && own.section == section)
            .map(|own| own.line)
            .collect();
        let of_label = |table: &&FieldTable| table.label == label && table.section == section;
        let role = tables.fields.iter().filter(of_label);
        let Some(role) = role
            .map(|table| table.role)
            .find(|role| *role != Role::Object)
        else {
            continue;
        };
        let is_case = |table: &FieldTable| {
            lines.contains(&table.site.line)
                && (table.role == role || table.role == Role::Object && table.name.is_none())
        };
        let demanded = |table: &FieldTable| -> BTreeSet<String> {
            let rows = table.rows.iter();
            rows.filter(|row| row.mandatory == Some(Said::Mandatory))
                .map(|row| row.name.clone())
                .collect()
        };
        let of_cases = tables.fields.iter().filter(|table| is_case(table));
        let in_all = match lines.as_slice() {
            [_] => BTreeSet::new(),
            _ => (of_cases.map(demanded).reduce(|all, other| &all & &other)).unwrap_or_default(),
        };
        for table in tables.fields.iter_mut().filter(|table| is_case(table)) {
            table.role = role;
            for row in &mut table.rows {
                if !in_all.contains(&row.name) && row.mandatory != Some(Said::Optional) {
                    row.mandatory = Some(Said::Conditional);
                }
            }
        }
    }
}

/// The first table below each heading that names a case, unless a row refers to it by its heading.
fn found<'p>(tables: &Tables, items: &[Item<'p>]) -> Vec<Found<'p>> {
    let links = tables.fields.iter().flat_map(|table| &table.rows);
    let links: BTreeSet<&str> = links
        .flat_map(|row| &row.links)
        .filter_map(|link| link.target.split_once('#'))
        .map(|(_, anchor)| anchor)
        .collect();
    let mut is_below = false;
    let mut found = Vec::new();
    for item in items {
        match item.kind {
            ItemKind::Heading(text) => {
                is_below = HEADINGS.in_text(&text.plain).next().is_some()
                    && item.heading != text.plain
                    && !links.contains(slug(&text.plain).as_str());
            }
            ItemKind::Table(_) if std::mem::take(&mut is_below) && item.caption.is_none() => {
                found.push(Found {
                    line: item.line,
                    label: item.heading,
                    section: item.section,
                });
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn each_wording_reads_its_examples() {
        for (example, pattern, _) in HEADINGS.examples() {
            assert!(pattern.is_match(example), "{example}");
        }
    }

    #[rstest]
    #[case("When Manager is Vault", true)]
    #[case("If `kind` is `http`", true)]
    #[case("Fields for the kind http", true)]
    #[case("Case 2: a file", true)]
    #[case("当类型为 http 时", true)]
    #[case("Whenever", false)]
    #[case("Forwarding rules", false)]
    #[case("Format", false)]
    #[case("Address", false)]
    #[case("Options", false)]
    #[case("If-Match", false)]
    #[case("Example for a list", false)]
    fn headings_name_cases(#[case] heading: &str, #[case] expected: bool) {
        assert_eq!(HEADINGS.in_text(heading).next().is_some(), expected);
    }
}
