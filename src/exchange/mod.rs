//! Requests -> bytes -> endpoint -> exchanges. The interface to the `reqwest` crate is localised
//! here.

mod answer;
mod client;
mod credential;
mod curl;
mod curl_form;
mod fetch;
mod journal;
mod pace;
mod recorded;
mod redact;
mod sign;
mod token_command;

pub use answer::{Answer, Exchange, TransportError};
pub use client::{Client, ClientError, ClientOptions, LARGEST_BODY};
pub use credential::{Authentication, Credentials};
pub use fetch::{FetchError, FetchLimits, Fetched, fetch, is_url};
pub use journal::Journal;
pub use pace::asks_for_patience;
pub use recorded::{
    Headers, PartialRequest, RecordedExchange, RecordedRequest, RecordedResponse, SentRequest,
    ShownExchange, ShownRequest,
};
pub use redact::{Redactor, printable, printable_json};
pub use sign::{
    ALGORITHM, KeyPair, Signable, UNSIGNED_PAYLOAD, query_pairs, signature, string_to_sign,
};
pub use token_command::{FreshToken, TokenCommand, TokenCommandError};
