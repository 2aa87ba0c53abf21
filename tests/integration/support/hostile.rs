//! Endpoints that mean harm: each kind is a word. All of them answer on plain sockets, so that they
//! can break every rule of HTTP.

use std::io::{BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Received, read};

/// What the endpoint repeats, and nobody may read.
pub const SECRET: &str = "s3cr/et+To=ken&9f8e7d6c5b4a";

/// What would be obeyed where it is not escaped: by a terminal, a CI system, a browser, an XML
/// parser.
pub const HARM: &str = "\u{1b}[31m\u{9b}2J\u{7f}\u{85}\u{202e}\u{2066}\u{2028}\u{feff}\u{200f}\n::error file=x::INJECTED\n##[error]INJECTED\r]]>\u{fffe}&#0;<script>HARM()</script><img src=x onerror=HARM()>\"'`\n# HARM\n```\n| a |";

/// A running endpoint of one kind.
pub struct Hostile {
    pub url: String,
    /// The address of the endpoint that redirects lead to.
    received: Arc<Mutex<Vec<Received>>>,
    elsewhere: Arc<AtomicU64>,
}

impl Hostile {
    /// Starts an endpoint; the threads end with the test.
    pub fn start(kind: &'static str) -> Self {
        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        let trap = format!("http://{}/steal", other.local_addr().unwrap());
        let elsewhere = Arc::new(AtomicU64::new(0));
        let hits = Arc::clone(&elsewhere);
        std::thread::spawn(move || {
            for _ in other.incoming() {
                hits.fetch_add(1, Ordering::SeqCst);
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&received);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (received, trap) = (Arc::clone(&shared), trap.clone());
                std::thread::spawn(move || {
                    // A client that goes away ends its connection, nothing else.
                    let _ = serve(stream, kind, &trap, &received);
                });
            }
        });
        Self {
            url,
            received,
            elsewhere,
        }
    }

    /// Everything that came so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// How often the place that redirects lead to was asked.
    pub fn elsewhere(&self) -> u64 {
        self.elsewhere.load(Ordering::SeqCst)
    }
}

fn serve(
    mut stream: TcpStream,
    kind: &str,
    trap: &str,
    received: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    if kind == "closes-at-accept" {
        return stream.shutdown(Shutdown::Both);
    }
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some(request) = read(&mut reader)? {
        let before = {
            let mut received = received.lock().unwrap();
            received.push(request.clone());
            received.len() - 1
        };
        // Every second request gets a plain answer: what is hostile must not hide what comes after
        // it.
        // One that breaks off all that is documented still speaks HTTP.
        let is_undocumented = request.target.contains("no-such-path") && kind == "closes-all";
        if before % 2 == 1 && !kind.ends_with("-all") || is_undocumented {
            stream.write_all(&plain(&request))?;
        } else if !harm(&mut stream, kind, trap, &request)? {
            return stream.shutdown(Shutdown::Both);
        }
    }
    Ok(())
}

/// An answer as documented, or nearly so.
fn plain(request: &Received) -> Vec<u8> {
    match request.method.as_str() {
        "GET" => answer(200, "", br#"{"backup_record_response":[],"total_num":0}"#),
        "POST" => answer(
            200,
            "",
            br#"{"backup_id":"ab9d4e6e-8b1a-4b3a-9f3e-2d2f0c3e4f5a"}"#,
        ),
        _ => answer(404, "", br#"{"error_code":"X.1","error_msg":"no"}"#),
    }
}

fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A body in which every documented field, and one more, holds a text.
fn everywhere(text: &str) -> Vec<u8> {
    let mut record = serde_json::Map::new();
    for name in [
        "backup_id",
        "backup_name",
        "period",
        "description",
        "error_code",
        "error_msg",
        "remark",
        "created_at",
        "status",
        "instance_id",
        "progress",
        "name",
        "id",
        "begin_time",
        "type",
    ] {
        record.insert(name.to_owned(), serde_json::Value::from(text));
    }
    record.insert(text.to_owned(), serde_json::Value::from(text));
    let mut body = record.clone();
    body.insert(
        "backup".to_owned(),
        serde_json::Value::Object(record.clone()),
    );
    body.insert(
        "backup_record_response".to_owned(),
        serde_json::json!([record, text]),
    );
    serde_json::to_vec(&body).unwrap()
}

fn gzip_bomb() -> Vec<u8> {
    // One block of zeros, deflated: a stored header, then a run of matches of the longest length,
    // repeated. Made by hand, for no compressor is at hand.
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    // A block with fixed codes: the literal 0, then matches of 258 bytes at distance 1, each of 8 +
    // 5 bits.
    let (mut held, mut count) = (0_u64, 0_u32);
    let mut push = |bytes: &mut Vec<u8>, value: u64, bits: u32| {
        held |= value << count;
        count += bits;
        while count >= 8 {
            bytes.push((held & 0xff) as u8);
            held >>= 8;
            count -= 8;
        }
    };
    push(&mut bytes, 0b011, 3);
    // The literal 0x30 has the code 0x60, most significant bit first.
    push(&mut bytes, u64::from(0x60_u8.reverse_bits()), 8);
    for _ in 0..200_000 {
        // Length 258 is the symbol 285, code 0xc5; distance 1 is the symbol 0.
        push(&mut bytes, u64::from(0xc5_u8.reverse_bits()), 8);
        push(&mut bytes, 0, 5);
    }
    bytes
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in text.as_bytes().chunks(3) {
        let value = group
            .iter()
            .chain([0, 0].iter())
            .take(3)
            .fold(0_usize, |value, byte| value << 8 | usize::from(*byte));
        for place in 0..=group.len() {
            out.push(char::from(DIGITS[value >> (18 - 6 * place) & 63]));
        }
    }
    out
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Writes until nobody listens any more.
fn forever(stream: &mut TcpStream, bytes: &[u8], pause: Duration) -> std::io::Result<bool> {
    loop {
        stream.write_all(bytes)?;
        std::thread::sleep(pause);
    }
}

/// Holds the connection until the other side lets go.
fn hang(stream: &mut TcpStream) -> std::io::Result<bool> {
    let mut rest = [0; 1024];
    while stream.read(&mut rest)? > 0 {}
    Ok(false)
}

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

/// Answers in the way of the kind; whether the connection stays open.
fn harm(
    stream: &mut TcpStream,
    kind: &str,
    trap: &str,
    request: &Received,
) -> std::io::Result<bool> {
    let token = request.header("x-auth-token").unwrap_or(SECRET).to_owned();
    let mut send = |bytes: &[u8]| stream.write_all(bytes);
    let chunked = [HEAD, b"Transfer-Encoding: chunked\r\n\r\n"].concat();
    match kind {
        "endless-body" => {
            send(&[HEAD, b"\r\n"].concat())?;
            return forever(stream, &b"1".repeat(65_536), Duration::ZERO);
        }
        "endless-headers" => {
            send(HEAD)?;
            return forever(stream, b"X-More: and more of it\r\n", Duration::ZERO);
        }
        "endless-continue" => {
            return forever(
                stream,
                b"HTTP/1.1 100 Continue\r\n\r\n",
                Duration::from_micros(100),
            );
        }
        "long-header" => send(&answer(
            200,
            &format!("X-Long: {}\r\n", "a".repeat(1_000_000)),
            b"{}",
        ))?,
        "trickled-body" => {
            send(&[HEAD, b"Content-Length: 100\r\n\r\n"].concat())?;
            return forever(stream, b"1", Duration::from_millis(100));
        }
        "hangs" => return hang(stream),
        "truncated" => {
            send(&[HEAD, b"Content-Length: 100\r\n\r\n{\"backup_id\":"].concat())?;
            return Ok(false);
        }
        "closes" | "closes-all" => return Ok(false),
        "short-length" => send(&[HEAD, b"Content-Length: 3\r\n\r\n", &everywhere("x")].concat())?,
        "negative-length" => send(&[HEAD, b"Content-Length: -3\r\n\r\n{}"].concat())?,
        "garbage" | "garbage-all" => {
            send(&(0..=255).cycle().take(4_096).collect::<Vec<u8>>())?;
            return Ok(false);
        }
        "ssh" | "ssh-all" => {
            send(b"SSH-2.0-OpenSSH_9.7\r\n")?;
            return Ok(false);
        }
        "tls-alert" => {
            send(b"\x15\x03\x01\x00\x02\x02\x46")?;
            return Ok(false);
        }
        "http-0.9" => {
            send(b"<html>hello</html>")?;
            return Ok(false);
        }
        "http-2" => {
            send(b"\0\0\x12\x04\0\0\0\0\0")?;
            return Ok(false);
        }
        "gzip-bomb" => send(&answer(200, "Content-Encoding: gzip\r\n", &gzip_bomb()))?,
        "gzip-broken" => send(&answer(
            200,
            "Content-Encoding: gzip\r\n",
            b"\x1f\x8b\x08garbage",
        ))?,
        "bad-chunk" => {
            send(&[&chunked, b"zz\r\n{}\r\n0\r\n\r\n".as_slice()].concat())?;
            return Ok(false);
        }
        "huge-chunk" => {
            send(&[&chunked, b"7fffffffffffffff\r\n{}".as_slice()].concat())?;
            return Ok(false);
        }
        "echo-in-chunk" => {
            send(&[&chunked, format!("{token}\r\n").as_bytes()].concat())?;
            return Ok(false);
        }
        "redirects" => send(&answer(
            307,
            &format!("Location: {trap}\r\nRefresh: 0;url={trap}\r\n"),
            b"",
        ))?,
        "redirects-to-file" => send(&answer(302, "Location: file:///etc/passwd\r\n", b""))?,
        "nested-arrays" => send(&answer(
            200,
            "",
            &[b"[".repeat(200_000), b"]".repeat(200_000)].concat(),
        ))?,
        "nested-objects" => send(&answer(200, "", &b"{\"backup_id\":".repeat(200_000)))?,
        "many-values" => {
            let mut body = br#"{"total_num":1,"backup_record_response":["#.to_vec();
            body.extend(b"{},".repeat(300_000));
            body.extend(b"{}]}");
            send(&answer(200, "", &body))?;
        }
        "many-keys" => {
            let keys: String = (0..60_000).map(|key| format!("\"{key}\":0,")).collect();
            send(&answer(
                200,
                "",
                format!("{{{keys}\"backup_id\":1}}").as_bytes(),
            ))?;
        }
        "huge-number" => send(&answer(
            200,
            "",
            br#"{"total_num":1e999999,"backup_id":-1e999999}"#,
        ))?,
        "lone-surrogates" => send(&answer(
            200,
            "",
            br#"{"backup_id":"\ud800","\udc00":"\udc00\ud800"}"#,
        ))?,
        "not-utf-8" => send(&answer(
            200,
            "",
            b"{\"backup_id\":\"\xed\xa0\x80\xff\xc0\x80\"}",
        ))?,
        "harm" => send(&answer(200, "", &everywhere(HARM)))?,
        "harm-in-errors" => send(&answer(400, "", &everywhere(HARM)))?,
        "harm-as-it-is" => {
            let head = b"HTTP/1.1 500 \x1b[31m::error::INJECTED\r\nContent-Type: text/\xc2\x9b31m\xe2\x80\xae;]]><script>\r\nX-A: ::error::INJECTED \xe2\x80\xae\xc2\x85\r\n";
            let body = HARM.as_bytes();
            send(
                &[
                    head,
                    format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(),
                    body,
                ]
                .concat(),
            )?;
        }
        "echo" => send(&answer(
            200,
            &format!("X-Echo: {token}\r\nSet-Cookie: t={token}\r\n"),
            &everywhere(&token),
        ))?,
        "echo-encoded" => {
            let encoded = format!(
                "{} {} {} {}",
                base64(&token),
                base64(&format!("a{token}")),
                percent(&token),
                percent(&token).to_lowercase()
            );
            send(&answer(
                400,
                &format!("X-Echo: {encoded}\r\n"),
                &everywhere(&encoded),
            ))?;
        }
        "echo-cut" => send(&answer(
            400,
            &format!("X-Echo: {}{token}\r\n", "x".repeat(1_015)),
            &everywhere(&format!("{}{token}", "x".repeat(70))),
        ))?,
        "401-all" => send(&answer(
            401,
            "",
            br#"{"error_code":"X.1","error_msg":"no"}"#,
        ))?,
        "403-all" => send(&answer(403, "", b"<html>"))?,
        "429-all" => send(&answer(429, "Retry-After: 99999\r\n", b"{}"))?,
        "429-unreadable-all" => send(&answer(429, "Retry-After: -5, soon\r\n", b"{}"))?,
        "503" => send(&answer(
            503,
            "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n",
            b"{}",
        ))?,
        "500" => send(&answer(500, "", b"Traceback (most recent call last)"))?,
        "splits" => send(&answer(
            200,
            "X: y\r\nContent-Length: 2\r\n",
            b"{}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL",
        ))?,
        "answers-twice" => send(&[answer(200, "", b"{}"), answer(500, "", b"{}")].concat())?,
        "cookies" => send(&answer(
            200,
            &"Set-Cookie: a=b; Domain=example.com\r\n".repeat(3_000),
            b"{}",
        ))?,
        "large-bodies" => {
            let body = serde_json::json!({ "backup_id": "a".repeat(1_200_000), "backup_record_response": [] });
            send(&answer(200, "", body.to_string().as_bytes()))?;
        }
        other => unreachable!("no such kind: {other}"),
    }
    Ok(true)
}
