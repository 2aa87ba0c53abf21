//! Fields that a label calls a body or payload without saying of which side, below the target of a
//! method whose requests have none.

use std::collections::BTreeSet;

use serde_json::Value;

use super::examples::Examples;
use super::path::RequestTarget;
use super::section::Section;
use super::tables::{FieldTable, Role, Tables};

phrases! {
    Payloads:

    /// Words for the body of a request.
    static SAYS_REQUEST;
}

/// Takes such fields for those of the answer where an example of it shows them all; where nothing
/// shows a request either, whose they are is not known.
pub(super) fn settle_payloads(tables: &mut Tables, targets: &[RequestTarget], shown: &Examples) {
    let has_none = |own: &RequestTarget| matches!(own.method.as_str(), "GET" | "HEAD");
    if targets.is_empty() || !targets.iter().all(has_none) {
        return;
    }
    let answered: BTreeSet<&str> = shown
        .responses
        .iter()
        .filter(|own| !own.refusal && own.status.is_none_or(|status| status < 300))
        .filter_map(|own| match own.value.as_ref()? {
            Value::Array(items) => items.first()?.as_object(),
            own => own.as_object(),
        })
        .flat_map(|map| map.keys().map(String::as_str))
        .collect();
    for table in tables.fields.iter_mut().filter(|own| is_of_no_side(own)) {
        let mut names = table.rows.iter().map(|row| row.name.as_str());
        if names.all(|name| answered.contains(name)) {
            table.role = Role::ResponseBody;
            table.section = Section::Response;
        } else if shown.requests.is_empty() {
            table.role = Role::Object;
        }
    }
}

/// Whether a table is called one of a body, and not that of a request.
fn is_of_no_side(table: &FieldTable) -> bool {
    let words = format!("{} {}", table.label, table.site.table);
    table.role == Role::RequestBody
        && !table.rows.is_empty()
        && !SAYS_REQUEST.is_match(&words)
        && table.rows.iter().all(|row| row.location.is_none())
}
