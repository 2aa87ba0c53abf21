//! How the fields of a form are written: what OpenAPI calls the encoding of a body.

use std::collections::BTreeMap;

use serde_json::Value;

use super::field_path::escape_token;
use super::form::is_file;
use super::list_style::ListStyle;
use super::media::MediaType;

/// How each field of a form is written, by its name; of those that are not there nothing is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout(pub(super) BTreeMap<String, Writes>);

/// How a field of a form is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Writes {
    /// How several values are written, where that is told.
    pub style: Option<ListStyle>,
    /// The media types of the field's part, the first of which is sent.
    pub media: Vec<MediaType>,
}

impl Layout {
    /// Tells in a schema what the files of a form hold, where the schema itself does not.
    pub(super) fn annotate(&self, root: &mut Value) {
        for (name, writes) in &self.0 {
            let node = root.pointer_mut(&format!("/properties/{}", escape_token(name)));
            let node = match node {
                Some(node) if node.get("items").is_some() => node.get_mut("items"),
                other => other,
            };
            let (Some(node), Some(media)) = (node, writes.media.first()) else {
                continue;
            };
            if is_file(node)
                && let Value::Object(map) = node
            {
                map.entry("contentMediaType")
                    .or_insert_with(|| Value::from(media.as_str()));
            }
        }
    }

    /// How a field is written, where that is told.
    pub fn of(&self, name: &str) -> Option<&Writes> {
        self.0.get(name)
    }
}
