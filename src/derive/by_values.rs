//! Targets of a page that states its operations by nothing but calls with values in them, as people
//! write a README: `curl https://a.example/flags/new-button` below "Get one:". What is a value there
//! is told by the answers, which show it as the id of something, and by the calls beside it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::called::Called;
use super::candidates::Candidate;
use super::curl;
use super::examples::parse;
use super::split::tells_status;
use super::target;
use crate::contract::singular;
use crate::page::{Block, BlockKind};

/// How deep examples are walked.
const DEPTH: usize = 4;

/// The methods by which one thing is changed that a path names.
const CHANGES: [&str; 3] = ["PUT", "PATCH", "DELETE"];

/// Forms of answers, as paths end with them.
const FORMS: [&str; 3] = [".json", ".xml", ".csv"];

/// All methods of calls.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

pattern! {
    /// The names of fields that tell one thing from another.
    static ID = r"(?i)^(?:_?id|\w+_id|uuid|guid|key|name|slug|code|sku|handle|username|login|email|number)$|[a-z]Id$";

    /// A version of the whole, which is no value.
    static VERSION = r"^v?\d+(?:\.\d+)+$|^v\d+$";
}

/// The operations that calls state, each by one below a heading or a sentence of its own; none where
/// the page may as well show steps of something else.
pub(super) fn targets(flat: &[&Block], calls: &[Called]) -> Vec<Candidate> {
    let Some(host) = calls.first().map(|own| own.asked.host.as_str()) else {
        return Vec::new();
    };
    let are_of_one = calls.iter().all(|own| own.asked.host == host);
    let are_whole = calls.iter().all(|own| lead(flat, own.at).is_some());
    if !are_of_one || !are_whole || !tells_answers(flat, calls) {
        return Vec::new();
    }
    let values = values(calls, &ids(flat));
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for own in calls {
        let path = template(&own.asked.path, &values);
        let Some(at) = lead(flat, own.at) else {
            continue;
        };
        if known.insert((own.asked.method.clone(), path.clone())) {
            let mut stated = Candidate::plain(at, own.line, &own.asked.method, &path);
            stated.is_by_value = true;
            found.push(stated);
        }
    }
    if found.len() < 2 { Vec::new() } else { found }
}

/// The block that leads to a call: the sentence right before it, or the call itself right below a
/// heading.
fn lead(flat: &[&Block], at: usize) -> Option<usize> {
    let before = at.checked_sub(1)?;
    match flat.get(before).map(|block| &block.kind)? {
        BlockKind::Paragraph(text) if !text.plain.trim().is_empty() => Some(before),
        BlockKind::Heading { .. } => Some(at),
        _ => None,
    }
}

/// Whether the page tells what is answered: below a call, in the block behind it, or by a status in
/// a sentence.
fn tells_answers(flat: &[&Block], calls: &[Called]) -> bool {
    let code = |at: usize| match flat.get(at).map(|block| &block.kind) {
        Some(BlockKind::Code { text, .. }) => Some(text.as_str()),
        _ => None,
    };
    let is_shown = |at: usize| {
        let own = curl::calls(code(at).unwrap_or_default(), &METHODS);
        let is_below = own
            .iter()
            .any(|own| own.status.is_some() || own.answer.is_some());
        is_below || code(at + 1).is_some_and(|text| parse(text.trim_start()).is_some())
    };
    let is_told = |block: &&Block| match &block.kind {
        BlockKind::Paragraph(text) => tells_status(&text.plain),
        _ => false,
    };
    calls.iter().any(|own| is_shown(own.at)) || flat.iter().any(is_told)
}

/// The values of fields by which examples tell things apart, with the names of the fields.
fn ids(flat: &[&Block]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for block in flat {
        let BlockKind::Code { text, .. } = &block.kind else {
            continue;
        };
        if curl::is_call(text) {
            for call in curl::calls(text, &METHODS) {
                let sent = call.bodies.iter().filter_map(|(value, _)| value.as_ref());
                let answered = call.answer.iter().map(|(value, _)| value);
                sent.chain(answered)
                    .for_each(|value| gather(value, 0, &mut found));
            }
        } else if text.trim_start().starts_with(['{', '['])
            && let Some(value) = parse(text.trim_start())
        {
            gather(&value, 0, &mut found);
        }
    }
    found
}

fn gather(value: &Value, depth: usize, found: &mut BTreeMap<String, String>) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|own| gather(own, depth + 1, found)),
        Value::Object(map) => {
            for (name, own) in map {
                let text = match own {
                    Value::String(text) => Some(text.clone()),
                    Value::Number(number) => Some(number.to_string()),
                    _ => None,
                };
                if let Some(text) = text.filter(|text| !text.is_empty() && ID.is_match(name)) {
                    found.entry(text).or_insert_with(|| name.clone());
                }
                gather(own, depth + 1, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The parts of paths that are values: the path before each, the part, and what it is called.
type Values = BTreeMap<(String, String), String>;

/// The parts of the calls' paths that are values.
fn values(calls: &[Called], ids: &BTreeMap<String, String>) -> Values {
    let collections: BTreeSet<&str> = calls
        .iter()
        .filter(|own| matches!(own.asked.method.as_str(), "GET" | "POST"))
        .map(|own| own.asked.path.trim_end_matches('/'))
        .collect();
    let mut found = Values::new();
    for own in calls {
        let parts: Vec<&str> = parts(&own.asked.path).collect();
        let mut before = String::new();
        for (at, part) in parts.iter().enumerate() {
            let (value, _) = formed(part);
            let shown = ids.get(value);
            let is_below = at > 0 && collections.contains(before.as_str());
            let is_changed = at + 1 == parts.len() && CHANGES.contains(&own.asked.method.as_str());
            let is_number = target::has_value(&format!("/{value}")) && !VERSION.is_match(part);
            if at > 0 && is_number || is_below && (shown.is_some() || is_changed) {
                let thing = at.checked_sub(1).and_then(|at| parts.get(at));
                let thing = singular(thing.unwrap_or(&"")).replace('-', "_");
                let name = match shown.map(String::as_str) {
                    None | Some("id" | "_id") => format!("{thing}_id"),
                    Some(name) => name.to_owned(),
                };
                found.insert((before.clone(), (*part).to_owned()), name);
            }
            before = format!("{before}/{part}");
        }
    }
    found
}

/// A path with names in the place of its values.
fn template(path: &str, values: &Values) -> String {
    let mut before = String::new();
    let mut own = String::new();
    let mut names = BTreeSet::new();
    for part in parts(path) {
        match values.get(&(before.clone(), part.to_owned())) {
            Some(name) => {
                let mut name = name.clone();
                while !names.insert(name.clone()) {
                    name.push('2');
                }
                let (_, form) = formed(part);
                own.push_str(&format!("/{{{name}}}{form}"));
            }
            None => own.push_str(&format!("/{part}")),
        }
        before = format!("{before}/{part}");
    }
    if own.is_empty() { "/".to_owned() } else { own }
}

/// A number and the form of the answer behind it, which is a part of the path: `2.json`.
fn formed(part: &str) -> (&str, &str) {
    let found = part.find('.').map(|at| part.split_at(at));
    let is_number = |own: &str| !own.is_empty() && own.bytes().all(|byte| byte.is_ascii_digit());
    found
        .filter(|(value, form)| is_number(value) && FORMS.contains(form))
        .unwrap_or((part, ""))
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}
