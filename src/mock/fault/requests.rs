//! Faults of validation: each rule for requests not enforced, and each valid boundary refused;
//! credentials and methods likewise.

use serde_json::Value;

use crate::contract::{
    Action, BETWEEN, Facet, FieldPath, Level, Operation, Place, ResourceExpectation, Row, Rule,
    SecurityScheme, StatusRange, Step, Topic, Wire, enum_values, types_of,
};
use crate::generate::{
    Slot, extreme_dates, is_in_words, is_opaque, is_structured, is_told_by_rule, limit, size, slots,
};

use super::super::rejection::{Cause, Flaw, Reason, Unreadable};
use super::super::resource::{row_of, text_of};
use super::wrong::Alone;
use super::{Alter, Effect, FaultKind, Maker, Meant, When};

/// Characters that patterns treat differently; each that a pattern allows inside a text can be
/// refused.
const INNER_CHARACTERS: [char; 8] = ['-', '_', '.', ' ', '/', '0', 'Z', '汉'];

/// Whether more than its length and characters is said of a text.
fn is_formed(node: &Value) -> bool {
    [Facet::Format, Facet::Enum, Facet::Const]
        .iter()
        .any(|facet| node.get(facet.as_str()).is_some())
}

impl Maker<'_> {
    /// Adds holes and over-strictness for every fact of the request, then those that no row is
    /// about.
    pub(super) fn requests(&mut self) {
        for slot in slots(self.operation) {
            let row = Row {
                place: slot.place,
                field: slot.field.clone(),
            };
            let is_written = slot.field.has_item() || self.writes_list(&slot);
            if slot.place != Place::Request && is_structured(slot.node) && !is_written {
                let rule = Rule::new(row.place, row.field, Facet::Type);
                let reason = "how a parameter writes its parts, no page says";
                self.skip_hole(rule, "accepted", reason);
                continue;
            }
            for rule in self.rules_at(&row) {
                if is_opaque(slot.facts) && rule.facet != Facet::Required {
                    let reason = "its values come from answers: none can be made up";
                    self.skip_hole(rule, "accepted", reason);
                    continue;
                }
                self.hole(&slot, &rule);
                // Whoever has no value to send cannot show that its absence alone is refused, and
                // of values that words restrict nobody knows which are to be taken.
                if is_opaque(slot.facts) || is_in_words(slot.facts) {
                    continue;
                }
                self.strictness(&slot, &rule);
            }
            self.dates(&slot);
        }
        self.body_as_a_whole();
        self.sizes();
        self.resources();
        self.credentials();
        self.methods();
    }

    /// A date that a calendar has breaks the server instead of being taken or refused.
    fn dates(&mut self, slot: &Slot<'_>) {
        let is_bound = self
            .suite
            .bindings(self.operation)
            .into_keys()
            .filter_map(|place| row_of(&place))
            .any(|row| row.place == slot.place && row.field == slot.field);
        if !slot.is_top() || is_bound || is_opaque(slot.facts) {
            return;
        }
        for (label, value) in extreme_dates(slot.node) {
            let rule = Rule::new(slot.place, slot.field.clone(), Facet::Format);
            let row = rule.row();
            let fact = self.operation.fact_id(rule);
            let way = format!("breaks-on-{}", label.replace(' ', "-"));
            let what = format!("breaks on {label} in {}", slot.field);
            let effect = Effect::Breaks { row, value };
            self.add(FaultKind::Strictness, fact, &way, what, effect);
        }
    }

    /// Methods belong to a path: its first operation stands for all.
    fn methods(&mut self) {
        let operation = self.operation;
        let first = self
            .suite
            .operations
            .iter()
            .find(|other| other.service == operation.service && other.path == operation.path);
        // An action is asked for by whatever method.
        if first.is_some_and(|first| first.id == operation.id)
            && Action::of(&operation.path).is_none()
        {
            let fact = operation.about(Topic::OtherMethods);
            let what = "serves methods that no page documents".to_owned();
            self.add(FaultKind::Method, fact, "served", what, Effect::Method);
            let place = Place::Response(StatusRange::Code(405));
            let rule = Rule::of_place(place, Facet::Wire(Wire::Allow));
            let fact = operation.fact_id(rule);
            if operation.names(405) {
                for (way, what, allowed) in [
                    ("left-out", "does not say which methods there are", None),
                    (
                        "of-another",
                        "names other methods than there are",
                        Some("TRACE"),
                    ),
                ] {
                    let effect = Effect::Answer {
                        meant: Meant::Statuses(StatusRange::Code(405)),
                        alter: Alter::Header("allow".to_owned(), allowed.map(str::to_owned)),
                    };
                    let what = format!("answers 405 and {what}");
                    self.add(FaultKind::Method, fact.clone(), way, what, effect);
                }
            } else {
                let reason = "no page documents a 405: a breach fails nothing";
                self.skip(FaultKind::Method, fact, "left-out", reason);
            }
        }
        let mut of_service = self.suite.operations.iter();
        let first = of_service.find(|other| other.service == operation.service);
        if first.is_some_and(|first| first.id == operation.id) {
            let fact = operation.about(Topic::Behaviour("undocumented-path".to_owned()));
            let what = "serves paths that no page documents".to_owned();
            self.add(FaultKind::Method, fact, "served", what, Effect::Path);
        }
    }

    /// Whether it is known how a parameter writes several values.
    fn writes_list(&self, slot: &Slot<'_>) -> bool {
        let mut parameters = self.operation.parameters.iter();
        parameters.any(|parameter| {
            parameter.style.is_some()
                && parameter.location.place() == slot.place
                && slot.field.top() == Some(parameter.name.as_str())
        })
    }

    /// A breach of a rule is not seen.
    fn open(&mut self, rule: &Rule, way: &str, what: String, cause: Cause) {
        let row = rule.row();
        let fact = self.operation.fact_id(rule.clone());
        self.add(
            FaultKind::Hole,
            fact,
            way,
            what,
            Effect::Hole { row, cause },
        );
    }

    fn skip_hole(&mut self, rule: Rule, way: &str, reason: &str) {
        let fact = self.operation.fact_id(rule);
        self.skip(FaultKind::Hole, fact, way, reason);
    }

    fn hole(&mut self, slot: &Slot<'_>, rule: &Rule) {
        let facet = rule.facet;
        let breaking = || Alone::new(slot.schema, slot.node);
        let is_breakable = match facet {
            Facet::Required if !slot.required => return,
            // A text of the query, a header or a form is a text whatever is sent.
            Facet::Type if slot.is_text => {
                let types = types_of(slot.node);
                !types.contains(&"string") && !types.contains(&"array")
            }
            // A parameter without values, or a field of a form, is none.
            Facet::MinItems if slot.is_text => {
                size(slot.node, facet).is_some_and(|least| least > 1)
            }
            Facet::Required | Facet::Type | BETWEEN => true,
            // A text of another length is then of another form too, and is refused for that.
            Facet::MinLength | Facet::MaxLength if is_formed(slot.node) => {
                breaking().is_some_and(|alone| alone.breaks_alone(facet))
            }
            Facet::Enum
            | Facet::MinLength
            | Facet::MaxLength
            | Facet::Pattern
            | Facet::Format
            | Facet::Minimum
            | Facet::Maximum
            | Facet::ExclusiveMinimum
            | Facet::ExclusiveMaximum
            | Facet::MinItems
            | Facet::MaxItems
            | Facet::UniqueItems
            | Facet::MultipleOf => {
                breaking().is_some_and(|alone| !alone.breaking(facet, 1).is_empty())
            }
            Facet::Nullable
            | Facet::Const
            | Facet::Items
            | Facet::Default
            | Facet::Example
            | Facet::Status
            | Facet::Body
            | Facet::EmptyBody
            | Facet::Method
            | Facet::Name
            | Facet::Prose
            | Facet::Meaning(_)
            | Facet::Keyword(_)
            | Facet::Wire(_) => return,
        };
        if is_breakable {
            let what = format!("{} is not held to its {facet}", slot.field);
            self.open(rule, "accepted", what, Cause::Rule(facet));
        } else {
            let reason = "nothing that can be sent breaks it";
            self.skip_hole(rule.clone(), "accepted", reason);
        }
    }

    fn strict(&mut self, rule: &Rule, way: &str, what: &str, when: When) {
        let row = rule.row();
        let fact = self.operation.fact_id(rule.clone());
        let what = format!("refuses {} {what}", row.field);
        let effect = Effect::Strict { row, when };
        self.add(FaultKind::Strictness, fact, way, what, effect);
    }

    fn strictness(&mut self, slot: &Slot<'_>, rule: &Rule) {
        if slot.field.has_item() {
            return;
        }
        let Some(alone) = Alone::new(slot.schema, slot.node) else {
            return;
        };
        let bound = limit(slot.node, rule.facet);
        match rule.facet {
            Facet::Enum => self.refused_values(slot, rule),
            Facet::MinLength | Facet::MaxLength => self.refused_lengths(slot, rule, &alone),
            Facet::Minimum | Facet::Maximum => {
                // A bound that goes without saying forbids what lies beyond it; that it is taken
                // itself, no page says.
                let fact = self.operation.documented(rule);
                let is_stated = fact.is_some_and(|fact| fact.level() == Level::Must);
                if let Some(bound) = bound.filter(|_| is_stated) {
                    let when = When::Is(Value::from(bound));
                    self.strict(rule, "refused", &format!("as {bound}"), when);
                }
            }
            Facet::Pattern => self.refused_characters(slot, rule, &alone),
            Facet::Format => {
                self.strict(rule, "refused", "however it is written", When::Present);
            }
            Facet::Required => {
                if !slot.required && slot.field.steps().len() == 1 {
                    let what = "when it is not sent";
                    self.strict(rule, "refused-absent", what, When::Absent);
                }
            }
            Facet::Type
                if !is_told_by_rule(slot)
                    || slot.place != Place::Request && is_structured(slot.node) =>
            {
                let reason = "what is made up from its type alone may be refused";
                let fact = self.operation.fact_id(rule.clone());
                self.skip(FaultKind::Strictness, fact, "refused-present", reason);
            }
            Facet::Type => {
                if !slot.required && self.is_made_up(slot) {
                    let reason = "the request that has it is made up, and may be refused";
                    let fact = self.operation.fact_id(rule.clone());
                    self.skip(FaultKind::Strictness, fact, "refused-present", reason);
                } else if !slot.required {
                    let what = "when it is sent";
                    self.strict(rule, "refused-present", what, When::Present);
                }
                if self.is_free(slot, &alone) {
                    let what = "with characters beyond ASCII";
                    self.strict(rule, "refused-non-ascii", what, When::NonAscii);
                }
            }
            Facet::Nullable
            | Facet::Const
            | Facet::ExclusiveMinimum
            | Facet::ExclusiveMaximum
            | Facet::MultipleOf
            | Facet::MinItems
            | Facet::MaxItems
            | Facet::UniqueItems
            | Facet::Items
            | Facet::Default
            | Facet::Example
            | Facet::Status
            | Facet::Body
            | Facet::EmptyBody
            | Facet::Method
            | Facet::Name
            | Facet::Prose
            | Facet::Meaning(_)
            | Facet::Keyword(_)
            | Facet::Wire(_) => {}
        }
    }

    fn refused_values(&mut self, slot: &Slot<'_>, rule: &Rule) {
        for value in enum_values(slot.node) {
            if value.is_null() {
                continue;
            }
            let shown = text_of(&value);
            let (way, what) = (format!("refused-{shown}"), format!("as {shown}"));
            self.strict(rule, &way, &what, When::Is(value));
        }
    }

    fn refused_lengths(&mut self, slot: &Slot<'_>, rule: &Rule, alone: &Alone) {
        if is_formed(slot.node) {
            let reason = "its form or its list says which lengths there are";
            let fact = self.operation.fact_id(rule.clone());
            self.skip(FaultKind::Strictness, fact, "refused", reason);
            return;
        }
        let Some(length) = size(slot.node, rule.facet) else {
            return;
        };
        let what = format!("with {length} characters");
        self.strict(rule, "refused", &what, When::Characters(length));
        // 2/3 of the limit in Chinese takes twice the limit in bytes.
        let wide = Value::from("汉".repeat(length / 3 + 1));
        if rule.facet == Facet::MaxLength && alone.allows(&wide) {
            let what = format!("with more than {length} bytes");
            self.strict(rule, "counts-bytes", &what, When::MoreBytes(length));
        }
    }

    fn refused_characters(&mut self, slot: &Slot<'_>, rule: &Rule, alone: &Alone) {
        let base = alone_text(slot.node);
        for character in INNER_CHARACTERS {
            let mut text = base.clone();
            text.push(character);
            text.push('a');
            if alone.allows(&Value::from(text)) {
                let word = word_for(character);
                let (way, what) = (format!("refused-{word}"), format!("with {word}"));
                self.strict(rule, &way, &what, When::Contains(character));
            }
        }
    }

    /// Whether a field belongs to a body of which no page shows one.
    fn is_made_up(&self, slot: &Slot<'_>) -> bool {
        slot.place == Place::Request
            && self.operation.request_body.as_ref().is_some_and(|body| {
                let mut examples = body.examples.iter();
                !examples.any(|example| body.schema.is_valid(example))
            })
    }

    /// Whether a field of the body takes any text.
    fn is_free(&self, slot: &Slot<'_>, alone: &Alone) -> bool {
        let is_bound = || {
            self.suite
                .bindings(self.operation)
                .into_keys()
                .filter_map(|place| row_of(&place))
                .any(|row| row.place == slot.place && row.field == slot.field)
        };
        slot.place == Place::Request
            && slot.node.get(Facet::Pattern.as_str()).is_none()
            && !is_in_words(slot.facts)
            && alone.allows(&Value::from("Grüße 汉字"))
            && !is_bound()
    }

    /// What is too long breaks the server instead of being refused.
    fn sizes(&mut self) {
        let rule = Rule::of_place(Place::Request, Facet::Wire(Wire::Size));
        let fact = self.operation.fact_id(rule);
        let mut long = vec![
            ("uri-breaks", "breaks on a long URI", Reason::LongUri),
            (
                "header-breaks",
                "breaks on a long header",
                Reason::LongHeaders,
            ),
        ];
        // White space after it is a part of JSON alone.
        let body = self.operation.request_body.as_ref();
        if body.is_some_and(|body| body.form.is_none()) {
            long.push(("body-breaks", "breaks on a long body", Reason::LongBody));
        }
        for (way, what, reason) in long {
            let effect = Effect::Oversized(reason);
            let kind = FaultKind::Transport;
            self.add(kind, fact.clone(), way, what.to_owned(), effect);
        }
    }

    fn body_as_a_whole(&mut self) {
        let malformed = Rule::of_place(Place::Request, Facet::Wire(Wire::Malformed));
        let Some(body) = &self.operation.request_body else {
            let fact = self.operation.fact_id(malformed);
            let what = "breaks on a content type without a body".to_owned();
            self.add(
                FaultKind::Transport,
                fact,
                "type-breaks",
                what,
                Effect::StrayType,
            );
            return;
        };
        // What no form is, lenient readers take: no case asks for its refusal.
        let is_json = body.form.is_none();
        for (way, what, cause) in [
            (
                "syntax-accepted",
                "takes a body that is not JSON",
                Cause::Unreadable(Unreadable::Syntax),
            ),
            (
                "encoding-accepted",
                "takes a body that is not UTF-8",
                Cause::Unreadable(Unreadable::Encoding),
            ),
            (
                "trailing-accepted",
                "takes a body with text after it",
                Cause::Unreadable(Unreadable::Trailing),
            ),
            (
                "type-accepted",
                "takes a body that is not an object",
                Cause::Rule(Facet::Type),
            ),
        ] {
            if is_json {
                self.open(&malformed, way, what.to_owned(), cause);
            }
        }
        if self.operation.names(415) {
            let what = "takes a body of another media type".to_owned();
            let cause = Cause::Unreadable(Unreadable::ContentType);
            self.open(&malformed, "media-type-accepted", what, cause);
        }
        let required = Rule::of_place(Place::Request, Facet::Required);
        if body.empty_shown {
            let rule = Rule::of_place(Place::Request, Facet::EmptyBody);
            let effect = Effect::Strict {
                row: rule.row(),
                when: When::NoBody,
            };
            let fact = self.operation.fact_id(rule);
            let what = "refuses a request without a body".to_owned();
            self.add(FaultKind::Strictness, fact, "refused-absent", what, effect);
        } else if body.required {
            let what = "takes a request without a body".to_owned();
            self.open(&required, "accepted", what, Cause::Rule(Facet::Required));
        } else {
            let fact = self.operation.fact_id(required);
            let reason = "whether a request without a body is taken, no page says";
            self.skip(FaultKind::Strictness, fact, "refused-absent", reason);
        }
    }

    /// Unknown and unsuitable resources are taken; suitable ones are not.
    fn resources(&mut self) {
        let bindings = self.suite.bindings(self.operation);
        for row in bindings.keys().filter_map(|place| row_of(place)) {
            let rule = Rule::new(row.place, row.field, Facet::Type);
            let is_chosen = self.chosen().is_some_and(|chosen| chosen == rule.row());
            if is_chosen {
                let reason = "the request chooses the id of what it makes";
                self.skip_hole(rule, "unknown-accepted", reason);
            } else if rule.field == FieldPath::name("project_id") {
                let reason = "a project stands for the credential's scope, which no page describes";
                self.skip_hole(rule, "unknown-accepted", reason);
            } else if self.operation.may_take_unknown() {
                let reason = "no page says that what is not there is refused";
                self.skip_hole(rule, "unknown-accepted", reason);
            } else if is_listed(self.operation, &rule) {
                let reason = "every value is documented: what is unknown breaks the list of values";
                self.skip_hole(rule, "unknown-accepted", reason);
            } else {
                let what = format!("takes any {}", rule.field);
                self.open(&rule, "unknown-accepted", what, Cause::Unknown);
            }
        }
        for case in self.suite.cases_of(self.operation).resources {
            let Some((place, key)) = case.bind.iter().next() else {
                continue;
            };
            let Some(row) = row_of(place) else {
                continue;
            };
            let fact = self.operation.about(Topic::Row(row.clone()));
            let way = format!("resource-{}", case.name);
            match case.expect {
                ResourceExpectation::Refused => {
                    let cause = Cause::Unsuitable;
                    let what = format!("takes a {} resource", case.name);
                    let effect = Effect::Hole { row, cause };
                    self.add(FaultKind::Hole, fact, &way, what, effect);
                }
                ResourceExpectation::Success => {
                    let when = When::Resource(key.clone());
                    let what = format!("refuses a {} resource", case.name);
                    let effect = Effect::Strict { row, when };
                    self.add(FaultKind::Strictness, fact, &way, what, effect);
                }
                ResourceExpectation::Empty => {}
            }
        }
    }

    fn credentials(&mut self) {
        let fact = self.operation.about(Topic::Credential);
        let scheme = self.suite.security_scheme();
        let has_word = matches!(scheme, SecurityScheme::Bearer | SecurityScheme::Basic);
        let other = (
            Flaw::OtherScheme,
            "serves requests with the token under another scheme",
        );
        for (flaw, what) in [
            (Flaw::Missing, "serves requests without a token"),
            (Flaw::Wrong, "serves requests with a wrong token"),
            (Flaw::Cut, "serves requests with a token that lacks its end"),
            (Flaw::Extended, "serves requests with more than the token"),
        ]
        .into_iter()
        .chain(has_word.then_some(other))
        {
            let effect = Effect::Hole {
                row: Row {
                    place: Place::Operation,
                    field: FieldPath::root(),
                },
                cause: Cause::Credential(flaw),
            };
            let way = format!("{}-accepted", flaw.as_str());
            if !self.suite.asks_for_credential(self.operation) {
                let reason = "no page asks for a credential here";
                self.skip(FaultKind::Auth, fact.clone(), &way, reason);
                continue;
            }
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
            if is_described && alter == Alter::NoBody
                || !self.suite.asks_for_credential(self.operation)
            {
                continue;
            }
            let effect = Effect::Answer {
                meant: Meant::Denials,
                alter,
            };
            self.add(FaultKind::Auth, fact.clone(), way, what.to_owned(), effect);
        }
    }
}

/// Whether a page lists the values of the parameter that a rule is about.
fn is_listed(operation: &Operation, rule: &Rule) -> bool {
    operation.parameters.iter().any(|parameter| {
        parameter.location.place() == rule.place
            && rule.field.steps() == [Step::Name(parameter.name.clone())]
            && !enum_values(parameter.schema.follow(&parameter.schema.root)).is_empty()
    })
}

/// A text within a node's limits that leaves room for two more characters.
fn alone_text(node: &Value) -> String {
    let least = size(node, Facet::MinLength).unwrap_or(0);
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
