//! Faults of strictness: what the contract allows is refused.

use serde_json::Value;

use super::super::resource::{row_of, text_of};
use super::requests::is_formed;
use super::wrong::Alone;
use super::{Effect, FaultKind, Maker, When};
use crate::contract::{Facet, Level, Place, Rule, enum_values};
use crate::generate::{Slot, is_in_words, is_structured, is_told_by_rule, limit, size};

/// Characters that patterns treat differently; each that a pattern allows inside a text can be
/// refused.
const INNER_CHARACTERS: [char; 8] = ['-', '_', '.', ' ', '/', '0', 'Z', '汉'];

impl Maker<'_> {
    fn strict(&mut self, rule: &Rule, way: &str, what: &str, when: When) {
        let row = rule.row();
        let fact = self.operation.fact_id(rule.clone());
        let what = format!("refuses {} {what}", row.field);
        let effect = Effect::Strict { row, when };
        self.add(FaultKind::Strictness, fact, way, what, effect);
    }

    pub(super) fn strictness(&mut self, slot: &Slot<'_>, rule: &Rule) {
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
