//! The `docproof` program.

// A request, its answer and the reading of a page are many small texts each: a quarter of the
// processor's time went into the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    docproof::internal::main()
}
