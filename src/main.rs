//! The `docproof` program.

fn main() -> std::process::ExitCode {
    docproof::internal::main()
}
