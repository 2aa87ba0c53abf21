//! Values that may have a minus sign before them, for the order turned round: `` `id` or `name`; with
//! `-` in front in descending order ``.

use super::super::statement::Constraint;

phrases! {
    TurnedValues:

    /// Words by which each value may have one.
    static TURNED;
}

/// Whether a text says that each value may have one, and no other sign.
pub(super) fn is_told(said: &str) -> bool {
    TURNED.is_match(said) && !said.contains('+')
}

/// Adds the values with their signs, where a text says that each may have one.
pub(super) fn add(found: &mut [Constraint], said: &str) {
    if is_told(said) {
        found.iter_mut().for_each(turn);
    }
}

/// Adds to listed values each with a minus sign before it.
fn turn(constraint: &mut Constraint) {
    let Constraint::Enum(values, _) = constraint else {
        return;
    };
    let plain = values.iter().filter(|value| !value.starts_with('-'));
    let turned: Vec<String> = plain.map(|value| format!("-{value}")).collect();
    for value in turned {
        if !values.contains(&value) {
            values.push(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::statement::Stand;
    use super::*;

    #[test]
    fn each_value_has_its_turn_once() {
        let of = |values: &[&str]| values.iter().map(|own| (*own).to_owned()).collect();
        let mut found = [Constraint::Enum(of(&["id", "-id", "name"]), Stand::Code)];
        add(
            &mut found,
            "id or name; with - in front in descending order",
        );
        let expected = Constraint::Enum(of(&["id", "-id", "name", "-name"]), Stand::Code);
        assert_eq!(found, [expected]);
    }
}
