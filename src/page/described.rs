//! Tables made of fields that stand in no table (directives, field lists, bullets): one row a
//! field, with the line that it stands on. The fields of an object are a table in its row, which
//! links to it.

use super::block::{Block, BlockKind, Cell, Link, Row, Subject, Table, Text};
use super::words::{TypeName, parse_type};

/// How deep fields are nested.
const DEPTH: usize = 12;

/// A field, as its markup describes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Described {
    pub line: usize,
    pub name: String,
    /// Where it is sent (`path`, `query`, `header`, `body`, `form`); empty where that is not said.
    pub place: &'static str,
    /// The type, as spelled.
    pub kind: String,
    /// Where the type leads to.
    pub link: Option<Link>,
    pub is_required: Option<bool>,
    /// Whether it is marked as optional where nothing is said of others.
    pub is_marked_optional: bool,
    /// The default, as spelled; empty where none is said.
    pub default: String,
    pub description: Vec<Block>,
    /// The fields inside it.
    pub inner: Vec<Described>,
    /// Whether the names of its fields are values themselves (`{id}`).
    pub is_map: bool,
}

/// Whether a field says something that stands in a column.
type Says = fn(&Described) -> bool;

/// The columns: heading, and which fields need it.
const COLUMNS: [(&str, Says); 6] = [
    ("Name", |_| true),
    ("In", |field| !field.place.is_empty()),
    ("Type", |field| {
        !field.kind.is_empty() || !field.inner.is_empty() || field.is_map
    }),
    // With a column of its own, what marks of one list mean is not said of the page's other tables.
    ("Mandatory", |field| {
        field.is_required.is_some() || field.is_marked_optional
    }),
    ("Default", |field| !field.default.is_empty()),
    ("Description", |_| true),
];

/// The table of fields; none without any.
pub(super) fn table(fields: &[Described], subject: Option<Subject>) -> Option<Block> {
    let first = fields.first()?;
    let table = table_at(fields, subject, "", 0);
    Some(Block::new(first.line, BlockKind::Table(table)))
}

fn table_at(fields: &[Described], subject: Option<Subject>, path: &str, depth: usize) -> Table {
    let columns: Vec<&str> = COLUMNS
        .iter()
        .filter(|(_, says)| fields.iter().any(says))
        .map(|(heading, _)| *heading)
        .collect();
    Table {
        anchors: (subject == Some(Subject::Inner))
            .then(|| anchor(path, fields))
            .into_iter()
            .collect(),
        header: columns
            .iter()
            .map(|heading| (*heading).to_owned())
            .collect(),
        rows: fields
            .iter()
            .map(|field| row(field, &columns, path, depth))
            .collect(),
        subject,
        ..Table::default()
    }
}

/// The name of the table of a field's fields, which no other table of the page has.
fn anchor(path: &str, fields: &[Described]) -> String {
    let line = fields.first().map_or(0, |field| field.line);
    format!("fields{path}@{line}")
}

fn row(field: &Described, columns: &[&str], path: &str, depth: usize) -> Row {
    let path = format!("{path}.{}", field.name);
    let holds = !field.inner.is_empty() && depth < DEPTH;
    let mut cells: Vec<Cell> = columns
        .iter()
        .map(|heading| match *heading {
            "Name" if field.is_marked_optional => {
                Cell::of(field.line, format!("{} (Optional)", field.name))
            }
            "Name" => Cell::of(field.line, &field.name),
            "In" => Cell::of(field.line, field.place),
            "Type" => kind(field, holds.then(|| anchor(&path, &field.inner))),
            "Mandatory" => Cell::of(
                field.line,
                match field
                    .is_required
                    .or(field.is_marked_optional.then_some(false))
                {
                    Some(true) => "Yes",
                    Some(false) => "No",
                    None => "",
                },
            ),
            "Default" => Cell::of(field.line, &field.default),
            _ => Cell {
                blocks: field.description.clone(),
            },
        })
        .collect();
    if let Some(last) = cells.last_mut().filter(|_| holds) {
        let inner = table_at(&field.inner, Some(Subject::Inner), &path, depth + 1);
        last.blocks
            .push(Block::new(field.line, BlockKind::Table(inner)));
    }
    Row {
        line: field.line,
        cells,
    }
}

/// The cell of a field's type; that of an object links to the table of its fields.
fn kind(field: &Described, inner: Option<String>) -> Cell {
    let stated = parse_type(&field.kind);
    let Some(anchor) = inner else {
        let is_open = field.is_map && matches!(stated, None | Some(TypeName::Object(None)));
        let spelled = if is_open {
            "Map<String, Any>"
        } else {
            &field.kind
        };
        let mut cell = Cell::of(field.line, spelled);
        if let (
            Some(link),
            Some(Block {
                kind: BlockKind::Paragraph(text),
                ..
            }),
        ) = (&field.link, cell.blocks.first_mut())
        {
            text.links = vec![link.clone()];
        }
        return cell;
    };
    let spelled = match stated {
        Some(TypeName::Array(_)) => "Array of objects",
        _ if field.is_map => "Map<String, Object>",
        _ => "Object",
    };
    let text = Text {
        plain: spelled.to_owned(),
        links: vec![Link {
            text: spelled.to_owned(),
            target: format!("#{anchor}"),
        }],
        ..Text::default()
    };
    Cell {
        blocks: vec![Block::new(field.line, BlockKind::Paragraph(text))],
    }
}

/// Whether a field can hold others.
pub(super) fn may_hold_fields(kind: &str) -> bool {
    kind.trim().is_empty()
        || matches!(
            parse_type(kind),
            Some(TypeName::Object(_) | TypeName::Map(_) | TypeName::Any)
        )
        || matches!(
            parse_type(kind),
            Some(TypeName::Array(item)) if matches!(*item, TypeName::Object(_) | TypeName::Any)
        )
}

/// Puts fields whose names lead through others (`a.b`, `a[].b`, `a.{id}.b`) into those, where the
/// outermost is a field of its own; a name of a query may have dots and stays whole.
pub(super) fn nest(fields: Vec<Described>) -> Vec<Described> {
    let mut nested: Vec<Described> = Vec::with_capacity(fields.len());
    for mut field in fields {
        let name = std::mem::take(&mut field.name);
        let (root, rest) = name.split_once('.').unwrap_or((&name, ""));
        let holder = nested.iter_mut().find(|known| {
            !rest.is_empty()
                && known.name == root.trim_end_matches("[]")
                && known.place == field.place
                && !matches!(field.place, "path" | "query" | "header")
                && may_hold_fields(&known.kind)
        });
        if let Some(holder) = holder {
            insert(holder, rest, field, 0);
        } else {
            field.name = name;
            nested.push(field);
        }
    }
    nested
}

/// Puts a field below another at a path.
fn insert(holder: &mut Described, path: &str, mut field: Described, depth: usize) {
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    let is_key = step == "*" || (step.starts_with('{') && step.ends_with('}'));
    if is_key {
        holder.is_map = true;
        if !rest.is_empty() {
            insert(holder, rest, field, depth + 1);
        }
        return;
    }
    let step = step.trim_end_matches("[]");
    if rest.is_empty() || depth >= DEPTH {
        step.clone_into(&mut field.name);
        field.place = "";
        holder.inner.push(field);
        return;
    }
    let at = holder.inner.iter().position(|known| known.name == step);
    let at = at.unwrap_or_else(|| {
        holder.inner.push(Described {
            line: field.line,
            name: step.to_owned(),
            ..Described::default()
        });
        holder.inner.len() - 1
    });
    if let Some(known) = holder.inner.get_mut(at) {
        insert(known, rest, field, depth + 1);
    }
}

/// The table of the statuses that markup lists: line, code, description.
pub(super) fn statuses(listed: &[(usize, String, Vec<Block>)]) -> Option<Block> {
    let (first, _, _) = listed.first()?;
    let table = Table {
        header: vec!["Status code".to_owned(), "Description".to_owned()],
        rows: listed
            .iter()
            .map(|(line, code, description)| Row {
                line: *line,
                cells: vec![
                    Cell::of(*line, code),
                    Cell {
                        blocks: description.clone(),
                    },
                ],
            })
            .collect(),
        ..Table::default()
    };
    Some(Block::new(*first, BlockKind::Table(table)))
}

/// A block tree as lines of text: what tests of the readers look at.
#[cfg(test)]
pub(super) fn sketch(blocks: &[Block]) -> String {
    fn put(blocks: &[Block], depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        for block in blocks {
            let line = block.line;
            match &block.kind {
                BlockKind::Heading { level, text } => {
                    out.push_str(&format!("{indent}{line} heading {level}: {}\n", text.plain));
                }
                BlockKind::Paragraph(text) => {
                    out.push_str(&format!("{indent}{line} {}\n", text.plain));
                }
                BlockKind::List(items) => {
                    for item in items {
                        out.push_str(&format!("{indent}{line} item\n"));
                        put(item, depth + 1, out);
                    }
                }
                BlockKind::Code { text, .. } => {
                    out.push_str(&format!("{indent}{line} code: {text}\n"));
                }
                BlockKind::Target { method, path } => {
                    out.push_str(&format!("{indent}{line} target {method} {path}\n"));
                }
                BlockKind::Unread(unread) => {
                    out.push_str(&format!("{indent}{line} unread {unread:?}\n"));
                }
                BlockKind::Table(table) => {
                    let subject = table.subject.map_or("unplaced".to_owned(), |subject| {
                        format!("{subject:?}").to_lowercase()
                    });
                    let header = table.header.join(" | ");
                    out.push_str(&format!("{indent}{line} {subject} table: {header}\n"));
                    for row in &table.rows {
                        let cells: Vec<String> = row.cells.iter().map(Cell::plain).collect();
                        out.push_str(&format!("{indent}  {} {}\n", row.line, cells.join(" | ")));
                        for cell in &row.cells {
                            let tables: Vec<Block> = cell
                                .blocks
                                .iter()
                                .filter(|block| matches!(block.kind, BlockKind::Table(_)))
                                .cloned()
                                .collect();
                            put(&tables, depth + 2, out);
                        }
                    }
                }
            }
        }
    }
    let mut out = String::new();
    put(blocks, 0, &mut out);
    out
}
