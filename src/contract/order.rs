//! Which of two values of one object comes first: numbers, days and times.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use serde_json::Value;
use std::cmp::Ordering;

/// How a value lies to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sense {
    /// It is greater, or later.
    Above,
    /// It is not less, or earlier.
    NotBelow,
    /// It is less, or earlier.
    Below,
    /// It is not greater, or later.
    NotAbove,
}

impl Sense {
    /// Every one.
    const ALL: [Self; 4] = [Self::Above, Self::NotBelow, Self::Below, Self::NotAbove];

    /// Its spelling in a contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::NotBelow => "not-below",
            Self::Below => "below",
            Self::NotAbove => "not-above",
        }
    }

    /// The one of a spelling.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == word)
    }

    /// What holds where it does not.
    #[must_use]
    pub fn denied(self) -> Self {
        match self {
            Self::Above => Self::NotAbove,
            Self::NotBelow => Self::Below,
            Self::Below => Self::NotBelow,
            Self::NotAbove => Self::Above,
        }
    }

    /// How the other lies to it.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Above => Self::Below,
            Self::NotBelow => Self::NotAbove,
            Self::Below => Self::Above,
            Self::NotAbove => Self::NotBelow,
        }
    }

    /// Whether it is so of two values; none where nobody can tell.
    pub fn holds(self, own: &Value, other: &Value) -> Option<bool> {
        let order = compare(own, other)?;
        Some(match self {
            Self::Above => order == Ordering::Greater,
            Self::NotBelow => order != Ordering::Less,
            Self::Below => order == Ordering::Less,
            Self::NotAbove => order != Ordering::Greater,
        })
    }

    /// The values of which it is so, from the one that is nearest to another.
    pub fn examples(self, other: &Value) -> Vec<Value> {
        let same = || Some(other.clone());
        let all = match self {
            Self::Above => [None, shifted(other, 1)],
            Self::NotBelow => [same(), shifted(other, 1)],
            Self::Below => [None, shifted(other, -1)],
            Self::NotAbove => [same(), shifted(other, -1)],
        };
        let is_so = |own: &Value| self.holds(own, other) == Some(true);
        all.into_iter().flatten().filter(is_so).collect()
    }
}

/// The day that a text begins with.
fn day(text: &str) -> Option<(Date, &str)> {
    let (day, rest) = text.split_at_checked(10)?;
    Some((day.parse().ok()?, rest))
}

/// Which of two values comes first; none where nobody can tell.
fn compare(own: &Value, other: &Value) -> Option<Ordering> {
    match (own, other) {
        (Value::Number(own), Value::Number(other)) => own.as_f64()?.partial_cmp(&other.as_f64()?),
        (Value::String(own), Value::String(other)) => {
            let times: (Result<Timestamp, _>, Result<Timestamp, _>) = (own.parse(), other.parse());
            if let (Ok(own), Ok(other)) = times {
                return Some(own.cmp(&other));
            }
            let (own, other) = (day(own)?, day(other)?);
            // Times of day without a zone are alike in form, or not to be compared.
            (own.1.len() == other.1.len()).then(|| own.cmp(&other))
        }
        _ => None,
    }
}

/// A value that lies a step further: a number, or a day, with or without a time.
fn shifted(value: &Value, step: i64) -> Option<Value> {
    match value {
        Value::Number(number) => {
            if let Some(number) = number.as_i64() {
                return number.checked_add(step).map(Value::from);
            }
            let step = if step < 0 { -1.0 } else { 1.0 };
            number.as_f64().map(|number| Value::from(number + step))
        }
        Value::String(text) => {
            let (day, rest) = day(text)?;
            let day = day.checked_add(step.days()).ok()?;
            Some(Value::from(format!("{day}{rest}")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(Sense::Above, json!(2), json!(1), Some(true))]
    #[case(Sense::Above, json!(1), json!(1), Some(false))]
    #[case(Sense::NotBelow, json!(1), json!(1.0), Some(true))]
    #[case(Sense::Above, json!("2025-05-02"), json!("2025-05-01"), Some(true))]
    #[case(Sense::Above, json!("2025-05-01T09:00:00Z"), json!("2025-05-01T10:00:00+02:00"), Some(true))]
    #[case(Sense::Below, json!("2025-05-01T09:00"), json!("2025-05-01T10:00"), Some(true))]
    #[case(Sense::Below, json!("01.05.2025"), json!("02.05.2025"), None)]
    #[case(Sense::Below, json!("1"), json!(2), None)]
    fn values_are_compared(
        #[case] sense: Sense,
        #[case] own: Value,
        #[case] other: Value,
        #[case] expected: Option<bool>,
    ) {
        assert_eq!(sense.holds(&own, &other), expected);
        assert_eq!(sense.denied().holds(&own, &other), expected.map(|own| !own));
    }

    #[rstest]
    #[case(Sense::NotAbove, json!(5), &[json!(5), json!(4)])]
    #[case(Sense::Below, json!("2025-05-01"), &[json!("2025-04-30")])]
    #[case(Sense::Above, json!("2025-05-01T08:00:00Z"), &[json!("2025-05-02T08:00:00Z")])]
    #[case(Sense::Above, json!("soon"), &[])]
    fn values_are_made(#[case] sense: Sense, #[case] other: Value, #[case] expected: &[Value]) {
        assert_eq!(sense.examples(&other), expected);
    }
}
