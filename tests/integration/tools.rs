//! What tools make of pages: a page that a converter, an extractor or a publishing theme has passed
//! on gives the facts that it states, no other ones, and what is lost is told.

use docproof::internal::contract::{DocumentationKind, Service};
use docproof::internal::derive::{DeriveError, Derived, Options, derive};
use docproof::internal::page::{self, PageError};
use rstest::rstest;
use serde_json::Value;

/// The header of a table of fields in Markdown.
const HEADER: &str = "| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n";

/// The head of a page in Markdown, up to its request.
const HEAD: &str = "# Plant a tree\n\n## URI\n\nPOST /v1/trees\n\n## Request parameters\n\n";

/// The head of a page in text, up to its request.
const TEXT: &str = "Planting a Tree\nURI\nPOST /v1/trees\nRequest Parameters\n";

/// The header of a table of fields in text.
const LINES: &str = "Parameter\nMandatory\nType\nDescription\n";

fn derived(text: &str) -> Result<Derived, DeriveError> {
    derive(&[page::read("page", text).unwrap()], &Options::default())
}

/// Every field of a contract, one line each: its place, a star where it is mandatory, its type and
/// what else is said of its values.
pub(crate) fn fields(derived: &Derived) -> Vec<String> {
    let mut found = Vec::new();
    for service in &derived.services {
        for (path, item) in service.document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let head = format!("{} {path}", method.to_uppercase());
                let reader = Reader { service };
                reader.operation(&head, operation, &mut found);
            }
        }
    }
    found
}

struct Reader<'s> {
    service: &'s Service,
}

impl Reader<'_> {
    fn operation(&self, head: &str, operation: &Value, found: &mut Vec<String>) {
        found.push(head.to_owned());
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let place = parameter["in"].as_str().unwrap();
            let name = parameter["name"].as_str().unwrap();
            let star = if parameter["required"] == true {
                "*"
            } else {
                ""
            };
            let at = format!("{place}.{name}{star}");
            self.schema(&at, &parameter["schema"], 0, found);
        }
        self.body("request", &operation["requestBody"], found);
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses.iter().filter(|(status, _)| *status != "4XX") {
            self.body(status, response, found);
        }
    }

    fn body(&self, at: &str, body: &Value, found: &mut Vec<String>) {
        let schema = &body["content"]["application/json"]["schema"];
        if !schema.is_null() {
            self.children(at, schema, 0, found);
        }
    }

    /// The schema that another refers to.
    fn resolved<'v>(&'v self, schema: &'v Value) -> &'v Value {
        match schema["$ref"].as_str() {
            Some(target) => &self.service.schemas[target.trim_start_matches("../")],
            None => schema,
        }
    }

    fn schema(&self, at: &str, schema: &Value, depth: usize, found: &mut Vec<String>) {
        let own = self.resolved(schema);
        let kind = match &own["type"] {
            Value::String(kind) => kind.clone(),
            Value::Null => "any".to_owned(),
            other => other.to_string(),
        };
        let said: String = own
            .as_object()
            .unwrap()
            .iter()
            .filter(|(key, _)| !STRUCTURE.contains(&key.as_str()))
            .map(|(key, value)| format!(" {key}={value}"))
            .collect();
        found.push(format!("{at} {kind}{said}"));
        self.children(at, schema, depth, found);
    }

    fn children(&self, at: &str, schema: &Value, depth: usize, found: &mut Vec<String>) {
        if depth > 8 {
            return;
        }
        let own = self.resolved(schema);
        let at = at.trim_end_matches('*');
        for (name, child) in own["properties"].as_object().into_iter().flatten() {
            let required = own["required"].as_array();
            let star = if required.is_some_and(|all| all.contains(&Value::from(name.as_str()))) {
                "*"
            } else {
                ""
            };
            self.schema(&format!("{at}.{name}{star}"), child, depth + 1, found);
        }
        for (key, mark) in [("items", "[]"), ("additionalProperties", ".*")] {
            if own[key].is_object() {
                self.schema(&format!("{at}{mark}"), &own[key], depth + 1, found);
            }
        }
    }
}

/// The keywords that are shown otherwise, or that say nothing of values.
const STRUCTURE: &[&str] = &[
    "$ref",
    "$schema",
    "additionalProperties",
    "examples",
    "items",
    "properties",
    "required",
    "type",
    "x-docproof",
];

/// The fields of a page, without the operation.
fn told(text: &str) -> Vec<String> {
    let mut fields = fields(&derived(text).unwrap());
    fields.remove(0);
    fields
}

/// The kinds of documentation findings.
fn kinds(text: &str) -> Vec<DocumentationKind> {
    let services = derived(text).unwrap().services;
    let found = services.iter().flat_map(Service::documentation);
    found.map(|finding| finding.kind).collect()
}

#[rstest]
#[case::without_a_colon(
    &format!("{TEXT}{LINES}name\nYes\nString\nDefinition\nWhat it is called.\nConstraints\nN/A\nRange\n4 to 64 characters\nDefault Value\nN/A\nkind\nNo\nString\nDefinition\nIts kind.\nRange\noak\nelm\nDefault Value\noak\n"),
    &["request.name* string minLength=4 maxLength=64", r#"request.kind string enum=["oak","elm"] default="oak""#]
)]
#[case::named_as_columns_are(
    &format!("{TEXT}{LINES}status\nYes\nString\nA state.\nname\nNo\nString\nA name.\nResponse Parameters\nStatus code: 400\nParameter\nType\nDescription\nerror_code\nString\nA code.\nmessage\nString\nA text.\n"),
    &["request.status* string", "request.name string", "400.error_code string", "400.message string"]
)]
#[case::required_is_a_name_too(
    &format!("{TEXT}{LINES}required\nYes\nBoolean\nWhether it must be.\nname\nNo\nString\nA name.\n"),
    &["request.required* boolean", "request.name string"]
)]
#[case::types_over_lines(
    &format!("{TEXT}{LINES}soil\nYes\nSoil\nobject\nWhere it stands.\ntags\nNo\nArray of\nTag\nobjects\nIts tags.\nTable 2 Soil\n{LINES}depth\nYes\nInteger\nHow deep.\nTable 3 Tag\n{LINES}key\nYes\nString\nA key.\n"),
    &[
        "request.soil* object",
        "request.soil.depth* integer",
        "request.tags array",
        "request.tags[] object",
        "request.tags[].key* string",
    ]
)]
#[case::a_field_of_an_object_below_one_word(
    &format!("{TEXT}None\nResponse Parameters\nStatus code: 200\nParameter\nType\nDescription\ntitle\nString\nTitle\nowner\nobject\nOwner.\n"),
    &["200.title string", "200.owner object"]
)]
#[case::a_type_in_a_merged_cell_above(
    &format!("{TEXT}{LINES}weight\nYes\nDouble\nDefinition\nIts weight.\nprice\nNo\nDefinition\nIts price.\nRange\nlow\nhigh\nDefault Value\nlow\n"),
    &["request.weight* number format=\"double\"", r#"request.price any enum=["low","high"] default="low""#]
)]
#[case::words_of_cells_are_no_names(
    &format!("{TEXT}{LINES}name\nYes\nString\nN/A\nString\nConstraints\nN/A\nA name.\n"),
    &["request.name* string"]
)]
fn text_of_a_portal_keeps_its_rows(#[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!(told(text), expected);
}

#[rstest]
#[case(
    "Obtain it by using either of the following methods: Method 1: Log in. Method 2: Call the API.",
    ""
)]
#[case(
    "Get it in one of two ways. Option 1: Log in. Option 2: Call the API.",
    ""
)]
#[case(
    "For one node, the value can be **1** or **2**. For several, the value can be **2** or **4**.",
    ""
)]
#[case(
    "The value can be **1** or **2**. For several nodes, the value can be **2** or **4**.",
    r#" enum=["1","2","4"]"#
)]
#[case(
    "A kind. Enumeration values:   * **oak** * **elm**",
    r#" enum=["oak","elm"]"#
)]
#[case("A size of 2 * 3 * 4.", "")]
fn values_are_taken_from_what_lists_them(#[case] description: &str, #[case] expected: &str) {
    let text = format!("{HEAD}{HEADER}| field | No | String | {description} |\n");
    assert_eq!(told(&text), [format!("request.field string{expected}")]);
}

#[rstest]
#[case::below(&format!(
    "{HEAD}{HEADER}| name | Yes | String | A name. |\n| owner | No | Owner object | See Table 2. |\n\n**Table 1** Request body\n\n{HEADER}| id | Yes | String | An id. |\n\n**Table 2** Owner\n"
))]
#[case::above(&format!(
    "{HEAD}**Table 1** Request body\n\n{HEADER}| name | Yes | String | A name. |\n| owner | No | Owner object | See Table 2. |\n\n**Table 2** Owner\n\n{HEADER}| id | Yes | String | An id. |\n"
))]
#[case::below_in_lists(&format!(
    "{HEAD}- Body\n\n  {}\n\n  **Table 1** Request body\n\n  {}\n\n  **Table 2** Owner\n",
    format!("{HEADER}| name | Yes | String | A name. |\n| owner | No | Owner object | See Table 2. |").replace('\n', "\n  "),
    format!("{HEADER}| id | Yes | String | An id. |").replace('\n', "\n  "),
))]
#[case::in_the_first_row(&format!(
    "{HEAD}| Table 1 Request body | | | |\n|---|---|---|---|\n| Parameter | Mandatory | Type | Description |\n| name | Yes | String | A name. |\n| owner | No | Owner object | See Table 2. |\n\n| Table 2 Owner | | | |\n|---|---|---|---|\n| Parameter | Mandatory | Type | Description |\n| id | Yes | String | An id. |\n"
))]
#[case::below_and_repeated(&format!(
    "{HEAD}{HEADER}| name | Yes | String | A name. |\n| owner | No | Owner object | See Table 2. |\n\n**Table 1** Request body\n\n<table>\n<caption><strong>Table 2</strong> Owner</caption>\n<tr><th>Parameter</th><th>Mandatory</th><th>Type</th></tr>\n<tr><td>id</td><td>Yes</td><td>String</td></tr>\n</table>\n\n**Table 2** Owner\n"
))]
#[case::a_label_of_a_place(&format!(
    "{HEAD}**Table 1** Body\n\n{HEADER}| name | Yes | String | A name. |\n| owner | No | Owner object | See Table 2. |\n\n**Table 2** Owner\n\n{HEADER}| id | Yes | String | An id. |\n"
))]
fn a_caption_belongs_to_its_table(#[case] text: &str) {
    let expected = [
        "request.name* string",
        "request.owner object",
        "request.owner.id* string",
    ];
    assert_eq!(told(text), expected);
}

#[test]
fn an_empty_row_is_no_header() {
    let text = format!(
        "{HEAD}|  |  |  |  |\n|---|---|---|---|\n| Parameter | Mandatory | Type | Description |\n| name | Yes | String | A name. |\n"
    );
    assert_eq!(told(&text), ["request.name* string"]);
}

/// A page in HTML whose headings have a link to themselves.
fn linked(class: &str, sign: &str) -> String {
    let link = format!("<a class=\"{class}\" href=\"#here\">{sign}</a>");
    let row = "<tr><td>height</td><td>Integer</td><td>How high.</td></tr>";
    format!(
        "<!DOCTYPE html><html><body><h1>Plant a tree{link}</h1><h2>URI{link}</h2><p>POST /v1/trees</p>\
         <h2>Request{link}</h2><table><caption>Table 1 Parameters{link}</caption>\
         <tr><th>Name</th><th>Type</th><th>Description</th></tr>{row}</table>\
         <h2>Response{link}</h2><table><tr><th>Name</th><th>Type</th><th>Description</th></tr>{row}</table></body></html>"
    )
}

#[rstest]
#[case::none("", "")]
#[case::sphinx("headerlink", "¶")]
#[case::vitepress("header-anchor", "#")]
#[case::docusaurus("hash-link", "\u{200b}")]
#[case::of_any_class("own", "#")]
fn headings_with_links_to_themselves_open_their_sections(#[case] class: &str, #[case] sign: &str) {
    let found = derived(&linked(class, sign)).unwrap();
    assert_eq!(
        fields(&found),
        [
            "POST /v1/trees",
            "request.height integer",
            "2XX.height integer",
        ]
    );
    let operation = &found.services[0].document["paths"]["/v1/trees"]["post"];
    assert_eq!(operation["operationId"], "PlantTree");
}

#[rstest]
#[case::markdown("## Request [¶](#request)")]
#[case::markdown_without_a_link("## Request¶")]
#[case::html_in_markdown("## Request<a class=\"headerlink\" href=\"#request\">¶</a>")]
#[case::sign_in_markdown("## Request <a class=\"header-anchor\" href=\"#request\">#</a>")]
#[case::torn_in_markdown(
    "## Request<a href=\"#request\" class=\"headerlink\"\ntitle=\"Link to this heading\">¶</a>"
)]
fn converted_headings_open_their_sections(#[case] heading: &str) {
    let text = HEAD.replace("## Request parameters", heading);
    let text = format!("{text}{HEADER}| height | Yes | Integer | How high. |\n");
    assert_eq!(told(&text), ["request.height* integer"]);
}

#[test]
fn headings_of_the_third_level_are_marks_too() {
    let text = format!(
        "[Help](/help)\n\n# Plant a tree\n\n#### URI\n\nPOST /v1/trees\n\n#### Request Parameters\n\n{HEADER}| tree\\_kind | Yes | String | A kind. |\n"
    );
    assert_eq!(told(&text), ["request.tree_kind* string"]);
}

#[test]
fn braces_in_percent_signs_are_braces() {
    let text = "Plant a tree\n============\n\nURI\n---\n\nPOST /v1/%7Bgarden_id%7D/trees\n\nRequest\n-------\n\nNone.\n";
    assert_eq!(
        fields(&derived(text).unwrap()),
        ["POST /v1/{garden_id}/trees", "path.garden_id* string"]
    );
}

#[rstest]
#[case::continued("| A kind.     |", "|   Values:    |")]
#[case::announced("| A kind.     |", "| | Values:    |")]
fn line_blocks_in_cells_are_lists(#[case] first: &str, #[case] second: &str) {
    let text = format!(
        "Plant a tree\n============\n\nURI\n---\n\nPOST /v1/trees\n\nRequest\n-------\n\n\
         +------+-----------+--------+--------------+\n\
         | Name | Mandatory | Type   | Description  |\n\
         +======+===========+========+==============+\n\
         | kind | Yes       | String | {first}\n\
         |      |           |        {second}\n\
         |      |           |        | | - oak      |\n\
         |      |           |        | | - elm      |\n\
         +------+-----------+--------+--------------+\n"
    );
    assert_eq!(told(&text), [r#"request.kind* string enum=["oak","elm"]"#]);
}

#[test]
fn text_after_a_blank_line_in_a_cell_is_markdown() {
    let text = format!(
        "{HEAD}<table>\n<tr><th>Parameter</th><th>Mandatory</th><th>Type</th><th>Description</th></tr>\n\
         <tr><td>\n\ntree\\_kind\n\n</td><td>Yes</td><td>String</td><td>\n\nA kind. Enumeration values:\n\n- **oak\\_tree**\n- **elm**\n\n</td></tr>\n\
         <tr><td>\n\nname\n\n</td><td>No</td><td>String</td><td>\n\nA name.\n\nMaximum: **64**\n\n</td></tr>\n</table>\n"
    );
    assert_eq!(
        told(&text),
        [
            r#"request.tree_kind* string enum=["oak_tree","elm"]"#,
            "request.name string maxLength=64",
        ]
    );
}

#[test]
fn null_says_nothing_of_a_type_that_is_not_known() {
    let text = HEAD.replace("## Request", "## Response");
    let text = format!(
        "{text}| Parameter | Type | Description |\n|---|---|---|\n| roots | Whatever grows there | The roots. It is null if there are none. |\n"
    );
    assert_eq!(told(&text), ["2XX.roots any"]);
}

#[rstest]
#[case::nothing_mandatory(
    "| name |  | String | A name. |\n| kind |  | String | A kind. |",
    DocumentationKind::RequirednessLost
)]
#[case::values_at_the_end(
    "| kind | No | String | A kind. Options: |",
    DocumentationKind::ValuesLost
)]
#[case::values_without_gaps(
    "| kind | No | String | **Definition**Its kind.**Range**OAKELM |",
    DocumentationKind::ValuesLost
)]
#[case::an_empty_range(
    "| kind | No | String | Definition<br>Its kind.<br>Range<br>Default Value<br>N/A |",
    DocumentationKind::ValuesLost
)]
#[case::a_merged_type(
    "| kind | No | String | A kind. |\n| age | No | Long | An age. |\n| size | No | Long | A size. |\n| name | No | | A name. |",
    DocumentationKind::TypeLost
)]
fn what_a_tool_left_out_is_told(#[case] rows: &str, #[case] expected: DocumentationKind) {
    let found = kinds(&format!("{HEAD}{HEADER}{rows}\n"));
    assert!(found.contains(&expected), "{found:?}");
}

#[test]
fn a_path_in_another_markup_is_no_path() {
    let text = "== Plant a tree\n\n=== URI\n\nPOST /v1/++{++garden++_++id}/trees\n";
    assert!(matches!(
        derived(text),
        Err(DeriveError::NoOperation { .. })
    ));
}

#[test]
fn html_without_a_head_is_html() {
    let text = "<h1>Plant a tree</h1><div><h4>URI</h4><p>POST /v1/trees</p><h4>Request Parameters</h4><table><tr><th>Parameter</th><th>Mandatory</th><th>Type</th></tr><tr><td>name</td><td>Yes</td><td>String</td></tr></table></div>";
    assert_eq!(told(text), ["request.name* string"]);
}

#[test]
fn a_row_of_statuses_that_is_one_cell_short_is_read() {
    let text = "# Fell a tree\n\n## URI\n\nDELETE /v1/trees\n\n## Status codes\n\n| Class | Status Code | Description |\n|---|---|---|\n| Normal | 200 | Felled. |\n| 204 | No tree. |\n| Error | 400 | Bad. |\n";
    let found = derived(text).unwrap();
    let operation = &found.services[0].document["paths"]["/v1/trees"]["delete"];
    let statuses: Vec<&String> = operation["responses"].as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["200", "204", "400"]);
}

/// What text browsers make of a table of statuses, whose columns are parted by blanks.
#[rstest]
#[case::lines(
    "   Success 204         Felled.\n   Failure 400         Bad.\n           404         No such tree.\n"
)]
#[case::paragraphs(
    "Success 204 Felled.\n\nFailure 400 Bad.\n\n404 No such tree.\n\nNever 409 Conflict.\n"
)]
fn rows_of_statuses_in_columns_are_read(#[case] rows: &str) {
    let text = format!(
        "Felling a Tree\n\nURI\n\nDELETE /v1/trees\n\nStatus Codes\n\n   Class   Status Code Description\n{rows}"
    );
    let found = derived(&text).unwrap();
    let operation = &found.services[0].document["paths"]["/v1/trees"]["delete"];
    let statuses: Vec<&String> = operation["responses"].as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["204", "400", "404"]);
}

/// Which values hold in which case is not read: it is told as words that say more.
#[test]
fn values_of_single_cases_are_words_that_say_more() {
    let text = format!(
        "{HEAD}{HEADER}| count | No | Integer | For one node, the value can be **1** or **2**. For several, the value can be **2** or **4**. |\n"
    );
    let services = derived(&text).unwrap().services;
    let schema = services[0].schemas.values().next().unwrap();
    let facts = schema["properties"]["count"]["x-docproof"]["facts"].to_string();
    assert!(facts.contains("\"prose\""), "{facts}");
}

#[rstest]
#[case::media_wiki(
    "== URI ==\n\nPOST /v1/trees\n\n{|\n! Parameter\n! Type\n|-\n| name\n| String\n|}\n"
)]
#[case::textile(
    "h2(#uri). URI\n\nPOST /v1/trees\n\nh2. Request\n\n|Parameter|Type|\n|name|String|\n"
)]
fn the_markup_of_wikis_is_refused_with_what_to_do(#[case] text: &str) {
    assert_eq!(page::read("page.txt", text), Err(PageError::Wiki));
}

#[test]
fn brackets_without_their_members_are_no_example() {
    let text = format!(
        "{TEXT}{LINES}name\nYes\nString\nA name.\nExample Request\n{{\n}}\n\"name\" : \"x\"\n"
    );
    assert_eq!(told(&text), ["request.name* string"]);
    assert!(!kinds(&text).contains(&DocumentationKind::ExampleLacksField));
}

#[test]
fn a_page_of_which_no_table_is_read_is_refused() {
    let text = "Planting a Tree\n\nURI\n\nPOST /v1/trees\n\nRequest Parameters\n\nTable 1 Request body parameters\n\nParameter   Mandatory   Type     Description\nname        Yes         String   A name.\n\nResponse Parameters\n\nTable 2 Response body parameters\n\nParameter   Type     Description\nid          String   An id.\n";
    let error = derived(text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`page`: 0 of 2 announced tables were read"
    );
}

#[test]
fn a_web_archive_is_refused_with_what_to_do() {
    let text = "From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><h1>Plant a tree</h1><p>POST /v1/tr=\r\nees</p></body></html>\r\n--b--\r\n";
    assert_eq!(page::read("page.txt", text), Err(PageError::Archive));
}

#[rstest]
#[case::lines(
    "┌───────────┬───────────┬────────┬─────────────┐\n│ Parameter │ Mandatory │ Type   │ Description │\n├───────────┼───────────┼────────┼─────────────┤\n│ name      │ Yes       │ String │ What it is  │\n│           │           │        │ called.     │\n├───────────┼───────────┼────────┼─────────────┤\n│ kind      │ No        │ String │ A kind.     │\n└───────────┴───────────┴────────┴─────────────┘\n"
)]
#[case::bars(
    "+-----------+-----------+--------+-------------+\n| Parameter | Mandatory | Type   | Description |\n|-----------+-----------+--------+-------------|\n| name      | Yes       | String | What it is  |\n|           |           |        | called.     |\n|-----------+-----------+--------+-------------|\n| kind      | No        | String | A kind.     |\n+-----------+-----------+--------+-------------+\n"
)]
fn drawn_tables_in_text_are_read(#[case] table: &str) {
    let text = format!("Planting a Tree\n\nURI\n\nPOST /v1/trees\n\nRequest Parameters\n\n{table}");
    assert_eq!(told(&text), ["request.name* string", "request.kind string"]);
}
