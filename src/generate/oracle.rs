//! The class of a request, decided from the wire form alone: documented-valid, invalid by exactly
//! the rules it breaks, or unspecified. This is a second reading of the contract, independent of
//! how a case was made: a case that does not come out in its class is dropped.

use serde_json::Value;

use crate::contract::formats::DateTemplate;
use crate::contract::{
    Facet, Fact, FieldPath, Level, Location, Malformed, Operation, Parameter, Place, Row, Rule,
    Schema, Step, Violation, Wire, parse_strict, types_of,
};

use super::request::{Request, is_protocol_header};
use super::slot::{is_in_words, shown_values};

/// The longest text, in characters, that an endpoint must take where no page limits it.
pub(super) const LONGEST_UNLIMITED: usize = 128;

/// What a request is by the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validity {
    /// Everything is as documented.
    Valid,
    /// The rules it breaks.
    Invalid(Vec<Rule>),
    /// Nothing documented is broken, but no page says that it is allowed either.
    Unspecified(String),
}

/// What keeps a request from being documented-valid, each with its place.
#[derive(Debug, Clone, Default)]
pub(super) struct Troubles {
    broken: Vec<Rule>,
    unusual: Vec<Unusual>,
    /// Whether everything unusual is wanted, or the first alone: that is enough for the class.
    is_whole: bool,
}

/// Something of which no page says that it is allowed.
#[derive(Debug, Clone)]
struct Unusual {
    place: Place,
    /// Where it is seen; the place itself where it is about several fields. Told only where
    /// everything unusual is wanted.
    field: FieldPath,
    reason: String,
}

impl Troubles {
    /// None yet, everything unusual being wanted.
    pub(super) fn all() -> Self {
        Self {
            is_whole: true,
            ..Self::default()
        }
    }

    /// Whether it is known already that something is unusual, and no more is wanted.
    fn is_told(&self) -> bool {
        !self.is_whole && !self.unusual.is_empty()
    }

    /// Adds that a field is not there.
    pub(super) fn misses(&mut self, place: Place, field: &FieldPath) {
        self.breaks(place, field, Facet::Required);
    }

    fn breaks(&mut self, place: Place, field: &FieldPath, facet: Facet) {
        self.broken.push(Rule::new(place, field.clone(), facet));
    }

    fn unusual(&mut self, place: Place, field: Option<&FieldPath>, reason: String) {
        if !self.is_told() {
            self.unusual.push(Unusual {
                place,
                field: field.cloned().unwrap_or_default(),
                reason,
            });
        }
    }

    /// Those that are not within a field.
    pub(super) fn outside(&self, place: Place, field: &FieldPath) -> Self {
        let is_outside = |of: Place, at: &FieldPath| of != place || !field.contains(at);
        self.filtered(is_outside)
    }

    /// Those that are within a field.
    pub(super) fn within(&self, place: Place, field: &FieldPath) -> Self {
        self.filtered(|of, at| of == place && field.contains(at))
    }

    fn filtered(&self, is_wanted: impl Fn(Place, &FieldPath) -> bool) -> Self {
        Self {
            broken: self
                .broken
                .iter()
                .filter(|rule| is_wanted(rule.place, &rule.field))
                .cloned()
                .collect(),
            unusual: self
                .unusual
                .iter()
                .filter(|unusual| is_wanted(unusual.place, &unusual.field))
                .cloned()
                .collect(),
            is_whole: self.is_whole,
        }
    }

    /// The same, of which no more is wanted than what the class needs.
    pub(super) fn for_class(self) -> Self {
        Self {
            is_whole: false,
            ..self
        }
    }

    /// Adds others.
    pub(super) fn extend(&mut self, others: Self) {
        self.broken.extend(others.broken);
        self.unusual.extend(others.unusual);
    }

    /// Whether a rule is broken.
    pub(super) fn is_broken(&self) -> bool {
        !self.broken.is_empty()
    }

    /// Forgets that times are out of order, to look again.
    pub(super) fn forget_order(&mut self) {
        self.unusual
            .retain(|unusual| unusual.place != Place::Query || !unusual.field.is_root());
    }

    /// The class of a request that has these troubles and no others.
    pub(super) fn class(mut self) -> Validity {
        self.broken.sort();
        self.broken.dedup();
        match (self.broken.is_empty(), self.unusual.into_iter().next()) {
            (false, _) => Validity::Invalid(self.broken),
            (true, Some(unusual)) => Validity::Unspecified(unusual.reason),
            (true, None) => Validity::Valid,
        }
    }
}

/// Classifies what goes on the wire.
pub fn classify(operation: &Operation, request: &Request) -> Validity {
    gather(operation, request, Troubles::default()).class()
}

/// Everything that keeps a request from being documented-valid.
pub(super) fn troubles(operation: &Operation, request: &Request) -> Troubles {
    gather(operation, request, Troubles::all())
}

fn gather(operation: &Operation, request: &Request, mut troubles: Troubles) -> Troubles {
    let target = request.target();
    let (_, query) = target.split_once('?').unwrap_or((target.as_str(), ""));
    let query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), header_text(value).to_owned()))
        .collect();
    for parameter in &operation.parameters {
        let (sent, name) = match parameter.location {
            Location::Query => (&query, parameter.name.clone()),
            Location::Header if !is_protocol_header(&parameter.name) => {
                (&headers, parameter.name.to_ascii_lowercase())
            }
            Location::Header | Location::Path => continue,
        };
        let values: Vec<&str> = sent
            .iter()
            .filter(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
            .collect();
        judge_parameter(parameter, &values, &request.given, &mut troubles);
    }
    for (name, _) in &query {
        if operation.parameter(Location::Query, name).is_none() {
            let reason = format!("the query has `{name}`, which no page documents");
            troubles.unusual(Place::Query, Some(&FieldPath::name(name)), reason);
        }
    }
    judge_order(operation, &query, &mut troubles);
    if let Some(body) = &operation.request_body {
        let root = FieldPath::root();
        match request.body_bytes() {
            None if body.required => troubles.breaks(Place::Request, &root, Facet::Required),
            None if body.empty_shown => {}
            None => {
                let reason = "no body, which no page shows".to_owned();
                troubles.unusual(Place::Request, None, reason);
            }
            Some(bytes) => match parse_strict(&bytes) {
                Ok(value) => {
                    let part = Part::of_body(&root).showing(&body.examples, request);
                    judge(&body.schema, &value, part, &mut troubles);
                }
                Err(Malformed::DuplicateKey(key)) => {
                    let reason = format!("the key `{key}` stands twice");
                    troubles.unusual(Place::Request, None, reason);
                }
                Err(
                    Malformed::ByteOrderMark
                    | Malformed::NotUtf8(_)
                    | Malformed::Syntax(_)
                    | Malformed::Trailing(_),
                ) => {
                    troubles.breaks(Place::Request, &root, Facet::Wire(Wire::Malformed));
                }
            },
        }
    }
    troubles
}

/// A header's value without the blanks around it, which are no part of it (RFC 9110, section 5.5).
pub(super) fn header_text(value: &str) -> &str {
    value.trim()
}

/// Adds what the texts sent for a parameter break, and what is unusual about them.
pub(super) fn judge_parameter(
    parameter: &Parameter,
    values: &[&str],
    given: &[Row],
    troubles: &mut Troubles,
) {
    let place = parameter.location.place();
    let field = FieldPath::name(&parameter.name);
    let name = &parameter.name;
    match values {
        [] if parameter.required => troubles.breaks(place, &field, Facet::Required),
        [] => {}
        [_] if is_structured(&parameter.schema.root) => {
            let reason = format!("how `{name}` writes its parts, no page says");
            troubles.unusual(place, Some(&field), reason);
        }
        [text]
            if place == Place::Header && !text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) =>
        {
            let reason = format!("`{name}` has what does not belong into a header");
            troubles.unusual(place, Some(&field), reason);
        }
        [text] => match typed(text, &parameter.schema) {
            Some(value) => {
                let part = Part {
                    place,
                    field: &field,
                    depth: 0,
                    examples: &[],
                    given,
                };
                judge(&parameter.schema, &value, part, troubles);
            }
            None => troubles.breaks(place, &field, Facet::Type),
        },
        _ => {
            let reason = format!("`{name}` is sent twice");
            troubles.unusual(place, Some(&field), reason);
        }
    }
}

/// Whether a parameter is an array or an object: written into a query or header in one of many
/// ways.
pub fn is_structured(node: &Value) -> bool {
    let kinds = types_of(node);
    kinds.contains(&"array") || kinds.contains(&"object")
}

/// Whether a parameter is a time of one of the documented forms.
pub(super) fn is_time(parameter: &Parameter) -> bool {
    let format = parameter.schema.root.get("format").and_then(Value::as_str);
    format.and_then(DateTemplate::parse).is_some()
}

/// Adds that times are out of order, where they are.
pub(super) fn judge_order(
    operation: &Operation,
    query: &[(String, String)],
    troubles: &mut Troubles,
) {
    if !troubles.is_told()
        && let Some(reason) = times_out_of_order(operation, query)
    {
        troubles.unusual(Place::Query, None, reason);
    }
}

/// Two times of one form of which the one documented first is the later: a window that ends before
/// it begins, and no page says what then.
fn times_out_of_order(operation: &Operation, query: &[(String, String)]) -> Option<String> {
    let mut last: Option<(&str, &str)> = None;
    for parameter in operation.parameters_in(Location::Query) {
        let value = query
            .iter()
            .find(|(name, _)| *name == parameter.name)
            .map(|(_, value)| value.as_str());
        let Some(value) = value.filter(|_| is_time(parameter)) else {
            continue;
        };
        // Times of one template that begins with the year are in order as texts are.
        if let Some((name, _)) = last.filter(|(_, before)| *before > value) {
            return Some(format!("`{}` is before `{name}`", parameter.name));
        }
        last = Some((parameter.name.as_str(), value));
    }
    None
}

/// A parameter's text as the value of its declared type; `None` where it is none.
fn typed(text: &str, schema: &Schema) -> Option<Value> {
    let kinds = types_of(&schema.root);
    if kinds.contains(&"string") || kinds.is_empty() {
        return Some(Value::from(text));
    }
    if kinds.contains(&"integer") {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // Beyond 64 bits it is still an integer; what matters is that it is not an ordinary one.
        return Some(
            text.parse::<i64>()
                .map_or_else(|_| Value::from(i64::MAX), Value::from),
        );
    }
    if kinds.contains(&"number") {
        return text
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .map(Value::from);
    }
    if kinds.contains(&"boolean") {
        return matches!(text, "true" | "false").then(|| Value::from(text == "true"));
    }
    Some(Value::from(text))
}

/// Where a value belongs: its place, its field, and how deep within the place it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'p> {
    place: Place,
    field: &'p FieldPath,
    depth: usize,
    /// The documented bodies, whose values are shown.
    examples: &'p [Value],
    /// The places whose values the user gave.
    given: &'p [Row],
}

impl<'p> Part<'p> {
    /// A field of a body, which is as deep as its path is long.
    pub(super) fn of_body(field: &'p FieldPath) -> Self {
        Self {
            place: Place::Request,
            field,
            depth: field.steps().len(),
            examples: &[],
            given: &[],
        }
    }

    /// The same, where these bodies are documented and the request has what the user gave.
    pub(super) fn showing(self, examples: &'p [Value], request: &'p Request) -> Self {
        Self {
            examples,
            given: &request.given,
            ..self
        }
    }
}

/// Adds what a value breaks, and what is unusual about it. `schema` is that of the part.
pub(super) fn judge(schema: &Schema, value: &Value, part: Part<'_>, troubles: &mut Troubles) {
    for violation in schema.violations(value) {
        troubles.broken.push(rule_of(part, &violation));
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
                let properties = node.get("properties").and_then(Value::as_object);
                let others = node.get("additionalProperties");
                if properties.is_none() && !map.is_empty() && others.is_none() {
                    let reason = format!("`{name}` has fields that no page documents");
                    self.unusual(trail, reason);
                    return;
                }
                for (key, child) in map {
                    if self.troubles.is_told() {
                        return;
                    }
                    let inner = Trail::Name(trail, key);
                    match properties.and_then(|all| all.get(key)) {
                        Some(child_node) => self.at(child_node, child, key, &inner, depth + 1),
                        None if others.is_some_and(Value::is_object) => {}
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
