//! Calls of HTTPie (`http POST example.com/jobs name=x`) as calls of curl, which are read: what a
//! page shows is the same in both.

use serde_json::{Map, Value};

use super::block::{Block, BlockKind};

pattern! {
    /// The beginning of a call, with the method or an address behind the name of the program.
    static CALL = r#"(?m)^[ \t]*(?:[$%>][ \t]+)?https?[ \t]+(?:-{1,2}[a-z][\w=-]*[ \t]+)*(?:(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)[ \t]+\S|["']?(?:https?://|localhost\b|:\d*/|[\w-]+(?:\.[\w-]+)+(?:[:/]\d*|["'\s]|$)))"#;

    /// A variable of the shell.
    static VARIABLE = r"\$\{?(?P<name>[A-Za-z_]\w*)\}?";

    /// A request item: a name, the sign that says what it is, and a value.
    static ITEM = r"(?s)^(?P<name>[^:=@\s]+)(?P<sign>==|:=|=|:|@)(?P<value>.*)$";

    static METHOD = r"^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$";
}

/// Options that have a value of their own, which is no item.
const WITH_VALUE: [&str; 12] = [
    "-a",
    "--auth",
    "-A",
    "--auth-type",
    "-o",
    "--output",
    "-p",
    "--print",
    "-s",
    "--style",
    "--session",
    "--timeout",
];

/// Writes the calls of HTTPie in blocks of code as those of curl, on as many lines.
pub(super) fn translate(blocks: &mut [Block]) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Code { text, .. } if CALL.is_match(text) => *text = translated(text),
            BlockKind::List(items) => items.iter_mut().for_each(|item| translate(item)),
            _ => {}
        }
    }
}

fn translated(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = CALL.find(rest) {
        let (before, own) = rest.split_at(found.start());
        let end = end_of(own);
        let (call, after) = own.split_at(end);
        out.push_str(before);
        match curl(call) {
            Some(curl) => {
                out.push_str(&curl);
                out.extend(std::iter::repeat_n('\n', call.matches('\n').count()));
            }
            None => out.push_str(call),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where a call ends: at the end of its line, unless a backslash takes it on.
fn end_of(text: &str) -> usize {
    let ends = text.match_indices('\n').map(|(at, _)| at);
    let is_last = |at: &usize| {
        let line = text.get(..*at).unwrap_or_default();
        !line.trim_end().ends_with('\\')
    };
    ends.into_iter().find(is_last).unwrap_or(text.len())
}

/// A word with variables of the shell as templates have them.
fn unfolded(word: &str) -> String {
    VARIABLE.replace_all(word, "{$name}").into_owned()
}

/// The call of curl that says the same; none of what is no whole call.
fn curl(call: &str) -> Option<String> {
    let words = shlex::split(call.trim_start().trim_start_matches(['$', '%', '>']))?;
    // A backslash at the end of a line leaves an empty word.
    let mut words = words.into_iter().skip(1).filter(|word| !word.is_empty());
    let (mut method, mut address) = (None, None);
    let mut is_form = false;
    let mut raw = None;
    let (mut query, mut headers, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    let mut body = Map::new();
    while let Some(word) = words.next() {
        if word.starts_with('-') && address.is_none() || word.starts_with("--") {
            match word.split_once('=') {
                Some(("--raw", value)) => raw = Some(value.to_owned()),
                None if word == "--raw" => raw = words.next(),
                None if matches!(word.as_str(), "-f" | "--form" | "--multipart") => is_form = true,
                None if WITH_VALUE.contains(&word.as_str()) => drop(words.next()),
                Some(_) | None => {}
            }
        } else if address.is_none() && method.is_none() && METHOD.is_match(&word) {
            method = Some(word);
        } else if address.is_none() {
            address = Some(unfolded(&word));
        } else {
            // What is no item is a line below the call that was meant for something else.
            let item = ITEM.captures(&word)?;
            let part = |name: &str| item.name(name).map_or("", |own| own.as_str());
            let (name, value) = (part("name").to_owned(), unfolded(part("value")));
            match part("sign") {
                "==" => query.push(format!("{name}={value}")),
                ":" => headers.push(format!("{name}: {}", value.trim())),
                ":=" => {
                    let value = serde_json::from_str(&value).unwrap_or(Value::from(value));
                    body.insert(name, value);
                }
                "=" => {
                    pairs.push(format!("{name}={value}"));
                    body.insert(name, Value::from(value));
                }
                _ => pairs.push(format!("{name}=@{value}")),
            }
        }
    }
    let is_bodied = !body.is_empty() || !pairs.is_empty() || raw.is_some();
    let method = method.unwrap_or_else(|| if is_bodied { "POST" } else { "GET" }.to_owned());
    let mut address = full(&address?);
    if !query.is_empty() {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(&query.join("&"));
    }
    let mut parts = vec!["curl -X".to_owned(), method, quoted(&address)];
    parts.extend(headers.iter().map(|own| format!("-H {}", quoted(own))));
    let is_file = pairs.iter().any(|pair| pair.contains("=@"));
    if let Some(raw) = raw {
        parts.push(format!("-d {}", quoted(&unfolded(&raw))));
    } else if is_file {
        parts.extend(pairs.iter().map(|pair| format!("-F {}", quoted(pair))));
    } else if is_form {
        parts.extend(pairs.iter().map(|pair| format!("-d {}", quoted(pair))));
    } else if !body.is_empty() {
        parts.push(format!("-d {}", quoted(&Value::Object(body).to_string())));
    }
    Some(parts.join(" "))
}

/// An address with all that HTTPie lets people leave out: `:8000/jobs` is on this machine.
fn full(address: &str) -> String {
    if address.contains("://") {
        return address.to_owned();
    }
    match address.strip_prefix(":/") {
        Some(path) => format!("http://localhost/{path}"),
        None if address.starts_with([':', '/']) => format!("http://localhost{address}"),
        None => format!("http://{address}"),
    }
}

/// A word in quotes that no sign of it ends.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "%27"))
}

#[cfg(test)]
mod tests {
    use super::translated;
    use rstest::rstest;

    #[rstest]
    #[case("http https://h.example/jobs", "curl -X GET 'https://h.example/jobs'")]
    #[case(
        "$ http GET :8000/jobs limit==5 q==a",
        "curl -X GET 'http://localhost:8000/jobs?limit=5&q=a'"
    )]
    #[case("http :/jobs", "curl -X GET 'http://localhost/jobs'")]
    #[case(
        "http h.example/jobs name=\"A b\" size:=3 X-Key:$KEY",
        "curl -X POST 'http://h.example/jobs' -H 'X-Key: {KEY}' -d '{\"name\":\"A b\",\"size\":3}'"
    )]
    #[case(
        "http --form PUT \"https://h.example/jobs/$job_id\" \\\n  \"note=$note\"\n\n{\"id\": 1}",
        "curl -X PUT 'https://h.example/jobs/{job_id}' -d 'note={note}'\n\n\n{\"id\": 1}"
    )]
    #[case(
        "http -f POST h.example/files file@a.png",
        "curl -X POST 'http://h.example/files' -F 'file=@a.png'"
    )]
    #[case(
        "http PUT h.example/a --raw '{\"a\": 1}'",
        "curl -X PUT 'http://h.example/a' -d '{\"a\": 1}'"
    )]
    #[case("http is a protocol", "http is a protocol")]
    #[case("http://h.example/jobs", "http://h.example/jobs")]
    #[case(
        "http POST h.example/jobs <<< text",
        "http POST h.example/jobs <<< text"
    )]
    fn calls_of_httpie_are_written_as_those_of_curl(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(translated(text).trim_start_matches("$ "), expected);
    }
}
