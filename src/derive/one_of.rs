//! Fields that a column or a heading calls mandatory, and of which a sentence says that a request
//! has one of them: `One of a or b is required`, `either this or the b attribute, but not both`.
//! None of them must be there by itself.

use super::mandatory::Said;
use super::outline::{Item, ItemKind};
use super::section::Section;
use super::sentences::sentences;
use super::tables::{FieldTable, Role, Tables};

pattern! {
    /// Words by which one of several is there, or not all of them.
    static CHOICE = r"(?i)\b(?:one|either|any)\s+of\b|\beither\s+(?:the\s+)?`|\bnot\s+both\b|\bmutually\s+exclusive\b|\bnot\s+(?:\w+\s+){0,5}at\s+the\s+same\s+time\b|\binstead\s+of\b|二选一|任选其一|其中一个|不能同时|互斥";

    /// The same in the words of a field about itself.
    static OF_THIS = r"(?i)\beither\s+(?:this|it)\b|\b(?:this|it)(?:\s+(?:field|parameter|attribute))?\s+or\b|\bnot\s+both\b|\bmutually\s+exclusive\b|\binstead\s+of\b|\b(?:one|either)\s+of\b|二选一|任选其一|其中一个|不能同时|互斥";

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
        .filter(|sentence| CHOICE.is_match(sentence))
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
                .filter(|own| OF_THIS.is_match(own))
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
