//! A number that its row says how to compute from others beside it is what they make.

use serde_json::Value;

use crate::contract::{
    Computed, Facet, Fact, Field, Level, Meaning, Rule, Schema, escape_token, told,
};

use super::state_tied::collect;
use super::{Breach, Check, Context, Observation, Part, Seen};

const COMPUTED: Facet = Facet::Meaning(Meaning::Computed);

/// Whether a row says of a number how it is computed.
pub(super) fn is_computed(field: &Field<'_>) -> bool {
    field.facts.iter().any(|fact| fact.facet == COMPUTED)
}

/// Holds a body against the numbers that can be computed from what is in it.
pub(super) fn check(context: &Context<'_>, schema: &Schema, body: &Value) -> Vec<Observation> {
    if context.answer.status >= 300 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for path in &schema.watched(super::schema::watched).computed {
        let Some(field) = schema.field(path) else {
            continue;
        };
        let (Some(object), Some(name), Some(computed)) =
            (path.parent(), path.last_name(), Computed::of(field.node))
        else {
            continue;
        };
        let mut objects = Vec::new();
        collect(body, object.steps(), String::new(), &mut objects);
        let wrong = objects.iter().find_map(|(pointer, object)| {
            let seen = object.get(name)?;
            let wanted = computed.wanted(object.as_object()?)?;
            (!wanted.is(told(seen)?)).then_some((pointer, seen, wanted.value))
        });
        let Some((pointer, seen, wanted)) = wrong else {
            continue;
        };
        let rows = field.facts.iter().filter(|fact| fact.facet == COMPUTED);
        let rows: Vec<Fact> = rows.cloned().collect();
        found.push(Observation {
            check: Check::Schema,
            fact: context
                .operation
                .fact_id(Rule::new(context.place(), path.clone(), COMPUTED)),
            seen: Seen::Law(Breach::WronglyComputed {
                field: path.to_string(),
            }),
            level: Level::Should,
            message: format!("`{path}` is {seen}, and {computed} is {wanted}"),
            documented: computed.to_string(),
            rows,
            at: Some(Part::Body(format!("{pointer}/{}", escape_token(name)))),
        });
    }
    found
}
