//! What the pages of a list say of whether another follows, and a size that holds beside other
//! parameters. A right service is let alone, and each breach is found.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::docproof;

const PAGE: &str = "\
# Rows

## List rows

`GET /rows`

### Query parameters

| Name | Type | Required | Description |
|---|---|---|---|
| offset | integer | No | How many rows are skipped, from 0. Default: 0. |
| limit | integer | No | How many rows are listed at most, 1 to 100. Default: 25. |
| all_fields | boolean | No | Whether each row has all of its fields. Default: false. |

### 200

| Name | Type | Description |
|---|---|---|
| rows | object[] | The rows. |
| rows[].id | integer | The id of the row. |
| has_more | boolean | Whether there are more rows after this page. |
| is_last_page | boolean | Whether no row comes after this page. |

Response headers

| Name | Description |
|---|---|
| Link | Links to other pages (RFC 8288). |

### 400

| Name | Type | Description |
|---|---|---|
| message | string | The message. |
";

/// The answer to a target, with one breach or none: status, links, body.
fn answer(breach: &str, target: &str) -> (u16, Option<String>, Value) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let refused = |status| (status, None, json!({ "message": "no" }));
    if path != "/rows" {
        return refused(404);
    }
    let asked: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let number = |name: &str, least: usize, most: usize, own: usize| {
        let mut given = asked.iter().filter(|(known, _)| known == name);
        let Some((_, text)) = given.next() else {
            return Some(own);
        };
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && given.next().is_none();
        let number = text.parse().ok().filter(|_| is_plain)?;
        (least..=most).contains(&number).then_some(number)
    };
    let is_wide = match asked.iter().find(|(name, _)| name == "all_fields") {
        None => Some(false),
        Some((_, text)) => text.parse::<bool>().ok(),
    };
    let (Some(offset), Some(limit), Some(is_wide)) = (
        number("offset", 0, usize::MAX, 0),
        number("limit", 1, 100, 25),
        is_wide,
    ) else {
        return refused(400);
    };
    let size = if is_wide && breach == "limit-beside" {
        100
    } else {
        limit
    };
    let rows: Vec<Value> = (1..=7).map(|id| json!({ "id": id })).collect();
    let rows: Vec<Value> = rows.into_iter().skip(offset).take(size).collect();
    let follows = offset.saturating_add(rows.len()) < 7 && !rows.is_empty();
    let more = match breach {
        "always-more" => true,
        "more-where-full" => rows.len() == limit,
        "never-more" => false,
        _ => follows,
    };
    let is_last = !(follows || breach == "last-at-first" && offset > 0);
    let links = (follows || breach == "links-on").then(|| {
        format!(
            "</rows?offset={}>; rel=\"next\"",
            offset.saturating_add(limit)
        )
    });
    let body = json!({ "rows": rows, "has_more": more, "is_last_page": is_last });
    (200, links, body)
}

fn talk(stream: &TcpStream, breach: &str) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if line.trim().is_empty() {
            break;
        }
        head.push(line);
    }
    let first = head.first().cloned().unwrap_or_default();
    let mut words = first.split(' ');
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or("/"),
    );
    let (mut status, links, body) = answer(breach, target);
    let mut more = links.map_or_else(String::new, |links| format!("Link: {links}\r\n"));
    if method != "GET" && method != "HEAD" {
        status = 405;
        "Allow: GET, HEAD\r\n".clone_into(&mut more);
    }
    let body = if status == 405 {
        json!({ "message": "no" })
    } else {
        body
    };
    let body = body.to_string();
    let shown = if method == "HEAD" { "" } else { &body };
    let length = body.len();
    write!(
        &mut &*stream,
        "HTTP/1.1 {status} It\r\nContent-Type: application/json\r\n{more}Connection: close\r\n\
         Content-Length: {length}\r\n\r\n{shown}"
    )?;
    Ok(())
}

/// The findings that fail a run against the service with a breach.
fn found(breach: &'static str) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), PAGE).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that goes away ends its connection, nothing else.
            std::thread::spawn(move || talk(&stream, breach));
        }
    });
    let arguments = ["run", "page.md", "--cases", "8", "--endpoint", &url];
    let report = ["--report", "json=report.json"];
    let told = docproof(folder.path(), arguments.into_iter().chain(report));
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let failing = findings.filter(|finding| finding["level"] != "may");
    let named = failing.map(|finding| {
        let text = |name: &str| finding[name].as_str().unwrap_or_default();
        format!("{}: {}", text("fact"), text("message"))
    });
    (named.collect(), told.text())
}

#[test]
fn pages_that_say_whether_one_follows_are_let_alone() {
    let (found, text) = found("");
    assert_eq!(found, Vec::<String>::new(), "{text}");
}

#[rstest]
#[case("always-more", "pagination::more")]
#[case("more-where-full", "pagination::more")]
#[case("never-more", "pagination::more")]
#[case("last-at-first", "pagination::more")]
#[case("links-on", "says by the header `Link` that another follows")]
#[case("limit-beside", "`limit=2` beside `all_fields=true` gave 7 items")]
fn what_says_the_contrary_is_found(#[case] breach: &'static str, #[case] expected: &str) {
    let (found, text) = found(breach);
    assert!(
        found.iter().any(|one| one.contains(expected)),
        "{found:#?}\n{text}"
    );
}
