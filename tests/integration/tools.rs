//! What tools make of pages: a page that a converter, an extractor or a publishing theme has passed
//! on gives the facts that it states, no other ones, and each loss is told.

use std::collections::BTreeSet;

use docproof::contract::DocumentationKind;
use docproof::derive::{Options, derive};
use docproof::page;
use rstest::rstest;

use crate::derive::facts;

/// The header of a table of fields in Markdown.
const HEADER: &str = "| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n";

/// A page in Markdown of one operation with one table of a request body.
fn markdown(table: &str) -> String {
    format!("# Plant a tree\n\n## URI\n\nPOST /v1/trees\n\n## Request parameters\n\n{table}\n")
}

/// The facts and the kinds of documentation findings of a page.
fn read(name: &str, text: &str) -> (BTreeSet<String>, Vec<DocumentationKind>) {
    let page = page::read(name, text).unwrap();
    let derived = derive(&[page], &Options::default()).unwrap();
    let kinds = derived
        .services
        .iter()
        .flat_map(docproof::contract::Service::documentation)
        .map(|finding| finding.kind)
        .collect();
    (facts(&derived), kinds)
}

/// What a page says of the fields of its bodies and of its parameters, without the types.
fn fields(name: &str, text: &str) -> Vec<String> {
    read(name, text)
        .0
        .into_iter()
        .filter(|fact| fact.starts_with("request.") || fact.starts_with("response."))
        .filter(|fact| !fact.contains(" type="))
        .collect()
}
