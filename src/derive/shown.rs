//! What the examples of a page show, confronted with what its tables say: where they differ the
//! field is loosened, and the difference reported.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::as_shown::name_success;
use super::draft::{Draft, Example, FAILURE, SUCCESS};
use super::examples::{self, Examples};
use super::finding::Findings;
use super::lists;
use super::path::RequestTarget;
use super::patterns;
use super::root::take_root;
use super::rows::FieldRow;
use super::statement::{Constraint, Kind, Node, Site, Stand, Statement};
use super::wrapper::take_wrapper;
use crate::contract::formats::DateTemplate;
use crate::contract::{DocumentationKind, Facet, Level, Location, Meaning, MediaType, is_redirect};

/// Enters the examples into a draft.
pub(super) fn read_examples(
    draft: &mut Draft,
    target: &RequestTarget,
    mut shown: Examples,
    site: &Site,
) {
    // A brace of an address is no body, and a form's is read elsewhere.
    if !draft.media.is_json() {
        shown.requests.clear();
    }
    name_success(draft, &shown);
    let example_site = |section: &str, row: &str, line: usize| site.below(section, row, line);
    check_query(draft, target, &shown, site);
    read_query(draft, &shown);
    // A body that an example alone shows: it can be sent as it is, and no more is known of it.
    let is_shown = |own: &examples::Shown| {
        let is_whole = matches!(own.value, Some(Value::Object(_) | Value::Array(_)));
        is_whole && !own.is_of_call() && !own.is_of_either
    };
    if matches!(target.method.as_str(), "POST" | "PUT" | "PATCH")
        && draft.media == MediaType::Json
        && shown.requests.iter().any(is_shown)
    {
        draft.request.get_or_insert_default();
    }
    if let Some(line) = shown.request_lines.first()
        && draft.request.is_some()
        && draft.media == MediaType::Json
        && shown.requests.is_empty()
        && !line.has_body
    {
        let own = example_site("Example Requests", "request", line.line);
        draft
            .empty_body
            .push(own.fact(Facet::EmptyBody, Level::Should));
    }
    if let Some(body) = &mut draft.request {
        let values: Vec<&Value> = shown
            .requests
            .iter()
            .filter_map(|request| request.value.as_ref())
            .collect();
        take_root(&mut body.node, &values);
        let line = shown.requests.first().map_or(site.line, |own| own.line);
        let own = example_site("Example Requests", "request", line);
        take_wrapper(&mut body.node, &values, &own);
    }
    // Beside an example of the body that is described, another may be of one that is not.
    let body = draft.request.as_ref().map(|body| &body.node);
    let is_another = |value: &Value| body.is_some_and(|node| is_of_another(node, value));
    let mut values = shown.requests.iter().filter_map(|own| own.value.as_ref());
    let others: Vec<usize> = if values.any(|value| !is_another(value)) {
        let other = |own: &&examples::Shown| own.value.as_ref().is_some_and(is_another);
        let others = shown.requests.iter().filter(other);
        others.map(|own| own.line).collect()
    } else {
        Vec::new()
    };
    for request in shown.requests {
        let own = example_site("Example Requests", "request", request.line);
        if others.contains(&request.line) {
            draft.find(
                DocumentationKind::ExampleNotRead,
                "the example has fields of which no row tells, and lacks some that must be sent: \
                 it is of another body"
                    .to_owned(),
                vec![own.fact(Facet::Example, Level::Should)],
            );
            continue;
        }
        let Some(value) = request.value else {
            unparsable(draft, "request", &own);
            continue;
        };
        let mut findings = Findings::default();
        if let Some(body) = &mut draft.request {
            confront(&mut body.node, &value, &own, "", &mut findings);
            body.examples.push(Example { value, site: own });
        }
        draft.findings.unite(findings);
    }
    let fallback = draft
        .responses
        .iter()
        .find(|response| response.status.starts_with('2') && response.body.described)
        .or_else(|| {
            draft
                .responses
                .iter()
                .find(|response| response.status.starts_with('2') && response.status != "204")
        })
        .map_or_else(|| SUCCESS.to_owned(), |response| response.status.clone());
    let status_of = |response: &examples::Shown| match response.status {
        Some(status) => status.to_string(),
        None if response.refusal => FAILURE.to_owned(),
        None => fallback.clone(),
    };
    for response in &mut draft.responses {
        let own = shown.responses.iter();
        let own: Vec<&examples::Shown> = own
            .filter(|shown| status_of(shown) == response.status)
            .collect();
        let values: Vec<&Value> = own.iter().filter_map(|own| own.value.as_ref()).collect();
        take_root(&mut response.body.node, &values);
        let line = own.first().map_or(site.line, |own| own.line);
        let own = example_site("Example Responses", "response", line);
        take_wrapper(&mut response.body.node, &values, &own);
    }
    for response in shown.responses {
        let status = status_of(&response);
        let own = example_site("Example Responses", "response", response.line);
        let Some(value) = response.value else {
            unparsable(draft, "response", &own);
            continue;
        };
        let mut findings = Findings::default();
        draft.respond(&status, |known| {
            if known.facts.is_empty() && status != SUCCESS {
                known.facts.push(
                    own.at(format!("Status code: {status}"), own.line)
                        .fact(Facet::Status, Level::Should),
                );
            }
            confront(&mut known.body.node, &value, &own, "", &mut findings);
            known.body.examples.push(Example { value, site: own });
        });
        draft.findings.unite(findings);
    }
    borrow_samples(draft);
    let is_success = |status: &str| {
        let redirects = status.parse().is_ok_and(is_redirect);
        status.starts_with('2') || redirects
    };
    if !draft
        .responses
        .iter()
        .any(|response| is_success(&response.status))
    {
        draft.respond(SUCCESS, |_| {});
    }
    if draft
        .responses
        .iter()
        .all(|response| response.facts.is_empty())
    {
        let rows = vec![
            example_site("Status Codes", "status", site.line).fact(Facet::Status, Level::Must),
        ];
        draft.find(
            DocumentationKind::NoStatus,
            "no status code is named: any success counts as documented".to_owned(),
            rows,
        );
    }
}

/// Takes the values that the answer shows of fields of the request, where no example shows a request:
/// whoever makes a thing is answered with it.
fn borrow_samples(draft: &mut Draft) {
    let Some(body) = draft
        .request
        .as_mut()
        .filter(|body| body.examples.is_empty())
    else {
        return;
    };
    let answers = draft.responses.iter();
    let answers = answers.filter(|answer| answer.status.starts_with('2'));
    let mut shown = answers.flat_map(|answer| &answer.body.examples);
    let Some(Value::Object(answer)) = shown.next().map(|example| &example.value) else {
        return;
    };
    // A thing in a wrapper of its own name, or in one of any: that of which most can be sent.
    let common = |map: &&Map<String, Value>| {
        let names = body.node.properties.iter();
        names.filter(|(name, _)| map.contains_key(name)).count()
    };
    let inner = answer.values().filter_map(Value::as_object);
    let things = std::iter::once(answer).chain(inner);
    // Of several with as many the first.
    let Some(thing) = things
        .rev()
        .max_by_key(common)
        .filter(|map| common(map) > 0)
    else {
        return;
    };
    let thing = thing.clone();
    for (name, node) in &mut body.node.properties {
        let Some(value) = thing.get(name) else {
            continue;
        };
        let (node, value) = match (&mut node.items, value) {
            (Some(items), Value::Array(values)) => match values.first() {
                Some(first) => (items.as_mut(), first),
                None => continue,
            },
            (_, value) => (node, value),
        };
        let text = match value {
            Value::String(text) if !text.is_empty() => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => continue,
        };
        if node.samples.is_empty() {
            node.samples.push(text);
        }
    }
}

fn unparsable(draft: &mut Draft, which: &str, site: &Site) {
    draft.find(
        DocumentationKind::ExampleUnparsable,
        format!("an example {which} body is not JSON"),
        vec![site.fact(Facet::Example, Level::Should)],
    );
}

/// Whether an example is one of another body than the one that is described: it shows fields of which
/// no row tells, and lacks one that must be sent.
fn is_of_another(node: &Node, example: &Value) -> bool {
    let Value::Object(shown) = example else {
        return false;
    };
    let is_known = |name: &String| node.properties.iter().any(|(known, _)| known == name);
    let lacks = |(name, field): &(String, Node)| {
        let is_required = |own: &Statement| own.constraint == Constraint::Required(true);
        !shown.contains_key(name) && field.statements.iter().any(is_required)
    };
    !shown.keys().all(is_known) && node.properties.iter().any(lacks)
}

/// The names in example URLs against the names in the tables.
fn check_query(draft: &mut Draft, target: &RequestTarget, shown: &Examples, site: &Site) {
    let declared: Vec<(String, Option<Site>)> = draft
        .parameters
        .iter()
        .filter(|parameter| parameter.location == Location::Query)
        .map(|parameter| (parameter.name.clone(), parameter.node.rows.first().cloned()))
        .collect();
    let mut seen: Vec<(String, Site)> = Vec::new();
    for name in &target.query {
        seen.push((name.clone(), site.clone()));
    }
    for line in &shown.request_lines {
        for name in examples::query_names(&line.url) {
            let own = site.below("Example Requests", name.clone(), line.line);
            seen.push((name, own));
        }
    }
    let fold = |name: &str| name.replace(['_', '-'], "").to_lowercase();
    for (name, own) in seen {
        if declared.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let alike = declared
            .iter()
            .find(|(known, _)| fold(known) == fold(&name));
        let mut rows = vec![own.fact(Facet::Name, Level::Should)];
        if let Some((known, row)) = alike {
            rows.extend(row.iter().map(|row| row.fact(Facet::Name, Level::Must)));
            draft.find(
                DocumentationKind::ExampleNamesParameterOtherwise,
                format!(
                    "the table says `{known}`, the example URL `{name}`: the table's name is sent"
                ),
                rows,
            );
        } else {
            draft.find(
                DocumentationKind::ParameterWithoutRow,
                format!("the URL shows the query parameter `{name}`, and no table describes it"),
                rows,
            );
        }
    }
}

/// Notes what the query of a request line shows: how several values are written, and the values of
/// the first that has any.
fn read_query(draft: &mut Draft, shown: &Examples) {
    for parameter in &mut draft.parameters {
        if parameter.location != Location::Query {
            continue;
        }
        let is_list = parameter.node.is(Kind::Array);
        for line in &shown.request_lines {
            if is_list {
                parameter
                    .styles
                    .extend(lists::by_url(&parameter.name, &line.url));
            }
        }
        let style = parameter.style();
        let name = style.map_or_else(
            || Cow::Borrowed(parameter.name.as_str()),
            |style| style.name(&parameter.name),
        );
        let kind = match &parameter.node.items {
            Some(items) => items.kind(),
            // What its name alone says that it counts is sent as a number too.
            None => parameter
                .node
                .kind()
                .or_else(|| parameter.node.shown_kind()),
        };
        let texts = shown.request_lines.iter().find_map(|line| {
            let texts = examples::query_values(&line.url, &name);
            (!texts.is_empty()).then_some(texts)
        });
        let Some(texts) = texts else { continue };
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let values = match style {
            Some(style) => style.read(&texts),
            None if is_list => None,
            None => (texts.len() == 1).then(|| texts.clone()),
        };
        let typed: Option<Vec<Value>> = values.and_then(|values| {
            let values = values.iter().map(|text| typed(text, kind));
            values.collect()
        });
        parameter.example = match typed {
            Some(values) if is_list => Some(Value::Array(values)),
            Some(values) => values.into_iter().next(),
            // How it is written nobody knows, but that it is there.
            None => texts.first().map(|text| Value::from(*text)),
        }
        .filter(|value| !stands_for_another(&parameter.name, value));
    }
}

/// Notes the value that a row shows of a header: one word that stands for no other.
pub(super) fn note_header(draft: &mut Draft, row: &FieldRow) {
    let headers = draft.parameters.iter_mut();
    let header = headers
        .filter(|own| own.location == Location::Header)
        .find(|own| own.name == row.name && own.example.is_none());
    if let (Some(header), Some(text)) = (header, &row.example) {
        let text = text.trim();
        let is_one = !text.is_empty() && !text.contains([' ', ',', ';', '|', '/']);
        let value = typed(text, header.node.kind());
        header.example = value.filter(|value| is_one && !is_placeholder(value));
    }
}

/// A text of a query as a value of a kind.
fn typed(text: &str, kind: Option<Kind>) -> Option<Value> {
    match kind {
        Some(Kind::Integer) => text.parse::<i64>().ok().map(Value::from),
        Some(Kind::Number) => text.parse::<f64>().ok().map(Value::from),
        Some(Kind::Boolean) => text.parse::<bool>().ok().map(Value::from),
        Some(_) | None => Some(Value::from(text)),
    }
}

/// Whether a value of a query is only its author's: a placeholder, or an id.
fn stands_for_another(name: &str, value: &Value) -> bool {
    let name = name.to_lowercase();
    let is_id = ["id", "ids", "uuid", "marker", "cursor", "token"]
        .iter()
        .any(|word| name == *word || name.ends_with(&format!("_{word}")));
    let parts = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    is_id || parts.iter().any(is_placeholder)
}

/// Confronts fields with a value that an example shows: where they differ the field is loosened and
/// the difference reported.
pub(super) fn confront(
    node: &mut Node,
    value: &Value,
    site: &Site,
    path: &str,
    found: &mut Findings,
) {
    let stated = node.kind();
    let shown = kind_of(value);
    let own = site.at(if path.is_empty() { "body" } else { path }, site.line);
    let row = node.rows.first().cloned();
    if let Some(stated) = stated
        && !agrees(stated, value)
        && !is_placeholder(value)
    {
        let unset = value.as_object().is_some_and(serde_json::Map::is_empty)
            && !matches!(stated, Kind::Array);
        let nullable = node.statements.iter().any(|statement| {
            matches!(
                statement.constraint,
                Constraint::Nullable | Constraint::IsNull
            )
        });
        if !(shown == Kind::Null && nullable) {
            let mut rows = vec![own.fact(Facet::Type, Level::Should)];
            rows.extend(row.iter().map(|row| row.fact(Facet::Type, Level::Must)));
            found.add(
                DocumentationKind::ExampleBreaksType,
                format!(
                    "`{path}` is of type {} in the table and {} in the example",
                    stated.as_str(),
                    if unset {
                        "`{ }`".to_owned()
                    } else {
                        shown.as_str().to_owned()
                    }
                ),
                rows,
            );
        }
        node.state(
            if unset {
                Constraint::ShownUnset
            } else {
                Constraint::Shown(shown)
            },
            &own,
        );
    }
    if let Value::String(text) = value {
        confront_text(node, text, &own, path, row.as_ref(), found);
    } else if let Value::Number(shown) = value {
        confront_list(node, &shown.to_string(), &own, path, row.as_ref(), found);
    }
    match value {
        Value::Object(map) => {
            for (name, child) in map {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                let known = node
                    .properties
                    .iter_mut()
                    .find(|(known, _)| known == name)
                    .map(|(_, field)| field);
                match known {
                    Some(field) => confront(field, child, site, &path, found),
                    None => {
                        if !node.properties.is_empty() {
                            found.add(
                                DocumentationKind::ExampleShowsUnknownField,
                                format!("the example shows `{path}`, and no table describes it"),
                                vec![
                                    site.at(path.clone(), site.line)
                                        .fact(Facet::Example, Level::Should),
                                ],
                            );
                        }
                    }
                }
            }
        }
        Value::Array(items) => {
            if let Some(node) = &mut node.items {
                for item in items {
                    confront(node, item, site, &format!("{path}[]"), found);
                }
            }
        }
        _ => {}
    }
}

/// A text of an example against the field's format and values.
fn confront_text(
    node: &mut Node,
    text: &str,
    own: &Site,
    path: &str,
    row: Option<&Site>,
    found: &mut Findings,
) {
    if text.is_empty() || is_placeholder(&Value::from(text)) {
        return;
    }
    let rows = |facet: Facet| {
        let mut rows = vec![own.fact(facet, Level::Should)];
        rows.extend(row.iter().map(|row| row.fact(facet, Level::Must)));
        rows
    };
    for statement in &mut node.statements {
        if let Constraint::Format(template) = &statement.constraint {
            let settled =
                patterns::with_example(template, text).unwrap_or_else(|| template.clone());
            let fits = DateTemplate::parse(&settled).is_none_or(|known| known.matches(text));
            if fits {
                statement.constraint = Constraint::Format(settled);
            } else {
                found.add(
                    DocumentationKind::ExampleBreaksFormat,
                    format!("`{path}` has the format `{template}`, and the example shows `{text}`"),
                    rows(Facet::Format),
                );
                statement.constraint = Constraint::Prose;
            }
        }
    }
    confront_list(node, text, own, path, row, found);
}

/// A value of an example against the field's list.
fn confront_list(
    node: &mut Node,
    text: &str,
    own: &Site,
    path: &str,
    row: Option<&Site>,
    found: &mut Findings,
) {
    let mut listed: Vec<String> = Vec::new();
    let mut weak = true;
    for statement in &node.statements {
        if let Constraint::Enum(values, stand) = &statement.constraint {
            listed.extend(values.iter().cloned());
            weak &= *stand == Stand::Bullets;
        }
    }
    // Where letters of both cases are alike, the example may show either.
    let any_case = Constraint::Meaning(Meaning::AnyCase);
    let takes_any_case = node
        .statements
        .iter()
        .any(|statement| statement.constraint == any_case);
    let is_listed = |value: &String| {
        value == text || takes_any_case && value.to_lowercase() == text.to_lowercase()
    };
    if listed.is_empty() || listed.iter().any(is_listed) {
        return;
    }
    found.add(
        DocumentationKind::ExampleBreaksEnum,
        format!(
            "`{path}` lists {}, and the example shows `{text}`",
            listed.join(", ")
        ),
        std::iter::once(own.fact(Facet::Enum, Level::Should))
            .chain(row.map(|row| row.fact(Facet::Enum, Level::Must)))
            .collect(),
    );
    if weak {
        // Bullets that nothing announces, and a value that is none of them: they were no list of
        // values.
        for statement in &mut node.statements {
            if matches!(statement.constraint, Constraint::Enum(..)) {
                statement.constraint = Constraint::Prose;
            }
        }
    } else if !text.contains(char::is_whitespace) && text.len() < 64 {
        // The looser reading: a list that lacks what its own page shows is not closed.
        node.state(Constraint::ShownValue(text.to_owned()), own);
    }
}

fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(number) if number.is_f64() => Kind::Number,
        Value::Number(_) => Kind::Integer,
        Value::String(_) => Kind::String,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}

fn agrees(stated: Kind, value: &Value) -> bool {
    let shown = kind_of(value);
    stated == Kind::Any || stated == shown || (stated == Kind::Number && shown == Kind::Integer)
}

/// Whether a value only stands for one: `{instance_id}`, `<id>`, `xxx`, `...`.
pub(super) fn is_placeholder(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        let text = text.trim();
        (text.starts_with(['{', '<', '$']) && text.ends_with(['}', '>']))
            || text.contains("...")
            || text.contains("****")
            || text.to_lowercase().contains("xxx")
    })
}
