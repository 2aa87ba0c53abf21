//! The SARIF report: each finding points at the line of the documentation page that states the broken fact. It is the page or the endpoint that is
//! wrong; the line is where a reviewer begins.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::contract::{DocumentationFinding, Fact, Level};
use crate::harness::Finding;

use super::result::{Outcome, Report};
use super::view::{one_line, service_of, surely};

/// Where the form is described.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The report as SARIF 2.1.0.
pub(super) fn sarif(report: &Report) -> Result<String, serde_json::Error> {
    let mut rules = Rules::default();
    // Where one result has suppressions, all need to say whether they have any.
    let mut results: Vec<Value> = Vec::new();
    for finding in &report.findings {
        results.push(result(report, finding, &mut rules));
    }
    for finding in &report.documentation {
        results.push(documentation(report, finding, &mut rules));
    }
    let summary = &report.summary;
    let complete = report.halted.is_none();
    let mut invocation = json!({
        "executionSuccessful": complete && summary.outcome != Outcome::NothingTested,
        "properties": {
            "verdict": report.verdict(),
            "trials": summary.trials,
            "requests": summary.requests,
            "coverage": report.coverage.total.percent,
        },
    });
    if !summary.started_at.is_empty() {
        invocation["startTimeUtc"] = Value::from(summary.started_at.as_str());
    }
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "docproof",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.list,
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation],
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

/// The rules in the order of their first result.
#[derive(Default)]
struct Rules {
    list: Vec<Value>,
    index: BTreeMap<String, usize>,
}

impl Rules {
    fn index(&mut self, id: &str, name: &str, text: &str, level: &str) -> usize {
        if let Some(index) = self.index.get(id) {
            return *index;
        }
        let index = self.list.len();
        self.list.push(json!({
            "id": id,
            "name": name,
            "shortDescription": { "text": sentence(text) },
            "fullDescription": { "text": sentence(text) },
            "help": { "text": "The result names the row of the documentation that states this, what was observed, and a curl line that shows it again." },
            "defaultConfiguration": { "level": level },
        }));
        self.index.insert(id.to_owned(), index);
        index
    }
}

/// A text that ends as a sentence does.
fn sentence(text: &str) -> String {
    let text = one_line(text);
    if text.ends_with('.') {
        text
    } else {
        format!("{text}.")
    }
}

fn level_of(level: Level) -> &'static str {
    match level {
        Level::Must => "error",
        Level::Should => "warning",
        Level::May => "note",
    }
}

fn result(report: &Report, finding: &Finding, rules: &mut Rules) -> Value {
    let level = level_of(finding.level);
    let rule = rules.index(
        &finding.fact,
        "DocumentedFact",
        &format!("Documented: {}", finding.documented),
        level,
    );
    let mut text = format!("{} Seen {}.", sentence(&finding.message), surely(finding));
    let curl = finding.curl();
    if !curl.is_empty() {
        text.push_str(&format!("\n\n{}", crate::exchange::printable(&curl)));
    }
    let mut value = json!({
        "ruleId": finding.fact,
        "ruleIndex": rule,
        "level": level,
        "message": { "text": text },
        "partialFingerprints": { "factAndBehaviour/v1": format!("{}/{}/{}", finding.fact, finding.check, one_line(&finding.behaviour)) },
        "suppressions": [],
        "properties": { "check": finding.check, "case": one_line(&finding.case), "seen": finding.seen },
    });
    if let Some(expected) = &finding.expected {
        value["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": one_line(&expected.reason),
        }]);
    }
    let service = service_of(&finding.fact);
    places(&mut value, report, service, &finding.rows);
    value
}

fn documentation(report: &Report, finding: &DocumentationFinding, rules: &mut Rules) -> Value {
    let id = format!("documentation/{}", finding.kind);
    let rule = rules.index(
        &id,
        "Documentation",
        &format!(
            "The pages contradict themselves or leave something open: {}",
            finding.kind.replace('-', " ")
        ),
        "note",
    );
    let mut value = json!({
        "ruleId": id,
        "ruleIndex": rule,
        "level": "note",
        "message": { "text": sentence(&finding.message) },
        "suppressions": [],
    });
    // The operation may be named without its service.
    let service = report
        .coverage
        .operations
        .iter()
        .map(|operation| operation.operation.as_str())
        .find(|name| {
            *name == finding.operation || name.ends_with(&format!("::{}", finding.operation))
        })
        .map_or_else(|| service_of(&finding.operation), service_of);
    places(&mut value, report, service, &finding.rows);
    value
}

/// The rows as places: the first is the result's own, the others are related.
fn places(result: &mut Value, report: &Report, service: &str, rows: &[Fact]) {
    let place = |row: &Fact| {
        json!({
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&report.page(service, row.page())) },
                "region": { "startLine": row.line().max(1) },
            },
            "message": { "text": sentence(&super::view::place(row)) },
        })
    };
    if let Some(first) = rows.first() {
        result["locations"] = json!([place(first)]);
    }
    if rows.len() > 1 {
        let related: Vec<Value> = rows
            .iter()
            .skip(1)
            .enumerate()
            .map(|(index, row)| {
                let mut place = place(row);
                place["id"] = json!(index);
                place
            })
            .collect();
        result["relatedLocations"] = Value::from(related);
    }
}

/// A path as a relative URI.
pub(super) fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("cases/a b/页.md"), "cases/a%20b/%E9%A1%B5.md");
    }
}
