//! What a table describes: told by its title, else by where it stands.

use regex::Regex;

use super::FieldTable;
use crate::derive::labels::{self, Label};
use crate::derive::mandatory;
use crate::derive::outline::Item;
use crate::derive::rows::{self, FieldRow};
use crate::derive::section::{Section, section_of};
use crate::page::words::Column;
use crate::page::{Subject, Table};
use crate::pattern::compile;

pattern! {
    static HEADERS = RESPONSE_HEADERS;
    static TITLE: Vec<(Regex, Role)> = TITLES
        .iter()
        .map(|(text, role)| (compile(text), *role))
        .collect();
    /// Sentences that call the fields below them the answer's, and words of a request in them.
    static OF_ANSWER = r"(?i)\b(?:(?:returned|contained|included|present)\s+(?:in|with|by)\s+(?:the|a|each|every)\s+(?:\w+\s+)?(?:response|answer|reply)|(?:response|answer|reply)(?:\s+(?:body|object|payload|data))?\s+(?:contains?|has|have|includes?|consists?|returns?)\b)[^.]*[:：]\s*$";
    static ANSWERED = r"(?i)\b(?:respon(?:d|se)\w*|return(?:s|ed)?|results?|answers?|repl(?:y|ies)|outputs?|get(?:s)? back|on success|successful(?:ly)?)\b|响应|返回|结果";
    static COOKIES = r"(?i)^\W*(?:request\s+)?cookies?(?:\s+param(?:eter)?s?)?\W*$";
    /// Words for what is neither a request's nor the answer of one that is taken.
    static OF_OTHERS = r"(?i)\b(?:errors?|exceptions?|failures?|webhooks?|callbacks?|events?|permissions?|scopes?|roles?|privileges?|rate limits?|limits|quotas?|environment variables?|changelog|history)\b|错误|异常|回调|权限|限流";
    static NAMES_FIELDS = r"(?i)\b(?:param(?:eter)?|arg(?:ument)?|field|attribute|propert(?:y|ie)|option)s?\b";
    /// Words for fields, or for what is done with them in a request.
    static OF_FIELDS = r"(?i)\b(?:request|quer(?:y|ies)|sen[dt]|pass|submit|provid|specif|param|arg|field|attribute|propert|option|input|bod(?:y|ies)|payload|filter|accept|support|tak(?:e|es|ing)\b|require|mandatory|header|path|ur[il]|follow|below|available|must|can\b|may\b|form|json|data|key|value|criteri|setting|variable|use[ds]?\b|set\b|contain|includ|member|element|column|where|note)|[^\x00-\x7f]";
    static OF_REQUEST = r"(?i)\b(?:request|query|send|sent|pass(?:ed)?|submit(?:ted)?|provide|specif(?:y|ied))\b";
}

/// What a table describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::derive) enum Role {
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

/// Whether a sentence that leads to a table says that its fields are those of the answer.
pub(super) fn tells_of_answer(sentence: &str) -> bool {
    let is_label = sentence.trim_end().ends_with([':', '：']);
    let is_of_answer = OF_ANSWER.is_match(sentence) || is_label && ANSWERED.is_match(sentence);
    is_of_answer && !OF_REQUEST.is_match(sentence) && !OF_OTHERS.is_match(sentence)
}

/// Whether what stands right above a table with a colon, or is set off as a label is, can lead to the
/// fields of a request.
pub(super) fn leads_to_request(lead: &str) -> bool {
    labels::label(lead).is_some()
        || NAMES_FIELDS.is_match(lead)
        || OF_FIELDS.is_match(lead) && !OF_OTHERS.is_match(lead)
}

/// The section and the role that a caption names which is a label of the answer's.
pub(super) fn of_answer(title: &str) -> Option<(Section, Option<Role>)> {
    match labels::label(title) {
        Some(Label::Of(section, role)) if is_answer(section) => return Some((section, role)),
        _ => {}
    }
    let section = section_of(title).filter(|section| is_answer(*section))?;
    Some((section, None))
}

pub(super) fn is_answer(section: Section) -> bool {
    matches!(
        section,
        Section::Response | Section::ResponseExample | Section::AbnormalResponse
    )
}

/// Whether no table before describes the answer of a status.
pub(super) fn is_first_of_answer(before: &[FieldTable], status: Option<u16>) -> bool {
    !before
        .iter()
        .any(|table| table.role == Role::ResponseBody && table.status == status)
}

/// Whether a heading says in so many words that fields of a request stand below it.
pub(super) fn is_of_request(heading: &str) -> bool {
    matches!(
        labels::label(heading),
        Some(Label::Of(Section::Request, Some(_)))
    )
}

/// Whether a title is that of something in an answer: by its own words, else by where it stands.
pub(super) fn is_of_answer(section: Section, title: &str) -> bool {
    let folded = title.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    match section {
        Section::Response | Section::AbnormalResponse | Section::ResponseExample => {
            !has(&["request", "请求"])
        }
        _ => has(&["response", "returned", "响应", "返回"]),
    }
}

/// The role that the title of a table tells, else the label before it.
pub(super) fn by_title(title: &str, label: Option<&str>) -> Option<Role> {
    let titled = TITLE
        .iter()
        .find(|(pattern, _)| pattern.is_match(title))
        .map(|(_, role)| *role);
    titled.or_else(|| {
        let label = label.filter(|_| title.is_empty())?;
        HEADERS.is_match(label).then_some(Role::ResponseHeader)
    })
}

/// The role of a table whose label right above it says where its fields are sent.
pub(super) fn by_label(section: Section, label: &str, before: &[FieldTable]) -> Option<Role> {
    let is_of_request = matches!(
        section,
        Section::Request | Section::Uri | Section::Operation
    );
    let has_body = before.iter().any(|table| table.role == Role::RequestBody);
    match labels::label(label) {
        // They are no part of what is sent here, as the rows say.
        _ if is_of_request && is_of_cookies(label) => Some(Role::Header),
        Some(Label::Of(Section::Request, Some(role))) if is_of_request => {
            (role != Role::RequestBody || !has_body).then_some(role)
        }
        Some(Label::Neutral(Some(Role::Header))) if is_of_request => Some(Role::Header),
        _ => None,
    }
}

/// Whether a label is of cookies, which no request of a run has.
pub(super) fn is_of_cookies(label: &str) -> bool {
    COOKIES.is_match(label)
}

/// The role of a table whose markup tells.
pub(super) fn of_subject(subject: Option<Subject>, rows: &[FieldRow]) -> Role {
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
pub(super) fn tells_of_fields(table: &Table, item: &Item<'_>) -> bool {
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
pub(super) fn by_place(item: &Item<'_>, rows: &[FieldRow], before: &[FieldTable]) -> Role {
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
        || folded.starts_with("if-")
        || folded.starts_with("accept-")
        || matches!(
            folded.as_str(),
            "content-type"
                | "host"
                | "authorization"
                | "content-length"
                | "idempotency-key"
                | "accept"
                | "etag"
                | "retry-after"
                | "last-modified"
                | "www-authenticate"
        )
}
