//! The bundled suite under `cargo test` and `cargo nextest run`: the same harness, against the
//! embedded mock.

fn main() -> std::process::ExitCode {
    docproof::cli::conformance()
}
