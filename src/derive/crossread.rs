//! Findings that only several fields or examples together give: two fields of one name, an answer
//! that belongs to another request.

use std::collections::BTreeSet;

use serde_json::Value;

use super::draft::{Draft, Example};
use super::findings::Review;
use super::statement::{Constraint, Site};
use crate::contract::{DocumentationKind, Facet, Fact, Level};

impl Review {
    /// Two fields of one name: the values of one do not fit the length of the other.
    pub(super) fn lengths_by_name(&mut self, draft: &Draft) {
        let mut listed: Vec<(String, String, Vec<String>, Vec<Site>)> = Vec::new();
        let mut limited: Vec<(String, String, u64, Vec<Site>)> = Vec::new();
        for response in &draft.responses {
            let place = format!("response-{}", response.status);
            response.body.node.walk("", &mut |path, node| {
                let name = path.rsplit(['.', ']']).next().unwrap_or(path).to_owned();
                let own = format!("{place}.{path}");
                let mut values = Vec::new();
                let mut limits = Vec::new();
                for statement in &node.statements {
                    match &statement.constraint {
                        Constraint::Enum(more, _) => values.extend(more.iter().cloned()),
                        Constraint::MaxLength(limit) => limits.push(*limit),
                        _ => {}
                    }
                }
                if !values.is_empty() {
                    listed.push((name.clone(), own.clone(), values, node.rows.clone()));
                }
                if let Some(limit) = limits.into_iter().max() {
                    limited.push((name, own, limit, node.rows.clone()));
                }
            });
        }
        for (name, place, values, rows) in &listed {
            for (other, _, limit, more) in &limited {
                let longest = values.iter().map(|value| value.chars().count()).max();
                let longest = longest.and_then(|length| u64::try_from(length).ok());
                if name == other && longest.is_some_and(|longest| longest > *limit) {
                    let mut facts: Vec<Fact> = rows
                        .iter()
                        .map(|row| row.fact(Facet::Enum, Level::Should))
                        .collect();
                    facts.extend(
                        more.iter()
                            .map(|row| row.fact(Facet::MaxLength, Level::Must)),
                    );
                    self.add(
                        DocumentationKind::SameNameOtherField,
                        format!(
                            "`{place}` lists values of {} characters, and the `{name}` of an error body has {limit} at most: two fields of one name",
                            longest.unwrap_or_default()
                        ),
                        facts,
                    );
                }
            }
        }
    }

    /// An example answer that contradicts the example request beside it.
    pub(super) fn echo(&mut self, draft: &Draft) {
        let Some(request) = &draft.request else {
            return;
        };
        let successes = draft.responses.iter();
        let successes = successes.filter(|response| response.status.starts_with('2'));
        let answers: Vec<&Example> = successes
            .flat_map(|response| &response.body.examples)
            .collect();
        for sent in &request.examples {
            let Some(fields) = sent.value.as_object() else {
                continue;
            };
            let is_of_page = |other: &Example| other.site.page == sent.site.page;
            let sent_at: Vec<usize> = lines(request.examples.iter().filter(|own| is_of_page(own)));
            let of_page = answers.iter().copied().filter(|own| is_of_page(own));
            let answered_at: Vec<usize> = lines(of_page.clone());
            for answer in of_page {
                if !belongs(&sent_at, &answered_at, sent.site.line, answer.site.line) {
                    continue;
                }
                for (name, value) in fields.iter().filter(|(_, value)| value.is_string()) {
                    let mut answered = Vec::new();
                    by_name(&answer.value, name, &mut answered, 0);
                    if let [other] = answered.as_slice()
                        && other.is_string()
                        && *other != value
                    {
                        self.add(
                            DocumentationKind::ExampleAnswerDiffers,
                            format!("the example request sends `{name}` {value}, and the example answer has {other}"),
                            vec![
                                sent.site.at(name.clone(), sent.site.line).fact(Facet::Example, Level::Should),
                                answer.site.at(name.clone(), answer.site.line).fact(Facet::Example, Level::Should),
                            ],
                        );
                    }
                }
            }
        }
    }
}

/// The lines of some examples, in order.
fn lines<'e>(examples: impl Iterator<Item = &'e Example>) -> Vec<usize> {
    let lines: BTreeSet<usize> = examples.map(|own| own.site.line).collect();
    lines.into_iter().collect()
}

/// Whether an answer is that to a request, by their lines and those of all: the one above it, where
/// answers stand below each request; the one of its place, where there are as many; where there is one
/// request, that. Of others nobody knows.
fn belongs(sent_at: &[usize], answered_at: &[usize], sent: usize, answered: usize) -> bool {
    if sent_at.len() < 2 {
        return true;
    }
    let above = |answered: usize| sent_at.iter().rposition(|line| *line <= answered);
    let own = sent_at.iter().position(|line| *line == sent);
    let has_answer: BTreeSet<usize> = answered_at.iter().filter_map(|line| above(*line)).collect();
    if has_answer.len() == sent_at.len() {
        return above(answered) == own;
    }
    let place = answered_at.iter().position(|line| *line == answered);
    sent_at.len() == answered_at.len() && place == own
}

/// The values of the fields of a name, anywhere in a value.
fn by_name<'v>(value: &'v Value, name: &str, found: &mut Vec<&'v Value>, depth: usize) {
    if depth > 16 {
        return;
    }
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                if key == name {
                    found.push(child);
                }
                by_name(child, name, found, depth + 1);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| by_name(item, name, found, depth + 1)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::one_of_all(&[3], &[7, 9], 3, 9, true)]
    #[case::below_its_own(&[3, 11], &[7, 15], 3, 7, true)]
    #[case::below_another(&[3, 11], &[7, 15], 3, 15, false)]
    #[case::two_below_one(&[3, 11], &[7, 9, 15], 3, 9, true)]
    #[case::in_order(&[3, 5], &[7, 9], 5, 9, true)]
    #[case::in_another_order(&[3, 5], &[7, 9], 5, 7, false)]
    #[case::of_which_nobody_knows(&[3, 5], &[7, 9, 11], 5, 9, false)]
    fn an_answer_is_that_to_one_request(
        #[case] sent_at: &[usize],
        #[case] answered_at: &[usize],
        #[case] sent: usize,
        #[case] answered: usize,
        #[case] expected: bool,
    ) {
        assert_eq!(belongs(sent_at, answered_at, sent, answered), expected);
    }
}
