//! A body that is an array: its table has one row that stands for the whole, or names each field as
//! one of an item, or is flat while the page's own example is an array of such objects.

use serde_json::Value;

use super::nesting::is_map_of;
use super::statement::{Constraint, Kind, Node, Site};

/// The name of a row that is the whole of a body.
const WHOLE: &str = "[]";

/// How a row begins that describes a field of an item of the body.
pub(super) const OF_ITEM: &str = "[].";

/// Lets a body's node be an array where its rows or the values that examples show say so.
pub(super) fn take_root(node: &mut Node, shown: &[&Value]) {
    if node.items.is_some() || node.properties.is_empty() {
        return;
    }
    if let [(name, row)] = node.properties.as_slice()
        && name == WHOLE
        && !row.is(Kind::Array)
    {
        let whole = row.clone();
        *node = as_root(whole);
        return;
    }
    let is_named = |name: &str| node.properties.iter().any(|(own, _)| own == name);
    if !shown.is_empty() && shown.iter().all(|value| is_map_of(value, &is_named)) {
        let entry = std::mem::take(node);
        node.state(Constraint::Type(Kind::Object, None), &Site::default());
        node.values = Some(Box::new(as_object(entry)));
        return;
    }
    // Of an object that is shown no row can be the whole.
    if shown.iter().any(|value| !value.is_array()) {
        return;
    }
    if let [(name, row)] = node.properties.as_slice()
        && row.is(Kind::Array)
        && (is_whole(name) || !shown.is_empty() && !is_field(name, shown))
    {
        let whole = row.clone();
        *node = as_root(whole);
        return;
    }
    if node
        .properties
        .iter()
        .all(|(name, _)| name.starts_with(OF_ITEM))
    {
        for (name, _) in &mut node.properties {
            *name = name.split_off(OF_ITEM.len());
        }
        wrap(node);
    } else if !shown.is_empty()
        && node
            .properties
            .iter()
            .any(|(name, _)| is_field(name, shown))
    {
        wrap(node);
    }
}

/// Whether a row's name is none, but stands for the whole: `[]`, `[items]`.
fn is_whole(name: &str) -> bool {
    name.starts_with('[') && name.ends_with(']')
}

/// Whether an item that is shown has a field.
fn is_field(name: &str, shown: &[&Value]) -> bool {
    let items = shown.iter().filter_map(|value| value.as_array()).flatten();
    items
        .into_iter()
        .any(|item| item.get(name).is_some_and(|_| item.is_object()))
}

/// A row's node as that of the body: whether a body is there is said elsewhere.
fn as_root(mut row: Node) -> Node {
    row.statements.retain(|statement| {
        !matches!(
            statement.constraint,
            Constraint::Required(_) | Constraint::Conditional
        )
    });
    row
}

/// Lets a body's node be the text that the body is, where one row describes it.
pub(super) fn take_text(node: &mut Node) {
    if let [(_, row)] = node.properties.as_slice()
        && !row.is(Kind::Object)
        && !row.is(Kind::Array)
    {
        // A text that has to be sent is a body that has to be there.
        *node = row.clone();
    }
}

/// Makes an array of what was taken for the whole.
fn wrap(node: &mut Node) {
    let item = as_object(std::mem::take(node));
    node.state(Constraint::Type(Kind::Array, None), &Site::default());
    node.items = Some(Box::new(item));
}

/// What holds fields as the object that the page shows by its example, in no row.
fn as_object(mut node: Node) -> Node {
    if !node.is(Kind::Object) {
        node.state(Constraint::Type(Kind::Object, None), &Site::default());
    }
    node
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn row(kind: Kind) -> Node {
        let mut row = Node::default();
        row.state(Constraint::Type(kind, None), &Site::default());
        row.state(Constraint::Required(true), &Site::default());
        row
    }

    fn table(names: &[&str], kind: Kind) -> Node {
        let rows = names.iter().map(|name| ((*name).to_owned(), row(kind)));
        Node {
            properties: rows.collect(),
            ..Node::default()
        }
    }

    #[rstest]
    #[case::bracketed(&["[items]"], Kind::Array, &[], &[])]
    #[case::empty_brackets(&["[]"], Kind::Array, &[json!([{"a": 1}])], &[])]
    #[case::named_otherwise(&["zones"], Kind::Array, &[json!([{"a": 1}])], &[])]
    #[case::of_items(&["[].a", "[].b"], Kind::String, &[], &["a", "b"])]
    #[case::flat(&["a", "b"], Kind::String, &[json!([{"a": "x"}])], &["a", "b"])]
    #[case::flat_list(&["a"], Kind::Array, &[json!([{"a": ["x"]}])], &["a"])]
    fn a_body_is_an_array(
        #[case] names: &[&str],
        #[case] kind: Kind,
        #[case] shown: &[Value],
        #[case] fields: &[&str],
    ) {
        let mut node = table(names, kind);
        take_root(&mut node, &shown.iter().collect::<Vec<_>>());
        assert!(node.is(Kind::Array));
        assert_eq!(node.mandatory(), None);
        let items = node.items.map(|items| items.properties).unwrap_or_default();
        let known: Vec<&str> = items.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(known, fields);
    }

    #[rstest]
    #[case::of_ids(json!({"0b1c2d3e-4f50-4a61-8b72-9c8d7e6f5a4b": {"a": "x"}}), true)]
    #[case::of_names(json!({"{id}": {"a": "x"}, "{other_id}": {"a": "y"}}), true)]
    #[case::of_fields(json!({"a": {"b": "x"}}), false)]
    #[case::of_what_no_row_describes(json!({"0b1c2d3e-4f50-4a61-8b72-9c8d7e6f5a4b": {"c": "x"}}), false)]
    #[case::of_texts(json!({"0b1c2d3e-4f50-4a61-8b72-9c8d7e6f5a4b": "x"}), false)]
    fn a_body_is_a_map(#[case] shown: Value, #[case] expected: bool) {
        let mut node = table(&["a", "b"], Kind::String);
        take_root(&mut node, &[&shown]);
        let fields = node.values.as_ref().map_or(0, |own| own.properties.len());
        assert_eq!(
            (fields, node.properties.len()),
            if expected { (2, 0) } else { (0, 2) }
        );
    }

    #[rstest]
    #[case::list(&["zones"], Kind::Array, &[])]
    #[case::optional(&["[zones]"], Kind::Array, &[json!({"zones": []})])]
    #[case::object(&["a"], Kind::String, &[json!({"a": "x"})])]
    #[case::both(&["a"], Kind::String, &[json!([{"a": "x"}]), json!({"a": "x"})])]
    #[case::foreign(&["a", "b"], Kind::String, &[json!([{"c": "x"}])])]
    fn a_body_stays_an_object(#[case] names: &[&str], #[case] kind: Kind, #[case] shown: &[Value]) {
        let mut node = table(names, kind);
        take_root(&mut node, &shown.iter().collect::<Vec<_>>());
        assert!(!node.is(Kind::Array) && node.properties.len() == names.len());
    }
}
