//! What the answer of an act tells of a resource that another operation shows.

use serde_json::Value;

use super::field_path::FieldPath;
use super::naming::is_volatile;
use super::operation::Operation;
use super::schema::{Schema, enum_values, types_of};

/// The scalar fields that an act's answer and what shows the resource have in common: its state, and
/// what does not change by itself. None where the act only promises what it does (202).
pub fn told_by_act(act: &Operation, show: &Operation) -> Vec<FieldPath> {
    let told = act.answer().filter(|_| !act.names(202));
    let Some((told, shown)) = told.zip(show.answer()) else {
        return Vec::new();
    };
    let fields = told.fields().filter(|field| {
        let path = field.path;
        !path.is_root() && !path.has_item() && !path.has_entry() && is_scalar(field.node)
    });
    fields
        .map(|field| field.path.clone())
        .filter(|path| is_state(path) || !is_volatile(path))
        .filter(|path| shown.field(path).is_some_and(|own| is_scalar(own.node)))
        .collect()
}

/// Whether an act tells a state that is the only one of its answer, and one of several that are
/// shown: who did not do it shows another.
pub fn tells_a_state(act: &Operation, show: &Operation) -> bool {
    let count = |schema: Option<&Schema>, path: &FieldPath| {
        let field = schema.and_then(|schema| schema.field(path));
        field.map_or(0, |field| enum_values(field.node).len())
    };
    let mut told = told_by_act(act, show).into_iter();
    told.any(|path| count(act.answer(), &path) == 1 && count(show.answer(), &path) > 1)
}

/// Whether a field says by its name in which state a thing is.
pub fn is_state(path: &FieldPath) -> bool {
    let name = path.last_name().unwrap_or_default().to_lowercase();
    ["status", "state", "phase"].contains(&name.as_str())
}

fn is_scalar(node: &Value) -> bool {
    let types = types_of(node);
    !types.is_empty() && !types.contains(&"object") && !types.contains(&"array")
}
