//! What the page says that the status of a refusal is for: `400: the body is no JSON`, `422: a value is
//! wrong`. A status that stands for more than one of them is that of neither.

use super::draft::Draft;
use super::outline::{Item, ItemKind};
use super::section::Section;
use super::sentences::sentences;
use super::statement::Site;
use super::tables::leading_status;
use crate::contract::{Facet, Level, Meaning};
use crate::page::plain;

phrases! {
    StatusCauses:

    /// The body cannot be read.
    static OF_MALFORMED;

    /// A value is not what its field takes, or is missing.
    static OF_INVALID;

    /// An `Accept` names nothing that is offered.
    static OF_UNACCEPTABLE;

    /// What a refusal may be for beside.
    static OF_MORE;
}

pattern! {
    /// A status of a refusal.
    static STATUS = r"\b4\d\d\b";

    /// What parts the statuses of one sentence.
    static BETWEEN = r"[;,]\s+(?:and\s+|or\s+)?";
}

/// Reads what the statuses of an operation's refusals are for.
pub(super) fn read(draft: &mut Draft, items: &[Item<'_>], site: &Site) {
    for (status, text, line, heading) in told(items) {
        let Some(cause) = cause(&text) else {
            continue;
        };
        let status = status.to_string();
        let site = site.below(heading, status.as_str(), line);
        let answers = draft.responses.iter_mut();
        for answer in answers.filter(|own| own.status == status) {
            let fact = site.fact(Facet::Meaning(cause), Level::Must);
            answer.facts.push(fact);
        }
    }
}

/// What a text says that a refusal is for, where that is one thing.
fn cause(text: &str) -> Option<Meaning> {
    if OF_MORE.is_match(text) {
        return None;
    }
    let is_unacceptable = OF_UNACCEPTABLE.is_match(text);
    match (OF_MALFORMED.is_match(text), OF_INVALID.is_match(text)) {
        (true, false) => Some(Meaning::OfMalformed),
        (false, true) if !is_unacceptable => Some(Meaning::OfInvalid),
        (false, _) if is_unacceptable => Some(Meaning::OfUnacceptable),
        _ => None,
    }
}

/// What is said of each status of a refusal, with the line and the heading.
fn told<'p>(items: &[Item<'p>]) -> Vec<(u16, String, usize, &'p str)> {
    let mut found = Vec::new();
    for item in items {
        match item.kind {
            ItemKind::Table(table) if item.section == Section::StatusCodes => {
                for row in &table.rows {
                    let cells: Vec<String> =
                        row.cells.iter().map(|cell| plain(&cell.blocks)).collect();
                    let status = cells.iter().find_map(|cell| leading_status(cell.trim()));
                    if let Some(status) = status.filter(|own| own / 100 == 4) {
                        found.push((status, cells.join(" "), row.line, item.heading));
                    }
                }
            }
            ItemKind::Paragraph(text) => {
                let own = item.status.filter(|own| own / 100 == 4);
                found.extend(said(&text.plain, own, (item.line, item.heading)));
            }
            ItemKind::List(entries) => {
                let own = item.status.filter(|own| own / 100 == 4);
                for entry in entries {
                    found.extend(said(&plain(entry), own, (item.line, item.heading)));
                }
            }
            ItemKind::Heading(_)
            | ItemKind::Table(_)
            | ItemKind::Code(_)
            | ItemKind::Target { .. }
            | ItemKind::Unread(_) => {}
        }
    }
    found
}

/// The same of a running text: each part of it is about the status that it names, or about that of
/// the section.
fn said<'p>(
    text: &str,
    own: Option<u16>,
    (line, heading): (usize, &'p str),
) -> Vec<(u16, String, usize, &'p str)> {
    let mut found = Vec::new();
    for sentence in sentences(text) {
        let all: Vec<&str> = STATUS
            .find_iter(&sentence)
            .map(|one| one.as_str())
            .collect();
        if let (true, Some(own)) = (all.is_empty(), own) {
            found.push((own, sentence, line, heading));
            continue;
        }
        let parts: Vec<&str> = match all.as_slice() {
            [_] => vec![sentence.as_str()],
            _ => BETWEEN.split(&sentence).collect(),
        };
        for part in parts {
            let mut named = STATUS.find_iter(part);
            if let (Some(one), None) = (named.next(), named.next())
                && let Ok(status) = one.as_str().parse()
            {
                found.push((status, part.to_owned(), line, heading));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("400: the body is not well-formed JSON.", Some(Meaning::OfMalformed))]
    #[case("The JSON is malformed.", Some(Meaning::OfMalformed))]
    #[case("A field is missing or has a wrong value.", Some(Meaning::OfInvalid))]
    #[case("Validation failed.", Some(Meaning::OfInvalid))]
    #[case(
        "The answer cannot be in a type that the caller accepts.",
        Some(Meaning::OfUnacceptable)
    )]
    #[case("The body is no JSON, or a value is wrong.", None)]
    #[case("The request is refused.", None)]
    #[case("The body is malformed, or the name is taken.", None)]
    fn a_text_tells_what_a_status_is_for(#[case] text: &str, #[case] expected: Option<Meaning>) {
        assert_eq!(cause(text), expected);
    }

    #[test]
    fn each_part_of_a_sentence_is_about_its_status() {
        let text = "400 if the body is no JSON, 422 if a value is wrong.";
        let found = said(text, None, (1, ""));
        let found: Vec<(u16, Option<Meaning>)> =
            found.iter().map(|own| (own.0, cause(&own.1))).collect();
        let expected = [
            (400, Some(Meaning::OfMalformed)),
            (422, Some(Meaning::OfInvalid)),
        ];
        assert_eq!(found, expected);
    }
}
