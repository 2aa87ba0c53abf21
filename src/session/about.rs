//! What reports say of a run that its result does not know.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::contract::Suite;
use crate::generate::Scheme;
use crate::harness::{RunOptions, Target};

use super::Order;

/// Where the pages of a suite stand, by service and name; the bundled suite's as they stand in
/// docproof's repository.
pub(super) fn pages(suite: &Suite, order: &Order) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let given = order.sources.iter().map(Path::new);
    let folders: Vec<&Path> = given
        .chain(order.suite.as_deref())
        .map(|given| match given.parent() {
            Some(parent) if given.is_file() => parent,
            _ => given,
        })
        .collect();
    for operation in &suite.operations {
        let service = &operation.service;
        for row in operation.facts().iter().flat_map(|fact| &fact.rows) {
            let name = row.page();
            let usual = format!("cases/{service}/pages/{name}");
            let place = if folders.is_empty() {
                Some(usual)
            } else {
                let places = [usual, format!("pages/{name}"), name.to_owned()];
                folders
                    .iter()
                    .flat_map(|folder| places.iter().map(|place| folder.join(place)))
                    .find(|place| place.is_file())
                    .map(|place| place.to_string_lossy().into_owned())
            };
            if let Some(place) = place {
                pages.insert(format!("{service}/{name}"), place);
            }
        }
    }
    pages
}

/// What the run was told, for the reports: every setting that matters, never the credential itself.
pub(super) fn configuration(
    order: &Order,
    options: &RunOptions,
    target: &Target,
    scheme: &Scheme,
    insecure: bool,
) -> BTreeMap<String, Value> {
    let headers: BTreeMap<&String, &String> = target
        .headers
        .iter()
        .map(|(name, value)| (name, value))
        .collect();
    let suite = match &order.suite {
        Some(path) => path.display().to_string(),
        None if !order.sources.is_empty() => order.sources.join(" "),
        None => "bundled".to_owned(),
    };
    BTreeMap::from([
        ("suite".to_owned(), Value::from(suite)),
        ("target".to_owned(), Value::from(order.target.clone())),
        ("mode".to_owned(), serde_json::json!(target.mode)),
        ("level".to_owned(), Value::from(options.level.as_str())),
        ("cases".to_owned(), Value::from(options.cases)),
        ("seed".to_owned(), Value::from(options.seed)),
        (
            "test_threads".to_owned(),
            Value::from(options.arguments.test_threads),
        ),
        (
            "partition".to_owned(),
            Value::from(options.partition.map(|partition| partition.to_string())),
        ),
        (
            "max_response_time_ms".to_owned(),
            Value::from(options.max_response_time.map(milliseconds)),
        ),
        ("timeout_s".to_owned(), Value::from(order.timeout)),
        ("rate".to_owned(), Value::from(order.rate)),
        ("budget_s".to_owned(), Value::from(order.budget)),
        ("max_failures".to_owned(), Value::from(order.max_failures)),
        ("max_writes".to_owned(), Value::from(target.max_writes)),
        ("credential".to_owned(), Value::from(scheme.to_string())),
        ("insecure".to_owned(), Value::from(insecure)),
        ("headers".to_owned(), serde_json::json!(headers)),
        ("filters".to_owned(), serde_json::json!(order.filters)),
        ("skip".to_owned(), serde_json::json!(order.skip)),
        ("resources".to_owned(), serde_json::json!(target.resources)),
    ])
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
