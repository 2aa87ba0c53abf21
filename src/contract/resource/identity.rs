//! Ids: what they are called, and where an answer or a list tells them.

use super::{Collection, Identity, Resource, is_general};
use crate::contract::field_path::{FieldPath, Step};
use crate::contract::message::Response;
use crate::contract::naming::{is_called, is_wrapper};
use crate::contract::operation::Operation;
use crate::contract::rule::StatusRange;
use crate::contract::schema::{Schema, types_of};

/// Where the id of what a `POST` makes comes from.
pub(super) fn identity(operation: &Operation, resource: &Resource) -> Option<Identity> {
    let names = names(resource, operation.answer());
    let answered = operation.answer().and_then(|answer| {
        let is_own = |path: &FieldPath| match path.steps() {
            [Step::Name(_)] => true,
            [Step::Name(outer), Step::Name(_)] => {
                is_called(outer, &resource.noun) || is_wrapper(outer)
            }
            _ => false,
        };
        names.iter().find_map(|wanted| {
            scalars(answer)
                .filter(|(path, _)| is_own(path))
                .find(|(path, _)| path.last_name().is_some_and(|name| is_called(name, wanted)))
                .map(|(path, _)| path.clone())
        })
    });
    let sent = operation.request_body.as_ref().and_then(|body| {
        let wanted = &resource.parameter;
        let noun = resource.noun.as_str();
        let own = [
            FieldPath::name(wanted),
            FieldPath::name(noun).child(wanted),
            FieldPath::name(wanted.strip_prefix(&format!("{noun}_")).unwrap_or(wanted)),
        ];
        let is_sent = |path: &FieldPath| {
            body.schema.field(path).is_some_and(|field| {
                let kinds = types_of(field.node);
                field.required && (kinds.contains(&"string") || kinds.contains(&"integer"))
            })
        };
        // What a path calls by nothing but what it is has its name there, unless it is answered an
        // id of another kind.
        let by_name = is_called(wanted, noun) && !operation.answer().is_some_and(tells_id);
        let by_name = by_name.then(|| FieldPath::name("name"));
        own.into_iter().chain(by_name).find(is_sent)
    });
    let chosen = match (answered, sent) {
        // An answer that repeats the id that it was sent has not made it.
        (Some(answered), Some(sent)) if answered.last_name() == sent.last_name() => {
            Some(Identity::Sent(sent))
        }
        (Some(answered), _) => Some(Identity::Answered(answered)),
        (None, sent) => sent.map(Identity::Sent),
    };
    if chosen.is_some() {
        return chosen;
    }
    let ends = |end: &str| resource.parameter.to_ascii_lowercase().ends_with(end);
    let is_id = ends("id") || is_general(&resource.parameter);
    let answers = |status, is_it: &dyn Fn(&Schema) -> bool, of_none| {
        let answer = operation.response(status);
        (operation.names(status) || status == 201 && is_id && names_no_success(operation))
            && answer.is_some_and(|answer| answer.schema.as_deref().map_or(of_none, is_it))
    };
    // What is only promised may tell where its job is, but by its own name.
    let is_located = answers(201, &tells_where, true)
        || answers(
            202,
            &|answer| tells_where(answer) && is_called_by(answer, &resource.noun),
            false,
        );
    // An answer without an id may say where what it tells of stands: in the header that is documented
    // for that, or in the link to itself that HAL has.
    let is_told = |response: &Response| {
        let mut headers = response.headers.iter();
        let is_linked = |answer: &Schema| answer.field(&self_link()).is_some();
        headers.any(|header| header.name.eq_ignore_ascii_case("location"))
            || response.schema.as_deref().is_some_and(is_linked)
    };
    let is_linked = operation.names(201)
        && !operation.answer().is_some_and(tells_id)
        && operation.response(201).is_some_and(is_told);
    (is_located || is_linked).then_some(Identity::Located)
}

/// Whether no source names the status of a success.
fn names_no_success(operation: &Operation) -> bool {
    let is_named = |response: &Response| matches!(response.status, StatusRange::Code(_));
    !operation.successes().any(is_named)
}

/// Where HAL has the address of what an answer tells of.
pub(crate) fn self_link() -> FieldPath {
    FieldPath::name("_links").child("self").child("href")
}

/// Whether an answer tells the address of what was made, and nothing else: it stands in `Location`
/// too (RFC 9110, section 15.3.2).
fn tells_where(answer: &Schema) -> bool {
    let mut told = scalars(answer).peekable();
    told.peek().is_some()
        && told.all(|(path, _)| match path.steps() {
            [Step::Name(name)] => {
                let name = name.to_lowercase();
                ["ref", "href", "url", "uri", "link", "location", "self"]
                    .iter()
                    .any(|end| {
                        let head = name.strip_suffix(end);
                        head.is_some_and(|head| head.is_empty() || head.ends_with(['_', '-']))
                    })
            }
            _ => false,
        })
}

/// Whether each field of an answer begins with a noun: `order_ref`.
fn is_called_by(answer: &Schema, noun: &str) -> bool {
    scalars(answer).all(|(path, _)| {
        let name = path.last_name().unwrap_or_default();
        let head = name.rsplit_once(['_', '-']).map(|(head, _)| head);
        head.is_some_and(|head| is_called(head, noun))
    })
}

/// Whether an answer has an id of its own.
fn tells_id(answer: &Schema) -> bool {
    scalars(answer).any(|(path, _)| {
        matches!(path.steps(), [Step::Name(name)] if ["id", "uuid"].iter().any(|id| is_called(name, id)))
    })
}

/// Names that somebody gives to a thing, and that may stand for it in a path.
const GIVEN: [&str; 7] = ["name", "slug", "key", "code", "title", "handle", "username"];

/// What the id of a resource may be called, the likeliest first. A path that calls it by nothing but
/// what it is (`/labels/{label}`) has its id there, unless what is answered has a name too.
fn names(resource: &Resource, answer: Option<&Schema>) -> Vec<String> {
    let noun = &resource.noun;
    let is_called_as_it_is = is_called(&resource.parameter, noun)
        && !answer.is_some_and(|answer| {
            let mut fields = answer.fields();
            fields.any(|own| own.path.last_name().is_some_and(|own| GIVEN.contains(&own)))
        });
    let mut names = vec![resource.parameter.clone(), format!("{noun}_id")];
    let ends = |end: &str| resource.parameter.to_ascii_lowercase().ends_with(end);
    if ends("id") || is_general(&resource.parameter) || is_called_as_it_is {
        names.extend(["id".to_owned(), "uuid".to_owned(), format!("{noun}_uuid")]);
    }
    if let Some(own) = resource.parameter.strip_prefix(&format!("{noun}_")) {
        names.push(own.to_owned());
    }
    names
}

/// The list that an operation on a collection answers with.
pub(super) fn collection_of(
    operation: &Operation,
    index: usize,
    resource: &Resource,
) -> Option<Collection> {
    let answer = operation.answer()?;
    let names = names(resource, Some(answer));
    answer.fields().find_map(|array| {
        let Some(Step::Item) = array.path.steps().last() else {
            return None;
        };
        let items = array.path.parent()?;
        if items.has_item() || !answer.is_of_objects(array.node) {
            return None;
        }
        let own: Vec<&str> = answer
            .fields()
            .filter(|field| field.path.parent().as_ref() == Some(array.path))
            .filter(|field| is_scalar(field.node))
            .filter_map(|field| field.path.last_name())
            .collect();
        let id = names
            .iter()
            .find_map(|wanted| own.iter().find(|name| is_called(name, wanted)))?;
        Some(Collection {
            operation: index,
            items,
            id: (*id).to_owned(),
        })
    })
}

/// The texts and numbers of a body that stand in it once.
pub(super) fn scalars(schema: &Schema) -> impl Iterator<Item = (&FieldPath, &serde_json::Value)> {
    schema
        .fields()
        .filter(|field| is_scalar(field.node) && !field.path.has_item() && !field.path.has_entry())
        .map(|field| (field.path, field.node))
}

/// Whether a node is that of a text or a number: what an id can be. An example alone does not tell that
/// its number is a whole one. A number that may be told as a text, too, is one of several such.
fn is_scalar(node: &serde_json::Value) -> bool {
    let types = types_of(node);
    let mut unions = ["anyOf", "oneOf"].into_iter();
    ["string", "integer", "number"]
        .iter()
        .any(|kind| types.contains(kind))
        || types.is_empty()
            && unions.any(|word| {
                let branches = node.get(word).and_then(serde_json::Value::as_array);
                branches.is_some_and(|all| {
                    !all.is_empty()
                        && all
                            .iter()
                            .all(|branch| !types_of(branch).is_empty() && is_scalar(branch))
                })
            })
}
