//! SARIF 2.1.0.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::contract::Level;

use super::{Diagnostic, Kind, Row};

/// Where the format is described.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// How a log is written: people keep logs and compare them, so each command's stays as it is.
pub(in crate::report) struct Form {
    /// The key of docproof's version.
    pub(in crate::report) version: &'static str,
    /// The keys of a result, in their order.
    pub(in crate::report) result: &'static [&'static str],
    /// The keys of a related location, in their order.
    pub(in crate::report) related: &'static [&'static str],
    /// The id of the first related location.
    pub(in crate::report) first_related: usize,
}

/// A log that is being written.
pub(in crate::report) struct Log {
    form: Form,
    rules: Vec<Value>,
    index: BTreeMap<String, usize>,
    results: Vec<Value>,
}

impl Log {
    pub(in crate::report) fn new(form: Form) -> Self {
        Self {
            form,
            rules: Vec::new(),
            index: BTreeMap::new(),
            results: Vec::new(),
        }
    }

    /// The index of a kind's rule; the first of a kind gives the rule.
    pub(in crate::report) fn rule(&mut self, kind: &Kind) -> usize {
        if let Some(index) = self.index.get(&kind.id) {
            return *index;
        }
        let mut rule = Map::new();
        rule.insert("id".to_owned(), json!(kind.id));
        if let Some(name) = kind.name {
            rule.insert("name".to_owned(), json!(name));
        }
        rule.insert("shortDescription".to_owned(), json!({ "text": kind.title }));
        if kind.name.is_some() {
            rule.insert("fullDescription".to_owned(), json!({ "text": kind.title }));
        }
        rule.insert("help".to_owned(), json!({ "text": kind.help }));
        let level = json!({ "level": severity(kind.level) });
        rule.insert("defaultConfiguration".to_owned(), level);
        let index = self.rules.len();
        self.rules.push(Value::Object(rule));
        self.index.insert(kind.id.clone(), index);
        index
    }

    /// Adds a result.
    pub(in crate::report) fn add(&mut self, diagnostic: &Diagnostic) {
        let mut result = Map::new();
        let mut put = |key: &str, value: Value| {
            result.insert(key.to_owned(), value);
        };
        put("ruleId", json!(diagnostic.kind.id));
        put("ruleIndex", json!(self.rule(&diagnostic.kind)));
        put("level", json!(severity(diagnostic.level)));
        put("message", json!({ "text": diagnostic.message }));
        if let Some((name, value)) = &diagnostic.fingerprint {
            put("partialFingerprints", json!({ *name: value }));
        }
        if let Some(reasons) = &diagnostic.accepted {
            let suppression = |reason: &String| json!({ "kind": "external", "status": "accepted", "justification": reason });
            put("suppressions", reasons.iter().map(suppression).collect());
        }
        if let Some(properties) = &diagnostic.properties {
            put("properties", properties.clone());
        }
        let mut rows = diagnostic.rows.iter();
        if let Some(row) = rows.next() {
            let mut location = location(row);
            if let Some(name) = &diagnostic.operation {
                let (_, id) = name.split_once("::").unwrap_or(("", name));
                let logical =
                    json!([{ "name": id, "fullyQualifiedName": name, "kind": "function" }]);
                location.insert("logicalLocations".to_owned(), logical);
            }
            put("locations", json!([location]));
        }
        let related: Vec<Value> = rows
            .zip(self.form.first_related..)
            .map(|(row, id)| {
                let mut location = location(row);
                location.insert("id".to_owned(), json!(id));
                ordered(location, self.form.related)
            })
            .collect();
        if !related.is_empty() {
            put("relatedLocations", Value::Array(related));
        }
        let result = ordered(result, self.form.result);
        self.results.push(result);
    }

    /// The log of one run.
    pub(in crate::report) fn finish(self, invocation: Option<Value>) -> Value {
        let mut run = Map::new();
        let driver = json!({
            "name": "docproof",
            self.form.version: env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "rules": self.rules,
        });
        run.insert("tool".to_owned(), json!({ "driver": driver }));
        run.insert("columnKind".to_owned(), json!("unicodeCodePoints"));
        if let Some(invocation) = invocation {
            run.insert("invocations".to_owned(), json!([invocation]));
        }
        run.insert("results".to_owned(), Value::Array(self.results));
        json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] })
    }
}

/// The members of an object in an order.
fn ordered(mut map: Map<String, Value>, order: &[&str]) -> Value {
    Value::Object(
        order
            .iter()
            .filter_map(|key| map.remove_entry(*key))
            .collect(),
    )
}

fn location(row: &Row) -> Map<String, Value> {
    let mut location = Map::new();
    let place = json!({
        "artifactLocation": { "uri": row.uri },
        "region": { "startLine": row.line.max(1) },
    });
    location.insert("physicalLocation".to_owned(), place);
    if let Some(text) = &row.text {
        location.insert("message".to_owned(), json!({ "text": text }));
    }
    location
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Must => "error",
        Level::Should => "warning",
        Level::May => "note",
    }
}

/// A path as a relative URI.
pub(in crate::report) fn uri(path: &str) -> String {
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
