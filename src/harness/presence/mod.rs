//! The presence of response fields, judged over the whole run. A table of answers has no Mandatory
//! column, and services leave out what does not apply. What an example shows with a value and no
//! answer has is a finding; what some answers have and others have not, and no other field tells
//! which, is told.

mod forms;

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::check::{Check, Observation, Part, Seen, Subject};
use crate::contract::{
    Facet, Fact, FactId, FieldPath, Identity, Level, Operation, OperationId, Place, Resource,
    Response, Rule, StatusRange, Step, Suite, is_secret, types_of,
};
use crate::exchange::Exchange;
use crate::generate::{Case, Expectation};
use crate::recognise::tells_next;

pub(super) use forms::{Forms, Shown};

use self::forms::{Objects, objects_at, shown_at};
use super::authors::go_without;
use super::coverage_of_answers::Observed;
use super::finding::Finding;
use super::fixture::TrialContext;
use super::run_context::RunContext;
use super::sender::Sender;
use super::trial::{Kind, TrialResult, Verdict};

/// What the answers of a run say of the presence of a field.
enum Judged {
    /// Nothing: no answer had the object that it belongs to, or none could have had the field.
    Untold(Option<String>),
    /// Some answer had it.
    There,
    /// It is as no page says; with the first exchange that showed it.
    Found(Box<(Observation, Option<Box<Finding>>)>),
}

/// How many answers have to come before a header counts as one that is never there.
const ENOUGH: u64 = 2;

/// The fact of an answer that is judged over the whole run: that a field is to be seen, though not
/// in every answer. Its place, field, and the level of a breach.
struct Expected<'o> {
    operation: &'o Operation,
    index: usize,
    rule: Rule,
    status: StatusRange,
    level: Level,
    rows: Vec<Fact>,
    /// Whether it may have no value in all that a run makes.
    may_be_unset: bool,
}

/// What is looked up for each fact, found once for a suite.
#[derive(Debug)]
pub(super) struct Known {
    /// Where each operation stands.
    operations: HashMap<OperationId, usize>,
    /// The last names of the fields that requests of a service need not set.
    unset: HashMap<String, HashSet<String>>,
}

impl Known {
    /// What is known of a suite.
    pub(super) fn of(suite: &Suite) -> Self {
        let mut known = Self {
            operations: HashMap::new(),
            unset: HashMap::new(),
        };
        for (index, operation) in suite.operations.iter().enumerate() {
            known
                .operations
                .entry(operation.operation_id())
                .or_insert(index);
            let unset = known.unset.entry(operation.service.clone()).or_default();
            let fields = operation
                .request_body
                .iter()
                .flat_map(|body| body.schema.fields());
            let optional = fields.filter(|field| !field.required);
            unset.extend(optional.filter_map(|field| field.path.last_name().map(str::to_owned)));
        }
        known
    }

    /// Where an operation stands.
    pub(super) fn index(&self, operation: &OperationId) -> Option<usize> {
        self.operations.get(operation).copied()
    }
}

impl<'o> Expected<'o> {
    fn of(suite: &'o Suite, known: &Known, fact: &FactId) -> Option<Self> {
        let rule = fact.rule().filter(|rule| rule.facet == Facet::Required)?;
        let index = known.index(&fact.operation)?;
        let operation = suite.operations.get(index)?;
        let status = rule.place.answered()?;
        let response = operation
            .responses
            .iter()
            .find(|response| response.status == status)?;
        let is_required = if is_of_header(rule) {
            let name = rule.field.top()?;
            let mut headers = response.headers.iter();
            headers.find(|header| header.name == name)?.required
        } else {
            response.schema.as_ref()?.field(&rule.field)?.required
        };
        if is_required {
            // Every answer is held to it.
            return None;
        }
        let documented = operation.documented(rule)?;
        let may_be_unset = !is_of_header(rule)
            && may_be_unset(known, operation, rule, response)
            && !is_always_set(suite, index, rule, response);
        Some(Self {
            may_be_unset,
            operation,
            index,
            rule: rule.clone(),
            status,
            level: documented.level(),
            rows: documented.rows.clone(),
        })
    }

    fn judge(&self, sender: &Sender) -> Judged {
        let forms = &sender.forms;
        if is_of_header(&self.rule) {
            return self.judge_header(forms);
        }
        let (Some(at), Some(name)) = (holder(&self.rule.field), self.rule.field.last_name()) else {
            return Judged::Untold(None);
        };
        let Some(objects) = forms.objects(self.index, self.status, &at) else {
            return Judged::Untold(None);
        };
        let Some(field) = objects.number(name) else {
            return Judged::Untold(None);
        };
        if objects.there(field) > 0 {
            let is_odd = self.level > Level::May && objects.is_unexplained(field);
            return if is_odd {
                self.found(objects, Seen::Sometimes, Level::May)
            } else {
                Judged::There
            };
        }
        if objects.held == 0 {
            return Judged::Untold(None);
        }
        let untold = || {
            Judged::Untold(Some(format!(
                "no {} had `{}`",
                self.status, self.rule.field
            )))
        };
        // Perhaps no page came after one.
        let is_last = self.status.class() == Some(2) && tells_next(name);
        // What no request had there is no answer's to show.
        let is_unset = self.may_be_unset
            && (self.level < Level::Must || go_without(sender, &self.operation.service, name));
        let has_sibling = (0..objects.names.len()).any(|other| objects.there(other) > 0);
        let is_of_error = self.status.class() == Some(4) && at.is_root();
        // An error that has nothing of what is described is of another shape, and not empty.
        let is_unset = is_unset && (has_sibling || !is_of_error);
        let is_left_out = is_left_out(self.operation, self.status, &at, name);
        if self.level == Level::May || is_unset || is_last || is_left_out {
            return untold();
        }
        let examples = shown_at(self.operation, self.status, &at);
        let mut shown = examples.iter().filter(|object| object.contains_key(name));
        if let Some((other, value)) = shown.find_map(|object| objects.lacking(object, field)) {
            return Judged::Untold(Some(format!(
                "no {} had `{}`, which the example shows beside `{other}` {value}: none had that",
                self.status, self.rule.field
            )));
        }
        // A row alone may stand for a field of another object, but for one of an error's.
        let level = if self.level == Level::Must || has_sibling || is_of_error {
            self.level
        } else {
            Level::May
        };
        self.found(objects, Seen::NeverThere, level)
    }

    /// A header that a row describes without a condition is there in some answer.
    fn judge_header(&self, forms: &Forms) -> Judged {
        let objects = forms.headers(self.index, self.status);
        let field = |objects: &Objects| objects.number(self.rule.field.top().unwrap_or_default());
        let known = objects.and_then(|objects| field(&objects).map(|field| (objects, field)));
        match known {
            Some((objects, field)) if objects.there(field) > 0 => Judged::There,
            Some((objects, _)) if objects.held >= ENOUGH && self.level > Level::May => {
                self.found(objects, Seen::NeverThere, self.level)
            }
            Some(_) | None => Judged::Untold(None),
        }
    }

    fn found(&self, objects: Objects, seen: Seen, level: Level) -> Judged {
        let field = &self.rule.field;
        let message = if seen == Seen::NeverThere {
            format!(
                "`{field}` is never there: no {} of the whole run has it",
                self.status
            )
        } else {
            format!("`{field}` is there in some answers and not in others, and nothing tells when")
        };
        let is_header = is_of_header(&self.rule);
        let observation = Observation {
            check: if is_header {
                Check::Headers
            } else {
                Check::Schema
            },
            fact: self.operation.fact_id(self.rule.clone()),
            seen,
            level,
            message,
            documented: if level == Level::Must {
                "the example shows it with a value".to_owned()
            } else {
                "a row describes it".to_owned()
            },
            rows: self.rows.clone(),
            at: Some(if is_header {
                Part::Header(field.to_string().to_lowercase())
            } else {
                Part::Body(field.to_pointer())
            }),
        };
        Judged::Found(Box::new((observation, objects.shown_by)))
    }
}

/// Whether one of the whole examples of an answer has a field at a place, and another has not: then an
/// answer may go without it.
fn is_left_out(operation: &Operation, status: StatusRange, at: &FieldPath, name: &str) -> bool {
    let responses = operation.responses.iter();
    let examples = responses
        .filter(|response| response.status == status)
        .flat_map(|response| &response.examples);
    let has_it = |example| {
        let mut objects = objects_at(example, at).into_iter();
        objects.any(|object| object.contains_key(name))
    };
    let (with, without): (Vec<_>, Vec<_>) = examples.partition(|example| has_it(example));
    !with.is_empty() && !without.is_empty()
}

/// Whether a field may have no value in all that a run makes, and be left out for that: a list or an
/// object, which may be empty, or what a request need not set.
fn may_be_unset(known: &Known, operation: &Operation, rule: &Rule, response: &Response) -> bool {
    let field = response.schema.as_ref();
    let Some(field) = field.and_then(|schema| schema.field(&rule.field)) else {
        return false;
    };
    let types = types_of(field.node);
    let is_unset = |name: &str| {
        let unset = known.unset.get(&operation.service);
        unset.is_some_and(|names| names.contains(name))
    };
    types.contains(&"array")
        || types.contains(&"object")
        || rule.field.last_name().is_some_and(is_unset)
}

/// Whether all that an operation shows has a value of a field: the create of it needs one, or sets
/// it where none is sent. A change that may leave it out does not take it away.
fn is_always_set(suite: &Suite, index: usize, rule: &Rule, response: &Response) -> bool {
    let (Some(at), Some(name)) = (holder(&rule.field), rule.field.last_name()) else {
        return false;
    };
    if is_secret(&rule.field) {
        return false;
    }
    suite.resources.iter().any(|resource| {
        let Some(create) = &resource.create else {
            return false;
        };
        let body = suite.operations.get(create.operation);
        let body = body.and_then(|own| own.request_body.as_ref());
        let is_set = body.is_some_and(|body| {
            let mut fields = body.schema.record();
            fields.any(|own| {
                let default = own.node.get(Facet::Default.as_str());
                let is_set = own.required || default.is_some_and(|value| !value.is_null());
                is_set && own.path.last_name() == Some(name)
            })
        });
        is_set && is_record(resource, index, &at, response)
    })
}

/// Whether what stands at a place of an answer is the resource itself, and no part of it: an item of
/// its list, or the object that has its id.
fn is_record(resource: &Resource, index: usize, at: &FieldPath, response: &Response) -> bool {
    if let Some(list) = resource
        .list
        .as_ref()
        .filter(|list| list.operation == index)
    {
        return list.items.item() == *at;
    }
    let create = resource.create.as_ref();
    let own = [
        create.map(|create| create.operation),
        resource.show,
        resource.replace,
        resource.change,
    ];
    let identity = create.and_then(|create| match &create.identity {
        Identity::Answered(path) | Identity::Sent(path) => path.last_name(),
        Identity::Chosen | Identity::Located => None,
    });
    let id = identity.or_else(|| resource.list.as_ref().map(|list| list.id.as_str()));
    let (true, Some(id), Some(schema)) = (own.contains(&Some(index)), id, &response.schema) else {
        return false;
    };
    // Around the whole there may be one object; of several, nobody knows which it is.
    let holders: Vec<FieldPath> = schema
        .fields()
        .filter(|field| field.path.last_name() == Some(id) && field.path.steps().len() < 3)
        .filter(|field| !field.path.has_item() && !field.path.has_entry())
        .filter_map(|field| holder(field.path))
        .collect();
    match holders.as_slice() {
        [only] => only == at,
        several => at.is_root() && several.contains(at),
    }
}

/// Whether a rule is about a header of an answer.
fn is_of_header(rule: &Rule) -> bool {
    matches!(rule.place, Place::ResponseHeader(_))
}

/// The object that a field belongs to; none of what is an item or an entry.
fn holder(field: &FieldPath) -> Option<FieldPath> {
    matches!(field.steps().last(), Some(Step::Name(_)))
        .then(|| field.parent())
        .flatten()
}

/// Records an answer that every check has looked at.
pub(super) fn record(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    exchange: &Exchange,
    body: Option<&Value>,
) {
    let Ok(answer) = &exchange.outcome else {
        return;
    };
    // What answers at another path is not the operation.
    if case.expectation == Expectation::UndocumentedPath {
        return;
    }
    let Some(response) = operation
        .response(answer.status)
        .filter(|_| case.request.method == operation.method)
    else {
        return;
    };
    let tell = || {
        let subject = Subject {
            fact: operation.fact_id(Rule::of_place(
                Place::Response(response.status),
                Facet::Required,
            )),
            rows: Vec::new(),
            level: Level::May,
            documented: String::new(),
        };
        let seen = Observation::about(&subject, Check::Schema, Seen::NeverThere, String::new());
        context.finding(seen, case, exchange)
    };
    let index = context.sender.index_of(operation);
    let is_held = case.expectation.tells_presence(answer.status);
    let forms = &context.sender.forms;
    if !response.headers.is_empty() {
        let names = response.headers.iter().map(|header| header.name.as_str());
        let is_there = |name: &str| answer.header(&name.to_lowercase()).is_some();
        let headers: Vec<(&str, bool)> = names.map(|name| (name, is_there(name))).collect();
        forms.record_headers(index, response.status, &headers, is_held, tell);
    }
    let (Some(schema), Some(body)) = (response.schema.as_deref(), body) else {
        return;
    };
    let shown = Shown {
        status: response.status,
        schema,
        body,
        is_held,
    };
    forms.record(index, &shown, tell);
}

/// What the answers so far say against a field that an example shows, for the trial that is about
/// it: later answers may have it.
pub(super) fn so_far(context: &RunContext, fact: &FactId) -> Option<Observation> {
    let expected = Expected::of(&context.sender.suite, context.known(), fact)?;
    match expected.judge(&context.sender) {
        Judged::Found(found) if found.0.seen == Seen::NeverThere => Some(found.0),
        Judged::Found(_) | Judged::There | Judged::Untold(_) => None,
    }
}

/// Judges what the answers of the whole run had, and lets the trials that are about it say so.
pub(super) fn settle(context: &RunContext, results: &mut [TrialResult]) {
    for result in results.iter_mut().filter(|one| one.kind == Kind::Answers) {
        let Some(expected) = Expected::of(&context.sender.suite, context.known(), &result.fact)
        else {
            continue;
        };
        let own = take_back(result);
        match expected.judge(&context.sender) {
            Judged::There => {}
            Judged::Untold(reason) => {
                if let Some(reason) = reason.filter(|_| result.verdict == Verdict::Passed) {
                    result.verdict = Verdict::Skipped;
                    result.reason = Some(context.sender.redactor.redact(&reason));
                }
            }
            Judged::Found(found) => {
                let (observation, shown_by) = *found;
                let shown_by = own.or(shown_by.map(|finding| *finding));
                result
                    .findings
                    .extend(shown_by.map(|finding| finding.saying(observation)));
            }
        }
        context.options.known_findings.mark(&mut result.findings);
        if context.verdict(&result.findings) == Verdict::Failed {
            result.verdict = Verdict::Failed;
            result.reason = None;
        } else if result.verdict == Verdict::Passed
            && let Some(known) = result.findings.iter().find_map(|one| one.known.as_ref())
        {
            result.verdict = Verdict::Known;
            result.reason = Some(known.to_string());
        }
    }
}

/// Takes back what the answers of one part of a run said against a field that those of another part
/// have.
pub fn take_back_what_was_seen(observed: &Observed, results: &mut [TrialResult]) {
    for result in results.iter_mut().filter(|one| one.kind == Kind::Answers) {
        let was_seen = result.fact.rule().is_some_and(|rule| {
            let seen = observed.seen(&result.fact.operation, &rule.row());
            seen.values + seen.nulls > 0
        });
        if was_seen {
            take_back(result);
        }
    }
}

/// Takes back that a field was never there; gives the finding that said it.
fn take_back(result: &mut TrialResult) -> Option<Finding> {
    let is_of_run = |finding: &Finding| finding.fingerprint == Seen::NeverThere;
    let at = result.findings.iter().position(is_of_run)?;
    let finding = result.findings.remove(at);
    // A trial of this kind fails for nothing else but what it is about.
    if result.findings.is_empty() {
        result.verdict = Verdict::Passed;
        result.reason = None;
    }
    Some(finding)
}

/// What one answer says against a field that no answer of an earlier run had: none of its objects
/// has it either.
pub(super) fn again(
    finding: &Finding,
    operation: &Operation,
    exchange: &Exchange,
) -> Option<Observation> {
    let answer = exchange.outcome.as_ref().ok()?;
    let rule = finding.fact.rule()?;
    let is_its = operation
        .response(answer.status)
        .is_some_and(|response| Place::Response(response.status) == rule.place);
    let body = answer.body.value()?;
    let (at, name) = (holder(&rule.field)?, rule.field.last_name()?);
    let objects = forms::objects_at(body, &at);
    let lacks =
        is_its && !objects.is_empty() && objects.iter().all(|object| !object.contains_key(name));
    lacks.then(|| Observation {
        check: finding.check,
        fact: finding.fact.clone(),
        seen: Seen::NeverThere,
        level: finding.level,
        message: format!("`{}` is not there", rule.field),
        documented: finding.documented.clone(),
        rows: finding.rows.clone(),
        at: finding.at.clone(),
    })
}
