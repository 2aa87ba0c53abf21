//! A description cell taken apart: the sections that portals set since 2025 (`Definition:`,
//! `Constraints:`, `Range:`, `Default Value:`), and in each its sentences and its bullets.

use std::ops::Range;

use crate::page::words::{self, CellPart};
use crate::page::{Block, BlockKind, Text, plain};

/// A section of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Label {
    /// No label, `Definition:` or `Constraints:`: running text.
    Text,
    /// `Range:`, or a column for it.
    Range,
    /// `Default Value:`, or a column for it.
    Default,
}

/// A part of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// A paragraph.
    Text(String),
    /// A list, one text an item.
    Bullets(Vec<String>),
}

/// A section of a cell with its parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Passage {
    pub label: Label,
    pub parts: Vec<Part>,
    /// The paragraphs of the whole cell that have code in them, with its marks: those of the first
    /// passage.
    pub ticked: Vec<String>,
    /// Whether something stands below its label that says nothing.
    is_silent: bool,
}

impl Passage {
    /// One of a text alone.
    pub(super) fn text(text: String) -> Self {
        Self {
            parts: vec![Part::Text(text)],
            ..Self::of(Label::Text)
        }
    }

    /// Whether a tool lost what stood below the label of values: portals say so where there are
    /// none.
    pub(super) fn is_lost(&self) -> bool {
        let is_empty = match self.parts.as_slice() {
            [] => true,
            [Part::Text(text)] => text.is_empty(),
            _ => false,
        };
        self.label == Label::Range && is_empty && !self.is_silent
    }

    /// One without parts.
    fn of(label: Label) -> Self {
        Self {
            label,
            parts: Vec::new(),
            ticked: Vec::new(),
            is_silent: false,
        }
    }
}

phrases! {
    Descriptions:

    /// Parts that say nothing.
    static SILENCE;

    /// Words that announce pieces of which a value is made.
    static PIECES;

    /// What stands between two values of a list where a sign or a word alone parts them, and what
    /// may follow the last.
    static JOINED;
}

pattern! {
    /// The labels, in the languages of the portals. `Range` and `Default Value` also stand in older
    /// cells as ordinary words, so a label is taken as one only where the cell starts with
    /// `Definition`.
    static LABELS = format!(
        r"(?:^|\s)\**(?:(?P<text>{}|{})|(?P<range>{})|(?P<default>{}))\**\s*[:：]\**",
        words::labelled_part_words(CellPart::Definition),
        words::labelled_part_words(CellPart::Constraints),
        words::labelled_part_words(CellPart::Range),
        words::labelled_part_words(CellPart::Default),
    );

    static SECTIONED = format!(
        r"^\s*\**{}\**\s*(?:[:：]|$)",
        words::part_words(CellPart::Definition)
    );

    /// What stands between two values of a list where a bullet begins with the second.
    static GOES_ON = r"\s(?:[-–—*•+])\s*$";
    static ENDS_LIST = r"^\s*(?:[(（][^()（）]*[)）]\s*)?[.。;；]?\s*$";

    static BULLET = r"^\s*(?:[•●▪◦·]|[-*]\s|–\s)\s*(?P<rest>.+)$";
}

/// Whether a text says nothing (`N/A`, `不涉及`).
pub(super) fn is_silence(text: &str) -> bool {
    SILENCE.is_match(text)
}

/// Takes a cell apart.
pub(super) fn passages(blocks: &[Block]) -> Vec<Passage> {
    let mut parts = Vec::new();
    gather(blocks, &mut parts, 0);
    let sectioned = parts
        .first()
        .is_some_and(|part| matches!(part, Part::Text(text) if SECTIONED.is_match(text)));
    let mut passages = vec![Passage::of(Label::Text)];
    for part in parts {
        match part {
            Part::Text(text) if sectioned => split(&text, &mut passages),
            other => add(&mut passages, other),
        }
    }
    for passage in &mut passages {
        if passage.is_lost() {
            passage.parts.push(Part::Text(String::new()));
        }
    }
    passages.retain(|passage| !passage.parts.is_empty());
    if let Some(first) = passages.first_mut() {
        ticked(blocks, &mut first.ticked);
    }
    passages
}

/// The paragraphs with code in them, those of lists left out: what they list is told by the list.
fn ticked(blocks: &[Block], found: &mut Vec<String>) {
    for block in blocks {
        if let BlockKind::Paragraph(text) = &block.kind
            && !text.codes.is_empty()
        {
            found.push(text.ticked());
        }
    }
}

fn add(passages: &mut [Passage], part: Part) {
    let is_empty = matches!(&part, Part::Text(text) if text.is_empty());
    let is_silent = matches!(&part, Part::Text(text) if is_silence(text));
    match passages.last_mut() {
        Some(last) if is_silent => last.is_silent |= !is_empty,
        Some(last) => last.parts.push(part),
        None => {}
    }
}

/// The label that a paragraph is, and nothing else.
fn bare(text: &str) -> Option<Label> {
    let text = text.trim().trim_end_matches([':', '：', '*']).trim();
    let text = text.trim_matches('*');
    let part = words::cell_part(text).filter(|_| !text.starts_with(char::is_lowercase))?;
    Some(match part {
        CellPart::Definition | CellPart::Constraints => Label::Text,
        CellPart::Range => Label::Range,
        CellPart::Default => Label::Default,
    })
}

/// Splits a paragraph at the labels in it.
fn split(text: &str, passages: &mut Vec<Passage>) {
    if let Some(label) = bare(text) {
        passages.push(Passage::of(label));
        return;
    }
    let label_of = |captures: &regex::Captures<'_>| {
        if captures.name("range").is_some() {
            Label::Range
        } else if captures.name("default").is_some() {
            Label::Default
        } else {
            Label::Text
        }
    };
    let mut from = 0;
    for captures in LABELS.captures_iter(text) {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        let before = text.get(from..whole.start()).unwrap_or_default().trim();
        add(passages, Part::Text(before.to_owned()));
        passages.push(Passage::of(label_of(&captures)));
        from = whole.end();
    }
    let rest = text.get(from..).unwrap_or_default().trim();
    add(passages, Part::Text(rest.to_owned()));
}

/// The word that a paragraph is, which nothing but code marks: a value.
fn alone_in_code(block: &Block) -> Option<&str> {
    let BlockKind::Paragraph(text) = &block.kind else {
        return None;
    };
    let [code] = text.codes.as_slice() else {
        return None;
    };
    let word = text.plain.trim();
    let is_whole = text.plain.get(code.clone())?.trim() == word;
    (is_whole && !word.is_empty() && !word.contains(char::is_whitespace)).then_some(word)
}

/// Values that stand in paragraphs of their own, each above one that says what it means, as bullets;
/// and how many blocks they are.
fn above_meanings(blocks: &[Block]) -> Option<(Vec<String>, usize)> {
    let pairs = blocks.chunks_exact(2).map_while(|pair| match pair {
        [value, meaning] if alone_in_code(meaning).is_none() => {
            let BlockKind::Paragraph(text) = &meaning.kind else {
                return None;
            };
            Some(format!("{}: {}", alone_in_code(value)?, text.plain))
        }
        _ => None,
    });
    let items: Vec<String> = pairs.collect();
    let count = items.len();
    (count > 1).then_some((items, 2 * count))
}

/// A bullet that begins with a word in code marks, and goes on with a sentence of its own: what
/// stands behind the word is its meaning, as if a colon parted them.
fn with_meaning(text: &Text) -> Option<String> {
    let code = text.codes.first().filter(|code| code.start == 0)?;
    let (value, meaning) = text.plain.split_at_checked(code.end)?;
    let value = value.trim();
    let is_sentence = meaning.starts_with(char::is_whitespace)
        && meaning.trim_start().starts_with(char::is_uppercase);
    let is_word = !value.is_empty() && !value.contains(char::is_whitespace);
    (is_sentence && is_word).then(|| format!("{value}: {}", meaning.trim_start()))
}

/// Values that stand in paragraphs of their own, as on the lines of a cell.
fn alone(blocks: &[Block]) -> Option<Vec<String>> {
    let values = blocks.iter().map_while(alone_in_code);
    let values: Vec<String> = values.map(str::to_owned).collect();
    (values.len() > 1).then_some(values)
}

/// The text of a bullet that is more than one paragraph, its own lists left out.
fn of_paragraphs(own: &[Block]) -> String {
    match own {
        [value, rest @ ..] if !rest.is_empty() => match alone_in_code(value) {
            Some(value) => format!("{value}: {}", plain(rest)),
            None => plain(own),
        },
        _ => plain(own),
    }
}

fn gather(blocks: &[Block], parts: &mut Vec<Part>, depth: usize) {
    let mut rest = blocks;
    while let Some((block, behind)) = rest.split_first() {
        if let Some((items, count)) = above_meanings(rest) {
            parts.push(Part::Bullets(items));
            rest = rest.get(count..).unwrap_or_default();
            continue;
        }
        if let Some(items) = alone(rest) {
            rest = rest.get(items.len()..).unwrap_or_default();
            parts.push(Part::Bullets(items));
            continue;
        }
        rest = behind;
        match &block.kind {
            BlockKind::Paragraph(text) | BlockKind::Heading { text, .. } => {
                let bullet = BULLET
                    .captures(&text.plain)
                    .and_then(|captures| captures.name("rest"));
                match (bullet, parts.last_mut()) {
                    (Some(rest), Some(Part::Bullets(items))) => {
                        items.push(rest.as_str().to_owned());
                    }
                    (Some(rest), _) => parts.push(Part::Bullets(vec![rest.as_str().to_owned()])),
                    (None, _) => parts.push(Part::Text(text.plain.clone())),
                }
            }
            BlockKind::List(items) => {
                parts.push(Part::Bullets(
                    items
                        .iter()
                        .flat_map(|item| {
                            // The first paragraph names the value; what is nested below explains
                            // it.
                            let own: Vec<Block> = item
                                .iter()
                                .filter(|block| !matches!(block.kind, BlockKind::List(_)))
                                .cloned()
                                .collect();
                            match own.as_slice() {
                                [
                                    Block {
                                        kind: BlockKind::Paragraph(text),
                                        ..
                                    },
                                ] => match run_together(text).as_slice() {
                                    [_] => vec![with_meaning(text).unwrap_or(text.plain.clone())],
                                    several => several.to_vec(),
                                },
                                _ => vec![of_paragraphs(&own)],
                            }
                        })
                        .collect(),
                ));
                if depth < 6 {
                    for item in items {
                        let nested: Vec<Block> = item
                            .iter()
                            .filter(|block| matches!(block.kind, BlockKind::List(_)))
                            .cloned()
                            .collect();
                        // What a value is made of is no value.
                        if item.first().is_some_and(|first| {
                            PIECES.is_match(&plain(std::slice::from_ref(first)))
                        }) {
                            parts.push(Part::Text(plain(&nested)));
                        } else {
                            gather(&nested, parts, depth + 1);
                        }
                    }
                }
            }
            BlockKind::Code { text, .. } => parts.push(Part::Text(text.clone())),
            BlockKind::Table(_) | BlockKind::Target { .. } | BlockKind::Unread(_) => {}
        }
    }
}

/// The bullets that a tool ran together in one: each but the first begins with code behind a bullet's
/// sign, or behind a comma where all are code and perhaps a note in brackets.
fn run_together(text: &Text) -> Vec<String> {
    let whole = || vec![text.plain.clone()];
    if text.codes.first().is_none_or(|code| code.start != 0) || text.codes.len() < 2 {
        return whole();
    }
    let between = |pair: &[Range<usize>]| match pair {
        [own, next] => text.plain.get(own.end..next.start),
        _ => None,
    };
    let mut cuts = Vec::new();
    let mut are_listed = true;
    for (pair, next) in text.codes.windows(2).zip(text.codes.iter().skip(1)) {
        let words = between(pair).unwrap_or_default();
        if GOES_ON.is_match(words) {
            cuts.push(next.start);
        }
        are_listed &= JOINED.is_match(words);
    }
    let last = text
        .codes
        .last()
        .and_then(|code| text.plain.get(code.end..));
    if are_listed && last.is_some_and(|last| ENDS_LIST.is_match(last)) {
        cuts = text.codes.iter().skip(1).map(|code| code.start).collect();
    }
    if cuts.is_empty() {
        return whole();
    }
    let from = std::iter::once(0).chain(cuts.iter().copied());
    let to = cuts.iter().copied().chain([text.plain.len()]);
    from.zip(to)
        .filter_map(|(from, to)| text.plain.get(from..to))
        .map(|own| {
            let own = own.trim();
            own.trim_end_matches(['-', '–', '*', '•', ',', '，', '、', '/', '|', ' '])
                .to_owned()
        })
        .collect()
}

/// The running text of passages, without labels.
pub(super) fn running(passages: &[Passage]) -> String {
    let mut texts = Vec::new();
    for part in passages.iter().flat_map(|passage| &passage.parts) {
        match part {
            Part::Text(text) => texts.push(text.clone()),
            Part::Bullets(items) => texts.extend(items.iter().cloned()),
        }
    }
    texts.join(" ")
}

/// The same, with the marks of code in the paragraphs that have some.
pub(super) fn running_with_marks(passages: &[Passage]) -> String {
    let ticked = passages.iter().flat_map(|passage| &passage.ticked);
    ticked.fold(running(passages), |text, ticked| {
        text.replacen(&ticked.replace('`', ""), ticked, 1)
    })
}
