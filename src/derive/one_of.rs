//! Fields that a column or a heading calls mandatory, and of which a sentence says that a request
//! has one of them: `One of a or b is required`, `either this or the b attribute, but not both`.
//! None of them must be there by itself.

use serde::Deserialize;

use super::mandatory::Said;
use super::outline::{Item, ItemKind};
use super::section::Section;
use super::sentences::sentences;
use super::tables::{FieldTable, Role, Tables};
use crate::vocabulary::{Topic, Wordings};

/// Of what a sentence says that one of several is there, or not all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Choice {
    /// Of the names in it.
    Named,
    /// Of the field that it is said of, and others.
    This,
}

pattern! {
    /// Every wording, and of what it speaks.
    static WORDINGS: Wordings<Vec<Choice>> = Wordings::of(Topic::Choice);

    static NAME = r"`(?P<name>[^`\s]{1,80})`";
}

/// Takes what is said to be mandatory of such fields for conditional.
pub(super) fn loosen(tables: &mut Tables, items: &[Item<'_>]) {
    let is_request = |table: &FieldTable| {
        !matches!(table.role, Role::ResponseBody | Role::ResponseHeader)
            && !matches!(table.section, Section::Response | Section::AbnormalResponse)
    };
    if !tables
        .fields
        .iter()
        .any(|table| is_request(table) && demands(table))
    {
        return;
    }
    let told = items.iter().filter_map(|item| match item.kind {
        ItemKind::Paragraph(text) if text.codes.len() > 1 => Some(text.ticked()),
        _ => None,
    });
    let choices: Vec<Vec<String>> = told
        .flat_map(|text| sentences(&text))
        .filter(|sentence| speaks_of(Choice::Named, sentence))
        .map(|sentence| names(&sentence))
        .collect();
    for table in tables.fields.iter_mut().filter(|table| is_request(table)) {
        let known: Vec<String> = table.rows.iter().map(|row| row.name.clone()).collect();
        let mut open: Vec<String> = Vec::new();
        for choice in &choices {
            if choice.len() > 1 && choice.iter().all(|name| known.contains(name)) {
                open.extend(choice.iter().cloned());
            }
        }
        for row in &table.rows {
            let all = sentences(&row.text);
            let others = all
                .iter()
                .filter(|own| speaks_of(Choice::This, own))
                .flat_map(|own| {
                    let named = known.iter().filter(|name| **name != row.name);
                    named.filter(|name| mentions(own, name)).cloned()
                });
            let others: Vec<String> = others.collect();
            if !others.is_empty() {
                open.push(row.name.clone());
                open.extend(others);
            }
        }
        for row in &mut table.rows {
            if open.contains(&row.name) {
                row.mandatory = row.mandatory.map(|said| match said {
                    Said::Mandatory => Said::Conditional,
                    other => other,
                });
                row.implied = row.implied.filter(|said| *said != Said::Mandatory);
            }
        }
    }
}

/// Whether a sentence says it in words for one or the other.
fn speaks_of(choice: Choice, sentence: &str) -> bool {
    let mut found = WORDINGS.in_text(sentence);
    found.any(|(_, of)| of.contains(&choice))
}

/// Whether fields of a table are said to be mandatory.
fn demands(table: &FieldTable) -> bool {
    let mut rows = table.rows.iter();
    rows.any(|row| [row.mandatory, row.implied].contains(&Some(Said::Mandatory)))
}

/// The names in code marks of a sentence.
fn names(sentence: &str) -> Vec<String> {
    let found = NAME.captures_iter(sentence);
    found.map(|captures| captures["name"].to_owned()).collect()
}

/// Whether a sentence has a name as a word.
fn mentions(sentence: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.len() > 1
        && sentence
            .split(|c| !is_part(c))
            .any(|word| word.trim_matches('.') == name)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn each_wording_reads_its_examples() {
        for (example, pattern, of) in WORDINGS.examples() {
            assert!(pattern.is_match(example), "{example}");
            for choice in of {
                assert!(speaks_of(*choice, example), "{example}");
            }
        }
    }

    #[rstest]
    #[case("Any of `a` and `b` will do.", true, false)]
    #[case("Either this or the `b` attribute.", false, true)]
    #[case("Set `a` or `b`, not both.", true, true)]
    #[case("`a` and `b` are both required.", false, false)]
    fn sentences_speak_of_names_or_of_the_field(
        #[case] sentence: &str,
        #[case] named: bool,
        #[case] this: bool,
    ) {
        assert_eq!(speaks_of(Choice::Named, sentence), named);
        assert_eq!(speaks_of(Choice::This, sentence), this);
    }
}
