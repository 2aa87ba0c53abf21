//! Settings: flags over environment over the chosen target of `docproof.toml`. What the file may hold stands in one table (`keys`), which reads the
//! file, writes its JSON Schema, and names the option of `run` that each key stands for.

mod arguments;
mod credentials;
mod file;
mod keys;
mod resolve;
mod source;

pub(super) use arguments::{ConnectionArguments, ParseError, parse, with_defaults};
pub(super) use credentials::KeyArguments;
pub(super) use file::{FileTarget, nearest};
pub(super) use keys::{TARGET, schema};
pub(super) use resolve::Connection;
pub(super) use source::{Settled, Source};
