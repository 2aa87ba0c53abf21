//! Tables told apart: parameters, bodies, named objects, status codes; and the table that a row's object is described in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::compile;
use super::outline::{Item, ItemKind, Section};
use super::rows::{self, FieldRow};
use super::statement::{Constraint, Kind, Node, Site};
use crate::page::words::{Column, TypeName};
use crate::page::{Page, Table};

/// What a table describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Path,
    Query,
    Header,
    RequestBody,
    ResponseBody,
    /// `Parameter description`: the section says of what.
    Parameters,
    /// An object that another table's row refers to.
    Object,
    /// A table that describes nothing of ours (response headers).
    Ignored,
}

/// A table of parameters or fields.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldTable {
    pub role: Role,
    pub section: Section,
    pub status: Option<u16>,
    /// The number of the caption.
    pub number: Option<u32>,
    /// The name that the caption gives to an object.
    pub name: Option<String>,
    pub anchors: Vec<String>,
    pub rows: Vec<FieldRow>,
    pub site: Site,
}

/// A row of a table of status codes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StatusRow {
    pub status: u16,
    pub site: Site,
}

/// The tables of a page.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Tables {
    pub fields: Vec<FieldTable>,
    pub statuses: Vec<StatusRow>,
}

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(
        r"(?i)^\s*(?:table|表|tabla|tabela|tabelle|tableau)\s*(?P<n>\d+)\s*[:：.]?\s*(?P<title>.*)$",
    )
});
static REFERENCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| compile(r"(?i)(?:\btable|表)\s*(?P<n>\d+)"));

/// The titles of tables: pattern and role. The first match wins.
const TITLES: &[(&str, Role)] = &[
    (r"(?i)response header|响应header|响应消息头", Role::Ignored),
    (
        r"(?i)\bpath param|^ur[il] param|路径参数|ur[il]参数",
        Role::Path,
    ),
    (
        r"(?i)\bquery\s+(?:string\s+)?param|\bquery\s*参数|查询参数|^query$",
        Role::Query,
    ),
    (
        r"(?i)request header|header param|请求header|请求消息头",
        Role::Header,
    ),
    (
        r"(?i)request body|body param.*request|请求body|请求体|formdata",
        Role::RequestBody,
    ),
    (r"(?i)response body|响应body|响应体", Role::ResponseBody),
    (
        r"(?i)^(?:(?:request|response|input|output|returned|common|the)\s+)*(?:message\s+)?param(?:eter)?s?(?:\s+descriptions?)?$|^descriptions? of (?:the )?(?:request |response )?parameters?$|^(?:请求|响应|返回)?(?:消息)?参数(?:说明|列表|描述)?$|^(?:request|response|请求|响应)$",
        Role::Parameters,
    ),
];
static TITLE: LazyLock<Vec<(Regex, Role)>> = LazyLock::new(|| {
    TITLES
        .iter()
        .filter_map(|(pattern, role)| Some((compile(pattern)?, *role)))
        .collect()
});

/// Titles that name the field or object whose structure the table tells.
static OBJECT: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?i)^data structure description of (?:the )?(?:field |parameter )?(?P<name>[\w.$-]+)",
        r"(?i)^(?:description of )?(?:the )?(?P<name>[\w.$-]+)\s+(?:field|parameter|object|structure|data)?\s*(?:data )?(?:structure|field|parameter|object|array|elements?|list)s?(?:\s+(?:data )?(?:structure|description|parameters?))*",
        r"(?i)^(?:descriptions? of |parameters in |parameters of )(?:the )?(?P<name>[\w.$-]+)",
        r"^(?P<name>[\w.$-]+?)\s*(?:字段|参数|对象|结构|数据|数组|列表|元素)",
        r"^(?P<name>[A-Za-z][\w.$-]*)\s*(?:[(（].*)?$",
    ]
    .into_iter()
    .filter_map(compile)
    .collect()
});

/// Reads the tables of a page.
pub(super) fn tables(page: &Page, items: &[Item<'_>]) -> Tables {
    let mut found = Tables::default();
    let mut left = 2 * MOST_FIELDS;
    for item in items {
        let ItemKind::Table(table) = item.kind else {
            continue;
        };
        let columns = rows::columns(&table.header);
        if columns.contains(&Some(Column::ErrorCode)) && !columns.contains(&Some(Column::Type)) {
            continue;
        }
        let caption = item.caption.map(|caption| caption.plain.clone());
        let site = Site {
            page: page.name.clone(),
            edition: page.edition.clone(),
            table: caption.clone().unwrap_or_else(|| item.heading.to_owned()),
            row: String::new(),
            line: item.line,
        };
        if columns.contains(&Some(Column::Status)) && !columns.contains(&Some(Column::Name)) {
            statuses(table, &columns, &site, &mut found.statuses);
        } else if columns.contains(&Some(Column::Name)) {
            let rows: Vec<FieldRow> = table
                .rows
                .iter()
                .filter_map(|row| rows::read(row, &columns, &site))
                .take(left)
                .collect();
            left -= rows.len();
            let described = field_table(table, item, rows, site, &found.fields);
            found.fields.push(described);
        }
    }
    found
}

/// The number that a caption has.
pub(super) fn number_of(caption: &str) -> Option<u32> {
    NUMBER
        .as_ref()?
        .captures(caption)?
        .name("n")?
        .as_str()
        .parse()
        .ok()
}

fn statuses(table: &Table, columns: &[Option<Column>], site: &Site, statuses: &mut Vec<StatusRow>) {
    let Some(column) = columns
        .iter()
        .position(|column| *column == Some(Column::Status))
    else {
        return;
    };
    for row in &table.rows {
        let text = row
            .cells
            .get(column)
            .map(crate::page::Cell::plain)
            .unwrap_or_default();
        if let Some(status) = leading_status(&text)
            && !statuses.iter().any(|known| known.status == status)
        {
            statuses.push(StatusRow {
                status,
                site: site.at(status.to_string(), row.line),
            });
        }
    }
}

/// The status code that a text begins with.
pub(super) fn leading_status(text: &str) -> Option<u16> {
    let digits: String = text
        .trim()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits
        .parse()
        .ok()
        .filter(|status| digits.len() == 3 && (100..600).contains(status))
}

fn field_table(
    table: &Table,
    item: &Item<'_>,
    rows: Vec<FieldRow>,
    site: Site,
    before: &[FieldTable],
) -> FieldTable {
    let caption = item
        .caption
        .map(|caption| caption.plain.trim().to_owned())
        .unwrap_or_default();
    let captures = NUMBER
        .as_ref()
        .and_then(|pattern| pattern.captures(&caption));
    let number = captures
        .as_ref()
        .and_then(|captures| captures.name("n")?.as_str().parse().ok());
    let title = captures
        .and_then(|captures| {
            captures
                .name("title")
                .map(|title| title.as_str().to_owned())
        })
        .unwrap_or_else(|| caption.clone());
    let title = title.trim();
    let titled = TITLE
        .iter()
        .find(|(pattern, _)| pattern.is_match(title))
        .map(|(_, role)| *role);
    let name = match titled {
        None if !title.is_empty() => OBJECT
            .iter()
            .find_map(|pattern| Some(pattern.captures(title)?.name("name")?.as_str().to_owned())),
        _ => None,
    };
    let role = match titled {
        Some(Role::Parameters) | None if title.is_empty() || titled.is_some() => {
            by_place(item, &rows, before)
        }
        Some(role) => role,
        // A title of its own kind: an object, unless its part of the page has no body yet and nothing refers to it.
        None if name.is_none() => by_place(item, &rows, before),
        None => Role::Object,
    };
    FieldTable {
        role,
        section: item.section,
        status: item.status,
        number,
        name,
        anchors: table
            .anchors
            .iter()
            .chain(
                item.caption
                    .into_iter()
                    .flat_map(|caption| &caption.anchors),
            )
            .chain(item.anchors)
            .cloned()
            .collect(),
        rows,
        site,
    }
}

/// The role of a table whose caption does not tell: by its section and what stands before it.
fn by_place(item: &Item<'_>, rows: &[FieldRow], before: &[FieldTable]) -> Role {
    let taken = |role: Role| {
        before.iter().any(|table| {
            table.role == role && table.section == item.section && table.status == item.status
        })
    };
    match item.section {
        Section::Uri => Role::Parameters,
        Section::Request | Section::RequestExample => {
            if !rows.is_empty() && rows.iter().all(|row| is_header(&row.name)) {
                Role::Header
            } else if taken(Role::RequestBody) || taken(Role::Parameters) {
                Role::Object
            } else {
                Role::Parameters
            }
        }
        Section::Response | Section::ResponseExample | Section::AbnormalResponse => {
            if !rows.is_empty() && rows.iter().all(|row| is_header(&row.name)) {
                Role::Ignored
            } else if taken(Role::ResponseBody) {
                Role::Object
            } else {
                Role::ResponseBody
            }
        }
        _ => Role::Object,
    }
}

/// Whether a name is that of an HTTP header.
fn is_header(name: &str) -> bool {
    let folded = name.to_lowercase();
    folded.starts_with("x-")
        || matches!(
            folded.as_str(),
            "content-type" | "host" | "authorization" | "content-length" | "accept"
        )
}

/// How many fields are read of one page.
const MOST_FIELDS: usize = 5_000;

/// How many rows of one name in one object are read.
pub(super) const REPEATS: usize = 50;

/// Builds the trees of fields that the tables describe together.
pub(super) struct Linker<'t> {
    tables: &'t [FieldTable],
    /// Tables without a name that a row has taken already, in reading order.
    claimed: BTreeSet<usize>,
    /// The tables that were found by order, by the name of the type: rows of one type share one table.
    by_type: BTreeMap<String, usize>,
    /// How many more nodes may be made: a page may refer to its tables without end.
    budget: usize,
}

impl<'t> Linker<'t> {
    pub(super) fn new(tables: &'t [FieldTable]) -> Self {
        Self {
            tables,
            claimed: BTreeSet::new(),
            by_type: BTreeMap::new(),
            budget: MOST_FIELDS,
        }
    }

    /// Whether a row has taken a table for its object.
    pub(super) fn is_claimed(&self, index: usize) -> bool {
        self.claimed.contains(&index)
    }

    /// Whether the page has more fields than are read.
    pub(super) fn is_exhausted(&self) -> bool {
        self.budget == 0
    }

    /// The object that a table describes.
    pub(super) fn object(&mut self, index: usize) -> Node {
        let mut node = Node::default();
        self.fill(&mut node, index, &mut Vec::new());
        node
    }

    fn fill(&mut self, node: &mut Node, index: usize, ancestors: &mut Vec<usize>) {
        let tables = self.tables;
        let Some(table) = tables.get(index) else {
            return;
        };
        self.claimed.insert(index);
        ancestors.push(index);
        for row in &table.rows {
            if self.budget == 0 {
                break;
            }
            self.budget -= 1;
            let child = self.field(row, index, ancestors);
            match node
                .properties
                .iter_mut()
                .find(|(known, _)| *known == row.name)
            {
                // A row that is repeated without end says nothing new.
                Some((_, own)) if own.rows.len() >= REPEATS => {}
                Some((_, own)) => own.unite(child),
                None => node.properties.push((row.name.clone(), child)),
            }
        }
        ancestors.pop();
    }

    /// The field that a row describes, with its children.
    pub(super) fn field(
        &mut self,
        row: &FieldRow,
        index: usize,
        ancestors: &mut Vec<usize>,
    ) -> Node {
        let mut node = row.node();
        let Some(kind) = &row.kind else {
            return node;
        };
        let (holder, name) = match kind {
            TypeName::Object(name) => (Holder::Itself, name.clone()),
            TypeName::Array(item) => match item.as_ref() {
                TypeName::Object(name) => (Holder::Items, name.clone()),
                TypeName::Any => (Holder::Items, None),
                TypeName::Array(inner) => match inner.as_ref() {
                    TypeName::Object(name) => (Holder::ItemsOfItems, name.clone()),
                    _ => return node,
                },
                _ => return node,
            },
            TypeName::Map(value) => match value.as_ref() {
                TypeName::Object(name) => (Holder::Values, name.clone()),
                scalar => {
                    let (kind, format) = rows::kind_of(scalar);
                    if kind != Kind::Any {
                        let mut values = Node {
                            rows: vec![row.site.clone()],
                            ..Node::default()
                        };
                        values.state(Constraint::Type(kind, format), &row.site);
                        node.values = Some(Box::new(values));
                    }
                    return node;
                }
            },
            _ => return node,
        };
        let targets = self.targets(row, name.as_deref(), index);
        if targets.is_empty() && name.is_none() && holder != Holder::ItemsOfItems {
            return node;
        }
        let mut object = Node::default();
        object.state(Constraint::Type(Kind::Object, None), &row.site);
        object.object = name;
        let variants = targets.len();
        for target in targets {
            if ancestors.contains(&target) || ancestors.len() > 12 {
                object.recursive = true;
                continue;
            }
            let mut variant = Node::default();
            self.fill(&mut variant, target, ancestors);
            if variants > 1 {
                for (_, field) in &mut variant.properties {
                    loosen(field);
                }
            }
            object.unite(variant);
        }
        match holder {
            Holder::Itself => {
                object.statements.clear();
                node.unite(object);
            }
            Holder::Items => {
                node.state(Constraint::Items, &row.site);
                node.items = Some(Box::new(object));
            }
            Holder::ItemsOfItems => {
                let mut inner = Node::default();
                inner.state(Constraint::Type(Kind::Array, None), &row.site);
                inner.items = Some(Box::new(object));
                node.state(Constraint::Items, &row.site);
                node.items = Some(Box::new(inner));
            }
            Holder::Values => node.values = Some(Box::new(object)),
        }
        node
    }

    /// The tables of several that no row of another refers to: `see Table 3 and Table 4` may name a table and its child.
    fn outermost(&self, places: Vec<usize>) -> Vec<usize> {
        let refers = |from: usize, to: usize| {
            let (Some(table), Some(target)) = (self.tables.get(from), self.tables.get(to)) else {
                return false;
            };
            table.rows.iter().any(|row| {
                let linked = row
                    .links
                    .iter()
                    .filter_map(|link| link.target.rsplit('#').next())
                    .any(|anchor| {
                        target
                            .anchors
                            .iter()
                            .any(|own| own.eq_ignore_ascii_case(anchor))
                    });
                linked
                    || target
                        .name
                        .as_ref()
                        .is_some_and(|name| row.kind.is_some() && *name == row.name)
            })
        };
        let kept: Vec<usize> = places
            .iter()
            .copied()
            .filter(|place| {
                !places
                    .iter()
                    .any(|other| other != place && refers(*other, *place))
            })
            .collect();
        if kept.is_empty() { places } else { kept }
    }

    /// The tables that describe a row's object: by link, by number, by the name of the type, by the name of the field, by order.
    fn targets(&mut self, row: &FieldRow, name: Option<&str>, index: usize) -> Vec<usize> {
        let usable = |place: usize, table: &FieldTable| {
            place != index
                && !matches!(
                    table.role,
                    Role::Path | Role::Query | Role::Header | Role::Ignored
                )
        };
        let own_half = self.tables.get(index).map(|table| half(table.section));
        let linked: Vec<usize> = row
            .links
            .iter()
            .filter_map(|link| link.target.rsplit('#').next())
            .filter_map(|anchor| {
                self.tables.iter().position(|table| {
                    table
                        .anchors
                        .iter()
                        .any(|own| own.eq_ignore_ascii_case(anchor))
                })
            })
            .filter(|place| *place != index)
            .collect();
        if !linked.is_empty() {
            return self.outermost(unique(linked));
        }
        let numbered: Vec<usize> = REFERENCE
            .as_ref()
            .map(|pattern| {
                pattern
                    .captures_iter(&row.text)
                    .filter_map(|captures| captures.name("n")?.as_str().parse::<u32>().ok())
                    .filter_map(|number| {
                        self.tables
                            .iter()
                            .position(|table| table.number == Some(number))
                    })
                    .filter(|place| *place != index)
                    .collect()
            })
            .unwrap_or_default();
        if !numbered.is_empty() {
            return self.outermost(unique(numbered));
        }
        let by_name = |wanted: &str| {
            let matches = |place: &usize| {
                self.tables.get(*place).is_some_and(|table| {
                    usable(*place, table)
                        && table
                            .name
                            .as_ref()
                            .is_some_and(|own| own.eq_ignore_ascii_case(wanted))
                })
            };
            let all: Vec<usize> = (0..self.tables.len()).filter(matches).collect();
            all.iter()
                .copied()
                .find(|place| {
                    self.tables.get(*place).map(|table| half(table.section)) == own_half
                        && *place > index
                })
                .or_else(|| all.first().copied())
        };
        if let Some(place) = name.and_then(by_name).or_else(|| by_name(&row.name)) {
            return vec![place];
        }
        // `see the QuerySessionResponse table`
        let mentioned = self.tables.iter().enumerate().find(|(place, table)| {
            usable(*place, table)
                && table.role == Role::Object
                && !self.claimed.contains(place)
                && Some(half(table.section)) == own_half
                && table.name.as_ref().is_some_and(|own| {
                    own.len() > 4
                        && row
                            .text
                            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                            .any(|word| word == own)
                })
        });
        if let Some((place, _)) = mentioned {
            return vec![place];
        }
        if let Some(place) = name.and_then(|name| self.by_type.get(name)) {
            return vec![*place];
        }
        // Without captions a child table follows its parent; a table that was taken by another row is not taken again.
        let status = self.tables.get(index).and_then(|table| table.status);
        let found = self
            .tables
            .iter()
            .enumerate()
            .skip(index + 1)
            .find(|(place, table)| {
                usable(*place, table)
                    && table.role == Role::Object
                    && table.name.is_none()
                    && table.number.is_none()
                    && Some(half(table.section)) == own_half
                    && table.status == status
                    && !self.claimed.contains(place)
            })
            .map(|(place, _)| place);
        if let (Some(place), Some(name)) = (found, name) {
            self.by_type.insert(name.to_owned(), place);
        }
        found.into_iter().collect()
    }
}

/// Where a field keeps its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Itself,
    Items,
    ItemsOfItems,
    Values,
}

/// Whether a section tells of the request or of the response.
fn half(section: Section) -> bool {
    matches!(
        section,
        Section::Response | Section::ResponseExample | Section::AbnormalResponse
    )
}

fn unique(places: Vec<usize>) -> Vec<usize> {
    let mut unique = Vec::new();
    for place in places {
        if !unique.contains(&place) {
            unique.push(place);
        }
    }
    unique
}

/// A field of one of several variants of a body cannot be called mandatory: the other variant may lack it.
fn loosen(field: &mut Node) {
    for statement in &mut field.statements {
        if statement.constraint == Constraint::Required(true) {
            statement.constraint = Constraint::Required(false);
        }
    }
}
