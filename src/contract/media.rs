//! The media types of bodies that pages and documents name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The media type of a body. One before another is taken first where a body may be of either.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum MediaType {
    /// `application/json`.
    #[default]
    Json,
    /// JSON by a name of its own, such as `application/vnd.api+json`.
    JsonAs(String),
    /// `application/merge-patch+json` (RFC 7396).
    MergePatch,
    /// `application/json-patch+json` (RFC 6902).
    JsonPatch,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// `text/plain`.
    Text,
    /// Any other, such as `image/png`.
    Other(String),
}

/// How the body of a media type is written, from the value that its schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// As JSON.
    Json,
    /// As the fields of a form, in one line.
    Form,
    /// As the fields of a form, each in a part of its own.
    Multipart,
    /// As the text that it is.
    Text,
    /// In a way that is not known.
    Unknown,
}

impl MediaType {
    /// The media type that a name means, whatever its parameters; none where it is no such name.
    pub fn read(name: &str) -> Option<Self> {
        let essence = name.split(';').next()?.trim().to_ascii_lowercase();
        let (kind, of) = essence.split_once('/')?;
        let is_token = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+*".contains(&byte))
        };
        if !is_token(kind) || !is_token(of) {
            return None;
        }
        let known = [
            Self::Json,
            Self::MergePatch,
            Self::JsonPatch,
            Self::Form,
            Self::Multipart,
            Self::Text,
        ];
        if let Some(known) = known.into_iter().find(|known| known.as_str() == essence) {
            return Some(known);
        }
        Some(if of.ends_with("+json") {
            Self::JsonAs(essence)
        } else {
            Self::Other(essence)
        })
    }

    /// Its name (RFC 9110, section 8.3.1).
    pub fn as_str(&self) -> &str {
        match self {
            Self::Json => "application/json",
            Self::MergePatch => "application/merge-patch+json",
            Self::JsonPatch => "application/json-patch+json",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Multipart => "multipart/form-data",
            Self::Text => "text/plain",
            Self::JsonAs(name) | Self::Other(name) => name,
        }
    }

    /// How a body of it is written.
    pub fn writing(&self) -> Writing {
        match self {
            Self::Json | Self::JsonAs(_) | Self::MergePatch | Self::JsonPatch => Writing::Json,
            Self::Form => Writing::Form,
            Self::Multipart => Writing::Multipart,
            Self::Text => Writing::Text,
            Self::Other(name) if name.starts_with("text/") => Writing::Text,
            Self::Other(_) => Writing::Unknown,
        }
    }

    /// Whether it is JSON, whatever it is called.
    pub fn is_json(&self) -> bool {
        self.writing() == Writing::Json
    }

    /// Whether a media type that is sent is of this kind: a name that ends in `/*` stands for all
    /// that begin so.
    pub fn covers(&self, sent: &Self) -> bool {
        match self.as_str().strip_suffix('*') {
            Some("*/") => true,
            Some(start) => sent.as_str().starts_with(start),
            None => self == sent,
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl TryFrom<String> for MediaType {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::read(&name)
            .ok_or_else(|| format!("`{name}` is no media type, such as `application/json`"))
    }
}

impl From<MediaType> for String {
    fn from(media: MediaType) -> Self {
        media.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("application/json", Some(MediaType::Json), Writing::Json)]
    #[case(
        "Application/JSON; charset=utf-8",
        Some(MediaType::Json),
        Writing::Json
    )]
    #[case(
        "application/vnd.api+json",
        Some(MediaType::JsonAs("application/vnd.api+json".to_owned())),
        Writing::Json
    )]
    #[case(
        "multipart/form-data; boundary=x",
        Some(MediaType::Multipart),
        Writing::Multipart
    )]
    #[case("text/csv", Some(MediaType::Other("text/csv".to_owned())), Writing::Text)]
    #[case("image/*", Some(MediaType::Other("image/*".to_owned())), Writing::Unknown)]
    #[case("json", None, Writing::Json)]
    #[case("a b/c", None, Writing::Json)]
    fn a_media_type_is_read(
        #[case] name: &str,
        #[case] expected: Option<MediaType>,
        #[case] writing: Writing,
    ) {
        let read = MediaType::read(name);
        assert_eq!(read, expected);
        if let Some(media) = read {
            assert_eq!(media.writing(), writing);
            assert_eq!(MediaType::read(media.as_str()), Some(media));
        }
    }

    #[rstest]
    #[case("image/*", "image/png", true)]
    #[case("*/*", "image/png", true)]
    #[case("image/png", "image/png; q=1", true)]
    #[case("image/png", "image/gif", false)]
    fn a_range_covers_its_types(#[case] range: &str, #[case] sent: &str, #[case] expected: bool) {
        let (range, sent) = (
            MediaType::read(range).unwrap(),
            MediaType::read(sent).unwrap(),
        );
        assert_eq!(range.covers(&sent), expected);
    }
}
