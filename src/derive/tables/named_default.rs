//! Defaults that are the value of another field: `Defaults to name` in the row of a title, where
//! `name` is a row of the same table. The word is no value.

use std::collections::BTreeSet;

use regex::Captures;

use crate::derive::description::Part;
use crate::derive::enums;
use crate::derive::rows::FieldRow;
use crate::derive::statement::{Constraint, Kind};
use crate::page::words::TypeName;

phrases! {
    NamedDefaults:

    /// A default and the words before it, `head`.
    static DEFAULT;
}

/// Says of defaults that are called by the name of another row that they are what it has.
pub(super) fn settle(rows: &mut [FieldRow]) {
    let names: BTreeSet<String> = rows.iter().map(|row| row.name.clone()).collect();
    for row in rows {
        if !matches!(row.kind, None | Some(TypeName::String)) {
            continue;
        }
        let listed = enums::values(&row.passages, Kind::String);
        let is_listed = |name: &str| {
            listed.iter().any(|own| match own {
                Constraint::Enum(values, _) => values.iter().any(|value| value == name),
                _ => false,
            })
        };
        let own = row.name.clone();
        let is_other = |name: &str| name != own && names.contains(name) && !is_listed(name);
        let told = |text: &str| {
            let replaced = DEFAULT.pattern().replace_all(text, |found: &Captures<'_>| {
                let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
                if is_other(part("name")) {
                    format!("{}the {}", part("head"), part("name"))
                } else {
                    found.get(0).map_or("", |whole| whole.as_str()).to_owned()
                }
            });
            replaced.into_owned()
        };
        for passage in &mut row.passages {
            for part in &mut passage.parts {
                match part {
                    Part::Text(text) => *text = told(text),
                    Part::Bullets(items) => items.iter_mut().for_each(|item| *item = told(item)),
                }
            }
            for text in &mut passage.ticked {
                *text = told(text);
            }
        }
    }
}
