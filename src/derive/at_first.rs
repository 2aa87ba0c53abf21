//! What a value is in the answer that makes a thing, as its row says: `It is 0 at first`.

use super::draft::Draft;
use super::sentences::sentences;
use super::statement::{Constraint, Kind, Node};
use super::tables::FieldTable;

phrases! {
    AtFirst:

    /// What a value is in the answer that makes a thing; its group is `value`.
    static AT_FIRST;
}

/// States what the fields of something new are that no request sets, where their rows say it.
pub(super) fn begin(draft: &Draft, node: &mut Node, table: &FieldTable) {
    let sent = draft.request.iter().flat_map(|body| &body.node.properties);
    let sent: Vec<&str> = sent.map(|(name, _)| name.as_str()).collect();
    for row in table
        .rows
        .iter()
        .filter(|row| !sent.contains(&row.name.as_str()))
    {
        let value = sentences(&row.text).iter().find_map(|sentence| {
            let found = AT_FIRST.captures(sentence)?;
            Some(found.name("value")?.as_str().to_owned())
        });
        let mut fields = node.properties.iter_mut();
        let field = fields.find(|(name, _)| *name == row.name);
        if let (Some(value), Some((_, field))) = (value, field) {
            let fits = match field.kind() {
                Some(Kind::Integer) => value.parse::<i64>().is_ok(),
                Some(Kind::Boolean) => matches!(value.as_str(), "true" | "false"),
                Some(Kind::String) => field.listed().contains(&value.as_str()),
                _ => false,
            };
            if fits {
                field.state(Constraint::Always(value), &row.site);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("It is 0 at first.", Some("0"))]
    #[case("Always false for a new invoice.", Some("false"))]
    #[case("It is 1 at first and goes up by one with each change.", Some("1"))]
    #[case("It is 0 if nobody has seen it.", None)]
    #[case("The first of the items.", None)]
    fn a_first_value_is_read(#[case] text: &str, #[case] expected: Option<&str>) {
        let found = AT_FIRST.captures(text);
        let value = found.as_ref().and_then(|found| found.name("value"));
        assert_eq!(value.map(|value| value.as_str()), expected);
    }
}
