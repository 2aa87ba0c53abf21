//! Shortcodes of site generators in Markdown: `{{<required>}}`, `{{< relref "x" >}}`. A word that
//! says whether a field must be sent stays, and so does what a link leads to.

use std::borrow::Cow;

use regex::Captures;

use super::tab_title;

pattern! {
    /// A tab, and what is around tabs and hints.
    static TAB = r#"(?m)^[ \t]*\{%-?\s*(?:tab\s[^%\n]*\btitle\s*=\s*"(?P<title>[^"\n]*)"[^%\n]*|(?:end)?(?:tabs?|hint|code|stepper|step)\b[^%\n]*)-?%\}[ \t]*$"#;
    static CODE = r#"\{\{[<%]\s*/?(?P<name>[A-Za-z][\w-]*)(?:\s+"(?P<first>[^"{}\s]*)")?[^{}\n]*[>%]\}\}"#;
}

/// A text without its shortcodes. The title of a tab is a line of its own.
pub(super) fn replace(source: &str) -> Cow<'_, str> {
    let bare = if source.contains("{%") {
        TAB.replace_all(source, |found: &Captures<'_>| {
            let title = found.name("title");
            title.map_or_else(String::new, |title| {
                format!("**{}**", tab_title::label(title.as_str()))
            })
        })
    } else {
        Cow::Borrowed(source)
    };
    match bare {
        Cow::Borrowed(source) => without_codes(source),
        Cow::Owned(source) => Cow::Owned(without_codes(&source).into_owned()),
    }
}

fn without_codes(source: &str) -> Cow<'_, str> {
    CODE.replace_all(source, |found: &Captures<'_>| {
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        match part("name").to_lowercase().as_str() {
            "required" | "optional" => format!("({})", part("name")),
            "ref" | "relref" => part("first").to_owned(),
            _ => String::new(),
        }
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    #[rstest]
    #[case(
        ": {{<required>}} String. The title.",
        ": (required) String. The title."
    )]
    #[case("[Job]({{< relref \"entities/job\" >}})", "[Job](entities/job)")]
    #[case("{{% note %}}\nA note.\n{{% /note %}}", "\nA note.\n")]
    #[case("{% tab title=\"200\" %}\nA\n{% endtab %}\n", "**200**\nA\n\n")]
    #[case("`{{id}}`", "`{{id}}`")]
    fn shortcodes_are_left_out(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(super::replace(text), expected);
    }
}
