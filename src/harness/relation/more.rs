//! What a page says of whether another follows: a truth value in its body, or a link to it. And the
//! size of a page, which holds beside other parameters too.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{
    Facet, FieldPath, Listing, Location, Meaning, Operation, Parameter, Place, enum_values,
    types_of, words,
};
use crate::generate::{Request, Validity, classify};

use super::list::{self, Page};
use super::{Law, Outcome};

/// What is wrong with what pages of a list say of whether another follows.
pub(super) async fn probe(
    law: &Law<'_>,
    listing: &Listing,
    whole: &Page,
    outcome: &mut Outcome,
) -> Option<(Page, Breach, String)> {
    let count = whole.ids.len();
    if whole.is_cut {
        outcome.undecided = Some("the list is longer than what is read of one".to_owned());
        return None;
    }
    // A page in the middle, two at the end, one of them full, and one that is all there is.
    let half = (count / 2 + 1).min(whole.largest);
    let all = Some(count + 1).filter(|size| *size <= list::page_size(law.operation, listing));
    let mut asked = vec![(1, list::sized(listing, 1).into_iter().collect::<Vec<_>>())];
    if listing.offset.is_some() || listing.page.is_some() {
        asked.push((half, list::counted(listing, half, Some(half))));
        asked.push((1, list::counted(listing, count - 1, Some(1))));
    }
    asked.extend(all.map(|size| (size, list::sized(listing, size).into_iter().collect())));
    for (size, query) in asked {
        let page = list::page(law, law.operation, &law.baseline, listing, &query, outcome).await?;
        let place = page.ids.last();
        let place = place.and_then(|last| whole.ids.iter().position(|id| id == last));
        let Some(place) = place else {
            continue;
        };
        let follows = place + 1 < count;
        let is_full = page.ids.len() >= size;
        for Told {
            name,
            is_more,
            is_link,
        } in told(&page, listing)
        {
            let message = match (is_more, follows) {
                // Who only sees a full page may not know that it is the last.
                (true, false) if !is_full || !is_link && is_stated(law) => format!(
                    "the page that ends the list of {count} items says by {name} that another \
                     follows"
                ),
                (false, true) => format!(
                    "the page that ends with item {} of {count} says by {name} that none follows",
                    place + 1
                ),
                _ => continue,
            };
            return Some((page, Breach::ContraryOfEnd, message));
        }
    }
    None
}

/// What a page says of whether another follows.
struct Told {
    /// By what it says so, in words.
    name: String,
    is_more: bool,
    /// Whether it is a link, of which no row says what its absence means.
    is_link: bool,
}

/// Whether a row says what the value means.
fn is_stated(law: &Law<'_>) -> bool {
    let meant = [Meaning::More, Meaning::Last, Meaning::LastPage].map(Facet::Meaning);
    law.subject
        .rows
        .iter()
        .any(|row| meant.contains(&row.facet))
}

/// All that a page says of it. A page without a link to the
/// next says nothing: a service may well have none.
fn told(page: &Page, listing: &Listing) -> Vec<Told> {
    let Ok(answer) = &page.exchange.outcome else {
        return Vec::new();
    };
    let truth = |pointer: &Option<String>, of_more: bool| {
        let pointer = pointer.as_ref()?;
        let is_so = answer.body.at(pointer)?.as_bool()?;
        Some(Told {
            name: format!("`{}`", pointer.trim_start_matches('/')),
            is_more: is_so == of_more,
            is_link: false,
        })
    };
    // What a page names the next one by, where pages are counted.
    let named = || {
        let pointer = listing.next.as_ref().filter(|_| listing.is_counted())?;
        let is_more = match answer.body.at(pointer) {
            Some(Value::String(next)) => !next.is_empty(),
            Some(Value::Null) | None => false,
            Some(_) => return None,
        };
        Some(Told {
            name: format!("`{}`", pointer.trim_start_matches('/')),
            is_more,
            is_link: false,
        })
    };
    let linked = || {
        let name = listing.links.as_ref()?;
        let links = answer.header(&name.to_ascii_lowercase())?;
        leads_on(links).then(|| Told {
            name: format!("the header `{name}`"),
            is_more: true,
            is_link: true,
        })
    };
    [
        truth(&listing.more, true),
        truth(&listing.last, false),
        named(),
        linked(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether links have one to the next page: `<...>; rel="next"`.
fn leads_on(links: &str) -> bool {
    links.split(';').skip(1).any(|parameter| {
        let parameter = parameter.split(',').next().unwrap_or_default();
        let Some((name, value)) = parameter.split_once('=') else {
            return false;
        };
        let mut values = value.trim().trim_matches('"').split_ascii_whitespace();
        name.trim().eq_ignore_ascii_case("rel")
            && values.any(|value| value.eq_ignore_ascii_case("next"))
    })
}

/// The size of a page that is asked for.
const SIZE: usize = 2;

/// The most parameters that a size is sent beside, and the most values of one.
const MOST: usize = 6;
const VALUES: usize = 2;

/// Words in the names of parameters by which a list may well come in one piece, or be none.
const WHOLE: [&str; 16] = [
    "paging",
    "paginate",
    "paginated",
    "paged",
    "pagination",
    "page",
    "limit",
    "unlimited",
    "all",
    "export",
    "stream",
    "download",
    "count",
    "group",
    "format",
    "follow",
];

/// What is wrong with the size of a page that is asked for beside another parameter.
pub(super) async fn beside(
    law: &Law<'_>,
    listing: &Listing,
    outcome: &mut Outcome,
) -> Option<(Page, Breach, String)> {
    let limit = listing.limit.as_deref()?;
    let others = law.operation.parameters_in(Location::Query);
    let others = others.filter(|other| !is_of_paging(listing, &other.name));
    for other in others.take(MOST) {
        for value in values(other) {
            let query = [(limit, SIZE.to_string()), (other.name.as_str(), value)];
            if !is_valid(law.operation, &law.baseline, &query) {
                continue;
            }
            let mut own = Outcome::default();
            let (operation, baseline) = (law.operation, &law.baseline);
            let page = list::page(law, operation, baseline, listing, &query, &mut own).await;
            // That the other parameter is refused is for its own trial.
            let Some(page) = page else { continue };
            let seen = page.ids.len();
            if seen > SIZE {
                let (name, value) = (&query[1].0, &query[1].1);
                let message = format!("`{limit}={SIZE}` beside `{name}={value}` gave {seen} items");
                outcome.findings.clear();
                return Some((page, Breach::CountOfItems, message));
            }
        }
    }
    None
}

/// Whether a parameter is of the pages, or may ask for the whole list.
fn is_of_paging(listing: &Listing, name: &str) -> bool {
    let own = [
        &listing.limit,
        &listing.offset,
        &listing.page,
        &listing.marker,
    ];
    let words = words(name);
    let is_whole = |word: &String| WHOLE.contains(&word.as_str());
    // All of something is not the whole list.
    let is_of_part = words.len() > 1 && words.first().is_some_and(|word| word == "all");
    own.iter().any(|own| own.as_deref() == Some(name))
        || words.iter().skip(usize::from(is_of_part)).any(is_whole)
}

/// The values of a parameter that may be left out and has few.
fn values(parameter: &Parameter) -> Vec<String> {
    let node = parameter.schema.follow(&parameter.schema.root);
    if parameter.required {
        return Vec::new();
    }
    if types_of(node) == ["boolean"] {
        return vec!["true".to_owned()];
    }
    let listed = enum_values(node).into_iter();
    let texts = listed.filter_map(|value| value.as_str().map(str::to_owned));
    texts.take(VALUES).collect()
}

fn is_valid(operation: &Operation, baseline: &Request, query: &[(&str, String)]) -> bool {
    let mut request = baseline.clone();
    for (name, value) in query {
        let value = Some(Value::from(value.as_str()));
        request.set(Place::Query, &FieldPath::name(*name), value);
    }
    classify(operation, &request) == Validity::Valid
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(r#"<http://a/x?page=2>; rel="next""#, true)]
    #[case(
        r#"<http://a/x?page=1>; rel="prev", <http://a/x?page=3>; rel=next"#,
        true
    )]
    #[case(r#"<http://a/x?page=3>; rel="last next""#, true)]
    #[case(r#"<http://a/x?page=1>; rel="prev""#, false)]
    #[case(r#"<http://a/next>; title="next""#, false)]
    fn links_lead_on(#[case] links: &str, #[case] expected: bool) {
        assert_eq!(leads_on(links), expected);
    }
}
