//! Headings and paragraphs that label parts of a page which labels them in its own way.

use super::super::{OF_PARAMETERS, of_an_answer, within};
use super::Walk;
use crate::derive::labels::{Label, is_of_sent, label};
use crate::derive::mandatory;
use crate::derive::named_status::{label_with_status, section_with_status};
use crate::derive::section::{Section, status_alone};
use crate::derive::tables::Role;

impl<'p> Walk<'p> {
    /// A heading of a page that labels its parts in its own way; whether it is understood.
    pub(super) fn free_heading(&mut self, level: u8, text: &'p str) -> bool {
        if let Some(status) = status_alone(text) {
            self.open(Section::Response, text, level);
            self.status = Some(status);
            return true;
        }
        match label_with_status(text) {
            Some((Label::Of(section, role), status)) => {
                self.open(section, text, level);
                self.role = role;
                self.status = status;
                true
            }
            Some((Label::Neutral(role), _)) => {
                let inside = level > self.level;
                self.neutral(inside, level, text, role);
                true
            }
            None if mandatory::is_alone(text) => self.half(level, text),
            None => false,
        }
    }

    /// A heading, or a label, before the target that labels parameters; whether it is one.
    pub(super) fn before_target(&mut self, level: u8, text: &'p str) -> bool {
        if !is_of_sent(text) || section_with_status(text).is_some() {
            return false;
        }
        match label(text) {
            Some(Label::Neutral(role) | Label::Of(Section::Request, role)) => {
                self.open(Section::Request, text, level);
                self.role = role;
                true
            }
            _ => false,
        }
    }

    /// A heading that says of the fields of a request which of them must be sent (`Required`);
    /// whether it stands among such.
    pub(super) fn half(&mut self, level: u8, text: &'p str) -> bool {
        let Some((_, section, _)) = self.around.last().copied() else {
            return false;
        };
        if !matches!(section, Section::Operation | Section::Request) {
            return false;
        }
        let role = self.role.filter(|_| self.section == section);
        self.open(section, text, level);
        self.role = role;
        true
    }

    /// A paragraph of such a page that labels what follows; whether it is one.
    pub(super) fn free_label(&mut self, text: &'p str) -> bool {
        let is_label = text.trim_end().ends_with([':', '：']) || text.chars().count() <= 40;
        let level = self.level.max(self.above.1 + 1);
        match label_with_status(text).filter(|_| is_label) {
            Some((Label::Of(section, role), status)) => {
                let status = status.or_else(|| self.status_above(section));
                let section = within(self.section, section, text);
                self.open(section, text, level);
                self.role = role;
                self.status = status;
                true
            }
            Some((Label::Neutral(role), _)) => {
                self.neutral(true, level, text, role);
                true
            }
            None => false,
        }
    }

    /// A label that says of fields, not of what: they are of what the section is about.
    pub(super) fn neutral(&mut self, inside: bool, level: u8, text: &'p str, role: Option<Role>) {
        let of_answer = matches!(self.section, Section::Response | Section::AbnormalResponse);
        if inside && of_answer {
            self.role = of_an_answer(role);
            self.shown.1 = (role.is_none() && is_of_sent(text)).then_some(text);
            return;
        }
        let section = match role {
            Some(_) => Section::Request,
            None if OF_PARAMETERS.is_match(text) => Section::Request,
            None => Section::Operation,
        };
        let section = within(self.section, section, text);
        self.open(section, text, level);
        self.role = role;
    }
}
