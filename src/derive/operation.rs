//! One page -> a draft of each operation: target, parameters, bodies, statuses, examples.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::DeriveError;
use super::alternatives;
use super::behaviour::read_behaviour;
use super::candidates::{Candidate, Passed, UNKNOWN_METHOD};
use super::common::{add_common, take_common};
use super::dotted;
use super::draft::{Draft, FAILURE, Rank, SUCCESS};
use super::either::leave_unplaced;
use super::examples::{self, Examples};
use super::finding::{Finding, Findings};
use super::foreign;
use super::form::{self, read_accepted, read_answers, read_media};
use super::form_example;
use super::identity::{self, OwnHeading};
use super::instead::instead;
use super::linked::link_bodies;
use super::listed::Lists;
use super::mandatory::Marks;
use super::named_types::name_types;
use super::nesting::{Around, nest};
use super::of_items;
use super::one_of;
use super::outline::{Item, ItemKind, flatten, outline, outline_of_one, outline_of_shared};
use super::parameters::{Others, read_tables, takes_body};
use super::path::{RequestTarget, made, path_names, shape};
use super::payload::settle_payloads;
use super::proofread::{Targets, proofread, slug};
use super::section::Section;
use super::security::{self, Credential, read_security};
use super::shown::read_examples;
use super::spaced;
use super::spelled;
use super::split::{Opening, Part, Split, split};
use super::statement::Site;
use super::tables::{FieldTable, Role, StatusRow, Tables, object_name, tables};
use super::target::Stated;
use super::unread::unread;
use super::versions::{current, is_past};
use super::widening::{read_empty_answers, says_bodyless};
use crate::contract::{DocumentationKind, Facet, Fact, Level, Location, MediaType, is_redirect};
use crate::page::Page;
use crate::text::counted;

/// What a page tells of.
pub(super) struct Read {
    pub drafts: Vec<Draft>,
    /// The operations that the page documents and that are not read: the second time that it tells
    /// of one.
    pub not_read: Vec<String>,
}

/// What opens the operations of a page.
fn targets_of(split: &Split<'_>) -> Vec<Stated> {
    let openings = split.parts.iter().flat_map(|part| &part.targets);
    openings.map(|own| own.stated.clone()).collect()
}

/// How many tables a page must announce in vain to be refused: a single one may be no table.
const LOST: usize = 2;

/// Reads the operations that a page tells of.
pub(super) fn drafts(page: &Page) -> Result<Read, DeriveError> {
    let split = split(page);
    if split.parts.iter().all(|part| part.unread.is_some()) {
        let openings = split.parts.iter().flat_map(|part| {
            let why = part.unread.unwrap_or(UNKNOWN_METHOD);
            part.targets.iter().map(move |own| (own, why))
        });
        let unread = openings.map(|(own, why)| {
            let Opening { stated, line, .. } = own;
            format!("line {line}: `{} {}`: {why}", stated.method, stated.path)
        });
        return Err(DeriveError::NoOperation {
            page: page.name.clone(),
            instead: unread.chain(instead(page)).collect(),
        });
    }
    let flat = flatten(&page.blocks);
    let whole = outline(&flat, &[]);
    let (shared, common) = shared(page, &split);
    let mut reader = Reader {
        page,
        service: identity::service(page, &whole),
        references: Targets::of(page),
        targets: targets_of(&split),
        shown: examples::of_page(&flat),
        shared,
        common,
        lists: Lists::of(&flat),
        credential: security::of_page(&flat, &split.shared, split.parts.len() > 1),
        marks: Marks::of(page),
        used: BTreeSet::new(),
        read: 0,
        lost: BTreeSet::new(),
    };
    let count = split.parts.len();
    let mut read = Read {
        drafts: Vec::new(),
        not_read: Vec::new(),
    };
    let mut known = BTreeMap::new();
    for part in split.parts.iter().filter(|part| part.unread.is_none()) {
        let is_past = part.title.is_some_and(|title| is_past(&title.plain));
        for draft in reader.part(part, OwnHeading::of(part, count)) {
            read.add(&mut known, draft, is_past);
        }
    }
    // A page of many operations tells of those, whatever became of its tables.
    let is_one = read.drafts.len() + read.not_read.len() == 1;
    if is_one && reader.read == 0 && reader.lost.len() >= LOST {
        return Err(DeriveError::NoTable {
            page: page.name.clone(),
            announced: reader.lost.len(),
        });
    }
    reader.leave_out_unused(&mut read.drafts);
    reader.leave_out_unread(&split, &mut read);
    Ok(read)
}

pattern! {
    /// Labels of parameters of the URI or the path.
    static OF_URI = r"(?i)\b(?:ur[il]|path)\b.*\bparam";
}

/// The tables that stand in no operation: those that rows may refer to, and those of headers that
/// every request has.
fn shared(page: &Page, split: &Split<'_>) -> (Tables, Vec<FieldTable>) {
    let items = outline_of_shared(&split.shared);
    let mut found = tables(page, &items, Marks::default());
    let common = take_common(page, &items, &mut found);
    let mut anchors: BTreeMap<&str, &[String]> = BTreeMap::new();
    for item in &items {
        if let ItemKind::Heading(text) = item.kind {
            anchors.insert(text.plain.as_str(), &text.anchors);
        }
    }
    let mut below: BTreeMap<String, usize> = BTreeMap::new();
    for table in &found.fields {
        *below.entry(table.label.clone()).or_default() += 1;
    }
    for table in &mut found.fields {
        // A heading names and anchors the one table below it.
        if below.get(&table.label) == Some(&1) && !table.label.is_empty() {
            table.name = table.name.take().or_else(|| object_name(&table.label));
            table.anchors.push(slug(&table.label));
            let own = anchors.get(table.label.as_str()).copied();
            table.anchors.extend_from_slice(own.unwrap_or_default());
        }
        table.role = Role::Object;
        table.is_shared = true;
    }
    let target = made("GET", "/", 0, "");
    let around = Around {
        target: &target,
        takes_body: false,
        is_json: false,
        of_page: &[],
    };
    let mut left_out = Vec::new();
    dotted::nest(&mut found, &Examples::default(), &around, &mut left_out);
    for table in &mut found.fields {
        table.is_shared = true;
    }
    (found, common)
}

/// A target whose path has names of its parameters without any sign, as rows of parameters of the URI
/// have them: `/boxes/BoxName`.
fn with_named_parts(mut target: RequestTarget, tables: &Tables) -> RequestTarget {
    let is_of_uri = |table: &&FieldTable| OF_URI.is_match(&table.label);
    let rows = tables.fields.iter().filter(is_of_uri);
    let names: BTreeSet<&str> = rows
        .flat_map(|table| &table.rows)
        .map(|row| row.name.as_str())
        .filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()))
        .collect();
    if !names.is_empty() {
        let parts = target.path.split('/').map(|part| match names.get(part) {
            Some(name) => format!("{{{name}}}"),
            None => part.to_owned(),
        });
        target.path = parts.collect::<Vec<_>>().join("/");
    }
    target
}

/// Lets links lead to the objects of an operation by the headings above their tables, where a
/// heading has one table below it: the heading that labels them, and the one right above.
fn anchor_objects(tables: &mut Tables, items: &[Item<'_>]) {
    let mut above: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut heading = None;
    for (at, item) in items.iter().enumerate() {
        match item.kind {
            ItemKind::Heading(_) => heading = Some(at),
            ItemKind::Table(_) => above
                .entry(heading.unwrap_or(usize::MAX))
                .or_default()
                .push(item.line),
            _ => {}
        }
    }
    for (at, lines) in above {
        let (Some(ItemKind::Heading(text)), [line]) =
            (items.get(at).map(|item| item.kind), lines.as_slice())
        else {
            continue;
        };
        let mut own = tables.fields.iter_mut();
        if let Some(table) =
            own.find(|table| table.role == Role::Object && table.site.line == *line)
        {
            table.anchors.push(slug(&text.plain));
            table.anchors.extend(text.anchors.iter().cloned());
        }
    }
    let mut below: BTreeMap<String, usize> = BTreeMap::new();
    for table in &tables.fields {
        *below.entry(table.label.clone()).or_default() += 1;
    }
    for table in &mut tables.fields {
        let is_own = table.role == Role::Object && below.get(&table.label) == Some(&1);
        if is_own && !table.label.is_empty() {
            table.anchors.push(slug(&table.label));
        }
    }
}

/// The operations of a page by method and shape of the path: the place of each among the drafts, and
/// whether it is that of an old version.
type Known = BTreeMap<(String, String), (usize, bool)>;

impl Read {
    /// Adds an operation of a page. One that the page tells of twice is not united with the other:
    /// the two may be variants of which each has fields of its own. That of the newest version is
    /// kept, else the one with more rows.
    fn add(&mut self, known: &mut Known, draft: Draft, is_past: bool) {
        let key = (draft.method.clone(), shape(&draft.path));
        let (place, own_is_past) = known.entry(key).or_insert((self.drafts.len(), is_past));
        let Some(own) = self.drafts.get_mut(*place) else {
            self.drafts.push(draft);
            return;
        };
        let mut other = draft;
        let is_better = match (is_past, *own_is_past) {
            (false, true) => true,
            (true, false) => false,
            _ => weight(&other) > weight(own),
        };
        if is_better {
            std::mem::swap(own, &mut other);
            *own_is_past = is_past;
        }
        // Without rows it is a mere mention, as in a list of what the page documents.
        let Some(fact) = other.facts.first().filter(|_| weight(&other) > 0) else {
            return;
        };
        self.not_read.push(format!(
            "{} {} (line {})",
            other.method,
            other.path,
            fact.line()
        ));
        let message = format!(
            "`{} {}` is documented a second time on the page; this part of it is not read",
            other.method, other.path
        );
        own.leave_out(Finding {
            kind: DocumentationKind::OperationNotRead,
            message,
            rows: vec![Fact {
                facet: Facet::Prose,
                ..fact.clone()
            }],
        });
    }
}

/// How many rows and examples tell of an operation.
fn weight(draft: &Draft) -> usize {
    let body = draft
        .request
        .as_ref()
        .map_or(0, |body| body.node.properties.len() + body.examples.len());
    let answers: usize = draft
        .responses
        .iter()
        .map(|response| response.facts.len() + response.body.node.properties.len())
        .sum();
    let rows = draft
        .parameters
        .iter()
        .filter(|parameter| parameter.location != Location::Path)
        .count();
    body + answers + rows
}

/// What the blocks of a part tell.
struct Told<'t> {
    items: &'t [Item<'t>],
    tables: &'t Tables,
    shown: &'t Examples,
}

/// Reads the parts of a page.
struct Reader<'p> {
    page: &'p Page,
    service: Option<(Rank, String)>,
    references: Targets,
    /// How the page marks what must be sent.
    marks: Marks,
    /// What the operations of the page are asked by.
    targets: Vec<Stated>,
    /// The objects that the page's examples show.
    shown: Vec<Value>,
    /// The tables that stand in no operation.
    shared: Tables,
    /// Those of headers that every request has.
    common: Vec<FieldTable>,
    /// The lists of values that types refer to.
    lists: Lists,
    /// What the page says of credentials.
    credential: Credential,
    /// Those that an operation refers to, by their lines.
    used: BTreeSet<usize>,
    /// How many tables were read.
    read: usize,
    /// The lines of those that were not.
    lost: BTreeSet<usize>,
}

impl Reader<'_> {
    /// The operations of one part: one for each target.
    fn part(&mut self, part: &Part<'_>, heading: OwnHeading<'_>) -> Vec<Draft> {
        let places: Vec<usize> = part.targets.iter().map(|target| target.at).collect();
        let current = current(self.page, &part.blocks, &places);
        let mut items = match part.targets.as_slice() {
            [_] => outline_of_one(&current.blocks, &current.targets),
            _ => outline(&current.blocks, &current.targets),
        };
        let own: Vec<&Stated> = part.targets.iter().map(|own| &own.stated).collect();
        let foreign = foreign::leave_out(&mut items, &own, &self.targets);
        // A change that leaves out what stays takes any of its fields.
        let is_partial = part.targets.iter().all(|own| own.stated.method == "PATCH");
        let marks = if is_partial {
            Marks {
                question: false,
                ..self.marks
            }
        } else {
            self.marks
        };
        let mut tables = tables(self.page, &items, marks);
        anchor_objects(&mut tables, &items);
        alternatives::loosen(&mut tables);
        one_of::loosen(&mut tables, &items);
        name_types(&mut tables, &self.shared);
        let listed = self.lists.give(&mut tables);
        let filled = tables.fields.iter().filter(|table| !table.rows.is_empty());
        self.read += filled.count() + usize::from(!tables.statuses.is_empty());
        add_common(&mut tables, &self.common);
        let targets: Vec<RequestTarget> = part
            .targets
            .iter()
            .map(|opening| {
                let stated = &opening.stated;
                let section = items
                    .iter()
                    .rfind(|item| item.line <= opening.line)
                    .map_or("", |item| item.heading);
                made(&stated.method, &stated.path, opening.line, section)
            })
            .collect();
        let targets: Vec<RequestTarget> = targets
            .into_iter()
            .map(|own| with_named_parts(own, &tables))
            .collect();
        let spaced = spaced::read(&mut tables, &items, &targets);
        leave_unplaced(&mut tables, &targets, &items);
        let methods: Vec<&str> = targets.iter().map(|own| own.method.as_str()).collect();
        let mut shown = examples::examples(&items, &methods);
        spelled::settle(&mut tables, &shown);
        shown.tell_sides(&tables);
        settle_payloads(&mut tables, &targets, &shown);
        let mut left_out = current.left_out;
        let passed_over = std::mem::take(&mut shown.passed_over);
        for (line, why) in foreign.into_iter().chain(passed_over) {
            let heading = items.iter().rfind(|item| item.line <= line);
            let site = Site {
                page: self.page.name.clone(),
                edition: self.page.edition.clone(),
                table: heading.map_or("", |item| item.heading).to_owned(),
                row: "example".to_owned(),
                line,
            };
            left_out.push(Finding::left_out(
                DocumentationKind::ExampleNotRead,
                why,
                &site,
            ));
        }
        if let Some(target) = targets.first() {
            let around = Around {
                target,
                takes_body: targets.iter().any(|target| takes_body(&target.method)),
                is_json: form::is_json(&items, &tables),
                of_page: &self.shown,
            };
            left_out.extend(nest(&mut tables, &shown, &around));
            of_items::name_rows(&mut tables, &items, &shown, around.takes_body);
        }
        let page = Site {
            page: self.page.name.clone(),
            edition: self.page.edition.clone(),
            ..Site::default()
        };
        left_out.extend(link_bodies(
            &mut tables,
            &self.shared,
            &items,
            &shown,
            &page,
        ));
        let mut unread = unread(self.page, &items);
        let is_listed =
            |finding: &Finding| finding.rows.iter().all(|own| listed.contains(&own.line()));
        unread.retain(|finding| {
            finding.kind != DocumentationKind::TableOfOtherThings || !is_listed(finding)
        });
        let is_spaced =
            |finding: &Finding| finding.rows.iter().all(|own| spaced.contains(&own.line()));
        unread
            .retain(|finding| finding.kind != DocumentationKind::RowNotRead || !is_spaced(finding));
        self.lost.extend(
            unread
                .iter()
                .filter(|finding| {
                    matches!(
                        finding.kind,
                        DocumentationKind::TableNotRead | DocumentationKind::SectionWithoutTable
                    )
                })
                .flat_map(|finding| &finding.rows)
                .map(Fact::line),
        );
        left_out.extend(unread);
        let told = Told {
            items: &items,
            tables: &tables,
            shown: &shown,
        };
        let mut drafts: Vec<Draft> = Vec::new();
        for (target, opening) in targets.iter().zip(&part.targets) {
            let others = Others {
                names: targets
                    .iter()
                    .flat_map(|other| path_names(other.longest.as_ref().unwrap_or(&other.path)))
                    .map(str::to_owned)
                    .collect(),
                queried: targets
                    .iter()
                    .flat_map(|other| other.query.iter().cloned())
                    .collect(),
                have_body: targets.iter().any(|other| takes_body(&other.method)),
                send_whole: targets.iter().any(|other| {
                    other.method == "POST" || other.method == "PUT" && other.line != target.line
                }),
                has_body: opening.has_body,
            };
            let is_first = drafts.is_empty();
            let findings = std::mem::take(&mut left_out);
            let mut draft = self.draft(target, &told, &others, (heading, findings));
            if is_first {
                // What leads to a list of values is one of these.
                let is_known = |finding: &Finding| {
                    finding.kind == DocumentationKind::UnknownType && is_listed(finding)
                };
                let found = proofread(self.page, &self.references, &items);
                draft.findings.unite(found.dropping(is_known));
            }
            drafts.push(draft);
        }
        drafts
    }

    fn draft(
        &mut self,
        target: &RequestTarget,
        told: &Told<'_>,
        others: &Others,
        (heading, left_out): (OwnHeading<'_>, Vec<Finding>),
    ) -> Draft {
        let page = self.page;
        let Told {
            items,
            tables,
            shown,
        } = *told;
        let site = Site {
            page: page.name.clone(),
            edition: page.edition.clone(),
            table: target.section.clone(),
            row: format!("{} {}", target.method, target.path),
            line: target.line,
        };
        let mut draft = Draft {
            pages: vec![(page.name.clone(), page.edition.clone())],
            service: self.service.clone(),
            id: identity::operation_id(page, items, target, heading),
            method: target.method.clone(),
            path: target.path.clone(),
            facts: vec![site.fact(Facet::Method, Level::Must)],
            parameters: Vec::new(),
            request: None,
            media: MediaType::default(),
            layout: BTreeMap::new(),
            empty_body: Vec::new(),
            is_bodyless: false,
            responses: Vec::new(),
            credential: Credential::default(),
            findings: Findings::default(),
        };
        for finding in left_out {
            draft.leave_out(finding);
        }
        if let Some(longest) = &target.longest {
            let message = format!(
                "the request may also go to `{longest}`: only the path without what may be left \
                 out is tried"
            );
            let kind = DocumentationKind::OptionalPathNotTried;
            draft.leave_out(Finding::left_out(kind, message, &site));
        }
        let all: Vec<&FieldTable> = tables.fields.iter().chain(&self.shared.fields).collect();
        let used = read_tables(
            &mut draft,
            target,
            others,
            items,
            (tables, &all),
            shown,
            &site,
        );
        self.used.extend(used);
        read_media(&mut draft, items, tables);
        read_statuses(&mut draft, items, tables, &site);
        read_behaviour(&mut draft, items, &site);
        read_empty_answers(&mut draft, items, &site);
        draft.is_bodyless = says_bodyless(items);
        read_examples(&mut draft, target, shown.clone(), &site);
        form_example::read(&mut draft, items, &site);
        read_answers(&mut draft, items, tables);
        read_accepted(&mut draft, tables);
        read_security(&mut draft, items, &self.credential);
        draft
    }

    /// Tells of what looks like documentation of an operation, and opens none.
    fn leave_out_unread(&self, split: &Split<'_>, read: &mut Read) {
        let parts = split.parts.iter();
        let unread = parts.filter_map(|part| Some((part.unread?, &part.targets)));
        for (why, own) in unread.flat_map(|(why, all)| all.iter().map(move |own| (why, own))) {
            let Stated { method, path, .. } = &own.stated;
            read.not_read
                .push(format!("{method} {path} (line {})", own.line));
            let message = format!("`{method} {path}` is not read: {why}");
            let kind = DocumentationKind::OperationNotRead;
            self.leave_out_line(read, (&own.stated, own.line), kind, message);
        }
        for own in &split.passed {
            let Passed {
                line,
                method,
                path,
                why,
            } = own;
            let message = format!("`{method} {path}` is not read: {why}");
            let stated = Candidate::plain(0, *line, method, path).stated;
            let kind = if *why == UNKNOWN_METHOD {
                read.not_read.push(format!("{method} {path} (line {line})"));
                DocumentationKind::OperationNotRead
            } else {
                DocumentationKind::ExampleNotRead
            };
            self.leave_out_line(read, (&stated, *line), kind, message);
        }
    }

    fn leave_out_line(
        &self,
        read: &mut Read,
        (stated, line): (&Stated, usize),
        kind: DocumentationKind,
        message: String,
    ) {
        let site = Site {
            page: self.page.name.clone(),
            edition: self.page.edition.clone(),
            table: String::new(),
            row: format!("{} {}", stated.method, stated.path),
            line,
        };
        let finding = Finding::left_out(kind, message, &site);
        leave_out_before(&mut read.drafts, line, finding);
    }

    /// Tells of the shared tables that no operation refers to, beside the operation before each.
    fn leave_out_unused(&self, drafts: &mut [Draft]) {
        for table in &self.shared.fields {
            if !self.used.contains(&table.site.line) && !table.rows.is_empty() {
                leave_out_before(drafts, table.site.line, without_place(table));
            }
        }
        let mut told = BTreeSet::new();
        for row in &self.shared.statuses {
            let own = |other: &&StatusRow| other.site.table == row.site.table;
            let all: Vec<String> = self
                .shared
                .statuses
                .iter()
                .filter(own)
                .map(|own| own.status.to_string())
                .collect();
            if all.len() > 1 && told.insert(&row.site.table) {
                let message = format!(
                    "`{}`: {} stand outside the operations, and which of them answer so is not \
                     said",
                    row.site.table,
                    all.join(", ")
                );
                let site = row.site.at("table", row.site.line);
                let kind = DocumentationKind::TableWithoutPlace;
                let finding = Finding::left_out(kind, message, &site);
                leave_out_before(drafts, row.site.line, finding);
            }
        }
    }
}

/// Tells of what is left out beside the last operation before a line, else the first of the page.
fn leave_out_before(drafts: &mut [Draft], line: usize, finding: Finding) {
    let begins_before = |draft: &Draft| {
        let first = draft.facts.first();
        first.is_some_and(|fact| fact.line() <= line)
    };
    let own = drafts.iter().rposition(begins_before).unwrap_or_default();
    if let Some(draft) = drafts.get_mut(own) {
        draft.leave_out(finding);
    }
}

/// That nothing says what a table describes.
pub(super) fn without_place(table: &FieldTable) -> Finding {
    let message = format!(
        "`{}`: this table ({}) is not used: no heading or row says what it describes",
        table.site.table,
        counted(table.rows.len(), "row")
    );
    let own = table.site.at("table", table.site.line);
    Finding::left_out(DocumentationKind::TableWithoutPlace, message, &own)
}

/// The status of a body's table: the one it stands under, else the only success that the page
/// names, else any success.
pub(super) fn status_of(table: &FieldTable, tables: &Tables) -> String {
    if let Some(status) = table.status {
        return status.to_string();
    }
    if table.section == Section::AbnormalResponse {
        return FAILURE.to_owned();
    }
    let redirect = || {
        let mut statuses = tables.statuses.iter().map(|row| row.status);
        let redirect = statuses.find(|status| is_redirect(*status));
        redirect.filter(|_| table.role == Role::ResponseHeader)
    };
    success(tables)
        .or_else(|| Some(redirect()?.to_string()))
        .unwrap_or_else(|| SUCCESS.to_owned())
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
    if tables.has_other_errors {
        draft.respond(FAILURE, |_| {});
    }
    let is_success = |status: &str| status.starts_with('2') && status != SUCCESS;
    if draft.responses.iter().any(|own| is_success(&own.status)) {
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
