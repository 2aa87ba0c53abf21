//! Tells the tests what is at hand: the real pages, which are no part of this repository, a Chromium,
//! and tools that render pages or read what is exported. What needs them is ignored elsewhere, and says why.

#![allow(
    clippy::print_stdout,
    reason = "this is how a build script speaks to cargo"
)]

fn main() {
    println!("cargo::rustc-check-cfg=cfg(real_pages)");
    println!("cargo::rerun-if-changed=build.rs");
    // A further file is a further dialect.
    println!("cargo::rerun-if-changed=src/vocabulary/dialects");
    if std::path::Path::new("../shared/seeds").is_dir() {
        println!("cargo::rustc-cfg=real_pages");
    }
    println!("cargo::rustc-check-cfg=cfg(chromium)");
    println!("cargo::rerun-if-env-changed=CHROMIUM");
    println!("cargo::rerun-if-env-changed=PATH");
    if let Some(path) = chromium() {
        println!("cargo::rustc-cfg=chromium");
        println!("cargo::rustc-env=CHROMIUM={}", path.display());
    }
    println!("cargo::rustc-check-cfg=cfg(docutils, sphinx, openapi_core, pandoc)");
    for variable in ["PYTHON", "PANDOC"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let python = named("PYTHON", &["python3", "python"]);
    for package in ["docutils", "sphinx", "openapi_core"] {
        if python.as_deref().is_some_and(|python| has(python, package)) {
            println!("cargo::rustc-cfg={package}");
        }
    }
    if let Some(path) = python {
        println!("cargo::rustc-env=PYTHON={}", path.display());
    }
    // Those before 3 break words in the cells of narrow tables.
    let pandoc =
        named("PANDOC", &["pandoc"]).filter(|path| major(path).is_some_and(|one| one >= 3));
    if let Some(path) = pandoc {
        println!("cargo::rustc-cfg=pandoc");
        println!("cargo::rustc-env=PANDOC={}", path.display());
    }
    println!("cargo::rustc-check-cfg=cfg(redocly, spectral, ajv, schemathesis)");
    for program in ["redocly", "spectral", "ajv", "schemathesis"] {
        let variable = program.to_uppercase();
        println!("cargo::rerun-if-env-changed={variable}");
        if let Some(path) = named(&variable, &[program]) {
            println!("cargo::rustc-cfg={program}");
            println!("cargo::rustc-env={variable}={}", path.display());
        }
    }
}

/// The major version that a program tells as the second word of its `--version`.
fn major(program: &std::path::Path) -> Option<u32> {
    let told = std::process::Command::new(program)
        .arg("--version")
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&told.stdout);
    told.split_whitespace()
        .nth(1)?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// Whether a Python has a package.
fn has(python: &std::path::Path, package: &str) -> bool {
    std::process::Command::new(python)
        .args(["-c", &format!("import {package}")])
        .stderr(std::process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The browser that the HTML report is looked at with.
fn chromium() -> Option<std::path::PathBuf> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    named("CHROMIUM", &names)
}

/// The program that a variable names, or the first one in the path.
fn named(variable: &str, names: &[&str]) -> Option<std::path::PathBuf> {
    if let Some(given) = std::env::var_os(variable).filter(|given| !given.is_empty()) {
        return Some(given.into());
    }
    std::env::split_paths(&std::env::var_os("PATH")?)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|path| path.is_file())
}
