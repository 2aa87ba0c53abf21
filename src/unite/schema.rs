//! Two schemas of one place as one.

use serde_json::{Map, Value, json};

use crate::contract::{ANNOTATION, Facet, Fact, Level};

use super::files::{At, Files, below, facts, put_facts};
use super::looser::looser;

/// What a schema is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A body of a request.
    Request,
    /// A value in the path, the query or a header of a request.
    Parameter,
    /// An answer.
    Response,
}

/// How deep schemas stand in each other where they are united.
const DEPTH: usize = 24;

/// Keywords whose schemas are united one by one.
const CHILDREN: [&str; 4] = ["properties", "items", "additionalProperties", "required"];

/// Keywords of schemas that are not taken apart: where one stands, a value may be as either says.
const WHOLE: [&str; 15] = [
    "anyOf",
    "oneOf",
    "not",
    "if",
    "contains",
    "prefixItems",
    "patternProperties",
    "propertyNames",
    "dependentSchemas",
    "dependentRequired",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
    "$dynamicRef",
    "x-unspecified",
];

/// A schema with its references followed, and null and the empty text told apart from the rest.
struct Opened<'s> {
    at: At<'s>,
    /// Its keywords, without facts and null.
    map: Map<String, Value>,
    facts: Vec<Fact>,
    is_nullable: bool,
    is_blank: bool,
    /// Whether it is a schema of its own file.
    is_file: bool,
}

impl<'s> Opened<'s> {
    fn new(files: &Files<'s>, at: &At<'s>) -> Self {
        let mut one = Self {
            at: at.clone(),
            map: Map::new(),
            facts: Vec::new(),
            is_nullable: false,
            is_blank: false,
            is_file: false,
        };
        for _ in 0..DEPTH {
            for fact in facts(one.at.node) {
                if !one.facts.contains(&fact) {
                    one.facts.push(fact);
                }
            }
            let reference = one.at.node.get("$ref").and_then(Value::as_str);
            if let Some(target) = reference.and_then(|path| files.target(&one.at, path)) {
                one.at = target;
                one.is_file = true;
                continue;
            }
            let Some(described) = one.without_nothing() else {
                break;
            };
            one.at = described;
        }
        let map = one.at.node.as_object().into_iter().flatten();
        let words = map.filter(|(key, _)| !matches!(key.as_str(), ANNOTATION | "$schema"));
        for (key, value) in words {
            one.map.insert(key.clone(), value.clone());
        }
        one.take_null();
        one
    }

    /// The one branch that describes values, where the others are null or the empty text.
    fn without_nothing(&mut self) -> Option<At<'s>> {
        let node: &'s Value = self.at.node;
        let branches = node.get("anyOf")?.as_array()?;
        let (nothing, described): (Vec<&'s Value>, Vec<&'s Value>) =
            branches.iter().partition(|branch| {
                **branch == json!({ "type": "null" }) || **branch == json!({ "const": "" })
            });
        let [one] = described.as_slice() else {
            return None;
        };
        if nothing.is_empty() {
            return None;
        }
        let is = |kind: &str| nothing.iter().any(|branch| branch.get(kind).is_some());
        self.is_nullable |= is("type");
        self.is_blank |= is("const");
        let words = node.as_object().into_iter().flatten();
        for (key, value) in words {
            if key != "anyOf" && key != ANNOTATION && key != "$schema" {
                self.map.insert(key.clone(), value.clone());
            }
        }
        Some(below(&self.at, one))
    }

    /// Takes null out of the types and the listed values.
    fn take_null(&mut self) {
        let Some(Value::Array(types)) = self.map.get_mut("type") else {
            return;
        };
        let before = types.len();
        types.retain(|kind| kind != "null");
        if types.len() == before {
            return;
        }
        self.is_nullable = true;
        if let [one] = types.as_slice() {
            let one = one.clone();
            self.map.insert("type".to_owned(), one);
        }
        if let Some(Value::Array(values)) = self.map.get_mut("enum") {
            values.retain(|value| !value.is_null());
        }
    }

    fn kinds(&self) -> Vec<&str> {
        match self.map.get("type") {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it is not taken apart.
    fn is_whole(&self) -> bool {
        let is_rules = |all: &Value| {
            let all = all.as_array();
            all.is_some_and(|all| all.iter().all(|rule| rule.get("if").is_some()))
        };
        self.map.keys().any(|key| WHOLE.contains(&key.as_str()))
            || self.map.get("allOf").is_some_and(|all| !is_rules(all))
    }

    /// Whether it says no more than a type.
    fn is_bare(&self) -> bool {
        self.map.keys().all(|key| key == "type")
    }

    fn child(&self, keyword: &str) -> Option<At<'s>> {
        let node = self.at.node.get(keyword)?;
        Some(below(&self.at, node))
    }

    fn properties(&self) -> impl Iterator<Item = (&'s str, At<'s>)> {
        let node: &'s Value = self.at.node;
        let all = node.get("properties").and_then(Value::as_object);
        let at = self.at.clone();
        all.into_iter()
            .flatten()
            .map(move |(name, node)| (name.as_str(), below(&at, node)))
    }

    fn requires(&self, name: &str) -> bool {
        let all = self.at.node.get("required").and_then(Value::as_array);
        all.is_some_and(|all| all.iter().any(|one| one == name))
    }
}

/// Two schemas of one place as one; `before` is what stands before the path of a file where it will
/// stand.
pub(super) fn both<'s>(
    files: &mut Files<'s>,
    own: &At<'s>,
    other: &At<'s>,
    of: Of,
    before: &str,
) -> Value {
    let (one, two) = (Opened::new(files, own), Opened::new(files, other));
    let facts = stated(&one.facts, &two.facts);
    let is_nullable = one.is_nullable || two.is_nullable;
    let is_blank = one.is_blank || two.is_blank;
    let is_object = |one: &Opened<'_>| one.is_file && one.map.contains_key("properties");
    let mut map = if is_object(&one) && is_object(&two) {
        let path = files.both(&one.at, &two.at, |files| {
            Value::Object(united(files, &one, &two, of, "../"))
        });
        let mut map = Map::new();
        map.insert("$ref".to_owned(), Value::from(format!("{before}{path}")));
        map
    } else {
        united(files, &one, &two, of, before)
    };
    if is_blank {
        map = or(map, json!({ "const": "" }));
    }
    if is_nullable {
        map = or_null(map);
    }
    put_facts(&mut map, &facts);
    Value::Object(map)
}

fn or(map: Map<String, Value>, more: Value) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("anyOf".to_owned(), json!([more, map]));
    out
}

/// The same or null.
fn or_null(mut map: Map<String, Value>) -> Map<String, Value> {
    match map.get_mut("type") {
        Some(Value::Array(types)) => types.push(Value::from("null")),
        Some(one) => *one = json!([one.take(), "null"]),
        None => {
            if let Some(Value::Array(branches)) = map.get_mut("anyOf")
                && branches.contains(&json!({ "const": "" }))
            {
                branches.insert(1, json!({ "type": "null" }));
                return map;
            }
            let mut out = Map::new();
            out.insert("anyOf".to_owned(), json!([map, { "type": "null" }]));
            return out;
        }
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.push(Value::Null);
    }
    map
}

/// The keywords of two schemas as those of one.
fn united<'s>(
    files: &mut Files<'s>,
    one: &Opened<'s>,
    two: &Opened<'s>,
    of: Of,
    before: &str,
) -> Map<String, Value> {
    let (kinds, others) = (one.kinds(), two.kinds());
    let is_list = |kinds: &[&str]| kinds.contains(&"array");
    // Where everything is text, a list is a text too: who tells of the list says more.
    if of == Of::Parameter
        && is_list(&kinds) != is_list(&others)
        && !kinds.is_empty()
        && !others.is_empty()
    {
        return copied(files, if is_list(&kinds) { one } else { two }, before);
    }
    if two.map.is_empty() || two.is_bare() && one.is_whole() && kinds == others {
        return copied(files, one, before);
    }
    if one.map.is_empty() || one.is_bare() && two.is_whole() && kinds == others {
        return copied(files, two, before);
    }
    let Some(types) = types(&kinds, &others, one.is_bare() && two.is_bare()) else {
        return either(files, one, two, before);
    };
    if one.is_whole() || two.is_whole() {
        return either(files, one, two, before);
    }
    let words = |of: &Opened<'_>| {
        let mut map = of.map.clone();
        map.retain(|key, _| !CHILDREN.contains(&key.as_str()) && key != "allOf");
        if let (Some(kind), Some(_)) = (types.first().filter(|_| types.len() == 1), map.get("type"))
        {
            map.insert("type".to_owned(), Value::from(*kind));
        }
        map
    };
    let mut map = looser(&words(one), &words(two));
    // How many digits a whole number keeps says nothing of others.
    if types == ["number"] && kinds != others {
        map.shift_remove("format");
    }
    if !types.is_empty() {
        let value = match types.as_slice() {
            [one] => Value::from(*one),
            many => Value::from(many.to_vec()),
        };
        map.shift_insert(0, "type".to_owned(), value);
    }
    properties(files, one, two, of, (before, &mut map));
    for keyword in ["items", "additionalProperties"] {
        let value = match (one.child(keyword), two.child(keyword)) {
            (Some(own), Some(other)) if own.node.is_object() && other.node.is_object() => {
                both(files, &own, &other, of, before)
            }
            // What is refused by one of two is refused by neither.
            (Some(own), Some(other)) => {
                let looser = if *own.node == Value::Bool(false) {
                    other
                } else {
                    own
                };
                files.copy(&looser, before)
            }
            (Some(one), None) | (None, Some(one)) => files.copy(&one, before),
            (None, None) => continue,
        };
        map.insert(keyword.to_owned(), value);
    }
    let mut rules: Vec<Value> = Vec::new();
    for one in [one, two] {
        let all = one.child("allOf").map(|all| files.copy(&all, before));
        for rule in all.as_ref().and_then(Value::as_array).into_iter().flatten() {
            if !rules.contains(rule) {
                rules.push(rule.clone());
            }
        }
    }
    if !rules.is_empty() {
        map.insert("allOf".to_owned(), Value::from(rules));
    }
    map
}

/// The fields of two objects as those of one.
fn properties<'s>(
    files: &mut Files<'s>,
    one: &Opened<'s>,
    two: &Opened<'s>,
    of: Of,
    (before, map): (&str, &mut Map<String, Value>),
) {
    let mut all = Map::new();
    let mut needed: Vec<Value> = Vec::new();
    for (name, own) in one.properties() {
        let other = two.properties().find(|(known, _)| *known == name);
        let (value, is_needed) = match other {
            Some((_, other)) => {
                let told = [
                    presence(files, &own, one.requires(name), of),
                    presence(files, &other, two.requires(name), of),
                ];
                let is_needed = !told.contains(&Some(false)) && told.contains(&Some(true));
                let mut value = both(files, &own, &other, of, before);
                if of == Of::Response && told.contains(&Some(false)) {
                    weaken(&mut value);
                }
                (value, is_needed)
            }
            None => (files.copy(&own, before), one.requires(name)),
        };
        if is_needed {
            needed.push(Value::from(name));
        }
        all.insert(name.to_owned(), value);
    }
    for (name, other) in two.properties() {
        if !all.contains_key(name) {
            if two.requires(name) {
                needed.push(Value::from(name));
            }
            all.insert(name.to_owned(), files.copy(&other, before));
        }
    }
    if !all.is_empty() {
        map.insert("properties".to_owned(), Value::Object(all));
    }
    if !needed.is_empty() {
        map.insert("required".to_owned(), Value::from(needed));
    }
}

/// Whether a field must be there, as far as a schema says so.
pub(super) fn presence<'s>(
    files: &Files<'s>,
    at: &At<'s>,
    is_required: bool,
    of: Of,
) -> Option<bool> {
    if is_required {
        return Some(true);
    }
    let facts = Opened::new(files, at).facts;
    let mut stated = facts.iter().filter(|fact| fact.facet == Facet::Required);
    let is_told = match of {
        Of::Request | Of::Parameter => stated.next().is_some(),
        Of::Response => stated.any(|fact| fact.level == Level::May),
    };
    is_told.then_some(false)
}

/// Says of a field of an answer that it need not be there.
fn weaken(value: &mut Value) {
    let mut all = facts(value);
    for fact in &mut all {
        if fact.facet == Facet::Required {
            fact.level = Level::May;
        }
    }
    if let Value::Object(map) = value {
        put_facts(map, &all);
    }
}

/// The types that either allows; none where one of them says of other types more than that they
/// are.
fn types<'k>(own: &[&'k str], other: &[&'k str], are_bare: bool) -> Option<Vec<&'k str>> {
    if own == other || other.is_empty() {
        return Some(own.to_vec());
    }
    if own.is_empty() {
        return Some(other.to_vec());
    }
    let is_number = |kinds: &[&str]| kinds == ["number"] || kinds == ["integer"];
    if is_number(own) && is_number(other) {
        return Some(vec!["number"]);
    }
    let mut all = own.to_vec();
    all.extend(other.iter().filter(|kind| !own.contains(kind)));
    let is_plain = |kind: &&str| !matches!(*kind, "object" | "array");
    (are_bare && all.iter().all(is_plain)).then_some(all)
}

/// The keywords of a schema, copied.
fn copied<'s>(files: &mut Files<'s>, one: &Opened<'s>, before: &str) -> Map<String, Value> {
    if one.is_file && one.map.contains_key("properties") {
        let path = files.copied(&one.at);
        let mut map = Map::new();
        map.insert("$ref".to_owned(), Value::from(format!("{before}{path}")));
        return map;
    }
    let node = Value::Object(one.map.clone());
    match files.copy_of(&one.at, &node, before) {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// What fits one of two schemas that say too different things.
fn either<'s>(
    files: &mut Files<'s>,
    one: &Opened<'s>,
    two: &Opened<'s>,
    before: &str,
) -> Map<String, Value> {
    let (own, other) = (copied(files, one, before), copied(files, two, before));
    let mut map = Map::new();
    map.insert("anyOf".to_owned(), json!([own, other]));
    map
}

/// Facets of which one of two sources may be silent.
fn may_be_silent(facet: Facet) -> bool {
    !matches!(
        facet,
        Facet::Required
            | Facet::Prose
            | Facet::Example
            | Facet::Status
            | Facet::Body
            | Facet::EmptyBody
            | Facet::Method
            | Facet::Name
    )
}

/// The facts of two sources: what only one of them states of what both describe is a `should`.
pub(super) fn stated(own: &[Fact], other: &[Fact]) -> Vec<Fact> {
    let mut all: Vec<Fact> = Vec::new();
    for (these, those) in [(own, other), (other, own)] {
        for fact in these {
            let is_told = those.iter().any(|known| is_same(known.facet, fact.facet));
            let is_alone = !those.is_empty() && !is_told && may_be_silent(fact.facet);
            let mut fact = fact.clone();
            if is_alone {
                fact.level = fact.level.min(Level::Should);
            }
            if !all.contains(&fact) {
                all.push(fact);
            }
        }
    }
    all
}

/// Whether two facets are about one thing.
fn is_same(own: Facet, other: Facet) -> bool {
    let plain = |facet: Facet| match facet {
        Facet::ExclusiveMinimum => Facet::Minimum,
        Facet::ExclusiveMaximum => Facet::Maximum,
        Facet::Const => Facet::Enum,
        other => other,
    };
    plain(own) == plain(other)
}
