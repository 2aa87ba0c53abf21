//! The shape of a text that does not have its format: how a date and time is written, whichever it
//! is; of any other text nothing but whether there is one. A random identity may be all digits or
//! all letters by chance, so not even that is told.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The shape of a text.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Shape {
    /// Nothing, or blanks alone.
    Empty,
    /// A date, a time, or both. Digits are `9`, words `a`, a time of day is `9:9`, a zone `z`.
    /// Seconds, fractions and the kind of zone are not told: many programs write them only where
    /// they are not zero.
    Time(String),
    /// Anything else, such as the seconds since 1970: what varies in it is not told.
    Other,
}

pattern! {
    /// A time of day, with the half of the day and the zone where it has them.
    static CLOCK = r"(?x)
        \d{1,2}:\d{2} (?: :\d{2} )? (?: [.,]\d+ )?
        (?P<half> \s? [AaPp]\.?[Mm]\b\.? )?
        (?P<zone> \s? (?: Z | (?: [A-Z]{3,5} )? [+-]\d{1,2} (?: :?\d{2} )? | [A-Z]{3,5} ) \b )?
    ";
}

/// The words of a date that stand beside digits without a blank between.
const JOINED: [&str; 6] = ["t", "z", "st", "nd", "rd", "th"];

/// The most characters of a word of a date: no name of a month or of a day of the week is longer.
const LONGEST_WORD: usize = 12;

/// The most words beside the time of day: weekday, month and their like.
const MOST_WORDS: usize = 4;

/// The longest text that is read as a date or time.
const LONGEST: usize = 64;

impl Shape {
    /// The shape of a text.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            Self::Empty
        } else {
            time(text).map_or(Self::Other, Self::Time)
        }
    }
}

/// How a date or time is written; none where a text is neither.
fn time(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let mut date = Date::default();
    if let Some(clock) = CLOCK.captures(text) {
        let all = clock.get(0)?;
        date.read(text.get(..all.start())?)?;
        date.shape.push_str("9:9");
        date.shape.push_str(clock.name("half").map_or("", |_| " a"));
        date.shape.push_str(clock.name("zone").map_or("", |_| "z"));
        date.read(text.get(all.end()..)?)?;
        return (date.words <= MOST_WORDS).then_some(date.shape);
    }
    date.read(text)?;
    let is_date = date.has_year
        && match date.numbers {
            3 => true,
            2 => date.words > 0,
            _ => false,
        };
    (is_date && date.words <= MOST_WORDS).then_some(date.shape)
}

/// A date as far as it is read.
#[derive(Default)]
struct Date {
    shape: String,
    numbers: usize,
    words: usize,
    has_year: bool,
}

impl Date {
    /// Reads on; none where a text is no part of a date.
    fn read(&mut self, text: &str) -> Option<()> {
        let mut rest = text;
        let mut after_digit = false;
        while let Some(first) = rest.chars().next() {
            let run = |is_in: fn(char) -> bool| {
                rest.split_at(rest.find(|c: char| !is_in(c)).unwrap_or(rest.len()))
            };
            if first.is_ascii_digit() {
                let (digits, after) = run(|c| c.is_ascii_digit());
                if !matches!(digits.len(), 1..=4 | 6 | 8) {
                    return None;
                }
                self.numbers += 1;
                self.has_year |=
                    digits.len() >= 4 && (digits.starts_with("19") || digits.starts_with("20"));
                self.shape.push('9');
                (rest, after_digit) = (after, true);
            } else if first.is_alphabetic() {
                let (word, after) = run(char::is_alphabetic);
                let joins_digits = after_digit || after.starts_with(|c: char| c.is_ascii_digit());
                let is_joined = JOINED.contains(&word.to_ascii_lowercase().as_str());
                if word.chars().count() > LONGEST_WORD
                    || joins_digits && word.is_ascii() && !is_joined
                {
                    return None;
                }
                self.words += 1;
                self.shape.push('a');
                // Some languages shorten some of their months with a dot.
                (rest, after_digit) = (after.strip_prefix('.').unwrap_or(after), false);
            } else if first.is_whitespace() {
                (rest, after_digit) = (rest.trim_start(), false);
                self.shape.push(' ');
            } else if ",./-()".contains(first) {
                (rest, after_digit) = (rest.get(first.len_utf8()..)?, false);
                self.shape.push(first);
            } else {
                return None;
            }
        }
        Some(())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "empty",
            Self::Time(shape) => shape,
            Self::Other => "other",
        })
    }
}

impl From<String> for Shape {
    fn from(text: String) -> Self {
        match text.as_str() {
            "empty" => Self::Empty,
            "other" => Self::Other,
            _ => Self::Time(text),
        }
    }
}

impl From<Shape> for String {
    fn from(shape: Shape) -> Self {
        shape.to_string()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::rfc_1123("a, 9 a 9 9:9z", &["Fri, 10 May 2019 16:31:16 GMT", "Wed, 1 September 2021 00:00:00 UTC"])]
    #[case::ctime("a a 9 9:9 9", &["Fri May 10 16:31:16 2019", "Sat Jun  1 01:02:03 2024"])]
    #[case::java("a a 9 9:9z 9", &["Fri May 10 16:31:16 GMT 2019", "Sat Jun 01 01:02:03 CEST 2024"])]
    #[case::blank("9-9-9 9:9", &["2019-05-10 16:31", "2019-05-10 16:31:02", "2019-05-10 16:31:02.123456"])]
    #[case::no_zone("9-9-9a9:9", &["2019-05-10T16:31:16", "2019-05-10T16:31:16.5"])]
    #[case::offset("9-9-9a9:9z", &["2019-05-10T16:31:16+0800", "2019-05-10T16:31Z", "2019-05-10T16:31:16.1-05:00"])]
    #[case::halves("9/9/9 9:9 a", &["5/10/2019 4:31:16 PM", "12/1/2019 10:31:16 am", "12/1/2019 10:31 a.m."])]
    #[case::months("9 a 9", &["10 mai 2019", "3 juil. 2021", "12 декабря 2022"])]
    #[case::day("9-9-9", &["2019-05-10", "2024-1-2", "1999-12-31"])]
    #[case::squashed("9a9a", &["20190510T163116Z"])]
    #[case::han("9a9a9a 9:9", &["2019年05月10日 16:31:16"])]
    #[case::epoch("other", &["1557477076", "1557477076000", "1557477076.123", "-1", "1.5e9"])]
    #[case::empty("empty", &["", "  "])]
    #[case::ids("other", &["12-34-56", "1234-abcd-5678", "0123456789ab", "548ceeff-2cbb-47ab-9a1c-0123456789ab", "12345678-1234-1234-1234-123456789012", "7e01ac5ac5274957ba506f3851d11d51in14", "0a1b"])]
    #[case::words("other", &["yesterday", "never", "10.0.0.1", "just now, or a little before that"])]
    fn what_varies_from_answer_to_answer_is_one_shape(
        #[case] expected: &str,
        #[case] texts: &[&str],
    ) {
        for text in texts {
            let shape = Shape::of(text);
            assert_eq!(shape.to_string(), expected, "{text}");
            assert_eq!(Shape::from(shape.to_string()), shape, "{text}");
        }
    }
}
