//! Operations that a page states without a path: a parameter of the request names what is done
//! (`Action=StopJob`).

use std::collections::BTreeSet;

use regex::Captures;

use super::candidates::Candidate;
use super::rows;
use crate::page::words::Column;
use crate::page::{Block, BlockKind, Table};

/// The parameter that names what is done.
const PARAMETER: &str = "Action";

/// How surely a mention is that of the page's own operation, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The row of the parameter gives its one value.
    Row,
    /// The page opens with it.
    Opening,
    /// A sentence gives the parameter's value.
    Sentence,
    /// An example asks for it.
    Example,
}

/// A place that names an action.
struct Mention {
    at: usize,
    line: usize,
    rank: Rank,
    name: String,
}

phrases! {
    Actions:

    /// The sentence of a row that gives the one value.
    static VALUE;

    /// The sentence that says what the page is about.
    static OPENING;

    /// A sentence that gives the parameter's value.
    static SENTENCE;
}

pattern! {
    /// An example's query.
    static QUERY = r"[?&]Action=(?P<name>[A-Z][A-Za-z0-9]+)\b";
    /// A member of JSON, which is no parameter of the request's own.
    static MEMBER = r"\x22Action\x22\s*:\s*\x22(?P<name>[A-Z][A-Za-z0-9]+)\x22";
    /// A request that is sent with the method `POST`.
    static POST = r"(?m)^\s*POST\s+[/h]|-X\s*POST\b|--request\s+POST\b";
}

/// The targets of the actions that a page documents: each where it is mentioned first. An example
/// asks for an action of another page too, unless a heading or a sentence of this one names it.
pub(super) fn targets(flat: &[&Block]) -> Vec<Candidate> {
    let mut mentions = mentions(flat);
    let members: BTreeSet<&str> = flat
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Code { text, .. } => Some(names(MEMBER.captures_iter(text))),
            _ => None,
        })
        .flatten()
        .collect();
    mentions.retain(|own| !members.contains(own.name.as_str()));
    let headings: Vec<&str> = flat
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Heading { text, .. } => Some(text.plain.as_str()),
            _ => None,
        })
        .collect();
    let is_titled = |name: &str| {
        headings.iter().any(|heading| {
            heading
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| word == name)
        })
    };
    let named = |own: &&Mention| match own.rank {
        Rank::Row | Rank::Opening => true,
        Rank::Sentence | Rank::Example => is_titled(&own.name),
    };
    let Some(best) = mentions.iter().filter(named).map(|own| own.rank).min() else {
        return Vec::new();
    };
    let mut names: Vec<&str> = Vec::new();
    for own in mentions.iter().filter(named) {
        if own.rank == best && !names.contains(&own.name.as_str()) {
            names.push(&own.name);
        }
    }
    let method = if flat.iter().any(|block| posts(block)) {
        "POST"
    } else {
        "GET"
    };
    let mut found: Vec<Candidate> = names
        .into_iter()
        .filter_map(|name| {
            let first = mentions.iter().find(|own| own.name == name)?;
            let path = format!("/?{PARAMETER}={name}");
            Some(Candidate::plain(first.at, first.line, method, &path))
        })
        .collect();
    found.sort_by_key(|own| own.at);
    found
}

/// The places of a page that name actions.
fn mentions(flat: &[&Block]) -> Vec<Mention> {
    let mut found = Vec::new();
    for (at, block) in flat.iter().enumerate() {
        let mut add = |rank: Rank, line: usize, name: &str| {
            found.push(Mention {
                at,
                line,
                rank,
                name: name.to_owned(),
            });
        };
        match &block.kind {
            BlockKind::Table(table) => {
                if let Some((line, name)) = of_table(table) {
                    add(Rank::Row, line, &name);
                }
            }
            BlockKind::Paragraph(text) => {
                for (rank, phrase) in [(Rank::Opening, &OPENING), (Rank::Sentence, &SENTENCE)] {
                    for name in names(phrase.all(&text.plain)) {
                        add(rank, block.line, name);
                    }
                }
                for name in names(QUERY.captures_iter(&text.plain)) {
                    add(Rank::Example, block.line, name);
                }
            }
            BlockKind::Code { text, .. } => {
                for name in names(QUERY.captures_iter(text)) {
                    add(Rank::Example, block.line, name);
                }
            }
            BlockKind::Heading { .. }
            | BlockKind::List(_)
            | BlockKind::Target { .. }
            | BlockKind::Unread(_) => {}
        }
    }
    found
}

/// The names in what was found.
fn names<'t>(found: impl Iterator<Item = Captures<'t>>) -> impl Iterator<Item = &'t str> {
    found
        .filter_map(|captures| captures.name("name"))
        .map(|name| name.as_str())
}

/// The value that the row of the parameter gives, and its line.
fn of_table(table: &Table) -> Option<(usize, String)> {
    let columns = rows::columns(table);
    let place = |wanted: Column| columns.iter().position(|own| *own == Some(wanted));
    let name = place(Column::Name)?;
    let row = table.rows.iter().find(|row| {
        row.cells
            .get(name)
            .is_some_and(|cell| cell.plain().trim() == PARAMETER)
    })?;
    let said = row.cells.get(place(Column::Description)?)?.plain();
    let value = names(VALUE.all(&said)).next()?.to_owned();
    Some((row.line, value))
}

/// Whether a block shows a request that is sent with `POST`.
fn posts(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Code { text, .. } => POST.is_match(text),
        BlockKind::Heading { .. }
        | BlockKind::Paragraph(_)
        | BlockKind::List(_)
        | BlockKind::Table(_)
        | BlockKind::Target { .. }
        | BlockKind::Unread(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::derive::split::split;

    const ROWS: &str = "| Parameter | Type | Required | Description |\n|---|---|---|---|\n| Action | String | Yes | What to do. Set the value to NAME. |\n| Id | String | Yes | The job. |\n";

    #[rstest]
    #[case::row("# StopJob\n\n## Request parameters\n\nROWS(StopJob)", &["GET /?Action=StopJob"])]
    #[case::a_member_of_a_body("# StopJob\n\n```json\n{\"Action\": \"StopJob\"}\n```\n\nROWS(StopJob)", &[])]
    #[case::example_of_its_own("# StopJob\n\n```\nhttps://a.example/?Action=StopJob\n&Id=7\n```\n", &["GET /?Action=StopJob"])]
    #[case::example_of_another("# Signing\n\n```\nhttps://a.example/?Action=StopJob&Id=7\n```\n", &[])]
    #[case::opening("## 1. 接口描述\n\n本接口(StopJob)用于停止任务。\n", &["GET /?Action=StopJob"])]
    #[case::sentence("# 停止任务 StopJob\n\n此接口的Action字段为StopJob。\n", &["GET /?Action=StopJob"])]
    #[case::posted("# StopJob\n\n```\nPOST /?Action=StopJob HTTP/1.1\nHost: a.example\n```\n", &["POST /?Action=StopJob"])]
    #[case::named_by_a_row("# 停止 - StopJob\n\n| 参数名 | 类型 | 必填 | 描述信息 |\n|---|---|---|---|\n| **Action** | string | **Yes** | 指令名称，当前 API 为 `StopJob` |\n", &["GET /?Action=StopJob"])]
    #[case::several("# Jobs\n\n## StopJob\n\nROWS(StopJob)\n\n## ShowJob\n\nROWS(ShowJob)", &["GET /?Action=StopJob", "GET /?Action=ShowJob"])]
    #[case::common_parameters("# Common\n\n| Parameter | Type | Description |\n|---|---|---|\n| Action | String | What to do, for example StopJob. |\n", &[])]
    #[case::beside_a_path("# Jobs\n\n`POST /jobs`\n\nROWS(StopJob)", &["POST /jobs"])]
    fn an_action_is_the_page_s_own_or_none(#[case] text: &str, #[case] expected: &[&str]) {
        let mut page = text.to_owned();
        for name in ["StopJob", "ShowJob"] {
            page = page.replace(&format!("ROWS({name})"), &ROWS.replace("NAME", name));
        }
        let page = crate::page::read("p.md", &page).unwrap();
        let found: Vec<String> = split(&page)
            .parts
            .iter()
            .flat_map(|part| &part.targets)
            .map(|own| format!("{} {}", own.stated.method, own.stated.path))
            .collect();
        assert_eq!(found, expected);
    }
}
