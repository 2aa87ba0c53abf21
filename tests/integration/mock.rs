//! The mock over HTTP: what it serves, what it refuses, and how it stops.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use docproof::internal::contract::Suite;
use docproof::internal::mock::{Mock, MockError, MockOptions};
use reqwest::{Client, Method, StatusCode};
use rstest::rstest;
use serde_json::{Value, json};

static CRYPTO: Once = Once::new();

pub(crate) struct Fixture {
    mock: Mock,
    suite: Arc<Suite>,
    client: Client,
    ids: BTreeMap<String, String>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    content_type: Option<String>,
    pub(crate) headers: reqwest::header::HeaderMap,
    text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

fn suite() -> Arc<Suite> {
    Arc::new(Suite::bundled().unwrap())
}

/// A suite that the mock knows nothing of.
fn shelf() -> Arc<Suite> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/shelf");
    Arc::new(Suite::load(&folder).unwrap())
}

impl Fixture {
    fn new() -> Self {
        Self::with(MockOptions {
            token: Some("secret".to_owned()),
            ..MockOptions::default()
        })
    }

    fn with(options: MockOptions) -> Self {
        Self::of(suite(), options)
    }

    pub(crate) fn of(suite: Arc<Suite>, options: MockOptions) -> Self {
        CRYPTO.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let mock = Mock::start(Arc::clone(&suite), options).unwrap();
        let ids = mock.resources().into_iter().collect();
        Self {
            mock,
            suite,
            client: Client::builder().no_proxy().build().unwrap(),
            ids,
        }
    }

    pub(crate) fn id(&self, key: &str) -> &str {
        &self.ids[key]
    }

    fn backups(&self, key: &str) -> String {
        format!(
            "/v2/{}/instances/{}/backups",
            self.id("project_id"),
            self.id(key)
        )
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&str>) -> Answer {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.mock.url()))
            .header("X-Auth-Token", "secret");
        if let Some(body) = body {
            request = request
                .header("Content-Type", "application/json")
                .body(body.to_owned());
        }
        self.finish(request).await
    }

    async fn finish(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let headers = response.headers().clone();
        Answer {
            status: response.status().as_u16(),
            content_type: headers
                .get("content-type")
                .map(|value| value.to_str().unwrap().to_owned()),
            headers,
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(&body.to_string())).await
    }

    /// Panics unless a body is as the contract has it.
    pub(crate) fn assert_valid(&self, operation: &str, answer: &Answer) {
        let operation = self
            .suite
            .operations
            .iter()
            .find(|known| known.id == operation)
            .unwrap();
        let response = operation
            .response(answer.status)
            .unwrap_or_else(|| panic!("{} is not documented", answer.status));
        let schema = response.schema.as_ref().unwrap();
        assert_eq!(schema.violations(&answer.json()), [], "{}", answer.text);
        assert_eq!(answer.content_type.as_deref(), Some("application/json"));
    }
}

#[tokio::test]
async fn a_created_backup_moves_through_its_statuses() {
    let fixture = Fixture::with(MockOptions {
        token: Some("secret".to_owned()),
        step: Duration::from_millis(150),
        ..MockOptions::default()
    });
    let path = fixture.backups("dcs.cluster_instance_id");
    let created = fixture.post(&path, &json!({"remark": "备份"})).await;
    assert_eq!(created.status, 200);
    fixture.assert_valid("CopyInstance", &created);
    let mut seen: Vec<(String, String)> = Vec::new();
    let end = Instant::now() + Duration::from_secs(5);
    while Instant::now() < end && seen.last().is_none_or(|(status, _)| status != "succeed") {
        let list = fixture.get(&path).await;
        fixture.assert_valid("ListBackupRecords", &list);
        let list = list.json();
        let record = &list["backup_record_response"][0];
        assert_eq!(record["backup_id"], created.json()["backup_id"]);
        assert_eq!(record["remark"], "备份");
        assert_eq!(record["backup_format"], "rdb");
        assert_eq!(record["backup_type"], "manual");
        assert_eq!(
            record["instance_id"],
            *fixture.id("dcs.cluster_instance_id")
        );
        assert_eq!(list["total_num"], 3);
        let status = record["status"].as_str().unwrap().to_owned();
        if seen.last().is_none_or(|(last, _)| *last != status) {
            seen.push((
                status,
                record["is_support_restore"].as_str().unwrap().to_owned(),
            ));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let expected = [
        ("waiting", "FALSE"),
        ("backuping", "FALSE"),
        ("succeed", "TRUE"),
    ];
    let seen: Vec<(&str, &str)> = seen.iter().map(|(a, b)| (&**a, &**b)).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn an_instance_without_backups_answers_204_without_a_body() {
    let fixture = Fixture::new();
    let path = fixture.backups("dcs.empty_instance_id");
    let answer = fixture.get(&path).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_eq!(answer.content_type, None);
    assert!(answer.headers.get("transfer-encoding").is_none());
    // It stays empty.
    let refused = fixture.post(&path, &json!({})).await;
    assert_eq!(refused.status, 400);
    fixture.assert_valid("CopyInstance", &refused);
    assert_eq!(fixture.get(&path).await.status, 204);
}

#[tokio::test]
async fn pages_and_windows_cut_the_list() {
    let fixture = Fixture::new();
    let path = fixture.backups("dcs.instance_id");
    let all = fixture.get(&path).await.json();
    let records = all["backup_record_response"].as_array().unwrap().clone();
    assert_eq!(records.len(), 6);
    assert!(records.is_sorted_by(|a, b| a["created_at"].as_str() >= b["created_at"].as_str()));
    assert!(
        records
            .iter()
            .any(|record| record["error_code"] == "dcs.08.0002")
    );
    for (limit, offset) in [(1, 0), (2, 1), (4, 4), (10, 0), (0, 0), (3, 6), (3, 999)] {
        let page = fixture
            .get(&format!("{path}?limit={limit}&offset={offset}"))
            .await;
        fixture.assert_valid("ListBackupRecords", &page);
        let page = page.json();
        let expected: Vec<Value> = records.iter().skip(offset).take(limit).cloned().collect();
        assert_eq!(page["backup_record_response"], Value::from(expected));
        assert_eq!(page["total_num"], 6);
    }
    // The window is inclusive at both ends.
    let key = |index: usize| {
        let digits: String = records[index]["created_at"]
            .as_str()
            .unwrap()
            .chars()
            .filter(char::is_ascii_digit)
            .take(14)
            .collect();
        digits
    };
    let window = fixture
        .get(&format!("{path}?begin_time={}&end_time={}", key(3), key(1)))
        .await
        .json();
    assert_eq!(window["backup_record_response"], json!(records[1..=3]));
    assert_eq!(window["total_num"], 3);
    let nothing = fixture
        .get(&format!(
            "{path}?begin_time=20010101000000&end_time=20010101000000"
        ))
        .await;
    assert_eq!(nothing.status, 200);
    assert_eq!(nothing.json()["backup_record_response"], json!([]));
    let reversed = fixture
        .get(&format!(
            "{path}?begin_time=20200101000001&end_time=20200101000000"
        ))
        .await;
    assert_eq!(reversed.status, 400);
    fixture.assert_valid("ListBackupRecords", &reversed);
}

#[rstest]
#[case("limit=abc")]
#[case("limit=")]
#[case("limit=1.0")]
#[case("limit=%2B")]
#[case("limit=-1")]
#[case("limit=99999999999999999999")]
#[case("limit=1%20")]
#[case("limit=%EF%BC%91")]
#[case("limit=1&limit=2")]
#[case("offset=-1")]
#[case("begin_time=20240230000000")]
#[case("begin_time=")]
#[case("end_time=2024-01-01")]
#[case("end_time=%zz")]
#[tokio::test]
async fn invalid_queries_are_refused_as_documented(#[case] query: &str) {
    let fixture = Fixture::new();
    let path = fixture.backups("dcs.instance_id");
    let answer = fixture.get(&format!("{path}?{query}")).await;
    assert_eq!(answer.status, 400, "{}", answer.text);
    fixture.assert_valid("ListBackupRecords", &answer);
    assert_eq!(answer.json()["error_ext_msg"], Value::Null);
}

#[rstest]
#[case(r#"{"backup_format":"AOF"}"#)]
#[case(r#"{"backup_format":null}"#)]
#[case(r#"{"backup_format":""}"#)]
#[case(r#"{"remark":1}"#)]
#[case(r#"{"remark":"a","remark":"b"}"#)]
#[case("[]")]
#[case("\"text\"")]
#[case("{")]
#[case("{} x")]
#[case(" ")]
#[tokio::test]
async fn invalid_bodies_are_refused_as_documented(#[case] body: &str) {
    let fixture = Fixture::new();
    let path = fixture.backups("dcs.instance_id");
    let answer = fixture.send(Method::POST, &path, Some(body)).await;
    assert_eq!(answer.status, 400, "{}", answer.text);
    fixture.assert_valid("CopyInstance", &answer);
}

#[tokio::test]
async fn bodies_need_the_json_content_type() {
    let fixture = Fixture::new();
    let url = format!(
        "{}{}",
        fixture.mock.url(),
        fixture.backups("dcs.instance_id")
    );
    for (content_type, expected) in [
        (Some("application/json; charset=utf-8"), 200),
        (Some("APPLICATION/JSON"), 200),
        (Some("text/plain"), 400),
        (Some("application/jsonx"), 400),
        (None, 400),
    ] {
        let mut request = fixture.client.post(&url).header("X-Auth-Token", "secret");
        if let Some(content_type) = content_type {
            request = request.header("Content-Type", content_type);
        }
        let answer = fixture.finish(request.body("{}")).await;
        assert_eq!(answer.status, expected, "{content_type:?}");
    }
    // No body at all is fine where the contract does not require one.
    let answer = fixture
        .send(Method::POST, &fixture.backups("dcs.instance_id"), None)
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn unknown_resources_are_refused() {
    let fixture = Fixture::new();
    let project = fixture.id("project_id");
    let unknown = format!("/v2/{project}/instances/nothing/backups");
    assert_eq!(fixture.get(&unknown).await.status, 400);
    let instance = fixture.id("dcs.instance_id");
    let answer = fixture
        .get(&format!("/v2/nobody/instances/{instance}/backups"))
        .await;
    assert_eq!(answer.status, 400);
    let single = fixture
        .post(&fixture.backups("dcs.single_node_instance_id"), &json!({}))
        .await;
    assert_eq!(single.status, 400);
    fixture.assert_valid("CopyInstance", &single);
    let body = json!({"instance_id": "nothing", "name": "backup"});
    let answer = fixture.post(&format!("/v3/{project}/backups"), &body).await;
    assert_eq!(answer.status, 404);
    assert!(answer.json()["error_code"].is_string());
}

#[tokio::test]
async fn a_manual_backup_echoes_what_was_asked_for() {
    let fixture = Fixture::new();
    let path = format!("/v3/{}/backups", fixture.id("project_id"));
    let body = json!({"instance_id": fixture.id("gaussdb.instance_id"), "name": "Backup_1-a", "description": "说明"});
    let first = fixture.post(&path, &body).await;
    fixture.assert_valid("CreateManualBackup", &first);
    let first = first.json();
    for name in ["instance_id", "name", "description"] {
        assert_eq!(first["backup"][name], body[name]);
    }
    assert_eq!(first["backup"]["status"], "BUILDING");
    assert!(
        first["backup"]["begin_time"]
            .as_str()
            .unwrap()
            .ends_with("+0000")
    );
    let second = fixture.post(&path, &body).await.json();
    assert_ne!(first["backup"]["id"], second["backup"]["id"]);
    assert_ne!(first["job_id"], second["job_id"]);
    for (name, value) in [
        ("name", json!("abc")),
        ("name", json!("1abc")),
        ("name", json!("a".repeat(65))),
        ("name", Value::Null),
        ("description", json!("a&b")),
        ("description", json!("a".repeat(257))),
    ] {
        let mut broken = body.clone();
        broken[name] = value;
        let answer = fixture.post(&path, &broken).await;
        assert_eq!(answer.status, 400, "{broken}");
        assert!(answer.json()["error_msg"].is_string());
    }
}

#[tokio::test]
async fn any_service_is_served_from_its_contract() {
    let fixture = Fixture::of(shelf(), MockOptions::default());
    let shelf = fixture.id("shelf.shelf_no");
    let path = format!("/shelves/{shelf}/books");
    let body =
        json!({"title": "Ulysses", "pages": 730, "kind": "audio", "author": {"name": "Joyce"}});
    let added = fixture.post(&path, &body).await;
    assert_eq!(added.status, 201);
    fixture.assert_valid("AddBook", &added);
    let first = added.json();
    assert_eq!(first["title"], "Ulysses");
    assert_eq!(first["kind"], "audio");
    assert_eq!(first["author"]["name"], "Joyce");
    assert_eq!(first["shelf_no"].to_string(), shelf);
    assert_ne!(first["id"], fixture.post(&path, &body).await.json()["id"]);
    for (status, query) in [
        (200, "?sort=title&limit=5&deep=true&tag=a&tag=b&extra=1"),
        (422, "?sort=size"),
        (422, "?limit=0"),
        (422, "?deep=yes"),
        (422, "?tag=abcdef"),
    ] {
        let list = fixture.get(&format!("{path}{query}")).await;
        assert_eq!(list.status, status, "{query}");
        fixture.assert_valid("ListBooks", &list);
    }
    let missing = fixture.get("/shelves/123456/books").await;
    assert_eq!(missing.status, 404);
    fixture.assert_valid("ListBooks", &missing);
    assert_eq!(missing.json()["error"]["code"], 4040);
    let book = fixture.id("shelf.book_id");
    let number = fixture.id("shelf.no");
    let removed = fixture
        .send(
            Method::DELETE,
            &format!("/shelves/{number}/books/{book}"),
            None,
        )
        .await;
    assert_eq!((removed.status, removed.content_type), (204, None));
    for broken in [
        json!({"pages": 1}),
        json!({"title": "t", "pages": 0}),
        json!({"title": "t", "pages": 1.5}),
        json!({"title": "t", "pages": 1, "author": {}}),
        json!({"title": "t", "pages": 1, "author": {"name": "n", "born": "1882-13-01"}}),
        json!({"title": "t", "pages": 1, "tags": ["a", "b", "c", "d"]}),
    ] {
        assert_eq!(fixture.post(&path, &broken).await.status, 422, "{broken}");
    }
}

#[tokio::test]
async fn other_methods_and_paths_are_refused() {
    let fixture = Fixture::new();
    let path = fixture.backups("dcs.instance_id");
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let answer = fixture.send(method, &path, None).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers["allow"], "GET, POST");
        assert!(answer.json()["error_code"].is_string());
    }
    let head = fixture.send(Method::HEAD, &path, None).await;
    assert_eq!((head.status, head.text.as_str()), (405, ""));
    for path in ["/", "/v2", "/v9/x", &format!("{path}/"), "//"] {
        let answer = fixture.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.json()["error_msg"].is_string());
    }
}

#[tokio::test]
async fn tokens_are_checked() {
    let fixture = Fixture::new();
    let url = format!(
        "{}{}",
        fixture.mock.url(),
        fixture.backups("dcs.instance_id")
    );
    for token in [None, Some(""), Some("wrong")] {
        let mut request = fixture.client.get(&url);
        if let Some(token) = token {
            request = request.header("X-Auth-Token", token);
        }
        let answer = fixture.finish(request).await;
        assert_eq!(answer.status, 401);
        assert!(answer.json()["error_code"].as_str().unwrap().len() <= 9);
    }
    assert_eq!(fixture.mock.token(), Some("secret"));
}

#[tokio::test]
async fn what_is_too_long_is_refused_with_a_body() {
    let fixture = Fixture::new();
    let path = fixture.backups("dcs.instance_id");
    let uri = fixture
        .get(&format!("{path}?x={}", "a".repeat(9_000)))
        .await;
    assert_eq!(uri.status, 414);
    assert!(uri.json().is_object());
    let request = fixture
        .client
        .get(format!("{}{path}", fixture.mock.url()))
        .header("X-Auth-Token", "secret")
        .header("X-Long", "a".repeat(20_000));
    let headers = fixture.finish(request).await;
    assert_eq!(headers.status, 431);
    assert!(headers.json().is_object());
    let body = fixture
        .post(&path, &json!({"remark": "a".repeat(2_000_000)}))
        .await;
    assert_eq!(body.status, 413);
    fixture_is_object(&body);
    let long = fixture
        .post(&path, &json!({"remark": "a".repeat(1_000_000)}))
        .await;
    assert_eq!(long.status, 200);
}

fn fixture_is_object(answer: &Answer) {
    assert!(answer.json().is_object());
}

#[test]
fn a_port_in_use_is_an_error_that_names_it() {
    let first = Mock::start(suite(), MockOptions::default()).unwrap();
    let options = MockOptions {
        port: first.port(),
        ..MockOptions::default()
    };
    let error = Mock::start(suite(), options).unwrap_err();
    assert!(matches!(error, MockError::PortInUse(port) if port == first.port()));
    assert!(error.to_string().contains(&first.port().to_string()));
}

#[test]
fn dropping_stops_even_with_a_request_under_way() {
    let mock = Mock::start(suite(), MockOptions::default()).unwrap();
    let port = mock.port();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream
        .write_all(b"POST /v3/p/backups HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        .unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let begin = Instant::now();
    drop(mock);
    assert!(begin.elapsed() < Duration::from_secs(2));
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(
        Mock::start(
            suite(),
            MockOptions {
                port,
                ..MockOptions::default()
            }
        )
        .is_ok()
    );
}
