//! Laws of the generator, over generated contracts: what is made to be valid is valid, what is made
//! to break one rule breaks that rule alone. Both are judged by the `jsonschema` crate on the bytes
//! that would be sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    Base, Boundary, BoundarySide, Expectation, Property, Slot, Source, Validity, baseline,
    classify, slots,
};
use crate::contract::{Facet, FieldPath, Operation, Rule, Service, compile};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A field's schema: every kind of rule that pages state, in objects and lists too.
fn field() -> impl Strategy<Value = Value> {
    plain_field().prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec((inner.clone(), any::<bool>()), 1..4).prop_map(|fields| {
                let (properties, required) = object(fields);
                json!({ "type": "object", "properties": properties, "required": required })
            }),
            (inner, 0_u64..3)
                .prop_map(|(items, least)| json!({ "type": "array", "items": items, "minItems": least, "maxItems": 5 })),
        ]
    })
}

/// The schema of a field that has no others within.
fn plain_field() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({ "type": "string" })),
        (0_u64..6, 6_u64..80).prop_map(|(least, most)| json!({ "type": "string", "minLength": least, "maxLength": most })),
        (1_u64..6, 6_u64..80).prop_map(|(least, most)| json!({ "type": "string", "minLength": least, "maxLength": most, "pattern": "^[A-Za-z][A-Za-z0-9_-]*$" })),
        (1_u64..300).prop_map(|most| json!({ "type": "string", "maxLength": most, "pattern": "^[^>!<\"&'=]*$" })),
        proptest::collection::btree_set("[a-z]{2,8}", 1..5).prop_map(|values| json!({ "type": "string", "enum": values })),
        prop_oneof![Just("yyyyMMddHHmmss"), Just("yyyy-mm-ddThh:mm:ssZ"), Just("yyyy-MM-dd HH:mm:ss")].prop_map(|format| json!({ "type": "string", "format": format })),
        (-50_i64..50, 50_i64..500).prop_map(|(least, most)| json!({ "type": "integer", "minimum": least, "maximum": most })),
        (-50_i64..50, 2_i64..9).prop_map(|(least, step)| json!({ "type": "integer", "exclusiveMinimum": least, "exclusiveMaximum": least + 40, "multipleOf": step })),
        Just(json!({ "type": "number", "minimum": 0.5, "exclusiveMaximum": 9.5 })),
        Just(json!({ "type": "boolean" })),
        Just(json!({ "type": ["string", "null"], "maxLength": 9 })),
    ]
}

/// An operation with a body of generated fields, each with facts for its rules.
fn operation() -> impl Strategy<Value = Operation> {
    proptest::collection::vec((field(), any::<bool>()), 1..6).prop_map(|fields| {
        let (properties, required) = object(fields);
        let document = json!({
            "openapi": "3.1.0",
            "info": { "title": "x", "version": "1" },
            "paths": { "/things": { "post": {
                "operationId": "MakeThing",
                "requestBody": { "content": { "application/json": { "schema": { "type": "object", "properties": properties, "required": required } } } },
                "responses": { "200": { "description": "OK" } }
            } } },
            "x-docproof": { "service": "x", "pages": [], "documentation": [] }
        });
        let files = BTreeMap::from([("openapi.json".to_owned(), document.to_string())]);
        compile(&Service::from_files("x", files).unwrap()).unwrap().remove(0)
    })
}

/// The properties of an object, each with facts for its rules, and the names of those that are
/// required.
fn object(fields: Vec<(Value, bool)>) -> (Value, Vec<String>) {
    let mut properties = serde_json::Map::new();
    let mut required = Vec::new();
    for (index, (mut schema, needed)) in fields.into_iter().enumerate() {
        let name = format!("f{index}");
        let mut facets: Vec<String> = schema
            .as_object()
            .unwrap()
            .keys()
            .filter(|keyword| *keyword != "properties")
            .cloned()
            .collect();
        facets.push("required".to_owned());
        let facts: Vec<Value> = facets.iter().map(|facet| json!({ "facet": facet, "page": "p", "table": "t", "row": name, "line": 1 })).collect();
        schema["x-docproof"] = json!({ "facts": facts });
        if needed {
            required.push(name.clone());
        }
        properties.insert(name, schema);
    }
    (Value::Object(properties), required)
}

/// What the validator says of the bytes that would be sent: the broken rules.
fn violations(operation: &Operation, request: &super::Request) -> Vec<(FieldPath, Facet)> {
    let bytes = request.body_bytes().unwrap();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    let schema = &operation.request_body.as_ref().unwrap().schema;
    schema
        .violations(&value)
        .into_iter()
        .map(|violation| (violation.field, violation.facet))
        .collect()
}

/// Any value that a field may be tried with.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(0_i64), -60_i64..600, any::<i64>()].prop_map(Value::from),
        prop_oneof![Just(String::new()), "[a-zA-Z0-9 _-]{1,12}", any::<String>()]
            .prop_map(Value::from),
        Just(json!({ "f0": "x", "other": 1 })),
        Just(json!({})),
        Just(json!([])),
        Just(json!(["a", { "f0": 1 }])),
    ]
}

/// The request that cases of an operation are made from.
fn base(operation: &Operation) -> Arc<Base> {
    let request = baseline(operation, &BTreeMap::new(), &BTreeMap::new()).unwrap();
    Arc::new(Base::new(operation, Arc::new(request)))
}

/// One side of a facet of a slot.
fn side(base: &Arc<Base>, slot: &Slot<'_>, facet: Facet, side: BoundarySide) -> Boundary {
    Boundary {
        others: Vec::new(),
        base: Arc::clone(base),
        rule: Rule::new(slot.place, slot.field.clone(), facet),
        side,
        is_bound: false,
        omitted: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn boundary_cases_stand_in_their_class(operation in operation()) {
        let base = base(&operation);
        let mut refused = 0;
        for slot in slots(&operation) {
            for facet in [
                Facet::Type, Facet::Required, Facet::Enum, Facet::MinLength, Facet::MaxLength, Facet::Pattern, Facet::Format, Facet::Minimum,
                Facet::Maximum,
            ] {
                for case in side(&base, &slot, facet, BoundarySide::Accepts).planned(&operation) {
                    prop_assert_eq!(violations(&operation, &case.make().request), vec![], "{} accepts {}", facet, case.label);
                }
                for case in side(&base, &slot, facet, BoundarySide::Rejects).planned(&operation) {
                    refused += 1;
                    let wanted = (slot.field.clone(), facet);
                    let mut broken = violations(&operation, &case.make().request);
                    // No characters at all are too few, and no pattern's either.
                    if case.label == "0 characters" && broken.contains(&wanted) {
                        broken.retain(|rule| *rule == wanted || rule.0 != wanted.0);
                    }
                    prop_assert_eq!(broken, vec![wanted], "{} rejects {}", facet, case.label);
                }
            }
        }
        prop_assert!(refused > 0);
    }

    /// What is told from one field alone is what is told from the whole request.
    #[test]
    fn one_field_tells_the_class_of_the_request(operation in operation(), left_out in any::<prop::sample::Index>(), value in value()) {
        let mut request = baseline(&operation, &BTreeMap::new(), &BTreeMap::new()).unwrap();
        let slots = slots(&operation);
        // From a request that is not documented-valid itself, too.
        let without = &slots[left_out.index(slots.len())];
        request.set(without.place, &without.field, None);
        let base = Base::new(&operation, Arc::new(request));
        for slot in &slots {
            let local = base.local(&operation, slot);
            for value in [Some(&value), None] {
                let request = local.case(value.cloned(), String::new(), Expectation::Unspecified).make().request;
                let (told, whole) = (local.class(value), classify(&operation, &request));
                let is_same = match (&told, &whole) {
                    (Validity::Unspecified(_), Validity::Unspecified(_)) => true,
                    (told, whole) => told == whole,
                };
                prop_assert!(is_same, "{} = {:?}: {:?}, and {:?}", slot.field, value, told, whole);
            }
        }
    }

    #[test]
    fn generated_requests_stand_in_their_class(operation in operation(), seed in any::<u64>()) {
        let base = base(&operation);
        let mut drawn_in_all = 0;
        for property in [Property::Valid, Property::Invalid, Property::Unspecified] {
            let source = Source::new(&operation, &base, property, seed, &|_, _| false, None);
            prop_assert_eq!(source.is_some(), property.can_vary(&slots(&operation), &|_, _| false, None));
            let Some(source) = source else { continue };
            for number in 0..8 {
                let Some((case, _)) = source.generate(&operation, number) else { continue };
                drawn_in_all += 1;
                let drawn = case.request;
                // A number alone says which case it is, to whoever draws it, and when.
                let again = source.draw(&operation, number).map(|again| again.request());
                prop_assert_eq!(again.as_ref(), Some(&drawn));
                match property {
                    Property::Valid => prop_assert_eq!(violations(&operation, &drawn), vec![]),
                    Property::Invalid => prop_assert_eq!(violations(&operation, &drawn).len(), 1),
                    Property::Unspecified => prop_assert!(matches!(classify(&operation, &drawn), Validity::Unspecified(_))),
                }
            }
        }
        prop_assert!(drawn_in_all >= 8, "{}", drawn_in_all);
    }
}
