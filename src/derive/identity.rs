//! Who an operation is: its method and path, its id, its service.

use regex::Regex;

use super::draft::Rank;
use super::imperative::imperative;
use super::outline::{Item, ItemKind, Section};
use crate::page::Page;

/// The method and path of an operation, and where they stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RequestTarget {
    pub method: String,
    pub path: String,
    /// The names in the query string that the URI shows.
    pub query: Vec<String>,
    pub line: usize,
    pub section: String,
}

pattern! {
    static TARGET =
        r"(?:^|[\s:：`(])(?P<method>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\s*[:：]?\s*`?(?:https?://[^/\s]+)?(?P<path>/[^\s`，。,;]*)";
    static PATH =
        r"(?i)(?:^|\s)(?:path|uri|url|路径)\s*[:：]\s*`?(?:https?://[^/\s]+)?(?P<path>/[^\s`，。,;]*)";
    static METHOD =
        r"(?i)(?:method|方法|方式)\s*[:：]\s*`?(?P<method>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\b";
}

/// Finds the method and path: in the URI section, else anywhere before the examples.
pub(super) fn target(items: &[Item<'_>]) -> Option<RequestTarget> {
    let in_uri: Vec<&Item<'_>> = items
        .iter()
        .filter(|item| item.section == Section::Uri)
        .collect();
    let elsewhere: Vec<&Item<'_>> = items
        .iter()
        .filter(|item| {
            matches!(
                item.section,
                Section::Other | Section::Request | Section::Example | Section::RequestExample
            )
        })
        .collect();
    find(&in_uri).or_else(|| find(&elsewhere))
}

fn find(items: &[&Item<'_>]) -> Option<RequestTarget> {
    let mut path: Option<(String, usize, String)> = None;
    let mut method: Option<String> = None;
    for item in items {
        let text = item.text();
        // SDK sample code calls methods of its own; a target stands at the start of a line.
        for line in text.lines() {
            if line.len() > 2000 {
                continue;
            }
            if let Some(captures) = TARGET.captures(line) {
                return Some(made(
                    captures.name("method")?.as_str(),
                    captures.name("path")?.as_str(),
                    item.line,
                    item.heading,
                ));
            }
            if let Some(found) = PATH
                .captures(line)
                .and_then(|captures| captures.name("path"))
            {
                path = Some((
                    found.as_str().to_owned(),
                    item.line,
                    item.heading.to_owned(),
                ));
            }
            if let Some(found) = METHOD
                .captures(line)
                .and_then(|captures| captures.name("method"))
            {
                method = Some(found.as_str().to_uppercase());
            }
        }
        if let (Some((path, line, heading)), Some(method)) = (&path, &method) {
            return Some(made(method, path, *line, heading));
        }
    }
    None
}

fn made(method: &str, raw: &str, line: usize, section: &str) -> RequestTarget {
    let (path, query) = raw.split_once('?').unwrap_or((raw, ""));
    let query = query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .filter(|name| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        })
        .map(str::to_owned)
        .collect();
    RequestTarget {
        method: method.to_uppercase(),
        path: clean_path(path),
        query,
        line,
        section: if section.is_empty() {
            "URI".to_owned()
        } else {
            section.to_owned()
        },
    }
}

/// A path template without escapes or emphasis: `{_project_id_}` is `{project_id}`.
fn clean_path(path: &str) -> String {
    let path = path.replace(['\\', '*', ' '], "");
    let mut out = String::new();
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        match segment
            .strip_prefix('{')
            .and_then(|inner| inner.strip_suffix('}'))
        {
            Some(name) => {
                out.push('{');
                out.push_str(name.trim_matches('_'));
                out.push('}');
            }
            None => out.push_str(segment),
        }
    }
    let trimmed = out.trim_end_matches(['/', '.', '。', '"', '”']);
    if trimmed.is_empty() {
        "/".to_owned()
    } else {
        trimmed.to_owned()
    }
}

/// A path template with the names of its parameters left out: what two editions of one operation
/// share.
pub(super) fn shape(path: &str) -> String {
    path.split('/')
        .map(|segment| {
            if segment.starts_with('{') {
                "{}"
            } else {
                segment
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// The names of a path template's parameters, in order.
pub(super) fn path_names(path: &str) -> Vec<&str> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .collect()
}

fn metadata<'p>(page: &'p Page, key: &str) -> Option<&'p str> {
    page.metadata
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(key))
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
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
    static HOST = r"https?://([a-z][a-z0-9]*)[-.][a-z0-9.-]*";
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
) -> (Rank, String) {
    if let Some(id) = metadata(page, "operation") {
        return (0, id.to_owned());
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
    let title = items.iter().find_map(|item| match item.kind {
        ItemKind::Heading(text) => Some(text),
        _ => None,
    });
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

/// The service and the rank of its source: front matter, product link, endpoint placeholder, host.
pub(super) fn service(page: &Page, items: &[Item<'_>]) -> Option<(Rank, String)> {
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
    texts
        .iter()
        .find_map(|text| capture(&HOST, text))
        .filter(|label| !matches!(label.as_str(), "www" | "endpoint" | "ip" | "localhost"))
        .map(|name| (3, name))
}

/// An id from an English title: its verbs as imperatives, articles dropped. Verbs stand first, and
/// beside the first.
fn from_title(title: &str) -> Option<String> {
    let ascii = title
        .split_once(['(', '（'])
        .map_or(title, |(head, _)| head);
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

    #[rstest]
    #[case("/v2/{_project_id_}/a", "/v2/{project_id}/a")]
    #[case("/v2/\\{project\\_id\\}/a", "/v2/{project_id}/a")]
    #[case("/v1/a/", "/v1/a")]
    fn path_is_cleaned(#[case] raw: &str, #[case] clean: &str) {
        assert_eq!(clean_path(raw), clean);
    }
}
