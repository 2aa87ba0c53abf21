//! What a page's request body is written as: told by the header that it fixes, by its example
//! request, by a sentence, or by how it calls the fields; and how the fields of a form are written.

use std::collections::BTreeMap;

use serde_json::Value;

use super::curl;
use super::draft::Draft;
use super::files;
use super::form_example;
use super::lists;
use super::outline::{Item, ItemKind};
use super::root::take_text;
use super::rows::FieldRow;
use super::section::Section;
use super::sentences::sentences;
use super::statement::{Constraint, Kind, Node, Stand};
use super::tables::{FieldTable, Role, Tables};
use crate::contract::{Location, MediaType, Writes, Writing};
use crate::page::words::TypeName;

phrases! {
    Forms:

    /// Sentences that tell of the body of a request.
    static OF_BODY;

    /// Sentences that name the body of a request, or the header that tells of it.
    static NAMES_BODY;

    /// Sentences that tell of an answer.
    static OF_ANSWER;

    /// Sentences that name the media type of the body that errors have: the group `media`.
    static OF_ERRORS;

    /// Titles and places of the fields of a form.
    static FORM;

    /// Those of a form of several parts.
    static PARTS;
}

pattern! {
    /// The header line of an example request.
    static HEADER_LINE = r#"(?im)^\s*(?:(?:-H|--header)[ =]*['"])?content-type\s*:\s*(?P<media>[^\r\n'"]+)"#;

    /// A media type.
    static MEDIA = r"(?i)\b(?:application|multipart|text|image|audio|video)/[a-z0-9.+*-]*[a-z0-9*]";

    static REQUEST_LINE = r"^\s*(?:POST|PUT|PATCH|DELETE)\s+(?:https?://|/)\S*(?:\s+HTTP/\S+)?\s*$";
    static STATUS_LINE = r"(?m)^\s*HTTP/[0-9.]+\s+[1-5][0-9]{2}\b";
    static HEADER = r"^\s*[A-Za-z][\w-]*\s*:";

    /// Both numbers that truth values are written as.
    static TRUTHS = r"(?s)\b0\b.{0,80}\b1\b|\b1\b.{0,80}\b0\b";

    /// The words for them.
    static TRUTH_WORDS = r"(?i)\btrue\b|\bfalse\b";
}

/// Notes the media type of a draft's request body, and how its fields are written.
pub(super) fn read_media(draft: &mut Draft, items: &[Item<'_>], tables: &Tables) {
    let Some(body) = &mut draft.request else {
        // Of bytes and other texts no row can tell, but that there is such a body.
        let is_told =
            |media: &MediaType| matches!(media.writing(), Writing::Unknown | Writing::Text);
        let media = named(items, tables).filter(is_told);
        // A header alone shows none.
        let is_bare = items.iter().any(|item| match item.kind {
            ItemKind::Code(text) => is_bare_request(text),
            _ => false,
        });
        if let Some(media) = media.filter(|_| takes_body(&draft.method) && !is_bare) {
            draft.media = media;
        }
        return;
    };
    draft.media = named(items, tables)
        .or_else(|| called(tables))
        .unwrap_or_default();
    match draft.media.writing() {
        Writing::Text => take_text(&mut body.node),
        Writing::Form | Writing::Multipart => {
            read_truths(&mut body.node, tables);
            let shown = form_example::pairs(items);
            draft.layout = layout(tables, &shown);
        }
        Writing::Json | Writing::Unknown => {}
    }
}

/// Whether a text is a request whose headers say of which kind its body is, and that has none.
fn is_bare_request(text: &str) -> bool {
    let mut lines = text.trim().lines();
    let is_first = lines.next().is_some_and(|line| REQUEST_LINE.is_match(line));
    is_first && HEADER_LINE.is_match(text) && lines.all(|line| HEADER.is_match(line))
}

/// Whether a request's body is written as JSON, as far as the page tells.
pub(super) fn is_json(items: &[Item<'_>], tables: &Tables) -> bool {
    let told = named(items, tables).or_else(|| called(tables));
    told.unwrap_or_default().is_json()
}

/// Whether a method sends a body.
fn takes_body(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

/// The media types that a text names.
pub(super) fn media_types(text: &str) -> Vec<MediaType> {
    let found = MEDIA.find_iter(text);
    found
        .filter_map(|found| MediaType::read(found.as_str()))
        .collect()
}

/// The media type that a header's row, an example request or a sentence names. Where JSON is named
/// too, the body may be sent as JSON.
fn named(items: &[Item<'_>], tables: &Tables) -> Option<MediaType> {
    let is_of_request = |table: &&FieldTable| match table.role {
        Role::ResponseBody | Role::ResponseHeader | Role::Object => false,
        Role::Path | Role::Query | Role::Header | Role::RequestBody | Role::Parameters => true,
    };
    let mut texts: Vec<&str> = tables
        .fields
        .iter()
        .filter(is_of_request)
        .flat_map(|table| &table.rows)
        .filter(|row| row.name.eq_ignore_ascii_case("content-type"))
        .map(|row| row.text.as_str())
        .collect();
    let mut by_call = None;
    for item in items {
        let is_request = matches!(
            item.section,
            Section::Request | Section::RequestExample | Section::Example
        );
        // Below the target itself a sentence tells of the body where it names that.
        if let (ItemKind::Paragraph(text), Section::Operation) = (item.kind, item.section) {
            let is_told = NAMES_BODY.is_match(&text.plain) && !OF_ANSWER.is_match(&text.plain);
            texts.extend(is_told.then_some(text.plain.as_str()));
        }
        // A call shows a request wherever it stands.
        let is_call = matches!(item.kind, ItemKind::Code(text) if curl::is_call(text));
        if !is_request && !is_call {
            continue;
        }
        match item.kind {
            ItemKind::Code(text) => {
                // Behind a status line stand the headers of an answer.
                let end = STATUS_LINE
                    .find(text)
                    .map_or(text.len(), |line| line.start());
                let lines = HEADER_LINE.captures_iter(text.get(..end).unwrap_or_default());
                texts.extend(lines.filter_map(|found| Some(found.name("media")?.as_str())));
                by_call = by_call.or_else(|| form_example::media_of_curl(text));
            }
            ItemKind::Paragraph(text) if item.section == Section::Request => {
                let is_told = OF_BODY.is_match(&text.plain) && !OF_ANSWER.is_match(&text.plain);
                texts.extend(is_told.then_some(text.plain.as_str()));
            }
            _ => {}
        }
    }
    let mut all: Vec<MediaType> = texts.into_iter().flat_map(media_types).collect();
    all.sort();
    all.into_iter().next().or(by_call)
}

/// The media type that follows from how the fields of the body are called.
fn called(tables: &Tables) -> Option<MediaType> {
    let place = |row: &FieldRow| row.location.clone().unwrap_or_default();
    let mut media = None;
    for table in tables.fields.iter().filter(|table| is_body(table)) {
        let mut names: Vec<String> = table.rows.iter().map(place).collect();
        names.push(table.site.table.clone());
        let has_file = table.rows.iter().any(|row| is_file(row.kind.as_ref()));
        if has_file || names.iter().any(|name| PARTS.is_match(name)) {
            return Some(MediaType::Multipart);
        }
        if names.iter().any(|name| FORM.is_match(name)) {
            media = Some(MediaType::Form);
        }
    }
    media
}

fn is_body(table: &FieldTable) -> bool {
    matches!(table.role, Role::RequestBody | Role::Parameters)
}

/// Whether a type is that of a file, or of several.
pub(super) fn is_file(kind: Option<&TypeName>) -> bool {
    match kind {
        Some(TypeName::File) => true,
        Some(TypeName::Array(items)) => **items == TypeName::File,
        _ => false,
    }
}

/// How the fields of a form are written, as their rows say or an example shows.
fn layout(tables: &Tables, shown: &[(String, String)]) -> BTreeMap<String, Writes> {
    let mut layout = BTreeMap::new();
    let pairs: Vec<(&str, &str)> = shown
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    for row in tables
        .fields
        .iter()
        .filter(|table| is_body(table))
        .flat_map(|table| &table.rows)
    {
        let shown = lists::by_pairs(&row.name, &pairs);
        let shown = shown.filter(|_| matches!(row.kind, Some(TypeName::Array(_))));
        let style = lists::by_row(row, Location::Query).or(shown);
        let media = if is_file(row.kind.as_ref()) {
            files::kinds(&row.text)
        } else {
            Vec::new()
        };
        if style.is_some() || !media.is_empty() {
            layout.insert(row.name.clone(), Writes { style, media });
        }
    }
    layout
}

/// Takes a truth value of a form for a number where its row writes it as 0 and 1: those are what is
/// sent.
fn read_truths(body: &mut Node, tables: &Tables) {
    let rows = tables.fields.iter().filter(|table| is_body(table));
    for row in rows.flat_map(|table| &table.rows) {
        let is_number = row.kind == Some(TypeName::Boolean)
            && TRUTHS.is_match(&row.text)
            && !TRUTH_WORDS.is_match(&row.text);
        let mut fields = body.properties.iter_mut();
        let Some((_, node)) = fields.find(|(name, _)| *name == row.name && is_number) else {
            continue;
        };
        node.statements.retain(|statement| {
            !matches!(
                statement.constraint,
                Constraint::Enum(..) | Constraint::Prose
            )
        });
        for statement in &mut node.statements {
            if matches!(statement.constraint, Constraint::Type(Kind::Boolean, _)) {
                statement.constraint = Constraint::Type(Kind::Integer, None);
            }
        }
        let values = vec!["0".to_owned(), "1".to_owned()];
        node.state(Constraint::Enum(values, Stand::Prose), &row.site);
    }
}

/// Takes the media type that the row of `Accept` names for the one that is asked for: a value that is
/// made up from the row's type would be none.
pub(super) fn read_accepted(draft: &mut Draft, tables: &Tables) {
    let rows = tables
        .fields
        .iter()
        .filter(|table| !matches!(table.role, Role::ResponseBody | Role::ResponseHeader))
        .flat_map(|table| &table.rows);
    let accept = rows.filter(|row| row.name.eq_ignore_ascii_case("accept"));
    let all: Vec<MediaType> = accept.flat_map(|row| media_types(&row.text)).collect();
    // Whoever lists what may be asked for answers with each of them.
    let mut offered = all.clone();
    offered.sort();
    offered.dedup();
    if offered.len() > 1 {
        for success in &mut draft.responses {
            if success.status.starts_with('2') && success.status != "204" {
                success.media.extend(offered.iter().cloned());
                success.media.sort();
                success.media.dedup();
            }
        }
    }
    let named = all.into_iter().next();
    let parameter = draft.parameters.iter_mut().find(|parameter| {
        parameter.location == Location::Header && parameter.name.eq_ignore_ascii_case("accept")
    });
    if let (Some(media), Some(parameter)) = (named, parameter) {
        let media = Value::from(media.to_string());
        parameter.example.get_or_insert(media);
    }
}

/// Notes the media types of answers whose bodies no table describes: of a download, or a text.
pub(super) fn read_answers(draft: &mut Draft, items: &[Item<'_>], tables: &Tables) {
    let mut found: Vec<MediaType> = tables
        .fields
        .iter()
        .filter(|table| table.role == Role::ResponseHeader)
        .flat_map(|table| &table.rows)
        .filter(|row| row.name.eq_ignore_ascii_case("content-type"))
        .flat_map(|row| media_types(&row.text))
        .collect();
    for item in items {
        let is_answer = matches!(item.section, Section::Response | Section::ResponseExample);
        match item.kind {
            ItemKind::Code(text) if is_answer => {
                let lines = HEADER_LINE.captures_iter(text);
                found.extend(
                    lines
                        .filter_map(|line| line.name("media"))
                        .flat_map(|media| media_types(media.as_str())),
                );
            }
            ItemKind::Paragraph(text) if item.section == Section::Response => {
                found.extend(media_types(&text.plain));
            }
            _ => {}
        }
    }
    found.sort();
    found.dedup();
    if found.is_empty() || found.iter().any(MediaType::is_json) {
        return;
    }
    let success = draft.responses.iter_mut().find(|response| {
        response.status.starts_with('2') && response.status != "204" && !response.has_body()
    });
    if let Some(success) = success {
        success.media = found;
    }
}

/// Notes the name of their own that a sentence says the JSON of errors has: of those of one status
/// where it stands below that, else of all.
pub(super) fn read_errors(draft: &mut Draft, items: &[Item<'_>]) {
    for item in items {
        let ItemKind::Paragraph(text) = item.kind else {
            continue;
        };
        for sentence in sentences(&text.plain) {
            let Some(found) = OF_ERRORS.captures(&sentence) else {
                continue;
            };
            let media = found.name("media").map_or("", |media| media.as_str());
            let Some(media) = MediaType::read(media).filter(MediaType::is_json) else {
                continue;
            };
            let names_errors = found
                .name("errors")
                .or_else(|| found.name("other"))
                .is_some();
            let status = item.status.map(|status| status.to_string());
            let is_own = |own: &str| match &status {
                // Below a success it is about all of them.
                Some(status) if !names_errors || !status.starts_with('2') => own == status,
                _ => names_errors,
            };
            let errors = draft
                .responses
                .iter_mut()
                .filter(|own| own.status.starts_with(['4', '5']) && is_own(&own.status));
            for error in errors {
                error.media = vec![media.clone()];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("PUT /slogan\nContent-Type: text/plain\n\nBread!", "text/plain")]
    #[case("HTTP/1.1 201 Created\nContent-Type: text/plain", "application/json")]
    fn headers_of_an_answer_tell_nothing_of_a_request(#[case] code: &str, #[case] expected: &str) {
        let page = format!("# Shop\n\n`PUT /slogan`\n\n## Example request\n\n```\n{code}\n```\n");
        let page = crate::page::read("shop.md", &page).unwrap();
        let read = crate::derive::operation::drafts(&page, &[]).unwrap();
        assert_eq!(read.drafts[0].media.as_str(), expected);
    }

    #[rstest]
    #[case("Fixed: application/x-www-form-urlencoded.", &["application/x-www-form-urlencoded"])]
    #[case("`application/json` or `text/plain`", &["application/json", "text/plain"])]
    #[case("application/vnd.api+json; charset=utf-8", &["application/vnd.api+json"])]
    #[case("The kind/type of the text.", &[])]
    fn media_types_are_found(#[case] text: &str, #[case] expected: &[&str]) {
        let found = media_types(text);
        let names: Vec<&str> = found.iter().map(MediaType::as_str).collect();
        assert_eq!(names, expected);
    }
}
