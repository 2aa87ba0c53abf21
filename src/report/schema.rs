//! The JSON Schema of the JSON report, made from the types that it is written from: what documents
//! them describes it.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, RestrictFormats};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value};

use crate::contract::{DocumentationFinding, Fact, FactId, Level};

use super::result::Report;

/// The schema of what `docproof run --report json=FILE` writes.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .for_serialize()
        // A format that the standard does not know, such as `uint64`, says no more than bounds do.
        .with_transform(RestrictFormats::default())
        .with_transform(RecursiveTransform(as_written));
    settings
        .into_generator()
        .into_root_schema_for::<Report>()
        .to_value()
}

/// Makes a schema say what is written, which is less than what is read: what may be left out is
/// left out and never null, and what is always there needs no default.
fn as_written(schema: &mut Schema) {
    let Some(map) = schema.as_object_mut() else {
        return;
    };
    for name in ["description", "title", "$schema"] {
        if let Some(value) = map.shift_remove(name) {
            map.shift_insert(0, name.to_owned(), on_one_line(value));
        }
    }
    let required = match map.get("required") {
        Some(Value::Array(names)) => names.clone(),
        _ => Vec::new(),
    };
    let Some(Value::Object(properties)) = map.get_mut("properties") else {
        return;
    };
    for (name, property) in properties {
        let Value::Object(property) = property else {
            continue;
        };
        property.shift_remove("default");
        if !required.contains(&Value::from(name.as_str())) {
            without_null(property);
        }
    }
}

/// A text of several lines on one.
fn on_one_line(value: Value) -> Value {
    match value {
        Value::String(text) => Value::from(text.replace('\n', " ")),
        value => value,
    }
}

/// Takes null from what a schema allows.
fn without_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            schema.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
        if let [Value::Object(one)] = choices.as_mut_slice() {
            let mut one = std::mem::take(one);
            schema.shift_remove("anyOf");
            schema.append(&mut one);
        }
    }
}

/// One thing that a page or a document states, and where.
#[derive(JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Fact", deny_unknown_fields)]
#[expect(dead_code, reason = "it stands for the contract's type in the schema")]
enum FactForm {
    /// A row of a page.
    Page {
        /// What is stated: a keyword of JSON Schema, or `required`, `nullable`, `status`, `body`,
        /// `method`, `prose`.
        facet: String,
        /// The page's file name.
        page: String,
        /// The page's edition, where it says one.
        #[serde(skip_serializing_if = "Option::is_none")]
        edition: Option<String>,
        /// The table's caption, or the section where there is no table.
        table: String,
        /// The row: its first cell.
        row: String,
        /// The line of the row in the page's text, counted from 1.
        line: usize,
        /// How strongly it is stated; `must` where it is absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        level: Option<Level>,
    },
    /// A value of an OpenAPI document.
    Document {
        /// What is stated.
        facet: String,
        /// The document's file name.
        document: String,
        /// The JSON pointer (RFC 6901) of the value.
        pointer: String,
        /// The line of the value in the document's text, counted from 1.
        line: usize,
        /// How strongly it is stated; `must` where it is absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        level: Option<Level>,
    },
}

/// The name of a fact: service, operation, row, facet.
#[derive(JsonSchema)]
#[schemars(
    rename = "FactId",
    extend("examples" = ["dcs::CopyInstance::request.backup_format::enum"])
)]
#[expect(dead_code, reason = "it stands for the contract's type in the schema")]
struct FactIdForm(String);

/// Something that a page says and that it, or another edition, contradicts or leaves open.
#[derive(JsonSchema)]
#[schemars(rename = "DocumentationFinding", deny_unknown_fields)]
#[expect(dead_code, reason = "it stands for the contract's type in the schema")]
struct DocumentationFindingForm {
    /// The kind of finding (`editions-differ`, `example-breaks-type`).
    kind: String,
    /// The operation it belongs to.
    operation: String,
    /// What is found, in one sentence.
    message: String,
    /// The rows that it rests on: both, where two statements differ.
    rows: Vec<Fact>,
}

/// The contract knows nothing of schemas of its own types: a form of the same JSON stands for each.
macro_rules! described_by {
    ($type:ty, $form:ty) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                <$form>::schema_name()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                <$form>::json_schema(generator)
            }
        }
    };
}

described_by!(Fact, FactForm);
described_by!(FactId, FactIdForm);
described_by!(DocumentationFinding, DocumentationFindingForm);
