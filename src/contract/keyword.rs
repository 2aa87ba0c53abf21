//! The keywords of JSON Schema 2020-12: where in a schema further schemas stand.

use super::facet::{Facet, Keyword};

/// What stands under a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// A value that is no schema.
    Data,
    /// A schema.
    Schema,
    /// A list of schemas.
    List,
    /// Schemas by names.
    Names,
}

/// What stands under a keyword; nothing for a word that is none. A word that begins with `x-` is an
/// extension, which says nothing of values.
pub(super) fn holds(keyword: &str) -> Option<Holds> {
    Some(match keyword {
        "additionalProperties"
        | "contains"
        | "contentSchema"
        | "else"
        | "if"
        | "items"
        | "not"
        | "propertyNames"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Holds::Schema,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Holds::List,
        "$defs" | "dependentSchemas" | "patternProperties" | "properties" => Holds::Names,
        "$anchor" | "$comment" | "$id" | "$ref" | "$schema" | "deprecated" | "description"
        | "examples" | "readOnly" | "title" | "writeOnly" => Holds::Data,
        extension if extension.starts_with("x-") => Holds::Data,
        word => return Facet::from_word(word).and_then(of_facet),
    })
}

/// What stands under the keyword of a facet; nothing for a facet that is no keyword by itself, or
/// whose keyword [`holds`] tells.
fn of_facet(facet: Facet) -> Option<Holds> {
    match facet {
        Facet::Type
        | Facet::Required
        | Facet::Enum
        | Facet::Const
        | Facet::MinLength
        | Facet::MaxLength
        | Facet::Pattern
        | Facet::Format
        | Facet::Minimum
        | Facet::ExclusiveMinimum
        | Facet::Maximum
        | Facet::ExclusiveMaximum
        | Facet::MultipleOf
        | Facet::MinItems
        | Facet::MaxItems
        | Facet::UniqueItems
        | Facet::Default
        | Facet::Keyword(
            Keyword::MinContains
            | Keyword::MaxContains
            | Keyword::MinProperties
            | Keyword::MaxProperties
            | Keyword::DependentRequired
            | Keyword::ContentEncoding
            | Keyword::ContentMediaType,
        ) => Some(Holds::Data),
        Facet::Nullable
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
        | Facet::Wire(_) => None,
    }
}
