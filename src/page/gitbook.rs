//! Blocks in which GitBook describes an operation: `{% swagger method="get" path="/jobs" %}`, and the
//! older `{% api-method %}`. They are rewritten as the headings and the components that they stand
//! for; lines keep their numbers.

use std::borrow::Cow;

use regex::Captures;

pattern! {
    /// A tag on a line of its own.
    static TAG = r#"(?m)^[ \t]*\{%-?\s*(?P<name>(?:end)?(?:swagger|api-method)(?:-[a-z-]+)?)(?P<said>(?:\s+[\w-]+\s*=\s*(?:"[^"\n]*"|[^\s"%}]+))*)\s*-?%\}[ \t]*$"#;
    static ATTRIBUTE = r#"(?P<key>[\w-]+)\s*=\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"%}]+))"#;
}

/// A text with these blocks as what they stand for.
pub(super) fn replace(source: &str) -> Cow<'_, str> {
    if !source.contains("{% swagger") && !source.contains("{% api-method") {
        return Cow::Borrowed(source);
    }
    // Where the fields of the block that is open are sent.
    let mut place = "query";
    TAG.replace_all(source, |found: &Captures<'_>| {
        let said = found.name("said").map_or("", |said| said.as_str());
        let value = |key: &str| {
            let mut all = ATTRIBUTE.captures_iter(said);
            let own = all.find(|own| own.name("key").is_some_and(|own| own.as_str() == key))?;
            let value = own.name("quoted").or_else(|| own.name("bare"))?;
            Some(value.as_str().trim().to_owned())
        };
        match found.name("name").map_or("", |name| name.as_str()) {
            "swagger" | "api-method" => target(&value),
            "api-method-path-parameters" => {
                place = "path";
                String::new()
            }
            "api-method-query-parameters" => {
                place = "query";
                String::new()
            }
            "api-method-headers" => {
                place = "header";
                String::new()
            }
            "api-method-body-parameters" | "api-method-form-data-parameters" => {
                place = "body";
                String::new()
            }
            "swagger-parameter" | "api-method-parameter" => parameter(&value, place),
            "endswagger-parameter" | "endapi-method-parameter" => "</ParamField>".to_owned(),
            "swagger-response" => response(value("status")),
            "api-method-response-example" => response(value("httpCode").or(Some("200".into()))),
            _ => String::new(),
        }
    })
}

/// The heading that states a block's method and path.
fn target(value: &impl Fn(&str) -> Option<String>) -> String {
    let (Some(method), Some(path)) = (value("method"), value("path")) else {
        return String::new();
    };
    let title = value("summary").filter(|title| !title.is_empty());
    let title = title.map(|title| format!(" – {title}")).unwrap_or_default();
    format!("## {} {path}{title}", method.to_uppercase())
}

/// The component of a parameter.
fn parameter(value: &impl Fn(&str) -> Option<String>, place: &str) -> String {
    let Some(name) = value("name") else {
        return String::new();
    };
    let place = value("in").unwrap_or_else(|| place.to_owned());
    let place = match place.as_str() {
        "path" | "query" | "header" => place.as_str(),
        _ => "body",
    };
    let kind = value("type").unwrap_or_default();
    let required = match value("required").as_deref() {
        Some("true") => " required",
        _ => "",
    };
    format!("<ParamField {place}=\"{name}\" type=\"{kind}\"{required}>")
}

/// The heading of the answer of a status: `200`, `404: Not Found`.
fn response(status: Option<String>) -> String {
    let digits: String = status
        .unwrap_or_default()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    if digits.len() == 3 {
        format!("### Response {digits}")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "{% swagger method=\"get\" path=\"/pens/{id}\" summary=\"Get a pen\" %}",
        "## GET /pens/{id} – Get a pen"
    )]
    #[case(
        "{% swagger-parameter in=\"path\" name=\"id\" type=\"string\" required=\"true\" %}",
        "<ParamField path=\"id\" type=\"string\" required>"
    )]
    #[case("{% swagger-response status=\"404: Not Found\" %}", "### Response 404")]
    #[case(
        "{% api-method method=\"get\" path=\"/pens/:id\" %}",
        "## GET /pens/:id"
    )]
    #[case("{% endswagger %}", "")]
    fn blocks_are_what_they_stand_for(#[case] source: &str, #[case] expected: &str) {
        let text = format!("{{% swagger-description %}}\n{source}\n");
        assert_eq!(replace(&text), format!("\n{expected}\n"));
    }
}
