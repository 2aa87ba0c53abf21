//! One row of a table: its name, its type, whether it is mandatory, and every statement its cells
//! make.

mod columns;
mod moment;
mod name;
mod node;

pub(super) use self::columns::columns;
pub(super) use self::node::{kind_of, value_of};

use self::name::{clean_name, valued};
use super::description::{Label, Passage, is_silence, passages};
use super::literal::literals;
use super::mandatory::{self, Mark, Said};
use super::statement::{Kind, Site};
use super::type_detail::{self, Details};
use super::{conditions, literal, nullability, some_of};
use crate::page::words::{self, Column, TypeName};
use crate::page::{Block, BlockKind, Cell, Link, Row};

phrases! {
    RowWords:

    /// A sentence that says that a field is sent in the query, and nowhere else.
    static IN_QUERY;

    /// A sentence that says that a field is the credential, which stands in its header.
    static IN_AUTHORIZATION;

    /// A note behind a type that says where its fields are.
    static SEE_BELOW;

    /// A cell by which only answers have the field.
    static READ_ONLY;

    /// A cell that says how many there are, and that there may be several.
    static SEVERAL;
}

/// A row of a parameter or field table, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldRow {
    pub name: String,
    /// Where the row says the parameter is sent.
    pub location: Option<String>,
    /// Whether it must be sent, as a cell or a mark says.
    pub mandatory: Option<Said>,
    /// The mark behind the name or the type.
    pub mark: Option<Mark>,
    /// What marks of other rows, or a sentence about all of them, say of this one.
    pub implied: Option<Said>,
    /// Whether the type is marked as one that may be null (`?string`).
    pub is_nullable: bool,
    /// What the cell that says whether it is mandatory says of when it is.
    pub conditional: Option<conditions::Told>,
    /// The type, where the row states one.
    pub kind: Option<TypeName>,
    /// The words of the type, where they name none that is known: they may be a table's name.
    pub unknown_type: Option<String>,
    /// The values that the type spells out.
    pub literals: Vec<String>,
    /// What the type's cell says besides the type.
    pub details: Details,
    /// Whether the cell of the type has a link to a place of the page.
    pub is_linked: bool,
    /// Links and references to tables that stand in the row.
    pub links: Vec<Link>,
    /// The text of the type and description cells, where `Table 4` may stand.
    pub text: String,
    /// The cells' passages.
    pub passages: Vec<Passage>,
    pub example: Option<String>,
    pub site: Site,
}

/// Reads a row; `None` for one without a name.
pub(super) fn read(row: &Row, columns: &[Option<Column>], table: &Site) -> Option<FieldRow> {
    read_all(row, columns, table).into_iter().next()
}

/// Reads a row whose cell may name several fields: `name or alias`. Of those a request has one, and
/// of `width, height` it is not said whether it has both.
pub(super) fn read_all(row: &Row, columns: &[Option<Column>], table: &Site) -> Vec<FieldRow> {
    let at = columns
        .iter()
        .position(|column| *column == Some(Column::Name));
    let Some(cell) = at.and_then(|at| row.cells.get(at)) else {
        return Vec::new();
    };
    // No name has a backslash: tools leave it before signs that need none.
    let shown = cell.plain().replace('\\', "");
    let names = name::several(&shown);
    if names.is_empty() {
        return named(&shown, row, columns, table).into_iter().collect();
    }
    let mut rows: Vec<FieldRow> = names
        .iter()
        .filter_map(|name| named(name, row, columns, table))
        .collect();
    for own in &mut rows {
        if own.mandatory == Some(Said::Mandatory) {
            own.mandatory = Some(Said::Conditional);
        }
    }
    rows
}

/// Reads a row as that of a field.
fn named(shown: &str, row: &Row, columns: &[Option<Column>], table: &Site) -> Option<FieldRow> {
    let cell = |wanted: Column| -> Option<&Cell> {
        columns
            .iter()
            .position(|column| *column == Some(wanted))
            .and_then(|index| row.cells.get(index))
    };
    let beside_name = valued(shown.trim()).and_then(|(_, value)| words::parse_type(value));
    let (shown, marked, is_starred) = mandatory::of_name(shown);
    let name = clean_name(shown)?;
    // Tools write a broken bar where a bar would end the cell.
    let type_text = cell(Column::Type).map(Cell::plain).unwrap_or_default();
    let type_text = type_text.replace('¦', "|");
    let (own_type, beside_type) = mandatory::of_type(&type_text);
    let marked = marked.or(beside_type);
    let told = cell(Column::Mandatory).map(Cell::plain).unwrap_or_default();
    let (said, conditional) = match words::mandatory(&told) {
        Some(mandatory) => (Some(Said::of(mandatory)), None),
        None => conditions::read_cell(&told).map_or_else(
            || (mandatory::of_cell(&told), None),
            |(answer, condition)| {
                let said = answer.map_or(Said::Conditional, Said::of);
                (Some(said), Some(condition))
            },
        ),
    };
    let said = said
        .or_else(|| {
            let cell = cell(Column::Optional)?.plain();
            let is_ticked = matches!(cell.trim(), "✓" | "✔" | "√" | "✅");
            let said = mandatory::of_cell(&cell).map(Said::inverted);
            said.or_else(|| is_ticked.then_some(Said::Optional))
        })
        .or(marked)
        .or_else(|| set_off(cell(Column::Description)?));
    let (own_type, is_nullable) = nullability::of_type(own_type);
    let mut type_links = Vec::new();
    if let Some(cell) = cell(Column::Type) {
        gather_links(&cell.blocks, &mut type_links);
    }
    let spelled = words::parse_type(own_type);
    let is_open = spelled.as_ref().is_none_or(is_of_anything);
    let linked = linked_type(own_type, &type_links).filter(|_| is_open);
    let kind = linked.or(spelled).or_else(|| {
        // `Dictionary data structure. For details, see Table 3.`: the type stands before the first
        // stop, unless another may stand in its place.
        let head = own_type
            .split(['.', '。', ',', '，', ';', '；'])
            .next()
            .filter(|_| !own_type.contains(", or "))
            .unwrap_or_default();
        words::parse_type(head).or_else(|| type_detail::limited(own_type))
    });
    let said_of_it = cell(Column::Description).map(Cell::plain);
    let said_of_it = format!("{type_text} {}", said_of_it.unwrap_or_default());
    let kind = moment::meant(kind, own_type, &said_of_it);
    let details = kind
        .as_ref()
        .map(|kind| type_detail::details(own_type, kind));
    let literals = cell(Column::Type)
        .filter(|_| kind.is_none())
        .and_then(literals)
        .or_else(|| {
            let described = cell(Column::Description)?;
            type_detail::is_of_values(own_type).then(|| literal::described(described))?
        })
        .unwrap_or_default();
    let kind = kind.or(beside_name.filter(|_| type_text.trim().is_empty()));
    let kind = kind.or_else(|| match literals.as_slice() {
        [] => None,
        values if values.iter().all(|value| value.parse::<i64>().is_ok()) => {
            Some(TypeName::Integer)
        }
        _ => Some(TypeName::String),
    });
    let unknown_type = (is_open && kind.as_ref().is_none_or(is_of_anything))
        .then(|| own_type.to_owned())
        .filter(|words| !words.is_empty());
    let is_linked = type_links.iter().any(|link| link.target.starts_with('#'));
    let mut links = type_links;
    let mut found = Vec::new();
    let mut text = type_text.clone();
    for wanted in [Column::Description, Column::Range] {
        let Some(cell) = cell(wanted) else { continue };
        gather_links(&cell.blocks, &mut links);
        text.push(' ');
        text.push_str(&cell.plain());
    }
    if let Some(cell) = cell(Column::Description) {
        found = passages(&cell.blocks);
    }
    for (column, words) in [
        (Column::MinLength, "Min length"),
        (Column::MaxLength, "Max length"),
        (Column::Minimum, "Min"),
        (Column::Maximum, "Max"),
    ] {
        let said = cell(column).map(Cell::plain).unwrap_or_default();
        if !is_silence(&said) {
            // `Length` may have both ends.
            let is_range = column == Column::MaxLength && said.trim().parse::<u64>().is_err();
            let words = if is_range { "Length" } else { words };
            found.push(Passage::text(format!("{words}: {}", said.trim())));
        }
    }
    if cell(Column::ReadOnly).is_some_and(|cell| READ_ONLY.is_match(&cell.plain())) {
        found.push(Passage::text("Read-only.".to_owned()));
    }
    for (column, label) in [
        (Column::Range, Label::Range),
        (Column::Default, Label::Default),
    ] {
        if let Some(cell) = cell(column) {
            for mut passage in passages(&cell.blocks) {
                passage.label = label;
                found.push(passage);
            }
        }
    }
    if let Some(TypeName::Array(item)) = &kind
        && !matches!(kind_of(item).0, Kind::Array | Kind::Object)
    {
        some_of::spell_out(&mut found);
    }
    let mut read = FieldRow {
        site: table.at(name.clone(), row.line),
        name,
        location: cell(Column::Location)
            .map(Cell::plain)
            .filter(|text| !is_silence(text))
            .or_else(|| IN_QUERY.is_match(&text).then(|| "query".to_owned())),
        mandatory: said,
        mark: match marked {
            Some(_) => Some(Mark::Word),
            None => is_starred.then_some(Mark::Star),
        },
        implied: None,
        is_nullable,
        conditional,
        kind,
        unknown_type,
        literals,
        details: details.unwrap_or_default(),
        is_linked,
        links,
        text,
        passages: found,
        example: cell(Column::Example)
            .map(Cell::plain)
            .filter(|text| !is_silence(text)),
    };
    if read.location.is_none() && IN_AUTHORIZATION.is_match(&read.text) {
        read.location = Some("header".to_owned());
        "Authorization".clone_into(&mut read.name);
    }
    // `0..n` of a type.
    if read.kind.is_some() && SEVERAL.is_match(&told) {
        read.make_list();
    }
    Some(read)
}

/// What a description says of presence by a word that is set off before it: `**Required** The name`.
fn set_off(cell: &Cell) -> Option<Said> {
    let [first, ..] = cell.blocks.as_slice() else {
        return None;
    };
    let BlockKind::Paragraph(text) = &first.kind else {
        return None;
    };
    let head = text.plain.get(..text.marked)?.trim();
    let head = head.trim_end_matches(['.', ':', ',']);
    let is_word = head.eq_ignore_ascii_case("required") || head.eq_ignore_ascii_case("optional");
    is_word.then(|| mandatory::of_cell(head)).flatten()
}

/// Whether a row of a table with so many says that there is no field: `None | | This request has no
/// body`.
pub(super) fn says_nothing(row: &Row, columns: &[Option<Column>], rows: usize) -> bool {
    let cell = |wanted: Column| {
        let at = columns.iter().position(|column| *column == Some(wanted))?;
        row.cells.get(at).map(Cell::plain)
    };
    let is_silent = |text: &str| {
        let text = text.trim();
        words::is_nothing(text) || text.chars().all(|c| matches!(c, '-' | '–' | '—' | '/'))
    };
    let is_open = |wanted: Column| cell(wanted).is_none_or(|text| is_silent(&text));
    let name = cell(Column::Name).unwrap_or_default();
    // Of several rows one that says nothing of its type alone is no field.
    let is_alone = rows == 1 || cell(Column::Type).is_some();
    words::is_nothing(name.trim().trim_matches(['*', '`', '_']))
        && is_alone
        && is_open(Column::Type)
        && is_open(Column::Example)
        && cell(Column::Mandatory).is_none_or(|text| words::mandatory(&text) != Some(true))
}

fn gather_links(blocks: &[Block], links: &mut Vec<Link>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(text) | BlockKind::Heading { text, .. } => {
                links.extend(text.links.iter().cloned());
            }
            BlockKind::List(items) => items.iter().for_each(|item| gather_links(item, links)),
            BlockKind::Table(_)
            | BlockKind::Code { .. }
            | BlockKind::Target { .. }
            | BlockKind::Unread(_) => {}
        }
    }
}

/// Whether the words of a type name several, one of which is not known.
fn is_several(spelled: &str) -> bool {
    let words: Vec<&str> = spelled.split([' ', '|', '/', ',']).collect();
    let known = words
        .iter()
        .filter(|word| words::parse_type(word).is_some());
    known.count() > 1
}

/// Whether a type is that of an array whose items are not told.
fn is_of_anything(kind: &TypeName) -> bool {
    matches!(kind, TypeName::Array(items) if **items == TypeName::Any)
}

/// The type of a cell that names it by a link to its table: `[Widget](#widget)[]`.
fn linked_type(spelled: &str, links: &[Link]) -> Option<TypeName> {
    let [link] = links else {
        return None;
    };
    let name = link.text.trim();
    let is_object = link.target.starts_with('#')
        && !name.is_empty()
        && spelled.contains(name)
        && words::parse_type(name).is_none();
    if !is_object {
        return None;
    }
    // `Item Settings Object (See below)`: the link has the name, and the rest says that it is one.
    let spelled = SEE_BELOW.replace(spelled, "");
    let behind = spelled
        .split_once(name)
        .map_or("", |(_, behind)| behind.trim());
    let spelled = match behind.to_lowercase().as_str() {
        "object" | "objects" => spelled.replacen(name, &name.replace(' ', ""), 1),
        _ => spelled.replacen(name, &format!("{} object", name.replace(' ', "")), 1),
    };
    words::parse_type(&spelled)
}

impl FieldRow {
    /// The row of a body as a whole, of an object that a text links to.
    pub(super) fn whole(kind: TypeName, link: Link, site: Site) -> Self {
        Self {
            text: link.text.clone(),
            links: vec![link],
            ..Self::bare("[]".to_owned(), kind, site)
        }
    }

    /// A row of which only the name and the type are known.
    pub(super) fn bare(name: String, kind: TypeName, site: Site) -> Self {
        Self {
            name,
            location: None,
            mandatory: None,
            mark: None,
            implied: None,
            is_nullable: false,
            conditional: None,
            kind: Some(kind),
            unknown_type: None,
            literals: Vec::new(),
            details: Details::default(),
            is_linked: false,
            text: String::new(),
            links: Vec::new(),
            passages: Vec::new(),
            example: None,
            site,
        }
    }

    /// Makes a list of what the row describes, unless it is one: what its type says is said of each
    /// item.
    pub(super) fn make_list(&mut self) {
        if matches!(self.kind, Some(TypeName::Array(_))) {
            return;
        }
        let items = self.kind.take().unwrap_or(TypeName::Any);
        self.kind = Some(TypeName::Array(Box::new(items)));
        self.details.of_items = std::mem::take(&mut self.details.own);
    }

    /// Whether the row says that the field is sent in a place (`path`, `header`).
    pub(super) fn is_sent_as(&self, place: &str) -> bool {
        self.location
            .as_ref()
            .is_some_and(|word| word.to_lowercase().contains(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("name", "name")]
    #[case("`name`", "name")]
    #[case("name?", "name")]
    #[case("name? \\*", "name")]
    #[case("name*", "name")]
    #[case("**name**", "name")]
    #[case("name (Optional)", "name")]
    #[case("name (since 2.1)", "name")]
    #[case("`:name`", "name")]
    #[case("name=<int>", "name")]
    fn a_name_is_read_without_its_marks(#[case] cell: &str, #[case] name: &str) {
        let (shown, ..) = mandatory::of_name(cell);
        assert_eq!(clean_name(shown).as_deref(), Some(name));
    }

    #[rstest]
    #[case("o.*")]
    #[case(".v")]
    #[case("x-meta-*")]
    #[case("two words")]
    fn what_stands_for_many_names_is_none(#[case] cell: &str) {
        let (shown, ..) = mandatory::of_name(cell);
        assert_eq!(clean_name(shown), None);
    }
}
