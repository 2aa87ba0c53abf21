//! A server of widgets, written by hand from the pages of `tests/fixtures/widgets`: create, show,
//! list, replace, change and delete, and parts within widgets. It is correct unless it is started
//! with a breach, knows nothing of the contract and the mock, keeps widgets of somebody else that
//! nobody may touch, and writes down everything that comes.

mod answers;
mod breach;
mod client;
mod fields;
mod store;
mod widget;

use std::collections::BTreeSet;
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

pub use breach::BREACHES;
pub use client::{Client, ask, full, path};
pub use store::SEEDED;
use store::Store;

/// How a server is started.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// What it does wrong; one of [`BREACHES`].
    pub breach: Option<&'static str>,
    /// Whether no two widgets may have one name.
    pub unique: bool,
    /// Whether there are widgets of somebody else.
    pub seeded: bool,
    /// Whether a new widget is being built for a moment.
    pub builds: bool,
    /// The token that every request has to bring.
    pub token: Option<&'static str>,
}

/// A request that came, and what was answered.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub target: String,
    pub body: Vec<u8>,
    pub status: u16,
}

struct State {
    store: Store,
    token: Option<&'static str>,
    seen: Vec<Seen>,
    /// Where the present run begins in what was seen.
    run: usize,
    /// The widgets that were there when the present run began.
    foreign: BTreeSet<String>,
}

/// A running server; it serves for as long as the test does.
pub struct Widgets {
    url: String,
    state: Arc<Mutex<State>>,
    seeded: String,
}

impl Widgets {
    /// Starts a server on a free port.
    pub fn start(options: Options) -> Self {
        let known = |name| BREACHES.iter().any(|breach| breach.name == name);
        assert!(options.breach.is_none_or(known), "{options:?}");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let store = Store::new(options);
        let seeded = store.seeded();
        let state = Arc::new(Mutex::new(State {
            store,
            token: options.token,
            seen: Vec::new(),
            run: 0,
            foreign: SEEDED.into_iter().map(str::to_owned).collect(),
        }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || {
                    // A client that goes away ends its connection, nothing else.
                    let _ = serve(&stream, &state);
                });
            }
        });
        Self { url, state, seeded }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything that came so far, with its answer.
    pub fn seen(&self) -> Vec<Seen> {
        self.state.lock().unwrap().seen.clone()
    }

    /// Whether the widgets of somebody else are to the byte what they were at the start.
    pub fn untouched(&self) -> bool {
        self.state.lock().unwrap().store.seeded() == self.seeded
    }

    /// The widgets that were created and are still there.
    pub fn left(&self) -> Vec<String> {
        self.state.lock().unwrap().store.left()
    }

    /// From now on another run comes: what was created before is not its own.
    pub fn begin_run(&self) {
        let mut state = self.state.lock().unwrap();
        state.run = state.seen.len();
        let left = state.store.left();
        state.foreign.extend(left);
    }

    /// The requests of the present run that would change something which is there and which the run
    /// did not create. An id that nobody has is nobody's.
    pub fn foreign_writes(&self) -> Vec<Seen> {
        let state = self.state.lock().unwrap();
        let is_foreign = |seen: &&Seen| {
            let is_safe = ["GET", "HEAD", "OPTIONS"].contains(&seen.method.as_str());
            let path = seen.target.split('?').next().unwrap_or_default();
            !is_safe && path.split('/').any(|part| state.foreign.contains(part))
        };
        state
            .seen
            .iter()
            .skip(state.run)
            .filter(is_foreign)
            .cloned()
            .collect()
    }
}

fn serve(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream.try_clone()?;
    while let Some(request) = super::read(&mut reader)? {
        let answer = {
            let mut state = state.lock().unwrap();
            let token = state.token;
            let answer = answers::reply(&mut state.store, token, &request);
            state.seen.push(Seen {
                method: request.method.clone(),
                target: request.target,
                body: request.body,
                status: answer.status,
            });
            answer
        };
        let mut message = format!("HTTP/1.1 {} Answer\r\n", answer.status);
        if let Some(methods) = answer.allow {
            message.push_str(&format!("allow: {methods}\r\n"));
        }
        if answer.body.is_null() {
            message.push_str("\r\n");
        } else {
            let body = answer.body.to_string();
            let length = body.len();
            message.push_str(&format!(
                "content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
            ));
            if request.method != "HEAD" {
                message.push_str(&body);
            }
        }
        writer.write_all(message.as_bytes())?;
    }
    Ok(())
}
