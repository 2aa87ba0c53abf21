//! Bodies that a sentence, a list or a row of statuses links to: `Returns a [Task](#task)`, `| 200 |
//! [Task](#task) |`. The object's table stands elsewhere on the page.

mod named;

use std::borrow::Cow;

use self::named::by_name;
pub(super) use self::named::called;

use super::examples::{Examples, Shown};
use super::finding::Finding;
use super::operation::ShownObject;
use super::outline::{Item, ItemKind};
use super::rows::FieldRow;
use super::section::Section;
use super::stated::{first_success, leading};
use super::statement::Site;
use super::tables::{FieldTable, Role, Tables};
use super::together::{leads_to, may_lead_to_object};
use crate::contract::DocumentationKind;
use crate::page::words::TypeName;
use crate::page::{Block, BlockKind, Cell, Link, Row, Text};

phrases! {
    Links:

    /// What stands before the link in a sentence about an answer.
    static ANSWER;

    /// What stands before it where the heading says of what the sentence is: `The created [Task](#task).`
    static BARE;

    /// What stands before it in a sentence about a request.
    static REQUEST;

    /// What may stand behind it.
    static BEHIND;

    /// An object that is called by its name, at the end of what is said of the answer.
    static NAMED;

    /// A cell by which several are answered.
    static SEVERAL;

    /// What may stand before the name of an object that is answered.
    static ARTICLE;
}

/// What a page links to as a body.
struct Linked<'p> {
    link: Cow<'p, Link>,
    role: Role,
    status: Option<u16>,
    is_list: bool,
    /// Whether a list of it may be an object that has the list: `Returns a list of ...`.
    is_loose: bool,
    line: usize,
}

/// Whether words for several say no more than that: an array is called so.
fn is_loose(list: Option<regex::Match<'_>>) -> bool {
    list.is_some_and(|list| list.as_str().to_lowercase().starts_with("list"))
}

/// Adds a table for each body that is linked to and that no table describes: one row that stands
/// for the whole, of the type of the object. What is not sure is told.
pub(super) fn link_bodies(
    tables: &mut Tables,
    (shared, foreign, objects_shown): (&Tables, &[FieldTable], &[ShownObject]),
    items: &[Item<'_>],
    shown: &mut Examples,
    site: &Site,
) -> Vec<Finding> {
    let mut left_out = Vec::new();
    let mut answers: Vec<Shown> = Vec::new();
    let all = tables.fields.iter().chain(&shared.fields);
    let objects = all.filter(|own| own.role == Role::Object);
    let labels: Vec<String> = objects
        .flat_map(|own| [Some(own.label.clone()), own.name.clone()])
        .flatten()
        .collect();
    let titles = objects_shown.iter().map(|own| &own.title);
    let headings: Vec<&str> = labels.iter().chain(titles).map(String::as_str).collect();
    for linked in linked(items, &headings) {
        let has_anchor = |table: &&FieldTable| leads_to(&linked.link, table);
        let all = tables.fields.iter().chain(&shared.fields).chain(foreign);
        let mut objects = all.filter(|own| own.role == Role::Object);
        let is_own = linked.link.target.starts_with('#');
        let object = objects.find(|table| is_own && has_anchor(table));
        let is_described = |table: &FieldTable| match linked.role {
            Role::ResponseBody => {
                let is_refusal = linked.status.is_some_and(|status| status >= 400);
                let is_same =
                    !is_refusal && table.status.is_none() || table.status == linked.status;
                table.role == Role::ResponseBody && (is_same || linked.status.is_none())
            }
            _ => matches!(table.role, Role::RequestBody | Role::Parameters),
        };
        if tables.fields.iter().any(is_described) {
            continue;
        }
        let heading = items.iter().rfind(|item| item.line <= linked.line);
        let site = site.below(
            heading.map_or("", |item| item.heading),
            linked.link.text.clone(),
            linked.line,
        );
        let answer = is_own.then(|| linked.as_shown(objects_shown)).flatten();
        let answer = answer.filter(|_| shown_bodies(&linked, shown).next().is_none());
        let Some(object) = object else {
            if answer.is_some() {
                answers.extend(answer);
            } else if shown_bodies(&linked, shown).next().is_none() {
                let Link { text, target } = linked.link.as_ref();
                let message = format!(
                    "`{text}` has no table at `{target}`: the body that it is linked to as is not read"
                );
                let kind = DocumentationKind::ObjectNotFound;
                left_out.push(Finding::left_out(kind, message, &site));
            }
            continue;
        };
        if !is_as_shown(&linked, object, shown) {
            continue;
        }
        if linked.is_loose && shown_bodies(&linked, shown).next().is_none() {
            let message = format!(
                "a list of `{}` has no table: no example shows whether it is answered alone or \
                 within an object",
                linked.link.text
            );
            let kind = DocumentationKind::SectionWithoutTable;
            left_out.push(Finding::left_out(kind, message, &site));
            continue;
        }
        let table = table(&linked, site);
        tables.fields.push(table);
        answers.extend(answer);
    }
    shown.responses.extend(answers);
    left_out
}

impl Linked<'_> {
    /// What the page shows of the object that an answer is said to be.
    fn as_shown(&self, objects: &[ShownObject]) -> Option<Shown> {
        let is_told = self.role == Role::ResponseBody && !(self.is_list && self.is_loose);
        let mut objects = objects.iter().filter(|_| is_told);
        let own = objects.find(|own| own.is_at(&self.link.target))?;
        Some(own.as_answer(self.status, self.is_list))
    }
}

/// The example bodies of what is linked to.
fn shown_bodies<'s>(
    linked: &Linked<'_>,
    shown: &'s Examples,
) -> impl Iterator<Item = &'s serde_json::Value> {
    let examples = match linked.role {
        Role::ResponseBody => &shown.responses,
        _ => &shown.requests,
    };
    let own_status = linked.status;
    let is_own = move |status: Option<u16>| match (status, own_status) {
        (Some(status), Some(own)) => status == own,
        (Some(status), None) => status < 300,
        (None, _) => true,
    };
    examples
        .iter()
        .filter(move |example| is_own(example.status) && !example.refusal)
        .filter_map(|example| example.value.as_ref())
}

/// Whether no example shows another body than the object that is linked to, as one around it.
fn is_as_shown(linked: &Linked<'_>, object: &FieldTable, shown: &Examples) -> bool {
    shown_bodies(linked, shown).all(|value| {
        let item = match (linked.is_list, value) {
            (true, serde_json::Value::Array(items)) => items.first().unwrap_or(value),
            (true, _) => return false,
            (false, own) => own,
        };
        let known = |name: &String| object.rows.iter().any(|row| row.name == *name);
        item.as_array().is_some_and(Vec::is_empty)
            || item.as_object().is_some_and(|map| map.keys().any(known))
    })
}

/// The table of a body that is linked to.
fn table(linked: &Linked<'_>, site: Site) -> FieldTable {
    let object = TypeName::Object(None);
    let kind = if linked.is_list {
        TypeName::Array(Box::new(object))
    } else {
        object
    };
    FieldTable {
        role: linked.role,
        section: match linked.role {
            Role::ResponseBody => Section::Response,
            _ => Section::Request,
        },
        label: site.table.clone(),
        status: linked.status,
        number: None,
        name: None,
        anchors: Vec::new(),
        rows: vec![FieldRow::whole(
            kind,
            linked.link.clone().into_owned(),
            site.clone(),
        )],
        site,
        is_shared: false,
    }
}

/// The bodies that an operation's blocks link to.
fn linked<'p>(items: &[Item<'p>], headings: &[&str]) -> Vec<Linked<'p>> {
    let mut found = Vec::new();
    for item in items {
        let is_example = matches!(
            item.section,
            Section::RequestExample | Section::ResponseExample | Section::Example
        );
        match item.kind {
            ItemKind::Table(table) => found.extend(table.rows.iter().filter_map(in_row)),
            // `Returns 201 Created with the [thing](#thing)` may stand below an example.
            ItemKind::Paragraph(text) if is_example => {
                let own = in_sentences(text, item).into_iter();
                found.extend(own.filter(|own| own.role == Role::ResponseBody));
            }
            _ if is_example => {}
            ItemKind::Paragraph(text) => {
                let own = in_sentences(text, item);
                let by_name = own
                    .is_empty()
                    .then(|| by_name(text, item, headings))
                    .flatten();
                found.extend(own.into_iter().chain(by_name));
            }
            ItemKind::List(items) => {
                found.extend(items.iter().filter_map(|own| in_item(own)));
            }
            _ => {}
        }
    }
    found
}

/// Whether an answer of a status has a body that an object may describe: what stands below a status
/// of a refusal is said of that refusal, and never of the answer to what is taken.
fn has_body(status: Option<u16>) -> bool {
    status.is_none_or(|status| status >= 400 || (200..300).contains(&status) && status != 204)
}

/// The one link to a place on a page of the same documentation that a text has.
fn one_link(text: &Text) -> Option<&Link> {
    let [link] = text.links.as_slice() else {
        return None;
    };
    (may_lead_to_object(link) && !link.text.is_empty()).then_some(link)
}

/// The links of a text, each the only one of its sentence, with what stands before and behind it
/// there.
fn links_alone(text: &Text) -> Vec<(&Link, &str, &str)> {
    let mut from = 0;
    let places: Vec<(usize, &Link)> = text
        .links
        .iter()
        .filter(|link| !link.text.is_empty())
        .filter_map(|link| {
            let at = from + text.plain.get(from..)?.find(link.text.as_str())?;
            from = at + link.text.len();
            Some((at, link))
        })
        .collect();
    let start = |at: usize| {
        let before = text.plain.get(..at).unwrap_or_default();
        before.rfind(". ").map_or(0, |stop| stop + 2)
    };
    let is_alone = |own: usize| {
        let same = places.iter().filter(|(at, _)| start(*at) == start(own));
        same.count() == 1
    };
    let alone = places.iter().filter(|(at, _)| is_alone(*at));
    alone
        .filter(|(_, link)| may_lead_to_object(link))
        .filter_map(|(at, link)| {
            let head = text.plain.get(start(*at)..*at)?;
            Some((*link, head, text.plain.get(at + link.text.len()..)?))
        })
        .collect()
}

/// The bodies that the sentences of a paragraph link to.
fn in_sentences<'p>(text: &'p Text, item: &Item<'p>) -> Vec<Linked<'p>> {
    let alone = links_alone(text).into_iter();
    alone
        .filter_map(|own| in_sentence(own, text, item))
        .collect()
}

fn in_sentence<'p>(
    (link, head, behind): (&'p Link, &str, &str),
    text: &Text,
    item: &Item<'p>,
) -> Option<Linked<'p>> {
    if !BEHIND.is_match(behind) {
        return None;
    }
    let is_below = |section: Section| {
        let is_body = matches!(
            item.role,
            None | Some(Role::RequestBody | Role::ResponseBody)
        );
        item.section == section && is_body
    };
    let answer = ANSWER
        .captures(head)
        .or_else(|| BARE.captures(head).filter(|_| is_below(Section::Response)));
    if let Some(captures) = answer {
        let list = captures.name("list");
        let status = first_success(&text.plain).or(item.status);
        if !has_body(status) {
            return None;
        }
        return Some(Linked {
            link: Cow::Borrowed(link),
            role: Role::ResponseBody,
            status,
            is_list: list.is_some(),
            is_loose: is_loose(list),
            line: item.line,
        });
    }
    let is_request = REQUEST.is_match(head) || is_below(Section::Request) && BARE.is_match(head);
    is_request.then_some(Linked {
        link: Cow::Borrowed(link),
        role: Role::RequestBody,
        status: None,
        is_list: BARE
            .captures(head)
            .is_some_and(|own| own.name("list").is_some()),
        is_loose: BARE
            .captures(head)
            .is_some_and(|own| is_loose(own.name("list"))),
        line: item.line,
    })
}

/// The body that an item of a list of statuses links to.
fn in_item(item: &[Block]) -> Option<Linked<'_>> {
    let [
        Block {
            kind: BlockKind::Paragraph(text),
            line,
        },
    ] = item
    else {
        return None;
    };
    of_status(one_link(text)?, leading(&text.plain)?, &text.plain, *line)
}

/// The body that a row of a table of statuses links to.
fn in_row(row: &Row) -> Option<Linked<'_>> {
    let status = row.cells.iter().find_map(|cell| leading(&cell.plain()))?;
    let mut links = row.cells.iter().filter_map(|cell| {
        let text = cell.paragraph()?;
        // A cell that is the object's name, and not a sentence that mentions it.
        let link = one_link(text)?;
        let is_name = text.plain.len() <= link.text.len() + 12;
        is_name.then(|| (link, cell.plain()))
    });
    let (link, spelled) = links.next()?;
    let is_only = links.next().is_none() && row.cells.iter().all(is_flat);
    is_only.then(|| of_status(link, status, &spelled, row.line))?
}

fn is_flat(cell: &Cell) -> bool {
    cell.blocks.len() <= 1
}

fn of_status<'p>(link: &'p Link, status: u16, spelled: &str, line: usize) -> Option<Linked<'p>> {
    let has_body = status >= 200 && !matches!(status, 204 | 205 | 304);
    has_body.then(|| Linked {
        link: Cow::Borrowed(link),
        role: Role::ResponseBody,
        status: Some(status),
        is_list: SEVERAL.is_match(spelled),
        is_loose: false,
        line,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Returns a |Task|.", Some(false))]
    #[case("Returns the updated |Task| object.", Some(false))]
    #[case("Returns `200 OK` with the |Task|.", Some(false))]
    #[case("Response `200 OK`: the |Task|.", Some(false))]
    #[case("On success, returns an array of |Task| objects.", Some(true))]
    #[case("The response is a |Task|.", Some(false))]
    #[case("Changes it. Returns a |Task|.", Some(false))]
    #[case("Returns an error if the |Task| is locked.", None)]
    #[case("Returns the number of the |Task|.", None)]
    #[case("Returns a |Task| list of names.", None)]
    #[case("Returns a list of |Task| objects.", Some(true))]
    #[case("Will return a 200 with a |Task| as body.", Some(false))]
    #[case("Returns a 200 with a list of |Task| objects in the body.", Some(true))]
    #[case("Will return a 404 with an |Error| in the body.", None)]
    #[case("See |Task|.", None)]
    fn a_sentence_links_to_the_answer(#[case] source: &str, #[case] is_list: Option<bool>) {
        let parts: Vec<&str> = source.split('|').collect();
        let (head, behind) = (parts[0].replace('`', ""), parts[2]);
        let head = head.rsplit(". ").next().unwrap();
        let found = ANSWER
            .captures(head)
            .filter(|_| BEHIND.is_match(behind))
            .map(|captures| captures.name("list").is_some());
        assert_eq!(found, is_list, "{source}");
    }

    #[rstest]
    #[case("The body is a ", true)]
    #[case("Request body: ", true)]
    #[case("Body: the full ", true)]
    #[case("The body of the answer is a ", false)]
    #[case("Expects a ", true)]
    #[case("Expects that a ", false)]
    #[case("Requests a ", false)]
    fn a_sentence_links_to_the_request(#[case] head: &str, #[case] expected: bool) {
        assert_eq!(REQUEST.is_match(head), expected, "{head}");
    }
}
