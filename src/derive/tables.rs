//! Tables told apart: parameters, bodies, named objects, status codes.

use std::collections::BTreeMap;

use regex::Regex;

use super::demand::Demands;
use super::description;
use super::labels::{self, Label};
use super::mandatory::{self, BySign, Mark, Marks, Said, Signs};
use super::named_status::named_status;
use super::outline::{Item, ItemKind};
use super::rows::{self, FieldRow};
use super::section::{Section, section_of};
use super::stated::stated;
use super::statement::Site;
use super::statuses::listed;
use crate::page::words::{self, Column, Place};
use crate::page::{Cell, Page, Row, Subject, Table, caption};
use crate::pattern::compile;

/// How many fields are read of one page.
pub(super) const MOST_FIELDS: usize = 5_000;

/// What a table describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Path,
    Query,
    Header,
    RequestBody,
    ResponseBody,
    /// `Parameter description`: the section says of what.
    Parameters,
    /// An object that another table's row refers to.
    Object,
    /// The headers of an answer.
    ResponseHeader,
}

/// A table of parameters or fields.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldTable {
    pub role: Role,
    pub section: Section,
    /// The words of the section's heading.
    pub label: String,
    pub status: Option<u16>,
    /// The number of the caption.
    pub number: Option<u32>,
    /// The name that the caption gives to an object.
    pub name: Option<String>,
    pub anchors: Vec<String>,
    pub rows: Vec<FieldRow>,
    pub site: Site,
    /// Whether it stands outside the operation: then it is only what a row refers to.
    pub is_shared: bool,
}

impl FieldTable {
    /// Whether marks behind names call fields of the table optional.
    pub(super) fn marks_optional(&self) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|row| row.mark == Some(Mark::Word) && row.mandatory == Some(Said::Optional))
    }
}

impl FieldTable {
    /// Whether marks behind names of the table say what must be sent.
    pub(super) fn has_marks(&self) -> bool {
        self.marks_optional() || self.rows.iter().any(|row| row.mark == Some(Mark::Star))
    }
}

/// A row of a table of status codes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StatusRow {
    pub status: u16,
    pub site: Site,
}

/// The tables of a page.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Tables {
    pub fields: Vec<FieldTable>,
    pub statuses: Vec<StatusRow>,
    /// Whether the page only mentions some of the statuses of errors, so that others may be
    /// answered.
    pub has_other_errors: bool,
}

/// What a table of the headers of an answer is called.
const RESPONSE_HEADERS: &str = r"(?i)\b(?:response|answer|reply|returned?)s?\s+(?:message\s+)?headers?\b|\bheaders?\s+(?:parameters?\s+)?(?:(?:of|in)\s+(?:the\s+|a\s+|an\s+)?(?:\w+\s+)?(?:response|answer|reply)|returned)|响应\s*header|响应(?:消息)?头|返回(?:消息)?头";

/// The titles of tables: pattern and role. The first match wins.
const TITLES: &[(&str, Role)] = &[
    (RESPONSE_HEADERS, Role::ResponseHeader),
    (
        r"(?i)\bpath param|^ur[il] param|路径参数|ur[il]参数",
        Role::Path,
    ),
    (
        r"(?i)\bquery\s+(?:string\s+)?param|\bquery\s*参数|查询参数|^query$",
        Role::Query,
    ),
    (
        r"(?i)request header|header param|请求header|请求消息头",
        Role::Header,
    ),
    (
        r"(?i)request body|body param.*request|请求body|请求体|\bform[- ]?(?:data|param|field)|\bmultipart\b|表单",
        Role::RequestBody,
    ),
    (r"(?i)response body|响应body|响应体", Role::ResponseBody),
    (
        r"(?i)^(?:(?:request|response|input|output|returned|common|the)\s+)*(?:message\s+)?param(?:eter)?s?(?:\s+descriptions?)?$|^descriptions? of (?:the )?(?:request |response )?parameters?$|^(?:请求|响应|返回)?(?:消息)?参数(?:说明|列表|描述)?$|^(?:request|response|请求|响应)$",
        Role::Parameters,
    ),
];

pattern! {
    static HEADERS = RESPONSE_HEADERS;

    static TITLE: Vec<(Regex, Role)> = TITLES
        .iter()
        .map(|(text, role)| (compile(text), *role))
        .collect();

    /// Sentences that call the fields below them the answer's, and words of a request in them.
    static OF_ANSWER = r"(?i)\b(?:(?:returned|contained|included|present)\s+(?:in|with|by)\s+(?:the|a|each|every)\s+(?:\w+\s+)?(?:response|answer|reply)|(?:response|answer|reply)(?:\s+(?:body|object|payload|data))?\s+(?:contains?|has|have|includes?|consists?|returns?)\b)[^.]*[:：]\s*$";
    static ANSWERED = r"(?i)\b(?:respon(?:d|se)\w*|return(?:s|ed)?|results?|answers?|repl(?:y|ies)|outputs?|get(?:s)? back|on success|successful(?:ly)?)\b|响应|返回|结果";
    /// Words for what is neither a request's nor the answer of one that is taken.
    static OF_OTHERS = r"(?i)\b(?:errors?|exceptions?|failures?|webhooks?|callbacks?|events?|permissions?|scopes?|roles?|privileges?|rate limits?|limits|quotas?|environment variables?|changelog|history)\b|错误|异常|回调|权限|限流";
    static NAMES_FIELDS = r"(?i)\b(?:param(?:eter)?|arg(?:ument)?|field|attribute|propert(?:y|ie)|option)s?\b";
    /// Words for fields, or for what is done with them in a request.
    static OF_FIELDS = r"(?i)\b(?:request|quer(?:y|ies)|sen[dt]|pass|submit|provid|specif|param|arg|field|attribute|propert|option|input|bod(?:y|ies)|payload|filter|accept|support|tak(?:e|es|ing)\b|require|mandatory|header|path|ur[il]|follow|below|available|must|can\b|may\b|form|json|data|key|value|criteri|setting|variable|use[ds]?\b|set\b|contain|includ|member|element|column|where|note)|[^\x00-\x7f]";
    static OF_REQUEST = r"(?i)\b(?:request|query|send|sent|pass(?:ed)?|submit(?:ted)?|provide|specif(?:y|ied))\b";

    /// Titles that name the field or object whose structure the table tells.
    static OBJECT = [
        r"(?i)^data structure description of (?:the )?(?:field |parameter )?(?P<name>[\w.$-]+)",
        r"(?i)^(?:description of )?(?:the )?(?P<name>[\w.$-]+)\s+(?:field|parameter|object|structure|data)?\s*(?:data )?(?:structure|field|parameter|object|array|elements?|list)s?(?:\s+(?:data )?(?:structure|description|parameters?))*",
        r"(?i)^(?:descriptions? of |parameters in |parameters of )(?:the )?(?P<name>[\w.$-]+)",
        r"^(?P<name>[\w.$-]+?)\s*(?:字段|参数|对象|结构|数据|数组|列表|元素)",
        r"^(?P<name>[A-Za-z][\w.$-]*)\s*(?:[(（].*)?$",
    ];
}

/// Reads the tables of a page.
pub(super) fn tables(page: &Page, items: &[Item<'_>], marks: Marks) -> Tables {
    let mut found = Tables::default();
    let mut left = 2 * MOST_FIELDS;
    // The statuses that codes of errors are answered with.
    let mut of_codes = Vec::new();
    let frees_all = items.iter().any(|item| match item.kind {
        ItemKind::Paragraph(text) => mandatory::frees_all(&text.plain),
        _ => false,
    });
    let demands = Demands::of(items);
    for (index, item) in items.iter().enumerate() {
        if let ItemKind::Paragraph(text) = item.kind {
            let site = Site {
                page: page.name.clone(),
                edition: page.edition.clone(),
                table: item.heading.to_owned(),
                row: String::new(),
                line: item.line,
            };
            for status in listed(&text.plain) {
                add_status(
                    status,
                    site.at(status.to_string(), item.line),
                    &mut found.statuses,
                );
            }
        }
        let ItemKind::Table(table) = item.kind else {
            continue;
        };
        let label = index
            .checked_sub(1)
            .and_then(|before| label(items.get(before)?));
        let columns = rows::columns(table);
        if columns.contains(&Some(Column::ErrorCode)) && !columns.contains(&Some(Column::Type)) {
            let site = Site {
                page: page.name.clone(),
                edition: page.edition.clone(),
                table: item.heading.to_owned(),
                row: String::new(),
                line: item.line,
            };
            statuses(table, &columns, &site, &mut of_codes);
            continue;
        }
        let caption = item.caption.map(|caption| caption.plain.clone());
        let site = Site {
            page: page.name.clone(),
            edition: page.edition.clone(),
            table: caption.clone().unwrap_or_else(|| item.heading.to_owned()),
            row: String::new(),
            line: item.line,
        };
        if columns.contains(&Some(Column::Status)) && !columns.contains(&Some(Column::Name)) {
            statuses(table, &columns, &site, &mut found.statuses);
        } else if columns.contains(&Some(Column::Name)) {
            let rows: Vec<FieldRow> = table
                .rows
                .iter()
                .filter(|row| !rows::says_nothing(row, &columns, table.rows.len()))
                .filter_map(|row| rows::read(row, &columns, &site))
                .take(left)
                .collect();
            left -= rows.len();
            let rows = placed(rows, table, &columns);
            let rows = beside_signs(rows, table, &columns);
            let introduced = index
                .checked_sub(1)
                .and_then(|before| introduction(items.get(before)?));
            let lead = index
                .checked_sub(1)
                .and_then(|before| lead(items.get(before)?));
            let words = (label, introduced, lead);
            let mut described = field_table(table, item, words, rows, site, &found.fields);
            if !columns.contains(&Some(Column::Mandatory)) {
                imply(&mut described, marks, frees_all, &demands);
            }
            found.fields.push(described);
        }
    }
    found.add_stated(page, items, of_codes);
    found
}

/// The statuses of requests that a service does not take as they are.
const OF_BAD_REQUESTS: [u16; 2] = [400, 422];

impl Tables {
    /// Adds the statuses that codes of errors have, and that lines, lists and sentences state, where
    /// no table of statuses does.
    fn add_stated(&mut self, page: &Page, items: &[Item<'_>], of_codes: Vec<StatusRow>) {
        let is_error = |status: u16| status >= 400;
        let mut known: Vec<u16> = self
            .fields
            .iter()
            .filter_map(|table| table.status)
            .collect();
        known.extend(self.statuses.iter().map(|row| row.status));
        let lists_errors = known.iter().any(|status| is_error(*status));
        let mut errors = Vec::new();
        // Codes are those of some errors: others may be answered as well.
        for own in of_codes {
            if is_error(own.status) && !known.contains(&own.status) {
                errors.push((own.status, true));
                known.push(own.status);
                add_status(own.status, own.site, &mut self.statuses);
            }
        }
        for own in stated(items) {
            if is_error(own.status) && !known.contains(&own.status) {
                errors.push((own.status, own.is_aside));
            }
            if known.contains(&own.status) {
                continue;
            }
            let heading = items.iter().rfind(|item| item.line <= own.line);
            let site = Site {
                page: page.name.clone(),
                edition: page.edition.clone(),
                table: heading.map_or("", |item| item.heading).to_owned(),
                row: own.status.to_string(),
                line: own.line,
            };
            add_status(own.status, site, &mut self.statuses);
        }
        // What is told in passing is no list of all, and a list without the answer to a bad request
        // is none either.
        let is_whole = errors
            .iter()
            .any(|(status, is_aside)| !is_aside && OF_BAD_REQUESTS.contains(status));
        self.has_other_errors = !lists_errors && !errors.is_empty() && !is_whole;
    }
}

/// The header of a table's column of names, where it says of what the fields are.
fn telling_header<'t>(table: &'t Table, columns: &[Option<Column>]) -> Option<(&'t str, Place)> {
    let mut names = columns.iter().zip(&table.header);
    names
        .find(|(column, _)| **column == Some(Column::Name))
        .and_then(|(_, header)| Some((header.as_str(), words::header_place(header)?)))
}

/// The rows of a table whose column of names says where its fields are sent.
fn placed(mut rows: Vec<FieldRow>, table: &Table, columns: &[Option<Column>]) -> Vec<FieldRow> {
    let header = telling_header(table, columns)
        .filter(|(_, place)| *place != Place::Elsewhere)
        .map(|(header, _)| header.to_lowercase());
    if let Some(header) = header {
        for row in &mut rows {
            row.location.get_or_insert_with(|| header.clone());
        }
    }
    rows
}

/// The rows of a table whose column of requiredness has signs that mean something only beside each
/// other.
fn beside_signs(
    mut rows: Vec<FieldRow>,
    table: &Table,
    columns: &[Option<Column>],
) -> Vec<FieldRow> {
    let at = columns
        .iter()
        .position(|column| *column == Some(Column::Mandatory));
    let Some(at) = at else {
        return rows;
    };
    let signs = Signs::of(table, at);
    let by_line: BTreeMap<usize, BySign> = table
        .rows
        .iter()
        .filter_map(|row| Some((row.line, signs.of_cell(&row.cells.get(at)?.plain())?)))
        .collect();
    for row in &mut rows {
        if let Some(said) = by_line.get(&row.site.line) {
            row.mandatory = said.said();
        }
    }
    rows
}

/// What a sentence or marks behind some names say of a request's fields: that all may be left out; a
/// star that a legend explains; or that those without a mark for what may be left out must be sent.
fn imply(table: &mut FieldTable, marks: Marks, frees_all: bool, demands: &Demands<'_>) {
    let is_answer = matches!(
        table.section,
        Section::Response | Section::ResponseExample | Section::AbnormalResponse
    );
    if is_answer
        || matches!(
            table.role,
            Role::ResponseBody | Role::Object | Role::ResponseHeader
        )
    {
        return;
    }
    if let Some(said) = mandatory::of_label(&table.label) {
        for row in &mut table.rows {
            row.mandatory = row.mandatory.or(Some(said));
        }
        return;
    }
    if frees_all {
        for row in &mut table.rows {
            row.implied = Some(Said::Optional);
        }
        return;
    }
    let names: Vec<&str> = table.rows.iter().map(|row| row.name.as_str()).collect();
    let demanded = demands.named(&table.label, &names);
    let demands_all = demands.all(&table.label);
    for row in &mut table.rows {
        if demanded.contains(&row.name) {
            row.mandatory = row.mandatory.or(Some(Said::Mandatory));
        } else if demands_all && !row.text.to_lowercase().contains("optional") {
            row.implied = Some(Said::Mandatory);
        }
    }
    let is_starred = |row: &FieldRow| row.mark == Some(Mark::Star);
    if !marks.star && !marks.note {
        // Without a word about it a star has the meaning that most give it.
        for row in table.rows.iter_mut().filter(|row| is_starred(row)) {
            row.implied = Some(Said::Mandatory);
        }
    }
    if marks.star {
        for row in table
            .rows
            .iter_mut()
            .filter(|row| row.mark == Some(Mark::Star))
        {
            row.mandatory = row.mandatory.or(Some(Said::Mandatory));
        }
    }
    for row in &mut table.rows {
        // What has a default may be left out.
        let has_default = row
            .passages
            .iter()
            .any(|own| own.label == description::Label::Default);
        row.implied = row
            .implied
            .filter(|_| !has_default)
            .or(has_default.then_some(Said::Optional));
    }
    // A table with stars has its own way to mark, whatever others have.
    let has_stars = || table.rows.iter().any(|row| row.mark == Some(Mark::Star));
    let some_may_lack = table.marks_optional() || marks.question && !has_stars();
    for row in &mut table.rows {
        if some_may_lack && row.mandatory.is_none() {
            row.implied = row.implied.or(Some(Said::Mandatory));
        }
    }
}

/// The number that a caption has.
pub(super) fn number_of(caption: &str) -> Option<u32> {
    caption::parts(caption)?.0
}

fn statuses(table: &Table, columns: &[Option<Column>], site: &Site, statuses: &mut Vec<StatusRow>) {
    let Some(column) = columns
        .iter()
        .position(|column| *column == Some(Column::Status))
    else {
        return;
    };
    for row in &table.rows {
        if let Some(status) = status_of_row(row, column) {
            add_status(status, site.at(status.to_string(), row.line), statuses);
        }
    }
}

/// Adds a status that is not there yet.
fn add_status(status: u16, site: Site, statuses: &mut Vec<StatusRow>) {
    if !statuses.iter().any(|known| known.status == status) {
        statuses.push(StatusRow { status, site });
    }
}

/// The status code of a row: that of its column, or where a merged cell was left out on the way, the
/// cell that is nothing but one.
pub(super) fn status_of_row(row: &Row, column: usize) -> Option<u16> {
    let text = |cell: &Cell| cell.plain().trim().to_owned();
    let own = row.cells.get(column).map(text).unwrap_or_default();
    leading_status(&own).or_else(|| {
        let mut alone = row.cells.iter().map(text).filter(|cell| cell.len() == 3);
        alone.find_map(|cell| leading_status(&cell))
    })
}

/// The status code that a text begins with.
pub(super) fn leading_status(text: &str) -> Option<u16> {
    let digits: String = text
        .trim()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits
        .parse()
        .ok()
        .filter(|status| digits.len() == 3 && (100..600).contains(status))
}

/// The name of the object that a title names.
pub(super) fn object_name(title: &str) -> Option<String> {
    OBJECT
        .iter()
        .find_map(|pattern| Some(pattern.captures(title)?.name("name")?.as_str().to_owned()))
}

fn field_table(
    table: &Table,
    item: &Item<'_>,
    (label, introduced, lead): (Option<&str>, Option<&str>, Option<&str>),
    rows: Vec<FieldRow>,
    site: Site,
    before: &[FieldTable],
) -> FieldTable {
    let caption = item
        .caption
        .map(|caption| caption.plain.trim().to_owned())
        .unwrap_or_default();
    let (number, title) = caption::parts(&caption).unwrap_or((None, &caption));
    let named = named_status(title).filter(|_| is_of_answer(item.section, title));
    let (status, title) = match &named {
        Some((status, rest)) => (Some(*status), rest.as_str()),
        None => (item.status, title),
    };
    let title = title.trim();
    // A caption that is a label of the answer's says so wherever it stands.
    let captioned = of_answer(title).filter(|_| !is_answer(item.section));
    let item = &Item {
        status,
        section: captioned.map_or(item.section, |(section, _)| section),
        role: captioned.map_or(item.role, |(_, role)| role),
        ..*item
    };
    let titled = TITLE
        .iter()
        .find(|(pattern, _)| pattern.is_match(title))
        .map(|(_, role)| *role);
    let titled = titled.or_else(|| {
        let label = label.filter(|_| title.is_empty())?;
        HEADERS.is_match(label).then_some(Role::ResponseHeader)
    });
    let name = match titled {
        None if !title.is_empty() => object_name(title),
        _ => None,
    };
    let role = match titled {
        _ if table.subject.is_some() => of_subject(table.subject, &rows),
        _ if item.is_free && !tells_of_fields(table, item) && !is_of_request(item.heading) => {
            Role::Object
        }
        Some(Role::Parameters) | None if title.is_empty() || titled.is_some() => {
            by_place(item, &rows, before)
        }
        Some(role) => role,
        // A title of its own kind: an object, unless its part of the page has no body yet and
        // nothing refers to it.
        None if name.is_none() => by_place(item, &rows, before),
        None => Role::Object,
    };
    let columns = rows::columns(table);
    let is_headed = telling_header(table, &columns)
        .is_some_and(|(_, place)| place == Place::Elsewhere && table.subject.is_none());
    let is_open = matches!(role, Role::Parameters | Role::Query | Role::RequestBody)
        && title.is_empty()
        && item.role.is_none()
        && table.subject.is_none();
    let is_told = is_open && introduced.is_some_and(tells_of_answer);
    let is_told = is_told || is_headed && role != Role::ResponseHeader;
    // A label that is not that of a request's fields tells of something else.
    let role = match lead.filter(|_| is_open && !is_told) {
        Some(lead) if !leads_to_request(lead) => Role::Object,
        _ => role,
    };
    // What a sentence calls fields of the answer is no part of the request, whatever stands above.
    let role = match is_told {
        true if is_first_of_answer(before, item.status) => Role::ResponseBody,
        true => Role::Object,
        false => role,
    };
    let section = match table.subject {
        _ if is_told => Section::Response,
        Some(Subject::Request) => Section::Request,
        Some(Subject::Response) => Section::Response,
        Some(Subject::Inner) | None => item.section,
    };
    FieldTable {
        role,
        section,
        label: item.heading.to_owned(),
        status: item.status,
        number,
        // A table that has a name is the object of no row but those that say so.
        name: match table.subject {
            Some(Subject::Inner) => table.anchors.first().cloned(),
            _ => name,
        },
        anchors: table
            .anchors
            .iter()
            .chain(
                item.caption
                    .into_iter()
                    .flat_map(|caption| &caption.anchors),
            )
            .chain(item.anchors)
            .cloned()
            .collect(),
        rows,
        site,
        is_shared: false,
    }
}

/// Whether a sentence that leads to a table says that its fields are those of the answer.
fn tells_of_answer(sentence: &str) -> bool {
    let is_label = sentence.trim_end().ends_with([':', '：']);
    let is_of_answer = OF_ANSWER.is_match(sentence) || is_label && ANSWERED.is_match(sentence);
    is_of_answer && !OF_REQUEST.is_match(sentence) && !OF_OTHERS.is_match(sentence)
}

/// Whether what stands right above a table with a colon, or is set off as a label is, can lead to the
/// fields of a request.
fn leads_to_request(lead: &str) -> bool {
    labels::label(lead).is_some()
        || NAMES_FIELDS.is_match(lead)
        || OF_FIELDS.is_match(lead) && !OF_OTHERS.is_match(lead)
}

/// The section and the role that a caption names which is a label of the answer's.
fn of_answer(title: &str) -> Option<(Section, Option<Role>)> {
    match labels::label(title) {
        Some(Label::Of(section, role)) if is_answer(section) => return Some((section, role)),
        _ => {}
    }
    let section = section_of(title).filter(|section| is_answer(*section))?;
    Some((section, None))
}

fn is_answer(section: Section) -> bool {
    matches!(
        section,
        Section::Response | Section::ResponseExample | Section::AbnormalResponse
    )
}

/// What stands right before a table as a label: a paragraph with a colon at its end, or a short one
/// that is set off as a whole.
fn lead<'p>(before: &Item<'p>) -> Option<&'p str> {
    let ItemKind::Paragraph(text) = before.kind else {
        return None;
    };
    let plain = text.plain.trim();
    let last = plain.rsplit(". ").next().unwrap_or(plain);
    let is_set_off = text.marked > 0
        && !plain.contains('/')
        && text.marked >= text.plain.trim_end().len()
        && plain.chars().count() <= LONGEST_LABEL;
    (is_set_off || last.ends_with([':', '：'])).then_some(last)
}

/// Whether no table before describes the answer of a status.
fn is_first_of_answer(before: &[FieldTable], status: Option<u16>) -> bool {
    !before
        .iter()
        .any(|table| table.role == Role::ResponseBody && table.status == status)
}

/// Whether a heading says in so many words that fields of a request stand below it.
fn is_of_request(heading: &str) -> bool {
    matches!(
        labels::label(heading),
        Some(Label::Of(Section::Request, Some(_)))
    )
}

/// Whether a title is that of something in an answer: by its own words, else by where it stands.
fn is_of_answer(section: Section, title: &str) -> bool {
    let folded = title.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    match section {
        Section::Response | Section::AbnormalResponse | Section::ResponseExample => {
            !has(&["request", "请求"])
        }
        _ => has(&["response", "returned", "响应", "返回"]),
    }
}

/// What stands right before a table without a caption and says what it holds: a heading, or a short
/// paragraph that introduces it.
fn label<'p>(before: &Item<'p>) -> Option<&'p str> {
    let text = match before.kind {
        ItemKind::Heading(text) => text.plain.as_str(),
        ItemKind::Paragraph(text) => {
            let plain = text.plain.trim();
            let is_label = plain.ends_with([':', '：']) || !plain.ends_with(['.', '。']);
            is_label.then_some(plain)?
        }
        ItemKind::List(_)
        | ItemKind::Table(_)
        | ItemKind::Code(_)
        | ItemKind::Target { .. }
        | ItemKind::Unread(_) => return None,
    };
    (text.chars().count() <= LONGEST_LABEL).then_some(text)
}

/// The sentence right before a table.
fn introduction<'p>(before: &Item<'p>) -> Option<&'p str> {
    let ItemKind::Paragraph(text) = before.kind else {
        return None;
    };
    let plain = text.plain.trim();
    let last = plain.rsplit(". ").next().unwrap_or(plain);
    (last.chars().count() <= 200).then_some(last)
}

/// The longest label of a table, in characters.
const LONGEST_LABEL: usize = 60;

/// The role of a table whose markup tells.
fn of_subject(subject: Option<Subject>, rows: &[FieldRow]) -> Role {
    let is_headers = rows.iter().all(|row| row.is_sent_as("header"));
    match subject {
        Some(Subject::Request) => Role::Parameters,
        Some(Subject::Response) if is_headers => Role::ResponseHeader,
        Some(Subject::Response) => Role::ResponseBody,
        Some(Subject::Inner) | None => Role::Object,
    }
}

/// Whether the columns of a table are those of fields: a name alone may be that of anything, and
/// beside an example where no label says what is sent.
fn tells_of_fields(table: &Table, item: &Item<'_>) -> bool {
    rows::columns(table).iter().any(|column| match column {
        Some(
            Column::Type
            | Column::Mandatory
            | Column::Description
            | Column::Default
            | Column::Range
            | Column::Location,
        ) => true,
        Some(Column::Example) => item.role.is_some(),
        _ => false,
    })
}

/// The role of a table whose caption does not tell: by its section and what stands before it.
fn by_place(item: &Item<'_>, rows: &[FieldRow], before: &[FieldTable]) -> Role {
    if let Some(role) = item.role {
        let is_second = before
            .iter()
            .any(|table| table.role == role && table.label == item.heading);
        return if is_second { Role::Object } else { role };
    }
    // `Required parameters` and `Optional parameters` are two tables of one kind.
    let half = mandatory::of_label(item.heading);
    let is_other_half = |table: &FieldTable| {
        let other = mandatory::of_label(&table.label);
        half.is_some() && other.is_some() && other != half
    };
    // `Parameters` of the path, and then `Input`.
    let is_of_request = item.is_free
        && matches!(
            labels::label(item.heading),
            Some(Label::Of(Section::Request, _))
        );
    let is_other_label = |table: &FieldTable| is_of_request && table.label != item.heading;
    let taken = |role: Role| {
        before.iter().any(|table| {
            table.role == role
                && table.section == item.section
                && table.status == item.status
                && !is_other_half(table)
                && !is_other_label(table)
        })
    };
    match item.section {
        Section::Operation if taken(Role::Parameters) => Role::Object,
        Section::Uri | Section::Operation => Role::Parameters,
        Section::RequestExample | Section::ResponseExample if item.is_free => Role::Object,
        Section::Request | Section::RequestExample => {
            if !rows.is_empty() && rows.iter().all(|row| is_header(&row.name)) {
                Role::Header
            } else if taken(Role::RequestBody) || taken(Role::Parameters) {
                Role::Object
            } else {
                Role::Parameters
            }
        }
        Section::Response | Section::ResponseExample | Section::AbnormalResponse => {
            if !rows.is_empty() && rows.iter().all(|row| is_header(&row.name)) {
                Role::ResponseHeader
            } else if taken(Role::ResponseBody) {
                Role::Object
            } else {
                Role::ResponseBody
            }
        }
        // `Return values` are codes in some references, and fields in others.
        Section::StatusCodes if is_of_fields(item.heading) && !taken(Role::ResponseBody) => {
            Role::ResponseBody
        }
        _ => Role::Object,
    }
}

/// Whether the heading of a section of statuses may be that of what is answered as well.
fn is_of_fields(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    !["status", "code", "码"]
        .iter()
        .any(|word| heading.contains(word))
}

/// Whether a name is that of an HTTP header.
fn is_header(name: &str) -> bool {
    let folded = name.to_lowercase();
    folded.starts_with("x-")
        || matches!(
            folded.as_str(),
            "content-type"
                | "host"
                | "authorization"
                | "content-length"
                | "accept"
                | "etag"
                | "retry-after"
                | "last-modified"
                | "www-authenticate"
        )
}
