//! Types that are lists of values: a link in the cell of the type, or a name there, leads to a
//! heading below which the page lists what each value means.

use std::collections::{BTreeMap, BTreeSet};

use super::proofread::slug;
use super::rows::FieldRow;
use super::statement::{Constraint, Stand};
use super::tables::Tables;
use crate::page::words::{self, Column, TypeName};
use crate::page::{Block, BlockKind, Table};

phrases! {
    Listed:

    /// The header of a column of values.
    static VALUES;
}

pattern! {
    /// Words before the name of an enumeration.
    static ENUMERATION = r"(?i)^(?:string\s+)?enum(?:eration)?\s+(?:of\s+)?|\s+enum(?:eration)?$";
}

/// The most values of a list.
const MOST: usize = 200;

/// The lists of values on a page: by the anchor and by the words of the heading above each.
#[derive(Debug, Default)]
pub(super) struct Lists {
    by_key: BTreeMap<String, (usize, Vec<String>)>,
}

impl Lists {
    /// Those of a page's blocks.
    pub(super) fn of(flat: &[&Block]) -> Self {
        let mut lists = Self::default();
        let mut keys: Vec<String> = Vec::new();
        for block in flat {
            match &block.kind {
                BlockKind::Heading { text, .. } => {
                    keys = vec![text.plain.trim().to_lowercase(), slug(&text.plain)];
                    keys.extend(text.anchors.iter().map(|own| own.to_lowercase()));
                }
                BlockKind::Table(table) => lists.add(&mut keys, block.line, of_table(table)),
                BlockKind::List(items) => lists.add(&mut keys, block.line, of_items(items)),
                _ => {}
            }
        }
        lists
    }

    /// Adds what stands first below a heading, if it is a list of values.
    fn add(&mut self, keys: &mut Vec<String>, line: usize, values: Option<Vec<String>>) {
        let keys = std::mem::take(keys);
        let Some(values) = values.filter(|own| (1..=MOST).contains(&own.len())) else {
            return;
        };
        for key in keys.into_iter().filter(|key| !key.is_empty()) {
            self.by_key
                .entry(key)
                .or_insert_with(|| (line, values.clone()));
        }
    }

    /// Gives the rows whose types lead to lists the values of these; the lines of both.
    pub(super) fn give(&self, tables: &mut Tables) -> BTreeSet<usize> {
        let mut used = BTreeSet::new();
        if self.by_key.is_empty() {
            return used;
        }
        for row in tables.fields.iter_mut().flat_map(|table| &mut table.rows) {
            if let Some((line, values)) = self.of_row(row) {
                used.extend([*line, row.site.line]);
                take(row, values.clone());
            }
        }
        used
    }

    fn of_row(&self, row: &FieldRow) -> Option<&(usize, Vec<String>)> {
        let named = match &row.kind {
            Some(TypeName::Object(Some(name))) => name.clone(),
            Some(TypeName::Array(item)) => match item.as_ref() {
                TypeName::Object(Some(name)) => name.clone(),
                TypeName::Any => row.unknown_type.clone()?,
                _ => return None,
            },
            None => row.unknown_type.clone()?,
            Some(_) => return None,
        };
        let bare = ENUMERATION.replace_all(named.trim(), "");
        let bare = bare.trim().trim_end_matches("[]").to_lowercase();
        let is_own = |text: &str| {
            let text = text.trim().to_lowercase();
            // The name of an object has no blanks.
            let is_joined = text.replace(' ', "") == bare;
            !text.is_empty() && (is_joined || bare.contains(&text))
        };
        let link = row.links.iter().find(|link| is_own(&link.text));
        let anchor = link.and_then(|link| link.target.rsplit('#').next());
        let anchored = anchor.and_then(|anchor| self.by_key.get(&anchor.to_lowercase()));
        anchored.or_else(|| self.by_key.get(&bare))
    }
}

/// Makes a row's values those of a list.
fn take(row: &mut FieldRow, values: Vec<String>) {
    let is_number = values.iter().all(|value| value.parse::<i64>().is_ok());
    let kind = if is_number {
        TypeName::Integer
    } else {
        TypeName::String
    };
    row.unknown_type = None;
    row.links.clear();
    if matches!(row.kind, Some(TypeName::Array(_))) {
        row.kind = Some(TypeName::Array(Box::new(kind)));
        let values = Constraint::Enum(values, Stand::Heading);
        row.details.of_items.push(values);
    } else {
        row.kind = Some(kind);
        row.literals = values;
    }
}

/// The values of a table that lists these and what each means.
fn of_table(table: &Table) -> Option<Vec<String>> {
    let first = table.header.first()?;
    let mut columns = table.header.iter().map(|header| words::header(header));
    let tells_of_fields = columns.any(|column| {
        matches!(
            column,
            Some(Column::Type | Column::Mandatory | Column::Location | Column::Status)
        )
    });
    if tells_of_fields || !VALUES.is_match(first) || table.rows.is_empty() {
        return None;
    }
    let values = table.rows.iter().map(|row| {
        let cell = row.cells.first()?.plain();
        value(&cell)
    });
    values.collect()
}

/// The values of bullets, each a value in code marks and what it means.
fn of_items(items: &[Vec<Block>]) -> Option<Vec<String>> {
    let values: Option<Vec<String>> = items
        .iter()
        .map(|item| {
            let BlockKind::Paragraph(text) = &item.first()?.kind else {
                return None;
            };
            let code = text.codes.first().filter(|code| code.start == 0)?;
            let (own, rest) = text.plain.split_at_checked(code.end)?;
            let is_told = rest.trim().is_empty()
                || rest
                    .trim_start()
                    .starts_with([':', '：', '-', '–', '—', '=']);
            let meaning = rest.trim_matches([':', '：', '-', '–', '—', '=', ' ']);
            let first = meaning.split([',', '.', ' ', '(', ';']).next();
            let is_typed = first.is_some_and(|word| words::parse_type(word).is_some());
            value(own).filter(|_| is_told && !is_typed)
        })
        .collect();
    values.filter(|values| values.len() > 1)
}

/// A value: one word.
fn value(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['`', '"', '\'']);
    let is_value = !text.is_empty() && text.len() <= 80 && !text.contains(char::is_whitespace);
    is_value.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::outline::flatten;
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "| Value | Description |\n|---|---|\n| a | A. |\n| b | B. |\n",
        Some("a b")
    )]
    #[case("| 值 | 说明 |\n|---|---|\n| 1 | 一 |\n| 2 | 二 |\n", Some("1 2"))]
    #[case("- `on`: On\n- `off`: Off\n", Some("on off"))]
    #[case("- `id`: string\n- `name`: string, the name\n", None)]
    #[case("| Value | Type |\n|---|---|\n| a | string |\n", None)]
    #[case("| Value | Description |\n|---|---|\n| two words | A. |\n", None)]
    #[case("- `on`\n- anything else\n", None)]
    fn what_stands_below_a_heading_is_a_list(#[case] below: &str, #[case] expected: Option<&str>) {
        let page = crate::page::read("p.md", &format!("# T\n\n## A kind\n\n{below}")).unwrap();
        let lists = Lists::of(&flatten(&page.blocks));
        let values = |key: &str| lists.by_key.get(key).map(|(_, values)| values.join(" "));
        assert_eq!(values("a kind").as_deref(), expected);
        assert_eq!(values("a-kind").as_deref(), expected);
    }
}
