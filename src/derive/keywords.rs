//! The statements of one field as JSON Schema keywords: the looser reading where they differ.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::contract::{COMPUTED, Facet, Meaning};

use super::samples;
use super::statement::{Constraint, Direction, Kind, Node};
use crate::contract::type_of;

/// A number as JSON, whole where it is.
fn number(value: f64) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and within the range"
    )]
    if value.fract() == 0.0 && value.abs() < 9.0e15 {
        Value::from(value as i64)
    } else {
        Value::from(value)
    }
}

/// The one value that all agree on; `None` where they differ or none is stated.
pub(super) fn agreed<T: PartialEq>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut values = values.into_iter();
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// The types that a node may have, with the format of a number; none where anything goes.
pub(super) fn types(node: &Node) -> (Vec<Kind>, Option<&'static str>) {
    let mut kinds: Vec<Kind> = Vec::new();
    let mut formats: BTreeSet<Option<&'static str>> = BTreeSet::new();
    let mut add = |kind: Kind| {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    };
    // Stated types first, so that the union reads as the page does.
    for statement in &node.statements {
        if let Constraint::Type(kind, format) = statement.constraint {
            add(kind);
            formats.insert(format);
        }
    }
    let is_stated = node.kind().is_some();
    for statement in &node.statements {
        match statement.constraint {
            // Beside another type, a whole number of an example says no more than that it is one.
            Constraint::Shown(Kind::Integer) if is_stated => add(Kind::Number),
            Constraint::Shown(kind) if kind != Kind::Null => add(kind),
            Constraint::ShownUnset => add(Kind::Object),
            _ => {}
        }
    }
    for statement in &node.statements {
        if statement.constraint.allows_null() {
            add(Kind::Null);
        }
    }
    // Null beside a type that is not known says nothing of the type.
    let is_unknown = kinds == [Kind::Null] && !states(node, &Constraint::IsNull);
    if kinds.contains(&Kind::Any) || is_unknown {
        return (Vec::new(), None);
    }
    if kinds.contains(&Kind::Number) {
        kinds.retain(|kind| *kind != Kind::Integer);
    }
    // The looser of two widths.
    let format = ["int64", "int32", "double", "float", "binary"]
        .into_iter()
        .find(|format| formats.contains(&Some(*format)))
        .filter(|format| {
            kinds.contains(if *format == "binary" {
                &Kind::String
            } else if format.starts_with("int") {
                &Kind::Integer
            } else {
                &Kind::Number
            })
        });
    (kinds, format)
}

/// Whether null is a value of a node that goes in a direction.
pub(super) fn may_be_null(node: &Node, direction: Direction) -> bool {
    // Words that say no more than that the value can be empty promise a service nothing of null.
    let is_empty_null = direction == Direction::Response && states(node, &Constraint::Empty);
    is_empty_null
        || node
            .statements
            .iter()
            .any(|statement| statement.constraint.allows_null())
}

/// Whether a row says that the value can be empty, whatever else it says of it.
fn may_be_blank(node: &Node) -> bool {
    states(node, &Constraint::Empty) || states(node, &Constraint::Meaning(Meaning::Blank))
}

fn states(node: &Node, constraint: &Constraint) -> bool {
    let mut statements = node.statements.iter();
    statements.any(|statement| statement.constraint == *constraint)
}

/// The keywords of a node, its children left out.
pub(super) fn keywords(node: &Node, direction: Direction) -> Map<String, Value> {
    let mut map = filled(node, direction);
    if states(node, &Constraint::Meaning(Meaning::AnyCase)) {
        allow_any_case(&mut map);
    }
    if may_be_blank(node) {
        allow_blank(&mut map);
    }
    map
}

/// The characters that a pattern of ECMA-262 may and must escape: an escape of any other is an error
/// where patterns are read as JSON Schema asks, with the flag `u`.
const SYNTAX: &str = r"^$\.*+?()[]{}|/";

/// Lets the keywords allow the listed values in letters of either case.
fn allow_any_case(map: &mut Map<String, Value>) {
    let Some(Value::Array(listed)) = map.get("enum") else {
        return;
    };
    let either = |letter: char| match (letter.to_lowercase().next(), letter.to_uppercase().next()) {
        (Some(lower), Some(upper)) if lower != upper => format!("[{lower}{upper}]"),
        _ if SYNTAX.contains(letter) => format!("\\{letter}"),
        _ => letter.to_string(),
    };
    let words: Vec<String> = listed
        .iter()
        .filter_map(Value::as_str)
        .map(|word| word.chars().map(either).collect())
        .collect();
    if words.is_empty() {
        return;
    }
    let spelled = json!({ "pattern": format!("^(?:{})$", words.join("|")) });
    if let Some(listed) = map.shift_remove("enum") {
        map.insert("anyOf".to_owned(), json!([{ "enum": listed }, spelled]));
    }
}

/// Lets the keywords allow a text without characters, and a list without items.
fn allow_blank(map: &mut Map<String, Value>) {
    map.shift_remove(Facet::MinItems.as_str());
    let is_text = map.get("type").is_some_and(|types| match types {
        Value::Array(types) => types.contains(&Value::from("string")),
        one => one == "string",
    });
    let blank = Value::from("");
    let is_limited = [Facet::MinLength, Facet::Pattern, Facet::Format]
        .iter()
        .any(|facet| map.contains_key(facet.as_str()));
    if is_text && is_limited && !map.contains_key("anyOf") {
        let described = std::mem::take(map);
        map.insert("anyOf".to_owned(), json!([{ "const": blank }, described]));
    } else if is_text {
        list(map, &blank);
    }
}

/// What a statement of one kind states; nothing of every other.
macro_rules! stated {
    ($kind:ident) => {
        |constraint: &Constraint| match constraint {
            Constraint::$kind(value) => Some(value.clone()),
            _ => None,
        }
    };
}

/// What all the statements of a node that `pick` takes say.
fn all<'n, T>(
    node: &'n Node,
    pick: impl Fn(&Constraint) -> Option<T> + 'n,
) -> impl Iterator<Item = T> + 'n {
    let statements = node.statements.iter();
    statements.filter_map(move |statement| pick(&statement.constraint))
}

/// The keywords of a value that is not empty.
fn filled(node: &Node, direction: Direction) -> Map<String, Value> {
    let (mut kinds, format) = types(node);
    if !kinds.is_empty() && !kinds.contains(&Kind::Null) && may_be_null(node, direction) {
        kinds.push(Kind::Null);
    }
    let mut map = Map::new();
    insert(&mut map, "type", type_keyword(&kinds));
    insert(&mut map, "format", format.map(Value::from));
    values(node, &kinds, direction, &mut map);
    let first = kinds.first().copied();
    let always = all(node, stated!(Always)).next();
    let always = always.and_then(|value| spelled(&value, first.unwrap_or(Kind::String)));
    insert(&mut map, Facet::Const.as_str(), always);
    if kinds.contains(&Kind::String) || kinds.is_empty() {
        texts(node, &mut map);
    }
    if kinds.iter().any(|kind| kind.is_number()) {
        numbers(node, &mut map);
    }
    if kinds.contains(&Kind::Array) {
        items(node, &mut map);
    }
    if direction == Direction::Response {
        let computed = agreed(all(node, stated!(Computed)));
        insert(&mut map, COMPUTED, computed.map(|own| own.to_json()));
    }
    if direction == Direction::Request {
        if states(node, &Constraint::Closed) {
            map.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
        samples::show(node, &kinds, &mut map);
    }
    // Listed values without a type are texts, and so is the default among them.
    let is_listed = map.contains_key("enum");
    let kind = first.or_else(|| is_listed.then_some(Kind::String));
    let default = agreed(all(node, stated!(Default)));
    let default = default.and_then(|text| spelled(&text, kind?));
    insert(&mut map, "default", default);
    list_default(&mut map);
    if direction == Direction::Request && states(node, &Constraint::Meaning(Meaning::ReadOnly)) {
        map.insert("readOnly".to_owned(), Value::Bool(true));
    }
    widen(node, &mut map);
    map
}

/// Types as the keyword of a schema, where there are any.
fn type_keyword(kinds: &[Kind]) -> Option<Value> {
    let mut names: Vec<Value> = kinds.iter().map(|kind| kind.as_str().into()).collect();
    match names.as_mut_slice() {
        [] => None,
        [one] => Some(one.take()),
        _ => Some(Value::Array(names)),
    }
}

/// The keywords of a text.
fn texts(node: &Node, map: &mut Map<String, Value>) {
    let min = all(node, stated!(MinLength)).min();
    let max = all(node, stated!(MaxLength)).max();
    // Bounds that leave nothing between them are misread or mistyped: silence is the looser reading.
    if !matches!((min, max), (Some(min), Some(max)) if min > max) {
        insert(map, Facet::MinLength.as_str(), min.map(Value::from));
        insert(map, Facet::MaxLength.as_str(), max.map(Value::from));
    }
    let pattern = agreed(all(node, |constraint| match constraint {
        Constraint::Pattern(pattern, _) => Some(pattern.clone()),
        _ => None,
    }));
    insert(map, Facet::Pattern.as_str(), pattern.map(Value::from));
    let format = agreed(all(node, stated!(Format)));
    let format = format.or_else(|| agreed(all(node, stated!(CustomFormat))));
    insert(map, Facet::Format.as_str(), format.map(Value::from));
}

/// The keywords of a number.
fn numbers(node: &Node, map: &mut Map<String, Value>) {
    let least = |values: &mut dyn Iterator<Item = f64>| values.min_by(f64::total_cmp);
    let most = |values: &mut dyn Iterator<Item = f64>| values.max_by(f64::total_cmp);
    let min = least(&mut all(node, stated!(Minimum)));
    let min = min.or_else(|| least(&mut all(node, stated!(CustomMinimum))));
    let max = most(&mut all(node, stated!(Maximum)));
    if !matches!((min, max), (Some(min), Some(max)) if min > max) {
        insert(map, "minimum", min.map(number));
        insert(map, "maximum", max.map(number));
    }
    let above = least(&mut all(node, stated!(ExclusiveMinimum)));
    insert(map, "exclusiveMinimum", above.map(number));
    let below = most(&mut all(node, stated!(ExclusiveMaximum)));
    insert(map, "exclusiveMaximum", below.map(number));
    let step = agreed(all(node, stated!(MultipleOf)));
    insert(map, "multipleOf", step.map(number));
}

/// The keywords of a list.
fn items(node: &Node, map: &mut Map<String, Value>) {
    let min = all(node, stated!(MinItems)).min();
    insert(map, Facet::MinItems.as_str(), min.map(Value::from));
    let max = all(node, stated!(MaxItems)).max();
    insert(map, Facet::MaxItems.as_str(), max.map(Value::from));
    let is_unique = states(node, &Constraint::UniqueItems);
    let unique = is_unique.then_some(Value::Bool(true));
    insert(map, Facet::UniqueItems.as_str(), unique);
}

/// A default that is none of the values is one of them after all: who leaves the field out gets it.
/// That the page differs is reported elsewhere.
fn list_default(map: &mut Map<String, Value>) {
    if let Some(default) = map.get("default").cloned() {
        list(map, &default);
    }
}

/// Adds a value to those that are listed, where some are; whether some are.
fn list(map: &mut Map<String, Value>, value: &Value) -> bool {
    let Some(values) = map.get_mut("enum").and_then(Value::as_array_mut) else {
        return false;
    };
    if !values.contains(value) {
        values.push(value.clone());
    }
    true
}

/// Adds the type of a value to the types of a schema.
fn allow(types: &mut Value, value: &Value) {
    let mut known = match types.take() {
        Value::Array(known) => known,
        one => vec![one],
    };
    let whole = value.as_f64().is_some_and(|number| number.fract() == 0.0);
    let is_allowed = known.iter().any(|known| {
        known == type_of(value)
            || known == "number" && value.is_number()
            || known == "integer" && whole
    });
    if !is_allowed {
        known.push(Value::from(type_of(value)));
    }
    *types = match known.as_mut_slice() {
        [one] => one.take(),
        _ => Value::Array(known),
    };
}

/// Lets the keywords allow what examples show besides.
pub(super) fn widen(node: &Node, map: &mut Map<String, Value>) {
    for statement in &node.statements {
        let Constraint::ShownElse(value) = &statement.constraint else {
            continue;
        };
        if let Some(types) = map.get_mut("type") {
            allow(types, value);
        }
        if !list(map, value)
            && let Some(branches) = map.get_mut("anyOf").and_then(Value::as_array_mut)
        {
            branches.push(json!({ "enum": [value] }));
        }
    }
}

fn insert(map: &mut Map<String, Value>, keyword: &str, value: Option<Value>) {
    if let Some(value) = value {
        map.insert(keyword.to_owned(), value);
    }
}

/// A value as spelled on a page, as JSON of a type.
pub(super) fn spelled(text: &str, kind: Kind) -> Option<Value> {
    match kind {
        Kind::Integer => text.parse::<i64>().ok().map(Value::from),
        Kind::Number => text.parse::<f64>().ok().map(number),
        Kind::Boolean => text.to_lowercase().parse::<bool>().ok().map(Value::from),
        Kind::String => Some(Value::from(text)),
        _ => None,
    }
}

/// The enumeration of a node: plain, with null, or as the branch of a union. A request may have
/// what an example shows besides.
fn values(node: &Node, kinds: &[Kind], direction: Direction, map: &mut Map<String, Value>) {
    let kind = kinds.first().copied().unwrap_or(Kind::String);
    let mut listed: Vec<Value> = Vec::new();
    let mut all = node.listed();
    if !all.is_empty() && direction == Direction::Request {
        all.extend(node.shown());
    }
    for value in all {
        if let Some(value) = spelled(value, kind)
            && !listed.contains(&value)
        {
            listed.push(value);
        }
    }
    if listed.is_empty() {
        return;
    }
    let others: Vec<&str> = kinds.iter().skip(1).map(|kind| kind.as_str()).collect();
    match others.as_slice() {
        [] => {
            map.insert("enum".to_owned(), Value::Array(listed));
        }
        ["null"] => {
            listed.push(Value::Null);
            map.insert("enum".to_owned(), Value::Array(listed));
        }
        _ => {
            let mut branches = vec![json!({ "enum": listed }), json!({ "type": others })];
            if kind == Kind::String {
                // Where an unset value is shown, the empty text is one too.
                branches.push(json!({ (Facet::MaxLength.as_str()): 0, "type": "string" }));
            }
            map.insert("anyOf".to_owned(), Value::Array(branches));
        }
    }
}
