//! Tokens that a token endpoint grants (OAuth 2, client credentials): got before the first request,
//! renewed before they expire and where they are refused, and told of where there are none; and no
//! output has one.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rstest::rstest;
use serde_json::json;

use crate::doors::{list, list_page, refuse};
use crate::support::small::{Answer, Ran, Small, run_page};
use crate::support::{Received, Reply};

const CLIENT: &str = "client-of-notes";
const SECRET: &str = "s3cret/of&the+client";
/// What every granted token begins with.
const TOKEN: &str = "granted.t0ken-number-";

fn page() -> String {
    list_page(
        "Every request must carry `Authorization: Bearer <token>`.",
        "",
    )
}

/// A service behind a token, and the token endpoint beside it.
struct Service {
    /// How many tokens were granted.
    granted: Arc<AtomicU32>,
    /// How many requests the newest token has served.
    served: Arc<Mutex<u32>>,
    /// For how many requests a token is good.
    uses: u32,
    /// What the token endpoint says of the life of a token.
    life: serde_json::Value,
    /// How the client has to say who it is.
    takes: Takes,
}

/// How a client says who it is.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// By Basic, of id and secret as they stand in a form (RFC 6749, section 2.3.1).
    Encoded,
    /// By Basic, of both as they are.
    AsTheyAre,
    /// By the parameters of the body.
    InBody,
}

impl Service {
    fn new() -> Self {
        Self {
            granted: Arc::default(),
            served: Arc::default(),
            uses: u32::MAX,
            life: json!(3600),
            takes: Takes::Encoded,
        }
    }

    fn start(self) -> (Small, Arc<AtomicU32>) {
        let granted = Arc::clone(&self.granted);
        let answer: Answer = Box::new(move |request| self.answer(request));
        (Small::start(answer), granted)
    }

    fn answer(&self, request: &Received) -> Reply {
        let path = request.target.split('?').next().unwrap_or_default();
        match path {
            "/token" => self.grant(request),
            "/v1/notes" if request.method != "GET" => refuse(405, "no").with("Allow", "GET"),
            "/v1/notes" => {
                let newest = self.granted.load(Ordering::SeqCst);
                let expected = format!("Bearer {TOKEN}{newest}");
                let mut served = self.served.lock().unwrap();
                if request.header("authorization") != Some(&expected) || *served >= self.uses {
                    return refuse(401, "who are you?");
                }
                *served += 1;
                list(request)
            }
            _ => refuse(404, "nothing is here"),
        }
    }

    fn grant(&self, request: &Received) -> Reply {
        let form: Vec<(String, String)> = url::form_urlencoded::parse(&request.body)
            .into_owned()
            .collect();
        let has = |name: &str, value: &str| {
            form.iter()
                .any(|(known, text)| known == name && text == value)
        };
        let in_form = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
        };
        let is_basic = |id: &str, secret: &str| {
            let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
            request.header("authorization") == Some(&basic)
        };
        let is_known = match self.takes {
            Takes::Encoded => is_basic(&in_form(CLIENT), &in_form(SECRET)),
            Takes::AsTheyAre => is_basic(CLIENT, SECRET),
            Takes::InBody => has("client_id", CLIENT) && has("client_secret", SECRET),
        };
        if request.method != "POST" || !is_known {
            return Reply::json(401, &json!({ "error": "invalid_client" }));
        }
        if !has("grant_type", "client_credentials") || !has("scope", "read all") {
            return Reply::json(400, &json!({ "error": "invalid_scope" }));
        }
        let number = self.granted.fetch_add(1, Ordering::SeqCst) + 1;
        *self.served.lock().unwrap() = 0;
        let token = format!("{TOKEN}{number}");
        let life = &self.life;
        Reply::json(
            200,
            &json!({ "access_token": token, "token_type": "Bearer", "expires_in": life }),
        )
    }
}

/// A run that asks for tokens; no output of it has the secret or a token.
fn run(folder: &Path, url: &str, token_url: &str, more: &[&str], secret: &str) -> Ran {
    let mut flags = vec!["--token-url", token_url, "--client-id", CLIENT];
    flags.extend([
        "--scope",
        "read all",
        "--verbose",
        "--journal",
        "journal.ndjson",
    ]);
    flags.extend(["--report", "html=report.html"]);
    flags.extend(more);
    let variables = [("DOCPROOF_CLIENT_SECRET", secret)];
    let ran = run_page(folder, &page(), url, &flags, &variables);
    let mut all = format!("{}{}", ran.text, ran.report);
    for file in ["journal.ndjson", "report.html"] {
        all.push_str(&std::fs::read_to_string(folder.join(file)).unwrap_or_default());
    }
    assert!(!all.contains(SECRET) && !all.contains(TOKEN), "{all}");
    ran
}

#[rstest]
#[case::number(Service::new())]
#[case::text(Service { life: json!("3600"), ..Service::new() })]
#[case::unsaid(Service { life: json!(null), ..Service::new() })]
#[case::in_body(Service { takes: Takes::InBody, ..Service::new() })]
#[case::as_they_are(Service { takes: Takes::AsTheyAre, ..Service::new() })]
fn a_token_is_asked_for_once(#[case] service: Service) {
    let folder = tempfile::tempdir().unwrap();
    let (server, granted) = service.start();
    let token_url = format!("{}/token", server.url);
    let ran = run(folder.path(), &server.url, &token_url, &[], SECRET);
    assert_eq!(ran.code, 0, "{}", ran.text);
    assert_eq!(ran.broken(), Vec::<String>::new(), "{}", ran.text);
    assert_eq!(granted.load(Ordering::SeqCst), 1);
}

#[test]
fn a_token_is_renewed_before_it_expires() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service {
        life: json!(1),
        ..Service::new()
    };
    let (server, granted) = service.start();
    let token_url = format!("{}/token", server.url);
    let more = ["--rate", "60", "-j", "1"];
    let ran = run(folder.path(), &server.url, &token_url, &more, SECRET);
    assert_eq!(ran.code, 0, "{}", ran.text);
    let granted = granted.load(Ordering::SeqCst);
    assert!((2..10).contains(&granted), "{granted}");
}

#[test]
fn a_token_that_is_refused_is_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service {
        uses: 40,
        ..Service::new()
    };
    let (server, granted) = service.start();
    let token_url = format!("{}/token", server.url);
    let ran = run(folder.path(), &server.url, &token_url, &["-j", "1"], SECRET);
    assert_eq!(ran.code, 0, "{}", ran.text);
    let granted = granted.load(Ordering::SeqCst);
    assert!((2..10).contains(&granted), "{granted}");
}

/// What a token endpoint answers that grants nothing.
fn dumb(status: u16, kind: &'static str, body: &'static str) -> Answer {
    Box::new(move |_| {
        let mut reply = Reply::json(status, &json!({})).with("Location", "/login");
        reply.headers.retain(|(name, _)| name != "Content-Type");
        reply.body = body.as_bytes().to_vec();
        reply.with("Content-Type", kind)
    })
}

#[rstest]
#[case::refuses(
    dumb(
        401,
        "application/json",
        r#"{"error":"invalid_client","error_description":"granted.t0ken-number-1"}"#
    ),
    "it answered 401, `invalid_client`"
)]
#[case::refuses_otherwise(
    dumb(403, "application/json", r#"{"error":"granted.t0ken-number-1"}"#),
    "it answered 403\n"
)]
#[case::breaks(
    dumb(500, "text/html", "<h1>granted.t0ken-number-1</h1>"),
    "it answered 500"
)]
#[case::moves(dumb(302, "text/html", ""), "it answered 302")]
#[case::html(
    dumb(200, "text/html", "<h1>granted.t0ken-number-1</h1>"),
    "no JSON object with `access_token`"
)]
#[case::list(
    dumb(200, "application/json", r#"["granted.t0ken-number-1"]"#),
    "no JSON object with `access_token`"
)]
#[case::nothing(
    dumb(200, "application/json", ""),
    "no JSON object with `access_token`"
)]
#[case::other_name(
    dumb(200, "application/json", r#"{"token":"granted.t0ken-number-1"}"#),
    "its answer has no `access_token`"
)]
#[case::number(
    dumb(200, "application/json", r#"{"access_token":7}"#),
    "its answer has no `access_token`"
)]
#[case::empty(
    dumb(200, "application/json", r#"{"access_token":""}"#),
    "its answer has no `access_token`"
)]
#[case::lines(
    dumb(
        200,
        "application/json",
        r#"{"access_token":"granted.t0ken-number-1\nb"}"#
    ),
    "characters that no header carries"
)]
fn a_token_endpoint_that_grants_nothing_is_told_of_before_the_first_request(
    #[case] answer: Answer,
    #[case] said: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = Service::new().start();
    let endpoint = Small::start(answer);
    let token_url = format!("{}/token", endpoint.url);
    let ran = run(folder.path(), &server.url, &token_url, &[], SECRET);
    assert_eq!(ran.code, 3, "{}", ran.text);
    assert!(ran.text.contains(said), "{}", ran.text);
    assert!(
        ran.text.contains("the token endpoint `http://"),
        "{}",
        ran.text
    );
    assert!(
        ran.text.contains("\nhint: check the token endpoint"),
        "{}",
        ran.text
    );
    assert_eq!(server.received().len(), 0);
}

#[test]
fn a_wrong_secret_and_an_endpoint_that_is_gone_or_silent_are_told_of() {
    let (server, _) = Service::new().start();
    let slow = Small::start(Box::new(|_| {
        std::thread::sleep(Duration::from_secs(5));
        refuse(500, "")
    }));
    for (token_url, secret, said) in [
        (
            format!("{}/token", server.url),
            "wrong",
            "it answered 401, `invalid_client`",
        ),
        (
            "http://127.0.0.1:1/token".to_owned(),
            SECRET,
            "Connection refused",
        ),
        (
            server.url.replace("http:", "https:"),
            SECRET,
            "is it `http://` instead of `https://`?",
        ),
        (slow.url.clone(), SECRET, "it does not answer in time"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let more = ["--timeout", "1"];
        let ran = run(folder.path(), &server.url, &token_url, &more, secret);
        assert_eq!(ran.code, 3, "{}", ran.text);
        assert!(ran.text.contains(said), "{}", ran.text);
    }
}

#[rstest]
#[case::no_secret(&["--token-url", "http://127.0.0.1:1/token", "--client-id", "c"], "", "DOCPROOF_CLIENT_SECRET")]
#[case::no_id(&["--token-url", "http://127.0.0.1:1/token"], SECRET, "--client-id")]
#[case::no_url(&["--token-url", "token", "--client-id", "c"], SECRET, "no URL such as")]
fn half_a_client_is_a_usage_error(
    #[case] flags: &[&str],
    #[case] secret: &str,
    #[case] said: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let variables = [("DOCPROOF_CLIENT_SECRET", secret)];
    let ran = run_page(
        folder.path(),
        &page(),
        "http://127.0.0.1:1",
        flags,
        &variables,
    );
    assert_eq!(ran.code, 2, "{}", ran.text);
    assert!(ran.text.contains(said), "{}", ran.text);
}

#[test]
fn a_token_that_cannot_be_renewed_ends_the_run_with_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service {
        uses: 20,
        ..Service::new()
    };
    let granted = Arc::clone(&service.granted);
    let server = Small::start(Box::new(move |request| {
        if request.target == "/token" && granted.load(Ordering::SeqCst) > 0 {
            return Reply::json(400, &json!({ "error": "unauthorized_client" }));
        }
        service.answer(request)
    }));
    let token_url = format!("{}/token", server.url);
    let ran = run(folder.path(), &server.url, &token_url, &["-j", "1"], SECRET);
    assert_eq!(ran.code, 3, "{}", ran.text);
    assert!(
        ran.text.contains("it answered 400, `unauthorized_client`"),
        "{}",
        ran.text
    );
    assert_eq!(ran.broken(), Vec::<String>::new(), "{}", ran.text);
}
