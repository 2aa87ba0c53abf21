//! Create, then list: what was created appears as it was asked for, moves through its statuses in
//! order, and a refused request leaves nothing.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Owner, Place, Relation, enum_values};
use crate::generate::{Body, Expectation, Request, Validity, classify};

use super::creation::{APPEARS, Creation, make, wait_for};
use super::{Law, Outcome, list, statuses, texts};

pub(super) async fn hold(law: &Law<'_>, relation: &Relation, name: &str) -> Outcome {
    let Relation::CreatedAppears {
        created,
        list: listing,
        same,
        constant,
        owner,
        status,
        order,
        progress,
        ..
    } = relation
    else {
        return Outcome::undecided("another relation");
    };
    let Some(list_operation) = law.sibling(&listing.operation) else {
        return Outcome::undecided("the list is not in the contract");
    };
    let sender = &law.context.sender;
    let Ok(list_baseline) = sender.baseline(sender.index_of(list_operation)) else {
        return Outcome::undecided("a resource of the list is not given");
    };
    let creation = Creation {
        listing,
        list_operation,
        list_baseline,
        created,
    };
    match name {
        "refused" => refused(law, &creation, same).await,
        "default" => default(law, &creation, same).await,
        "status" => {
            statuses::hold(
                law,
                &creation,
                status.as_deref().unwrap_or_default(),
                order,
                progress.as_deref(),
            )
            .await
        }
        _ => appears(law, &creation, same, constant, owner.as_ref()).await,
    }
}

/// A text that marks what this law creates: a function of the seed and the law, so that a run can
/// be had again.
fn mark(law: &Law<'_>) -> String {
    let mut hasher = DefaultHasher::new();
    (law.context.options.seed, law.subject.fact.to_string()).hash(&mut hasher);
    format!("docproof-{:016x}", hasher.finish())
}

async fn appears(
    law: &Law<'_>,
    creation: &Creation<'_>,
    same: &std::collections::BTreeMap<String, String>,
    constant: &std::collections::BTreeMap<String, String>,
    owner: Option<&Owner>,
) -> Outcome {
    let mut outcome = Outcome::default();
    // Every documented value of a listed field is asked for once; free texts are such as a server
    // may well mangle.
    let mut requests: Vec<Request> = Vec::new();
    for field in same.keys() {
        let node = law
            .operation
            .request_body
            .as_ref()
            .and_then(|body| body.schema.node(&format!("/{field}")));
        for value in node.map(enum_values).unwrap_or_default() {
            let mut request = law.baseline.clone();
            request.set(
                Place::Request,
                &FieldPath::from(field.as_str()),
                Some(value),
            );
            requests.push(request);
        }
    }
    while requests.len() < texts::ROUNDS {
        requests.push(law.baseline.clone());
    }
    for (round, request) in requests.into_iter().enumerate() {
        let (request, expectation) = texts::vary(law, same.keys(), &request, round);
        let made = if expectation == Expectation::Unspecified {
            // Whether it is taken, no page says: what is taken has to be kept.
            let asked = law
                .ask(
                    law.operation,
                    &request,
                    "a create",
                    expectation,
                    &mut outcome,
                )
                .await;
            // Once is enough: a service may refuse the same a second time.
            asked.and_then(|(body, exchange)| {
                let id = body.pointer(creation.created)?.as_str()?.to_owned();
                exchange.is_success().then_some((id, exchange))
            })
        } else {
            make(law, creation, &request, &mut outcome).await
        };
        let Some((id, exchange)) = made else {
            if expectation == Expectation::Unspecified && outcome.is_open() {
                continue;
            }
            return outcome;
        };
        let Some((item, page)) = wait_for(law, creation, &id, &mut outcome).await else {
            if outcome.is_open() {
                law.broken(
                    &mut outcome,
                    &exchange,
                    Breach::NotInTheList,
                    format!("`{id}` was created and is not in the list after {APPEARS:?}"),
                );
            }
            return outcome;
        };
        // As it was sent: what must be unique had a fresh value, what is borrowed an id.
        let request = &exchange.request;
        for (field, pointer) in same {
            let sent = request
                .get(Place::Request, &FieldPath::from(field.as_str()))
                .unwrap_or_default();
            let now = item.pointer(pointer);
            if sent != now.cloned().unwrap_or_default() {
                let seen = super::told(now);
                law.broken(
                    &mut outcome,
                    &page.exchange,
                    Breach::NotKept {
                        field: field.clone(),
                    },
                    format!("created with `{field}` {sent}, and in the list it is {seen}"),
                );
                return outcome;
            }
        }
        if page.ids.iter().filter(|known| **known == id).count() > 1 {
            law.broken(
                &mut outcome,
                &page.exchange,
                Breach::MoreThanOnce,
                format!("`{id}` was created once and is in the list more than once"),
            );
            return outcome;
        }
        if let Some(owner) = owner {
            let asked = request
                .get(Place::Path, &FieldPath::name(&owner.parameter))
                .unwrap_or_default();
            let seen = item.pointer(&owner.field).cloned().unwrap_or_default();
            if asked != seen {
                law.broken(
                    &mut outcome,
                    &page.exchange,
                    Breach::OtherOwner,
                    format!(
                        "created for {asked}, and `{}` in the list is {seen}",
                        owner.field
                    ),
                );
                return outcome;
            }
        }
        for (pointer, value) in constant {
            let seen = item.pointer(pointer).cloned().unwrap_or_default();
            if seen != value.as_str() {
                law.broken(
                    &mut outcome,
                    &page.exchange,
                    Breach::OtherConstant {
                        pointer: pointer.clone(),
                    },
                    format!("`{pointer}` of what was created is {seen}, expected \"{value}\""),
                );
                return outcome;
            }
        }
    }
    outcome
}

/// Where a field with a documented default is not sent, the item has the default.
async fn default(
    law: &Law<'_>,
    creation: &Creation<'_>,
    same: &std::collections::BTreeMap<String, String>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let defaults: Vec<(&String, &String, Value)> = same
        .iter()
        .filter_map(|(field, pointer)| {
            let node = law
                .operation
                .request_body
                .as_ref()?
                .schema
                .node(&format!("/{field}"))?;
            Some((field, pointer, node.get("default")?.clone()))
        })
        .collect();
    if defaults.is_empty() {
        return Outcome::undecided("no page documents a default");
    }
    // Something else first: a default is not what was asked for last.
    let mut other = law.baseline.clone();
    for (field, _, default) in &defaults {
        let node = law
            .operation
            .request_body
            .as_ref()
            .and_then(|body| body.schema.node(&format!("/{field}")));
        let value = node
            .map(enum_values)
            .unwrap_or_default()
            .into_iter()
            .find(|value| value != default);
        if let Some(value) = value {
            other.set(
                Place::Request,
                &FieldPath::from(field.as_str()),
                Some(value),
            );
        }
    }
    if other != law.baseline {
        law.ask(
            law.operation,
            &other,
            "a create",
            Expectation::Success,
            &mut outcome,
        )
        .await;
    }
    let mut without = law.baseline.clone();
    for (field, _, _) in &defaults {
        without.set(Place::Request, &FieldPath::from(field.as_str()), None);
    }
    let bare = Request {
        body: Body::Absent,
        content_type: None,
        ..law.baseline.clone()
    };
    for request in [without, bare] {
        if classify(law.operation, &request) == Validity::Valid {
            let is_over = apply_defaults(law, creation, &request, &defaults, &mut outcome).await;
            if is_over {
                break;
            }
        }
    }
    outcome
}

/// Creates without the fields of the defaults; whether there is nothing more to try.
async fn apply_defaults(
    law: &Law<'_>,
    creation: &Creation<'_>,
    request: &Request,
    defaults: &[(&String, &String, Value)],
    outcome: &mut Outcome,
) -> bool {
    let Some((id, exchange)) = make(law, creation, request, outcome).await else {
        return true;
    };
    let Some((item, page)) = wait_for(law, creation, &id, outcome).await else {
        if outcome.is_open() {
            law.broken(
                outcome,
                &exchange,
                Breach::NotInTheList,
                format!("`{id}` was created and is not in the list after {APPEARS:?}"),
            );
        }
        return true;
    };
    for (field, pointer, value) in defaults {
        let seen = item.pointer(pointer).cloned().unwrap_or_default();
        if seen != *value {
            law.broken(
                outcome,
                &page.exchange,
                Breach::DefaultNotApplied {
                    field: (*field).clone(),
                },
                format!(
                    "created without `{field}`, documented default {value}, and the list has {seen}"
                ),
            );
        }
    }
    !outcome.findings.is_empty()
}

/// A refused request leaves nothing in the list.
async fn refused(
    law: &Law<'_>,
    creation: &Creation<'_>,
    same: &std::collections::BTreeMap<String, String>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let free = same.iter().find(|(field, _)| {
        let node = law
            .operation
            .request_body
            .as_ref()
            .and_then(|body| body.schema.node(&format!("/{field}")));
        node.is_some_and(|node| enum_values(node).is_empty())
    });
    let listed = same.keys().find(|field| {
        let node = law
            .operation
            .request_body
            .as_ref()
            .and_then(|body| body.schema.node(&format!("/{field}")));
        node.is_some_and(|node| !enum_values(node).is_empty())
    });
    let (Some((text, pointer)), Some(listed)) = (free, listed) else {
        return Outcome::undecided("no field can mark a request that is refused");
    };
    let mark = mark(law);
    let mut request = law.baseline.clone();
    if request.body.value().is_none() {
        return Outcome::undecided("the operation has no body");
    }
    request.set(
        Place::Request,
        &FieldPath::from(text.as_str()),
        Some(Value::from(mark.as_str())),
    );
    request.set(
        Place::Request,
        &FieldPath::from(listed.as_str()),
        Some(Value::from("docproof")),
    );
    let Some(before) = count_marked(law, creation, pointer, &mark, &mut outcome).await else {
        return outcome;
    };
    let asked = law
        .ask(
            law.operation,
            &request,
            "a value that no page documents",
            Expectation::Refusal,
            &mut outcome,
        )
        .await;
    let Some((_, exchange)) = asked else {
        return outcome;
    };
    tokio::time::sleep(Duration::from_millis(20)).await;
    let after = count_marked(law, creation, pointer, &mark, &mut outcome).await;
    if after.is_some_and(|after| after > before) {
        law.broken(
            &mut outcome,
            &exchange,
            Breach::RefusedAndDone,
            "the request was refused, and the list has what it asked for".to_owned(),
        );
    }
    outcome
}

/// How many items of the list carry a mark.
async fn count_marked(
    law: &Law<'_>,
    creation: &Creation<'_>,
    pointer: &str,
    mark: &str,
    outcome: &mut Outcome,
) -> Option<usize> {
    let page = list::whole(
        law,
        creation.list_operation,
        &creation.list_baseline,
        creation.listing,
        &[],
        outcome,
    )
    .await?;
    Some(
        page.items
            .iter()
            .filter(|item| item.pointer(pointer).and_then(Value::as_str) == Some(mark))
            .count(),
    )
}
