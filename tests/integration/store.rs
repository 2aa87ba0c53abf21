//! What the mock keeps of a contract that nobody wrote a backend for, over HTTP: ids that the
//! service makes, the request chooses or says, records within others, lists, and each way in which
//! the store can be made to fail.

use std::path::Path;
use std::sync::Arc;

use docproof::internal::contract::Suite;
use docproof::internal::mock::{Fault, MockOptions, faults, variations};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::mock::{Answer, Fixture};
use crate::support::docproof;

/// A folder with a suite made from the pages of a folder of fixtures.
fn derived(pages: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(pages);
    let mut arguments = vec!["init".to_owned(), "suite".to_owned()];
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        std::fs::copy(&path, folder.path().join(&name)).unwrap();
        arguments.push(name);
    }
    arguments.sort_by_key(|name| name.ends_with(".md"));
    let told = docproof(folder.path(), arguments);
    assert_eq!(told.code, 0, "{}", told.seen());
    folder
}

fn suite(pages: &str) -> Arc<Suite> {
    let folder = derived(pages);
    Arc::new(Suite::load(&folder.path().join("suite")).unwrap())
}

fn options(fault: Option<Fault>) -> MockOptions {
    MockOptions {
        token: Some("secret".to_owned()),
        fault,
        ..MockOptions::default()
    }
}

fn mock(pages: &str) -> Fixture {
    Fixture::of(suite(pages), options(None))
}

impl Fixture {
    async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Some(&body.to_string())).await
    }

    async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Some(&body.to_string()))
            .await
    }

    async fn delete(&self, path: &str) -> u16 {
        self.send(Method::DELETE, path, None).await.status
    }
}

/// The values of a field of the items of a list.
fn all(list: &Answer, items: &str, field: &str) -> Vec<Value> {
    let list = list.json();
    let items = list[items].as_array().unwrap();
    items.iter().map(|item| item[field].clone()).collect()
}

#[tokio::test]
async fn a_record_lives_from_its_create_to_its_delete() {
    let mock = mock("widgets");
    let size = json!({"width": 3, "depth": {"min": 1, "max": 2}});
    let body =
        json!({"name": " n ", "serial": 9_007_199_254_740_993_u64, "ratio": 0.1, "size": size});
    let created = mock.post("/v1/widgets", &body).await;
    mock.assert_valid("CreateWidget", &created);
    let created = created.json();
    for (name, value) in body.as_object().unwrap() {
        assert_eq!(created[name], *value);
    }
    // What was left out has its documented default, or nothing.
    assert_eq!(
        (&created["active"], &created["note"]),
        (&json!(true), &Value::Null)
    );
    let made: jiff::Timestamp = created["created_at"].as_str().unwrap().parse().unwrap();
    assert!(made.duration_since(jiff::Timestamp::now()).as_secs().abs() < 60);

    let path = format!("/v1/widgets/{}", created["id"].as_str().unwrap());
    assert_eq!(mock.get(&path).await.json(), created);
    let listed = mock.get("/v1/widgets?limit=1").await;
    mock.assert_valid("ListWidgets", &listed);
    assert_eq!(listed.json()["widgets"], json!([created]));

    // A change in part keeps the rest, a replacement does not.
    let changed = mock
        .patch(&path, &json!({"note": "x", "active": false}))
        .await;
    mock.assert_valid("ChangeWidget", &changed);
    let changed = mock.get(&path).await.json();
    assert_eq!(
        (&changed["note"], &changed["active"]),
        (&json!("x"), &json!(false))
    );
    assert_eq!((&changed["name"], &changed["size"]), (&json!(" n "), &size));
    mock.put(&path, &json!({"name": "m", "size": size})).await;
    let replaced = mock.get(&path).await.json();
    assert_eq!(
        (&replaced["note"], &replaced["active"]),
        (&Value::Null, &json!(true))
    );
    assert_eq!(
        (&replaced["serial"], &replaced["id"]),
        (&json!(0), &created["id"])
    );

    assert_eq!(mock.delete(&path).await, 204);
    assert_eq!(mock.delete(&path).await, 404);
    let gone = mock.get(&path).await;
    assert_eq!(gone.status, 404);
    mock.assert_valid("ShowWidget", &gone);
    let ids = all(&mock.get("/v1/widgets?limit=50").await, "widgets", "id");
    assert!(!ids.contains(&created["id"]));
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let mock = mock("widgets");
    let before = mock.get("/v1/widgets?limit=50").await.json();
    let refused = mock.post("/v1/widgets", &json!({"name": "n"})).await;
    assert_eq!(refused.status, 400);
    let path = format!("/v1/widgets/{}", mock.id("widgets.widget_id"));
    let refused = mock.patch(&path, &json!({"note": "x", "serial": -1})).await;
    assert_eq!(refused.status, 400);
    assert_eq!(mock.get("/v1/widgets?limit=50").await.json(), before);
}

#[tokio::test]
async fn records_belong_to_what_they_were_made_under() {
    let mock = mock("depot");
    for bucket in ["first", "second"] {
        assert_eq!(
            mock.put(&format!("/v1/buckets/{bucket}"), &json!({}))
                .await
                .status,
            201
        );
    }
    let boxed = json!({"box": {"label": "nails"}});
    let created = mock.post("/v1/buckets/first/boxes", &boxed).await;
    mock.assert_valid("AddBox", &created);
    let id = created.json()["box"]["box_id"].clone();
    assert_eq!(created.json()["box"]["bucket_name"], "first");
    assert_eq!(created.json()["box"]["weight"], 1);
    let item = |bucket: &str| format!("/v1/buckets/{bucket}/boxes/{id}");
    assert_eq!(mock.get(&item("first")).await.json(), created.json());
    assert_eq!(mock.get(&item("second")).await.status, 404);
    assert_eq!(mock.delete(&item("second")).await, 404);
    let (first, second) = ("/v1/buckets/first/boxes", "/v1/buckets/second/boxes");
    assert_eq!(
        all(&mock.get(first).await, "boxes", "box_id"),
        std::slice::from_ref(&id)
    );
    assert_eq!(mock.get(second).await.json()["total_count"], 0);
    assert_eq!(mock.get("/v1/buckets/third/boxes").await.status, 404);
    assert_eq!(
        mock.post("/v1/buckets/third/boxes", &boxed).await.status,
        404
    );
    // What is in a bucket goes with it.
    assert_eq!(mock.delete("/v1/buckets/first").await, 204);
    assert_eq!(mock.put("/v1/buckets/first", &json!({})).await.status, 201);
    assert_eq!(mock.get(&item("first")).await.status, 404);
}

#[tokio::test]
async fn ids_come_from_where_the_contract_says() {
    let mock = mock("depot");
    // The path chooses it: the first makes, the second replaces.
    let made = mock
        .put("/v1/buckets/cellar", &json!({"region": "south"}))
        .await;
    assert_eq!((made.status, &made.json()["name"]), (201, &json!("cellar")));
    let replaced = mock.put("/v1/buckets/cellar", &json!({})).await;
    assert_eq!(
        (replaced.status, &replaced.json()["region"]),
        (200, &json!("north"))
    );
    // The answer tells it in a header alone.
    let posted = mock.post("/v1/notices", &json!({"text": "closed"})).await;
    let place = posted.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(mock.get(&place).await.json()["text"], "closed");
    assert_eq!(
        mock.patch(&place, &json!({"text": "open"})).await.status,
        204
    );
    assert_eq!(mock.get(&place).await.json()["text"], "open");
    // The request says it.
    let added = mock.post("/v1/tags", &json!({"name": "loud"})).await;
    assert_eq!(added.json(), json!({"name": "loud", "colour": "red"}));
    assert_eq!(mock.delete("/v1/tags/loud").await, 204);
}

#[tokio::test]
async fn what_is_given_exists_from_the_start() {
    let mock = mock("depot");
    let (bucket, number) = (mock.id("depot.bucket_name"), mock.id("depot.box_id"));
    assert_eq!(mock.get(&format!("/v1/buckets/{bucket}")).await.status, 200);
    let path = format!("/v1/buckets/{bucket}/boxes/{number}");
    let shown = mock.get(&path).await;
    mock.assert_valid("ShowBox", &shown);
    assert_eq!(shown.json()["box"]["box_id"].to_string(), number);
}

#[tokio::test]
async fn lists_are_filtered_and_cut_into_pages() {
    let mock = mock("depot");
    let whole = mock.get("/v1/buckets").await;
    let south = mock.get("/v1/buckets?region=south").await;
    mock.assert_valid("ListBuckets", &south);
    let is_south: Vec<Value> = all(&whole, "buckets", "region")
        .into_iter()
        .filter(|region| region == "south")
        .collect();
    assert_eq!(all(&south, "buckets", "region"), is_south);
    assert_eq!(south.json()["count"], is_south.len());
    let times = all(&whole, "buckets", "created_at");
    assert!(times.is_sorted_by(|one, next| one.as_str() >= next.as_str()));

    let boxes = format!("/v1/buckets/{}/boxes", mock.id("depot.bucket_name"));
    let ids = all(&mock.get(&boxes).await, "boxes", "box_id");
    let page = mock.get(&format!("{boxes}?page=2&page_size=3")).await;
    assert_eq!(all(&page, "boxes", "box_id"), ids[3..6]);
    assert_eq!(page.json()["total_count"], ids.len());

    // By a marker, to the documented end, whatever is made or deleted meanwhile.
    let mock = self::mock("widgets");
    let whole = all(&mock.get("/v1/widgets?limit=50").await, "widgets", "id");
    let (mut seen, mut marker) = (Vec::new(), String::new());
    loop {
        let page = mock.get(&format!("/v1/widgets?limit=2{marker}")).await;
        mock.assert_valid("ListWidgets", &page);
        seen.extend(all(&page, "widgets", "id"));
        match page.json()["next_marker"].as_str() {
            Some(next) => marker = format!("&marker={next}"),
            None => break,
        }
        let last = seen.last().and_then(Value::as_str).unwrap();
        assert_eq!(mock.delete(&format!("/v1/widgets/{last}")).await, 204);
    }
    assert_eq!(seen, whole);
}

#[tokio::test]
async fn names_are_unique_where_a_variation_wants_it() {
    let suite = suite("depot");
    let unique = variations(&suite)
        .into_iter()
        .find(|one| one.id == "unique-names");
    let mock = Fixture::of(
        Arc::clone(&suite),
        MockOptions {
            variation: Some(unique.unwrap()),
            ..options(None)
        },
    );
    let tag = json!({"name": "loud"});
    assert_eq!(mock.post("/v1/tags", &tag).await.status, 201);
    let second = mock.post("/v1/tags", &tag).await;
    assert_eq!(second.status, 409);
    assert_eq!(mock.delete("/v1/tags/loud").await, 204);
    assert_eq!(mock.post("/v1/tags", &tag).await.status, 201);
}

/// Whether a mock of widgets shows a difference by a fault: what it says of the fault's law.
async fn shows(mock: &Fixture, way: &str) -> bool {
    let size = json!({"width": 3, "depth": {"min": 1, "max": 2}});
    let body = json!({"name": "n", "note": "o", "serial": 4, "size": size});
    let created = mock.post("/v1/widgets", &body).await.json();
    let path = format!("/v1/widgets/{}", created["id"].as_str().unwrap());
    let ids = || async { all(&mock.get("/v1/widgets?limit=50").await, "widgets", "id") };
    let shown = || async { mock.get(&path).await.json() };
    match way {
        "not-shown" => mock.get(&path).await.status == 404,
        "not-listed" => !ids().await.contains(&created["id"]),
        "name-lost" | "name-changed" => shown().await["name"] != "n",
        "sets-back" => {
            mock.patch(&path, &json!({"name": "m"})).await;
            shown().await["note"] != "o"
        }
        "kept" => {
            mock.put(&path, &json!({"name": "n", "size": size})).await;
            shown().await["serial"] == 4
        }
        "shown" | "listed" => {
            mock.delete(&path).await;
            let is_listed = ids().await.contains(&created["id"]);
            (mock.get(&path).await.status == 200) == (way == "shown")
                && is_listed == (way == "listed")
        }
        "taken" => {
            mock.delete(&path).await;
            mock.delete(&path).await == 204
        }
        "made" => {
            let before = ids().await.len();
            mock.post("/v1/widgets", &json!({"name": "n"})).await;
            ids().await.len() > before
        }
        other => panic!("{other} is not tried"),
    }
}

#[tokio::test]
async fn a_store_fails_as_its_fault_says() {
    let suite = suite("widgets");
    let all_faults = faults(&suite);
    let correct = Fixture::of(Arc::clone(&suite), options(None));
    for id in [
        "CreateWidget::relation::lifecycle::create-then-read::not-shown",
        "CreateWidget::relation::lifecycle::create-then-read::name-lost",
        "CreateWidget::relation::lifecycle::create-then-read::name-changed",
        "CreateWidget::relation::lifecycle::create-then-list::not-listed",
        "CreateWidget::relation::lifecycle::refused-leaves-nothing::made",
        "ChangeWidget::relation::lifecycle::update-changes-this-alone::sets-back",
        "ReplaceWidget::relation::lifecycle::replace-restores-defaults::kept",
        "DeleteWidget::relation::lifecycle::delete-then-gone::shown",
        "DeleteWidget::relation::lifecycle::delete-then-gone::listed",
        "DeleteWidget::relation::lifecycle::delete-again::taken",
    ] {
        let fault = all_faults
            .iter()
            .find(|fault| fault.id == format!("widgets::{id}"));
        let fault = fault.unwrap_or_else(|| panic!("{id} is no fault")).clone();
        let way = id.rsplit("::").next().unwrap();
        let faulty = Fixture::of(Arc::clone(&suite), options(Some(fault)));
        assert!(shows(&faulty, way).await, "{id}");
        assert!(!shows(&correct, way).await, "{id} of a correct one");
    }
}

#[test]
fn a_suite_of_any_convention_holds_against_its_own_mock() {
    let folder = derived("depot");
    let told = docproof(folder.path(), ["run", "--suite", "suite", "--cases", "8"]);
    assert_eq!(told.code, 0, "{}", told.text());
    let arguments = ["selftest", "--suite", "suite", "--fault", "lifecycle"];
    let told = docproof(folder.path(), arguments);
    assert_eq!(told.code, 0, "{}", told.text());
}

#[test]
fn a_row_that_words_restrict_has_no_fault_that_nobody_could_see() {
    let folder = derived("worded");
    let told = docproof(folder.path(), ["run", "--suite", "suite"]);
    assert_eq!(told.code, 0, "{}", told.seen());
    let told = docproof(folder.path(), ["selftest", "--suite", "suite"]);
    assert_eq!(told.code, 0, "{}", told.seen());
}

#[test]
fn a_listed_value_in_the_other_case_breaks_nothing_where_the_page_says_so() {
    let folder = derived("worded");
    let suite = Suite::load(&folder.path().join("suite")).unwrap();
    let operation = &suite.operations[0];
    let state = operation
        .parameter(docproof::internal::contract::Location::Query, "state")
        .unwrap();
    assert!(state.schema.is_valid(&json!("IN-USE")));
    assert!(state.schema.is_valid(&json!("Free")));
    assert!(!state.schema.is_valid(&json!("lent")));
}
