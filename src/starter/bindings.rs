//! `bindings.toml`: which resource of a target each place of a request is about.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::{inline, key, quoted};
use crate::contract::{
    CaseFile, Facet, Field, FieldPath, ItemKeys, Location, Meaning, Operation, Response, Step,
    enum_values, is_called, is_one_time, is_scope, takes_id, types_of, words,
};

const HEAD: &str = "\
# What the pages cannot say: which resources of a target the requests are about. On the left stands a place of a request, on the right the key
# whose value fills it: `--set KEY=VALUE`, or `[target.NAME.resources]` in `docproof.toml`. Two places with one key are about one resource.
# These were made from names: check them, and give one key to what is one resource.
";

const FURTHER: &str = "\
# A further resource that an operation is tried on, and what is documented for it (`success`, `refused` or `empty`), is written like this:
#
#   [[operations.OPERATION.resources]]
#   name = \"single-node\"
#   expect = \"refused\"
#   bind = { \"path.instance_id\" = \"SERVICE.single_node_instance_id\" }
#   reason = \"where the page says so\"
";

/// The file's text.
pub(super) fn text(operations: &[&Operation]) -> String {
    let mut out = HEAD.to_owned();
    let items = ItemKeys::of(operations.iter().copied());
    for operation in operations {
        let bound = bound(operation, &items);
        let mut perhaps = ids(operation, &items, false);
        perhaps.retain(|(place, _)| !bound.iter().any(|(known, _)| known == place));
        if bound.is_empty() && perhaps.is_empty() {
            continue;
        }
        let _ = write!(
            out,
            "\n[operations.{}]\n# {} {}\n",
            key(&operation.id),
            operation.method,
            operation.path
        );
        if !bound.is_empty() {
            let _ = writeln!(out, "bind = {}", inline(bound));
        }
        for (place, key) in perhaps {
            let _ = writeln!(
                out,
                "# perhaps a resource too, though it may be left out: {} = {}",
                quoted(&place),
                quoted(&key)
            );
        }
        if let Some(parameter) = empty(operation) {
            let place = format!("path.{parameter}");
            let key = format!("{}.empty_{parameter}", operation.service);
            let _ = write!(
                out,
                "\n[[operations.{}.resources]]\nname = \"empty\"\nexpect = \"empty\"\nbind = {}\nreason = \"an answer without a body is documented beside one with records\"\n",
                self::key(&operation.id),
                inline([(place, key)])
            );
        }
    }
    let _ = write!(out, "\n{FURTHER}");
    out
}

/// What a run binds of operations that nobody has written cases of: the same places.
pub(super) fn inferred(operations: &[Operation]) -> BTreeMap<String, CaseFile> {
    let mut files: BTreeMap<String, CaseFile> = BTreeMap::new();
    let items = ItemKeys::of(operations);
    for operation in operations {
        let file = files.entry(operation.service.clone()).or_default();
        let bind = ids(operation, &items, true).into_iter();
        let bind: BTreeMap<String, String> = bind.chain(own_id(operation, &items)).collect();
        if !bind.is_empty() {
            let cases = file.operations.entry(operation.id.clone()).or_default();
            cases.bind = bind;
        }
    }
    files
}

/// The places that have to name something that is there: path parameters, but for those whose
/// values are listed, and what is mandatory and called an id.
fn bound(operation: &Operation, items: &ItemKeys) -> Vec<(String, String)> {
    let mut places = Vec::new();
    for parameter in operation.parameters_in(Location::Path) {
        if !takes_id(parameter) {
            continue;
        }
        places.push((
            format!("path.{}", parameter.name),
            items.key_of(operation, &parameter.name),
        ));
    }
    for (place, key) in items.of_verbs(operation) {
        places.push((place, key));
    }
    for (place, key) in ids(operation, items, true) {
        if !places.iter().any(|(known, _)| *known == place) {
            places.push((place, key));
        }
    }
    if let Some(own) = own_id(operation, items)
        && !places.iter().any(|(place, _)| *place == own.0)
    {
        places.push(own);
    }
    places
}

/// Objects that hold what names a thing, beside the rest of it.
const METADATA: [&str; 2] = ["metadata", "meta"];

/// The field that is called as things are named by.
const NAME: &str = "name";

/// The field by which a change says again what it changes: that is what its path names, and a
/// service may refuse another.
fn own_id(operation: &Operation, items: &ItemKeys) -> Option<(String, String)> {
    let body = operation.request_body.as_ref();
    let body = body.filter(|_| operation.unwritten_body().is_none())?;
    let last = operation.path.trim_end_matches('/').rsplit('/').next()?;
    let name = last.strip_prefix('{')?.strip_suffix('}')?;
    let mut parameters = operation.parameters_in(Location::Path);
    let parameter = parameters.find(|parameter| parameter.name == name)?;
    if !matches!(operation.method.as_str(), "PUT" | "PATCH") || !takes_id(parameter) {
        return None;
    }
    let in_path = types_of(parameter.schema.follow(&parameter.schema.root));
    let read_only = Facet::Meaning(Meaning::ReadOnly);
    // A field that is called after another name may say the new one; but who replaces the whole has to
    // say one, and the old one is as good as any.
    let is_id = ["id", "uuid"]
        .iter()
        .any(|end| name.to_lowercase().ends_with(end));
    let is_said_again = || {
        let places = METADATA.map(|above| FieldPath::name(above).child(name));
        let places = std::iter::once(FieldPath::name(name)).chain(places);
        let mut fields = places.filter_map(|place| body.schema.field(&place));
        operation.method == "PUT" && fields.any(|field| field.required)
    };
    // `{property_name}` is the `name` of a property: that of the example is another's.
    let is_name = || {
        let has_name = |example: &Value| example.get(NAME).is_some();
        let own = body.schema.field(&FieldPath::name(NAME));
        let is_put = operation.method == "PUT";
        let is_shown = || body.examples.iter().any(has_name);
        let words = words(name);
        words.last().is_some_and(|last| last == NAME)
            && own.is_some_and(|own| own.required && is_put || is_shown())
    };
    let others: &[&str] = if is_id {
        &["id", "uuid"]
    } else if is_said_again() {
        &[]
    } else if is_name() {
        &[NAME]
    } else {
        return None;
    };
    // What a thing is called may stand with what else is said of it: `metadata.name`.
    let below = METADATA.map(FieldPath::name);
    let is_place = |above: &FieldPath, own: &Field<'_>| {
        above.is_root() || own.required && below.contains(above)
    };
    let mut names = std::iter::once(name).chain(others.iter().copied());
    let field = names.find_map(|wanted| {
        body.schema.fields().find(|field| {
            let above = field.path.parent();
            let is_own = field
                .path
                .last_name()
                .is_some_and(|own| is_called(own, wanted))
                && above.is_some_and(|above| is_place(&above, field));
            let types = types_of(field.node);
            let is_alike = types.iter().any(|kind| in_path.contains(kind));
            let is_sent = field.facts.iter().all(|fact| fact.facet != read_only);
            is_own && is_alike && is_sent
        })
    })?;
    let key = items.key_of(operation, name);
    Some((format!("request.{}", field.path), key))
}

/// The path parameter of what has no records, where an answer without a body is documented for
/// that.
fn empty(operation: &Operation) -> Option<&str> {
    let successes = || {
        operation
            .responses
            .iter()
            .filter(|response| response.class() == Some(2))
    };
    let is_told = operation.method == "GET"
        && successes().any(Response::is_bodyless)
        && successes().any(|response| response.schema.is_some());
    operation
        .parameters_in(Location::Path)
        .filter(|parameter| is_told && !is_scope(&parameter.name) && takes_id(parameter))
        .max_by_key(|parameter| operation.path.find(&format!("{{{}}}", parameter.name)))
        .map(|parameter| parameter.name.as_str())
}

/// What is called an id outside the path, mandatory or not: a text, or whatever names an item that
/// the paths have. A change that is sent with a made-up one is refused, though it need not have any.
fn ids(operation: &Operation, items: &ItemKeys, mandatory: bool) -> Vec<(String, String)> {
    let mut places = Vec::new();
    for location in [Location::Query, Location::Header] {
        for parameter in operation.parameters_in(location) {
            if parameter.required == mandatory
                && !is_one_time(location == Location::Header, &parameter.name)
                && let node = parameter.schema.follow(&parameter.schema.root)
                && let Some(key) = key_of_name(operation, items, &parameter.name, node)
            {
                places.push((format!("{}.{}", location.as_str(), parameter.name), key));
            }
        }
    }
    let body = operation.request_body.as_ref();
    let Some(body) = body.filter(|_| operation.unwritten_body().is_none()) else {
        return places;
    };
    for field in body.schema.fields() {
        if let Some((place, key)) = of_list(operation, items, &field, mandatory) {
            places.push((place, key));
        }
        // Any other list of ids is bound to nothing: one key is one resource.
        if field.path.has_item() || is_chosen(&field, &body.examples) {
            continue;
        }
        let name = field.path.last_name().unwrap_or_default();
        // All that it stands in has to be sent too.
        let needed = std::iter::successors(Some(field), |field| {
            body.schema.field(&field.path.parent()?)
        })
        .all(|field| field.required);
        if is_one_time(false, name) {
            continue;
        }
        let Some(key) = key_of_name(operation, items, name, field.node) else {
            continue;
        };
        let names_an_item = || {
            let types = types_of(field.node);
            let named = items.named(&operation.service, name, &types, true);
            operation.method == "PATCH" && named == Some(key.as_str())
        };
        if (needed || names_an_item()) == mandatory {
            places.push((format!("request.{}", field.path), key));
        }
    }
    places
}

/// The items of a list in a body that is called after a collection: each names what is there.
fn of_list(
    operation: &Operation,
    items: &ItemKeys,
    field: &Field<'_>,
    mandatory: bool,
) -> Option<(String, String)> {
    let [Step::Name(list)] = field.path.steps() else {
        return None;
    };
    if !types_of(field.node).contains(&"array") || field.required != mandatory {
        return None;
    }
    let item = field.node.get("items").unwrap_or(&Value::Null);
    let types = types_of(item);
    let is_plain = types.iter().all(|own| *own == "string")
        && enum_values(item).is_empty()
        && item.get("$ref").is_none();
    let key = items.listed(&operation.service, list, &types)?;
    is_plain.then(|| (format!("request.{}", field.path.item()), key.to_owned()))
}

/// Whether a caller chooses an id rather than being given it: its row tells how short and how long
/// it may be, and an example shows one. What a service hands out has one length.
fn is_chosen(field: &Field<'_>, examples: &[Value]) -> bool {
    let bound = |facet: Facet| field.node.get(facet.as_str()).and_then(Value::as_u64);
    let (least, most) = (bound(Facet::MinLength), bound(Facet::MaxLength));
    let pointer = field.path.to_pointer();
    matches!((least, most), (Some(least), Some(most)) if least < most)
        && examples
            .iter()
            .any(|body| body.pointer(&pointer).is_some_and(Value::is_string))
}

fn is_protocol(name: &str) -> bool {
    ["x-project-id", "x-request-id"].contains(&name.to_lowercase().as_str())
}

fn is_id(name: &str) -> bool {
    name.ends_with("_id") || name.ends_with("Id") || name.ends_with("-id")
}

/// The key for the name of a place outside the path: that of the item which it names, or else one of
/// its own where it is a text that is called an id.
fn key_of_name(
    operation: &Operation,
    items: &ItemKeys,
    name: &str,
    node: &Value,
) -> Option<String> {
    let types = types_of(node);
    let is_text = types.is_empty() || types.contains(&"string");
    let is_uuid = node.get("format").and_then(Value::as_str) == Some("uuid");
    let is_plain = is_uuid || types.contains(&"integer");
    let is_scalar = !types.contains(&"object") && !types.contains(&"array");
    if is_protocol(name) || !is_scalar || !enum_values(node).is_empty() {
        return None;
    }
    if let Some(key) = items.named(&operation.service, name, &types, is_plain)
        && (is_id(name) || is_plain)
    {
        return Some(key.to_owned());
    }
    (is_id(name) && is_text).then(|| {
        if is_scope(name) {
            name.to_owned()
        } else {
            format!("{}.{name}", operation.service)
        }
    })
}
