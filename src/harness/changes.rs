//! What an operation changes beside what it creates: nothing, resources that it names, or something
//! that no id names. A request that may change what the run did not create is not sent.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{
    Location, Operation, Resource, Response, Step, Suite, enum_values, is_called, is_scope, makes,
    parameters_of_path, singular, types_of, words,
};

/// What a request changes, beside what it creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Changes {
    /// Nothing that was there before.
    Nothing,
    /// The resources of these keys.
    Resources(Vec<String>),
    /// Something that no id names: a whole collection, or what there is one of.
    Unnamed,
}

/// The key of the innermost parameter of an operation's path, those of projects and tenants aside.
pub(super) fn innermost(
    operation: &Operation,
    bindings: &BTreeMap<String, String>,
) -> Option<String> {
    parameters_of_path(operation)
        .into_iter()
        .rev()
        .filter_map(|name| bindings.get(&format!("path.{name}")))
        .find(|key| !is_scope(key))
        .cloned()
}

/// Whether an operation changes one of a few things whose names its page lists: they are there, and
/// none of them is the run's.
fn is_of_listed(operation: &Operation) -> bool {
    let (_, rest) = operation.path.rsplit_once('{').unwrap_or_default();
    let last = rest.split('}').next().unwrap_or_default();
    let row = operation.parameter(Location::Path, last);
    operation.method != "POST"
        && row.is_some_and(|row| !enum_values(row.schema.follow(&row.schema.root)).is_empty())
}

/// What an operation of a suite changes, beside what it creates.
pub(super) fn changes(suite: &Suite, index: usize) -> Changes {
    let Some(operation) = suite.operations.get(index) else {
        return Changes::Nothing;
    };
    if !operation.writes() {
        return Changes::Nothing;
    }
    if is_of_listed(operation) {
        return Changes::Unnamed;
    }
    if suite.chosen_by(index).is_some() {
        return Changes::Nothing;
    }
    if let Some(resource) = suite
        .resources
        .iter()
        .find(|resource| resource.is_changed_by(index))
    {
        if resource.acts.contains(&index) && joins_another(suite, operation) {
            return Changes::Unnamed;
        }
        return Changes::Resources(vec![resource.key.clone()]);
    }
    let is_create = suite.resources.iter().any(|resource| {
        let create = resource.create.as_ref();
        create.is_some_and(|create| create.operation == index)
    });
    let is_post = operation.method == "POST";
    let bindings = suite.bindings(operation);
    let innermost = innermost(operation, &bindings);
    // Of what has no id in its path, an id in the answer may be that of what was there.
    let is_sure = innermost.is_some() || [201, 202].iter().any(|status| operation.names(*status));
    if is_create || is_post && makes(operation) && (is_sure || ends_in_plural(operation)) {
        return Changes::Nothing;
    }
    if let Some(key) = innermost {
        return Changes::Resources(vec![key]);
    }
    // A `POST` to a path that names nothing may only ask for something.
    if is_post && only_reads(operation) {
        return Changes::Nothing;
    }
    // A request that is about resources and makes nothing changes them, wherever their ids stand.
    let is_known = |key: &str| suite.resources.iter().any(|known| known.key == key);
    let mut elsewhere: Vec<String> = bindings
        .iter()
        .filter(|(place, key)| {
            let is_in_body = place.starts_with("request.");
            !place.starts_with("path.") && !is_scope(key) && (is_in_body || is_known(key))
        })
        .map(|(_, key)| key.clone())
        .collect();
    elsewhere.sort();
    elsewhere.dedup();
    if !elsewhere.is_empty() {
        Changes::Resources(elsewhere)
    } else if is_post && asks(operation) && !names_others(suite, operation) {
        Changes::Nothing
    } else {
        Changes::Unnamed
    }
}

/// Whether the path of an operation ends in a plural: that of what it makes one of.
fn ends_in_plural(operation: &Operation) -> bool {
    let last = operation.path.trim_end_matches('/').rsplit('/').next();
    last.is_some_and(|last| singular(last) != last)
}

/// Whether a body has ids of resources of its service that no binding fills: `alarm_ids`, `ids`, the
/// `alarm`, or the `id` of each of `alarms`. Those that the page's example shows may be somebody's.
fn names_others(suite: &Suite, operation: &Operation) -> bool {
    let Some(body) = &operation.request_body else {
        return false;
    };
    let of_service = |resource: &&Resource| resource.service == operation.service;
    let nouns: Vec<&str> = suite
        .resources
        .iter()
        .filter(of_service)
        .map(|resource| resource.noun.as_str())
        .collect();
    let names_one = |name: &str| {
        nouns.iter().any(|noun| {
            let ends = ["", "_id", "_ids", "_uuid", "_uuids"];
            let mut names = ends.iter().map(|end| format!("{noun}{end}"));
            names.any(|wanted| is_called(name, &wanted))
        })
    };
    let names_several = |name: &str| {
        let names_it = |noun: &&str| is_called(&singular(name), noun);
        name == "ids" || nouns.iter().any(names_it)
    };
    body.schema.fields().any(|field| {
        let holds_text = types_of(field.node).contains(&"string");
        let name = field.path.last_name().unwrap_or_default();
        match field.path.steps() {
            [Step::Name(_)] => holds_text && names_one(name),
            [Step::Name(list), Step::Item] => {
                holds_text && !nouns.is_empty() && (names_one(list) || names_several(list))
            }
            [Step::Name(list), Step::Item, Step::Name(_)] => {
                names_one(name) || GENERAL_IDS.contains(&name) && names_several(list)
            }
            _ => false,
        }
    })
}

/// Whether an act does something with a second resource (`/items/{id}/merge`), which its body names
/// by a value that no binding fills: a made-up one may be somebody's.
fn joins_another(suite: &Suite, operation: &Operation) -> bool {
    const ACTS: [&str; 7] = [
        "merge",
        "swap",
        "exchange",
        "transfer",
        "absorb",
        "replace",
        "overwrite",
    ];
    const NAMES: [&str; 9] = [
        "into",
        "to",
        "from",
        "with",
        "by",
        "target",
        "source",
        "destination",
        "other",
    ];
    let Some(body) = operation
        .request_body
        .as_ref()
        .filter(|_| says(operation, &ACTS))
    else {
        return false;
    };
    let bindings = suite.bindings(operation);
    body.schema.fields().any(|field| {
        let [Step::Name(name)] = field.path.steps() else {
            return false;
        };
        let is_id = words(name).last().is_some_and(|last| {
            NAMES.contains(&last.as_str())
                || ["id", "ids", "uuid", "uuids"].contains(&last.as_str())
        });
        is_id
            && enum_values(field.node).is_empty()
            && !bindings.contains_key(&format!("request.{name}"))
    })
}

/// What the id of an item is called in a list of them.
const GENERAL_IDS: [&str; 3] = ["id", "uuid", "uid"];

/// Whether an operation says by its id or by the end of its path that it only looks for something,
/// or looks at what it is sent.
fn only_reads(operation: &Operation) -> bool {
    const WORDS: [&str; 25] = [
        "search",
        "query",
        "list",
        "filter",
        "validate",
        "preview",
        "find",
        "lookup",
        "show",
        "describe",
        "get",
        "fetch",
        "check",
        "verify",
        "count",
        "estimate",
        "calculate",
        "quote",
        "compare",
        "simulate",
        "parse",
        "login",
        "authenticate",
        "explain",
        "suggest",
    ];
    says(operation, &WORDS) && !destroys(operation)
}

/// Whether a `POST` that names nothing asks for something or makes something: its page does not say
/// that it takes something away, and a success has more to tell than that it was done: it is no
/// 204, and where nothing is sent, something is answered.
fn asks(operation: &Operation) -> bool {
    let tells_nothing = |response: &Response| {
        response.is_bodyless() || operation.request_body.is_none() && response.schema.is_none()
    };
    let mut successes = operation.successes().peekable();
    let only_does =
        successes.peek().is_some() && !operation.names(201) && successes.all(tells_nothing);
    !destroys(operation) && !says(operation, &REPLACING) && !only_does
}

/// Words that say of what names nothing that it puts something in the place of all that there is, or
/// ends it.
const REPLACING: [&str; 5] = ["load", "reload", "restore", "rollback", "stop"];

/// Whether an operation says by its id or by the end of its path that it takes something away or
/// ends something.
pub(super) fn destroys(operation: &Operation) -> bool {
    says(operation, &DESTROYING)
}

/// Whether a word says that something is taken away or ended.
pub(super) fn is_destroying(word: &str) -> bool {
    DESTROYING.contains(&word)
}

/// Words that say that something is taken away or ended.
const DESTROYING: [&str; 28] = [
    "delete",
    "remove",
    "purge",
    "clear",
    "empty",
    "reset",
    "flush",
    "wipe",
    "truncate",
    "destroy",
    "drop",
    "erase",
    "shutdown",
    "halt",
    "kill",
    "terminate",
    "reboot",
    "restart",
    "poweroff",
    "logout",
    "signout",
    "revoke",
    "invalidate",
    "evict",
    "uninstall",
    "overwrite",
    "rollback",
    "disable",
];

/// Whether one of some words is in an operation's id, or in the end of its path.
fn says(operation: &Operation, wanted: &[&str]) -> bool {
    let last = operation.path.trim_end_matches('/').rsplit('/').next();
    [operation.id.as_str(), last.unwrap_or_default()]
        .into_iter()
        .flat_map(words)
        .any(|word| wanted.contains(&word.as_str()))
}

/// What `--allow-changes` may name: resource keys, operations and services.
pub(crate) fn changeable(suite: &Suite) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = suite.resource_keys().into_iter().collect();
    for operation in &suite.operations {
        names.extend([
            operation.id.clone(),
            operation.name(),
            operation.service.clone(),
        ]);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::StatusRange;
    use rstest::rstest;

    /// The bundled create of a backup, at another path and under another id.
    fn suite(method: &str, path: &str, id: &str, statuses: &[u16]) -> Suite {
        let mut suite = Suite::bundled().unwrap();
        let operation = suite
            .operations
            .iter()
            .position(|operation| operation.id == "CreateManualBackup")
            .unwrap();
        let mut operation = suite.operations.swap_remove(operation);
        method.clone_into(&mut operation.method);
        path.clone_into(&mut operation.path);
        id.clone_into(&mut operation.id);
        operation.parameters.clear();
        operation.request_body = None;
        operation.responses.truncate(statuses.len());
        for (response, status) in operation.responses.iter_mut().zip(statuses) {
            response.status = StatusRange::Code(*status);
            response.schema = None;
        }
        suite.operations = vec![operation];
        suite.resources.clear();
        suite.cases.clear();
        suite
    }

    #[rstest]
    #[case::search("POST", "/v1/search", "Search", &[200], Changes::Nothing)]
    #[case::only_done("POST", "/v1/widgets/recount", "Recount", &[204], Changes::Unnamed)]
    #[case::says_nothing("POST", "/v1/admin/compact", "Compact", &[202], Changes::Unnamed)]
    #[case::ends("POST", "/v1/sessions/logout", "LogOut", &[200], Changes::Unnamed)]
    #[case::purge("POST", "/v1/widgets/purge", "PurgeWidgets", &[200], Changes::Unnamed)]
    #[case::singleton("PUT", "/v1/settings", "ReplaceSettings", &[200], Changes::Unnamed)]
    #[case::collection("DELETE", "/v1/widgets", "DeleteWidgets", &[204], Changes::Unnamed)]
    #[case::read("GET", "/v1/widgets", "ListWidgets", &[200], Changes::Nothing)]
    fn what_names_nothing_changes_all_or_nothing(
        #[case] method: &str,
        #[case] path: &str,
        #[case] id: &str,
        #[case] statuses: &[u16],
        #[case] expected: Changes,
    ) {
        assert_eq!(changes(&suite(method, path, id, statuses), 0), expected);
    }
}
