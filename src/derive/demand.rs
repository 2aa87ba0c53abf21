//! Sentences that say which fields of a request must be sent: all of them, or those that they name.

use super::outline::{Item, ItemKind};
use super::section::Section;
use super::sentences::sentences;

phrases! {
    Demands:

    /// `All fields are required.`
    static ALL;

    /// `` `title` and `kind` are required. ``
    static NAMED;

    /// `` A quota must include a `rate` value. ``
    static INCLUDED;

    /// Words by which a demand is that of some cases.
    static IN_SOME_CASES;

    /// What stands between the names.
    static JOIN;
}

/// The longest sentence that is looked at.
const LONGEST: usize = 300;

/// What a sentence demands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Demand {
    /// All fields of the tables beside it.
    All,
    /// Those of these names.
    Named(Vec<String>),
}

/// What sentences demand, with the heading that each stands below, and whether that is the
/// operation's own: then it is said of whatever table has such fields.
#[derive(Debug, Default)]
pub(super) struct Demands<'p>(Vec<(&'p str, bool, Demand)>);

impl<'p> Demands<'p> {
    /// What the sentences of an operation demand.
    pub(super) fn of(items: &[Item<'p>]) -> Self {
        let mut found = Vec::new();
        for item in items {
            let ItemKind::Paragraph(text) = item.kind else {
                continue;
            };
            let is_of_all = item.section == Section::Operation;
            let all = sentences(&text.plain);
            let demands = all.iter().filter_map(|own| demand(own));
            found.extend(demands.map(|own| (item.heading, is_of_all, own)));
        }
        Self(found)
    }

    /// Whether all fields of the tables below a heading must be sent.
    pub(super) fn all(&self, heading: &str) -> bool {
        let mut own = self.0.iter().filter(|(known, ..)| *known == heading);
        own.any(|(.., demand)| *demand == Demand::All)
    }

    /// Which of the fields of a table below a heading must be sent: sentences that name one which it
    /// has not tell of something else.
    pub(super) fn named(&self, heading: &str, fields: &[&str]) -> Vec<String> {
        let counts =
            |(known, is_of_all, _): &&(&str, bool, Demand)| *is_of_all || *known == heading;
        let own = self.0.iter().filter(counts);
        own.filter_map(|(.., demand)| match demand {
            Demand::Named(names) => Some(names),
            Demand::All => None,
        })
        .filter(|names| names.iter().all(|name| fields.contains(&name.as_str())))
        .flatten()
        .cloned()
        .collect()
    }
}

fn demand(sentence: &str) -> Option<Demand> {
    if sentence.len() > LONGEST {
        return None;
    }
    if ALL.is_match(sentence) {
        return Some(Demand::All);
    }
    let included = || {
        let is_always = !IN_SOME_CASES.is_match(sentence);
        INCLUDED.captures(sentence).filter(|_| is_always)
    };
    let named = NAMED.captures(sentence).or_else(included)?;
    let names = named.name("names")?.as_str();
    let names: Vec<String> = JOIN
        .pattern()
        .split(names)
        .map(|name| name.trim_matches(['`', '\'', '"', '*', ' ']).to_owned())
        .collect();
    let are_names = names
        .iter()
        .all(|name| !name.is_empty() && !name.contains(' '));
    are_names.then_some(Demand::Named(names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("All fields are required.", Some(Demand::All))]
    #[case("All of the parameters below are mandatory.", Some(Demand::All))]
    #[case("All fields are required unless noted.", Some(Demand::All))]
    #[case("All fields are optional.", None)]
    #[case("All fields that are required are marked.", None)]
    #[case("`title` and `kind` are required.", Some(Demand::Named(vec!["title".into(), "kind".into()])))]
    #[case("The fields a, b, and c are mandatory.", Some(Demand::Named(vec!["a".into(), "b".into(), "c".into()])))]
    #[case("A quota must include a `rate` value.", Some(Demand::Named(vec!["rate".into()])))]
    #[case("The body has to contain `a` and `b` fields.", Some(Demand::Named(vec!["a".into(), "b".into()])))]
    #[case("A quota must include a `rate` value if it is on.", None)]
    #[case("The password must contain a digit.", None)]
    #[case("Either `a` or `b` is required.", None)]
    #[case("`a` is required if b is set.", None)]
    fn a_sentence_demands_fields(#[case] sentence: &str, #[case] expected: Option<Demand>) {
        assert_eq!(demand(sentence), expected);
    }
}
