//! Slots: the fields of an operation's requests whose rules can be tried, each with the node of the
//! schema that describes it.

use serde_json::Value;

use crate::contract::{
    Facet, Fact, Field, FieldPath, Level, Location, Meaning, Operation, Parameter, Place,
    RequestBody, Schema, Step, Writing, types_of,
};

use super::files;
use super::request::is_protocol_header;

/// A labelled value.
pub(super) type Labelled = (String, Value);

/// A field of a request that a page describes: a parameter, or a field of the body.
#[derive(Debug, Clone)]
pub struct Slot<'o> {
    /// The query, a header or the body.
    pub place: Place,
    /// The field within it.
    pub field: FieldPath,
    /// The schema that the node belongs to.
    pub schema: &'o Schema,
    /// The field's schema node.
    pub node: &'o Value,
    /// Whether it must be sent.
    pub required: bool,
    /// The facts about it.
    pub facts: &'o [Fact],
    /// Whether each of its values is sent as a text: a parameter's, and those of a form.
    pub is_text: bool,
}

/// Whether a page restricts the values of a field in words that are not read, whatever else is: then
/// nobody knows which values are allowed beside those that the page shows. Of a list of values that
/// is read they are known.
pub fn is_in_words(facts: &[Fact]) -> bool {
    let is_listed = facts.iter().any(|fact| fact.facet == Facet::Enum);
    let is_restricting = |fact: &Fact| fact.facet == Facet::Prose && fact.level > Level::May;
    !is_listed && facts.iter().any(is_restricting)
}

/// The values that a schema shows of a field: its default and its examples.
pub(super) fn shown_values(node: &Value) -> impl Iterator<Item = &Value> {
    let examples = node.get("examples").and_then(Value::as_array);
    let default = node.get(Facet::Default.as_str());
    default.into_iter().chain(examples.into_iter().flatten())
}

/// Whether a field takes what an answer gave: no value that is made up is known to be allowed, or to
/// be forbidden.
pub fn is_opaque(facts: &[Fact]) -> bool {
    let opaque = Facet::Meaning(Meaning::Opaque);
    facts.iter().any(|fact| fact.facet == opaque)
}

/// The slots of an operation. Path parameters are bound to resources: they are tried as such.
pub fn slots(operation: &Operation) -> Vec<Slot<'_>> {
    let mut slots: Vec<Slot<'_>> = operation
        .parameters
        .iter()
        .filter(|parameter| !operation.is_credential(parameter.location, &parameter.name))
        .flat_map(of_parameter)
        .collect();
    if let Some(body) = &operation.request_body {
        let fields = body.schema.fields();
        slots.extend(fields.filter_map(|field| of_field(body, field)));
    }
    slots
}

/// The slot of a place and field.
pub fn slot<'o>(operation: &'o Operation, place: Place, field: &FieldPath) -> Option<Slot<'o>> {
    if place == Place::Request {
        let body = operation.request_body.as_ref()?;
        return of_field(body, body.schema.field(field)?);
    }
    let mut parameters = operation
        .parameters
        .iter()
        .filter(|parameter| !operation.is_credential(parameter.location, &parameter.name))
        .flat_map(of_parameter);
    parameters.find(|slot| slot.place == place && slot.field == *field)
}

fn of_field<'o>(body: &'o RequestBody, field: Field<'o>) -> Option<Slot<'o>> {
    let schema = &body.schema;
    // A body is no field, but for a list, which has so many items, and for a text, which is tried
    // as a whole.
    let is_whole = body.media.writing() == Writing::Text;
    let is_part = if field.path.is_root() {
        is_whole || types_of(field.node) == ["array"]
    } else {
        !is_whole
    };
    let is_tried = is_part && !field.path.has_entry() && !schema.is_read_only(field.path);
    is_tried.then(|| Slot {
        place: Place::Request,
        field: field.path.clone(),
        schema,
        node: field.node,
        required: field.required || is_whole && body.required,
        facts: field.facts,
        is_text: body.form.is_some(),
    })
}

/// The slots of a parameter: its own, and where it is known how it writes several values, that of
/// each; of a JSON text those of all its fields.
fn of_parameter(parameter: &Parameter) -> Vec<Slot<'_>> {
    let is_slot = match parameter.location {
        Location::Query | Location::Cookie => true,
        Location::Header => !is_protocol_header(&parameter.name),
        Location::Path => false,
    };
    if !is_slot {
        return Vec::new();
    }
    let name = FieldPath::name(&parameter.name);
    if parameter.is_json {
        let fields = parameter.schema.fields();
        let own = fields.filter(|field| !field.path.has_entry());
        let own = own.filter(|field| !parameter.schema.is_read_only(field.path));
        let own = own.map(|field| Slot {
            place: parameter.location.place(),
            field: name.followed_by(field.path),
            schema: &parameter.schema,
            node: field.node,
            required: if field.path.is_root() {
                parameter.required
            } else {
                field.required
            },
            facts: field.facts,
            is_text: false,
        });
        return own.collect();
    }
    let items = parameter.schema.field(&FieldPath::root().item());
    let items = items
        .filter(|_| parameter.style.is_some())
        .map(|items| Slot {
            place: parameter.location.place(),
            field: name.item(),
            schema: &parameter.schema,
            node: items.node,
            required: false,
            facts: items.facts,
            is_text: true,
        });
    let own = Slot {
        place: parameter.location.place(),
        field: name,
        schema: &parameter.schema,
        node: &parameter.schema.root,
        required: parameter.required,
        facts: parameter.schema.own_facts(),
        is_text: true,
    };
    std::iter::once(own).chain(items).collect()
}

impl Slot<'_> {
    /// Whether its schema tells which values are allowed beside those that a page shows.
    pub(super) fn is_told_by_schema(&self) -> bool {
        !is_in_words(self.facts) && !is_opaque(self.facts)
    }

    /// Whether the object that it belongs to is held to rules of its fields together: a union, a
    /// condition, or what is joined to it.
    pub fn is_beside_rules(&self) -> bool {
        const RULES: [&str; 7] = [
            "allOf",
            "anyOf",
            "dependentRequired",
            "dependentSchemas",
            "if",
            "not",
            "oneOf",
        ];
        if self.is_text {
            return false;
        }
        let mut within = self.field.clone();
        if self.place != Place::Request {
            within = FieldPath::root();
            for step in self.field.steps().iter().skip(1) {
                within.push(step.clone());
            }
        }
        let mut above = std::iter::successors(within.parent(), FieldPath::parent);
        above.any(|object| {
            let node = self.schema.field(&object).map(|field| field.node);
            let node = node.map(|node| self.schema.follow(node));
            node.is_some_and(|node| RULES.iter().any(|rule| node.get(rule).is_some()))
        })
    }

    /// Whether it is a parameter, or stands at the top of the body.
    pub fn is_top(&self) -> bool {
        self.field.steps().len() == 1 || self.field.is_root()
    }

    /// Whether it takes texts of which its page says nothing but their type, and perhaps their
    /// length.
    pub(super) fn is_free_text(&self) -> bool {
        const SAYING: [&str; 4] = ["pattern", "format", "enum", "const"];
        self.place == Place::Request
            && types_of(self.node).contains(&"string")
            && !files::has_kind(self.node)
            && SAYING
                .iter()
                .all(|keyword| self.node.get(keyword).is_none())
    }
}

/// The path of the object that the last named step of a path belongs to; none at the top.
pub(super) fn holder(field: &FieldPath) -> Option<FieldPath> {
    let mut path = field.clone();
    while let Some(Step::Item | Step::Entry) = path.steps().last() {
        path = path.parent()?;
    }
    path.parent().filter(|object| !object.is_root())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("a", None)]
    #[case("a[]", None)]
    #[case("a.b", Some("a"))]
    #[case("a.b[]", Some("a"))]
    #[case("a[].b", Some("a[]"))]
    #[case("[].b", Some("[]"))]
    fn a_field_belongs_to_the_object_around_its_last_name(
        #[case] field: &str,
        #[case] object: Option<&str>,
    ) {
        assert_eq!(holder(&FieldPath::from(field)), object.map(FieldPath::from));
    }
}
