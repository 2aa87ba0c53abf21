//! The body of a request that a page tells by another operation of its own: "Takes the same body as
//! Create a product."

use super::draft::{Body, Draft};
use super::split::{Part, Split};
use super::statement::Constraint;
use crate::page::{Block, BlockKind, Text};

phrases! {
    SameBody:

    /// A sentence by which a request has the body of another; `name` begins with what that is called.
    static SAME_BODY;

    /// Words by which such a sentence is about answers.
    static SAME_ANSWER;
}

/// Gives the operations that a sentence says it of the body of the other one.
pub(super) fn give(split: &Split<'_>, drafts: &mut [Draft]) {
    for part in &split.parts {
        for at in 0..drafts.len() {
            let takes_it = drafts.get(at).is_some_and(|draft| {
                draft.request.is_none()
                    && matches!(draft.method.as_str(), "POST" | "PUT" | "PATCH")
                    && is_of(part, draft)
            });
            let other = takes_it.then(|| named(split, part)).flatten();
            let source = other.and_then(|other| {
                let mut all = drafts.iter();
                let own = all.find(|own| own.request.is_some() && is_of(other, own))?;
                Some((own.request.clone()?, own.media.clone(), own.layout.clone()))
            });
            let (Some((mut body, media, layout)), Some(draft)) = (source, drafts.get_mut(at))
            else {
                continue;
            };
            if draft.method == "PATCH" {
                forget_presence(&mut body);
            }
            draft.request = Some(body);
            draft.media = media;
            draft.layout = layout;
        }
    }
}

/// Whether a part of a page opens an operation.
fn is_of(part: &Part<'_>, draft: &Draft) -> bool {
    let mut targets = part.targets.iter();
    let lines: Vec<usize> = draft
        .facts
        .iter()
        .map(crate::contract::Fact::line)
        .collect();
    targets.any(|own| own.stated.method == draft.method && lines.contains(&own.line))
}

/// The operation whose body a part of a page says its own to be.
fn named<'s, 'p>(split: &'s Split<'p>, part: &Part<'p>) -> Option<&'s Part<'p>> {
    let mut texts = Vec::new();
    for block in &part.blocks {
        collect(block, &mut texts);
    }
    let name = texts.iter().find_map(|text| {
        let captures = SAME_BODY.captures(&text.plain)?;
        let name = captures.name("name")?;
        let before = text.plain.get(..name.start())?;
        let sentence = before.rsplit(['.', ';', '。']).next()?;
        (!SAME_ANSWER.is_match(sentence)).then(|| letters(name.as_str()))
    })?;
    let others = split.parts.iter().filter(|other| {
        let is_own = std::ptr::eq(*other, part);
        let title = other.title.map(|title| letters(&title.plain));
        !is_own && title.is_some_and(|title| !title.is_empty() && name.starts_with(&title))
    });
    others.max_by_key(|other| other.title.map_or(0, |title| title.plain.len()))
}

fn collect<'b>(block: &'b Block, texts: &mut Vec<&'b Text>) {
    match &block.kind {
        BlockKind::Paragraph(text) => texts.push(text),
        BlockKind::List(items) => {
            let blocks = items.iter().flatten();
            blocks.for_each(|block| collect(block, texts));
        }
        BlockKind::Heading { .. }
        | BlockKind::Code { .. }
        | BlockKind::Table(_)
        | BlockKind::Target { .. }
        | BlockKind::Unread(_) => {}
    }
}

/// The words of a text, as names are compared.
fn letters(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && !"/{}_".contains(c));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A change takes any of the fields, as long as nobody says otherwise of it.
fn forget_presence(body: &mut Body) {
    body.node.each_mut(&mut |node| {
        node.statements.retain(|statement| {
            !matches!(
                statement.constraint,
                Constraint::Required(true) | Constraint::Implied
            )
        });
    });
}
