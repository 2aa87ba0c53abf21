//! Bodies that a page tells by referring to another of its operations: ``Takes the fields of
//! [Create an event](#create-an-event), all of them optional.``, ``The same body as `POST
//! /events`.``, and `Returns 200 and the note.` where another shows the note that it returns.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Body, Draft, Response, SUCCESS};
use super::finding::Finding;
use super::linked::called;
use super::outline::{Item, ItemKind};
use super::path::{made, shape};
use super::proofread::slug;
use super::section::Section;
use super::sentences::sentences;
use super::stated::first_success;
use super::statement::{Constraint, Node, Site};
use crate::contract::{DocumentationKind, MediaType, Writes};
use crate::page::Text;

phrases! {
    Borrowed:

    /// What stands before the operation whose fields another takes.
    static TAKES;

    /// Each of them may be left out.
    static OPTIONAL;

    /// Words by which it takes some of them, or more.
    static OTHERS;

    /// Words by which a sentence is about an answer.
    static ANSWERED;

    /// The names of those that it takes, whose rows stand elsewhere; its group `names` has them.
    static NAMES;
}

pattern! {
    /// A name in code marks.
    static CODE = r"`(?P<name>[A-Za-z_][\w-]*)`";

    /// A request as a sentence names it.
    static TARGET = r"^[`*]*(?P<method>GET|POST|PUT|PATCH|DELETE)\s+(?P<path>/[^\s`*]*)";
}

/// The longest paragraph that is looked at.
const LONGEST: usize = 600;

/// The operation whose fields another takes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lender {
    /// The one below a heading.
    Anchor(String),
    /// The one of a method and the shape of a path.
    Target(String, String),
    /// The one below the heading that these words begin with.
    Title(String),
    /// The one whose body has fields of all these names.
    Fields(Vec<String>),
}

/// What a paragraph says of the body of an operation by referring to another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Borrowed {
    lender: Lender,
    /// The words for the other operation.
    words: String,
    is_optional: bool,
    /// Whether it has some of the other's fields alone, or more than those.
    has_others: bool,
    site: Site,
}

/// The body that a paragraph of an operation refers to. `page` is where it stands.
pub(super) fn borrowed(items: &[Item<'_>], page: &Site) -> Option<Borrowed> {
    items.iter().find_map(|item| {
        let ItemKind::Paragraph(text) = item.kind else {
            return None;
        };
        let is_of_answer = matches!(
            item.section,
            Section::Response | Section::ResponseExample | Section::AbnormalResponse
        );
        if is_of_answer || text.plain.len() > LONGEST {
            return None;
        }
        let of_request = |text: &str| {
            let mut all = sentences(text);
            all.retain(|own| !ANSWERED.is_match(own));
            all
        };
        let whole = of_request(&text.plain);
        let marked = of_request(&text.ticked());
        let referred = whole.iter().find_map(|sentence| {
            let end = TAKES.captures(sentence)?.get(0)?.end();
            let words = sentence.get(end..)?;
            Some((words.trim().to_owned(), lender(words, text)?, sentence))
        });
        let named = || {
            marked.iter().find_map(|sentence| {
                let captures = NAMES.captures(sentence)?;
                let names = captures.name("names")?.as_str();
                let each = CODE.captures_iter(names);
                let each = each.filter_map(|own| Some(own.name("name")?.as_str().to_owned()));
                Some((names.to_owned(), Lender::Fields(each.collect()), sentence))
            })
        };
        let (words, lender, sentence) = referred.or_else(named)?;
        Some(Borrowed {
            lender,
            words,
            is_optional: whole.iter().any(|own| OPTIONAL.is_match(own)),
            has_others: OTHERS.is_match(sentence),
            site: Site {
                table: item.heading.to_owned(),
                row: "body".to_owned(),
                line: item.line,
                ..page.clone()
            },
        })
    })
}

/// The operation that words begin with: a link of the text, or a request.
fn lender(words: &str, text: &Text) -> Option<Lender> {
    if let Some(named) = TARGET.captures(words) {
        let (method, path) = (named.name("method")?.as_str(), named.name("path")?.as_str());
        let path = path.trim_end_matches(['.', ',', ';', ':', ')']);
        let path = shape(&made(method, path, 0, "").path);
        return Some(Lender::Target(method.to_owned(), path));
    }
    let bare = words.trim_start_matches(['`', '*', '[', '"', '“']);
    let mut links = text.links.iter();
    let link = links.find(|link| {
        let own = link.text.trim_matches(['`', '*']);
        !own.is_empty() && bare.starts_with(own)
    });
    if let Some(link) = link {
        // What stands on another page is none of this one's, which is told.
        let anchor = link.target.strip_prefix('#').unwrap_or(&link.target);
        return Some(Lender::Anchor(anchor.to_owned()));
    }
    let title = words_of(bare);
    (!title.is_empty()).then_some(Lender::Title(title))
}

/// The words of a text, as names are compared.
fn words_of(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && !"/{}_".contains(c));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A body, its media type, and how the fields of a form are written.
type Lent = (Node, MediaType, BTreeMap<String, Writes>);

/// Where an operation of a page stands: the anchors of its heading, and its place among the drafts.
pub(super) struct Place {
    anchors: Vec<String>,
    title: String,
    method: String,
    path: String,
}

impl Place {
    /// The place of an operation below a heading.
    pub(super) fn of(title: Option<&Text>, draft: &Draft) -> Self {
        let mut anchors: Vec<String> = title.map(|own| slug(&own.plain)).into_iter().collect();
        anchors.extend(
            title
                .into_iter()
                .flat_map(|own| own.anchors.iter().cloned()),
        );
        Self {
            anchors,
            title: title.map(|own| words_of(&own.plain)).unwrap_or_default(),
            method: draft.method.clone(),
            path: shape(&draft.path),
        }
    }

    fn is(&self, draft: &Draft) -> bool {
        self.method == draft.method && self.path == shape(&draft.path)
    }

    fn lends(&self, lender: &Lender) -> bool {
        match lender {
            Lender::Anchor(anchor) => self.anchors.contains(anchor),
            Lender::Target(method, path) => self.method == *method && self.path == *path,
            Lender::Fields(_) => false,
            Lender::Title(words) => {
                let behind = words.strip_prefix(&self.title);
                !self.title.is_empty()
                    && behind.is_some_and(|own| own.is_empty() || own.starts_with(' '))
            }
        }
    }
}

impl Borrowed {
    /// The body that is referred to, among those that are described.
    fn body(&self, places: &[Place], drafts: &[Draft]) -> Option<Lent> {
        let lent = |draft: &Draft| {
            let body = draft.request.as_ref().filter(|body| body.described)?;
            Some((body.node.clone(), draft.media.clone(), draft.layout.clone()))
        };
        let Lender::Fields(names) = &self.lender else {
            let others = places.iter().filter(|other| other.lends(&self.lender));
            let lender = others.max_by_key(|other| other.title.len())?;
            return lent(drafts.iter().find(|draft| lender.is(draft))?);
        };
        let all = drafts.iter().filter_map(lent);
        let mut fitting = all.filter(|(node, ..)| {
            let has = |name: &String| node.properties.iter().any(|(own, _)| own == name);
            names.iter().all(has)
        });
        // Of two that have them it is not told which is meant.
        let (mut node, media, layout) = fitting.next().filter(|_| fitting.next().is_none())?;
        node.properties.retain(|(own, _)| names.contains(own));
        Some((node, media, layout))
    }
}

/// Gives each operation that refers to the body of another what it refers to, and tells of what
/// leads nowhere.
pub(super) fn give(drafts: &mut [Draft], places: &[Place], wanted: &[(usize, Borrowed)]) {
    for (own, borrowed) in wanted {
        let Some(place) = places.get(*own) else {
            continue;
        };
        let body = borrowed
            .body(places, drafts)
            .filter(|_| !borrowed.has_others);
        let Some(draft) = drafts.iter_mut().find(|draft| place.is(draft)) else {
            continue;
        };
        let is_described = draft.request.as_ref().is_some_and(|own| own.described);
        let body = body.filter(|_| !is_described);
        if is_described && !borrowed.has_others {
            // A table of its own says it again.
            continue;
        }
        if let Some((mut node, media, layout)) = body {
            if borrowed.is_optional || draft.method == "PATCH" {
                leave_optional(&mut node);
            }
            node.file = None;
            draft.media = media;
            draft.layout = layout;
            let request = draft.request.get_or_insert_with(Body::default);
            request.node.unite(node);
            request.described = true;
        } else {
            let message = format!(
                "the body is described elsewhere (`{}`), and it is not read from there",
                borrowed.words
            );
            let kind = DocumentationKind::SectionWithoutTable;
            draft.leave_out(Finding::left_out(kind, message, &borrowed.site));
        }
    }
}

/// What a sentence calls the body of an answer, and the status of that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    name: String,
    status: Option<u16>,
}

/// What the sentences of an operation call its answers.
pub(super) fn named(items: &[Item<'_>]) -> Vec<Named> {
    let mut found = Vec::new();
    for item in items {
        let ItemKind::Paragraph(text) = item.kind else {
            continue;
        };
        // A link within the page may lead to the operation that shows it.
        let leads_away = text.links.iter().any(|link| !link.target.starts_with('#'));
        if text.plain.len() > LONGEST || leads_away {
            continue;
        }
        for sentence in sentences(&text.plain) {
            let Some(name) = called(&sentence) else {
                continue;
            };
            let status = first_success(&sentence).or(item.status);
            if status.is_none_or(|status| (200..300).contains(&status) && status != 204) {
                found.push(Named { name, status });
            }
        }
    }
    found
}

/// Gives each answer that is called what another is called, whose body is shown, that body.
pub(super) fn give_named(drafts: &mut [Draft], places: &[Place], named: &[(usize, Named)]) {
    let own = |draft: &Draft, named: &Named| {
        let status = named.status.map(|status| status.to_string());
        let all = draft.responses.iter();
        let mut fitting = all.filter(|own| match &status {
            Some(status) => own.status == *status,
            None => own.status.starts_with('2'),
        });
        fitting.next().cloned()
    };
    let find = |at: usize| {
        let place = places.get(at)?;
        drafts.iter().position(|draft| place.is(draft))
    };
    let mut shown: Vec<(&str, Option<Body>)> = Vec::new();
    let mut lacking: Vec<(usize, &Named)> = Vec::new();
    for (at, name) in named {
        let Some(index) = find(*at) else {
            continue;
        };
        let answer = drafts.get(index).and_then(|draft| own(draft, name));
        match answer.filter(Response::has_body) {
            None => lacking.push((index, name)),
            Some(answer) => match shown.iter_mut().find(|(known, _)| *known == name.name) {
                None => shown.push((&name.name, Some(answer.body))),
                // Two that are not alike are called the same: which is meant is not told.
                Some((_, known)) => {
                    let is_alike = known
                        .as_ref()
                        .is_some_and(|known| is_alike(known, &answer.body));
                    *known = known.take().filter(|_| is_alike);
                }
            },
        }
    }
    for (index, name) in lacking {
        let body = shown.iter().find(|(known, _)| *known == name.name);
        let (Some((_, Some(body))), Some(draft)) = (body, drafts.get_mut(index)) else {
            continue;
        };
        let status = own(draft, name).map_or_else(|| SUCCESS.to_owned(), |answer| answer.status);
        draft.respond(&status, |answer| answer.body.unite(body.clone()));
    }
}

/// Whether two bodies have the same fields at the top.
fn is_alike(one: &Body, other: &Body) -> bool {
    let fields = |body: &Body| {
        let rows = body.node.properties.iter().map(|(name, _)| name.clone());
        let shown = body.examples.iter().filter_map(|own| own.value.as_object());
        let shown = shown.flat_map(|map| map.keys().cloned());
        rows.chain(shown).collect::<BTreeSet<String>>()
    };
    fields(one) == fields(other)
}

/// Lets every field at the top be left out: what a change leaves out stays, so that there are no
/// defaults.
fn leave_optional(node: &mut Node) {
    for (_, field) in &mut node.properties {
        field
            .statements
            .retain(|own| !matches!(own.constraint, Constraint::Default(_)));
        for statement in &mut field.statements {
            if matches!(
                statement.constraint,
                Constraint::Required(true) | Constraint::Implied
            ) {
                statement.constraint = Constraint::Required(false);
            }
        }
    }
}
