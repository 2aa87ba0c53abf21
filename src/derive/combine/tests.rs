//! Which fields of a request go together, from the rows of a page to the rules of its contract.

use rstest::rstest;

use crate::contract::{Effect, combinations, compile, unspecified};

/// What a page with rows of a request's body says of which fields go together: the rules, and
/// the combinations of which it says nothing, in words.
fn said(rows: &str, example: &str) -> Vec<String> {
    let text = format!(
        "# T\n\n## URI\n\nPOST /v1/x\n\n## Request parameters\n\n\
         | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n{rows}\n\n\
         ## Example Request\n\n```json\n{example}\n```\n"
    );
    let page = crate::page::read("p.md", &text).unwrap();
    let derived = crate::derive::derive(&[page], &crate::derive::Options::default()).unwrap();
    let operations = compile(&derived.services[0]).unwrap();
    let root = &operations[0].request_body.as_ref().unwrap().schema.root;
    let rules = combinations(root).into_iter().map(|rule| {
        let effect = match rule.effect {
            Effect::Needed => "needed",
            Effect::Barred => "barred",
        };
        format!("{} {effect} {}", rule.field, rule.guard.clause(&rule.field))
    });
    let loose = unspecified(root).into_iter().map(|(field, guard)| {
        let there = guard.holds(&|name| (name == field).then_some(&serde_json::Value::Null));
        let sent = if there
            || guard
                .tests
                .iter()
                .any(|(name, test)| name == field && *test != crate::contract::Test::Absent)
        {
            "with"
        } else {
            "without"
        };
        format!("? {sent} {field} {}", guard.clause(field))
    });
    rules
        .chain(loose)
        .map(|line| line.replace('`', ""))
        .collect()
}

const KIND: &str =
    "| kind | Yes | String | The kind.<br>Enumeration values:<br>- http<br>- function |\n";

#[rstest]
#[case::mandatory_when("| url | No | String | The address. This parameter is mandatory when kind is set to http. |", &["url needed where kind is http", "? with url where kind is function"])]
#[case::required_if("| url | No | String | Required if `kind` is `http`. |", &["url needed where kind is http", "? with url where kind is function"])]
#[case::turned("| url | No | String | If kind is http, this parameter is required. |", &["url needed where kind is http", "? with url where kind is function"])]
#[case::other_value("| url | No | String | It is required when kind is not function. |", &["url needed where kind is not function", "? with url where kind is function"])]
#[case::chinese("| url | No | String | 当kind为http时，该参数必选。 |", &["url needed where kind is http", "? with url where kind is function"])]
#[case::cell("| url | Yes (if kind is http) | String | The address. |", &["url needed where kind is http", "? with url where kind is function"])]
#[case::required_when_cell("| url | Required when kind is http | String | The address. |", &["url needed where kind is http", "? with url where kind is function"])]
#[case::optional_otherwise("| url | No | String | Mandatory when kind is http and is optional when kind is function. |", &["url needed where kind is http"])]
#[case::available_only("| version | No | String | It is available only when kind is function. |", &["? with version where kind is http"])]
#[case::allowed_only("| version | No | String | It can be set only if kind is function. |", &["version barred where kind is http"])]
#[case::only_chinese("| version | No | String | 仅当kind为function时有效。 |", &["? with version where kind is http"])]
#[case::must_not("| version | No | String | It must not be set when kind is http. |", &["version barred where kind is http"])]
#[case::if_present("| a | No | String | The a. |\n| b | No | String | It is required if a is specified. |", &["b needed where a is sent", "? with b where a is not sent"])]
#[case::if_absent("| a | No | String | The a. |\n| b | No | String | Mandatory if a is not specified. |", &["b needed where a is not sent", "? with b where a is sent"])]
#[case::chinese_present("| a | No | String | The a. |\n| b | No | String | 如果设置了a，则b必填。 |", &["b needed where a is sent", "? with b where a is not sent"])]
#[case::together("| a | No | String | Must be used together with b. |\n| b | No | String | The b. |", &["a barred where b is not sent", "? without a where b is sent"])]
#[case::only_together("| a | No | String | Only allowed together with b. |\n| b | No | String | The b. |", &["a barred where b is not sent", "? without a where b is sent"])]
#[case::excludes("| a | No | String | Cannot be used together with b. |\n| b | No | String | The b. |", &["a barred where b is sent"])]
#[case::exclusive("| a | No | String | Mutually exclusive with `b`. |\n| b | No | String | The b. |", &["a barred where b is sent"])]
#[case::excludes_chinese("| a | No | String | 不能与b同时使用。 |\n| b | No | String | The b. |", &["a barred where b is sent"])]
#[case::either("| a | No | String | Either a or b must be given, not both. |\n| b | No | String | The b. |", &["a needed where b is not sent", "a barred where b is sent"])]
#[case::at_least("| a | No | String | At least one of a, b and c is required. |\n| b | No | String | x |\n| c | No | String | x |", &["a needed where b is not sent and c is not sent", "? with a where b is sent", "? with a where c is sent"])]
#[case::flag("| on | No | Boolean | Whether it is on. |\n| a | No | String | Required when on is true. |", &["a needed where on is true", "? with a where on is not sent", "? with a where on is false"])]
#[case::two("| on | Yes | Boolean | Whether it is on. |\n| a | No | String | Required when kind is http and on is true. |", &["a needed where kind is http and on is true", "? with a where kind is function", "? with a where on is false"])]
#[case::in_words("| a | No | String | Required for flexible uses. |", &["? with a always", "? with kind where kind is function"])]
#[case::cell_and_sentence("| a | Conditional | String | Required when kind is function. |", &["a needed where kind is function", "? with a where kind is http"])]
#[case::for_value("| a | No | String | Required for hooks of kind function. |", &["a needed where kind is function", "? with a where kind is http"])]
#[case::value_of("| a | No | String | It must be set when the value of kind is function. |", &["a needed where kind is function", "? with a where kind is http"])]
#[case::applies("| a | No | String | Applies only to hooks of kind function. |", &["? with a where kind is http"])]
#[case::begins("| a | No | String | 甲。 当kind为function时必选。 |", &["a needed where kind is function", "? with a where kind is http"])]
#[case::further("| a | No | String | Either a or b is required, depending on kind. |\n| b | No | String | The b. |", &["? with a always", "? with b always", "? with kind where kind is function"])]
#[case::depends("| a | Conditional | String | The a. |", &["? with a always", "? with kind where kind is function"])]
#[case::names_another("| a | No | String | Required if kind and the region allow it. |", &["? with a always", "? with kind where kind is function"])]
#[case::unknown_value("| a | No | String | Required if kind is tcp. |", &["? with a always", "? with kind where kind is function"])]
#[case::values("| a | No | String | Either up or down. |", &[])]
#[case::no_rule("| a | No | String | Used together with old clients. |", &[])]
#[case::always("| a | Yes | String | Mandatory when kind is http. |", &[])]
fn what_goes_together_is_read(#[case] rows: &str, #[case] expected: &[&str]) {
    let example = if rows.contains("| a | Yes") {
        r#"{"kind": "http", "a": "x", "url": "y"}"#
    } else if rows.contains("Either a or b must") || rows.contains("one of a") {
        r#"{"kind": "http", "a": "x"}"#
    } else if rows.contains("if a is not") {
        r#"{"kind": "http", "b": "x"}"#
    } else if rows.contains("| url") {
        r#"{"kind": "http", "url": "y"}"#
    } else if rows.contains("on is true") {
        r#"{"kind": "http", "on": true, "a": "x"}"#
    } else {
        r#"{"kind": "http"}"#
    };
    assert_eq!(said(&format!("{KIND}{rows}"), example), expected);
}
