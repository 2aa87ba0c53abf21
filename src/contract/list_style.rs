//! How a parameter with several values is written into a query or a header.

use std::borrow::Cow;

/// A way of writing several values of one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListStyle {
    /// The parameter is repeated: `a=1&a=2`.
    Repeated,
    /// The parameter is repeated, its name ending in brackets: `a[]=1&a[]=2`.
    Brackets,
    /// Commas part the values.
    Commas,
    /// Spaces part the values.
    Spaces,
    /// Vertical bars part the values.
    Pipes,
}

impl ListStyle {
    /// Every style.
    pub const ALL: [Self; 5] = [
        Self::Repeated,
        Self::Brackets,
        Self::Commas,
        Self::Spaces,
        Self::Pipes,
    ];

    /// OpenAPI's `style` and `explode`. It has no word for brackets: the style of objects is the
    /// one that has them.
    pub fn keywords(self) -> (&'static str, bool) {
        match self {
            Self::Repeated => ("form", true),
            Self::Brackets => ("deepObject", true),
            Self::Commas => ("form", false),
            Self::Spaces => ("spaceDelimited", false),
            Self::Pipes => ("pipeDelimited", false),
        }
    }

    /// The style that OpenAPI's words mean; what parts the values of a header is a comma.
    pub fn of(style: &str, explode: Option<bool>) -> Option<Self> {
        if style == "simple" {
            return Some(Self::Commas);
        }
        let explode = explode.unwrap_or(matches!(style, "form" | "deepObject"));
        Self::ALL
            .into_iter()
            .find(|known| known.keywords() == (style, explode))
    }

    /// What parts the values, where the parameter is not repeated.
    pub fn separator(self) -> Option<char> {
        match self {
            Self::Repeated | Self::Brackets => None,
            Self::Commas => Some(','),
            Self::Spaces => Some(' '),
            Self::Pipes => Some('|'),
        }
    }

    /// The name that is sent.
    pub fn name(self, name: &str) -> Cow<'_, str> {
        match self {
            Self::Brackets => Cow::Owned(format!("{name}[]")),
            Self::Repeated | Self::Commas | Self::Spaces | Self::Pipes => Cow::Borrowed(name),
        }
    }

    /// The texts that are sent for values, one for each time that the parameter stands there.
    pub fn write(self, values: &[String]) -> Vec<String> {
        match self.separator() {
            None => values.to_vec(),
            Some(separator) => vec![values.join(separator.encode_utf8(&mut [0; 4]))],
        }
    }

    /// The values that are read from the texts that were sent; `None` where the parameter stands
    /// there more than once, or once with nothing, though its values are parted otherwise.
    pub fn read<'t>(self, texts: &[&'t str]) -> Option<Vec<&'t str>> {
        match (self.separator(), texts) {
            (None, _) => Some(texts.to_vec()),
            (Some(_), []) => Some(Vec::new()),
            (Some(separator), [text]) if !text.is_empty() => Some(text.split(separator).collect()),
            (Some(_), _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    fn a_style_is_read_from_its_keywords(
        #[values(0, 1, 2, 3, 4)] index: usize,
        #[values(&["a"], &["a", "b"])] values: &[&str],
    ) {
        let style = ListStyle::ALL[index];
        let (word, explode) = style.keywords();
        assert_eq!(ListStyle::of(word, Some(explode)), Some(style));
        let owned: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let texts = style.write(&owned);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert_eq!(style.read(&texts).as_deref(), Some(values));
    }

    #[rstest]
    #[case(ListStyle::Commas, &["a,b", "c"])]
    #[case(ListStyle::Commas, &[""])]
    #[case(ListStyle::Pipes, &["a", "b"])]
    fn what_is_written_otherwise_is_not_read(#[case] style: ListStyle, #[case] texts: &[&str]) {
        assert_eq!(style.read(texts), None);
    }
}
