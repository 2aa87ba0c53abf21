//! One page -> one draft of an operation: target, parameters, bodies, statuses, examples.

use super::DeriveError;
use super::behaviour::read_behaviour;
use super::draft::{Body, Draft, FAILURE, Parameter, SUCCESS};
use super::examples::{self, Examples};
use super::finding::{Finding, Findings};
use super::identity::{self, RequestTarget};
use super::linker::{Linker, REPEATS};
use super::meanings::{in_time, settle_answer, settle_body, settle_parameter, sorted};
use super::outline::{Item, ItemKind, Section, outline};
use super::proofread::proofread;
use super::shown::read_examples;
use super::statement::{Constraint, Kind, Node, Site};
use super::tables::{FieldTable, Role, Tables, tables};
use super::unread::unread;
use super::wordings::{counts, counts_by_name};
use crate::contract::{DocumentationKind, Facet, Level, Location};
use crate::page::Page;
use crate::page::words::TypeName;
use crate::text::counted;

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
        facts: vec![site.fact(Facet::Method, Level::Must)],
        parameters: Vec::new(),
        request: None,
        empty_body: Vec::new(),
        responses: Vec::new(),
        findings: Findings::default(),
    };
    for finding in unread(page, &items) {
        draft.leave_out(finding);
    }
    let shown = examples::examples(&items);
    read_tables(&mut draft, &target, &items, &tables, &shown, &site);
    read_statuses(&mut draft, &items, &tables, &site);
    read_behaviour(&mut draft, &items, &site);
    read_examples(&mut draft, &target, shown, &site);
    draft.findings.unite(proofread(page, &items));
    Ok(draft)
}

fn read_tables(
    draft: &mut Draft,
    target: &RequestTarget,
    items: &[Item<'_>],
    tables: &Tables,
    shown: &Examples,
    site: &Site,
) {
    let in_path = identity::path_names(&target.path);
    let has_body = matches!(target.method.as_str(), "POST" | "PUT" | "PATCH")
        || (target.method == "DELETE" && (!shown.requests.is_empty() || shows_structure(tables)));
    let mut linker = Linker::new(&tables.fields);
    let told = orders(items, site);
    for (index, table) in tables.fields.iter().enumerate() {
        match table.role {
            Role::Path | Role::Query | Role::Header => {
                for row in &table.rows {
                    let location = match table.role {
                        Role::Header => Location::Header,
                        _ if in_path.contains(&row.name.as_str()) => Location::Path,
                        Role::Path if !target.query.contains(&row.name) => {
                            let message = format!(
                                "`{}` is called a path parameter, and the path has none of that \
                                 name",
                                row.name
                            );
                            let kind = DocumentationKind::ParameterNotInPath;
                            draft.leave_out(Finding::left_out(kind, message, &row.site));
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
                let mut node = linker.object(index);
                let is_list = target.method == "GET" && status.starts_with('2');
                settle_answer(&mut node, if is_list { &told } else { &[] });
                let fact = table.status.map(|status| {
                    table
                        .site
                        .at(format!("Status code: {status}"), table.site.line)
                        .fact(Facet::Status, Level::Must)
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
        let own = table.site.at("table", table.site.line);
        match table.role {
            Role::Object if !linker.is_claimed(index) && !table.rows.is_empty() => {
                let message = format!(
                    "`{}`: this table ({}) is not used: no heading or row says what it describes",
                    table.site.table,
                    counted(table.rows.len(), "row")
                );
                let kind = DocumentationKind::TableWithoutPlace;
                draft.leave_out(Finding::left_out(kind, message, &own));
            }
            Role::Ignored => {
                let message = format!(
                    "`{}`: what is said of the headers of answers is not tried",
                    table.site.table
                );
                let kind = DocumentationKind::ResponseHeadersNotTried;
                draft.leave_out(Finding::left_out(kind, message, &own));
            }
            _ => {}
        }
    }
    if linker.is_exhausted() {
        draft.find(
            DocumentationKind::TooManyFields,
            "the page has more fields than are read: those that come last are missing".to_owned(),
            vec![site.fact(Facet::Body, Level::Must)],
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
                DocumentationKind::PathParameterWithoutRow,
                format!("the path has `{name}`, and no table describes it"),
                vec![own.fact(Facet::Required, Level::Must)],
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

/// What the page's paragraphs say of the order of a list.
fn orders(items: &[Item<'_>], site: &Site) -> Vec<(Constraint, Site)> {
    let mut found = Vec::new();
    for item in items {
        let ItemKind::Paragraph(text) = item.kind else {
            continue;
        };
        if item.section != Section::Other {
            continue;
        }
        let order = in_time(&text.plain)
            .map(Constraint::Meaning)
            .or_else(|| sorted(&text.plain));
        let own = Site {
            table: item.heading.to_owned(),
            ..site.at("order", item.line)
        };
        found.extend(order.map(|order| (order, own)));
    }
    found
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
    settle_body(&mut node);
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
    settle_parameter(name, location, &mut node);
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

/// The status of a body's table: the one it stands under, else the only success that the page
/// names, else any success.
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

pattern! {
    static NORMAL =
        r"(?i)(?:\bnormal|\bsuccess(?:ful)?|正常|成功)[^0-9]{0,24}(?P<status>2\d\d)(?-u:\b)";
}

fn read_statuses(draft: &mut Draft, items: &[Item<'_>], tables: &Tables, site: &Site) {
    for row in &tables.statuses {
        let status = row.status.to_string();
        draft.respond(&status, |response| {
            response
                .facts
                .push(row.site.fact(Facet::Status, Level::Must));
            if row.status == 204 {
                response.facts.push(row.site.fact(Facet::Body, Level::Must));
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
        .captures(&text)
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
    .fact(Facet::Status, Level::Must);
    let status = found.as_str().to_owned();
    // The body that stood under no status is this one's.
    for response in &mut draft.responses {
        if response.status == SUCCESS {
            response.status.clone_from(&status);
        }
    }
    draft.respond(&status, |response| response.facts.push(fact));
}
