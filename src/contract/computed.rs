//! Numbers of an answer that its page says how to compute from others: a sum over a list, a product.

use std::fmt;

use serde_json::{Map, Value, json};

/// The keyword of a schema that says how a number is computed.
pub const COMPUTED: &str = "x-computed";

/// How a number is computed from fields of the object that it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Computed {
    /// The sum of a field of a list's items, or of two of them multiplied.
    Sum {
        /// The list.
        list: String,
        /// The field of its items.
        of: String,
        /// The field that it is multiplied by.
        times: Option<String>,
    },
    /// Two fields, multiplied, added, or the second taken from the first.
    Two(Sign, String, String),
}

/// What becomes of two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// They are multiplied.
    Times,
    /// They are added.
    Plus,
    /// The second is taken from the first.
    Minus,
}

impl Sign {
    const ALL: [Self; 3] = [Self::Times, Self::Plus, Self::Minus];

    fn as_str(self) -> &'static str {
        match self {
            Self::Times => "times",
            Self::Plus => "plus",
            Self::Minus => "minus",
        }
    }
}

/// A value as it has to be, and how far from it a rounded one may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// The value.
    pub value: f64,
    /// The distance that rounding explains.
    pub spare: f64,
}

impl Computed {
    /// As the keyword has it.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Sum { list, of, times } => {
                let parts: Vec<&String> = [list, of].into_iter().chain(times).collect();
                json!({ "sum": parts })
            }
            Self::Two(sign, one, other) => json!({ (sign.as_str()): [one, other] }),
        }
    }

    /// What the keyword of a schema says.
    pub fn of(node: &Value) -> Option<Self> {
        let (word, parts) = node.get(COMPUTED)?.as_object()?.iter().next()?;
        let parts: Option<Vec<&str>> = parts.as_array()?.iter().map(Value::as_str).collect();
        let owned = str::to_owned;
        match (word.as_str(), parts?.as_slice()) {
            ("sum", [list, of]) => Some(Self::Sum {
                list: owned(list),
                of: owned(of),
                times: None,
            }),
            ("sum", [list, of, times]) => Some(Self::Sum {
                list: owned(list),
                of: owned(of),
                times: Some(owned(times)),
            }),
            (word, [one, other]) => {
                let sign = Sign::ALL.into_iter().find(|sign| sign.as_str() == word)?;
                Some(Self::Two(sign, owned(one), owned(other)))
            }
            _ => None,
        }
    }

    /// What it is in an object; none where a part of it is not there, or no number.
    pub fn wanted(&self, object: &Map<String, Value>) -> Option<Wanted> {
        match self {
            Self::Sum { list, of, times } => {
                let mut sum = Wanted {
                    value: 0.0,
                    spare: 0.0,
                };
                for item in object.get(list)?.as_array()? {
                    let mut own = number(item.get(of)?)?;
                    if let Some(times) = times {
                        own = own.with(Sign::Times, number(item.get(times)?)?);
                    }
                    sum = sum.with(Sign::Plus, own);
                }
                Some(sum)
            }
            Self::Two(sign, one, other) => {
                Some(number(object.get(one)?)?.with(*sign, number(object.get(other)?)?))
            }
        }
    }
}

impl Wanted {
    /// With another number. What has parts of a whole may be rounded to hundredths, however many
    /// there are.
    fn with(self, sign: Sign, other: Self) -> Self {
        let value = match sign {
            Sign::Times => self.value * other.value,
            Sign::Plus => self.value + other.value,
            Sign::Minus => self.value - other.value,
        };
        let rounding = if value.fract() == 0.0 { 0.0 } else { 0.01 };
        Self {
            value,
            spare: self.spare + other.spare + rounding + value.abs() * 1.0e-9,
        }
    }

    /// Whether a value that is told is this one.
    pub fn is(self, told: f64) -> bool {
        (told - self.value).abs() <= self.spare
    }
}

/// A number, or a text that is one.
fn number(value: &Value) -> Option<Wanted> {
    let value = told(value)?;
    Some(Wanted { value, spare: 0.0 })
}

/// The number that a value tells: an amount is often written as a text.
pub fn told(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

impl fmt::Display for Computed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sum { list, of, times } => {
                write!(formatter, "the sum of `{of}`")?;
                if let Some(times) = times {
                    write!(formatter, " times `{times}`")?;
                }
                write!(formatter, " over `{list}`")
            }
            Self::Two(sign, one, other) => {
                write!(formatter, "`{one}` {} `{other}`", sign.as_str())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(json!({ "sum": ["lines", "amount"] }), Some(7.5))]
    #[case(json!({ "sum": ["lines", "price", "quantity"] }), Some(9.0))]
    #[case(json!({ "times": ["width", "height"] }), Some(6.0))]
    #[case(json!({ "plus": ["width", "height"] }), Some(5.0))]
    #[case(json!({ "minus": ["height", "width"] }), Some(1.0))]
    #[case(json!({ "plus": ["width", "depth"] }), None)]
    #[case(json!({ "sum": ["lines", "weight"] }), None)]
    fn what_is_computed_is_read_and_written(#[case] keyword: Value, #[case] expected: Option<f64>) {
        let computed = Computed::of(&json!({ (COMPUTED): keyword })).unwrap();
        assert_eq!(computed.to_json(), keyword);
        let object = json!({
            "width": 2, "height": "3",
            "lines": [
                { "amount": 2.5, "price": 1, "quantity": 3 },
                { "amount": 5, "price": 2, "quantity": 3 },
            ],
        });
        let wanted = computed.wanted(object.as_object().unwrap());
        assert_eq!(wanted.map(|wanted| wanted.value), expected);
    }

    #[rstest]
    #[case(json!({ "a": 0.1, "b": 0.2 }), 0.3, true)]
    #[case(json!({ "a": 0.1, "b": 0.2 }), 0.35, false)]
    #[case(json!({ "a": 1, "b": 2 }), 3.005, false)]
    fn rounding_is_no_other_number(
        #[case] object: Value,
        #[case] told: f64,
        #[case] expected: bool,
    ) {
        let computed = Computed::Two(Sign::Plus, "a".to_owned(), "b".to_owned());
        let wanted = computed.wanted(object.as_object().unwrap()).unwrap();
        assert_eq!(wanted.is(told), expected);
    }

    #[rstest]
    #[case(json!({}))]
    #[case(json!({ "x-computed": "sum" }))]
    #[case(json!({ "x-computed": { "sum": [1, 2] } }))]
    #[case(json!({ "x-computed": { "root": ["a", "b"] } }))]
    fn what_is_no_such_keyword_says_nothing(#[case] node: Value) {
        assert_eq!(Computed::of(&node), None);
    }
}
