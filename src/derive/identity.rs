//! Who an operation is: its id and its service. Its method and path are in [`super::target`].

use regex::Regex;

use super::draft::Rank;
use super::imperative::imperative;
use super::labels::label;
use super::outline::{Item, ItemKind};
use super::path::{RequestTarget, made};
use super::section::{Section, section_of};
use super::split::Part;
use super::target::Stated;
use crate::contract::Action;
use crate::page::{Page, Text};

fn metadata<'p>(page: &'p Page, key: &str) -> Option<&'p str> {
    page.metadata
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(key))
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
}

phrases! {
    OperationTitles:

    /// What generators put before the title of each operation.
    static LABELLED;
}

pattern! {
    /// Names in SDK sample code, in the order of their weight.
    static SDK = [
        r"\bclass\s+(\w+)Solution\b",
        r"\bnew\s+([A-Z]\w+)Request\s*\(",
        r"\bmodel\.([A-Z]\w+)Request\s*\{",
        r"=\s*([A-Z]\w+)Request\s*\(",
    ];
    static API_LINK = r"[?&]api=([A-Za-z]\w+)";
    static PRODUCT_LINK = r"[?&]product=([A-Za-z][\w-]*)";
    static ENDPOINT = r"(?i)\{([a-z][a-z0-9]*)[_-]endpoint\}";
    static HOST = r"https?://(?P<name>[a-z][a-z0-9]*)[-.][a-z0-9.-]*(?::\d+)?(?P<path>/[^\s\x22'<>`]*)?";
    static CAMEL = r"^[A-Z][a-z]+(?:[A-Z][A-Za-z0-9]*)+$";
}

fn capture(pattern: &Regex, text: &str) -> Option<String> {
    Some(pattern.captures(text)?.get(1)?.as_str().to_owned())
}

/// The id of an operation and the rank of its source: front matter, SDK sample code, link, anchor,
/// title, path.
pub(super) fn operation_id(
    page: &Page,
    items: &[Item<'_>],
    target: &RequestTarget,
    heading: OwnHeading<'_>,
) -> (Rank, String) {
    let is_alone = matches!(heading, OwnHeading::First);
    if let Some(id) = metadata(page, "operation").filter(|_| is_alone) {
        return (0, id.to_owned());
    }
    if let Some(action) = Action::of(&target.path) {
        return (1, action.name.to_owned());
    }
    if matches!(heading, OwnHeading::Several) {
        return (5, from_path(&target.method, &target.path));
    }
    for pattern in SDK.iter() {
        for item in items {
            // Squashed and portal text may show code as paragraphs.
            if let Some(id) = capture(pattern, &item.text()) {
                return (1, id);
            }
        }
    }
    if let Some(id) = links(items).find_map(|link| capture(&API_LINK, link)) {
        return (2, id);
    }
    let title = match heading {
        OwnHeading::First => items.iter().find_map(|item| match item.kind {
            // A label of parts of a request names none.
            ItemKind::Heading(text)
                if section_of(&text.plain).is_none() && label(&text.plain).is_none() =>
            {
                Some(text)
            }
            _ => None,
        }),
        OwnHeading::Is(text) => Some(text),
        OwnHeading::None | OwnHeading::Several => None,
    };
    if let Some(anchor) =
        title.and_then(|title| title.anchors.iter().find(|anchor| CAMEL.is_match(anchor)))
    {
        return (3, anchor.clone());
    }
    if let Some(id) = title.and_then(|title| from_title(&title.plain)) {
        return (4, id);
    }
    (5, from_path(&target.method, &target.path))
}

/// The heading that names an operation.
#[derive(Debug, Clone, Copy)]
pub(super) enum OwnHeading<'p> {
    /// The first of a page that is about one operation.
    First,
    /// This one.
    Is(&'p Text),
    /// None does.
    None,
    /// None can: several operations share what stands below it.
    Several,
}

impl<'p> OwnHeading<'p> {
    /// The heading of a part of a page.
    pub(super) fn of(part: &Part<'p>, parts: usize) -> Self {
        match part.title {
            _ if part.targets.len() > 1 => Self::Several,
            _ if parts == 1 => Self::First,
            Some(text) => Self::Is(text),
            None => Self::None,
        }
    }
}

fn links<'i>(items: &'i [Item<'_>]) -> impl Iterator<Item = &'i str> {
    items
        .iter()
        .filter_map(|item| match item.kind {
            ItemKind::Heading(text) | ItemKind::Paragraph(text) => Some(text),
            _ => None,
        })
        .flat_map(|text| text.links.iter())
        .map(|link| link.target.as_str())
}

/// The service and the rank of its source: front matter, product link, endpoint placeholder, host of
/// a URL at which one of the operations is asked.
pub(super) fn service(
    page: &Page,
    items: &[Item<'_>],
    targets: &[Stated],
) -> Option<(Rank, String)> {
    if let Some(service) = metadata(page, "service") {
        return Some((0, service.to_lowercase()));
    }
    if let Some(product) = links(items).find_map(|link| capture(&PRODUCT_LINK, link)) {
        return Some((1, product.to_lowercase()));
    }
    let texts: Vec<String> = items
        .iter()
        .filter(|item| {
            matches!(
                item.section,
                Section::Uri | Section::RequestExample | Section::Example | Section::Request
            )
        })
        .map(Item::text)
        .collect();
    if let Some(name) = texts.iter().find_map(|text| capture(&ENDPOINT, text)) {
        return Some((2, name.to_lowercase()));
    }
    let beginnings: Vec<String> = targets
        .iter()
        .map(|own| beginning(&made(&own.method, &own.path, 0, "").path))
        .collect();
    let is_own = |path: &str| {
        path.trim_matches('/').is_empty() || beginnings.iter().any(|own| path.contains(own))
    };
    texts
        .iter()
        .flat_map(|text| HOST.captures_iter(text))
        .filter(|found| is_own(found.name("path").map_or("", |path| path.as_str())))
        .map(|found| found["name"].to_owned())
        .next()
        .filter(|label| !matches!(label.as_str(), "www" | "endpoint" | "ip" | "localhost"))
        .map(|name| (3, name))
}

/// What a path begins with before its first parameter, or the name of what is done.
fn beginning(path: &str) -> String {
    let head = path.split(['{', '?']).next().unwrap_or_default();
    head.trim_end_matches('/').to_owned()
}

/// An id from an English title: its verbs as imperatives, articles dropped. Verbs stand first, and
/// beside the first.
/// The longest id that a title gives.
const LONGEST_ID: usize = 80;

fn from_title(title: &str) -> Option<String> {
    let title = LABELLED.replace(title, "");
    let ascii = title
        .split_once(['(', '（'])
        .map_or(&*title, |(head, _)| head);
    if !ascii.is_ascii() {
        return None;
    }
    let mut id = String::new();
    let mut may_be_verb = true;
    for word in ascii
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        let lower = word.to_lowercase();
        if matches!(lower.as_str(), "a" | "an" | "the") {
            continue;
        }
        // Files are named after it.
        if id.len() + word.len() > LONGEST_ID {
            break;
        }
        let verb = imperative(word).filter(|_| may_be_verb);
        may_be_verb = matches!(lower.as_str(), "or" | "and" | "batch");
        let mut characters = verb.as_deref().unwrap_or(word).chars();
        if let Some(first) = characters.next() {
            id.push(first.to_ascii_uppercase());
            id.push_str(characters.as_str());
        }
    }
    (!id.is_empty() && id.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(id)
}

/// An id from method and path: `GET /v2/{p}/instances/{i}/tags` -> `GetInstancesTags`.
fn from_path(method: &str, path: &str) -> String {
    let mut id = String::new();
    let lower = method.to_lowercase();
    let is_version = |segment: &str| {
        segment
            .strip_prefix(['v', 'V'])
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let words = path
        .split('/')
        .filter(|segment| {
            !segment.starts_with('{') && !segment.ends_with('}') && !is_version(segment)
        })
        .flat_map(|segment| segment.split(['-', '_', '.']));
    for word in std::iter::once(lower.as_str()).chain(words) {
        let mut characters = word.chars().filter(char::is_ascii_alphanumeric);
        if let Some(first) = characters.next() {
            id.push(first.to_ascii_uppercase());
            id.extend(characters);
        }
    }
    id
}

/// The names of an id's source, tested.
#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Creating a Manual Backup", "CreateManualBackup")]
    #[case("Querying the Slow Log", "QuerySlowLog")]
    #[case("Enabling or Disabling SSL", "EnableOrDisableSSL")]
    #[case("Listing DCS Instance Backup Records", "ListDCSInstanceBackupRecords")]
    #[case("Making a Manual Backup", "MakeManualBackup")]
    #[case("Batch Adding or Deleting Tags", "BatchAddOrDeleteTags")]
    #[case(
        "Obtaining the Link for Downloading a File",
        "ObtainLinkForDownloadingFile"
    )]
    #[case("Querying Billing and Pricing", "QueryBillingAndPricing")]
    fn title_becomes_imperative(#[case] title: &str, #[case] id: &str) {
        assert_eq!(from_title(title).as_deref(), Some(id));
    }

    #[rstest]
    #[case("GET", "/v2/{p}/instances/{i}/tags", "GetInstancesTags")]
    #[case("GET", "/v1.0/instances/statistic", "GetInstancesStatistic")]
    #[case("PUT", "/v3/{p}/ip-groups/{i}.json", "PutIpGroups")]
    fn path_becomes_an_id(#[case] method: &str, #[case] path: &str, #[case] id: &str) {
        assert_eq!(from_path(method, path), id);
    }
}
