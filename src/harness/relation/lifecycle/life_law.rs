//! The laws of a resource, and which of them apply to one.

use std::fmt;

use crate::contract::{Operation, Resource, Suite};

use super::{acts, cleared, ignored, made, put, restored, unique};

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
