//! New ids, as a contract wants them: a whole number, a UUID, a text of a pattern or a length, or of
//! the form that an example shows.

use std::sync::Arc;

use serde_json::Value;

use crate::contract::{Schema, types_of};
use crate::generate::sample;
use crate::generate::text::text_of_length;

use super::resource::{Ids, text_of};

/// A run of digits in an example that is at least this long is taken for the part of an id that
/// differs from one to the next.
const LEAST_RUN: usize = 6;

/// How many numbers are looked at for a new id.
const MOST_NUMBERS: usize = 2_000;

/// Makes the ids of one resource.
#[derive(Debug, Default)]
pub(in crate::mock) struct NewIds {
    /// What an id has to satisfy, wherever one stands.
    wanted: Vec<Wanted>,
    /// An id as a page shows it.
    example: Option<String>,
}

/// One place where an id stands.
#[derive(Debug)]
struct Wanted {
    whole: Arc<Schema>,
    node: Value,
    alone: Option<Schema>,
}

impl NewIds {
    /// Adds a place where an id stands.
    pub(in crate::mock) fn stands(&mut self, schema: &Arc<Schema>, node: &Value) {
        let node = schema.follow(node);
        self.wanted.push(Wanted {
            whole: Arc::clone(schema),
            node: node.clone(),
            alone: schema.part(node),
        });
    }

    /// Adds an id as a page shows it.
    pub(in crate::mock) fn shown(&mut self, example: &Value) {
        if let Some(text) = example.as_str().filter(|text| !text.is_empty()) {
            self.example.get_or_insert_with(|| text.to_owned());
        }
    }

    /// Whether a text can be an id.
    pub(in crate::mock) fn takes(&self, id: &str) -> bool {
        let number = id.parse::<i64>().ok().map(Value::from);
        let text = Value::from(id);
        let mut values = [Some(text), number].into_iter().flatten();
        values.any(|value| {
            let mut wanted = self.wanted.iter().filter_map(|at| at.alone.as_ref());
            wanted.all(|alone| alone.is_valid(&value))
        })
    }

    /// A new id; `count` ids were given before.
    pub(in crate::mock) fn make(
        &self,
        ids: &Ids,
        count: u64,
        is_given: &dyn Fn(&str) -> bool,
    ) -> String {
        let uuid = ids.uuid();
        if self.wanted.iter().any(Wanted::is_number) {
            // A path that takes few numbers has no new one at some time; then one that answers may
            // have will do.
            let fresh = |wanted: &[Wanted]| {
                let least = wanted.iter().filter_map(Wanted::least).max().unwrap_or(1);
                let numbers = (least..=i64::MAX).skip(usize::try_from(count).unwrap_or(0));
                numbers.take(MOST_NUMBERS).find(|number| {
                    let value = Value::from(*number);
                    !is_given(&number.to_string()) && wanted.iter().all(|at| at.takes(&value))
                })
            };
            let of_answers = self.wanted.get(..1).unwrap_or_default();
            let number = fresh(&self.wanted).or_else(|| fresh(of_answers));
            return number.map_or(uuid, |number| number.to_string());
        }
        let digits = uuid.replace('-', "");
        let preferred = [
            self.example.as_deref().and_then(|one| like(one, &digits)),
            Some(uuid.clone()),
            Some(digits.clone()),
        ];
        let preferred = preferred.into_iter().flatten();
        let made = self.wanted.iter().flat_map(|at| at.texts(count, &digits));
        preferred
            .chain(made)
            .find(|text| {
                let value = Value::from(text.as_str());
                !is_given(text) && self.wanted.iter().all(|at| at.takes(&value))
            })
            .unwrap_or(uuid)
    }
}

impl NewIds {
    /// The same as the value of a body: a number where the contract wants one.
    pub(in crate::mock) fn value(
        &self,
        ids: &Ids,
        count: u64,
        is_given: &dyn Fn(&str) -> bool,
    ) -> Value {
        let id = self.make(ids, count, is_given);
        match id.parse::<i64>() {
            Ok(number) if self.wanted.iter().any(Wanted::is_number) => Value::from(number),
            _ => Value::from(id),
        }
    }
}

impl Wanted {
    /// Whether an id here is a number: a whole one, also where pages only say that it is a number.
    fn is_number(&self) -> bool {
        matches!(types_of(&self.node)[..], ["integer" | "number"])
    }

    /// The least number that the node says to take.
    fn least(&self) -> Option<i64> {
        self.node.get("minimum")?.as_i64()
    }

    fn takes(&self, value: &Value) -> bool {
        self.alone.as_ref().is_none_or(|alone| {
            // A path carries a number as text.
            alone.is_valid(value) || alone.is_valid(&Value::from(text_of(value)))
        })
    }

    /// Texts that the node allows, so far as its keywords tell: the digits of a random number cut
    /// to the length, then whatever its pattern takes.
    fn texts(&self, count: u64, digits: &str) -> impl Iterator<Item = String> {
        let size = |keyword: &str| {
            let value = self.node.get(keyword)?.as_u64()?;
            usize::try_from(value).ok()
        };
        let least = size("minLength").unwrap_or(0);
        let most = size("maxLength").unwrap_or(usize::MAX);
        let length = digits.len().max(least).min(most);
        let cut: String = digits.chars().cycle().take(length).collect();
        let pattern = self.node.get("pattern").and_then(Value::as_str);
        let start = usize::try_from(count).unwrap_or(0);
        let lengths = least.max(1)..=most.min(least.saturating_add(64));
        let of_pattern = lengths.flat_map(move |length| {
            (start..start + 8).filter_map(move |variety| text_of_length(pattern, length, variety))
        });
        let plain =
            (start..start + 64).map(|variety| text_of(&sample(&self.whole, &self.node, variety)));
        std::iter::once(cut).chain(of_pattern).chain(plain)
    }
}

/// An id in the form of an example, its last long run of hexadecimal digits made anew; none where it
/// has none.
fn like(example: &str, digits: &str) -> Option<String> {
    let bytes = example.as_bytes();
    let is_hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    let mut end = bytes.len();
    while end > 0 {
        let run = bytes
            .get(..end)?
            .iter()
            .rev()
            .take_while(|byte| is_hex(byte));
        let length = run.count();
        let start = end - length;
        let old = example.get(start..end)?;
        if length >= LEAST_RUN && old.bytes().any(|byte| byte.is_ascii_digit()) {
            let is_decimal = old.bytes().all(|byte| byte.is_ascii_digit());
            let new: String = digits
                .chars()
                .cycle()
                .take(length)
                .map(|digit| match digit.to_digit(16) {
                    Some(value) if is_decimal => char::from_digit(value % 10, 10).unwrap_or('1'),
                    _ => digit,
                })
                .collect();
            return Some(format!(
                "{}{new}{}",
                example.get(..start)?,
                example.get(end..)?
            ));
        }
        end = start.saturating_sub(usize::from(start > 0)).min(end - 1);
        if !example.is_char_boundary(end) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;
    use std::collections::BTreeSet;

    #[rstest]
    #[case("w-5c0e9f27a1b34d68", Some("w-0123456789abcdef"))]
    #[case("ab12cd34in14", Some("01234567in14"))]
    #[case("key-100200", Some("key-012345"))]
    #[case("abcdefgh", None)]
    #[case("k1", None)]
    #[case("é", None)]
    fn an_id_has_the_form_of_the_example(#[case] example: &str, #[case] expected: Option<&str>) {
        let digits = "0123456789abcdef0123456789abcdef";
        assert_eq!(like(example, digits).as_deref(), expected);
    }

    #[rstest]
    #[case(json!({"type": "integer"}), "12", true)]
    #[case(json!({"type": "integer"}), "0d7a1c52-6f3e-4b8a-9c41-2e5d8f60a7b3", false)]
    #[case(json!({"type": "string"}), "12", true)]
    #[case(json!({"type": "string", "maxLength": 4}), "abcdef", false)]
    fn what_is_no_id_of_these_is_not_taken(
        #[case] node: Value,
        #[case] id: &str,
        #[case] expected: bool,
    ) {
        let schema = Arc::new(Schema::compile(node.clone()).unwrap());
        let mut ids = NewIds::default();
        ids.stands(&schema, &node);
        assert_eq!(ids.takes(id), expected);
    }

    #[rstest]
    #[case(json!({"type": "string"}))]
    #[case(json!({"type": "string", "format": "uuid"}))]
    #[case(json!({"type": "string", "maxLength": 12}))]
    #[case(json!({"type": "string", "minLength": 40}))]
    #[case(json!({"type": "string", "pattern": "^[A-Z]{3}[0-9]{5}$"}))]
    #[case(json!({"type": "integer", "minimum": 1000}))]
    #[case(json!({"type": "integer", "minimum": 1_000_000}))]
    #[case(json!({"type": "number"}))]
    fn ids_are_many_and_as_documented(#[case] node: Value) {
        let schema = Arc::new(Schema::compile(node.clone()).unwrap());
        let mut made = NewIds::default();
        made.stands(&schema, &node);
        let ids = Ids::default();
        let mut given = BTreeSet::new();
        for count in 0..50 {
            let id = made.make(&ids, count, &|id| given.contains(id));
            let number = id.parse::<i64>().map(Value::from);
            let is_number = types_of(&node) != ["string"];
            let value = number
                .ok()
                .filter(|_| is_number)
                .unwrap_or(Value::from(id.clone()));
            assert!(schema.is_valid(&value), "{id}");
            assert!(given.insert(id));
        }
    }

    #[test]
    fn where_a_path_takes_few_numbers_others_follow() {
        let schema = |node: Value| Arc::new(Schema::compile(node).unwrap());
        let answer = schema(json!({"type": "integer"}));
        let path = schema(json!({"type": "integer", "minimum": 1, "maximum": 3}));
        let mut made = NewIds::default();
        made.stands(&answer, &answer.root);
        made.stands(&path, &path.root);
        let ids = Ids::default();
        let mut given: Vec<String> = Vec::new();
        for count in 0..5 {
            given.push(made.make(&ids, count, &|id| given.iter().any(|known| known == id)));
        }
        assert_eq!(given, ["1", "2", "3", "4", "5"]);
    }
}
