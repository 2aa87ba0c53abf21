//! Which list a number counts, by their names.

use super::naming::words;
use super::{FieldPath, Schema, types_of};

/// The list beside a number of a body that it counts.
pub fn counted_list(schema: &Schema, number: &FieldPath) -> Option<String> {
    let object = number.parent()?;
    let beside = schema.fields().filter(|own| {
        own.path.parent().as_ref() == Some(&object) && types_of(own.node).contains(&"array")
    });
    let names: Vec<String> = beside
        .filter_map(|own| own.path.last_name().map(str::to_owned))
        .collect();
    let all = names.iter().map(String::as_str);
    counted_by(number.last_name()?, all).map(str::to_owned)
}

/// The list among those of an object that a number of it counts, by its name: the only one, or the
/// one after which the number is called.
pub fn counted_by<'n>(number: &str, lists: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let lists: Vec<&str> = lists.collect();
    let own = words(number);
    let is_called_so = |list: &&&str| {
        let all = words(list);
        let last = all.last().map_or("", String::as_str);
        let singular = last.strip_suffix('s').unwrap_or(last);
        let short = last.strip_suffix("es").unwrap_or(last);
        !last.is_empty()
            && own
                .iter()
                .any(|word| word == last || word == singular || word == short)
    };
    let mut called = lists.iter().filter(is_called_so);
    match (called.next(), called.next()) {
        (Some(list), None) => Some(list),
        (None, _) if lists.len() == 1 => lists.first().copied(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("count", &["boxes"], Some("boxes"))]
    #[case("line_count", &["lines", "tags"], Some("lines"))]
    #[case("boxCount", &["boxes", "tags"], Some("boxes"))]
    #[case("count", &["lines", "tags"], None)]
    #[case("count", &[], None)]
    fn a_number_counts_a_list(
        #[case] number: &str,
        #[case] lists: &[&str],
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(counted_by(number, lists.iter().copied()), expected);
    }
}
