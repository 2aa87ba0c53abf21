//! Times of records: now in UTC, in the form that the contract documents or its example shows.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::contract::formats::{DateParts, DateTemplate};
use crate::contract::{Facet, FieldPath, Operation, types_of};

use super::super::super::answer::Answer;
use super::super::super::resource::Ids;

/// Ends of the names of fields that hold a time.
const TIMES: [&str; 7] = [
    "at",
    "time",
    "date",
    "timestamp",
    "created",
    "updated",
    "modified",
];

/// Parts of the names of fields that tell when something was changed last.
const CHANGES: [&str; 3] = ["updat", "modif", "chang"];

/// Templates that examples without a documented form are held against.
const USUAL: [&str; 4] = [
    "yyyy-MM-ddTHH:mm:ss[Z]",
    "yyyy-MM-dd HH:mm:ss",
    "yyyy-MM-ddTHH:mm:ss",
    "yyyyMMddHHmmss",
];

/// A field that holds a time.
#[derive(Debug)]
pub(super) struct Clock {
    /// The pointer to it, within the record.
    pub(super) pointer: String,
    /// Whether it tells when the record was changed last.
    pub(super) is_change: bool,
    form: Form,
}

/// How a time is written.
#[derive(Debug)]
enum Form {
    /// By a template, an offset of zero as `Z` where the example has it so.
    Template { template: DateTemplate, zulu: bool },
    /// By RFC 3339, to the millisecond where the example has it so.
    Internet { millis: bool },
    /// A day.
    Day,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

impl Clock {
    /// What a field holds a time as; nothing where it holds none. `shown` is a value of it.
    pub(super) fn of(field: &FieldPath, node: &Value, shown: &Value) -> Option<Self> {
        let name = field.last_name()?.to_ascii_lowercase();
        let form = Form::of(&name, node, shown)?;
        Some(Self {
            pointer: field.to_pointer(),
            is_change: CHANGES.iter().any(|part| name.contains(part)),
            form,
        })
    }

    /// A time as the field writes it.
    pub(super) fn write(&self, time: Timestamp) -> Value {
        let utc = time.to_zoned(TimeZone::UTC);
        match &self.form {
            Form::Template { template, zulu } => {
                let number = |part: i8| u32::try_from(part).unwrap_or(0);
                let parts = DateParts::new(
                    (
                        u32::try_from(utc.year()).unwrap_or(0),
                        number(utc.month()),
                        number(utc.day()),
                    ),
                    (
                        number(utc.hour()),
                        number(utc.minute()),
                        number(utc.second()),
                    ),
                );
                let text = template.write(parts);
                let short = text.strip_suffix("+0000").filter(|_| *zulu);
                let short = short.map(|text| format!("{text}Z"));
                Value::from(short.filter(|text| template.matches(text)).unwrap_or(text))
            }
            Form::Internet { millis: true } => {
                Value::from(utc.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
            }
            Form::Internet { millis: false } => {
                Value::from(utc.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
            }
            Form::Day => Value::from(utc.strftime("%Y-%m-%d").to_string()),
            Form::Seconds => Value::from(time.as_second()),
            Form::Milliseconds => Value::from(time.as_millisecond()),
        }
    }
}

/// Names of the time at which something was made.
const MADE: [&str; 4] = ["createdat", "created", "createtime", "creationtime"];

/// Whether an operation answers when something was made, as a moment that its zone is known of.
pub(in crate::mock) fn tells_when_made(operation: &Operation) -> bool {
    let answer = Answer::new(operation, &Ids::default());
    let (Some(schema), Some(template)) = (&answer.schema, &answer.template) else {
        return false;
    };
    schema.fields().any(|field| {
        let name = field.path.last_name().unwrap_or_default().to_lowercase();
        let shown = template.pointer(&field.path.to_pointer());
        let clock = shown.and_then(|shown| Clock::of(field.path, field.node, shown));
        let written = clock.map(|clock| clock.write(Timestamp::now()));
        let is_moment = |text: &str| text.parse::<Timestamp>().is_ok();
        MADE.contains(&name.replace('_', "").as_str())
            && !field.path.has_item()
            && written.is_some_and(|text| text.as_str().is_some_and(is_moment))
    })
}

impl Form {
    fn of(name: &str, node: &Value, shown: &Value) -> Option<Self> {
        let format = node.get(Facet::Format.as_str()).and_then(Value::as_str);
        let text = shown.as_str();
        match format {
            Some("date-time" | "iso-8601") => {
                let millis = text.is_some_and(|text| text.contains('.'));
                return Some(Self::Internet { millis });
            }
            Some("date") => return Some(Self::Day),
            Some(format) if types_of(node).contains(&"string") => {
                let template = DateTemplate::parse(format).filter(DateTemplate::has_date)?;
                let zulu = text.is_some_and(|text| text.ends_with('Z'));
                return Some(Self::Template { template, zulu });
            }
            Some(_) | None => {}
        }
        if !TIMES.iter().any(|end| name.ends_with(end)) {
            return None;
        }
        if let Some(number) = shown
            .as_i64()
            .filter(|_| types_of(node).contains(&"integer"))
        {
            return match number {
                1_000_000_000..100_000_000_000 => Some(Self::Seconds),
                1_000_000_000_000..100_000_000_000_000 => Some(Self::Milliseconds),
                _ => None,
            };
        }
        let text = text?;
        USUAL
            .iter()
            .filter_map(|usual| DateTemplate::parse(usual))
            .find(|template| template.matches(text))
            .map(|template| Self::Template {
                template,
                zulu: text.ends_with('Z'),
            })
            .or_else(|| {
                let is_internet = text.parse::<Timestamp>().is_ok();
                is_internet.then(|| Self::Internet {
                    millis: text.contains('.'),
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("made", json!({"type": "string", "format": "date-time"}), json!("2020-01-01T00:00:00Z"), json!("2024-05-09T08:31:16Z"))]
    #[case("made", json!({"type": "string", "format": "date-time"}), json!("2020-01-01T00:00:00.5Z"), json!("2024-05-09T08:31:16.000Z"))]
    #[case("made", json!({"type": "string", "format": "yyyyMMddHHmmss"}), json!("x"), json!("20240509083116"))]
    #[case("made", json!({"type": "string", "format": "yyyy-mm-ddThh:mm:ss[Z]"}), json!("2020-01-01T00:00:00Z"), json!("2024-05-09T08:31:16Z"))]
    #[case("made", json!({"type": "string", "format": "yyyy-mm-ddThh:mm:ssZ"}), json!("2020-01-01T00:00:00+0800"), json!("2024-05-09T08:31:16+0000"))]
    #[case("day", json!({"type": "string", "format": "date"}), json!("2020-01-01"), json!("2024-05-09"))]
    #[case("created_at", json!({"type": "string"}), json!("2020-01-01 00:00:00"), json!("2024-05-09 08:31:16"))]
    #[case("created_at", json!({"type": "integer"}), json!(1_700_000_000), json!(1_715_243_476))]
    #[case("createTime", json!({"type": "integer"}), json!(1_700_000_000_000_i64), json!(1_715_243_476_000_i64))]
    fn a_time_is_written_as_documented(
        #[case] name: &str,
        #[case] node: Value,
        #[case] shown: Value,
        #[case] expected: Value,
    ) {
        let clock = Clock::of(&FieldPath::name(name), &node, &shown).unwrap();
        let time = Timestamp::from_second(1_715_243_476).unwrap();
        assert_eq!(clock.write(time), expected);
    }

    #[rstest]
    #[case("name", json!({"type": "string"}), json!("20200101000000"))]
    #[case("created_at", json!({"type": "string"}), json!("yesterday"))]
    #[case("id", json!({"type": "string", "format": "uuid"}), json!("x"))]
    #[case("time", json!({"type": "integer"}), json!(30))]
    fn other_fields_hold_no_time(#[case] name: &str, #[case] node: Value, #[case] shown: Value) {
        assert!(Clock::of(&FieldPath::name(name), &node, &shown).is_none());
    }
}
