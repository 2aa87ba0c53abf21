//! The words of reference pages, as data: one file of `dialects/` a language or dialect. What is
//! made of a page's words knows no language: a further one is a further file.
//!
//! Each word is spelled as pages spell it, and each pattern has texts that it matches: a test reads
//! them all, so that no entry is dead.

mod characters;
mod kinds;
mod phrases;
mod sentences;
mod shared;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

pub(crate) use characters::{character_filler, characters, is_character_filler};
pub(crate) use kinds::{CellPart, LabelWord, TypeWord};
pub use kinds::{Column, Place, Section};
use kinds::{PlaceWord, Requiredness};
pub(crate) use phrases::Phrase;
#[cfg(test)]
pub(crate) use phrases::assert_phrases;
use sentences::{Fragments, Sentence};
pub(crate) use sentences::{Topic, Wordings};
use shared::Shared;

use crate::pattern::Sieve;

/// The files.
static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/vocabulary/dialects");

/// The files as they are, by name.
static DIALECTS: LazyLock<Vec<(&str, Dialect)>> = LazyLock::new(dialects);

/// The words of all dialects.
static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::of(&DIALECTS));

/// Words by what they mean.
type Words<T> = BTreeMap<T, Vec<String>>;

/// A file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Dialect {
    /// Words alone on a line that name a part of a description (`Constraints`).
    parts: Words<CellPart>,
    /// Words that name one only with a colon behind them (`Default: 5`).
    labelled_parts: Words<CellPart>,
    /// Words of headers, and of what may stand where a header can.
    columns: Words<Column>,
    /// Further words of the header of a table: elsewhere they are words as any other.
    headers: Words<Column>,
    /// Words in the header of the column of names that say where its fields are sent.
    header_places: Words<PlaceWord>,
    /// What cells of a column of requiredness say.
    requiredness: Words<Requiredness>,
    /// Words of a cell that says where a field is sent.
    places: Words<PlaceWord>,
    /// Headings and labels of sections.
    sections: Words<Section>,
    /// Spellings of types.
    types: Words<TypeWord>,
    /// Words that labels are made of.
    labels: Words<LabelWord>,
    /// Words before the status that a caption or heading names (`Status code: 200`).
    statuses: Vec<String>,
    /// Words of a cell that say that there is nothing (`none`).
    nothing: Vec<String>,
    /// Words of a cell for a default that tell of it, and are not it (`current time`).
    told_defaults: Vec<String>,
    /// Words and signs between the names of one cell (`name or alias`).
    between_names: Vec<String>,
    /// Words for characters, by the class that they mean.
    characters: Words<String>,
    /// Words in a list of characters that say nothing.
    character_fillers: Vec<String>,
    /// Patterns of headings.
    headings: Vec<Heading>,
    /// Parts that the patterns of sentences share.
    fragments: Fragments,
    /// What the language has for the parts that the patterns of all files share.
    shared: Vec<Shared>,
    /// What sentences say, by what they are about.
    sentences: BTreeMap<Topic, Vec<Sentence>>,
}

/// A pattern of headings that open a section.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    opens: Section,
    /// What the words of the heading, lower case and without punctuation, must match.
    pattern: String,
    /// Headings that it matches.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "each pattern is tested by them")
    )]
    examples: Vec<String>,
}

/// The words of all dialects, as they are looked up: folded.
struct Vocabulary {
    parts: HashMap<String, CellPart>,
    columns: HashMap<String, Column>,
    headers: HashMap<String, Column>,
    header_places: Vec<(String, Place)>,
    requiredness: HashMap<String, bool>,
    places: Vec<(String, Place)>,
    sections: HashMap<String, Section>,
    types: HashMap<String, TypeWord>,
    labels: HashMap<String, LabelWord>,
    /// The patterns of headings, and the section that each opens.
    headings: (Sieve, Vec<Section>),
    statuses: Vec<String>,
    nothing: HashSet<String>,
    told_defaults: HashSet<String>,
    between_names: HashSet<String>,
}

/// The files, read.
#[expect(
    clippy::expect_used,
    reason = "every file stands in the source, and a test reads each"
)]
fn dialects() -> Vec<(&'static str, Dialect)> {
    let mut dialects: Vec<(&str, Dialect)> = FILES
        .files()
        .map(|file| {
            let name = file.path().to_str().unwrap_or_default();
            let text = file
                .contents_utf8()
                .expect("a dialect of the source is UTF-8");
            let dialect = toml::from_str(text);
            (
                name,
                dialect.expect("a dialect of the source is read whole by a test"),
            )
        })
        .collect();
    dialects.sort_by_key(|(name, _)| *name);
    dialects
}

/// Signs of traditional Chinese, and those of simplified Chinese that the vocabulary has for them.
const TRADITIONAL: &str = "請參數響應頭體類說義狀態碼錯誤徑詢選須輸結屬變訊徵備釋註詳細據為長認範圍值極護擇預設項約條單雙鍵寫對樣調傳稱別欄資無個號";
const SIMPLIFIED: &str = "请参数响应头体类说义状态码错误径询选须输结属变讯征备释注详细据为长认范围值极护择预设项约条单双键写对样调传称别栏资无个号";

/// A sign as the vocabulary writes it.
fn simplified(sign: char) -> char {
    if sign.is_ascii() {
        return sign;
    }
    let place = TRADITIONAL.chars().position(|own| own == sign);
    place
        .and_then(|place| SIMPLIFIED.chars().nth(place))
        .unwrap_or(sign)
}

/// Whether a character only says how the sign before it is drawn: `✔️` is `✔`.
fn is_variation(sign: char) -> bool {
    matches!(sign, '\u{FE0E}' | '\u{FE0F}')
}

/// Lower case, in simplified signs, without spaces and the punctuation that headers vary in.
pub(crate) fn fold(word: &str) -> String {
    word.chars()
        .filter(|c| {
            !c.is_whitespace()
                && !is_variation(*c)
                && !matches!(
                    c,
                    ':' | '：' | '*' | '.' | '。' | '_' | '-' | '`' | '?' | '？' | '¿'
                )
        })
        .flat_map(char::to_lowercase)
        .map(simplified)
        .collect()
}

impl Vocabulary {
    fn of(dialects: &[(&str, Dialect)]) -> Self {
        let all = || dialects.iter().map(|(_, dialect)| dialect);
        Self {
            parts: by_word(all().map(|own| &own.parts)),
            columns: by_word(all().map(|own| &own.columns)),
            headers: by_word(all().map(|own| &own.headers)),
            header_places: in_order(all().map(|own| &own.header_places)),
            requiredness: by_word(all().map(|own| &own.requiredness))
                .into_iter()
                .map(|(word, said)| (word, said == Requiredness::Mandatory))
                .collect(),
            places: in_order(all().map(|own| &own.places)),
            sections: by_word(all().map(|own| &own.sections)),
            types: by_word(all().map(|own| &own.types)),
            labels: by_word(all().map(|own| &own.labels)),
            headings: headings(all()),
            statuses: all().flat_map(|own| own.statuses.clone()).collect(),
            nothing: all()
                .flat_map(|own| &own.nothing)
                .map(|word| fold(word))
                .collect(),
            told_defaults: all()
                .flat_map(|own| &own.told_defaults)
                .map(|word| fold(word))
                .collect(),
            between_names: all().flat_map(|own| own.between_names.clone()).collect(),
        }
    }
}

/// What each word means; the first file that has it decides.
fn by_word<'d, T: Copy + 'd>(all: impl Iterator<Item = &'d Words<T>>) -> HashMap<String, T> {
    let mut found = HashMap::new();
    for (meaning, words) in all.flatten() {
        for word in words {
            found.entry(fold(word)).or_insert(*meaning);
        }
    }
    found
}

/// The words that say a place, in the order in which they are looked for.
fn in_order<'d>(all: impl Iterator<Item = &'d Words<PlaceWord>>) -> Vec<(String, Place)> {
    let mut found: Vec<(PlaceWord, String)> = Vec::new();
    for (meaning, words) in all.flatten() {
        found.extend(words.iter().map(|word| (*meaning, fold(word))));
    }
    found.sort_by_key(|(meaning, _)| *meaning);
    found
        .into_iter()
        .map(|(meaning, word)| (word, meaning.place()))
        .collect()
}

/// The patterns of headings, those of one section together, in the order of the sections.
fn headings<'d>(all: impl Iterator<Item = &'d Dialect>) -> (Sieve, Vec<Section>) {
    let mut found: Vec<&Heading> = all.flat_map(|own| &own.headings).collect();
    found.sort_by_key(|heading| heading.opens);
    let patterns = found.iter().map(|heading| heading.pattern.clone());
    (
        Sieve::of(patterns),
        found.iter().map(|heading| heading.opens).collect(),
    )
}

fn look_up<T: Copy>(words: &HashMap<String, T>, word: &str, longest: usize) -> Option<T> {
    if word.len() > longest {
        return None;
    }
    words.get(&fold(word)).copied()
}

fn first(words: &[(String, Place)], text: &str) -> Option<Place> {
    words
        .iter()
        .find(|(word, _)| text.contains(word.as_str()))
        .map(|(_, place)| *place)
}

/// What a column with this header holds.
pub(crate) fn column(header: &str) -> Option<Column> {
    look_up(&VOCABULARY.columns, header, 60)
}

/// What a column of a table with this header holds.
pub(crate) fn header(text: &str) -> Option<Column> {
    column(text).or_else(|| look_up(&VOCABULARY.headers, text, 60))
}

/// Where the fields of a table are sent whose column of names has this header.
pub(crate) fn header_place(text: &str) -> Option<Place> {
    first(&VOCABULARY.header_places, &fold(text))
}

/// Whether a word says that something is mandatory.
pub(crate) fn mandatory(word: &str) -> Option<bool> {
    look_up(&VOCABULARY.requiredness, word, 32)
}

/// Whether a cell says that there is nothing.
pub(crate) fn is_nothing(cell: &str) -> bool {
    let bare = cell.trim().trim_matches(['(', ')', '（', '）', '<', '>']);
    bare.len() <= 40 && VOCABULARY.nothing.contains(&fold(bare))
}

/// Whether a cell for a default tells of it, and is not it.
pub(crate) fn tells_of_default(cell: &str) -> bool {
    let bare = cell.trim().trim_matches(['(', ')', '（', '）', '<', '>']);
    bare.len() <= 40 && VOCABULARY.told_defaults.contains(&fold(bare))
}

/// Whether a word or a sign stands between the names of one cell.
pub(crate) fn is_between_names(word: &str) -> bool {
    VOCABULARY.between_names.contains(&word.to_lowercase())
}

/// Where a cell says that a field is sent.
pub(crate) fn place(cell: &str) -> Option<Place> {
    if cell.len() > 60 {
        return None;
    }
    let cell: String = cell.to_lowercase().chars().map(simplified).collect();
    first(&VOCABULARY.places, &cell)
}

/// Whether a cell says that a field is sent in the URL, and not in which part of it: its path for a
/// name that stands there, else its query.
pub(crate) fn is_of_url(cell: &str) -> bool {
    let cell = cell.to_lowercase();
    place(&cell) == Some(Place::Path) && cell.contains("ur") && !cell.contains("path")
}

/// The part of a description that a line alone names (`Constraints`, `Default Value`).
pub(crate) fn cell_part(line: &str) -> Option<CellPart> {
    look_up(&VOCABULARY.parts, line, 40)
}

/// The words that name a part of a description, as one pattern.
pub(crate) fn part_words(part: CellPart) -> String {
    one_of(DIALECTS.iter().filter_map(|(_, own)| own.parts.get(&part)))
}

/// The same, with those that name it only before a colon.
pub(crate) fn labelled_part_words(part: CellPart) -> String {
    one_of(DIALECTS.iter().flat_map(|(_, own)| {
        let all = [own.parts.get(&part), own.labelled_parts.get(&part)];
        all.into_iter().flatten()
    }))
}

/// Words as one pattern; of two that begin alike the longer one is found.
fn one_of<'d>(words: impl Iterator<Item = &'d Vec<String>>) -> String {
    let mut words: Vec<&str> = words.flatten().map(String::as_str).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let words: Vec<String> = words.into_iter().map(regex::escape).collect();
    format!("(?:{})", words.join("|"))
}

/// The section that the words of a heading open. A sentence (`Error code.`) or a field's name
/// (`error_code`) opens none.
pub(crate) fn section(heading: &str) -> Option<Section> {
    if heading.trim_end().ends_with(['.', '。']) || heading.contains('_') {
        return None;
    }
    look_up(&VOCABULARY.sections, heading, 60)
}

/// The section whose pattern a heading matches, which is in lower case and without punctuation at
/// its end.
pub(crate) fn heading(folded: &str) -> Option<Section> {
    let (patterns, sections) = &VOCABULARY.headings;
    let simple: String = folded.chars().map(simplified).collect();
    let first = [folded, &simple]
        .into_iter()
        .find_map(|text| patterns.in_text(text).next())?;
    sections.get(first.0).copied()
}

/// What stands before the status that a caption names, as one pattern.
pub(crate) fn before_status() -> String {
    let words = VOCABULARY.statuses.iter();
    let patterns: Vec<String> = words
        .map(|words| regex::escape(words).replace(' ', r"\s*"))
        .collect();
    format!("(?:{})", patterns.join("|"))
}

/// The type that a word spells.
pub(crate) fn type_word(word: &str) -> Option<TypeWord> {
    VOCABULARY.types.get(&fold(word)).copied()
}

/// What a word of a label, in lower case, means.
pub(crate) fn label_word(word: &str) -> Option<LabelWord> {
    VOCABULARY.labels.get(word).copied().or_else(|| {
        let simple: String = word.chars().map(simplified).collect();
        VOCABULARY.labels.get(&simple).copied()
    })
}

/// How many bytes the longest known word at the start of a text has that is written without
/// spaces.
pub(crate) fn longest_label_word(text: &str) -> Option<usize> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.take(LONGEST_WORD)
        .filter(|end| {
            text.get(..*end)
                .is_some_and(|word| label_word(word).is_some())
        })
        .max()
}

/// The most characters of a word of a label that is written without spaces.
const LONGEST_WORD: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::compile;

    /// Reads each entry of a sort through what readers call.
    fn dead<'d, T: Copy + std::fmt::Debug + 'd>(
        sort: &str,
        words: &'d Words<T>,
        reads: impl Fn(&str, T) -> bool,
    ) -> Vec<String> {
        words
            .iter()
            .flat_map(|(meaning, words)| words.iter().map(move |word| (*meaning, word)))
            .filter(|(meaning, word)| !reads(word, *meaning))
            .map(|(meaning, word)| format!("{sort}: `{word}` is not read as {meaning:?}"))
            .collect()
    }

    #[test]
    fn no_entry_is_dead() {
        for (name, own) in DIALECTS.iter() {
            let mut dead = [
                dead("columns", &own.columns, |word, it| column(word) == Some(it)),
                dead("headers", &own.headers, |word, it| header(word) == Some(it)),
                dead("header-places", &own.header_places, |word, it| {
                    header_place(word) == Some(it.place())
                }),
                dead("requiredness", &own.requiredness, |word, it| {
                    mandatory(word) == Some(it == Requiredness::Mandatory)
                }),
                dead("places", &own.places, |word, it| {
                    place(word) == Some(it.place())
                }),
                dead("parts", &own.parts, |word, it| cell_part(word) == Some(it)),
                dead("labelled-parts", &own.labelled_parts, |word, it| {
                    crate::pattern::compile(labelled_part_words(it)).is_match(word)
                }),
                dead("sections", &own.sections, |word, it| {
                    section(word) == Some(it)
                }),
                dead("types", &own.types, |word, it| type_word(word) == Some(it)),
                dead("labels", &own.labels, |word, it| {
                    label_word(word) == Some(it)
                        && (word.is_ascii() || word.chars().count() <= LONGEST_WORD)
                }),
            ]
            .concat();
            let between = own.between_names.iter();
            dead.extend(
                between
                    .filter(|word| !is_between_names(word))
                    .map(|word| format!("between-names: `{word}` is not read")),
            );
            for own in &own.headings {
                assert!(!own.examples.is_empty(), "{name}: {}", own.pattern);
                for example in &own.examples {
                    let folded = example.trim_end_matches([':', '：']).to_lowercase();
                    if !compile(&own.pattern).is_match(&folded)
                        || heading(&folded) != Some(own.opens)
                    {
                        dead.push(format!(
                            "headings: `{example}` does not open {:?}",
                            own.opens
                        ));
                    }
                }
            }
            assert!(dead.is_empty(), "{name}: {dead:#?}");
        }
    }

    #[test]
    fn each_traditional_sign_has_a_simplified_one() {
        assert_eq!(TRADITIONAL.chars().count(), SIMPLIFIED.chars().count());
        assert_eq!(fold("請求參數"), "请求参数");
        assert_eq!(heading("響應參數"), heading("响应参数"));
    }

    #[test]
    fn there_is_a_file_a_language() {
        let names: Vec<&str> = DIALECTS.iter().map(|(name, _)| *name).collect();
        assert!(names.contains(&"english.toml"), "{names:?}");
        assert!(names.contains(&"chinese.toml"), "{names:?}");
    }
}
