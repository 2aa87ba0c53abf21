//! Tells the tests what is at hand: the real pages, which are no part of this repository, and a
//! Chromium. What needs them is ignored elsewhere, and says why.

#![allow(
    clippy::print_stdout,
    reason = "this is how a build script speaks to cargo"
)]

fn main() {
    println!("cargo::rustc-check-cfg=cfg(real_pages)");
    println!("cargo::rerun-if-changed=build.rs");
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
}

/// The browser that the HTML report is looked at with: what `CHROMIUM` names, or the first one in
/// the path.
fn chromium() -> Option<std::path::PathBuf> {
    if let Some(given) = std::env::var_os("CHROMIUM").filter(|given| !given.is_empty()) {
        return Some(given.into());
    }
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    std::env::split_paths(&std::env::var_os("PATH")?)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|path| path.is_file())
}
