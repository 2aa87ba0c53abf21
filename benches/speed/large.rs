//! Documentation of many operations in each format: what it costs to derive, and to list the trials
//! of a suite made from it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{DOCPROOF, mebibytes, peak_memory};

/// How many operations are derived from each format, and how many stand on one page.
const DERIVED: usize = 1_000;
const ON_A_PAGE: usize = 10;

/// How many operations the suites have whose trials are listed.
const LISTED: [usize; 2] = [50, 500];

/// How many fields an object has.
const FIELDS: usize = 12;

/// The formats: the first three are pages.
const FORMATS: [&str; 4] = ["md", "rst", "html", "json"];

/// One row of a table: name, type, whether it must be sent, description.
type Row = (String, &'static str, bool, String);

/// The fields of an operation's object. No two operations say the same, as no two of a service do.
fn rows(operation: usize) -> Vec<Row> {
    let row = |index: usize| {
        let name = format!("field_{operation}_{index}");
        let most = 10 + (operation * FIELDS + index) % 90;
        let (kind, description) = match index % 5 {
            0 => (
                "string",
                format!("The name of part {most}. 1 to {most} characters."),
            ),
            1 => (
                "integer",
                format!("The size. The value ranges from 1 to {most}."),
            ),
            2 => ("boolean", format!("Whether part {most} is on.")),
            3 => (
                "string",
                format!("The state. One of `open`, `held`, `s{most}`."),
            ),
            _ => ("string", format!("When part {most} was made, in RFC 3339.")),
        };
        (name, kind, index < 2, description)
    };
    (0..FIELDS).map(row).collect()
}

/// The rows of an operation that reads.
fn query() -> Vec<Row> {
    let limit = "The most things. The value ranges from 1 to 100.".to_owned();
    let state = "One of `open`, `held`, `closed`.".to_owned();
    vec![
        ("limit".to_owned(), "integer", false, limit),
        ("state".to_owned(), "string", false, state),
    ]
}

/// The method, path and status of an operation.
fn target(operation: usize) -> (&'static str, String, u16) {
    let (method, status) = if operation.is_multiple_of(2) {
        ("GET", 200)
    } else {
        ("POST", 201)
    };
    (method, format!("/v1/part-{operation}/things"), status)
}

/// The example of an object.
fn example(rows: &[Row]) -> Value {
    let value = |kind: &str| match kind {
        "integer" => json!(1),
        "boolean" => json!(true),
        _ => json!("a"),
    };
    let fields = rows.iter().map(|row| (row.0.clone(), value(row.1)));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// The cells of a table of rows, its head first.
fn cells(rows: &[Row], mark: &str) -> Vec<[String; 4]> {
    let head = ["Name", "Type", "Required", "Description"].map(str::to_owned);
    let body = rows.iter().map(|(name, kind, required, description)| {
        let required = if *required { "yes" } else { "no" };
        let description = description.replace('`', mark);
        [
            name.clone(),
            (*kind).to_owned(),
            required.to_owned(),
            description,
        ]
    });
    std::iter::once(head).chain(body).collect()
}

fn heading(out: &mut String, format: &str, level: usize, text: &str) {
    let _ = match format {
        "md" => write!(out, "{} {text}\n\n", "#".repeat(level)),
        "rst" => {
            let line = ["=", "-", "~"][level - 1].repeat(text.len());
            write!(out, "{text}\n{line}\n\n")
        }
        _ => writeln!(out, "<h{level}>{text}</h{level}>"),
    };
}

fn table(out: &mut String, format: &str, rows: &[Row]) {
    let cells = cells(rows, if format == "rst" { "``" } else { "`" });
    match format {
        "md" => {
            for (index, row) in cells.iter().enumerate() {
                let _ = writeln!(out, "| {} |", row.join(" | "));
                if index == 0 {
                    out.push_str("|---|---|---|---|\n");
                }
            }
        }
        "rst" => {
            let widths = [0, 1, 2, 3]
                .map(|column: usize| cells.iter().map(|row| row[column].len()).max().unwrap_or(1));
            let bar = widths.map(|width| "=".repeat(width)).join(" ");
            let lines = cells.iter().map(|row| {
                let padded: Vec<String> = row
                    .iter()
                    .zip(widths)
                    .map(|(cell, width)| format!("{cell:width$}"))
                    .collect();
                padded.join(" ")
            });
            let mut lines: Vec<String> = lines.collect();
            lines.insert(1, bar.clone());
            let _ = writeln!(out, "{bar}\n{}\n{bar}", lines.join("\n"));
        }
        _ => {
            let lines = cells.iter().enumerate().map(|(index, row)| {
                let tag = if index == 0 { "th" } else { "td" };
                let row: Vec<String> = row
                    .iter()
                    .map(|cell| format!("<{tag}>{cell}</{tag}>"))
                    .collect();
                format!("<tr>{}</tr>", row.concat())
            });
            let _ = writeln!(out, "<table>{}</table>", lines.collect::<String>());
        }
    }
    out.push('\n');
}

/// A page of these operations.
fn page(format: &str, number: usize, operations: std::ops::Range<usize>) -> String {
    let mut out = String::new();
    heading(&mut out, format, 1, &format!("Part {number}"));
    for operation in operations {
        let (method, path, status) = target(operation);
        heading(&mut out, format, 2, &format!("Operation {operation}"));
        let _ = match format {
            "md" => write!(out, "`{method} {path}`\n\n"),
            "rst" => write!(out, "``{method} {path}``\n\n"),
            _ => writeln!(out, "<p><code>{method} {path}</code></p>"),
        };
        if method == "GET" {
            heading(&mut out, format, 3, "Query parameters");
            table(&mut out, format, &query());
        } else {
            heading(&mut out, format, 3, "Request body");
            table(&mut out, format, &rows(operation));
        }
        heading(&mut out, format, 3, &format!("Response {status}"));
        table(&mut out, format, &rows(operation));
        let example = example(&rows(operation));
        let _ = match format {
            "md" => write!(out, "```json\n{example}\n```\n\n"),
            "rst" => write!(out, ".. code-block:: json\n\n   {example}\n\n"),
            _ => writeln!(out, "<pre><code>{example}</code></pre>"),
        };
    }
    out
}

/// An OpenAPI document of so many operations.
fn document(operations: usize) -> String {
    let schema = |rows: &[Row]| {
        let fields = rows.iter().map(|(name, kind, _, description)| {
            let mut field = json!({ "type": kind, "description": description });
            if *kind == "integer" {
                field["minimum"] = json!(1);
                field["maximum"] = json!(100);
            }
            (name.clone(), field)
        });
        let needed: Vec<&str> = rows
            .iter()
            .filter(|row| row.2)
            .map(|row| row.0.as_str())
            .collect();
        let fields = Value::Object(fields.collect());
        json!({ "type": "object", "required": needed, "properties": fields })
    };
    let mut paths = Map::new();
    for operation in 0..operations {
        let (method, path, status) = target(operation);
        // Twice as many fields as a page's, so that a thousand operations are a document of 5 MB.
        let all: Vec<Row> = rows(operation)
            .into_iter()
            .chain(rows(operation + operations))
            .collect();
        let content = json!({ "application/json": { "schema": schema(&all) } });
        let mut described = json!({
            "operationId": format!("operation{operation}"),
            "responses": {
                status.to_string(): { "description": "OK", "content": content },
                "400": { "description": "Bad request" },
            },
        });
        if method == "GET" {
            let parameters = query().into_iter().map(|(name, kind, _, description)| {
                json!({ "name": name, "in": "query", "description": description, "schema": { "type": kind } })
            });
            described["parameters"] = parameters.collect();
        } else {
            described["requestBody"] = json!({ "required": true, "content": content });
        }
        paths.insert(path, json!({ method.to_lowercase(): described }));
    }
    let info = json!({ "title": "Large", "version": "1" });
    let whole = json!({ "openapi": "3.1.0", "info": info, "paths": paths });
    format!("{whole:#}")
}

/// Writes documentation of so many operations, and gives where it stands.
fn written(folder: &Path, format: &str, operations: usize) -> PathBuf {
    if format == "json" {
        let path = folder.join("openapi.json");
        std::fs::write(&path, document(operations)).unwrap();
        return path;
    }
    let pages = folder.join("pages");
    std::fs::create_dir(&pages).unwrap();
    for number in 0..operations / ON_A_PAGE {
        let first = number * ON_A_PAGE;
        let text = page(format, number, first..first + ON_A_PAGE);
        std::fs::write(pages.join(format!("part-{number}.{format}")), text).unwrap();
    }
    pages
}

/// The processor time of the processes that have ended so far, of this one's children.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // After the name: the 14th and 15th fields are of children in user and kernel mode, in
    // hundredths of a second (proc(5)).
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap()..]
        .split_whitespace()
        .collect();
    let ticks = |at: usize| fields[at].parse::<u64>().unwrap();
    Duration::from_millis(10 * (ticks(14) + ticks(15)))
}

/// The processor time and the peak memory of one call, which must not fail.
fn cost(arguments: &[&str]) -> (Duration, u64) {
    let before = processor_time();
    let mut command = Command::new(DOCPROOF);
    command
        .args(arguments)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    let peak = peak_memory(&mut child);
    assert!(child.wait().unwrap().success(), "{arguments:?}");
    (processor_time().saturating_sub(before), peak)
}

/// What documentation of many operations costs to derive, and what its suites cost to list.
pub(super) fn large() {
    println!("\n{DERIVED} operations derived    size      processor   memory");
    for format in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), format, DERIVED);
        let path = path.to_str().unwrap();
        let out = folder.path().join("schemas");
        let arguments = [
            "derive",
            path,
            "--out",
            out.to_str().unwrap(),
            "--service",
            "large",
        ];
        let (time, peak) = cost(&arguments);
        let size = size_of(Path::new(path));
        println!(
            "{format:24}   {:4.1} MB   {time:6.2?}   {:5.0} MiB",
            size,
            mebibytes(peak)
        );
    }
    println!("\ntrials of a suite listed    processor   memory");
    for format in ["md", "json"] {
        for operations in LISTED {
            let folder = tempfile::tempdir().unwrap();
            let path = written(folder.path(), format, operations);
            let suite = folder.path().join("suite");
            let (path, suite) = (path.to_str().unwrap(), suite.to_str().unwrap());
            cost(&["init", suite, path, "--service", "large"]);
            let (time, peak) = cost(&["run", "--list", "--suite", suite]);
            println!(
                "{operations:4} operations, {format:8}   {time:6.2?}   {:5.0} MiB",
                mebibytes(peak)
            );
        }
    }
}

/// The size of a file, or of a folder's files, in megabytes.
fn size_of(path: &Path) -> f64 {
    let files: Vec<PathBuf> = if path.is_dir() {
        std::fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect()
    } else {
        vec![path.to_owned()]
    };
    let bytes: u64 = files
        .iter()
        .map(|file| std::fs::metadata(file).unwrap().len())
        .sum();
    f64::from(u32::try_from(bytes / 1000).unwrap()) / 1000.0
}
