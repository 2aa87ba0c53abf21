//! Findings that only several fields or examples together give: two fields of one name, an answer
//! that belongs to another request.

use serde_json::Value;

use super::draft::Draft;
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
        for sent in &request.examples {
            let Some(fields) = sent.value.as_object() else {
                continue;
            };
            for response in draft
                .responses
                .iter()
                .filter(|response| response.status.starts_with('2'))
            {
                for answer in response
                    .body
                    .examples
                    .iter()
                    .filter(|answer| answer.site.page == sent.site.page)
                {
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
