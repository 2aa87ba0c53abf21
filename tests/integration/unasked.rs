//! What a run may not do unasked: what ends, empties or changes something that the run did not make
//! is sent only where a person permits it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rstest::rstest;
use serde_json::{Value, json};

use super::support::small::try_page;
use super::support::{Received, Reply};

/// Items with their create, read and delete, and one operation more.
fn page(more: &str) -> String {
    format!(
        "# Items\n\n## List items\n\n`GET /items`\n\nReturns `200 OK`: `[{{\"id\": 1, \"name\": \"a\"}}]`.\n\n\
         ## Create an item\n\n`POST /items`\n\n\
         | Name | Type | Required | Description |\n|---|---|---|---|\n\
         | name | string | yes | 1 to 20 characters |\n\n\
         Returns `201 Created`: `{{\"id\": 1, \"name\": \"a\"}}`.\n\n\
         ## Get an item\n\n`GET /items/{{id}}`\n\nReturns `200 OK`: `{{\"id\": 1, \"name\": \"a\"}}` or `404`.\n\n\
         ## Delete an item\n\n`DELETE /items/{{id}}`\n\nReturns `204` or `404`.\n\n{more}\n"
    )
}

const ROWS: &str = "| Name | Type | Required | Description |\n|---|---|---|---|\n";

#[rstest]
#[case::ends_the_service(
    "## Shut down\n\n`POST /admin/shutdown`\n\nReturns `202`.",
    "ShutDown",
    "/admin/shutdown"
)]
#[case::empties_a_cache(
    "## Purge\n\n`POST /cache/purge`\n\nReturns `200`.",
    "Purge",
    "/cache/purge"
)]
#[case::says_no_more_than_done(
    "## Compact\n\n`POST /storage/compact`\n\nReturns `202`.",
    "Compact",
    "/storage/compact"
)]
#[case::ends_sessions("## Log out\n\n`POST /logout`\n\nReturns `204`.", "LogOut", "/logout")]
#[case::of_all(
    "## Delete all\n\n`DELETE /items`\n\nReturns `204`.",
    "DeleteAll",
    "/items"
)]
#[case::of_one_alone(
    &format!("## Settings\n\n`PUT /settings`\n\n{ROWS}| theme | string | yes | One of `a`, `b` |\n\nReturns `200`."),
    "Settings",
    "/settings"
)]
#[case::of_two(
    &format!("## Merge\n\n`POST /items/{{id}}/merge`\n\n{ROWS}| into | integer | yes | The id of the item that stays |\n\nReturns `200`."),
    "Merge",
    "/merge"
)]
#[case::of_several(
    &format!("## Bulk delete\n\n`POST /items/bulk-delete`\n\n{ROWS}| ids | array of integer | yes | Ids |\n\nReturns `204`."),
    "BulkDelete",
    "/items/bulk-delete"
)]
fn what_a_run_did_not_make_is_changed_where_a_person_permits_it(
    #[case] more: &str,
    #[case] operation: &str,
    #[case] path: &'static str,
    #[values(false, true)] is_permitted: bool,
) {
    let known: Mutex<Vec<u64>> = Mutex::default();
    let next = AtomicU64::new(1001);
    let answer = move |request: &Received| {
        let mut known = known.lock().unwrap();
        let no = |status: u16| Reply::json(status, &json!({ "error": "no" }));
        let said: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let target = request.target.split('?').next().unwrap_or_default();
        let id = target
            .strip_prefix("/items/")
            .and_then(|id| id.parse().ok());
        let is_known = id.is_some_and(|id| known.contains(&id));
        let shown = |id: u64| json!({ "id": id, "name": "a" });
        match (request.method.as_str(), target, id) {
            ("GET", "/items", _) => Reply::json(200, &known.iter().copied().map(shown).collect()),
            ("POST", "/items", _) if is_name(&said["name"]) => {
                let id = next.fetch_add(1, Ordering::Relaxed);
                known.push(id);
                Reply::json(201, &json!({ "id": id, "name": said["name"] }))
            }
            ("POST", "/items", _) => no(400),
            ("GET", _, Some(id)) if is_known => Reply::json(200, &shown(id)),
            ("DELETE", _, Some(id)) if is_known => {
                known.retain(|own| *own != id);
                Reply::json(204, &Value::Null)
            }
            _ => no(404),
        }
    };
    let permission = ["--allow-changes", operation];
    let more_arguments: &[&str] = if is_permitted { &permission } else { &[] };
    let ran = try_page(&page(more), more_arguments, Box::new(answer));
    let target = |request: &Received| request.target.split('?').next().map(str::to_owned);
    // Other methods of the path, and ids that nobody has, are tried in any case.
    let is_of_nobody = |target: &str| {
        let id = target
            .strip_suffix("/merge")
            .and_then(|of| of.strip_prefix("/items/"));
        id.is_some_and(|id| id.parse::<u64>().is_err())
    };
    let method = more
        .split('`')
        .nth(1)
        .and_then(|line| line.split(' ').next());
    let sent = ran.received.iter().any(|request| {
        method == Some(&request.method)
            && target(request)
                .is_some_and(|target| target.ends_with(path) && !is_of_nobody(&target))
    });
    assert_eq!(sent, is_permitted, "{}", ran.text);
    let told = format!("`--allow-changes {operation}` permits");
    assert_eq!(
        ran.text.replace("\n          ", " ").contains(&told),
        !is_permitted,
        "{}",
        ran.text
    );
}

fn is_name(value: &Value) -> bool {
    let length = value.as_str().map_or(0, |name| name.chars().count());
    (1..=20).contains(&length)
}
