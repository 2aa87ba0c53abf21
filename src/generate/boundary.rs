//! Boundary cases, enumerated and the same every run: for each documented facet of each request
//! field, values on both sides.

use std::sync::Arc;

use serde_json::Value;

use crate::contract::{BETWEEN, Facet, Keyword, Operation, Rule, enum_values, types_of};

use super::boundary_values;
use super::case::{Case, Expectation, PlannedCase};
use super::convention::{is_null_for_absent, refusal_at};
use super::dates;
use super::local::{Base, Local};
use super::oracle::{LONGEST_UNLIMITED, Validity, classify};
use super::sample::{limit, sample, size};
use super::slot::{Labelled, Slot, is_in_words, is_opaque, slot};
use super::text::text_of_length;
use super::violate::{self, ViolationKind};

/// A longer text is none to be repeated: requests have bounds of their own.
const LONGEST_REPEATED: usize = 4_096;

/// A side of a facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoundarySide {
    /// Values that the endpoint must accept: each is documented-valid.
    Accepts,
    /// Values that it must refuse: each breaks exactly this facet of this field.
    Rejects,
}

/// The boundary cases of one side of a facet of a field. They are made when they are wanted.
#[derive(Debug, Clone)]
pub struct Boundary {
    /// The request that the cases are made from.
    pub base: Arc<Base>,
    /// Others in which the rule is tried too: of each further kind of object that has the field.
    pub others: Vec<Arc<Base>>,
    /// The rule that is tried.
    pub rule: Rule,
    /// Its side.
    pub side: BoundarySide,
    /// Whether the field takes a resource of the target.
    pub is_bound: bool,
    /// The kind of violation that is left out on purpose, if any is.
    pub omitted: Option<ViolationKind>,
}

impl Boundary {
    /// The cases, each of which stands in its class as far as the field alone tells.
    pub fn planned(&self, operation: &Operation) -> Vec<PlannedCase> {
        self.some(operation, usize::MAX)
    }

    /// The first of them.
    pub fn first(&self, operation: &Operation) -> Option<PlannedCase> {
        self.some(operation, 1).pop()
    }

    fn some(&self, operation: &Operation, most: usize) -> Vec<PlannedCase> {
        let Some(slot) = slot(operation, self.rule.place, &self.rule.field) else {
            return Vec::new();
        };
        if self.rule.facet == BETWEEN {
            return self.combined(operation, &slot, most);
        }
        let mut found = Vec::new();
        for base in std::iter::once(&self.base).chain(&self.others) {
            let local = base.local(operation, &slot);
            let cases = self.candidates(&local).filter_map(|(label, value)| {
                let expectation = self.expectation(&local, value.as_ref())?;
                Some(local.case(value, label, expectation))
            });
            let room = most - found.len();
            found.extend(cases.take(room));
        }
        found
    }

    /// Requests on this side of the rules between the field and others.
    fn combined(&self, operation: &Operation, slot: &Slot<'_>, most: usize) -> Vec<PlannedCase> {
        let Some(around) = self.base.around(operation, slot) else {
            return Vec::new();
        };
        let is_wanted = self.side == BoundarySide::Accepts;
        let expectation = if is_wanted {
            Expectation::Success
        } else {
            Expectation::Refusal
        };
        let sides = around.together.sides(&around.object, &around.name);
        sides
            .into_iter()
            .filter(|(_, is_kept, _)| *is_kept == is_wanted)
            .map(|(label, _, object)| {
                let mut case = PlannedCase::of(&self.base.request, label, expectation);
                case.edits = around.edits(slot.place, object);
                case
            })
            .filter(|case| self.stands(operation, &case.make()))
            .take(most)
            .collect()
    }

    /// Whether there are any. `local` is that of the field.
    pub fn has_cases(&self, local: &Local<'_>) -> bool {
        if self.rule.facet == BETWEEN {
            return !self.combined(local.operation, local.slot, 1).is_empty();
        }
        self.candidates(local)
            .any(|(_, value)| self.expectation(local, value.as_ref()).is_some())
    }

    /// Whether a case stands in its class on the wire.
    pub fn stands(&self, operation: &Operation, case: &Case) -> bool {
        let value = case.request.get(self.rule.place, &self.rule.field);
        self.is_of_side(&classify(operation, &case.request), value.as_ref())
    }

    /// Whether all that is broken is the union that the field is of one branch of: which rule of which
    /// branch it is the request alone does not tell, and what was sent before broke none of them.
    fn is_of_no_branch(&self, broken: &[Rule]) -> bool {
        let [one] = broken else { return false };
        let is_union = matches!(one.facet, Facet::Enum | Facet::Keyword(Keyword::OneOf));
        is_union
            && one.place == self.rule.place
            && one.field != self.rule.field
            && one.field.contains(&self.rule.field)
            && !self.base.is_broken()
    }

    fn candidates(&self, local: &Local<'_>) -> impl Iterator<Item = (String, Option<Value>)> {
        let (slot, facet) = (local.slot, self.rule.facet);
        match self.side {
            // What is there or not says nothing of the value.
            _ if is_opaque(slot.facts) && !is_of_presence(facet) => Vec::new(),
            BoundarySide::Accepts => accepted(&local.base.request, slot, facet, self.is_bound),
            BoundarySide::Rejects => self
                .of_another_length(local)
                .into_iter()
                .chain(rejected(slot, facet, self.omitted))
                .chain(self.longer_than_messages(local))
                .collect(),
        }
        .into_iter()
    }

    /// The text that the request has, cut or repeated so that it is one shorter or longer than it may
    /// be: what it consists of is as documented, whatever words say of that.
    fn of_another_length(&self, local: &Local<'_>) -> Option<(String, Option<Value>)> {
        let (slot, facet) = (local.slot, self.rule.facet);
        let bound = size(slot.node, facet).filter(|length| *length <= LONGEST_REPEATED)?;
        let (kind, length) = match facet {
            Facet::MinLength => (ViolationKind::TooShort, bound.checked_sub(1)?),
            Facet::MaxLength => (ViolationKind::TooLong, bound + 1),
            _ => return None,
        };
        let own = local.base.request.get(slot.place, &slot.field)?;
        let own = own.as_str().filter(|own| !own.is_empty())?;
        let is_wanted = self.omitted != Some(kind) && length > 0 && is_in_words(slot.facts);
        let text: String = own.chars().cycle().take(length).collect();
        is_wanted.then(|| {
            let label = format!("{length} characters, as the documented ones");
            (label, Some(Value::from(text)))
        })
    }

    /// A text that no error message has room for: whoever repeats what was sent in one, and does
    /// not cut it, says more than is documented. What the field itself takes may be too short to
    /// show that.
    fn longer_than_messages(&self, local: &Local<'_>) -> Option<(String, Option<Value>)> {
        let node = local.slot.node;
        let kind = match self.rule.facet {
            Facet::MaxLength => ViolationKind::TooLong,
            Facet::Enum => ViolationKind::OutsideEnum,
            Facet::Format => ViolationKind::BadFormat,
            _ => return None,
        };
        if self.omitted == Some(kind) || !types_of(node).contains(&"string") {
            return None;
        }
        let length = longest_message(local.operation())? + 1;
        let own = size(node, Facet::MaxLength).unwrap_or(0);
        if self.rule.facet == Facet::MaxLength && own * 2 > length {
            return None;
        }
        let pattern = node.get(Facet::Pattern.as_str()).and_then(Value::as_str);
        let text = text_of_length(pattern, length, 0)?;
        let label = format!("{length} characters, more than an error message may have");
        Some((label, Some(Value::from(text))))
    }

    /// What is expected of the request with this value; none where it does not stand in its class.
    fn expectation(&self, local: &Local<'_>, value: Option<&Value>) -> Option<Expectation> {
        if !local.is_sendable(value) {
            return None;
        }
        let sent = local.sent(value);
        if !self.is_of_side(&local.class(value), sent.as_ref()) {
            return None;
        }
        Some(match self.side {
            BoundarySide::Accepts => Expectation::Success,
            BoundarySide::Rejects
                if is_null_for_absent(
                    local.slot.schema,
                    &local.slot.field,
                    local.slot.facts,
                    sent.as_ref(),
                ) =>
            {
                Expectation::LenientRefusal
            }
            BoundarySide::Rejects => refusal_at(
                local.operation(),
                &self.rule,
                local.slot.node,
                sent.as_ref(),
            ),
        })
    }

    /// Whether a class is that of this side. `sent` is the value that is sent in the field.
    fn is_of_side(&self, class: &Validity, sent: Option<&Value>) -> bool {
        match (self.side, class) {
            (BoundarySide::Accepts, class) => *class == Validity::Valid,
            (BoundarySide::Rejects, Validity::Invalid(broken)) => {
                let is_empty = sent.is_some_and(|sent| sent == "");
                if self.rule.facet == BETWEEN {
                    // The rows of several fields may state one rule between them.
                    broken.contains(&self.rule) && broken.iter().all(|rule| rule.facet == BETWEEN)
                } else if is_empty && self.rule.facet == Facet::MinLength {
                    // No characters are no pattern's either: the one value that cannot break this
                    // rule alone.
                    let is_own = |rule: &Rule| {
                        rule.place == self.rule.place && rule.field == self.rule.field
                    };
                    broken.contains(&self.rule) && broken.iter().all(is_own)
                } else {
                    *broken == [self.rule.clone()] || self.is_of_no_branch(broken)
                }
            }
            (BoundarySide::Rejects, Validity::Valid | Validity::Unspecified(_)) => false,
        }
    }
}

/// Values, or none, that the endpoint may have to accept for one facet of a slot.
fn accepted(
    base: &super::Request,
    slot: &Slot<'_>,
    facet: Facet,
    is_bound: bool,
) -> Vec<(String, Option<Value>)> {
    let own = || base.get(slot.place, &slot.field);
    // A field that is bound to a resource has one valid value that we know of: the baseline's.
    if is_bound && facet != Facet::Required {
        return vec![("the target's own".to_owned(), own())];
    }
    match facet {
        Facet::Type if is_in_words(slot.facts) => own()
            .map(|shown| ("the value that the page shows".to_owned(), Some(shown)))
            .into_iter()
            .collect(),
        Facet::Type => some((0..3).map(|variety| plain(slot, variety)).collect())
            .into_iter()
            .chain(free_texts(slot))
            .collect(),
        Facet::Required if slot.required => vec![("present".to_owned(), own())],
        Facet::Required | Facet::Default | Facet::Nullable => {
            let null = types_of(slot.node).contains(&"null") && !slot.is_text;
            let mut values = vec![("absent".to_owned(), None)];
            if null {
                values.push(("null".to_owned(), Some(Value::Null)));
            }
            values
        }
        Facet::Enum => some(
            enum_values(slot.node)
                .into_iter()
                .map(|value| (value.to_string(), value))
                .collect(),
        ),
        Facet::MinLength | Facet::MaxLength => some(boundary_values::at_length(slot.node, facet)),
        Facet::Pattern => some(boundary_values::inside_pattern(slot.node)),
        Facet::Format => some(dates::well_formatted(slot.node)),
        Facet::Minimum | Facet::Maximum | Facet::MultipleOf => at_bound(limit(slot.node, facet)),
        Facet::ExclusiveMinimum => {
            at_bound(limit(slot.node, facet).map(|bound| bound.saturating_add(1)))
        }
        Facet::ExclusiveMaximum => {
            at_bound(limit(slot.node, facet).map(|bound| bound.saturating_sub(1)))
        }
        Facet::MinItems | Facet::MaxItems => some(
            size(slot.node, facet)
                .filter(|length| *length <= boundary_values::MOST_ITEMS)
                .map(|length| {
                    (
                        format!("{length} items"),
                        boundary_values::array_like(slot, own().as_ref(), length),
                    )
                })
                .into_iter()
                .collect(),
        ),
        Facet::Const
        | Facet::UniqueItems
        | Facet::Items
        | Facet::Example
        | Facet::Status
        | Facet::Body
        | Facet::EmptyBody
        | Facet::Method
        | Facet::Name
        | Facet::Prose
        | Facet::Meaning(_)
        | Facet::Keyword(_)
        | Facet::Wire(_) => Vec::new(),
    }
}

/// Values, or none, that may break one facet of a slot.
fn rejected(
    slot: &Slot<'_>,
    facet: Facet,
    omitted: Option<ViolationKind>,
) -> Vec<(String, Option<Value>)> {
    // What a branch of a union needs is told of the branch alone.
    let is_needed = slot.required || slot.is_beside_rules();
    if facet == Facet::Required && is_needed && omitted != Some(ViolationKind::Absent) {
        return vec![("absent".to_owned(), None)];
    }
    some(violate::violations(slot, facet, omitted))
}

/// The longest text that the errors of an operation may say, where a page limits it, and it can be
/// sent.
fn longest_message(operation: &Operation) -> Option<usize> {
    let errors = operation
        .responses
        .iter()
        .filter(|response| response.class() == Some(4));
    errors
        .filter_map(|response| response.schema.as_ref())
        .flat_map(|schema| {
            let texts = schema
                .fields()
                .filter(|field| enum_values(field.node).is_empty());
            texts.filter_map(|field| size(field.node, Facet::MaxLength))
        })
        .filter(|length| *length <= LONGEST_REPEATED)
        .max()
}

/// Whether a facet is tried without a value as well as with one.
fn is_of_presence(facet: Facet) -> bool {
    matches!(facet, Facet::Required | Facet::Default | Facet::Nullable)
}

fn plain(slot: &Slot<'_>, variety: usize) -> Labelled {
    let value = sample(slot.schema, slot.node, variety * 7);
    let label = if value.is_array() || value.is_object() {
        format!("plain value number {}", variety + 1)
    } else {
        format!("the plain value {value}")
    };
    (label, value)
}

fn at_bound(bound: Option<i64>) -> Vec<(String, Option<Value>)> {
    bound
        .map(|bound| (bound.to_string(), Some(Value::from(bound))))
        .into_iter()
        .collect()
}

/// Texts that a field of the body takes if nothing but its type is said of it.
fn free_texts(slot: &Slot<'_>) -> Vec<(String, Option<Value>)> {
    if !slot.is_free_text() {
        return Vec::new();
    }
    let texts = [
        ("letters beyond ASCII", "Grüße, 备份 и резерв"),
        (
            "quotation marks and a backslash",
            "a \"quoted\" 'text' \\ <b>",
        ),
    ];
    let long = super::text::filler(LONGEST_UNLIMITED, 0);
    texts
        .map(|(label, text)| (label.to_owned(), Some(Value::from(text))))
        .into_iter()
        .chain([(
            format!("{LONGEST_UNLIMITED} characters"),
            Some(Value::from(long)),
        )])
        .collect()
}

fn some(values: Vec<Labelled>) -> Vec<(String, Option<Value>)> {
    values
        .into_iter()
        .map(|(label, value)| (label, Some(value)))
        .collect()
}
