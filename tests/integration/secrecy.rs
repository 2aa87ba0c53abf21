//! No credential in any output: every door is tested against an endpoint that repeats all that it
//! gets, plainly and in the encodings that answers have, and what the program writes is searched.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use rstest::rstest;
use serde_json::json;

use crate::support::small::Small;
use crate::support::{Received, Reply, program, told};

/// A secret of letters alone, and one of what JSON, HTML and URLs escape.
const PLAIN: &str = "Qx7RkW2mZp9LtVb4";
const ODD: &str = "Qx7&k\"2<Zp\\/+L='tV>b4";
/// Secrets in an encoding: a key that was copied from a URL, and the Base64 of a pair.
const ESCAPED: &str = "Qx7%2FRkW2%2BmZ%20p9LtVb4";
const PAIR: &str = "YW5uOlF4N1JrVzJtWnA5THRWYjQh";
/// A password of words: blanks, and letters beyond ASCII.
const WORDY: &str = "Qüx7 Straße &k9LtVb4";

const PAGE: &str = "---
service: notes
operation: ListNotes
edition: 2025-03-01
---

# List notes

## URI

`GET /v1/notes`

## Request parameters

Table 1 Query parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| api_key | No | String | Your API key. |
| limit | No | Integer | How many notes are listed. The value ranges from 1 to 10. |

## Response parameters

### Status code: 200

| Parameter | Type | Description |
|---|---|---|
| count | Integer | How many there are. |
| notes | Array of strings | The notes. |

### Status code: 400

| Parameter | Type | Description |
|---|---|---|
| error_code | String | The code. |
| error_msg | String | The message. |

## Status codes

| Status code | Description |
|---|---|
| 200 | The notes follow. |
| 400 | The request is refused. |
| 401 | The credential is absent or wrong. |
";

/// A text in JSON whose every character beyond ASCII is escaped, as many servers write it.
fn ascii(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

fn html(text: &str, quote: &str, apostrophe: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', quote)
        .replace('\'', apostrophe)
}

fn percent(text: &str) -> String {
    percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string()
}

/// Whatever a request says, one text a line.
fn said(request: &Received) -> Vec<String> {
    let mut all = vec![request.target.clone()];
    all.extend(request.headers.iter().map(|(_, value)| value.clone()));
    let query = request
        .target
        .split_once('?')
        .map_or("", |(_, query)| query);
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    all.extend(pairs.map(|(_, value)| value.into_owned()));
    let authorization = request.header("authorization").unwrap_or_default();
    if let Some((_, pair)) = authorization.split_once(' ')
        && let Ok(decoded) = STANDARD.decode(pair.trim())
    {
        all.push(String::from_utf8_lossy(&decoded).into_owned());
    }
    all.push(String::from_utf8_lossy(&request.body).into_owned());
    // A credential in an encoding, as a service understands it.
    for name in ["authorization", "cookie", "x-api-key", "x-auth-key"] {
        all.extend(request.header(name).into_iter().flat_map(decoded));
    }
    all
}

/// What the words of a text stand for, in the encodings that credentials have.
fn decoded(text: &str) -> Vec<String> {
    let words = text.split([' ', ';', '&', '=', '?']);
    let mut all = Vec::new();
    for word in words.filter(|word| word.len() >= 6) {
        let plain = percent_decode_str(word).decode_utf8_lossy().into_owned();
        let bytes = STANDARD.decode(word).ok();
        all.extend(bytes.and_then(|bytes| String::from_utf8(bytes).ok()));
        all.extend((plain != word).then_some(plain));
    }
    all
}

/// How an answer repeats a text.
const SPELLINGS: &[fn(&str) -> String] = &[
    str::to_owned,
    percent,
    |text| url::form_urlencoded::byte_serialize(text.as_bytes()).collect(),
    |text| STANDARD.encode(text),
    |text| STANDARD.encode(format!("x{text}")),
    |text| URL_SAFE_NO_PAD.encode(format!("xy{text}")),
    |text| json!(text).to_string(),
    |text| ascii(&json!(text).to_string()),
    |text| ascii(&json!(text).to_string()).replace('/', "\\/"),
    |text| html(text, "&quot;", "&#39;"),
    |text| html(text, "&#34;", "&#x27;"),
];

/// Repeats whatever it gets, in headers and in the body.
fn reflect(request: &Received) -> Reply {
    let all = said(request);
    let spelt: Vec<String> = SPELLINGS
        .iter()
        .flat_map(|spell| all.iter().map(|text| spell(text)))
        .collect();
    let is_visible = |text: &&String| text.bytes().all(|byte| (b' '..127).contains(&byte));
    let is_refused = request.target.len().is_multiple_of(3);
    let status = if is_refused { 400 } else { 200 };
    let mut reply = Reply::json(
        status,
        &json!({ "count": all, "error_msg": spelt, "notes": spelt.join(" ") }),
    );
    for (index, text) in spelt.iter().filter(is_visible).take(48).enumerate() {
        reply = reply.with(&format!("X-Seen-{index}"), text);
    }
    reply
}

/// Repeats it as a text, or as JSON that is escaped to ASCII.
fn reflect_text(request: &Received) -> Reply {
    let mut reply = reflect(request);
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    reply.body = if request.target.contains("limit") {
        ascii(&text).replace('/', "\\/").into_bytes()
    } else {
        reply.headers.retain(|(name, _)| name != "Content-Type");
        reply = reply.with("Content-Type", "text/plain");
        said(request).join("\n").into_bytes()
    };
    reply
}

/// Every form of a secret that no output may hold.
fn forms(secret: &str) -> Vec<String> {
    let mut all: Vec<String> = SPELLINGS.iter().map(|spell| spell(secret)).collect();
    all.retain(|text| !text.starts_with('"'));
    let json = json!(secret).to_string();
    for quoted in [&json, &ascii(&json), &json.replace('/', "\\/")] {
        all.push(quoted[1..quoted.len() - 1].to_owned());
    }
    // What is certain of it within a longer text, wherever it begins there.
    all.retain(|text| !text.ends_with('='));
    for before in ["", "x", "xy"] {
        let encoded = STANDARD_NO_PAD.encode(format!("{before}{secret}"));
        let certain = encoded[4..encoded.len() - 4].to_owned();
        all.push(certain.replace('+', "-").replace('/', "_"));
        all.push(certain);
    }
    all
}

/// Every file below a folder, with what it holds.
fn files(folder: &Path, all: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, all);
        } else {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            all.push((path.display().to_string(), text));
        }
    }
}

#[rstest]
#[case::token("--token", ODD)]
#[case::bearer("--bearer", ODD)]
#[case::bearer_of_letters("--bearer", PLAIN)]
#[case::basic("--basic", ODD)]
#[case::basic_of_words("--basic", WORDY)]
#[case::key_in_header("--api-key X-Api-Key", ODD)]
#[case::key_in_query("--api-key api_key", ODD)]
#[case::key_in_query_of_words("--api-key api_key", WORDY)]
#[case::key_in_query_of_letters("--api-key api_key", PLAIN)]
#[case::cookie("--cookie session", ODD)]
#[case::cookie_in_an_encoding("--cookie session", ESCAPED)]
#[case::bearer_of_a_pair("--bearer", PAIR)]
#[case::set("--set notes.api_key", PLAIN)]
#[case::header("--header X-Auth-Key", ODD)]
#[case::authorization("--header Authorization", ODD)]
fn no_output_holds_a_credential(
    #[case] door: &str,
    #[case] secret: &str,
    #[values(reflect, reflect_text)] answer: fn(&Received) -> Reply,
) {
    let (flag, name) = door.split_once(' ').unwrap_or((door, ""));
    let value = match flag {
        "--basic" => format!("ann:{secret}"),
        "--header" => format!("{name}: {secret}"),
        _ if name.is_empty() => secret.to_owned(),
        _ => format!("{name}={secret}"),
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), PAGE).unwrap();
    let made = told(program(folder.path()).args(["init", "suite", "page.md"]));
    assert_eq!(made.code, 0, "{}", made.text());
    let server = Small::start(Box::new(answer));
    let reports = ["json", "html", "junit", "sarif", "markdown"];
    let reports = reports.map(|kind| format!("{kind}=report.{kind}"));
    let mut arguments = vec!["--verbose", "--journal", "journal.ndjson"];
    arguments.extend(["--snapshots", "snapshots"]);
    for report in &reports {
        arguments.extend(["--report", report]);
    }
    let mut command = program(folder.path());
    command.args(["run", "--suite", "suite", "--endpoint", &server.url]);
    command
        .args([flag, &value, "--cases", "4"])
        .args(&arguments);
    let ran = told(&mut command);
    // The endpoint breaks what is documented, and shows the credential.
    assert_eq!(ran.code, 1, "{}", ran.text());
    let mut outputs = vec![("the terminal".to_owned(), ran.text())];
    files(folder.path(), &mut outputs);
    assert!(outputs.len() > 8, "{outputs:?}");
    let mut forms = forms(secret);
    for text in decoded(secret) {
        // Of a pair the password, and the pair where it stands by itself.
        let password = text
            .split_once(':')
            .map_or(text.as_str(), |(_, password)| password);
        forms.extend(self::forms(password));
    }
    for (place, text) in &outputs {
        for form in &forms {
            let around = text.find(form.as_str()).map(|at| {
                let start = text.floor_char_boundary(at.saturating_sub(200));
                text[start..at + form.len()].to_owned()
            });
            assert_eq!(around, None, "{place} holds {form}");
        }
    }
    let requests = server.received();
    let said: Vec<String> = requests.iter().flat_map(said).collect();
    let is_sent = said.iter().any(|text| text.contains(secret));
    assert!(is_sent, "no request carried it");
}

#[rstest]
#[case::bearer("--bearer", PLAIN)]
#[case::key_in_query("--api-key", "api_key=Qx7RkW2mZp9LtVb4")]
#[case::set("--set", "notes.api_key=Qx7RkW2mZp9LtVb4")]
#[case::basic("--basic", "ann:Qx7RkW2mZp9LtVb4")]
#[case::header("--header", "Authorization: Sesame Qx7RkW2mZp9LtVb4")]
fn what_is_only_planned_shows_no_credential(#[case] flag: &str, #[case] value: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), PAGE).unwrap();
    for way in ["--plan", "--list"] {
        let mut command = program(folder.path());
        command.args(["run", "page.md", "--endpoint", "http://127.0.0.1:9"]);
        let planned = told(command.args([flag, value, way, "--verbose"]));
        assert_eq!(planned.code, 0, "{}", planned.text());
        assert!(planned.text().contains("ListNotes"), "{}", planned.text());
        for form in forms(PLAIN) {
            assert!(!planned.text().contains(&form), "{way}: {}", planned.text());
        }
    }
}

/// A header that carries a credential by what its document says of it, not by its name.
const NAMED: &str = r"
openapi: 3.0.3
info: { title: notes, version: '1' }
paths:
  /v1/notes:
    get:
      operationId: ListNotes
      security: [{ key: [] }]
      responses:
        '200':
          description: The notes.
          content:
            application/json:
              schema: { type: object, properties: { count: { type: integer } } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Knock }
";

#[test]
fn a_header_is_a_credential_where_its_document_says_so() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.yaml"), NAMED).unwrap();
    let server = Small::start(Box::new(reflect));
    let mut command = program(folder.path());
    command.args(["run", "notes.yaml", "--endpoint", &server.url, "--verbose"]);
    command.args(["--header", &format!("X-Knock: {PLAIN}"), "--cases", "4"]);
    command.args([
        "--report",
        "json=report.json",
        "--journal",
        "journal.ndjson",
    ]);
    let ran = told(&mut command);
    assert_eq!(ran.code, 1, "{}", ran.text());
    let mut outputs = vec![("the terminal".to_owned(), ran.text())];
    files(folder.path(), &mut outputs);
    for (place, text) in &outputs {
        assert!(!text.contains(PLAIN), "{place}: {text}");
    }
    let sent = server.received();
    let has = |request: &&Received| request.header("x-knock") == Some(PLAIN);
    assert!(sent.iter().filter(has).count() > 3, "{}", ran.text());
}
