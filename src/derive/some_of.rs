//! Lists of listed values, in other words: `One or more of a, b and c` says of each item that it is
//! one of them, and of the list how long it is.

use super::description::{Part, Passage};

phrases! {
    SomeOf:

    /// At least one item, each of which is one of what follows: `One or more of`.
    static AT_LEAST_ONE;

    /// Any number of them: `Any of`, `A subset of`.
    static ANY_NUMBER;

    /// As many as the group `count` says: `1 to 3 of`.
    static COUNTED;
}

/// Says of lists in the words for each item what passages say in words for some of several, so that
/// it is read as that is.
pub(super) fn spell_out(passages: &mut [Passage]) {
    for passage in passages {
        for part in &mut passage.parts {
            if let Part::Text(text) = part {
                spell_out_text(text);
            }
        }
        passage.ticked.iter_mut().for_each(spell_out_text);
    }
}

fn spell_out_text(text: &mut String) {
    let ways = [
        (&COUNTED, "${before}${count} items. Each is one of ${list}"),
        (
            &AT_LEAST_ONE,
            "${before}At least 1 item. Each is one of ${list}",
        ),
        (&ANY_NUMBER, "${before}Each is one of ${list}"),
    ];
    let said = ways.iter().find(|(phrase, _)| phrase.is_match(text));
    if let Some((phrase, each)) = said {
        *text = phrase.replace(text, each).into_owned();
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("One or more of `a`, `b`", "At least 1 item. Each is one of `a`, `b`")]
    #[case("Scopes: any of `a`, `b`.", "Scopes: Each is one of `a`, `b`.")]
    #[case(
        "Must be one or more of a, b.",
        "Must be At least 1 item. Each is one of a, b."
    )]
    #[case("A subset of a, b or c", "Each is one of a, b or c")]
    #[case("1 to 3 of `a`, `b`", "1 to 3 items. Each is one of `a`, `b`")]
    #[case("One or more of the tags.", "One or more of the tags.")]
    #[case("List of ids.", "List of ids.")]
    fn some_of_several_is_said_of_each(#[case] text: &str, #[case] expected: &str) {
        let mut text = text.to_owned();
        spell_out_text(&mut text);
        assert_eq!(text, expected);
    }
}
