//! What docproof costs, as ratios in one run: checked requests over bare ones against the same
//! server in another process, generation, validation, derivation, planning, the time to the first
//! request, and the memory of long runs. `cargo bench` prints the table; `cargo bench -- --quick`
//! takes fewer requests. `DOCPROOF_BASELINE=PATH` names an older build that planning is compared
//! with; `cargo bench -- --planning` does that alone, `-- --large` what many operations cost, and
//! `-- --soak N` a run of N cases on a bad way (10,000,000 if no number is given).

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on fails, and prints what it measured"
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use docproof::internal::contract::Suite;
use docproof::internal::generate::{Base, Property, Source, baseline};
use serde_json::Value;

mod large;
mod soak;

const DOCPROOF: &str = env!("CARGO_BIN_EXE_docproof");

/// How many cases a soak has if nobody says how many.
const SOAKED: usize = 10_000_000;

/// The token of the mock.
const TOKEN: &str = "bench-token";

/// The mock in another process.
struct Server {
    process: Child,
    url: String,
    resources: Vec<String>,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(DOCPROOF)
            .args(["mock", "--token", TOKEN, "--print-resources"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut resources = Vec::new();
        let mut url = String::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(at) = line.find("http://") {
                url.push_str(line[at..].split_whitespace().next().unwrap());
                break;
            }
            if line.contains('=') {
                resources.push(line);
            }
        }
        Self {
            process,
            url,
            resources,
        }
    }

    /// The command that runs reading trials against the mock, which is reached at a URL.
    fn command(&self, url: &str, report: &Path, cases: usize, threads: usize) -> Command {
        let mut command = Command::new(DOCPROOF);
        command.args(["run", "ListBackupRecords::property", "--endpoint", url]);
        command.args(["--token", TOKEN, "--mode", "full"]);
        command.args(["--cases", &cases.to_string()]);
        command.args(["-j", &threads.to_string()]);
        command
            .arg("--report")
            .arg(format!("json={}", report.display()));
        for resource in &self.resources {
            command.args(["--set", resource]);
        }
        command
    }

    /// A run of reading trials: the report's summary, the peak memory in KiB, and the wall time.
    fn run(&self, folder: &Path, cases: usize, threads: usize) -> (Value, u64, Duration) {
        let report = folder.join("report.json");
        let mut command = self.command(&self.url, &report, cases, threads);
        let started = Instant::now();
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        let peak = peak_memory(&mut child);
        let wall = started.elapsed();
        let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
        (report["summary"].clone(), peak, wall)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The most resident memory of a process in KiB, looked at until it ends.
fn peak_memory(child: &mut Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let seen = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = peak.max(seen.unwrap_or(0));
        if child.try_wait().unwrap().is_some() {
            return peak;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Requests a second of a loop that sends one request over and over, reads the answer and looks at
/// nothing.
fn bare(server: &Server, requests: usize, concurrency: usize) -> f64 {
    let suite = Suite::bundled().unwrap();
    let operation = suite
        .operations
        .iter()
        .find(|operation| operation.id == "ListBackupRecords")
        .unwrap();
    let resources = server
        .resources
        .iter()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let request = baseline(operation, &suite.bindings(operation), &resources).unwrap();
    let url = format!("{}{}", server.url, request.target());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .http1_only()
        .build()
        .unwrap();
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    runtime.block_on(async {
        let mut tasks = Vec::new();
        for _ in 0..concurrency {
            let (client, url, next) = (client.clone(), url.clone(), Arc::clone(&next));
            tasks.push(tokio::spawn(async move {
                while next.fetch_add(1, Ordering::Relaxed) < requests {
                    let answer = client.get(&url).header("x-auth-token", TOKEN).send().await;
                    let _ = answer.unwrap().bytes().await.unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
    per_second(requests, started.elapsed())
}

fn per_second(count: usize, elapsed: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / elapsed.as_secs_f64()
}

fn network(quick: bool) {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let cases = if quick { 3_000 } else { 10_000 };
    println!("concurrency   bare/s   checked/s   ratio");
    for concurrency in [1, 2, 16, 64] {
        // One right after the other, several times: what else the machine does meets both.
        let mut rounds: Vec<(f64, f64)> = (0..if quick { 3 } else { 5 })
            .map(|_| {
                let bare = bare(&server, cases * 3, concurrency);
                let (summary, _, _) = server.run(folder.path(), cases, concurrency);
                let requests = usize::try_from(summary["requests"].as_u64().unwrap()).unwrap();
                let wall = Duration::from_millis(summary["wall_ms"].as_u64().unwrap());
                (bare, per_second(requests, wall))
            })
            .collect();
        rounds.sort_by(|one, other| (one.1 / one.0).total_cmp(&(other.1 / other.0)));
        let (bare, checked) = rounds[rounds.len() / 2];
        println!(
            "{concurrency:11}   {bare:6.0}   {checked:9.0}   {:5.2}",
            checked / bare
        );
    }
    println!("\ncases      requests   peak memory   requests/s");
    let sizes: &[usize] = if quick {
        &[1_000, 10_000]
    } else {
        &[1_000, 10_000, 100_000, 1_000_000]
    };
    for cases in sizes {
        // Each of the three properties draws as many cases as it is told to.
        let (summary, peak, wall) = server.run(folder.path(), cases / 3, 16);
        let requests = usize::try_from(summary["requests"].as_u64().unwrap()).unwrap();
        println!(
            "{cases:8}   {requests:8}   {:8.1} MiB   {:10.0}",
            mebibytes(peak),
            per_second(requests, wall)
        );
    }
}

fn generation() {
    let suite = Suite::bundled().unwrap();
    let operation = suite
        .operations
        .iter()
        .find(|operation| operation.id == "CreateManualBackup")
        .unwrap();
    let resources = [("project_id", "p"), ("gaussdb.instance_id", "i")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    let request = baseline(operation, &suite.bindings(operation), &resources).unwrap();
    let base = Base::new(operation, Arc::new(request));
    println!("\ngenerated and classified, a second");
    for property in [Property::Valid, Property::Invalid, Property::Unspecified] {
        let source = Source::new(operation, &base, property, 0, &|_, _| false, None).unwrap();
        let started = Instant::now();
        let mut generated = 0;
        while started.elapsed() < Duration::from_millis(500) {
            let number = u64::try_from(generated).unwrap();
            assert!(source.generate(operation, number).is_some());
            generated += 1;
        }
        println!(
            "{:12}   {:8.0}",
            property.as_str(),
            per_second(generated, started.elapsed())
        );
    }
}

fn validation() {
    let suite = Suite::bundled().unwrap();
    println!("\nanswers validated, a second");
    for operation in &suite.operations {
        for response in &operation.responses {
            let (Some(schema), Some(example)) = (&response.schema, response.examples.first())
            else {
                continue;
            };
            let text = example.to_string();
            let started = Instant::now();
            let mut validated = 0;
            while started.elapsed() < Duration::from_millis(300) {
                let value: Value = serde_json::from_str(&text).unwrap();
                let _ = schema.violations(&value);
                validated += 1;
            }
            println!(
                "{} {} ({} bytes)   {:8.0}",
                operation.id,
                response.status,
                text.len(),
                per_second(validated, started.elapsed())
            );
        }
    }
}

/// From the start of the process to its end with one request: what a run costs before and after the
/// network.
fn start() {
    let server = Server::start();
    let mut times: Vec<Duration> = (0..9)
        .map(|_| {
            let mut command = Command::new(DOCPROOF);
            command.args(["run", "--exact", "dcs::ListBackupRecords::request::example"]);
            command.args(["--endpoint", &server.url, "--token", TOKEN]);
            for resource in &server.resources {
                command.args(["--set", resource]);
            }
            let started = Instant::now();
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            started.elapsed()
        })
        .collect();
    times.sort();
    println!(
        "\none trial, from start to end of the process: {:?} (median of {})",
        times[4],
        times.len()
    );
}

fn derivation() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/dcs/pages");
    let many = tempfile::tempdir().unwrap();
    let pages: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let mut count = 0;
    for copy in 0..500 {
        for page in &pages {
            // Each copy tells of operations and objects of its own, as the pages of a whole service
            // do.
            let mut text = std::fs::read_to_string(page).unwrap();
            for name in ["CopyInstance", "ListBackupRecords", "BackupRecordResponse"] {
                text = text.replace(name, &format!("{name}{copy}"));
            }
            let text = text.replace("{project_id}/", &format!("{{project_id}}/part-{copy}/"));
            let name = page.file_name().unwrap().to_string_lossy();
            std::fs::write(many.path().join(format!("{copy}-{name}")), text).unwrap();
            count += 1;
        }
    }
    let started = Instant::now();
    let output = Command::new(DOCPROOF)
        .arg("lint")
        .arg(many.path())
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    println!(
        "\n{count} pages read, derived and proofread in {:.2?}",
        started.elapsed()
    );
}

/// How many optional fields the body of an operation has whose trials are planned.
const FIELDS: [usize; 2] = [400, 1_600];

/// What the fields' rows say, in turn.
const FIELDS_SAY: [(&str, &str); 4] = [
    ("String", "The name. The value contains 1 to 64 characters."),
    ("Integer", "The size. The value ranges from 1 to 100."),
    (
        "String",
        "The text, which must start with a letter and contain 4 to 64 characters. Only letters, digits, hyphens (-), and underscores (_) are allowed.",
    ),
    ("Boolean", "Whether it is so."),
];

/// A suite of one operation with so many optional fields in its body.
fn wide_suite(folder: &Path, fields: usize) {
    let rows: Vec<String> = (0..fields)
        .map(|index| {
            let (kind, description) = FIELDS_SAY[index % FIELDS_SAY.len()];
            format!("| field_{index} | No | {kind} | {description} |")
        })
        .collect();
    let rows = rows.join("\n");
    let page = format!(
        "# Making\n\n## URI\n\nPOST /v1/things\n\n## Request Parameters\n\nTable 1 Request body parameters\n\n\
         | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n{rows}\n\n\
         ## Status Codes\n\n| Status code | Description |\n|---|---|\n| 200 | OK |\n| 400 | Bad request |\n"
    );
    let path = folder.join("page.md");
    std::fs::write(&path, page).unwrap();
    let output = Command::new(DOCPROOF)
        .arg("derive")
        .arg(&path)
        .arg("--out")
        .arg(folder.join("schemas"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// The least time that a program takes to list the trials of a suite, or of the bundled one, and
/// the most memory, in KiB.
fn listed(program: &str, suite: Option<&Path>, times: usize) -> (Duration, u64) {
    let mut command = Command::new(program);
    command.args(["run", "--list"]).stdout(Stdio::null());
    if let Some(suite) = suite {
        command.arg("--suite").arg(suite);
    }
    let peak = peak_memory(&mut command.spawn().unwrap());
    let least = (0..times)
        .map(|_| {
            let started = Instant::now();
            assert!(command.status().unwrap().success());
            started.elapsed()
        })
        .min();
    (least.unwrap(), peak)
}

/// What planning costs: of an operation with many optional fields, and of the bundled suite. Where
/// `DOCPROOF_BASELINE` names an older build, as ratios to it.
fn planning() {
    let older = std::env::var("DOCPROOF_BASELINE").ok();
    println!("\nlisted trials                time     memory   of the older build");
    let mut by_size = Vec::new();
    for fields in FIELDS {
        let folder = tempfile::tempdir().unwrap();
        wide_suite(folder.path(), fields);
        let own = listed(DOCPROOF, Some(folder.path()), 9);
        by_size.push(own.0);
        let before = older
            .as_ref()
            .map(|older| listed(older, Some(folder.path()), 1));
        print_listed(&format!("{fields} optional fields"), own, before);
    }
    let own = listed(DOCPROOF, None, 25);
    let before = older.as_ref().map(|older| listed(older, None, 25));
    print_listed("the bundled suite", own, before);
    if let [few, many] = by_size[..] {
        println!(
            "{} fields over {}: {:.2} times the time",
            FIELDS[1],
            FIELDS[0],
            many.as_secs_f64() / few.as_secs_f64()
        );
    }
}

/// So many KiB in MiB.
fn mebibytes(kibibytes: u64) -> f64 {
    f64::from(u32::try_from(kibibytes).unwrap()) / 1024.0
}

fn print_listed(what: &str, own: (Duration, u64), before: Option<(Duration, u64)>) {
    let (time, memory) = (own.0.as_secs_f64() * 1e3, mebibytes(own.1));
    let ratios = before.map_or_else(String::new, |(before, most)| {
        format!(
            "   1/{:.1} of {before:.2?}, 1/{:.1} of {:.0} MiB",
            before.as_secs_f64() / own.0.as_secs_f64(),
            mebibytes(most) / memory,
            mebibytes(most)
        )
    });
    println!("{what:24}   {time:6.1} ms   {memory:5.1} MiB{ratios}");
}

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let is_told = |wanted: &str| std::env::args().any(|argument| argument == wanted);
    let quick = is_told("--quick");
    if is_told("--planning") {
        planning();
        return;
    }
    if is_told("--large") {
        large::large();
        return;
    }
    let mut arguments = std::env::args().skip_while(|argument| argument != "--soak");
    if arguments.next().is_some() {
        let cases = arguments.next().and_then(|cases| cases.parse().ok());
        soak::soak(cases.unwrap_or(SOAKED));
        return;
    }
    start();
    planning();
    network(quick);
    generation();
    validation();
    derivation();
    large::large();
}
