//! Bodies that are no JSON: forms and texts. How the value that a schema describes becomes bytes, and
//! how bytes are read as that value again. Every value of a form is text; its field's type says what
//! is meant by it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::layout::Layout;
use super::list_style::ListStyle;
use super::media::{MediaType, Writing};
use super::multipart::{self, Part};
use super::numbered;
use super::schema::{Schema, enum_values, types_of};

/// How the body of an operation is written that is no JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    media: MediaType,
    fields: BTreeMap<String, FormField>,
}

/// How a field of a form is written.
#[derive(Debug, Clone, PartialEq)]
struct FormField {
    /// What a text of the field means.
    meaning: Meaning,
    /// How several values are written; none where the field has one.
    style: Option<ListStyle>,
    /// The media type of its file; none where it is no file.
    file: Option<MediaType>,
}

/// What a text of a form means.
#[derive(Debug, Clone, PartialEq, Default)]
struct Meaning {
    /// The types of the value.
    kinds: Vec<String>,
    /// The documented values that are no texts.
    listed: Vec<Value>,
}

/// What keeps bytes from being a form, or from meaning one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoForm {
    /// A text is not UTF-8.
    NotUtf8,
    /// The parts of the form cannot be told.
    NoParts,
    /// A field of one value stands there twice.
    Twice(String),
}

/// What a file holds where nothing is told of it.
const OF_ANY_KIND: &str = "application/octet-stream";

impl Form {
    /// The form of a body of a media type; none where it is JSON, or of no known kind.
    pub fn of(media: &MediaType, layout: &Layout, schema: &Schema) -> Option<Self> {
        match media.writing() {
            Writing::Json | Writing::Unknown => return None,
            Writing::Form | Writing::Multipart | Writing::Text => {}
        }
        let root = schema.follow(&schema.root);
        let properties = root.get("properties").and_then(Value::as_object);
        let fields = properties.into_iter().flatten().map(|(name, node)| {
            let own = layout.of(name);
            let node = schema.follow(node);
            let is_list = types_of(node).contains(&"array");
            let items = node.get("items").filter(|_| is_list);
            let of_one = items.map_or(node, |items| schema.follow(items));
            let style = own.and_then(|own| own.style);
            let file = is_file(of_one).then(|| {
                let said = of_one.get("contentMediaType").and_then(Value::as_str);
                let told = own.and_then(|own| own.media.first().cloned());
                told.or_else(|| MediaType::read(said?))
                    .unwrap_or_else(|| MediaType::Other(OF_ANY_KIND.to_owned()))
            });
            let field = FormField {
                meaning: Meaning::of(of_one),
                style: is_list.then(|| style.unwrap_or(ListStyle::Repeated)),
                file,
            };
            (name.clone(), field)
        });
        Some(Self {
            media: media.clone(),
            fields: fields.collect(),
        })
    }

    /// The content type that goes with the bytes.
    pub fn content_type(&self) -> String {
        match self.media.writing() {
            Writing::Multipart => format!("{}; boundary={}", self.media, multipart::BOUNDARY),
            Writing::Json | Writing::Form | Writing::Text | Writing::Unknown => {
                self.media.to_string()
            }
        }
    }

    /// The value as bytes. What is null is no part of a form.
    pub fn write(&self, value: &Value) -> Vec<u8> {
        match self.media.writing() {
            Writing::Form => {
                let mut line = url::form_urlencoded::Serializer::new(String::new());
                for (name, text) in self.pairs(value) {
                    line.append_pair(&name, &text);
                }
                line.finish().into_bytes()
            }
            Writing::Multipart => multipart::write(&self.parts(value)),
            Writing::Json | Writing::Text | Writing::Unknown => text_of(value).into_bytes(),
        }
    }

    /// The names and texts of a form's fields, in their order.
    fn pairs(&self, value: &Value) -> Vec<(String, String)> {
        let fields = value.as_object().into_iter().flatten();
        fields
            .flat_map(|(name, value)| {
                let style = self.fields.get(name).and_then(|field| field.style);
                let style = style.unwrap_or(ListStyle::Repeated);
                let texts = match value {
                    Value::Null => Vec::new(),
                    Value::Array(items) if items.is_empty() => Vec::new(),
                    Value::Array(items) => {
                        style.write(&items.iter().map(text_of).collect::<Vec<_>>())
                    }
                    other => vec![text_of(other)],
                };
                let is_list = self.fields.get(name).is_some_and(|one| one.style.is_some());
                let sent = if is_list {
                    style.name(name).into_owned()
                } else {
                    name.clone()
                };
                let texts = texts.into_iter().enumerate();
                texts.map(move |(at, text)| (numbered::sent_name(&sent, at).into_owned(), text))
            })
            .collect()
    }

    /// The parts of a form.
    fn parts(&self, value: &Value) -> Vec<Part> {
        let pairs = self.pairs(value).into_iter();
        pairs
            .map(|(name, text)| {
                let field = self.field(&name).map(|(_, field)| field);
                match field.and_then(|field| field.file.as_ref()) {
                    Some(media) => Part {
                        file: Some(format!("docproof.{}", extension(media))),
                        media: Some(media.to_string()),
                        bytes: file_bytes(&text),
                        name,
                    },
                    None => Part {
                        file: None,
                        media: None,
                        bytes: text.into_bytes(),
                        name,
                    },
                }
            })
            .collect()
    }

    /// The field that is sent under a name, and its own name.
    fn field(&self, sent: &str) -> Option<(&str, &FormField)> {
        self.fields.iter().find_map(|(name, field)| {
            let own = field.style.map_or(name.into(), |style| style.name(name));
            numbered::is_sent_as(&own, sent).then_some((name.as_str(), field))
        })
    }

    /// The value that bytes of a content type mean.
    pub fn read(&self, bytes: &[u8], content_type: &str) -> Result<Value, NoForm> {
        let utf8 = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| NoForm::NotUtf8);
        let sent: Vec<(String, String)> = match self.media.writing() {
            Writing::Form => {
                let pairs = url::form_urlencoded::parse(bytes).into_owned().collect();
                // What is no UTF-8 is read as a character that replaces it.
                utf8(&percent_encoding::percent_decode(bytes).collect::<Vec<u8>>())?;
                pairs
            }
            Writing::Multipart => multipart::read(bytes, content_type)
                .ok_or(NoForm::NoParts)?
                .into_iter()
                .map(|part| {
                    let is_file = part.file.is_some()
                        || self
                            .field(&part.name)
                            .is_some_and(|(_, one)| one.file.is_some());
                    let text = if is_file {
                        part.bytes.iter().map(|byte| char::from(*byte)).collect()
                    } else {
                        utf8(&part.bytes)?
                    };
                    Ok((part.name, text))
                })
                .collect::<Result<_, NoForm>>()?,
            Writing::Json | Writing::Text | Writing::Unknown => {
                return utf8(bytes).map(Value::from);
            }
        };
        let mut texts: Map<String, Value> = Map::new();
        for (name, text) in sent {
            let known = self.field(&name);
            let own = known.map_or(name.as_str(), |(own, _)| own);
            let value = Value::from(text);
            match (texts.get_mut(own), known.and_then(|(_, field)| field.style)) {
                (None, None) => {
                    texts.insert(own.to_owned(), value);
                }
                (None, Some(_)) => {
                    texts.insert(own.to_owned(), Value::Array(vec![value]));
                }
                (Some(Value::Array(all)), Some(_)) => all.push(value),
                (Some(_), _) => return Err(NoForm::Twice(name)),
            }
        }
        for (name, value) in &mut texts {
            if let Some(field) = self.fields.get(name) {
                *value = field.meant(name, value)?;
            }
        }
        Ok(Value::Object(texts))
    }
}

impl FormField {
    /// What was sent, as the value that it means.
    fn meant(&self, name: &str, sent: &Value) -> Result<Value, NoForm> {
        let texts: Vec<&str> = match sent {
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        let Some(style) = self.style else {
            return Ok(self.meaning.value(texts.first().unwrap_or(&"")));
        };
        let values = style.read(&texts);
        let values = values.ok_or_else(|| NoForm::Twice(name.to_owned()))?;
        Ok(values
            .into_iter()
            .map(|text| self.meaning.value(text))
            .collect())
    }
}

impl Meaning {
    fn of(node: &Value) -> Self {
        let listed = enum_values(node);
        Self {
            kinds: types_of(node).into_iter().map(str::to_owned).collect(),
            listed: listed
                .into_iter()
                .filter(|value| !value.is_string())
                .collect(),
        }
    }

    /// The value that a text means; the text itself where it means none.
    fn value(&self, text: &str) -> Value {
        let mut listed = self.listed.iter();
        if let Some(value) = listed.find(|value| !value.is_null() && text_of(value) == text) {
            return value.clone();
        }
        let is = |kind: &str| self.kinds.iter().any(|known| known == kind);
        let typed = if is("string") || self.kinds.is_empty() {
            None
        } else if is("integer") {
            integer(text)
        } else if is("number") {
            let is_plain = text.bytes().all(|byte| b"0123456789+-.eE".contains(&byte));
            let number = text.parse::<f64>().ok().filter(|_| is_plain);
            number.filter(|number| number.is_finite()).map(Value::from)
        } else if is("boolean") {
            text.parse::<bool>().ok().map(Value::from)
        } else {
            // An object of a form is written as JSON.
            let read = serde_json::from_str::<Value>(text).ok();
            read.filter(|value| value.is_object() || value.is_array())
        };
        typed.unwrap_or_else(|| Value::from(text))
    }
}

/// A whole number; one beyond 64 bits is still one, and what matters is that it is no ordinary one.
fn integer(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let read = || text.parse::<i64>().unwrap_or(i64::MAX);
    is_number.then(|| Value::from(read()))
}

/// Whether a node of a schema is a file: a text whose characters stand for bytes.
pub fn is_file(node: &Value) -> bool {
    let format = node.get("format").and_then(Value::as_str);
    let is_of_bytes = || {
        let media = node.get("contentMediaType").and_then(Value::as_str);
        media.is_some() && node.get("contentEncoding").is_none()
    };
    format == Some("binary") || is_of_bytes()
}

/// The bytes of a file: a character below 256 is a byte, and what is beyond is written in UTF-8.
fn file_bytes(text: &str) -> Vec<u8> {
    let codes: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    codes.unwrap_or_else(|| text.as_bytes().to_vec())
}

/// The end of the name of a file of a media type.
fn extension(media: &MediaType) -> &str {
    let name = media.as_str();
    let kind = name.rsplit(['/', '.', '+']).next().unwrap_or_default();
    match kind {
        "plain" | "*" | "" => "txt",
        "octet-stream" => "bin",
        "jpeg" => "jpg",
        other => other,
    }
}

/// A value as the text of a field.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::contract::layout::Writes;

    fn form(media: &MediaType, style: Option<ListStyle>) -> Form {
        let schema = Schema::compile(json!({
            "type": "object",
            "properties": {
                "name": { "type": "string" },
                "count": { "type": "integer" },
                "share": { "type": "number" },
                "on": { "type": "boolean" },
                "level": { "enum": [0, 1] },
                "tags": { "type": "array", "items": { "type": "string" } },
                "file": { "type": "string", "format": "binary" },
            }
        }));
        let writes = Writes {
            style,
            media: Vec::new(),
        };
        let layout = Layout(BTreeMap::from([("tags".to_owned(), writes)]));
        Form::of(media, &layout, &schema.unwrap()).unwrap()
    }

    #[rstest]
    #[case(None, "name=a+b%26c&count=-3&on=true&level=1&tags=x&tags=y")]
    #[case(
        Some(ListStyle::Brackets),
        "name=a+b%26c&count=-3&on=true&level=1&tags%5B%5D=x&tags%5B%5D=y"
    )]
    #[case(
        Some(ListStyle::Commas),
        "name=a+b%26c&count=-3&on=true&level=1&tags=x%2Cy"
    )]
    fn a_form_is_one_line(#[case] style: Option<ListStyle>, #[case] line: &str) {
        let value =
            json!({"name": "a b&c", "count": -3, "on": true, "level": 1, "tags": ["x", "y"]});
        let form = form(&MediaType::Form, style);
        assert_eq!(String::from_utf8(form.write(&value)).unwrap(), line);
        assert_eq!(form.read(line.as_bytes(), "").unwrap(), value);
    }

    #[rstest]
    #[case::letters("count=abc", json!({"count": "abc"}))]
    #[case::empty("count=", json!({"count": ""}))]
    #[case::fraction("count=1.5", json!({"count": "1.5"}))]
    #[case::word("on=yes", json!({"on": "yes"}))]
    #[case::unknown("x=1", json!({"x": "1"}))]
    #[case::digits("name=12", json!({"name": "12"}))]
    #[case::infinite("share=inf", json!({"share": "inf"}))]
    fn what_is_of_another_type_stays_a_text(#[case] line: &str, #[case] value: Value) {
        let read = form(&MediaType::Form, None).read(line.as_bytes(), "");
        assert_eq!(read.unwrap(), value);
    }

    #[rstest]
    #[case("name=a&name=b", NoForm::Twice("name".to_owned()))]
    #[case("name=%ff", NoForm::NotUtf8)]
    fn what_is_no_form_is_said(#[case] line: &str, #[case] expected: NoForm) {
        let read = form(&MediaType::Form, None).read(line.as_bytes(), "");
        assert_eq!(read, Err(expected));
    }

    #[test]
    fn null_is_no_part_of_a_form() {
        let form = form(&MediaType::Form, None);
        assert_eq!(form.write(&json!({"name": null, "count": 1})), b"count=1");
    }

    fn values() -> impl Strategy<Value = Value> {
        let text = "\\PC{0,12}|[\\r\\n\"%&=+;,\\- ]{0,6}";
        let some = (text, any::<i32>(), any::<bool>(), 0..2_i32);
        (some, proptest::collection::vec("[^,|]{1,6}", 1..4)).prop_map(
            |((name, count, on, level), tags)| json!({"name": name, "count": count, "on": on, "level": level, "tags": tags}),
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            value in values(),
            media in prop_oneof![Just(MediaType::Form), Just(MediaType::Multipart)],
            style in prop_oneof![Just(None), Just(Some(ListStyle::Brackets))],
        ) {
            let form = form(&media, style);
            let read = form.read(&form.write(&value), &form.content_type());
            prop_assert_eq!(read, Ok(value));
        }

        #[test]
        fn the_bytes_of_a_file_arrive(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
            let form = form(&MediaType::Multipart, None);
            let written = form.write(&json!({ "file": text }));
            prop_assert!(written.windows(bytes.len().max(1)).any(|part| part == bytes) || bytes.is_empty());
            let read = form.read(&written, &form.content_type());
            prop_assert_eq!(read, Ok(json!({ "file": text })));
        }

        #[test]
        fn whatever_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for media in [MediaType::Form, MediaType::Multipart, MediaType::Text] {
                let form = form(&media, None);
                let _ = form.read(&bytes, &form.content_type());
            }
        }
    }
}
