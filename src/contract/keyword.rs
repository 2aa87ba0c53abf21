//! The keywords of JSON Schema 2020-12: where in a schema further schemas stand.

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
        "$anchor" | "$comment" | "$id" | "$ref" | "$schema" | "const" | "contentEncoding"
        | "contentMediaType" | "default" | "dependentRequired" | "deprecated" | "description"
        | "enum" | "examples" | "exclusiveMaximum" | "exclusiveMinimum" | "format"
        | "maxContains" | "maxItems" | "maxLength" | "maxProperties" | "maximum"
        | "minContains" | "minItems" | "minLength" | "minProperties" | "minimum" | "multipleOf"
        | "pattern" | "readOnly" | "required" | "title" | "type" | "uniqueItems" | "writeOnly" => {
            Holds::Data
        }
        extension if extension.starts_with("x-") => Holds::Data,
        _ => return None,
    })
}
