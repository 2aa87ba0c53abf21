//! Two schemas, field by field: where both state something of a field and the two differ.

use serde_json::{Value, json};

use super::{Walk, first};
use crate::compare::facet::{same, types, values};
use crate::compare::fields::of_facet;
use crate::contract::formats::{DateParts, DateTemplate};
use crate::contract::{Facet, Fact, Field, FieldPath, Level, Place, Schema};

/// The schemas of both sides.
#[derive(Clone, Copy)]
pub(super) struct Side<'s> {
    pub(super) pages: &'s Schema,
    pub(super) document: &'s Schema,
}

/// Counts of which zero says nothing.
const COUNTS: &[Facet] = &[
    Facet::MinLength,
    Facet::MaxLength,
    Facet::MinItems,
    Facet::MaxItems,
];

/// The bounds of numbers, inclusive and exclusive.
const BOUNDS: &[(Facet, Facet)] = &[
    (Facet::Minimum, Facet::ExclusiveMinimum),
    (Facet::Maximum, Facet::ExclusiveMaximum),
];

/// Formats that say how many digits a machine keeps of a number.
const WIDTHS: &[&str] = &["int32", "int64", "float", "double"];

/// Texts of the formats that pages and documents both name.
const SAMPLES: &[(&str, &str)] = &[
    ("date-time", "2024-03-05T17:18:19Z"),
    ("iso-8601", "2024-03-05T17:18:19Z"),
    ("date", "2024-03-05"),
    ("time", "17:18:19Z"),
    ("uuid", "7d6f0e1c-3a52-4c3b-9a3e-0f5f7c1b2d48"),
    ("email", "a.person@example.com"),
    ("ipv4", "192.0.2.17"),
    ("ipv6", "2001:db8::17"),
    ("uri", "https://example.com/a"),
];

impl Walk<'_> {
    /// The fields of two schemas, by path below a stem.
    pub(super) fn fields(&mut self, place: Place, stem: &FieldPath, sides: Side<'_>) {
        for field in sides.pages.fields() {
            let path = stem.followed_by(field.path);
            let shown = shown(place, &path);
            let Some(partner) = sides.document.field(field.path) else {
                if is_told_below(sides.document, &field) && !field.facts.is_empty() {
                    let message = format!("{shown} stands in the pages and not in the document");
                    let near = near(sides.document, &field);
                    self.differs(message, first(field.facts), near);
                }
                continue;
            };
            if !field.path.is_root() && is_required_apart(place, &field, &partner) {
                self.required(&shown, field.required, (field.facts, partner.facts));
            }
            self.field(place, &shown, &field, &partner);
        }
        for field in sides.document.fields() {
            if sides.pages.field(field.path).is_none() && is_told_below(sides.pages, &field) {
                let shown = shown(place, &stem.followed_by(field.path));
                let message = format!("{shown} stands in the document and not in the pages");
                let near = near(sides.pages, &field);
                let name = field.path.last_name().unwrap_or_default();
                if is_written_flat(sides.pages, &field) {
                    self.silent(message, near, first(field.facts));
                } else {
                    self.missing(name, message, near, first(field.facts));
                }
            }
        }
    }

    /// Notes that one side calls a field mandatory and the other does not.
    pub(super) fn required(
        &mut self,
        shown: &str,
        is_in_pages: bool,
        (pages, document): (&[Fact], &[Fact]),
    ) {
        let word = |is_required: bool| {
            if is_required { "mandatory" } else { "optional" }
        };
        let message = format!(
            "{shown} is {} in the pages and {} in the document",
            word(is_in_pages),
            word(!is_in_pages)
        );
        let facet = Facet::Required;
        self.differs(message, of_facet(pages, facet), of_facet(document, facet));
    }

    /// What is said of one field, its children aside.
    fn field(&mut self, place: Place, shown: &str, pages: &Field<'_>, document: &Field<'_>) {
        // What else is said of a value of another type follows from the type.
        if self.types(place, shown, pages, document) {
            return;
        }
        self.listed(shown, pages, document);
        for facet in COUNTS {
            let count = |field: &Field<'_>| {
                let value = field.node.get(facet.as_str()).and_then(Value::as_u64);
                value.filter(|count| *count > 0).map(Value::from)
            };
            let said = (count(pages), count(document));
            self.compared(shown, *facet, said, (pages, document));
        }
        for (inclusive, exclusive) in BOUNDS {
            let bound = |field: &Field<'_>| bound(field.node, *inclusive, *exclusive);
            let said = (bound(pages), bound(document));
            self.compared(shown, *inclusive, said, (pages, document));
        }
        let default = |field: &Field<'_>| {
            let value = field.node.get(Facet::Default.as_str());
            value.filter(|value| !value.is_null()).cloned()
        };
        let said = (default(pages), default(document));
        let is_alike = matches!(&said, (Some(one), Some(other)) if plain(one) == plain(other));
        if !is_alike {
            self.compared(shown, Facet::Default, said, (pages, document));
        }
        let format = |field: &Field<'_>| field.node.get(Facet::Format.as_str()).cloned();
        if let (Some(one), Some(other)) = (format(pages), format(document))
            && is_other_format(&plain(&one), &plain(&other))
        {
            let said = (Some(one), Some(other));
            self.compared(shown, Facet::Format, said, (pages, document));
        }
    }

    /// One facet, as both say it.
    fn compared(
        &mut self,
        shown: &str,
        facet: Facet,
        said: (Option<Value>, Option<Value>),
        (pages, document): (&Field<'_>, &Field<'_>),
    ) {
        let (message, is_silence) = match said {
            (None, None) => return,
            (Some(one), Some(other)) if same(&one, &other) => return,
            (Some(one), Some(other)) => {
                let (one, other) = (plain(&one), plain(&other));
                (
                    format!("{shown}: {facet} {one} in the pages, {other} in the document"),
                    false,
                )
            }
            (Some(one), None) => {
                let one = plain(&one);
                (format!("{shown}: {facet} {one} in the pages alone"), true)
            }
            (None, Some(other)) => {
                let other = plain(&other);
                (
                    format!("{shown}: {facet} {other} in the document alone"),
                    true,
                )
            }
        };
        let rows = (
            of_facet(pages.facts, facet),
            of_facet(document.facts, facet),
        );
        if is_silence {
            self.silent(message, rows.0, rows.1);
        } else {
            self.differs(message, rows.0, rows.1);
        }
    }

    /// Compares the types, and tells whether they differ.
    fn types(
        &mut self,
        place: Place,
        shown: &str,
        pages: &Field<'_>,
        document: &Field<'_>,
    ) -> bool {
        let facet = Facet::Type;
        if !stated(pages.facts, facet) || self.is_of_target(place, pages) {
            return false;
        }
        let named = |field: &Field<'_>| -> Vec<String> {
            let mut named = types(field.node);
            named.retain(|one| one != "null");
            named
        };
        let (own, other) = (named(pages), named(document));
        // Where everything is text, a list is a text too, and how it is written a matter of style.
        let is_textual = matches!(
            place,
            Place::Path | Place::Query | Place::Header | Place::Cookie
        );
        let is_list = |types: &[String]| types.iter().any(|one| one == "array");
        let is_written_list = is_textual && is_list(&own) != is_list(&other);
        // Pages call a number what a document can call an integer.
        let is_within = |one: &String| {
            own.contains(one) || one == "integer" && own.iter().any(|own| own == "number")
        };
        let is_alike = other.iter().all(is_within) && own.len() == other.len();
        if own.is_empty() || other.is_empty() || is_written_list || is_alike {
            return false;
        }
        let message = format!(
            "{shown}: type {} in the pages, {} in the document",
            own.join(" or "),
            other.join(" or ")
        );
        self.differs(
            message,
            of_facet(pages.facts, facet),
            of_facet(document.facts, facet),
        );
        true
    }

    /// Whether nothing but the path itself tells of a parameter: that it is a text says no page.
    fn is_of_target(&self, place: Place, field: &Field<'_>) -> bool {
        let own: Vec<_> = self.pages.facts.iter().map(Fact::line).collect();
        place == Place::Path && field.facts.iter().all(|fact| own.contains(&fact.line()))
    }

    fn listed(&mut self, shown: &str, pages: &Field<'_>, document: &Field<'_>) {
        let facet = Facet::Enum;
        let (own, other) = (listed(pages.node), listed(document.node));
        let rows = (
            of_facet(pages.facts, facet),
            of_facet(document.facts, facet),
        );
        if own.is_empty() && other.is_empty() {
            return;
        }
        if own.is_empty() || other.is_empty() {
            let side = if own.is_empty() { "document" } else { "pages" };
            let message = format!("{shown}: the values are listed in the {side} alone");
            self.silent(message, rows.0, rows.1);
            return;
        }
        let beyond = |these: &[String], those: &[String]| -> Vec<String> {
            let others = these.iter().filter(|one| !those.contains(one));
            others.map(|one| format!("`{one}`")).collect()
        };
        let in_pages = beyond(&own, &other);
        let in_document = beyond(&other, &own);
        let alone = [("pages", in_pages), ("document", in_document)]
            .into_iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(side, values)| format!("{} in the {side} alone", values.join(", ")))
            .collect::<Vec<_>>()
            .join(", ");
        if !alone.is_empty() {
            self.differs(format!("{shown}: value {alone}"), rows.0, rows.1);
        }
    }
}

/// Whether a page says a facet outright.
pub(super) fn stated(facts: &[Fact], facet: Facet) -> bool {
    facts
        .iter()
        .any(|fact| fact.facet == facet && fact.level == Level::Must)
}

/// Whether both say of a field whether it is mandatory, and the two differ. Of an answer a document
/// lists what is always there, and need not; and no page says that a field of it is optional, only
/// that it is there.
fn is_required_apart(place: Place, pages: &Field<'_>, document: &Field<'_>) -> bool {
    let facet = Facet::Required;
    pages.required != document.required
        && stated(pages.facts, facet)
        && (!place.is_response() || pages.required && stated(document.facts, facet))
}

/// Whether pages write a field, or what stands in it, as one name: `address.city`, `tags[]`.
fn is_written_flat(schema: &Schema, field: &Field<'_>) -> bool {
    let path = field.path.to_string();
    schema.fields().any(|other| {
        let name = other.path.last_name().unwrap_or_default();
        let rest = name.strip_prefix(path.as_str());
        rest.is_some_and(|rest| rest.starts_with('.') || rest.starts_with('['))
            || name.contains('.') && name.replace("[]", "") == path.replace("[]", "")
    })
}

/// Whether a schema tells of fields where one of another schema stands, so that it could have it.
fn is_told_below(schema: &Schema, field: &Field<'_>) -> bool {
    let Some(parent) = field.path.parent() else {
        return false;
    };
    // An entry of a list or a map is no name that one could miss.
    let is_named = field.path.last_name().is_some() && !field.path.has_entry();
    is_named
        && schema
            .fields()
            .any(|other| other.path.parent().as_ref() == Some(&parent))
}

/// The facts of what a field would stand in.
fn near(schema: &Schema, field: &Field<'_>) -> Vec<Fact> {
    let mut above = field.path.parent();
    while let Some(path) = above {
        let facts = schema.field(&path).map(|field| first(field.facts));
        if let Some(facts) = facts.filter(|facts| !facts.is_empty()) {
            return facts;
        }
        above = path.parent();
    }
    super::of_schema(schema)
}

/// A field in words.
fn shown(place: Place, path: &FieldPath) -> String {
    let name = if path.is_root() {
        "the body".to_owned()
    } else {
        format!("`{path}`")
    };
    match place {
        Place::Path | Place::Query | Place::Header | Place::Cookie => {
            format!("{place} parameter {name}")
        }
        Place::Response(status) => format!("{name} of the answer {status}"),
        Place::ResponseHeader(status) => format!("header {name} of the answer {status}"),
        Place::Operation | Place::Request => name,
    }
}

/// The values that a node lists, as plain texts.
fn listed(node: &Value) -> Vec<String> {
    let texts = values(node).into_iter();
    texts
        .map(|text| serde_json::from_str(&text).map_or(text, |value: Value| plain(&value)))
        .collect()
}

/// A bound of numbers; an exclusive one of integers as the inclusive one that it is.
fn bound(node: &Value, inclusive: Facet, exclusive: Facet) -> Option<Value> {
    if let Some(value) = node.get(inclusive.as_str()) {
        return value.is_number().then(|| value.clone());
    }
    let value = node.get(exclusive.as_str())?;
    let whole = value.as_i64().filter(|_| types(node) == ["integer"]);
    Some(match whole {
        Some(whole) if inclusive == Facet::Minimum => json!(whole.checked_add(1)?),
        Some(whole) => json!(whole.checked_sub(1)?),
        None => value
            .is_number()
            .then(|| json!(format!("beyond {value}")))?,
    })
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether no text of one format is of the other, as far as the formats are known.
fn is_other_format(pages: &str, document: &str) -> bool {
    if pages == document || WIDTHS.contains(&pages) || WIDTHS.contains(&document) {
        return false;
    }
    let (Some(one), Some(other)) = (sample(pages), sample(document)) else {
        return false;
    };
    let is_of = |text: &str, format: &str| {
        let schema = Schema::compile(json!({ "type": "string", "format": format }));
        schema.is_ok_and(|schema| schema.is_valid(&Value::from(text)))
    };
    !is_of(&one, document) && !is_of(&other, pages)
}

/// A text of a format.
fn sample(format: &str) -> Option<String> {
    let known = SAMPLES.iter().find(|(name, _)| *name == format);
    if let Some((_, text)) = known {
        return Some((*text).to_owned());
    }
    let template = DateTemplate::parse(format)?;
    Some(template.write(DateParts {
        year: 2024,
        month: 3,
        day: 5,
        hour: 17,
        minute: 18,
        second: 19,
    }))
}
