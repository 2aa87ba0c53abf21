//! Objects that are called by their names alone: `the customer object`, ``an array of `Line` ``.

use std::borrow::Cow;

use super::{ANSWER, ARTICLE, BEHIND, Linked, NAMED, has_body, is_loose};
use crate::derive::outline::Item;
use crate::derive::proofread::slug;
use crate::derive::sentences::sentences;
use crate::derive::stated::first_success;
use crate::derive::tables::Role;
use crate::page::{Link, Text};

pattern! {
    /// A word that may be the name of a thing.
    static WORD = r"[A-Za-z][a-z]{2,30}";
}

/// The longest text in which an object is looked for by its name.
const LONGEST: usize = 300;

/// The object that a sentence about an answer calls by its name alone: `the customer object`. Its
/// heading has that name.
pub(super) fn by_name<'p>(
    text: &'p Text,
    item: &Item<'p>,
    headings: &[&str],
) -> Option<Linked<'p>> {
    if !text.links.is_empty() || text.plain.len() > LONGEST {
        return None;
    }
    let all = sentences(&text.plain);
    let named = all.iter().find_map(|sentence| {
        let captures = NAMED.captures(sentence)?;
        let head = sentence.get(..captures.get(0)?.start())?;
        let answer = ANSWER.captures(head)?;
        let name = captures.name("name")?.as_str().to_lowercase();
        let list = answer.name("list");
        Some((name, list.is_some(), is_loose(list)))
    });
    let is_called = |name: &str, heading: &str| {
        let heading = heading.to_lowercase();
        let bare = heading.strip_prefix("the ").unwrap_or(&heading);
        bare.strip_suffix(" object").unwrap_or(bare).trim() == name
    };
    let alone = || {
        let told = all.iter().find_map(|sentence| called(sentence));
        let is_known = |name: &String| headings.iter().any(|heading| is_called(name, heading));
        told.filter(is_known).map(|name| (name, false, false))
    };
    let (name, is_list, is_loose) = named.or_else(|| in_code(text)).or_else(alone)?;
    let own = headings.iter().find(|heading| is_called(&name, heading))?;
    let link = Link {
        text: name,
        target: format!("#{}", slug(own)),
    };
    let status = first_success(&text.plain).or(item.status);
    if !has_body(status) {
        return None;
    }
    Some(Linked {
        link: Cow::Owned(link),
        role: Role::ResponseBody,
        status,
        is_list,
        is_loose,
        line: item.line,
    })
}

/// The object whose name stands in code marks at the end of a sentence about an answer
/// (``Returns an array of `Line` ``), whether there are several, and whether that is all that is said.
fn in_code(text: &Text) -> Option<(String, bool, bool)> {
    text.codes.iter().find_map(|code| {
        let name = text.plain.get(code.clone())?;
        let head = text.plain.get(..code.start)?;
        let head = head.rsplit(". ").next().unwrap_or(head);
        let behind = text.plain.get(code.end..)?;
        // A status in code marks is none.
        let is_named =
            name.len() <= 40 && name.starts_with(char::is_alphabetic) && BEHIND.is_match(behind);
        let answer = ANSWER.captures(head).filter(|_| is_named)?;
        let list = answer.name("list");
        let (name, is_list, is_loose) = match name.strip_suffix("[]") {
            Some(bare) => (bare, true, false),
            None => (name, list.is_some(), is_loose(list)),
        };
        Some((name.to_lowercase(), is_list, is_loose))
    })
}

/// What a sentence about an answer calls its one body: `Returns 200 OK and the note.`
pub(in crate::derive) fn called(sentence: &str) -> Option<String> {
    WORD.find_iter(sentence).find_map(|word| {
        let head = sentence.get(..word.start())?;
        let behind = sentence.get(word.end()..)?;
        let answer = ANSWER.captures(head).filter(|_| BEHIND.is_match(behind))?;
        let is_one = answer.name("list").is_none() && ARTICLE.is_match(head);
        is_one.then(|| word.as_str().to_lowercase())
    })
}
