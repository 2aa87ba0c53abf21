//! API Blueprints: the actions of a resource, what is sent in the URI and in a body, and the types
//! that several share.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::support::docproof;
use crate::tools::fields;

fn derived(text: &str) -> Derived {
    let page = page::read("tasks.md", text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

const TASKS: &str = "\
FORMAT: 1A
HOST: https://tasks.example

# Tasks

# Group Tasks

## Task Collection [/tasks{?limit,done}]

### List tasks [GET]

+ Parameters
    + limit: 20 (number, optional) - How many tasks to show, at most 100
        + Default: 20
    + `done` (boolean, optional)
        Only those that are done.

+ Response 200 (application/json)
    + Attributes (array[Task])

### Create a task [POST]

+ Request (application/json)
    + Headers

            X-Trace: 4711

    + Attributes
        + title: Buy milk (string, required) - At most 80 characters
        + priority (enum[string])
            + Members
                + `low`
                + `high`
        + owner (object)
            + name (string, required)

    + Body

            {
              \"title\": \"- Buy milk\"
            }

+ Response 201 (application/json)
    + Headers

            Location: /tasks/1

    + Attributes (Task)

+ Response 422 (application/json)
    + Attributes
        + error (string, required)

## Task [/tasks/{id}]

+ Parameters
    + id: 1 (number, required) - Which

### Read [GET]

+ Response 200 (application/json)
    + Attributes (Task)

### DELETE

+ Response 204

# Data Structures

## Base (object)
+ id: 1 (number, required)
+ title (string, required, nullable)

## Task (Base)
+ done (boolean, required)
+ tags (array[Tag], required)

## Tag (object)
+ name (string, required)
";

#[test]
fn actions_are_read_with_what_their_resource_has() {
    insta::assert_snapshot!(fields(&derived(TASKS)).join("\n"));
}

#[test]
fn a_fact_has_the_line_that_it_stands_on() {
    let found = derived(TASKS);
    let text = serde_json::to_string(&found.services[0].document).unwrap();
    let parameters = &found.services[0].document["paths"]["/tasks"]["get"]["parameters"];
    let line = |at: usize| parameters[at]["schema"]["x-docproof"]["facts"][0]["line"].as_u64();
    assert_eq!((line(0), line(1)), (Some(13), Some(15)), "{text}");
}

/// One operation whose answers, or requests, are given twice.
fn twice(what: &str) -> String {
    let one = format!("+ {what} (application/json)\n    + Attributes\n");
    let status = if what == "Request" {
        "+ Response 200\n"
    } else {
        ""
    };
    format!(
        "FORMAT: 1A\n\n# Find [/find]\n\n## Find [POST]\n\n{one}        + a (string, required)\n        \
         + b (string, required)\n{one}        + a (string, required)\n        + c (string, required)\n{status}"
    )
}

#[rstest]
#[case::answers("Response 200", &["200.a* string", "200.b string", "200.c string"])]
#[case::requests("Request", &["request.a* string", "request.b string"])]
fn of_several_nothing_is_demanded_that_one_of_them_lacks(
    #[case] what: &str,
    #[case] expected: &[&str],
) {
    let all = fields(&derived(&twice(what)));
    for field in expected {
        assert!(all.iter().any(|own| own == field), "{field}: {all:?}");
    }
}

#[test]
fn an_action_without_a_resource_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let text = "FORMAT: 1A\n\n# Find\n\n## POST\n\n+ Response 200\n";
    std::fs::write(folder.join("find.md"), text).unwrap();
    let run = docproof(folder, ["lint", "find.md"]);
    assert_eq!(run.code, 2, "{}{}", run.out, run.err);
}

#[rstest]
#[case::in_one_word("# GET /tasks\n\n+ Response 200 (text/plain)\n\n        Hello\n")]
#[case::named("# Tasks [/tasks]\n\n## List [GET]\n\n+ Response 200\n")]
#[case::of_its_own("# Group Tasks\n\n## List [GET /tasks]\n\n* Response 200\n")]
#[case::with_a_form("# Tasks [/tasks{?a,b}{#end}]\n\n## GET\n\n+ Response 200\n")]
fn targets_are_spelled_in_several_ways(#[case] text: &str) {
    let all = fields(&derived(&format!("FORMAT: 1A\n\n{text}")));
    assert_eq!(
        all.first().map(String::as_str),
        Some("GET /tasks"),
        "{all:?}"
    );
}

#[test]
fn its_own_mock_has_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tasks.apib"), TASKS).unwrap();
    let run = docproof(folder.path(), ["run", "tasks.apib"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn types_that_include_each_other_come_to_an_end() {
    let each = |own: &str, other: &str| {
        format!(
            "## {own} (object)\n{}+ {own}_name (string)\n\n",
            format!("+ Include {other}\n").repeat(30)
        )
    };
    let text = format!(
        "FORMAT: 1A\n\n# Find [/find{{?q}}{{#end}}]\n\n## Find [GET]\n\n+ Response 200\n    + Attributes (A)\n\n\
         # Data Structures\n\n{}{}",
        each("A", "B"),
        each("B", "A")
    );
    let all = fields(&derived(&text));
    for field in ["query.q", "200.A_name", "200.B_name"] {
        assert!(
            all.iter().any(|own| own.starts_with(field)),
            "{field}: {all:?}"
        );
    }
}
