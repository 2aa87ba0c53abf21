//! HTTP: sockets, threads, and the bytes of requests and answers. What they mean is the business of
//! `app`.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::body::{Body as HttpBody, Bytes, HttpBody as _};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use futures_util::StreamExt;
use tokio::sync::oneshot;

use super::app::{App, LONGEST_BODY, Received};
use super::reply::{Body, Reply};
use super::wire::{Link, Wired};

/// How much of a body that is too long is read and thrown away, so that the sender gets to read the
/// refusal.
const DRAINED: usize = 64 * 1024 * 1024;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long stopping waits for work that cannot be cut off.
const STOPPING: Duration = Duration::from_secs(1);

/// The threads that serve.
#[derive(Debug)]
pub(super) struct Server {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves an app on a socket that already listens.
    pub(super) fn start(
        listener: TcpListener,
        app: App,
        workers: usize,
    ) -> Result<Self, std::io::Error> {
        listener.set_nonblocking(true)?;
        let mut builder = if workers > 1 {
            tokio::runtime::Builder::new_multi_thread()
        } else {
            tokio::runtime::Builder::new_current_thread()
        };
        let runtime = builder
            .worker_threads(workers.max(1))
            .thread_name("docproof-mock")
            .enable_io()
            .enable_time()
            .build()?;
        let listener = {
            let _guard = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let router = Router::new()
            .fallback(handle)
            .with_state(Arc::new(app))
            .into_make_service_with_connect_info::<Link>();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("docproof-mock".to_owned())
            .spawn(move || {
                runtime.block_on(async move {
                    tokio::select! {
                        _ = std::future::IntoFuture::into_future(axum::serve(Wired(listener), router)) => {}
                        _ = stopped => {}
                    }
                });
                runtime.shutdown_timeout(STOPPING);
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Waits until the server has stopped.
    pub(super) fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // The thread's own panic has been printed by then.
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Nobody listens any more when the server has ended by itself.
            let _ = stop.send(());
        }
        self.join();
    }
}

async fn handle(State(app): State<Arc<App>>, request: Request) -> Response<HttpBody> {
    let (parts, body) = request.into_parts();
    let body = receive(&parts.headers, body).await;
    let mut reply = app.answer(&parts.method, &parts.uri, &parts.headers, &body);
    // The rest of a body that was not read would be taken for the next request.
    reply.wire.closes |= !matches!(body, Received::Whole(_));
    if let Some(delay) = reply.wire.delay {
        tokio::time::sleep(delay).await;
    }
    if let Some(bytes) = reply.wire.instead.take()
        && let Some(ConnectInfo(link)) = parts.extensions.get::<ConnectInfo<Link>>()
    {
        link.take_over(bytes);
    }
    respond(reply)
}

/// Reads a body, up to what is allowed; the rest of a longer one is thrown away.
async fn receive(headers: &HeaderMap, body: HttpBody) -> Received {
    if body.is_end_stream() {
        return Received::Whole(Bytes::new());
    }
    let announced: Option<usize> = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse().ok());
    if announced.is_some_and(|length| length > DRAINED) {
        return Received::TooLong;
    }
    tokio::time::timeout(PATIENCE, collect(body))
        .await
        .unwrap_or(Received::Broken)
}

async fn collect(body: HttpBody) -> Received {
    let mut stream = body.into_data_stream();
    let mut first = Bytes::new();
    let mut all: Vec<u8> = Vec::new();
    let mut length = 0_usize;
    while let Some(chunk) = stream.next().await {
        let Ok(chunk) = chunk else {
            return Received::Broken;
        };
        length = length.saturating_add(chunk.len());
        if length > DRAINED {
            break;
        }
        if length > LONGEST_BODY {
            all = Vec::new();
        } else if first.is_empty() {
            // Nearly every body comes in one piece, which needs no copy.
            first = chunk;
        } else {
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&chunk);
        }
    }
    if length > LONGEST_BODY {
        Received::TooLong
    } else if all.is_empty() {
        Received::Whole(first)
    } else {
        Received::Whole(all.into())
    }
}

/// Writes an answer as HTTP.
fn respond(reply: Reply) -> Response<HttpBody> {
    let body = match reply.body {
        Body::None => None,
        Body::Json(value) => Some(serde_json::to_vec(&value).unwrap_or_default()),
        Body::Raw(bytes) => Some(bytes),
    };
    let mut response = Response::new(HttpBody::empty());
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let content_type = reply.content_type.as_deref();
    if let Some(Ok(content_type)) = content_type.map(HeaderValue::from_str) {
        headers.insert(CONTENT_TYPE, content_type);
    }
    if reply.wire.closes {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    for (name, value) in reply.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
            headers.append(name, value);
        }
    }
    if let Some(bytes) = body {
        *response.body_mut() = match reply.wire.chunks {
            None => HttpBody::from(bytes),
            Some(size) => {
                let pieces: Vec<Result<Vec<u8>, Infallible>> = bytes
                    .chunks(size.max(1))
                    .map(|piece| Ok(piece.to_vec()))
                    .collect();
                HttpBody::from_stream(futures_util::stream::iter(pieces))
            }
        };
    }
    response
}
