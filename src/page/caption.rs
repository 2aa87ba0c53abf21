//! Numbered tables: their captions (`Table 4 BackupRecordResponse`), and the references to them
//! (`see Table 4`).

phrases! {
    Captions:

    /// A paragraph that is a caption.
    static CAPTION;

    /// The beginning of a caption, or of a sentence that tells of a table.
    static OPENING;

    /// A reference, with the words before it that show that it is one.
    static REFERENCE;
}

/// Whether a paragraph is a table's caption. A sentence that only speaks of a table is not.
pub(crate) fn is_caption(text: &str) -> bool {
    text.len() < 200 && CAPTION.is_match(text) && !text.ends_with(['.', '。'])
}

/// Whether a text begins as a caption does.
pub(crate) fn opens(text: &str) -> bool {
    OPENING.is_match(text)
}

/// The number that a text begins with as a caption does.
pub(crate) fn number(text: &str) -> Option<u32> {
    OPENING.captures(text)?.name("n")?.as_str().parse().ok()
}

/// The number and the title of a caption, which is one line.
pub(crate) fn parts(caption: &str) -> Option<(Option<u32>, &str)> {
    let whole = OPENING.find(caption)?;
    let title = caption.get(whole.end()..)?;
    (!title.contains('\n')).then(|| (number(caption), title))
}

/// A table that a text refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The table's number.
    pub number: u32,
    /// Whether a table of the page is surely meant: a small `table 7` may be one of a database.
    pub is_sure: bool,
}

/// The tables that a text refers to, in its order.
pub(crate) fn references(text: &str) -> impl Iterator<Item = Reference> {
    REFERENCE.all(text).filter_map(|captures| {
        let is_name = captures.name("word").is_some_and(|word| {
            let mut letters = word.as_str().chars();
            letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase)
        });
        Some(Reference {
            number: captures.name("n")?.as_str().parse().ok()?,
            is_sure: is_name || captures.name("lead").is_some(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Table 4 BackupRecordResponse", true)]
    #[case("**表 1**  路径参数", true)]
    #[case("Table 4 lists the fields.", false)]
    #[case("For details, see Table 4", false)]
    fn captions_are_told_from_sentences(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_caption(text), expected);
    }

    #[rstest]
    #[case("Table 4 BackupRecord", Some((Some(4), "BackupRecord")))]
    #[case("表4：备份", Some((Some(4), "备份")))]
    #[case("Tabla 12. Parámetros", Some((Some(12), "Parámetros")))]
    #[case("Tableau 3", Some((Some(3), "")))]
    #[case("Table 4 a\nb", None)]
    #[case("The table 4", None)]
    fn a_caption_has_a_number_and_a_title(
        #[case] text: &str,
        #[case] expected: Option<(Option<u32>, &str)>,
    ) {
        assert_eq!(parts(text), expected);
    }

    #[rstest]
    #[case("For details, see Table 4 and Table 12.", &[(4, true), (12, true)])]
    #[case("see table 4", &[(4, true)])]
    #[case("The table 7 of a database.", &[(7, false)])]
    #[case("请参见表3。", &[(3, true)])]
    #[case("表3", &[(3, false)])]
    #[case("Consulte la Tabla 5.", &[(5, true)])]
    #[case("Siehe Tabelle 6, ver Tabela 7, voir le Tableau 8.", &[(6, true), (7, true), (8, true)])]
    #[case("A tablet 7", &[])]
    fn references_are_found_in_each_language(#[case] text: &str, #[case] expected: &[(u32, bool)]) {
        let found: Vec<(u32, bool)> = references(text)
            .map(|reference| (reference.number, reference.is_sure))
            .collect();
        assert_eq!(found, expected);
    }
}
