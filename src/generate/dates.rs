//! Dates on both sides of a documented form: days that no calendar has, other notations, and the
//! edges of the calendar.

use serde_json::{Value, json};

use crate::contract::formats::{DateParts, DateTemplate};

use super::slot::Labelled;

/// Texts that are no date of the documented form.
pub(super) fn badly_formatted(node: &Value) -> Vec<Labelled> {
    let Some(format) = node.get("format").and_then(Value::as_str) else {
        return Vec::new();
    };
    let Some(template) = DateTemplate::parse(format) else {
        return match format {
            "uuid" | "date-time" | "iso-8601" | "date" | "time" | "duration" | "email" | "ipv4"
            | "ipv6" | "uri" => {
                vec![("a plain word".to_owned(), json!("docproof"))]
            }
            // A plain word is one.
            "hostname" => vec![("two words".to_owned(), json!("no host!"))],
            _ => Vec::new(),
        };
    };
    let valid = DateParts::new((2024, 5, 9), (8, 31, 16));
    let text = template.write(valid);
    let shorter: String = text
        .chars()
        .take(text.chars().count().saturating_sub(1))
        .collect();
    let mut out = vec![
        ("one character missing".to_owned(), shorter),
        ("one digit too many".to_owned(), format!("{text}0")),
        ("a letter in it".to_owned(), text.replacen('4', "x", 1)),
        ("a word".to_owned(), "yesterday".to_owned()),
        ("empty".to_owned(), String::new()),
        (
            "another notation".to_owned(),
            if text.contains('-') {
                "20240509083116"
            } else {
                "2024-05-09T08:31:16Z"
            }
            .to_owned(),
        ),
        ("a space after".to_owned(), format!("{text} ")),
        ("SQL notation".to_owned(), "2024-05-09 08:31:16".to_owned()),
        ("a date alone".to_owned(), text.chars().take(8).collect()),
        (
            "milliseconds since 1970".to_owned(),
            "1715243476000".to_owned(),
        ),
    ];
    if template.has_date() {
        for (label, parts) in [
            ("month 13", DateParts { month: 13, ..valid }),
            ("month 00", DateParts { month: 0, ..valid }),
            ("day 32", DateParts { day: 32, ..valid }),
            ("day 00", DateParts { day: 0, ..valid }),
            (
                "30 February",
                DateParts {
                    month: 2,
                    day: 30,
                    ..valid
                },
            ),
            (
                "29 February of a common year",
                DateParts {
                    year: 2023,
                    month: 2,
                    day: 29,
                    ..valid
                },
            ),
            (
                "31 April",
                DateParts {
                    month: 4,
                    day: 31,
                    ..valid
                },
            ),
        ] {
            out.push((label.to_owned(), template.write(parts)));
        }
    }
    if template.has_time() {
        for (label, parts) in [
            ("hour 25", DateParts { hour: 25, ..valid }),
            (
                "24:00",
                DateParts {
                    hour: 24,
                    minute: 0,
                    second: 0,
                    ..valid
                },
            ),
            (
                "minute 60",
                DateParts {
                    minute: 60,
                    ..valid
                },
            ),
            (
                "second 61",
                DateParts {
                    second: 61,
                    ..valid
                },
            ),
        ] {
            out.push((label.to_owned(), template.write(parts)));
        }
    }
    out.into_iter()
        .map(|(label, text)| (label, Value::from(text)))
        .collect()
}

/// Dates of the documented form at the edges of the calendar.
pub(super) fn well_formatted(node: &Value) -> Vec<Labelled> {
    let Some(template) = node
        .get("format")
        .and_then(Value::as_str)
        .and_then(DateTemplate::parse)
    else {
        return Vec::new();
    };
    let date = |year, month, day, hour, minute, second| {
        template.write(DateParts::new((year, month, day), (hour, minute, second)))
    };
    [
        ("a leap day", date(2024, 2, 29, 12, 0, 0)),
        ("the last second of a year", date(2023, 12, 31, 23, 59, 59)),
        ("the first second of a year", date(2024, 1, 1, 0, 0, 0)),
        ("an ordinary time", date(2019, 5, 10, 8, 31, 16)),
    ]
    .into_iter()
    .map(|(label, text)| (label.to_owned(), Value::from(text)))
    .collect()
}

/// Dates that a calendar has, and that programs stumble over: the first and the last year of four
/// digits, the leap day of a century, a leap second. That they are written as documented does not
/// say that they are taken.
pub fn extreme(node: &Value) -> Vec<(&'static str, Value)> {
    let format = node.get("format").and_then(Value::as_str);
    let Some(format) = format else {
        return Vec::new();
    };
    let template = DateTemplate::parse(format);
    let (has_date, has_time) = match (format, &template) {
        ("date-time", _) => (true, true),
        ("date", _) => (true, false),
        ("time", _) => (false, true),
        (_, Some(template)) => (template.has_date(), template.has_time()),
        (_, None) => (false, false),
    };
    let write = |parts: DateParts| match (&template, format) {
        (Some(template), _) => template.write(parts),
        (None, format) => {
            let DateParts {
                year,
                month,
                day,
                hour,
                minute,
                second,
            } = parts;
            let date = format!("{year:04}-{month:02}-{day:02}");
            let time = format!("{hour:02}:{minute:02}:{second:02}Z");
            match format {
                "date" => date,
                "time" => time,
                _ => format!("{date}T{time}"),
            }
        }
    };
    let days = [
        ("the year 0000", DateParts::new((0, 1, 1), (0, 0, 0))),
        (
            "the last second of the year 9999",
            DateParts::new((9999, 12, 31), (23, 59, 59)),
        ),
        (
            "29 February of a century",
            DateParts::new((2000, 2, 29), (12, 0, 0)),
        ),
    ];
    let second = ("second 60", DateParts::new((2016, 12, 31), (23, 59, 60)));
    days.into_iter()
        .filter(|_| has_date)
        .chain(has_time.then_some(second))
        .map(|(label, parts)| (label, Value::from(write(parts))))
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::template("yyyyMMddHHmmss", &["00000101000000", "99991231235959", "20000229120000", "20161231235960"])]
    #[case::time("date-time", &["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2000-02-29T12:00:00Z", "2016-12-31T23:59:60Z"])]
    #[case::day("date", &["0000-01-01", "9999-12-31", "2000-02-29"])]
    #[case::no_date("uuid", &[])]
    fn extreme_dates_are_written_as_documented(#[case] format: &str, #[case] expected: &[&str]) {
        let node = json!({ "type": "string", "format": format });
        let texts: Vec<Value> = extreme(&node).into_iter().map(|(_, text)| text).collect();
        assert_eq!(
            texts,
            expected.iter().map(|text| json!(text)).collect::<Vec<_>>()
        );
        for text in texts.iter().filter_map(Value::as_str) {
            let template = DateTemplate::parse(format);
            assert!(
                template.is_none_or(|template| template.matches(text)),
                "{text}"
            );
        }
    }
}
