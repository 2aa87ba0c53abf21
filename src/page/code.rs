//! The text of code in HTML. In the request line of a syntax, markup shows what stands for any value:
//! `POST /jobs/<var>job</var>`.

use scraper::{ElementRef, Node};

/// The elements that mark what stands for any value, inside code.
const VARIABLES: [&str; 4] = ["code", "var", "em", "i"];

/// How deep elements are looked at.
const DEPTH: usize = 30;

pattern! {
    static REQUEST = r"^\s*(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\s+/";
}

/// Puts what a text has from a place on into braces where it stands for any value: it is set off as a
/// part of a path is (`/jobs/*job*`).
pub(super) fn brace(text: &mut String, start: usize) {
    let (before, own) = text.split_at(start.min(text.len()));
    let is_sign = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let path = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let is_part = path.ends_with('/') && (path.starts_with('/') || path.contains("://"));
    if is_part && path.len() > 1 && !own.is_empty() && own.chars().all(is_sign) {
        *text = format!("{before}{{{own}}}");
    }
}

/// The text of an element of code, with what stands for any value of its request line in braces.
pub(super) fn text_of(element: ElementRef<'_>) -> String {
    let plain: String = element.text().collect();
    let line = plain.trim_start().lines().next().unwrap_or_default();
    if !REQUEST.is_match(line) {
        return plain;
    }
    let mut text = String::with_capacity(plain.len());
    gather(element, false, 0, &mut text);
    text
}

/// Adds the text of an element; `is_code` where it stands inside an element of code.
fn gather(element: ElementRef<'_>, is_code: bool, depth: usize, text: &mut String) {
    for child in element.children() {
        match child.value() {
            Node::Text(own) => text.push_str(own),
            Node::Element(_) => {
                let Some(inner) = ElementRef::wrap(child) else {
                    continue;
                };
                let name = inner.value().name();
                let own: String = inner.text().collect();
                let is_word = own
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
                let is_first = !text.trim_start().contains('\n');
                let is_variable = VARIABLES.contains(&name)
                    && (name != "code" || is_code)
                    && is_first
                    && text.ends_with('/')
                    && !own.is_empty()
                    && is_word;
                if is_variable {
                    text.push('{');
                    text.push_str(&own);
                    text.push('}');
                } else if depth < DEPTH {
                    gather(inner, is_code || name == "code", depth + 1, text);
                } else {
                    text.push_str(&own);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use scraper::Html;

    #[rstest]
    #[case("GET /jobs/", "job", "GET /jobs/{job}")]
    #[case("https://a.example/", "job", "https://a.example/{job}")]
    #[case("one and/or/", "both", "one and/or/both")]
    #[case("/jobs/", "the job", "/jobs/the job")]
    #[case("/", "job", "/job")]
    fn a_part_of_a_path_that_is_set_off_is_a_variable(
        #[case] before: &str,
        #[case] own: &str,
        #[case] expected: &str,
    ) {
        let mut text = format!("{before}{own}");
        super::brace(&mut text, before.len());
        assert_eq!(text, expected);
    }

    #[rstest]
    #[case(
        "<pre><code>POST /jobs/<code>job</code>?dry=<code>dry</code> HTTP/1.1\n{ <code>a</code> }</code></pre>",
        "POST /jobs/{job}?dry=dry HTTP/1.1\n{ a }"
    )]
    #[case("<pre>GET /jobs/<var>job</var>/logs</pre>", "GET /jobs/{job}/logs")]
    #[case("<pre><code>GET /jobs/7</code></pre>", "GET /jobs/7")]
    #[case("<pre><code>curl /jobs/<em>job</em></code></pre>", "curl /jobs/job")]
    fn marked_words_of_a_request_line_are_variables(#[case] html: &str, #[case] expected: &str) {
        let fragment = Html::parse_fragment(html);
        assert_eq!(super::text_of(fragment.root_element()), expected);
    }
}
