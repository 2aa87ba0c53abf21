//! A case as a report records it: everything that is needed to send it again, but for the credential, which is injected anew.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exchange::Redactor;
use crate::generate::{Body, Case, Credential, Expectation, Request};

/// The largest body that is recorded: a larger one is made again by its trial.
const LARGEST: usize = 64 * 1024;

/// A recorded case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedCase {
    /// What may be answered.
    pub expectation: Expectation,
    /// The method.
    pub method: String,
    /// The path template.
    pub template: String,
    /// Path parameters by name.
    pub path: BTreeMap<String, String>,
    /// Query parameters in order.
    pub query: Vec<(String, String)>,
    /// Headers beside those that the client sends by itself.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: RecordedBody,
    /// The content type.
    pub content_type: Option<String>,
    /// Which credential is sent; never the credential itself.
    pub credential: Credential,
}

/// A recorded body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordedBody {
    /// None.
    Absent,
    /// A JSON value.
    Json(Value),
    /// Text that is no JSON value, or that has to be sent to the letter.
    Text(String),
    /// Bytes that are no text, in hexadecimal digits.
    Bytes(String),
}

impl RecordedCase {
    /// A case, recorded. `None` where it is too large, or holds a credential: that is not written anywhere.
    pub fn new(case: &Case, redactor: &Redactor) -> Option<Self> {
        let request = &case.request;
        let bytes = request.body_bytes();
        if bytes.as_ref().is_some_and(|bytes| bytes.len() > LARGEST) {
            return None;
        }
        let body = match &request.body {
            Body::Absent => RecordedBody::Absent,
            Body::Json(value) => RecordedBody::Json(value.clone()),
            Body::Raw(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => RecordedBody::Text(text.to_owned()),
                Err(_) => RecordedBody::Bytes(hexadecimal(bytes)),
            },
        };
        let recorded = Self {
            expectation: case.expectation,
            method: request.method.clone(),
            template: request.template.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            body,
            content_type: request.content_type.clone(),
            credential: request.credential,
        };
        let text = serde_json::to_string(&recorded).ok()?;
        let raw = bytes.unwrap_or_default();
        let is_long = text.len() > LARGEST * 2;
        (!is_long && !redactor.finds(&text) && !redactor.finds(&raw)).then_some(recorded)
    }

    /// The case again. `None` where the recorded bytes are not hexadecimal digits.
    pub fn case(&self, label: &str) -> Option<Case> {
        let body = match &self.body {
            RecordedBody::Absent => Body::Absent,
            RecordedBody::Json(value) => Body::Json(value.clone()),
            RecordedBody::Text(text) => Body::Raw(text.clone().into_bytes()),
            RecordedBody::Bytes(digits) => Body::Raw(from_hexadecimal(digits)?),
        };
        Some(Case {
            label: label.to_owned(),
            expectation: self.expectation,
            request: Request {
                method: self.method.clone(),
                template: self.template.clone(),
                path: self.path.clone(),
                query: self.query.clone(),
                headers: self.headers.clone(),
                body,
                content_type: self.content_type.clone(),
                credential: self.credential,
            },
        })
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

fn from_hexadecimal(digits: &str) -> Option<Vec<u8>> {
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            let [high, low] = pair else { return None };
            let value = char::from(*high).to_digit(16)? * 16 + char::from(*low).to_digit(16)?;
            u8::try_from(value).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    fn case(body: Body) -> Case {
        Case {
            label: "a case".to_owned(),
            expectation: Expectation::Refusal,
            request: Request {
                method: "POST".to_owned(),
                template: "/v1/{id}".to_owned(),
                path: BTreeMap::from([("id".to_owned(), "a/b".to_owned())]),
                query: vec![
                    ("q".to_owned(), "1".to_owned()),
                    ("q".to_owned(), "2".to_owned()),
                ],
                headers: vec![("X-Language".to_owned(), "en-us".to_owned())],
                body,
                content_type: Some("application/json".to_owned()),
                credential: Credential::Wrong,
            },
        }
    }

    #[rstest]
    #[case(Body::Absent)]
    #[case(Body::Json(json!({"b": 1.5, "a": [null, "é"]})))]
    #[case(Body::Raw(b"{\"a\":1,\"a\":2}".to_vec()))]
    #[case(Body::Raw(vec![0xff, 0x00, 0x7b]))]
    fn a_recorded_case_is_sent_to_the_letter(#[case] body: Body) {
        let case = case(body);
        let recorded = RecordedCase::new(&case, &Redactor::default()).unwrap();
        let text = serde_json::to_string(&recorded).unwrap();
        let read: RecordedCase = serde_json::from_str(&text).unwrap();
        let again = read.case("a case").unwrap();
        assert_eq!(again.request, case.request);
        assert_eq!(again.request.body_bytes(), case.request.body_bytes());
        assert_eq!(again.expectation, case.expectation);
    }

    #[test]
    fn a_case_with_a_credential_or_a_huge_body_is_not_recorded() {
        let redactor = Redactor::new(["s3cret-token".to_owned()]);
        assert!(RecordedCase::new(&case(Body::Json(json!("s3cret-token"))), &redactor).is_none());
        assert!(RecordedCase::new(&case(Body::Raw(vec![b'x'; LARGEST + 1])), &redactor).is_none());
    }

    #[test]
    fn bytes_that_are_no_digits_are_no_case() {
        assert_eq!(from_hexadecimal("f"), None);
        assert_eq!(from_hexadecimal("zz"), None);
        assert_eq!(from_hexadecimal("00ff"), Some(vec![0, 255]));
    }
}
