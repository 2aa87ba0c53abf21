//! Numbers of an answer that a sentence says how to compute from others beside them: `The sum of the
//! amounts of all lines`, `The price times the quantity`.

use super::statement::{Constraint, Kind, Node, Site};
use crate::contract::{Computed, Sign, words};

phrases! {
    ComputedWords:

    /// A sum over a list: its groups are `of`, `times` where two fields are multiplied, and `list`.
    static SUM;

    /// A number of two: its groups are `one`, `other`, and `times`, `plus` or `minus`.
    static TWO;
}

/// How a number is computed, in the nouns of its row: before it is known which fields they name.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Words {
    /// The sum of something of the items of a list.
    Sum {
        of: String,
        times: Option<String>,
        list: Option<String>,
    },
    /// A number of two.
    Two(Sign, String, String),
}

/// How a number is computed, where its text says so.
pub(super) fn computed(text: &str) -> Option<Constraint> {
    let sentences = super::sentences::sentences(text);
    sentences.iter().find_map(|sentence| {
        let of = |found: &regex::Captures<'_>, name: &str| {
            found.name(name).map(|own| own.as_str().to_lowercase())
        };
        if let Some(found) = SUM.captures(sentence) {
            return Some(Constraint::InWords(Words::Sum {
                of: of(&found, "of")?,
                times: of(&found, "times"),
                list: of(&found, "list"),
            }));
        }
        let found = TWO.captures(sentence)?;
        let signs = [
            ("multiplied", Sign::Times),
            ("plus", Sign::Plus),
            ("minus", Sign::Minus),
        ];
        let mut signs = signs.into_iter();
        let (_, sign) = signs.find(|(name, _)| found.name(name).is_some())?;
        let two = Words::Two(sign, of(&found, "one")?, of(&found, "other")?);
        Some(Constraint::InWords(two))
    })
}

/// A word in its plainest form.
fn stem(word: &str) -> String {
    let cut = word
        .strip_suffix("ies")
        .map(|stem| format!("{stem}y"))
        .or_else(|| word.strip_suffix('s').map(str::to_owned));
    cut.unwrap_or_else(|| word.to_owned())
}

/// The one field of an object that is called by a noun.
fn named<'n>(noun: &str, names: impl Iterator<Item = &'n String> + Clone) -> Option<&'n String> {
    let lower = |name: &&String| name.to_lowercase() == noun;
    if let Some(exact) = names.clone().find(lower) {
        return Some(exact);
    }
    let wanted: Vec<String> = words(noun).iter().map(|word| stem(word)).collect();
    let is_called_so = |name: &&String| {
        let own: Vec<String> = words(name).iter().map(|word| stem(word)).collect();
        own == wanted
    };
    let mut called = names.filter(is_called_so);
    called.next().filter(|_| called.next().is_none())
}

impl Words {
    /// What is meant in an object with these fields; none where they do not name them.
    fn settle(&self, fields: &[(String, Node)]) -> Option<Computed> {
        let is_number = |own: &&(String, Node)| {
            matches!(
                own.1.kind(),
                None | Some(Kind::Integer | Kind::Number | Kind::String)
            )
        };
        match self {
            Self::Two(sign, one, other) => {
                let names = fields.iter().filter(is_number).map(|(name, _)| name);
                let one = named(one, names.clone())?;
                let other = named(other, names)?;
                Some(Computed::Two(*sign, one.clone(), other.clone()))
            }
            Self::Sum { of, times, list } => {
                let lists = fields
                    .iter()
                    .filter(|(_, own)| own.kind() == Some(Kind::Array));
                let called = |name: &&(String, Node)| {
                    let wanted = list.as_ref();
                    wanted.is_none_or(|list| named(list, [&name.0].into_iter()).is_some())
                };
                let mut found = lists.filter(called).filter_map(|(name, own)| {
                    let items = own.items.as_deref()?;
                    let names = items.properties.iter().filter(is_number);
                    let names = names.map(|(name, _)| name);
                    Some(Computed::Sum {
                        list: name.clone(),
                        of: named(of, names.clone())?.clone(),
                        times: match times {
                            Some(times) => Some(named(times, names)?.clone()),
                            None => None,
                        },
                    })
                });
                found.next().filter(|_| found.next().is_none())
            }
        }
    }
}

/// Gives each number of an answer what its words mean beside the fields of its object.
pub(super) fn settle(node: &mut Node) {
    node.each_mut(&mut |object| {
        let mut found: Vec<(usize, Option<Computed>, Site)> = Vec::new();
        for (at, (name, own)) in object.properties.iter().enumerate() {
            let mut said = own.statements.iter();
            let said = said.find_map(|own| match &own.constraint {
                Constraint::InWords(words) => Some((words, own.site.clone())),
                _ => None,
            });
            if let Some((words, site)) = said {
                let computed = words.settle(&object.properties);
                let is_of_itself = |own: &Computed| matches!(own, Computed::Two(_, one, other) if one == name || other == name);
                found.push((at, computed.filter(|own| !is_of_itself(own)), site));
            }
        }
        for (at, computed, site) in found {
            let Some((_, own)) = object.properties.get_mut(at) else {
                continue;
            };
            own.statements
                .retain(|own| !matches!(own.constraint, Constraint::InWords(_)));
            if let Some(computed) = computed {
                own.state(Constraint::Computed(computed), &site);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn sum(of: &str, times: Option<&str>, list: Option<&str>) -> Words {
        Words::Sum {
            of: of.to_owned(),
            times: times.map(str::to_owned),
            list: list.map(str::to_owned),
        }
    }

    fn two(sign: Sign, one: &str, other: &str) -> Words {
        Words::Two(sign, one.to_owned(), other.to_owned())
    }

    #[rstest]
    #[case(
        "The sum of the amounts of all lines.",
        Some(sum("amounts", None, Some("lines")))
    )]
    #[case("The sum of all quantities.", Some(sum("quantities", None, None)))]
    #[case(
        "Sum of `amount` over all `items`.",
        Some(sum("amount", None, Some("items")))
    )]
    #[case(
        "The sum of quantity times price over all lines, in cents.",
        Some(sum("quantity", Some("price"), Some("lines")))
    )]
    #[case(
        "The price times the quantity.",
        Some(two(Sign::Times, "price", "quantity"))
    )]
    #[case(
        "`width` multiplied by `height`.",
        Some(two(Sign::Times, "width", "height"))
    )]
    #[case("`price` × `quantity`", Some(two(Sign::Times, "price", "quantity")))]
    #[case("created_at plus ttl.", Some(two(Sign::Plus, "created_at", "ttl")))]
    #[case(
        "The total minus the discount",
        Some(two(Sign::Minus, "total", "discount"))
    )]
    #[case("所有items的amount之和。", Some(sum("amount", None, Some("items"))))]
    #[case("The sum of the amounts of all lines before tax.", None)]
    #[case("The price times the quantity, rounded up.", None)]
    #[case("The price plus tax where there is any.", None)]
    #[case("Four times a day.", None)]
    fn how_a_number_is_computed_is_read(#[case] text: &str, #[case] expected: Option<Words>) {
        assert_eq!(computed(text), expected.map(Constraint::InWords));
    }
}
