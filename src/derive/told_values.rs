//! The values of a field that a sentence outside tables has: ``\`role\` is one of \`admin\`,
//! \`member\`.`` They are those of the field that is called so; where none is, that is told.

use serde_json::Value;

use super::draft::{Body, Draft};
use super::finding::Finding;
use super::outline::{Item, ItemKind};
use super::section::Section;
use super::sentences::sentences;
use super::statement::{Constraint, Kind, Node, Site, Stand};
use crate::contract::DocumentationKind;

phrases! {
    ToldValues:

    /// A sentence that is nothing but the values of a field: its groups are `name` and `list`.
    static VALUES;
}

pattern! {
    /// A value in code marks.
    static VALUE = r"`([^`]+)`";

    /// What is a value of a text.
    static PLAIN = r"^[A-Za-z0-9][\w.:/+-]*$";
}

/// The values of a field, as a sentence says them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    name: String,
    values: Vec<String>,
    site: Site,
}

impl Told {
    /// Says it of the fields of its name, whose values nothing else tells; whether there are any of
    /// the name.
    pub(super) fn settle(&self, node: &mut Node) -> bool {
        let mut is_known = false;
        node.each_mut(&mut |parent| {
            let fields = parent.properties.iter_mut();
            for (_, field) in fields.filter(|(own, _)| *own == self.name) {
                is_known = true;
                self.state(field);
            }
        });
        is_known
    }

    fn state(&self, field: &mut Node) {
        let fits = match field.kind() {
            Some(Kind::String | Kind::Any) | None => true,
            Some(Kind::Integer) => self.values.iter().all(|own| own.parse::<i64>().is_ok()),
            Some(_) => false,
        };
        if fits && !field.tells_form() {
            let values = Constraint::Enum(self.values.clone(), Stand::Code);
            field.state(values, &self.site);
        }
    }

    /// Says it of a body; whether a field of the name is known there.
    fn settle_body(&self, body: &mut Body) -> bool {
        if body.described {
            return self.settle(&mut body.node);
        }
        let mut shown = Vec::new();
        for example in &body.examples {
            collect(&example.value, &self.name, &mut shown);
        }
        // What an example shows otherwise is a field of another object.
        let is_one = |value: &&Value| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            value.is_null() || self.values.contains(&text)
        };
        let is_shown = !shown.is_empty() && shown.iter().all(is_one);
        if is_shown {
            body.told.values.push(self.clone());
        }
        is_shown
    }
}

/// The values that the fields of a name have within a value, at any depth.
fn collect<'v>(value: &'v Value, name: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get(name));
            for own in map.values() {
                collect(own, name, found);
            }
        }
        Value::Array(items) => {
            for own in items {
                collect(own, name, found);
            }
        }
        _ => {}
    }
}

/// What a sentence says of the values of a field.
fn told(sentence: &str) -> Option<(String, Vec<String>)> {
    let found = VALUES.captures(sentence)?;
    let list = found.name("list")?.as_str();
    let values = VALUE.captures_iter(list).filter_map(|own| own.get(1));
    let values: Vec<String> = values.map(|own| own.as_str().to_owned()).collect();
    let are_plain = values
        .iter()
        .all(|own| PLAIN.is_match(own) && !matches!(own.as_str(), "null" | "true" | "false"));
    let name = found.name("name")?.as_str().to_owned();
    are_plain.then_some((name, values))
}

/// Reads the values that an operation's paragraphs tell: those of a field of its answer, else of one
/// of its request. What is of neither is left out, which is told.
pub(super) fn read(draft: &mut Draft, items: &[Item<'_>], site: &Site) {
    for item in items {
        let ItemKind::Paragraph(text) = item.kind else {
            continue;
        };
        let is_of_request = matches!(item.section, Section::Request | Section::RequestExample);
        for sentence in sentences(&text.ticked()) {
            let Some((name, values)) = told(&sentence) else {
                continue;
            };
            let site = site.below(item.heading, name.as_str(), item.line);
            let own = Told { name, values, site };
            if !(!is_of_request && settle_answers(&own, draft) || settle_request(&own, draft)) {
                draft.leave_out(own.left_out());
            }
        }
    }
}

/// Says it of the answers; where one that is no error has such a field, that of an error may be
/// another of the same name.
fn settle_answers(told: &Told, draft: &mut Draft) -> bool {
    let mut is_known = false;
    for are_errors in [false, true] {
        let of_sort = |status: &str| status.starts_with(['4', '5']) == are_errors;
        let own = draft.responses.iter_mut();
        for response in own.filter(|response| of_sort(&response.status)) {
            is_known |= told.settle_body(&mut response.body);
        }
        if is_known {
            break;
        }
    }
    is_known
}

fn settle_request(told: &Told, draft: &mut Draft) -> bool {
    let mut is_known = false;
    for parameter in &mut draft.parameters {
        if parameter.name == told.name {
            is_known = true;
            told.state(&mut parameter.node);
        }
    }
    if let Some(body) = &mut draft.request {
        is_known |= told.settle_body(body);
    }
    is_known
}

impl Told {
    fn left_out(&self) -> Finding {
        let Self { name, values, site } = self;
        let message = format!(
            "a sentence tells the values of `{name}` ({}), which no table, list or example has",
            values.join(", ")
        );
        Finding::left_out(DocumentationKind::RowNotRead, message, site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("`role` is one of `admin`, `member`.", Some("role: admin member"))]
    #[case("`state` is `open` or `closed`.", Some("state: open closed"))]
    #[case("`state` is `open` or `null`.", None)]
    #[case("`is_open` is `true` or `false`.", None)]
    #[case("`state` is `open` or `closed` by default.", None)]
    #[case("If it is paid, `state` is `open` or `closed`.", None)]
    #[case("`path` is `/a/{id}` or `/b`.", None)]
    fn a_sentence_tells_the_values_of_a_field(
        #[case] sentence: &str,
        #[case] expected: Option<&str>,
    ) {
        let found = told(sentence).map(|(name, values)| format!("{name}: {}", values.join(" ")));
        assert_eq!(found.as_deref(), expected);
    }
}
