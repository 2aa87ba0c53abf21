//! An endpoint written by hand from the pages, independent of the contract and the mock: what
//! docproof is tested against. It speaks HTTP/1.1 on plain sockets, so that it can be wrong in ways
//! that no HTTP library allows. A *behaviour* is a word: a legal variation, which docproof must be
//! silent about, or a fault, which it must find.

#![allow(
    clippy::format_collect,
    clippy::match_same_arms,
    clippy::semicolon_if_nothing_returned,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a table of behaviours reads best as one line each; a test that cannot go on fails; nothing of a test is reached from outside"
)]

mod answers;
mod behaviours;
mod creates;
mod dress;
pub mod hostile;
mod program;
mod recorder;
mod records;
pub mod small;
pub mod widgets;
pub mod wire;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

pub use behaviours::{FAULTS, VARIATIONS};
pub use program::{Told, docproof, program, report_schema, run, told};
pub use recorder::Recorder;

/// The token that the endpoint takes.
pub const TOKEN: &str = "hand-written-endpoint-token";
pub const PROJECT: &str = "0483b6b16e954cb88930a360d2c4e663";
pub const INSTANCE: &str = "5560df16-cebf-4473-95c4-d1b573c16e79";
pub const CLUSTER: &str = "6a2f4c1e-0d3b-4b7c-9a55-1f2e3d4c5b6a";
pub const EMPTY: &str = "7b3a5d2f-1e4c-4c8d-8b66-2a3f4e5d6c7b";
pub const SINGLE: &str = "8c4b6e3a-2f5d-4d9e-9c77-3b4a5f6e7d8c";
pub const DATABASE: &str = "7e01ac5ac5274957ba506f3851d11d51in14";

/// Every resource, by the key of `--set`.
pub const RESOURCES: [(&str, &str); 6] = [
    ("project_id", PROJECT),
    ("dcs.instance_id", INSTANCE),
    ("dcs.cluster_instance_id", CLUSTER),
    ("dcs.empty_instance_id", EMPTY),
    ("dcs.single_node_instance_id", SINGLE),
    ("gaussdb.instance_id", DATABASE),
];

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What the endpoint is to send: headers are written as they are.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Close the connection without answering.
    pub reset: bool,
}

impl Reply {
    /// No answer: the connection is closed.
    pub fn reset() -> Self {
        Self {
            status: 500,
            headers: Vec::new(),
            body: Vec::new(),
            reset: true,
        }
    }
}

/// A running endpoint.
pub struct Endpoint {
    url: String,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
    received: Arc<Mutex<Vec<Received>>>,
}

/// What all connections share.
pub struct State {
    pub behaviour: String,
    pub calls: AtomicU64,
    pub started: std::time::Instant,
    pub moved: AtomicU64,
    pub made: AtomicU64,
    /// Whether every connection is closed without an answer.
    pub dead: AtomicBool,
    pub records: Mutex<Vec<records::Record>>,
}

impl State {
    /// Whether the endpoint behaves in this way, among others separated by commas.
    pub fn is(&self, behaviour: &str) -> bool {
        self.words().any(|word| word == behaviour)
    }

    /// Every word of the behaviour.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.behaviour.split(',')
    }
}

impl Endpoint {
    /// Starts an endpoint with one behaviour; the empty word is the plain one.
    pub fn start(behaviour: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = Arc::new(AtomicBool::new(false));
        let received = Arc::new(Mutex::new(Vec::new()));
        let state = Arc::new(State {
            behaviour: behaviour.to_owned(),
            calls: AtomicU64::new(0),
            started: std::time::Instant::now(),
            moved: AtomicU64::new(0),
            made: AtomicU64::new(0),
            dead: AtomicBool::new(false),
            records: Mutex::new(records::seed(
                if behaviour.split(',').any(|word| word == "long-list") {
                    450
                } else {
                    0
                },
            )),
        });
        let thread = {
            let (stop, received) = (Arc::clone(&stop), Arc::clone(&received));
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let (state, received) = (Arc::clone(&state), Arc::clone(&received));
                    if let Ok(stream) = stream {
                        std::thread::spawn(move || {
                            // A client that goes away ends its connection, nothing else.
                            let _ = serve(&stream, &state, &received);
                        });
                    }
                }
            })
        };
        Self {
            url,
            stop,
            thread: Some(thread),
            received,
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything that came so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The arguments of `docproof run` for this endpoint.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec![
            "--endpoint".to_owned(),
            self.url.clone(),
            "--token".to_owned(),
            TOKEN.to_owned(),
        ];
        for (key, value) in RESOURCES {
            arguments.push("--set".to_owned());
            arguments.push(format!("{key}={value}"));
        }
        arguments
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the listener so that it sees the flag.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(
    stream: &TcpStream,
    state: &State,
    received: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream.try_clone()?;
    loop {
        let Some(request) = read(&mut reader)? else {
            return Ok(());
        };
        received.lock().unwrap().push(request.clone());
        let reply = answers::answer(state, &request);
        if reply.reset {
            return stream.shutdown(std::net::Shutdown::Both);
        }
        let close = reply
            .headers
            .iter()
            .any(|(name, value)| name.eq_ignore_ascii_case("connection") && value == "close");
        let mut head = format!("HTTP/1.1 {} Answer\r\n", reply.status);
        for (name, value) in &reply.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&reply.body);
        writer.write_all(&bytes)?;
        if close {
            return stream.shutdown(std::net::Shutdown::Both);
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<Received>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut parts = line.split_whitespace();
    let method = parts.next().unwrap_or_default().to_owned();
    let target = parts.next().unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => {
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()))
            }
            None => break,
        }
    }
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(Received {
        method,
        target,
        headers,
        body,
    }))
}
