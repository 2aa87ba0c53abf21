//! One page -> a draft of each operation: target, parameters, bodies, statuses, examples.

mod anchors;
mod objects;
mod page;
mod templates;

pub(super) use self::objects::ShownObject;
pub(super) use self::page::{Read, drafts, leave_out_of_others, shared, shared_tables};

use self::anchors::anchor_objects;
use self::templates::{with_named_parts, with_rows, with_shown_ids, with_told_path};
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::behaviour::read_behaviour;
use super::borrowed::{Borrowed, Named, borrowed, named};
use super::candidates::{Candidate, Passed, UNKNOWN_METHOD};
use super::common::add_common;
use super::credential_rows::is_of_credentials;
use super::draft::{Draft, FAILURE, Rank, SUCCESS};
use super::either::settle_sides;
use super::every_answer::EveryAnswer;
use super::examples::{self, Examples, take_for_answers};
use super::finding::{Finding, Findings};
use super::form::{self, read_accepted, read_answers, read_errors, read_media};
use super::identity::{self, OwnHeading};
use super::linked::link_bodies;
use super::listed::Lists;
use super::mandatory::Marks;
use super::named_types::name_types;
use super::nesting::{Around, nest};
use super::outline::{Item, outline, outline_of_one};
use super::parameters::{Others, may_be_in_path, read_tables, takes_body};
use super::path::{RequestTarget, made, path_names};
use super::payload::settle_payloads;
use super::proofread::{Targets, proofread};
use super::section::Section;
use super::security::{Credential, read_security};
use super::shown::read_examples;
use super::split::{Opening, Part, Split};
use super::statement::Site;
use super::tables::{FieldTable, Role, StatusRow, Tables, tables};
use super::target::Stated;
use super::told_answers::Sayings;
use super::unread::unread;
use super::versions::current;
use super::widening::{read_empty_answers, says_bodyless};
use super::{
    alternatives, cases, closed, foreign, form_example, of_items, one_of, spaced, spelled,
    status_causes, told_headers, told_names, told_states, told_values,
};
use crate::contract::{DocumentationKind, Facet, Fact, Level, MediaType, is_redirect};
use crate::page::Page;
use crate::text::counted;

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
    /// What the page shows of objects there.
    objects: Vec<ShownObject>,
    /// Those of other pages that links lead to.
    foreign: &'p [FieldTable],
    /// Those of headers that every request has.
    common: Vec<FieldTable>,
    /// The lists of values that types refer to.
    lists: Lists,
    /// What the page says of credentials.
    credential: Credential,
    /// Those that an operation refers to, by their pages and lines.
    used: BTreeSet<(String, usize)>,
    /// How many tables were read.
    read: usize,
    /// The lines of those that were not.
    lost: BTreeSet<usize>,
    /// What the part read last says of its body by referring to another operation.
    borrowed: Option<Borrowed>,
    /// What it calls its answers.
    named: Vec<Named>,
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
        cases::read(&mut tables, &items);
        let forms = alternatives::without_forms(&mut tables);
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
            .map(|own| with_shown_ids(own, &self.targets))
            .map(|own| with_told_path(own, &items))
            .map(|own| with_rows(own, &tables))
            .collect();
        let (targets, openings): (Vec<RequestTarget>, Vec<&Opening>) = targets
            .into_iter()
            .zip(&part.targets)
            .flat_map(|(own, opening)| {
                let ways = ways(own, &tables).into_iter();
                ways.map(move |own| (own, opening))
            })
            .unzip();
        let spaced = spaced::read(&mut tables, &items, &targets);
        settle_sides(&mut tables, &targets, &items);
        let methods: Vec<&str> = targets.iter().map(|own| own.method.as_str()).collect();
        let mut shown = examples::examples(&items, &targets);
        tables.add_below_calls(self.page, &items, &shown.statuses);
        let sends = targets.iter().any(|target| takes_body(&target.method));
        take_for_answers(&mut tables, &shown, &targets);
        spelled::settle(&mut tables, &shown, sends);
        shown.tell_sides(&tables, &methods);
        settle_payloads(&mut tables, &targets, &shown);
        let mut left_out = current.left_out;
        left_out.extend(forms);
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
            (&self.shared, self.foreign, &self.objects),
            &items,
            &mut shown,
            &page,
        ));
        told_headers::read(&mut tables, &items, &page);
        self.borrowed = borrowed(&items, &page);
        self.named = named(&items);
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
        let known = targets
            .iter()
            .flat_map(|target| {
                let names = path_names(target.longest.as_ref().unwrap_or(&target.path));
                let queried = target.query.iter().map(String::as_str);
                names
                    .into_iter()
                    .chain(queried)
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .collect();
        left_out.extend(told_names::unread(&items, &tables, &known, &page));
        let mut drafts: Vec<Draft> = Vec::new();
        for (target, opening) in targets.iter().zip(openings) {
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
            let own = tables.with_statuses(self.page, opening);
            let beside = shown.with_bodies(&target.method, opening);
            let told = Told {
                items: &items,
                tables: own.as_ref().unwrap_or(&tables),
                shown: beside.as_ref().unwrap_or(&shown),
            };
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
            left: Vec::new(),
            wanted: Vec::new(),
            closed: closed::read(items, &site),
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
        let all: Vec<&FieldTable> = tables
            .fields
            .iter()
            .chain(&self.shared.fields)
            .chain(self.foreign)
            .collect();
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
        status_causes::read(&mut draft, items, &site);
        read_behaviour(&mut draft, items, &site);
        read_empty_answers(&mut draft, items, &site);
        draft.is_bodyless = says_bodyless(items);
        read_examples(&mut draft, target, shown.clone(), &site);
        form_example::read(&mut draft, items, &site);
        let said = Sayings::of(items, &target.method, &site);
        let bodies = draft.responses.iter_mut();
        for response in bodies.filter(|own| own.status.starts_with('2')) {
            if response.body.described {
                said.settle_nulls(&mut response.body.node);
            } else {
                response.body.told = said.clone();
            }
        }
        told_values::read(&mut draft, items, &site);
        told_states::read(&mut draft, items, &site);
        read_answers(&mut draft, items, tables);
        read_errors(&mut draft, items);
        EveryAnswer::of(items, &site).give(&mut draft);
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
            read.passed_over
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
                read.passed_over
                    .push(format!("{method} {path} (line {line})"));
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
            let own = (table.site.page.clone(), table.site.line);
            let is_used = self.used.contains(&own) || is_of_credentials(table);
            if !is_used && !table.rows.is_empty() {
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

/// A target without and with what its path may leave out. What is read is answered otherwise with it
/// (one thing, and not a list), and what the body may have instead is no other operation.
fn ways(target: RequestTarget, tables: &Tables) -> Vec<RequestTarget> {
    let reads = matches!(target.method.as_str(), "GET" | "HEAD");
    let rows = || tables.fields.iter().flat_map(|table| &table.rows);
    let is_in_either = |name: &str| rows().any(|row| row.name == name && may_be_in_path(row));
    let longest = target.longest.clone().filter(|longest| {
        let own = path_names(&target.path);
        let mut more = path_names(longest).into_iter();
        !reads && !more.any(|name| !own.contains(&name) && is_in_either(name))
    });
    let Some(path) = longest else {
        return vec![target];
    };
    let short = RequestTarget {
        longest: None,
        ..target
    };
    let long = RequestTarget {
        path,
        ..short.clone()
    };
    vec![short, long]
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

phrases! {
    NormalStatuses:

    /// Words before the status of an operation that succeeds.
    static NORMAL;
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
    let fact = site
        .below(heading, found.as_str(), line)
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
