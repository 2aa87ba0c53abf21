//! Tables told apart: parameters, bodies, named objects, status codes.

mod implied;
mod label;
mod named_default;
mod role;

pub(super) use self::label::{led_name, names_parameters, number_of, object_name};
pub(super) use self::role::{Role, tells_of_request};

use self::implied::{beside_signs, imply, placed};
use self::label::{introduction, label, lead, telling_header};
use self::role::{
    by_label, by_place, by_place_in_title, by_title, is_answer, is_first_of_answer, is_of_answer,
    is_of_cookies, is_of_request, is_open_lead, leads_to_request, names_answer, of_answer,
    of_subject, tells_of_answer, tells_of_fields,
};
use super::demand::Demands;
use super::mandatory::{self, Mark, Marks, Said};
use super::named_status::named_status;
use super::outline::{Item, ItemKind};
use super::rows::{self, FieldRow};
use super::section::Section;
use super::split::Opening;
use super::stated::stated;
use super::statement::Site;
use super::statuses::listed;
use crate::page::words::{Column, Place, TypeName};
use crate::page::{Cell, Page, Row, Subject, Table, caption};

/// How many fields are read of one page.
pub(super) const MOST_FIELDS: usize = 5_000;

/// A table of parameters or fields.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldTable {
    pub role: Role,
    pub section: Section,
    /// The words of the section's heading.
    pub label: String,
    pub status: Option<u16>,
    /// The number of the caption.
    pub number: Option<u32>,
    /// The name that the caption gives to an object.
    pub name: Option<String>,
    pub anchors: Vec<String>,
    pub rows: Vec<FieldRow>,
    pub site: Site,
    /// Whether it stands outside the operation: then it is only what a row refers to.
    pub is_shared: bool,
}

impl FieldTable {
    /// Whether marks behind names call fields of the table optional.
    pub(super) fn marks_optional(&self) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|row| row.mark == Some(Mark::Word) && row.mandatory == Some(Said::Optional))
    }
}

impl FieldTable {
    /// Whether marks behind names of the table say what must be sent.
    pub(super) fn has_marks(&self) -> bool {
        self.marks_optional() || self.rows.iter().any(|row| row.mark == Some(Mark::Star))
    }
}

/// A row of a table of status codes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StatusRow {
    pub status: u16,
    pub site: Site,
}

/// The tables of a page.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Tables {
    pub fields: Vec<FieldTable>,
    pub statuses: Vec<StatusRow>,
    /// Whether the page only mentions some of the statuses of errors, so that others may be
    /// answered.
    pub has_other_errors: bool,
}

/// Reads the tables of a page.
pub(super) fn tables(page: &Page, items: &[Item<'_>], marks: Marks) -> Tables {
    let mut found = Tables::default();
    let mut left = 2 * MOST_FIELDS;
    // The statuses that codes of errors are answered with.
    let mut of_codes = Vec::new();
    let frees_all = items.iter().any(|item| match item.kind {
        ItemKind::Paragraph(text) => mandatory::frees_all(&text.plain),
        _ => false,
    });
    let demands = Demands::of(items);
    for (index, item) in items.iter().enumerate() {
        if let ItemKind::Paragraph(text) = item.kind {
            let site = Site {
                page: page.name.clone(),
                edition: page.edition.clone(),
                table: item.heading.to_owned(),
                row: String::new(),
                line: item.line,
            };
            for status in listed(&text.plain) {
                add_status(
                    status,
                    site.at(status.to_string(), item.line),
                    &mut found.statuses,
                );
            }
        }
        let ItemKind::Table(table) = item.kind else {
            continue;
        };
        let label = index
            .checked_sub(1)
            .and_then(|before| label(items.get(before)?));
        let columns = rows::columns(table);
        if columns.contains(&Some(Column::ErrorCode)) && !columns.contains(&Some(Column::Type)) {
            let site = Site {
                page: page.name.clone(),
                edition: page.edition.clone(),
                table: item.heading.to_owned(),
                row: String::new(),
                line: item.line,
            };
            statuses(table, &columns, &site, &mut of_codes);
            continue;
        }
        let caption = item.caption.map(|caption| caption.plain.clone());
        let site = Site {
            page: page.name.clone(),
            edition: page.edition.clone(),
            table: caption.clone().unwrap_or_else(|| item.heading.to_owned()),
            row: String::new(),
            line: item.line,
        };
        if columns.contains(&Some(Column::Status)) && !columns.contains(&Some(Column::Name)) {
            statuses(table, &columns, &site, &mut found.statuses);
        } else if columns.contains(&Some(Column::Name)) {
            let rows: Vec<FieldRow> = table
                .rows
                .iter()
                .filter(|row| !rows::says_nothing(row, &columns, table.rows.len()))
                .flat_map(|row| rows::read_all(row, &columns, &site))
                .take(left)
                .collect();
            left -= rows.len();
            let rows = placed(rows, table, &columns);
            let mut rows = beside_signs(rows, table, &columns);
            named_default::settle(&mut rows);
            let introduced = index
                .checked_sub(1)
                .and_then(|before| introduction(items.get(before)?));
            let lead = index
                .checked_sub(1)
                .and_then(|before| lead(items.get(before)?));
            let words = (label, introduced, lead);
            let mut described = field_table(table, item, words, rows, site, &found.fields);
            if !columns.contains(&Some(Column::Mandatory)) {
                imply(&mut described, marks, frees_all, &demands);
            }
            found.fields.push(described);
        }
    }
    found.add_stated(page, items, of_codes);
    found
}

/// The statuses of requests that a service does not take as they are.
const OF_BAD_REQUESTS: [u16; 2] = [400, 422];

impl Tables {
    /// Adds the statuses that codes of errors have, and that lines, lists and sentences state, where
    /// no table of statuses does.
    fn add_stated(&mut self, page: &Page, items: &[Item<'_>], of_codes: Vec<StatusRow>) {
        let is_error = |status: u16| status >= 400;
        let mut known: Vec<u16> = self
            .fields
            .iter()
            .filter_map(|table| table.status)
            .collect();
        known.extend(self.statuses.iter().map(|row| row.status));
        let lists_errors = known.iter().any(|status| is_error(*status));
        let mut errors = Vec::new();
        // Codes are those of some errors: others may be answered as well.
        for own in of_codes {
            if is_error(own.status) && !known.contains(&own.status) {
                errors.push((own.status, true));
                known.push(own.status);
                add_status(own.status, own.site, &mut self.statuses);
            }
        }
        for own in stated(items) {
            if is_error(own.status) && !known.contains(&own.status) {
                errors.push((own.status, own.is_aside));
            }
            if known.contains(&own.status) {
                continue;
            }
            let heading = items.iter().rfind(|item| item.line <= own.line);
            let site = Site {
                page: page.name.clone(),
                edition: page.edition.clone(),
                table: heading.map_or("", |item| item.heading).to_owned(),
                row: own.status.to_string(),
                line: own.line,
            };
            add_status(own.status, site, &mut self.statuses);
        }
        // What is told in passing is no list of all, and a list without the answer to a bad request
        // is none either.
        let is_whole = errors
            .iter()
            .any(|(status, is_aside)| !is_aside && OF_BAD_REQUESTS.contains(status));
        self.has_other_errors = !lists_errors && !errors.is_empty() && !is_whole;
    }
}

impl Tables {
    /// The tables with the statuses that stand beside a target, where there are some.
    pub(super) fn with_statuses(&self, page: &Page, opening: &Opening) -> Option<Self> {
        if opening.statuses.is_empty() {
            return None;
        }
        let mut own = self.clone();
        let all: Vec<(u16, usize)> = opening
            .statuses
            .iter()
            .map(|status| (*status, opening.line))
            .collect();
        own.add_below_calls(page, &[], &all);
        let mut errors = opening.statuses.iter().filter(|status| **status >= 400);
        own.has_other_errors |= opening.statuses.iter().any(|status| *status >= 400)
            && !errors.any(|status| OF_BAD_REQUESTS.contains(status));
        Some(own)
    }

    /// Adds the statuses that stand below calls.
    pub(super) fn add_below_calls(
        &mut self,
        page: &Page,
        items: &[Item<'_>],
        all: &[(u16, usize)],
    ) {
        for (status, line) in all {
            let heading = items.iter().rfind(|item| item.line <= *line);
            let site = Site {
                page: page.name.clone(),
                edition: page.edition.clone(),
                table: heading.map_or("", |item| item.heading).to_owned(),
                row: status.to_string(),
                line: *line,
            };
            add_status(*status, site, &mut self.statuses);
        }
    }
}

fn statuses(table: &Table, columns: &[Option<Column>], site: &Site, statuses: &mut Vec<StatusRow>) {
    let Some(column) = columns
        .iter()
        .position(|column| *column == Some(Column::Status))
    else {
        return;
    };
    for row in &table.rows {
        if let Some(status) = status_of_row(row, column) {
            add_status(status, site.at(status.to_string(), row.line), statuses);
        }
    }
}

/// Adds a status that is not there yet.
fn add_status(status: u16, site: Site, statuses: &mut Vec<StatusRow>) {
    if !statuses.iter().any(|known| known.status == status) {
        statuses.push(StatusRow { status, site });
    }
}

/// The status code of a row: that of its column, or where a merged cell was left out on the way, the
/// cell that is nothing but one.
pub(super) fn status_of_row(row: &Row, column: usize) -> Option<u16> {
    let text = |cell: &Cell| cell.plain().trim().to_owned();
    let own = row.cells.get(column).map(text).unwrap_or_default();
    leading_status(&own).or_else(|| {
        let mut alone = row.cells.iter().map(text).filter(|cell| cell.len() == 3);
        alone.find_map(|cell| leading_status(&cell))
    })
}

/// The status code that a text begins with.
pub(super) fn leading_status(text: &str) -> Option<u16> {
    let digits: String = text
        .trim()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits
        .parse()
        .ok()
        .filter(|status| digits.len() == 3 && (100..600).contains(status))
}

/// The field of a table before, that holds others, whose name a label is: `**owner:**`.
fn field_named(lead: &str, before: &[FieldTable]) -> Option<String> {
    let name = lead
        .trim_end_matches([':', '：', ' '])
        .trim_matches(['`', '*']);
    let mut rows = before.iter().rev().flat_map(|table| &table.rows);
    let holds = |kind: &TypeName| {
        matches!(
            kind,
            TypeName::Object(_) | TypeName::Array(_) | TypeName::Map(_) | TypeName::Any
        )
    };
    let row = rows.find(|row| row.name == name && row.kind.as_ref().is_some_and(holds))?;
    Some(row.name.clone())
}

fn field_table(
    table: &Table,
    item: &Item<'_>,
    (label, introduced, lead): (Option<&str>, Option<&str>, Option<&str>),
    rows: Vec<FieldRow>,
    site: Site,
    before: &[FieldTable],
) -> FieldTable {
    let caption = item
        .caption
        .map(|caption| caption.plain.trim().to_owned())
        .unwrap_or_default();
    let (number, title) = caption::parts(&caption).unwrap_or((None, &caption));
    let named = named_status(title).filter(|_| is_of_answer(item.section, title));
    let (status, title) = match &named {
        Some((status, rest)) => (Some(*status), rest.as_str()),
        None => (item.status, title),
    };
    let title = title.trim();
    // A caption that is a label of the answer's says so wherever it stands.
    let captioned = of_answer(title).filter(|_| !is_answer(item.section));
    let item = &Item {
        status,
        section: captioned.map_or(item.section, |(section, _)| section),
        role: captioned.map_or(item.role, |(_, role)| role),
        ..*item
    };
    let above = label.filter(|_| title.is_empty() && item.role.is_none());
    let titled = by_title(title, label)
        .or_else(|| by_label(item.section, above?, before))
        .or_else(|| by_place_in_title(item, title, before));
    let mut rows = rows;
    if above.is_some_and(is_of_cookies) {
        for row in rows.iter_mut().filter(|row| row.location.is_none()) {
            row.location = Some("cookie".to_owned());
        }
    }
    let name = match titled {
        None if !title.is_empty() => object_name(title),
        None => lead.and_then(|lead| field_named(lead, before)),
        _ => None,
    };
    let columns = rows::columns(table);
    let headed = telling_header(table, &columns).map(|(_, place)| place);
    let is_of_headers = headed == Some(Place::Header) && is_answer(item.section);
    let role = match titled {
        _ if table.subject.is_some() => of_subject(table.subject, &rows),
        _ if item.is_free && !tells_of_fields(table, item) && !is_of_request(item.heading) => {
            Role::Object
        }
        // `| Header | Type | ...` below an answer.
        None if title.is_empty() && is_of_headers => Role::ResponseHeader,
        Some(Role::Parameters) | None if title.is_empty() || titled.is_some() => {
            by_place(item, &rows, before)
        }
        Some(role) => role,
        // A title of its own kind: an object, unless its part of the page has no body yet and
        // nothing refers to it.
        None if name.is_none() => by_place(item, &rows, before),
        None => Role::Object,
    };
    let is_headed = headed == Some(Place::Elsewhere) && table.subject.is_none();
    let is_open = matches!(role, Role::Parameters | Role::Query | Role::RequestBody)
        && title.is_empty()
        && item.role.is_none()
        && table.subject.is_none();
    // A table of parameters that says which have to be sent is no answer's, whatever word of one
    // ends the sentence above it.
    let says_presence = columns.contains(&Some(Column::Mandatory));
    let is_of_parameters = says_presence && names_parameters(table);
    let is_told = is_open
        && introduced
            .is_some_and(|text| tells_of_answer(text) && (!is_of_parameters || names_answer(text)));
    let is_told = is_told || is_headed && role != Role::ResponseHeader;
    // A label that is not that of a request's fields tells of something else.
    let is_of_cookies = above.is_some_and(is_of_cookies);
    let may_lead = |lead: &str| is_open_lead(lead, is_of_parameters);
    let role = match lead.filter(|_| is_open && !is_told && !is_of_cookies) {
        // Nor does one need a word for what is sent that says itself what has to be.
        Some(lead) if !(leads_to_request(lead) || says_presence && may_lead(lead)) => Role::Object,
        _ => role,
    };
    // What a sentence calls fields of the answer is no part of the request, whatever stands above.
    let role = match is_told {
        true if is_first_of_answer(before, item.status) => Role::ResponseBody,
        true => Role::Object,
        false => role,
    };
    let section = match table.subject {
        _ if is_told => Section::Response,
        Some(Subject::Request) => Section::Request,
        Some(Subject::Response) => Section::Response,
        Some(Subject::Inner) | None => item.section,
    };
    FieldTable {
        role,
        section,
        label: item.heading.to_owned(),
        status: item.status,
        number,
        // A table that has a name is the object of no row but those that say so.
        name: match table.subject {
            Some(Subject::Inner) => table.anchors.first().cloned(),
            _ => name,
        },
        anchors: table
            .anchors
            .iter()
            .chain(
                item.caption
                    .into_iter()
                    .flat_map(|caption| &caption.anchors),
            )
            .chain(item.anchors)
            .cloned()
            .collect(),
        rows,
        site,
        is_shared: false,
    }
}
