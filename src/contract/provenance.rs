//! Facts: what one table row of one page states, as they stand in the contract under `x-docproof`.

use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::documentation::DocumentationKind;
use super::facet::Facet;

/// The annotation keyword that holds provenance in OpenAPI documents and JSON Schemas.
pub const ANNOTATION: &str = "x-docproof";

/// How strongly a fact is stated, and how grave its breach (RFC 2119's words). Ordered: `May <
/// Should < Must`.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Default,
    clap::ValueEnum,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// By convention only.
    May,
    /// An example, an RFC or only some editions say so.
    Should,
    /// The page says so.
    #[default]
    Must,
}

impl Level {
    /// The level's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::May => "may",
            Self::Should => "should",
            Self::Must => "must",
        }
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One thing that a source states: `facet` says which aspect of its place, `source` says where.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "FactRecord")]
pub struct Fact {
    /// Which aspect of the place is stated.
    pub facet: Facet,
    /// Where it is stated.
    pub source: Source,
    /// How strongly it is stated.
    pub level: Level,
}

/// Where a fact is stated. It is shared: trials, findings and the ledger all tell of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// A row of a page.
    Page(Arc<PageRow>),
    /// A value of an OpenAPI document.
    Document(Arc<DocumentPlace>),
}

/// A row of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct PageRow {
    /// The page's file name.
    pub page: String,
    /// The page's edition, where it says one.
    pub edition: Option<String>,
    /// The table's caption, or the section where there is no table.
    pub table: String,
    /// The row: its first cell.
    pub row: String,
    /// The 1-based line of the row in the page's text.
    pub line: usize,
}

/// A value of an OpenAPI document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DocumentPlace {
    /// The document's file name.
    pub document: String,
    /// The JSON pointer (RFC 6901) of the value.
    pub pointer: String,
    /// The 1-based line of the value in the document's text.
    pub line: usize,
}

impl Fact {
    /// The file name of the page or document.
    pub fn page(&self) -> &str {
        match &self.source {
            Source::Page(row) => &row.page,
            Source::Document(place) => &place.document,
        }
    }

    /// The page's edition, where it says one.
    pub fn edition(&self) -> Option<&str> {
        match &self.source {
            Source::Page(row) => row.edition.as_deref(),
            Source::Document(_) => None,
        }
    }

    /// The table's caption or the section; empty for a document.
    pub fn table(&self) -> &str {
        match &self.source {
            Source::Page(row) => &row.table,
            Source::Document(_) => "",
        }
    }

    /// The row's first cell, or the pointer in a document.
    pub fn row(&self) -> &str {
        match &self.source {
            Source::Page(row) => &row.row,
            Source::Document(place) => &place.pointer,
        }
    }

    /// The 1-based line in the source's text.
    pub fn line(&self) -> usize {
        match &self.source {
            Source::Page(row) => row.line,
            Source::Document(place) => place.line,
        }
    }
}

/// A fact as it stands in JSON: the keys of both kinds of sources side by side.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactRecord {
    facet: Facet,
    #[serde(default)]
    page: Option<String>,
    #[serde(default)]
    edition: Option<String>,
    #[serde(default)]
    table: Option<String>,
    #[serde(default)]
    row: Option<String>,
    #[serde(default)]
    document: Option<String>,
    #[serde(default)]
    pointer: Option<String>,
    #[serde(deserialize_with = "line")]
    line: usize,
    #[serde(default)]
    level: Level,
}

/// The same as it is written.
#[derive(Serialize)]
struct Written<'f> {
    facet: Facet,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edition: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'f str>,
    line: usize,
    #[serde(skip_serializing_if = "is_must")]
    level: Level,
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut written = Written {
            facet: self.facet,
            page: None,
            edition: None,
            table: None,
            row: None,
            document: None,
            pointer: None,
            line: self.line(),
            level: self.level,
        };
        match &self.source {
            Source::Page(row) => {
                written.page = Some(&row.page);
                written.edition = row.edition.as_deref();
                written.table = Some(&row.table);
                written.row = Some(&row.row);
            }
            Source::Document(place) => {
                written.document = Some(&place.document);
                written.pointer = Some(&place.pointer);
            }
        }
        written.serialize(serializer)
    }
}

impl TryFrom<FactRecord> for Fact {
    type Error = &'static str;

    fn try_from(record: FactRecord) -> Result<Self, Self::Error> {
        let source = match record {
            FactRecord {
                page: Some(page),
                edition,
                table: Some(table),
                row: Some(row),
                document: None,
                pointer: None,
                line,
                ..
            } => Source::Page(Arc::new(PageRow {
                page,
                edition,
                table,
                row,
                line,
            })),
            FactRecord {
                document: Some(document),
                pointer: Some(pointer),
                page: None,
                edition: None,
                table: None,
                row: None,
                line,
                ..
            } => Source::Document(Arc::new(DocumentPlace {
                document,
                pointer,
                line,
            })),
            _ => {
                return Err(
                    "expected either `page`, `table`, `row` and `line`, or `document`, `pointer` \
                     and `line`",
                );
            }
        };
        Ok(Self {
            facet: record.facet,
            source,
            level: record.level,
        })
    }
}

/// Reads the number of a line.
fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let value = Value::deserialize(deserializer)?;
    value
        .as_u64()
        .and_then(|line| usize::try_from(line).ok())
        .ok_or_else(|| D::Error::custom(format!("expected the number of a line, found {value}")))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_must(level: &Level) -> bool {
    *level == Level::Must
}

/// A documentation finding: something a page says that it, or another edition, contradicts or
/// leaves open. Judged offline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentationFinding {
    /// The kind of finding.
    pub kind: DocumentationKind,
    /// The operation it belongs to.
    pub operation: String,
    /// What is found, in one sentence of ours.
    pub message: String,
    /// The rows that it rests on: both, where two statements differ.
    pub rows: Vec<Fact>,
}
