//! A number of an answer that counts the items of a list beside it: `The number of boxes in this
//! answer`. The list is the one that the sentence names.

use super::statement::{Constraint, Kind, Node, Statement};
use crate::contract::{Meaning, counted_by};

phrases! {
    Counted:

    /// A number of the items of a list; its group `noun` names them, `here` says that those are meant
    /// which the answer has.
    static COUNTED;

    /// Names of items that are those of any list.
    static ANY_ITEMS;

    /// Words by which a list has but a part of what there is.
    static PART;
}

/// What a number counts, where its text says so: a noun, and whether those of the answer are meant.
pub(super) fn counted(text: &str) -> Option<Constraint> {
    let sentences = super::sentences::sentences(text);
    sentences.iter().find_map(|sentence| {
        let found = COUNTED.captures(sentence)?;
        let noun = found.name("noun")?.as_str().to_lowercase();
        Some(Constraint::CountOf(noun, found.name("here").is_some()))
    })
}

/// A noun in its plainest form.
fn stem(noun: &str) -> String {
    let noun = noun.to_lowercase();
    let cut = noun
        .strip_suffix("ies")
        .map(|stem| format!("{stem}y"))
        .or_else(|| noun.strip_suffix("ses").map(|stem| format!("{stem}s")))
        .or_else(|| noun.strip_suffix('s').map(str::to_owned));
    cut.unwrap_or(noun)
}

/// Says of each number that counts a list beside it that it does, and of no other. What an answer has
/// of a list as a whole is told from what a page of it has: a number that stands beside the list alone
/// counts what there is, unless its sentence says that it counts what is here.
pub(super) fn settle(node: &mut Node) {
    node.each_mut(&mut |object| {
        let lists: Vec<String> = object
            .properties
            .iter()
            .filter(|(_, own)| own.kind() == Some(Kind::Array))
            .map(|(name, _)| name.clone())
            .collect();
        let is_thing = object.properties.iter().any(|(name, _)| name == "id");
        let whole: Vec<String> = object
            .properties
            .iter()
            .filter(|(name, own)| lists.contains(name) && !is_part(own))
            .map(|(name, _)| name.clone())
            .collect();
        for (name, own) in &mut object.properties {
            let counts = own.statements.iter().find_map(|own| match &own.constraint {
                Constraint::CountOf(noun, is_here) => {
                    Some((noun.clone(), *is_here, own.site.clone()))
                }
                _ => None,
            });
            own.statements.retain(|own| !is_count(own));
            let Some((noun, is_here, site)) = counts else {
                continue;
            };
            let all = lists.iter().map(String::as_str);
            let Some(list) = counted_by(name, all) else {
                continue;
            };
            let is_named = stem(list.rsplit(['_', '-']).next().unwrap_or(list)) == stem(&noun)
                || ANY_ITEMS.is_match(&noun) && lists.len() == 1;
            let is_whole = is_here || is_thing && whole.iter().any(|own| own == list);
            if is_named && is_whole {
                own.state(Constraint::Meaning(Meaning::Counts), &site);
            }
        }
    });
}

/// That a list has but a part of what there is, where its text says so.
pub(super) fn of_part(text: &str) -> Option<Constraint> {
    PART.is_match(text).then_some(Constraint::OfPart)
}

/// Whether it was said of a list.
fn is_part(list: &Node) -> bool {
    let mut statements = list.statements.iter();
    statements.any(|own| own.constraint == Constraint::OfPart)
}

/// Whether a statement is what a sentence says of a count, before it is known which list it counts.
fn is_count(statement: &Statement) -> bool {
    matches!(statement.constraint, Constraint::CountOf(..))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("The number of boxes in this answer.", Some(("boxes", true)))]
    #[case("How many boxes are in this list.", Some(("boxes", true)))]
    #[case("The number of lines.", Some(("lines", false)))]
    #[case("The length of items.", Some(("items", true)))]
    #[case("The length of `items`.", Some(("items", true)))]
    #[case("The number of open lines.", None)]
    #[case("The number of boxes over all pages.", None)]
    #[case("The length of the name in characters.", None)]
    fn a_count_is_read(#[case] text: &str, #[case] expected: Option<(&str, bool)>) {
        let expected = expected.map(|(noun, here)| Constraint::CountOf(noun.to_owned(), here));
        assert_eq!(counted(text), expected);
    }

    #[rstest]
    #[case("lines", "line")]
    #[case("entries", "entry")]
    #[case("boxes", "boxe")]
    fn a_noun_is_cut(#[case] noun: &str, #[case] expected: &str) {
        assert_eq!(stem(noun), expected);
    }
}
