//! What cells say in their many spellings: types and what stands beside them, marks, bounds, places.
//! Each is read, or told of as not read; none gives a fact that the page does not state.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;

use crate::tools::fields;

fn derived(text: &str) -> Derived {
    let page = page::read("p.md", text).unwrap();
    derive(&[page], &Options::default()).unwrap()
}

/// The fields of an operation, without its method and path.
fn read(text: &str) -> Vec<String> {
    fields(&derived(text)).split_off(1)
}

/// The kinds of what is told of a page, each once.
fn told(text: &str) -> Vec<String> {
    let derived = derived(text);
    let findings = derived.services[0].documentation();
    let mut kinds: Vec<String> = findings.iter().map(|own| own.kind.to_string()).collect();
    kinds.sort();
    kinds.dedup();
    kinds.retain(|kind| kind != "no-status" && kind != "path-parameter-without-row");
    kinds
}

/// A page with the fields of a body.
fn body(rows: &str) -> String {
    format!("# Make\n\n`POST /things`\n\n## Request body\n\n{rows}\n")
}

/// A page with the parameters of a query.
fn query(rows: &str) -> String {
    format!("# List\n\n`GET /things`\n\n## Query parameters\n\n{rows}\n")
}

const TYPED: &str = "| Name | Type | Description |\n|---|---|---|\n";

#[rstest]
#[case::a_format("| a | uuid | x |", &["request.a string format=\"uuid\""])]
#[case::a_format_of_openapi("| a | string($date-time) | x |", &["request.a string format=\"date-time\""])]
#[case::a_format_in_angles("| a | string<uri> | x |", &["request.a string format=\"uri\""])]
#[case::a_length("| a | string(64) | x |", &["request.a string maxLength=64"])]
#[case::a_length_of_a_database("| a | varchar(20) | x |", &["request.a string maxLength=20"])]
#[case::a_range("| a | integer (1-5) | x |", &["request.a integer minimum=1 maximum=5"])]
#[case::a_bare_range("| a | integer 0-100 | x |", &["request.a integer minimum=0 maximum=100"])]
#[case::words("| a | string, max 20 chars | x |", &["request.a string maxLength=20"])]
#[case::words_in_brackets("| a | integer (max 100) | x |", &["request.a integer maximum=100"])]
#[case::how_wide_a_database_shows_it("| a | int(11) | x |", &["request.a integer"])]
#[case::the_looser_of_two("| a | string(64) | 1 to 80 characters. |", &["request.a string minLength=1 maxLength=80"])]
#[case::maps_in_a_list(
    "| a | List<Map<String,Integer>> | x |",
    &["request.a array", "request.a[] object", "request.a[].* integer"]
)]
#[case::formats_in_a_list(
    "| a | array of uuids | x |",
    &["request.a array", "request.a[] string format=\"uuid\""]
)]
fn the_cell_of_a_type_says_more(#[case] row: &str, #[case] expected: &[&str]) {
    assert_eq!(read(&body(&format!("{TYPED}{row}"))), expected);
}

#[rstest]
#[case::a_name_of_the_page(
    "| crew | Sailor[] | x |\n| └ name | string | x |",
    &["request.crew array", "request.crew[] object", "request.crew[].name string"]
)]
#[case::brackets_before_it(
    "| crew | []Sailor | x |\n| └ name | string | x |",
    &["request.crew array", "request.crew[] object", "request.crew[].name string"]
)]
#[case::escaped_in_code(
    "| `crew` | `sailor\\[\\]` | x |\n| └ `a\\_name` | `string\\[\\]` | x |",
    &["request.crew array", "request.crew[] object", "request.crew[].a_name array", "request.crew[].a_name[] string"]
)]
fn brackets_make_a_list_of_any_type(#[case] rows: &str, #[case] expected: &[&str]) {
    assert_eq!(read(&body(&format!("{TYPED}{rows}"))), expected);
}

#[rstest]
#[case::one_that_is_no_list("array of `[x, y]`, or a `\"line(...)\"` string", &["request.a any"], &["unknown-type"])]
#[case::null_among_items("array of `\"left\"` / `\"right\"` or `null`", &["request.a array", "request.a[] any"], &[])]
#[case::null_beside_a_list("array of numbers, or null", &["request.a [\"array\",\"null\"]", "request.a[] number"], &[])]
fn alternatives_of_a_list_are_not_lost(
    #[case] kind: &str,
    #[case] expected: &[&str],
    #[case] expected_told: &[&str],
) {
    let page = body(&format!("{TYPED}| a | {kind} | x |"));
    assert_eq!(read(&page), expected);
    assert_eq!(told(&page), expected_told);
}

#[test]
fn a_digest_is_no_object() {
    let page = body(&format!("{TYPED}| sha | hash | The commit. |"));
    assert_eq!(read(&page), ["request.sha any"]);
    assert_eq!(told(&page), ["unknown-type"]);
}

#[rstest]
#[case::of_an_answer(
    "# L\n\n`POST /things`\n\n## Request body\n\n| Name | Type |\n|---|---|\n| a | integer |\n\n## Response\n\n| Name | Type |\n|---|---|\n| x | integer |\n| y? | integer |\n",
    &["request.a integer", "2XX.x integer", "2XX.y integer"]
)]
#[case::of_another_table_of_what_is_sent(
    "# L\n\n`GET /things`\n\n## Query parameters\n\n| Name | Type |\n|---|---|\n| a | integer |\n\n## Request headers\n\n| Name | Type |\n|---|---|\n| x-a | string |\n| x-b? | string |\n",
    &["query.a integer", "header.x-a* string", "header.x-b string"]
)]
#[case::beside_stars(
    "# L\n\n\\* required\n\n`POST /things`\n\n## Request headers\n\n| Name | Type |\n|---|---|\n| x-b? | string |\n\n## Request body\n\n| Name | Type |\n|---|---|\n| weight* | integer |\n| label | string |\n",
    &["header.x-b string", "request.weight* integer", "request.label string"]
)]
#[case::of_what_has_a_default(
    "# L\n\n`POST /things`\n\n## Request body\n\n| Name | Type | Description |\n|---|---|---|\n| a | integer | How many. Default: 1 |\n| b | integer | How big. |\n| c? | string | A note. |\n",
    &["request.a integer default=1", "request.b* integer", "request.c string"]
)]
fn marks_speak_of_their_own_tables(#[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!(read(text), expected);
}

#[rstest]
#[case::circles("●", "○")]
#[case::a_drawn_tick("✔️", "✗")]
#[case::a_named_tick(":heavy_check_mark:", "")]
#[case::the_circle_of_japanese("○", "×")]
#[case::letters("M", "O")]
#[case::circle_and_cross_as_letters("O", "X")]
#[case::korean("예", "아니오")]
#[case::russian("Да", "Нет")]
fn signs_say_what_must_be_sent(#[case] yes: &str, #[case] no: &str) {
    let rows = format!("| a | {yes} | string |\n| b | {no} | string |");
    let page = query(&format!(
        "| Name | Required | Type |\n|---|---|---|\n{rows}"
    ));
    assert_eq!(read(&page), ["query.a* string", "query.b string"]);
    assert!(told(&page).is_empty());
}

#[test]
fn a_word_for_what_must_be_sent_that_is_not_known_is_told() {
    let rows =
        "| Name | Required | Type |\n|---|---|---|\n| a | perhaps | string |\n| b | - | string |";
    assert_eq!(told(&query(rows)), ["requiredness-not-read"]);
}

#[rstest]
#[case::german("Feld | Datentyp | Pflichtfeld | Bedeutung", "Ja")]
#[case::french("Champ | Type | Obligatoire | Signification", "Oui")]
#[case::spanish("Campo | Tipo | ¿Obligatorio? | Significado", "Sí")]
#[case::portuguese("Campo | Tipo | Obrigatório | Detalhes", "Sim")]
#[case::italian("Nome | Tipo | Obbligatorio | Descrizione", "Sì")]
#[case::russian("Параметр | Тип | Обязательный | Описание", "Да")]
#[case::japanese("項目名 | 型 | 必須 | 説明", "○")]
#[case::korean("파라미터 | 타입 | 필수 | 설명", "필수")]
fn headers_of_other_languages_are_read(#[case] header: &str, #[case] yes: &str) {
    let page = query(&format!(
        "| {header} |\n|---|---|---|---|\n| a | integer | {yes} | - |"
    ));
    assert_eq!(read(&page), ["query.a* integer"]);
    assert!(told(&page).is_empty());
}

#[test]
fn crosses_alone_may_mean_either() {
    let page =
        query("| Name | Required | Type |\n|---|---|---|\n| a | x | string |\n| b |  | string |");
    assert_eq!(read(&page), ["query.a string", "query.b string"]);
    assert_eq!(told(&page), ["requiredness-not-read"]);
}

#[rstest]
#[case::a_kind("| Name | Kind | Notes |\n|---|---|---|\n| a | integer | Between 1 and 5. |", &["query.a integer minimum=1 maximum=5"], &[])]
#[case::in_no_language("| Name | Qwx | Notes |\n|---|---|---|\n| a | integer | The a. |\n| b | string | The b. |", &["query.a integer", "query.b string"], &[])]
#[case::names_of_a_query("| Query | Type | Description |\n|---|---|---|\n| `most` | integer | Size. |\n| `radius` | number (km) | How far. |", &["query.most integer", "query.radius number"], &[])]
#[case::something_else("| Name | Team | Notes |\n|---|---|---|\n| a | file | The a. |", &["query.a any"], &["column-not-read"])]
#[case::no_place("| Name | Location | Type |\n|---|---|---|\n| a | Paris | string |", &["query.a string"], &["column-not-read"])]
fn cells_tell_what_their_column_holds(
    #[case] rows: &str,
    #[case] expected: &[&str],
    #[case] kinds: &[&str],
) {
    let page = query(rows);
    assert_eq!(read(&page), expected);
    assert_eq!(told(&page), kinds);
}

#[rstest]
#[case("integer", "最小1。", "minimum=1")]
#[case("integer", "最小为1，最大为50。", "minimum=1 maximum=50")]
#[case("integer", "最大50", "maximum=50")]
#[case("integer", "不超过100。", "maximum=100")]
#[case("integer", "1到50之间。", "minimum=1 maximum=50")]
#[case("integer", "最小1、最大50。", "minimum=1 maximum=50")]
#[case("integer", "0 ≤ x ≤ 100", "minimum=0 maximum=100")]
#[case("integer", "1…100", "minimum=1 maximum=100")]
#[case("float", "> 0", "format=\"float\" exclusiveMinimum=0")]
#[case("string", "may not be empty", "minLength=1")]
#[case("boolean", "Default: off", "default=false")]
#[case("string", "\"auto\" or \"manual\"", "enum=[\"auto\",\"manual\"]")]
#[case("integer", "0 = off, 1 = on", "enum=[0,1]")]
fn a_description_bounds_a_value(#[case] kind: &str, #[case] text: &str, #[case] expected: &str) {
    let page = body(&format!("{TYPED}| a | {kind} | {text} |"));
    let kind = if kind == "float" { "number" } else { kind };
    assert_eq!(read(&page), [format!("request.a {kind} {expected}")]);
}

/// Values that break what a page says in words that are not read are not called documented-valid.
#[rstest]
#[case("integer", "between 0 (exclusive) and 100")]
#[case("string", "`a` - first, `b` - second")]
#[case("string", "'dark red' or 'dark blue'")]
#[case("integer", "每页最多50条。")]
#[case("integer", "Höchstens 50 Einträge.")]
#[case("string", "Máximo 50 caracteres.")]
#[case("timestamp", "When it began.")]
fn what_is_not_read_restricts_in_words(#[case] kind: &str, #[case] text: &str) {
    let derived = derived(&body(&format!("{TYPED}| a | {kind} | {text} |")));
    let schemas = serde_json::to_string(&derived.services[0].schemas).unwrap();
    assert!(schemas.contains("\"facet\":\"prose\""), "{schemas}");
    let shown = fields(&derived);
    let is_plain = |line: &&String| line.split(' ').count() == 2;
    assert_eq!(
        shown.iter().filter(is_plain).count(),
        shown.len(),
        "{shown:?}"
    );
}

#[test]
fn items_of_a_list_are_counted() {
    let page = body(&format!("{TYPED}| a | string[] | up to 5 |"));
    assert_eq!(
        read(&page),
        ["request.a array maxItems=5", "request.a[] string"]
    );
}

#[test]
fn names_lead_into_a_json_body() {
    let page = body(&format!(
        "{TYPED}| items[] | integer | The items. |\n| a.b | integer | A. |\n| rows[].x | string | X. |\n| rows[].tags[] | string | T. |"
    ));
    assert_eq!(
        read(&page),
        [
            "request.items array",
            "request.items[] integer",
            "request.a object",
            "request.a.b integer",
            "request.rows array",
            "request.rows[] object",
            "request.rows[].x string",
            "request.rows[].tags array",
            "request.rows[].tags[] string",
        ]
    );
}

#[test]
fn an_example_that_shows_the_fields_of_a_list_takes_none_of_their_rows() {
    let page = "# Make\n\n`POST /things`\n\n### Request body\n\n\
        | Name | Type | Required | Description |\n|---|---|---|---|\n\
        | items | array of object | Yes | The items. |\n\
        | items[].id | string | Yes | The id. |\n\n\
        ```json\n{\"items\": [{\"id\": \"1\"}]}\n```\n";
    let page = page::read("p.md", page).unwrap();
    let derived = derive(&[page], &Options::default()).unwrap();
    let found = fields(&derived);
    assert_eq!(
        found.get(1..),
        Some(
            &[
                "request.items* array".to_owned(),
                "request.items[] object".to_owned(),
                "request.items[].id* string".to_owned(),
            ][..]
        )
    );
}

#[test]
fn names_of_a_form_are_names() {
    let page = "# Make\n\n`POST /things`\n\n## Form parameters\n\n| Name | Type |\n|---|---|\n| items[] | string |\n| a.b | string |\n";
    let derived = derived(page);
    let document = derived.services[0].schemas.values();
    let names: Vec<&String> = document
        .filter_map(|schema| schema["properties"].as_object())
        .flat_map(|own| own.keys())
        .collect();
    assert_eq!(names, ["items[]", "a.b"]);
}

#[test]
fn a_dot_that_an_example_shows_in_a_key_is_a_part_of_the_name() {
    let page = "# Make\n\n`POST /things`\n\n## Request body\n\n| Name | Type |\n|---|---|\n| a.b | integer |\n\n## Example request\n\n```json\n{\"a.b\": 1}\n```\n";
    assert_eq!(read(page), ["request.a.b integer"]);
}

#[test]
fn bullets_below_the_name_of_the_answer_are_its_fields() {
    let page = "# Make\n\n`POST /things`\n\n## Response\n\n- `id` (integer): The id.\n- `name` (string): The name.\n";
    assert_eq!(read(page), ["2XX.id integer", "2XX.name string"]);
}

#[test]
fn names_in_code_below_a_sentence_about_parameters_are_those() {
    let page = "# List\n\n`GET /jobs`\n\nThe following parameters can also be used to narrow down the result set.\n\n* `ids`: which jobs to list\n* `name`: a filter for the name\n";
    assert_eq!(read(page), ["query.ids any", "query.name any"]);
}

#[test]
fn names_in_code_that_nothing_announces_are_told() {
    let page = "# List\n\n`GET /jobs`\n\nYou can also filter with:\n\n* `ids`: which jobs to list\n* `name`: a filter for the name\n";
    assert_eq!(told(page), ["table-without-place"]);
}

#[test]
fn what_no_page_says_of_a_page_number_is_held_by_convention_alone() {
    let derived = derived(&query("| Name | Type |\n|---|---|\n| page | integer |"));
    let document = derived.services[0].document.to_string();
    let fact = document.split("\"facet\":\"minimum\"").nth(1).unwrap();
    let fact = fact.split('}').next().unwrap();
    assert!(fact.contains("\"level\":\"may\""), "{fact}");
}

#[test]
fn a_column_of_places_is_obeyed() {
    let page = "# Make\n\n`POST /pens`\n\nParameters\n\n| Name | In | Type | Required |\n|---|---|---|---|\n| id | path | string | yes |\n| z | matrix | string | yes |\n| color | body | string | yes |\n";
    assert_eq!(read(page), ["request.color* string"]);
    assert_eq!(told(page), ["field-not-tried", "parameter-not-in-path"]);
}

#[test]
fn one_value_of_a_header_is_an_example() {
    let page = "# Search\n\n`POST /search`\n\n#### Headers\n\n| Key | Value |\n|---|---|\n| X-Mode | fast |\n| X-Kind | text/plain |\n| X-Token | Bearer abc |\n";
    assert_eq!(
        read(page),
        [
            "header.X-Mode any",
            "header.X-Kind any",
            "header.X-Token any"
        ]
    );
}

#[rstest]
#[case("{\"q\": \"<string>\", \"limit\": \"<integer>\", \"on\": \"<boolean>\"}")]
#[case("{\"q\": \"string (required, max 40)\", \"limit\": \"integer\", \"tags\": [\"string\"]}")]
fn an_example_of_types_is_no_request(#[case] example: &str) {
    let page =
        format!("# Make\n\n`POST /things`\n\n#### Request body\n\n```json\n{example}\n```\n");
    assert_eq!(read(&page), [""; 0]);
    assert_eq!(told(&page), ["example-not-read"]);
}

#[test]
fn a_header_may_name_the_answer() {
    let page = "# Search\n\n`GET /search`\n\n| Query parameter | Description |\n|---|---|\n| `q` (required) | The words. |\n\n| Response field | Description |\n|---|---|\n| `hits` | How many. |\n";
    assert_eq!(read(page), ["query.q* any", "2XX.hits any"]);
}

#[test]
fn definitions_of_html_are_fields() {
    let page = "<html><body>\n<h2>Create a pen</h2>\n<p><code>POST /api/pens</code></p>\n<h3>Body parameters</h3>\n<dl><dt>id</dt><dd><em>integer</em> The id</dd><dt>name</dt><dd><em>string</em> required. Name.</dd></dl>\n<h3>Response 201</h3>\n<dl><dt>id</dt><dd><em>integer</em> The id</dd></dl>\n</body></html>\n";
    assert_eq!(
        read(page),
        [
            "request.id integer",
            "request.name* string",
            "201.id integer"
        ]
    );
}

#[rstest]
#[case::in_brackets("color (string, required)", "width (int, optional)")]
#[case::behind_a_colon("color : string, required", "width : int, optional")]
fn definitions_of_restructured_text_are_fields(#[case] color: &str, #[case] width: &str) {
    let page = format!(
        "Pens\n====\n\nGET /pens\n---------\n\n**Parameters**\n\n{color}\n    The color.\n\n{width}\n    Width.\n\nResponse\n~~~~~~~~\n\nid (int)\n    Id\n"
    );
    let page = page::read("p.rst", &page).unwrap();
    let derived = derive(&[page], &Options::default()).unwrap();
    assert_eq!(
        fields(&derived),
        [
            "GET /pens",
            "query.color* string",
            "query.width integer",
            "2XX.id integer",
        ]
    );
}

#[rstest]
#[case::told("Required fields are marked with an asterisk (*).", &["request.title* string", "request.note string"])]
#[case::untold("The fields:", &["request.title* string", "request.note string"])]
#[case::of_a_note("\\* At least one of the two.", &["request.title string", "request.note string"])]
fn a_star_behind_a_name_says_that_it_must_be_sent(#[case] words: &str, #[case] expected: &[&str]) {
    let page = body(&format!(
        "{words}\n\n| Name | Type | Description |\n|---|---|---|\n| title* | string | T. |\n| note | string | N. |"
    ));
    assert_eq!(read(&page), expected);
}

#[test]
fn a_question_in_a_cell_is_no_mark_of_a_name() {
    let page = "# List\n\n`GET /things`\n\n| Property | Value |\n|---|---|\n| Requires authentication? | Yes |\n\n### Query parameters\n\n| Name | Type | Description |\n|---|---|---|\n| id | string | The id |\n";
    assert_eq!(read(page), ["query.id string"]);
}

#[test]
fn a_text_that_lists_others_has_no_length_by_their_number() {
    let rows = "| Name | Type | Description |\n|---|---|---|\n| ids | string | Comma-separated list of ids (max 100). |\n| q | string | The words (max 100). |";
    assert_eq!(
        read(&query(rows)),
        ["query.ids string", "query.q string maxLength=100"]
    );
}

#[test]
fn one_bullet_of_another_form_loses_no_list() {
    let page = "# Make\n\n`POST /b`\n\nBody:\n\n- `name` (string, required): name\n- `when` {date-time}: When\n";
    assert_eq!(read(page), ["request.name* string"]);
    assert_eq!(told(page), ["field-list-not-read"]);
}

#[test]
fn a_list_below_a_label_of_fields_is_told() {
    let page = "# Make\n\n`POST /b`\n\nBody:\n\n- name: string\n- *color* — string; one of them\n";
    assert_eq!(told(page), ["table-without-place"]);
}

#[test]
fn tags_say_what_must_be_sent() {
    let page = "# Sites\n\n### POST /api/v1/sites\n\n#### Body parameters\n<hr / >\n\n**domain** <Required />\n\nDomain of the site. At most 100 characters.\n\n<hr / >\n\n**timezone** <Optional />\n\nTimezone name.\n";
    assert_eq!(
        read(page),
        ["request.domain* any maxLength=100", "request.timezone any"]
    );
}

#[test]
fn rows_inside_others_are_told_of_where_a_body_has_them_alone() {
    let page = "# Things\n\n| Method | Path |\n|---|---|\n| GET | /things |\n| POST | /things |\n\n## Request Body Parameters\n\n| Parameter | Type |\n|---|---|\n| a.b | integer |\n";
    let derived = derived(page);
    assert_eq!(
        fields(&derived),
        [
            "GET /things",
            "POST /things",
            "request.a object",
            "request.a.b integer",
        ]
    );
    assert!(told(page).is_empty());
}

#[rstest]
#[case::values_that_go_on(
    "| a | true | string | NA | Pair | btcusdt, ethbtc...（取值参考GET /v1/symbols） |",
    &["query.a* string"]
)]
#[case::and_others("| a | true | string | NA | Kind | A, B and others |", &["query.a* string"])]
#[case::a_whole_list("| a | true | string | NA | Kind | A, B |", &["query.a* string enum=[\"A\",\"B\"]"])]
#[case::a_default_in_words("| a | false | string | 如不填，返回所有链 | Chain | |", &["query.a string"])]
#[case::a_default("| a | false | string | one | Chain | |", &["query.a string default=\"one\""])]
fn what_is_left_open_is_no_rule(#[case] row: &str, #[case] expected: &[&str]) {
    let head = "| Name | Required | Type | Default | Description | Value Range |\n|---|---|---|---|---|---|\n";
    assert_eq!(read(&query(&format!("{head}{row}"))), expected);
}

#[rstest]
#[case::longer_than_a_word("Default: best match", &["request.a string"])]
#[case::of_some("Default: 30 for users, 100 for teams", &["request.a string"])]
#[case::with_a_condition("Default: asc if it is not sent", &["request.a string default=\"asc\""])]
#[case::a_call("Parameters: object_name=department; custom_name=subtype.", &["request.a string"])]
#[case::meanings("0=off; 1=on", &["request.a string enum=[\"0\",\"1\"]"])]
fn the_beginning_of_something_longer_is_no_value(#[case] text: &str, #[case] expected: &[&str]) {
    let page = body(&format!("{TYPED}| a | string | {text} |"));
    assert_eq!(read(&page), expected);
}

#[test]
fn a_column_of_places_needs_no_known_header() {
    let page = "# T\n\n`POST /ships/{id}`\n\n**Parameters**\n\n| Name | Description | Passed in | Required | Data type |\n|---|---|---|---|---|\n| id | I | path | true | integer |\n| dry | D | query | false | boolean |\n| crew | C | body | true | integer |\n";
    assert_eq!(
        read(page),
        [
            "path.id* integer",
            "query.dry boolean",
            "request.crew* integer"
        ]
    );
}

#[test]
fn a_list_may_be_written_with_its_brackets() {
    let rows = "| Name | Type | Description |\n|---|---|---|\n| [{ account-id | string | A |\n| operator}] | string | O |";
    assert_eq!(
        read(&body(rows)),
        [
            "request[] object",
            "request[].account-id string",
            "request[].operator string"
        ]
    );
}
