//! Facts: what one table row of one page states, as they stand in the contract under `x-docproof`.

use serde::{Deserialize, Serialize};

/// The annotation keyword that holds provenance in OpenAPI documents and JSON Schemas.
pub const ANNOTATION: &str = "x-docproof";

/// How strongly a fact is stated, and how grave its breach (RFC 2119's words). Ordered: `May < Should < Must`.
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
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Custom says so.
    May,
    /// Only some editions, an example or an RFC say so.
    Should,
    /// A page states it.
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

/// One thing that one row states: `facet` says which, the rest says where.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The JSON Schema keyword that the fact became (`type`, `enum`, `maxLength`, ...), or `required`, `nullable`, `status`,
    /// `body`, `method`, `prose`.
    pub facet: String,
    /// The page's file name.
    pub page: String,
    /// The page's edition, where it says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// The table's caption, or the section where there is no table.
    pub table: String,
    /// The row: its first cell.
    pub row: String,
    /// The 1-based line of the row in the page's text.
    pub line: usize,
    /// How strongly it is stated.
    #[serde(default, skip_serializing_if = "is_must")]
    pub level: Level,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_must(level: &Level) -> bool {
    *level == Level::Must
}

/// A documentation finding: something a page says that it, or another edition, contradicts or leaves open. Judged offline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentationFinding {
    /// The kind of finding, in kebab-case (`editions-differ`, `example-breaks-type`, ...).
    pub kind: String,
    /// The operation it belongs to.
    pub operation: String,
    /// What is found, in one sentence of ours.
    pub message: String,
    /// The rows that it rests on: both, where two statements differ.
    pub rows: Vec<Fact>,
}
