//! What the descriptions of another source, such as an OpenAPI document, say beside a schema: read
//! by the wordings that pages are read by.

use serde_json::Value;

use super::behaviour;
use super::conditions;
use super::exempt::{exempt, may_cap};
use super::meanings;
use super::meant::{self, goes, settle_parameter};
use super::promised;
use super::ranges;
use super::security;
use super::sentences::sentences;
use super::statement::{Constraint, Direction, Kind, Node, Site};
use crate::contract::{Location, Meaning};

/// The kind of a type of JSON Schema.
fn kind_of(word: &str) -> Kind {
    match word {
        "string" => Kind::String,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "boolean" => Kind::Boolean,
        "array" => Kind::Array,
        "object" => Kind::Object,
        "null" => Kind::Null,
        _ => Kind::Any,
    }
}

/// What a description says of a field of a body; `is_sent` tells a request from an answer.
pub(crate) fn of_field(text: &str, kind: &str, is_sent: bool) -> Vec<Meaning> {
    let direction = if is_sent {
        Direction::Request
    } else {
        Direction::Response
    };
    let left_out = sentences(text)
        .into_iter()
        .filter_map(|sentence| behaviour::left_out(&sentence));
    let mut found: Vec<Meaning> = meanings::meanings(text, kind_of(kind))
        .into_iter()
        .filter(|meaning| {
            !matches!(
                meaning,
                Meaning::Filter | Meaning::Searched | Meaning::PageNumber
            )
        })
        .chain(left_out)
        .filter(|meaning| goes(*meaning, direction))
        .collect();
    found.dedup();
    found
}

/// Whether a description of a field ties whether it is there to others.
pub(crate) fn depends_on_others(text: &str) -> bool {
    let mut all = sentences(text).into_iter();
    all.any(|sentence| conditions::read(&sentence).is_some_and(|told| told.is_of_presence()))
}

/// Whether a description says outright that no credential is needed.
pub(crate) fn needs_no_credential(text: &str) -> bool {
    let mut all = sentences(text).into_iter();
    all.any(|sentence| security::needs_none(&sentence))
}

/// Whether the description of a refusal says that what is asked for was done before.
pub(crate) fn done_already(text: &str) -> bool {
    let mut all = sentences(text).into_iter();
    all.any(|sentence| behaviour::done_already(&sentence))
}

/// What the description of a parameter says of it, and what its name does. `has_form` is whether
/// its schema restricts which texts it takes.
pub(crate) fn of_parameter(
    name: &str,
    location: Location,
    text: &str,
    kind: &str,
    has_form: bool,
) -> Vec<Meaning> {
    let site = Site::default();
    let kind = kind_of(kind);
    let mut node = Node {
        rows: vec![site.clone()],
        ..Node::default()
    };
    node.state(Constraint::Type(kind, None), &site);
    if has_form {
        node.state(Constraint::Format(String::new()), &site);
    }
    for meaning in meanings::meanings(text, kind) {
        node.state(Constraint::Meaning(meaning), &site);
    }
    settle_parameter(name, location, &mut node);
    let is_value = matches!(kind, Kind::String | Kind::Integer | Kind::Number);
    if let (Location::Query, true, Some(end)) = (location, is_value, ranges::end(name, text)) {
        node.state(Constraint::Meaning(end), &site);
    }
    let stated = node.statements.iter();
    stated
        .filter_map(|statement| match statement.constraint {
            // Values that a schema restricts are made up by it.
            Constraint::Meaning(Meaning::Opaque) if has_form => None,
            Constraint::Meaning(meaning) => Some(meaning),
            _ => None,
        })
        .collect()
}

/// The keywords of limits that a description may bend.
const LIMITS: [&str; 5] = [
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "maxLength",
];

/// The limits of a schema that a description bends: values beyond them are allowed, or are taken for
/// the limit.
pub(crate) struct Bent {
    /// Each keyword, and the limit that is left of it.
    pub(crate) limits: Vec<(&'static str, Option<f64>)>,
    /// The keywords beyond whose limits values may be refused or be taken for the limit.
    pub(crate) doubted: Vec<&'static str>,
    /// Whether the description says more of the value than what is left.
    pub(crate) restricts: bool,
}

/// What a description bends of the limits of a schema of this kind; none where it bends none.
pub(crate) fn bent(text: &str, kind: &str, schema: &Value) -> Option<Bent> {
    let stated = |word: &str| match (word, schema.get(word)?) {
        ("maxLength", limit) => limit.as_u64().map(Constraint::MaxLength),
        ("minimum", limit) => limit.as_f64().map(Constraint::Minimum),
        ("exclusiveMinimum", limit) => limit.as_f64().map(Constraint::ExclusiveMinimum),
        ("maximum", limit) => limit.as_f64().map(Constraint::Maximum),
        (_, limit) => limit.as_f64().map(Constraint::ExclusiveMaximum),
    };
    let number = |limit: &Constraint| match limit {
        Constraint::Minimum(own)
        | Constraint::ExclusiveMinimum(own)
        | Constraint::Maximum(own)
        | Constraint::ExclusiveMaximum(own) => Some(*own),
        _ => None,
    };
    let before: Vec<(&'static str, Constraint)> = LIMITS
        .into_iter()
        .filter_map(|word| Some((word, stated(word)?)))
        .collect();
    let mut after: Vec<Constraint> = before.iter().map(|(_, limit)| limit.clone()).collect();
    let told = exempt(text, kind_of(kind), &mut after);
    let limits: Vec<(&'static str, Option<f64>)> = before
        .iter()
        .filter(|(_, limit)| !after.contains(limit))
        .map(|(word, limit)| {
            let same = |other: &&Constraint| other.facet() == limit.facet();
            (*word, after.iter().find(same).and_then(number))
        })
        .collect();
    let doubted = if may_cap(text) && kind_of(kind) != Kind::String {
        ["maximum", "exclusiveMaximum"]
            .into_iter()
            .filter(|word| !limits.iter().any(|(bent, _)| bent == word))
            .filter(|word| schema.get(word).is_some())
            .collect()
    } else {
        Vec::new()
    };
    (!limits.is_empty() || !doubted.is_empty()).then_some(Bent {
        limits,
        doubted,
        restricts: told == Some(Constraint::Prose),
    })
}

/// Whether a field of this name refers to something else by its id.
pub(crate) fn is_reference(name: &str) -> bool {
    meant::names_id(name)
}

/// Which end of a list in time comes first, where the description of what answers it says so.
pub(crate) fn of_list(text: &str) -> Option<Meaning> {
    meanings::in_time(text)
}

/// The field that a list is in the order of, where the description of what answers it says so, and
/// whether the greatest comes first.
pub(crate) fn sorted_by(text: &str) -> Option<(String, bool)> {
    match meanings::sorted(text)? {
        Constraint::SortedBy(name, is_descending) => Some((name, is_descending)),
        _ => None,
    }
}

/// What a description says becomes of the fields that a change leaves out.
pub(crate) fn of_change(method: &str, text: &str) -> Option<Meaning> {
    let changes = matches!(method, "PUT" | "PATCH");
    let mut said = sentences(text).into_iter();
    said.find_map(|sentence| behaviour::of_all(method, &sentence))
        .filter(|_| changes)
}

phrases! {
    Said:

    /// The fields that alone can be changed: `The only fields that can be modified are: a, b and c.`
    static ALONE;

    /// An operation that is described and not there.
    static UNSERVED;
}

/// The fields that a description says alone can be changed: the others are not.
pub(crate) fn alone_changed(method: &str, text: &str) -> Option<Vec<String>> {
    if !matches!(method, "PUT" | "PATCH") {
        return None;
    }
    let listed = ALONE.captures(text)?.name("names")?.as_str();
    let names = listed.split([',', ' ', '`', '"', '\'', '\n']);
    let names: Vec<String> = names
        .filter(|word| !word.is_empty() && !matches!(*word, "and" | "or" | "the"))
        .map(str::to_owned)
        .collect();
    // Other words in between describe fields, and do not name them.
    let is_name = |name: &String| {
        name.chars()
            .all(|c| c.is_alphanumeric() || "_-[].".contains(c))
    };
    (!names.is_empty() && names.iter().all(is_name)).then_some(names)
}

/// Whether a description says that nothing serves its operation.
pub(crate) fn is_unserved(text: &str) -> bool {
    UNSERVED.is_match(text)
}

/// Whether a description says that a request to one thing makes what is not there.
pub(crate) fn creates(method: &str, path: &str, text: &str) -> bool {
    let mut said = sentences(text).into_iter();
    said.any(|sentence| promised::creates(method, path, &sentence))
}

/// Whether a description of a list says that it has some of the things alone, or has them later than
/// they are made.
pub(crate) fn lists_some(method: &str, text: &str) -> bool {
    let mut said = sentences(text).into_iter();
    said.any(|sentence| promised::lists_some(method, &sentence))
}

/// Whether a description says that its operation serves only where its service is set up for it.
pub(crate) fn serves_where_set_up(text: &str) -> bool {
    let mut said = sentences(text).into_iter();
    said.any(|sentence| promised::serves_where_set_up(&sentence))
}

/// Whether a description says that a change is answered with what was there before it.
pub(crate) fn answers_before(method: &str, text: &str) -> bool {
    let mut said = sentences(text).into_iter();
    said.any(|sentence| promised::answers_before(method, &sentence))
}

/// Whether a description says that a delete takes away what belongs to what is deleted.
pub(crate) fn cascades(method: &str, text: &str) -> bool {
    let mut said = sentences(text).into_iter();
    said.any(|sentence| promised::cascades(method, &sentence))
}

/// Whether a description says that a change makes another thing, and leaves what was there.
pub(crate) fn makes_anew(method: &str, text: &str) -> bool {
    let mut said = sentences(text).into_iter();
    said.any(|sentence| promised::makes_anew(method, &sentence))
}

/// The sentences of a description which say that no two things have the same of something.
pub(crate) fn of_unique(text: &str) -> Vec<String> {
    let all = sentences(text).into_iter();
    all.filter(|sentence| promised::is_unique(sentence))
        .collect()
}

/// What of a thing may be there already, where the description of a conflict says so.
pub(crate) fn of_conflict(text: &str) -> Vec<String> {
    let all = sentences(text).into_iter();
    all.filter_map(|sentence| promised::conflict(&sentence).map(str::to_owned))
        .collect()
}

/// How strongly a description says that a delete may be repeated.
pub(crate) fn of_delete(text: &str) -> Option<crate::contract::Level> {
    let mut said = sentences(text).into_iter();
    said.find_map(|sentence| behaviour::repeatable(&sentence))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::listed(
        "The only fields which can be changed are: name, size and soa_edit. Others stay.",
        "PUT",
        Some("name size soa_edit")
    )]
    #[case::following(
        "Only the following fields can be updated: `name`, `size`.",
        "PATCH",
        Some("name size")
    )]
    #[case::of_a_read("The only fields which can be changed are: name.", "GET", None)]
    #[case::condition("Only fields of a draft can be changed.", "PUT", None)]
    fn the_fields_that_alone_can_be_changed_are_told(
        #[case] text: &str,
        #[case] method: &str,
        #[case] expected: Option<&str>,
    ) {
        let found = alone_changed(method, text).map(|names| names.join(" "));
        assert_eq!(found.as_deref(), expected);
    }

    #[rstest]
    #[case("NOT IMPLEMENTED", true)]
    #[case("Not yet implemented.", true)]
    #[case("Fails where the driver is not implemented.", false)]
    fn what_nothing_serves_is_told(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_unserved(text), expected);
    }

    #[rstest]
    #[case("The code. Only for a failed widget.", "string", false, &[Meaning::OfFailure])]
    #[case("The widgets, newest first.", "array", false, &[Meaning::NewestFirst])]
    #[case("What is left out stays as it is.", "string", true, &[Meaning::Kept])]
    #[case("Only widgets of this name.", "string", true, &[])]
    #[case("The name.", "string", true, &[])]
    fn a_field_has_the_meanings_of_pages(
        #[case] text: &str,
        #[case] kind: &str,
        #[case] is_sent: bool,
        #[case] expected: &[Meaning],
    ) {
        assert_eq!(of_field(text, kind, is_sent), expected);
    }

    #[rstest]
    #[case("state", "Only widgets in this state.", false, &[Meaning::Filter])]
    #[case("cursor", "", false, &[Meaning::Opaque])]
    #[case("cursor", "", true, &[])]
    #[case("limit", "How many there are.", false, &[])]
    fn a_parameter_has_the_meanings_of_pages(
        #[case] name: &str,
        #[case] text: &str,
        #[case] has_form: bool,
        #[case] expected: &[Meaning],
    ) {
        let found = of_parameter(name, Location::Query, text, "string", has_form);
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case::capped("Values above 50 are treated as 50.", &[("maximum", None)], false)]
    #[case::next_to_it("Use -1 for no end.", &[("minimum", Some(-1.0))], false)]
    #[case::perhaps("A number (capped at 50).", &[], false)]
    #[case::refused("Values above 50 are refused.", &[], false)]
    fn a_description_bends_the_limits_of_a_schema(
        #[case] text: &str,
        #[case] limits: &[(&'static str, Option<f64>)],
        #[case] restricts: bool,
    ) {
        let schema = serde_json::json!({ "type": "integer", "minimum": 0, "maximum": 50 });
        let found = bent(text, "integer", &schema);
        let found = found.map(|bent| (bent.limits, bent.restricts));
        let found = found.filter(|(limits, _)| !limits.is_empty());
        let expected = (!limits.is_empty()).then(|| (limits.to_vec(), restricts));
        assert_eq!(found, expected);
    }

    #[test]
    fn an_operation_says_what_becomes_of_what_is_left_out() {
        let text = "Replaces it as a whole. What is left out goes back to its default.";
        assert_eq!(of_change("PUT", text), Some(Meaning::Reset));
        assert_eq!(of_change("POST", text), None);
        let text = "Deleting what does not exist is no error.";
        assert_eq!(of_delete(text), Some(crate::contract::Level::Must));
    }
}
