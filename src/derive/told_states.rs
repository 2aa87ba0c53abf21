//! The state in which a sentence says that an operation leaves what it is about: ``Creates an order
//! in the state `open`. The order is then `paid`.`` The answer of the operation shows it.

use serde_json::Value;

use super::behaviour;
use super::draft::{Draft, SUCCESS};
use super::outline::{Item, ItemKind};
use super::section::Section;
use super::sentences::sentences;
use super::statement::{Constraint, Kind, Node, Site, Stand};
use crate::contract::{Facet, Fact, Level, Meaning, words};
use crate::page::plain;

phrases! {
    ToldStates:

    /// A sentence that says in which state something is afterwards; its group is `value`.
    static LEAVES;

    /// Words by which that holds of some cases alone, or later.
    static NOT_SURELY;

    /// States that a service goes on from by itself: an answer may well show the next one.
    static PASSING;

    /// A sentence that refuses what is not in a state; its group is `value`.
    static OF_ANOTHER;

    /// The last word of a path by which something is brought to its end.
    static ENDING;

    /// A sentence that refuses what has come to its end.
    static IN_THE_END;

    /// Words by which it refuses what has not.
    static NOT_IN_THE_END;

    /// The last word of a path by which something that was done is undone.
    static UNDOING;

    /// A sentence that refuses to undo what was not done.
    static NOT_DONE;

    /// A sentence about a refusal by which what was deleted is not there any more.
    static GONE;

    /// A sentence that refuses a second one of the same value; its group `noun` calls that.
    static SECOND;

    /// Names of fields that have an address.
    static ADDRESS;
}

/// A value in which an operation leaves what it is about, and where the page says so.
pub(super) type Left = (String, Site);

/// Reads in which state an operation leaves what it is about, and that it refuses what is in that
/// state already, where the page says so.
pub(super) fn read(draft: &mut Draft, items: &[Item<'_>], site: &Site) {
    if !matches!(draft.method.as_str(), "POST" | "PUT" | "PATCH") {
        gone(draft, items, site);
        return;
    }
    let mut left: Vec<Left> = Vec::new();
    let mut seconds = Vec::new();
    let mut refusals: Vec<(String, Site)> = Vec::new();
    for item in items {
        let here = |line: usize, row: &str| site.below(item.heading, row, line);
        for (text, line) in texts(item) {
            for sentence in sentences(&text) {
                let is_about_it = !matches!(item.section, Section::RequestExample);
                if is_about_it && let Some(value) = leaves(&sentence) {
                    left.push((value, here(line, "sentence")));
                }
                if sentence.contains(CONFLICT) || item.status == Some(409) {
                    // A list of statuses may be that of all operations.
                    if draft.method == "POST" && !matches!(item.kind, ItemKind::Table(_)) {
                        seconds.push((sentence.clone(), here(line, CONFLICT)));
                    }
                    refusals.push((sentence, here(line, CONFLICT)));
                }
            }
        }
    }
    // Two of them are the states of two cases.
    if left
        .iter()
        .any(|(value, _)| Some(value) != left.first().map(|(first, _)| first))
    {
        left.clear();
    }
    left.truncate(1);
    let last = draft.path.rsplit('/').next().unwrap_or_default();
    let (ends, undoes) = (ENDING.is_match(last), UNDOING.is_match(last));
    let is_again = |sentence: &str| {
        behaviour::done_already(sentence)
            || ends && IN_THE_END.is_match(sentence) && !NOT_IN_THE_END.is_match(sentence)
            || undoes && NOT_DONE.is_match(sentence)
    };
    for (sentence, site) in &seconds {
        call_unique(draft, sentence, site);
    }
    if let Some((_, site)) = refusals.iter().find(|(sentence, _)| is_again(sentence)) {
        draft.facts.push(again(site));
    } else {
        let wanted = refusals.into_iter().filter_map(|(sentence, site)| {
            let found = OF_ANOTHER.captures(&sentence)?;
            Some((found.name("value")?.as_str().to_owned(), site))
        });
        draft.wanted = wanted.collect();
    }
    draft.left = left;
}

/// Reads that what was deleted is not there any more for an operation on one thing, where the page
/// says so of its refusal.
fn gone(draft: &mut Draft, items: &[Item<'_>], site: &Site) {
    if !draft.path.ends_with('}') {
        return;
    }
    for item in items {
        let is_of_refusal = matches!(item.status, Some(404 | 410));
        for (text, line) in texts(item) {
            let mut all = sentences(&text).into_iter();
            let told = all.find(|sentence| {
                let is_told = is_of_refusal || ABSENT.iter().any(|own| sentence.contains(own));
                is_told && GONE.is_match(sentence)
            });
            if told.is_some() {
                let here = Site {
                    table: item.heading.to_owned(),
                    ..site.at("sentence", line)
                };
                let facet = Facet::Meaning(Meaning::GoneOnceDeleted);
                draft.facts.push(here.fact(facet, Level::Must));
                return;
            }
        }
    }
}

/// States of the field of a request that a refusal calls by its noun that no two have its value: `There
/// is a feed of this address already`.
fn call_unique(draft: &mut Draft, sentence: &str, site: &Site) {
    let noun = SECOND.captures(sentence);
    let noun = noun.as_ref().and_then(|found| found.name("noun"));
    let (Some(noun), Some(body)) = (noun, &mut draft.request) else {
        return;
    };
    let noun = noun.as_str().to_lowercase();
    let is_called_so = |name: &str| {
        let last = words(name).pop();
        last.as_deref() == Some(noun.as_str()) || noun == "address" && ADDRESS.is_match(name)
    };
    let is_unique = |own: &Node| {
        let mut all = own.statements.iter();
        all.any(|own| own.constraint == Constraint::Meaning(Meaning::Unique))
    };
    let fields = &mut body.node.properties;
    let is_said = fields.iter().any(|(_, own)| is_unique(own));
    let mut called = fields.iter_mut().filter(|(name, _)| is_called_so(name));
    if let (Some((_, field)), None, false) = (called.next(), called.next(), is_said) {
        let is_scalar = matches!(field.kind(), Some(Kind::String | Kind::Integer));
        if is_scalar {
            field.state(Constraint::Meaning(Meaning::Unique), site);
        }
    }
}

/// That what the operation does is done once.
fn again(site: &Site) -> Fact {
    site.fact(Facet::Meaning(Meaning::NotAgain), Level::Must)
}

/// The status of a refusal because of what is there.
const CONFLICT: &str = "409";

/// The statuses of refusals because of what is not there.
const ABSENT: [&str; 2] = ["404", "410"];

/// The running texts of an item, each with its line.
fn texts(item: &Item<'_>) -> Vec<(String, usize)> {
    match item.kind {
        ItemKind::Paragraph(text) => vec![(text.ticked(), item.line)],
        ItemKind::List(entries) => {
            let entries = entries.iter();
            entries.map(|entry| (plain(entry), item.line)).collect()
        }
        // Of a table of statuses each row is said in one sentence.
        ItemKind::Table(table) if item.section == Section::StatusCodes => {
            let rows = table.rows.iter();
            rows.map(|row| {
                let cells = row.cells.iter().map(|cell| plain(&cell.blocks));
                let cells: Vec<String> = cells.collect();
                (cells.join(": "), row.line)
            })
            .collect()
        }
        ItemKind::Heading(_)
        | ItemKind::Table(_)
        | ItemKind::Code(_)
        | ItemKind::Target { .. }
        | ItemKind::Unread(_) => Vec::new(),
    }
}

/// The state in which a sentence says that something is afterwards.
fn leaves(sentence: &str) -> Option<String> {
    let found = LEAVES.captures(sentence)?;
    let value = found.name("value")?.as_str();
    let is_sure = !NOT_SURELY.is_match(sentence) && !PASSING.is_match(value);
    is_sure.then(|| value.to_owned())
}

/// States it of the field of the operation's answers that has such a value, where there is one.
pub(super) fn settle(draft: &mut Draft) {
    let Some((value, site)) = draft.left.first().cloned() else {
        return;
    };
    let mut sent = Vec::new();
    if let Some(body) = &draft.request {
        let fields = body.node.properties.iter();
        sent.extend(fields.map(|(name, _)| name.clone()));
    }
    let mut refused: Vec<Fact> = Vec::new();
    let answers = draft.responses.iter_mut();
    for answer in answers.filter(|own| ["200", "201", SUCCESS].contains(&own.status.as_str())) {
        let node = &mut answer.body.node;
        let mut known = Vec::new();
        each_field(node, &mut |name, field| {
            known.extend(is_of(field, &value).then(|| name.to_owned()));
        });
        // Of two fields it may be either, and what a request says is as the request says.
        let [name] = known.as_slice() else { continue };
        let mut examples = answer.body.examples.iter();
        if sent.contains(name) || examples.any(|own| shows_another(&own.value, name, &value)) {
            continue;
        }
        // Who wants another of the field's values refuses what has this one.
        let wanted = draft.wanted.iter().filter(|(other, _)| *other != value);
        let wanted: Vec<&Left> = wanted.collect();
        let mut wants: Vec<Fact> = Vec::new();
        each_field(node, &mut |own, field| {
            if own == name && is_of(field, &value) {
                let listed = field.listed();
                let all = wanted.iter();
                let all = all.filter(|(other, _)| listed.contains(&other.as_str()));
                wants.extend(all.map(|(_, site)| again(site)));
            }
        });
        refused.extend(wants);
        each_field(node, &mut |own, field| {
            if own == name && is_of(field, &value) {
                // Of all its values this one alone is left here.
                field
                    .statements
                    .retain(|own| !matches!(own.constraint, Constraint::Enum(..)));
                let one = vec![value.clone()];
                field.state(Constraint::Enum(one, Stand::Heading), &site);
            }
        });
    }
    draft.facts.extend(refused.into_iter().take(1));
}

/// Whether a field has several values, and this is one of them.
fn is_of(field: &Node, value: &str) -> bool {
    let listed = field.listed();
    listed.len() > 1 && listed.contains(&value)
}

/// Whether an example has another value of a field: one answer may stand for several operations.
fn shows_another(shown: &Value, name: &str, value: &str) -> bool {
    let Some(fields) = shown.as_object() else {
        return false;
    };
    let own = fields.get(name);
    own.is_some_and(|own| own.as_str() != Some(value))
        || fields
            .values()
            .any(|inner| shows_another(inner, name, value))
}

/// Looks at the fields of an object, and at those of the objects in it: of what a list has, nothing
/// is said.
fn each_field(node: &mut Node, look: &mut impl FnMut(&str, &mut Node)) {
    for (name, field) in &mut node.properties {
        look(name, field);
        each_field(field, look);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Creates an order in the state `open`.", Some("open"))]
    #[case("The order is then `paid`.", Some("paid"))]
    #[case("Sets the status of the ticket to `closed`.", Some("closed"))]
    #[case("A new article is created as `draft`.", Some("draft"))]
    #[case("The status becomes `cancelled`.", Some("cancelled"))]
    #[case("The order is then `paid`, unless it is free.", None)]
    #[case("If it is free, the order is then `paid`.", None)]
    #[case("The job is then `queued`.", None)]
    #[case("Lists the orders in the state `open`.", None)]
    #[case("The order must be in the state `open`.", None)]
    #[case("The order may then be `paid`.", None)]
    #[case("The status is set to `open` by default.", None)]
    fn a_sentence_tells_a_state(#[case] sentence: &str, #[case] expected: Option<&str>) {
        assert_eq!(leaves(sentence).as_deref(), expected);
    }

    #[rstest]
    #[case("Response 409: the order is not `open`.", Some("open"))]
    #[case("409: only orders in the state `open` can be paid.", Some("open"))]
    #[case("409: the name is not free.", None)]
    fn a_refusal_names_the_state_that_it_wants(
        #[case] sentence: &str,
        #[case] expected: Option<&str>,
    ) {
        let found = OF_ANOTHER.captures(sentence);
        let value = found.as_ref().and_then(|found| found.name("value"));
        assert_eq!(value.map(|value| value.as_str()), expected);
    }
}
