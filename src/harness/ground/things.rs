//! Why a documented refusal may well be about the thing that a request names, and not about the
//! request: it is not there yet, it was made by what nobody spells out, it is of another kind, or in
//! another state.

use serde_json::Value;

use super::advice;
use crate::check::Subject;
use crate::contract::{
    FieldPath, Location, Operation, Parameter, Place, Resource, Rule, Suite, changes_by_verb,
    enum_values, parameters_of_path, words,
};
use crate::exchange::Exchange;
use crate::generate::{Borrowed, Case, Footing, footing, is_bound};
use crate::harness::fixture::TrialContext;
use crate::harness::refusal::{wants_another_beside, wants_another_first};
use crate::harness::sender::Sender;

/// Why a documented refusal says that what a valid request is about is not there, or another's, if it
/// may well be so: nothing was put there yet, or the request says that it is of another than who
/// made it.
pub(super) fn why_not_there(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    base: &Case,
    status: u16,
) -> Option<String> {
    let suite = &context.sender.suite;
    // A source that lists no refusal at all leaves this one out with the others.
    let lists_none = || !operation.documents_class(4);
    if status == 404
        && (operation.names(404) || lists_none())
        && let Some(other) = put_there_by(suite, operation)
    {
        return Some(format!(
            "answered 404: perhaps there is nothing before {} puts it there",
            other.id
        ));
    }
    if !operation.names(status) {
        return None;
    }
    // A resource is made as the documented request of its create says.
    let differs = |parameter: &&Parameter| {
        let (place, field) = (parameter.location.place(), FieldPath::name(&parameter.name));
        parameter.location != Location::Path
            && base.request.get(place, &field) != case.request.get(place, &field)
    };
    let makes_under = |parameter: &&Parameter| {
        let mut keys = case.request.borrowed.iter().map(|one| &one.key);
        keys.any(|key| {
            let mut resources = suite.resources.iter();
            let resource = resources.find(|resource| resource.key == *key);
            let create = resource.and_then(|resource| resource.create.as_ref());
            let create = create.and_then(|create| suite.operations.get(create.operation));
            create.is_some_and(|create| {
                let mut own = create.parameters_in(parameter.location);
                own.any(|own| own.name.eq_ignore_ascii_case(&parameter.name))
            })
        })
    };
    let mut parameters = operation.parameters.iter().filter(differs);
    let another = parameters
        .find(makes_under)
        .filter(|_| matches!(status, 403 | 404))?;
    Some(format!(
        "answered {status}, which is documented: it was made with another `{}`",
        another.name
    ))
}

/// Why a 404 says nothing of what reads or takes away, where its path names a thing that the run made
/// and one that was given: nobody has brought the two together, unless the run made its own within
/// the other.
pub(super) fn why_unrelated(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    status: u16,
) -> Option<String> {
    if status != 404 || operation.writes() && operation.method != "DELETE" {
        return None;
    }
    let suite = &context.sender.suite;
    let bindings = suite.bindings(operation);
    let made: Vec<&str> = case
        .request
        .borrowed
        .iter()
        .map(|one| one.key.as_str())
        .collect();
    let is_within = |made: &str, given: &str| {
        let mut resources = suite.resources.iter();
        let create = resources.find(|own| own.key == made)?.create.as_ref()?;
        let create = suite.operations.get(create.operation)?;
        let mut keys = suite.bindings(create).into_values();
        Some(keys.any(|key| key == given))
    };
    let mut named = parameters_of_path(operation)
        .into_iter()
        .filter_map(|name| bindings.get(&format!("path.{name}")));
    let given = named.find(|key| {
        let key = key.as_str();
        !made.contains(&key)
            && !made.is_empty()
            && made.iter().all(|made| is_within(made, key) == Some(false))
    })?;
    Some(format!(
        "answered 404: what the run made, and `{given}`, which was given, have nothing to do with \
         each other"
    ))
}

/// The `PUT` without which there may be nothing that an operation shows or takes away: below what
/// its path names, and neither made by the run before nor what a change is sent to: that of what
/// something else makes. What a `POST` to a path that ends in no id makes
/// is one of a list, which is there without any.
fn put_there_by<'s>(suite: &'s Suite, operation: &Operation) -> Option<&'s Operation> {
    let is_made = |put: usize| {
        let is_item = |own: &Resource| own.replace == Some(put) && own.create.is_some();
        let mut resources = suite.resources.iter();
        resources.any(|own| own.is_chosen_by(put) || is_item(own))
    };
    let path = operation.path.trim_end_matches('/');
    let takes = |put: &Operation| match operation.method.as_str() {
        "GET" => true,
        // An id at the end names something that is elsewhere too: a role that a user is given. So
        // does a `PUT` that sends nothing, whatever it ends in.
        "HEAD" | "DELETE" => path.ends_with('}') || put.request_body.is_none(),
        _ => false,
    };
    let mut operations = suite.operations.iter().enumerate();
    let (_, put) = operations.find(|(index, other)| {
        other.method == "PUT"
            && other.service == operation.service
            && other.path == operation.path
            && !is_made(*index)
    })?;
    (path.contains('}') && takes(put)).then_some(put)
}

/// Why a documented refusal of what acts on a resource says nothing: the run made that one by a
/// request that nobody spells out, and not every kind of one can be acted on.
pub(super) fn why_of_what_was_made(
    sender: &Sender,
    operation: &Operation,
    case: &Case,
    status: u16,
) -> Option<String> {
    let (suite, index) = (&sender.suite, sender.index_of(operation));
    // What acts on a thing acts on the innermost that its path names.
    let innermost = parameters_of_path(operation).pop().map(FieldPath::name);
    let is_in_path = |one: &Borrowed| one.row.place == Place::Path;
    let is_acted_on =
        |one: &&Borrowed| !is_in_path(one) || innermost.as_ref() == Some(&one.row.field);
    let mut acted_on = case.request.borrowed.iter().filter(is_acted_on);
    acted_on.find_map(|one| {
        let mut resources = suite.resources.iter();
        let is_its_own = |own: &Resource| {
            let each = [own.show, own.replace, own.change, own.delete];
            each.contains(&Some(index))
        };
        let resource = resources.find(|own| own.key == one.key && !is_its_own(own))?;
        let made_by = resource.create.as_ref()?.operation;
        let create = suite.operations.get(made_by)?;
        let base = sender.samples.documented(made_by)?;
        let row = match footing(create, &suite.bindings(create), &base.request) {
            Footing::MadeUp(row) | Footing::Silent(row) => row,
            Footing::Firm | Footing::Written(_) | Footing::Authors(_) => return None,
        };
        Some(format!(
            "answered {status}, which is documented: what `{}` names was made by {}, and nobody \
             spells out what `{row}` of that is; {}",
            one.key,
            create.id,
            advice(create, &row)
        ))
    })
}

/// Why a documented refusal says nothing where a read of one thing asks for a kind of which that may
/// not be: the answer has the parameter as a field of its own, with that value listed.
pub(super) fn why_of_another_kind(
    operation: &Operation,
    case: &Case,
    base: &Case,
    status: u16,
) -> Option<String> {
    let is_of_one = operation.path.trim_end_matches('/').ends_with('}');
    if operation.method != "GET" || !is_of_one || !operation.names(status) {
        return None;
    }
    let answer = operation.answer()?;
    let mut queries = operation.parameters_in(Location::Query);
    let asked = queries.find(|parameter| {
        let field = FieldPath::name(&parameter.name);
        let value = case.request.get(Place::Query, &field);
        let listed = || {
            let shown = answer.field(&field);
            shown.map_or_else(Vec::new, |shown| enum_values(shown.node))
        };
        value.is_some_and(|value| {
            base.request.get(Place::Query, &field).as_ref() != Some(&value)
                && listed().contains(&value)
        })
    })?;
    Some(format!(
        "answered {status}, which is documented: what is asked for may be of another `{}`",
        asked.name
    ))
}

/// Words by which an operation says that it undoes what another has done.
const UNDOING: [&str; 16] = [
    "restore",
    "undelete",
    "unarchive",
    "undo",
    "revert",
    "recover",
    "resume",
    "reopen",
    "reactivate",
    "unlock",
    "unblock",
    "unban",
    "unsuspend",
    "unpause",
    "unfreeze",
    "unpublish",
];

/// The word by which an operation says that it undoes what another has done.
pub(in crate::harness) fn undoes(operation: &Operation) -> Option<String> {
    let last = operation.path.trim_end_matches('/').rsplit('/').next()?;
    let mut said = words(last).into_iter();
    said.find(|word| UNDOING.contains(&word.as_str()))
}

/// Why a refusal says that there is nothing to do, if it may well be so: what an operation undoes has
/// not been done to what was just made, or a change names nothing that is to be changed.
pub(super) fn why_not_now(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    exchange: &Exchange,
) -> Option<String> {
    let status = exchange.outcome.as_ref().ok()?.status;
    if operation.writes()
        && let Some(said) = wants_another_first(operation, exchange)
    {
        let said = context.sender.redactor.redact(&said);
        return Some(format!(
            "refused ({status}): something else has to be done first, as the answer says: `{said}`"
        ));
    }
    if let Some(said) = wants_another_beside(operation, case, exchange) {
        let said = context.sender.redactor.redact(&said);
        return Some(format!(
            "refused ({status}): it needs something beside what was sent, as the answer says: `{said}`"
        ));
    }
    if operation.writes()
        && status == 403
        && operation.names(403)
        && let Some(field) = protected_by(context, case)
    {
        return Some(format!(
            "refused (403), which is documented: what it is about was made with `{field}` true, as the \
             example of its create has it"
        ));
    }
    if !operation.writes() || !matches!(status, 400 | 404 | 409 | 410 | 412 | 422) {
        return None;
    }
    if let Some(word) = undoes(operation) {
        return Some(format!(
            "refused ({status}): what `{word}` undoes was not done before"
        ));
    }
    if status == 409 && operation.names(409) && is_bare_act(context, operation, case) {
        return Some(format!(
            "refused ({status}): it may be done in another state than that of what was made for it"
        ));
    }
    let bindings = context.sender.suite.bindings(operation);
    let sent = case.request.body.value().filter(|body| body.is_object())?;
    let names = |field: &FieldPath| is_bound(&bindings, Place::Request, field);
    let changes = operation.method == "PATCH" || changes_by_verb(operation);
    let says_nothing = changes && says_nothing(sent, &FieldPath::root(), &names);
    says_nothing.then(|| format!("refused ({status}): it says nothing that is to be changed"))
}

/// The field by which the example of a create has what it makes protected, of what the run made for a
/// request.
fn protected_by(context: &TrialContext, case: &Case) -> Option<String> {
    const WORDS: [&str; 8] = [
        "protected",
        "protection",
        "protect",
        "locked",
        "lock",
        "readonly",
        "immutable",
        "frozen",
    ];
    let sender = &context.sender;
    let protects = |name: &str| {
        let own = words(name);
        own.iter().any(|word| WORDS.contains(&word.as_str())) || own.concat() == "readonly"
    };
    case.request.borrowed.iter().find_map(|one| {
        let mut resources = sender.suite.resources.iter();
        let resource = resources.find(|own| own.key == one.key)?;
        let base = sender
            .samples
            .documented(resource.create.as_ref()?.operation)?;
        let mut sent = base.request.body.value()?.as_object()?.iter();
        let found = sent.find(|(name, value)| **value == Value::Bool(true) && protects(name));
        found.map(|(name, _)| name.clone())
    })
}

/// Whether a value says nothing but what it is about: its objects have no other fields.
fn says_nothing(value: &Value, at: &FieldPath, names: &dyn Fn(&FieldPath) -> bool) -> bool {
    let Value::Object(map) = value else {
        return false;
    };
    map.iter().all(|(name, value)| {
        let field = at.child(name.as_str());
        names(&field) || says_nothing(value, &field, names)
    })
}

/// Whether a request does something with a thing, and sends nothing that could be wrong.
fn is_bare_act(context: &TrialContext, operation: &Operation, case: &Case) -> bool {
    let index = context.sender.index_of(operation);
    let resources = context.sender.suite.resources.iter();
    let mut acts = resources.flat_map(|own| &own.acts);
    let is_empty = |body: &Value| body.as_object().is_some_and(serde_json::Map::is_empty);
    acts.any(|act| *act == index) && case.request.body.value().is_none_or(is_empty)
}

/// Whether what a trial is about may say what is done with a thing: not every kind of one takes every
/// act. Where a plain request is taken, what reads, changes or removes a thing is for its kind.
pub(super) fn says_what_is_done(operation: &Operation, subject: &Subject) -> bool {
    let is_of_body = |rule: &Rule| rule.place == Place::Request;
    operation.method == "POST" && subject.fact.rule().is_none_or(is_of_body)
}
