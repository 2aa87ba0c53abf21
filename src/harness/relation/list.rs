//! Reading a list: whole, page by page, and whether it held still meanwhile.

use serde_json::Value;

use crate::contract::{Facet, FieldPath, Listing, Location, Operation, Place};
use crate::exchange::{Answer, Exchange};
use crate::generate::{Expectation, Request, Validity, classify, size};

use super::{Law, Outcome};

/// The page size that a whole list is read by.
const PAGE: usize = 100;

/// The same where no source tells how many a page may have.
const FEW: usize = 20;

/// The most items that are read: a law is tried on what a person would look at.
const MOST: usize = 400;

/// How often a law is tried again on a list that moves.
pub(super) const TRIES: u64 = 5;

/// One page of a list.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub items: Vec<Value>,
    pub ids: Vec<String>,
    pub total: Option<i64>,
    /// The marker of the page after this one, where an answer tells it or an item is one.
    pub next: Option<String>,
    /// Whether there may be more than was read.
    pub is_cut: bool,
    /// The page that began with an item of one before, and ended the reading.
    pub repeated: Option<Box<Page>>,
    /// How many items the largest page had.
    pub largest: usize,
    /// The number of the first page, where pages are numbered and it is known.
    pub first: Option<usize>,
    pub exchange: Exchange,
}

impl Page {
    /// The items by their ids, each with what stands at these pointers in it.
    pub(super) fn told<'f>(
        &self,
        fields: impl Iterator<Item = &'f str> + Clone,
    ) -> Vec<(String, Vec<Option<Value>>)> {
        let shown = |item: &Value| fields.clone().map(|at| item.pointer(at).cloned()).collect();
        let ids = self.ids.iter().cloned();
        ids.zip(self.items.iter().map(shown)).collect()
    }
}

/// The items of a body: none where there is no body (204).
fn items(listing: &Listing, body: &Value) -> Vec<Value> {
    body.pointer(&listing.items)
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}

/// An item's identity as text.
pub(super) fn id(listing: &Listing, item: &Value) -> String {
    item.pointer(&listing.id).map(text).unwrap_or_default()
}

/// A value as the text that a query has; none for null.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Reads one page with these query parameters.
pub(super) async fn page(
    law: &Law<'_>,
    operation: &Operation,
    baseline: &Request,
    listing: &Listing,
    query: &[(&str, String)],
    outcome: &mut Outcome,
) -> Option<Page> {
    let expectation = Expectation::Success;
    page_or_none(
        law,
        (operation, baseline),
        listing,
        query,
        expectation,
        outcome,
    )
    .await
}

/// Whether a request has values of a parameter that takes several with commas between them, as its
/// row says.
fn has_parted(operation: &Operation, request: &Request) -> bool {
    let mut known = operation.parameters_in(Location::Query);
    known.any(|own| {
        own.is_parted()
            && request
                .get(Place::Query, &FieldPath::name(&own.name))
                .is_some()
    })
}

/// Reads a page that is there, or may be refused as what is expected says.
pub(super) async fn page_or_none(
    law: &Law<'_>,
    (operation, baseline): (&Operation, &Request),
    listing: &Listing,
    query: &[(&str, String)],
    expectation: Expectation,
    outcome: &mut Outcome,
) -> Option<Page> {
    let mut request = baseline.clone();
    for (name, value) in query {
        let known = operation.parameter(Location::Query, name);
        let value = Value::from(value.as_str());
        // One value of a parameter that takes several.
        let value = match known.and_then(|known| known.style.as_ref()) {
            Some(_) => Value::Array(vec![value]),
            None => value,
        };
        request.set(Place::Query, &FieldPath::name(*name), Some(value));
    }
    let asked = |name: &Option<String>| {
        let mut names = query.iter().map(|(name, _)| name);
        name.as_ref()
            .is_some_and(|own| names.any(|name| name == own))
    };
    // That a marker is an id is custom: who refuses it means something else by it.
    let is_guess = listing.next.is_none() && asked(&listing.marker);
    // What else words say of several values in one text is not known.
    let is_in_words = has_parted(operation, &request)
        && matches!(classify(operation, &request), Validity::Unspecified(_));
    let expectation = if is_guess || is_in_words {
        Expectation::Unspecified
    } else {
        expectation
    };
    let (body, exchange) = law
        .ask(
            operation,
            &request,
            "a page of the list",
            expectation,
            outcome,
        )
        .await?;
    if !exchange.is_success() {
        if is_guess {
            outcome.undecided = Some("the id of an item is refused as a marker".to_owned());
        } else if is_in_words {
            outcome.undecided = Some("values that the list shows are refused".to_owned());
        }
        return None;
    }
    let items = items(listing, &body);
    let ids: Vec<String> = items.iter().map(|item| id(listing, item)).collect();
    // That they lack the field is for its own trial: here nobody can tell which of them is which.
    if !ids.is_empty() && ids.iter().all(String::is_empty) {
        outcome.undecided = Some(format!(
            "no item of the list has `{}`, by which one is told from another",
            listing.id.trim_start_matches('/')
        ));
        return None;
    }
    let next = match &listing.next {
        Some(pointer) => body
            .pointer(pointer)
            .map(text)
            .map(|next| marker_in(listing, next)),
        None => ids.last().cloned(),
    };
    let total = listing
        .total
        .as_ref()
        .and_then(|pointer| body.pointer(pointer))
        .and_then(Value::as_i64)
        .or_else(|| {
            let name = listing.total_header.as_ref()?.to_ascii_lowercase();
            let answer = exchange.outcome.as_ref().ok()?;
            answer.header(&name)?.trim().parse().ok()
        });
    Some(Page {
        largest: items.len(),
        first: listing.first_page,
        is_cut: false,
        repeated: None,
        items,
        ids,
        total,
        next: next.filter(|next| !next.is_empty()),
        exchange,
    })
}

/// The size of the pages that a list is read by: no larger than a page documents, and where it
/// documents no largest one, what it takes by default, or so few that hardly a service refuses them.
pub(super) fn page_size(operation: &Operation, listing: &Listing) -> usize {
    let parameter = listing.limit.as_ref();
    let parameter = parameter.and_then(|name| operation.parameter(Location::Query, name));
    let told = |facet| parameter.and_then(|own| size(&own.schema.root, facet));
    let most = told(Facet::Maximum).or_else(|| told(Facet::Default));
    most.unwrap_or(FEW).clamp(1, PAGE)
}

/// The size of a page as a query parameter, where the list takes one.
pub(super) fn sized(listing: &Listing, size: usize) -> Option<(&str, String)> {
    let limit = listing.limit.as_deref()?;
    Some((limit, size.to_string()))
}

/// The query parameters of the page that begins so many items after the first, where pages are
/// found by a number: its size, where that is said, and how many items or pages come before it.
pub(super) fn counted(listing: &Listing, start: usize, size: Option<usize>) -> Vec<(&str, String)> {
    let mut parameters: Vec<(&str, String)> = Vec::new();
    parameters.extend(size.and_then(|size| sized(listing, size)));
    if let Some(offset) = &listing.offset {
        parameters.push((offset, start.to_string()));
    } else if let (Some(page), Some(size)) = (&listing.page, size) {
        let first = listing.first_page.unwrap_or(1);
        parameters.push((page, (start / size.max(1) + first).to_string()));
    }
    parameters
}

/// The marker that an answer tells: its word for the next page, or the marker in a link to it.
fn marker_in(listing: &Listing, next: String) -> String {
    let is_link = next.starts_with('/') || next.contains("://");
    let Some((_, query)) = next.split_once('?').filter(|_| is_link) else {
        return next;
    };
    let query = query.split('#').next().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| Some(name.as_ref()) == listing.marker.as_deref())
        .map_or_else(|| next.clone(), |(_, marker)| marker.into_owned())
}

/// How many items a page has at least that may be cut where nothing tells its size.
const CUT: usize = 10;

/// Whether pages are often as long as this, where nobody asks for a size: then others may follow.
pub(super) fn is_usual_size(count: usize) -> bool {
    count >= CUT && (count.is_multiple_of(5) || count.is_multiple_of(12))
}

/// Reads a list of which no way to another page is known: what is not on the page may be on the
/// next.
async fn first(
    law: &Law<'_>,
    operation: &Operation,
    baseline: &Request,
    listing: &Listing,
    query: &[(&str, String)],
    outcome: &mut Outcome,
) -> Option<Page> {
    let parameter = listing.limit.as_ref();
    let parameter = parameter.and_then(|name| operation.parameter(Location::Query, name));
    let told = |facet| parameter.and_then(|own| size(&own.schema.root, facet));
    let most = told(Facet::Maximum).map(|most| most.clamp(1, PAGE));
    let mut parameters = query.to_vec();
    parameters.extend(most.and_then(|most| sized(listing, most)));
    let mut page = page(law, operation, baseline, listing, &parameters, outcome).await?;
    let size = most.or_else(|| told(Facet::Default)).unwrap_or(CUT);
    let is_full = parameter.is_some() && page.items.len() >= size;
    let total = page.total.and_then(|total| usize::try_from(total).ok());
    page.is_cut = is_full
        || total.is_some_and(|total| total > page.items.len())
        || page.exchange.outcome.as_ref().is_ok_and(tells_of_more);
    Some(page)
}

/// Whether an answer says that there is another page: by a link to it (RFC 8288), or by a field of
/// its body, at the top or in an object there.
fn tells_of_more(answer: &Answer) -> bool {
    fn names_next(value: &Value, depth: usize) -> bool {
        const MORE: [&str; 4] = ["hasmore", "more", "hasnext", "hasnextpage"];
        let Value::Object(map) = value else {
            return false;
        };
        map.iter().any(|(name, value)| {
            let name = name.to_lowercase().replace(['_', '-'], "");
            match value {
                Value::Bool(is_so) => *is_so && MORE.contains(&name.as_str()),
                Value::String(text) => name.starts_with("next") && !text.is_empty(),
                Value::Number(_) => name.starts_with("next"),
                Value::Object(_) => name == "next" || depth > 0 && names_next(value, depth - 1),
                Value::Null | Value::Array(_) => false,
            }
        })
    }
    let link = answer.header("link").unwrap_or_default().to_lowercase();
    let has_link = ["rel=\"next\"", "rel=next"]
        .iter()
        .any(|next| link.contains(next));
    has_link || answer.body.value().is_some_and(|body| names_next(body, 1))
}

/// Reads a law's own list by a query, as [`whole`] does.
pub(super) async fn of_law(
    law: &Law<'_>,
    listing: &Listing,
    query: &[(&str, String)],
    outcome: &mut Outcome,
) -> Option<Page> {
    whole(law, law.operation, &law.baseline, listing, query, outcome).await
}

/// Reads the whole list, or its first items where it is very long. `None` where it cannot be read.
pub(super) async fn whole(
    law: &Law<'_>,
    operation: &Operation,
    baseline: &Request,
    listing: &Listing,
    query: &[(&str, String)],
    outcome: &mut Outcome,
) -> Option<Page> {
    let by_marker = listing.offset.is_none() && listing.page.is_none();
    let has_way = if by_marker {
        listing.marker.is_some()
    } else {
        listing.limit.is_some()
    };
    if !has_way {
        return first(law, operation, baseline, listing, query, outcome).await;
    }
    let size = page_size(operation, listing);
    let mut whole: Option<Page> = None;
    let mut pages = 0;
    // Where no source says which number the first page has, it is 1 if that is the first one again.
    let mut listing = listing.clone();
    let is_told = listing.first_page.is_some();
    listing.first_page.get_or_insert(0);
    let listing = &mut listing;
    loop {
        let mut parameters = query.to_vec();
        match (&whole, &listing.marker) {
            (None, _) => parameters.extend(sized(listing, size)),
            (Some(read), Some(marker)) if by_marker => {
                parameters.extend(sized(listing, size));
                parameters.push((marker, read.next.clone().unwrap_or_default()));
            }
            // Pages by their numbers are all of one size, whatever an endpoint makes of it.
            (Some(_), _) if listing.page.is_some() => {
                parameters.extend(counted(listing, pages * size, Some(size)));
            }
            (Some(read), _) => parameters.extend(counted(listing, read.ids.len(), Some(size))),
        }
        pages += 1;
        let next = match &mut whole {
            // A service may well refuse the page after the last one.
            Some(whole) if listing.page.is_some() => {
                let mut own = Outcome::default();
                let (asked, either) = ((operation, baseline), Expectation::Unspecified);
                let next = page_or_none(law, asked, listing, &parameters, either, &mut own).await;
                let is_told = !own.findings.is_empty() || own.undecided.is_some();
                match next {
                    Some(next) => next,
                    None if is_told => {
                        *outcome = own;
                        return None;
                    }
                    None => return Some(whole.clone()),
                }
            }
            _ => page(law, operation, baseline, listing, &parameters, outcome).await?,
        };
        let count = next.ids.len();
        let read = match &mut whole {
            Some(whole) => {
                let is_first_again = next.ids.first() == whole.ids.first();
                if !is_told && pages == 2 && listing.first_page == Some(0) && is_first_again {
                    listing.first_page = Some(1);
                    whole.first = Some(1);
                    pages = 1;
                    continue;
                }
                if next.ids.first().is_some_and(|id| whole.ids.contains(id)) {
                    // Pages that repeat are the laws' to judge.
                    whole.repeated = Some(Box::new(next));
                    return Some(whole.clone());
                }
                whole.items.extend(next.items);
                whole.ids.extend(next.ids);
                whole.largest = whole.largest.max(count);
                whole.next = next.next;
                whole
            }
            None => whole.insert(next),
        };
        // An endpoint may have a largest page of its own: a short page is the last one only where
        // the total says so, else an empty one is.
        let is_short = count == 0
            || by_marker && read.next.is_none()
            || (listing.next.is_none() || !by_marker)
                && count < size
                && read.total.is_some_and(|total| {
                    usize::try_from(total).is_ok_and(|total| read.ids.len() >= total)
                });
        if is_short || read.ids.len() >= MOST {
            read.is_cut = !is_short;
            return whole;
        }
    }
}

/// Waits a little before a moving list is tried again.
pub(super) async fn settle(attempt: u64) {
    tokio::time::sleep(std::time::Duration::from_millis(30 * (attempt + 1))).await;
}
