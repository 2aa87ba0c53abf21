//! Operations, as in OpenAPI, and the facts about them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::action::Action;
use super::facet::{Facet, Meaning};
use super::field_path::FieldPath;
use super::media::{MediaType, Writing};
use super::message::{Location, Parameter, RequestBody, Response};
use super::naming::hands_out_credential;
use super::provenance::{Fact, Level, Source};
use super::rule::{FactId, OperationId, Place, Row, Rule, StatusRange, Topic};
use super::schema::Schema;
use super::security::{Security, SecurityScheme};

/// One documented operation.
#[derive(Debug)]
pub struct Operation {
    /// The service it belongs to (`dcs`).
    pub service: String,
    /// Its `operationId`.
    pub id: String,
    /// The method in capitals (`POST`).
    pub method: String,
    /// The path template (`/v2/{project_id}/backups`).
    pub path: String,
    /// The parameters of path, query, headers and cookies.
    pub parameters: Vec<Parameter>,
    /// What is said of which parameters of a place go together, as a schema of the object that they
    /// would be; only where something is.
    pub beside: Vec<(Location, Arc<Schema>)>,
    /// The request body, where one is documented.
    pub request_body: Option<RequestBody>,
    /// The responses by status, in document order.
    pub responses: Vec<Response>,
    /// What it asks for to serve a request, where its source says so beside the parameters: an
    /// OpenAPI document's `security`, or a sentence of a page.
    pub security: Option<Security>,
    /// Facts about the operation as a whole (`method`).
    pub facts: Vec<Fact>,
    /// What the pages say of it in a way that is not understood: tables and rows that could not be
    /// read.
    pub prose: Vec<Fact>,
    /// The examples that a person wrote of its request, by place; the root of the body is the whole.
    pub examples: BTreeMap<Row, Value>,
    /// All facts by rule, gathered when they are first asked for.
    pub(super) documented: OnceLock<Documented>,
}

impl Operation {
    /// `service::Operation`: the head of every name of a fact or trial of this operation.
    pub fn name(&self) -> String {
        format!("{}::{}", self.service, self.id)
    }

    /// The operation's own name, as the head of every fact's.
    pub fn operation_id(&self) -> OperationId {
        OperationId {
            service: self.service.clone(),
            id: self.id.clone(),
        }
    }

    /// The identity of a rule of this operation.
    pub fn fact_id(&self, rule: Rule) -> FactId {
        self.about(Topic::Rule(rule))
    }

    /// The identity of a topic of this operation.
    pub fn about(&self, topic: Topic) -> FactId {
        FactId {
            operation: self.operation_id(),
            topic,
        }
    }

    /// Whether it can change something: by its method (RFC 9110, 9.2.1), or by what its action is
    /// called, which any method may ask for.
    pub fn writes(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE")
            || Action::of(&self.path).is_some_and(|action| !action.reads())
    }

    /// The sentences that say that deleting what is gone is a success, where they surely do: that a
    /// delete is idempotent promises no answer (RFC 9110, 9.2.2) where the page documents another.
    pub fn repeatable(&self) -> impl Iterator<Item = &Fact> {
        let is_refused = [404, 410].iter().any(|gone| self.response(*gone).is_some());
        self.facts.iter().filter(move |fact| {
            fact.facet == Facet::Meaning(Meaning::Repeatable)
                && (fact.level == Level::Must || !is_refused)
        })
    }

    /// Whether a sentence says that who asks for what is done already is refused, of an operation that
    /// does one thing with what its path names.
    pub fn is_not_again(&self) -> bool {
        let not_again = Facet::Meaning(Meaning::NotAgain);
        self.method == "POST"
            && self.request_body.is_none()
            && self.names(409)
            && self.facts.iter().any(|fact| fact.facet == not_again)
    }

    /// Whether a sentence says that a request to one thing makes what is not there.
    pub fn creates(&self) -> bool {
        let creates = Facet::Meaning(Meaning::Creates);
        self.facts.iter().any(|fact| fact.facet == creates)
    }

    /// Whether a sentence about a refusal says that what was deleted is not there any more.
    pub fn is_gone_once_deleted(&self) -> bool {
        let gone = Facet::Meaning(Meaning::GoneOnceDeleted);
        self.facts.iter().any(|fact| fact.facet == gone)
    }

    /// Whether a sentence says of a list that it has some of the things alone, or has them later than
    /// they are made.
    pub fn lists_some(&self) -> bool {
        let some = Facet::Meaning(Meaning::SomeAlone);
        self.facts.iter().any(|fact| fact.facet == some)
    }

    /// Whether a status says that the service cannot do what is asked: not a failure, as 500 is, but
    /// a state of it, where the source gives it by its number, or says that the operation serves only
    /// where the service is set up for it.
    pub fn may_be_unable(&self, status: u16) -> bool {
        let may_be_off = || matches!(status, 501 | 503) && self.where_set_up().is_some();
        (501..600).contains(&status) && self.names(status) || may_be_off()
    }

    /// The sentence that says that it serves only where its service is set up for it, if one does.
    pub fn where_set_up(&self) -> Option<&Fact> {
        let set_up = Facet::Meaning(Meaning::WhereSetUp);
        self.facts.iter().find(|fact| fact.facet == set_up)
    }

    /// Whether a sentence says that a change is answered with what was there before it.
    pub fn answers_before(&self) -> bool {
        let before = Facet::Meaning(Meaning::Before);
        self.facts.iter().any(|fact| fact.facet == before)
    }

    /// Whether a sentence says that a delete takes away what belongs to what is deleted.
    pub fn cascades(&self) -> bool {
        let cascades = Facet::Meaning(Meaning::Cascades);
        self.facts.iter().any(|fact| fact.facet == cascades)
    }

    /// Whether a sentence says that a change makes another thing, and leaves what was there.
    pub fn makes_anew(&self) -> bool {
        let anew = Facet::Meaning(Meaning::Anew);
        self.facts.iter().any(|fact| fact.facet == anew)
    }

    /// Whether a sentence says that who asks for what is not there gets an empty answer.
    pub fn answers_unknown(&self) -> bool {
        let empty = Facet::Meaning(Meaning::EmptyForUnknown);
        self.facts.iter().any(|fact| fact.facet == empty)
    }

    /// What a request needs and no run sends, where there is such a thing: without it, every request
    /// is another than the documented one.
    pub fn unsent(&self) -> Option<&Fact> {
        let unsent = Facet::Meaning(Meaning::Unsent);
        self.facts.iter().find(|fact| fact.facet == unsent)
    }

    /// The response that describes a status: one that names it before one for its class.
    pub fn response(&self, status: u16) -> Option<&Response> {
        self.responses
            .iter()
            .find(|response| response.status == StatusRange::Code(status))
            .or_else(|| {
                self.responses
                    .iter()
                    .find(|response| response.covers(status))
            })
    }

    /// Whether a page names a status itself, not only its class.
    pub fn names(&self, status: u16) -> bool {
        let named = StatusRange::Code(status);
        self.responses
            .iter()
            .any(|response| response.status == named)
    }

    /// Whether any response of a status class (2 for success) is documented.
    pub fn documents_class(&self, class: u16) -> bool {
        self.responses
            .iter()
            .any(|response| response.class() == Some(class))
    }

    /// Whether a status counts as documented: named, or of a class of which no status is named at
    /// all.
    pub fn is_documented(&self, status: u16) -> bool {
        self.response(status).is_some() || !self.documents_class(status / 100)
    }

    /// The media type of the request body, where it is one that no case can be written in: of no
    /// known kind, or with a file of which no source says what it holds.
    pub fn unwritten_body(&self) -> Option<MediaType> {
        let body = self.request_body.as_ref()?;
        let is_unknown = body.media.writing() == Writing::Unknown
            || body.is_undescribed()
            || body.needs_untold_file();
        is_unknown.then(|| body.media.clone())
    }

    /// The documented responses of success, a documented redirection among them.
    pub fn successes(&self) -> impl Iterator<Item = &Response> {
        self.responses
            .iter()
            .filter(|response| response.is_success())
    }

    /// Whether it may answer an id that nobody has as it answers others: its source says so, or it
    /// deletes and documents no refusal of what is not there, or that it is no error.
    pub fn may_take_unknown(&self) -> bool {
        self.answers_unknown()
            || self.method == "DELETE"
                && (!self.documents_class(4) || self.repeatable().next().is_some())
    }

    /// What describes the body of a documented success.
    pub fn answer(&self) -> Option<&Schema> {
        self.successes()
            .find_map(|response| response.schema.as_deref())
    }

    /// Whether pages describe of one thing nothing but how it is read, and say of no other method that
    /// it is refused: what changes or removes it may stand on another page. `all` are the operations
    /// of the suite.
    pub fn is_all_that_pages_tell_of_one(&self, all: &[Self]) -> bool {
        let is_of_page = |fact: &Fact| matches!(fact.source, Source::Page(_));
        let is_beside = |other: &&Self| {
            other.service == self.service && other.path == self.path && other.writes()
        };
        self.path.trim_end_matches('/').ends_with('}')
            && !self.names(405)
            && self.facts.iter().all(is_of_page)
            && !all.iter().any(|other| is_beside(&other))
    }

    /// Whether a status is a documented success: one of 2xx, or a redirection that a response
    /// describes.
    pub fn is_documented_success(&self, status: u16) -> bool {
        match status / 100 {
            2 => self.is_documented(status),
            3 => status != 304 && self.response(status).is_some_and(Response::is_success),
            _ => false,
        }
    }

    /// The parameter of a name and place.
    pub fn parameter(&self, location: Location, name: &str) -> Option<&Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.location == location && parameter.name == name)
    }

    /// The parameters of one place.
    pub fn parameters_in(&self, location: Location) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
    }

    /// All facts of the operation, each rule once, the rows that state it together: the ledger's
    /// lines.
    pub fn facts(&self) -> &[DocumentedRule] {
        &self.gathered().facts
    }

    /// The fact that documents a rule, if one does.
    pub fn documented(&self, rule: &Rule) -> Option<&DocumentedRule> {
        let documented = self.gathered();
        documented.facts.get(*documented.by_rule.get(rule)?)
    }

    /// Whether the source tells apart which fields of a body have to be sent, or, of any other place,
    /// which parameters: it says so of one at least. Of the path each has to be. A source that says
    /// it of the one need not say it of the other.
    pub fn tells_presence(&self, place: Place) -> bool {
        if place == Place::Request {
            self.gathered().tells_presence_of_fields
        } else {
            self.gathered().tells_presence_of_parameters
        }
    }

    /// Whether the source asks for a credential: in so many words, by a header that carries one, or
    /// by the refusal of who has none.
    pub fn asks_for_credential(&self) -> bool {
        if let Some(security) = &self.security {
            return security.is_needed();
        }
        let refuses = self.names(401) || self.names(403);
        refuses && !hands_out_credential(&self.method, &self.path)
            || self.credential_headers().any(|name| {
                let row = self.parameter(Location::Header, name);
                row.is_some_and(|row| row.required)
            })
    }

    /// How the source says that the operation's credential is carried: any of these.
    pub fn security_schemes(&self) -> Vec<SecurityScheme> {
        let mut schemes: Vec<SecurityScheme> = Vec::new();
        let said = self.security.iter().flat_map(Security::schemes).cloned();
        let headers = self.credential_headers();
        for scheme in said.chain(headers.map(|name| SecurityScheme::Header(name.to_owned()))) {
            let is_known = |known: &SecurityScheme| {
                *known == scheme
                    // A sentence that names the scheme says more than the header's row.
                    || matches!(&scheme, SecurityScheme::Header(name)
                        if known.header().is_some_and(|own| own.eq_ignore_ascii_case(name)))
            };
            if !schemes.iter().any(is_known) {
                schemes.push(scheme);
            }
        }
        schemes
    }

    /// Whether a parameter carries the credential, which is no value like others.
    pub fn is_credential(&self, location: Location, name: &str) -> bool {
        match location {
            Location::Path => false,
            Location::Header => is_credential(name) || self.names_scheme(|scheme| {
                matches!(scheme, SecurityScheme::Header(own) if own.eq_ignore_ascii_case(name))
            }),
            Location::Query => self.names_scheme(|scheme| {
                matches!(scheme, SecurityScheme::Query(own) if own == name)
            }),
            Location::Cookie => self.names_scheme(|scheme| {
                matches!(scheme, SecurityScheme::Cookie(own) if own == name)
            }),
        }
    }

    fn names_scheme(&self, is_it: impl Fn(&SecurityScheme) -> bool) -> bool {
        self.security.iter().flat_map(Security::schemes).any(is_it)
    }

    /// The header parameters that carry a credential by their name.
    pub(super) fn credential_headers(&self) -> impl Iterator<Item = &str> {
        self.parameters_in(Location::Header)
            .map(|parameter| parameter.name.as_str())
            .filter(|name| is_credential(name))
    }

    fn gathered(&self) -> &Documented {
        self.documented.get_or_init(|| self.gather())
    }

    fn gather(&self) -> Documented {
        let mut all = Documented::default();
        let mut add = |place: Place, field: &FieldPath, facts: &[Fact]| {
            for fact in facts {
                let rule = Rule::new(place, field.clone(), fact.facet);
                let known = all.by_rule.get(&rule).and_then(|at| all.facts.get_mut(*at));
                if let Some(known) = known {
                    known.rows.push(fact.clone());
                } else {
                    all.by_rule.insert(rule.clone(), all.facts.len());
                    all.facts.push(DocumentedRule {
                        rule,
                        rows: vec![fact.clone()],
                    });
                }
            }
        };
        add(Place::Operation, &FieldPath::root(), &self.facts);
        for fact in &self.prose {
            let caption = match &fact.source {
                Source::Page(row) => &row.table,
                Source::Document(place) => &place.pointer,
            };
            let field = FieldPath::name(slug(caption));
            add(Place::Operation, &field, std::slice::from_ref(fact));
        }
        for parameter in &self.parameters {
            let name = FieldPath::name(&parameter.name);
            for field in parameter.schema.fields() {
                let path = name.followed_by(field.path);
                add(parameter.location.place(), &path, field.facts);
            }
        }
        if let Some(body) = &self.request_body {
            for field in body.schema.fields() {
                add(Place::Request, field.path, field.facts);
            }
        }
        for response in &self.responses {
            let place = Place::Response(response.status);
            add(place, &FieldPath::root(), &response.facts);
            for field in response.schema.iter().flat_map(|schema| schema.fields()) {
                add(place, field.path, field.facts);
            }
            for header in &response.headers {
                let name = FieldPath::name(&header.name);
                let place = Place::ResponseHeader(response.status);
                for field in header.schema.fields() {
                    add(place, &name.followed_by(field.path), field.facts);
                }
            }
        }
        for rule in all.facts.iter().map(|fact| &fact.rule) {
            if rule.facet != Facet::Required {
                continue;
            }
            match rule.place {
                Place::Query => all.tells_presence_of_parameters = true,
                Place::Header if !rule.field.last_name().is_some_and(is_of_client) => {
                    all.tells_presence_of_parameters = true;
                }
                Place::Request if !rule.field.is_root() => all.tells_presence_of_fields = true,
                Place::Operation
                | Place::Path
                | Place::Header
                | Place::Request
                | Place::Cookie
                | Place::Response(_)
                | Place::ResponseHeader(_) => {}
            }
        }
        all
    }
}

/// The headers that carry a credential, in lower case.
const CREDENTIAL_HEADERS: [&str; 8] = [
    "x-auth-token",
    "authorization",
    "x-api-key",
    "api-key",
    "apikey",
    "x-access-token",
    "x-token",
    "cookie",
];

/// Whether a header carries a credential.
pub fn is_credential(header: &str) -> bool {
    let mut names = CREDENTIAL_HEADERS.iter();
    names.any(|known| header.eq_ignore_ascii_case(known))
}

/// Whether a client sends a header by itself, whatever is asked for.
fn is_of_client(header: &str) -> bool {
    let names = [
        "content-type",
        "content-length",
        "host",
        "accept",
        "x-project-id",
    ];
    is_credential(header) || names.iter().any(|known| header.eq_ignore_ascii_case(known))
}

/// The facts of an operation, and where each rule's stands among them.
#[derive(Debug, Default)]
pub(super) struct Documented {
    facts: Vec<DocumentedRule>,
    by_rule: HashMap<Rule, usize>,
    tells_presence_of_fields: bool,
    tells_presence_of_parameters: bool,
}

/// A documented rule: a line of the ledger.
#[derive(Debug, Clone)]
pub struct DocumentedRule {
    /// The rule.
    pub rule: Rule,
    /// The rows that state it.
    pub rows: Vec<Fact>,
}

impl DocumentedRule {
    /// How strongly the rule is stated: as by the strongest of its rows.
    pub fn level(&self) -> Level {
        self.rows
            .iter()
            .map(|row| row.level)
            .max()
            .unwrap_or_default()
    }
}

/// The longest part of a fact's name that is made from a caption.
const LONGEST_SLUG: usize = 60;

/// A caption as part of a fact's name: its letters and digits, the words joined by `-`.
fn slug(caption: &str) -> String {
    let words: Vec<String> = caption
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let slug: String = words.join("-").chars().take(LONGEST_SLUG).collect();
    if slug.is_empty() {
        "table".to_owned()
    } else {
        slug
    }
}
