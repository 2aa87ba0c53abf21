//! What is not found because the id that its create told is wrong: one cause, told by the create.

use crate::check::{Breach, Check, Seen};
use crate::contract::{Creation, FieldPath, Identity, Resource, Suite, Topic};
use crate::generate::Expectation;
use crate::harness::Finding;

/// The resource whose id a finding says is told wrong by what makes it.
fn resource_of<'s>(suite: &'s Suite, cause: &Finding) -> Option<&'s Resource> {
    let told = |creation: &Creation| match &creation.identity {
        Identity::Answered(path) | Identity::Sent(path) => Some(path.clone()),
        Identity::Chosen | Identity::Located => None,
    };
    let field = match (&cause.fact.topic, &cause.fingerprint) {
        (Topic::Rule(rule), _) if cause.check == Check::Schema && rule.place.is_response() => {
            rule.field.clone()
        }
        (Topic::Law { .. }, Seen::Law(Breach::NotEchoed { field })) => {
            FieldPath::from(field.as_str())
        }
        _ => return None,
    };
    suite.resources.iter().find(|resource| {
        let creation = resource.create.as_ref();
        creation.is_some_and(|creation| {
            let maker = suite.operations.get(creation.operation);
            let is_of_maker =
                maker.is_some_and(|maker| maker.operation_id() == cause.fact.operation);
            is_of_maker && told(creation).is_some_and(|path| path.last_name() == field.last_name())
        })
    })
}

/// Whether a finding is that something is not found, or refused, by an id that another finding says
/// is told wrong.
pub(super) fn is_of_lost_id(suite: &Suite, own: &Finding, cause: &Finding) -> bool {
    let Some(resource) = resource_of(suite, cause) else {
        return false;
    };
    let is_of = |index: Option<usize>| {
        let operation = index.and_then(|index| suite.operations.get(index));
        operation.is_some_and(|operation| operation.operation_id() == own.fact.operation)
    };
    let is_lost = matches!(
        &own.fact.topic,
        Topic::Law { relation, law } if relation == "lifecycle" && law.starts_with("create-then-")
    ) && is_of(resource.create.as_ref().map(|create| create.operation));
    let is_refused = own.check == Check::Status
        && own.expectation == Some(Expectation::Success)
        && matches!(own.fingerprint, Seen::Status { code: 400..500 })
        && [
            resource.show,
            resource.replace,
            resource.change,
            resource.delete,
        ]
        .into_iter()
        .any(is_of);
    is_lost || is_refused
}
