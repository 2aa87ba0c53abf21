//! The kinds of documentation findings: how grave each is, and what to do about it.

use super::provenance::{DocumentationFinding, Level};

/// A kind of documentation finding.
#[derive(Debug, Clone, Copy)]
pub struct DocumentationKind {
    /// Its name.
    pub name: &'static str,
    /// How grave it is: `must` where a page is wrong, `should` where it misleads or leaves open, `may` where it could be clearer.
    pub level: Level,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

const fn kind(
    name: &'static str,
    level: Level,
    title: &'static str,
    help: &'static str,
) -> DocumentationKind {
    DocumentationKind {
        name,
        level,
        title,
        help,
    }
}

/// Every kind that derivation finds.
pub const DOCUMENTATION_KINDS: &[DocumentationKind] = &[
    kind(
        "default-outside-enum",
        Level::Must,
        "Default that is none of the values",
        "List the default among the values, or correct it.",
    ),
    kind(
        "editions-differ",
        Level::Should,
        "Two editions disagree",
        "Say in both editions what holds.",
    ),
    kind(
        "error-codes-not-tried",
        Level::May,
        "Error codes that are only listed",
        "Say which request gets which error code.",
    ),
    kind(
        "example-answer-differs",
        Level::Should,
        "Example answer that belongs to another request",
        "Show the answer that the example request gets.",
    ),
    kind(
        "example-breaks-enum",
        Level::Must,
        "Example value that is none of the values",
        "List the value, or show one that is listed.",
    ),
    kind(
        "example-breaks-format",
        Level::Must,
        "Example value of another format",
        "State the format that values have, or correct the example.",
    ),
    kind(
        "example-breaks-limit",
        Level::Must,
        "Example value outside the documented bounds",
        "Correct the bound or the example.",
    ),
    kind(
        "example-breaks-pattern",
        Level::Must,
        "Example value with characters that are not allowed",
        "Correct the allowed characters or the example.",
    ),
    kind(
        "example-breaks-type",
        Level::Must,
        "Example value of another type",
        "State the type that values have, or correct the example.",
    ),
    kind(
        "example-lacks-field",
        Level::May,
        "Example answer without a documented field",
        "Show the field, or say when it is absent.",
    ),
    kind(
        "example-names-parameter-otherwise",
        Level::Must,
        "Parameter spelled in two ways",
        "Use one spelling in table and example.",
    ),
    kind(
        "example-shows-unknown-field",
        Level::Should,
        "Example field that no table describes",
        "Describe the field, or remove it from the example.",
    ),
    kind(
        "example-unparsable",
        Level::Must,
        "Example body that is not JSON",
        "Correct the JSON of the example.",
    ),
    kind(
        "example-without-body",
        Level::Should,
        "Example request without the documented body",
        "Show the request with its body.",
    ),
    kind(
        "format-not-rfc3339",
        Level::May,
        "Date that is not RFC 3339",
        "Give an example value beside the format.",
    ),
    kind(
        "link-to-missing-table",
        Level::Must,
        "Reference to a table that is not there",
        "Add the table, or correct the reference.",
    ),
    kind(
        "no-status",
        Level::Should,
        "No status code named",
        "Name the status codes of success and failure.",
    ),
    kind(
        "null-beside-type",
        Level::Should,
        "Null for a field of another type",
        "Say in the type that the value can be null.",
    ),
    kind(
        "only-some-editions",
        Level::May,
        "Constraint that only some editions state",
        "State the constraint in every edition, or in none.",
    ),
    kind(
        "page-differs-from-itself",
        Level::Must,
        "Page that contradicts itself",
        "Say in one place what holds.",
    ),
    kind(
        "parameter-not-in-path",
        Level::Must,
        "Path parameter that the path does not have",
        "Put the parameter into the path, or call it a query parameter.",
    ),
    kind(
        "parameter-without-row",
        Level::Must,
        "Query parameter that no table describes",
        "Describe the parameter in a table.",
    ),
    kind(
        "path-parameter-without-row",
        Level::Must,
        "Path parameter that no table describes",
        "Describe the parameter in a table.",
    ),
    kind(
        "pattern-in-prose",
        Level::May,
        "Allowed characters in a sentence only",
        "Give the regular expression.",
    ),
    kind(
        "response-headers-not-tried",
        Level::May,
        "Headers of answers that are not tried",
        "Nothing needs to be done: answers are held against their bodies and statuses.",
    ),
    kind(
        "row-not-read",
        Level::Should,
        "Row that cannot be read",
        "Give the row a name without spaces, or a status code.",
    ),
    kind(
        "same-name-other-field",
        Level::May,
        "Two fields of one name",
        "Say that the two are different.",
    ),
    kind(
        "status-without-body",
        Level::Should,
        "Status without a described body",
        "Describe the body, or say that there is none.",
    ),
    kind(
        "status-without-description",
        Level::Should,
        "Status without a description",
        "Say when the status comes.",
    ),
    kind(
        "table-not-read",
        Level::Should,
        "Table that cannot be read",
        "Give the table a header such as `Parameter | Mandatory | Type | Description`, and each row its cells.",
    ),
    kind(
        "table-of-other-things",
        Level::May,
        "Table that describes no parameter",
        "Nothing needs to be done if the table is about something else.",
    ),
    kind(
        "table-without-place",
        Level::Should,
        "Table that nothing refers to",
        "Name the table in the row whose object it describes (`see Table 4`).",
    ),
    kind(
        "too-many-fields",
        Level::Should,
        "Page with more fields than are read",
        "Give each operation a page of its own.",
    ),
    kind(
        "unknown-type",
        Level::Must,
        "Type that is no type",
        "Use one of: String, Integer, Long, Float, Double, Boolean, Object, Array, Map.",
    ),
    kind(
        "values-in-prose",
        Level::May,
        "Values in a sentence only",
        "List the values under a heading of their own.",
    ),
    kind(
        "values-lost",
        Level::Should,
        "Values announced and not given",
        "Give the values.",
    ),
];

impl DocumentationFinding {
    /// The kind, where it is known.
    pub fn known_kind(&self) -> Option<&'static DocumentationKind> {
        DOCUMENTATION_KINDS
            .iter()
            .find(|kind| kind.name == self.kind)
    }

    /// Whether it tells of something documented that is not read, and is missing from the contract.
    pub fn is_left_out(&self) -> bool {
        self.level() >= Level::Should && self.rows.iter().any(|row| row.facet == "prose")
    }

    /// How grave it is.
    pub fn level(&self) -> Level {
        self.known_kind().map_or(Level::Should, |kind| kind.level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_sorted_and_each_stands_once() {
        assert!(
            DOCUMENTATION_KINDS
                .windows(2)
                .all(|pair| pair[0].name < pair[1].name)
        );
    }
}
