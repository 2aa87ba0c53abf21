//! Code in Jekyll's tags: `{% highlight json %}` and `{% endhighlight %}` are a fence; lines keep
//! their numbers.

use std::borrow::Cow;

use regex::Captures;

pattern! {
    /// A tag on a line of its own.
    static TAG = r"(?m)^(?P<indent>[ \t]*)\{%-?\s*(?:highlight\s+(?P<language>[\w+-]+)[^%\n]*|endhighlight\s*)-?%\}[ \t]*$";
}

/// A text with such code fenced.
pub(super) fn replace(source: &str) -> Cow<'_, str> {
    if !source.contains("{% highlight") && !source.contains("{%- highlight") {
        return Cow::Borrowed(source);
    }
    TAG.replace_all(source, |found: &Captures<'_>| {
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        format!("{}```{}", part("indent"), part("language"))
    })
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
    fn highlighted_code_is_fenced(#[case] source: &str, #[case] expected: &str) {
        assert_eq!(replace(source), expected);
    }
}
