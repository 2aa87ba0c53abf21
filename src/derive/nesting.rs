//! Flat tables whose nesting only the example shows: the rows `things`, `id` and `name` beside
//! `{"things": [{"id": ..., "name": ...}]}`. A row that the example shows inside another row alone
//! is that row's; where nothing shows the place of a row it is left out, and reported.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::dotted;
use super::examples::{Examples, Shown};
use super::finding::Finding;
use super::path::{RequestTarget, path_names};
use super::rows::FieldRow;
use super::section::Section;
use super::tables::{FieldTable, Role, Tables};
use super::together::leads_to;
use crate::contract::DocumentationKind;
use crate::page::Link;
use crate::page::words::{self, Place, TypeName};

/// How deep an example is followed.
const DEPTH: usize = 12;

/// How many items of a list, or entries of a map, are looked at.
const ITEMS: usize = 20;

/// How many values of all examples of one body are looked at.
const MOST: usize = 20_000;

phrases! {
    Nesting:

    /// Words by which a row says that the keys of its object are values themselves.
    static KEYED;
}

pattern! {
    /// Keys that are ids or names that somebody gave, not names of fields.
    static KEY = r"^(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{32}|[{<$].*[}>]|\d+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)$";
}

/// What a row that holds others is, as the example shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    Object,
    List,
    /// An object whose keys are values themselves.
    Map,
}

/// A row that holds others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Holder {
    pub(super) name: String,
    pub(super) shape: Shape,
}

/// The rows around a row in a body, from outside.
pub(super) type Chain = Vec<Holder>;

/// Where a row stands in its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stands {
    Top,
    In(Chain),
    /// The example does not show it.
    Unseen,
    /// In several places, or in one that no row describes.
    Unclear,
}

/// What is known of an operation whose tables are nested.
pub(super) struct Around<'o> {
    pub target: &'o RequestTarget,
    /// Whether its requests have a body.
    pub takes_body: bool,
    /// Whether that body is JSON.
    pub is_json: bool,
    /// The example bodies of its page.
    pub of_page: &'o [Value],
}

/// Puts the rows of flat tables where the examples show them; what is left out is told.
pub(super) fn nest(tables: &mut Tables, shown: &Examples, around: &Around<'_>) -> Vec<Finding> {
    let mut left_out = Vec::new();
    dotted::nest(tables, shown, around, &mut left_out);
    for index in 0..tables.fields.len() {
        let Some(table) = tables.fields.get(index) else {
            continue;
        };
        let examples = match table.role {
            Role::ResponseBody => answers(table, shown),
            Role::Parameters | Role::RequestBody => shown.requests.iter().collect(),
            Role::Path | Role::Query | Role::Header | Role::Object | Role::ResponseHeader => {
                continue;
            }
        };
        let body: Vec<usize> = (0..table.rows.len())
            .filter(|row| {
                table
                    .rows
                    .get(*row)
                    .is_some_and(|row| is_of_body(row, table, around))
            })
            .collect();
        if body.len() < 2 {
            continue;
        }
        let own: Vec<&Value> = examples
            .iter()
            .filter_map(|own| own.value.as_ref())
            .collect();
        let values = if own.is_empty() {
            of_others(table, &body, shown, around)
        } else {
            own
        };
        let flat = Flat {
            tables: &tables.fields,
            table,
            body: &body,
        };
        let Some(places) = flat.shown(&values) else {
            continue;
        };
        rearrange(tables, index, &body, places, &mut left_out);
    }
    left_out
}

/// The example answers of a table's statuses.
fn answers<'s>(table: &FieldTable, shown: &'s Examples) -> Vec<&'s Shown> {
    shown
        .responses
        .iter()
        .filter(|own| own.refusal == (table.section == Section::AbnormalResponse))
        .filter(|own| own.status.is_none() || table.status.is_none() || own.status == table.status)
        .collect()
}

/// The examples of other bodies that begin as this one does, or whose one object holds rows of its
/// table, where it has none.
fn of_others<'s>(
    table: &FieldTable,
    body: &[usize],
    shown: &'s Examples,
    around: &'s Around<'_>,
) -> Vec<&'s Value> {
    let rows: Vec<&FieldRow> = body.iter().filter_map(|row| table.rows.get(*row)).collect();
    let Some(first) = rows.first() else {
        return Vec::new();
    };
    let is_row = |key: &String| rows.iter().any(|row| row.name == *key);
    let wraps_rows = |map: &Map<String, Value>| {
        let mut inner = map.values().filter_map(Value::as_object);
        map.len() == 1 && inner.any(|inner| inner.keys().any(is_row))
    };
    shown
        .requests
        .iter()
        .chain(&shown.responses)
        .filter_map(|own| own.value.as_ref())
        .chain(around.of_page)
        .filter(|value| {
            value.as_object().is_some_and(|map| {
                (map.contains_key(&first.name) || wraps_rows(map)) && map.keys().all(is_row)
            })
        })
        .take(ITEMS)
        .collect()
}

/// Whether a row's field stands in the body that its table describes.
pub(super) fn is_of_body(row: &FieldRow, table: &FieldTable, around: &Around<'_>) -> bool {
    match words::place(row.location.as_deref().unwrap_or_default()) {
        Some(Place::Body) => true,
        Some(Place::Path | Place::Query | Place::Header | Place::Elsewhere) => false,
        None if table.role == Role::ResponseBody => true,
        None => {
            around.takes_body
                && table.section != Section::Uri
                && !path_names(&around.target.path).contains(&row.name.as_str())
        }
    }
}

/// A table, and which of its rows are fields of a body.
struct Flat<'t> {
    tables: &'t [FieldTable],
    table: &'t FieldTable,
    body: &'t [usize],
}

impl<'t> Flat<'t> {
    fn rows(&self) -> impl Iterator<Item = &'t FieldRow> + '_ {
        let table = self.table;
        self.body.iter().filter_map(|row| table.rows.get(*row))
    }

    fn row(&self, name: &str) -> Option<(usize, &'t FieldRow)> {
        self.rows().enumerate().find(|(_, row)| row.name == name)
    }

    /// Where the rows stand by the examples; none where the table is as flat as they are.
    fn shown(&self, values: &[&Value]) -> Option<Vec<Stands>> {
        let mut walk = Walk {
            flat: self,
            left: MOST,
            found: BTreeMap::new(),
            tops: BTreeSet::new(),
        };
        let is_map = self.is_map(values);
        for value in values {
            match value.as_object().filter(|_| is_map) {
                Some(map) => {
                    for entry in map.values().take(ITEMS) {
                        walk.value(entry, &mut Vec::new(), 0);
                    }
                }
                None => walk.value(value, &mut Vec::new(), 0),
            }
        }
        let is_wrapped = walk.tops.len() == 1;
        let mut places: Vec<Stands> = self
            .rows()
            .enumerate()
            .map(|(at, row)| self.place(at, row, &walk.found, is_wrapped))
            .collect();
        // A row stands where its holder does; a holder that stands elsewhere too holds nothing
        // surely.
        loop {
            let unsure: Vec<usize> = places
                .iter()
                .enumerate()
                .filter(|(_, place)| match place {
                    Stands::In(chain) => !self.is_held(chain, &places),
                    _ => false,
                })
                .map(|(at, _)| at)
                .collect();
            if unsure.is_empty() {
                break;
            }
            for at in unsure {
                if let Some(place) = places.get_mut(at) {
                    *place = Stands::Unclear;
                }
            }
        }
        let first = places
            .iter()
            .position(|place| matches!(place, Stands::In(_)))
            .or_else(|| is_map.then_some(0))?;
        let holders: BTreeSet<&str> = places
            .iter()
            .filter_map(|place| match place {
                Stands::In(chain) => chain.first().map(|holder| holder.name.as_str()),
                _ => None,
            })
            .collect();
        let only = places
            .iter()
            .find(|place| matches!(place, Stands::In(chain) if chain.len() == 1))
            .filter(|_| is_wrapped && holders.len() == 1);
        let settled = places
            .iter()
            .enumerate()
            .map(|(at, place)| match place {
                // It may be what the keys are.
                Stands::Unseen if is_map => Stands::Unclear,
                Stands::Unseen if at < first && only.is_none() => Stands::Top,
                Stands::Unseen => only.unwrap_or(&Stands::Unclear).clone(),
                known => known.clone(),
            })
            .collect();
        Some(settled)
    }

    /// Whether the body is a map itself, by the values that examples show of it.
    fn is_map(&self, values: &[&Value]) -> bool {
        let is_row = |name: &str| self.row(name).is_some();
        !values.is_empty() && values.iter().all(|value| is_map_of(value, &is_row))
    }

    /// Where a row stands by what was found of its name.
    fn place(
        &self,
        at: usize,
        row: &FieldRow,
        found: &BTreeMap<String, BTreeSet<Option<Chain>>>,
        is_wrapped: bool,
    ) -> Stands {
        let Some(chains) = found.get(&row.name) else {
            return Stands::Unseen;
        };
        if chains.contains(&Some(Vec::new())) {
            return Stands::Top;
        }
        let known: Vec<&Chain> = chains.iter().flatten().collect();
        let Some(least) = known.iter().map(|chain| chain.len()).min() else {
            // Inside what no row describes: the table stands for what is in it.
            return Stands::Top;
        };
        let shallowest: Vec<&&Chain> = known.iter().filter(|chain| chain.len() == least).collect();
        let [chain] = shallowest.as_slice() else {
            return Stands::Unclear;
        };
        let holder = chain.last().and_then(|holder| self.row(&holder.name));
        match holder {
            Some((_, holder)) if self.has_table(holder) => Stands::Top,
            Some((before, holder)) if may_hold(holder) && (before < at || is_wrapped) => {
                Stands::In((**chain).clone())
            }
            Some(_) | None => Stands::Top,
        }
    }

    /// Whether the row that a chain ends with stands where the chain says.
    fn is_held(&self, chain: &[Holder], places: &[Stands]) -> bool {
        let Some((holder, around)) = chain.split_last() else {
            return false;
        };
        let Some((at, _)) = self.row(&holder.name) else {
            return false;
        };
        match places.get(at) {
            Some(Stands::Top) => around.is_empty(),
            Some(Stands::In(own)) => own == around,
            _ => false,
        }
    }

    /// Whether another table describes the object of a row.
    fn has_table(&self, row: &FieldRow) -> bool {
        let named = match &row.kind {
            Some(TypeName::Object(name)) => name.as_deref(),
            Some(TypeName::Array(item)) => match item.as_ref() {
                TypeName::Object(name) => name.as_deref(),
                _ => None,
            },
            _ => None,
        };
        let linked = |table: &FieldTable| row.links.iter().any(|link| leads_to(link, table));
        self.tables.iter().any(|table| {
            let is_named = |wanted: &str| {
                table
                    .name
                    .as_deref()
                    .is_some_and(|own| own.eq_ignore_ascii_case(wanted))
            };
            linked(table)
                || is_named(&row.name)
                || named.is_some_and(is_named)
                || table.number.is_some_and(|number| {
                    crate::page::caption::references(&row.text)
                        .any(|reference| reference.number == number)
                })
        }) || self.tables.iter().any(|table| {
            table.role == Role::Object && table.name.is_none() && table.number.is_none()
        })
    }
}

/// Whether a body is an object of ids or names that somebody gave, each with an object that shows a
/// field that is described: then the fields are those of each, and the keys are none.
pub(super) fn is_map_of(value: &Value, is_field: &impl Fn(&str) -> bool) -> bool {
    let is_entry = |(key, entry): (&String, &Value)| {
        let shows_field = |own: &Map<String, Value>| own.keys().any(|name| is_field(name));
        KEY.is_match(key) && !is_field(key) && entry.as_object().is_some_and(shows_field)
    };
    value
        .as_object()
        .is_some_and(|map| !map.is_empty() && map.iter().all(is_entry))
}

/// Whether a row's field can hold those of other rows.
fn may_hold(row: &FieldRow) -> bool {
    match &row.kind {
        None | Some(TypeName::Object(_) | TypeName::Map(_) | TypeName::Any) => true,
        Some(TypeName::Array(item)) => {
            matches!(item.as_ref(), TypeName::Object(_) | TypeName::Any)
        }
        Some(_) => false,
    }
}

/// Follows the values of examples through the rows that describe them.
struct Walk<'w, 't> {
    flat: &'w Flat<'t>,
    left: usize,
    /// Where each name was seen: `None` for a place in what no row describes.
    found: BTreeMap<String, BTreeSet<Option<Chain>>>,
    /// The names at the top.
    tops: BTreeSet<String>,
}

impl Walk<'_, '_> {
    fn value(&mut self, value: &Value, chain: &mut Chain, unknown: usize) {
        if self.left == 0 || chain.len() + unknown > DEPTH {
            return;
        }
        self.left -= 1;
        match value {
            Value::Array(items) => {
                if let Some(holder) = chain.last_mut().filter(|_| unknown == 0) {
                    holder.shape = Shape::List;
                }
                for item in items.iter().take(ITEMS) {
                    self.value(item, chain, unknown);
                }
            }
            Value::Object(map) if unknown == 0 && self.is_keyed(map, chain) => {
                if let Some(holder) = chain.last_mut() {
                    holder.shape = Shape::Map;
                }
                for entry in map.values().take(ITEMS) {
                    self.value(entry, chain, unknown);
                }
            }
            Value::Object(map) => self.object(map, chain, unknown),
            _ => {}
        }
    }

    fn object(&mut self, map: &Map<String, Value>, chain: &mut Chain, unknown: usize) {
        for (name, child) in map {
            if chain.is_empty() && unknown == 0 {
                self.tops.insert(name.clone());
            }
            if self.flat.row(name).is_none() {
                self.value(child, chain, unknown + 1);
                continue;
            }
            let place = (unknown == 0).then(|| chain.clone());
            self.found.entry(name.clone()).or_default().insert(place);
            chain.push(Holder {
                name: name.clone(),
                shape: Shape::Object,
            });
            self.value(child, chain, unknown);
            chain.pop();
        }
    }

    /// Whether the keys of an object are values themselves.
    fn is_keyed(&self, map: &Map<String, Value>, chain: &[Holder]) -> bool {
        let Some(holder) = chain.last().filter(|own| own.shape == Shape::Object) else {
            return false;
        };
        if map.is_empty() || map.keys().any(|key| self.flat.row(key).is_some()) {
            return false;
        }
        let says = self
            .flat
            .row(&holder.name)
            .is_some_and(|(_, row)| KEYED.is_match(&row.text));
        says || map.keys().all(|key| KEY.is_match(key))
    }
}

/// Gives each row that holds others a table of them, and leaves out those without a place.
pub(super) fn rearrange(
    tables: &mut Tables,
    index: usize,
    body: &[usize],
    places: Vec<Stands>,
    left_out: &mut Vec<Finding>,
) {
    let Some(table) = tables.fields.get_mut(index) else {
        return;
    };
    let mut places = body
        .iter()
        .copied()
        .zip(places)
        .collect::<BTreeMap<usize, Stands>>();
    let mut kept: Vec<FieldRow> = Vec::new();
    let mut inner: BTreeMap<Chain, Vec<FieldRow>> = BTreeMap::new();
    for (at, row) in std::mem::take(&mut table.rows).into_iter().enumerate() {
        match places.remove(&at) {
            None | Some(Stands::Top | Stands::Unseen) => kept.push(row),
            Some(Stands::In(chain)) => inner.entry(chain).or_default().push(row),
            Some(Stands::Unclear) => {
                let message = format!(
                    "`{}` of `{}`: no example shows where in the body it stands",
                    row.name, table.site.table
                );
                let kind = DocumentationKind::RowWithoutPlace;
                left_out.push(Finding::left_out(kind, message, &row.site));
            }
        }
    }
    let chains: Vec<Chain> = inner.keys().cloned().collect();
    for chain in &chains {
        let Some((holder, around)) = chain.split_last() else {
            continue;
        };
        let rows = if around.is_empty() {
            Some(&mut kept)
        } else {
            inner.get_mut(around)
        };
        let held = rows.into_iter().flatten();
        for row in held.filter(|row| row.name == holder.name) {
            let anchor = anchor(chain, index);
            row.links.push(Link {
                text: holder.name.clone(),
                target: format!("#{anchor}"),
            });
            row.kind = Some(holding(row.kind.take(), holder.shape));
        }
    }
    table.rows = kept;
    let table = table.clone();
    for (chain, rows) in inner {
        let own = anchor(&chain, index);
        tables.fields.push(FieldTable {
            role: Role::Object,
            number: None,
            name: Some(own.clone()),
            anchors: vec![own],
            rows,
            ..table.clone()
        });
    }
}

/// How the names begin of tables that are made of rows of others.
const MADE: &str = "rows:";

/// Whether a table is made of rows of another: where that is not an operation's, neither is this.
pub(super) fn is_made(table: &FieldTable) -> bool {
    let name = table.name.as_deref();
    name.is_some_and(|name| name.starts_with(MADE))
}

/// The name of the table of the rows inside another, which no table of the page has.
fn anchor(chain: &[Holder], table: usize) -> String {
    let names: Vec<&str> = chain.iter().map(|own| own.name.as_str()).collect();
    format!("{MADE}{}@{table}", names.join("."))
}

/// The type of a row that holds others: what it is called, else what it is shown as.
fn holding(kind: Option<TypeName>, shape: Shape) -> TypeName {
    let object = || Box::new(TypeName::Object(None));
    match (kind, shape) {
        (Some(TypeName::Array(_)), _) | (None | Some(TypeName::Any), Shape::List) => {
            TypeName::Array(object())
        }
        (Some(TypeName::Map(_)), _) | (_, Shape::Map) => TypeName::Map(object()),
        // It is one of several types, one of which has fields.
        (Some(TypeName::OneOf(kinds)), Shape::Object) => TypeName::OneOf(kinds),
        _ => TypeName::Object(None),
    }
}
