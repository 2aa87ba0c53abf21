//! What of the meanings that sentences state can be meant of a value where it stands, and what the
//! name of a value means where no sentence does.

use super::computed;
use super::counted;
use super::statement::{Constraint, Direction, Kind, Node, Site, Statement};
use crate::contract::{Location, Meaning};

/// Headers that name what an answer gave: an entity tag, or a date of it (RFC 9110, section 13.1).
const VALIDATORS: &[&str] = &[
    "if-match",
    "if-none-match",
    "if-range",
    "if-modified-since",
    "if-unmodified-since",
];

phrases! {
    ValueNames:

    /// A value that is a mode of access.
    static MODE;

    /// Names of a parameter that says where a page begins, in the word of an answer.
    static MARKER;

    /// Names of the time at which an item was made.
    static CREATION;

    /// Names of what is a total without a word.
    static CALLED_TOTAL;
}

pattern! {
    /// Names of what refers to something by its id.
    static ID = r"^\w+(?:[_-]id|[_-]uuid|[a-z]Id|[a-z]ID|[a-z]Uuid)$";

    /// The same of several.
    static IDS = r"^\w+(?:[_-]ids|[_-]uuids|[a-z]Ids|[a-z]IDs)$";
}

/// Whether what a sentence says can be meant of a value that goes in a direction.
pub(super) fn goes(meaning: Meaning, direction: Direction) -> bool {
    match meaning {
        Meaning::Opaque
        | Meaning::Filter
        | Meaning::SeveralOf
        | Meaning::Searched
        | Meaning::NotBelow
        | Meaning::NotAbove
        | Meaning::Above
        | Meaning::Below
        | Meaning::PageNumber
        | Meaning::Kept
        | Meaning::Reset
        | Meaning::Repeatable
        | Meaning::NotAgain
        | Meaning::Widened
        | Meaning::EmptyForUnknown
        | Meaning::Unsent
        | Meaning::Ranked
        | Meaning::Once
        | Meaning::Unique
        | Meaning::Cleared
        | Meaning::Ignored
        | Meaning::Hidden
        | Meaning::Creates
        | Meaning::Before
        | Meaning::Anew
        | Meaning::Cascades
        | Meaning::OtherBody
        | Meaning::Unlisted
        | Meaning::GoneOnceDeleted
        | Meaning::SomeAlone
        | Meaning::WhereSetUp
        | Meaning::ReadOnly => direction == Direction::Request,
        Meaning::LastPage
        | Meaning::More
        | Meaning::Last
        | Meaning::Total
        | Meaning::NewestFirst
        | Meaning::OldestFirst
        | Meaning::Ascending
        | Meaning::Descending
        | Meaning::OfFailure
        | Meaning::NullIfNone
        | Meaning::ShownOnce
        | Meaning::Fixed
        | Meaning::Touched
        | Meaning::Rises
        | Meaning::Counts
        | Meaning::Computed
        | Meaning::Grows
        | Meaning::OfMalformed
        | Meaning::OfInvalid
        | Meaning::OfUnacceptable
        | Meaning::Signed => direction == Direction::Response,
        Meaning::OfService | Meaning::Conditional | Meaning::Blank | Meaning::AnyCase => true,
    }
}

/// Leaves a parameter what can be meant of it, and takes the marker of a page for one of an answer
/// where no row gives it a form.
pub(super) fn settle_parameter(name: &str, location: Location, node: &mut Node) {
    node.statements
        .retain(|statement| match statement.constraint {
            Constraint::Meaning(
                Meaning::Opaque
                | Meaning::Filter
                | Meaning::SeveralOf
                | Meaning::Searched
                | Meaning::NotBelow
                | Meaning::NotAbove
                | Meaning::Above
                | Meaning::Below
                | Meaning::PageNumber
                | Meaning::Ranked,
            ) => location == Location::Query,
            Constraint::Meaning(Meaning::Conditional | Meaning::Once) => location != Location::Path,
            Constraint::Meaning(Meaning::OtherBody) => location == Location::Header,
            // What widens the values of a body's field widens those of a parameter.
            Constraint::Meaning(Meaning::Blank | Meaning::AnyCase | Meaning::Widened) => true,
            Constraint::Meaning(_) => false,
            _ => true,
        });
    let has_form = node.statements.iter().any(|statement| {
        matches!(
            statement.constraint,
            Constraint::Enum(..)
                | Constraint::Pattern(..)
                | Constraint::Format(_)
                | Constraint::Default(_)
        )
    });
    let has_list = |statement: &Statement| matches!(statement.constraint, Constraint::Enum(..));
    if node.statements.iter().any(has_list) {
        // Whoever lists the values takes none of them from an answer.
        let opaque = Constraint::Meaning(Meaning::Opaque);
        node.statements
            .retain(|statement| statement.constraint != opaque);
    }
    let is_text = node.kind().is_none_or(|kind| kind == Kind::String);
    let name = name.to_lowercase();
    let is_of_answer = match location {
        Location::Query => MARKER.is_match(&name),
        Location::Header => VALIDATORS.contains(&name.as_str()),
        Location::Path | Location::Cookie => false,
    };
    if is_of_answer
        && is_text
        && !has_form
        && let Some(site) = node.rows.first().cloned()
    {
        node.state(Constraint::Meaning(Meaning::Opaque), &site);
    }
}

/// Leaves the fields of a body what can be meant of them.
pub(super) fn settle_body(node: &mut Node) {
    node.each_mut(&mut |field| {
        field.statements.retain(|statement| {
            !matches!(
                statement.constraint,
                Constraint::Meaning(
                    Meaning::Filter | Meaning::Searched | Meaning::PageNumber | Meaning::Ranked
                )
            )
        });
        let is_listed = field.statements.iter().any(|statement| {
            matches!(
                statement.constraint,
                Constraint::Enum(..) | Constraint::Default(_)
            )
        });
        let is_mandatory = field.mandatory() == Some(true);
        field
            .statements
            .retain(|statement| match statement.constraint {
                // Whoever lists the values takes none of them from an answer.
                Constraint::Meaning(Meaning::Opaque) => !is_listed && !is_mandatory,
                // What has to be sent is not the service's to set.
                Constraint::Meaning(Meaning::ReadOnly | Meaning::Ignored) => !is_mandatory,
                _ => true,
            });
        let is_mode = field.listed().iter().any(|value| MODE.is_match(value));
        if is_mode {
            let read_only = Constraint::Meaning(Meaning::ReadOnly);
            field
                .statements
                .retain(|statement| statement.constraint != read_only);
        }
    });
    refer(node);
}

/// Takes what refers to something that is there for what an answer gave, where it may be left out:
/// nobody makes up an id that exists.
fn refer(object: &mut Node) {
    object.each_mut(&mut |object| {
        for (name, field) in &mut object.properties {
            let site = field.rows.first().cloned();
            if is_reference(name, field)
                && let Some(site) = site
            {
                field.state(Constraint::Meaning(Meaning::Opaque), &site);
            }
        }
    });
}

/// Whether a field of this name refers to something by its id.
pub(super) fn names_id(name: &str) -> bool {
    ID.is_match(name)
}

/// Whether an optional field names something else by its id, or several.
fn is_reference(name: &str, field: &Node) -> bool {
    let is_text = |node: &Node| node.kind().is_none_or(|kind| kind == Kind::String);
    let is_one = is_text(field) && names_id(name);
    let is_many =
        field.is(Kind::Array) && IDS.is_match(name) && field.items.as_deref().is_some_and(is_text);
    let has_form = field.statements.iter().any(|statement| {
        matches!(
            statement.constraint,
            Constraint::Enum(..) | Constraint::Default(_) | Constraint::Pattern(..)
        )
    });
    (is_one || is_many) && !has_form && field.mandatory() != Some(true)
}

/// Gives what is said of a list's order to the field of an item that it is about. `told` is what the
/// page says of the list beside its row.
pub(super) fn settle_answer(node: &mut Node, told: &[(Constraint, Site)]) {
    let mut is_first = true;
    node.each_mut(&mut |list| {
        let has_fields = |item: &Node| !item.properties.is_empty();
        if !list.items.as_deref().is_some_and(has_fields) {
            return;
        }
        if std::mem::take(&mut is_first) {
            for (constraint, site) in told {
                list.state(constraint.clone(), site);
            }
        }
        let ordered: Vec<Statement> = list
            .statements
            .iter()
            .filter(|statement| matches!(statement.constraint, Constraint::SortedBy(..)))
            .cloned()
            .collect();
        for Statement { constraint, site } in ordered {
            let Constraint::SortedBy(name, is_descending) = constraint else {
                continue;
            };
            let (of_field, of_time) = if is_descending {
                (Meaning::Descending, Meaning::NewestFirst)
            } else {
                (Meaning::Ascending, Meaning::OldestFirst)
            };
            let fields = list.items.iter_mut().flat_map(|item| &mut item.properties);
            let field = fields.into_iter().find(|(known, _)| *known == name);
            if let Some((_, field)) = field {
                field.state(Constraint::Meaning(of_field), &site);
            } else if CREATION.is_match(&name) {
                list.state(Constraint::Meaning(of_time), &site);
            }
        }
    });
    counted::settle(node);
    computed::settle(node);
    node.each_mut(&mut |field| {
        field
            .statements
            .retain(|statement| !matches!(statement.constraint, Constraint::SortedBy(..)));
        for (name, own) in &mut field.properties {
            let is_called_so = CALLED_TOTAL.is_match(name);
            own.statements.retain(|statement| {
                !is_called_so || statement.constraint != Constraint::Meaning(Meaning::Total)
            });
        }
    });
}
