//! Marks of templates: code in Jekyll's tags (`{% highlight json %}` and `{% endhighlight %}`) is a
//! fence, and what ERB puts in for a name (`<%= id %>`) is to be filled in; lines keep their numbers.

use std::borrow::Cow;

use regex::Captures;

pattern! {
    /// A tag on a line of its own.
    static TAG = r"(?m)^(?P<indent>[ \t]*)\{%-?\s*(?:highlight\s+(?P<language>[\w+-]+)[^%\n]*|endhighlight\s*)-?%\}[ \t]*$";

    /// A name of ERB.
    static FILLED = r"<%=[ \t]*(?P<name>[A-Za-z_]\w*(?:\.\w+)*)[ \t]*-?%>";
}

/// A text with such code fenced, and such names in braces.
pub(super) fn replace(source: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(source);
    if source.contains("{% highlight") || source.contains("{%- highlight") {
        text = TAG.replace_all(source, |found: &Captures<'_>| {
            let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
            format!("{}```{}", part("indent"), part("language"))
        });
    }
    if text.contains("<%=") {
        text = Cow::Owned(FILLED.replace_all(&text, "{$name}").into_owned());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("{% highlight json %}\n{}\n{% endhighlight %}\n", "```json\n{}\n```\n")]
    #[case(
        "  {% highlight js linenos %}\nx\n  {% endhighlight %}\n",
        "  ```js\nx\n  ```\n"
    )]
    #[case("Say {% highlight json %} so.\n", "Say {% highlight json %} so.\n")]
    #[case("{% include x %}\n", "{% include x %}\n")]
    #[case("`GET /racks/<%= rack.id %>`\n", "`GET /racks/{rack.id}`\n")]
    #[case("<%= partial('x') %>\n", "<%= partial('x') %>\n")]
    fn highlighted_code_is_fenced(#[case] source: &str, #[case] expected: &str) {
        assert_eq!(replace(source), expected);
    }
}
