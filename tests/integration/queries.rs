//! What a document says of the query: objects that are needed with fields that are needed, and a
//! length of a list without a way to what comes after it.

use rstest::rstest;
use serde_json::{Value, json};

use super::by_the_letter::{answer, asked, document, refusal, refused, run};
use super::support::{Received, Reply};

/// A list that is read by a query, which a server takes or not.
fn rows(
    parameters: &Value,
    served: impl Fn(&Received) -> Option<Vec<Value>> + Send + Sync + 'static,
) -> (i32, Vec<String>, String) {
    let items = json!({ "type": "array", "items": {
        "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" } },
    } });
    let document = document(&json!({ "/rows": { "get": {
        "operationId": "listRows", "parameters": parameters,
        "responses": { "200": answer(&items), "4XX": refused() },
    } } }));
    run(&document, move |request| {
        match request.target.split('?').next() {
            _ if request.method != "GET" => refusal(405).with("Allow", "GET"),
            Some("/rows") => served(request)
                .map_or_else(|| refusal(400), |rows| Reply::json(200, &Value::from(rows))),
            _ => refusal(404),
        }
    })
}

fn of_ids(ids: impl Iterator<Item = u64>) -> Vec<Value> {
    ids.map(|id| json!({ "id": id })).collect()
}

/// A list that has a largest length alone is no longer than what is asked for, in whatever order.
#[rstest]
#[case::right(|limit: u64| of_ids(0..limit), None)]
#[case::in_any_order(|limit: u64| of_ids((0..30).rev().take(usize::try_from(limit).unwrap())), None)]
#[case::fewer(|limit: u64| of_ids(0..limit.min(5)), None)]
#[case::ignored(|_| of_ids(0..10), Some("relation::pagination::limit"))]
fn a_list_is_no_longer_than_its_limit(
    #[case] served: fn(u64) -> Vec<Value>,
    #[case] fact: Option<&str>,
) {
    let size = json!({ "type": "integer", "minimum": 1, "maximum": 20, "default": 10 });
    let parameters = json!([{ "name": "limit", "in": "query", "schema": size }]);
    let (code, facts, text) = rows(&parameters, move |request| {
        let limit = asked(request, "limit")
            .map_or(Ok(10), str::parse::<u64>)
            .ok()?;
        (1..=20).contains(&limit).then(|| served(limit))
    });
    assert_eq!(code, i32::from(fact.is_some()), "{text}");
    let expected: Vec<String> = fact
        .iter()
        .map(|fact| format!("yard::listRows::{fact}"))
        .collect();
    assert_eq!(facts, expected, "{text}");
}

/// An object of the query that has to be sent is sent with the fields that it needs.
#[rstest]
#[case::right("", None)]
#[case::unneeded("needs nothing", Some("query.filter[owner]::required"))]
#[case::longer("takes long names", Some("query.filter[owner]::maxLength"))]
fn a_needed_object_of_the_query_has_what_it_needs(
    #[case] wrong: &'static str,
    #[case] fact: Option<&str>,
) {
    let filter = json!({
        "type": "object", "required": ["owner"],
        "properties": {
            "owner": { "type": "string", "minLength": 1, "maxLength": 12 },
            "age": { "type": "integer", "minimum": 0, "maximum": 99 },
        },
    });
    let parameters = json!([{
        "name": "filter", "in": "query", "required": true, "style": "deepObject", "schema": filter,
    }]);
    let (code, facts, text) = rows(&parameters, move |request| {
        let (_, query) = request.target.split_once('?').unwrap_or_default();
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let of = |name: &str| {
            pairs
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value)
        };
        let age = of("filter[age]").map_or(Ok(0), |age| age.parse::<u8>());
        let is_age = age.is_ok_and(|age| age <= 99);
        let is_owner = match of("filter[owner]") {
            Some(owner) => {
                let count = owner.chars().count();
                count > 0 && (count <= 12 || wrong == "takes long names")
            }
            None => wrong == "needs nothing",
        };
        (is_age && is_owner).then(|| of_ids(0..3))
    });
    assert_eq!(code, i32::from(fact.is_some()), "{text}");
    let expected: Vec<String> = fact
        .iter()
        .map(|fact| format!("yard::listRows::{fact}"))
        .collect();
    assert_eq!(facts, expected, "{text}");
}
