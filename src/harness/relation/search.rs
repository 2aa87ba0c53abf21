//! A search lists those items alone in which the text stands: none by a text that nobody wrote.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Listing, Place};
use crate::generate::{Validity, classify};

use super::{Law, Outcome, list};

/// Texts that stand in nothing: one word of any language, and shorter ones for short parameters.
const NOWHERE: [&str; 3] = ["qxzvkjwq", "qxzvk", "qxz"];

pub(super) async fn hold(law: &Law<'_>, listing: &Listing, by: &[String]) -> Outcome {
    let mut outcome = Outcome::default();
    let (operation, baseline) = (law.operation, &law.baseline);
    let whole = list::page(law, operation, baseline, listing, &[], &mut outcome).await;
    let Some(whole) = whole else {
        return outcome;
    };
    if whole.items.is_empty() {
        return Outcome::undecided("the list has no item that a search could leave out");
    }
    for parameter in by {
        let text = NOWHERE.into_iter().find(|text| {
            let mut request = baseline.clone();
            let field = FieldPath::name(parameter.as_str());
            request.set(Place::Query, &field, Some(Value::from(*text)));
            classify(operation, &request) == Validity::Valid
        });
        let Some(text) = text else { continue };
        let query = [(parameter.as_str(), text.to_owned())];
        let page = list::page(law, operation, baseline, listing, &query, &mut outcome).await;
        let Some(page) = page else {
            return outcome;
        };
        let without = page.items.iter().find(|item| !has(item, text));
        if let Some(item) = without {
            let message = format!(
                "`{parameter}={text}` lists an item (`{}`) in which that text does not stand",
                list::id(listing, item)
            );
            let breach = Breach::WithoutTheText {
                parameter: parameter.clone(),
            };
            law.broken(&mut outcome, &page.exchange, breach, message);
            return outcome;
        }
    }
    outcome
}

/// Whether a text stands anywhere in a value, in either case.
fn has(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own.to_lowercase().contains(text),
        Value::Array(items) => items.iter().any(|item| has(item, text)),
        Value::Object(map) => map.values().any(|item| has(item, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
