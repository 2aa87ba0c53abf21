//! The plainest request of an operation, from which its cases are made.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::contract::{
    FieldPath, Location, MediaType, Operation, Parameter, Place, Row, Schema, changes_by_verb,
    is_file, takes_id, types_of,
};

use super::body::Body;
use super::footing::{is_told_by_rule, without_unknown};
use super::lists::lists_of;
use super::oracle::{Validity, classify};
use super::request::{Borrowed, Request, Whose, is_protocol_header};
use super::sample::sample_text;
use super::slot::{Slot, is_in_words, shown_values, slots};
use super::together::settle_request;

/// What a bound place of a request takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supply {
    /// This id.
    Given(String),
    /// That of a resource which the run creates.
    Borrowed(Whose),
}

/// The text that stands in for the id of a resource that does not exist yet, where the schema
/// allows it.
const STAND_IN: &str = "docproof-stand-in";

/// The header by which a client says what it takes.
const ACCEPT: &str = "Accept";

/// What a request says that it takes, where that is more than plain JSON (RFC 9110, section 12.5.1):
/// what successes are documented as, and each name that JSON has of its own.
fn accepts(operation: &Operation) -> Option<String> {
    let json = MediaType::Json;
    let mut names: Vec<&MediaType> = Vec::new();
    for media in operation.successes().flat_map(|own| &own.media) {
        names.extend((!names.contains(&media)).then_some(media));
    }
    // Who answers with what is no JSON may refuse whoever accepts that alone, and refusals may be
    // JSON, or anything.
    if names.iter().any(|media| !media.is_json()) {
        let mut told: Vec<&str> = names.iter().map(|media| media.as_str()).collect();
        if !names.contains(&&json) {
            told.push("application/json;q=0.9");
        }
        told.push("*/*;q=0.1");
        return Some(told.join(", "));
    }
    let all = operation.responses.iter().flat_map(|own| &own.media);
    for media in std::iter::once(&json).chain(all) {
        names.extend((media.is_json() && !names.contains(&media)).then_some(media));
    }
    let spelled: Vec<&str> = names.iter().map(|media| media.as_str()).collect();
    (spelled.len() > 1).then(|| spelled.join(", "))
}

/// Whether a value stands in for an id of which no source says what it is like.
pub fn says_nothing(stand_in: &Value) -> bool {
    stand_in == STAND_IN
}

/// What stands in for the id of a place.
pub fn stand_in(operation: &Operation, row: &Row) -> Value {
    // What a person wrote down shows what ids are like here.
    if let Some(written) = operation.example_of(row.place, &row.field) {
        return written.clone();
    }
    let plain = Value::from(STAND_IN);
    let fitting = |schema: &Schema, node: &Value| {
        if schema.part(node).is_none_or(|part| part.is_valid(&plain)) {
            plain.clone()
        } else {
            super::sample(schema, node, 0)
        }
    };
    let parameter = operation.parameters.iter().find(|parameter| {
        parameter.location.place() == row.place && row.field.top() == Some(parameter.name.as_str())
    });
    let body = operation.request_body.as_ref();
    match (parameter, body) {
        (Some(parameter), _) => fitting(&parameter.schema, &parameter.schema.root),
        (None, Some(body)) if row.place == Place::Request => body
            .schema
            .field(&row.field)
            .map_or_else(|| plain.clone(), |field| fitting(&body.schema, field.node)),
        (None, _) => plain,
    }
}

/// The plainest documented-valid request of an operation: the documented example where there is
/// one, else the required fields; bound places take the target's resources. The error names the
/// first resource that is not given.
pub fn baseline(
    operation: &Operation,
    bindings: &BTreeMap<String, String>,
    resources: &BTreeMap<String, String>,
) -> Result<Request, String> {
    supplied(operation, bindings, &|_, key| {
        let given = resources.get(key).ok_or_else(|| key.to_owned())?;
        Ok(Supply::Given(given.clone()))
    })
}

/// The media type that the row of `Accept` names.
pub(super) fn accepted(parameter: &Parameter) -> Option<&Value> {
    let is_accept =
        parameter.location == Location::Header && parameter.name.eq_ignore_ascii_case(ACCEPT);
    parameter.example.as_ref().filter(|_| is_accept)
}

/// The value that a source shows of a header, or of a parameter of the query where no rule tells which
/// values it takes: a version or a tenant that is made up is none.
pub(super) fn shown(parameter: &Parameter) -> Option<&Value> {
    let schema = &parameter.schema;
    let slot = Slot {
        place: parameter.location.place(),
        field: FieldPath::name(&parameter.name),
        schema,
        node: &schema.root,
        required: parameter.required,
        facts: schema.own_facts(),
        is_text: true,
    };
    let listed = schema.root.get("examples").and_then(Value::as_array);
    let listed = listed.and_then(|examples| examples.first());
    let example = parameter.example.as_ref().or(listed);
    example.filter(|example| {
        let is_plain = !example.is_array() && !example.is_object();
        parameter.location != Location::Path
            && is_plain
            && (parameter.location == Location::Header || !is_told_by_rule(&slot))
            && schema.is_valid(example)
    })
}

/// The same, where `supply` says what each bound place takes, by its resource key.
pub fn supplied<E>(
    operation: &Operation,
    bindings: &BTreeMap<String, String>,
    supply: &dyn Fn(&Row, &str) -> Result<Supply, E>,
) -> Result<Request, E> {
    let mut request = Request {
        lists: Arc::new(lists_of(operation)),
        ..Request::bare(&operation.method, &operation.path)
    };
    let mut borrowed = Vec::new();
    let mut given = Vec::new();
    for (index, parameter) in operation.parameters.iter().enumerate() {
        // The token is the credential's business, not a case's.
        let is_named = parameter.location == Location::Path && takes_id(parameter);
        let is_protocol = parameter.location == Location::Header
            && is_protocol_header(&parameter.name)
            || operation.is_credential(parameter.location, &parameter.name);
        let field = FieldPath::name(&parameter.name);
        let place = parameter.location.place();
        if let Some(example) = operation.example_of(place, &field) {
            given.push(Row {
                place,
                field: field.clone(),
            });
            request.set(place, &field, Some(example.clone()));
        } else if let Some(accepted) = accepted(parameter) {
            // Who documents what it answers with may refuse whoever accepts something else.
            let accepted = Some(accepted.clone());
            request.set(place, &field, accepted);
        } else if parameter.required && !is_named && !is_protocol {
            let schema = &parameter.schema;
            let value = match (shown(parameter), shown_values(&schema.root).next()) {
                (Some(shown), _) => shown.clone(),
                (None, Some(shown))
                    if parameter.location == Location::Header
                        || is_in_words(schema.own_facts()) =>
                {
                    shown.clone()
                }
                (None, _) => {
                    // The same one in all operations: a tenant, a version. Two that take the same
                    // values have different ones: the two ends of a transfer.
                    let before = operation.parameters.iter().take(index);
                    let alike = before.filter(|own| own.schema.root == schema.root).count();
                    super::sample(schema, &schema.root, alike)
                }
            };
            request.set(place, &field, Some(value));
        }
    }
    // Who answers with what is no JSON may refuse whoever accepts that alone.
    let says_it = |parameter: &Parameter| parameter.name.eq_ignore_ascii_case(ACCEPT);
    if let Some(accepted) = accepts(operation)
        && !operation.parameters.iter().any(says_it)
    {
        request.headers.push((ACCEPT.to_owned(), accepted));
    }
    if let Some(body) = &operation.request_body {
        let value = body
            .examples
            .iter()
            .find(|example| body.schema.is_valid(example))
            .cloned()
            .unwrap_or_else(|| {
                let mut made = super::sample::plain_body(&body.schema);
                without_unknown(operation, &body.schema, &mut made);
                if operation.method == "PATCH" || changes_by_verb(operation) {
                    change_something(operation, bindings, &mut made);
                }
                made
            });
        request.body = match &body.form {
            Some(form) => Body::Form(with_files(&body.schema, value), Arc::clone(form)),
            None => Body::Json(value),
        };
        request.content_type = Some(body.content_type());
    }
    for (place, key) in bindings {
        let Ok(row) = place.parse::<Row>() else {
            continue;
        };
        let value = match supply(&row, key)? {
            Supply::Given(id) => {
                given.push(row.clone());
                typed(operation, &row, id)
            }
            Supply::Borrowed(whose) => {
                let stand_in = stand_in(operation, &row);
                borrowed.push(Borrowed {
                    row: row.clone(),
                    key: key.clone(),
                    whose,
                    stand_in: stand_in.clone(),
                });
                stand_in
            }
        };
        request.set(row.place, &row.field, Some(value));
    }
    settle_request(operation, &mut request, &|place, field| {
        is_bound(bindings, place, field)
    });
    request.borrowed = Arc::new(borrowed);
    request.given = Arc::new(given);
    Ok(request)
}

/// A given id as the place takes it: a body tells numbers from texts.
fn typed(operation: &Operation, row: &Row, id: String) -> Value {
    let body = operation.request_body.as_ref();
    let number = body
        .filter(|_| row.place == Place::Request)
        .and_then(|body| {
            let types = types_of(body.schema.field(&row.field)?.node);
            let is_number = types.contains(&"integer") && !types.contains(&"string");
            is_number.then(|| id.parse::<i64>().ok()).flatten()
        });
    number.map_or_else(|| Value::from(id), Value::from)
}

/// Gives a change that would be of nothing a field: one whose values a rule tells, if there is one.
fn change_something(operation: &Operation, bindings: &BTreeMap<String, String>, body: &mut Value) {
    let Value::Object(map) = body else { return };
    let slots = slots(operation);
    let is_bound = |field: &FieldPath| is_bound(bindings, Place::Request, field);
    let is_open = |slot: &&Slot<'_>| {
        slot.place == Place::Request
            && slot.is_top()
            && slot.is_told_by_schema()
            && !is_bound(&slot.field)
    };
    let told = || slots.iter().filter(is_open);
    let field = told()
        .find(|slot| is_told_by_rule(slot))
        .or_else(|| told().next());
    // What says which one is to be changed changes nothing.
    let says_nothing = map.keys().all(|name| is_bound(&FieldPath::name(name)));
    if let Some(slot) = field.filter(|_| says_nothing)
        && let Some(name) = slot.field.top()
    {
        map.insert(name.to_owned(), super::sample(slot.schema, slot.node, 0));
    }
}

/// The same request of a body that says nothing, with one field more that need not be sent: each in
/// turn. A service may refuse what says nothing.
pub fn with_one_more(
    operation: &Operation,
    bindings: &BTreeMap<String, String>,
    request: &Request,
) -> Vec<Request> {
    let says_nothing = |body: &Value| body.as_object().is_some_and(serde_json::Map::is_empty);
    if !request.body.value().is_some_and(says_nothing) {
        return Vec::new();
    }
    let all = slots(operation);
    let open = all.iter().filter(|slot| {
        slot.place == Place::Request
            && slot.is_top()
            && !slot.field.is_root()
            && slot.is_told_by_schema()
            && !is_bound(bindings, Place::Request, &slot.field)
    });
    let with = open.map(|slot| {
        let mut more = request.clone();
        let value = super::sample(slot.schema, slot.node, 0);
        more.set(Place::Request, &slot.field, Some(value));
        more
    });
    with.filter(|more| !matches!(classify(operation, more), Validity::Invalid(_)))
        .collect()
}

/// A form with files that are made: an example tells their names alone.
fn with_files(schema: &Schema, mut form: Value) -> Value {
    for field in schema.fields().filter(|field| is_file(field.node)) {
        if let Some(Value::String(text)) = form.pointer_mut(&field.path.to_pointer()) {
            *text = sample_text(field.node, 0);
        }
    }
    form
}

/// Whether a place takes a resource of the target, or is an object that a resource stands in: its
/// value is the baseline's.
pub fn is_bound(bindings: &BTreeMap<String, String>, place: Place, field: &FieldPath) -> bool {
    bindings
        .keys()
        .filter_map(|bound| bound.parse::<Row>().ok())
        .any(|bound| bound.place == place && field.contains(&bound.field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Place::Request, "eip.id", true)]
    #[case(Place::Request, "eip", true)]
    #[case(Place::Request, "ei", false)]
    #[case(Place::Request, "eip.name", false)]
    #[case(Place::Query, "eip", false)]
    fn what_holds_a_resource_is_bound(
        #[case] place: Place,
        #[case] field: &str,
        #[case] bound: bool,
    ) {
        let bindings = BTreeMap::from([("request.eip.id".to_owned(), "shop.eip_id".to_owned())]);
        assert_eq!(is_bound(&bindings, place, &FieldPath::from(field)), bound);
    }
}
