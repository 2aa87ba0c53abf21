//! The JSON bodies of curl calls, over one line or several.

use std::borrow::Cow;

use serde_json::Value;

use super::examples::parse;

pattern! {
    static CALL = r"(?m)^\s*(?:\$\s*)?curl\b";

    /// An option that has the body, and its value in quotes.
    static BODY = r#"(?:^|\s)(?:-d|--data|--data-raw|--data-binary|--json)(?:\s+|=)\\?\s*\$?(?:'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)")"#;

    /// The method that a call names.
    static METHOD = r#"(?:^|\s)(?:-X\s*|--request(?:\s+|=))["']?(?P<method>[A-Za-z]+)"#;
}

/// Whether a text is a call.
pub(super) fn is_call(text: &str) -> bool {
    CALL.is_match(text)
}

/// The JSON bodies that the calls of a text send by one of some methods, and the place of each;
/// `None` for one that looks like JSON and is none.
pub(super) fn bodies(text: &str, methods: &[&str]) -> Vec<(Option<Value>, usize)> {
    let starts: Vec<usize> = CALL.find_iter(text).map(|call| call.start()).collect();
    let mut found = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(text.len());
        let call = text.get(*start..end).unwrap_or_default();
        let method = METHOD
            .captures(call)
            .and_then(|captures| captures.name("method"))
            .map_or("POST", |method| method.as_str());
        if !methods.iter().any(|own| own.eq_ignore_ascii_case(method)) {
            continue;
        }
        for captures in BODY.captures_iter(call) {
            let single = captures.name("single");
            let Some(body) = single.or_else(|| captures.name("double")) else {
                continue;
            };
            let text = if single.is_some() {
                Cow::Borrowed(body.as_str())
            } else {
                let plain = body.as_str().replace("\\\"", "\"").replace("\\\\", "\\");
                Cow::Owned(plain)
            };
            if text.trim_start().starts_with(['{', '[']) {
                found.push((parse(text.trim_start()), start + body.start()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(r#"curl https://h/a -d '{"a": 1}'"#, &[json!({"a": 1})])]
    #[case("curl -X POST https://h/a \\\n  -H 'A: b' \\\n  -d '{\n  \"a\": 1,\n  \"b\": [2]\n}'", &[json!({"a": 1, "b": [2]})])]
    #[case(r#"$ curl -XPOST https://h/a --data-raw "{\"a\": \"b\"}""#, &[json!({"a": "b"})])]
    #[case(r#"curl --request POST --data='{"a": 1}' https://h/a"#, &[json!({"a": 1})])]
    #[case(r#"curl -X DELETE https://h/a -d '{"a": 1}'"#, &[])]
    #[case("curl https://h/a -d 'a=1'", &[])]
    #[case("wget https://h/a", &[])]
    fn a_call_shows_its_body(#[case] text: &str, #[case] expected: &[Value]) {
        let found: Vec<Value> = bodies(text, &["POST"])
            .into_iter()
            .filter_map(|(value, _)| value)
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}
