//! Bodies that take no field beside those that are described, where a sentence says so: `Unknown
//! fields are rejected with 400.`

use super::behaviour::told;
use super::draft::Draft;
use super::outline::Item;
use super::statement::{Constraint, Kind, Site};
use crate::contract::Writing;

phrases! {
    Closed:

    /// A sentence that refuses all other fields.
    static NO_MORE;

    /// Words by which it does so in some cases alone, or says it of something else.
    static NOT_OF_ALL;
}

/// Where a page says that the request's body has no field beside those that are described.
pub(super) fn read(items: &[Item<'_>], site: &Site) -> Option<Site> {
    let all = told(items).into_iter();
    let mut own = all.filter(|(sentence, _, _)| refuses_more(sentence));
    let (_, line, heading) = own.next()?;
    Some(site.below(heading, "sentence", line))
}

fn refuses_more(sentence: &str) -> bool {
    NO_MORE.is_match(sentence) && !NOT_OF_ALL.is_match(sentence)
}

/// States it of a body in JSON whose fields are described, and of which no example shows another.
pub(super) fn settle(draft: &mut Draft) {
    let (Some(site), Some(body)) = (draft.closed.clone(), &mut draft.request) else {
        return;
    };
    let known = |name: &String| body.node.properties.iter().any(|(own, _)| own == name);
    let shows_more = body.examples.iter().any(|own| {
        let fields = own.value.as_object();
        fields.is_none_or(|fields| !fields.keys().all(known))
    });
    let is_object = !body.node.properties.is_empty()
        && body.node.values.is_none()
        && body.node.kind().is_none_or(|kind| kind == Kind::Object);
    if draft.media.writing() == Writing::Json && body.described && is_object && !shows_more {
        if !body.node.has_type() {
            body.node.state(Constraint::Type(Kind::Object, None), &site);
        }
        body.node.rows.push(site.clone());
        body.node.state(Constraint::Closed, &site);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Unknown fields are rejected with 400.", true)]
    #[case("Additional properties are not allowed.", true)]
    #[case("The body must not contain any other fields.", true)]
    #[case("No other fields are accepted.", true)]
    #[case("Unknown fields are ignored.", false)]
    #[case("Unknown fields are not rejected.", false)]
    #[case("Unknown fields may be rejected.", false)]
    #[case("In strict mode, unknown fields are rejected.", false)]
    #[case("Unknown fields of `address` are rejected.", false)]
    #[case("Unknown query parameters are rejected.", false)]
    fn a_sentence_closes_a_body(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(refuses_more(sentence), expected);
    }
}
