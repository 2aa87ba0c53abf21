//! A number that counts the items of a list beside it, as its row says, is that of its items.

use serde_json::Value;

use crate::contract::{
    Facet, Fact, Field, Level, Meaning, Rule, Schema, counted_list, escape_token,
};

use super::state_tied::collect;
use super::{Breach, Check, Context, Observation, Part, Seen};

const COUNTS: Facet = Facet::Meaning(Meaning::Counts);

/// Whether a row says of a number that it counts a list beside it.
pub(super) fn is_counting(field: &Field<'_>) -> bool {
    field.facts.iter().any(|fact| fact.facet == COUNTS)
}

/// Holds a body against the numbers that count what is in it.
pub(super) fn check(context: &Context<'_>, schema: &Schema, body: &Value) -> Vec<Observation> {
    if context.answer.status >= 300 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for path in &schema.watched(super::schema::watched).counting {
        let (Some(object), Some(name)) = (path.parent(), path.last_name()) else {
            continue;
        };
        let (Some(list), Some(field)) = (counted_list(schema, path), schema.field(path)) else {
            continue;
        };
        let mut objects = Vec::new();
        collect(body, object.steps(), String::new(), &mut objects);
        let wrong = objects.iter().find_map(|(pointer, object)| {
            let told = object.get(name)?.as_u64()?;
            let items = object.get(&list)?.as_array()?.len();
            (u64::try_from(items) != Ok(told)).then_some((pointer, told, items))
        });
        let Some((pointer, told, items)) = wrong else {
            continue;
        };
        let rows = field.facts.iter().filter(|fact| fact.facet == COUNTS);
        let rows: Vec<Fact> = rows.cloned().collect();
        found.push(Observation {
            check: Check::Schema,
            fact: context
                .operation
                .fact_id(Rule::new(context.place(), path.clone(), COUNTS)),
            seen: Seen::Law(Breach::WrongCount {
                field: path.to_string(),
            }),
            level: Level::Should,
            message: format!("`{path}` is {told}, and `{list}` has {items} items"),
            documented: format!("the number of items of `{list}`"),
            rows,
            at: Some(Part::Body(format!("{pointer}/{}", escape_token(name)))),
        });
    }
    found
}
