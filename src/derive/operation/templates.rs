//! Paths whose parameters stand without any sign, as the rows and the other targets of a page tell.

use std::collections::BTreeSet;

use crate::derive::outline::{Item, ItemKind};
use crate::derive::path::{RequestTarget, made};
use crate::derive::tables::{FieldTable, Role, Tables};
use crate::derive::target::Stated;
use crate::page::Text;

phrases! {
    OperationWords:

    /// Labels of parameters of the URI or the path.
    static OF_URI;
}

pattern! {
    /// An id as examples have it: 16 hexadecimal digits or more, or a UUID.
    static ID = r"^[0-9a-f]{16,64}$|^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$";

    /// A number, or such an id.
    static VALUE = format!(r"^\d{{1,12}}$|{}", ID.as_str());

    /// A path with parameters that is a text, or ends it: `Table 1. /notes/{id}`.
    static TEMPLATE = r"(?:^|\s)(?P<path>/[\w.~{}/-]*\{[\w-]+\}[\w.~{}/-]*)\s*$";
}

/// A target whose path has names of its parameters without any sign, as rows of parameters of the URI
/// have them: `/boxes/BoxName`.
pub(super) fn with_named_parts(mut target: RequestTarget, tables: &Tables) -> RequestTarget {
    let is_of_uri = |table: &&FieldTable| OF_URI.is_match(&table.label);
    let rows = tables.fields.iter().filter(is_of_uri);
    let names: BTreeSet<&str> = rows
        .flat_map(|table| &table.rows)
        .map(|row| row.name.as_str())
        .filter(|name| name.contains(|c: char| c.is_ascii_uppercase() || c == '_'))
        .collect();
    if !names.is_empty() {
        let parts = target.path.split('/').map(|part| match names.get(part) {
            Some(name) => format!("{{{name}}}"),
            None => part.to_owned(),
        });
        target.path = parts.collect::<Vec<_>>().join("/");
    }
    target
}

/// A target in whose path an id stands where another of the page has a parameter:
/// `/crates/3f1c939065cf58e7b9f0aea70640dffc` beside `/crates/{crate_id}/drop`.
pub(super) fn with_shown_ids(mut target: RequestTarget, others: &[Stated]) -> RequestTarget {
    let parts: Vec<&str> = target.path.split('/').collect();
    let Some(at) = parts.iter().position(|part| ID.is_match(part)) else {
        return target;
    };
    let before = parts.get(..at).unwrap_or_default();
    let mut names = others.iter().filter_map(|other| {
        let path = made(&other.method, &other.path, 0, "").path;
        let own: Vec<&str> = path.split('/').collect();
        let name = own.get(at).filter(|part| part.starts_with('{'))?;
        (own.get(..at)? == before).then(|| (*name).to_owned())
    });
    if let Some(name) = names.next() {
        let rest = parts.get(at + 1..).unwrap_or_default();
        target.path = [before, &[name.as_str()], rest].concat().join("/");
    }
    target
}

/// A target that is shown by a request with values in its path, as the path with parameters that a
/// caption or a line of its own section has: `/notes/1` and `Table 1. /notes/{id}`. A line that is no
/// caption may be of another operation: beside it the value has to look like one.
pub(super) fn with_told_path(mut target: RequestTarget, items: &[Item<'_>]) -> RequestTarget {
    if target.path.contains('{') {
        return target;
    }
    let template = |text: &'_ Text| {
        let found = TEMPLATE.captures(text.plain.trim())?.name("path")?;
        Some(found.as_str().to_owned())
    };
    let told: BTreeSet<String> = items
        .iter()
        .filter_map(|item| match (item.caption, item.kind) {
            (Some(caption), ItemKind::Table(_)) => {
                template(caption).filter(|path| fills(&target.path, path, |_| true))
            }
            (None, ItemKind::Heading(text) | ItemKind::Paragraph(text)) => {
                template(text).filter(|path| fills(&target.path, path, |own| VALUE.is_match(own)))
            }
            _ => None,
        })
        .collect();
    if let [path] = told.into_iter().collect::<Vec<_>>().as_slice() {
        target.path.clone_from(path);
    }
    target
}

/// Whether a path is what another is with a value for each of its parameters.
fn fills(path: &str, template: &str, is_value: impl Fn(&str) -> bool) -> bool {
    let (own, parts): (Vec<&str>, Vec<&str>) =
        (path.split('/').collect(), template.split('/').collect());
    own.len() == parts.len()
        && own.iter().zip(&parts).all(|(own, part)| {
            let is_parameter = part.starts_with('{') && part.ends_with('}');
            own == part || is_parameter && !own.is_empty() && is_value(own)
        })
}

/// A target in whose path numbers or ids stand, of which a table says that they are parameters: as many
/// as it has rows, in their order.
pub(super) fn with_rows(mut target: RequestTarget, tables: &Tables) -> RequestTarget {
    if target.path.contains('{') {
        return target;
    }
    let of_path = tables
        .fields
        .iter()
        .filter(|table| table.role == Role::Path);
    let names: Vec<&str> = of_path
        .flat_map(|table| &table.rows)
        .map(|row| row.name.as_str())
        .collect();
    let parts: Vec<&str> = target.path.split('/').collect();
    // What begins a path is the version of the service.
    let places = parts.iter().enumerate().skip(2);
    let values: Vec<usize> = places
        .filter(|(_, part)| VALUE.is_match(part))
        .map(|(at, _)| at)
        .collect();
    if names.is_empty() || names.len() != values.len() {
        return target;
    }
    let named = parts.iter().enumerate().map(|(at, part)| {
        let own = values.iter().position(|value| *value == at);
        match own.and_then(|own| names.get(own)) {
            Some(name) => format!("{{{name}}}"),
            None => (*part).to_owned(),
        }
    });
    target.path = named.collect::<Vec<_>>().join("/");
    target
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/notes/1", "/notes/{id}", true)]
    #[case("/v1/notes/1/tags/x", "/v1/notes/{id}/tags/{tag}", true)]
    #[case("/notes", "/notes/{id}", false)]
    #[case("/tags/1", "/notes/{id}", false)]
    #[case("/notes/all", "/notes/{id}", false)]
    fn a_path_has_values_for_parameters(
        #[case] path: &str,
        #[case] template: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(fills(path, template, |own| own != "all"), expected);
    }
}
