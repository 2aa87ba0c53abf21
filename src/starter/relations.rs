//! `relations.toml`: the laws that a contract suggests, each as a comment with its reason: those
//! that are tried by themselves, and those that wait for a person.

use std::fmt::Write as _;

use super::{inline, key, quoted};
use crate::contract::{Listing, Owner, Relation};
use crate::recognise::Recognised;

const HEAD: &str = "\
# Laws between the answers of several requests. Pointers are JSON pointers (RFC 6901) into an answer, or into an item of its list.
";

const APPLIED: &str = "\
# The contract proves that these laws apply: they are tried by themselves. One that is written here without the `#` replaces its like; the kinds that stand
# in `laws_off`, a list below `[operations.OPERATION]`, are not tried of the operation.
";

const SUGGESTED: &str = "\
# No page states these laws: each was recognised by names alone. Check that the service means it so, then remove the `#` at the beginning of its lines.
";

const NONE: &str = "\
# None was recognised. The kinds are `pagination`, `time-window`, `filter`, `range`, `several`, `sorted`, `sort-by`, `search`, `omitted`, `repeated`, `items`, `created-appears`, `echo` and `entity-tag`.
";

/// The file's text.
pub(super) fn text(applied: &[&Recognised], suggested: &[&Recognised]) -> String {
    let mut out = HEAD.to_owned();
    if applied.is_empty() && suggested.is_empty() {
        out.push_str(NONE);
    }
    for (head, laws) in [(APPLIED, applied), (SUGGESTED, suggested)] {
        if laws.is_empty() {
            continue;
        }
        if out.len() > HEAD.len() {
            out.push('\n');
        }
        out.push_str(head);
        for law in laws {
            let part = match &law.sure {
                Some(sure) if *sure != law.relation => "; a part of it is tried by itself",
                _ => "",
            };
            let _ = write!(
                out,
                "\n# {}{part}.\n#[[relations]]\n#kind = {}\n",
                law.because,
                quoted(law.relation.kind())
            );
            for line in lines(&law.relation) {
                let _ = writeln!(out, "#{line}");
            }
        }
    }
    out
}

/// The keys of a relation beside its kind, a line each.
fn lines(relation: &Relation) -> Vec<String> {
    match relation {
        Relation::Pagination { list } => vec![line_of(list)],
        Relation::TimeWindow {
            list,
            begin,
            end,
            time,
        } => vec![
            line_of(list),
            format!("begin = {}", quoted(begin)),
            format!("end = {}", quoted(end)),
            format!("time = {}", quoted(time)),
        ],
        Relation::Filter { list, by }
        | Relation::Several { list, by }
        | Relation::Omitted { list, by } => {
            vec![line_of(list), format!("by = {}", inline(by))]
        }
        Relation::Range { list, by } => {
            let ends = by.iter().map(|(name, end)| {
                format!(
                    "{} = {{ field = {}, low = {}, inclusive = {} }}",
                    key(name),
                    quoted(&end.field),
                    end.low,
                    end.inclusive
                )
            });
            let ends: Vec<String> = ends.collect();
            vec![line_of(list), format!("by = {{ {} }}", ends.join(", "))]
        }
        Relation::Sorted {
            list,
            by,
            descending,
        } => vec![
            line_of(list),
            format!("by = {}", quoted(by)),
            format!("descending = {descending}"),
        ],
        Relation::SortBy {
            list,
            by,
            fields,
            direction,
        } => {
            let mut lines = vec![
                line_of(list),
                format!("by = {}", quoted(by)),
                format!("fields = {}", inline(fields)),
            ];
            let line = |name: &String| format!("direction = {}", quoted(name));
            lines.extend(direction.as_ref().map(line));
            lines
        }
        Relation::Search { list, by } => {
            let names: Vec<String> = by.iter().map(|name| quoted(name)).collect();
            vec![line_of(list), format!("by = [{}]", names.join(", "))]
        }
        Relation::Repeated {
            operation,
            key,
            created,
            other_body,
        } => {
            let mut lines = vec![
                format!("operation = {}", quoted(operation)),
                format!("key = {}", quoted(key)),
                format!("created = {}", quoted(created)),
            ];
            lines.extend(other_body.then(|| "other_body = true".to_owned()));
            lines
        }
        Relation::Items {
            list,
            owner,
            not_before,
        } => {
            let mut lines = vec![line_of(list)];
            lines.extend(owner.as_ref().map(owner_line));
            lines.extend(not_before.as_ref().map(|[first, second]| {
                format!("not_before = [{}, {}]", quoted(first), quoted(second))
            }));
            lines
        }
        Relation::CreatedAppears {
            create,
            created,
            list,
            same,
            owner,
            constant,
            status,
            order: _,
            progress,
        } => {
            let mut lines = vec![
                format!("create = {}", quoted(create)),
                format!("created = {}", quoted(created)),
                line_of(list),
                format!("same = {}", inline(same)),
            ];
            lines.extend(owner.as_ref().map(owner_line));
            lines
                .extend((!constant.is_empty()).then(|| format!("constant = {}", inline(constant))));
            for (name, pointer) in [("status", status), ("progress", progress)] {
                lines.extend(
                    pointer
                        .as_ref()
                        .map(|text| format!("{name} = {}", quoted(text))),
                );
            }
            lines
        }
        Relation::EntityTag {
            operation,
            if_none_match,
            if_match,
        } => {
            let mut lines = vec![format!("operation = {}", quoted(operation))];
            for (name, header) in [("if_none_match", if_none_match), ("if_match", if_match)] {
                let line = |header: &String| format!("{name} = {}", quoted(header));
                lines.extend(header.as_ref().map(line));
            }
            lines
        }
        Relation::Echo {
            operation,
            same,
            created,
        } => {
            let mut lines = vec![
                format!("operation = {}", quoted(operation)),
                format!("same = {}", inline(same)),
            ];
            lines.extend(
                created
                    .as_ref()
                    .map(|created| format!("created = {}", quoted(created))),
            );
            lines
        }
    }
}

fn owner_line(owner: &Owner) -> String {
    let pairs = [
        ("field", owner.field.as_str()),
        ("parameter", owner.parameter.as_str()),
    ];
    format!("owner = {}", inline(pairs))
}

fn line_of(list: &Listing) -> String {
    let mut pairs: Vec<(&str, &str)> = vec![
        ("operation", &list.operation),
        ("items", &list.items),
        ("id", &list.id),
    ];
    for (name, value) in [
        ("limit", &list.limit),
        ("offset", &list.offset),
        ("page", &list.page),
        ("marker", &list.marker),
        ("next", &list.next),
        ("total", &list.total),
        ("total_header", &list.total_header),
        ("more", &list.more),
        ("last", &list.last),
        ("links", &list.links),
    ] {
        pairs.extend(value.as_deref().map(|value| (name, value)));
    }
    let numbers = [
        ("first_page", list.first_page.filter(|first| *first != 1)),
        ("default", list.default),
    ];
    let line = inline(pairs);
    let line = numbers
        .iter()
        .fold(line, |line, (name, number)| match number {
            Some(number) => format!(
                "{}, {name} = {number} }}",
                line.trim_end_matches('}').trim_end()
            ),
            None => line,
        });
    if list.told.is_empty() {
        return format!("list = {line}");
    }
    let line = line.trim_end_matches('}').trim_end();
    format!("list = {line}, told = {} }}", inline(&list.told))
}
