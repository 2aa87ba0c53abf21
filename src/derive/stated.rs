//! Statuses that no table tells: a heading or a line that is nothing else (`### Response 204`,
//! `**Response** 200 OK`), a list (`- 404: no such widget`), and sentences (`Returns 204 on
//! success`).

mod announced;
mod cases;

pub(super) use self::announced::{announced, first_success, in_text};

use super::outline::{Item, ItemKind};
use super::rows;
use super::section::{Section, status_alone, status_of};
use crate::page::words::Column;
use crate::page::{Block, Cell, Table, Text, plain};
use crate::vocabulary::Phrase;

/// The longest line that is nothing but a status.
const LONGEST_LINE: usize = 80;
/// The longest sentence or list in which statuses are looked for.
const LONGEST_TEXT: usize = 600;

phrases! {
    Statuses:

    /// A line that is a status, after words for an answer, with its name.
    static LINE;

    /// A status with its name, and behind a sign when it is the answer.
    static NAMED;

    /// A status behind a label for it, as an item of a list begins.
    static CODED;

    /// A further status behind one.
    static BESIDE_FIRST;

    /// A status behind the label of an answer.
    static LABELLED;

    /// Words before the status that an operation answers with, as a verb has it.
    static ANSWERS;

    /// The same in other words: the status behind a verb for it, or before one.
    static ANSWERS_TOO;

    /// A sentence that begins with a status, and says when it is the answer.
    static OPENS;

    /// Words that deny what follows.
    static DENIED;

    /// Headings above lists of statuses.
    static ABOVE;

    /// What is answered, behind the label of an answer with its status.
    static CALLED;

    /// Words that a list of statuses in a line begins with.
    static LIST;

    /// An item of a list below the label of an answer: a case and its status.
    static TOLD_ITEM;

    /// The same with any word for the case, and the name of the status.
    static CALLED_ITEM;

    /// What may stand behind a status in a sentence: a count of something is none.
    static BEHIND;
}

pattern! {
    /// A status behind its name in brackets, as an item of a list begins: `OK (200)`.
    static BEHIND_NAME = r"^\W*(?P<name>[A-Za-z][A-Za-z' -]{0,40}?)\s*\((?P<status>[2-5]\d\d)\)";

    /// A number of a list, and what follows it.
    static CODE = r"(?:^|[\s,;(/`*])(?P<status>[2-5]\d\d)(?P<behind>[`*]*(?:$|[\s,.;:：)(–—。，；）/-]))";

    /// The line of an answer that has its status, and a header's.
    static STATUS_LINE = r"^(?:(?P<http>HTTP(?:/\d(?:\.\d)?)?\s+)|Status:\s+)?(?P<status>[1-5]\d\d)(?:\s+(?P<name>[A-Za-z][A-Za-z' -]*))?$";
    static HEADER_LINE = r"^[A-Za-z][A-Za-z0-9-]*\s*:";

    /// A row of a table of statuses whose columns are parted by blanks.
    static SPACED_ROW = r"^\s*(?P<class>[A-Za-z]+\s+)?(?P<status>[2-5]\d\d)(?:\s{2,}\S|\s+\p{Lu})";
}

/// A status that a page states without a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stated {
    pub status: u16,
    pub line: usize,
    /// Whether the page tells it in passing: then others of its kind may lack.
    pub is_aside: bool,
}

/// Whether a text has three digits in a row: one without has no status, and needs no closer look.
fn has_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes
        .windows(3)
        .any(|own| own.iter().all(u8::is_ascii_digit))
}

/// The status of a text that has three digits.
fn number(text: &str) -> Option<u16> {
    text.parse().ok()
}

/// Whether a status is one that has a name, so that other numbers are none.
pub(super) fn is_named(status: u16) -> bool {
    http::StatusCode::from_u16(status).is_ok_and(|status| status.canonical_reason().is_some())
}

/// The status that a line states, where it states nothing else.
pub(super) fn of_line(text: &Text) -> Option<u16> {
    let plain = text.plain.trim();
    if plain.len() > LONGEST_LINE || !has_number(plain) {
        return None;
    }
    let found = LINE.captures(plain)?;
    let status = number(found.name("status")?.as_str())?;
    let name = found.name("name").map(|name| name.as_str().trim());
    let is_called = name.is_some_and(|name| is_name_of(status, name));
    // A number alone is a status where it is set off as one, or announces what follows.
    let is_label = plain.len() == 4 && plain.ends_with(':');
    let is_marked = text.marked >= plain.trim_end_matches([':', '：', '.']).len();
    let is_told = found.name("word").is_some() && (is_called || name.is_none() || is_marked);
    let is_set_off = is_marked && (is_called || name.is_none());
    (is_named(status) && (is_told || is_set_off || is_called || is_label)).then_some(status)
}

/// The status of an answer that a block of code shows, and whether it shows nothing but the line of
/// it and headers.
pub(super) fn of_answer(code: &str) -> Option<(u16, bool)> {
    let mut found = None;
    let mut is_head = true;
    for line in code.trim().lines().map(str::trim) {
        // As `curl -v` shows what it receives.
        let is_received = line.starts_with('<');
        let line = line.strip_prefix('<').map_or(line, str::trim_start);
        if let Some(own) = STATUS_LINE.captures(line).filter(|_| found.is_none()) {
            let status = number(own.name("status")?.as_str()).filter(|own| is_named(*own))?;
            let name = own.name("name").map_or("", |name| name.as_str());
            found = Some(status).filter(|_| own.name("http").is_some() || is_name_of(status, name));
            found?;
        } else if !(HEADER_LINE.is_match(line) || line.is_empty() && is_received) {
            is_head = false;
            break;
        }
    }
    Some((found?, is_head))
}

/// Whether words are the name of a status: `No Content`.
fn is_name_of(status: u16, name: &str) -> bool {
    let own = http::StatusCode::from_u16(status).ok();
    own.and_then(|own| own.canonical_reason())
        .is_some_and(|own| own.eq_ignore_ascii_case(name))
}

/// The status that a text begins with.
pub(super) fn leading(text: &str) -> Option<u16> {
    let (status, behind) = at_start(text)?;
    let is_apart = !behind.starts_with(|c: char| c.is_alphanumeric());
    is_apart.then_some(status)
}

/// The status that a text begins with, perhaps after a word for it, and what stands behind it.
fn at_start(text: &str) -> Option<(u16, &str)> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = ["HTTP ", "Status ", "Code "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text);
    let (status, behind) = rest.split_at_checked(3)?;
    let status = number(status).filter(|status| is_named(*status))?;
    Some((status, behind))
}

/// The statuses that a sentence says an operation answers with.
fn in_sentence(sentence: &str) -> Vec<u16> {
    let opens = || OPENS.captures(sentence);
    let in_other_words = || ANSWERS_TOO.captures(sentence);
    let first = ANSWERS.captures(sentence).or_else(opens);
    let Some(first) = first.or_else(in_other_words) else {
        return Vec::new();
    };
    let (Some(whole), Some(status)) = (first.get(0), first.name("status")) else {
        return Vec::new();
    };
    let is_denied = |at: usize| DENIED.is_match(sentence.get(..at).unwrap_or_default());
    if is_denied(whole.start()) {
        return Vec::new();
    }
    let tail = sentence.get(status.start()..).unwrap_or_default();
    let mut found = Vec::new();
    for captures in CODE.captures_iter(tail) {
        let Some(own) = captures.name("status") else {
            continue;
        };
        let behind = tail.get(own.end()..).unwrap_or_default();
        let is_denied = DENIED.is_match(tail.get(..own.start()).unwrap_or_default());
        let Some(status) = number(own.as_str()).filter(|status| is_named(*status)) else {
            continue;
        };
        if BEHIND.is_match(behind) && !is_denied && !found.contains(&status) {
            found.push(status);
        } else if found.is_empty() {
            break;
        }
    }
    found
}

/// The statuses of a line that lists them: `Errors: 400 bad input, 404 not found`.
fn in_list(text: &str) -> Vec<u16> {
    let Some(list) = LIST
        .captures(text)
        .and_then(|captures| captures.name("list"))
    else {
        return Vec::new();
    };
    if !list.as_str().starts_with(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    // Two numbers may share the sign between them.
    while let Some(captures) = list.as_str().get(at..).and_then(|rest| CODE.captures(rest)) {
        let Some(own) = captures.name("status") else {
            break;
        };
        at += own.end();
        if let Some(status) = number(own.as_str()).filter(|status| is_named(*status))
            && !found.contains(&status)
        {
            found.push(status);
        }
    }
    found
}

/// The statuses that the items of a list begin with, where each does.
fn in_items(items: &[Vec<Block>], is_below: bool) -> Vec<u16> {
    let status_of = |item: &Vec<Block>| {
        let text = plain(item);
        // `**Code:** 200` says so itself, whatever stands behind it.
        let coded = CODED
            .captures(&text)
            .and_then(|own| number(own.name("status")?.as_str()));
        if let Some(status) = coded.filter(|status| is_named(*status)) {
            return Some(status);
        }
        let named = BEHIND_NAME.captures(&text).and_then(|own| {
            let status = number(own.name("status")?.as_str())?;
            is_name_of(status, own.name("name")?.as_str()).then_some(status)
        });
        if named.is_some() {
            return named;
        }
        let (status, behind) = at_start(&text)?;
        let behind = behind.trim_start_matches(['`', '*']);
        let is_apart = behind.is_empty()
            || behind
                .trim_start()
                .starts_with([':', '：', '-', '–', '—', '(', ',', '=', '/'])
            || is_below && behind.starts_with(' ');
        is_apart.then_some(status)
    };
    let found: Option<Vec<u16>> = items.iter().map(status_of).collect();
    let more = items.iter().flat_map(|item| beside_first(&plain(item)));
    found.map_or_else(Vec::new, |found| found.into_iter().chain(more).collect())
}

/// The statuses that stand beside the first of an item: `404/410 - gone`.
fn beside_first(text: &str) -> Vec<u16> {
    let Some((_, mut behind)) = at_start(text) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    while let Some(own) = BESIDE_FIRST
        .captures(behind)
        .and_then(|own| own.name("status"))
    {
        found.extend(number(own.as_str()).filter(|status| is_named(*status)));
        behind = behind.get(own.end()..).unwrap_or_default();
    }
    found
}

/// The statuses that an item of a list of other things labels: `Success response: 201 Created`,
/// `Errors: 401, 403`.
fn in_item(text: &str) -> Vec<u16> {
    if text.len() > LONGEST_LINE {
        return Vec::new();
    }
    let labelled = LABELLED.captures(text).and_then(|own| {
        let status = number(own.name("status")?.as_str()).filter(|own| is_named(*own))?;
        let name = own.name("name").map(|name| name.as_str().trim());
        let is_alone = name.is_none_or(str::is_empty);
        (is_alone || name.is_some_and(|name| is_name_of(status, name))).then_some(status)
    });
    labelled.map_or_else(|| in_list(text), |status| vec![status])
}

/// The statuses of cases that the items of a list below the label of an answer tell: `On success:
/// 201`, `409 for a name that is taken`. Fields that are listed there have numbers of their own.
fn in_told_items(items: &[Vec<Block>]) -> Vec<u16> {
    let texts: Vec<String> = items.iter().map(|item| plain(item)).collect();
    let mut found = Vec::new();
    for text in texts.iter().filter(|text| has_number(text)) {
        let told = |own: &Phrase| {
            let found = own.captures(text.trim())?;
            let status = number(found.name("status")?.as_str())?;
            let name = found.name("name").map(|name| name.as_str());
            Some((status, name.is_some_and(|name| is_name_of(status, name))))
        };
        // `Missing: 404 (Not Found)` says by the name that it is a status.
        let called = told(&CALLED_ITEM).filter(|(_, is_called)| *is_called);
        let Some((status, _)) = told(&TOLD_ITEM).or(called) else {
            return Vec::new();
        };
        if !is_named(status) {
            return Vec::new();
        }
        found.push(status);
    }
    found
}

/// Whether the tables of a part of a page are those of what is sent.
fn is_sent(section: Section) -> bool {
    matches!(
        section,
        Section::Request | Section::Uri | Section::Operation
    )
}

/// The refusals that the rows of a table of fields tell of: `Must be unique, otherwise 409.`
fn in_rows(table: &Table) -> Vec<(u16, usize)> {
    let columns = rows::columns(table);
    let is = |wanted: Column| columns.iter().position(|own| *own == Some(wanted));
    let (Some(_), Some(place)) = (is(Column::Name), is(Column::Description)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for row in &table.rows {
        let Some(text) = row.cells.get(place).map(Cell::plain) else {
            continue;
        };
        if !has_number(&text) || text.len() > LONGEST_TEXT {
            continue;
        }
        let sentences = super::sentences::sentences(&text);
        let told = sentences.iter().flat_map(|sentence| in_sentence(sentence));
        found.extend(
            told.filter(|status| (400..500).contains(status))
                .map(|status| (status, row.line)),
        );
    }
    found
}

/// The status of a line of text that is a row of a table of them.
fn of_spaced_row(text: &str) -> Option<u16> {
    let row = SPACED_ROW.captures(text)?;
    let class = row.name("class").map_or("", |class| class.as_str());
    number(row.name("status")?.as_str()).filter(|_| !DENIED.is_match(class))
}

/// Whether a part of a page is about statuses.
fn is_of_statuses(item: &Item<'_>) -> bool {
    item.section == Section::StatusCodes
}

/// The statuses that an operation's headings, lines, lists and sentences state.
pub(super) fn stated(items: &[Item<'_>]) -> Vec<Stated> {
    let mut found: Vec<Stated> = Vec::new();
    let mut add = |status: u16, line: usize, is_aside: bool| match found
        .iter_mut()
        .find(|known| known.status == status)
    {
        Some(known) => known.is_aside &= is_aside,
        None => found.push(Stated {
            status,
            line,
            is_aside,
        }),
    };
    let mut above = "";
    let mut label = "";
    for item in items {
        let labelled = std::mem::take(&mut label);
        let is_of_request = item.section == Section::RequestExample;
        let is_of_answer = matches!(
            item.section,
            Section::Response | Section::ResponseExample | Section::AbnormalResponse
        );
        match item.kind {
            ItemKind::Heading(text) => {
                above = &text.plain;
                let own = status_of(&text.plain)
                    .or_else(|| status_alone(&text.plain).filter(|_| item.is_free));
                if let Some(status) = own.filter(|status| is_named(*status)) {
                    add(status, item.line, false);
                }
            }
            ItemKind::Paragraph(text)
                if text.plain.ends_with([':', '：']) && !has_number(&text.plain) =>
            {
                label = &text.plain;
            }
            ItemKind::Paragraph(text) if has_number(&text.plain) => {
                // Below the label of a sent example only sentences tell of the answer.
                let spaced = || of_spaced_row(&text.plain).filter(|_| is_of_statuses(item));
                let is_within = is_of_answer || is_of_statuses(item);
                let case = || cases::of_case(&text.plain).filter(|_| is_within);
                let own = status_of(&text.plain)
                    .or_else(|| announced(text).or_else(spaced))
                    .or_else(case);
                let own = own.filter(|_| !is_of_request);
                if let Some(status) = own.filter(|status| is_named(*status)) {
                    // `Response 200: the post. 404 if there is none.`
                    let sentences = super::sentences::sentences(&text.plain);
                    let told: Vec<u16> =
                        sentences.iter().flat_map(|own| in_sentence(own)).collect();
                    add(status, item.line, status >= 400 && told.contains(&status));
                    for status in told {
                        add(status, item.line, status >= 400);
                    }
                    continue;
                }
                if text.plain.len() > LONGEST_TEXT {
                    continue;
                }
                let listed = in_list(&text.plain);
                for status in listed.into_iter().filter(|_| !is_of_request) {
                    add(status, item.line, false);
                }
                for sentence in super::sentences::sentences(&text.plain) {
                    // A list of them may stand behind other sentences.
                    for status in in_list(&sentence) {
                        add(status, item.line, false);
                    }
                    for status in in_sentence(&sentence) {
                        add(status, item.line, status >= 400);
                    }
                }
            }
            ItemKind::List(items) if !is_of_request => {
                let in_items_alone = items.iter().flat_map(|item| in_item(&plain(item)));
                let is_below = ABOVE.is_match(above);
                let is_below_label = ABOVE.is_match(labelled);
                let told = if is_of_answer || is_of_statuses(item) || is_below || is_below_label {
                    in_told_items(items)
                } else {
                    Vec::new()
                };
                let all = in_items(items, is_below).into_iter().chain(in_items_alone);
                for status in all.chain(told) {
                    add(status, item.line, false);
                }
            }
            ItemKind::Table(table) if is_sent(item.section) => {
                for (status, line) in in_rows(table) {
                    add(status, line, true);
                }
            }
            // Elsewhere it may be the answer of another operation that shares the examples.
            ItemKind::Code(text) if is_of_answer => {
                if let Some((status, _)) = of_answer(text) {
                    add(status, item.line, status >= 400);
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::BlockKind;
    use rstest::rstest;

    fn marked(text: &str) -> Text {
        let plain = text.replace(['*', '`'], "");
        let marked = text
            .strip_prefix("**")
            .and_then(|rest| rest.find("**"))
            .unwrap_or_default();
        Text {
            marked,
            ..Text::of(plain)
        }
    }

    #[rstest]
    #[case("**204**", Some(204))]
    #[case("**204 No Content**", Some(204))]
    #[case("204 No Content", Some(204))]
    #[case("Status: 204", Some(204))]
    #[case("**Status:** 204", Some(204))]
    #[case("**Response** `200 OK`", Some(200))]
    #[case("Response: 201 Created", Some(201))]
    #[case("HTTP/1.1 204 No Content", Some(204))]
    #[case("Success: `204`", Some(204))]
    #[case("响应状态码：204", Some(204))]
    #[case("**200 OK** - the widgets", Some(200))]
    #[case("Returns `200 OK` with:", Some(200))]
    #[case("Returns 201 Created and the widget:", Some(201))]
    #[case("Responds with `201 Created`:", Some(201))]
    #[case("409 Conflict: the name is taken.", Some(409))]
    #[case("HTTP 201 Created with:", Some(201))]
    #[case("409 Widgets: the most of them.", None)]
    #[case("200:", Some(200))]
    #[case("204", None)]
    #[case("2048:", None)]
    #[case("500 widgets", None)]
    #[case("**500 widgets**", None)]
    #[case("Response time: 300 ms", None)]
    #[case("Returns 100 widgets:", None)]
    #[case("Returns 200 widgets:", None)]
    #[case("Returns `200` with a station, or `404`:", Some(404))]
    #[case("Returns 200, or 404 Not Found:", Some(404))]
    #[case("Returns 200, or 404 if there is none:", None)]
    #[case(
        "Returns 201. If this project already has another label of the very same name, answers `409 Conflict`:",
        Some(409)
    )]
    #[case("**299**", None)]
    fn a_line_announces_the_answer_of_a_status(#[case] text: &str, #[case] status: Option<u16>) {
        assert_eq!(announced(&marked(text)), status, "{text}");
    }

    #[rstest]
    #[case("HTTP 200 on success, 404 otherwise.", &[200, 404])]
    #[case("On success, the server answers `201 Created`.", &[201])]
    #[case("A `404 Not Found` is returned if there is none.", &[404])]
    #[case("If the ship does not exist, a 404 error is returned.", &[404])]
    #[case("The call fails with `403 Forbidden` if you may not.", &[403])]
    #[case("Throws 403 if you may not.", &[403])]
    #[case("An HTTP 202 response code is returned.", &[202])]
    #[case("If the request succeeds, the server sends a 200 response.", &[200])]
    #[case("You will get a 200 response.", &[200])]
    #[case("You'll get back a `200`.", &[200])]
    #[case("Expected response: 204", &[204])]
    #[case("Result: 204 No Content", &[204])]
    #[case("This call returns no content (204).", &[204])]
    #[case("成功：200", &[200])]
    #[case("HTTP 状态码 200 表示成功", &[200])]
    #[case("失败返回 404", &[404])]
    #[case("成功时返回 `201`", &[201])]
    #[case("如果不存在，返回 404。", &[404])]
    #[case("The call returns 200 items.", &[])]
    #[case("You get 200 requests a minute.", &[])]
    #[case("返回 200 条记录。", &[])]
    #[case("最多返回 200 条。", &[])]
    #[case("Returns 204 No Content.", &[204])]
    #[case("Returns 204 on success, 409 if it is in use.", &[204, 409])]
    #[case("Responds with status 204 and no body.", &[204])]
    #[case("On success, the answer is 204.", &[204])]
    #[case("It is answered with HTTP status code 202.", &[202])]
    #[case("Returns 200 if it was there, or 201 if it is new.", &[200, 201])]
    #[case("Returns 404 if there is none.", &[404])]
    #[case("Returns HTTP 201 when made, HTTP 409 otherwise.", &[201, 409])]
    #[case("Response: 201 Created with the job.", &[201])]
    #[case("Response time is 300 ms.", &[])]
    #[case("→ 201 with the item, 400 if the name is missing", &[201, 400])]
    #[case("It never returns 404.", &[])]
    #[case("Returns 404 instead of 403.", &[404])]
    #[case("Returns 200 widgets at most.", &[])]
    #[case("`404` if there is none, `409` if it is not deleted.", &[404, 409])]
    #[case("200 items if there are as many.", &[])]
    #[case("Returns 400 items.", &[])]
    #[case("The limit is 200.", &[])]
    #[case("Earlier versions returned 200.", &[])]
    fn a_sentence_states_statuses(#[case] text: &str, #[case] expected: &[u16]) {
        assert_eq!(in_sentence(text), expected, "{text}");
    }

    #[rstest]
    #[case("HTTP/1.1 200 OK\nContent-Type: a/b\n\n{}", Some((200, false)))]
    #[case("HTTP/1.1 204 Done\n", Some((204, true)))]
    #[case("HTTP 201 Created", Some((201, true)))]
    #[case("Content-Type: a/b\n422 Unprocessable Entity", Some((422, true)))]
    #[case("401 Unauthorized\nContent-Type: a/b\n\n{}", Some((401, false)))]
    #[case("200 boxes", None)]
    #[case("GET /boxes HTTP/1.1\nHost: a\n\nHTTP/1.1 200 OK", None)]
    #[case("{\"a\": 1}\nHTTP/1.1 200 OK", None)]
    fn a_block_of_code_shows_the_answer_of_a_status(
        #[case] code: &str,
        #[case] expected: Option<(u16, bool)>,
    ) {
        assert_eq!(of_answer(code), expected, "{code}");
    }

    #[rstest]
    #[case("Errors: 400 bad input, 404 not found", &[400, 404])]
    #[case("Errors: 400, 404", &[400, 404])]
    #[case("Possible error codes: 409 (in use), 422.", &[409, 422])]
    #[case("Errors: see chapter 404.", &[])]
    #[case("Responses: 200 OK, 304 Not Modified", &[200, 304])]
    #[case("Response codes: 201 (created), 409 (exists)", &[201, 409])]
    #[case("Status: 201 | 409", &[201, 409])]
    fn a_line_lists_statuses(#[case] text: &str, #[case] expected: &[u16]) {
        assert_eq!(in_list(text), expected, "{text}");
    }

    #[rstest]
    #[case("On success: `201`|If the name is taken: `409`", &[201, 409])]
    #[case("`201` on success|`409` for a name that is taken", &[201, 409])]
    #[case("Created: returns 201|It failed: an error", &[201])]
    #[case("Success: 200 (OK)|Missing: 404 (Not Found)", &[200, 404])]
    #[case("Success: 200|Missing: 404 (Left Luggage)", &[])]
    #[case("创建成功：返回 `200`。|创建失败：返回相应的出错信息。", &[200])]
    #[case("count: 200|size: 404", &[])]
    #[case("On success: 201|The limit of jobs: 200 at most", &[])]
    fn items_below_an_answers_label_tell_statuses(#[case] text: &str, #[case] expected: &[u16]) {
        let item = |own: &str| vec![Block::new(1, BlockKind::Paragraph(marked(own)))];
        let items: Vec<Vec<Block>> = text.split('|').map(item).collect();
        assert_eq!(in_told_items(&items), expected, "{text}");
    }
}
