//! The `docproof` program.

fn main() {}
