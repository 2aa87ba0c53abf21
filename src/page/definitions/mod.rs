//! Bullets that define fields: `` - `title` (string: <required>) - The title. ``,
//! `` * `title` - **string**, optional. ``, `` - `title`: string - The title. `` They become the
//! table that they stand for. A list becomes one only where each bullet says what kind of thing it
//! names, or where the words before the list announce fields: bullets list values as well.

mod annotated;
mod head;
mod kind;
mod lines;
mod named;
mod opening;
mod paragraphs;
mod sent;

use std::collections::BTreeSet;

pub(super) use head::of_description;
use head::{Head, coded, first_text, head, is_coded, parted};

use super::block::{Block, BlockKind, Link, Subject, Text, Unread, plain};
use super::described::{Described, may_hold_fields, statuses, table};
use super::requiredness::requiredness;
use super::words::{self, Column, TypeName};
use crate::vocabulary::Section;

/// How deep lists in bullets are followed.
const DEPTH: usize = 8;

/// The longest sentence that announces fields without a colon.
const LONGEST_SENTENCE: usize = 160;

/// How many blocks above a list are looked at for a heading.
const NEAR: usize = 4;

/// The longest label that stands above a sentence about the fields below both.
const LONGEST_LABEL: usize = 40;

phrases! {
    Definitions:

    /// Words that announce fields.
    static FIELDS;

    /// A sentence that is about the fields below it.
    static FOLLOWING;

    /// Words that announce something else.
    static ELSE;

    /// Words that say that the answer is described, and those that leave it open.
    static ANSWERED;

    /// A label of the fields of an answer that has no word for fields.
    static RETURNED;

    /// Words for what is sent.
    static SENT;

    /// A label of what is sent, and nothing else.
    static REQUEST;

    /// Words before the first of the fields that a sentence says are sent.
    static SENDS;

    /// The same of those that it says are answered.
    static GIVES;

    /// The same of those of each thing in a field.
    static WITHIN;

    /// What stands before a field of a sentence that may be left out.
    static OPTIONALLY;

    /// Words by which a sentence of an answer is about something else than fields of its body.
    static ELSEWHERE;

    /// The label of a line that lists fields of the request.
    static LINE;

    /// Words by which a list goes on with what the one before it began.
    static MORE;

    /// Words that add fields to those before.
    static ADDED;

    /// Words by which a list describes what a field holds, or an object of its own.
    static INNER;

    /// A label that says of all fields whether they must be sent.
    static OF_ALL;

    /// The word that calls a field optional, as a sentence or a part of it.
    static OPTIONAL;

    /// Words for statuses.
    static STATUSES;

    /// A label that begins with a status.
    static STATUS;

    /// What stands between two fields of a sentence.
    static BETWEEN_FIELDS;
}

pattern! {
    /// How the generator of httpdomain's pages labels the fields of a body.
    static GENERATED = r"^(?P<side>Request|Response) JSON (?:Object|Array of Objects)\W*$";
}

/// Replaces the lists that define fields, and those of statuses, by tables.
pub(super) fn read(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    // The last table: where it stands, its fields, and whether they are those of one case only.
    let mut last: Option<(usize, Vec<Described>, bool)> = None;
    let mut rest = paragraphs::gather(lines::gather(named::gather(blocks)))
        .into_iter()
        .peekable();
    while let Some(block) = rest.next() {
        let block = united(block, &mut out);
        let BlockKind::List(items) = &block.kind else {
            if !matches!(block.kind, BlockKind::Paragraph(_)) {
                last = None;
            }
            // Where a table or a list follows, it describes these fields.
            let is_described = rest
                .peek()
                .is_some_and(|next| matches!(next.kind, BlockKind::Table(_) | BlockKind::List(_)));
            if let Some((label, items)) = sent::line(&block).filter(|_| !is_described)
                && let BlockKind::Paragraph(words) = &label.kind
                && let Some((fields, _)) = definitions(&items, &words.plain, (0, false))
                && let Some(table) = table(&fields, subject(&words.plain))
            {
                last = None;
                out.extend([label, table]);
                continue;
            }
            let told = sent::sentence(&block).filter(|_| !is_described);
            let told = told.and_then(|own| {
                let (fields, _) = definitions(&own.items, "", (0, false))?;
                Some((own.status, table(&fields, Some(own.subject))?))
            });
            last = last.filter(|_| told.is_none());
            let line = block.line;
            out.push(block);
            if let Some((status, table)) = told {
                let label = status.map(|own| Text::of(format!("Status code: {own}")));
                out.extend(label.map(|own| Block::new(line, BlockKind::Paragraph(own))));
                out.push(table);
            }
            continue;
        };
        let label = label(&out);
        if let Some(listed) = status_list(items, &label) {
            out.push(listed);
        } else if let Some((mut fields, unread)) = definitions(items, &label, (0, false)) {
            let subject = subject(&label);
            if let Some(side) = subject.filter(|_| GENERATED.is_match(&label)) {
                let unread = Unread::Side(label.trim_end_matches(':').to_owned(), side);
                out.push(Block::new(block.line, BlockKind::Unread(unread)));
            }
            let before = last.take().filter(|(at, ..)| {
                MORE.is_match(&label)
                    && matches!(out.get(*at).map(|block| &block.kind),
                        Some(BlockKind::Table(table)) if table.subject == subject)
            });
            // What is added to nothing is added in the case that the text around speaks of: what
            // must be sent then need not be sent always, so that it is no field of each request.
            let is_of_case = match &before {
                Some((.., is_of_case)) => *is_of_case,
                None => ADDED.is_match(&label),
            };
            let must = |field: &Described| field.is_required == Some(true);
            let is_inner = is_of_case && fields.iter().any(must);
            // Without a word that they are fields of the request or the answer, they are those of
            // something else, unless they say whether they have to be sent: those stand where a
            // table without a label would.
            let before = before.filter(|_| !is_inner);
            let tells_presence = fields.iter().any(|field| field.is_required.is_some());
            let is_placed = announces_fields(&label)
                || names_side(&label)
                || GIVES.is_match(&label)
                || tells_presence;
            let subject = if is_inner || before.is_none() && !is_placed {
                Some(Subject::Inner)
            } else {
                subject
            };
            let at = if let Some((at, mut own, _)) = before {
                own.append(&mut fields);
                fields = own;
                at
            } else {
                out.len()
            };
            if let Some(table) = table(&fields, subject) {
                match out.get_mut(at) {
                    Some(place) => *place = table,
                    None => out.push(table),
                }
                last = Some((at, fields, is_of_case));
            }
            out.extend(unread);
        } else {
            out.push(block);
        }
    }
    out
}

/// A table of one column whose cells hold what other tables have in several
/// (`Name, Type, Description`), as the list that it is.
fn united(block: Block, before: &mut Vec<Block>) -> Block {
    let BlockKind::Table(table) = &block.kind else {
        return block;
    };
    let [header] = table.header.as_slice() else {
        return block;
    };
    let columns: Vec<Option<Column>> = header.split([',', '，', '/']).map(words::column).collect();
    if columns.len() < 2 || !columns.contains(&Some(Column::Name)) || columns.contains(&None) {
        return block;
    }
    if let Some(caption) = &table.caption {
        before.push(Block::new(
            block.line,
            BlockKind::Paragraph(caption.clone()),
        ));
    }
    let cells = table.rows.iter().filter_map(|row| row.cells.first());
    let items = cells.map(|cell| cell.blocks.clone()).collect();
    Block::new(block.line, BlockKind::List(items))
}

/// The words that stand directly before a list; where they announce nothing at all, a heading before
/// them that announces fields.
fn label(before: &[Block]) -> String {
    let own = label_above(before);
    if announces_fields(&own) {
        return own;
    }
    let near = before.iter().rev().take(NEAR);
    let heading = near.map_while(|block| match &block.kind {
        // A label has what it says of the fields between them.
        BlockKind::Paragraph(text) if text.plain.trim_end().ends_with([':', '：']) => {
            let is_label = text.plain.chars().count() <= LONGEST_LABEL;
            is_label.then_some(Some(text.plain.as_str()))
        }
        BlockKind::Paragraph(_) => Some(None),
        BlockKind::Heading { text, .. } => Some(Some(text.plain.as_str())),
        _ => None,
    });
    let heading = heading.flatten().next();
    heading
        .filter(|heading| announces_fields(heading) || names_side(heading))
        .map_or(own, str::to_owned)
}

/// The words that stand directly before a list.
fn label_above(before: &[Block]) -> String {
    let last = before.iter().rev().find_map(|block| match &block.kind {
        BlockKind::Paragraph(text) if text.plain.trim().is_empty() => None,
        BlockKind::Heading { text, .. } => Some(text.plain.clone()),
        BlockKind::Paragraph(text) => Some(announcement(&text.plain)),
        _ => Some(String::new()),
    });
    last.unwrap_or_default()
}

/// The last sentence of a text, if it announces what follows.
fn announcement(text: &str) -> String {
    let text = text.trim();
    let sentence = text
        .rsplit_once(". ")
        .map_or(text, |(_, sentence)| sentence);
    let announces = text.ends_with([':', '：'])
        || sentence.chars().count() <= 40
        || FOLLOWING.is_match(sentence) && sentence.chars().count() <= LONGEST_SENTENCE;
    if announces {
        sentence.to_owned()
    } else {
        String::new()
    }
}

/// What the words before a list say that its fields are part of.
fn subject(label: &str) -> Option<Subject> {
    if GENERATED.is_match(label) && SENT.is_match(label) {
        return Some(Subject::Request);
    }
    if is_status(label) {
        return Some(Subject::Response);
    }
    if INNER.is_match(label) {
        return Some(Subject::Inner);
    }
    (ANSWERED.is_match(label) && !SENT.is_match(label)).then_some(Subject::Response)
}

fn announces_fields(label: &str) -> bool {
    FIELDS.is_match(label) && !ELSE.is_match(label) || is_status(label) || RETURNED.is_match(label)
}

/// Whether a label is nothing but the name of the request or the answer: `Response`.
fn names_side(label: &str) -> bool {
    let words = label.trim().trim_end_matches([':', '：']).trim();
    match words::section(words) {
        Some(Section::RequestParameters | Section::ResponseParameters) => true,
        // `Request` is what is sent, or where.
        Some(Section::Uri) => REQUEST.is_match(words),
        _ => false,
    }
}

/// Whether a label names the answer of a status: `201: Created`.
fn is_status(label: &str) -> bool {
    label.len() <= 60 && STATUS.is_match(label)
}

/// What a label says of all fields below it: `Required arguments`, `Optional parameters`.
fn said_of_all(label: &str) -> Option<bool> {
    let found = OF_ALL.captures(label)?;
    Some(found.name("yes").is_some())
}

/// The table of a list whose bullets begin with status codes.
fn status_list(items: &[Vec<Block>], label: &str) -> Option<Block> {
    if !STATUSES.is_match(label) {
        return None;
    }
    let mut listed = Vec::new();
    for item in items {
        let (first, text) = first_text(item)?;
        let (code, rest) = coded(text).or_else(|| text.plain.split_once(' '))?;
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let description = parted(rest).to_owned();
        let paragraph = Block::new(first.line, BlockKind::Paragraph(Text::of(description)));
        listed.push((first.line, code.to_owned(), vec![paragraph]));
    }
    statuses(&listed)
}

/// The fields that a list defines, and what of it cannot be read; none where it defines no fields.
fn definitions(
    items: &[Vec<Block>],
    label: &str,
    (depth, is_of_object): (usize, bool),
) -> Option<(Vec<Described>, Vec<Block>)> {
    let is_announced = announces_fields(label) || is_of_object && !ELSE.is_match(label);
    let heads: Vec<Option<Head<'_>>> = items
        .iter()
        .map(|item| {
            let head = head(item).filter(|_| is_announced || is_coded(item));
            // Inside a field a variable (`<id>`) stands for names that are values themselves.
            let is_variable = || {
                first_text(item).is_some_and(|(_, text)| text.plain.trim_start().starts_with('<'))
            };
            head.filter(|_| depth == 0 || !is_variable())
        })
        .collect();
    let read = heads.iter().flatten().count();
    let typed = heads.iter().flatten().filter(|head| head.is_typed).count();
    // Below words that announce fields one that says its type is enough where the others begin with
    // a name too: those are told.
    let is_named = || typed > 0 && items.iter().all(|item| is_coded(item));
    let is_enough = || is_announced && (read * 2 > items.len() || is_named());
    // Fields say whether they have to be sent, whatever stands above them.
    let tells_presence = || {
        let said: Option<Vec<bool>> = items
            .iter()
            .map(|item| requiredness(&plain(item)))
            .collect();
        said.is_some_and(|said| said.contains(&true))
    };
    let is_list = read > 0
        && (is_enough() || typed == items.len() || read == items.len() && tells_presence());
    if !is_list {
        return None;
    }
    let mut fields: Vec<Described> = Vec::new();
    let mut unread = Vec::new();
    for (item, head) in items.iter().zip(heads) {
        // What the body is as a whole is told, and is no field of that name.
        if let Some(head) = head.filter(|own| !is_whole_body(item, own)) {
            fields.push(described(item, head, (label, depth), &mut unread));
        } else if let Some(first) = item.first() {
            let words: String = plain(item).chars().take(80).collect();
            unread.push(Block::new(
                first.line,
                BlockKind::Unread(Unread::Field(words)),
            ));
        }
    }
    mark_optional(&mut fields, items);
    // Beside fields that say their places, one called `body` is the whole of it.
    if fields.iter().any(|field| !field.place.is_empty()) {
        for field in fields.iter_mut().filter(|field| field.name == "body") {
            let is_whole = field.place.is_empty() && may_hold_fields(&field.kind);
            field.place = if is_whole { "body" } else { field.place };
        }
    }
    Some((fields, unread))
}

/// Whether a bullet of a list of parameters says of the whole body what it is: its word is set off
/// as a label is, and no name in code marks.
fn is_whole_body(item: &[Block], head: &Head<'_>) -> bool {
    let is_label = |text: &Text| text.codes.is_empty() && text.marked > 0;
    head.name == "Body"
        && !head.is_typed
        && first_text(item).is_some_and(|(_, text)| is_label(text))
}

/// Whether a type is an object, or an array of them: bullets in it that begin with names are its
/// fields, whatever they say.
fn holds_fields(kind: &str) -> bool {
    let is_object = |kind: &TypeName| matches!(kind, TypeName::Object(None));
    match words::parse_type(kind) {
        Some(TypeName::Array(items)) => is_object(&items),
        Some(kind) => is_object(&kind),
        None => false,
    }
}

/// Marks the fields that a word calls optional, where no word says anything of the others: those are
/// not optional as well.
fn mark_optional(fields: &mut [Described], items: &[Vec<Block>]) {
    let optional: BTreeSet<usize> = items
        .iter()
        .filter(|item| OPTIONAL.is_match(&plain(item)))
        .filter_map(|item| Some(item.first()?.line))
        .collect();
    let is_optional =
        |field: &Described| field.is_required != Some(true) && optional.contains(&field.line);
    let is_silent =
        |field: &Described| field.is_required.is_none() && !optional.contains(&field.line);
    let is_mixed = fields.iter().any(is_optional)
        && fields.iter().any(is_silent)
        && fields.iter().all(|own| is_optional(own) || is_silent(own));
    if is_mixed {
        for field in fields.iter_mut().filter(|own| is_optional(own)) {
            field.is_required = None;
            field.is_marked_optional = true;
        }
    }
}

/// The link of the type that stands in brackets behind the name of a bullet: `job ([job](#job))`.
fn type_link(text: &Text, head: &Head<'_>) -> Option<Link> {
    let end = text
        .plain
        .rfind(&head.rest)
        .filter(|_| !head.rest.is_empty());
    let before = text.plain.get(..end.unwrap_or(text.plain.len()))?;
    let (_, brackets) = before.split_once(head.name)?.1.split_once('(')?;
    let inside = brackets.split(')').next()?;
    let mut links = text.links.iter();
    links
        .find(|link| !link.text.is_empty() && inside.contains(link.text.as_str()))
        .cloned()
}

/// The field that a bullet defines, with those in its own list.
fn described(
    item: &[Block],
    head: Head<'_>,
    (above, depth): (&str, usize),
    unread: &mut Vec<Block>,
) -> Described {
    let mut description = Vec::new();
    let first = item.first().map(|block| &block.kind);
    let link = match first {
        Some(BlockKind::Paragraph(text)) => type_link(text, &head),
        _ => None,
    };
    let text = match first {
        Some(BlockKind::Paragraph(text)) => text.part(&head.rest),
        _ => Text::of(&head.rest),
    };
    description.push(Block::new(head.line, BlockKind::Paragraph(text)));
    if head.is_nullable {
        let words = Text::of("The value can be null.");
        description.push(Block::new(head.line, BlockKind::Paragraph(words)));
    }
    let mut inner = Vec::new();
    let below = head.below.as_deref();
    for block in below.unwrap_or(item.get(1..).unwrap_or_default()) {
        let BlockKind::List(items) = &block.kind else {
            description.push(block.clone());
            continue;
        };
        let label = label(&description);
        let within = (depth + 1, holds_fields(&head.kind));
        match definitions(items, &label, within).filter(|_| depth < DEPTH) {
            Some((fields, more)) if !head.kind.is_empty() && may_hold_fields(&head.kind) => {
                inner.extend(fields);
                unread.extend(more);
            }
            // Fields of something that is no object: which of the two is wrong is not sure.
            Some(_) => {
                let words = Unread::Field(format!("the list in {}", head.name));
                unread.push(Block::new(block.line, BlockKind::Unread(words)));
            }
            None => description.push(block.clone()),
        }
    }
    if inner.is_empty()
        && depth < DEPTH
        && !head.kind.is_empty()
        && may_hold_fields(&head.kind)
        && let Some(items) = description.iter().find_map(|own| match &own.kind {
            BlockKind::Paragraph(text) => sent::within(text, head.line),
            _ => None,
        })
        && let Some((fields, _)) = definitions(&items, "", (depth + 1, false))
    {
        inner = fields;
    }
    for note in head.notes {
        description.push(Block::new(head.line, BlockKind::Paragraph(note)));
    }
    let is_required = head
        .is_required
        .or_else(|| {
            // What is said of a term stands below it.
            let below = head.rest.is_empty().then(|| plain(&description));
            let said = below.as_deref().unwrap_or(&head.rest);
            requiredness(said).filter(|_| !head.is_conditional)
        })
        .or_else(|| said_of_all(above).filter(|_| !head.is_conditional));
    let is_named = head.kind.is_empty() && inner.is_empty();
    let kind = match link.as_ref().filter(|_| is_named) {
        Some(link) => link.text.clone(),
        None => head.kind,
    };
    Described {
        line: head.line,
        // What a star means is told where the names of tables are read.
        name: if head.is_starred {
            format!("{}*", head.name)
        } else {
            head.name.to_owned()
        },
        place: head.place,
        kind,
        link,
        is_required,
        default: head.default,
        description,
        inner,
        ..Described::default()
    }
}

#[cfg(test)]
mod tests;
