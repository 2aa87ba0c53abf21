//! Small ways of writing that are easily misread: each is read as what it says, or not at all.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

fn derived(name: &str, text: &str) -> Derived {
    let page = page::read(name, text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

#[rstest]
#[case::setext("Jars\n====\n")]
#[case::marked("# Jars\n")]
fn an_example_ends_where_the_next_target_stands_alone(#[case] title: &str) {
    let operation = |path: &str| {
        format!(
            "\n`GET {path}`\n\nTells of it.\n\nExample:\n\n    $ curl http://localhost:1/api\n    {{\"a\": 1}}\n"
        )
    };
    let all: String = ["/jars", "/lids", "/shelves"].map(operation).concat();
    let derived = derived("p.md", &format!("{title}{all}"));
    let found = fields(&derived);
    let read: Vec<&String> = found.iter().filter(|own| own.starts_with("GET")).collect();
    assert_eq!(read, ["GET /jars", "GET /lids", "GET /shelves"]);
}

#[test]
fn a_target_that_is_taken_for_an_example_is_told() {
    let text = "# Jars\n\n`GET /jars`\n\n## Examples\n\n`GET /lids`\n\n    {\"a\": 1}\n";
    let derived = derived("p.md", text);
    let said = derived
        .services
        .iter()
        .flat_map(docproof::internal::contract::Service::documentation)
        .any(|own| own.message.contains("`GET /lids` is not read"));
    assert!(said);
}

#[rstest]
#[case::of_bullets(
    "- `name`: what it is called (string, required)\n- `owner`: who it belongs to (object)\n  - `id`: which one (integer)\n  - `mail`: where to write to (string)\n",
    &["request.name* string", "request.owner object", "request.owner.id integer", "request.owner.mail string"]
)]
#[case::starred(
    "- **name*** `string` What it is called.\n- **color** `string` Its color.\n",
    &["request.name* string", "request.color string"]
)]
#[case::truth_values(
    "| Name | Description |\n|---|---|\n| open | `true` or `false` |\n| kept | Whether it stays, `true` or `false`. |\n",
    &["request.open boolean", "request.kept boolean"]
)]
#[case::texts_of_truth_values(
    "| Name | Description |\n|---|---|\n| open | `\"true\"` or `\"false\"` |\n",
    &[r#"request.open any enum=["true","false"]"#]
)]
fn fields_are_what_is_said_of_them(#[case] text: &str, #[case] expected: &[&str]) {
    let text = format!("# Create a jar\n\n`POST /jars`\n\nParameters:\n\n{text}");
    let mut all = vec!["POST /jars"];
    all.extend(expected);
    assert_eq!(fields(&derived("p.md", &text)), all);
}

#[rstest]
#[case::of_the_path(":query jar_id: Which.", &["path.jar_id* any"])]
#[case::of_both(":param jar_id: Which.\n   :query jar_id: Which lid.", &["path.jar_id* any", "query.jar_id any"])]
#[case::of_neither(
    ":param jar_id: Which.\n   :query lids: Which lids.",
    &["path.jar_id* any", "query.lids any"]
)]
fn a_query_entry_of_the_paths_own_is_the_paths(#[case] entries: &str, #[case] expected: &[&str]) {
    let text = format!(
        "Jars\n====\n\n.. http:get:: /jars/{{jar_id}}/lids\n\n   Lists.\n\n   {entries}\n   :statuscode 200: Done.\n"
    );
    let mut all = vec!["GET /jars/{jar_id}/lids"];
    all.extend(expected);
    assert_eq!(fields(&derived("p.rst", &text)), all);
}

#[test]
fn a_form_may_stand_behind_a_parameter_in_angles() {
    let found = fields(&derived("p.md", "# Jar\n\n`GET /jars/<id>.json`\n"));
    assert_eq!(found, ["GET /jars/{id}.json", "path.id* string"]);
}

#[rstest]
#[case::sentence("All endpoints are below `/api/v2`.", "/api/v2/jars")]
#[case::label("Base path: `/api/v2`", "/api/v2/jars")]
#[case::of_one("The endpoint is available at `/status`.", "/jars")]
fn all_paths_stand_below_the_one_that_the_page_says(#[case] said: &str, #[case] path: &str) {
    let table = "| Method | Path | Description |\n|---|---|---|\n| GET | /jars | Lists them. |\n| POST | /jars | Makes one. |\n";
    let found = fields(&derived("p.md", &format!("# Jars\n\n{said}\n\n{table}")));
    assert_eq!(found, [format!("GET {path}"), format!("POST {path}")]);
}

#[test]
fn what_has_the_path_of_all_before_it_has_it_once() {
    let text = "# Jars\n\nBase path: `/api/v2`\n\n## List\n\n`GET /api/v2/jars`\n\n## Health\n\n`GET /health`\n";
    assert_eq!(
        fields(&derived("p.md", text)),
        ["GET /api/v2/jars", "GET /health"]
    );
}
