//! A zoo of correct servers, one convention each: docproof is silent about every one, and finds what
//! each does wrong when it is told to.

use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::Value;

use crate::support::docproof;
use crate::zoo::frame::{Service, start};
use crate::zoo::{
    forms, guards, headers, keeping, lists, lives, media, paged, refusals, shapes, styles, values,
    ways, wire,
};

/// Services that docproof still says something wrong of. One that it is silent about has to leave
/// the list.
const KNOWN_LOUD: &[&str] = &[];

/// Breaches that docproof still misses, or says of another fact. One that it finds has to leave the
/// list.
const KNOWN_MISSED: &[&str] = &[];

/// The pages of a service.
fn pages(service: &Service) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/zoo/pages");
    let entries = std::fs::read_dir(folder.join(service.name)).unwrap();
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    pages
}

/// Runs the suite of a folder against a service; the exit code, and each finding as its fact and
/// its message.
fn judged(folder: &Path, service: &'static Service, breach: &'static str) -> (i32, Vec<String>) {
    let url = start(service, breach);
    let endpoint = ["--endpoint", &url];
    let given = ["run", "--suite", "suite", "--mode", "full"];
    let report = ["--report", "json=report.json"];
    let arguments = given.iter().chain(&endpoint).chain(&report);
    let told = docproof(folder, arguments.chain(service.arguments));
    let report = std::fs::read(folder.join("report.json")).unwrap_or_default();
    let report: Value = serde_json::from_slice(&report).unwrap_or_default();
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().into_iter().flatten();
    let findings = findings
        .map(|finding| format!("{}: {}", text(finding, "fact"), text(finding, "message")))
        .collect();
    (told.code, findings)
}

/// Services that take more than their pages document and show what they took it for: what is told of
/// them is a `may`, which fails no run.
const LENIENT: &[&str] = &["coerces"];

/// What docproof gets wrong about a service.
fn mistakes(service: &'static Service) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let files = pages(service).into_iter().map(PathBuf::into_os_string);
    let made = docproof(
        folder.path(),
        ["init".into(), "suite".into()].into_iter().chain(files),
    );
    assert_eq!(made.code, 0, "{}: {}", service.name, made.text());
    let mut mistakes = Vec::new();
    let (code, findings) = judged(folder.path(), service, "");
    let is_lenient = LENIENT.contains(&service.name);
    let is_silent = code == 0 && findings.is_empty() != is_lenient;
    let is_known = KNOWN_LOUD.contains(&service.name);
    match (is_silent, is_known) {
        (true, true) => mistakes.push(format!("{} is silent: not loud any more", service.name)),
        (false, false) => {
            let name = service.name;
            mistakes.push(format!("{name} is correct: exit {code}, {findings:#?}"));
        }
        (true, false) | (false, true) => {}
    }
    for (breach, words) in service.breaches {
        let name = format!("{}/{breach}", service.name);
        let (code, findings) = judged(folder.path(), service, breach);
        let is_named = |finding: &String| finding.split(": ").next().unwrap().contains(words);
        let is_found = code == 1 && findings.iter().any(is_named);
        match (is_found, KNOWN_MISSED.contains(&name.as_str())) {
            (true, true) => mistakes.push(format!("{name} is found: not missed any more")),
            (false, false) => mistakes.push(format!(
                "{name} breaks `{words}`: exit {code}, {findings:#?}"
            )),
            (true, false) | (false, true) => {}
        }
    }
    mistakes
}

#[rstest]
#[case::of_wires(wire::ALL)]
#[case::of_refusals(refusals::ALL)]
#[case::of_lives(lives::ALL)]
#[case::of_keeping(keeping::ALL)]
#[case::of_lists(lists::ALL)]
#[case::of_shapes(shapes::ALL)]
#[case::of_values(values::ALL)]
#[case::of_headers(headers::ALL)]
#[case::of_styles(styles::ALL)]
#[case::of_ways(ways::ALL)]
#[case::of_forms(forms::ALL)]
#[case::of_guards(guards::ALL)]
#[case::of_pages(paged::ALL)]
#[case::of_media(media::ALL)]
fn correct_servers_are_silent_and_breaches_are_found(#[case] services: &'static [Service]) {
    let mistakes: Vec<String> = services.iter().flat_map(mistakes).collect();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}
