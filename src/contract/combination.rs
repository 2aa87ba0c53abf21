//! Rules between the fields of one object, in the few forms of JSON Schema that derivation writes
//! and requests are made from: `if`/`then` for what must or must not be there, and `x-unspecified`
//! for combinations of which no page says whether they are allowed.

use serde_json::{Map, Value, json};

use super::facet::{Facet, Keyword};
use super::order::Sense;

/// The extension that lists, by field, the combinations which no page speaks of. The field of a
/// name is what would have to be added or left out.
pub const UNSPECIFIED: &str = "x-unspecified";

/// The word by which a guard compares a value with that of another field.
const ORDER: &str = "x-order";

/// What a guard asks of one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// It is there.
    Present,
    /// It is not there.
    Absent,
    /// It has one of these values.
    In(Vec<Value>),
    /// It has another value than these.
    NotIn(Vec<Value>),
    /// It lies so to the value of another field, which is there too.
    Lies(Sense, String),
}

/// A condition on the fields of one object: all of its tests hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Guard {
    /// The tests, one a field.
    pub tests: Vec<(String, Test)>,
}

/// What becomes of a field where its guard holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It must be there.
    Needed,
    /// It must not be there.
    Barred,
}

/// A rule between fields: what a guard means for a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Combination {
    /// The field.
    pub field: String,
    /// When.
    pub guard: Guard,
    /// What.
    pub effect: Effect,
}

impl Guard {
    /// A guard of one test.
    pub fn of(field: impl Into<String>, test: Test) -> Self {
        Self::default().and(field, test)
    }

    /// The same with a test more.
    #[must_use]
    pub fn and(mut self, field: impl Into<String>, test: Test) -> Self {
        self.tests.push((field.into(), test));
        self
    }

    /// Whether it holds of an object, whose values `value` gives by name.
    pub fn holds<'v>(&self, value: &dyn Fn(&str) -> Option<&'v Value>) -> bool {
        self.tests.iter().all(|(name, test)| match test {
            Test::Lies(sense, other) => match (value(name), value(other)) {
                (Some(own), Some(other)) => sense.holds(own, other) == Some(true),
                _ => false,
            },
            test => test.holds(value(name)),
        })
    }

    /// Whether it is about which of two values comes first: that is a rule, not a combination of
    /// which no page speaks.
    pub fn is_of_order(&self) -> bool {
        let mut tests = self.tests.iter();
        tests.any(|(_, test)| matches!(test, Test::Lies(..)))
    }

    /// Whether nobody can tell which of the values that it compares comes first.
    pub fn is_untold<'v>(&self, value: &dyn Fn(&str) -> Option<&'v Value>) -> bool {
        self.tests.iter().any(|(name, test)| match test {
            Test::Lies(sense, other) => match (value(name), value(other)) {
                (Some(own), Some(other)) => sense.holds(own, other).is_none(),
                _ => false,
            },
            _ => false,
        })
    }

    /// As a schema.
    pub fn to_json(&self) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (name, test) in &self.tests {
            let schema = match test {
                Test::Present => None,
                Test::Absent => Some(Value::Bool(false)),
                Test::In(values) => Some(json!({ "enum": values })),
                Test::NotIn(values) => Some(json!({ "not": { "enum": values } })),
                Test::Lies(sense, other) => Some(json!({ ORDER: [sense.as_str(), other] })),
            };
            if *test != Test::Absent {
                required.push(name.as_str());
            }
            if let Some(schema) = schema {
                properties.insert(name.clone(), schema);
            }
        }
        let mut map = Map::new();
        if !properties.is_empty() {
            map.insert("properties".to_owned(), Value::Object(properties));
        }
        if !required.is_empty() {
            map.insert("required".to_owned(), json!(required));
        }
        Value::Object(map)
    }

    /// The guard that a schema is; none where it is of another form.
    pub fn from_json(schema: &Value) -> Option<Self> {
        let map = schema.as_object()?;
        let mut guard = Self::default();
        let properties = map.get("properties").and_then(Value::as_object);
        for (name, schema) in properties.into_iter().flatten() {
            let listed = |schema: &Value| Some(schema.get("enum")?.as_array()?.clone());
            let test = match schema {
                Value::Bool(false) => Test::Absent,
                schema if schema.get(ORDER).is_some() => {
                    let [sense, other] = schema.get(ORDER)?.as_array()?.as_slice() else {
                        return None;
                    };
                    let sense = Sense::from_word(sense.as_str()?)?;
                    Test::Lies(sense, other.as_str()?.to_owned())
                }
                schema => match schema.get("not") {
                    Some(denied) => Test::NotIn(listed(denied)?),
                    None => Test::In(listed(schema)?),
                },
            };
            guard = guard.and(name, test);
        }
        for name in map
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let name = name.as_str()?;
            if !guard.tests.iter().any(|(known, _)| known == name) {
                guard = guard.and(name, Test::Present);
            }
        }
        let is_known = |word: &String| word == "properties" || word == "required";
        map.keys().all(is_known).then_some(guard)
    }

    /// In words: ``where `kind` is `http` ``. `field` is the one that the rule is about.
    pub fn clause(&self, field: &str) -> String {
        let parts: Vec<String> = self
            .tests
            .iter()
            .filter(|(name, test)| name != field || !matches!(test, Test::Present | Test::Absent))
            .map(|(name, test)| match test {
                Test::Present => format!("`{name}` is sent"),
                Test::Absent => format!("`{name}` is not sent"),
                Test::In(values) => format!("`{name}` is {}", listed(values)),
                Test::NotIn(values) => format!("`{name}` is not {}", listed(values)),
                Test::Lies(sense, other) => {
                    format!("`{name}` is {} `{other}`", sense.as_str().replace('-', " "))
                }
            })
            .collect();
        if parts.is_empty() {
            "always".to_owned()
        } else {
            format!("where {}", parts.join(" and "))
        }
    }
}

fn listed(values: &[Value]) -> String {
    let spelled = |value: &Value| match value {
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    };
    let spelled: Vec<String> = values.iter().map(spelled).collect();
    spelled.join(" or ")
}

impl Test {
    /// Whether it holds of a value, or of none.
    pub fn holds(&self, value: Option<&Value>) -> bool {
        let is_among =
            |values: &[Value], value: &Value| values.iter().any(|one| is_equal(one, value));
        match (self, value) {
            (Self::Present, value) => value.is_some(),
            (Self::Absent, value) => value.is_none(),
            (Self::In(values), Some(value)) => is_among(values, value),
            (Self::NotIn(values), Some(value)) => !is_among(values, value),
            // It takes the other value to say.
            (Self::In(_) | Self::NotIn(_), None) | (Self::Lies(..), _) => false,
        }
    }
}

/// Whether two values are one in JSON Schema: numbers are equal where they are the same number.
fn is_equal(one: &Value, other: &Value) -> bool {
    one == other || one.is_number() && other.is_number() && one.as_f64() == other.as_f64()
}

impl Combination {
    /// As a schema of the object that the field belongs to.
    pub fn to_json(&self) -> Value {
        let then = match self.effect {
            Effect::Needed => json!({ "required": [self.field] }),
            Effect::Barred => json!({ "properties": { (self.field.as_str()): false } }),
        };
        json!({ "if": self.guard.to_json(), "then": then })
    }

    /// The rule that a schema is; none where it is of another form.
    pub(super) fn from_json(schema: &Value) -> Option<Self> {
        let guard = Guard::from_json(schema.get("if")?)?;
        let then = schema.get("then")?.as_object()?;
        let needed = then.get("required").and_then(Value::as_array);
        let barred = then.get("properties").and_then(Value::as_object);
        let (field, effect) = match (then.len(), needed, barred) {
            (1, Some(names), None) => match names.as_slice() {
                [name] => (name.as_str()?, Effect::Needed),
                _ => return None,
            },
            (1, None, Some(properties)) => {
                let mut properties = properties.iter();
                match (properties.next(), properties.next()) {
                    (Some((name, Value::Bool(false))), None) => (name.as_str(), Effect::Barred),
                    _ => return None,
                }
            }
            _ => return None,
        };
        Some(Self {
            field: field.to_owned(),
            guard,
            effect,
        })
    }
}

/// The rules between the fields of what a node describes.
pub fn combinations(node: &Value) -> Vec<Combination> {
    let all = node.get(Keyword::AllOf.as_str()).and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .filter_map(Combination::from_json)
        .collect()
}

/// The combinations of which no page speaks, each with the field that would have to change.
pub fn unspecified(node: &Value) -> Vec<(&str, Guard)> {
    let fields = node.get(UNSPECIFIED).and_then(Value::as_object);
    fields
        .into_iter()
        .flatten()
        .flat_map(|(field, guards)| {
            let guards = guards.as_array().into_iter().flatten();
            guards.filter_map(move |guard| Some((field.as_str(), Guard::from_json(guard)?)))
        })
        .collect()
}

/// The pointer to the rule between fields that a keyword at this pointer is a part of.
pub(super) fn rule_around(pointer: &str) -> Option<&str> {
    let cut = pointer.rfind("/then/")?;
    let rule = pointer.get(..cut)?;
    let (above, index) = rule.rsplit_once('/')?;
    let is_index = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
    (is_index && above.ends_with("/allOf")).then_some(rule)
}

/// The facet of every rule between fields.
pub const BETWEEN: Facet = Facet::Keyword(Keyword::If);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Schema;

    fn rules() -> Vec<Combination> {
        let kind = |value: &str| Test::In(vec![json!(value)]);
        let rule = |field: &str, guard, effect| Combination {
            field: field.to_owned(),
            guard,
            effect,
        };
        vec![
            rule("url", Guard::of("kind", kind("http")), Effect::Needed),
            rule(
                "a",
                Guard::of("a", Test::Present).and("b", Test::Present),
                Effect::Barred,
            ),
            rule(
                "c",
                Guard::of("c", Test::Present).and("d", Test::Absent),
                Effect::Barred,
            ),
            rule(
                "e",
                Guard::of("kind", Test::NotIn(vec![json!(1)])),
                Effect::Needed,
            ),
        ]
    }

    #[test]
    fn a_rule_is_read_back_as_it_was_written() {
        let all: Vec<Value> = rules().iter().map(Combination::to_json).collect();
        let node = json!({ "allOf": all });
        let mut read = combinations(&node);
        for rule in &mut read {
            rule.guard.tests.sort_by(|one, other| one.0.cmp(&other.0));
        }
        assert_eq!(read, rules());
    }

    #[test]
    fn a_broken_rule_is_one_of_its_field() {
        let all: Vec<Value> = rules().iter().map(Combination::to_json).collect();
        let object = json!({
            "type": "object",
            "properties": { "kind": { "type": "string" }, "url": { "type": "string" } },
            "allOf": all,
        });
        let nested = json!({
            "properties": { "o": { "$ref": "#/$defs/O" } },
            "$defs": { "O": object },
        });
        for (root, stem) in [(object, ""), (nested, "o")] {
            let schema = Schema::compile(root).unwrap();
            let within = |value: Value| {
                if stem.is_empty() {
                    value
                } else {
                    json!({ "o": value })
                }
            };
            let broken = |value: Value| -> Vec<(String, Facet)> {
                let found = schema.violations(&within(value));
                let name = |field: String| field.trim_start_matches("o.").to_owned();
                found
                    .into_iter()
                    .map(|one| (name(one.field.to_string()), one.facet))
                    .collect()
            };
            let of = |name: &str| (name.to_owned(), BETWEEN);
            assert_eq!(broken(json!({ "kind": "http", "e": 1 })), [of("url")]);
            assert_eq!(broken(json!({ "a": 1, "b": 2 })), [of("a")]);
            assert_eq!(broken(json!({ "c": 1 })), [of("c")]);
            assert_eq!(broken(json!({ "c": 1, "d": 1, "a": 1 })), []);
            let told = schema.violations(&within(json!({ "kind": "http", "e": 1 })));
            assert_eq!(
                told[0].message,
                "is absent, documented as mandatory where `kind` is `http`"
            );
        }
    }
}
