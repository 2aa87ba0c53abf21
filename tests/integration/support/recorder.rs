//! A server that writes down everything that comes, and answers as a test says.

use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::Received;

/// What a test answers with: a status, and a body unless it is null.
type Answer = Box<dyn FnMut(&Received) -> (u16, Value) + Send>;

struct State {
    answer: Answer,
    received: Vec<Received>,
}

/// A running server; it serves for as long as the test does.
pub struct Recorder {
    url: String,
    state: Arc<Mutex<State>>,
}

impl Recorder {
    /// Starts a server on a free port.
    pub fn start(answer: impl FnMut(&Received) -> (u16, Value) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            answer: Box::new(answer),
            received: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || {
                    // A client that goes away ends its connection, nothing else.
                    let _ = talk(&stream, &state);
                });
            }
        });
        Self { url, state }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything that came so far.
    pub fn received(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }
}

fn talk(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream.try_clone()?;
    while let Some(request) = super::read(&mut reader)? {
        let (status, body) = {
            let mut state = state.lock().unwrap();
            let answer = (state.answer)(&request);
            state.received.push(request);
            answer
        };
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let mut head = format!("HTTP/1.1 {status} Answer\r\n");
        if !body.is_empty() {
            head.push_str("content-type: application/json\r\n");
        }
        if status == 405 {
            head.push_str("allow: GET, POST\r\n");
        }
        if status != 204 {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        writer.write_all(format!("{head}\r\n{body}").as_bytes())?;
    }
    Ok(())
}
