//! What a page leaves open in its own tables, read from the page alone: references to tables that
//! are not there, types that are none, statuses that nothing is said of.

use std::collections::BTreeSet;

use super::finding::Findings;
use super::outline::{Item, ItemKind};
use super::rows::{self, FieldRow};
use super::statement::Site;
use super::together::{anchor, may_lead_to_object};
use crate::contract::{DocumentationKind, Facet, Level};
use crate::page::words::{Column, TypeName};
use crate::page::{Block, BlockKind, Cell, Link, Page, Table, Text, caption, plain};

/// How deep blocks are walked.
const DEPTH: usize = 16;

/// How many rows with a type there are for each without one, where types were lost.
const MOST_TYPED: usize = 3;

/// The longest text of a type cell that is taken for a type.
const LONGEST_TYPE: usize = 80;

/// The findings of an operation's items, which may refer to anything on their page.
pub(super) fn proofread(page: &Page, targets: &Targets, items: &[Item<'_>]) -> Findings {
    let mut reader = Reader {
        page,
        targets,
        found: Findings::default(),
    };
    for item in items {
        if let ItemKind::Table(table) = item.kind {
            reader.table(item, table);
        }
    }
    reader.found
}

/// What a reference can point to.
#[derive(Default)]
pub(super) struct Targets {
    numbers: BTreeSet<u32>,
    anchors: BTreeSet<String>,
    /// Whether the page marks anchors at all: in some formats they are lost.
    marks_anchors: bool,
}

impl Targets {
    /// What a page has.
    pub(super) fn of(page: &Page) -> Self {
        let mut targets = Self::default();
        targets.gather(&page.blocks, 0);
        targets
    }

    fn gather(&mut self, blocks: &[Block], depth: usize) {
        if depth > DEPTH {
            return;
        }
        for block in blocks {
            match &block.kind {
                BlockKind::Heading { text, .. } => {
                    self.text(text);
                    self.anchors.insert(slug(&text.plain));
                }
                BlockKind::Paragraph(text) => self.text(text),
                BlockKind::List(items) => {
                    for item in items {
                        self.gather(item, depth + 1);
                    }
                }
                BlockKind::Table(table) => {
                    if let Some(caption) = &table.caption {
                        self.text(caption);
                    }
                    self.mark(&table.anchors);
                    for cell in table.rows.iter().flat_map(|row| &row.cells) {
                        self.gather(&cell.blocks, depth + 1);
                    }
                }
                BlockKind::Code { .. } | BlockKind::Target { .. } | BlockKind::Unread(_) => {}
            }
        }
    }

    /// Whether a type is that of something which has a heading of its own: `Task`, `Task[]`.
    fn is_named(&self, spelled: &str) -> bool {
        let lower = spelled.to_lowercase();
        let lower = lower.trim_end_matches("[]");
        let name = ["array of ", "list of ", "arrays of ", "lists of "]
            .iter()
            .find_map(|head| lower.strip_prefix(head))
            .unwrap_or(lower);
        let name = slug(name);
        let of = |form: String| self.anchors.contains(&form);
        !name.is_empty()
            && (of(name.clone())
                || of(format!("{name}-object"))
                || of(format!("the-{name}-object")))
    }

    fn text(&mut self, text: &Text) {
        self.mark(&text.anchors);
        self.numbers.extend(caption::number(&text.plain));
    }

    fn mark(&mut self, anchors: &[String]) {
        self.marks_anchors |= !anchors.is_empty();
        self.anchors
            .extend(anchors.iter().map(|anchor| anchor.to_lowercase()));
    }
}

/// The anchor that Markdown gives a heading.
pub(super) fn slug(heading: &str) -> String {
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
            _ => None,
        })
        .collect()
}

struct Reader<'p> {
    page: &'p Page,
    targets: &'p Targets,
    found: Findings,
}

impl Reader<'_> {
    fn table(&mut self, item: &Item<'_>, table: &Table) {
        let columns = rows::columns(table);
        let site = Site {
            page: self.page.name.clone(),
            edition: self.page.edition.clone(),
            table: item
                .caption
                .map_or_else(|| item.heading.to_owned(), |caption| caption.plain.clone()),
            row: String::new(),
            line: item.line,
        };
        let column = |wanted: Column| columns.iter().position(|column| *column == Some(wanted));
        match (column(Column::Name), column(Column::Status)) {
            (Some(_), _) => {
                let mut typed = 0;
                let mut untyped = Vec::new();
                for row in &table.rows {
                    let Some(field) = rows::read(row, &columns, &site) else {
                        continue;
                    };
                    let texts: Vec<String> = [Column::Type, Column::Description, Column::Range]
                        .into_iter()
                        .filter_map(|wanted| row.cells.get(column(wanted)?))
                        .map(Cell::plain)
                        .collect();
                    let is_scalar = matches!(
                        field.kind,
                        Some(
                            TypeName::String
                                | TypeName::Integer
                                | TypeName::Int32
                                | TypeName::Long
                                | TypeName::Number
                                | TypeName::Float
                                | TypeName::Double
                                | TypeName::Boolean
                        )
                    );
                    // What says more of a plain value may stand on another page.
                    let links: &[Link] = if is_scalar { &[] } else { &field.links };
                    self.references(&field.name, &texts.join(" "), links, &field.site);
                    let kind = column(Column::Type).and_then(|place| row.cells.get(place));
                    if let Some(kind) = kind.filter(|_| !is_scalar) {
                        self.elsewhere(&field.name, kind, &field.site);
                    }
                    let spelled = kind.map(Cell::plain).unwrap_or_default();
                    typed += usize::from(field.kind.is_some());
                    if field.kind.is_none() {
                        self.unknown_type(&field.name, spelled.trim(), &field.site);
                        untyped.extend(spelled.trim().is_empty().then_some(field));
                    }
                }
                // Lists of fields give types where they like; a column has one in each row.
                let is_column = column(Column::Type).is_some() && table.subject.is_none();
                if is_column && typed >= MOST_TYPED * untyped.len() {
                    self.lost_types(&untyped);
                }
            }
            (None, Some(status)) => self.statuses(table, status, &site),
            (None, None) => {}
        }
    }

    /// References to tables of this page.
    fn references(&mut self, name: &str, text: &str, links: &[Link], site: &Site) {
        // In some formats captions are lost altogether.
        let missing: BTreeSet<u32> = caption::references(text)
            .filter(|reference| reference.is_sure && !self.targets.numbers.is_empty())
            .map(|reference| reference.number)
            .filter(|number| !self.targets.numbers.contains(number))
            .collect();
        for number in &missing {
            self.found.add(
                DocumentationKind::LinkToMissingTable,
                format!("`{name}` refers to table {number}, which the page does not have"),
                vec![site.fact(Facet::Type, Level::Must)],
            );
        }
        for link in links {
            let Some(anchor) = link.target.strip_prefix('#') else {
                continue;
            };
            let named = caption::number(&link.text);
            // What leads to another page that is read together was looked up there.
            let there = anchor.contains('#')
                || self.targets.anchors.contains(&anchor.to_lowercase())
                || named.is_some_and(|number| {
                    self.targets.numbers.contains(&number) || missing.contains(&number)
                });
            if !there && self.targets.marks_anchors && !anchor.is_empty() {
                self.found.add(
                    DocumentationKind::LinkToMissingTable,
                    format!("`{name}` links to `#{anchor}`, which the page does not have"),
                    vec![site.fact(Facet::Type, Level::Must)],
                );
            }
        }
    }

    /// The object of a row that its type leads to on a page which is not given.
    fn elsewhere(&mut self, name: &str, kind: &Cell, site: &Site) {
        let texts = kind.blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Paragraph(text) => Some(text),
            _ => None,
        });
        for link in texts.flat_map(|text| &text.links) {
            if !link.target.starts_with('#')
                && may_lead_to_object(link)
                && !self.targets.anchors.contains(&anchor(link).to_lowercase())
            {
                self.found.add(
                    DocumentationKind::ObjectNotFound,
                    format!(
                        "`{name}` is described at `{}`, which no page given has",
                        link.target
                    ),
                    vec![site.fact(Facet::Type, Level::Must)],
                );
            }
        }
    }

    fn unknown_type(&mut self, name: &str, spelled: &str, site: &Site) {
        let silent = spelled.is_empty()
            || !spelled.chars().any(char::is_alphanumeric)
            || ["n/a", "none", "不涉及", "无"].contains(&spelled.to_lowercase().as_str())
            || self.targets.is_named(spelled);
        if silent || spelled.chars().count() > LONGEST_TYPE {
            return;
        }
        self.found.add(
            DocumentationKind::UnknownType,
            format!("`{name}`: `{spelled}` is no type"),
            vec![site.fact(Facet::Type, Level::Must)],
        );
    }

    /// Rows without a type in a table whose other rows have one: in a merged cell above, perhaps,
    /// that a tool did not repeat.
    fn lost_types(&mut self, rows: &[FieldRow]) {
        for row in rows {
            self.found.add(
                DocumentationKind::TypeLost,
                format!("`{}`: no type is given, as for other fields", row.name),
                vec![row.site.fact(Facet::Type, Level::Should)],
            );
        }
    }

    /// Statuses of which the table says nothing.
    fn statuses(&mut self, table: &Table, column: usize, site: &Site) {
        for row in &table.rows {
            let status = row.cells.get(column).map(Cell::plain).unwrap_or_default();
            let status = status.trim();
            let digits = status.chars().take_while(char::is_ascii_digit).count();
            if digits != 3 {
                continue;
            }
            let rest = status.get(digits..).unwrap_or_default();
            let said = row
                .cells
                .iter()
                .enumerate()
                .filter(|(place, _)| *place != column)
                .map(|(_, cell)| plain(&cell.blocks))
                .chain([rest.to_owned()])
                .any(|text| text.chars().any(char::is_alphanumeric));
            if !said {
                let head = status.get(..digits).unwrap_or_default();
                self.found.add(
                    DocumentationKind::StatusWithoutDescription,
                    format!("nothing is said of status {head}"),
                    vec![site.at(head, row.line).fact(Facet::Status, Level::Must)],
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::outline::{flatten, outline};
    use super::*;
    use rstest::rstest;

    fn found(rows: &str) -> Vec<String> {
        let text = format!(
            "# T\n\n## URI\n\nGET /v1/x\n\nTable 1 Query parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n{rows}\n\n## Status codes\n\n| Status code | Description |\n|---|---|\n| 200 | Fine. |\n"
        );
        let page = crate::page::read("p.md", &text).unwrap();
        proofread(
            &page,
            &Targets::of(&page),
            &outline(&flatten(&page.blocks), &[]),
        )
        .of("Op")
        .map(|finding| format!("{} {}", finding.kind, finding.rows[0].line()))
        .collect()
    }

    #[rstest]
    #[case("| a | No | Strng | x |", &["unknown-type 11"])]
    #[case("| a | No | String | x |", &[])]
    #[case("| a | No | - | x |", &[])]
    #[case("| a | No | | x |", &[])]
    #[case("| a | No | String | x |\n| b | No | Long | x |\n| c | No | Long | x |\n| d | No | | x |", &["type-lost 14"])]
    #[case("| a | No | String | x |\n| b | No | | x |", &[])]
    #[case("| a | No | Object | For details, see Table 4. |", &["link-to-missing-table 11"])]
    #[case("| a | No | Object | For details, see Table 1. |", &[])]
    #[case("| a | No | String | The table 7 of a database. |", &[])]
    #[case("| a | No | Object | See [Table 9](#nine). |", &["link-to-missing-table 11"])]
    #[case("| a | No | String | <a id=\"a\"></a>See [how to get it](#nine). |", &[])]
    fn a_row_is_proofread(#[case] row: &str, #[case] expected: &[&str]) {
        assert_eq!(found(row), expected);
    }

    #[test]
    fn a_status_needs_a_description() {
        let page = crate::page::read(
            "p.md",
            "# T\n\n## URI\n\nGET /v1/x\n\n## Status codes\n\n| Status code | Description |\n|---|---|\n| 200 | Fine. |\n| 404 | |\n| 500 Broken | |\n",
        )
        .unwrap();
        let found = proofread(
            &page,
            &Targets::of(&page),
            &outline(&flatten(&page.blocks), &[]),
        );
        let found: Vec<_> = found.of("Op").collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].rows[0].row(), "404");
        assert_eq!(found[0].rows[0].line(), 12);
    }
}
