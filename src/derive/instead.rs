//! What a page has instead of an operation that can be read: a person whose page is refused looks
//! at that first.

use super::candidates::shows;
use super::outline::flatten;
use super::target::{self, Stated};
use crate::page::{Block, BlockKind, Format, Page, Table, plain};
use crate::text::{counted, cut};

/// How much is told of each of many pages.
pub(super) const A_PAGE_OF_MANY: usize = 2;

/// How many of one sort are told; more are counted.
const MOST: usize = 3;

/// How long a line is shown.
const SHOWN: usize = 60;

/// The longest label.
const LONGEST_LABEL: usize = 60;

pattern! {
    /// A method and a path, wherever they stand.
    static LIKE = r#"(?P<method>\b(?i:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\b)[`*"':：\s]{1,6}(?P<path>(?:https?://[^\s/`]+)?/[^\s`*"]*)"#;

    /// A method and a path without a slash before it.
    static RELATIVE = r"\b(?P<method>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)[`\s]+(?P<path>[\w{}.:-]+(?:/[\w{}.:-]+)+)";

    /// A path that is all of a line, with a label before it or none.
    static PATH = r"^\s*(?:[^/`\n]{1,30}[:：]\s*)?[`*]*(?P<path>/[\w{}<>:.%-]+(?:/[\w{}<>:.%-]*)*)[`*]*\s*$";

    static COMMAND = r"(?:^|\s)(?:curl|wget|httpie?)\s[^\n]*";

    static URL = r"https?://[^\s)>\]`]+";

    /// The beginning of an OpenAPI document.
    static DOCUMENT = r#"^\s*\{?\s*"?(?:openapi|swagger)"?\s*:\s*["']?\d"#;
}

/// What a page has that looks like documentation of an operation, and why it is none.
pub(super) fn instead(page: &Page) -> Vec<String> {
    let mut seen = Seen {
        // The fence of a block of code stands before its text.
        fence: usize::from(page.format == Format::Markdown),
        ..Seen::default()
    };
    for block in flatten(&page.blocks) {
        seen.block(block);
    }
    for (line, text) in &page.unread {
        seen.markup.add(*line, format!("`{text}` is not read"));
    }
    seen.told()
}

/// Things of one sort: the first of them, and how many there are.
#[derive(Debug, Default)]
struct Sort {
    first: Vec<(usize, String)>,
    count: usize,
}

impl Sort {
    fn add(&mut self, line: usize, text: String) {
        self.count += 1;
        if self.first.len() < MOST {
            self.first.push((line, text));
        }
    }

    /// Each on a line, and how many more there are.
    fn each(&self, what: &str, told: &mut Vec<String>) {
        told.extend(
            self.first
                .iter()
                .map(|(line, text)| format!("line {line}: {text}")),
        );
        let more = self.count.saturating_sub(self.first.len());
        if more > 0 {
            told.push(format!("and {}", several(more, what, "more ")));
        }
    }

    /// All in one line.
    fn all(&self, what: &str, why: &str, told: &mut Vec<String>) {
        if let Some((line, text)) = self.first.first() {
            told.push(format!(
                "{} such as `{text}` (line {line}){why}",
                several(self.count, what, "")
            ));
        }
    }
}

/// So many of a kind, whose first word is what there are several of.
fn several(count: usize, what: &str, before: &str) -> String {
    let (first, rest) = what.split_once(' ').unwrap_or((what, ""));
    let ending = match (count, first.ends_with('s')) {
        (1, _) => "",
        (_, true) => "es",
        _ => "s",
    };
    // `line that looks like a target`: what is said of one is said of many in another form.
    let rest = match (count, rest) {
        (1, rest) => rest.to_owned(),
        (_, "that looks like a target") => "that look like targets".to_owned(),
        (_, "or directive") => "or directives".to_owned(),
        (_, rest) => rest.to_owned(),
    };
    format!("{count} {before}{first}{ending} {rest}")
        .trim_end()
        .to_owned()
}

/// What is seen on the way through a page.
#[derive(Debug, Default)]
struct Seen {
    /// The headings around: level, and whether examples or answers stand below.
    around: Vec<(u8, bool)>,
    /// Whether a label since the last heading is one of an example or an answer.
    shows: bool,
    /// How many lines a block of code has before its text.
    fence: usize,
    is_document: bool,
    like: Sort,
    markup: Sort,
    labels: Sort,
    paths: Sort,
    commands: Sort,
    urls: Sort,
    tables: Sort,
}

impl Seen {
    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Heading { level, text } => {
                self.around.retain(|(known, _)| known < level);
                self.around.push((*level, shows(&text.plain)));
                self.shows = false;
                self.label(block.line, &text.plain);
                self.line(block.line, &text.plain, Stands::Text);
            }
            BlockKind::Paragraph(text) => {
                let is_label = text.plain.len() <= LONGEST_LABEL;
                self.shows |= is_label && shows(&text.plain);
                self.label(block.line, &text.plain);
                self.line(block.line, &text.plain, Stands::Text);
            }
            BlockKind::Code { text, .. } => {
                for (at, line) in text.lines().enumerate() {
                    self.line(block.line + self.fence + at, line, Stands::Code);
                }
            }
            BlockKind::List(items) => {
                for item in items {
                    let line = item.first().map_or(block.line, |first| first.line);
                    self.line(line, &plain(item), Stands::List);
                }
            }
            BlockKind::Table(table) => self.table(block.line, table),
            BlockKind::Target { .. } | BlockKind::Unread(_) => {}
        }
    }

    fn label(&mut self, line: usize, text: &str) {
        if target::titles_half(text) {
            self.labels.add(line, text.trim().to_owned());
        }
    }

    fn line(&mut self, line: usize, text: &str, stands: Stands) {
        self.is_document |= DOCUMENT.is_match(text);
        if let Some(found) = COMMAND.find(text) {
            self.commands.add(line, cut(found.as_str().trim(), SHOWN));
        } else if let Some(found) = LIKE.captures(text).or_else(|| RELATIVE.captures(text)) {
            let (Some(method), Some(path)) = (found.name("method"), found.name("path")) else {
                return;
            };
            let shown = cut(&format!("{} {}", method.as_str(), path.as_str()), SHOWN);
            let why = self.why(text, method.as_str(), path.as_str(), stands);
            self.like.add(line, format!("`{shown}` {why}"));
        } else if let Some(found) = PATH.captures(text).and_then(|found| found.name("path")) {
            self.paths.add(line, cut(found.as_str(), SHOWN));
        } else if let Some(found) = URL.find(text) {
            self.urls.add(line, cut(found.as_str(), SHOWN));
        }
    }

    /// Why a line that looks like a target is none.
    fn why(&self, text: &str, method: &str, path: &str, stands: Stands) -> &'static str {
        let stated: Vec<Stated> = target::of_line(text);
        if self.shows || self.around.iter().any(|(_, shows)| *shows) {
            "stands in an example or an answer"
        } else if method.chars().any(|sign| sign.is_ascii_lowercase()) {
            "has its method not in capitals"
        } else if !path.starts_with('/') && !path.contains("://") {
            "has a path that does not begin with `/`"
        } else if target::is_torn(path.split_once("://").map_or(path, |(_, rest)| rest)) {
            "has braces that do not pair"
        } else if stated.iter().any(|own| own.has_version) {
            "is the first line of an example request"
        } else {
            match stands {
                Stands::Text if stated.is_empty() => "stands in a sentence",
                Stands::Text => "is announced as an example",
                Stands::Code => "stands among other lines of code",
                Stands::List => "is one of several in a list",
            }
        }
    }

    fn table(&mut self, line: usize, table: &Table) {
        let caption = table.caption.as_ref().map_or_else(String::new, |caption| {
            format!(" (`{}`)", cut(&caption.plain, SHOWN))
        });
        let text = format!(
            "a table `{}`{caption} with {}",
            cut(&table.header.join(" | "), SHOWN),
            counted(table.rows.len(), "row")
        );
        self.tables.add(line, text);
    }

    fn told(&self) -> Vec<String> {
        let mut told = Vec::new();
        if self.is_document {
            told.push("an OpenAPI document, which is no page".to_owned());
        }
        self.like.each("line that looks like a target", &mut told);
        self.markup.each("tag or directive", &mut told);
        let without = ", without a method and a path that belong together";
        self.labels.all("line", without, &mut told);
        self.paths.all("path", " without a method", &mut told);
        let example = ", which is an example: only calls that stand alone below a heading or a \
                       sentence each, at one address, and are answered on the page, state operations";
        self.commands.all("command", example, &mut told);
        if told.is_empty() {
            self.urls.all("address", " without a method", &mut told);
        }
        self.tables.each("table", &mut told);
        told
    }
}

/// Where a line stands.
#[derive(Debug, Clone, Copy)]
enum Stands {
    Text,
    Code,
    List,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nothing("# News\n\nNothing to call here.\n", &[])]
    #[case::sentence(
        "# Jobs\n\nWe call `GET /jobs` now and then.\n",
        &["line 3: `GET /jobs` stands in a sentence"]
    )]
    #[case::example(
        "# Jobs\n\n## Example\n\n```\nGET /jobs\n```\n",
        &["line 6: `GET /jobs` stands in an example or an answer"]
    )]
    #[case::version(
        "# Jobs\n\n```\nGET /jobs HTTP/1.1\nHost: a.example\n```\n",
        &["line 4: `GET /jobs` is the first line of an example request"]
    )]
    #[case::torn("# Jobs\n\n`GET /jobs/{id`\n", &["line 3: `GET /jobs/{id` has braces that do not pair"])]
    #[case::lower("# Jobs\n\n`get /jobs/{id}`\n", &["line 3: `get /jobs/{id}` has its method not in capitals"])]
    #[case::relative(
        "# Jobs\n\n`GET jobs/{id}`\n",
        &["line 3: `GET jobs/{id}` has a path that does not begin with `/`"]
    )]
    #[case::overview(
        "# Jobs\n\n- `GET /jobs`\n- `POST /jobs`\n",
        &["line 3: `GET /jobs` is one of several in a list", "line 4: `POST /jobs` is one of several in a list"]
    )]
    #[case::tag("# Jobs\n\n<Api method={get} path=\"/jobs\" />\n", &["line 3: `<Api method={get} path=\"/jobs\" />` is not read"])]
    #[case::labels(
        "# Jobs\n\n## Request URL\n\nSee below.\n\n## Request URL\n\nThe same.\n",
        &["2 lines such as `Request URL` (line 3), without a method and a path that belong together"]
    )]
    #[case::command(
        "# Jobs\n\n```\ncurl https://a.example/jobs\n```\n",
        &["1 command such as `curl https://a.example/jobs` (line 4), which is an example: only calls that stand alone below a heading or a sentence each, at one address, and are answered on the page, state operations"]
    )]
    #[case::table(
        "# Errors\n\n| Code | Text |\n|---|---|\n| A | B |\n",
        &["line 3: a table `Code | Text` with 1 row"]
    )]
    #[case::document("openapi: 3.1.0\ninfo:\n  title: x\n", &["an OpenAPI document, which is no page"])]
    fn a_page_says_what_it_has(#[case] text: &str, #[case] expected: &[&str]) {
        let page = crate::page::read("p.md", text).unwrap();
        assert_eq!(instead(&page), expected);
    }
}
