//! The bundled suite under `cargo test` and `cargo nextest run`: the same harness, against the
//! embedded mock.

docproof::main!(docproof::Suite::bundled()?);
