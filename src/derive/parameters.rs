//! The fields that an operation's tables describe: its parameters, and its bodies.

use std::collections::BTreeSet;

use super::answer_headers::{is_of_answer, is_of_some};
use super::at_first::begin;
use super::combine;
use super::draft::{Body, Draft, Parameter};
use super::examples::Examples;
use super::finding::Finding;
use super::labels::names_parts_of_request;
use super::linker::{Linker, REPEATS};
use super::lists;
use super::meant::{settle_answer, settle_body, settle_parameter};
use super::nesting::is_made;
use super::operation::{status_of, without_place};
use super::outline::Item;
use super::path::{RequestTarget, path_names};
use super::ranges;
use super::rows::FieldRow;
use super::section::Section;
use super::shown::note_header;
use super::statement::{Constraint, Direction, Kind, Node, Site};
use super::tables::{FieldTable, Role, Tables};
use super::told_answers::orders;
use super::wordings::{counts, counts_by_name};
use crate::contract::{Action, DocumentationKind, Facet, Level, Location, Meaning};
use crate::page::words::{self, Place, TypeName};

/// What the targets that share a part's tables have together.
pub(super) struct Others {
    /// The names of the parameters of all paths.
    pub names: BTreeSet<String>,
    /// The names in the queries of all targets.
    pub queried: BTreeSet<String>,
    /// Whether one of the methods takes a body.
    pub have_body: bool,
    /// Whether one of them sends the whole of what another changes a part of.
    pub send_whole: bool,
    /// Whether this operation has one, where the page says so beside its target.
    pub has_body: Option<bool>,
}

impl Others {
    /// Whether a method changes a part of what others of the same tables send whole: which of their
    /// fields it takes, and whether its body has them at all, is not said.
    fn is_partial(&self, method: &str) -> bool {
        method == "PATCH" && self.send_whole
    }
}

/// Whether requests of a method have a body, unless a page says otherwise.
pub(super) fn takes_body(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

/// Reads the fields that tables describe; the lines of the shared tables that they refer to.
pub(super) fn read_tables(
    draft: &mut Draft,
    target: &RequestTarget,
    others: &Others,
    items: &[Item<'_>],
    (tables, all): (&Tables, &[&FieldTable]),
    shown: &Examples,
    site: &Site,
) -> Vec<(String, usize)> {
    let in_path = path_names(&target.path);
    let has_body = others.has_body.unwrap_or_else(|| {
        takes_body(&target.method)
            || (target.method == "DELETE"
                && !others.have_body
                && (!shown.requests.is_empty() || shows_structure(tables)))
    });
    // Methods that share their tables share the body of those that have one.
    let no_body =
        others.has_body == Some(false) || (others.have_body && !takes_body(&target.method));
    let places = Places {
        target,
        in_path: &in_path,
        others,
        has_body,
    };
    let mut linker = Linker::new(all);
    let told = orders(items, site);
    for (index, table) in tables.fields.iter().enumerate() {
        match table.role {
            // `[].name` is a field of the items of a list, which no query has.
            Role::Query | Role::Parameters | Role::RequestBody
                if !has_body && table.rows.iter().any(|row| row.name.starts_with("[]")) =>
            {
                draft.leave_out(without_place(table));
            }
            Role::Path | Role::Query | Role::Header | Role::Parameters | Role::RequestBody => {
                let mut body = table.clone();
                body.rows.clear();
                for row in &table.rows {
                    match places.of(row, table) {
                        Sent::As(location) => {
                            let mut node = linker.field(row, index, &mut Vec::new());
                            // What marks of other tables mean is said of bodies: most of a query
                            // may be left out.
                            if location == Location::Query && !table.has_marks() {
                                node.statements
                                    .retain(|own| own.constraint != Constraint::Implied);
                            }
                            if location == Location::Query
                                && let Some(end) = range_end(row, &node)
                            {
                                node.state(Constraint::Meaning(end), &row.site);
                            }
                            let named = places.named_in_path(&row.name);
                            let named = named.filter(|_| location == Location::Path);
                            let name = named.unwrap_or(&row.name);
                            add_parameter(draft, name, location, node);
                            add_style(draft, row, location);
                            if location == Location::Header {
                                note_header(draft, row);
                            }
                        }
                        Sent::Body => body.rows.push(row.clone()),
                        Sent::NotInPath => {
                            let message = format!(
                                "`{}` is called a path parameter, and the path has none of that \
                                 name",
                                row.name
                            );
                            let kind = DocumentationKind::ParameterNotInPath;
                            draft.leave_out(Finding::left_out(kind, message, &row.site));
                        }
                        Sent::NotTried => {
                            let message = format!(
                                "`{}` is sent as `{}`: no request of a run has it",
                                row.name,
                                row.location.as_deref().unwrap_or_default()
                            );
                            let kind = DocumentationKind::FieldNotTried;
                            draft.leave_out(Finding::left_out(kind, message, &row.site));
                        }
                        Sent::Elsewhere => {}
                    }
                }
                let is_part = others.is_partial(&target.method);
                let is_taken = !is_part && (table.role != Role::RequestBody || !no_body);
                if is_part && !body.rows.is_empty() {
                    let message = format!(
                        "`{}`: which of these fields `PATCH` takes is not told: they are those of \
                         what other methods send whole",
                        table.site.table
                    );
                    let own = table.site.at("table", table.site.line);
                    let kind = DocumentationKind::PatchFieldsNotTold;
                    draft.leave_out(Finding::left_out(kind, message, &own));
                }
                if is_taken && !body.rows.is_empty() {
                    read_body(draft, &mut linker, index, &body);
                }
            }
            Role::ResponseBody => {
                let status = status_of(table, tables);
                let mut node = linker.object(index);
                for row in table.rows.iter().filter(|row| row.is_sent_as("header")) {
                    node.properties.retain(|(name, _)| *name != row.name);
                    add_header(draft, &status, &mut linker, (row, table), index);
                }
                let is_list = target.method == "GET" && status.starts_with('2');
                if draft.method == "POST" && status == "201" {
                    begin(draft, &mut node, table);
                }
                settle_answer(&mut node, if is_list { &told } else { &[] });
                combine::settle_body(&mut node, Direction::Response);
                let fact = table.status.map(|status| {
                    table
                        .site
                        .at(format!("Status code: {status}"), table.site.line)
                        .fact(Facet::Status, Level::Must)
                });
                // A table of headers alone describes no body, nor does one of which no row is read.
                let is_of_body = table.rows.iter().any(|row| !row.is_sent_as("header"));
                draft.respond(&status, |response| {
                    response.facts.extend(fact);
                    response.body.unite(Body {
                        node,
                        described: is_of_body,
                        ..Body::default()
                    });
                });
            }
            Role::ResponseHeader => {
                let status = status_of(table, tables);
                for row in &table.rows {
                    add_header(draft, &status, &mut linker, (row, table), index);
                }
            }
            Role::Object => {}
        }
    }
    for (index, table) in tables.fields.iter().enumerate() {
        let is_placed = table.role != Role::Object || linker.is_claimed(index) || is_made(table);
        if !is_placed && !table.rows.is_empty() {
            draft.leave_out(without_place(table));
        }
    }
    if linker.is_exhausted() {
        draft.find(
            DocumentationKind::TooManyFields,
            "the page has more fields than are read: those that come last are missing".to_owned(),
            vec![site.fact(Facet::Body, Level::Must)],
        );
    }
    let converter = |name: &str| target.converters.iter().find(|own| own.name == name);
    for name in &in_path {
        let known = draft
            .parameters
            .iter_mut()
            .find(|parameter| parameter.location == Location::Path && parameter.name == *name);
        let is_known = known.is_some();
        // What a row says of the type goes before what the path does.
        if let (Some(known), Some(converter)) = (known, converter(name))
            && !known.node.has_type()
        {
            converter.state(&mut known.node, &site.at(*name, site.line));
        }
        if !is_known {
            let own = site.at(*name, site.line);
            let mut node = Node {
                rows: vec![own.clone()],
                ..Node::default()
            };
            match converter(name) {
                Some(converter) => converter.state(&mut node, &own),
                None => {
                    node.state(Constraint::Type(Kind::String, None), &own);
                }
            }
            add_parameter(draft, name, Location::Path, node);
            draft.find(
                DocumentationKind::PathParameterWithoutRow,
                format!("the path has `{name}`, and no table describes it"),
                vec![own.fact(Facet::Required, Level::May)],
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
            Location::Cookie => in_path.len() + 3,
        });
    let beside = |one: &Parameter, other: &Parameter| one.location == other.location;
    for parameters in draft.parameters.chunk_by_mut(beside) {
        combine::settle(
            parameters,
            Direction::Request,
            |parameter| &parameter.name,
            |parameter| &parameter.node,
            |parameter| &mut parameter.node,
        );
    }
    all.iter()
        .enumerate()
        .filter(|(index, table)| table.is_shared && linker.is_claimed(*index))
        .map(|(_, table)| (table.site.page.clone(), table.site.line))
        .collect()
}

/// Whether a row says of a field that the path may have it instead of the body.
pub(super) fn may_be_in_path(row: &FieldRow) -> bool {
    IN_PATH_TOO.is_match(&row.text)
}

/// Where the fields of an operation are sent.
struct Places<'o> {
    target: &'o RequestTarget,
    in_path: &'o [&'o str],
    others: &'o Others,
    has_body: bool,
}

/// Where a row's field is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    As(Location),
    Body,
    /// In the path, which has no parameter of that name.
    NotInPath,
    /// In a way that no request of a run has: as a cookie.
    NotTried,
    /// Not with a request of this operation, but of one that shares its tables.
    Elsewhere,
}

impl Places<'_> {
    /// Whether the query of another target that shares the tables shows a name, and this one's does
    /// not.
    fn is_of_other_queries(&self, name: &str) -> bool {
        let is_own = self.target.query.iter().any(|own| own == name);
        !is_own && self.others.queried.contains(name)
    }

    /// Whether a row says of a field of the body that the path may have it too.
    fn is_in_either(&self, row: &FieldRow) -> bool {
        self.has_body && may_be_in_path(row)
    }

    /// The parameter of the path that a name is, whichever way it is spelled: `JobId` for `{job_id}`.
    fn named_in_path(&self, name: &str) -> Option<&str> {
        let folded = |own: &str| own.replace(['_', '-'], "").to_lowercase();
        let mut names = self.in_path.iter().copied();
        names
            .clone()
            .find(|own| *own == name)
            .or_else(|| names.find(|own| folded(own) == folded(name)))
    }

    /// Where the field of a row is sent: what its column says decides; else the path, the label of
    /// its table, the section and the method do.
    fn of(&self, row: &FieldRow, table: &FieldTable) -> Sent {
        let in_path = self.named_in_path(&row.name).is_some();
        let word = row.location.as_deref().unwrap_or_default();
        match words::place(word) {
            Some(Place::Path) if in_path => return Sent::As(Location::Path),
            Some(Place::Query) => return Sent::As(Location::Query),
            Some(Place::Header) => return Sent::As(Location::Header),
            Some(Place::Body) => return Sent::Body,
            Some(Place::Elsewhere) => return Sent::NotTried,
            // What the column calls a path parameter is nothing else, whatever the path has.
            Some(Place::Path) if self.others.names.contains(&row.name) => return Sent::Elsewhere,
            Some(Place::Path) if self.is_of_other_queries(&row.name) => return Sent::Elsewhere,
            Some(Place::Path) if words::is_of_url(word) => return Sent::As(Location::Query),
            Some(Place::Path) => return Sent::NotInPath,
            None if !word.is_empty() => return Sent::NotTried,
            None => {}
        }
        match table.role {
            Role::Header => return Sent::As(Location::Header),
            // What goes with an action goes as it does.
            _ if Action::of(&self.target.path).is_some() => return Sent::As(Location::Query),
            Role::RequestBody => return Sent::Body,
            _ => {}
        }
        if in_path {
            Sent::As(Location::Path)
        } else if self.others.names.contains(&row.name) && !self.is_in_either(row)
            || self.is_of_other_queries(&row.name)
        {
            Sent::Elsewhere
        } else if table.role == Role::Path && !self.target.query.contains(&row.name) {
            Sent::NotInPath
        } else if matches!(table.role, Role::Path | Role::Query) {
            Sent::As(Location::Query)
        } else if is_header(&row.name) || is_header_beside(&row.name, table) {
            Sent::As(Location::Header)
        } else if table.section == Section::Uri || !self.has_body {
            Sent::As(Location::Query)
        } else {
            Sent::Body
        }
    }
}

/// Whether a name is that of a header wherever it stands, spelled as headers are.
fn is_header(name: &str) -> bool {
    name.to_lowercase().starts_with("x-") || HEADER.is_match(name)
}

/// Whether a name is that of a header among others: `Date`, where the length of the body is one too.
fn is_header_beside(name: &str, table: &FieldTable) -> bool {
    HEADER_BESIDE.is_match(name) && table.rows.iter().any(|row| OF_MESSAGE.is_match(&row.name))
}

/// Whether the request's table has fields that no URL can hold, or is called after its structure.
fn shows_structure(tables: &Tables) -> bool {
    let own = tables.fields.iter();
    let mut own =
        own.filter(|table| table.role == Role::Parameters && table.section == Section::Request);
    own.any(|table| {
        let mut kinds = table.rows.iter().map(|row| &row.kind);
        names_parts_of_request(&table.label)
            || kinds.any(|kind| matches!(kind, Some(TypeName::Object(_) | TypeName::Map(_))))
    })
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
    combine::settle_body(&mut node, Direction::Request);
    draft.request.get_or_insert_default().unite(Body {
        node,
        described: true,
        ..Body::default()
    });
}

phrases! {
    ParameterWords:

    /// Words by which the path of a request may have a field that its body has.
    static IN_PATH_TOO;

    /// Words that say that each answer has a header.
    static ALWAYS;

    /// Words by which a row says of some answers alone that they have a header.
    static SOMETIMES;
}

pattern! {
    /// Names of headers of requests, as they are spelled, that fields of bodies may have too.
    static HEADER_BESIDE = r"^(?:Date|Host|Range|Cookie|Content-[A-Z][A-Za-z0-9]*(?:-[A-Z][A-Za-z0-9]*)*)$";

    /// Headers that say what a message is made of, which no body has a field for.
    static OF_MESSAGE = r"^Content-(?:Type|Length|MD5|Md5|Encoding)$";

    /// The same of headers that stand alone.
    static HEADER = r"^(?:Authorization|Accept(?:-[A-Z][a-z]+)*|Content-(?:Type|Length|MD5|Md5)|Idempotency-Key|If-(?:None-)?Match|If-(?:Unm|M)odified-Since|If-Range|User-Agent)$";
}

/// Adds the header of an answer that a row describes.
fn add_header(
    draft: &mut Draft,
    status: &str,
    linker: &mut Linker<'_>,
    (row, table): (&FieldRow, &FieldTable),
    index: usize,
) {
    let mut node = linker.field(row, index, &mut Vec::new());
    if is_of_parts(&row.name) {
        node.statements.retain(|own| !is_of_whole(&own.constraint));
    }
    // The operation's own table speaks of its own answers, whatever HTTP leaves open.
    let is_own = !table.is_shared && is_of_answer(&row.name, status);
    if row.mandatory.is_none() && ALWAYS.is_match(&row.text) {
        node.state(Constraint::Required(true), &row.site);
    } else if SOMETIMES.is_match(&row.text) || is_of_some(row) && !is_own {
        node.state(Constraint::Conditional, &row.site);
    }
    draft.respond(status, |response| response.add_header(&row.name, node));
}

/// Whether a header is made of parts, each with a name (RFC 6265, section 4.1): what a row says of
/// characters is said of the value of one of them.
fn is_of_parts(name: &str) -> bool {
    name.eq_ignore_ascii_case("set-cookie")
}

/// Whether a statement is about the characters of a value as a whole.
fn is_of_whole(constraint: &Constraint) -> bool {
    matches!(
        constraint,
        Constraint::Pattern(..) | Constraint::MinLength(_) | Constraint::MaxLength(_)
    )
}

/// Which end of a range of the list a query parameter is, as its row tells.
fn range_end(row: &FieldRow, node: &Node) -> Option<Meaning> {
    let is_value = node
        .kind()
        .is_none_or(|kind| matches!(kind, Kind::String | Kind::Integer | Kind::Number));
    ranges::end(&row.name, &row.text).filter(|_| is_value)
}

/// Notes how a row says that several values of its parameter are written.
fn add_style(draft: &mut Draft, row: &FieldRow, location: Location) {
    let mut known = draft.parameters.iter_mut();
    let known = known.find(|known| known.name == row.name && known.location == location);
    if let Some(known) = known {
        known.styles.extend(lists::by_row(row, location));
    }
}

/// The parameter that names what is done has one value, and no request can be without it, whatever
/// its row says.
fn settle_action(name: &str, node: &mut Node) {
    node.statements.retain(|statement| {
        matches!(
            statement.constraint.facet(),
            Facet::Type | Facet::Prose | Facet::Meaning(_)
        )
    });
    if let Some(site) = node.rows.first().cloned() {
        node.state(Constraint::Always(name.to_owned()), &site);
    }
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
                Constraint::Minimum(_)
                    | Constraint::ExclusiveMinimum(_)
                    | Constraint::Enum(..)
                    | Constraint::Prose
            )
        });
        if let Some(site) = node.rows.first().cloned().filter(|_| !bounded) {
            node.state(Constraint::CustomMinimum(0.0), &site);
        }
    }
    settle_parameter(name, location, &mut node);
    if let Some(action) = Action::of(&draft.path).filter(|action| action.parameter == name) {
        settle_action(action.name, &mut node);
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
            styles: Vec::new(),
            example: None,
        }),
    }
}
