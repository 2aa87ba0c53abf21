//! The walk over the blocks of an operation, which gives each its section.

mod answers;
mod labels;

use super::style::{Style, label_of};
use super::{
    Item, ItemKind, LABEL, is_caption, is_example, is_labelled, is_layout, of_an_answer, within,
};
use crate::derive::code_label::{self, Below};
use crate::derive::labels::{Label, label};
use crate::derive::named_status::section_with_status;
use crate::derive::section::{Section, section_of, status_of};
use crate::derive::stated::announced;
use crate::derive::tables::Role;
use crate::page::{Block, BlockKind, Text};

phrases! {
    Answers:

    /// A sentence about the answer.
    static BEGINS_WITH_ANSWER;

    /// A heading between two cases of one thing.
    static OR;

    /// A sentence that announces the answer below it.
    static ANSWERED;
}

pattern! {
    /// A status behind a label: `Response` `400 Bad Request`.
    static BEGINS_WITH_STATUS = r"^\W*(?:HTTP\S*\W*)?[1-5]\d\d\b";
}

/// The longest word for a refusal: `Failure`, `On error`.
const LONGEST_WORD: usize = 16;

/// The longest label, in characters.
const LONGEST_LABEL: usize = 40;

/// The longest sentence that announces the answer shown below it.
const LONGEST_SENTENCE: usize = 200;

/// The outline of blocks, of which those at `targets` state method and path; whether it is free of
/// sections, and whether it is that of one target alone.
pub(super) fn outline_of<'p>(
    blocks: &[&'p Block],
    targets: &[usize],
    (is_free, is_only): (bool, bool),
) -> Vec<Item<'p>> {
    let mut walk = Walk {
        style: Style::of(blocks),
        has_request: false,
        shown: (None, None),
        section: Section::Other,
        heading: "",
        outer: (Section::Other, ""),
        level: 0,
        above: ("", 0),
        around: Vec::new(),
        status: None,
        several: Vec::new(),
        caption: None,
        role: None,
        is_free,
        is_only,
        anchors: &[],
        around_example: None,
        next: Next::Other,
        below: None,
        items: Vec::new(),
    };
    for (at, block) in blocks.iter().enumerate() {
        walk.next = match blocks.get(at + 1).map(|next| &next.kind) {
            Some(BlockKind::Code { .. }) => Next::Code,
            Some(BlockKind::Table(_)) => Next::Table,
            _ => Next::Other,
        };
        let is_target = targets.contains(&at);
        let is_heading = matches!(block.kind, BlockKind::Heading { .. });
        if is_target && !is_heading {
            walk.target();
        }
        walk.block(block, 0);
        walk.below = walk.below.filter(|_| !is_target);
        if is_target && is_heading {
            walk.target();
        }
    }
    walk.items
}

/// What stands right below a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Code,
    Table,
    Other,
}

struct Walk<'p> {
    /// How the blocks are labelled.
    style: Style,
    /// Whether a table of the request has been passed.
    has_request: bool,
    /// The answer that was last shown, and a label of parameters below it.
    shown: (Option<&'p str>, Option<&'p str>),
    section: Section,
    heading: &'p str,
    /// The section before the one that holds examples, and its heading.
    outer: (Section, &'p str),
    /// The level of the heading that opened the section.
    level: u8,
    /// The last heading and its level.
    above: (&'p str, u8),
    /// The headings around: level, the section that each opens or stands in, and its status.
    around: Vec<(u8, Section, Option<u16>)>,
    status: Option<u16>,
    /// The statuses that the sentence names which announced the answer.
    several: Vec<u16>,
    /// The paragraph before, if it reads like a caption.
    caption: Option<&'p Text>,
    /// What the label of the section says that its tables describe.
    role: Option<Role>,
    /// Whether the page labels its parts in its own way: no section holds the target.
    is_free: bool,
    /// Whether one target opens the part: else an example may be of any of them.
    is_only: bool,
    /// The anchors of the empty paragraph before.
    anchors: &'p [String],
    /// The section around an example that a paragraph labels, its heading, and its role.
    around_example: Option<(Section, &'p str, Option<Role>)>,
    /// What stands right below.
    next: Next,
    /// What the label right above says of the code below it, where it opens no section.
    below: Option<Below<'p>>,
    items: Vec<Item<'p>>,
}

impl<'p> Walk<'p> {
    fn blocks(&mut self, blocks: &'p [Block], depth: usize) {
        for block in blocks {
            self.block(block, depth);
        }
    }

    fn block(&mut self, block: &'p Block, depth: usize) {
        match &block.kind {
            // A caption that is marked up as a heading opens no section.
            BlockKind::Heading { text, .. } if is_caption(&text.plain) => {
                self.push(block.line, ItemKind::Heading(text));
            }
            BlockKind::Heading { level, text } => {
                self.above = (&text.plain, *level);
                self.around.retain(|(known, ..)| known < level);
                self.heading(*level, &text.plain);
                self.around.push((*level, self.section, self.status));
                self.push(block.line, ItemKind::Heading(text));
            }
            // An anchor on a line of its own: it must not part a caption from its table.
            BlockKind::Paragraph(text) if text.plain.is_empty() => {
                self.anchors = &text.anchors;
            }
            BlockKind::Paragraph(text) => {
                let before = (self.section, self.heading, self.role);
                self.paragraph(text);
                // Where the target comes last, nothing has opened a section yet.
                let is_of_request = matches!(
                    before.0,
                    Section::Operation | Section::Request | Section::Other
                );
                if is_example(self.section) && is_of_request {
                    self.around_example = Some(before);
                }
                self.push(block.line, ItemKind::Paragraph(text));
            }
            BlockKind::List(items) => {
                if depth < 8 && is_layout(items) {
                    for item in items {
                        self.blocks(item, depth + 1);
                    }
                } else {
                    // `- Body:` at the end of a list labels the code below it.
                    if self.next == Next::Code
                        && depth == 0
                        && let Some([last]) = items.last().map(Vec::as_slice)
                        && let BlockKind::Paragraph(text) = &last.kind
                        && text.plain.trim_end().ends_with([':', '：'])
                    {
                        self.paragraph(text);
                    }
                    self.push(block.line, ItemKind::List(items));
                }
            }
            BlockKind::Table(table) => {
                self.past_example(table);
                self.past_answer(table);
                if let Some(status) = table
                    .caption
                    .as_ref()
                    .and_then(|caption| status_of(&caption.plain))
                {
                    self.status = Some(status);
                }
                self.push(block.line, ItemKind::Table(table));
                if depth < 8 {
                    for row in &table.rows {
                        for cell in &row.cells {
                            self.nested(&cell.blocks, depth + 1);
                        }
                    }
                }
            }
            BlockKind::Code { text, .. } => self.code(block.line, text),
            BlockKind::Target { method, path } => {
                self.push(block.line, ItemKind::Target { method, path });
            }
            BlockKind::Unread(unread) => self.push(block.line, ItemKind::Unread(unread)),
        }
    }

    fn heading(&mut self, level: u8, text: &'p str) {
        self.below = None;
        self.shown.1 = None;
        // What stands below it is another case of what stands above.
        if OR.is_match(text) {
            return;
        }
        if self.sub_heading(level, text)
            || (self.is_free || is_labelled(text)) && self.free_heading(level, text)
            || !self.is_free && self.before_target(level, text)
        {
            return;
        }
        if self.next == Next::Code && self.is_free && section_with_status(text).is_none() {
            self.below = code_label::of_words(text);
        }
        if let Some(status) = status_of(text) {
            self.status = Some(status);
        } else if let Some((section, status)) = section_with_status(text) {
            self.open(section, text, level);
            self.status = status;
        } else if level <= self.level
            || self.section == Section::Operation
            || (self.is_free && self.section == Section::Other)
        {
            self.open(Section::Other, text, level);
        }
    }

    /// A heading of a general word (`Parameters`, `Example`) inside a section that says of what;
    /// whether it is one. Another sub-heading of that section may stand before it.
    fn sub_heading(&mut self, level: u8, text: &'p str) -> bool {
        let Some((_, outer, status)) = self.around.last().copied() else {
            return false;
        };
        // `Error` among the examples or the fields of an answer.
        if matches!(outer, Section::Response | Section::ResponseExample)
            && section_with_status(text).is_none()
            && let Some(Below::Refusal(status)) = code_label::of_words(text)
        {
            self.open(Section::AbnormalResponse, text, level);
            self.status = status;
            return true;
        }
        let of_answer = matches!(outer, Section::Response | Section::AbnormalResponse);
        if !of_answer && outer != Section::Request {
            return false;
        }
        if section_of(text) == Some(Section::Example) {
            let shown = match outer {
                Section::Response => Section::ResponseExample,
                Section::Request => Section::RequestExample,
                other => other,
            };
            self.open(shown, text, level);
        } else if let Some(Label::Neutral(role)) = label(text).filter(|_| of_answer) {
            self.open(outer, text, level);
            self.role = of_an_answer(role);
        } else {
            return false;
        }
        self.status = status;
        true
    }

    fn paragraph(&mut self, own: &'p Text) {
        self.below = None;
        // A label may be set off at the beginning of a sentence above what it labels.
        let head = own.plain.get(..own.marked).unwrap_or_default();
        let is_label = self.next == Next::Code
            && own.plain.len() > own.marked + 3
            && matches!(
                section_of(head),
                Some(Section::RequestExample | Section::ResponseExample | Section::Response)
            );
        let rest = own.plain.get(own.marked..).unwrap_or_default();
        // The status behind it is a part of the label.
        let text = if is_label && !BEGINS_WITH_STATUS.is_match(rest) {
            head
        } else {
            own.plain.as_str()
        };
        if self.is_free
            && self.style.has_inline
            && label_of(own).is_some_and(|own| self.free_label(own))
        {
            self.status = self.status.or(announced(own));
            return;
        }
        // What says so in full labels what is sent below an answer, also before the target.
        let is_of_request = matches!(label(text), Some(Label::Of(Section::Request, Some(_))));
        let is_of_answer = matches!(
            self.section,
            Section::Response | Section::ResponseExample | Section::Other
        );
        let is_told = is_of_request && is_of_answer && text.trim_end().ends_with([':', '：']);
        if is_told && self.free_label(text)
            || self.is_free && (self.free_label(text) || self.announcement(own))
        {
            return;
        }
        let is_set_off = text.trim_end().ends_with([':', '：']) || own.marked == own.plain.len();
        let may_open = is_set_off && !self.is_free && self.section == Section::Other;
        if may_open && self.before_target(self.level.max(self.above.1 + 1), text) {
            return;
        }
        // A label that is not understood ends the one before it: what it labels is not surely of the
        // same place.
        let is_labelled =
            own.marked == own.plain.len() && own.plain.chars().count() <= LONGEST_LABEL;
        if is_labelled && self.next == Next::Table && self.role == Some(Role::Header) {
            self.role = None;
        }
        if let Some(status) = status_of(text) {
            self.status = Some(status);
        } else if let Some((section, status)) = section_with_status(text)
            && section != Section::Other
        {
            // A paragraph that reads like a heading: pages nest `Request example` in list items.
            let level = self.level;
            let status = status.or_else(|| self.status_above(section));
            let section = within(self.section, section, text);
            self.open(section, text, level.max(1));
            self.status = status;
        } else if self.is_free
            && self.section == Section::Response
            && text.trim().chars().count() <= LONGEST_WORD
            && matches!(code_label::of_words(text), Some(Below::Refusal(None)))
        {
            let level = self.level.max(self.above.1 + 1);
            self.open(Section::AbnormalResponse, text, level);
        } else if self.next == Next::Code
            && self.section != Section::RequestExample
            && ANSWERED.is_match(text)
        {
            let level = self.level.max(self.above.1 + 1);
            self.open(Section::ResponseExample, text, level);
        } else if self.section == Section::Example && LABEL.is_match(text) {
            // `URI format`, `Example`, `Parameter description`: the example ends, and the
            // parameters are still the URI's.
            let (section, heading) = self.outer;
            self.open(section, heading, self.level);
        } else if self.next == Next::Code && self.is_free {
            // Where nothing is known of the section, what is not known of its code says nothing.
            let is_known = self.section != Section::Other;
            let below = code_label::of(own);
            self.below = below.filter(|own| is_known || !matches!(own, Below::Unknown(_)));
        }
    }

    /// A block that states the method and the path was passed: what follows is the operation's, also
    /// where examples stand before it.
    fn target(&mut self) {
        let is_before = matches!(self.section, Section::Other | Section::Request);
        let is_of_path = self.style.is_apart && self.section == Section::Uri;
        if is_before || is_of_path || is_example(self.section) {
            let (text, level) = self.above;
            self.open(Section::Operation, text, level);
            self.is_free = true;
        }
    }

    /// Tables inside cells are tables of their own.
    fn nested(&mut self, blocks: &'p [Block], depth: usize) {
        if depth > 8 {
            return;
        }
        for block in blocks {
            match &block.kind {
                BlockKind::Table(table) => {
                    self.push(block.line, ItemKind::Table(table));
                    for cell in table.rows.iter().flat_map(|row| &row.cells) {
                        self.nested(&cell.blocks, depth + 1);
                    }
                }
                BlockKind::List(items) => {
                    for item in items {
                        self.nested(item, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    fn open(&mut self, section: Section, heading: &'p str, level: u8) {
        self.role = None;
        self.around_example = self.around_example.filter(|_| is_example(section));
        if section == Section::Example && self.section != Section::Example {
            self.outer = (self.section, self.heading);
        }
        self.section = section;
        self.heading = heading;
        self.level = level;
        self.status = None;
        self.several.clear();
    }

    fn push(&mut self, line: usize, kind: ItemKind<'p>) {
        let caption = match kind {
            ItemKind::Table(table) => table.caption.as_ref().or(self.caption),
            _ => None,
        };
        self.caption = match kind {
            ItemKind::Heading(text) | ItemKind::Paragraph(text) if is_caption(&text.plain) => {
                Some(text)
            }
            _ => None,
        };
        self.items.push(Item {
            caption,
            anchors: std::mem::take(&mut self.anchors),
            line,
            section: self.section,
            heading: self.heading,
            status: self.status,
            role: self.role,
            is_free: self.is_free,
            unknown_label: None,
            kind,
        });
    }
}
