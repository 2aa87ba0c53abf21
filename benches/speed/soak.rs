//! A long run over a way on which one answer of a hundred is slow, lost or refused for the moment:
//! what it keeps in memory and open does not grow, and every trial has the verdict that it has on a
//! good way.

use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

use super::{Server, mebibytes, per_second};

/// Of so many answers one is slow, one is lost, and one is refused for the moment: one of a hundred.
const PERIOD: u64 = 300;

/// How late a slow answer is.
const SLOW: Duration = Duration::from_millis(20);

/// What is answered by who cannot answer at the moment.
const BUSY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n";

/// How many requests are on the way at once.
const LANES: usize = 16;

/// How often it is looked at what the run holds.
const LOOK: Duration = Duration::from_millis(200);

/// A way to the mock that is no good.
struct Way {
    url: String,
    answers: Arc<AtomicU64>,
    /// Carries on until it is dropped.
    _runtime: Runtime,
}

impl Way {
    fn to(server: &Server) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mock = server.url.trim_start_matches("http://").to_owned();
        let answers = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&answers);
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (mock, count) = (mock.clone(), Arc::clone(&count));
                tokio::spawn(async move {
                    // A connection that breaks is no news here.
                    let _: io::Result<()> = carry(client, &mock, &count).await;
                });
            }
        });
        Self {
            url,
            answers,
            _runtime: runtime,
        }
    }
}

/// Carries the messages of one connection.
async fn carry(mut client: TcpStream, mock: &str, answers: &AtomicU64) -> io::Result<()> {
    let mut server = TcpStream::connect(mock).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut request, mut answer) = (Vec::new(), Vec::new());
    while receive(&mut client, &mut request).await? {
        server.write_all(&request).await?;
        if !receive(&mut server, &mut answer).await? {
            break;
        }
        match answers.fetch_add(1, Ordering::Relaxed) % PERIOD {
            0 => tokio::time::sleep(SLOW).await,
            100 => break,
            200 => {
                client.write_all(BUSY).await?;
                continue;
            }
            _ => {}
        }
        client.write_all(&answer).await?;
    }
    Ok(())
}

/// Reads one message; whether there was one.
async fn receive(from: &mut TcpStream, message: &mut Vec<u8>) -> io::Result<bool> {
    message.clear();
    while !is_whole(message) {
        if from.read_buf(message).await? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a message has all that its head announces.
fn is_whole(message: &[u8]) -> bool {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n");
    let Some(end) = end else {
        return false;
    };
    let head = String::from_utf8_lossy(&message[..end]).to_lowercase();
    let length = head.lines().find_map(|line| {
        let length = line.strip_prefix("content-length:")?;
        length.trim().parse::<usize>().ok()
    });
    message.len() >= end + 4 + length.unwrap_or(0)
}

/// What a run held while it went on.
#[derive(Default)]
struct Held {
    /// The resident memory at a tenth of the answers, and the most later, in KiB.
    early: u64,
    most: u64,
    /// The same of open files and sockets.
    open_early: usize,
    open_most: usize,
}

/// The resident memory of a process in KiB, and how many files and sockets it has open.
fn held(process: u32) -> Option<(u64, usize)> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let memory = line.split_whitespace().next()?.parse().ok()?;
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).ok()?;
    Some((memory, open.count()))
}

/// Runs so many cases, and prints what it took.
pub(super) fn soak(cases: usize) {
    let server = Server::start();
    let way = Way::to(&server);
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    // Each of the three properties draws as many cases as it is told to.
    let mut command = server.command(&way.url, &report, cases / 3, LANES);
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let early = u64::try_from(cases / 10).unwrap();
    let mut seen = Held::default();
    while child.try_wait().unwrap().is_none() {
        if let Some((memory, open)) = held(child.id()) {
            if way.answers.load(Ordering::Relaxed) < early {
                seen.early = seen.early.max(memory);
                seen.open_early = seen.open_early.max(open);
            }
            seen.most = seen.most.max(memory);
            seen.open_most = seen.open_most.max(open);
        }
        std::thread::sleep(LOOK);
    }
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    let requests = usize::try_from(report["summary"]["requests"].as_u64().unwrap()).unwrap();
    println!(
        "{requests} requests, {} answers, {:.0} a second",
        way.answers.load(Ordering::Relaxed),
        per_second(requests, started.elapsed())
    );
    println!(
        "memory {:.1} MiB, in the first tenth {:.1} MiB; {} files and sockets, {} in the first tenth",
        mebibytes(seen.most),
        mebibytes(seen.early),
        seen.open_most,
        seen.open_early
    );
    for trial in report["trials"].as_array().into_iter().flatten() {
        let told = |key: &str| trial[key].as_str().unwrap_or_default().to_owned();
        println!("{}: {} {}", told("name"), told("verdict"), told("reason"));
    }
}
