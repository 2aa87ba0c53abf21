//! Documentation findings: what a page contradicts, in itself or in another edition, or leaves
//! open. Judged from the united draft alone.

use std::collections::BTreeSet;

use super::draft::{Draft, SUCCESS};
use super::finding::Findings;
use super::statement::{Constraint, Kind, Node, Site, Stand, Statement};
use crate::contract::formats::DateTemplate;
use crate::contract::{DocumentationKind, Facet, Fact, Level, Location};

/// The findings of an operation: those its pages gave while they were read, and those of what they
/// say together.
pub(super) fn findings(draft: &Draft) -> Findings {
    let mut all = Review {
        newest: draft.pages.first().map(|(page, _)| page.clone()),
        found: draft.findings.clone(),
    };
    // Another edition may name the status that one leaves out.
    if draft
        .responses
        .iter()
        .any(|response| response.status != SUCCESS && !response.facts.is_empty())
    {
        all.found = all.found.without(DocumentationKind::NoStatus);
    }
    for parameter in &draft.parameters {
        all.field(&parameter.name, &parameter.node);
        parameter
            .node
            .walk(&parameter.name, &mut |path, node| all.field(path, node));
        if parameter.location != Location::Path {
            all.mandatory(&parameter.name, &parameter.node);
        }
    }
    if let Some(body) = &draft.request {
        body.node.walk("", &mut |path, node| {
            all.field(path, node);
            all.mandatory(path, node);
        });
        if !draft.empty_body.is_empty() {
            let mut rows = draft.empty_body.clone();
            rows.extend(body.node.properties.iter().flat_map(|(_, node)| {
                node.rows
                    .iter()
                    .map(|row| row.fact(Facet::Required, Level::Must))
            }));
            all.add(
                DocumentationKind::ExampleWithoutBody,
                "an example shows the request without the body that a table describes".to_owned(),
                rows,
            );
        }
    }
    let mut bodyless = Vec::new();
    for response in &draft.responses {
        response
            .body
            .node
            .walk("", &mut |path, node| all.field(path, node));
        for (name, node) in &response.headers {
            all.field(name, node);
            node.walk(name, &mut |path, node| all.field(path, node));
        }
        let described = response.body.described || !response.body.examples.is_empty();
        // By HTTP itself these have no body, or need none (RFC 9110, sections 9.3.2, 15.3.5, 15.3.6
        // and 15.4).
        let has_none = draft.method == "HEAD"
            || matches!(response.status.as_str(), "204" | "205")
            || response.status.starts_with(['1', '3'])
            || draft.is_bodyless && response.status.starts_with('2');
        if !described && !has_none && !response.facts.is_empty() {
            bodyless.push(response);
        }
    }
    if !bodyless.is_empty() {
        let statuses: Vec<&str> = bodyless.iter().map(|one| one.status.as_str()).collect();
        all.add(
            DocumentationKind::StatusWithoutBody,
            format!(
                "status {} is listed, and neither table nor example shows a body for it",
                statuses.join(", ")
            ),
            bodyless.iter().flat_map(|one| one.facts.clone()).collect(),
        );
    }
    all.lengths_by_name(draft);
    all.echo(draft);
    all.found
}

/// The findings of an operation as they are gathered.
pub(super) struct Review {
    /// The page of the newest edition.
    newest: Option<String>,
    found: Findings,
}

/// The constraints of which editions may be silent.
const FACETS: &[Facet] = &[
    Facet::Enum,
    Facet::MinLength,
    Facet::MaxLength,
    Facet::Pattern,
    Facet::Format,
    Facet::Minimum,
    Facet::Maximum,
    Facet::ExclusiveMinimum,
    Facet::ExclusiveMaximum,
    Facet::MultipleOf,
    Facet::Default,
    Facet::Nullable,
    Facet::MinItems,
    Facet::MaxItems,
];

impl Review {
    pub(super) fn add(&mut self, kind: DocumentationKind, message: String, rows: Vec<Fact>) {
        self.found.add(kind, message, rows);
    }

    fn field(&mut self, path: &str, node: &Node) {
        self.silence(path, node);
        self.differences(path, node);
        self.values(path, node);
        self.prose(path, node);
        self.null(path, node);
        self.default(path, node);
    }

    /// A limit that some editions state and others, which have the row, do not.
    fn silence(&mut self, path: &str, node: &Node) {
        let pages: BTreeSet<&str> = node.rows.iter().map(|row| row.page.as_str()).collect();
        if pages.len() < 2 {
            return;
        }
        for facet in FACETS.iter().copied() {
            let stated: Vec<&Statement> = stated(node, facet);
            let stating: BTreeSet<&str> = stated
                .iter()
                .map(|statement| statement.site.page.as_str())
                .collect();
            if stating.is_empty() {
                continue;
            }
            let mut rows: Vec<Fact> = stated
                .iter()
                .map(|statement| statement.site.fact(facet, Level::Should))
                .collect();
            let silent: Vec<&Site> = node
                .rows
                .iter()
                .filter(|row| {
                    let page = row.page.as_str();
                    let excused = facet == Facet::Enum && lost(node, page);
                    !excused && !stating.contains(page)
                })
                .collect();
            if silent.is_empty() {
                continue;
            }
            let newest = silent
                .iter()
                .any(|row| Some(row.page.as_str()) == self.newest.as_deref());
            rows.extend(silent.iter().map(|row| row.fact(facet, Level::Should)));
            let value = stated
                .first()
                .map(|statement| spelled(&statement.constraint))
                .unwrap_or_default();
            self.add(
                DocumentationKind::OnlySomeEditions,
                format!(
                    "`{path}`: {facet} {value} stands in some editions and not in {}",
                    if newest { "the newest" } else { "others" }
                ),
                rows,
            );
        }
    }

    /// Two statements of one facet that are not the same.
    fn differences(&mut self, path: &str, node: &Node) {
        for facet in FACETS.iter().copied().chain([Facet::Type]) {
            if facet == Facet::Nullable {
                continue;
            }
            let all: Vec<&Statement> = stated(node, facet)
                .into_iter()
                .filter(|statement| {
                    !matches!(
                        statement.constraint,
                        Constraint::Shown(_)
                            | Constraint::ShownUnset
                            | Constraint::CustomMinimum(_)
                            | Constraint::CustomFormat(_)
                    ) && !statement.site.table.starts_with("Example ")
                })
                .collect();
            let mut spellings: Vec<String> = Vec::new();
            for statement in &all {
                // A row may state several types.
                let spelling = if facet == Facet::Type {
                    let own = all.iter().filter(|other| other.site == statement.site);
                    let spelled: Vec<String> = own.map(|own| comparable(&own.constraint)).collect();
                    spelled.join(" or ")
                } else {
                    comparable(&statement.constraint)
                };
                if !spellings.contains(&spelling) {
                    spellings.push(spelling);
                }
            }
            if spellings.len() < 2 {
                continue;
            }
            let pages: BTreeSet<&str> = all
                .iter()
                .map(|statement| statement.site.page.as_str())
                .collect();
            let kind = if pages.len() > 1 {
                DocumentationKind::EditionsDiffer
            } else {
                DocumentationKind::PageDiffersFromItself
            };
            self.add(
                kind,
                format!(
                    "`{path}`: {facet} is {}; the looser reading holds",
                    spellings.join(" and ")
                ),
                all.iter()
                    .map(|statement| statement.site.fact(facet, Level::Must))
                    .collect(),
            );
        }
    }

    /// Mandatory in one place and not in another.
    fn mandatory(&mut self, path: &str, node: &Node) {
        let all: Vec<(&Statement, bool)> = node
            .statements
            .iter()
            .filter_map(|statement| match statement.constraint {
                Constraint::Required(mandatory) => Some((statement, mandatory)),
                _ => None,
            })
            .collect();
        if all.iter().any(|(_, mandatory)| *mandatory)
            && all.iter().any(|(_, mandatory)| !mandatory)
        {
            self.add(
                DocumentationKind::EditionsDiffer,
                format!("`{path}` is mandatory in one row and optional in another: it is read as optional"),
                all.iter()
                    .map(|(statement, _)| statement.site.fact(Facet::Required, Level::Must))
                    .collect(),
            );
        }
    }

    /// Values that were lost, or that stand in a sentence.
    fn values(&mut self, path: &str, node: &Node) {
        let lost: Vec<Fact> = node
            .statements
            .iter()
            .filter(|statement| statement.constraint == Constraint::ValuesLost)
            .map(|statement| statement.site.fact(Facet::Enum, Level::Must))
            .collect();
        let listed: Vec<(&Statement, &Vec<String>, Stand)> = node
            .statements
            .iter()
            .filter_map(|statement| match &statement.constraint {
                Constraint::Enum(values, stand) => Some((statement, values, *stand)),
                _ => None,
            })
            .filter(|(statement, ..)| !statement.site.table.starts_with("Example "))
            .collect();
        if !lost.is_empty() {
            let mut rows = lost;
            rows.extend(
                listed
                    .iter()
                    .map(|(statement, ..)| statement.site.fact(Facet::Enum, Level::Must)),
            );
            let known = listed.first().map_or_else(String::new, |(_, values, _)| {
                format!(" (elsewhere {})", values.join(", "))
            });
            self.add(
                DocumentationKind::ValuesLost,
                format!("`{path}`: values are announced and none follow{known}"),
                rows,
            );
        }
        if let Some((_, values, _)) = listed.first()
            && listed.iter().all(|(_, _, stand)| *stand == Stand::Prose)
        {
            self.add(
                DocumentationKind::ValuesInProse,
                format!(
                    "`{path}`: the values {} stand in a sentence only",
                    values.join(", ")
                ),
                listed
                    .iter()
                    .map(|(statement, ..)| statement.site.fact(Facet::Enum, Level::Should))
                    .collect(),
            );
        }
    }

    /// Patterns in words, and dates that are not RFC 3339.
    fn prose(&mut self, path: &str, node: &Node) {
        for statement in &node.statements {
            match &statement.constraint {
                Constraint::Pattern(pattern, Stand::Prose) => self.add(
                    DocumentationKind::PatternInProse,
                    format!("`{path}`: which characters are allowed stands in prose only, read as `{pattern}`"),
                    vec![statement.site.fact(Facet::Pattern, Level::Must)],
                ),
                Constraint::Format(format)
                    if format.ends_with('Z')
                        && !format.ends_with("'Z'")
                        && DateTemplate::parse(format).is_some() =>
                {
                    self.add(
                        DocumentationKind::FormatNotRfc3339,
                        format!("`{path}`: `{format}` has a numeric offset without a colon, which RFC 3339 does not know"),
                        vec![statement.site.fact(Facet::Format, Level::Must)],
                    );
                }
                _ => {}
            }
        }
    }

    /// A scalar type beside a null.
    fn null(&mut self, path: &str, node: &Node) {
        let null: Vec<Fact> = node
            .statements
            .iter()
            .filter(|statement| statement.constraint == Constraint::IsNull)
            // A type that says so itself.
            .filter(|is_null| {
                !node.statements.iter().any(|other| {
                    other.constraint == Constraint::Nullable && other.site == is_null.site
                })
            })
            .map(|statement| statement.site.fact(Facet::Nullable, Level::Must))
            .collect();
        let Some(kind) = node.kind().filter(|_| !null.is_empty()) else {
            return;
        };
        let mut rows = null;
        rows.extend(
            stated(node, Facet::Type)
                .iter()
                .map(|statement| statement.site.fact(Facet::Type, Level::Must)),
        );
        self.add(
            DocumentationKind::NullBesideType,
            format!(
                "`{path}` is of type {}, and its row says that it is null",
                kind.as_str()
            ),
            rows,
        );
    }

    /// A default that is none of the values.
    fn default(&mut self, path: &str, node: &Node) {
        let values: Vec<&String> = node
            .statements
            .iter()
            .filter_map(|statement| match &statement.constraint {
                Constraint::Enum(values, _) => Some(values),
                _ => None,
            })
            .flatten()
            .collect();
        if values.is_empty() {
            return;
        }
        for statement in &node.statements {
            if let Constraint::Default(value) = &statement.constraint
                && !values.contains(&value)
            {
                self.add(
                    DocumentationKind::DefaultOutsideEnum,
                    format!("`{path}`: the default `{value}` is none of the values"),
                    vec![
                        statement.site.fact(Facet::Default, Level::Must),
                        statement.site.fact(Facet::Enum, Level::Must),
                    ],
                );
            }
        }
    }
}

/// The statements of a facet, lost values left out.
fn stated(node: &Node, facet: Facet) -> Vec<&Statement> {
    node.statements
        .iter()
        .filter(|statement| {
            statement.constraint.facet() == facet && statement.constraint != Constraint::ValuesLost
        })
        .collect()
}

fn lost(node: &Node, page: &str) -> bool {
    node.statements.iter().any(|statement| {
        statement.constraint == Constraint::ValuesLost && statement.site.page == page
    })
}

/// What a statement says, for a message.
fn spelled(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Type(kind, _) | Constraint::Shown(kind) => kind.as_str().to_owned(),
        Constraint::Enum(values, _) => values.join(", "),
        Constraint::MinLength(n)
        | Constraint::MaxLength(n)
        | Constraint::MinItems(n)
        | Constraint::MaxItems(n) => n.to_string(),
        Constraint::Pattern(text, _)
        | Constraint::Format(text)
        | Constraint::CustomFormat(text)
        | Constraint::Always(text)
        | Constraint::Default(text)
        | Constraint::ShownValue(text) => {
            format!("`{text}`")
        }
        Constraint::Minimum(n)
        | Constraint::CustomMinimum(n)
        | Constraint::ExclusiveMinimum(n)
        | Constraint::Maximum(n)
        | Constraint::ExclusiveMaximum(n)
        | Constraint::MultipleOf(n) => n.to_string(),
        Constraint::Nullable
        | Constraint::IsNull
        | Constraint::Empty
        | Constraint::ShownElse(_)
        | Constraint::ShownAbsent
        | Constraint::ShownUnset
        | Constraint::ValuesLost
        | Constraint::Required(_)
        | Constraint::Implied
        | Constraint::Conditional
        | Constraint::Items
        | Constraint::Closed
        | Constraint::Meaning(_)
        | Constraint::SortedBy(..)
        | Constraint::CountOf(..)
        | Constraint::InWords(_)
        | Constraint::Computed(_)
        | Constraint::OfPart
        | Constraint::Told(_)
        | Constraint::Between(_)
        | Constraint::Prose
        | Constraint::UniqueItems
        | Constraint::Remark => String::new(),
    }
}

/// What a statement says, so that two that mean the same compare equal: the order of values means
/// nothing.
fn comparable(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Enum(values, _) => {
            let mut sorted = values.clone();
            sorted.sort();
            sorted.join(", ")
        }
        Constraint::Type(kind, Some(format)) if *kind != Kind::Integer || *format == "int64" => {
            format!("{} ({format})", kind.as_str())
        }
        other => spelled(other),
    }
}
