//! What becomes of bullets and lines that define fields.

use super::super::described::sketch;
use rstest::rstest;

fn markdown(text: &str) -> String {
    sketch(
        &super::super::read("p.md", &format!("# T\n\n{text}"))
            .unwrap()
            .blocks,
    )
}

#[test]
fn bullets_in_their_forms_become_tables() {
    insta::assert_snapshot!(markdown(
        "\
### Parameters

- `job` `(string: <required>)` - The job. This is part of the URL.
- `mode` `(string: \"fast\")` – The mode. One of:
  - `fast`: at once
  - `slow`: at night
- `count` `(int: 0)` - How many.
- `until` `(string: <required - if mode is slow>)` - The end.
- `note` `(string: \"\")` - A note.
- `labels` `(map<string|string>: nil)` - Labels.
- `limits` `(map: nil)` - The limits:
  - `time` `(string: \"\")` - In seconds.
  - `names` `([]string: [])` - Names.

Body parameters:

* `title` - **string**, required. The title.
* `owner` - **string** or null, optional, defaults to `me`. The owner.
* `steps` - **array**, optional. Each is an object with the following fields:
  - `name` - **string**, required. Its name.
* `guests` - string representing a bool - Is optional and hides guests.
* `dir` - Direction. Either `f` or `b`. Defaults to `f`.
* `tags`: an array of strings - Tags.

Plain parameters:

* team (required) - The team.
* **size** (int, optional): How large.

Returns HTTP status code:

- `201` - When it was made.
- `200` - When it was changed.
"
    ));
}

#[test]
fn fields_in_other_forms_than_bullets_become_tables() {
    insta::assert_snapshot!(markdown(
        "\
### Parameters

- **amount** `integer` *Required*

  In cents.

- **name** (*in path*): string, required

  The name.

- `raw` string **required**
- `size` (optional, integer)

## Query parameters

`<index>`
:   (Required, string) The index.

dir
:   String. The direction.

## Required arguments

**`room`** `string` · Required

Where to send it.

**token** unknown · Optional

## Request Parameters

All actions have others.

**Worker.N**

The workers.

Type: Array of strings

Required: Yes

**Example**:

#### Body parameters

| Name, Type, Description |
|---|
| **`title`** string **Required**<br>The title. |

## 201: Created

It was made.

- `id` integer **required**
"
    ));
}

#[rstest]
#[case::star(
    "**name*** `string`\nThe name.\n\n**size** `integer`\nThe size.",
    "name* | string"
)]
#[case::star_in_a_bullet(
    "- **name*** `string` - The name.\n- **size** `integer` - The size.",
    "name* | string"
)]
#[case::at_the_end(
    "- `name`: The name (string, required)\n- `size`: The size (integer).",
    "name | string | Yes | The name"
)]
#[case::no_type(
    "- `name` (string): The name (of the day)\n- `size` (integer): One (a file)",
    "name | string | The name (of the day)"
)]
#[case::fields_of_an_object(
    "- `owner`: Whose it is (object)\n    - `login`: The name\n    - `age`: The years\n- `size`: One (integer)",
    "login | The name"
)]
#[case::the_whole(
    "- **id**: The id\n- **Body**: The thing, as JSON",
    "unread Field(\"Body: The thing, as JSON\")"
)]
#[case::a_field_called_so("- `id`: The id\n- `Body`: The words", "Body | The words")]
fn what_bullets_say_of_fields_is_kept(#[case] text: &str, #[case] expected: &str) {
    let sketch = markdown(&format!("### Body parameters\n\n{text}\n"));
    assert!(sketch.contains(expected), "{sketch}");
}

#[rstest]
#[case::note("### Parameters\n\n**Note** that all are text.\n")]
#[case::elsewhere("### Overview\n\n**name** string required\n")]
#[case::unlabelled("### Parameters\n\n**Worker**\n\nThe workers.\n")]
fn other_paragraphs_stay_paragraphs(#[case] text: &str) {
    let sketch = markdown(text);
    assert!(!sketch.contains("table"), "{sketch}");
}

#[test]
fn definition_lists_of_restructured_text_become_tables() {
    let text = "\
Job
===

Parameters
----------

``job`` : string
    The job.

    It has to exist.

``limit`` (integer, optional)
    At most so many.
";
    insta::assert_snapshot!(sketch(
        &super::super::read("p.rst", &format!(".. _a:\n\n{text}"))
            .unwrap()
            .blocks
    ));
}

#[rstest]
#[case::additional(
    "### Parameters\n\n- `a` `(int: 0)` - One.\n\nAdditionally, these options are allowed, but\nonly in some editions:\n\n- `b` `(int: 0)` - Two.\n",
    1
)]
#[case::another_section(
    "### Parameters\n\n- `a` `(int: 0)` - One.\n\n### Additional parameters\n\n- `b` `(int: 0)` - Two.\n",
    2
)]
#[case::another_side(
    "### Parameters\n\n- `a` `(int: 0)` - One.\n\nThe response also has these fields:\n\n- `b` `(int: 0)` - Two.\n",
    2
)]
#[case::another_list(
    "### Parameters\n\n- `a` `(int: 0)` - One.\n\nEach job has these fields:\n\n- `b` `(int: 0)` - Two.\n",
    2
)]
fn a_list_that_goes_on_is_one_table(#[case] text: &str, #[case] tables: usize) {
    let sketch = markdown(text);
    assert_eq!(sketch.matches(" table: ").count(), tables, "{sketch}");
}

#[rstest]
#[case::values("The mode. Valid values are:\n\n- `fast` - at once\n- `slow` - at night\n")]
#[case::values_of_a_parameter("Values of the parameter:\n\n- `fast` - at once\n")]
#[case::note("Parameters:\n\n- **`sudo` required** – This needs rights.\n")]
#[case::prose("Parameters:\n\n- When set to `a`, it is b.\n- `a` is required.\n")]
#[case::untyped("Things to know:\n\n- `title` - It is long.\n")]
#[case::words("### Parameters\n\n- `a b` - Two words.\n")]
#[case::plain_and_not_announced("You need:\n\n- python (required) - Any.\n")]
#[case::plain_words("Parameters:\n\n- title (see below) - It is long.\n")]
#[case::far("The parameters are these. Read on.\n\n- `title` - It is long.\n")]
fn other_lists_stay_lists(#[case] text: &str) {
    let sketch = markdown(text);
    assert!(!sketch.contains("table"), "{sketch}");
}

#[rstest]
#[case("The response body is an object with one field:", "response table")]
#[case("The following fields are returned in the body:", "response table")]
#[case("These query parameters filter the returned fields:", "unplaced table")]
#[case("### Parameters", "unplaced table")]
#[case(
    "The answer contains `b` (object) field with the next structure:",
    "inner table"
)]
#[case("These are properties of an `options` object:", "inner table")]
#[case("It is kept as follows:", "inner table")]
fn words_before_a_list_say_whether_it_is_the_answer(#[case] label: &str, #[case] expected: &str) {
    let sketch = markdown(&format!("{label}\n\n- `a`: integer - One.\n"));
    assert!(sketch.contains(expected), "{sketch}");
}

#[test]
fn definition_lists_of_html_become_tables() {
    insta::assert_snapshot!(sketch(
            &super::super::read(
                "p.html",
                "\
<!doctype html><h1>Job</h1><h2>Parameters</h2>
<dl>
<dt><code>title</code> <em>(string)</em> <strong>required</strong></dt><dd>The title.</dd>
<dt><b>mode</b> (string, optional)</dt><dd>One of: <code>fast</code>, <code>slow</code>.</dd>
</dl>
<h2>POST /{team}/_find</h2>
<dl class=field-list>
<dt>Query Parameters:</dt><dd><ul><li><p><strong>dry</strong> (<em>boolean</em>) – Dry.</p></li></ul></dd>
<dt>Request JSON Object:</dt><dd><ul>
<li><p><strong>filter</strong> (<em>object</em>) – What to look for. <em>Required</em></p></li>
<li><p><strong>limit</strong> (<em>number</em>) – At most so many. Default is <code>25</code>.</p></li></ul></dd>
<dt>Response JSON Object:</dt><dd><ul><li><p><strong>jobs</strong> (<em>array</em>) – Jobs.</p></li></ul></dd>
<dt>Status Codes:</dt><dd><ul><li><p><a href=\"/200\">200 OK</a> – Found.</p></li></ul></dd>
</dl>
"
            )
            .unwrap()
            .blocks
        ));
}

#[test]
fn a_bullet_among_fields_that_is_none_is_told() {
    let sketch =
        markdown("### Parameters\n\n- `a` - One.\n- `b` - Two.\n- And whatever else there is.\n");
    assert!(
        sketch.contains("7 unread Field(\"And whatever else there is.\")"),
        "{sketch}"
    );
}

#[test]
fn fields_of_a_text_are_not_read() {
    let sketch = markdown(
        "### Parameters\n\n- `kind` `(string: \"\")` - The kind, with fields:\n  - `a` `(int: 0)` - One.\n",
    );
    assert!(
        sketch.contains("unread Field(\"the list in kind\")"),
        "{sketch}"
    );
    assert!(!sketch.contains("inner"), "{sketch}");
}
