//! A page's blocks split into its operations, before anything is read of them.
//!
//! Each target opens an operation. Its blocks are those of the outermost heading that holds no
//! other target; where headings do not part targets, those up to the next. What belongs to no
//! operation is shared: tables that an operation may refer to.

mod groups;
mod headings;
mod lent;
mod objects;

pub(in crate::derive) use self::groups::tells_status;
pub(super) use self::headings::names;
pub(super) use self::lent::{lendable, lent};

use serde_json::Value;

use self::groups::{groups, is_heading, next_of_others, several, stated_once};
use self::headings::{Headings, opening, own_heading, with_sections};
use self::objects::{objects, past_others};
use super::candidates::{Candidate, Passed, candidates};
use super::outline::flatten;
use super::section::{Section, section_of};
use super::target::Stated;
use crate::page::{Block, BlockKind, Page, Text};

/// An operation's blocks, and the targets that open it: more than one where a page documents an
/// operation at several paths, or several methods together.
#[derive(Debug)]
pub(super) struct Part<'p> {
    pub blocks: Vec<&'p Block>,
    pub targets: Vec<Opening>,
    /// The heading above the target that is the operation's own; `None` where there is none.
    pub title: Option<&'p Text>,
    /// Why no request can be made of what opens it, if none can.
    pub unread: Option<&'static str>,
}

/// A target that opens an operation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Opening {
    pub stated: Stated,
    pub line: usize,
    /// The place of its block among those of its part.
    pub at: usize,
    /// Whether the request has a body, where the page says so beside the target.
    pub has_body: Option<bool>,
    /// The statuses that it is answered with, where the page says so beside the target.
    pub statuses: Vec<u16>,
    /// The bodies that the page shows beside the target as what is sent, with their lines.
    pub bodies: Vec<(Value, usize)>,
    /// Whether it is read out of a call with values in it.
    pub is_by_value: bool,
}

/// The parts of a page.
#[derive(Debug, Default)]
pub(super) struct Split<'p> {
    pub parts: Vec<Part<'p>>,
    /// What belongs to no operation.
    pub shared: Vec<&'p Block>,
    /// What looks like documentation of an operation, and opens none.
    pub passed: Vec<Passed>,
}

/// Splits a page into its operations.
pub(super) fn split(page: &Page) -> Split<'_> {
    let flat = flatten(&page.blocks);
    let found = candidates(&flat);
    let passed = found.passed;
    let groups = stated_once(&flat, groups(&flat, found.candidates));
    let headings = Headings::of(&flat, &groups);
    if groups.len() <= 1 {
        let first = groups.first().and_then(|group| group.first());
        let start = first.map_or(flat.len(), |first| past_others(&flat, &headings, first.at));
        let end = first.map_or(flat.len(), |first| objects(&flat, &headings, first.at));
        let end = groups
            .first()
            .filter(|group| several(&flat, group))
            .and_then(|group| next_of_others(&flat, group, end))
            .unwrap_or(end);
        let parts = groups
            .into_iter()
            .map(|group| part(&flat, &headings, start..end, group))
            .collect::<Vec<_>>();
        let mut shared = flat;
        shared.drain(start..end);
        return Split {
            parts,
            shared,
            passed,
        };
    }
    let ranges = ranges(&flat, &headings, &groups);
    let mut split = Split {
        passed,
        ..Split::default()
    };
    let mut from = 0;
    for (group, range) in groups.into_iter().zip(ranges) {
        split
            .shared
            .extend(flat.get(from..range.start).unwrap_or_default());
        from = range.end;
        split.parts.push(part(&flat, &headings, range, group));
    }
    split.shared.extend(flat.get(from..).unwrap_or_default());
    split
}

fn part<'p>(
    flat: &[&'p Block],
    headings: &Headings,
    range: std::ops::Range<usize>,
    group: Vec<Candidate>,
) -> Part<'p> {
    let title = group
        .first()
        .and_then(|first| headings.title(flat, first.at, range.start));
    let unread = group.iter().find_map(|own| own.unread);
    let targets = group
        .into_iter()
        .map(|own| Opening {
            stated: own.stated,
            line: own.line,
            at: own.at.saturating_sub(range.start),
            has_body: own.has_body,
            is_by_value: own.is_by_value,
            statuses: own.statuses,
            bodies: own.bodies,
        })
        .collect();
    Part {
        blocks: flat.get(range).unwrap_or_default().to_vec(),
        targets,
        title,
        unread,
    }
}

phrases! {
    Splits:

    /// Headings of a request line, whatever the operation.
    static GENERAL;

    /// Headings of objects that operations refer to.
    static OBJECTS;

    /// What links two targets to one.
    static LINKING;
}

/// The blocks of each group, in order and apart.
fn ranges(
    flat: &[&Block],
    headings: &Headings,
    groups: &[Vec<Candidate>],
) -> Vec<std::ops::Range<usize>> {
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::with_capacity(groups.len());
    for group in groups {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            ranges.push(0..0);
            continue;
        };
        let least = ranges.last().map_or(0, |range| range.start + 1);
        let own = own_heading(flat, headings, first.at).filter(|heading| *heading >= least);
        let range = if let Some(heading) = own {
            with_sections(flat, headings, heading)
        } else {
            let start = opening(flat, first.at).max(least);
            let end = headings
                .above(last.at)
                .map_or(flat.len(), |heading| headings.end(heading));
            let end = before_examples(flat, last.at, end);
            // What stands below the headings behind an overview is of those that it names.
            let next = if first.is_overview {
                (last.at + 1..end).find(|at| is_heading(flat, *at))
            } else if several(flat, group) {
                next_of_others(flat, group, end)
            } else {
                None
            };
            let end = next.unwrap_or(end);
            start..end.max(last.at + 1)
        };
        if let Some(before) = ranges.last_mut() {
            before.end = before.end.min(range.start);
        }
        ranges.push(range);
    }
    ranges
}

/// Where the blocks of a target end that shares its heading with others: examples below a heading of
/// their own may be of any of them.
fn before_examples(flat: &[&Block], at: usize, end: usize) -> usize {
    let shows_all = |block: &&Block| match &block.kind {
        BlockKind::Heading { text, .. } => section_of(&text.plain) == Some(Section::Example),
        _ => false,
    };
    let below = flat.get(at..end).unwrap_or_default();
    below
        .iter()
        .position(shows_all)
        .map_or(end, |place| at + place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The operations of a page: title, targets, and how many tables each has; then how many are
    /// shared.
    fn told(text: &str) -> Vec<String> {
        let page = crate::page::read("p.md", text).unwrap();
        let split = split(&page);
        let tables = |blocks: &[&Block]| {
            blocks
                .iter()
                .filter(|block| matches!(block.kind, BlockKind::Table(_)))
                .count()
        };
        let mut told: Vec<String> = split
            .parts
            .iter()
            .map(|part| {
                let targets: Vec<String> = part
                    .targets
                    .iter()
                    .map(|own| format!("{} {}", own.stated.method, own.stated.path))
                    .collect();
                let title = part.title.map_or("-", |text| text.plain.as_str());
                let unread = if part.unread.is_some() { "unread " } else { "" };
                let tables = tables(&part.blocks);
                format!("{unread}{title}: {} ({tables})", targets.join(", "))
            })
            .collect();
        told.push(format!("shared ({})", tables(&split.shared)));
        let passed = split.passed.iter();
        told.extend(passed.map(|own| format!("passed {} {} {}", own.line, own.method, own.path)));
        told
    }

    const TABLE: &str = "| Field | Type |\n|---|---|\n| a | string |\n\n";

    #[rstest]
    #[case::fences(
        "# Jobs\n\n## List jobs\n\n```\nGET /jobs\n```\n\nTABLEExample response:\n\n## Create a job\n\n```\nPOST /jobs\n```\n\nTABLE",
        &["List jobs: GET /jobs (1)", "Create a job: POST /jobs (1)", "shared (0)"]
    )]
    #[case::headings(
        "# Jobs\n\n## GET /jobs\n\nTABLE## POST /jobs\n\nTABLE## Objects\n\nTABLE",
        &["-: GET /jobs (1)", "-: POST /jobs (1)", "shared (1)"]
    )]
    #[case::sections_below_titles(
        "# Jobs\n\n## List jobs\n\n### Request\n\n`GET /jobs`\n\n### Parameters\n\nTABLE## Create\n\n### Request\n\n`POST /jobs`\n\n### Parameters\n\nTABLE",
        &["List jobs: GET /jobs (1)", "Create: POST /jobs (1)", "shared (0)"]
    )]
    #[case::sections_beside_titles(
        "# Jobs\n\n## List jobs\n\n## Request\n\n`GET /jobs`\n\n## Parameters\n\nTABLE## Create\n\n## Request\n\n`POST /jobs`\n\n## Parameters\n\nTABLE",
        &["List jobs: GET /jobs (1)", "Create: POST /jobs (1)", "shared (0)"]
    )]
    #[case::statuses_beside_titles(
        "# Jobs\n\n## Put a job\n\n`PUT /jobs/{id}`\n\n## Response 201\n\nTABLE## 404 Not Found\n\nTABLE## List\n\n`GET /jobs`\n\nTABLE",
        &["Put a job: PUT /jobs/{id} (2)", "List: GET /jobs (1)", "shared (0)"]
    )]
    #[case::codes_of_all(
        "# Jobs\n\n## List\n\n`GET /jobs`\n\nTABLE## Stop\n\n`POST /stop`\n\nTABLE## Error codes\n\nTABLE",
        &["List: GET /jobs (1)", "Stop: POST /stop (1)", "shared (1)"]
    )]
    #[case::codes_of_each(
        "# Jobs\n\n## List\n\n`GET /jobs`\n\n## Error codes\n\nTABLE## Stop\n\n`POST /stop`\n\n## Error codes\n\nTABLE",
        &["List: GET /jobs (1)", "Stop: POST /stop (1)", "shared (0)"]
    )]
    #[case::behind_examples(
        "# Jobs\n\n`GET /jobs`\n\nExample:\n\n    $ curl https://a.example/jobs\n    {\"a\": 1}\n\n`POST /stop`\n\nExample:\n\n    $ curl -X POST https://a.example/stop\n    {\"b\": 1}\n\n`GET /stop`\n\nExample:\n\n    $ curl https://a.example/stop\n    {}\n",
        &["-: GET /jobs (0)", "-: POST /stop (0)", "-: GET /stop (0)", "shared (0)"]
    )]
    #[case::nothing_between(
        "# Jobs\n\n```\nGET /jobs\n```\n\nTABLE```\nPOST /jobs\n```\n\nTABLETABLE",
        &["-: GET /jobs (1)", "-: POST /jobs (2)", "shared (0)"]
    )]
    #[case::table_of_methods(
        "# Jobs\n\n## Job\n\n| Method | Path |\n|---|---|\n| `GET` | `/jobs/:id` |\n| `PUT` | `/jobs/:id` |\n\n### Body\n\nTABLE## Task\n\n| Method | Path |\n|---|---|\n| LIST | /tasks |\n",
        &["Job: GET /jobs/:id, PUT /jobs/:id (2)", "Task: LIST /tasks (1)", "shared (0)"]
    )]
    #[case::several_paths(
        "# Jobs\n\n## List\n\n```\nGET /jobs\nGET /teams/:team/jobs\n```\n\nor\n\n```\nGET /all\n```\n\n## Stop\n\nPOST /stop\n",
        &["List: GET /jobs, GET /teams/:team/jobs, GET /all (0)", "Stop: POST /stop (0)", "shared (0)"]
    )]
    #[case::tags(
        "# Jobs\n\n## List\n<Route method=\"GET\">/teams/[\\{team.id\\}](/t#o)/jobs</Route>\n\nText with `GET /x` in it.\n\n## Stop\n<Route method=\"POST\">/stop</Route>\n",
        &["List: GET /teams/{team.id}/jobs (0)", "Stop: POST /stop (0)", "shared (0)"]
    )]
    #[case::halves(
        "# Jobs\n\n## List\n\n### Request Method\n\n`GET`\n\n### Request URL\n\n`/jobs`\n\n## Stop\n\n### Request URL\n\n/stop\n\n### Request Method\n\nPOST\n",
        &["List: GET /jobs (0)", "Stop: POST /stop (0)", "shared (0)"]
    )]
    #[case::sentences(
        "# Jobs\n\n## list-jobs\n\nSend a `GET` request to the URL endpoint `/jobs`.\n\n## stop\n\nSend a `POST` request to the URL endpoint `/stop`.\n",
        &["list-jobs: GET /jobs (0)", "stop: POST /stop (0)", "shared (0)"]
    )]
    #[case::examples_open_nothing(
        "# Jobs\n\n## List\n\n```\nGET /jobs/{id}\n```\n\n### Example request\n\n```\nGET /jobs/{id}/b\n```\n\nFor example:\n\n```\nDELETE /x\n```\n\n## Other\n\n```\nGET /jobs/7\n```\n\n```\nPOST /jobs HTTP/1.1\n```\n\n```\nPUT https://a.example/jobs\n```\n",
        &["List: GET /jobs/{id} (0)", "shared (0)", "passed 27 POST /jobs", "passed 31 PUT /jobs"]
    )]
    #[case::announced_targets(
        "# Notices\n\n## Send\n\nThe API to send notices is as follows:\n\n```\nPOST /notices\n```\n\nor:\n\n```\nPUT /notices/{txn}\n```\n\n## Delete\n\nOld ones can be deleted as follows:\n\n```\nDELETE /notices\n```\n\nA response as follows is sent:\n\n```\nGET /a\n```\n\nOne is deleted like this:\n\n```\nDELETE /notices/7/now\n```\n\nFor example, to see all, use this request:\n\n```\nGET /b\n```\n",
        &["Send: POST /notices, PUT /notices/{txn} (0)", "Delete: DELETE /notices (0)", "shared (0)"]
    )]
    #[case::queries_filled_in(
        "# Jobs\n\n## List\n\n**Response**\n\nThe API is:\n\n```\nGET /jobs\n```\n\nBy name:\n\n```\nGET /jobs?name=a\n```\n\nTABLE",
        &["List: GET /jobs (1)", "shared (0)"]
    )]
    #[case::examples_beside_endpoints(
        "# Copy\n\n## Endpoints\n\n```json\nPOST _copy\nPOST {index}/_copy\n```\n\n## Parameters\n\nTABLE## In parts\n\nWatch it:\n\n```json\nGET /_tasks/a1:12\n```\n\n```json\nPUT /_pipeline/mine\n{}\n```\n\n",
        &["Copy: POST /_copy, POST /{index}/_copy (1)", "shared (0)"]
    )]
    #[case::stated_again(
        "# Create\n\n## Method\n\n`POST /jobs`\n\n## Attributes\n\nTABLE## Request body\n\n`POST /jobs`\n\nTABLE",
        &["Create: POST /jobs (2)", "shared (0)"]
    )]
    #[case::two_variants(
        "# Jobs\n\n## List\n\n### Request\n\n`GET /jobs`\n\nTABLE## Search\n\n### Request\n\n`GET /jobs`\n\nTABLE",
        &["List: GET /jobs (1)", "Search: GET /jobs (1)", "shared (0)"]
    )]
    #[case::filled_in(
        "# Create\n\n## Method\n\n`POST /jobs`\n\n## Request\n\n### URL example\n\n`POST /jobs/a7`\n\nTABLE",
        &["Create: POST /jobs (1)", "shared (0)"]
    )]
    #[case::calls_of_another_host(
        "# Jobs\n\n## Token\n\n```\ncurl -X POST https://auth.example/token\n```\n\n## List\n\n```\ncurl https://a.example/{org}/jobs\n```\n\nTABLE",
        &["List: GET /{org}/jobs (1)", "shared (0)", "passed 5 POST /token"]
    )]
    #[case::other_methods(
        "# Locks\n\n## Purge\n\n`PURGE /locks`\n\nTABLE## List\n\n`GET /locks`\n\nTABLE## Watch\n\n**Endpoint**: `SUBSCRIBE /locks`\n\nTABLE",
        &["unread Purge: PURGE /locks (1)", "List: GET /locks (1)", "unread Watch: SUBSCRIBE /locks (1)", "shared (0)"]
    )]
    #[case::headings_that_are_not_understood(
        "# Locks\n\n## List\n\n`GET /locks`\n\n## DELETE /locks or a part of them\n\nTABLE",
        &["List: GET /locks (0)", "unread DELETE /locks or a part of them: DELETE /locks or a part of them (1)", "shared (0)"]
    )]
    #[case::rows_of_other_methods(
        "# Locks\n\n| Method | Path |\n|---|---|\n| GET | /locks |\n| PURGE | /locks |\n",
        &["Locks: GET /locks (1)", "shared (0)", "passed 6 PURGE /locks"]
    )]
    #[case::other_spellings(
        "# Foo\n\n## Put\n\n`PUT` - `/foo/put`\n\nTABLE## [DELETE] /foo/del\n\nTABLE## /foo/a4 (GET)\n\nTABLE## 1.2 `POST /foo/a1` Create a thing\n\nTABLE## Move\n\n`[POST] /foo/move`\n\n## Set\n\nMethod: `PUT`\nPath: `/foo/{id}`\nAuth: none\n\n## Drop\n\nHTTP Method: DELETE, URL: /foo/{id}\n",
        &["Put: PUT /foo/put (1)", "-: DELETE /foo/del (1)", "-: GET /foo/a4 (1)", "-: POST /foo/a1 (1)", "Move: POST /foo/move (0)", "Set: PUT /foo/{id} (0)", "Drop: DELETE /foo/{id} (0)", "shared (0)"]
    )]
    #[case::hosts_to_be_filled_in(
        "# Foo\n\n## Get\n\n`GET /v1/foo`\n\n## Send\n\nURL: `{base_url}/v1/foo/{id}`\n\nMethod: POST\n\n## Drop\n\n### Request Method\n\n`DELETE`\n\n### Request URL\n\n`https://a.example/v1/foo/{id}`\n\n## Put\n\n`PUT $API_URL/v1/foo`\n",
        &["Get: GET /v1/foo (0)", "Send: POST /v1/foo/{id} (0)", "Drop: DELETE /v1/foo/{id} (0)", "Put: PUT /v1/foo (0)", "shared (0)"]
    )]
    #[case::no_hosts(
        "# Foo\n\n`GET {database}/foo`\n\n## Get\n\n`GET /foo`\n",
        &["Get: GET /foo (0)", "shared (0)"]
    )]
    #[case::an_overview(
        "# Users\n\n| Method | Path | Description |\n|---|---|---|\n| GET | /users | [All](#list-users) |\n| POST | /users | Create a user |\n| DELETE | /users/{id} | It goes. |\n\n## List users\n\nTABLE## Create a user\n\nTABLE## Terms\n\nTABLE",
        &["-: DELETE /users/{id} (1)", "List users: GET /users (1)", "Create a user: POST /users (1)", "shared (1)"]
    )]
    #[case::an_overview_of_stated_targets(
        "# Users\n\n| Method | Path |\n|---|---|\n| GET | [/users](#list-users) |\n\n## List users\n\n`GET /users`\n\nTABLE",
        &["-: GET /users (1)", "List users: GET /users (1)", "shared (0)"]
    )]
    #[case::an_overview_of_things_told_apart_below(
        "# Trade\n\n| Method | Path |\n|---|---|\n| GET | /holdings |\n| POST | /orders |\n\n## Holdings\n\nTABLE## Orders\n\nTABLE",
        &["Trade: GET /holdings, POST /orders (1)", "shared (2)"]
    )]
    #[case::calls_below_a_table(
        "# Pictures\n\n| Path | Method |\n|---|---|\n| /pictures | GET |\n| /pictures/check | POST |\n\nAsk for one:\n\n```\ncurl https://a.example/pictures\n```\n\nTABLEThen check it:\n\n```\ncurl -X POST https://a.example/pictures/check\n```\n\nTABLETABLE",
        &["-: GET /pictures (1)", "-: POST /pictures/check (2)", "shared (1)"]
    )]
    #[case::methods_below_a_path(
        "# Foo\n\n## /foo/{id}\n\n### GET\n\nTABLE### DELETE - drop it\n\nTABLE## Other\n\nTABLE### GET\n",
        &["-: GET /foo/{id} (1)", "-: DELETE /foo/{id} (1)", "shared (1)"]
    )]
    #[case::calls_that_open_nothing(
        "# Jobs\n\n## List\n\n```\ncurl https://a.example/{org}/jobs\n```\n\n## Get\n\n```\ncurl https://a.example/{org}/jobs/7\n```\n\n## Both\n\n```\ncurl https://a.example/{org}/b\n```\n\n```\ncurl https://a.example/{org}/c\n```\n\n## Stop\n\n```\ncurl -X POST https://a.example/{org}/stop\n```\n",
        &["List: GET /{org}/jobs (0)", "Both: GET /{org}/b, GET /{org}/c (0)", "Stop: POST /{org}/stop (0)", "shared (0)", "passed 11 GET /{org}/jobs/7"]
    )]
    #[case::a_call_of_a_tutorial(
        "# Start\n\nAsk for your jobs:\n\n```\ncurl https://a.example/{org}/jobs\n```\n\nThat is all.\n",
        &["shared (0)"]
    )]
    #[case::a_call_that_is_documented(
        "# Jobs\n\n```\ncurl https://a.example/{org}/jobs\n```\n\nTABLE",
        &["Jobs: GET /{org}/jobs (1)", "shared (0)"]
    )]
    #[case::another_target_with_a_host(
        "# Jobs\n\n`GET /jobs/{job}`\n\n```\nGET https://a.example/v1/jobs/7\n```\n\n```\nPUT https://a.example/teams\n```\n",
        &["Jobs: GET /jobs/{job} (0)", "shared (0)", "passed 9 PUT /teams"]
    )]
    #[case::beside_a_tag_below_the_first_heading(
        "# Intro\n\nWords.\n\n<Endpoint method=\"GET\" path=\"/items\" />\n\nMore.\n\n## Keep it\n\n`GET /keep`\n\nTABLE## Example\n\n`GET /other`\n\n## Notes\n\nWords.\n\n`GET /far`\n",
        &["-: GET /items (0)", "Keep it: GET /keep (1)", "shared (0)", "passed 19 GET /other", "passed 25 GET /far"]
    )]
    #[case::behind_code_samples(
        "# Pets\n\n## changePet\n\n> Code samples\n\n```shell\ncurl -X PUT https://a.example/pets/7\n```\n\n```http\nPUT https://a.example/pets/7 HTTP/1.1\n```\n\n`PUT /pets/{pet}`\n\nTABLE",
        &["changePet: PUT /pets/{pet} (1)", "shared (0)"]
    )]
    #[case::schemas_behind_the_only_operation(
        "# Pets\n\n## changePet\n\n`PUT /pets/{pet}`\n\nTABLE# Schemas\n\n## Pet\n\nTABLE",
        &["changePet: PUT /pets/{pet} (1)", "shared (1)"]
    )]
    #[case::prose_opens_nothing(
        "# Jobs\n\nThe body of `PUT /jobs/{id}` is large.\n\n| Field | Description |\n|---|---|\n| a | See `GET /jobs`. |\n",
        &["shared (1)"]
    )]
    fn a_page_is_split_at_its_targets(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(told(&text.replace("TABLE", TABLE)), expected);
    }

    #[test]
    fn beside_markup_for_targets_other_lines_are_none() {
        let page = crate::page::read(
            "p.rst",
            ".. rest_method:: GET /jobs/{job}\n\nSearch\n======\n\nAll of it::\n\n   GET /jobs?name=a\n",
        )
        .unwrap();
        let paths: Vec<String> = split(&page)
            .parts
            .iter()
            .flat_map(|part| &part.targets)
            .map(|own| own.stated.path.clone())
            .collect();
        assert_eq!(paths, ["/jobs/{job}"]);
    }
}
