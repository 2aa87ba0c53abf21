//! Pages as anybody writes them, invented in the manner of many houses: what each says is read, and
//! what it does not say is not.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

fn derived(name: &str, text: &str) -> Derived {
    let page = page::read(name, text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

const ROWS: &str = "| Name | Type | Required | Description |\n|---|---|---|---|\n";

#[rstest]
#[case::when("#### When kind is http", "#### When kind is mail", true)]
#[case::for_each("#### For http", "#### Additional fields for mail", true)]
#[case::numbered("#### Option 1", "#### Option 2", true)]
#[case::chinese("#### 当类型为 http 时", "#### 类型为 mail 时", true)]
#[case::objects("#### Http", "#### Mail", false)]
fn fields_of_a_case_are_demanded_in_no_other(
    #[case] one: &str,
    #[case] other: &str,
    #[case] are_cases: bool,
) {
    let text = "# Jobs\n\n`POST /jobs`\n\n### Request body\n\nROWS| kind | string | yes | K |\n\nONE\n\nROWS| url | string | yes | U |\n| note | string | no | N |\n\nOTHER\n\nROWS| address | string | yes | A |\n";
    let text = text.replace("ROWS", ROWS);
    let text = text.replace("ONE", one).replace("OTHER", other);
    let mut expected = vec!["POST /jobs", "request.kind* string"];
    if are_cases {
        expected.extend([
            "request.url string",
            "request.note string",
            "request.address string",
        ]);
    }
    assert_eq!(fields(&derived("p.md", &text)), expected);
}

#[test]
fn the_first_of_several_cases_is_one_as_well() {
    let text = "# Jobs\n\n`POST /jobs`\n\n### Request body\n\n#### When kind is http\n\nROWS| kind | string | yes | K |\n| url | string | yes | U |\n\n#### When kind is mail\n\nROWS| kind | string | yes | K |\n| address | string | yes | A |\n";
    let derived = derived("p.md", &text.replace("ROWS", ROWS));
    let expected = [
        "POST /jobs",
        "request.kind* string",
        "request.url string",
        "request.address string",
    ];
    assert_eq!(fields(&derived), expected);
}
