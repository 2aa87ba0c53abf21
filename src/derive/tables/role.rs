//! What a table describes: told by its title, else by where it stands.

use std::sync::LazyLock;

use super::FieldTable;
use crate::derive::labels::{self, Label};
use crate::derive::mandatory;
use crate::derive::outline::Item;
use crate::derive::rows::{self, FieldRow};
use crate::derive::section::{Section, section_of};
use crate::page::words::Column;
use crate::page::{Subject, Table};
use crate::vocabulary::Phrase;

phrases! {
    Roles:

    /// Sentences that call the fields below them the answer's, and words of a request in them.
    static OF_ANSWER;

    /// Words for an answer, in a label before its fields.
    static ANSWERED;

    /// Labels of cookies.
    static COOKIES;

    /// Words for what is neither a request's nor the answer of one that is taken.
    static OF_OTHERS;

    /// Words for fields.
    static NAMES_FIELDS;

    /// Words for a request, and for what is sent in it.
    static OF_REQUEST;

    /// Words for fields, or for what is done with them in a request.
    static OF_FIELDS;

    /// Titles of a table of the headers of an answer.
    static RESPONSE_HEADERS;

    /// Titles of a table of the parameters of a path.
    static PATH;

    /// Titles of a table of the parameters of a query.
    static QUERY;

    /// Titles of a table of the headers of a request.
    static HEADER;

    /// Titles of a table of the body of a request.
    static REQUEST_BODY;

    /// Titles of a table of the body of an answer.
    static RESPONSE_BODY;

    /// Titles of a table of parameters of which the section says what they are.
    static PARAMETERS;

    /// Words by which a title below an answer is that of a request.
    static SAYS_REQUEST;

    /// Words by which a title elsewhere is that of an answer.
    static SAYS_RESPONSE;

    /// Words by which a heading is that of statuses alone.
    static SAYS_STATUS;
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

/// The roles that titles of tables tell, with the titles of each. The first match wins.
static TITLES: [(&LazyLock<Phrase>, Role); 7] = [
    (&RESPONSE_HEADERS, Role::ResponseHeader),
    (&PATH, Role::Path),
    (&QUERY, Role::Query),
    (&HEADER, Role::Header),
    (&REQUEST_BODY, Role::RequestBody),
    (&RESPONSE_BODY, Role::ResponseBody),
    (&PARAMETERS, Role::Parameters),
];

/// Whether a sentence that leads to a table says that its fields are those of the answer.
pub(super) fn tells_of_answer(sentence: &str) -> bool {
    let is_label = sentence.trim_end().ends_with([':', '：']);
    let is_of_answer = OF_ANSWER.is_match(sentence) || is_label && ANSWERED.is_match(sentence);
    is_of_answer && !OF_REQUEST.is_match(sentence) && !OF_OTHERS.is_match(sentence)
}

/// Whether what stands above a table speaks of a request, or of what is sent in it.
pub(in crate::derive) fn tells_of_request(text: &str) -> bool {
    OF_REQUEST.is_match(text)
}

/// Whether a sentence calls the fields below it the answer's outright.
pub(super) fn names_answer(sentence: &str) -> bool {
    OF_ANSWER.is_match(sentence)
}

/// Whether what stands right above a table with a colon speaks of nothing that has fields of its own:
/// neither errors, events and the like nor, unless the table is one of parameters, an answer.
pub(super) fn is_open_lead(lead: &str, is_of_parameters: bool) -> bool {
    lead.trim_end().ends_with([':', '：'])
        && (is_of_parameters || !ANSWERED.is_match(lead))
        && !OF_OTHERS.is_match(lead)
        && lead.split_whitespace().count() > 1
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
    match section {
        Section::Response | Section::AbnormalResponse | Section::ResponseExample => {
            !SAYS_REQUEST.is_match(title)
        }
        _ => SAYS_RESPONSE.is_match(title),
    }
}

/// The role that the title of a table tells, else the label before it.
pub(super) fn by_title(title: &str, label: Option<&str>) -> Option<Role> {
    let titled = TITLES
        .iter()
        .find(|(pattern, _)| pattern.is_match(title))
        .map(|(_, role)| *role);
    titled.or_else(|| {
        let label = label.filter(|_| title.is_empty())?;
        RESPONSE_HEADERS
            .is_match(label)
            .then_some(Role::ResponseHeader)
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

/// The role of a table whose title is a label that says where fields are sent, whichever side the
/// section is of: `Table 1 Body`.
pub(super) fn by_place_in_title(
    item: &Item<'_>,
    title: &str,
    before: &[FieldTable],
) -> Option<Role> {
    let own = match labels::label(title)? {
        Label::Neutral(Some(role)) => role,
        Label::Of(Section::Request, Some(role)) if !is_answer(item.section) => role,
        _ => return None,
    };
    let role = match (item.section, own) {
        (Section::Request | Section::Uri | Section::Operation, own) => own,
        (section, Role::RequestBody) if is_answer(section) => Role::ResponseBody,
        (section, Role::Header) if is_answer(section) => Role::ResponseHeader,
        _ => return None,
    };
    let is_taken = before
        .iter()
        .any(|table| table.role == role && table.status == item.status);
    (!is_taken).then_some(role)
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
    !SAYS_STATUS.is_match(heading)
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
