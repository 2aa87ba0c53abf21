//! A look at the values of a request: the rules that they break, and what is unusual about them,
//! although it breaks none.

use serde_json::Value;

use super::{LONGEST_UNLIMITED, Troubles, unspoken};
use crate::contract::formats::DateTemplate;
use crate::contract::{
    BETWEEN, Facet, Fact, FieldPath, Level, Meaning, MediaType, Place, Row, Rule, Schema, Step,
    Violation, enum_values, is_file, unspecified,
};
use crate::generate::files;
use crate::generate::request::Request;
use crate::generate::slot::{is_in_words, shown_values};
use crate::remembered::Remembered;

/// Where a value belongs: its place, its field, and how deep within the place it is.
#[derive(Debug, Clone, Copy)]
pub(in crate::generate) struct Part<'p> {
    place: Place,
    field: &'p FieldPath,
    depth: usize,
    /// The documented bodies, whose values are shown.
    examples: &'p [Value],
    /// The places whose values the user gave.
    given: &'p [Row],
    /// Whether null takes a field away (RFC 7396), whatever is said of its values.
    is_patch: bool,
}

impl<'p> Part<'p> {
    /// A field of a body, which is as deep as its path is long.
    pub(in crate::generate) fn of_body(field: &'p FieldPath) -> Self {
        Self {
            place: Place::Request,
            field,
            depth: field.steps().len(),
            examples: &[],
            given: &[],
            is_patch: false,
        }
    }

    /// A parameter, of which the user gave what stands in `given`.
    pub(super) fn of_parameter(place: Place, field: &'p FieldPath, given: &'p [Row]) -> Self {
        Self {
            place,
            field,
            depth: 0,
            examples: &[],
            given,
            is_patch: false,
        }
    }

    /// The same, where these bodies are documented and the request has what the user gave.
    pub(in crate::generate) fn showing(self, examples: &'p [Value], request: &'p Request) -> Self {
        let media = request.content_type.as_deref().and_then(MediaType::read);
        Self {
            examples,
            given: &request.given,
            is_patch: media == Some(MediaType::MergePatch),
            ..self
        }
    }
}

/// Adds what a value breaks, and what is unusual about it. `schema` is that of the part.
pub(in crate::generate) fn judge(
    schema: &Schema,
    value: &Value,
    part: Part<'_>,
    troubles: &mut Troubles,
) {
    for violation in schema.violations(value) {
        let rule = rule_of(part, &violation);
        if is_widened(schema, &violation) {
            let reason = format!("a sentence widens what `{}` takes", rule.field);
            troubles.unusual(rule.place, Some(&rule.field), reason);
        } else if part.is_patch && value.pointer(&violation.pointer) == Some(&Value::Null) {
            let reason = format!("null takes `{}` away in a merge patch", rule.field);
            troubles.unusual(rule.place, Some(&rule.field), reason);
        } else {
            troubles.broken.push(rule);
        }
    }
    if !troubles.is_told() {
        let mut look = Look {
            schema,
            part,
            troubles,
        };
        let name = part.field.last_name().unwrap_or_default();
        look.at(&schema.root, value, name, &Trail::Start, part.depth);
    }
}

/// Whether a sentence takes more values of a field than its type and its list.
pub(super) fn is_of_wide_type(facts: &[Fact]) -> bool {
    let widened = Facet::Meaning(Meaning::Widened);
    facts.iter().any(|fact| fact.facet == widened)
}

/// Whether a violation is of a field of which a sentence takes more values.
fn is_widened(schema: &Schema, violation: &Violation) -> bool {
    violation.facet != Facet::Required
        && schema
            .field(&violation.field)
            .is_some_and(|field| is_of_wide_type(field.facts))
}

/// The way to a value from its part, which is spelled only when it is asked for.
enum Trail<'t> {
    Start,
    Name(&'t Trail<'t>, &'t str),
    Item(&'t Trail<'t>),
}

impl Trail<'_> {
    fn path(&self) -> FieldPath {
        match self {
            Self::Start => FieldPath::root(),
            Self::Name(above, name) => above.path().child(*name),
            Self::Item(above) => above.path().item(),
        }
    }
}

/// The rule that a violation breaks.
fn rule_of(part: Part<'_>, violation: &Violation) -> Rule {
    let field = part.field.followed_by(&violation.field);
    Rule::new(part.place, field, violation.facet)
}

/// Looks for what no page says to be allowed, although it breaks nothing.
struct Look<'l> {
    schema: &'l Schema,
    part: Part<'l>,
    troubles: &'l mut Troubles,
}

impl Look<'_> {
    fn unusual(&mut self, trail: &Trail<'_>, reason: String) {
        // Which field it is is only told where everything unusual is wanted.
        let whole = self.troubles.is_whole;
        let field = whole.then(|| self.part.field.followed_by(&trail.path()));
        self.troubles
            .unusual(self.part.place, field.as_ref(), reason);
    }

    /// Whether words restrict what stands here, and no page shows this value.
    fn is_restricted(&self, trail: &Trail<'_>, value: &Value) -> bool {
        if value.is_null() || value.is_object() || !self.schema.has_restricting_words() {
            return false;
        }
        let (within, place) = (trail.path(), self.part.place);
        let Some(field) = self.schema.field(&within) else {
            return false;
        };
        let whole = self.part.field.followed_by(&within);
        is_in_words(field.facts)
            && !shown_values(field.node).any(|shown| shown == value)
            && !self
                .part
                .examples
                .iter()
                .any(|body| stands_at(body, whole.steps(), value))
            && !self
                .part
                .given
                .iter()
                .any(|row| row.place == place && whole.contains(&row.field))
    }

    fn at(&mut self, node: &Value, value: &Value, name: &str, trail: &Trail<'_>, depth: usize) {
        let schema = self.schema;
        let node = schema.follow(node);
        if self.is_restricted(trail, value) {
            let reason = format!("`{name}` is restricted in words, and no page shows this value");
            self.unusual(trail, reason);
            return;
        }
        if depth > 20 {
            self.unusual(trail, "nested deeper than any page shows".to_owned());
            return;
        }
        match value {
            Value::Object(map) => {
                for (field, guard) in unspecified(node) {
                    let is_held = guard.holds(&|name| map.get(name));
                    if is_held || guard.is_untold(&|name| map.get(name)) {
                        let path = Trail::Name(trail, field).path();
                        let field_path = self.part.field.followed_by(&path);
                        if is_held && guard.is_of_order() {
                            self.troubles.breaks(self.part.place, &field_path, BETWEEN);
                            continue;
                        }
                        let reason = unspoken(field, &guard);
                        self.troubles.overrule(self.part.place, field_path, reason);
                    }
                }
                let properties = node.get("properties").and_then(Value::as_object);
                let others = node.get("additionalProperties");
                let kinds = kinds_of(schema, node, map);
                let tells_nothing = others.is_none() && node.get("patternProperties").is_none();
                if properties.is_none() && kinds.is_empty() && !map.is_empty() && tells_nothing {
                    let reason = format!("`{name}` has fields that no page documents");
                    self.unusual(trail, reason);
                    return;
                }
                for (key, child) in map {
                    if self.troubles.is_told() {
                        return;
                    }
                    let inner = Trail::Name(trail, key);
                    let own = properties.and_then(|all| all.get(key));
                    let documented = own.or_else(|| {
                        let mut of_kinds = kinds.iter();
                        of_kinds.find_map(|kind| kind.get("properties")?.get(key))
                    });
                    let documented = documented.or_else(|| {
                        let mut holders = std::iter::once(node).chain(kinds.iter().copied());
                        holders.find_map(|holder| by_pattern(holder, key))
                    });
                    match documented {
                        Some(child_node)
                            if child_node.get("readOnly") == Some(&Value::Bool(true)) =>
                        {
                            let field = self.part.field.followed_by(&inner.path());
                            let reason = format!("the service sets `{key}`");
                            self.troubles.overrule(self.part.place, field, reason);
                        }
                        Some(child_node) => self.at(child_node, child, key, &inner, depth + 1),
                        None if others.is_some_and(Value::is_object)
                            || kinds.iter().any(|kind| is_open(kind)) => {}
                        None => {
                            let reason = format!("`{key}` is a field that no page documents");
                            self.unusual(&inner, reason);
                        }
                    }
                }
            }
            Value::Array(items) => {
                if items.len() > 100 {
                    self.unusual(trail, format!("`{name}` has {} items", items.len()));
                    return;
                }
                let Some(item_node) = node.get("items") else {
                    return;
                };
                for item in items {
                    if self.troubles.is_told() {
                        return;
                    }
                    let inner = Trail::Item(trail);
                    self.at(item_node, item, name, &inner, depth + 1);
                }
            }
            Value::String(text) => {
                if let Some(reason) = unusual_text(node, text, name) {
                    self.unusual(trail, reason);
                }
            }
            Value::Number(number) => {
                let size = number.as_f64().unwrap_or(f64::INFINITY);
                let facts = || schema.field(&trail.path()).map(|field| field.facts);
                if let Some(reason) = unusual_number(node, size, name, facts) {
                    self.unusual(trail, reason);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
}

thread_local! {
    /// Which names patterns take: the same few are asked for again and again.
    static NAMES: Remembered<(String, String), bool> = Remembered::default();
}

/// What is said of the fields whose names a pattern takes, where it takes this one.
fn by_pattern<'s>(node: &'s Value, name: &str) -> Option<&'s Value> {
    let patterns = node.get("patternProperties")?.as_object()?;
    let takes = |pattern: &String| {
        let key = (pattern.clone(), name.to_owned());
        NAMES.with(|known| {
            known.of(key, |(pattern, name)| {
                let schema = Schema::compile(serde_json::json!({ "pattern": pattern }));
                schema.is_ok_and(|schema| schema.is_valid(&Value::from(name.as_str())))
            })
        })
    };
    let mut patterns = patterns.iter();
    patterns.find_map(|(pattern, child)| takes(pattern).then_some(child))
}

/// How deep unions of objects stand in each other.
const UNIONS: usize = 4;

/// The branches of a node's unions that an object is of, and what is joined to it besides: those
/// whose fields of one value, or of a few, have these.
fn kinds_of<'s>(
    schema: &'s Schema,
    node: &'s Value,
    object: &serde_json::Map<String, Value>,
) -> Vec<&'s Value> {
    let mut found: Vec<&Value> = Vec::new();
    let mut open = vec![(node, 0)];
    while let Some((node, depth)) = open.pop() {
        for word in ["allOf", "oneOf", "anyOf"] {
            let branches = node.get(word).and_then(Value::as_array);
            for branch in branches.into_iter().flatten() {
                let branch = schema.follow(branch);
                let is_one = match word {
                    "allOf" => is_of_kind(branch, object),
                    _ => is_of_whole_kind(schema, branch, object, depth),
                };
                if depth < UNIONS && branch.get("if").is_none() && is_one {
                    open.push((branch, depth + 1));
                    if branch.get("properties").is_some() || is_open(branch) {
                        found.push(branch);
                    }
                }
            }
        }
    }
    found
}

/// Whether an object has the values that a branch lists of its fields, and the fields that it needs.
fn is_of_kind(branch: &Value, object: &serde_json::Map<String, Value>) -> bool {
    let properties = branch.get("properties").and_then(Value::as_object);
    let is_listed = properties.into_iter().flatten().all(|(name, node)| {
        let listed = enum_values(node);
        let value = object.get(name);
        listed.is_empty() || value.is_none_or(|value| listed.contains(value))
    });
    let required = branch.get("required").and_then(Value::as_array);
    let mut names = required.into_iter().flatten().filter_map(Value::as_str);
    is_listed && names.all(|name| object.contains_key(name))
}

/// The same of a kind with all that is joined in it: which kind it is may be told beside its fields.
fn is_of_whole_kind(
    schema: &Schema,
    branch: &Value,
    object: &serde_json::Map<String, Value>,
    depth: usize,
) -> bool {
    let joined = branch.get("allOf").and_then(Value::as_array);
    let mut joined = joined.into_iter().flatten().map(|part| schema.follow(part));
    is_of_kind(branch, object)
        && (depth >= UNIONS || joined.all(|part| is_of_whole_kind(schema, part, object, depth + 1)))
}

/// Whether a schema describes the fields that it does not name.
fn is_open(node: &Value) -> bool {
    node.get("additionalProperties")
        .is_some_and(Value::is_object)
}

/// Whether a value stands at a path of a body, in any item of a list.
fn stands_at(body: &Value, steps: &[Step], value: &Value) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        return body == value;
    };
    match (step, body) {
        (Step::Name(name), Value::Object(map)) => map
            .get(name)
            .is_some_and(|inner| stands_at(inner, rest, value)),
        (Step::Item, Value::Array(items)) => items.iter().any(|item| stands_at(item, rest, value)),
        (Step::Entry, Value::Object(map)) => {
            map.values().any(|inner| stands_at(inner, rest, value))
        }
        _ => false,
    }
}

fn unusual_number<'f>(
    node: &Value,
    size: f64,
    name: &str,
    facts: impl FnOnce() -> Option<&'f [Fact]>,
) -> Option<String> {
    let is_stated = || {
        facts()
            .into_iter()
            .flatten()
            .any(|fact| fact.facet == Facet::Minimum && fact.level == Level::Must)
    };
    if node.get("enum").is_some() {
        return None;
    }
    if size == 0.0 && !is_stated() {
        return Some(format!("`{name}` is zero, and no page gives a lower bound"));
    }
    (node.get("maximum").is_none() && !(-1e6..=1e6).contains(&size))
        .then(|| format!("`{name}` is very large, and no page gives an upper bound"))
}

fn unusual_text(node: &Value, text: &str, name: &str) -> Option<String> {
    if node.get("enum").is_some()
        || node
            .get("format")
            .and_then(Value::as_str)
            .and_then(DateTemplate::parse)
            .is_some()
    {
        return None;
    }
    let length = text.chars().count();
    if length > 0 && is_file(node) {
        let is_other = !files::is_of_kind(node, text);
        return is_other.then(|| format!("`{name}` is no file of the kind that is documented"));
    }
    if length == 0 && node.get("minLength").is_none() {
        return Some(format!(
            "`{name}` is empty, and no page says whether it may be"
        ));
    }
    if node.get(Facet::MaxLength.as_str()).is_none() && length > LONGEST_UNLIMITED {
        return Some(format!(
            "`{name}` has {length} characters, and no page limits it"
        ));
    }
    if text.trim() != text {
        return Some(format!("`{name}` begins or ends with white space"));
    }
    text.chars()
        .find(|c| is_unusual(*c))
        .map(|c| format!("`{name}` has the unusual character U+{:04X}", u32::from(c)))
}

/// Characters that a sound endpoint may well refuse although no page says so: controls, formatting,
/// private and unassigned ones, combining marks, and everything outside the basic plane.
fn is_unusual(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || code > 0xFFFF
        || (0x0300..=0x036F).contains(&code)
        || (0x0590..=0x08FF).contains(&code)
        || (0x2000..=0x200F).contains(&code)
        || (0x2028..=0x202F).contains(&code)
        || (0x2060..=0x206F).contains(&code)
        || (0xD800..=0xF8FF).contains(&code)
        || code >= 0xFE00
}
