//! Rules and their names: a rule is a place, a field within it and a facet; a fact is identified by
//! the operation and the rule. `Display` and `FromStr` are the one spelling of them, as the names
//! of facts and trials have it: `dcs::CopyInstance::request.backup_format::enum`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::facet::{Facet, UnknownFacet};
use super::field_path::{FieldPath, Step};

/// The statuses that a documented response stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusRange {
    /// One status: `200`.
    Code(u16),
    /// A class: `2XX`.
    Class(u8),
    /// Every status that no other response stands for: `default`.
    Default,
}

impl StatusRange {
    /// Whether a status lies within.
    pub fn covers(self, status: u16) -> bool {
        match self {
            Self::Code(code) => code == status,
            Self::Class(class) => u16::from(class) == status / 100,
            Self::Default => true,
        }
    }

    /// The status, where it is one.
    pub fn code(self) -> Option<u16> {
        match self {
            Self::Code(code) => Some(code),
            Self::Class(_) | Self::Default => None,
        }
    }

    /// The class: 2 for `200` and `2XX`; none of `default`.
    pub fn class(self) -> Option<u16> {
        match self {
            Self::Code(code) => Some(code / 100),
            Self::Class(class) => Some(u16::from(class)),
            Self::Default => None,
        }
    }
}

impl fmt::Display for StatusRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(formatter, "{code}"),
            Self::Class(class) => write!(formatter, "{class}XX"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// Why a text is not the name of a rule or fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It is no status, class of statuses or `default`.
    #[error("`{0}` is no status: expected three digits, a class such as `2XX`, or `default`")]
    Status(String),
    /// It is no place.
    #[error(
        "`{0}` is no place: expected operation, path, query, header, cookie, request or \
         response-STATUS"
    )]
    Place(String),
    /// It has too few parts.
    #[error("`{0}` is no fact: expected SERVICE::OPERATION::PLACE.FIELD::FACET")]
    Parts(String),
    /// Its last part is no facet.
    #[error(transparent)]
    Facet(#[from] UnknownFacet),
}

impl FromStr for StatusRange {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NameError::Status(text.to_owned());
        if text == "default" {
            return Ok(Self::Default);
        }
        let bytes = text.as_bytes();
        if bytes.len() != 3
            || !bytes
                .first()
                .is_some_and(|first| (b'1'..=b'9').contains(first))
        {
            return Err(wrong());
        }
        match bytes.get(1..) {
            Some(b"XX" | b"xx") => Ok(Self::Class(bytes.first().map_or(0, |first| first - b'0'))),
            Some(rest) if rest.iter().all(u8::is_ascii_digit) => {
                text.parse().map(Self::Code).map_err(|_| wrong())
            }
            _ => Err(wrong()),
        }
    }
}

/// The word between an answer's place and the name of one of its headers. A field of a body that has
/// this name itself is written with a backslash before it.
const HEADERS: &str = "header";

/// Where in an operation a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The operation as a whole.
    Operation,
    /// The path.
    Path,
    /// The query string.
    Query,
    /// The headers of the request.
    Header,
    /// The cookies of the request.
    Cookie,
    /// The body of the request.
    Request,
    /// An answer of these statuses.
    Response(StatusRange),
    /// The headers of an answer of these statuses.
    ResponseHeader(StatusRange),
}

impl Place {
    /// Whether it is a part of an answer.
    pub fn is_response(self) -> bool {
        self.answered().is_some()
    }

    /// The statuses of the answers that it is a part of.
    pub fn answered(self) -> Option<StatusRange> {
        match self {
            Self::Response(status) | Self::ResponseHeader(status) => Some(status),
            Self::Operation
            | Self::Path
            | Self::Query
            | Self::Header
            | Self::Cookie
            | Self::Request => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Operation => "operation",
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Request => "request",
            Self::Response(status) => return write!(formatter, "response-{status}"),
            Self::ResponseHeader(status) => {
                return write!(formatter, "response-{status}.{HEADERS}");
            }
        })
    }
}

impl FromStr for Place {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "operation" => Self::Operation,
            "path" => Self::Path,
            "query" => Self::Query,
            "header" => Self::Header,
            "cookie" => Self::Cookie,
            "request" => Self::Request,
            _ => match text.strip_prefix("response-") {
                Some(rest) => match rest.strip_suffix(&format!(".{HEADERS}")) {
                    Some(status) => Self::ResponseHeader(status.parse()?),
                    None => Self::Response(rest.parse()?),
                },
                None => return Err(NameError::Place(text.to_owned())),
            },
        })
    }
}

/// A rule: what a place, or a field within it, has to be. Displayed as
/// `request.backup_format::enum`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// Where.
    pub place: Place,
    /// The field within the place.
    pub field: FieldPath,
    /// Which aspect of it.
    pub facet: Facet,
}

impl Rule {
    /// The rule of a place, field and facet.
    pub fn new(place: Place, field: FieldPath, facet: Facet) -> Self {
        Self {
            place,
            field,
            facet,
        }
    }

    /// The rule of a place as a whole.
    pub fn of_place(place: Place, facet: Facet) -> Self {
        Self::new(place, FieldPath::root(), facet)
    }

    /// The same place and field with another facet.
    #[must_use]
    pub fn with(&self, facet: Facet) -> Self {
        Self::new(self.place, self.field.clone(), facet)
    }

    /// What is documented by it in a word: its facet, of a status with its number.
    pub fn documents(&self) -> String {
        match (self.facet, self.place) {
            (Facet::Status, Place::Response(status)) => format!("status {status}"),
            (facet, _) => facet.to_string(),
        }
    }

    /// The place and field without the facet: `request.backup_format`.
    pub fn row(&self) -> Row {
        Row {
            place: self.place,
            field: self.field.clone(),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_row(self.place, &self.field, formatter)?;
        write!(formatter, "::{}", self.facet)
    }
}

impl FromStr for Rule {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (row, facet) = text
            .rsplit_once("::")
            .ok_or_else(|| NameError::Parts(text.to_owned()))?;
        let row: Row = row.parse()?;
        Ok(Self::new(row.place, row.field, facet.parse()?))
    }
}

/// A place and a field within it: what the rules of one table row have in common. Displayed as
/// `request.backup_format`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// Where.
    pub place: Place,
    /// The field within the place.
    pub field: FieldPath,
}

impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_row(self.place, &self.field, formatter)
    }
}

impl FromStr for Row {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (place, field) = match text.find(['.', '[']) {
            Some(at) if text.as_bytes().get(at) == Some(&b'.') => {
                text.split_once('.').unwrap_or((text, ""))
            }
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        // `response-201.header.Location`
        if let Some(rest) = field.strip_prefix(HEADERS)
            && place.starts_with("response-")
            && (rest.is_empty() || rest.starts_with(['.', '[']))
        {
            let place: Place = format!("{place}.{HEADERS}").parse()?;
            let field = FieldPath::from(rest.strip_prefix('.').unwrap_or(rest));
            return Ok(Self { place, field });
        }
        Ok(Self {
            place: place.parse()?,
            field: FieldPath::from(field),
        })
    }
}

fn write_row(place: Place, field: &FieldPath, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    match field.steps().first() {
        None => write!(formatter, "{place}"),
        Some(Step::Item) => write!(formatter, "{place}{field}"),
        Some(Step::Name(name)) if name == HEADERS && matches!(place, Place::Response(_)) => {
            write!(formatter, "{place}.\\{field}")
        }
        Some(Step::Name(_) | Step::Entry) => write!(formatter, "{place}.{field}"),
    }
}

/// The name of an operation: `dcs::CopyInstance`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId {
    /// The service it belongs to.
    pub service: String,
    /// Its `operationId`.
    pub id: String,
}

impl fmt::Display for OperationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}::{}", self.service, self.id)
    }
}

/// What a trial or finding is about: a documented rule, or something that the contract implies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// A rule.
    Rule(Rule),
    /// A place or field as a whole, such as the resource that it names: `path.instance_id`.
    Row(Row),
    /// That a credential is needed: `auth`.
    Credential,
    /// What other methods are answered with: `method`.
    OtherMethods,
    /// Generated requests of a class: `property::valid`.
    Property(String),
    /// A law between answers: `relation::pagination::order`.
    Law {
        /// The relation's kind, as `cases/` spell it.
        relation: String,
        /// The law.
        law: String,
    },
    /// What is answered to fixed requests, held against reviewed files: `snapshot::example`.
    Snapshot(String),
    /// How the endpoint behaves as a whole, in a word of the mock's faults: `transport`.
    Behaviour(String),
}

impl fmt::Display for Topic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => write!(formatter, "{rule}"),
            Self::Row(row) => write!(formatter, "{row}"),
            Self::Credential => formatter.write_str("auth"),
            Self::OtherMethods => formatter.write_str("method"),
            Self::Property(class) => write!(formatter, "property::{class}"),
            Self::Law { relation, law } => write!(formatter, "relation::{relation}::{law}"),
            Self::Snapshot(group) => write!(formatter, "snapshot::{group}"),
            Self::Behaviour(word) => formatter.write_str(word),
        }
    }
}

impl FromStr for Topic {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auth" => return Ok(Self::Credential),
            "method" => return Ok(Self::OtherMethods),
            _ => {}
        }
        if let Some(class) = text.strip_prefix("property::") {
            return Ok(Self::Property(class.to_owned()));
        }
        if let Some(group) = text.strip_prefix("snapshot::") {
            return Ok(Self::Snapshot(group.to_owned()));
        }
        if let Some((relation, law)) = text
            .strip_prefix("relation::")
            .and_then(|rest| rest.split_once("::"))
        {
            return Ok(Self::Law {
                relation: relation.to_owned(),
                law: law.to_owned(),
            });
        }
        if text.contains("::") {
            return text.parse().map(Self::Rule);
        }
        match text.parse() {
            Ok(row) => Ok(Self::Row(row)),
            Err(_) if is_word(text) => Ok(Self::Behaviour(text.to_owned())),
            Err(error) => Err(error),
        }
    }
}

/// Whether a text is one word in kebab-case.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// The identity of a fact, or of what else a finding is about: the operation and the topic.
/// Displayed as `dcs::CopyInstance::request.backup_format::enum`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId {
    /// The operation.
    pub operation: OperationId,
    /// What about it.
    pub topic: Topic,
}

impl FactId {
    /// The rule, where the topic is one.
    pub fn rule(&self) -> Option<&Rule> {
        match &self.topic {
            Topic::Rule(rule) => Some(rule),
            Topic::Row(_)
            | Topic::Credential
            | Topic::OtherMethods
            | Topic::Property(_)
            | Topic::Law { .. }
            | Topic::Snapshot(_)
            | Topic::Behaviour(_) => None,
        }
    }

    /// The place and field that it is about, where there is one.
    pub fn row(&self) -> Option<Row> {
        match &self.topic {
            Topic::Rule(rule) => Some(rule.row()),
            Topic::Row(row) => Some(row.clone()),
            Topic::Credential
            | Topic::OtherMethods
            | Topic::Property(_)
            | Topic::Law { .. }
            | Topic::Snapshot(_)
            | Topic::Behaviour(_) => None,
        }
    }
}

impl fmt::Display for FactId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}::{}", self.operation, self.topic)
    }
}

impl FromStr for FactId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, "::");
        match (parts.next(), parts.next(), parts.next()) {
            (Some(service), Some(id), Some(topic)) if !service.is_empty() && !id.is_empty() => {
                Ok(Self {
                    operation: OperationId {
                        service: service.to_owned(),
                        id: id.to_owned(),
                    },
                    topic: topic.parse()?,
                })
            }
            _ => Err(NameError::Parts(text.to_owned())),
        }
    }
}

/// Types that are written as their displayed text.
macro_rules! as_text {
    ($($name:ident),+) => {
        $(
            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                }
            }
        )+
    };
}

as_text!(StatusRange, Place, Rule, Row, FactId);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("dcs::CopyInstance::request.backup_format::enum")]
    #[case("dcs::ListBackupRecords::response-200.backup_record_response[].status::enum")]
    #[case("dcs::ListBackupRecords::response-200[].status::type")]
    #[case("dcs::ListBackupRecords::response-2XX::status")]
    #[case("dcs::ListBackupRecords::response-201.header.Location::required")]
    #[case("dcs::ListBackupRecords::response-200.\\header.colour::type")]
    #[case("dcs::ListBackupRecords::response-200.headers.colour::type")]
    #[case("dcs::ListBackupRecords::query.filter[name]::type")]
    #[case("dcs::ListBackupRecords::path.instance_id")]
    #[case("dcs::CopyInstance::operation::method")]
    #[case("dcs::CopyInstance::auth")]
    #[case("dcs::CopyInstance::method")]
    #[case("dcs::CopyInstance::property::valid")]
    #[case("dcs::CopyInstance::relation::pagination::order")]
    #[case("dcs::CopyInstance::snapshot::example")]
    #[case("dcs::CopyInstance::operation::responseTime")]
    #[case("dcs::CopyInstance::transport")]
    #[case("dcs::CopyInstance::path.a:\\:b")]
    fn the_spelling_of_names_stays(#[case] text: &str) {
        assert_eq!(text.parse::<FactId>().unwrap().to_string(), text);
    }

    #[rstest]
    #[case("dcs", "SERVICE::OPERATION")]
    #[case("dcs::CopyInstance::request.name::lenght", "no facet")]
    #[case("dcs::CopyInstance::body.name::type", "no place")]
    #[case("dcs::CopyInstance::response-2000.name::type", "no status")]
    fn what_is_no_fact_says_why(#[case] text: &str, #[case] expected: &str) {
        let error = text.parse::<FactId>().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => any::<String>().prop_map(Step::Name),
            4 => "[a-z.\\\\*:\\[\\]e]{0,6}".prop_map(Step::Name),
            1 => Just(Step::Item),
            1 => Just(Step::Entry),
        ]
    }

    fn place() -> impl Strategy<Value = Place> {
        let status = prop_oneof![
            (100_u16..1000).prop_map(StatusRange::Code),
            (1_u8..=9).prop_map(StatusRange::Class),
            Just(StatusRange::Default),
        ];
        prop_oneof![
            Just(Place::Operation),
            Just(Place::Path),
            Just(Place::Query),
            Just(Place::Header),
            Just(Place::Cookie),
            Just(Place::Request),
            status.clone().prop_map(Place::Response),
            status.prop_map(Place::ResponseHeader),
        ]
    }

    proptest! {
        #[test]
        fn a_fact_is_read_back_from_its_name(
            service in "[a-z][a-z0-9-]{0,8}",
            id in "[A-Za-z][A-Za-z0-9_.-]{0,12}",
            place in place(),
            steps in prop::collection::vec(step(), 0..5),
            facet in prop::sample::select(Facet::all()),
        ) {
            let fact = FactId {
                operation: OperationId { service, id },
                topic: Topic::Rule(Rule::new(place, FieldPath(steps), facet)),
            };
            prop_assert_eq!(fact.to_string().parse::<FactId>(), Ok(fact));
        }
    }
}
