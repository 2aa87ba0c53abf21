//! Faults of validation: each rule for requests not enforced, and methods that no page has served.

use serde_json::Value;

use crate::contract::{
    Action, BETWEEN, Facet, Level, Place, Row, Rule, StatusRange, Topic, Wire, types_of,
};
use crate::generate::{
    Slot, extreme_dates, is_in_words, is_opaque, is_structured, size, slots, states_condition,
};

use super::super::rejection::{Cause, Reason, Unreadable};
use super::super::resource::row_of;
use super::wrong::Alone;
use super::{Alter, Effect, FaultKind, Maker, Meant, When};

/// Whether more than its length and characters is said of a text.
pub(super) fn is_formed(node: &Value) -> bool {
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
            let is_written = slot.field.has_item() || self.writes_list(&slot) || !slot.is_text;
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
        self.wholes();
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
            if operation.is_all_that_pages_tell_of_one(&self.suite.operations) {
                let reason =
                    "pages may tell of the other methods elsewhere: a breach fails nothing";
                self.skip(FaultKind::Method, fact, "served", reason);
            } else {
                self.add(FaultKind::Method, fact, "served", what, Effect::Method);
            }
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
    pub(super) fn open(&mut self, rule: &Rule, way: &str, what: String, cause: Cause) {
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

    pub(super) fn skip_hole(&mut self, rule: Rule, way: &str, reason: &str) {
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
            BETWEEN if states_condition(slot.schema, slot.node) => return,
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
        let documented = self.operation.documented(rule);
        if documented.is_some_and(|fact| fact.level() == Level::May) {
            let reason = "no page says so: that it is broken fails nothing";
            self.skip_hole(rule.clone(), "accepted", reason);
        } else if is_breakable {
            let what = format!("{} is not held to its {facet}", slot.field);
            self.open(rule, "accepted", what, Cause::Rule(facet));
        } else {
            let reason = "nothing that can be sent breaks it";
            self.skip_hole(rule.clone(), "accepted", reason);
        }
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
        if self.operation.refuses_media_types() {
            let cause = Cause::Unreadable(Unreadable::Accept);
            let what = "answers whatever media type is asked for".to_owned();
            let rule = Rule::of_place(Place::Operation, Facet::Wire(Wire::Malformed));
            let effect = Effect::Hole {
                row: rule.row(),
                cause,
            };
            let fact = self.operation.fact_id(malformed.clone());
            self.add(FaultKind::Hole, fact, "accept-ignored", what, effect);
        }
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
            let is_read_in_part = matches!(
                cause,
                Cause::Unreadable(Unreadable::Encoding | Unreadable::Trailing)
            );
            if is_json && is_read_in_part {
                // A reader may well put another character for a byte that is none, and take the
                // first value of several.
                let fact = self.operation.fact_id(malformed.clone());
                let reason = "that it is refused is convention: a breach fails nothing";
                self.skip(FaultKind::Hole, fact, way, reason);
            } else if is_json {
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
}
