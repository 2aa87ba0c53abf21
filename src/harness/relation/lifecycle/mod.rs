//! The laws of a resource that a run can make for itself: what is made is shown as it was asked
//! for, a change changes one thing, what is deleted is gone, and reading changes nothing. They hold
//! of any service whose contract has the operations: nobody has to declare them.

mod acts;
mod at_once;
mod cleared;
mod delete;
mod ignored;
mod job;
mod left_out;
mod location;
mod made;
mod moves;
mod put;
mod read;
mod record;
mod refused;
mod restored;
mod same_one;
mod several;
mod times;
mod tried;
mod unique;
mod unsaid;
mod update;

use std::fmt;

use serde_json::Value;

use crate::check::{self, Breach, Check};
use crate::contract::{FieldPath, Identity, Operation, Resource, Schema, Suite};
use crate::exchange::{Exchange, TransportError, asks_for_patience};
use crate::generate::{Case, Expectation, Request, text_of};

pub(in crate::harness) use job::job_of;
pub(in crate::harness) use left_out::is_seen;
pub(in crate::harness) use unsaid::unsaid;

pub(super) use record::is_added_to;
pub(super) use update::other_value;

use self::record::{Mirrored, mirrored};
use super::{Law, Outcome};
use crate::harness::presence;

/// A law of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LifeLaw {
    /// What was created is shown as it was asked for.
    CreateThenRead,
    /// What was created is in the list.
    CreateThenList,
    /// The times of what was created are near the clock.
    Clock,
    /// What is made under one parent is not shown under another.
    Isolation,
    /// A change is shown, and changes nothing else.
    UpdateChangesThisAlone,
    /// A field that is left out of a replacement has its documented default, and nothing of before.
    ReplaceRestoresDefaults,
    /// What was deleted is neither shown nor listed.
    DeleteThenGone,
    /// What belongs to what is deleted is gone with it.
    DeleteTakesBelow,
    /// A second delete is answered as documented.
    DeleteAgain,
    /// What is done once is refused the second time.
    ActAgain,
    /// What an act tells is what is shown afterwards.
    ActIsShown,
    /// Two deletes of what never was are answered alike.
    DeleteOfNothing,
    /// Reading changes nothing.
    ReadIsSafe,
    /// A refused create leaves nothing.
    RefusedCreate,
    /// A refused change leaves nothing.
    RefusedUpdate,
    /// What was only started (202) comes to an end.
    JobAfter202,
    /// No two have the same value of what is unique.
    Unique,
    /// Null takes a value away, where the page says so.
    NullTakesAway,
    /// What a request says of what the service alone sets is left aside.
    SetByService,
    /// A `PUT` tells by its status whether it made something.
    PutTells,
}

impl LifeLaw {
    /// The law's word in names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateThenRead => "create-then-read",
            Self::CreateThenList => "create-then-list",
            Self::Clock => "clock",
            Self::Isolation => "isolation",
            Self::UpdateChangesThisAlone => "update-changes-this-alone",
            Self::ReplaceRestoresDefaults => "replace-restores-defaults",
            Self::DeleteThenGone => "delete-then-gone",
            Self::DeleteTakesBelow => "delete-takes-below",
            Self::DeleteAgain => "delete-again",
            Self::ActAgain => "act-again",
            Self::ActIsShown => "act-is-shown",
            Self::DeleteOfNothing => "delete-of-nothing",
            Self::ReadIsSafe => "read-is-safe",
            Self::RefusedCreate | Self::RefusedUpdate => "refused-leaves-nothing",
            Self::JobAfter202 => "job-after-202",
            Self::Unique => "unique",
            Self::NullTakesAway => "null-takes-away",
            Self::SetByService => "set-by-service",
            Self::PutTells => "put-tells",
        }
    }

    /// What the law says, in a few words.
    pub fn says(self) -> &'static str {
        match self {
            Self::CreateThenRead => "what was created is shown as it was asked for",
            Self::CreateThenList => "what was created is in the list",
            Self::Clock => "the times of what was created are near the clock",
            Self::Isolation => "what is made under one parent is not shown under another",
            Self::UpdateChangesThisAlone => "a change is shown, and changes nothing else",
            Self::ReplaceRestoresDefaults => {
                "a field that is left out of a replacement has its documented default"
            }
            Self::DeleteThenGone => "what was deleted is neither shown nor listed",
            Self::DeleteTakesBelow => "what belongs to what was deleted is gone with it",
            Self::DeleteAgain => "a second delete is answered as documented",
            Self::ActAgain => "what is done already is refused",
            Self::ActIsShown => "what an act tells is what is shown afterwards",
            Self::DeleteOfNothing => "two deletes of what never was are answered alike",
            Self::ReadIsSafe => "reading changes nothing (RFC 9110, section 9.2.1)",
            Self::RefusedCreate => "a refused create leaves nothing",
            Self::RefusedUpdate => "a refused change leaves nothing",
            Self::JobAfter202 => "what was only started is shown, and comes to an end",
            Self::Unique => "a value that is unique is not given twice",
            Self::NullTakesAway => "null takes the value away",
            Self::SetByService => "what a request says of the value is left aside",
            Self::PutTells => {
                "a PUT that makes something is answered 201, and no other (RFC 9110, section 9.3.4)"
            }
        }
    }

    /// The laws of a resource that are told with one of its operations.
    pub fn of(resource: &Resource, index: usize, operations: &[Operation]) -> Vec<Self> {
        let Some(operation) = operations.get(index) else {
            return Vec::new();
        };
        let Some(create) = &resource.create else {
            return Vec::new();
        };
        let is_read = resource.show.is_some() || resource.list.is_some();
        let is_index = |place: Option<usize>| place == Some(index);
        let mut laws = Vec::new();
        // What only starts a job says nothing of the job itself.
        if create.operation == index && !resource.tells_of(operation) {
            if resource.show.is_some() {
                laws.push(Self::CreateThenRead);
            }
            if resource.list.is_some() {
                laws.push(Self::CreateThenList);
            }
            if is_read && made::times(operation).next().is_some() {
                laws.push(Self::Clock);
            }
            // Of one that replaces too, the refused change is the same law.
            let replaces = is_index(resource.replace) || is_index(resource.change);
            if resource.list.is_some() && operation.request_body.is_some() && !replaces {
                laws.push(Self::RefusedCreate);
            }
            if resource.parent.is_some() && is_read {
                laws.push(Self::Isolation);
            }
        }
        if is_read && (is_index(resource.change) || is_index(resource.replace)) {
            laws.extend([Self::UpdateChangesThisAlone, Self::RefusedUpdate]);
        }
        if is_read && is_index(resource.replace) && restored::sets_back(operation) {
            laws.push(Self::ReplaceRestoresDefaults);
        }
        let writes =
            create.operation == index || is_index(resource.change) || is_index(resource.replace);
        if writes && unique::is_refused(resource, operation) {
            laws.push(Self::Unique);
        }
        if writes && ignored::fields(operation).next().is_some() {
            laws.push(Self::SetByService);
        }
        if (is_index(resource.change) || is_index(resource.replace))
            && cleared::fields(operation).next().is_some()
        {
            laws.push(Self::NullTakesAway);
        }
        if create.operation == index && put::is_told(resource, operation) {
            laws.push(Self::PutTells);
        }
        if resource.acts.contains(&index) && operation.is_not_again() {
            laws.push(Self::ActAgain);
        }
        let is_act = resource.acts.contains(&index) && acts::tells(resource, operation, operations);
        let is_of_steps =
            is_index(resource.change) && acts::is_of_steps(resource, operation, operations);
        if is_act || is_of_steps {
            laws.push(Self::ActIsShown);
        }
        if is_index(resource.delete) {
            if is_read {
                laws.push(Self::DeleteThenGone);
            }
            laws.push(Self::DeleteAgain);
        }
        if is_index(resource.show)
            || resource
                .list
                .as_ref()
                .is_some_and(|list| list.operation == index)
        {
            laws.push(Self::ReadIsSafe);
        }
        laws
    }

    /// Whether the delete of what a resource belongs to, told with an operation, has to take it along.
    /// Of several sorts of what belongs to one thing, a sentence may mean another.
    pub fn is_taken_along(resource: &Resource, index: usize, suite: &Suite) -> bool {
        let Some(at) = resource.parent else {
            return false;
        };
        let mut below = suite.resources.iter().filter(|own| own.parent == Some(at));
        let is_alone = below.next().is_some() && below.next().is_none();
        let operation = suite.operations.get(index);
        is_alone
            && resource.create.is_some()
            && resource.show.is_some()
            && suite
                .resources
                .get(at)
                .is_some_and(|parent| parent.delete == Some(index))
            && operation.is_some_and(Operation::cascades)
    }

    /// The most requests of a trial that create something, for a forecast.
    pub(in crate::harness) fn creations(self) -> usize {
        match self {
            Self::DeleteOfNothing => 0,
            Self::CreateThenRead => 3,
            Self::Isolation
            | Self::UpdateChangesThisAlone
            | Self::CreateThenList
            | Self::SetByService
            | Self::ActAgain
            | Self::ActIsShown
            | Self::DeleteTakesBelow
            | Self::PutTells => 2,
            Self::Unique => unique::CREATIONS,
            Self::Clock
            | Self::ReplaceRestoresDefaults
            | Self::DeleteThenGone
            | Self::DeleteAgain
            | Self::ReadIsSafe
            | Self::RefusedCreate
            | Self::RefusedUpdate
            | Self::NullTakesAway
            | Self::JobAfter202 => 1,
        }
    }
}

impl fmt::Display for LifeLaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Tries one law of a resource, or of the delete that a law's own operation is.
pub(in crate::harness) async fn hold(
    law: &Law<'_>,
    resource: Option<&Resource>,
    which: LifeLaw,
) -> Outcome {
    let Some(resource) = resource else {
        return match which {
            LifeLaw::DeleteOfNothing => settle(delete::of_nothing(law).await),
            _ => Outcome::undecided("the resource is not in the suite"),
        };
    };
    let life = Life { law, resource };
    settle(match which {
        LifeLaw::CreateThenRead => made::is_shown(&life).await,
        LifeLaw::CreateThenList => Box::pin(made::is_listed(&life)).await,
        LifeLaw::Clock => made::is_timed(&life).await,
        LifeLaw::Isolation => made::is_isolated(&life).await,
        LifeLaw::UpdateChangesThisAlone => Box::pin(update::changes_this_alone(&life)).await,
        LifeLaw::ReplaceRestoresDefaults => restored::restores_defaults(&life).await,
        LifeLaw::DeleteThenGone => delete::then_gone(&life).await,
        LifeLaw::DeleteTakesBelow => delete::takes_below(&life).await,
        LifeLaw::DeleteAgain => delete::again(&life).await,
        LifeLaw::ActAgain => acts::is_refused(&life).await,
        LifeLaw::ActIsShown => Box::pin(acts::is_shown(&life)).await,
        LifeLaw::DeleteOfNothing => delete::of_nothing(law).await,
        LifeLaw::ReadIsSafe => Box::pin(read::is_safe(&life)).await,
        LifeLaw::RefusedCreate => refused::create(&life).await,
        LifeLaw::RefusedUpdate => refused::update(&life).await,
        LifeLaw::JobAfter202 => job::ends(law, resource).await,
        LifeLaw::Unique => unique::hold(&life).await,
        LifeLaw::NullTakesAway => cleared::hold(&life).await,
        LifeLaw::SetByService => ignored::hold(&life).await,
        LifeLaw::PutTells => put::hold(&life).await,
    })
}

/// Whether an answer tells that a value is not to be shown: by a row of marks that was not sent.
pub(super) fn is_masked(sent: &Value, seen: &Value) -> bool {
    record::is_mask(seen) && !record::is_mask(sent)
}

/// What a body shows of a field of a request: in the same place, or within an object around all of
/// the answer.
fn inner<'b>(body: &'b Value, field: &FieldPath) -> Option<&'b Value> {
    let pointer = field.to_pointer();
    let is_said = |value: &&Value| !value.is_null();
    if let Some(value) = body.pointer(&pointer) {
        return Some(value).filter(is_said);
    }
    let wraps = body.as_object().into_iter().flatten();
    let mut found = wraps.filter_map(|(_, own)| own.pointer(&pointer).filter(is_said));
    found.next().filter(|_| found.next().is_none())
}

/// What a law came to: why it could not be decided is an outcome too.
fn settle(outcome: Result<Outcome, String>) -> Outcome {
    outcome.unwrap_or_else(Outcome::undecided)
}

/// What the laws of a resource work with.
struct Life<'l> {
    law: &'l Law<'l>,
    resource: &'l Resource,
}

/// An answer that a law looks at.
struct Seen {
    status: u16,
    /// The body; null where it is no JSON.
    body: Value,
    exchange: Exchange,
}

impl Seen {
    fn is_success(&self) -> bool {
        self.exchange.is_success()
    }
}

/// A resource that a law made.
struct Made {
    id: Value,
    /// What the request said, as it was sent.
    request: Request,
    seen: Seen,
}

impl Law<'_> {
    /// Sends a request of an operation and gives the answer, whatever its status is: judging single
    /// answers is for other trials.
    async fn look(
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
    fn repeated(&self, request: &Schema, answer: &Schema) -> Vec<Mirrored> {
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
    fn operation(&self, index: usize) -> Result<&'l Operation, String> {
        let operations = &self.law.context.sender.suite.operations;
        operations
            .get(index)
            .ok_or_else(|| "the operation is not in the suite".to_owned())
    }

    /// The operation that creates one.
    fn create(&self) -> Result<(usize, &'l Operation), String> {
        let create = self.resource.create.as_ref();
        let index = create.ok_or("nothing creates one")?.operation;
        Ok((index, self.operation(index)?))
    }

    /// The plainest request that creates one.
    fn plain_create(&self) -> Result<Request, String> {
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
    async fn make(&self, request: &Request) -> Result<Made, String> {
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
    async fn ask_patiently(
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
    async fn show(&self, id: &Value) -> Result<Option<Seen>, String> {
        let Some(show) = self.resource.show else {
            return Ok(None);
        };
        self.ask_about(show, id, "what is shown").await.map(Some)
    }

    /// Holds the body of what is shown against its schema.
    fn judge_shown(&self, made: &Made, seen: &Seen, outcome: &mut Outcome) -> Result<(), String> {
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
    async fn ask_about(&self, index: usize, id: &Value, label: &str) -> Result<Seen, String> {
        let operation = self.operation(index)?;
        let request = self.request_about(index, id)?;
        self.law.look(operation, &request, label).await
    }

    /// The plainest request of an operation about the resource of an id.
    fn request_about(&self, index: usize, id: &Value) -> Result<Request, String> {
        let sender = &self.law.context.sender;
        sender
            .baseline_of_id(index, &self.resource.key, id)
            .map_err(|lack| lack.to_string())
    }

    /// What is shown of something new, once it is there: it may take a moment to appear.
    async fn shown_new(&self, id: &Value) -> Result<Option<Seen>, String> {
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
    async fn listed(&self) -> Result<Option<Listed>, String> {
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

    async fn listed_by(
        &self,
        operation: &Operation,
        request: Request,
        collection: &crate::contract::Collection,
    ) -> Result<Listed, String> {
        let listing = super::listing_of(operation, collection);
        let mut outcome = Outcome::default();
        let page =
            super::list::whole(self.law, operation, &request, &listing, &[], &mut outcome).await;
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
    fn broken(&self, outcome: &mut Outcome, exchange: &Exchange, breach: Breach, message: String) {
        self.law.broken(outcome, exchange, breach, message);
    }
}

/// What a list has.
struct Listed {
    ids: Vec<String>,
    items: Vec<Value>,
    is_cut: bool,
    exchange: Exchange,
}
