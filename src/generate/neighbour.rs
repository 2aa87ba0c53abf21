//! A request that differs from a refused one in nothing that a source states: its texts are made up
//! at the length of those that are taken, its numbers stand beside them. Where that is refused too, it
//! was not the length or the size that was refused, but what nobody made up can know: that a text is
//! the name of something, or a number the id of something.

use serde_json::Value;

use crate::contract::{Facet, Operation, Row, types_of};

use super::request::Request;
use super::sample::{limit, size};
use super::slot::{Slot, slots};

/// How long a made-up text is where no taken one tells.
const LENGTH: usize = 8;

/// Facets that say more of a value than how long or how large it is.
const OTHERS: [Facet; 5] = [
    Facet::Enum,
    Facet::Const,
    Facet::Pattern,
    Facet::Format,
    Facet::MultipleOf,
];

/// The request beside a refused one, and the first field that is made up in it; none where no field
/// that differs from the plainest request has bounds alone.
pub fn neighbour(
    operation: &Operation,
    base: &Request,
    refused: &Request,
) -> Option<(Request, Row)> {
    let mut control = refused.clone();
    let mut first = None;
    for slot in slots(operation) {
        let (own, sent) = (
            base.get(slot.place, &slot.field),
            refused.get(slot.place, &slot.field),
        );
        if own == sent {
            continue;
        }
        let Some(value) = sent.and_then(|sent| beside(&slot, own.as_ref(), &sent)) else {
            continue;
        };
        control.set(slot.place, &slot.field, Some(value));
        first.get_or_insert(Row {
            place: slot.place,
            field: slot.field,
        });
    }
    first.map(|row| (control, row))
}

/// A made-up value of a field beside one that is taken; none where the field has rules of another
/// kind, or the value that was sent is of another type.
fn beside(slot: &Slot<'_>, own: Option<&Value>, sent: &Value) -> Option<Value> {
    let has = |facet: &Facet| slot.node.get(facet.as_str()).is_some();
    if OTHERS.iter().any(has) {
        return None;
    }
    let types = types_of(slot.node);
    match sent {
        Value::String(_) if types.contains(&"string") => {
            let least = size(slot.node, Facet::MinLength).unwrap_or(0);
            let most = size(slot.node, Facet::MaxLength)?;
            let taken = own.and_then(Value::as_str).map(|text| text.chars().count());
            let length = taken.unwrap_or(LENGTH).clamp(least, most.max(least));
            Some(Value::from(made(length)))
        }
        Value::Number(_) if types.contains(&"integer") => {
            let (least, most) = (
                limit(slot.node, Facet::Minimum)?,
                limit(slot.node, Facet::Maximum)?,
            );
            let number = match own.and_then(Value::as_i64) {
                Some(taken) if taken < most => taken + 1,
                Some(taken) => taken - 1,
                None => least + (most - least) / 2,
            };
            (least..=most)
                .contains(&number)
                .then(|| Value::from(number))
        }
        _ => None,
    }
}

/// Letters, so many.
fn made(length: usize) -> String {
    ('a'..='z').cycle().take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::made;

    #[test]
    fn a_made_up_text_has_its_length() {
        assert_eq!(made(3), "abc");
        assert_eq!(made(28).len(), 28);
    }
}
