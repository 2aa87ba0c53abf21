//! Rows whose names say where they stand: `meta.total` in the row `meta`, `things[].id` in `things`,
//! whether or not there are such rows. A dot is a part of a name in a form, and where an example has
//! it in a key.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::examples::Examples;
use super::finding::Finding;
use super::nesting::{Around, Holder, Shape, Stands, is_of_body, rearrange};
use super::rows::{FieldRow, kind_of};
use super::sentences::statements;
use super::tables::{FieldTable, Role, Tables};
use crate::page::words::TypeName;

/// How deep an example is looked into, and a name leads.
const DEPTH: usize = 24;

/// Puts the rows of each table that name the row above them into that row's object.
pub(super) fn nest(
    tables: &mut Tables,
    shown: &Examples,
    around: &Around<'_>,
    left_out: &mut Vec<Finding>,
) {
    for index in 0..tables.fields.len() {
        if let Some(table) = tables.fields.get_mut(index) {
            name_by_parents(table, shown, around);
            add_holders(table, shown, around);
        }
        let Some(table) = tables.fields.get(index) else {
            continue;
        };
        let body: Vec<usize> = (0..table.rows.len())
            .filter(|at| {
                let row = table.rows.get(*at);
                row.is_some_and(|row| match table.role {
                    Role::Object => true,
                    Role::ResponseBody | Role::Parameters | Role::RequestBody => {
                        is_of_body(row, table, around)
                    }
                    Role::Path | Role::Query | Role::Header | Role::ResponseHeader => false,
                })
            })
            .collect();
        let ways = ways(table, &body, shown);
        let lost: Vec<usize> = body
            .iter()
            .copied()
            .filter(|at| {
                let is_open = || {
                    let row = table.rows.get(*at);
                    row.is_some_and(|row| {
                        (is_of_json(row, table, around) || is_of_row_of_object(row, table))
                            && stands_for_many(&row.name, shown)
                    })
                };
                !ways.contains_key(at) && (is_lost(table, *at, shown) || is_open())
            })
            .collect();
        if lost.is_empty() && ways.values().all(|way| way.len() < 2) {
            continue;
        }
        let Some(table) = tables.fields.get_mut(index) else {
            continue;
        };
        mark_lists(table, &ways);
        let stands = |at: &usize| {
            if lost.contains(at) {
                Stands::Unclear
            } else {
                place(table, *at, &ways)
            }
        };
        let places = body.iter().map(stands).collect();
        for (at, way) in &ways {
            if let (Some(row), Some(last)) = (table.rows.get_mut(*at), way.last()) {
                row.name.clone_from(last);
            }
        }
        rearrange(tables, index, &body, places, left_out);
    }
}

/// Whether names of a table's rows lead into the objects and lists of a JSON body. In a form they are
/// names as any other, and so they may be in an object of which it is not told where it is sent.
fn is_of_json(row: &FieldRow, table: &FieldTable, around: &Around<'_>) -> bool {
    match table.role {
        Role::ResponseBody => is_of_body(row, table, around),
        Role::Parameters | Role::RequestBody => around.is_json && is_of_body(row, table, around),
        Role::Path | Role::Query | Role::Header | Role::ResponseHeader | Role::Object => false,
    }
}

/// Whether a row of an object stands in what another row of the object describes.
fn is_of_row_of_object(row: &FieldRow, table: &FieldTable) -> bool {
    let holder = row.name.split_once('.').map(|(first, _)| unmarked(first));
    table.role == Role::Object
        && holder.is_some_and(|holder| table.rows.iter().any(|own| own.name == holder))
}

phrases! {
    Parents:

    /// The type of a row that is there for the rows below it alone.
    static PARENT;
}

/// Names the rows below a row whose type says that it is their parent after it, but for those that
/// an example shows beside it.
fn name_by_parents(table: &mut FieldTable, shown: &Examples, around: &Around<'_>) {
    let examples = match table.role {
        Role::ResponseBody => &shown.responses,
        _ => &shown.requests,
    };
    let is_beside = |name: &str| {
        let mut values = examples.iter().filter_map(|own| own.value.as_ref());
        values.any(|value| value.get(name).is_some())
    };
    let is_parent = |row: &FieldRow| {
        let spelled = row.unknown_type.as_deref().unwrap_or_default();
        PARENT.is_match(spelled.trim())
    };
    let of_json: Vec<bool> = table
        .rows
        .iter()
        .map(|row| is_of_json(row, table, around))
        .collect();
    let mut parent: Option<String> = None;
    for (row, is_of_json) in table.rows.iter_mut().zip(of_json) {
        if is_of_json && is_parent(row) {
            row.kind = Some(TypeName::Object(None));
            row.unknown_type = None;
            parent = Some(row.name.clone());
        } else if let Some(parent) = parent.as_ref().filter(|_| is_of_json)
            && !row.name.contains('.')
            && !is_beside(&row.name)
        {
            row.name = format!("{parent}.{}", row.name);
        }
    }
}

/// Gives a table the rows that the names of others speak of and that it lacks: `rows` for
/// `rows[].id`; and makes lists of those that are only marked as such: `items[]`.
fn add_holders(table: &mut FieldTable, shown: &Examples, around: &Around<'_>) {
    let examples = match table.role {
        Role::ResponseBody => &shown.responses,
        _ => &shown.requests,
    };
    let values = || examples.iter().filter_map(|own| own.value.as_ref());
    let is_literal = |name: &str| values().any(|value| has_key(value, name, 0));
    // What an example shows as a plain value holds nothing.
    let may_hold = |name: &str| {
        let mut shown = values().filter_map(|value| value.get(name));
        shown.all(|value| value.is_object() || value.is_array() || value.is_null())
    };
    let mut known: BTreeSet<Vec<String>> = table.rows.iter().map(|row| parted(&row.name)).collect();
    let mut rows = Vec::with_capacity(table.rows.len());
    for mut row in std::mem::take(&mut table.rows) {
        let way = parted(&row.name);
        if is_of_json(&row, table, around) && give_values(&mut rows, &way, &row) {
            continue;
        }
        let is_led = is_of_json(&row, table, around)
            && way.len() <= DEPTH
            && way.iter().all(|part| is_name(part))
            && way.first().is_some_and(|first| may_hold(first))
            && !is_literal(&row.name);
        if !is_led {
            rows.push(row);
            continue;
        }
        let names: Vec<&str> = row.name.split('.').collect();
        for end in 1..way.len() {
            let around = way.get(..end).unwrap_or_default();
            if !known.insert(around.to_vec()) {
                continue;
            }
            let name = names.get(..end).unwrap_or_default().join(".");
            rows.push(FieldRow {
                location: row.location.clone(),
                ..FieldRow::bare(name, TypeName::Object(None), row.site.clone())
            });
        }
        if names.last().is_some_and(|last| unmarked(last) != *last) {
            row.make_list();
        }
        if let [name] = way.as_slice() {
            row.name.clone_from(name);
        }
        rows.push(row);
    }
    table.rows = rows;
}

/// Whether a part of a name stands for any key: `{id}`, `<id>`, `*`.
fn is_any_key(part: &str) -> bool {
    part == "*"
        || part.starts_with('{') && part.ends_with('}')
        || part.starts_with('<') && part.ends_with('>')
}

/// Whether a name stands for those of several fields, and no example shows it as it is.
fn stands_for_many(name: &str, shown: &Examples) -> bool {
    let examples = || shown.requests.iter().chain(&shown.responses);
    let mut values = examples().filter_map(|own| own.value.as_ref());
    (name.contains('{') && name.contains('}') || name.split('.').any(is_any_key))
        && !values.any(|value| has_key(value, name, 0))
}

/// Takes a row that describes each value of a map into the row of that; whether it is one.
fn give_values(rows: &mut [FieldRow], way: &[String], row: &FieldRow) -> bool {
    let Some((_, around)) = way.split_last().filter(|(key, _)| is_any_key(key)) else {
        return false;
    };
    let kind = row.kind.clone().unwrap_or(TypeName::Any);
    // What is said of the values themselves has no place in a type.
    if !statements(&row.passages, kind_of(&kind).0).is_empty() {
        return false;
    }
    let holder = rows.iter_mut().find(|own| parted(&own.name) == around);
    let Some(holder) = holder else {
        return false;
    };
    let is_open = match &holder.kind {
        None | Some(TypeName::Object(None)) => true,
        Some(TypeName::Map(value)) => **value == TypeName::Any,
        Some(_) => false,
    };
    if is_open {
        holder.kind = Some(TypeName::Map(Box::new(kind)));
    }
    is_open
}

/// Whether a part of a name can be a field's.
fn is_name(part: &str) -> bool {
    let is_first = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$' | '@');
    part.starts_with(is_first)
        && part
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$' | '@'))
}

/// Whether a row's name says that it stands in something which an example shows, and no example
/// shows it there, nor a row what it stands in.
fn is_lost(table: &FieldTable, at: usize, shown: &Examples) -> bool {
    let examples = match table.role {
        Role::ResponseBody => &shown.responses,
        _ => &shown.requests,
    };
    let Some((first, _)) = table.rows.get(at).and_then(|row| row.name.split_once('.')) else {
        return false;
    };
    let mut values = examples.iter().filter_map(|own| own.value.as_ref());
    let name = table.rows.get(at).map_or("", |row| row.name.as_str());
    values
        .clone()
        .any(|value| value.get(unmarked(first)).is_some())
        && !values.any(|value| has_key(value, name, 0))
}

/// The names from outside to inside of each row that stands in an object of a row of its table, and
/// of these.
fn ways(table: &FieldTable, body: &[usize], shown: &Examples) -> BTreeMap<usize, Vec<String>> {
    let examples = || shown.requests.iter().chain(&shown.responses);
    let is_key = |name: &str| {
        let mut values = examples().filter_map(|own| own.value.as_ref());
        values.any(|value| has_key(value, name, 0))
    };
    let rows = body
        .iter()
        .filter_map(|at| Some((*at, table.rows.get(*at)?)));
    let all: BTreeMap<usize, Vec<String>> = rows.map(|(at, row)| (at, parted(&row.name))).collect();
    let is_row = |way: &[String]| all.values().any(|known| known == way);
    // Each row around it has to be a row of the table.
    let is_held = |way: &[String]| (1..way.len()).all(|end| way.get(..end).is_some_and(is_row));
    let held: Vec<usize> = all
        .iter()
        .filter(|(at, way)| {
            let name = table.rows.get(**at).map(|row| row.name.as_str());
            way.len() > 1
                && way.iter().all(|part| !part.is_empty() && !is_any_key(part))
                && is_held(way)
                && !name.is_some_and(is_key)
        })
        .map(|(at, _)| *at)
        .collect();
    let holds = |way: &[String]| {
        held.iter()
            .filter_map(|at| all.get(at))
            .any(|inner| inner.len() > way.len() && inner.starts_with(way))
    };
    let is_wanted = |at: &usize, way: &[String]| held.contains(at) || way.len() == 1 && holds(way);
    all.iter()
        .filter(|(at, way)| is_wanted(at, way))
        .map(|(at, way)| (*at, way.clone()))
        .collect()
}

/// The parts of a name, without the marks of lists.
fn parted(name: &str) -> Vec<String> {
    name.split('.')
        .map(|part| unmarked(part).to_owned())
        .collect()
}

/// A part of a name without the mark of a list: `things[]`, `things[*]`.
fn unmarked(part: &str) -> &str {
    let marks = ["[]", "[*]", "[n]", "[i]", "[0]"];
    let mut marks = marks.iter();
    marks
        .find_map(|mark| part.strip_suffix(mark))
        .unwrap_or(part)
}

/// Makes each row a list of which the name of a row below says so.
fn mark_lists(table: &mut FieldTable, ways: &BTreeMap<usize, Vec<String>>) {
    let mut lists: Vec<&[String]> = Vec::new();
    for (at, way) in ways {
        let Some(row) = table.rows.get(*at) else {
            continue;
        };
        let marked = row.name.split('.').zip(1..way.len());
        let marked = marked.filter(|(part, _)| unmarked(part) != *part);
        lists.extend(marked.filter_map(|(_, end)| way.get(..end)));
    }
    for (at, way) in ways {
        if lists.contains(&way.as_slice())
            && let Some(row) = table.rows.get_mut(*at)
            && !matches!(row.kind, Some(TypeName::Array(_)))
        {
            row.kind = Some(TypeName::Array(Box::new(TypeName::Object(None))));
        }
    }
}

/// Where a row stands.
fn place(table: &FieldTable, at: usize, ways: &BTreeMap<usize, Vec<String>>) -> Stands {
    let around = ways.get(&at).and_then(|way| way.split_last());
    let Some((_, around)) = around.filter(|(_, around)| !around.is_empty()) else {
        return Stands::Top;
    };
    let is_list = |way: &[String]| {
        let mut holders = ways.iter().filter(|(_, known)| known.as_slice() == way);
        holders.any(|(at, _)| {
            let row = table.rows.get(*at);
            row.is_some_and(|row| matches!(row.kind, Some(TypeName::Array(_))))
        })
    };
    let holders = around.iter().enumerate().map(|(depth, name)| Holder {
        name: name.clone(),
        shape: if around.get(..=depth).is_some_and(is_list) {
            Shape::List
        } else {
            Shape::Object
        },
    });
    Stands::In(holders.collect())
}

/// Whether a value has a key, however deep.
fn has_key(value: &Value, name: &str, depth: usize) -> bool {
    match value {
        _ if depth > DEPTH => false,
        Value::Object(map) => {
            map.contains_key(name) || map.values().any(|inner| has_key(inner, name, depth + 1))
        }
        Value::Array(items) => items.iter().any(|inner| has_key(inner, name, depth + 1)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("meta.total", &["meta", "total"])]
    #[case("things[].id", &["things", "id"])]
    #[case("things[*].tags[]", &["things", "tags"])]
    #[case("id", &["id"])]
    fn a_name_tells_what_it_stands_in(#[case] name: &str, #[case] expected: &[&str]) {
        assert_eq!(parted(name), expected);
    }
}
