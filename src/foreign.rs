//! Descriptions of APIs in formats that are not read: an error names them, and what to give instead.

use std::path::Path;

/// A format that is known, and not read.
pub(crate) struct Format {
    /// What a file of it is, for "`FILE` is ...".
    pub(crate) what: &'static str,
    /// What to give instead.
    pub(crate) hint: &'static str,
    /// What a file of it has, one of them.
    marks: &'static [Mark],
}

/// What tells a format.
enum Mark {
    /// The text begins with it.
    Begins(&'static str),
    /// It is a JSON object that has all of these words near its beginning.
    Json(&'static [&'static str]),
    /// It is XML that has this tag near its beginning.
    Xml(&'static str),
    /// The file's name ends with it.
    Ending(&'static str),
}

use Mark::{Begins, Ending, Json, Xml};

/// How many bytes are its beginning: JSON and XML name their format in the first lines.
const NEAR: usize = 2_000;

const CONVERT: &str = "give its OpenAPI document, or make one of it with a converter; pages about the API are read too";
const REQUESTS: &str =
    "it holds requests, and no contract: give the OpenAPI document, or the reference pages";

const FORMATS: [Format; 8] = [
    Format {
        what: "a RAML document",
        hint: CONVERT,
        marks: &[Begins("#%RAML")],
    },
    Format {
        what: "a Postman collection",
        hint: REQUESTS,
        marks: &[
            Json(&["\"info\"", "schema.getpostman.com"]),
            Json(&["\"info\"", "\"_postman_id\""]),
        ],
    },
    Format {
        what: "an Insomnia export",
        hint: REQUESTS,
        marks: &[Json(&["\"__export_format\""])],
    },
    Format {
        what: "a recording of requests (HAR)",
        hint: REQUESTS,
        marks: &[Ending("har"), Json(&["\"log\"", "\"creator\""])],
    },
    Format {
        what: "a description of gRPC services (Protocol Buffers)",
        hint: CONVERT,
        marks: &[Begins("syntax = \"proto"), Ending("proto")],
    },
    Format {
        what: "a GraphQL schema",
        hint: "methods, paths and statuses are what docproof tests, and GraphQL has one of each",
        marks: &[Ending("graphql"), Ending("gql")],
    },
    Format {
        what: "a WSDL document",
        hint: CONVERT,
        marks: &[Ending("wsdl"), Xml("definitions")],
    },
    Format {
        what: "a WADL document",
        hint: CONVERT,
        marks: &[Ending("wadl"), Xml("application")],
    },
];

/// The format of a file that no reader here knows, by its name and its text.
pub(crate) fn format_of(name: &str, bytes: &[u8]) -> Option<&'static Format> {
    let near = bytes.get(..NEAR).unwrap_or(bytes);
    let near = String::from_utf8_lossy(near);
    let near = near.trim_start_matches('\u{feff}').trim_start();
    FORMATS
        .iter()
        .find(|format| format.marks.iter().any(|mark| mark.is_in(name, near)))
}

impl Mark {
    fn is_in(&self, name: &str, near: &str) -> bool {
        match self {
            Begins(text) => near.starts_with(text),
            Json(words) => near.starts_with('{') && words.iter().all(|word| near.contains(word)),
            Xml(tag) => {
                let mut opened = near.split('<').skip(1).map(|part| {
                    let name = part.split([' ', '>', '\r', '\n', '\t']).next();
                    name.unwrap_or_default().rsplit(':').next()
                });
                near.starts_with("<?xml") && opened.any(|own| own == Some(tag))
            }
            Ending(ending) => (Path::new(name).extension()).is_some_and(|own| own == *ending),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::format_of;
    use rstest::rstest;

    #[rstest]
    #[case("a.raml", "#%RAML 1.0\ntitle: Tasks", Some("a RAML document"))]
    #[case(
        "a.json",
        "\u{feff}{\"_type\": \"export\", \"__export_format\": 4}",
        Some("an Insomnia export")
    )]
    #[case(
        "a.json",
        r#"{"info": {"name": "x", "schema": "https://schema.getpostman.com/json"}}"#,
        Some("a Postman collection")
    )]
    #[case(
        "a.xml",
        "<?xml version=\"1.0\"?><wsdl:definitions x=\"1\">",
        Some("a WSDL document")
    )]
    #[case("a.xml", "<?xml version=\"1.0\"?><page/>", None)]
    #[case("a.json", r#"{"openapi": "3.1.0", "info": {}}"#, None)]
    #[case("a.md", "# GraphQL and REST\n\n```\ntype Query {\n```", None)]
    fn a_format_has_its_marks(
        #[case] name: &str,
        #[case] text: &str,
        #[case] expected: Option<&str>,
    ) {
        let found = format_of(name, text.as_bytes());
        assert_eq!(found.map(|format| format.what), expected);
    }
}
