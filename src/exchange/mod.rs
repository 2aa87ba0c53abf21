//! Requests -> bytes -> endpoint -> exchanges. The interface to the `reqwest` crate is localised here.

mod answer;
mod client;
mod curl;
mod journal;
mod pace;
mod redact;

pub use answer::{Answer, Exchange, TransportError};
pub use client::{Client, ClientError, ClientOptions, LARGEST_BODY};
pub use curl::curl_line;
pub use journal::Journal;
pub use pace::asks_for_patience;
pub use redact::{Redactor, printable};
