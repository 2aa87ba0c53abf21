//! Components of MDX that describe fields or the target: `<ParamField path="id" type="string"
//! required>`, `<ResponseField name="id">`, `<ApiParam name="id">`, `<Badge text="GET" />`, and tags
//! of the target that run on over lines. They are rewritten as the tables and the words that they
//! stand for; lines keep their numbers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use regex::Captures;

use super::{tab_title, tag};
use crate::vocabulary::section;

/// Code in braces, which may hold more of them.
const CODE: &str = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}";

pattern! {
    /// What is around examples.
    static EXAMPLES = r"(?m)^[ \t]*<(?P<close>/)?(?P<side>Request|Response)Example\b[^<>\n]*>[ \t]*$";
    /// A tab and what it is called, and what is around tabs.
    static TAB = r"(?m)^[ \t]*<(?P<close>/)?(?P<name>TabItem|Tabs|Tab)\b(?P<said>[^<>]{0,400})>[ \t]*$";
    static CALLED = r#"\b(?P<key>label|title|name|value)\s*=\s*\{?["'](?P<label>[^"'<>\n]{1,60})["']"#;
    /// A tag that says whether a field must be sent, and no more.
    static REQUIREDNESS = r#"(?i)<(?:(?P<tag>required|optional|mandatory)\s*/|Badge\b[^<>]*?\btext=["'](?P<text>required|optional|mandatory)["'][^<>]*/)>"#;

    static BADGE = r#"<Badge\b[^<>]*?(?:\btext=\{?["'](?P<text>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)["']\}?[^<>]*/>|\btext=\{?["'](?P<told>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)["']\}?[^<>]*>\s*</Badge>|>\s*(?P<inner>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\s*</Badge>)"#;
    /// A tag of a field or of what is around some: an opening one, a closing one, or both in one.
    static TAG = r#"<(?P<close>/)?(?P<name>ParamField|ResponseField|ApiParam|Expandable|Collapsible\w*)\b(?P<said>(?:[^<>"'{}]|"[^"]*"|'[^']*'|\{[^{}]*\})*?)(?P<empty>/)?>"#;
    /// What only MDX has, and a heading in what a component holds.
    static IMPORT = r#"(?m)^import\s[^\n]+\sfrom\s+["']"#;
    static INDENTED = r"(?m)^[ \t]{4,}(?P<heading>#{1,6} )";
    /// A tag whose attributes may hold code, which may hold tags.
    static CODED = format!(r#"<(?P<name>[A-Z][\w.]*)\s(?P<said>(?:[^<>"'{{}}]|"[^"]*"|'[^']*'|{CODE})*?)/>"#);
    static CODE_OF = format!(r"\w+\s*=\s*(?P<code>{CODE})");
    static ATTRIBUTE = r#"(?P<key>[A-Za-z]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\{\s*["'`]?(?P<braced>[^{}"'`]*)["'`]?\s*\}))?"#;
    static BOLD = r"\*\*([^*\n]+)\*\*";
    static TICKED = r"`([^`\n]+)`";
    static LIST = r"^(?:array|list)\b|\[\]$";
    /// A line of a page that states a target: a heading, a line of code, a line of its own.
    static STATED = r"^(?:#{1,6}\s+)?[*`]*(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)[*`]*\s+[*`]*(?:https?://[^/\s]+)?/\S*$";
    static TARGET = r"^(?:\S+\.(?:json|ya?ml)\s+)?(?P<method>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\s+(?:https?://[^/\s]+)?(?P<path>/\S*)$";
}

/// The target that the front matter of such a page states: its line, method and path. A title may
/// be one (`title: GET /jobs/:id`), where no line below states one itself.
pub(super) fn target(metadata: &[(String, String)], text: &str) -> Option<(usize, String, String)> {
    let is_target = |key: &str, value: &str| {
        let is_own = matches!(key, "api" | "openapi");
        let is_title = || key == "title" && !text.lines().any(|line| STATED.is_match(line));
        TARGET.is_match(value) && (is_own || is_title())
    };
    let (key, value) = metadata.iter().find(|(key, value)| is_target(key, value))?;
    let stated = TARGET.captures(value)?;
    let part = |name: &str| stated.name(name).map(|part| part.as_str().to_owned());
    let at = text
        .lines()
        .position(|line| line.starts_with(key.as_str()))?;
    Some((at + 1, part("method")?, part("path")?))
}

/// A text with its components as what they stand for.
pub(super) fn replace(source: &str) -> Cow<'_, str> {
    let tabbed = TAB.replace_all(source, |found: &Captures<'_>| tab(found));
    let labelled =
        EXAMPLES.replace_all(&tabbed, |found: &Captures<'_>| match found.name("close") {
            Some(_) => String::new(),
            None => format!(
                "**{} example**",
                found.name("side").map_or("", |side| side.as_str())
            ),
        });
    // Most pages have none, and are not copied.
    if matches!((&tabbed, &labelled), (Cow::Borrowed(_), Cow::Borrowed(_))) {
        return replace_fields(source);
    }
    Cow::Owned(replace_fields(&labelled).into_owned())
}

/// A tab that is called as a part of a page is (`Response`), or by the status of an answer, has that
/// as its label; another stays as it is.
fn tab(found: &Captures<'_>) -> String {
    let whole = found.get(0).map_or("", |whole| whole.as_str());
    let lines = "\n".repeat(whole.matches('\n').count());
    // What is around tabs would keep the first of them from being text.
    let is_around = found
        .name("name")
        .is_some_and(|name| name.as_str() == "Tabs");
    if is_around || found.name("close").is_some() {
        return lines;
    }
    let labels: BTreeMap<&str, &str> = CALLED
        .captures_iter(found.name("said").map_or("", |said| said.as_str()))
        .filter_map(|own| Some((own.name("key")?.as_str(), own.name("label")?.as_str())))
        .collect();
    // What a reader sees comes first.
    let shown = ["label", "title", "name", "value"];
    let label = shown.iter().find_map(|key| labels.get(key));
    let is_part = |label: &&&str| section(label).is_some() || tab_title::is_of_status(label);
    match label.filter(is_part) {
        Some(label) => format!("**{}**{lines}", tab_title::label(label)),
        None => whole.to_owned(),
    }
}

fn replace_fields(source: &str) -> Cow<'_, str> {
    match REQUIREDNESS.replace_all(source, "${tag}${text}") {
        Cow::Borrowed(own) => replace_others(own),
        Cow::Owned(own) => Cow::Owned(replace_others(&own).into_owned()),
    }
}

fn replace_others(source: &str) -> Cow<'_, str> {
    let badges = if source.contains("<Badge") {
        BADGE.replace_all(source, |found: &Captures<'_>| {
            let method = ["text", "told", "inner"]
                .iter()
                .find_map(|name| found.name(name));
            let whole = found.get(0).map_or("", |whole| whole.as_str());
            let lines = whole.matches('\n').count();
            let method = method.map_or("", |method| method.as_str());
            format!("{method}{}", "\n".repeat(lines))
        })
    } else {
        Cow::Borrowed(source)
    };
    // MDX has no code by indentation: components indent what they hold.
    let badges = if IMPORT.is_match(&badges) {
        Cow::Owned(INDENTED.replace_all(&badges, "$heading").into_owned())
    } else {
        badges
    };
    let stated = if badges.contains("method=") {
        Cow::Owned(in_one_line(&badges))
    } else {
        badges
    };
    let has_fields = ["<ParamField", "<ResponseField", "<ApiParam"]
        .iter()
        .any(|own| stated.contains(own));
    if has_fields {
        Cow::Owned(tables(&stated))
    } else {
        stated
    }
}

/// A text whose tags of targets stand in one line each, without the code in their attributes.
fn in_one_line(source: &str) -> String {
    let replaced = CODED.replace_all(source, |found: &Captures<'_>| {
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        let lines = whole.matches('\n').count();
        let plain = CODE_OF.replace_all(part("said"), |code: &Captures<'_>| {
            let own = code.name("code").map_or("", |own| own.as_str());
            let whole = code.get(0).map_or("", |whole| whole.as_str());
            let is_plain = !own.contains(['<', '\n']);
            if is_plain {
                whole.to_owned()
            } else {
                String::new()
            }
        });
        let stated = tag::target(&format!("<{} {plain}>", part("name")));
        match stated.and_then(|own| Some((own.method, own.path?))) {
            Some((method, path)) if lines > 0 || part("said").contains('{') => format!(
                "<{} method=\"{method}\" path=\"{path}\" />{}",
                part("name"),
                "\n".repeat(lines)
            ),
            _ => whole.to_owned(),
        }
    });
    replaced.into_owned()
}

/// A field whose tag is open.
struct Open {
    name: String,
    is_list: bool,
}

/// The text with the fields as rows of tables of HTML.
fn tables(source: &str) -> String {
    let mut out = String::with_capacity(2 * source.len());
    let mut open: Vec<Open> = Vec::new();
    // The component of the table that is open, and whether its last row is.
    let mut table: Option<String> = None;
    let mut in_row = false;
    let mut from = 0;
    let mut fence = Fences::of(source);
    for found in TAG.captures_iter(source) {
        let Some(whole) = found.get(0).filter(|whole| !fence.holds(whole.start())) else {
            continue;
        };
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        let between = source.get(from..whole.start()).unwrap_or_default();
        from = whole.end();
        if in_row {
            out.push_str(&cell(between));
        } else if table.is_some() && !between.trim().is_empty() {
            out.push_str("</table>\n");
            // The line that was added takes the place of a blank one.
            out.push_str(between.strip_prefix('\n').unwrap_or(between));
            table = None;
        } else {
            out.push_str(between);
        }
        let lines = "\n".repeat(whole.as_str().matches('\n').count());
        let is_close = !part("close").is_empty();
        if !matches!(part("name"), "ParamField" | "ResponseField" | "ApiParam") {
            out.push_str(&lines);
            continue;
        }
        if is_close {
            open.pop();
            if in_row && open.is_empty() {
                out.push_str("</td></tr>");
                in_row = false;
            }
            continue;
        }
        let field = Field::of(part("name"), part("said"));
        let mut path = String::new();
        for own in &open {
            path.push_str(&own.name);
            path.push_str(if own.is_list { "[]." } else { "." });
        }
        if in_row {
            out.push_str("</td></tr>");
        }
        if table.as_deref() != Some(part("name")) {
            if table.is_some() {
                out.push_str("</table>");
            }
            out.push_str(head(part("name")));
            table = Some(part("name").to_owned());
        }
        out.push_str(&field.row(&path, part("name")));
        out.push_str(&lines);
        in_row = true;
        if part("empty").is_empty() {
            open.push(Open {
                name: field.name,
                is_list: LIST.is_match(&field.kind),
            });
        } else if open.is_empty() {
            out.push_str("</td></tr>");
            in_row = false;
        }
    }
    let rest = source.get(from..).unwrap_or_default();
    if in_row {
        out.push_str("</td></tr>");
    }
    if table.is_some() {
        out.push_str("</table>\n");
        out.push_str(rest.strip_prefix('\n').unwrap_or(rest));
    } else {
        out.push_str(rest);
    }
    out
}

/// What opens the table of a component's fields.
fn head(component: &str) -> &'static str {
    match component {
        "ResponseField" => {
            "<table><caption>Response body</caption><tr><th>Name</th><th>Type</th><th>Description</th></tr>"
        }
        // The heading above says of what.
        "ApiParam" => {
            "<table><tr><th>Name</th><th>Type</th><th>Mandatory</th><th>Description</th></tr>"
        }
        _ => {
            "<table><caption>Request body</caption><tr><th>Name</th><th>In</th><th>Type</th><th>Mandatory</th><th>Default</th><th>Description</th></tr>"
        }
    }
}

/// The blocks of code of a text: what stands there is no component.
struct Fences {
    ranges: Vec<std::ops::Range<usize>>,
}

impl Fences {
    fn of(source: &str) -> Self {
        let mut ranges = Vec::new();
        let mut start = None;
        let mut at = 0;
        for line in source.split_inclusive('\n') {
            if super::fence::mark(line) == Some("```") {
                match start.take() {
                    Some(from) => ranges.push(from..at),
                    None => start = Some(at),
                }
            }
            at += line.len();
        }
        ranges.extend(start.map(|from| from..at));
        Self { ranges }
    }

    fn holds(&mut self, at: usize) -> bool {
        self.ranges.retain(|range| range.end > at);
        self.ranges.first().is_some_and(|range| range.contains(&at))
    }
}

/// What the tag of a field says.
#[derive(Default)]
struct Field {
    name: String,
    place: String,
    kind: String,
    default: String,
    is_required: bool,
}

impl Field {
    fn of(component: &str, said: &str) -> Self {
        let mut field = Self::default();
        for found in ATTRIBUTE.captures_iter(said) {
            let key = found.name("key").map_or("", |key| key.as_str());
            let value = ["double", "single", "braced"]
                .iter()
                .find_map(|name| found.name(name))
                .map(|value| value.as_str().trim());
            match (key, value) {
                ("path" | "query" | "header" | "body", Some(name)) if component == "ParamField" => {
                    key.clone_into(&mut field.place);
                    name.clone_into(&mut field.name);
                }
                ("name", Some(name)) if field.name.is_empty() => name.clone_into(&mut field.name),
                ("type", Some(kind)) => kind.clone_into(&mut field.kind),
                ("default", Some(default)) => default.clone_into(&mut field.default),
                ("required", None | Some("true" | "required")) => field.is_required = true,
                _ => {}
            }
        }
        field
    }

    /// The row up to the description, which stays open.
    fn row(&self, path: &str, component: &str) -> String {
        let name = format!("{path}{}", escaped(&self.name));
        let kind = escaped(&self.kind);
        if component == "ResponseField" {
            return format!("<tr><td>{name}</td><td>{kind}</td><td>");
        }
        let mandatory = match (self.is_required, self.default.is_empty()) {
            (true, _) => "Yes",
            // What has a default may be left out.
            (false, false) => "No",
            (false, true) => "",
        };
        if component == "ApiParam" {
            let said = if self.is_required { "Yes" } else { "" };
            return format!("<tr><td>{name}</td><td>{kind}</td><td>{said}</td><td>");
        }
        let default = escaped(&self.default);
        format!(
            "<tr><td>{name}</td><td>{}</td><td>{kind}</td><td>{mandatory}</td><td>{default}</td><td>",
            self.place
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The text of a description as HTML, line by line.
fn cell(text: &str) -> String {
    let text = escaped(text);
    let text = BOLD.replace_all(&text, "<strong>$1</strong>");
    let text = TICKED.replace_all(&text, "<code>$1</code>");
    let lines: Vec<&str> = text.split('\n').map(str::trim).collect();
    let last = lines.len().saturating_sub(1);
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        out.push_str(line);
        if at < last {
            // Blank lines would end the block of HTML that the table is.
            out.push_str("<br>\n");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("**name** <Required />", "**name** Required")]
    #[case("`name` <Badge text=\"optional\"/>", "`name` optional")]
    #[case("<Badge text=\"GET\" /> `/jobs`", "GET `/jobs`")]
    #[case(
        "<Badge type=\"tip\" text=\"POST\" vertical=\"middle\"/> /jobs",
        "POST /jobs"
    )]
    #[case("<Badge color=\"red\">DELETE</Badge> /jobs", "DELETE /jobs")]
    #[case("<Badge text=\"new\" /> `/jobs`", "<Badge text=\"new\" /> `/jobs`")]
    fn badges_are_methods(#[case] source: &str, #[case] expected: &str) {
        assert_eq!(replace(source), expected);
    }

    #[test]
    fn examples_are_labelled_by_what_is_around_them() {
        assert_eq!(
            replace("<ResponseExample>\n```json 200\n{}\n```\n</ResponseExample>\n"),
            "**Response example**\n```json 200\n{}\n```\n\n"
        );
    }

    #[test]
    fn lines_stay_where_they_are() {
        let source = "# A\n\n<ParamField body=\"a\" type=\"object\"\n  required>\n  It.\n\n  <Expandable title=\"x\">\n    <ParamField body=\"b\" />\n  </Expandable>\n</ParamField>\n\n<ResponseField name=\"id\">The id.</ResponseField>\n\n## End\n";
        let made = replace(source);
        let line = |text: &str, wanted: &str| text.lines().position(|own| own.contains(wanted));
        assert_eq!(line(&made, "## End"), line(source, "## End"), "{made}");
        assert_eq!(line(&made, "<td>a.b</td>"), Some(7), "{made}");
        assert!(made.contains("<td>id</td>"), "{made}");
    }

    #[test]
    fn tags_of_targets_stand_in_one_line() {
        let source = "<Endpoint\n  url=\"/jobs/:id\"\n  method=\"POST\"\n  may={\n    <>\n      <May title=\"x\" />\n    </>\n  }\n/>\n";
        let made = replace(source);
        assert_eq!(
            made,
            format!(
                "<Endpoint method=\"POST\" path=\"/jobs/:id\" />{}",
                "\n".repeat(9)
            )
        );
        let plain = "<Endpoint method=\"GET\" path=\"/jobs\" />\n";
        assert_eq!(replace(plain), plain);
    }

    #[test]
    fn headings_within_components_are_headings() {
        let source = "import A from 'a';\n\n<A>\n    ## Path\n</A>\n";
        assert_eq!(replace(source), source.replace("    ##", "##"));
        let other = "Text\n\n    ## Path\n";
        assert_eq!(replace(other), other);
    }

    #[test]
    fn code_stays_code() {
        let source = "```mdx\n<ParamField body=\"a\" />\n```\n";
        assert_eq!(replace(source), source);
    }

    #[rstest]
    #[case("POST /v1/jobs", Some(("POST", "/v1/jobs")))]
    #[case("api.yaml GET /v1/jobs/{id}", Some(("GET", "/v1/jobs/{id}")))]
    #[case("DELETE https://a.example/v1/jobs", Some(("DELETE", "/v1/jobs")))]
    #[case("v2", None)]
    fn the_front_matter_may_state_the_target(
        #[case] value: &str,
        #[case] expected: Option<(&str, &str)>,
    ) {
        let metadata = [("api".to_owned(), value.to_owned())];
        let text = format!("---\napi: {value}\n---\n");
        let found = target(&metadata, &text);
        let found = found.as_ref().map(|(line, method, path)| {
            assert_eq!(*line, 2);
            (method.as_str(), path.as_str())
        });
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case::alone("\nShows a job.\n", true)]
    #[case::in_a_sentence("\nSee also GET /jobs.\n", true)]
    #[case::stated_below("\n## GET /v1/jobs/:id\n", false)]
    #[case::in_code("\n```\nGET /v1/jobs/{id}\n```\n", false)]
    fn a_title_is_the_target_where_no_line_is(#[case] below: &str, #[case] expected: bool) {
        let metadata = [("title".to_owned(), "GET /jobs/:id".to_owned())];
        let text = format!("---\ntitle: GET /jobs/:id\n---\n{below}");
        assert_eq!(target(&metadata, &text).is_some(), expected);
    }
}
