//! Settings: flags over environment over the chosen target of `docproof.toml`. What the file may
//! hold is said by types (`keys`): they read the file, make its JSON Schema, and say for which
//! option of `run` a key stands.

mod arguments;
mod carried;
mod credentials;
mod file;
mod keys;
mod resolve;
mod source;
mod transport;
mod values;

pub(super) use arguments::{ConnectionArguments, ParseError, parse, with_defaults};
pub(super) use credentials::KeyArguments;
pub(super) use file::FileTarget;
pub(super) use keys::schema;
pub(super) use resolve::Connection;
pub(super) use source::{Settled, Source};
