//! The bundled suite under `cargo test`.

fn main() {}
