//! How what a run created can be removed again, where the contract documents it: by the delete of
//! the resource that an operation creates.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::{FieldPath, Identity, Location, Operation, Place, Resource, Row, Suite};
use crate::exchange::Exchange;
use crate::generate::{Body, Request, baseline, text_of};

use super::created::{Leftover, id_of};

/// How many writes are kept back for the removal of what a write creates: one, and one more where
/// that meets a conflict.
pub(super) const KEPT_BACK: u64 = 2;

/// The resource that an operation creates, where a delete is documented for it.
pub(super) fn removal(suite: &Suite, create: usize) -> Option<&Resource> {
    suite.resources.iter().find(|resource| {
        let creation = resource.create.as_ref();
        resource.delete.is_some() && creation.is_some_and(|own| own.operation == create)
    })
}

/// How what an exchange created is removed, and its id; `created` is its place among what was
/// created.
pub(super) fn leftover(
    suite: &Suite,
    resources: &BTreeMap<String, String>,
    (index, operation): (usize, &Operation),
    exchange: &Exchange,
    (created, scope): (usize, u64),
) -> Option<(Value, Leftover)> {
    let resource = removal(suite, index).or_else(|| copied(suite, index, exchange))?;
    let creation = resource.create.as_ref()?;
    let id = id_of(&creation.identity, &resource.parameter, exchange)?;
    let is_its_own = exchange.request.path.values().any(|value| id == *value);
    if creation.operation != index && is_its_own {
        return None;
    }
    let delete = resource.delete?;
    let request = removing(suite, resources, resource, operation, exchange, &id)?;
    let leftover = Leftover {
        created,
        delete,
        request,
        scope,
        is_promised: exchange
            .outcome
            .as_ref()
            .is_ok_and(|answer| answer.status == 202),
    };
    Some((id, leftover))
}

/// The resource of which a request to one has made another, such as a copy: its answer is a 201 and
/// tells an id as the create does.
fn copied<'s>(suite: &'s Suite, index: usize, exchange: &Exchange) -> Option<&'s Resource> {
    let answer = exchange.outcome.as_ref().ok()?;
    let is_post = exchange.request.method == "POST" && answer.status == 201;
    let operation = suite.operations.get(index).filter(|_| is_post)?;
    let item = operation.path.trim_end_matches('/').rsplit_once('/')?.0;
    suite.resources.iter().find(|resource| {
        let shown = resource
            .show
            .or(resource.delete)
            .and_then(|show| suite.operations.get(show));
        let answers = resource.create.as_ref().is_some_and(|create| {
            matches!(create.identity, Identity::Answered(_) | Identity::Located)
        });
        resource.delete.is_some()
            && answers
            && shown.is_some_and(|show| {
                show.service == operation.service && show.path.trim_end_matches('/') == item
            })
    })
}

/// The request that deletes what a create has made: the delete's places take the id, what the
/// create's request had, and what was given.
fn removing(
    suite: &Suite,
    resources: &BTreeMap<String, String>,
    resource: &Resource,
    create: &Operation,
    exchange: &Exchange,
    id: &Value,
) -> Option<Request> {
    let deleting = suite.operations.get(resource.delete?)?;
    let text = text_of(id);
    let mut known = resources.clone();
    // Bytes may be JSON too: that with blanks behind it was taken, if something was made.
    let read = match &exchange.request.body {
        Body::Raw(bytes) => serde_json::from_slice(bytes).ok(),
        Body::Absent | Body::Json(_) | Body::Form(..) => None,
    };
    let sent = read.map(|value| Request {
        body: Body::Json(value),
        ..exchange.request.clone()
    });
    let sent = sent.as_ref().unwrap_or(&exchange.request);
    for (place, key) in suite.bindings(create) {
        let Ok(row) = place.parse::<Row>() else {
            continue;
        };
        if let Some(Value::String(value)) = sent.get(row.place, &row.field) {
            known.insert(key, value);
        }
    }
    known.insert(resource.key.clone(), text);
    let mut request = baseline(deleting, &suite.bindings(deleting), &known).ok()?;
    // A parent may have another name in the create's path than in the delete's, and one key.
    for parameter in deleting.parameters_in(Location::Path) {
        let is_own = parameter.name == resource.parameter;
        if let (false, Some(value)) = (is_own, exchange.request.path.get(&parameter.name)) {
            request.set(
                Place::Path,
                &FieldPath::name(&parameter.name),
                Some(Value::from(value.as_str())),
            );
        }
    }
    Some(request)
}
