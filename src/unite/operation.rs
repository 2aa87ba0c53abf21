//! Two operations as one: parameters, body, answers, credentials.

use serde_json::{Map, Value, json};

use crate::contract::MediaType;

use super::files::{At, Files, Side, below, facts, put_facts};
use super::naming::rename_parameter;
use super::schema::{Of, both, presence, stated};

/// What pages and a document say of one operation, by the names of the pages.
pub(super) fn united<'s>(
    files: &mut Files<'s>,
    own: &'s Value,
    other: &'s Value,
    path: &str,
) -> Value {
    let id = |node: &Value| node["operationId"].as_str().unwrap_or_default().to_owned();
    files.of_operation(&id(other), &id(own));
    let at = |side, node| At {
        side,
        file: String::new(),
        node,
    };
    let (own, other) = (at(Side::Pages, own), at(Side::Document, other));
    let mut map = Map::new();
    map.insert("operationId".to_owned(), Value::from(id(own.node)));
    let parameters = parameters(files, &own, &other, path);
    if !parameters.is_empty() {
        map.insert("parameters".to_owned(), Value::from(parameters));
    }
    let body = match (child(&own, "requestBody"), child(&other, "requestBody")) {
        (Some(one), Some(two)) => Some(request(files, &one, &two)),
        (Some(one), None) | (None, Some(one)) => Some(files.copy(&one, "")),
        (None, None) => None,
    };
    if let Some(body) = body {
        map.insert("requestBody".to_owned(), body);
    }
    map.insert("responses".to_owned(), responses(files, &own, &other));
    let security = alternatives(own.node, other.node);
    if !security.is_empty() {
        map.insert("security".to_owned(), Value::from(security));
    }
    put_facts(&mut map, &stated(&facts(own.node), &facts(other.node)));
    Value::Object(map)
}

fn child<'s>(at: &At<'s>, key: &str) -> Option<At<'s>> {
    Some(below(at, at.node.get(key)?))
}

fn text<'v>(node: &'v Value, key: &str) -> &'v str {
    node.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn items<'s>(at: &At<'s>, key: &str) -> Vec<At<'s>> {
    let node: &'s Value = at.node;
    let all = node.get(key).and_then(Value::as_array);
    let all = all.into_iter().flatten();
    all.map(|item| below(at, item)).collect()
}

/// The parameters of both, those of the path by the names that the path has.
fn parameters<'s>(files: &mut Files<'s>, own: &At<'s>, other: &At<'s>, path: &str) -> Vec<Value> {
    let mut open = items(other, "parameters");
    let mut names = path.split('{').skip(1);
    let names: Vec<&str> = names
        .by_ref()
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect();
    let of_path: Vec<At<'s>> = open
        .iter()
        .filter(|parameter| text(parameter.node, "in") == "path")
        .cloned()
        .collect();
    let mut all = Vec::new();
    for one in items(own, "parameters") {
        let (name, place) = (text(one.node, "name"), text(one.node, "in"));
        let at_place = names.iter().position(|known| *known == name);
        let partner = open.iter().position(|other| {
            let known = text(other.node, "name");
            text(other.node, "in") == place
                && match place {
                    // On the wire a path parameter is its place.
                    "path" => at_place
                        .and_then(|at| of_path.get(at))
                        .is_some_and(|at| std::ptr::eq(at.node, other.node)),
                    "header" => known.eq_ignore_ascii_case(name),
                    _ => known == name,
                }
        });
        let value = match partner {
            Some(partner) => {
                let two = open.remove(partner);
                parameter(files, &one, &two)
            }
            None => files.copy(&one, ""),
        };
        all.push(value);
    }
    for rest in open {
        let mut value = files.copy(&rest, "");
        if text(rest.node, "in") == "path" {
            let at = of_path
                .iter()
                .position(|at| std::ptr::eq(at.node, rest.node));
            if let Some(name) = at.and_then(|at| names.get(at)) {
                let known = text(rest.node, "name");
                let mut holder = json!({ "parameters": [value] });
                rename_parameter(&mut holder, known, name);
                value = holder["parameters"][0].take();
            }
        }
        all.push(value);
    }
    all
}

fn parameter<'s>(files: &mut Files<'s>, own: &At<'s>, other: &At<'s>) -> Value {
    let mut map = own.node.as_object().cloned().unwrap_or_default();
    for (key, value) in other.node.as_object().into_iter().flatten() {
        if !map.contains_key(key) {
            map.insert(key.clone(), value.clone());
        }
    }
    if let (Some((one, own_text)), Some((two, other_text))) = (described(own), described(other)) {
        let needs = |at: &At<'_>| at.node["required"] == true;
        let told = [
            presence(files, &one, needs(own), Of::Parameter),
            presence(files, &two, needs(other), Of::Parameter),
        ];
        let is_needed = !told.contains(&Some(false)) && told.contains(&Some(true));
        map.insert("required".to_owned(), Value::from(is_needed));
        let schema = both(files, &one, &two, Of::Parameter, "");
        match own_text.or(other_text) {
            Some(kind) => {
                map.shift_remove("schema");
                map.insert("content".to_owned(), json!({ kind: { "schema": schema } }));
            }
            None => {
                map.insert("schema".to_owned(), schema);
            }
        }
    }
    Value::Object(map)
}

/// The schema of a parameter, and the media type of a text that it is of.
fn described<'s>(at: &At<'s>) -> Option<(At<'s>, Option<&'s str>)> {
    if let Some(schema) = child(at, "schema") {
        return Some((schema, None));
    }
    let node: &'s Value = at.node;
    let (kind, media) = node.get("content")?.as_object()?.iter().next()?;
    Some((below(at, media.get("schema")?), Some(kind)))
}

fn request<'s>(files: &mut Files<'s>, own: &At<'s>, other: &At<'s>) -> Value {
    let mut map = Map::new();
    let is_needed = |at: &At<'_>| at.node["required"] == true;
    map.insert(
        "required".to_owned(),
        Value::from(is_needed(own) && is_needed(other)),
    );
    map.insert(
        "content".to_owned(),
        content(files, own, other, Of::Request),
    );
    let all = stated(&facts(own.node), &facts(other.node));
    put_facts(&mut map, &all);
    Value::Object(map)
}

/// The bodies of both by their media types.
fn content<'s>(files: &mut Files<'s>, own: &At<'s>, other: &At<'s>, of: Of) -> Value {
    let first = |at: &At<'s>| {
        let content = at.node.get("content").and_then(Value::as_object)?;
        let known = |name: &String| MediaType::read(name).unwrap_or_default();
        let (name, media) = content.iter().min_by_key(|(name, _)| known(name))?;
        Some((known(name), name.clone(), below(at, media)))
    };
    let (one, two) = match (first(own), first(other)) {
        (Some(one), Some(two)) => (one, two),
        (Some(_), None) => return files.copy(&below(own, &own.node["content"]), ""),
        (None, Some(_)) => return files.copy(&below(other, &other.node["content"]), ""),
        (None, None) => return json!({}),
    };
    let mut map = Map::new();
    let schema = match (child(&one.2, "schema"), child(&two.2, "schema")) {
        (Some(own), Some(other)) => Some(both(files, &own, &other, of, "")),
        (Some(one), None) | (None, Some(one)) => Some(files.copy(&one, "")),
        (None, None) => None,
    };
    if let Some(schema) = schema {
        map.insert("schema".to_owned(), schema);
    }
    let mut examples: Vec<&Value> = Vec::new();
    for media in [one.2.node, two.2.node] {
        let all = media.get("examples").and_then(Value::as_object);
        for example in all.into_iter().flat_map(Map::values) {
            if !examples.contains(&example) {
                examples.push(example);
            }
        }
    }
    if !examples.is_empty() {
        let all = examples.into_iter().enumerate();
        let all: Map<String, Value> = all
            .map(|(index, example)| ((index + 1).to_string(), example.clone()))
            .collect();
        map.insert("examples".to_owned(), Value::Object(all));
    }
    // What one calls a form and the other JSON can be sent as JSON.
    let chosen = if one.0 <= two.0 { &one } else { &two };
    let layout = chosen.2.node.get("encoding");
    if let Some(layout) = layout {
        map.insert("encoding".to_owned(), layout.clone());
    }
    let mut all = Map::from_iter([(chosen.1.clone(), Value::Object(map))]);
    // What either names beside it as JSON is as good.
    if matches!(of, Of::Response) {
        for at in [own, other] {
            let names = at.node["content"].as_object().into_iter().flatten();
            for (name, _) in names {
                let is_json = MediaType::read(name).is_some_and(|media| media.is_json());
                if is_json && !all.contains_key(name) {
                    all.insert(name.clone(), json!({}));
                }
            }
        }
    }
    Value::Object(all)
}

fn responses<'s>(files: &mut Files<'s>, own: &At<'s>, other: &At<'s>) -> Value {
    let mut all: Vec<(String, Value)> = Vec::new();
    let responses = |at: &At<'s>| -> Vec<(String, At<'s>)> {
        let node: &'s Value = at.node;
        let map = node.get("responses").and_then(Value::as_object);
        let map = map.into_iter().flatten();
        map.map(|(status, node)| (status.clone(), below(at, node)))
            .collect()
    };
    let mut open = responses(other);
    for (status, one) in responses(own) {
        // A success that the pages give no status is the one that the document names.
        let is_nameless =
            |known: &String| status == "2XX" && known.starts_with('2') && known != "204";
        let exact = open.iter().position(|(known, _)| *known == status);
        let partner = exact.or_else(|| open.iter().position(|(known, _)| is_nameless(known)));
        let (status, value) = match partner {
            Some(partner) => {
                let (known, two) = open.remove(partner);
                (known, response(files, &one, &two))
            }
            None => (status, files.copy(&one, "")),
        };
        all.push((status, value));
    }
    for (status, rest) in open {
        all.push((status, files.copy(&rest, "")));
    }
    all.into_iter().collect::<Map<String, Value>>().into()
}

fn response<'s>(files: &mut Files<'s>, own: &At<'s>, other: &At<'s>) -> Value {
    let mut map = Map::new();
    map.insert("description".to_owned(), own.node["description"].clone());
    let headers = headers(files, own, other);
    if !headers.is_empty() {
        map.insert("headers".to_owned(), Value::Object(headers));
    }
    let content = content(files, own, other, Of::Response);
    if content != json!({}) {
        map.insert("content".to_owned(), content);
    }
    put_facts(&mut map, &stated(&facts(own.node), &facts(other.node)));
    Value::Object(map)
}

fn headers<'s>(files: &mut Files<'s>, own: &At<'s>, other: &At<'s>) -> Map<String, Value> {
    let named = |at: &At<'s>| -> Vec<(&'s String, At<'s>)> {
        let node: &'s Value = at.node;
        let map = node.get("headers").and_then(Value::as_object);
        let map = map.into_iter().flatten();
        map.map(|(name, node)| (name, below(at, node))).collect()
    };
    let mut open = named(other);
    let mut all = Map::new();
    for (name, one) in named(own) {
        let partner = open
            .iter()
            .position(|(known, _)| known.eq_ignore_ascii_case(name));
        let value = match partner {
            Some(partner) => {
                let (_, two) = open.remove(partner);
                let mut value = parameter(files, &one, &two);
                let needs = |at: &At<'_>| at.node["required"] == true;
                value["required"] = Value::from(needs(&one) && needs(&two));
                value
            }
            None => files.copy(&one, ""),
        };
        all.insert(name.clone(), value);
    }
    for (name, rest) in open {
        all.insert(name.clone(), files.copy(&rest, ""));
    }
    all
}

/// The ways to give a credential that either names. Pages that show one, and do not say that it is
/// needed, have the way without any too: they are silent, so what the document says holds, or the
/// refusal that either documents.
fn alternatives(own: &Value, other: &Value) -> Vec<Value> {
    let is_open = |way: &Value| way.as_object().is_some_and(Map::is_empty);
    let ways = |node: &Value| {
        let ways = node.get("security").and_then(Value::as_array);
        ways.cloned().unwrap_or_default()
    };
    let (mut of_pages, of_document) = (ways(own), ways(other));
    let refuses = |node: &Value| {
        let statuses = ["401", "403"].iter();
        let mut known = statuses.filter_map(|status| node.get("responses")?.get(status));
        known.next().is_some()
    };
    if !of_document.iter().any(is_open)
        && (!of_document.is_empty() || refuses(own) || refuses(other))
    {
        of_pages.retain(|way| !is_open(way));
    }
    let mut all: Vec<Value> = Vec::new();
    for way in of_pages.into_iter().chain(of_document) {
        if !all.contains(&way) {
            all.push(way);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::silent_pages(json!([{ "key": [] }, {}]), json!([{ "key": [] }]), "200", json!([{ "key": [] }]))]
    #[case::open_document(json!([{ "key": [] }]), json!([{ "key": [] }, {}]), "401", json!([{ "key": [] }, {}]))]
    #[case::refused(json!([{ "key": [] }, {}]), json!([]), "401", json!([{ "key": [] }]))]
    #[case::nothing_said(json!([{ "key": [] }, {}]), json!([]), "200", json!([{ "key": [] }, {}]))]
    fn a_credential_that_pages_show_is_needed_where_the_document_says_it(
        #[case] pages: Value,
        #[case] document: Value,
        #[case] status: &str,
        #[case] expected: Value,
    ) {
        let own = json!({ "security": pages, "responses": {} });
        let other = json!({ "security": document, "responses": { (status): {} } });
        assert_eq!(Value::from(alternatives(&own, &other)), expected);
    }
}
