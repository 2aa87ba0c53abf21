//! Parameters and fields that sentences speak of and that nothing on the page describes: ``It takes
//! one parameter, `folder`.`` They are not read, which is told.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::finding::Finding;
use super::outline::{Item, ItemKind};
use super::section::Section;
use super::sentences::sentences;
use super::statement::Site;
use super::tables::Tables;
use crate::contract::DocumentationKind;
use crate::vocabulary::Phrase;

phrases! {
    ToldNames:

    /// A name in code marks that a sentence calls a parameter; its group `name` or `other` has it.
    static PARAMETER;

    /// Names in code marks that a sentence says are needed; its group `names` has them.
    static LISTED;

    /// A name in code marks with its type in brackets behind it; its group `name` has it.
    static TYPED;

    /// Words by which a sentence speaks of a parameter that is not there.
    static GONE;
}

/// How many names are told of.
const MOST: usize = 20;

/// What is told of parameters in sentences that no row has, and that are none of `known`.
pub(super) fn unread(
    items: &[Item<'_>],
    tables: &Tables,
    known: &BTreeSet<String>,
    page: &Site,
) -> Vec<Finding> {
    let rows: BTreeSet<&str> = tables
        .fields
        .iter()
        .flat_map(|table| &table.rows)
        .flat_map(|row| row.name.split(['.', '[']))
        .collect();
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for item in items {
        let ItemKind::Paragraph(text) = item.kind else {
            continue;
        };
        if text.codes.is_empty() {
            continue;
        }
        let is_of_answer = matches!(
            item.section,
            Section::Response | Section::ResponseExample | Section::AbnormalResponse
        );
        let parameter = DocumentationKind::ParameterWithoutRow;
        let field = DocumentationKind::RowNotRead;
        let wordings: [(&LazyLock<Phrase>, &str, DocumentationKind, bool); 3] = [
            (&PARAMETER, "the parameter", parameter, !is_of_answer),
            (&LISTED, "the parameter", parameter, !is_of_answer),
            (&TYPED, "the field", field, true),
        ];
        for sentence in sentences(&text.ticked()) {
            if GONE.is_match(&sentence) {
                continue;
            }
            for (wording, noun, kind, _) in wordings.iter().filter(|(.., may_be)| *may_be) {
                for name in names(wording, &sentence) {
                    if rows.contains(name) || known.contains(name) || told.len() >= MOST {
                        continue;
                    }
                    if told.insert(name.to_owned()) {
                        let site = Site {
                            table: item.heading.to_owned(),
                            ..page.at(name, item.line)
                        };
                        let message = format!(
                            "a sentence speaks of {noun} `{name}`, which no table or list describes"
                        );
                        found.push(Finding::left_out(*kind, message, &site));
                    }
                }
            }
        }
    }
    found
}

/// The names that a wording finds in a sentence.
fn names<'t>(wording: &Phrase, sentence: &'t str) -> Vec<&'t str> {
    let mut found = Vec::new();
    let mut rest = sentence;
    while let Some(captures) = wording.captures(rest) {
        let name = captures.name("name").or_else(|| captures.name("other"));
        found.extend(name.map(|name| name.as_str()));
        // Of several, each stands between two marks.
        let several = captures.name("names").map_or("", |names| names.as_str());
        found.extend(several.split('`').skip(1).step_by(2));
        let end = captures.get(0).map_or(rest.len(), |whole| whole.end());
        rest = rest.get(end..).unwrap_or_default();
    }
    found
}
