//! A value that breaks a rule and was taken for one that keeps it, as what is shown of it tells: a
//! reader that is kinder than its documentation has left nothing wrong behind.

use serde_json::Value;

use crate::contract::{
    Facet, FactId, FieldPath, Keyword, Location, Operation, Parameter, Place, Rule, Step, Topic,
    enum_values,
};
use crate::generate::Request;
use crate::text;

/// How deep a body is looked through for one field.
const DEEPEST: usize = 4;

/// What a request sent of a field, and what is shown of it.
struct Kept<'k> {
    operation: &'k Operation,
    rule: &'k Rule,
    sent: Value,
    /// The answer to the request, or to whoever asks for what it made.
    body: &'k Value,
}

/// Whether a body shows that what a request sent of the field that a fact is about was taken for a
/// value that keeps the fact's rule.
pub fn is_kept(operation: &Operation, request: &Request, fact: &FactId, body: &Value) -> bool {
    let Topic::Rule(rule) = &fact.topic else {
        return false;
    };
    // A rule of the values of a map is one of each of them.
    if let (Some(Step::Entry), Some(map)) = (rule.field.steps().last(), rule.field.parent()) {
        let sent = request.get(rule.place, &map);
        let names: Vec<FieldPath> = sent
            .as_ref()
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|all| all.keys())
            .map(|name| map.child(name.as_str()))
            .collect();
        return names.into_iter().any(|field| {
            let of_one = Rule::new(rule.place, field, rule.facet);
            is_kept(operation, request, &operation.fact_id(of_one), body)
        });
    }
    // A rule of the items of a list is one of each of them.
    let mut field = rule.field.clone();
    while field.steps().last() == Some(&Step::Item) {
        field.pop();
    }
    let Some(sent) = request.get(rule.place, &field) else {
        return false;
    };
    let kept = Kept {
        operation,
        rule,
        sent,
        body,
    };
    kept.as_set()
        || kept.as_listed()
        || kept.as_text()
        || kept.as_list(field.last_name().unwrap_or_default())
        || kept.without_blanks()
}

/// Whether one value is what another was read as: the same, or the number or text that it stands for.
fn is_read_as(sent: &Value, shown: &Value) -> bool {
    match (sent, shown) {
        (Value::Number(sent), Value::Number(shown)) => sent.as_f64() == shown.as_f64(),
        (Value::Bool(sent), Value::Number(shown)) => {
            shown.as_f64() == Some(f64::from(u8::from(*sent)))
        }
        (Value::Number(_) | Value::Bool(_), Value::String(shown)) => {
            text::says_the_same(&sent.to_string(), &shown.to_ascii_lowercase())
        }
        (Value::String(sent), Value::Number(_) | Value::Bool(_)) => {
            text::says_the_same(&sent.to_ascii_lowercase(), &shown.to_string())
        }
        // A list of one for its value, as forms have it.
        (Value::Array(sent), shown) if !shown.is_array() => {
            matches!(sent.as_slice(), [one] if is_read_as(one, shown))
        }
        (sent, shown) => sent == shown,
    }
}

impl Kept<'_> {
    fn name(&self) -> &str {
        self.rule.field.last_name().unwrap_or_default()
    }

    /// Whether a text is too long by the blanks around it alone, and is shown without them.
    fn without_blanks(&self) -> bool {
        let (Facet::MaxLength, Value::String(sent)) = (self.rule.facet, &self.sent) else {
            return false;
        };
        let described = self.operation.request_body.as_ref();
        let field = described.and_then(|body| body.schema.field(&self.rule.field));
        let most = field.and_then(|field| field.node.get(Facet::MaxLength.as_str())?.as_u64());
        let kept = sent.trim();
        let count = u64::try_from(kept.chars().count()).unwrap_or(u64::MAX);
        let is_short = self.rule.place == Place::Request && most.is_some_and(|most| count <= most);
        let is_it = |shown: &Value| shown.as_str() == Some(kept) && sent != kept;
        is_short && shows(self.body, self.name(), &is_it, 0)
    }

    /// Whether a value of another type, or a text with blanks or zeros around it, was taken for the
    /// text that it stands for: that is shown, of the documented type.
    fn as_text(&self) -> bool {
        // Any text would not do: who leaves a bad value aside shows what was there before.
        let is_it = |shown: &Value| match (self.rule.facet, &self.sent, shown) {
            (
                Facet::Type | Facet::Format,
                sent @ (Value::Number(_) | Value::Bool(_)),
                Value::String(shown),
            ) => text::says_the_same(&sent.to_string(), &shown.to_ascii_lowercase()),
            (Facet::Pattern | Facet::Format, Value::String(sent), Value::String(shown)) => {
                sent != shown && text::says_the_same(sent, shown)
            }
            _ => false,
        };
        shows(self.body, self.name(), &is_it, 0)
    }

    /// Whether the items of a list were taken for what they stand for, one value for the list of it, or
    /// a list of one for its value.
    fn as_list(&self, name: &str) -> bool {
        let is_of_kind = matches!(
            self.rule.facet,
            Facet::Type | Facet::Keyword(Keyword::PrefixItems)
        );
        let is_it = |shown: &Value| match (&self.sent, shown) {
            (Value::Array(sent), Value::Array(shown)) => {
                let mut pairs = sent.iter().zip(shown);
                sent.len() == shown.len()
                    && sent != shown
                    && pairs.all(|(sent, shown)| is_read_as(sent, shown))
            }
            (sent, Value::Array(shown)) => {
                matches!(shown.as_slice(), [one] if is_read_as(sent, one))
            }
            (Value::Array(_), shown) => is_read_as(&self.sent, shown),
            _ => false,
        };
        is_of_kind && shows(self.body, name, &is_it, 0)
    }

    /// Whether a list in which an item stands twice was taken as a set: it is shown once.
    fn as_set(&self) -> bool {
        match (self.rule.facet, &self.sent, self.body.get(self.name())) {
            (Facet::UniqueItems, Value::Array(sent), Some(Value::Array(kept))) => {
                let is_once =
                    |item: &Value| kept.iter().filter(|other| *other == item).count() == 1;
                kept.len() < sent.len() && sent.iter().all(is_once)
            }
            _ => false,
        }
    }

    /// Whether a text that is a listed value but for its case was taken for that value: it is shown
    /// as it is listed.
    fn as_listed(&self) -> bool {
        let (Facet::Enum, Value::String(sent)) = (self.rule.facet, &self.sent) else {
            return false;
        };
        let is_it = |shown: &Value| {
            let other = |shown: &str| shown != sent && shown.eq_ignore_ascii_case(sent);
            shown.as_str().is_some_and(other)
        };
        shows(self.body, self.name(), &is_it, 0) || self.chooses_listed(sent)
    }

    /// Whether a text of the query is a listed value but for its case, and nothing that is shown
    /// speaks against its being taken for that value.
    fn chooses_listed(&self, sent: &str) -> bool {
        let is_parameter = |parameter: &&Parameter| {
            let mut listed = enum_values(&parameter.schema.root).into_iter();
            parameter.name == self.name()
                && listed.any(|value| {
                    let text = value.as_str();
                    text.is_some_and(|text| text != sent && text.eq_ignore_ascii_case(sent))
                })
        };
        let mut in_query = self.operation.parameters_in(Location::Query);
        self.rule.place == Place::Query
            && in_query.any(|parameter| is_parameter(&parameter))
            && agrees(self.body, self.name(), sent, 0)
    }
}

/// Whether each text that a body has under a name is this one, but for its case.
fn agrees(body: &Value, name: &str, sent: &str, depth: usize) -> bool {
    match body {
        Value::Object(map) => map.iter().all(|(key, value)| match value {
            Value::String(shown) if key == name => shown.eq_ignore_ascii_case(sent),
            inner => depth >= DEEPEST || agrees(inner, name, sent, depth + 1),
        }),
        Value::Array(items) => {
            let mut items = items.iter();
            items.all(|item| depth >= DEEPEST || agrees(item, name, sent, depth + 1))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// Whether a body has such a value under a name.
fn shows(body: &Value, name: &str, is_it: &dyn Fn(&Value) -> bool, depth: usize) -> bool {
    let Value::Object(map) = body else {
        return false;
    };
    map.get(name).is_some_and(is_it)
        || depth < DEEPEST
            && map
                .values()
                .any(|inner| shows(inner, name, is_it, depth + 1))
}
