//! Where answers and examples begin and end, as the walk over the blocks meets them.

use serde_json::Value;

use super::super::{ItemKind, has_body, is_example, turned};
use super::{BEGINS_WITH_ANSWER, LONGEST_SENTENCE, Next, Walk};
use crate::derive::code_label::Below;
use crate::derive::labels::is_of_sent;
use crate::derive::rows;
use crate::derive::section::{Section, section_of, status_alone};
use crate::derive::stated::{announced, first_success, in_text, is_named, of_answer};
use crate::page::words::Column;
use crate::page::{Table, Text};

/// The longest label of a status, in characters.
const LONGEST_LABEL: usize = 40;

/// The fields of a body that may have its status.
const NUMBERS: [&str; 4] = ["status", "code", "statusCode", "status_code"];

impl<'p> Walk<'p> {
    /// Adds a block of code, which is what the label right above it says.
    pub(super) fn code(&mut self, line: usize, text: &'p str) {
        self.shown = (Some(text), None);
        let below = self.below.take();
        let answer = of_answer(text);
        let is_in_answer = matches!(
            self.section,
            Section::Response | Section::ResponseExample | Section::AbnormalResponse
        );
        // The head of an answer alone is that of the body in the block behind it.
        if let Some((status, true)) = answer.filter(|_| is_in_answer) {
            self.status = Some(status);
        }
        let is_open = self.is_only
            && self.is_free
            && matches!(self.section, Section::Operation | Section::Other);
        // Where nothing else is labelled, it labels what stands below it.
        if let Some((status, true)) = answer.filter(|_| is_open && below.is_none())
            && self.next == Next::Code
        {
            let level = self.level.max(self.above.1 + 1);
            let first = text.trim().lines().next().unwrap_or_default();
            self.open(of_status(status), first, level);
            self.status = Some(status);
            self.push(line, ItemKind::Code(text));
            return;
        }
        let own = (self.section, self.status);
        if let Some(status) = self.told_by_itself(text).filter(|_| below.is_none()) {
            (self.section, self.status) = (Section::AbnormalResponse, Some(status));
        }
        let is_of_answer = matches!(self.section, Section::Response | Section::ResponseExample);
        match below {
            // What begins with the status of an answer is one, where no label says otherwise.
            None | Some(Below::Answer) if is_open && answer.is_some() => {
                self.status = answer.map(|(status, _)| status);
                self.section = of_status(self.status.unwrap_or_default());
            }
            Some(Below::Refusal(status)) if own.1.is_none_or(|status| status < 400) => {
                (self.section, self.status) = (Section::AbnormalResponse, status);
            }
            Some(Below::Answer) if !is_of_answer && self.section != Section::AbnormalResponse => {
                (self.section, self.status) = (Section::ResponseExample, None);
            }
            _ => {}
        }
        self.push(line, ItemKind::Code(text));
        (self.section, self.status) = own;
        if let (Some(Below::Unknown(words)), Some(item)) = (below, self.items.last_mut()) {
            item.unknown_label = Some(words);
        }
    }

    /// The status of the heading that a label of an answer stands below: `401: Unauthorized`, and
    /// then `Sample response:`.
    pub(super) fn status_above(&self, section: Section) -> Option<u16> {
        let of_heading = self.around.last().and_then(|(_, _, status)| *status);
        of_heading.filter(|own| {
            let is_of_answer = matches!(
                section,
                Section::Response | Section::ResponseExample | Section::AbnormalResponse
            );
            is_of_answer && self.status == Some(*own)
        })
    }

    /// A paragraph of such a page that announces the answer of a status; whether it is one. The
    /// answers of some have no body, so that what follows is about something else.
    pub(super) fn announcement(&mut self, text: &'p Text) -> bool {
        // What the label of a sent example holds ends where the answer is announced.
        let is_of_example = is_example(self.section) && self.section != Section::RequestExample;
        // `✅ 201`, `Error (422)`.
        let alone = || {
            let is_short = text.plain.chars().count() <= LONGEST_LABEL;
            status_alone(&text.plain)
                .filter(|status| self.next == Next::Code && is_short && is_named(*status))
        };
        // A sentence that says so announces it where the answer stands right below.
        let told = announced(text).or_else(alone).or_else(|| {
            let is_above = self.next == Next::Code
                || self.next == Next::Table && BEGINS_WITH_ANSWER.is_match(&text.plain);
            let is_short = is_above && text.plain.len() <= LONGEST_SENTENCE;
            first_success(&text.plain).filter(|_| is_short)
        });
        // A table shows no example.
        let may_end = !is_of_example || self.next == Next::Table;
        let Some(status) = told.filter(|status| may_end && has_body(*status)) else {
            return false;
        };
        let level = self.level.max(self.above.1 + 1);
        self.open(Section::Response, &text.plain, level);
        self.status = Some(status);
        self.several = in_text(&text.plain);
        true
    }

    /// The refusal that a body tells itself to be, one of those that the sentence above it names:
    /// `Returns 200, or 404 if there is none:`, and below it `{ "status": 404, ... }`.
    fn told_by_itself(&self, text: &str) -> Option<u16> {
        let refusals = self.several.iter().filter(|status| **status >= 400);
        if self.several.len() < 2 || refusals.clone().next().is_none() {
            return None;
        }
        let body: Value = serde_json::from_str(text).ok()?;
        let inner = ["error"].iter().filter_map(|name| body.get(name));
        let numbers: Vec<u64> = std::iter::once(&body)
            .chain(inner)
            .flat_map(|own| NUMBERS.iter().filter_map(|name| own.get(name)?.as_u64()))
            .collect();
        let mut told = refusals.filter(|status| numbers.contains(&u64::from(**status)));
        told.next().copied()
    }

    /// An example that a paragraph labels ends where a table says which fields are mandatory: those
    /// are of the section around it.
    pub(super) fn past_example(&mut self, table: &Table) {
        let columns = rows::columns(table);
        let is_of_fields = [Column::Name, Column::Type]
            .into_iter()
            .all(|own| columns.contains(&Some(own)));
        let is_called_answer = section_of(self.heading) == Some(Section::Response);
        if self.section == Section::ResponseExample && is_called_answer && is_of_fields {
            // A label of the answer below an example of it.
            let (heading, level, status) = (self.heading, self.level, self.status);
            self.open(Section::Response, heading, level);
            self.status = status;
        }
        let says_mandatory = columns.contains(&Some(Column::Mandatory));
        if !is_example(self.section) || !says_mandatory {
            return;
        }
        let around = self.around_example.take();
        let around = around.filter(|(section, ..)| self.is_free || *section == Section::Other);
        if let Some((section, heading, role)) = around {
            let level = self.level;
            let section = match section {
                Section::Other => Section::Operation,
                known => known,
            };
            self.open(section, heading, level);
            self.role = role;
        } else if self.section == Section::RequestExample && is_of_sent(self.heading) {
            // A label of parameters below the heading of an example, which shows none of them.
            let (heading, level, role) = (self.heading, self.level, self.role);
            self.open(Section::Request, heading, level);
            self.role = role;
        }
    }

    /// An answer ends at a table of parameters below it which are none of its fields, where nothing
    /// before tells of the request.
    pub(super) fn past_answer(&mut self, table: &Table) {
        if let (Some(shown), Some(label)) = self.shown
            && matches!(self.section, Section::Response | Section::ResponseExample)
            && !self.has_request
            && turned::is_sent(table, shown)
        {
            let level = self.level;
            self.open(Section::Request, label, level);
        }
        self.has_request |= matches!(
            self.section,
            Section::Operation | Section::Request | Section::Uri
        );
    }
}

/// The section of an answer's example that has a status.
fn of_status(status: u16) -> Section {
    match status {
        400.. => Section::AbnormalResponse,
        _ => Section::ResponseExample,
    }
}
