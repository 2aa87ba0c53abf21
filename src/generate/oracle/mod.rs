//! The class of a request, decided from the wire form alone: documented-valid, invalid by exactly
//! the rules it breaks, or unspecified. This is a second reading of the contract, independent of
//! how a case was made: a case that does not come out in its class is dropped.

use serde_json::Value;

use crate::contract::formats::DateTemplate;
use crate::contract::{
    BETWEEN, Facet, FieldPath, Guard, ListStyle, Location, Malformed, MediaType, NoForm, Operation,
    Parameter, Place, RequestBody, Row, Rule, Schema, Test, Wire, enum_values, numbered,
    parse_strict, types_of, unspecified,
};

use super::footing::silently_missing;
use super::request::{Request, is_protocol_header};
use super::together::parameters;

mod look;

use self::look::is_of_wide_type;
pub(super) use self::look::{Part, judge};

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
    /// Whether nothing is known of the request then, whatever else is wrong with it.
    overrules: bool,
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
        !self.is_whole && self.is_overruled()
    }

    /// Whether nothing is known of the request, whatever else is wrong with it.
    fn is_overruled(&self) -> bool {
        self.unusual.iter().any(|unusual| unusual.overrules)
    }

    /// Adds that a field is not there.
    pub(super) fn misses(&mut self, place: Place, field: &FieldPath) {
        self.breaks(place, field, Facet::Required);
    }

    fn breaks(&mut self, place: Place, field: &FieldPath, facet: Facet) {
        self.broken.push(Rule::new(place, field.clone(), facet));
    }

    fn unusual(&mut self, place: Place, field: Option<&FieldPath>, reason: String) {
        if self.is_whole || self.unusual.is_empty() {
            self.unusual.push(Unusual {
                place,
                field: field.cloned().unwrap_or_default(),
                reason,
                overrules: false,
            });
        }
    }

    /// Adds that nothing is known of a request in which the field is, or is not.
    fn overrule(&mut self, place: Place, field: FieldPath, reason: String) {
        self.unusual.insert(
            0,
            Unusual {
                place,
                field,
                reason,
                overrules: true,
            },
        );
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
        let is_overruled = self.is_overruled();
        match (self.broken.is_empty(), self.unusual.into_iter().next()) {
            (false, _) if !is_overruled => Validity::Invalid(self.broken),
            (false, None) => Validity::Invalid(self.broken),
            (_, Some(unusual)) => Validity::Unspecified(unusual.reason),
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
            _ if operation.is_credential(parameter.location, &parameter.name) => continue,
            Location::Query => (&query, parameter.sent_name().into_owned()),
            Location::Cookie => (&request.cookies, parameter.name.clone()),
            Location::Header if !is_protocol_header(&parameter.name) => {
                (&headers, parameter.name.to_ascii_lowercase())
            }
            Location::Header | Location::Path => continue,
        };
        let values: Vec<&str> = sent
            .iter()
            .filter(|(known, _)| numbered::is_sent_as(&name, known))
            .map(|(_, value)| value.as_str())
            .collect();
        judge_parameter(parameter, &values, &request.given, &mut troubles);
    }
    for (name, _) in &query {
        let mut known = operation.parameters_in(Location::Query);
        if !known.any(|parameter| numbered::is_sent_as(&parameter.sent_name(), name)) {
            let reason = format!("the query has `{name}`, which no page documents");
            troubles.unusual(Place::Query, Some(&FieldPath::name(name)), reason);
        }
    }
    judge_order(operation, &query, &mut troubles);
    judge_beside(operation, request, &mut troubles);
    if let Some(body) = &operation.request_body {
        let root = FieldPath::root();
        match request.body_bytes() {
            None if body.required => troubles.breaks(Place::Request, &root, Facet::Required),
            None if body.empty_shown => {}
            // A form without fields is no body on the wire.
            Some(bytes) if bytes.is_empty() && !body.required => {
                let reason = "an empty body, which no page shows".to_owned();
                troubles.unusual(Place::Request, None, reason);
            }
            None => {
                let reason = "no body, which no page shows".to_owned();
                troubles.unusual(Place::Request, None, reason);
            }
            Some(bytes) => match read(body, &bytes, request) {
                Ok(value) => {
                    let part = Part::of_body(&root).showing(&body.examples, request);
                    judge(&body.schema, &value, part, &mut troubles);
                    if is_empty_change(operation, &value) {
                        let reason = "a change of nothing, which no page shows".to_owned();
                        troubles.unusual(Place::Request, None, reason);
                    }
                    if let Some((field, reason)) = lacks_part_of_patch(body, &value) {
                        troubles.unusual(Place::Request, Some(&field), reason);
                    }
                    let mut preset = body.schema.wrongly_preset().iter();
                    let is_unset = |own: &&FieldPath| value.pointer(&own.to_pointer()).is_none();
                    if let Some(field) = preset.find(is_unset) {
                        let reason = format!(
                            "the default of `{field}` is none of its values: no page says what \
                             becomes of it where it is left out"
                        );
                        troubles.unusual(Place::Request, Some(field), reason);
                    }
                    if let Some(field) = silently_missing(operation, &value) {
                        let reason = format!("no page says whether `{field}` may be left out");
                        troubles.unusual(Place::Request, Some(&field), reason);
                    }
                }
                Err(Unread::Unspoken(reason)) => {
                    troubles.unusual(Place::Request, None, reason);
                }
                Err(Unread::Malformed) => {
                    troubles.breaks(Place::Request, &root, Facet::Wire(Wire::Malformed));
                }
            },
        }
    }
    troubles
}

/// Whether a body changes nothing: an empty object, where every field of a `PATCH` may be left out.
/// Many services refuse that.
fn is_empty_change(operation: &Operation, value: &Value) -> bool {
    operation.method == "PATCH"
        && value.as_object().is_some_and(serde_json::Map::is_empty)
        && operation
            .request_body
            .as_ref()
            .is_some_and(|body| !body.examples.contains(value))
}

/// Why the body of a request is no JSON Patch that anybody could apply, where it is to be one.
pub fn unapplicable_patch(operation: &Operation, request: &Request) -> Option<String> {
    let body = operation.request_body.as_ref()?;
    let value = request.body.value()?;
    lacks_part_of_patch(body, value).map(|(_, reason)| reason)
}

/// The part that a change of a JSON Patch lacks, though its kind needs it (RFC 6902, section 4),
/// whatever is said of all changes together.
fn lacks_part_of_patch(body: &RequestBody, value: &Value) -> Option<(FieldPath, String)> {
    if body.media != MediaType::JsonPatch {
        return None;
    }
    let all = value.as_array()?;
    let lacking = |needed: &'static str| {
        let reason = format!("each change of a JSON Patch needs a `{needed}`");
        (FieldPath::root().item().child(needed), reason)
    };
    all.iter().find_map(|change| {
        let mut needed = ["op", "path"].into_iter();
        if let Some(needed) = needed.find(|needed| change.get(needed).is_none()) {
            return Some(lacking(needed));
        }
        let kind = change.get("op")?.as_str()?;
        let needed = match kind {
            "add" | "replace" | "test" => "value",
            "move" | "copy" => "from",
            _ => return None,
        };
        change.get(needed).is_none().then(|| {
            let reason = format!("`{kind}` of a JSON Patch needs a `{needed}`");
            (FieldPath::root().item().child(needed), reason)
        })
    })
}

/// Why the body of a request has no value.
enum Unread {
    /// It is none of its media type.
    Malformed,
    /// It may mean several things.
    Unspoken(String),
}

/// The value of a body as it goes on the wire.
fn read(body: &RequestBody, bytes: &[u8], request: &Request) -> Result<Value, Unread> {
    let twice = |key: &str| Unread::Unspoken(format!("the key `{key}` stands twice"));
    let Some(form) = &body.form else {
        return parse_strict(bytes).map_err(|malformed| match malformed {
            Malformed::DuplicateKey(key) => twice(&key),
            Malformed::ByteOrderMark
            | Malformed::NotUtf8(_)
            | Malformed::Syntax(_)
            | Malformed::TooDeep(_)
            | Malformed::Trailing(_) => Unread::Malformed,
        });
    };
    let kind = request.content_type.as_deref().unwrap_or_default();
    form.read(bytes, kind).map_err(|fault| match fault {
        NoForm::Twice(name) => twice(&name),
        // Lenient readers of forms take what they find, and no page says that they must not.
        NoForm::NotUtf8 | NoForm::NoParts => {
            Unread::Unspoken(format!("the body cannot be read as {}", body.media))
        }
    })
}

/// Adds what is wrong with which parameters of a place are sent together.
fn judge_beside(operation: &Operation, request: &Request, troubles: &mut Troubles) {
    for (location, schema) in &operation.beside {
        let place = location.place();
        let sent = parameters(operation, *location, request);
        for (field, guard) in unspecified(&schema.root) {
            let is_held = guard.holds(&|name| sent.get(name));
            if is_held && guard.is_of_order() {
                troubles.breaks(place, &FieldPath::name(field), BETWEEN);
            } else if is_held || guard.is_untold(&|name| sent.get(name)) {
                let reason = unspoken(field, &guard);
                troubles.overrule(place, FieldPath::name(field), reason);
            }
        }
        for violation in schema.violations(&Value::Object(sent)) {
            if violation.facet == BETWEEN {
                troubles.breaks(place, &violation.field, BETWEEN);
            }
        }
    }
}

/// Why nothing is known of a combination of fields.
fn unspoken(field: &str, guard: &Guard) -> String {
    let is_absent = guard.tests.contains(&(field.to_owned(), Test::Absent));
    let sent = if is_absent { "is not sent" } else { "is sent" };
    match guard.clause(field).as_str() {
        "always" => format!("`{field}` {sent}, and when it may be is not understood"),
        clause => format!("`{field}` {sent} {clause}, of which no page speaks"),
    }
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
    if let (Some(style), [_, ..]) = (parameter.style, values) {
        judge_list(parameter, style, values, given, troubles);
        return;
    }
    match values {
        [] if parameter.required => troubles.breaks(place, &field, Facet::Required),
        [] => {}
        [text] if parameter.is_json => judge_json(parameter, text, given, troubles),
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
        [text] if is_passed_over(parameter, text) => {
            let reason = format!("whoever does not know it may pass over what `{name}` asks for");
            troubles.unusual(place, Some(&field), reason);
        }
        [text] => match typed(text, &parameter.schema) {
            Some(value) => {
                let part = Part::of_parameter(place, &field, given);
                judge(&parameter.schema, &value, part, troubles);
            }
            None if is_of_wide_type(parameter.schema.own_facts()) => {
                let reason = format!("a sentence widens what `{name}` takes");
                troubles.unusual(place, Some(&field), reason);
            }
            None => troubles.breaks(place, &field, Facet::Type),
        },
        _ => {
            let reason = format!("`{name}` is sent twice");
            troubles.unusual(place, Some(&field), reason);
        }
    }
}

/// Whether a text is none of the listed values of a header that only tells what its sender would
/// like: who does not know it passes it over (RFC 9110, section 12.5; RFC 7240, section 2), and
/// languages and types are the same in letters of either case.
fn is_passed_over(parameter: &Parameter, text: &str) -> bool {
    let listed = enum_values(parameter.schema.follow(&parameter.schema.root));
    is_wish(parameter.location.place(), &parameter.name)
        && !listed.is_empty()
        && !listed.iter().any(|value| value == text)
}

/// Whether a header only tells what its sender would like.
pub fn is_wish(place: Place, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_of_kind = name == "prefer" || name == "accept" || name.starts_with("accept-");
    place == Place::Header && is_of_kind
}

/// The same of a parameter that is a JSON text.
fn judge_json(parameter: &Parameter, text: &str, given: &[Row], troubles: &mut Troubles) {
    let place = parameter.location.place();
    let field = FieldPath::name(&parameter.name);
    let is_plain = |byte: u8| (0x20..0x7f).contains(&byte);
    if place == Place::Header && !text.bytes().all(is_plain) {
        let reason = format!("`{field}` has what does not belong into a header");
        troubles.unusual(place, Some(&field), reason);
        return;
    }
    if let Ok(value) = parse_strict(text.as_bytes()) {
        let part = Part::of_parameter(place, &field, given);
        judge(&parameter.schema, &value, part, troubles);
    } else {
        // A lenient reader takes what it finds, and no source says that it must not.
        let reason = format!("`{field}` is no JSON text");
        troubles.unusual(place, Some(&field), reason);
    }
}

/// The same of a parameter that has several values.
fn judge_list(
    parameter: &Parameter,
    style: ListStyle,
    values: &[&str],
    given: &[Row],
    troubles: &mut Troubles,
) {
    let place = parameter.location.place();
    let field = FieldPath::name(&parameter.name);
    let name = &parameter.name;
    let Some(values) = style.read(values) else {
        let reason = format!("`{name}` is not written as its page says");
        troubles.unusual(place, Some(&field), reason);
        return;
    };
    // What parts values, or a blank beside it, may be a part of one or not.
    let is_plain = |value: &&str| {
        !value.is_empty() && value.trim() == *value && value.bytes().all(|byte| byte != b',')
    };
    if !values.iter().all(is_plain) {
        let reason = format!("`{name}` has a value that is empty, or has what parts values");
        troubles.unusual(place, Some(&field), reason);
        return;
    }
    let items = parameter.schema.field(&FieldPath::root().item());
    let kinds = items.map(|items| types_of(items.node)).unwrap_or_default();
    let typed: Option<Value> = values.iter().map(|text| typed_as(text, &kinds)).collect();
    match typed {
        Some(value) => {
            let part = Part::of_parameter(place, &field, given);
            judge(&parameter.schema, &value, part, troubles);
        }
        None => troubles.breaks(place, &field.item(), Facet::Type),
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
pub fn typed(text: &str, schema: &Schema) -> Option<Value> {
    typed_as(text, &types_of(&schema.root))
}

/// A text as the value of one of some types; `None` where it is none.
fn typed_as(text: &str, kinds: &[&str]) -> Option<Value> {
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
