//! Types as bullets spell them.

use super::super::words::parse_type;

/// Types as bullets spell them: spelling, and what tables call it.
const SPELLINGS: [(&str, &str); 9] = [
    ("object of objects", "object"),
    ("map", "object"),
    ("key-value map", "object"),
    ("key/value map", "object"),
    ("slice", "array"),
    ("comma-separated string", "string"),
    ("comma separated string", "string"),
    ("comma-separated list of strings", "string"),
    ("comma separated list of strings", "string"),
];

phrases! {
    BulletTypes:

    /// `string array`, `list(string)`
    static ITEMS;

    /// What may be said before a type.
    static ARTICLE;

    /// What a text stands for.
    static REPRESENTING;
}

pattern! {
    /// `(string | integer)[]`
    static SEVERAL = r"^\([^()]{1,60}\)\[\]$";

    /// `map[string]string`
    static MAP = r"(?i)^map\[\w+\]\S+$";
}

/// A type as the readers of tables know it; none for words that are none.
pub(super) fn kind_of(words: &str) -> Option<String> {
    let mut words = words.trim();
    while let Some(found) = ARTICLE.find(words) {
        words = words.get(found.end()..)?;
    }
    if REPRESENTING.is_match(words) {
        return Some("string".to_owned());
    }
    if let Some((_, kind)) = SPELLINGS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(words))
    {
        return Some((*kind).to_owned());
    }
    if let Some(found) = ITEMS.captures(words) {
        let items = found.name("before").or_else(|| found.name("inner"))?;
        let items = kind_of(items.as_str())?;
        return Some(format!("Array of {items}"));
    }
    if SEVERAL.is_match(words) {
        return Some("array".to_owned());
    }
    if MAP.is_match(words) {
        return Some("object".to_owned());
    }
    if let Some(items) = words.strip_prefix("[]") {
        let items = kind_of(items)?;
        return Some(format!("Array of {items}"));
    }
    let words = if words.to_lowercase().starts_with("map<") {
        words.replace('|', ",")
    } else {
        words.to_owned()
    };
    parse_type(&words).is_some().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::list("list of strings", Some("Array of strings"))]
    #[case::go_array("[]string", Some("Array of string"))]
    #[case::items_before("string slice", Some("Array of string"))]
    #[case::items_inside("list(int)", Some("Array of int"))]
    #[case::map_of_go("map[string]string", Some("object"))]
    #[case::pairs("key-value map", Some("object"))]
    #[case::joined("comma-separated string", Some("string"))]
    #[case::article("a positive integer", Some("integer"))]
    #[case::words("see below", None)]
    #[case::items_of_several_types("(string | integer)[]", Some("array"))]
    #[case::unknown_items("list(thing)", None)]
    fn kinds_are_read_as_bullets_spell_them(#[case] words: &str, #[case] expected: Option<&str>) {
        let kind = kind_of(words);
        assert_eq!(
            kind.as_deref().and_then(parse_type),
            expected.and_then(parse_type),
            "{kind:?}"
        );
    }
}
