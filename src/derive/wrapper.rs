//! A body whose table describes what stands inside it: the rows `title` and `note` beside
//! `{"job": {"title": ..., "note": ...}}`. What is around the fields stands in no row, and the page
//! says it by its examples.

use serde_json::{Map, Value};

use super::statement::{Constraint, Kind, Node, Site};

/// How deep an example is looked into.
const DEPTH: usize = 4;

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
    let Some(way) = maps
        .first()
        .and_then(|map| way_to_rows(map, &is_row, DEPTH))
    else {
        return;
    };
    let is_same = maps
        .iter()
        .all(|map| way_to_rows(map, &is_row, DEPTH).is_some_and(|own| own == way));
    let inside: Vec<&Map<String, Value>> = maps.iter().flat_map(|map| at(map, &way)).collect();
    let is_seen = |(field, _): &(String, Node)| inside.iter().any(|map| map.contains_key(field));
    let seen = node.properties.iter().filter(|own| is_seen(own)).count();
    if !is_same || seen * 2 < node.properties.len() {
        return;
    }
    let here = |row: &str| site.at(row, site.line);
    let mut inner = std::mem::take(node);
    for end in (1..=way.len()).rev() {
        let (Some(around), Some(name)) = (way.get(..end - 1), way.get(end - 1)) else {
            break;
        };
        let is_list = maps
            .iter()
            .flat_map(|map| at(map, around))
            .filter_map(|map| map.get(name))
            .all(Value::is_array);
        if !inner.is(Kind::Object) {
            inner.state(Constraint::Type(Kind::Object, None), &here(name));
        }
        if is_list {
            let mut list = Node {
                items: Some(Box::new(inner)),
                ..Node::default()
            };
            list.state(Constraint::Type(Kind::Array, None), &here(name));
            inner = list;
        }
        inner.rows.push(here(name));
        inner = Node {
            properties: vec![(name.clone(), inner)],
            ..Node::default()
        };
    }
    inner.state(Constraint::Type(Kind::Object, None), &here("body"));
    *node = inner;
}

/// The keys of an example that lead to the fields which rows describe, from outside to inside: each
/// the only one of its object that does, where none of the fields stands beside it.
fn way_to_rows(
    map: &Map<String, Value>,
    is_row: &impl Fn(&str) -> bool,
    depth: usize,
) -> Option<Vec<String>> {
    let depth = depth.checked_sub(1)?;
    if map.keys().any(|key| is_row(key)) {
        return None;
    }
    let holds = |value: &Value| {
        let items = items(value);
        items.iter().any(|item| item.keys().any(|key| is_row(key)))
    };
    let mut holders = map.iter().filter(|(_, value)| holds(value));
    if let Some((name, _)) = holders.next() {
        return holders.next().is_none().then(|| vec![name.clone()]);
    }
    let mut ways = map.iter().filter_map(|(name, value)| {
        let inner = way_to_rows(value.as_object()?, is_row, depth)?;
        Some([vec![name.clone()], inner].concat())
    });
    let way = ways.next()?;
    ways.next().is_none().then_some(way)
}

/// The objects that stand at the end of a way into an example.
fn at<'m>(map: &'m Map<String, Value>, way: &[String]) -> Vec<&'m Map<String, Value>> {
    way.iter().fold(vec![map], |maps, name| {
        maps.into_iter()
            .filter_map(|map| map.get(name))
            .flat_map(items)
            .collect()
    })
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
    #[case::deep_list(&[json!({"code": 0, "data": {"list": [{"a": 1, "b": 2}], "meta": {"page": 1}}})], Some(("data", Kind::Object)))]
    #[case::two_deep(&[json!({"data": {"one": {"a": 1}, "other": {"b": 1}}})], None)]
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
                let mut item = inner.items.as_deref().unwrap_or(inner);
                while let [(_, only)] = item.properties.as_slice() {
                    item = only.items.as_deref().unwrap_or(only);
                }
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
