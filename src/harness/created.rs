//! What a run created: the ids that answers to writes tell, so that a person can find and remove
//! what was left behind.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{Identity, Operation, Place, Resource, parameters_of_path, self_link};
use crate::exchange::Exchange;
use crate::generate::{Request, text_of};

/// A resource that a run created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Created {
    /// The operation (`dcs::CopyInstance`).
    pub operation: String,
    /// The field of the answer that names it (`backup.id`).
    pub field: String,
    /// Its id.
    pub id: String,
    /// Whether a documented delete removed it again, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed: Option<bool>,
    /// Where it was made: what is removed takes all that was made below it along.
    #[serde(skip)]
    pub(crate) place: String,
}

/// How something that was created is removed.
#[derive(Debug)]
pub(super) struct Leftover {
    /// Its place among what was created.
    pub(super) created: usize,
    /// The delete, as a place among the suite's operations.
    pub(super) delete: usize,
    /// The request that removes it.
    pub(super) request: Request,
    /// Which trial it was made for.
    pub(super) scope: u64,
    /// Whether it was only promised (202), and nobody has seen it yet: that it is not there now does
    /// not say that it never will be.
    pub(super) is_promised: bool,
}

/// Whether the success of a create has made something: where its page names both 200 and 201, a 200
/// tells of what was there already.
pub(super) fn has_made(create: &Operation, status: u16) -> bool {
    let was_there = status == 200 && create.names(200) && create.names(201);
    (200..300).contains(&status) && !was_there
}

/// The id of what an exchange has made: as the answer tells it, or as the request said.
pub(super) fn id_of(identity: &Identity, parameter: &str, exchange: &Exchange) -> Option<Value> {
    let answer = exchange.outcome.as_ref().ok()?;
    let id = match identity {
        Identity::Answered(path) => answer.body.at(&path.to_pointer())?.clone(),
        Identity::Sent(field) => {
            // What the answer says is surer than the request, which may be no plain JSON.
            let told = answer.body.at(&field.to_pointer()).cloned();
            let sent = || {
                let bytes = exchange.request.body_bytes()?;
                let body: Value = serde_json::from_slice(bytes.trim_ascii_end()).ok()?;
                body.pointer(&field.to_pointer()).cloned()
            };
            told.filter(|id| id.is_string() || id.is_number())
                .or_else(|| exchange.request.get(Place::Request, field))
                .or_else(sent)?
        }
        Identity::Chosen => Value::from(exchange.request.path.get(parameter)?.as_str()),
        Identity::Located => {
            let end_of = |address: &str| {
                let path = address.split(['?', '#']).next()?.trim_end_matches('/');
                Some(Value::from(path.rsplit('/').next()?))
            };
            let located = || {
                let mut headers = answer.headers.iter();
                let (_, location) = headers.find(|(name, _)| name == "location")?;
                // What stands there under a query is not there without it.
                end_of(location).filter(|_| !location.contains('?'))
            };
            let linked = || end_of(answer.body.at(&self_link().to_pointer())?.as_str()?);
            let told = || {
                let sent = exchange.request.body_bytes()?;
                let sent: Value = serde_json::from_slice(sent.trim_ascii_end()).ok()?;
                // What is only promised answers with the id of its job.
                let told = told_id(answer.body.value()?, &sent, parameter);
                told.filter(|_| answer.status != 202)
            };
            located().or_else(linked).or_else(told)?
        }
    };
    // What the run itself has named is known by that, however long it is.
    let most = match identity {
        Identity::Sent(_) | Identity::Chosen => LONGEST_SENT,
        Identity::Answered(_) | Identity::Located => LONGEST,
    };
    // A path with nothing in the place of the id, or with a step upwards, names something else.
    let is_id = match &id {
        Value::String(text) => !matches!(text.as_str(), "" | "." | "..") && text.len() <= most,
        Value::Number(_) => true,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    };
    is_id.then_some(id)
}

/// The field and the id of what a create has made, where its answer has no field that is an id: as
/// the resource is known by, where the answer says that it stands, or where a `PUT` has put it.
pub(super) fn told_otherwise(
    resource: Option<&Resource>,
    operation: &Operation,
    exchange: &Exchange,
) -> Option<(String, String)> {
    let known = || {
        let resource = resource?;
        let identity = &resource.create.as_ref()?.identity;
        let id = id_of(identity, &resource.parameter, exchange)?;
        let field = match identity {
            Identity::Answered(path) | Identity::Sent(path) => path.to_string(),
            Identity::Chosen | Identity::Located => resource.parameter.clone(),
        };
        Some((field, text_of(&id)))
    };
    let located = || {
        let id = id_of(&Identity::Located, "", exchange)?;
        Some(("Location".to_owned(), text_of(&id)))
    };
    let put = || {
        let last = parameters_of_path(operation).pop()?;
        let is_last = operation.path.trim_end_matches('/').ends_with('}');
        let id = exchange.request.path.get(last)?;
        (operation.method == "PUT" && is_last).then(|| (last.to_owned(), id.clone()))
    };
    known().or_else(located).or_else(put)
}

/// The most ids that are kept of one answer, and the longest: what is more or longer than that
/// names no resource.
const MOST: usize = 16;
const LONGEST: usize = 2_048;

/// The longest that the run gives itself, which a path still holds.
const LONGEST_SENT: usize = 7_000;

/// What is done rather than made: ids of these leave nothing behind, unless it is what the
/// operation is named after.
const DOINGS: [&str; 6] = ["job", "task", "request", "order", "trace", "operation"];

/// The ids that a write's answer tells: texts of fields named `id` or `..._id` that the request did
/// not have, and the number that a `POST` answers as the `id` of the whole, or of what is in it.
pub(super) fn created(operation: &str, request: &Request, answer: &[u8]) -> Vec<Created> {
    let Ok(answer) = serde_json::from_slice::<Value>(answer) else {
        return Vec::new();
    };
    let mut sent: Vec<String> = request.path.values().cloned().collect();
    if let Some(body) = request.body.value() {
        texts(body, &mut sent);
    }
    let mut found = Vec::new();
    if request.method == "POST"
        && let Some((field, id)) = number(&answer)
        && !sent.contains(&id)
        && !is_done(operation, &field)
    {
        found.push(Created {
            operation: operation.to_owned(),
            field,
            id,
            removed: None,
            place: request.target(),
        });
    }
    ids(&answer, "", &mut |field, id| {
        if is_doing(operation, field) {
            return;
        }
        let is_kept = found.len() < MOST && id.len() <= LONGEST && !id.is_empty();
        if is_kept && !sent.iter().any(|known| known == id) {
            found.push(Created {
                operation: operation.to_owned(),
                field: field.to_owned(),
                id: id.to_owned(),
                removed: None,
                place: request.target(),
            });
        }
    });
    found
}

/// The id that the answer to a create tells by itself, where no source describes that answer: that
/// of the whole, or of the one object in it. It is what was made only where it has a value that the
/// request gave it: an owner or a job has an id too, and is not to be removed.
fn told_id(answer: &Value, sent: &Value, parameter: &str) -> Option<Value> {
    let is_made = |told: &Value| {
        sent.as_object()?.iter().find(|(name, value)| {
            let is_telling = matches!(value, Value::String(_) | Value::Number(_));
            is_telling && told.get(name) == Some(*value)
        })
    };
    let id = |told: &Value| {
        is_made(told)?;
        [parameter, "id"]
            .iter()
            .find_map(|name| told.get(name))
            .cloned()
    };
    id(answer).or_else(|| {
        let mut inner = answer.as_object()?.values();
        id(inner.next().filter(|_| inner.next().is_none())?)
    })
}

/// The number that is the `id` of an answer: of an object around another, that of the other.
fn number(answer: &Value) -> Option<(String, String)> {
    let id = |map: &Value| match map.get("id") {
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    let own = |answer: &Value| id(answer).map(|id| ("id".to_owned(), id));
    let inner = || {
        let mut objects = answer.as_object()?.iter();
        let (name, inner) = objects.next().filter(|_| objects.next().is_none())?;
        id(inner).map(|id| (format!("{name}.id"), id))
    };
    own(answer).or_else(inner)
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(map) => map.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

/// Whether a field names something done: `job_id`, but not where a `CreateJob` tells it.
fn is_doing(operation: &str, field: &str) -> bool {
    let name = field.rsplit('.').next().unwrap_or_default();
    let noun = name.strip_suffix("_id").unwrap_or_default();
    DOINGS.contains(&noun) && !operation.to_ascii_lowercase().contains(noun)
}

/// The same of an `id` within an object: that object is what it is the id of.
fn is_done(operation: &str, field: &str) -> bool {
    let object = field.rsplit('.').nth(1).unwrap_or_default();
    DOINGS.contains(&object) && !operation.to_ascii_lowercase().contains(object)
}

fn ids(value: &Value, path: &str, found: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                match value {
                    Value::String(id) if name == "id" || name.ends_with("_id") => found(&path, id),
                    _ => ids(value, &path, found),
                }
            }
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| ids(value, &format!("{path}[]"), found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use rstest::rstest;

    use super::*;
    use crate::contract::{StatusRange, Suite};
    use crate::generate::Body;
    use crate::generate::Credential;

    #[test]
    fn only_what_the_request_did_not_have_is_created() {
        let request = Request {
            method: "POST".to_owned(),
            template: "/{project_id}/backups".to_owned(),
            path: BTreeMap::from([("project_id".to_owned(), "p".to_owned())]),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Body::Json(json!({ "instance_id": "i" })),
            content_type: None,
            credential: Credential::Given,
            credential_of: None,
            borrowed: std::sync::Arc::default(),
            given: std::sync::Arc::default(),
            lists: std::sync::Arc::default(),
        };
        let answer = json!({ "backup": { "id": "b", "instance_id": "i" }, "project_id": "p", "job_id": "j", "valid": "v" });
        let found: Vec<(String, String)> = created("s::O", &request, answer.to_string().as_bytes())
            .into_iter()
            .map(|created| (created.field, created.id))
            .collect();
        assert_eq!(found, [("backup.id".to_owned(), "b".to_owned())]);
        let of_a_job = created("s::CreateJob", &request, answer.to_string().as_bytes());
        assert!(of_a_job.iter().any(|created| created.field == "job_id"));
    }

    #[rstest]
    #[case::whole(json!({ "id": 7, "text": "t" }), Some(json!(7)))]
    #[case::wrapped(json!({ "note": { "id": 8, "text": "t" } }), Some(json!(8)))]
    #[case::of_another(json!({ "owner": { "id": 3, "name": "n" } }), None)]
    #[case::of_a_job(json!({ "id": "3", "state": "queued" }), None)]
    #[case::beside_another_text(json!({ "id": 3, "text": "u" }), None)]
    fn an_untold_id_is_that_of_what_was_sent(
        #[case] answer: Value,
        #[case] expected: Option<Value>,
    ) {
        let sent = json!({ "text": "t" });
        let told = told_id(&answer, &sent, "note_id");
        assert_eq!(told, expected);
    }

    #[rstest]
    #[case(json!({ "id": 7, "owner": { "id": 3 } }), &[("id", "7")])]
    #[case(json!({ "note": { "id": 8, "text": "t" } }), &[("note.id", "8")])]
    #[case(json!({ "id": 5 }), &[])]
    #[case(json!({ "job": { "id": 8 } }), &[])]
    #[case(json!({ "text": "t", "owner": { "id": 3 } }), &[])]
    fn a_number_is_an_id_too(#[case] answer: Value, #[case] expected: &[(&str, &str)]) {
        let request = Request {
            method: "POST".to_owned(),
            template: "/boards/{board}/notes".to_owned(),
            path: BTreeMap::from([("board".to_owned(), "5".to_owned())]),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Body::Json(json!({ "text": "t" })),
            content_type: None,
            credential: Credential::Given,
            credential_of: None,
            borrowed: std::sync::Arc::default(),
            given: std::sync::Arc::default(),
            lists: std::sync::Arc::default(),
        };
        let found = created("s::AddNote", &request, answer.to_string().as_bytes());
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|one| (one.field.as_str(), one.id.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case::made(&[StatusRange::Code(200)], 200, true)]
    #[case::was_there(&[StatusRange::Code(200), StatusRange::Code(201)], 200, false)]
    #[case::made_beside(&[StatusRange::Code(200), StatusRange::Code(201)], 201, true)]
    #[case::another_success(&[StatusRange::Code(201)], 200, true)]
    #[case::a_class_names_none(&[StatusRange::Class(2)], 200, true)]
    #[case::refused(&[StatusRange::Code(201)], 400, false)]
    fn a_success_makes_something_unless_its_page_says_otherwise(
        #[case] documented: &[StatusRange],
        #[case] status: u16,
        #[case] expected: bool,
    ) {
        let mut operation = Suite::bundled().unwrap().operations.remove(0);
        operation.responses.truncate(documented.len());
        for (response, status) in operation.responses.iter_mut().zip(documented) {
            response.status = *status;
        }
        assert_eq!(has_made(&operation, status), expected);
    }
}
