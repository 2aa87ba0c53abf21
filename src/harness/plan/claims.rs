//! Which facts a trial decides, from which side, and whether that side is all there is to them.

use crate::contract::{
    Action, DocumentedRule, Facet, FactId, FieldPath, Location, Meaning, Operation, Place,
    Relation, Rule, types_of,
};
use crate::generate::{Slot, UNDOCUMENTED_METHODS, is_protocol_header, is_wish, limit};
use crate::harness::claim::{Claim, Side};
use crate::harness::relation::{defaults, null_if_none};
use crate::harness::trial::Kind;

use super::Planner;

impl Planner<'_> {
    /// What the documented request shows where it is served: the method, the path, and what the
    /// client sends by itself. The fields of the request have trials of their own.
    pub(super) fn claims_of_example(&self) -> Vec<Claim> {
        let claim = |fact: &DocumentedRule| {
            let rule = &fact.rule;
            let alone = match rule.place {
                // Another method is to be refused, where one is left that nobody documents.
                Place::Operation => rule.facet != Facet::Method || self.has_every_method(),
                // It cannot be left out. A value that breaks what else is documented of it names no
                // resource, and may be refused for that.
                Place::Path => {
                    matches!(rule.facet, Facet::Required | Facet::Name)
                        || rule.facet == Facet::Type && self.is_text_in_path(&rule.field)
                }
                Place::Header if is_header(rule, is_protocol_header) => rule.facet == Facet::Type,
                Place::Header | Place::Query | Place::Cookie if self.is_credential(rule) => {
                    rule.facet == Facet::Type
                }
                Place::Query
                | Place::Header
                | Place::Cookie
                | Place::Request
                | Place::Response(_)
                | Place::ResponseHeader(_) => return None,
            };
            Some(Claim {
                alone,
                ..Claim::of(self.id(fact), Side::Served)
            })
        };
        let facts = self.facts.iter();
        facts
            .filter(|fact| !matches!(fact.rule.facet, Facet::Prose | Facet::Meaning(_)))
            .filter_map(claim)
            .collect()
    }

    /// What the trials of one rule decide: the ones planned last, from the one at `first` on.
    pub(super) fn claim_sides(&mut self, slot: &Slot<'_>, rule: Rule, first: usize) {
        let facet = rule.facet;
        let required = rule.with(Facet::Required);
        let is_optional = !slot.required && self.operation.documented(&required).is_some();
        let required = self.operation.fact_id(required);
        let own = self.operation.fact_id(rule);
        // Absence that is taken does not show what is taken instead, where a law does.
        let is_left_to_a_law =
            facet == Facet::Default && self.baseline.is_ok() && self.is_shown_by_a_law(slot);
        let alone = self.trials.len() == first + 1 && is_one_sided(slot, facet);
        for trial in self.trials.iter_mut().skip(first) {
            // Most trials of a plan have one claim, or two.
            trial.claims.reserve_exact(2);
            let side = if trial.kind != Kind::Accepts {
                Side::Rejects
            } else if facet == Facet::Required && is_optional {
                Side::Absent
            } else {
                Side::Accepts
            };
            if !is_left_to_a_law {
                trial.claims.push(Claim {
                    alone,
                    ..Claim::of(own.clone(), side)
                });
            }
            if facet == Facet::Type && side == Side::Accepts && is_optional {
                trial
                    .claims
                    .push(Claim::of(required.clone(), Side::Present));
            }
        }
    }

    /// The absence of a credential shows that its header is needed.
    pub(super) fn claims_of_no_credential(&self) -> Vec<Claim> {
        let is_needed = |fact: &&DocumentedRule| {
            fact.rule.facet == Facet::Required && self.is_credential(&fact.rule)
        };
        let needed = self.facts.iter().filter(is_needed);
        needed
            .map(|fact| Claim::of(self.id(fact), Side::Rejects))
            .collect()
    }

    /// Whether a rule is about what carries the credential.
    fn is_credential(&self, rule: &Rule) -> bool {
        let location = match rule.place {
            Place::Header => Location::Header,
            Place::Query => Location::Query,
            Place::Cookie => Location::Cookie,
            _ => return false,
        };
        let name = rule.field.top().unwrap_or_default();
        self.operation.is_credential(location, name)
    }

    /// A method that is refused on a path: one operation of the path stands for all of them.
    pub(super) fn claims_of_method(&self) -> Vec<Claim> {
        let same = |other: &&Operation| {
            other.service == self.operation.service && other.path == self.operation.path
        };
        let rule = || Rule::of_place(Place::Operation, Facet::Method);
        let operations = self.suite.operations.iter();
        operations
            .filter(same)
            .map(|other| Claim::of(other.fact_id(rule()), Side::Rejects))
            .collect()
    }

    /// A request without a body, where a page shows one.
    pub(super) fn claims_of_empty_body(&self) -> Vec<Claim> {
        self.all_of(|fact| fact.rule.facet == Facet::EmptyBody, Side::Accepts)
    }

    /// A documented fact of an answer, which answers show.
    pub(super) fn claim_of_answer(&self, rule: Rule) -> Claim {
        Claim::alone(self.operation.fact_id(rule), Side::Shown)
    }

    /// A law that shows which value is taken where none was sent.
    pub(super) fn claims_of_law(&self, relation: &Relation, law: &str) -> Vec<Claim> {
        let stated = self.stating(relation, law).into_iter();
        let stated: Vec<Claim> = stated
            .map(|fact| Claim::alone(self.id(fact), Side::Shown))
            .collect();
        let same = match relation {
            Relation::CreatedAppears { same, .. } => same,
            Relation::Echo { same, .. } if law == "same" => {
                let told = defaults(self.operation, same);
                let is_told = |fact: &DocumentedRule| {
                    fact.rule.facet == Facet::Default
                        && fact.rule.place == Place::Request
                        && told.iter().any(|default| default.field == fact.rule.field)
                };
                let told = self.all_of(is_told, Side::Shown);
                let null = Facet::Meaning(Meaning::NullIfNone);
                let answer = self.operation.answer();
                let fields = answer.map_or_else(Vec::new, |own| null_if_none(self.operation, own));
                let is_null = |fact: &DocumentedRule| {
                    fact.rule.facet == null
                        && fact.rule.place.is_response()
                        && fields.contains(&fact.rule.field)
                };
                let nulls = self.all_of(is_null, Side::Shown);
                return stated.into_iter().chain(told).chain(nulls).collect();
            }
            _ => return stated,
        };
        let is_shown = |fact: &DocumentedRule| {
            law == "default"
                && fact.rule.facet == Facet::Default
                && fact.rule.place == Place::Request
                && same.contains_key(&fact.rule.field.to_string())
        };
        self.all_of(is_shown, Side::Shown)
    }

    /// Claims to decide some of the operation's facts alone.
    fn all_of(&self, which: impl Fn(&DocumentedRule) -> bool, side: Side) -> Vec<Claim> {
        self.facts
            .iter()
            .filter(|fact| which(fact))
            .map(|fact| Claim::alone(self.id(fact), side))
            .collect()
    }

    /// Whether a law will show the default of a field.
    fn is_shown_by_a_law(&self, slot: &Slot<'_>) -> bool {
        let file = self.suite.cases.get(&self.operation.service);
        let mut relations = file.into_iter().flat_map(|file| &file.relations);
        slot.place == Place::Request
            && relations.any(|relation| match relation {
                Relation::CreatedAppears { create, same, .. } => {
                    *create == self.operation.id && same.contains_key(&slot.field.to_string())
                }
                Relation::Pagination { .. }
                | Relation::TimeWindow { .. }
                | Relation::Filter { .. }
                | Relation::Several { .. }
                | Relation::Sorted { .. }
                | Relation::SortBy { .. }
                | Relation::Range { .. }
                | Relation::Search { .. }
                | Relation::Omitted { .. }
                | Relation::Repeated { .. }
                | Relation::Items { .. }
                | Relation::Echo { .. }
                | Relation::EntityTag { .. } => false,
            })
    }

    /// Whether no method is left on the path that could be refused: each is documented there, or
    /// what is done is named by the path.
    fn has_every_method(&self) -> bool {
        let operation = self.operation;
        let mut methods = UNDOCUMENTED_METHODS.iter();
        Action::of(&operation.path).is_some()
            || methods.all(|method| self.paths.document(self.target, operation, method))
    }

    /// Whether any text is a value of a parameter of the path.
    fn is_text_in_path(&self, field: &FieldPath) -> bool {
        let name = field.last_name().unwrap_or_default();
        self.operation
            .parameter(Location::Path, name)
            .is_none_or(|parameter| is_text(&parameter.schema.root))
    }

    /// The identity of a fact of the operation.
    fn id(&self, fact: &DocumentedRule) -> FactId {
        self.operation.fact_id(fact.rule.clone())
    }
}

/// Whether a rule is about a header of a certain name.
fn is_header(rule: &Rule, is_named: impl Fn(&str) -> bool) -> bool {
    rule.place == Place::Header && rule.field.last_name().is_some_and(is_named)
}

/// Whether nothing can break a facet of a field, or nothing can show it.
fn is_one_sided(slot: &Slot<'_>, facet: Facet) -> bool {
    match facet {
        Facet::Nullable | Facet::Items | Facet::Name | Facet::Example => true,
        // Who does not know what a header asks for may pass it over.
        Facet::Enum => slot
            .field
            .last_name()
            .is_some_and(|name| is_wish(slot.place, name)),
        // No text is shorter than empty.
        Facet::MinLength => limit(slot.node, facet) == Some(0),
        // Any text in a query or a header is a text.
        Facet::Type => {
            slot.place != Place::Request
                && slot.is_text
                && (is_text(slot.node) || types_of(slot.node).contains(&"array"))
        }
        // A parameter without values is none.
        Facet::MinItems => {
            let is_small = limit(slot.node, facet).is_none_or(|least| least < 2);
            slot.place != Place::Request && slot.is_text && is_small
        }
        Facet::Required
        | Facet::Const
        | Facet::MaxLength
        | Facet::Pattern
        | Facet::Format
        | Facet::Minimum
        | Facet::ExclusiveMinimum
        | Facet::Maximum
        | Facet::ExclusiveMaximum
        | Facet::MultipleOf
        | Facet::MaxItems
        | Facet::UniqueItems
        | Facet::Default
        | Facet::Status
        | Facet::Body
        | Facet::EmptyBody
        | Facet::Method
        | Facet::Prose
        | Facet::Meaning(_)
        | Facet::Keyword(_)
        | Facet::Wire(_) => false,
    }
}

/// Whether a schema describes texts, or says nothing of the type.
fn is_text(schema: &serde_json::Value) -> bool {
    let types = types_of(schema);
    types.is_empty() || types.contains(&"string")
}
