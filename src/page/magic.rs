//! Blocks of ReadMe's pages in Markdown, whose content is JSON: `[block:parameters]` is a table,
//! `[block:api-header]` a heading, `[block:code]` code. What others hold is shown and is no text of
//! the page.

use std::borrow::Cow;

use regex::Captures;
use serde_json::Value;

pattern! {
    static BLOCK = r"(?ms)^[ \t]*\[block:(?P<kind>[a-z-]+)\][ \t]*\n(?P<json>.*?)\n?^[ \t]*\[/block\][ \t]*$";
    static BOLD = r"\*\*([^*\n]+)\*\*";
    static TICKED = r"`([^`\n]+)`";
    /// The first cell of a row, at the beginning of its line.
    static ROW = r#"(?m)^[ \t]*"(?P<row>\d{1,4})-0"[ \t]*:"#;
}

/// The most rows and columns of a table.
const MOST: usize = 2_000;

/// A text with its blocks as Markdown and HTML. Lines keep their numbers.
pub(super) fn replace(source: &str) -> Cow<'_, str> {
    if !source.contains("[block:") {
        return Cow::Borrowed(source);
    }
    BLOCK.replace_all(source, |found: &Captures<'_>| {
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        let json = part("json");
        let Ok(value) = serde_json::from_str::<Value>(json) else {
            return whole.to_owned();
        };
        let made = match part("kind") {
            "parameters" => table(&value, json),
            "api-header" => value["title"]
                .as_str()
                .map(|title| format!("\n## {title}\n")),
            "code" => Some(code(&value)),
            "callout" => Some(callout(&value)),
            _ => Some(String::new()),
        };
        let Some(made) = made else {
            return whole.to_owned();
        };
        let lines = whole.matches('\n').count();
        let missing = lines.saturating_sub(made.matches('\n').count());
        format!("{made}{}", "\n".repeat(missing))
    })
}

/// A cell's text as HTML in one line.
fn cell(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let text = BOLD.replace_all(&text, "<strong>$1</strong>");
    TICKED
        .replace_all(&text, "<code>$1</code>")
        .replace("&lt;br", "<br")
        .replace("  \n", "\n")
        .replace('\n', "<br>")
}

/// A table whose cells are named by row and column; each row stands on the line of its first cell.
fn table(value: &Value, json: &str) -> Option<String> {
    let cells = value["data"].as_object()?;
    let text = |row: &str, column: usize| {
        let own = cells.get(&format!("{row}-{column}"));
        own.and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let columns = (0..MOST)
        .take_while(|at| cells.contains_key(&format!("h-{at}")))
        .count();
    let numbers = cells
        .keys()
        .filter_map(|key| key.split_once('-')?.0.parse::<usize>().ok());
    let rows = numbers.max().map_or(0, |last| last + 1).min(MOST);
    if columns == 0 {
        return None;
    }
    let line = |tag: &str, row: &str| -> String {
        let own = (0..columns).map(|at| format!("<{tag}>{}</{tag}>", cell(&text(row, at))));
        format!("<tr>{}</tr>", own.collect::<String>())
    };
    let at = |row: usize| {
        let mut found = ROW.captures_iter(json);
        let own = found.find(|own| {
            own.name("row")
                .is_some_and(|name| name.as_str() == row.to_string())
        })?;
        Some(json.get(..own.get(0)?.start())?.matches('\n').count() + 1)
    };
    // The block's own line goes before its JSON.
    let mut out = format!("\n<table><thead>{}</thead><tbody>", line("th", "h"));
    let mut lines = 1;
    for row in 0..rows {
        if let Some(at) = at(row).filter(|at| *at > lines) {
            out.push_str(&"\n".repeat(at - lines));
            lines = at;
        }
        out.push_str(&line("td", &row.to_string()));
    }
    out.push_str("</tbody></table>");
    Some(out)
}

/// The codes of a block, one below the other. They stand in one line, with their own line ends.
fn code(value: &Value) -> String {
    let codes = value["codes"].as_array().into_iter().flatten();
    let shown = codes.filter_map(|own| own["code"].as_str());
    let mut out = "\n".to_owned();
    for text in shown {
        let text = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('\n', "&#10;");
        out.push_str("<pre>");
        out.push_str(&text);
        out.push_str("</pre>");
    }
    out
}

/// What a callout says.
fn callout(value: &Value) -> String {
    let part = |name: &str| value[name].as_str().unwrap_or_default().replace('\n', " ");
    format!("\n{} {}", part("title"), part("body"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    #[rstest]
    #[case::table(
        "A\n\n[block:parameters]\n{\n  \"data\": {\n    \"h-0\": \"Name\",\n    \"h-1\": \"Type\",\n    \"0-0\": \"`a`\",\n    \"0-1\": \"string  \\nor <b>\"\n  },\n  \"cols\": 2,\n  \"rows\": 1\n}\n[/block]\nB",
        "A\n\n\n<table><thead><tr><th>Name</th><th>Type</th></tr></thead><tbody>\n\n\n\n<tr><td><code>a</code></td><td>string<br>or &lt;b></td></tr></tbody></table>\n\n\n\n\n\n\nB"
    )]
    #[case::heading(
        "[block:api-header]\n{\n  \"title\": \"Jobs\"\n}\n[/block]\nB",
        "\n## Jobs\n\n\n\nB"
    )]
    #[case::code(
        "[block:code]\n{\"codes\": [{\"code\": \"{\\n}\"}]}\n[/block]",
        "\n<pre>{&#10;}</pre>\n"
    )]
    #[case::broken("[block:parameters]\n{\n[/block]", "[block:parameters]\n{\n[/block]")]
    fn blocks_become_what_they_show(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(super::replace(text), expected);
    }
}
