//! What sentences outside tables say of the fields of an answer: in which order a list is, and which
//! field may be null: ``Sorted by `name`. `next` is null on the last page.``

use super::meanings::{in_time, sorted};
use super::meant::settle_answer;
use super::nullability;
use super::outline::{Item, ItemKind};
use super::section::Section;
use super::sentences::sentences;
use super::statement::{Constraint, Kind, Node, Site};
use super::told_values::Told;

pattern! {
    /// A name of a field: in code marks, or spelled as no word of a sentence is.
    static NAME = r"`(?P<marked>[A-Za-z_][\w.-]*)`|\b(?P<spelled>[a-z]+(?:_[a-z0-9]+)+|[a-z]+[A-Z]\w*)\b";

    /// Null.
    static NULL = r"(?i)`?\bnull\b";
}

/// What sentences say of an answer, of whose fields it may not be known yet which there are.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Sayings {
    orders: Vec<(Constraint, Site)>,
    /// The names of the fields that may be null.
    nulls: Vec<(String, Site)>,
    /// The values of fields.
    pub values: Vec<Told>,
}

impl Sayings {
    /// What an operation's paragraphs say of its answer; only what is read is a list in an order.
    pub(super) fn of(items: &[Item<'_>], method: &str, site: &Site) -> Self {
        Self {
            orders: match method {
                "GET" => orders(items, site),
                _ => Vec::new(),
            },
            nulls: nulls(items, site),
            values: Vec::new(),
        }
    }

    /// Says it of the fields that an example shows.
    pub(super) fn settle_shown(&self, node: &mut Node) {
        settle_answer(node, &self.orders);
        self.settle_nulls(node);
        for own in &self.values {
            own.settle(node);
        }
    }

    /// Says of its fields which of them may be null.
    pub(super) fn settle_nulls(&self, node: &mut Node) {
        for (name, site) in &self.nulls {
            node.each_mut(&mut |parent| {
                let fields = parent.properties.iter_mut();
                for (_, field) in fields.filter(|(own, _)| own == name) {
                    field.state(Constraint::Nullable, site);
                }
            });
        }
    }

    /// Takes what another edition says as well.
    pub(super) fn unite(&mut self, other: Self) {
        let orders = other.orders.into_iter();
        self.orders.extend(
            orders
                .filter(|_| self.orders.is_empty())
                .collect::<Vec<_>>(),
        );
        for own in other.nulls {
            if !self.nulls.contains(&own) {
                self.nulls.push(own);
            }
        }
        for own in other.values {
            if !self.values.contains(&own) {
                self.values.push(own);
            }
        }
    }
}

/// What the page's paragraphs say of the order of a list.
pub(super) fn orders(items: &[Item<'_>], site: &Site) -> Vec<(Constraint, Site)> {
    let mut found = Vec::new();
    // What stands below the method and the path is said of the whole up to the first list or table.
    let mut is_open = true;
    let mut before = None;
    for item in items {
        is_open &= !matches!(item.kind, ItemKind::Table(_) | ItemKind::List(_));
        let is_behind_code = matches!(before.replace(item.kind), Some(ItemKind::Code(_)));
        let ItemKind::Paragraph(text) = item.kind else {
            continue;
        };
        let is_of_answer = matches!(item.section, Section::Response | Section::ResponseExample);
        // `Returns 200 OK, oldest first:` opens what it tells of.
        let opens = item.section == Section::Response && item.heading == text.plain;
        let is_of_whole = item.section == Section::Other
            || item.section == Section::Operation && is_open
            || is_of_answer && is_behind_code
            || opens;
        if !is_of_whole {
            continue;
        }
        let order = in_time(&text.plain)
            .map(Constraint::Meaning)
            .or_else(|| sorted(&text.plain));
        let own = site.below(item.heading, "order", item.line);
        found.extend(order.map(|order| (order, own)));
    }
    found
}

/// The fields that the page's paragraphs say may be null.
fn nulls(items: &[Item<'_>], site: &Site) -> Vec<(String, Site)> {
    let mut found = Vec::new();
    for item in items {
        let is_of_request = matches!(item.section, Section::Request | Section::RequestExample);
        let ItemKind::Paragraph(text) = item.kind else {
            continue;
        };
        if is_of_request || !NULL.is_match(&text.plain) {
            continue;
        }
        for sentence in sentences(&text.ticked()) {
            if let Some(name) = null_field(&sentence) {
                let own = site.below(item.heading, name.as_str(), item.line);
                found.push((name, own));
            }
        }
    }
    found
}

/// The one field of which a sentence says that it may be null: the only one that it names before.
fn null_field(sentence: &str) -> Option<String> {
    let head = sentence.get(..NULL.find(sentence)?.start())?;
    let mut names = NAME.captures_iter(head).filter_map(|found| {
        let name = found.name("marked").or_else(|| found.name("spelled"))?;
        Some(name.as_str().to_owned())
    });
    let name = names.next()?;
    if names.any(|other| other != name) {
        return None;
    }
    let said = nullability::says(&sentence.replace('`', ""), Kind::String);
    let may_be = |own: &Constraint| matches!(own, Constraint::Nullable | Constraint::IsNull);
    said.iter().any(may_be).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("`next_cursor` is null on the last page.", Some("next_cursor"))]
    #[case("next_cursor is null on the last page.", Some("next_cursor"))]
    #[case("On the last page, `next` is `null`.", Some("next"))]
    #[case("The field `parent` may be null.", Some("parent"))]
    #[case("`parent` is never null.", None)]
    #[case("If `a` is given, `b` is null.", None)]
    #[case("A null is no value.", None)]
    #[case("The cursor is null on the last page.", None)]
    fn a_sentence_says_which_field_may_be_null(
        #[case] sentence: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(null_field(sentence).as_deref(), expected);
    }
}
