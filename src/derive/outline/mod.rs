//! The outline of a page: its blocks in one line, each with the section and the status code that it
//! stands under.

mod style;
mod turned;
mod walk;

use self::walk::outline_of;
use super::labels::{Label, label};
use super::named_status::section_with_status;
use super::section::{Section, section_of};
use super::tables::Role;
use crate::page::{Block, BlockKind, Table, Text, Unread, caption, plain};

phrases! {
    Outline:

    /// A label of the parameters that belong to the section around an example.
    static LABEL;

    /// The beginning of a label of the request.
    static OF_REQUEST;

    /// Words for parameters.
    static OF_PARAMETERS;
}

/// Whether a paragraph or heading reads like a table's caption (`Table 4 BackupRecordResponse`).
pub(super) fn is_caption(text: &str) -> bool {
    text.chars().count() <= 120 && caption::opens(text)
}

/// What an item of the outline is.
#[derive(Debug, Clone, Copy)]
pub(super) enum ItemKind<'p> {
    Heading(&'p Text),
    Paragraph(&'p Text),
    /// A list without tables or code in it.
    List(&'p [Vec<Block>]),
    Table(&'p Table),
    Code(&'p str),
    /// Markup that is an operation's method and path.
    Target {
        method: &'p str,
        path: &'p str,
    },
    /// Something documented that the markup does not give.
    Unread(&'p Unread),
}

/// One block with its context.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'p> {
    pub line: usize,
    pub section: Section,
    /// The words of the section's heading.
    pub heading: &'p str,
    /// The status code that was last named in the section.
    pub status: Option<u16>,
    /// What the label of the section says that its tables describe.
    pub role: Option<Role>,
    /// Whether the page labels its parts in its own way.
    pub is_free: bool,
    /// The words right above a block of code that say of something, and not whether it is sent.
    pub unknown_label: Option<&'p str>,
    /// A table's caption: its own, or the paragraph before it that reads like one.
    pub caption: Option<&'p Text>,
    /// The anchors that stand between the caption and the table.
    pub anchors: &'p [String],
    pub kind: ItemKind<'p>,
}

/// The section that a paragraph opens inside another: `Request URL:` and `Request body:` label the
/// parts of an example.
fn within(outer: Section, inner: Section, text: &str) -> Section {
    let of_request = OF_REQUEST.is_match(text);
    match (outer, inner) {
        (Section::RequestExample, Section::Uri | Section::Request)
        | (Section::ResponseExample, Section::Response) => outer,
        // `Example:` among the fields of one side.
        (Section::Request, Section::Example) => Section::RequestExample,
        (Section::Response, Section::Example) => Section::ResponseExample,
        (Section::Request, Section::Uri) if of_request => Section::RequestExample,
        _ => inner,
    }
}

/// The outline of an operation's blocks, of which those at `targets` state its method and path.
pub(super) fn outline<'p>(blocks: &[&'p Block], targets: &[usize]) -> Vec<Item<'p>> {
    outline_of(blocks, targets, (false, false))
}

/// The same of the blocks of one target alone: what shows an answer there is its own.
pub(super) fn outline_of_one<'p>(blocks: &[&'p Block], targets: &[usize]) -> Vec<Item<'p>> {
    outline_of(blocks, targets, (false, true))
}

/// The outline of blocks that belong to no operation: each heading names what stands below it.
pub(super) fn outline_of_shared<'p>(blocks: &[&'p Block]) -> Vec<Item<'p>> {
    outline_of(blocks, &[], (true, false))
}

/// Blocks in one line: lists that are only layout are replaced by what they hold.
pub(super) fn flatten(blocks: &[Block]) -> Vec<&Block> {
    let mut flat = Vec::with_capacity(blocks.len());
    flatten_into(blocks, 0, &mut flat);
    flat
}

fn flatten_into<'p>(blocks: &'p [Block], depth: usize, flat: &mut Vec<&'p Block>) {
    for block in blocks {
        match &block.kind {
            BlockKind::List(items) if depth < 8 && is_layout(items) => {
                for item in items {
                    flatten_into(item, depth + 1, flat);
                }
            }
            _ => flat.push(block),
        }
    }
}

/// Whether a heading that no list of sections knows says in full which fields stand below it:
/// `URI parameters`, `Content properties`.
fn is_labelled(heading: &str) -> bool {
    let said = label(heading).filter(|_| section_with_status(heading).is_none());
    match said {
        Some(Label::Of(..) | Label::Neutral(Some(_))) => true,
        // One word may be the name of a thing.
        Some(Label::Neutral(None)) => heading.trim().contains(' '),
        None => false,
    }
}

/// Whether the answers of a status have a body.
fn has_body(status: u16) -> bool {
    status >= 200 && !matches!(status, 204 | 205 | 304)
}

/// Whether a section holds examples.
fn is_example(section: Section) -> bool {
    matches!(
        section,
        Section::RequestExample | Section::ResponseExample | Section::Example
    )
}

/// What a label of fields says of an answer's.
fn of_an_answer(role: Option<Role>) -> Option<Role> {
    match role {
        Some(Role::Header) => Some(Role::ResponseHeader),
        Some(Role::RequestBody) => Some(Role::ResponseBody),
        _ => None,
    }
}

/// Whether a list is only layout: an item is more than text, or each is nothing but a label.
fn is_layout(items: &[Vec<Block>]) -> bool {
    let is_label = |item: &Vec<Block>| match item.as_slice() {
        [
            Block {
                kind: BlockKind::Paragraph(text),
                ..
            },
        ] => text.plain.trim_end().ends_with([':', '：']) && label(&text.plain).is_some(),
        _ => false,
    };
    items.iter().any(|item| holds_structure(item)) || items.iter().all(is_label)
}

/// Whether an item of a list is more than text: lists that hold tables, code or the method and path
/// are only layout.
fn holds_structure(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| match &block.kind {
        BlockKind::Table(_)
        | BlockKind::Code { .. }
        | BlockKind::Heading { .. }
        | BlockKind::Target { .. }
        | BlockKind::Unread(_) => true,
        BlockKind::List(items) => is_layout(items),
        BlockKind::Paragraph(text) => section_of(&text.plain).is_some(),
    })
}

impl Item<'_> {
    /// The item's text; empty for a table.
    pub(super) fn text(&self) -> String {
        match self.kind {
            ItemKind::Heading(text) | ItemKind::Paragraph(text) => text.plain.clone(),
            ItemKind::List(items) => items
                .iter()
                .map(|item| plain(item))
                .collect::<Vec<_>>()
                .join("\n"),
            ItemKind::Code(text) => text.to_owned(),
            ItemKind::Target { method, path } => format!("{method} {path}"),
            ItemKind::Table(_) | ItemKind::Unread(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn parameters_after_an_example_are_the_section_s() {
        let page = crate::page::read(
            "p.rst",
            ".. _a:\n\nGetting It\n==========\n\nURI\n---\n\n-  URI format\n\n   GET /v1/{id}\n\n-  Example\n\n   https://a.example/v1/7\n\n-  Parameter description\n\n   ==== ========= ===========\n   Name Mandatory Description\n   ==== ========= ===========\n   id   Yes       The id.\n   ==== ========= ===========\n",
        )
        .unwrap();
        let sections: Vec<Section> = outline(&flatten(&page.blocks), &[])
            .iter()
            .filter(|item| matches!(item.kind, ItemKind::Table(_)))
            .map(|item| item.section)
            .collect();
        assert_eq!(sections, [Section::Uri]);
    }

    #[rstest]
    #[case(Section::Request, "Request URL:", Section::RequestExample)]
    #[case(Section::RequestExample, "Request body", Section::RequestExample)]
    #[case(Section::Response, "Request body", Section::Request)]
    fn labels_in_an_example_open_nothing(
        #[case] outer: Section,
        #[case] text: &str,
        #[case] expected: Section,
    ) {
        let inner = section_of(text).unwrap();
        assert_eq!(within(outer, inner, text), expected);
    }
}
