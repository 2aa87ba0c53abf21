//! What the services of the zoo share: sockets, requests, answers, and a small store. It knows
//! nothing of the contract and the mock.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::body::{Field, fits, object};

/// The longest target, header and body that a service takes, in bytes.
const LONGEST_TARGET: usize = 8 * 1024;
const LONGEST_HEADER: usize = 16 * 1024;
const LONGEST_BODY: usize = 256 * 1024;

/// A service that does what its pages say, unless it is started with a breach.
pub struct Service {
    /// Its name, and that of the folder of its pages.
    pub name: &'static str,
    /// Its paths, `*` for an id, each with its methods.
    pub paths: &'static [(&'static str, &'static str)],
    /// More arguments of a run against it.
    pub arguments: &'static [&'static str],
    /// Answers a request for one of its paths and methods.
    pub serve: fn(&mut State, &Ask) -> Reply,
    /// How it refuses.
    pub refuse: fn(u16, &str) -> Reply,
    /// What every answer goes through at the end.
    pub dress: fn(&State, &Ask, Reply) -> Reply,
    /// What it can be started to do wrong, each with words that the fact at fault has.
    pub breaches: &'static [(&'static str, &'static str)],
}

/// A service to begin from: it refuses with a code and a message, and dresses nothing.
pub const PLAIN: Service = Service {
    name: "",
    paths: &[],
    arguments: &[],
    serve: |_, _| refuse(404, "nothing"),
    refuse,
    dress: |_, _, reply| reply,
    breaches: &[],
};

/// A request, understood as far as HTTP goes.
pub struct Ask {
    pub method: String,
    /// The path of the service that was met, as it declares it.
    pub at: &'static str,
    /// What stands for each `*` of it.
    pub ids: Vec<String>,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A parameter that is not as documented.
#[derive(Debug)]
pub struct Wrong;

impl Ask {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find_map(|(known, value)| (known == name).then_some(value.as_str()))
    }

    /// The id at this place of the path.
    pub fn id(&self, place: usize) -> &str {
        self.ids.get(place).map_or("", String::as_str)
    }

    /// The fields of the body, if it is a JSON object that fits; others are left out.
    pub fn fields(&self, fields: &[Field]) -> Option<Map<String, Value>> {
        self.open(fields).map(|mut body| {
            body.retain(|name, _| fields.iter().any(|field| field.0 == name));
            body
        })
    }

    /// The body, if it is a JSON object whose fields fit, with what else it has.
    pub fn open(&self, fields: &[Field]) -> Option<Map<String, Value>> {
        let kind = self.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let is_json = kind.eq_ignore_ascii_case("application/json") || kind.ends_with("+json");
        object(&self.body).filter(|body| is_json && fits(body, fields))
    }

    /// A parameter of the query that may stand there once.
    pub fn param<'a>(&'a self, name: &'a str) -> Result<Option<&'a str>, Wrong> {
        let mut values = self.params(name);
        let value = values.next();
        if values.next().is_some() {
            Err(Wrong)
        } else {
            Ok(value)
        }
    }

    /// A parameter of the query that may be repeated.
    pub fn params<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let query = self.query.iter();
        query.filter_map(move |(known, value)| (known == name).then_some(value.as_str()))
    }

    /// A whole number of the query within bounds, or its default.
    pub fn number(&self, name: &str, least: usize, most: usize, or: usize) -> Result<usize, Wrong> {
        let Some(text) = self.param(name)? else {
            return Ok(or);
        };
        let is_whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| is_whole);
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or(Wrong)
    }
}

/// How the end of a body is told.
#[derive(Clone, Copy, PartialEq)]
pub enum Framing {
    Length,
    Chunked,
}

/// An answer.
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub framing: Framing,
    /// Whether the connection is closed after it.
    pub close: bool,
}

impl Reply {
    /// This answer with one more header.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// This answer with another content type.
    pub fn of_type(mut self, kind: &str) -> Self {
        self.headers
            .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        self.with("Content-Type", kind)
    }

    /// The JSON of its body.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// An answer without a body.
pub fn empty(status: u16) -> Reply {
    Reply {
        status,
        headers: Vec::new(),
        body: Vec::new(),
        framing: Framing::Length,
        close: false,
    }
}

/// An answer with these bytes as its JSON.
pub fn raw(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    let body = body.into();
    Reply {
        body,
        ..empty(status)
    }
    .with("Content-Type", "application/json")
}

/// An answer with a value.
pub fn say(status: u16, value: impl Into<Value>) -> Reply {
    raw(status, value.into().to_string())
}

/// A refusal as most services make it.
pub fn refuse(status: u16, why: &str) -> Reply {
    let code = format!("ZOO.{status:04}");
    say(status, json!({ "error_code": code, "error_msg": why }))
}

/// Records of one kind, in the order in which they came.
#[derive(Default)]
pub struct Shelf(Vec<Map<String, Value>>);

impl Shelf {
    pub fn find(&mut self, id: &str) -> Option<&mut Map<String, Value>> {
        self.find_by("id", id)
    }

    pub fn find_by(&mut self, name: &str, text: &str) -> Option<&mut Map<String, Value>> {
        let mut records = self.0.iter_mut();
        records.find(|record| record.get(name).and_then(Value::as_str) == Some(text))
    }

    pub fn put(&mut self, record: Map<String, Value>) {
        self.0.push(record);
    }

    /// Takes a record away; whether it was there.
    pub fn remove(&mut self, id: &str) -> bool {
        self.keep(|record| record["id"] != id)
    }

    /// Keeps those records alone; whether any went.
    pub fn keep(&mut self, is_kept: impl Fn(&Map<String, Value>) -> bool) -> bool {
        let before = self.0.len();
        self.0.retain(is_kept);
        self.0.len() < before
    }

    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Map<String, Value>> {
        self.0.iter()
    }

    /// All records with this text in this field.
    pub fn of(&self, name: &str, text: &str) -> Vec<Value> {
        let has = |record: &&Map<String, Value>| record.get(name).is_some_and(|at| at == text);
        self.0
            .iter()
            .filter(has)
            .cloned()
            .map(Value::from)
            .collect()
    }
}

/// What a service keeps.
#[derive(Default)]
pub struct State {
    breach: &'static str,
    shelves: HashMap<&'static str, Shelf>,
    counts: HashMap<&'static str, u64>,
}

impl State {
    /// Whether the service does this wrong.
    pub fn is(&self, breach: &str) -> bool {
        self.breach == breach
    }

    pub fn shelf(&mut self, name: &'static str) -> &mut Shelf {
        self.shelves.entry(name).or_default()
    }

    /// Counts, from 1 on.
    pub fn count(&mut self, name: &'static str) -> u64 {
        let count = self.counts.entry(name).or_default();
        *count += 1;
        *count
    }

    /// An id that nobody has.
    pub fn new_id(&mut self) -> String {
        let number = self.count("ids").wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!("{number:016x}")
    }

    /// Creates, shows and deletes records with these fields, by the method that is asked for.
    pub fn kept(&mut self, ask: &Ask, shelf: &'static str, fields: &[Field]) -> Reply {
        match ask.method.as_str() {
            "POST" => match ask.fields(fields) {
                None => refuse(400, "the body is not as documented"),
                Some(body) => say(201, self.add(shelf, body)),
            },
            "GET" => match self.shelf(shelf).find(ask.id(0)) {
                None => refuse(404, "there is none"),
                Some(record) => say(200, record.clone()),
            },
            _ if self.shelf(shelf).remove(ask.id(0)) => empty(204),
            _ => refuse(404, "there is none"),
        }
    }

    /// Puts a record with a new id on a shelf; the record as it stands there.
    pub fn add(&mut self, shelf: &'static str, fields: Map<String, Value>) -> Map<String, Value> {
        let mut record = Map::new();
        record.insert("id".to_owned(), self.new_id().into());
        record.extend(fields);
        self.shelf(shelf).put(record.clone());
        record
    }
}

/// A field of a record, or null.
pub fn at<'a>(record: &'a Map<String, Value>, name: &str) -> &'a Value {
    record.get(name).unwrap_or(&Value::Null)
}

/// The time, in UTC, to the second.
pub fn now() -> String {
    let second = jiff::Timestamp::now().as_second();
    jiff::Timestamp::from_second(second).unwrap().to_string()
}

/// Starts a service on a free port; it serves for as long as the test does. Its address.
pub fn start(service: &'static Service, breach: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let state = State {
        breach,
        ..State::default()
    };
    let state = Arc::new(Mutex::new(state));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let state = Arc::clone(&state);
            std::thread::spawn(move || {
                // A client that goes away ends its connection, nothing else.
                let _ = converse(&stream, service, &state);
            });
        }
    });
    url
}

fn converse(stream: &TcpStream, service: &Service, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream.try_clone()?;
    while let Some((target, ask)) = read(&mut reader)? {
        let is_head = ask.method == "HEAD";
        let reply = {
            let mut state = state.lock().unwrap();
            let (ask, reply) = answer(service, &mut state, &target, ask);
            (service.dress)(&state, &ask, reply)
        };
        writer.write_all(&written(&reply, is_head))?;
        if reply.close {
            return stream.shutdown(std::net::Shutdown::Both);
        }
    }
    Ok(())
}

/// Answers what every service answers alike, and asks the service otherwise.
fn answer(service: &Service, state: &mut State, target: &str, mut ask: Ask) -> (Ask, Reply) {
    let refused = |ask: Ask, status, why| (ask, (service.refuse)(status, why));
    if target.len() > LONGEST_TARGET {
        return refused(ask, 414, "the target is too long");
    }
    if ask
        .headers
        .iter()
        .any(|(_, value)| value.len() > LONGEST_HEADER)
    {
        return refused(ask, 431, "a header is too long");
    }
    if ask.body.len() > LONGEST_BODY {
        return refused(ask, 413, "the body is too long");
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let met = |(known, _): &&(&'static str, &'static str)| ids(known, path).is_some();
    let Some((at, methods)) = service.paths.iter().find(met) else {
        return refused(ask, 404, "there is nothing here");
    };
    ask.at = at;
    ask.ids = ids(at, path).unwrap_or_default();
    ask.query = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    if !methods.split(' ').any(|method| method == ask.method) {
        let reply = (service.refuse)(405, "no such method here");
        return (ask, reply.with("Allow", methods.replace(' ', ", ")));
    }
    let reply = (service.serve)(state, &ask);
    (ask, reply)
}

/// What a path has where a declared one has `*`, if it is of its kind.
fn ids(declared: &str, path: &str) -> Option<Vec<String>> {
    let (mut ours, mut theirs) = (declared.split('/'), path.split('/'));
    let mut ids = Vec::new();
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return Some(ids),
            (Some("*"), Some(part)) if !part.is_empty() => {
                ids.push(percent_decode_str(part).decode_utf8().ok()?.into_owned());
            }
            (Some(known), Some(part)) if known == part => {}
            _ => return None,
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<(String, Ask)>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut parts = line.split_whitespace().map(str::to_owned);
    let method = parts.next().unwrap_or_default();
    let target = parts.next().unwrap_or_default();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let ask = Ask {
        method,
        at: "",
        ids: Vec::new(),
        query: Vec::new(),
        headers,
        body,
    };
    Ok(Some((target, ask)))
}

fn written(reply: &Reply, is_head: bool) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {} Zoo\r\n", reply.status).into_bytes();
    for (name, value) in &reply.headers {
        bytes.extend(format!("{name}: {value}\r\n").bytes());
    }
    if reply.close {
        bytes.extend(b"Connection: close\r\n");
    }
    let bodiless = [204, 304].contains(&reply.status);
    match reply.framing {
        _ if bodiless => bytes.extend(b"\r\n"),
        Framing::Length => {
            bytes.extend(format!("Content-Length: {}\r\n\r\n", reply.body.len()).bytes());
        }
        Framing::Chunked => bytes.extend(b"Transfer-Encoding: chunked\r\n\r\n"),
    }
    if is_head || bodiless {
        return bytes;
    }
    if reply.framing == Framing::Length {
        bytes.extend(&reply.body);
        return bytes;
    }
    for chunk in reply.body.chunks(7) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    bytes
}
