//! What a run drew anew so that nobody had it before, put back to what it was drawn from: the next
//! run draws something else.

use std::borrow::Cow;

use serde_json::Value;

/// What stands for the drawn part of a text where it stands without the rest.
const PART: &str = "<unique>";

/// From so many characters on a drawn text is found within other texts.
const TELLING: usize = 5;

/// How many characters of it were drawn then, at least.
const SURE: usize = 3;

/// The least drawn number that nothing else is likely to be.
const NUMBER: u64 = 1_000;

/// A value that was drawn anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The name of the field that it was drawn for.
    pub field: String,
    /// What it was drawn from.
    pub from: Value,
    /// What was drawn.
    pub to: Value,
}

/// What was drawn, in the order in which it was.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draws(Vec<Drawn>);

impl Draws {
    /// Takes note of a value. What was drawn from a drawn one was drawn from its origin.
    pub fn note(&mut self, mut drawn: Drawn) {
        if let Some(origin) = self.0.iter().find(|known| known.to == drawn.from) {
            drawn.from = origin.from.clone();
        }
        if drawn.from != drawn.to {
            self.0.push(drawn);
        }
    }

    /// A text of a field as it was before.
    pub(super) fn text<'t>(&self, field: &str, text: &'t str) -> Cow<'t, str> {
        let mut put_back = Cow::Borrowed(text);
        for drawn in self.0.iter().rev() {
            let (Value::String(from), Value::String(to)) = (&drawn.from, &drawn.to) else {
                continue;
            };
            let part = part(from, to);
            let is_telling = to.chars().count() >= TELLING && part.chars().count() >= SURE;
            if put_back == to.as_str() && (is_telling || drawn.field == field) {
                return Cow::Owned(from.clone());
            }
            if is_telling && put_back.contains(to.as_str()) {
                put_back = Cow::Owned(put_back.replace(to.as_str(), from));
            }
            if part.chars().count() >= TELLING
                && let Some(other) = without(&put_back, part)
            {
                put_back = Cow::Owned(other);
            }
        }
        put_back
    }

    /// A number of a field as it was before.
    pub(super) fn number<'v>(&'v self, field: &str, number: &'v Value) -> &'v Value {
        let mut draws = self.0.iter().rev();
        let drawn = draws.find(|drawn| {
            let is_telling = number.as_u64().is_some_and(|number| number >= NUMBER);
            drawn.to == *number && (is_telling || drawn.field == field)
        });
        drawn.map_or(number, |drawn| &drawn.from)
    }
}

/// What was drawn of a text: that in which it differs from what it was drawn from, without signs.
fn part<'t>(from: &str, to: &'t str) -> &'t str {
    let alike = |(one, other): &((usize, char), char)| one.1 == *other;
    let before = to.char_indices().zip(from.chars()).take_while(alike);
    let begin = before
        .last()
        .map_or(0, |((at, sign), _)| at + sign.len_utf8());
    let (rest, of_from) = (
        to.get(begin..).unwrap_or_default(),
        from.get(begin..).unwrap_or_default(),
    );
    let behind = rest.char_indices().rev().zip(of_from.chars().rev());
    let end = behind
        .take_while(alike)
        .last()
        .map_or(rest.len(), |((at, _), _)| at);
    let part = rest.get(..end).unwrap_or_default();
    part.trim_matches(|sign: char| !sign.is_alphanumeric())
}

/// A text with a sign for what was drawn, in whatever case; none where it does not stand there.
fn without(text: &str, part: &str) -> Option<String> {
    // In ASCII, which is all that is drawn, both cases have the same length.
    let (lower, part) = (text.to_ascii_lowercase(), part.to_ascii_lowercase());
    let mut out = String::new();
    let mut end = 0;
    for (at, found) in lower.match_indices(&part) {
        out.push_str(text.get(end..at)?);
        out.push_str(PART);
        end = at + found.len();
    }
    out.push_str(text.get(end..)?);
    (end > 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    fn draws() -> Draws {
        let mut draws = Draws::default();
        for (field, from, to) in [
            ("name", json!("lever"), json!("lever-kyf6y7")),
            ("name", json!("lever-kyf6y7"), json!("lever-kyf6y7-a1b2c3")),
            (
                "email",
                json!("a@example.com"),
                json!("aqwerty@example.com"),
            ),
            ("code", json!("EUR"), json!("EUQ")),
            ("number", json!(1), json!(417)),
            ("number", json!(1), json!(1_900_000_017)),
        ] {
            draws.note(Drawn {
                field: field.to_owned(),
                from,
                to,
            });
        }
        draws
    }

    #[rstest]
    #[case::whole("name", "lever-kyf6y7", "lever")]
    #[case::elsewhere("title", "lever-kyf6y7", "lever")]
    #[case::drawn_twice("name", "lever-kyf6y7-a1b2c3", "lever")]
    #[case::within("message", "no widget `lever-kyf6y7` here", "no widget `lever` here")]
    #[case::part("slug", "Lever_KYF6Y7", "Lever_<unique>")]
    #[case::twice("url", "/kyf6y7/x/kyf6y7", "/<unique>/x/<unique>")]
    #[case::between("email", "aqwerty@example.com", "a@example.com")]
    #[case::short("code", "EUQ", "EUR")]
    #[case::short_elsewhere("currency", "EUQ", "EUQ")]
    #[case::nothing("name", "other", "other")]
    fn a_text_is_put_back(#[case] field: &str, #[case] text: &str, #[case] expected: &str) {
        assert_eq!(draws().text(field, text), expected);
    }

    #[rstest]
    #[case::its_field("number", json!(417), json!(1))]
    #[case::small_elsewhere("size", json!(417), json!(417))]
    #[case::large("ref", json!(1_900_000_017), json!(1))]
    #[case::other("number", json!(2), json!(2))]
    fn a_number_is_put_back(#[case] field: &str, #[case] number: Value, #[case] expected: Value) {
        assert_eq!(*draws().number(field, &number), expected);
    }
}
