//! Tables as generators of references write them: rows that stand inside others by signs before
//! their names (`» title`), a row for the whole body (`body`), and tables of values by field.

use super::block::{Block, BlockKind, Cell, Link, Row, Subject, Table, Text, Unread};
use super::bracketed;
use super::described::may_hold_fields;
use super::words::{self, Column, Place, TypeName, parse_type};

/// How deep rows stand inside others.
const DEPTH: usize = 12;

/// The signs before a name each of which stands for one level.
const SIGNS: [char; 17] = [
    '»', '›', '>', '└', '├', '│', '↳', '∟', '﹂', '⌞', '╰', '⎿', '→', '▸', '▹', '‣', '⤷',
];

/// The signs that join them to the name.
const JOINING: [char; 4] = [' ', '\u{a0}', '─', '-'];

/// Places as generators write them.
const PLACE_WORDS: [&str; 7] = [
    "path", "query", "header", "cookie", "body", "form", "formdata",
];

/// The name of the row that is the whole of a body.
pub(super) const WHOLE: &str = "[]";

phrases! {
    ValueTables:

    /// The heading of a table of values by field.
    static VALUES;
}

pattern! {
    static OF_PLACE = r"\[\d+\]\s*(?:[:：=-]|$)";
}

/// Puts rows where their signs say, and the values of fields into the rows of those.
pub(super) fn read(blocks: &mut Vec<Block>) {
    values(blocks);
    for block in blocks {
        let line = block.line;
        if let BlockKind::Table(table) = &mut block.kind {
            bracketed::unwrap(table);
            whole(table);
            nest(table, line);
        }
    }
}

/// The places of a table's columns.
pub(super) fn place(table: &Table, wanted: Column) -> Option<usize> {
    let mut columns = table.header.iter().map(|header| words::header(header));
    columns.position(|column| column == Some(wanted))
}

pub(super) fn text(row: &Row, at: usize) -> String {
    let cell = row.cells.get(at);
    cell.map(|cell| cell.plain().trim().to_owned())
        .unwrap_or_default()
}

/// The sign that stands for what a page indents a name by.
const INDENT: char = '›';

/// The signs that a name is set back by, with a space behind them.
pub(super) const DASHES: [char; 7] = ['-', '–', '—', '·', '•', '▪', '◦'];

/// The spaces that indent a name: others have no width on a page.
fn is_wide(sign: char) -> bool {
    matches!(sign, '\u{a0}' | '\u{2001}'..='\u{2003}' | '\u{3000}')
}

/// What a cell of names begins with where a page indents the name by spaces or dashes: a sign for
/// each of these.
pub(super) fn indent(text: &str) -> Option<(String, &str)> {
    let bare = text.trim_start();
    let spaces = text.len() - bare.len();
    let spaces = text.get(..spaces)?.chars().filter(|sign| is_wide(*sign));
    let dashes = bare.len() - bare.trim_start_matches(DASHES).len();
    let name = bare.get(dashes..)?;
    let is_dashed = name.starts_with([' ', '\u{a0}'])
        && !name.trim().is_empty()
        && !name.trim().contains(char::is_whitespace);
    let (dashes, name) = if is_dashed {
        let dashes = bare.get(..dashes)?.chars().count();
        (dashes, name.trim())
    } else {
        (0, bare)
    };
    let count = spaces.count() + dashes;
    (count > 0).then(|| (INDENT.to_string().repeat(count), name))
}

/// How many signs stand before a name, and the name.
fn depth(name: &str) -> (usize, &str) {
    // Signs made of several.
    let drawn = name.trim_start_matches(['|', '+', '-', '─', '>', ' ']);
    let before = name.get(..name.len() - drawn.len()).unwrap_or_default();
    let marks = ["->", "|-", "|─", "+-"];
    if marks.iter().any(|mark| before.starts_with(mark)) {
        return (before.matches(['|', '+', '>']).count().max(1), drawn);
    }
    let undotted = name.trim_start_matches('.');
    if undotted.len() < name.len() && undotted.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return (name.len() - undotted.len(), undotted);
    }
    if !name.starts_with(SIGNS) {
        return (0, name);
    }
    let bare = name.trim_start_matches(|sign| SIGNS.contains(&sign) || JOINING.contains(&sign));
    let before = name.get(..name.len() - bare.len()).unwrap_or_default();
    // A line is drawn to the name, which is set in by what stands before: `›› |─name`.
    let line = ["|─", "|-", "|—"]
        .iter()
        .find_map(|mark| bare.strip_prefix(mark));
    (before.matches(SIGNS).count(), line.unwrap_or(bare))
}

/// Gives the one row that stands for a whole body its name: `body` with `In: body`, or
/// `*anonymous*`.
fn whole(table: &mut Table) {
    let Some(names) = place(table, Column::Name) else {
        return;
    };
    let places = place(table, Column::Location).or_else(|| {
        // A column of types may hold nothing but places.
        let types = place(table, Column::Type)?;
        let is_place = |row: &Row| words::place(&text(row, types)).is_some();
        table.rows.iter().all(is_place).then_some(types)
    });
    // So may one whose header says nothing of it.
    let places = places.or_else(|| {
        let is_place = |text: &str| PLACE_WORDS.contains(&text.to_lowercase().as_str());
        (0..table.header.len()).find(|at| {
            let is_known = table
                .header
                .get(*at)
                .and_then(|own| words::header(own))
                .is_some();
            let mut cells = table
                .rows
                .iter()
                .map(|row| text(row, *at))
                .filter(|own| !own.is_empty());
            let first = cells.next();
            !is_known && first.is_some_and(|own| is_place(&own)) && cells.all(|own| is_place(&own))
        })
    });
    let is_outer = |row: &&mut Row| {
        depth(&text(row, names)).0 == 0
            && places.is_none_or(|at| words::place(&text(row, at)) == Some(Place::Body))
    };
    // Rows of no place of their own that stand inside another.
    let has_inner = places.is_some_and(|at| {
        let mut rows = table.rows.iter();
        rows.any(|row| depth(&text(row, names)).0 > 0 && text(row, at).is_empty())
    });
    let types = place(table, Column::Type);
    let outer: Vec<&mut Row> = table.rows.iter_mut().filter(is_outer).collect();
    let Ok([row]) = <[&mut Row; 1]>::try_from(outer) else {
        return;
    };
    let shown = text(row, names);
    let (name, mark) = shown
        .split_once(char::is_whitespace)
        .unwrap_or((&shown, ""));
    let is_whole = match name.trim_matches(['*', '`']) {
        "body" => places.is_some() && (mark.is_empty() || words::mandatory(mark.trim()).is_some()),
        "anonymous" => mark.is_empty(),
        // A body of a type with a name of its own, as generators have it, whose fields stand below.
        _ => {
            let kind = types.map(|at| text(row, at)).unwrap_or_default();
            let is_named = kind.starts_with(|c: char| c.is_ascii_uppercase())
                && kind
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '«' | '»'));
            has_inner && mark.is_empty() && is_named && words::type_is_of_page(&kind)
        }
    };
    let line = row.line;
    if let Some(cell) = row.cells.get_mut(names).filter(|_| is_whole) {
        *cell = Cell::of(line, format!("{WHOLE} {mark}").trim());
    }
}

/// Puts the rows that signs say stand inside others into tables in those.
fn nest(table: &mut Table, line: usize) {
    let Some(names) = place(table, Column::Name) else {
        return;
    };
    let types = match place(table, Column::Type) {
        Some(types) => types,
        // What holds rows is an object, whatever the page says of types.
        None if table.rows.iter().any(|row| depth(&text(row, names)).0 > 0) => {
            let width = table.header.len();
            for row in &mut table.rows {
                row.cells.resize_with(width, Cell::default);
                row.cells.push(Cell::of(row.line, ""));
            }
            table.header.push("Type".to_owned());
            width
        }
        None => return,
    };
    let depths = ranks(table.rows.iter().map(|row| {
        let name = text(row, names);
        // Dots and indentation may be there for other reasons: what holds others has to be able to.
        let is_weak = name.starts_with([INDENT, '.']);
        let kind = text(row, types);
        let holds = parse_type(&kind).is_none() || may_hold_fields(&kind);
        (depth(&name).0, is_weak, holds)
    }));
    if depths.iter().all(|own| *own == 0) {
        return;
    }
    let rows = std::mem::take(&mut table.rows).into_iter().zip(depths);
    table.rows = inside(&mut rows.peekable(), 0, (&table.header, names, types), line);
}

/// How many rows each row stands in: by how many signs stand before each, whether these are but
/// indentation, and whether each can hold others.
fn ranks(rows: impl Iterator<Item = (usize, bool, bool)>) -> Vec<usize> {
    let mut open: Vec<(usize, bool)> = Vec::new();
    rows.map(|(own, is_weak, holds)| {
        let ends = |around: &mut (usize, bool)| around.0 >= own || is_weak && !around.1;
        while open.pop_if(ends).is_some() {}
        open.push((own, holds));
        (open.len() - 1).min(DEPTH)
    })
    .collect()
}

/// The rows of a level, each with those that stand inside it.
fn inside(
    rows: &mut std::iter::Peekable<impl Iterator<Item = (Row, usize)>>,
    level: usize,
    (header, names, types): (&[String], usize, usize),
    line: usize,
) -> Vec<Row> {
    let mut found: Vec<Row> = Vec::new();
    while let Some((mut row, _)) = rows.next_if(|(_, own)| *own >= level) {
        let name = text(&row, names);
        // The place of an item in a list (`[0]: time`) is no field of an object.
        if is_of_place(&name) {
            found.push(row);
            continue;
        }
        if let Some(cell) = row.cells.get_mut(names) {
            *cell = Cell::of(row.line, depth(&name).1);
        }
        let inner = match rows.peek() {
            Some((next, _)) if is_of_place(&text(next, names)) => Vec::new(),
            Some((_, next)) if *next > level => {
                inside(rows, level + 1, (header, names, types), line)
            }
            _ => Vec::new(),
        };
        if !inner.is_empty() {
            hold(&mut row, inner, (header, types), line);
        }
        found.push(row);
    }
    found
}

/// Whether a name is that of a place in a list, with what stands there: `> list[0]: time`.
fn is_of_place(name: &str) -> bool {
    depth(name).0 > 0 && OF_PLACE.is_match(name)
}

/// Makes a row that of an object or a list of objects, whose fields are rows of a table in it.
fn hold(row: &mut Row, inner: Vec<Row>, (header, types): (&[String], usize), line: usize) {
    let spelled = match parse_type(&text(row, types)) {
        Some(TypeName::Array(_)) => "Array of objects",
        _ => "Object",
    };
    let anchor = format!("rows@{line}.{}", row.line);
    let kind = Text {
        plain: spelled.to_owned(),
        links: vec![Link {
            text: spelled.to_owned(),
            target: format!("#{anchor}"),
        }],
        ..Text::default()
    };
    let own = row.line;
    if let Some(cell) = row.cells.get_mut(types) {
        cell.blocks = vec![Block::new(own, BlockKind::Paragraph(kind))];
    }
    let table = Table {
        anchors: vec![anchor],
        header: header.to_vec(),
        rows: inner,
        subject: Some(Subject::Inner),
        ..Table::default()
    };
    if let Some(last) = row.cells.last_mut() {
        last.blocks.push(Block::new(own, BlockKind::Table(table)));
    }
}

/// Moves tables of values by field into the rows of the fields, in the table before. Of two fields
/// of one name it is not told which has them.
fn values(blocks: &mut Vec<Block>) {
    let mut fields: Option<usize> = None;
    let mut is_headed = false;
    let mut at = 0;
    while at < blocks.len() {
        let (before, own) = blocks.split_at_mut(at);
        let line = own.first().map_or(0, |block| block.line);
        match own.first_mut().map(|block| &mut block.kind) {
            Some(BlockKind::Heading { text, .. }) => {
                is_headed = VALUES.is_match(&text.plain);
            }
            Some(BlockKind::Paragraph(text)) if VALUES.is_match(&text.plain) => is_headed = true,
            Some(BlockKind::Table(table)) if is_headed && table.header.len() == 2 => {
                let holder = fields.and_then(|fields| before.get_mut(fields));
                let lost = match holder.map(|block| &mut block.kind) {
                    Some(BlockKind::Table(holder)) => give(holder, table),
                    _ => table.rows.iter().map(|row| text(row, 0)).collect(),
                };
                let lost: Vec<Block> = lost
                    .into_iter()
                    .map(|name| {
                        let words = Unread::Field(format!("the values of {name}"));
                        Block::new(line, BlockKind::Unread(words))
                    })
                    .collect();
                let count = lost.len();
                blocks.splice(at..=at, lost);
                at += count;
                is_headed = false;
                continue;
            }
            Some(BlockKind::Table(table)) => {
                if place(table, Column::Name).is_some() {
                    fields = Some(at);
                }
                is_headed = false;
            }
            _ => {}
        }
        at += 1;
    }
}

/// Gives the rows of a table the values that another lists by their names; the names of which it is
/// not told whose they are.
fn give(holder: &mut Table, values: &Table) -> Vec<String> {
    let mut lost: Vec<String> = Vec::new();
    let names = place(holder, Column::Name).unwrap_or_default();
    let described = place(holder, Column::Description);
    let mut listed: Vec<(String, Vec<String>)> = Vec::new();
    for row in &values.rows {
        let (name, value) = (text(row, 0), text(row, 1));
        match listed.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => listed.push((name, vec![value])),
        }
    }
    for (name, values) in listed {
        let mut own = holder
            .rows
            .iter_mut()
            .filter(|row| text(row, names) == name);
        let (Some(row), None, Some(described)) = (own.next(), own.next(), described) else {
            lost.push(name);
            continue;
        };
        let line = row.line;
        let Some(cell) = row.cells.get_mut(described) else {
            continue;
        };
        let paragraph = |words: String| Block::new(line, BlockKind::Paragraph(Text::of(words)));
        cell.blocks
            .push(paragraph("Enumeration values:".to_owned()));
        let items = values.into_iter().map(|value| vec![paragraph(value)]);
        let items = BlockKind::List(items.collect());
        cell.blocks.push(Block::new(line, items));
    }
    lost
}

#[cfg(test)]
mod tests {
    use super::super::described::sketch;

    #[test]
    fn rows_stand_where_they_are_indented_to() {
        let text = "\
# T

| Name | Type |
|---|---|
| owner | object |
| &nbsp;&nbsp;name | string |
| &nbsp;&nbsp;deep | object |
| &nbsp;&nbsp;&nbsp;&nbsp;x | string |
| - y | string |
| .z | string |
| tag | string |

<table><tr><th>Name</th><th>Type</th></tr>
<tr><td>a</td><td>object[]</td></tr>
<tr><td>&emsp;b</td><td>string</td></tr>
<tr><td>-- c</td><td>string</td></tr></table>

| Name | Type |
|---|---|
| tag | string |
| &nbsp;no | string |
";
        insta::assert_snapshot!(sketch(&super::super::read("p.md", text).unwrap().blocks));
    }

    #[test]
    fn rows_stand_where_their_signs_say() {
        let text = "\
# T

|Name|In|Type|Required|Description|
|---|---|---|---|---|
|mode|query|string|false|none|
|body|body|object|true|none|
|» title|body|string|true|The title.|
|» steps|body|[object]|false|none|
|»» id|body|string|false|none|
|»» state|body|string|false|none|
|» owner|body|string|false|none|

#### Enumerated Values

|Parameter|Value|
|---|---|
|mode|fast|
|mode|slow|
|»» state|new|
|kind|a|
";
        insta::assert_snapshot!(sketch(&super::super::read("p.md", text).unwrap().blocks));
    }
}
