//! The router does what its document says; one that does not fails the same test.

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::{map_request, map_response};
use axum::response::Response;
use docproof::{Report, Suite};

/// Runs the document against a router that is served in the runtime of the test.
async fn run(router: Router) -> Report {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let suite = Suite::from_openapi("openapi.yaml").unwrap();
    suite.endpoint(url).bearer(notes::TOKEN).run_async().await
}

#[tokio::test]
async fn the_router_does_what_its_document_says() {
    run(notes::router()).await.assert_ok();
}

#[tokio::test]
async fn an_undocumented_status_is_found() {
    let created_is_ok = map_response(|mut answer: Response| async {
        if answer.status() == StatusCode::CREATED {
            *answer.status_mut() = StatusCode::OK;
        }
        answer
    });
    breaks(notes::router().layer(created_is_ok), "createNote").await;
}

#[tokio::test]
async fn a_router_without_a_lock_is_found() {
    let open = map_request(|mut request: Request| async {
        let token = format!("Bearer {}", notes::TOKEN).parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, token);
        request
    });
    breaks(notes::router().layer(open), "response-401").await;
}

#[tokio::test]
async fn a_note_that_is_shown_though_it_is_not_there_is_found() {
    let always_there = map_response(|mut answer: Response| async {
        if answer.status() == StatusCode::NOT_FOUND {
            *answer.status_mut() = StatusCode::OK;
        }
        answer
    });
    breaks(notes::router().layer(always_there), "showNote").await;
}

/// The router fails, by a finding whose fact or trials have this word.
async fn breaks(router: Router, word: &str) {
    let report = run(router).await;
    assert_eq!(report.exit_code(), 1, "{report}");
    let findings = report.findings();
    let mut findings = findings.iter();
    assert!(findings.any(|one| one.fact.contains(word)), "{report}");
}
