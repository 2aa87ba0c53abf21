//! The kinds of violations: each with its name, the facets that it breaks, and where its values
//! come from.

use crate::contract::Facet;

use super::boundary_values::{
    above_maximum, below_minimum, no_multiples, outside_enum, outside_pattern, repeated_items,
    too_few_items, too_long, too_many_items, too_short, wrong_texts, wrong_types,
};
use super::dates::badly_formatted;
use super::slot::{Labelled, Slot};

/// A kind of violation: of a field, or of a request as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViolationKind {
    /// A value of another JSON type, in a body of JSON.
    WrongType,
    /// A text that is no value of the documented type, in a parameter or a form.
    WrongText,
    /// A value beside the documented ones.
    OutsideEnum,
    /// Fewer characters than documented.
    TooShort,
    /// More characters than documented.
    TooLong,
    /// A character that the pattern does not allow.
    OutsidePattern,
    /// A text of another form than documented.
    BadFormat,
    /// A number below the least.
    BelowMinimum,
    /// A number above the greatest.
    AboveMaximum,
    /// A number beside the documented multiples.
    NoMultiple,
    /// Fewer items than documented.
    TooFewItems,
    /// More items than documented.
    TooManyItems,
    /// An item twice.
    RepeatedItems,
    /// A mandatory field that is left out.
    Absent,
    /// A body that is no JSON object.
    Malformed,
    /// A request of great size.
    Oversized,
    /// No credential, or a wrong one.
    Credential,
    /// A method that no page documents.
    Method,
    /// A resource that is not there.
    UnknownResource,
    /// A path that no page documents.
    Path,
}

impl ViolationKind {
    /// Every kind: those of fields, then those of requests as a whole.
    pub const ALL: [Self; 20] = [
        Self::WrongType,
        Self::WrongText,
        Self::OutsideEnum,
        Self::TooShort,
        Self::TooLong,
        Self::OutsidePattern,
        Self::BadFormat,
        Self::BelowMinimum,
        Self::AboveMaximum,
        Self::NoMultiple,
        Self::TooFewItems,
        Self::TooManyItems,
        Self::RepeatedItems,
        Self::Absent,
        Self::Malformed,
        Self::Oversized,
        Self::Credential,
        Self::Method,
        Self::UnknownResource,
        Self::Path,
    ];

    /// Its name, for those who leave it out.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WrongType => "wrong-type",
            Self::WrongText => "wrong-text",
            Self::OutsideEnum => "outside-enum",
            Self::TooShort => "too-short",
            Self::TooLong => "too-long",
            Self::OutsidePattern => "outside-pattern",
            Self::BadFormat => "bad-format",
            Self::BelowMinimum => "below-minimum",
            Self::AboveMaximum => "above-maximum",
            Self::NoMultiple => "no-multiple",
            Self::TooFewItems => "too-few-items",
            Self::TooManyItems => "too-many-items",
            Self::RepeatedItems => "repeated-items",
            Self::Absent => "absent",
            Self::Malformed => "malformed",
            Self::Oversized => "oversized",
            Self::Credential => "credential",
            Self::Method => "method",
            Self::UnknownResource => "unknown-resource",
            Self::Path => "path",
        }
    }
}

/// Values that break one facet of a field that is there, one kind of violation left out where that
/// is asked for. What is left out altogether breaks `required`.
pub(super) fn violations(
    slot: &Slot<'_>,
    facet: Facet,
    omitted: Option<ViolationKind>,
) -> Vec<Labelled> {
    let Some(kind) = kind_of(facet, !slot.is_text).filter(|kind| Some(*kind) != omitted) else {
        return Vec::new();
    };
    match kind {
        ViolationKind::WrongType => wrong_types(slot.node),
        ViolationKind::WrongText => wrong_texts(slot.node),
        ViolationKind::OutsideEnum => outside_enum(slot.node),
        ViolationKind::TooShort => too_short(slot.node),
        ViolationKind::TooLong => too_long(slot.node),
        ViolationKind::OutsidePattern => outside_pattern(slot.node),
        ViolationKind::BadFormat => badly_formatted(slot.node),
        ViolationKind::BelowMinimum => below_minimum(slot.node, facet),
        ViolationKind::AboveMaximum => above_maximum(slot.node, facet),
        ViolationKind::NoMultiple => no_multiples(slot.node),
        ViolationKind::TooFewItems => too_few_items(slot),
        ViolationKind::TooManyItems => too_many_items(slot),
        ViolationKind::RepeatedItems => repeated_items(slot),
        ViolationKind::Absent
        | ViolationKind::Malformed
        | ViolationKind::Oversized
        | ViolationKind::Credential
        | ViolationKind::Method
        | ViolationKind::UnknownResource
        | ViolationKind::Path => Vec::new(),
    }
}

/// The kind of violation that breaks a facet of a field that is there.
fn kind_of(facet: Facet, is_typed: bool) -> Option<ViolationKind> {
    Some(match facet {
        Facet::Type if is_typed => ViolationKind::WrongType,
        Facet::Type => ViolationKind::WrongText,
        Facet::Enum => ViolationKind::OutsideEnum,
        Facet::MinLength => ViolationKind::TooShort,
        Facet::MaxLength => ViolationKind::TooLong,
        Facet::Pattern => ViolationKind::OutsidePattern,
        Facet::Format => ViolationKind::BadFormat,
        Facet::Minimum | Facet::ExclusiveMinimum => ViolationKind::BelowMinimum,
        Facet::Maximum | Facet::ExclusiveMaximum => ViolationKind::AboveMaximum,
        Facet::MultipleOf => ViolationKind::NoMultiple,
        Facet::MinItems => ViolationKind::TooFewItems,
        Facet::MaxItems => ViolationKind::TooManyItems,
        Facet::UniqueItems => ViolationKind::RepeatedItems,
        Facet::Required
        | Facet::Nullable
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
        | Facet::Wire(_) => return None,
    })
}

/// The facets of fields that violations are known for, in the order in which their values are
/// tried.
pub(super) const FACETS: [Facet; 14] = [
    Facet::Type,
    Facet::Enum,
    Facet::MinLength,
    Facet::MaxLength,
    Facet::Pattern,
    Facet::Format,
    Facet::Minimum,
    Facet::ExclusiveMinimum,
    Facet::Maximum,
    Facet::ExclusiveMaximum,
    Facet::MultipleOf,
    Facet::MinItems,
    Facet::MaxItems,
    Facet::UniqueItems,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_facet_that_a_violation_breaks_is_tried() {
        for facet in Facet::all() {
            let is_known = kind_of(facet, true).is_some();
            assert_eq!(FACETS.contains(&facet), is_known, "{facet}");
        }
    }
}
