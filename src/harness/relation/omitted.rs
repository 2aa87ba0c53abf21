//! A parameter of a list that is left out is taken for its documented default: the list is the same
//! either way.

use std::collections::BTreeMap;

use crate::check::Breach;
use crate::contract::{FieldPath, Listing, Place};
use crate::generate::{Request, is_bound};

use super::filter::is_valid;
use super::list::{self, Page};
use super::{Law, Outcome};

/// The most parameters that are left out.
const MOST: usize = 6;

/// How often a list is read in each of the two ways: what others change between two readings shows.
const TURNS: usize = 2;

pub(super) async fn hold(
    law: &Law<'_>,
    listing: &Listing,
    by: &BTreeMap<String, String>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let bindings = law.context.sender.suite.bindings(law.operation);
    let mut is_decided = false;
    for (parameter, default) in by.iter().take(MOST) {
        let field = FieldPath::name(parameter);
        let mut without = law.baseline.clone();
        without.set(Place::Query, &field, None);
        let is_bound = is_bound(&bindings, Place::Query, &field);
        if is_bound || !is_valid(law.operation, &without, parameter, default) {
            continue;
        }
        law.forget_steps();
        let Some((left_out, sent)) = read(law, listing, &without, parameter, default).await else {
            continue;
        };
        is_decided = true;
        if left_out.items == sent.items {
            continue;
        }
        let shown = |page: &Page| {
            let first = page.items.first().map(|item| list::id(listing, item));
            let first = first.map_or_else(String::new, |id| format!(", `{id}` first"));
            format!("{} items{first}", page.items.len())
        };
        let message = format!(
            "without `{parameter}` the list has {}, and with its documented default `{default}` {}",
            shown(&left_out),
            shown(&sent)
        );
        let breach = Breach::DefaultNotApplied {
            field: parameter.clone(),
        };
        law.broken(&mut outcome, &left_out.exchange, breach, message);
        return outcome;
    }
    if !is_decided {
        return Outcome::undecided("the list was not served in both ways, or does not hold still");
    }
    outcome
}

/// The first page without a parameter, and with its default; none where it is refused, or where it
/// is another each time.
async fn read(
    law: &Law<'_>,
    listing: &Listing,
    without: &Request,
    parameter: &str,
    default: &str,
) -> Option<(Page, Page)> {
    let mut first: Option<(Page, Page)> = None;
    for _ in 0..TURNS {
        // That either is refused is for the trials of the parameter.
        let mut own = Outcome::default();
        let operation = law.operation;
        let left_out = list::page(law, operation, without, listing, &[], &mut own).await?;
        let query = [(parameter, default.to_owned())];
        let sent = list::page(law, operation, without, listing, &query, &mut own).await?;
        match &first {
            None if left_out.items == sent.items => return Some((left_out, sent)),
            None => first = Some((left_out, sent)),
            Some((one, other)) if one.items == left_out.items && other.items == sent.items => {}
            Some(_) => return None,
        }
    }
    // An empty list is in every way the same.
    first.filter(|(one, other)| !one.items.is_empty() || !other.items.is_empty())
}
