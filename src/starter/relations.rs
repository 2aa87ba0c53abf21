//! `relations.toml`: the laws that the names in a contract suggest, each as a comment with its
//! reason.

use std::fmt::Write as _;

use super::recognise::{List, created, listed, repeated};
use super::{inline, quoted};
use crate::contract::Operation;

const HEAD: &str = "\
# Laws between the answers of several requests. Pointers are JSON pointers (RFC 6901) into an answer, or into an item of its list.
";

const SUGGESTED: &str = "\
# No page states these laws: each was recognised by names alone. Check that the service means it so, then remove the `#` at the beginning of its lines.
";

const NONE: &str = "\
# None was recognised. The kinds are `pagination`, `time-window`, `items`, `created-appears` and `echo`.
";

/// One suggested relation.
pub(super) struct Suggestion {
    pub(super) kind: &'static str,
    pub(super) operation: String,
    because: String,
    lines: Vec<String>,
}

/// The laws that the names suggest.
pub(super) fn suggest(operations: &[&Operation]) -> Vec<Suggestion> {
    let lists: Vec<List<'_>> = operations
        .iter()
        .filter_map(|operation| List::of(operation))
        .collect();
    let mut found: Vec<Suggestion> = lists.iter().flat_map(of_list).collect();
    for operation in operations {
        found.extend(lists.iter().filter_map(|list| of_creation(operation, list)));
        found.extend(of_echo(operation));
    }
    found
}

fn of_list(list: &List<'_>) -> Vec<Suggestion> {
    let id = &list.operation.id;
    let suggestion = |kind, because: String, lines: Vec<String>| Suggestion {
        kind,
        operation: id.clone(),
        because,
        lines,
    };
    let mut found = Vec::new();
    if let Some(limit) = &list.limit {
        let because = match (&list.offset, &list.marker) {
            (Some(offset), _) => format!("`{id}` takes `{limit}` and `{offset}`"),
            (None, Some(marker)) => format!(
                "`{id}` takes `{limit}` and `{marker}`: a page begins after the item, or by the answer's word, that its marker is"
            ),
            (None, None) => format!("`{id}` takes `{limit}`"),
        };
        found.push(suggestion(
            "pagination",
            because,
            vec![format!("list = {}", list.toml(true))],
        ));
    }
    if let Some((begin, end, time)) = list.window() {
        found.push(suggestion(
            "time-window",
            format!("`{id}` takes `{begin}` and `{end}`, and an item has a time"),
            vec![
                format!("list = {}", list.toml(false)),
                format!("begin = {}", quoted(begin)),
                format!("end = {}", quoted(end)),
                format!("time = {}", quoted(&time)),
            ],
        ));
    }
    let mut lines = vec![format!("list = {}", list.toml(false))];
    let mut because = format!("the items of `{id}` are told apart by `{}`", list.id);
    if let Some(owner) = list.owner() {
        let _ = write!(because, " and repeat `{owner}`");
        let field = format!("/{owner}");
        lines.push(format!(
            "owner = {}",
            inline([("field", field.as_str()), ("parameter", owner)])
        ));
    }
    if let Some((first, second)) = list.ordered() {
        lines.push(format!(
            "not_before = [{}, {}]",
            quoted(&first),
            quoted(&second)
        ));
    }
    found.push(suggestion("items", because, lines));
    found
}

/// A list and what creates its items: one path.
fn of_creation(operation: &Operation, list: &List<'_>) -> Option<Suggestion> {
    if operation.path.trim_end_matches('/') != list.operation.path.trim_end_matches('/') {
        return None;
    }
    let created = created(operation, Some(&list.id))?;
    let mut because = format!(
        "`{}` and `{}` have one path",
        operation.id, list.operation.id
    );
    if let Some(status) = ["status", "state"].into_iter().find(|name| list.has(name)) {
        let _ = write!(
            because,
            "; with `status = \"/{status}\"` and `order = [[\"...\"], [\"...\"]]` the way through the statuses is a law too"
        );
    }
    Some(Suggestion {
        kind: "created-appears",
        operation: operation.id.clone(),
        because,
        lines: vec![
            format!("create = {}", quoted(&operation.id)),
            format!("created = {}", quoted(&created)),
            format!("list = {}", list.toml(false)),
            format!("same = {}", inline(listed(operation, list))),
        ],
    })
}

fn of_echo(operation: &Operation) -> Option<Suggestion> {
    let same = repeated(operation);
    if same.is_empty() {
        return None;
    }
    let mut lines = vec![
        format!("operation = {}", quoted(&operation.id)),
        format!("same = {}", inline(&same)),
    ];
    if let Some(created) = created(operation, None) {
        lines.push(format!("created = {}", quoted(&created)));
    }
    Some(Suggestion {
        kind: "echo",
        operation: operation.id.clone(),
        because: format!(
            "request and answer of `{}` have fields of one name",
            operation.id
        ),
        lines,
    })
}

/// The file's text.
pub(super) fn text(suggestions: &[Suggestion]) -> String {
    let mut out = HEAD.to_owned();
    out.push_str(if suggestions.is_empty() {
        NONE
    } else {
        SUGGESTED
    });
    for suggestion in suggestions {
        let _ = write!(
            out,
            "\n# {}.\n#[[relations]]\n#kind = {}\n",
            suggestion.because,
            quoted(suggestion.kind)
        );
        for line in &suggestion.lines {
            let _ = writeln!(out, "#{line}");
        }
    }
    out
}
