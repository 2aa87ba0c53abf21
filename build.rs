//! Tells the tests whether the real pages, which are no part of this repository, stand beside it: what needs them is ignored elsewhere, and says why.

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
}
