//! What a page documents in a way that is not understood: tables without a known header, captions
//! that no table follows, rows without a name. Each becomes a documentation finding and a *prose*
//! fact, so that nothing documented is silently left out.

use std::collections::BTreeSet;

use super::description::is_silence;
use super::finding::Finding;
use super::labels::label;
use super::mandatory::{self, Signs};
use super::outline::{Item, ItemKind, is_caption};
use super::rows;
use super::section::{Section, section_of};
use super::statement::Site;
use super::tables::{leading_status, number_of, status_of_row};
use super::target;
use crate::contract::{DocumentationKind, Facet, Fact, Level};
use crate::page::words::{self, Column, column};
use crate::page::{Block, BlockKind, Cell, Page, Row, Subject, Table, Unread, plain};

/// The columns that would have been understood, for a person who mends the page.
const EXPECTED: &str = "expected a header such as `Parameter | Mandatory | Type | Description`";

/// The longest line that may be the header of a table that was lost.
const LONGEST_HEADER: usize = 200;

phrases! {
    Unread:

    /// Headings that promise a table.
    static PROMISE;

    /// What a section without a table may say instead.
    static SILENCE;

    /// Words that say of names that they are no fields.
    static OTHER_NAMES;
}

pattern! {
    /// The beginning of an example.
    static SHOWN = r"(?i)^\s*(?:[{\[<]|\S+://|https?/|curl\b|(?:get|post|put|delete|patch|head)\s)";

    /// The line of a grid that could not be read as one.
    static GRID = r"(?m)^\s*(?:\+[-=]{3,}\+|={3,}(?: +={3,})+\s*$)";
}

/// What is not understood of a page.
pub(super) fn unread(page: &Page, items: &[Item<'_>]) -> Vec<Finding> {
    let mut reader = Reader {
        page,
        items,
        numbers: items
            .iter()
            .filter(|item| matches!(item.kind, ItemKind::Table(_)))
            .filter_map(|item| number_of(&item.caption?.plain))
            .collect(),
        found: Vec::new(),
    };
    for (index, item) in items.iter().enumerate() {
        if let ItemKind::Table(table) = item.kind {
            reader.table(item, table);
        } else if let ItemKind::Unread(unread) = item.kind {
            reader.markup(item, unread);
        } else {
            reader.caption(index, item);
            reader.lost(index, item);
            if let ItemKind::List(bullets) = item.kind {
                reader.names(index, item, bullets);
            }
        }
    }
    reader.promises();
    reader.found
}

/// Whether a section is one whose tables describe requests and answers.
fn is_described(section: Section) -> bool {
    matches!(
        section,
        Section::Uri
            | Section::Request
            | Section::Response
            | Section::AbnormalResponse
            | Section::StatusCodes
    )
}

/// The name in code marks that a bullet begins with, where a sign parts it from what is said of it.
fn named_in_code(item: &[Block]) -> Option<&str> {
    let BlockKind::Paragraph(text) = &item.first()?.kind else {
        return None;
    };
    // A term of a list of definitions is a name alone.
    if !text.plain.is_empty() && text.marked == text.plain.len() && item.len() > 1 {
        return (!text.plain.contains(' ')).then_some(text.plain.as_str());
    }
    let code = text.codes.first().filter(|code| code.start == 0)?;
    let (name, rest) = text.plain.split_at_checked(code.end)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']');
    let is_told = rest.trim_start().starts_with([':', '：', '-', '–', '—']);
    (is_told && !name.is_empty() && name.chars().all(is_name)).then_some(name)
}

/// Whether all bullets begin with code, and most with a name in it that they tell of: `` `from`,
/// `to` - dates ``.
fn most_are_named(bullets: &[Vec<Block>]) -> bool {
    let begins = |item: &Vec<Block>| match item.first().map(|block| &block.kind) {
        Some(BlockKind::Paragraph(text)) => {
            text.codes.first().is_some_and(|code| code.start == 0) && text.marked > 0
        }
        _ => false,
    };
    let named = bullets
        .iter()
        .filter(|item| named_in_code(item).is_some())
        .count();
    bullets.len() > 1 && 2 * named >= bullets.len() && bullets.iter().all(begins)
}

struct Reader<'p> {
    page: &'p Page,
    items: &'p [Item<'p>],
    /// The numbers of the tables that were read.
    numbers: BTreeSet<u32>,
    found: Vec<Finding>,
}

impl Reader<'_> {
    fn site(&self, item: &Item<'_>) -> Site {
        Site {
            page: self.page.name.clone(),
            edition: self.page.edition.clone(),
            table: item
                .caption
                .map_or_else(|| item.heading.to_owned(), |caption| caption.plain.clone()),
            row: String::new(),
            line: item.line,
        }
    }

    fn find(&mut self, kind: DocumentationKind, message: String, site: Site) {
        self.found.push(Finding::left_out(kind, message, &site));
    }

    /// A table whose header says nothing that is known, or that has no rows; and the rows of one
    /// that cannot be read.
    fn table(&mut self, item: &Item<'_>, table: &Table) {
        // Its rows are methods and paths, which were read as such.
        if !target::of_table(table, "").is_empty() {
            return;
        }
        let columns = rows::columns(table);
        let has = |wanted: Column| columns.contains(&Some(wanted));
        let site = self.site(item);
        let header = table.header.join(" | ");
        if has(Column::ErrorCode) && !has(Column::Type) {
            let site = site.at(&header, item.line);
            let message = format!(
                "{}: {} error codes are listed; which request brings each about is not told, and none is tried",
                named(&site),
                table.rows.len()
            );
            self.find(DocumentationKind::ErrorCodesNotTried, message, site);
        } else if has(Column::Name) || has(Column::Status) {
            if table.rows.is_empty() {
                let site = site.at(&header, item.line);
                let message = format!(
                    "{}: the table has a header and no rows, or its rows cannot be told apart",
                    named(&site)
                );
                self.find(DocumentationKind::TableNotRead, message, site);
            }
            for row in &table.rows {
                let is_read = if has(Column::Name) {
                    rows::says_nothing(row, &columns, table.rows.len())
                        || rows::read(row, &columns, &site).is_some()
                } else {
                    has_status(row, &columns)
                };
                self.row(row, is_read, &site, has(Column::Name));
            }
            self.requiredness(table, &columns, &site);
            if has(Column::Name) {
                self.columns(table, &columns, &site);
            }
        } else {
            let site = site.at(&header, item.line);
            let kind = if is_described(item.section) {
                DocumentationKind::TableNotRead
            } else {
                DocumentationKind::TableOfOtherThings
            };
            let message = format!(
                "{}: the header `{header}` is not understood, and {} rows are not read; {EXPECTED}",
                named(&site),
                table.rows.len()
            );
            self.find(kind, message, site);
        }
    }

    /// What the markup names and does not give.
    fn markup(&mut self, item: &Item<'_>, unread: &Unread) {
        let (kind, message) = match unread {
            Unread::File(name) => (
                DocumentationKind::FileNotRead,
                format!(
                    "`{name}` does not lie beside the page, or cannot be read: what it describes \
                     is missing"
                ),
            ),
            Unread::Entry(name, file) => (
                DocumentationKind::EntryNotDescribed,
                format!("`{name}` is not described in `{file}`: only its name is read"),
            ),
            Unread::Field(entry) => (
                DocumentationKind::FieldListNotRead,
                format!("`{entry}` is not read: it does not name one field of one side"),
            ),
            Unread::Side(entry, read_as) => {
                let side = match read_as {
                    Subject::Response => "the answer",
                    Subject::Request | Subject::Inner => "the request",
                };
                let message = format!(
                    "`{entry}`: what `<` and `>` mean changed with version 2.1 of httpdomain, and \
                     nothing on the page decides; read as a field of {side}"
                );
                let site = self.site(item).at(entry, item.line);
                self.found.push(Finding {
                    kind: DocumentationKind::SideUncertain,
                    message,
                    rows: vec![site.fact(Facet::Body, Level::Should)],
                });
                return;
            }
        };
        let (Unread::File(row) | Unread::Entry(row, _) | Unread::Field(row) | Unread::Side(row, _)) =
            unread;
        let site = self.site(item).at(row, item.line);
        self.find(kind, message, site);
    }

    /// A list whose bullets each begin with a name in code marks and tell of it, where the words
    /// before it do not say of what they are names.
    fn names(&mut self, index: usize, item: &Item<'_>, bullets: &[Vec<Block>]) {
        let is_of_operation = matches!(
            item.section,
            Section::Operation | Section::Request | Section::Uri | Section::Response
        );
        let before = index.checked_sub(1).and_then(|at| self.items.get(at));
        let is_else = before.is_some_and(|before| {
            // A method or a path may be a bullet below its label.
            OTHER_NAMES.is_match(&before.text()) || target::titles_half(&before.text())
        });
        let names: Option<Vec<&str>> = bullets.iter().map(|item| named_in_code(item)).collect();
        let is_named = names.is_some_and(|names| names.len() > 1) || most_are_named(bullets);
        // Statuses are read as such.
        let is_of_statuses = bullets
            .iter()
            .all(|item| leading_status(&plain(item)).is_some());
        // A list right below a label of fields has them, however it is written.
        let is_labelled = before.is_some_and(|before| {
            let is_label = matches!(before.kind, ItemKind::Heading(_) | ItemKind::Paragraph(_));
            is_label && label(&before.text()).is_some()
        });
        if !is_of_operation || is_else || is_of_statuses || !(is_named || is_labelled) {
            return;
        }
        let first: String = bullets
            .first()
            .map(|item| plain(item).chars().take(40).collect())
            .unwrap_or_default();
        let site = self.site(item).at(&first, item.line);
        let message = format!(
            "{}: the list that begins with `{first}` is not read as fields: expected bullets such as \
             `` - `name` (string, required): text ``, below a label such as `Body:`",
            named(&site)
        );
        self.find(DocumentationKind::TableWithoutPlace, message, site);
    }

    /// The columns of a table of fields whose headers are not known: what their cells say is lost.
    fn columns(&mut self, table: &Table, columns: &[Option<Column>], site: &Site) {
        let says = |at: usize| {
            let mut cells = table.rows.iter().filter_map(|row| row.cells.get(at));
            cells.any(|cell| {
                let text = cell.plain();
                let is_number = text.trim().chars().all(|c| c.is_ascii_digit() || c == '.');
                !is_silence(&text) && !is_number
            })
        };
        let unknown: Vec<String> = columns
            .iter()
            .zip(&table.header)
            .enumerate()
            .filter(|(at, (column, header))| {
                column.is_none() && header.chars().any(char::is_alphanumeric) && says(*at)
            })
            .map(|(_, (_, header))| format!("`{}`", header.trim()))
            .collect();
        if unknown.is_empty() {
            return;
        }
        let demand = table.rows.iter().find_map(|row| {
            let cells = columns.iter().zip(&row.cells);
            let mut lost = cells.filter(|(column, _)| column.is_none());
            let begins = |cell: &Cell| {
                let text = cell.plain();
                let first = text.split([' ', ',', ';', '，', '；']).next();
                first.is_some_and(|word| word.len() > 4 && words::mandatory(word).is_some())
            };
            lost.find_map(|(_, cell)| begins(cell).then(|| (cell.plain(), row.line)))
        });
        if let Some((said, line)) = demand {
            let said: String = said.trim().chars().take(60).collect();
            let message = format!(
                "{}: `{said}` stands in a column whose header is not understood: whether the field \
                 is mandatory is not known",
                named(site)
            );
            let site = site.at(&said, line);
            self.find(DocumentationKind::RequirednessNotRead, message, site);
        }
        let message = format!(
            "{}: what the {} {} of fields is not read",
            named(site),
            if unknown.len() == 1 {
                "column"
            } else {
                "columns"
            },
            match unknown.as_slice() {
                [one] => format!("{one} says"),
                many => format!("{} say", many.join(", ")),
            }
        );
        let site = site.at(unknown.join(", "), site.line);
        self.find(DocumentationKind::ColumnNotRead, message, site);
    }

    /// A column for what is mandatory without a word in it: a tool has left the words out, and
    /// nothing is known of any row.
    fn requiredness(&mut self, table: &Table, columns: &[Option<Column>], site: &Site) {
        let place = columns
            .iter()
            .position(|column| *column == Some(Column::Mandatory));
        let Some(place) = place.filter(|_| !table.rows.is_empty()) else {
            return;
        };
        let cell = |row: &Row| {
            let cell = row.cells.get(place).map(Cell::plain);
            cell.unwrap_or_default().trim().to_owned()
        };
        let header = table.header.get(place).cloned().unwrap_or_default();
        let signs = Signs::of(table, place);
        for row in &table.rows {
            let said = cell(row);
            let is_dash = said.chars().all(|c| matches!(c, '-' | '–' | '—' | '/'));
            let is_read = match signs.of_cell(&said) {
                Some(by_sign) => by_sign.said().is_some(),
                None => mandatory::of_row_cell(&said).is_some(),
            };
            if !is_silence(&said) && !is_dash && !is_read {
                let said: String = said.chars().take(60).collect();
                let message = format!(
                    "{}: `{said}` in the column `{header}` is not understood: whether the field is \
                     mandatory is not known",
                    named(site)
                );
                let site = site.at(&said, row.line);
                self.find(DocumentationKind::RequirednessNotRead, message, site);
            }
        }
        let is_nothing = |row: &Row| rows::says_nothing(row, columns, table.rows.len());
        if !table.rows.iter().all(|row| cell(row).is_empty()) || table.rows.iter().all(is_nothing) {
            return;
        }
        let message = format!(
            "{}: the column `{header}` is empty in every row: which fields are mandatory is not known",
            named(site)
        );
        let site = site.at(&header, site.line);
        self.find(DocumentationKind::RequirednessLost, message, site);
    }

    fn row(&mut self, row: &Row, is_read: bool, table: &Site, is_field: bool) {
        let cells: Vec<String> = row.cells.iter().map(Cell::plain).collect();
        let said = cells
            .iter()
            .find(|cell| cell.chars().any(char::is_alphanumeric));
        let (false, Some(said)) = (is_read, said) else {
            return;
        };
        let said: String = said.chars().take(60).collect();
        let site = table.at(&said, row.line);
        let wanted = if is_field {
            "the name of a field in its first column"
        } else {
            "a status code of three digits"
        };
        let message = format!(
            "{}: the row `{said}` is not read; expected {wanted}",
            named(&site)
        );
        self.find(DocumentationKind::RowNotRead, message, site);
    }

    /// A caption, or a sentence that begins as one, without its table.
    fn caption(&mut self, index: usize, item: &Item<'_>) {
        let (ItemKind::Heading(text) | ItemKind::Paragraph(text)) = item.kind else {
            return;
        };
        let is_followed = self
            .items
            .get(index + 1)
            .is_some_and(|next| matches!(next.kind, ItemKind::Table(_)));
        let Some(number) = number_of(&text.plain) else {
            return;
        };
        if is_followed && is_caption(&text.plain) || self.numbers.contains(&number) {
            return;
        }
        let caption: String = text.plain.chars().take(120).collect();
        let site = Site {
            table: caption.clone(),
            ..self.site(item).at("table", item.line)
        };
        let message =
            format!("`{caption}` announces a table, and none that can be read follows; {EXPECTED}");
        self.numbers.insert(number);
        self.find(DocumentationKind::TableNotRead, message, site);
    }

    /// Text that was a table before a reader or a person took its form away.
    fn lost(&mut self, index: usize, item: &Item<'_>) {
        if !is_described(item.section) {
            return;
        }
        let header = match item.kind {
            ItemKind::Code(_) | ItemKind::List(_) => header_in(&item.text()),
            ItemKind::Paragraph(_) => header_in(&item.text()).or_else(|| self.run(index)),
            _ => None,
        };
        let grid = GRID.is_match(&item.text());
        let Some(header) = header.or_else(|| grid.then(|| "a grid of lines".to_owned())) else {
            return;
        };
        let site = self.site(item).at(&header, item.line);
        let message = format!(
            "{}: `{header}` looks like the header of a table, and cannot be read as one; {EXPECTED}",
            named(&site)
        );
        self.find(DocumentationKind::TableNotRead, message, site);
    }

    /// Header words that stand in paragraphs of their own: told at the first of them.
    fn run(&self, index: usize) -> Option<String> {
        let word = |at: usize| match self.items.get(at)?.kind {
            ItemKind::Paragraph(text) => column(&text.plain).map(|_| text.plain.clone()),
            _ => None,
        };
        if index.checked_sub(1).and_then(word).is_some() {
            return None;
        }
        let words: Vec<String> = (index..).map_while(word).collect();
        is_header(&words).then(|| words.join(" | "))
    }

    /// Sections that promise parameters and have neither a table nor a word about their absence.
    /// From the end to the beginning, so that what stands below a heading is known when it is met.
    fn promises(&mut self) {
        let told: BTreeSet<usize> = self
            .found
            .iter()
            .flat_map(|known| &known.rows)
            .map(Fact::line)
            .collect();
        let mut below = Below::default();
        let mut section = None;
        let mut broken = Vec::new();
        for item in self.items.iter().rev() {
            if section != Some(item.section) {
                section = Some(item.section);
                below = Below::default();
            }
            let last = *below.last.get_or_insert(item.line);
            if let Some(text) = promise(item)
                && !below.has_table
                && below.has_text
                && !below.says_nothing
                && told.range(item.line..=last.max(item.line)).next().is_none()
            {
                broken.push((item, text));
            }
            below.add(item);
        }
        for (item, text) in broken.into_iter().rev() {
            let site = Site {
                table: text.to_owned(),
                ..self.site(item).at("table", item.line)
            };
            let message = format!("`{text}` has no table, and does not say that there is nothing");
            self.find(DocumentationKind::SectionWithoutTable, message, site);
        }
    }
}

/// What stands in a section below one of its items.
#[derive(Debug, Default)]
struct Below {
    /// The line of the section's last item.
    last: Option<usize>,
    has_table: bool,
    has_text: bool,
    /// Whether a text says that there is nothing.
    says_nothing: bool,
}

impl Below {
    fn add(&mut self, item: &Item<'_>) {
        self.has_table |= matches!(item.kind, ItemKind::Table(_));
        let text = item.text();
        // What is shown is no promise: `Request parameters` may label an example.
        if matches!(item.kind, ItemKind::Code(_)) && SHOWN.is_match(&text) {
            return;
        }
        if text.chars().any(char::is_alphanumeric) {
            self.has_text = true;
            self.says_nothing |= SILENCE.is_match(&text);
        }
    }
}

/// The words of a heading that promises parameters.
fn promise<'p>(item: &Item<'p>) -> Option<&'p str> {
    let (ItemKind::Heading(text) | ItemKind::Paragraph(text)) = item.kind else {
        return None;
    };
    let promises = matches!(
        section_of(&text.plain),
        Some(Section::Request | Section::Response | Section::Uri)
    ) && PROMISE.is_match(&text.plain);
    promises.then_some(text.plain.as_str())
}

/// A table's name for a message.
fn named(site: &Site) -> String {
    if site.table.is_empty() {
        "a table without a caption".to_owned()
    } else {
        format!("`{}`", site.table)
    }
}

fn has_status(row: &Row, columns: &[Option<Column>]) -> bool {
    columns
        .iter()
        .position(|column| *column == Some(Column::Status))
        .and_then(|place| status_of_row(row, place))
        .is_some()
}

/// The header that stands in the first lines of a text, if one does.
fn header_in(text: &str) -> Option<String> {
    text.lines().take(3).find_map(|line| {
        if line.len() > LONGEST_HEADER {
            return None;
        }
        ['|', '\t'].into_iter().find_map(|mark| {
            let words: Vec<String> = line
                .split(mark)
                .map(|word| word.trim().to_owned())
                .filter(|word| !word.is_empty())
                .collect();
            is_header(&words).then(|| words.join(" | "))
        })
    })
}

/// Whether words are those of a table's header.
fn is_header(words: &[String]) -> bool {
    let columns: Vec<Column> = words.iter().filter_map(|word| column(word)).collect();
    columns.contains(&Column::Name)
        && columns.iter().any(|column| {
            matches!(
                column,
                Column::Type | Column::Mandatory | Column::Description
            )
        })
}

#[cfg(test)]
mod tests {
    use super::super::outline::{flatten, outline};
    use super::*;
    use rstest::rstest;

    const TABLE: &str = "| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| a | No | String | x |\n";

    fn found(text: &str) -> Vec<String> {
        let page = crate::page::read(
            "p.md",
            &format!("# T\n\n## URI\n\nPOST /v1/x\n\n## Request parameters\n\n{text}\n\n## Example\n\nFine.\n"),
        )
        .unwrap();
        unread(&page, &outline(&flatten(&page.blocks), &[]))
            .into_iter()
            .map(|unread| format!("{} {}", unread.kind, unread.rows[0].line()))
            .collect()
    }

    #[rstest]
    #[case::fine(&format!("Table 1 Parameters\n\n{TABLE}"), &[])]
    #[case::caption_alone("Table 3 Response parameters\n\nSome text.", &["table-not-read 9"])]
    #[case::heading_alone("### Table 3 Response parameters\n\nSome text.", &["table-not-read 9"])]
    #[case::heading_with_table(&format!("### Table 3 Response parameters\n\n{TABLE}"), &[])]
    #[case::sentence("Table 7 lists the parameters.", &["table-not-read 9"])]
    #[case::sentence_about_a_table(&format!("Table 1 lists the parameters.\n\nTable 1 Parameters\n\n{TABLE}"), &[])]
    #[case::header("| Thing | Sense |\n|---|---|\n| a | b |", &["table-not-read 9"])]
    #[case::nothing_mandatory("| Parameter | Mandatory | Type |\n|---|---|---|\n| a |  | String |\n| b |  | Long |", &["requiredness-lost 9"])]
    #[case::one_mandatory("| Parameter | Mandatory | Type |\n|---|---|---|\n| a | Yes | String |\n| b |  | Long |", &[])]
    #[case::no_rows("| Parameter | Type |\n|---|---|", &["table-not-read 9"])]
    #[case::row("| Parameter | Type |\n|---|---|\n| a | String |\n| two words | String |", &["row-not-read 12"])]
    #[case::no_rule("| Parameter | Type |\n| a | String |", &[])]
    #[case::prose("The request has an id and a name.", &["section-without-table 7"])]
    #[case::shown("```\n{ \"a\": 1 }\n```", &[])]
    #[case::same("The parameters are the same parameters as those of a list.", &[])]
    #[case::targets("| Method | Path |\n|---|---|\n| GET | /x |", &[])]
    #[case::none("None", &[])]
    #[case::nothing("", &[])]
    #[case::error_codes(&format!("{TABLE}\n\n| Error code | Description |\n|---|---|\n| X.1 | Bad. |"), &["error-codes-not-tried 14"])]
    fn what_is_not_understood_is_told(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(found(text), expected);
    }

    #[test]
    fn header_words_on_lines_of_their_own_are_a_table_that_was_lost() {
        let page = crate::page::read(
            "p.txt",
            "A title\n\nURI\n\nPOST /v1/x\n\nRequest Parameters\n\nParameter\n\nType\n\nDescription\n\nURI\n\nNothing.\n",
        )
        .unwrap();
        let found = unread(&page, &outline(&flatten(&page.blocks), &[]));
        assert!(
            found
                .iter()
                .any(|unread| unread.kind == DocumentationKind::TableNotRead),
            "{found:?}"
        );
    }
}
