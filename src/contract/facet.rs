//! Facets: which aspect of its place a rule restricts, in the spelling of JSON Schema's keywords
//! and of the contract.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Declares an enum of words with both directions of its spelling, so that each word stands in the
/// source once. A `nested` variant holds a further enum of words.
macro_rules! words {
    (
        $(#[$about:meta])*
        $name:ident {
            $($(#[$doc:meta])* $variant:ident = $word:literal,)+
        }
        $(nested { $($(#[$inner_doc:meta])* $outer:ident($inner:ident),)+ })?
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            $($($(#[$inner_doc])* $outer($inner),)+)?
        }

        impl $name {
            /// Its spelling, as in the contract and in the names of facts and trials.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                    $($(Self::$outer(inner) => inner.as_str(),)+)?
                }
            }

            /// The one of a spelling.
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => return Some(Self::$variant),)+
                    _ => {}
                }
                $($(if let Some(inner) = $inner::from_word(word) {
                    return Some(Self::$outer(inner));
                })+)?
                None
            }

            /// Every one, in the order of their declaration.
            pub fn all() -> Vec<Self> {
                [
                    vec![$(Self::$variant,)+],
                    $($($inner::all().into_iter().map(Self::$outer).collect(),)+)?
                ]
                .concat()
            }
        }
    };
}

words! {
    /// Which aspect of its place a rule restricts: a keyword of JSON Schema 2020-12 that pages
    /// state, a word of the contract, a further keyword, or something of HTTP.
    Facet {
        /// JSON Schema `type`.
        Type = "type",
        /// Whether the field must be sent, or is always answered.
        Required = "required",
        /// Whether the value may be null.
        Nullable = "nullable",
        /// JSON Schema `enum`: the listed values.
        Enum = "enum",
        /// JSON Schema `const`: the one value.
        Const = "const",
        /// JSON Schema `minLength`, in characters.
        MinLength = "minLength",
        /// JSON Schema `maxLength`, in characters.
        MaxLength = "maxLength",
        /// JSON Schema `pattern`.
        Pattern = "pattern",
        /// JSON Schema `format`.
        Format = "format",
        /// JSON Schema `minimum`.
        Minimum = "minimum",
        /// JSON Schema `exclusiveMinimum`.
        ExclusiveMinimum = "exclusiveMinimum",
        /// JSON Schema `maximum`.
        Maximum = "maximum",
        /// JSON Schema `exclusiveMaximum`.
        ExclusiveMaximum = "exclusiveMaximum",
        /// JSON Schema `multipleOf`.
        MultipleOf = "multipleOf",
        /// JSON Schema `minItems`.
        MinItems = "minItems",
        /// JSON Schema `maxItems`.
        MaxItems = "maxItems",
        /// JSON Schema `uniqueItems`.
        UniqueItems = "uniqueItems",
        /// JSON Schema `items`: the type of an array's items.
        Items = "items",
        /// The value that is taken where none is sent.
        Default = "default",
        /// A documented example.
        Example = "example",
        /// That a status is answered.
        Status = "status",
        /// That a response has a body, or has none.
        Body = "body",
        /// That a page shows the request without a body.
        EmptyBody = "emptyBody",
        /// The method of an operation.
        Method = "method",
        /// The name of a parameter.
        Name = "name",
        /// A sentence that restricts something and is not understood, or a part of a page that
        /// is not read.
        Prose = "prose",
    }
    nested {
        /// What a sentence says of a value beyond its schema.
        Meaning(Meaning),
        /// A keyword of JSON Schema that no page states in words that are read.
        Keyword(Keyword),
        /// A rule of HTTP, JSON or convention that no page needs to state.
        Wire(Wire),
    }
}

words! {
    /// What a sentence says of a value beyond its schema: where it comes from, and what it does.
    Meaning {
        /// The value is taken from an answer: nobody makes one up.
        Opaque = "opaque",
        /// The list has those items alone whose field has the value.
        Filter = "filter",
        /// The list has those items alone whose field has one of the values, which commas part.
        SeveralOf = "severalOf",
        /// The list has those items alone in which the text stands.
        Searched = "searched",
        /// The list has those items alone whose field is not below the value.
        NotBelow = "notBelow",
        /// The list has those items alone whose field is not above the value.
        NotAbove = "notAbove",
        /// The same of above the value; of an item of exactly the value nothing is said.
        Above = "above",
        /// The same of below the value.
        Below = "below",
        /// The number counts pages, not items.
        PageNumber = "pageNumber",
        /// The value is null, empty or absent on the last page.
        LastPage = "lastPage",
        /// The number counts all items of the list, whichever page is asked for.
        Total = "total",
        /// The list begins with the newest item.
        NewestFirst = "newestFirst",
        /// The list begins with the oldest item.
        OldestFirst = "oldestFirst",
        /// The list is in the ascending order of the field.
        Ascending = "ascending",
        /// The list is in the descending order of the field.
        Descending = "descending",
        /// The number may be below zero.
        Signed = "signed",
        /// The value serves one request alone: the next one has another.
        Once = "once",
        /// The service sets the value, or keeps it in another form than it was sent in.
        OfService = "ofService",
        /// The service alone sets the value: no request has it.
        ReadOnly = "readOnly",
        /// Whether the field may, or must, be there depends on others, in a way that is not
        /// understood or of which no page says what else is refused.
        Conditional = "conditional",
        /// The value is there only where what it tells of has failed.
        OfFailure = "ofFailure",
        /// Letters of both cases are alike: a listed value may be written in either.
        AnyCase = "anyCase",
        /// The value may be a text without characters, or a list without items, whatever else is
        /// documented of it.
        Blank = "blank",
        /// A field that a change leaves out stays as it is.
        Kept = "kept",
        /// A field that a change leaves out goes back to its default.
        Reset = "reset",
        /// The delete of what is gone is a success.
        Repeatable = "repeatable",
        /// What the operation does is done once: who asks for it again is refused.
        NotAgain = "notAgain",
        /// Values of another type or none are taken, and mean something.
        Widened = "widened",
        /// Who asks for what is not there gets an empty answer.
        EmptyForUnknown = "emptyForUnknown",
        /// Several values are tried one after another, and the first that has something counts.
        Ranked = "ranked",
        /// A request needs it, and no run sends it.
        Unsent = "unsent",
        /// No two resources have the same value.
        Unique = "unique",
        /// Null takes the value away.
        Cleared = "cleared",
        /// What a request says of the value is left aside.
        Ignored = "ignored",
        /// No answer shows the value.
        Hidden = "hidden",
        /// The value is true where a page follows.
        More = "more",
        /// The value is true on the last page.
        Last = "last",
        /// A `PUT` makes what is not there.
        Creates = "creates",
        /// A change is answered with what was there before it.
        Before = "before",
        /// Deleting a thing takes away what belongs to it.
        Cascades = "cascades",
        /// A change makes another thing, and leaves what was there as it is.
        Anew = "anew",
        /// The value is null where a request gave none.
        NullIfNone = "nullIfNone",
        /// The answer that makes a thing shows the value, and no other does.
        ShownOnce = "shownOnce",
        /// The list has nothing that was deleted.
        Unlisted = "unlisted",
        /// What was deleted is not there any more.
        GoneOnceDeleted = "goneOnceDeleted",
        /// The list has some of the things alone, or has them later than they are made.
        SomeAlone = "someAlone",
        /// The operation serves only where its service is set up for it.
        WhereSetUp = "whereSetUp",
        /// No change of the thing changes the value.
        Fixed = "fixed",
        /// The value is the time of the last change.
        Touched = "touched",
        /// The number goes up by one with each change.
        Rises = "rises",
        /// Of two things that are made, the later one has the greater number.
        Grows = "grows",
        /// The number counts the items of the list beside it.
        Counts = "counts",
        /// The number is what others beside it make: a sum, a product.
        Computed = "computed",
        /// A key that was sent with one body is refused with another.
        OtherBody = "otherBody",
        /// The status is that of a body which cannot be read.
        OfMalformed = "ofMalformed",
        /// The status is that of a value which its field does not take.
        OfInvalid = "ofInvalid",
        /// The status is that of an `Accept` which names nothing that is offered.
        OfUnacceptable = "ofUnacceptable",
    }
}

words! {
    /// The keywords of JSON Schema 2020-12 that only a document or a schema written by hand has.
    Keyword {
        /// `allOf`.
        AllOf = "allOf",
        /// `anyOf`.
        AnyOf = "anyOf",
        /// `oneOf`.
        OneOf = "oneOf",
        /// `not`.
        Not = "not",
        /// `if`, `then` and `else`.
        If = "if",
        /// `contains`.
        Contains = "contains",
        /// `minContains`.
        MinContains = "minContains",
        /// `maxContains`.
        MaxContains = "maxContains",
        /// `prefixItems`.
        PrefixItems = "prefixItems",
        /// `additionalItems` of older drafts.
        AdditionalItems = "additionalItems",
        /// `additionalProperties`.
        AdditionalProperties = "additionalProperties",
        /// `unevaluatedItems`.
        UnevaluatedItems = "unevaluatedItems",
        /// `unevaluatedProperties`.
        UnevaluatedProperties = "unevaluatedProperties",
        /// `patternProperties`.
        PatternProperties = "patternProperties",
        /// `propertyNames`.
        PropertyNames = "propertyNames",
        /// `minProperties`.
        MinProperties = "minProperties",
        /// `maxProperties`.
        MaxProperties = "maxProperties",
        /// `dependentRequired`.
        DependentRequired = "dependentRequired",
        /// `dependentSchemas`.
        DependentSchemas = "dependentSchemas",
        /// `contentEncoding`.
        ContentEncoding = "contentEncoding",
        /// `contentMediaType`.
        ContentMediaType = "contentMediaType",
        /// A reference that cannot be followed.
        Reference = "$ref",
        /// The schema `false`, which nothing fits.
        FalseSchema = "false",
    }
}

words! {
    /// What HTTP, JSON or convention ask of a message, whatever is documented.
    Wire {
        /// The content type of an answer.
        ContentType = "contentType",
        /// The header `Content-Length` and the body it announces.
        ContentLength = "contentLength",
        /// The header `Allow` of a 405.
        Allow = "allow",
        /// That an answer is well-formed JSON.
        Json = "json",
        /// That an answer shows no credential, stack trace or statement of a database.
        Leak = "leak",
        /// That a request which is no JSON is refused.
        Malformed = "malformed",
        /// That a request of great size breaks nothing.
        Size = "size",
        /// How long an answer may take.
        ResponseTime = "responseTime",
    }
}

impl Facet {
    /// Whether it says of which of several kinds a value is: what is wrong with one of none of them
    /// nobody can tell.
    pub fn is_of_kinds(self) -> bool {
        matches!(
            self,
            Self::Enum | Self::Keyword(Keyword::OneOf | Keyword::AnyOf)
        )
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A word that is no facet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no facet: expected a keyword of JSON Schema or one of the contract's words")]
pub struct UnknownFacet(pub String);

impl FromStr for Facet {
    type Err = UnknownFacet;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::from_word(word).ok_or_else(|| UnknownFacet(word.to_owned()))
    }
}

impl Serialize for Facet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Facet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_facet_has_a_spelling_of_its_own() {
        let all = Facet::all();
        assert!(all.len() > 40);
        for facet in all {
            assert_eq!(facet.as_str().parse(), Ok(facet));
        }
        assert_eq!(
            "lenght".parse::<Facet>(),
            Err(UnknownFacet("lenght".to_owned()))
        );
    }
}
