//! A record: what an answer shows of a resource, field by field, and which fields of a request it
//! repeats.

use std::collections::HashMap;

use serde_json::{Number, Value};

use crate::contract::{
    Facet, Fact, Field, FieldPath, Level, Meaning, Schema, Step, is_secret, is_volatile, types_of,
};
use crate::generate::is_map;
use crate::recognise::is_of_another;
use crate::text;

/// A field of a request, and where an answer shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mirrored {
    /// The field of the request's body.
    pub(super) sent: FieldPath,
    /// The field of the answer.
    pub(super) shown: FieldPath,
}

/// The fields of a request's body that an answer repeats: those of one name and type, an object
/// around all of a message left aside.
pub(super) fn mirrored(request: &Schema, answer: &Schema) -> Vec<Mirrored> {
    let shown: Vec<Field<'_>> = leaves(answer).collect();
    // Schemas that lead to each other have thousands of fields on either side.
    let mut by_path: HashMap<&[Step], &Field<'_>> = HashMap::new();
    let mut by_inner: HashMap<&[Step], Vec<&Field<'_>>> = HashMap::new();
    for field in &shown {
        by_path.insert(field.path.steps(), field);
        by_inner.entry(inner(field.path)).or_default().push(field);
    }
    leaves(request)
        .filter(|sent| !is_volatile(sent.path) && !is_secret(sent.path) && is_kept(sent))
        .filter(|sent| !request.is_read_only(sent.path) && !is_of_another(request, sent.path))
        .filter_map(|sent| {
            let is_same_kind = |field: &&Field<'_>| {
                let wanted = types_of(sent.node);
                types_of(field.node)
                    .iter()
                    .any(|kind| *kind != "null" && is_of(&wanted, kind))
            };
            let at = |steps: &[Step]| by_path.get(steps).copied();
            let exact = at(sent.path.steps()).filter(is_same_kind);
            let found = exact.or_else(|| {
                // An object around the whole of the answer, of the request, or of both.
                let own = inner(sent.path);
                let around = [sent.path.steps(), own]
                    .into_iter()
                    .filter(|own| !own.is_empty());
                let around = around
                    .filter_map(|own| by_inner.get(own))
                    .flatten()
                    .copied();
                let within = at(own).filter(|_| !own.is_empty());
                let mut near = around.chain(within).filter(is_same_kind);
                near.next().filter(|_| near.next().is_none())
            })?;
            is_kept(found).then(|| Mirrored {
                sent: sent.path.clone(),
                shown: found.path.clone(),
            })
        })
        .collect()
}

/// Whether nothing says that a field is kept in another form than it was sent in, or is not taken:
/// neither a sentence that is read so, nor one that is not understood.
fn is_kept(field: &Field<'_>) -> bool {
    let other = [
        Facet::Meaning(Meaning::OfService),
        Facet::Meaning(Meaning::ReadOnly),
        Facet::Prose,
    ];
    let unique = Facet::Meaning(Meaning::Unique);
    let is_unique = field.facts.iter().any(|fact| fact.facet == unique);
    // That a value is unique says nothing of how it is kept.
    let is_aside =
        |fact: &Fact| is_unique && fact.facet == Facet::Prose && fact.level == Level::May;
    !field
        .facts
        .iter()
        .any(|fact| other.contains(&fact.facet) && !is_aside(fact))
}

/// Whether a shown value stands for one that is not shown: `******`, `****1234`.
pub(super) fn is_mask(value: &Value) -> bool {
    const MARKS: [char; 4] = ['*', '•', '●', '∗'];
    value.as_str().is_some_and(|text| {
        let marks = text.chars().filter(|one| MARKS.contains(one)).count();
        marks >= 3
    })
}

/// Whether a type is among some; a whole number is a number.
fn is_of(types: &[&str], kind: &str) -> bool {
    let is_number = |kind: &str| matches!(kind, "integer" | "number");
    types
        .iter()
        .any(|own| *own == kind || is_number(own) && is_number(kind))
}

/// The steps of a path below the outermost object.
fn inner(path: &FieldPath) -> &[Step] {
    path.steps().get(1..).unwrap_or_default()
}

/// The scalar fields of a body, and its arrays of scalars, that stand in it once.
fn leaves(schema: &Schema) -> impl Iterator<Item = Field<'_>> {
    schema.fields().filter(move |field| {
        let types = types_of(field.node);
        let is_list = types.contains(&"array");
        let is_leaf = !types.is_empty() && (!types.contains(&"object") || is_map(field.node));
        let is_plain_list = || {
            schema.field(&field.path.item()).is_some_and(|item| {
                let types = types_of(item.node);
                !types.is_empty() && !types.contains(&"object") && !types.contains(&"array")
            })
        };
        !field.path.is_root()
            && !field.path.has_item()
            && !field.path.has_entry()
            && is_leaf
            && (!is_list || is_plain_list())
    })
}

/// The documented scalar fields of an answer that nothing but a change of them changes.
pub(super) fn steady(answer: &Schema) -> Vec<FieldPath> {
    leaves(answer)
        .map(|field| field.path.clone())
        .filter(|path| !is_volatile(path))
        .collect()
}

/// The value of a field of a body; none where it is absent or null.
pub(super) fn value_at<'v>(body: &'v Value, path: &FieldPath) -> Option<&'v Value> {
    body.pointer(&path.to_pointer())
        .filter(|value| !value.is_null())
}

/// Whether two values say the same: equal numbers are equal (20 and 20.0), so are texts that
/// [say the same](text::says_the_same), and lists of the same scalars in whatever order.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (sent, mask) if is_mask(mask) && !is_mask(sent) => true,
        (Value::Number(one), Value::Number(other)) => is_same_number(one, other),
        (Value::String(one), Value::String(other)) => text::says_the_same(one, other),
        (Value::Array(one), Value::Array(other)) => {
            let mut left: Vec<&Value> = other.iter().collect();
            one.len() == other.len()
                && one.iter().all(|value| {
                    let at = left.iter().position(|known| is_same(value, known));
                    at.map(|at| left.swap_remove(at)).is_some()
                })
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|known| is_same(value, known)))
        }
        (one, other) => one == other,
    }
}

/// Whether a list of texts or numbers, or a map, has all that was sent, and others: a service adds
/// what it gives to all, as a new thing's owner to those who may change it.
pub(in crate::harness::relation) fn is_added_to(sent: &Value, now: &Value) -> bool {
    match (sent, now) {
        (Value::Array(sent), Value::Array(now)) => {
            let is_single = |item: &Value| !item.is_array() && !item.is_object();
            sent.iter()
                .all(|item| is_single(item) && now.contains(item))
                && now.iter().any(|item| !sent.contains(item))
        }
        (Value::Object(sent), Value::Object(now)) => {
            let is_there = |(name, value): (&String, &Value)| {
                now.get(name).is_some_and(|known| is_same(value, known))
            };
            now.len() > sent.len() && sent.iter().all(is_there)
        }
        _ => false,
    }
}

/// Whether a place that was sent without its beginning is shown with it: `models/a` as
/// `file:///data/models/a` (RFC 3986, section 5.2).
fn is_resolved(sent: &Value, now: &Value) -> bool {
    let (Value::String(sent), Value::String(now)) = (sent, now) else {
        return false;
    };
    let is_whole = |text: &str| text.starts_with('/') || text.contains("://");
    let before = now.strip_suffix(sent.as_str());
    !sent.is_empty()
        && !is_whole(sent)
        && is_whole(now)
        && before.is_some_and(|before| before.ends_with('/'))
}

/// Whether what an answer shows is what was sent, or that and what the service adds.
pub(super) fn is_kept_in(sent: &Value, now: &Value) -> bool {
    is_same(sent, now) || is_added_to(sent, now) || is_resolved(sent, now)
}

fn is_same_number(one: &Number, other: &Number) -> bool {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => one == other,
        // What stands within the numbers of a double alone is compared as one.
        _ => one == other || one.as_f64() == other.as_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(json!(20), json!(20.0), true)]
    #[case(json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992_u64), false)]
    #[case(json!("2024-01-01T00:00:00Z"), json!("2024-01-01T01:00:00+01:00"), true)]
    #[case(json!(["a", "b"]), json!(["b", "a"]), true)]
    #[case(json!(["a", "a"]), json!(["a", "b"]), false)]
    #[case(json!("a"), json!("a "), true)]
    #[case(json!("a b"), json!("ab"), false)]
    #[case(json!(true), json!("true"), false)]
    fn values_say_the_same(#[case] one: Value, #[case] other: Value, #[case] expected: bool) {
        assert_eq!(is_same(&one, &other), expected);
    }

    #[rstest]
    #[case(json!(["a"]), json!(["owner", "a"]), true)]
    #[case(json!(["a", "b"]), json!(["b", "owner", "a"]), true)]
    #[case(json!([]), json!(["owner"]), true)]
    #[case(json!(["a", "b"]), json!(["owner", "a"]), false)]
    #[case(json!(["a"]), json!(["a", "a"]), false)]
    #[case(json!([{ "id": 1 }]), json!([{ "id": 1 }, { "id": 2 }]), false)]
    #[case(json!("a"), json!(["a", "b"]), false)]
    #[case(json!({ "a": 1 }), json!({ "a": 1, "b": 2 }), true)]
    #[case(json!({ "a": 1 }), json!({ "b": 2, "c": 3 }), false)]
    fn a_list_may_be_added_to(#[case] sent: Value, #[case] now: Value, #[case] expected: bool) {
        assert_eq!(is_added_to(&sent, &now), expected);
    }

    #[rstest]
    #[case("models/a", "/data/models/a", true)]
    #[case("models/a", "file:///data/models/a", true)]
    #[case("models/a", "/data/models/b", false)]
    #[case("a", "/data", false)]
    #[case("a", "b/a", false)]
    #[case("/a", "/data/a", false)]
    #[case("", "/data/", false)]
    fn a_place_may_be_shown_whole(#[case] sent: &str, #[case] now: &str, #[case] expected: bool) {
        assert_eq!(is_resolved(&json!(sent), &json!(now)), expected);
    }

    fn schema(fields: Value) -> Schema {
        Schema::compile(json!({ "type": "object", "properties": fields })).unwrap()
    }

    #[test]
    fn fields_of_one_name_are_mirrored() {
        let request = schema(json!({
            "name": { "type": "string" },
            "size": { "type": "object", "properties": { "width": { "type": "integer" } } },
            "password": { "type": "string" },
            "other": { "type": "string" },
            "labels": { "type": "array", "items": { "type": "string" } },
        }));
        let answer = schema(json!({
            "name": { "type": ["string", "null"] },
            "size": { "type": "object", "properties": { "width": { "type": "number" } } },
            "password": { "type": "string" },
            "other": { "type": "integer" },
            "labels": { "type": "array", "items": { "type": "string" } },
        }));
        let names: Vec<String> = mirrored(&request, &answer)
            .iter()
            .map(|one| one.sent.to_string())
            .collect();
        assert_eq!(names, ["name", "size.width", "labels"]);
    }

    #[test]
    fn what_stands_beside_the_id_of_another_is_its_own_to_keep() {
        let group = json!({ "type": "object", "properties": {
            "id": { "type": "string" }, "label": { "type": "string" },
            "owner": { "type": "object", "properties": { "name": { "type": "string" } } },
        } });
        let size = json!({ "type": "object", "properties": { "width": { "type": "integer" } } });
        let both = json!({ "title": { "type": "string" }, "group": group, "size": size });
        let (request, answer) = (schema(both.clone()), schema(both));
        let names = |request: &Schema, answer: &Schema| -> Vec<String> {
            let found = mirrored(request, answer);
            found.iter().map(|one| one.sent.to_string()).collect()
        };
        assert_eq!(
            names(&request, &answer),
            ["title", "group.id", "size.width"]
        );
        // An object around the whole has the id of the thing itself.
        let whole = schema(json!({ "group": group }));
        let all = ["group.id", "group.label", "group.owner.name"];
        assert_eq!(names(&whole, &whole), all);
    }

    #[test]
    fn an_object_around_all_of_an_answer_is_left_aside() {
        let request = schema(json!({ "name": { "type": "string" } }));
        let answer = schema(json!({
            "widget": { "type": "object", "properties": { "name": { "type": "string" } } }
        }));
        let shown = mirrored(&request, &answer).remove(0).shown;
        assert_eq!(shown, FieldPath::name("widget").child("name"));
    }
}
