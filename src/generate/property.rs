//! Property cases: proptest strategies made from the schemas, for documented-valid, single-violation and unspecified requests. The harness
//! drives them and shrinks what fails. The interface to the `proptest` crate is localised here.

use std::hash::{DefaultHasher, Hash, Hasher};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value};

use crate::contract::formats::{DateParts, DateTemplate};
use crate::contract::{Operation, enum_values, types_of};

use super::boundary::{Slot, slots};
use super::case::{Case, Expectation};
use super::class::{Broken, Class, classify};
use super::custom::refusal;
use super::request::{Body, Request};
use super::sample::{limit, sample};
use super::text::length_bounds;
use super::violate;

/// What a property trial tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Property {
    /// Documented-valid requests are accepted.
    Valid,
    /// Requests that break exactly one rule are refused.
    Invalid,
    /// Requests that no page speaks of get a documented answer, and nothing breaks.
    Unspecified,
}

impl Property {
    /// The word in the trial's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unspecified => "unspecified",
        }
    }
}

/// A drawn case that can be made simpler while it fails.
pub struct Drawn {
    tree: Box<dyn ValueTree<Value = Request>>,
}

impl std::fmt::Debug for Drawn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Drawn")
            .field("request", &self.tree.current())
            .finish()
    }
}

impl Drawn {
    /// The request as it is now.
    pub fn request(&self) -> Request {
        self.tree.current()
    }

    /// Takes the next simpler request (`failed`) or goes back a step; whether there is one.
    pub fn step(&mut self, failed: bool) -> bool {
        if failed {
            self.tree.simplify()
        } else {
            self.tree.complicate()
        }
    }
}

/// A seeded source of cases of one property of one operation.
pub struct Source<'o> {
    operation: &'o Operation,
    property: Property,
    strategy: BoxedStrategy<Request>,
    runner: TestRunner,
    dropped: u64,
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Source")
            .field("property", &self.property)
            .finish_non_exhaustive()
    }
}

impl<'o> Source<'o> {
    /// A source; `None` where the operation has nothing to vary. `bound` says which places keep the baseline's value. The cases are a function of
    /// seed, operation and property alone.
    pub fn new(
        operation: &'o Operation,
        baseline: &Request,
        property: Property,
        seed: u64,
        bound: &dyn Fn(&str, &str) -> bool,
        omitted: Option<&str>,
    ) -> Option<Self> {
        let free: Vec<Slot<'_>> = slots(operation)
            .into_iter()
            .filter(|slot| !slot.field.contains(['.', '[']))
            .collect();
        let strategy = match property {
            Property::Valid => valid(&free, baseline, bound),
            Property::Invalid => invalid(&free, baseline, omitted),
            Property::Unspecified => Some(unspecified(
                &free,
                baseline,
                operation.request_body.is_some(),
                bound,
            )),
        }?;
        Some(Self {
            operation,
            property,
            strategy,
            runner: runner(seed, &(operation.name(), property)),
            dropped: 0,
        })
    }

    /// Draws a case that stands in its class on the wire; those that do not are dropped, within a bound.
    pub fn draw(&mut self) -> Option<Drawn> {
        for _ in 0..64 {
            let tree = self.strategy.new_tree(&mut self.runner).ok()?;
            let drawn = Drawn {
                tree: Box::new(tree),
            };
            if self.case(&drawn.request()).is_some() {
                return Some(drawn);
            }
            self.dropped += 1;
        }
        None
    }

    /// How many drawn requests were dropped because they did not stand in their class on the wire.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The case of a request, if it stands in its class, and the rule that it breaks.
    pub fn case(&self, request: &Request) -> Option<(Case, Option<Broken>)> {
        let class = classify(self.operation, request);
        let (expectation, broken) = match (self.property, class) {
            (Property::Valid, Class::Valid) => (Expectation::Success, None),
            (Property::Invalid, Class::Invalid(mut broken)) if broken.len() == 1 => {
                let broken = broken.pop()?;
                (refusal(self.operation, request, &broken), Some(broken))
            }
            (Property::Unspecified, Class::Unspecified(_)) => (Expectation::Unspecified, None),
            _ => return None,
        };
        let label = format!("a generated {} request", self.property.as_str());
        Some((
            Case {
                label,
                request: request.clone(),
                expectation,
            },
            broken,
        ))
    }
}

/// A runner whose draws depend on the seed and on what it is for, not on which other trials run.
fn runner(seed: u64, purpose: &impl Hash) -> TestRunner {
    let mut hasher = DefaultHasher::new();
    purpose.hash(&mut hasher);
    let mut state = seed ^ hasher.finish();
    let mut bytes = [0_u8; 32];
    for chunk in bytes.chunks_mut(8) {
        // splitmix64: spreads a small seed over all bits.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes());
    }
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Where a value goes: place and field.
type Spot = (&'static str, String);

fn spot(slot: &Slot<'_>) -> Spot {
    (slot.place, slot.field.clone())
}

/// Every field with a valid value or, where it is optional, sometimes absent.
fn valid(
    slots: &[Slot<'_>],
    baseline: &Request,
    bound: &dyn Fn(&str, &str) -> bool,
) -> Option<BoxedStrategy<Request>> {
    let mut parts: Vec<BoxedStrategy<(Spot, Option<Value>)>> = Vec::new();
    for slot in slots.iter().filter(|slot| !bound(slot.place, &slot.field)) {
        let spot = spot(slot);
        let values = valid_value(slot);
        let part = if slot.required {
            values
                .prop_map(move |value| (spot.clone(), Some(value)))
                .boxed()
        } else {
            proptest::option::of(values)
                .prop_map(move |value| (spot.clone(), value))
                .boxed()
        };
        parts.push(part);
    }
    if parts.is_empty() {
        return None;
    }
    let baseline = baseline.clone();
    Some(
        parts
            .prop_map(move |changes| apply(&baseline, changes))
            .boxed(),
    )
}

fn apply(baseline: &Request, changes: impl IntoIterator<Item = (Spot, Option<Value>)>) -> Request {
    let mut request = baseline.clone();
    for ((place, field), value) in changes {
        request.set(place, &field, value);
    }
    request
}

/// A valid value of a field.
fn valid_value(slot: &Slot<'_>) -> BoxedStrategy<Value> {
    let node = slot.node;
    let listed = enum_values(node);
    if !listed.is_empty() {
        return proptest::sample::select(listed).boxed();
    }
    let kinds = types_of(node);
    if kinds.contains(&"string") {
        return valid_text(node).prop_map(Value::from).boxed();
    }
    if kinds.contains(&"integer") {
        let least = limit(node, "minimum").unwrap_or(1);
        let most = limit(node, "maximum").unwrap_or_else(|| least.max(1).saturating_add(1_000));
        return (least..=most.max(least)).prop_map(Value::from).boxed();
    }
    if kinds.contains(&"boolean") {
        return any::<bool>().prop_map(Value::from).boxed();
    }
    Just(sample(slot.schema, node, 0)).boxed()
}

/// Letters of several scripts and ordinary punctuation: what any sound endpoint takes where no page limits it.
const ORDINARY: &[&str] = &[
    "abcxyzABCXYZ",
    "0123456789",
    " -_.,;:()/+*#@%?$[]{}|~^`",
    "äéñçøß",
    "жиЯ",
    "备份实例",
    "テスト",
    "αβΩ",
    "<>!\"&'=",
];

fn ordinary_character() -> BoxedStrategy<char> {
    proptest::sample::select(
        ORDINARY
            .iter()
            .flat_map(|set| set.chars())
            .collect::<Vec<char>>(),
    )
    .boxed()
}

fn valid_text(node: &Value) -> BoxedStrategy<String> {
    if let Some(template) = node
        .get("format")
        .and_then(Value::as_str)
        .and_then(DateTemplate::parse)
    {
        return (
            1990_u32..2038,
            1_u32..=12,
            1_u32..=28,
            0_u32..24,
            0_u32..60,
            0_u32..60,
        )
            .prop_map(move |(year, month, day, hour, minute, second)| {
                template.write(DateParts {
                    year,
                    month,
                    day,
                    hour,
                    minute,
                    second,
                })
            })
            .boxed();
    }
    let size = |keyword: &str| limit(node, keyword).and_then(|size| usize::try_from(size).ok());
    let least = size("minLength").unwrap_or(1);
    let most = size("maxLength").unwrap_or(100).max(least);
    let pattern = node.get("pattern").and_then(Value::as_str);
    let from_pattern = pattern.and_then(|pattern| {
        let (low, high) = length_bounds(pattern)?;
        let unanchored = pattern.strip_prefix('^')?.strip_suffix('$')?;
        let translated = jsonschema_regex::to_rust_regex(unanchored).ok()?;
        // `*` and `+` are widened to the documented length; a strategy of their own stops at 32.
        let widened = match translated.strip_suffix('*') {
            Some(head) if high.is_none() => format!(
                "{head}{{{},{}}}",
                least.saturating_sub(low),
                most.saturating_sub(low)
            ),
            _ => translated.into_owned(),
        };
        proptest::string::string_regex(&widened).ok()
    });
    match from_pattern {
        Some(strategy) => strategy.boxed(),
        None => proptest::collection::vec(ordinary_character(), least..=most)
            .prop_map(|characters| characters.into_iter().collect())
            .boxed(),
    }
}

/// One field broken, the others as in the baseline.
fn invalid(
    slots: &[Slot<'_>],
    baseline: &Request,
    omitted: Option<&str>,
) -> Option<BoxedStrategy<Request>> {
    let mut options: Vec<BoxedStrategy<(Spot, Option<Value>)>> = Vec::new();
    for slot in slots {
        let node = slot.node;
        let mut values: Vec<BoxedStrategy<Value>> = Vec::new();
        let mut listed: Vec<Value> = Vec::new();
        let kinds = types_of(node);
        let omits = |kind: &str| omitted == Some(kind);
        for facet in violate::facets() {
            let broken = violate::violations(slot, facet, omitted);
            listed.extend(broken.into_iter().map(|(_, value)| value));
        }
        if slot.place == "request" && !kinds.contains(&"integer") && !omits("wrong-type") {
            values.push(any::<i32>().prop_map(Value::from).boxed());
        }
        if slot.place != "request" && kinds.contains(&"integer") && !omits("wrong-text") {
            values.push("[a-z]{1,8}".prop_map(Value::from).boxed());
        }
        if !enum_values(node).is_empty() && kinds.contains(&"string") && !omits("outside-enum") {
            values.push("[a-zA-Z0-9_]{1,12}".prop_map(Value::from).boxed());
        }
        if let Some(most) = limit(node, "maxLength")
            .and_then(|most| usize::try_from(most).ok())
            .filter(|_| !omits("too-long"))
        {
            values.push(
                proptest::collection::vec(ordinary_character(), most + 1..=most + 40)
                    .prop_map(|text| Value::from(text.into_iter().collect::<String>()))
                    .boxed(),
            );
        }
        if node.get("pattern").is_some() && !omits("outside-pattern") {
            let at = any::<proptest::sample::Index>();
            values.push(
                (valid_text(node), at, ordinary_character())
                    .prop_map(|(text, at, wrong)| {
                        let mut characters: Vec<char> = text.chars().collect();
                        if !characters.is_empty() {
                            let index = at.index(characters.len());
                            if let Some(slot) = characters.get_mut(index) {
                                *slot = wrong;
                            }
                        }
                        Value::from(characters.into_iter().collect::<String>())
                    })
                    .boxed(),
            );
        }
        if node
            .get("format")
            .and_then(Value::as_str)
            .and_then(DateTemplate::parse)
            .is_some()
            && !omits("bad-format")
        {
            values.push("[0-9]{1,20}".prop_map(Value::from).boxed());
        }
        if limit(node, "minimum").is_some() && !omits("below-minimum") {
            values.push(
                (1_i64..1_000_000)
                    .prop_map(|below| Value::from(-below))
                    .boxed(),
            );
        }
        if !listed.is_empty() {
            values.push(proptest::sample::select(listed).boxed());
        }
        for value in values {
            let spot = spot(slot);
            options.push(
                value
                    .prop_map(move |value| (spot.clone(), Some(value)))
                    .boxed(),
            );
        }
        if slot.required && !omits("absent") {
            options.push(Just((spot(slot), None)).boxed());
        }
    }
    if options.is_empty() {
        return None;
    }
    let baseline = baseline.clone();
    Some(
        proptest::strategy::Union::new(options)
            .prop_map(move |change| apply(&baseline, [change]))
            .boxed(),
    )
}

/// What no page speaks of: unknown fields and parameters, duplicate keys, very long and empty texts, zero, deep nesting, unusual characters.
fn unspecified(
    slots: &[Slot<'_>],
    baseline: &Request,
    has_body: bool,
    bound: &dyn Fn(&str, &str) -> bool,
) -> BoxedStrategy<Request> {
    let mut options: Vec<BoxedStrategy<Request>> = Vec::new();
    let with = |values: BoxedStrategy<Value>, spot: Spot| {
        let baseline = baseline.clone();
        values
            .prop_map(move |value| apply(&baseline, [(spot.clone(), Some(value))]))
            .boxed()
    };
    for slot in slots.iter().filter(|slot| !bound(slot.place, &slot.field)) {
        let kinds = types_of(slot.node);
        if kinds.contains(&"string")
            && slot.node.get("format").is_none()
            && enum_values(slot.node).is_empty()
        {
            let most = limit(slot.node, "maxLength")
                .and_then(|most| usize::try_from(most).ok())
                .unwrap_or(4_000);
            let unusual = proptest::collection::vec(unusual_character(), 1..=most.min(40))
                .prop_map(|text| Value::from(text.into_iter().collect::<String>()));
            options.push(with(unusual.boxed(), spot(slot)));
            if slot.node.get("maxLength").is_none() {
                options.push(with(
                    (200_usize..4_000)
                        .prop_map(|length| Value::from("x".repeat(length)))
                        .boxed(),
                    spot(slot),
                ));
            }
            options.push(with(Just(Value::from("")).boxed(), spot(slot)));
        }
        if kinds.contains(&"integer") {
            options.push(with(
                proptest::sample::select(vec![
                    Value::from(0),
                    Value::from(i32::MAX),
                    Value::from(i64::MAX),
                ])
                .boxed(),
                spot(slot),
            ));
        }
    }
    if has_body {
        let extra = "[a-z]{3,12}".prop_map(|name| (format!("x_{name}"), Value::from(1)));
        let from = baseline.clone();
        options.push(
            extra
                .prop_map(move |(name, value)| apply(&from, [(("request", name), Some(value))]))
                .boxed(),
        );
        let from = baseline.clone();
        options.push(
            (2_usize..60)
                .prop_map(move |depth| {
                    apply(
                        &from,
                        [(("request", "x_deep".to_owned()), Some(nested(depth)))],
                    )
                })
                .boxed(),
        );
        if let Body::Json(Value::Object(map)) = &baseline.body {
            let from = baseline.clone();
            let keys: Vec<(String, Value)> = map
                .iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            if !keys.is_empty() {
                options.push(
                    proptest::sample::select(keys)
                        .prop_map(move |(key, value)| twice(&from, &key, &value))
                        .boxed(),
                );
            }
        }
    } else {
        let from = baseline.clone();
        options.push(
            "[a-z]{3,12}"
                .prop_map(move |name| {
                    let mut request = from.clone();
                    request.query.push((format!("x_{name}"), "1".to_owned()));
                    request
                })
                .boxed(),
        );
    }
    proptest::strategy::Union::new(options).boxed()
}

fn unusual_character() -> BoxedStrategy<char> {
    proptest::sample::select(vec![
        'a',
        '\u{0}',
        '\u{7}',
        '\t',
        '\n',
        '\r',
        '\u{7f}',
        '\u{85}',
        '\u{301}',
        '\u{200b}',
        '\u{202e}',
        '\u{2028}',
        '\u{feff}',
        '\u{fffd}',
        '\u{e000}',
        '😀',
        '👩',
        '𝒳',
        '𐍈',
        '\u{10ffff}',
        'ا',
        'ש',
        '"',
        '\\',
        '\'',
        '%',
        ';',
        '<',
    ])
    .boxed()
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::from(1), |inner, _| {
        let mut map = Map::new();
        map.insert("x".to_owned(), inner);
        Value::Object(map)
    })
}

/// The body with one key a second time, with the same value.
fn twice(baseline: &Request, key: &str, value: &Value) -> Request {
    let text = String::from_utf8(baseline.body_bytes().unwrap_or_default()).unwrap_or_default();
    let head = format!("{{{}:{value},", Value::from(key));
    let body = text.replacen('{', &head, 1).into_bytes();
    Request {
        body: Body::Raw(body),
        ..baseline.clone()
    }
}
