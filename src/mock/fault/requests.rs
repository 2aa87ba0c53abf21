//! Faults of validation: each rule for requests not enforced, and each valid boundary refused; credentials and methods likewise.

use serde_json::Value;

use crate::contract::{
    Level, Location, Operation, ResourceExpectation, Schema, enum_values, types_of,
};
use crate::generate::{is_in_words, is_structured, limit, size};

use super::super::breach::Reason;
use super::super::served::TOKEN_HEADER;
use super::wrong::Alone;
use super::{Alter, Effect, FaultKind, Maker, When};

/// A field of a request.
struct Spot<'o> {
    place: &'static str,
    field: String,
    schema: &'o Schema,
    node: &'o Value,
    required: bool,
}

/// Characters that patterns treat differently; each that a pattern allows inside a text can be refused.
const INNER_CHARACTERS: [char; 8] = ['-', '_', '.', ' ', '/', '0', 'Z', '汉'];

/// Facets that say how a value has to be: not enforcing them is a fault.
const RULES: [&str; 14] = [
    "type",
    "enum",
    "maxLength",
    "minLength",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
];

/// Whether more than its length and characters is said of a text.
fn is_formed(node: &Value) -> bool {
    ["format", "enum", "const"]
        .iter()
        .any(|keyword| node.get(*keyword).is_some())
}

impl Maker<'_> {
    /// Adds holes and over-strictness for every fact of the request, then those that no row is about.
    pub(super) fn requests(&mut self) {
        for spot in spots(self.operation) {
            if spot.place != "request" && is_structured(spot.node) {
                let fact = self.operation.fact(spot.place, &spot.field, "type");
                let reason = "how a parameter writes its parts, no page says";
                self.skip(FaultKind::Hole, fact, "accepted", reason);
                continue;
            }
            let facets: Vec<String> = self
                .facts
                .iter()
                .filter(|fact| fact.place == spot.place && fact.field == spot.field)
                .map(|fact| fact.facet.to_string())
                .collect();
            for facet in facets {
                let fact = self.operation.fact(spot.place, &spot.field, &facet);
                self.hole(&spot, &facet, fact.clone());
                self.strictness(&spot, &facet, &fact);
            }
        }
        self.body_as_a_whole();
        self.sizes();
        self.resources();
        self.credentials();
        self.methods();
    }

    /// Methods belong to a path: its first operation stands for all.
    fn methods(&mut self) {
        let operation = self.operation;
        let first = self
            .suite
            .operations
            .iter()
            .find(|other| other.service == operation.service && other.path == operation.path);
        if first.is_some_and(|first| first.id == operation.id) {
            let fact = format!("{}::method", operation.name());
            let what = "serves methods that no page documents".to_owned();
            self.add(FaultKind::Method, fact, "served", what, Effect::Method);
        }
    }

    fn open(&mut self, fact: String, way: &str, what: String, rule: (&'static str, &str, &str)) {
        let (place, field, facet) = rule;
        let effect = Effect::Hole {
            place,
            field: field.to_owned(),
            facet: facet.to_owned(),
        };
        self.add(FaultKind::Hole, fact, way, what, effect);
    }

    fn hole(&mut self, spot: &Spot<'_>, facet: &str, fact: String) {
        let what = format!("{} is not held to its {facet}", spot.field);
        let rule = (spot.place, spot.field.as_str(), facet);
        if facet == "required" {
            if spot.required {
                self.open(fact, "accepted", what, rule);
            }
            return;
        }
        if !RULES.contains(&facet) {
            return;
        }
        let is_text = spot.place != "request" && types_of(spot.node).contains(&"string");
        let breakable = match facet {
            "type" => !is_text,
            // A text of another length is then of another form too, and is refused for that.
            "minLength" | "maxLength" if is_formed(spot.node) => {
                Alone::new(spot.schema, spot.node).is_some_and(|alone| alone.breaks_alone(facet))
            }
            _ => Alone::new(spot.schema, spot.node)
                .is_some_and(|alone| !alone.breaking(facet, 1).is_empty()),
        };
        if breakable {
            self.open(fact, "accepted", what, rule);
        } else {
            self.skip(
                FaultKind::Hole,
                fact,
                "accepted",
                "nothing that can be sent breaks it",
            );
        }
    }

    fn strict(&mut self, spot: &Spot<'_>, fact: &str, way: &str, what: &str, when: When) {
        let effect = Effect::Strict {
            place: spot.place.to_owned(),
            field: spot.field.clone(),
            when,
        };
        let what = format!("refuses {} {what}", spot.field);
        self.add(FaultKind::Strictness, fact.to_owned(), way, what, effect);
    }

    fn strictness(&mut self, spot: &Spot<'_>, facet: &str, fact: &str) {
        if spot.field.contains('[') {
            return;
        }
        let Some(alone) = Alone::new(spot.schema, spot.node) else {
            return;
        };
        let bound = limit(spot.node, facet);
        let length = bound.and_then(|bound| usize::try_from(bound).ok());
        match facet {
            "enum" => {
                for value in enum_values(spot.node)
                    .iter()
                    .filter(|value| !value.is_null())
                {
                    let shown = super::super::resource::text_of(value);
                    let way = format!("refused-{shown}");
                    self.strict(
                        spot,
                        fact,
                        &way,
                        &format!("as {shown}"),
                        When::Is(value.clone()),
                    );
                }
            }
            "minLength" | "maxLength" if is_formed(spot.node) => {
                let reason = "its form or its list says which lengths there are";
                self.skip(FaultKind::Strictness, fact.to_owned(), "refused", reason);
            }
            "minLength" | "maxLength" => {
                if let Some(length) = length {
                    let what = format!("with {length} characters");
                    self.strict(spot, fact, "refused", &what, When::Characters(length));
                    // 2/3 of the limit in Chinese takes twice the limit in bytes.
                    let wide = Value::from("汉".repeat(length / 3 + 1));
                    if facet == "maxLength" && alone.allows(&wide) {
                        let when = When::MoreBytes(length);
                        let what = format!("with more than {length} bytes");
                        self.strict(spot, fact, "counts-bytes", &what, when);
                    }
                }
            }
            "minimum" | "maximum" => {
                // A bound that goes without saying forbids what lies beyond it; that it is taken itself, no page says.
                let is_stated = self
                    .facts
                    .iter()
                    .any(|known| known.name == fact && known.level() == Level::Must);
                if let Some(bound) = bound.filter(|_| is_stated) {
                    let when = When::Is(Value::from(bound));
                    self.strict(spot, fact, "refused", &format!("as {bound}"), when);
                }
            }
            "pattern" => {
                let base = alone_text(spot.node);
                for character in INNER_CHARACTERS {
                    let mut text = base.clone();
                    text.push(character);
                    text.push('a');
                    if alone.allows(&Value::from(text)) {
                        let way = format!("refused-{}", word_for(character));
                        let what = format!("with {}", word_for(character));
                        self.strict(spot, fact, &way, &what, When::Contains(character));
                    }
                }
            }
            "format" => self.strict(
                spot,
                fact,
                "refused",
                "however it is written",
                When::Present,
            ),
            "required" if !spot.required && !spot.field.contains('.') => {
                self.strict(
                    spot,
                    fact,
                    "refused-absent",
                    "when it is not sent",
                    When::Absent,
                );
            }
            "type" => {
                if !spot.required {
                    self.strict(
                        spot,
                        fact,
                        "refused-present",
                        "when it is sent",
                        When::Present,
                    );
                }
                let bound = format!("{}.{}", spot.place, spot.field);
                let free = spot.place == "request"
                    && !self.suite.bindings(self.operation).contains_key(&bound)
                    && spot.node.get("pattern").is_none()
                    && !is_in_words(spot.node)
                    && alone.allows(&Value::from("Grüße 汉字"));
                if free {
                    let what = "with characters beyond ASCII";
                    self.strict(spot, fact, "refused-non-ascii", what, When::NonAscii);
                }
            }
            _ => {}
        }
    }

    /// What is too long breaks the server instead of being refused.
    fn sizes(&mut self) {
        let fact = self.operation.fact("request", "", "size");
        let mut long = vec![
            ("uri-breaks", "breaks on a long URI", Reason::LongUri),
            (
                "header-breaks",
                "breaks on a long header",
                Reason::LongHeaders,
            ),
        ];
        if self.operation.request_body.is_some() {
            long.push(("body-breaks", "breaks on a long body", Reason::LongBody));
        }
        for (way, what, reason) in long {
            let effect = Effect::Oversized(reason);
            self.add(
                FaultKind::Transport,
                fact.clone(),
                way,
                what.to_owned(),
                effect,
            );
        }
    }

    fn body_as_a_whole(&mut self) {
        let Some(body) = &self.operation.request_body else {
            return;
        };
        let fact = self.operation.fact("request", "", "malformed");
        for (facet, what) in [
            ("syntax", "takes a body that is not JSON"),
            ("encoding", "takes a body that is not UTF-8"),
            ("trailing", "takes a body with text after it"),
            ("type", "takes a body that is not an object"),
        ] {
            let rule = ("request", "", facet);
            self.open(
                fact.clone(),
                &format!("{facet}-accepted"),
                what.to_owned(),
                rule,
            );
        }
        if body.required && !body.empty_shown {
            let fact = self.operation.fact("request", "", "required");
            let what = "takes a request without a body".to_owned();
            self.open(fact, "accepted", what, ("request", "", "required"));
        } else if !body.empty_shown {
            let fact = self.operation.fact("request", "", "required");
            let reason = "whether a request without a body is taken, no page says";
            self.skip(FaultKind::Strictness, fact, "refused-absent", reason);
        } else {
            let fact = self.operation.fact("request", "", "emptyBody");
            let effect = Effect::Strict {
                place: "request".to_owned(),
                field: String::new(),
                when: When::NoBody,
            };
            let what = "refuses a request without a body".to_owned();
            self.add(FaultKind::Strictness, fact, "refused-absent", what, effect);
        }
    }

    /// Unknown and unsuitable resources are taken; suitable ones are not.
    fn resources(&mut self) {
        let name = self.operation.name();
        for place in self.suite.bindings(self.operation).into_keys() {
            let Some((head, field)) = split(&place) else {
                continue;
            };
            if field == "project_id" {
                let fact = self.operation.fact(head, field, "type");
                let reason = "a project stands for the credential's scope, which no page describes";
                self.skip(FaultKind::Hole, fact, "unknown-accepted", reason);
                continue;
            }
            let fact = self.operation.fact(head, field, "type");
            if is_listed(self.operation, head, field) {
                let reason = "every value is documented: what is unknown breaks the list of values";
                self.skip(FaultKind::Hole, fact, "unknown-accepted", reason);
                continue;
            }
            let what = format!("takes any {field}");
            self.open(fact, "unknown-accepted", what, (head, field, "unknown"));
        }
        for case in self.suite.cases_of(self.operation).resources {
            let Some((place, key)) = case.bind.iter().next() else {
                continue;
            };
            let Some((head, field)) = split(place) else {
                continue;
            };
            let fact = format!("{name}::{place}");
            let way = format!("resource-{}", case.name);
            match case.expect {
                ResourceExpectation::Refused => {
                    let what = format!("takes a {} resource", case.name);
                    self.open(fact, &way, what, (head, field, "unsuitable"));
                }
                ResourceExpectation::Success => {
                    let effect = Effect::Strict {
                        place: head.to_owned(),
                        field: field.to_owned(),
                        when: When::Resource(key.clone()),
                    };
                    let what = format!("refuses a {} resource", case.name);
                    self.add(FaultKind::Strictness, fact, &way, what, effect);
                }
                ResourceExpectation::Empty => {}
            }
        }
    }

    fn credentials(&mut self) {
        let fact = format!("{}::auth", self.operation.name());
        for (field, what) in [
            ("missing", "serves requests without a token"),
            ("wrong", "serves requests with a wrong token"),
        ] {
            let effect = Effect::Hole {
                place: "auth",
                field: field.to_owned(),
                facet: "auth".to_owned(),
            };
            let way = format!("{field}-accepted");
            self.add(FaultKind::Auth, fact.clone(), &way, what.to_owned(), effect);
        }
        for (way, what, alter) in [
            (
                "server-error",
                "answers a wrong token with 500",
                Alter::Status(500),
            ),
            (
                "success",
                "answers a wrong token with 200",
                Alter::Status(200),
            ),
            (
                "redirect",
                "answers a wrong token with 302",
                Alter::EmptyStatus(302),
            ),
            (
                "no-body",
                "refuses a wrong token without a word",
                Alter::NoBody,
            ),
        ] {
            // Where a page describes the answer, that it lacks its body is a fault of its row.
            let is_described = self
                .operation
                .response(401)
                .is_some_and(|response| response.schema.is_some());
            if is_described && alter == Alter::NoBody {
                continue;
            }
            let effect = Effect::Answer {
                status: String::new(),
                alter,
            };
            self.add(FaultKind::Auth, fact.clone(), way, what.to_owned(), effect);
        }
    }
}

/// Whether a page lists the values of a parameter.
fn is_listed(operation: &Operation, head: &str, field: &str) -> bool {
    operation.parameters.iter().any(|parameter| {
        parameter.location.as_str() == head
            && parameter.name == field
            && !enum_values(parameter.schema.follow(&parameter.schema.root)).is_empty()
    })
}

fn spots(operation: &Operation) -> Vec<Spot<'_>> {
    let mut spots: Vec<Spot<'_>> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location != Location::Path)
        .filter(|parameter| !parameter.name.eq_ignore_ascii_case(TOKEN_HEADER))
        .filter(|parameter| !parameter.name.eq_ignore_ascii_case("content-type"))
        .map(|parameter| Spot {
            place: parameter.location.as_str(),
            field: parameter.name.clone(),
            schema: &parameter.schema,
            node: parameter.schema.follow(&parameter.schema.root),
            required: parameter.required,
        })
        .collect();
    if let Some(body) = &operation.request_body {
        spots.extend(
            body.schema
                .fields()
                .filter(|field| !field.path.is_root() && !field.path.has_entry())
                .map(|field| Spot {
                    place: "request",
                    field: field.name.to_owned(),
                    schema: &body.schema,
                    node: field.node,
                    required: field.required,
                }),
        );
    }
    spots
}

/// A text within a node's limits that leaves room for two more characters.
fn alone_text(node: &Value) -> String {
    let least = size(node, "minLength").unwrap_or(0);
    "a".repeat(least.max(1))
}

fn word_for(character: char) -> String {
    match character {
        '-' => "hyphen".to_owned(),
        '_' => "underscore".to_owned(),
        '.' => "full-stop".to_owned(),
        ' ' => "space".to_owned(),
        '/' => "slash".to_owned(),
        '0' => "digit".to_owned(),
        'Z' => "capital".to_owned(),
        _ => "non-ascii".to_owned(),
    }
}

fn split(place: &str) -> Option<(&'static str, &str)> {
    let (head, field) = place.split_once('.')?;
    let head = match head {
        "path" => "path",
        "query" => "query",
        "header" => "header",
        "request" => "request",
        _ => return None,
    };
    Some((head, field))
}
