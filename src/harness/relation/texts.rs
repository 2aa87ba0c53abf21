//! Texts that a server may well mangle: those that a field takes by its own schema.

use serde_json::Value;

use crate::contract::{Facet, Field, FieldPath, Operation, Place, Schema, enum_values};
use crate::generate::{
    Expectation, Request, Validity, classify, is_bound, is_in_words, size, text,
};

use super::Law;

/// For each round, texts of which a field takes the first that its schema allows: letters beyond
/// ASCII; beyond 16 bits; capitals, quotation marks and markup; several lines; what identifiers are
/// made of.
const TEXTS: [&[&str]; 5] = [
    &["Grüße, 备份 и резерв", "Mixed-Case_09"],
    &["docproof 😀"],
    &[
        "Two  SPACES, \"double\" 'single' \\ <b>&amp;</b> 100%",
        "Two  SPACES, back\\slash, 100% (x)",
    ],
    &["one line\nand\tanother"],
    &[],
];

/// How long a text is that no page limits: long enough to be cut, short enough to have to be taken.
const LONG: usize = 128;

/// How many rounds of texts there are. The last has the longest.
pub(in crate::harness) const ROUNDS: usize = TEXTS.len();

/// The request of a round: each field that takes a text of it has one. Where no page speaks of one
/// of them, nobody knows whether the request is taken.
pub(super) fn vary<'f>(
    law: &Law<'_>,
    fields: impl IntoIterator<Item = &'f String>,
    request: &Request,
    round: usize,
) -> (Request, Expectation) {
    let bindings = law.context.sender.suite.bindings(law.operation);
    let mut varied = request.clone();
    let mut expectation = Expectation::Success;
    for field in fields {
        let path = FieldPath::from(field.as_str());
        if is_bound(&bindings, Place::Request, &path) {
            continue;
        }
        if let Some((told, expected)) = tell(law.operation, &varied, field, round) {
            varied = told;
            if expected == Expectation::Unspecified {
                expectation = expected;
            }
        }
    }
    law.context
        .mark(law.operation, &law.subject.fact, &mut varied);
    (varied, expectation)
}

/// Sets a field to a text of a round, if it takes one by the contract.
fn tell(
    operation: &Operation,
    request: &Request,
    field: &str,
    round: usize,
) -> Option<(Request, Expectation)> {
    let schema = operation.request_body.as_ref().map(|body| &body.schema)?;
    let known = schema.field(&FieldPath::from(field))?;
    let node = known.node;
    if !enum_values(node).is_empty()
        || is_in_words(known.facts)
        || is_of_another(schema, request, &known)
    {
        return None;
    }
    let most = size(node, Facet::MaxLength);
    let pattern = node.get("pattern").and_then(Value::as_str);
    let longest = text::text_of_length(pattern, most.unwrap_or(LONG), 0);
    let candidates: Vec<(Request, Validity)> = TEXTS
        .get(round)?
        .iter()
        .map(|text| (*text).to_owned())
        .chain(longest)
        .map(|text| {
            let mut changed = request.clone();
            changed.set(
                Place::Request,
                &FieldPath::from(field),
                Some(Value::from(text)),
            );
            let class = classify(operation, &changed);
            (changed, class)
        })
        .collect();
    candidates
        .into_iter()
        .find_map(|(request, class)| match class {
            Validity::Valid => Some((request, Expectation::Success)),
            Validity::Unspecified(_) => Some((request, Expectation::Unspecified)),
            Validity::Invalid(_) => None,
        })
}

/// Whether a field is one of an object that the request does not have: of several that could stand
/// in its place it has another.
pub(super) fn is_of_another(schema: &Schema, request: &Request, field: &Field<'_>) -> bool {
    let above = std::iter::successors(field.path.parent(), FieldPath::parent);
    let is_union = |path: FieldPath| {
        let own = schema.field(&path).map(|own| own.node);
        let node = own.unwrap_or(&schema.root);
        let node = schema.follow(node);
        node.get("oneOf").is_some() || node.get("anyOf").is_some()
    };
    request.get(Place::Request, field.path).is_none() && above.into_iter().any(is_union)
}
