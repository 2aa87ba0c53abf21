//! What is created and then looked for in a list.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::contract::{Listing, Operation};
use crate::exchange::Exchange;
use crate::generate::{Expectation, Request};

use super::{Law, Outcome, list};

/// How long a new item may take to appear in the list.
pub(super) const APPEARS: Duration = Duration::from_secs(3);

/// What a created item is watched by.
pub(super) struct Creation<'r> {
    pub(super) listing: &'r Listing,
    pub(super) list_operation: &'r Operation,
    pub(super) list_baseline: Request,
    pub(super) created: &'r str,
}

/// Creates with a request; gives the identity and the exchange.
pub(super) async fn make(
    law: &Law<'_>,
    creation: &Creation<'_>,
    request: &Request,
    outcome: &mut Outcome,
) -> Option<(String, Exchange)> {
    let (body, exchange) = law
        .ask(
            law.operation,
            request,
            "a create",
            Expectation::Success,
            outcome,
        )
        .await?;
    let id = body.pointer(creation.created)?.as_str()?.to_owned();
    Some((id, exchange))
}

/// The new item, once it is in the list.
pub(super) async fn find(
    law: &Law<'_>,
    creation: &Creation<'_>,
    id: &str,
    outcome: &mut Outcome,
) -> Option<(Value, list::Page)> {
    let page = list::whole(
        law,
        creation.list_operation,
        &creation.list_baseline,
        creation.listing,
        &[],
        outcome,
    )
    .await?;
    let at = page.ids.iter().position(|known| known == id);
    if at.is_none() && page.is_cut {
        outcome.undecided = Some("the list is longer than what is read of one".to_owned());
    }
    let at = at?;
    let item = page.items.get(at)?.clone();
    Some((item, page))
}

/// Waits until the new item is in the list.
pub(super) async fn wait_for(
    law: &Law<'_>,
    creation: &Creation<'_>,
    id: &str,
    outcome: &mut Outcome,
) -> Option<(Value, list::Page)> {
    let started = Instant::now();
    loop {
        let mut attempt = Outcome::default();
        let found = find(law, creation, id, &mut attempt).await;
        let over = started.elapsed() > APPEARS;
        if found.is_some() || over || !attempt.is_open() {
            outcome.findings.extend(attempt.findings);
            outcome.undecided = outcome.undecided.take().or(attempt.undecided);
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
