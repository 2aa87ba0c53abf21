//! Where the mock can be made to deviate: hooks around validation and answers. Without a layer the
//! mock is as documented.

use axum::http::HeaderMap;

use super::breach::Breach;
use super::call::Call;
use super::reply::Reply;
use super::served::Served;

/// A deliberate deviation. Every hook does nothing unless it is written.
pub(super) trait Layer: std::fmt::Debug + Send + Sync {
    /// Whether a method that is not documented on the path is served as the operation.
    fn serves_method(&self, _served: &Served) -> bool {
        false
    }

    /// Changes what a request is said to break.
    fn judge(&self, _served: &Served, _call: &Call<'_>, _breaches: &mut Vec<Breach>) {}

    /// Changes what an accepted request is taken to say.
    fn rewrite(&self, _served: &Served, _call: &mut Call<'_>) {}

    /// Changes the answer.
    fn reply(&self, _answered: &Answered<'_>, _reply: &mut Reply) {}
}

/// What an answer answers.
pub(super) struct Answered<'a> {
    /// The operation, where the request reached one (a refused method counts for the first
    /// operation of its path).
    pub(super) served: Option<&'a Served>,
    /// The request, where it was read.
    pub(super) call: Option<&'a Call<'a>>,
    /// What it was refused for; `None` when it was accepted.
    pub(super) breach: Option<&'a Breach>,
    /// The request's headers.
    pub(super) headers: &'a HeaderMap,
}
