//! Fingerprints: what a check saw, as data. Together with the fact and the check it identifies a
//! known finding, so it holds nothing that varies from answer to answer, and no sentence: what a
//! message says can be mended without any known finding becoming a new one.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{Facet, Malformed};
use crate::exchange::TransportError;

use super::breach::Breach;
use super::leak::Sign;
use super::shape::Shape;

/// What a check saw: in which way a fact is broken.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Seen {
    /// A status that does not answer the request.
    Status {
        /// The status.
        code: u16,
    },
    /// A field is not there.
    Absent,
    /// A field that an example shows is in no answer of the run.
    NeverThere,
    /// A field is in some answers and not in others, and nothing tells when.
    Sometimes,
    /// A value is null.
    Null,
    /// A value has another type.
    WrongType {
        /// The type that it has.
        seen: JsonType,
    },
    /// A value is none of those that are listed.
    NotListed,
    /// A text has too many characters.
    TooLong,
    /// A text has too few characters.
    TooShort,
    /// A list has too many items.
    TooMany,
    /// A list has too few items.
    TooFew,
    /// A text does not match its pattern.
    NoMatch,
    /// A text does not have its format.
    Format {
        /// The form that it has.
        shape: Shape,
    },
    /// A number is beyond its limit.
    OutOfBounds,
    /// A value breaks another rule of its schema.
    Unfit,
    /// A text that has to say something is empty.
    Blank,
    /// A list that has to be empty has items.
    Items,
    /// A body is not there.
    NoBody,
    /// A body, or an announcement of one, stands where none may be.
    UnexpectedBody,
    /// A body is not one well-formed JSON value.
    NotJson {
        /// What it is instead.
        fault: JsonFault,
    },
    /// A JSON body comes as something else.
    ContentType {
        /// The media type without parameters; none where none is stated that is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media: Option<String>,
    },
    /// The header `Content-Length` is wrong.
    ContentLength {
        /// In what way.
        fault: LengthFault,
    },
    /// An answer shows what is nobody's business.
    Leak {
        /// What it shows.
        what: Sign,
    },
    /// There is no complete answer.
    Transport {
        /// What there is instead.
        failure: TransportFailure,
    },
    /// The answer took too long.
    Slow,
    /// A law between answers is broken.
    Law(Breach),
    /// There is no reviewed snapshot.
    NoSnapshot,
    /// The answers differ from the reviewed snapshot.
    SnapshotDiffers {
        /// The lines that differ, each with its sign; the first ones of very many.
        lines: Vec<String>,
    },
}

/// The types that JSON tells apart.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum JsonType {
    /// True or false.
    Boolean,
    /// A number, whole or not: which of the two may vary from answer to answer.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

/// What keeps a body from being one well-formed JSON value.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum JsonFault {
    /// A byte order mark.
    ByteOrderMark,
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// Text that is no JSON.
    Syntax,
    /// Something that follows the value.
    Trailing,
    /// A key that stands twice.
    DuplicateKey,
}

/// What is wrong with a `Content-Length`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum LengthFault {
    /// It is not the length of the body.
    Other,
    /// It stands beside `Transfer-Encoding`.
    BesideTransferEncoding,
}

/// What there is instead of an answer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum TransportFailure {
    /// No connection.
    NoConnection,
    /// No complete answer in time.
    Timeout,
    /// A broken answer.
    Broken,
    /// An answer that is larger than what is read of one.
    TooLarge,
    /// The request was not sent.
    NotSent,
}

impl Seen {
    /// What a value that breaks a facet of its schema is seen as.
    pub fn of_value(facet: Facet, value: Option<&Value>) -> Self {
        if facet == Facet::Required {
            return Self::Absent;
        }
        match (value.map(JsonType::of), facet) {
            (Some(None), _) => Self::Null,
            (Some(Some(seen)), Facet::Type) => Self::WrongType { seen },
            (_, Facet::Enum | Facet::Const) => Self::NotListed,
            (_, Facet::MaxLength) => Self::TooLong,
            (_, Facet::MinLength) => Self::TooShort,
            (_, Facet::MaxItems) => Self::TooMany,
            (_, Facet::MinItems) => Self::TooFew,
            (_, Facet::Pattern) => Self::NoMatch,
            (_, Facet::Format) => Self::Format {
                shape: Shape::of(value.and_then(Value::as_str).unwrap_or_default()),
            },
            (
                _,
                Facet::Minimum | Facet::ExclusiveMinimum | Facet::Maximum | Facet::ExclusiveMaximum,
            ) => Self::OutOfBounds,
            (
                _,
                Facet::Type
                | Facet::Required
                | Facet::Nullable
                | Facet::MultipleOf
                | Facet::UniqueItems
                | Facet::Items
                | Facet::Default
                | Facet::Example
                | Facet::Status
                | Facet::Body
                | Facet::EmptyBody
                | Facet::Method
                | Facet::Name
                | Facet::Prose
                | Facet::Meaning(_)
                | Facet::Keyword(_)
                | Facet::Wire(_),
            ) => Self::Unfit,
        }
    }

    /// The content type of an answer: its media type, where it is one.
    pub fn of_content_type(stated: Option<&str>) -> Self {
        Self::ContentType {
            media: stated.and_then(media_type),
        }
    }

    /// The same without what is secret; no other parameter is a text that an endpoint chose.
    #[must_use]
    pub fn redacted(self, redact: impl Fn(&str) -> String) -> Self {
        match self {
            Self::ContentType { media } => Self::ContentType {
                media: media.map(|media| redact(&media)),
            },
            other => other,
        }
    }

    /// The fingerprint on one line: the JSON text of it, which is the same in every version.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The media type of a `Content-Type`, in lower case and without parameters; none where it is not
/// one, or longer than any that is registered (RFC 6838, section 4.2).
fn media_type(stated: &str) -> Option<String> {
    const LONGEST: usize = 127;
    let media = stated.split(';').next().unwrap_or_default().trim();
    let (top, sub) = media.split_once('/')?;
    let is_name = |name: &str| {
        !name.is_empty()
            && name.len() <= LONGEST
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    (is_name(top) && is_name(sub)).then(|| media.to_ascii_lowercase())
}

impl JsonType {
    /// The type of a value; none of null.
    pub(super) fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        })
    }
}

impl From<&Malformed> for JsonFault {
    fn from(malformed: &Malformed) -> Self {
        match malformed {
            Malformed::ByteOrderMark => Self::ByteOrderMark,
            Malformed::NotUtf8(_) => Self::NotUtf8,
            Malformed::Syntax(_) | Malformed::TooDeep(_) => Self::Syntax,
            Malformed::Trailing(_) => Self::Trailing,
            Malformed::DuplicateKey(_) => Self::DuplicateKey,
        }
    }
}

impl From<&TransportError> for TransportFailure {
    fn from(error: &TransportError) -> Self {
        match error {
            TransportError::Connect(_) => Self::NoConnection,
            TransportError::Timeout(_) => Self::Timeout,
            TransportError::Broken(_) | TransportError::Cut(_) => Self::Broken,
            TransportError::TooLarge(_) | TransportError::TooMany(_) => Self::TooLarge,
            TransportError::Unsendable(_)
            | TransportError::NotSent(_)
            | TransportError::Credential(_) => Self::NotSent,
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Status { code } => return write!(formatter, "answered {code}"),
            Self::Absent => "is absent",
            Self::NeverThere => "is in no answer",
            Self::Sometimes => "is in some answers and not in others",
            Self::Null => "is null",
            Self::WrongType { seen } => return write!(formatter, "is {seen}"),
            Self::NotListed => "is none of the listed values",
            Self::TooLong => "too long",
            Self::TooShort => "too short",
            Self::TooMany => "too many items",
            Self::TooFew => "too few items",
            Self::NoMatch => "does not match",
            Self::Format {
                shape: Shape::Other,
            } => "of another form",
            Self::Format { shape } => return write!(formatter, "of another form: {shape}"),
            Self::OutOfBounds => "out of bounds",
            Self::Unfit => "does not fit",
            Self::Blank => "is empty",
            Self::Items => "has items",
            Self::NoBody => "no body",
            Self::UnexpectedBody => "a body where none may be",
            Self::NotJson { fault } => return write!(formatter, "{fault}"),
            Self::ContentType { media: Some(media) } => {
                return write!(formatter, "content type `{media}`");
            }
            Self::ContentType { media: None } => "no content type",
            Self::ContentLength { fault } => return write!(formatter, "{fault}"),
            Self::Leak { what } => return write!(formatter, "shows {what}"),
            Self::Transport { failure } => return write!(formatter, "{failure}"),
            Self::Slow => "slower than allowed",
            Self::Law(breach) => return write!(formatter, "{breach}"),
            Self::NoSnapshot => "no snapshot",
            Self::SnapshotDiffers { lines } => {
                for (index, line) in lines.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(formatter, "{comma}`{line}`")?;
                }
                return Ok(());
            }
        })
    }
}

impl fmt::Display for JsonType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

impl fmt::Display for JsonFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ByteOrderMark => "begins with a byte order mark",
            Self::NotUtf8 => "is not UTF-8",
            Self::Syntax => "is not well-formed JSON",
            Self::Trailing => "has something after its value",
            Self::DuplicateKey => "has a key twice in one object",
        })
    }
}

impl fmt::Display for LengthFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Other => "`Content-Length` is not the length of the body",
            Self::BesideTransferEncoding => "`Content-Length` beside `Transfer-Encoding`",
        })
    }
}

impl fmt::Display for TransportFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoConnection => "no connection",
            Self::Timeout => "no complete answer in time",
            Self::Broken => "a broken answer",
            Self::TooLarge => "a body that is too large",
            Self::NotSent => "not sent",
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::contract::Schema;

    /// What a violation of a schema is seen as.
    fn seen(keyword: Value, value: Value) -> Seen {
        let root = json!({ "type": "object", "required": ["x"], "properties": { "x": keyword } });
        let schema = Schema::compile(root).unwrap();
        let violation = schema.violations(&value).remove(0);
        Seen::of_value(violation.facet, value.pointer(&violation.pointer))
    }

    #[rstest]
    #[case::absent(json!({}), json!({}), json!({"kind": "absent"}))]
    #[case::null(json!({"type": "string"}), json!({"x": null}), json!({"kind": "null"}))]
    #[case::whole(json!({"type": "string"}), json!({"x": 17}), json!({"kind": "wrong-type", "seen": "number"}))]
    #[case::fraction(json!({"type": "string"}), json!({"x": 1.5}), json!({"kind": "wrong-type", "seen": "number"}))]
    #[case::value(json!({"enum": ["on", "off"]}), json!({"x": "broken"}), json!({"kind": "not-listed"}))]
    #[case::long(json!({"type": "string", "maxLength": 2}), json!({"x": "a1b2c3"}), json!({"kind": "too-long"}))]
    #[case::form(json!({"type": "string", "format": "date-time"}), json!({"x": "2019-05-10 16:31"}), json!({"kind": "format", "shape": "9-9-9 9:9"}))]
    #[case::above(json!({"type": "integer", "maximum": 5}), json!({"x": 12}), json!({"kind": "out-of-bounds"}))]
    #[case::many(json!({"type": "array", "maxItems": 1}), json!({"x": [1, 2]}), json!({"kind": "too-many"}))]
    fn what_a_schema_saw_has_no_value_that_nobody_chose(
        #[case] keyword: Value,
        #[case] value: Value,
        #[case] expected: Value,
    ) {
        assert_eq!(
            serde_json::to_value(seen(keyword, value)).unwrap(),
            expected
        );
    }

    #[rstest]
    #[case(Seen::Status { code: 200 }, r#"{"kind":"status","code":200}"#)]
    #[case(Seen::Absent, r#"{"kind":"absent"}"#)]
    #[case(Seen::ContentType { media: None }, r#"{"kind":"content-type"}"#)]
    #[case(Seen::Leak { what: Sign::SqlError }, r#"{"kind":"leak","what":"sql-error"}"#)]
    #[case(
        Seen::Law(Breach::NotEchoed { field: "name".to_owned() }),
        r#"{"kind":"law","breach":"not-echoed","field":"name"}"#
    )]
    #[case(Seen::Law(Breach::Gone), r#"{"kind":"law","breach":"gone"}"#)]
    fn a_fingerprint_is_read_back(#[case] seen: Seen, #[case] text: &str) {
        assert_eq!(seen.to_line(), text);
        assert_eq!(serde_json::from_str::<Seen>(text).unwrap(), seen);
    }

    #[rstest]
    #[case("text/html; charset=utf-8", Some("text/html"))]
    #[case("Application/XML", Some("application/xml"))]
    #[case("json", None)]
    #[case("", None)]
    #[case("text/ht ml", None)]
    fn a_media_type_has_no_parameters(#[case] stated: &str, #[case] expected: Option<&str>) {
        assert_eq!(media_type(stated).as_deref(), expected);
    }
}
