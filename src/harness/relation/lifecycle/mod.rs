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
mod life;
mod life_law;
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

use serde_json::Value;

use crate::contract::{FieldPath, Resource};
use crate::generate::text_of;

pub(in crate::harness) use job::job_of;
pub(in crate::harness) use left_out::is_seen;
pub(in crate::harness) use unsaid::unsaid;

pub(super) use record::is_added_to;
pub(super) use update::other_value;

pub use self::life_law::LifeLaw;

use self::life::{Life, Made, Seen};
use super::{Law, Outcome};

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
