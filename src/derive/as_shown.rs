//! A body of an answer that no table describes and an example shows: its fields and their types are
//! those of the example, and no more is said of them than an example can say.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::draft::{Draft, Response, SUCCESS};
use super::examples::Examples;
use super::statement::{Constraint, Kind, Node, Site};

/// How deep examples are followed, and how many fields of one object.
const DEPTH: usize = 12;
const MOST: usize = 400;

/// The ends of names whose whole numbers never have a part.
const WHOLE: [&str; 9] = [
    "id", "count", "total", "page", "pages", "size", "limit", "offset", "version",
];

pattern! {
    /// A key that is a name. Others are values themselves: ids, dates, addresses.
    static NAME = r"^[A-Za-z_@$][A-Za-z0-9_.@$:-]*$";
    static VALUE = r"\d{3,}|\d-\d";
}

/// Lets a node be what examples show at its place.
pub(super) fn take(node: &mut Node, shown: &[&Value], site: &Site) {
    if shown.iter().all(|value| value.is_array()) && !shown.is_empty() {
        // The root stands in no row, and has nothing to cite.
        node.state(Constraint::Type(Kind::Array, None), &Site::default());
    }
    children(node, shown, site, "", 0);
}

/// Lets the lists of a body have the items that examples show, where their rows say no more than that
/// they are lists: `results | array`.
pub(super) fn fill_lists(node: &mut Node, shown: &[&Value], site: &Site) {
    fill(node, shown, site, "", 0);
}

fn fill(node: &mut Node, shown: &[&Value], site: &Site, path: &str, depth: usize) {
    if depth > DEPTH {
        return;
    }
    for (name, child) in &mut node.properties {
        let values: Vec<&Value> = shown
            .iter()
            .filter_map(|value| value.get(name.as_str()))
            .collect();
        let below = match path {
            "" => name.clone(),
            path => format!("{path}.{name}"),
        };
        fill(child, &values, site, &below, depth + 1);
    }
    let items: Vec<&Value> = shown
        .iter()
        .filter_map(|value| value.as_array())
        .flatten()
        .collect();
    let below = format!("{path}[]");
    if let Some(own) = node.items.as_mut().filter(|own| !is_bare(own)) {
        fill(own, &items, site, &below, depth + 1);
    } else if node.is(Kind::Array) && !items.is_empty() && items.iter().all(|item| item.is_object())
    {
        let mut own = field("", &items, site, &below, depth + 1);
        own.rows.clear();
        if let Some(described) = node.items.take() {
            own.statements = described.statements;
        }
        node.items = Some(Box::new(own));
    }
}

/// Whether nothing is known of an item, but perhaps that it is an object.
fn is_bare(items: &Node) -> bool {
    let is_open = |kind: Kind| matches!(kind, Kind::Object | Kind::Any);
    items.properties.is_empty()
        && items.values.is_none()
        && items.items.is_none()
        && items.object.is_none()
        && !items.recursive
        && items.kind().is_none_or(is_open)
}

fn field(name: &str, shown: &[&Value], site: &Site, path: &str, depth: usize) -> Node {
    let mut node = Node::default();
    let own = site.at(path, site.line);
    for value in shown {
        if let Some(kind) = kind_of(name, value) {
            node.state(Constraint::Shown(kind), &own);
        }
    }
    // Of what shows no value nothing can be held.
    if !node.statements.is_empty() {
        node.rows.push(own);
    }
    children(&mut node, shown, site, path, depth);
    node
}

fn children(node: &mut Node, shown: &[&Value], site: &Site, path: &str, depth: usize) {
    if depth > DEPTH {
        return;
    }
    let objects: Vec<&Map<String, Value>> =
        shown.iter().filter_map(|value| value.as_object()).collect();
    let is_name = |key: &String| NAME.is_match(key) && !VALUE.is_match(key);
    if objects.iter().all(|object| object.keys().all(is_name)) {
        let mut names: Vec<&String> = Vec::new();
        let mut known: BTreeSet<&String> = BTreeSet::new();
        for name in objects.iter().flat_map(|object| object.keys()) {
            if known.insert(name) {
                names.push(name);
            }
        }
        for name in names.into_iter().take(MOST) {
            let values: Vec<&Value> = objects.iter().filter_map(|own| own.get(name)).collect();
            let below = match path {
                "" => name.clone(),
                path => format!("{path}.{name}"),
            };
            let child = field(name, &values, site, &below, depth + 1);
            node.properties.push((name.clone(), child));
        }
    }
    let items: Vec<&Value> = shown
        .iter()
        .filter_map(|value| value.as_array())
        .flatten()
        .collect();
    if items.iter().any(|item| !item.is_null()) {
        let below = format!("{path}[]");
        let mut inner = field("", &items, site, &below, depth + 1);
        inner.rows.clear();
        node.items = Some(Box::new(inner));
    }
}

/// The type that a value shows; none for null and for what only stands for a value.
fn kind_of(name: &str, value: &Value) -> Option<Kind> {
    let lower = name.to_lowercase();
    match value {
        Value::Null => None,
        Value::Bool(_) => Some(Kind::Boolean),
        // What is whole by chance may have parts elsewhere.
        Value::Number(number)
            if !number.is_f64() && WHOLE.iter().any(|word| lower.ends_with(word)) =>
        {
            Some(Kind::Integer)
        }
        Value::Number(_) => Some(Kind::Number),
        Value::String(_) if super::shown::is_placeholder(value) => None,
        Value::String(_) => Some(Kind::String),
        Value::Array(_) => Some(Kind::Array),
        Value::Object(_) => Some(Kind::Object),
    }
}

/// Gives the body of no status the only status of a success that an example is labelled with.
pub(super) fn name_success(draft: &mut Draft, shown: &Examples) {
    let is_success = |status: u16| (200..300).contains(&status) && status != 204;
    let told = shown.responses.iter().filter_map(|own| own.status);
    let told: BTreeSet<u16> = told.filter(|status| is_success(*status)).collect();
    let is_named = |own: &Response| own.status.starts_with('2') && own.status != SUCCESS;
    let Some(status) = told.first().filter(|_| told.len() == 1) else {
        return;
    };
    if draft.responses.iter().any(is_named) {
        return;
    }
    for own in draft
        .responses
        .iter_mut()
        .filter(|own| own.status == SUCCESS)
    {
        own.status = status.to_string();
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    /// Each field: its path and the types that it is shown with.
    fn told(shown: &[Value]) -> Vec<String> {
        let values: Vec<&Value> = shown.iter().collect();
        let mut node = Node::default();
        take(&mut node, &values, &Site::default());
        told_of(&node)
    }

    fn told_of(node: &Node) -> Vec<String> {
        let mut told = Vec::new();
        node.walk("", &mut |path, field| {
            let kinds = field.statements.iter().map(|own| match own.constraint {
                Constraint::Shown(kind) => kind.as_str(),
                _ => "-",
            });
            let kinds: Vec<&str> = kinds.collect();
            told.push(format!("{path} {}", kinds.join("|")));
        });
        told
    }

    #[rstest]
    #[case::bare(None, &["list -", "list[] object", "list[].id integer"])]
    #[case::objects(Some(Kind::Object), &["list -", "list[] -", "list[].id integer"])]
    #[case::texts(Some(Kind::String), &["list -", "list[] -"])]
    fn a_list_has_the_items_of_the_example(#[case] items: Option<Kind>, #[case] expected: &[&str]) {
        let of_kind = |kind: Kind| {
            let mut node = Node::default();
            node.state(Constraint::Type(kind, None), &Site::default());
            node
        };
        let mut list = of_kind(Kind::Array);
        list.items = items.map(|kind| Box::new(of_kind(kind)));
        let mut node = of_kind(Kind::Object);
        node.properties.push(("list".to_owned(), list));
        let shown = json!({"list": [{"id": 7}]});
        fill_lists(&mut node, &[&shown], &Site::default());
        assert_eq!(told_of(&node), expected);
    }

    #[rstest]
    #[case::fields(&[json!({"id": 7, "price": 10, "open": true, "note": "a"})], &["id integer", "price number", "open boolean", "note string"])]
    #[case::nothing(&[json!({"note": null, "tags": [], "place": {}})], &["note ", "tags array", "place object"])]
    #[case::placeholder(&[json!({"note": "..."})], &["note "])]
    #[case::two(&[json!({"a": 1.5}), json!({"a": "b", "c": "d"})], &["a number|string", "c string"])]
    #[case::keyed_by_values(&[json!({"days": {"2025-01-01": 3}})], &["days object"])]
    fn fields_are_those_of_the_example(#[case] shown: &[Value], #[case] expected: &[&str]) {
        assert_eq!(told(shown), expected);
    }
}
