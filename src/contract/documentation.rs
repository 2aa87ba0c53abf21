//! The kinds of documentation findings: how grave each is, and what to do about it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::facet::Facet;
use super::provenance::{DocumentationFinding, Level};

/// Declares the kinds, each with its name, its level, its title and its help.
macro_rules! kinds {
    ($($kind:ident = $name:literal, $level:ident, $title:literal, $help:literal;)+) => {
        /// A kind of documentation finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum DocumentationKind {
            $(
                #[doc = $title]
                #[serde(rename = $name)]
                $kind,
            )+
        }

        impl DocumentationKind {
            /// Every kind, sorted by name.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// Its name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }

            /// How grave it is: `must` where a page is wrong, `should` where it misleads or leaves
            /// open, `may` where it could be clearer.
            pub fn level(self) -> Level {
                match self {
                    $(Self::$kind => Level::$level,)+
                }
            }

            /// What it is, in a few words.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$kind => $title,)+
                }
            }

            /// What to do about it.
            pub fn help(self) -> &'static str {
                match self {
                    $(Self::$kind => $help,)+
                }
            }
        }
    };
}

kinds! {
    ColumnNotRead = "column-not-read", May,
        "Column of a table of fields that is not read",
        "Give the column a header such as `Type`, `Mandatory`, `Default` or `Description` if it says something of the values; else nothing needs to be done.";
    DefaultOutsideEnum = "default-outside-enum", Must,
        "Default that is none of the values",
        "List the default among the values, or correct it.";
    DocumentDiffers = "document-differs", Should,
        "Pages and OpenAPI document that disagree",
        "Say in both what holds.";
    EditionsDiffer = "editions-differ", Should,
        "Two editions disagree",
        "Say in both editions what holds.";
    EntryNotDescribed = "entry-not-described", Should,
        "Name that the file beside the page does not describe",
        "Describe the name in that file.";
    ErrorCodesNotTried = "error-codes-not-tried", May,
        "Error codes that are only listed",
        "Nothing needs to be done: no request of a run is made to bring one about.";
    ExampleAnswerDiffers = "example-answer-differs", Should,
        "Example answer that belongs to another request",
        "Show the answer that the example request gets.";
    ExampleBreaksEnum = "example-breaks-enum", Must,
        "Example value that is none of the values",
        "List the value, or show one that is listed.";
    ExampleBreaksFormat = "example-breaks-format", Must,
        "Example value of another format",
        "State the format that values have, or correct the example.";
    ExampleBreaksLimit = "example-breaks-limit", Must,
        "Example value outside the documented bounds",
        "Correct the bound or the example.";
    ExampleBreaksPattern = "example-breaks-pattern", Must,
        "Example value with characters that are not allowed",
        "Correct the allowed characters or the example.";
    ExampleBreaksType = "example-breaks-type", Must,
        "Example value of another type",
        "State the type that values have, or correct the example.";
    ExampleLacksField = "example-lacks-field", May,
        "Example answer without a documented field",
        "Show the field, or say when it is absent.";
    ExampleNamesParameterOtherwise = "example-names-parameter-otherwise", Must,
        "Parameter spelled in two ways",
        "Use one spelling in table and example.";
    ExampleNotRead = "example-not-read", Should,
        "Example that is not read",
        "Describe the fields that it shows in a table, or show all of it as JSON.";
    ExampleShowsUnknownField = "example-shows-unknown-field", Should,
        "Example field that no table describes",
        "Describe the field, or remove it from the example.";
    ExampleUnparsable = "example-unparsable", Must,
        "Example body that is not JSON",
        "Correct the JSON of the example.";
    ExampleWithoutBody = "example-without-body", Should,
        "Example request without the documented body",
        "Show the request with its body.";
    FieldListNotRead = "field-list-not-read", Should,
        "Entry of a list of fields that is not read",
        "Write the entry as `:<json TYPE NAME: TEXT`, with the side that has the field and its name.";
    FieldNotTried = "field-not-tried", May,
        "Field that no request of a run has",
        "Nothing needs to be done: cookies are not sent.";
    FileNotRead = "file-not-read", Should,
        "File that does not lie beside the page",
        "Lay the file where the page names it, within the page's folder.";
    FormatNotRfc3339 = "format-not-rfc3339", May,
        "Date that is not RFC 3339",
        "Nothing needs to be done: times are held against the format as the page states it.";
    LinkToMissingTable = "link-to-missing-table", Must,
        "Reference to a table that is not there",
        "Add the table, or correct the reference.";
    NoStatus = "no-status", Should,
        "No status code named",
        "Name the status codes of success and failure.";
    NullBesideType = "null-beside-type", Should,
        "Null for a field of another type",
        "Say in the type that the value can be null, as in `String or null`.";
    ObjectNotFound = "object-not-found", May,
        "Object that a link leads to and no page describes",
        "Give the page that describes the object as well, or describe its fields in a table below the heading that the link leads to.";
    OnlyOneSource = "only-one-source", May,
        "Constraint that only the pages or only the OpenAPI document states",
        "State the constraint in both, or in none.";
    OnlySomeEditions = "only-some-editions", May,
        "Constraint that only some editions state",
        "State the constraint in every edition, or in none.";
    OperationNotRead = "operation-not-read", Should,
        "Operation that is not read",
        "Document each operation once, as a known method and a path.";
    OptionalPathNotTried = "optional-path-not-tried", May,
        "Part of a path that may be left out",
        "Document the longer path as an operation of its own.";
    PageDiffersFromItself = "page-differs-from-itself", Must,
        "Page that contradicts itself",
        "Say in one place what holds.";
    ParameterNotInPath = "parameter-not-in-path", Must,
        "Path parameter that the path does not have",
        "Put the parameter into the path, or call it a query parameter.";
    ParameterWithoutRow = "parameter-without-row", Must,
        "Query parameter that no table describes",
        "Describe the parameter in a table.";
    PartNotRead = "part-not-read", Should,
        "Part of a document that is not read",
        "Say it in the words of OpenAPI and JSON Schema.";
    PartNotTried = "part-not-tried", May,
        "Part of a document that is not tried",
        "Nothing needs to be done: no request of a run shows it.";
    PartOfAnotherVersion = "part-of-another-version", May,
        "Part that is written as another version of OpenAPI has it",
        "Write it in the words of the version that the document names.";
    PatchFieldsNotTold = "patch-fields-not-told", Should,
        "Fields of which it is not told whether `PATCH` takes them",
        "Give `PATCH` a part of the page with a table of its own.";
    PathParameterWithoutRow = "path-parameter-without-row", May,
        "Path parameter that no table describes",
        "Describe the parameter in a table.";
    PatternInProse = "pattern-in-prose", May,
        "Allowed characters in a sentence only",
        "Give the regular expression, as in `Pattern: ^[a-z]+$`.";
    RequirednessLost = "requiredness-lost", Should,
        "Column for what is mandatory without a word",
        "Say in each row whether the field is mandatory.";
    RequirednessNotRead = "requiredness-not-read", Should,
        "Word for what is mandatory that is not understood",
        "Write `Yes` or `No`, and a condition into the description.";
    RowNotRead = "row-not-read", Should,
        "Row that cannot be read",
        "Give the row a name without spaces, or a status code.";
    RowWithoutPlace = "row-without-place", Should,
        "Row of which the place in the body is not told",
        "Show the field in an example body, or give the object that has it a table of its own.";
    SameNameOtherField = "same-name-other-field", May,
        "Two fields of one name",
        "Give one of the two another name; nothing needs to be done if they are different fields.";
    SectionWithoutTable = "section-without-table", Should,
        "Section for parameters without a table",
        "Add the table, or write `None`.";
    SideUncertain = "sent-or-answered", Should,
        "Field of which it is not sure whether it is sent or answered",
        "Write `reqjson` or `resjson` for `<json` and `>json`.";
    StatusWithoutBody = "status-without-body", May,
        "Status without a described body",
        "Describe the body in a table, or show it in an example.";
    StatusWithoutDescription = "status-without-description", Should,
        "Status without a description",
        "Say when the status comes.";
    TableNotRead = "table-not-read", Should,
        "Table that cannot be read",
        "Give the table a header such as `Parameter | Mandatory | Type | Description`, and each row its cells; put a table about something else below a heading of its own.";
    TableOfOtherThings = "table-of-other-things", May,
        "Table that describes no parameter",
        "Give the table a header such as `Parameter | Mandatory | Type | Description` if it describes fields; else nothing needs to be done.";
    TableWithoutPlace = "table-without-place", Should,
        "Table that nothing refers to",
        "Give the table a heading such as `Query parameters` or `Request body`, or name it in the row whose object it describes (`see Table 4`); nothing needs to be done if it describes no fields.";
    TooManyFields = "too-many-fields", Should,
        "Page with more fields than are read",
        "Give each operation a page of its own.";
    TypeLost = "type-lost", Should,
        "Row without a type beside rows that have one",
        "Give the type in each row, also where it is that of the row above.";
    UnknownType = "unknown-type", Must,
        "Type that is no type",
        "Use a type such as String, Integer, Long, Float, Boolean, Object, Array or Map; give a column about something else another header.";
    ValuesInProse = "values-in-prose", May,
        "Values in a sentence only",
        "List the values below a label such as `Values:`, one a line.";
    ValuesLost = "values-lost", Should,
        "Values announced and not given",
        "Give the values.";
    VersionNotTried = "version-not-tried", May,
        "Part that tells of an old version",
        "Nothing needs to be done: what holds for the newest version is tried.";
}

impl DocumentationKind {
    /// Its name as words.
    pub fn words(self) -> String {
        self.as_str().replace('-', " ")
    }
}

impl fmt::Display for DocumentationKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl DocumentationFinding {
    /// Whether it tells of something documented that is not read, and is missing from the contract.
    pub fn is_left_out(&self) -> bool {
        self.level() >= Level::Should && self.rows.iter().any(|row| row.facet == Facet::Prose)
    }

    /// How grave it is.
    pub fn level(&self) -> Level {
        self.kind.level()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_sorted_and_each_is_spelled_in_one_way() {
        let names = DocumentationKind::ALL.iter().map(|kind| kind.as_str());
        assert!(names.is_sorted());
        for kind in DocumentationKind::ALL {
            let json = serde_json::to_value(kind).unwrap();
            assert_eq!(json, kind.as_str());
            assert_eq!(
                serde_json::from_value::<DocumentationKind>(json).unwrap(),
                *kind
            );
        }
        assert!(serde_json::from_str::<DocumentationKind>("\"unknown-kind\"").is_err());
    }
}
