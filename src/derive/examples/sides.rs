//! Whose body an example shows where no label says so: that of the request, or that of the answer.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Examples, Origin, Shown};
use crate::derive::labels;
use crate::derive::path::{RequestTarget, path_names};
use crate::derive::rows::FieldRow;
use crate::derive::section::Section;
use crate::derive::tables::{FieldTable, Role, Tables};

impl Examples {
    /// Takes what no label tells of for the request's where its fields are those of the request's
    /// rows, or where it is the first that an operation with a body shows and the answer to what is
    /// taken is shown below it; what is left is told.
    fn decide(&mut self, is_sent: impl Fn(&Shown) -> bool, methods: &[&str]) {
        let takes = |method: &&str| matches!(*method, "POST" | "PUT" | "PATCH");
        let has_body = !methods.is_empty() && methods.iter().all(takes);
        let (mut sent, mut left) = (Vec::new(), Vec::new());
        for (shown, is_labelled) in std::mem::take(&mut self.undecided) {
            let is_below = |own: &&Shown| own.line > shown.line;
            let is_first = left.is_empty() && sent.is_empty() && self.requests.is_empty();
            let others_above = self.responses.iter().any(|own| own.line < shown.line);
            let is_answered = self.responses.iter().filter(is_below).any(|own| {
                !own.refusal && own.status.is_none_or(|status| (200..300).contains(&status))
            });
            let is_before = !is_labelled && is_first && !others_above && is_answered;
            let is_body = shown.value.as_ref().is_some_and(Value::is_object);
            if has_body && is_body && (is_sent(&shown) || is_before) {
                sent.push(Shown {
                    is_of_either: false,
                    ..shown
                });
            } else {
                left.push(shown);
            }
        }
        self.requests.extend(sent);
        let why = "no heading or label says whether it is sent or answered";
        self.passed_over
            .extend(left.iter().map(|own| (own.line, why.to_owned())));
    }

    /// Parts what stands before the answer from it, where nothing says whose it is and a body is
    /// sent: `Example`, and then `Response`. What has nothing in common with the answer is what is
    /// sent; of the rest it is not told.
    fn part_from_answers(&mut self, methods: &[&str]) {
        let sends = |method: &&str| matches!(*method, "POST" | "PUT" | "PATCH");
        if methods.is_empty() || !methods.iter().all(sends) {
            return;
        }
        let answers: Vec<(usize, Value)> = self
            .responses
            .iter()
            .filter(|shown| !shown.is_of_either && !shown.refusal)
            .filter_map(|shown| Some((shown.line, shown.value.clone()?)))
            .collect();
        let may_send = self.requests.is_empty();
        for shown in std::mem::take(&mut self.responses) {
            let mut answers = answers.iter().filter(|(line, _)| *line > shown.line);
            let Some(value) = shown
                .value
                .as_ref()
                .filter(|_| shown.is_of_either && answers.clone().next().is_some())
            else {
                self.responses.push(shown);
                continue;
            };
            if may_send && answers.all(|(_, answer)| !has_in_common(value, answer)) {
                self.requests.push(shown);
            } else {
                let why = "no heading or label says whether it is sent or answered";
                self.passed_over.push((shown.line, why.to_owned()));
            }
        }
    }

    /// Takes an object for that of a request of which nothing else says whose it is, where all that
    /// it has are fields of the request's rows, and the answer has none of them. What a call sends is
    /// left out where it has fields that no row describes.
    pub(in crate::derive) fn tell_sides(&mut self, tables: &Tables, methods: &[&str]) {
        self.part_from_answers(methods);
        let names = |is_wanted: fn(&FieldTable) -> bool| -> BTreeSet<&str> {
            let own = tables.fields.iter().filter(|table| is_wanted(table));
            own.flat_map(|table| &table.rows)
                .flat_map(|row| [row.name.as_str(), first_part(&row.name)])
                .collect()
        };
        let sent = names(|table| {
            matches!(table.role, Role::RequestBody | Role::Parameters)
                && table.section != Section::Response
        });
        let answered = names(|table| table.role == Role::ResponseBody);
        let is_sent = |shown: &Shown| {
            let map = shown.value.as_ref().and_then(Value::as_object);
            shown.is_of_either
                && map.is_some_and(|map| {
                    !map.is_empty()
                        && map.keys().all(|name| sent.contains(name.as_str()))
                        && !map.keys().all(|name| answered.contains(name.as_str()))
                })
        };
        self.decide(is_sent, methods);
        let (own, rest): (Vec<Shown>, Vec<Shown>) =
            self.responses.drain(..).partition(|shown| is_sent(shown));
        self.requests.extend(own);
        self.responses = rest;
        // Where no row describes what is sent, what stands there is all that is known of it; and what
        // rows describe may have a name around it.
        let is_wrapped = |shown: &Shown| {
            let map = shown.value.as_ref().and_then(Value::as_object);
            let mut values = map.into_iter().flat_map(|map| map.values());
            let inner = values.next().and_then(Value::as_object);
            values.next().is_none()
                && inner.is_some_and(|map| map.keys().all(|name| sent.contains(name.as_str())))
        };
        let is_open = |shown: &Shown| {
            shown.is_of_call()
                || shown.origin == Origin::Unknown && !sent.is_empty() && !is_wrapped(shown)
        };
        // Of a body of which no row tells, and no label, what a call sends is all that is known.
        let is_alone = sent.is_empty() && self.requests.iter().all(Shown::is_of_call);
        for shown in std::mem::take(&mut self.requests) {
            let is_whole = shown.value.as_ref().is_some_and(Value::is_object);
            if is_alone && is_whole && shown.is_of_call() && shown.is_own {
                self.requests.push(Shown {
                    origin: Origin::Page,
                    ..shown
                });
                continue;
            }
            let map = shown.value.as_ref().and_then(Value::as_object);
            let mut names = map.into_iter().flat_map(|map| map.keys());
            // What its own call sends has fields that a sentence tells of, beside those of rows.
            let has_rows = names.clone().any(|name| sent.contains(name.as_str()));
            if has_rows && shown.is_of_call() && shown.is_own {
                self.requests.push(shown);
                continue;
            }
            match names.find(|name| is_open(&shown) && !sent.contains(name.as_str())) {
                None => self.requests.push(shown),
                Some(name) if shown.is_of_call() => {
                    let why = format!("a call sends `{name}`, which no row describes");
                    self.passed_over.push((shown.line, why));
                }
                Some(name) => {
                    let why = format!(
                        "its label does not say that it is sent, and no row describes `{name}`"
                    );
                    self.passed_over.push((shown.line, why));
                }
            }
        }
    }
}

/// Takes a table without a label for that of the answer where one thing is read by its path: all that
/// the rows name are fields at the top of the object that an example answers with.
pub(in crate::derive) fn take_for_answers(
    tables: &mut Tables,
    shown: &Examples,
    targets: &[RequestTarget],
) {
    let reads_one = |target: &RequestTarget| {
        matches!(target.method.as_str(), "GET" | "HEAD")
            && target.path.trim_end_matches('/').ends_with('}')
    };
    if targets.is_empty() || !targets.iter().all(reads_one) {
        return;
    }
    let answers: Vec<&Map<String, Value>> = shown
        .responses
        .iter()
        .filter(|own| !own.refusal)
        .filter_map(|own| own.value.as_ref()?.as_object())
        .collect();
    let is_described = tables
        .fields
        .iter()
        .any(|table| table.role == Role::ResponseBody);
    for table in tables.fields.iter_mut().filter(|_| !is_described) {
        let is_open = table.role == Role::Parameters
            && table.section == Section::Operation
            && labels::label(&table.label).is_none();
        let says_nothing = |row: &FieldRow| row.mandatory.is_none() && row.location.is_none();
        let is_sent = |row: &FieldRow| {
            let of_path = |target: &RequestTarget| {
                target.query.contains(&row.name) || path_names(&target.path).contains(&&*row.name)
            };
            targets.iter().any(of_path)
        };
        let has_all = |answer: &&Map<String, Value>| {
            let mut rows = table.rows.iter();
            rows.all(|row| answer.contains_key(&row.name))
        };
        if is_open
            && table.rows.len() > 1
            && table.rows.iter().all(says_nothing)
            && !table.rows.iter().any(is_sent)
            && answers.iter().any(has_all)
        {
            table.role = Role::ResponseBody;
            table.section = Section::Response;
            return;
        }
    }
}

/// Whether two examples have a name in common, at the top or of their items.
fn has_in_common(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => one.keys().any(|key| other.contains_key(key)),
        (Value::Array(one), Value::Array(other)) => match (one.first(), other.first()) {
            (Some(one), Some(other)) => has_in_common(one, other),
            _ => true,
        },
        (Value::Object(_), Value::Array(_)) | (Value::Array(_), Value::Object(_)) => false,
        _ => true,
    }
}

/// The first of the names that lead to a field: `meta` of `meta.total`.
fn first_part(name: &str) -> &str {
    let first = name.split('.').next().unwrap_or(name);
    first.strip_suffix("[]").unwrap_or(first)
}
