//! SARIF 2.1.0 of documentation findings.

use std::path::Path;

use serde_json::{Value, json};
use url::Url;

use crate::contract::{DOCUMENTATION_KINDS, Fact, Level};
use crate::exchange::{is_url, printable};
use crate::report::sarif::uri;

use super::{LintFinding, LintReport, row_of};

/// The log of one run.
pub(super) fn log(report: &LintReport) -> Value {
    let rules: Vec<Value> = DOCUMENTATION_KINDS
        .iter()
        .map(|kind| {
            json!({
                "id": kind.name,
                "shortDescription": { "text": kind.title },
                "help": { "text": kind.help },
                "defaultConfiguration": { "level": severity(kind.level) },
            })
        })
        .collect();
    let results: Vec<Value> = report.findings.iter().map(result).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "docproof",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(finding: &LintFinding) -> Value {
    let mut result = json!({
        "ruleId": finding.kind,
        "level": severity(finding.level),
        "message": { "text": printable(&finding.message) },
    });
    let Some(map) = result.as_object_mut() else {
        return result;
    };
    if let Some(index) = DOCUMENTATION_KINDS
        .iter()
        .position(|kind| kind.name == finding.kind)
    {
        map.insert("ruleIndex".to_owned(), json!(index));
    }
    if let Some(row) = finding.rows.first() {
        let mut location = location(row);
        if let Some(location) = location.as_object_mut() {
            location.insert(
                "logicalLocations".to_owned(),
                json!([{
                    "name": finding.operation,
                    "fullyQualifiedName": format!("{}::{}", finding.service, finding.operation),
                    "kind": "function",
                }]),
            );
        }
        map.insert("locations".to_owned(), json!([location]));
        // The same finding of the same row is the same, whatever lines stand before it.
        map.insert(
            "partialFingerprints".to_owned(),
            json!({ "row/v1": format!("{}::{}::{}::{}", finding.service, finding.operation, finding.kind, row.row()) }),
        );
    }
    let related: Vec<Value> = finding
        .rows
        .iter()
        .enumerate()
        .skip(1)
        .map(|(index, row)| {
            let mut location = location(row);
            if let Some(location) = location.as_object_mut() {
                location.insert("id".to_owned(), json!(index));
                location.insert("message".to_owned(), json!({ "text": row_of(row) }));
            }
            location
        })
        .collect();
    if !related.is_empty() {
        map.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    result
}

fn location(row: &Fact) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": artifact(row.page()) },
        "region": { "startLine": row.line().max(1) },
    } })
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Must => "error",
        Level::Should => "warning",
        Level::May => "note",
    }
}

/// A page as a URI reference: a URL as it is, a file relative where it was given so.
fn artifact(page: &str) -> String {
    if is_url(page) {
        return page.to_owned();
    }
    if Path::new(page).is_absolute()
        && let Ok(url) = Url::from_file_path(page)
    {
        return url.to_string();
    }
    uri(page.replace('\\', "/").trim_start_matches("./"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("docs/a.md", "docs/a.md")]
    #[case("./a b.md", "a%20b.md")]
    #[case("a:b#c.md", "a%3Ab%23c.md")]
    #[case("/tmp/a b.md", "file:///tmp/a%20b.md")]
    #[case("https://x/y?z=1", "https://x/y?z=1")]
    #[case("seite-ü.md", "seite-%C3%BC.md")]
    fn a_page_is_a_uri_reference(#[case] page: &str, #[case] expected: &str) {
        assert_eq!(artifact(page), expected);
    }
}
