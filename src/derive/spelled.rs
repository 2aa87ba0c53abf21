//! Rows whose names lead into a body by brackets or slashes: `dock[title]`, `data/title`. The
//! examples show what they lead into. A slash may also stand between two names: `user_id/role_id`.

use serde_json::Value;

use super::examples::{Examples, Shown};
use super::mandatory::Said;
use super::rows::FieldRow;
use super::tables::{Role, Tables};

/// How deep an example is looked into.
const DEPTH: usize = 24;

pattern! {
    /// A name with others in brackets behind it.
    static BRACKETED = r"^[A-Za-z_][\w-]*(?:\[[A-Za-z_][\w-]*\])+(?:\[\])?$";
    /// Names with slashes between them.
    static SLASHED = r"^[A-Za-z_][\w-]*(?:/[A-Za-z_][\w-]*)+$";
}

/// Gives the rows of bodies the names that others write with dots, where an example shows that they
/// lead into it or several stand in one, and parts the names of several fields in one row.
pub(super) fn settle(tables: &mut Tables, shown: &Examples, takes_body: bool) {
    for table in &mut tables.fields {
        let examples = match table.role {
            Role::ResponseBody => &shown.responses,
            Role::RequestBody | Role::Parameters => &shown.requests,
            _ => continue,
        };
        let values: Vec<&Value> = examples.iter().filter_map(value_of).collect();
        if values.is_empty() {
            let is_sent = table.role == Role::Parameters && takes_body;
            if is_sent || table.role == Role::RequestBody {
                part_slashes(&mut table.rows);
            }
            continue;
        }
        let rows = std::mem::take(&mut table.rows).into_iter();
        table.rows = rows.flat_map(|row| settled(row, &values)).collect();
    }
}

/// Gives rows the names that others write with dots, where several of them stand in one and no
/// example shows it: `data/attributes/title`, `data/attributes/size`.
fn part_slashes(rows: &mut [FieldRow]) {
    let first = |row: &FieldRow| {
        let (first, _) = row.name.split_once('/')?;
        SLASHED.is_match(&row.name).then(|| first.to_owned())
    };
    let firsts: Vec<Option<String>> = rows.iter().map(first).collect();
    for (row, own) in rows.iter_mut().zip(&firsts) {
        let count = firsts.iter().filter(|other| *other == own).count();
        if own.is_some() && count > 1 {
            row.name = row.name.replace('/', ".");
        }
    }
}

fn value_of(shown: &Shown) -> Option<&Value> {
    shown.value.as_ref()
}

/// The rows that one stands for.
fn settled(mut row: FieldRow, values: &[&Value]) -> Vec<FieldRow> {
    let parts: Vec<String> = if BRACKETED.is_match(&row.name) {
        let bare = row.name.strip_suffix("[]").unwrap_or(&row.name);
        let parts = bare.split('[');
        parts
            .map(|part| part.trim_end_matches(']').to_owned())
            .collect()
    } else if SLASHED.is_match(&row.name) {
        row.name.split('/').map(str::to_owned).collect()
    } else {
        return vec![row];
    };
    if values.iter().any(|value| has_key(value, &row.name, 0)) {
        return vec![row];
    }
    if values.iter().any(|value| leads(value, &parts)) {
        let is_list = row.name.ends_with("[]");
        row.name = parts.join(".");
        if is_list {
            row.name.push_str("[]");
        }
        return vec![row];
    }
    let is_shown = |part: &String| values.iter().any(|value| has_key(value, part, 0));
    if !row.name.contains('/') || !parts.iter().any(is_shown) {
        return vec![row];
    }
    // Each of the names is a field's, and which of them is there is not said.
    let one = |name: String| FieldRow {
        name,
        mandatory: Some(Said::Conditional),
        ..row.clone()
    };
    parts.into_iter().map(one).collect()
}

/// Whether an example has an object, or a list of them, at the first of some names, and in it the
/// second if anything.
fn leads(value: &Value, parts: &[String]) -> bool {
    let Some(inner) = parts.first().and_then(|first| value.get(first)) else {
        return false;
    };
    let inner = inner.get(0).unwrap_or(inner);
    let is_open = |map: &serde_json::Map<String, Value>| {
        map.is_empty()
            || parts.get(1).is_some_and(|next| map.contains_key(next))
            || parts.len() == 2
    };
    inner.as_object().is_some_and(is_open)
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
