//! What the laws of a resource work with: they make one, look at it, and list what there is.

use serde_json::Value;

use crate::check::{self, Breach, Check};
use crate::contract::{Collection, Identity, Operation, Resource, Schema};
use crate::exchange::{Exchange, TransportError, asks_for_patience};
use crate::generate::{Case, Expectation, Request, text_of};
use crate::harness::presence;

use super::super::{Law, Outcome, list, listing_of};
use super::record::{Mirrored, mirrored};
use super::{delete, tried};

/// What the laws of a resource work with.
pub(super) struct Life<'l> {
    pub(super) law: &'l Law<'l>,
    pub(super) resource: &'l Resource,
}

/// An answer that a law looks at.
pub(super) struct Seen {
    pub(super) status: u16,
    /// The body; null where it is no JSON.
    pub(super) body: Value,
    pub(super) exchange: Exchange,
}

impl Seen {
    pub(super) fn is_success(&self) -> bool {
        self.exchange.is_success()
    }
}

/// A resource that a law made.
pub(super) struct Made {
    pub(super) id: Value,
    /// What the request said, as it was sent.
    pub(super) request: Request,
    pub(super) seen: Seen,
}

impl Law<'_> {
    /// Sends a request of an operation and gives the answer, whatever its status is: judging single
    /// answers is for other trials.
    pub(super) async fn look(
        &self,
        operation: &Operation,
        request: &Request,
        label: &str,
    ) -> Result<Seen, String> {
        let case = Case {
            label: label.to_owned(),
            request: request.clone(),
            expectation: Expectation::Success,
        };
        let (_, exchange) = self
            .context
            .send_unique(operation, &case, &self.subject.fact, self.context.scope())
            .await;
        self.requests.set(self.requests.get() + 1);
        match &exchange.outcome {
            // Who asks for patience all the time, or fails, tells nothing of what is there.
            Ok(answer) if asks_for_patience(answer) => Err(format!(
                "{label}: the endpoint asks for patience all the time ({})",
                answer.status
            )),
            Ok(answer) => {
                self.step(&exchange);
                let body = answer.body.to_value();
                // What is shown here was there; what is not shown may be so for what the law did.
                let seen = Case {
                    expectation: Expectation::Unspecified,
                    ..case
                };
                presence::record(self.context, operation, &seen, &exchange, body.as_ref());
                Ok(Seen {
                    status: answer.status,
                    body: body.unwrap_or(Value::Null),
                    exchange,
                })
            }
            Err(TransportError::NotSent(reason)) => Err(reason.clone()),
            Err(error) => Err(format!("{label}: {error}")),
        }
    }
}

impl<'l> Life<'l> {
    /// The fields of a request's body that an answer repeats, but for the id that an answer gives: a
    /// body that has a place for it too asks for none.
    pub(super) fn repeated(&self, request: &Schema, answer: &Schema) -> Vec<Mirrored> {
        let create = self.resource.create.as_ref();
        let given = create.and_then(|create| match &create.identity {
            Identity::Answered(path) => path.last_name(),
            Identity::Sent(_) | Identity::Chosen | Identity::Located => None,
        });
        let is_given = |field: &Mirrored| {
            given.is_some() && field.sent.last_name() == given && field.sent.steps().len() < 3
        };
        let mut fields = mirrored(request, answer);
        fields.retain(|field| !is_given(field));
        fields
    }

    /// An operation of the suite.
    pub(super) fn operation(&self, index: usize) -> Result<&'l Operation, String> {
        let operations = &self.law.context.sender.suite.operations;
        operations
            .get(index)
            .ok_or_else(|| "the operation is not in the suite".to_owned())
    }

    /// The operation that creates one.
    pub(super) fn create(&self) -> Result<(usize, &'l Operation), String> {
        let create = self.resource.create.as_ref();
        let index = create.ok_or("nothing creates one")?.operation;
        Ok((index, self.operation(index)?))
    }

    /// The plainest request that creates one.
    pub(super) fn plain_create(&self) -> Result<Request, String> {
        let (index, operation) = self.create()?;
        let sender = &self.law.context.sender;
        let mut request = sender.baseline(index).map_err(|lack| lack.to_string())?;
        let context = self.law.context;
        context.mark(operation, &self.law.subject.fact, &mut request);
        context.rename(operation, &mut request);
        context.choose_id(operation, self.resource, &mut request);
        Ok(request)
    }

    /// Creates one with a request.
    pub(super) async fn make(&self, request: &Request) -> Result<Made, String> {
        let (_, operation) = self.create()?;
        self.law.context.claim_place(operation, request).await?;
        let request = &tried::really(operation, request);
        let seen = self.law.look(operation, request, "a create").await?;
        let sender = &self.law.context.sender;
        if !sender.has_made(operation, &seen.exchange) {
            return Err(format!(
                "the create was answered {}: there is nothing new to look at",
                seen.status
            ));
        }
        let create = self.resource.create.as_ref().ok_or("nothing creates one")?;
        let id = crate::harness::created::id_of(
            &create.identity,
            &self.resource.parameter,
            &seen.exchange,
        )
        .ok_or("the answer of the create does not tell an id")?;
        // What was there before is not for a law to change or delete.
        if self.law.context.sender.is_others(&text_of(&id)) {
            return Err(format!(
                "the create answers with {id}, which was there before the run"
            ));
        }
        let memory = &self.law.context.sender.memory;
        let place = (create.operation, seen.exchange.request.target());
        if memory.is_given_again(place, &text_of(&id)) {
            return Err(format!(
                "the create answers with {id} more than once: with what is there already"
            ));
        }
        if seen.status == 202 {
            self.law.context.wait_for(self.resource, &id).await;
        }
        Ok(Made {
            id,
            request: seen.exchange.request.clone(),
            seen,
        })
    }

    /// The answer of an operation to a request; one that is refused while what it is about is still
    /// being made (409) is sent again.
    pub(super) async fn ask_patiently(
        &self,
        operation: &Operation,
        request: &Request,
        label: &str,
    ) -> Result<Seen, String> {
        for wait in delete::WAITS {
            let seen = self.law.look(operation, request, label).await?;
            if !matches!(seen.status, 409 | 423 | 425) {
                return Ok(seen);
            }
            tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
        }
        self.law.look(operation, request, label).await
    }

    /// What is shown of an id now.
    pub(super) async fn show(&self, id: &Value) -> Result<Option<Seen>, String> {
        let Some(show) = self.resource.show else {
            return Ok(None);
        };
        self.ask_about(show, id, "what is shown").await.map(Some)
    }

    /// Holds the body of what is shown against its schema.
    pub(super) fn judge_shown(
        &self,
        made: &Made,
        seen: &Seen,
        outcome: &mut Outcome,
    ) -> Result<(), String> {
        let show = self.resource.show.ok_or("nothing shows one")?;
        let operation = self.operation(show)?;
        let case = Case {
            label: format!("`{}` after its delete", text_of(&made.id)),
            request: seen.exchange.request.clone(),
            expectation: Expectation::Success,
        };
        let context = self.law.context;
        let redactor = &context.sender.redactor;
        let judged = check::judge(operation, &case, self.law.subject, &seen.exchange, redactor);
        let of_body = judged.observations.into_iter();
        for observation in of_body.filter(|observation| observation.check == Check::Schema) {
            let witness = self.law.steps.borrow().clone();
            let finding = context.finding(observation, &case, &seen.exchange);
            finding.witnessed(witness).add_to(&mut outcome.findings);
        }
        Ok(())
    }

    /// The answer of an operation about the resource of an id.
    pub(super) async fn ask_about(
        &self,
        index: usize,
        id: &Value,
        label: &str,
    ) -> Result<Seen, String> {
        let operation = self.operation(index)?;
        let request = self.request_about(index, id)?;
        self.law.look(operation, &request, label).await
    }

    /// The plainest request of an operation about the resource of an id.
    pub(super) fn request_about(&self, index: usize, id: &Value) -> Result<Request, String> {
        let sender = &self.law.context.sender;
        sender
            .baseline_of_id(index, &self.resource.key, id)
            .map_err(|lack| lack.to_string())
    }

    /// What is shown of something new, once it is there: it may take a moment to appear.
    pub(super) async fn shown_new(&self, id: &Value) -> Result<Option<Seen>, String> {
        for wait in crate::harness::fixture::APPEARS {
            match self.show(id).await? {
                Some(seen) if !seen.is_success() && matches!(seen.status, 404 | 410) => {
                    tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
                }
                other => return Ok(other),
            }
        }
        self.show(id).await
    }

    /// The records of the list, by id; none where there is no list. The flag says whether there may
    /// be more than was read.
    pub(super) async fn listed(&self) -> Result<Option<Listed>, String> {
        let Some(collection) = &self.resource.list else {
            return Ok(None);
        };
        let operation = self.operation(collection.operation)?;
        let sender = &self.law.context.sender;
        let request = sender
            .baseline_of_run(collection.operation)
            .map_err(|lack| lack.to_string())?;
        self.listed_by(operation, request, collection)
            .await
            .map(Some)
    }

    pub(super) async fn listed_by(
        &self,
        operation: &Operation,
        request: Request,
        collection: &Collection,
    ) -> Result<Listed, String> {
        let listing = listing_of(operation, collection);
        let mut outcome = Outcome::default();
        let page = list::whole(self.law, operation, &request, &listing, &[], &mut outcome).await;
        let page = page.ok_or_else(|| {
            outcome
                .undecided
                .take()
                .unwrap_or_else(|| "the list could not be read".to_owned())
        })?;
        Ok(Listed {
            ids: page.ids,
            items: page.items,
            is_cut: page.is_cut,
            exchange: page.exchange,
        })
    }

    /// Records that the law is broken.
    pub(super) fn broken(
        &self,
        outcome: &mut Outcome,
        exchange: &Exchange,
        breach: Breach,
        message: String,
    ) {
        self.law.broken(outcome, exchange, breach, message);
    }
}

/// What a list has.
pub(super) struct Listed {
    pub(super) ids: Vec<String>,
    pub(super) items: Vec<Value>,
    pub(super) is_cut: bool,
    pub(super) exchange: Exchange,
}
