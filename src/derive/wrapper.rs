//! A body whose table describes what stands inside it: the rows `title` and `note` beside
//! `{"job": {"title": ..., "note": ...}}`. What is around the fields stands in no row, and the page
//! says it by its examples.

use serde_json::{Map, Value};

use super::statement::{Constraint, Kind, Node, Site};

/// Puts the fields of a body into what all its examples show around them. Where one example shows a
/// field at the top, or another thing around it, the fields stay.
pub(super) fn take_wrapper(node: &mut Node, shown: &[&Value], site: &Site) {
    if node.items.is_some() || node.values.is_some() || node.properties.is_empty() {
        return;
    }
    let Some(maps) = shown
        .iter()
        .map(|value| value.as_object())
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let is_row = |name: &str| node.properties.iter().any(|(known, _)| known == name);
    let Some(name) = maps
        .first()
        .and_then(|map| only_holder(map, &is_row))
        .map(str::to_owned)
    else {
        return;
    };
    let is_same = maps
        .iter()
        .all(|map| only_holder(map, &is_row).is_some_and(|own| own == name));
    let inside: Vec<&Map<String, Value>> = maps
        .iter()
        .filter_map(|map| map.get(&name))
        .flat_map(items)
        .collect();
    let is_seen = |(field, _): &(String, Node)| inside.iter().any(|map| map.contains_key(field));
    let seen = node.properties.iter().filter(|own| is_seen(own)).count();
    if !is_same || seen * 2 < node.properties.len() {
        return;
    }
    let is_list = maps
        .iter()
        .filter_map(|map| map.get(&name))
        .all(Value::is_array);
    let mut inner = std::mem::take(node);
    let at = |row: &str| site.at(row, site.line);
    if !inner.is(Kind::Object) {
        inner.state(Constraint::Type(Kind::Object, None), &at(&name));
    }
    if is_list {
        let mut list = Node {
            items: Some(Box::new(inner)),
            ..Node::default()
        };
        list.state(Constraint::Type(Kind::Array, None), &at(&name));
        inner = list;
    }
    inner.rows.push(at(&name));
    node.state(Constraint::Type(Kind::Object, None), &at("body"));
    node.properties.push((name, inner));
}

/// The only key of an example whose value holds fields that rows describe, where none of them stands
/// beside it.
fn only_holder<'m>(map: &'m Map<String, Value>, is_row: &impl Fn(&str) -> bool) -> Option<&'m str> {
    if map.keys().any(|key| is_row(key)) {
        return None;
    }
    let mut holders = map.iter().filter(|(_, value)| {
        items(value)
            .iter()
            .any(|item| item.keys().any(|key| is_row(key)))
    });
    let (name, _) = holders.next()?;
    holders.next().is_none().then_some(name)
}

/// The objects that a value is, or is a list of.
fn items(value: &Value) -> Vec<&Map<String, Value>> {
    match value {
        Value::Object(map) => vec![map],
        Value::Array(items) => items.iter().filter_map(Value::as_object).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn fields(names: &[&str]) -> Node {
        let row = |name: &&str| ((*name).to_owned(), Node::default());
        Node {
            properties: names.iter().map(row).collect(),
            ..Node::default()
        }
    }

    #[rstest]
    #[case::object(&[json!({"job": {"a": 1, "b": 2}})], Some(("job", Kind::Object)))]
    #[case::beside_others(&[json!({"code": 0, "data": {"a": 1}, "more": {}})], Some(("data", Kind::Object)))]
    #[case::list(&[json!({"jobs": [{"a": 1, "b": 2}]})], Some(("jobs", Kind::Array)))]
    #[case::flat(&[json!({"a": 1})], None)]
    #[case::beside(&[json!({"a": 1, "job": {"b": 1}})], None)]
    #[case::two(&[json!({"job": {"a": 1}, "part": {"b": 1}})], None)]
    #[case::of_two_minds(&[json!({"job": {"a": 1}}), json!({"task": {"a": 1}})], None)]
    #[case::foreign(&[json!({"job": {"c": 1}})], None)]
    #[case::none(&[], None)]
    fn fields_stand_inside_what_is_shown(
        #[case] shown: &[Value],
        #[case] expected: Option<(&str, Kind)>,
    ) {
        let mut node = fields(&["a", "b"]);
        let values: Vec<&Value> = shown.iter().collect();
        take_wrapper(&mut node, &values, &Site::default());
        match expected {
            Some((name, kind)) => {
                let [(own, inner)] = node.properties.as_slice() else {
                    panic!("{node:?}");
                };
                assert!(own == name && inner.is(kind));
                let item = inner.items.as_deref().unwrap_or(inner);
                assert_eq!(item.properties.len(), 2);
            }
            None => assert_eq!(node.properties.len(), 2),
        }
    }

    #[test]
    fn a_few_names_that_are_alike_are_no_wrapper() {
        let mut node = fields(&["a", "b", "c", "d", "e"]);
        take_wrapper(&mut node, &[&json!({"meta": {"a": 1}})], &Site::default());
        assert_eq!(node.properties.len(), 5);
    }
}
