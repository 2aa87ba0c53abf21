//! The sandbox mode's mark: what a run creates is named with a prefix, so that a person can tell it
//! from everything else. A name is changed only where the request stays in its class, and where
//! that leaves alone what the trial is about.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::{Facet, FactId, FieldPath, Operation, Place, Row, singular};
use crate::generate::{Body, Request, Validity, classify};

/// What names begin with: the first that the contract allows.
const PREFIXES: [&str; 3] = ["docproof-", "docproof_", "docproof"];

/// Fields that tell things apart where they have no name of their own to give.
const DESCRIBING: [&str; 3] = ["description", "remark", "comment"];

/// Puts the mark on a request that creates something. `fact` is what the request is tried for.
pub(super) fn mark(
    operation: &Operation,
    bindings: &BTreeMap<String, String>,
    fact: &FactId,
    request: &mut Request,
) {
    if !creates(operation) || request.method != operation.method {
        return;
    }
    if let Body::Raw(bytes) = &request.body {
        let end = bytes.trim_ascii_end().len();
        let blanks = bytes.len() - end;
        // A valid body with blanks after it is marked as the body without them.
        if blanks > 0
            && let Ok(value) = serde_json::from_slice(bytes.get(..end).unwrap_or_default())
        {
            let mut plain = Request {
                body: Body::Json(value),
                ..request.clone()
            };
            mark(operation, bindings, fact, &mut plain);
            let mut bytes = plain.body_bytes().unwrap_or_default();
            bytes.resize(bytes.len() + blanks, b' ');
            request.body = Body::Raw(bytes);
        }
        return;
    }
    let Some(Value::Object(body)) = request.body.value() else {
        return;
    };
    let noun = noun(operation);
    let mut fields: Vec<String> = Vec::new();
    let inner = body.get(&noun).and_then(Value::as_object);
    for (prefix, object) in [(String::new(), Some(body)), (format!("{noun}."), inner)] {
        let Some(object) = object else { continue };
        for (name, value) in object {
            let known = name == "name"
                || *name == format!("{noun}_name")
                || DESCRIBING.contains(&name.as_str());
            if known
                && value.is_string()
                && !bindings.contains_key(&format!("request.{prefix}{name}"))
            {
                fields.push(format!("{prefix}{name}"));
            }
        }
    }
    let is_name = |field: &String| field.ends_with("name");
    if fields.iter().any(is_name) {
        fields.retain(is_name);
    }
    let before = classify(operation, request);
    for field in fields {
        let path = FieldPath::from(field.as_str());
        let Some(Value::String(text)) = request.get(Place::Request, &path) else {
            continue;
        };
        if PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
            continue;
        }
        let row = Row {
            place: Place::Request,
            field: FieldPath::from(field.as_str()),
        };
        let own = fact.rule().filter(|rule| rule.row() == row);
        for candidate in candidates(&text, own.map(|rule| rule.facet)) {
            let mut changed = request.clone();
            changed.set(Place::Request, &path, Some(Value::from(candidate)));
            if is_same(&before, &classify(operation, &changed)) {
                *request = changed;
                break;
            }
        }
    }
}

/// Whether an operation creates something.
pub(super) fn creates(operation: &Operation) -> bool {
    operation.method == "POST"
}

/// What an operation creates, in the singular, from the collection that its path ends in:
/// `/v3/{project_id}/backups` gives `backup`.
pub(super) fn noun(operation: &Operation) -> String {
    let last = operation
        .path
        .rsplit('/')
        .find(|segment| !segment.is_empty() && !segment.starts_with('{'))
        .unwrap_or_default();
    singular(last).replace('-', "_")
}

/// The texts that take a name's place, the best first. A trial of a length keeps the length, one of
/// characters keeps the characters.
fn candidates(text: &str, facet: Option<Facet>) -> Vec<String> {
    let is_length = matches!(facet, Some(Facet::MinLength | Facet::MaxLength));
    let is_own = facet.is_some();
    let length = text.chars().count();
    let mut candidates = Vec::new();
    for prefix in PREFIXES {
        if !is_length {
            candidates.push(format!("{prefix}{text}"));
        }
        let taken = prefix.chars().count();
        if (is_length || !is_own) && length > taken {
            candidates.push(prefix.chars().chain(text.chars().skip(taken)).collect());
        }
    }
    candidates
}

/// Whether two requests stand in one class: valid, unspecified, or breaking the same rule.
fn is_same(one: &Validity, other: &Validity) -> bool {
    match (one, other) {
        (Validity::Unspecified(_), Validity::Unspecified(_)) => true,
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::contract::{Rule, Suite, Topic};
    use crate::generate::baseline;

    fn marked(id: &str, topic: Topic, body: Value) -> Value {
        let suite = Suite::bundled().unwrap();
        let operation = suite
            .operations
            .iter()
            .find(|operation| operation.id == id)
            .unwrap();
        let bindings = suite.bindings(operation);
        let resources = suite
            .resource_keys()
            .into_iter()
            .map(|key| (key, "r".to_owned()))
            .collect();
        let mut request = baseline(operation, &bindings, &resources).unwrap();
        request.body = Body::Json(body);
        mark(operation, &bindings, &operation.about(topic), &mut request);
        match request.body {
            Body::Json(body) => body,
            _ => Value::Null,
        }
    }

    #[rstest]
    #[case::plain(None, "backup-1", "docproof-backup-1")]
    #[case::already(None, "docproof-x", "docproof-x")]
    #[case::no_room_before(None, &"a".repeat(60), &format!("docproof-{}", "a".repeat(51)))]
    #[case::its_length(Some(Facet::MaxLength), &"a".repeat(64), &format!("docproof-{}", "a".repeat(55)))]
    #[case::too_short_to_mark(Some(Facet::MinLength), "abcd", "abcd")]
    #[case::its_characters(Some(Facet::Pattern), "aZ9-_", "docproof-aZ9-_")]
    #[case::its_first_character(Some(Facet::Pattern), "9abc", "9abc")]
    #[case::refused_all_the_same(Some(Facet::Pattern), "ab c", "docproof-ab c")]
    #[case::too_long_stays_too_long(Some(Facet::MaxLength), &"a".repeat(65), &format!("docproof-{}", "a".repeat(56)))]
    fn names_are_marked_where_that_changes_nothing_else(
        #[case] facet: Option<Facet>,
        #[case] name: &str,
        #[case] expected: &str,
    ) {
        let topic = facet.map_or(Topic::Credential, |facet| {
            Topic::Rule(Rule::new(Place::Request, FieldPath::name("name"), facet))
        });
        let body = json!({ "instance_id": "r", "name": name, "description": "d" });
        assert_eq!(
            marked("CreateManualBackup", topic, body),
            json!({ "instance_id": "r", "name": expected, "description": "d" })
        );
    }

    #[test]
    fn what_has_no_name_is_told_apart_by_its_remark() {
        let body = json!({ "remark": "r", "backup_format": "rdb" });
        assert_eq!(
            marked("CopyInstance", Topic::Credential, body),
            json!({ "remark": "docproof-r", "backup_format": "rdb" })
        );
        let empty = json!({ "remark": "" });
        assert_eq!(
            marked("CopyInstance", Topic::Credential, empty.clone()),
            empty
        );
    }

    #[rstest]
    #[case("/v3/{project_id}/backups", "backup")]
    #[case("/v1/policies/", "policy")]
    #[case("/v1/{a}/read-replicas", "read_replica")]
    #[case("/", "")]
    fn the_noun_is_the_collections(#[case] path: &str, #[case] expected: &str) {
        let mut operation = Suite::bundled().unwrap().operations.remove(0);
        path.clone_into(&mut operation.path);
        assert_eq!(noun(&operation), expected);
    }
}
