//! Statements: what one row of one page says of one field, and the tree of fields that statements
//! are gathered in.
//!
//! A [`Node`] keeps every statement of every edition side by side. Nothing is decided here: uniting
//! two nodes is a union of sets, and [`super::resolve`] reads the looser meaning out of what is
//! gathered.

use std::sync::Arc;

use serde_json::Value;

use super::combine::Between;
use super::computed::Words;
use super::conditions::Told;
use crate::contract::{
    BETWEEN, Computed, Facet, Fact, Keyword, Level, Meaning, PageRow, Source, Step,
};

/// A place on a page: what a fact cites.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Site {
    /// The page's name.
    pub page: String,
    /// The page's edition.
    pub edition: Option<String>,
    /// The table's caption, or the section where there is no table.
    pub table: String,
    /// The row's first cell.
    pub row: String,
    /// The 1-based line.
    pub line: usize,
}

impl Site {
    /// The fact of one facet that stands at this place.
    pub(super) fn fact(&self, facet: Facet, level: Level) -> Fact {
        Fact {
            facet,
            source: Source::Page(Arc::new(PageRow {
                page: self.page.clone(),
                edition: self.edition.clone(),
                table: self.table.clone(),
                row: self.row.clone(),
                line: self.line,
            })),
            level,
        }
    }

    /// A place of the same page below another heading or table.
    pub(super) fn below(&self, table: &str, row: impl Into<String>, line: usize) -> Self {
        Self {
            table: table.to_owned(),
            ..self.at(row, line)
        }
    }

    /// The same place with another row.
    pub(super) fn at(&self, row: impl Into<String>, line: usize) -> Self {
        Self {
            row: row.into(),
            line,
            ..self.clone()
        }
    }
}

/// The direction that a body goes: what is missing means something else in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// A JSON type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
    Null,
    Any,
}

impl Kind {
    /// JSON Schema's word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
            Self::Null => "null",
            Self::Any => "any",
        }
    }

    /// Whether values of this type are numbers.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }
}

/// Where the values of an enumeration or a pattern stand; the order is that of their weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stand {
    /// Below a heading that announces values; written out.
    Heading,
    /// In bullets that no heading announces.
    Bullets,
    /// In a sentence, in code marks.
    Code,
    /// In a sentence.
    Prose,
}

/// One thing that a row says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Constraint {
    /// The type, with the format that its name implies (`int64`).
    Type(Kind, Option<&'static str>),
    /// An example shows a value of another type than the row states.
    Shown(Kind),
    /// An example shows `{ }` where the row states a scalar: an unset value.
    ShownUnset,
    /// An example shows a value that the row's list may lack.
    ShownValue(String),
    /// An example shows a value that the types and lists of all rows together do not allow.
    ShownElse(Value),
    /// An example leaves out a field that all rows together require.
    ShownAbsent,
    /// The row says that the value can be null.
    Nullable,
    /// The row says that the value is null, whatever its type.
    IsNull,
    /// The row says that the value can be empty, in words that mean null as well.
    Empty,
    /// The values, as spelled.
    Enum(Vec<String>, Stand),
    /// The one value.
    Always(String),
    /// Marks of other rows say that the field must be sent.
    Implied,
    /// The row announces values and gives none.
    ValuesLost,
    /// The least number of characters.
    MinLength(u64),
    /// The greatest number of characters.
    MaxLength(u64),
    /// A regular expression read from prose.
    Pattern(String, Stand),
    /// A format.
    Format(String),
    /// A form that values have by custom, which the page does not promise.
    CustomFormat(String),
    /// The least value.
    Minimum(f64),
    /// The least value by custom (a count or an offset).
    CustomMinimum(f64),
    /// The bound that a value must exceed.
    ExclusiveMinimum(f64),
    /// The greatest value.
    Maximum(f64),
    /// The bound that a value must stay below.
    ExclusiveMaximum(f64),
    /// What the value is a multiple of.
    MultipleOf(f64),
    /// The default, as spelled.
    Default(String),
    /// The least number of items.
    MinItems(u64),
    /// The greatest number of items.
    MaxItems(u64),
    /// No two items are alike.
    UniqueItems,
    /// Whether the field is mandatory.
    Required(bool),
    /// The field is there under a condition that the row states, or since some version.
    Conditional,
    /// The type of an array's items.
    Items,
    /// An object has no field beside those that are described.
    Closed,
    /// What a sentence says of the value beyond its schema.
    Meaning(Meaning),
    /// A list is in the order of the item's field of this name, or of one that words describe;
    /// whether descending.
    SortedBy(String, bool),
    /// A number counts the items that a noun names; whether those that the answer has are meant.
    CountOf(String, bool),
    /// How a number is computed, before it is known which fields the words name.
    InWords(Words),
    /// How a number is computed from fields beside it.
    Computed(Computed),
    /// A list has but a part of what there is.
    OfPart,
    /// A sentence about which fields go together, before it is known which stand beside it.
    Told(Box<Told>),
    /// What such a sentence means.
    Between(Box<Between>),
    /// A sentence that restricts the value, and is not understood.
    Prose,
    /// A sentence that looks like a rule, is not understood, and restricts no value.
    Remark,
}

impl Constraint {
    /// The facet that the statement becomes.
    pub(super) fn facet(&self) -> Facet {
        match self {
            Self::Type(..) | Self::Shown(_) | Self::ShownUnset => Facet::Type,
            Self::ShownValue(_) | Self::ShownElse(_) => Facet::Example,
            Self::Nullable | Self::IsNull => Facet::Nullable,
            Self::Empty => Facet::Meaning(Meaning::Blank),
            Self::Enum(..) | Self::ValuesLost => Facet::Enum,
            Self::Always(_) => Facet::Const,
            Self::MinLength(_) => Facet::MinLength,
            Self::MaxLength(_) => Facet::MaxLength,
            Self::Pattern(..) => Facet::Pattern,
            Self::Format(_) | Self::CustomFormat(_) => Facet::Format,
            Self::Minimum(_) | Self::CustomMinimum(_) => Facet::Minimum,
            Self::ExclusiveMinimum(_) => Facet::ExclusiveMinimum,
            Self::Maximum(_) => Facet::Maximum,
            Self::ExclusiveMaximum(_) => Facet::ExclusiveMaximum,
            Self::MultipleOf(_) => Facet::MultipleOf,
            Self::Default(_) => Facet::Default,
            Self::MinItems(_) => Facet::MinItems,
            Self::MaxItems(_) => Facet::MaxItems,
            Self::UniqueItems => Facet::UniqueItems,
            Self::Required(_) | Self::Implied | Self::Conditional | Self::ShownAbsent => {
                Facet::Required
            }
            Self::Items => Facet::Items,
            Self::Closed => Facet::Keyword(Keyword::AdditionalProperties),
            Self::Meaning(meaning) => Facet::Meaning(*meaning),
            Self::SortedBy(_, false) => Facet::Meaning(Meaning::Ascending),
            Self::SortedBy(_, true) => Facet::Meaning(Meaning::Descending),
            Self::CountOf(..) | Self::OfPart => Facet::Meaning(Meaning::Counts),
            Self::InWords(_) | Self::Computed(_) => Facet::Meaning(Meaning::Computed),
            Self::Between(between) if between.is_order || !between.rules.is_empty() => BETWEEN,
            Self::Told(_) | Self::Between(_) => Facet::Meaning(Meaning::Conditional),
            Self::Prose | Self::Remark => Facet::Prose,
        }
    }

    /// Whether null is a value by this statement.
    pub(super) fn allows_null(&self) -> bool {
        matches!(
            self,
            Self::Nullable | Self::IsNull | Self::ShownUnset | Self::Shown(Kind::Null)
        )
    }

    /// How strongly a page that says so states it.
    pub(super) fn level(&self) -> Level {
        match self {
            Self::Enum(_, Stand::Bullets | Stand::Code | Stand::Prose)
            | Self::Implied
            | Self::Shown(_)
            | Self::ShownValue(_)
            | Self::ShownElse(_)
            | Self::ShownAbsent
            | Self::ShownUnset => Level::Should,
            // That a page is not negative no page says.
            Self::Remark | Self::Conditional | Self::CustomMinimum(_) | Self::CustomFormat(_) => {
                Level::May
            }
            _ => Level::Must,
        }
    }
}

/// A constraint and where it is stated.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    pub constraint: Constraint,
    pub site: Site,
}

/// A field, or the root of a body: all that is said of it, and its children.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Node {
    /// The rows that describe the field, one or more a page.
    pub rows: Vec<Site>,
    /// What they say.
    pub statements: Vec<Statement>,
    /// The name that a page gives to the object's structure.
    pub object: Option<String>,
    /// Whether the object is one of its own ancestors.
    pub recursive: bool,
    /// The properties in page order.
    pub properties: Vec<(String, Node)>,
    /// The items of an array.
    pub items: Option<Box<Node>>,
    /// The values of a map.
    pub values: Option<Box<Node>>,
    /// The schema file that a body or a named object was written to.
    pub file: Option<String>,
    /// Values that the rows show, or that what they call the value is like: a request takes one
    /// where nothing tells which are allowed. They restrict nothing.
    pub samples: Vec<String>,
}

impl Node {
    /// Adds a statement unless it is there already; whether it was added.
    pub(super) fn state(&mut self, constraint: Constraint, site: &Site) -> bool {
        let statement = Statement {
            constraint,
            site: site.clone(),
        };
        let is_new = !self.statements.contains(&statement);
        if is_new {
            self.statements.push(statement);
        }
        is_new
    }

    /// Whether it is stated which values there are, or of which form they are.
    pub(super) fn tells_form(&self) -> bool {
        self.statements.iter().any(|statement| {
            matches!(
                statement.constraint,
                Constraint::Enum(..)
                    | Constraint::Format(_)
                    | Constraint::Pattern(..)
                    | Constraint::Always(_)
            )
        })
    }

    /// Takes what is stated of one facet for prose: it restricts nothing any more.
    pub(super) fn loosen(&mut self, facet: Facet) {
        for statement in &mut self.statements {
            if statement.constraint.facet() == facet {
                statement.constraint = Constraint::Prose;
            }
        }
    }

    /// Whether the field is mandatory: only where every row that says so or otherwise says so.
    /// `None` where no row does.
    pub(super) fn mandatory(&self) -> Option<bool> {
        self.statements
            .iter()
            .filter_map(|statement| match statement.constraint {
                Constraint::Required(mandatory) => Some(mandatory),
                Constraint::Implied => Some(true),
                _ => None,
            })
            .reduce(|all, mandatory| all && mandatory)
    }

    /// Whether any row states a type of this kind.
    pub(super) fn is(&self, kind: Kind) -> bool {
        self.statements.iter().any(
            |statement| matches!(statement.constraint, Constraint::Type(own, _) if own == kind),
        )
    }

    /// Whether a row states a type.
    pub(super) fn has_type(&self) -> bool {
        let mut statements = self.statements.iter();
        statements.any(|own| matches!(own.constraint, Constraint::Type(..)))
    }

    /// The values that the rows list, each once.
    pub(super) fn listed(&self) -> Vec<&str> {
        let mut listed: Vec<&str> = Vec::new();
        for statement in &self.statements {
            if let Constraint::Enum(values, _) = &statement.constraint {
                for value in values {
                    if !listed.contains(&value.as_str()) {
                        listed.push(value);
                    }
                }
            }
        }
        listed
    }

    /// The values that examples show and that a row's list lacked.
    pub(super) fn shown(&self) -> impl Iterator<Item = &str> {
        self.statements
            .iter()
            .filter_map(|statement| match &statement.constraint {
                Constraint::ShownValue(value) => Some(value.as_str()),
                _ => None,
            })
    }

    /// Whether an example shows a value that no row lists: then the list is not closed, and other
    /// values may lack in it too.
    pub(super) fn is_open(&self) -> bool {
        let listed = self.listed();
        self.shown().any(|value| !listed.contains(&value))
    }

    /// The first type that a row states.
    pub(super) fn kind(&self) -> Option<Kind> {
        self.statements
            .iter()
            .find_map(|statement| match statement.constraint {
                Constraint::Type(kind, _) => Some(kind),
                _ => None,
            })
    }

    /// The type that an example or a name shows, where no row states one.
    pub(super) fn shown_kind(&self) -> Option<Kind> {
        self.statements
            .iter()
            .find_map(|statement| match statement.constraint {
                Constraint::Shown(kind) => Some(kind),
                _ => None,
            })
    }

    /// Unites with what another edition says: a union of statements, rows and children.
    pub(super) fn unite(&mut self, other: Self) {
        for row in other.rows {
            if !self.rows.contains(&row) {
                self.rows.push(row);
            }
        }
        for statement in other.statements {
            if !self.statements.contains(&statement) {
                self.statements.push(statement);
            }
        }
        for sample in other.samples {
            if !self.samples.contains(&sample) {
                self.samples.push(sample);
            }
        }
        self.object = self.object.take().or(other.object);
        self.recursive |= other.recursive;
        for (name, node) in other.properties {
            match self.properties.iter_mut().find(|(known, _)| *known == name) {
                Some((_, own)) => own.unite(node),
                None => self.properties.push((name, node)),
            }
        }
        unite_child(&mut self.items, other.items);
        unite_child(&mut self.values, other.values);
    }

    /// The field, item or entry that describes the value of a token of a JSON pointer.
    pub(super) fn child(&self, token: &str) -> Option<(Step, &Self)> {
        let is_index = token.bytes().all(|byte| byte.is_ascii_digit());
        let named = self.properties.iter().find(|(name, _)| name == token);
        named
            .map(|(name, child)| (Step::Name(name.clone()), child))
            .or_else(|| Some((Step::Item, self.items.as_deref().filter(|_| is_index)?)))
            .or_else(|| Some((Step::Entry, self.values.as_deref()?)))
    }

    /// The field that a path leads to.
    pub(super) fn at_mut(&mut self, path: &[Step]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, step| match step {
            Step::Name(name) => node
                .properties
                .iter_mut()
                .find(|(known, _)| known == name)
                .map(|(_, child)| child),
            Step::Item => node.items.as_deref_mut(),
            Step::Entry => node.values.as_deref_mut(),
        })
    }

    /// Calls `visit` with the node and each below.
    pub(super) fn each_mut(&mut self, visit: &mut dyn FnMut(&mut Self)) {
        visit(self);
        for (_, child) in &mut self.properties {
            child.each_mut(visit);
        }
        for child in [&mut self.items, &mut self.values].into_iter().flatten() {
            child.each_mut(visit);
        }
    }

    /// Calls `visit` with each field below, its path as facts spell it, parents first.
    pub(super) fn walk<'n>(&'n self, path: &str, visit: &mut dyn FnMut(&str, &'n Self)) {
        for (name, child) in &self.properties {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            visit(&path, child);
            child.walk(&path, visit);
        }
        for (mark, child) in [("[]", &self.items), (".*", &self.values)] {
            if let Some(child) = child {
                let path = format!("{path}{mark}");
                visit(&path, child);
                child.walk(&path, visit);
            }
        }
    }
}

fn unite_child(own: &mut Option<Box<Node>>, other: Option<Box<Node>>) {
    match (own, other) {
        (Some(own), Some(other)) => own.unite(*other),
        (own @ None, other) => *own = other,
        (Some(_), None) => {}
    }
}
