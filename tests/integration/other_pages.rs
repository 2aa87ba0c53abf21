//! Pages that are read together: an object may stand on another page, and what a page without
//! operations says of every request holds for the others.

use docproof::internal::derive::{Derived, Options, derive};
use docproof::internal::page;
use rstest::rstest;
use serde_json::Value;

use crate::tools::fields;

fn derived(pages: &[(&str, &str)]) -> Derived {
    let pages: Vec<_> = pages
        .iter()
        .map(|(name, text)| page::read(name, text).unwrap())
        .collect();
    derive(&pages, &Options::default()).unwrap()
}

/// What is told of objects that links lead to in vain.
fn not_found(derived: &Derived) -> Vec<String> {
    let services = derived.services.iter();
    let findings = services.flat_map(docproof::internal::contract::Service::documentation);
    let mut found: Vec<String> = findings
        .filter(|own| own.kind.to_string() == "object-not-found")
        .map(|own| own.message.clone())
        .collect();
    found.sort();
    found
}

const LIST: &str = "# Tickets\n\n## List\n\n`GET /tickets`\n\n### Response 200\n\n| Field | Type | Description |\n|---|---|---|\n| tickets | array of [Ticket](LINK) | T |\n";
const MODELS: &str = "# Models\n\n## Ticket\n\n| Field | Type | Description |\n|---|---|---|\n| id | integer | I |\n| owner | [User](#user) | O |\n\n## User\n\n| Field | Type | Description |\n|---|---|---|\n| name | string | N |\n";
const USERS: &str =
    "# Users\n\n| Field | Type | Description |\n|---|---|---|\n| name | string | N |\n";

#[rstest]
#[case::by_its_file("models.md#ticket", &[])]
#[case::without_ending("./models#ticket", &[])]
#[case::from_the_root("/docs/models/#ticket", &[])]
#[case::elsewhere("other.md#ticket", &["`tickets` is described at `other.md#ticket`, which no page given has"])]
#[case::no_such_place("models.md#bill", &["`tickets` is described at `models.md#bill`, which no page given has"])]
fn a_type_leads_to_another_page(#[case] link: &str, #[case] told: &[&str]) {
    let derived = derived(&[
        ("tickets.md", &LIST.replace("LINK", link)),
        ("models.md", MODELS),
    ]);
    let mut expected = vec!["GET /tickets", "200.tickets array"];
    if told.is_empty() {
        expected.extend([
            "200.tickets[] object",
            "200.tickets[].id integer",
            "200.tickets[].owner object",
            "200.tickets[].owner.name string",
        ]);
        assert_eq!(derived.used, ["models.md"]);
        assert!(derived.skipped.is_empty());
    }
    let found = fields(&derived);
    let found: Vec<&str> = found
        .iter()
        .map(String::as_str)
        .filter(|own| !told.is_empty() || !own.ends_with(" any"))
        .filter(|own| told.is_empty() || !own.contains("[]"))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(not_found(&derived), told);
}

#[rstest]
#[case::a_body("Returns the [User](users.md).", &["200.name string"], &[])]
#[case::elsewhere(
    "Returns the [User](people.md#user).",
    &[],
    &["`User` has no table at `people.md#user`: the body that it is linked to as is not read"]
)]
#[case::nowhere(
    "Returns the [User](#user).",
    &[],
    &["`User` has no table at `#user`: the body that it is linked to as is not read"]
)]
fn a_sentence_leads_to_another_page(
    #[case] sentence: &str,
    #[case] body: &[&str],
    #[case] told: &[&str],
) {
    let text = format!("# Show\n\n`GET /me`\n\n### Response 200\n\n{sentence}\n");
    let derived = derived(&[("show.md", &text), ("users.md", USERS)]);
    let expected: Vec<&str> = ["GET /me"]
        .into_iter()
        .chain(body.iter().copied())
        .collect();
    assert_eq!(fields(&derived), expected);
    assert_eq!(not_found(&derived), told);
}

#[test]
fn names_are_those_of_their_own_page() {
    let show = "# Show\n\n`GET /me`\n\n### Response 200\n\n| Field | Type | Description |\n|---|---|---|\n| user | object | U |\n| ticket | [Ticket](models.md#ticket) | T |\n";
    let derived = derived(&[("show.md", show), ("models.md", MODELS)]);
    let expected = [
        "GET /me",
        "200.user object",
        "200.ticket object",
        "200.ticket.id integer",
        "200.ticket.owner object",
        "200.ticket.owner.name string",
    ];
    assert_eq!(fields(&derived), expected);
}

/// The schemes of credentials that each operation asks for.
fn schemes(derived: &Derived) -> Vec<String> {
    let paths = derived
        .services
        .iter()
        .flat_map(|own| own.document["paths"].as_object().unwrap().values());
    paths
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| match operation["security"].as_array() {
            Some(all) => Value::from(all.clone()).to_string(),
            None => String::new(),
        })
        .collect()
}

const SHOW: &str =
    "# Show\n\n`GET /me`\n\n### Response 200\n\n| Field | Type |\n|---|---|\n| name | string |\n";
const BEARER: &str = "Every request needs a bearer token: `Authorization: Bearer <token>`.";

#[rstest]
#[case::of_all("# Authentication", BEARER, "", true)]
#[case::overview("# Depot API overview", BEARER, "", true)]
#[case::open("# Authentication", BEARER, "This endpoint is public.", false)]
#[case::of_something("# Uploading in parts", BEARER, "", false)]
fn a_page_without_operations_tells_how_requests_are_let_in(
    #[case] title: &str,
    #[case] sentence: &str,
    #[case] own: &str,
    #[case] is_asked: bool,
) {
    let page = SHOW.replace("### Response", &format!("{own}\n\n### Response"));
    let about = format!("{title}\n\n{sentence}\n");
    let derived = derived(&[("show.md", &page), ("about.md", &about)]);
    let expected = match (is_asked, own) {
        (true, _) => "[{\"bearer\":[]}]",
        // It may be sent, and need not be.
        (false, "") => "",
        (false, _) => "[{\"bearer\":[]},{}]",
    };
    assert_eq!(schemes(&derived), [expected]);
    let told: Vec<String> = derived.skipped.iter().map(ToString::to_string).collect();
    if derived.used.is_empty() {
        assert!(
            told.concat()
                .contains("line 3: that requests need a credential")
        );
    }
}

#[rstest]
#[case::of_the_folder("docs/index.md", true)]
#[case::of_a_part_of_it("docs/admin/index.md", false)]
#[case::of_another("docs/blog.md", false)]
fn the_start_of_a_folder_is_about_all_of_it(#[case] name: &str, #[case] is_asked: bool) {
    let about = format!("# Blog API\n\n{BEARER}\n");
    let derived = derived(&[("docs/show.md", SHOW), (name, &about)]);
    let expected = if is_asked { "[{\"bearer\":[]}]" } else { "" };
    assert_eq!(schemes(&derived), [expected]);
}

const ALIKE: &str = "```json\n{ \"code\": \"not_found\", \"detail\": \"There is none.\" }\n```\n";

#[rstest]
#[case::sentence("All errors look the same:", true)]
#[case::heading("### Error format", true)]
#[case::some("Most errors look like this:", false)]
#[case::of_one_status("All 422 errors look the same:", false)]
#[case::chinese("所有错误统一采用以下格式：", true)]
fn the_body_of_errors_may_be_told_once(#[case] told: &str, #[case] is_read: bool) {
    let own = format!(
        "# Depot\n\n{told}\n\n{ALIKE}\n## Show\n\n`GET /racks/{{id}}`\n\nReturns 200, or 404 if there is none.\n\n## Remove\n\n`DELETE /racks/{{id}}`\n\nReturns 204, or 404 if there is none.\n"
    );
    let apart = "# Show\n\n`GET /racks/{id}`\n\nReturns 200, or 404 if there is none.\n";
    let errors = format!("# Errors\n\n{told}\n\n{ALIKE}");
    let alone = format!("# Depot\n\n{told}\n\n{ALIKE}\n#{apart}");
    for pages in [
        vec![("depot.md", own.as_str())],
        vec![("depot.md", alone.as_str())],
        vec![("show.md", apart), ("errors.md", errors.as_str())],
    ] {
        let derived = derived(&pages);
        let item = &derived.services[0].document["paths"]["/racks/{id}"];
        let answers = &item["get"]["responses"];
        assert_eq!(answers["404"]["content"].is_object(), is_read, "{answers}");
        assert!(!answers["200"]["content"].is_object(), "{answers}");
    }
}

/// A table of headers stands before that of the body, and a sentence calls the body a list.
#[rstest]
#[case::body("The body is an array of:", true)]
#[case::json("Returns a JSON array of racks:", true)]
#[case::each("An array of racks, each with:", true)]
#[case::object("The body is an object with:", false)]
fn an_answer_has_headers_and_is_a_list(#[case] lead: &str, #[case] is_list: bool) {
    let text = format!(
        "# Racks\n\n`GET /racks`\n\n## Response 200\n\n| Header | Type | Description |\n|---|---|---|\n| Link | String | The next page. |\n\n{lead}\n\n| Field | Type | Description |\n|---|---|---|\n| id | Integer | The id. |\n"
    );
    let derived = derived(&[("racks.md", &text)]);
    let service = &derived.services[0];
    let answer = &service.document["paths"]["/racks"]["get"]["responses"]["200"];
    assert!(answer["headers"]["Link"].is_object(), "{answer}");
    let mut schemas = service.schemas.iter();
    let (_, body) = schemas
        .find(|(name, _)| name.ends_with("response-200.json"))
        .unwrap();
    assert_eq!(body["type"] == "array", is_list, "{body}");
}

/// A link by a path leads to the own page where its path is called so, or where no page is and the
/// heading that it leads to has its words.
#[rstest]
#[case::by_an_anchor("#ticket-object", true)]
#[case::by_the_own_name("/docs/tickets#ticket-object", true)]
#[case::by_no_known_name("/docs/resources#ticket-object", true)]
#[case::to_something_else("/docs/resources#bill-object", false)]
#[case::to_another_host("https://example.com/docs/tickets#ticket-object", false)]
fn a_link_by_a_path_may_lead_to_its_own_page(#[case] link: &str, #[case] is_read: bool) {
    let text = "# Tickets\n\n## Ticket Object\n\n###### Ticket Structure\n\n| Field | Type | Description |\n|---|---|---|\n| id | integer | I |\n\n## Bill Object\n\nWords.\n\n## Get a ticket\n\n`GET /tickets/{ticket}`\n\nReturns a [ticket](LINK) object.\n";
    let derived = derived(&[("tickets.md", &text.replace("LINK", link))]);
    let found = fields(&derived);
    let has_id = found.iter().any(|field| field == "2XX.id integer");
    assert_eq!(has_id, is_read, "{found:?}");
}
