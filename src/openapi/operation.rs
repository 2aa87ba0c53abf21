//! The operations of a document as those of a contract.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::error::{OpenApiError, Problem};
use super::links::OfAnswer;
use super::media;
use super::schema::Schemas;
use super::schema::described::{
    answers_before, cascades, creates, lists_some, makes_anew, not_again, repeatable, unserved,
    where_set_up,
};
use super::security;
use super::servers;
use super::spot::Spot;
use super::version::Version;
use crate::contract::{
    ANNOTATION, DocumentationFinding, DocumentationKind, Facet, Fact, Level, Meaning,
};

/// The methods that the contract has.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Words of a path that are no methods.
const OF_PATH: [&str; 5] = ["$ref", "summary", "description", "servers", "parameters"];

/// The operations of a document while they are read.
pub(super) struct Operations<'l> {
    /// The schemas.
    pub(super) schemas: Schemas<'l>,
    /// The whole of the document.
    pub(super) document: Spot<'l>,
    /// The paths of the contract.
    pub(super) paths: Map<String, Value>,
    /// The security schemes that operations ask for, by their names in the contract.
    pub(super) schemes: Map<String, Value>,
    /// What of the document is wrong or not used.
    pub(super) findings: Vec<DocumentationFinding>,
    /// The ids that operations have, and the spots of those that the document gives.
    pub(super) ids: HashMap<String, Spot<'l>>,
    /// The ids that operations have in the contract, by their pointers in the document.
    pub(super) assigned: HashMap<String, String>,
    /// The links of answers, until it is known which operations there are.
    pub(super) linked: Vec<OfAnswer<'l>>,
    taken: HashSet<String>,
    /// Where the operation of each method and path stands, names of parameters aside.
    shapes: HashMap<(String, String), (Spot<'l>, String)>,
    /// The operation that was read last.
    last: String,
    /// How many were read.
    pub(super) count: usize,
    /// Those that were not.
    pub(super) not_read: Vec<String>,
}

impl<'l> Operations<'l> {
    pub(super) fn new(schemas: Schemas<'l>, document: Spot<'l>) -> Self {
        Self {
            schemas,
            document,
            paths: Map::new(),
            schemes: Map::new(),
            findings: Vec::new(),
            ids: HashMap::new(),
            assigned: HashMap::new(),
            linked: Vec::new(),
            taken: HashSet::new(),
            shapes: HashMap::new(),
            last: String::new(),
            count: 0,
            not_read: Vec::new(),
        }
    }

    /// Reads every operation.
    pub(super) fn read(&mut self) -> Result<(), OpenApiError> {
        let document = self.document.clone();
        if let Some(webhooks) = document.get("webhooks") {
            let message = "webhooks are not tried: the service sends them";
            self.schemas
                .notes
                .add(DocumentationKind::PartNotTried, &webhooks, message);
        }
        let paths = document.get("paths");
        if let Some(paths) = paths.as_ref().filter(|paths| !paths.value.is_object()) {
            return Err(paths.error(Problem::Form, "is no object of paths"));
        }
        for path in paths.iter().flat_map(Spot::members) {
            if path.key().starts_with("x-") {
                continue;
            }
            if let Some(why) = unreachable(&path.key()) {
                let told = format!("`{}` ({})", path.key(), place_of(&path));
                self.not_read.push(told);
                let kind = DocumentationKind::OperationNotRead;
                self.schemas.notes.add(kind, &path, why);
                continue;
            }
            let item = self.resolved(&path)?;
            if !item.value.is_object() {
                return Err(item.error(Problem::Form, "is no object of methods"));
            }
            for member in item.members() {
                let word = member.key();
                if METHODS.contains(&word.as_str()) {
                    if !member.value.is_object() {
                        return Err(
                            member.error(Problem::Form, "is no object, so it is no operation")
                        );
                    }
                    self.operation(&path, &item, &member)?;
                } else if word == "query" || word == "additionalOperations" {
                    let told = format!("{} {}", word.to_uppercase(), path.key());
                    self.not_read
                        .push(format!("{told} ({})", place_of(&member)));
                    let message = format!("operations of `{word}` are not read");
                    self.schemas
                        .notes
                        .add(DocumentationKind::OperationNotRead, &member, message);
                } else if !OF_PATH.contains(&word.as_str()) && !word.starts_with("x-") {
                    let message = format!("`{word}` is no method that is read");
                    self.schemas
                        .notes
                        .add(DocumentationKind::PartNotRead, &member, message);
                }
            }
        }
        self.settle_links();
        // What stands behind the last operation is told with it.
        let open = self.schemas.notes.take(&self.last);
        self.findings.extend(open);
        Ok(())
    }

    /// What a spot is, its reference followed.
    pub(super) fn resolved(&self, spot: &Spot<'l>) -> Result<Spot<'l>, OpenApiError> {
        let mut at = spot.clone();
        let mut seen = vec![at.id()];
        while let Some(reference) = at.text("$ref") {
            let from = at.get("$ref").unwrap_or_else(|| at.clone());
            at = self.schemas.library.target(&from, reference)?;
            if seen.contains(&at.id()) {
                let message = "a `$ref` that leads back to itself";
                return Err(spot.error(Problem::Ring, message));
            }
            seen.push(at.id());
        }
        Ok(at)
    }

    fn operation(
        &mut self,
        path: &Spot<'l>,
        item: &Spot<'l>,
        spot: &Spot<'l>,
    ) -> Result<(), OpenApiError> {
        let method = spot.key();
        let template = path.key();
        let base = servers::base(&[spot, item, &self.document]);
        let template = self.styled(item, spot, &template)?;
        let full = format!("{base}{template}");
        let key = (method.clone(), shape(&full));
        if let Some((first, id)) = self.shapes.get(&key).cloned() {
            self.twice(&first, spot, &template);
            self.findings.extend(self.schemas.notes.take(&id));
            return Ok(());
        }
        if let Some(at) = unserved(spot) {
            let told = format!("{} {template}", method.to_uppercase());
            let message = format!("{told} is not read: it is described as not implemented");
            self.not_read.push(format!("{told} ({})", place_of(spot)));
            let kind = DocumentationKind::OperationNotRead;
            self.schemas.notes.add(kind, &at, message);
            return Ok(());
        }
        let id = self.id(spot, &method, &template)?;
        self.shapes.insert(key, (spot.clone(), id.clone()));
        let mut node = Map::new();
        node.insert("operationId".to_owned(), Value::from(id.as_str()));
        let mut prose: Vec<Fact> = Vec::new();
        let (parameters, body) = self.parameters(item, spot, &template, &mut prose)?;
        if !parameters.is_empty() {
            node.insert("parameters".to_owned(), Value::Array(parameters));
        }
        let stated = spot.get("requestBody");
        let body = match stated.filter(|body| self.has_body(&method, body)) {
            Some(body) => {
                let body = self.resolved(&body)?;
                let read = body
                    .get("content")
                    .and_then(|content| media::body(&content));
                read.map(|(read, others)| (body, read, others))
            }
            None => body,
        };
        if let Some(body) = body {
            let request = self.request(&id, spot, body, &mut prose)?;
            node.insert("requestBody".to_owned(), request);
        }
        self.assigned.insert(spot.pointer.clone(), id.clone());
        let already = self.linked.len();
        let responses = self.responses(&id, spot, &mut prose)?;
        for answer in self.linked.iter_mut().skip(already) {
            (answer.path, answer.method) = (full.clone(), method.clone());
        }
        node.insert("responses".to_owned(), Value::Object(responses));
        if let Some(callbacks) = spot.get("callbacks") {
            let message = "callbacks are not tried: the service sends them";
            self.not_tried(&callbacks, message, &mut prose);
        }
        if let Some(asked) = security::unsendable(&self.document, spot) {
            let message = "no request has all these credentials: two of them are one header";
            self.not_tried(&asked, message, &mut prose);
            let unsent = Facet::Meaning(Meaning::Unsent);
            prose.push(asked.fact(unsent, Level::Must));
        }
        let alternatives = security::alternatives(&self.document, spot);
        if !alternatives.is_empty() {
            let mut written = Vec::new();
            for schemes in &alternatives {
                let mut way = Map::new();
                for scheme in schemes {
                    self.schemes.insert(scheme.component(), scheme.to_openapi());
                    way.insert(scheme.component(), json!([]));
                }
                written.push(Value::Object(way));
            }
            node.insert("security".to_owned(), Value::Array(written));
        }
        let mut facts = vec![spot.fact(Facet::Method, Level::Must)];
        facts.extend(repeatable(spot));
        facts.extend(creates(spot, &full));
        facts.extend(lists_some(spot));
        facts.extend(where_set_up(spot));
        facts.extend(answers_before(spot));
        facts.extend(makes_anew(spot));
        facts.extend(cascades(spot));
        if let Some(conflict) = spot.get("responses").and_then(|all| all.get("409")) {
            facts.extend(not_again(spot, &self.resolved(&conflict)?));
        }
        facts.append(&mut prose);
        node.insert(ANNOTATION.to_owned(), json!({ "facts": facts }));
        let item = self.paths.entry(full).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(method, Value::Object(node));
        }
        self.count += 1;
        self.last.clone_from(&id);
        self.findings.extend(self.schemas.notes.take(&id));
        Ok(())
    }

    /// Whether what is called the body of a request is one: Swagger 2.0 has no such word, and of the
    /// body of a GET, HEAD or DELETE, OpenAPI 3.0 says that it is ignored. One that is required is not.
    fn has_body(&mut self, method: &str, body: &Spot<'l>) -> bool {
        let is_vague = matches!(method, "get" | "head" | "delete");
        let message = match self.schemas.version {
            Version::Swagger => {
                "`requestBody` is not read: Swagger 2.0 has the body as a parameter"
            }
            Version::V30 if is_vague && !body.is("required") && body.text("$ref").is_none() => {
                "the body of this method is not sent: by OpenAPI 3.0 it means nothing"
            }
            _ => return true,
        };
        let kind = DocumentationKind::PartNotRead;
        self.schemas.notes.add(kind, body, message);
        false
    }

    /// Notes that an operation is not read, for another has its method and, but for the names of
    /// parameters, its path.
    fn twice(&mut self, first: &Spot<'l>, spot: &Spot<'l>, template: &str) {
        let told = format!("{} {template}", spot.key().to_uppercase());
        let message = format!(
            "{told} is not read: {} at `{}` has its method and path",
            place_of(first),
            first.pointer
        );
        self.not_read.push(format!("{told} ({})", place_of(spot)));
        let kind = DocumentationKind::OperationNotRead;
        self.schemas.notes.add(kind, spot, message);
    }

    /// Notes that something is not tried, as a finding and as a fact in prose.
    pub(super) fn not_tried(&mut self, spot: &Spot<'l>, message: &str, prose: &mut Vec<Fact>) {
        let kind = DocumentationKind::PartNotTried;
        self.schemas.notes.add(kind, spot, message);
        prose.push(spot.fact(Facet::Prose, Level::May));
    }

    /// The id of an operation: the document's own, or one made from method and path.
    fn id(
        &mut self,
        spot: &Spot<'l>,
        method: &str,
        template: &str,
    ) -> Result<String, OpenApiError> {
        let given = spot.text("operationId").filter(|id| !id.is_empty());
        if let Some(given) = given {
            let at = spot.get("operationId").unwrap_or_else(|| spot.clone());
            if let Some(other) = self.ids.insert(given.to_owned(), at.clone()) {
                let message = format!(
                    "`{given}` is the `operationId` of `{}` too",
                    other.pointer.trim_end_matches("/operationId")
                );
                return Err(at.error(Problem::Duplicate, message));
            }
        }
        let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let stem: String = if let Some(given) = given {
            given.chars().filter(is_plain).collect()
        } else {
            let words = template.split(|c: char| !c.is_ascii_alphanumeric());
            std::iter::once(method)
                .chain(words.filter(|word| !word.is_empty()))
                .collect::<Vec<_>>()
                .join("_")
        };
        let stem = if stem.is_empty() {
            method.to_owned()
        } else {
            stem
        };
        let mut id = stem.clone();
        let mut number = 2;
        while !self.taken.insert(id.clone()) {
            id = format!("{stem}{number}");
            number += 1;
        }
        Ok(id)
    }
}

/// Why no request can have a path as a document writes it.
fn unreachable(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') {
        Some("the operations of this path are not read: a path begins with `/`")
    } else if path.contains('#') {
        Some("the operations of this path are not read: no request has what follows a `#`")
    } else {
        None
    }
}

/// A path without the names of its parameters, which nobody sees on the wire.
fn shape(path: &str) -> String {
    let mut shape = String::new();
    for piece in path.split_inclusive(['{', '}']) {
        match piece.strip_suffix('}') {
            Some(_) => shape.push('}'),
            None => shape.push_str(piece),
        }
    }
    shape
}

/// Where a spot stands, for people.
fn place_of(spot: &Spot<'_>) -> String {
    format!("line {}", spot.fact(Facet::Prose, Level::May).line())
}
