//! The selftest from outside: the bundled suite and a suite with other facets are sound, and
//! whatever is left out of them is named.

use crate::support;
use std::path::Path;

use crate::support::Told;
use rstest::rstest;

const SHELF: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/shelf");

/// A suite whose page tells of a 405 and of a header of its answer.
const GATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/gate");

fn selftest(arguments: &[&str]) -> Told {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    support::told(support::program(folder).arg("selftest").args(arguments))
}

/// Without a check, or without a kind of violation, the fault that it is for is missed, by name,
/// and the exit code is 1. With it, it is caught.
#[rstest]
#[case::status("status", SHELF, "AddBook::response-201::status::201-as-202")]
#[case::allow("allow", GATE, "ListGates::response-405::allow::left-out")]
#[case::empty_body("empty-body", "", "ListBackupRecords::response-204::body::added")]
#[case::content_type("content-type", SHELF, "AddBook::response-201::contentType::text")]
#[case::headers(
    "headers",
    GATE,
    "ListGates::response-200.header.X-Gate-Id::required::missing"
)]
#[case::json("json", SHELF, "AddBook::response-201::json::trailing")]
#[case::schema("schema", SHELF, "AddBook::response-201.title::maxLength::one-over")]
#[case::error_body(
    "error-body",
    "",
    "CopyInstance::response-400.error_code::required::empty"
)]
#[case::content_length(
    "content-length",
    SHELF,
    "ListBooks::response-200::contentLength::beside-encoding"
)]
#[case::leak("leak", "", "CopyInstance::response-400::leak::stack-trace")]
#[case::wrong_type("wrong-type", SHELF, "AddBook::request.title::type::accepted")]
#[case::wrong_text("wrong-text", SHELF, "ListBooks::query.limit::type::accepted")]
#[case::outside_enum("outside-enum", SHELF, "AddBook::request.kind::enum::accepted")]
#[case::too_short("too-short", SHELF, "AddBook::request.title::minLength::accepted")]
#[case::too_long("too-long", SHELF, "AddBook::request.title::maxLength::accepted")]
#[case::outside_pattern(
    "outside-pattern",
    "",
    "CreateManualBackup::request.name::pattern::accepted"
)]
#[case::bad_format("bad-format", SHELF, "AddBook::request.author.born::format::accepted")]
#[case::below_minimum("below-minimum", SHELF, "AddBook::request.pages::minimum::accepted")]
#[case::above_maximum("above-maximum", SHELF, "AddBook::request.pages::maximum::accepted")]
#[case::no_multiple("no-multiple", SHELF, "AddBook::request.weight::multipleOf::accepted")]
#[case::too_few_items("too-few-items", SHELF, "AddBook::request.tags::minItems::accepted")]
#[case::too_many_items("too-many-items", SHELF, "AddBook::request.tags::maxItems::accepted")]
#[case::repeated_items(
    "repeated-items",
    SHELF,
    "AddBook::request.tags::uniqueItems::accepted"
)]
#[case::absent("absent", SHELF, "AddBook::request.title::required::accepted")]
#[case::malformed("malformed", SHELF, "AddBook::request::malformed::syntax-accepted")]
#[case::oversized("oversized", SHELF, "AddBook::request::size::uri-breaks")]
#[case::credential("credential", "", "CopyInstance::auth::missing-accepted")]
#[case::method("method", SHELF, "ListBooks::method::served")]
#[case::path("path", SHELF, "::undocumented-path::served")]
#[case::unknown_resource(
    "unknown-resource",
    SHELF,
    "ListBooks::path.shelf_no::type::unknown-accepted"
)]
fn what_is_left_out_is_named(#[case] part: &str, #[case] suite: &str, #[case] fault: &str) {
    let mut arguments = vec!["--fault", fault];
    if !suite.is_empty() {
        arguments.extend(["--suite", suite]);
    }
    let whole = selftest(&arguments);
    assert_eq!(whole.code, 0, "{}", whole.out);
    assert!(whole.out.contains("1 of 1 faults caught"), "{}", whole.out);
    arguments.extend(["--omit", part]);
    let without = selftest(&arguments);
    assert_eq!(without.code, 1, "{}", without.out);
    let told = &without.out;
    assert!(
        told.lines()
            .any(|line| line.starts_with("missed: ") && line.contains(fault)),
        "{told}"
    );
}

/// A suite of sums, numbers that grow and several values of one parameter: the mock is as its
/// page says, and a suite that looks at them notices when it is not.
#[rstest]
#[case::computed("response-201.value::computed::one-more")]
#[case::computed_of_items("response-201.items[].amount::computed::one-more")]
#[case::counts("ListParcels::response-200.shown::counts::one-more")]
#[case::grows("CreateParcel::echo::falls")]
#[case::several("ListParcels::several::state-last-alone")]
fn what_rows_say_of_numbers_and_values_is_proven(#[case] fault: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), PARCELS).unwrap();
    let made = support::docproof(folder.path(), ["init", "suite", "page.md"]);
    assert_eq!(made.code, 0, "{}", made.text());
    let run = support::docproof(folder.path(), ["run", "--suite", "suite"]);
    assert_eq!(run.code, 0, "{}", run.text());
    let arguments = ["selftest", "--suite", "suite", "--fault", fault];
    let caught = support::docproof(folder.path(), arguments);
    assert_eq!(caught.code, 0, "{}", caught.text());
    assert!(
        caught.out.contains("1 of 1 faults caught"),
        "{}",
        caught.out
    );
}

const PARCELS: &str = "---
service: post
operation: Parcels
edition: 2025-03-01
---

# Create a parcel

`POST /parcels`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| address | Yes | String | The address. It contains 1 to 30 characters. |
| items | Yes | Array of Item objects | The items.<br>Array length: 1 to 3 |

### Item

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| price | Yes | Integer | The price. The value ranges from 1 to 50. |
| count | Yes | Integer | How many. The value ranges from 1 to 9. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | Integer | The id. Each parcel has a greater number than those before it. |
| address | String | The address. |
| value | Integer | The sum of price times count over all items. |
| items | Array of Line objects | The items. |

### Line

| Parameter | Type | Description |
|---|---|---|
| price | Integer | The price. |
| count | Integer | How many. |
| amount | Integer | The price times the count. |

## Response 400

Something is wrong.

# List parcels

`GET /lines`

## Query parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| state | No | String | Only the lines with these states, separated by commas. |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| lines | Array of Entry objects | The lines. |
| shown | Integer | The number of lines in this answer. |

### Entry

| Parameter | Type | Description |
|---|---|---|
| id | Integer | The id. |
| state | String | The state. |

## Response 400

Something is wrong.
";

/// Every part that can be left out is in the table above.
#[test]
fn every_part_is_tried() {
    let output = selftest(&["--omit", "nothing-of-this-name"]);
    assert_eq!(output.code, 2);
    let told = output.err;
    let source = include_str!("selftest.rs");
    let names = told
        .split("there are ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    for name in names.split(", ") {
        assert!(
            source.contains(&format!("\"{name}\",")),
            "{name} is not tried"
        );
    }
}

/// A sample of everything, on the bundled suite and on another.
#[rstest]
#[case("", "9")]
#[case(SHELF, "9")]
fn a_sample_is_sound(#[case] suite: &str, #[case] sample: &str) {
    let mut arguments = vec!["--sample", sample];
    if !suite.is_empty() {
        arguments.extend(["--suite", suite]);
    }
    let output = selftest(&arguments);
    assert_eq!(output.code, 0, "{}", output.out);
    let counts = output.out.lines().last().unwrap();
    let pattern = r"^([1-9]\d*) of (\d+) faults caught, \d+ not applicable; ([1-9]\d*) of (\d+) variations silent; 0 of [1-9]\d* trials idle; \d+ s$";
    #[expect(clippy::disallowed_methods, reason = "a test that cannot go on fails")]
    let counted = regex::Regex::new(pattern).unwrap().captures(counts);
    let counted = counted.unwrap_or_else(|| panic!("{counts}"));
    assert_eq!(counted[1], counted[2], "{counts}");
    assert_eq!(counted[3], counted[4], "{counts}");
}
