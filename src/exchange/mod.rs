//! Requests -> bytes -> endpoint -> exchanges. The interface to the `reqwest` crate is localised
//! here.

mod answer;
mod authenticator;
mod aws;
mod carry;
mod client;
mod connection;
mod content;
mod credential;
mod curl;
mod curl_form;
mod fetch;
mod forge;
mod grant;
mod journal;
mod pace;
mod probe;
mod recorded;
mod redact;
mod sign;
#[cfg(test)]
mod sign_vectors;
mod signed;
mod spelling;
mod token_command;

pub use answer::{Answer, Exchange, TransportError};
pub use authenticator::Authentication;
pub use aws::AwsScope;
pub use client::{Client, ClientError, ClientOptions};
pub use connection::{
    ConnectionOptions, Http2, Identity, IdentityError, holds_issuers, without_user,
};
pub use content::Content;
pub use credential::{Credentials, Part, Secret};
pub use fetch::{FetchLimits, fetch, is_url};
pub use grant::ClientCredentials;
pub use journal::Journal;
pub use pace::asks_for_patience;
pub use probe::Spoken;
pub use recorded::{RecordedExchange, RecordedRequest, RecordedResponse, ShownRequest};
pub use redact::{Redactor, printable, printable_json};
pub use sign::{KeyPair, Signable, query_pairs};
pub use token_command::TokenCommand;
