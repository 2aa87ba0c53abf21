//! The status whose answer a paragraph announces.

use super::{
    CALLED, LONGEST_LINE, NAMED, has_number, in_sentence, is_name_of, is_named, number, of_line,
};
use crate::derive::sentences::sentences;
use crate::page::Text;

pattern! {
    /// A status at the end of a sentence that announces something.
    static ENDS = r"(?:^|[\s(（])[`*]*(?P<status>[2-5]\d\d)[`*]*(?:\s+(?P<name>[A-Z][A-Za-z' -]*?)[`*]*)?\s*[:：]\s*$";
}

/// The status whose answer a paragraph announces: a line that is one, or that begins with one set
/// off (`**200 OK** - the widgets`), or a sentence that ends in a colon (`Returns 200 OK with:`).
pub(in crate::derive) fn announced(text: &Text) -> Option<u16> {
    if !has_number(&text.plain) {
        return None;
    }
    if let Some(status) = of_line(text) {
        return Some(status);
    }
    let plain = text.plain.trim();
    let head = plain.get(..text.marked).unwrap_or_default();
    let begins = (!head.is_empty())
        .then(|| {
            of_line(&Text {
                marked: head.len(),
                ..Text::of(head)
            })
        })
        .flatten();
    if begins.is_some() {
        return begins;
    }
    // `Response 200: an array of objects.`
    let called = CALLED
        .captures(plain)
        .and_then(|own| number(own.name("status")?.as_str()));
    if let Some(status) = called.filter(|status| is_named(*status)) {
        return Some(status);
    }
    // `409 Conflict: the name is taken.`
    let says_when = NAMED.captures(plain).and_then(|own| {
        let status = number(own.name("status")?.as_str())?;
        is_name_of(status, own.name("name")?.as_str()).then_some(status)
    });
    if says_when.is_some() {
        return says_when;
    }
    if !plain.ends_with([':', '：']) {
        return None;
    }
    // What sentences before it say is of other answers.
    let all = sentences(plain);
    let last = all.last()?;
    match in_sentence(last).as_slice() {
        [status] if last.len() <= LONGEST_LINE => Some(*status),
        // `Returns 200 with the job, or 404:`
        [.., status] if ends_with(last) == Some(*status) => Some(*status),
        _ => None,
    }
}

/// The status that a sentence ends with before its colon.
fn ends_with(sentence: &str) -> Option<u16> {
    let found = ENDS.captures(sentence)?;
    let status = number(found.name("status")?.as_str())?;
    let name = found.name("name").map(|name| name.as_str().trim());
    name.is_none_or(|name| is_name_of(status, name))
        .then_some(status)
}

/// The statuses that the sentences of a text state.
pub(in crate::derive) fn in_text(text: &str) -> Vec<u16> {
    let all = sentences(text);
    all.iter().flat_map(|own| in_sentence(own)).collect()
}

/// The first success that a text states in a sentence or as what it announces.
pub(in crate::derive) fn first_success(text: &str) -> Option<u16> {
    let mut all = in_text(text).into_iter();
    all.find(|status| (200..300).contains(status))
}
