//! The body of a request, and how it is written down: as the JSON value or the text that it is, in
//! Base64 where it is neither.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::Form;

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(into = "Written", try_from = "Written")]
pub enum Body {
    /// No body and no content type.
    Absent,
    /// A JSON value, serialised plainly.
    Json(Value),
    /// A value that is written as a form, or as a text.
    Form(Value, Arc<Form>),
    /// Bytes as they are: what no value can say.
    Raw(Vec<u8>),
}

impl Body {
    /// What its fields are looked up in: the value that it is written from.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Json(value) | Self::Form(value, _) => Some(value),
            Self::Absent | Self::Raw(_) => None,
        }
    }

    /// The same, to be changed.
    pub fn value_mut(&mut self) -> Option<&mut Value> {
        match self {
            Self::Json(value) | Self::Form(value, _) => Some(value),
            Self::Absent | Self::Raw(_) => None,
        }
    }

    /// The bytes that are sent; `None` for no body.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Absent => None,
            Self::Json(value) => Some(value.to_string().into_bytes()),
            Self::Form(value, form) => Some(form.write(value)),
            Self::Raw(bytes) => Some(bytes.clone()),
        }
    }

    /// Whether each of its values is sent as a text.
    pub fn is_of_texts(&self) -> bool {
        matches!(self, Self::Form(..))
    }

    /// The same body with another value.
    #[must_use]
    pub fn with(&self, value: Value) -> Self {
        match self {
            Self::Form(_, form) => Self::Form(value, Arc::clone(form)),
            Self::Absent | Self::Json(_) | Self::Raw(_) => Self::Json(value),
        }
    }
}

/// A body as it is written down.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Body", deny_unknown_fields)]
enum Written {
    /// None.
    Absent,
    /// A JSON value.
    Json(Value),
    /// Text that is no JSON value, or that has to be sent to the letter.
    Text(String),
    /// Bytes that are no text, in Base64.
    Base64(String),
}

impl From<Body> for Written {
    fn from(body: Body) -> Self {
        match body {
            Body::Absent => Self::Absent,
            Body::Json(value) => Self::Json(value),
            Body::Raw(bytes) => Self::of_bytes(bytes),
            // What is kept of a form is what was sent.
            Body::Form(value, form) => Self::of_bytes(form.write(&value)),
        }
    }
}

impl Written {
    fn of_bytes(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(error) => Self::Base64(STANDARD.encode(error.as_bytes())),
        }
    }
}

impl TryFrom<Written> for Body {
    type Error = base64::DecodeError;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Ok(match written {
            Written::Absent => Self::Absent,
            Written::Json(value) => Self::Json(value),
            Written::Text(text) => Self::Raw(text.into_bytes()),
            Written::Base64(text) => Self::Raw(STANDARD.decode(text)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(Body::Absent, json!("absent"))]
    #[case(Body::Json(json!({"b": 1.5, "a": [null, "é"]})), json!({"json": {"b": 1.5, "a": [null, "é"]}}))]
    #[case(Body::Raw(b"{\"a\":1,\"a\":2}".to_vec()), json!({"text": "{\"a\":1,\"a\":2}"}))]
    #[case(Body::Raw(vec![0xff, 0x00, 0x7b]), json!({"base64": "/wB7"}))]
    fn a_body_is_written_down_to_the_letter(#[case] body: Body, #[case] written: Value) {
        assert_eq!(serde_json::to_value(&body).unwrap(), written);
        assert_eq!(serde_json::from_value::<Body>(written).unwrap(), body);
    }

    #[test]
    fn what_is_no_base64_is_no_body() {
        assert!(serde_json::from_value::<Body>(json!({"base64": "?"})).is_err());
    }
}
