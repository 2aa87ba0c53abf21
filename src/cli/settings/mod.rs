//! Settings: flags over environment over the chosen target of `docproof.toml`. What the file may
//! hold is said by types (`keys`): they read the file, make its JSON Schema, and say for which
//! option of `run` a key stands.

mod arguments;
mod carried;
mod credentials;
mod file;
mod keys;
mod resolve;
mod transport;
mod values;

pub(crate) use arguments::ConnectionArguments;
pub(super) use arguments::{ParseError, parse, suite_here, with_defaults};
pub(super) use credentials::KeyArguments;
pub(super) use file::{FILE_NAME, FileTarget};
pub(super) use keys::schema;
pub(super) use values::endpoint_problem;
