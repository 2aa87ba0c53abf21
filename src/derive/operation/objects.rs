//! What a page shows of the objects that stand outside its operations: the JSON below the heading of
//! one, which operations answer with by a link to the heading.

use serde_json::Value;

use crate::derive::examples::{self, Shown};
use crate::derive::labels::label;
use crate::derive::outline::{Item, ItemKind};
use crate::derive::proofread::slug;
use crate::derive::section::section_of;
use crate::derive::tables::object_name;
use crate::page::Text;

/// An object that a page shows below a heading of its own.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::derive) struct ShownObject {
    /// The words of the heading.
    pub title: String,
    /// The anchors that links lead to it by.
    anchors: Vec<String>,
    value: Value,
    line: usize,
}

impl ShownObject {
    /// Whether a link to a place of the page leads to it.
    pub(in crate::derive) fn is_at(&self, target: &str) -> bool {
        let anchor = target.trim_start_matches('#');
        let mut anchors = self.anchors.iter();
        anchors.any(|own| own.eq_ignore_ascii_case(anchor))
    }

    /// The object as the example of an answer, which may be a list of such.
    pub(in crate::derive) fn as_answer(&self, status: Option<u16>, is_list: bool) -> Shown {
        let value = self.value.clone();
        let value = if is_list {
            Value::Array(vec![value])
        } else {
            value
        };
        Shown::of_answer(value, self.line, status)
    }
}

/// The objects that blocks outside the operations show, each alone below the heading that names it.
pub(super) fn shown_objects(items: &[Item<'_>]) -> Vec<ShownObject> {
    let mut found: Vec<ShownObject> = Vec::new();
    // The heading of the object, and whether it shows more than one.
    let mut above: Option<(&Text, usize)> = None;
    for item in items {
        match item.kind {
            // `Attributes`, `Example` are parts of what the heading above is of.
            ItemKind::Heading(text)
                if above.is_some()
                    && (label(&text.plain).is_some() || section_of(&text.plain).is_some()) => {}
            ItemKind::Heading(text) => above = Some((text, 0)),
            ItemKind::Code(code) => {
                let Some((heading, shown)) = above.as_mut() else {
                    continue;
                };
                let Some(value) = examples::parse(code).filter(examples::is_of_values) else {
                    continue;
                };
                *shown += 1;
                if object_name(&heading.plain).is_none() {
                    continue;
                }
                // Which of several is meant nobody says.
                if *shown > 1 {
                    found.retain(|own| own.title != heading.plain);
                } else {
                    let mut anchors = heading.anchors.clone();
                    anchors.push(slug(&heading.plain));
                    found.push(ShownObject {
                        title: heading.plain.clone(),
                        anchors,
                        value,
                        line: item.line,
                    });
                }
            }
            _ => {}
        }
    }
    found
}
