//! `fixtures.toml`: which operations make, show, change and delete one thing.

use std::fmt::Write as _;

use super::{inline_list, quoted};
use crate::contract::{FieldPath, Identity, Resource, Suite};

const HEAD: &str = "\
# What a run creates for itself, so that it changes and deletes nothing else. Each entry is one kind of thing: the key that its id is given by, and the
# operations that create, show, list, replace, change, delete it and act on it. These were recognised from paths, methods and ids: correct them where
# the service means it otherwise. `id` is where the id of a new one comes from: a JSON pointer (RFC 6901) into the create's answer, `request.FIELD`,
# `path` where the request chooses it, or `location` for the last part of that header. What is left out does not exist.
";

const NONE: &str = "\
# No operation was recognised that creates something: a POST whose answer has the id of what it made, or a PUT of a new id. A run then only uses what
# `--set` gives. Where the service can create, an entry says how:
#
#   [[fixtures]]
#   key = \"SERVICE.widget_id\"
#   create = \"CreateWidget\"
#   id = \"/id\"
#   show = \"ShowWidget\"
#   delete = \"DeleteWidget\"
";

/// The file's text for one service of a suite.
pub fn fixtures(suite: &Suite, service: &str) -> String {
    let mut out = HEAD.to_owned();
    let own = || suite.resources.iter().filter(|own| own.service == service);
    if own().all(|resource| resource.create.is_none()) {
        let _ = write!(out, "\n{NONE}");
    }
    for resource in own() {
        match &resource.create {
            Some(create) => entry(suite, resource, &create.identity, &mut out),
            None => {
                let _ = write!(
                    out,
                    "\n# `{}`: nothing was recognised that creates one; `--set {}=VALUE` gives it, `--allow-changes {}` lets a run change it.\n",
                    resource.key, resource.key, resource.key
                );
            }
        }
    }
    out
}

fn entry(suite: &Suite, resource: &Resource, identity: &Identity, out: &mut String) {
    let name = |index: usize| {
        let operation = suite.operations.get(index);
        operation.map_or_else(String::new, |operation| quoted(&operation.id))
    };
    let _ = writeln!(out, "\n[[fixtures]]\nkey = {}", quoted(&resource.key));
    let parent = resource
        .parent
        .and_then(|parent| suite.resources.get(parent))
        .filter(|parent| parent.create.is_some());
    if let Some(parent) = parent {
        let _ = writeln!(out, "parent = {}", quoted(&parent.key));
    }
    let create = resource.create.as_ref().map(|create| create.operation);
    if let Some(create) = create {
        let _ = writeln!(out, "create = {}", name(create));
    }
    let id = match identity {
        Identity::Answered(path) => path.to_pointer(),
        Identity::Sent(field) => format!("request.{field}"),
        Identity::Chosen => "path".to_owned(),
        Identity::Located => "location".to_owned(),
    };
    let _ = writeln!(out, "id = {}", quoted(&id));
    for (role, index) in [
        ("show", resource.show),
        ("replace", resource.replace),
        ("change", resource.change),
        ("delete", resource.delete),
    ] {
        if let Some(index) = index {
            let _ = writeln!(out, "{role} = {}", name(index));
        }
    }
    if let Some(list) = &resource.list {
        let _ = writeln!(out, "list = {}", name(list.operation));
        let _ = writeln!(out, "items = {}", quoted(&list.items.to_pointer()));
        if FieldPath::name("id") != FieldPath::name(&list.id) {
            let _ = writeln!(out, "item_id = {}", quoted(&list.id));
        }
    }
    if !resource.acts.is_empty() {
        let acts: Vec<String> = resource.acts.iter().map(|index| name(*index)).collect();
        let _ = writeln!(out, "acts = {}", inline_list(&acts));
    }
}
