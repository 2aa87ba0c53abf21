//! One page -> one draft of an operation: target, parameters, bodies, statuses, examples.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::DeriveError;
use super::draft::{Body, Draft, Example, Parameter};
use super::examples::{self, Examples};
use super::identity::{self, RequestTarget};
use super::outline::{Item, Section, outline};
use super::patterns;
use super::proofread::proofread;
use super::statement::{Constraint, Kind, Node, Site, Stand};
use super::tables::{FieldTable, Linker, REPEATS, Role, Tables, tables};
use super::unread::unread;
use super::wordings::{counts, counts_by_name};
use crate::contract::formats::DateTemplate;
use crate::contract::{Level, Location};
use crate::page::Page;
use crate::page::words::TypeName;

/// The status of an answer for which a page names none.
pub(super) const SUCCESS: &str = "2XX";
/// The status of an error for which a page names none.
const FAILURE: &str = "4XX";

/// Reads the operation that a page tells of.
pub(super) fn draft(page: &Page) -> Result<Draft, DeriveError> {
    let items = outline(page);
    let target = identity::target(&items).ok_or_else(|| DeriveError::NoOperation {
        page: page.name.clone(),
    })?;
    let tables = tables(page, &items);
    let site = Site {
        page: page.name.clone(),
        edition: page.edition.clone(),
        table: target.section.clone(),
        row: format!("{} {}", target.method, target.path),
        line: target.line,
    };
    let mut draft = Draft {
        pages: vec![(page.name.clone(), page.edition.clone())],
        service: identity::service(page, &items),
        id: identity::operation_id(page, &items, &target),
        method: target.method.clone(),
        path: target.path.clone(),
        facts: vec![site.fact("method", Level::Must)],
        parameters: Vec::new(),
        request: None,
        empty_body: Vec::new(),
        responses: Vec::new(),
        findings: Vec::new(),
    };
    for unread in unread(page, &items) {
        leave_out(&mut draft, unread.kind, unread.message, &unread.site);
    }
    let shown = examples::examples(&items);
    read_tables(&mut draft, &target, &tables, &shown, &site);
    read_statuses(&mut draft, &items, &tables, &site);
    read_examples(&mut draft, &target, shown, &site);
    for finding in proofread(page, &draft.id.1) {
        draft.find(&finding.kind, finding.message, finding.rows);
    }
    Ok(draft)
}

/// Records that something documented is not read: as a finding, and as a fact that the ledger keeps.
fn leave_out(draft: &mut Draft, kind: &str, message: String, site: &Site) {
    let fact = site.fact("prose", Level::Must);
    if !draft.facts.contains(&fact) {
        draft.facts.push(fact.clone());
    }
    draft.find(kind, message, vec![fact]);
}

fn read_tables(
    draft: &mut Draft,
    target: &RequestTarget,
    tables: &Tables,
    shown: &Examples,
    site: &Site,
) {
    let in_path = identity::path_names(&target.path);
    let has_body = matches!(target.method.as_str(), "POST" | "PUT" | "PATCH")
        || (target.method == "DELETE" && (!shown.requests.is_empty() || shows_structure(tables)));
    let mut linker = Linker::new(&tables.fields);
    for (index, table) in tables.fields.iter().enumerate() {
        match table.role {
            Role::Path | Role::Query | Role::Header => {
                for row in &table.rows {
                    let location = match table.role {
                        Role::Header => Location::Header,
                        _ if in_path.contains(&row.name.as_str()) => Location::Path,
                        Role::Path if !target.query.contains(&row.name) => {
                            leave_out(
                                draft,
                                "parameter-not-in-path",
                                format!(
                                    "`{}` is called a path parameter, and the path has none of that name",
                                    row.name
                                ),
                                &row.site,
                            );
                            continue;
                        }
                        _ => Location::Query,
                    };
                    let node = linker.field(row, index, &mut Vec::new());
                    add_parameter(draft, &row.name, location, node);
                }
            }
            Role::Parameters => {
                let in_uri = table.section == Section::Uri;
                let mut body = table.clone();
                body.rows.retain(|row| {
                    let word = row.location.as_deref().unwrap_or_default().to_lowercase();
                    !(in_uri
                        || !has_body
                        || ["path", "query", "header", "uri", "url"]
                            .iter()
                            .any(|place| word.contains(place)))
                });
                for row in &table.rows {
                    if body.rows.contains(row) {
                        continue;
                    }
                    let word = row.location.as_deref().unwrap_or_default().to_lowercase();
                    let location = if in_path.contains(&row.name.as_str()) {
                        Location::Path
                    } else if word.contains("header") || row.name.to_lowercase().starts_with("x-") {
                        Location::Header
                    } else {
                        Location::Query
                    };
                    let node = linker.field(row, index, &mut Vec::new());
                    add_parameter(draft, &row.name, location, node);
                }
                if !body.rows.is_empty() {
                    read_body(draft, &mut linker, index, &body);
                }
            }
            Role::RequestBody => read_body(draft, &mut linker, index, table),
            Role::ResponseBody => {
                let status = status_of(table, tables);
                let node = linker.object(index);
                let fact = table.status.map(|status| {
                    table
                        .site
                        .at(format!("Status code: {status}"), table.site.line)
                        .fact("status", Level::Must)
                });
                draft.respond(&status, |response| {
                    response.facts.extend(fact);
                    response.body.unite(Body {
                        node,
                        described: true,
                        examples: Vec::new(),
                    });
                });
            }
            Role::Object | Role::Ignored => {}
        }
    }
    for (index, table) in tables.fields.iter().enumerate() {
        match table.role {
            Role::Object if !linker.is_claimed(index) && !table.rows.is_empty() => leave_out(
                draft,
                "table-without-place",
                format!(
                    "`{}`: {} rows are described, and nothing on the page says where they belong",
                    table.site.table,
                    table.rows.len()
                ),
                &table.site.at("table", table.site.line),
            ),
            Role::Ignored => leave_out(
                draft,
                "response-headers-not-tried",
                format!(
                    "`{}`: what is said of the headers of answers is not tried",
                    table.site.table
                ),
                &table.site.at("table", table.site.line),
            ),
            _ => {}
        }
    }
    if linker.is_exhausted() {
        draft.find(
            "too-many-fields",
            "the page has more fields than are read: those that come last are missing".to_owned(),
            vec![site.fact("body", Level::Must)],
        );
    }
    for name in &in_path {
        let known = draft
            .parameters
            .iter()
            .any(|parameter| parameter.location == Location::Path && parameter.name == *name);
        if !known {
            let own = site.at(*name, site.line);
            let mut node = Node {
                rows: vec![own.clone()],
                ..Node::default()
            };
            node.state(Constraint::Type(Kind::String, None), &own);
            add_parameter(draft, name, Location::Path, node);
            draft.find(
                "path-parameter-without-row",
                format!("the path has `{name}`, and no table describes it"),
                vec![own.fact("required", Level::Must)],
            );
        }
    }
    // Path parameters go in the order of the path, whatever the order of the rows.
    draft
        .parameters
        .sort_by_key(|parameter| match parameter.location {
            Location::Path => in_path
                .iter()
                .position(|name| *name == parameter.name)
                .unwrap_or(in_path.len()),
            Location::Query => in_path.len() + 1,
            Location::Header => in_path.len() + 2,
        });
}

/// Whether the request's table has fields that no URL can hold.
fn shows_structure(tables: &Tables) -> bool {
    tables
        .fields
        .iter()
        .filter(|table| table.role == Role::Parameters && table.section == Section::Request)
        .flat_map(|table| &table.rows)
        .any(|row| matches!(row.kind, Some(TypeName::Object(_) | TypeName::Map(_))))
}

fn read_body(draft: &mut Draft, linker: &mut Linker<'_>, index: usize, table: &FieldTable) {
    if table.rows.is_empty() {
        return;
    }
    let mut node = linker.object(index);
    // Rows of the same table may be sent elsewhere.
    node.properties
        .retain(|(name, _)| table.rows.iter().any(|row| row.name == *name));
    draft.request.get_or_insert_default().unite(Body {
        node,
        described: true,
        examples: Vec::new(),
    });
}

fn add_parameter(draft: &mut Draft, name: &str, location: Location, mut node: Node) {
    let untyped = node.kind().is_none() && location == Location::Query && counts_by_name(name);
    if let Some(site) = node.rows.first().cloned().filter(|_| untyped) {
        // By custom only: no row says so.
        node.state(Constraint::Shown(Kind::Integer), &site);
    }
    if location == Location::Query && counts(name) && (untyped || node.is(Kind::Integer)) {
        let bounded = node.statements.iter().any(|statement| {
            matches!(
                statement.constraint,
                Constraint::Minimum(_) | Constraint::ExclusiveMinimum(_) | Constraint::Enum(..)
            )
        });
        if let Some(site) = node.rows.first().cloned().filter(|_| !bounded) {
            node.state(Constraint::CustomMinimum(0.0), &site);
        }
    }
    match draft
        .parameters
        .iter_mut()
        .find(|parameter| parameter.name == name && parameter.location == location)
    {
        // A row that is repeated without end says nothing new.
        Some(known) if known.node.rows.len() >= REPEATS => {}
        Some(known) => known.node.unite(node),
        None => draft.parameters.push(Parameter {
            name: name.to_owned(),
            location,
            node,
        }),
    }
}

/// The status of a body's table: the one it stands under, else the only success that the page names, else any success.
fn status_of(table: &FieldTable, tables: &Tables) -> String {
    if let Some(status) = table.status {
        return status.to_string();
    }
    if table.section == Section::AbnormalResponse {
        return FAILURE.to_owned();
    }
    success(tables).unwrap_or_else(|| SUCCESS.to_owned())
}

fn success(tables: &Tables) -> Option<String> {
    tables
        .statuses
        .iter()
        .map(|row| row.status)
        .find(|status| (200..300).contains(status) && *status != 204)
        .map(|status| status.to_string())
}

static NORMAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\bnormal|\bsuccess(?:ful)?|正常|成功)[^0-9]{0,24}(?P<status>2\d\d)(?-u:\b)")
        .ok()
});

fn read_statuses(draft: &mut Draft, items: &[Item<'_>], tables: &Tables, site: &Site) {
    for row in &tables.statuses {
        let status = row.status.to_string();
        draft.respond(&status, |response| {
            response.facts.push(row.site.fact("status", Level::Must));
            if row.status == 204 {
                response.facts.push(row.site.fact("body", Level::Must));
            }
        });
    }
    let named = draft
        .responses
        .iter()
        .any(|response| response.status.starts_with('2') && response.status != SUCCESS);
    if named {
        return;
    }
    let within: Vec<&Item<'_>> = items
        .iter()
        .filter(|item| item.section == Section::StatusCodes)
        .collect();
    let text = within
        .iter()
        .map(|item| item.text())
        .collect::<Vec<_>>()
        .join(" ");
    let Some(found) = NORMAL
        .as_ref()
        .and_then(|pattern| pattern.captures(&text))
        .and_then(|captures| captures.name("status"))
    else {
        return;
    };
    let line = within.first().map_or(site.line, |item| item.line);
    let heading = within.first().map_or("", |item| item.heading);
    let fact = Site {
        table: heading.to_owned(),
        ..site.at(found.as_str(), line)
    }
    .fact("status", Level::Must);
    let status = found.as_str().to_owned();
    // The body that stood under no status is this one's.
    for response in &mut draft.responses {
        if response.status == SUCCESS {
            response.status.clone_from(&status);
        }
    }
    draft.respond(&status, |response| response.facts.push(fact));
}

fn read_examples(draft: &mut Draft, target: &RequestTarget, shown: Examples, site: &Site) {
    let example_site = |section: &str, row: &str, line: usize| Site {
        table: section.to_owned(),
        ..site.at(row, line)
    };
    check_query(draft, target, &shown, site);
    if let Some(line) = shown.request_lines.first()
        && draft.request.is_some()
        && shown.requests.is_empty()
    {
        let own = example_site("Example Requests", "request", line.line);
        draft.empty_body.push(own.fact("emptyBody", Level::Should));
    }
    for request in shown.requests {
        let own = example_site("Example Requests", "request", request.line);
        let Some(value) = request.value else {
            unparsable(draft, "request", &own);
            continue;
        };
        let mut findings = Vec::new();
        if let Some(body) = &mut draft.request {
            confront(&mut body.node, &value, &own, "", &mut findings);
            body.examples.push(Example { value, site: own });
        }
        report(draft, findings);
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
    for response in shown.responses {
        let status = match response.status {
            Some(status) => status.to_string(),
            None if response.refusal => FAILURE.to_owned(),
            None => fallback.clone(),
        };
        let own = example_site("Example Responses", "response", response.line);
        let Some(value) = response.value else {
            unparsable(draft, "response", &own);
            continue;
        };
        let mut findings = Vec::new();
        draft.respond(&status, |known| {
            if known.facts.is_empty() && status != SUCCESS {
                known.facts.push(
                    own.at(format!("Status code: {status}"), own.line)
                        .fact("status", Level::Should),
                );
            }
            confront(&mut known.body.node, &value, &own, "", &mut findings);
            known.body.examples.push(Example { value, site: own });
        });
        report(draft, findings);
    }
    if !draft
        .responses
        .iter()
        .any(|response| response.status.starts_with('2'))
    {
        draft.respond(SUCCESS, |_| {});
    }
    if draft
        .responses
        .iter()
        .all(|response| response.facts.is_empty())
    {
        let rows =
            vec![example_site("Status Codes", "status", site.line).fact("status", Level::Must)];
        draft.find(
            "no-status",
            "no status code is named: any success counts as documented".to_owned(),
            rows,
        );
    }
}

fn unparsable(draft: &mut Draft, which: &str, site: &Site) {
    draft.find(
        "example-unparsable",
        format!("an example {which} body is not JSON"),
        vec![site.fact("example", Level::Should)],
    );
}

fn report(draft: &mut Draft, findings: Vec<Breach>) {
    for (kind, message, rows) in findings {
        draft.find(kind, message, rows);
    }
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
            let own = Site {
                table: "Example Requests".to_owned(),
                ..site.at(name.clone(), line.line)
            };
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
        let mut rows = vec![own.fact("name", Level::Should)];
        if let Some((known, row)) = alike {
            rows.extend(row.iter().map(|row| row.fact("name", Level::Must)));
            draft.find(
                "example-names-parameter-otherwise",
                format!(
                    "the table says `{known}`, the example URL `{name}`: the table's name is sent"
                ),
                rows,
            );
        } else {
            draft.find(
                "parameter-without-row",
                format!("the URL shows the query parameter `{name}`, and no table describes it"),
                rows,
            );
        }
    }
}

/// A finding in the making.
type Breach = (&'static str, String, Vec<crate::contract::Fact>);

/// Confronts fields with a value that an example shows: where they differ the field is loosened and the difference reported.
fn confront(node: &mut Node, value: &Value, site: &Site, path: &str, found: &mut Vec<Breach>) {
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
        let nullable = node
            .statements
            .iter()
            .any(|statement| statement.constraint == Constraint::Nullable);
        if !(shown == Kind::Null && nullable) {
            let mut rows = vec![own.fact("type", Level::Should)];
            rows.extend(row.iter().map(|row| row.fact("type", Level::Must)));
            found.push((
                "example-breaks-type",
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
            ));
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
                            found.push((
                                "example-shows-unknown-field",
                                format!("the example shows `{path}`, and no table describes it"),
                                vec![
                                    site.at(path.clone(), site.line)
                                        .fact("example", Level::Should),
                                ],
                            ));
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
    found: &mut Vec<Breach>,
) {
    if text.is_empty() || is_placeholder(&Value::from(text)) {
        return;
    }
    let rows = |facet: &str| {
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
                found.push((
                    "example-breaks-format",
                    format!("`{path}` has the format `{template}`, and the example shows `{text}`"),
                    rows("format"),
                ));
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
    found: &mut Vec<Breach>,
) {
    let mut listed: Vec<String> = Vec::new();
    let mut weak = true;
    for statement in &node.statements {
        if let Constraint::Enum(values, stand) = &statement.constraint {
            listed.extend(values.iter().cloned());
            weak &= *stand == Stand::Bullets;
        }
    }
    if listed.is_empty() || listed.iter().any(|value| value == text) {
        return;
    }
    found.push((
        "example-breaks-enum",
        format!(
            "`{path}` lists {}, and the example shows `{text}`",
            listed.join(", ")
        ),
        std::iter::once(own.fact("enum", Level::Should))
            .chain(row.map(|row| row.fact("enum", Level::Must)))
            .collect(),
    ));
    if weak {
        // Bullets that nothing announces, and a value that is none of them: they were no list of values.
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
fn is_placeholder(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        let text = text.trim();
        (text.starts_with(['{', '<', '$']) && text.ends_with(['}', '>']))
            || text.contains("...")
            || text.contains("****")
            || text.to_lowercase().contains("xxx")
    })
}
