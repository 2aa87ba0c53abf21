//! Pages of a list: order, limit, offset, pages, total, beyond the end.

use std::collections::HashSet;

use crate::check::Breach;
use crate::contract::{Facet, Listing, Location, Meaning};
use crate::generate::Expectation;

use super::list::{self, Page};
use super::{Law, Outcome, more};

pub(super) async fn hold(law: &Law<'_>, listing: &Listing, name: &str) -> Outcome {
    for attempt in 0..list::TRIES {
        let mut outcome = Outcome::default();
        let before = read_whole(law, listing, &mut outcome).await;
        let Some(before) = before else { return outcome };
        // Which number the first page has is known from the reading, where no source says it.
        let listing = &Listing {
            first_page: listing.first_page.or(before.first),
            ..listing.clone()
        };
        let least = if name == "end" { 1 } else { 3 };
        if listing.id.is_empty() && has_twins(&before) {
            return Outcome::undecided("two items of the list are alike in all that they have");
        }
        if let Some(again) = before.repeated.clone().filter(|_| name == "pages") {
            let first = again.ids.first().cloned().unwrap_or_default();
            let message = format!("a page begins with `{first}`, which a page before has");
            let after = law.read_again(listing).await;
            if after.is_some_and(|after| after.ids == before.ids) {
                law.broken(&mut outcome, &again.exchange, Breach::RepeatedItem, message);
                return outcome;
            }
            list::settle(attempt).await;
            continue;
        }
        if before.ids.len() < least {
            return Outcome::undecided(format!(
                "the list has {} items, fewer than the {least} that pages can be told by",
                before.ids.len()
            ));
        }
        let problem = probe(law, listing, name, &before, &mut outcome).await;
        // The law is only held against the endpoint if the list did not move meanwhile.
        let after = law.read_again(listing).await;
        match (problem, after) {
            (None, _) => return outcome,
            (Some((page, breach, message)), Some(after))
                if after.ids == before.ids || is_reordered(&before, &after) && name == "order" =>
            {
                law.broken(&mut outcome, &page.exchange, breach, message);
                return outcome;
            }
            _ => list::settle(attempt).await,
        }
    }
    Outcome::undecided("the list is moving")
}

/// Whether items of a list that has no identity cannot be told apart.
fn has_twins(whole: &Page) -> bool {
    let mut known = HashSet::new();
    whole.repeated.is_some() || !whole.ids.iter().all(|id| known.insert(id))
}

/// An item of a page that was on a page before. A hostile page has very many.
fn repeated<'p>(before: &[String], page: &'p [String]) -> Option<&'p String> {
    let known: HashSet<&String> = before.iter().collect();
    page.iter().find(|id| known.contains(id))
}

/// Reads a page of the law's list.
async fn read_page(
    law: &Law<'_>,
    listing: &Listing,
    parameters: &[(&str, String)],
    outcome: &mut Outcome,
) -> Option<Page> {
    list::page(
        law,
        law.operation,
        &law.baseline,
        listing,
        parameters,
        outcome,
    )
    .await
}

/// Reads the law's whole list.
async fn read_whole(law: &Law<'_>, listing: &Listing, outcome: &mut Outcome) -> Option<Page> {
    list::whole(law, law.operation, &law.baseline, listing, &[], outcome).await
}

/// How a page differs from so many items of the list from one place on, which it should have.
fn difference(page: &[String], whole: &Page, start: usize, expected: usize) -> (Breach, String) {
    let place = page
        .first()
        .and_then(|first| whole.ids.iter().position(|id| id == first));
    let (breach, seen) = match place {
        Some(at) if at == start && page.len() != expected => {
            return (
                Breach::CountOfItems,
                format!("gave {} items, expected {expected}", page.len()),
            );
        }
        Some(at) if at == start => {
            let message = format!(
                "began with the item at {start} (counted from 0), and went on with others than the list does"
            );
            return (Breach::GoesOnElsewhere, message);
        }
        Some(at) => (
            Breach::BeginsElsewhere,
            format!("began with the item at {at} (counted from 0)"),
        ),
        None if page.is_empty() => (Breach::NoItem, "gave no item".to_owned()),
        None => (
            Breach::ForeignItem,
            "began with no item of the list (counted from 0)".to_owned(),
        ),
    };
    (breach, format!("{seen}, expected the one at {start}"))
}

/// The size of the pages that a list is read in three by, and the items that they have to hold: of
/// a list that was not read to its end, its first ones.
fn thirds(whole: &Page) -> (usize, &[String]) {
    let count = whole.ids.len();
    let size = if whole.is_cut {
        count / 3
    } else {
        count.div_ceil(3)
    }
    .min(whole.largest);
    let expected = whole.ids.get(..(3 * size).min(count)).unwrap_or_default();
    (size, expected)
}

/// Whether two readings hold the same items in another order.
fn is_reordered(one: &Page, other: &Page) -> bool {
    let sorted = |page: &Page| {
        let mut ids = page.ids.clone();
        ids.sort();
        ids
    };
    one.ids != other.ids && sorted(one) == sorted(other)
}

/// Whether a list is read on behind its first page; another is only cut.
fn is_paged(listing: &Listing) -> bool {
    listing.offset.is_some() || listing.page.is_some() || listing.marker.is_some()
}

/// What is wrong with pages of this list, and the page that shows it.
async fn probe(
    law: &Law<'_>,
    listing: &Listing,
    name: &str,
    whole: &Page,
    outcome: &mut Outcome,
) -> Option<(Page, Breach, String)> {
    let count = whole.ids.len();
    let limit = listing.limit.as_deref().unwrap_or_default();
    let offset = listing.offset.as_deref().unwrap_or_default();
    let read = |parameters: Vec<(&'static str, usize)>| {
        parameters
            .into_iter()
            .map(|(name, value)| {
                (
                    if name == "limit" { limit } else { offset },
                    value.to_string(),
                )
            })
            .collect::<Vec<(&str, String)>>()
    };
    match name {
        "order" => {
            let again = read_whole(law, listing, outcome).await?;
            if is_reordered(whole, &again) {
                let message = "two readings of the list have its items in different orders";
                return Some((again, Breach::Reordered, message.to_owned()));
            }
            // Without parameters a list may be cut at a page of its own size, which begins as the
            // list does.
            let plain = read_page(law, listing, &[], outcome).await?;
            let begins = whole.ids.get(..plain.ids.len()) == Some(plain.ids.as_slice());
            (!begins && plain.ids.len() <= count).then(|| {
                (
                    plain,
                    Breach::PlainListDiffers,
                    "page 1 differs from the unpaged list".to_owned(),
                )
            })
        }
        "limit" => {
            // No larger than the largest page that was seen: an endpoint may have a largest one of
            // its own.
            // A list that is only cut may be in any order, and what it is cut from is not told.
            let is_only_cut = !is_paged(listing);
            for size in [1, 2, (count - 1).min(whole.largest)] {
                let page = read_page(law, listing, &read(vec![("limit", size)]), outcome).await?;
                if is_only_cut && page.ids.len() <= size {
                    continue;
                }
                if page.ids.len() != size {
                    let seen = page.ids.len();
                    return Some((
                        page,
                        Breach::CountOfItems,
                        format!("`{limit}={size}` gave {seen} of {count} items"),
                    ));
                }
                if Some(page.ids.as_slice()) != whole.ids.get(..size) {
                    return Some((
                        page,
                        Breach::NotTheFirstItems,
                        format!("`{limit}={size}` did not give the first items of the list"),
                    ));
                }
            }
            more::beside(law, listing, outcome).await
        }
        "offset" => {
            // The last item of a list that was read to its end; of another, one in the middle.
            let last = if whole.is_cut { count / 2 } else { count - 1 };
            for (start, size) in [(1, Some(2)), (2, Some(2)), (last, Some(2)), (1, None)] {
                let mut parameters = vec![("offset", start)];
                parameters.extend(size.map(|size| ("limit", size)));
                let page = read_page(law, listing, &read(parameters), outcome).await?;
                // Without a limit a page may have any size.
                let size = size.unwrap_or(page.ids.len().max(1));
                let expected = whole
                    .ids
                    .get(start..(start + size).min(count))
                    .unwrap_or_default();
                // Of a list that was not read to its end, no more can be told than where the
                // reading ended.
                let told = if whole.is_cut {
                    page.ids.get(..expected.len()).unwrap_or(&page.ids)
                } else {
                    &page.ids
                };
                if told != expected {
                    let (breach, differs) = difference(told, whole, start, expected.len());
                    return Some((page, breach, format!("`{offset}={start}` {differs}")));
                }
            }
            None
        }
        "marker" => {
            // Within the largest page that was seen: only the last item of a page has a marker.
            for at in [0, (count / 2).min(whole.largest.saturating_sub(1))] {
                let Some(marker) = marker_after(law, listing, whole, at, outcome).await? else {
                    continue;
                };
                let name = listing.marker.as_deref().unwrap_or_default();
                let parameters = [(limit, "2".to_owned()), (name, marker.clone())];
                let page = read_page(law, listing, &parameters, outcome).await?;
                let expected = whole
                    .ids
                    .get(at + 1..(at + 3).min(count))
                    .unwrap_or_default();
                if page.ids != expected {
                    let (breach, differs) = difference(&page.ids, whole, at + 1, expected.len());
                    let message =
                        format!("`{name}={marker}`, the marker after the item at {at}, {differs}");
                    return Some((page, breach, message));
                }
            }
            None
        }
        "end" => ends(law, listing, whole, outcome).await,
        "told" => told(law, listing, outcome).await,
        "more" => more::probe(law, listing, whole, outcome).await,
        "default" => by_default(law, listing, whole, outcome).await,
        "pages" if listing.offset.is_none() && listing.page.is_none() => {
            by_markers(law, listing, whole, outcome).await
        }
        "pages" => {
            let (size, expected) = thirds(whole);
            let mut joined: Vec<String> = Vec::new();
            for number in 0..3 {
                let asked = list::counted(listing, number * size, Some(size));
                let page = read_page(law, listing, &asked, outcome).await?;
                if let Some(twice) = repeated(&joined, &page.ids) {
                    let message = format!("page {} repeats `{twice}` of a page before", number + 1);
                    return Some((page, Breach::RepeatedItem, message));
                }
                joined.extend(page.ids.clone());
                if number == 2 && joined != expected {
                    return Some((
                        page,
                        Breach::PagesDiffer,
                        format!(
                            "three pages of {size} have {} of the {count} items in the list's order",
                            joined.len()
                        ),
                    ));
                }
            }
            None
        }
        "beyond-end" if whole.is_cut => {
            outcome.undecided = Some("the list is longer than what is read of one".to_owned());
            None
        }
        "beyond-end" => {
            let far = count + 100;
            // As many as were seen on a page: no endpoint refuses that.
            let size = whole.largest.clamp(1, 10);
            let asked = list::counted(listing, far, Some(size));
            // A service may well have no such page.
            let page = list::page_or_none(
                law,
                (law.operation, &law.baseline),
                listing,
                &asked,
                Expectation::Unspecified,
                outcome,
            )
            .await?;
            let seen = page.ids.len();
            let (name, far) = asked.last().cloned().unwrap_or_default();
            (seen > 0).then(|| {
                (
                    page,
                    Breach::ItemsBeyondTheEnd,
                    format!("`{name}={far}` gave {seen} items of a list of {count}"),
                )
            })
        }
        _ => {
            if !whole.is_cut
                && whole
                    .total
                    .is_some_and(|total| usize::try_from(total) != Ok(count))
            {
                let message = format!(
                    "the total is {}, and the list has {count} items",
                    whole.total.unwrap_or_default()
                );
                return Some((whole.clone(), Breach::WrongTotal, message));
            }
            let page = read_page(law, listing, &read(vec![("limit", 1)]), outcome).await?;
            let (all, one) = (whole.total?, page.total?);
            if all != one {
                let message =
                    format!("the total is {all} for the whole list and {one} for a page of it");
                return Some((page, Breach::TotalOfAPage, message));
            }
            let second = match (
                listing.offset.as_ref().or(listing.page.as_ref()),
                &listing.marker,
            ) {
                (Some(_), _) => list::counted(listing, 1, Some(1)),
                (None, Some(marker)) => vec![(limit, "1".to_owned()), (marker, page.next?)],
                (None, None) => return None,
            };
            let page = read_page(law, listing, &second, outcome).await?;
            let later = page.total?;
            (all != later).then(|| {
                (
                    page,
                    Breach::TotalOfSecondPage,
                    format!(
                        "the total is {all} for the whole list and {later} for its second page"
                    ),
                )
            })
        }
    }
}

/// The marker of the page that begins after an item: the item's identity, or what the page that
/// ends with it tells. No inner value where there is none.
async fn marker_after(
    law: &Law<'_>,
    listing: &Listing,
    whole: &Page,
    at: usize,
    outcome: &mut Outcome,
) -> Option<Option<String>> {
    if listing.next.is_none() {
        return Some(whole.ids.get(at).cloned());
    }
    let limit = listing.limit.as_deref().unwrap_or_default();
    let size = (at + 1).to_string();
    let page = read_page(law, listing, &[(limit, size)], outcome).await?;
    // A page may be shorter than was asked for: then its marker is another item's.
    Some(page.next.filter(|_| page.ids.len() == at + 1))
}

/// What is wrong with the size of a page that nobody asked for: it is the documented default, as far
/// as the list has a page of that size for who asks for it.
async fn by_default(
    law: &Law<'_>,
    listing: &Listing,
    whole: &Page,
    outcome: &mut Outcome,
) -> Option<(Page, Breach, String)> {
    let size = listing.default?;
    let limit = listing.limit.as_deref()?;
    // What has to be sent is in every request, whatever its default is.
    let own = law.operation.parameter(Location::Query, limit);
    if own.is_some_and(|own| own.required) {
        outcome.undecided = Some(format!("`{limit}` has to be sent"));
        return None;
    }
    if whole.ids.len() <= size {
        let reason = format!("the list has no more items than the default of a page, {size}");
        outcome.undecided = Some(reason);
        return None;
    }
    let asked: Vec<_> = list::sized(listing, size).into_iter().collect();
    let asked = read_page(law, listing, &asked, outcome).await?;
    let plain = read_page(law, listing, &[], outcome).await?;
    let seen = plain.ids.len();
    // A page of that size is there for who asks for a greater one.
    let is_short = asked.ids.len() < size && whole.largest >= size;
    if is_short && is_paged(listing) {
        let seen = asked.ids.len();
        let message = format!(
            "`{limit}={size}`, the documented default, gave {seen} of {} items",
            whole.ids.len()
        );
        return Some((asked, Breach::CountOfItems, message));
    }
    (asked.ids.len() == size && seen != size).then(|| {
        let message = format!(
            "without `{limit}` the list gave {seen} of {} items, and the documented default is \
             {size}",
            whole.ids.len()
        );
        (plain, Breach::CountOfItems, message)
    })
}

/// What is wrong with what two pages, one after the other, tell of their place. A service may count
/// from 0 or tell the next place: only that it goes on by one is held against it.
async fn told(
    law: &Law<'_>,
    listing: &Listing,
    outcome: &mut Outcome,
) -> Option<(Page, Breach, String)> {
    for (parameter, pointer) in &listing.told {
        let first = read_page(law, listing, &list::counted(listing, 0, Some(1)), outcome).await?;
        let second = read_page(law, listing, &list::counted(listing, 1, Some(1)), outcome).await?;
        let place = |page: &Page| {
            let answer = page.exchange.outcome.as_ref().ok()?;
            answer.body.at(pointer)?.as_i64()
        };
        let (Some(one), Some(two)) = (place(&first), place(&second)) else {
            continue;
        };
        if two.checked_sub(one) != Some(1) {
            let message =
                format!("two pages, one after the other, tell `{pointer}` as {one} and as {two}");
            let breach = Breach::ToldOtherwise {
                parameter: parameter.clone(),
            };
            return Some((second, breach, message));
        }
    }
    None
}

/// How many pages more than the items need may come before the end.
const SPARE: usize = 3;

/// What is wrong with the end of pages that are found by the marker of the one before.
async fn ends(
    law: &Law<'_>,
    listing: &Listing,
    whole: &Page,
    outcome: &mut Outcome,
) -> Option<(Page, Breach, String)> {
    let marker = listing.marker.as_deref()?;
    if whole.is_cut {
        outcome.undecided = Some("the list is longer than what is read of one".to_owned());
        return None;
    }
    // Where no page says how the list ends, an empty page is an end too.
    let is_stated = law
        .subject
        .rows
        .iter()
        .any(|row| row.facet == Facet::Meaning(Meaning::LastPage));
    let count = whole.ids.len();
    if is_stated && let Some(broken) = after_the_last(law, listing, whole, outcome).await {
        return Some(broken);
    }
    let (size, _) = thirds(whole);
    let most = count.div_ceil(size.max(1)) + SPARE;
    let mut before: Vec<String> = Vec::new();
    for number in 1.. {
        let mut parameters: Vec<(&str, String)> = Vec::new();
        parameters.extend(list::sized(listing, size.max(1)));
        parameters.extend(before.last().map(|place| (marker, place.clone())));
        let page = read_page(law, listing, &parameters, outcome).await?;
        let next = page.next.clone()?;
        if page.ids.is_empty() && !is_stated {
            return None;
        }
        if before.contains(&next) {
            let message = format!(
                "page {number} of a list of {count} items gives the marker `{next}` of a page before, and no end"
            );
            return Some((page, Breach::NoEnd, message));
        }
        if number >= most {
            let message = format!(
                "page {number} of a list of {count} items, in pages of {size}, gives a marker still: `{next}`"
            );
            return Some((page, Breach::NoEnd, message));
        }
        before.push(next);
    }
    None
}

/// A last page that has fewer items than were asked for, and gives a marker of a page without any:
/// where a page documents what the last one gives, that is another.
async fn after_the_last(
    law: &Law<'_>,
    listing: &Listing,
    whole: &Page,
    outcome: &mut Outcome,
) -> Option<(Page, Breach, String)> {
    let (limit, marker) = (listing.limit.as_deref()?, listing.marker.as_deref()?);
    let count = whole.ids.len();
    // All but one, so that the last page is surely short.
    let size = (2..=whole.largest)
        .contains(&count.checked_sub(1)?)
        .then(|| count - 1)?;
    let sized = || (limit, size.to_string());
    let first = read_page(law, listing, &[sized()], outcome).await?;
    let parameters = [sized(), (marker, first.next?)];
    let last = read_page(law, listing, &parameters, outcome).await?;
    let next = last.next.clone().filter(|_| last.ids.len() == 1)?;
    let parameters = [sized(), (marker, next.clone())];
    let after = read_page(law, listing, &parameters, outcome).await?;
    after.ids.is_empty().then(|| {
        let message = format!(
            "the last page of a list of {count} items, with 1 of {size} that were asked for, gives \
             the marker `{next}`, and no item follows"
        );
        (last, Breach::NoEnd, message)
    })
}

/// What is wrong with three pages, each found by the marker of the one before.
async fn by_markers(
    law: &Law<'_>,
    listing: &Listing,
    whole: &Page,
    outcome: &mut Outcome,
) -> Option<(Page, Breach, String)> {
    let marker = listing.marker.as_deref()?;
    let count = whole.ids.len();
    // Pages whose size nobody can choose are read to the end.
    let (size, expected) = match listing.limit {
        Some(_) => thirds(whole),
        None => (whole.largest, whole.ids.as_slice()),
    };
    let most = match listing.limit {
        Some(_) => 3,
        None => count + SPARE,
    };
    let mut joined: Vec<String> = Vec::new();
    let mut next: Option<String> = None;
    for number in 0..most {
        let mut parameters: Vec<(&str, String)> = Vec::new();
        parameters.extend(list::sized(listing, size));
        parameters.extend(next.take().map(|place| (marker, place)));
        let page = read_page(law, listing, &parameters, outcome).await?;
        if let Some(twice) = repeated(&joined, &page.ids) {
            let message = format!("page {} repeats `{twice}` of a page before", number + 1);
            return Some((page, Breach::RepeatedItem, message));
        }
        joined.extend(page.ids.clone());
        next.clone_from(&page.next);
        let is_last = number + 1 == most || next.is_none();
        if is_last && joined != expected {
            let message = format!(
                "{} pages of {size} by their markers have {} of the {count} items in the list's order",
                number + 1,
                joined.len()
            );
            return Some((page, Breach::PagesDiffer, message));
        }
        if is_last {
            break;
        }
    }
    None
}
