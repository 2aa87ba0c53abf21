//! Whether a field must be sent, as the cells of its row say it: a word or a sign, a word and a
//! condition, a mark behind the name or the type; and what marks of some rows mean for others.

use std::collections::BTreeSet;

use super::conditions;
use super::labels::{Label, label};
use super::section::{Section, section_of};
use crate::page::words::{self, Column};
use crate::page::{Block, BlockKind, Page, Subject, Table, plain};

/// What a cell or a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// The field must be sent.
    Mandatory,
    /// It may be left out.
    Optional,
    /// It depends.
    Conditional,
}

/// A mark behind a name or a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// One that says whether the field must be sent: `name?`, `name (optional)`.
    Word,
    /// A star, which leads to a note.
    Star,
}

impl Said {
    /// What a plain yes or no says.
    pub(super) fn of(mandatory: bool) -> Self {
        if mandatory {
            Self::Mandatory
        } else {
            Self::Optional
        }
    }

    /// The same said of a column that is called optional.
    pub(super) fn inverted(self) -> Self {
        match self {
            Self::Mandatory => Self::Optional,
            Self::Optional => Self::Mandatory,
            Self::Conditional => Self::Conditional,
        }
    }
}

phrases! {
    MandatoryWords:

    /// A cell by which a field is mandatory in some cases.
    static CONDITIONAL;

    /// Headers that are made of the letters.
    static LETTERED;

    /// What may turn a `no` into a `yes`.
    static NEEDED;

    /// What says that stars behind names mark what must be sent.
    static LEGEND;

    /// A label of those fields alone that must be sent, or may be left out.
    static HALF;

    /// A heading that is nothing else.
    static ALONE;

    /// What names both.
    static BOTH;

    /// What says that every field may be left out.
    static ALL_OPTIONAL;

    /// The first word or sign of a cell, and what follows.
    static FIRST;

    /// Japanese and Korean, which mark with circles.
    static CIRCLED;

    /// Marks behind a name.
    static NAME_MARK;

    /// Marks before or behind a type, which the group `type` has.
    static TYPE_MARK;
}

pattern! {
    /// A note's mark, or what says the place or a length: no condition.
    static NOTE = r"(?i)^\W*(?:\(?\d{1,2}\)?|\[\d{1,2}\]|[*†‡]+)?\W*$";
    /// A note that a star leads to.
    static NOTE_OF_STAR = r"^\s*\\?\*+\s*[^\s*]";
}

/// What the label of a table says of all its fields: `Required arguments`, `可选参数`.
pub(super) fn of_label(text: &str) -> Option<Said> {
    if BOTH.is_match(text) || label(text).is_none() && !is_alone(text) {
        return None;
    }
    let half = HALF.captures(text)?;
    Some(Said::of(half.name("required").is_some()))
}

/// Whether a heading says of the fields below it that they must be sent, or may be left out, and
/// nothing else (`Required`).
pub(super) fn is_alone(text: &str) -> bool {
    ALONE.is_match(text)
}

/// What a cell of a column of requiredness says; `None` where it says nothing that is read.
pub(super) fn of_cell(text: &str) -> Option<Said> {
    if let Some(mandatory) = words::mandatory(text) {
        return Some(Said::of(mandatory));
    }
    // Alone they are letters as any other.
    match text.trim() {
        "M" => return Some(Said::Mandatory),
        "O" => return Some(Said::Optional),
        "C" => return Some(Said::Conditional),
        _ => {}
    }
    if CONDITIONAL.is_match(text) {
        return Some(Said::Conditional);
    }
    let first = FIRST.captures(text)?;
    let said = Said::of(words::mandatory(first.name("word")?.as_str())?);
    let rest = first.name("rest")?.as_str();
    if NOTE.is_match(rest) {
        return Some(said);
    }
    match said {
        // What may be left out may be so whatever else is said of it.
        Said::Optional if !NEEDED.is_match(rest) => Some(Said::Optional),
        Said::Mandatory | Said::Optional | Said::Conditional => Some(Said::Conditional),
    }
}

/// The signs of a column of requiredness that mean something only beside each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Signs {
    all: BTreeSet<char>,
    /// Whether the table is written where a circle says yes.
    has_circles: bool,
    /// Whether the header tells of the letter: `M/O`.
    is_lettered: bool,
}

impl Signs {
    /// Those of a table's column.
    pub(super) fn of(table: &Table, at: usize) -> Self {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(at));
        let header = table.header.get(at).map_or("", String::as_str);
        Self {
            all: cells.filter_map(|cell| sign(&cell.plain())).collect(),
            has_circles: CIRCLED.is_match(header),
            is_lettered: LETTERED.is_match(header.trim()),
        }
    }

    /// What a cell says by them; `None` where what it says hangs on no other cell.
    pub(super) fn of_cell(&self, cell: &str) -> Option<BySign> {
        let has = |sign: char| self.all.contains(&sign);
        match sign(cell)? {
            // Alone an empty circle says yes, where Japanese is written.
            '○' if has('●') => Some(BySign::Says(Said::Optional)),
            // The first letter of *optional*, or a circle.
            'O' if has('M') || has('C') || self.is_lettered => Some(BySign::Says(Said::Optional)),
            'O' if has('X') || self.has_circles => Some(BySign::Says(Said::Mandatory)),
            'X' if has('O') && !has('M') => Some(BySign::Says(Said::Optional)),
            // Who marks with circles or crosses alone may mean either.
            'O' | 'X' => Some(BySign::Either),
            _ => None,
        }
    }
}

/// What a cell says by the signs of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BySign {
    Says(Said),
    /// It may mean yes as well as no.
    Either,
}

impl BySign {
    /// What is known of the field.
    pub(super) fn said(self) -> Option<Said> {
        match self {
            Self::Says(said) => Some(said),
            Self::Either => None,
        }
    }
}

/// The sign that a cell is.
fn sign(cell: &str) -> Option<char> {
    match cell.trim() {
        "●" => Some('●'),
        "○" | "◯" => Some('○'),
        "O" | "o" => Some('O'),
        "X" | "x" => Some('X'),
        "M" => Some('M'),
        "C" => Some('C'),
        _ => None,
    }
}

/// What a cell of a column of requiredness says, a condition in words among it.
pub(super) fn of_row_cell(text: &str) -> Option<Said> {
    of_cell(text).or_else(|| {
        let (answer, _) = conditions::read_cell(text)?;
        Some(answer.map_or(Said::Conditional, Said::of))
    })
}

/// A name without the marks behind it, what they say, and whether a star is one: it leads to a note,
/// which may say anything.
pub(super) fn of_name(cell: &str) -> (&str, Option<Said>, bool) {
    let shown = cell.trim();
    let name = shown.trim_end_matches(['*', '\\', ' ']);
    if let Some(name) = name.strip_suffix('?') {
        return (
            name.trim_end_matches(['*', '\\', ' ']),
            Some(Said::Optional),
            false,
        );
    }
    let found = NAME_MARK.captures(name);
    let marked = found
        .as_ref()
        .map(|captures| Said::of(captures.name("required").is_some()));
    // A badge beside the name (`note optional`) has no brackets that part it from the name.
    let badge = found
        .and_then(|captures| captures.get(0))
        .filter(|mark| mark.as_str().starts_with(char::is_whitespace));
    let name = badge
        .and_then(|mark| name.get(..mark.start()))
        .unwrap_or(name);
    // Emphasis around a name has stars of its own.
    if name.starts_with('*') {
        return (cell, marked, false);
    }
    let is_starred = shown.ends_with('*');
    // As a query language marks what is never null.
    if let Some(bare) = name.strip_suffix('!').filter(|bare| !bare.is_empty()) {
        return (bare, marked.or(Some(Said::Mandatory)), is_starred);
    }
    // `name, required`
    let name = if marked.is_some() {
        name.trim_end_matches([',', ';', ' '])
    } else {
        name
    };
    (name, marked, is_starred)
}

/// A type without the marks beside it, and what they say.
pub(super) fn of_type(cell: &str) -> (&str, Option<Said>) {
    let Some(found) = TYPE_MARK.captures(cell.trim()) else {
        return (cell, None);
    };
    let mandatory = found.name("required").is_some();
    let spelled = found.name("type");
    (
        spelled.map_or("", |spelled| spelled.as_str()),
        Some(Said::of(mandatory)),
    )
}

/// How a page marks what must be sent, beside columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// A star behind a name marks a field that must be sent.
    pub star: bool,
    /// A question mark behind a name marks one that may be left out.
    pub question: bool,
    /// A star leads to a note of its own.
    pub note: bool,
}

impl Marks {
    /// The marks of a page.
    pub(super) fn of(page: &Page) -> Self {
        let mut marks = Self::default();
        marks.gather(&page.blocks, &mut false, 0);
        marks
    }

    /// Reads what a paragraph says of stars.
    fn legend(&mut self, text: &str) {
        if text.len() > 300 {
            return;
        }
        let is_legend = LEGEND.is_match(text);
        self.star |= is_legend;
        self.note |= !is_legend && NOTE_OF_STAR.is_match(text);
    }

    /// Gathers those of blocks; `of_answer` is whether fields of an answer are labelled above: their
    /// marks say nothing of what is sent.
    fn gather(&mut self, blocks: &[Block], of_answer: &mut bool, depth: usize) {
        if depth > 8 {
            return;
        }
        for block in blocks {
            match &block.kind {
                BlockKind::Paragraph(text) => {
                    self.legend(&text.plain);
                    *of_answer = labels_answer(&text.plain).unwrap_or(*of_answer);
                }
                BlockKind::Heading { text, .. } => {
                    *of_answer = labels_answer(&text.plain).unwrap_or(false);
                }
                BlockKind::List(items) => {
                    for item in items {
                        // A star alone at the start of a line is a bullet.
                        let own = plain(item);
                        self.star |= own.len() <= 60 && LEGEND.is_match(&format!("* {own}"));
                        self.gather(item, of_answer, depth + 1);
                    }
                }
                BlockKind::Table(table) => {
                    let columns: Vec<Option<Column>> = table
                        .header
                        .iter()
                        .map(|header| words::header(header))
                        .collect();
                    let has_own = columns.contains(&Some(Column::Mandatory));
                    let names = columns
                        .iter()
                        .position(|column| *column == Some(Column::Name))
                        .filter(|_| !has_own && !*of_answer)
                        .filter(|_| table.subject != Some(Subject::Response));
                    // A question is no name, and what only has a value tells of something else.
                    let is_of_fields = columns
                        .iter()
                        .any(|column| matches!(column, Some(Column::Type | Column::Description)));
                    let names = names.filter(|_| is_of_fields);
                    self.question |= names.is_some_and(|names| {
                        let mut cells = table.rows.iter().filter_map(|row| row.cells.get(names));
                        cells.any(|cell| {
                            let shown = cell.plain();
                            let (name, said, _) = of_name(&shown);
                            // Marks in brackets stand behind the name.
                            let bare = name.split(['(', '[', '（']).next().unwrap_or(name);
                            said == Some(Said::Optional)
                                && (name.len() < shown.len() || !shown.ends_with('?'))
                                && !bare.trim().contains(' ')
                        })
                    });
                }
                BlockKind::Code { .. } | BlockKind::Target { .. } | BlockKind::Unread(_) => {}
            }
        }
    }
}

/// Whether a text labels the fields of an answer, or those of something else; `None` for one that
/// labels nothing.
fn labels_answer(text: &str) -> Option<bool> {
    let section = match label(text) {
        Some(Label::Of(section, _)) => Some(section),
        Some(Label::Neutral(Some(_))) => Some(Section::Request),
        Some(Label::Neutral(None)) | None => section_of(text),
    };
    match section? {
        Section::Response | Section::AbnormalResponse => Some(true),
        Section::Request | Section::Uri => Some(false),
        _ => None,
    }
}

/// Whether a text says that all fields may be left out.
pub(super) fn frees_all(text: &str) -> bool {
    text.len() <= 400 && ALL_OPTIONAL.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Yes", Some(Said::Mandatory))]
    #[case("✓", Some(Said::Mandatory))]
    #[case("M", Some(Said::Mandatory))]
    #[case("O", Some(Said::Optional))]
    #[case("**Y**", Some(Said::Mandatory))]
    #[case("Yes*", Some(Said::Mandatory))]
    #[case("Yes (1)", Some(Said::Mandatory))]
    #[case("Not required", Some(Said::Optional))]
    #[case("否", Some(Said::Optional))]
    #[case("是", Some(Said::Mandatory))]
    #[case("True, can't be used with `b`", Some(Said::Conditional))]
    #[case("False, can't be used with `b`", Some(Said::Optional))]
    #[case("No, required when a is set", Some(Said::Conditional))]
    #[case("Yes for POST", Some(Said::Conditional))]
    #[case("是（创建时）", Some(Said::Conditional))]
    #[case("Conditional", Some(Said::Conditional))]
    #[case("条件必选", Some(Said::Conditional))]
    #[case("-", None)]
    #[case("", None)]
    #[case("string", None)]
    fn a_cell_says_whether_a_field_must_be_sent(
        #[case] text: &str,
        #[case] expected: Option<Said>,
    ) {
        assert_eq!(of_cell(text), expected, "{text}");
    }

    #[rstest]
    #[case("name", "name", None, false)]
    #[case("name?", "name", Some(Said::Optional), false)]
    #[case("name? \\*", "name", Some(Said::Optional), false)]
    #[case("name*", "name", None, true)]
    #[case("name!", "name", Some(Said::Mandatory), false)]
    #[case("name, required", "name", Some(Said::Mandatory), false)]
    #[case("name (Optional)", "name (Optional)", Some(Said::Optional), false)]
    #[case("name (required)", "name (required)", Some(Said::Mandatory), false)]
    #[case("name (since 2.1)", "name (since 2.1)", None, false)]
    fn a_name_may_have_marks(
        #[case] cell: &str,
        #[case] name: &str,
        #[case] said: Option<Said>,
        #[case] star: bool,
    ) {
        assert_eq!(of_name(cell), (name, said, star));
    }

    #[rstest]
    #[case("string", "string", None)]
    #[case("string, optional", "string", Some(Said::Optional))]
    #[case("string (required)", "string", Some(Said::Mandatory))]
    #[case("optional string", "string", Some(Said::Optional))]
    #[case("Required, integer", "integer", Some(Said::Mandatory))]
    #[case("Optional[str]", "Optional[str]", None)]
    fn a_type_may_have_marks(#[case] cell: &str, #[case] own: &str, #[case] said: Option<Said>) {
        assert_eq!(of_type(cell), (own, said));
    }

    #[rstest]
    #[case("\\* required", true)]
    #[case("* = mandatory field", true)]
    #[case("Fields marked with an asterisk (*) are required.", true)]
    #[case("带*号的参数为必填", true)]
    #[case("Required fields are marked with an asterisk (*).", true)]
    #[case("\\* At least one of the two.", false)]
    #[case("Required scope: jobs", false)]
    fn a_legend_says_what_a_star_means(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(LEGEND.is_match(text), expected);
    }

    #[rstest]
    #[case("All parameters to this endpoint are optional and nullable.", true)]
    #[case("All of the fields are optional.", true)]
    #[case("All jobs are optional.", false)]
    fn a_sentence_may_free_all_fields(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(frees_all(text), expected);
    }
}
