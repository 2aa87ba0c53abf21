//! Small servers: a page, and a function that answers its requests rightly or wrongly.

use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{Received, Reply, docproof, program, told};

/// What answers a request.
pub type Answer = Box<dyn Fn(&Received) -> Reply + Send + Sync>;

/// A header of an answer after which the server closes the connection, without having said so.
pub const CLOSES: &str = "x-test-closes";

/// A running server; it serves for as long as the test does.
pub struct Small {
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Small {
    /// Starts a server on a free port.
    pub fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (shared, answer) = (Arc::clone(&received), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (received, answer) = (Arc::clone(&shared), Arc::clone(&answer));
                std::thread::spawn(move || {
                    // A client that goes away ends its connection, nothing else.
                    let _ = talk(&stream, &received, &answer);
                });
            }
        });
        Self { url, received }
    }

    /// Everything that came so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

/// Runs a page against a server: the exit code, what is told, and the requests that came.
pub fn run(page: &str, answer: Answer) -> (i32, String, Vec<Received>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let server = Small::start(answer);
    let told = docproof(folder.path(), ["run", "page.md", "--endpoint", &server.url]);
    (told.code, told.text(), server.received())
}

fn talk(
    stream: &TcpStream,
    received: &Mutex<Vec<Received>>,
    answer: &Answer,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream.try_clone()?;
    while let Some(request) = super::read(&mut reader)? {
        received.lock().unwrap().push(request.clone());
        let reply = answer(&request);
        let mut head = format!("HTTP/1.1 {} Answer\r\n", reply.status);
        for (name, value) in &reply.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let is_without = request.method == "HEAD" || matches!(reply.status, 204 | 304);
        let is_told = |name: &str| {
            let mut headers = reply.headers.iter();
            headers.any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        if !is_without && !is_told("content-length") {
            head.push_str(&format!("Content-Length: {}\r\n", reply.body.len()));
        }
        head.push_str("\r\n");
        writer.write_all(head.as_bytes())?;
        if !is_without {
            writer.write_all(&reply.body)?;
        }
        if is_told(CLOSES) {
            // The client may have sent another request by then.
            std::thread::sleep(std::time::Duration::from_millis(3));
            return Ok(());
        }
    }
    Ok(())
}

impl Reply {
    /// An answer with a JSON body; null is none.
    pub fn json(status: u16, body: &Value) -> Self {
        let mut reply = Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            reset: false,
        };
        if !body.is_null() {
            reply = reply.with("Content-Type", "application/json");
            reply.body = body.to_string().into_bytes();
        }
        reply
    }

    /// The same with a header more.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// What a run of the suite of one page against a small server came to: the exit code, the report,
/// what a person sees, and what came to the server.
pub struct Ran {
    pub code: i32,
    pub report: Value,
    pub text: String,
    pub received: Vec<Received>,
}

/// Makes a suite of a page and runs it.
pub fn try_page(page: &str, more: &[&str], answer: Answer) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let server = Small::start(answer);
    let mut ran = run_page(folder.path(), page, &server.url, more, &[]);
    ran.received = server.received();
    ran
}

/// Makes a suite of a page in a folder and runs it against a URL, with more arguments and
/// variables of the environment; what came to the server is for the caller to say.
pub fn run_page(
    folder: &Path,
    page: &str,
    url: &str,
    more: &[&str],
    variables: &[(&str, &str)],
) -> Ran {
    std::fs::write(folder.join("page.md"), page).unwrap();
    let made = docproof(folder, ["init", "suite", "page.md"]);
    assert_eq!(made.code, 0, "{}", made.text());
    let mut command = program(folder);
    command.args(["run", "--suite", "suite", "--report", "json=report.json"]);
    command.args(["--endpoint", url]).args(more);
    let told = told(command.envs(variables.iter().copied()));
    let report = std::fs::read(folder.join("report.json")).unwrap_or_default();
    Ran {
        code: told.code,
        report: serde_json::from_slice(&report).unwrap_or_default(),
        text: told.text(),
        received: Vec::new(),
    }
}

impl Ran {
    /// The facts that findings are about, without the operation's name.
    pub fn broken(&self) -> Vec<String> {
        let findings = self.report["findings"].as_array().cloned();
        let name = |finding: &Value| {
            let fact = finding["fact"].as_str().unwrap_or_default();
            fact.splitn(3, "::").nth(2).unwrap_or_default().to_owned()
        };
        findings.unwrap_or_default().iter().map(name).collect()
    }
}
