//! One row of a table: its name, its type, whether it is mandatory, and every statement its cells
//! make.

use std::collections::BTreeSet;

use super::conditions;
use super::description::{Label, Passage, is_silence, passages, running};
use super::enums;
use super::files;
use super::form::is_file;
use super::literal::literals;
use super::mandatory::{self, Mark, Said};
use super::meanings::{meanings, sorted};
use super::nullability;
use super::presence::{Presence, presence};
use super::sentences::{of_each, sentences, statements};
use super::statement::{Constraint, Kind, Node, Site, Stand};
use super::tables::status_of_row;
use super::type_detail::{self, Details};
use super::widening::widens;
use super::wordings::counts_by_name;
use crate::contract::Meaning;
use crate::page::words::{self, Column, TypeName};
use crate::page::{Block, BlockKind, Cell, Link, Row, Table};

pattern! {
    /// A note behind a type that says where its fields are.
    static SEE_BELOW = r"(?i)\s*[(（\[]\s*(?:see|described|defined|详见|见|参见)\b?[^()（）\[\]]*[)）\]]\s*$";
}

/// A row of a parameter or field table, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldRow {
    pub name: String,
    /// Where the row says the parameter is sent.
    pub location: Option<String>,
    /// Whether it must be sent, as a cell or a mark says.
    pub mandatory: Option<Said>,
    /// The mark behind the name or the type.
    pub mark: Option<Mark>,
    /// What marks of other rows, or a sentence about all of them, say of this one.
    pub implied: Option<Said>,
    /// Whether the type is marked as one that may be null (`?string`).
    pub is_nullable: bool,
    /// What the cell that says whether it is mandatory says of when it is.
    pub conditional: Option<conditions::Told>,
    /// The type, where the row states one.
    pub kind: Option<TypeName>,
    /// The words of the type, where they name none that is known: they may be a table's name.
    pub unknown_type: Option<String>,
    /// The values that the type spells out.
    pub literals: Vec<String>,
    /// What the type's cell says besides the type.
    pub details: Details,
    /// Whether the cell of the type has a link to a place of the page.
    pub is_linked: bool,
    /// Links and references to tables that stand in the row.
    pub links: Vec<Link>,
    /// The text of the type and description cells, where `Table 4` may stand.
    pub text: String,
    /// The cells' passages.
    pub passages: Vec<Passage>,
    pub example: Option<String>,
    pub site: Site,
}

/// What the columns of a table hold.
pub(super) fn columns(table: &Table) -> Vec<Option<Column>> {
    let mut columns: Vec<Option<Column>> = table
        .header
        .iter()
        .map(|cell| words::header(cell))
        .collect();
    if table.header.iter().all(|header| header.trim().is_empty()) {
        return by_cells(table);
    }
    let cells = |at: usize| {
        let cells = table.rows.iter().filter_map(move |row| row.cells.get(at));
        cells.map(Cell::plain).filter(|text| !is_silence(text))
    };
    let place = |columns: &[Option<Column>], wanted: Column| {
        columns.iter().position(|column| *column == Some(wanted))
    };
    // `Type` beside `Data type` may say which fields must be sent.
    if let Some(at) = place(&columns, Column::Type)
        && columns
            .iter()
            .filter(|own| **own == Some(Column::Type))
            .count()
            > 1
        && place(&columns, Column::Mandatory).is_none()
        && cells(at).next().is_some()
        && cells(at).all(|cell| words::mandatory(&cell).is_some())
        && let Some(column) = columns.get_mut(at)
    {
        *column = Some(Column::Mandatory);
    }
    // `Parameter type` may be where the parameter is sent.
    if let Some(at) = place(&columns, Column::Type)
        && place(&columns, Column::Location).is_none()
        && cells(at).next().is_some()
        && cells(at).all(|cell| words::parse_type(&cell).is_none() && is_place(&cell))
        && let Some(column) = columns.get_mut(at)
    {
        *column = Some(Column::Location);
    }
    // Numbers of which some are no statuses are the codes of a service's own.
    let says_http = |at: usize| {
        let header = table.header.get(at).map(|header| header.to_lowercase());
        header.is_some_and(|header| header.contains("http"))
    };
    if let Some(at) = place(&columns, Column::Status)
        && !says_http(at)
        && cells(at).any(|cell| is_no_status(&cell))
        && let Some(column) = columns.get_mut(at)
    {
        *column = Some(Column::ErrorCode);
    }
    // `Schema` is the type where no other column is.
    if place(&columns, Column::Type).is_none()
        && place(&columns, Column::Name).is_some()
        && let Some(at) = table
            .header
            .iter()
            .position(|header| header.trim().eq_ignore_ascii_case("schema"))
        && let Some(column) = columns.get_mut(at).filter(|column| column.is_none())
    {
        *column = Some(Column::Type);
    }
    // Where no cell is a place the column tells of something else.
    if let Some(at) = place(&columns, Column::Location)
        && cells(at).all(|cell| words::place(&cell).is_none())
        && let Some(column) = columns.get_mut(at)
    {
        *column = None;
    }
    // So may be a kind.
    let kind = table.header.iter().position(|header| {
        let header = header.trim().to_lowercase();
        matches!(header.as_str(), "kind" | "param kind" | "parameter kind")
    });
    if let Some(at) = kind
        && place(&columns, Column::Location).is_none()
        && cells(at).next().is_some()
        && cells(at).all(|cell| is_place(&cell))
        && let Some(column) = columns.get_mut(at)
    {
        *column = Some(Column::Location);
    }
    // So is a column of another header whose cells are the words for places, and nothing else.
    if place(&columns, Column::Location).is_none() && place(&columns, Column::Name).is_some() {
        let found = (0..columns.len()).find(|at| {
            columns.get(*at).is_some_and(Option::is_none)
                && cells(*at).next().is_some()
                && cells(*at).all(|cell| is_word_for_place(&cell))
        });
        if let Some(column) = found.and_then(|at| columns.get_mut(at)) {
            *column = Some(Column::Location);
        }
    }
    // A column without a known header, or one that says where fields are sent, holds types where
    // each of its cells is one.
    if place(&columns, Column::Type).is_none() && place(&columns, Column::Name).is_some() {
        let may_be = |column: &Option<Column>| matches!(column, None | Some(Column::Location));
        let found = (0..columns.len()).find(|at| {
            columns.get(*at).is_some_and(may_be)
                && cells(*at).any(|cell| is_sure_type(&cell))
                && cells(*at).all(|cell| words::parse_type(&cell).is_some())
        });
        if let Some(column) = found.and_then(|at| columns.get_mut(at)) {
            *column = Some(Column::Type);
        }
    }
    // Names before types are those of fields, whatever they are called.
    let has = |wanted: Column| columns.contains(&Some(wanted));
    if !has(Column::Name)
        && !has(Column::Status)
        && !has(Column::ErrorCode)
        && let Some(types) = place(&columns, Column::Type)
        && columns.first().is_some_and(Option::is_none)
        && cells(0).next().is_some()
        && cells(0).all(|cell| clean_name(mandatory::of_name(&cell).0).is_some())
        && cells(types).any(|cell| is_sure_type(&cell))
        && let Some(column) = columns.first_mut()
    {
        *column = Some(Column::Name);
    }
    // Codes of which none is a status are those of errors.
    if let Some(at) = place(&columns, Column::Status)
        && place(&columns, Column::Name).is_none()
        && place(&columns, Column::ErrorCode).is_none()
        && cells(at).next().is_some()
        && !table
            .rows
            .iter()
            .any(|row| status_of_row(row, at).is_some())
        && let Some(column) = columns.get_mut(at)
    {
        *column = Some(Column::ErrorCode);
    }
    // A value's column may hold its type, or what it may be.
    let value = table
        .header
        .iter()
        .position(|header| matches!(header.trim().to_lowercase().as_str(), "value" | "值"));
    if let Some(at) = value
        && columns.contains(&Some(Column::Name))
        && columns.get(at).is_some_and(Option::is_none)
    {
        let types = cells(at)
            .filter(|cell| words::parse_type(cell).is_some())
            .count();
        let is_described = columns_hold_descriptions(table);
        let wanted = if 2 * types > table.rows.len() || is_described && names_types(table, at) {
            Column::Type
        } else if is_filled_in(table, &columns, at) {
            Column::Example
        } else {
            Column::Range
        };
        if let Some(column) = columns.get_mut(at) {
            *column = Some(wanted);
        }
    }
    columns
}

/// What the columns of a table hold whose header is empty: its cells tell, where the first of each
/// row is a name in code marks, and others are types.
fn by_cells(table: &Table) -> Vec<Option<Column>> {
    let mut columns = vec![None; table.header.len()];
    let cells = |at: usize| table.rows.iter().filter_map(move |row| row.cells.get(at));
    let is_name = |cell: &Cell| match cell.blocks.as_slice() {
        [
            Block {
                kind: BlockKind::Paragraph(text),
                ..
            },
        ] => text.marked > 0 && clean_name(mandatory::of_name(&text.plain).0).is_some(),
        _ => false,
    };
    let is_type = |cell: &Cell| words::parse_type(&cell.plain()).is_some();
    let types = (1..columns.len()).find(|at| cells(*at).all(is_type));
    if table.rows.is_empty() || !cells(0).all(is_name) || types.is_none() {
        return columns;
    }
    let description = (1..columns.len()).rfind(|at| Some(*at) != types);
    for (at, column) in columns.iter_mut().enumerate() {
        *column = match at {
            0 => Some(Column::Name),
            _ if Some(at) == types => Some(Column::Type),
            _ if Some(at) == description => Some(Column::Description),
            _ => None,
        };
    }
    columns
}

/// Whether a column of a table describes its fields.
fn columns_hold_descriptions(table: &Table) -> bool {
    let mut headers = table.header.iter().map(|header| words::header(header));
    headers.any(|column| column == Some(Column::Description))
}

/// Whether each cell of a column is one word that is neither quoted nor marked as code, or a link:
/// the name of a type, as nobody writes the values of a field.
fn names_types(table: &Table, at: usize) -> bool {
    let mut cells = table.rows.iter().filter_map(|row| row.cells.get(at));
    cells.all(|cell| match cell.blocks.as_slice() {
        [] => true,
        [block] => match &block.kind {
            BlockKind::Paragraph(text) => {
                let plain = text.plain.trim();
                let is_link = matches!(text.links.as_slice(), [link] if link.text.trim() == plain);
                let is_word = plain.chars().all(char::is_alphabetic) && !is_constant(plain);
                words::parse_type(plain).is_some() || is_link || text.codes.is_empty() && is_word
            }
            _ => false,
        },
        _ => false,
    })
}

/// Whether a word is a value that no type is called by.
fn is_constant(word: &str) -> bool {
    let word = word.to_lowercase();
    matches!(
        word.as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "none"
    )
}

/// Whether a table only fills in parameters: one word for each name, which is a value among others.
fn is_filled_in(table: &Table, columns: &[Option<Column>], value: usize) -> bool {
    let cells = |at: usize| table.rows.iter().filter_map(move |row| row.cells.get(at));
    let name = columns
        .iter()
        .position(|column| *column == Some(Column::Name));
    let names: BTreeSet<String> = name.into_iter().flat_map(cells).map(Cell::plain).collect();
    names.len() == table.rows.len() && cells(value).all(|cell| is_one_value(cell.plain().trim()))
}

/// Whether a text is one value: a word, a media type, or a credential with its scheme before it.
fn is_one_value(text: &str) -> bool {
    let schemes = ["Bearer ", "Basic ", "Token ", "Digest "];
    let mut schemes = schemes.iter();
    let text = schemes
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    let kinds = [
        "application/",
        "text/",
        "multipart/",
        "image/",
        "audio/",
        "video/",
    ];
    let is_media = kinds.iter().any(|kind| text.starts_with(kind));
    let parts = |c: char| {
        c.is_whitespace() || matches!(c, ',' | '|' | '，' | '、' | '或') || c == '/' && !is_media
    };
    !text.contains(parts)
}

/// Whether a cell is a type, and nothing else that is written in one word: `file`, `date` and `text`
/// are kinds of other things too.
fn is_sure_type(cell: &str) -> bool {
    let kind = words::parse_type(cell);
    let is_text = || matches!(cell.trim().to_lowercase().as_str(), "string" | "str");
    match kind {
        Some(TypeName::String) => is_text(),
        Some(TypeName::File | TypeName::Any) | None => false,
        Some(_) => true,
    }
}

/// Whether a cell is nothing but a place that a field is sent in.
fn is_place(cell: &str) -> bool {
    cell.chars().count() <= 20 && words::place(cell).is_some()
}

/// Whether a cell is the word for a place as generators write it.
fn is_word_for_place(cell: &str) -> bool {
    let words = [
        "path", "query", "header", "cookie", "body", "form", "formdata",
    ];
    words.contains(&cell.trim().trim_matches('`').to_lowercase().as_str())
}

/// Reads a row; `None` for one without a name.
pub(super) fn read(row: &Row, columns: &[Option<Column>], table: &Site) -> Option<FieldRow> {
    let cell = |wanted: Column| -> Option<&Cell> {
        columns
            .iter()
            .position(|column| *column == Some(wanted))
            .and_then(|index| row.cells.get(index))
    };
    // No name has a backslash: tools leave it before signs that need none.
    let shown = cell(Column::Name)?.plain().replace('\\', "");
    let beside_name = valued(shown.trim()).and_then(|(_, value)| words::parse_type(value));
    let (shown, marked, is_starred) = mandatory::of_name(&shown);
    let name = clean_name(shown)?;
    let type_text = cell(Column::Type).map(Cell::plain).unwrap_or_default();
    let (own_type, beside_type) = mandatory::of_type(&type_text);
    let marked = marked.or(beside_type);
    let told = cell(Column::Mandatory).map(Cell::plain).unwrap_or_default();
    let (said, conditional) = match words::mandatory(&told) {
        Some(mandatory) => (Some(Said::of(mandatory)), None),
        None => conditions::read_cell(&told).map_or_else(
            || (mandatory::of_cell(&told), None),
            |(answer, condition)| {
                let said = answer.map_or(Said::Conditional, Said::of);
                (Some(said), Some(condition))
            },
        ),
    };
    let said = said
        .or_else(|| {
            let cell = cell(Column::Optional)?.plain();
            mandatory::of_cell(&cell).map(Said::inverted)
        })
        .or(marked);
    let (own_type, is_nullable) = nullability::of_type(own_type);
    let mut type_links = Vec::new();
    if let Some(cell) = cell(Column::Type) {
        gather_links(&cell.blocks, &mut type_links);
    }
    let spelled = words::parse_type(own_type);
    let is_open = spelled.as_ref().is_none_or(is_of_anything);
    let linked = linked_type(own_type, &type_links).filter(|_| is_open);
    let kind = linked.or(spelled).or_else(|| {
        // `Dictionary data structure. For details, see Table 3.`: the type stands before the first
        // stop, unless another may stand in its place.
        let head = own_type
            .split(['.', '。', ',', '，', ';', '；'])
            .next()
            .filter(|_| !own_type.contains(", or "))
            .unwrap_or_default();
        words::parse_type(head).or_else(|| type_detail::limited(own_type))
    });
    let details = kind
        .as_ref()
        .map(|kind| type_detail::details(own_type, kind));
    let literals = cell(Column::Type)
        .filter(|_| kind.is_none())
        .and_then(literals)
        .unwrap_or_default();
    let kind = kind.or(beside_name.filter(|_| type_text.trim().is_empty()));
    let kind = kind.or_else(|| match literals.as_slice() {
        [] => None,
        values if values.iter().all(|value| value.parse::<i64>().is_ok()) => {
            Some(TypeName::Integer)
        }
        _ => Some(TypeName::String),
    });
    let unknown_type = (is_open && kind.as_ref().is_none_or(is_of_anything))
        .then(|| own_type.to_owned())
        .filter(|words| !words.is_empty());
    let is_linked = type_links.iter().any(|link| link.target.starts_with('#'));
    let mut links = type_links;
    let mut found = Vec::new();
    let mut text = type_text.clone();
    for wanted in [Column::Description, Column::Range] {
        let Some(cell) = cell(wanted) else { continue };
        gather_links(&cell.blocks, &mut links);
        text.push(' ');
        text.push_str(&cell.plain());
    }
    if let Some(cell) = cell(Column::Description) {
        found = passages(&cell.blocks);
    }
    for (column, words) in [
        (Column::MinLength, "Min length"),
        (Column::MaxLength, "Max length"),
        (Column::Minimum, "Min"),
        (Column::Maximum, "Max"),
    ] {
        let said = cell(column).map(Cell::plain).unwrap_or_default();
        if !is_silence(&said) {
            found.push(Passage::text(format!("{words}: {}", said.trim())));
        }
    }
    for (column, label) in [
        (Column::Range, Label::Range),
        (Column::Default, Label::Default),
    ] {
        if let Some(cell) = cell(column) {
            for mut passage in passages(&cell.blocks) {
                passage.label = label;
                found.push(passage);
            }
        }
    }
    Some(FieldRow {
        site: table.at(name.clone(), row.line),
        name,
        location: cell(Column::Location)
            .map(Cell::plain)
            .filter(|text| !is_silence(text)),
        mandatory: said,
        mark: match marked {
            Some(_) => Some(Mark::Word),
            None => is_starred.then_some(Mark::Star),
        },
        implied: None,
        is_nullable,
        conditional,
        kind,
        unknown_type,
        literals,
        details: details.unwrap_or_default(),
        is_linked,
        links,
        text,
        passages: found,
        example: cell(Column::Example)
            .map(Cell::plain)
            .filter(|text| !is_silence(text)),
    })
}

/// Whether a row of a table with so many says that there is no field: `None | | This request has no
/// body`.
pub(super) fn says_nothing(row: &Row, columns: &[Option<Column>], rows: usize) -> bool {
    let cell = |wanted: Column| {
        let at = columns.iter().position(|column| *column == Some(wanted))?;
        row.cells.get(at).map(Cell::plain)
    };
    let is_silent = |text: &str| {
        let text = text.trim();
        words::is_nothing(text) || text.chars().all(|c| matches!(c, '-' | '–' | '—' | '/'))
    };
    let is_open = |wanted: Column| cell(wanted).is_none_or(|text| is_silent(&text));
    let name = cell(Column::Name).unwrap_or_default();
    // Of several rows one that says nothing of its type alone is no field.
    let is_alone = rows == 1 || cell(Column::Type).is_some();
    words::is_nothing(name.trim().trim_matches(['*', '`', '_']))
        && is_alone
        && is_open(Column::Type)
        && is_open(Column::Example)
        && cell(Column::Mandatory).is_none_or(|text| words::mandatory(&text) != Some(true))
}

fn gather_links(blocks: &[Block], links: &mut Vec<Link>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(text) | BlockKind::Heading { text, .. } => {
                links.extend(text.links.iter().cloned());
            }
            BlockKind::List(items) => items.iter().for_each(|item| gather_links(item, links)),
            BlockKind::Table(_)
            | BlockKind::Code { .. }
            | BlockKind::Target { .. }
            | BlockKind::Unread(_) => {}
        }
    }
}

/// A field's name without marks of nesting or emphasis; `None` where the cell holds no name.
fn clean_name(cell: &str) -> Option<String> {
    let name = cell
        .trim()
        .trim_matches(['*', '`', '"', '“', '”'])
        .trim_start_matches([
            '└', '├', '│', '─', '»', '›', '>', '↳', '∟', '﹂', '⌞', '╰', '⎿', '→', '▸', '▹', '‣',
            '⤷', '·', '•', ' ',
        ])
        .trim();
    let name = name
        .split_once(['(', '（'])
        .map_or(name, |(head, _)| head.trim());
    // As a path names its parameter: `:id`.
    let name = name
        .strip_prefix(':')
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        .unwrap_or(name);
    let name = bracketed(name).unwrap_or(name);
    let name = valued(name).map_or(name, |(name, _)| name);
    // Any name below another or with some beginning (`o.*`, `.v`) is none: its place is not told.
    if name.len() > 1
        && (name.starts_with(['.', '|', '+'])
            || name.starts_with("->")
            || name.ends_with(['.', '-', '=']))
    {
        return None;
    }
    // The whole of a body that is an array.
    if name == "[]" {
        return Some(name.to_owned());
    }
    let plain = !name.is_empty()
        && name.chars().count() <= 80
        && !name.chars().any(|c| c.is_whitespace() || c.is_control())
        && name
            .chars()
            .any(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '*'));
    plain.then(|| name.to_owned())
}

/// The name within the brackets or braces in which a path writes its parameter: `<id>`, `{id}`.
fn bracketed(name: &str) -> Option<&str> {
    let inner = name
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .or_else(|| {
            name.strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'))
        })?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (!inner.is_empty() && inner.chars().all(is_word)).then_some(inner)
}

/// Whether a text is a whole number that no status of HTTP is.
fn is_no_status(text: &str) -> bool {
    let number = text.trim().trim_matches('`').parse::<i64>();
    number.is_ok_and(|number| !(100..600).contains(&number))
}

/// A name with the kind of its value behind it, as queries are written: `m=<int>`, `q={text}`.
fn valued(name: &str) -> Option<(&str, &str)> {
    let (name, value) = name.split_once('=')?;
    let inner = value
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .or_else(|| value.strip_prefix('{')?.strip_suffix('}'))?;
    (!name.is_empty()).then_some((name, inner))
}

/// Whether the words of a type name several, one of which is not known.
fn is_several(spelled: &str) -> bool {
    let words: Vec<&str> = spelled.split([' ', '|', '/', ',']).collect();
    let known = words
        .iter()
        .filter(|word| words::parse_type(word).is_some());
    known.count() > 1
}

/// Whether a type is that of an array whose items are not told.
fn is_of_anything(kind: &TypeName) -> bool {
    matches!(kind, TypeName::Array(items) if **items == TypeName::Any)
}

/// The type of a cell that names it by a link to its table: `[Widget](#widget)[]`.
fn linked_type(spelled: &str, links: &[Link]) -> Option<TypeName> {
    let [link] = links else {
        return None;
    };
    let name = link.text.trim();
    let is_object = link.target.starts_with('#')
        && !name.is_empty()
        && spelled.contains(name)
        && words::parse_type(name).is_none();
    if !is_object {
        return None;
    }
    // `Item Settings Object (See below)`: the link has the name, and the rest says that it is one.
    let spelled = SEE_BELOW.replace(spelled, "");
    let behind = spelled
        .split_once(name)
        .map_or("", |(_, behind)| behind.trim());
    let spelled = match behind.to_lowercase().as_str() {
        "object" | "objects" => spelled.replacen(name, &name.replace(' ', ""), 1),
        _ => spelled.replacen(name, &format!("{} object", name.replace(' ', "")), 1),
    };
    words::parse_type(&spelled)
}

/// The kind and format of a type that pages name.
pub(super) fn kind_of(name: &TypeName) -> (Kind, Option<&'static str>) {
    match name {
        TypeName::String => (Kind::String, None),
        TypeName::File => (Kind::String, Some("binary")),
        TypeName::Integer => (Kind::Integer, None),
        TypeName::Int32 => (Kind::Integer, Some("int32")),
        TypeName::Long => (Kind::Integer, Some("int64")),
        TypeName::Number => (Kind::Number, None),
        TypeName::Float => (Kind::Number, Some("float")),
        TypeName::Double => (Kind::Number, Some("double")),
        TypeName::Boolean => (Kind::Boolean, None),
        TypeName::Object(_) | TypeName::Map(_) => (Kind::Object, None),
        TypeName::Array(_) => (Kind::Array, None),
        TypeName::Any | TypeName::OneOf(_) => (Kind::Any, None),
    }
}

impl FieldRow {
    /// The row of a body as a whole, of an object that a text links to.
    pub(super) fn whole(kind: TypeName, link: Link, site: Site) -> Self {
        Self {
            text: link.text.clone(),
            links: vec![link],
            ..Self::bare("[]".to_owned(), kind, site)
        }
    }

    /// A row of which only the name and the type are known.
    pub(super) fn bare(name: String, kind: TypeName, site: Site) -> Self {
        Self {
            name,
            location: None,
            mandatory: None,
            mark: None,
            implied: None,
            is_nullable: false,
            conditional: None,
            kind: Some(kind),
            unknown_type: None,
            literals: Vec::new(),
            details: Details::default(),
            is_linked: false,
            text: String::new(),
            links: Vec::new(),
            passages: Vec::new(),
            example: None,
            site,
        }
    }

    /// Makes a list of what the row describes, unless it is one: what its type says is said of each
    /// item.
    pub(super) fn make_list(&mut self) {
        if matches!(self.kind, Some(TypeName::Array(_))) {
            return;
        }
        let items = self.kind.take().unwrap_or(TypeName::Any);
        self.kind = Some(TypeName::Array(Box::new(items)));
        self.details.of_items = std::mem::take(&mut self.details.own);
    }

    /// Whether the row says that the field is sent in a place (`path`, `header`).
    pub(super) fn is_sent_as(&self, place: &str) -> bool {
        self.location
            .as_ref()
            .is_some_and(|word| word.to_lowercase().contains(place))
    }

    /// The node that the row describes, its children left out.
    pub(super) fn node(&self) -> Node {
        let mut node = Node {
            rows: vec![self.site.clone()],
            ..Node::default()
        };
        let said = presence(&running(&self.passages));
        let in_words = match said {
            Some(Presence::Required) => Some(true),
            Some(Presence::Optional) => Some(false),
            Some(Presence::Conditional) | None => None,
        };
        let is_conditional = self.mandatory == Some(Said::Conditional);
        match self.mandatory {
            Some(Said::Mandatory) => {
                node.state(Constraint::Required(true), &self.site);
            }
            Some(Said::Optional) => {
                node.state(Constraint::Required(false), &self.site);
            }
            Some(Said::Conditional) => {}
            None => {
                if let Some(mandatory) = in_words {
                    node.state(Constraint::Required(mandatory), &self.site);
                } else if said.is_none() && !self.has_condition() {
                    let implied = match self.implied {
                        Some(Said::Mandatory) if self.has_default() => None,
                        Some(Said::Mandatory) => Some(Constraint::Implied),
                        Some(Said::Optional) => Some(Constraint::Required(false)),
                        Some(Said::Conditional) | None => None,
                    };
                    if let Some(implied) = implied {
                        node.state(implied, &self.site);
                    }
                }
            }
        }
        if is_conditional && self.conditional.is_none() || said == Some(Presence::Conditional) {
            node.state(Constraint::Conditional, &self.site);
        }
        if let Some(told) = &self.conditional {
            node.state(Constraint::Told(Box::new(told.clone())), &self.site);
        }
        let kind = self.kind.as_ref().map(kind_of);
        match &self.kind {
            Some(TypeName::OneOf(kinds)) => {
                for (kind, format) in kinds.iter().map(kind_of) {
                    node.state(Constraint::Type(kind, format), &self.site);
                }
            }
            Some(own) => {
                let (kind, format) = kind_of(own);
                node.state(Constraint::Type(kind, format), &self.site);
            }
            None => {}
        }
        if !self.literals.is_empty() {
            node.state(
                Constraint::Enum(self.literals.clone(), Stand::Heading),
                &self.site,
            );
        }
        if self.is_nullable {
            node.state(Constraint::Nullable, &self.site);
        }
        // A table without a Type column describes path and query parameters, which are text, or
        // count.
        let untyped = if counts_by_name(&self.name) {
            Kind::Integer
        } else {
            Kind::String
        };
        self.constrain(&mut node, kind.map_or(untyped, |(kind, _)| kind));
        if node.is(Kind::String) && is_address(&self.name, &self.text) {
            node.state(Constraint::CustomFormat("email".to_owned()), &self.site);
        }
        add_details(&mut node, &self.details.own, &self.site);
        if let Some(items) = &mut node.items {
            add_details(items, &self.details.of_items, &self.site);
        }
        node
    }

    /// Whether the field has a default: then it may be left out.
    fn has_default(&self) -> bool {
        let kind = self
            .kind
            .as_ref()
            .map_or(Kind::String, |kind| kind_of(kind).0);
        let stated = statements(&self.passages, kind);
        let mut all = stated.iter().chain(&self.details.own);
        all.any(|own| matches!(own, Constraint::Default(_)))
    }

    /// Whether a sentence makes it depend on something whether the field is sent.
    fn has_condition(&self) -> bool {
        let said = sentences(&running(&self.passages));
        said.iter()
            .any(|sentence| conditions::read(sentence).is_some())
    }

    /// What the cells say of the values: of the items, for an array of scalars.
    fn constrain(&self, node: &mut Node, kind: Kind) {
        let item = match &self.kind {
            Some(TypeName::Array(item)) => Some(kind_of(item)),
            _ => None,
        };
        let of_items = match &self.kind {
            Some(TypeName::Array(item)) => Some(item.as_ref()),
            _ => None,
        };
        let is_map = matches!(of_items, Some(TypeName::Map(_)));
        if let Some((item, format)) = item
            && (item != Kind::Object || is_map)
        {
            let mut items = Node {
                rows: vec![self.site.clone()],
                ..Node::default()
            };
            items.state(Constraint::Type(item, format), &self.site);
            if let Some(TypeName::Map(value)) = of_items {
                items.values = value_of(value, &self.site).map(Box::new);
            }
            for constraint in enums::values(&self.passages, item) {
                items.state(constraint, &self.site);
            }
            for constraint in of_each(&running(&self.passages), item) {
                items.state(constraint, &self.site);
            }
            node.items = Some(Box::new(items));
            node.state(Constraint::Items, &self.site);
        }
        if is_file(self.kind.as_ref()) {
            let told = files::statements(&running(&self.passages));
            let of_file = match &mut node.items {
                Some(items) => items,
                None => node,
            };
            for constraint in told {
                of_file.state(constraint, &self.site);
            }
            return;
        }
        let is_union = matches!(self.kind, Some(TypeName::OneOf(_)))
            || self.unknown_type.as_deref().is_some_and(is_several);
        for constraint in statements(&self.passages, kind) {
            // Which of several types a value is of is not told.
            let constraint = match constraint {
                Constraint::Enum(..) if is_union => Constraint::Prose,
                // Of a type that is not known, what looks like a number may be one.
                Constraint::Enum(values, _)
                    if self.kind.is_none()
                        && self.unknown_type.is_some()
                        && values.iter().all(|value| value.parse::<f64>().is_ok()) =>
                {
                    Constraint::Prose
                }
                other => other,
            };
            node.state(constraint, &self.site);
        }
        if widens(&running(&self.passages)) {
            node.state(Constraint::Meaning(Meaning::Widened), &self.site);
        }
        for meaning in meanings(&running(&self.passages), kind) {
            node.state(Constraint::Meaning(meaning), &self.site);
        }
        if kind == Kind::Array
            && let Some(order) = sorted(&running(&self.passages))
        {
            node.state(order, &self.site);
        }
    }
}

pattern! {
    /// A name of a field that holds an e-mail address.
    static EMAIL_NAME = r"(?i)(?:^|[^a-z]|[a-z])e-?mail(?:[_-]?addr(?:ess)?)?$";

    /// A description that speaks of one.
    static EMAIL_WORDS = r"(?i)\be-?mail address\b";
}

/// Whether a field is called an e-mail address, by its name and in words: what is made up for it is
/// one, though only a sentence that says so outright refuses others.
fn is_address(name: &str, text: &str) -> bool {
    EMAIL_NAME.is_match(name) && EMAIL_WORDS.is_match(text)
}

/// States what the cell of a type says besides it. That the values are of some form says nothing
/// more where the row says of which.
fn add_details(node: &mut Node, details: &[Constraint], site: &Site) {
    let says_form = node.statements.iter().any(|statement| {
        matches!(
            statement.constraint,
            Constraint::Enum(..)
                | Constraint::Format(_)
                | Constraint::Pattern(..)
                | Constraint::Always(_)
        )
    });
    for own in details {
        if *own != Constraint::Prose || !says_form {
            node.state(own.clone(), site);
        }
    }
}

/// The values of a map, where their type is told.
pub(super) fn value_of(kind: &TypeName, site: &Site) -> Option<Node> {
    let (kind, format) = kind_of(kind);
    let mut node = Node {
        rows: vec![site.clone()],
        ..Node::default()
    };
    node.state(Constraint::Type(kind, format), site);
    (kind != Kind::Any).then_some(node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("name", "name")]
    #[case("`name`", "name")]
    #[case("name?", "name")]
    #[case("name? \\*", "name")]
    #[case("name*", "name")]
    #[case("**name**", "name")]
    #[case("name (Optional)", "name")]
    #[case("name (since 2.1)", "name")]
    #[case("`:name`", "name")]
    #[case("name=<int>", "name")]
    fn a_name_is_read_without_its_marks(#[case] cell: &str, #[case] name: &str) {
        let (shown, ..) = mandatory::of_name(cell);
        assert_eq!(clean_name(shown).as_deref(), Some(name));
    }

    #[rstest]
    #[case("o.*")]
    #[case(".v")]
    #[case("x-meta-*")]
    #[case("two words")]
    fn what_stands_for_many_names_is_none(#[case] cell: &str) {
        let (shown, ..) = mandatory::of_name(cell);
        assert_eq!(clean_name(shown), None);
    }
}
